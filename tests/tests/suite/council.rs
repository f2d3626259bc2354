//! A real council's year: imported, asked about, imported again, audited. Every tally is held against
//! `votes.csv`, which is counted here a second time, by other code.

mod votes;

use std::path::{Path, PathBuf};

use gateway::client::Client;
use proto::v1;
use serde_json::Value;
use system_tests::binary;
use system_tests::community::{Community, audit};
use system_tests::process::Process;
use system_tests::server::Server;

use votes::{Counted, Votes};

/// How many entries are on the ledger when the first import is killed: members, offices and the roll
/// are there, and some hundred roll calls.
const KILL_AT: u64 = 500;

fn files() -> PathBuf {
    binary::workspace().join("tests/testdata/council-2024")
}

fn import_command(community: &Community, server: &Server) -> std::process::Command {
    let mut command = binary::command(["import", "council", "--json"]);
    command.arg(files());
    command.args(["--server", server.url(), "--ledger", community.ledger()]);
    command.arg("--key").arg(community.key("clerk"));
    command.arg("--attest-key").arg(community.key("teller"));
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_tally_of_a_council_year_equals_the_votes() {
    let community = Community::found("council-2024", "council");
    let server = Server::start(&community.data());
    let client = server.client().await;
    let votes = Votes::read(&files());

    kill_an_import(&community, &server, &client).await;
    let resumed = binary::finish(import_command(&community, &server)).expect(0);
    check_summary(&resumed.json(), &votes);

    let size = size_of(&client, &community).await;
    let again = binary::finish(import_command(&community, &server)).expect(0);
    assert_eq!(again.json()["roll_calls"]["recorded"], 0, "{again}");
    assert_eq!(
        size_of(&client, &community).await,
        size,
        "a second import records something"
    );

    check_decisions(&client, &community, &votes).await;
    check_one_by_one(&client, &community, &votes).await;
    check_command_line(&server, &votes);

    let over_the_wire = server.run(&["audit", "--json"]).expect(0);
    assert_eq!(
        decisions_recomputed(&over_the_wire.json()),
        votes.whole.len()
    );
    server.stop().expect(0);
    let on_disk = audit(&community.data()).expect(0);
    assert_eq!(decisions_recomputed(&on_disk.json()), votes.whole.len());
}

/// Starts an import and kills it in the middle.
async fn kill_an_import(community: &Community, server: &Server, client: &Client) {
    let import = Process::spawn(import_command(community, server));
    let request = v1::WatchEntriesRequest {
        ledger: community.ledger().to_owned(),
        start: 0,
    };
    let watching = client.audit().watch_entries(request).await;
    let mut entries = watching.expect("entries can be watched").into_inner();
    let reached = async {
        let mut seen = 0;
        while seen < KILL_AT {
            let part = entries.message().await.expect("the server is there");
            let part = part.expect("watching has no end");
            seen = part.first_index + part.entries.len() as u64;
        }
    };
    let waited = tokio::time::timeout(system_tests::DEADLINE, reached).await;
    waited.expect("the import goes on");
    let killed = import.kill();
    assert_eq!(killed.code, None, "it had ended before: {killed}");
}

/// What an import that found some of it there says of itself.
fn check_summary(summary: &Value, votes: &Votes) {
    let count = |value: &Value| value.as_u64().expect("a count");
    let calls = &summary["roll_calls"];
    let (recorded, there) = (count(&calls["recorded"]), count(&calls["already_recorded"]));
    assert!(
        recorded > 0 && there > 0,
        "it went on from the middle: {summary}"
    );
    assert_eq!(recorded + there, votes.whole.len() as u64);
    assert_eq!(count(&summary["items_read"]), votes.items_read);
    assert_eq!(count(&summary["votes_read"]), votes.ballots_read);
    assert_eq!(count(&summary["tallies_equal"]), votes.whole.len() as u64);
    assert_eq!(summary["tallies_differ"], Value::Array(Vec::new()));
    let skipped = summary["skipped"].as_array().expect("a list");
    let places: Vec<&str> = skipped
        .iter()
        .flat_map(|reason| reason["examples"].as_array().expect("a list"))
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(places, votes.fragments, "each fragment is named: {summary}");
}

/// Every decision, page by page, against the votes.
async fn check_decisions(client: &Client, community: &Community, votes: &Votes) {
    let mut seen = 0;
    let mut token = String::new();
    loop {
        let request = v1::ListDecisionsRequest {
            ledger: community.ledger().to_owned(),
            // Does not divide the number of decisions, so that the last page is a part of one.
            page_size: 250,
            page_token: token,
            ..v1::ListDecisionsRequest::default()
        };
        let page = client.query().list_decisions(request).await;
        let page = page.expect("decisions can be listed").into_inner();
        for decision in &page.decisions {
            check_decision(decision, votes);
        }
        seen += page.decisions.len();
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, votes.whole.len(), "each decision is listed once");
}

fn check_decision(decision: &v1::Decision, votes: &Votes) {
    let item = &decision.source;
    let expected = votes.whole.get(item);
    let expected = expected.unwrap_or_else(|| panic!("{item} is not in the files"));
    assert_eq!(decision.held_on, expected.held_on, "the day of {item}");
    assert_eq!(decision.source_outcome, expected.final_action, "{item}");
    let result = decision.result.as_ref().expect("a result");
    let [tally] = result.measures.as_slice() else {
        panic!("a council counts heads, and nothing else: {item}");
    };
    let found = Counted {
        in_favour: tally.in_favour,
        against: tally.against,
        abstaining: tally.abstaining,
        absent: tally.eligible - tally.attending,
    };
    assert_eq!(found, expected.counted, "the tally of {item}");
    let adopted = result.outcome == v1::Outcome::Adopted as i32;
    assert_eq!(adopted, expected.counted.carries(), "the outcome of {item}");
}

/// Each decision asked for by itself: every name with its vote.
async fn check_one_by_one(client: &Client, community: &Community, votes: &Votes) {
    for (item, expected) in &votes.whole {
        let request = v1::GetDecisionRequest {
            ledger: community.ledger().to_owned(),
            motion: item.to_lowercase(),
            ..v1::GetDecisionRequest::default()
        };
        let answer = client.query().get_decision(request).await;
        let answer = answer.unwrap_or_else(|status| panic!("{item}: {status}"));
        let answer = answer.into_inner();
        assert_eq!(&answer.decision.expect("a decision").source, item);
        let mut found: Vec<(String, i32)> = answer
            .roll_call
            .into_iter()
            .map(|line| (line.voter, line.mark))
            .collect();
        found.sort();
        assert_eq!(found, expected.marks, "who voted what on {item}");
    }
}

/// A person asks at the command line.
fn check_command_line(server: &Server, votes: &Votes) {
    for item in [votes.whole.keys().next(), votes.whole.keys().last()] {
        let item = item.expect("there are votes");
        let told = server.run(&["query", "decision", item]).expect(0);
        assert!(told.stdout.contains(&votes.whole[item].held_on), "{told}");
        let json = server.run(&["query", "decision", item, "--json"]).expect(0);
        assert_eq!(json.json()["decision"]["source"], item.as_str(), "{json}");
    }
    let unknown = server.run(&["query", "decision", "never-tabled"]).expect(1);
    assert!(unknown.stderr.contains("never-tabled"), "{unknown}");
}

async fn size_of(client: &Client, community: &Community) -> u64 {
    let summary = system_tests::officer::summary(client, community.ledger()).await;
    summary.size
}

/// How many decisions an audit of one ledger recomputed.
fn decisions_recomputed(audit: &Value) -> usize {
    let [ledger] = audit["ledgers"].as_array().expect("a list").as_slice() else {
        panic!("one ledger: {audit}");
    };
    assert_eq!(ledger["proved"], true, "{audit}");
    ledger["decisions"].as_array().expect("a list").len()
}

/// The directory must be the whole of what was given to the tests.
#[test]
fn the_files_are_a_whole_year() {
    let votes = Votes::read(Path::new(&files()));
    assert_eq!((votes.items_read, votes.ballots_read), (1_280, 19_186));
    assert_eq!((votes.whole.len(), votes.fragments.len()), (1_279, 1));
}
