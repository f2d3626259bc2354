//! What can keep a server from starting.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use governance::ids::LedgerId;
use ledger::{Config, Halt, Node, NodeError};
use projector::StoreError;
use tlog::Policy;
use tokio::net::TcpListener;

use super::tls::TlsError;
use crate::witness::HttpWitnesses;

/// The name of the ledgers' directory within the data directory.
const LEDGERS_DIR: &str = "ledgers";

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no ledger to serve, and a server makes none.
    #[error("there is no ledger in {}", dir.display())]
    NoLedger {
        /// The data directory.
        dir: PathBuf,
    },
    /// There are ledgers, and of none of them anything can be served.
    #[error("ledger {ledger} cannot be served: {halt}")]
    NoneServable {
        /// The first of them.
        ledger: LedgerId,
        /// Why.
        halt: Box<Halt>,
    },
    /// The data directory cannot be looked into.
    #[error("cannot look into {}: {source}", dir.display())]
    Look {
        /// The data directory.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The address cannot be had.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system does not say where the server listens.
    #[error("cannot tell the address of the listener: {0}")]
    Address(#[source] io::Error),
    /// The certificate or its key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The node cannot be opened.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The trust policy cannot be used.
    #[error("the trust policy {} cannot be used: {reason}", path.display())]
    Policy {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The certificates that witnesses are reached with cannot be read.
    #[error("the system's certificate authorities cannot be read: {0}")]
    Certificates(#[source] io::Error),
    /// The views cannot be opened.
    #[error("the views cannot be opened: {0}")]
    Views(#[from] StoreError),
}

impl StartError {
    /// What to do next.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoLedger { .. } => {
                "Found a ledger with `govledger found`, or play a sample neighbourhood with \
                 `govledger demo`; or name another directory with --data."
            }
            Self::NoneServable { halt, .. } => halt.remedy(),
            Self::Look { .. } => "Name a directory that this user can read and write, with --data.",
            Self::Listen { .. } | Self::Address(_) => {
                "Stop whatever listens there, or name another address with --listen."
            }
            Self::Tls(TlsError::KeyExposed { .. }) => {
                "Make the key readable by its owner only (mode 0600), and think of it as known to \
                 whoever could read it."
            }
            Self::Tls(_) => {
                "Correct tls_certificate and tls_key: the certificate with its chain, and the private \
                 key that belongs to it, both as PEM."
            }
            Self::Policy { .. } => {
                "Correct the file; the format is C2SP's tlog-policy, and each witness needs an address."
            }
            Self::Certificates(_) => "Install the system's certificates (ca-certificates).",
            Self::Node(NodeError::Nats(error)) => error.remedy(),
            Self::Node(_) => {
                "Stop the process that has the directory, or let this user read and write it."
            }
            Self::Views(_) => {
                "Stop the process that has them open; if there is none, delete the directory `views`: \
                 it is built again from the log."
            }
        }
    }
}

/// The trust policy that the configuration names, if it names one.
pub(super) fn witness_policy(config: &Config) -> Result<Option<Policy>, StartError> {
    let Some(path) = &config.witness_policy else {
        return Ok(None);
    };
    let wrong = |reason: String| StartError::Policy {
        path: path.clone(),
        reason,
    };
    let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let policy = Policy::parse(&bytes).map_err(|error| wrong(error.to_string()))?;
    let unreachable = policy.witnesses().iter().find(|w| w.url.is_none());
    match unreachable {
        Some(witness) => Err(wrong(format!("there is no address for {}", witness.name))),
        None => Ok(Some(policy)),
    }
}

/// Has the policy's witnesses cosign the ledgers that it names, or all if it names none.
pub(crate) async fn start_witnesses(node: &Node, policy: &Policy) -> Result<(), StartError> {
    let client = HttpWitnesses::new().map_err(StartError::Certificates)?;
    let client = Arc::new(client);
    let served = node.ledgers().into_iter().filter_map(|id| node.ledger(&id));
    for ledger in served {
        let keys = ledger.checkpoint_keys();
        let logs = policy.logs();
        if logs.is_empty() || logs.iter().any(|log| keys.contain(&log.key)) {
            ledger
                .start_witnesses(policy.clone(), Arc::clone(&client) as _)
                .await;
        }
    }
    Ok(())
}

/// There is at least one ledger below the data directory. Creates nothing.
pub(super) fn check_ledgers(dir: &Path) -> Result<(), StartError> {
    let found = match std::fs::read_dir(dir.join(LEDGERS_DIR)) {
        // A ledger in the making has a name that begins with a dot.
        Ok(entries) => entries
            .filter_map(Result::ok)
            .any(|entry| !entry.file_name().as_encoded_bytes().starts_with(b".")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(source) => {
            let dir = dir.to_owned();
            return Err(StartError::Look { dir, source });
        }
    };
    if found {
        Ok(())
    } else {
        Err(StartError::NoLedger {
            dir: dir.to_owned(),
        })
    }
}

/// The node serves at least one ledger.
pub(super) fn check_served(node: &Node) -> Result<(), StartError> {
    match node.failed().first() {
        Some((ledger, halt)) if node.ledgers().is_empty() => Err(StartError::NoneServable {
            ledger: ledger.clone(),
            halt: Box::new(halt.clone()),
        }),
        _ => Ok(()),
    }
}

/// Takes a port.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })
}
