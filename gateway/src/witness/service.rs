//! A witness's two addresses: `add-checkpoint` for logs, `<origin hash>/checkpoint` for monitors.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use ledger::witness::{NotCosigned, Witness};
use tlog::{WitnessRefusal, witness::MAX_ADD_CHECKPOINT_LEN};
use tower::limit::GlobalConcurrencyLimitLayer;

/// Requests worked on at once: each takes a sync, and those of one log take turns.
const REQUESTS_MAX: usize = 64;

/// The media type that tlog-witness gives the answer to a stale request.
const SIZE: &str = "text/x.tlog.size";
const TEXT: &str = "text/plain; charset=utf-8";

/// Everything a witness answers.
pub fn router(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin}/checkpoint", get(checkpoint))
        .layer(DefaultBodyLimit::max(MAX_ADD_CHECKPOINT_LEN))
        .layer(GlobalConcurrencyLimitLayer::new(REQUESTS_MAX))
        .with_state(witness)
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    // On a task of its own: a log that hangs up must not leave it half done.
    let answered = tokio::spawn(async move { witness.add_checkpoint(&body).await }).await;
    match answered {
        Ok(Ok(cosignature)) => answer(StatusCode::OK, TEXT, format!("{cosignature}\n")),
        Ok(Err(refusal)) => refused(&refusal),
        // A panic, which the runtime has told.
        Err(_) => answer(
            StatusCode::INTERNAL_SERVER_ERROR,
            TEXT,
            "failed\n".to_owned(),
        ),
    }
}

fn refused(refusal: &NotCosigned) -> Response {
    let status = StatusCode::from_u16(refusal.status());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let NotCosigned::Refused(WitnessRefusal::Stale { latest, .. }) = refusal {
        return answer(status, SIZE, format!("{latest}\n"));
    }
    tracing::warn!(%refusal, "not cosigned");
    answer(status, TEXT, format!("{refusal}\n"))
}

async fn checkpoint(State(witness): State<Arc<Witness>>, Path(origin): Path<String>) -> Response {
    match witness.checkpoint(&origin) {
        Some(checkpoint) => answer(StatusCode::OK, TEXT, checkpoint.to_string()),
        None => answer(
            StatusCode::NOT_FOUND,
            TEXT,
            "This witness has cosigned nothing of such a log.\n".to_owned(),
        ),
    }
}

fn answer(status: StatusCode, kind: &'static str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, text).into_response()
}
