//! `govledger import`: records votes held before the ledger was, from files.

mod compare;
mod council;
mod files;
mod membership;
mod officers;
mod recorded;
mod skips;
mod stream;
mod summary;
mod text;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use governance::ids::{BodyId, RuleId};

use super::{connection::LedgerArgs, failure::Failure};

/// Record votes that were held before, from files
#[derive(Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    source: Source,
}

#[derive(Subcommand)]
enum Source {
    Council(CouncilArgs),
}

/// What `import council --help` says.
const COUNCIL_ABOUT: &str = r"Record a council's votes by name, from items.csv and votes.csv

DIR holds two files with these columns:

  items.csv  item, date, title, final_action, passed (others are left alone)
  votes.csv  item, member, vote: YES, NO, ABST, ABSNT or AWVT (away when the vote was taken)

Each member becomes a person without keys, with a published name and an office; whenever the
membership changes a roll is published; each item becomes one minuted roll call, signed by --key
and attested by --attest-key. The ledger derives every outcome itself. What is recorded already is
left alone, so an import that was interrupted is simply started again.";

/// Record a council's votes by name, from items.csv and votes.csv
#[derive(Args)]
#[command(long_about = COUNCIL_ABOUT)]
struct CouncilArgs {
    /// The directory with items.csv and votes.csv
    dir: PathBuf,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// The clerk's private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The second officer's private key
    #[arg(long, value_name = "FILE")]
    attest_key: PathBuf,
    /// The body that voted
    #[arg(long, value_name = "BODY", default_value = "council")]
    body: BodyId,
    /// The charter's rule it voted by; may be left out where the body has exactly one
    #[arg(long, value_name = "RULE")]
    rule: Option<RuleId>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &ImportArgs) -> Result<(), Failure> {
    match &args.source {
        Source::Council(args) => council::run(args).await,
    }
}
