//! The checkpoints this node has signed or verified, durable before they are released.
//!
//! A checkpoint commits the ledger to its first entries for ever. So the largest one must never be
//! forgotten: a node extends only a log that contains it, and never signs another of the same size.

pub mod journal;
pub mod memory;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use tlog::SignedCheckpoint;

use crate::disk::DiskError;

/// The longest signed checkpoint that is kept, in bytes: three lines and some forty cosignatures of
/// witnesses with long names.
pub const CHECKPOINT_LEN_MAX: usize = 16 * 1024;

/// Keeps the largest checkpoint, and some before it.
///
/// **Durability.** When `persist` returns `Ok`, the checkpoint survives the loss of power.
///
/// **Ordering.** Sizes never go back, and no size is given two roots. The same size and root may be
/// persisted again, to add cosignatures.
///
/// **Concurrency.** One caller persists; anyone may ask for the latest.
///
/// **Retries.** None. After a failed or cancelled `persist` it is uncertain whether the checkpoint is
/// durable; the instance has ended and persists nothing more until `reopen` has read what is there.
/// [`CheckpointStoreError::Backwards`], [`CheckpointStoreError::Fork`] and
/// [`CheckpointStoreError::TooLong`] change nothing and end nothing.
#[async_trait]
pub trait CheckpointStore: Send + Sync + 'static {
    /// The largest checkpoint that surely survives, if there is any.
    fn latest(&self) -> Option<Arc<SignedCheckpoint>>;

    /// Makes a checkpoint durable. May block the thread it is called on for as long as a disk takes.
    async fn persist(&self, checkpoint: &Arc<SignedCheckpoint>)
    -> Result<(), CheckpointStoreError>;

    /// Reads what is there anew, makes sure that it survives, and goes on from it. Returns the
    /// largest.
    async fn reopen(&self) -> Result<Option<Arc<SignedCheckpoint>>, CheckpointStoreError>;
}

/// Why a checkpoint could not be kept or read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CheckpointStoreError {
    /// There is no journal, and opening never makes one: the memory of the largest checkpoint is
    /// what keeps a log from being rolled back.
    #[error("there is no journal of checkpoints at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is a journal already, and creating never replaces one.
    #[error("there is a journal of checkpoints at {} already", path.display())]
    Exists {
        /// Where it is.
        path: PathBuf,
    },
    /// The journal's bytes are not what was written.
    #[error("the journal of checkpoints is damaged at byte {offset}: {kind}")]
    Corrupt {
        /// Where the damage begins, in bytes.
        offset: u64,
        /// What is wrong.
        kind: JournalDamage,
    },
    /// The checkpoint is smaller than one that was kept before.
    #[error("a checkpoint of {found} entries after one of {latest}")]
    Backwards {
        /// The size of the largest.
        latest: u64,
        /// The size of the one given.
        found: u64,
    },
    /// Another root for a size that was committed to: the log has forked. Never sign it.
    #[error("a second root for {size} entries: the log has forked")]
    Fork {
        /// The size of both.
        size: u64,
    },
    /// The checkpoint is longer than [`CHECKPOINT_LEN_MAX`].
    #[error("a signed checkpoint of {found} bytes; at most {CHECKPOINT_LEN_MAX} are kept")]
    TooLong {
        /// Its length in bytes.
        found: usize,
    },
    /// The system refused an operation.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// An earlier failure left it uncertain what is durable: reopen first.
    #[error("what is durable is uncertain; the checkpoints must be read anew")]
    Ended,
    /// A fault that a test asked for.
    #[error("a fault injected by a test")]
    Injected,
}

/// What is wrong with a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalDamage {
    /// It does not begin as a journal does, or is of a version this program does not know.
    #[error("this is no journal, or a newer program's")]
    Header,
    /// It has another length than all journals have.
    #[error("it has another length than a journal")]
    Length,
    /// A record is broken that has a good one after it, or more follows than one write leaves.
    #[error("a record that was durable is broken")]
    Record,
    /// A record's checksum holds, but it is no checkpoint.
    #[error("a record is no checkpoint")]
    Content,
    /// A record is smaller than the one before it, or has another root for the same size.
    #[error("a record does not follow from the one before it")]
    Order,
}

/// Refuses a checkpoint that does not follow `latest`.
fn check_follows(
    latest: Option<&SignedCheckpoint>,
    next: &SignedCheckpoint,
) -> Result<(), CheckpointStoreError> {
    let Some(latest) = latest.map(SignedCheckpoint::checkpoint) else {
        return Ok(());
    };
    let next = next.checkpoint();
    if next.size < latest.size {
        return Err(CheckpointStoreError::Backwards {
            latest: latest.size,
            found: next.size,
        });
    }
    if next.size == latest.size && next.root != latest.root {
        return Err(CheckpointStoreError::Fork { size: next.size });
    }
    Ok(())
}

#[cfg(test)]
mod testing {
    use std::sync::Arc;

    use ed25519_dalek::SigningKey;
    use tlog::{Checkpoint, Hash, NoteSigner, SignedCheckpoint};

    pub(super) const ORIGIN: &str = "records.example.org/xinyuanli";

    pub(super) fn signer(seed: u8) -> NoteSigner {
        NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    /// A checkpoint of this size, whose root is 32 times `root`.
    pub(super) fn checkpoint(size: u64, root: u8) -> Arc<SignedCheckpoint> {
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size,
            root: Hash([root; 32]),
        };
        Arc::new(checkpoint.sign(&signer(1)).unwrap())
    }
}
