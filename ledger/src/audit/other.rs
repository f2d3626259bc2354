//! Another server's log, held against the one under audit.

use tlog::tree::{self, MemoryTree};
use tlog::{Checkpoint, Entry, Hash, Note, leaf_hash};

use super::auditor::{Auditor, checkpoint_keys, parsed};
use super::evidence::Claim;
use super::finding::{Finding, FindingKind};
use crate::checkpoint_keys::{CheckpointKeys, NamedKeys};
use crate::replay::Mismatch;

/// A log as far as it must be known to be compared: the tree over its entries, and the keys that they name.
/// Whether they follow is not asked here.
#[derive(Debug, Default)]
pub struct OtherLog {
    tree: MemoryTree,
    named: Option<NamedKeys>,
    /// Why the keys are not known from some entry on.
    unnamed: Option<Finding>,
}

impl OtherLog {
    /// A log of which nothing is known yet.
    pub fn new() -> OtherLog {
        OtherLog::default()
    }

    /// Takes in the next entries.
    pub fn take(&mut self, entries: &[Vec<u8>]) {
        for bytes in entries {
            self.tree.append(leaf_hash(bytes));
            if self.unnamed.is_none() {
                self.unnamed = self.follow(bytes).err();
            }
        }
    }

    fn follow(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        let index = self.tree.size() - 1;
        let entry = Entry::decode(bytes).map_err(|error| {
            let fault = error.into();
            Finding::from(Mismatch { index, fault })
        })?;
        follow_keys(&mut self.named, &entry)
    }

    fn root(&self, size: u64) -> Result<Hash, Finding> {
        tree::root(&self.tree, size).map_err(Finding::unreadable)
    }

    /// Whose signature its checkpoints bear, as its entries say.
    fn keys(&self) -> Result<CheckpointKeys, Finding> {
        if let Some(unnamed) = &self.unnamed {
            return Err(unnamed.clone());
        }
        let unfounded = || FindingKind::Unfounded.at(Some(0));
        let named = self.named.as_ref().ok_or_else(unfounded)?;
        named.checkpoint_keys().map_err(|_| unfounded())
    }
}

/// The log's keys, as its entries name them one after another.
pub(crate) fn follow_keys(named: &mut Option<NamedKeys>, entry: &Entry) -> Result<(), Finding> {
    let index = entry.index;
    let fault = |fault| Finding::from(Mismatch { index, fault });
    if let Some(named) = named {
        return named.follow(entry).map_err(fault);
    }
    let founded = NamedKeys::founded(entry).map_err(fault)?;
    *named = Some(founded.ok_or_else(|| FindingKind::Unfounded.at(Some(0)))?);
    Ok(())
}

impl Auditor {
    /// Whether the key in force by the entries so far has signed a checkpoint.
    pub fn is_signed(&self, note: &Note) -> bool {
        let keys = checkpoint_keys(self.state());
        keys.is_ok_and(|keys| keys.check(note.clone(), self.witnesses()).is_ok())
    }

    /// Holds a checkpoint of another server against the entries, of which it must cover no more than there
    /// are: it is of the same history and signed by the log.
    pub fn compare(&mut self, note: &Note) -> Result<(), Finding> {
        let shown = parsed(note)?;
        self.compare_past(&shown, note)
    }

    /// Holds a larger checkpoint of another server against the entries: the entries that it gives lead to it, by
    /// the key that they name, and to what was proven here.
    pub fn compare_longer(&self, note: &Note, theirs: &OtherLog) -> Result<(), Finding> {
        let shown = parsed(note)?;
        if theirs.tree.size() < shown.size {
            let (given, checkpoint) = (theirs.tree.size(), shown.size);
            return Err(FindingKind::Withheld { given, checkpoint }.at(Some(given)));
        }
        let found = theirs.root(shown.size)?;
        if found != shown.root {
            let (size, expected) = (shown.size, shown.root);
            let root = FindingKind::Root {
                size,
                expected,
                found,
            };
            return Err(root.at(None));
        }
        let Some((proven, old)) = self.proven_tree() else {
            return Ok(());
        };
        let found = theirs.root(proven.size)?;
        if found == proven.root {
            let signed = theirs.keys()?.check(note.clone(), self.witnesses());
            return signed.map_or_else(|error| Err(FindingKind::from(error).at(None)), |_| Ok(()));
        }
        self.signed_for_another_history(note, theirs)?;
        let (size, believed) = (proven.size, proven.root);
        let forked = FindingKind::Forked {
            size,
            believed,
            found,
        };
        let claim = Claim::Fork { old: old.clone() };
        let evidence = claim.prove(&theirs.tree, note);
        Err(forked.at(size.checked_sub(1)).proven_by(evidence))
    }

    /// A key of this log has signed a checkpoint of entries that are not this log's: one that these entries name,
    /// or one that those name, which begin as these do.
    fn signed_for_another_history(&self, note: &Note, theirs: &OtherLog) -> Result<(), Finding> {
        let ours = checkpoint_keys(self.state())?;
        let begins_here = theirs.root(1).ok() == self.genesis();
        let theirs = theirs.keys().ok().filter(|_| begins_here);
        let signed = |keys: &CheckpointKeys| keys.signer_of(note).is_some();
        if signed(&ours) || theirs.as_ref().is_some_and(signed) {
            return Ok(());
        }
        let foreign = ours.check(note.clone(), self.witnesses());
        foreign.map_or_else(|error| Err(FindingKind::from(error).at(None)), |_| Ok(()))
    }

    fn genesis(&self) -> Option<Hash> {
        self.state().map(|state| Hash(state.genesis().0))
    }

    /// Holds a checkpoint against entries taken before.
    pub(super) fn compare_past(&mut self, past: &Checkpoint, note: &Note) -> Result<(), Finding> {
        let Some(found) = self.root_at(past.size) else {
            let reason = "the hashes of the tree are not kept, so nothing can be held against them";
            return Err(Finding::unreadable(reason));
        };
        let at = past.size.checked_sub(1);
        let keys = checkpoint_keys(self.state())?;
        if found == past.root || keys.signer_of(note).is_none() {
            keys.check(note.clone(), self.witnesses())
                .map_err(|error| FindingKind::from(error).at(at))?;
            self.count_checkpoint();
            return Ok(());
        }
        // Whichever of its keys signed it, by then or no longer: it is another history.
        let forked = FindingKind::Forked {
            size: past.size,
            believed: found,
            found: past.root,
        };
        let claim = Claim::Fork { old: note.clone() };
        Err(forked.at(at).proven_by(self.prove(&claim)))
    }
}
