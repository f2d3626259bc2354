//! The journal on disks that fail, and journals that were tampered with.

use super::super::testing::checkpoint;
use super::*;
use crate::disk::simulated::{DiskFault, SimulatedDisk, Survives};

fn root() -> PathBuf {
    PathBuf::from("/ledger")
}

fn path() -> PathBuf {
    root().join("checkpoints.journal")
}

fn created() -> SimulatedDisk {
    let disk = SimulatedDisk::with_root(&root());
    CheckpointJournal::create(&disk.disk(), &path()).expect("creates");
    disk
}

fn open_on(disk: &SimulatedDisk) -> CheckpointJournal {
    CheckpointJournal::open(disk.disk(), path()).expect("opens")
}

fn damage_of(disk: &SimulatedDisk) -> (u64, JournalDamage) {
    match CheckpointJournal::open(disk.disk(), path()) {
        Err(CheckpointStoreError::Corrupt { offset, kind }) => (offset, kind),
        other => panic!("{other:?}"),
    }
}

/// Where the records of a journal begin, and where the last ends.
fn bounds(disk: &SimulatedDisk) -> Vec<usize> {
    let bytes = disk.contents(&path()).unwrap();
    let records = parse(&bytes).unwrap();
    let mut bounds: Vec<_> = records.iter().map(|record| record.start).collect();
    bounds.extend(records.last().map(|record| record.end));
    bounds
}

fn change(disk: &SimulatedDisk, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = disk.contents(&path()).unwrap();
    change(&mut bytes);
    disk.set_contents(&path(), bytes);
}

async fn with_three() -> SimulatedDisk {
    let disk = created();
    let journal = open_on(&disk);
    for size in 1..=3 {
        journal.persist(&checkpoint(size, 1)).await.unwrap();
    }
    disk
}

#[tokio::test]
async fn the_largest_is_there_after_reopening_on_a_real_disk() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("checkpoints.journal");
    let disk = Disk::system();
    let open = || CheckpointJournal::open(disk.clone(), &path);
    let error = open().unwrap_err();
    assert!(matches!(error, CheckpointStoreError::Missing { .. }));
    CheckpointJournal::create(&disk, &path).unwrap();
    let error = CheckpointJournal::create(&disk, &path).unwrap_err();
    assert!(matches!(error, CheckpointStoreError::Exists { .. }));
    assert_eq!(open().unwrap().latest(), None);
    for size in [1, 1, 7] {
        let journal = open().unwrap();
        journal.persist(&checkpoint(size, 1)).await.unwrap();
        assert_eq!(journal.latest(), Some(checkpoint(size, 1)));
    }
    assert_eq!(open().unwrap().latest(), Some(checkpoint(7, 1)));
    let kept = CheckpointJournal::inspect(&disk, &path).unwrap();
    let texts: Vec<_> = kept.iter().map(|note| note.text().to_owned()).collect();
    let expected = [1, 1, 7].map(|size| checkpoint(size, 1).checkpoint().text());
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn sizes_never_go_back_and_have_one_root() {
    let disk = created();
    let journal = open_on(&disk);
    journal.persist(&checkpoint(5, 1)).await.unwrap();
    let error = journal.persist(&checkpoint(4, 1)).await.unwrap_err();
    let (latest, found) = (5, 4);
    let is_backwards = matches!(error, CheckpointStoreError::Backwards { latest: l, found: f } if (l, f) == (latest, found));
    assert!(is_backwards, "{error}");
    let error = journal.persist(&checkpoint(5, 2)).await.unwrap_err();
    assert!(matches!(error, CheckpointStoreError::Fork { size: 5 }));
    journal.persist(&checkpoint(6, 2)).await.expect("goes on");
}

#[tokio::test]
async fn a_full_journal_is_written_anew_and_keeps_the_last() {
    let disk = created();
    let journal = open_on(&disk);
    let len = encode(&checkpoint(1_000, 1)).unwrap().len();
    let fits = (JOURNAL_LEN - HEADER.len()) / len;
    let sizes = 1_000..1_000 + fits as u64 + 2;
    for size in sizes.clone() {
        journal.persist(&checkpoint(size, 1)).await.unwrap();
        assert_eq!(disk.contents(&path()).unwrap().len(), JOURNAL_LEN);
    }
    let operations = disk.operations();
    let is_rename = |operation: &&String| operation.starts_with("rename");
    let renames = operations.iter().filter(is_rename).count();
    // Once when created, once when opened, once when full.
    assert_eq!(renames, 3);
    let kept = CheckpointJournal::inspect(&disk.disk(), &path()).unwrap();
    assert_eq!(kept.len(), KEPT_LEN / len + 2);
    let last = sizes.end - 1;
    disk.power_cycle(Survives::Nothing);
    assert_eq!(open_on(&disk).latest(), Some(checkpoint(last, 1)));
}

#[tokio::test]
async fn each_write_fails_both_ways_and_reopening_tells_the_truth() {
    let cases = [
        ("write", DiskFault::Lost, false, "nothing was written"),
        ("write", DiskFault::Short, false, "half a record is none"),
        ("write", DiskFault::PersistedYetFailed, true, "it is there"),
        (
            "sync file",
            DiskFault::Lost,
            true,
            "it can be read, so it is written anew",
        ),
        (
            "sync file",
            DiskFault::PersistedYetFailed,
            true,
            "it is there",
        ),
    ];
    for (operation, fault, found, why) in cases {
        let disk = created();
        let journal = open_on(&disk);
        journal.persist(&checkpoint(1, 1)).await.unwrap();
        let next = checkpoint(2, 1);
        let record = encode(&next).unwrap().len();
        let operation = match operation {
            "write" => format!("write {record} bytes at {}", HEADER.len() + record),
            other => other.to_owned(),
        };
        disk.fail_named(&operation, fault);

        journal.persist(&next).await.expect_err(why);

        assert_eq!(journal.latest(), Some(checkpoint(1, 1)), "{why}");
        let error = journal.persist(&next).await.unwrap_err();
        assert!(matches!(error, CheckpointStoreError::Ended), "{why}");
        let expected = checkpoint(if found { 2 } else { 1 }, 1);
        let latest = journal.reopen().await.expect(why);
        assert_eq!(latest, Some(Arc::clone(&expected)), "{why}");
        disk.power_cycle(Survives::Nothing);
        assert_eq!(open_on(&disk).latest(), Some(expected), "{why}");
    }
}

/// A process that creates a journal if there is none and persists up to `last`; what it was told
/// is durable.
async fn run_process(disk: &SimulatedDisk, last: u64) -> u64 {
    let opened = match CheckpointJournal::open(disk.disk(), path()) {
        Err(CheckpointStoreError::Missing { .. }) => {
            match CheckpointJournal::create(&disk.disk(), &path()) {
                Ok(()) => CheckpointJournal::open(disk.disk(), path()),
                Err(error) => Err(error),
            }
        }
        opened => opened,
    };
    let Ok(journal) = opened else { return 0 };
    let size = |journal: &CheckpointJournal| journal.latest().map_or(0, |l| l.checkpoint().size);
    for next in size(&journal) + 1..=last {
        if journal.persist(&checkpoint(next, 1)).await.is_err() {
            break;
        }
    }
    size(&journal)
}

#[tokio::test]
async fn the_power_goes_at_every_operation_and_none_acknowledged_is_forgotten() {
    let rehearsal = SimulatedDisk::with_root(&root());
    assert_eq!(run_process(&rehearsal, 4).await, 4);
    for operation in 0..rehearsal.operations().len() {
        let some = (0..4).map(Survives::Some);
        for survives in [Survives::Nothing, Survives::Everything]
            .into_iter()
            .chain(some)
        {
            let disk = SimulatedDisk::with_root(&root());
            disk.fail(operation, DiskFault::PowerLost);
            let acknowledged = run_process(&disk, 4).await;
            disk.power_cycle(survives);
            let found = run_process(&disk, 0).await;
            assert!((acknowledged..=acknowledged + 1).contains(&found));
            disk.power_cycle(Survives::Nothing);
            assert!(run_process(&disk, 0).await >= found);
            assert_eq!(run_process(&disk, 6).await, 6);
        }
    }
}

#[tokio::test]
async fn a_flipped_bit_before_the_last_record_is_damage_with_its_place() {
    let disk = with_three().await;
    let bounds = bounds(&disk);
    for offset in 0..bounds[2] {
        change(&disk, |bytes| bytes[offset] ^= 0x10);
        let expected = if offset < HEADER.len() {
            (0, JournalDamage::Header)
        } else {
            let start = bounds.iter().rfind(|start| **start <= offset).unwrap();
            (*start as u64, JournalDamage::Record)
        };
        assert_eq!(damage_of(&disk), expected, "byte {offset}");
        change(&disk, |bytes| bytes[offset] ^= 0x10);
    }
}

#[tokio::test]
async fn a_broken_last_record_is_dropped() {
    let whole = with_three().await.contents(&path()).unwrap();
    let bounds = bounds(&with_three().await);
    for offset in bounds[2]..bounds[3] {
        let disk = created();
        disk.set_contents(&path(), whole.clone());
        change(&disk, |bytes| bytes[offset] ^= 0x10);
        let journal = open_on(&disk);
        assert_eq!(journal.latest(), Some(checkpoint(2, 1)), "byte {offset}");
        journal.persist(&checkpoint(3, 1)).await.unwrap();
        assert_eq!(open_on(&disk).latest(), Some(checkpoint(3, 1)));
    }
}

#[tokio::test]
async fn cut_reordered_strange_and_forged_journals_are_told() {
    let disk = with_three().await;
    let bounds = bounds(&disk);
    let whole = disk.contents(&path()).unwrap();
    let record = |at: usize| whole[bounds[at]..bounds[at + 1]].to_vec();
    let journal_of = |records: &[Vec<u8>]| {
        let mut bytes = [&HEADER[..], &records.concat()].concat();
        bytes.resize(JOURNAL_LEN, 0);
        bytes
    };
    let first = HEADER.len() as u64;
    let second = first + record(0).len() as u64;

    disk.set_contents(&path(), whole[..JOURNAL_LEN - 1].to_vec());
    assert_eq!(damage_of(&disk), (0, JournalDamage::Length));
    disk.set_contents(&path(), [&whole[..], &[0]].concat());
    assert_eq!(damage_of(&disk), (0, JournalDamage::Length));
    disk.set_contents(&path(), journal_of(&[record(1), record(0)]));
    assert_eq!(damage_of(&disk), (second, JournalDamage::Order));
    let fork = encode(&checkpoint(1, 9)).unwrap();
    disk.set_contents(&path(), journal_of(&[record(0), fork]));
    assert_eq!(damage_of(&disk), (second, JournalDamage::Order));
    let length = 3_u32.to_le_bytes();
    let crc = checksum(length, b"abc").to_le_bytes();
    let strange = [&RECORD_MAGIC[..], &length, &crc, b"abc"].concat();
    disk.set_contents(&path(), journal_of(&[strange]));
    assert_eq!(damage_of(&disk), (first, JournalDamage::Content));
    disk.set_contents(&path(), whole.clone());
    change(&disk, |bytes| bytes[bounds[3] + RECORD_LEN_MAX] = 1);
    assert_eq!(damage_of(&disk), (bounds[3] as u64, JournalDamage::Record));
}
