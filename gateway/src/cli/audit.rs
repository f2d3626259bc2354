//! `govledger audit`: everything read again, every rule executed again, nothing believed.

mod answers;
mod follow;
mod found;
mod look;
mod metrics;
mod report;

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use governance::ids::LedgerId;
use ledger::audit::{AuditOptions, AuditReport, Believed, Finding};
use serde_json::json;
use tlog::{Hash, Note, VerifierKey};

use self::look::Look;
use super::{
    failure::{Exit, Failure},
    output,
    policy::{self, Trust},
    sources::{Ledgers, SourceArgs},
};

/// What `audit --help` says.
const LONG_ABOUT: &str = "Check a whole ledger: every link, signature, rule, tally and checkpoint

Reads every entry from the first on, from a data directory (also beside a running server) or from a
server, and does everything again: hashes, signatures, the tree's root against every signed
checkpoint, every rule, every tally, everything time alone brought. Of a server it also asks who decided
what, where each motion stands, who holds which office, what is on the power list and on the register of
sanctions, who is on which roll, and compares.
Ends with what that proved, or with the first thing that is not as it must be and why.

With --state FILE the auditor remembers: the first audit pins the ledger and keeps its newest checkpoint;
each later one demands that what is shown then contains it. With --evidence FILE a finding is written so
that others can check it: govledger evidence verify FILE. With --follow it goes on as a monitor.";

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
    /// The leaf hash of the first entry that the ledger must begin with, from where you trust it
    #[arg(long, value_name = "HASH")]
    genesis: Option<Hash>,
    /// A trust policy (C2SP tlog-policy): the log must be one of its logs, if it names any, a checkpoint be
    /// cosigned by a quorum of its witnesses (what lies beyond is told), and entries' times agree with theirs
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// What this auditor believed last: made by the first audit, demanded and renewed by each later one
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Where to write what proves a finding; the file must not be there yet
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// Check signatures in batches: faster, but a batch can pass a signature made to deceive it
    #[arg(long)]
    quick: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    follow: FollowArgs,
}

/// How a monitor goes on.
#[derive(Args)]
struct FollowArgs {
    /// Go on as a monitor: look again and again, until something is found
    #[arg(long, conflicts_with_all = ["bundle", "json"])]
    follow: bool,
    /// Seconds from one look to the next
    #[arg(
        long,
        default_value_t = 10,
        value_name = "SECONDS",
        value_parser = clap::value_parser!(u64).range(1..=86_400),
        requires = "follow"
    )]
    every: u64,
    /// End after so many looks without a finding; without: only when asked to
    #[arg(long, value_name = "N", requires = "follow")]
    looks: Option<u64>,
    /// Serve metrics for Prometheus at this address, under /metrics
    #[arg(long, value_name = "ADDR", requires = "follow")]
    metrics: Option<SocketAddr>,
    /// Post a finding as JSON to this address
    #[arg(long, value_name = "URL", requires = "follow")]
    webhook: Option<String>,
}

/// What came of one ledger.
struct Audited {
    ledger: LedgerId,
    result: Result<AuditReport, Finding>,
    /// The checkpoints shown, with their cosignatures, smallest first.
    checkpoints: Vec<Note>,
    /// Where what proves a finding was written, or why not.
    evidence: Option<String>,
}

/// Everything an audit is told, read once.
pub(super) struct Told {
    policy: Option<tlog::Policy>,
    believed: Option<Believed>,
}

impl AuditArgs {
    fn told(&self) -> Result<Told, Failure> {
        let policy = self.policy.as_deref().map(policy::read).transpose()?;
        let believed = match &self.state {
            Some(path) => Believed::load(path).map_err(|error| found::unusable(&error))?,
            None => None,
        };
        if let Some(path) = self.evidence.as_ref().filter(|path| path.exists()) {
            let what = format!("{} is there already", path.display());
            return Err(
                Failure::usage(what).next("Name another file: evidence is not overwritten.")
            );
        }
        Ok(Told { policy, believed })
    }

    /// How one of the ledgers is audited.
    fn options(&self, told: &Told) -> AuditOptions {
        AuditOptions {
            quick: self.quick,
            witnesses: told
                .policy
                .as_ref()
                .map_or_else(Vec::new, tlog::Policy::witness_keys),
            believed: told.believed.clone(),
            keep_tree: self.keeps_tree(),
        }
    }

    /// Whether anything may have to be proven or compared by hashes of the whole tree.
    fn keeps_tree(&self) -> bool {
        let follows = self.follow.follow;
        self.state.is_some() || self.evidence.is_some() || follows || self.source.is_several()
    }

    async fn ledgers(&self, told: &Told) -> Result<Ledgers, Failure> {
        let known = told.believed.as_ref().map(|believed| &believed.ledger);
        let ledgers = self.source.ledgers(self.ledger.as_ref().or(known)).await?;
        if self.state.is_some() && ledgers.ids.len() != 1 {
            let names: Vec<&str> = ledgers.ids.iter().map(LedgerId::as_str).collect();
            let what = "a state file is of one ledger";
            let next = format!("Say which with --ledger: {}.", names.join(", "));
            return Err(Failure::usage(what).next(next));
        }
        Ok(ledgers)
    }
}

pub(crate) async fn run(args: &AuditArgs) -> Result<(), Failure> {
    let told = args.told()?;
    let ledgers = args.ledgers(&told).await?;
    let others = args.source.other_servers().await?;
    if args.follow.follow {
        return follow::run(args, &told, &ledgers, &others).await;
    }
    let mut audited = Vec::new();
    for ledger in &ledgers.ids {
        let mut look = Look::new(ledger, args.options(&told), ledgers.server().is_some())?;
        let result = look.look(&ledgers, &others).await?;
        let mut one = Audited {
            ledger: ledger.clone(),
            result,
            checkpoints: look.checkpoints(),
            evidence: None,
        };
        one.evidence = found::keep(args, &told, &ledgers, &look, &one.result).await?;
        let held = one.result.is_ok()
            && expected_key(args, &one).is_ok()
            && expected_policy(told.policy.as_ref(), &one).is_ok();
        if held {
            remember(args, &look)?;
        }
        audited.push(one);
    }
    if args.json {
        let ledgers = audited.iter().map(report::json);
        output::json(&json!({ "ledgers": ledgers.collect::<Vec<_>>() }))?;
    }
    let mut worst = None;
    for one in &audited {
        let said = match &one.result {
            Ok(_) if args.json => Ok(()),
            Ok(report) => report::tell(report).map(|()| tell_contents(report, &ledgers)),
            Err(finding) => Err(report::failure(
                &one.ledger,
                finding,
                one.evidence.as_deref(),
            )),
        };
        let said = said
            .and_then(|()| expected_key(args, one))
            .and_then(|()| expected_policy(told.policy.as_ref(), one))
            .map(|beyond| tell_pending(one, beyond));
        if let Err(failure) = said {
            worst = Some(worse(worst, failure));
        }
    }
    worst.map_or(Ok(()), Err)
}

/// That texts were not looked at, where they could have been.
fn tell_contents(report: &AuditReport, ledgers: &Ledgers) {
    if ledgers.are_on_nats() && !report.contents_checked {
        eprintln!(
            "Ledger {}: texts kept beside the log were not checked: this user of NATS may not read them.",
            report.ledger
        );
    }
}

/// What the quorum has not cosigned yet.
fn tell_pending(one: &Audited, beyond: u64) {
    if beyond > 0 {
        let entries = output::counted(beyond, "entry", "entries");
        eprintln!(
            "Ledger {}: pending witnesses: the last {entries} are signed by the ledger, and not cosigned yet by the \
             quorum that the policy demands.",
            one.ledger
        );
    }
}

/// Keeps what was believed for the next time.
fn remember(args: &AuditArgs, look: &Look) -> Result<(), Failure> {
    let (Some(path), Some(believed)) = (&args.state, look.believed()) else {
        return Ok(());
    };
    if !path.exists() && args.key.is_none() && args.genesis.is_none() {
        eprintln!(
            "This is the first audit of {}: its key {} and first entry {} are pinned from now on. \
             Compare them with what the community says.",
            believed.ledger, believed.key, believed.genesis,
        );
    }
    believed.save(path).map_err(|error| found::unusable(&error))
}

/// A finding outweighs what could not be read; what is not returned is told here.
fn worse(before: Option<Failure>, after: Failure) -> Failure {
    let Some(before) = before else {
        return after;
    };
    let (kept, told) = if before.exit() == Exit::Finding || after.exit() != Exit::Finding {
        (before, after)
    } else {
        (after, before)
    };
    told.print();
    kept
}

fn expected_key(args: &AuditArgs, one: &Audited) -> Result<(), Failure> {
    let Ok(report) = &one.result else {
        return Ok(());
    };
    let ledger = &one.ledger;
    if args
        .key
        .as_ref()
        .is_some_and(|key| !report.keys.contain(key))
    {
        let what = format!("ledger {ledger} follows, but it is not the ledger of the key you gave");
        return Err(Failure::finding(what)
            .because(format!("Its founding entry names {}.", report.keys.at(0)))
            .next("Ask the community which verifier key is its own."));
    }
    if args.genesis.is_some_and(|leaf| leaf.0 != report.genesis.0) {
        let what = format!("ledger {ledger} follows, but it does not begin as you said");
        return Err(Failure::finding(what)
            .because(format!(
                "The leaf of its first entry is {}.",
                report.genesis
            ))
            .next("Ask the community which first entry is its own."));
    }
    Ok(())
}

/// A checkpoint is valid by the policy given: the newest that is, as the quorum may not have come so far as the log.
/// How many entries it does not cover.
fn expected_policy(policy: Option<&tlog::Policy>, one: &Audited) -> Result<u64, Failure> {
    let (Some(policy), Ok(report)) = (policy, &one.result) else {
        return Ok(0);
    };
    let trust = Trust::of_log(policy, &report.keys)?;
    let keys = policy.witness_keys();
    let mut pending = None;
    for note in one.checkpoints.iter().rev() {
        let checked = report.keys.check(note.clone(), &keys);
        let (signed, cosigned) = checked.map_err(|error| {
            Failure::finding(format!(
                "ledger {}: a cosignature of its checkpoint does not hold",
                one.ledger
            ))
            .because(error.to_string())
        })?;
        match trust.expect(&signed, &cosigned) {
            Ok(()) => return Ok(report.acknowledged - signed.checkpoint().size),
            Err(failure) => {
                pending.get_or_insert(failure);
            }
        }
    }
    pending.map_or(Ok(0), Err)
}
