//! Past moments: the views of a shorter log, whatever was asked before.

use std::{path::Path, sync::Arc, time::Duration};

use governance::ids::Millis;
use projector::{LedgerViews, PastError, Projector, QueryError};

use crate::{
    history::{History, built, dump_of, ledger, year},
    runner::Log,
};

fn follow(dir: &Path, history: &History) -> Projector {
    Projector::follow(dir, [(ledger(), Log::of(history))]).unwrap()
}

async fn past(projector: &Projector, index: u64) -> Result<Arc<LedgerViews>, PastError> {
    let views = projector.past(&ledger(), index).await?;
    Ok(views.expect("the ledger is followed"))
}

#[tokio::test]
async fn a_past_moment_is_the_views_of_the_log_up_to_there() {
    let dir = tempfile::tempdir().unwrap();
    let log = year();
    let projector = follow(dir.path(), &log);
    let last = log.size() - 1;
    // Forwards, backwards, from the nearest and from the first entry, the same again, and more than are kept.
    for index in [last, 0, 7, 3, 7, last - 1, 20, 21, 22, 0, last] {
        let views = past(&projector, index).await.unwrap();
        let until = usize::try_from(index).unwrap() + 1;
        assert_eq!(
            views.dump().unwrap(),
            dump_of(&log.entries[..until]),
            "{index}"
        );
        let position = views.read(|view| Ok(view.position())).unwrap().value;
        assert_eq!(position.index, index);
    }
    projector.shutdown().await.unwrap();
}

#[tokio::test]
async fn what_is_in_use_stays_when_others_are_made() {
    let dir = tempfile::tempdir().unwrap();
    let log = year();
    let projector = follow(dir.path(), &log);
    let held = past(&projector, 5).await.unwrap();
    for index in 6..16 {
        past(&projector, index).await.unwrap();
    }
    assert_eq!(held.dump().unwrap(), dump_of(&log.entries[..6]));
    projector.shutdown().await.unwrap();
}

#[tokio::test]
async fn people_who_ask_at_once_each_get_theirs() {
    let dir = tempfile::tempdir().unwrap();
    let log = year();
    let projector = Arc::new(follow(dir.path(), &log));
    let asking = (0..12).map(|index| {
        let projector = Arc::clone(&projector);
        tokio::spawn(async move { (index, past(&projector, index).await) })
    });
    for asked in asking.collect::<Vec<_>>() {
        let (index, views) = asked.await.unwrap();
        let position = views.unwrap().read(|view| Ok(view.position()));
        assert_eq!(position.unwrap().value.index, index);
    }
    projector.shutdown().await.unwrap();
}

#[tokio::test]
async fn beyond_the_log_there_is_nothing_to_replay() {
    let dir = tempfile::tempdir().unwrap();
    let log = year();
    let projector = follow(dir.path(), &log);
    let beyond = past(&projector, log.size()).await.unwrap_err();
    assert!(matches!(beyond, PastError::Beyond { asked } if asked == log.size()));
    let patience = Duration::from_secs(30);
    let views = projector.views(&ledger()).unwrap();
    views.wait_for(log.size() - 1, patience).await.unwrap();
    projector.shutdown().await.unwrap();
}

#[test]
fn a_time_is_the_last_entry_recorded_by_then() {
    let log = year();
    let built = built(&log);
    let at = |ms| built.views.read(|view| view.last_entry_at(Millis(ms)));
    for (index, entry) in log.entries.iter().enumerate() {
        let here = entry.recorded_at.0;
        let same_time = log
            .entries
            .iter()
            .filter(|other| other.recorded_at.0 <= here);
        let last = same_time.count() as u64 - 1;
        assert!(last >= index as u64);
        assert_eq!(at(here).unwrap().value, last);
    }
    assert_eq!(at(u64::MAX).unwrap().value, log.size() - 1);
    let first = log.entries[0].recorded_at.0;
    let before = at(first - 1).unwrap_err();
    assert!(matches!(before, QueryError::BeforeFirst { first: told } if told == first));
}
