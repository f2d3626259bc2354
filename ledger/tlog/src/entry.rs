//! An entry: what the ledger stores for each accepted action, and its exact bytes.
//!
//! The layout is `bincode` 2 in its `legacy` configuration (little-endian, fixed-width integers,
//! `u64` lengths, arrays without length). The layout is the contract; the crate is one
//! implementation of it, named in this file alone.

use bincode::BorrowDecode;
use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use bincode::de::DecoderImpl;
use bincode::de::read::SliceReader;
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};

use crate::hash::{HASH_LEN, Hash, leaf_hash};

/// The version this crate writes and the only one there is so far. Older versions stay readable
/// for ever; a change of any byte of the layout is a new version.
pub const ENTRY_VERSION: u16 = 1;

/// The longest entry in bytes: the most a tlog-tiles entry bundle's u16 length can say.
pub const MAX_ENTRY_LEN: usize = 65_535;

/// The most signatures an entry carries: the actor's, a second officer's or tellers', and room.
pub const MAX_SIGNATURES: usize = 16;

/// The longest ledger id in bytes: it stands in paths, stream names and subjects.
pub const MAX_LEDGER_ID_LEN: usize = 40;

/// The longest action in bytes that fits an entry whatever its ledger id and signatures.
pub const MAX_ACTION_LEN: usize =
    MAX_ENTRY_LEN - FIXED_LEN - MAX_LEDGER_ID_LEN - MAX_SIGNATURES * SIGNATURE_LEN;

/// Version, three lengths, index, time and previous leaf: everything of fixed width.
const FIXED_LEN: usize = 2 + 8 + 8 + 8 + HASH_LEN + 8 + 8;
/// One key and one signature.
const SIGNATURE_LEN: usize = 32 + 64;

/// One stored action: where it stands, when it was recorded, what stood before it, who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The ledger's id: 1 to 40 characters of `a-z`, `0-9` and `-`.
    pub ledger: String,
    /// The entry's place in the log, from 0 without gaps.
    pub index: u64,
    /// Milliseconds since 1970-01-01 UTC by the ledger's clock; never less than the entry before.
    pub recorded_at: u64,
    /// Leaf hash of the entry before; [`Hash::ZERO`] for index 0.
    pub previous: Hash,
    /// 1 to 16 signatures over the action, the actor's first.
    pub signatures: Vec<Signature>,
    /// The action exactly as its client serialised it.
    pub action: Vec<u8>,
}

/// A key and what it signed an action with: Ed25519 over [`crate::signing::signing_message`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The Ed25519 public key.
    pub key: [u8; 32],
    /// The Ed25519 signature.
    pub signature: [u8; 64],
}

/// Bytes that are not an entry, or an entry that has no bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The entry is longer than [`MAX_ENTRY_LEN`].
    #[error("an entry of {found} bytes is longer than {MAX_ENTRY_LEN}")]
    TooLong {
        /// Its length in bytes.
        found: usize,
    },
    /// The bytes end before the entry does.
    #[error("the entry's bytes end early, in its {field}")]
    Truncated {
        /// The field in which they end.
        field: &'static str,
    },
    /// The entry ends before the bytes do.
    #[error("{found} bytes follow the entry")]
    TrailingBytes {
        /// How many.
        found: usize,
    },
    /// A version this crate does not know.
    #[error("entry version {found} is not known")]
    UnknownVersion {
        /// The version the bytes name.
        found: u16,
    },
    /// The ledger id has another length or character than [`is_ledger_id`] allows.
    #[error("the entry's ledger id is not 1 to 40 characters of a-z, 0-9 and -")]
    LedgerId,
    /// No signature, or more than [`MAX_SIGNATURES`].
    #[error("{found} signatures; an entry has 1 to {MAX_SIGNATURES}")]
    SignatureCount {
        /// How many the entry has, or says it has.
        found: u64,
    },
    /// The bytes decode but are not the ones the same entry encodes to.
    #[error("the entry's bytes are not its one encoding")]
    NotCanonical,
}

/// Whether `text` may be a ledger's id: 1 to 40 characters of `a-z`, `0-9` and `-`, safe in
/// paths, stream names and subjects.
pub fn is_ledger_id(text: &str) -> bool {
    (1..=MAX_LEDGER_ID_LEN).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

impl Entry {
    /// The entry's one encoding.
    pub fn encode(&self) -> Result<Vec<u8>, EntryError> {
        self.check()?;
        let mut bytes = Vec::with_capacity(self.encoded_len());
        bincode::encode_into_std_write(Layout(self), &mut bytes, config())
            .expect("a vector takes any bytes and every field has an encoding");
        debug_assert_eq!(bytes.len(), self.encoded_len());
        Ok(bytes)
    }

    /// Reads one entry from exactly these bytes.
    ///
    /// Every length is checked against its bound and against the bytes there are before anything
    /// is allocated for it.
    pub fn decode(bytes: &[u8]) -> Result<Entry, EntryError> {
        if bytes.len() > MAX_ENTRY_LEN {
            return Err(EntryError::TooLong { found: bytes.len() });
        }
        let mut fields = Fields::new(bytes);
        let version = fields.read("version")?;
        if version != ENTRY_VERSION {
            return Err(EntryError::UnknownVersion { found: version });
        }
        let entry = Entry {
            ledger: fields.ledger()?,
            index: fields.read("index")?,
            recorded_at: fields.read("recorded_at")?,
            previous: Hash(fields.read("previous")?),
            signatures: fields.signatures()?,
            action: fields.read::<&[u8]>("action")?.to_vec(),
        };
        // Every field was read, so what the bytes have beyond their sum follows the entry.
        let found = bytes.len() - entry.encoded_len();
        if found > 0 {
            return Err(EntryError::TrailingBytes { found });
        }
        if entry.encode()? == bytes {
            Ok(entry)
        } else {
            Err(EntryError::NotCanonical)
        }
    }

    /// The length of the encoding in bytes.
    pub fn encoded_len(&self) -> usize {
        FIXED_LEN + self.ledger.len() + self.signatures.len() * SIGNATURE_LEN + self.action.len()
    }

    /// The entry's leaf hash. Whoever holds the bytes calls [`leaf_hash`] on them instead.
    pub fn leaf(&self) -> Result<Hash, EntryError> {
        Ok(leaf_hash(&self.encode()?))
    }

    fn check(&self) -> Result<(), EntryError> {
        if !is_ledger_id(&self.ledger) {
            return Err(EntryError::LedgerId);
        }
        check_signature_count(self.signatures.len() as u64)?;
        let found = self.encoded_len();
        if found > MAX_ENTRY_LEN {
            return Err(EntryError::TooLong { found });
        }
        Ok(())
    }
}

fn check_signature_count(found: u64) -> Result<(), EntryError> {
    if (1..=MAX_SIGNATURES as u64).contains(&found) {
        Ok(())
    } else {
        Err(EntryError::SignatureCount { found })
    }
}

/// `legacy`, with the total of what a decoder may claim limited to the longest entry.
type Config = Configuration<LittleEndian, Fixint, Limit<MAX_ENTRY_LEN>>;

fn config() -> Config {
    bincode::config::legacy().with_limit::<MAX_ENTRY_LEN>()
}

/// The order of the fields, kept off [`Entry`] so that no other crate comes to need `bincode`.
struct Layout<'a>(&'a Entry);

impl bincode::Encode for Layout<'_> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let entry = self.0;
        ENTRY_VERSION.encode(encoder)?;
        entry.ledger.encode(encoder)?;
        entry.index.encode(encoder)?;
        entry.recorded_at.encode(encoder)?;
        entry.previous.0.encode(encoder)?;
        (entry.signatures.len() as u64).encode(encoder)?;
        for signature in &entry.signatures {
            signature.key.encode(encoder)?;
            signature.signature.encode(encoder)?;
        }
        entry.action.encode(encoder)
    }
}

/// Reads field by field, so that each bound is checked where its field stands.
struct Fields<'a>(DecoderImpl<SliceReader<'a>, Config, ()>);

impl<'a> Fields<'a> {
    fn new(bytes: &'a [u8]) -> Fields<'a> {
        Fields(DecoderImpl::new(SliceReader::new(bytes), config(), ()))
    }

    fn read<T: BorrowDecode<'a, ()>>(&mut self, field: &'static str) -> Result<T, EntryError> {
        T::borrow_decode(&mut self.0).map_err(|error| match error {
            DecodeError::Utf8 { .. } => EntryError::LedgerId,
            // A length beyond the limit is beyond the bytes too: they were measured at the start.
            _ => EntryError::Truncated { field },
        })
    }

    fn ledger(&mut self) -> Result<String, EntryError> {
        let ledger: &str = self.read("ledger")?;
        if is_ledger_id(ledger) {
            Ok(ledger.to_owned())
        } else {
            Err(EntryError::LedgerId)
        }
    }

    fn signatures(&mut self) -> Result<Vec<Signature>, EntryError> {
        let count: u64 = self.read("signatures")?;
        check_signature_count(count)?;
        (0..count)
            .map(|_| {
                Ok(Signature {
                    key: self.read("signatures")?,
                    signature: self.read("signatures")?,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(ledger: &str, signatures: usize, action_len: usize) -> Entry {
        Entry {
            ledger: ledger.to_owned(),
            index: 7,
            recorded_at: 1_767_225_600_000,
            previous: leaf_hash(b"the entry before"),
            signatures: vec![
                Signature {
                    key: [1; 32],
                    signature: [2; 64]
                };
                signatures
            ],
            action: vec![3; action_len],
        }
    }

    #[test]
    fn what_is_encoded_decodes_to_the_same() {
        for signatures in [1, 2, 16] {
            for action_len in [0, 1, 300] {
                let entry = entry("xinyuanli", signatures, action_len);
                let bytes = entry.encode().unwrap();
                assert_eq!(bytes.len(), entry.encoded_len());
                assert_eq!(Entry::decode(&bytes).unwrap(), entry);
            }
        }
    }

    #[test]
    fn the_longest_action_fits_whatever_stands_beside_it() {
        let widest = entry(&"a".repeat(40), 16, MAX_ACTION_LEN);
        assert_eq!(widest.encode().unwrap().len(), MAX_ENTRY_LEN);
        let bytes = widest.encode().unwrap();
        assert_eq!(Entry::decode(&bytes).unwrap(), widest);
    }

    #[test]
    fn one_byte_beyond_the_longest_entry_is_refused() {
        let wider = entry(&"a".repeat(40), 16, MAX_ACTION_LEN + 1);
        let found = MAX_ENTRY_LEN + 1;
        assert_eq!(wider.encode(), Err(EntryError::TooLong { found }));
        let bytes = vec![0; found];
        assert_eq!(Entry::decode(&bytes), Err(EntryError::TooLong { found }));
    }

    #[test]
    fn ledger_ids_are_held_to_their_characters_and_length() {
        for good in ["a", "0", "-", "xin-yuan-li-2", &"z".repeat(40)] {
            assert!(is_ledger_id(good), "{good}");
        }
        for bad in [
            "",
            "A",
            "a_b",
            "a.b",
            "a/b",
            "a b",
            "新园里",
            &"z".repeat(41),
        ] {
            assert!(!is_ledger_id(bad), "{bad}");
            assert_eq!(entry(bad, 1, 1).encode(), Err(EntryError::LedgerId));
        }
        let mut bytes = entry("xinyuanli", 1, 1).encode().unwrap();
        bytes[10] = b'X';
        assert_eq!(Entry::decode(&bytes), Err(EntryError::LedgerId));
        bytes[10] = 0xff;
        assert_eq!(Entry::decode(&bytes), Err(EntryError::LedgerId));
    }

    #[test]
    fn no_signature_and_a_seventeenth_are_refused() {
        for count in [0, 17] {
            let found = count as u64;
            let refused = Err(EntryError::SignatureCount { found });
            assert_eq!(entry("a", count, 1).encode(), refused);
        }
        let mut bytes = entry("a", 1, 1).encode().unwrap();
        let at = 2 + 8 + 1 + 8 + 8 + 32;
        for found in [0, 17, u64::MAX] {
            bytes[at..at + 8].copy_from_slice(&found.to_le_bytes());
            let refused = EntryError::SignatureCount { found };
            assert_eq!(Entry::decode(&bytes), Err(refused));
        }
    }

    #[test]
    fn another_version_is_named_and_refused() {
        let mut bytes = entry("a", 1, 1).encode().unwrap();
        bytes[0] = 2;
        let refused = EntryError::UnknownVersion { found: 2 };
        assert_eq!(Entry::decode(&bytes), Err(refused));
    }

    #[test]
    fn bytes_cut_anywhere_and_bytes_too_many_are_refused() {
        let bytes = entry("xinyuanli", 2, 5).encode().unwrap();
        for len in 0..bytes.len() {
            let cut = Entry::decode(&bytes[..len]);
            assert!(matches!(cut, Err(EntryError::Truncated { .. })), "{len}");
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        let refused = EntryError::TrailingBytes { found: 1 };
        assert_eq!(Entry::decode(&longer), Err(refused));
    }

    #[test]
    fn lengths_far_beyond_the_bytes_are_refused() {
        let bytes = entry("xinyuanli", 1, 5).encode().unwrap();
        let action_len_at = bytes.len() - 5 - 8;
        for (at, field) in [(2, "ledger"), (action_len_at, "action")] {
            for length in [6_u64.pow(5), u64::from(u32::MAX), u64::MAX] {
                let mut damaged = bytes.clone();
                damaged[at..at + 8].copy_from_slice(&length.to_le_bytes());
                let refused = EntryError::Truncated { field };
                assert_eq!(Entry::decode(&damaged), Err(refused), "{field} {length}");
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_decodes_encodes_back_to_the_same_bytes(
            at in 0_usize..200, with in any::<[u8; 4]>(), keep in any::<bool>()
        ) {
            let mut bytes = entry("xinyuanli", 1, 20).encode().unwrap();
            let at = at.min(bytes.len() - with.len());
            if !keep {
                bytes[at..at + with.len()].copy_from_slice(&with);
            }
            if let Ok(entry) = Entry::decode(&bytes) {
                prop_assert_eq!(entry.encode().unwrap(), bytes);
            } else {
                prop_assert!(!keep);
            }
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(entry) = Entry::decode(&bytes) {
                prop_assert_eq!(entry.encode().unwrap(), bytes);
            }
        }
    }
}
