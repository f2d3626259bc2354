//! Families of metrics that are read when somebody asks, and written one after another.

use std::fmt;

use ledger::measures::Spread;
use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeMetric as _, NoLabelSet},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
};

/// A value's labels.
pub(super) type Labels<'a> = Vec<(&'static str, &'a str)>;

/// What spreads are counted in, as parts of the unit that is told: microseconds of seconds, or the unit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    /// Told as it is counted.
    Itself,
    /// Counted in microseconds, told in seconds.
    Seconds,
}

impl Unit {
    // Counts and microseconds of a process's life are far below 2^53.
    #[allow(clippy::cast_precision_loss)]
    fn told(self, counted: u64) -> f64 {
        match self {
            Self::Itself => counted as f64,
            Self::Seconds => counted as f64 / 1e6,
        }
    }
}

/// Writes families.
pub(super) struct Families<'e>(pub(super) DescriptorEncoder<'e>);

impl Families<'_> {
    /// What goes up and down.
    pub(super) fn gauge<'a>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'a>, u64)>,
    ) -> fmt::Result {
        let mut family = self
            .0
            .encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (labels, value) in values {
            // 2^63 entries are further away than anything.
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            ConstGauge::new(value).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }

    /// What only goes up.
    pub(super) fn counter<'a>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<'a>, u64)>,
    ) -> fmt::Result {
        let mut family = self
            .0
            .encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, value) in values {
            ConstCounter::new(value).encode(family.encode_family(&labels)?)?;
        }
        Ok(())
    }

    /// How values are spread.
    pub(super) fn histogram<'a>(
        &mut self,
        name: &str,
        help: &str,
        unit: Unit,
        values: impl IntoIterator<Item = (Labels<'a>, &'a Spread)>,
    ) -> fmt::Result {
        let mut family = self
            .0
            .encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (labels, spread) in values {
            let ranges = spread.ranges().map(|(bound, values)| {
                let bound = bound.map_or(f64::INFINITY, |bound| unit.told(bound));
                (bound, values)
            });
            let ranges: Vec<_> = ranges.collect();
            let count = ranges.iter().map(|(_, values)| values).sum();
            let sum = unit.told(spread.sum());
            let mut one = family.encode_family(&labels)?;
            one.encode_histogram::<NoLabelSet>(sum, count, &ranges, None)?;
        }
        Ok(())
    }
}
