//! A ledger kept by three servers at once, each of which is killed in mid-load.

use std::process::Command;
use std::time::Duration;

use async_nats::jetstream::stream::Info;
use system_tests::binary;
use system_tests::community::Community;
use system_tests::dice::Dice;
use system_tests::nats::NatsCluster;
use system_tests::server::Server;

use super::nodes::insist;
use super::scene::{connect, soon};
use crate::kills::load::Load;
use crate::kills::witness::Witness;

fn three_replicas(command: &mut Command, cluster: &NatsCluster) {
    command.args(["--nats", &cluster.url()]);
    command.env("GOVLEDGER_NATS_REPLICAS", "3");
}

/// What the servers say of the ledger's stream.
async fn stream(cluster: &NatsCluster) -> Info {
    let nats = connect(&cluster.url()).await;
    let stream = nats.jetstream().get_stream("GOV_cluster").await;
    let stream = stream.expect("the stream is there");
    stream.cached_info().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_three_servers_is_killed_in_mid_load_and_every_acknowledged_entry_is_there_once() {
    let mut cluster = NatsCluster::start();
    let community = Community::unfounded("cluster");
    let mut found = community.found_command(community.ledger(), "council");
    three_replicas(&mut found, &cluster);
    binary::finish(found).expect(0);
    assert_eq!(stream(&cluster).await.config.num_replicas, 3);
    let mut serve = Server::command(&community.data());
    three_replicas(&mut serve, &cluster);
    let server = Server::try_start_by(serve).expect("it is served");
    let mut witness = Witness::of(&community, &server).await;
    let mut dice = Dice::new(9);
    for round in 0..3 {
        // The first time the one that leads the stream, so that another has to.
        let leader = stream(&cluster).await.cluster.and_then(|c| c.leader);
        let leads = leader.expect("the stream has a leader");
        let killed = match round {
            0 => (0..3).find(|number| leads == format!("test-{number}")),
            _ => Some(round),
        };
        let killed = killed.expect("one of ours");
        let before = witness.acknowledged();
        let load = Load::start(&witness.officer, &server.client().await);
        load.run_for(Duration::from_micros(dice.below(200_000)))
            .await;
        cluster.servers[killed].kill();
        load.run_for(Duration::from_micros(dice.below(300_000)))
            .await;
        // Two of three are a majority: what was on its way is answered without the third.
        witness.remember(soon(load.end()).await);
        // What was answered "not leading" may still be on its way: after this one, nothing is.
        let last = witness.officer.enrol(&format!("p-settled-{round}"));
        let receipt = insist(&[server.client().await], 0, &last).await;
        witness.remember(vec![(last, Some(receipt))]);
        assert!(witness.acknowledged() > before, "round {round}");
        witness.check(&server, &mut dice).await;
        cluster.servers[killed].restart();
    }
    server.stop().expect(0);
    let mut audit = binary::command(["audit", "--json"]);
    three_replicas(&mut audit, &cluster);
    audit.arg("--data").arg(community.data());
    binary::finish(audit).expect(0);
}
