//! What a witness does with a checkpoint: C2SP's tlog-witness `add-checkpoint`, without its network,
//! its disk and its clock.
//!
//! A log sends an [`AddCheckpoint`]; [`AddCheckpoint::judge`] says, from what the witness cosigned last,
//! whether it may cosign this one. The shell makes its answer durable before it gives it, and does
//! both for one log at a time, so that no later request is overtaken by an earlier one.

use std::fmt::{self, Write as _};

use crate::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint, parse_decimal};
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::{MAX_NOTE_LEN, MAX_NOTE_SIGNATURES, Note, NoteError, NoteSignature};
use crate::proof::{MAX_PROOF_LEN, ProofError, verify_consistency};
use crate::tree::empty_root;

/// The longest request in bytes: the longest note, and the lines before it.
pub const MAX_ADD_CHECKPOINT_LEN: usize = MAX_NOTE_LEN + 64 * 64;

/// A checkpoint that a log asks a witness to cosign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the checkpoint that the witness cosigned last, as far as the log knows.
    pub old_size: u64,
    /// The proof that the tree of that size is a prefix of the checkpoint's.
    pub proof: Vec<Hash>,
    /// The checkpoint's note.
    pub checkpoint: Note,
}

/// Why bytes are not an `add-checkpoint` request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddCheckpointError {
    /// Longer than [`MAX_ADD_CHECKPOINT_LEN`].
    #[error("a request of {found} bytes is longer than {MAX_ADD_CHECKPOINT_LEN}")]
    TooLong {
        /// Its length in bytes.
        found: usize,
    },
    /// Not UTF-8, or the lines before the checkpoint do not end in a blank one.
    #[error("a request is an old size, proof lines, a blank line and a checkpoint")]
    Structure,
    /// The first line is not `old` and a decimal number.
    #[error("the first line is not \"old\" and a decimal number without leading zeros")]
    OldSize,
    /// A line of the proof is not the base64 of 32 bytes.
    #[error("proof line {line} is not the base64 of 32 bytes")]
    Hash {
        /// Its number, from 1.
        line: usize,
    },
    /// More hashes than [`MAX_PROOF_LEN`].
    #[error("more than {MAX_PROOF_LEN} proof lines")]
    TooManyHashes,
    /// What follows the blank line is not a signed note.
    #[error("what follows the blank line is not a signed note: {0}")]
    Note(#[from] NoteError),
    /// The note's text is not a checkpoint's.
    #[error("the note is not a checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
}

/// Why a witness does not cosign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WitnessRefusal {
    /// The checkpoint is not signed by the key the witness trusts for its origin.
    #[error("the checkpoint is not signed by the key known for its origin: {0}")]
    Untrusted(#[source] CheckpointError),
    /// The old size is larger than the checkpoint's: 400.
    #[error("the old size {old_size} is larger than the checkpoint's {size}")]
    OldSizeTooLarge {
        /// As sent.
        old_size: u64,
        /// The checkpoint's.
        size: u64,
    },
    /// The witness has cosigned another size last: 409 with that size.
    #[error("the old size is {old_size}, but the last checkpoint cosigned has {latest}")]
    Stale {
        /// As sent.
        old_size: u64,
        /// What the witness cosigned last; 0 for nothing.
        latest: u64,
    },
    /// A checkpoint of no entries with another root than the empty tree's: 422.
    #[error("a checkpoint of no entries has the empty tree's root")]
    NotEmpty,
    /// A second root for a size that the witness has cosigned: 422. The log has forked.
    #[error("the log signed a second root for {size} entries: it has forked")]
    Fork {
        /// The size of both.
        size: u64,
    },
    /// The proof does not show that the log only grew: 422.
    #[error("the log is not proven to have only grown: {0}")]
    Inconsistent(#[source] ProofError),
}

impl WitnessRefusal {
    /// The HTTP status that tlog-witness gives it.
    pub fn status(&self) -> u16 {
        match self {
            WitnessRefusal::Untrusted(_) => 403,
            WitnessRefusal::OldSizeTooLarge { .. } => 400,
            WitnessRefusal::Stale { .. } => 409,
            WitnessRefusal::NotEmpty
            | WitnessRefusal::Fork { .. }
            | WitnessRefusal::Inconsistent(_) => 422,
        }
    }
}

impl AddCheckpoint {
    /// Reads a request. Nothing in it is to be believed before [`AddCheckpoint::judge`].
    pub fn parse(bytes: &[u8]) -> Result<AddCheckpoint, AddCheckpointError> {
        let found = bytes.len();
        if found > MAX_ADD_CHECKPOINT_LEN {
            return Err(AddCheckpointError::TooLong { found });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| AddCheckpointError::Structure)?;
        let (head, checkpoint) = text
            .split_once("\n\n")
            .ok_or(AddCheckpointError::Structure)?;
        let mut lines = head.split('\n');
        let old_size = lines.next().and_then(|line| line.strip_prefix("old "));
        let old_size = old_size.and_then(parse_decimal);
        let mut proof = Vec::new();
        for text in lines {
            let line = proof.len() + 1;
            if line > MAX_PROOF_LEN {
                return Err(AddCheckpointError::TooManyHashes);
            }
            let hash = Hash::from_base64(text);
            proof.push(hash.map_err(|_| AddCheckpointError::Hash { line })?);
        }
        let request = AddCheckpoint {
            old_size: old_size.ok_or(AddCheckpointError::OldSize)?,
            proof,
            checkpoint: Note::parse(checkpoint.as_bytes())?,
        };
        // So that whoever has a request also has an origin.
        Checkpoint::parse(request.checkpoint.text())?;
        Ok(request)
    }

    /// The origin the checkpoint names, by which a witness finds the log's key.
    pub fn origin(&self) -> &str {
        let line = self.checkpoint.text().split('\n').next();
        line.unwrap_or_default()
    }

    /// Whether a witness may cosign the checkpoint, which trusts `log` for its origin and has cosigned
    /// `latest` last. Returns the checkpoint with the log's signature alone.
    ///
    /// The checks stand in the order that decides which answer tlog-witness gives.
    pub fn judge(
        &self,
        log: &VerifierKey,
        latest: Option<&Checkpoint>,
    ) -> Result<SignedCheckpoint, WitnessRefusal> {
        let signed = self.signed_alone(log).map_err(WitnessRefusal::Untrusted)?;
        let (old_size, next) = (self.old_size, signed.checkpoint());
        if old_size > next.size {
            let size = next.size;
            return Err(WitnessRefusal::OldSizeTooLarge { old_size, size });
        }
        let latest_size = latest.map_or(0, |latest| latest.size);
        if old_size != latest_size {
            let latest = latest_size;
            return Err(WitnessRefusal::Stale { old_size, latest });
        }
        if next.size == 0 && next.root != empty_root() {
            return Err(WitnessRefusal::NotEmpty);
        }
        let old_root = latest.map_or_else(empty_root, |latest| latest.root);
        if old_size == next.size && old_root != next.root {
            return Err(WitnessRefusal::Fork { size: next.size });
        }
        verify_consistency(old_size, &old_root, next.size, &next.root, &self.proof)
            .map_err(WitnessRefusal::Inconsistent)?;
        Ok(signed)
    }

    /// The checkpoint, believed by the log's signature, and without any other: what others signed is
    /// not the witness's to keep.
    fn signed_alone(&self, log: &VerifierKey) -> Result<SignedCheckpoint, CheckpointError> {
        SignedCheckpoint::check(self.checkpoint.clone(), log, &[])?;
        let mut note = Note::new(self.checkpoint.text())?;
        let own = self.checkpoint.signatures().iter().find(|s| s.is_by(log));
        if let Some(signature) = own {
            note.add(signature.clone())?;
        }
        SignedCheckpoint::check(note, log, &[]).map(|(signed, _)| signed)
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        for hash in &self.proof {
            writeln!(f, "{}", hash.to_base64())?;
        }
        f.write_char('\n')?;
        self.checkpoint.fmt(f)
    }
}

/// Reads a witness's answer: one signature line or more. None if it is something else.
pub fn parse_cosignatures(bytes: &[u8]) -> Option<Vec<NoteSignature>> {
    if bytes.len() > MAX_NOTE_LEN {
        return None;
    }
    let lines = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    let signatures: Option<Vec<_>> = lines.split('\n').map(NoteSignature::parse_line).collect();
    signatures.filter(|signatures| signatures.len() <= MAX_NOTE_SIGNATURES)
}

/// Reads the size that a witness answers a stale request with: a decimal number and a newline.
pub fn parse_size(bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.strip_suffix('\n').and_then(parse_decimal)
}
