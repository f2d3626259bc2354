//! The table: each figure beside the limit measured in the same run, their ratio, and what we aim at.

use std::time::Duration;

use crate::{limits::Limits, load::Admitted};

/// What a figure should come to, as a part or a multiple of what it stands beside.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// This much of it, or more.
    AtLeast(f64),
    /// This many times it, or fewer.
    AtMost(f64),
    /// Nothing is asked; it is told.
    Told,
}

/// A line: what, how much, beside what, and how they compare.
#[derive(Debug)]
pub(crate) struct Line {
    what: String,
    found: String,
    beside: String,
    ratio: f64,
    target: Target,
}

/// What was measured, in the order of the table.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
    /// Why something could not be measured.
    missing: Vec<String>,
}

/// Something a second, beside something else a second.
pub(crate) struct Rates<'a> {
    /// What came out.
    pub(crate) found: f64,
    /// The limit.
    pub(crate) limit: f64,
    /// What the limit is of.
    pub(crate) of: &'a str,
}

impl Report {
    /// A rate beside a rate.
    pub(crate) fn rates(&mut self, what: impl Into<String>, rates: &Rates<'_>, target: Target) {
        self.lines.push(Line {
            what: what.into(),
            found: rate(rates.found),
            beside: format!("{} {}", rate(rates.limit), rates.of),
            ratio: rates.found / rates.limit,
            target,
        });
    }

    /// How long something took, shortest first, beside one sync.
    pub(crate) fn syncs(&mut self, what: &str, latencies: &[Duration], sync: Duration) {
        for (percent, target) in [(50, Target::AtMost(4.0)), (99, Target::Told)] {
            let found = percentile(latencies, percent);
            self.lines.push(Line {
                what: format!("{what}, p{percent}"),
                found: time(found),
                beside: format!("{} a sync", time(sync)),
                ratio: found.as_secs_f64() / sync.as_secs_f64(),
                target,
            });
        }
    }

    /// Says why a figure is not there.
    pub(crate) fn missing(&mut self, why: impl Into<String>) {
        self.missing.push(why.into());
    }

    /// Prints the limits and every figure.
    pub(crate) fn print(&self, limits: &Limits) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        println!("\nLimits of this machine, measured in this run ({cores} cores):\n");
        for (what, found) in [
            ("strict Ed25519 checks, all cores", rate(limits.strict)),
            ("checks in batches of 256, all cores", rate(limits.batched)),
            ("write and sync of 4 KiB, p50", time(limits.sync())),
            (
                "write and sync of 4 KiB, p99",
                time(percentile(&limits.syncs, 99)),
            ),
        ] {
            println!("  {what:<44}{found:>12}");
        }
        println!(
            "\n  {:<44}{:>12}   {:<32}{:>7}   target",
            "figure", "", "beside", "ratio"
        );
        for line in &self.lines {
            line.print();
        }
        for why in &self.missing {
            println!("  not measured: {why}");
        }
    }
}

impl Line {
    fn print(&self) {
        let Line {
            what,
            found,
            beside,
            ratio,
            target,
        } = self;
        let met = |met: bool| if met { "met" } else { "MISSED" };
        let target = match target {
            Target::AtLeast(least) => format!("at least {least:.2}: {}", met(ratio >= least)),
            Target::AtMost(most) => format!("at most {most:.2}: {}", met(ratio <= most)),
            Target::Told => String::new(),
        };
        println!("  {what:<44}{found:>12}   {beside:<32}{ratio:>7.2}   {target}");
    }
}

/// How many a second.
pub(crate) fn per_second(admitted: Admitted) -> f64 {
    admitted.count as f64 / admitted.elapsed.as_secs_f64()
}

/// The value below which so many of a hundred lie; the values come shortest first.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

pub(crate) fn rate(a_second: f64) -> String {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates are positive and far below 2^53"
    )]
    let whole = a_second.round() as u64;
    format!("{} /s", thousands(whole))
}

pub(crate) fn time(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

/// `12,345`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).expect("digits"))
        .collect();
    groups.join(",")
}
