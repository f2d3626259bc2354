//! What can keep a server from starting.

use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use governance::ids::LedgerId;
use ledger::{Halt, Node, NodeError};
use projector::StoreError;
use tokio::net::TcpListener;

use super::tls::TlsError;

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
