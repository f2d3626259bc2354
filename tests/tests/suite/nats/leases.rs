//! Leases in a bucket of a real nats-server.

use governance::ids::{LedgerId, Millis};
use ledger::lease::nats::{BUCKET, NatsLeases};
use ledger::lease::{Lease, LeaseError, LeaseStore, NodeId, SeenLease};
use ledger::nats::Connections;
use ledger::{Clock as _, SystemClock};
use system_tests::nats::NatsServer;
use tokio::sync::watch;
use tokio_stream::StreamExt as _;

use super::scene::{LEDGER, connect, soon};

fn lease(node: u8) -> Lease {
    Lease {
        holder: Some(NodeId::from_bytes([node; 8])),
        written_at: Millis(1_772_380_800_000),
    }
}

async fn sees(
    watched: &mut watch::Receiver<Option<SeenLease>>,
    expected: &Lease,
    revision: u64,
) -> SeenLease {
    let is = |seen: &Option<SeenLease>| {
        let seen = seen
            .as_ref()
            .map(|seen| (seen.lease.as_ref(), seen.revision));
        seen == Some((Some(expected), revision))
    };
    let seen = soon(watched.wait_for(is)).await.expect("it is watched");
    seen.clone().expect("there is one")
}

#[tokio::test]
async fn of_two_nodes_one_writes_in_a_place_and_both_see_it() {
    let server = NatsServer::start();
    let (one, two) = (connect(&server.url()).await, connect(&server.url()).await);
    let (one, two) = (NatsLeases::new(one), NatsLeases::new(two));
    let ledger = LedgerId::new(LEDGER).expect("an id");
    let mut by_one = soon(one.watch(&ledger)).await.expect("watches");
    assert_eq!(*by_one.borrow_and_update(), None);

    let clock = SystemClock::new();
    let before = clock.now();
    let first = one.write(&ledger, &lease(1), None).await.expect("writes");
    let mut by_two = soon(two.watch(&ledger)).await.expect("watches");
    let seen = sees(&mut by_two, &lease(1), first).await;
    // The server's clock is this machine's: the stamp is of when it was written.
    let stamped_at = seen.stamped_at.expect("stamped");
    assert!((before.0 - 1..=clock.now().0).contains(&stamped_at.0));

    for expected in [None, Some(first + 1), Some(first - 1)] {
        let raced = two.write(&ledger, &lease(2), expected).await;
        assert_eq!(raced, Err(LeaseError::Raced), "{expected:?}");
    }
    let second = two.write(&ledger, &lease(2), Some(first)).await;
    let second = second.expect("writes");
    assert!(second > first);
    sees(&mut by_one, &lease(2), second).await;
    sees(&mut by_two, &lease(2), second).await;
    let raced = one.write(&ledger, &lease(1), Some(first)).await;
    assert_eq!(raced, Err(LeaseError::Raced));
}

#[tokio::test]
async fn leases_are_watched_on_after_the_server_was_killed_and_a_deleted_one_is_nobodys() {
    let mut server = NatsServer::start();
    let nats = connect(&server.url()).await;
    let (one, two) = (NatsLeases::new(nats.clone()), connect(&server.url()).await);
    let two = NatsLeases::new(two);
    let ledger = LedgerId::new(LEDGER).expect("an id");
    let mut watched = soon(two.watch(&ledger)).await.expect("watches");
    let first = one.write(&ledger, &lease(1), None).await.expect("writes");
    sees(&mut watched, &lease(1), first).await;
    // The client hears what it sends itself.
    let sent = nats.client().subscribe(format!("$KV.{BUCKET}.>")).await;
    let mut sent = sent.expect("it is allowed");

    server.kill();
    let away = one.write(&ledger, &lease(1), Some(first)).await;
    assert!(
        matches!(away, Err(LeaseError::Unavailable { .. })),
        "{away:?}"
    );
    // What could not be written while there was no connection does not come later, when it says what time it was
    // long ago.
    let lost = |connections: &Connections| connections.lost == 1;
    let known = soon(nats.connections().wait_for(lost)).await.is_ok();
    assert!(known, "the connection is followed");
    let at = |ms| Lease {
        written_at: Millis(ms),
        ..lease(1)
    };
    let away = one.write(&ledger, &at(1), Some(first)).await;
    assert!(
        matches!(away, Err(LeaseError::Unavailable { .. })),
        "{away:?}"
    );
    server.restart();
    let written = soon(async {
        let mut expected = first;
        loop {
            match one.write(&ledger, &at(2), Some(expected)).await {
                Ok(revision) => return revision,
                // The write that the server died of may have been on its way.
                Err(LeaseError::Raced) => expected += 1,
                Err(LeaseError::Unavailable { .. }) => tokio::task::yield_now().await,
            }
        }
    })
    .await;
    sees(&mut watched, &at(2), written).await;
    loop {
        let sent = soon(sent.next()).await.expect("it was sent").payload;
        assert_ne!(sent, at(1).encode());
        if sent == at(2).encode() {
            break;
        }
    }

    let bucket = nats.jetstream().get_key_value(BUCKET).await.unwrap();
    bucket.delete(LEDGER).await.unwrap();
    let free = |seen: &Option<SeenLease>| {
        let lease = seen.as_ref().and_then(|seen| seen.lease.as_ref());
        lease.is_some_and(|lease| lease.holder.is_none())
    };
    let freed = soon(watched.wait_for(free)).await.unwrap().clone();
    let revision = freed.expect("seen").revision;
    two.write(&ledger, &lease(2), Some(revision))
        .await
        .expect("writes");
}
