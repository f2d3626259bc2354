//! Erasing what opens hidden ballots once nobody needs it any more (FORMAT.md §4): after the log has opened them
//! itself, after another was cast, after the decision.
//!
//! It works behind the publisher, on what is durable, so that nothing is erased that a lost block would need
//! again. Every node does it for every entry, its own and others': erasing is idempotent, and whichever node
//! dies, another has heard of the same entries. No snapshot is written before everything spent is erased: what a
//! node that died did not get to lies in the entries after its last snapshot, and is erased at the next start.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governance::ids::Digest;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::durable::Durable;

/// How many blocks' worth may wait: as many as the publisher hands on while one content is erased.
const WAITING_MAX: usize = 64;

/// How many that could not be erased are remembered: every ballot of a city's district.
pub(crate) const SPENT_MAX: usize = 100_000;

/// How long after the store failed it is asked again.
const RETRY: Duration = Duration::from_secs(30);

/// Those that are to be erased, and whoever erases them.
pub(super) struct Spent {
    sender: mpsc::Sender<Vec<Digest>>,
    /// How many are not erased.
    left: Arc<AtomicUsize>,
    eraser: JoinHandle<()>,
}

impl Spent {
    /// Starts the eraser, which begins with these.
    pub(super) fn start(durable: Arc<Durable>, first: Vec<Digest>) -> Spent {
        let (sender, spent) = mpsc::channel(WAITING_MAX);
        let left = Arc::new(AtomicUsize::new(first.len()));
        let eraser = Eraser {
            durable,
            left: first.into_iter().collect(),
            count: Arc::clone(&left),
            retry_at: None,
        };
        Spent {
            sender,
            left,
            eraser: tokio::spawn(eraser.run(spent)),
        }
    }

    /// Has these erased, soon.
    pub(super) async fn erase(&self, spent: Vec<Digest>) {
        if spent.is_empty() {
            return;
        }
        self.left.fetch_add(spent.len(), Ordering::AcqRel);
        // It ends only after everybody who could ask it; if it panicked, what is left stays counted.
        let _ = self.sender.send(spent).await;
    }

    /// Whether all that was given is erased.
    pub(super) fn all_erased(&self) -> bool {
        self.left.load(Ordering::Acquire) == 0
    }

    /// Gives up what could not be erased after another attempt. Returns whether all is erased.
    pub(super) async fn finish(self) -> bool {
        drop(self.sender);
        // A panic was told by the runtime.
        let ended = self.eraser.await;
        ended.is_ok() && self.left.load(Ordering::Acquire) == 0
    }
}

struct Eraser {
    durable: Arc<Durable>,
    /// Not erased so far.
    left: BTreeSet<Digest>,
    /// As many, and those still on their way.
    count: Arc<AtomicUsize>,
    retry_at: Option<Instant>,
}

impl Eraser {
    async fn run(mut self, mut spent: mpsc::Receiver<Vec<Digest>>) {
        self.erase().await;
        loop {
            let retry_at = self.retry_at;
            tokio::select! {
                some = spent.recv() => match some {
                    None => break,
                    Some(digests) => self.take(digests),
                },
                () = super::sleep_until(retry_at) => self.retry_at = None,
            }
            self.erase().await;
        }
        // The last attempt of this process.
        self.retry_at = None;
        self.erase().await;
    }

    fn take(&mut self, digests: Vec<Digest>) {
        for digest in digests {
            if self.left.len() >= SPENT_MAX {
                // It stays counted, so that no snapshot is written, and a start finds it.
                tracing::warn!(ledger = %self.durable.ledger(), %digest, "what opened a hidden ballot is not erased before the next start");
            } else if !self.left.insert(digest) {
                self.count.fetch_sub(1, Ordering::AcqRel);
            }
        }
    }

    /// Erases all there is, until the store fails.
    async fn erase(&mut self) {
        if self.retry_at.is_some() {
            return;
        }
        while let Some(digest) = self.left.first().copied() {
            if let Err(error) = self.durable.contents.erase(&digest).await {
                let count = self.left.len();
                tracing::warn!(ledger = %self.durable.ledger(), count, %error, "what opened hidden ballots is not erased yet");
                self.retry_at = Some(Instant::now() + RETRY);
                return;
            }
            self.left.remove(&digest);
            self.count.fetch_sub(1, Ordering::AcqRel);
        }
    }
}
