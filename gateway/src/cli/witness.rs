//! `govledger witness`: a witness of its own, for any log that speaks C2SP's tlog-witness.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use clap::{Args, Subcommand};
use ledger::{
    SystemClock,
    config::LogFormat,
    witness::{Witness, WitnessError, add_log},
};
use tlog::{VerifierKey, cosignature::Cosigner};

use super::{failure::Failure, keyfile::KeyFile, output};
use crate::{
    server::{asked_to_stop, serve_witness},
    witness,
};

/// What `witness --help` says.
const LONG_ABOUT: &str = "Cosign the checkpoints of ledgers, so that nobody can show two histories

A witness remembers the last checkpoint it cosigned of each log it knows, and cosigns only what grew
from that. It needs no copy of the log and trusts its operator in nothing. Give it a name and a key of
its own, tell it the logs by their verifier keys, and serve it at an address the ledgers can reach.

Its directory must never be lost and replaced by an empty one, nor brought back from an old copy: a
witness that forgets can be made to cosign a second history.";

/// Cosign the checkpoints of ledgers, so that nobody can show two histories
#[derive(Args)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct WitnessArgs {
    #[command(subcommand)]
    command: WitnessCommand,
}

#[derive(Subcommand)]
enum WitnessCommand {
    /// Have the witness know another log
    Add(AddArgs),
    /// Print the witness's verifier key, for trust policies
    Vkey(SignerArgs),
    /// Answer logs and monitors
    Serve(ServeArgs),
}

#[derive(Args)]
struct AddArgs {
    /// The log's verifier key, from where you trust it: <origin>+<id>+<base64>
    log: VerifierKey,
    /// The witness's directory, made if it is missing; no server may have it open
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

#[derive(Args)]
struct SignerArgs {
    /// The witness's private key, which signs nothing else
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The witness's name: a URL without scheme that is yours for good, such as witness.example.org/street
    #[arg(long)]
    name: String,
}

#[derive(Args)]
struct ServeArgs {
    #[command(flatten)]
    signer: SignerArgs,
    /// The witness's directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8430", value_name = "ADDR")]
    listen: SocketAddr,
}

pub(crate) async fn run(args: &WitnessArgs) -> Result<(), Failure> {
    match &args.command {
        WitnessCommand::Add(args) => add(args),
        WitnessCommand::Vkey(args) => output::line(&args.cosigner()?.verifier_key().to_string()),
        WitnessCommand::Serve(args) => serve(args).await,
    }
}

impl SignerArgs {
    fn cosigner(&self) -> Result<Cosigner, Failure> {
        let key = KeyFile::read(&self.key)?;
        Cosigner::new(&self.name, key.key().clone())
            .map_err(|error| Failure::usage(error.to_string()))
    }
}

fn add(args: &AddArgs) -> Result<(), Failure> {
    add_log(&args.data, &args.log).map_err(|error| unusable(&error))?;
    output::line(&format!(
        "The witness knows {} from now on.",
        args.log.name()
    ))
}

async fn serve(args: &ServeArgs) -> Result<(), Failure> {
    super::serve::start_log("info", LogFormat::default())?;
    let cosigner = args.signer.cosigner()?;
    let clock = Arc::new(SystemClock::new());
    let witness = Witness::open(&args.data, cosigner, clock).map_err(|error| unusable(&error))?;
    if witness.logs().is_empty() {
        let what = "the witness knows no log";
        return Err(
            Failure::usage(what).next("Add one with `govledger witness add VKEY --data DIR`.")
        );
    }
    let stop = asked_to_stop().map_err(|error| Failure::unavailable(error.to_string()))?;
    let listener = tokio::net::TcpListener::bind(args.listen).await;
    let listener = listener.map_err(|error| {
        Failure::unavailable(format!("cannot listen on {}: {error}", args.listen))
    })?;
    let address = listener.local_addr();
    let address = address.map_err(|error| Failure::unavailable(error.to_string()))?;
    let key = witness.verifier_key().clone();
    // In one go: who reads the first line may not stay for the second.
    output::line(&format!(
        "govledger witness listening on http://{address}\ncosigning as {key}"
    ))?;
    serve_witness(listener, witness::router(Arc::new(witness)), stop).await;
    Ok(())
}

fn unusable(error: &WitnessError) -> Failure {
    match error {
        WitnessError::Missing { .. } => Failure::usage(error.to_string())
            .next("Make one with `govledger witness add VKEY --data DIR`."),
        WitnessError::Known { .. } => Failure::finding(error.to_string())
            .next("Nothing was changed: what was cosigned of a log is never begun anew."),
        WitnessError::InUse { .. } => {
            Failure::unavailable(error.to_string()).next("Stop the process that has it open.")
        }
        WitnessError::Journal { .. }
        | WitnessError::Key { .. }
        | WitnessError::NotSigned { .. } => Failure::finding(error.to_string())
            .next(
                "Do not begin anew under this name and key: the logs' histories could part unseen. Bring \
                 the directory back whole, or retire the witness.",
            ),
        WitnessError::Disk(_) => Failure::unavailable(error.to_string()),
    }
}
