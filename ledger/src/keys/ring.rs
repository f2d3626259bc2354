//! All keys of a ledger's `keys` directory: those in force, those before them, and the one that comes next.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use ed25519_dalek::SigningKey;
use governance::ids::PublicKey;
use governance::own_keys::OwnKeys;
use tlog::{Checkpoint, Signature, SignedCheckpoint};

use super::{
    KeyFileError, LedgerSigner, SignError, checkpoint_signed_by, doing, load_key, public_key,
    write_key,
};

/// The keys of a directory: every file in it whose name ends in `.pem`. A file that appears later is read when
/// a key is asked for that is not known yet; one that was read is not read again.
#[derive(Clone)]
pub struct KeyRing(Arc<Ring>);

struct Ring {
    directory: PathBuf,
    /// By file name.
    held: RwLock<BTreeMap<OsString, SigningKey>>,
}

/// What stands for keys that cannot be read: a ledger without them is served all the same, and signs nothing.
#[derive(Clone, Debug)]
pub(crate) struct NoKeys(pub(crate) KeyFileError);

impl LedgerSigner for NoKeys {
    fn keys(&self) -> Vec<PublicKey> {
        Vec::new()
    }

    fn sign_action(&self, key: PublicKey, _: &[u8]) -> Result<Signature, SignError> {
        Err(SignError::not_held(key))
    }

    fn sign_checkpoint(
        &self,
        key: PublicKey,
        _: &Checkpoint,
    ) -> Result<SignedCheckpoint, SignError> {
        Err(SignError::not_held(key))
    }

    fn unusable(&self) -> Option<KeyFileError> {
        Some(self.0.clone())
    }
}

/// A key that is in force is not held.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {which} key in force is {in_force}, named by {}, and it is not among the keys given", self.named_by())]
pub struct NotHeld {
    /// `record` or `checkpoint`.
    pub which: &'static str,
    /// The key in force.
    pub in_force: PublicKey,
    /// How many entries the log has to have for it; 0: the founding names it.
    pub since: u64,
}

impl NotHeld {
    fn named_by(&self) -> String {
        match self.since.checked_sub(1) {
            None => format!("the founding and kept as {}.pem", self.which),
            Some(index) => format!("entry {index}"),
        }
    }

    /// Whether both keys in force are among these.
    pub(crate) fn check(in_force: &OwnKeys, held: &[PublicKey]) -> Result<(), NotHeld> {
        let lines = [
            ("record", &in_force.record),
            ("checkpoint", &in_force.checkpoint),
        ];
        for (which, line) in lines {
            if let Some((since, key)) = line.all().last()
                && !held.contains(key)
            {
                return Err(NotHeld {
                    which,
                    in_force: *key,
                    since,
                });
            }
        }
        Ok(())
    }
}

impl KeyRing {
    /// Reads every key of a directory; there must be one.
    pub fn load(directory: &Path) -> Result<KeyRing, KeyFileError> {
        let ring = KeyRing(Arc::new(Ring {
            directory: directory.to_owned(),
            held: RwLock::default(),
        }));
        for name in ring.0.new_files()? {
            ring.0.read(name)?;
        }
        if ring.held().is_empty() {
            // As somebody looks for it.
            load_key(&directory.join(super::CHECKPOINT_KEY_FILE))?;
        }
        Ok(ring)
    }

    /// Writes all of them to new files of the same names in another directory, which exists.
    pub fn write(&self, directory: &Path) -> Result<(), KeyFileError> {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        let mut files = held.iter();
        files.try_for_each(|(name, key)| write_key(&directory.join(name), key))
    }

    /// The public halves of those read so far.
    pub(crate) fn held(&self) -> Vec<PublicKey> {
        let held = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        held.values().map(public_key).collect()
    }

    /// A key, read anew if it is not known yet.
    fn key(&self, key: PublicKey) -> Result<SigningKey, SignError> {
        if let Some(known) = self.0.find(key) {
            return Ok(known);
        }
        self.look();
        self.0.find(key).ok_or(SignError::not_held(key))
    }

    /// Reads files that have appeared. One that cannot be read is as if it were not there, and told.
    fn look(&self) {
        let names = self.0.new_files().unwrap_or_default();
        for name in names {
            if let Err(error) = self.0.read(name) {
                tracing::warn!(%error, "a key is passed over");
            }
        }
    }
}

impl Ring {
    /// Files of keys that were not read yet.
    fn new_files(&self) -> Result<Vec<OsString>, KeyFileError> {
        let entries = doing("list", &self.directory, fs::read_dir(&self.directory))?;
        let mut names = Vec::new();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            let name = doing("list", &self.directory, entry)?.file_name();
            let is_key = Path::new(&name).extension().is_some_and(|end| end == "pem");
            if is_key && !held.contains_key(&name) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn read(&self, name: OsString) -> Result<(), KeyFileError> {
        let key = load_key(&self.directory.join(&name))?;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.insert(name, key);
        Ok(())
    }

    fn find(&self, wanted: PublicKey) -> Option<SigningKey> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let found = held.values().find(|key| public_key(key) == wanted);
        found.cloned()
    }
}

impl LedgerSigner for KeyRing {
    fn keys(&self) -> Vec<PublicKey> {
        self.look();
        self.held()
    }

    fn sign_action(&self, key: PublicKey, action_bytes: &[u8]) -> Result<Signature, SignError> {
        let key = self.key(key)?;
        Ok(tlog::signing::sign_action(&key, action_bytes))
    }

    fn sign_checkpoint(
        &self,
        key: PublicKey,
        checkpoint: &Checkpoint,
    ) -> Result<SignedCheckpoint, SignError> {
        checkpoint_signed_by(&self.key(key)?, checkpoint)
    }
}

impl fmt::Debug for KeyRing {
    /// Shows the public halves only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyRing").field(&self.held()).finish()
    }
}
