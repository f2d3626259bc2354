//! Names of things: what is one, and what is not.

use governance::ids::{ActionId, LedgerId, Millis, PersonId};

#[test]
fn an_id_has_1_to_64_characters_of_its_alphabet() {
    for text in ["a", "0", "a-b", "0193a5c0-7e1f-7abc-8def-0123456789ab"] {
        assert_eq!(PersonId::new(text).unwrap().as_str(), text);
    }
    for text in ["", "-a", "A", "a_b", "a b", "a/b", "名", "a.b"] {
        assert!(PersonId::new(text).is_err(), "{text:?}");
    }
    assert!(PersonId::new(&"a".repeat(64)).is_ok());
    let long = PersonId::new(&"a".repeat(65)).unwrap_err();
    assert_eq!((long.max, long.text.len()), (64, 65));
}

#[test]
fn a_ledgers_id_has_at_most_40() {
    assert!(LedgerId::new(&"a".repeat(40)).is_ok());
    assert!(LedgerId::new(&"a".repeat(41)).is_err());
}

#[test]
fn a_uuid_v7_keeps_its_moment_and_is_marked_as_one() {
    let at = Millis(0x0193_A5C0_7E1F);
    let id = ActionId::v7(at, [0xFF; 10]);
    assert_eq!(id.unix_ms(), at);
    assert_eq!((id.version(), id.has_rfc_variant()), (7, true));
    assert_eq!(id.to_string(), "0193a5c0-7e1f-7fff-bfff-ffffffffffff");
}

#[test]
fn a_uuid_v8_keeps_all_but_its_marks() {
    let id = ActionId::v8([0xFF; 16]);
    assert_eq!((id.version(), id.has_rfc_variant()), (8, true));
    assert_eq!(id.to_string(), "ffffffff-ffff-8fff-bfff-ffffffffffff");
}
