//! One encoding an action: every other one of the same meaning is refused, and said why.

use governance::action::Action;
use proto::{EncodingFault, Malformed, MalformedReason, decode_action, encode_action};

use crate::samples;

// ── A small writer of wire format, right or wrong ───────────────────────────────────────────────

fn varint(mut n: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while n >= 0x80 {
        out.push(u8::try_from(n & 0x7f).expect("7 bits") | 0x80);
        n >>= 7;
    }
    out.push(u8::try_from(n).expect("7 bits"));
    out
}

fn number(field: u32, n: u64) -> Vec<u8> {
    [varint(u64::from(field) << 3), varint(n)].concat()
}

fn bytes(field: u32, value: &[u8]) -> Vec<u8> {
    let key = varint(u64::from(field) << 3 | 2);
    [key, varint(value.len() as u64), value.to_vec()].concat()
}

/// The common fields of the ballot sample, in order: each field's own bytes.
fn common() -> Vec<Vec<u8>> {
    let capacity = [bytes(1, b"owners-assembly")].concat();
    vec![
        bytes(1, b"xinyuanli"),
        bytes(2, &[0xA0; 32]),
        bytes(3, &samples::of_kind("ballot_cast").id.0),
        bytes(4, b"wang"),
        bytes(5, &capacity),
        number(6, 1_772_366_400_000),
        number(7, 1_772_366_500_000),
    ]
}

fn ballot(choice: &[u8]) -> Vec<u8> {
    [bytes(1, b"m-1"), bytes(2, &[0xB0; 32]), bytes(4, choice)].concat()
}

fn action(payload: &[u8]) -> Vec<u8> {
    [common().concat(), bytes(178, payload)].concat()
}

fn stance_for() -> Vec<u8> {
    number(1, 1)
}

fn accepted(bytes: &[u8]) -> Action {
    let action = decode_action(bytes).expect("accepted");
    assert_eq!(encode_action(&action), bytes);
    action
}

fn refused(bytes: &[u8]) -> Malformed {
    decode_action(bytes).expect_err("refused")
}

fn assert_not_canonical(bytes: &[u8], field: &str, fault: EncodingFault) {
    let error = refused(bytes);
    assert_eq!(
        (error.field(), error.reason()),
        (field, &MalformedReason::NotCanonical(fault))
    );
    assert_eq!(error.code(), "NOT_CANONICAL");
}

fn assert_unknown(bytes: &[u8], field: &str, number: u32) {
    let error = refused(bytes);
    assert_eq!(
        (error.field(), error.reason()),
        (field, &MalformedReason::UnknownField { number })
    );
    assert_eq!(error.code(), "UNKNOWN_FIELD");
}

fn assert_not_protobuf(bytes: &[u8], field: &str) {
    let error = refused(bytes);
    assert_eq!(
        (error.code(), error.field()),
        ("NOT_PROTOBUF", field),
        "{error}"
    );
}

// ── Tests ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_hand_written_ballot_is_accepted() {
    let action = accepted(&action(&ballot(&stance_for())));
    assert_eq!(proto::payload_kind(&action), "ballot_cast");
}

#[test]
fn a_ballot_has_a_choice_or_a_commitment_and_not_both() {
    let sealed = |choice: &[u8]| {
        let head = [bytes(1, b"m-1"), bytes(2, &[0xB0; 32])].concat();
        action(&[&head, choice, &bytes(5, &[0xC0; 32])].concat())
    };
    accepted(&sealed(&[]));
    assert_eq!(
        refused(&sealed(&bytes(4, &stance_for()))).field(),
        "ballot_cast.commitment"
    );
    let short = [
        bytes(1, b"m-1"),
        bytes(2, &[0xB0; 32]),
        bytes(5, &[0xC0; 31]),
    ]
    .concat();
    assert_eq!(refused(&action(&short)).field(), "ballot_cast.commitment");
}

#[test]
fn unknown_fields_are_named_by_path_and_number() {
    let plain = ballot(&stance_for());
    let top = [common().concat(), number(99, 1), bytes(178, &plain)].concat();
    assert_unknown(&top, "99", 99);
    let last = [action(&plain), bytes(536_870_911, b"x")].concat();
    assert_unknown(&last, "536870911", 536_870_911);
    let in_ballot = action(&[plain.clone(), bytes(6, b"x")].concat());
    assert_unknown(&in_ballot, "ballot_cast.6", 6);
    let in_choice = action(&ballot(&[stance_for(), number(9, 0)].concat()));
    assert_unknown(&in_choice, "ballot_cast.choice.9", 9);
    let line = |extra: &[u8]| bytes(4, &[bytes(1, b"li"), extra.to_vec()].concat());
    let part = [
        bytes(1, b"r"),
        bytes(2, b"b"),
        line(&[]),
        line(&number(8, 1)),
    ]
    .concat();
    let in_list = [common().concat(), bytes(135, &part)].concat();
    assert_unknown(&in_list, "roll_part.lines[1].8", 8);
}

#[test]
fn an_unknown_field_is_named_before_another_encoding_fault() {
    let late = [
        bytes(178, &ballot(&stance_for())),
        common().concat(),
        number(30000, 1),
    ]
    .concat();
    assert_unknown(&late, "30000", 30000);
}

#[test]
fn unknown_fixed_width_fields_are_unknown_too() {
    for (wire_type, len) in [(1, 8), (5, 4)] {
        let fixed = [varint(20000 << 3 | wire_type), vec![1; len]].concat();
        let bytes = [action(&ballot(&stance_for())), fixed].concat();
        assert_unknown(&bytes, "20000", 20000);
    }
}

#[test]
fn fields_out_of_order_are_refused() {
    let mut fields = common();
    fields.swap(0, 1);
    let swapped = [fields.concat(), bytes(178, &ballot(&stance_for()))].concat();
    assert_not_canonical(&swapped, "ledger", EncodingFault::OutOfOrder);
    let early = [bytes(178, &ballot(&stance_for())), common().concat()].concat();
    assert_not_canonical(&early, "ledger", EncodingFault::OutOfOrder);
    let nested = [
        bytes(2, &[0xB0; 32]),
        bytes(1, b"m-1"),
        bytes(4, &stance_for()),
    ]
    .concat();
    assert_not_canonical(
        &action(&nested),
        "ballot_cast.motion",
        EncodingFault::OutOfOrder,
    );
}

#[test]
fn a_singular_field_given_twice_is_refused() {
    let mut fields = common();
    fields.insert(1, bytes(1, b"xinyuanli"));
    let twice = [fields.concat(), bytes(178, &ballot(&stance_for()))].concat();
    assert_not_canonical(&twice, "ledger", EncodingFault::Repeated);
    // Two halves of a message, which protobuf merges into one.
    let halves = [
        common().concat(),
        bytes(178, &[bytes(1, b"m-1"), bytes(2, &[0xB0; 32])].concat()),
        bytes(178, &bytes(4, &stance_for())),
    ];
    assert_not_canonical(&halves.concat(), "ballot_cast", EncodingFault::Repeated);
}

#[test]
fn two_fields_of_one_oneof_are_refused() {
    let both = [number(1, 1), bytes(2, &bytes(1, &[0]))].concat();
    let both = action(&ballot(&both));
    assert_not_canonical(&both, "ballot_cast.choice.options", EncodingFault::Repeated);
    let payloads = [
        common().concat(),
        bytes(172, &bytes(1, b"m-1")),
        bytes(178, &ballot(&stance_for())),
    ];
    assert_not_canonical(&payloads.concat(), "ballot_cast", EncodingFault::Repeated);
}

#[test]
fn varints_longer_than_they_need_to_be_are_refused() {
    let value = action(&ballot(&[0x08, 0x81, 0x00]));
    assert_not_canonical(
        &value,
        "ballot_cast.choice.stance",
        EncodingFault::LongVarint,
    );
    let mut fields = common();
    fields[0] = [&[0x0A, 0x89, 0x00][..], b"xinyuanli"].concat();
    let length = [fields.concat(), bytes(178, &ballot(&stance_for()))].concat();
    assert_not_canonical(&length, "ledger", EncodingFault::LongVarint);
    let mut fields = common();
    fields[0] = [&[0x8A, 0x00, 0x09][..], b"xinyuanli"].concat();
    let key = [fields.concat(), bytes(178, &ballot(&stance_for()))].concat();
    assert_not_canonical(&key, "", EncodingFault::LongVarint);
}

#[test]
fn explicit_defaults_are_refused() {
    let choice = ballot(&stance_for());
    let mut fields = common();
    fields.push(bytes(9, b""));
    let empty_bytes = [fields.concat(), bytes(178, &choice)].concat();
    assert_not_canonical(
        &empty_bytes,
        "expected_leaf",
        EncodingFault::ExplicitDefault,
    );
    let mut fields = common();
    fields[5] = number(6, 0);
    let zero = [fields.concat(), bytes(178, &choice)].concat();
    assert_not_canonical(&zero, "client_time_ms", EncodingFault::ExplicitDefault);
    let empty_text = [
        bytes(1, b"m"),
        bytes(2, &[1; 32]),
        bytes(3, b""),
        bytes(4, &number(1, 1)),
    ];
    assert_not_canonical(
        &action(&empty_text.concat()),
        "ballot_cast.on_behalf_of",
        EncodingFault::ExplicitDefault,
    );
}

#[test]
fn repeated_numbers_are_packed_in_one_piece() {
    let options = |set: &[u8]| action(&ballot(&bytes(2, set)));
    accepted(&options(&bytes(1, &[0, 2])));
    accepted(&options(&[]));
    let field = "ballot_cast.choice.options.options";
    let unpacked = [number(1, 0), number(1, 2)].concat();
    assert_not_canonical(&options(&unpacked), field, EncodingFault::NotPacked);
    let pieces = [bytes(1, &[0]), bytes(1, &[2])].concat();
    assert_not_canonical(&options(&pieces), field, EncodingFault::NotPacked);
    assert_not_canonical(
        &options(&bytes(1, &[])),
        field,
        EncodingFault::ExplicitDefault,
    );
    let long = options(&bytes(1, &[0, 0x82, 0x00]));
    let item = "ballot_cast.choice.options.options[1]";
    assert_not_canonical(&long, item, EncodingFault::LongVarint);
}

#[test]
fn numbers_wider_than_their_field_are_refused() {
    let wide = [bytes(1, &varint(1 << 32 | 2))].concat();
    assert_not_canonical(
        &action(&ballot(&bytes(2, &wide))),
        "ballot_cast.choice.options.options[0]",
        EncodingFault::OutOfRange,
    );
    let stance = action(&ballot(&number(1, 1 << 32 | 1)));
    assert_not_canonical(
        &stance,
        "ballot_cast.choice.stance",
        EncodingFault::OutOfRange,
    );
    let opinion = [bytes(1, b"m-1"), number(3, 2)].concat();
    let truth = [common().concat(), bytes(175, &opinion)].concat();
    assert_not_canonical(
        &truth,
        "expert_opinion_filed.interested",
        EncodingFault::OutOfRange,
    );
}

#[test]
fn what_is_no_protobuf_is_said_to_be_none() {
    let good = action(&ballot(&stance_for()));
    assert_not_protobuf(&good[..good.len() - 1], "ballot_cast");
    assert_not_protobuf(&[0xFF; 11], "");
    assert_not_protobuf(&[0x0A], "ledger");
    assert_not_protobuf(&number(1, 7), "ledger");
    assert_not_protobuf(&bytes(1, &[0xC3, 0x28]), "ledger");
    assert_not_protobuf(&bytes(6, b"x"), "client_time_ms");
    // A group, and field number 0.
    assert_not_protobuf(&[0x0B, 0x0C], "ledger");
    assert_not_protobuf(&[0x02, 0x00], "");
}

#[test]
fn nothing_is_no_action() {
    let error = refused(&[]);
    assert_eq!((error.code(), error.field()), ("UNSET_ONEOF", "payload"));
}

#[test]
fn an_action_of_60000_bytes_is_accepted_and_one_more_is_not() {
    let line = |id: String| bytes(4, &bytes(1, id.as_bytes()));
    let part = |unit: usize| {
        let mut lines: Vec<u8> = (0..880).flat_map(|n| line(format!("{n:064}"))).collect();
        lines.extend(bytes(
            4,
            &[bytes(1, b"x"), bytes(3, "u".repeat(unit).as_bytes())].concat(),
        ));
        [bytes(1, b"roll"), bytes(2, b"body"), lines].concat()
    };
    let of_len = |len: usize| {
        let sized = |unit| [common().concat(), bytes(135, &part(unit))].concat();
        let found = (1..=64).map(sized).find(|bytes| bytes.len() == len);
        found.expect("a unit id of that length")
    };
    accepted(&of_len(60_000));
    let error = refused(&of_len(60_001));
    assert_eq!((error.code(), error.field()), ("TOO_LARGE", ""));
    let reason = MalformedReason::TooLarge {
        found: 60_001,
        max: 60_000,
        unit: "bytes",
    };
    assert_eq!(error.reason(), &reason);
}
