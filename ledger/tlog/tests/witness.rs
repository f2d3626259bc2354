//! What a witness cosigns and what it refuses, each at its boundary.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use tlog::tree::{MemoryTree, consistency_proof, empty_root, root};
use tlog::witness::{AddCheckpointError, parse_cosignatures, parse_size};
use tlog::{
    AddCheckpoint, Checkpoint, Hash, Note, NoteSigner, VerifierKey, WitnessRefusal, leaf_hash,
};

const ORIGIN: &str = "records.example.org/xinyuanli";

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[seed; 32])).unwrap()
}

fn key() -> VerifierKey {
    signer(1).verifier_key().clone()
}

fn tree(leaves: u64, salt: &str) -> MemoryTree {
    let mut tree = MemoryTree::new();
    tree.extend((0..leaves).map(|n| leaf_hash(format!("{salt}{n}").as_bytes())));
    tree
}

fn checkpoint(tree: &MemoryTree, size: u64) -> Checkpoint {
    Checkpoint {
        origin: ORIGIN.to_owned(),
        size,
        root: root(tree, size).unwrap(),
    }
}

fn request(tree: &MemoryTree, old_size: u64, size: u64) -> AddCheckpoint {
    AddCheckpoint {
        old_size,
        proof: consistency_proof(tree, old_size, size).unwrap(),
        checkpoint: signed(&checkpoint(tree, size), &signer(1)),
    }
}

fn signed(checkpoint: &Checkpoint, signer: &NoteSigner) -> Note {
    checkpoint.sign(signer).unwrap().note().clone()
}

#[test]
fn a_log_that_only_grows_is_cosigned() {
    let tree = tree(20, "");
    let mut latest: Option<Checkpoint> = None;
    for size in [0, 0, 1, 1, 7, 8, 20, 20] {
        let old = latest.as_ref().map_or(0, |latest| latest.size);
        let judged = request(&tree, old, size).judge(&key(), latest.as_ref());
        let signed = judged.expect("it only grew");
        assert_eq!(signed.checkpoint(), &checkpoint(&tree, size));
        latest = Some(signed.checkpoint().clone());
    }
}

#[test]
fn a_stale_old_size_is_answered_with_the_one_held() {
    let tree = tree(20, "");
    let latest = checkpoint(&tree, 8);
    for old in [0, 7, 9] {
        let refused = request(&tree, old, 20).judge(&key(), Some(&latest));
        let stale = WitnessRefusal::Stale {
            old_size: old,
            latest: 8,
        };
        assert_eq!(stale.status(), 409);
        assert_eq!(refused, Err(stale));
    }
    let never = request(&tree, 3, 20).judge(&key(), None);
    assert_eq!(
        never,
        Err(WitnessRefusal::Stale {
            old_size: 3,
            latest: 0
        })
    );
}

#[test]
fn a_rollback_is_refused_whatever_old_size_it_names() {
    let tree = tree(20, "");
    let latest = checkpoint(&tree, 8);
    let mut back = request(&tree, 5, 5);
    assert_eq!(back.judge(&key(), Some(&latest)).unwrap_err().status(), 409);
    back.old_size = 8;
    let refused = back.judge(&key(), Some(&latest)).unwrap_err();
    assert_eq!(
        refused,
        WitnessRefusal::OldSizeTooLarge {
            old_size: 8,
            size: 5
        }
    );
    assert_eq!(refused.status(), 400);
}

#[test]
fn a_fork_is_refused_at_the_same_size_and_at_a_larger_one() {
    let (tree, other) = (tree(20, ""), tree_of_a_fork());
    let latest = checkpoint(&tree, 8);
    let same = request(&other, 8, 8)
        .judge(&key(), Some(&latest))
        .unwrap_err();
    assert_eq!(
        (same.status(), &same),
        (422, &WitnessRefusal::Fork { size: 8 })
    );
    let larger = request(&other, 8, 20)
        .judge(&key(), Some(&latest))
        .unwrap_err();
    assert!(
        matches!(larger, WitnessRefusal::Inconsistent(_)),
        "{larger:?}"
    );
    assert_eq!(larger.status(), 422);
}

/// Leaf 5 is another.
fn tree_of_a_fork() -> MemoryTree {
    let mut tree = MemoryTree::new();
    let leaf = |n| {
        if n == 5 {
            "another".to_owned()
        } else {
            format!("{n}")
        }
    };
    tree.extend((0..20).map(|n| leaf_hash(leaf(n).as_bytes())));
    tree
}

#[test]
fn a_proof_with_a_hash_too_few_too_many_or_wrong_is_refused() {
    let tree = tree(20, "");
    let latest = checkpoint(&tree, 7);
    let good = request(&tree, 7, 20);
    assert!(good.judge(&key(), Some(&latest)).is_ok());
    let mut short = good.clone();
    short.proof.pop();
    let mut long = good.clone();
    long.proof.push(Hash::ZERO);
    let mut wrong = good;
    wrong.proof[0].0[0] ^= 1;
    for bad in [short, long, wrong] {
        let refused = bad.judge(&key(), Some(&latest)).unwrap_err();
        assert!(matches!(refused, WitnessRefusal::Inconsistent(_)));
    }
    // Nothing needs to be proven from nothing, so nothing may be sent.
    let mut first = request(&tree, 0, 20);
    first.proof.push(Hash::ZERO);
    assert_eq!(first.judge(&key(), None).unwrap_err().status(), 422);
}

#[test]
fn nothing_but_the_known_key_is_believed() {
    let tree = tree(4, "");
    let by = |signers: &[NoteSigner]| {
        let mut note = Note::new(checkpoint(&tree, 4).text()).unwrap();
        for signer in signers {
            note.add(signer.sign(note.text())).unwrap();
        }
        let request = AddCheckpoint {
            checkpoint: note,
            ..request(&tree, 0, 4)
        };
        request.judge(&key(), None)
    };
    assert_eq!(by(&[signer(2)]).unwrap_err().status(), 403);
    // Others' signatures are ignored, and not kept.
    let signed = by(&[signer(2), signer(1), signer(3)]).unwrap();
    assert_eq!(signed.note().signatures().len(), 1);
    // A known key's signature that does not hold makes the note malformed.
    let mut text = request(&tree, 0, 4).to_string();
    text = text.replacen("\n4\n", "\n3\n", 1);
    let forged = AddCheckpoint::parse(text.as_bytes()).unwrap();
    assert_eq!(forged.judge(&key(), None).unwrap_err().status(), 403);
}

#[test]
fn a_log_of_nothing_has_the_root_of_nothing() {
    let sign = |root| {
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size: 0,
            root,
        };
        let request = AddCheckpoint {
            old_size: 0,
            proof: Vec::new(),
            checkpoint: signed(&checkpoint, &signer(1)),
        };
        request.judge(&key(), None)
    };
    assert!(sign(empty_root()).is_ok());
    assert_eq!(sign(Hash::ZERO), Err(WitnessRefusal::NotEmpty));
}

#[test]
fn a_request_has_one_spelling() {
    let tree = tree(20, "");
    let request = request(&tree, 7, 20);
    let text = request.to_string();
    assert_eq!(AddCheckpoint::parse(text.as_bytes()), Ok(request.clone()));
    assert_eq!(request.origin(), ORIGIN);
    let refused = |from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        AddCheckpoint::parse(changed.as_bytes()).unwrap_err()
    };
    assert_eq!(refused("old 7", "old 07"), AddCheckpointError::OldSize);
    assert_eq!(refused("old 7", "old +7"), AddCheckpointError::OldSize);
    assert_eq!(refused("old 7", "old  7"), AddCheckpointError::OldSize);
    assert_eq!(refused("old 7\n", ""), AddCheckpointError::OldSize);
    assert_eq!(refused("=\n", "\n"), AddCheckpointError::Hash { line: 1 });
    assert!(matches!(
        refused("\n20\n", "\n020\n"),
        AddCheckpointError::Checkpoint(_)
    ));
    assert!(matches!(refused("— ", "- "), AddCheckpointError::Note(_)));
    let many = |count: usize| {
        let lines = format!("{}\n", Hash::ZERO.to_base64()).repeat(count);
        let text = text.replacen("old 7\n", &format!("old 7\n{lines}"), 1);
        AddCheckpoint::parse(text.as_bytes())
    };
    let held = request.proof.len();
    assert_eq!(many(63 - held).unwrap().proof.len(), 63);
    assert_eq!(many(64 - held), Err(AddCheckpointError::TooManyHashes));
}

#[test]
fn answers_are_read_as_they_are_written() {
    assert_eq!(parse_size(b"20\n"), Some(20));
    for bad in [
        "20",
        "020\n",
        "-1\n",
        "\n",
        "20\n\n",
        "18446744073709551616\n",
    ] {
        assert_eq!(parse_size(bad.as_bytes()), None, "{bad:?}");
    }
    let line = "— w.example CMp+6LWBU0an\n";
    assert_eq!(parse_cosignatures(line.as_bytes()).unwrap().len(), 1);
    assert_eq!(
        parse_cosignatures(line.repeat(100).as_bytes())
            .unwrap()
            .len(),
        100
    );
    assert_eq!(parse_cosignatures(line.repeat(101).as_bytes()), None);
    for bad in [
        "",
        "\n",
        "— w.example CMp+6LWBU0an",
        "\n— w.example CMp+6LWBU0an\n",
    ] {
        assert_eq!(parse_cosignatures(bad.as_bytes()), None, "{bad:?}");
    }
}

proptest! {
    /// Whatever is asked in whatever order, what was cosigned is one history.
    #[test]
    fn two_cosigned_checkpoints_are_never_of_two_histories(
        asked in prop::collection::vec((0_u64..12, 0_u64..12, any::<bool>()), 1..40),
    ) {
        let trees = [tree(12, ""), tree_of_a_fork()];
        let mut latest: Option<Checkpoint> = None;
        let mut histories = [true, true];
        for (old, new, forked) in asked {
            let tree = &trees[usize::from(forked)];
            let proof = consistency_proof(tree, old.min(new), new).unwrap();
            let request = AddCheckpoint {
                old_size: old,
                proof,
                checkpoint: signed(&checkpoint(tree, new), &signer(1)),
            };
            if let Ok(signed) = request.judge(&key(), latest.as_ref()) {
                let next = signed.checkpoint().clone();
                prop_assert!(latest.as_ref().is_none_or(|latest| latest.size <= next.size));
                for (history, tree) in histories.iter_mut().zip(&trees) {
                    *history &= root(tree, next.size).unwrap() == next.root;
                }
                prop_assert!(histories != [false, false]);
                latest = Some(next);
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = AddCheckpoint::parse(&bytes);
        let _ = parse_cosignatures(&bytes);
        let _ = parse_size(&bytes);
    }
}
