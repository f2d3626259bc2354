//! The part of the tree one block touched: enough to prove the block's own entries.
//!
//! Receipts go out for entries just appended, each with a proof. The subtrees such a proof needs lie
//! either within the block's own leaves or on the right edge of the tree before it, so no tile is read.

use tlog::tree::IncompleteSubtree;
use tlog::{Frontier, Hash, HashReader};

/// Subtrees on the right edge of a tree and above the leaves added to it.
#[derive(Clone, Debug)]
pub(crate) struct BlockTree {
    size: u64,
    /// By level: the index of the first subtree here, and those from it on.
    levels: Vec<(u64, Vec<Hash>)>,
}

impl BlockTree {
    /// Adds leaves to a tree and keeps what that touched. `frontier` is the tree's, before and after.
    pub(crate) fn grow(
        frontier: &mut Frontier,
        leaves: impl IntoIterator<Item = Hash>,
    ) -> BlockTree {
        let mut levels = edge(frontier);
        for leaf in leaves {
            frontier.append_visiting(leaf, |level, index, hash| {
                let level = usize::from(level);
                if levels.len() <= level {
                    levels.resize(level + 1, (0, Vec::new()));
                }
                let (first, hashes) = &mut levels[level];
                if hashes.is_empty() {
                    *first = index;
                }
                hashes.push(hash);
            });
        }
        BlockTree {
            size: frontier.size(),
            levels,
        }
    }

    /// The size of the tree after the block.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }
}

/// A tree's frontier by level.
fn edge(frontier: &Frontier) -> Vec<(u64, Vec<Hash>)> {
    let size = frontier.size();
    let bits = (u64::BITS - size.leading_zeros()) as usize;
    let mut levels = vec![(0, Vec::new()); bits];
    // Largest subtree first; a subtree at a level where the size has a bit.
    let set = (0..bits).rev().filter(|level| size >> level & 1 == 1);
    for (level, hash) in set.zip(frontier.hashes()) {
        levels[level] = ((size >> level) - 1, vec![*hash]);
    }
    levels
}

impl HashReader for BlockTree {
    type Error = IncompleteSubtree;

    fn read(&self, level: u8, index: u64) -> Result<Hash, IncompleteSubtree> {
        let found = self
            .levels
            .get(usize::from(level))
            .and_then(|(first, hashes)| {
                let at = usize::try_from(index.checked_sub(*first)?).ok()?;
                hashes.get(at).copied()
            });
        found.ok_or(IncompleteSubtree { level, index })
    }
}

#[cfg(test)]
mod tests {
    use tlog::tree::{MemoryTree, inclusion_proof};
    use tlog::{leaf_hash, verify_inclusion};

    use super::*;

    #[test]
    fn every_entry_of_every_block_is_proven_as_by_the_whole_tree() {
        for before in 0..70_u64 {
            for count in 1..20_u64 {
                let leaves: Vec<_> = (0..before + count)
                    .map(|i| leaf_hash(&i.to_le_bytes()))
                    .collect();
                let split = usize::try_from(before).unwrap();
                let mut whole = MemoryTree::new();
                whole.extend(leaves.iter().copied());
                let mut frontier = Frontier::new();
                frontier.extend(leaves[..split].iter().copied());
                let tree = BlockTree::grow(&mut frontier, leaves[split..].iter().copied());
                assert_eq!(
                    (tree.size(), frontier.root()),
                    (before + count, whole.root())
                );
                for index in before..before + count {
                    let proof = inclusion_proof(&tree, index, tree.size()).unwrap();
                    assert_eq!(proof, inclusion_proof(&whole, index, whole.size()).unwrap());
                    let leaf = &leaves[usize::try_from(index).unwrap()];
                    verify_inclusion(leaf, index, tree.size(), &proof, &whole.root()).unwrap();
                }
            }
        }
    }
}
