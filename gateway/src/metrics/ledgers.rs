//! How large the ledgers are, how far their views have come, and which no longer extend: read when asked for.

use std::{fmt, sync::Arc};

use governance::ids::LedgerId;
use ledger::{Ledger, Node};
use projector::Projector;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _},
    metrics::{MetricType, gauge::ConstGauge},
};

/// The ledgers of a node and their views.
#[derive(Debug)]
pub(super) struct Ledgers {
    node: Arc<Node>,
    projector: Arc<Projector>,
}

impl Ledgers {
    pub(super) fn new(node: Arc<Node>, projector: Arc<Projector>) -> Self {
        Self { node, projector }
    }

    /// The ledgers that are served.
    fn served(&self) -> Vec<Arc<Ledger>> {
        let ids = self.node.ledgers();
        ids.iter().filter_map(|id| self.node.ledger(id)).collect()
    }

    /// How many of a ledger's entries its views have seen.
    fn seen(&self, ledger: &LedgerId) -> u64 {
        let views = self.projector.views(ledger);
        let position = views.and_then(|views| views.progress().borrow().position);
        position.map_or(0, |position| position.index + 1)
    }

    /// Why ledgers do not extend, as stable reasons.
    fn halts(&self, served: &[Arc<Ledger>]) -> Vec<(LedgerId, &'static str)> {
        let halted = served.iter().filter_map(|ledger| {
            let halt = ledger.halted()?;
            Some((ledger.id().clone(), halt.code()))
        });
        let failed = self.node.failed().iter();
        let failed = failed.map(|(id, halt)| (id.clone(), halt.code()));
        halted.chain(failed).collect()
    }
}

impl Collector for Ledgers {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let served = self.served();
        gauge(
            &mut encoder,
            "ledger_entries",
            "Durable entries of a ledger",
            served
                .iter()
                .map(|ledger| ([("ledger", ledger.id().as_str())], size(ledger))),
        )?;
        gauge(
            &mut encoder,
            "view_lag_entries",
            "Durable entries that the views have not seen yet",
            served.iter().map(|ledger| {
                let seen = self.seen(ledger.id());
                let lag = size(ledger).saturating_sub(seen);
                ([("ledger", ledger.id().as_str())], lag)
            }),
        )?;
        gauge(
            &mut encoder,
            "ledger_halted",
            "1 for a ledger that no longer extends, by its reason",
            self.halts(&served)
                .iter()
                .map(|(id, reason)| ([("ledger", id.as_str()), ("reason", reason)], 1)),
        )
    }
}

fn size(ledger: &Ledger) -> u64 {
    *ledger.durable_size().borrow()
}

fn gauge<'a, const N: usize>(
    encoder: &mut DescriptorEncoder,
    name: &str,
    help: &str,
    values: impl Iterator<Item = ([(&'a str, &'a str); N], u64)>,
) -> Result<(), fmt::Error> {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for (labels, value) in values {
        // 2^63 entries are further away than anything.
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        ConstGauge::new(value).encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}
