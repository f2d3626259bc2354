//! A council's votes, from files to an audited ledger, all by commands.

mod support;

use std::{collections::BTreeSet, fmt::Write as _, fs};

use serde_json::Value;
use support::{Place, Ran, Server, council_2024};

/// The item that lists a single member.
const ODD: &str = "2024-09-11-";

/// The first items of the year, those that are odd in some way, and rows that are wrong.
fn write_slice(place: &Place, dir: &str, first: usize, with_wrong_rows: bool) {
    let read = |name: &str| fs::read_to_string(council_2024().join(name)).expect("the test data");
    let (items, votes) = (read("items.csv"), read("votes.csv"));
    let mut counts = std::collections::BTreeMap::new();
    for line in votes.lines().skip(1) {
        *counts.entry(first_field(line)).or_insert(0) += 1;
    }
    let mut taken = BTreeSet::new();
    let mut kept = String::new();
    let mut denied = 0;
    for (at, line) in items.lines().enumerate() {
        let item = first_field(line);
        let odd = counts.get(item) == Some(&1);
        let is_denied = line.ends_with(",0") && line.contains(",DENIED");
        denied += usize::from(is_denied);
        if at == 0 || at <= first || odd || (is_denied && denied <= 2) {
            taken.insert(item);
            let _ = writeln!(kept, "{line}");
        }
    }
    let kept_item = |line: &&str| line.starts_with("item,") || taken.contains(first_field(line));
    let mut votes: String = votes
        .lines()
        .filter(kept_item)
        .fold(String::new(), |text, line| text + line + "\n");
    if with_wrong_rows {
        kept.push_str("x-day,2024-13-01,,Wrong day,,,1\nx-silent,2024-01-10,,No votes,,,1\n");
        kept.push_str("x-word,2024-01-10,,Wrong word,,,1\n");
        votes.push_str("x-word,Chad West,PERHAPS\nx-ghost,Chad West,YES\n");
    }
    place.write(&format!("{dir}/items.csv"), &kept);
    place.write(&format!("{dir}/votes.csv"), &votes);
}

fn first_field(line: &str) -> &str {
    line.split(',').next().unwrap_or(line)
}

fn import(place: &Place, server: &Server, dir: &str) -> Value {
    let line = format!(
        "import council {dir} --key clerk.pem --attest-key teller.pem --json --server {}",
        server.url
    );
    place.line(&line).code(0).json()
}

fn ask(place: &Place, server: &Server, line: &str) -> Ran {
    place.line(&format!("{line} --server {}", server.url))
}

fn skipped(summary: &Value) -> Vec<(String, u64)> {
    let reasons = summary["skipped"].as_array().expect("a list").iter();
    let one = |skip: &Value| {
        (
            skip["reason"].as_str().expect("a code").to_owned(),
            skip["count"].as_u64().expect("a number"),
        )
    };
    reasons.map(one).collect()
}

#[test]
fn a_slice_is_imported_once_and_can_be_asked_and_audited() {
    let place = Place::new();
    let founded = place.found("council");
    let server = place.serve();
    write_slice(&place, "slice", 30, true);

    let first = import(&place, &server, "slice");
    assert_eq!(first["members"]["recorded"], 15);
    assert_eq!(first["offices"]["recorded"], 15);
    assert_eq!(first["rolls"]["recorded"], 1);
    assert_eq!(first["roll_calls"]["recorded"], 32);
    assert_eq!(first["tallies_equal"], 32);
    assert_eq!(first["undecided"], 0);
    assert_eq!(first["passed_differ"].as_array().map(Vec::len), Some(2));
    let expected = [
        ("BAD_DATE", 1),
        ("NO_VOTES", 1),
        ("NO_SUCH_ITEM", 1),
        ("UNKNOWN_VOTE", 1),
        ("ROLL_CALL_INCOMPLETE", 1),
    ];
    assert_eq!(
        skipped(&first),
        expected.map(|(code, n)| (code.to_owned(), n))
    );

    let size = ledger_size(&place, &server);
    let second = import(&place, &server, "slice");
    assert_eq!(second["roll_calls"]["recorded"], 0);
    assert_eq!(second["roll_calls"]["already_recorded"], 32);
    assert_eq!(second["members"]["already_recorded"], 15);
    assert_eq!(
        ledger_size(&place, &server),
        size,
        "a second import adds nothing"
    );
    let told = format!(
        "import council slice --key clerk.pem --attest-key teller.pem --server {}",
        server.url
    );
    place
        .line(&told)
        .code(0)
        .says("Already recorded")
        .says("ROLL_CALL_INCOMPLETE")
        .says(ODD);

    queries(&place, &server);
    receipts(
        &place,
        &server,
        founded["verifier_key"].as_str().expect("a key"),
    );
    audits(&place, server, size);
}

fn ledger_size(place: &Place, server: &Server) -> u64 {
    let ledgers = ask(place, server, "query ledgers --json").code(0).json();
    let size = ledgers["ledgers"][0]["size"]
        .as_str()
        .expect("a 64-bit number is a string");
    size.parse().expect("a number")
}

fn queries(place: &Place, server: &Server) {
    let first = "2024-01-10-00000";
    let decision = ask(place, server, &format!("query decision {first}")).code(0);
    let decision = decision
        .says("was adopted")
        .says("council-ordinary")
        .says("Chad West")
        .says("for (")
        .says("Stands on entry");
    assert!(
        decision.out.starts_with("ADOPTED"),
        "the outcome comes first:\n{}",
        decision.out
    );
    let json = ask(place, server, &format!("query decision {first} --json"))
        .code(0)
        .json();
    assert_eq!(json["decision"]["source"], first);
    assert_eq!(json["decision"]["held_on"], "2024-01-10");
    assert_eq!(json["roll_call"].as_array().map(Vec::len), Some(15));
    let all = ask(place, server, "query decisions --limit 0 --json")
        .code(0)
        .json();
    assert_eq!(all["decisions"].as_array().map(Vec::len), Some(32));
    let some = ask(place, server, "query decisions --limit 5").code(0);
    some.says("5 are shown; there are more");
    ask(place, server, "query decisions --from 2030-01-01")
        .code(0)
        .says("Stands on entry");
    ask(place, server, "query motions --limit 3")
        .code(0)
        .says("decided, adopted");
    ask(place, server, &format!("query motion {first}"))
        .code(0)
        .says("Roll call recorded")
        .says("2024-01-10");
    ask(place, server, "query officeholders --body council")
        .code(0)
        .says("Tennell Atkins")
        .says("clerk");
    ask(place, server, "query officeholders --at-index 0")
        .code(0)
        .says("teller");
    ask(place, server, "query roll council")
        .code(0)
        .says("15 heads")
        .says("tennell-atkins");
    ask(place, server, "query person chad-west")
        .code(0)
        .says("Chad West")
        .says("No keys");
    ask(place, server, "query timeline --limit 4")
        .code(0)
        .says("the ledger");
    ask(place, server, "query decision no-such-motion")
        .code(1)
        .warns("no-such-motion");
    ask(place, server, "query ledgers --json --ledger town").code(2);
    ask(place, server, "query decisions --ledger elsewhere")
        .code(1)
        .warns("It keeps: town.");
}

fn receipts(place: &Place, server: &Server, key: &str) {
    let get = "receipt get 34 --out r.tlog-proof";
    ask(place, server, get)
        .code(0)
        .says("govledger receipt verify r.tlog-proof");
    let verify = |extra: &[&str]| {
        let mut args = vec!["receipt", "verify", "r.tlog-proof", "--key", key];
        args.extend(extra);
        place.run(&args)
    };
    verify(&[])
        .code(0)
        .says("Proved: entry 34 is in the log of town.example/ledger of size");
    verify(&["--entry", "r.entry"])
        .code(0)
        .says("\"ledger\": \"town\"");
    assert_eq!(verify(&["--json"]).code(0).json()["index"], 34);
    let other = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    place
        .run(&["receipt", "verify", "r.tlog-proof", "--key", other])
        .code(1);
    let entry = fs::read(place.path("r.entry")).expect("the entry");
    let mut tampered = entry.clone();
    let middle = tampered.len() / 2;
    tampered[middle] ^= 1;
    fs::write(place.path("r.entry"), tampered).expect("a file");
    verify(&[]).code(1).warns("the proof does not hold");
    fs::write(place.path("r.entry"), entry).expect("a file");
    let proof = fs::read_to_string(place.path("r.tlog-proof")).expect("the proof");
    fs::write(
        place.path("r.tlog-proof"),
        proof.replace("index 34", "index 35"),
    )
    .expect("a file");
    verify(&[]).code(1);
    ask(place, server, "receipt get 999999 --out n.tlog-proof").code(1);
    assert!(!place.path("n.tlog-proof").exists());
}

fn audits(place: &Place, server: Server, size: u64) {
    let report = ask(place, &server, "audit --json").code(0).json();
    assert_eq!(report["ledgers"][0]["entries"], size);
    ask(place, &server, "audit")
        .code(0)
        .says("everything follows");
    let url = server.url.clone();
    server.kill();
    place.line(&format!("audit --server {url}")).code(3);
    place.line(&format!("query ledgers --server {url}")).code(3);
    let report = place
        .line("audit --data govledger-data --json")
        .code(0)
        .json();
    assert_eq!(report["ledgers"][0]["entries"], size);
    place
        .line("audit --data govledger-data --quick")
        .code(0)
        .says("everything follows");
    place.line("audit --data nowhere").code(3);
}

#[test]
fn an_import_goes_on_where_an_earlier_one_stopped() {
    let place = Place::new();
    place.found("council");
    let server = place.serve();
    write_slice(&place, "part", 10, false);
    write_slice(&place, "more", 25, false);
    let first = import(&place, &server, "part");
    assert_eq!(first["roll_calls"]["recorded"], 12);
    server.kill();
    let server = place.serve();
    let second = import(&place, &server, "more");
    assert_eq!(second["roll_calls"]["already_recorded"], 12);
    assert_eq!(second["roll_calls"]["recorded"], 15);
    assert_eq!(second["rolls"]["already_recorded"], 1);
    assert_eq!(second["tallies_equal"], 27);
}

#[test]
fn an_import_needs_its_officers() {
    let place = Place::new();
    place.found("council");
    place.line("key new --out stranger.pem").code(0);
    let server = place.serve();
    write_slice(&place, "slice", 3, false);
    let import = |key: &str, attest: &str| {
        let line = format!("import council slice --key {key} --attest-key {attest}");
        ask(&place, &server, &line)
    };
    import("stranger.pem", "teller.pem")
        .code(1)
        .warns("belongs to nobody in ledger town");
    import("clerk.pem", "clerk.pem")
        .code(2)
        .warns("two officers");
    // The teller may not register anybody.
    import("teller.pem", "clerk.pem").code(1).warns("NO_RIGHT");
    ask(
        &place,
        &server,
        "import council slice --key clerk.pem --attest-key teller.pem --rule no-rule",
    )
    .code(2);
    ask(
        &place,
        &server,
        "import council nowhere --key clerk.pem --attest-key teller.pem",
    )
    .code(2);
    assert_eq!(ledger_size(&place, &server), 1, "nothing was recorded");
}
