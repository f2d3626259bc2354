//! `govledger proof`: one file from which anyone recomputes a decision, and sees that no ballot was left
//! out.
//!
//! The file is an evidence bundle. A tally can only be recomputed from the roll, the charter, the keys and
//! the ballots it was taken under, and that none is left out can only be shown by every entry of the span
//! in which the vote was open; a bundle has all of them, under one signed checkpoint, and its check
//! executes every rule again on the way to the decision.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use governance::{
    action::{Action, DeliberationAction, MeasureTally, Payload, RollCallMark},
    charter::MeasureKind,
    ids::{LedgerId, MotionId, PersonId},
};
use ledger::{
    audit::{
        AuditOptions, AuditReport, AuditedDecision, Bundle, Contents, EntrySource, Finding, audit,
    },
    export::export_bundle,
};
use serde_json::json;
use tlog::{Note, Policy, VerifierKey};

use super::{
    failure::Failure,
    output,
    policy::{self, Trust},
    sources::SourceArgs,
    time::LocalTime,
};

/// Prove a decision in one file, and check such a file without a server
#[derive(Args)]
pub(crate) struct ProofArgs {
    #[command(subcommand)]
    command: ProofCommand,
}

#[derive(Subcommand)]
enum ProofCommand {
    /// Write the file from which anyone recomputes a decision
    Decision(DecisionArgs),
    /// Recompute a decision from such a file: tally, rule, and that no recorded ballot is left out
    Verify(VerifyArgs),
}

#[derive(Args)]
struct DecisionArgs {
    /// The motion that was decided
    motion: MotionId,
    /// The file, which must not be there yet
    #[arg(long, value_name = "FILE.govbundle")]
    out: PathBuf,
    #[command(flatten)]
    source: SourceArgs,
    /// The ledger; may be left out where there is exactly one
    #[arg(long, value_name = "ID")]
    ledger: Option<LedgerId>,
    /// A trust policy: the keys of its witnesses that cosigned the checkpoint are named in the file
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

#[derive(Args)]
struct VerifyArgs {
    /// The file
    file: PathBuf,
    /// The motion that was decided
    #[arg(long, value_name = "ID")]
    motion: MotionId,
    /// The ledger's verifier key, from where you trust it: <origin>+<id>+<base64>
    #[arg(long, value_name = "VKEY")]
    key: VerifierKey,
    /// A trust policy (C2SP tlog-policy): a quorum of its witnesses must have cosigned the checkpoint
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &ProofArgs) -> Result<(), Failure> {
    match &args.command {
        ProofCommand::Decision(args) => write(args).await,
        ProofCommand::Verify(args) => tokio::task::block_in_place(|| verify(args)),
    }
}

async fn write(args: &DecisionArgs) -> Result<(), Failure> {
    let policy = args.policy.as_deref().map(policy::read).transpose()?;
    let witnesses = policy.map_or_else(Vec::new, |policy| policy.witness_keys());
    let (_, opened) = args.source.only(args.ledger.as_ref()).await?;
    let mut source = opened.map_err(|finding| unsound(&finding))?;
    let bar = output::progress(source.total(), "entries");
    let exported = tokio::task::block_in_place(|| {
        export_bundle(&mut *source, &args.out, &witnesses, &|progress| {
            bar.set_position(progress.entries);
        })
    });
    bar.finish_and_clear();
    let exported = exported.map_err(|error| Failure::finding(error.to_string()))?;
    // Whoever gets it finds what is found here, or nothing was proved.
    let proved = tokio::task::block_in_place(|| recompute(&args.out, &args.motion));
    let (_, told) = proved.inspect_err(|_| {
        // A file that proves nothing is in the way.
        let _ = std::fs::remove_file(&args.out);
    })?;
    output::line(&told.text(&args.motion))?;
    output::line(&format!(
        "\nTo check it without a server, now or in years:\n\
         govledger proof verify {} --motion {} --key '{}'",
        args.out.display(),
        args.motion,
        exported.keys.at(0),
    ))
}

fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let policy = args.policy.as_deref().map(policy::read).transpose()?;
    let (note, told) = recompute(&args.file, &args.motion)?;
    let keys = &told.report.keys;
    if !keys.contain(&args.key) {
        return Err(
            Failure::finding("the file is of another ledger than the key's")
                .because(format!("Its founding entry names {}.", keys.at(0))),
        );
    }
    let witnesses = policy.as_ref().map_or_else(Vec::new, Policy::witness_keys);
    let checked = keys.check(note, &witnesses);
    let (signed, cosigned) = checked.map_err(|error| Failure::finding(error.to_string()))?;
    if let Some(policy) = &policy {
        Trust::of_log(policy, &told.report.keys)?.expect(&signed, &cosigned)?;
    }
    if args.json {
        return output::json(&told.json(&args.motion));
    }
    output::line(&told.text(&args.motion))
}

/// Executes everything again and looks for the decision on the way.
fn recompute(file: &Path, motion: &MotionId) -> Result<(Note, Told), Failure> {
    if !file.is_file() {
        return Err(Failure::usage(format!(
            "there is no file {}",
            file.display()
        )));
    }
    let mut bundle = Bundle::open(file).map_err(|finding| unsound(&finding))?;
    let note = bundle.checkpoints().last().cloned();
    let bar = output::progress(bundle.total(), "entries");
    let mut watched = Watched {
        source: &mut bundle,
        motion,
        vote: Vote::default(),
    };
    let options = AuditOptions::default();
    let report = audit(&mut watched, options, &|p| bar.set_position(p.entries));
    bar.finish_and_clear();
    let vote = watched.vote;
    let report = report.map_err(|finding| unsound(&finding))?;
    let mut decisions = report.decisions.iter();
    let decision = decisions.find(|decision| decision.decided.motion == *motion);
    let decision = decision.cloned().ok_or_else(|| {
        Failure::finding(format!(
            "{motion} is not decided in this log of {} entries",
            report.entries
        ))
    })?;
    // The audit has found a checkpoint.
    let note = note.ok_or_else(|| Failure::finding("there is no checkpoint"))?;
    let told = Told {
        report,
        decision,
        vote,
    };
    Ok((note, told))
}

fn unsound(finding: &Finding) -> Failure {
    if finding.is_unavailable() {
        return Failure::unavailable(finding.to_string());
    }
    Failure::finding(format!("nothing is proved: {finding}"))
        .because(finding.code())
        .next("Keep the file just as it is, and compare it with other copies.")
}

/// What was recorded of one vote.
#[derive(Debug, Default)]
struct Vote {
    opened: Option<u64>,
    /// Ballots, those cast again included.
    ballots: u64,
    voters: BTreeSet<PersonId>,
    papers: u64,
    called: u64,
    overturned: Option<u64>,
}

impl Vote {
    fn note(&mut self, index: u64, action: &Action, motion: &MotionId) {
        let Payload::Deliberation(deed) = &action.payload else {
            return;
        };
        match deed {
            DeliberationAction::VotingOpened { motion: of, .. } if of == motion => {
                self.opened = Some(index);
            }
            DeliberationAction::BallotCast(ballot) if ballot.motion == *motion => {
                self.ballots += 1;
                let voter = ballot.on_behalf_of.as_ref().or(action.actor.person());
                self.voters.extend(voter.cloned());
            }
            DeliberationAction::PaperBallotsRecorded(papers) if papers.motion == *motion => {
                self.papers += papers.voters.len() as u64;
            }
            DeliberationAction::RollCallRecorded(call) if call.motion == *motion => {
                self.opened = self.opened.or(Some(index));
                let voted = |mark: &RollCallMark| {
                    matches!(
                        mark,
                        RollCallMark::For | RollCallMark::Against | RollCallMark::Abstain
                    )
                };
                let voted = call.lines.iter().filter(|(_, mark)| voted(mark)).count();
                // A corrected roll call replaces the first.
                self.called = voted as u64;
            }
            DeliberationAction::DecisionOverturned(overturned) if overturned.motion == *motion => {
                self.overturned = Some(index);
            }
            _ => {}
        }
    }
}

/// A source whose entries are looked at on their way.
struct Watched<'a> {
    source: &'a mut dyn EntrySource,
    motion: &'a MotionId,
    vote: Vote,
}

impl EntrySource for Watched<'_> {
    fn ledger(&self) -> &LedgerId {
        self.source.ledger()
    }

    fn checkpoints(&self) -> &[Note] {
        self.source.checkpoints()
    }

    fn total(&self) -> u64 {
        self.source.total()
    }

    fn next(&mut self) -> Result<Vec<Vec<u8>>, Finding> {
        let entries = self.source.next()?;
        for bytes in &entries {
            // What does not decode is the audit's to find.
            let Ok(entry) = tlog::Entry::decode(bytes) else {
                continue;
            };
            if let Ok(action) = proto::decode_action(&entry.action) {
                self.vote.note(entry.index, &action, self.motion);
            }
        }
        Ok(entries)
    }

    fn contents(&self) -> Option<Contents> {
        self.source.contents()
    }
}

/// A decision that was recomputed.
struct Told {
    report: AuditReport,
    decision: AuditedDecision,
    vote: Vote,
}

impl Told {
    /// Ballots of every kind.
    fn ballots(&self) -> u64 {
        self.vote.ballots + self.vote.papers + self.vote.called
    }

    fn text(&self, motion: &MotionId) -> String {
        let (report, decided) = (&self.report, &self.decision.decided);
        let measures: Vec<String> = decided.measures.iter().map(measure).collect();
        let demo = if report.demo { ", a demonstration" } else { "" };
        let overturned = self.vote.overturned.map_or_else(String::new, |index| {
            format!("\nIt was overturned later, by entry {index}.")
        });
        let opened = self.vote.opened.unwrap_or(self.decision.index);
        format!(
            "{motion} in the ledger of {}{demo}: {:?}, {}.\n{}\n\
             by rule {} of charter version {} ({}), among roll {}\n\
             {} recorded, none left out: {} cast by {}, {} on paper, {} by name; every entry from {opened} \
             to {} is here, and each was lawful when it was recorded.{overturned}\n\
             This cannot speak for ballots that an operator refused to record: whoever was refused holds a \
             signed action and the refusal.",
            report.name,
            decided.outcome,
            LocalTime::default().show(self.decision.recorded_at.0),
            measures.join("\n"),
            decided.rule,
            decided.charter_version,
            decided.citation,
            decided.roll,
            output::counted(self.ballots(), "ballot", "ballots"),
            self.vote.ballots,
            output::counted(self.vote.voters.len() as u64, "voter", "voters"),
            self.vote.papers,
            self.vote.called,
            self.decision.index,
        )
    }

    fn json(&self, motion: &MotionId) -> serde_json::Value {
        let decided = &self.decision.decided;
        json!({
            "proved": true,
            "ledger": self.report.ledger.as_str(),
            "motion": motion.as_str(),
            "outcome": format!("{:?}", decided.outcome),
            "rule": decided.rule.as_str(),
            "charter_version": decided.charter_version,
            "roll": decided.roll.as_str(),
            "citation": decided.citation,
            "opened_index": self.vote.opened,
            "decided_index": self.decision.index,
            "ballots_cast": self.vote.ballots,
            "voters": self.vote.voters.len(),
            "ballots_on_paper": self.vote.papers,
            "ballots_by_name": self.vote.called,
            "overturned_index": self.vote.overturned,
            "measures": decided.measures.iter().map(|tally| json!({
                "kind": format!("{:?}", tally.kind),
                "eligible": tally.eligible,
                "participating": tally.participating,
                "in_favour": tally.in_favour,
                "against": tally.against,
                "abstaining": tally.abstaining,
                "quorum_met": tally.quorum_met,
                "approval_met": tally.approval_met,
            })).collect::<Vec<_>>(),
        })
    }
}

fn measure(tally: &MeasureTally) -> String {
    let name = match tally.kind {
        MeasureKind::Heads => "heads",
        MeasureKind::Area => "area (0.01 m²)",
    };
    let met = |met| if met { "met" } else { "not met" };
    format!(
        "  {name}: {} of {} took part ({} asked, {}); {} for, {} against, {} abstaining ({} asked, {})",
        output::grouped(tally.quorum_counted),
        output::grouped(tally.eligible),
        tally.quorum,
        met(tally.quorum_met),
        output::grouped(tally.in_favour),
        output::grouped(tally.against),
        output::grouped(tally.abstaining),
        tally.approval,
        met(tally.approval_met),
    )
}
