//! The log store over a real server: what it promises, and what becomes of it when others meddle.

use std::time::Duration;

use async_nats::jetstream::stream::{Config, StorageType};
use async_nats::{HeaderMap, datetime};
use ledger::store::jetstream::JetStreamLog;
use ledger::store::{AppendError, DamageKind, StoreError, StoreFactory as _};
use system_tests::nats::NatsServer;
use system_tests::proxy::Proxy;
use tlog::{Block, MAX_BLOCK_LEN, MAX_ENTRY_LEN};
use tokio_stream::StreamExt as _;

use super::scene::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_come_back_with_the_boundaries_they_were_appended_with() {
    let server = NatsServer::start();
    let log = created(&server).await;
    let store = open(&log).await;
    let mut scribe = Scribe::new();
    let mut blocks: Vec<Block> = (1..=150)
        .map(|n| scribe.block(n % 4 + 1, "a text"))
        .collect();
    let text = "x".repeat(65_000);
    blocks.push(scribe.block(8, &text));
    assert!(
        blocks
            .last()
            .is_some_and(|b| b.body_len() > MAX_BLOCK_LEN - MAX_ENTRY_LEN)
    );
    for block in &blocks {
        soon(store.append(block)).await.expect("it appends");
    }
    let end = blocks.last().map_or(0, |block| block.indices().end);
    assert_eq!(store.length().await.expect("known"), end);
    assert_eq!(read_all(&*store).await, blocks);
    let inside = store
        .read(blocks[4].indices().end - 1, 2)
        .await
        .expect("reads");
    assert_eq!(inside, blocks[4..6]);
    assert_eq!(store.read(end, 1).await.expect("reads"), []);
    assert_eq!(store.read(u64::MAX, 1).await.expect("reads"), []);

    // The same instance opened again, and another node.
    for log in [&log, &super::scene::log(&server.url()).await] {
        let opened = opened(log, end).await.expect("it is sound");
        let report = opened.report;
        assert_eq!(
            (report.length, report.blocks, report.skipped),
            (end, 151, 0)
        );
        assert_eq!(read_all(&*opened.store).await, blocks);
    }
    // What was opened before has ended, and is read on.
    let next = scribe.block(1, "late");
    let late = store.append(&next).await.unwrap_err();
    assert!(
        matches!(late, AppendError::Failed(StoreError::Ended)),
        "{late}"
    );
    assert_eq!(read_all(&*store).await, blocks);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_out_of_place_is_a_conflict_and_one_that_does_not_link_is_not_published() {
    let server = NatsServer::start();
    let log = created(&server).await;
    let store = open(&log).await;
    let mut scribe = Scribe::new();
    let (first, second) = (scribe.block(2, "first"), scribe.block(1, "second"));
    let early = store.append(&second).await.unwrap_err();
    assert!(
        matches!(early, AppendError::Conflict { length: 0 }),
        "{early}"
    );
    store.append(&first).await.expect("it appends");
    let again = store.append(&first).await.unwrap_err();
    assert!(
        matches!(again, AppendError::Conflict { length: 2 }),
        "{again}"
    );
    let mut unlinked = second.clone();
    unlinked.entries = Scribe::of("heping").block(1, "second").entries;
    let error = store.append(&unlinked).await.unwrap_err();
    assert!(
        matches!(error, AppendError::Failed(StoreError::Unlinked(_))),
        "{error}"
    );
    let store = open(&log).await;
    store.append(&second).await.expect("it appends");
    assert_eq!(read_all(&*store).await, [first, second]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_writers_that_race_one_wins_each_place_and_both_see_one_log() {
    const BLOCKS: usize = 40;
    let server = NatsServer::start();
    created(&server).await;
    let writer = |name: &'static str| {
        let url = server.url();
        tokio::spawn(async move {
            let log = log(&url).await;
            let store = open(&log).await;
            let mut acknowledged = Vec::new();
            let mut conflicts = 0;
            while acknowledged.len() < BLOCKS {
                let block = Scribe::after(&*store).await.block(1, name);
                match soon(store.append(&block)).await {
                    Ok(()) => acknowledged.push(block),
                    Err(AppendError::Conflict { length }) => {
                        conflicts += 1;
                        assert!(length > block.first_index);
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            (acknowledged, conflicts)
        })
    };
    let (one, other) = (writer("one"), writer("other"));
    let ((one, lost), (other, lost_too)) = (one.await.expect("ends"), other.await.expect("ends"));
    assert!(lost + lost_too > 0, "they never raced");
    let all = read_all(&*open(&log(&server.url()).await).await).await;
    assert_eq!(all.len(), 2 * BLOCKS);
    for block in one.iter().chain(&other) {
        let stored = all.iter().filter(|stored| *stored == block).count();
        assert_eq!(stored, 1, "an acknowledged block is there once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_is_woken_when_the_log_grows() {
    let server = NatsServer::start();
    let (here, there) = (created(&server).await, log(&server.url()).await);
    let (writer, reader) = (open(&here).await, open(&there).await);
    let waiting = tokio::spawn({
        let reader = std::sync::Arc::clone(&reader);
        async move { reader.wait_beyond(1).await }
    });
    let mut scribe = Scribe::new();
    let blocks = [scribe.block(1, "one"), scribe.block(1, "two")];
    for block in &blocks {
        writer.append(block).await.expect("it appends");
    }
    soon(waiting).await.expect("it ends").expect("it grew");
    assert_eq!(read_all(&*reader).await, blocks);
    reader.close().await;
    let ended = soon(reader.wait_beyond(9)).await.unwrap_err();
    assert!(matches!(ended, StoreError::Ended), "{ended}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn foreign_messages_are_passed_over_by_everybody_and_the_log_goes_on() {
    let server = NatsServer::start();
    let log = created(&server).await;
    let store = open(&log).await;
    let mut scribe = Scribe::new();
    let mut blocks = vec![scribe.block(2, "one")];
    store.append(&blocks[0]).await.expect("it appends");
    let nats = connect(&server.url()).await;
    let publish = |headers: HeaderMap, body: Vec<u8>| {
        let jetstream = nats.jetstream().clone();
        async move {
            let sent = jetstream
                .publish_with_headers(SUBJECT, headers, body.into())
                .await;
            sent.expect("it is sent").await.expect("it is stored");
        }
    };
    publish(HeaderMap::new(), b"a stray message".to_vec()).await;
    // A block that was stored already, and the right place with entries of another ledger.
    publish(
        headers(&blocks[0]),
        blocks[0].encode_body().expect("a block"),
    )
    .await;
    let mut other = Scribe::of("heping").block(1, "one");
    other.first_index = 2;
    publish(headers(&other), other.encode_body().expect("a block")).await;
    for n in 0..3 {
        let block = scribe.block(1, &format!("after {n}"));
        soon(store.append(&block)).await.expect("it appends");
        blocks.push(block);
        publish(HeaderMap::new(), b"another".to_vec()).await;
    }
    for log in [&log, &super::scene::log(&server.url()).await] {
        let opened = opened(log, 5).await.expect("it is sound");
        assert_eq!((opened.report.length, opened.report.skipped), (5, 6));
        assert_eq!(read_all(&*opened.store).await, blocks);
    }
}

fn headers(block: &Block) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("Gov-First-Index", block.first_index.to_string());
    headers.insert("Gov-Size", block.indices().end.to_string());
    headers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledgement_lost_on_the_wire_is_found_out() {
    let server = NatsServer::start();
    created(&server).await;
    let proxy = Proxy::before(server.address()).await;
    let log = log(&proxy.url()).await;
    let store = open(&log).await;
    let mut scribe = Scribe::new();
    let mut blocks = vec![scribe.block(1, "one")];
    store.append(&blocks[0]).await.expect("it appends");

    // The block is stored and delivered; only its acknowledgement does not arrive.
    proxy.lose(1, "\"stream\":\"GOV_xinyuanli\"");
    blocks.push(scribe.block(1, "two"));
    soon(store.append(&blocks[1]))
        .await
        .expect("it is in its place");
    proxy.lost(1).await;

    // Nothing arrives any more, until the connection is made again.
    proxy.lose_everything();
    blocks.push(scribe.block(1, "three"));
    let appending = tokio::spawn({
        let (store, block) = (std::sync::Arc::clone(&store), blocks[2].clone());
        async move { store.append(&block).await }
    });
    stored(&server, 3).await;
    proxy.cut();
    soon(appending)
        .await
        .expect("it ends")
        .expect("it is in its place");

    blocks.push(scribe.block(1, "four"));
    store.append(&blocks[3]).await.expect("it appends");
    let report = opened(&log, 4).await.expect("it is sound").report;
    assert_eq!(
        (report.blocks, report.skipped),
        (4, 0),
        "nothing was stored twice"
    );
    assert_eq!(read_all(&*open(&log).await).await, blocks);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tail_that_hears_nothing_of_what_was_stored_is_asked_for_anew() {
    let server = NatsServer::start();
    let log = created(&server).await;
    let store = open(&log).await;
    let mut scribe = Scribe::new();
    let mut blocks = vec![scribe.block(1, "one")];
    store.append(&blocks[0]).await.expect("it appends");

    // The consumer lives on and says so, but delivers nothing any more.
    let nats = connect(&server.url()).await;
    let stream = nats.jetstream().get_stream(STREAM).await;
    let stream = stream.expect("it is there");
    let name = stream.consumer_names().next().await.expect("a tail");
    let name = name.expect("its name");
    let later = datetime::add_std_duration(datetime::now(), Duration::from_secs(3_600));
    let paused = stream.pause_consumer(&name, later.expect("there is a later"));
    assert!(paused.await.expect("it is there").paused);

    blocks.push(scribe.block(1, "two"));
    soon(store.append(&blocks[1])).await.expect("it appends");
    assert_eq!(read_all(&*store).await, blocks);
}

/// Waits until the server has stored so many messages.
async fn stored(server: &NatsServer, count: u64) {
    let nats = connect(&server.url()).await;
    let store = log_of(&nats);
    soon(async {
        let store = open(&store).await;
        store.wait_beyond(count - 1).await.expect("it grows");
    })
    .await;
}

fn log_of(nats: &ledger::nats::Nats) -> JetStreamLog {
    let id = governance::ids::LedgerId::new(LEDGER).expect("an id");
    JetStreamLog::new(nats.clone(), id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_go_on_through_the_servers_sigkill_and_every_one_is_there_once() {
    let mut server = NatsServer::start();
    created(&server).await;
    let url = server.url();
    let (sender, mut acknowledged) = tokio::sync::mpsc::unbounded_channel();
    let appending = tokio::spawn(async move {
        let log = log(&url).await;
        let store = open(&log).await;
        let mut scribe = Scribe::new();
        while !sender.is_closed() {
            let block = scribe.block(3, "a text");
            soon(store.append(&block)).await.expect("NATS comes back");
            let _ = sender.send(block);
        }
    });
    let mut blocks = Vec::new();
    for _ in 0..4 {
        for _ in 0..50 {
            blocks.push(soon(acknowledged.recv()).await.expect("it appends"));
        }
        server.kill();
        server.restart();
    }
    blocks.push(soon(acknowledged.recv()).await.expect("it appends"));
    acknowledged.close();
    while let Some(block) = acknowledged.recv().await {
        blocks.push(block);
    }
    appending.await.expect("no append failed");
    let opened = opened(&log(&server.url()).await, 3)
        .await
        .expect("it is sound");
    assert_eq!(opened.report.skipped, 0);
    let mut stored = read_all(&*opened.store).await;
    // The last may have been acknowledged after the receiver was closed.
    stored.truncate(blocks.len());
    assert_eq!(stored, blocks);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_is_deleted_or_made_anew_is_not_written_to() {
    let server = NatsServer::start();
    let log = created(&server).await;
    let store = open(&log).await;
    let mut scribe = Scribe::new();
    store
        .append(&scribe.block(2, "one"))
        .await
        .expect("it appends");
    let nats = connect(&server.url()).await;
    nats.jetstream()
        .delete_stream(STREAM)
        .await
        .expect("it can be");
    let error = soon(store.append(&scribe.block(1, "two")))
        .await
        .unwrap_err();
    assert!(
        matches!(error, AppendError::Unknown(StoreError::NoStream { .. })),
        "{error}"
    );
    let error = opened(&log, 2).await.unwrap_err();
    assert!(matches!(error, StoreError::NoStream { .. }), "{error}");

    log.create().await.expect("there is none");
    let error = opened(&log, 2).await.unwrap_err();
    let StoreError::Corrupt(damage) = error else {
        panic!("{error}");
    };
    let checkpoint_size = 2;
    assert_eq!(
        damage.kind,
        DamageKind::ShorterThanCheckpoint { checkpoint_size }
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_restored_to_an_older_state_is_not_written_to() {
    let mut server = NatsServer::start();
    let log = created(&server).await;
    let store = open(&log).await;
    let mut scribe = Scribe::new();
    let (one, two) = (scribe.block(2, "one"), scribe.block(2, "two"));
    store.append(&one).await.expect("it appends");
    server.kill();
    let older = server.back_up();
    server.restart();
    soon(store.append(&two)).await.expect("it appends");
    server.kill();
    server.bring_back(older.path());
    server.restart();

    let error = soon(store.append(&scribe.block(1, "three")))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            AppendError::Unknown(StoreError::StreamChanged { .. })
        ),
        "{error}"
    );
    let error = opened(&log, 4).await.unwrap_err();
    let StoreError::Corrupt(damage) = error else {
        panic!("{error}");
    };
    let checkpoint_size = 4;
    assert_eq!(
        damage.kind,
        DamageKind::ShorterThanCheckpoint { checkpoint_size }
    );
    assert_eq!(damage.index, 2);
    let salvaged = log.salvage().await.expect("what is left can be read");
    assert_eq!(read_all(&*salvaged).await, [one]);
    assert!(salvaged.append(&two).await.is_err());
}

/// Deletes the stream and makes one with these settings in its place.
async fn make_anew(nats: &ledger::nats::Nats, settings: &Config) {
    let jetstream = nats.jetstream();
    jetstream.delete_stream(STREAM).await.expect("it can be");
    // The server may still be removing the files of the one before.
    let made = async {
        while jetstream.create_stream(settings.clone()).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    soon(made).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_with_other_settings_is_refused_by_the_setting() {
    let server = NatsServer::start();
    let log = created(&server).await;
    open(&log).await;
    let nats = connect(&server.url()).await;
    let good = nats
        .jetstream()
        .get_stream(STREAM)
        .await
        .expect("it is there");
    let good = good.cached_info().config.clone();
    let month = std::time::Duration::from_secs(30 * 86_400);
    let memory = StorageType::Memory;
    let wrong = [
        (
            "max_age",
            Config {
                max_age: month,
                ..good.clone()
            },
        ),
        (
            "deny_delete",
            Config {
                deny_delete: false,
                ..good.clone()
            },
        ),
        (
            "deny_purge",
            Config {
                deny_purge: false,
                ..good.clone()
            },
        ),
        (
            "storage",
            Config {
                storage: memory,
                ..good.clone()
            },
        ),
        (
            "max_msgs",
            Config {
                max_messages: 9,
                ..good.clone()
            },
        ),
        (
            "max_bytes",
            Config {
                max_bytes: 9_999_999,
                ..good.clone()
            },
        ),
        (
            "max_msg_size",
            Config {
                max_message_size: 1_024,
                ..good.clone()
            },
        ),
        (
            "allow_rollup_hdrs",
            Config {
                allow_rollup: true,
                deny_purge: false,
                ..good.clone()
            },
        ),
        (
            "allow_msg_ttl",
            Config {
                allow_message_ttl: true,
                ..good.clone()
            },
        ),
    ];
    for (setting, config) in wrong {
        make_anew(&nats, &config).await;
        for refused in [opened(&log, 0).await.map(|_| ()), log.create().await] {
            let found = match refused.unwrap_err() {
                StoreError::StreamSetting { setting, .. } => setting,
                error => panic!("{setting}: {error}"),
            };
            // Without deny_purge there is more than one thing wrong.
            assert!(
                found == setting || setting == "allow_rollup_hdrs",
                "{found} {setting}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_made_once() {
    let server = NatsServer::start();
    let log = created(&server).await;
    log.create().await.expect("an empty one is as good as none");
    open(&log)
        .await
        .append(&Scribe::new().block(1, "one"))
        .await
        .expect("it appends");
    let refused = log.create().await.unwrap_err();
    assert!(
        matches!(refused, StoreError::StreamExists { .. }),
        "{refused}"
    );
    assert_eq!(opened(&log, 1).await.expect("it is sound").report.length, 1);
}
