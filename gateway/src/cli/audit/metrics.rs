//! What a monitor measures, for Prometheus.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::AtomicU64},
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use tokio::net::TcpListener;

use super::{
    super::{failure::Failure, output},
    look::Look,
};
use crate::server::serve_witness;

/// The text format's media type (`OpenMetrics` 1.0).
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Gauges = Family<Of, Gauge<u64, AtomicU64>>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    ledger: String,
}

/// Figures of a monitor.
pub(super) struct Figures {
    registry: Registry,
    entries: Gauges,
    cosigned_at: Gauges,
    looked_at: Gauges,
    findings: Family<Of, Counter>,
    unread: Family<Of, Counter>,
}

impl Figures {
    /// Figures of nothing yet.
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("govledger_auditor");
        let (entries, cosigned_at) = (Gauges::default(), Gauges::default());
        let looked_at = Gauges::default();
        let (findings, unread) = (Family::default(), Family::default());
        registry.register("entries", "Entries that follow", entries.clone());
        registry.register(
            "cosigned_at_seconds",
            "The latest time at which a known witness cosigned, in seconds since 1970",
            cosigned_at.clone(),
        );
        registry.register(
            "looked_at_seconds",
            "When everything held last, in seconds since 1970",
            looked_at.clone(),
        );
        registry.register("findings", "Findings", findings.clone());
        registry.register(
            "unread",
            "Looks at which it could not be read",
            unread.clone(),
        );
        Self {
            registry,
            entries,
            cosigned_at,
            looked_at,
            findings,
            unread,
        }
    }

    /// Everything held at this time, in seconds since 1970.
    pub(super) fn held(&self, look: &Look, now: u64) {
        let of = of(look);
        self.entries.get_or_create(&of).set(look.size());
        self.looked_at.get_or_create(&of).set(now);
        if let Some(at) = look.cosigned_at() {
            self.cosigned_at.get_or_create(&of).set(at);
        }
        // Both are told from the beginning, so that a rise can be alarmed on.
        drop(self.findings.get_or_create(&of));
        drop(self.unread.get_or_create(&of));
    }

    /// Something was found.
    pub(super) fn found(&self, look: &Look) {
        self.findings.get_or_create(&of(look)).inc();
    }

    /// It could not be read.
    pub(super) fn unread(&self, look: &Look) {
        self.unread.get_or_create(&of(look)).inc();
    }
}

fn of(look: &Look) -> Of {
    Of {
        ledger: look.ledger().to_string(),
    }
}

/// Serves the figures until the process ends.
pub(super) async fn serve(figures: Arc<Figures>, at: SocketAddr) -> Result<(), Failure> {
    let cannot =
        |error| Failure::unavailable(format!("cannot listen on {at} for metrics: {error}"));
    let listener = TcpListener::bind(at).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let router = Router::new().route("/metrics", get(answer));
    let router = router.with_state(figures);
    tokio::spawn(serve_witness(listener, router, std::future::pending()));
    output::line(&format!("govledger auditor listening on http://{address}"))
}

async fn answer(State(figures): State<Arc<Figures>>) -> Response {
    let mut written = String::new();
    match text::encode(&mut written, &figures.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, MEDIA_TYPE)], written).into_response(),
        // Writing to a text fails only where a metric is at fault.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
