//! What a view is: rows that are a function of the entries, one after the other.

use governance::{
    action::{Action, Actor, Capacity},
    ids::{Leaf, Millis, PersonId},
};

use crate::view_store::{StoreError, ViewBatch};

/// An entry as views see it: its place in the log and what was done.
#[derive(Clone, Copy, Debug)]
pub struct Logged<'a> {
    /// Its place, from 0.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Leaf,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// What was done.
    pub action: &'a Action,
}

impl<'a> Logged<'a> {
    /// The person who acted; `None`: time did.
    pub fn person(&self) -> Option<&'a PersonId> {
        match &self.action.actor {
            Actor::Person { person, .. } => Some(person),
            Actor::Ledger => None,
        }
    }

    /// The capacity the person acted in.
    pub fn capacity(&self) -> Option<&'a Capacity> {
        match &self.action.actor {
            Actor::Person { capacity, .. } => capacity.as_ref(),
            Actor::Ledger => None,
        }
    }
}

/// Why an entry could not be projected.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The rows could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The entry refers to something no earlier entry told of. The rules admit no such entry.
    #[error("entry {index} refers to {kind} {id}, which no earlier entry tells of")]
    Unknown {
        /// The entry.
        index: u64,
        /// What kind of thing.
        kind: &'static str,
        /// Its id.
        id: String,
    },
    /// Entries come one after the other.
    #[error("entry {found} does not follow: the views stand before entry {expected}")]
    OutOfStep {
        /// The next entry of the log.
        expected: u64,
        /// The one given.
        found: u64,
    },
}

impl ProjectionError {
    /// `entry` refers to an unknown thing.
    pub(crate) fn unknown(
        entry: &Logged<'_>,
        kind: &'static str,
        id: &(impl ToString + ?Sized),
    ) -> Self {
        Self::Unknown {
            index: entry.index,
            kind,
            id: id.to_string(),
        }
    }
}

/// One view. It is computed from entries alone: no clock, no randomness, no other input, so that the
/// same log gives the same rows, to the byte, however it was cut into blocks.
pub(crate) trait Projection: Send + Sync {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// The first byte of all its keys; no other view's, from 1 to 254.
    fn prefix(&self) -> u8;

    /// Takes in the next entry. Entries come in order, each once. It may read what other views have
    /// written for earlier entries, and writes under its own prefix only.
    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError>;
}
