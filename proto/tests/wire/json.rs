//! Actions and messages as JSON.

use proto::{
    JsonError, action_from_json, action_to_json, encode_action, json::draft_from_json,
    message_to_json, v1,
};
use serde_json::json;

use crate::samples;

fn golden_json(kind: &str) -> serde_json::Value {
    action_to_json(&encode_action(&samples::of_kind(kind))).expect("a sample")
}

fn shape(json: &serde_json::Value) -> (String, String) {
    match action_from_json(&json.to_string()).expect_err("refused") {
        JsonError::Shape { path, message } => (path, message),
        other => panic!("{other}"),
    }
}

fn malformed(json: &serde_json::Value) -> (&'static str, String) {
    match action_from_json(&json.to_string()).expect_err("refused") {
        JsonError::Malformed(error) => (error.code(), error.field().to_owned()),
        other => panic!("{other}"),
    }
}

#[test]
fn json_names_are_read_too() {
    let sample = samples::of_kind("interest_declared");
    let json = json!({
        "ledger": "xinyuanli",
        "genesis": "oKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKA=",
        "id": golden_json("interest_declared")["id"],
        "actor": "wang",
        "capacity": {"body": "residents-committee", "office": "head"},
        "clientTimeMs": "1772366400000",
        "not_after_ms": 1_772_452_800_000_u64,
        "basis": {"powerItem": "convene-meetings", "citation": "城市居民委员会组织法 26"},
        "expectedLeaf": "4ODg4ODg4ODg4ODg4ODg4ODg4ODg4ODg4ODg4ODg4OA=",
        "interestDeclared": {"motion": "m-2026-1"},
    });
    let bytes = action_from_json(&json.to_string()).expect("an action");
    assert_eq!(bytes, encode_action(&sample));
}

#[test]
fn explicit_defaults_in_json_are_no_other_action() {
    let mut json = golden_json("expert_opinion_filed");
    json["expert_opinion_filed"]["interested"] = json!(false);
    let with = action_from_json(&json.to_string()).expect("an action");
    let fields = json["expert_opinion_filed"]
        .as_object_mut()
        .expect("a message");
    fields.remove("interested");
    assert_eq!(
        with,
        action_from_json(&json.to_string()).expect("an action")
    );
}

#[test]
fn unknown_fields_are_refused_by_name_and_place() {
    let mut json = golden_json("motion_tabled");
    json["motion_tabled"]["text"]["subtitle"] = json!("x");
    let (path, message) = shape(&json);
    assert_eq!(path, "motion_tabled.text");
    assert!(message.contains("'subtitle'"), "{message}");
}

#[test]
fn values_of_the_wrong_shape_are_refused_with_their_path() {
    let mut json = golden_json("roll_part");
    json["roll_part"]["lines"][1]["area"] = json!("many");
    assert_eq!(shape(&json).0, "roll_part.lines[1].area");
    let mut json = golden_json("ballot_cast");
    json["ballot_cast"]["voting_opened"] = json!("not base64!");
    assert_eq!(shape(&json).0, "ballot_cast.voting_opened");
    let mut json = golden_json("statement_made");
    json["statement_made"]["kind"] = json!("STATEMENT_KIND_GOSSIP");
    let (path, message) = shape(&json);
    assert_eq!(path, "statement_made.kind");
    assert!(message.contains("STATEMENT_KIND_GOSSIP"), "{message}");
}

#[test]
fn two_payloads_and_trailing_text_are_refused() {
    let mut json = golden_json("proxy_revoked");
    json["voting_closed"] = json!({"motion": "m"});
    assert!(shape(&json).1.contains("multiple fields"));
    let twice = golden_json("proxy_revoked").to_string().repeat(2);
    assert!(matches!(
        action_from_json(&twice),
        Err(JsonError::Shape { .. })
    ));
    assert!(matches!(
        action_from_json("{"),
        Err(JsonError::Shape { .. })
    ));
}

#[test]
fn json_of_no_action_is_refused_as_its_bytes_would_be() {
    let mut json = golden_json("meeting_closed");
    json["meeting_closed"]["meeting"] = json!("No Id");
    assert_eq!(
        malformed(&json),
        ("FIELD_INVALID", "meeting_closed.meeting".to_owned())
    );
    assert_eq!(malformed(&json!({})), ("UNSET_ONEOF", "payload".to_owned()));
}

#[test]
fn a_draft_need_not_be_whole() {
    let draft = draft_from_json(r#"{"votingClosed": {"motion": "m-1"}}"#).expect("a draft");
    let payload = v1::action::Payload::VotingClosed(v1::VotingClosed {
        motion: "m-1".to_owned(),
    });
    assert_eq!(draft.payload, Some(payload));
    assert_eq!(draft.ledger, "");
}

#[test]
fn bytes_that_are_no_action_have_no_json() {
    let error = action_to_json(&[0xFF]).expect_err("refused");
    assert!(matches!(error, JsonError::Malformed(e) if e.code() == "NOT_PROTOBUF"));
}

#[test]
fn any_message_can_be_written_by_its_own_name() {
    let receipt = v1::Receipt {
        ledger: "xinyuanli".to_owned(),
        index: 7,
        leaf: vec![0xFF; 3],
        recorded_at_ms: 0,
        checkpoint: Vec::new(),
        inclusion_proof: vec![vec![0], vec![1, 2]],
        ..v1::Receipt::default()
    };
    let expected = json!({
        "ledger": "xinyuanli",
        "index": "7",
        "leaf": "////",
        "inclusion_proof": ["AA==", "AQI="],
    });
    assert_eq!(message_to_json(&receipt).expect("JSON"), expected);
    let unknown = proto::json::to_json("governance.v1.Rumour", &[]);
    assert!(
        matches!(unknown, Err(JsonError::UnknownMessage(name)) if name == "governance.v1.Rumour")
    );
}

#[test]
fn a_field_given_twice_is_refused_under_either_name() {
    let golden = golden_json("proxy_revoked").to_string();
    let motion = r#""motion":"m-2026-1""#;
    let (path, message) =
        match action_from_json(&golden.replace(motion, r#""motion":"x","motion":"m-2026-1""#)) {
            Err(JsonError::Shape { path, message }) => (path, message),
            other => panic!("{other:?}"),
        };
    assert_eq!(path, "proxy_revoked");
    assert!(message.contains("'motion' is given twice"), "{message}");
    let both = golden.replacen('{', r#"{"clientTimeMs":"1","#, 1);
    let error = action_from_json(&both).expect_err("refused").to_string();
    assert!(error.contains("is given twice"), "{error}");
}
