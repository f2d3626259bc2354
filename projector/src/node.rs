//! The logs of a node, as runners follow them.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use ledger::{Ledger, LoggedEntry, NoKind, Node, ReadError};
use tokio::sync::watch;

use crate::{
    projection::Logged,
    projector::Projector,
    source::{EntrySource, SourceEntry, SourceError},
    view_store::StoreError,
};

impl Projector {
    /// Opens the views kept in `dir` and follows every ledger of the node. Must be called within a tokio
    /// runtime. Shut it down before the node.
    pub fn open(dir: &Path, node: &Node) -> Result<Self, StoreError> {
        let ids = node.ledgers().into_iter();
        let logs = ids.filter_map(|id| node.ledger(&id).map(|ledger| (id, LedgerSource(ledger))));
        Self::follow(dir, logs)
    }
}

impl SourceEntry for Arc<LoggedEntry> {
    fn logged(&self) -> Logged<'_> {
        Logged {
            index: self.index,
            leaf: self.leaf,
            recorded_at: self.recorded_at,
            action: &self.action,
        }
    }
}

/// A ledger of this process.
struct LedgerSource(Arc<Ledger>);

#[async_trait]
impl EntrySource for LedgerSource {
    type Entry = Arc<LoggedEntry>;

    fn durable_size(&self) -> watch::Receiver<u64> {
        self.0.durable_size()
    }

    async fn entries(&self, from: u64, max: usize) -> Result<Vec<Self::Entry>, SourceError> {
        self.0
            .entries(from, max)
            .await
            .map_err(|error| source_error(&error))
    }
}

fn source_error(error: &ReadError) -> SourceError {
    let reason = error.to_string();
    match error.kind() {
        NoKind::Corruption => SourceError::Corrupt { reason },
        _ => SourceError::Unavailable { reason },
    }
}
