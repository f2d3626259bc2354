//! Reading a segment's bytes and judging them. Pure: nothing here touches a disk.

use tlog::block::BLOCK_MAGIC;
use tlog::{Block, BlockError};

use super::super::DamageKind;
use super::BLOCK_LEN_MAX;

/// A block that was read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FoundBlock {
    pub(super) first_index: u64,
    pub(super) count: u64,
    pub(super) offset: usize,
    pub(super) len: usize,
}

/// A segment's blocks, and the broken write after them if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) blocks: Vec<FoundBlock>,
    /// Where the next block belongs.
    pub(super) end: usize,
    /// The index the next entry gets.
    pub(super) next_index: u64,
    /// How many bytes from `end` on a torn write left, up to the last that is not zero.
    pub(super) torn_len: usize,
}

/// Damage found, with where in the segment and before which entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) offset: usize,
    pub(super) index: u64,
    pub(super) kind: DamageKind,
}

/// Reads all of a segment that should begin with `first_index`.
///
/// Only in the log's last segment, and only at or beyond `checkpoint_size`, is a broken block a torn
/// write; and only if no good one follows it.
pub(super) fn scan(
    bytes: &[u8],
    first_index: u64,
    is_last: bool,
    checkpoint_size: u64,
) -> Result<Scan, Finding> {
    let mut scan = Scan {
        blocks: Vec::new(),
        end: 0,
        next_index: first_index,
        torn_len: 0,
    };
    let error = loop {
        match Block::decode(&bytes[scan.end..]) {
            Ok(block) => scan.push(&block)?,
            Err(error) => break error,
        }
    };
    let rest = &bytes[scan.end..];
    let Some(last) = rest.iter().rposition(|byte| *byte != 0) else {
        return Ok(scan);
    };
    let torn_len = last + 1;
    let may_be_torn = is_last && scan.next_index >= checkpoint_size;
    match judge(error, bytes, &scan, torn_len, may_be_torn) {
        None => Ok(Scan { torn_len, ..scan }),
        Some(kind) => Err(scan.finding(kind)),
    }
}

impl Scan {
    fn push(&mut self, block: &Block) -> Result<(), Finding> {
        let found = block.first_index;
        if found > self.next_index {
            return Err(self.finding(DamageKind::Gap { found }));
        }
        if found < self.next_index {
            return Err(self.finding(DamageKind::OutOfOrder { found }));
        }
        let len = block.encoded_len();
        self.blocks.push(FoundBlock {
            first_index: found,
            count: block.entries.len() as u64,
            offset: self.end,
            len,
        });
        self.next_index = block.indices().end;
        self.end += len;
        Ok(())
    }

    fn finding(&self, kind: DamageKind) -> Finding {
        Finding {
            offset: self.end,
            index: self.next_index,
            kind,
        }
    }
}

/// What is wrong after the blocks in `scan`, where no block stands because of `error`; `None` for a
/// torn write. The order matters: what would be lost by cutting is looked for first.
fn judge(
    error: BlockError,
    bytes: &[u8],
    scan: &Scan,
    torn_len: usize,
    may_be_torn: bool,
) -> Option<DamageKind> {
    if let BlockError::UnknownVersion { found } = error {
        return Some(DamageKind::UnknownVersion { found });
    }
    if let Some((found, offset)) = good_block_in(bytes, scan.end + 1, scan.next_index) {
        return Some(DamageKind::GoodBlockAfter { found, offset });
    }
    let reach = usize::try_from(BLOCK_LEN_MAX).unwrap_or(usize::MAX);
    let nothing_begins = error == BlockError::Empty;
    match may_be_torn {
        true if torn_len <= reach => None,
        // More than one write can leave behind, or zeros where acknowledged blocks ended.
        true => Some(DamageKind::GarbageAfterEnd),
        false if nothing_begins => Some(DamageKind::GarbageAfterEnd),
        false => Some(DamageKind::Block(error)),
    }
}

/// The first whole block for `next_index` or later that begins at `from` or beyond: its first
/// index, and where it begins.
///
/// An entry may hold bytes that look like a block. In a torn write that would be taken for a good
/// block, and the log not open; that is the safe side to err on.
fn good_block_in(bytes: &[u8], from: usize, next_index: u64) -> Option<(u64, u64)> {
    let whole = |at: usize| {
        let block = Block::decode(&bytes[at..]).ok()?;
        (block.first_index >= next_index).then_some((block.first_index, at as u64))
    };
    // The magic's first byte is rare, so this is mostly a search for one byte.
    (from..bytes.len())
        .filter(|at| bytes[*at] == BLOCK_MAGIC[0] && bytes[*at..].starts_with(&BLOCK_MAGIC))
        .find_map(whole)
}
