//! The ledger's own two keys, which the founding names and the log exchanges.
//!
//! A rotation is an act of the registrar that the old key and the new one sign. It is in force from its own
//! entry on, that entry included: the checkpoint that covers it bears the new key's signature, one that does
//! not the old key's, and a derived entry after it is signed by the new record key. So which key signs is a
//! function of the log, at every size, and nobody has to be told.

use serde::{Deserialize, Serialize};

use crate::{
    action::{Action, LedgerFounded, Payload, PeopleAction},
    ids::PublicKey,
    rejection::Rejection,
};

/// Most record keys, and most checkpoint keys, that a ledger ever has: a new one a year for a century. All of
/// them are kept for ever, so nobody may make them grow without end.
pub const LEDGER_KEYS_EVER_MAX: usize = 100;

/// The ledger's own keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnKeys {
    /// Those that sign derived entries.
    pub record: KeyLine<PublicKey>,
    /// Those that sign checkpoints.
    pub checkpoint: KeyLine<PublicKey>,
}

/// The keys of one use, one after another: which of them is in force at each size of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyLine<K> {
    first: K,
    /// From which size on, growing, and which key.
    later: Vec<(u64, K)>,
}

impl<K> KeyLine<K> {
    /// The line that begins with the key the founding names.
    pub const fn founded(first: K) -> Self {
        Self {
            first,
            later: Vec::new(),
        }
    }

    /// The line of these keys; none if the first is not from 0 on, or a later one not from later on.
    pub fn of(keys: impl IntoIterator<Item = (u64, K)>) -> Option<Self> {
        let mut keys = keys.into_iter();
        let (0, first) = keys.next()? else {
            return None;
        };
        let mut line = Self::founded(first);
        for (from, key) in keys {
            if from <= line.later.last().map_or(0, |(from, _)| *from) {
                return None;
            }
            line.later.push((from, key));
        }
        Some(line)
    }

    /// The key in force once the log has `size` entries.
    pub fn at(&self, size: u64) -> &K {
        let until = self.later.partition_point(|(from, _)| *from <= size);
        self.later[..until]
            .last()
            .map_or(&self.first, |(_, key)| key)
    }

    /// The newest key.
    pub fn in_force(&self) -> &K {
        self.at(u64::MAX)
    }

    /// Every key with the size from which on it is in force, oldest first; the first from 0.
    pub fn all(&self) -> impl Iterator<Item = (u64, &K)> {
        let later = self.later.iter().map(|(from, key)| (*from, key));
        std::iter::once((0, &self.first)).chain(later)
    }

    /// The same line of what each key is made into.
    pub fn try_map<T, E>(&self, mut made: impl FnMut(&K) -> Result<T, E>) -> Result<KeyLine<T>, E> {
        let mut line = KeyLine::founded(made(&self.first)?);
        for (from, key) in &self.later {
            line.later.push((*from, made(key)?));
        }
        Ok(line)
    }
}

impl KeyLine<PublicKey> {
    fn has_had(&self, key: PublicKey) -> bool {
        self.all().any(|(_, other)| *other == key)
    }

    /// Whether the key given up is the one in force here; then the other is, once entry `index` is there.
    fn rotate(&mut self, old_key: PublicKey, new_key: PublicKey, index: u64) -> bool {
        let rotates = *self.in_force() == old_key;
        if rotates {
            self.later.push((index.saturating_add(1), new_key));
        }
        rotates
    }
}

impl OwnKeys {
    /// Those that a founding names.
    pub const fn named_by(founding: &LedgerFounded) -> Self {
        Self {
            record: KeyLine::founded(founding.record_key),
            checkpoint: KeyLine::founded(founding.checkpoint_key),
        }
    }

    /// Takes in entry `index`, which the rules admit.
    pub fn follow(&mut self, index: u64, action: &Action) {
        if let Payload::People(PeopleAction::LedgerKeyRotated { old_key, new_key }) =
            &action.payload
        {
            self.rotate(*old_key, *new_key, index);
        }
    }

    /// Whether the key is or was one of the ledger's own.
    pub fn have_had(&self, key: PublicKey) -> bool {
        self.record.has_had(key) || self.checkpoint.has_had(key)
    }

    /// The key may be exchanged for another.
    pub(crate) fn check_rotated(&self, old_key: PublicKey) -> Result<(), Rejection> {
        let mut lines = [&self.record, &self.checkpoint].into_iter();
        let Some(line) = lines.find(|line| *line.in_force() == old_key) else {
            return Err(Rejection::LedgerKeyNotInForce { key: old_key });
        };
        if line.all().count() < LEDGER_KEYS_EVER_MAX {
            return Ok(());
        }
        Err(Rejection::LedgerKeysUsedUp {
            max: LEDGER_KEYS_EVER_MAX as u64,
        })
    }

    pub(crate) fn rotate(&mut self, old_key: PublicKey, new_key: PublicKey, index: u64) {
        if !self.record.rotate(old_key, new_key, index) {
            self.checkpoint.rotate(old_key, new_key, index);
        }
    }
}
