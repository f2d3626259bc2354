//! Where blocks are, and reading them back.

use std::path::Path;
use std::sync::{PoisonError, RwLock};

use tlog::{Block, BlockError, BlockHeader};
use tokio::sync::watch;

use super::super::{Damage, DamageKind, LogPlace, StoreError};
use super::BLOCK_LEN_MAX;
use super::layout::segment_name;
use crate::disk::{Disk, DiskFile};

/// A place is remembered for about every so many bytes of a segment: reading one entry reads at
/// most this much before it, a few µs from the page cache, and a log of 10 GiB takes 10 MiB of memory
/// to find one's way in.
const PLACE_SPACING: u64 = 16 * 1024;

/// Where in a segment a block begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    first_index: u64,
    offset: u64,
}

/// The durable part of one segment.
#[derive(Clone, Debug)]
struct Segment {
    first_index: u64,
    /// Some of its blocks, in order, the first always; empty while it has none.
    places: Vec<Place>,
    /// Where its last durable block ends.
    end: u64,
}

/// Where every durable block is. The writer adds to it once a block is durable, so what is found
/// here is.
#[derive(Debug, Default)]
pub(super) struct LogIndex {
    segments: RwLock<Vec<Segment>>,
    extent: watch::Sender<Extent>,
}

/// How far the log goes, and whether it still grows.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    length: u64,
    ended: bool,
}

/// What to read, and from where on, to come to an entry.
#[derive(Clone, Copy, Debug)]
struct Way {
    segment: u64,
    offset: u64,
    end: u64,
}

impl LogIndex {
    /// How many entries are durable.
    pub(super) fn length(&self) -> u64 {
        self.extent.borrow().length
    }

    /// The log grows no more: whoever waits for it learns so.
    pub(super) fn end(&self) {
        self.extent.send_modify(|extent| extent.ended = true);
    }

    /// Returns once the log holds more than `length` entries.
    pub(super) async fn wait_beyond(&self, length: u64) -> Result<(), StoreError> {
        let mut extent = self.extent.subscribe();
        let changed = extent.wait_for(|extent| extent.length > length || extent.ended);
        // The sender is `self`'s, so it is there.
        let extent = *changed.await.map_err(|_| StoreError::Ended)?;
        if extent.length > length {
            Ok(())
        } else {
            Err(StoreError::Ended)
        }
    }

    /// A segment begins, after all that is known.
    pub(super) fn push_segment(&self, first_index: u64) {
        self.change(|segments| {
            segments.push(Segment {
                first_index,
                places: Vec::new(),
                end: 0,
            });
        });
    }

    /// A block is durable, after all that is known and in the last segment.
    pub(super) fn push_block(&self, first_index: u64, count: u64, len: u64) {
        self.change(|segments| {
            let Some(segment) = segments.last_mut() else {
                return;
            };
            let offset = segment.end;
            let last = segment.places.last();
            if last.is_none_or(|last| offset - last.offset >= PLACE_SPACING) {
                segment.places.push(Place {
                    first_index,
                    offset,
                });
            }
            segment.end += len;
        });
        // After its place is known: whoever is woken finds it.
        let length = first_index + count;
        self.extent.send_modify(|extent| extent.length = length);
    }

    fn change(&self, act: impl FnOnce(&mut Vec<Segment>)) {
        act(&mut self
            .segments
            .write()
            .unwrap_or_else(PoisonError::into_inner));
    }

    /// How to come to entry `index`, or `None` at or beyond the length.
    fn way_to(&self, index: u64) -> Option<Way> {
        if index >= self.length() {
            return None;
        }
        let segments = self.segments.read().unwrap_or_else(PoisonError::into_inner);
        let after = segments.partition_point(|s| s.first_index <= index);
        let segment = segments.get(after.checked_sub(1)?)?;
        let after = segment.places.partition_point(|p| p.first_index <= index);
        let place = segment.places.get(after.checked_sub(1)?)?;
        Some(Way {
            segment: segment.first_index,
            offset: place.offset,
            end: segment.end,
        })
    }
}

/// Durable blocks from the one that contains `index` on, at most `max_blocks`.
pub(super) fn read(
    disk: &Disk,
    log: &Path,
    places: &LogIndex,
    index: u64,
    max_blocks: usize,
) -> Result<Vec<Block>, StoreError> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut next = index;
    while blocks.len() < max_blocks {
        let Some(way) = places.way_to(next) else {
            break;
        };
        let mut walk = Walk::start(disk, log, way)?;
        while blocks.len() < max_blocks && walk.offset < way.end {
            if let Some(block) = walk.step(next)? {
                next = block.indices().end;
                blocks.push(block);
            }
        }
    }
    Ok(blocks)
}

/// A walk over the blocks of one segment.
struct Walk {
    file: DiskFile,
    name: String,
    offset: u64,
    end: u64,
    window: Vec<u8>,
    window_at: u64,
    read_ahead: u64,
}

impl Walk {
    fn start(disk: &Disk, log: &Path, way: Way) -> Result<Walk, StoreError> {
        let name = segment_name(way.segment);
        Ok(Walk {
            file: disk.open(&log.join(&name))?,
            name,
            offset: way.offset,
            end: way.end,
            window: Vec::new(),
            window_at: way.offset,
            read_ahead: PLACE_SPACING,
        })
    }

    /// Steps over the block here; returns it if it holds `wanted` or what follows.
    fn step(&mut self, wanted: u64) -> Result<Option<Block>, StoreError> {
        let header = self.bytes(BlockHeader::LEN as u64)?;
        let parsed = BlockHeader::parse(header);
        let header = parsed.map_err(|error| self.damage(wanted, DamageKind::Block(error)))?;
        let len = header.block_len() as u64;
        let first_index = header.first_index();
        if first_index + header.count() as u64 <= wanted {
            self.offset += len;
            return Ok(None);
        }
        if first_index > wanted {
            let found = first_index;
            return Err(self.damage(wanted, DamageKind::Gap { found }));
        }
        let block = Block::decode(self.bytes(len)?);
        let block = block.map_err(|error| self.damage(wanted, DamageKind::Block(error)))?;
        self.offset += len;
        Ok(Some(block))
    }

    /// The `len` bytes here.
    fn bytes(&mut self, len: u64) -> Result<&[u8], StoreError> {
        let left = self.end - self.offset;
        if len > left {
            let error = BlockError::Incomplete {
                needed: to_usize(len),
                found: to_usize(left),
            };
            return Err(self.damage(self.offset, DamageKind::Block(error)));
        }
        let window_end = self.window_at + self.window.len() as u64;
        if self.offset + len > window_end {
            let ahead = len.max(self.read_ahead).min(left);
            // Whoever comes back for more reads a page of blocks, not one entry.
            self.read_ahead = BLOCK_LEN_MAX;
            self.window = self.file.read_range(self.offset, ahead)?;
            self.window_at = self.offset;
        }
        let start = to_usize(self.offset - self.window_at);
        Ok(&self.window[start..start + to_usize(len)])
    }

    fn damage(&self, index: u64, kind: DamageKind) -> StoreError {
        let (name, offset) = (self.name.clone(), self.offset);
        StoreError::Corrupt(Damage {
            place: LogPlace::Segment { name, offset },
            index,
            kind,
        })
    }
}

/// For lengths within a segment, which every platform this runs on can index.
fn to_usize(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_an_entry_leads_to_the_place_before_it() {
        let index = LogIndex::default();
        assert!(index.way_to(0).is_none());
        index.push_segment(0);
        assert!(index.way_to(0).is_none());
        for block in 0..4 {
            index.push_block(block * 10, 10, PLACE_SPACING / 2);
        }
        index.push_segment(40);
        index.push_block(40, 1, 100);

        let way = |at| {
            index
                .way_to(at)
                .map(|way| (way.segment, way.offset, way.end))
        };
        let end = PLACE_SPACING * 2;
        assert_eq!(way(0), Some((0, 0, end)));
        assert_eq!(way(19), Some((0, 0, end)));
        assert_eq!(way(20), Some((0, PLACE_SPACING, end)));
        assert_eq!(way(39), Some((0, PLACE_SPACING, end)));
        assert_eq!(way(40), Some((40, 0, 100)));
        assert_eq!(way(41), None);
        assert_eq!(index.length(), 41);
    }
}
