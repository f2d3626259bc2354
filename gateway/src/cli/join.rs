//! `govledger join`: a data directory for one more node of a ledger on NATS.

use std::path::PathBuf;

use clap::Args;
use governance::ids::LedgerId;
use ledger::{
    Config, KeyRing,
    config::{Overrides, read_environment},
    join::{JoinError, Joined, Joining, join},
};
use serde_json::json;

use super::{
    failure::Failure,
    nats::{self, NatsArgs},
    output,
};

/// What `join --help` says.
const LONG_ABOUT: &str = "Make a data directory for one more node of a ledger whose log is on NATS

A node holds the ledger's own keys, as any may come to lead it. Copy the directory
DATA/ledgers/ID/keys of a node that has them, in a way nobody else can read, and name the copy with
--keys. They are compared with those the founding entry on NATS names, and then kept in the new data
directory, readable by their owner alone. Delete the copy.

The nodes that run are asked for the newest checkpoint they know; a log that does not contain it is not
joined.

The first `govledger serve` checks every entry of the log before the node takes part.";

/// Make a data directory for one more node of a ledger on NATS
#[derive(Args)]
#[command(long_about = LONG_ABOUT)]
pub(crate) struct JoinArgs {
    /// Which ledger
    #[arg(long, value_name = "ID")]
    ledger: LedgerId,
    /// A directory with the ledger's own keys in force: every file in it that ends in .pem
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The data directory of the new node [default: ./govledger-data]
    #[arg(long, env = "GOVLEDGER_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// A configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    nats: NatsArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &JoinArgs) -> Result<(), Failure> {
    let flags = Overrides {
        data_dir: args.data.clone(),
        nats: Some(args.nats.overrides()),
        ..Overrides::default()
    };
    let config = Config::load(args.config.as_deref(), read_environment, flags)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let keys = KeyRing::load(&args.keys).map_err(|error| {
        Failure::unavailable(error.to_string())
            .next("Name a copy of the directory `keys` of a node that has the ledger, with --keys.")
    })?;
    let joining = Joining {
        ledger: args.ledger.clone(),
        keys,
    };
    let joined = join(&config, joining).await;
    tell(args, &config, &joined.map_err(|error| not_joined(&error))?)
}

fn not_joined(error: &JoinError) -> Failure {
    let what = error.to_string();
    match error {
        JoinError::NatsNotNamed => {
            Failure::usage(what).next("Name the NATS server that has the ledger, with --nats.")
        }
        JoinError::Nats(error) => nats::failure(error),
        JoinError::Exists { .. } => Failure::finding(what)
            .next("Serve it: it is a node of the ledger already. Nothing was changed."),
        JoinError::OtherKeys(_) | JoinError::NoKey => Failure::finding(what)
            .next("Copy the keys of a node of this very ledger. Nothing was made."),
        JoinError::RolledBack { .. } => Failure::finding(what).next(
            "Do not start any node again: entries that were acknowledged are missing on NATS. Bring the \
             stream back from its newest backup. Nothing was made.",
        ),
        JoinError::Forked { .. } => Failure::finding(what).next(
            "Keep the stream and every node's directory: they are evidence. Audit each with `govledger \
             audit --nats`. Nothing was made.",
        ),
        JoinError::Mismatch(_) | JoinError::NotFounding => {
            Failure::finding(what).next("Audit the ledger with `govledger audit --nats`.")
        }
        JoinError::Log(_) | JoinError::Empty { .. } => {
            Failure::unavailable(what).next("See that --ledger and --nats name the right ones.")
        }
        JoinError::Node(_) | JoinError::Keys(_) | JoinError::Write(_) => Failure::unavailable(what)
            .next("Name a directory that this user can write, with --data."),
    }
}

fn tell(args: &JoinArgs, config: &Config, joined: &Joined) -> Result<(), Failure> {
    let (ledger, data) = (&args.ledger, config.data_dir.display());
    let (key, entries) = (joined.verifier_key.to_string(), joined.entries);
    if args.json {
        return output::json(&json!({
            "ledger": ledger.as_str(),
            "verifier_key": key,
            "entries": entries,
            "compared": joined.compared,
            "data": config.data_dir,
        }));
    }
    let compared = match joined.compared {
        Some(size) => format!("It contains the other nodes' newest checkpoint, of {size} entries."),
        None => "No other node answered: there was no checkpoint to compare it with.".to_owned(),
    };
    let nats = config.nats.as_ref().map_or("", |nats| nats.url.as_str());
    output::line(&format!(
        "{data} is a node of ledger {ledger}, whose log has {entries} entries.\n\
         verifier key  {key}\n\
         {compared}\n\
         \n\
         To serve it:  govledger serve --data {data} --nats {nats}"
    ))
}
