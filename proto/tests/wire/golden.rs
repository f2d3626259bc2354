//! One action of every kind as bytes and as JSON, checked in: `testdata/actions/<kind>.{hex,json}`.
//!
//! `UPDATE_GOLDEN=1 cargo test -p proto` writes the files of kinds that have none yet. Released files
//! never change: their bytes are in logs.

use std::{collections::BTreeSet, fs, path::PathBuf, sync::Once};

use governance::action::{Payload, PeopleAction};
use proto::{action_from_json, action_to_json, decode_action, encode_action, payload_kind};

use crate::samples;

fn path(kind: &str, ending: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/actions");
    folder.join(format!("{kind}.{ending}"))
}

/// 32 bytes a line.
fn to_hex(bytes: &[u8]) -> String {
    let lines = bytes.chunks(32).map(|chunk| hex::encode(chunk) + "\n");
    lines.collect()
}

pub(crate) fn read(kind: &str) -> Vec<u8> {
    static WRITTEN: Once = Once::new();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        WRITTEN.call_once(write_missing);
    }
    let path = path(kind, "hex");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    hex::decode(text.replace('\n', "")).expect("hex")
}

fn write_missing() {
    for action in samples::all() {
        let kind = payload_kind(&action);
        if path(kind, "hex").exists() {
            continue;
        }
        let bytes = encode_action(&action);
        let json = action_to_json(&bytes).expect("a sample decodes");
        let json = serde_json::to_string_pretty(&json).expect("JSON") + "\n";
        fs::write(path(kind, "hex"), to_hex(&bytes)).expect("write");
        fs::write(path(kind, "json"), json).expect("write");
    }
}

#[test]
fn every_kind_encodes_to_its_golden_bytes_and_json() {
    for action in samples::all() {
        let kind = payload_kind(&action);
        let bytes = read(kind);
        assert_eq!(to_hex(&encode_action(&action)), to_hex(&bytes), "{kind}");
        assert_eq!(decode_action(&bytes).as_ref(), Ok(&action), "{kind}");
        let json = fs::read_to_string(path(kind, "json")).expect("a golden has its JSON");
        assert_eq!(
            action_from_json(&json).expect("golden JSON"),
            bytes,
            "{kind}"
        );
        let parsed: serde_json::Value = serde_json::from_str(&json).expect("golden JSON");
        assert_eq!(
            action_to_json(&bytes).expect("golden bytes"),
            parsed,
            "{kind}"
        );
    }
}

#[test]
fn every_arm_of_the_payload_has_a_golden() {
    let schema = proto::pool()
        .get_message_by_name("governance.v1.Action")
        .expect("Action");
    let payload = schema.oneofs().next().expect("the payload");
    let arms: BTreeSet<String> = payload.fields().map(|f| f.name().to_owned()).collect();
    let samples = samples::all();
    let kinds: BTreeSet<String> = samples.iter().map(|a| payload_kind(a).to_owned()).collect();
    assert_eq!(arms, kinds);
    assert_eq!(samples.len(), kinds.len(), "one sample a kind");
    for kind in arms {
        let field = payload.fields().find(|f| f.name() == kind).expect("arm");
        let message = prost_reflect::DynamicMessage::decode(schema.clone(), &read(&kind)[..]);
        assert!(message.expect("golden").has_field(&field), "{kind}");
    }
}

/// Without this, a field that samples leave out would have no golden byte.
#[test]
fn the_goldens_together_set_every_field_of_the_schema() {
    use prost_reflect::{DynamicMessage, Value};
    fn visit(message: &DynamicMessage, seen: &mut BTreeSet<String>) {
        for (field, value) in message.fields() {
            seen.insert(field.full_name().to_owned());
            match value {
                Value::Message(inner) => visit(inner, seen),
                Value::List(items) => items
                    .iter()
                    .filter_map(Value::as_message)
                    .for_each(|inner| visit(inner, seen)),
                _ => {}
            }
        }
    }
    let schema = proto::pool()
        .get_message_by_name("governance.v1.Action")
        .expect("Action");
    let mut seen = BTreeSet::new();
    for action in samples::all() {
        let bytes = read(payload_kind(&action));
        visit(
            &DynamicMessage::decode(schema.clone(), &bytes[..]).expect("golden"),
            &mut seen,
        );
    }
    let file = schema.parent_file();
    let fields = file
        .messages()
        .flat_map(|message| message.fields().collect::<Vec<_>>());
    let missing: Vec<_> = fields
        .map(|field| field.full_name().to_owned())
        .filter(|name| !seen.contains(name))
        // A ballot is open, as the one golden of its kind, or hidden; `canonical` has a hidden one.
        .filter(|name| name != "governance.v1.BallotCast.commitment")
        // A correction is a roll call, as the one golden of its kind, or in words.
        .filter(|name| name != "governance.v1.RecordCorrected.note")
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

/// FORMAT.md shows the bytes of a rotation, and `tlog`'s tests who signed them; what they say is read here.
#[test]
fn the_rotation_that_the_format_shows_says_what_it_is_said_to() {
    let shown = include_str!("../../../ledger/tlog/testdata/rotation.txt");
    let value = |name: &str| {
        let line = shown.lines().find_map(|line| line.strip_prefix(name));
        let (_, value) = line
            .expect("it is shown")
            .split_once("= ")
            .expect("a value");
        hex::decode(value).expect("hex")
    };
    let entry = tlog::Entry::decode(&value("entry ")).expect("an entry");
    let action = decode_action(&entry.action).expect("an action");
    assert_eq!(encode_action(&action), entry.action);
    assert_eq!(payload_kind(&action), "ledger_key_rotated");
    let Payload::People(PeopleAction::LedgerKeyRotated { old_key, new_key }) = &action.payload
    else {
        panic!("another action: {action:?}");
    };
    let signed: Vec<_> = entry.signatures.iter().map(|s| s.key).collect();
    assert_eq!(signed[1..], [old_key.0, new_key.0]);
    let signers = governance::required_signers(&action);
    let keys = [old_key, new_key].map(|key| governance::RequiredSigner::Key(*key));
    assert_eq!(signers[1..], keys);
}
