//! The tree as C2SP tlog-tiles on disk, and proofs over it.
//!
//! `tiles/tile/<L>/<N>` holds 256 hashes of the tree at level 8·L, exactly as the HTTP tiles serve
//! them. Full tiles never change, so they are files; the incomplete ones at the right edge stay in
//! memory. Nothing is synced: the log says what the tiles must be. A tile read from a file is
//! checked against the hash above it, up to the edge, so a wrong or missing one is told
//! ([`TilesError::Wrong`], [`TilesError::Missing`]) and never used; [`Tiles::rebuild`] then makes all
//! of them anew from the leaves.

mod edge;
mod subtree;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tlog::tile::{MAX_TILE_LEVEL, TILE_HEIGHT, TILE_WIDTH, encode_hashes};
use tlog::tree::TreeError;
use tlog::{Frontier, Hash, HashReader, TileKind, TilePath};

pub(crate) use self::edge::Edge;
pub(crate) use self::subtree::Subtree;
use crate::disk::{Disk, DiskError};

/// How many full tiles are kept in memory, with all their inner hashes: at 16 KiB each, 4 MiB a
/// ledger, and proofs for the last 60,000 entries without touching a file.
const CACHED_TILES_MAX: usize = 256;

/// A tile's place: its level and its index there.
pub(crate) type Place = (u8, u64);

/// Tiles on a disk. Readers go on beside the one appender and see a size only once all tiles up to
/// it are written.
#[derive(Debug)]
pub struct Tiles {
    disk: Disk,
    path: PathBuf,
    edge: RwLock<Arc<Edge>>,
    cache: Mutex<Cache>,
    /// Held by whoever appends or rebuilds.
    appender: Mutex<()>,
}

/// Why a hash or tile could not be read or written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum TilesError {
    /// The subtree is not complete at this size.
    #[error("a tree of {size} leaves has no complete subtree at level {level}, index {index}")]
    Incomplete {
        /// Its level, the leaves' being 0.
        level: u8,
        /// Its index at that level.
        index: u64,
        /// The tree's size in leaves.
        size: u64,
    },
    /// A full tile has no file. Rebuild.
    #[error("{tile} is missing")]
    Missing {
        /// Which.
        tile: TilePath,
    },
    /// A full tile is not what the tree above it says. Rebuild.
    #[error("{tile} is not this log's")]
    Wrong {
        /// Which.
        tile: TilePath,
    },
    /// The system refused an operation.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl TilesError {
    /// Whether [`Tiles::rebuild`] would help.
    pub fn calls_for_rebuild(&self) -> bool {
        matches!(self, TilesError::Missing { .. } | TilesError::Wrong { .. })
    }
}

impl Tiles {
    /// Opens the tiles of a log whose tree, at some size, has this frontier; an empty frontier makes
    /// all tiles anew. From a thread that may block.
    ///
    /// The tree begins at [`Tiles::size`], which is the frontier's size rounded down to whole tiles:
    /// the caller appends the leaves from there on. If the files do not lead to the frontier, the
    /// size is 0 and the second value says why.
    pub fn open(
        disk: Disk,
        path: impl Into<PathBuf>,
        frontier: &Frontier,
    ) -> Result<(Tiles, Option<TilesError>), DiskError> {
        let path = path.into();
        disk.ensure_dir(&path)?;
        let tiles = Tiles {
            disk,
            path,
            edge: RwLock::default(),
            cache: Mutex::default(),
            appender: Mutex::default(),
        };
        match tiles.load_edge(frontier) {
            Ok(edge) => {
                tiles.publish(edge);
                Ok((tiles, None))
            }
            Err(error) => Ok((tiles, Some(error))),
        }
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.edge().size()
    }

    /// The right edge of the tree.
    pub fn frontier(&self) -> Frontier {
        self.edge().frontier()
    }

    /// Appends leaves; all of them or, after an error, none. Appending the same again is fine. From
    /// a thread that may block.
    pub fn append(&self, leaves: &[Hash]) -> Result<(), TilesError> {
        let _appender = self.lock_appender();
        let mut edge = Edge::clone(&self.edge());
        self.extend(&mut edge, leaves.iter().copied())?;
        self.publish(edge);
        Ok(())
    }

    /// Whether so many more leaves complete a tile, so that appending them writes a file.
    pub(crate) fn completes_a_tile(&self, leaves: usize) -> bool {
        let width = u64::from(TILE_WIDTH);
        self.size() % width + leaves as u64 >= width
    }

    /// Makes all tiles anew from all leaves. Until it is done, readers go on with what there was.
    pub fn rebuild(&self, leaves: impl IntoIterator<Item = Hash>) -> Result<(), TilesError> {
        let _appender = self.lock_appender();
        let mut edge = Edge::default();
        self.extend(&mut edge, leaves)?;
        self.publish(edge);
        Ok(())
    }

    /// The audit path of leaf `index` in the tree of `size` leaves.
    pub fn inclusion_proof(
        &self,
        index: u64,
        size: u64,
    ) -> Result<Vec<Hash>, TreeError<TilesError>> {
        tlog::inclusion_proof(&self.reader(), index, size)
    }

    /// The proof that the tree of `old` leaves is a prefix of the tree of `new`.
    pub fn consistency_proof(
        &self,
        old: u64,
        new: u64,
    ) -> Result<Vec<Hash>, TreeError<TilesError>> {
        tlog::consistency_proof(&self.reader(), old, new)
    }

    /// The root of the first `size` leaves.
    pub fn root(&self, size: u64) -> Result<Hash, TreeError<TilesError>> {
        tlog::tree::root(&self.reader(), size)
    }

    /// The bytes of a tile of hashes, full or partial, as tlog-tiles serves them. `None` if the tree
    /// does not reach so far, and for bundles of entries, which are not kept here.
    pub fn tile(&self, tile: &TilePath) -> Result<Option<Vec<u8>>, TilesError> {
        let TileKind::Hashes(level) = tile.kind() else {
            return Ok(None);
        };
        let reader = self.reader();
        let width = usize::from(tile.width());
        let end = tile.first_position().checked_add(width as u64);
        if end.is_none_or(|end| end > reader.edge.hashes_at(level)) {
            return Ok(None);
        }
        let hashes = |subtree: &Subtree| encode_hashes(&subtree.hashes()[..width]);
        match reader.edge.subtree(level, tile.index()) {
            Some(subtree) => Ok(Some(hashes(subtree))),
            None => reader
                .full_tile((level, tile.index()))
                .map(|subtree| Some(hashes(&subtree))),
        }
    }

    fn reader(&self) -> Reader<'_> {
        let edge = self.edge();
        Reader { tiles: self, edge }
    }

    fn edge(&self) -> Arc<Edge> {
        Arc::clone(&self.edge.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn publish(&self, edge: Edge) {
        *self.edge.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(edge);
    }

    fn lock_appender(&self) -> std::sync::MutexGuard<'_, ()> {
        self.appender.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends leaves to an edge that nobody sees yet, and writes each tile they complete.
    fn extend(
        &self,
        edge: &mut Edge,
        leaves: impl IntoIterator<Item = Hash>,
    ) -> Result<(), TilesError> {
        for leaf in leaves {
            edge.append(leaf, |place, tile| {
                let path = self.file(tile_path(place));
                self.disk
                    .replace_unsynced(&path, &encode_hashes(tile.hashes()))?;
                self.cache().insert(place, Arc::new(tile));
                Ok::<_, DiskError>(())
            })?;
        }
        Ok(())
    }

    /// The edge at the frontier's size rounded down to whole tiles, from the files below it.
    fn load_edge(&self, frontier: &Frontier) -> Result<Edge, TilesError> {
        let size = frontier.size() & !(u64::from(TILE_WIDTH) - 1);
        let mut levels = vec![Subtree::default()];
        for level in 1..=MAX_TILE_LEVEL {
            let count = edge::hashes_at(size, level);
            let mut subtree = Subtree::default();
            for index in count - count % u64::from(TILE_WIDTH)..count {
                subtree.push(self.load((level - 1, index))?.top());
            }
            levels.push(subtree);
        }
        let edge = Edge::new(size, levels);
        let found = edge.frontier();
        let expected = &frontier.hashes()[..found.hashes().len()];
        let pairs = found.hashes().iter().zip(expected);
        match pairs.map(|(a, b)| a == b).position(|same| !same) {
            None => Ok(edge),
            Some(at) => Err(TilesError::Wrong {
                tile: edge.tile_under(at),
            }),
        }
    }

    /// Reads a full tile's file, unchecked.
    fn load(&self, place: Place) -> Result<Subtree, TilesError> {
        let tile = tile_path(place);
        let wrong = TilesError::Wrong { tile };
        let len_max = u64::from(TILE_WIDTH) * tlog::hash::HASH_LEN as u64;
        let bytes = match self.disk.read(&self.file(tile), len_max) {
            Err(error) if error.is_too_large() => return Err(wrong),
            bytes => bytes?.ok_or(TilesError::Missing { tile })?,
        };
        let hashes = tlog::tile::decode_hashes(&bytes, TILE_WIDTH).map_err(|_| wrong)?;
        Ok(hashes.into_iter().collect())
    }

    fn file(&self, tile: TilePath) -> PathBuf {
        self.path.join(tile.to_string())
    }
}

/// A full tile's path. The index of a tile of a tree within bounds always has one.
fn tile_path((level, index): Place) -> TilePath {
    TilePath::new(TileKind::Hashes(level), index, TILE_WIDTH)
        .expect("a level below 8 and the full width")
}

impl HashReader for Tiles {
    type Error = TilesError;

    fn read(&self, level: u8, index: u64) -> Result<Hash, TilesError> {
        self.reader().read(level, index)
    }
}

/// The tree at one moment: proofs read from one edge, whatever is appended meanwhile.
struct Reader<'a> {
    tiles: &'a Tiles,
    edge: Arc<Edge>,
}

impl HashReader for Reader<'_> {
    type Error = TilesError;

    fn read(&self, level: u8, index: u64) -> Result<Hash, TilesError> {
        let size = self.edge.size();
        if !is_complete(level, index, size) {
            return Err(TilesError::Incomplete { level, index, size });
        }
        let (tile_level, height) = (level / TILE_HEIGHT, level % TILE_HEIGHT);
        let width = u64::from(TILE_WIDTH) >> height;
        let place = (tile_level, index / width);
        let within = usize::try_from(index % width).expect("below 256");
        match self.edge.subtree(place.0, place.1) {
            Some(subtree) => Ok(subtree.node(height, within)),
            None => Ok(self.full_tile(place)?.node(height, within)),
        }
    }
}

impl Reader<'_> {
    /// A full tile, from memory or from its file once that is checked against the tile above.
    fn full_tile(&self, place: Place) -> Result<Arc<Subtree>, TilesError> {
        if let Some(tile) = self.tiles.cache().get(place) {
            return Ok(tile);
        }
        let tile = Arc::new(self.tiles.load(place)?);
        let (level, index) = place;
        let expected = self.read((level + 1) * TILE_HEIGHT, index)?;
        if tile.top() != expected {
            let tile = tile_path(place);
            return Err(TilesError::Wrong { tile });
        }
        self.tiles.cache().insert(place, Arc::clone(&tile));
        Ok(tile)
    }
}

/// Whether a tree of `size` leaves has all leaves of this subtree.
fn is_complete(level: u8, index: u64, size: u64) -> bool {
    let subtrees = size.checked_shr(u32::from(level)).unwrap_or(0);
    index < subtrees
}

/// The full tiles used last.
#[derive(Debug, Default)]
struct Cache {
    tiles: BTreeMap<Place, (Arc<Subtree>, u64)>,
    clock: u64,
}

impl Cache {
    fn get(&mut self, place: Place) -> Option<Arc<Subtree>> {
        self.clock += 1;
        let (tile, used) = self.tiles.get_mut(&place)?;
        *used = self.clock;
        Some(Arc::clone(tile))
    }

    fn insert(&mut self, place: Place, tile: Arc<Subtree>) {
        self.clock += 1;
        self.tiles.insert(place, (tile, self.clock));
        if self.tiles.len() > CACHED_TILES_MAX {
            // A walk over 257 numbers, once for each tile read from a file.
            let oldest = self.tiles.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(place) = oldest.map(|(place, _)| *place) {
                self.tiles.remove(&place);
            }
        }
    }
}

#[cfg(test)]
mod tests;
