//! Writing to a log: by one caller at a time, where the caller is.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tlog::Block;

use super::super::{AppendError, StoreError};
use super::BLOCK_LEN_MAX;
use super::layout;
use super::reader::LogIndex;
use crate::disk::{Disk, DiskError, DiskFile, DiskLock};

/// Where the next block goes. Lock and all belong to whoever may write, so that the log is locked for
/// exactly as long as something may still be written to it.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) disk: Disk,
    pub(super) log: PathBuf,
    pub(super) segment_len: u64,
    /// The last segment.
    pub(super) file: DiskFile,
    /// Where in it the next block belongs.
    pub(super) offset: u64,
    /// Entries in the log.
    pub(super) length: u64,
    /// The next segment, made ahead of need.
    pub(super) next: Option<DiskFile>,
    pub(super) _lock: DiskLock,
}

/// What writes to a log, until the first error or its end. Every method waits for the disk.
#[derive(Debug)]
pub(super) struct Writer {
    /// Taken out while it is written to, so that an error or a panic leaves none.
    tail: Mutex<Option<Tail>>,
    index: Arc<LogIndex>,
}

impl Writer {
    pub(super) fn new(tail: Tail, index: Arc<LogIndex>) -> Writer {
        let tail = Mutex::new(Some(tail));
        Writer { tail, index }
    }

    /// Writes and syncs one block. A second caller waits for its turn.
    pub(super) fn append(&self, block: &Block) -> Result<(), AppendError> {
        let mut place = self.tail();
        let ended = || AppendError::Failed(StoreError::Ended);
        let mut tail = place.take().ok_or_else(ended)?;
        let appended = tail.append(block, &self.index);
        match appended {
            Ok(()) | Err(AppendError::Conflict { .. }) => *place = Some(tail),
            Err(_) => {
                // Unlocked before whoever waits is told, so that they find it so.
                drop(tail);
                self.index.end();
            }
        }
        appended
    }

    /// Makes the next segment, if it may be needed next.
    pub(super) fn make_ready(&self) {
        if let Some(tail) = &mut *self.tail() {
            tail.make_ready();
        }
    }

    /// Waits for the block in flight and ends. May be called twice.
    pub(super) fn end(&self) {
        drop(self.tail().take());
        self.index.end();
    }

    fn tail(&self) -> MutexGuard<'_, Option<Tail>> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.end();
    }
}

impl Tail {
    /// Writes and syncs one block: after an error of either, nobody knows.
    fn append(&mut self, block: &Block, index: &LogIndex) -> Result<(), AppendError> {
        let bytes = block.encode();
        let bytes = bytes.map_err(|error| AppendError::Failed(error.into()))?;
        if block.first_index != self.length {
            let length = self.length;
            return Err(AppendError::Conflict { length });
        }
        let (len, count) = (bytes.len() as u64, block.entries.len() as u64);
        if self.offset + len > self.segment_len {
            let rolled = self.begin_segment();
            rolled.map_err(|error| AppendError::Failed(error.into()))?;
            index.push_segment(self.length);
        }
        let unknown = |error: DiskError| AppendError::Unknown(error.into());
        self.file.write_at(&bytes, self.offset).map_err(unknown)?;
        self.file.sync().map_err(unknown)?;
        self.offset += len;
        self.length += count;
        index.push_block(block.first_index, count, len);
        Ok(())
    }

    /// Begins the next segment. The block that needs it has not been touched yet, so whatever goes
    /// wrong here, it is surely not durable.
    fn begin_segment(&mut self) -> Result<(), DiskError> {
        let file = match self.next.take() {
            Some(file) => file,
            None => layout::make_next(&self.disk, &self.log, self.segment_len)?,
        };
        layout::name_next(&self.disk, &self.log, self.length)?;
        self.file = file;
        self.offset = 0;
        Ok(())
    }

    /// Makes the next segment while nobody waits, once the longest block might not fit any more.
    fn make_ready(&mut self) {
        if self.next.is_some() || self.offset + BLOCK_LEN_MAX <= self.segment_len {
            return;
        }
        // If this fails, it is tried again, from the beginning, when the segment is needed; then
        // the error is told.
        self.next = layout::make_next(&self.disk, &self.log, self.segment_len).ok();
    }
}
