//! After a write that failed, or may have: find out what is durable, and decide everything again.
//!
//! The speculative state rested on the block that failed, and with it everything decided since. So
//! both are dropped. Where the outcome is uncertain the log is opened anew; entries found in it beyond
//! what was published are followed like any others ([`super::following`]); then everybody who waits is
//! decided again, in the order they came. An action that turns out to be recorded after all is found by
//! its id and gets its receipt.

use std::sync::Arc;
use std::time::Duration;

use governance::ids::Digest;
use tlog::{ChainError, Hash, leaf_hash};

use super::Sequencer;
use super::batch::{Batch, Request};
use super::speculation::refused;
use super::write::WriteError;
use crate::halt::Halt;
use crate::intake::check_stored;
use crate::replay::{Fault, Mismatch};
use crate::store::AppendError;
use crate::submission::SubmitError;

/// How many appends in a row may fail before the ledger halts, and how long is waited before each new
/// attempt: a hiccup passes within a second, and what does not is for people to look at.
const PAUSES: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(10),
    Duration::from_millis(100),
    Duration::from_secs(1),
];

impl Sequencer {
    /// Begins again from what is durable, after `batch` was not, or may not have been, written.
    pub(super) async fn recover(&mut self, batch: Batch, error: WriteError) -> Result<(), Halt> {
        tracing::warn!(ledger = %self.durable.ledger(), %error, "a block was not written for certain");
        self.orphans.extend(batch.fresh.iter().copied());
        let building = self.drop_building();
        let learnt = self.learn(&error).await;
        if let Err(halt) = &learnt {
            // Before those who wait are let go, so that they are told the reason.
            self.durable.halt(halt.clone());
        }
        learnt?;
        self.take_back(batch, building).await;
        Ok(())
    }

    /// Finds out what is durable after a write that was not, or may not have been.
    async fn learn(&mut self, error: &WriteError) -> Result<(), Halt> {
        if let Some(halt) = error.is_final() {
            return Err(halt);
        }
        if let Some(reason) = error.outage() {
            // What became of the block is found out once the log can be reached.
            self.fall_back().await?;
            self.durable.set_away(Some(reason.clone()));
            let passing = true;
            return self.bears(Err(Halt::Nats { reason, passing })).map(drop);
        }
        let faster = self.others_length(error);
        if faster.is_none() {
            self.pause(error).await?;
        }
        self.fall_back().await?;
        let relearnt = self.relearn(error, faster).await;
        if self.bears(relearnt)? && self.leads() {
            self.lead()?;
        }
        Ok(())
    }

    /// Takes the block in the making apart.
    pub(super) fn drop_building(&mut self) -> Batch {
        let building = std::mem::take(&mut self.building);
        self.orphans.extend(building.fresh.iter().copied());
        self.gather_until = None;
        self.full = false;
        building
    }

    /// How long the log is where another node was faster, which is no failure: two lead at once, and
    /// one of them has gone on.
    fn others_length(&self, error: &WriteError) -> Option<u64> {
        match error {
            WriteError::Append(AppendError::Conflict { length }) if self.neighbours.is_some() => {
                Some(*length)
            }
            _ => None,
        }
    }

    /// Follows the log to its end, if something may have come to it.
    async fn relearn(&mut self, error: &WriteError, faster: Option<u64>) -> Result<(), Halt> {
        if let Some(length) = faster {
            if length < self.durable.size() {
                // Nobody was faster: the log is shorter than it was. Opening it anew says so for certain.
                self.reopen(self.durable.size()).await?;
            }
            return self.catch_up_to(length).await;
        }
        if error.touches_the_log() {
            self.reopen(0).await?;
            self.catch_up().await?;
        }
        Ok(())
    }

    /// Waits a little longer after each failure in a row, and gives up after some.
    async fn pause(&mut self, error: &WriteError) -> Result<(), Halt> {
        let attempt = usize::try_from(self.failures).unwrap_or(usize::MAX);
        self.failures += 1;
        match PAUSES.get(attempt) {
            Some(pause) if pause.is_zero() => Ok(()),
            Some(pause) => {
                tokio::time::sleep(*pause).await;
                Ok(())
            }
            None => Err(Halt::AppendFails {
                attempts: self.failures,
                last: error.to_string(),
            }),
        }
    }

    /// Opens the log anew. It must hold what is published, and at least so many entries.
    pub(super) async fn reopen(&mut self, size: u64) -> Result<(), Halt> {
        self.store.close().await;
        let size = size.max(self.durable.checkpoint().checkpoint().size);
        let opened = self.factory.open(size).await?;
        if let Some(torn) = &opened.report.torn {
            tracing::warn!(ledger = %self.durable.ledger(), %torn, "set aside");
        }
        self.store = opened.store;
        self.durable.tail.set_store(Arc::clone(&self.store));
        self.check_published().await
    }

    /// The log opened anew has the very entries that are published: the last of them proves those before it.
    async fn check_published(&mut self) -> Result<(), Halt> {
        let (size, expected) = self
            .durable
            .with_state(|state| (state.size(), state.last_leaf()));
        let Some(last) = size.checked_sub(1) else {
            return Ok(());
        };
        let blocks = self.store.read(last, 1).await?;
        let found = blocks
            .iter()
            .flat_map(|block| block.indices().zip(&block.entries))
            .find(|(index, _)| *index == last);
        let found = found.map(|(_, bytes)| leaf_hash(bytes));
        match found {
            Some(found) if found.0 == expected.0 => Ok(()),
            None => Err(Halt::RolledBack {
                length: self.store.length().await?,
                checkpoint: size,
            }),
            Some(found) => Err(Halt::Corruption(Mismatch {
                index: size,
                fault: Fault::Chain(ChainError::BrokenLink {
                    index: size,
                    expected: found,
                    found: Hash(expected.0),
                }),
            })),
        }
    }

    /// Everybody in flight comes again, before those who have not been decided yet.
    async fn take_back(&mut self, batch: Batch, building: Batch) {
        let mut again = batch.into_requests();
        again.extend(building.into_requests());
        again.append(&mut self.inbox);
        if !self.leads_now() {
            // They are answered, and not decided again.
            self.inbox = again;
            return;
        }
        for request in again {
            match self.missing_content(&request).await {
                Some(error) => self.building.waiting.push(refused(request, error)),
                None => self.inbox.push_back(request),
            }
        }
    }

    /// The content a request found in the store that is no longer there.
    async fn missing_content(&mut self, request: &Request) -> Option<SubmitError> {
        for digest in &request.verified.relied_on {
            let stored = check_stored(*digest, &*self.durable.contents).await;
            if let Err(error) = stored {
                return Some(error);
            }
        }
        None
    }

    /// Erases what failed writes left in the content store for actions that were then not recorded.
    /// An action that comes with a content later brings it itself, and one that relies on having found
    /// it there is checked again before its block is written. Where other nodes share the content
    /// store, one of them may rely on it by now: there it stays, although nobody names it.
    pub(super) async fn erase_orphans(&mut self) {
        if self.neighbours.is_some() {
            self.orphans.clear();
        }
        if !self.inbox.is_empty() {
            return;
        }
        for digest in std::mem::take(&mut self.orphans) {
            self.erase(digest).await;
        }
    }

    async fn erase(&mut self, digest: Digest) {
        if let Err(error) = self.durable.contents.erase(&digest).await {
            // Nothing refers to it; it is only not wanted.
            tracing::warn!(ledger = %self.durable.ledger(), %digest, %error, "a content nobody recorded stays");
        }
    }
}
