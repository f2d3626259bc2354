//! Evidence: what an auditor found, in one file that anyone checks who trusts neither the auditor nor the
//! ledger.
//!
//! What a whole log is needed for (a bad signature, a broken rule, a wrong or missing derived entry) is
//! shown by its [bundle](crate::bundle). Here are the findings that a few signed lines prove: two
//! checkpoints of histories that part, one that was taken back, and an entry whose time is not the
//! witnesses'.
//!
//! A file proves something only by keys its reader has from elsewhere: [`Evidence::judge`] takes them, and
//! says what is proven.

use std::fmt;
use std::iter::Peekable;
use std::str::Split;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use crate::entry::{Entry, EntryError, MAX_ENTRY_LEN};
use crate::hash::{Hash, leaf_hash};
use crate::key::VerifierKey;
use crate::note::{MAX_NOTE_LEN, Note, NoteError, Verified};
use crate::proof::{MAX_PROOF_LEN, ProofError, verify_consistency, verify_inclusion};

/// The first line, without its newline.
pub const EVIDENCE_HEADER: &str = "govledger/evidence/v1";

/// By how much an entry's time may differ from that of a cosignature, in milliseconds: two minutes that
/// clocks may be off, twice, and what it takes to ask a witness.
pub const TIME_TOLERANCE_MS: u64 = 5 * 60 * 1_000;

/// The longest evidence in bytes: three notes and an entry in base64, two proofs, and their words.
pub const MAX_EVIDENCE_LEN: usize =
    (3 * MAX_NOTE_LEN + MAX_ENTRY_LEN).div_ceil(3) * 4 + 2 * MAX_PROOF_LEN * 64 + 1_024;

/// How an entry's time disagrees with a cosignature's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// It is in the tree that was cosigned, and says it was recorded over [`TIME_TOLERANCE_MS`] later.
    Late,
    /// It is not in the tree that was cosigned, and says it was recorded over [`TIME_TOLERANCE_MS`] earlier.
    Early,
}

/// Whether the entry at `index`, recorded at a time in milliseconds, disagrees with a cosignature of the
/// first `size` entries at a time in seconds.
pub fn time_disagreement(
    index: u64,
    recorded_at_ms: u64,
    size: u64,
    cosigned_at: u64,
) -> Option<Disagreement> {
    let cosigned_ms = cosigned_at.saturating_mul(1_000);
    if index < size {
        let late = recorded_at_ms > cosigned_ms.saturating_add(TIME_TOLERANCE_MS);
        return late.then_some(Disagreement::Late);
    }
    let early = recorded_at_ms.saturating_add(TIME_TOLERANCE_MS) < cosigned_ms;
    early.then_some(Disagreement::Early)
}

/// What was found. Nothing in it is to be believed before [`Evidence::judge`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The log signed two histories.
    Fork {
        /// A checkpoint of one.
        old: Note,
        /// A checkpoint of the other, at least as large.
        new: Note,
        /// The root of as many entries of the second history as the first checkpoint covers.
        root: Hash,
        /// The proof that this root leads to the second checkpoint.
        proof: Vec<Hash>,
    },
    /// The log signed a checkpoint, and then showed a smaller one as its newest.
    RolledBack {
        /// The larger, which was believed.
        before: Note,
        /// The smaller, which was shown later.
        after: Note,
    },
    /// An entry's time is not that of the witnesses.
    Time {
        /// A checkpoint that witnesses cosigned.
        cosigned: Note,
        /// The entry's bytes.
        entry: Vec<u8>,
        /// The proof that the entry is in the cosigned tree, or in the later one.
        inclusion: Vec<Hash>,
        /// Where the entry is not in the cosigned tree: a later checkpoint of the log that covers it, and
        /// the proof that the cosigned tree is its beginning.
        later: Option<(Note, Vec<Hash>)>,
    },
}

/// What evidence proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proven {
    /// The log's key signed two histories, which part within the first `size` entries.
    Fork {
        /// The size at which both have a root.
        size: u64,
        /// The one root.
        one: Hash,
        /// The other.
        other: Hash,
    },
    /// The log's key signed the larger checkpoint, so the entries up to it are owed to whoever was shown
    /// the smaller. That the smaller was shown later is the auditor's word.
    RolledBack {
        /// The size of the larger.
        before: u64,
        /// The size of the smaller.
        after: u64,
    },
    /// The entry's time and the witness's cannot both be true.
    Time {
        /// The entry.
        index: u64,
        /// When it says it was recorded, in milliseconds since 1970-01-01 UTC.
        recorded_at_ms: u64,
        /// The witness.
        witness: String,
        /// When it cosigned, in seconds since 1970-01-01 UTC.
        cosigned_at: u64,
        /// The entries it cosigned.
        size: u64,
        /// Which way they disagree.
        disagreement: Disagreement,
    },
}

/// Bytes that are not evidence, or evidence that proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// Longer than [`MAX_EVIDENCE_LEN`].
    #[error("evidence of {found} bytes is longer than {MAX_EVIDENCE_LEN}")]
    TooLong {
        /// Its length in bytes.
        found: usize,
    },
    /// The first line names another format or version.
    #[error("the first line is not {EVIDENCE_HEADER}")]
    Header,
    /// A line is not what belongs there.
    #[error("line {line} is not \"{expected}\" and what belongs to it")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What belongs there.
        expected: &'static str,
    },
    /// More hashes than [`MAX_PROOF_LEN`].
    #[error("more than {MAX_PROOF_LEN} hashes in a proof")]
    TooManyHashes,
    /// A checkpoint is not a note.
    #[error("a checkpoint is not a signed note: {0}")]
    Note(#[source] NoteError),
    /// None of the log's keys given signed a checkpoint, or a known witness's signature fails.
    #[error("a checkpoint is not one that the log's key signed: {0}")]
    Checkpoint(#[source] CheckpointError),
    /// The proofs lead nowhere.
    #[error("the proof does not hold: {0}")]
    Proof(#[from] ProofError),
    /// The entry is none.
    #[error("the entry is none: {0}")]
    Entry(#[from] EntryError),
    /// Everything holds, and nothing is wrong with it.
    #[error("nothing is proven: {reason}")]
    NothingProven {
        /// Why not.
        reason: &'static str,
    },
}

impl Evidence {
    /// Reads evidence.
    pub fn parse(bytes: &[u8]) -> Result<Evidence, EvidenceError> {
        let found = bytes.len();
        if found > MAX_EVIDENCE_LEN {
            return Err(EvidenceError::TooLong { found });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| EvidenceError::Header)?;
        let body = text.strip_suffix('\n').ok_or(EvidenceError::Header)?;
        let mut lines = Lines::of(body);
        if lines.next() != Some(EVIDENCE_HEADER) {
            return Err(EvidenceError::Header);
        }
        let evidence = match lines.take("kind")? {
            "fork" => Evidence::Fork {
                old: lines.note()?,
                new: lines.note()?,
                root: lines.hash("root")?,
                proof: lines.hashes("proof")?,
            },
            "rollback" => Evidence::RolledBack {
                before: lines.note()?,
                after: lines.note()?,
            },
            "time" => Evidence::Time {
                cosigned: lines.note()?,
                entry: lines.entry()?,
                inclusion: lines.hashes("inclusion")?,
                later: if lines.peek("checkpoint") {
                    Some((lines.note()?, lines.hashes("proof")?))
                } else {
                    None
                },
            },
            _ => return Err(lines.wrong("kind")),
        };
        match lines.next() {
            None => Ok(evidence),
            Some(_) => Err(lines.wrong("the end")),
        }
    }

    /// What the evidence proves to somebody who knows these keys of the log, and these witnesses.
    pub fn judge(
        &self,
        log: &[VerifierKey],
        witnesses: &[VerifierKey],
    ) -> Result<Proven, EvidenceError> {
        let known = Known { log, witnesses };
        match self {
            Evidence::Fork {
                old,
                new,
                root,
                proof,
            } => known.fork(old, new, root, proof),
            Evidence::RolledBack { before, after } => known.rollback(before, after),
            Evidence::Time {
                cosigned,
                entry,
                inclusion,
                later,
            } => known.time(cosigned, entry, inclusion, later.as_ref()),
        }
    }
}

/// Whom the reader knows.
struct Known<'a> {
    log: &'a [VerifierKey],
    witnesses: &'a [VerifierKey],
}

impl Known<'_> {
    /// A checkpoint that one of the log's keys signed, and who cosigned it.
    fn open(&self, note: &Note) -> Result<(Checkpoint, Vec<Verified>), EvidenceError> {
        let mut refused = CheckpointError::Note(NoteError::NoKnownKey);
        for key in self.log {
            match SignedCheckpoint::check(note.clone(), key, self.witnesses) {
                Ok((signed, cosigned)) => return Ok((signed.checkpoint().clone(), cosigned)),
                Err(error) => refused = error,
            }
        }
        Err(EvidenceError::Checkpoint(refused))
    }

    fn fork(
        &self,
        old: &Note,
        new: &Note,
        root: &Hash,
        proof: &[Hash],
    ) -> Result<Proven, EvidenceError> {
        let ((old, _), (new, _)) = (self.open(old)?, self.open(new)?);
        same_origin(&old, &new)?;
        verify_consistency(old.size, root, new.size, &new.root, proof)?;
        if *root == old.root {
            return nothing("the one checkpoint is the beginning of the other");
        }
        Ok(Proven::Fork {
            size: old.size,
            one: old.root,
            other: *root,
        })
    }

    fn rollback(&self, before: &Note, after: &Note) -> Result<Proven, EvidenceError> {
        let ((before, _), (after, _)) = (self.open(before)?, self.open(after)?);
        same_origin(&before, &after)?;
        if after.size >= before.size {
            return nothing("the second checkpoint is not smaller");
        }
        Ok(Proven::RolledBack {
            before: before.size,
            after: after.size,
        })
    }

    fn time(
        &self,
        cosigned: &Note,
        entry: &[u8],
        inclusion: &[Hash],
        later: Option<&(Note, Vec<Hash>)>,
    ) -> Result<Proven, EvidenceError> {
        let (tree, cosigners) = self.open(cosigned)?;
        let (leaf, decoded) = (leaf_hash(entry), Entry::decode(entry)?);
        match later {
            None => verify_inclusion(&leaf, decoded.index, tree.size, inclusion, &tree.root)?,
            Some((note, proof)) => {
                let (newer, _) = self.open(note)?;
                same_origin(&tree, &newer)?;
                verify_consistency(tree.size, &tree.root, newer.size, &newer.root, proof)?;
                verify_inclusion(&leaf, decoded.index, newer.size, inclusion, &newer.root)?;
            }
        }
        let (index, recorded_at_ms) = (decoded.index, decoded.recorded_at);
        for by in cosigners {
            let Some(cosigned_at) = by.timestamp else {
                continue;
            };
            let found = time_disagreement(index, recorded_at_ms, tree.size, cosigned_at);
            if let Some(disagreement) = found {
                return Ok(Proven::Time {
                    index,
                    recorded_at_ms,
                    witness: by.name,
                    cosigned_at,
                    size: tree.size,
                    disagreement,
                });
            }
        }
        nothing("no witness that you know cosigned at a time that disagrees")
    }
}

fn same_origin(one: &Checkpoint, other: &Checkpoint) -> Result<(), EvidenceError> {
    if one.origin == other.origin {
        return Ok(());
    }
    nothing("the checkpoints are of two logs").map(|_: Proven| ())
}

fn nothing<T>(reason: &'static str) -> Result<T, EvidenceError> {
    Err(EvidenceError::NothingProven { reason })
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{EVIDENCE_HEADER}")?;
        match self {
            Evidence::Fork {
                old,
                new,
                root,
                proof,
            } => {
                f.write_str("kind fork\n")?;
                write_note(f, old)?;
                write_note(f, new)?;
                writeln!(f, "root {}", root.to_base64())?;
                write_hashes(f, "proof", proof)
            }
            Evidence::RolledBack { before, after } => {
                f.write_str("kind rollback\n")?;
                write_note(f, before)?;
                write_note(f, after)
            }
            Evidence::Time {
                cosigned,
                entry,
                inclusion,
                later,
            } => {
                f.write_str("kind time\n")?;
                write_note(f, cosigned)?;
                writeln!(f, "entry {}", STANDARD.encode(entry))?;
                write_hashes(f, "inclusion", inclusion)?;
                let Some((note, proof)) = later else {
                    return Ok(());
                };
                write_note(f, note)?;
                write_hashes(f, "proof", proof)
            }
        }
    }
}

fn write_note(f: &mut fmt::Formatter<'_>, note: &Note) -> fmt::Result {
    writeln!(f, "checkpoint {}", STANDARD.encode(note.to_string()))
}

fn write_hashes(f: &mut fmt::Formatter<'_>, key: &str, hashes: &[Hash]) -> fmt::Result {
    hashes
        .iter()
        .try_for_each(|hash| writeln!(f, "{key} {}", hash.to_base64()))
}

/// Lines of a key, a space and a value, in an order that is known.
struct Lines<'a> {
    lines: Peekable<Split<'a, char>>,
    /// The number of the line read last, from 1.
    line: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Lines<'a> {
        Lines {
            lines: text.split('\n').peekable(),
            line: 0,
        }
    }

    fn next(&mut self) -> Option<&'a str> {
        self.line += 1;
        self.lines.next()
    }

    fn wrong(&self, expected: &'static str) -> EvidenceError {
        let line = self.line;
        EvidenceError::Line { line, expected }
    }

    /// The value of the next line, which has this key.
    fn take(&mut self, key: &'static str) -> Result<&'a str, EvidenceError> {
        let line = self.next();
        let value = line.and_then(|line| line.strip_prefix(key)?.strip_prefix(' '));
        value.ok_or_else(|| self.wrong(key))
    }

    /// Whether the next line has this key.
    fn peek(&mut self, key: &str) -> bool {
        let line = self.lines.peek();
        line.is_some_and(|line| line.strip_prefix(key).is_some_and(|v| v.starts_with(' ')))
    }

    fn bytes(&mut self, key: &'static str) -> Result<Vec<u8>, EvidenceError> {
        let value = self.take(key)?;
        STANDARD.decode(value).map_err(|_| self.wrong(key))
    }

    fn note(&mut self) -> Result<Note, EvidenceError> {
        let bytes = self.bytes("checkpoint")?;
        Note::parse(&bytes).map_err(EvidenceError::Note)
    }

    fn entry(&mut self) -> Result<Vec<u8>, EvidenceError> {
        self.bytes("entry")
    }

    fn hash(&mut self, key: &'static str) -> Result<Hash, EvidenceError> {
        let value = self.take(key)?;
        Hash::from_base64(value).map_err(|_| self.wrong(key))
    }

    fn hashes(&mut self, key: &'static str) -> Result<Vec<Hash>, EvidenceError> {
        let mut hashes = Vec::new();
        while self.peek(key) {
            if hashes.len() == MAX_PROOF_LEN {
                return Err(EvidenceError::TooManyHashes);
            }
            hashes.push(self.hash(key)?);
        }
        Ok(hashes)
    }
}
