//! A verifier in another language, written from FORMAT.md alone: what we write it accepts, and what was
//! changed it refuses, whatever we think of it.

use std::fs;
use std::path::Path;

use serde_json::Value;
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
    let mut command = std::process::Command::new(interpreter());
    binary::without_settings(&mut command);
    command.arg(binary::workspace().join("tests/verifier/verify.py"));
    command.arg(what).args(arguments).args(["--key", key]);
    binary::finish(command)
}

fn govledger(community: &Community, line: &str) -> Finished {
    let mut command = binary::command(line.split_whitespace());
    command.current_dir(community.root());
    binary::finish(command).expect(0)
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
    // The key of checkpoints is exchanged, and then the record key.
    let keys = "data/ledgers/proofs/keys";
    let clerk_key = community.key("clerk");
    for which in ["checkpoint", "record"] {
        govledger(&community, &format!("key new --out {keys}/{which}-2.pem"));
        let rotates = format!(
            "key rotate --old-key {keys}/{which}.pem --new-key {keys}/{which}-2.pem --key {} --server {}",
            clerk_key.display(),
            server.url()
        );
        govledger(&community, &rotates);
    }
    let told = govledger(
        &community,
        &format!("receipt get 7 --out r.tlog-proof --server {}", server.url()),
    );
    let (_, new) = told
        .stdout
        .rsplit_once("--key '")
        .expect("it says how to check");
    let new = new.trim().trim_end_matches('\'').to_owned();
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
