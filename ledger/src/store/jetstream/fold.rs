//! Which messages of a stream are the log: a function of the messages alone, the same for everybody.
//!
//! A message is the next block if it says so, and if its entries continue the chain. Any other is
//! passed over: by every node and every auditor alike, whether it is a stray message, one published by
//! hand, or a block that came too late. What an entry *means* (signatures, rules) is not looked at
//! here; a block that continues the chain and breaks a rule is corruption, and its readers say so.

use async_nats::HeaderMap;
use tlog::{Block, Chain, ChainError, EntryError};

use super::message::{self, NoBlock};
use crate::store::{Damage, DamageKind, LogPlace};

/// The largest number that a version of entries may ever have; what says it is a later one is no entry,
/// so that stray bytes stop nobody.
const ENTRY_VERSION_MAX: u16 = 255;

/// A block of the log and the message that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) first_index: u64,
    pub(super) sequence: u64,
    /// CRC-32C of the body, to see that what is read later is what was checked.
    pub(super) crc: u32,
}

/// Why a message is passed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Foreign {
    #[error(transparent)]
    NoBlock(#[from] NoBlock),
    #[error("it does not continue the log: {0}")]
    Unlinked(#[from] ChainError),
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the next block.
    Block,
    /// It is none, and is passed over.
    Skipped(Foreign),
    /// It was looked at before: the stream was read again.
    Seen,
}

/// The log in a stream, up to some message.
#[derive(Clone, Debug)]
pub(super) struct Fold {
    stream: String,
    chain: Chain,
    blocks: Vec<Placed>,
    bytes: u64,
    skipped: u64,
    last_sequence: u64,
}

impl Fold {
    /// Before the first message.
    pub(super) fn new(ledger: &str, stream: &str) -> Fold {
        Fold {
            stream: stream.to_owned(),
            chain: Chain::new(ledger),
            blocks: Vec::new(),
            bytes: 0,
            skipped: 0,
            last_sequence: 0,
        }
    }

    /// Takes the next message. It is an error only if it cannot be told what the message is: a newer
    /// program wrote it, and passing it over would make this node's log another than that one's.
    pub(super) fn take(
        &mut self,
        sequence: u64,
        headers: Option<&HeaderMap>,
        body: &[u8],
    ) -> Result<Verdict, Damage> {
        if sequence <= self.last_sequence {
            return Ok(Verdict::Seen);
        }
        let verdict = match self.continued(headers, body) {
            Ok(chain) => {
                self.push(sequence, body, chain);
                Verdict::Block
            }
            Err(Foreign::Unlinked(ChainError::Entry {
                source: EntryError::UnknownVersion { found },
                ..
            })) if found <= ENTRY_VERSION_MAX => return Err(self.unknown(sequence, found)),
            Err(foreign) => {
                self.skipped += 1;
                Verdict::Skipped(foreign)
            }
        };
        self.last_sequence = sequence;
        Ok(verdict)
    }

    /// Takes the next message, which is a block of our own that was found to continue the log before
    /// it was published; `after` is the chain with it.
    pub(super) fn take_own(&mut self, sequence: u64, body: &[u8], after: Chain) {
        self.push(sequence, body, after);
        self.last_sequence = sequence;
    }

    /// The chain after a block, if it continues the log.
    pub(super) fn after(&self, block: &Block) -> Result<Chain, ChainError> {
        let mut chain = self.chain.clone();
        for entry in &block.entries {
            chain.push(entry)?;
        }
        Ok(chain)
    }

    /// Entries so far.
    pub(super) fn length(&self) -> u64 {
        self.chain.next_index()
    }

    /// The last message looked at; 0 for none.
    pub(super) fn last_sequence(&self) -> u64 {
        self.last_sequence
    }

    /// Messages passed over so far.
    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Blocks so far, in order.
    pub(super) fn blocks(&self) -> &[Placed] {
        &self.blocks
    }

    /// Bytes of the blocks' bodies so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Where entry `index` is among the blocks; the number of blocks if it is not there.
    pub(super) fn position(&self, index: u64) -> usize {
        if index >= self.length() {
            return self.blocks.len();
        }
        let after = self
            .blocks
            .partition_point(|block| block.first_index <= index);
        after.saturating_sub(1)
    }

    /// The first entry that is lost with this message: the first of the block it held, or of the block after it
    /// where it was passed over.
    pub(super) fn index_at(&self, sequence: u64) -> u64 {
        let at = self
            .blocks
            .partition_point(|block| block.sequence < sequence);
        self.blocks
            .get(at)
            .map_or(self.length(), |block| block.first_index)
    }

    fn continued(&self, headers: Option<&HeaderMap>, body: &[u8]) -> Result<Chain, Foreign> {
        let block = message::read(headers, body)?;
        let (expected, found) = (self.length(), block.first_index);
        if found != expected {
            return Err(ChainError::Gap { expected, found }.into());
        }
        Ok(self.after(&block)?)
    }

    fn push(&mut self, sequence: u64, body: &[u8], after: Chain) {
        self.blocks.push(Placed {
            first_index: self.length(),
            sequence,
            crc: crc32c::crc32c(body),
        });
        self.bytes += body.len() as u64;
        self.chain = after;
    }

    fn unknown(&self, sequence: u64, found: u16) -> Damage {
        Damage {
            place: LogPlace::Stream {
                name: self.stream.clone(),
                sequence,
            },
            index: self.length(),
            kind: DamageKind::UnknownVersion { found },
        }
    }
}

#[cfg(test)]
mod tests {
    use tlog::{Entry, Hash, Signature};

    use super::super::message::Outgoing;
    use super::*;

    fn entry(chain: &Chain, text: &str) -> Vec<u8> {
        let entry = Entry {
            ledger: chain.ledger().to_owned(),
            index: chain.next_index(),
            recorded_at: 1_000,
            previous: chain.previous(),
            signatures: vec![Signature {
                key: [1; 32],
                signature: [2; 64],
            }],
            action: text.as_bytes().to_vec(),
        };
        entry.encode().unwrap()
    }

    /// The next block of the log: an entry for each text.
    fn block(fold: &Fold, texts: &[&str]) -> Block {
        let mut chain = fold.chain.clone();
        let mut entries = Vec::new();
        for text in texts {
            let bytes = entry(&chain, text);
            chain.push(&bytes).unwrap();
            entries.push(bytes);
        }
        Block {
            first_index: fold.length(),
            entries,
        }
    }

    fn take(fold: &mut Fold, sequence: u64, block: &Block) -> Verdict {
        let message = Outgoing::new(block).unwrap();
        let headers = message.headers_after(0);
        fold.take(sequence, Some(&headers), &message.body).unwrap()
    }

    fn fold() -> Fold {
        let mut fold = Fold::new("xinyuanli", "GOV_xinyuanli");
        let first = block(&fold, &["one"]);
        assert_eq!(take(&mut fold, 1, &first), Verdict::Block);
        let second = block(&fold, &["two", "three"]);
        assert_eq!(take(&mut fold, 2, &second), Verdict::Block);
        fold
    }

    #[test]
    fn blocks_are_found_by_any_of_their_entries() {
        let fold = fold();
        assert_eq!(
            (fold.length(), fold.last_sequence(), fold.skipped()),
            (3, 2, 0)
        );
        let positions = [0, 1, 2, 3, 4].map(|index| fold.position(index));
        assert_eq!(positions, [0, 1, 1, 2, 2]);
        let places: Vec<_> = fold
            .blocks()
            .iter()
            .map(|b| (b.first_index, b.sequence))
            .collect();
        assert_eq!(places, [(0, 1), (1, 2)]);
    }

    #[test]
    fn foreign_messages_are_passed_over_and_the_log_goes_on() {
        let mut fold = fold();
        let before = fold.clone();
        let next = block(&fold, &["four"]);
        let repeated = block(&Fold::new("xinyuanli", "GOV_xinyuanli"), &["one"]);
        let mut ahead = next.clone();
        ahead.first_index = 4;
        let other_ledger = block(&Fold::new("heping", "GOV_heping"), &["one"]);
        let mut unlinked = next.clone();
        unlinked.entries = vec![
            Entry {
                previous: Hash([9; 32]),
                ..Entry::decode(&next.entries[0]).unwrap()
            }
            .encode()
            .unwrap(),
        ];
        let mut half = block(&fold, &["four", "five"]);
        half.entries[1] = b"no entry".to_vec();
        let foreign = [repeated, ahead, other_ledger, unlinked, half];
        for (sequence, block) in (3..).zip(&foreign) {
            let verdict = take(&mut fold, sequence, block);
            assert!(
                matches!(verdict, Verdict::Skipped(Foreign::Unlinked(_))),
                "{verdict:?}"
            );
        }
        let stray = fold.take(8, None, b"hello").unwrap();
        assert!(matches!(stray, Verdict::Skipped(Foreign::NoBlock(_))));
        assert_eq!(fold.chain, before.chain, "nothing of them is kept");
        assert_eq!(
            (fold.length(), fold.skipped(), fold.last_sequence()),
            (3, 6, 8)
        );
        assert_eq!(take(&mut fold, 9, &next), Verdict::Block);
        assert_eq!(fold.length(), 4);
    }

    #[test]
    fn a_message_read_again_changes_nothing() {
        let mut fold = fold();
        let first = block(&Fold::new("xinyuanli", "GOV_xinyuanli"), &["one"]);
        assert_eq!(take(&mut fold, 1, &first), Verdict::Seen);
        assert_eq!((fold.length(), fold.skipped()), (3, 0));
    }

    #[test]
    fn an_entry_of_a_newer_version_is_not_passed_over() {
        let mut fold = fold();
        let mut newer = block(&fold, &["four"]);
        newer.entries[0][..2].copy_from_slice(&256_u16.to_le_bytes());
        let verdict = take(&mut fold.clone(), 3, &newer);
        assert!(matches!(verdict, Verdict::Skipped(_)), "{verdict:?}");
        newer.entries[0][..2].copy_from_slice(&255_u16.to_le_bytes());
        let message = Outgoing::new(&newer).unwrap();
        let headers = message.headers_after(0);
        let damage = fold.take(3, Some(&headers), &message.body).unwrap_err();
        assert_eq!(damage.kind, DamageKind::UnknownVersion { found: 255 });
        assert_eq!((damage.index, fold.last_sequence()), (3, 2));
        assert!(
            damage.to_string().contains("message 3 of GOV_xinyuanli"),
            "{damage}"
        );
    }

    #[test]
    fn an_own_block_is_taken_as_anybody_elses() {
        let (mut own, mut others) = (fold(), fold());
        let next = block(&own, &["four", "five"]);
        let after = own.after(&next).unwrap();
        let message = Outgoing::new(&next).unwrap();
        own.take_own(3, &message.body, after);
        assert_eq!(take(&mut others, 3, &next), Verdict::Block);
        assert_eq!(own.blocks, others.blocks);
        assert_eq!((own.chain, own.bytes), (others.chain, others.bytes));
    }
}
