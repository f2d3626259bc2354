//! Snapshots that are written, damaged, and passed over.

use std::collections::BTreeMap;

use tlog::leaf_hash;

use super::*;
use crate::disk::simulated::{DiskFault, SimulatedDisk, Survives};

type State = BTreeMap<String, Vec<u64>>;

fn state(size: u64) -> State {
    [("people".to_owned(), (0..size).collect())].into()
}

fn snapshot(size: u64) -> Snapshot<State> {
    let mut frontier = Frontier::new();
    frontier.extend((0..size).map(|index| leaf_hash(&index.to_be_bytes())));
    Snapshot {
        leaf: leaf_hash(&size.wrapping_sub(1).to_be_bytes()),
        rules_version: 1,
        frontier,
        state: state(size),
    }
}

fn root() -> PathBuf {
    PathBuf::from("/snapshots")
}

fn open(disk: &SimulatedDisk) -> Snapshots {
    Snapshots::open(disk.disk(), root()).expect("opens")
}

fn newest(snapshots: &Snapshots) -> (Option<Snapshot<State>>, Vec<Skipped>) {
    snapshots.newest(|_| true).expect("lists")
}

/// The only reason for which a snapshot was passed over.
fn reason(snapshots: &Snapshots) -> SnapshotFault {
    let (found, mut skipped) = newest(snapshots);
    assert_eq!(found, None);
    assert_eq!(skipped.len(), 1);
    skipped.remove(0).reason
}

#[test]
fn the_newest_comes_back_and_two_are_kept_on_a_real_disk() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("snapshots");
    let snapshots = Snapshots::open(Disk::system(), &path).unwrap();
    assert_eq!(newest(&snapshots).0, None);
    for size in [3, 700, 701, 100_000] {
        snapshots.write(&snapshot(size)).unwrap();
        // The same again does no harm.
        snapshots.write(&snapshot(size)).unwrap();
    }
    assert_eq!(snapshots.sizes().unwrap(), [701, 100_000]);
    let reopened = Snapshots::open(Disk::system(), &path).unwrap();
    let (found, skipped) = newest(&reopened);
    assert_eq!(found, Some(snapshot(100_000)));
    assert!(skipped.is_empty());
}

#[test]
fn a_snapshot_of_another_log_is_passed_over() {
    let disk = SimulatedDisk::with_root(&root());
    let snapshots = open(&disk);
    snapshots.write(&snapshot(3)).unwrap();
    snapshots.write(&snapshot(5)).unwrap();
    let third = leaf_hash(&2_u64.to_be_bytes());
    let (found, skipped) = snapshots
        .newest::<State>(|head| (head.size(), head.rules_version, head.leaf) == (3, 1, third))
        .unwrap();
    assert_eq!(found, Some(snapshot(3)));
    assert_eq!(skipped.len(), 1);
    assert!(matches!(skipped[0].reason, SnapshotFault::NotThisLog));
}

#[test]
fn a_flipped_bit_anywhere_is_found_and_the_one_before_is_used() {
    let disk = SimulatedDisk::with_root(&root());
    let snapshots = open(&disk);
    snapshots.write(&snapshot(3)).unwrap();
    snapshots.write(&snapshot(5)).unwrap();
    let path = snapshots.file(5);
    let good = disk.contents(&path).unwrap();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        disk.set_contents(&path, bytes);
        let (found, skipped) = newest(&snapshots);
        assert_eq!(found, Some(snapshot(3)), "byte {at}");
        let reason = &skipped[0].reason;
        let expected = match at {
            0..8 => matches!(reason, SnapshotFault::Malformed),
            _ => matches!(reason, SnapshotFault::Digest),
        };
        assert!(expected, "byte {at}: {reason}");
    }
}

#[test]
fn cut_renamed_and_strange_snapshots_are_passed_over() {
    let disk = SimulatedDisk::with_root(&root());
    let snapshots = open(&disk);
    snapshots.write(&snapshot(5)).unwrap();
    let good = disk.contents(&snapshots.file(5)).unwrap();
    for len in 0..good.len() {
        disk.set_contents(&snapshots.file(5), good[..len].to_vec());
        let reason = reason(&snapshots);
        let is_told = matches!(reason, SnapshotFault::Malformed | SnapshotFault::Digest);
        assert!(is_told, "{reason}");
    }
    disk.forget(&snapshots.file(5));
    disk.set_contents(&snapshots.file(6), good.clone());
    assert!(matches!(
        reason(&snapshots),
        SnapshotFault::Name { found: 5 }
    ));

    let sealed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good[..good.len() - 32].to_vec();
        change(&mut bytes);
        let digest = sha256(&bytes);
        bytes.extend_from_slice(&digest.0);
        disk.forget(&snapshots.file(6));
        disk.set_contents(&snapshots.file(5), bytes);
        reason(&snapshots)
    };
    let later = SNAPSHOT_VERSION + 1;
    let version = sealed(&|bytes| bytes[8..10].copy_from_slice(&later.to_le_bytes()));
    assert!(matches!(version, SnapshotFault::Version { found } if found == later));
    // A hash too many for the size.
    let frontier = sealed(&|bytes| bytes[14] = 4);
    assert!(matches!(frontier, SnapshotFault::Malformed));
    let longer = sealed(&|bytes| bytes.push(0));
    assert!(matches!(longer, SnapshotFault::Malformed));
    let head = 8 + 2 + 4 + 8 + 32 + 1 + 2 * 32;
    let no_state = sealed(&|bytes| bytes[head + 8] = 0);
    assert!(matches!(no_state, SnapshotFault::State(_)));
}

#[test]
fn an_empty_ledger_has_no_snapshot() {
    let disk = SimulatedDisk::with_root(&root());
    let error = open(&disk).write(&snapshot(0)).unwrap_err();
    assert!(matches!(error, SnapshotError::Bounds { size: 0, .. }));
}

#[test]
fn the_power_goes_at_every_operation_and_an_older_one_is_still_there() {
    let rehearsal = SimulatedDisk::with_root(&root());
    let snapshots = open(&rehearsal);
    for size in [3, 5] {
        snapshots.write(&snapshot(size)).unwrap();
    }
    let before = rehearsal.operations().len();
    snapshots.write(&snapshot(9)).unwrap();
    let faults = [
        DiskFault::Lost,
        DiskFault::Short,
        DiskFault::PersistedYetFailed,
        DiskFault::PowerLost,
    ];
    for operation in before..rehearsal.operations().len() {
        for (fault, seed) in faults.into_iter().flat_map(|f| [(f, 1), (f, 2), (f, 3)]) {
            let disk = SimulatedDisk::with_root(&root());
            let snapshots = open(&disk);
            for size in [3, 5] {
                snapshots.write(&snapshot(size)).unwrap();
            }
            disk.fail(operation, fault);
            snapshots.write(&snapshot(9)).unwrap_err();
            disk.power_cycle(Survives::Some(seed));
            let snapshots = open(&disk);
            let found = newest(&snapshots).0.expect("one is whole");
            assert!(found == snapshot(5) || found == snapshot(9));
            snapshots.write(&snapshot(11)).unwrap();
            assert_eq!(newest(&snapshots).0, Some(snapshot(11)));
        }
    }
}
