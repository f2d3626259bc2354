//! What an audit proved, with figures.

use std::collections::BTreeMap;

use governance::action::{DeliberationAction, MotionDecided, Payload};
use governance::ids::{Leaf, LedgerId, Millis};
use governance::own_keys::OwnKeys;
use tlog::{Hash, VerifierKey};

use crate::checkpoint_keys::CheckpointKeys;
use crate::store::TornWrite;
use crate::tail::LoggedEntry;

/// What an audit proved.
#[derive(Clone, Debug)]
pub struct AuditReport {
    /// Which ledger.
    pub ledger: LedgerId,
    /// The community's name.
    pub name: String,
    /// A demonstration.
    pub demo: bool,
    /// Leaf hash of the first entry.
    pub genesis: Leaf,
    /// What its largest checkpoint is checked with.
    pub verifier_key: VerifierKey,
    /// What its checkpoints are checked with, by their size.
    pub keys: CheckpointKeys,
    /// The ledger's own keys, those in force and those before them.
    pub own_keys: OwnKeys,
    /// The rules it is kept under.
    pub rules_version: u32,
    /// Entries that follow from one another, from the first to the last.
    pub entries: u64,
    /// Entries the largest checkpoint covers; those beyond were never acknowledged.
    pub acknowledged: u64,
    /// The root over the acknowledged entries, which is the checkpoint's.
    pub root: Hash,
    /// When the last entry was recorded.
    pub last_recorded_at: Millis,
    /// Checkpoints whose signature and root hold.
    pub checkpoints: u64,
    /// Entries by their action's kind, the payload's field name.
    pub actions: BTreeMap<&'static str, u64>,
    /// Signatures that hold.
    pub signatures: u64,
    /// Whether they were checked in batches instead of strictly one by one.
    pub quick: bool,
    /// Entries that time alone brought, recomputed and found byte for byte.
    pub derived: u64,
    /// Each decision whose tally was recomputed.
    pub decisions: Vec<AuditedDecision>,
    /// Stored contents that are those the entries name.
    pub contents_verified: u64,
    /// Contents that entries name and that are not stored: erased or withheld.
    pub contents_missing: u64,
    /// Whether contents were looked for at all.
    pub contents_checked: bool,
    /// Messages between the blocks that are no part of the log, and were passed over as every node does.
    pub skipped: u64,
    /// Answers to the question for the newest checkpoint that no key of the ledger's signed: anybody can give
    /// such a one, and it says nothing about the ledger.
    pub unsigned: u64,
    /// An unacknowledged write at the end that was torn, if there is one.
    pub torn: Option<TornWrite>,
}

/// A decision whose tally was recomputed from the ballots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditedDecision {
    /// The entry's index.
    pub index: u64,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// What was decided, with the tally by each measure.
    pub decided: MotionDecided,
}

/// Counts as the audit goes on.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub(super) actions: BTreeMap<&'static str, u64>,
    pub(super) signatures: u64,
    pub(super) derived: u64,
    pub(super) decisions: Vec<AuditedDecision>,
    pub(super) contents_verified: u64,
    pub(super) contents_missing: u64,
}

impl Counts {
    /// Counts an entry that follows.
    pub(super) fn add(&mut self, entry: &LoggedEntry) {
        *self
            .actions
            .entry(proto::payload_kind(&entry.action))
            .or_default() += 1;
        self.signatures += entry.entry.signatures.len() as u64;
        self.derived += u64::from(entry.action.actor.person().is_none());
        let Payload::Deliberation(DeliberationAction::MotionDecided(decided)) =
            &entry.action.payload
        else {
            return;
        };
        self.decisions.push(AuditedDecision {
            index: entry.index,
            recorded_at: entry.recorded_at,
            decided: decided.clone(),
        });
    }
}
