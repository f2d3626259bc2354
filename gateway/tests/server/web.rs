//! One port for everything: gRPC over HTTP/2, and plain HTTP/1.1 beside it.

use governance::testing::by;

use crate::{http, support::Town};

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
