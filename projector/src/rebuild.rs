//! When views are dropped and built anew.
//!
//! Nothing is lost by it: views are a function of the log, and come back identical to the byte however
//! they are built. They are dropped when they cannot be a prefix of this log's views (another format,
//! another log, a position the log does not have) and when somebody orders it.

use std::sync::Arc;

use governance::ids::Leaf;
use tokio::task;

use crate::{
    ledger_views::LedgerViews,
    runner::RunError,
    source::{EntrySource, SourceEntry, SourceError},
    view_store::StoreError,
};

/// Why the views that were found cannot be gone on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mismatch {
    /// There are rows without a position, or of another format.
    #[error("they are of another format, or were being dropped")]
    Format,
    /// They were computed from another log.
    #[error("they were computed from another log")]
    Genesis,
    /// They have seen more than the log has.
    #[error("they have seen entry {index}, which the log does not have")]
    BeyondLog {
        /// The last entry they have seen.
        index: u64,
    },
    /// The entry they have seen last is not the log's.
    #[error("entry {index}, which they have seen last, is another one in the log")]
    Leaf {
        /// The last entry they have seen.
        index: u64,
    },
}

/// Drops the views unless they are a prefix of what this log, of `size` entries, gives, and only then
/// shows them.
pub(crate) async fn reconcile<S: EntrySource>(
    views: &Arc<LedgerViews>,
    source: &S,
    size: u64,
) -> Result<(), RunError> {
    if let Some(mismatch) = mismatch(views, source, size).await? {
        tracing::warn!(ledger = %views.ledger(), %mismatch, "views do not fit the log: rebuilding them");
        clear(views).await?;
    }
    Ok(views.confirm()?)
}

/// Drops the views of a ledger. Its runner builds them anew once it looks again.
pub(crate) async fn clear(views: &Arc<LedgerViews>) -> Result<(), StoreError> {
    let views = Arc::clone(views);
    task::spawn_blocking(move || views.clear())
        .await
        .unwrap_or(Err(StoreError::Interrupted))
}

async fn mismatch<S: EntrySource>(
    views: &LedgerViews,
    source: &S,
    size: u64,
) -> Result<Option<Mismatch>, RunError> {
    let Some((genesis, position)) = views.standing()? else {
        return Ok((!views.is_empty()?).then_some(Mismatch::Format));
    };
    let index = position.index;
    if index >= size {
        return Ok(Some(Mismatch::BeyondLog { index }));
    }
    if leaf_at(source, 0).await? != genesis {
        return Ok(Some(Mismatch::Genesis));
    }
    let same = leaf_at(source, index).await? == position.leaf;
    Ok((!same).then_some(Mismatch::Leaf { index }))
}

async fn leaf_at<S: EntrySource>(source: &S, index: u64) -> Result<Leaf, RunError> {
    let found = source.entries(index, 1).await?;
    let entry = found.first().ok_or_else(|| SourceError::Unavailable {
        reason: format!("it gives no entry {index}"),
    })?;
    Ok(entry.logged().leaf)
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use governance::ids::LedgerId;
    use tokio::sync::watch;

    use super::*;
    use crate::{source::OwnedEntry, view_store::ViewStore};

    /// A log that nobody should have to ask.
    struct NeverAsked;

    #[async_trait]
    impl EntrySource for NeverAsked {
        type Entry = OwnedEntry;

        fn durable_size(&self) -> watch::Receiver<u64> {
            watch::Sender::new(1).subscribe()
        }

        async fn entries(&self, from: u64, _: usize) -> Result<Vec<OwnedEntry>, SourceError> {
            Err(SourceError::Corrupt {
                reason: format!("asked for entry {from}"),
            })
        }
    }

    #[tokio::test]
    async fn rows_of_another_format_are_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let store = ViewStore::open(dir.path()).unwrap();
        let ledger = LedgerId::new("xinyuanli").unwrap();
        let views = Arc::new(LedgerViews::unconfirmed(&store, &ledger).unwrap());
        views.store().pretend_other_format();
        assert_eq!(views.standing().unwrap(), None);
        assert!(!views.is_empty().unwrap());
        reconcile(&views, &NeverAsked, 1).await.unwrap();
        assert!(views.is_empty().unwrap());
    }

    #[tokio::test]
    async fn no_rows_at_all_fit_every_log() {
        let dir = tempfile::tempdir().unwrap();
        let store = ViewStore::open(dir.path()).unwrap();
        let ledger = LedgerId::new("xinyuanli").unwrap();
        let views = LedgerViews::unconfirmed(&store, &ledger).unwrap();
        let found = mismatch(&views, &NeverAsked, 1).await.unwrap();
        assert_eq!(found, None);
    }
}
