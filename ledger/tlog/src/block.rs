//! Blocks: the entries of one group commit, as they lie in a segment and go over NATS.
//!
//! The *body* is each entry as `u32 LE length || entry bytes`. On NATS a block is its body; on
//! disk a [`BlockHeader`] with a checksum over both goes before it.

use std::ops::Range;

use crate::entry::MAX_ENTRY_LEN;

/// The most entries of a block: at 1 ms of gathering, what a writer of 1,000,000 entries a second
/// collects.
pub const MAX_BLOCK_ENTRIES: usize = 1_000;

/// The longest body in bytes: half of NATS's default `max_payload`, which leaves room for headers.
pub const MAX_BLOCK_LEN: usize = 512 * 1024;

/// The version of the on-disk format that this crate writes, and the only one so far.
pub const BLOCK_VERSION: u16 = 1;

/// What a block on disk begins with. Its first byte is that of no zeroed space and no text.
pub const BLOCK_MAGIC: [u8; 8] = *b"\x89GOVBLK\n";

/// Length of the number before each entry.
const PREFIX_LEN: usize = 4;
/// Where the checksum stands in the header: at its end.
const CRC_AT: usize = BlockHeader::LEN - 4;

/// 1 to 1,000 consecutive entries, durable together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The index of the first entry.
    pub first_index: u64,
    /// The entries' bytes, in order.
    pub entries: Vec<Vec<u8>>,
}

/// What a block on disk begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockHeader {
    first_index: u64,
    count: u32,
    body_len: u32,
    crc: u32,
}

/// Bytes that are not a whole block, or entries that do not fit one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// Zeros where a header would stand: prewritten space that no block has reached.
    #[error("no block here")]
    Empty,
    /// Other bytes than a block begins with.
    #[error("these bytes do not begin a block")]
    Magic,
    /// The bytes end before the block does.
    #[error("a block of {needed} bytes is cut short after {found}")]
    Incomplete {
        /// Length of header and body, or of the header if that is cut short itself.
        needed: usize,
        /// How many bytes there are.
        found: usize,
    },
    /// The checksum does not hold: the block was torn when written, or changed since.
    #[error("the block's checksum is {found:08x}, not {expected:08x}")]
    Checksum {
        /// The checksum its header names.
        expected: u32,
        /// The checksum of its bytes.
        found: u32,
    },
    /// A format version this crate does not know.
    #[error("block format version {found} is not known")]
    UnknownVersion {
        /// The version the header names.
        found: u16,
    },
    /// No entry, or more than [`MAX_BLOCK_ENTRIES`].
    #[error("{found} entries; a block has 1 to {MAX_BLOCK_ENTRIES}")]
    EntryCount {
        /// How many there are.
        found: usize,
    },
    /// A body longer than [`MAX_BLOCK_LEN`], or too short for its entries.
    #[error("a body of {found} bytes; a block's has at most {MAX_BLOCK_LEN}")]
    BodyLength {
        /// Its length in bytes.
        found: usize,
    },
    /// An entry that is empty or longer than [`MAX_ENTRY_LEN`].
    #[error("an entry of {found} bytes at place {place}; an entry has 1 to {MAX_ENTRY_LEN}")]
    EntryLength {
        /// Its place in the block, from 0.
        place: usize,
        /// Its length in bytes.
        found: usize,
    },
    /// The entries' lengths do not add up to the body's, or their number is not the header's.
    #[error("the entries do not fill the body, or are not as many as the header says")]
    Mismatch,
    /// The last index would be beyond 64 bits.
    #[error("a block from index {first_index} on runs beyond the last index")]
    IndexOverflow {
        /// The index of its first entry.
        first_index: u64,
    },
}

impl Block {
    /// The body: each entry after its length.
    pub fn encode_body(&self) -> Result<Vec<u8>, BlockError> {
        self.encode_after(0)
    }

    /// The block as it lies on disk: header and body.
    pub fn encode(&self) -> Result<Vec<u8>, BlockError> {
        let mut bytes = self.encode_after(BlockHeader::LEN)?;
        let body_len = bytes.len() - BlockHeader::LEN;
        let mut header = BlockHeader {
            first_index: self.first_index,
            count: to_u32(self.entries.len()),
            body_len: to_u32(body_len),
            crc: 0,
        };
        header.crc = header.checksum(&bytes[BlockHeader::LEN..]);
        bytes[..BlockHeader::LEN].copy_from_slice(&header.encode());
        Ok(bytes)
    }

    /// Reads the block that `bytes` begin with; what follows it is not looked at. Its length is
    /// [`Block::encoded_len`].
    pub fn decode(bytes: &[u8]) -> Result<Block, BlockError> {
        let header = BlockHeader::parse(bytes)?;
        let body = header.checked_body(bytes)?;
        let block = Block::decode_body(header.first_index, body)?;
        if block.entries.len() == header.count() {
            Ok(block)
        } else {
            Err(BlockError::Mismatch)
        }
    }

    /// Reads a body of exactly these bytes, whose first entry has the given index.
    pub fn decode_body(first_index: u64, body: &[u8]) -> Result<Block, BlockError> {
        check_body_len(body.len(), 1)?;
        let mut entries = Vec::new();
        let mut rest = body;
        while !rest.is_empty() {
            let place = entries.len();
            check_count(place + 1)?;
            let (length, after) = rest
                .split_first_chunk::<PREFIX_LEN>()
                .ok_or(BlockError::Mismatch)?;
            let found = to_usize(u32::from_le_bytes(*length));
            check_entry_len(place, found)?;
            let (entry, after) = after.split_at_checked(found).ok_or(BlockError::Mismatch)?;
            entries.push(entry.to_vec());
            rest = after;
        }
        check_index(first_index, entries.len())?;
        Ok(Block {
            first_index,
            entries,
        })
    }

    /// Length of the body in bytes.
    pub fn body_len(&self) -> usize {
        self.entries.iter().map(|e| body_len_of(e.len())).sum()
    }

    /// Length of header and body in bytes.
    pub fn encoded_len(&self) -> usize {
        BlockHeader::LEN + self.body_len()
    }

    /// The indices of the entries.
    pub fn indices(&self) -> Range<u64> {
        self.first_index..self.first_index.saturating_add(self.entries.len() as u64)
    }

    fn encode_after(&self, reserved: usize) -> Result<Vec<u8>, BlockError> {
        self.check()?;
        let mut bytes = Vec::with_capacity(reserved + self.body_len());
        bytes.resize(reserved, 0);
        for entry in &self.entries {
            bytes.extend_from_slice(&to_u32(entry.len()).to_le_bytes());
            bytes.extend_from_slice(entry);
        }
        Ok(bytes)
    }

    fn check(&self) -> Result<(), BlockError> {
        check_count(self.entries.len())?;
        for (place, entry) in self.entries.iter().enumerate() {
            check_entry_len(place, entry.len())?;
        }
        check_body_len(self.body_len(), self.entries.len())?;
        check_index(self.first_index, self.entries.len())
    }
}

/// What an entry of this length adds to a body, in bytes.
pub const fn body_len_of(entry_len: usize) -> usize {
    PREFIX_LEN + entry_len
}

impl BlockHeader {
    /// Length of a header in bytes.
    pub const LEN: usize = 32;

    /// Reads the header that `bytes` begin with and checks its bounds. The checksum covers the
    /// body too, so it is [`Block::decode`] that checks it; until then nothing here is sure.
    pub fn parse(bytes: &[u8]) -> Result<BlockHeader, BlockError> {
        let Some((header, _)) = bytes.split_first_chunk::<{ BlockHeader::LEN }>() else {
            return Err(cut_header(bytes));
        };
        if header.iter().all(|byte| *byte == 0) {
            return Err(BlockError::Empty);
        }
        if header[..8] != BLOCK_MAGIC {
            return Err(BlockError::Magic);
        }
        let version = u16::from_le_bytes(take(header, 8));
        if version != BLOCK_VERSION {
            return Err(BlockError::UnknownVersion { found: version });
        }
        let parsed = BlockHeader {
            first_index: u64::from_le_bytes(take(header, 12)),
            count: u32::from_le_bytes(take(header, 20)),
            body_len: u32::from_le_bytes(take(header, 24)),
            crc: u32::from_le_bytes(take(header, CRC_AT)),
        };
        check_count(parsed.count())?;
        check_body_len(parsed.body_len(), parsed.count())?;
        check_index(parsed.first_index, parsed.count())?;
        Ok(parsed)
    }

    /// The index of the block's first entry.
    pub fn first_index(&self) -> u64 {
        self.first_index
    }

    /// How many entries the block has.
    pub fn count(&self) -> usize {
        to_usize(self.count)
    }

    /// Length of the body in bytes.
    pub fn body_len(&self) -> usize {
        to_usize(self.body_len)
    }

    /// Length of header and body in bytes: where the next block begins.
    pub fn block_len(&self) -> usize {
        BlockHeader::LEN + self.body_len()
    }

    fn encode(&self) -> [u8; BlockHeader::LEN] {
        let mut bytes = [0; BlockHeader::LEN];
        bytes[..8].copy_from_slice(&BLOCK_MAGIC);
        bytes[8..10].copy_from_slice(&BLOCK_VERSION.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.first_index.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.count.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.body_len.to_le_bytes());
        bytes[CRC_AT..].copy_from_slice(&self.crc.to_le_bytes());
        bytes
    }

    /// CRC-32C of the header with its checksum zero, and the body.
    fn checksum(&self, body: &[u8]) -> u32 {
        let unsealed = BlockHeader { crc: 0, ..*self };
        crc32c::crc32c_append(crc32c::crc32c(&unsealed.encode()), body)
    }

    /// The body in `bytes`, which begin with this header, if the checksum holds.
    fn checked_body<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], BlockError> {
        let (needed, found) = (self.block_len(), bytes.len());
        let Some(body) = bytes.get(BlockHeader::LEN..needed) else {
            return Err(BlockError::Incomplete { needed, found });
        };
        // Over the bytes as they stand, so that what the header does not use counts too.
        let mut header: [u8; BlockHeader::LEN] = take(bytes, 0);
        header[CRC_AT..].fill(0);
        let found = crc32c::crc32c_append(crc32c::crc32c(&header), body);
        let expected = self.crc;
        if found == expected {
            Ok(body)
        } else {
            Err(BlockError::Checksum { expected, found })
        }
    }
}

/// Why less than a header is none.
fn cut_header(bytes: &[u8]) -> BlockError {
    if bytes.iter().all(|byte| *byte == 0) {
        return BlockError::Empty;
    }
    BlockError::Incomplete {
        needed: BlockHeader::LEN,
        found: bytes.len(),
    }
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut taken = [0; N];
    taken.copy_from_slice(&bytes[at..at + N]);
    taken
}

fn check_count(found: usize) -> Result<(), BlockError> {
    if (1..=MAX_BLOCK_ENTRIES).contains(&found) {
        Ok(())
    } else {
        Err(BlockError::EntryCount { found })
    }
}

/// A body is within its bound and has room for `count` entries of a byte each.
fn check_body_len(found: usize, count: usize) -> Result<(), BlockError> {
    if (count * body_len_of(1)..=MAX_BLOCK_LEN).contains(&found) {
        Ok(())
    } else {
        Err(BlockError::BodyLength { found })
    }
}

fn check_entry_len(place: usize, found: usize) -> Result<(), BlockError> {
    if (1..=MAX_ENTRY_LEN).contains(&found) {
        Ok(())
    } else {
        Err(BlockError::EntryLength { place, found })
    }
}

fn check_index(first_index: u64, count: usize) -> Result<(), BlockError> {
    match first_index.checked_add(count as u64) {
        Some(_) => Ok(()),
        None => Err(BlockError::IndexOverflow { first_index }),
    }
}

/// For lengths and counts that have been checked against their bounds, far below 32 bits.
fn to_u32(checked: usize) -> u32 {
    u32::try_from(checked).unwrap_or(u32::MAX)
}

/// For numbers of 32 bits, which every platform this runs on can index.
fn to_usize(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
