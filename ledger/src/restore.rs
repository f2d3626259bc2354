//! Restoring: a ledger built anew from its evidence bundle, to go on from there.
//!
//! The bundle is audited while it is written: every signature, rule, tally and derived entry again. The
//! ledger is made in a directory of its own and gets its name once all of it was proven; until then
//! nobody can open it, and what fails leaves nothing.
//!
//! A restored ledger goes on from the bundle's checkpoint. If the lost one had signed a larger, the two
//! histories part, and whoever holds the larger one can prove it: restore from the newest bundle there
//! is, and ask the witnesses first.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use governance::ids::{Digest, LedgerId};
use tlog::{Block, Note};

use crate::audit::{AuditOptions, AuditReport, Bundle, EntrySource, Finding, Progress, audit};
use crate::checkpoints::CheckpointStore as _;
use crate::checkpoints::journal::CheckpointJournal;
use crate::content::ContentStore as _;
use crate::content::file::FileContents;
use crate::directory::{DataDirectory, LedgerDirectory};
use crate::disk::Disk;
use crate::found::{make_directory, make_private, publish, remove};
use crate::keys::{KeyFileError, KeyRing, NotHeld};
use crate::migrate::{MigrateError, Migration, migrate};
use crate::nats::Nats;
use crate::node::{self, NodeError};
use crate::store::file::SEGMENT_LEN;
use crate::store::{AppendError, LogStore, StoreFactory as _};

/// A ledger that was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What was proven of it.
    pub report: AuditReport,
    /// Contents taken over.
    pub contents: u64,
}

/// Why a ledger was not restored. Nothing of it is left.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The bundle does not hold.
    #[error(transparent)]
    Finding(Box<Finding>),
    /// There is a ledger of that id.
    #[error("there is a ledger {ledger} in {} already", path.display())]
    Exists {
        /// Its id.
        ledger: LedgerId,
        /// The data directory.
        path: PathBuf,
    },
    /// A key in force is not among those given.
    #[error(transparent)]
    OtherKeys(#[from] NotHeld),
    /// The data directory cannot be had.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The keys could not be written.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The directory could not be written.
    #[error("the ledger could not be written: {0}")]
    Write(String),
    /// What was restored could not be moved to NATS.
    #[error(transparent)]
    Migrate(#[from] Box<MigrateError>),
}

/// Where a ledger is restored before it is moved to NATS, within the data directory.
const STAGE: &str = "restoring";

/// As [`restore`], with log and contents in NATS JetStream: the stream must not be there yet. The ledger is
/// restored beside the data directory's own first, and then migrated, which compares and audits it once
/// more; an attempt that was interrupted is made again.
pub async fn restore_to_nats(
    data_dir: &Path,
    bundle: Bundle,
    keys: KeyRing,
    contents: Option<PathBuf>,
    nats: &Nats,
    progress: impl Fn(Progress) + Send + Sync + 'static,
) -> Result<Restored, RestoreError> {
    let directory = DataDirectory::new(data_dir);
    make_directory(&directory).map_err(write_error)?;
    let ledger = bundle.ledger().clone();
    if directory.ledger(&ledger).path.exists() {
        let path = data_dir.to_owned();
        return Err(RestoreError::Exists { ledger, path });
    }
    let stage = data_dir.join(STAGE);
    remove(&stage).map_err(write_error)?;
    make_private(&stage).map_err(write_error)?;
    let restored = restore(&stage, bundle, keys, contents, progress).await;
    let moved = match restored {
        Ok(restored) => move_to_nats(data_dir, &stage, ledger, nats)
            .await
            .map(|()| restored),
        Err(error) => Err(error),
    };
    // What stays if this fails is removed by the next attempt, and never opened.
    let _ = remove(&stage);
    moved
}

async fn move_to_nats(
    data_dir: &Path,
    stage: &Path,
    ledger: LedgerId,
    nats: &Nats,
) -> Result<(), RestoreError> {
    let migration = Migration {
        ledger,
        from: stage.to_owned(),
        to: data_dir.to_owned(),
    };
    let migrated = migrate(migration, nats, Arc::new(|_| {})).await;
    migrated.map(drop).map_err(|error| Box::new(error).into())
}

/// Restores the bundle's ledger into a data directory, which is made if it is missing and must not be
/// in use. `keys` are the ledger's own; `contents` is a directory of contents to take over, as far as
/// entries name them.
pub async fn restore(
    data_dir: &Path,
    bundle: Bundle,
    keys: KeyRing,
    contents: Option<PathBuf>,
    progress: impl Fn(Progress) + Send + Sync + 'static,
) -> Result<Restored, RestoreError> {
    let directory = DataDirectory::new(data_dir);
    make_directory(&directory).map_err(write_error)?;
    let _lock = node::lock(&directory)?;
    let id = bundle.ledger().clone();
    let place = directory.ledger(&id);
    if place.path.exists() {
        return Err(RestoreError::Exists {
            ledger: id,
            path: data_dir.to_owned(),
        });
    }
    let making = LedgerDirectory {
        disk: directory.disk.clone(),
        path: directory.ledgers_path().join(format!(".{id}.restoring")),
    };
    remove(&making.path).map_err(write_error)?;
    let restored = match write(&making, bundle, keys, contents, progress).await {
        Ok(restored) => publish(&directory, &making.path, &place.path)
            .map(|()| restored)
            .map_err(write_error),
        Err(error) => Err(error),
    };
    if restored.is_err() {
        // What stays if this fails too is removed by the next attempt, and never opened.
        let _ = remove(&making.path);
    }
    restored
}

async fn write(
    making: &LedgerDirectory,
    bundle: Bundle,
    keys: KeyRing,
    contents: Option<PathBuf>,
    progress: impl Fn(Progress) + Send + Sync + 'static,
) -> Result<Restored, RestoreError> {
    make_private(&making.path).map_err(write_error)?;
    let log = making.log();
    log.create(SEGMENT_LEN).map_err(write_error)?;
    let store = log.open(0).await.map_err(write_error)?.store;
    let notes = bundle.checkpoints().to_vec();
    let copying = Copying {
        bundle,
        store: Arc::clone(&store),
        length: 0,
        named: BTreeSet::new(),
        error: None,
    };
    let (copied, report) = audited(copying, progress).await?;
    store.close().await;
    if let Some(error) = copied.error {
        return Err(write_error(error));
    }
    let report = report.map_err(finding)?;
    NotHeld::check(&report.own_keys, &keys.held())?;
    make_private(&making.keys()).map_err(write_error)?;
    keys.write(&making.keys())?;
    let contents = take_over(making, contents, copied.named).await?;
    write_checkpoints(making, &report, notes).await?;
    let synced = making.disk.sync_dir(&making.path);
    synced.map_err(write_error)?;
    Ok(Restored { report, contents })
}

/// Audits the bundle, from a thread that may take all cores.
async fn audited(
    mut copying: Copying,
    progress: impl Fn(Progress) + Send + Sync + 'static,
) -> Result<(Copying, Result<AuditReport, Finding>), RestoreError> {
    let runtime = tokio::runtime::Handle::current();
    let work = crate::blocking::run(move || {
        let mut source = Written {
            copying: &mut copying,
            runtime,
        };
        let report = audit(&mut source, AuditOptions::default(), &progress);
        (copying, report)
    });
    work.await
        .ok_or_else(|| write_error("the program is shutting down"))
}

/// A bundle that is written to a log as far as it was read.
struct Copying {
    bundle: Bundle,
    store: Arc<dyn LogStore>,
    length: u64,
    /// Contents that entries name.
    named: BTreeSet<Digest>,
    error: Option<AppendError>,
}

struct Written<'a> {
    copying: &'a mut Copying,
    runtime: tokio::runtime::Handle,
}

impl EntrySource for Written<'_> {
    fn ledger(&self) -> &LedgerId {
        self.copying.bundle.ledger()
    }

    fn checkpoints(&self) -> &[Note] {
        self.copying.bundle.checkpoints()
    }

    fn total(&self) -> u64 {
        self.copying.bundle.total()
    }

    fn next(&mut self) -> Result<Vec<Vec<u8>>, Finding> {
        let copying = &mut *self.copying;
        let entries = copying.bundle.next()?;
        if entries.is_empty() {
            return Ok(entries);
        }
        let block = Block {
            first_index: copying.length,
            entries,
        };
        let appended = self.runtime.block_on(copying.store.append(&block));
        if let Err(error) = appended {
            let unreadable = Finding::unreadable(&error);
            copying.error = Some(error);
            return Err(unreadable);
        }
        copying.length = block.indices().end;
        for bytes in &block.entries {
            // What does not decode is the audit's to find.
            let entry = tlog::Entry::decode(bytes).ok();
            let action = entry.and_then(|entry| proto::decode_action(&entry.action).ok());
            let named = action.as_ref().map(proto::contents_of).unwrap_or_default();
            copying
                .named
                .extend(named.iter().map(|content| content.digest));
        }
        Ok(block.entries)
    }
}

/// Copies those contents that entries name and that are what they should be.
async fn take_over(
    making: &LedgerDirectory,
    from: Option<PathBuf>,
    named: BTreeSet<Digest>,
) -> Result<u64, RestoreError> {
    let to = FileContents::open(making.disk.clone(), making.contents()).map_err(write_error)?;
    let Some(from) = from else {
        return Ok(0);
    };
    let mut count = 0;
    for digest in named {
        let (disk, from) = (Disk::system(), from.clone());
        let read = move || FileContents::inspect(&disk, &from, &digest);
        let read = crate::blocking::run(read).await;
        // One that is damaged or missing is missing in the restored ledger too, and the audit says so.
        if let Some(Ok(Some(content))) = read {
            to.put(&[content]).await.map_err(write_error)?;
            count += 1;
        }
    }
    Ok(count)
}

/// Keeps the bundle's checkpoints, with whatever cosignatures they bear.
async fn write_checkpoints(
    making: &LedgerDirectory,
    report: &AuditReport,
    notes: Vec<Note>,
) -> Result<(), RestoreError> {
    let path = making.checkpoints();
    CheckpointJournal::create(&making.disk, &path).map_err(write_error)?;
    let journal = CheckpointJournal::open(making.disk.clone(), path).map_err(write_error)?;
    for note in notes {
        let (signed, _) = report.keys.check(note, &[]).map_err(write_error)?;
        let kept = journal.persist(&Arc::new(signed)).await;
        kept.map_err(write_error)?;
    }
    Ok(())
}

fn finding(finding: Finding) -> RestoreError {
    RestoreError::Finding(Box::new(finding))
}

fn write_error(error: impl std::fmt::Display) -> RestoreError {
    RestoreError::Write(error.to_string())
}
