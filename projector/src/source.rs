//! Where a runner gets entries from: the durable log, as a few questions.

use std::sync::Arc;

use async_trait::async_trait;
use governance::{
    action::Action,
    ids::{Leaf, Millis},
};
use tokio::sync::watch;

use crate::projection::Logged;

/// An entry of the log, decoded.
pub trait SourceEntry: Send + Sync + 'static {
    /// Its place, leaf hash, time and action.
    fn logged(&self) -> Logged<'_>;
}

/// An entry that owns its action.
#[derive(Clone, Debug)]
pub struct OwnedEntry {
    /// Its place, from 0.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Leaf,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// What was done.
    pub action: Action,
}

impl SourceEntry for OwnedEntry {
    fn logged(&self) -> Logged<'_> {
        Logged {
            index: self.index,
            leaf: self.leaf,
            recorded_at: self.recorded_at,
            action: &self.action,
        }
    }
}

/// Why entries could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It may go better soon.
    #[error("the log cannot be read just now: {reason}")]
    Unavailable {
        /// Why.
        reason: String,
    },
    /// It will not.
    #[error("the log cannot be read: {reason}")]
    Corrupt {
        /// Why.
        reason: String,
    },
}

/// A log that only grows, and of which only durable entries are seen.
#[async_trait]
pub trait EntrySource: Send + Sync + 'static {
    /// Its entries.
    type Entry: SourceEntry;

    /// How many entries are durable, now and as it grows. Closed when the log is.
    fn durable_size(&self) -> watch::Receiver<u64>;

    /// Durable entries from `from` on, at least one where there is one, at most `max`.
    async fn entries(&self, from: u64, max: usize) -> Result<Vec<Self::Entry>, SourceError>;
}

#[async_trait]
impl<S: EntrySource> EntrySource for Arc<S> {
    type Entry = S::Entry;

    fn durable_size(&self) -> watch::Receiver<u64> {
        S::durable_size(self)
    }

    async fn entries(&self, from: u64, max: usize) -> Result<Vec<S::Entry>, SourceError> {
        S::entries(self, from, max).await
    }
}
