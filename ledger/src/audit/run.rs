//! The audit itself: entries are checked on all cores while those before them are decided in order.

use std::collections::VecDeque;

use governance::State;
use tlog::{Checkpoint, Note, SignatureKind, SignedCheckpoint, VerifierKey};

use super::check::{Checked, Checker, Unsound};
use super::finding::{Finding, FindingKind};
use super::report::{AuditReport, Counts};
use super::source::EntrySource;
use super::{AuditOptions, Progress};
use crate::replay::{Mismatch, Replay};

/// Audits a ledger: re-reads, re-checks and recomputes everything. Returns what was proven, or the
/// first thing that is not as it must be.
///
/// It takes as long as it takes and uses all cores; `progress` is called a few hundred times.
pub fn audit(
    source: &mut dyn EntrySource,
    options: AuditOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<AuditReport, Finding> {
    let checker = Checker {
        quick: options.quick,
        contents: source.contents(),
    };
    let mut audit = Audit::new(source)?;
    let mut sound = checker.check(source.next()?);
    while !sound.is_empty() {
        let deciding = || audit.apply(std::mem::take(&mut sound));
        let reading = || source.next().map(|entries| checker.check(entries));
        let (decided, next) = rayon::join(deciding, reading);
        decided?;
        progress(Progress {
            entries: audit.replay.size(),
            total: source.total().max(audit.replay.size()),
        });
        sound = next?;
    }
    audit.finish(source, &checker)
}

/// How far the audit is.
struct Audit {
    replay: Replay,
    counts: Counts,
    /// Checkpoints not reached yet, smallest first, with their notes.
    expected: VecDeque<(Checkpoint, Note)>,
    acknowledged: Checkpoint,
    verifier_key: Option<VerifierKey>,
    checkpoints: u64,
}

impl Audit {
    fn new(source: &dyn EntrySource) -> Result<Audit, Finding> {
        let mut expected = VecDeque::new();
        for note in source.checkpoints() {
            let checkpoint = Checkpoint::parse(note.text());
            let checkpoint = checkpoint.map_err(|e| FindingKind::Checkpoint(e).at(None))?;
            expected.push_back((checkpoint, note.clone()));
        }
        let largest = expected
            .iter()
            .max_by_key(|(checkpoint, _)| checkpoint.size);
        let (acknowledged, _) = largest.ok_or_else(|| FindingKind::NoCheckpoint.at(None))?;
        Ok(Audit {
            replay: Replay::new(source.ledger()),
            counts: Counts::default(),
            acknowledged: acknowledged.clone(),
            expected,
            verifier_key: None,
            checkpoints: 0,
        })
    }

    /// Decides entries in order.
    fn apply(&mut self, entries: Vec<Result<Checked, Unsound>>) -> Result<(), Finding> {
        for checked in entries {
            let index = self.replay.size();
            let checked = checked.map_err(|unsound| match unsound {
                Unsound::Entry(fault) => Mismatch { index, fault }.into(),
                Unsound::Content(finding) => finding,
            })?;
            let applied = self.replay.apply(&checked.entry);
            applied.map_err(|mismatch| Finding::from(*mismatch))?;
            self.counts.add(&checked.entry);
            self.counts.contents_verified += checked.contents_verified;
            self.counts.contents_missing += checked.contents_missing;
            self.compare()?;
        }
        Ok(())
    }

    /// At each checkpoint's size, its root is that of the entries, and its signature by the key that
    /// the first entry names.
    fn compare(&mut self) -> Result<(), Finding> {
        while let Some((checkpoint, note)) = self.expected.front() {
            if checkpoint.size > self.replay.size() {
                return Ok(());
            }
            let at = checkpoint.size.checked_sub(1);
            let found = self.replay.frontier().root();
            if checkpoint.size != self.replay.size() || found != checkpoint.root {
                return Err(FindingKind::Root {
                    size: checkpoint.size,
                    expected: checkpoint.root,
                    found,
                }
                .at(at));
            }
            let key = verifier_key(self.replay.state())?;
            SignedCheckpoint::check(note.clone(), &key, &[])
                .map_err(|error| FindingKind::Checkpoint(error).at(at))?;
            self.verifier_key = Some(key);
            self.checkpoints += 1;
            self.expected.pop_front();
        }
        Ok(())
    }

    fn finish(self, source: &dyn EntrySource, checker: &Checker) -> Result<AuditReport, Finding> {
        let entries = self.replay.size();
        let rolled_back = FindingKind::RolledBack {
            length: entries,
            checkpoint: self.acknowledged.size,
        };
        let (Some(state), Some(verifier_key)) = (self.replay.state(), self.verifier_key) else {
            return Err(rolled_back.at(Some(entries)));
        };
        if entries < self.acknowledged.size {
            return Err(rolled_back.at(Some(entries)));
        }
        let counts = self.counts;
        Ok(AuditReport {
            ledger: state.ledger().clone(),
            name: state.name().to_owned(),
            demo: state.demo(),
            genesis: state.genesis(),
            verifier_key,
            record_key: state.record_key(),
            rules_version: state.rules_version(),
            entries,
            acknowledged: self.acknowledged.size,
            root: self.acknowledged.root,
            last_recorded_at: state.last_recorded_at(),
            checkpoints: self.checkpoints,
            actions: counts.actions,
            signatures: counts.signatures,
            quick: checker.quick,
            derived: counts.derived,
            decisions: counts.decisions,
            contents_verified: counts.contents_verified,
            contents_missing: counts.contents_missing,
            contents_checked: checker.contents.is_some(),
            skipped: source.skipped(),
            torn: source.torn(),
        })
    }
}

/// The key of checkpoints, as the first entry names it.
fn verifier_key(state: Option<&State>) -> Result<VerifierKey, Finding> {
    let state = state.ok_or_else(|| FindingKind::NoCheckpoint.at(None))?;
    let key = state.checkpoint_key();
    VerifierKey::new(state.origin(), SignatureKind::Ed25519, &key.0).map_err(Finding::unreadable)
}
