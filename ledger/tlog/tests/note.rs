//! Signed notes, keys, cosignatures and checkpoints: what is accepted, what is refused, where the
//! line between them runs.

mod common;

use common::read;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use tlog::checkpoint::CheckpointError;
use tlog::cosignature::{Cosigner, MAX_TIMESTAMP, TimestampError, cosignature_message};
use tlog::key::{KeyError, MAX_KEY_NAME_LEN, is_key_name};
use tlog::note::{MAX_NOTE_LEN, MAX_NOTE_SIGNATURES};
use tlog::{
    Checkpoint, Hash, Note, NoteError, NoteSignature, NoteSigner, SignatureKind, SignedCheckpoint,
    VerifierKey,
};

const ORIGIN: &str = "records.example.org/xinyuanli";

fn signer(name: &str, seed: u8) -> NoteSigner {
    NoteSigner::new(name, SigningKey::from_bytes(&[seed; 32])).unwrap()
}

fn cosigner(name: &str, seed: u8) -> Cosigner {
    Cosigner::new(name, SigningKey::from_bytes(&[seed; 32])).unwrap()
}

fn signed(text: &str, signers: &[&NoteSigner]) -> Note {
    let mut note = Note::new(text).unwrap();
    for signer in signers {
        note.add(signer.sign(text)).unwrap();
    }
    note
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: ORIGIN.to_owned(),
        size: 7,
        root: Hash([9; 32]),
    }
}

/// A signature line with the id of `key` and these bytes after it.
fn line_with(key: &VerifierKey, bytes: &[u8]) -> NoteSignature {
    use base64::Engine as _;
    let all = [key.id().to_be_bytes().as_slice(), bytes].concat();
    let encoded = base64::engine::general_purpose::STANDARD.encode(all);
    NoteSignature::parse_line(&format!("— {} {encoded}", key.name())).unwrap()
}

#[test]
fn every_known_key_that_signed_is_named_and_others_are_ignored() {
    let (a, b, c) = (
        signer("a.example", 1),
        signer("b.example", 2),
        signer("c.example", 3),
    );
    let note = signed("text\n", &[&a, &b, &c]);
    let known = [b.verifier_key().clone(), a.verifier_key().clone()];
    let verified = note.verify(&known).unwrap();
    let names: Vec<_> = verified.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["a.example", "b.example"]);
}

#[test]
fn a_known_key_that_signed_twice_counts_once() {
    let a = signer("a.example", 1);
    let note = signed("text\n", &[&a, &a]);
    let verified = note.verify(&[a.verifier_key().clone()]).unwrap();
    assert_eq!(verified.len(), 1);
}

#[test]
fn a_known_key_that_fails_refuses_the_whole_note() {
    let (a, b) = (signer("a.example", 1), signer("b.example", 2));
    let mut note = signed("text\n", &[&a]);
    note.add(b.sign("another text\n")).unwrap();
    assert!(note.verify(&[a.verifier_key().clone()]).is_ok());
    let both = [a.verifier_key().clone(), b.verifier_key().clone()];
    let refused = NoteError::BadSignature {
        name: "b.example".to_owned(),
        key_id: b.verifier_key().id(),
    };
    assert_eq!(note.verify(&both), Err(refused));
}

#[test]
fn a_key_of_the_same_name_and_another_id_is_unknown() {
    let (old, new) = (signer("a.example", 1), signer("a.example", 2));
    let note = signed("text\n", &[&old]);
    assert_eq!(
        note.verify(&[new.verifier_key().clone()]),
        Err(NoteError::NoKnownKey)
    );
    assert_eq!(note.verify(&[]), Err(NoteError::NoKnownKey));
    let both = [new.verifier_key().clone(), old.verifier_key().clone()];
    assert_eq!(note.verify(&both).unwrap().len(), 1);
}

#[test]
fn a_signature_of_another_length_by_a_known_key_refuses_the_note() {
    let a = signer("a.example", 1);
    let key = a.verifier_key();
    for length in [1, 63, 65, 72] {
        let mut note = Note::new("text\n").unwrap();
        note.add(line_with(key, &vec![0; length])).unwrap();
        let refused = note.verify(std::slice::from_ref(key));
        assert!(
            matches!(refused, Err(NoteError::BadSignature { .. })),
            "{length}"
        );
    }
}

#[test]
fn malformed_notes_are_refused() {
    let line = "— a.example AAAAAQE=";
    let good = format!("text\n\n{line}\n");
    assert!(Note::parse(good.as_bytes()).is_ok());
    for bad in [
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\nnot a signature\n",
        &format!("text\n{line}\n"),
        &format!("text\n\n{line}"),
        &format!("text\n\n{line}\n\n"),
        &format!("text\n\n{line}\n{line} \n"),
        &format!("text\n\n {line}\n"),
        &format!("text\r\n\n{line}\n"),
        &format!("te\txt\n\n{line}\n"),
        &format!("te\0xt\n\n{line}\n"),
        "text\n\n- a.example AAAAAQE=\n",
        "text\n\n—  AAAAAQE=\n",
        "text\n\n— a+b AAAAAQE=\n",
        "text\n\n— a\u{a0}b AAAAAQE=\n",
        "text\n\n— a.example  AAAAAQE=\n",
        // An id and no signature; half an id; no padding; bits that belong to no byte.
        "text\n\n— a.example AAAAAQ==\n",
        "text\n\n— a.example AAA=\n",
        "text\n\n— a.example AAAAAQE\n",
        "text\n\n— a.example AAAAAQF=\n",
        "text\n\n— a.example\n",
    ] {
        assert!(Note::parse(bad.as_bytes()).is_err(), "{bad:?}");
    }
    assert_eq!(Note::parse(b"te\xff\n\n"), Err(NoteError::Characters));
    assert_eq!(Note::new("text"), Err(NoteError::Text));
    assert_eq!(Note::new(""), Err(NoteError::Text));
    assert_eq!(Note::new("a\u{1f}\n"), Err(NoteError::Characters));
}

#[test]
fn a_hundred_signatures_are_taken_and_not_one_more() {
    let line = signer("a.example", 1).sign("text\n");
    let mut note = Note::new("text\n").unwrap();
    for _ in 0..MAX_NOTE_SIGNATURES {
        note.add(line.clone()).unwrap();
    }
    let bytes = note.to_string();
    assert_eq!(Note::parse(bytes.as_bytes()), Ok(note.clone()));
    let found = MAX_NOTE_SIGNATURES + 1;
    let refused = Err(NoteError::SignatureCount { found });
    assert_eq!(note.add(line.clone()), refused);
    let longer = format!("{bytes}{line}\n");
    assert_eq!(Note::parse(longer.as_bytes()).map(drop), refused);
}

#[test]
fn a_note_is_at_most_a_mebibyte() {
    let ending = format!("\n\n{}\n", signer("a.example", 1).sign("text\n"));
    let text = "t".repeat(MAX_NOTE_LEN - ending.len());
    let longest = format!("{text}{ending}");
    assert!(Note::parse(longest.as_bytes()).is_ok());
    let found = MAX_NOTE_LEN + 1;
    let refused = Err(NoteError::TooLong { found });
    assert_eq!(Note::parse(format!("t{longest}").as_bytes()), refused);
}

#[test]
fn key_names_have_no_space_control_or_plus() {
    for good in [
        "a",
        "example.com/foo",
        "心园里.example",
        &"n".repeat(MAX_KEY_NAME_LEN),
    ] {
        assert!(is_key_name(good), "{good}");
    }
    for bad in [
        "",
        "a b",
        "a+b",
        "a\n",
        "a\u{2003}b",
        "a\u{7f}",
        &"n".repeat(513),
    ] {
        assert!(!is_key_name(bad), "{bad:?}");
        let refused = NoteSigner::new(bad, SigningKey::from_bytes(&[1; 32]));
        assert_eq!(refused.map(drop), Err(KeyError::Name));
    }
}

#[test]
fn a_verifier_key_has_one_spelling() {
    let text = signer("a.example", 1).verifier_key().to_string();
    let key: VerifierKey = text.parse().unwrap();
    assert_eq!(key.to_string(), text);
    let (rest, material) = text.rsplit_once('+').unwrap();
    let upper = format!("{}+{material}", rest.to_uppercase());
    let cut = text.trim_end_matches('=').split_at(text.len() - 2).0;
    for bad in [
        "",
        "a.example",
        rest,
        &upper,
        cut,
        &format!("{text}A"),
        &format!("{text}\n"),
    ] {
        assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
    }
}

#[test]
fn a_verifier_key_with_a_part_changed_is_refused() {
    let key = signer("a.example", 1).verifier_key().clone();
    let text = key.to_string();
    let expected = key.id();
    let found = expected ^ 1;
    let other_id = text.replace(&format!("{expected:08x}"), &format!("{found:08x}"));
    let refused = KeyError::Id { expected, found };
    assert_eq!(other_id.parse::<VerifierKey>(), Err(refused));
    let other_name = text.replace("a.example", "b.example");
    let refused = other_name.parse::<VerifierKey>();
    assert!(matches!(refused, Err(KeyError::Id { .. })));
    // The neutral element, a weak key; and 0x06, a type for checkpoints of other logs.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let refused = VerifierKey::new("a.example", SignatureKind::Ed25519, &neutral);
    assert_eq!(refused, Err(KeyError::Material));
    let unknown = "a.example+00000000+BgAA".parse::<VerifierKey>();
    assert_eq!(unknown, Err(KeyError::UnknownKind { found: 6 }));
    let short = "a.example+00000000+AQAA".parse::<VerifierKey>();
    assert_eq!(short, Err(KeyError::Material));
}

#[test]
fn a_verifier_key_with_any_bit_flipped_is_refused() {
    let text = signer("a.example", 1).verifier_key().to_string();
    for flipped in flips(text.as_bytes()) {
        let parsed = std::str::from_utf8(&flipped).map(str::parse::<VerifierKey>);
        assert!(!matches!(parsed, Ok(Ok(_))), "{flipped:?}");
    }
}

#[test]
fn a_signers_debug_text_does_not_show_its_private_key() {
    let shown = format!(
        "{:?} {:?}",
        signer("a.example", 7),
        cosigner("w.example", 7)
    );
    assert!(shown.contains("a.example+") && shown.contains("w.example+"));
    assert!(
        !shown.contains("7, 7") && !shown.contains("0707"),
        "{shown}"
    );
}

#[test]
fn a_cosignature_holds_for_its_own_time_text_and_kind_only() {
    let witness = cosigner("w.example", 4);
    let key = witness.verifier_key();
    let text = checkpoint().text();
    let cosignature = witness.cosign(&text, 1_700_000_000).unwrap();
    let with = |text: &str, signature: &NoteSignature| {
        let mut note = Note::new(text).unwrap();
        note.add(signature.clone()).unwrap();
        note.verify(std::slice::from_ref(key))
    };
    let verified = with(&text, &cosignature).unwrap();
    assert_eq!(verified[0].timestamp, Some(1_700_000_000));
    assert!(with("another text\n", &cosignature).is_err());
    let mut later = cosignature.bytes().to_vec();
    later[7] ^= 1;
    assert!(with(&text, &line_with(key, &later)).is_err());
    // The same private key's plain signature, under the witness's id.
    let plain = signer("w.example", 4).sign(&text);
    assert!(with(&text, &line_with(key, plain.bytes())).is_err());
}

#[test]
fn a_cosignatures_time_stops_at_63_bits() {
    let witness = cosigner("w.example", 4);
    assert!(witness.cosign("text\n", MAX_TIMESTAMP).is_ok());
    let found = MAX_TIMESTAMP + 1;
    let refused = witness.cosign("text\n", found);
    assert_eq!(refused, Err(TimestampError { found }));
    // One that another implementation made all the same, rightly signed.
    for (time, holds) in [(MAX_TIMESTAMP, true), (found, false)] {
        let signed = signer("w.example", 4).sign(&cosignature_message("text\n", time));
        let bytes = [time.to_be_bytes().as_slice(), signed.bytes()].concat();
        let mut note = Note::new("text\n").unwrap();
        note.add(line_with(witness.verifier_key(), &bytes)).unwrap();
        let verified = note.verify(&[witness.verifier_key().clone()]);
        assert_eq!(verified.is_ok(), holds, "{time}");
    }
}

#[test]
fn malformed_checkpoints_are_refused() {
    let root = Hash([9; 32]).to_base64();
    let text = |origin: &str, size: &str, root: &str| format!("{origin}\n{size}\n{root}\n");
    assert_eq!(
        Checkpoint::parse(&text(ORIGIN, "7", &root)),
        Ok(checkpoint())
    );
    let largest = Checkpoint::parse(&text(ORIGIN, "18446744073709551615", &root));
    assert_eq!(largest.map(|c| c.size), Ok(u64::MAX));
    assert!(Checkpoint::parse(&text(ORIGIN, "0", &root)).is_ok());
    for size in [
        "",
        "07",
        "00",
        "+7",
        "-7",
        " 7",
        "7 ",
        "７",
        "0x7",
        "18446744073709551616",
    ] {
        let refused = Checkpoint::parse(&text(ORIGIN, size, &root));
        assert_eq!(refused, Err(CheckpointError::Size), "{size:?}");
    }
    for bad_root in ["", &root[1..], &root.replace('=', ""), &format!("{root}=")] {
        let refused = Checkpoint::parse(&text(ORIGIN, "7", bad_root));
        assert_eq!(refused, Err(CheckpointError::Root), "{bad_root:?}");
    }
    for origin in ["", "a b", "a+b"] {
        let refused = Checkpoint::parse(&text(origin, "7", &root));
        assert_eq!(refused, Err(CheckpointError::Origin), "{origin:?}");
    }
    let whole = checkpoint().text();
    for bad in [
        "",
        "\n",
        &whole[..whole.len() - 1],
        &format!("{whole}extension\n"),
    ] {
        assert_eq!(
            Checkpoint::parse(bad),
            Err(CheckpointError::Lines),
            "{bad:?}"
        );
    }
}

#[test]
fn a_checkpoint_is_signed_and_opened_under_its_origins_key_only() {
    let log = signer(ORIGIN, 3);
    let signed = checkpoint().sign(&log).unwrap();
    let opened = SignedCheckpoint::open(&signed.to_bytes(), log.verifier_key());
    assert_eq!(opened, Ok(signed.clone()));

    let other = signer("records.example.org/heping", 3);
    let origin = CheckpointError::OtherOrigin {
        origin: ORIGIN.to_owned(),
        key: other.name().to_owned(),
    };
    assert_eq!(checkpoint().sign(&other), Err(origin.clone()));
    let note = self::signed(&checkpoint().text(), &[&other]);
    let refused = SignedCheckpoint::open(note.to_string().as_bytes(), other.verifier_key());
    assert_eq!(refused, Err(origin));

    let unsigned = SignedCheckpoint::open(&signed.to_bytes(), signer(ORIGIN, 4).verifier_key());
    assert_eq!(unsigned, Err(CheckpointError::Note(NoteError::NoKnownKey)));
}

#[test]
fn a_witness_alone_does_not_make_a_checkpoint() {
    let log = signer(ORIGIN, 3);
    let witness = cosigner("w.example", 4);
    let key = witness.verifier_key();
    let mut note = Note::new(checkpoint().text()).unwrap();
    note.add(witness.cosign(note.text(), 5).unwrap()).unwrap();
    let bytes = note.to_string().into_bytes();
    let witnesses = std::slice::from_ref(key);
    let refused = SignedCheckpoint::open_witnessed(&bytes, log.verifier_key(), witnesses);
    let expected = CheckpointError::NotSignedByLog {
        key: ORIGIN.to_owned(),
    };
    assert_eq!(refused, Err(expected));

    // Nor may a key of the witness's kind pass for the log's.
    let posing = cosigner(ORIGIN, 4);
    let mut note = Note::new(checkpoint().text()).unwrap();
    note.add(posing.cosign(note.text(), 5).unwrap()).unwrap();
    let refused = SignedCheckpoint::open(note.to_string().as_bytes(), posing.verifier_key());
    let expected = CheckpointError::NotALogKey {
        key: ORIGIN.to_owned(),
    };
    assert_eq!(refused, Err(expected));
}

/// `bytes` with each bit flipped in turn.
fn flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

#[test]
fn a_note_with_any_bit_flipped_is_refused() {
    let vectors = common::Vectors::read("published/notes.txt");
    let key: VerifierKey = vectors.text("signed-note.vkey").parse().unwrap();
    let bytes = read("published/signed-note.note");
    for flipped in flips(&bytes) {
        let verified =
            Note::parse(&flipped).and_then(|note| note.verify(std::slice::from_ref(&key)));
        assert!(verified.is_err(), "{}", String::from_utf8_lossy(&flipped));
    }
}

#[test]
fn a_checkpoint_with_any_bit_flipped_is_refused_or_loses_its_witness() {
    let keys = common::Vectors::read("keys.txt");
    let log: VerifierKey = keys.text("checkpoint.vkey").parse().unwrap();
    let witness: VerifierKey = keys.text("witness.vkey").parse().unwrap();
    let bytes = read("checkpoint.note");
    let witness_line = bytes.len() - bytes.rsplit(|b| *b == b'\n').nth(1).unwrap().len() - 1;
    for (bit, flipped) in flips(&bytes).enumerate() {
        let opened =
            SignedCheckpoint::open_witnessed(&flipped, &log, std::slice::from_ref(&witness));
        match opened {
            Err(_) => {}
            // Its name or id is another's now: an unknown key, which is ignored.
            Ok((_, cosigned)) => {
                assert!(cosigned.is_empty(), "bit {bit}");
                assert!(bit / 8 >= witness_line, "bit {bit}");
            }
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), bytes.clone());
        }
        if let Ok(text) = std::str::from_utf8(&bytes) {
            prop_assert!(Checkpoint::parse(text).is_err());
            prop_assert!(text.parse::<VerifierKey>().is_err());
        }
    }

    #[test]
    fn whatever_parses_is_written_back_the_same(
        text in "[a-z \n—]{0,30}", lines in "(— [a-z.+]{1,8} [A-Za-z0-9+/=]{0,12}\n){0,3}"
    ) {
        let whole = format!("{text}\n\n{lines}");
        if let Ok(note) = Note::parse(whole.as_bytes()) {
            prop_assert_eq!(note.to_string(), whole);
        }
    }

    #[test]
    fn any_checkpoint_is_read_back(size in any::<u64>(), root in any::<[u8; 32]>()) {
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root: Hash(root) };
        prop_assert_eq!(Checkpoint::parse(&checkpoint.text()), Ok(checkpoint));
    }
}
