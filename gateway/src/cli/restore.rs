//! `govledger restore`: a ledger built anew from its evidence bundle.

use std::path::PathBuf;

use clap::Args;
use ledger::{KeyRing, RestoreError, Restored, audit::Bundle, restore, restore_to_nats};
use serde_json::json;

use super::{failure::Failure, migrate, nats::NatsAccess, output};

/// What `restore --help` says.
const LONG_ABOUT: &str = "Build a ledger from its evidence bundle, to go on from there

Everything in the bundle is audited while it is written; what does not hold leaves nothing. The ledger
needs its own keys in force (a record key and a checkpoint key), which no bundle has: bring them from where
they are kept. Contents beside the log (names, statements, evidence) come from a copy of the old
directory's `content`, as far as entries name them. With --nats, log and contents are restored to NATS.

Restore from the newest bundle there is. If the lost ledger had signed a larger checkpoint, the two
histories part, and whoever holds that checkpoint can prove it: ask the witnesses first.";

/// Build a ledger from its evidence bundle, to go on from there
#[derive(Args)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct RestoreArgs {
    /// The bundle, as `govledger export bundle` writes it
    file: PathBuf,
    /// The directory of the ledger's own keys in force: every file in it that ends in .pem
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// A directory of contents to take over: `ledgers/ID/content` of a copy
    #[arg(long, value_name = "DIR")]
    contents: Option<PathBuf>,
    /// The data directory, made if it is missing; no server may have it open
    #[arg(long, env = "GOVLEDGER_DATA", value_name = "DIR")]
    data: PathBuf,
    /// Keep log and contents in NATS JetStream, where there must be no such ledger yet
    #[arg(long, env = "GOVLEDGER_NATS_URL", value_name = "URL")]
    nats: Option<String>,
    #[command(flatten)]
    access: NatsAccess,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &RestoreArgs) -> Result<(), Failure> {
    let keys = KeyRing::load(&args.keys).map_err(|error| {
        Failure::usage(error.to_string()).next(
            "Give a directory that has the ledger's keys in force, as files that end in .pem.",
        )
    })?;
    let bundle = Bundle::open(&args.file).map_err(|finding| of_finding(&finding))?;
    let bar = output::progress(ledger::audit::EntrySource::total(&bundle), "entries");
    let drawn = bar.clone();
    let contents = args.contents.clone();
    let progress = move |p: ledger::audit::Progress| drawn.set_position(p.entries);
    let restored = match &args.nats {
        None => restore(&args.data, bundle, keys, contents, progress).await,
        Some(url) => {
            let nats = args.access.connect(url).await?;
            restore_to_nats(&args.data, bundle, keys, contents, &nats, progress).await
        }
    };
    bar.finish_and_clear();
    tell(args, &restored.map_err(|error| not_restored(&error))?)
}

fn of_finding(finding: &ledger::audit::Finding) -> Failure {
    if finding.is_unavailable() {
        return Failure::unavailable(finding.to_string());
    }
    Failure::finding(format!("the bundle does not hold: {finding}"))
        .because(finding.code())
        .next("Nothing was restored. Get another copy of the bundle, or an older one.")
}

fn not_restored(error: &RestoreError) -> Failure {
    match error {
        RestoreError::Finding(finding) => of_finding(finding),
        RestoreError::Exists { .. } => Failure::finding(error.to_string())
            .next("Restore into another data directory, and compare the two."),
        RestoreError::OtherKeys(_) => Failure::finding(error.to_string()).next(
            "Bring this ledger's own key files; without them it can be read but not extended.",
        ),
        RestoreError::Node(_) => {
            Failure::unavailable(error.to_string()).next("Stop the server that has it open.")
        }
        RestoreError::Migrate(error) => migrate::not_migrated(error),
        RestoreError::Keys(_) | RestoreError::Write(_) => Failure::unavailable(error.to_string()),
    }
}

fn tell(args: &RestoreArgs, restored: &Restored) -> Result<(), Failure> {
    let report = &restored.report;
    if args.json {
        return output::json(&json!({
            "ledger": report.ledger.as_str(),
            "entries": report.entries,
            "root": report.root.to_string(),
            "verifier_key": report.verifier_key.to_string(),
            "contents": restored.contents,
        }));
    }
    let nats = args.nats.as_deref().map(|url| format!(" --nats {url}"));
    output::line(&format!(
        "Ledger {} ({}) is restored in {}: {}, each proven again; {} taken over.\n\
         It goes on from here: govledger serve --data {}{}",
        report.ledger,
        report.name,
        args.data.display(),
        output::counted(report.entries, "entry", "entries"),
        output::counted(restored.contents, "content", "contents"),
        args.data.display(),
        nats.unwrap_or_default(),
    ))
}
