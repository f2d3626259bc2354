//! Where an audit's entries and checkpoints come from.

use std::path::PathBuf;

use governance::ids::{Digest, LedgerId};
use tlog::{Checkpoint, Note, VerifierKey};

use super::finding::{Finding, FindingKind};
use crate::backing::Backing;
use crate::checkpoints::CHECKPOINT_LEN_MAX;
use crate::checkpoints::journal::CheckpointJournal;
use crate::content::file::FileContents;
use crate::content::jetstream::JetStreamContents;
use crate::content::{ContentError, ContentStore as _, SaltedContent};
use crate::directory::{DataDirectory, LedgerDirectory};
use crate::disk::Disk;
use crate::store::file::LogReader;
use crate::store::{StoreError, TornWrite};

/// How many blocks of a directory are read at once: 4 MiB at most.
const BLOCKS_A_READ: usize = 8;

/// How many entries, or bytes of them, are checked side by side: enough for every core, some 20 ms of
/// work for each.
const CHUNK_ENTRIES: usize = 2_048;
const CHUNK_BYTES: usize = 2 * 1024 * 1024;

/// How often a log beside a running node is read again before its end is taken for damaged: a block
/// that was half written while it was read is whole the next time.
const INSPECTIONS: u32 = 3;

/// Gives an audit its entries.
pub trait EntrySource: Send {
    /// Which ledger the entries should be of.
    fn ledger(&self) -> &LedgerId;

    /// Signed checkpoints, smallest first, the largest last. None of them is believed.
    fn checkpoints(&self) -> &[Note];

    /// Notes that somebody gave when asked for the ledger's newest checkpoint, who may be anybody: those that no
    /// key of the ledger's signed say nothing about it.
    fn hearsay(&self) -> &[Note] {
        &[]
    }

    /// The largest checkpoint of either kind.
    fn newest(&self) -> Option<&Note> {
        self.checkpoints().last()
    }

    /// How many entries there are, as far as is known.
    fn total(&self) -> u64;

    /// The next entries' bytes, in the log's order; none at the end.
    fn next(&mut self) -> Result<Vec<Vec<u8>>, Finding>;

    /// The stored contents, if there are any to look at.
    fn contents(&self) -> Option<Contents> {
        None
    }

    /// A torn write at the end, if there is one.
    fn torn(&self) -> Option<TornWrite> {
        None
    }

    /// The keys that it says are the log's, oldest first; none where it says nothing of them. They are claims.
    fn log_keys(&self) -> Option<Vec<VerifierKey>> {
        None
    }

    /// What it means that fewer entries are given than a checkpoint covers.
    fn lacking(&self, length: u64, checkpoint: u64) -> FindingKind {
        FindingKind::RolledBack { length, checkpoint }
    }

    /// Messages between the blocks that are no part of the log and were passed over.
    fn skipped(&self) -> u64 {
        0
    }
}

/// Stored contents, for looking only.
#[derive(Clone, Debug)]
pub enum Contents {
    /// In a directory.
    Directory {
        /// Its disk.
        #[doc(hidden)]
        disk: Disk,
        /// Where it is.
        path: PathBuf,
    },
    /// In a bucket of NATS.
    JetStream {
        /// The bucket.
        contents: Box<JetStreamContents>,
        /// Where reading it waits.
        runtime: tokio::runtime::Handle,
    },
}

impl Contents {
    /// A content, checked against its digest; none if it never came or was erased.
    pub(super) fn read(&self, digest: &Digest) -> Result<Option<SaltedContent>, ContentError> {
        match self {
            Contents::Directory { disk, path } => FileContents::inspect(disk, path, digest),
            Contents::JetStream { contents, runtime } => runtime.block_on(contents.read(digest)),
        }
    }
}

/// A ledger of a data directory, read without a lock and without changing anything.
#[derive(Debug)]
pub struct Directory {
    ledger: LedgerId,
    place: LedgerDirectory,
    checkpoints: Vec<Note>,
    reader: LogReader,
    torn: Option<TornWrite>,
    next: u64,
}

impl Directory {
    /// The ledger `id` of a data directory. Damage to the log or the journal is a finding at once.
    pub fn open(directory: &DataDirectory, id: &LedgerId) -> Result<Directory, Finding> {
        Directory::at(directory.ledger(id), id)
    }

    /// The same for who has read its first `index` entries.
    pub fn from(self, index: u64) -> Directory {
        Directory {
            next: index,
            ..self
        }
    }

    /// The ledger `id` in a directory of its own.
    pub(crate) fn at(place: LedgerDirectory, id: &LedgerId) -> Result<Directory, Finding> {
        if !place.path.is_dir() {
            let place = place.path.display();
            return Err(Finding::unreadable(format!(
                "there is no ledger at {place}"
            )));
        }
        if place.backing()? == Backing::JetStream {
            return Err(Finding::unreadable(
                "the ledger's log is on NATS: name the server with --nats too",
            ));
        }
        let mut attempts = 1;
        loop {
            // The checkpoints first: the log beside a running node only grows after that.
            let mut checkpoints = CheckpointJournal::inspect(&place.disk, &place.checkpoints())?;
            take_cosignatures(&place, &mut checkpoints);
            let size = largest(&checkpoints)?.size;
            let (reader, torn) = match place.log().inspect(size) {
                Ok((reader, report)) => (reader, report.torn),
                Err(StoreError::Corrupt(damage)) if damage.index < size => {
                    return Err(damage.into());
                }
                // Nothing acknowledged is missing: the node may be writing just there.
                Err(StoreError::Corrupt(_)) if attempts < INSPECTIONS => {
                    attempts += 1;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            return Ok(Directory {
                ledger: id.clone(),
                place,
                checkpoints,
                reader,
                torn,
                next: 0,
            });
        }
    }
}

/// Adds the published checkpoint, which bears cosignatures: in the place of the journal's own, or where it is in
/// their order if the journal keeps that no longer. What cannot be read of it is made anew by the node, and nothing
/// to an auditor.
pub(super) fn take_cosignatures(place: &LedgerDirectory, checkpoints: &mut Vec<Note>) {
    let read = place
        .disk
        .read(&place.published(), CHECKPOINT_LEN_MAX as u64);
    let published = read
        .ok()
        .flatten()
        .and_then(|bytes| Note::parse(&bytes).ok());
    let Some(published) = published else {
        return;
    };
    let size_of = |note: &Note| Checkpoint::parse(note.text()).map(|tree| tree.size);
    let Ok(size) = size_of(&published) else {
        return;
    };
    let same = |note: &&mut Note| note.text() == published.text();
    if let Some(own) = checkpoints.iter_mut().rev().find(same) {
        *own = published;
        return;
    }
    let after = checkpoints.partition_point(|note| size_of(note).is_ok_and(|other| other <= size));
    if after < checkpoints.len() {
        checkpoints.insert(after, published);
    }
}

/// The last checkpoint, unchecked.
pub(super) fn largest(checkpoints: &[Note]) -> Result<Checkpoint, Finding> {
    let last = checkpoints
        .last()
        .ok_or_else(|| FindingKind::NoCheckpoint.at(None))?;
    Checkpoint::parse(last.text()).map_err(|error| FindingKind::Checkpoint(error).at(None))
}

impl EntrySource for Directory {
    fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    fn checkpoints(&self) -> &[Note] {
        &self.checkpoints
    }

    fn total(&self) -> u64 {
        self.reader.length()
    }

    fn next(&mut self) -> Result<Vec<Vec<u8>>, Finding> {
        let mut entries = Vec::new();
        let mut bytes = 0;
        while entries.len() < CHUNK_ENTRIES && bytes < CHUNK_BYTES {
            let next = self.next;
            let blocks = self.reader.read(next, BLOCKS_A_READ)?;
            if blocks.is_empty() {
                break;
            }
            for block in blocks {
                bytes += block.body_len();
                self.next = block.indices().end;
                // The first may begin with some that were read before.
                let wanted = block.indices().zip(block.entries);
                let wanted = wanted.filter(|(index, _)| *index >= next);
                entries.extend(wanted.map(|(_, entry)| entry));
            }
        }
        Ok(entries)
    }

    fn contents(&self) -> Option<Contents> {
        Some(Contents::Directory {
            disk: self.place.disk.clone(),
            path: self.place.contents(),
        })
    }

    fn torn(&self) -> Option<TornWrite> {
        self.torn.clone()
    }
}

/// Entries fetched from elsewhere, a page at a time, and a checkpoint.
pub struct Fetched<I> {
    ledger: LedgerId,
    checkpoints: Vec<Note>,
    total: u64,
    pages: I,
}

impl<I> Fetched<I>
where
    I: Iterator<Item = Result<Vec<Vec<u8>>, String>> + Send,
{
    /// Entries of the ledger up to the size of `checkpoint`, a signed note. A page may have any
    /// number of entries but none; an error of fetching is told as such.
    pub fn new(ledger: LedgerId, checkpoint: &[u8], pages: I) -> Result<Fetched<I>, Finding> {
        let note = Note::parse(checkpoint)
            .map_err(|error| FindingKind::Checkpoint(error.into()).at(None))?;
        let checkpoints = vec![note];
        Ok(Fetched {
            ledger,
            total: largest(&checkpoints)?.size,
            checkpoints,
            pages,
        })
    }
}

impl<I> EntrySource for Fetched<I>
where
    I: Iterator<Item = Result<Vec<Vec<u8>>, String>> + Send,
{
    fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    fn checkpoints(&self) -> &[Note] {
        &self.checkpoints
    }

    fn total(&self) -> u64 {
        self.total
    }

    fn next(&mut self) -> Result<Vec<Vec<u8>>, Finding> {
        let page = self.pages.next().transpose();
        Ok(page.map_err(Finding::unreadable)?.unwrap_or_default())
    }

    /// A server that shows a checkpoint has what it covers.
    fn lacking(&self, given: u64, checkpoint: u64) -> FindingKind {
        FindingKind::Withheld { given, checkpoint }
    }
}
