//! The views of all ledgers of a node, and the tasks that keep them.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use governance::ids::LedgerId;
use tokio::{
    sync::{Notify, watch},
    task::{self, JoinSet},
};

use crate::{
    ledger_views::LedgerViews,
    past::{Past, PastError, PastStore, Rewind},
    rebuild,
    runner::{self, Signals},
    source::EntrySource,
    view_store::{StoreError, ViewStore},
};

/// The views of all ledgers of a node.
#[derive(Debug)]
pub struct Projector {
    store: Arc<ViewStore>,
    followed: BTreeMap<LedgerId, Followed>,
    stop: watch::Sender<bool>,
    /// Taken by the shutdown.
    runners: Mutex<JoinSet<()>>,
}

#[derive(Debug)]
struct Followed {
    views: Arc<LedgerViews>,
    look_again: Arc<Notify>,
    past: Arc<dyn Rewind>,
}

impl Projector {
    /// Opens the views kept in `dir` and follows these logs. Must be called within a tokio runtime.
    pub fn follow<S: EntrySource>(
        dir: &Path,
        logs: impl IntoIterator<Item = (LedgerId, S)>,
    ) -> Result<Self, StoreError> {
        let store = ViewStore::open(dir)?;
        // After it: who has the views has what lies beside them.
        let past = PastStore::below(dir)?;
        let stop = watch::Sender::new(false);
        let mut followed = BTreeMap::new();
        let mut runners = JoinSet::new();
        for (ledger, source) in logs {
            let source = Arc::new(source);
            let past = Past::new(ledger.clone(), Arc::clone(&source), Arc::clone(&past));
            let one = Followed {
                views: Arc::new(LedgerViews::unconfirmed(&store, &ledger)?),
                look_again: Arc::default(),
                past: Arc::new(past),
            };
            let signals = Signals {
                stop: stop.subscribe(),
                look_again: Arc::clone(&one.look_again),
            };
            runners.spawn(runner::run(Arc::clone(&one.views), source, signals));
            followed.insert(ledger, one);
        }
        Ok(Self {
            store: Arc::new(store),
            followed,
            stop,
            runners: Mutex::new(runners),
        })
    }

    /// The ledgers that are followed.
    pub fn ledgers(&self) -> impl Iterator<Item = &LedgerId> {
        self.followed.keys()
    }

    /// The views of one ledger.
    pub fn views(&self, ledger: &LedgerId) -> Option<&Arc<LedgerViews>> {
        self.followed.get(ledger).map(|one| &one.views)
    }

    /// The views of a ledger as they were right after the entry at `index`; `None`: no such ledger. Made
    /// of the log if they are not kept, which takes a second for some 20,000 entries.
    pub async fn past(
        &self,
        ledger: &LedgerId,
        index: u64,
    ) -> Result<Option<Arc<LedgerViews>>, PastError> {
        let Some(one) = self.followed.get(ledger) else {
            return Ok(None);
        };
        Arc::clone(&one.past).at(index).await.map(Some)
    }

    /// Drops the views of a ledger and has them built anew from the log; whether there is such a ledger.
    /// Meanwhile queries find what has been built so far, and say so by their position.
    pub async fn rebuild(&self, ledger: &LedgerId) -> Result<bool, StoreError> {
        let Some(one) = self.followed.get(ledger) else {
            return Ok(false);
        };
        rebuild::clear(&one.views).await?;
        one.look_again.notify_one();
        Ok(true)
    }

    /// Stops the runners, each after the block it is at, and writes out what sled holds. What is not
    /// written out is built again at the next start.
    pub async fn shutdown(&self) -> Result<(), StoreError> {
        self.stop.send_replace(true);
        let mut runners = {
            let mut held = self.runners.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *held)
        };
        while let Some(ended) = runners.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a runner of views ended badly");
            }
        }
        let store = Arc::clone(&self.store);
        // sled blocks: it gets a thread of its own.
        task::spawn_blocking(move || store.flush())
            .await
            .unwrap_or(Err(StoreError::Interrupted))
    }
}
