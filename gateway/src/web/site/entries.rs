//! One entry as files: for the script that checks it, for people who keep receipts, and its page.
//!
//! The text beside a statement comes with its salt: the page shows the text to everybody, and without the
//! salt nobody could hold it against the digest on the log. Names never come with theirs.

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use governance::action::{Content, DeliberationAction, Payload};
use ledger::{ReadError, Receipt};
use projector::ContentRow;
use serde_json::{Value, json};
use tlog::{Note, OfflineProof};

use super::{
    api,
    desk::Desk,
    layout::{self, missing},
    reader::Reader,
    timeline,
};
use crate::{
    services::{Sources, query::field},
    status::Problem,
};

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, name)): Path<(String, String)>,
) -> Response {
    match name.split_once('.') {
        None => {
            let page = timeline::one(&reader, &sources, &ledger, &name).await;
            layout::answer(&reader, page)
        }
        Some((index, kind)) => match file(&reader, &sources, &ledger, index, kind).await {
            Ok(Some(response)) => response,
            Ok(None) => missing(&reader),
            Err(problem) => api::refused(&problem),
        },
    }
}

/// The proof that an earlier log is the beginning of a later one: `?from=7&to=9`, both sizes.
pub(super) async fn consistency(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    let proof = async {
        let desk = Desk::open(&sources, &ledger, &reader)?;
        let from: u64 = field("from", reader.parameter("from"))?;
        let to: u64 = field("to", reader.parameter("to"))?;
        let proven = *desk.books.ledger.durable_size().borrow();
        if from == 0 || from > to || to > proven {
            let why = format!("sizes lie in order between 1 and {proven}");
            return Err(Problem::field_invalid("from", why));
        }
        let proof = desk.books.ledger.consistency_proof(from, to).await?;
        let proof: Vec<String> = proof.iter().map(|hash| BASE64.encode(hash.0)).collect();
        Ok(Json(json!({"from": from, "to": to, "proof": proof})).into_response())
    };
    proof.await.unwrap_or_else(|problem| api::refused(&problem))
}

async fn file(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    index: &str,
    kind: &str,
) -> Result<Option<Response>, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let index: u64 = field("index", index)?;
    let (receipt, entry) = desk.books.ledger.receipt(index).await?;
    Ok(Some(match kind {
        "json" => Json(proven(&desk, &receipt, &entry).await?).into_response(),
        "tlog-proof" => download("text/plain; charset=utf-8", offline(&receipt)?.into_bytes()),
        "entry" => download("application/octet-stream", entry),
        _ => return Ok(None),
    }))
}

fn download(media_type: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, bytes).into_response()
}

/// The receipt as a file (C2SP tlog-proof).
pub(super) fn offline(receipt: &Receipt) -> Result<String, Problem> {
    let checkpoint = Note::parse(&receipt.checkpoint.to_bytes());
    let proof = OfflineProof {
        extra: None,
        index: receipt.index,
        hashes: receipt.inclusion_proof.clone(),
        checkpoint: checkpoint.map_err(|_| Problem::broken("the newest checkpoint"))?,
    };
    Ok(proof.to_string())
}

async fn proven(desk: &Desk, receipt: &Receipt, entry: &[u8]) -> Result<Value, Problem> {
    let hashes = receipt.inclusion_proof.iter();
    let hashes: Vec<String> = hashes.map(|hash| BASE64.encode(hash.0)).collect();
    let checkpoint = receipt.checkpoint.to_bytes();
    let keys = desk.books.ledger.checkpoint_keys();
    let mut rotations = Vec::new();
    for index in keys.all().filter_map(|(from, _)| from.checked_sub(1)) {
        let rotation = desk.books.ledger.entries(index, 1).await?;
        rotations.extend(rotation.iter().map(|entry| BASE64.encode(&entry.bytes)));
    }
    Ok(json!({
        "ledger": desk.info.ledger.as_str(),
        "index": receipt.index,
        "entry": BASE64.encode(entry),
        "leaf": BASE64.encode(receipt.leaf.0),
        "inclusion_proof": hashes,
        "checkpoint": String::from_utf8_lossy(&checkpoint),
        "verifier_key": keys.at(receipt.checkpoint.checkpoint().size).to_string(),
        "rotations": rotations,
        "content": beside(desk, receipt.index).await?,
    }))
}

/// The text beside an entry with its salt; that it was erased; or that there is none.
async fn beside(desk: &Desk, index: u64) -> Result<Value, Problem> {
    let Some(content) = content(desk, index).await? else {
        return Ok(Value::Null);
    };
    let salted = match desk.books.ledger.salted_content(&content.digest).await {
        // A damaged text is not shown, and so not proven; an audit names it.
        Err(ReadError::ContentDamaged { .. }) | Ok(None) => None,
        Ok(salted) => salted,
        Err(error) => return Err(error.into()),
    };
    let digest = BASE64.encode(content.digest.0);
    Ok(match salted {
        None => json!({"digest": digest, "erased": true}),
        Some(salted) => json!({
            "digest": digest,
            "salt": BASE64.encode(salted.salt()),
            "bytes": BASE64.encode(salted.bytes()),
        }),
    })
}

/// The content of a statement or an opinion, which pages show.
pub(super) async fn content(desk: &Desk, index: u64) -> Result<Option<ContentRow>, Problem> {
    let entries = desk.books.ledger.entries(index, 1).await?;
    let payload = entries.first().map(|entry| &entry.action.payload);
    let Some(Payload::Deliberation(act)) = payload else {
        return Ok(None);
    };
    let content: Option<&Content> = match act {
        DeliberationAction::StatementMade { content, .. }
        | DeliberationAction::ExpertOpinionFiled { content, .. } => Some(content),
        _ => None,
    };
    Ok(content.map(ContentRow::from))
}
