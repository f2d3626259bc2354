//! The rules that action.proto sets itself in its head, held against its descriptors.

use std::collections::BTreeSet;

use prost_reflect::{EnumDescriptor, FileDescriptor, Kind, MessageDescriptor};

fn file(name: &str) -> FileDescriptor {
    proto::pool()
        .get_file_by_name(name)
        .expect("a file of this schema")
}

/// Messages with those nested in them.
fn messages(file: &FileDescriptor) -> Vec<MessageDescriptor> {
    let mut all: Vec<_> = file.messages().collect();
    let mut at = 0;
    while at < all.len() {
        let nested: Vec<_> = all[at].child_messages().collect();
        all.extend(nested);
        at += 1;
    }
    all
}

/// Enums, those nested in messages too.
fn enums(file: &FileDescriptor) -> Vec<EnumDescriptor> {
    let nested = messages(file);
    let nested = nested
        .iter()
        .flat_map(|m| m.child_enums().collect::<Vec<_>>());
    file.enums().chain(nested).collect()
}

fn all_files() -> Vec<FileDescriptor> {
    let ours = |f: &FileDescriptor| f.package_name() == "governance.v1";
    proto::pool().files().filter(ours).collect()
}

#[test]
fn the_schema_is_these_five_files() {
    let names: BTreeSet<_> = all_files().iter().map(|f| f.name().to_owned()).collect();
    let expected =
        ["action", "audit", "event", "query", "record"].map(|n| format!("governance/v1/{n}.proto"));
    assert_eq!(names, BTreeSet::from(expected));
}

#[test]
fn signed_messages_have_no_maps_floats_groups_or_fixed_numbers() {
    for message in messages(&file("governance/v1/action.proto")) {
        assert!(!message.is_map_entry(), "{}", message.full_name());
        for field in message.fields() {
            assert!(
                !field.is_map() && !field.is_group(),
                "{}",
                field.full_name()
            );
            let kind = field.kind();
            let plain = matches!(
                kind,
                Kind::Uint32
                    | Kind::Uint64
                    | Kind::Sint32
                    | Kind::Bool
                    | Kind::String
                    | Kind::Bytes
                    | Kind::Message(_)
                    | Kind::Enum(_)
            );
            assert!(plain, "{}: {kind:?}", field.full_name());
        }
    }
}

#[test]
fn a_oneofs_fields_carry_the_highest_numbers_of_their_message() {
    for message in messages(&file("governance/v1/action.proto")) {
        let in_oneof = |inside: bool| {
            let fields = message.fields();
            fields.filter(move |f| f.containing_oneof().is_some() == inside)
        };
        let lowest_inside = in_oneof(true).map(|f| f.number()).min();
        let highest_outside = in_oneof(false).map(|f| f.number()).max().unwrap_or(0);
        if let Some(lowest) = lowest_inside {
            assert!(highest_outside < lowest, "{}", message.full_name());
        }
        assert!(message.oneofs().count() <= 1, "{}", message.full_name());
    }
}

#[test]
fn field_names_and_numbers_are_unique() {
    for message in all_files().iter().flat_map(messages) {
        let numbers: BTreeSet<_> = message.fields().map(|f| f.number()).collect();
        let names: BTreeSet<_> = message.fields().map(|f| f.json_name().to_owned()).collect();
        let count = message.fields().count();
        assert_eq!(
            (numbers.len(), names.len()),
            (count, count),
            "{}",
            message.full_name()
        );
    }
}

#[test]
fn every_enum_begins_with_unspecified_and_has_no_aliases() {
    for schema in all_files().iter().flat_map(enums) {
        let zero = schema.get_value(0).expect("a zero value");
        let prefix = upper_snake(schema.name());
        assert_eq!(zero.name(), format!("{prefix}_UNSPECIFIED"));
        let numbers: BTreeSet<_> = schema.values().map(|v| v.number()).collect();
        assert_eq!(numbers.len(), schema.values().count(), "{}", schema.name());
        for value in schema.values() {
            assert!(value.name().starts_with(&prefix), "{}", value.name());
            assert!(value.number() >= 0, "{}", value.name());
        }
    }
}

fn upper_snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, c) in name.char_indices() {
        if at > 0 && c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_uppercase());
    }
    snake
}

#[test]
fn common_fields_are_below_100_and_payloads_from_100_on() {
    let action = proto::pool()
        .get_message_by_name("governance.v1.Action")
        .expect("Action");
    for field in action.fields() {
        let is_payload = field.containing_oneof().is_some();
        assert_eq!(is_payload, field.number() >= 100, "{}", field.name());
    }
}
