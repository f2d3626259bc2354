//! The log store in a directory: segments of blocks, one write and one sync a block.
//!
//! ```text
//! log/format                      what this is, and how long its segments are
//! log/00000000000000000000.seg    blocks from entry 0 on, then zeros
//! log/00000000000000031744.seg    blocks from entry 31,744 on, then zeros
//! log/next.new                    a segment in the making; no part of the log
//! log/torn-<index>-<n>.bin        bytes of an unacknowledged write that was torn
//! log/lock                        held while the log is open for appending
//! ```
//!
//! A segment is written full of zeros and synced before it gets its name, so that syncing a block
//! later changes no file's length and costs one flush of its data. The bytes of a block are those of
//! [`tlog::Block::encode`]; blocks stand back to back; one that does not fit begins the next segment.
//!
//! **What a failed sync leaves.** After a sync fails, the system may show bytes that the disk never
//! got, so reading them back proves nothing. The writer ends at the first error and nothing is tried
//! again. Opening the log then decides by what it reads, and *makes it so*: the last block, and the
//! zeros where the next may have been begun, are written again and synced before anything is
//! reported. Whatever an error or a killed process left half done, what a reader is shown
//! afterwards is on the disk. If that write or sync fails too, the log does not open: the ledger
//! stays halted, and a failing disk is for people to replace.
//!
//! **Damage.** Opening reads every block. A broken last block that no checkpoint covers is a torn
//! write: kept in a side file, removed from the log, reported. Anything else is [`Damage`], told with
//! its place and kind, and changes nothing on the disk.
//!
//! [`Damage`]: super::Damage

mod layout;
mod reader;
mod recovery;
mod salvage;
mod scan;
mod writer;

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod system_tests;
#[cfg(test)]
mod testing;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use tlog::{Block, BlockHeader, MAX_BLOCK_LEN};

use self::reader::LogIndex;
use self::writer::Writer;
use super::{AppendError, LogStore, OpenReport, Opened, READ_BLOCKS_MAX, StoreError, StoreFactory};
use crate::disk::Disk;

/// The longest block with its header, in bytes: what one write may leave behind.
const BLOCK_LEN_MAX: u64 = (BlockHeader::LEN + MAX_BLOCK_LEN) as u64;

/// A segment's length in bytes, unless a log is created with another: 16 MiB hold some 30,000
/// entries, years of a neighbourhood, and are zeroed within 20 ms. A busy city fills one in about a
/// second, and pays those 20 ms between two blocks.
pub const SEGMENT_LEN: u64 = 16 * 1024 * 1024;

/// The longest a segment may be, in bytes: one is read into memory whole when the log is opened.
pub const SEGMENT_LEN_MAX: u64 = 256 * 1024 * 1024;

/// The shortest a segment may be, in bytes: any block must fit. Tests write small blocks into small
/// segments.
pub const SEGMENT_LEN_MIN: u64 = if cfg!(test) { 2_048 } else { BLOCK_LEN_MAX };

/// A directory that holds one log; the file store's [`StoreFactory`].
#[derive(Debug)]
pub struct LogDirectory {
    disk: Disk,
    path: PathBuf,
    /// The instance opened last, to be ended before the next.
    opened: tokio::sync::Mutex<Option<Arc<Writer>>>,
}

impl LogDirectory {
    /// The log at `path`, which need not exist yet.
    pub fn new(disk: Disk, path: impl Into<PathBuf>) -> LogDirectory {
        LogDirectory {
            disk,
            path: path.into(),
            opened: tokio::sync::Mutex::default(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes an empty log: the only thing that does. The directory's parent must exist. What an
    /// interrupted creation left is made whole; a log that is there is [`StoreError::Exists`].
    ///
    /// # Panics
    ///
    /// If `segment_len` is not within [`SEGMENT_LEN_MIN`] and [`SEGMENT_LEN_MAX`].
    pub fn create(&self, segment_len: u64) -> Result<(), StoreError> {
        assert!((SEGMENT_LEN_MIN..=SEGMENT_LEN_MAX).contains(&segment_len));
        layout::create(&self.disk, &self.path, segment_len)
    }

    /// Reads and checks the whole log without changing or locking anything, as an auditor does. A
    /// torn write is reported (with an empty side file) but stays. Beside a running node the block
    /// it is just writing may look torn.
    pub fn inspect(&self, checkpoint_size: u64) -> Result<(LogReader, OpenReport), StoreError> {
        let found = recovery::inspect(&self.disk, &self.path, checkpoint_size)?;
        let reader = LogReader::new(&self.disk, &self.path, found.index);
        Ok((reader, found.report))
    }

    /// What can be read of the log from its first block up to the first damage, without changing or
    /// locking anything. From a thread that may block.
    pub fn readable(&self) -> LogReader {
        LogReader::new(
            &self.disk,
            &self.path,
            salvage::salvage(&self.disk, &self.path),
        )
    }

    /// Opens the log for appending, as [`StoreFactory::open`] does, from a thread that may block.
    fn open_blocking(
        disk: &Disk,
        path: &Path,
        checkpoint_size: u64,
    ) -> Result<(FileStore, OpenReport), StoreError> {
        let recovered = recovery::recover(disk, path, checkpoint_size)?;
        let reader = LogReader::new(disk, path, recovered.index);
        let writer = Writer::new(recovered.tail, Arc::clone(&reader.index));
        let writer = Arc::new(writer);
        Ok((FileStore { reader, writer }, recovered.report))
    }
}

#[async_trait]
impl StoreFactory for LogDirectory {
    async fn open(&self, checkpoint_size: u64) -> Result<Opened, StoreError> {
        let mut opened = self.opened.lock().await;
        if let Some(earlier) = opened.take() {
            crate::blocking::in_place(|| earlier.end());
        }
        let (disk, path) = (self.disk.clone(), self.path.clone());
        let open = move || LogDirectory::open_blocking(&disk, &path, checkpoint_size);
        let opening = crate::blocking::run(open).await;
        let (store, report) = opening.ok_or(StoreError::Ended)??;
        *opened = Some(Arc::clone(&store.writer));
        let store = Arc::new(store);
        Ok(Opened { store, report })
    }

    async fn salvage(&self) -> Option<Arc<dyn LogStore>> {
        let directory = LogDirectory::new(self.disk.clone(), &self.path);
        let reader = crate::blocking::run(move || directory.readable()).await?;
        let store: Arc<dyn LogStore> = Arc::new(salvage::Salvaged(reader));
        Some(store)
    }
}

/// Reads the durable blocks of a log, beside its writer.
#[derive(Clone, Debug)]
pub struct LogReader {
    disk: Disk,
    path: PathBuf,
    index: Arc<LogIndex>,
}

impl LogReader {
    fn new(disk: &Disk, path: &Path, index: LogIndex) -> LogReader {
        LogReader {
            disk: disk.clone(),
            path: path.to_owned(),
            index: Arc::new(index),
        }
    }

    /// How many entries are durable.
    pub fn length(&self) -> u64 {
        self.index.length()
    }

    /// As [`LogStore::read`], from a thread that may block.
    pub fn read(&self, index: u64, max_blocks: usize) -> Result<Vec<Block>, StoreError> {
        let max_blocks = max_blocks.min(READ_BLOCKS_MAX);
        reader::read(&self.disk, &self.path, &self.index, index, max_blocks)
    }
}

/// A log opened for appending.
#[derive(Debug)]
pub struct FileStore {
    reader: LogReader,
    writer: Arc<Writer>,
}

#[async_trait]
impl LogStore for FileStore {
    async fn length(&self) -> Result<u64, StoreError> {
        Ok(self.reader.length())
    }

    async fn append(&self, block: &Block) -> Result<(), AppendError> {
        crate::blocking::in_place(|| self.writer.append(block))
    }

    async fn make_ready(&self) {
        crate::blocking::in_place(|| self.writer.make_ready());
    }

    async fn wait_beyond(&self, length: u64) -> Result<(), StoreError> {
        self.reader.index.wait_beyond(length).await
    }

    async fn read(&self, index: u64, max_blocks: usize) -> Result<Vec<Block>, StoreError> {
        if index >= self.reader.length() {
            return Ok(Vec::new());
        }
        let reader = self.reader.clone();
        let reading = crate::blocking::run(move || reader.read(index, max_blocks)).await;
        reading.ok_or(StoreError::Ended)?
    }

    async fn close(&self) {
        crate::blocking::in_place(|| self.writer.end());
    }
}
