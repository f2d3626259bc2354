//! One task a ledger: it follows the durable log and keeps the views up with it.
//!
//! It asks the views where they stand, reads on from there, and has them apply what it read; it keeps no
//! position of its own. So whatever happened to the views (a crash that took the last blocks, a rebuild
//! ordered meanwhile) it goes on from where they are.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, watch},
    task::{self, JoinError},
    time,
};

use crate::{
    ledger_views::LedgerViews,
    progress::Condition,
    projection::{Logged, ProjectionError},
    rebuild,
    source::{EntrySource, SourceEntry, SourceError},
    view_store::StoreError,
};

/// Most entries applied at once: a full block of the log. Readers wait while they become visible, which
/// takes some 10 ms.
pub(crate) const CHUNK_ENTRIES_MAX: usize = 1_000;

/// The same while the views keep up with the log: readers hardly wait, and sled's batch is small enough
/// not to claim new memory each time.
const CHUNK_ENTRIES_LIVE: usize = 256;

/// How many entries the views may be behind and still keep up.
const LIVE_WITHIN: usize = 4 * CHUNK_ENTRIES_MAX;

/// How long what was just recorded gathers before it is applied, unless somebody waits for it: each
/// application wakes sled's threads, and a log that grows by many small blocks would have the views cost as
/// much as recording does.
const GATHER: Duration = Duration::from_millis(25);

/// First pause before the log is asked again after it could not be read.
const RETRY_FIRST: Duration = Duration::from_millis(100);
/// Longest pause: a log that comes back is followed again within seconds.
const RETRY_LAST: Duration = Duration::from_secs(5);

/// Why a runner gave up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    /// An entry could not be projected.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// The log is damaged, or cannot be read just now.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The projection panicked.
    #[error("the projection panicked: {0}")]
    Panic(#[from] JoinError),
}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> Self {
        Self::Projection(error.into())
    }
}

/// What tells a runner to stop, or to look again.
#[derive(Debug)]
pub(crate) struct Signals {
    /// True: stop.
    pub(crate) stop: watch::Receiver<bool>,
    /// The views were cleared.
    pub(crate) look_again: Arc<Notify>,
}

impl Signals {
    /// Told to stop, or the projector is gone.
    fn stopping(&self) -> bool {
        *self.stop.borrow() || self.stop.has_changed().is_err()
    }
}

/// What becomes of a runner after an error.
enum Next {
    /// The log or the disk may be back soon.
    Retry(String),
    /// The views are damaged, or the projection has a fault: building them anew mends the first.
    Rebuild,
    /// Nothing here would mend it.
    GiveUp,
}

/// Keeps the views up with the log until it is told to stop, or cannot go on.
pub(crate) async fn run<S: EntrySource>(views: Arc<LedgerViews>, source: S, mut signals: Signals) {
    let mut pause = RETRY_FIRST;
    let mut rebuilt = false;
    let ended = loop {
        let size_before = size_of(&views);
        let Err(error) = follow(&views, &source, &mut signals).await else {
            break Condition::Stopped;
        };
        match after(&error) {
            Next::Retry(reason) => {
                tracing::warn!(ledger = %views.ledger(), reason, "views wait");
                views.set_condition(Condition::Waiting { reason });
            }
            // Once a run: what a rebuild does not mend is a fault of the code.
            Next::Rebuild if !rebuilt && rebuild::clear(&views).await.is_ok() => {
                tracing::error!(ledger = %views.ledger(), %error, "views are rebuilt");
                rebuilt = true;
            }
            Next::Rebuild | Next::GiveUp => break failed(&views, &error),
        }
        if size_of(&views) > size_before {
            pause = RETRY_FIRST;
        }
        if stopped_within(&mut signals, pause).await {
            break Condition::Stopped;
        }
        pause = (pause * 2).min(RETRY_LAST);
    };
    views.set_condition(ended);
}

fn after(error: &RunError) -> Next {
    match error {
        RunError::Source(SourceError::Unavailable { .. })
        | RunError::Projection(ProjectionError::Store(StoreError::Io(_))) => {
            Next::Retry(error.to_string())
        }
        RunError::Projection(_) | RunError::Panic(_) => Next::Rebuild,
        RunError::Source(SourceError::Corrupt { .. }) => Next::GiveUp,
    }
}

fn failed(views: &LedgerViews, error: &RunError) -> Condition {
    tracing::error!(ledger = %views.ledger(), %error, "views no longer advance");
    Condition::Failed {
        reason: error.to_string(),
    }
}

fn size_of(views: &LedgerViews) -> u64 {
    views.progress().borrow().size()
}

/// Follows the log; `Ok` when it was told to stop or the log was closed.
async fn follow<S: EntrySource>(
    views: &Arc<LedgerViews>,
    source: &S,
    signals: &mut Signals,
) -> Result<(), RunError> {
    let mut durable = source.durable_size();
    let size = *durable.borrow_and_update();
    rebuild::reconcile(views, source, size).await?;
    loop {
        let size = *durable.borrow_and_update();
        views.set_log_size(size);
        let mut ahead = Vec::new();
        while !signals.stopping() && size_of(views) < size {
            ahead = advance(views, source, size, ahead).await?;
        }
        views.set_condition(Condition::Following);
        tokio::select! {
            stop = signals.stop.wait_for(|stop| *stop) => {
                drop(stop);
                return Ok(());
            }
            grown = durable.changed() => if grown.is_err() {
                return Ok(());
            },
            () = signals.look_again.notified() => {}
        }
        views.set_log_size(*durable.borrow());
        gather(views, signals).await;
    }
}

/// Lets more come together, for [`GATHER`] at most.
async fn gather(views: &LedgerViews, signals: &mut Signals) {
    tokio::select! {
        () = time::sleep(GATHER) => {}
        () = views.wanted() => {}
        _ = signals.stop.wait_for(|stop| *stop) => {}
    }
}

/// Applies the next chunk, which was read `ahead` if that is where the views stand, and meanwhile reads the
/// one after it. Returns that.
async fn advance<S: EntrySource>(
    views: &Arc<LedgerViews>,
    source: &S,
    size: u64,
    ahead: Vec<S::Entry>,
) -> Result<Vec<S::Entry>, RunError> {
    let from = size_of(views);
    let stands_next = |entry: &S::Entry| entry.logged().index == from;
    let entries = match ahead.first() {
        Some(first) if stands_next(first) => ahead,
        _ => read(source, from, size).await?,
    };
    if entries.is_empty() {
        return Err(RunError::Source(SourceError::Unavailable {
            reason: format!("it has {size} entries and gives none from {from} on"),
        }));
    }
    let next = from + entries.len() as u64;
    let views = Arc::clone(views);
    let applied = task::spawn_blocking(move || {
        let logged: Vec<Logged<'_>> = entries.iter().map(SourceEntry::logged).collect();
        views.apply(&logged)
    });
    let (applied, ahead) = tokio::join!(applied, read(source, next, size));
    match applied? {
        // What could not be read is asked for again, and then told.
        Ok(()) => Ok(ahead.unwrap_or_default()),
        // The views were cleared meanwhile: the next round reads from where they are.
        Err(ProjectionError::OutOfStep { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// The next chunk; empty where there is none.
async fn read<S: EntrySource>(
    source: &S,
    from: u64,
    size: u64,
) -> Result<Vec<S::Entry>, SourceError> {
    let missing = usize::try_from(size.saturating_sub(from)).unwrap_or(usize::MAX);
    if missing == 0 {
        return Ok(Vec::new());
    }
    let max = if missing > LIVE_WITHIN {
        CHUNK_ENTRIES_MAX
    } else {
        CHUNK_ENTRIES_LIVE
    };
    source.entries(from, missing.min(max)).await
}

async fn stopped_within(signals: &mut Signals, pause: Duration) -> bool {
    time::timeout(pause, signals.stop.wait_for(|stop| *stop))
        .await
        .is_ok()
}
