//! Checking inclusion and consistency proofs (RFC 9162 §2.1.3.2 and §2.1.4.2).
//!
//! Lengths are exact: a proof with a hash too few or too many is refused, not read as far as it
//! goes.

use crate::hash::{Hash, node_hash};
use crate::tree::{MAX_TREE_SIZE, empty_root};

/// The most hashes a proof has, in a tree of up to [`MAX_TREE_SIZE`] leaves. It is also the most
/// C2SP's tlog-witness lets a client send.
pub const MAX_PROOF_LEN: usize = 63;

/// A proof that does not prove what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The tree has no such leaf.
    #[error("a tree of {size} leaves has no leaf {index}")]
    NoSuchLeaf {
        /// The leaf, from 0.
        index: u64,
        /// The tree's size in leaves.
        size: u64,
    },
    /// The older tree is larger than the newer.
    #[error("a tree of {old} leaves is no prefix of one of {new}")]
    NotAPrefix {
        /// The older tree's size in leaves.
        old: u64,
        /// The newer tree's size in leaves.
        new: u64,
    },
    /// The tree is larger than [`MAX_TREE_SIZE`].
    #[error("a tree of {size} leaves is larger than {MAX_TREE_SIZE}")]
    TooLarge {
        /// The tree's size in leaves.
        size: u64,
    },
    /// The proof has too few or too many hashes for the index and sizes.
    #[error("the proof has {found} hashes where {expected} are needed")]
    Length {
        /// How many the index and sizes call for.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The proof leads to another root than the tree's.
    #[error("the proof leads to the root {found}, not {expected}")]
    Root {
        /// The tree's root (the newer tree's, of two).
        expected: Hash,
        /// Where the proof leads.
        found: Hash,
    },
    /// The proof leads to another root than the older tree's.
    #[error("the proof leads to the older root {found}, not {expected}")]
    OldRoot {
        /// The older tree's root.
        expected: Hash,
        /// Where the proof leads.
        found: Hash,
    },
}

/// Checks that `leaf` stands at `index` in the tree of `size` leaves with this `root`.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    check_size(size)?;
    if index >= size {
        return Err(ProofError::NoSuchLeaf { index, size });
    }
    check_length(inclusion_len(index, size), proof)?;
    let mut walk = Walk::new(index, size - 1);
    let found = proof.iter().fold(*leaf, |hash, sibling| {
        if walk.sibling_is_left() {
            node_hash(sibling, &hash)
        } else {
            node_hash(&hash, sibling)
        }
    });
    check_root(root, found)
}

/// Checks that the tree of `old_size` leaves with `old_root` is a prefix of the tree of
/// `new_size` leaves with `new_root`.
///
/// The empty tree is a prefix of every tree and equal sizes need equal roots; both with no proof.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    check_size(new_size)?;
    if old_size > new_size {
        let (old, new) = (old_size, new_size);
        return Err(ProofError::NotAPrefix { old, new });
    }
    if new_size == 0 {
        check_root(new_root, empty_root())?;
    }
    check_length(consistency_len(old_size, new_size), proof)?;
    if old_size == 0 {
        return check_old_root(old_root, empty_root());
    }
    if old_size == new_size {
        return check_root(new_root, *old_root);
    }
    let (old, new) = consistency_roots(old_size, old_root, new_size, proof);
    check_old_root(old_root, old)?;
    check_root(new_root, new)
}

/// The two roots a proof of the right length leads to.
fn consistency_roots(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    proof: &[Hash],
) -> (Hash, Hash) {
    let mut walk = Walk::new(old_size - 1, new_size - 1);
    walk.skip_complete();
    // An old tree that is one complete subtree is where its proof starts.
    let (start, rest) = match proof.split_first() {
        Some((first, rest)) if !old_size.is_power_of_two() => (*first, rest),
        _ => (*old_root, proof),
    };
    rest.iter().fold((start, start), |(old, new), sibling| {
        if walk.sibling_is_left() {
            (node_hash(sibling, &old), node_hash(sibling, &new))
        } else {
            (old, node_hash(&new, sibling))
        }
    })
}

/// The way from a node up to the root: `fn` and `sn` of RFC 9162.
struct Walk {
    node: u64,
    last: u64,
}

impl Walk {
    fn new(node: u64, last: u64) -> Walk {
        Walk { node, last }
    }

    /// Goes up while the node is a right child: to the top of the old tree's last subtree.
    fn skip_complete(&mut self) {
        let levels = self.node.trailing_ones();
        self.node >>= levels;
        self.last >>= levels;
    }

    /// On which side the next hash of the proof stands; then goes up past it.
    fn sibling_is_left(&mut self) -> bool {
        let left = self.node & 1 == 1 || self.node == self.last;
        if left {
            // A last node without a right sibling rises unchanged until it is a right child.
            let levels = self.node.trailing_zeros().min(u64::BITS - 1);
            self.node >>= levels;
            self.last >>= levels;
        }
        self.node >>= 1;
        self.last >>= 1;
        left
    }
}

/// How many hashes prove leaf `index` in a tree of `size` leaves; `index` is below `size`.
fn inclusion_len(index: u64, size: u64) -> usize {
    // Below the level where the ways of the leaf and of the last leaf part, every level has a
    // sibling; above it only those where the way comes from the right.
    let inner = u64::BITS - (index ^ (size - 1)).leading_zeros();
    let border = index.checked_shr(inner).unwrap_or(0).count_ones();
    (inner + border) as usize
}

/// How many hashes prove a tree of `old` leaves a prefix of one of `new`; `old` is not above
/// `new`.
fn consistency_len(old: u64, new: u64) -> usize {
    if old == 0 || old == new {
        return 0;
    }
    // The way of the old tree's last complete subtree, and that subtree unless it is all of it.
    let skipped = (old - 1).trailing_ones();
    let way = inclusion_len((old - 1) >> skipped, ((new - 1) >> skipped) + 1);
    way + usize::from(!old.is_power_of_two())
}

fn check_size(size: u64) -> Result<(), ProofError> {
    if size > MAX_TREE_SIZE {
        return Err(ProofError::TooLarge { size });
    }
    Ok(())
}

fn check_length(expected: usize, proof: &[Hash]) -> Result<(), ProofError> {
    let found = proof.len();
    if found == expected {
        Ok(())
    } else {
        Err(ProofError::Length { expected, found })
    }
}

fn check_root(expected: &Hash, found: Hash) -> Result<(), ProofError> {
    if *expected == found {
        Ok(())
    } else {
        let expected = *expected;
        Err(ProofError::Root { expected, found })
    }
}

fn check_old_root(expected: &Hash, found: Hash) -> Result<(), ProofError> {
    if *expected == found {
        Ok(())
    } else {
        let expected = *expected;
        Err(ProofError::OldRoot { expected, found })
    }
}
