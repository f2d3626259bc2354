//! The auditor who remembers, compares and watches: over the wire, against servers that lie.

mod liar;
mod support;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::mpsc,
    thread,
    time::Duration,
};

use liar::{Liar, Lie};
use serde_json::Value;
use support::{Place, Server};

/// How long a monitor may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

const OTHER_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

fn enrol(place: &Place, server: &Server, person: &str) {
    let action = format!(r#"{{"person_enrolled": {{"person": "{person}"}}}}"#);
    place.write("action.json", &action);
    let line = format!("submit action.json --key clerk.pem --server {}", server.url);
    place.line(&line).code(0);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a file");
        }
    }
}

fn serve(place: &Place, data: &str, listen: &str) -> Server {
    place.start(&["serve", "--data", data, "--listen", listen])
}

/// A town of four entries, and what two operators made of it from there: `one` and `other`.
fn parted() -> (Place, String) {
    let place = Place::new();
    let founded = place.found("council");
    let key = founded["verifier_key"].as_str().expect("a key").to_owned();
    let server = serve(&place, "govledger-data", "127.0.0.1:0");
    for person in ["ada", "bo", "cy"] {
        enrol(&place, &server, person);
    }
    server.kill();
    for (data, person) in [("one", "dan"), ("other", "eve")] {
        copy(&place.path("govledger-data"), &place.path(data));
        let server = serve(&place, data, "127.0.0.1:0");
        enrol(&place, &server, person);
        server.kill();
    }
    (place, key)
}

#[test]
fn an_auditor_who_remembers_is_shown_no_second_history_and_no_old_one() {
    let (place, key) = parted();
    let audit = |data: &str, more: &str| {
        place.line(&format!("audit --data {data} --state town.state {more}"))
    };
    audit("one", "").code(0).warns("pinned from now on");
    let first = fs::read(place.path("town.state")).unwrap();
    audit("one", "").code(0);
    assert_eq!(fs::read(place.path("town.state")).unwrap(), first);
    audit("other", "--evidence fork")
        .code(1)
        .warns("another history")
        .warns("FORKED")
        .warns("govledger evidence verify fork");
    audit("govledger-data", "--evidence back")
        .code(1)
        .warns("rolled back")
        .warns("ROLLED_BACK");
    assert_eq!(
        fs::read(place.path("town.state")).unwrap(),
        first,
        "what does not hold is not believed"
    );
    let verify =
        |file: &str, key: &str| place.run(&["evidence", "verify", file, "--key", key, "--json"]);
    let proven = verify("fork", &key).code(0).json();
    assert_eq!(proven["finding"]["code"], "FORKED");
    assert_eq!(proven["finding"]["index"], 4);
    verify("fork", OTHER_KEY).code(1).warns("proves nothing");
    let proven = verify("back", &key).code(0).json();
    assert_eq!(proven["finding"]["code"], "ROLLED_BACK");
    // Evidence is not overwritten, and an honest log gives none.
    audit("other", "--evidence fork").code(2).warns("already");
    audit("one", "--evidence none").code(0);
    assert!(!place.path("none").exists());
    place
        .line("export bundle --data one --out honest.govbundle")
        .code(0);
    verify("honest.govbundle", &key)
        .code(1)
        .warns("everything follows");
    // What somebody wrote into the state is no memory.
    let mut changed = first.clone();
    let at = changed.len() / 2;
    changed[at] ^= 1;
    fs::write(place.path("town.state"), changed).unwrap();
    audit("one", "").code(2).warns("not an auditor's state");
}

#[test]
fn two_servers_must_show_one_history() {
    let (place, key) = parted();
    let one = serve(&place, "one", "127.0.0.1:0");
    let other = serve(&place, "other", "127.0.0.1:0");
    let before = serve(&place, "govledger-data", "127.0.0.1:0");
    let both = |first: &Server, second: &Server, more: &str| {
        place.line(&format!(
            "audit --server {} --server {} {more}",
            first.url, second.url
        ))
    };
    // One that lags is of the same history, whichever is asked first.
    both(&one, &before, "").code(0);
    both(&before, &one, "").code(0);
    both(&one, &other, "--evidence fork")
        .code(1)
        .warns("FORKED");
    enrol(&place, &other, "fay");
    both(&one, &other, "--evidence longer")
        .code(1)
        .warns("FORKED");
    both(&other, &one, "").code(1).warns("FORKED");
    for file in ["fork", "longer"] {
        let verify = ["evidence", "verify", file, "--key", &key];
        place.run(&verify).code(0).says("FORKED");
    }
    let line = format!("export tiles t --server {0} --server {0}", one.url);
    place.line(&line).code(2).warns("only an audit");
}

#[test]
fn a_server_that_answers_otherwise_than_its_entries_do_is_found() {
    let place = Place::new();
    place.found("council");
    let server = serve(&place, "govledger-data", "127.0.0.1:0");
    support::decide_shed(&place, &server);
    let audit = |url: &str| place.line(&format!("audit --server {url} --json"));
    audit(&server.url).code(0);
    let honest = Liar::before(&server.url, |_, _| None);
    audit(&honest.url).code(0);
    let cases: [(&str, Lie, &str); 9] = [
        (
            "a motion that is still open",
            liar::another_standing,
            "the motion shed",
        ),
        ("no motions", liar::no_motions, "leaves it out"),
        (
            "another voter",
            liar::another_voter,
            "the roll of council as of 2026-01-01",
        ),
        ("a member less", liar::a_member_less, "the roll of council"),
        (
            "a case nobody opened",
            liar::a_case_more,
            "the case invented",
        ),
        (
            "another outcome",
            liar::another_outcome,
            "the decision of shed",
        ),
        ("no decisions", liar::no_decisions, "leaves it out"),
        ("another officer", liar::another_officer, "the office"),
        (
            "a power nobody gave",
            liar::a_power_more,
            "there is none by the entries",
        ),
    ];
    for (lie, tell, says) in cases {
        let liar = Liar::before(&server.url, tell);
        let found = audit(&liar.url).code(1).json();
        let finding = &found["ledgers"][0]["finding"];
        assert_eq!(finding["code"], "ANSWER_DIFFERS", "{lie}");
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains(says), "{lie}: {message}");
    }
}

/// Takes one request, answers it, and hands on its body.
fn webhook() -> (String, mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/found", listener.local_addr().expect("a port"));
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a caller");
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a line");
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("the body");
        let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
        reader.get_mut().write_all(answer).expect("answered");
        // The test may have failed before.
        let _ = send.send(serde_json::from_slice(&body).expect("JSON"));
    });
    (url, receive)
}

/// What an address serves as metrics.
fn metrics(url: &str) -> String {
    let address = url.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head = format!("GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn a_monitor_looks_again_measures_and_ends_with_the_first_finding() {
    let (place, key) = parted();
    let one = serve(&place, "one", "127.0.0.1:0");
    let address = one.url.strip_prefix("http://").unwrap().to_owned();
    let bounded = format!(
        "audit --server {} --follow --every 1 --looks 2 --key {key}",
        one.url
    );
    place
        .line(&bounded)
        .code(0)
        .warns("5 entries, everything follows");
    let (hook, told) = webhook();
    let monitor = place.start(&[
        "audit",
        "--server",
        &one.url,
        "--follow",
        "--every",
        "1",
        "--state",
        "town.state",
        "--evidence",
        "found",
        "--metrics",
        "127.0.0.1:0",
        "--webhook",
        &hook,
    ]);
    let until = |what: &str| {
        support::within(DEADLINE, || {
            let text = metrics(&monitor.url);
            text.contains(what).then_some(text)
        })
    };
    until("govledger_auditor_entries{ledger=\"town\"} 5");
    enrol(&place, &one, "fay");
    let text = until("govledger_auditor_entries{ledger=\"town\"} 6");
    assert!(text.contains("govledger_auditor_findings_total{ledger=\"town\"} 0"));
    // Nobody has cosigned.
    let mut documented = documented_metrics();
    documented.remove("govledger_auditor_cosigned_at_seconds");
    assert_eq!(exposed_metrics(&text), documented);
    // A server that is away is nothing found.
    one.kill();
    until("govledger_auditor_unread_total{ledger=\"town\"} 1");
    // Another history comes up in its place.
    let other = serve(&place, "other", &address);
    for person in ["gil", "hal"] {
        enrol(&place, &other, person);
    }
    let found = told.recv_timeout(DEADLINE).expect("it tells what it found");
    assert_eq!(found["finding"]["code"], "FORKED");
    assert_eq!(monitor.ended(DEADLINE), Some(1));
    let verify = ["evidence", "verify", "found", "--key", &key];
    place.run(&verify).code(0).says("FORKED");
}

/// A directory that is watched, and what somebody puts in its place.
#[test]
fn a_monitor_of_a_data_directory_finds_what_is_taken_back_or_cut_and_follows_what_is_restored() {
    let (place, key) = parted();
    let put = |data: &str| {
        // At once, so that the monitor sees the one or the other, or neither.
        let aside = place.path(&format!("before-{data}"));
        fs::rename(place.path("watched"), aside).expect("it is there");
        fs::rename(place.path(data), place.path("watched")).expect("it is there");
    };
    let watch = |evidence: &str| {
        let args = "audit --data watched --follow --every 1 --metrics 127.0.0.1:0 --evidence";
        let mut args: Vec<_> = args.split_whitespace().collect();
        args.push(evidence);
        place.start(&args)
    };
    let until = |monitor: &Server, entries: u64| {
        let line = format!("govledger_auditor_entries{{ledger=\"town\"}} {entries}\n");
        support::within(DEADLINE, || {
            metrics(&monitor.url).contains(&line).then_some(())
        });
    };
    place
        .line("export bundle --data one --out one.govbundle")
        .code(0);
    for (from, to) in [
        ("govledger-data", "watched"),
        ("govledger-data", "older"),
        ("one", "cut"),
    ] {
        copy(&place.path(from), &place.path(to));
    }
    let monitor = watch("taken-back");
    until(&monitor, 4);
    // Brought back from its bundle, the log has the same entries in other blocks, and one more.
    let restore = "restore one.govbundle --keys one/ledgers/town/keys --data restored";
    place.line(restore).code(0);
    put("restored");
    until(&monitor, 5);
    put("older");
    assert_eq!(monitor.ended(DEADLINE), Some(1));
    let verify = ["evidence", "verify", "taken-back", "--key", &key];
    place.run(&verify).code(0).says("ROLLED_BACK");

    put("one");
    let monitor = watch("cut-off");
    until(&monitor, 5);
    // The journal stays, and the log is that of an older copy.
    let log = place.path("cut/ledgers/town/log");
    fs::remove_dir_all(&log).expect("it is there");
    copy(&place.path("govledger-data/ledgers/town/log"), &log);
    put("cut");
    assert_eq!(monitor.ended(DEADLINE), Some(1));
    place
        .line("audit --data watched")
        .code(1)
        .warns("but a checkpoint of 5 entries was signed");
}

#[test]
fn what_a_monitor_or_a_state_cannot_be_used_with_is_usage() {
    let (place, _) = parted();
    for line in [
        "audit --bundle b --follow",
        "audit --data one --looks 2",
        "audit --data one --follow --every 0",
        "audit --data one --metrics 127.0.0.1:0",
        "evidence verify one --key nonsense",
        "evidence verify missing",
    ] {
        place.line(line).code(2);
    }
    place
        .line(&format!("evidence verify missing --key {OTHER_KEY}"))
        .code(2);
    place.write("text", "no evidence\n");
    place
        .line(&format!("evidence verify text --key {OTHER_KEY}"))
        .code(1)
        .warns("first line");
}

/// The auditor's metrics that `deploy/METRICS.md` says there are, and their types.
fn documented_metrics() -> BTreeMap<&'static str, &'static str> {
    let rows = include_str!("../../deploy/METRICS.md").lines();
    let rows = rows.filter(|line| line.starts_with("| `govledger_auditor_"));
    let row = |line: &'static str| {
        let (name, rest) = line.trim_start_matches("| `").split_once("` | ")?;
        let (kind, _) = rest.split_once(" | ")?;
        Some((name.trim_end_matches("_total"), kind))
    };
    rows.filter_map(row).collect()
}

/// The metrics in an exposition, and their types.
fn exposed_metrics(text: &str) -> BTreeMap<&str, &str> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types.filter_map(|line| line.split_once(' ')).collect()
}
