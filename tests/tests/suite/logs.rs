//! What the server writes into its log, as another program reads it.

use std::collections::BTreeSet;
use std::fmt;

use proto::v1;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use system_tests::community::Community;
use system_tests::directory;
use system_tests::officer::Officer;
use system_tests::server::Server;
use tonic::Request;
use tonic_types::StatusExt as _;

/// A JSON value in which no object has a key twice: readers keep the first, the last, or refuse it.
struct Unambiguous;

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Unambiguous, D::Error> {
        from.deserialize_any(Unambiguous)
    }
}

impl<'de> Visitor<'de> for Unambiguous {
    type Value = Unambiguous;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unambiguous, A::Error> {
        let mut keys = BTreeSet::new();
        while let Some((key, Unambiguous)) = map.next_entry::<String, _>()? {
            if let Some(twice) = keys.replace(key) {
                return Err(A::Error::custom(format!("the key {twice} twice")));
            }
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Unambiguous, A::Error> {
        while list.next_element::<Unambiguous>()?.is_some() {}
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unambiguous, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unambiguous, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unambiguous, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unambiguous, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unambiguous, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Unambiguous, E> {
        Ok(self)
    }
}

/// The lines of a log, each an object that every program reads alike.
#[track_caller]
pub(crate) fn lines(log: &str) -> Vec<Value> {
    let lines = log.lines().filter(|line| !line.is_empty());
    let read = lines.map(|line| {
        if let Err(error) = serde_json::from_str::<Unambiguous>(line) {
            panic!("{error}: {line}");
        }
        serde_json::from_str(line).expect("it was read just now")
    });
    read.collect()
}

#[tokio::test]
async fn by_default_each_no_leaves_a_line_with_its_code_its_reason_and_its_id() {
    let community = Community::found("noes", "council");
    let mut command = Server::command(&community.data());
    command.env("GOVLEDGER_LOG_FORMAT", "json");
    let server = Server::try_start_by(command).expect("it is served");
    let client = server.client().await;
    let clerk = Officer::of(&client, "noes", &community.key("clerk")).await;
    client
        .record()
        .submit(clerk.enrol("ana"))
        .await
        .expect("recorded");
    let refused = client.record().submit(clerk.enrol("ana")).await;
    let refused = refused.expect_err("she is enrolled");
    // At the end of a stream: the entries are damaged on the disk.
    let segment = directory::segments(&community.ledger_dir()).remove(0);
    directory::flip(&segment, directory::blocks(&segment)[0].0.end - 1);
    let request = v1::ListEntriesRequest {
        ledger: "noes".to_owned(),
        start: 0,
        count: 1,
    };
    let broken = match client.audit().list_entries(request).await {
        Ok(stream) => stream.into_inner().message().await,
        Err(status) => Err(status),
    };
    let broken = broken.expect_err("they are damaged");
    let log = lines(&server.stop().expect(0).stderr);
    for (status, code, method) in [
        (&refused, "ALREADY_EXISTS", "RecordService/Submit"),
        (&broken, "DATA_LOSS", "AuditService/ListEntries"),
    ] {
        let details = status.get_error_details();
        let id = &details.request_info().expect("an id").request_id;
        let of_call = |line: &&Value| line["span"]["id"] == id.as_str();
        let line = log
            .iter()
            .filter(of_call)
            .find(|line| line["level"] == "INFO");
        let line = line.unwrap_or_else(|| panic!("nothing of {id} in {log:?}"));
        assert_eq!(line["fields"]["code"], code);
        let reason = &details.error_info().expect("a reason").reason;
        assert_eq!(line["fields"]["reason"], reason.as_str());
        assert_eq!(line["span"]["path"], format!("/governance.v1.{method}"));
    }
    let told = |line: &&Value| line["level"] == "ERROR" && line["fields"]["said"].is_string();
    assert!(
        log.iter().any(|line| told(&line)),
        "what is broken: {log:?}"
    );
}

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
    let lines = lines(&log);
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
