//! One state, whichever way one comes to it: live, replayed from the log's bytes, from a snapshot and what
//! comes after it, and through the auditor. To the byte, and whatever people have tried.

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::{LEDGER, Memory, checkpoint_over, id, within};
use governance::State;
use governance::action::Stance;
use governance::ids::{Leaf, Millis};
use ledger::ManualClock;
use ledger::audit::{AuditOptions, Auditor, Fetched};
use ledger::checkpoints::CheckpointStore as _;
use ledger::checkpoints::memory::MemoryCheckpoints;
use ledger::disk::Disk;
use ledger::snapshot::{Snapshot, Snapshots};
use ledger::store::memory::MemoryDisk;
use proptest::prelude::*;
use tlog::{Block, Entry};

const MINUTE: u64 = 60_000;

/// The first three are on the roll.
const VOTERS: [&str; 4] = ["anna", "bao", "chen", "registrar"];

/// What somebody tries; much of it is refused.
#[derive(Clone, Debug)]
enum Try {
    Enrol(u8),
    Table(u8),
    State(u8),
    /// The vote on a motion, for so many minutes.
    Open(u8, u64),
    Vote(usize, u8, Stance),
    Close(u8),
    /// Milliseconds.
    Wait(u64),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let motion = || 0_u8..3;
    let stance = prop_oneof![
        Just(Stance::For),
        Just(Stance::Against),
        Just(Stance::Abstain)
    ];
    let one = prop_oneof![
        2 => (0_u8..8).prop_map(Try::Enrol),
        3 => motion().prop_map(Try::Table),
        1 => motion().prop_map(Try::State),
        3 => (motion(), 1_u64..30).prop_map(|(m, minutes)| Try::Open(m, minutes)),
        8 => (0..VOTERS.len(), motion(), stance).prop_map(|(v, m, s)| Try::Vote(v, m, s)),
        1 => motion().prop_map(Try::Close),
        2 => (0_u64..20 * MINUTE).prop_map(Try::Wait),
    ];
    proptest::collection::vec(one, 1..60)
}

fn motion(number: u8) -> String {
    format!("motion-{number}")
}

/// Has everything tried on a ledger of its own, which is then shut down.
async fn lived(tries: &[Try]) -> Memory {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let people = &memory.people;
    for part in people.publishes_roll(&VOTERS[..3]) {
        within(ledger.submit(part)).await.unwrap();
    }
    let mut opened: BTreeMap<u8, Leaf> = BTreeMap::new();
    for attempt in tries {
        let submission = match attempt {
            Try::Enrol(number) => people.enrols(&format!("resident-{number}")),
            Try::Table(number) => people.tables(&motion(*number)),
            Try::State(number) => people.states(&motion(*number), "It is dark."),
            Try::Open(number, minutes) => people.opens(&motion(*number), minutes * MINUTE),
            Try::Vote(voter, number, stance) => {
                let opened = opened.get(number).copied().unwrap_or(Leaf::ZERO);
                people.votes(VOTERS[*voter], &motion(*number), opened, *stance)
            }
            Try::Close(number) => people.closes(&motion(*number)),
            Try::Wait(ms) => {
                memory.clock.advance(*ms);
                continue;
            }
        };
        let submitted = within(ledger.submit(submission)).await;
        if let (Try::Open(number, _), Ok(submitted)) = (attempt, submitted) {
            opened.insert(*number, submitted.receipt.leaf);
        }
    }
    within(ledger.shutdown()).await;
    memory
}

/// The log's beginning on a disk of its own, at the time of its last entry.
async fn beginning(of: &Memory, blocks: &[Block]) -> Memory {
    let entries: Vec<_> = blocks.iter().flat_map(|block| &block.entries).collect();
    let last = Entry::decode(entries[entries.len() - 1]).unwrap();
    let checkpoint = checkpoint_over(entries.iter().copied());
    let memory = Memory {
        log: MemoryDisk::create(),
        checkpoints: MemoryCheckpoints::new(),
        contents: of.contents.clone(),
        people: of.people.clone(),
        clock: ManualClock::at(Millis(last.recorded_at)),
        scratch: tempfile::tempdir().unwrap(),
        limits: of.limits,
    };
    memory.log.overwrite(blocks.to_vec());
    let persisted = memory.checkpoints.persist(&Arc::new(checkpoint)).await;
    persisted.unwrap();
    memory
}

/// Opens and shuts down, which leaves a snapshot of the state.
async fn run_through(memory: &Memory) {
    let ledger = memory.open().await.unwrap();
    within(ledger.shutdown()).await;
}

/// The state that was there at the end, and how large the log was.
fn left(memory: &Memory) -> (u64, Vec<u8>) {
    let snapshots = Snapshots::open(Disk::system(), memory.snapshots()).unwrap();
    let (newest, skipped) = snapshots.newest::<State>(|_| true).unwrap();
    assert!(skipped.is_empty());
    let newest: Snapshot<State> = newest.expect("it was left at the end");
    (newest.size(), bytes(&newest.state))
}

fn bytes(state: &State) -> Vec<u8> {
    bincode::serde::encode_to_vec(state, bincode::config::standard()).unwrap()
}

fn audited(entries: &[Vec<u8>]) -> (u64, Vec<u8>) {
    let checkpoint = checkpoint_over(entries).to_bytes();
    let pages = [Ok(entries.to_vec())].into_iter();
    let mut source = Fetched::new(id(LEDGER), &checkpoint, pages).unwrap();
    let mut auditor = Auditor::new(&id(LEDGER), AuditOptions::default());
    auditor.take(&mut source, &mut |_| {}, &|_| {}).unwrap();
    (auditor.size(), bytes(auditor.state().unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn four_ways_lead_to_one_state(tries in tries(), cut in any::<prop::sample::Index>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let memory = lived(&tries).await;
            let live = left(&memory);
            let blocks = memory.log.blocks();

            let replayed = beginning(&memory, &blocks).await;
            run_through(&replayed).await;
            prop_assert_eq!(&left(&replayed), &live, "replayed");

            let half = &blocks[..=cut.index(blocks.len())];
            let half = beginning(&memory, half).await;
            run_through(&half).await;
            let (at, _) = left(&half);
            let whole = Memory { scratch: half.scratch, ..beginning(&memory, &blocks).await };
            run_through(&whole).await;
            prop_assert_eq!(&left(&whole), &live, "from a snapshot at {}", at);

            prop_assert_eq!(&audited(&memory.entries()), &live, "audited");
            Ok(())
        })?;
    }
}
