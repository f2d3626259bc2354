//! Every code of what is malformed, with the field named, and accepted at the exact bound beside it.

use std::collections::BTreeSet;

use governance::action::Actor;
use proto::{
    InvalidField, Malformed, MalformedReason, contents_of, decode_action, encode_action, v1,
    v1::{action::Payload, choice::Choice as WireChoice},
};

use crate::samples;

/// The sample of a kind, changed on the wire.
pub(crate) fn changed(kind: &str, change: impl FnOnce(&mut v1::Action)) -> Result<(), Malformed> {
    let mut wire = v1::Action::from(&samples::of_kind(kind));
    change(&mut wire);
    let bytes = prost::Message::encode_to_vec(&wire);
    let action = decode_action(&bytes)?;
    assert_eq!(encode_action(&action), bytes);
    Ok(())
}

pub(crate) fn refused(kind: &str, change: impl FnOnce(&mut v1::Action)) -> (&'static str, String) {
    let error = changed(kind, change).expect_err("refused");
    assert!(!error.remedy().is_empty());
    assert!(error.to_string().starts_with(error.field()), "{error}");
    (error.code(), error.field().to_owned())
}

pub(crate) fn at(code: &'static str, field: &str) -> (&'static str, String) {
    (code, field.to_owned())
}

/// The payload of an action as the message it is known to be.
macro_rules! payload {
    ($action:expr, $variant:ident) => {
        match &mut $action.payload {
            Some(Payload::$variant(message)) => message,
            other => panic!("{other:?}"),
        }
    };
}
pub(crate) use payload;

// ── Common fields ───────────────────────────────────────────────────────────────────────────────

#[test]
fn ids_and_hashes_of_the_common_fields() {
    let kind = "interest_declared";
    assert_eq!(
        refused(kind, |a| a.ledger.clear()),
        at("FIELD_MISSING", "ledger")
    );
    assert_eq!(
        refused(kind, |a| a.ledger = "Xin".into()),
        at("FIELD_INVALID", "ledger")
    );
    assert_eq!(
        refused(kind, |a| a.ledger = "x".repeat(41)),
        at("FIELD_INVALID", "ledger")
    );
    assert_eq!(changed(kind, |a| a.ledger = "x".repeat(40)), Ok(()));
    assert_eq!(
        refused(kind, |a| a.genesis.clear()),
        at("FIELD_MISSING", "genesis")
    );
    assert_eq!(
        refused(kind, |a| a.genesis.push(0)),
        at("FIELD_INVALID", "genesis")
    );
    assert_eq!(
        refused(kind, |a| a.actor = "王".into()),
        at("FIELD_INVALID", "actor")
    );
    assert_eq!(
        refused(kind, |a| a.expected_leaf = vec![1; 31]),
        at("FIELD_INVALID", "expected_leaf")
    );
    assert_eq!(changed(kind, |a| a.expected_leaf.clear()), Ok(()));
    let capacity = |a: &mut v1::Action, body: &str, office: &str| {
        a.capacity = Some(v1::Capacity {
            body: body.into(),
            office: office.into(),
        });
    };
    assert_eq!(
        refused(kind, |a| capacity(a, "", "head")),
        at("FIELD_MISSING", "capacity.body")
    );
    assert_eq!(
        refused(kind, |a| capacity(a, "b", "-")),
        at("FIELD_INVALID", "capacity.office")
    );
    assert_eq!(changed(kind, |a| capacity(a, "b", "")), Ok(()));
    assert_eq!(changed(kind, |a| a.capacity = None), Ok(()));
}

#[test]
fn the_action_id_is_a_uuid_of_the_right_version() {
    let kind = "interest_declared";
    assert_eq!(
        refused(kind, |a| a.id.truncate(15)),
        at("FIELD_INVALID", "id")
    );
    assert_eq!(refused(kind, |a| a.id[6] = 0x4F), at("FIELD_INVALID", "id"));
    assert_eq!(refused(kind, |a| a.id[6] = 0x8F), at("FIELD_INVALID", "id"));
    assert_eq!(refused(kind, |a| a.id[8] = 0xC0), at("FIELD_INVALID", "id"));
    assert_eq!(
        refused("motion_decided", |a| a.id[6] = 0x7F),
        at("FIELD_INVALID", "id")
    );
    let error = changed(kind, |a| a.id[6] = 0x4F).expect_err("refused");
    let expected = MalformedReason::FieldInvalid(InvalidField::ActionId { expected: 7 });
    assert_eq!(error.reason(), &expected);
}

#[test]
fn an_empty_message_is_left_out() {
    let kind = "interest_declared";
    assert_eq!(
        refused(kind, |a| a.basis = Some(v1::Basis::default())),
        at("FIELD_INVALID", "basis")
    );
    assert_eq!(changed(kind, |a| a.basis = None), Ok(()));
    let empty = |a: &mut v1::Action| {
        let rules = &mut payload!(a, LedgerFounded)
            .charter
            .as_mut()
            .expect("charter")
            .rules;
        rules[1].prerequisites = Some(v1::Prerequisites::default());
    };
    let field = "ledger_founded.charter.rules[1].prerequisites";
    assert_eq!(refused("ledger_founded", empty), at("FIELD_INVALID", field));
    let kind = "paper_ballots_recorded";
    let spoiled = |a: &mut v1::Action, total| payload!(a, PaperBallotsRecorded).spoiled = total;
    let field = "paper_ballots_recorded.spoiled";
    let none = v1::PaperTotal::default();
    assert_eq!(
        refused(kind, |a| spoiled(a, Some(none))),
        at("FIELD_INVALID", field)
    );
    assert_eq!(changed(kind, |a| spoiled(a, None)), Ok(()));
}

#[test]
fn derived_families_name_no_actor_and_all_others_do() {
    let named = refused("motion_decided", |a| a.actor = "wang".into());
    assert_eq!(named, at("DERIVED_ONLY", "actor"));
    let capacity = v1::Capacity {
        body: "b".into(),
        office: String::new(),
    };
    let acting = refused("motion_decided", |a| a.capacity = Some(capacity));
    assert_eq!(acting, at("FIELD_INVALID", "capacity"));
    for sample in samples::all() {
        let kind = proto::payload_kind(&sample);
        let derived = sample.payload.is_derived();
        assert_eq!(derived, sample.actor == Actor::Ledger, "{kind}");
        if !derived {
            assert_eq!(
                refused(kind, |a| a.actor.clear()),
                at("ACTOR_MISSING", "actor")
            );
        }
    }
}

// ── Enums and oneofs ────────────────────────────────────────────────────────────────────────────

#[test]
fn enums_are_known_and_specified() {
    let mark = |n| move |a: &mut v1::Action| payload!(a, RollCallRecorded).lines[3].mark = n;
    let field = "roll_call_recorded.lines[3].mark";
    assert_eq!(
        refused("roll_call_recorded", mark(0)),
        at("FIELD_MISSING", field)
    );
    assert_eq!(
        refused("roll_call_recorded", mark(7)),
        at("UNKNOWN_ENUM", field)
    );
    assert_eq!(
        refused("roll_call_recorded", mark(-1)),
        at("UNKNOWN_ENUM", field)
    );
    assert_eq!(changed("roll_call_recorded", mark(6)), Ok(()));
    let stance = |n| {
        move |a: &mut v1::Action| {
            let choice = WireChoice::Stance(n);
            payload!(a, BallotCast).choice = Some(v1::Choice {
                choice: Some(choice),
            });
        }
    };
    let field = "ballot_cast.choice.stance";
    assert_eq!(
        refused("ballot_cast", stance(0)),
        at("FIELD_MISSING", field)
    );
    assert_eq!(refused("ballot_cast", stance(4)), at("UNKNOWN_ENUM", field));
    assert_eq!(changed("ballot_cast", stance(3)), Ok(()));
    let kinds = |a: &mut v1::Action| {
        let charter = payload!(a, LedgerFounded)
            .charter
            .as_mut()
            .expect("charter");
        charter.rules[0]
            .prerequisites
            .as_mut()
            .expect("some")
            .statements_from = vec![1, 18];
    };
    let field = "ledger_founded.charter.rules[0].prerequisites.statements_from[1]";
    assert_eq!(refused("ledger_founded", kinds), at("UNKNOWN_ENUM", field));
}

/// Every enum of the schema, by number: those the schema names decode, and no other.
#[test]
fn every_named_enum_value_has_a_counterpart_in_the_domain() {
    let sample = |kind: i32| {
        changed("body_established", |a| {
            payload!(a, BodyEstablished).kind = kind;
        })
    };
    assert!((1..=17).all(|kind| sample(kind).is_ok()) && sample(18).is_err());
    let sample = |right: i32| changed("right_granted", |a| payload!(a, RightGranted).right = right);
    assert!((1..=11).all(|right| sample(right).is_ok()) && sample(12).is_err());
    let sample = |n: i32| {
        changed("office_assumed", |a| {
            payload!(a, OfficeAssumed).obtained = n;
        })
    };
    assert!((1..=4).all(|n| sample(n).is_ok()) && sample(5).is_err());
    let sample = |n: i32| changed("office_ended", |a| payload!(a, OfficeEnded).cause = n);
    assert!((1..=10).all(|n| sample(n).is_ok()) && sample(11).is_err());
    let sample = |n: i32| changed("statement_made", |a| payload!(a, StatementMade).kind = n);
    assert!((1..=4).all(|n| sample(n).is_ok()) && sample(5).is_err());
    let sample = |n: i32| changed("motion_decided", |a| payload!(a, MotionDecided).outcome = n);
    assert!((1..=4).all(|n| sample(n).is_ok()) && sample(5).is_err());
    let rule = |change: fn(&mut v1::DecisionRule, i32), n: i32| {
        changed("ledger_founded", |a| {
            let charter = payload!(a, LedgerFounded)
                .charter
                .as_mut()
                .expect("charter");
            change(&mut charter.rules[0], n);
        })
    };
    let of = |change: fn(&mut v1::DecisionRule, i32), last: i32| {
        assert!((1..=last).all(|n| rule(change, n).is_ok()));
        assert!(rule(change, last + 1).is_err() && rule(change, 0).is_err());
    };
    of(|rule, n| rule.quorum_base = n, 2);
    of(|rule, n| rule.approval_base = n, 4);
    of(|rule, n| rule.visibility = n, 3);
    of(|rule, n| rule.measures[0].kind = n, 2);
    of(
        |rule, n| rule.petition.as_mut().expect("some").comparison = n,
        2,
    );
}

#[test]
fn oneofs_and_required_messages_are_set() {
    assert_eq!(
        refused("ballot_cast", |a| a.payload = None),
        at("UNSET_ONEOF", "payload")
    );
    let unset = |a: &mut v1::Action| payload!(a, BallotCast).choice = Some(v1::Choice::default());
    assert_eq!(
        refused("ballot_cast", unset),
        at("UNSET_ONEOF", "ballot_cast.choice")
    );
    let absent = |a: &mut v1::Action| payload!(a, BallotCast).choice = None;
    assert_eq!(
        refused("ballot_cast", absent),
        at("FIELD_MISSING", "ballot_cast.choice")
    );
    let no_text = |a: &mut v1::Action| payload!(a, MotionTabled).text = None;
    assert_eq!(
        refused("motion_tabled", no_text),
        at("FIELD_MISSING", "motion_tabled.text")
    );
    let no_capacity = |a: &mut v1::Action| {
        payload!(a, KeyReplaced)
            .second
            .as_mut()
            .expect("some")
            .capacity = None;
    };
    let field = "key_replaced.second.capacity";
    assert_eq!(
        refused("key_replaced", no_capacity),
        at("FIELD_MISSING", field)
    );
    let spoiled = |a: &mut v1::Action| {
        let choice = Some(WireChoice::Stance(1));
        payload!(a, PaperBallotsRecorded)
            .spoiled
            .as_mut()
            .expect("some")
            .choice = Some(v1::Choice { choice });
    };
    let field = "paper_ballots_recorded.spoiled.choice";
    assert_eq!(
        refused("paper_ballots_recorded", spoiled),
        at("FIELD_INVALID", field)
    );
}

// ── Values ──────────────────────────────────────────────────────────────────────────────────────

#[test]
fn keys_are_32_bytes_and_at_most_5() {
    let keys =
        |keys: Vec<Vec<u8>>| move |a: &mut v1::Action| payload!(a, PersonEnrolled).keys = keys;
    let kind = "person_enrolled";
    assert_eq!(changed(kind, keys(vec![vec![1; 32]; 5])), Ok(()));
    assert_eq!(changed(kind, keys(vec![])), Ok(()));
    assert_eq!(
        refused(kind, keys(vec![vec![1; 32]; 6])),
        at("TOO_LARGE", "person_enrolled.keys")
    );
    let field = "person_enrolled.keys[1]";
    assert_eq!(
        refused(kind, keys(vec![vec![1; 32], vec![1; 33]])),
        at("FIELD_INVALID", field)
    );
    assert_eq!(
        refused(kind, keys(vec![vec![1; 32], vec![]])),
        at("FIELD_MISSING", field)
    );
}

#[test]
fn dates_fractions_and_offsets() {
    let date = |text: &'static str| {
        move |a: &mut v1::Action| payload!(a, OfficeAssumed).term_from = text.into()
    };
    let field = "office_assumed.term_from";
    assert_eq!(changed("office_assumed", date("2028-02-29")), Ok(()));
    assert_eq!(
        refused("office_assumed", date("2026-02-29")),
        at("FIELD_INVALID", field)
    );
    assert_eq!(
        refused("office_assumed", date("2026-1-1")),
        at("FIELD_INVALID", field)
    );
    assert_eq!(
        refused("office_assumed", date("")),
        at("FIELD_MISSING", field)
    );
    let fraction = |numerator, denominator| {
        move |a: &mut v1::Action| {
            let fraction = v1::Fraction {
                numerator,
                denominator,
            };
            let quorum = payload!(a, MotionDecided).measures[1].quorum.as_mut();
            quorum.expect("some").fraction = Some(fraction);
        }
    };
    let field = "motion_decided.measures[1].quorum.fraction";
    assert_eq!(changed("motion_decided", fraction(3, 3)), Ok(()));
    assert_eq!(changed("motion_decided", fraction(0, 1)), Ok(()));
    assert_eq!(
        refused("motion_decided", fraction(4, 3)),
        at("FIELD_INVALID", field)
    );
    assert_eq!(
        refused("motion_decided", fraction(0, 0)),
        at("FIELD_INVALID", field)
    );
    let minutes = |minutes| {
        move |a: &mut v1::Action| payload!(a, LedgerFounded).utc_offsets[1].minutes = minutes
    };
    let field = "ledger_founded.utc_offsets";
    assert_eq!(changed("ledger_founded", minutes(-840)), Ok(()));
    assert_eq!(
        refused("ledger_founded", minutes(841)),
        at("FIELD_INVALID", field)
    );
    let none = |a: &mut v1::Action| payload!(a, LedgerFounded).utc_offsets.clear();
    assert_eq!(refused("ledger_founded", none), at("FIELD_INVALID", field));
}

#[test]
fn contents_are_at_most_256_kib_of_a_media_type() {
    fn content(a: &mut v1::Action) -> &mut v1::Content {
        payload!(a, StatementMade).content.as_mut().expect("some")
    }
    let kind = "statement_made";
    assert_eq!(changed(kind, |a| content(a).length = 262_144), Ok(()));
    let field = "statement_made.content.length";
    assert_eq!(
        refused(kind, |a| content(a).length = 262_145),
        at("TOO_LARGE", field)
    );
    let field = "statement_made.content.media_type";
    assert_eq!(
        refused(kind, |a| content(a).media_type = "text".into()),
        at("FIELD_INVALID", field)
    );
    assert_eq!(
        refused(kind, |a| content(a).media_type.clear()),
        at("FIELD_MISSING", field)
    );
    let long = |n: usize| format!("text/{}", "x".repeat(n - 5));
    assert_eq!(changed(kind, |a| content(a).media_type = long(127)), Ok(()));
    assert_eq!(
        refused(kind, |a| content(a).media_type = long(128)),
        at("TOO_LARGE", field)
    );
    let field = "statement_made.content.digest";
    assert_eq!(
        refused(kind, |a| content(a).digest.truncate(20)),
        at("FIELD_INVALID", field)
    );
}

#[test]
fn chosen_options_ascend() {
    let options = |options: Vec<u32>| {
        move |a: &mut v1::Action| {
            let choice = Some(WireChoice::Options(v1::OptionSet { options }));
            payload!(a, BallotCast).choice = Some(v1::Choice { choice });
        }
    };
    let field = "ballot_cast.choice.options.options";
    assert_eq!(changed("ballot_cast", options(vec![])), Ok(()));
    assert_eq!(changed("ballot_cast", options((0..64).collect())), Ok(()));
    assert_eq!(
        refused("ballot_cast", options((0..65).collect())),
        at("TOO_LARGE", field)
    );
    assert_eq!(
        refused("ballot_cast", options(vec![2, 1])),
        at("FIELD_INVALID", field)
    );
    assert_eq!(
        refused("ballot_cast", options(vec![1, 1])),
        at("FIELD_INVALID", field)
    );
}

// ── The table of codes, and contents ────────────────────────────────────────────────────────────

#[test]
fn the_table_of_codes_is_what_it_was() {
    let codes: Vec<_> = proto::CODES.iter().map(|known| known.code).collect();
    let expected = [
        "NOT_PROTOBUF",
        "UNKNOWN_FIELD",
        "NOT_CANONICAL",
        "UNKNOWN_ENUM",
        "UNSET_ONEOF",
        "FIELD_MISSING",
        "FIELD_INVALID",
        "TEXT_NOT_ALLOWED",
        "TOO_LARGE",
        "DERIVED_ONLY",
        "ACTOR_MISSING",
    ];
    assert_eq!(codes, expected);
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
}

#[test]
fn contents_come_in_the_order_of_their_fields() {
    for (kind, digests) in [
        ("ledger_founded", vec![5]),
        ("person_enrolled", vec![5]),
        ("statement_made", vec![10]),
        ("expert_opinion_filed", vec![11]),
    ] {
        let action = samples::of_kind(kind);
        let found: Vec<u8> = contents_of(&action).iter().map(|c| c.digest.0[0]).collect();
        assert_eq!(found, digests, "{kind}");
    }
    // A content anywhere in the schema is one that contents_of finds.
    for sample in samples::all() {
        let json = proto::action_to_json(&encode_action(&sample)).expect("a sample");
        let named = json.to_string().matches("media_type").count();
        assert_eq!(
            contents_of(&sample).len(),
            named,
            "{}",
            proto::payload_kind(&sample)
        );
    }
}
