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

/// Why a checkpoint is not the log's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTheLogs {
    /// It is none, or none of the log's keys has signed it.
    #[error(transparent)]
    Foreign(#[from] CheckpointError),
    /// Whoever holds one of the log's keys signed it, but not the one in force at its size.
    #[error(transparent)]
    NotInForce(Box<KeyNotInForce>),
}

/// A key of the log's signed a checkpoint of a size at which another is in force: one that was given up and that
/// somebody still has, or one that is not in force yet. The log itself never does.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the checkpoint of {size} entries is signed by {signed_by}, which is a key of this log, but not the one in force \
     there: by the entries that is {in_force}"
)]
pub struct KeyNotInForce {
    /// How many entries the checkpoint covers.
    pub size: u64,
    /// The key that signed it.
    pub signed_by: VerifierKey,
    /// The key in force at that size.
    pub in_force: VerifierKey,
}

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
    ) -> Result<(SignedCheckpoint, Vec<Verified>), NotTheLogs> {
        let size = Checkpoint::parse(note.text())?.size;
        let in_force = self.at(size);
        let by_it = note.signatures().iter().any(|s| s.is_by(in_force));
        if !by_it && let Some(signed_by) = self.signer_of(&note) {
            return Err(NotTheLogs::NotInForce(Box::new(KeyNotInForce {
                size,
                signed_by: signed_by.clone(),
                in_force: in_force.clone(),
            })));
        }
        Ok(SignedCheckpoint::check(note, in_force, witnesses)?)
    }

    /// The same from the note's bytes, whoever has cosigned.
    pub fn open(&self, note: &[u8]) -> Result<SignedCheckpoint, NotTheLogs> {
        let note = Note::parse(note).map_err(CheckpointError::Note)?;
        self.check(note, &[]).map(|(signed, _)| signed)
    }

    /// The key of the log's that has signed a checkpoint, in force at its size or not.
    pub fn signer_of(&self, note: &Note) -> Option<&VerifierKey> {
        let signed = |key: &&VerifierKey| SignedCheckpoint::check(note.clone(), key, &[]).is_ok();
        self.all().map(|(_, key)| key).find(signed)
    }
}

/// What a log of this origin has checked with this key.
pub(crate) fn verifier_key(origin: &str, key: PublicKey) -> Result<VerifierKey, KeyError> {
    VerifierKey::new(origin, SignatureKind::Ed25519, &key.0)
}

/// A checkpoint beyond what is known of the log, signed by a key that may be in force there: the newest, or one
/// that is held and that the log names only then. A key that was given up is none, nor is a record key, whoever
/// has them: the log takes none of them.
pub(crate) fn signed_ahead(
    note: &Note,
    known: &NamedKeys,
    held: &[PublicKey],
) -> Option<SignedCheckpoint> {
    let in_force = *known.keys.checkpoint.in_force();
    let may_be = |key: &&PublicKey| **key == in_force || !known.keys.have_had(**key);
    held.iter().filter(may_be).find_map(|key| {
        let key = verifier_key(&known.origin, *key).ok()?;
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
