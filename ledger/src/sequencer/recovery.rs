//! After a write that failed, or may have: find out what is durable, and decide everything again.
//!
//! The speculative state rested on the block that failed, and with it everything decided since. So
//! both are dropped. The log is opened anew; entries found in it beyond what was published are checked
//! like any others and published; then everybody who waits is decided again, in the order they came.
//! An action that turns out to be recorded after all is found by its id and gets its receipt.

use std::sync::Arc;
use std::time::Duration;

use governance::ids::Digest;
use tlog::Frontier;
use tokio::sync::oneshot;

use super::Sequencer;
use super::batch::{Batch, Request};
use super::publisher::Publication;
use super::speculation::{Speculation, refused};
use super::write::WriteError;
use crate::halt::Halt;
use crate::intake::check_stored;
use crate::replay::{Mismatch, Replay, SignatureCheck, check_alone};
use crate::submission::SubmitError;

/// How many appends in a row may fail before the ledger halts, and how long is waited before each new
/// attempt: a hiccup passes within a second, and what does not is for people to look at.
const PAUSES: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(10),
    Duration::from_millis(100),
    Duration::from_secs(1),
];

/// How many blocks are read at once while catching up: 4 MiB at most.
const BLOCKS_A_READ: usize = 8;

impl Sequencer {
    /// Begins again from what is durable, after `batch` was not, or may not have been, written.
    pub(super) async fn recover(&mut self, batch: Batch, error: WriteError) -> Result<(), Halt> {
        tracing::warn!(ledger = %self.durable.ledger(), %error, "a block was not written for certain");
        self.orphans.extend(batch.fresh.iter().copied());
        let building = std::mem::take(&mut self.building);
        self.orphans.extend(building.fresh.iter().copied());
        self.gather_until = None;
        self.full = false;
        if let Some(halt) = error.is_final() {
            return Err(halt);
        }
        self.pause(&error).await?;
        self.published().await?;
        if error.touches_the_log() {
            self.reopen().await?;
            self.catch_up().await?;
        }
        let state = self.durable.with_state(Clone::clone);
        self.speculation = Speculation::new(state, Arc::clone(&self.signer));
        self.take_back(batch, building).await;
        self.record_due()
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

    /// Waits until everything handed to the publisher is published.
    async fn published(&mut self) -> Result<(), Halt> {
        let (done, wait) = oneshot::channel();
        let sent = self.publications.send(Publication::Barrier(done)).await;
        let ended = || Halt::Broken {
            reason: "the publisher has ended".to_owned(),
        };
        sent.map_err(|_| ended())?;
        wait.await.map_err(|_| ended())
    }

    async fn reopen(&mut self) -> Result<(), Halt> {
        self.store.close().await;
        let size = self.durable.checkpoint().checkpoint().size;
        let opened = self.factory.open(size).await?;
        if let Some(torn) = &opened.report.torn {
            tracing::warn!(ledger = %self.durable.ledger(), %torn, "set aside");
        }
        self.store = opened.store;
        self.durable.tail.set_store(Arc::clone(&self.store));
        Ok(())
    }

    /// Publishes entries that are in the log although nobody was told so.
    async fn catch_up(&mut self) -> Result<(), Halt> {
        let state = self.durable.with_state(Clone::clone);
        let mut next = state.size();
        // Only the state and the chain are followed here; the publisher has the tree.
        let mut replay = Replay::resume(state, Frontier::new());
        loop {
            let blocks = self.store.read(next, BLOCKS_A_READ).await?;
            if blocks.is_empty() {
                break;
            }
            let mut found = Batch::default();
            for bytes in blocks.into_iter().flat_map(|block| block.entries) {
                let checked = check_alone(bytes, SignatureCheck::Strict);
                let entry = checked.map_err(|fault| Mismatch { index: next, fault });
                let entry = entry.map_err(Halt::Corruption)?;
                replay
                    .apply(&entry)
                    .map_err(|mismatch| Halt::Corruption(*mismatch))?;
                for content in proto::contents_of(&entry.action) {
                    self.orphans.remove(&content.digest);
                }
                found.push(entry);
                next += 1;
            }
            self.publish(found).await?;
        }
        self.published().await
    }

    /// Everybody in flight comes again, before those who have not been decided yet.
    async fn take_back(&mut self, batch: Batch, building: Batch) {
        let mut again = batch.into_requests();
        again.extend(building.into_requests());
        again.append(&mut self.inbox);
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
    /// it there is checked again before its block is written.
    pub(super) async fn erase_orphans(&mut self) {
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

impl From<Mismatch> for Halt {
    fn from(mismatch: Mismatch) -> Halt {
        Halt::Corruption(mismatch)
    }
}
