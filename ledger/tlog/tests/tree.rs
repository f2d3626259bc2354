//! The tree and its proofs against RFC 6962's own recursive definitions, for every size up to 70
//! and random larger ones.

use proptest::prelude::*;
use tlog::proof::{MAX_PROOF_LEN, ProofError};
use tlog::tree::{
    Frontier, FrontierError, HashReader, MAX_TREE_SIZE, MemoryTree, TreeError, consistency_proof,
    empty_root, inclusion_proof, root,
};
use tlog::{Hash, leaf_hash, node_hash, verify_consistency, verify_inclusion};

/// RFC 6962 §2.1: the largest power of two smaller than n.
fn k(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// RFC 6962 §2.1: MTH(D[n]), over leaf hashes.
fn mth(d: &[Hash]) -> Hash {
    match d {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = d.split_at(k(d.len()));
            node_hash(&mth(left), &mth(right))
        }
    }
}

/// RFC 6962 §2.1.1: PATH(m, D[n]).
fn path(m: usize, d: &[Hash]) -> Vec<Hash> {
    if d.len() == 1 {
        return Vec::new();
    }
    let (left, right) = d.split_at(k(d.len()));
    if m < left.len() {
        [path(m, left), vec![mth(right)]].concat()
    } else {
        [path(m - left.len(), right), vec![mth(left)]].concat()
    }
}

/// RFC 6962 §2.1.2: SUBPROOF(m, D[n], b).
fn subproof(m: usize, d: &[Hash], b: bool) -> Vec<Hash> {
    if m == d.len() {
        return if b { Vec::new() } else { vec![mth(d)] };
    }
    let (left, right) = d.split_at(k(d.len()));
    if m <= left.len() {
        [subproof(m, left, b), vec![mth(right)]].concat()
    } else {
        [subproof(m - left.len(), right, false), vec![mth(left)]].concat()
    }
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn tree_of(leaves: &[Hash]) -> MemoryTree {
    let mut tree = MemoryTree::new();
    tree.extend(leaves.iter().copied());
    tree
}

fn size(count: usize) -> u64 {
    count as u64
}

#[test]
fn roots_of_every_small_size_are_the_definition() {
    let leaves = leaves(70);
    let tree = tree_of(&leaves);
    let mut frontier = Frontier::new();
    for count in 0..=leaves.len() {
        let expected = mth(&leaves[..count]);
        assert_eq!(frontier.root(), expected, "size {count}");
        assert_eq!(frontier.size(), size(count));
        assert_eq!(root(&tree, size(count)), Ok(expected), "size {count}");
        assert_eq!(
            Frontier::from_reader(&tree, size(count)),
            Ok(frontier.clone())
        );
        frontier.extend(leaves.get(count).copied());
    }
}

#[test]
fn a_frontier_survives_its_own_export() {
    let leaves = leaves(70);
    let mut frontier = Frontier::new();
    for leaf in &leaves {
        let hashes = frontier.hashes().to_vec();
        assert_eq!(hashes.len(), frontier.size().count_ones() as usize);
        frontier = Frontier::from_hashes(frontier.size(), hashes).unwrap();
        frontier.append(*leaf);
    }
    assert_eq!(frontier.root(), mth(&leaves));
    let refused = Frontier::from_hashes(5, vec![Hash::ZERO]);
    let (expected, found) = (2, 1);
    assert_eq!(refused, Err(FrontierError::HashCount { expected, found }));
    let size = MAX_TREE_SIZE + 1;
    let refused = Frontier::from_hashes(size, vec![Hash::ZERO; 2]);
    assert_eq!(refused, Err(FrontierError::TooLarge { size }));
}

#[test]
fn a_frontier_shows_each_subtree_once_as_it_is_completed() {
    let leaves = leaves(70);
    let mut frontier = Frontier::new();
    let mut shown = Vec::new();
    for leaf in &leaves {
        frontier.append_visiting(*leaf, |level, index, hash| shown.push((level, index, hash)));
    }
    let mut expected = Vec::new();
    for level in 0..7_u8 {
        for (index, subtree) in leaves.chunks_exact(1 << level).enumerate() {
            expected.push((level, size(index), mth(subtree)));
        }
    }
    shown.sort();
    expected.sort();
    assert_eq!(shown, expected);
}

#[test]
fn every_small_inclusion_proof_is_the_definition_and_verifies() {
    let leaves = leaves(70);
    let tree = tree_of(&leaves);
    for count in 1..=leaves.len() {
        let root = mth(&leaves[..count]);
        for index in 0..count {
            let proof = inclusion_proof(&tree, size(index), size(count)).unwrap();
            assert_eq!(proof, path(index, &leaves[..count]), "{index} in {count}");
            let verified =
                verify_inclusion(&leaves[index], size(index), size(count), &proof, &root);
            assert_eq!(verified, Ok(()), "{index} in {count}");
        }
    }
}

#[test]
fn every_small_consistency_proof_is_the_definition_and_verifies() {
    let leaves = leaves(70);
    let tree = tree_of(&leaves);
    for new in 1..=leaves.len() {
        for old in 1..=new {
            let proof = consistency_proof(&tree, size(old), size(new)).unwrap();
            let expected = subproof(old, &leaves[..new], true);
            assert_eq!(proof, expected, "{old} in {new}");
            let (old_root, new_root) = (mth(&leaves[..old]), mth(&leaves[..new]));
            let verified = verify_consistency(size(old), &old_root, size(new), &new_root, &proof);
            assert_eq!(verified, Ok(()), "{old} in {new}");
        }
    }
}

#[test]
fn the_empty_tree_is_a_prefix_of_every_tree_and_of_nothing_else() {
    let leaves = leaves(5);
    let tree = tree_of(&leaves);
    let (empty, root) = (empty_root(), mth(&leaves));
    assert_eq!(consistency_proof(&tree, 0, 5), Ok(Vec::new()));
    assert_eq!(verify_consistency(0, &empty, 5, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &empty, 0, &empty, &[]), Ok(()));
    assert!(verify_consistency(0, &root, 5, &root, &[]).is_err());
    assert!(verify_consistency(0, &root, 0, &root, &[]).is_err());
    assert!(verify_consistency(0, &empty, 5, &root, &[root]).is_err());
}

#[test]
fn proofs_that_cannot_be_are_refused_on_both_sides() {
    let tree = tree_of(&leaves(5));
    let (index, count) = (5, 5);
    let refused = inclusion_proof(&tree, index, count);
    assert_eq!(refused, Err(TreeError::NoSuchLeaf { index, size: count }));
    let refused = verify_inclusion(&Hash::ZERO, index, count, &[], &Hash::ZERO);
    assert_eq!(refused, Err(ProofError::NoSuchLeaf { index, size: count }));
    assert!(inclusion_proof(&tree, 0, 0).is_err());
    assert!(verify_inclusion(&Hash::ZERO, 0, 0, &[], &empty_root()).is_err());

    let (old, new) = (5, 4);
    let refused = consistency_proof(&tree, old, new);
    assert_eq!(refused, Err(TreeError::NotAPrefix { old, new }));
    let refused = verify_consistency(old, &Hash::ZERO, new, &Hash::ZERO, &[]);
    assert_eq!(refused, Err(ProofError::NotAPrefix { old, new }));

    // A tree that does not hold the leaves yet.
    assert!(matches!(root(&tree, 6), Err(TreeError::Read(_))));
}

/// A tree of any size, all of whose subtrees have the same hash.
struct Uniform;

impl HashReader for Uniform {
    type Error = std::convert::Infallible;

    fn read(&self, _: u8, _: u64) -> Result<Hash, Self::Error> {
        Ok(Hash([9; 32]))
    }
}

#[test]
fn no_proof_of_the_largest_tree_is_longer_than_the_bound() {
    let largest = MAX_TREE_SIZE;
    let leaf = Hash([9; 32]);
    for size in [largest, largest - 1, largest / 2 + 1] {
        let tree_root = root(&Uniform, size).unwrap();
        for index in [0, 1, size / 2, size - 2, size - 1] {
            let proof = inclusion_proof(&Uniform, index, size).unwrap();
            assert!(proof.len() <= MAX_PROOF_LEN);
            let verified = verify_inclusion(&leaf, index, size, &proof, &tree_root);
            // The verifier computes inner hashes, so the root differs; the length must not.
            assert!(!matches!(verified, Err(ProofError::Length { .. })));
        }
        for old in [1, 2, 3, size / 2, size / 2 + 1, size - 1, size] {
            let proof = consistency_proof(&Uniform, old, size).unwrap();
            assert!(proof.len() <= MAX_PROOF_LEN, "{old} in {size}");
            let verified = verify_consistency(old, &leaf, size, &tree_root, &proof);
            assert!(!matches!(verified, Err(ProofError::Length { .. })));
        }
    }
    let longest = consistency_proof(&Uniform, largest / 2 - 1, largest).unwrap();
    assert_eq!(longest.len(), MAX_PROOF_LEN);
}

#[test]
fn larger_trees_than_the_bound_are_refused() {
    let size = MAX_TREE_SIZE + 1;
    let refused = Err(TreeError::TooLarge { size });
    assert_eq!(inclusion_proof(&Uniform, 0, size), refused);
    assert_eq!(consistency_proof(&Uniform, 1, size), refused);
    let refused = Err(ProofError::TooLarge { size });
    let any = Hash::ZERO;
    assert_eq!(verify_inclusion(&any, 0, size, &[], &any), refused);
    assert_eq!(verify_consistency(1, &any, size, &any, &[]), refused);
}

/// Every way to spoil a proof by one step: a hash changed, missing, added, or two swapped.
fn spoiled(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = vec![
        [proof, &[Hash::ZERO]].concat(),
        [&[Hash::ZERO], proof].concat(),
    ];
    for at in 0..proof.len() {
        let mut changed = proof.to_vec();
        changed[at].0[at % 32] ^= 1;
        all.push(changed);
        let mut missing = proof.to_vec();
        missing.remove(at);
        all.push(missing);
        if at > 0 && proof[at - 1] != proof[at] {
            let mut swapped = proof.to_vec();
            swapped.swap(at - 1, at);
            all.push(swapped);
        }
    }
    all
}

#[test]
fn spoiled_inclusion_proofs_are_refused() {
    let leaves = leaves(33);
    let tree = tree_of(&leaves);
    for count in 1..=leaves.len() {
        let root = mth(&leaves[..count]);
        for (index, leaf) in leaves.iter().enumerate().take(count) {
            let (at, n) = (size(index), size(count));
            let proof = inclusion_proof(&tree, at, n).unwrap();
            for bad in spoiled(&proof) {
                assert!(verify_inclusion(leaf, at, n, &bad, &root).is_err());
            }
            let other = leaf_hash(b"another");
            assert!(verify_inclusion(&other, at, n, &proof, &root).is_err());
            assert!(verify_inclusion(leaf, at, n, &proof, &other).is_err());
            for elsewhere in (0..n).filter(|elsewhere| *elsewhere != at) {
                let moved = verify_inclusion(leaf, elsewhere, n, &proof, &root);
                assert!(moved.is_err(), "{index} as {elsewhere} in {count}");
            }
        }
    }
}

#[test]
fn spoiled_consistency_proofs_are_refused() {
    let leaves = leaves(33);
    let tree = tree_of(&leaves);
    for new in 1..=leaves.len() {
        let new_root = mth(&leaves[..new]);
        for old in 1..new {
            let (m, n) = (size(old), size(new));
            let old_root = mth(&leaves[..old]);
            let proof = consistency_proof(&tree, m, n).unwrap();
            for bad in spoiled(&proof) {
                assert!(verify_consistency(m, &old_root, n, &new_root, &bad).is_err());
            }
            let other = leaf_hash(b"another");
            assert!(verify_consistency(m, &other, n, &new_root, &proof).is_err());
            assert!(verify_consistency(m, &old_root, n, &other, &proof).is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn larger_trees_agree_with_the_definition(
        count in 71_usize..3_000, index in any::<prop::sample::Index>()
    ) {
        let leaves = leaves(count);
        let tree = tree_of(&leaves);
        let root = mth(&leaves);
        prop_assert_eq!(tree.root(), root);

        let index = index.index(count);
        let proof = inclusion_proof(&tree, size(index), size(count)).unwrap();
        prop_assert_eq!(&proof, &path(index, &leaves));
        let verified =
            verify_inclusion(&leaves[index], size(index), size(count), &proof, &root);
        prop_assert_eq!(verified, Ok(()));

        let old = index + 1;
        let proof = consistency_proof(&tree, size(old), size(count)).unwrap();
        prop_assert_eq!(&proof, &subproof(old, &leaves, true));
        let verified =
            verify_consistency(size(old), &mth(&leaves[..old]), size(count), &root, &proof);
        prop_assert_eq!(verified, Ok(()));
    }
}
