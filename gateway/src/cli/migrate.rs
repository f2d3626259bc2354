//! `govledger migrate`: a ledger's log and contents from its data directory to NATS, or back.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use governance::ids::LedgerId;
use ledger::{
    DataDirectory,
    backing::Backing,
    migrate::{Left, MigrateError, Migrated, Migration, migrate},
};
use serde_json::json;

use super::{
    failure::Failure,
    nats::{self, NatsAccess},
    output,
};

/// What `migrate --help` says.
const LONG_ABOUT: &str = "Move a ledger's log and contents from a data directory to NATS, or back

The ledger in the data directory --from becomes one in the data directory --to. Where its log was in
the directory it is then on NATS, and where it was on NATS it is then in the directory; keys and
checkpoints are always in the directory. Everything is audited before, copied, compared byte for byte,
and audited again. Nothing of the source is changed and nothing at the destination is replaced. What
was interrupted is run again. Afterwards the source is to be removed, as nothing is erased there any more:
what that takes is told at the end.

Stop every server that has the ledger first. When all is done a note beside the source (ID.moved) keeps
any server from going on with it there: two copies that go on would be two histories under one key.";

/// Move a ledger's log and contents from a data directory to NATS, or back
#[derive(Args)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct MigrateArgs {
    /// The data directory the ledger is in
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The data directory it is to be in, made if it is missing
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Which ledger; without: the only one there is
    #[arg(long, value_name = "ID")]
    ledger: Option<LedgerId>,
    /// The NATS server that has the log, or is to have it
    #[arg(long, env = "GOVLEDGER_NATS_URL", value_name = "URL")]
    nats: String,
    #[command(flatten)]
    access: NatsAccess,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &MigrateArgs) -> Result<(), Failure> {
    let ledger = ledger(args)?;
    let nats = args.access.connect(&args.nats).await?;
    let migration = Migration {
        ledger,
        from: args.from.clone(),
        to: args.to.clone(),
    };
    let bar = output::progress(0, "entries");
    let drawn = bar.clone();
    let progress = move |progress: ledger::audit::Progress| {
        drawn.set_length(progress.total);
        drawn.set_position(progress.entries);
    };
    let migrated = migrate(migration, &nats, Arc::new(progress)).await;
    bar.finish_and_clear();
    tell(args, &migrated.map_err(|error| not_migrated(&error))?)
}

/// The ledger named, or the only one there is.
fn ledger(args: &MigrateArgs) -> Result<LedgerId, Failure> {
    if let Some(ledger) = &args.ledger {
        return Ok(ledger.clone());
    }
    let there = DataDirectory::new(&args.from).ledgers();
    let there = there.map_err(|error| Failure::unavailable(error.to_string()))?;
    match there.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(
            Failure::unavailable(format!("there is no ledger in {}", args.from.display()))
                .next("Name the data directory of `govledger serve` with --from."),
        ),
        several => {
            let names: Vec<&str> = several.iter().map(LedgerId::as_str).collect();
            Err(Failure::usage(format!("there are {} ledgers", names.len()))
                .next(format!("Say which with --ledger: {}.", names.join(", "))))
        }
    }
}

pub(super) fn not_migrated(error: &MigrateError) -> Failure {
    let what = error.to_string();
    match error {
        MigrateError::NoLedger { .. } => Failure::unavailable(what)
            .next("Name the data directory it is in with --from, and the ledger with --ledger."),
        MigrateError::Exists { .. } | MigrateError::StreamExists { .. } => Failure::finding(what)
            .because("What is there is never replaced.")
            .next("Choose another destination, or look whether the ledger was moved before."),
        MigrateError::Moved { .. } => Failure::finding(what)
            .next("Use it there. Only if that copy was never served, delete the note ID.moved."),
        MigrateError::Differs { .. } | MigrateError::ContentDiffers { .. } => {
            Failure::finding(what)
                .next("Nothing was moved. Somebody else writes there, or the store is damaged.")
        }
        MigrateError::Grew { .. } => Failure::finding(what)
            .next("Nothing was moved. Stop every server of this ledger, then migrate again."),
        MigrateError::Finding { finding, .. } if finding.is_unavailable() => {
            Failure::unavailable(what).next("Nothing was moved.")
        }
        MigrateError::Finding { finding, .. } => Failure::finding(what)
            .because(finding.code())
            .next("Nothing was moved. Audit the source and the copies you have."),
        MigrateError::Node(_) => Failure::unavailable(what)
            .next("Stop the server that has the directory open, then migrate again."),
        MigrateError::Nats(error) => nats::failure(error),
        MigrateError::Copy(_) => Failure::unavailable(what)
            .next("Nothing was moved. See to it, then run the same again: it goes on from there."),
    }
}

fn tell(args: &MigrateArgs, migrated: &Migrated) -> Result<(), Failure> {
    let report = &migrated.report;
    let on_nats = migrated.backing == Backing::JetStream;
    if args.json {
        return output::json(&json!({
            "ledger": report.ledger.as_str(),
            "on_nats": on_nats,
            "entries": report.entries,
            "blocks": migrated.blocks,
            "contents": migrated.contents,
            "root": report.root.to_string(),
            "verifier_key": report.verifier_key.to_string(),
            "left_behind": {
                "directory": migrated.left.directory,
                "streams": migrated.left.streams,
            },
        }));
    }
    let (place, flags) = if on_nats {
        ("on NATS", format!(" --nats {}", args.nats))
    } else {
        ("in the directory", String::new())
    };
    output::line(&format!(
        "Ledger {} ({}) has its log {place} now: {} in {}, and {}, all the same to the byte.\n\
         It goes on from here: govledger serve --data {}{flags}\n\
         The old copy is untouched, and is not served any more. What is erased from now on stays in it: once the \
         new one is served and in a backup, remove {}.",
        report.ledger,
        report.name,
        output::counted(report.entries, "entry", "entries"),
        output::counted(migrated.blocks, "block", "blocks"),
        output::counted(migrated.contents, "content", "contents"),
        args.to.display(),
        left_behind(&migrated.left),
    ))
}

/// The old copy, for who has to remove it.
fn left_behind(left: &Left) -> String {
    let directory = format!("the directory {}", left.directory.display());
    let streams = left
        .streams
        .iter()
        .map(|stream| format!("the stream {stream}"));
    streams.chain([directory]).collect::<Vec<_>>().join(", ")
}
