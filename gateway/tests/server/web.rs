//! One port for everything: gRPC over HTTP/2, and plain HTTP/1.1 beside it.

use std::collections::{BTreeMap, BTreeSet};

use governance::testing::by;

use crate::{http, support::Town};

const METRICS: &str = include_str!("../../../deploy/METRICS.md");
const RUNBOOK: &str = include_str!("../../../deploy/RUNBOOK.md");

#[tokio::test]
async fn health_is_told_on_the_port_of_grpc() {
    let town = Town::founded().await;
    let alive = http::get(town.address, "/healthz").await;
    assert_eq!((alive.status, alive.text()), (200, "alive\n"));
    assert_eq!(alive.header("cache-control"), Some("no-store"));
    let ready = http::get(town.address, "/readyz").await;
    assert_eq!((ready.status, ready.text()), (200, "ready\n"));
    assert_eq!(town.size().await, 1, "gRPC answers there too");
    town.stop().await;
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_answered_as_it_was_asked() {
    let town = Town::founded().await;
    let nothing = http::get(town.address, "/no/such/page").await;
    assert_eq!(nothing.status, 404);
    let headers = [("content-type", "application/grpc")];
    let nothing = http::request(town.address, "POST", "/no.Such/Method", &headers, b"").await;
    assert_eq!(nothing.status, 200);
    assert_eq!(nothing.header("grpc-status"), Some("12"));
    let method = "/governance.v1.QueryService/NoSuchMethod";
    let nothing = http::request(town.address, "POST", method, &headers, b"").await;
    assert_eq!(nothing.header("grpc-status"), Some("12"));
    assert!(nothing.header("grpc-status-details-bin").is_some());
    town.stop().await;
}

#[tokio::test]
async fn metrics_follow_the_ledger() {
    let mut town = Town::founded().await;
    town.does(by("registrar").clerk().enrols("newcomer")).await;
    town.views_catch_up().await;
    let metrics = http::get(town.address, "/metrics").await;
    assert_eq!(metrics.status, 200);
    let kind = metrics.header("content-type").expect("a media type");
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let has = |line: &str| metrics.text().lines().any(|known| known == line);
    let text = metrics.text();
    assert!(has("govledger_ledger_entries{ledger=\"test\"} 2"), "{text}");
    assert!(
        has("govledger_view_lag_entries{ledger=\"test\"} 0"),
        "{text}"
    );
    assert!(text.ends_with("# EOF\n"), "{text}");
    town.stop().await;
}

/// A row of `deploy/METRICS.md`.
struct Documented {
    name: &'static str,
    kind: &'static str,
    labels: BTreeSet<&'static str>,
}

/// What `deploy/METRICS.md` says there is.
fn documented() -> Vec<Documented> {
    let rows = METRICS.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &'static str| {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let &[name, kind, unit, labels, meaning] = &cells[..] else {
            panic!("not a row of five: {line}");
        };
        assert!(!unit.is_empty() && !meaning.is_empty(), "{line}");
        Documented {
            name: name.trim_matches('`'),
            kind,
            labels: labels
                .split(", ")
                .map(|label| label.trim_matches('`'))
                .collect(),
        }
    };
    rows.map(row).collect()
}

/// The name of a family as the exposition has it: counters and infos are named without their ending there.
fn family(name: &str) -> &str {
    let bare = name.strip_suffix("_total").or(name.strip_suffix("_info"));
    bare.unwrap_or(name)
}

/// The labels of a family's series, without those of ranges.
fn exposed_labels<'t>(text: &'t str, name: &str) -> BTreeSet<&'t str> {
    let series = text.lines().filter_map(|line| line.strip_prefix(name));
    let braced = series.filter_map(|rest| {
        let (ending, rest) = rest.split_once('{')?;
        ["", "_sum"].contains(&ending).then_some(rest)
    });
    let labels = braced.flat_map(|rest| {
        let (labels, _) = rest.rsplit_once('}').expect("a closing brace");
        labels.split("\",").filter_map(|pair| pair.split_once('='))
    });
    labels.map(|(label, _)| label).collect()
}

#[tokio::test]
async fn the_documented_metrics_are_those_that_are_exposed_both_ways() {
    let mut town = Town::founded().await;
    town.does(by("registrar").clerk().enrols("newcomer")).await;
    let again = town.request(by("registrar").clerk().enrols("newcomer"));
    town.refuses(again).await;
    let metrics = http::get(town.address, "/metrics").await;
    let text = metrics.text();
    let exposed: BTreeMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .collect();
    let documented: Vec<_> = documented()
        .into_iter()
        .filter(|row| !row.name.starts_with("govledger_auditor_"))
        .collect();
    let known: BTreeMap<&str, &str> = documented
        .iter()
        .map(|row| (family(row.name), row.kind))
        .collect();
    assert_eq!(known.len(), documented.len(), "each once");
    assert_eq!(known, exposed, "left is what deploy/METRICS.md says");
    for row in &documented {
        let found = exposed_labels(text, row.name);
        // What nothing has happened of has no series yet (halts, witnesses), and what is not there (NATS).
        let silent = [
            "govledger_ledger_halted",
            "govledger_ledger_witness_late",
            "govledger_nats_connected",
            "govledger_nats_connections_total",
        ];
        if silent.contains(&row.name) {
            assert!(found.is_empty(), "{}", row.name);
        } else {
            assert_eq!(found, row.labels, "{}", row.name);
        }
        assert!(text.contains(&format!("# HELP {} ", family(row.name))));
    }
    town.stop().await;
}

#[test]
fn the_runbook_watches_metrics_that_exist() {
    let exposed: BTreeSet<String> = documented()
        .into_iter()
        .flat_map(|row| match row.kind {
            "histogram" => ["_bucket", "_sum", "_count"]
                .map(|ending| format!("{}{ending}", row.name))
                .to_vec(),
            _ => vec![row.name.to_owned()],
        })
        .collect();
    let mut watched = 0;
    for word in RUNBOOK.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        if word.starts_with("govledger_") {
            assert!(exposed.contains(word), "RUNBOOK.md names {word}");
            watched += 1;
        }
    }
    assert!(watched > 8, "{watched}");
}

#[tokio::test]
async fn metrics_count_what_was_answered_and_written() {
    let mut town = Town::founded().await;
    let request = town.request(by("registrar").clerk().enrols("newcomer"));
    town.records(request.clone()).await;
    assert!(town.submit(request).await.expect("again").already_recorded);
    let again = town.request(by("registrar").clerk().enrols("newcomer"));
    town.refuses(again).await;
    let metrics = http::get(town.address, "/metrics").await;
    let text = metrics.text();
    let has = |line: &str| assert!(text.lines().any(|known| known == line), "{line}\n{text}");
    let answered = |outcome: &str, reason: &str| {
        has(&format!(
            "govledger_ledger_submissions_total{{ledger=\"test\",outcome=\"{outcome}\",\
             reason=\"{reason}\"}} 1"
        ));
    };
    answered("recorded", "");
    answered("repeated", "");
    answered("conflict", "PERSON_EXISTS");
    has("govledger_ledger_block_entries_count{ledger=\"test\"} 1");
    has("govledger_ledger_block_entries_sum{ledger=\"test\"} 1.0");
    has("govledger_ledger_block_entries_bucket{le=\"1.0\",ledger=\"test\"} 1");
    has("govledger_ledger_append_seconds_count{ledger=\"test\"} 1");
    has("govledger_ledger_checkpoint_seconds_count{ledger=\"test\"} 1");
    has("govledger_ledger_published_entries{ledger=\"test\"} 2");
    has("govledger_ledger_submissions_under_way{ledger=\"test\"} 0");
    has("govledger_ledger_leads{ledger=\"test\"} 1");
    has("govledger_ledger_appends_failed_total{ledger=\"test\"} 0");
    town.stop().await;
}
