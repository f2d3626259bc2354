//! The Merkle tree of RFC 6962 §2.1 over the leaves of a log.
//!
//! [`Frontier`] grows a tree while holding only the hashes on its right edge; [`MemoryTree`]
//! holds every hash. Proofs are computed over any [`HashReader`], so the same code serves a tree
//! in memory and one in tiles.
//!
//! A *subtree* is named by its level and index: level `l`, index `i` is the complete subtree over
//! the leaves `i·2^l .. (i+1)·2^l`, so level 0 holds the leaf hashes.

use crate::hash::{Hash, node_hash, sha256};

/// The largest tree proofs are given and checked for. With it no inclusion or consistency proof
/// is longer than 63 hashes, the bound of C2SP's tlog-witness, and no index overflows.
pub const MAX_TREE_SIZE: u64 = 1 << 62;

/// The root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1).
pub fn empty_root() -> Hash {
    sha256(b"")
}

/// Gives the hashes of complete subtrees.
pub trait HashReader {
    /// Why a hash could not be given.
    type Error;

    /// The hash of the complete subtree at `level` with `index`.
    fn read(&self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

impl<R: HashReader + ?Sized> HashReader for &R {
    type Error = R::Error;

    fn read(&self, level: u8, index: u64) -> Result<Hash, R::Error> {
        (**self).read(level, index)
    }
}

/// A proof was asked for that does not exist, or a hash it needs could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError<E> {
    /// The tree has no such leaf.
    #[error("a tree of {size} leaves has no leaf {index}")]
    NoSuchLeaf {
        /// The leaf asked for, from 0.
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
    /// The reader failed.
    #[error("a hash of the tree could not be read")]
    Read(#[source] E),
}

/// The root of the first `size` leaves, `MTH` of RFC 6962 §2.1.
pub fn root<R: HashReader>(reader: &R, size: u64) -> Result<Hash, TreeError<R::Error>> {
    check_size(size)?;
    if size == 0 {
        return Ok(empty_root());
    }
    range_hash(reader, 0, size)
}

/// The audit path of leaf `index` in the tree of `size` leaves, from the leaf's sibling up
/// (RFC 6962 §2.1.1).
pub fn inclusion_proof<R: HashReader>(
    reader: &R,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, TreeError<R::Error>> {
    check_size(size)?;
    if index >= size {
        return Err(TreeError::NoSuchLeaf { index, size });
    }
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.push(range_hash(reader, middle, end)?);
            end = middle;
        } else {
            proof.push(range_hash(reader, start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `old` leaves is a prefix of the tree of `new` leaves (RFC 6962
/// §2.1.2). Empty for `old` 0, which is a prefix of every tree, and for equal sizes.
pub fn consistency_proof<R: HashReader>(
    reader: &R,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, TreeError<R::Error>> {
    check_size(new)?;
    if old > new {
        return Err(TreeError::NotAPrefix { old, new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut proof = Vec::new();
    let (mut start, mut end) = (0, new);
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            proof.push(range_hash(reader, middle, end)?);
            end = middle;
        } else {
            proof.push(range_hash(reader, start, middle)?);
            start = middle;
        }
    }
    // The subtree both trees end with is known to whoever knows the old root, if it is all of it.
    if start > 0 {
        proof.push(range_hash(reader, start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The hash over leaves `start..end`, a range that halving has led to from `0..size`.
fn range_hash<R: HashReader>(
    reader: &R,
    start: u64,
    end: u64,
) -> Result<Hash, TreeError<R::Error>> {
    // The complete subtrees of the range, largest first, folded from the right.
    let mut subtrees = Vec::new();
    let mut at = start;
    while at < end {
        let level = (end - at).ilog2();
        // The level of a u64's bit is below 64.
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        subtrees.push(reader.read(level, at >> level).map_err(TreeError::Read)?);
        at += 1 << level;
    }
    Ok(fold(&subtrees))
}

/// The largest power of two smaller than `length`, which is at least 2 (RFC 6962's `k`).
fn split(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

/// The hash over adjoining subtrees, largest and leftmost first.
fn fold(subtrees: &[Hash]) -> Hash {
    subtrees
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| node_hash(&left, &right))
        .unwrap_or_else(empty_root)
}

fn check_size<E>(size: u64) -> Result<(), TreeError<E>> {
    if size > MAX_TREE_SIZE {
        return Err(TreeError::TooLarge { size });
    }
    Ok(())
}

/// The right edge of a growing tree: the hash of each complete subtree its size is the sum of,
/// largest first. At most 62 hashes, whatever the tree's size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

/// Hashes that are not the frontier of a tree of the size given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// A frontier has a hash for each bit set in the tree's size.
    #[error("{found} hashes for a frontier of {expected}")]
    HashCount {
        /// Bits set in the size.
        expected: usize,
        /// Hashes given.
        found: usize,
    },
    /// The tree is larger than [`MAX_TREE_SIZE`].
    #[error("a tree of {size} leaves is larger than {MAX_TREE_SIZE}")]
    TooLarge {
        /// The size given.
        size: u64,
    },
}

impl Frontier {
    /// The frontier of the tree without leaves.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// The frontier of a tree from what [`Frontier::hashes`] gave for it. Whether they are right
    /// shows only in the root.
    pub fn from_hashes(size: u64, hashes: Vec<Hash>) -> Result<Frontier, FrontierError> {
        let (expected, found) = (size.count_ones() as usize, hashes.len());
        if size > MAX_TREE_SIZE {
            Err(FrontierError::TooLarge { size })
        } else if expected == found {
            Ok(Frontier { size, hashes })
        } else {
            Err(FrontierError::HashCount { expected, found })
        }
    }

    /// The frontier of the first `size` leaves of a tree that can be read.
    pub fn from_reader<R: HashReader>(
        reader: &R,
        size: u64,
    ) -> Result<Frontier, TreeError<R::Error>> {
        check_size(size)?;
        let mut hashes = Vec::with_capacity(size.count_ones() as usize);
        let mut at = 0;
        for level in (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1) {
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            hashes.push(reader.read(level, at >> level).map_err(TreeError::Read)?);
            at += 1 << level;
        }
        Ok(Frontier { size, hashes })
    }

    /// Appends a leaf.
    pub fn append(&mut self, leaf: Hash) {
        self.append_visiting(leaf, |_, _, _| {});
    }

    /// Appends a leaf and shows each subtree that it completes, the leaf first, as level, index
    /// and hash: all a writer of tiles needs.
    ///
    /// # Panics
    ///
    /// Beyond [`MAX_TREE_SIZE`] leaves, which no log written to at a million entries a second
    /// reaches within 100,000 years.
    pub fn append_visiting(&mut self, leaf: Hash, mut visit: impl FnMut(u8, u64, Hash)) {
        assert!(self.size < MAX_TREE_SIZE, "the tree is full");
        let mut index = self.size;
        let mut hash = leaf;
        visit(0, index, hash);
        // Each bit set at the end of the size is a subtree this one completes a larger with.
        for level in 1..=self.size.trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                hash = node_hash(&left, &hash);
            }
            index >>= 1;
            visit(u8::try_from(level).unwrap_or(u8::MAX), index, hash);
        }
        self.hashes.push(hash);
        self.size += 1;
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        fold(&self.hashes)
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// One hash for each bit set in the size, largest subtree first.
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }
}

/// A whole tree in memory: 64 bytes a leaf.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    frontier: Frontier,
    levels: Vec<Vec<Hash>>,
}

/// A subtree that is not complete in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the subtree at level {level}, index {index} is not complete")]
pub struct IncompleteSubtree {
    /// The level asked for.
    pub level: u8,
    /// The index asked for.
    pub index: u64,
}

impl MemoryTree {
    /// The tree without leaves.
    pub fn new() -> MemoryTree {
        MemoryTree::default()
    }

    /// Appends a leaf.
    pub fn append(&mut self, leaf: Hash) {
        let levels = &mut self.levels;
        self.frontier.append_visiting(leaf, |level, _, hash| {
            let level = usize::from(level);
            if levels.len() == level {
                levels.push(Vec::new());
            }
            levels[level].push(hash);
        });
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The right edge of the tree.
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }
}

impl HashReader for MemoryTree {
    type Error = IncompleteSubtree;

    fn read(&self, level: u8, index: u64) -> Result<Hash, IncompleteSubtree> {
        let hash = self.levels.get(usize::from(level)).and_then(|hashes| {
            let index = usize::try_from(index).ok()?;
            hashes.get(index).copied()
        });
        hash.ok_or(IncompleteSubtree { level, index })
    }
}

impl Extend<Hash> for MemoryTree {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.append(leaf));
    }
}

impl Extend<Hash> for Frontier {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        leaves.into_iter().for_each(|leaf| self.append(leaf));
    }
}
