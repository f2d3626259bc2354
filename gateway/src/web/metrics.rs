//! The node's metrics, for Prometheus.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use super::plain;
use crate::services::Sources;

/// The text format's media type (`OpenMetrics` 1.0).
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) fn routes() -> Router<Sources> {
    Router::new().route("/metrics", get(metrics))
}

async fn metrics(State(sources): State<Sources>) -> Response {
    match sources.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], text).into_response(),
        // Writing to a text fails only where a metric is at fault.
        Err(_) => plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The metrics cannot be written.\n",
        ),
    }
}
