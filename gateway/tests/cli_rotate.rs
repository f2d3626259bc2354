//! The ledger's own keys exchanged by those who keep it, and everybody who checks.

mod support;

use std::fs;

use support::{Place, Server};

const KEYS: &str = "govledger-data/ledgers/town/keys";

/// A town, served, and the verifier key it was founded with.
fn town() -> (Place, Server, String) {
    let place = Place::new();
    let founded = place.found("council");
    let key = founded["verifier_key"].as_str().unwrap().to_owned();
    let server = place.serve();
    (place, server, key)
}

fn enrol(place: &Place, server: &Server, person: &str) {
    let action = format!(r#"{{"person_enrolled": {{"person": "{person}"}}}}"#);
    place.write("action.json", &action);
    let line = format!("submit action.json --key clerk.pem --server {}", server.url);
    place.line(&line).code(0);
}

fn rotate(server: &Server, old: &str, new: &str) -> String {
    format!(
        "key rotate --old-key {KEYS}/{old} --new-key {KEYS}/{new} --key clerk.pem --json --server {}",
        server.url
    )
}

#[test]
fn both_keys_are_rotated_while_the_node_serves_and_what_was_signed_before_stays_valid() {
    let (place, server, old) = town();
    enrol(&place, &server, "ada");
    let url = &server.url;
    let get = |index: u64, name: &str| {
        let line = format!("receipt get {index} --out {name}.tlog-proof --server {url}");
        place.line(&line).code(0);
    };
    get(1, "before");
    // The node has to hold the new key first.
    place.line("key new --out elsewhere.pem").code(0);
    let line = format!(
        "key rotate --old-key {KEYS}/checkpoint.pem --new-key elsewhere.pem --key clerk.pem --server {url}"
    );
    place.line(&line).code(1).warns("does not hold the new key");
    place
        .line(&format!("key new --out {KEYS}/checkpoint-2.pem"))
        .code(0);
    place
        .line(&format!("key new --out {KEYS}/record-2.pem"))
        .code(0);
    let rotates = rotate(&server, "checkpoint.pem", "checkpoint-2.pem");
    let told = place.line(&rotates).code(0).json();
    let new = told["key"].as_str().unwrap().to_owned();
    assert_eq!(told["which"], "checkpoint");
    assert_eq!(told["index"], 2);
    assert_ne!(new, old);
    // Once more is no harm, and records nothing.
    let again = place.line(&rotates).code(0).json();
    assert!(again["index"].is_null(), "{again}");
    let told = place.line(&rotate(&server, "record.pem", "record-2.pem"));
    assert_eq!(told.code(0).json()["which"], "record");
    enrol(&place, &server, "bo");
    get(4, "after");

    let verify = |name: &str, key: &str| {
        let file = format!("{name}.tlog-proof");
        place.run(&["receipt", "verify", &file, "--key", key])
    };
    verify("before", &old).code(0);
    verify("after", &new).code(0);
    verify("before", &new).code(1);
    verify("after", &old).code(1).warns("govledger audit");
    // Whoever pinned the founding's key is led to the new one, by entries that the old one signed.
    let audit = |key: &str| place.run(&["audit", "--server", url, "--key", key]);
    audit(&old).code(0).says(&new);
    audit(&new).code(0);
    let other = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    audit(other).code(1);
    // An auditor who remembers from before the seam goes on over it.
    place
        .line(&format!("export bundle --out b.govbundle --server {url}"))
        .code(0);
    place
        .run(&[
            "audit",
            "--bundle",
            "b.govbundle",
            "--key",
            &old,
            "--state",
            "s",
        ])
        .code(0)
        .says(&new);
    server.kill();
    // The old keys are of no more use, and without the new ones nothing goes on.
    for old in ["checkpoint.pem", "record.pem"] {
        fs::remove_file(place.path(&format!("{KEYS}/{old}"))).unwrap();
    }
    let server = place.serve();
    enrol(&place, &server, "cy");
    place
        .run(&["audit", "--server", &server.url, "--state", "s"])
        .code(0);
    server.kill();
    let held = place.path(&format!("{KEYS}/checkpoint-2.pem"));
    let aside = place.path("aside.pem");
    fs::rename(&held, &aside).unwrap();
    let server = place.serve();
    place.write("action.json", r#"{"person_enrolled": {"person": "di"}}"#);
    let line = format!("submit action.json --key clerk.pem --server {}", server.url);
    place.line(&line).code(3).warns("checkpoint key in force");
}

/// Killed the moment the answer comes, after each of the two, and while one is under way.
#[test]
fn a_node_killed_during_a_rotation_knows_after_it_which_key_signs() {
    let (place, mut server, _) = town();
    let mut before = "checkpoint.pem".to_owned();
    for round in 2..6 {
        let next = format!("checkpoint-{round}.pem");
        place.line(&format!("key new --out {KEYS}/{next}")).code(0);
        server.kill();
        server = place.serve();
        let rotates = rotate(&server, &before, &next);
        // Killed under way at first, so that the entry may or may not be there.
        let mut running = place.spawn(&rotates);
        server.kill();
        running.wait().expect("it ends");
        server = place.serve();
        let told = place.line(&rotate(&server, &before, &next)).code(0).json();
        assert_eq!(told["which"], "checkpoint", "{told}");
        server.kill();
        server = place.serve();
        enrol(&place, &server, &format!("person-{round}"));
        before = next;
    }
    place.line("audit --data govledger-data").code(0);
}

/// A witness goes on with the keys it is told of, and no longer with one that was given up.
#[test]
fn a_witness_is_told_of_the_new_key_and_goes_on() {
    let (place, server, old) = town();
    place.line("key new --out street.pem").code(0);
    let witness = |args: &[&str]| place.run(&[&["witness"], args].concat());
    witness(&["add", &old, "--data", "street"]).code(0);
    let name = "witness.example.org/street";
    let vkey = witness(&["vkey", "--key", "street.pem", "--name", name]).code(0);
    let serve = || {
        let args = [
            "witness",
            "serve",
            "--data",
            "street",
            "--key",
            "street.pem",
            "--name",
            name,
            "--listen",
            "127.0.0.1:0",
        ];
        place.start(&args)
    };
    let street = serve();
    let port = street.url.rsplit(':').next().unwrap().to_owned();
    let policy = format!(
        "log {old}\nwitness street {} {}\nquorum street\n",
        vkey.out.trim(),
        street.url
    );
    place.write("town.policy", &policy);
    place.write("govledger.toml", "witness_policy = \"town.policy\"\n");
    server.kill();
    let listen = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--config",
        "govledger.toml",
    ];
    let server = place.start(&listen);
    let published = |person: &str| {
        let action = format!(r#"{{"person_enrolled": {{"person": "{person}"}}}}"#);
        place.write("action.json", &action);
        let line = format!(
            "submit action.json --key clerk.pem --wait-published --server {}",
            server.url
        );
        let said = place.line(&line).code(0);
        !said.out.contains("pending witnesses")
    };
    assert!(published("ada"));
    place
        .line(&format!("key new --out {KEYS}/checkpoint-2.pem"))
        .code(0);
    let rotates = rotate(&server, "checkpoint.pem", "checkpoint-2.pem");
    let new = place.line(&rotates).code(0).json()["key"].clone();
    let new = new.as_str().unwrap();
    // The witness does not know it yet: admission goes on, publication waits, and what is published stays.
    place.write("b.json", r#"{"person_enrolled": {"person": "bo"}}"#);
    let line = format!("submit b.json --key clerk.pem --server {}", server.url);
    place.line(&line).code(0).says("pending witnesses");
    street.kill();
    witness(&["add", new, "--data", "street"]).code(0);
    witness(&["add", new, "--data", "street"])
        .code(1)
        .warns("knows that key");
    let again = [
        "witness",
        "serve",
        "--data",
        "street",
        "--key",
        "street.pem",
        "--name",
        name,
        "--listen",
        &format!("127.0.0.1:{port}"),
    ];
    let _street = place.start(&again);
    assert!(published("cy"));
}
