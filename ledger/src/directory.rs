//! The data directory: where everything of a node and of each ledger is.
//!
//! ```text
//! DIR/lock                               held by the one process that has the directory
//! DIR/node                               which node this is, among others   (made anew when missing)
//! DIR/ledgers/<id>/log/…                 blocks                      (never lost)
//!                  checkpoints.journal   checkpoints                 (never lost)
//!                  content/…             contents                    (never lost, may be erased)
//!                  keys/*.pem            record and checkpoint keys  (never lost)
//!                  published.note        the checkpoint witnesses cosigned (made anew when missing)
//!                  tiles/…               the tree                    (made anew when missing)
//!                  snapshots/…           the state                   (made anew when missing)
//!                  jetstream             says that log and content are on NATS instead
//! DIR/ledgers/<id>.moved                 says that the ledger goes on elsewhere
//! DIR/ledgers/.<id>.founding/            a ledger in the making
//! DIR/views/                             the projector's             (made anew when missing)
//! ```

use std::path::{Path, PathBuf};
use std::sync::Arc;

use governance::ids::LedgerId;

use crate::backing::Backed;
use crate::checkpoints::CheckpointStoreError;
use crate::checkpoints::journal::CheckpointJournal;
use crate::disk::{Disk, DiskError, DiskLock};
use crate::halt::Halt;
use crate::keys::{KeyRing, LedgerSigner, NoKeys};
use crate::lease::NodeId;
use crate::nats::Nats;
use crate::open::LedgerParts;
use crate::snapshot::Snapshots;
use crate::store::StoreError;
use crate::store::file::LogDirectory;

/// The most bytes of a note of where a ledger went that are read: a path and an address.
const MOVED_LEN_MAX: u64 = 64 * 1024;
/// The longest file that is read for a node's id, in bytes.
const NODE_LEN_MAX: u64 = 64;

/// A node's data directory.
#[derive(Clone, Debug)]
pub struct DataDirectory {
    pub(crate) disk: Disk,
    pub(crate) path: PathBuf,
}

/// One ledger's directory.
#[derive(Clone, Debug)]
pub struct LedgerDirectory {
    pub(crate) disk: Disk,
    pub(crate) path: PathBuf,
}

impl DataDirectory {
    /// The directory at `path`, which need not exist.
    pub fn new(path: impl Into<PathBuf>) -> DataDirectory {
        DataDirectory {
            disk: Disk::system(),
            path: path.into(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The projector's directory.
    pub fn views(&self) -> PathBuf {
        self.path.join("views")
    }

    /// The ledgers there are, by their directories' names. None if there is no data directory.
    pub fn ledgers(&self) -> Result<Vec<LedgerId>, DiskError> {
        let names = match self.disk.list(&self.ledgers_path()) {
            Err(error) if error.is_missing() => return Ok(Vec::new()),
            names => names?,
        };
        // A ledger in the making begins with a dot, which no id does.
        Ok(names
            .iter()
            .filter_map(|name| LedgerId::new(name).ok())
            .collect())
    }

    /// The directory of one ledger.
    pub fn ledger(&self, id: &LedgerId) -> LedgerDirectory {
        LedgerDirectory {
            disk: self.disk.clone(),
            path: self.ledgers_path().join(id.as_str()),
        }
    }

    /// Where a ledger went that was moved away from here: it must not be extended here. From a thread
    /// that may block.
    pub(crate) fn moved_to(&self, id: &LedgerId) -> Result<Option<String>, StoreError> {
        let note = self.disk.read(&self.moved_path(id), MOVED_LEN_MAX)?;
        Ok(note.map(|note| String::from_utf8_lossy(&note).trim().to_owned()))
    }

    /// Notes that a ledger goes on elsewhere. From a thread that may block.
    pub(crate) fn note_moved(&self, id: &LedgerId, to: &str) -> Result<(), StoreError> {
        let path = self.moved_path(id);
        self.disk.write_aside(&path, format!("{to}\n").as_bytes())?;
        self.disk.sync_dir(&self.ledgers_path())?;
        Ok(())
    }

    /// No ledger's id has a dot.
    fn moved_path(&self, id: &LedgerId) -> PathBuf {
        self.ledgers_path().join(format!("{id}.moved"))
    }

    pub(crate) fn ledgers_path(&self) -> PathBuf {
        self.path.join("ledgers")
    }

    /// Which node this is, among others; decided the first time it is asked for. From a thread that may
    /// block.
    pub(crate) fn node(&self) -> Result<NodeId, DiskError> {
        let path = self.path.join("node");
        let known = self.disk.read(&path, NODE_LEN_MAX)?;
        let known = known.and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some(node) = known.and_then(|text| text.trim().parse().ok()) {
            return Ok(node);
        }
        let node = NodeId::random().map_err(|source| DiskError {
            doing: "find a name for",
            path: path.clone(),
            source: Arc::new(source),
        })?;
        let text = format!("{node}\n");
        self.disk.replace_unsynced(&path, text.as_bytes())?;
        Ok(node)
    }

    /// Takes the directory for this process.
    pub(crate) fn lock(&self) -> Result<DiskLock, DiskError> {
        self.disk.lock(&self.path.join("lock"))
    }
}

impl LedgerDirectory {
    /// Its log.
    pub fn log(&self) -> LogDirectory {
        LogDirectory::new(self.disk.clone(), self.path.join("log"))
    }

    /// Its journal of checkpoints.
    pub fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoints.journal")
    }

    /// The directory of its contents.
    pub fn contents(&self) -> PathBuf {
        self.path.join("content")
    }

    /// The directory of its keys.
    pub fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// The directory of its tiles.
    pub fn tiles(&self) -> PathBuf {
        self.path.join("tiles")
    }

    /// The directory of its snapshots.
    pub fn snapshots(&self) -> PathBuf {
        self.path.join("snapshots")
    }

    /// Opens everything the ledger is made of but the log itself. From a thread that may block.
    pub(crate) fn open_parts(
        &self,
        id: &LedgerId,
        nats: Option<&Nats>,
    ) -> Result<LedgerParts, Halt> {
        let signer: Arc<dyn LedgerSigner> = match KeyRing::load(&self.keys()) {
            Ok(keys) => Arc::new(keys),
            Err(error) if error.is_withheld() => return Err(Halt::Keys(error)),
            Err(error) => Arc::new(NoKeys(error)),
        };
        let journal = CheckpointJournal::open(self.disk.clone(), self.checkpoints());
        let disk = |error: DiskError| Halt::Storage(StoreError::Disk(error));
        let Backed { log, contents } = self.backed(id, nats)?;
        let snapshots = Snapshots::open(self.disk.clone(), self.snapshots()).map_err(disk)?;
        Ok(LedgerParts {
            id: id.clone(),
            log,
            checkpoints: Arc::new(journal.map_err(journal_halt)?),
            contents,
            signer,
            snapshots,
            disk: self.disk.clone(),
            tiles: self.tiles(),
            peers: None,
            published: self.published(),
        })
    }

    /// The checkpoint that witnesses cosigned.
    pub(crate) fn published(&self) -> PathBuf {
        self.path.join("published.note")
    }
}

fn journal_halt(error: CheckpointStoreError) -> Halt {
    match error {
        CheckpointStoreError::Missing { .. } => Halt::CheckpointMissing,
        CheckpointStoreError::Corrupt { .. } => Halt::CheckpointDamaged {
            reason: error.to_string(),
        },
        other => Halt::Checkpoint {
            reason: other.to_string(),
        },
    }
}
