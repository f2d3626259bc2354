//! Connecting, and what becomes of a connection.

use ledger::nats::{Nats, NatsConfig, NatsError};
use system_tests::DEADLINE;
use system_tests::nats::NatsServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_made_again_after_the_server_was_killed() {
    let mut server = NatsServer::start();
    let nats = Nats::connect(&NatsConfig::at(server.url())).await;
    let nats = nats.expect("the server is ready");
    let mut connections = nats.connections();
    tokio::time::timeout(
        DEADLINE,
        connections.wait_for(|connections| connections.made == 1),
    )
    .await
    .expect("it connects in time")
    .expect("the connection lives");
    server.kill();
    server.restart();
    tokio::time::timeout(
        DEADLINE,
        connections.wait_for(|connections| connections.made == 2),
    )
    .await
    .expect("it connects again in time")
    .expect("the connection lives");
    nats.jetstream()
        .query_account()
        .await
        .expect("JetStream answers");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_by_its_address() {
    let mut server = NatsServer::start();
    server.kill();
    let config = NatsConfig::at(server.url());
    let refused = Nats::connect(&config).await.unwrap_err();
    let NatsError::Connect { url, .. } = &refused else {
        panic!("another error: {refused}");
    };
    assert_eq!(*url, server.url());
}
