//! What the node measures of itself, in the text format of Prometheus (`OpenMetrics` 1.0).
//!
//! Labels name ledgers, methods and reasons; never a person, a key, or what anybody chose.

mod ledgers;

use std::{fmt, sync::Arc};

use ledger::Node;
use projector::Projector;
use prometheus_client::{encoding::text, registry::Registry};

/// What every name begins with.
const PREFIX: &str = "govledger";

/// The registry of one server: two servers in one process do not share figures.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
}

impl Metrics {
    /// Metrics of a node and its views.
    pub(crate) fn new(node: Arc<Node>, projector: Arc<Projector>) -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        registry.register_collector(Box::new(ledgers::Ledgers::new(node, projector)));
        Self { registry }
    }

    /// Everything, as it is now.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
