//! `govledger query ledgers`.

use clap::Args;
use proto::v1;

use super::super::{connection::ServerArgs, failure::Failure, output, time::LocalTime};

/// The ledgers a server keeps
#[derive(Args)]
pub(super) struct LedgersArgs {
    #[command(flatten)]
    server: ServerArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &LedgersArgs) -> Result<(), Failure> {
    let ledgers = args.server.connect().await?.ledgers().await?;
    if args.json {
        return output::message(&v1::ListLedgersResponse {
            ledgers,
            next_page_token: String::new(),
        });
    }
    if ledgers.is_empty() {
        return output::line("The server keeps no ledger yet. `govledger found` makes one.");
    }
    let mut table = output::table(&["ledger", "name", "entries", "founded", "state"]);
    for ledger in &ledgers {
        table.add_row([
            ledger.ledger.as_str().into(),
            ledger.name.as_str().into(),
            output::number(ledger.size),
            founded(ledger).into(),
            state(ledger).into(),
        ]);
    }
    output::rows(&table, "")?;
    for ledger in ledgers.iter().filter(|one| !one.verifier_key.is_empty()) {
        let (id, key) = (&ledger.ledger, &ledger.verifier_key);
        output::line(&format!("verifier key of {id}: {key}"))?;
    }
    Ok(())
}

/// When; nothing of a ledger that cannot be served.
fn founded(ledger: &v1::LedgerSummary) -> String {
    match ledger.founded_at_ms {
        0 => String::new(),
        at => LocalTime::new(&ledger.utc_offsets).show(at),
    }
}

fn state(ledger: &v1::LedgerSummary) -> String {
    let state = if ledger.halted.is_empty() {
        "accepts actions".to_owned()
    } else {
        format!("halted: {}", ledger.halted)
    };
    if ledger.demo {
        format!("demonstration, {state}")
    } else {
        state
    }
}
