//! What a ledger counts of its own work, for whoever watches the node.
//!
//! Counting costs an atomic addition or two a submission and a few a block; nothing is counted an entry.
//! Numbers begin with the process. No person, key or choice is ever among them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::submission::{NoKind, SubmitError, Submitted};

/// Bounds of what a block holds, in entries: a lone action, and up to the most a block may have.
const BLOCK_ENTRIES: &[u64] = &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/// Bounds of a block's length, in bytes: an entry has some hundred, a block at most 512 KiB.
const BLOCK_BYTES: &[u64] = &[
    512,
    1_024,
    4 * 1_024,
    16 * 1_024,
    64 * 1_024,
    128 * 1_024,
    256 * 1_024,
    512 * 1_024,
];

/// Bounds of the times that syncs take, in microseconds: from a disk with its own battery over a slow one
/// to a store that is not there.
const MICROSECONDS: &[u64] = &[
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    10_000_000,
];

/// What one ledger has counted since the process began.
#[derive(Debug)]
pub struct Measures {
    /// Entries of each block this node appended.
    pub block_entries: Spread,
    /// Bytes of each block this node appended.
    pub block_bytes: Spread,
    /// Microseconds until a block this node appended was durable, with its contents.
    pub append: Spread,
    /// Microseconds until a checkpoint was durable.
    pub checkpoint: Spread,
    /// Appends that failed, or of which it is not known whether they did.
    pub appends_failed: Count,
    /// How often this node came to lead the ledger, or ceased to.
    pub lead_changes: Count,
    /// Submissions handed to the node that leads.
    pub forwarded: Count,
    recorded: Count,
    repeated: Count,
    declined: Mutex<BTreeMap<(NoKind, &'static str), u64>>,
}

impl Default for Measures {
    fn default() -> Measures {
        Measures {
            block_entries: Spread::within(BLOCK_ENTRIES),
            block_bytes: Spread::within(BLOCK_BYTES),
            append: Spread::within(MICROSECONDS),
            checkpoint: Spread::within(MICROSECONDS),
            appends_failed: Count::default(),
            lead_changes: Count::default(),
            forwarded: Count::default(),
            recorded: Count::default(),
            repeated: Count::default(),
            declined: Mutex::default(),
        }
    }
}

impl Measures {
    /// Submissions that were recorded, and those that had been before.
    pub fn admitted(&self) -> (u64, u64) {
        (self.recorded.get(), self.repeated.get())
    }

    /// Submissions that were not recorded, by the kind of no and its stable code.
    pub fn declined(&self) -> BTreeMap<(NoKind, &'static str), u64> {
        let declined = self.declined.lock();
        declined.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A submission was answered here. One that another node has to answer is counted there.
    pub(crate) fn answered(&self, answer: &Result<Submitted, SubmitError>) {
        match answer {
            Err(SubmitError::NotLeading) => {}
            Ok(submitted) if submitted.already_recorded => self.repeated.add(),
            Ok(_) => self.recorded.add(),
            Err(error) => self.decline(error),
        }
    }

    /// A submission that this node does not answer was handed to the one that leads.
    pub(crate) fn handed_over<T>(&self, answer: &Result<T, SubmitError>) {
        self.forwarded.add();
        if let Err(error) = answer {
            self.decline(error);
        }
    }

    fn decline(&self, error: &SubmitError) {
        let declined = self.declined.lock();
        let mut declined = declined.unwrap_or_else(PoisonError::into_inner);
        // As many as there are codes.
        *declined.entry((error.kind(), error.code())).or_default() += 1;
    }

    /// A block was written, or was not.
    pub(crate) fn appended(&self, entries: usize, bytes: usize, took: Duration, durable: bool) {
        if durable {
            self.block_entries.observe(entries as u64);
            self.block_bytes.observe(bytes as u64);
            self.append.observe_time(took);
        } else {
            self.appends_failed.add();
        }
    }
}

/// A number that grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// How many.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// How values are spread over fixed ranges.
#[derive(Debug)]
pub struct Spread {
    bounds: &'static [u64],
    /// One more than there are bounds: what is beyond the last.
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Spread {
    fn within(bounds: &'static [u64]) -> Spread {
        Spread {
            bounds,
            counts: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0),
        }
    }

    /// Each range's upper bound, which belongs to it, and how many values are in it; the last range has no
    /// bound.
    pub fn ranges(&self) -> impl Iterator<Item = (Option<u64>, u64)> {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        let counts = self.counts.iter().map(|n| n.load(Ordering::Relaxed));
        bounds.zip(counts)
    }

    /// The sum of all values.
    pub fn sum(&self) -> u64 {
        self.sum.load(Ordering::Relaxed)
    }

    pub(crate) fn observe(&self, value: u64) {
        let range = self.bounds.partition_point(|bound| *bound < value);
        self.counts[range].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Observes microseconds.
    pub(crate) fn observe_time(&self, took: Duration) {
        self.observe(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_its_range() {
        let spread = Spread::within(&[10, 20]);
        for value in [0, 10, 11, 20, 21, 1_000] {
            spread.observe(value);
        }
        let ranges: Vec<_> = spread.ranges().collect();
        assert_eq!(ranges, [(Some(10), 2), (Some(20), 2), (None, 2)]);
        assert_eq!(spread.sum(), 1_062);
    }

    #[test]
    fn what_is_not_recorded_is_counted_by_its_reason() {
        let measures = Measures::default();
        measures.answered(&Err(SubmitError::Overloaded));
        measures.answered(&Err(SubmitError::Overloaded));
        measures.answered(&Err(SubmitError::ShuttingDown));
        measures.answered(&Err(SubmitError::NotLeading));
        measures.handed_over(&Ok(()));
        measures.handed_over::<()>(&Err(SubmitError::NotLeading));
        let declined: Vec<_> = measures.declined().into_iter().collect();
        assert_eq!(
            declined,
            [
                ((NoKind::Overloaded, "OVERLOADED"), 2),
                ((NoKind::Unavailable, "NOT_LEADING"), 1),
                ((NoKind::Unavailable, "SHUTTING_DOWN"), 1)
            ]
        );
        assert_eq!(measures.admitted(), (0, 0));
        assert_eq!(measures.forwarded.get(), 2);
    }

    #[test]
    fn a_block_that_failed_is_no_block() {
        let measures = Measures::default();
        measures.appended(3, 900, Duration::from_millis(1), true);
        measures.appended(9, 9_000, Duration::from_millis(1), false);
        assert_eq!(measures.block_entries.sum(), 3);
        assert_eq!(measures.block_bytes.sum(), 900);
        assert_eq!(measures.append.sum(), 1_000);
        assert_eq!(measures.appends_failed.get(), 1);
    }
}
