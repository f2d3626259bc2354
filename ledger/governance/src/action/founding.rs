//! The founding of a ledger.

use super::{BodyEstablished, Grant, OfficeAssumed, PersonEnrolled};
use crate::{calendar::UtcOffsets, charter::Charter, ids::PublicKey};

/// The founding of a ledger: its constitution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFounded {
    /// The community's name.
    pub name: String,
    /// Schema-less URL; the checkpoint's origin and key name.
    pub origin: String,
    /// Signs derived entries and nothing else.
    pub record_key: PublicKey,
    /// Signs checkpoints and nothing else.
    pub checkpoint_key: PublicKey,
    /// Local time.
    pub utc_offsets: UtcOffsets,
    /// Which rules this ledger is kept under.
    pub rules_version: u32,
    /// The first charter.
    pub charter: Charter,
    /// The first bodies.
    pub bodies: Vec<BodyEstablished>,
    /// Who may do what from the start.
    pub rights: Vec<Grant>,
    /// The first people, the founder among them.
    pub people: Vec<PersonEnrolled>,
    /// The first officeholders.
    pub offices: Vec<OfficeAssumed>,
    /// A demonstration: no real community decided anything here.
    pub demo: bool,
}
