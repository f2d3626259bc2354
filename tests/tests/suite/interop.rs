//! Implementations that are not ours (Cloudflare's `signed_note` and `tlog_tiles`) read what we write, and
//! we read what they write: notes, cosigned checkpoints, tiles and proofs, byte for byte.

use std::fs;

use ed25519_dalek::SigningKey;
use signed_note::{Note as TheirNote, Signer as _, StandardSigner, StandardVerifier, VerifierList};
use system_tests::binary;
use tlog::tile::{changed_tiles, encode_hashes};
use tlog::tree::{MemoryTree, consistency_proof, inclusion_proof, root};
use tlog::{
    Checkpoint, Hash, HashReader as _, NoteSigner, SignedCheckpoint, TileKind, VerifierKey,
    leaf_hash,
};
use tlog_tiles as theirs;

const ORIGIN: &str = "records.example.org/xinyuanli";

/// Sizes around every boundary of tiles and of powers of two, up to two levels.
const SIZES: [u64; 12] = [1, 2, 3, 7, 8, 200, 255, 256, 257, 300, 512, 700];

fn entry(n: u64) -> Vec<u8> {
    format!("entry {n}").into_bytes()
}

fn our_tree(size: u64) -> MemoryTree {
    let mut tree = MemoryTree::new();
    tree.extend((0..size).map(|n| leaf_hash(&entry(n))));
    tree
}

/// Their stored hashes, by their own numbering.
struct Stored(Vec<theirs::Hash>);

impl theirs::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<theirs::Hash>, theirs::Error> {
        let one = |index: &u64| self.0[usize::try_from(*index).expect("it fits")];
        Ok(indexes.iter().map(one).collect())
    }
}

fn their_tree(size: u64) -> Stored {
    let mut stored = Stored(Vec::new());
    for n in 0..size {
        let more = theirs::stored_hashes(n, &entry(n), &stored).expect("they can be read");
        stored.0.extend(more);
    }
    stored
}

fn ours(hashes: Vec<theirs::Hash>) -> Vec<Hash> {
    hashes.into_iter().map(|hash| Hash(hash.0)).collect()
}

fn as_theirs(hashes: &[Hash]) -> Vec<theirs::Hash> {
    hashes.iter().map(|hash| theirs::Hash(hash.0)).collect()
}

#[test]
fn trees_and_proofs_are_the_same_and_each_accepts_the_others() {
    let (tree, stored) = (our_tree(700), their_tree(700));
    for size in SIZES {
        let top = root(&tree, size).expect("it is complete");
        let their_top = theirs::tree_hash(size, &stored).expect("it is complete");
        assert_eq!(top.0, their_top.0, "the root of {size}");
        for index in [0, size / 2, size - 1] {
            let proof = inclusion_proof(&tree, index, size).expect("it is complete");
            let their_proof = theirs::prove_record(size, index, &stored).expect("it is complete");
            assert_eq!(proof, ours(their_proof), "entry {index} of {size}");
            let leaf = theirs::record_hash(&entry(index));
            let checked = theirs::check_record(&as_theirs(&proof), size, their_top, index, leaf);
            assert!(checked.is_ok(), "entry {index} of {size}");
        }
        for old in SIZES.into_iter().filter(|old| *old < size) {
            let proof = consistency_proof(&tree, old, size).expect("it is complete");
            let their_proof = theirs::prove_tree(size, old, &stored).expect("it is complete");
            assert_eq!(proof, ours(their_proof), "{old} of {size}");
            let their_old = theirs::tree_hash(old, &stored).expect("it is complete");
            let checked = theirs::check_tree(&as_theirs(&proof), size, their_top, old, their_old);
            assert!(checked.is_ok(), "{old} of {size}");
        }
    }
}

#[test]
fn tiles_are_the_same_files() {
    let (tree, stored) = (our_tree(700), their_tree(700));
    for size in SIZES {
        let hashes = changed_tiles(0, size).filter(|path| path.kind() != TileKind::Entries);
        let mut paths: Vec<String> = Vec::new();
        for path in hashes {
            let TileKind::Hashes(level) = path.kind() else {
                unreachable!("entries are left out");
            };
            let one = |n| {
                tree.read(level * 8, path.first_position() + n)
                    .expect("it is complete")
            };
            let bytes = encode_hashes(&(0..u64::from(path.width())).map(one).collect::<Vec<_>>());
            let tile = theirs::Tile::new(8, level, path.index(), path.width().into(), false);
            assert_eq!(
                bytes,
                tile.read_data(&stored).expect("it is complete"),
                "{path}"
            );
            paths.push(path.to_string());
        }
        // They name the height in their paths, as the Go checksum database does.
        let mut theirs: Vec<String> = theirs::Tile::new_tiles(8, 0, size)
            .iter()
            .map(|tile| tile.path().replacen("tile/8/", "tile/", 1))
            .collect();
        paths.sort();
        theirs.sort();
        assert_eq!(paths, theirs, "the tiles of {size}");
    }
    for index in [0, 999, 1_000, 1_234_067, 999_999_999] {
        let ours = tlog::TilePath::new(TileKind::Hashes(1), index, 17).expect("a tile");
        let parsed = theirs::Tile::from_path(&ours.to_string().replacen("tile/", "tile/8/", 1));
        let parsed = parsed.expect("a tile's path");
        assert_eq!(
            (parsed.level(), parsed.level_index(), parsed.width()),
            (1, index, 17)
        );
    }
}

fn signer() -> NoteSigner {
    NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[3; 32])).expect("a name")
}

fn known(key: &VerifierKey) -> VerifierList {
    let verifier = StandardVerifier::new(&key.to_string()).expect("a verifier key");
    VerifierList::new(vec![Box::new(verifier)])
}

#[test]
fn they_read_our_checkpoints_cosignatures_and_all() {
    let path = binary::workspace().join("ledger/tlog/testdata/checkpoint.note");
    let bytes = fs::read(path).expect("the vector is there");
    let note = TheirNote::from_bytes(&bytes).expect("a note");
    let key = signer().verifier_key().clone();
    let (verified, others) = note.verify(&known(&key)).expect("it is signed");
    // The cosignature is a kind of key they do not verify, and they keep it.
    assert_eq!((verified.len(), others.len()), (1, 1));
    assert_eq!(verified[0].id(), key.id());
    let checkpoint = theirs::Checkpoint::from_bytes(note.text()).expect("a checkpoint");
    let ours = SignedCheckpoint::open(&bytes, &key).expect("it is signed");
    let ours = ours.checkpoint();
    assert_eq!(
        (checkpoint.origin(), checkpoint.size()),
        (ORIGIN, ours.size)
    );
    assert_eq!(checkpoint.hash().0, ours.root.0);
    assert_eq!(note.to_bytes(), bytes);
    let mut changed = bytes;
    let at = changed
        .windows(3)
        .position(|three| three == b"\n2\n")
        .expect("its size");
    changed[at + 1] = b'3';
    let note = TheirNote::from_bytes(&changed).expect("a note");
    assert!(note.verify(&known(&key)).is_err());
}

#[test]
fn we_read_their_checkpoints() {
    let key = signer().verifier_key().clone();
    let secret = [&[1][..], &[3; 32]].concat();
    let secret = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(secret)
    };
    let secret = format!("PRIVATE+KEY+{ORIGIN}+{:08x}+{secret}", key.id());
    let signer = StandardSigner::new(&secret).expect("a signer's key");
    assert_eq!((signer.name(), signer.key_id()), (ORIGIN, key.id()));
    let tree = our_tree(300);
    let top = theirs::Hash(root(&tree, 300).expect("it is complete").0);
    let text = theirs::Checkpoint::new(ORIGIN, 300, top, "")
        .expect("a checkpoint")
        .to_bytes();
    let mut note = TheirNote::new(&text, &[]).expect("a note");
    note.add_sigs(&[&signer]).expect("it signs");
    let opened = SignedCheckpoint::open(&note.to_bytes(), &key).expect("it is signed");
    let expected = Checkpoint {
        origin: ORIGIN.to_owned(),
        size: 300,
        root: root(&tree, 300).expect("it is complete"),
    };
    assert_eq!(opened.checkpoint(), &expected);
    // The same key over the same text: the same signature, so the same note.
    let ours = expected.sign(&self::signer()).expect("it signs");
    assert_eq!(ours.to_bytes(), note.to_bytes());
}
