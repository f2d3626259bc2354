//! What browsers need, byte by byte: gRPC-Web over HTTP/1.1, and leave for pages from elsewhere.

use prost::Message;
use proto::v1;

use crate::{
    http::{self, Answer},
    support::{Town, ledger, opened},
};

const CHECKPOINT: &str = "/governance.v1.AuditService/GetCheckpoint";
const LEDGERS: &str = "/governance.v1.QueryService/ListLedgers";
pub(crate) const GRPC_WEB: (&str, &str) = ("content-type", "application/grpc-web+proto");

/// A message as gRPC frames it: a flag, a length, the bytes.
pub(crate) fn framed(message: &impl Message) -> Vec<u8> {
    let bytes = message.encode_to_vec();
    let length = u32::try_from(bytes.len()).expect("a short message");
    let mut frame = vec![0];
    frame.extend(length.to_be_bytes());
    frame.extend(bytes);
    frame
}

/// The frames of an answer: flag and bytes.
fn frames(mut body: &[u8]) -> Vec<(u8, &[u8])> {
    let mut frames = Vec::new();
    while let [flag, a, b, c, d, rest @ ..] = body {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let (frame, after) = rest.split_at(length);
        frames.push((*flag, frame));
        body = after;
    }
    frames
}

async fn checkpoint(town: &Town, ledger: &str, headers: &[(&str, &str)]) -> Answer {
    let question = framed(&v1::GetCheckpointRequest {
        ledger: ledger.to_owned(),
    });
    http::request(town.address, "POST", CHECKPOINT, headers, &question).await
}

#[tokio::test]
async fn a_browser_is_answered_in_grpc_web() {
    let town = Town::founded().await;
    let answer = checkpoint(&town, &ledger(), &[GRPC_WEB]).await;
    assert_eq!(answer.status, 200);
    let kind = answer.header("content-type");
    assert_eq!(kind, Some("application/grpc-web+proto"));
    let frames = frames(&answer.body);
    let [(0, message), (0x80, trailers)] = frames.as_slice() else {
        panic!("a message and trailers: {frames:?}");
    };
    let message = v1::GetCheckpointResponse::decode(*message).expect("the message");
    assert_eq!(opened(&message.checkpoint).size, 1);
    let trailers = std::str::from_utf8(trailers).expect("text");
    assert!(trailers.contains("grpc-status:0"), "{trailers}");

    let refused = checkpoint(&town, "nowhere", &[GRPC_WEB]).await;
    assert_eq!(refused.header("grpc-status"), Some("5"));
    assert!(refused.header("grpc-status-details-bin").is_some());
    town.stop().await;
}

#[tokio::test]
async fn any_page_may_ask_unless_some_are_named() {
    let town = Town::founded().await;
    let page = ("origin", "https://elsewhere.example");
    let answer = checkpoint(&town, &ledger(), &[GRPC_WEB, page]).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let read = answer.header("access-control-expose-headers");
    let read = read.expect("what a page may read");
    assert!(read.contains("grpc-status") && read.contains("x-request-id"));
    town.stop().await;

    let ours = "https://records.example.org";
    let town = Town::founded_with(|config| {
        config.serving.web_origins = vec![ours.to_owned()];
    })
    .await;
    let answer = checkpoint(&town, &ledger(), &[GRPC_WEB, page]).await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let answer = checkpoint(&town, &ledger(), &[GRPC_WEB, ("origin", ours)]).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some(ours));
    town.stop().await;
}

#[tokio::test]
async fn a_browser_that_asks_first_is_told_what_it_may_send() {
    let town = Town::founded().await;
    let headers = [
        ("origin", "https://elsewhere.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,x-grpc-web"),
    ];
    let leave = http::request(town.address, "OPTIONS", CHECKPOINT, &headers, b"").await;
    assert_eq!(leave.status, 200);
    let methods = leave.header("access-control-allow-methods");
    assert!(methods.expect("methods").contains("POST"));
    let sent = leave.header("access-control-allow-headers");
    let sent = sent.expect("headers");
    assert!(sent.contains("x-grpc-web") && sent.contains("grpc-timeout"));
    assert_eq!(leave.header("access-control-max-age"), Some("86400"));
    town.stop().await;
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_take_it() {
    let town = Town::founded().await;
    let question = framed(&v1::ListLedgersRequest::default());
    let plain = http::request(town.address, "POST", LEDGERS, &[GRPC_WEB], &question).await;
    assert_eq!(plain.header("grpc-encoding"), None);
    let gzip = ("grpc-accept-encoding", "gzip");
    let small = http::request(town.address, "POST", LEDGERS, &[GRPC_WEB, gzip], &question).await;
    assert_eq!(small.header("grpc-encoding"), Some("gzip"));
    let (flag, _) = frames(&small.body)[0];
    assert_eq!(flag, 1, "the message is marked as compressed");
    assert!(small.body.len() < plain.body.len());
    town.stop().await;
}
