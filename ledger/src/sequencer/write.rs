//! Making one block durable: its contents first, then the block.

use governance::ids::Digest;
use tokio::time::Instant;

use super::batch::Batch;
use crate::content::{ContentError, ContentStore, SaltedContent};
use crate::durable::Durable;
use crate::halt::Halt;
use crate::nats::NatsError;
use crate::store::{AppendError, LogStore, StoreError};

/// Why a block is not, or may not be, durable.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    /// Its contents could not be made durable; the block was not appended.
    #[error("contents could not be made durable: {0}")]
    Contents(#[source] ContentError),
    /// A content that an action found in the store is no longer there; the block was not appended.
    #[error("the content {digest} is no longer in the content store")]
    ContentGone {
        /// Which.
        digest: Digest,
    },
    /// The block could not be appended.
    #[error(transparent)]
    Append(AppendError),
}

impl WriteError {
    /// Whether the store must be opened anew to learn what is durable.
    pub(super) fn touches_the_log(&self) -> bool {
        matches!(self, WriteError::Append(_))
    }

    /// The reason where NATS was away for as long as is waited for. It is asked again, for however long: that is
    /// no failure of the log.
    pub(super) fn outage(&self) -> Option<String> {
        match self {
            WriteError::Append(
                AppendError::Failed(StoreError::Nats(error @ NatsError::NoAnswer { .. }))
                | AppendError::Unknown(StoreError::Nats(error @ NatsError::NoAnswer { .. })),
            )
            // What NATS refuses is tried again for as long as what it does not answer.
            | WriteError::Contents(ContentError::Nats(error)) => Some(error.to_string()),
            _ => None,
        }
    }

    /// The reason to halt at once, where trying again would be wrong: a disk that failed to keep what
    /// it took must not be asked again, as it may then say that all is well.
    pub(super) fn is_final(&self) -> Option<Halt> {
        let disk = match self {
            WriteError::Append(AppendError::Failed(error) | AppendError::Unknown(error)) => error,
            WriteError::Contents(ContentError::Disk(error)) => &StoreError::Disk(error.clone()),
            _ => return None,
        };
        match disk {
            StoreError::Disk(error) if error.is_failed_sync() => Some(Halt::Storage(disk.clone())),
            _ => None,
        }
    }
}

/// Writes a block's contents and then the block, and counts it.
pub(super) async fn measured(
    store: &dyn LogStore,
    durable: &Durable,
    batch: Batch,
) -> (Batch, Result<(), WriteError>) {
    let began = Instant::now();
    let (batch, written) = write(store, &*durable.contents, batch).await;
    let (entries, bytes) = (batch.entries.len(), batch.body_len());
    let measures = &durable.measures;
    measures.appended(entries, bytes, began.elapsed(), written.is_ok());
    (batch, written)
}

/// Writes a block's contents and then the block.
async fn write(
    store: &dyn LogStore,
    contents: &dyn ContentStore,
    mut batch: Batch,
) -> (Batch, Result<(), WriteError>) {
    if let Err(error) = write_contents(contents, &mut batch).await {
        return (batch, Err(error));
    }
    let Some(block) = batch.lend_block() else {
        return (batch, Ok(()));
    };
    let appended = store.append(&block).await;
    batch.take_back(block);
    (batch, appended.map_err(WriteError::Append))
}

async fn write_contents(contents: &dyn ContentStore, batch: &mut Batch) -> Result<(), WriteError> {
    let mut wanted: Vec<SaltedContent> = Vec::new();
    for digest in batch.relied_on() {
        match contents.read(&digest).await {
            // Left there by a write that failed: readable, but perhaps not durable.
            Ok(Some(content)) if batch.fresh.contains(&digest) => wanted.push(content),
            Ok(Some(_)) => {}
            Ok(None) => return Err(WriteError::ContentGone { digest }),
            Err(error) => return Err(WriteError::Contents(error)),
        }
    }
    for content in &batch.uploads {
        let digest = content.digest();
        if wanted.iter().any(|other| other.digest() == digest) {
            continue;
        }
        // What is there is no orphan of this block's, but it is written anew all the same: that it
        // can be read does not mean that an earlier, interrupted write made it durable.
        if let Ok(None) = contents.read(&digest).await {
            // Noted before the attempt: after an error it may have been kept.
            batch.fresh.push(digest);
        }
        wanted.push(content.clone());
    }
    if wanted.is_empty() {
        return Ok(());
    }
    contents.put(&wanted).await.map_err(WriteError::Contents)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::*;
    use crate::content::file::FileContents;
    use crate::disk::DiskError;
    use crate::disk::simulated::{DiskFault, SimulatedDisk, Survives};

    fn failed(doing: &'static str) -> DiskError {
        DiskError {
            doing,
            path: PathBuf::from("log"),
            source: Arc::new(io::Error::from(io::ErrorKind::Other)),
        }
    }

    #[test]
    fn a_disk_that_failed_to_sync_is_not_asked_again() {
        let append = |error| WriteError::Append(AppendError::Unknown(StoreError::Disk(error)));
        assert!(append(failed("sync")).is_final().is_some());
        assert!(append(failed("sync the directory")).is_final().is_some());
        assert!(append(failed("write to")).is_final().is_none());
        let contents = |error| WriteError::Contents(ContentError::Disk(error));
        assert!(contents(failed("sync")).is_final().is_some());
        assert!(contents(failed("create")).is_final().is_none());
    }

    #[tokio::test]
    async fn a_content_that_a_failed_write_left_is_made_durable_by_the_next() {
        let root = PathBuf::from("/ledger");
        let disk = SimulatedDisk::with_root(&root);
        let open = || FileContents::open(disk.disk(), root.join("content")).expect("opens");
        let store = open();
        let content = |salt| SaltedContent::new([salt; 32], b"text".to_vec()).expect("short");
        let uploads = vec![content(1), content(2)];
        let batch = || {
            let mut batch = Batch::default();
            batch.uploads.clone_from(&uploads);
            batch
        };
        // The first has its name when the second fails, and no directory has been synced.
        disk.fail_named("create 1", DiskFault::Lost);
        let mut failed = batch();
        write_contents(&store, &mut failed).await.unwrap_err();
        assert_eq!(failed.fresh.len(), 2);
        write_contents(&store, &mut batch()).await.expect("writes");
        disk.power_cycle(Survives::Nothing);
        for content in &uploads {
            let kept = open().read(&content.digest()).await.expect("reads");
            assert_eq!(kept.as_ref(), Some(content));
        }
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        let conflict = WriteError::Append(AppendError::Conflict { length: 1 });
        assert!(conflict.is_final().is_none());
        let ended = WriteError::Append(AppendError::Failed(StoreError::Ended));
        assert!(ended.is_final().is_none());
    }
}
