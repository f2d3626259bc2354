//! Views as they were right after a past entry: made by the same projections out of the same log, so that the
//! same queries answer them.
//!
//! A past moment is replayed from the nearest one that is kept, or from the first entry, into rows of its
//! own, and kept for the next question while there is room. What is kept lies in a database beside the
//! views that is thrown away at every start. One replay a ledger is under way at a time: past moments are
//! for people who look something up, not for load.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use governance::ids::LedgerId;
use tokio::{
    sync::{Mutex, OnceCell},
    task, time,
};

use crate::{
    ledger_views::LedgerViews,
    projection::{Logged, ProjectionError},
    runner::CHUNK_ENTRIES_MAX,
    source::{EntrySource, SourceEntry, SourceError},
    view_store::{StoreError, ViewStore},
};

/// Past moments kept of each ledger: the two ends of a span that somebody compares, for two people at a
/// time.
const KEPT_MAX: usize = 4;

/// How long a question waits for other replays of its ledger. A replay takes a second for some 20,000
/// entries.
const BUSY_PATIENCE: Duration = Duration::from_secs(10);

/// The directory of past moments, within that of the views.
const DIR: &str = "past";

/// Why there are no views of a past moment.
#[derive(Debug, thiserror::Error)]
pub enum PastError {
    /// Other past moments are being replayed.
    #[error("other past moments of this ledger are being replayed; try again shortly")]
    Busy,
    /// The log has no such entry.
    #[error("the log has no entry {asked} to replay up to")]
    Beyond {
        /// Asked for.
        asked: u64,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// An entry could not be projected.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// The rows could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where past moments of all ledgers are kept; opened when it is first needed.
#[derive(Debug)]
pub(crate) struct PastStore {
    dir: PathBuf,
    store: OnceCell<Arc<ViewStore>>,
    /// Numbers the moments, so that no two share rows.
    made: AtomicU64,
}

impl PastStore {
    /// Below the directory of the views; what an earlier process left there is thrown away. Blocks.
    pub(crate) fn below(views: &Path) -> Result<Arc<Self>, StoreError> {
        let dir = views.join(DIR);
        if dir.exists() {
            std::fs::remove_dir_all(&dir)?;
        }
        Ok(Arc::new(Self {
            dir,
            store: OnceCell::new(),
            made: AtomicU64::new(0),
        }))
    }

    /// Views without a row, or with those of another moment.
    async fn begin(
        &self,
        ledger: &LedgerId,
        nearest: Option<Arc<LedgerViews>>,
    ) -> Result<LedgerViews, StoreError> {
        let store = self.store.get_or_try_init(|| async {
            let dir = self.dir.clone();
            blocking(move || ViewStore::open(&dir)).await.map(Arc::new)
        });
        let store = Arc::clone(store.await?);
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let ledger = ledger.clone();
        blocking(move || LedgerViews::scratch(&store, &ledger, number, nearest.as_deref())).await
    }
}

/// Gives views of past moments of one log.
#[async_trait]
pub(crate) trait Rewind: fmt::Debug + Send + Sync {
    /// The views right after the entry at `index`.
    async fn at(&self, index: u64) -> Result<Arc<LedgerViews>, PastError>;
}

/// The past moments of one ledger.
pub(crate) struct Past<S> {
    ledger: LedgerId,
    source: Arc<S>,
    store: Arc<PastStore>,
    /// The one used last is the last.
    kept: Arc<Mutex<Vec<Arc<LedgerViews>>>>,
}

impl<S> Past<S> {
    pub(crate) fn new(ledger: LedgerId, source: Arc<S>, store: Arc<PastStore>) -> Self {
        Self {
            ledger,
            source,
            store,
            kept: Arc::default(),
        }
    }
}

impl<S> fmt::Debug for Past<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Past")
            .field("ledger", &self.ledger)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl<S: EntrySource> Rewind for Past<S> {
    async fn at(&self, index: u64) -> Result<Arc<LedgerViews>, PastError> {
        let kept = Arc::clone(&self.kept).lock_owned();
        let kept = time::timeout(BUSY_PATIENCE, kept).await;
        let mut kept = kept.map_err(|_| PastError::Busy)?;
        let size = index + 1;
        if let Some(place) = kept.iter().position(|views| size_of(views) == size) {
            let found = kept.remove(place);
            kept.push(Arc::clone(&found));
            return Ok(found);
        }
        let before = kept.iter().filter(|views| size_of(views) < size);
        let nearest = before.max_by_key(|views| size_of(views)).cloned();
        let (source, store) = (Arc::clone(&self.source), Arc::clone(&self.store));
        let ledger = self.ledger.clone();
        // In a task of its own: what somebody began who then gave up is there for who asks again.
        let replay = task::spawn(async move {
            let views = Arc::new(store.begin(&ledger, nearest).await?);
            replay(&*source, &views, size).await?;
            if kept.len() == KEPT_MAX {
                kept.remove(0);
            }
            kept.push(Arc::clone(&views));
            Ok(views)
        });
        replay.await.unwrap_or(Err(StoreError::Interrupted.into()))
    }
}

/// Applies entries until the views have seen `size` of them.
async fn replay<S: EntrySource>(
    source: &S,
    views: &Arc<LedgerViews>,
    size: u64,
) -> Result<(), PastError> {
    loop {
        let from = size_of(views);
        if from >= size {
            return Ok(());
        }
        let missing = usize::try_from(size - from).unwrap_or(usize::MAX);
        let entries = source.entries(from, missing.min(CHUNK_ENTRIES_MAX)).await?;
        if entries.is_empty() {
            return Err(PastError::Beyond { asked: size - 1 });
        }
        let views = Arc::clone(views);
        let applied = task::spawn_blocking(move || {
            let logged: Vec<Logged<'_>> = entries.iter().map(SourceEntry::logged).collect();
            views.apply(&logged)
        });
        applied
            .await
            .unwrap_or(Err(StoreError::Interrupted.into()))?;
    }
}

fn size_of(views: &LedgerViews) -> u64 {
    views.progress().borrow().size()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = task::spawn_blocking(work).await;
    done.unwrap_or(Err(StoreError::Interrupted))
}
