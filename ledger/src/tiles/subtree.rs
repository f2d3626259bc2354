//! The hashes under one tile, with every inner hash: 256 at most, and 511 in all.

use tlog::tile::TILE_HEIGHT;
use tlog::{Hash, node_hash};

/// A tile, full or filling up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subtree {
    /// `nodes[h]` are the roots of the complete subtrees of 2^h hashes; `nodes[8]` is the top.
    nodes: [Vec<Hash>; TILE_HEIGHT as usize + 1],
}

impl Subtree {
    /// Adds the next hash, and each inner hash that it completes. Nothing may follow the 256th.
    pub(crate) fn push(&mut self, hash: Hash) {
        self.nodes[0].push(hash);
        for height in 0..usize::from(TILE_HEIGHT) {
            match self.nodes[height].as_slice() {
                [.., left, right] if self.nodes[height].len().is_multiple_of(2) => {
                    let parent = node_hash(left, right);
                    self.nodes[height + 1].push(parent);
                }
                _ => return,
            }
        }
    }

    /// The hashes themselves.
    pub(crate) fn hashes(&self) -> &[Hash] {
        &self.nodes[0]
    }

    pub(crate) fn is_full(&self) -> bool {
        !self.nodes[usize::from(TILE_HEIGHT)].is_empty()
    }

    /// The hash over all 256. The tile is full.
    pub(crate) fn top(&self) -> Hash {
        self.node(TILE_HEIGHT, 0)
    }

    /// An inner hash, which is complete.
    pub(crate) fn node(&self, height: u8, index: usize) -> Hash {
        self.nodes[usize::from(height)][index]
    }
}

impl FromIterator<Hash> for Subtree {
    fn from_iter<I: IntoIterator<Item = Hash>>(hashes: I) -> Subtree {
        let mut subtree = Subtree::default();
        hashes.into_iter().for_each(|hash| subtree.push(hash));
        subtree
    }
}
