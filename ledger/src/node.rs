//! A node: every ledger of a data directory, in one process.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use governance::ids::LedgerId;
use tokio::time::Instant;

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
    nats: Option<Nats>,
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
    ///
    /// A NATS server that is not there yet is waited for, as long as an outage may last.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Node, NodeError> {
        let directory = DataDirectory::new(&config.data_dir);
        let lock = lock(&directory)?;
        let nats = match &config.nats {
            Some(config) => Some(Nats::connect_patiently(config).await?),
            None => None,
        };
        let peers = match &nats {
            Some(nats) => Some(Peers::over(nats, directory.node()?)),
            None => None,
        };
        let mut node = Node {
            ledgers: BTreeMap::new(),
            failed: Vec::new(),
            nats: nats.clone(),
            _lock: lock,
        };
        for id in directory.ledgers()? {
            let shared = nats.as_ref().zip(peers.as_ref());
            match open_patiently(&directory, &id, shared, &clock, config.limits).await {
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

    /// Why nothing can be recorded at the moment in a ledger that is served, neither here nor through here, as a
    /// stable code: it has halted, or its log is on NATS and cannot be reached. `None` where nothing is known to
    /// stand against it.
    pub fn obstacle(&self, ledger: &Ledger) -> Option<&'static str> {
        if let Some(halt) = ledger.halted() {
            return Some(halt.code());
        }
        let shared = ledger.standing().is_some();
        let disconnected = self.nats.as_ref().is_some_and(|nats| !nats.is_connected());
        (ledger.away().is_some() || shared && disconnected).then_some("LOG_AWAY")
    }

    /// The connection to NATS, if there is to be one.
    pub fn nats(&self) -> Option<&Nats> {
        self.nats.as_ref()
    }

    /// The process is about to end: whoever waits for a NATS server that is away is answered within seconds,
    /// so that [`Node::shutdown`] need not wait for it.
    pub fn hasten(&self) {
        if let Some(nats) = &self.nats {
            nats.hasten();
        }
    }

    /// Answers what was taken, writes snapshots, closes the stores. Ledgers still held by others
    /// can be read on, but take no submissions. Dropping the node gives the directory back.
    pub async fn shutdown(&self) {
        self.hasten();
        join_all(self.ledgers.values().map(|ledger| ledger.shutdown())).await;
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

/// How long is waited before a ledger is opened again whose stream did not answer.
const OPEN_AGAIN: Duration = Duration::from_secs(1);

/// Opens a ledger, again for as long as an outage may last where NATS is there and does not answer: a cluster
/// that has nobody to lead it yet, a server that is still reading what it has.
async fn open_patiently(
    directory: &DataDirectory,
    id: &LedgerId,
    shared: Option<(&Nats, &Peers)>,
    clock: &Arc<dyn Clock>,
    limits: Limits,
) -> Result<Ledger, Halt> {
    let outage_max = shared.map_or(Duration::ZERO, |(nats, _)| nats.config().outage_max);
    let deadline = Instant::now() + outage_max;
    loop {
        let opened = Box::pin(open_ledger(directory, id, shared, clock, limits)).await;
        let halt = match &opened {
            Ok(ledger) => ledger.halted(),
            Err(halt) => Some(halt.clone()),
        };
        match halt {
            Some(Halt::Nats {
                reason,
                passing: true,
            }) if Instant::now() < deadline => {
                tracing::warn!(ledger = %id, reason, "opened again in a moment");
            }
            _ => return opened,
        }
        if let Ok(ledger) = opened {
            ledger.shutdown().await;
        }
        tokio::time::sleep(OPEN_AGAIN).await;
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
