//! Text and lists within their bounds, and text without what deceives the eye.

use proto::{
    MalformedReason, TextFault, encode_action, limits,
    v1::{self, action::Payload},
};

use crate::{
    refusals::{at, changed, payload, refused},
    samples,
};

#[test]
fn text_is_nfc_without_control_or_bidirectional_characters() {
    let title = |title: &'static str| {
        move |a: &mut v1::Action| {
            payload!(a, MotionTabled).text.as_mut().expect("some").title = title.into();
        }
    };
    let kind = "motion_tabled";
    let field = "motion_tabled.text.title";
    assert_eq!(changed(kind, title("caf\u{e9}")), Ok(()));
    for bad in [
        "cafe\u{301}",
        "a\nb",
        "a\u{202E}b",
        "a\u{2028}b",
        "a\u{61C}b",
        "a\u{FFFF}b",
        "a\u{378}b",
        "a\u{E000}b",
    ] {
        assert_eq!(
            refused(kind, title(bad)),
            at("TEXT_NOT_ALLOWED", field),
            "{bad:?}"
        );
    }
    assert_eq!(refused(kind, title("")), at("FIELD_MISSING", field));
    let error = changed(kind, title("投\u{2067}票")).expect_err("refused");
    let fault = TextFault::Character {
        character: '\u{2067}',
        at: 3,
    };
    assert_eq!(error.reason(), &MalformedReason::TextNotAllowed(fault));
    let said = "motion_tabled.text.title: U+2067 at byte 3 is not allowed in signed text";
    assert_eq!(error.to_string(), said);
}

/// Also ids and dates, which no text with a bidirectional control is.
#[test]
fn every_text_field_is_checked() {
    use prost_reflect::{DynamicMessage, Kind, Value};
    fn spoil(message: &DynamicMessage, path: &str, spoiled: &mut dyn FnMut(&str, String)) {
        for (field, value) in message.fields() {
            let here = format!("{path}{}", field.name());
            let mut visit = |at: String, item: &Value| match (field.kind(), item) {
                (Kind::String, Value::String(text)) => spoiled(&at, format!("{text}\u{202E}")),
                (Kind::Message(_), Value::Message(inner)) => {
                    spoil(inner, &format!("{at}."), spoiled);
                }
                _ => {}
            };
            match value {
                Value::List(items) => (0..)
                    .zip(items)
                    .for_each(|(n, item)| visit(format!("{here}[{n}]"), item)),
                single => visit(here, single),
            }
        }
    }
    let schema = proto::pool()
        .get_message_by_name("governance.v1.Action")
        .expect("Action");
    let mut checked = 0;
    for sample in samples::all() {
        let bytes = encode_action(&sample);
        let message = DynamicMessage::decode(schema.clone(), &bytes[..]).expect("a sample");
        let mut json = proto::action_to_json(&bytes).expect("a sample");
        spoil(&message, "", &mut |path, text| {
            let place = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
            let slot = json.pointer_mut(&place).expect("the JSON has this path");
            let before = std::mem::replace(slot, serde_json::Value::String(text));
            let error = proto::action_from_json(&json.to_string()).expect_err("spoiled");
            *json.pointer_mut(&place).expect("still there") = before;
            let proto::JsonError::Malformed(error) = error else {
                panic!("{path}: {error}");
            };
            assert_eq!(error.field(), path);
            assert!(
                ["TEXT_NOT_ALLOWED", "FIELD_INVALID"].contains(&error.code()),
                "{error}"
            );
            checked += 1;
        });
    }
    assert!(checked > 150, "{checked} texts");
}

#[test]
fn texts_and_lists_are_bounded() {
    let text = |a: &mut v1::Action, title: usize, paragraphs: Vec<usize>| {
        payload!(a, MotionTabled).text = Some(v1::MotionText {
            title: "t".repeat(title),
            paragraphs: paragraphs.into_iter().map(|len| "p".repeat(len)).collect(),
        });
    };
    let kind = "motion_tabled";
    let field = "motion_tabled.text.title";
    assert_eq!(
        changed(kind, |a| text(a, limits::TITLE_LEN_MAX, vec![])),
        Ok(())
    );
    assert_eq!(
        refused(kind, |a| text(a, limits::TITLE_LEN_MAX + 1, vec![])),
        at("TOO_LARGE", field)
    );
    let field = "motion_tabled.text.paragraphs";
    assert_eq!(changed(kind, |a| text(a, 1, vec![16_384, 16_384])), Ok(()));
    assert_eq!(
        refused(kind, |a| text(a, 1, vec![16_384, 16_385])),
        at("TOO_LARGE", field)
    );
    assert_eq!(changed(kind, |a| text(a, 1, vec![1; 1_024])), Ok(()));
    assert_eq!(
        refused(kind, |a| text(a, 1, vec![1; 1_025])),
        at("TOO_LARGE", field)
    );
    let field = "motion_tabled.text.paragraphs[1]";
    assert_eq!(
        refused(kind, |a| text(a, 1, vec![1, 0])),
        at("FIELD_MISSING", field)
    );
    let voters = |a: &mut v1::Action, n: usize| {
        payload!(a, AttendanceRecorded).present = (0..n).map(|n| format!("v{n}")).collect();
    };
    let kind = "attendance_recorded";
    assert_eq!(changed(kind, |a| voters(a, 1_000)), Ok(()));
    assert_eq!(
        refused(kind, |a| voters(a, 1_001)),
        at("TOO_LARGE", "attendance_recorded.present")
    );
    let options = |a: &mut v1::Action, n: usize| {
        let contest = payload!(a, MotionTabled).contest.as_mut().expect("some");
        contest.options = vec![contest.options[0].clone(); n];
    };
    let field = "motion_tabled.contest.options";
    assert_eq!(changed("motion_tabled", |a| options(a, 64)), Ok(()));
    assert_eq!(
        refused("motion_tabled", |a| options(a, 65)),
        at("TOO_LARGE", field)
    );
}
