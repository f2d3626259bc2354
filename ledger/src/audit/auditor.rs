//! The audit itself: entries are checked on all cores while those before them are decided in order.

use std::collections::VecDeque;

use governance::State;
use governance::ids::LedgerId;
use tlog::evidence::{TIME_TOLERANCE_MS, time_disagreement};
use tlog::tree::{self, MemoryTree};
use tlog::{Checkpoint, Evidence, Note, SignedCheckpoint, Verified, VerifierKey, inclusion_proof};

use super::check::{Checked, Checker, Unsound};
use super::evidence::Claim;
use super::finding::{Finding, FindingKind};
use super::report::{AuditReport, Counts};
use super::source::EntrySource;
use super::stream::NOTHING_TO_HOLD_IT_AGAINST;
use super::{AuditOptions, Believed, Progress};
use crate::checkpoint_keys::CheckpointKeys;
use crate::replay::{Mismatch, Replay};
use crate::tail::LoggedEntry;

/// Audits a ledger: re-reads, re-checks and recomputes everything. Returns what was proven, or the
/// first thing that is not as it must be.
///
/// It takes as long as it takes and uses all cores; `progress` is called a few hundred times.
pub fn audit(
    source: &mut dyn EntrySource,
    options: AuditOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<AuditReport, Finding> {
    let mut auditor = Auditor::new(source.ledger(), options);
    auditor.take(source, &mut |_| {}, progress)?;
    auditor.report(source)
}

/// An audit that goes on where it left off.
pub struct Auditor {
    options: AuditOptions,
    replay: Replay,
    counts: Counts,
    /// The whole tree, if it is kept.
    tree: Option<MemoryTree>,
    /// Checkpoints not reached yet, smallest first.
    expected: VecDeque<Expected>,
    /// The largest checkpoint that holds, with its note.
    proven: Option<(Checkpoint, Note)>,
    verifier_key: Option<VerifierKey>,
    checkpoints: u64,
    /// Notes of anybody that no key of the ledger's signed.
    unsigned: u64,
    /// The latest time at which a witness cosigned, what, and who it was.
    cosigned: Option<Cosigned>,
    contents_checked: bool,
}

/// A checkpoint that the entries must lead to.
#[derive(Clone, Debug)]
struct Expected {
    tree: Checkpoint,
    note: Note,
    given_by: Giver,
}

/// Who gave a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Giver {
    /// The source, which answers for it.
    Source,
    /// Somebody who was asked and may be anybody.
    Hearsay,
    /// The auditor, who believed it before, so that another root is another history.
    Believed,
}

/// A finding, and what further entries would prove of it.
type Found = Box<(Finding, Option<Claim>)>;

/// A cosignature that gives a time.
#[derive(Clone, Debug)]
struct Cosigned {
    by: Verified,
    /// In seconds since 1970-01-01 UTC.
    at: u64,
    size: u64,
    note: Note,
}

impl Auditor {
    /// An audit of this ledger from its first entry on.
    pub fn new(ledger: &LedgerId, options: AuditOptions) -> Auditor {
        Auditor {
            replay: Replay::new(ledger),
            counts: Counts::default(),
            tree: options.keep_tree.then(MemoryTree::new),
            expected: VecDeque::new(),
            proven: None,
            verifier_key: None,
            checkpoints: 0,
            unsigned: 0,
            cosigned: None,
            contents_checked: false,
            options,
        }
    }

    /// Entries taken so far; a source of further ones begins with this index.
    pub fn size(&self) -> u64 {
        self.replay.size()
    }

    /// The state that the entries amount to.
    pub fn state(&self) -> Option<&State> {
        self.replay.state()
    }

    /// The largest checkpoint that was proven.
    pub fn proven(&self) -> Option<&Note> {
        self.proven.as_ref().map(|(_, note)| note)
    }

    pub(super) fn proven_tree(&self) -> Option<&(Checkpoint, Note)> {
        self.proven.as_ref()
    }

    pub(super) fn witnesses(&self) -> &[VerifierKey] {
        &self.options.witnesses
    }

    pub(super) fn count_checkpoint(&mut self) {
        self.checkpoints += 1;
    }

    /// What proves a claim by the largest checkpoint that was proven.
    pub(super) fn prove(&self, claim: &Claim) -> Option<Evidence> {
        let ((_, newest), tree) = (self.proven.as_ref()?, self.tree.as_ref()?);
        claim.prove(tree, newest)
    }

    /// The latest time at which a known witness cosigned, in seconds since 1970-01-01 UTC.
    pub fn cosigned_at(&self) -> Option<u64> {
        self.cosigned.as_ref().map(|cosigned| cosigned.at)
    }

    /// What is believed once everything so far has held, to be kept for the next time.
    pub fn believed(&self) -> Option<Believed> {
        let (state, key) = (self.replay.state()?, self.verifier_key.clone()?);
        Some(Believed {
            ledger: state.ledger().clone(),
            genesis: state.genesis(),
            key,
            checkpoint: self.proven()?.clone(),
        })
    }

    /// Takes everything that a source has after what was taken before, and holds its checkpoints against
    /// it. `follows` is shown each entry that follows. After a finding the audit is over.
    pub fn take(
        &mut self,
        source: &mut dyn EntrySource,
        follows: &mut (dyn FnMut(&LoggedEntry) + Send),
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<(), Finding> {
        let checker = Checker {
            quick: self.options.quick,
            contents: source.contents(),
        };
        self.contents_checked = checker.contents.is_some();
        let newest = self.expect(source)?;
        let (there, taken) = (source.total(), self.replay.size());
        if there < taken {
            // What was taken before is no longer there, whatever checkpoint is shown over it.
            return Err(source.lacking(there, taken).at(Some(there)));
        }
        let mut sound = checker.check(source.next()?);
        while !sound.is_empty() {
            let deciding = || self.apply(std::mem::take(&mut sound), follows);
            let reading = || source.next().map(|entries| checker.check(entries));
            let (decided, next) = rayon::join(deciding, reading);
            if let Err(stopped) = decided {
                return Err(self.proven_by(*stopped, next, source, &newest));
            }
            progress(Progress {
                entries: self.replay.size(),
                total: source.total().max(self.replay.size()),
            });
            sound = next?;
        }
        let entries = self.replay.size();
        self.pass_over_unsigned();
        match self.expected.back() {
            Some(last) => Err(source.lacking(entries, last.tree.size).at(Some(entries))),
            None => Ok(()),
        }
    }

    /// What the source's checkpoints and the one believed before have the entries lead to. Returns the
    /// newest that the source shows.
    fn expect(&mut self, source: &dyn EntrySource) -> Result<Note, Finding> {
        let mut shown = Vec::new();
        let own = source
            .checkpoints()
            .iter()
            .map(|note| (note, Giver::Source));
        let heard = source.hearsay().iter().map(|note| (note, Giver::Hearsay));
        for (note, given_by) in own.chain(heard) {
            let (tree, note) = (parsed(note)?, note.clone());
            shown.push(Expected {
                tree,
                note,
                given_by,
            });
        }
        let newest = shown.iter().max_by_key(|shown| shown.tree.size);
        let newest = newest.ok_or_else(|| FindingKind::NoCheckpoint.at(None))?;
        let newest = newest.clone();
        self.not_taken_back(&newest)?;
        if let Some(believed) = self.options.believed.take() {
            let foreign = |error| FindingKind::Checkpoint(error).at(None);
            let expected = Expected {
                tree: believed.tree().map_err(foreign)?,
                note: believed.checkpoint.clone(),
                given_by: Giver::Believed,
            };
            // Before those of the same size: another root is another history, not a damaged log.
            shown.insert(0, expected);
            self.options.believed = Some(believed);
        }
        shown.sort_by_key(|shown| shown.tree.size);
        for one in shown {
            if one.tree.size > self.replay.size() {
                self.expected.push_back(one);
            } else if self.is_unsigned(&one) {
                self.unsigned += 1;
            } else if self.replay.size() > 0 && one.given_by != Giver::Believed {
                self.compare_past(&one.tree, &one.note)?;
            }
        }
        Ok(newest.note)
    }

    /// Somebody gave it who may be anybody, and no key that the ledger is known by signed it.
    fn is_unsigned(&self, one: &Expected) -> bool {
        let signed = || match (checkpoint_keys(self.replay.state()), &self.options.believed) {
            (Ok(keys), _) => keys.signer_of(&one.note).is_some(),
            (Err(_), Some(believed)) => {
                SignedCheckpoint::check(one.note.clone(), &believed.key, &[]).is_ok()
            }
            (Err(_), None) => false,
        };
        one.given_by == Giver::Hearsay && !signed()
    }

    /// Lets go of what the entries do not lead to and nobody signed.
    fn pass_over_unsigned(&mut self) {
        let expected = std::mem::take(&mut self.expected);
        let before = expected.len();
        self.expected = expected
            .into_iter()
            .filter(|one| !self.is_unsigned(one))
            .collect();
        self.unsigned += (before - self.expected.len()) as u64;
    }

    /// The newest checkpoint shown is no smaller than the largest known.
    fn not_taken_back(&self, newest: &Expected) -> Result<(), Finding> {
        if self.is_unsigned(newest) {
            return Ok(());
        }
        let known = match (&self.proven, &self.options.believed) {
            (Some(proven), _) => Some(proven.clone()),
            (None, Some(believed)) => believed
                .tree()
                .ok()
                .map(|tree| (tree, believed.checkpoint.clone())),
            (None, None) => None,
        };
        let Some((known, before)) = known.filter(|(known, _)| known.size > newest.tree.size) else {
            return Ok(());
        };
        // One that is of another history besides is told as that.
        if self.replay.size() > 0 && self.root_at(newest.tree.size) != Some(newest.tree.root) {
            return Ok(());
        }
        let (believed, shown) = (known.size, newest.tree.size);
        let after = newest.note.clone();
        Err(FindingKind::TakenBack { believed, shown }
            .at(None)
            .proven_by(Some(Evidence::RolledBack { before, after })))
    }

    /// The root of the first `size` entries, as far as it is known.
    pub(super) fn root_at(&self, size: u64) -> Option<tlog::Hash> {
        let frontier = self.replay.frontier();
        if frontier.size() == size {
            return Some(frontier.root());
        }
        let kept = self.tree.as_ref().filter(|_| size < frontier.size())?;
        tree::root(kept, size).ok()
    }

    /// Decides entries in order.
    fn apply(
        &mut self,
        entries: Vec<Result<Checked, Unsound>>,
        follows: &mut (dyn FnMut(&LoggedEntry) + Send),
    ) -> Result<(), Box<Stopped>> {
        let mut entries = entries.into_iter();
        while let Some(checked) = entries.next() {
            if let Err(found) = self.apply_one(checked, follows) {
                let (finding, claim) = *found;
                let rest = entries.map(|entry| entry.ok().map(|entry| entry.entry.leaf));
                return Err(Box::new(Stopped {
                    finding,
                    claim,
                    rest: rest.collect(),
                }));
            }
        }
        Ok(())
    }

    fn apply_one(
        &mut self,
        checked: Result<Checked, Unsound>,
        follows: &mut (dyn FnMut(&LoggedEntry) + Send),
    ) -> Result<(), Found> {
        let index = self.replay.size();
        let alone = |finding| Box::new((finding, None));
        let checked = checked.map_err(|unsound| match unsound {
            Unsound::Entry(fault) => alone(Mismatch { index, fault }.into()),
            Unsound::Content(finding) => alone(finding),
        })?;
        let applied = self.replay.apply(&checked.entry);
        applied.map_err(|mismatch| alone((*mismatch).into()))?;
        if let Some(tree) = &mut self.tree {
            tree.append(tlog::Hash(checked.entry.leaf.0));
        }
        self.pinned(&checked.entry).map_err(alone)?;
        self.not_backdated(&checked.entry)?;
        self.counts.add(&checked.entry);
        self.counts.contents_verified += checked.contents_verified;
        self.counts.contents_missing += checked.contents_missing;
        self.compare_reached(&checked.entry)?;
        follows(&checked.entry);
        Ok(())
    }

    /// The first entry is that of the ledger believed before.
    fn pinned(&self, entry: &LoggedEntry) -> Result<(), Finding> {
        match &self.options.believed {
            Some(pinned) if entry.index == 0 && pinned.genesis != entry.leaf => {
                let (believed, found) = (pinned.genesis, entry.leaf);
                Err(FindingKind::OtherLedger { believed, found }.at(Some(0)))
            }
            _ => Ok(()),
        }
    }

    /// The entry, which no witness had seen by then, is not from long before a cosignature.
    fn not_backdated(&self, entry: &LoggedEntry) -> Result<(), Found> {
        let Some(cosigned) = &self.cosigned else {
            return Ok(());
        };
        let claim = Claim::Backdated {
            cosigned: cosigned.note.clone(),
            entry: entry.bytes.clone(),
            index: entry.index,
        };
        agrees(entry, cosigned).map_err(|finding| Box::new((finding, Some(claim))))
    }

    /// At each checkpoint's size, its root is that of the entries, its signature by the key in force, and
    /// the times of its cosignatures agree with the entries'.
    fn compare_reached(&mut self, last: &LoggedEntry) -> Result<(), Found> {
        let alone = |finding| Box::new((finding, None));
        while let Some(expected) = self.expected.front() {
            if expected.tree.size > self.replay.size() {
                return Ok(());
            }
            if self.is_unsigned(expected) {
                self.expected.pop_front();
                self.unsigned += 1;
                continue;
            }
            let at = expected.tree.size.checked_sub(1);
            let found = self.replay.frontier().root();
            if expected.tree.size != self.replay.size() || found != expected.tree.root {
                return Err(other_root(expected, found));
            }
            let keys = checkpoint_keys(self.replay.state()).map_err(alone)?;
            let note = expected.note.clone();
            let (_, cosigned) = keys
                .check(note, &self.options.witnesses)
                .map_err(|error| alone(FindingKind::from(error).at(at)))?;
            self.verifier_key = Some(keys.at(expected.tree.size).clone());
            let Some(expected) = self.expected.pop_front() else {
                return Ok(());
            };
            for by in cosigned {
                let note = &expected.note;
                self.take_time(by, note, last).map_err(alone)?;
            }
            self.checkpoints += u64::from(expected.given_by != Giver::Believed);
            self.proven = Some((expected.tree, expected.note));
        }
        Ok(())
    }

    /// A witness cosigned everything so far at a time: the last entry is not from long after it, and what
    /// fell due long before it is there.
    fn take_time(&mut self, by: Verified, note: &Note, last: &LoggedEntry) -> Result<(), Finding> {
        let Some(at) = by.timestamp else {
            return Ok(());
        };
        let size = self.replay.size();
        let note = note.clone();
        let cosigned = Cosigned { by, at, size, note };
        agrees(last, &cosigned).map_err(|finding| {
            let proof = self.tree.as_ref().and_then(|tree| {
                let inclusion = inclusion_proof(tree, last.index, size).ok()?;
                Some(Evidence::Time {
                    cosigned: cosigned.note.clone(),
                    entry: last.bytes.clone(),
                    inclusion,
                    later: None,
                })
            });
            finding.proven_by(proof)
        })?;
        nothing_overdue(self.replay.state(), &cosigned)?;
        if self.cosigned.as_ref().is_none_or(|before| before.at <= at) {
            self.cosigned = Some(cosigned);
        }
        Ok(())
    }

    /// What a finding is proven by, where that needs entries that come after: they are read on, and only
    /// hashed.
    fn proven_by(
        &mut self,
        stopped: Stopped,
        next: Result<Vec<Result<Checked, Unsound>>, Finding>,
        source: &mut dyn EntrySource,
        newest: &Note,
    ) -> Finding {
        let Stopped {
            finding,
            claim,
            rest,
        } = stopped;
        let (Some(claim), Some(mut tree)) = (claim, self.tree.take()) else {
            return finding;
        };
        let next = next.unwrap_or_default();
        let next = next
            .into_iter()
            .map(|entry| entry.ok().map(|e| e.entry.leaf));
        for leaf in rest.into_iter().chain(next) {
            let Some(leaf) = leaf else {
                return finding;
            };
            tree.append(tlog::Hash(leaf.0));
        }
        while let Ok(entries) = source.next() {
            if entries.is_empty() {
                break;
            }
            tree.extend(entries.iter().map(|bytes| tlog::leaf_hash(bytes)));
        }
        let proof = claim.prove(&tree, newest);
        finding.proven_by(proof)
    }

    /// What was proven so far.
    pub fn report(&self, source: &dyn EntrySource) -> Result<AuditReport, Finding> {
        let entries = self.replay.size();
        let none = || match self.unsigned {
            0 => source.lacking(entries, source.total()).at(Some(entries)),
            _ => Finding::unreadable(NOTHING_TO_HOLD_IT_AGAINST),
        };
        let (Some(state), Some(verifier_key), Some((proven, _))) =
            (self.replay.state(), &self.verifier_key, &self.proven)
        else {
            return Err(none());
        };
        let keys = checkpoint_keys(Some(state))?;
        let by_entries: Vec<VerifierKey> = keys.all().map(|(_, key)| key.clone()).collect();
        if source.log_keys().is_some_and(|named| named != by_entries) {
            return Err(FindingKind::OtherKeys { by_entries }.at(None));
        }
        let counts = self.counts.clone();
        Ok(AuditReport {
            ledger: state.ledger().clone(),
            name: state.name().to_owned(),
            demo: state.demo(),
            genesis: state.genesis(),
            verifier_key: verifier_key.clone(),
            keys,
            own_keys: state.own_keys().clone(),
            rules_version: state.rules_version(),
            entries,
            acknowledged: proven.size,
            root: proven.root,
            last_recorded_at: state.last_recorded_at(),
            checkpoints: self.checkpoints,
            actions: counts.actions,
            signatures: counts.signatures,
            quick: self.options.quick,
            derived: counts.derived,
            decisions: counts.decisions,
            contents_verified: counts.contents_verified,
            contents_missing: counts.contents_missing,
            contents_checked: self.contents_checked,
            skipped: source.skipped(),
            unsigned: self.unsigned,
            torn: source.torn(),
        })
    }
}

/// Where the audit ended.
struct Stopped {
    finding: Finding,
    claim: Option<Claim>,
    /// The leaves of the entries after, none for one whose bytes are no entry's.
    rest: Vec<Option<governance::ids::Leaf>>,
}

fn other_root(expected: &Expected, found: tlog::Hash) -> Found {
    let size = expected.tree.size;
    let at = size.checked_sub(1);
    let signed = expected.tree.root;
    if expected.given_by != Giver::Believed {
        let root = FindingKind::Root {
            size,
            expected: signed,
            found,
        };
        return Box::new((root.at(at), None));
    }
    let forked = FindingKind::Forked {
        size,
        believed: signed,
        found,
    };
    let claim = Claim::Fork {
        old: expected.note.clone(),
    };
    Box::new((forked.at(at), Some(claim)))
}

/// The entry's time is not far from the cosignature's.
fn agrees(entry: &LoggedEntry, cosigned: &Cosigned) -> Result<(), Finding> {
    let (index, recorded_at) = (entry.index, entry.recorded_at);
    let found = time_disagreement(index, recorded_at.0, cosigned.size, cosigned.at);
    let Some(disagreement) = found else {
        return Ok(());
    };
    Err(FindingKind::RecordedTime {
        recorded_at,
        witness: cosigned.by.name.clone(),
        cosigned_at: cosigned.at,
        size: cosigned.size,
        disagreement,
    }
    .at(Some(index)))
}

/// Nothing that fell due long before a witness cosigned is missing.
fn nothing_overdue(state: Option<&State>, cosigned: &Cosigned) -> Result<(), Finding> {
    let overdue = state.and_then(|state| {
        let due = governance::next_due(state)?;
        let then = cosigned.at.saturating_mul(1_000);
        if due.0.saturating_add(TIME_TOLERANCE_MS) >= then {
            return None;
        }
        let family = governance::derive(state, due);
        Some((due, family.as_ref().map_or("unknown", proto::payload_kind)))
    });
    let Some((due, family)) = overdue else {
        return Ok(());
    };
    Err(FindingKind::DerivedOverdue {
        family,
        due,
        witness: cosigned.by.name.clone(),
        size: cosigned.size,
    }
    .at(Some(cosigned.size)))
}

pub(super) fn parsed(note: &Note) -> Result<Checkpoint, Finding> {
    Checkpoint::parse(note.text()).map_err(|error| FindingKind::Checkpoint(error).at(None))
}

/// The keys of checkpoints, as the entries so far name them.
pub(super) fn checkpoint_keys(state: Option<&State>) -> Result<CheckpointKeys, Finding> {
    let state = state.ok_or_else(|| FindingKind::NoCheckpoint.at(None))?;
    CheckpointKeys::of(state).map_err(Finding::unreadable)
}
