//! Hidden ballots in the shell: opened once however writes fail and whoever leads, and erased when nobody needs
//! what opens them.

mod common;

use std::sync::Arc;

use common::neighbourhood::{Neighbourhood, insisting};
use common::{Memory, People, durable, recorded, within};
use governance::action::{DeliberationAction, MotionDecided, Payload, Stance};
use governance::ids::Leaf;
use ledger::Ledger;
use ledger::store::fault::Fault;

const VOTERS: [(&str, Stance); 3] = [
    ("anna", Stance::For),
    ("bao", Stance::For),
    ("chen", Stance::Against),
];

/// The three are on the roll and have voted, hidden, in a vote of a second: the entry that opened it.
async fn voted(ledger: &Ledger, people: &People) -> Leaf {
    for submission in people.publishes_roll(&VOTERS.map(|(name, _)| name)) {
        insisting(ledger, submission).await.expect("recorded");
    }
    let tabled = people.tables_hidden("lamps");
    insisting(ledger, tabled).await.expect("recorded");
    let opened = insisting(ledger, people.opens("lamps", 1_000)).await;
    let opened = opened.expect("recorded").receipt.leaf;
    for (voter, stance) in VOTERS {
        let ballot = people.votes_hidden(voter, "lamps", opened, 1, stance);
        insisting(ledger, ballot).await.expect("recorded");
    }
    opened
}

/// What the ledger derived, in the log's order: kinds, and the decision.
async fn derived(ledger: &Ledger, from: u64) -> (Vec<&'static str>, Option<MotionDecided>) {
    let entries = ledger.entries(from, 100).await.expect("readable");
    let kinds = entries
        .iter()
        .map(|entry| proto::payload_kind(&entry.action));
    let decided = entries
        .iter()
        .find_map(|entry| match &entry.action.payload {
            Payload::Deliberation(DeliberationAction::MotionDecided(decided)) => {
                Some(decided.clone())
            }
            _ => None,
        });
    (kinds.collect(), decided)
}

#[tokio::test]
async fn a_part_that_is_lost_or_reported_failed_is_opened_once_and_decided() {
    for fault in Fault::ALL {
        let memory = Memory::founded().await;
        let ledger = memory.open().await.unwrap();
        voted(&ledger, &memory.people).await;
        let size = *ledger.durable_size().borrow();
        assert_eq!(memory.contents.count(), 3, "sealed beside the log");
        memory.log.faults().fail_next(fault);
        memory.clock.advance(1_000);
        durable(&ledger, size + 2).await;
        let (kinds, decided) = derived(&ledger, size).await;
        assert_eq!(kinds, ["ballots_opened", "motion_decided"], "{fault:?}");
        let decided = decided.expect("a decision");
        assert_eq!(
            (decided.measures[0].in_favour, decided.unopened),
            (2, 0),
            "{fault:?}"
        );
        ledger.shutdown().await;
        assert_eq!(
            memory.contents.count(),
            0,
            "{fault:?}: the log has what they said"
        );
        let reopened = memory.open().await.unwrap();
        assert!(reopened.halted().is_none(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_ballot_cast_anew_leaves_nothing_of_the_one_before() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let opened = voted(&ledger, &memory.people).await;
    let again = memory
        .people
        .votes_hidden("anna", "lamps", opened, 2, Stance::Against);
    recorded(&ledger, again).await;
    ledger.shutdown().await;
    assert_eq!(memory.contents.count(), 3, "of four that were sealed");
    // What is left opens the last ballot.
    let ledger = memory.open().await.unwrap();
    let size = *ledger.durable_size().borrow();
    memory.clock.advance(1_000);
    durable(&ledger, size + 2).await;
    let decided = derived(&ledger, size).await.1.expect("a decision");
    assert_eq!((decided.measures[0].in_favour, decided.unopened), (1, 0));
}

#[tokio::test]
async fn an_erasure_that_fails_is_made_up_for_by_this_process_or_the_next() {
    for fault in Fault::ALL {
        let memory = Memory::founded().await;
        let ledger = memory.open().await.unwrap();
        voted(&ledger, &memory.people).await;
        let size = *ledger.durable_size().borrow();
        // Once: the same process erases it when it is asked to end, at the latest.
        memory.contents.faults().fail_next(fault);
        memory.clock.advance(1_000);
        durable(&ledger, size + 2).await;
        ledger.shutdown().await;
        assert_eq!(memory.contents.count(), 0, "{fault:?}");
    }
    // Always: the next start does.
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    voted(&ledger, &memory.people).await;
    let size = *ledger.durable_size().borrow();
    memory.contents.faults().fail_every(Some(Fault::Refused));
    memory.clock.advance(1_000);
    durable(&ledger, size + 2).await;
    ledger.shutdown().await;
    assert_eq!(memory.contents.count(), 3, "nothing could be erased");
    memory.contents.faults().fail_every(None);
    let ledger = memory.open().await.unwrap();
    ledger.shutdown().await;
    assert_eq!(memory.contents.count(), 0);
}

#[tokio::test]
async fn whoever_leads_after_the_close_opens_them_once() {
    let all = Neighbourhood::founded(3).await;
    let (ledgers, leader) = all.open_all().await;
    voted(&ledgers[leader], all.people()).await;
    let size = *ledgers[leader].durable_size().borrow();
    // The leader is cut off and believes that it leads; another does. The vote closes, and both open.
    all.cut_off(leader);
    let others: Vec<Arc<Ledger>> = (0..3)
        .filter(|at| *at != leader)
        .map(|at| Arc::clone(&ledgers[at]))
        .collect();
    all.leader(&others).await;
    all.shared.clock.advance(1_000);
    for ledger in &ledgers {
        durable(ledger, size + 2).await;
        assert!(ledger.halted().is_none());
        let (kinds, decided) = derived(ledger, size).await;
        assert_eq!(kinds, ["ballots_opened", "motion_decided"]);
        assert_eq!(decided.expect("a decision").measures[0].in_favour, 2);
    }
    drop(others);
    for ledger in ledgers {
        within(ledger.shutdown()).await;
    }
    assert_eq!(all.shared.contents.count(), 0, "erased, whoever did it");
}
