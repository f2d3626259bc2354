//! A served ledger whose log is on NATS, and what becomes of it when NATS is not as it should be.

use std::io::{BufRead as _, BufReader};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use async_nats::jetstream::stream::Config;
use ed25519_dalek::SigningKey;
use gateway::client::ServerRefusal;
use proto::v1;
use system_tests::binary::{self, Finished};
use system_tests::community::Community;
use system_tests::dice::Dice;
use system_tests::nats::NatsServer;
use system_tests::officer::{Officer, summary};
use system_tests::server::Server;
use tlog::{Checkpoint, NoteSigner};
use tokio_stream::StreamExt as _;

use super::founding::found;
use super::scene::{connect, soon};
use crate::kills::load::Load;
use crate::kills::witness::Witness;

/// Serves a ledger whose log is on this server.
pub(crate) fn serve(community: &Community, nats: &NatsServer) -> Server {
    try_serve(community, nats).unwrap_or_else(|finished| panic!("not served: {finished}"))
}

fn try_serve(community: &Community, nats: &NatsServer) -> Result<Server, Box<Finished>> {
    let mut command = Server::command(&community.data());
    command.args(["--nats", &nats.url()]);
    Server::try_start_by(command)
}

/// Audits a ledger whose log is on this server, by its own checkpoints.
pub(crate) fn audit(community: &Community, nats: &NatsServer) -> Finished {
    let mut command = binary::command(["audit", "--json", "--nats", &nats.url(), "--data"]);
    command.arg(community.data());
    binary::finish(command)
}

fn founded(ledger: &str, nats: &NatsServer) -> Community {
    let community = Community::unfounded(ledger);
    found(&community, nats).expect(0);
    community
}

async fn clerk(community: &Community, server: &Server) -> Officer {
    let client = server.client().await;
    Officer::of(&client, community.ledger(), &community.key("clerk")).await
}

async fn submit(server: &Server, request: v1::SubmitRequest) -> Result<(), ServerRefusal> {
    let client = server.client().await;
    let answer = soon(client.record().submit(request)).await;
    answer
        .map(|_| ())
        .map_err(|status| ServerRefusal::from(&status))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_nats_server_is_killed_in_mid_load_and_every_acknowledged_entry_is_there_once() {
    let mut nats = NatsServer::start();
    let community = founded("outages", &nats);
    let mut dice = Dice::new(7);
    let mut server = serve(&community, &nats);
    let mut witness = Witness::of(&community, &server).await;
    for round in 0..5 {
        let load = Load::start(&witness.officer, &server.client().await);
        load.run_for(Duration::from_micros(dice.below(400_000)))
            .await;
        nats.kill();
        if round == 3 {
            // Both at once.
            server.kill();
            nats.restart();
            witness.remember(load.end().await);
            server = serve(&community, &nats);
        } else {
            load.run_for(Duration::from_micros(dice.below(50_000)))
                .await;
            nats.restart();
            load.run_for(Duration::from_micros(dice.below(300_000)))
                .await;
            witness.remember(load.end().await);
        }
        witness.check(&server, &mut dice).await;
    }
    assert!(witness.acknowledged() > 100);
    server.stop().expect(0);
    audit(&community, &nats).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_stream_halts_the_ledger_and_what_was_proven_is_still_told() {
    let nats = NatsServer::start();
    let community = founded("deleted", &nats);
    let server = serve(&community, &nats);
    let clerk = clerk(&community, &server).await;
    submit(&server, clerk.enrol("ana")).await.expect("recorded");
    let meddler = connect(&nats.url()).await;
    meddler
        .jetstream()
        .delete_stream("GOV_deleted")
        .await
        .expect("it can be");
    let refused = submit(&server, clerk.enrol("bo")).await.unwrap_err();
    assert_eq!(refused.reason, "HALTED_STREAM_MISSING", "{refused:?}");
    let told = summary(&server.client().await, "deleted").await;
    assert_eq!(told.size, 2, "what was proven is told");
    server.stop().expect(0);
    let refused = try_serve(&community, &nats).expect_err("there is nothing to serve");
    assert!(refused.stderr.contains("GOV_deleted"), "{refused}");
    let audited = audit(&community, &nats).expect(1);
    assert!(audited.stdout.contains("ROLLED_BACK"), "{audited}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_restored_to_an_older_state_halts_the_ledger() {
    let mut nats = NatsServer::start();
    let community = founded("restored", &nats);
    let server = serve(&community, &nats);
    let clerk = clerk(&community, &server).await;
    submit(&server, clerk.enrol("ana")).await.expect("recorded");
    nats.kill();
    let older = nats.back_up();
    nats.restart();
    submit(&server, clerk.enrol("bo")).await.expect("recorded");
    nats.kill();
    nats.bring_back(older.path());
    nats.restart();
    // While it runs, and when it is started again.
    let refused = submit(&server, clerk.enrol("chen")).await.unwrap_err();
    assert_eq!(refused.reason, "HALTED_ROLLED_BACK", "{refused:?}");
    server.stop().expect(0);
    let server = serve(&community, &nats);
    let refused = submit(&server, clerk.enrol("chen")).await.unwrap_err();
    assert_eq!(refused.reason, "HALTED_ROLLED_BACK", "{refused:?}");
    let told = summary(&server.client().await, "restored").await;
    assert_eq!(told.size, 2, "what is left is told");
    server.stop().expect(0);
    let audited = audit(&community, &nats).expect(1);
    assert!(audited.stdout.contains("ROLLED_BACK"), "{audited}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_message_is_passed_over_by_node_and_auditor() {
    let nats = NatsServer::start();
    let community = founded("stray", &nats);
    let server = serve(&community, &nats);
    let clerk = clerk(&community, &server).await;
    submit(&server, clerk.enrol("ana")).await.expect("recorded");
    let meddler = connect(&nats.url()).await;
    for _ in 0..3 {
        let stray = meddler
            .jetstream()
            .publish("gov.stray.blocks", "stray".into())
            .await;
        stray.expect("sent").await.expect("stored");
    }
    submit(&server, clerk.enrol("bo")).await.expect("recorded");
    let key = summary(&server.client().await, "stray").await.verifier_key;
    let log = server.stop().expect(0).stderr;
    assert!(log.contains("ALARM"), "{log}");
    let server = serve(&community, &nats);
    assert_eq!(summary(&server.client().await, "stray").await.size, 3);
    submit(&server, clerk.enrol("chen"))
        .await
        .expect("recorded");

    // An auditor with nothing but a checkpoint.
    let request = v1::GetCheckpointRequest {
        ledger: "stray".to_owned(),
    };
    let checkpoint = server.client().await.audit().get_checkpoint(request).await;
    let checkpoint = checkpoint.expect("it has one").into_inner().checkpoint;
    let checkpoint = community.write("checkpoint", checkpoint);
    server.stop().expect(0);
    let mut command = binary::command(["audit", "--json", "--nats", &nats.url()]);
    command
        .args(["--key", &key])
        .arg("--checkpoint")
        .arg(&checkpoint);
    let audited = binary::finish(command).expect(0).json();
    let ledger = &audited["ledgers"][0];
    assert_eq!(ledger["ledger"], "stray");
    assert_eq!(
        (&ledger["entries"], &ledger["skipped_messages"]),
        (&4.into(), &3.into())
    );
    // Without one, nobody runs who could give one, and nothing is said about the ledger.
    let nothing = binary::run(["audit", "--nats", &nats.url(), "--ledger", "stray"]).expect(3);
    assert!(nothing.stderr.contains("--checkpoint") || nothing.stderr.contains("checkpoint"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_anybody_answers_an_auditor_counts_only_if_the_ledgers_key_signed_it() {
    let nats = NatsServer::start();
    let community = founded("hearsay", &nats);
    let server = serve(&community, &nats);
    let clerk = clerk(&community, &server).await;
    submit(&server, clerk.enrol("ana")).await.expect("recorded");
    let key = summary(&server.client().await, "hearsay")
        .await
        .verifier_key;
    let (name, _) = key.split_once('+').expect("a verifier key");
    let foreign = |size: u64| {
        let checkpoint = Checkpoint {
            origin: name.to_owned(),
            size,
            root: tlog::Hash([7; 32]),
        };
        let stranger = NoteSigner::new(name, SigningKey::from_bytes(&[9; 32])).expect("a name");
        checkpoint.sign(&stranger).expect("it signs").to_bytes()
    };
    let meddler = connect(&nats.url()).await.client().clone();
    let answers = [
        b"no note".to_vec(),
        b"no checkpoint\n\n\xe2\x80\x94 a AAAAAAAA\n".to_vec(),
        foreign(1),
        foreign(2),
        foreign(1_000),
    ];
    let mut questions = meddler
        .subscribe("gov.hearsay.newest")
        .await
        .expect("allowed");
    meddler.flush().await.expect("sent");
    tokio::spawn(async move {
        while let Some(question) = questions.next().await {
            let to = question.reply.expect("it asks");
            for answer in &answers {
                let sent = meddler.publish(to.clone(), answer.clone().into());
                sent.await.expect("allowed");
            }
        }
    });
    let by_itself = || {
        let mut command = binary::command(["audit", "--json", "--nats", &nats.url()]);
        command.args(["--ledger", "hearsay", "--key", &key]);
        binary::finish(command)
    };
    let audited = by_itself().expect(0).json();
    let ledger = &audited["ledgers"][0];
    assert_eq!(
        (&ledger["entries"], &ledger["unsigned_answers"]),
        (&2.into(), &3.into())
    );
    let audited = audit(&community, &nats).expect(0).json();
    assert_eq!(audited["ledgers"][0]["unsigned_answers"], 3);

    // Of those alone nothing follows.
    server.stop().expect(0);
    let nothing = by_itself().expect(3);
    assert!(nothing.stdout.contains("no running node"), "{nothing}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_with_a_wrong_setting_is_not_extended_and_the_setting_is_named() {
    let nats = NatsServer::start();
    let community = founded("settings", &nats);
    let meddler = connect(&nats.url()).await;
    let stream = meddler.jetstream().get_stream("GOV_settings").await;
    let good = stream.expect("there").cached_info().config.clone();
    let wrong = Config {
        max_messages: 1_000,
        ..good.clone()
    };
    meddler
        .jetstream()
        .update_stream(wrong)
        .await
        .expect("it can be");
    let refused = try_serve(&community, &nats).expect_err("it could lose entries");
    assert!(refused.stderr.contains("max_msgs"), "{refused}");
    meddler
        .jetstream()
        .update_stream(good)
        .await
        .expect("it can be");
    serve(&community, &nats).stop().expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_servers_that_append_to_one_stream_keep_every_acknowledged_entry_once() {
    let nats = NatsServer::start();
    let community = founded("racing", &nats);
    let copy = community.file("copy");
    system_tests::directory::copy(&community.data(), &copy);
    let mut command = Server::command(&copy);
    command.args(["--nats", &nats.url()]);
    let other = Server::try_start_by(command).expect("it is served");
    let server = serve(&community, &nats);
    let mut dice = Dice::new(8);
    let mut witnesses = [
        Witness::of(&community, &server).await,
        Witness::of(&community, &other).await,
    ];
    let loads = [
        Load::start(&witnesses[0].officer, &server.client().await),
        Load::start(&witnesses[1].officer, &other.client().await),
    ];
    loads[0].run_for(Duration::from_millis(500)).await;
    for (witness, load) in witnesses.iter_mut().zip(loads) {
        witness.remember(load.end().await);
    }
    server.stop().expect(0);
    other.stop().expect(0);
    let server = serve(&community, &nats);
    assert!(witnesses.iter().map(Witness::acknowledged).sum::<usize>() > 10);
    for witness in &mut witnesses {
        witness.check(&server, &mut dice).await;
    }
    server.stop().expect(0);
    audit(&community, &nats).expect(0);
}

/// A monitor of a log on NATS, beside a server that goes on: it reads what is new, and finds what was taken away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_monitor_follows_a_log_on_nats_and_finds_that_it_was_rolled_back() {
    let mut nats = NatsServer::start();
    let community = founded("watched", &nats);
    let server = serve(&community, &nats);
    let clerk = clerk(&community, &server).await;
    submit(&server, clerk.enrol("ana")).await.expect("recorded");
    nats.kill();
    let older = nats.back_up();
    nats.restart();
    submit(&server, clerk.enrol("bo")).await.expect("recorded");
    let mut command = binary::command([
        "audit",
        "--follow",
        "--every",
        "1",
        "--ledger",
        "watched",
        "--nats",
        &nats.url(),
    ]);
    command.stderr(std::process::Stdio::piped());
    let mut monitor = command.spawn().expect("it runs");
    let lines = BufReader::new(monitor.stderr.take().expect("it is piped"));
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            // The test may have failed before.
            let _ = send.send(line);
        }
    });
    let heard = |wanted: &str| {
        tokio::task::block_in_place(|| {
            let deadline = Instant::now() + Duration::from_secs(60);
            let mut said = Vec::new();
            loop {
                let left = deadline.saturating_duration_since(Instant::now());
                match receive.recv_timeout(left) {
                    Ok(line) if line.contains(wanted) => return,
                    Ok(line) => said.push(line),
                    Err(error) => panic!("{wanted}: {error} after {said:#?}"),
                }
            }
        });
    };
    heard("3 entries, everything follows");
    for (person, size) in [("chen", "4"), ("dan", "5")] {
        submit(&server, clerk.enrol(person))
            .await
            .expect("recorded");
        heard(&format!("{size} entries, everything follows"));
    }
    // Nodes still know the newest checkpoint, and the stream no longer has what it covers.
    nats.kill();
    nats.bring_back(older.path());
    nats.restart();
    let ended = tokio::task::block_in_place(|| monitor.wait()).expect("it ends");
    assert_eq!(ended.code(), Some(1));
    server.stop().expect(0);
}
