//! A served ledger while NATS is away, and what becomes of it when NATS is back, or the node is to end meanwhile.

use std::time::Duration;

use gateway::client::ServerRefusal;
use proto::v1;
use system_tests::DEADLINE;
use system_tests::binary::{self, Finished};
use system_tests::community::Community;
use system_tests::dice::Dice;
use system_tests::nats::NatsServer;
use system_tests::officer::{self, summary};
use system_tests::process::Process;
use system_tests::server::{self, Server};
use tonic::Code;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::founding::found;
use super::nodes::insist;
use super::scene::soon;
use super::serving::{audit, serve};
use crate::http;
use crate::kills::load::Load;
use crate::kills::witness::Witness;

/// What makes a node give NATS up after a second.
const IMPATIENT: [(&str, &str); 2] = [
    ("GOVLEDGER_NATS_OUTAGE_MAX_S", "1"),
    ("GOVLEDGER_NATS_REQUEST_TIMEOUT_MS", "500"),
];

const RECORD_SERVICE: &str = "governance.v1.RecordService";

fn founded(ledger: &str, nats: &NatsServer) -> Community {
    let community = Community::unfounded(ledger);
    found(&community, nats).expect(0);
    community
}

fn impatient(community: &Community, nats: &NatsServer) -> Server {
    let mut command = Server::command(&community.data());
    command.args(["--nats", &nats.url()]).envs(IMPATIENT);
    Server::try_start_by(command).unwrap_or_else(|finished| panic!("not served: {finished}"))
}

/// Waits until the log of a process says this.
fn says(process: &mut Process, what: &str) {
    let said = process.wait_for(|line| line.contains(what).then_some(()));
    said.unwrap_or_else(|| panic!("it ended without saying \"{what}\""));
}

/// Kills NATS while blocks are on their way, and returns once the node has given it up, with what became of
/// everything sent.
async fn lose(nats: &mut NatsServer, server: &mut Server, witness: &mut Witness) {
    // It leads.
    insist(&[server.client().await], 0, &enrolment(witness)).await;
    let load = Load::start(&witness.officer, &server.client().await);
    load.run_for(Duration::from_millis(200)).await;
    nats.kill();
    tokio::task::block_in_place(|| says(server.process(), "the log cannot be reached"));
    witness.remember(soon(load.end()).await);
}

/// Somebody nobody enrolled before.
fn enrolment(witness: &Witness) -> v1::SubmitRequest {
    let id = officer::fresh_id(officer::now());
    witness.officer.enrol(&format!("p-{id}"))
}

/// Why somebody is not enrolled.
async fn refused(server: &Server, witness: &Witness, person: &str) -> ServerRefusal {
    let submitted = server
        .client()
        .await
        .record()
        .submit(witness.officer.enrol(person))
        .await;
    ServerRefusal::from(&submitted.expect_err("nothing can be recorded"))
}

async fn health(server: &Server, service: &str) -> ServingStatus {
    let endpoint = tonic::transport::Endpoint::from_shared(server.url().to_owned());
    let channel = endpoint
        .expect("an address")
        .connect()
        .await
        .expect("it listens");
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    let answer = HealthClient::new(channel).check(request).await;
    match answer.expect("it is known").into_inner().status {
        1 => ServingStatus::Serving,
        2 => ServingStatus::NotServing,
        other => panic!("{service}: {other}"),
    }
}

/// Waits until the health of the service of records is this.
async fn becomes(server: &Server, expected: ServingStatus) {
    soon(async {
        while health(server, RECORD_SERVICE).await != expected {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_whose_nats_was_away_for_too_long_goes_on_by_itself() {
    let mut nats = NatsServer::start();
    let community = founded("comes-back", &nats);
    let mut server = impatient(&community, &nats);
    let mut witness = Witness::of(&community, &server).await;
    assert_eq!(
        health(&server, RECORD_SERVICE).await,
        ServingStatus::Serving
    );
    assert_eq!(
        http::get(server.url(), "/readyz").await,
        (200, "ready\n".to_owned())
    );
    for _ in 0..2 {
        lose(&mut nats, &mut server, &mut witness).await;
        // Nobody is told that it halted, and nobody that all is well.
        let told = refused(&server, &witness, "meanwhile").await;
        assert_eq!(
            (told.code, told.reason.as_str()),
            (Code::Unavailable, "LOG_AWAY")
        );
        becomes(&server, ServingStatus::NotServing).await;
        assert_eq!(health(&server, "").await, ServingStatus::Serving);
        let (status, ready) = http::get(server.url(), "/readyz").await;
        assert_eq!(status, 200, "it is read on");
        assert!(
            ready.contains("nothing is recorded in comes-back: LOG_AWAY"),
            "{ready}"
        );
        let (_, metrics) = http::get(server.url(), "/metrics").await;
        for line in [
            "govledger_ledger_log_away{ledger=\"comes-back\"} 1\n",
            "govledger_nats_connected 0\n",
        ] {
            assert!(metrics.contains(line), "{line} {metrics}");
        }
        assert!(!metrics.contains("govledger_ledger_halted{"), "{metrics}");
        assert!(
            summary(&server.client().await, "comes-back")
                .await
                .halted
                .is_empty()
        );

        nats.restart();
        becomes(&server, ServingStatus::Serving).await;
        // What was sent and not answered is recorded once by being sent again, or was all the same.
        witness.check(&server, &mut Dice::new(11)).await;
        assert_eq!(http::get(server.url(), "/readyz").await.1, "ready\n");
    }
    assert!(witness.acknowledged() > 0);
    let (_, metrics) = http::get(server.url(), "/metrics").await;
    for line in [
        "govledger_ledger_log_away{ledger=\"comes-back\"} 0\n",
        "govledger_nats_connected 1\n",
        "govledger_nats_connections_total 3\n",
        "govledger_ledger_skipped_messages_total{ledger=\"comes-back\"} 0\n",
    ] {
        assert!(metrics.contains(line), "{line} {metrics}");
    }
    server.stop().expect(0);
    audit(&community, &nats).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_does_not_go_on_where_nats_comes_back_with_less() {
    let mut nats = NatsServer::start();
    let community = founded("comes-short", &nats);
    nats.kill();
    let older = nats.back_up();
    nats.restart();
    let mut server = impatient(&community, &nats);
    let mut witness = Witness::of(&community, &server).await;
    lose(&mut nats, &mut server, &mut witness).await;
    nats.bring_back(older.path());
    nats.restart();
    tokio::task::block_in_place(|| says(server.process(), "HALTED_ROLLED_BACK"));
    let told = refused(&server, &witness, "afterwards").await;
    assert_eq!(
        (told.code, told.reason.as_str()),
        (Code::DataLoss, "HALTED_ROLLED_BACK")
    );
    becomes(&server, ServingStatus::NotServing).await;
    let (_, ready) = http::get(server.url(), "/readyz").await;
    assert!(
        ready.contains("nothing is recorded in comes-short: HALTED_ROLLED_BACK"),
        "{ready}"
    );
    server.stop().expect(0);
}

/// With the default patience of 300 s, which is longer than this test waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_asked_to_end_during_an_outage_ends() {
    const { assert!(DEADLINE.as_secs() < 300) };
    let mut nats = NatsServer::start();
    let community = founded("ends", &nats);
    let mut server = serve(&community, &nats);
    let mut witness = Witness::of(&community, &server).await;
    insist(&[server.client().await], 0, &enrolment(&witness)).await;
    let load = Load::start(&witness.officer, &server.client().await);
    load.run_for(Duration::from_millis(200)).await;
    nats.kill();
    let ended = tokio::task::block_in_place(|| {
        says(server.process(), "a block is published again");
        server.stop()
    });
    ended.expect(0);
    witness.remember(soon(load.end()).await);
    nats.restart();
    let server = serve(&community, &nats);
    witness.check(&server, &mut Dice::new(12)).await;
    assert!(witness.acknowledged() > 0);
    server.stop().expect(0);
    audit(&community, &nats).expect(0);
}

#[test]
fn a_node_waits_for_nats_that_is_not_there_yet() {
    let mut nats = NatsServer::start();
    let community = founded("early", &nats);
    nats.kill();
    let command = || {
        let mut command = Server::command(&community.data());
        command.args(["--nats", &nats.url()]);
        command
    };
    // For as long as an outage may last.
    let mut impatient = command();
    impatient.envs(IMPATIENT);
    let refused: Finished = binary::finish(impatient).expect(3);
    assert!(refused.stderr.contains(&nats.url()), "{refused}");
    let mut early = Process::spawn(command());
    says(&mut early, "waiting for NATS");
    nats.restart();
    early.wait_for(server::address).expect("it is served");
    early.terminate();
    early.finish().expect(0);
}

/// A follower whose tail of the log hears nothing for a while: a client that was answered by the leader goes on at
/// the follower, which waits until it has come as far.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_resumes_at_a_node_that_lags_is_not_told_that_there_is_no_such_entry() {
    use tokio_stream::StreamExt as _;

    let nats = NatsServer::start();
    let community = founded("lags", &nats);
    let leader = serve(&community, &nats);
    let witness = Witness::of(&community, &leader).await;
    let stream = super::scene::connect(&nats.url()).await;
    let stream = stream.jetstream().get_stream("GOV_lags").await;
    let stream = stream.expect("it is there");
    let leaders: Vec<_> = stream.consumer_names().collect().await;
    let leaders: Vec<_> = leaders
        .into_iter()
        .map(|name| name.expect("a name"))
        .collect();

    let mut join = binary::command(["join", "--nats", &nats.url(), "--ledger", "lags"]);
    join.arg("--keys").arg(community.ledger_dir().join("keys"));
    join.arg("--data").arg(community.file("second"));
    binary::finish(join).expect(0);
    let mut command = Server::command(&community.file("second"));
    command.args(["--nats", &nats.url()]);
    let follower = Server::try_start_by(command).expect("it is served");
    // What joined has gone; what is new since then is the follower's.
    let mut paused = Vec::new();
    let mut names = stream.consumer_names();
    let later = async_nats::datetime::now();
    let later = async_nats::datetime::add_std_duration(later, Duration::from_secs(3_600));
    let later = later.expect("there is a later");
    while let Some(name) = names.next().await {
        let name = name.expect("a name");
        if !leaders.contains(&name) && stream.pause_consumer(&name, later).await.is_ok() {
            paused.push(name);
        }
    }
    assert!(!paused.is_empty());

    let mut record = leader.client().await.record();
    let submitted = record.submit(witness.officer.enrol("ana")).await;
    let receipt = submitted
        .expect("recorded")
        .into_inner()
        .receipt
        .expect("a receipt");
    let start = receipt.index + 1;
    let (decisions, entries) = (follower.client().await, follower.client().await);
    let ledger = || "lags".to_owned();
    let decisions = tokio::spawn(async move {
        let body = String::new();
        let request = v1::WatchDecisionsRequest {
            ledger: ledger(),
            start,
            body,
        };
        let mut watched = decisions
            .query()
            .watch_decisions(request)
            .await?
            .into_inner();
        watched.message().await
    });
    let entries = tokio::spawn(async move {
        let request = v1::WatchEntriesRequest {
            ledger: ledger(),
            start: start - 1,
        };
        let mut watched = entries.audit().watch_entries(request).await?.into_inner();
        watched.message().await
    });
    let waits =
        "govledger_grpc_calls_under_way{method=\"governance.v1.QueryService/WatchDecisions\"} 1\n";
    soon(async {
        while !decisions.is_finished()
            && !http::get(follower.url(), "/metrics")
                .await
                .1
                .contains(waits)
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
    for name in paused {
        let resumed = stream.resume_consumer(&name).await;
        assert!(!resumed.expect("it is there").paused);
    }
    let told = soon(decisions)
        .await
        .expect("never panics")
        .expect("it waits");
    let told = told.expect("a first message");
    assert_eq!((told.decision, told.next), (None, start));
    let told = soon(entries)
        .await
        .expect("never panics")
        .expect("it waits");
    assert_eq!(told.expect("a first message").first_index, start - 1);
    follower.stop().expect(0);
    leader.stop().expect(0);
}
