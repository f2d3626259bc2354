//! `govledger serve`: a node's ledgers behind one port.

use std::{
    io::{self, IsTerminal as _},
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
};

use clap::Args;
use ledger::{
    Config, SystemClock,
    config::{ConfigError, LogFormat, Overrides, read_environment},
};
use tracing_subscriber::EnvFilter;

use super::{failure::Failure, nats::NatsArgs, output};
use crate::server::{Server, StartError, asked_to_stop};

/// Serve the ledgers of a data directory
///
/// Prints one line once it answers, and ends on SIGINT or SIGTERM after everything under way is done.
#[derive(Args)]
pub(crate) struct ServeArgs {
    #[arg(
        long,
        value_name = "DIR",
        help = "The directory of everything the node keeps [default: ./govledger-data] \
                [env: GOVLEDGER_DATA]"
    )]
    data: Option<PathBuf>,
    #[arg(
        long,
        value_name = "ADDR",
        help = "Where to listen; port 0 takes a free one [default: 127.0.0.1:8420] \
                [env: GOVLEDGER_LISTEN]"
    )]
    listen: Option<SocketAddr>,
    /// A configuration file (TOML); flags and environment win over it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[arg(
        long,
        value_name = "FILE",
        help = "A trust policy (C2SP tlog-policy) whose witnesses cosign; checkpoints are published once its \
                quorum has [env: GOVLEDGER_WITNESS_POLICY]"
    )]
    witness_policy: Option<PathBuf>,
    #[command(flatten)]
    nats: NatsArgs,
}

impl ServeArgs {
    /// Serve this directory at this address with these witnesses, and leave the rest to environment and defaults.
    pub(crate) fn of(data: PathBuf, listen: SocketAddr, witness_policy: PathBuf) -> Self {
        Self {
            data: Some(data),
            listen: Some(listen),
            config: None,
            witness_policy: Some(witness_policy),
            nats: NatsArgs::default(),
        }
    }
}

pub(crate) async fn run(args: ServeArgs) -> Result<(), Failure> {
    let flags = Overrides {
        data_dir: args.data,
        listen: args.listen,
        witness_policy: args.witness_policy,
        nats: Some(args.nats.overrides()),
        ..Overrides::default()
    };
    let config = Config::load(args.config.as_deref(), read_environment, flags)
        .map_err(|error| unusable(&error))?;
    start_log(&config.log, config.log_format)?;
    let server = Server::open(&config, Arc::new(SystemClock::new()))
        .await
        .map_err(|error| not_started(&error))?;
    serve(server).await
}

/// Says where a server listens, and has it answer until the process is asked to end.
pub(crate) async fn serve(server: Server) -> Result<(), Failure> {
    // Before the line that says it is ready: whoever reads that may ask it to end at once.
    let stop = asked_to_stop().map_err(|error| {
        Failure::unavailable(format!(
            "cannot listen for the signals that end it: {error}"
        ))
    })?;
    output::line(&format!(
        "govledger listening on {}://{}",
        server.scheme(),
        server.address()
    ))?;
    server
        .run(stop)
        .await
        .map_err(|error| Failure::unavailable(error.to_string()))
}

/// Sends the log to standard error.
pub(super) fn start_log(filter: &str, format: LogFormat) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::usage(format!("the log filter \"{filter}\" is wrong: {error}"))
            .next("Give one such as info or info,ledger=debug.")
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    let started = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    started.map_err(|error| Failure::unavailable(format!("cannot start the log: {error}")))
}

fn unusable(error: &ConfigError) -> Failure {
    Failure::usage(error.to_string()).next(
        "Correct it; every key and its bounds are documented where the program keeps its defaults.",
    )
}

fn not_started(error: &StartError) -> Failure {
    Failure::unavailable(error.to_string()).next(error.remedy())
}
