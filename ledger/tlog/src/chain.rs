//! The chain: each entry names the leaf of the one before it.
//!
//! A verifier checks every link *and* every leaf against the tree; a linear proof checked only in
//! part, mixed with a tree, was CVE-2022-36111 elsewhere.

use crate::entry::{Entry, EntryError};
use crate::hash::{Hash, leaf_hash};

/// Checks entries one after another and remembers what the next must continue.
///
/// After an error the chain is as it was before: an entry that does not follow is not counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    ledger: String,
    last: Option<Link>,
}

/// One checked entry, as much of it as the next one must continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The entry's place in the log.
    pub index: u64,
    /// Its leaf hash: what the next entry carries as `previous`.
    pub leaf: Hash,
    /// When it was recorded, in milliseconds since 1970-01-01 UTC; the next is not earlier.
    pub recorded_at: u64,
}

/// An entry does not continue the chain: where, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The bytes at this place are not an entry.
    #[error("at index {index} stand bytes that are not an entry")]
    Entry {
        /// The index that was expected.
        index: u64,
        /// What is wrong with them.
        source: EntryError,
    },
    /// Another index than the next: entries are missing, repeated or out of order.
    #[error("index {expected} was expected and {found} found")]
    Gap {
        /// The index after the last.
        expected: u64,
        /// The index the entry bears.
        found: u64,
    },
    /// The entry follows another entry than the one before it: one of the two was changed.
    #[error("entry {index} follows leaf {found}, but the leaf before it is {expected}")]
    BrokenLink {
        /// The entry's index.
        index: u64,
        /// The leaf of the entry before; [`Hash::ZERO`] at index 0.
        expected: Hash,
        /// The leaf the entry names.
        found: Hash,
    },
    /// The entry was recorded before the one before it.
    #[error("entry {index} was recorded at {found} ms, before its predecessor's {previous} ms")]
    TimeWentBack {
        /// The entry's index.
        index: u64,
        /// The predecessor's time in milliseconds.
        previous: u64,
        /// The entry's time in milliseconds.
        found: u64,
    },
    /// The entry belongs to another ledger.
    #[error("entry {index} belongs to ledger {found}, not {expected}")]
    OtherLedger {
        /// The entry's index.
        index: u64,
        /// The chain's ledger.
        expected: String,
        /// The entry's ledger.
        found: String,
    },
    /// The last index a log can have is taken.
    #[error("the log is full")]
    Full,
}

impl Chain {
    /// The chain of a ledger without entries.
    pub fn new(ledger: impl Into<String>) -> Chain {
        Chain {
            ledger: ledger.into(),
            last: None,
        }
    }

    /// The chain of a ledger whose entries up to `last` have been checked before.
    pub fn resume(ledger: impl Into<String>, last: Link) -> Chain {
        Chain {
            ledger: ledger.into(),
            last: Some(last),
        }
    }

    /// Decodes the next entry, checks that it follows, and returns it with its link.
    pub fn push(&mut self, entry_bytes: &[u8]) -> Result<(Entry, Link), ChainError> {
        let entry = Entry::decode(entry_bytes).map_err(|source| ChainError::Entry {
            index: self.next_index(),
            source,
        })?;
        let link = self.push_decoded(&entry, leaf_hash(entry_bytes))?;
        Ok((entry, link))
    }

    /// Like [`Chain::push`] for an entry decoded elsewhere: `leaf` must be the hash of its bytes.
    pub fn push_decoded(&mut self, entry: &Entry, leaf: Hash) -> Result<Link, ChainError> {
        self.check(entry)?;
        let link = Link {
            index: entry.index,
            leaf,
            recorded_at: entry.recorded_at,
        };
        self.last = Some(link);
        Ok(link)
    }

    /// Whether `entry` continues the chain, without continuing it.
    pub fn check(&self, entry: &Entry) -> Result<(), ChainError> {
        self.check_place(entry)?;
        let expected = self.previous();
        if entry.previous != expected {
            return Err(ChainError::BrokenLink {
                index: entry.index,
                expected,
                found: entry.previous,
            });
        }
        match self.last {
            Some(last) if entry.recorded_at < last.recorded_at => Err(ChainError::TimeWentBack {
                index: entry.index,
                previous: last.recorded_at,
                found: entry.recorded_at,
            }),
            _ => Ok(()),
        }
    }

    /// The ledger whose chain this is.
    pub fn ledger(&self) -> &str {
        &self.ledger
    }

    /// The last checked entry; none before the first.
    pub fn last(&self) -> Option<Link> {
        self.last
    }

    /// The index the next entry must bear: the number of entries so far.
    pub fn next_index(&self) -> u64 {
        self.last.map_or(0, |last| last.index.saturating_add(1))
    }

    /// What the next entry must carry as `previous`.
    pub fn previous(&self) -> Hash {
        self.last.map_or(Hash::ZERO, |last| last.leaf)
    }

    fn check_place(&self, entry: &Entry) -> Result<(), ChainError> {
        if entry.ledger != self.ledger {
            return Err(ChainError::OtherLedger {
                index: entry.index,
                expected: self.ledger.clone(),
                found: entry.ledger.clone(),
            });
        }
        if self.last.is_some_and(|last| last.index == u64::MAX) {
            return Err(ChainError::Full);
        }
        let expected = self.next_index();
        if entry.index != expected {
            let found = entry.index;
            return Err(ChainError::Gap { expected, found });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Signature;

    fn entry(index: u64, recorded_at: u64, previous: Hash) -> Entry {
        Entry {
            ledger: "xinyuanli".to_owned(),
            index,
            recorded_at,
            previous,
            signatures: vec![Signature {
                key: [1; 32],
                signature: [2; 64],
            }],
            action: b"action".to_vec(),
        }
    }

    /// A chain of two entries, recorded at 1,000 and 2,000 ms.
    fn two() -> Chain {
        let mut chain = Chain::new("xinyuanli");
        for recorded_at in [1_000, 2_000] {
            let next = entry(chain.next_index(), recorded_at, chain.previous());
            chain.push(&next.encode().unwrap()).unwrap();
        }
        chain
    }

    #[test]
    fn entries_that_follow_are_counted_and_give_their_leaf() {
        let mut chain = two();
        let bytes = entry(2, 2_000, chain.previous()).encode().unwrap();
        let (entry, link) = chain.push(&bytes).unwrap();
        assert_eq!(link.leaf, leaf_hash(&bytes));
        assert_eq!((entry.index, link.index, chain.next_index()), (2, 2, 3));
        assert_eq!(Chain::resume("xinyuanli", link), chain);
    }

    #[test]
    fn the_first_entry_follows_zeros_at_index_zero() {
        let mut chain = Chain::new("xinyuanli");
        let found = leaf_hash(b"");
        let refused = chain.push(&entry(0, 1, found).encode().unwrap());
        let expected = Hash::ZERO;
        let broken = ChainError::BrokenLink {
            index: 0,
            expected,
            found,
        };
        assert_eq!(refused, Err(broken));
        let (expected, found) = (0, 1);
        let refused = chain.push(&entry(1, 1, Hash::ZERO).encode().unwrap());
        assert_eq!(refused, Err(ChainError::Gap { expected, found }));
        assert!(
            chain
                .push(&entry(0, 1, Hash::ZERO).encode().unwrap())
                .is_ok()
        );
    }

    #[test]
    fn a_missing_and_a_repeated_entry_are_gaps() {
        let chain = two();
        for found in [1, 3] {
            let refused = chain.check(&entry(found, 3_000, chain.previous()));
            assert_eq!(refused, Err(ChainError::Gap { expected: 2, found }));
        }
    }

    #[test]
    fn a_changed_predecessor_breaks_the_link() {
        let mut chain = two();
        let before = chain.clone();
        let found = leaf_hash(b"changed");
        let refused = chain.push(&entry(2, 3_000, found).encode().unwrap());
        let expected = before.previous();
        let broken = ChainError::BrokenLink {
            index: 2,
            expected,
            found,
        };
        assert_eq!(refused, Err(broken));
        assert_eq!(chain, before, "a refused entry is not counted");
    }

    #[test]
    fn the_same_millisecond_follows_and_one_earlier_does_not() {
        let chain = two();
        assert_eq!(chain.check(&entry(2, 2_000, chain.previous())), Ok(()));
        let back = ChainError::TimeWentBack {
            index: 2,
            previous: 2_000,
            found: 1_999,
        };
        let refused = chain.check(&entry(2, 1_999, chain.previous()));
        assert_eq!(refused, Err(back));
    }

    #[test]
    fn an_entry_of_another_ledger_is_refused() {
        let chain = two();
        let mut other = entry(2, 3_000, chain.previous());
        other.ledger = "heping".to_owned();
        let refused = ChainError::OtherLedger {
            index: 2,
            expected: "xinyuanli".to_owned(),
            found: "heping".to_owned(),
        };
        assert_eq!(chain.check(&other), Err(refused));
    }

    #[test]
    fn bytes_that_are_no_entry_are_refused_with_the_index_they_stand_at() {
        let mut chain = two();
        let refused = chain.push(&[1, 0]);
        assert!(matches!(refused, Err(ChainError::Entry { index: 2, .. })));
    }

    #[test]
    fn nothing_follows_the_last_index() {
        let last = Link {
            index: u64::MAX,
            leaf: Hash::ZERO,
            recorded_at: 0,
        };
        let chain = Chain::resume("xinyuanli", last);
        let refused = chain.check(&entry(u64::MAX, 0, Hash::ZERO));
        assert_eq!(refused, Err(ChainError::Full));
    }
}
