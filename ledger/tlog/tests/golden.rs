//! Our own bytes, pinned: each vector in `testdata/` was computed by another implementation (hash,
//! checksum and signature by other libraries, in another language), and `FORMAT.md` shows it.

mod common;

use common::{Vectors, read, testdata};
use ed25519_dalek::SigningKey;
use tlog::block::BlockHeader;
use tlog::cosignature::{Cosigner, cosignature_message};
use tlog::signing::{content_digest, derived_action_id, sign_action, signing_message};
use tlog::tile::{decode_bundle, decode_hashes, encode_bundle, encode_hashes};
use tlog::tree::{MemoryTree, consistency_proof, empty_root, inclusion_proof};
use tlog::{
    Block, BundleHead, BundleWriter, Chain, Checkpoint, Entry, Hash, Note, NoteSigner,
    OfflineProof, Signature, SignedCheckpoint, VerifierKey, leaf_hash,
};

const ORIGIN: &str = "records.example.org/xinyuanli";
const WITNESS: &str = "witness.example.org/w1";

fn entry_bytes(index: usize) -> Vec<u8> {
    Vectors::read(&format!("entry-{index}.txt")).bytes("entry")
}

fn key(name: &str) -> VerifierKey {
    Vectors::read("keys.txt").text(name).parse().unwrap()
}

fn seed(name: &str) -> SigningKey {
    SigningKey::from_bytes(&Vectors::read("keys.txt").array(name))
}

#[test]
fn the_signature_of_an_action() {
    let vectors = Vectors::read("action-signature.txt");
    let action = vectors.bytes("action");
    assert_eq!(signing_message(&action), vectors.bytes("message"));
    let signer = SigningKey::from_bytes(&vectors.array("seed"));
    let expected = Signature {
        key: vectors.array("key"),
        signature: vectors.array("signature"),
    };
    assert_eq!(sign_action(&signer, &action), expected);
}

#[test]
fn every_byte_of_an_entry() {
    for (file, signatures) in [("entry-0.txt", 1), ("entry-1.txt", 2), ("rotation.txt", 3)] {
        let vectors = Vectors::read(file);
        let bytes = vectors.bytes("entry");
        assert_eq!(vectors.joined("field."), bytes);
        let field = |name: &str| vectors.bytes(&format!("field.{name}"));
        let number = |name: &str| u64::from_le_bytes(field(name).try_into().unwrap());
        let signature = |at: usize| Signature {
            key: vectors.array(&format!("field.signatures.{at}.key")),
            signature: vectors.array(&format!("field.signatures.{at}.signature")),
        };
        let entry = Entry {
            ledger: String::from_utf8(field("ledger")).unwrap(),
            index: number("index"),
            recorded_at: number("recorded_at"),
            previous: vectors.hash("field.previous"),
            signatures: (0..signatures).map(signature).collect(),
            action: field("action"),
        };
        assert_eq!(entry.encode().unwrap(), bytes);
        assert_eq!(Entry::decode(&bytes).unwrap(), entry);
        assert_eq!(leaf_hash(&bytes), vectors.hash("leaf"));
        let signed = tlog::signing::verify_signatures(&entry.action, &entry.signatures);
        assert_eq!(signed, Ok(()));
    }
}

#[test]
fn the_chain_of_both_entries() {
    let mut chain = Chain::new("xinyuanli");
    for index in 0..2 {
        let (_, link) = chain.push(&entry_bytes(index)).unwrap();
        let vectors = Vectors::read(&format!("entry-{index}.txt"));
        assert_eq!(link.leaf, vectors.hash("leaf"));
    }
    let mut reversed = Chain::new("xinyuanli");
    assert!(reversed.push(&entry_bytes(1)).is_err());
}

#[test]
fn the_digest_of_a_content() {
    let vectors = Vectors::read("content-digest.txt");
    let digest = content_digest(&vectors.array("salt"), &vectors.bytes("content"));
    assert_eq!(digest, vectors.hash("digest"));
}

#[test]
fn the_id_of_a_derived_entry() {
    let vectors = Vectors::read("derived-id.txt");
    let genesis = vectors.hash("genesis");
    assert_eq!(genesis, leaf_hash(&entry_bytes(0)));
    assert_eq!(
        tlog::sha256(&vectors.bytes("preimage")),
        vectors.hash("digest")
    );
    let (family, subject) = (vectors.text("family"), vectors.text("subject"));
    let id = derived_action_id(&genesis, family, subject, vectors.number("due")).unwrap();
    assert_eq!(hex::encode(id), vectors.text("id").replace('-', ""));
}

/// The lines are those of the `governance` crate, which this one does not know; the bytes they
/// become, and their digest, are pinned here.
#[test]
fn the_digest_of_a_roll() {
    let vectors = Vectors::read("roll-digest.txt");
    let mut preimage = b"govledger/roll/v1\n".to_vec();
    let id = |preimage: &mut Vec<u8>, id: &str| {
        preimage.extend(u16::try_from(id.len()).unwrap().to_be_bytes());
        preimage.extend(id.as_bytes());
    };
    for line in ["line.0", "line.1"] {
        let text = |field: &str| vectors.text(&format!("{line}.{field}"));
        id(&mut preimage, text("voter"));
        preimage.extend(text("area").parse::<u64>().unwrap().to_be_bytes());
        id(&mut preimage, text("unit"));
        let co_owners: Vec<_> = text("co_owners").split_whitespace().collect();
        preimage.extend(u16::try_from(co_owners.len()).unwrap().to_be_bytes());
        for co_owner in co_owners {
            id(&mut preimage, co_owner);
        }
    }
    assert_eq!(preimage, vectors.bytes("preimage"));
    assert_eq!(tlog::sha256(&preimage), vectors.hash("digest"));
}

#[test]
fn every_byte_of_a_block() {
    let vectors = Vectors::read("block.txt");
    let block = Block {
        first_index: 0,
        entries: vec![entry_bytes(0), entry_bytes(1)],
    };
    let header = vectors.joined("header.");
    assert_eq!(header.len(), BlockHeader::LEN);
    let body = vectors.bytes("body");
    assert_eq!(block.encode_body().unwrap(), body);
    let bytes = [header, body].concat();
    assert_eq!(block.encode().unwrap(), bytes);
    assert_eq!(Block::decode(&bytes).unwrap(), block);
}

/// The tree over both entries.
fn tree() -> MemoryTree {
    let mut tree = MemoryTree::new();
    tree.extend([0, 1].map(|index| leaf_hash(&entry_bytes(index))));
    tree
}

#[test]
fn the_tree_and_its_proofs() {
    let vectors = Vectors::read("tree.txt");
    assert_eq!(empty_root(), vectors.hash("root.0"));
    let tree = tree();
    for size in 1..=2 {
        let root = tlog::tree::root(&tree, size).unwrap();
        assert_eq!(root, vectors.hash(&format!("root.{size}")));
    }
    for ((index, size), expected) in vectors.pairs("inclusion") {
        assert_eq!(inclusion_proof(&tree, index, size), Ok(expected));
    }
    for ((old, new), expected) in vectors.pairs("consistency") {
        assert_eq!(consistency_proof(&tree, old, new), Ok(expected));
    }
}

#[test]
fn the_checkpoint_with_its_cosignature() {
    let signer = NoteSigner::new(ORIGIN, seed("checkpoint.seed")).unwrap();
    let witness_signer = Cosigner::new(WITNESS, seed("witness.seed")).unwrap();
    let (log, witness) = (key("checkpoint.vkey"), key("witness.vkey"));
    assert_eq!(signer.verifier_key(), &log);
    assert_eq!(witness_signer.verifier_key(), &witness);
    let ids = Vectors::read("keys.txt");
    assert_eq!(format!("{:08x}", log.id()), ids.text("checkpoint.id"));
    assert_eq!(format!("{:08x}", witness.id()), ids.text("witness.id"));

    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size: 2,
        root: tree().root(),
    };
    let time = ids.number("witness.time");
    let mut note = checkpoint.sign(&signer).unwrap();
    let cosignature = witness_signer.cosign(note.note().text(), time).unwrap();
    note.add_cosignature(cosignature).unwrap();
    let bytes = read("checkpoint.note");
    assert_eq!(note.to_bytes(), bytes);

    let opened = SignedCheckpoint::open_witnessed(&bytes, &log, &[witness]);
    let (opened, cosigned) = opened.unwrap();
    assert_eq!(opened.checkpoint(), &checkpoint);
    assert_eq!(cosigned[0].timestamp, Some(time));
    assert_eq!((cosigned.len(), cosigned[0].name.as_str()), (1, WITNESS));
    let message = cosignature_message(&checkpoint.text(), time);
    assert!(message.starts_with(&format!("cosignature/v1\ntime {time}\n{ORIGIN}\n2\n")));
}

/// What a rotation says is the `proto` crate's to read; who signed it, and what it makes of the next
/// checkpoint, is pinned here.
#[test]
fn the_rotation_of_the_checkpoints_key() {
    let vectors = Vectors::read("rotation.txt");
    let (old, new) = (key("checkpoint.vkey"), vectors.text("new.vkey"));
    let entry = Entry::decode(&vectors.bytes("entry")).unwrap();
    let new_seed = SigningKey::from_bytes(&vectors.array("new.seed"));
    let next = NoteSigner::new(ORIGIN, new_seed.clone()).unwrap();
    assert_eq!(next.verifier_key().to_string(), new);
    let registrar = SigningKey::from_bytes(&Vectors::read("action-signature.txt").array("seed"));
    let signers = [registrar, seed("checkpoint.seed"), new_seed];
    let signed = signers
        .each_ref()
        .map(|key| sign_action(key, &entry.action));
    assert_eq!(entry.signatures, signed);
    let payload = vectors.joined("payload.");
    assert!(entry.action.ends_with(&payload));
    let names = |key: &SigningKey| {
        let key = key.verifying_key().to_bytes();
        payload.windows(32).position(|bytes| bytes == key)
    };
    assert_eq!(
        (names(&signers[1]), names(&signers[2])),
        (Some(2), Some(36))
    );

    let mut chain = Chain::new("xinyuanli");
    for bytes in [entry_bytes(0), entry_bytes(1), vectors.bytes("entry")] {
        chain.push(&bytes).unwrap();
    }
    let mut tree = tree();
    tree.append(vectors.hash("leaf"));
    assert_eq!(tree.root(), vectors.hash("root.3"));
    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size: 3,
        root: tree.root(),
    };
    let bytes = read("rotation.note");
    assert_eq!(checkpoint.sign(&next).unwrap().to_bytes(), bytes);
    SignedCheckpoint::open(&bytes, next.verifier_key()).unwrap();
    assert!(SignedCheckpoint::open(&bytes, &old).is_err());
    // The smaller one stays the old key's.
    let smaller = read("checkpoint.note");
    SignedCheckpoint::open(&smaller, &old).unwrap();
    assert!(SignedCheckpoint::open(&smaller, next.verifier_key()).is_err());
}

#[test]
fn the_offline_proof_of_the_first_entry() {
    let bytes = read("entry-0.tlog-proof");
    let proof = OfflineProof {
        extra: None,
        index: 0,
        hashes: inclusion_proof(&tree(), 0, 2).unwrap(),
        checkpoint: Note::parse(&read("checkpoint.note")).unwrap(),
    };
    assert_eq!(proof.to_string().into_bytes(), bytes);
    let parsed = OfflineProof::parse(&bytes).unwrap();
    assert_eq!(parsed, proof);
    let log = key("checkpoint.vkey");
    let signed = parsed.verify_entry(&entry_bytes(0), &log).unwrap();
    assert_eq!(signed.checkpoint().root, tree().root());
    assert!(parsed.verify_entry(&entry_bytes(1), &log).is_err());
}

#[test]
fn both_tiles() {
    let vectors = Vectors::read("tiles.txt");
    let leaves: Vec<Hash> = [0, 1].map(|index| leaf_hash(&entry_bytes(index))).into();
    let tile = vectors.bytes("tile/0/000.p/2");
    assert_eq!(encode_hashes(&leaves), tile);
    assert_eq!(decode_hashes(&tile, 2), Ok(leaves));
    let entries = [entry_bytes(0), entry_bytes(1)];
    let bundle = vectors.bytes("tile/entries/000.p/2");
    assert_eq!(encode_bundle(&entries).unwrap(), bundle);
    assert_eq!(decode_bundle(&bundle, 2).unwrap(), entries);
}

#[test]
fn every_byte_of_a_bundle() {
    let vectors = Vectors::read("bundle.txt");
    let head = BundleHead {
        ledger: "xinyuanli".to_owned(),
        checkpoint: Note::parse(&read("checkpoint.note")).unwrap(),
        cosigned: None,
        keys: vec![key("checkpoint.vkey"), key("witness.vkey")],
    };
    let (mut writer, mut bytes) = BundleWriter::begin(&head).unwrap();
    for index in 0..2 {
        assert_eq!(writer.push(entry_bytes(index)), Ok(None));
    }
    bytes.extend(writer.finish().unwrap());
    let expected = [vectors.bytes("preamble"), vectors.joined("record.")].concat();
    assert_eq!(bytes, expected);
}

#[test]
fn format_md_shows_every_vector_of_our_own() {
    let document = include_str!("../FORMAT.md");
    let mut shown = 0;
    for file in std::fs::read_dir(testdata()).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let contents = String::from_utf8(read(&name)).unwrap();
        assert!(document.contains(&name), "FORMAT.md does not name {name}");
        let fenced = format!("```text\n{contents}```\n");
        assert!(
            document.contains(&fenced),
            "FORMAT.md does not show {name} as it is"
        );
        shown += 1;
    }
    assert!(shown >= 14, "{shown} files of vectors");
}
