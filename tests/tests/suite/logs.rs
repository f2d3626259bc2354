//! What the server writes into its log, as another program reads it.

use serde_json::Value;
use system_tests::community::Community;
use system_tests::officer::Officer;
use system_tests::server::Server;
use tonic::Request;

#[tokio::test]
async fn every_line_of_a_json_log_is_an_object_and_those_of_a_call_carry_its_request_id() {
    let community = Community::found("logs", "council");
    let mut command = Server::command(&community.data());
    command.env("GOVLEDGER_LOG_FORMAT", "json");
    command.env("GOVLEDGER_LOG", "gateway=debug,ledger=debug");
    let server = Server::try_start_by(command).expect("it is served");
    let client = server.client().await;
    let clerk = Officer::of(&client, "logs", &community.key("clerk")).await;
    let named = |id: &'static str, request| {
        let mut request = Request::new(request);
        let metadata = request.metadata_mut();
        metadata.insert("x-request-id", id.parse().expect("visible ASCII"));
        request
    };
    let recorded = client
        .record()
        .submit(named("first-call-1", clerk.enrol("ana")))
        .await
        .expect("recorded");
    let given_back = recorded.metadata().get("x-request-id");
    assert_eq!(given_back.expect("an id"), "first-call-1");
    let refused = client
        .record()
        .submit(named("second-call-2", clerk.enrol("ana")))
        .await;
    assert!(refused.is_err(), "she is enrolled");
    let log = server.stop().expect(0).stderr;
    let lines = log.lines().filter(|line| !line.is_empty());
    let lines: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    for line in &lines {
        for key in ["timestamp", "level", "target"] {
            assert!(line[key].is_string(), "{line}");
        }
        assert!(line["fields"]["message"].is_string(), "{line}");
    }
    for id in ["first-call-1", "second-call-2"] {
        let of_call = lines.iter().filter(|line| line["span"]["id"] == id);
        let of_call: Vec<_> = of_call.collect();
        assert!(!of_call.is_empty(), "nothing of {id} in {log}");
        for line in of_call {
            assert_eq!(line["span"]["name"], "call");
            let path = "/governance.v1.RecordService/Submit";
            assert_eq!(line["span"]["path"], path);
        }
    }
}
