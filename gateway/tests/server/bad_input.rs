//! Bad input: each with a reason of its own that names the field or the rule, and nothing stored.

use gateway::client::ServerRefusal;
use governance::{
    action::{Content, DeliberationAction, Payload, StatementKind},
    ids::{Digest, LedgerId},
    testing::{FOR, by},
};
use proto::v1;
use tonic::{
    Code, Status,
    codegen::http::{HeaderMap, HeaderName},
};

use crate::http;
use crate::support::{Town, bytes_signed_by, ledger, public_key, signed, signed_by, signing_key};

fn enrolment() -> governance::testing::Deed {
    by("registrar").clerk().enrols("newcomer")
}

/// What a refusal must be.
fn assert_refused(refusal: &ServerRefusal, code: Code, reason: &str, field: Option<&str>) {
    let found = (
        refusal.code,
        refusal.reason.as_str(),
        refusal.field.as_deref(),
    );
    assert_eq!(found, (code, reason, field), "{refusal:?}");
    assert!(!refusal.message.is_empty());
    assert!(!refusal.metadata["remedy"].is_empty(), "{reason}");
}

#[tokio::test]
async fn bytes_that_are_no_action() {
    let town = Town::founded().await;
    let request = |action: &[u8]| bytes_signed_by(action.to_vec(), &[signing_key("registrar")]);
    for garbage in [&b"\xff\xff"[..], b"", b"not protobuf at all"] {
        let refusal = town.refuses(request(garbage)).await;
        assert_eq!(refusal.code, Code::InvalidArgument);
        let field = refusal.field.as_deref().expect("a field");
        assert!(field.starts_with("action"), "{refusal:?}");
    }
    let refusal = town.refuses(request(b"\xff\xff")).await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "NOT_PROTOBUF",
        Some("action"),
    );
    town.stop().await;
}

#[tokio::test]
async fn bytes_that_are_not_the_one_encoding() {
    let mut town = Town::founded().await;
    let action = proto::encode_action(&town.action(enrolment()));
    let keys = [signing_key("registrar"), signing_key("newcomer")];
    // Field 99, a varint.
    let unknown = [&action[..], b"\x98\x06\x01"].concat();
    let refusal = town.refuses(bytes_signed_by(unknown, &keys)).await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "UNKNOWN_FIELD",
        Some("action.99"),
    );
    // Field 6 once more, after the payload.
    let again = [&action[..], b"\x30\x01"].concat();
    let refusal = town.refuses(bytes_signed_by(again, &keys)).await;
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::InvalidArgument, "NOT_CANONICAL")
    );
    town.stop().await;
}

#[tokio::test]
async fn actions_for_elsewhere() {
    let mut town = Town::founded().await;
    let elsewhere = enrolment().with(|action| action.ledger = LedgerId::new("elsewhere").unwrap());
    let request = town.request(elsewhere);
    let refusal = town.refuses(request).await;
    assert_refused(
        &refusal,
        Code::NotFound,
        "NO_SUCH_LEDGER",
        Some("action.ledger"),
    );
    let mut action = town.action(enrolment());
    action.genesis = governance::ids::Leaf([9; 32]);
    let refusal = town.refuses(signed(&action)).await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "WRONG_GENESIS",
        Some("action.genesis"),
    );
    assert_eq!(refusal.metadata["genesis"], town.genesis.to_string());
    town.stop().await;
}

#[tokio::test]
async fn replayed_and_altered_actions() {
    let mut town = Town::founded().await;
    let action = town.action(enrolment());
    let first = town.records(signed(&action)).await;
    let replayed = town.submit(signed(&action)).await.expect("answered");
    assert!(replayed.already_recorded);
    let receipt = replayed.receipt.expect("a receipt");
    assert_eq!((receipt.index, &receipt.leaf), (first.index, &first.leaf));
    assert_eq!(town.size().await, first.index + 1, "recorded once");

    let mut other = town.action(by("anna").adds_key(public_key("spare")));
    other.id = action.id;
    let refusal = town.refuses(signed(&other)).await;
    assert_refused(
        &refusal,
        Code::AlreadyExists,
        "ACTION_ID_REUSED",
        Some("action.id"),
    );
    assert_eq!(refusal.metadata["index"], first.index.to_string());

    let honest = town.action(by("anna").adds_key(public_key("spare")));
    let mut altered = signed(&honest);
    let mut later = honest;
    later.not_after = later.not_after.plus(1);
    altered.action = proto::encode_action(&later);
    let refusal = town.refuses(altered).await;
    let field = Some("signatures[0].signature");
    assert_refused(&refusal, Code::InvalidArgument, "BAD_SIGNATURE", field);
    town.stop().await;
}

#[tokio::test]
async fn actions_out_of_their_time() {
    let mut town = Town::founded().await;
    let action = town.action(enrolment());
    let not_after = action.not_after;
    town.clock.advance_to(not_after.plus(1));
    let refusal = town.refuses(signed(&action)).await;
    assert_refused(
        &refusal,
        Code::FailedPrecondition,
        "EXPIRED",
        Some("action.not_after_ms"),
    );
    let long =
        enrolment().with(|action| action.not_after = action.client_time.plus(u64::from(u32::MAX)));
    let request = town.request(long);
    let refusal = town.refuses(request).await;
    let field = Some("action.not_after_ms");
    assert_refused(&refusal, Code::InvalidArgument, "VALIDITY_TOO_LONG", field);
    town.stop().await;
}

#[tokio::test]
async fn keys_that_may_not_sign() {
    let mut town = Town::founded().await;
    let action = town.action(by("anna").adds_key(public_key("spare")));
    let mut request = signed(&action);
    // The neutral element, encoded: it is of order 1.
    request.signatures[0].key = std::iter::once(1).chain([0; 31]).collect();
    let refusal = town.refuses(request).await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "WEAK_KEY",
        Some("signatures[0].key"),
    );

    let mut request = signed(&action);
    request.signatures[1].key.pop();
    let refusal = town.refuses(request).await;
    let field = Some("signatures[1].key");
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "REQUEST_FIELD_INVALID",
        field,
    );

    let revoked = town
        .does(by("anna").revokes_key("anna", public_key("anna")))
        .await;
    let refusal = town.refuses(signed(&action)).await;
    assert_refused(
        &refusal,
        Code::PermissionDenied,
        "KEY_REVOKED",
        Some("signatures"),
    );
    assert_eq!(refusal.metadata["key"], public_key("anna").to_string());
    assert_eq!(refusal.metadata["index"], revoked.index.to_string());

    let bao = town.action(by("bao").adds_key(public_key("spare")));
    let keys = [signing_key("chen"), signing_key("spare")];
    let refusal = town.refuses(signed_by(&bao, &keys)).await;
    assert_refused(
        &refusal,
        Code::PermissionDenied,
        "KEY_OF_ANOTHER",
        Some("signatures"),
    );
    town.stop().await;
}

#[tokio::test]
async fn a_second_signature_that_is_missing() {
    let mut town = Town::founded().await;
    let action = town.action(enrolment());
    let refusal = town
        .refuses(signed_by(&action, &[signing_key("registrar")]))
        .await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "MISSING_SIGNATURE",
        Some("signatures"),
    );
    let refusal = town.refuses(signed_by(&action, &[])).await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "SIGNATURE_COUNT",
        Some("signatures"),
    );
    town.stop().await;
}

#[tokio::test]
async fn what_is_too_large() {
    let mut town = Town::founded().await;
    let mut action = proto::encode_action(&town.action(enrolment()));
    // An unknown field of 60,000 bytes: the size of the whole is looked at first.
    action.extend(b"\x9a\x06\xe0\xd4\x03");
    action.extend(std::iter::repeat_n(b'x', 60_000));
    let refusal = town
        .refuses(bytes_signed_by(action, &[signing_key("registrar")]))
        .await;
    assert_refused(&refusal, Code::InvalidArgument, "TOO_LARGE", Some("action"));

    let mut request = town.request(enrolment());
    request.contents.push(v1::ContentUpload {
        salt: vec![1; 32],
        bytes: vec![b'x'; 262_145],
    });
    let refusal = town.refuses(request).await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "CONTENT_TOO_LARGE",
        Some("contents[0]"),
    );

    let mut request = town.request(enrolment());
    request.contents.push(v1::ContentUpload {
        salt: vec![1; 32],
        bytes: vec![b'x'; 8 * 1024 * 1024],
    });
    let refusal = town.refuses(request).await;
    assert_refused(&refusal, Code::InvalidArgument, "MESSAGE_TOO_LARGE", None);
    town.stop().await;
}

#[tokio::test]
async fn contents_that_are_not_those_named() {
    let mut town = Town::founded().await;
    town.does(by("chair").chair().tables("motion", "assembly", "simple"))
        .await;
    let text = b"I am for it.".to_vec();
    let salt = [5; 32];
    let digest = Digest(tlog::signing::content_digest(&salt, &text).0);
    let statement = by("chair")
        .chair()
        .states("motion", StatementKind::Deliberation)
        .with(move |action| named(action, digest, 12));
    let request = town.request(statement);
    let with = |bytes: Vec<u8>| {
        let upload = v1::ContentUpload {
            salt: salt.to_vec(),
            bytes,
        };
        v1::SubmitRequest {
            contents: vec![upload],
            ..request.clone()
        }
    };
    let refusal = town.refuses(request.clone()).await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "CONTENT_MISSING",
        Some("contents"),
    );
    let refusal = town.refuses(with(b"I am against".to_vec())).await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "CONTENT_MISMATCH",
        Some("contents[0]"),
    );
    town.records(with(text.clone())).await;
    let mut unasked = town.request(enrolment());
    unasked.contents = with(text).contents;
    let refusal = town.refuses(unasked).await;
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "CONTENT_SURPLUS",
        Some("contents[0]"),
    );
    town.stop().await;
}

/// The statement names this content.
pub(crate) fn named(action: &mut governance::action::Action, digest: Digest, length: u32) {
    if let Payload::Deliberation(DeliberationAction::StatementMade { content, .. }) =
        &mut action.payload
    {
        *content = Content {
            digest,
            length,
            media_type: "text/plain; charset=utf-8".to_owned(),
        };
    }
}

#[tokio::test]
async fn what_the_rules_refuse() {
    let mut town = Town::founded().await;
    let request = town.request(by("anna").officer("committee", "clerk").enrols("newcomer"));
    let refusal = town.refuses(request).await;
    assert_refused(
        &refusal,
        Code::PermissionDenied,
        "NOT_IN_CAPACITY",
        Some("action.capacity"),
    );
    assert_eq!(refusal.metadata["person"], "anna");

    let voters = [("anna", 10_000), ("bao", 10_000)];
    town.do_all(
        by("registrar")
            .clerk()
            .publishes_roll("roll", "assembly", &voters),
    )
    .await;
    town.does(by("chair").chair().tables("motion", "assembly", "simple"))
        .await;
    let request = town.request(by("anna").member("assembly").votes("motion", FOR));
    let refusal = town.refuses(request).await;
    assert_refused(&refusal, Code::FailedPrecondition, "MOTION_NOT_OPEN", None);
    assert_eq!(refusal.metadata["motion"], "motion");

    let request = town.request(by("anna").member("assembly").votes("nothing", FOR));
    let refusal = town.refuses(request).await;
    assert_refused(&refusal, Code::NotFound, "MOTION_UNKNOWN", None);
    town.stop().await;
}

/// A refusal that rests on a rule of the charter names it, and the law behind it.
#[tokio::test]
async fn a_rule_is_named_with_its_citation() {
    let mut town = Town::founded().await;
    town.do_all(
        by("registrar")
            .clerk()
            .publishes_roll("roll", "assembly", &[("anna", 1)]),
    )
    .await;
    town.does(
        by("chair")
            .chair()
            .tables("motion", "assembly", "owners-ordinary"),
    )
    .await;
    let request = town.request(by("chair").chair().opens("motion", "roll", 1_000));
    let refusal = town.refuses(request).await;
    assert_eq!(refusal.reason, "NOT_READY_TO_OPEN");
    assert_eq!(refusal.metadata["rule"], "owners-ordinary");
    assert!(refusal.metadata["citation"].contains("民法典第278条"));
    town.stop().await;
}

/// A message of other fields than the method's: what the transport cannot even decode.
#[derive(Clone, PartialEq, prost::Message)]
struct Stranger {
    #[prost(uint64, tag = "1")]
    action: u64,
}

#[tokio::test]
async fn a_request_that_is_no_message_of_the_method() {
    let town = Town::founded().await;
    let url = format!("http://{}", town.address);
    let channel = tonic::transport::Endpoint::from_shared(url)
        .unwrap()
        .connect()
        .await
        .unwrap();
    let mut raw = tonic::client::Grpc::new(channel);
    raw.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<Stranger, v1::SubmitResponse>::default();
    let path = "/governance.v1.RecordService/Submit".parse().unwrap();
    let request = tonic::Request::new(Stranger { action: 7 });
    let status = raw.unary(request, path, codec).await.unwrap_err();
    let refusal = ServerRefusal::from(&status);
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "MESSAGE_NOT_PROTOBUF",
        None,
    );
    assert_eq!(town.size().await, 1);
    drop(raw);
    town.stop().await;
}

/// A message as it is framed (gRPC over HTTP/2, Length-Prefixed-Message): whether it is compressed, and its length.
fn framed(compressed: u8, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short one");
    [&[compressed], length.to_be_bytes().as_slice(), message].concat()
}

/// Each no of the transport itself has a reason too.
#[tokio::test]
async fn a_request_that_is_compressed_or_framed_otherwise_than_the_server_reads() {
    let town = Town::founded().await;
    let refusals = [
        (
            Some("deflate"),
            framed(1, b"x"),
            Code::Unimplemented,
            "COMPRESSION_NOT_SUPPORTED",
        ),
        (
            Some("gzip"),
            framed(1, b"no gzip"),
            Code::InvalidArgument,
            "MESSAGE_NOT_GRPC",
        ),
        (
            None,
            framed(1, b"x"),
            Code::InvalidArgument,
            "MESSAGE_NOT_GRPC",
        ),
        (
            None,
            framed(7, b"x"),
            Code::InvalidArgument,
            "MESSAGE_NOT_GRPC",
        ),
        (None, Vec::new(), Code::InvalidArgument, "MESSAGE_NOT_GRPC"),
    ];
    for (encoding, body, code, reason) in refusals {
        let mut headers = vec![("content-type", "application/grpc")];
        headers.extend(encoding.map(|encoding| ("grpc-encoding", encoding)));
        let path = "/governance.v1.QueryService/ListLedgers";
        let answer = http::request(town.address, "POST", path, &headers, &body).await;
        let given = answer.headers.iter().map(|(name, value)| {
            let name: HeaderName = name.parse().expect("a name");
            (name, value.parse().expect("a value"))
        });
        let status =
            Status::from_header_map(&given.collect::<HeaderMap>()).expect("it ends at once");
        let refusal = ServerRefusal::from(&status);
        assert_refused(&refusal, code, reason, None);
    }
    town.stop().await;
}

#[tokio::test]
async fn fields_of_questions() {
    let town = Town::founded().await;
    let mut query = town.client.query();
    let wrong = v1::ListDecisionsRequest {
        ledger: "No Such Id".to_owned(),
        ..v1::ListDecisionsRequest::default()
    };
    let refusal = Town::asked(query.list_decisions(wrong)).await.unwrap_err();
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "REQUEST_FIELD_INVALID",
        Some("ledger"),
    );
    let nobody = v1::ListDecisionsRequest {
        ledger: "nobody".to_owned(),
        ..v1::ListDecisionsRequest::default()
    };
    let refusal = Town::asked(query.list_decisions(nobody)).await.unwrap_err();
    assert_refused(&refusal, Code::NotFound, "NO_SUCH_LEDGER", Some("ledger"));
    let outcome = v1::ListDecisionsRequest {
        ledger: ledger(),
        outcome: 77,
        ..v1::ListDecisionsRequest::default()
    };
    let refusal = Town::asked(query.list_decisions(outcome))
        .await
        .unwrap_err();
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "REQUEST_FIELD_INVALID",
        Some("outcome"),
    );
    let day = v1::ListDecisionsRequest {
        ledger: ledger(),
        held_to: "2026-02-30".to_owned(),
        ..v1::ListDecisionsRequest::default()
    };
    let refusal = Town::asked(query.list_decisions(day)).await.unwrap_err();
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "REQUEST_FIELD_INVALID",
        Some("held_to"),
    );
    let person = v1::GetPersonRequest {
        ledger: ledger(),
        by: None,
        moment: None,
    };
    let refusal = Town::asked(query.get_person(person)).await.unwrap_err();
    assert_refused(
        &refusal,
        Code::InvalidArgument,
        "REQUEST_FIELD_INVALID",
        Some("by"),
    );
    drop(query);
    town.stop().await;
}
