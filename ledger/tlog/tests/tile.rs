//! Tiles: paths, which of them a growing tree changes, and proofs read from them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tlog::tile::{
    TileError, TilePathError, TileReadError, TileReader, changed_tiles, changed_tiles_of,
    decode_bundle, decode_hashes, encode_bundle, encode_hashes,
};
use tlog::tree::{MemoryTree, TreeError, consistency_proof, inclusion_proof, root};
use tlog::{Frontier, Hash, HashReader, TileKind, TilePath, leaf_hash};

fn tile(level: u8, index: u64, width: u16) -> TilePath {
    TilePath::new(TileKind::Hashes(level), index, width).unwrap()
}

fn bundle(index: u64, width: u16) -> TilePath {
    TilePath::new(TileKind::Entries, index, width).unwrap()
}

#[test]
fn paths_are_those_of_the_specification() {
    for (path, text) in [
        (tile(0, 1_234_067, 256), "tile/0/x001/x234/067"),
        (tile(0, 0, 256), "tile/0/000"),
        (tile(1, 999, 17), "tile/1/999.p/17"),
        (tile(7, 1_000, 255), "tile/7/x001/000.p/255"),
        (bundle(273, 112), "tile/entries/273.p/112"),
        (bundle(70_000, 1), "tile/entries/x070/000.p/1"),
        (
            tile(0, u64::MAX, 256),
            "tile/0/x018/x446/x744/x073/x709/x551/615",
        ),
    ] {
        assert_eq!(path.to_string(), text);
        assert_eq!(text.parse(), Ok(path));
    }
}

#[test]
fn other_spellings_are_no_path() {
    for bad in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/0/x000/001",
        "tile/0/x001/x002",
        "tile/0/X001/002",
        "tile/00/001",
        "tile/8/001",
        "tile/-1/001",
        "tile/256/001",
        "tile/Entries/001",
        "tile/data/001",
        "tile/0/001.p",
        "tile/0/001.p/",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/+5",
        "tile/0/001/",
        "tile/0//001",
        "tile/0/..",
        "/tile/0/001",
        "tile/0/00١",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
    ] {
        assert_eq!(bad.parse::<TilePath>(), Err(TilePathError), "{bad}");
    }
    assert!(TilePath::new(TileKind::Hashes(8), 0, 1).is_err());
    assert!(TilePath::new(TileKind::Entries, 0, 0).is_err());
    assert!(TilePath::new(TileKind::Entries, 0, 257).is_err());
}

/// The number of full tiles of this tile level in a tree, and the width of the partial one.
fn level_of(size: u64, level: u8) -> (usize, Option<u16>) {
    let tiles: Vec<_> = changed_tiles_of(TileKind::Hashes(level), 0, size).collect();
    let partial = tiles.iter().filter(|tile| tile.is_partial());
    let widths: Vec<_> = partial.map(TilePath::width).collect();
    assert!(widths.len() <= 1);
    (tiles.len() - widths.len(), widths.first().copied())
}

#[test]
fn trees_have_the_tiles_the_specification_counts() {
    assert_eq!(level_of(70_000, 0), (273, Some(112)));
    assert_eq!(level_of(70_000, 1), (1, Some(17)));
    assert_eq!(level_of(70_000, 2), (0, Some(1)));
    assert_eq!(level_of(70_000, 3), (0, None));
    assert_eq!(
        (level_of(256, 0), level_of(256, 1)),
        ((1, None), (0, Some(1)))
    );
    assert_eq!(level_of(255, 1), (0, None));
}

#[test]
fn growth_changes_the_partial_tiles_and_what_comes_after() {
    let changed: Vec<_> = changed_tiles(250, 258).collect();
    let expected = [
        tile(0, 0, 256),
        tile(0, 1, 2),
        tile(1, 0, 1),
        bundle(0, 256),
        bundle(1, 2),
    ];
    assert_eq!(changed, expected);
    // A full tile does not change, and neither does a level without a new hash.
    let changed: Vec<_> = changed_tiles(256, 257).collect();
    assert_eq!(changed, [tile(0, 1, 1), bundle(1, 1)]);
    assert_eq!(changed_tiles(257, 257).count(), 0);
    assert_eq!(changed_tiles(258, 257).count(), 0);
    assert_eq!(changed_tiles(0, 0).count(), 0);
    // The largest tree there is has no more tiles at the top than its height allows.
    let top = changed_tiles_of(TileKind::Hashes(7), u64::MAX - 1, u64::MAX).count();
    assert_eq!(top, 0);
}

#[test]
fn a_position_is_in_the_tile_as_wide_as_the_tree_makes_it() {
    let kind = TileKind::Hashes(0);
    assert_eq!(TilePath::containing(kind, 255, 300), Some(tile(0, 0, 256)));
    assert_eq!(TilePath::containing(kind, 256, 300), Some(tile(0, 1, 44)));
    assert_eq!(TilePath::containing(kind, 300, 300), None);
    assert_eq!(TilePath::containing(TileKind::Hashes(1), 1, 300), None);
    assert_eq!(TilePath::containing(TileKind::Hashes(9), 0, u64::MAX), None);
    let partial = bundle(1, 44);
    assert_eq!(
        TilePath::containing(TileKind::Entries, 299, 300),
        Some(partial)
    );
    assert_eq!(
        (partial.full(), partial.first_position()),
        (bundle(1, 256), 256)
    );
}

#[test]
fn tiles_and_bundles_of_another_length_are_refused() {
    let hashes = [leaf_hash(b"a"), leaf_hash(b"b")];
    let bytes = encode_hashes(&hashes);
    assert_eq!(decode_hashes(&bytes, 2).unwrap(), hashes);
    for width in [1, 3] {
        let refused = TileError::HashesLength { width, found: 64 };
        assert_eq!(decode_hashes(&bytes, width), Err(refused));
    }
    let longest = vec![7; 65_535];
    let entries: [&[u8]; 3] = [b"one", b"", &longest];
    let bytes = encode_bundle(&entries).unwrap();
    assert_eq!(decode_bundle(&bytes, 3).unwrap(), entries);
    for width in [0, 2, 4] {
        let refused = TileError::Bundle { width };
        assert_eq!(decode_bundle(&bytes, width), Err(refused));
    }
    for cut in [1, 4, bytes.len() - 1] {
        assert!(decode_bundle(&bytes[..cut], 3).is_err(), "{cut}");
    }
    assert_eq!(encode_bundle(&[vec![0; 65_536]]), Err(TileError::TooMuch));
    assert!(encode_bundle(&[[0; 1]; 256]).is_ok());
    assert_eq!(encode_bundle(&[[0; 1]; 257]), Err(TileError::TooMuch));
}

/// A tree's tiles as a writer keeps them, written from the subtrees each leaf completes.
#[derive(Default)]
struct Tiles {
    frontier: Frontier,
    levels: BTreeMap<u8, Vec<Hash>>,
}

impl Tiles {
    fn append(&mut self, leaf: Hash) {
        let levels = &mut self.levels;
        self.frontier.append_visiting(leaf, |level, _, hash| {
            if level % 8 == 0 {
                levels.entry(level / 8).or_default().push(hash);
            }
        });
    }

    fn fetch(&self, path: &TilePath) -> Result<Vec<u8>, String> {
        let TileKind::Hashes(level) = path.kind() else {
            return Err(format!("{path} is not a hash tile"));
        };
        let start = usize::try_from(path.first_position()).unwrap();
        let hashes = self.levels.get(&level).ok_or(format!("no level {level}"))?;
        let end = start + usize::from(path.width());
        let hashes = hashes.get(start..end).ok_or(format!("no {path}"))?;
        Ok(encode_hashes(hashes))
    }
}

fn grown(size: u64) -> (Tiles, MemoryTree) {
    let (mut tiles, mut tree) = (Tiles::default(), MemoryTree::new());
    for index in 0..size {
        let leaf = leaf_hash(&index.to_be_bytes());
        tiles.append(leaf);
        tree.append(leaf);
    }
    (tiles, tree)
}

#[test]
fn what_is_not_complete_cannot_be_read() {
    let (tiles, _) = grown(300);
    let reader = TileReader::new(300, |path: &TilePath| tiles.fetch(path));
    assert!(reader.read(0, 299).is_ok() && reader.read(8, 0).is_ok());
    for (level, index) in [(0, 300), (2, 75), (8, 1), (9, 0), (70, 0), (255, u64::MAX)] {
        let refused = reader.read(level, index);
        assert_eq!(refused, Err(TileReadError::Incomplete { level, index }));
    }
}

#[test]
fn a_tile_that_is_missing_or_short_is_named() {
    let missing = TileReader::new(300, |_: &TilePath| Err("missing"));
    let refused = inclusion_proof(&missing, 0, 300);
    assert_eq!(
        refused,
        Err(TreeError::Read(TileReadError::Fetch("missing")))
    );
    let short = TileReader::new(300, |_: &TilePath| Ok::<_, &str>(vec![0; 31]));
    let refused = short.read(0, 299);
    let source = TileError::HashesLength {
        width: 44,
        found: 31,
    };
    let path = tile(0, 1, 44);
    assert_eq!(refused, Err(TileReadError::Tile { path, source }));
}

#[test]
fn an_inclusion_proof_takes_a_tile_or_two_a_level() {
    let (tiles, _) = grown(70_000);
    let fetched = RefCell::new(std::collections::BTreeSet::new());
    let reader = TileReader::new(70_000, |path: &TilePath| {
        fetched.borrow_mut().insert(*path);
        tiles.fetch(path)
    });
    inclusion_proof(&reader, 12_345, 70_000).unwrap();
    let fetched: Vec<_> = fetched.into_inner().into_iter().collect();
    let expected = [
        tile(0, 12_345 / 256, 256),
        tile(0, 273, 112),
        tile(1, 0, 256),
        tile(1, 1, 17),
    ];
    assert_eq!(fetched, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn proofs_from_tiles_are_those_from_the_tree(
        size in 1_u64..2_000, index in any::<prop::sample::Index>()
    ) {
        let (tiles, tree) = grown(size);
        let reader = TileReader::new(size, |path: &TilePath| tiles.fetch(path));
        let index = index.index(usize::try_from(size).unwrap()) as u64;
        prop_assert_eq!(root(&reader, size).unwrap(), tree.root());
        let proof = inclusion_proof(&tree, index, size).unwrap();
        prop_assert_eq!(inclusion_proof(&reader, index, size).unwrap(), proof);
        let proof = consistency_proof(&tree, index, size).unwrap();
        prop_assert_eq!(consistency_proof(&reader, index, size).unwrap(), proof);
        prop_assert_eq!(&Frontier::from_reader(&reader, size).unwrap(), tree.frontier());
    }

    #[test]
    fn any_path_is_read_back(level in 0_u8..8, index in any::<u64>(), width in 1_u16..=256) {
        let path = tile(level, index, width);
        prop_assert_eq!(path.to_string().parse(), Ok(path));
        let path = bundle(index, width);
        prop_assert_eq!(path.to_string().parse(), Ok(path));
    }

    #[test]
    fn arbitrary_text_never_panics(text in "(tile/)?[0-9a-z/.]{0,30}", bytes in any::<[u8; 40]>()) {
        if let Ok(path) = text.parse::<TilePath>() {
            prop_assert_eq!(path.to_string(), text);
        }
        for width in 0..4 {
            if let Ok(entries) = decode_bundle(&bytes, width) {
                prop_assert_eq!(encode_bundle(&entries).unwrap(), bytes);
            }
        }
    }
}
