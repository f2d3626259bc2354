//! TLS: a certificate from files, renewed without a restart.
//!
//! TLS 1.2 and 1.3 with what rustls holds to be safe. Clients are not asked for certificates: who acts is
//! told by the signatures on what they send.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use ledger::config::TlsFiles;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::ring,
        pki_types::{
            CertificateDer, PrivateKeyDer,
            pem::{self, PemObject as _},
        },
    },
};

/// How often the files are looked at, at most: once for all handshakes of a second.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is spoken over TLS, in the order of preference.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// A certificate and its key, as they last were good.
#[derive(Debug)]
pub(super) struct Tls {
    files: TlsFiles,
    held: Mutex<Held>,
}

struct Held {
    acceptor: TlsAcceptor,
    stamp: Stamp,
    looked: Instant,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held")
            .field("stamp", &self.stamp)
            .finish_non_exhaustive()
    }
}

/// By which a change of the files is told.
type Stamp = [(SystemTime, u64); 2];

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} is no {what} in PEM: {source}", path.display())]
    Pem {
        /// Which.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        source: pem::Error,
    },
    /// Others can read the key.
    #[error("{} can be read by others (its mode is {mode:o})", path.display())]
    KeyExposed {
        /// Which file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Certificate and key do not fit together, or are of a kind that is not supported.
    #[error("the certificate cannot be used with this key: {0}")]
    Unfit(#[from] rustls::Error),
}

impl Tls {
    /// Reads certificate and key.
    pub(super) fn open(files: TlsFiles) -> Result<Arc<Self>, TlsError> {
        let stamp = stamp(&files)?;
        let held = Held {
            acceptor: read(&files)?,
            stamp,
            looked: Instant::now(),
        };
        Ok(Arc::new(Self {
            files,
            held: Mutex::new(held),
        }))
    }

    /// What shakes hands, with the newest certificate that is good. The files are small and looked at once
    /// a second, so no other thread is asked to.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.looked.elapsed() >= LOOK_EVERY {
            held.looked = Instant::now();
            self.renew(&mut held);
        }
        held.acceptor.clone()
    }

    /// Takes over what the files hold now. While a certificate and its key are being replaced they do not
    /// fit together for a moment: then the old ones stay, and are looked at again.
    fn renew(&self, held: &mut Held) {
        let renewed = stamp(&self.files).and_then(|stamp| {
            if stamp == held.stamp {
                return Ok(None);
            }
            Ok(Some((read(&self.files)?, stamp)))
        });
        match renewed {
            Ok(None) => {}
            Ok(Some((acceptor, stamp))) => {
                held.acceptor = acceptor;
                held.stamp = stamp;
                tracing::info!(certificate = %self.files.certificate.display(), "TLS certificate renewed");
            }
            Err(error) => tracing::warn!(%error, "the TLS certificate was not renewed"),
        }
    }
}

fn stamp(files: &TlsFiles) -> Result<Stamp, TlsError> {
    let of = |path: &Path| {
        let metadata = fs::metadata(path);
        let stamp = metadata.and_then(|metadata| Ok((metadata.modified()?, metadata.len())));
        stamp.map_err(|source| TlsError::Read {
            path: path.to_owned(),
            source,
        })
    };
    Ok([of(&files.certificate)?, of(&files.key)?])
}

fn read(files: &TlsFiles) -> Result<TlsAcceptor, TlsError> {
    check_mode(&files.key)?;
    let pem = |path: &Path, what, source| TlsError::Pem {
        path: path.to_owned(),
        what,
        source,
    };
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|source| pem(&files.certificate, "certificate", source))?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|source| pem(&files.key, "private key", source))?;
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// What of a mode is about others than the owner.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Nobody but its owner reads the key.
#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), TlsError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(path).map_err(|source| TlsError::Read {
        path: path.to_owned(),
        source,
    })?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS == 0 {
        Ok(())
    } else {
        Err(TlsError::KeyExposed {
            path: path.to_owned(),
            mode,
        })
    }
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), TlsError> {
    Ok(())
}
