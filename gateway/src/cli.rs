//! The `govledger` command: one subcommand a file.
//!
//! Every subcommand ends with one of four exit codes ([`failure::Exit`]): 0 done or proved, 1 a finding
//! or a refusal, 2 usage, 3 unavailable. What a person or program asked for goes to standard output;
//! errors and progress go to standard error.

mod failure;

mod connection;
mod contents;
mod fill;
mod founding;
mod keyfile;
mod nats;
mod opening;
mod output;
mod policy;
mod roll;
mod send;
mod signing;
mod sources;
mod time;
mod whoami;
mod whole;

mod audit;
mod charter;
mod completions;
mod demo;
mod evidence;
mod export;
mod found;
mod import;
mod join;
mod key;
mod migrate;
mod open;
mod proof;
mod query;
mod read;
mod receipt;
mod restore;
mod serve;
mod submit;
mod vote;
mod watch;
mod witness;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

/// The ledger a neighbourhood or a council keeps its governance in, and anyone can check.
#[derive(Parser)]
#[command(
    name = "govledger",
    version,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 done or proved, 1 a finding or a refusal, 2 usage, 3 unavailable."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::DemoArgs),
    Serve(serve::ServeArgs),
    Key(key::KeyArgs),
    Charter(charter::CharterArgs),
    Found(found::FoundArgs),
    Join(join::JoinArgs),
    Submit(submit::SubmitArgs),
    Vote(vote::VoteArgs),
    Open(open::OpenArgs),
    Query(query::QueryArgs),
    Read(read::ReadArgs),
    Watch(watch::WatchArgs),
    Import(import::ImportArgs),
    Audit(Box<audit::AuditArgs>),
    Evidence(evidence::EvidenceArgs),
    Proof(proof::ProofArgs),
    Export(export::ExportArgs),
    Restore(restore::RestoreArgs),
    Migrate(migrate::MigrateArgs),
    Receipt(receipt::ReceiptArgs),
    Witness(witness::WitnessArgs),
    Completions(completions::CompletionsArgs),
}

/// How many faults a charter file has: for tests of the parser, which may refuse and must not panic.
#[doc(hidden)]
pub fn charter_faults(text: &str) -> usize {
    charter::parse(text).err().map_or(0, |faults| faults.len())
}

/// Runs the command this process was started with.
pub fn main() -> ExitCode {
    // Wrong arguments end here, with clap's own message and exit code 2.
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            failure.exit().into()
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => wait_for(demo::run(args)),
        Command::Serve(args) => wait_for(serve::run(args)),
        Command::Key(args) => wait_for(key::run(&args)),
        Command::Charter(args) => wait_for(charter::run(&args)),
        Command::Found(args) => wait_for(found::run(&args)),
        Command::Join(args) => wait_for(join::run(&args)),
        Command::Submit(args) => wait_for(submit::run(&args)),
        Command::Vote(args) => wait_for(vote::run(&args)),
        Command::Open(args) => wait_for(open::run(&args)),
        Command::Watch(args) => wait_for(watch::run(&args)),
        Command::Import(args) => wait_for(import::run(&args)),
        Command::Query(args) => wait_for(query::run(&args)),
        Command::Read(args) => wait_for(read::run(&args)),
        Command::Audit(args) => wait_for(audit::run(&args)),
        Command::Evidence(args) => evidence::run(&args),
        Command::Proof(args) => wait_for(proof::run(&args)),
        Command::Export(args) => wait_for(export::run(&args)),
        Command::Restore(args) => wait_for(restore::run(&args)),
        Command::Migrate(args) => wait_for(migrate::run(&args)),
        Command::Receipt(args) => wait_for(receipt::run(&args)),
        Command::Witness(args) => wait_for(witness::run(&args)),
        Command::Completions(args) => completions::run(&args),
    }
}

/// Runs what waits for a server or a disk.
fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::unavailable(format!("cannot start: {error}")))?;
    runtime.block_on(work)
}
