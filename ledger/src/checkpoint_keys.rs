//! Which key signs a ledger's checkpoint of which size: the one answer, asked everywhere.
//!
//! A checkpoint is signed by the key in force once the log has as many entries as it covers
//! ([`governance::own_keys`]). So a rotation needs no second signature and no grace: the checkpoint that covers
//! its entry bears the new key's, every smaller one the old key's, for ever.

use governance::State;
use governance::action::Payload;
use governance::ids::PublicKey;
use governance::own_keys::{KeyLine, OwnKeys};
use tlog::{
    Checkpoint, CheckpointError, Entry, KeyError, Note, SignatureKind, SignedCheckpoint, Verified,
    VerifierKey,
};

use crate::replay::{Fault, signers};
use crate::signatures::verify_signatures;

/// The keys of a ledger's checkpoints, each from a size on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointKeys(KeyLine<VerifierKey>);

impl CheckpointKeys {
    /// Those of a log that amounts to this state.
    pub fn of(state: &State) -> Result<CheckpointKeys, KeyError> {
        CheckpointKeys::named(state.origin(), state.own_keys())
    }

    /// These keys, under the ledger's origin.
    pub fn named(origin: &str, keys: &OwnKeys) -> Result<CheckpointKeys, KeyError> {
        let line = keys.checkpoint.try_map(|key| verifier_key(origin, *key));
        line.map(CheckpointKeys)
    }

    /// These keys, each from a size on, as a server says they are; none if they are no such line.
    pub fn claimed(keys: impl IntoIterator<Item = (u64, VerifierKey)>) -> Option<CheckpointKeys> {
        KeyLine::of(keys).map(CheckpointKeys)
    }

    /// What the checkpoint of `size` entries is signed with.
    pub fn at(&self, size: u64) -> &VerifierKey {
        self.0.at(size)
    }

    /// What the next checkpoint is signed with, as far as is known.
    pub fn in_force(&self) -> &VerifierKey {
        self.0.in_force()
    }

    /// Every key with the size from which on it is in force, oldest first; the first from 0.
    pub fn all(&self) -> impl Iterator<Item = (u64, &VerifierKey)> {
        self.0.all()
    }

    /// Whether the key is or was one of them.
    pub fn contain(&self, key: &VerifierKey) -> bool {
        self.all().any(|(_, other)| other == key)
    }

    /// Checks a checkpoint by the key in force at its size, and the cosignatures of these witnesses.
    pub fn check(
        &self,
        note: Note,
        witnesses: &[VerifierKey],
    ) -> Result<(SignedCheckpoint, Vec<Verified>), CheckpointError> {
        let size = Checkpoint::parse(note.text())?.size;
        SignedCheckpoint::check(note, self.at(size), witnesses)
    }

    /// The same from the note's bytes, whoever has cosigned.
    pub fn open(&self, note: &[u8]) -> Result<SignedCheckpoint, CheckpointError> {
        let (signed, _) = self.check(Note::parse(note)?, &[])?;
        Ok(signed)
    }
}

/// What a log of this origin has checked with this key.
pub(crate) fn verifier_key(origin: &str, key: PublicKey) -> Result<VerifierKey, KeyError> {
    VerifierKey::new(origin, SignatureKind::Ed25519, &key.0)
}

/// A checkpoint that one of these keys has signed: for one beyond what is known of the log, whose key the log may
/// name only there.
pub(crate) fn signed_by_any(
    note: &Note,
    origin: &str,
    keys: &[PublicKey],
) -> Option<SignedCheckpoint> {
    keys.iter().find_map(|key| {
        let key = verifier_key(origin, *key).ok()?;
        let checked = SignedCheckpoint::check(note.clone(), &key, &[]);
        checked.ok().map(|(signed, _)| signed)
    })
}

/// The ledger's own keys as entries name them, for who reads a log without executing its rules: a rotation
/// counts if old key and new key have signed it.
#[derive(Clone, Debug)]
pub(crate) struct NamedKeys {
    pub(crate) origin: String,
    pub(crate) keys: OwnKeys,
}

impl NamedKeys {
    /// Those of a log that amounts to this state.
    pub(crate) fn of(state: &State) -> NamedKeys {
        NamedKeys {
            origin: state.origin().to_owned(),
            keys: state.own_keys().clone(),
        }
    }

    /// Those that a first entry names; none if it founds nothing.
    pub(crate) fn founded(first: &Entry) -> Result<Option<NamedKeys>, Fault> {
        let action = proto::decode_action(&first.action)?;
        let Payload::Founding(founded) = &action.payload else {
            return Ok(None);
        };
        Ok(Some(NamedKeys {
            origin: founded.origin.clone(),
            keys: OwnKeys::named_by(founded),
        }))
    }

    /// Takes in the next entry.
    pub(crate) fn follow(&mut self, entry: &Entry) -> Result<(), Fault> {
        let action = proto::decode_action(&entry.action)?;
        let mut after = self.keys.clone();
        after.follow(entry.index, &action);
        if after == self.keys {
            return Ok(());
        }
        verify_signatures(&entry.action, &entry.signatures)?;
        let called_for = governance::required_signers(&action);
        let signed = signers(entry);
        for (at, who) in called_for.iter().enumerate() {
            if let governance::RequiredSigner::Key(key) = who
                && signed.get(at) != Some(key)
            {
                let who = who.clone();
                return Err(governance::Rejection::MissingSignature { who }.into());
            }
        }
        self.keys = after;
        Ok(())
    }

    /// What checkpoints are checked with.
    pub(crate) fn checkpoint_keys(&self) -> Result<CheckpointKeys, KeyError> {
        CheckpointKeys::named(&self.origin, &self.keys)
    }
}
