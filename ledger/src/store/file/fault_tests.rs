//! Every write of the file store fails both ways, and the power goes at every one of them.

use tlog::Block;

use super::super::{AppendError, OpenReport, Opened, StoreError, StoreFactory};
use super::testing::*;
use crate::disk::simulated::{DiskFault, SimulatedDisk, Survives};

/// What an append tells its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Done,
    Failed,
    Unknown,
}

fn told(result: &Result<(), AppendError>) -> Told {
    match result {
        Ok(()) => Told::Done,
        Err(AppendError::Failed(_)) => Told::Failed,
        Err(AppendError::Unknown(_)) => Told::Unknown,
        Err(AppendError::Conflict { length }) => panic!("conflict at {length}"),
    }
}

/// One way in which one write fails.
struct Case {
    /// The operation, counted from the append that begins a segment.
    operation: &'static str,
    fault: DiskFault,
    told: Told,
    /// Whether the block is there when the log is opened anew.
    found: bool,
    why: &'static str,
}

const fn case(
    operation: &'static str,
    fault: DiskFault,
    told: Told,
    found: bool,
    why: &'static str,
) -> Case {
    Case {
        operation,
        fault,
        told,
        found,
        why,
    }
}

/// Every operation on the disk that an append consists of, each failed in every way.
const CASES: [Case; 11] = [
    case(
        "rename next.new to 00000000000000000009.seg",
        DiskFault::Lost,
        Told::Failed,
        false,
        "a segment that did not get its name leaves the log as it was",
    ),
    case(
        "rename next.new to 00000000000000000009.seg",
        DiskFault::PersistedYetFailed,
        Told::Failed,
        false,
        "a segment that got its name after all is an empty last segment",
    ),
    case(
        "sync directory log",
        DiskFault::Lost,
        Told::Failed,
        false,
        "a name that may not survive is not written under",
    ),
    case(
        "sync directory log",
        DiskFault::PersistedYetFailed,
        Told::Failed,
        false,
        "a name that survives without our knowing is an empty last segment",
    ),
    case(
        "write 736 bytes at 0",
        DiskFault::Lost,
        Told::Unknown,
        false,
        "a block of which nothing was written is not there",
    ),
    case(
        "write 736 bytes at 0",
        DiskFault::Short,
        Told::Unknown,
        false,
        "a block written by half is torn: set aside, and its place free again",
    ),
    case(
        "write 736 bytes at 0",
        DiskFault::PersistedYetFailed,
        Told::Unknown,
        true,
        "a block that was written whole counts, whatever was said",
    ),
    case(
        "sync file",
        DiskFault::Lost,
        Told::Unknown,
        true,
        "a block that can be read but was never synced is written again, and then counts",
    ),
    case(
        "sync file",
        DiskFault::PersistedYetFailed,
        Told::Unknown,
        true,
        "a block that was synced counts, whatever was said",
    ),
    case(
        "create next.new",
        DiskFault::Lost,
        Told::Done,
        true,
        "the segment after is made once the block is durable, so its failure waits for its need",
    ),
    case(
        "create next.new",
        DiskFault::PersistedYetFailed,
        Told::Done,
        true,
        "what is left of a segment in the making is removed on opening",
    ),
];

#[tokio::test]
async fn each_write_of_an_append_fails_both_ways() {
    let blocks = blocks();
    let (before, block) = (&blocks[..4], &blocks[4]);
    for case in CASES {
        let disk = disk_with(before).await;
        let log = log_on(&disk);
        let opened = log.open(9).await.expect("opens");
        opened.store.make_ready().await;
        disk.fail_named(case.operation, case.fault);

        let result = opened.store.append(block).await;
        opened.store.make_ready().await;

        assert_eq!(told(&result), case.told, "{}", case.why);
        if case.told != Told::Done {
            let ended = opened.store.append(block).await.unwrap_err();
            let is_ended = matches!(ended, AppendError::Failed(StoreError::Ended));
            assert!(is_ended, "{}", case.why);
            assert_eq!(opened.store.length().await.unwrap(), 9, "{}", case.why);
        }
        let reopened = log.open(9).await.expect(case.why);
        // What is found is on the disk, not only in the system's memory.
        reopened.store.close().await;
        disk.power_cycle(Survives::Nothing);
        let found = read_all(&*reopen(&disk, 9).await.expect(case.why).store).await;
        let expected = &blocks[..4 + usize::from(case.found)];
        assert_eq!(found, expected, "{}", case.why);
    }
}

/// A process that creates a log, opens it and appends `blocks` until something fails. Returns how
/// many entries were acknowledged.
async fn run_process(disk: &SimulatedDisk, blocks: &[Block]) -> u64 {
    let log = log_on(disk);
    let mut acknowledged = 0;
    let created = log.create(SMALL).is_ok();
    let Some(opened) = (if created {
        log.open(0).await.ok()
    } else {
        None
    }) else {
        return acknowledged;
    };
    for block in blocks {
        if opened.store.append(block).await.is_err() {
            break;
        }
        acknowledged = block.indices().end;
        opened.store.make_ready().await;
    }
    opened.store.close().await;
    acknowledged
}

/// How many operations on the disk a process without faults does.
async fn operations_of_a_run(blocks: &[Block]) -> usize {
    let disk = SimulatedDisk::with_root(&root());
    let all = blocks.last().map_or(0, |block| block.indices().end);
    assert_eq!(run_process(&disk, blocks).await, all);
    disk.operations().len()
}

/// Starts again after a failure, as an operator would: creating what was not created.
async fn start_again(disk: &SimulatedDisk, checkpoint_size: u64) -> Opened {
    match reopen(disk, checkpoint_size).await {
        Err(StoreError::Missing { .. }) => {
            assert_eq!(checkpoint_size, 0, "an acknowledged log is missing");
            log_on(disk).create(SMALL).expect("creates");
            reopen(disk, 0).await.expect("opens")
        }
        opened => opened.expect("opens"),
    }
}

/// Everything acknowledged is there, in order, once; at most the block in flight besides.
fn check_kept(found: &[Block], blocks: &[Block], acknowledged: u64) -> usize {
    let count = found.len();
    assert_eq!(found, &blocks[..count]);
    let sure = blocks.partition_point(|b| b.indices().end <= acknowledged);
    assert!((sure..=sure + 1).contains(&count), "{count} of {sure}");
    count
}

/// What was found stays found, with as many blocks as `more` appended at once; the rest can be
/// appended; and no later loss of power takes any back.
async fn check_goes_on(
    disk: &SimulatedDisk,
    blocks: &[Block],
    acknowledged: u64,
    more: usize,
) -> OpenReport {
    let opened = start_again(disk, acknowledged).await;
    let found = check_kept(&read_all(&*opened.store).await, blocks, acknowledged);
    let count = (found + more).min(blocks.len());
    append_all(&*opened.store, &blocks[found..count])
        .await
        .expect("appends");
    opened.store.close().await;
    disk.power_cycle(Survives::Nothing);

    let again = start_again(disk, acknowledged).await;
    assert_eq!(read_all(&*again.store).await, &blocks[..count]);
    assert_eq!(again.report.torn, None, "what was set aside came back");
    append_all(&*again.store, &blocks[count..])
        .await
        .expect("appends the rest");
    again.store.close().await;
    disk.power_cycle(Survives::Nothing);

    let length = blocks.last().map_or(0, |block| block.indices().end);
    let last = reopen(disk, length).await.expect("opens");
    assert_eq!(read_all(&*last.store).await, blocks);
    opened.report
}

/// What may survive of what was not synced: nothing, everything, and some of it by each seed.
fn survivals(seeds: impl IntoIterator<Item = u64>) -> impl Iterator<Item = Survives> {
    let extremes = [Survives::Nothing, Survives::Everything];
    extremes
        .into_iter()
        .chain(seeds.into_iter().map(Survives::Some))
}

#[tokio::test]
async fn the_power_goes_at_every_operation() {
    let blocks = blocks();
    let all = operations_of_a_run(&blocks).await;
    let mut torn = 0;
    for operation in 0..all {
        for (survives, more) in survivals(1..=6).flat_map(|s| [(s, 0), (s, 1)]) {
            let disk = SimulatedDisk::with_root(&root());
            disk.fail(operation, DiskFault::PowerLost);
            let acknowledged = run_process(&disk, &blocks).await;
            disk.power_cycle(survives);
            let report = check_goes_on(&disk, &blocks, acknowledged, more).await;
            torn += usize::from(report.torn.is_some());
        }
    }
    assert!(torn > 0, "no write was ever torn: the pages are too large");
}

#[tokio::test]
async fn the_process_is_killed_at_every_operation_and_the_power_goes_after_the_next_opening() {
    let blocks = blocks();
    for operation in 0..operations_of_a_run(&blocks).await {
        let disk = SimulatedDisk::with_root(&root());
        disk.fail(operation, DiskFault::PowerLost);
        let acknowledged = run_process(&disk, &blocks).await;
        disk.kill_process();
        check_goes_on(&disk, &blocks, acknowledged, operation % 2).await;
    }
}

#[tokio::test]
async fn every_operation_fails_in_every_way() {
    let blocks = blocks();
    let faults = [
        DiskFault::Lost,
        DiskFault::Short,
        DiskFault::PersistedYetFailed,
    ];
    for operation in 0..operations_of_a_run(&blocks).await {
        for fault in faults {
            for more in [0, 1] {
                let disk = SimulatedDisk::with_root(&root());
                disk.fail(operation, fault);
                let acknowledged = run_process(&disk, &blocks).await;
                check_goes_on(&disk, &blocks, acknowledged, more).await;
            }
        }
    }
}

#[tokio::test]
async fn every_operation_of_recovery_fails_in_every_way() {
    let blocks = blocks();
    let faults = [
        DiskFault::Lost,
        DiskFault::Short,
        DiskFault::PersistedYetFailed,
        DiskFault::PowerLost,
    ];
    // A log whose last block is torn, and whose next segment was in the making.
    let torn_log = || async {
        let disk = disk_with(&blocks[..7]).await;
        let mut bytes = disk.contents(&segment(12)).expect("exists");
        bytes[500] ^= 1;
        disk.set_contents(&segment(12), bytes);
        disk
    };
    let disk = torn_log().await;
    let before = disk.operations().len();
    let report = reopen(&disk, 12).await.expect("opens").report;
    assert!(report.torn.is_some() && !report.removed.is_empty());
    for operation in before..disk.operations().len() {
        for fault in faults {
            for survives in survivals([7]) {
                let disk = torn_log().await;
                disk.fail(operation, fault);
                let what = disk_operation(&disk, operation, reopen(&disk, 12).await.is_ok());
                disk.power_cycle(survives);
                let opened = reopen(&disk, 12).await.expect(&what);
                assert_eq!(read_all(&*opened.store).await, &blocks[..6], "{what}");
                assert!(!names_ending(&disk, ".bin").is_empty(), "{what}");
                opened.store.close().await;
                check_goes_on(&disk, &blocks, 12, 1).await;
            }
        }
    }
}

/// Which operation failed; and that opening did not pass over it.
fn disk_operation(disk: &SimulatedDisk, operation: usize, opened: bool) -> String {
    let what = disk.operations()[operation].clone();
    assert!(!opened, "opening passed over a failed \"{what}\"");
    what
}
