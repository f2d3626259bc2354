//! What a motion came to: derived, never signed by a person.

use serde::{Deserialize, Serialize};

use super::EffectsOutcome;
use crate::{
    calendar::Date,
    charter::{MeasureKind, Threshold},
    ids::{MotionId, RollId, RuleId},
};

/// What a motion came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// Passed; in a contest: every seat is filled.
    Adopted,
    /// Not passed; in a contest: no seat is filled.
    Rejected,
    /// Too few took part.
    NoQuorum,
    /// A contest left some seats unfilled.
    PartlyFilled,
}

/// How far a decision is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Execution {
    /// It is said how and by when.
    Planned,
    /// It is being done.
    UnderWay,
    /// It is done.
    Done,
}

/// How far a decision is carried out, as the body responsible says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionImplemented {
    /// On which motion.
    pub motion: MotionId,
    /// How far.
    pub progress: Execution,
    /// What was done, or will be; public.
    pub note: String,
    /// By when it is to be done.
    pub due: Option<Date>,
}

/// A decision was filed with the body that its rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionFiled {
    /// On which motion.
    pub motion: MotionId,
    /// The day it was received.
    pub filed_on: Date,
    /// Under which number it is kept there; may be empty. At most 256 bytes.
    pub reference: String,
}

/// One measure of a tally, with what it was compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureTally {
    /// Heads, or area in 0.01 m².
    pub kind: MeasureKind,
    /// All who may vote.
    pub eligible: u64,
    /// Those at the meeting.
    pub attending: u64,
    /// Those who took part in the vote.
    pub participating: u64,
    /// For; 0 in a contest.
    pub in_favour: u64,
    /// Against; 0 in a contest.
    pub against: u64,
    /// Abstaining, spoiled papers included.
    pub abstaining: u64,
    /// What was held against the quorum.
    pub quorum_counted: u64,
    /// The quorum, as a part of `eligible`.
    pub quorum: Threshold,
    /// Whether it was met.
    pub quorum_met: bool,
    /// What the approval is a part of.
    pub approval_whole: u64,
    /// The approval needed.
    pub approval: Threshold,
    /// Whether it was met; in a contest: whether any option met it.
    pub approval_met: bool,
}

/// What one option got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionTally {
    /// Position in the contest.
    pub option: u32,
    /// Voters who chose it.
    pub heads: u64,
    /// Their area, in 0.01 m².
    pub area: u64,
    /// Whether it fills a seat.
    pub chosen: bool,
}

/// Derived: the outcome of a motion with its tally and the rule it was taken under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotionDecided {
    /// Which.
    pub motion: MotionId,
    /// What it came to.
    pub outcome: Outcome,
    /// By each measure of the rule.
    pub measures: Vec<MeasureTally>,
    /// By option; empty where there is no contest.
    pub options: Vec<OptionTally>,
    /// The rule.
    pub rule: RuleId,
    /// Of which charter.
    pub charter_version: u32,
    /// Among whom.
    pub roll: RollId,
    /// The law the rule rests on.
    pub citation: String,
    /// What became of its effects; `None`: it has none, or was not adopted.
    pub effects: Option<EffectsOutcome>,
    /// Hidden ballots that nobody opened in time: they took part and abstained.
    pub unopened: u64,
}
