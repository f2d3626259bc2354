//! Whatever is accepted encodes to the very bytes it came from.

use proptest::prelude::*;
use proto::{action_from_json, action_to_json, decode_action, encode_action, payload_kind};

use crate::{arbitrary, golden, samples};

fn refused_or_the_same(bytes: &[u8]) -> bool {
    match decode_action(bytes) {
        Ok(action) => {
            assert_eq!(encode_action(&action), bytes);
            true
        }
        Err(error) => {
            assert!(proto::CODES.iter().any(|known| known.code == error.code()));
            false
        }
    }
}

/// Every byte of every golden, with each of its bits flipped, and with the values where encodings
/// turn: 0, 1, 0x7f, 0x80, 0xff.
#[test]
fn a_changed_byte_is_refused_or_is_another_action_in_full() {
    let mut accepted = 0;
    for sample in samples::all() {
        let golden = golden::read(payload_kind(&sample));
        for at in 0..golden.len() {
            let flipped = (0..8).map(|bit| golden[at] ^ (1 << bit));
            for byte in flipped.chain([0, 1, 0x7f, 0x80, 0xff]) {
                let mut bytes = golden.clone();
                bytes[at] = byte;
                if byte != golden[at] && refused_or_the_same(&bytes) {
                    assert_ne!(decode_action(&bytes).as_ref(), Ok(&sample));
                    accepted += 1;
                }
            }
        }
    }
    assert!(accepted > 0, "some changes make another good action");
}

#[test]
fn a_byte_lost_or_doubled_is_refused_or_is_another_action_in_full() {
    for sample in samples::all() {
        let golden = golden::read(payload_kind(&sample));
        for at in 0..golden.len() {
            let mut lost = golden.clone();
            lost.remove(at);
            refused_or_the_same(&lost);
            let mut doubled = golden.clone();
            doubled.insert(at, golden[at]);
            refused_or_the_same(&doubled);
            refused_or_the_same(&golden[..at]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_action_comes_back(action in arbitrary::action()) {
        let bytes = encode_action(&action);
        prop_assert_eq!(decode_action(&bytes), Ok(action.clone()));
        let json = action_to_json(&bytes).expect("an action").to_string();
        prop_assert_eq!(action_from_json(&json).expect("its JSON"), bytes);
    }

    #[test]
    fn any_bytes_are_refused_or_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        refused_or_the_same(&bytes);
    }
}
