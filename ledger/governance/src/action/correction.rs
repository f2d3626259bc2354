//! Corrections: an entry that says what another should have said. The other stays as it is.

use super::{Attestor, RollCallMark};
use crate::ids::{MotionId, PersonId};

/// What an entry should have said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCorrected {
    /// The entry that is corrected, by its place in the log.
    pub entry: u64,
    /// How it is known to be wrong, such as the recording or the signed sheet; public.
    pub reason: String,
    /// The second officer.
    pub second: Attestor,
    /// What is right.
    pub correction: Correction,
}

/// What is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Correction {
    /// In words, for those who read the entry: nothing that the rules go by changes.
    Note(String),
    /// A roll call, whole; it is tallied again.
    RollCall {
        /// On which motion.
        motion: MotionId,
        /// Every voter of its roll once.
        lines: Vec<(PersonId, RollCallMark)>,
    },
}
