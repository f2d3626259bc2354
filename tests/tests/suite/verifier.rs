//! A verifier in another language, written from FORMAT.md alone: what we write it accepts, and what was
//! changed it refuses, whatever we think of it.

use std::fs;
use std::path::Path;

use serde_json::Value;
use system_tests::DEADLINE;
use system_tests::binary::{self, Finished};
use system_tests::community::Community;
use system_tests::dice::Dice;
use system_tests::officer::Officer;
use system_tests::server::Server;

use crate::python::interpreter;

/// More entries than a tile has, so that there are full tiles and a level above.
const ENROLLED: usize = 300;

/// Bytes changed in each file, each at another place.
const CHANGES: u64 = 40;

fn verify(arguments: &[&Path], what: &str, key: &str) -> Finished {
    verify_by(arguments, what, &[key])
}

fn verify_by(arguments: &[&Path], what: &str, keys: &[&str]) -> Finished {
    let mut command = std::process::Command::new(interpreter());
    binary::without_settings(&mut command);
    command.arg(binary::workspace().join("tests/verifier/verify.py"));
    command.arg(what).args(arguments);
    for key in keys {
        command.args(["--key", key]);
    }
    binary::finish(command)
}

fn govledger(community: &Community, line: &str) -> Finished {
    tried(community, line).expect(0)
}

fn tried(community: &Community, line: &str) -> Finished {
    let mut command = binary::command(line.split_whitespace());
    command.current_dir(community.root());
    binary::finish(command)
}

/// Exchanges the checkpoint key and then the record key of a community that is served. Returns the next verifier key.
fn exchange_keys(community: &Community, url: &str) -> String {
    let keys = format!("data/ledgers/{}/keys", community.ledger());
    let clerk = community.key("clerk");
    let mut next = String::new();
    for which in ["record", "checkpoint"] {
        govledger(community, &format!("key new --out {keys}/{which}-2.pem"));
        let rotates = format!(
            "key rotate --old-key {keys}/{which}.pem --new-key {keys}/{which}-2.pem --key {} --json --server {url}",
            clerk.display(),
        );
        let told = govledger(community, &rotates).json();
        told["key"].as_str().expect("a key").clone_into(&mut next);
    }
    next
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_we_write_is_checked_without_a_line_of_ours() {
    let community = Community::found("proofs", "council");
    let server = Server::start(&community.data());
    let client = server.client().await;
    let clerk = Officer::of(&client, community.ledger(), &community.key("clerk")).await;
    for n in 0..ENROLLED {
        let answer = client
            .record()
            .submit(clerk.enrol(&format!("person-{n}")))
            .await;
        answer.expect("it is recorded");
    }
    let key = clerk.ledger().verifier_key.clone();
    let new = exchange_keys(&community, server.url());
    let told = govledger(
        &community,
        &format!("receipt get 7 --out r.tlog-proof --server {}", server.url()),
    );
    let check = format!("--key '{new}'");
    assert!(told.stdout.contains(&check), "it says how to check: {told}");
    server.stop().expect(0);
    govledger(&community, "export bundle --out b.govbundle --data data");
    govledger(&community, "export tiles tiles --data data");
    let size = ENROLLED as u64 + 3;
    let file = |name: &str| community.file(name);

    let told = verify(&[&file("b.govbundle")], "bundle", &key)
        .expect(0)
        .json();
    assert_eq!(told["entries"], Value::from(size), "{told}");
    let told = verify(&[&file("tiles")], "tiles", &key).expect(0).json();
    assert_eq!(
        (&told["entries"], &told["levels"]),
        (&Value::from(size), &Value::from(2))
    );
    let receipt = [file("r.tlog-proof"), file("r.entry")];
    let receipt = receipt.each_ref().map(std::path::PathBuf::as_path);
    let told = verify(&receipt, "receipt", &new).expect(0).json();
    assert_eq!(told["index"], Value::from(7));
    verify(&receipt, "receipt", &key).expect(1);
    // A whole log is checked with any of its keys, which lead to one another.
    for file in [file("b.govbundle"), file("tiles")] {
        let what = if file.is_dir() { "tiles" } else { "bundle" };
        verify(&[&file], what, &new).expect(0);
    }

    // A policy is read alike: nobody has cosigned.
    let witness = "witness.example.org/w1+07be827a+BMqTrBcFGHBx1nuDx/8O/oEI6OxFMFdddyaHkzPb2r58";
    let policy = community.write(
        "p.policy",
        format!("log {key}\nwitness w {witness}\nquorum w\n"),
    );
    let mut command = std::process::Command::new(interpreter());
    command.arg(binary::workspace().join("tests/verifier/verify.py"));
    command
        .arg("bundle")
        .arg(file("b.govbundle"))
        .args(["--key", &key]);
    command.arg("--policy").arg(&policy);
    let told = binary::finish(command).expect(1);
    assert!(told.stderr.contains("pending witnesses"), "{told}");

    // Another ledger's key, and any byte that is another.
    let foreign = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    verify(&[&file("b.govbundle")], "bundle", foreign).expect(1);
    let good = fs::read(file("r.entry")).expect("it is there");
    let mut dice = Dice::new(7);
    for _ in 0..CHANGES {
        let mut bad = good.clone();
        let at = usize::try_from(dice.below(good.len() as u64)).expect("it fits");
        bad[at] ^= 1 << dice.below(8);
        let bad = community.write("bad.entry", bad);
        verify(&[receipt[0], &bad], "receipt", &new).expect(1);
    }
    let good = fs::read(file("b.govbundle")).expect("it is there");
    for at in [9, 12, 60, good.len() / 3, good.len() - 40, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let bad = community.write("bad.govbundle", bad);
        verify(&[&bad], "bundle", &key).expect(1);
    }
}

/// Two operators of one ledger go different ways, and an auditor who remembers the one is shown the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_auditor_found_is_checked_without_a_line_of_ours() {
    let community = Community::found("parted", "council");
    let mut key = String::new();
    let mut grow = async |data: &Path, people: &[&str]| {
        let server = Server::start(data);
        let client = server.client().await;
        let clerk = Officer::of(&client, community.ledger(), &community.key("clerk")).await;
        for person in people {
            let answer = client.record().submit(clerk.enrol(person)).await;
            answer.expect("it is recorded");
        }
        key.clone_from(&clerk.ledger().verifier_key);
        server.stop().expect(0);
    };
    grow(&community.data(), &["ada", "bo"]).await;
    let [older, other] = ["older", "other"].map(|name| community.file(name));
    for copy in [&older, &other] {
        system_tests::directory::copy(&community.data(), copy);
    }
    grow(&community.data(), &["cy", "dan"]).await;
    grow(&other, &["eve", "fay", "gil"]).await;
    let audit = |data: &Path, evidence: &str, code: i32| {
        let mut command = binary::command(["audit", "--state", "auditor.state"]);
        command
            .args(["--evidence", evidence])
            .arg("--data")
            .arg(data);
        command.current_dir(community.root());
        binary::finish(command).expect(code);
    };
    audit(&community.data(), "none", 0);
    audit(&other, "fork", 1);
    audit(&older, "back", 1);
    let file = |name: &str| community.file(name);
    let told = verify(&[&file("fork")], "evidence", &key).expect(0).json();
    assert_eq!(
        (&told["proven"], &told["size"]),
        (&"fork".into(), &5.into())
    );
    let told = verify(&[&file("back")], "evidence", &key).expect(0).json();
    let sizes = (&told["before"], &told["after"]);
    assert_eq!(sizes, (&5.into(), &3.into()), "{told}");
    // Whoever changes a byte proves nothing, nor does another key.
    let foreign = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    verify(&[&file("fork")], "evidence", foreign).expect(1);
    let good = fs::read(file("fork")).expect("it is there");
    for at in [4, 30, good.len() / 2, good.len() - 30, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let bad = community.write("bad", bad);
        verify(&[&bad], "evidence", &key).expect(1);
    }
}

/// Somebody copied the directory, keys and all, before the keys were exchanged, and goes on from there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_signed_with_a_key_that_was_given_up_is_proven_by_both_keys_and_by_neither_alone()
{
    let community = Community::found("stolen", "council");
    let enrol = |data: &str, person: &str| {
        let server = Server::start(&community.file(data));
        let action = format!(r#"{{"person_enrolled": {{"person": "{person}"}}}}"#);
        submit(&community, &server, &action, "");
        server.stop().expect(0);
    };
    enrol("data", "ada");
    system_tests::directory::copy(&community.data(), &community.file("copied"));
    let server = Server::start(&community.data());
    let told = govledger(
        &community,
        &format!("query ledgers --json --server {}", server.url()),
    );
    let old = told.json()["ledgers"][0]["verifier_key"].clone();
    let old = old.as_str().expect("a key").to_owned();
    let new = exchange_keys(&community, server.url());
    server.stop().expect(0);
    for person in ["eve", "fay", "gil"] {
        enrol("copied", person);
    }
    // Who pinned the old key and was told nothing sees nothing wrong in the copy; who looked since does.
    govledger(&community, &format!("audit --data copied --key {old}"));
    govledger(
        &community,
        &format!("audit --data data --key {old} --state state"),
    );
    let found = "audit --data copied --state state --evidence fork";
    let found = tried(&community, found).expect(1);
    assert!(found.stderr.contains("FORKED"), "{found}");
    let judged = |keys: &[&str]| {
        let line = format!("evidence verify fork --key {}", keys.join(" --key "));
        let ours = tried(&community, &line).code;
        let theirs = verify_by(&[&community.file("fork")], "evidence", keys).code;
        assert_eq!(ours, theirs, "{line}");
        ours
    };
    assert_eq!(judged(&[&old, &new]), Some(0));
    assert_eq!(judged(&[&old]), Some(1));
    assert_eq!(judged(&[&new]), Some(1));
}

fn submit(community: &Community, server: &Server, action: &str, more: &str) {
    community.write("action.json", action);
    let clerk = community.key("clerk");
    let line = format!(
        "submit action.json --key {} {more} --server {}",
        clerk.display(),
        server.url()
    );
    govledger(community, &line);
}

/// A roll of two, and a meeting at which both are and a motion is put to the vote.
fn open_vote(community: &Community, server: &Server) {
    let act = |action: &str, more: &str| submit(community, server, action, more);
    for voter in ["ana", "bo"] {
        let file = format!("{voter}.pem");
        let made = govledger(community, &format!("key new --out {file}"));
        let action = format!(
            r#"{{"person_enrolled": {{"person": "{voter}", "keys": ["{}"]}}}}"#,
            made.stdout.trim()
        );
        act(&action, &format!("--attest-key {file}"));
    }
    let lines = r#"[{"voter": "ana"}, {"voter": "bo"}]"#;
    let part = format!(r#"{{"roll_part": {{"roll": "r", "body": "council", "lines": {lines}}}}}"#);
    act(&part, "");
    act(
        r#"{"roll_published": {"roll": "r", "body": "council", "as_of": "2026-01-01"}}"#,
        "",
    );
    let now = system_tests::officer::now();
    let convened = format!(
        r#"{{"meeting_convened": {{"meeting": "m", "body": "council", "rule": "council-ordinary",
            "starts_at_ms": {}, "place": "Town hall"}}}}"#,
        now.plus(1_500).0
    );
    act(&convened, "");
    act(r#"{"meeting_noticed": {"meeting": "m"}}"#, "");
    act(
        r#"{"motion_tabled": {"motion": "shed", "body": "council", "rule": "council-ordinary",
            "meeting": "m", "text": {"title": "Build a shed"}}}"#,
        "",
    );
    // The meeting begins by the clock.
    community.write(
        "there.json",
        r#"{"attendance_recorded": {"meeting": "m", "roll": "r", "present": ["ana", "bo"]}}"#,
    );
    let clerk = community.key("clerk");
    let there = format!(
        "submit there.json --key {} --server {}",
        clerk.display(),
        server.url()
    );
    let deadline = std::time::Instant::now() + DEADLINE;
    loop {
        let asked = tried(community, &there);
        if asked.code == Some(0) {
            break;
        }
        assert!(asked.stderr.contains("MEETING_NOT_STARTED"), "{asked}");
        assert!(std::time::Instant::now() < deadline, "it never begins");
    }
    let opened = format!(
        r#"{{"voting_opened": {{"motion": "shed", "roll": "r", "closes_at_ms": {}}}}}"#,
        now.plus(3_600_000).0
    );
    act(&opened, "");
}

/// A vote is open while both keys are exchanged: the ballots stand on both sides of it, and the outcome is signed by
/// the next record key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_whose_vote_was_open_while_the_keys_were_exchanged_is_proved_by_either_key() {
    let community = Community::found("seam", "council");
    let server = Server::start(&community.data());
    let url = server.url().to_owned();
    let told = govledger(&community, &format!("query ledgers --json --server {url}")).json();
    let old = told["ledgers"][0]["verifier_key"]
        .as_str()
        .expect("a key")
        .to_owned();
    open_vote(&community, &server);
    govledger(
        &community,
        &format!("vote shed for --key ana.pem --server {url}"),
    );
    let new = exchange_keys(&community, &url);
    govledger(
        &community,
        &format!("vote shed against --key bo.pem --server {url}"),
    );
    submit(
        &community,
        &server,
        r#"{"voting_closed": {"motion": "shed"}}"#,
        "",
    );
    // The decision follows at once, and the proof needs it.
    let query = format!("query decision shed --server {url}");
    let deadline = std::time::Instant::now() + DEADLINE;
    while tried(&community, &query).code != Some(0) {
        assert!(std::time::Instant::now() < deadline, "it is never decided");
    }
    let written = format!("proof decision shed --out shed.govbundle --server {url}");
    let told = govledger(&community, &written);
    assert!(
        told.stdout.contains("2 ballots recorded, none left out"),
        "{told}"
    );
    server.stop().expect(0);
    std::fs::remove_dir_all(community.data()).expect("it is there");

    let proved = |file: &str, key: &str| {
        let line = format!("proof verify {file} --motion shed --key {key} --json");
        let ours = tried(&community, &line);
        let theirs = verify(&[&community.file(file)], "bundle", key);
        assert_eq!(ours.code, theirs.code, "{ours}\n{theirs}");
        ours
    };
    for key in [&old, &new] {
        let told = proved("shed.govbundle", key).expect(0).json();
        assert_eq!(told["ballots_cast"], Value::from(2), "{told}");
        assert_eq!(told["outcome"], Value::from("Rejected"), "{told}");
    }
    let foreign = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    proved("shed.govbundle", foreign).expect(1);
    // What stands on either side of the seam cannot be changed: the ballots, and the rotations between them.
    let good = fs::read(community.file("shed.govbundle")).expect("it is there");
    let of = |needle: &[u8]| {
        let places = good.windows(needle.len()).enumerate();
        let places = places.filter(|(_, bytes)| *bytes == needle);
        places.map(|(at, _)| at).collect::<Vec<_>>()
    };
    let key = |name: &str| system_tests::officer::read_key(&community.file(name));
    let ballots = ["ana.pem", "bo.pem"].map(|name| of(&key(name).verifying_key().to_bytes()));
    for places in ballots {
        // The enrolment names the key and is signed with it; so is the ballot.
        let at = *places.last().expect("it signed") + 40;
        let mut bad = good.clone();
        bad[at] ^= 1;
        community.write("bad.govbundle", bad);
        proved("bad.govbundle", &new).expect(1);
    }
}
