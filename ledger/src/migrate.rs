//! Moving a ledger between a data directory and NATS, to the byte.
//!
//! A ledger in one data directory, with its log and contents there or on NATS, becomes a ledger in
//! another data directory, with its log and contents in the other of the two places:
//!
//! 1. the source is audited as any auditor would: every signature, rule, tally and content;
//! 2. blocks are copied with their boundaries, then every content an entry names, the checkpoint journal
//!    and the ledger's keys;
//! 3. what was written is read back and compared with the source, block by block and content by
//!    content, and audited again;
//! 4. the source is looked at once more: it must not have grown;
//! 5. a note beside the source says that the ledger went, and only then the copy gets its name.
//!
//! Nothing of the source ledger is changed, and nothing at the destination is replaced. Until its last
//! step the copy is not a ledger anybody opens; a migration that was interrupted is run again, and goes
//! on from the blocks that a stream already has.
//!
//! **Two live copies** would sign different histories with one key. Against that stand the lock of both
//! data directories, the look at the end, and the note, by which no node opens the source again
//! ([`crate::Halt::Moved`]). It cannot stand against copies of the source made before, nor against
//! other nodes that follow the same stream: they have to be stopped first. Two histories would be
//! shown by their checkpoints.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use governance::ids::{Digest, LedgerId};
use tlog::Block;

use crate::audit::{AuditOptions, AuditReport, Finding, Progress, audit, open_at};
use crate::backing::{Backed, Backing, BackingError};
use crate::content::jetstream::{JetStreamContents, bucket_name};
use crate::content::kept_for;
use crate::directory::{DataDirectory, LedgerDirectory};
use crate::found::{make_directory, make_private, publish, remove};
use crate::keys::KeyRing;
use crate::nats::{Nats, NatsError};
use crate::node::{self, NodeError};
use crate::store::file::SEGMENT_LEN;
use crate::store::jetstream::{JetStreamLog, stream_name};
use crate::store::{LogStore, StoreError};

/// How many blocks are copied or compared at once: 4 MiB at most.
const BLOCKS_A_READ: usize = 8;

/// The longest checkpoint journal that is copied: some 6 million checkpoints.
const JOURNAL_LEN_MAX: u64 = 1 << 30;

/// What is to be moved.
#[derive(Clone, Debug)]
pub struct Migration {
    /// Which ledger.
    pub ledger: LedgerId,
    /// The data directory it is in.
    pub from: PathBuf,
    /// The data directory it is to be in.
    pub to: PathBuf,
}

/// A ledger that was moved.
#[derive(Clone, Debug)]
pub struct Migrated {
    /// What was proven of the copy.
    pub report: AuditReport,
    /// Where its log and contents are now.
    pub backing: Backing,
    /// Blocks copied, or found there already.
    pub blocks: u64,
    /// Contents copied.
    pub contents: u64,
    /// The old copy.
    pub left: Left,
}

/// What a migration leaves behind. Nothing is erased there any more, so whoever moved the ledger has to remove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The ledger's directory, with its keys.
    pub directory: PathBuf,
    /// The streams of its log and its contents, where these were on NATS.
    pub streams: Vec<String>,
}

/// Why a ledger was not moved. The source is as it was.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// There is no such ledger.
    #[error("there is no ledger {ledger} in {}", path.display())]
    NoLedger {
        /// Its id.
        ledger: LedgerId,
        /// The data directory.
        path: PathBuf,
    },
    /// There is a ledger of that id at the destination.
    #[error("there is a ledger {ledger} in {} already", path.display())]
    Exists {
        /// Its id.
        ledger: LedgerId,
        /// The data directory.
        path: PathBuf,
    },
    /// There is a stream of that ledger on NATS, which no interrupted migration to this destination began.
    #[error("there is a stream {stream} on the NATS server already")]
    StreamExists {
        /// Its name.
        stream: String,
    },
    /// What is at the destination is no beginning of the source.
    #[error("what {place} holds from entry {index} on is not what the source holds")]
    Differs {
        /// The destination's log.
        place: String,
        /// The first entry of the block that differs.
        index: u64,
    },
    /// A content was not kept as it was.
    #[error("the content {digest} was not kept as it was")]
    ContentDiffers {
        /// Which.
        digest: Digest,
    },
    /// The ledger went elsewhere before.
    #[error("the ledger was moved to {to} before")]
    Moved {
        /// Where to.
        to: String,
    },
    /// Somebody appended to the source meanwhile.
    #[error(
        "the source has grown from {before} to {after} entries meanwhile: a node still serves it"
    )]
    Grew {
        /// How many entries were copied.
        before: u64,
        /// How many there are.
        after: u64,
    },
    /// The source or the copy does not hold.
    #[error("{which} does not hold: {finding}")]
    Finding {
        /// `the source` or `the copy`.
        which: &'static str,
        /// What was found.
        finding: Box<Finding>,
    },
    /// A data directory cannot be had.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// NATS does not answer, or says no.
    #[error(transparent)]
    Nats(#[from] NatsError),
    /// Something could not be read or written.
    #[error("the ledger could not be copied: {0}")]
    Copy(String),
}

/// Moves a ledger to the other of the two places: from its data directory to NATS, or back.
pub async fn migrate(
    migration: Migration,
    nats: &Nats,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
) -> Result<Migrated, MigrateError> {
    let from = DataDirectory::new(&migration.from);
    let to = DataDirectory::new(&migration.to);
    let _source_lock = node::lock(&from)?;
    make_directory(&to).map_err(copy_error)?;
    let _lock = node::lock(&to)?;
    let id = migration.ledger.clone();
    let source = Side::new(from.ledger(&id), id.clone(), nats);
    if !source.place.path.is_dir() {
        let (ledger, path) = (id, migration.from);
        return Err(MigrateError::NoLedger { ledger, path });
    }
    if to.ledger(&id).path.exists() {
        let (ledger, path) = (id, migration.to);
        return Err(MigrateError::Exists { ledger, path });
    }
    let target = description(&migration.to);
    match from.moved_to(&id).map_err(copy_error)? {
        // An earlier attempt came as far as its last step.
        Some(before) if before != target => return Err(MigrateError::Moved { to: before }),
        _ => {}
    }
    let making = LedgerDirectory {
        disk: to.disk.clone(),
        path: to.ledgers_path().join(format!(".{id}.migrating")),
    };
    let copy = Copying {
        copy: Side::new(making, id.clone(), nats),
        source,
        progress,
    };
    let migrated = copy.run().await?;
    from.note_moved(&id, &target).map_err(copy_error)?;
    publish(&to, &copy.copy.place.path, &to.ledger(&id).path).map_err(copy_error)?;
    Ok(migrated)
}

/// How the destination is named in the note beside the source.
fn description(to: &Path) -> String {
    let absolute = std::path::absolute(to).unwrap_or_else(|_| to.to_owned());
    absolute.display().to_string()
}

/// A ledger in a directory, with its log and contents wherever they are.
struct Side {
    place: LedgerDirectory,
    id: LedgerId,
    nats: Nats,
}

impl Side {
    fn new(place: LedgerDirectory, id: LedgerId, nats: &Nats) -> Side {
        let nats = nats.clone();
        Side { place, id, nats }
    }

    fn backing(&self) -> Result<Backing, MigrateError> {
        self.place.backing().map_err(copy_error)
    }

    fn left(&self) -> Result<Left, MigrateError> {
        let streams = match self.backing()? {
            Backing::Directory => Vec::new(),
            Backing::JetStream => vec![
                stream_name(&self.id),
                format!("KV_{}", bucket_name(&self.id)),
            ],
        };
        Ok(Left {
            directory: self.place.path.clone(),
            streams,
        })
    }

    fn backed(&self) -> Result<Backed, MigrateError> {
        let backed = self.place.backed(&self.id, Some(&self.nats));
        backed.map_err(|error| match error {
            BackingError::Store(StoreError::Nats(error)) => MigrateError::Nats(error),
            other => copy_error(other),
        })
    }

    fn jetstream(&self) -> JetStreamLog {
        JetStreamLog::new(self.nats.clone(), self.id.clone())
    }

    /// The log, for reading only.
    async fn blocks(&self) -> Result<Blocks, MigrateError> {
        match self.backing()? {
            Backing::Directory => {
                let log = self.place.log();
                let read = crate::blocking::run(move || log.inspect(0));
                let (reader, _) = read
                    .await
                    .unwrap_or(Err(StoreError::Ended))
                    .map_err(copy_error)?;
                Ok(Blocks::File(reader))
            }
            Backing::JetStream => {
                let (store, _) = self.jetstream().inspect().await.map_err(copy_error)?;
                Ok(Blocks::Store(store))
            }
        }
    }

    /// Audits it with its own journal of checkpoints.
    async fn audited(
        &self,
        which: &'static str,
        progress: &Arc<dyn Fn(Progress) + Send + Sync>,
    ) -> Result<AuditReport, MigrateError> {
        let finding = |finding: Finding| MigrateError::Finding {
            which,
            finding: Box::new(finding),
        };
        let source = open_at(self.place.clone(), &self.nats, &self.id, 0).await;
        let mut source = source.map_err(finding)?;
        let progress = Arc::clone(progress);
        let audited =
            crate::blocking::run(move || audit(&mut *source, AuditOptions::default(), &*progress));
        let report = audited.await.ok_or_else(|| copy_error(StoreError::Ended))?;
        report.map_err(finding)
    }
}

/// A log, for reading only.
enum Blocks {
    File(crate::store::file::LogReader),
    Store(Arc<dyn LogStore>),
}

impl Blocks {
    async fn read(&self, index: u64) -> Result<Vec<Block>, MigrateError> {
        let read = match self {
            Blocks::Store(store) => store.read(index, BLOCKS_A_READ).await,
            Blocks::File(reader) => {
                let reader = reader.clone();
                let read = crate::blocking::run(move || reader.read(index, BLOCKS_A_READ));
                read.await.unwrap_or(Err(StoreError::Ended))
            }
        };
        read.map_err(copy_error)
    }

    async fn length(&self) -> Result<u64, MigrateError> {
        match self {
            Blocks::File(reader) => Ok(reader.length()),
            Blocks::Store(store) => store.length().await.map_err(copy_error),
        }
    }
}

struct Copying {
    source: Side,
    copy: Side,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl Copying {
    async fn run(&self) -> Result<Migrated, MigrateError> {
        self.source.audited("the source", &self.progress).await?;
        let backing = match self.source.backing()? {
            Backing::Directory => Backing::JetStream,
            Backing::JetStream => Backing::Directory,
        };
        self.prepare(backing).await?;
        let (blocks, named) = self.copy_blocks().await?;
        let contents = self.copy_contents(&named).await?;
        self.copy_rest()?;
        self.compare().await?;
        let report = self.copy.audited("the copy", &self.progress).await?;
        Ok(Migrated {
            report,
            backing,
            blocks,
            contents,
            left: self.source.left()?,
        })
    }

    /// Makes an empty log for the copy, or takes the one that an interrupted migration began.
    async fn prepare(&self, backing: Backing) -> Result<(), MigrateError> {
        let place = &self.copy.place;
        let began = place.path.is_dir() && self.copy.backing()? == Backing::JetStream;
        remove(&place.path).map_err(copy_error)?;
        make_private(&place.path).map_err(copy_error)?;
        if backing == Backing::Directory {
            return place.log().create(SEGMENT_LEN).map_err(copy_error);
        }
        let (log, nats) = (self.copy.jetstream(), self.copy.nats.clone());
        match log.create().await {
            Ok(()) => {}
            Err(StoreError::StreamExists { .. }) if began => {}
            Err(StoreError::StreamExists { stream }) => {
                // Without the mark nobody would take it for an interrupted migration's.
                remove(&place.path).map_err(copy_error)?;
                return Err(MigrateError::StreamExists { stream });
            }
            Err(error) => return Err(copy_error(error)),
        }
        backing.record(place, log.stream()).map_err(copy_error)?;
        place.disk.sync_dir(&place.path).map_err(copy_error)?;
        let contents = JetStreamContents::new(nats, &self.copy.id);
        contents.create().await.map_err(copy_error)
    }

    /// Copies what the copy does not have yet; returns how many blocks it has, and which contents their
    /// entries name.
    async fn copy_blocks(&self) -> Result<(u64, Vec<Digest>), MigrateError> {
        let source = self.source.blocks().await?;
        let log = self.copy.backed()?.log;
        let store = log.open(0).await.map_err(copy_error)?.store;
        let there = store.length().await.map_err(copy_error)?;
        let (mut next, mut count, mut named) = (0, 0, Vec::new());
        loop {
            let blocks = source.read(next).await?;
            if blocks.is_empty() {
                break;
            }
            for block in &blocks {
                if next < there {
                    self.check_same(block, &*store).await?;
                } else {
                    store.append(block).await.map_err(copy_error)?;
                }
                next = block.indices().end;
                count += 1;
                named.extend(block.entries.iter().flat_map(|entry| contents_named(entry)));
            }
        }
        store.close().await;
        named.sort_unstable();
        named.dedup();
        Ok((count, named))
    }

    /// A block that the copy has already is the source's.
    async fn check_same(&self, block: &Block, copy: &dyn LogStore) -> Result<(), MigrateError> {
        let found = copy.read(block.first_index, 1).await.map_err(copy_error)?;
        if found.first() == Some(block) {
            return Ok(());
        }
        Err(self.differs(block.first_index))
    }

    fn differs(&self, index: u64) -> MigrateError {
        let place = match self.copy.backing() {
            Ok(Backing::JetStream) => format!("the stream {}", stream_name(&self.copy.id)),
            _ => "the copy".to_owned(),
        };
        MigrateError::Differs { place, index }
    }

    /// Copies every content that is there; one that was erased stays so.
    async fn copy_contents(&self, named: &[Digest]) -> Result<u64, MigrateError> {
        let (from, to) = (self.source.backed()?.contents, self.copy.backed()?.contents);
        let mut count = 0;
        for digest in named {
            let content = from.read(digest).await.map_err(copy_error)?;
            let Some(content) = content else {
                continue;
            };
            to.put(std::slice::from_ref(&content))
                .await
                .map_err(copy_error)?;
            let kept = to.read(digest).await.map_err(copy_error)?;
            if kept.as_ref() != Some(&content) {
                return Err(MigrateError::ContentDiffers { digest: *digest });
            }
            count += 1;
        }
        Ok(count)
    }

    /// Copies the ledger's keys and its journal of checkpoints, byte for byte.
    fn copy_rest(&self) -> Result<(), MigrateError> {
        let (from, to) = (&self.source.place, &self.copy.place);
        let keys = KeyRing::load(&from.keys()).map_err(copy_error)?;
        make_private(&to.keys()).map_err(copy_error)?;
        keys.write(&to.keys()).map_err(copy_error)?;
        let journal = from.disk.read(&from.checkpoints(), JOURNAL_LEN_MAX);
        let journal = journal.map_err(copy_error)?.unwrap_or_default();
        let written = to.disk.write_aside(&to.checkpoints(), &journal);
        written.map_err(copy_error)?;
        to.disk.sync_dir(&to.path).map_err(copy_error)
    }

    /// Reads both logs again: they are the same, block by block, and the source is no longer than what
    /// was copied.
    async fn compare(&self) -> Result<(), MigrateError> {
        let (source, copy) = (self.source.blocks().await?, self.copy.blocks().await?);
        let before = copy.length().await?;
        let mut next = 0;
        loop {
            let (wanted, found) = (source.read(next).await?, copy.read(next).await?);
            if let Some(at) = wanted.iter().zip(&found).position(|(a, b)| a != b) {
                return Err(self.differs(wanted[at].first_index));
            }
            match (wanted.last(), found.last()) {
                (None, None) => break,
                (Some(_), Some(last)) => next = last.indices().end,
                (Some(_), None) => {
                    let after = source.length().await?;
                    return Err(MigrateError::Grew { before, after });
                }
                (None, Some(_)) => return Err(self.differs(next)),
            }
        }
        Ok(())
    }
}

/// What the content store keeps for an entry.
fn contents_named(bytes: &[u8]) -> Vec<Digest> {
    // The source was audited, so every entry decodes.
    let entry = tlog::Entry::decode(bytes).ok();
    let action = entry.and_then(|entry| proto::decode_action(&entry.action).ok());
    action.as_ref().map(kept_for).unwrap_or_default()
}

fn copy_error(error: impl std::fmt::Display) -> MigrateError {
    MigrateError::Copy(error.to_string())
}
