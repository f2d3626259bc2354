//! Tiles against a tree held in memory, and tiles gone wrong.

use tlog::tree::MemoryTree;
use tlog::{leaf_hash, verify_inclusion};

use super::*;
use crate::disk::simulated::{DiskFault, SimulatedDisk};

const WIDTH: u64 = TILE_WIDTH as u64;

fn leaves(range: std::ops::Range<u64>) -> Vec<Hash> {
    range.map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn tree(size: u64) -> MemoryTree {
    let mut tree = MemoryTree::new();
    tree.extend(leaves(0..size));
    tree
}

fn root() -> PathBuf {
    PathBuf::from("/tiles")
}

fn open(disk: &SimulatedDisk, frontier: &Frontier) -> (Tiles, Option<TilesError>) {
    Tiles::open(disk.disk(), root(), frontier).expect("opens")
}

/// Empty tiles and their disk.
fn blank() -> (SimulatedDisk, Tiles) {
    let disk = SimulatedDisk::with_root(&root());
    let (tiles, wrong) = open(&disk, &Frontier::new());
    assert!(wrong.is_none());
    (disk, tiles)
}

fn file(level: u8, index: u64) -> PathBuf {
    root().join(tile_path((level, index)).to_string())
}

fn check_same(tiles: &Tiles, tree: &MemoryTree) {
    let size = tree.size();
    assert_eq!(tiles.size(), size);
    assert_eq!(&tiles.frontier(), tree.frontier());
    assert_eq!(tiles.root(size).unwrap(), tree.root());
}

#[test]
fn a_tree_in_tiles_is_the_tree_at_every_size() {
    let (_, tiles) = blank();
    let mut tree = MemoryTree::new();
    check_same(&tiles, &tree);
    let sizes = [1, 2, 255, 256, 257, 511, 512, 700, 1_000];
    for size in sizes {
        let next = leaves(tree.size()..size);
        tiles.append(&next).unwrap();
        tree.extend(next);
        check_same(&tiles, &tree);
        for level in 0..12 {
            for index in 0..size.checked_shr(u32::from(level)).unwrap_or(0) {
                assert_eq!(
                    tiles.read(level, index).unwrap(),
                    tree.read(level, index).unwrap()
                );
            }
            let index = size >> level;
            let error = tiles.read(level, index).unwrap_err();
            assert!(matches!(error, TilesError::Incomplete { .. }), "{error}");
        }
    }
}

#[test]
fn proofs_hold_across_three_levels_on_a_real_disk() {
    let dir = tempfile::tempdir().unwrap();
    let size = WIDTH * WIDTH + 3 * WIDTH + 5;
    let tree = tree(size);
    let open = |frontier: &Frontier| {
        Tiles::open(Disk::system(), dir.path().join("tiles"), frontier).expect("opens")
    };
    let (tiles, _) = open(&Frontier::new());
    tiles.append(&leaves(0..size)).unwrap();
    check_same(&tiles, &tree);
    // Nothing is in memory of what is opened again.
    let (tiles, wrong) = open(tree.frontier());
    assert!(wrong.is_none());
    assert_eq!(tiles.size(), size - 5);
    tiles.append(&leaves(size - 5..size)).unwrap();
    check_same(&tiles, &tree);
    for at in [1, 255, 256, 257, 65_535, 65_536, 65_537, size] {
        let root = tlog::tree::root(&tree, at).unwrap();
        assert_eq!(tiles.root(at).unwrap(), root);
        let proof = tiles.inclusion_proof(at - 1, size).unwrap();
        let leaf = leaf_hash(&(at - 1).to_be_bytes());
        verify_inclusion(&leaf, at - 1, size, &proof, &tree.root()).unwrap();
        let proof = tiles.consistency_proof(at, size).unwrap();
        tlog::verify_consistency(at, &root, size, &tree.root(), &proof).unwrap();
    }
}

#[test]
fn tiles_are_reopened_at_any_size() {
    for size in [
        0, 1, 255, 256, 300, 511, 512, 65_535, 65_536, 65_792, 66_000,
    ] {
        let (disk, tiles) = blank();
        tiles.append(&leaves(0..size)).unwrap();
        let expected = tiles.frontier();
        let (tiles, wrong) = open(&disk, &expected);
        assert!(wrong.is_none(), "{size}: {wrong:?}");
        assert_eq!(tiles.size(), size - size % WIDTH);
        tiles.append(&leaves(tiles.size()..size)).unwrap();
        assert_eq!(tiles.frontier(), expected, "{size}");
    }
}

#[test]
fn tiles_ahead_of_the_frontier_are_written_over() {
    let (disk, tiles) = blank();
    tiles.append(&leaves(0..700)).unwrap();
    // Another tree from entry 512 on.
    let shorter = tree(512);
    let (tiles, wrong) = open(&disk, shorter.frontier());
    assert!(wrong.is_none());
    let mut other = shorter.clone();
    let next = leaves(5_000..5_300);
    tiles.append(&next).unwrap();
    other.extend(next);
    check_same(&tiles, &other);
}

#[test]
fn a_wrong_or_missing_tile_is_told_when_it_is_read() {
    let size = 65_536 + 600;
    let (disk, tiles) = blank();
    tiles.append(&leaves(0..size)).unwrap();
    let (tiles, _) = open(&disk, &tiles.frontier());
    let good = disk.contents(&file(0, 3)).unwrap();
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let longer = [&good[..], &[0]].concat();
    for bad in [
        flipped(0),
        flipped(8_191),
        good[..8_160].to_vec(),
        Vec::new(),
        longer,
    ] {
        disk.set_contents(&file(0, 3), bad);
        let error = tiles.read(0, 3 * WIDTH).unwrap_err();
        let is_it = matches!(error, TilesError::Wrong { tile } if tile == tile_path((0, 3)));
        assert!(is_it && error.calls_for_rebuild(), "{error}");
    }
    disk.forget(&file(0, 3));
    let error = tiles.inclusion_proof(3 * WIDTH, size - 600).unwrap_err();
    let is_missing = matches!(error, TreeError::Read(TilesError::Missing { .. }));
    assert!(is_missing, "{error}");

    tiles.rebuild(leaves(0..size)).unwrap();
    check_same(&tiles, &tree(size));
    assert_eq!(disk.contents(&file(0, 3)).unwrap(), good);
    assert_eq!(tiles.read(0, 3 * WIDTH).unwrap(), leaves(768..769)[0]);
}

#[test]
fn a_tile_wrong_with_the_tile_above_it_is_told_on_opening() {
    let (disk, tiles) = blank();
    tiles.append(&leaves(0..1_000)).unwrap();
    let frontier = tiles.frontier();
    let mut bytes = disk.contents(&file(0, 2)).unwrap();
    bytes[7] ^= 1;
    disk.set_contents(&file(0, 2), bytes);
    let (tiles, wrong) = open(&disk, &frontier);
    let wrong = wrong.expect("told");
    let is_it = matches!(wrong, TilesError::Wrong { tile } if tile == tile_path((0, 2)));
    assert!(is_it, "{wrong}");
    // All are made anew.
    assert_eq!(tiles.size(), 0);
    tiles.append(&leaves(0..1_000)).unwrap();
    assert_eq!(tiles.frontier(), frontier);
    assert!(open(&disk, &frontier).1.is_none());

    disk.forget(&file(0, 0));
    let (_, wrong) = open(&disk, &frontier);
    assert!(matches!(wrong, Some(TilesError::Missing { .. })));
}

#[test]
fn an_append_that_fails_appends_nothing_and_can_be_repeated() {
    let (disk, tiles) = blank();
    tiles.append(&leaves(0..200)).unwrap();
    for fault in [DiskFault::Lost, DiskFault::PersistedYetFailed] {
        disk.fail_named("rename 001.new to 001", fault);
        tiles.append(&leaves(200..600)).unwrap_err();
        check_same(&tiles, &tree(200));
    }
    tiles.append(&leaves(200..600)).unwrap();
    check_same(&tiles, &tree(600));
}

#[test]
fn tiles_are_served_in_every_width_the_tree_has() {
    let (_, tiles) = blank();
    tiles.append(&leaves(0..600)).unwrap();
    let tile = |level, index, width| {
        let path = TilePath::new(TileKind::Hashes(level), index, width).unwrap();
        tiles.tile(&path).unwrap()
    };
    let bytes = |range| Some(encode_hashes(&leaves(range)));
    assert_eq!(tile(0, 1, 256), bytes(256..512));
    assert_eq!(tile(0, 1, 7), bytes(256..263));
    assert_eq!(tile(0, 2, 88), bytes(512..600));
    assert_eq!(tile(0, 2, 1), bytes(512..513));
    assert_eq!(tile(0, 2, 89), None);
    assert_eq!(tile(0, 3, 1), None);
    assert_eq!(tile(0, u64::MAX, 1), None);
    let above = [0, 1].map(|index| tiles.read(8, index).unwrap());
    assert_eq!(tile(1, 0, 2), Some(encode_hashes(&above)));
    assert_eq!(tile(1, 0, 3), None);
    assert_eq!(tile(7, 0, 1), None);
    let bundle = TilePath::new(TileKind::Entries, 0, 256).unwrap();
    assert_eq!(tiles.tile(&bundle).unwrap(), None);
}

#[test]
fn the_cache_is_bounded() {
    let (_, tiles) = blank();
    let size = WIDTH * (CACHED_TILES_MAX as u64 + 40);
    tiles.append(&leaves(0..size)).unwrap();
    for index in (0..size).step_by(256) {
        tiles.inclusion_proof(index, size).unwrap();
        assert!(tiles.cache().tiles.len() <= CACHED_TILES_MAX);
    }
}
