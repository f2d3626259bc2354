//! The content store over a real server: contents come back, and what is erased is gone from its files.

use async_nats::jetstream::stream::Config;
use governance::ids::LedgerId;
use ledger::content::jetstream::{JetStreamContents, bucket_name};
use ledger::content::{CONTENT_LEN_MAX, ContentError, ContentStore as _, SaltedContent};
use ledger::store::StoreError;
use system_tests::directory;
use system_tests::nats::NatsServer;

use super::scene::{LEDGER, connect, soon};

fn id() -> LedgerId {
    LedgerId::new(LEDGER).expect("an id")
}

async fn contents(server: &NatsServer) -> JetStreamContents {
    let contents = JetStreamContents::new(connect(&server.url()).await, &id());
    contents.create().await.expect("it can be made");
    contents
}

fn content(salt: u8, text: &str) -> SaltedContent {
    SaltedContent::new([salt; 32], text.as_bytes().to_vec()).expect("short")
}

/// Whether these bytes are anywhere in what the server has stored.
fn is_stored(server: &NatsServer, bytes: &[u8]) -> bool {
    let files = directory::contents(&server.store());
    files
        .iter()
        .any(|(_, stored)| stored.windows(bytes.len()).any(|window| window == bytes))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contents_are_there_from_their_put_to_their_erasure() {
    let mut server = NatsServer::start();
    let store = contents(&server).await;
    let (one, other) = (content(1, "one"), content(2, "other"));
    let empty = content(3, "");
    let longest = SaltedContent::new([4; 32], vec![b'x'; CONTENT_LEN_MAX]).expect("not too long");
    assert_eq!(store.read(&one.digest()).await.expect("reads"), None);
    assert!(!store.erase(&one.digest()).await.expect("erases"));
    store.put(&[]).await.expect("nothing to do");
    let all = [one.clone(), other, empty, longest];
    store.put(&all).await.expect("kept");
    store.put(std::slice::from_ref(&one)).await.expect("kept");
    server.kill();
    server.restart();
    for content in &all {
        let found = soon(store.read(&content.digest())).await.expect("reads");
        assert_eq!(found.as_ref(), Some(content));
    }
    assert!(store.erase(&one.digest()).await.expect("erases"));
    assert!(!store.erase(&one.digest()).await.expect("erases"));
    assert_eq!(store.read(&one.digest()).await.expect("reads"), None);
    store
        .put(std::slice::from_ref(&one))
        .await
        .expect("kept again");
    assert_eq!(store.read(&one.digest()).await.expect("reads"), Some(one));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_erased_is_nowhere_in_the_servers_files() {
    let mut server = NatsServer::start();
    let store = contents(&server).await;
    let (secret, kept) = ("the secret reason of a resident", "a reason that stays");
    let one = content(7, secret);
    store
        .put(&[one.clone(), content(8, kept)])
        .await
        .expect("kept");
    // However often it is put, there is one copy.
    for _ in 0..3 {
        store.put(std::slice::from_ref(&one)).await.expect("kept");
    }
    assert!(is_stored(&server, secret.as_bytes()));
    assert!(is_stored(&server, &[7; 32]));
    assert!(store.erase(&one.digest()).await.expect("erases"));
    for restart in [false, true] {
        if restart {
            server.kill();
            server.restart();
        }
        assert!(!is_stored(&server, secret.as_bytes()), "its bytes");
        assert!(!is_stored(&server, &[7; 32]), "its salt");
        assert!(is_stored(&server, kept.as_bytes()), "another content");
    }
    assert_eq!(soon(store.read(&one.digest())).await.expect("reads"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_content_is_told_and_can_be_put_again() {
    let server = NatsServer::start();
    let store = contents(&server).await;
    let nats = connect(&server.url()).await;
    let one = content(1, "one");
    store.put(std::slice::from_ref(&one)).await.expect("kept");
    let bucket = nats.jetstream().get_key_value(bucket_name(&id())).await;
    let bucket = bucket.expect("a bucket as others know it");
    let key = one.digest().to_string();
    let value = bucket
        .get(key.clone())
        .await
        .expect("reads")
        .expect("there");
    assert_eq!(value, [one.salt(), one.bytes()].concat());
    bucket.put(key, "changed".into()).await.expect("written");
    let error = store.read(&one.digest()).await.unwrap_err();
    assert!(matches!(error, ContentError::Corrupt { .. }), "{error}");
    store.put(std::slice::from_ref(&one)).await.expect("kept");
    assert_eq!(store.read(&one.digest()).await.expect("reads"), Some(one));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_would_lose_contents_or_not_let_them_be_erased_is_refused() {
    let server = NatsServer::start();
    let nats = connect(&server.url()).await;
    let store = JetStreamContents::new(nats.clone(), &id());
    let missing = store.check().await.unwrap_err();
    assert!(matches!(missing, StoreError::NoStream { .. }), "{missing}");
    // As clients make a bucket: nothing could be overwritten in it.
    let config = async_nats::jetstream::kv::Config {
        bucket: bucket_name(&id()),
        ..Default::default()
    };
    nats.jetstream()
        .create_key_value(config)
        .await
        .expect("made");
    let refused = store.create().await.unwrap_err();
    assert!(
        matches!(refused, StoreError::StreamSetting { .. }),
        "{refused}"
    );

    let stream = format!("KV_{}", bucket_name(&id()));
    nats.jetstream()
        .delete_stream(&stream)
        .await
        .expect("deleted");
    store.create().await.expect("made");
    let good = nats.jetstream().get_stream(&stream).await.expect("there");
    let month = std::time::Duration::from_secs(30 * 86_400);
    let wrong = Config {
        max_age: month,
        ..good.cached_info().config.clone()
    };
    nats.jetstream()
        .update_stream(wrong)
        .await
        .expect("changed");
    let refused = store.check().await.unwrap_err();
    let StoreError::StreamSetting { setting, .. } = refused else {
        panic!("{refused}");
    };
    assert_eq!(setting, "max_age");
}
