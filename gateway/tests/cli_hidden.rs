//! A vote whose ballots are hidden until its close, by commands: sealed, opened by the ledger, or by the voter
//! where the ledger has lost what opens them; and nobody sees a choice before.

mod support;

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use support::{Place, Ran, Server};

/// How long opening two ballots may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

const CHARTER: &str = r#"
title = "A council that votes hidden"
utc-offset = "+00:00"
clerk-in = "council"
teller-in = "council"

[[body]]
id = "council"
kind = "council"
name = "The council"

[[rule]]
id = "hidden"
preset = "committee-resolution"
body = "council"
visibility = "hidden-until-close"
"#;

/// Where the server tells all it does.
const LOG: &str = "serve.log";

/// What a choice is called where one is shown.
const CHOICES: [&str; 4] = [
    "STANCE_FOR",
    "STANCE_AGAINST",
    "Stance(For)",
    "Stance(Against)",
];

struct Town {
    place: Place,
    server: Option<Server>,
}

impl Town {
    /// Ada and Bob are on the roll, and `shed` is being voted on for an hour.
    fn voting() -> Self {
        let place = Place::new();
        place.write("charter.toml", CHARTER);
        place.found("charter.toml");
        let server = Some(place.serve_telling(LOG));
        let town = Self { place, server };
        for person in ["ada", "bob"] {
            let key = format!("{person}.pem");
            let made = town.place.run(&["key", "new", "--out", &key]).code(0);
            let enrolled = format!(
                r#"{{"person_enrolled": {{"person": "{person}", "keys": ["{}"]}}}}"#,
                made.out.trim()
            );
            town.submit(&enrolled, &format!("--attest-key {key}"));
        }
        town.submit(
            r#"{"roll_part": {"roll": "r1", "body": "council",
                "lines": [{"voter": "ada"}, {"voter": "bob"}]}}"#,
            "",
        );
        town.submit(
            r#"{"roll_published": {"roll": "r1", "body": "council", "as_of": "2026-01-01"}}"#,
            "",
        );
        town.submit(
            r#"{"motion_tabled": {"motion": "shed", "body": "council", "rule": "hidden",
                "text": {"title": "Build a shed"}}}"#,
            "",
        );
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let closes = now.as_millis() + 3_600_000;
        town.submit(
            &format!(
                r#"{{"voting_opened": {{"motion": "shed", "roll": "r1", "closes_at_ms": {closes}}}}}"#
            ),
            "",
        );
        town
    }

    fn url(&self) -> &str {
        &self.server.as_ref().expect("it runs").url
    }

    fn ask(&self, line: &str) -> Ran {
        self.place.line(&format!("{line} --server {}", self.url()))
    }

    #[track_caller]
    fn submit(&self, action: &str, flags: &str) {
        self.place.write("action.json", action);
        self.ask(&format!("submit action.json --key clerk.pem {flags}"))
            .code(0);
    }

    fn vote(&self, person: &str, choice: &str) -> String {
        let file = format!("{person}-{choice}.json");
        let line = format!("vote shed {choice} --key {person}.pem --opening {file}");
        self.ask(&line).code(0).warns("hidden until the close");
        fs::read_to_string(self.place.path(&file)).expect("what opens it")
    }

    fn decided(&self) -> Ran {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let ran = self.ask("query decision shed");
            if ran.code == 0 {
                return ran;
            }
            assert!(Instant::now() < deadline, "never decided: {}", ran.err);
        }
    }

    fn get(&self, path: &str) -> Vec<u8> {
        let address = self.url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("it answers");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        answer
    }
}

/// Every file of a directory and those within, without the sealed store.
fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "content") {
                files(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

fn has(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

/// The nonce of an opening, in every way it could be written: as bytes, in hexadecimal, in base64, and as a list
/// of numbers, which is how a log would show bytes.
fn written(opening: &str) -> [Vec<u8>; 4] {
    let value: serde_json::Value = serde_json::from_str(opening).expect("JSON");
    let hexed = value["nonce"].as_str().expect("a nonce");
    let raw = hex::decode(hexed).expect("hex");
    // Base64 of what stands at the beginning of a field, without its last characters.
    let base64 = base64(&raw);
    let numbers = format!("{raw:?}");
    let numbers = numbers.trim_matches(['[', ']']).as_bytes().to_vec();
    [raw, hexed.as_bytes().to_vec(), base64.into_bytes(), numbers]
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks_exact(3) {
        let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        for shift in [18, 12, 6, 0] {
            text.push(char::from(ALPHABET[(bits >> shift & 63) as usize]));
        }
    }
    text
}

#[test]
fn ballots_are_sealed_until_the_close_and_then_opened_by_the_ledger() {
    let town = Town::voting();
    let openings = [town.vote("ada", "for"), town.vote("bob", "against")];
    // Nothing that anybody is shown, and no file but the sealed store's, has what opens a ballot.
    let mut shown: Vec<(String, Vec<u8>)> = Vec::new();
    let mut found = Vec::new();
    files(&town.place.path("govledger-data"), &mut found);
    assert!(found.len() > 3, "{found:?}");
    for path in found {
        let bytes = fs::read(&path).unwrap_or_default();
        shown.push((path.display().to_string(), bytes));
    }
    for path in [
        "/metrics",
        "/log/town/tile/entries/000.p/12",
        "/town/motions/shed",
        "/town/entries",
    ] {
        shown.push((path.to_owned(), town.get(path)));
    }
    // What is only asked: that the vote be closed, that somebody vote, or vote again.
    town.place
        .write("closing.json", r#"{"voting_closed": {"motion": "shed"}}"#);
    for line in [
        "query motion shed --json",
        "query timeline --json",
        "submit closing.json --key clerk.pem --preview --json",
        "submit closing.json --key bob.pem --preview --json",
        "vote shed abstain --key bob.pem --preview --json",
    ] {
        let ran = town.ask(line);
        shown.push((line.to_owned(), (ran.out + &ran.err).into_bytes()));
    }
    let log = fs::read(town.place.path(LOG)).expect("its log");
    assert!(log.len() > 10_000, "it says a lot at this level");
    shown.push((LOG.to_owned(), log));
    for (place, bytes) in &shown {
        for secret in openings.iter().flat_map(|opening| written(opening)) {
            assert!(!has(bytes, &secret), "{place} shows what opens a ballot");
        }
        for choice in CHOICES {
            assert!(
                !has(bytes, choice.as_bytes()),
                "{place} shows a choice: {choice}"
            );
        }
    }
    town.ask("open ada-for.json --key ada.pem")
        .code(1)
        .warns("BALLOTS_STILL_HIDDEN");
    town.submit(r#"{"voting_closed": {"motion": "shed"}}"#, "");
    town.decided()
        .says("REJECTED: shed")
        .says("for (1): ada")
        .says("against (1): bob");
    town.ask("audit").code(0).says("everything follows");
    town.ask("open ada-for.json --key ada.pem").code(1);
}

#[test]
fn a_voter_opens_what_the_ledger_has_lost() {
    let mut town = Town::voting();
    for person in ["ada", "bob"] {
        town.vote(person, "for");
    }
    town.server.take().expect("it runs").kill();
    let lost = town.place.path("govledger-data/ledgers/town/content");
    fs::remove_dir_all(&lost).expect("the sealed store");
    town.server = Some(town.place.serve());
    town.submit(r#"{"voting_closed": {"motion": "shed"}}"#, "");
    for person in ["ada", "bob"] {
        town.ask("query decision shed").code(1);
        let other = if person == "ada" { "bob" } else { "ada" };
        town.ask(&format!("open {person}-for.json --key {other}.pem"))
            .code(1)
            .warns("PROXY_NOT_HELD");
        town.ask(&format!("open {person}-for.json --key {person}.pem"))
            .code(0);
    }
    town.decided()
        .says("ADOPTED: shed")
        .says("for (2): ada, bob");
}

#[test]
fn a_ballot_that_would_be_refused_leaves_no_file_that_opens_it() {
    let town = Town::voting();
    let ran = town.ask("vote shed for --key clerk.pem --opening clerk.json");
    ran.code(1).warns("NOT_ON_ROLL");
    assert!(!town.place.path("clerk.json").exists());
}

/// The bytes that are searched above are those that would be there: after the close, the log's entries have them.
#[test]
fn what_is_searched_for_before_the_close_is_found_after_it() {
    let town = Town::voting();
    let openings = [town.vote("ada", "for"), town.vote("bob", "against")];
    town.submit(r#"{"voting_closed": {"motion": "shed"}}"#, "");
    town.decided();
    let told = town.ask("query decision shed --json").code(0);
    assert!(has(told.out.as_bytes(), b"STANCE_FOR"), "{}", told.out);
    let mut found = Vec::new();
    files(&town.place.path("govledger-data"), &mut found);
    for opening in openings {
        let [raw, ..] = written(&opening);
        let in_a_file = |path: &PathBuf| has(&fs::read(path).unwrap_or_default(), &raw);
        assert!(found.iter().any(in_a_file), "the log has no opening");
    }
}
