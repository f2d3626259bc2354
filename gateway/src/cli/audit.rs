//! `govledger audit`: everything read again, every rule executed again, nothing believed.

mod report;
mod source;

use std::path::PathBuf;

use clap::Args;
use governance::ids::LedgerId;
use indicatif::ProgressBar;
use ledger::{
    DataDirectory,
    audit::{AuditOptions, AuditReport, Directory, EntrySource, Finding, audit},
};
use serde_json::json;
use tlog::VerifierKey;

use super::{connection::ServerArgs, failure::Failure, output};

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
    /// Check signatures in batches: faster, but a batch can pass a signature made to deceive it
    #[arg(long)]
    quick: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What is audited.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct SourceArgs {
    /// A data directory; nothing in it is changed
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A server, which is not believed
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

/// What came of one ledger.
struct Audited {
    ledger: LedgerId,
    result: Result<AuditReport, Finding>,
}

pub(crate) async fn run(args: &AuditArgs) -> Result<(), Failure> {
    let audited = match (&args.source.data, &args.source.server) {
        (Some(data), _) => of_directory(args, &DataDirectory::new(data))?,
        (None, Some(server)) => of_server(args, server).await?,
        (None, None) => return Err(Failure::usage("say what to audit: --data or --server")),
    };
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
        if let Err(failure) = told.and_then(|()| expected_key(args, one)) {
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

fn of_directory(args: &AuditArgs, directory: &DataDirectory) -> Result<Vec<Audited>, Failure> {
    let shown = directory.path().display();
    let none = |why: String| {
        Failure::unavailable(format!("there is no ledger in {shown}"))
            .because(why)
            .next("Name the data directory of `govledger serve` with --data.")
    };
    let ledgers = match &args.ledger {
        Some(ledger) => vec![ledger.clone()],
        None => directory
            .ledgers()
            .map_err(|error| none(error.to_string()))?,
    };
    if ledgers.is_empty() {
        return Err(none("The directory has none.".to_owned()));
    }
    let one = |ledger: LedgerId| {
        let opened = Directory::open(directory, &ledger);
        let result = opened.and_then(|mut source| of_source(args, &mut source));
        Audited { ledger, result }
    };
    Ok(ledgers.into_iter().map(one).collect())
}

async fn of_server(args: &AuditArgs, url: &str) -> Result<Vec<Audited>, Failure> {
    let server = ServerArgs {
        server: url.to_owned(),
    };
    let server = server.connect().await?;
    let ledgers = match &args.ledger {
        Some(ledger) => vec![ledger.clone()],
        None => source::ledgers(&server).await?,
    };
    if ledgers.is_empty() {
        return Err(Failure::unavailable("the server keeps no ledger yet"));
    }
    let mut audited = Vec::new();
    for ledger in ledgers {
        let fetched = source::fetch(&server, &ledger).await?;
        // The audit takes all cores and waits for pages: it leaves the runtime's threads alone.
        let result = tokio::task::block_in_place(|| {
            fetched.and_then(|mut source| of_source(args, &mut source))
        });
        audited.push(Audited { ledger, result });
    }
    Ok(audited)
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
