//! Cosignatures of witnesses: C2SP's tlog-cosignature in its Ed25519 form (type 0x04).
//!
//! A witness says that, as of a time, the checkpoint it signs is the largest it has seen of the
//! log and consistent with all it saw before. Whether that is so is the witness's to check; here
//! are the bytes alone.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey};

use crate::key::{KeyError, SignatureKind, VerifierKey};
use crate::note::NoteSignature;

/// Length of what follows the key id: the time and the Ed25519 signature.
pub const TIMESTAMPED_LEN: usize = 8 + 64;

/// The latest time a cosignature may name, in seconds since 1970-01-01 UTC.
pub const MAX_TIMESTAMP: u64 = i64::MAX as u64;

/// The time is beyond [`MAX_TIMESTAMP`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} s is later than a cosignature can say")]
pub struct TimestampError {
    /// The time in seconds.
    pub found: u64,
}

/// What a witness signs: `cosignature/v1\ntime <seconds>\n<note text>`.
pub fn cosignature_message(text: &str, timestamp: u64) -> String {
    format!("cosignature/v1\ntime {timestamp}\n{text}")
}

/// A key that cosigns checkpoints: a witness's.
#[derive(Clone)]
pub struct Cosigner {
    verifier: VerifierKey,
    key: SigningKey,
}

impl Cosigner {
    /// The cosigner of a name and private key. The signed message does not name the cosigner, so
    /// a private key must serve one name only.
    pub fn new(name: &str, key: SigningKey) -> Result<Cosigner, KeyError> {
        let public_key = key.verifying_key().to_bytes();
        let verifier = VerifierKey::new(name, SignatureKind::CosignatureV1, &public_key)?;
        Ok(Cosigner { verifier, key })
    }

    /// What others check this witness's cosignatures with.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Cosigns a checkpoint's text at a time in seconds since 1970-01-01 UTC.
    pub fn cosign(&self, text: &str, timestamp: u64) -> Result<NoteSignature, TimestampError> {
        if timestamp > MAX_TIMESTAMP {
            return Err(TimestampError { found: timestamp });
        }
        let message = cosignature_message(text, timestamp);
        let mut bytes = timestamp.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.key.sign(message.as_bytes()).to_bytes());
        Ok(NoteSignature::by(&self.verifier, bytes))
    }
}

impl fmt::Debug for Cosigner {
    /// Shows the public half only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.verifier)
    }
}

/// Splits a timestamped signature into its time in seconds and its Ed25519 signature.
pub(crate) fn split_timestamped(bytes: &[u8]) -> Option<(u64, &[u8; 64])> {
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    let signature = signature.try_into().ok()?;
    (time <= MAX_TIMESTAMP).then_some((time, signature))
}
