//! Faults on demand, for the stores in memory.
//!
//! A [`FaultPlan`] is shared between a test and a store. Each write asks it what to do; writes are
//! counted from 0 over the plan's whole life, so reopening a store does not reset them. It can also
//! hold writes back until the test lets them go, so that no test needs to sleep.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not persisted, and the caller is told so: `Failed`.
    Refused,
    /// Not persisted, but the caller is only told that it is uncertain: `Unknown`.
    Lost,
    /// Persisted, yet the caller is told that it is uncertain: `Unknown`.
    PersistedYetFailed,
}

impl Fault {
    /// Every fault, for tests that try them all.
    pub const ALL: [Fault; 3] = [Fault::Refused, Fault::Lost, Fault::PersistedYetFailed];

    /// Whether the write persists although it is reported otherwise.
    pub fn persists(self) -> bool {
        self == Fault::PersistedYetFailed
    }
}

/// Which writes fail, and whether writes are held back. Clones share one plan.
#[derive(Clone, Debug)]
pub struct FaultPlan {
    script: Arc<Mutex<Script>>,
    gate: Arc<watch::Sender<Gate>>,
}

#[derive(Debug, Default)]
struct Script {
    started: u64,
    faults: BTreeMap<u64, Fault>,
    every: Option<Fault>,
}

/// A gate that writes pass through.
#[derive(Clone, Copy, Debug, Default)]
struct Gate {
    closed: bool,
    waiting: usize,
}

impl Default for FaultPlan {
    fn default() -> FaultPlan {
        FaultPlan::new()
    }
}

impl FaultPlan {
    /// A plan by which nothing fails.
    pub fn new() -> FaultPlan {
        FaultPlan {
            script: Arc::default(),
            gate: Arc::new(watch::Sender::new(Gate::default())),
        }
    }

    /// Fails the write with this number, counted from 0.
    pub fn fail(&self, write: u64, fault: Fault) {
        self.script(|script| script.faults.insert(write, fault));
    }

    /// Fails the next write to start.
    pub fn fail_next(&self, fault: Fault) {
        self.script(|script| script.faults.insert(script.started, fault));
    }

    /// Fails every write without a fault of its own, until called with `None`.
    pub fn fail_every(&self, fault: Option<Fault>) {
        self.script(|script| script.every = fault);
    }

    /// How many writes have started.
    pub fn writes(&self) -> u64 {
        self.script(|script| script.started)
    }

    /// Holds back every write that starts from now on, until [`FaultPlan::release`].
    pub fn hold(&self) {
        self.gate.send_modify(|gate| gate.closed = true);
    }

    /// Lets the writes held back go on.
    pub fn release(&self) {
        self.gate.send_modify(|gate| gate.closed = false);
    }

    /// Waits until at least `count` writes are being held back. Give it a deadline.
    pub async fn held(&self, count: usize) {
        let mut gate = self.gate.subscribe();
        // The sender lives as long as `self`, so this cannot fail.
        let _ = gate.wait_for(|gate| gate.waiting >= count).await;
    }

    /// What becomes of the write that starts now; returns once it may go on.
    pub(crate) async fn next_write(&self) -> Option<Fault> {
        let fault = self.script(|script| {
            let write = script.started;
            script.started += 1;
            script.faults.remove(&write).or(script.every)
        });
        self.pass_gate().await;
        fault
    }

    async fn pass_gate(&self) {
        let mut gate = self.gate.subscribe();
        if !gate.borrow_and_update().closed {
            return;
        }
        let _waiting = Waiting::at(&self.gate);
        let _ = gate.wait_for(|gate| !gate.closed).await;
    }

    fn script<T>(&self, act: impl FnOnce(&mut Script) -> T) -> T {
        act(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Counts one write as waiting, for as long as it does: also one whose future is dropped.
struct Waiting<'a>(&'a watch::Sender<Gate>);

impl<'a> Waiting<'a> {
    fn at(gate: &'a watch::Sender<Gate>) -> Waiting<'a> {
        gate.send_modify(|gate| gate.waiting += 1);
        Waiting(gate)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|gate| gate.waiting -= 1);
    }
}
