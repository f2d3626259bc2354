//! What must not be recorded: each with its reason, nothing stored, and the server none the worse.

pub(crate) mod scene;

use std::collections::BTreeSet;

use gateway::client::ServerRefusal;
use proto::v1::{self, action::Payload};
use system_tests::community::{Community, audit};
use system_tests::officer::{self, enrolment, signed, summary};
use system_tests::server::Server;
use tonic::Code;

use scene::{Scene, key, tabled};

/// One thing that must not be recorded.
struct Case {
    /// What is wrong, for the message of a failure.
    what: &'static str,
    request: v1::SubmitRequest,
    code: Code,
    reason: &'static str,
    /// What the answer must name: a field of the request, or a word of the sentence.
    names: &'static str,
}

fn case(
    what: &'static str,
    request: v1::SubmitRequest,
    code: Code,
    reason: &'static str,
    names: &'static str,
) -> Case {
    Case {
        what,
        request,
        code,
        reason,
        names,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_must_not_be_recorded_is_refused_with_a_reason_of_its_own() {
    let community = Community::found("refusals", "council");
    let server = Server::start(&community.data());
    let client = server.client().await;
    let scene = Scene::set(&community, &client).await;
    let before = summary(&client, community.ledger()).await.size;

    let cases = [
        malformed(&scene),
        badly_signed(&scene),
        mistimed(&scene),
        without_their_contents(&scene),
        against_the_rules(&scene),
    ];
    let mut reasons = BTreeSet::new();
    for case in cases.into_iter().flatten() {
        let what = case.what;
        let answer = client.record().submit(case.request).await;
        let status = answer.expect_err(what);
        let refusal = ServerRefusal::from(&status);
        assert_eq!(
            (refusal.code, refusal.reason.as_str()),
            (case.code, case.reason),
            "{what}: {refusal:?}"
        );
        let field = refusal.field.clone().unwrap_or_default();
        let named = field.contains(case.names) || refusal.message.contains(case.names);
        assert!(named, "{what} does not name {}: {refusal:?}", case.names);
        let remedy = refusal.metadata.get("remedy");
        assert!(remedy.is_some_and(|remedy| !remedy.is_empty()), "{what}");
        assert!(reasons.insert(case.reason), "{} comes twice", case.reason);
    }
    let after = summary(&client, community.ledger()).await.size;
    assert_eq!(after, before, "something of it was stored");
    let fine = client.record().submit(scene.clerk.enrol("newcomer")).await;
    assert_eq!(
        fine.expect("the server goes on")
            .into_inner()
            .receipt
            .map(|r| r.index),
        Some(before)
    );
    server.stop().expect(0);
    audit(&community.data()).expect(0);
}

/// Bytes that are no action, or not in the one way an action is written.
fn malformed(scene: &Scene) -> Vec<Case> {
    const BAD: Code = Code::InvalidArgument;
    let clerk = &scene.clerk;
    let bytes = |change: &dyn Fn(&mut Vec<u8>)| scene.signed_bytes(enrolment("x"), change);
    let action = |change: &dyn Fn(&mut v1::Action)| {
        let mut action = clerk.action(enrolment("x"));
        change(&mut action);
        signed(&action, &[clerk.key()])
    };
    let statement = |kind| {
        Payload::StatementMade(v1::StatementMade {
            motion: "shed".to_owned(),
            kind,
            ..v1::StatementMade::default()
        })
    };
    let decided = Payload::MotionDecided(v1::MotionDecided {
        motion: "shed".to_owned(),
        outcome: v1::Outcome::Adopted.into(),
        rule: "council-ordinary".to_owned(),
        roll: "roll-1".to_owned(),
        charter_version: 1,
        ..v1::MotionDecided::default()
    });
    vec![
        case(
            "no protobuf",
            bytes(&|b| *b = vec![0xff, 0xff]),
            BAD,
            "NOT_PROTOBUF",
            "action",
        ),
        case(
            "a field no schema has",
            bytes(&|b| b.extend([0x98, 0x06, 1])),
            BAD,
            "UNKNOWN_FIELD",
            "action",
        ),
        case(
            "a field twice",
            bytes(&|b| b.splice(0..0, [0x0a, 1, b'x']).for_each(drop)),
            BAD,
            "NOT_CANONICAL",
            "action",
        ),
        case(
            "an enum number no schema has",
            clerk.signed(statement(99)),
            BAD,
            "UNKNOWN_ENUM",
            "kind",
        ),
        case(
            "no payload",
            action(&|a| a.payload = None),
            BAD,
            "UNSET_ONEOF",
            "payload",
        ),
        case(
            "an id of 15 bytes",
            action(&|a| a.id.truncate(15)),
            BAD,
            "FIELD_INVALID",
            "id",
        ),
        case(
            "a bidirectional override in a title",
            clerk.signed(tabled("x", "council-ordinary", "a\u{202e}b")),
            BAD,
            "TEXT_NOT_ALLOWED",
            "title",
        ),
        case(
            "60,001 bytes of action",
            scene.too_long(),
            BAD,
            "TOO_LARGE",
            "60",
        ),
        case(
            "a family only time brings",
            clerk.signed(decided),
            BAD,
            "DERIVED_ONLY",
            "actor",
        ),
    ]
}

/// Signatures that do not stand, or not for this.
fn badly_signed(scene: &Scene) -> Vec<Case> {
    const BAD: Code = Code::InvalidArgument;
    const DENIED: Code = Code::PermissionDenied;
    let clerk = &scene.clerk;
    let with = |change: &dyn Fn(&mut v1::SubmitRequest)| {
        let mut request = clerk.enrol("x");
        change(&mut request);
        request
    };
    let by = |keys: &[&ed25519_dalek::SigningKey]| signed(&clerk.action(enrolment("x")), keys);
    let newcomer = key(9);
    let enrolled = v1::PersonEnrolled {
        person: "x".to_owned(),
        keys: vec![newcomer.verifying_key().to_bytes().to_vec()],
        name: None,
    };
    let two = clerk.action(Payload::PersonEnrolled(enrolled));
    // The neutral element: with it an almost empty signature fits every message.
    let weak = v1::Signature {
        key: [&[1][..], &[0; 31]].concat(),
        signature: [&[1][..], &[0; 63]].concat(),
    };
    vec![
        case(
            "one bit of the action altered",
            with(&|r| r.signatures[0].signature[7] ^= 1),
            BAD,
            "BAD_SIGNATURE",
            "signature",
        ),
        case(
            "nobody has signed",
            by(&[]),
            BAD,
            "SIGNATURE_COUNT",
            "signatures",
        ),
        case(
            "the actor has signed twice",
            by(&[clerk.key(), clerk.key()]),
            BAD,
            "DUPLICATE_KEY",
            "signature",
        ),
        case(
            "a weak key",
            with(&|r| r.signatures[0] = weak.clone()),
            BAD,
            "WEAK_KEY",
            "signature",
        ),
        case(
            "the new key has not signed",
            signed(&two, &[clerk.key()]),
            BAD,
            "MISSING_SIGNATURE",
            "key",
        ),
        case(
            "the teller signs beside the clerk",
            by(&[clerk.key(), scene.teller.key()]),
            BAD,
            "SURPLUS_SIGNATURE",
            "signature",
        ),
        case(
            "the new key signs first",
            signed(&two, &[&newcomer, clerk.key()]),
            BAD,
            "WRONG_SIGNATURE_ORDER",
            "signature",
        ),
        case(
            "a key nobody has",
            by(&[&newcomer]),
            DENIED,
            "KEY_UNKNOWN",
            "key",
        ),
        case(
            "the teller's key for the clerk's act",
            by(&[scene.teller.key()]),
            DENIED,
            "KEY_OF_ANOTHER",
            "teller",
        ),
        case(
            "a key that was revoked",
            scene.by_revoked_key(),
            DENIED,
            "KEY_REVOKED",
            "revoked",
        ),
    ]
}

/// The wrong ledger, the wrong time, the second time.
fn mistimed(scene: &Scene) -> Vec<Case> {
    const MINUTE_MS: u64 = 60_000;
    const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
    let clerk = &scene.clerk;
    let action = |change: &dyn Fn(&mut v1::Action)| {
        let mut action = clerk.action(enrolment("x"));
        change(&mut action);
        signed(&action, &[clerk.key()])
    };
    let at = |client_time_ms: u64, validity_ms: u64| {
        action(&|a| {
            let moment = governance::ids::Millis(client_time_ms);
            a.id = officer::fresh_id(moment).0.to_vec();
            a.client_time_ms = client_time_ms;
            a.not_after_ms = client_time_ms + validity_ms;
        })
    };
    let now = officer::now().0;
    vec![
        case(
            "another ledger",
            action(&|a| "elsewhere".clone_into(&mut a.ledger)),
            Code::NotFound,
            "NO_SUCH_LEDGER",
            "elsewhere",
        ),
        case(
            "another genesis",
            action(&|a| a.genesis[0] ^= 1),
            Code::InvalidArgument,
            "WRONG_GENESIS",
            "genesis",
        ),
        case(
            "an id of another time",
            action(&|a| a.id[0] ^= 1),
            Code::InvalidArgument,
            "ACTION_ID_TIME",
            "id",
        ),
        case(
            "an id used before, other bytes",
            scene.replayed(),
            Code::AlreadyExists,
            "ACTION_ID_REUSED",
            "id",
        ),
        case(
            "a client ten minutes ahead",
            at(now + 10 * MINUTE_MS, MINUTE_MS),
            Code::FailedPrecondition,
            "CLIENT_TIME_AHEAD",
            "ahead",
        ),
        case(
            "an action that has expired",
            at(now - 10 * MINUTE_MS, MINUTE_MS),
            Code::FailedPrecondition,
            "EXPIRED",
            "recorded",
        ),
        case(
            "a validity of a day and a millisecond",
            at(now, DAY_MS + 1),
            Code::InvalidArgument,
            "VALIDITY_TOO_LONG",
            "not_after",
        ),
    ]
}

/// Contents that are not those the action names.
fn without_their_contents(scene: &Scene) -> Vec<Case> {
    const BAD: Code = Code::InvalidArgument;
    let with = |change: &dyn Fn(&mut v1::SubmitRequest)| {
        let mut request = scene.clerk.enrol_named("x", "Ada");
        change(&mut request);
        request
    };
    vec![
        case(
            "a content that is not sent",
            with(&|r| r.contents.clear()),
            BAD,
            "CONTENT_MISSING",
            "content",
        ),
        case(
            "a content with another digest",
            with(&|r| r.contents[0].bytes[0] ^= 1),
            BAD,
            "CONTENT_MISMATCH",
            "digest",
        ),
        case(
            "a content nobody named",
            with(&|r| r.contents.push(r.contents[0].clone())),
            BAD,
            "CONTENT_SURPLUS",
            "content",
        ),
        case(
            "262,145 bytes of content",
            with(&|r| r.contents[0].bytes = vec![b'a'; 262_145]),
            BAD,
            "CONTENT_TOO_LARGE",
            "262",
        ),
    ]
}

/// Sound and signed, and yet no.
fn against_the_rules(scene: &Scene) -> Vec<Case> {
    let (clerk, teller) = (&scene.clerk, &scene.teller);
    let motion = |id: &str, rule: &str| tabled(id, rule, "A shed");
    let mut impostor = teller.action(motion("x", "council-ordinary"));
    impostor
        .capacity
        .clone_from(&clerk.action(enrolment("x")).capacity);
    let impostor = signed(&impostor, &[teller.key()]);
    vec![
        case(
            "the clerk's office claimed by the teller",
            impostor,
            Code::PermissionDenied,
            "NOT_IN_CAPACITY",
            "teller",
        ),
        case(
            "a motion tabled by the teller",
            teller.signed(motion("x", "council-ordinary")),
            Code::PermissionDenied,
            "NO_RIGHT",
            "table",
        ),
        case(
            "a motion tabled twice",
            clerk.signed(motion("shed", "council-ordinary")),
            Code::AlreadyExists,
            "MOTION_EXISTS",
            "shed",
        ),
        case(
            "a rule no charter has",
            clerk.signed(motion("x", "by-acclamation")),
            Code::NotFound,
            "RULE_UNKNOWN",
            "by-acclamation",
        ),
        case(
            "a ballot on a motion that is not open",
            scene.ballot("shed", "voter", &key(1)),
            Code::FailedPrecondition,
            "MOTION_NOT_OPEN",
            "shed",
        ),
        case(
            "a ballot on a motion that is not there",
            scene.ballot("barn", "voter", &key(1)),
            Code::NotFound,
            "MOTION_UNKNOWN",
            "barn",
        ),
        case(
            "a person enrolled twice",
            clerk.enrol("voter"),
            Code::AlreadyExists,
            "PERSON_EXISTS",
            "voter",
        ),
    ]
}
