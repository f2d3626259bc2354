//! The file store on the operating system's disk.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tlog::Block;

use super::super::{AppendError, LogStore, OpenReport, StoreError, StoreFactory};
use super::testing::{SMALL, append_all, block, blocks, read_all};
use super::{FileStore, LogDirectory, READ_BLOCKS_MAX};
use crate::disk::Disk;

fn log_in(dir: &Path) -> LogDirectory {
    LogDirectory::new(Disk::system(), dir.join("log"))
}

fn created_in(dir: &Path) -> LogDirectory {
    let log = log_in(dir);
    log.create(SMALL).expect("creates");
    log
}

#[tokio::test]
async fn a_log_is_never_created_by_opening_it_nor_replaced_by_creating_it() {
    let dir = tempfile::tempdir().unwrap();
    let log = log_in(dir.path());
    let error = log.open(0).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
    assert!(!log.path().exists());

    log.create(SMALL).expect("creates");
    let opened = log.open(0).await.expect("opens");
    let expected = OpenReport {
        bytes: SMALL,
        ..OpenReport::default()
    };
    assert_eq!(opened.report, expected);
    opened.store.close().await;
    let error = log.create(SMALL).unwrap_err();
    assert!(matches!(error, StoreError::Exists { .. }), "{error}");
}

#[tokio::test]
async fn what_was_appended_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let blocks = blocks();
    for (count, block) in blocks.iter().enumerate() {
        // Opening anew ends the instance before.
        let opened = log.open(block.first_index).await.expect("opens");
        assert_eq!(read_all(&*opened.store).await, &blocks[..count]);
        opened.store.append(block).await.expect("appends");
        assert_eq!(
            opened.store.length().await.unwrap(),
            block.indices().end,
            "visible as soon as acknowledged"
        );
        assert_eq!(read_all(&*opened.store).await, &blocks[..=count]);
    }
}

#[tokio::test]
async fn appending_changes_no_segments_length() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let opened = log.open(0).await.expect("opens");
    append_all(&*opened.store, &blocks()).await.unwrap();
    opened.store.close().await;
    let segments = fs::read_dir(log.path()).unwrap().map(Result::unwrap);
    let lengths: Vec<u64> = segments
        .filter(|file| file.path().extension().is_some_and(|e| e == "seg"))
        .map(|file| file.metadata().unwrap().len())
        .collect();
    assert_eq!(lengths, [SMALL; 3]);
}

#[tokio::test]
async fn a_block_fills_a_segment_to_its_last_byte() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let opened = log.open(0).await.expect("opens");
    let small = usize::try_from(SMALL).unwrap();
    let filling = block(0, 1, small - tlog::BlockHeader::LEN - 4);
    assert_eq!(filling.encoded_len(), small);
    let blocks = [filling, block(1, 1, 1)];
    append_all(&*opened.store, &blocks).await.unwrap();
    assert_eq!(read_all(&*opened.store).await, blocks);
    let reopened = log.open(2).await.expect("opens");
    assert_eq!(read_all(&*reopened.store).await, blocks);
}

#[tokio::test]
async fn reading_begins_at_any_entry_and_stops_at_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let blocks = blocks();
    let opened = log.open(0).await.expect("opens");
    let store = &opened.store;
    append_all(&**store, &blocks).await.unwrap();
    for index in 0..14 {
        let first = blocks.partition_point(|b| b.indices().end <= index);
        for max_blocks in 0..=blocks.len() + 1 {
            let end = (first + max_blocks).min(blocks.len());
            let found = store.read(index, max_blocks).await.unwrap();
            assert_eq!(found, &blocks[first..end], "{index}, {max_blocks}");
        }
    }
    assert_eq!(store.read(14, 1).await.unwrap(), []);
    assert_eq!(store.read(u64::MAX, 1).await.unwrap(), []);
}

#[tokio::test]
async fn a_page_has_a_bound() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let opened = log.open(0).await.expect("opens");
    let many: Vec<Block> = (0..=READ_BLOCKS_MAX as u64)
        .map(|index| block(index, 1, 20))
        .collect();
    append_all(&*opened.store, &many).await.unwrap();
    let page = opened.store.read(0, usize::MAX).await.unwrap();
    assert_eq!(page, &many[..READ_BLOCKS_MAX]);
}

#[tokio::test]
async fn a_block_out_of_place_is_a_conflict_and_the_store_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let opened = log.open(0).await.expect("opens");
    opened.store.append(&block(0, 2, 9)).await.unwrap();
    for first_index in [0, 1, 3] {
        let error = opened.store.append(&block(first_index, 1, 9)).await;
        let is_conflict = matches!(error, Err(AppendError::Conflict { length: 2 }));
        assert!(is_conflict, "{error:?}");
    }
    opened.store.append(&block(2, 1, 9)).await.unwrap();
}

#[tokio::test]
async fn of_racing_appenders_one_wins_each_place() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let opened = log.open(0).await.expect("opens");
    let race = |store: Arc<dyn LogStore>| async move {
        let mut won = 0;
        for index in 0..20 {
            match store.append(&block(index, 1, 30)).await {
                Ok(()) => won += 1,
                Err(AppendError::Conflict { length }) => assert!(length > index),
                Err(error) => panic!("{error}"),
            }
        }
        won
    };
    let racers = [(); 4].map(|()| tokio::spawn(race(Arc::clone(&opened.store))));
    let mut won = 0;
    for racer in racers {
        won += racer.await.unwrap();
    }
    assert_eq!(won, 20);
    let expected: Vec<_> = (0..20).map(|index| block(index, 1, 30)).collect();
    assert_eq!(read_all(&*opened.store).await, expected);
}

#[tokio::test]
async fn a_closed_store_refuses_to_append_and_still_reads() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let opened = log.open(0).await.expect("opens");
    opened.store.append(&block(0, 1, 9)).await.unwrap();
    opened.store.close().await;
    opened.store.close().await;
    let error = opened.store.append(&block(1, 1, 9)).await.unwrap_err();
    let is_ended = matches!(error, AppendError::Failed(StoreError::Ended));
    assert!(is_ended, "{error}");
    assert_eq!(read_all(&*opened.store).await, [block(0, 1, 9)]);
}

#[tokio::test]
async fn who_waits_for_more_is_woken_by_an_append_and_told_of_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let store = created_in(dir.path()).open(0).await.expect("opens").store;
    let wait = |length| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.wait_beyond(length).await })
    };
    let (first, never) = (wait(0), wait(7));
    store.append(&block(0, 1, 10)).await.expect("appends");
    first.await.unwrap().expect("woken");
    store.wait_beyond(0).await.expect("is there already");
    store.close().await;
    assert!(matches!(never.await.unwrap(), Err(StoreError::Ended)));
    store.wait_beyond(0).await.expect("is there still");
}

#[tokio::test]
async fn an_unstorable_block_ends_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let opened = log.open(0).await.expect("opens");
    let error = opened.store.append(&block(0, 0, 0)).await.unwrap_err();
    let is_unstorable = matches!(error, AppendError::Failed(StoreError::Unstorable(_)));
    assert!(is_unstorable, "{error}");
    let error = opened.store.append(&block(0, 1, 9)).await.unwrap_err();
    let is_ended = matches!(error, AppendError::Failed(StoreError::Ended));
    assert!(is_ended, "{error}");
}

#[tokio::test]
async fn a_log_is_open_for_appending_once() {
    let dir = tempfile::tempdir().unwrap();
    let log = created_in(dir.path());
    let opened = log.open(0).await.expect("opens");
    let other = log_in(dir.path());
    let error = other.open(0).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    let error = other.create(SMALL).unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    other.inspect(0).expect("reading needs no lock");
    opened.store.close().await;
    other.open(0).await.expect("opens");
}

#[test]
fn what_is_shared_between_threads_may_be() {
    fn is_shareable<T: Send + Sync>() {}
    is_shareable::<FileStore>();
    is_shareable::<LogDirectory>();
}
