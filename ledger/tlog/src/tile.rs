//! Tiles: C2SP's tlog-tiles, the tree and the entries as immutable files of 256.
//!
//! A hash tile at tile level `L` holds the hashes of 256 adjoining subtrees of level `8·L`; an
//! entry bundle holds 256 entries. The last of each may be partial, and has its width in its path.

use std::fmt;
use std::str::FromStr;

use crate::checkpoint::parse_decimal;
use crate::entry::MAX_ENTRY_LEN;
use crate::hash::{HASH_LEN, Hash, node_hash};
use crate::tree::HashReader;

/// How many hashes or entries a full tile holds.
pub const TILE_WIDTH: u16 = 256;

/// How many levels of the tree a tile spans.
pub const TILE_HEIGHT: u8 = 8;

/// The highest tile level with a tile in a tree whose size fits 64 bits.
pub const MAX_TILE_LEVEL: u8 = 7;

/// The longest entry bundle in bytes.
pub const MAX_BUNDLE_LEN: usize = TILE_WIDTH as usize * (BUNDLE_PREFIX_LEN + MAX_ENTRY_LEN);

/// Length of the number before each entry of a bundle.
const BUNDLE_PREFIX_LEN: usize = 2;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of the subtrees of level 8 times this tile level, 0 to 7.
    Hashes(u8),
    /// Entries.
    Entries,
}

/// A tile by its place: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TilePath {
    kind: TileKind,
    index: u64,
    width: u16,
}

/// Text that is not a tile's path, or a tile that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a tile path: tile/<level or entries>/<index>[.p/<width>]")]
pub struct TilePathError;

impl TilePath {
    /// A tile of 1 to 256 hashes or entries; hash tiles have a tile level of 0 to 7.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Result<TilePath, TilePathError> {
        let level_exists = !matches!(kind, TileKind::Hashes(level) if level > MAX_TILE_LEVEL);
        if level_exists && (1..=TILE_WIDTH).contains(&width) {
            Ok(TilePath { kind, index, width })
        } else {
            Err(TilePathError)
        }
    }

    /// The tile that holds hash or entry `position` of its kind (for hash tiles: the subtree of
    /// level 8·L with that index) in a tree of `size` leaves, as wide as that tree makes it; none
    /// if the tree does not have it.
    pub fn containing(kind: TileKind, position: u64, size: u64) -> Option<TilePath> {
        let count = positions(kind, size);
        if position >= count {
            return None;
        }
        let index = position / u64::from(TILE_WIDTH);
        TilePath::new(kind, index, width_at(index, count)).ok()
    }

    /// What the tile holds.
    pub fn kind(&self) -> TileKind {
        self.kind
    }

    /// The tile's place among those of its kind.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries the tile holds, 1 to 256.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Whether the tile holds fewer than 256.
    pub fn is_partial(&self) -> bool {
        self.width < TILE_WIDTH
    }

    /// The same tile once 256 wide.
    pub fn full(&self) -> TilePath {
        TilePath {
            width: TILE_WIDTH,
            ..*self
        }
    }

    /// Position of the tile's first hash or entry among those of its kind.
    pub fn first_position(&self) -> u64 {
        self.index.saturating_mul(u64::from(TILE_WIDTH))
    }
}

/// How many hashes of a tile level, or entries, a tree of `size` leaves has.
fn positions(kind: TileKind, size: u64) -> u64 {
    match kind {
        TileKind::Hashes(level) => size
            .checked_shr(u32::from(level) * u32::from(TILE_HEIGHT))
            .unwrap_or(0),
        TileKind::Entries => size,
    }
}

/// The width of tile `index` where there are `count` positions, more than before the tile.
fn width_at(index: u64, count: u64) -> u16 {
    let rest = count - index * u64::from(TILE_WIDTH);
    u16::try_from(rest).map_or(TILE_WIDTH, |rest| rest.min(TILE_WIDTH))
}

/// The tiles that come into being or change when a tree grows from `old` to `new` leaves, lowest
/// level first, each as wide as the new tree makes it; then the entry bundles.
pub fn changed_tiles(old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    (0..=MAX_TILE_LEVEL)
        .map(TileKind::Hashes)
        .chain([TileKind::Entries])
        .flat_map(move |kind| changed_tiles_of(kind, old, new))
}

/// Like [`changed_tiles`], of one kind.
pub fn changed_tiles_of(kind: TileKind, old: u64, new: u64) -> impl Iterator<Item = TilePath> {
    let (before, after) = (positions(kind, old), positions(kind, new));
    let tiles = if after > before {
        before / u64::from(TILE_WIDTH)..after.div_ceil(u64::from(TILE_WIDTH))
    } else {
        0..0
    };
    tiles.map(move |index| TilePath {
        kind,
        index,
        width: width_at(index, after),
    })
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        write_index(f, self.index)?;
        if self.is_partial() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// Groups of three digits, an `x` before each but the last.
fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let digits = index.to_string();
    let digits = format!("{digits:0>width$}", width = digits.len().div_ceil(3) * 3);
    for (at, digit) in digits.char_indices() {
        let rest = digits.len() - at;
        if rest % 3 == 0 && at > 0 {
            f.write_str("/")?;
        }
        if rest % 3 == 0 && rest > 3 {
            f.write_str("x")?;
        }
        write!(f, "{digit}")?;
    }
    Ok(())
}

impl FromStr for TilePath {
    type Err = TilePathError;

    fn from_str(text: &str) -> Result<TilePath, TilePathError> {
        let path = parse_path(text).ok_or(TilePathError)?;
        // One tile, one path: `x000/001` and the like are refused.
        if path.to_string() == text {
            Ok(path)
        } else {
            Err(TilePathError)
        }
    }
}

fn parse_path(text: &str) -> Option<TilePath> {
    let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let kind = match kind {
        "entries" => TileKind::Entries,
        level => TileKind::Hashes(u8::try_from(parse_decimal(level)?).ok()?),
    };
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, u16::try_from(parse_decimal(width)?).ok()?),
        None => (rest, TILE_WIDTH),
    };
    TilePath::new(kind, parse_index(index)?, width).ok()
}

fn parse_index(text: &str) -> Option<u64> {
    text.split('/').try_fold(0_u64, |index, group| {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        index.checked_mul(1_000)?.checked_add(digits.parse().ok()?)
    })
}

/// Bytes that are not a tile of the width its path says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// A hash tile has 32 bytes a hash.
    #[error("{found} bytes where a tile of {width} hashes has {}", usize::from(*.width) * HASH_LEN)]
    HashesLength {
        /// How many hashes there should be.
        width: u16,
        /// How many bytes there are.
        found: usize,
    },
    /// A bundle's entries do not fill it, or are not as many as there should be.
    #[error("the bundle does not hold {width} whole entries and nothing else")]
    Bundle {
        /// How many entries there should be.
        width: u16,
    },
    /// An entry too long for its u16 length, or too many entries.
    #[error("a bundle holds at most {TILE_WIDTH} entries of at most {MAX_ENTRY_LEN} bytes")]
    TooMuch,
}

/// The bytes of a hash tile.
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Reads a hash tile of `width` hashes.
pub fn decode_hashes(bytes: &[u8], width: u16) -> Result<Vec<Hash>, TileError> {
    let found = bytes.len();
    if found != usize::from(width) * HASH_LEN {
        return Err(TileError::HashesLength { width, found });
    }
    let hash = |chunk: &[u8]| {
        let mut hash = Hash::ZERO;
        hash.0.copy_from_slice(chunk);
        hash
    };
    Ok(bytes.chunks_exact(HASH_LEN).map(hash).collect())
}

/// The bytes of an entry bundle: each entry after its length as u16 big-endian.
pub fn encode_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, TileError> {
    if entries.len() > usize::from(TILE_WIDTH) {
        return Err(TileError::TooMuch);
    }
    let mut bytes = Vec::new();
    for entry in entries.iter().map(AsRef::as_ref) {
        let length = u16::try_from(entry.len()).map_err(|_| TileError::TooMuch)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// Reads an entry bundle of `width` entries.
pub fn decode_bundle(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, TileError> {
    let bad = TileError::Bundle { width };
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<BUNDLE_PREFIX_LEN>().ok_or(bad)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or(bad)?;
        if entries.len() == usize::from(width) {
            return Err(bad);
        }
        entries.push(entry);
        rest = after;
    }
    if entries.len() == usize::from(width) {
        Ok(entries)
    } else {
        Err(bad)
    }
}

/// Reads the hashes of a tree of `size` leaves from its tiles.
///
/// Tiles are believed as they come: whoever did not write them compares the root they give with
/// a checkpoint's.
pub struct TileReader<F> {
    size: u64,
    fetch: F,
}

/// Why [`TileReader`] could not give a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileReadError<E> {
    /// The subtree is not complete in the tree.
    #[error("the tree has no complete subtree at level {level}, index {index}")]
    Incomplete {
        /// The level asked for.
        level: u8,
        /// The index asked for.
        index: u64,
    },
    /// The tile fetched is not one.
    #[error("{path} is not a tile")]
    Tile {
        /// The tile's path.
        path: TilePath,
        /// What is wrong with it.
        source: TileError,
    },
    /// The tile could not be fetched.
    #[error("a tile could not be fetched")]
    Fetch(#[source] E),
}

impl<F> TileReader<F> {
    /// A reader of the tree of `size` leaves. `fetch` gives the bytes of a tile as wide as its
    /// path says; where it has only a wider one, it cuts that to 32 bytes a hash.
    pub fn new(size: u64, fetch: F) -> TileReader<F> {
        TileReader { size, fetch }
    }
}

impl<F, E> HashReader for TileReader<F>
where
    F: Fn(&TilePath) -> Result<Vec<u8>, E>,
{
    type Error = TileReadError<E>;

    fn read(&self, level: u8, index: u64) -> Result<Hash, TileReadError<E>> {
        let incomplete = TileReadError::Incomplete { level, index };
        let kind = TileKind::Hashes(level / TILE_HEIGHT);
        // The subtree spans this many hashes of the tile, from this position on.
        let span = 1_u64 << (level % TILE_HEIGHT);
        let last = index
            .checked_add(1)
            .and_then(|next| next.checked_mul(span))
            .map(|end| end - 1);
        let Some(path) = last.and_then(|last| TilePath::containing(kind, last, self.size)) else {
            return Err(incomplete);
        };
        let bytes = (self.fetch)(&path).map_err(TileReadError::Fetch)?;
        let hashes = decode_hashes(&bytes, path.width())
            .map_err(|source| TileReadError::Tile { path, source })?;
        let start = usize::try_from(index * span - path.first_position());
        let span = usize::try_from(span);
        let (Ok(start), Ok(span)) = (start, span) else {
            return Err(incomplete);
        };
        let subtree = hashes.get(start..start + span).ok_or(incomplete)?;
        Ok(complete_root(subtree))
    }
}

/// The root over the hashes of a complete subtree: as many as a power of two.
fn complete_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [one] => *one,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node_hash(&complete_root(left), &complete_root(right))
        }
    }
}
