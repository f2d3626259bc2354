//! Sends signed requests, checks the receipts that come back, and tells what came of them.

use std::time::Duration;

use governance::action::Action;
use ledger::CheckpointKeys;
use proto::v1;
use tlog::{Hash, SignedCheckpoint};
use tonic::Code;

use super::{
    connection::{Session, Told as _},
    failure::Failure,
    output,
};

/// How long to wait before each further try after a lost connection: a server that restarts is back
/// within seconds, and the same bytes are never recorded twice.
const RETRY_AFTER: [Duration; 3] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(3),
];

/// Submits; after a lost connection or a full queue the very same bytes again. The receipt is checked.
pub(crate) async fn submit(
    session: &Session,
    request: &v1::SubmitRequest,
) -> Result<v1::SubmitResponse, Failure> {
    let mut record = session.server.record();
    let mut pauses = RETRY_AFTER.iter();
    let answer = loop {
        let status = match record.submit(request.clone()).await {
            Ok(answer) => break answer.into_inner(),
            Err(status) => status,
        };
        let again = matches!(status.code(), Code::Unavailable | Code::ResourceExhausted);
        match pauses.next() {
            Some(pause) if again => tokio::time::sleep(*pause).await,
            _ => return Err(super::connection::failure_of(&status)),
        }
    };
    let receipt = answer.receipt.as_ref();
    let receipt =
        receipt.ok_or_else(|| Failure::finding("the server answered without a receipt"))?;
    let keys = session.keys_for(&receipt.checkpoint).await?;
    check_receipt(receipt, &keys)?;
    Ok(answer)
}

/// The entry of this leaf stands in the tree the checkpoint signs.
pub(crate) fn check_receipt(
    receipt: &v1::Receipt,
    keys: &CheckpointKeys,
) -> Result<SignedCheckpoint, Failure> {
    let wrong = |why: String| {
        Failure::finding("the server's receipt does not prove what it says")
            .because(why)
            .next("Keep the receipt and the signed action, and show them to an auditor.")
    };
    let signed = keys.open(&receipt.checkpoint);
    let signed = signed.map_err(|error| wrong(error.to_string()))?;
    let hashes = receipt.inclusion_proof.iter().chain([&receipt.leaf]);
    let hashes: Result<Vec<Hash>, _> = hashes.map(|hash| Hash::try_from(hash.as_slice())).collect();
    let mut hashes = hashes.map_err(|error| wrong(error.to_string()))?;
    let leaf = hashes.pop().unwrap_or_default();
    let tree = signed.checkpoint();
    tlog::verify_inclusion(&leaf, receipt.index, tree.size, &hashes, &tree.root)
        .map_err(|error| wrong(error.to_string()))?;
    Ok(signed)
}

/// Asks what the ledger would answer, and tells it.
pub(crate) async fn preview(
    session: &Session,
    request: &v1::SubmitRequest,
    as_json: bool,
) -> Result<(), Failure> {
    let answer = ask(session, request).await?;
    if as_json {
        output::message(&answer)?;
    }
    admissible(&answer)?;
    if as_json {
        return Ok(());
    }
    if let Some(outlook) = &answer.outlook {
        let said = (&outlook.explanation, &outlook.explanation_zh);
        output::line(output::in_readers_language(said.0, said.1))?;
    }
    output::line(&format!(
        "It would be recorded, as of entry {}. Nothing was recorded.",
        output::grouped(answer.index)
    ))
}

/// Fails as submitting would now, if the ledger would refuse it.
pub(crate) async fn would_be_recorded(
    session: &Session,
    request: &v1::SubmitRequest,
) -> Result<(), Failure> {
    admissible(&ask(session, request).await?)
}

async fn ask(
    session: &Session,
    request: &v1::SubmitRequest,
) -> Result<v1::PreviewResponse, Failure> {
    let keys = request.signatures.iter().map(|s| s.key.clone()).collect();
    let request = v1::PreviewRequest {
        action: request.action.clone(),
        keys,
    };
    session.server.record().preview(request).await.told()
}

fn admissible(answer: &v1::PreviewResponse) -> Result<(), Failure> {
    match &answer.refusal {
        Some(refusal) if !answer.admissible => Err(Failure::of_refusal(refusal.clone().into())),
        _ => Ok(()),
    }
}

/// Tells what was recorded.
pub(crate) fn report(
    session: &Session,
    action: &Action,
    answer: &v1::SubmitResponse,
    as_json: bool,
) -> Result<(), Failure> {
    if as_json {
        return output::message(answer);
    }
    let Some(receipt) = &answer.receipt else {
        return Ok(());
    };
    let index = receipt.index;
    let recorded = if answer.already_recorded {
        "was recorded before"
    } else {
        "is recorded"
    };
    let kind = proto::payload_kind(action);
    let at = session.time.show(receipt.recorded_at_ms);
    let leaf = hex::encode(&receipt.leaf);
    let pending = if receipt.pending_witnesses {
        ", pending witnesses"
    } else {
        ""
    };
    output::line(&format!(
        "{kind} {recorded} as entry {index} of ledger {}, {at}.\n\
         leaf {leaf}\n\
         The receipt was checked: the entry is in the tree the ledger signed{pending}. To keep it:\n\
         govledger receipt get {index} --out {index}.tlog-proof",
        session.about.ledger,
    ))
}
