//! The keys of C2SP's signed-note: who signed a note, and by which algorithm.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use crate::hash::sha256_parts;
use crate::note::NoteSignature;

/// The longest key name in bytes. The specification sets none; origins are host names with a
/// short path, and a host name has at most 253.
pub const MAX_KEY_NAME_LEN: usize = 512;

/// How a note is signed: the type byte of signed-note, for the types this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureKind {
    /// 0x01: Ed25519 over the note's text.
    Ed25519,
    /// 0x04: a timestamped Ed25519 cosignature of a checkpoint, by a witness.
    CosignatureV1,
}

impl SignatureKind {
    /// The type byte.
    pub const fn byte(self) -> u8 {
        match self {
            SignatureKind::Ed25519 => 0x01,
            SignatureKind::CosignatureV1 => 0x04,
        }
    }

    fn from_byte(byte: u8) -> Result<SignatureKind, KeyError> {
        match byte {
            0x01 => Ok(SignatureKind::Ed25519),
            0x04 => Ok(SignatureKind::CosignatureV1),
            found => Err(KeyError::UnknownKind { found }),
        }
    }
}

/// Text that is not a verifier key, or a key no note should be signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Empty, too long, or with a space, a control character or a plus.
    #[error("not a key name: 1 to {MAX_KEY_NAME_LEN} bytes without space, control or +")]
    Name,
    /// Not `<name>+<8 hexadecimal digits>+<base64>`.
    #[error("not a verifier key: <name>+<8 lowercase hexadecimal digits>+<base64>")]
    Malformed,
    /// A signature type this crate does not know.
    #[error("signature type {found:#04x} is not known")]
    UnknownKind {
        /// The type byte.
        found: u8,
    },
    /// The key material is not an Ed25519 public key, or a weak one.
    #[error("the key material is not a strong Ed25519 public key")]
    Material,
    /// The key id is not that of the name and key.
    #[error("the key id is {expected:08x} by name and key, but {found:08x} is written")]
    Id {
        /// Computed from name, type and key.
        expected: u32,
        /// As written.
        found: u32,
    },
}

/// Whether `text` may name a key: not empty, no Unicode space, no control character, no plus
/// (signed-note, "Format"), at most [`MAX_KEY_NAME_LEN`] bytes.
pub fn is_key_name(text: &str) -> bool {
    (1..=MAX_KEY_NAME_LEN).contains(&text.len())
        && !text
            .chars()
            .any(|c| c == '+' || c.is_whitespace() || c.is_control())
}

/// The key id of signed-note: the first four bytes, big-endian, of
/// `SHA-256(name || 0x0A || type || public key)`.
pub fn key_id(name: &str, kind: SignatureKind, public_key: &[u8; 32]) -> u32 {
    let digest = sha256_parts(&[name.as_bytes(), b"\n", &[kind.byte()], public_key]);
    let [a, b, c, d, ..] = digest.0;
    u32::from_be_bytes([a, b, c, d])
}

/// A key that notes are checked with: `<name>+<hex key id>+<base64(type || public key)>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    kind: SignatureKind,
    key: VerifyingKey,
}

impl VerifierKey {
    /// The verifier key of a name and public key; weak keys are refused.
    pub fn new(
        name: &str,
        kind: SignatureKind,
        public_key: &[u8; 32],
    ) -> Result<VerifierKey, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let key = VerifyingKey::from_bytes(public_key).map_err(|_| KeyError::Material)?;
        if key.is_weak() {
            return Err(KeyError::Material);
        }
        Ok(VerifierKey {
            name: name.to_owned(),
            id: key_id(name, kind, public_key),
            kind,
            key,
        })
    }

    /// The key's name: for a log's key, the origin of its checkpoints.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key id, which with the name says that a signature is by this key.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// How this key signs.
    pub fn kind(&self) -> SignatureKind {
        self.kind
    }

    /// The public key.
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    pub(crate) fn verifying_key(&self) -> &VerifyingKey {
        &self.key
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = vec![self.kind.byte()];
        material.extend_from_slice(self.key.as_bytes());
        let material = STANDARD.encode(material);
        write!(f, "{}+{:08x}+{material}", self.name, self.id)
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<VerifierKey, KeyError> {
        // Base64 has a plus of its own: only the first two are separators.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(KeyError::Malformed);
        };
        let found = parse_id(id)?;
        let material = decode_material(material)?;
        let (kind, key) = material.split_first().ok_or(KeyError::Malformed)?;
        let kind = SignatureKind::from_byte(*kind)?;
        let key = key.try_into().map_err(|_| KeyError::Material)?;
        let parsed = VerifierKey::new(name, kind, key)?;
        if parsed.id != found {
            let expected = parsed.id;
            return Err(KeyError::Id { expected, found });
        }
        Ok(parsed)
    }
}

fn parse_id(text: &str) -> Result<u32, KeyError> {
    let lowercase_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != 8 || !text.bytes().all(lowercase_hex) {
        return Err(KeyError::Malformed);
    }
    u32::from_str_radix(text, 16).map_err(|_| KeyError::Malformed)
}

fn decode_material(text: &str) -> Result<Vec<u8>, KeyError> {
    // The longest known kind of material is a type byte and 32 bytes; some room for others, so
    // that they are told apart from what is no key at all.
    if text.len() > 4_096 {
        return Err(KeyError::Malformed);
    }
    STANDARD.decode(text).map_err(|_| KeyError::Malformed)
}

/// A key that signs notes by Ed25519: what a log signs its checkpoints with.
#[derive(Clone)]
pub struct NoteSigner {
    verifier: VerifierKey,
    key: SigningKey,
}

impl NoteSigner {
    /// The signer of a name and private key.
    pub fn new(name: &str, key: SigningKey) -> Result<NoteSigner, KeyError> {
        let public_key = key.verifying_key().to_bytes();
        let verifier = VerifierKey::new(name, SignatureKind::Ed25519, &public_key)?;
        Ok(NoteSigner { verifier, key })
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        self.verifier.name()
    }

    /// What others check this signer's notes with.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a note's text.
    pub fn sign(&self, text: &str) -> NoteSignature {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        NoteSignature::by(&self.verifier, signature.to_vec())
    }
}

impl fmt::Debug for NoteSigner {
    /// Shows the public half only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.verifier)
    }
}
