//! What people get wrong at the command line: an exit code that tells the kinds apart, and a message
//! that says what, why and what to do next.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use system_tests::binary::{self, Finished};
use system_tests::community::Community;
use system_tests::server::Server;

/// A finding or a refusal.
const NO: i32 = 1;
/// The command was given something it cannot use.
const USAGE: i32 = 2;
/// A server or a disk is not there.
const UNAVAILABLE: i32 = 3;

/// One command that cannot do what it is asked.
struct Case {
    /// What is wrong.
    what: &'static str,
    /// The arguments; paths and addresses are put in for names in braces.
    arguments: &'static str,
    code: i32,
    /// What standard error must say, all of it.
    says: &'static [&'static str],
}

/// Commands that the program's own messages answer.
const CASES: &[Case] = &[
    // Files and keys.
    Case {
        what: "no such action file",
        arguments: "submit {none} --key {clerk} --server {server}",
        code: USAGE,
        says: &["cannot read", "none"],
    },
    Case {
        what: "an action that is not JSON",
        arguments: "submit {text} --key {clerk} --server {server}",
        code: USAGE,
        says: &["is not JSON"],
    },
    Case {
        what: "an action with a field no schema has",
        arguments: "submit {misspelt} --key {clerk} --server {server}",
        code: USAGE,
        says: &["is not an action", "motion_tabeled", "next:"],
    },
    Case {
        what: "no such key",
        arguments: "submit {motion} --key {none} --server {server}",
        code: USAGE,
        says: &["the key file", "next:", "key new"],
    },
    Case {
        what: "a key that others can read",
        arguments: "submit {motion} --key {open-key} --server {server}",
        code: USAGE,
        says: &["others than its owner can use it", "next:", "chmod 600"],
    },
    Case {
        what: "a key that is no key",
        arguments: "key show {private-text}",
        code: USAGE,
        says: &["does not hold an Ed25519 private key", "next:", "PKCS#8"],
    },
    Case {
        what: "a new key over another",
        arguments: "key new --out {clerk}",
        code: USAGE,
        says: &["exists", "why:", "lost", "next:"],
    },
    // The way to the ledger.
    Case {
        what: "no server",
        arguments: "query ledgers --server http://127.0.0.1:1",
        code: UNAVAILABLE,
        says: &[
            "there is no server at http://127.0.0.1:1",
            "next:",
            "govledger serve",
        ],
    },
    Case {
        what: "no address",
        arguments: "query ledgers --server nowhere:nothing:at-all",
        code: USAGE,
        says: &["is not a server's address", "such as http://"],
    },
    Case {
        what: "another ledger",
        arguments: "query decisions --ledger elsewhere --server {server}",
        code: NO,
        says: &["keeps no ledger elsewhere", "next:", "badly-used"],
    },
    // Refusals, with the ledger's reasons.
    Case {
        what: "a key nobody is known by",
        arguments: "submit {motion} --key {stranger} --server {server}",
        code: NO,
        says: &["belongs to nobody", "why:", "next:", "registrar"],
    },
    Case {
        what: "an act its signer has no right to",
        arguments: "submit {motion} --key {teller} --server {server}",
        code: NO,
        says: &["NO_RIGHT", "next:"],
    },
    Case {
        what: "a rule that is not in the charter",
        arguments: "submit {lawless} --key {clerk} --server {server}",
        code: NO,
        says: &["by-acclamation", "RULE_UNKNOWN", "next:"],
    },
    Case {
        what: "the same, asked beforehand",
        arguments: "submit {lawless} --key {clerk} --preview --server {server}",
        code: NO,
        says: &["by-acclamation", "RULE_UNKNOWN", "next:"],
    },
    Case {
        what: "a person enrolled twice",
        arguments: "submit {enrolled} --key {clerk} --server {server}",
        code: NO,
        says: &["PERSON_EXISTS", "next:"],
    },
    Case {
        what: "a second signature that is missing",
        arguments: "submit {with-key} --key {clerk} --server {server}",
        code: USAGE,
        says: &["a signature is missing", "next:", "--attest-key"],
    },
    Case {
        what: "a ballot on a motion that is not there",
        arguments: "vote barn for --key {clerk} --server {server}",
        code: NO,
        says: &["barn", "NO_SUCH_MOTION", "next:"],
    },
    Case {
        what: "a ballot before the vote is open",
        arguments: "vote shed for --key {clerk} --server {server}",
        code: NO,
        says: &["shed", "next:"],
    },
    Case {
        what: "a choice there is not",
        arguments: "vote shed perhaps --key {clerk} --server {server}",
        code: USAGE,
        says: &["perhaps", "next:"],
    },
    Case {
        what: "a decision that is not there",
        arguments: "query decision barn --server {server}",
        code: NO,
        says: &["barn", "NO_SUCH_DECISION", "next:"],
    },
    Case {
        what: "a person who is not there",
        arguments: "query person nobody --server {server}",
        code: NO,
        says: &["nobody", "NO_SUCH_PERSON", "next:"],
    },
    Case {
        what: "a receipt of an entry that is not there",
        arguments: "receipt get 1000000 --out {proof} --server {server}",
        code: NO,
        says: &["1000000", "NO_SUCH_ENTRY", "next:"],
    },
    Case {
        what: "files of a council that are not there",
        arguments: "import council {none} --key {clerk} --attest-key {teller} --server {server}",
        code: USAGE,
        says: &["cannot read", "items.csv", "next:"],
    },
    Case {
        what: "an import attested by the clerk alone",
        arguments: "import council {council} --key {clerk} --attest-key {clerk} --server {server}",
        code: USAGE,
        says: &["two officers", "next:", "--attest-key"],
    },
    // Data directories.
    Case {
        what: "serving where nothing was founded",
        arguments: "serve --data {none} --listen 127.0.0.1:0",
        code: UNAVAILABLE,
        says: &["next:", "govledger found"],
    },
    Case {
        what: "serving what is being served",
        arguments: "serve --data {data} --listen 127.0.0.1:0",
        code: UNAVAILABLE,
        says: &["in use", "next:"],
    },
    Case {
        what: "serving on an address that is taken",
        arguments: "serve --data {other-data} --listen {address}",
        code: UNAVAILABLE,
        says: &["{address}", "next:"],
    },
    Case {
        what: "a configuration with a misspelt key",
        arguments: "serve --config {config} --data {data}",
        code: USAGE,
        says: &["snapshot_evry", "next:"],
    },
    Case {
        what: "founding a ledger a second time",
        arguments: "found --ledger badly-used --name N --origin example.org/x --charter council \
                    --key {clerk} --attest-key {teller} --data {other-data}",
        code: NO,
        says: &["badly-used", "next:"],
    },
    Case {
        what: "an id no ledger can have",
        arguments: "found --ledger Badly_Used --name N --origin example.org/x --charter council \
                    --key {clerk} --attest-key {teller} --data {other-data}",
        code: USAGE,
        says: &["Badly_Used"],
    },
    Case {
        what: "an offset from UTC that there is not",
        arguments: "found --ledger new --name N --origin example.org/x --charter council \
                    --key {clerk} --attest-key {teller} --data {other-data} --utc-offset +25:00",
        code: USAGE,
        says: &["+25:00"],
    },
    Case {
        what: "auditing a directory that is not there",
        arguments: "audit --data {none}",
        code: UNAVAILABLE,
        says: &["why:", "There is no such directory", "next:"],
    },
    Case {
        what: "auditing a ledger that is not in the directory",
        arguments: "audit --data {other-data} --ledger elsewhere",
        code: UNAVAILABLE,
        says: &["no ledger elsewhere", "why:", "badly-used", "next:"],
    },
    // What clap answers.
    Case {
        what: "no command",
        arguments: "",
        code: USAGE,
        says: &["Usage:"],
    },
    Case {
        what: "a command there is not",
        arguments: "destroy",
        code: USAGE,
        says: &["destroy", "Usage:"],
    },
    Case {
        what: "a command without its key",
        arguments: "vote shed for",
        code: USAGE,
        says: &["--key"],
    },
];

/// Where everything is that the cases name.
struct Place {
    community: Community,
    server: Server,
}

impl Place {
    /// A council whose clerk has tabled one motion and enrolled one person.
    fn new() -> Place {
        let community = Community::found("badly-used", "council");
        let server = Server::start(&community.data());
        let place = Place { community, server };
        let c = &place.community;
        let motion = |id: &str, rule: &str| {
            json!({"motion_tabled": {"motion": id, "body": "council", "rule": rule,
                "text": {"title": "A shed"}}})
        };
        let stranger = c.new_key("stranger");
        let public = place.run("key show {stranger}").expect(0).stdout;
        let with_key = json!({"person_enrolled": {"person": "x", "keys": [public.trim()]}});
        let misspelt = motion("x", "council-ordinary").to_string();
        let misspelt = misspelt.replace("motion_tabled", "motion_tabeled");
        c.write("motion", motion("shed", "council-ordinary").to_string());
        c.write("lawless", motion("x", "by-acclamation").to_string());
        c.write(
            "enrolled",
            json!({"person_enrolled": {"person": "ada"}}).to_string(),
        );
        c.write("with-key", with_key.to_string());
        c.write("misspelt", misspelt);
        c.write("text", "A shed, please.");
        c.write("config", "snapshot_evry = 1\n");
        let private = c.write("private-text", "A shed, please.");
        mode(&private, 0o600);
        fs::copy(&stranger, c.file("open-key.pem")).expect("there is room for a key");
        mode(&c.file("open-key.pem"), 0o644);
        system_tests::directory::copy(&c.data(), &c.file("other-data"));
        for file in ["motion", "enrolled"] {
            let submit = format!("submit {{{file}}} --key {{clerk}} --server {{server}}");
            place.run(&submit).expect(0);
        }
        place
    }

    /// Runs a command with every name in braces put in.
    fn run(&self, arguments: &str) -> Finished {
        let words = arguments.split_whitespace().map(|word| self.put_in(word));
        binary::run(words)
    }

    fn put_in(&self, word: &str) -> String {
        let Some(name) = word.strip_prefix('{').and_then(|w| w.strip_suffix('}')) else {
            return word.to_owned();
        };
        let c = &self.community;
        let path = match name {
            "server" => return self.server.url().to_owned(),
            "address" => return self.server.url().replace("http://", ""),
            "clerk" | "teller" | "stranger" | "open-key" => c.key(name),
            "council" => binary::workspace().join("tests/testdata/council-2024"),
            name => c.file(name),
        };
        path.display().to_string()
    }
}

fn mode(path: &std::path::Path, mode: u32) {
    let permissions = fs::Permissions::from_mode(mode);
    fs::set_permissions(path, permissions).expect("a file of ours");
}

#[test]
fn what_cannot_be_done_is_told_with_why_and_what_to_do() {
    let place = Place::new();
    let mut wrong = Vec::new();
    for case in CASES {
        let told = place.run(case.arguments);
        let missing = case.says.iter().map(|says| place.put_in(says));
        let missing: Vec<String> = missing.filter(|says| !told.stderr.contains(says)).collect();
        // Who reads standard output with a program must not find half an answer there.
        let silent = told.stdout.is_empty() && !told.stderr.contains("panicked");
        if told.code != Some(case.code) || !missing.is_empty() || !silent {
            let (what, code) = (case.what, case.code);
            wrong.push(format!(
                "{what}: not {code}, or without {missing:?}: {told}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    place.server.stop().expect(0);
}

#[test]
fn an_offline_proof_that_was_touched_proves_nothing() {
    let place = Place::new();
    let c = &place.community;
    let fetched = place.run("receipt get 0 --out {founding.tlog-proof} --server {server}");
    let fetched = fetched.expect(0);
    let (_, command) = fetched
        .stdout
        .split_once("govledger ")
        .expect("it says how to check");
    // As a person would paste it, quotes and all.
    let command: Vec<String> = command
        .split_whitespace()
        .map(|word| word.trim_matches('\'').to_owned())
        .collect();
    place.server.stop().expect(0);
    let proved = binary::run(&command).expect(0);
    assert!(proved.stdout.contains("Proved"), "{proved}");
    assert!(proved.stdout.contains("ledger_founded"), "{proved}");

    let [proof, entry] = ["founding.tlog-proof", "founding.entry"].map(|name| c.file(name));
    for (file, what) in [(&proof, "the proof"), (&entry, "the entry")] {
        let sound = fs::read(file).expect("it was fetched");
        for at in (0..sound.len()).step_by(sound.len() / 7) {
            system_tests::directory::flip(file, at);
            let told = binary::run(&command);
            assert_eq!(told.code, Some(NO), "byte {at} of {what} altered: {told}");
            fs::write(file, &sound).expect("there is room");
        }
    }
    let stranger = command.last().expect("a key").replace("badly-used", "else");
    let mut other = command.clone();
    *other.last_mut().expect("a key") = stranger;
    assert_eq!(
        binary::run(&other).code,
        Some(USAGE),
        "a key whose id is not its own"
    );
    binary::run(&command).expect(0);
}
