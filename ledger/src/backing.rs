//! Where a ledger's log and contents are: one value, recorded in the ledger's directory.
//!
//! Everything else of a ledger (keys, checkpoints, tiles, snapshots) is in its directory on every node.

use std::path::Path;
use std::sync::Arc;

use governance::ids::LedgerId;

use crate::content::ContentStore;
use crate::content::file::FileContents;
use crate::content::jetstream::JetStreamContents;
use crate::directory::LedgerDirectory;
use crate::disk::{Disk, DiskError};
use crate::nats::Nats;
use crate::store::jetstream::JetStreamLog;
use crate::store::{StoreError, StoreFactory};

/// The first line of the file that says that the log is on NATS.
const FORMAT: &str = "govledger-jetstream/1\n";

/// The most bytes of that file that are read.
const LEN_MAX: u64 = 256;

/// Where a ledger's log and contents are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backing {
    /// In the ledger's directory.
    Directory,
    /// In a stream and a bucket of NATS JetStream.
    JetStream,
}

/// A ledger's log and contents, wherever they are.
pub(crate) struct Backed {
    pub(crate) log: Arc<dyn StoreFactory>,
    pub(crate) contents: Arc<dyn ContentStore>,
}

/// Why a ledger's log and contents cannot be had.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BackingError {
    /// They are on NATS, and no server was named.
    #[error("the ledger's log is on NATS, and no NATS server was named")]
    NatsNotNamed,
    /// They cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DiskError> for BackingError {
    fn from(error: DiskError) -> BackingError {
        BackingError::Store(error.into())
    }
}

impl Backing {
    /// Where the log of the ledger in this directory is. From a thread that may block.
    pub(crate) fn of(disk: &Disk, place: &Path) -> Result<Backing, StoreError> {
        let path = place.join(FILE);
        match disk.read(&path, LEN_MAX)? {
            None => Ok(Backing::Directory),
            Some(bytes) if bytes.starts_with(FORMAT.as_bytes()) => Ok(Backing::JetStream),
            Some(_) => Err(StoreError::Format { path }),
        }
    }

    /// Records it in the directory of a ledger in the making, which is then synced by whoever makes it.
    pub(crate) fn record(self, place: &LedgerDirectory, stream: &str) -> Result<(), DiskError> {
        match self {
            Backing::Directory => Ok(()),
            Backing::JetStream => {
                let text = format!("{FORMAT}{stream}\n");
                let path = place.path.join(FILE);
                place.disk.write_aside(&path, text.as_bytes()).map(|_| ())
            }
        }
    }
}

/// The file that says that the log is on NATS.
const FILE: &str = "jetstream";

impl LedgerDirectory {
    /// Where the ledger's log and contents are. From a thread that may block.
    pub fn backing(&self) -> Result<Backing, StoreError> {
        Backing::of(&self.disk, &self.path)
    }

    /// The ledger's log and contents. From a thread that may block.
    pub(crate) fn backed(
        &self,
        id: &LedgerId,
        nats: Option<&Nats>,
    ) -> Result<Backed, BackingError> {
        match self.backing()? {
            Backing::Directory => Ok(Backed {
                log: Arc::new(self.log()),
                contents: Arc::new(FileContents::open(self.disk.clone(), self.contents())?),
            }),
            Backing::JetStream => {
                let nats = nats.ok_or(BackingError::NatsNotNamed)?;
                Ok(Backed {
                    log: Arc::new(JetStreamLog::new(nats.clone(), id.clone())),
                    contents: Arc::new(JetStreamContents::new(nats.clone(), id)),
                })
            }
        }
    }
}
