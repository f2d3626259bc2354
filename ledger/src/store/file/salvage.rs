//! What a damaged log still gives: every block from the first on, up to the damage.
//!
//! A damaged log is never extended, but what stands before the damage is as good as it was, and people
//! go on asking for it.

use std::path::Path;

use async_trait::async_trait;
use tlog::Block;

use super::layout::{Name, segment_name};
use super::reader::LogIndex;
use super::{LogReader, SEGMENT_LEN_MAX};
use crate::disk::Disk;
use crate::store::{AppendError, LogStore, StoreError};

/// The blocks that follow one another from the first on, whatever comes after them.
pub(super) fn salvage(disk: &Disk, log: &Path) -> LogIndex {
    let index = LogIndex::default();
    let names = disk.list(log).unwrap_or_default();
    let segments = names.iter().filter_map(|name| match Name::parse(name) {
        Name::Segment(first_index) => Some(first_index),
        _ => None,
    });
    let mut segments: Vec<u64> = segments.collect();
    segments.sort_unstable();
    for first_index in segments {
        if first_index != index.length() || !push_segment(disk, log, first_index, &index) {
            break;
        }
    }
    index
}

/// Adds the good blocks a segment begins with. Returns whether they are all it holds.
fn push_segment(disk: &Disk, log: &Path, first_index: u64, index: &LogIndex) -> bool {
    let path = log.join(segment_name(first_index));
    let Ok(Some(bytes)) = disk.read(&path, SEGMENT_LEN_MAX) else {
        return false;
    };
    index.push_segment(first_index);
    let mut rest = bytes.as_slice();
    while let Ok(block) = Block::decode(rest) {
        if block.first_index != index.length() {
            return false;
        }
        let len = block.encoded_len();
        let count = block.entries.len() as u64;
        index.push_block(block.first_index, count, len as u64);
        rest = &rest[len..];
    }
    rest.iter().all(|byte| *byte == 0)
}

/// A damaged log, for reading only.
#[derive(Debug)]
pub(super) struct Salvaged(pub(super) LogReader);

#[async_trait]
impl LogStore for Salvaged {
    async fn length(&self) -> Result<u64, StoreError> {
        Ok(self.0.length())
    }

    async fn append(&self, _block: &Block) -> Result<(), AppendError> {
        Err(AppendError::Failed(StoreError::Ended))
    }

    async fn wait_beyond(&self, length: u64) -> Result<(), StoreError> {
        if self.0.length() > length {
            Ok(())
        } else {
            Err(StoreError::Ended)
        }
    }

    async fn read(&self, index: u64, max_blocks: usize) -> Result<Vec<Block>, StoreError> {
        let reader = self.0.clone();
        let reading = crate::blocking::run(move || reader.read(index, max_blocks)).await;
        reading.ok_or(StoreError::Ended)?
    }

    async fn close(&self) {}
}
