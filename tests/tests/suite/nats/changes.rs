//! What a node that has its log open notices of the stream beneath it: at once over a connection made anew, and
//! within seconds where it has nothing to write.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use async_nats::jetstream::stream::Config;
use ledger::store::{AppendError, DamageKind, LogStore, StoreError};
use system_tests::nats::NatsServer;
use tlog::{Block, MAX_BLOCK_LEN, MAX_ENTRY_LEN};

use super::scene::*;

/// The server keeps messages in files of some 8 MiB: a stream with a block in the second of them.
async fn two_files_long(store: &dyn LogStore, server: &NatsServer) -> Scribe {
    let mut scribe = Scribe::new();
    let text = "x".repeat(MAX_ENTRY_LEN - 1_000);
    while !file(server, 2).is_file() {
        let block = scribe.block(MAX_BLOCK_LEN / MAX_ENTRY_LEN, &text);
        soon(store.append(&block)).await.expect("it appends");
    }
    scribe
}

/// One of the files that hold the stream's messages, in the order in which they were stored.
fn file(server: &NatsServer, number: u32) -> PathBuf {
    let messages = format!("jetstream/$G/streams/{STREAM}/msgs/{number}.blk");
    server.store().join(messages)
}

/// Kills the server, loses the first messages of the stream, and starts it again.
fn lose_the_beginning(server: &mut NatsServer) {
    server.kill();
    fs::remove_file(file(server, 1)).expect("the first messages are there");
    server.restart();
}

/// How the log has ended for who only follows it.
async fn ended(store: &Arc<dyn LogStore>) -> StoreError {
    soon(store.wait_beyond(u64::MAX - 1)).await.unwrap_err()
}

fn assert_begins_with_damage(error: &StoreError) {
    let StoreError::Corrupt(damage) = error else {
        panic!("{error}");
    };
    assert_eq!(
        (damage.index, &damage.kind),
        (0, &DamageKind::MessageMissing)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_acknowledged_by_a_stream_that_lost_what_was() {
    let mut server = NatsServer::start();
    let log = created(&server).await;
    let store = open(&log).await;
    let follower = open(&super::scene::log(&server.url()).await).await;
    let mut scribe = two_files_long(&*store, &server).await;
    let length = store.length().await.expect("known");
    lose_the_beginning(&mut server);

    let refused = soon(store.append(&scribe.block(1, "after"))).await;
    match refused.unwrap_err() {
        AppendError::Unknown(error) => assert_begins_with_damage(&error),
        // It was noticed before.
        AppendError::Failed(StoreError::Ended) => {}
        error => panic!("{error}"),
    }
    assert_begins_with_damage(&ended(&follower).await);
    assert_begins_with_damage(&opened(&log, length).await.unwrap_err());
}

/// Opens a log that has one block, and returns it with the next.
async fn idle(server: &NatsServer) -> (Arc<dyn LogStore>, Block) {
    let store = open(&created(server).await).await;
    let mut scribe = Scribe::new();
    let first = scribe.block(2, "one");
    store.append(&first).await.expect("it appends");
    (store, scribe.block(1, "two"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_follows_notices_that_the_stream_was_deleted() {
    let server = NatsServer::start();
    let (store, next) = idle(&server).await;
    let nats = connect(&server.url()).await;
    let deleted = nats.jetstream().delete_stream(STREAM).await;
    deleted.expect("it can be");
    let error = ended(&store).await;
    assert!(matches!(error, StoreError::NoStream { .. }), "{error}");
    let late = store.append(&next).await.unwrap_err();
    assert!(
        matches!(late, AppendError::Failed(StoreError::Ended)),
        "{late}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_follows_notices_that_a_setting_was_changed() {
    let server = NatsServer::start();
    let (store, _) = idle(&server).await;
    let nats = connect(&server.url()).await;
    let stream = nats.jetstream().get_stream(STREAM).await;
    let good = stream.expect("it is there").cached_info().config.clone();
    let forgetful = Config {
        max_messages: 1_000,
        ..good
    };
    let changed = nats.jetstream().update_stream(forgetful).await;
    changed.expect("it can be");
    match ended(&store).await {
        StoreError::StreamSetting { setting, .. } => assert_eq!(setting, "max_msgs"),
        error => panic!("{error}"),
    }
}
