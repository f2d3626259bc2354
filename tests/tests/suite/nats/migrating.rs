//! Moving a ledger between a data directory and NATS.

use std::path::Path;

use ledger::store::StoreFactory as _;
use ledger::store::jetstream::JetStreamLog;
use system_tests::binary::{self, Finished};
use system_tests::community::Community;
use system_tests::directory;
use system_tests::nats::NatsServer;
use system_tests::officer::{Officer, summary};
use system_tests::server::Server;
use tlog::Block;

use super::scene::{connect, read_all, soon};

const LEDGER: &str = "moving";

fn migrate(nats: &NatsServer, from: &Path, to: &Path) -> Finished {
    let mut command = binary::command(["migrate", "--json"]);
    command.env("GOVLEDGER_NATS_URL", nats.url());
    command.arg("--from").arg(from).arg("--to").arg(to);
    binary::finish(command)
}

fn serve(data: &Path, nats: Option<&NatsServer>) -> Server {
    let mut command = Server::command(data);
    if let Some(nats) = nats {
        command.args(["--nats", &nats.url()]);
    }
    Server::try_start_by(command).expect("it is served")
}

/// Enrols a person under a published name, which is a content.
async fn enrol(community: &Community, server: &Server, person: &str) {
    let client = server.client().await;
    let clerk = Officer::of(&client, LEDGER, &community.key("clerk")).await;
    let request = clerk.enrol_named(person, &format!("the name of {person}"));
    let answer = soon(client.record().submit(request)).await;
    answer.expect("it is recorded");
}

/// The blocks of a directory's log.
fn blocks_in(data: &Path) -> Vec<Block> {
    let ledger = directory::ledger(data, LEDGER);
    let segments = directory::segments(&ledger);
    let blocks = segments
        .iter()
        .flat_map(|segment| directory::blocks(segment));
    blocks.map(|(_, block)| block).collect()
}

async fn blocks_on(nats: &NatsServer) -> Vec<Block> {
    let id = governance::ids::LedgerId::new(LEDGER).expect("an id");
    let log = JetStreamLog::new(connect(&nats.url()).await, id);
    let store = soon(log.open(0)).await.expect("it is sound").store;
    let blocks = read_all(&*store).await;
    store.close().await;
    blocks
}

fn file(data: &Path, name: &str) -> Vec<u8> {
    let path = directory::ledger(data, LEDGER).join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_goes_to_nats_and_back_to_the_byte_and_goes_on_each_time() {
    let nats = NatsServer::start();
    let community = Community::found(LEDGER, "council");
    let (data, there, back) = (
        community.data(),
        community.file("there"),
        community.file("back"),
    );
    let server = serve(&data, None);
    for person in ["ana", "bo", "chen"] {
        enrol(&community, &server, person).await;
    }
    server.stop().expect(0);
    let untouched = directory::contents(&directory::ledger(&data, LEDGER));

    let moved = migrate(&nats, &data, &there).expect(0).json();
    assert_eq!(moved["on_nats"], true);
    assert_eq!(
        (&moved["entries"], &moved["contents"]),
        (&4.into(), &3.into())
    );
    assert_eq!(
        directory::contents(&directory::ledger(&data, LEDGER)),
        untouched
    );
    assert_eq!(blocks_on(&nats).await, blocks_in(&data));
    for name in [
        "checkpoints.journal",
        "keys/record.pem",
        "keys/checkpoint.pem",
    ] {
        assert_eq!(file(&there, name), file(&data, name), "{name}");
    }

    // The old copy goes nowhere.
    let refused = Server::try_start(&data).expect_err("it was moved");
    assert!(refused.stderr.contains("there"), "{refused}");
    let again = migrate(&nats, &data, &community.file("elsewhere")).expect(1);
    assert!(again.stderr.contains("moved to"), "{again}");

    // The new one does, and comes back with what was added.
    let server = serve(&there, Some(&nats));
    enrol(&community, &server, "dana").await;
    assert_eq!(summary(&server.client().await, LEDGER).await.size, 5);
    let busy = migrate(&nats, &there, &back).expect(3);
    assert!(busy.stderr.contains("in use"), "{busy}");
    server.stop().expect(0);
    let taken = migrate(&nats, &there, &data).expect(1);
    assert!(taken.stderr.contains("already"), "{taken}");
    let on_nats = blocks_on(&nats).await;
    let moved = migrate(&nats, &there, &back).expect(0).json();
    assert_eq!(moved["on_nats"], false);
    assert_eq!(
        (&moved["entries"], &moved["contents"]),
        (&5.into(), &4.into())
    );
    assert_eq!(blocks_in(&back), on_nats);
    assert_eq!(
        file(&back, "checkpoints.journal"),
        file(&there, "checkpoints.journal")
    );
    let server = serve(&back, None);
    enrol(&community, &server, "eli").await;
    server.stop().expect(0);
    system_tests::community::audit(&back).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_never_replaces_a_stream_and_one_that_was_interrupted_goes_on() {
    let nats = NatsServer::start();
    let community = Community::found(LEDGER, "council");
    let (data, there) = (community.data(), community.file("there"));
    let server = serve(&data, None);
    for person in ["ana", "bo"] {
        enrol(&community, &server, person).await;
    }
    server.stop().expect(0);
    let blocks = blocks_in(&data);

    // A stream of that name that no migration to this place began.
    let id = governance::ids::LedgerId::new(LEDGER).expect("an id");
    let log = JetStreamLog::new(connect(&nats.url()).await, id);
    log.create().await.expect("there is none");
    let store = soon(log.open(0)).await.expect("it is empty").store;
    store.append(&blocks[0]).await.expect("it appends");
    let refused = migrate(&nats, &data, &there).expect(1);
    assert!(refused.stderr.contains("GOV_moving"), "{refused}");
    serve(&data, None).stop().expect(0);

    // One that was interrupted after its first block left its mark.
    let making = there.join("ledgers/.moving.migrating");
    std::fs::create_dir_all(&making).expect("there is room");
    std::fs::write(
        making.join("jetstream"),
        "govledger-jetstream/1\nGOV_moving\n",
    )
    .expect("written");
    migrate(&nats, &data, &there).expect(0);
    assert_eq!(blocks_on(&nats).await, blocks);
    serve(&there, Some(&nats)).stop().expect(0);
}

#[test]
fn a_directory_that_has_its_log_is_audited_whatever_nats_server_the_environment_names() {
    let community = Community::found(LEDGER, "council");
    let mut command = binary::command(["audit", "--data"]);
    command.arg(community.data());
    // Nobody listens there.
    command.env("GOVLEDGER_NATS_URL", "nats://127.0.0.1:1");
    binary::finish(command).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_the_beginning_of_the_source_is_not_gone_on_from() {
    let nats = NatsServer::start();
    let community = Community::found(LEDGER, "council");
    let other = Community::found(LEDGER, "council");
    let there = community.file("there");
    let id = governance::ids::LedgerId::new(LEDGER).expect("an id");
    let log = JetStreamLog::new(connect(&nats.url()).await, id);
    log.create().await.expect("there is none");
    let store = soon(log.open(0)).await.expect("it is empty").store;
    store
        .append(&blocks_in(&other.data())[0])
        .await
        .expect("it appends");
    let making = there.join("ledgers/.moving.migrating");
    std::fs::create_dir_all(&making).expect("there is room");
    std::fs::write(
        making.join("jetstream"),
        "govledger-jetstream/1\nGOV_moving\n",
    )
    .expect("written");
    let refused = migrate(&nats, &community.data(), &there).expect(1);
    assert!(refused.stderr.contains("GOV_moving"), "{refused}");
    serve(&community.data(), None).stop().expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_ledger_is_not_moved() {
    let nats = NatsServer::start();
    let community = Community::found(LEDGER, "council");
    let segment = directory::segments(&community.ledger_dir()).remove(0);
    directory::flip(&segment, 100);
    let refused = migrate(&nats, &community.data(), &community.file("there")).expect(1);
    assert!(refused.stderr.contains("the source"), "{refused}");
    assert!(
        !community
            .file("there")
            .join("ledgers")
            .join(LEDGER)
            .exists()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_is_restored_to_an_empty_stream_and_goes_on_there() {
    let community = Community::found(LEDGER, "council");
    let server = serve(&community.data(), None);
    for person in ["ada", "bo"] {
        enrol(&community, &server, person).await;
    }
    server.stop().expect(0);
    let lost = directory::ledger(&community.data(), LEDGER);
    let bundle = community.file("all.govbundle");
    let export = |data: &Path, nats: Option<&NatsServer>, out: &Path| {
        let mut command = binary::command(["export", "bundle", "--out"]);
        command.arg(out).arg("--data").arg(data);
        if let Some(nats) = nats {
            command.args(["--nats", &nats.url()]);
        }
        binary::finish(command).expect(0)
    };
    export(&community.data(), None, &bundle);
    let nats = NatsServer::start();
    let restored = community.file("restored");
    let restore = |to: &Path| {
        let mut command = binary::command(["restore", "--nats", &nats.url()]);
        command.arg(&bundle).arg("--data").arg(to);
        command.arg("--keys").arg(lost.join("keys"));
        command.arg("--contents").arg(lost.join("content"));
        binary::finish(command)
    };
    let told = restore(&restored).expect(0);
    assert!(told.stdout.contains("2 contents"), "{told}");
    assert!(!restored.join("restoring").exists());
    // What is there is never replaced, in the directory or on NATS.
    restore(&restored).expect(1);
    restore(&community.file("another")).expect(1);
    let again = community.file("again.govbundle");
    export(&restored, Some(&nats), &again);
    let read = |path: &Path| std::fs::read(path).expect("a bundle");
    assert!(read(&again) == read(&bundle), "the same to the byte");
    let server = serve(&restored, Some(&nats));
    enrol(&community, &server, "cy").await;
    server.stop().expect(0);
}
