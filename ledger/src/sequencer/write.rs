//! Making one block durable: its contents first, then the block.

use std::sync::Arc;

use governance::ids::Digest;

use super::batch::Batch;
use crate::content::{ContentError, ContentStore, SaltedContent};
use crate::halt::Halt;
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

/// Writes a block's contents and then the block.
pub(super) async fn write(
    store: Arc<dyn LogStore>,
    contents: Arc<dyn ContentStore>,
    mut batch: Batch,
) -> (Batch, Result<(), WriteError>) {
    if let Err(error) = write_contents(&*contents, &mut batch).await {
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
    for digest in batch.relied_on() {
        match contents.read(&digest).await {
            Ok(Some(_)) => {}
            Ok(None) => return Err(WriteError::ContentGone { digest }),
            Err(error) => return Err(WriteError::Contents(error)),
        }
    }
    let mut missing: Vec<SaltedContent> = Vec::new();
    for content in &batch.uploads {
        let digest = content.digest();
        if missing.iter().any(|other| other.digest() == digest) {
            continue;
        }
        match contents.read(&digest).await {
            Ok(Some(_)) => continue,
            // Noted before the attempt: after an error it may have been kept.
            Ok(None) => batch.fresh.push(digest),
            // What is there cannot be read, but an entry may refer to it: it is only written anew.
            Err(_) => {}
        }
        missing.push(content.clone());
    }
    if missing.is_empty() {
        return Ok(());
    }
    contents.put(&missing).await.map_err(WriteError::Contents)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;

    use super::*;
    use crate::disk::DiskError;

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

    #[test]
    fn what_may_pass_is_tried_again() {
        let conflict = WriteError::Append(AppendError::Conflict { length: 1 });
        assert!(conflict.is_final().is_none());
        let ended = WriteError::Append(AppendError::Failed(StoreError::Ended));
        assert!(ended.is_final().is_none());
    }
}
