//! Whether the node lives, and whether it is to be asked: for supervisors and load balancers.

use std::fmt::Write as _;

use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};

use super::plain;
use crate::services::Sources;

pub(super) fn routes() -> Router<Sources> {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
}

/// The process answers. A halted ledger does not change that: it is served as far as it is proven, and
/// a restart would not mend it.
async fn alive() -> Response {
    plain(StatusCode::OK, "alive\n")
}

/// New requests are welcome: the node is not going down. A ledger in which nothing can be recorded does not change
/// that, as it is read on; it is named. Whether anything can be is for the health of gRPC's services to say.
async fn ready(State(sources): State<Sources>) -> Response {
    if sources.stopping.is_cancelled() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let mut text = "ready\n".to_owned();
    let node = &sources.node;
    for ledger in node.ledgers().iter().filter_map(|id| node.ledger(id)) {
        if let Some(reason) = node.obstacle(&ledger) {
            let id = ledger.id();
            // Writing to a text never fails.
            let _ = writeln!(text, "nothing is recorded in {id}: {reason}");
        }
    }
    plain(StatusCode::OK, text)
}
