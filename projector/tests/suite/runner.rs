//! A runner follows a log, waits for it, begins anew where it must, and says what it is doing.

use std::{
    collections::VecDeque,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::history::{History, dump_of, ledger, year};
use async_trait::async_trait;
use governance::{action::Outcome, ids::Leaf};
use projector::{
    Condition, EntrySource, LedgerViews, OwnedEntry, Projector, QueryError, SourceError, ViewStore,
    WaitError,
};
use tokio::{sync::watch, time::Instant};

/// Far longer than anything here takes, so that a test that fails ends.
const PATIENCE: Duration = Duration::from_secs(30);

/// A log in memory that fails as it is told to.
#[derive(Clone)]
pub(crate) struct Log {
    entries: Arc<Mutex<Vec<OwnedEntry>>>,
    faults: Arc<Mutex<VecDeque<SourceError>>>,
    size: watch::Sender<u64>,
}

impl Log {
    pub(crate) fn of(history: &History) -> Self {
        Self {
            size: watch::Sender::new(history.size()),
            entries: Arc::new(Mutex::new(history.entries.clone())),
            faults: Arc::default(),
        }
    }

    fn grow_to(&self, history: &History) {
        self.entries.lock().unwrap().clone_from(&history.entries);
        self.size.send_replace(history.size());
    }

    fn fail(&self, fault: SourceError) {
        self.faults.lock().unwrap().push_back(fault);
    }
}

#[async_trait]
impl EntrySource for Log {
    type Entry = OwnedEntry;

    fn durable_size(&self) -> watch::Receiver<u64> {
        self.size.subscribe()
    }

    async fn entries(&self, from: u64, max: usize) -> Result<Vec<OwnedEntry>, SourceError> {
        if let Some(fault) = self.faults.lock().unwrap().pop_front() {
            return Err(fault);
        }
        let entries = self.entries.lock().unwrap();
        let from = usize::try_from(from).unwrap().min(entries.len());
        // At most seven at a time, however many are asked for.
        let until = (from + max.min(7)).min(entries.len());
        Ok(entries[from..until].to_vec())
    }
}

fn follow(dir: &Path, log: &Log) -> Projector {
    Projector::follow(dir, [(ledger(), log.clone())]).unwrap()
}

fn views(projector: &Projector) -> &Arc<LedgerViews> {
    projector.views(&ledger()).unwrap()
}

async fn reach(projector: &Projector, history: &History) {
    let last = history.size() - 1;
    let position = views(projector).wait_for(last, PATIENCE).await.unwrap();
    assert_eq!((position.index, position.leaf), (last, history.leaf(last)));
    assert_eq!(views(projector).dump().unwrap(), dump_of(&history.entries));
}

async fn reach_condition(projector: &Projector, wanted: impl Fn(&Condition) -> bool) -> Condition {
    let mut progress = views(projector).progress();
    let waiting = progress.wait_for(|now| wanted(&now.condition));
    let now = tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    now.unwrap().condition.clone()
}

/// Leaves views of this log behind in `dir`.
fn leave_behind(dir: &Path, history: &History) {
    let store = ViewStore::open(dir).unwrap();
    let views = LedgerViews::open(&store, &ledger()).unwrap();
    crate::history::apply(&views, &history.entries, 1_000);
}

#[tokio::test]
async fn it_catches_up_and_follows() {
    let dir = tempfile::tempdir().unwrap();
    let mut history = year();
    let log = Log::of(&history);
    let projector = follow(dir.path(), &log);
    reach(&projector, &history).await;
    for n in 0..20 {
        history.enrol(&format!("late-{n}"), &[]);
        log.grow_to(&history);
        reach(&projector, &history).await;
    }
    projector.shutdown().await.unwrap();
    assert_eq!(
        views(&projector).progress().borrow().condition,
        Condition::Stopped
    );
}

/// What is just recorded gathers for some milliseconds, but for nobody who asks for it.
#[tokio::test(start_paused = true)]
async fn who_waits_for_what_is_recorded_does_not_wait_for_more_to_come() {
    let dir = tempfile::tempdir().unwrap();
    let mut history = year();
    let log = Log::of(&history);
    let projector = follow(dir.path(), &log);
    reach(&projector, &history).await;
    let mut progress = views(&projector).progress();
    for n in 0..20 {
        history.enrol(&format!("late-{n}"), &[]);
        log.grow_to(&history);
        let size = history.size();
        progress.wait_for(|now| now.log_size == size).await.unwrap();
        let asked = Instant::now();
        reach(&projector, &history).await;
        assert!(asked.elapsed() < Duration::from_millis(1));
    }
}

#[tokio::test]
async fn it_goes_on_where_it_was_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let mut history = year();
    let log = Log::of(&history);
    let projector = follow(dir.path(), &log);
    reach(&projector, &history).await;
    projector.shutdown().await.unwrap();
    drop(projector);
    history.enrol("late", &[]);
    log.grow_to(&history);
    let projector = follow(dir.path(), &log);
    let first_seen = views(&projector).wait_for(0, PATIENCE).await.unwrap();
    assert!(first_seen.index >= history.size() - 2, "{first_seen:?}");
    reach(&projector, &history).await;
}

#[tokio::test]
async fn waiting_for_an_entry_that_does_not_come_ends_in_time() {
    let dir = tempfile::tempdir().unwrap();
    let history = History::founded();
    let projector = follow(dir.path(), &Log::of(&history));
    reach(&projector, &history).await;
    let waited = views(&projector)
        .wait_for(1, Duration::from_millis(1))
        .await;
    assert_eq!(waited, Err(WaitError::TooLate { asked: 1, size: 1 }));
}

#[tokio::test]
async fn waiting_ends_when_the_projector_does() {
    let dir = tempfile::tempdir().unwrap();
    let history = History::founded();
    let projector = follow(dir.path(), &Log::of(&history));
    reach(&projector, &history).await;
    let patient = Arc::clone(views(&projector));
    let waiting = tokio::spawn(async move { patient.wait_for(1, PATIENCE).await });
    projector.shutdown().await.unwrap();
    let waited = waiting.await.unwrap();
    assert!(
        matches!(waited, Err(WaitError::Ended { size: 1, .. })),
        "{waited:?}"
    );
}

#[tokio::test]
async fn a_log_that_is_away_is_asked_again() {
    let dir = tempfile::tempdir().unwrap();
    let history = year();
    let log = Log::of(&history);
    log.fail(SourceError::Unavailable {
        reason: "the disk is busy".to_owned(),
    });
    let projector = follow(dir.path(), &log);
    let waiting =
        |c: &Condition| matches!(c, Condition::Waiting { reason } if reason.contains("busy"));
    reach_condition(&projector, waiting).await;
    reach(&projector, &history).await;
    reach_condition(&projector, |c| *c == Condition::Following).await;
}

#[tokio::test]
async fn a_damaged_log_ends_it_and_what_is_there_can_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut history = year();
    let log = Log::of(&history);
    let projector = follow(dir.path(), &log);
    reach(&projector, &history).await;
    log.fail(SourceError::Corrupt {
        reason: "entry 3 does not follow".to_owned(),
    });
    let before = history.size();
    history.enrol("late", &[]);
    log.grow_to(&history);
    let failed = reach_condition(&projector, |c| matches!(c, Condition::Failed { .. })).await;
    assert!(format!("{failed:?}").contains("entry 3 does not follow"));
    let waited = views(&projector).wait_for(before, PATIENCE).await;
    assert!(matches!(waited, Err(WaitError::Ended { .. })), "{waited:?}");
    let answer = views(&projector).read(|view| Ok(view.position().index));
    assert_eq!(answer.unwrap().value, before - 1);
}

#[tokio::test]
async fn an_entry_that_cannot_be_projected_ends_it_after_one_rebuild() {
    let dir = tempfile::tempdir().unwrap();
    let mut history = History::founded();
    history.decide("no-such-motion", Outcome::Adopted);
    let projector = follow(dir.path(), &Log::of(&history));
    let failed = reach_condition(&projector, |c| matches!(c, Condition::Failed { .. })).await;
    assert!(
        format!("{failed:?}").contains("no-such-motion"),
        "{failed:?}"
    );
}

#[tokio::test]
async fn views_of_another_log_are_dropped() {
    let dir = tempfile::tempdir().unwrap();
    leave_behind(dir.path(), &History::salted(1));
    let history = year();
    let projector = follow(dir.path(), &Log::of(&history));
    reach(&projector, &history).await;
}

#[tokio::test]
async fn views_are_not_shown_before_they_were_compared_with_the_log() {
    let dir = tempfile::tempdir().unwrap();
    leave_behind(dir.path(), &History::salted(1));
    let history = year();
    let log = Log::of(&history);
    let busy = SourceError::Unavailable {
        reason: "the disk is busy".to_owned(),
    };
    log.fail(busy);
    let projector = follow(dir.path(), &log);
    reach_condition(&projector, |c| matches!(c, Condition::Waiting { .. })).await;
    // The first pause is long enough for this on any machine that runs tests; should it ever not be,
    // the answer is of the right log.
    let answer = views(&projector).read(|view| Ok(view.position().leaf));
    match answer {
        Err(error) => assert!(matches!(error, QueryError::NotReady), "{error}"),
        Ok(answer) => assert_eq!(answer.value, history.leaf(answer.position.index)),
    }
    reach(&projector, &history).await;
}

#[tokio::test]
async fn views_ahead_of_the_log_are_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let mut ahead = year();
    let history = ahead.clone();
    ahead.enrol("undone", &[]);
    leave_behind(dir.path(), &ahead);
    let projector = follow(dir.path(), &Log::of(&history));
    reach(&projector, &history).await;
}

#[tokio::test]
async fn views_of_a_log_that_went_another_way_are_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let mut undone = year();
    let mut history = undone.clone();
    undone.enrol("undone", &[]);
    undone.entries.last_mut().unwrap().leaf = Leaf([0xee; 32]);
    leave_behind(dir.path(), &undone);
    history.enrol("instead", &[]);
    let projector = follow(dir.path(), &Log::of(&history));
    reach(&projector, &history).await;
}

#[tokio::test]
async fn a_rebuild_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let history = year();
    let projector = follow(dir.path(), &Log::of(&history));
    reach(&projector, &history).await;
    assert!(projector.rebuild(&ledger()).await.unwrap());
    reach(&projector, &history).await;
    let unknown = governance::ids::LedgerId::new("nowhere").unwrap();
    assert!(!projector.rebuild(&unknown).await.unwrap());
}
