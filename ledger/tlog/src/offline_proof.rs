//! Offline proofs: C2SP's tlog-proof v1, one file that shows an entry is in a log.
//!
//! The specification is still a draft; the first line names its version. Files end in
//! `.tlog-proof`.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{CheckpointError, SignedCheckpoint, parse_decimal};
use crate::hash::{Hash, leaf_hash};
use crate::key::VerifierKey;
use crate::note::{MAX_NOTE_LEN, Note, NoteError, Verified};
use crate::proof::{MAX_PROOF_LEN, ProofError, verify_inclusion};

/// The first line, without its newline.
pub const OFFLINE_PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The most extra data in bytes: room for an entry and its content's description.
pub const MAX_EXTRA_LEN: usize = 128 * 1024;

/// The longest offline proof in bytes: the longest note, the extra data in base64, and 64 lines.
pub const MAX_OFFLINE_PROOF_LEN: usize = MAX_NOTE_LEN + MAX_EXTRA_LEN.div_ceil(3) * 4 + 64 * 64;

/// Where an entry stands in a log, the hashes that lead to the root, and the checkpoint that
/// signs the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfflineProof {
    /// Anything the application adds. It is not authenticated; never empty.
    pub extra: Option<Vec<u8>>,
    /// The entry's index.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling up.
    pub hashes: Vec<Hash>,
    /// The checkpoint's note.
    pub checkpoint: Note,
}

/// Bytes that are not an offline proof, or a proof that does not prove the entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfflineProofError {
    /// Longer than [`MAX_OFFLINE_PROOF_LEN`].
    #[error("an offline proof of {found} bytes is longer than {MAX_OFFLINE_PROOF_LEN}")]
    TooLong {
        /// Its length in bytes.
        found: usize,
    },
    /// Not UTF-8, or the lines before the checkpoint do not end in a blank one.
    #[error("an offline proof is lines of text, a blank line and a checkpoint")]
    Structure,
    /// The first line names another format or version.
    #[error("the first line is not {OFFLINE_PROOF_HEADER}")]
    Header,
    /// The extra line is not base64, is empty, or has more than [`MAX_EXTRA_LEN`] bytes.
    #[error("the extra line is not base64 of 1 to {MAX_EXTRA_LEN} bytes")]
    Extra,
    /// The index line is missing, or not a decimal number without leading zeros.
    #[error("the index line is not a decimal number without leading zeros")]
    Index,
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
    #[error("what follows the blank line is not a checkpoint")]
    Note(#[from] NoteError),
    /// The checkpoint is not to be believed.
    #[error("the checkpoint does not stand")]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the entry to the checkpoint's root.
    #[error("the entry is not in the checkpoint's tree at this index")]
    Proof(#[from] ProofError),
}

impl OfflineProof {
    /// Reads an offline proof. Nothing in it is to be believed before [`OfflineProof::verify`].
    pub fn parse(bytes: &[u8]) -> Result<OfflineProof, OfflineProofError> {
        if bytes.len() > MAX_OFFLINE_PROOF_LEN {
            return Err(OfflineProofError::TooLong { found: bytes.len() });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| OfflineProofError::Structure)?;
        let (head, checkpoint) = text
            .split_once("\n\n")
            .ok_or(OfflineProofError::Structure)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(OFFLINE_PROOF_HEADER) {
            return Err(OfflineProofError::Header);
        }
        let mut line = lines.next().ok_or(OfflineProofError::Index)?;
        let mut extra = None;
        if let Some(encoded) = line.strip_prefix("extra ") {
            extra = Some(parse_extra(encoded)?);
            line = lines.next().ok_or(OfflineProofError::Index)?;
        }
        Ok(OfflineProof {
            extra,
            index: parse_index(line)?,
            hashes: parse_hashes(lines)?,
            checkpoint: Note::parse(checkpoint.as_bytes())?,
        })
    }

    /// Checks that the entry of these bytes stands in the log whose key is given, and returns the
    /// checkpoint that says so.
    pub fn verify_entry(
        &self,
        entry_bytes: &[u8],
        log: &VerifierKey,
    ) -> Result<SignedCheckpoint, OfflineProofError> {
        self.verify(&leaf_hash(entry_bytes), log)
    }

    /// Like [`OfflineProof::verify_entry`], for an entry's leaf.
    pub fn verify(
        &self,
        leaf: &Hash,
        log: &VerifierKey,
    ) -> Result<SignedCheckpoint, OfflineProofError> {
        self.verify_witnessed(leaf, log, &[])
            .map(|(signed, _)| signed)
    }

    /// Like [`OfflineProof::verify`], and checks the cosignatures of the witnesses the reader
    /// knows, returning those there are. How many of whom are enough is the reader's policy.
    pub fn verify_witnessed(
        &self,
        leaf: &Hash,
        log: &VerifierKey,
        witnesses: &[VerifierKey],
    ) -> Result<(SignedCheckpoint, Vec<Verified>), OfflineProofError> {
        let note = self.checkpoint.clone();
        let (signed, cosigned) = SignedCheckpoint::check(note, log, witnesses)?;
        let tree = signed.checkpoint();
        verify_inclusion(leaf, self.index, tree.size, &self.hashes, &tree.root)?;
        Ok((signed, cosigned))
    }
}

impl fmt::Display for OfflineProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{OFFLINE_PROOF_HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", hash.to_base64())?;
        }
        f.write_char('\n')?;
        self.checkpoint.fmt(f)
    }
}

fn parse_extra(encoded: &str) -> Result<Vec<u8>, OfflineProofError> {
    let extra = STANDARD
        .decode(encoded)
        .map_err(|_| OfflineProofError::Extra)?;
    if (1..=MAX_EXTRA_LEN).contains(&extra.len()) {
        Ok(extra)
    } else {
        Err(OfflineProofError::Extra)
    }
}

fn parse_index(line: &str) -> Result<u64, OfflineProofError> {
    line.strip_prefix("index ")
        .and_then(parse_decimal)
        .ok_or(OfflineProofError::Index)
}

fn parse_hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, OfflineProofError> {
    let mut hashes = Vec::new();
    for text in lines {
        let line = hashes.len() + 1;
        if line > MAX_PROOF_LEN {
            return Err(OfflineProofError::TooManyHashes);
        }
        let hash = Hash::from_base64(text);
        hashes.push(hash.map_err(|_| OfflineProofError::Hash { line })?);
    }
    Ok(hashes)
}
