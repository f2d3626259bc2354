//! The ledger's own keys, as files that only their owner may read.
//!
//! The *record key* signs derived entries and nothing else; the *checkpoint key* signs checkpoints
//! and nothing else. Either may be exchanged for another, so a directory holds any number of files ending in
//! `.pem`, and which of the keys signs is the log's to say ([`crate::checkpoint_keys`]). Files are PKCS#8 in PEM (RFC 5958, RFC 8410), as `openssl genpkey -algorithm
//! ed25519` writes them, or encrypted with a passphrase (PBES2, RFC 8018: scrypt and AES-256), as `openssl
//! pkey -aes256` does. A file may also say where the key is instead: `env:NAME` or `fd:N`. What the ledger
//! needs of its keys is [`LedgerSigner`], so that a key held in hardware is one implementation away.

mod ring;
mod secret;

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use governance::ids::PublicKey;
use tlog::{Checkpoint, CheckpointError, NoteSigner, Signature, SignedCheckpoint};

pub(crate) use ring::NoKeys;
pub use ring::{KeyRing, NotHeld};
pub(crate) use secret::read_secret;
pub use secret::{PASSPHRASE, PASSPHRASE_FROM, Passphrase};

/// What an encrypted key in PEM begins with (RFC 7468, section 11).
const ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

/// The name of the record key's file in a ledger's `keys` directory.
pub const RECORD_KEY_FILE: &str = "record.pem";
/// The name of the checkpoint key's file in a ledger's `keys` directory.
pub const CHECKPOINT_KEY_FILE: &str = "checkpoint.pem";

/// A key that could not be made, written or read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The system gave no randomness.
    #[error("the system gives no randomness: {reason}")]
    Randomness {
        /// What it said.
        reason: String,
    },
    /// The system refused to read or write the file.
    #[error("cannot {doing} the key file {}: {source}", path.display())]
    Io {
        /// What was tried, as an infinitive.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// Others than the owner may read or write the file.
    #[error(
        "the key file {} has mode {mode:04o}: others than its owner can use it; run chmod 600 and \
         think about who may have copied it",
        path.display()
    )]
    Permissions {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is longer than a key's.
    #[error("{} is too long to be a key file", path.display())]
    TooLong {
        /// Which file.
        path: PathBuf,
    },
    /// The file says that the key is elsewhere, and it is not there.
    #[error("{} says that the key is in {what}, and there is none", path.display())]
    Elsewhere {
        /// Which file.
        path: PathBuf,
        /// Where it should be.
        what: String,
    },
    /// The key is encrypted, and no passphrase was given.
    #[error(
        "the key in {} is encrypted: say where its passphrase is with {PASSPHRASE_FROM}=FILE (or fd:N)",
        path.display()
    )]
    Encrypted {
        /// Which file.
        path: PathBuf,
    },
    /// The passphrase given does not open the key.
    #[error("the passphrase does not open the key in {}", path.display())]
    Passphrase {
        /// Which file.
        path: PathBuf,
    },
    /// The file does not hold an Ed25519 private key in PKCS#8 PEM.
    #[error("{} does not hold an Ed25519 private key in PKCS#8 PEM", path.display())]
    Format {
        /// Which file.
        path: PathBuf,
    },
}

impl KeyFileError {
    /// Whether the key is there, and whoever starts the program has not given what leads to it: a slip to be
    /// told at once, and no loss.
    pub(crate) fn is_withheld(&self) -> bool {
        matches!(
            self,
            KeyFileError::Encrypted { .. }
                | KeyFileError::Passphrase { .. }
                | KeyFileError::Elsewhere { .. }
        )
    }
}

/// Makes a new key from the system's randomness.
pub fn generate_key() -> Result<SigningKey, KeyFileError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| KeyFileError::Randomness {
        reason: error.to_string(),
    })?;
    Ok(SigningKey::from_bytes(&seed))
}

/// The public half of a key.
pub fn public_key(key: &SigningKey) -> PublicKey {
    PublicKey(key.verifying_key().to_bytes())
}

/// Writes a key to a new file that only its owner may read (mode 0600), durably, and encrypted if the
/// environment gives a passphrase. A file that is there is never replaced.
pub fn write_key(path: &Path, key: &SigningKey) -> Result<(), KeyFileError> {
    write_key_under(path, key, Passphrase::of_environment()?.as_ref())
}

/// The same with this passphrase, or in clear without one.
pub fn write_key_under(
    path: &Path,
    key: &SigningKey,
    passphrase: Option<&Passphrase>,
) -> Result<(), KeyFileError> {
    // RFC 8410's first version, without the public key: OpenSSL and what builds on it refuse the other.
    let bytes = KeypairBytes {
        secret_key: key.to_bytes(),
        public_key: None,
    };
    let pem = match passphrase {
        None => bytes.to_pkcs8_pem(LineEnding::LF),
        Some(words) => bytes.to_pkcs8_encrypted_pem(words.as_bytes(), LineEnding::LF),
    };
    let pem = pem.map_err(|_| KeyFileError::Format {
        path: path.to_owned(),
    })?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owner_only(&mut options);
    let mut file = doing("create", path, options.open(path))?;
    doing("write", path, file.write_all(pem.as_bytes()))?;
    doing("sync", path, file.sync_all())?;
    sync_parent(path)
}

fn sync_parent(path: &Path) -> Result<(), KeyFileError> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => {
            let synced = File::open(parent).and_then(|parent| parent.sync_all());
            doing("sync the directory of", path, synced)
        }
        _ => Ok(()),
    }
}

/// Puts the same key, encrypted with this passphrase, in the place of a key file: written aside, read back and
/// compared first. `opened_by` opens it as it is.
pub fn protect_key(
    path: &Path,
    opened_by: Option<&Passphrase>,
    passphrase: &Passphrase,
) -> Result<SigningKey, KeyFileError> {
    let key = load_key_with(path, opened_by)?;
    let aside = secret::aside(path);
    write_key_under(&aside, &key, Some(passphrase))?;
    let again = load_key_with(&aside, Some(passphrase))?;
    if again != key {
        let path = aside;
        return Err(KeyFileError::Passphrase { path });
    }
    secret::replace(path, &aside)?;
    Ok(key)
}

/// Reads a key, opened by the passphrase of the environment where it is encrypted, and refuses it when
/// others than its owner could have it.
pub fn load_key(path: &Path) -> Result<SigningKey, KeyFileError> {
    load_key_with(path, Passphrase::of_environment()?.as_ref())
}

/// The same with this passphrase.
pub fn load_key_with(
    path: &Path,
    passphrase: Option<&Passphrase>,
) -> Result<SigningKey, KeyFileError> {
    let pem = secret::read_key_text(path)?;
    let place = || path.to_owned();
    if !pem.contains(ENCRYPTED) {
        let key = SigningKey::from_pkcs8_pem(&pem);
        return key.map_err(|_| KeyFileError::Format { path: place() });
    }
    let passphrase = passphrase.ok_or_else(|| KeyFileError::Encrypted { path: place() })?;
    SigningKey::from_pkcs8_encrypted_pem(&pem, passphrase.as_bytes())
        .map_err(|_| KeyFileError::Passphrase { path: place() })
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn owner_only(_options: &mut OpenOptions) {}

/// What group and others may do.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

#[cfg(unix)]
fn check_mode(path: &Path, metadata: &fs::Metadata) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & OTHERS == 0 {
        Ok(())
    } else {
        let path = path.to_owned();
        Err(KeyFileError::Permissions { path, mode })
    }
}

#[cfg(not(unix))]
fn check_mode(_path: &Path, _metadata: &fs::Metadata) -> Result<(), KeyFileError> {
    Ok(())
}

fn doing<T>(doing: &'static str, path: &Path, result: io::Result<T>) -> Result<T, KeyFileError> {
    result.map_err(|source| KeyFileError::Io {
        doing,
        path: path.to_owned(),
        source: Arc::new(source),
    })
}

/// A signer that did not sign: it is away, or it refuses. What is not signed is not written, and the ledger
/// halts until the node is started again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signer did not sign: {reason}")]
pub struct SignError {
    /// What it said.
    pub reason: String,
}

/// What the ledger needs of its own keys: a token (PKCS#11) or a key service implements this and nothing else.
///
/// Signing is asked for by the ledger's writer, one at a time each for derived entries and checkpoints, and
/// everybody waits for it: an implementation that waits for others must give up within seconds, and leave the
/// runtime's threads alone meanwhile (`tokio::task::block_in_place`).
pub trait LedgerSigner: Send + Sync + fmt::Debug + 'static {
    /// The public halves of all keys it can sign with, looked for anew: a rotation to a key is taken on only
    /// once it is here. From a thread that may block.
    fn keys(&self) -> Vec<PublicKey>;

    /// Signs a derived action's bytes, behind their domain separator, with the record key in force.
    fn sign_action(&self, key: PublicKey, action_bytes: &[u8]) -> Result<Signature, SignError>;

    /// Signs a checkpoint with the checkpoint key in force at its size.
    fn sign_checkpoint(
        &self,
        key: PublicKey,
        checkpoint: &Checkpoint,
    ) -> Result<SignedCheckpoint, SignError>;

    /// Why it holds no key at all, where that is known.
    fn unusable(&self) -> Option<KeyFileError> {
        None
    }
}

impl SignError {
    fn not_held(key: PublicKey) -> SignError {
        SignError {
            reason: format!("it does not hold the key {key}"),
        }
    }
}

fn checkpoint_signed_by(
    key: &SigningKey,
    checkpoint: &Checkpoint,
) -> Result<SignedCheckpoint, SignError> {
    let unsigned = |error: CheckpointError| SignError {
        reason: error.to_string(),
    };
    let signer = NoteSigner::new(&checkpoint.origin, key.clone())
        .map_err(|_| unsigned(CheckpointError::Origin))?;
    checkpoint.sign(&signer).map_err(unsigned)
}

/// The two keys of a moment in memory: those a ledger is founded with, or those in force.
#[derive(Clone)]
pub struct LedgerKeys {
    record: SigningKey,
    checkpoint: SigningKey,
}

impl LedgerKeys {
    /// These two keys.
    pub fn new(record: SigningKey, checkpoint: SigningKey) -> LedgerKeys {
        LedgerKeys { record, checkpoint }
    }

    /// Two new keys, for a ledger to be founded.
    pub fn generate() -> Result<LedgerKeys, KeyFileError> {
        Ok(LedgerKeys::new(generate_key()?, generate_key()?))
    }

    /// Writes both to new files in `directory`, which exists.
    pub fn write(&self, directory: &Path) -> Result<(), KeyFileError> {
        write_key(&directory.join(RECORD_KEY_FILE), &self.record)?;
        write_key(&directory.join(CHECKPOINT_KEY_FILE), &self.checkpoint)
    }

    /// Reads both from their files in `directory`.
    pub fn load(directory: &Path) -> Result<LedgerKeys, KeyFileError> {
        let record = load_key(&directory.join(RECORD_KEY_FILE))?;
        let checkpoint = load_key(&directory.join(CHECKPOINT_KEY_FILE))?;
        Ok(LedgerKeys::new(record, checkpoint))
    }

    /// The public half of what signs derived entries.
    pub fn record_key(&self) -> PublicKey {
        public_key(&self.record)
    }

    /// The public half of what signs checkpoints.
    pub fn checkpoint_key(&self) -> PublicKey {
        public_key(&self.checkpoint)
    }

    /// Signs a derived action's bytes, behind their domain separator, with the record key.
    pub fn sign_action(&self, action_bytes: &[u8]) -> Signature {
        tlog::signing::sign_action(&self.record, action_bytes)
    }

    /// Signs a checkpoint with the checkpoint key.
    pub fn sign_checkpoint(&self, checkpoint: &Checkpoint) -> Result<SignedCheckpoint, SignError> {
        checkpoint_signed_by(&self.checkpoint, checkpoint)
    }

    /// Signs an action with the checkpoint key: only for the founding action, by which the key proves
    /// that it agrees to what it is named for.
    pub(crate) fn sign_founding(&self, action_bytes: &[u8]) -> [Signature; 2] {
        [&self.record, &self.checkpoint].map(|key| tlog::signing::sign_action(key, action_bytes))
    }
}

impl fmt::Debug for LedgerKeys {
    /// Shows the public halves only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (record, checkpoint) = (self.record_key(), self.checkpoint_key());
        write!(
            f,
            "LedgerKeys {{ record: {record}, checkpoint: {checkpoint} }}"
        )
    }
}

impl LedgerSigner for LedgerKeys {
    fn keys(&self) -> Vec<PublicKey> {
        vec![self.record_key(), self.checkpoint_key()]
    }

    fn sign_action(&self, key: PublicKey, action_bytes: &[u8]) -> Result<Signature, SignError> {
        if key != self.record_key() {
            return Err(SignError::not_held(key));
        }
        Ok(LedgerKeys::sign_action(self, action_bytes))
    }

    fn sign_checkpoint(
        &self,
        key: PublicKey,
        checkpoint: &Checkpoint,
    ) -> Result<SignedCheckpoint, SignError> {
        if key != self.checkpoint_key() {
            return Err(SignError::not_held(key));
        }
        LedgerKeys::sign_checkpoint(self, checkpoint)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn keys_come_back_from_files_only_their_owner_reads() {
        let directory = tempfile::tempdir().unwrap();
        let keys = LedgerKeys::generate().unwrap();
        keys.write(directory.path()).unwrap();
        for name in [RECORD_KEY_FILE, CHECKPOINT_KEY_FILE] {
            assert_eq!(mode(&directory.path().join(name)), 0o600);
        }
        let loaded = LedgerKeys::load(directory.path()).unwrap();
        assert_eq!(loaded.record_key(), keys.record_key());
        assert_eq!(loaded.checkpoint_key(), keys.checkpoint_key());
        assert_ne!(keys.record_key(), keys.checkpoint_key());
    }

    #[test]
    fn a_key_file_that_others_can_use_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("one.pem");
        write_key(&path, &generate_key().unwrap()).unwrap();
        for wide in [0o640, 0o604, 0o620, 0o610, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(wide)).unwrap();
            let error = load_key(&path).unwrap_err();
            assert!(matches!(error, KeyFileError::Permissions { mode, .. } if mode == wide));
        }
        for narrow in [0o600, 0o400] {
            fs::set_permissions(&path, fs::Permissions::from_mode(narrow)).unwrap();
            load_key(&path).expect("the owner alone can use it");
        }
    }

    #[test]
    fn a_key_file_is_never_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("one.pem");
        let first = generate_key().unwrap();
        write_key(&path, &first).unwrap();
        let error = write_key(&path, &generate_key().unwrap()).unwrap_err();
        assert!(matches!(
            error,
            KeyFileError::Io {
                doing: "create",
                ..
            }
        ));
        assert_eq!(load_key(&path).unwrap(), first);
    }

    #[test]
    fn an_encrypted_key_opens_with_its_passphrase_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("one.pem");
        let (words, others) = (
            Passphrase::new("心苑里 correct horse"),
            Passphrase::new("other"),
        );
        let key = generate_key().unwrap();
        write_key_under(&path, &key, Some(&words)).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(ENCRYPTED), "{text}");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(load_key_with(&path, Some(&words)).unwrap(), key);
        let refused = load_key_with(&path, Some(&others)).unwrap_err();
        assert!(matches!(refused, KeyFileError::Passphrase { .. }));
        let refused = load_key_with(&path, None).unwrap_err();
        assert!(matches!(refused, KeyFileError::Encrypted { .. }));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = load_key_with(&path, Some(&words)).unwrap_err();
        assert!(matches!(refused, KeyFileError::Permissions { .. }));
    }

    #[test]
    fn a_key_is_protected_in_its_place_and_stays_the_same_key() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("one.pem");
        let key = generate_key().unwrap();
        write_key_under(&path, &key, None).unwrap();
        let (first, second) = (Passphrase::new("first"), Passphrase::new("second"));
        protect_key(&path, None, &first).unwrap();
        assert_eq!(load_key_with(&path, Some(&first)).unwrap(), key);
        protect_key(&path, Some(&first), &second).unwrap();
        assert_eq!(load_key_with(&path, Some(&second)).unwrap(), key);
        assert!(load_key_with(&path, Some(&first)).is_err());
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        let refused = protect_key(&path, Some(&first), &first).unwrap_err();
        assert!(matches!(refused, KeyFileError::Passphrase { .. }));
        assert_eq!(load_key_with(&path, Some(&second)).unwrap(), key);
    }

    /// As `openssl pkey -aes256` writes it, with PBKDF2.
    #[test]
    fn a_key_encrypted_by_openssl_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("one.pem");
        let pem = include_str!("../testdata/openssl-encrypted.pem");
        fs::write(&path, pem).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let key = load_key_with(&path, Some(&Passphrase::new("correct horse"))).unwrap();
        let published = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
        assert_eq!(public_key(&key).to_string(), published);
    }

    #[test]
    fn a_key_may_be_in_a_descriptor_and_what_is_elsewhere_must_be_there() {
        use std::os::fd::AsRawFd as _;
        let directory = tempfile::tempdir().unwrap();
        let (path, pointer) = (
            directory.path().join("one.pem"),
            directory.path().join("at"),
        );
        let key = generate_key().unwrap();
        write_key_under(&path, &key, None).unwrap();
        let open = File::open(&path).unwrap();
        let named = format!("fd:{}", open.as_raw_fd());
        assert_eq!(load_key_with(Path::new(&named), None).unwrap(), key);
        let point = |to: &str, mode: u32| {
            fs::write(&pointer, to).unwrap();
            fs::set_permissions(&pointer, fs::Permissions::from_mode(mode)).unwrap();
            load_key_with(&pointer, None)
        };
        assert_eq!(point(&format!("{named}\n"), 0o600).unwrap(), key);
        let wide = point(&named, 0o644).unwrap_err();
        assert!(matches!(wide, KeyFileError::Permissions { .. }));
        for nothing in ["env:GOVLEDGER_NO_SUCH_VARIABLE", "fd:987", "fd:x"] {
            let refused = point(nothing, 0o600).unwrap_err();
            assert!(
                matches!(refused, KeyFileError::Elsewhere { .. }),
                "{refused}"
            );
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("one.pem");
        let write = |text: &str| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            load_key(&path).unwrap_err()
        };
        assert!(matches!(write("no key"), KeyFileError::Format { .. }));
        let long = "x".repeat(16 * 1024 + 1);
        assert!(matches!(write(&long), KeyFileError::TooLong { .. }));
        let missing = load_key(&directory.path().join("none.pem")).unwrap_err();
        assert!(matches!(missing, KeyFileError::Io { doing: "open", .. }));
    }

    /// What other tools read: `OneAsymmetricKey` version 0, as RFC 8410's first example.
    #[test]
    fn a_key_is_written_as_openssl_writes_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("one.pem");
        let seed = "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842";
        let seed: tlog::Hash = seed.parse().unwrap();
        write_key(&path, &SigningKey::from_bytes(&seed.0)).unwrap();
        let pem = "-----BEGIN PRIVATE KEY-----\n\
                   MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
                   -----END PRIVATE KEY-----\n";
        assert_eq!(fs::read_to_string(&path).unwrap(), pem);
    }

    /// The file `openssl genpkey -algorithm ed25519` writes (RFC 8410, section 10.3).
    #[test]
    fn a_key_made_by_openssl_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("one.pem");
        let pem = "-----BEGIN PRIVATE KEY-----\n\
                   MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
                   -----END PRIVATE KEY-----\n";
        fs::write(&path, pem).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let public = public_key(&load_key(&path).unwrap());
        let published = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
        assert_eq!(public.to_string(), published);
    }
}
