//! When snapshots of the durable state are written: every so many entries, and at shutdown, never in
//! the way of a submission.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use governance::State;
use tlog::{Frontier, Hash};

use crate::durable::Durable;
use crate::snapshot::{Snapshot, Snapshots};

/// Decides when a snapshot is due, and has it written on another thread.
pub(crate) struct Snapshotter {
    snapshots: Snapshots,
    every: u64,
    /// The size of the tree at the last snapshot, begun or found.
    last: u64,
    /// One is being written; the next waits for the next occasion.
    busy: Arc<AtomicBool>,
}

impl Snapshotter {
    /// Writes a snapshot every `every` entries after the first `last`.
    pub(crate) fn new(snapshots: Snapshots, every: u64, last: u64) -> Snapshotter {
        Snapshotter {
            snapshots,
            every,
            last,
            busy: Arc::default(),
        }
    }

    /// Begins a snapshot if it is time. The state and the tree are at the same size: only the caller
    /// advances them.
    pub(crate) fn after(&mut self, durable: &Arc<Durable>, frontier: &Frontier) {
        let due = frontier.size().saturating_sub(self.last) >= self.every;
        if !due || self.busy.swap(true, Ordering::AcqRel) {
            return;
        }
        self.last = frontier.size();
        // Copied here, where nothing else can advance it; written elsewhere.
        let snapshot = durable.with_state(|state| take(state.clone(), frontier.clone()));
        let (snapshots, busy) = (self.snapshots.clone(), Arc::clone(&self.busy));
        let ledger = durable.ledger().clone();
        tokio::task::spawn_blocking(move || {
            write(&snapshots, &snapshot, ledger.as_str());
            busy.store(false, Ordering::Release);
        });
    }

    /// Writes a last snapshot, if there are entries since the one before.
    pub(crate) async fn finish(self, durable: &Arc<Durable>, frontier: &Frontier) {
        if frontier.size() == self.last {
            return;
        }
        let snapshot = durable.with_state(|state| take(state.clone(), frontier.clone()));
        let (snapshots, ledger) = (self.snapshots, durable.ledger().clone());
        // Without a runtime the next start replays a little more.
        let _ = crate::blocking::run(move || write(&snapshots, &snapshot, ledger.as_str())).await;
    }
}

fn take(state: State, frontier: Frontier) -> Snapshot<State> {
    Snapshot {
        leaf: Hash(state.last_leaf().0),
        rules_version: state.rules_version(),
        frontier,
        state,
    }
}

/// Nothing rests on a snapshot, so one that cannot be written is only told.
fn write(snapshots: &Snapshots, snapshot: &Snapshot<State>, ledger: &str) {
    let size = snapshot.size();
    match snapshots.write(snapshot) {
        Ok(()) => tracing::info!(ledger, size, "snapshot written"),
        Err(error) => tracing::warn!(ledger, size, %error, "a snapshot was not written"),
    }
}
