//! Whether the node lives, and whether it is to be asked: for supervisors and load balancers.

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

/// New requests are welcome: the node is not going down.
async fn ready(State(sources): State<Sources>) -> Response {
    if sources.stopping.is_cancelled() {
        plain(StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else {
        plain(StatusCode::OK, "ready\n")
    }
}
