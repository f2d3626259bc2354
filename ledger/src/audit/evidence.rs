//! What proves a finding to somebody who was not there.
//!
//! Some findings are a few signed lines (`tlog::evidence`). All others are about an entry that the log has
//! under its signature: the whole log proves them, as a bundle, to whoever runs the audit on it.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use tlog::tree::MemoryTree;
use tlog::{
    BundleError, BundleHead, BundleWriter, Checkpoint, Evidence, Frontier, Note, SignedCheckpoint,
    VerifierKey, consistency_proof, inclusion_proof, leaf_hash, tree,
};

use super::auditor::audit;
use super::bundle::Bundle;
use super::finding::{Finding, FindingKind};
use super::source::EntrySource;
use super::{AuditOptions, Progress};

/// What an auditor has seen, to be proven once the tree is known up to a signed checkpoint.
#[derive(Clone, Debug)]
pub(super) enum Claim {
    /// This checkpoint is of another history.
    Fork {
        /// Which.
        old: Note,
    },
    /// This entry is from before a cosignature that does not cover it.
    Backdated {
        cosigned: Note,
        entry: Vec<u8>,
        index: u64,
    },
}

impl Claim {
    /// The proof, if the tree leads to the newest checkpoint of the log.
    pub(super) fn prove(&self, kept: &MemoryTree, newest: &Note) -> Option<Evidence> {
        let new = Checkpoint::parse(newest.text()).ok()?;
        if tree::root(kept, new.size).ok()? != new.root {
            return None;
        }
        match self {
            Claim::Fork { old } => {
                let size = Checkpoint::parse(old.text()).ok()?.size;
                Some(Evidence::Fork {
                    old: old.clone(),
                    new: newest.clone(),
                    root: tree::root(kept, size).ok()?,
                    proof: consistency_proof(kept, size, new.size).ok()?,
                })
            }
            Claim::Backdated {
                cosigned,
                entry,
                index,
            } => {
                let size = Checkpoint::parse(cosigned.text()).ok()?.size;
                let proof = consistency_proof(kept, size, new.size).ok()?;
                Some(Evidence::Time {
                    cosigned: cosigned.clone(),
                    entry: entry.clone(),
                    inclusion: inclusion_proof(kept, *index, new.size).ok()?,
                    later: Some((newest.clone(), proof)),
                })
            }
        }
    }
}

/// Writes what a source has under its newest checkpoint to a new file as a bundle, whatever is wrong with
/// it. `log` and `witnesses` are the keys that are named in it.
pub fn write_bundle(
    source: &mut dyn EntrySource,
    path: &Path,
    log: &[VerifierKey],
    witnesses: &[VerifierKey],
) -> Result<(), WriteBundleError> {
    let checkpoint = source.newest().cloned();
    let checkpoint = checkpoint.ok_or(WriteBundleError::NoCheckpoint)?;
    let mut left = Checkpoint::parse(checkpoint.text())
        .map_err(BundleError::Checkpoint)?
        .size;
    let signatures = checkpoint.signatures();
    let cosigned = |key: &&VerifierKey| signatures.iter().any(|s| s.is_by(key));
    let mut keys = log.to_vec();
    keys.extend(witnesses.iter().filter(cosigned).cloned());
    let (mut writer, head) = BundleWriter::begin(&BundleHead {
        ledger: source.ledger().as_str().to_owned(),
        checkpoint: checkpoint.clone(),
        cosigned: None,
        keys,
    })?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(&head)?;
    while left > 0 {
        let entries = source.next().map_err(Box::new)?;
        if entries.is_empty() {
            return Err(WriteBundleError::Incomplete);
        }
        for bytes in entries {
            if left == 0 {
                break;
            }
            left -= 1;
            if let Some(record) = writer.push(bytes)? {
                file.write_all(&record)?;
            }
        }
    }
    file.write_all(&writer.finish()?)?;
    Ok(file.sync_all()?)
}

/// Why there is no bundle of what was found.
#[derive(Debug, thiserror::Error)]
pub enum WriteBundleError {
    /// Nothing signed was shown.
    #[error("no checkpoint was shown, so nothing proves whose entries these are")]
    NoCheckpoint,
    /// Not everything under the checkpoint was given.
    #[error("not every entry under the checkpoint was given, so they prove nothing")]
    Incomplete,
    /// The entries could not be read.
    #[error(transparent)]
    Read(#[from] Box<Finding>),
    /// They do not fit a bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The system refused to write the file.
    #[error("it cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// What a bundle proves against the log whose keys are given: the finding, if the log signed exactly these
/// entries; nothing, if they follow.
///
/// First the entries are held against the signed root, so that nobody can blame a log for entries it
/// never had; then everything is audited.
pub fn prove_by_bundle(
    path: &Path,
    log: &[VerifierKey],
    witnesses: Vec<VerifierKey>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Option<Finding>, Finding> {
    let mut bundle = Bundle::open(path)?;
    let note = bundle.checkpoints().last().cloned();
    let note = note.ok_or_else(|| FindingKind::NoCheckpoint.at(None))?;
    signed_by_any(&note, log)?;
    let expected = Checkpoint::parse(note.text());
    let expected = expected.map_err(|error| FindingKind::Checkpoint(error).at(None))?;
    let mut frontier = Frontier::new();
    loop {
        let entries = bundle.next()?;
        if entries.is_empty() {
            break;
        }
        frontier.extend(entries.iter().map(|bytes| leaf_hash(bytes)));
    }
    if frontier.root() != expected.root {
        let root = FindingKind::Root {
            size: expected.size,
            expected: expected.root,
            found: frontier.root(),
        };
        return Err(root.at(None));
    }
    let options = AuditOptions {
        witnesses,
        ..AuditOptions::default()
    };
    match audit(&mut Bundle::open(path)?, options, progress) {
        Ok(_) => Ok(None),
        // The keys in a bundle are its maker's word: nobody is blamed for them.
        Err(finding)
            if finding.is_unavailable()
                || matches!(finding.kind, FindingKind::OtherKeys { .. }) =>
        {
            Err(finding)
        }
        Err(finding) => Ok(Some(finding)),
    }
}

fn signed_by_any(note: &Note, log: &[VerifierKey]) -> Result<(), Finding> {
    let mut refused = None;
    for key in log {
        match SignedCheckpoint::check(note.clone(), key, &[]) {
            Ok(_) => return Ok(()),
            Err(error) => refused = Some(error),
        }
    }
    let refused = refused.map_or(FindingKind::NoCheckpoint, FindingKind::Checkpoint);
    Err(refused.at(None))
}
