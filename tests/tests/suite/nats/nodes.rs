//! Several nodes of one ledger on a real nats-server, killed and stopped for real.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gateway::client::{Client, ServerRefusal};
use proto::v1;
use rustix::process::{Pid, Signal, kill_process};
use system_tests::DEADLINE;
use system_tests::binary;
use system_tests::community::Community;
use system_tests::directory;
use system_tests::nats::NatsServer;
use system_tests::officer::{Officer, summary, wait_for_views};
use system_tests::server::Server;
use tokio::task::JoinSet;
use tonic::Code;

use super::founding::found;
use super::scene::soon;
use super::serving::audit;

/// Clients that submit at once.
const CLIENTS: usize = 6;

fn serve(data: &Path, nats: &NatsServer) -> Server {
    let mut command = Server::command(data);
    command.args(["--nats", &nats.url()]);
    Server::try_start_by(command).unwrap_or_else(|finished| panic!("not served: {finished}"))
}

/// Makes the data directory of one more node.
fn join(community: &Community, nats: &NatsServer, name: &str, keys: &Path) -> binary::Finished {
    let mut command = binary::command(["join", "--json", "--nats", &nats.url()]);
    command.args(["--ledger", community.ledger()]);
    command.arg("--keys").arg(keys);
    command.arg("--data").arg(community.file(name));
    binary::finish(command)
}

/// A ledger on this server, and the data directories of three nodes.
fn three(ledger: &str, nats: &NatsServer) -> (Community, [PathBuf; 3]) {
    let community = Community::unfounded(ledger);
    found(&community, nats).expect(0);
    let keys = community.ledger_dir().join("keys");
    for name in ["second", "third"] {
        join(&community, nats, name, &keys).expect(0);
    }
    let data = [
        community.data(),
        community.file("second"),
        community.file("third"),
    ];
    (community, data)
}

/// Submits until there is an answer, wherever there is one, as a client does that is told to try again.
pub(super) async fn insist(
    clients: &[Client],
    first: usize,
    request: &v1::SubmitRequest,
) -> v1::Receipt {
    let answered = async {
        for at in first.. {
            let mut record = clients[at % clients.len()].record();
            // A node that is stopped says nothing at all.
            let asked =
                tokio::time::timeout(Duration::from_secs(25), record.submit(request.clone()));
            match asked.await {
                Ok(Ok(answer)) => return answer.into_inner().receipt.expect("a receipt"),
                Ok(Err(status)) => {
                    let lost = matches!(status.code(), Code::Unavailable | Code::Cancelled)
                        || std::error::Error::source(&status).is_some();
                    assert!(lost, "refused: {:?}", ServerRefusal::from(&status));
                }
                Err(_) => {}
            }
            // Who lives waits for a leader before it says that there is none.
            tokio::task::yield_now().await;
        }
        unreachable!("one answers")
    };
    soon(answered).await
}

/// Each client enrols people one after another, at a node of its own and at the others when that is gone.
fn load(officer: &Officer, clients: &[Client], each: usize) -> JoinSet<Vec<v1::Receipt>> {
    let mut all = JoinSet::new();
    for number in 0..CLIENTS {
        let (officer, clients) = (officer.clone(), clients.to_vec());
        all.spawn(async move {
            let mut receipts = Vec::new();
            for person in 0..each {
                let request = officer.enrol(&format!("p-{number}-{person}"));
                receipts.push(insist(&clients, number, &request).await);
            }
            receipts
        });
    }
    all
}

async fn clients(servers: &[Server]) -> Vec<Client> {
    let mut clients = Vec::new();
    for server in servers {
        clients.push(server.client().await);
    }
    clients
}

/// Every node has so many entries, with each receipt's leaf in its place, and the same checkpoint.
async fn agree(clients: &[Client], ledger: &str, receipts: &[v1::Receipt]) {
    let size = receipts.len() as u64 + 1;
    let mut checkpoints = Vec::new();
    for client in clients {
        wait_for_views(client, ledger, size).await;
        assert_eq!(summary(client, ledger).await.size, size);
        for receipt in receipts.iter().step_by(7) {
            let request = v1::GetReceiptRequest {
                ledger: ledger.to_owned(),
                index: receipt.index,
            };
            let told = client.record().get_receipt(request).await;
            let told = told.expect("it is there").into_inner().receipt;
            assert_eq!(told.expect("a receipt").leaf, receipt.leaf);
        }
        let request = v1::GetCheckpointRequest {
            ledger: ledger.to_owned(),
        };
        let checkpoint = client.audit().get_checkpoint(request).await;
        checkpoints.push(checkpoint.expect("it has one").into_inner().checkpoint);
    }
    assert!(checkpoints.windows(2).all(|pair| pair[0] == pair[1]));
}

/// All indices from 1 on, each once: nobody was told of an entry that another was told of too.
fn check_indices(receipts: &[v1::Receipt]) {
    let mut indices: Vec<_> = receipts.iter().map(|receipt| receipt.index).collect();
    indices.sort_unstable();
    let expected: Vec<_> = (1..=receipts.len() as u64).collect();
    assert_eq!(indices, expected);
}

async fn gathered(mut load: JoinSet<Vec<v1::Receipt>>) -> Vec<v1::Receipt> {
    let mut receipts = Vec::new();
    while let Some(more) = load.join_next().await {
        receipts.extend(more.expect("a client never panics"));
    }
    receipts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_leader_is_killed_in_mid_load_and_another_goes_on() {
    let nats = NatsServer::start();
    let (community, data) = three("killed", &nats);
    // The first to start leads.
    let first = serve(&data[0], &nats);
    let officer = Officer::of(&first.client().await, "killed", &community.key("clerk")).await;
    let firsts = [first.client().await];
    let mut receipts = vec![insist(&firsts, 0, &officer.enrol("p-first")).await];
    let others = [serve(&data[1], &nats), serve(&data[2], &nats)];
    let all = [firsts.to_vec(), clients(&others).await].concat();
    let load = load(&officer, &all, 25);
    wait_for_views(&all[1], "killed", 30).await;
    first.kill();
    receipts.extend(gathered(load).await);
    check_indices(&receipts);
    agree(&all[1..], "killed", &receipts).await;
    // It comes back as one of the others.
    let back = serve(&data[0], &nats);
    agree(&[back.client().await], "killed", &receipts).await;
    for server in others.into_iter().chain([back]) {
        server.stop().expect(0);
    }
    audit(&community, &nats).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_wakes_up_believing_that_it_leads_makes_no_fork() {
    let nats = NatsServer::start();
    let (community, data) = three("asleep", &nats);
    let mut first = serve(&data[0], &nats);
    let pid = i32::try_from(first.process().id()).ok();
    let pid = pid.and_then(Pid::from_raw).expect("a process id");
    let officer = Officer::of(&first.client().await, "asleep", &community.key("clerk")).await;
    let firsts = [first.client().await];
    let mut receipts = vec![insist(&firsts, 0, &officer.enrol("p-first")).await];
    let second = serve(&data[1], &nats);
    let all = [firsts.to_vec(), vec![second.client().await]].concat();

    kill_process(pid, Signal::STOP).expect("it runs");
    // What is sent to it meanwhile waits in its connection until it wakes up.
    let asleep = tokio::spawn({
        let (first, officer) = (all[0].clone(), officer.clone());
        async move {
            let request = officer.enrol("p-asleep");
            let answer = first.record().submit(request.clone()).await;
            (request, answer.ok().and_then(|a| a.into_inner().receipt))
        }
    });
    for number in 0..20 {
        let request = officer.enrol(&format!("p-awake-{number}"));
        receipts.push(insist(&all[1..], 0, &request).await);
    }
    kill_process(pid, Signal::CONT).expect("it is there");
    let (request, receipt) = soon(asleep).await.expect("never panics");
    let receipt = match receipt {
        Some(receipt) => receipt,
        None => insist(&all, 0, &request).await,
    };
    receipts.push(receipt);
    receipts.extend(gathered(load(&officer, &all, 5)).await);
    check_indices(&receipts);
    agree(&all, "asleep", &receipts).await;
    first.stop().expect(0);
    second.stop().expect(0);
    audit(&community, &nats).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_recorded_or_long_is_answered_by_a_follower_in_the_leaders_words() {
    let nats = NatsServer::start();
    let (community, data) = three("forwards", &nats);
    let leader = serve(&data[0], &nats);
    let clerk = Officer::of(&leader.client().await, "forwards", &community.key("clerk")).await;
    let leading = [leader.client().await];
    insist(&leading, 0, &clerk.enrol("ana")).await;
    let follower = serve(&data[1], &nats);
    let client = follower.client().await;
    let submit = |request: v1::SubmitRequest| {
        let client = client.clone();
        async move { tokio::time::timeout(DEADLINE, client.record().submit(request)).await }
    };
    // Refused, with the same words.
    let again = clerk.enrol("ana");
    let mut named = tonic::Request::new(again.clone());
    let id = "of-the-clerk-1".parse().expect("visible ASCII");
    named.metadata_mut().insert("x-request-id", id);
    let there = tokio::time::timeout(DEADLINE, client.record().submit(named)).await;
    let there = there.expect("in time").unwrap_err();
    let here = leading[0].record().submit(again).await.unwrap_err();
    assert_eq!(ServerRefusal::from(&there), ServerRefusal::from(&here));
    assert_eq!(ServerRefusal::from(&there).reason, "PERSON_EXISTS");
    // Recorded, and answered again.
    let request = clerk.enrol("bo");
    let receipt = submit(request.clone())
        .await
        .expect("in time")
        .expect("recorded");
    let receipt = receipt.into_inner().receipt.expect("a receipt");
    let again = submit(request).await.expect("in time").expect("recorded");
    let again = again.into_inner();
    assert!(again.already_recorded);
    assert_eq!(again.receipt.expect("a receipt").leaf, receipt.leaf);
    // With contents, short and as long as one may be: the latter goes by the content store.
    for (person, len) in [("chen", 100), ("dao", 256 * 1024)] {
        let request = clerk.enrol_named(person, &"名".repeat(len / 3));
        submit(request).await.expect("in time").expect("recorded");
    }
    let log = leader.stop().expect(0).stderr;
    let line = log.lines().find(|line| line.contains("of-the-clerk-1"));
    let line = line.expect("the leader names the call as the follower's client does");
    assert!(line.contains("PERSON_EXISTS"), "{line}");
    // The follower leads at once, as the lease was given up.
    insist(&[client], 0, &clerk.enrol("emil")).await;
    follower.stop().expect(0);
    audit(&community, &nats).expect(0);
}

#[test]
fn a_node_joins_with_the_ledgers_own_keys_and_no_others() {
    let nats = NatsServer::start();
    let community = Community::unfounded("joins");
    found(&community, &nats).expect(0);
    let keys = community.ledger_dir().join("keys");
    let swapped = community.file("swapped");
    directory::copy(&keys, &swapped);
    std::fs::copy(keys.join("record.pem"), swapped.join("checkpoint.pem")).expect("copies");
    let refused = join(&community, &nats, "second", &swapped).expect(1);
    assert!(refused.stderr.contains("checkpoint key"), "{refused}");
    assert!(!community.file("second").exists());
    join(&community, &nats, "second", &keys).expect(0);
    join(&community, &nats, "second", &keys).expect(1);
    let mut command = binary::command(["join", "--ledger", "nobody", "--nats", &nats.url()]);
    command.arg("--keys").arg(&keys);
    command.arg("--data").arg(community.file("third"));
    binary::finish(command).expect(3);
}

/// Runs a line of the command in a community's directory.
fn govledger(community: &Community, line: &str) -> binary::Finished {
    let mut command = binary::command(line.split_whitespace());
    command.current_dir(community.root());
    binary::finish(command)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_joins_after_both_keys_were_exchanged_and_goes_on_with_those_in_force() {
    let nats = NatsServer::start();
    let community = Community::unfounded("exchanged");
    found(&community, &nats).expect(0);
    let keys = community.ledger_dir().join("keys");
    let old = community.file("old");
    directory::copy(&keys, &old);
    let first = serve(&community.data(), &nats);
    let mut all = vec![first.client().await];
    let clerk = Officer::of(&all[0], "exchanged", &community.key("clerk")).await;
    let mut receipts = vec![insist(&all, 0, &clerk.enrol("ana")).await];
    for which in ["checkpoint", "record"] {
        let (from, to) = (
            keys.join(format!("{which}.pem")),
            keys.join(format!("{which}-2.pem")),
        );
        govledger(&community, &format!("key new --out {}", to.display())).expect(0);
        let rotates = format!(
            "key rotate --old-key {} --new-key {} --key {} --server {}",
            from.display(),
            to.display(),
            community.key("clerk").display(),
            first.url()
        );
        govledger(&community, &rotates).expect(0);
        std::fs::remove_file(from).expect("it is of no more use");
    }
    // With the keys it was founded with nobody joins any more.
    let refused = join(&community, &nats, "with-old", &old).expect(1);
    assert!(refused.stderr.contains("key in force"), "{refused}");
    assert!(!community.file("with-old").exists());
    let joined = join(&community, &nats, "second", &keys).expect(0).json();
    assert_eq!(
        (&joined["entries"], &joined["compared"]),
        (&4.into(), &4.into())
    );
    let second = serve(&community.file("second"), &nats);
    all.push(second.client().await);
    wait_for_views(&all[1], "exchanged", 4).await;
    receipts.push(insist(&all[1..], 0, &clerk.enrol("bo")).await);
    assert_eq!(receipts[1].index, 4);
    // It leads alone, by keys that the first node never had in another place.
    first.stop().expect(0);
    receipts.push(insist(&all[1..], 0, &clerk.enrol("chen")).await);
    assert_eq!(receipts[2].index, 5);
    // One more joins a ledger that another node leads, and what it signs for is the same to the byte.
    join(&community, &nats, "third", &keys).expect(0);
    let third = serve(&community.file("third"), &nats);
    all[0] = third.client().await;
    let mut checkpoints = Vec::new();
    for client in &all {
        wait_for_views(client, "exchanged", 6).await;
        let ledger = "exchanged".to_owned();
        let request = v1::GetCheckpointRequest { ledger };
        let checkpoint = client.audit().get_checkpoint(request).await;
        checkpoints.push(checkpoint.expect("it has one").into_inner().checkpoint);
    }
    assert_eq!(checkpoints[0], checkpoints[1]);
    second.stop().expect(0);
    third.stop().expect(0);
    audit(&community, &nats).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_shorter_than_a_running_node_signed_for_is_not_joined() {
    let mut nats = NatsServer::start();
    let community = Community::unfounded("shorter");
    found(&community, &nats).expect(0);
    let keys = community.ledger_dir().join("keys");
    let server = serve(&community.data(), &nats);
    let clients = [server.client().await];
    let clerk = Officer::of(&clients[0], "shorter", &community.key("clerk")).await;
    insist(&clients, 0, &clerk.enrol("ana")).await;
    nats.kill();
    let older = nats.back_up();
    nats.restart();
    insist(&clients, 0, &clerk.enrol("bo")).await;
    // The node says what it signed for, and the log has it.
    let joined = join(&community, &nats, "second", &keys).expect(0);
    let joined: serde_json::Value = serde_json::from_str(&joined.stdout).expect("JSON");
    assert_eq!(
        (&joined["entries"], &joined["compared"]),
        (&3.into(), &3.into())
    );

    nats.kill();
    nats.bring_back(older.path());
    nats.restart();
    // Once it is connected again, the node refuses to go on; it still says what it signed for.
    let submitting = clients[0].record().submit(clerk.enrol("chen")).await;
    let refused = ServerRefusal::from(&submitting.unwrap_err());
    assert_eq!(refused.reason, "HALTED_ROLLED_BACK", "{refused:?}");
    let refused = join(&community, &nats, "third", &keys).expect(1);
    let told = "has 2 entries, but another node has a signed checkpoint of 3";
    assert!(refused.stderr.contains(told), "{refused}");
    assert!(!community.file("third").exists());
    server.stop().expect(0);
}
