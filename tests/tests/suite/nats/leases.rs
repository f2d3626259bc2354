//! Leases in a bucket of a real nats-server.

use governance::ids::{LedgerId, Millis};
use ledger::lease::nats::{BUCKET, NatsLeases};
use ledger::lease::{Lease, LeaseError, LeaseStore, NodeId, SeenLease};
use ledger::{Clock as _, SystemClock};
use system_tests::nats::NatsServer;
use tokio::sync::watch;

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

    server.kill();
    let away = one.write(&ledger, &lease(1), Some(first)).await;
    assert!(
        matches!(away, Err(LeaseError::Unavailable { .. })),
        "{away:?}"
    );
    server.restart();
    // Whether that was written after all, the lease itself tells.
    let written = soon(async {
        let mut expected = first;
        loop {
            match one.write(&ledger, &lease(1), Some(expected)).await {
                Ok(revision) => return revision,
                Err(LeaseError::Raced) => expected += 1,
                Err(LeaseError::Unavailable { .. }) => tokio::task::yield_now().await,
            }
        }
    })
    .await;
    sees(&mut watched, &lease(1), written).await;

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
