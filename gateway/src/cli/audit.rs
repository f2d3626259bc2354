//! `govledger audit`: everything read again, every rule executed again, nothing believed.

mod report;

use std::path::PathBuf;

use clap::Args;
use governance::ids::LedgerId;
use indicatif::ProgressBar;
use ledger::audit::{AuditOptions, AuditReport, EntrySource, Finding, audit};
use serde_json::json;
use tlog::{Note, SignedCheckpoint, VerifierKey};

use super::{
    failure::Failure,
    output,
    policy::{self, Trust},
    sources::{Opened, SourceArgs},
};

/// What `audit --help` says.
const LONG_ABOUT: &str = "Check a whole ledger: every link, signature, rule, tally and checkpoint

Reads every entry from the first on, from a data directory (also beside a running server) or from a
server, and does everything again: hashes, signatures, the tree's root against every signed
checkpoint, every rule, every tally, everything time alone brought. Ends with what that proved, or
with the first entry that does not follow and why.";

/// Check a whole ledger: every link, signature, rule, tally and checkpoint
#[derive(Args)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct AuditArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// Only this ledger; without: all there are
    #[arg(long, value_name = "ID")]
    ledger: Option<LedgerId>,
    /// The verifier key the ledger must have, from where you trust it
    #[arg(long, value_name = "VKEY")]
    key: Option<VerifierKey>,
    /// A trust policy (C2SP tlog-policy): the largest checkpoint must be of one of its logs, if it names
    /// any, and be cosigned by a quorum of its witnesses
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Check signatures in batches: faster, but a batch can pass a signature made to deceive it
    #[arg(long)]
    quick: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What came of one ledger.
struct Audited {
    ledger: LedgerId,
    result: Result<AuditReport, Finding>,
    /// The largest checkpoint, with its cosignatures.
    checkpoint: Option<Note>,
}

fn one(args: &AuditArgs, ledger: &LedgerId, opened: Opened) -> Audited {
    let mut checkpoint = None;
    let result = opened.and_then(|mut source| {
        checkpoint = source.checkpoints().last().cloned();
        of_source(args, &mut *source)
    });
    Audited {
        ledger: ledger.clone(),
        result,
        checkpoint,
    }
}

pub(crate) async fn run(args: &AuditArgs) -> Result<(), Failure> {
    let policy = args.policy.as_deref().map(policy::read).transpose()?;
    let ledgers = args.source.ledgers(args.ledger.as_ref()).await?;
    let mut audited = Vec::new();
    for ledger in &ledgers.ids {
        let opened = ledgers.open(ledger).await?;
        // The audit takes all cores and waits for pages: it leaves the runtime's threads alone.
        audited.push(tokio::task::block_in_place(|| one(args, ledger, opened)));
    }
    if args.json {
        let ledgers = audited
            .iter()
            .map(|one| report::json(&one.ledger, &one.result));
        output::json(&json!({ "ledgers": ledgers.collect::<Vec<_>>() }))?;
    }
    let mut worst = None;
    for one in &audited {
        let told = match &one.result {
            Ok(_) if args.json => Ok(()),
            Ok(report) => report::tell(report),
            Err(finding) => Err(report::failure(&one.ledger, finding)),
        };
        let told = told
            .and_then(|()| expected_key(args, one))
            .and_then(|()| expected_policy(policy.as_ref(), one));
        if let Err(failure) = told {
            worst = Some(worse(worst, failure));
        }
    }
    worst.map_or(Ok(()), Err)
}

/// A finding outweighs what could not be read; what is not returned is told here.
fn worse(before: Option<Failure>, after: Failure) -> Failure {
    let Some(before) = before else {
        return after;
    };
    let finding = super::failure::Exit::Finding;
    let (kept, told) = if before.exit() == finding || after.exit() != finding {
        (before, after)
    } else {
        (after, before)
    };
    told.print();
    kept
}

fn expected_key(args: &AuditArgs, one: &Audited) -> Result<(), Failure> {
    let (Some(expected), Ok(report)) = (&args.key, &one.result) else {
        return Ok(());
    };
    if *expected == report.verifier_key {
        return Ok(());
    }
    let ledger = &one.ledger;
    let what = format!("ledger {ledger} follows, but it is not the ledger of the key you gave");
    Err(Failure::finding(what)
        .because(format!("Its founding entry names {}.", report.verifier_key))
        .next("Ask the community which verifier key is its own."))
}

/// The largest checkpoint is valid by the policy given.
fn expected_policy(policy: Option<&tlog::Policy>, one: &Audited) -> Result<(), Failure> {
    let (Some(policy), Ok(report), Some(note)) = (policy, &one.result, &one.checkpoint) else {
        return Ok(());
    };
    let trust = Trust::of(policy, &report.verifier_key)?;
    let keys = policy.witness_keys();
    let checked = SignedCheckpoint::check(note.clone(), &report.verifier_key, &keys);
    let (signed, cosigned) = checked.map_err(|error| {
        Failure::finding(format!(
            "ledger {}: a cosignature of its checkpoint does not hold",
            one.ledger
        ))
        .because(error.to_string())
    })?;
    trust.expect(&signed, &cosigned)
}

fn of_source(args: &AuditArgs, source: &mut dyn EntrySource) -> Result<AuditReport, Finding> {
    let bar: ProgressBar = output::progress(source.total(), "entries");
    let options = AuditOptions { quick: args.quick };
    let result = audit(source, options, &|progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.entries);
    });
    bar.finish_and_clear();
    result
}
