//! The demonstration: played, told, checked as it says itself, and never taken for real.

use std::process::Command;

use proto::v1;
use system_tests::binary::{self, Finished};
use system_tests::community::audit;
use system_tests::officer::summary;
use system_tests::server::Server;
use tempfile::TempDir;

/// Plays the demonstration in a directory of its own.
fn play() -> (TempDir, Finished) {
    let home = TempDir::with_prefix("govledger-demo-").expect("there is room for tests");
    let mut command = binary::command(["demo", "--no-serve", "--data"]);
    command.arg(home.path().join("demo"));
    let told = binary::finish(command).expect(0);
    (home, told)
}

/// Runs a line of what was printed, as somebody would paste it into a shell.
fn paste(line: &str) -> Finished {
    let directory = binary::path()
        .parent()
        .expect("the binary is in a directory");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(directory.to_owned()).chain(std::env::split_paths(&path));
    let mut command = Command::new("bash");
    binary::without_settings(&mut command);
    command
        .args(["-euo", "pipefail", "-c", line])
        .env("PATH", std::env::join_paths(paths).expect("a path"));
    binary::finish(command)
}

/// The one line that has this in it.
#[track_caller]
fn line<'a>(told: &'a Finished, with: &str) -> &'a str {
    let mut lines = told.stdout.lines().filter(|line| line.contains(with));
    match (lines.next(), lines.next()) {
        (Some(line), None) => line.trim(),
        _ => panic!("not one line with {with:?} in {told}"),
    }
}

/// The lines of a tally: from the outcome's on.
#[track_caller]
fn tally_of<'a>(told: &'a Finished, title: &str) -> Vec<&'a str> {
    let mut lines = told.stdout.lines();
    let found = lines.find(|line| line.contains('⚖') && line.contains(title));
    let outcome = found.unwrap_or_else(|| panic!("nothing on {title:?} in {told}"));
    std::iter::once(outcome).chain(lines.take(3)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demonstration_tells_what_it_shows_and_can_be_checked() {
    let (home, told) = play();
    let data = home.path().join("demo");

    // It says what it is, in both languages, and ends before now with everything proven.
    assert!(told.stdout.contains("demonstration"), "{told}");
    assert!(told.stdout.contains("馨苑里"), "{told}");
    // A ballot that was refused, with its reason, and what to do.
    assert!(told.stdout.contains("refused, NOT_ON_ROLL"), "{told}");
    assert!(told.stdout.contains("refused, PROXY_LIMIT"), "{told}");
    // A motion of the owners that passes by heads and fails by area.
    let [outcome, heads, area, law] = tally_of(&told, "green")[..] else {
        panic!("an outcome, two measures and a law: {told}");
    };
    assert!(outcome.contains("Not adopted"), "{outcome}");
    assert!(
        heads.contains("heads") && heads.matches('✓').count() == 2,
        "{heads}"
    );
    assert!(area.contains("area") && area.ends_with('✗'), "{area}");
    assert!(law.contains("278"), "{law}");

    // The receipt, checked as it says, without a server; and everything executed again.
    let proved = paste(line(&told, "govledger receipt verify /")).expect(0);
    assert!(
        proved.stdout.contains("Proved") && proved.stdout.contains("motion_decided"),
        "{proved}"
    );
    let audited = paste(line(&told, "govledger audit")).expect(0);
    assert!(audited.stdout.contains("demonstration"), "{audited}");

    check_marked(&data).await;
    audit(&data).expect(0);
    // Played once; a second time it is there already, and stays as it is.
    let mut again = binary::command(["demo", "--no-serve", "--data"]);
    again.arg(&data);
    let again = binary::finish(again).expect(0);
    assert!(again.stdout.contains("there already"), "{again}");
}

/// Wherever it shows, it says that it is a demonstration.
async fn check_marked(data: &std::path::Path) {
    let server = Server::start(data);
    let client = server.client().await;
    let listed = client
        .query()
        .list_ledgers(v1::ListLedgersRequest::default())
        .await;
    let listed = listed.expect("ledgers can be listed").into_inner().ledgers;
    let [ledger] = listed.as_slice() else {
        panic!("one ledger");
    };
    assert!(ledger.demo && ledger.name.contains("馨苑里"), "{ledger:?}");
    let about = summary(&client, &ledger.ledger).await;
    assert!(about.demo);
    for question in [
        "query ledgers",
        "query decisions",
        "query decision parking-on-the-green",
        "query motions",
        "query motion replace-the-lift",
        "query officeholders",
        "query timeline",
        "query person owner-01",
        "audit",
    ] {
        let words: Vec<&str> = question.split(' ').collect();
        let told = server.run(&words).expect(0);
        let text = format!("{}{}", told.stdout, told.stderr);
        assert!(
            text.contains("demonstration"),
            "{question} does not say so: {told}"
        );
    }
    server.stop().expect(0);
}
