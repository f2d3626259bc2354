//! Private keys in files: PKCS#8 PEM, readable by their owner alone.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use governance::ids::PublicKey;
use ledger::keys::{self, KeyFileError};

use super::failure::Failure;

/// A private key and the file it came from.
#[derive(Clone)]
pub(crate) struct KeyFile {
    path: PathBuf,
    key: SigningKey,
}

impl KeyFile {
    /// Reads a key; refuses a file that others may read.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let key = keys::load_key(path).map_err(|error| {
            let failure = Failure::usage(error.to_string());
            match &error {
                KeyFileError::Io { .. } => {
                    failure.next(format!("Make a key with: govledger key new --out {shown}"))
                }
                KeyFileError::Permissions { .. } => failure
                    .because("Whoever reads it can act in your name.")
                    .next(format!("Run: chmod 600 {shown}")),
                KeyFileError::Encrypted { .. }
                | KeyFileError::Passphrase { .. }
                | KeyFileError::Elsewhere { .. } => failure,
                _ => failure.next("Give a PKCS#8 PEM file, as `govledger key new` writes it."),
            }
        })?;
        let path = path.to_owned();
        Ok(Self { path, key })
    }

    /// Makes a new key and writes it to a file that must not exist yet.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let key = keys::generate_key();
        let key = key.map_err(|error| Failure::unavailable(error.to_string()))?;
        keys::write_key(path, &key).map_err(|error| {
            let failure = Failure::usage(error.to_string());
            if path.exists() {
                failure
                    .because("A key that is overwritten is lost, and with it the right to act.")
                    .next("Choose another file, or move this one away first.")
            } else {
                failure.next("Choose a file in a directory that you may write to.")
            }
        })?;
        let path = path.to_owned();
        Ok(Self { path, key })
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The private key.
    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }

    /// The public key.
    pub(crate) fn public(&self) -> PublicKey {
        keys::public_key(&self.key)
    }
}

/// Random bytes from the system.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes)
        .map_err(|error| Failure::unavailable(format!("the system gives no randomness: {error}")))
}
