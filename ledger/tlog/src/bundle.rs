//! The evidence bundle: a whole log in one file, to be checked without a server and restored from.
//!
//! A bundle is a preamble and records, each a kind, a length and a body: the ledger's id, its signed
//! checkpoint with whatever cosignatures it carries (and the newest that witnesses cosigned, if that is an
//! earlier one), the verifier keys of the log and of witnesses,
//! every entry that the checkpoint covers, and a digest at the end. A reader needs one record in
//! memory at a time. The same entries, checkpoint and keys have one bundle and no other: entries are
//! grouped as [`BundleWriter`] groups them, and [`BundleReader`] refuses every other grouping, so that
//! whoever restores a ledger and exports it again gets the file back byte for byte.
//!
//! The file proves nothing by being whole. It is believed for its checkpoint, by a key known from
//! elsewhere; the keys in it say only which key that would have to be.

use sha2::{Digest as _, Sha256};

use crate::block::{Block, BlockError, MAX_BLOCK_ENTRIES, MAX_BLOCK_LEN, body_len_of};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::is_ledger_id;
use crate::hash::{HASH_LEN, Hash};
use crate::key::{KeyError, VerifierKey};
use crate::note::{MAX_NOTE_LEN, Note};

/// What a bundle begins with. Its first byte is that of no text.
pub const BUNDLE_MAGIC: [u8; 8] = *b"\x89GOVBND\n";

/// The version of the format that this crate writes, and the only one so far.
pub const BUNDLE_VERSION: u16 = 1;

/// Length of magic and version.
pub const PREAMBLE_LEN: usize = 10;

/// Length of what goes before each record's body: kind and length.
pub const RECORD_HEADER_LEN: usize = 5;

/// The most verifier keys of a bundle: as many as a log ever has for checkpoints, and twice the witnesses that
/// C2SP's tlog-policy asks an implementation to bear.
pub const MAX_BUNDLE_KEYS: usize = 164;

/// The longest verifier key in bytes: a name of 512 and the material of the largest known kind.
const MAX_KEY_LEN: usize = 4_096;

/// What a record holds, by its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    /// 0x01: the ledger's id.
    Ledger,
    /// 0x02: a checkpoint's note: of all entries, and of fewer that witnesses cosigned.
    Checkpoint,
    /// 0x03: a verifier key, the log's in the order in which they came into force, then witnesses'.
    Key,
    /// 0x04: 1 to 1,000 consecutive entries, as the body of a block.
    Entries,
    /// 0x00: SHA-256 of everything before this record.
    End,
}

impl RecordKind {
    /// The record's first byte.
    pub const fn byte(self) -> u8 {
        match self {
            RecordKind::Ledger => 1,
            RecordKind::Checkpoint => 2,
            RecordKind::Key => 3,
            RecordKind::Entries => 4,
            RecordKind::End => 0,
        }
    }

    fn from_byte(byte: u8) -> Result<RecordKind, BundleError> {
        match byte {
            1 => Ok(RecordKind::Ledger),
            2 => Ok(RecordKind::Checkpoint),
            3 => Ok(RecordKind::Key),
            4 => Ok(RecordKind::Entries),
            0 => Ok(RecordKind::End),
            found => Err(BundleError::UnknownRecord { found }),
        }
    }

    /// The longest body in bytes.
    fn len_max(self) -> usize {
        match self {
            RecordKind::Ledger => crate::entry::MAX_LEDGER_ID_LEN,
            RecordKind::Checkpoint => MAX_NOTE_LEN,
            RecordKind::Key => MAX_KEY_LEN,
            RecordKind::Entries => MAX_BLOCK_LEN,
            RecordKind::End => HASH_LEN,
        }
    }
}

/// What goes before a record's body, within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordHeader {
    kind: RecordKind,
    len: usize,
}

impl RecordHeader {
    /// Reads a kind and the length of a body that such a record can have.
    pub fn parse(bytes: [u8; RECORD_HEADER_LEN]) -> Result<RecordHeader, BundleError> {
        let [kind, len @ ..] = bytes;
        let kind = RecordKind::from_byte(kind)?;
        let found = usize::try_from(u32::from_le_bytes(len)).unwrap_or(usize::MAX);
        if found == 0 || found > kind.len_max() {
            return Err(BundleError::RecordLength { kind, found });
        }
        Ok(RecordHeader { kind, len: found })
    }

    /// What the record holds.
    pub fn kind(&self) -> RecordKind {
        self.kind
    }

    /// Length of the body in bytes.
    pub fn body_len(&self) -> usize {
        self.len
    }

    fn encode(self) -> [u8; RECORD_HEADER_LEN] {
        let len = u32::try_from(self.len).expect("a body's bound is far below 4 GiB");
        let [a, b, c, d] = len.to_le_bytes();
        [self.kind.byte(), a, b, c, d]
    }
}

/// What a bundle says before its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleHead {
    /// The ledger's id.
    pub ledger: String,
    /// The signed checkpoint, whose size is the number of entries. Not yet believed.
    pub checkpoint: Note,
    /// The newest checkpoint that witnesses cosigned, where that is a smaller one. Not yet believed.
    pub cosigned: Option<Note>,
    /// The log's verifier keys, oldest first, then those of witnesses. Not yet believed.
    pub keys: Vec<VerifierKey>,
}

/// Bytes that are not a bundle, or not the one bundle of what they hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Other bytes than a bundle begins with.
    #[error("these bytes do not begin a bundle")]
    Magic,
    /// A format version this crate does not know.
    #[error("bundle format version {found} is not known")]
    UnknownVersion {
        /// The version.
        found: u16,
    },
    /// A kind of record this version does not have.
    #[error("a record of the unknown kind {found}")]
    UnknownRecord {
        /// Its first byte.
        found: u8,
    },
    /// A body that is empty or longer than such a record's can be.
    #[error("a {kind:?} record of {found} bytes")]
    RecordLength {
        /// What the record holds.
        kind: RecordKind,
        /// The length it names in bytes.
        found: usize,
    },
    /// A record where another belongs.
    #[error("a {found:?} record where it does not belong")]
    Order {
        /// What it holds.
        found: RecordKind,
    },
    /// Not a ledger's id.
    #[error("the ledger's id is none")]
    Ledger,
    /// Not a signed note with the text of a checkpoint.
    #[error("the checkpoint is none: {0}")]
    Checkpoint(#[source] CheckpointError),
    /// The second checkpoint does not cover fewer entries than the first.
    #[error("the second checkpoint covers {found} entries, which are not fewer than {size}")]
    CosignedSize {
        /// The first checkpoint's size.
        size: u64,
        /// The second's.
        found: u64,
    },
    /// Not a verifier key in its one spelling.
    #[error("verifier key {place} is none: {source}")]
    Key {
        /// Its place, from 0.
        place: usize,
        /// What is wrong with it.
        source: KeyError,
    },
    /// No verifier key, or more than [`MAX_BUNDLE_KEYS`].
    #[error("{found} verifier keys; a bundle has 1 to {MAX_BUNDLE_KEYS}")]
    KeyCount {
        /// How many.
        found: usize,
    },
    /// A body that does not hold whole entries.
    #[error("the entries from {index} on cannot be read: {source}")]
    Entries {
        /// The index of the first of them.
        index: u64,
        /// What is wrong with them.
        source: BlockError,
    },
    /// Entries that should have been in the record before.
    #[error("the entries from {index} on belong to the record before")]
    Grouping {
        /// The index of the first of them.
        index: u64,
    },
    /// More or fewer entries than the checkpoint says.
    #[error("there are {found} entries, but the checkpoint says {expected}")]
    EntryCount {
        /// The checkpoint's size.
        expected: u64,
        /// How many there are, or at least are.
        found: u64,
    },
    /// The digest at the end is not that of what stands before.
    #[error("the digest at the end is {expected}, that of the bytes is {found}")]
    Digest {
        /// As written.
        expected: Hash,
        /// Computed.
        found: Hash,
    },
    /// Bytes after the end.
    #[error("bytes follow the end of the bundle")]
    AfterEnd,
    /// The bytes end before the bundle does.
    #[error("the bundle is cut short")]
    Incomplete,
}

/// Encodes a bundle, a piece at a time.
#[derive(Debug)]
pub struct BundleWriter {
    digest: Sha256,
    group: Block,
    /// Length of the group's body in bytes.
    group_len: usize,
    expected: u64,
}

impl BundleWriter {
    /// The beginning of a bundle, and what encodes the rest of it.
    pub fn begin(head: &BundleHead) -> Result<(BundleWriter, Vec<u8>), BundleError> {
        check_key_count(head.keys.len())?;
        if !is_ledger_id(&head.ledger) {
            return Err(BundleError::Ledger);
        }
        let checkpoint = parse_checkpoint(&head.checkpoint)?;
        let mut bytes = BUNDLE_MAGIC.to_vec();
        bytes.extend(BUNDLE_VERSION.to_le_bytes());
        append(&mut bytes, RecordKind::Ledger, head.ledger.as_bytes())?;
        let note = head.checkpoint.to_string();
        append(&mut bytes, RecordKind::Checkpoint, note.as_bytes())?;
        if let Some(cosigned) = &head.cosigned {
            check_cosigned(cosigned, checkpoint.size)?;
            let note = cosigned.to_string();
            append(&mut bytes, RecordKind::Checkpoint, note.as_bytes())?;
        }
        for key in &head.keys {
            append(&mut bytes, RecordKind::Key, key.to_string().as_bytes())?;
        }
        let writer = BundleWriter {
            digest: Sha256::new_with_prefix(&bytes),
            group: empty_group(0),
            group_len: 0,
            expected: checkpoint.size,
        };
        Ok((writer, bytes))
    }

    /// Takes the next entry, and gives the record that it completes, if it does.
    pub fn push(&mut self, entry: Vec<u8>) -> Result<Option<Vec<u8>>, BundleError> {
        let len = entry.len();
        let complete = if fits(self.group.entries.len(), self.group_len, len) {
            None
        } else {
            self.group()?
        };
        self.group.entries.push(entry);
        self.group_len += body_len_of(len);
        Ok(complete)
    }

    /// The rest of the bundle, once every entry that the checkpoint covers was pushed.
    pub fn finish(mut self) -> Result<Vec<u8>, BundleError> {
        let found = self.group.indices().end;
        if found != self.expected {
            let expected = self.expected;
            return Err(BundleError::EntryCount { expected, found });
        }
        let mut bytes = self.group()?.unwrap_or_default();
        let digest: [u8; HASH_LEN] = self.digest.finalize().into();
        append(&mut bytes, RecordKind::End, &digest)?;
        Ok(bytes)
    }

    /// The record of the entries gathered, if there are any.
    fn group(&mut self) -> Result<Option<Vec<u8>>, BundleError> {
        let index = self.group.first_index;
        let next = empty_group(self.group.indices().end);
        let group = std::mem::replace(&mut self.group, next);
        self.group_len = 0;
        if group.entries.is_empty() {
            return Ok(None);
        }
        let body = group.encode_body();
        let body = body.map_err(|source| BundleError::Entries { index, source })?;
        let mut record = Vec::with_capacity(RECORD_HEADER_LEN + body.len());
        append(&mut record, RecordKind::Entries, &body)?;
        self.digest.update(&record);
        Ok(Some(record))
    }
}

/// Where a reader is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Ledger,
    Checkpoint,
    Keys,
    Entries,
    Ended,
}

/// Decodes a bundle, a record at a time.
///
/// The caller reads [`PREAMBLE_LEN`] bytes and begins; then again and again [`RECORD_HEADER_LEN`] bytes
/// and, after [`RecordHeader::parse`], as many as that says, until [`Record::End`]; then makes sure that
/// nothing follows.
#[derive(Debug)]
pub struct BundleReader {
    digest: Sha256,
    stage: Stage,
    ledger: String,
    checkpoint: Option<(Note, u64)>,
    cosigned: Option<Note>,
    keys: Vec<VerifierKey>,
    /// The next entry's index.
    next: u64,
    /// Entries and body length of the last record of entries.
    last_group: Option<(usize, usize)>,
}

/// What a record came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A part of the head; it is whole once entries or the end come.
    Head,
    /// Entries' bytes, in the log's order.
    Entries(Vec<Vec<u8>>),
    /// The bundle is whole.
    End,
}

impl BundleReader {
    /// Reads magic and version.
    pub fn begin(preamble: &[u8; PREAMBLE_LEN]) -> Result<BundleReader, BundleError> {
        let version = preamble
            .strip_prefix(&BUNDLE_MAGIC)
            .ok_or(BundleError::Magic)?;
        let version: [u8; 2] = version.try_into().map_err(|_| BundleError::Magic)?;
        let found = u16::from_le_bytes(version);
        if found != BUNDLE_VERSION {
            return Err(BundleError::UnknownVersion { found });
        }
        Ok(BundleReader {
            digest: Sha256::new_with_prefix(preamble),
            stage: Stage::Ledger,
            ledger: String::new(),
            checkpoint: None,
            cosigned: None,
            keys: Vec::new(),
            next: 0,
            last_group: None,
        })
    }

    /// Takes the next record.
    pub fn accept(&mut self, header: RecordHeader, body: &[u8]) -> Result<Record, BundleError> {
        let kind = header.kind;
        if body.len() != header.len {
            return Err(BundleError::Incomplete);
        }
        let before = self.digest.clone();
        self.digest.update(header.encode());
        self.digest.update(body);
        match (&self.stage, kind) {
            (Stage::Ledger, RecordKind::Ledger) => self.take_ledger(body),
            (Stage::Checkpoint, RecordKind::Checkpoint) => self.take_checkpoint(body),
            (Stage::Keys, RecordKind::Checkpoint)
                if self.keys.is_empty() && self.cosigned.is_none() =>
            {
                self.take_cosigned(body)
            }
            (Stage::Keys, RecordKind::Key) => self.take_key(body),
            (Stage::Keys | Stage::Entries, RecordKind::Entries) if !self.keys.is_empty() => {
                self.take_entries(body)
            }
            (Stage::Keys | Stage::Entries, RecordKind::End) if !self.keys.is_empty() => {
                self.take_end(before, body)
            }
            _ => Err(BundleError::Order { found: kind }),
        }
    }

    /// What stands before the entries, once the first record of entries, or the end, was taken.
    pub fn head(&self) -> Option<BundleHead> {
        let whole = matches!(self.stage, Stage::Entries | Stage::Ended);
        let (checkpoint, _) = self.checkpoint.as_ref().filter(|_| whole)?;
        Some(BundleHead {
            ledger: self.ledger.clone(),
            checkpoint: checkpoint.clone(),
            cosigned: self.cosigned.clone(),
            keys: self.keys.clone(),
        })
    }

    fn take_ledger(&mut self, body: &[u8]) -> Result<Record, BundleError> {
        let id = std::str::from_utf8(body).ok().filter(|id| is_ledger_id(id));
        id.ok_or(BundleError::Ledger)?.clone_into(&mut self.ledger);
        self.stage = Stage::Checkpoint;
        Ok(Record::Head)
    }

    fn take_checkpoint(&mut self, body: &[u8]) -> Result<Record, BundleError> {
        let note = Note::parse(body).map_err(|error| BundleError::Checkpoint(error.into()))?;
        let size = parse_checkpoint(&note)?.size;
        self.checkpoint = Some((note, size));
        self.stage = Stage::Keys;
        Ok(Record::Head)
    }

    fn take_cosigned(&mut self, body: &[u8]) -> Result<Record, BundleError> {
        let note = Note::parse(body).map_err(|error| BundleError::Checkpoint(error.into()))?;
        check_cosigned(&note, self.size())?;
        self.cosigned = Some(note);
        Ok(Record::Head)
    }

    fn take_key(&mut self, body: &[u8]) -> Result<Record, BundleError> {
        let place = self.keys.len();
        check_key_count(place + 1)?;
        let wrong = |source| BundleError::Key { place, source };
        let text = std::str::from_utf8(body).map_err(|_| wrong(KeyError::Malformed))?;
        self.keys.push(text.parse().map_err(wrong)?);
        Ok(Record::Head)
    }

    fn take_entries(&mut self, body: &[u8]) -> Result<Record, BundleError> {
        let index = self.next;
        let group = Block::decode_body(index, body);
        let group = group.map_err(|source| BundleError::Entries { index, source })?;
        // A decoded body has at least one entry.
        let first_len = group.entries.first().map_or(0, Vec::len);
        let belongs_before = |(count, len)| fits(count, len, first_len);
        if self.last_group.is_some_and(belongs_before) {
            return Err(BundleError::Grouping { index });
        }
        self.next = group.indices().end;
        let expected = self.size();
        if self.next > expected {
            let found = self.next;
            return Err(BundleError::EntryCount { expected, found });
        }
        self.last_group = Some((group.entries.len(), body.len()));
        self.stage = Stage::Entries;
        Ok(Record::Entries(group.entries))
    }

    fn take_end(&mut self, before: Sha256, body: &[u8]) -> Result<Record, BundleError> {
        let (expected, found) = (self.size(), self.next);
        if found != expected {
            return Err(BundleError::EntryCount { expected, found });
        }
        let found = Hash(before.finalize().into());
        let expected = Hash::try_from(body).map_err(|_| BundleError::Incomplete)?;
        if found != expected {
            return Err(BundleError::Digest { expected, found });
        }
        self.stage = Stage::Ended;
        Ok(Record::End)
    }

    /// The checkpoint's size.
    fn size(&self) -> u64 {
        self.checkpoint.as_ref().map_or(0, |(_, size)| *size)
    }
}

fn parse_checkpoint(note: &Note) -> Result<Checkpoint, BundleError> {
    Checkpoint::parse(note.text()).map_err(BundleError::Checkpoint)
}

/// A second checkpoint covers fewer entries than the first.
fn check_cosigned(note: &Note, size: u64) -> Result<(), BundleError> {
    let found = parse_checkpoint(note)?.size;
    if found < size {
        Ok(())
    } else {
        Err(BundleError::CosignedSize { size, found })
    }
}

fn check_key_count(found: usize) -> Result<(), BundleError> {
    if (1..=MAX_BUNDLE_KEYS).contains(&found) {
        Ok(())
    } else {
        Err(BundleError::KeyCount { found })
    }
}

fn empty_group(first_index: u64) -> Block {
    Block {
        first_index,
        entries: Vec::new(),
    }
}

/// Whether an entry of length `len` still belongs to a group of so many entries and bytes. An empty
/// group takes any.
fn fits(count: usize, group_len: usize, len: usize) -> bool {
    count == 0 || (count < MAX_BLOCK_ENTRIES && group_len + body_len_of(len) <= MAX_BLOCK_LEN)
}

fn append(bytes: &mut Vec<u8>, kind: RecordKind, body: &[u8]) -> Result<(), BundleError> {
    let found = body.len();
    if found == 0 || found > kind.len_max() {
        return Err(BundleError::RecordLength { kind, found });
    }
    bytes.extend(RecordHeader { kind, len: found }.encode());
    bytes.extend_from_slice(body);
    Ok(())
}
