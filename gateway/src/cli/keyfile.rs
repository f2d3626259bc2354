//! Private keys in files: PKCS#8 PEM, readable by their owner alone.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use ed25519_dalek::{
    SigningKey,
    pkcs8::{
        DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes, spki::der::pem::LineEnding,
    },
};
use governance::ids::PublicKey;

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
        let metadata = fs::metadata(path).map_err(|error| {
            Failure::usage(format!("cannot read the key file {shown}: {error}"))
                .next(format!("Make a key with: govledger key new --out {shown}"))
        })?;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let what = format!("the key file {shown} can be read by others (mode {mode:o})");
            return Err(Failure::usage(what).next(format!("Run: chmod 600 {shown}")));
        }
        let pem = fs::read_to_string(path).map_err(|error| {
            Failure::usage(format!("cannot read the key file {shown}: {error}"))
        })?;
        let key = SigningKey::from_pkcs8_pem(&pem).map_err(|error| {
            Failure::usage(format!("{shown} holds no Ed25519 private key: {error}"))
                .next("Give a PKCS#8 PEM file, as `govledger key new` writes it.")
        })?;
        let path = path.to_owned();
        Ok(Self { path, key })
    }

    /// Makes a new key and writes it to a file that must not exist yet.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let mut seed = [0; 32];
        fill_random(&mut seed)?;
        let key = SigningKey::from_bytes(&seed);
        write_new(path, &pem_of(&key)?)?;
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
        PublicKey(self.key.verifying_key().to_bytes())
    }
}

/// Random bytes from the system.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), Failure> {
    getrandom::fill(bytes)
        .map_err(|error| Failure::unavailable(format!("the system gives no randomness: {error}")))
}

/// RFC 8410's first version, without the public key: what every other tool reads.
fn pem_of(key: &SigningKey) -> Result<String, Failure> {
    let bytes = KeypairBytes {
        secret_key: key.to_bytes(),
        public_key: None,
    };
    let pem = bytes
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|error| Failure::unavailable(format!("cannot encode the key: {error}")))?;
    Ok(pem.as_str().to_owned())
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let shown = path.display();
    let cannot = |error: std::io::Error| {
        let failure = Failure::usage(format!("cannot write the key to {shown}: {error}"));
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            failure
                .because("A key that is overwritten is lost, and with it the right to act.")
                .next("Choose another file, or move this one away first.")
        } else {
            failure
        }
    };
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    file.sync_all().map_err(cannot)
}
