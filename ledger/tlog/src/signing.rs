//! What people sign, and the digests that stand in a log for what is kept out of it.
//!
//! Each use of a key or a hash has its own domain separator, so that bytes made for one purpose
//! mean nothing for another.

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use crate::entry::{MAX_SIGNATURES, Signature};
use crate::hash::{HASH_LEN, Hash, sha256_parts};

/// Goes before the bytes of an action that is signed.
pub const ACTION_DOMAIN: &[u8] = b"govledger/action/v1\n";
/// Goes before the salt and bytes of a content.
pub const CONTENT_DOMAIN: &[u8] = b"govledger/content/v1\n";
/// Goes before the fields a derived entry's action id is made of.
pub const DERIVED_DOMAIN: &[u8] = b"govledger/derived/v1\n";

/// Length of a content's salt in bytes: as much as the digest has, so that an erased content
/// cannot be guessed back from its digest.
pub const SALT_LEN: usize = 32;

/// The message an action's signatures are over: `"govledger/action/v1" 0x0A action_bytes`.
pub fn signing_message(action_bytes: &[u8]) -> Vec<u8> {
    [ACTION_DOMAIN, action_bytes].concat()
}

/// Signs an action.
pub fn sign_action(key: &SigningKey, action_bytes: &[u8]) -> Signature {
    Signature {
        key: key.verifying_key().to_bytes(),
        signature: key.sign(&signing_message(action_bytes)).to_bytes(),
    }
}

/// A signature that does not stand, by its place among the action's signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No signature, or more than [`MAX_SIGNATURES`].
    #[error("{found} signatures; an action has 1 to {MAX_SIGNATURES}")]
    Count {
        /// How many there are.
        found: usize,
    },
    /// The key has signed twice.
    #[error("the key of signature {place} has signed before")]
    KeyTwice {
        /// The later signature's place, from 0.
        place: usize,
    },
    /// The key is not the encoding of a point on the curve.
    #[error("the key of signature {place} is not an Ed25519 public key")]
    MalformedKey {
        /// The signature's place, from 0.
        place: usize,
    },
    /// The key is of small order: a signature by it can be made to fit any message.
    #[error("the key of signature {place} is weak")]
    WeakKey {
        /// The signature's place, from 0.
        place: usize,
    },
    /// The signature is not the key's over this action.
    #[error("signature {place} is not over this action by its key")]
    Mismatch {
        /// The signature's place, from 0.
        place: usize,
    },
}

impl SignatureError {
    /// The same of the signature at another place.
    fn at(self, place: usize) -> Self {
        match self {
            Self::Count { found } => Self::Count { found },
            Self::KeyTwice { .. } => Self::KeyTwice { place },
            Self::MalformedKey { .. } => Self::MalformedKey { place },
            Self::WeakKey { .. } => Self::WeakKey { place },
            Self::Mismatch { .. } => Self::Mismatch { place },
        }
    }
}

/// Checks an action's signatures: 1 to 16, no key twice, each strictly valid over the action.
///
/// Strictly: weak keys and signatures that other verifiers may judge otherwise are refused
/// (`verify_strict` of `ed25519-dalek`). Whether a key may act is not asked here.
pub fn verify_signatures(
    action_bytes: &[u8],
    signatures: &[Signature],
) -> Result<(), SignatureError> {
    verify_signatures_by(action_bytes, signatures, strong_key)
}

/// The same with keys that `read` has, which must answer as [`strong_key`] does: reading one is a tenth of
/// a check, and who signs once signs again.
pub fn verify_signatures_by(
    action_bytes: &[u8],
    signatures: &[Signature],
    read: impl Fn(&[u8; 32]) -> Result<VerifyingKey, SignatureError>,
) -> Result<(), SignatureError> {
    let found = signatures.len();
    if found == 0 || found > MAX_SIGNATURES {
        return Err(SignatureError::Count { found });
    }
    let message = signing_message(action_bytes);
    for (place, signature) in signatures.iter().enumerate() {
        if signatures[..place].iter().any(|s| s.key == signature.key) {
            return Err(SignatureError::KeyTwice { place });
        }
        let key = read(&signature.key).map_err(|error| error.at(place))?;
        verify_message(&message, &key, signature, place)?;
    }
    Ok(())
}

/// Strictly checks one signature over an action; an error names place 0.
pub fn verify_signature(action_bytes: &[u8], signature: &Signature) -> Result<(), SignatureError> {
    let key = strong_key(&signature.key)?;
    verify_message(&signing_message(action_bytes), &key, signature, 0)
}

/// Reads an Ed25519 public key and refuses a weak one; an error names place 0.
pub fn strong_key(key: &[u8; 32]) -> Result<VerifyingKey, SignatureError> {
    let place = 0;
    let key = VerifyingKey::from_bytes(key).map_err(|_| SignatureError::MalformedKey { place })?;
    if key.is_weak() {
        return Err(SignatureError::WeakKey { place });
    }
    Ok(key)
}

fn verify_message(
    message: &[u8],
    key: &VerifyingKey,
    signature: &Signature,
    place: usize,
) -> Result<(), SignatureError> {
    let bytes = ed25519_dalek::Signature::from_bytes(&signature.signature);
    key.verify_strict(message, &bytes)
        .map_err(|_| SignatureError::Mismatch { place })
}

/// The digest that stands in an action for an erasable content:
/// `SHA-256("govledger/content/v1" 0x0A salt bytes)`.
pub fn content_digest(salt: &[u8; SALT_LEN], bytes: &[u8]) -> Hash {
    sha256_parts(&[CONTENT_DOMAIN, salt, bytes])
}

/// A family or subject too long for its u16 length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} bytes of family or subject; a derived id takes at most 65,535 of each")]
pub struct DerivedIdError {
    /// The length in bytes.
    pub found: usize,
}

/// The action id of an entry that time alone brings, as the 16 bytes of a `UUIDv8`.
///
/// `genesis` is the leaf of the ledger's first entry, `family` the event family, `subject` what
/// fell due, `due` when, in milliseconds since 1970-01-01 UTC. The id is the first 16 bytes of
/// `SHA-256("govledger/derived/v1" 0x0A genesis, family, subject, due)` with the version and
/// variant bits of RFC 9562 §5.8 set; family and subject are preceded by their length as u16
/// big-endian, due is u64 big-endian.
pub fn derived_action_id(
    genesis: &Hash,
    family: &str,
    subject: &str,
    due: u64,
) -> Result<[u8; 16], DerivedIdError> {
    let digest = sha256_parts(&[
        DERIVED_DOMAIN,
        genesis.as_bytes(),
        &length_prefix(family)?,
        family.as_bytes(),
        &length_prefix(subject)?,
        subject.as_bytes(),
        &due.to_be_bytes(),
    ]);
    let mut id = [0; 16];
    id.copy_from_slice(&digest.0[..HASH_LEN / 2]);
    id[6] = 0x80 | (id[6] & 0x0f);
    id[8] = 0x80 | (id[8] & 0x3f);
    Ok(id)
}

fn length_prefix(text: &str) -> Result<[u8; 2], DerivedIdError> {
    let found = text.len();
    u16::try_from(found)
        .map(u16::to_be_bytes)
        .map_err(|_| DerivedIdError { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    #[test]
    fn signatures_over_the_action_stand() {
        let both: Vec<_> = [1, 2].map(|seed| sign_action(&signer(seed), b"act")).into();
        assert_eq!(verify_signatures(b"act", &both), Ok(()));
        assert_eq!(verify_signature(b"act", &both[1]), Ok(()));
    }

    #[test]
    fn a_signature_over_the_bare_bytes_or_other_bytes_falls() {
        let bare = Signature {
            key: signer(1).verifying_key().to_bytes(),
            signature: signer(1).sign(b"act").to_bytes(),
        };
        let mismatch = SignatureError::Mismatch { place: 0 };
        assert_eq!(verify_signature(b"act", &bare), Err(mismatch));
        let good = sign_action(&signer(1), b"act");
        assert_eq!(verify_signature(b"acts", &good), Err(mismatch));
    }

    #[test]
    fn the_failing_signature_is_named() {
        let mut both: Vec<_> = [1, 2].map(|seed| sign_action(&signer(seed), b"act")).into();
        both[1].signature[0] ^= 1;
        let mismatch = SignatureError::Mismatch { place: 1 };
        assert_eq!(verify_signatures(b"act", &both), Err(mismatch));
    }

    #[test]
    fn sixteen_keys_may_sign_and_none_twice() {
        let mut all: Vec<_> = (1..=16).map(|s| sign_action(&signer(s), b"act")).collect();
        assert_eq!(verify_signatures(b"act", &all), Ok(()));
        all.push(sign_action(&signer(17), b"act"));
        let count = SignatureError::Count { found: 17 };
        assert_eq!(verify_signatures(b"act", &all), Err(count));
        assert_eq!(
            verify_signatures(b"act", &[]),
            Err(SignatureError::Count { found: 0 })
        );
        let twice = [all[0], all[1], all[0]];
        let refused = SignatureError::KeyTwice { place: 2 };
        assert_eq!(verify_signatures(b"act", &twice), Err(refused));
    }

    #[test]
    fn weak_and_malformed_keys_are_refused() {
        // The neutral element: with it, an all-but-empty signature fits every message.
        let mut weak = [0; 32];
        weak[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        let forged = Signature {
            key: weak,
            signature,
        };
        let refused = SignatureError::WeakKey { place: 0 };
        assert_eq!(verify_signature(b"act", &forged), Err(refused));
        assert_eq!(strong_key(&weak), Err(refused));
        // 2 is the y of no point.
        let mut off_curve = [0; 32];
        off_curve[0] = 2;
        let refused = SignatureError::MalformedKey { place: 0 };
        assert_eq!(strong_key(&off_curve), Err(refused));
    }

    #[test]
    fn a_content_digest_depends_on_salt_and_bytes() {
        let digest = content_digest(&[7; 32], b"text");
        assert_ne!(digest, content_digest(&[8; 32], b"text"));
        assert_ne!(digest, content_digest(&[7; 32], b"texts"));
    }

    #[test]
    fn derived_ids_are_version_8_and_depend_on_every_field() {
        let id = |family, subject, due| derived_action_id(&Hash::ZERO, family, subject, due);
        let one = id("report.overdue", "person/1", 5).unwrap();
        assert_eq!((one[6] >> 4, one[8] >> 6), (8, 2));
        assert_ne!(one, id("report.overdue", "person/1", 6).unwrap());
        // The lengths keep a byte from wandering from one field to the next.
        assert_ne!(id("a", "bc", 5), id("ab", "c", 5));
        let other = derived_action_id(&Hash([1; 32]), "report.overdue", "person/1", 5);
        assert_ne!(one, other.unwrap());
    }

    #[test]
    fn the_longest_subject_is_what_its_length_can_say() {
        let id = |len| derived_action_id(&Hash::ZERO, "f", &"s".repeat(len), 0);
        assert!(id(65_535).is_ok());
        assert_eq!(id(65_536), Err(DerivedIdError { found: 65_536 }));
    }
}
