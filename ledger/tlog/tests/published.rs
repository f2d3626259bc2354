//! The vectors others have published: RFC 6962's tree, C2SP's and Go's notes, a witness's tests.

mod common;

use common::{Vectors, read};
use ed25519_dalek::SigningKey;
use tlog::key::key_id;
use tlog::tree::{Frontier, MemoryTree, consistency_proof, inclusion_proof, root};
use tlog::{
    Checkpoint, Hash, Note, NoteError, NoteSigner, SignatureKind, SignedCheckpoint, VerifierKey,
    leaf_hash, verify_consistency, verify_inclusion,
};

fn published_tree(vectors: &Vectors) -> MemoryTree {
    let mut tree = MemoryTree::new();
    tree.extend((0..8).map(|i| leaf_hash(&vectors.bytes(&format!("leaf.{i}")))));
    tree
}

#[test]
fn the_published_roots_of_rfc_6962() {
    let vectors = Vectors::read("published/rfc6962.txt");
    let tree = published_tree(&vectors);
    let mut frontier = Frontier::new();
    for size in 0..=8 {
        let expected = vectors.hash(&format!("root.{size}"));
        assert_eq!(root(&tree, size), Ok(expected), "size {size}");
        assert_eq!(frontier.root(), expected, "size {size}");
        if size < 8 {
            let leaf = vectors.bytes(&format!("leaf.{size}"));
            frontier.append(leaf_hash(&leaf));
        }
    }
}

#[test]
fn the_published_inclusion_proofs_of_rfc_6962() {
    let vectors = Vectors::read("published/rfc6962.txt");
    let tree = published_tree(&vectors);
    let proofs = vectors.pairs("inclusion");
    assert_eq!(proofs.len(), 5);
    for ((index, size), expected) in proofs {
        let proof = inclusion_proof(&tree, index, size).unwrap();
        assert_eq!(proof, expected, "{index} in {size}");
        let leaf = leaf_hash(&vectors.bytes(&format!("leaf.{index}")));
        let root = vectors.hash(&format!("root.{size}"));
        assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));
    }
}

#[test]
fn the_published_consistency_proofs_of_rfc_6962() {
    let vectors = Vectors::read("published/rfc6962.txt");
    let tree = published_tree(&vectors);
    let proofs = vectors.pairs("consistency");
    assert_eq!(proofs.len(), 4);
    for ((old, new), expected) in proofs {
        let proof = consistency_proof(&tree, old, new).unwrap();
        assert_eq!(proof, expected, "{old} in {new}");
        let root = |size: u64| vectors.hash(&format!("root.{size}"));
        let verified = verify_consistency(old, &root(old), new, &root(new), &proof);
        assert_eq!(verified, Ok(()), "{old} in {new}");
    }
}

#[test]
fn the_example_of_signed_note() {
    let vkey = Vectors::read("published/notes.txt")
        .text("signed-note.vkey")
        .to_owned();
    let key: VerifierKey = vkey.parse().unwrap();
    assert_eq!((key.name(), key.id()), ("example.com/foo", 0x530d_903a));
    assert_eq!(key.to_string(), vkey);

    let bytes = read("published/signed-note.note");
    let note = Note::parse(&bytes).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    let verified = note.verify(std::slice::from_ref(&key)).unwrap();
    assert_eq!((verified.len(), verified[0].name.as_str()), (1, key.name()));
    assert_eq!(note.to_string().into_bytes(), bytes);
}

#[test]
fn the_example_of_gos_note_is_made_and_read() {
    let vectors = Vectors::read("published/notes.txt");
    let key: VerifierKey = vectors.text("go.vkey").parse().unwrap();
    let bytes = read("published/go.note");
    let note = Note::parse(&bytes).unwrap();
    assert!(note.verify(std::slice::from_ref(&key)).is_ok());

    let seed = SigningKey::from_bytes(&vectors.array("go.seed"));
    let signer = NoteSigner::new("PeterNeumann", seed).unwrap();
    assert_eq!(signer.verifier_key(), &key);
    let mut made = Note::new(note.text()).unwrap();
    made.add(signer.sign(note.text())).unwrap();
    assert_eq!(made.to_string().into_bytes(), bytes);
}

#[test]
fn a_text_may_have_blank_lines_of_its_own() {
    let bytes = read("published/poem.note");
    let note = Note::parse(&bytes).unwrap();
    assert!(note.text().ends_with("di sole:\n\ned è subito sera.\n"));
    assert_eq!(note.signatures()[0].name(), "quasimodo.example/salvatore");
    assert_eq!(note.to_string().into_bytes(), bytes);
    let vkey = Vectors::read("published/notes.txt")
        .text("go.vkey")
        .to_owned();
    let unknown = note.verify(&[vkey.parse().unwrap()]);
    assert_eq!(unknown, Err(NoteError::NoKnownKey));
}

#[test]
fn the_layout_of_the_example_cosignature() {
    let bytes = read("published/cosigned.note");
    let note = Note::parse(&bytes).unwrap();
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
    assert_eq!(checkpoint.size, 20_852_163);
    assert_eq!(checkpoint.text(), note.text());
    let [log, witness] = note.signatures() else {
        panic!("two signatures");
    };
    assert_eq!(log.name(), checkpoint.origin);
    assert_eq!(
        (witness.name(), witness.key_id()),
        ("witness.example.com/w1", 0x8d66_cf3f)
    );
    let time = Vectors::read("published/notes.txt").number("cosigned.time");
    assert_eq!(witness.bytes()[..8], time.to_be_bytes());
    assert_eq!(witness.bytes().len(), 8 + 64);
    assert_eq!(note.to_string().into_bytes(), bytes);
}

/// The checkpoint of this size from the witness's tests, checked with their key.
fn published_checkpoint(size: u64, key: &VerifierKey) -> Checkpoint {
    let bytes = read(&format!("published/checkpoint-{size}.note"));
    let signed = SignedCheckpoint::open(&bytes, key).unwrap();
    assert_eq!(signed.to_bytes(), bytes);
    assert_eq!(signed.checkpoint().size, size);
    signed.checkpoint().clone()
}

#[test]
fn the_checkpoints_of_a_witness_and_their_consistency() {
    let vectors = Vectors::read("published/notes.txt");
    let public_key = vectors.array("checkpoint.key");
    let name =
        "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
    let kind = SignatureKind::Ed25519;
    assert_eq!(key_id(name, kind, &public_key), 0x5202_289b);
    let key = VerifierKey::new(name, kind, &public_key).unwrap();

    for ((old, new), proof) in vectors.pairs("consistency") {
        let (older, newer) = (
            published_checkpoint(old, &key),
            published_checkpoint(new, &key),
        );
        let verify = |proof: &[Hash]| {
            verify_consistency(older.size, &older.root, newer.size, &newer.root, proof)
        };
        assert_eq!(verify(&proof), Ok(()), "{old} in {new}");
        let mut spoiled = proof.clone();
        spoiled[0].0[31] ^= 0x10;
        assert!(verify(&spoiled).is_err(), "{old} in {new}");
    }
}
