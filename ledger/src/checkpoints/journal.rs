//! Checkpoints in a small append-only file, one write and one sync each.
//!
//! ```text
//! header   8 bytes  "GOVCKPT" and the version, 1
//! record   4 bytes  89 43 4B 50 ("\x89CKP")
//!          u32 LE   length of the note, 1 to 16,384
//!          u32 LE   CRC-32C of the length's bytes and the note
//!          …        the signed note
//! …                 more records, back to back, then zeros to 1 MiB
//! ```
//!
//! The file is written full of zeros, so that a sync flushes data only. When it is full, and whenever
//! it is opened, it is written anew aside with the last records and renamed: so what is opened
//! surely survives, whatever an earlier process left unsynced, and it never grows.
//!
//! A broken last record that nothing follows was never acknowledged and is dropped. Anything else
//! that is broken is told, never mended: this file is what a rolled-back log is found out by.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tlog::{Checkpoint, Note, SignedCheckpoint};

use super::{
    CHECKPOINT_LEN_MAX, CheckpointStore, CheckpointStoreError, JournalDamage, check_follows,
};
use crate::disk::{Disk, DiskError, DiskFile};

/// The file's length in bytes: some 4,000 checkpoints between two rewritings, which take 2 ms.
/// Tests fill a shorter one.
const JOURNAL_LEN: usize = if cfg!(test) { 32 * 1024 } else { 1024 * 1024 };
/// How much of the file is filled with earlier records when it is written anew, in bytes.
const KEPT_LEN: usize = JOURNAL_LEN / 16;

const HEADER: [u8; 8] = *b"GOVCKPT\x01";
const RECORD_MAGIC: [u8; 4] = *b"\x89CKP";
/// Magic, length and checksum.
const RECORD_HEADER_LEN: usize = 12;
/// What one write may leave behind, in bytes.
const RECORD_LEN_MAX: usize = RECORD_HEADER_LEN + CHECKPOINT_LEN_MAX;

/// A journal of checkpoints, open for more.
#[derive(Clone, Debug)]
pub struct CheckpointJournal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    disk: Disk,
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// `None` after a failure, until reopened.
    file: Option<DiskFile>,
    /// What the file holds, up to where the next record goes.
    written: Vec<u8>,
    latest: Option<Arc<SignedCheckpoint>>,
}

impl CheckpointJournal {
    /// Makes an empty journal, from a thread that may block. The only thing that does.
    pub fn create(disk: &Disk, path: &Path) -> Result<(), CheckpointStoreError> {
        if disk.read(path, JOURNAL_LEN as u64 + 1)?.is_some() {
            let path = path.to_owned();
            return Err(CheckpointStoreError::Exists { path });
        }
        replace(disk, path, &HEADER)?;
        Ok(())
    }

    /// Opens a journal, from a thread that may block. Whose signature its largest checkpoint bears is for
    /// whoever knows the log to check: keys are exchanged.
    pub fn open(
        disk: Disk,
        path: impl Into<PathBuf>,
    ) -> Result<CheckpointJournal, CheckpointStoreError> {
        let path = path.into();
        let state = Mutex::new(open(&disk, &path)?);
        Ok(CheckpointJournal(Arc::new(Inner { disk, path, state })))
    }

    /// Whether an earlier failure left it uncertain what is durable: reopen first.
    pub(crate) fn has_ended(&self) -> bool {
        self.0.state().file.is_none()
    }

    /// The signed notes kept, oldest first, read without changing anything, as an auditor does.
    /// Only their order is checked, not their signatures.
    pub fn inspect(disk: &Disk, path: &Path) -> Result<Vec<Note>, CheckpointStoreError> {
        let bytes = read_file(disk, path)?;
        let records = parse(&bytes)?;
        Ok(records.into_iter().map(|record| record.note).collect())
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn persist(&self, checkpoint: &Arc<SignedCheckpoint>) -> Result<(), CheckpointStoreError> {
        let record = encode(checkpoint)?;
        let mut state = self.state();
        // Taken out, so that a failure on the way leaves none.
        let file = state.file.take().ok_or(CheckpointStoreError::Ended)?;
        if let Err(error) = check_follows(state.latest.as_deref(), checkpoint) {
            state.file = Some(file);
            return Err(error);
        }
        let file = if state.written.len() + record.len() > JOURNAL_LEN {
            state.written = kept(&state.written, &record)?;
            replace(&self.disk, &self.path, &state.written)?
        } else {
            file.write_at(&record, state.written.len() as u64)?;
            file.sync()?;
            state.written.extend_from_slice(&record);
            file
        };
        state.file = Some(file);
        state.latest = Some(Arc::clone(checkpoint));
        Ok(())
    }

    fn reopen(&self) -> Result<Option<Arc<SignedCheckpoint>>, CheckpointStoreError> {
        let mut state = self.state();
        state.file = None;
        *state = open(&self.disk, &self.path)?;
        Ok(state.latest.clone())
    }
}

#[async_trait]
impl CheckpointStore for CheckpointJournal {
    fn latest(&self) -> Option<Arc<SignedCheckpoint>> {
        self.0.state().latest.clone()
    }

    async fn persist(
        &self,
        checkpoint: &Arc<SignedCheckpoint>,
    ) -> Result<(), CheckpointStoreError> {
        crate::blocking::in_place(|| self.0.persist(checkpoint))
    }

    async fn reopen(&self) -> Result<Option<Arc<SignedCheckpoint>>, CheckpointStoreError> {
        crate::blocking::in_place(|| self.0.reopen())
    }
}

/// Reads and checks a journal, and writes it anew with its last records.
fn open(disk: &Disk, path: &Path) -> Result<State, CheckpointStoreError> {
    let bytes = read_file(disk, path)?;
    let records = parse(&bytes)?;
    let latest = match records.last() {
        Some(last) => {
            let kept = SignedCheckpoint::kept(last.note.clone());
            let (offset, kind) = (last.start as u64, JournalDamage::Content);
            let kept = kept.map_err(|_| CheckpointStoreError::Corrupt { offset, kind })?;
            Some(Arc::new(kept))
        }
        None => None,
    };
    let end = records.last().map_or(HEADER.len(), |last| last.end);
    let written = kept(&bytes[..end], &[])?;
    let file = Some(replace(disk, path, &written)?);
    Ok(State {
        file,
        written,
        latest,
    })
}

fn read_file(disk: &Disk, path: &Path) -> Result<Vec<u8>, CheckpointStoreError> {
    let corrupt = |kind| CheckpointStoreError::Corrupt { offset: 0, kind };
    let bytes = match disk.read(path, JOURNAL_LEN as u64) {
        Err(error) if error.is_too_large() => return Err(corrupt(JournalDamage::Length)),
        bytes => bytes?,
    };
    let bytes = bytes.ok_or_else(|| CheckpointStoreError::Missing {
        path: path.to_owned(),
    })?;
    if !bytes.starts_with(&HEADER) {
        return Err(corrupt(JournalDamage::Header));
    }
    if bytes.len() != JOURNAL_LEN {
        return Err(corrupt(JournalDamage::Length));
    }
    Ok(bytes)
}

/// Makes `path` a journal that begins with `written`, durably.
fn replace(disk: &Disk, path: &Path, written: &[u8]) -> Result<DiskFile, DiskError> {
    let aside = path.with_extension("new");
    let mut bytes = written.to_vec();
    bytes.resize(JOURNAL_LEN, 0);
    let file = disk.write_aside(&aside, &bytes)?;
    disk.rename(&aside, path)?;
    path.parent()
        .map_or(Ok(()), |parent| disk.sync_dir(parent))?;
    Ok(file)
}

/// The beginning of a new journal: the last records of an old one that fit, and one more.
fn kept(written: &[u8], next: &[u8]) -> Result<Vec<u8>, CheckpointStoreError> {
    let records = parse(written)?;
    let first = records
        .iter()
        .find(|record| written.len() - record.start <= KEPT_LEN)
        .map_or(written.len(), |record| record.start);
    Ok([&HEADER, &written[first..], next].concat())
}

/// A record that was read whole.
struct Record {
    note: Note,
    checkpoint: Checkpoint,
    start: usize,
    end: usize,
}

/// Reads all records; a torn last one is left out.
fn parse(bytes: &[u8]) -> Result<Vec<Record>, CheckpointStoreError> {
    let mut records: Vec<Record> = Vec::new();
    let mut start = HEADER.len();
    while let Some(note) = whole_record(&bytes[start..]) {
        let end = start + RECORD_HEADER_LEN + note.len();
        let record = decode(note, start, end)?;
        check_order(records.last(), &record)?;
        records.push(record);
        start = end;
    }
    let rest = &bytes[start..];
    let torn_len = rest
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |at| at + 1);
    // The first position was just tried.
    let good_after = (1..torn_len).any(|at| whole_record(&rest[at..]).is_some());
    if torn_len > RECORD_LEN_MAX || good_after {
        let kind = JournalDamage::Record;
        let offset = start as u64;
        return Err(CheckpointStoreError::Corrupt { offset, kind });
    }
    Ok(records)
}

/// The note of the record that `bytes` begin with, if it is whole.
fn whole_record(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(&RECORD_MAGIC)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let note = rest.get(..len).filter(|_| len <= CHECKPOINT_LEN_MAX)?;
    (u32::from_le_bytes(*crc) == checksum(*length, note)).then_some(note)
}

fn decode(note: &[u8], start: usize, end: usize) -> Result<Record, CheckpointStoreError> {
    let content = CheckpointStoreError::Corrupt {
        offset: start as u64,
        kind: JournalDamage::Content,
    };
    let parsed = Note::parse(note).ok().and_then(|note| {
        let checkpoint = Checkpoint::parse(note.text()).ok()?;
        Some((note, checkpoint))
    });
    let (note, checkpoint) = parsed.ok_or(content)?;
    Ok(Record {
        note,
        checkpoint,
        start,
        end,
    })
}

fn check_order(before: Option<&Record>, next: &Record) -> Result<(), CheckpointStoreError> {
    let follows = before.is_none_or(|before| {
        let (before, next) = (&before.checkpoint, &next.checkpoint);
        before.size < next.size || (before.size == next.size && before.root == next.root)
    });
    if follows {
        return Ok(());
    }
    let (offset, kind) = (next.start as u64, JournalDamage::Order);
    Err(CheckpointStoreError::Corrupt { offset, kind })
}

fn encode(checkpoint: &SignedCheckpoint) -> Result<Vec<u8>, CheckpointStoreError> {
    let note = checkpoint.to_bytes();
    let found = note.len();
    let too_long = CheckpointStoreError::TooLong { found };
    let length = match u32::try_from(found) {
        Ok(length) if found <= CHECKPOINT_LEN_MAX => length.to_le_bytes(),
        _ => return Err(too_long),
    };
    let crc = checksum(length, &note).to_le_bytes();
    Ok([&RECORD_MAGIC[..], &length, &crc, &note].concat())
}

fn checksum(length: [u8; 4], note: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&length), note)
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
