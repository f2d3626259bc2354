//! What a log store promises, whatever it is made of.
//!
//! [`LogStore`] is the whole contract between the sequencer and the place where blocks become
//! durable. [`mod@file`] keeps them in segments of a directory, [`jetstream`] in a stream of NATS,
//! [`memory`] in a vector that fails on demand. A store knows blocks, their indices and their checksums; whether entries follow from
//! one another (chain, signatures, rules) is the business of its readers.

pub mod fault;
pub mod file;
pub mod jetstream;
pub mod memory;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use tlog::{Block, BlockError, ChainError};

use crate::disk::DiskError;
use crate::nats::NatsError;

/// The most blocks one [`LogStore::read`] returns, whatever is asked for: 64 of at most 512 KiB
/// hold 32 MiB at worst, and at 1,000 entries a block more than any page of the API.
pub const READ_BLOCKS_MAX: usize = 64;

/// An append-only sequence of blocks, whose entries are numbered from 0 without gaps.
///
/// **Durability.** When `append` returns `Ok`, the block survives the loss of power: it was written
/// and synced, not only handed to the operating system. Nothing that `length` counts or `read`
/// returns is less durable than that, so a reader never sees an entry that could disappear.
///
/// **Ordering.** A block is appended after exactly `block.first_index` entries or not at all. Blocks
/// come back in the order and with the boundaries they were appended with. A block is durable
/// whole or not at all.
///
/// **Concurrency.** One block in flight an instance: the next `append` may be called once the one
/// before has returned. A second call meanwhile waits for the first and is then, most likely, a
/// conflict. Any number of readers run beside the appender, without waiting for it. A store in one
/// directory has one instance at a time; a shared one has any number, in as many processes, each of
/// which sees what the others append, and of two that append after the same entry one is a conflict.
///
/// **Retries.** The store retries nothing. After [`AppendError::Conflict`] the instance goes on;
/// after [`AppendError::Failed`] or [`AppendError::Unknown`] it has ended: every later `append` is
/// `Failed` with [`StoreError::Ended`], and the truth is learnt by opening the log anew through
/// its [`StoreFactory`]. Reads of an ended instance still return what was durable before.
///
/// **Cancellation.** Dropping the future of an `append` does not undo it. Treat it as `Unknown`.
#[async_trait]
pub trait LogStore: Send + Sync + 'static {
    /// How many entries are durable, as of now. The next block's first index.
    async fn length(&self) -> Result<u64, StoreError>;

    /// Appends a block after exactly `block.first_index` entries, and returns once it is durable.
    /// May block the thread it is called on for as long as a disk takes.
    async fn append(&self, block: &Block) -> Result<(), AppendError>;

    /// Makes ready for what comes next, while nobody waits: an append that finds nothing made ready does
    /// so itself. May block the thread it is called on.
    async fn make_ready(&self) {}

    /// Returns once the log holds more than `length` entries: at once if it does, otherwise woken by
    /// whoever appends to it, this instance or another process. What is there then can be read. It
    /// is an error when the instance can no longer learn that the log grows: [`StoreError::Ended`]
    /// after its end, or why its connection is lost for good. May be dropped at any time.
    async fn wait_beyond(&self, length: u64) -> Result<(), StoreError>;

    /// Durable blocks from the one that contains entry `index` on, at most `max_blocks` and at most
    /// [`READ_BLOCKS_MAX`]. Empty when `index` is at or beyond the length. Every block's checksum
    /// and place are checked again.
    async fn read(&self, index: u64, max_blocks: usize) -> Result<Vec<Block>, StoreError>;

    /// Messages so far that are no blocks of the log and were passed over: only a log over NATS has any.
    fn skipped(&self) -> u64 {
        0
    }

    /// Ends this instance: waits for a block in flight, then lets go of what it holds (threads,
    /// locks). Later appends are `Failed`, later reads still answered. May be called twice.
    async fn close(&self);
}

/// Opens one log, again and again.
///
/// This is how a sequencer finds out what became of an uncertain append: it opens the log anew and
/// looks. The instance opened before is closed first, so that a late write of it cannot follow.
#[async_trait]
pub trait StoreFactory: Send + Sync + 'static {
    /// Opens the log, which must exist, and checks all of it.
    ///
    /// `checkpoint_size` is the size of the largest checkpoint known to be durable (0 for none):
    /// entries below it were acknowledged, so damage there is corruption. A broken last block at or
    /// beyond it was never acknowledged: it is set aside and reported.
    ///
    /// On return all that the log holds is durable: what an earlier process had written without
    /// living to see it synced is written and synced again, or set aside.
    async fn open(&self, checkpoint_size: u64) -> Result<Opened, StoreError>;

    /// What can still be read of a damaged log, from its first entry up to the damage, for serving it
    /// only: every append to it is `Failed`. `None` where nothing can.
    async fn salvage(&self) -> Option<Arc<dyn LogStore>> {
        None
    }
}

/// A log as it was found.
pub struct Opened {
    /// The log, ready to be read and extended.
    pub store: Arc<dyn LogStore>,
    /// What was found and put right.
    pub report: OpenReport,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}

/// What opening a log found and put right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Entries in the log.
    pub length: u64,
    /// Blocks in the log.
    pub blocks: u64,
    /// Bytes read and checked, prewritten zeros included. 0 for a store without bytes.
    pub bytes: u64,
    /// Messages that are no blocks of the log and were passed over: only a log over NATS has any.
    pub skipped: u64,
    /// The unacknowledged last block that was found broken and set aside, if there was one.
    pub torn: Option<TornWrite>,
    /// Unfinished files of an earlier process that were removed.
    pub removed: Vec<PathBuf>,
}

/// A write that power or process did not live to finish, and that was never acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornWrite {
    /// The segment's file name.
    pub segment: String,
    /// Where in the segment it began, in bytes.
    pub offset: u64,
    /// How many bytes were set aside.
    pub len: u64,
    /// The index its first entry would have had.
    pub index: u64,
    /// The file that holds its bytes now.
    pub side_file: PathBuf,
}

impl fmt::Display for TornWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (len, offset, index) = (self.len, self.offset, self.index);
        let (segment, side) = (&self.segment, self.side_file.display());
        write!(
            f,
            "an unacknowledged write of {len} bytes for entry {index} at byte {offset} of \
             {segment} was torn; its bytes are in {side}"
        )
    }
}

/// Why a block was not, or may not have been, appended.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendError {
    /// The log does not hold exactly `block.first_index` entries. Nothing was written; the instance
    /// goes on. Someone else was faster, or the caller's picture is old.
    #[error("the log holds {length} entries, not as many as the block expects")]
    Conflict {
        /// How many it holds.
        length: u64,
    },
    /// Surely not durable, now or later. The instance has ended.
    #[error("the block was not written: {0}")]
    Failed(#[source] StoreError),
    /// May or may not be durable. The instance has ended; open the log anew to learn which.
    #[error("whether the block was written is not known: {0}")]
    Unknown(#[source] StoreError),
}

/// Why a store could not be opened or read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no log here, and opening never makes one.
    #[error("there is no log at {}", path.display())]
    Missing {
        /// Where one was looked for.
        path: PathBuf,
    },
    /// There is a log here already, and creating never replaces one.
    #[error("there is a log at {} already", path.display())]
    Exists {
        /// Where it is.
        path: PathBuf,
    },
    /// There is no such stream, and opening never makes one.
    #[error("there is no stream {stream} on the NATS server")]
    NoStream {
        /// Its name.
        stream: String,
    },
    /// There is such a stream already, and creating never replaces one.
    #[error("there is a stream {stream} on the NATS server already")]
    StreamExists {
        /// Its name.
        stream: String,
    },
    /// A stream is not set up as a log must be, so that it could lose or change what it holds.
    #[error("the stream {stream} has {setting} set to {found}; it must be {expected}")]
    StreamSetting {
        /// Its name.
        stream: String,
        /// Which setting, by the name NATS gives it.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        expected: String,
    },
    /// A stream is no longer the one that was read from: it was restored or made anew.
    #[error("the stream {stream} is no longer the one that was read: {reason}")]
    StreamChanged {
        /// Its name.
        stream: String,
        /// How it shows.
        reason: String,
    },
    /// NATS does not answer, or says no.
    #[error(transparent)]
    Nats(#[from] NatsError),
    /// Another process (or another instance of this one) has the directory.
    #[error("{} is in use by another process", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The directory's format file is damaged, or a newer program wrote it.
    #[error("{} does not name a format that this program knows", path.display())]
    Format {
        /// The file.
        path: PathBuf,
    },
    /// The system refused an operation.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// What is stored is not what was written. Nothing was changed.
    #[error(transparent)]
    Corrupt(#[from] Damage),
    /// The block cannot be stored at all: it is empty, too large or has an impossible index.
    #[error("the block cannot be stored: {0}")]
    Unstorable(#[from] BlockError),
    /// The block does not continue the log.
    #[error("the block does not continue the log: {0}")]
    Unlinked(#[from] ChainError),
    /// This instance has ended, by an earlier failure or by being closed. Open the log anew.
    #[error("this instance of the store has ended; the log must be opened anew")]
    Ended,
    /// A fault that a test asked for.
    #[error("a fault injected by a test")]
    Injected,
}

/// Damage to a stored log: where, and of what kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log is damaged at entry {index}, {place}: {kind}")]
pub struct Damage {
    /// Where the damage begins.
    pub place: LogPlace,
    /// The index of the first entry that cannot be read, hence how many can.
    pub index: u64,
    /// What is wrong.
    pub kind: DamageKind,
}

/// A place in a stored log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogPlace {
    /// In a file.
    Segment {
        /// The segment's file name; the directory's when no segment is to blame.
        name: String,
        /// In bytes from the segment's beginning.
        offset: u64,
    },
    /// In a stream of NATS JetStream.
    Stream {
        /// The stream's name.
        name: String,
        /// The message's sequence number, from 1.
        sequence: u64,
    },
}

impl fmt::Display for LogPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogPlace::Segment { name, offset } => write!(f, "byte {offset} of {name}"),
            LogPlace::Stream { name, sequence } => write!(f, "message {sequence} of {name}"),
        }
    }
}

/// What is wrong with a stored log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DamageKind {
    /// The bytes are not a whole block: changed, cut or overwritten.
    #[error("an acknowledged block cannot be read: {0}")]
    Block(BlockError),
    /// A format this program does not know. It may be sound; a newer program can tell.
    #[error("a block of format version {found}, which this program does not know")]
    UnknownVersion {
        /// The version it names.
        found: u16,
    },
    /// A good block, but for a later place: entries before it are missing.
    #[error("entries up to {found} are missing before a good block")]
    Gap {
        /// The index the block begins with.
        found: u64,
    },
    /// A good block, but for an earlier place: blocks or segments were reordered or repeated.
    #[error("a good block for entry {found} stands in the wrong place")]
    OutOfOrder {
        /// The index the block begins with.
        found: u64,
    },
    /// A broken block has a good one after it, so it was whole once: no torn write.
    #[error("a broken block, with a good block for entry {found} after it at byte {offset}")]
    GoodBlockAfter {
        /// The index the later block begins with.
        found: u64,
        /// Where the later block begins, in bytes of the segment.
        offset: u64,
    },
    /// Bytes where there should be only prewritten zeros.
    #[error("bytes that are no block's stand after the last block")]
    GarbageAfterEnd,
    /// A segment has another length than all segments have.
    #[error("the segment is {found} bytes long, not {expected}")]
    SegmentLength {
        /// Its length in bytes.
        found: u64,
        /// A segment's length in bytes.
        expected: u64,
    },
    /// A later segment exists, but the one that should begin here does not.
    #[error("the segment that begins with this entry is missing; the next begins with {next}")]
    SegmentMissing {
        /// The index that the next segment's name gives.
        next: u64,
    },
    /// The directory says it holds a log, but has no segment.
    #[error("the log has no segment")]
    NoSegment,
    /// A file in the directory is not a segment's, by its name.
    #[error("a file that is no segment's")]
    StrangeFile,
    /// A message that was stored is no longer in the stream.
    #[error("a message that was stored there is gone")]
    MessageMissing,
    /// Fewer entries than were acknowledged: the log was rolled back, or its end was lost.
    #[error("the log ends here, but a checkpoint of {checkpoint_size} entries was signed")]
    ShorterThanCheckpoint {
        /// The checkpoint's size.
        checkpoint_size: u64,
    },
}
