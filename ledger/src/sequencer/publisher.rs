//! What becomes of a block: appended to the log, then tree, checkpoint, readers, answers, in this order.
//!
//! The publisher has a thread of its own, which waits for the disk itself: handing a block to one thread
//! and its checkpoint to another would take as long as a sync. The sequencer decides the next block
//! meanwhile. What others appended comes here too; blocks that wait together get one checkpoint together.

use std::sync::Arc;
use std::thread;

use governance::ids::Digest;
use tlog::{Checkpoint, Frontier, Hash, SignedCheckpoint};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::answer::{Answer, Published};
use super::batch::{Batch, Reply, Verdict, Waiting};
use super::eraser::Spent;
use super::write::{self, WriteError};
use crate::block_tree::BlockTree;
use crate::checkpoint_keys::NamedKeys;
use crate::checkpoints::{CheckpointStore, CheckpointStoreError};
use crate::durable::Durable;
use crate::events::Announcer;
use crate::halt::Halt;
use crate::keys::LedgerSigner;
use crate::snapshots::Snapshotter;
use crate::store::LogStore;
use crate::tail::LoggedEntry;

/// How many blocks may wait before the sequencer does: so that a slow disk slows it instead of filling
/// memory.
pub(super) const PUBLICATIONS_WAITING_MAX: usize = 4;

/// How often a checkpoint that could not be made durable is tried again. What failed once and then
/// again on a journal read anew is for people to look at.
const PERSIST_ATTEMPTS: u32 = 3;

/// What the sequencer hands over, in the log's order.
pub(super) enum Publication {
    /// A block to append. Once it is published, or is not durable for certain, `done` is told.
    Block {
        batch: Batch,
        store: Arc<dyn LogStore>,
        done: Done,
    },
    /// Entries that are durable, or answers that rest on the blocks before.
    Batch(Batch),
    /// A question whether everything before it is published.
    Barrier(oneshot::Sender<()>),
}

/// A block of which it is not certain that it is durable.
#[derive(Debug)]
pub(super) struct NotWritten {
    pub(super) batch: Batch,
    pub(super) error: WriteError,
}

/// Tells what became of a block.
pub(super) type Done = oneshot::Sender<Result<(), Box<NotWritten>>>;

/// Makes blocks durable and visible.
pub(super) struct Publisher {
    pub(super) durable: Arc<Durable>,
    pub(super) signer: Arc<dyn LedgerSigner>,
    pub(super) checkpoints: Arc<dyn CheckpointStore>,
    pub(super) snapshotter: Snapshotter,
    /// The tree over everything published.
    pub(super) frontier: Frontier,
    /// The ledger's own keys as of everything published.
    pub(super) keys: NamedKeys,
    /// Where those are put whose openings nobody needs any more.
    pub(super) spent: Spent,
    /// Tells other systems; none where this process alone has the log.
    pub(super) announcer: Option<Announcer>,
}

/// The publisher's thread.
pub(super) struct Publishing(oneshot::Receiver<()>);

impl Publishing {
    /// Waits for its end. Whether it panicked.
    pub(super) async fn panicked(self) -> bool {
        self.0.await.is_err()
    }
}

/// Starts a publisher.
pub(super) fn start(publisher: Publisher, publications: mpsc::Receiver<Publication>) -> Publishing {
    let (ended, end) = oneshot::channel();
    let (runtime, durable) = (Handle::current(), Arc::clone(&publisher.durable));
    let thread = thread::Builder::new().name("ledger-log".to_owned());
    let started = thread.spawn(move || {
        runtime.block_on(publisher.run(publications));
        // Nobody waits where the runtime is shutting down.
        let _ = ended.send(());
    });
    if let Err(error) = started {
        durable.halt(Halt::Broken {
            reason: format!("no thread can be started to write to the log: {error}"),
        });
    }
    Publishing(end)
}

impl Publisher {
    /// Publishes until the sequencer is gone, or a checkpoint cannot be made durable.
    pub(super) async fn run(mut self, mut publications: mpsc::Receiver<Publication>) {
        let mut waiting = Vec::with_capacity(PUBLICATIONS_WAITING_MAX);
        while publications
            .recv_many(&mut waiting, PUBLICATIONS_WAITING_MAX)
            .await
            > 0
        {
            let mut round = Round::default();
            for publication in waiting.drain(..) {
                match publication {
                    Publication::Barrier(barrier) => round.barriers.push(barrier),
                    Publication::Batch(batch) => round.add(batch),
                    Publication::Block { batch, store, done } => {
                        self.append(batch, store, done, &mut round).await;
                    }
                }
            }
            if let Err(halt) = self.publish(&mut round).await {
                // Everybody who waits learns it from the answer that never comes: after the reason is known.
                self.durable.halt(halt);
                return;
            }
        }
        if self.spent.finish().await {
            self.snapshotter.finish(&self.durable, &self.frontier).await;
        }
    }

    /// Appends a block. One that is not durable for certain goes back.
    async fn append(&self, batch: Batch, store: Arc<dyn LogStore>, done: Done, round: &mut Round) {
        let (batch, written) = write::measured(&*store, &self.durable, batch).await;
        match written {
            Ok(()) => {
                round.add(batch);
                round.appended.push((store, done));
            }
            Err(error) => {
                // A sequencer that is gone learns it at the next start.
                let _ = done.send(Err(Box::new(NotWritten { batch, error })));
            }
        }
    }

    async fn publish(&mut self, round: &mut Round) -> Result<(), Halt> {
        let entries = std::mem::take(&mut round.entries);
        let published = if entries.is_empty() {
            None
        } else {
            let spent = std::mem::take(&mut round.spent);
            Some(self.publish_entries(entries, spent).await?)
        };
        for (verdict, reply) in round.answers.drain(..) {
            reply.send(answer(verdict, published.as_ref()));
        }
        for barrier in round.barriers.drain(..) {
            // Whoever asked waits for nothing else.
            let _ = barrier.send(());
        }
        // After the answers: whoever is woken before them has a core before them.
        if published.is_some() {
            self.durable.wake_followers();
        }
        for (store, done) in round.appended.drain(..) {
            // Likewise: waking a thread takes a good part of the time that a sync does.
            let _ = done.send(Ok(()));
            store.make_ready().await;
        }
        Ok(())
    }

    async fn publish_entries(
        &mut self,
        entries: Vec<Arc<LoggedEntry>>,
        spent: Vec<Digest>,
    ) -> Result<Arc<Published>, Halt> {
        let leaves: Vec<_> = entries.iter().map(|entry| Hash(entry.leaf.0)).collect();
        let tree = BlockTree::grow(&mut self.frontier, leaves.iter().copied());
        for entry in &entries {
            self.keys.keys.follow(entry.index, &entry.action);
        }
        let checkpoint = Arc::new(self.sign()?);
        // Side by side: neither needs the other, and nobody sees either before both are done.
        let (appended, persisted) =
            tokio::join!(self.durable.tree.append(leaves), self.persist(&checkpoint));
        persisted?;
        appended.map_err(|error| Halt::Broken {
            reason: format!("the tree's tiles cannot be written: {error}"),
        })?;
        let keys = self.keys.checkpoint_keys()?;
        self.durable
            .publish(&entries, Arc::clone(&checkpoint), &keys);
        self.spent.erase(spent).await;
        if self.spent.all_erased() {
            self.snapshotter.after(&self.durable, &self.frontier);
        }
        let published = Arc::new(Published {
            entries,
            tree,
            checkpoint,
        });
        if let Some(announcer) = &self.announcer {
            announcer.offer(&published);
        }
        Ok(published)
    }

    fn sign(&self) -> Result<SignedCheckpoint, Halt> {
        let checkpoint = Checkpoint {
            origin: self.keys.origin.clone(),
            size: self.frontier.size(),
            root: self.frontier.root(),
        };
        let key = *self.keys.keys.checkpoint.at(checkpoint.size);
        Ok(self.signer.sign_checkpoint(key, &checkpoint)?)
    }

    async fn persist(&self, checkpoint: &Arc<SignedCheckpoint>) -> Result<(), Halt> {
        let began = Instant::now();
        persist(&*self.checkpoints, checkpoint).await?;
        let measures = &self.durable.measures;
        measures.checkpoint.observe_time(began.elapsed());
        Ok(())
    }
}

/// Makes a checkpoint durable. Where it is uncertain whether it is, the journal is read anew and the
/// same checkpoint persisted again; a sync that failed is never tried again.
pub(crate) async fn persist(
    checkpoints: &dyn CheckpointStore,
    checkpoint: &Arc<SignedCheckpoint>,
) -> Result<(), Halt> {
    let mut attempts = 1;
    loop {
        let Err(error) = checkpoints.persist(checkpoint).await else {
            return Ok(());
        };
        tracing::warn!(%error, attempts, "a checkpoint was not made durable");
        let failed = |error: CheckpointStoreError| Halt::Checkpoint {
            reason: error.to_string(),
        };
        if attempts == PERSIST_ATTEMPTS || is_final(&error) {
            return Err(failed(error));
        }
        attempts += 1;
        checkpoints.reopen().await.map_err(failed)?;
    }
}

/// Whether trying again would be wrong: the log forked, or the disk failed to keep what it took.
fn is_final(error: &CheckpointStoreError) -> bool {
    match error {
        CheckpointStoreError::Disk(error) => error.is_failed_sync(),
        CheckpointStoreError::Ended | CheckpointStoreError::Injected => false,
        _ => true,
    }
}

/// Publications that share a checkpoint.
#[derive(Default)]
struct Round {
    entries: Vec<Arc<LoggedEntry>>,
    spent: Vec<Digest>,
    answers: Vec<(Verdict, Reply)>,
    barriers: Vec<oneshot::Sender<()>>,
    appended: Vec<(Arc<dyn LogStore>, Done)>,
}

impl Round {
    fn add(&mut self, batch: Batch) {
        let offset = self.entries.len();
        self.entries.extend(batch.entries);
        self.spent.extend(batch.spent);
        for Waiting { mut verdict, reply } in batch.waiting {
            if let Verdict::Recorded { at, .. } = &mut verdict {
                *at += offset;
            }
            self.answers.push((verdict, reply));
        }
    }
}

fn answer(verdict: Verdict, published: Option<&Arc<Published>>) -> Answer {
    match verdict {
        Verdict::Recorded { at, .. } => {
            let published = published.expect("a recorded action comes with the block it is in");
            Answer::Recorded {
                published: Arc::clone(published),
                at,
            }
        }
        Verdict::Repeats {
            index,
            verified,
            attempted,
        } => Answer::Repeats {
            index,
            verified,
            attempted,
        },
        Verdict::Refused { error, .. } => Answer::Refused(error),
    }
}
