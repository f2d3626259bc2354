//! `govledger watch`: entries as they become durable, each checked to follow from the one before.

use clap::Args;
use governance::action::Actor;
use ledger::CheckpointKeys;
use proto::v1;
use serde_json::json;
use tlog::Chain;

use super::{
    connection::{LedgerArgs, Session, Told as _, failure_of},
    failure::Failure,
    output,
};

/// Print entries as they are recorded
///
/// Each is checked to name the one before, and every checkpoint that comes with them to be signed by
/// the ledger. Ends with Ctrl-C.
#[derive(Args)]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Begin with this entry; without: only new ones
    #[arg(long, value_name = "N")]
    from: Option<u64>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &WatchArgs) -> Result<(), Failure> {
    let session = args.ledger.open().await?;
    let watching = watch(&session, args);
    tokio::select! {
        ended = watching => ended,
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

async fn watch(session: &Session, args: &WatchArgs) -> Result<(), Failure> {
    let start = args.from.unwrap_or(session.about.size);
    if start > session.about.size {
        let size = output::grouped(session.about.size);
        let what = format!("entry {start} is not next: the ledger has {size} entries");
        return Err(Failure::usage(what).next(format!("Give --from {size} or less.")));
    }
    let mut chain = chain_before(session, start).await?;
    if !args.json {
        let from = output::grouped(start);
        eprintln!(
            "Watching ledger {} from entry {from}; Ctrl-C ends.",
            session.about.ledger
        );
    }
    let request = v1::WatchEntriesRequest {
        ledger: session.ledger(),
        start,
    };
    let mut stream = session.server.audit().watch_entries(request).await.told()?;
    while let Some(part) = stream
        .message()
        .await
        .map_err(|status| failure_of(&status))?
    {
        check_checkpoint(&part.checkpoint, &session.keys_for(&part.checkpoint).await?)?;
        for bytes in &part.entries {
            tell(session, &mut chain, bytes, args.json)?;
        }
    }
    Err(Failure::unavailable("the server ended the stream")
        .next("It may be shutting down: start `govledger watch` again once it is back."))
}

/// A chain that has come to just before this entry.
async fn chain_before(session: &Session, start: u64) -> Result<Chain, Failure> {
    let ledger = session.ledger();
    let Some(before) = start.checked_sub(1) else {
        return Ok(Chain::new(ledger));
    };
    let request = v1::ListEntriesRequest {
        ledger: ledger.clone(),
        start: before,
        count: 1,
    };
    let mut stream = session.server.audit().list_entries(request).await.told()?;
    let part = stream
        .message()
        .await
        .map_err(|status| failure_of(&status))?;
    let bytes = part.and_then(|part| part.entries.into_iter().next());
    let bytes = bytes.ok_or_else(|| broken(before, "the server does not give it"))?;
    let entry = tlog::Entry::decode(&bytes).map_err(|error| broken(before, &error.to_string()))?;
    let link = tlog::Link {
        index: before,
        leaf: tlog::leaf_hash(&bytes),
        recorded_at: entry.recorded_at,
    };
    Ok(Chain::resume(ledger, link))
}

fn check_checkpoint(checkpoint: &[u8], keys: &CheckpointKeys) -> Result<(), Failure> {
    keys.open(checkpoint).map_err(|error| {
        Failure::finding("the server gave a checkpoint the ledger did not sign")
            .because(error.to_string())
    })?;
    Ok(())
}

fn broken(index: u64, why: &str) -> Failure {
    Failure::finding(format!("entry {index} does not follow from the one before"))
        .because(why)
        .next("Run `govledger audit` to find out more.")
}

fn tell(session: &Session, chain: &mut Chain, bytes: &[u8], as_json: bool) -> Result<(), Failure> {
    let index = chain.next_index();
    let (entry, link) = chain
        .push(bytes)
        .map_err(|error| broken(index, &error.to_string()))?;
    let action =
        proto::decode_action(&entry.action).map_err(|error| broken(index, &error.to_string()))?;
    let kind = proto::payload_kind(&action);
    if as_json {
        let action = proto::action_to_json(&entry.action)
            .map_err(|error| broken(index, &error.to_string()))?;
        let told = json!({
            "index": link.index,
            "leaf": link.leaf.to_string(),
            "recorded_at_ms": link.recorded_at,
            "kind": kind,
            "action": action,
        });
        return output::line(&told.to_string());
    }
    let actor = match &action.actor {
        Actor::Person { person, .. } => person.as_str(),
        Actor::Ledger => "the ledger",
    };
    let at = session.time.show(link.recorded_at);
    let about = subject(&entry.action, kind);
    output::line(&format!("{index:>8}  {at}  {actor}: {kind} {about}"))
}

/// What an action is about: the first id its payload names.
fn subject(action: &[u8], kind: &str) -> String {
    let json = proto::action_to_json(action).unwrap_or_default();
    let payload = &json[kind];
    let ids = [
        "motion", "meeting", "office", "roll", "person", "body", "name",
    ];
    let named = ids.iter().find_map(|id| payload[id].as_str());
    named.unwrap_or_default().to_owned()
}
