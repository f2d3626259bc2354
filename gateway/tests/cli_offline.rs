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

/// As a shell gives a passphrase in a file, and a key in a variable or a descriptor.
fn shell(place: &Place, script: &str) -> std::process::Output {
    let mut command = std::process::Command::new("bash");
    command.args(["-euo", "pipefail", "-c", script]);
    command.env("G", env!("CARGO_BIN_EXE_govledger"));
    command.current_dir(place.path("."));
    command.output().expect("bash runs")
}

#[test]
fn keys_may_be_encrypted_or_come_from_a_variable_or_a_descriptor() {
    let place = Place::new();
    let said = shell(
        &place,
        "umask 077; echo 'correct horse' > words; echo other > others
         export GOVLEDGER_KEY_PASSPHRASE_FROM=words
         public=$($G key new --out k.pem 2> said)
         grep -q 'BEGIN ENCRYPTED PRIVATE KEY' k.pem
         test $($G key show k.pem) = $public
         # The passphrase through a descriptor; another one, or none, does not open it.
         test $(GOVLEDGER_KEY_PASSPHRASE_FROM=fd:7 $G key show k.pem 7< words) = $public
         ! GOVLEDGER_KEY_PASSPHRASE_FROM=others $G key show k.pem 2> wrong
         grep -q 'the passphrase does not open the key' wrong
         ! env -u GOVLEDGER_KEY_PASSPHRASE_FROM $G key show k.pem 2> none
         grep -q 'encrypted: say where its passphrase is' none
         # Encrypted in its place under another, it is the same key.
         GOVLEDGER_KEY_PASSPHRASE_FROM=others $G key protect k.pem --opened-by words
         test $(GOVLEDGER_KEY_PASSPHRASE_FROM=others $G key show k.pem) = $public
         # OpenSSL reads it.
         openssl pkey -in k.pem -passin pass:other -out clear.pem
         test $($G key show clear.pem) = $public
         # Not in a file at all.
         test $(K=\"$(cat clear.pem)\" $G key show env:K) = $public
         test $($G key show fd:9 9< clear.pem) = $public
         chmod 644 words; ! $G key show k.pem 2> wide; grep -q 'chmod 600' wide",
    );
    let (out, err) = (&said.stdout, &said.stderr);
    let (out, err) = (String::from_utf8_lossy(out), String::from_utf8_lossy(err));
    assert!(said.status.success(), "{out}\n{err}");
}

#[test]
fn a_ledger_goes_on_with_keys_that_are_encrypted_or_elsewhere() {
    let place = Place::new();
    place.found("council");
    let said = shell(
        &place,
        "umask 077; echo 'correct horse' > words
         keys=govledger-data/ledgers/town/keys
         for key in $keys/*.pem; do
             GOVLEDGER_KEY_PASSPHRASE_FROM=words $G key protect $key
         done
         cp $keys/record.pem moved.pem; echo env:RECORD > $keys/record.pem
         export RECORD=\"$(cat moved.pem)\"
         serve() { $G serve --listen 127.0.0.1:0 > out 2> err & server=$!; }
         serve; wait $server && exit 1
         grep -q 'encrypted: say where its passphrase is' err
         grep -q 'Start the node with what opens its keys' err
         export GOVLEDGER_KEY_PASSPHRASE_FROM=words
         serve; until grep -q listening out; do kill -0 $server; done
         url=$(sed -n 's/.* listening on //p' out)
         echo '{\"person_enrolled\": {\"person\": \"ada\"}}' | $G submit - --key clerk.pem --server $url
         kill $server; wait $server
         $G audit --data govledger-data",
    );
    let (out, err) = (&said.stdout, &said.stderr);
    let (out, err) = (String::from_utf8_lossy(out), String::from_utf8_lossy(err));
    assert!(said.status.success(), "{out}\n{err}");
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
