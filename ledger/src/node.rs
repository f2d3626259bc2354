//! A node: every ledger of a data directory, in one process.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use governance::ids::LedgerId;

use crate::backing::Backing;
use crate::clock::Clock;
use crate::config::{Config, Limits};
use crate::content::jetstream::JetStreamContents;
use crate::directory::DataDirectory;
use crate::disk::{DiskError, DiskLock};
use crate::halt::Halt;
use crate::ledger::Ledger;
use crate::nats::{Nats, NatsError};
use crate::peers::Peers;
use crate::store::StoreError;

/// Every ledger of a data directory, which no other process can have meanwhile.
#[derive(Debug)]
pub struct Node {
    ledgers: BTreeMap<LedgerId, Arc<Ledger>>,
    failed: Vec<(LedgerId, Halt)>,
    _lock: DiskLock,
}

/// Why a data directory could not be opened.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NodeError {
    /// There is no data directory, and opening never makes one.
    #[error("there is no data directory at {}: found a ledger first", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Another process has the directory.
    #[error("the data directory {} is in use by another process", path.display())]
    InUse {
        /// Which.
        path: PathBuf,
    },
    /// NATS was named and cannot be had.
    #[error(transparent)]
    Nats(#[from] NatsError),
    /// The system refused an operation.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl Node {
    /// Opens every ledger of `config.data_dir`. It never makes one: that is [`crate::found()`].
    ///
    /// A damaged ledger is opened halted ([`Ledger::halted`]) and served as far as it is proven; one
    /// of which nothing can be served is among [`Node::failed`]. Neither keeps the others from opening.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Node, NodeError> {
        let directory = DataDirectory::new(&config.data_dir);
        let lock = lock(&directory)?;
        let nats = match &config.nats {
            Some(config) => Some(Nats::connect(config).await?),
            None => None,
        };
        let peers = match &nats {
            Some(nats) => Some(Peers::over(nats, directory.node()?)),
            None => None,
        };
        let mut node = Node {
            ledgers: BTreeMap::new(),
            failed: Vec::new(),
            _lock: lock,
        };
        for id in directory.ledgers()? {
            let shared = nats.as_ref().zip(peers.as_ref());
            match open_ledger(&directory, &id, shared, &clock, config.limits).await {
                Ok(ledger) => {
                    node.ledgers.insert(id, Arc::new(ledger));
                }
                Err(halt) => {
                    tracing::error!(ledger = %id, code = halt.code(), reason = %halt, "not opened");
                    node.failed.push((id, halt));
                }
            }
        }
        Ok(node)
    }

    /// The ledgers that are served, halted ones included.
    pub fn ledgers(&self) -> Vec<LedgerId> {
        self.ledgers.keys().cloned().collect()
    }

    /// A ledger that is served.
    pub fn ledger(&self, id: &LedgerId) -> Option<Arc<Ledger>> {
        self.ledgers.get(id).map(Arc::clone)
    }

    /// The ledgers of which nothing can be served, and why.
    pub fn failed(&self) -> &[(LedgerId, Halt)] {
        &self.failed
    }

    /// Answers what was taken, writes snapshots, closes the stores. Ledgers still held by others
    /// can be read on, but take no submissions. Dropping the node gives the directory back.
    pub async fn shutdown(&self) {
        for ledger in self.ledgers.values() {
            ledger.shutdown().await;
        }
    }
}

/// Takes the data directory for this process.
pub(crate) fn lock(directory: &DataDirectory) -> Result<DiskLock, NodeError> {
    let path = directory.path().to_owned();
    match directory.lock() {
        Ok(lock) => Ok(lock),
        Err(error) if error.is_locked() => Err(NodeError::InUse { path }),
        Err(error) if error.is_missing() => Err(NodeError::Missing { path }),
        Err(error) => Err(error.into()),
    }
}

async fn open_ledger(
    directory: &DataDirectory,
    id: &LedgerId,
    shared: Option<(&Nats, &Peers)>,
    clock: &Arc<dyn Clock>,
    limits: Limits,
) -> Result<Ledger, Halt> {
    let nats = shared.map(|(nats, _)| nats.clone());
    let (directory, named) = (directory.clone(), id.clone());
    let parts = crate::blocking::run(move || {
        if let Some(to) = directory.moved_to(&named)? {
            return Err(Halt::Moved { to });
        }
        let ledger = directory.ledger(&named);
        let backing = ledger.backing()?;
        Ok((backing, ledger.open_parts(&named, nats.as_ref())?))
    });
    let parts = parts.await.unwrap_or(Err(Halt::Storage(StoreError::Ended)));
    let (backing, mut parts) = parts?;
    match (backing, shared) {
        (Backing::JetStream, Some((nats, peers))) => {
            let contents = JetStreamContents::new(nats.clone(), id);
            contents.check().await?;
            parts.peers = Some(peers.clone());
        }
        (Backing::Directory, Some(_)) => tracing::warn!(
            ledger = %id,
            "its log is in the data directory, although NATS was named: govledger migrate moves it"
        ),
        (_, None) => {}
    }
    Ledger::open(parts, Arc::clone(clock), limits).await
}
