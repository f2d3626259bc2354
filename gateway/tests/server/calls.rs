//! What every call has in common: its id, its deadline, its place, its measure.

use std::time::Duration;

use gateway::client::{Client, ServerRefusal};
use proto::v1;
use tonic::{Code, Request, Status, Streaming, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_types::StatusExt as _;

use crate::{
    http,
    support::{DEADLINE, LEDGER, Town, ledger},
};

async fn watch(client: &Client) -> Result<Streaming<v1::WatchEntriesResponse>, Status> {
    let request = v1::WatchEntriesRequest {
        ledger: ledger(),
        start: 0,
    };
    let answer = client.audit().watch_entries(request).await;
    answer.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn a_call_has_an_id_in_its_answer_and_in_its_errors() {
    let town = Town::founded().await;
    let asked = |id: &'static str, ledger: &str| {
        let mut request = Request::new(v1::GetCheckpointRequest {
            ledger: ledger.to_owned(),
        });
        let id = id.parse().expect("a header's value");
        request.metadata_mut().insert("x-request-id", id);
        request
    };
    let mut audit = town.client.audit();
    let named = audit.get_checkpoint(asked("clerk-17", LEDGER)).await;
    let named = named.expect("an answer");
    assert_eq!(named.metadata().get("x-request-id").unwrap(), "clerk-17");
    // One that could forge a field of a log line is not taken over.
    let forged = audit.get_checkpoint(asked("1 level=ERROR", LEDGER)).await;
    let forged = forged.expect("an answer");
    let made = forged.metadata().get("x-request-id").expect("an id");
    assert_ne!(made, "1 level=ERROR");

    let refused = audit.get_checkpoint(asked("clerk-18", "nowhere")).await;
    let refused = refused.expect_err("no such ledger");
    assert_eq!(refused.metadata().get("x-request-id").unwrap(), "clerk-18");
    let details = refused.get_error_details();
    let info = details.request_info().expect("google.rpc.RequestInfo");
    assert_eq!(info.request_id, "clerk-18");
    assert_eq!(ServerRefusal::from(&refused).reason, "NO_SUCH_LEDGER");
    town.stop().await;
}

#[tokio::test]
async fn an_endless_answer_ends_by_the_clients_deadline() {
    let town = Town::founded().await;
    let mut request = Request::new(v1::WatchEntriesRequest {
        ledger: ledger(),
        start: 0,
    });
    request.set_timeout(Duration::from_secs(5));
    let stream = town.client.audit().watch_entries(request).await;
    let mut stream = stream.expect("it begins in time").into_inner();
    let ended = loop {
        match stream.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it ends with a status"),
            Err(status) => break status,
        }
    };
    let refusal = ServerRefusal::from(&ended);
    let told = (refusal.code, refusal.reason.as_str());
    assert_eq!(told, (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
    assert!(ended.get_error_details().request_info().is_some());
    town.stop().await;
}

#[tokio::test]
async fn more_streams_than_configured_are_told_when_to_try_again() {
    let town = Town::founded_with(|config| config.serving.streams_max = 1).await;
    let first = watch(&town.client).await.expect("there is room for one");
    let refused = watch(&town.client).await.expect_err("and for no more");
    let refusal = ServerRefusal::from(&refused);
    let told = (refusal.code, refusal.reason.as_str());
    assert_eq!(told, (Code::ResourceExhausted, "TOO_MANY_CALLS"));
    assert!(refusal.retry_after.is_some());
    assert_eq!(town.size().await, 1, "questions have places of their own");
    // Nor does the node look as if it had failed.
    let channel = Channel::from_shared(format!("http://{}", town.address));
    let channel = channel.expect("an address").connect().await;
    let mut health = HealthClient::new(channel.expect("a connection"));
    let watched = health.watch(HealthCheckRequest::default()).await;
    let mut watched = watched.expect("a place of its own").into_inner();
    assert!(watched.message().await.expect("no error").is_some());
    drop((first, watched, health));
    let again = async { while watch(&town.client).await.is_err() {} };
    let again = tokio::time::timeout(DEADLINE, again).await;
    again.expect("its place is free again");
    town.stop().await;
}

#[tokio::test]
async fn calls_are_counted_by_method_and_code() {
    let town = Town::founded().await;
    town.checkpoint().await;
    let unknown = v1::GetCheckpointRequest {
        ledger: "nowhere".to_owned(),
    };
    let refused = town.client.audit().get_checkpoint(unknown).await;
    refused.expect_err("no such ledger");
    let counted = |code: &str| {
        let method = "governance.v1.AuditService/GetCheckpoint";
        format!("govledger_grpc_calls_total{{method=\"{method}\",code=\"{code}\"}} 1")
    };
    let lines = async {
        loop {
            let metrics = http::get(town.address, "/metrics").await;
            let has = |line: &str| metrics.text().lines().any(|known| known == line);
            if has(&counted("OK")) && has(&counted("NOT_FOUND")) {
                return;
            }
        }
    };
    let counted = tokio::time::timeout(DEADLINE, lines).await;
    counted.expect("both calls are counted once they have ended");
    town.stop().await;
}
