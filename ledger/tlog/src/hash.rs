//! SHA-256 and the two domain-separated hashes of RFC 6962 §2.1.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// What goes before a leaf's bytes (RFC 6962 §2.1), so that no leaf can pass for a node.
const LEAF_PREFIX: [u8; 1] = [0x00];
/// What goes before a node's two children (RFC 6962 §2.1).
const NODE_PREFIX: [u8; 1] = [0x01];

/// Length of a SHA-256 hash in bytes.
pub const HASH_LEN: usize = 32;

/// A SHA-256 digest: of a leaf, a tree node, or anything else.
///
/// Shown and parsed as 64 lowercase hexadecimal digits; notes and proofs carry it as base64
/// ([`Hash::to_base64`]).
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; HASH_LEN]);

impl Hash {
    /// Thirty-two zero bytes: what the first entry carries where others carry their
    /// predecessor's leaf. No known input hashes to it.
    pub const ZERO: Hash = Hash([0; HASH_LEN]);

    /// The digest's bytes.
    pub const fn as_bytes(&self) -> &[u8; HASH_LEN] {
        &self.0
    }

    /// Standard base64 with padding (RFC 4648 §4), as the C2SP formats write hashes.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Hash::to_base64`] wrote, and no other spelling of it.
    pub fn from_base64(text: &str) -> Result<Hash, HashError> {
        // Checked before decoding, so that a long line costs nothing.
        if text.len() != HASH_LEN.div_ceil(3) * 4 {
            return Err(HashError);
        }
        let bytes = STANDARD.decode(text).map_err(|_| HashError)?;
        Hash::try_from(bytes.as_slice())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Hash, HashError> {
        let lowercase = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let mut bytes = [0; HASH_LEN];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| HashError)?;
        if lowercase {
            Ok(Hash(bytes))
        } else {
            Err(HashError)
        }
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = HashError;

    fn try_from(bytes: &[u8]) -> Result<Hash, HashError> {
        bytes.try_into().map(Hash).map_err(|_| HashError)
    }
}

impl From<[u8; HASH_LEN]> for Hash {
    fn from(bytes: [u8; HASH_LEN]) -> Hash {
        Hash(bytes)
    }
}

impl AsRef<[u8]> for Hash {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The text or bytes are not one hash in its one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 hash: 32 bytes, 64 lowercase hexadecimal digits or 44 base64 characters")]
pub struct HashError;

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// SHA-256 of several byte strings one after another, without joining them first.
pub(crate) fn sha256_parts(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

/// The leaf hash of an entry, `SHA-256(0x00 || entry bytes)` (RFC 6962 §2.1): both the chain's
/// link and the tree's leaf.
pub fn leaf_hash(entry_bytes: &[u8]) -> Hash {
    sha256_parts(&[&LEAF_PREFIX, entry_bytes])
}

/// The hash of a node, `SHA-256(0x01 || left || right)` (RFC 6962 §2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256_parts(&[&NODE_PREFIX, &left.0, &right.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn sha256_of_nothing_is_the_published_value() {
        assert_eq!(sha256(b"").to_string(), EMPTY);
        assert_eq!(format!("{:?}", sha256(b"")), EMPTY);
    }

    #[test]
    fn a_hash_has_one_spelling_in_hex() {
        assert_eq!(EMPTY.parse(), Ok(sha256(b"")));
        assert_eq!(EMPTY.to_uppercase().parse::<Hash>(), Err(HashError));
        assert_eq!(EMPTY[1..].parse::<Hash>(), Err(HashError));
        assert_eq!(format!("{EMPTY}00").parse::<Hash>(), Err(HashError));
        assert_eq!("".parse::<Hash>(), Err(HashError));
    }

    #[test]
    fn a_hash_has_one_spelling_in_base64() {
        let text = sha256(b"").to_base64();
        assert_eq!(Hash::from_base64(&text), Ok(sha256(b"")));
        // The last character carries two bits that belong to no byte: they must be zero.
        let loose = text.replace("FU=", "FV=");
        assert_ne!(loose, text);
        assert_eq!(Hash::from_base64(&loose), Err(HashError));
        assert_eq!(
            Hash::from_base64(text.trim_end_matches('=')),
            Err(HashError)
        );
        assert_eq!(Hash::from_base64(&format!("{text}\n")), Err(HashError));
    }

    #[test]
    fn bytes_of_another_length_are_refused() {
        assert_eq!(Hash::try_from([0; 32].as_slice()), Ok(Hash::ZERO));
        assert_eq!(Hash::try_from([0; 31].as_slice()), Err(HashError));
        assert_eq!(Hash::try_from([0; 33].as_slice()), Err(HashError));
    }
}
