//! Whatever is done to a stored log is found when it is opened, with place and kind.

use tlog::{Block, BlockError};

use super::super::{Damage, DamageKind, LogPlace, LogStore, StoreError, StoreFactory};
use super::layout::segment_name;
use super::testing::*;
use super::{BLOCK_LEN_MAX, LogDirectory};
use crate::disk::simulated::SimulatedDisk;

/// The entries of [`blocks`], all of them acknowledged.
const LENGTH: u64 = 14;

/// Opens a log that must be damaged, and checks that nothing was changed by it.
async fn damage_of(disk: &SimulatedDisk, checkpoint_size: u64) -> Damage {
    let before = disk.operations();
    let damage = match reopen(disk, checkpoint_size).await {
        Err(StoreError::Corrupt(damage)) => damage,
        Err(error) => panic!("{error}"),
        Ok(opened) => panic!("opened: {:?}", opened.report),
    };
    assert_eq!(disk.operations(), before, "a damaged log was changed");
    damage
}

fn damage(first_index: u64, offset: usize, index: u64, kind: DamageKind) -> Damage {
    Damage {
        place: LogPlace::Segment {
            name: segment_name(first_index),
            offset: offset as u64,
        },
        index,
        kind,
    }
}

/// A block and where it lies: its segment's first index and the bytes it takes.
struct Lie {
    segment: u64,
    range: std::ops::Range<usize>,
    first_index: u64,
}

fn lies(blocks: &[Block]) -> Vec<Lie> {
    let (mut segment, mut end) = (0, 0);
    let mut lies = Vec::new();
    for block in blocks {
        let len = block.encoded_len();
        let small = usize::try_from(SMALL).unwrap();
        if end + len > small {
            (segment, end) = (block.first_index, 0);
        }
        lies.push(Lie {
            segment,
            range: end..end + len,
            first_index: block.first_index,
        });
        end += len;
    }
    lies
}

#[tokio::test]
async fn a_flipped_bit_anywhere_in_an_acknowledged_block_is_found_where_it_is() {
    let blocks = blocks();
    let disk = disk_with(&blocks).await;
    for lie in lies(&blocks) {
        let path = segment(lie.segment);
        for offset in lie.range.clone() {
            flip(&disk, &path, offset);
            let found = damage_of(&disk, LENGTH).await;
            let place = (found.place.clone(), found.index);
            let start = lie.range.start as u64;
            let name = segment_name(lie.segment);
            let expected = (
                LogPlace::Segment {
                    name,
                    offset: start,
                },
                lie.first_index,
            );
            assert_eq!(place, expected, "byte {offset}: {found}");
            check_kind(&found, offset - lie.range.start);
            flip(&disk, &path, offset);
        }
    }
    reopen(&disk, LENGTH).await.expect("opens when mended");
}

/// The kind of damage that a flipped bit at this offset of a block is.
fn check_kind(found: &Damage, offset: usize) {
    let is_right = match found.kind {
        DamageKind::UnknownVersion { .. } => (8..10).contains(&offset),
        DamageKind::GoodBlockAfter { .. } => true,
        DamageKind::Block(BlockError::Magic) => offset < 8,
        DamageKind::Block(BlockError::EntryCount { .. }) => (20..24).contains(&offset),
        DamageKind::Block(BlockError::Incomplete { .. } | BlockError::BodyLength { .. }) => {
            (20..28).contains(&offset)
        }
        DamageKind::Block(BlockError::Checksum { .. }) => offset >= 10,
        _ => false,
    };
    assert!(is_right, "byte {offset}: {found}");
}

#[tokio::test]
async fn a_flipped_bit_after_the_last_block_of_a_segment_is_found() {
    let blocks = blocks();
    let disk = disk_with(&blocks).await;
    let lies = lies(&blocks);
    let small = usize::try_from(SMALL).unwrap();
    for (first_index, next) in [(0, 9), (9, 12)] {
        let last = lies.iter().rfind(|lie| lie.segment == first_index).unwrap();
        let end = last.range.end;
        for offset in end..small {
            flip(&disk, &segment(first_index), offset);
            let found = damage_of(&disk, LENGTH).await;
            // Where a header would begin, it looks like a wrong one.
            let expected = if offset < end + 32 && end + 32 <= small {
                DamageKind::Block(BlockError::Magic)
            } else {
                DamageKind::GarbageAfterEnd
            };
            assert_eq!(found, damage(first_index, end, next, expected));
            flip(&disk, &segment(first_index), offset);
        }
    }
}

#[tokio::test]
async fn a_broken_last_block_is_torn_only_where_no_checkpoint_covers_it() {
    let blocks = blocks();
    let last = lies(&blocks).pop().unwrap();
    for offset in last.range.clone() {
        // Another version is never taken for a torn write.
        if (8..10).contains(&(offset - last.range.start)) {
            continue;
        }
        let disk = disk_with(&blocks).await;
        flip(&disk, &segment(12), offset);
        damage_of(&disk, LENGTH).await;

        let opened = reopen(&disk, LENGTH - 1).await.expect("opens");

        let torn = opened.report.torn.expect("a torn write");
        assert_eq!((torn.index, torn.offset), (13, last.range.start as u64));
        assert_eq!(torn.segment, segment_name(12));
        let kept = disk.contents(&torn.side_file).expect("kept");
        let mut written = blocks[7].encode().unwrap();
        written[offset - last.range.start] ^= 0x10;
        assert_eq!(kept, written);
        assert_eq!(read_all(&*opened.store).await, &blocks[..7]);
        opened.store.append(&blocks[7]).await.expect("appends");
    }
}

#[tokio::test]
async fn a_broken_block_with_a_good_one_after_it_is_no_torn_write() {
    let blocks = blocks();
    let disk = disk_with(&blocks).await;
    let lies = lies(&blocks);
    let (broken, good) = (&lies[6], &lies[7]);
    flip(&disk, &segment(12), broken.range.start + 40);
    let kind = DamageKind::GoodBlockAfter {
        found: good.first_index,
        offset: good.range.start as u64,
    };
    // Not even where no checkpoint covers it: the later block was written after this was whole.
    assert_eq!(damage_of(&disk, 0).await, damage(12, 0, 12, kind));
}

#[tokio::test]
async fn a_cut_or_grown_segment_is_found() {
    let disk = disk_with(&blocks()).await;
    for first_index in [0, 9, 12] {
        let whole = disk.contents(&segment(first_index)).unwrap();
        for found in [0, 1, 700, SMALL - 1, SMALL + 1] {
            let mut bytes = whole.clone();
            bytes.resize(usize::try_from(found).unwrap(), 0);
            disk.set_contents(&segment(first_index), bytes);
            let expected = SMALL;
            let kind = DamageKind::SegmentLength { found, expected };
            let offset = usize::try_from(found.min(expected)).unwrap();
            // Named is the first entry that is not in a whole block.
            let blocks = blocks();
            let lies = blocks.iter().zip(lies(&blocks));
            let whole = lies
                .filter(|(_, lie)| lie.segment == first_index && lie.range.end <= offset)
                .map(|(block, _)| block.entries.len() as u64);
            let index = first_index + whole.sum::<u64>();
            let expected = damage(first_index, offset, index, kind);
            assert_eq!(damage_of(&disk, LENGTH).await, expected);
        }
        disk.set_contents(&segment(first_index), whole);
    }
}

#[tokio::test]
async fn a_missing_segment_is_found() {
    for (missing, next) in [(0, 9), (9, 12)] {
        let disk = disk_with(&blocks()).await;
        disk.forget(&segment(missing));
        let kind = DamageKind::SegmentMissing { next };
        let expected = damage(missing, 0, missing, kind);
        assert_eq!(damage_of(&disk, 0).await, expected);
    }
    let disk = disk_with(&blocks()).await;
    disk.forget(&segment(12));
    let found = damage_of(&disk, 13).await;
    let checkpoint_size = 13;
    let kind = DamageKind::ShorterThanCheckpoint { checkpoint_size };
    assert_eq!((found.index, found.kind), (12, kind));
}

#[tokio::test]
async fn a_log_without_any_segment_is_found() {
    let disk = disk_with(&blocks()).await;
    for first_index in [0, 9, 12] {
        disk.forget(&segment(first_index));
    }
    assert_eq!(damage_of(&disk, 0).await.kind, DamageKind::NoSegment);
    let checkpoint_size = 1;
    let shorter = DamageKind::ShorterThanCheckpoint { checkpoint_size };
    assert_eq!(damage_of(&disk, 1).await.kind, shorter);
}

#[tokio::test]
async fn swapped_blocks_are_found() {
    let blocks = [block(0, 1, 50), block(1, 1, 50), block(2, 1, 50)];
    let disk = disk_with(&blocks).await;
    let len = blocks[0].encoded_len();
    let mut bytes = disk.contents(&segment(0)).unwrap();
    let (first, rest) = bytes.split_at_mut(len);
    first.swap_with_slice(&mut rest[..len]);
    disk.set_contents(&segment(0), bytes);
    let kind = DamageKind::Gap { found: 1 };
    assert_eq!(damage_of(&disk, 0).await, damage(0, 0, 0, kind));
}

#[tokio::test]
async fn a_repeated_block_is_found() {
    let blocks = [block(0, 1, 50), block(1, 1, 50)];
    let disk = disk_with(&blocks).await;
    let len = blocks[0].encoded_len();
    let mut bytes = disk.contents(&segment(0)).unwrap();
    bytes.copy_within(..len, len);
    disk.set_contents(&segment(0), bytes);
    let kind = DamageKind::OutOfOrder { found: 0 };
    assert_eq!(damage_of(&disk, 0).await, damage(0, len, 1, kind));
}

#[tokio::test]
async fn swapped_segments_are_found() {
    let disk = disk_with(&blocks()).await;
    let (a, b) = (disk.contents(&segment(0)), disk.contents(&segment(9)));
    disk.set_contents(&segment(0), b.unwrap());
    disk.set_contents(&segment(9), a.unwrap());
    let kind = DamageKind::Gap { found: 9 };
    assert_eq!(damage_of(&disk, 0).await, damage(0, 0, 0, kind));
}

#[tokio::test]
async fn a_block_spliced_in_from_elsewhere_is_found_by_its_index() {
    let blocks = [block(0, 2, 50), block(2, 1, 50)];
    let disk = disk_with(&blocks).await;
    let mut bytes = disk.contents(&segment(0)).unwrap();
    let start = blocks[0].encoded_len();
    let foreign = block(7, 1, 50).encode().unwrap();
    bytes[start..start + foreign.len()].copy_from_slice(&foreign);
    disk.set_contents(&segment(0), bytes);
    let kind = DamageKind::Gap { found: 7 };
    assert_eq!(damage_of(&disk, 0).await, damage(0, start, 2, kind));
}

#[tokio::test]
async fn a_segment_restored_to_an_older_state_is_found_by_the_checkpoint() {
    let blocks = blocks();
    let old = disk_with(&blocks[..7]).await;
    let disk = disk_with(&blocks).await;
    disk.set_contents(&segment(12), old.contents(&segment(12)).unwrap());
    let checkpoint_size = LENGTH;
    let kind = DamageKind::ShorterThanCheckpoint { checkpoint_size };
    let end = blocks[6].encoded_len();
    assert_eq!(damage_of(&disk, LENGTH).await, damage(12, end, 13, kind));

    // An older state of a segment in the middle leaves a hole.
    let old = disk_with(&blocks[..5]).await;
    let disk = disk_with(&blocks).await;
    disk.set_contents(&segment(9), old.contents(&segment(9)).unwrap());
    let kind = DamageKind::SegmentMissing { next: 12 };
    assert_eq!(damage_of(&disk, 0).await, damage(10, 0, 10, kind));
}

#[tokio::test]
async fn a_strange_file_a_bad_format_and_no_log_are_told_apart() {
    let disk = disk_with(&blocks()).await;
    let format = log_path().join("format");
    let good = disk.contents(&format).unwrap();
    disk.set_contents(&format, b"govledger-log/2\n".to_vec());
    let error = reopen(&disk, 0).await.unwrap_err();
    assert!(matches!(error, StoreError::Format { .. }), "{error}");

    disk.forget(&format);
    let error = reopen(&disk, 0).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
    let shorter = damage_of(&disk, 1).await;
    let (name, offset) = ("log".to_owned(), 0);
    let place = LogPlace::Segment { name, offset };
    assert_eq!((shorter.place, shorter.index), (place, 0));
    // Nor is it taken for a creation to be finished.
    let error = log_on(&disk).create(SMALL).unwrap_err();
    assert!(matches!(error, StoreError::Exists { .. }), "{error}");

    disk.set_contents(&format, good);
    disk.set_contents(&log_path().join("0.seg"), Vec::new());
    assert_eq!(damage_of(&disk, 0).await.kind, DamageKind::StrangeFile);
}

#[tokio::test]
async fn bytes_further_on_than_one_write_reaches_are_garbage() {
    let len = BLOCK_LEN_MAX * 2;
    let disk = SimulatedDisk::with_root(&root());
    let log = log_on(&disk);
    log.create(len).expect("creates");
    let reach = usize::try_from(BLOCK_LEN_MAX).unwrap();

    flip(&disk, &segment(0), reach);
    let garbage = DamageKind::GarbageAfterEnd;
    assert_eq!(damage_of(&disk, 0).await, damage(0, 0, 0, garbage));

    flip(&disk, &segment(0), reach);
    flip(&disk, &segment(0), reach - 1);
    let report = log.open(0).await.expect("opens").report;
    assert_eq!(report.torn.map(|torn| torn.len), Some(BLOCK_LEN_MAX));
}

#[tokio::test]
async fn damage_after_opening_is_found_by_reading() {
    let blocks = blocks();
    let disk = disk_with(&blocks).await;
    let opened = reopen(&disk, LENGTH).await.expect("opens");
    let lie = &lies(&blocks)[1];
    flip(&disk, &segment(0), lie.range.start + 50);
    let store: &dyn LogStore = &*opened.store;
    assert_eq!(store.read(0, 1).await.unwrap(), &blocks[..1]);
    let error = store.read(0, 2).await.unwrap_err();
    let StoreError::Corrupt(found) = error else {
        panic!("{error}");
    };
    let (name, offset) = (segment_name(lie.segment), lie.range.start as u64);
    let place = LogPlace::Segment { name, offset };
    assert_eq!((&found.place, found.index), (&place, 1));
    let is_checksum = matches!(found.kind, DamageKind::Block(BlockError::Checksum { .. }));
    assert!(is_checksum, "{found}");
}

#[tokio::test]
async fn inspecting_changes_nothing_and_needs_no_lock() {
    let blocks = blocks();
    let disk = disk_with(&blocks).await;
    flip(&disk, &segment(12), blocks[6].encoded_len() + 50);
    let before = disk.operations();
    let log = LogDirectory::new(disk.disk(), log_path());
    let (reader, report) = log.inspect(13).expect("reads");
    assert_eq!(disk.operations(), before);
    assert_eq!((reader.length(), report.length, report.blocks), (13, 13, 7));
    assert_eq!(report.torn.map(|torn| torn.index), Some(13));
    assert_eq!(reader.read(0, 99).unwrap(), &blocks[..7]);
    let opened = log.open(13).await.expect("opens");
    log.inspect(13).expect("reads beside a writer");
    opened.store.append(&blocks[7]).await.expect("appends");
    assert_eq!(reader.length(), 13, "what was inspected is what it was");
}
