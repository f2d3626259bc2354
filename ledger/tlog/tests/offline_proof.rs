//! Offline proofs: the form is held to strictly, and every part is bound to every other.

mod common;

use common::{Vectors, read};
use proptest::prelude::*;
use tlog::offline_proof::{MAX_EXTRA_LEN, MAX_OFFLINE_PROOF_LEN};
use tlog::{Hash, OfflineProof, OfflineProofError, VerifierKey};

fn golden() -> OfflineProof {
    OfflineProof::parse(&read("entry-0.tlog-proof")).unwrap()
}

fn log() -> VerifierKey {
    let keys = Vectors::read("keys.txt");
    keys.text("checkpoint.vkey").parse().unwrap()
}

fn entry() -> Vec<u8> {
    Vectors::read("entry-0.txt").bytes("entry")
}

/// The golden proof with its first lines replaced.
fn with_head(head: &str) -> Result<OfflineProof, OfflineProofError> {
    let checkpoint = String::from_utf8(read("checkpoint.note")).unwrap();
    OfflineProof::parse(format!("{head}\n\n{checkpoint}").as_bytes())
}

#[test]
fn the_specifications_example_is_read() {
    let head = "c2sp.org/tlog-proof@v1\n\
        index 73894\n\
        gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n\
        B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n\
        EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\n\
        RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\n\
        AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=";
    let proof = with_head(head).unwrap();
    assert_eq!(
        (proof.index, proof.hashes.len(), proof.extra),
        (73_894, 5, None)
    );
}

#[test]
fn extra_data_is_carried_and_changes_nothing() {
    let mut proof = golden();
    for length in [1, MAX_EXTRA_LEN] {
        proof.extra = Some(vec![7; length]);
        let text = proof.to_string();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra "));
        let parsed = OfflineProof::parse(text.as_bytes()).unwrap();
        assert_eq!(parsed, proof);
        assert!(parsed.verify_entry(&entry(), &log()).is_ok());
    }
    proof.extra = Some(vec![7; MAX_EXTRA_LEN + 1]);
    let refused = OfflineProof::parse(proof.to_string().as_bytes());
    assert_eq!(refused, Err(OfflineProofError::Extra));
}

#[test]
fn malformed_heads_are_refused() {
    use OfflineProofError as E;
    let first = "c2sp.org/tlog-proof@v1";
    let hash = Hash::ZERO.to_base64();
    for (head, refused) in [
        (String::new(), E::Header),
        ("c2sp.org/tlog-proof@v2\nindex 0".into(), E::Header),
        (format!("{first} \nindex 0"), E::Header),
        (first.into(), E::Index),
        (format!("{first}\nextra AA=="), E::Index),
        (
            format!("{first}\nextra AA==\nextra AA==\nindex 0"),
            E::Index,
        ),
        (format!("{first}\nextra \nindex 0"), E::Extra),
        (format!("{first}\nextra AA\nindex 0"), E::Extra),
        (format!("{first}\nextra !!!!\nindex 0"), E::Extra),
        (format!("{first}\nindex"), E::Index),
        (format!("{first}\nindex "), E::Index),
        (format!("{first}\nindex 00"), E::Index),
        (format!("{first}\nindex -1"), E::Index),
        (format!("{first}\nindex 1 "), E::Index),
        (format!("{first}\nindex 18446744073709551616"), E::Index),
        (format!("{first}\nindex 0\nextra AA=="), E::Hash { line: 1 }),
        (
            format!("{first}\nindex 0\n{hash}\n{hash} "),
            E::Hash { line: 2 },
        ),
        (format!("{first}\r\nindex 0"), E::Header),
        (
            format!("{first}\nindex 0{}", format!("\n{hash}").repeat(64)),
            E::TooManyHashes,
        ),
    ] {
        assert_eq!(with_head(&head), Err(refused), "{head:?}");
    }
    let longest = format!("{first}\nindex 0{}", format!("\n{hash}").repeat(63));
    assert_eq!(with_head(&longest).unwrap().hashes.len(), 63);
    assert!(with_head(&format!("{first}\nindex 18446744073709551615")).is_ok());
}

#[test]
fn a_proof_without_a_checkpoint_is_refused() {
    let refused = |text: &str| OfflineProof::parse(text.as_bytes()).unwrap_err();
    let head = "c2sp.org/tlog-proof@v1\nindex 0";
    assert_eq!(refused(head), OfflineProofError::Structure);
    assert!(matches!(
        refused(&format!("{head}\n\n")),
        OfflineProofError::Note(_)
    ));
    let unsigned = format!("{head}\n\ntest checkpoint\n");
    assert!(matches!(refused(&unsigned), OfflineProofError::Note(_)));
    let found = MAX_OFFLINE_PROOF_LEN + 1;
    let too_long = OfflineProof::parse(&vec![b'a'; found]);
    assert_eq!(too_long, Err(OfflineProofError::TooLong { found }));
    let bad_text = OfflineProof::parse(b"c2sp.org/\xff\n\n");
    assert_eq!(bad_text, Err(OfflineProofError::Structure));
}

#[test]
fn a_proof_holds_for_its_entry_index_path_and_key_only() {
    let (entry, log) = (entry(), log());
    assert!(golden().verify_entry(&entry, &log).is_ok());
    let mut elsewhere = golden();
    elsewhere.index = 1;
    let mut beyond = golden();
    beyond.index = 2;
    let mut longer = golden();
    longer.hashes.push(Hash::ZERO);
    let mut shorter = golden();
    shorter.hashes.clear();
    for bad in [elsewhere, beyond, longer, shorter] {
        let refused = bad.verify_entry(&entry, &log);
        assert!(matches!(refused, Err(OfflineProofError::Proof(_))), "{bad}");
    }
    let refused = golden().verify(&Hash::ZERO, &log);
    assert!(matches!(refused, Err(OfflineProofError::Proof(_))));
    let other = Vectors::read("published/notes.txt").text("go.vkey").parse();
    let refused = golden().verify_entry(&entry, &other.unwrap());
    assert!(matches!(refused, Err(OfflineProofError::Checkpoint(_))));
}

#[test]
fn a_witness_is_named_if_the_reader_knows_it() {
    let keys = Vectors::read("keys.txt");
    let witness: VerifierKey = keys.text("witness.vkey").parse().unwrap();
    let leaf = tlog::leaf_hash(&entry());
    let (_, cosigned) = golden()
        .verify_witnessed(&leaf, &log(), &[witness])
        .unwrap();
    assert_eq!(cosigned[0].timestamp, Some(keys.number("witness.time")));
    let (_, cosigned) = golden().verify_witnessed(&leaf, &log(), &[]).unwrap();
    assert!(cosigned.is_empty());
}

#[test]
fn a_proof_with_any_bit_flipped_is_refused_or_loses_its_witness() {
    let keys = Vectors::read("keys.txt");
    let witness: VerifierKey = keys.text("witness.vkey").parse().unwrap();
    let leaf = tlog::leaf_hash(&entry());
    let bytes = read("entry-0.tlog-proof");
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Ok(proof) = OfflineProof::parse(&flipped) else {
            continue;
        };
        let witnesses = std::slice::from_ref(&witness);
        if let Ok((_, cosigned)) = proof.verify_witnessed(&leaf, &log(), witnesses) {
            assert!(cosigned.is_empty(), "bit {bit}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_parses_is_written_back_the_same(
        extra in "(extra [A-Za-z0-9+/=]{0,8}\n)?",
        index in "[0-9]{1,3}",
        hashes in "([A-Za-z0-9+/]{43}=\n){0,3}",
    ) {
        let checkpoint = String::from_utf8(read("checkpoint.note")).unwrap();
        let text = format!(
            "c2sp.org/tlog-proof@v1\n{extra}index {index}\n{hashes}\n{checkpoint}"
        );
        if let Ok(proof) = OfflineProof::parse(text.as_bytes()) {
            prop_assert_eq!(proof.to_string(), text);
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(OfflineProof::parse(&bytes).is_err());
    }
}
