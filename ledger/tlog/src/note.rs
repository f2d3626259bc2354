//! Signed notes: C2SP's signed-note v1, a text and the signatures below it.
//!
//! The text means nothing until a trusted key's signature over it was checked; [`Note::verify`]
//! does that.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::cosignature::{cosignature_message, split_timestamped};
use crate::key::{SignatureKind, VerifierKey, is_key_name};

/// The longest note in bytes. Checkpoints have about 200 and a few hundred a signature; 1 MiB is
/// what Go's implementation takes.
pub const MAX_NOTE_LEN: usize = 1 << 20;

/// The most signatures of a note. The specification asks for at least 16; 100 is what Go's
/// implementation takes.
pub const MAX_NOTE_SIGNATURES: usize = 100;

/// What a signature line begins with: em dash, space.
const SIGNATURE_PREFIX: &str = "— ";
/// Length of a key id before each signature.
const KEY_ID_LEN: usize = 4;

/// A text and its signatures, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    key_id: u32,
    bytes: Vec<u8>,
}

/// A known key whose signature of a note holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub key_id: u32,
    /// For a cosignature, the witness's time in seconds since 1970-01-01 UTC.
    pub timestamp: Option<u64>,
}

/// Bytes that are not a signed note, or a note that should not be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`MAX_NOTE_LEN`].
    #[error("a note of {found} bytes is longer than {MAX_NOTE_LEN}")]
    TooLong {
        /// Its length in bytes.
        found: usize,
    },
    /// Not UTF-8, or with a control character other than newline.
    #[error("a note is UTF-8 without control characters other than newline")]
    Characters,
    /// The text does not end in a newline, or is empty.
    #[error("a note's text is not empty and ends in a newline")]
    Text,
    /// No blank line between text and signatures, or no newline at the end.
    #[error("a note has a blank line between its text and its signature lines")]
    Structure,
    /// More than [`MAX_NOTE_SIGNATURES`] signatures, or none.
    #[error("{found} signatures; a note has 1 to {MAX_NOTE_SIGNATURES}")]
    SignatureCount {
        /// How many it has.
        found: usize,
    },
    /// A line that should be a signature is not one.
    #[error("line {line} below the blank line is not a signature line")]
    SignatureLine {
        /// Its number among the signature lines, from 1.
        line: usize,
    },
    /// A known key's signature does not hold, so the whole note is refused.
    #[error("the signature by the known key {name}+{key_id:08x} does not hold")]
    BadSignature {
        /// The key's name.
        name: String,
        /// The key's id.
        key_id: u32,
    },
    /// No signature is by a known key.
    #[error("the note is not signed by a known key")]
    NoKnownKey,
}

impl Note {
    /// A note of this text without signatures so far.
    pub fn new(text: impl Into<String>) -> Result<Note, NoteError> {
        let text = text.into();
        check_length(text.len())?;
        if text.bytes().any(is_forbidden) {
            return Err(NoteError::Characters);
        }
        if !text.ends_with('\n') {
            return Err(NoteError::Text);
        }
        let signatures = Vec::new();
        Ok(Note { text, signatures })
    }

    /// Reads a signed note.
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        check_length(bytes.len())?;
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::Characters)?;
        if whole.bytes().any(is_forbidden) {
            return Err(NoteError::Characters);
        }
        // The text may have blank lines itself: the last one parts it from the signatures.
        let blank = whole.rfind("\n\n").ok_or(NoteError::Structure)?;
        let (text, rest) = whole.split_at(blank + 1);
        let lines = rest[1..].strip_suffix('\n').ok_or(NoteError::Structure)?;
        let found = lines.split('\n').count();
        if found > MAX_NOTE_SIGNATURES {
            return Err(NoteError::SignatureCount { found });
        }
        let mut note = Note::new(text)?;
        for (before, line) in lines.split('\n').enumerate() {
            let signature = NoteSignature::parse_line(line);
            let line = before + 1;
            note.signatures
                .push(signature.ok_or(NoteError::SignatureLine { line })?);
        }
        Ok(note)
    }

    /// Adds a signature.
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        let found = self.signatures.len() + 1;
        if found > MAX_NOTE_SIGNATURES {
            return Err(NoteError::SignatureCount { found });
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Checks the note against the keys its reader knows and returns those that signed it.
    ///
    /// Signatures by other keys are ignored. A known key's signature that does not hold refuses
    /// the whole note, and so does a note without any known key's signature.
    pub fn verify(&self, known: &[VerifierKey]) -> Result<Vec<Verified>, NoteError> {
        let mut verified: Vec<Verified> = Vec::new();
        for signature in &self.signatures {
            let Some(key) = known.iter().find(|key| signature.is_by(key)) else {
                continue;
            };
            let timestamp = signature.check(key, &self.text)?;
            let seen = |v: &Verified| v.name == key.name() && v.key_id == key.id();
            if !verified.iter().any(seen) {
                verified.push(Verified {
                    name: key.name().to_owned(),
                    key_id: key.id(),
                    timestamp,
                });
            }
        }
        if verified.is_empty() {
            return Err(NoteError::NoKnownKey);
        }
        Ok(verified)
    }

    /// The text, with its final newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, in the note's order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl NoteSignature {
    /// What `key` made: its name and id, and the bytes after the id.
    pub(crate) fn by(key: &VerifierKey, bytes: Vec<u8>) -> NoteSignature {
        NoteSignature {
            name: key.name().to_owned(),
            key_id: key.id(),
            bytes,
        }
    }

    /// Reads one signature line, without its newline; none if it is not one.
    pub fn parse_line(line: &str) -> Option<NoteSignature> {
        let (name, signature) = line.strip_prefix(SIGNATURE_PREFIX)?.split_once(' ')?;
        if !is_key_name(name) {
            return None;
        }
        let decoded = STANDARD.decode(signature).ok()?;
        let (key_id, bytes) = decoded.split_first_chunk::<KEY_ID_LEN>()?;
        if bytes.is_empty() {
            return None;
        }
        Some(NoteSignature {
            name: name.to_owned(),
            key_id: u32::from_be_bytes(*key_id),
            bytes: bytes.to_vec(),
        })
    }

    /// The name of the key the line says it is by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key the line says it is by.
    pub fn key_id(&self) -> u32 {
        self.key_id
    }

    /// What follows the key id: the signature, for a cosignature after its time.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether name and id are this key's.
    pub fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == key.name() && self.key_id == key.id()
    }

    /// Checks the signature over `text` by the key it is by; a cosignature gives its time.
    fn check(&self, key: &VerifierKey, text: &str) -> Result<Option<u64>, NoteError> {
        let checked = match key.kind() {
            SignatureKind::Ed25519 => self.check_plain(key, text).map(|()| None),
            SignatureKind::CosignatureV1 => self.check_timestamped(key, text).map(Some),
        };
        checked.ok_or_else(|| NoteError::BadSignature {
            name: self.name.clone(),
            key_id: self.key_id,
        })
    }

    fn check_plain(&self, key: &VerifierKey, text: &str) -> Option<()> {
        let signature = self.bytes.as_slice().try_into().ok()?;
        verify_strict(key, text.as_bytes(), signature)
    }

    fn check_timestamped(&self, key: &VerifierKey, text: &str) -> Option<u64> {
        let (timestamp, signature) = split_timestamped(&self.bytes)?;
        let message = cosignature_message(text, timestamp);
        verify_strict(key, message.as_bytes(), signature)?;
        Some(timestamp)
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_id.to_be_bytes().as_slice(), &self.bytes].concat();
        let (name, encoded) = (&self.name, STANDARD.encode(bytes));
        write!(f, "{SIGNATURE_PREFIX}{name} {encoded}")
    }
}

fn verify_strict(key: &VerifierKey, message: &[u8], signature: &[u8; 64]) -> Option<()> {
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    key.verifying_key().verify_strict(message, &signature).ok()
}

fn check_length(found: usize) -> Result<(), NoteError> {
    if found > MAX_NOTE_LEN {
        return Err(NoteError::TooLong { found });
    }
    Ok(())
}

/// ASCII control characters other than newline; the specification names those below U+0020.
fn is_forbidden(byte: u8) -> bool {
    byte < 0x20 && byte != b'\n'
}
