//! What the command line does without a server: keys, founding, usage, completions.

mod support;

use std::{fs, os::unix::fs::PermissionsExt as _};

use support::Place;

#[test]
fn a_key_is_private_and_never_replaced() {
    let place = Place::new();
    let created = place.line("key new --out k.pem").code(0);
    let public = created.out.trim();
    assert_eq!(public.len(), 64);
    assert!(public.bytes().all(|b| b.is_ascii_hexdigit()));
    let mode = fs::metadata(place.path("k.pem"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read(place.path("k.pem")).unwrap();
    place
        .line("key new --out k.pem")
        .code(2)
        .warns("File exists");
    assert_eq!(fs::read(place.path("k.pem")).unwrap(), before);
    place.line("key show k.pem").code(0).says(public);
    let shown = place.line("key show k.pem --json").code(0).json();
    assert_eq!(shown["public_key"], public);
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let place = Place::new();
    place.line("key new --out k.pem").code(0);
    for mode in [0o640, 0o604, 0o666] {
        fs::set_permissions(place.path("k.pem"), fs::Permissions::from_mode(mode)).unwrap();
        place
            .line("key show k.pem")
            .code(2)
            .warns("chmod 600 k.pem");
    }
    place.write("no.pem", "not a key");
    fs::set_permissions(place.path("no.pem"), fs::Permissions::from_mode(0o600)).unwrap();
    place
        .line("key show no.pem")
        .code(2)
        .warns("does not hold an Ed25519 private key");
    place
        .line("key show missing.pem")
        .code(2)
        .warns("govledger key new --out missing.pem");
}

#[test]
fn a_ledger_is_founded_once() {
    let place = Place::new();
    let founded = place.found("council");
    assert_eq!(founded["ledger"], "town");
    let key = founded["verifier_key"].as_str().unwrap();
    assert!(key.starts_with("town.example/ledger+"), "{key}");
    assert_eq!(founded["genesis"].as_str().unwrap().len(), 64);
    let again = "found --ledger town --name Town --charter council --key clerk.pem";
    place
        .line(again)
        .code(1)
        .warns("already")
        .warns("found another with another --ledger");
    let other = "found --ledger other --name Other --charter residents --key clerk.pem";
    place
        .line(other)
        .code(0)
        .says("is founded")
        .warns("localhost/other");
}

#[test]
fn a_data_directory_may_be_a_bare_name_or_a_new_path() {
    let place = Place::new();
    place.line("key new --out k.pem").code(0);
    for data in ["bare", "./dotted", "new/path"] {
        let line = format!("found --ledger t --name T --charter council --key k.pem --data {data}");
        place.line(&line).code(0).says("is founded");
        place
            .line(&format!("audit --data {data}"))
            .code(0)
            .says("everything follows");
    }
}

#[test]
fn one_person_is_not_two_officers() {
    let place = Place::new();
    place.line("key new --out k.pem").code(0);
    let line = "found --ledger town --name Town --charter council --key k.pem --attest-key k.pem";
    let refused = place.line(line);
    assert!(refused.code == 1 || refused.code == 2, "{}", refused.err);
    assert!(!place.path("govledger-data/ledgers/town").exists());
}

#[test]
fn what_cannot_be_used_is_usage() {
    let place = Place::new();
    let lines = [
        "",
        "nonsense",
        "key",
        "key new",
        "found --ledger Town --name T --charter council --key k.pem",
        "found --ledger town --name T --charter senate --key k.pem",
        "found --ledger town --name T --charter council --key missing.pem",
        "found --ledger town --name T --charter council --key k.pem --utc-offset 8",
        "query decision Not-An-Id",
        "query decisions --from 2024-02-30",
        "vote m for",
        "receipt verify proof --key not-a-key",
        "submit missing.json --key missing.pem",
        "query ledgers --server not\u{a0}an\u{a0}address",
        "completions klingon",
    ];
    for line in lines {
        place.line(line).code(2);
    }
}

#[test]
fn a_server_that_is_not_there_is_unavailable() {
    let place = Place::new();
    // Port 1 is reserved and nobody listens there.
    let there = "--server http://127.0.0.1:1";
    place
        .line(&format!("query ledgers {there}"))
        .code(3)
        .warns("there is no server at http://127.0.0.1:1")
        .warns("govledger serve");
    place.line(&format!("watch {there}")).code(3);
    place
        .line(&format!("receipt get 0 --out r.tlog-proof {there}"))
        .code(3);
    assert!(!place.path("r.tlog-proof").exists());
}

#[test]
fn completions_know_every_command() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.line(&format!("completions {shell}")).code(0).out;
        for word in ["import", "receipt", "attest-key", "officeholders"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn a_proof_that_is_none_is_a_finding_and_a_missing_one_is_usage() {
    let place = Place::new();
    place.write("r.tlog-proof", "nothing of the kind");
    place.write("r.entry", "x");
    let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let verify = |file: &str| place.run(&["receipt", "verify", file, "--key", key]);
    verify("r.tlog-proof").code(1).warns("is not a proof");
    verify("missing.tlog-proof").code(2);
}
