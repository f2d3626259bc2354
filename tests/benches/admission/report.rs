//! The table.

use std::time::Duration;

use crate::{limits::Limits, load::Admitted};

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    admissions: Vec<(String, Admitted)>,
    latencies: Vec<Duration>,
    audits: Vec<(bool, f64)>,
    views: f64,
}

/// A line: what, how much, beside what, and how they compare.
struct Line {
    what: String,
    found: String,
    limit: String,
    ratio: f64,
}

impl Report {
    pub(crate) fn admission(&mut self, name: &str, admitted: Admitted) {
        self.admissions.push((name.to_owned(), admitted));
    }

    /// How long one ballot took, shortest first.
    pub(crate) fn latencies(&mut self, latencies: Vec<Duration>) {
        self.latencies = latencies;
    }

    pub(crate) fn audit(&mut self, quick: bool, entries: u64, elapsed: Duration) {
        self.audits
            .push((quick, entries as f64 / elapsed.as_secs_f64()));
    }

    pub(crate) fn views(&mut self, entries: u64, elapsed: Duration) {
        self.views = entries as f64 / elapsed.as_secs_f64();
    }

    /// Prints every figure beside its limit.
    pub(crate) fn print(&self, limits: &Limits) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        println!("Limits of this machine, measured in this run ({cores} cores):\n");
        for (what, found) in [
            ("strict Ed25519 checks, all cores", rate(limits.strict)),
            ("checks in batches of 256, all cores", rate(limits.batched)),
            ("write and sync of 4 KiB, median", time(limits.sync())),
            (
                "                          99 of 100",
                time(percentile(&limits.syncs, 99)),
            ),
        ] {
            println!("  {what:<40}{found:>14}");
        }
        println!(
            "\n  {:<40}{:>14}   {:<28}{:>6}",
            "figure", "", "beside", "ratio"
        );
        for line in self.lines(limits) {
            let Line {
                what,
                found,
                limit,
                ratio,
            } = line;
            println!("  {what:<40}{found:>14}   {limit:<28}{ratio:>6.2}");
        }
    }

    fn lines(&self, limits: &Limits) -> Vec<Line> {
        let strict = || format!("{} strict", rate(limits.strict));
        let mut lines = Vec::new();
        for (name, admitted) in &self.admissions {
            let found = admitted.count as f64 / admitted.elapsed.as_secs_f64();
            lines.push(Line {
                what: name.clone(),
                found: rate(found),
                limit: strict(),
                ratio: found / limits.strict,
            });
        }
        for percent in [50, 99] {
            let found = percentile(&self.latencies, percent);
            lines.push(Line {
                what: format!("one ballot alone to its receipt, p{percent}"),
                found: time(found),
                limit: format!("{} sync", time(limits.sync())),
                ratio: found.as_secs_f64() / limits.sync().as_secs_f64(),
            });
        }
        for (quick, found) in &self.audits {
            let (what, limit, whole) = if *quick {
                let limit = format!("{} in batches", rate(limits.batched));
                ("audit of all rules, --quick", limit, limits.batched)
            } else {
                ("audit of all rules", strict(), limits.strict)
            };
            lines.push(Line {
                what: what.to_owned(),
                found: rate(*found),
                limit,
                ratio: found / whole,
            });
        }
        if let Some((_, admitted)) = self.admissions.first() {
            let admission = admitted.count as f64 / admitted.elapsed.as_secs_f64();
            lines.push(Line {
                what: "views rebuilt".to_owned(),
                found: rate(self.views),
                limit: format!("{} admitted", rate(admission)),
                ratio: self.views / admission,
            });
        }
        lines
    }
}

/// The value below which so many of a hundred lie; the values come shortest first.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}

fn rate(a_second: f64) -> String {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rates are positive and far below 2^53"
    )]
    let whole = a_second.round() as usize;
    format!("{} /s", thousands(whole))
}

fn time(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

/// `12,345`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).expect("digits"))
        .collect();
    groups.join(",")
}
