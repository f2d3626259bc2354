//! The ledger's own keys as files that come and go, and checkpoints by any of them.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ledger::keys::{KeyRing, write_key};
use ledger::{Halt, Ledger, LedgerParts, LedgerSigner as _};
use tlog::{SignatureKind, SignedCheckpoint, VerifierKey};

use super::{LEDGER_KEYS, Memory, checkpoint_over, key, public};

pub(crate) const RECORD: &str = LEDGER_KEYS[0];
pub(crate) const CHECKPOINT: &str = LEDGER_KEYS[1];
pub(crate) const NEXT_RECORD: &str = LEDGER_KEYS[2];
pub(crate) const NEXT_CHECKPOINT: &str = LEDGER_KEYS[3];

/// A directory of key files, one of which can come and go.
pub(crate) struct Keys(tempfile::TempDir);

impl Keys {
    pub(crate) fn of(names: &[&str]) -> Keys {
        let keys = Keys(tempfile::tempdir().unwrap());
        for name in names {
            keys.add(name);
        }
        keys
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0
            .path()
            .join(format!("{}.pem", name.replace(' ', "-")))
    }

    pub(crate) fn add(&self, name: &str) {
        write_key(&self.file(name), &key(name)).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.file(name)).unwrap();
    }

    pub(crate) fn ring(&self) -> KeyRing {
        KeyRing::load(self.0.path()).unwrap()
    }
}

/// Opens a ledger with these keys.
pub(crate) async fn open_with(memory: &Memory, keys: &Keys) -> Result<Arc<Ledger>, Halt> {
    let parts = LedgerParts {
        signer: Arc::new(keys.ring()),
        ..memory.parts()
    };
    let clock = Arc::new(memory.clock.clone());
    let opened = Ledger::open(parts, clock, memory.limits).await;
    opened.map(Arc::new)
}

/// What checkpoints are checked with that this key signs.
pub(crate) fn verifier(name: &str) -> VerifierKey {
    let founding = super::founding_entry(super::LEDGER);
    let origin = checkpoint_over([&founding]);
    let origin = origin.checkpoint().origin.clone();
    VerifierKey::new(&origin, SignatureKind::Ed25519, &public(name).0).unwrap()
}

pub(crate) fn signed_by(checkpoint: &SignedCheckpoint, name: &str) -> bool {
    let bytes = checkpoint.to_bytes();
    SignedCheckpoint::open(&bytes, &verifier(name)).is_ok()
}

/// A checkpoint over these entries by this key, whether it may or not.
pub(crate) fn signed_with(entries: &[Vec<u8>], name: &str) -> SignedCheckpoint {
    let tree = checkpoint_over(entries).checkpoint().clone();
    let held = Keys::of(&[name]).ring();
    held.sign_checkpoint(public(name), &tree).unwrap()
}
