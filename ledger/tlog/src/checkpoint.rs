//! Checkpoints: C2SP's tlog-checkpoint v1, a log's signed statement of its size and root.
//!
//! This log's checkpoints have exactly three lines (no extension lines) and are signed by a key
//! whose name is the origin.

use std::fmt;

use crate::hash::Hash;
use crate::key::{NoteSigner, SignatureKind, VerifierKey, is_key_name};
use crate::note::{Note, NoteError, NoteSignature, Verified};

/// A log's size and root under its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, a URL without scheme such as `records.example.org/xinyuanli`; also the
    /// name of the key that signs.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

/// Text that is not one of this log's checkpoints, or a checkpoint that should not be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not a note, not signed by the key, or with a bad signature by a known key.
    #[error("the checkpoint is not a note to be believed")]
    Note(#[from] NoteError),
    /// Not exactly three lines, each ended by a newline.
    #[error("a checkpoint has three lines")]
    Lines,
    /// The origin cannot name a key.
    #[error("the checkpoint's origin is not a key name")]
    Origin,
    /// The size is not a decimal number without leading zeros that fits 64 bits.
    #[error("the checkpoint's size is not a decimal number without leading zeros")]
    Size,
    /// The root is not the base64 of 32 bytes.
    #[error("the checkpoint's root is not the base64 of 32 bytes")]
    Root,
    /// The origin is not the name of the key.
    #[error("the checkpoint's origin is {origin}, but the key's name is {key}")]
    OtherOrigin {
        /// The origin.
        origin: String,
        /// The key's name.
        key: String,
    },
    /// The key given for the log is a witness's.
    #[error("the key {key} is a witness's, not a log's")]
    NotALogKey {
        /// The key's name.
        key: String,
    },
    /// None of the signatures is the log's.
    #[error("the checkpoint is not signed by the log's key {key}")]
    NotSignedByLog {
        /// The key's name.
        key: String,
    },
}

impl Checkpoint {
    /// The three lines that are signed.
    pub fn text(&self) -> String {
        let root = self.root.to_base64();
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    /// Reads the three lines.
    pub fn parse(text: &str) -> Result<Checkpoint, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = lines.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        if !is_key_name(origin) {
            return Err(CheckpointError::Origin);
        }
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size: parse_decimal(size).ok_or(CheckpointError::Size)?,
            root: Hash::from_base64(root).map_err(|_| CheckpointError::Root)?,
        })
    }

    /// Signs the checkpoint with the log's key, whose name must be the origin.
    pub fn sign(&self, signer: &NoteSigner) -> Result<SignedCheckpoint, CheckpointError> {
        check_origin(self, signer.verifier_key())?;
        let mut note = Note::new(self.text())?;
        note.add(signer.sign(note.text()))?;
        let checkpoint = self.clone();
        Ok(SignedCheckpoint { note, checkpoint })
    }
}

/// Reads a decimal number in its one spelling: digits alone, no leading zero, within 64 bits.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if !digits || leading_zero {
        return None;
    }
    text.parse().ok()
}

/// A checkpoint that its log's key has signed, with the note that proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    note: Note,
    checkpoint: Checkpoint,
}

impl SignedCheckpoint {
    /// Reads a checkpoint and checks the log's signature.
    pub fn open(note: &[u8], log: &VerifierKey) -> Result<SignedCheckpoint, CheckpointError> {
        SignedCheckpoint::open_witnessed(note, log, &[]).map(|(signed, _)| signed)
    }

    /// Reads a checkpoint, checks the log's signature and those of the witnesses the reader
    /// knows, and returns the witnesses whose cosignature it carries. How many of whom are
    /// enough is the reader's policy.
    pub fn open_witnessed(
        note: &[u8],
        log: &VerifierKey,
        witnesses: &[VerifierKey],
    ) -> Result<(SignedCheckpoint, Vec<Verified>), CheckpointError> {
        SignedCheckpoint::check(Note::parse(note)?, log, witnesses)
    }

    /// Like [`SignedCheckpoint::open_witnessed`] for a note already parsed.
    pub fn check(
        note: Note,
        log: &VerifierKey,
        witnesses: &[VerifierKey],
    ) -> Result<(SignedCheckpoint, Vec<Verified>), CheckpointError> {
        let known = [std::slice::from_ref(log), witnesses].concat();
        let mut verified = note.verify(&known)?;
        let by_log = |v: &Verified| v.name == log.name() && v.key_id == log.id();
        if !verified.iter().any(by_log) {
            let key = log.name().to_owned();
            return Err(CheckpointError::NotSignedByLog { key });
        }
        verified.retain(|v| !by_log(v));
        let checkpoint = Checkpoint::parse(note.text())?;
        check_origin(&checkpoint, log)?;
        Ok((SignedCheckpoint { note, checkpoint }, verified))
    }

    /// A checkpoint that was checked before it was kept. Whoever reads it back from where others may have
    /// written checks it again.
    pub fn kept(note: Note) -> Result<SignedCheckpoint, CheckpointError> {
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(SignedCheckpoint { note, checkpoint })
    }

    /// Adds a witness's cosignature, unchecked: whoever opens the checkpoint checks it.
    pub fn add_cosignature(&mut self, cosignature: NoteSignature) -> Result<(), CheckpointError> {
        Ok(self.note.add(cosignature)?)
    }

    /// What was signed.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The note's bytes, as stored, served and sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

fn check_origin(checkpoint: &Checkpoint, log: &VerifierKey) -> Result<(), CheckpointError> {
    let key = log.name().to_owned();
    if log.kind() != SignatureKind::Ed25519 {
        return Err(CheckpointError::NotALogKey { key });
    }
    if checkpoint.origin != key {
        let origin = checkpoint.origin.clone();
        return Err(CheckpointError::OtherOrigin { origin, key });
    }
    Ok(())
}
