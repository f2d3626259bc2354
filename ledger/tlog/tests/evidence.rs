//! Evidence files: one spelling each, and nothing proven by what is broken.

mod common;

use tlog::evidence::{Disagreement, MAX_EVIDENCE_LEN, time_disagreement};
use tlog::{Evidence, EvidenceError, Hash, Note};

fn note(size: u64) -> Note {
    let text = format!("log.example\n{size}\n{}\n", Hash::ZERO.to_base64());
    let mut note = Note::new(text).unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
    let signer = tlog::NoteSigner::new("log.example", key).unwrap();
    note.add(signer.sign(note.text())).unwrap();
    note
}

fn all() -> [Evidence; 4] {
    let hashes = vec![Hash::ZERO, tlog::sha256(b"x")];
    let time = |later| Evidence::Time {
        cosigned: note(3),
        entry: b"an entry".to_vec(),
        inclusion: hashes.clone(),
        later,
    };
    [
        Evidence::Fork {
            old: note(2),
            new: note(3),
            root: tlog::sha256(b"root"),
            proof: hashes.clone(),
        },
        Evidence::RolledBack {
            before: note(3),
            after: note(2),
        },
        time(None),
        time(Some((note(9), hashes.clone()))),
    ]
}

#[test]
fn evidence_comes_back_from_its_file_and_has_no_other_spelling() {
    for evidence in all() {
        let text = evidence.to_string();
        assert_eq!(Evidence::parse(text.as_bytes()).unwrap(), evidence);
        for broken in [
            text.replace("evidence/v1", "evidence/v2"),
            text.replacen('\n', "\n\n", 1),
            text.replacen("checkpoint ", "checkpoint  ", 1),
            text.replacen("kind ", "Kind ", 1),
            format!("{text}proof"),
            format!("{text}\n"),
            text[..text.len() - 1].to_owned(),
            text.replace('\n', "\r\n"),
        ] {
            assert!(Evidence::parse(broken.as_bytes()).is_err(), "{broken}");
        }
        let lines: Vec<&str> = text.lines().collect();
        for without in 0..lines.len() {
            let mut fewer = lines.clone();
            fewer.remove(without);
            let fewer = fewer.join("\n") + "\n";
            // A hash less is another proof; anything else less is no evidence.
            let parsed = Evidence::parse(fewer.as_bytes());
            assert!(parsed.map_or(true, |parsed| parsed != evidence));
        }
    }
}

#[test]
fn what_is_too_long_is_refused_before_it_is_read() {
    let long = vec![b'a'; MAX_EVIDENCE_LEN + 1];
    let refused = Evidence::parse(&long);
    assert!(matches!(refused, Err(EvidenceError::TooLong { .. })));
    let header = "govledger/evidence/v1\nkind time\n";
    let hash = format!("inclusion {}\n", Hash::ZERO.to_base64());
    let note = all()[2].to_string().lines().nth(2).unwrap().to_owned();
    let with = |count| format!("{header}{note}\nentry AA==\n{}", hash.repeat(count));
    assert!(Evidence::parse(with(63).as_bytes()).is_ok());
    let refused = Evidence::parse(with(64).as_bytes());
    assert!(matches!(refused, Err(EvidenceError::TooManyHashes)));
}

#[test]
fn five_minutes_are_fine_and_a_millisecond_more_is_not() {
    let at = 1_767_575_100;
    let ms = at * 1_000;
    let disagreement = |index, recorded| time_disagreement(index, recorded, 5, at);
    assert_eq!(disagreement(4, ms + 300_000), None);
    let late = Some(Disagreement::Late);
    assert_eq!(disagreement(4, ms + 300_001), late);
    assert_eq!(disagreement(4, 0), None, "it may be as old as it likes");
    assert_eq!(disagreement(5, ms - 300_000), None);
    let early = Some(Disagreement::Early);
    assert_eq!(disagreement(5, ms - 300_001), early);
    assert_eq!(disagreement(5, u64::MAX), None, "it came later");
    assert_eq!(time_disagreement(0, u64::MAX, 1, u64::MAX), None);
}
