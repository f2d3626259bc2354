//! What others append: checked as if it had just arrived, and made visible by the same publisher.
//!
//! A node that does not lead waits until the log has grown, checks what is there (bytes, link, every
//! signature strictly, the rules again) and hands it to the publisher, which grows the tree, signs and
//! keeps the checkpoint, and shows the entries to readers, as it does for blocks of its own. Every node
//! holds the ledger's keys, as any may come to lead; so a follower's checkpoint is its own word for what
//! it has itself checked, and equals the leader's of that size to the byte.
//!
//! Before a node leads it has everything that is in the log, and the log has the largest checkpoint that
//! it or any other node knows of. After a failed append it is a follower too, until it has caught up.

use std::time::Duration;

use governance::ids::Digest;
use rayon::prelude::*;
use tlog::{Frontier, SignedCheckpoint};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::answer::Answer;
use super::batch::Batch;
use super::publisher::Publication;
use super::speculation::Speculation;
use super::{Role, Sequencer, publisher_ended};
use crate::content::kept_for;
use crate::halt::Halt;
use crate::peers::Neighbours;
use crate::replay::{Fault, Mismatch, Replay, SignatureCheck, check_alone};
use crate::store::{LogStore, StoreError};
use crate::submission::SubmitError;
use crate::tail::LoggedEntry;

/// How many blocks are read and checked at once while catching up: 4 MiB at most.
const BLOCKS_A_READ: usize = 8;

/// How long the store may take to show a node what another's checkpoint covers: it was durable before
/// that was signed, so this is a matter of delivery.
const DELIVERY_PATIENCE: Duration = Duration::from_secs(1);

/// The pauses after a store could not be read while following, each time in a row a longer one.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(100),
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(5),
];

/// Where a follower is.
pub(super) struct Following {
    /// State and chain as of the last entry handed to the publisher; the tree is the publisher's.
    replay: Replay,
    /// Commitments whose openings are spent by entries applied since they were last handed on.
    spent: Vec<Digest>,
    /// How often in a row the store could not be read.
    failures: usize,
    /// Until when the store is left alone, and then opened anew.
    paused_until: Option<Instant>,
}

impl Following {
    /// Follows from the state that is durable.
    pub(super) fn from(state: governance::State) -> Following {
        Following {
            replay: Replay::resume(state, Frontier::new()),
            spent: Vec::new(),
            failures: 0,
            paused_until: None,
        }
    }

    /// Applies entries one after another: those that follow, and the first that does not.
    fn apply_all(
        &mut self,
        checked: Vec<Result<LoggedEntry, Fault>>,
    ) -> (Vec<LoggedEntry>, Option<Mismatch>) {
        let mut entries = Vec::with_capacity(checked.len());
        for entry in checked {
            match self.apply(entry) {
                Ok(entry) => entries.push(entry),
                Err(mismatch) => return (entries, Some(mismatch)),
            }
        }
        (entries, None)
    }

    fn apply(&mut self, checked: Result<LoggedEntry, Fault>) -> Result<LoggedEntry, Mismatch> {
        let index = self.replay.next_index();
        let entry = checked.map_err(|fault| Mismatch { index, fault })?;
        let spent = self.replay.spent_by(&entry);
        self.replay.apply(&entry).map_err(|mismatch| *mismatch)?;
        self.spent.extend(spent);
        Ok(entry)
    }

    /// What the wait for more begins with.
    pub(super) fn place(&self) -> (u64, Option<Instant>) {
        (self.replay.next_index(), self.paused_until)
    }
}

/// Returns once the log may hold more than a follower has: never where nobody follows.
pub(super) async fn grown(
    store: &dyn LogStore,
    place: Option<(u64, Option<Instant>)>,
) -> Result<(), StoreError> {
    match place {
        None => std::future::pending().await,
        Some((_, Some(until))) => {
            tokio::time::sleep_until(until).await;
            Ok(())
        }
        Some((next, None)) => store.wait_beyond(next).await,
    }
}

/// Returns once the node may have to lead, or no longer: never for one that is alone.
pub(super) async fn standing_changed(neighbours: &mut Option<Neighbours>) {
    match neighbours {
        Some(neighbours) => neighbours.standing_changed().await,
        None => std::future::pending().await,
    }
}

impl Sequencer {
    /// Whether this node is to decide and append. One that is alone always is.
    pub(super) fn leads(&self) -> bool {
        self.neighbours.as_ref().is_none_or(Neighbours::leads)
    }

    /// Leads once the lease says so, and no longer when it does not; a write under way ends first. Who
    /// does not lead sends away whoever has submitted, to be forwarded to who does.
    pub(super) async fn take_role(&mut self, open: bool) -> Result<(), Halt> {
        let leads = self.leads();
        match &self.role {
            Role::Leading(_) if !leads && self.in_flight.is_none() => self.step_down().await?,
            Role::Following(following) if leads && open && following.paused_until.is_none() => {
                self.step_up().await?;
            }
            _ => {}
        }
        if !self.leads_now() {
            let away = self.durable.away();
            for request in self.inbox.drain(..) {
                let refused = match &away {
                    Some(reason) => SubmitError::LogAway {
                        reason: reason.clone(),
                    },
                    None => SubmitError::NotLeading,
                };
                request.reply.send(Answer::Refused(refused));
            }
        }
        Ok(())
    }

    /// Whether this node decides and appends at the moment.
    pub(super) fn leads_now(&self) -> bool {
        matches!(self.role, Role::Leading(_))
    }

    /// Begins to lead, if the log is whole as far as any node knows.
    async fn step_up(&mut self) -> Result<(), Halt> {
        let known = match &self.neighbours {
            Some(neighbours) => neighbours.largest_checkpoint().await,
            None => None,
        };
        let size = known.as_ref().map_or(0, |known| known.checkpoint().size);
        let caught_up = self.catch_up_to(size).await;
        if !self.bears(caught_up)? {
            return Ok(());
        }
        if let Some(known) = &known {
            self.check_contains(known).await?;
        }
        tracing::info!(ledger = %self.durable.ledger(), "leads");
        self.lead()
    }

    /// Decides and appends from the durable state on, which is all there is in the log.
    pub(super) fn lead(&mut self) -> Result<(), Halt> {
        let state = self.durable.with_state(Clone::clone);
        let signer = std::sync::Arc::clone(&self.signer);
        self.role = Role::Leading(Box::new(Speculation::new(state, signer)));
        self.record_due()
    }

    /// Decides and appends no more. Nothing is in flight.
    async fn step_down(&mut self) -> Result<(), Halt> {
        tracing::info!(ledger = %self.durable.ledger(), "leads no longer");
        let mut again = self.drop_building().into_requests();
        again.append(&mut self.inbox);
        self.inbox = again;
        self.fall_back().await
    }

    /// Drops the speculative state, once everything handed to the publisher is published, and follows
    /// from the durable one.
    pub(super) async fn fall_back(&mut self) -> Result<(), Halt> {
        self.published().await?;
        let state = self.durable.with_state(Clone::clone);
        self.role = Role::Following(Box::new(Following::from(state)));
        Ok(())
    }

    /// Where a leader with nothing to do would see that another leads too.
    pub(super) fn surprise(&self, speculation: &Speculation) -> Option<(u64, Option<Instant>)> {
        let idle = self.neighbours.is_some() && self.is_idle();
        idle.then(|| (speculation.next_index(), None))
    }

    /// Publishes what another has appended. Who leads begins again from there.
    pub(super) async fn follow(&mut self, grown: Result<(), StoreError>) -> Result<(), Halt> {
        if matches!(self.role, Role::Leading(_)) {
            self.fall_back().await?;
            let caught_up = match grown {
                Ok(()) => self.catch_up().await,
                Err(error) => Err(error.into()),
            };
            if self.bears(caught_up)? && self.leads() {
                self.lead()?;
            }
            return Ok(());
        }
        let followed = match grown {
            Ok(()) => self.follow_on().await,
            Err(error) => Err(error.into()),
        };
        self.bears(followed).map(drop)
    }

    async fn follow_on(&mut self) -> Result<(), Halt> {
        if let Role::Following(following) = &mut self.role
            && following.paused_until.take().is_some()
        {
            self.reopen(0).await?;
        }
        self.catch_up().await
    }

    /// Whether following went well. A store that cannot be read just now is asked again later where
    /// the log is shared: it is a network away. As long as NATS does not answer, everybody is told so.
    pub(super) fn bears(&mut self, followed: Result<(), Halt>) -> Result<bool, Halt> {
        let Role::Following(following) = &mut self.role else {
            return followed.map(|()| true);
        };
        let error = match followed {
            Ok(()) => {
                following.failures = 0;
                self.durable.set_away(None);
                return Ok(true);
            }
            Err(Halt::Nats { reason, .. }) if self.neighbours.is_some() => {
                // Once is a hiccup.
                if following.failures > 0 {
                    self.durable.set_away(Some(reason.clone()));
                }
                reason
            }
            Err(Halt::Storage(error)) if self.neighbours.is_some() => error.to_string(),
            Err(halt) => return Err(halt),
        };
        let pause = PAUSES[following.failures.min(PAUSES.len() - 1)];
        tracing::warn!(ledger = %self.durable.ledger(), error, ?pause, "the log cannot be followed");
        following.failures += 1;
        following.paused_until = Some(Instant::now() + pause);
        Ok(false)
    }

    /// Publishes everything that is in the log, and at least so many entries; nothing that is published
    /// may be missing from it either.
    pub(super) async fn catch_up_to(&mut self, size: u64) -> Result<(), Halt> {
        let size = size.max(self.durable.size());
        if let Some(last) = size.checked_sub(1) {
            let delivered = self.store.wait_beyond(last);
            if let Ok(delivered) = tokio::time::timeout(DELIVERY_PATIENCE, delivered).await {
                delivered?;
            }
        }
        if self.store.length().await? < size {
            // Opening it anew says for certain whether it has them.
            self.reopen(size).await?;
        }
        self.catch_up().await?;
        let length = self.durable.size();
        if length < size {
            let checkpoint = size;
            return Err(Halt::RolledBack { length, checkpoint });
        }
        Ok(())
    }

    /// Publishes everything that is in the log, and returns once it is.
    pub(super) async fn catch_up(&mut self) -> Result<(), Halt> {
        while let Role::Following(following) = &mut self.role {
            let next = following.replay.next_index();
            let blocks = self.store.read(next, BLOCKS_A_READ).await?;
            let entries: Vec<_> = blocks
                .into_iter()
                .flat_map(|block| block.indices().zip(block.entries))
                .filter(|(index, _)| *index >= next)
                .map(|(_, bytes)| bytes)
                .collect();
            if entries.is_empty() {
                break;
            }
            let checked = crate::blocking::run(move || check_all(entries)).await;
            let checked = checked.ok_or(Halt::Storage(StoreError::Ended))?;
            let (entries, mismatch) = following.apply_all(checked);
            let spent = std::mem::take(&mut following.spent);
            self.publish_found(entries, spent).await?;
            if let Some(mismatch) = mismatch {
                // What stands before it is shown.
                self.published().await?;
                return Err(mismatch.into());
            }
        }
        self.published().await
    }

    async fn publish_found(
        &mut self,
        entries: Vec<LoggedEntry>,
        spent: Vec<Digest>,
    ) -> Result<(), Halt> {
        let mut found = Batch::default();
        for entry in entries {
            for digest in kept_for(&entry.action) {
                self.orphans.remove(&digest);
            }
            found.push(entry);
        }
        found.spent = spent;
        self.publish(found).await
    }

    /// Waits until everything handed to the publisher is published.
    pub(super) async fn published(&mut self) -> Result<(), Halt> {
        let (done, wait) = oneshot::channel();
        self.hand_over(Publication::Barrier(done)).await?;
        wait.await.map_err(|_| publisher_ended())
    }

    /// Another node's checkpoint is one of this log.
    async fn check_contains(&mut self, known: &SignedCheckpoint) -> Result<(), Halt> {
        let known = known.checkpoint();
        let root = self.durable.tree.root(known.size).await;
        let found = root.map_err(|error| Halt::Broken {
            reason: error.to_string(),
        })?;
        if found == known.root {
            return Ok(());
        }
        Err(Halt::Forked {
            size: known.size,
            expected: known.root,
            found,
        })
    }
}

/// Checks what concerns entries alone, on all cores.
fn check_all(entries: Vec<Vec<u8>>) -> Vec<Result<LoggedEntry, Fault>> {
    let entries = entries.into_par_iter();
    entries
        .map(|bytes| check_alone(bytes, SignatureCheck::Strict))
        .collect()
}
