//! What the node measures of itself, in the text format of Prometheus (`OpenMetrics` 1.0).
//!
//! Labels name ledgers, methods, witnesses and reasons; never a person, a key, or what anybody chose.
//! `deploy/METRICS.md` documents every one.

mod calls;
mod families;
mod ledgers;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use ledger::Node;
use projector::Projector;
use prometheus_client::{encoding::text, metrics::info::Info, registry::Registry};
use prost_reflect::DescriptorPool;

pub(crate) use calls::{CallMetrics, Meter};

/// What every name begins with.
const PREFIX: &str = "govledger";

/// The registry of one server: two servers in one process do not share figures.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    calls: CallMetrics,
}

impl Metrics {
    /// Metrics of a node and its views.
    pub(crate) fn new(node: Arc<Node>, projector: Arc<Projector>) -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program that is running", build);
        registry.register_collector(Box::new(ledgers::Ledgers::new(node, projector)));
        let calls = CallMetrics::register(&mut registry, &[proto::pool(), &COMMON]);
        Self { registry, calls }
    }

    /// Measures of gRPC calls.
    pub(crate) fn calls(&self) -> &CallMetrics {
        &self.calls
    }

    /// Everything, as it is now.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// The services that are not ours: health and reflection.
static COMMON: LazyLock<DescriptorPool> = LazyLock::new(|| {
    let mut pool = DescriptorPool::new();
    for descriptors in [
        tonic_health::pb::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
    ] {
        pool.decode_file_descriptor_set(descriptors)
            .expect("the crates carry the descriptors of their own services");
    }
    pool
});
