//! Keeping or seeking one ledger's lease: the task around [`Candidacy`].

mod comparison;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governance::ids::{LedgerId, Millis};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use self::comparison::Comparison;
use crate::clock::{CLOCK_JUMP_MS_MAX, Clock};
use crate::durable::Durable;
use crate::lease::{Candidacy, Lease, LeaseError, LeaseStore, NodeId, SeenLease, Step, Timing};

/// How long a free lease is left to others for each ledger this node leads already, so that nodes which
/// start together share the ledgers out; and how long at most.
const SHYNESS: Duration = Duration::from_millis(20);
const SHYNESS_MAX: Duration = Duration::from_secs(1);

/// After which time a lease that could not be written or watched is tried again.
const RETRY: Duration = Duration::from_millis(250);

/// After which time a node whose clock is wrong asks what time it is.
const CLOCK_RETRY: Duration = Duration::from_secs(5);

/// Where a node stands among those of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// This node leads.
    pub leads: bool,
    /// Who does, as far as this node knows.
    pub leader: Option<NodeId>,
    /// By how much this node's clock is wrong, in milliseconds, where that keeps it from leading: more
    /// than [`CLOCK_JUMP_MS_MAX`] against the lease's keeper's, or another node's where that has none.
    pub clock_apart_ms: Option<u64>,
}

/// What a candidate is made of.
pub(crate) struct Candidate {
    pub(crate) node: NodeId,
    pub(crate) leases: Arc<dyn LeaseStore>,
    pub(crate) timing: Timing,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) durable: Arc<Durable>,
    /// How many ledgers this node leads.
    pub(crate) led: Arc<AtomicUsize>,
}

/// A candidate at work.
#[derive(Debug)]
pub(crate) struct Leadership {
    standing: watch::Receiver<Standing>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Leadership {
    /// Seeks the lease, and keeps it.
    pub(crate) fn seek(candidate: Candidate) -> Leadership {
        let stop = watch::Sender::new(false);
        let told = watch::Sender::new(Standing::default());
        let standing = told.subscribe();
        let work = Work {
            begun: Instant::now(),
            told,
            stop: stop.subscribe(),
            asked: None,
            apart_ms: None,
            comparison: Comparison::default(),
            candidate,
        };
        let task = tokio::spawn(work.run());
        Leadership {
            standing,
            stop,
            task,
        }
    }

    /// Where this node stands, now and as it changes.
    pub(crate) fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Gives the lease up, so that another node need not wait for it to expire.
    pub(crate) async fn give_up(self) {
        self.stop.send_replace(true);
        // A panic has been reported by the runtime, and the lease then expires.
        let _ = self.task.await;
    }
}

struct Work {
    candidate: Candidate,
    begun: Instant,
    told: watch::Sender<Standing>,
    stop: watch::Receiver<bool>,
    /// The revision this node wrote last, and what time it was before it did.
    asked: Option<(u64, Millis)>,
    /// By how much this node's clock is wrong, if it is.
    apart_ms: Option<u64>,
    comparison: Comparison,
}

impl Work {
    async fn run(mut self) {
        while !self.stopping() {
            let watched = self.candidate.leases.watch(self.ledger()).await;
            match watched {
                Ok(seen) => self.hold(seen).await,
                Err(error) => {
                    tracing::warn!(ledger = %self.ledger(), %error, "the lease cannot be watched");
                }
            }
            self.pause(RETRY).await;
        }
    }

    /// Seeks and keeps the lease until told to stop, or what is watched ends.
    async fn hold(&mut self, mut seen: watch::Receiver<Option<SeenLease>>) {
        let (node, timing) = (self.candidate.node.clone(), self.candidate.timing);
        let found = seen.borrow_and_update().clone();
        let mut candidacy = Candidacy::new(node, timing, found, self.now());
        while !self.stopping() {
            self.tell(&candidacy);
            let until = match candidacy.step(self.now(), self.shyness()) {
                Step::Write { expected } => match self.write(&mut candidacy, expected).await {
                    Ok(()) => continue,
                    Err(pause) => self.now() + pause,
                },
                Step::Wait { until } => until,
            };
            // Not past the moment when this node no longer leads.
            let until = (self.begun + until).min(Instant::now() + timing.renew_every);
            tokio::select! {
                changed = seen.changed() => {
                    let newest = seen.borrow_and_update().clone();
                    self.compare_clocks(newest.as_ref());
                    candidacy.saw(newest, self.now());
                    if changed.is_err() {
                        break;
                    }
                }
                () = tokio::time::sleep_until(until) => {}
                _ = self.stop.changed() => {}
            }
        }
        self.release(&mut candidacy).await;
        self.tell(&candidacy);
    }

    /// Writes the lease in this node's name; in nobody's while its clock is wrong, to be told the time.
    /// After a failure, how long to leave it.
    async fn write(
        &mut self,
        candidacy: &mut Candidacy,
        expected: Option<u64>,
    ) -> Result<(), Duration> {
        let fit = self.apart_ms.is_none();
        let began = self.now();
        let lease = Lease {
            holder: fit.then(|| self.candidate.node.clone()),
            written_at: self.candidate.clock.now(),
        };
        match self.put(&lease, expected).await {
            Ok(revision) => {
                self.asked = Some((revision, lease.written_at));
                if fit {
                    candidacy.wrote(revision, began);
                    Ok(())
                } else {
                    candidacy.lost();
                    self.tell(candidacy);
                    Err(CLOCK_RETRY)
                }
            }
            Err(LeaseError::Raced) => {
                candidacy.lost();
                Err(RETRY)
            }
            Err(error) => {
                tracing::warn!(ledger = %self.ledger(), %error, "the lease was not written");
                Err(RETRY)
            }
        }
    }

    async fn put(&self, lease: &Lease, expected: Option<u64>) -> Result<u64, LeaseError> {
        let write = self.candidate.leases.write(self.ledger(), lease, expected);
        let patience = self.candidate.timing.renew_every;
        timeout(patience, write).await.unwrap_or_else(|_| {
            let reason = format!("no answer within {patience:?}");
            Err(LeaseError::Unavailable { reason })
        })
    }

    async fn release(&mut self, candidacy: &mut Candidacy) {
        if let Some(expected) = candidacy.own_revision() {
            let lease = Lease {
                holder: None,
                written_at: self.candidate.clock.now(),
            };
            // If it fails, it expires.
            let _ = self.put(&lease, Some(expected)).await;
        }
        candidacy.lost();
    }

    /// Compares this node's clock with that of the place that keeps the lease, or of the other node that wrote it
    /// where that has none.
    fn compare_clocks(&mut self, seen: Option<&SeenLease>) {
        let Some(seen) = seen else {
            return;
        };
        let Some(told) = comparison::told_time(seen, &self.candidate.node) else {
            return;
        };
        let own = self
            .asked
            .filter(|(revision, _)| *revision == seen.revision);
        let asked_at = own.map(|(_, asked_at)| asked_at);
        let (now, seen_at) = (self.candidate.clock.now(), self.now());
        let Some(apart) = self.comparison.apart(told, asked_at, now, seen_at) else {
            return;
        };
        let apart = Some(apart).filter(|ms| *ms > CLOCK_JUMP_MS_MAX);
        if let (Some(apart_ms), None) = (apart, self.apart_ms) {
            tracing::error!(ledger = %self.ledger(), apart_ms, "the clock differs from that of the lease's keeper: set it right");
        }
        self.apart_ms = apart;
    }

    fn tell(&self, candidacy: &Candidacy) {
        let leads = candidacy.leads(self.now()) && self.apart_ms.is_none();
        let standing = Standing {
            leads,
            leader: candidacy.leader().cloned(),
            clock_apart_ms: self.apart_ms,
        };
        self.told.send_if_modified(|told| {
            match (told.leads, leads) {
                (false, true) => self.candidate.led.fetch_add(1, Ordering::Relaxed),
                (true, false) => self.candidate.led.fetch_sub(1, Ordering::Relaxed),
                _ => 0,
            };
            if told.leads != leads {
                self.candidate.durable.measures.lead_changes.add();
            }
            let changed = *told != standing;
            *told = standing;
            changed
        });
    }

    /// How long a free lease is left to nodes that lead less.
    fn shyness(&self) -> Duration {
        let led = self.candidate.led.load(Ordering::Relaxed);
        let led = u32::try_from(led).unwrap_or(u32::MAX);
        SHYNESS.saturating_mul(led).min(SHYNESS_MAX)
    }

    /// Told to stop, or the ledger has halted: then another node should lead it.
    fn stopping(&self) -> bool {
        *self.stop.borrow() || self.candidate.durable.halted().is_some()
    }

    async fn pause(&mut self, pause: Duration) {
        if !self.stopping() {
            // Told to stop it goes on at once.
            let _ = timeout(pause, self.stop.changed()).await;
        }
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    fn ledger(&self) -> &LedgerId {
        self.candidate.durable.ledger()
    }
}
