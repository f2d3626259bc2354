//! `govledger export`: what others can keep of a ledger and check without us.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use governance::ids::LedgerId;
use ledger::{
    audit::{EntrySource, Progress},
    export::{ExportError, Exported, export_bundle, export_tiles},
};
use serde_json::json;
use tlog::VerifierKey;

use super::{failure::Failure, output, policy, sources::SourceArgs};

/// Write what others can keep of a ledger: its tiles, or its evidence bundle
#[derive(Args)]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    command: ExportCommand,
}

#[derive(Subcommand)]
enum ExportCommand {
    /// Write the log as files that any web server can serve (C2SP tlog-tiles)
    ///
    /// Into the same directory again, it adds what is new; what is there never changes.
    Tiles(TilesArgs),
    /// Write one file with every entry, the checkpoint, its cosignatures and keys
    ///
    /// `govledger audit --bundle` proves it without a network, `govledger restore` builds the ledger
    /// from it. Contents (names, statements, evidence) are not in it.
    Bundle(BundleArgs),
}

#[derive(Args)]
struct TilesArgs {
    /// The directory, made if it is missing
    dir: PathBuf,
    #[command(flatten)]
    from: FromArgs,
}

#[derive(Args)]
struct BundleArgs {
    /// The file, which must not be there yet
    #[arg(long, value_name = "FILE.govbundle")]
    out: PathBuf,
    /// A trust policy: the keys of its witnesses that cosigned the checkpoint are named in the bundle
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    #[command(flatten)]
    from: FromArgs,
}

#[derive(Args)]
struct FromArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// The ledger; may be left out where there is exactly one
    #[arg(long, value_name = "ID")]
    ledger: Option<LedgerId>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &ExportArgs) -> Result<(), Failure> {
    match &args.command {
        ExportCommand::Tiles(args) => {
            let write = |source: &mut dyn EntrySource, progress: &dyn Fn(Progress)| {
                export_tiles(source, &args.dir, progress)
            };
            export(&args.from, &args.dir, write).await
        }
        ExportCommand::Bundle(args) => {
            let policy = args.policy.as_deref().map(policy::read).transpose()?;
            let keys: Vec<VerifierKey> = policy.map_or_else(Vec::new, |p| p.witness_keys());
            let write = |source: &mut dyn EntrySource, progress: &dyn Fn(Progress)| {
                export_bundle(source, &args.out, &keys, progress)
            };
            export(&args.from, &args.out, write).await
        }
    }
}

async fn export(
    from: &FromArgs,
    to: &Path,
    write: impl Fn(&mut dyn EntrySource, &dyn Fn(Progress)) -> Result<Exported, ExportError>,
) -> Result<(), Failure> {
    let (ledger, opened) = from.source.only(from.ledger.as_ref()).await?;
    let unsound = |error: &dyn std::fmt::Display| {
        Failure::finding(format!("ledger {ledger} was not exported: {error}"))
            .next("Run `govledger audit` on the same source for the whole picture.")
    };
    let mut source = opened.map_err(|finding| unsound(&finding))?;
    let bar = output::progress(source.total(), "entries");
    // It waits for pages and disks: it leaves the runtime's threads alone.
    let exported = tokio::task::block_in_place(|| {
        write(&mut *source, &|progress| {
            bar.set_length(progress.total);
            bar.set_position(progress.entries);
        })
    });
    bar.finish_and_clear();
    let exported = exported.map_err(|error| match &error {
        ExportError::Finding(finding) if finding.is_unavailable() => {
            Failure::unavailable(error.to_string())
        }
        ExportError::Finding(_) | ExportError::Bundle(_) => unsound(&error),
        ExportError::Differs { .. } | ExportError::Backwards { .. } => Failure::finding(
            error.to_string(),
        )
        .next("Keep both: two histories of one log are evidence. Export into another directory."),
        ExportError::Exists { .. } => Failure::usage(error.to_string())
            .next("Name another file: evidence is not overwritten."),
        ExportError::Write { .. } | ExportError::Disk(_) => Failure::unavailable(error.to_string()),
    })?;
    tell(from, to, &exported)
}

fn tell(from: &FromArgs, to: &Path, exported: &Exported) -> Result<(), Failure> {
    let tree = exported.checkpoint.checkpoint();
    let key = exported.keys.at(tree.size);
    if from.json {
        return output::json(&json!({
            "ledger": exported.ledger.as_str(),
            "origin": tree.origin,
            "size": tree.size,
            "root": tree.root.to_string(),
            "verifier_key": key.to_string(),
            "signatures": exported.checkpoint.note().signatures().len(),
        }));
    }
    output::line(&format!(
        "Ledger {} is in {}: {}, under a checkpoint that {key} signed.",
        exported.ledger,
        to.display(),
        output::counted(tree.size, "entry", "entries"),
    ))
}
