//! The incomplete tiles at a tree's right edge, one a level.

use tlog::tile::{MAX_TILE_LEVEL, TILE_HEIGHT, TILE_WIDTH};
use tlog::{Frontier, Hash, TilePath};

use super::Place;
use super::subtree::Subtree;

/// A tree's size and the incomplete tile of each level, which may be empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edge {
    size: u64,
    levels: Vec<Subtree>,
}

/// How many hashes a tree of `size` leaves has at a tile level.
pub(crate) fn hashes_at(size: u64, level: u8) -> u64 {
    size.checked_shr(u32::from(level) * u32::from(TILE_HEIGHT))
        .unwrap_or(0)
}

impl Edge {
    pub(crate) fn new(size: u64, levels: Vec<Subtree>) -> Edge {
        Edge { size, levels }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn hashes_at(&self, level: u8) -> u64 {
        hashes_at(self.size, level)
    }

    /// The incomplete tile at this place, if it is the one.
    pub(crate) fn subtree(&self, level: u8, index: u64) -> Option<&Subtree> {
        let is_last = index == self.hashes_at(level) / u64::from(TILE_WIDTH);
        self.levels.get(usize::from(level)).filter(|_| is_last)
    }

    /// Appends a leaf, and gives away each tile that it completes, the lowest first.
    pub(crate) fn append<E>(
        &mut self,
        leaf: Hash,
        mut completed: impl FnMut(Place, Subtree) -> Result<(), E>,
    ) -> Result<(), E> {
        self.size += 1;
        let mut hash = leaf;
        for level in 0..=MAX_TILE_LEVEL {
            let at = usize::from(level);
            if self.levels.len() == at {
                self.levels.push(Subtree::default());
            }
            self.levels[at].push(hash);
            if !self.levels[at].is_full() {
                break;
            }
            let full = std::mem::take(&mut self.levels[at]);
            hash = full.top();
            let index = self.hashes_at(level) / u64::from(TILE_WIDTH) - 1;
            completed((level, index), full)?;
        }
        Ok(())
    }

    /// The hash of each complete subtree that the size is the sum of.
    pub(crate) fn frontier(&self) -> Frontier {
        let hashes = self.bits().map(|bit| {
            let (level, height) = (bit / TILE_HEIGHT, bit % TILE_HEIGHT);
            // The last of an odd number of subtrees, as the bit is set.
            let index = (self.size >> bit) - 1;
            let within = index % (u64::from(TILE_WIDTH) >> height);
            let within = usize::try_from(within).expect("below 256");
            self.levels[usize::from(level)].node(height, within)
        });
        Frontier::from_hashes(self.size, hashes.collect()).expect("a hash for each bit")
    }

    /// The tile whose hashes the frontier's hash number `at` is made of, or one of them.
    pub(crate) fn tile_under(&self, at: usize) -> TilePath {
        let bit = self.bits().nth(at).unwrap_or(TILE_HEIGHT);
        let level = (bit / TILE_HEIGHT).saturating_sub(1);
        let first = ((self.size >> bit) - 1) << (bit - (level + 1) * TILE_HEIGHT);
        super::tile_path((level, first))
    }

    /// The bits set in the size, highest first.
    fn bits(&self) -> impl Iterator<Item = u8> + '_ {
        (0..64).rev().filter(|bit| self.size >> bit & 1 == 1)
    }
}
