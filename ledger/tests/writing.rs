//! The way of one action, on a ledger in memory.

mod common;

use std::sync::Arc;

use common::{Memory, durable, recorded, refused, spawn_submit, within};
use governance::action::{DeliberationAction, Outcome, Payload, Stance};
use governance::ids::Millis;
use ledger::{Clock as _, LoggedEntry};
use tlog::signing::sign_action;

#[tokio::test]
async fn a_lone_action_takes_one_block_and_one_checkpoint() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let (blocks, checkpoints) = (
        memory.log.faults().writes(),
        memory.checkpoints.faults().writes(),
    );
    let submitted = recorded(&ledger, memory.people.enrols("dina")).await;
    assert_eq!(submitted.receipt.index, 1);
    assert!(!submitted.already_recorded);
    assert_eq!(memory.log.faults().writes(), blocks + 1);
    assert_eq!(memory.checkpoints.faults().writes(), checkpoints + 1);
    assert_eq!(*ledger.durable_size().borrow(), 2);
    assert_eq!(ledger.checkpoint().checkpoint().size, 2);
}

#[tokio::test]
async fn the_same_bytes_get_the_same_entry_and_other_bytes_a_conflict() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let submission = memory.people.enrols("dina");
    let first = recorded(&ledger, submission.clone()).await;
    let again = recorded(&ledger, submission.clone()).await;
    assert!(again.already_recorded);
    assert_eq!(again.receipt.index, first.receipt.index);
    assert_eq!(again.receipt.leaf, first.receipt.leaf);
    assert_eq!(again.receipt.recorded_at, first.receipt.recorded_at);

    let mut other = proto::decode_action(&submission.action).unwrap();
    other.not_after = other.not_after.plus(1);
    assert_eq!(
        refused(&ledger, common::People::signed(&other)).await,
        "ACTION_ID_REUSED"
    );
    assert_eq!(*ledger.durable_size().borrow(), 2);
}

#[tokio::test]
async fn time_brings_a_decision_when_its_moment_comes() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let people = &memory.people;
    for submission in people.publishes_roll(&["anna", "bao", "chen"]) {
        recorded(&ledger, submission).await;
    }
    recorded(&ledger, people.tables("lamps")).await;
    let opened = recorded(&ledger, people.opens("lamps", 60_000))
        .await
        .receipt;
    for voter in ["anna", "bao"] {
        recorded(
            &ledger,
            people.votes(voter, "lamps", opened.leaf, Stance::For),
        )
        .await;
    }
    memory.clock.advance(59_999);
    let last = recorded(
        &ledger,
        people.votes("chen", "lamps", opened.leaf, Stance::Against),
    )
    .await;
    // Nobody submits: the clock alone wakes the ledger.
    memory.clock.advance(1);
    durable(&ledger, last.receipt.index + 2).await;
    let decided = entry(&ledger, last.receipt.index + 1).await;
    let Payload::Deliberation(DeliberationAction::MotionDecided(decision)) =
        &decided.action.payload
    else {
        panic!("not a decision: {decided:?}");
    };
    assert_eq!(decision.outcome, Outcome::Adopted);
    assert_eq!(decided.recorded_at, opened.recorded_at.plus(60_000));
    let late = people.votes("chen", "lamps", opened.leaf, Stance::For);
    assert_eq!(refused(&ledger, late).await, "MOTION_NOT_OPEN");
}

#[tokio::test]
async fn what_is_due_stands_before_what_arrives_at_its_moment() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let people = &memory.people;
    for submission in people.publishes_roll(&["anna"]) {
        recorded(&ledger, submission).await;
    }
    recorded(&ledger, people.tables("lamps")).await;
    let opened = recorded(&ledger, people.opens("lamps", 1_000))
        .await
        .receipt;
    // While a block is held back, time passes and another submission comes.
    memory.log.faults().hold();
    let held = spawn_submit(&ledger, people.enrols("dina"));
    within(memory.log.faults().held(1)).await;
    memory.clock.advance(1_000);
    let later = spawn_submit(&ledger, people.enrols("emil"));
    memory.log.faults().release();
    let held = within(held).await.unwrap().unwrap();
    let later = within(later).await.unwrap().unwrap();
    assert_eq!(held.receipt.index, opened.index + 1);
    assert_eq!(later.receipt.index, opened.index + 3);
    let between = entry(&ledger, opened.index + 2).await;
    assert_eq!(proto::payload_kind(&between.action), "motion_decided");
}

#[tokio::test]
async fn closing_a_vote_brings_the_decision_in_the_same_block() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let people = &memory.people;
    for submission in people.publishes_roll(&["anna"]) {
        recorded(&ledger, submission).await;
    }
    recorded(&ledger, people.tables("lamps")).await;
    let opened = recorded(&ledger, people.opens("lamps", Millis::DAY))
        .await
        .receipt;
    recorded(
        &ledger,
        people.votes("anna", "lamps", opened.leaf, Stance::For),
    )
    .await;
    let blocks = memory.log.blocks().len();
    let closed = recorded(&ledger, people.closes("lamps")).await.receipt;
    durable(&ledger, closed.index + 2).await;
    assert_eq!(memory.log.blocks().len(), blocks + 1);
    let decided = entry(&ledger, closed.index + 1).await;
    assert_eq!(proto::payload_kind(&decided.action), "motion_decided");
    assert_eq!(decided.recorded_at, closed.recorded_at);
    assert_eq!(closed.checkpoint.checkpoint().size, closed.index + 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_from_many_tasks_are_recorded_in_order_and_once() {
    const COUNT: usize = 2_000;
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let submissions: Vec<_> = (0..COUNT)
        .map(|n| memory.people.enrols(&format!("p{n}")))
        .collect();
    let tasks: Vec<_> = submissions
        .into_iter()
        .map(|s| spawn_submit(&ledger, s))
        .collect();
    let mut indices = Vec::new();
    for task in tasks {
        let submitted = within(task).await.unwrap().expect("recorded");
        common::verify(&ledger, &submitted.receipt);
        indices.push(submitted.receipt.index);
    }
    indices.sort_unstable();
    assert_eq!(indices, (1..=COUNT as u64).collect::<Vec<_>>());
    assert_eq!(memory.entries().len(), COUNT + 1);
    // Blocks were groups, not one entry each.
    assert!(
        memory.log.blocks().len() < COUNT / 4,
        "{}",
        memory.log.blocks().len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn duplicates_in_flight_are_recorded_once() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let submission = memory.people.enrols("dina");
    memory.log.faults().hold();
    let tasks: Vec<_> = (0..20)
        .map(|_| spawn_submit(&ledger, submission.clone()))
        .collect();
    within(memory.log.faults().held(1)).await;
    memory.log.faults().release();
    let mut first_times = 0;
    for task in tasks {
        let submitted = within(task).await.unwrap().unwrap();
        assert_eq!(submitted.receipt.index, 1);
        first_times += usize::from(!submitted.already_recorded);
    }
    assert_eq!(first_times, 1);
    assert_eq!(memory.entries().len(), 2);
}

#[tokio::test]
async fn a_refusal_waits_for_the_block_it_rests_on() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    memory.log.faults().hold();
    let first = spawn_submit(&ledger, memory.people.enrols("dina"));
    within(memory.log.faults().held(1)).await;
    // Refused because of the entry in flight: dina is enrolled already.
    let second = spawn_submit(&ledger, memory.people.enrols("dina"));
    let preview = memory.people.enrols("dina");
    assert!(
        ledger
            .preview(&preview.action, &[])
            .await
            .unwrap()
            .rejection
            .is_none()
    );
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!second.is_finished());
    memory.log.faults().release();
    assert_eq!(within(first).await.unwrap().unwrap().receipt.index, 1);
    assert_eq!(
        within(second).await.unwrap().unwrap_err().code(),
        "PERSON_EXISTS"
    );
    let rejection = ledger
        .preview(&preview.action, &[])
        .await
        .unwrap()
        .rejection;
    assert_eq!(rejection.unwrap().code(), "PERSON_EXISTS");
}

#[tokio::test]
async fn a_full_queue_says_so_and_takes_more_once_it_is_not() {
    let mut memory = Memory::founded().await;
    memory.limits.submissions_max = 2;
    let ledger = memory.open().await.unwrap();
    memory.log.faults().hold();
    let one = spawn_submit(&ledger, memory.people.enrols("dina"));
    within(memory.log.faults().held(1)).await;
    let two = spawn_submit(&ledger, memory.people.enrols("emil"));
    tokio::task::yield_now().await;
    assert_eq!(
        refused(&ledger, memory.people.enrols("fang")).await,
        "OVERLOADED"
    );
    memory.log.faults().release();
    within(one).await.unwrap().unwrap();
    within(two).await.unwrap().unwrap();
    recorded(&ledger, memory.people.enrols("fang")).await;
}

#[tokio::test]
async fn bytes_are_bounded_as_well_as_submissions() {
    let mut memory = Memory::founded().await;
    memory.limits.submission_bytes_max = 2 * 1024;
    let ledger = memory.open().await.unwrap();
    memory.log.faults().hold();
    let long = "字".repeat(500);
    let one = spawn_submit(&ledger, memory.people.enrols_named("dina", &long));
    within(memory.log.faults().held(1)).await;
    assert_eq!(
        refused(&ledger, memory.people.enrols("emil")).await,
        "OVERLOADED"
    );
    memory.log.faults().release();
    within(one).await.unwrap().unwrap();
    recorded(&ledger, memory.people.enrols("emil")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_gathers_behind_a_held_block_goes_in_blocks_of_bounded_size() {
    const COUNT: usize = 2_300;
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    memory.log.faults().hold();
    let first = spawn_submit(&ledger, memory.people.enrols("first"));
    within(memory.log.faults().held(1)).await;
    let submissions = (0..COUNT).map(|n| memory.people.enrols(&format!("p{n}")));
    let tasks: Vec<_> = submissions.map(|s| spawn_submit(&ledger, s)).collect();
    memory.log.faults().release();
    within(first).await.unwrap().unwrap();
    for task in tasks {
        within(task).await.unwrap().expect("recorded");
    }
    let blocks = memory.log.blocks();
    assert!(
        blocks
            .iter()
            .all(|block| block.entries.len() <= tlog::MAX_BLOCK_ENTRIES)
    );
    assert!(
        blocks
            .iter()
            .all(|block| block.body_len() <= tlog::MAX_BLOCK_LEN)
    );
    assert_eq!(memory.entries().len(), COUNT + 2);
}

#[tokio::test]
async fn whoever_goes_away_takes_nothing_back() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    memory.log.faults().hold();
    let submission = memory.people.enrols("dina");
    let gone = spawn_submit(&ledger, submission.clone());
    within(memory.log.faults().held(1)).await;
    gone.abort();
    memory.log.faults().release();
    let again = recorded(&ledger, submission).await;
    assert!(again.already_recorded);
    assert_eq!(memory.entries().len(), 2);
}

#[tokio::test]
async fn contents_are_stored_with_what_is_recorded_and_not_with_what_is_refused() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    recorded(&ledger, memory.people.enrols_named("dina", "迪娜")).await;
    let (content, _) = common::content("迪娜");
    let stored = ledger.content(&content.digest).await.unwrap();
    assert_eq!(stored.as_deref(), Some("迪娜".as_bytes()));
    let again = memory.people.enrols_named("dina", "another name");
    assert_eq!(refused(&ledger, again).await, "PERSON_EXISTS");
    assert_eq!(memory.contents.count(), 1);
    // A content that is stored need not be sent again.
    let mut namesake = memory.people.enrols_named("dina-2", "迪娜");
    namesake.contents.clear();
    recorded(&ledger, namesake).await;
}

#[tokio::test]
async fn every_no_of_intake_has_its_code_and_stores_nothing() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let people = &memory.people;
    let good = people.enrols_named("dina", "迪娜");
    let action = proto::decode_action(&good.action).unwrap();
    let with = |change: &dyn Fn(&mut ledger::Submission)| {
        let mut changed = good.clone();
        change(&mut changed);
        changed
    };
    let resigned = |change: &dyn Fn(&mut governance::action::Action)| {
        let mut action = action.clone();
        change(&mut action);
        let contents = good.contents.clone();
        ledger::Submission {
            contents,
            ..common::People::signed(&action)
        }
    };
    let weak = {
        let mut key = [0; 32];
        key[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        tlog::Signature { key, signature }
    };
    let table = [
        ("NOT_PROTOBUF", with(&|s| s.action = vec![0xff; 40])),
        ("TOO_LARGE", with(&|s| s.action = vec![0; 60_001])),
        (
            "WRONG_LEDGER",
            resigned(&|a| a.ledger = common::id("elsewhere")),
        ),
        ("WRONG_GENESIS", resigned(&|a| a.genesis.0[0] ^= 1)),
        (
            "BAD_SIGNATURE",
            with(&|s| s.signatures[0].signature[5] ^= 1),
        ),
        ("WEAK_KEY", with(&|s| s.signatures[0] = weak)),
        (
            "DUPLICATE_KEY",
            with(&|s| s.signatures.push(s.signatures[0])),
        ),
        ("SIGNATURE_COUNT", with(&|s| s.signatures.clear())),
        (
            "SIGNATURE_COUNT",
            with(&|s| s.signatures = vec![s.signatures[0]; 17]),
        ),
        ("CONTENT_MISSING", with(&|s| s.contents.clear())),
        (
            "CONTENT_MISMATCH",
            with(&|s| s.contents[0].bytes.push(b'x')),
        ),
        (
            "CONTENT_SURPLUS",
            with(&|s| s.contents.push(s.contents[0].clone())),
        ),
        (
            "CONTENT_TOO_LARGE",
            with(&|s| s.contents[0].bytes = vec![0; 262_145]),
        ),
        (
            "KEY_UNKNOWN",
            with(&|s| s.signatures = vec![sign_action(&common::key("nobody"), &s.action)]),
        ),
        (
            "SURPLUS_SIGNATURE",
            with(&|s| {
                s.signatures
                    .push(sign_action(&common::key("anna"), &s.action));
            }),
        ),
        (
            "EXPIRED",
            resigned(&|a| {
                a.client_time = Millis(a.client_time.0 - 60_000);
                a.not_after = Millis(a.client_time.0 + 59_999);
            }),
        ),
        (
            "CLIENT_TIME_AHEAD",
            resigned(&|a| {
                a.client_time = a.client_time.plus(120_001);
                a.not_after = a.client_time;
                a.id = governance::ids::ActionId::v7(a.client_time, [1; 10]);
            }),
        ),
    ];
    for (code, submission) in table {
        assert_eq!(refused(&ledger, submission).await, code);
    }
    let unlawful = refused(&ledger, people.enrols_unlawfully("emil")).await;
    assert_eq!(unlawful, "NOT_IN_CAPACITY");
    assert_eq!(memory.entries().len(), 1);
    assert_eq!(memory.contents.count(), 0);
    recorded(&ledger, good).await;
}

#[tokio::test]
async fn a_jumping_clock_stops_the_ledger_and_not_the_reading() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    recorded(&ledger, memory.people.enrols("dina")).await;
    let now = memory.clock.now();
    memory.clock.set_wall(now.plus(60_000));
    recorded(&ledger, memory.people.enrols("emil")).await;
    memory.clock.set_wall(now.plus(60_001));
    assert_eq!(
        refused(&ledger, memory.people.enrols("fang")).await,
        "HALTED_CLOCK_JUMP"
    );
    assert_eq!(ledger.halted().unwrap().code(), "HALTED_CLOCK_JUMP");
    assert_eq!(ledger.entries(0, 10).await.unwrap().len(), 3);
    let (receipt, bytes) = ledger.receipt(1).await.unwrap();
    common::verify(&ledger, &receipt);
    assert_eq!(bytes, memory.entries()[1]);
}

#[tokio::test]
async fn after_shutdown_all_that_was_taken_is_answered_and_nothing_more_is_taken() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    memory.log.faults().hold();
    let one = spawn_submit(&ledger, memory.people.enrols("dina"));
    within(memory.log.faults().held(1)).await;
    let two = spawn_submit(&ledger, memory.people.enrols("emil"));
    let closing = tokio::spawn({
        let ledger = Arc::clone(&ledger);
        async move { ledger.shutdown().await }
    });
    tokio::task::yield_now().await;
    memory.log.faults().release();
    within(closing).await.unwrap();
    within(one).await.unwrap().unwrap();
    // The second came before the end or it did not, but it was answered.
    if let Err(error) = within(two).await.unwrap() {
        assert_eq!(error.code(), "SHUTTING_DOWN");
    }
    assert_eq!(
        refused(&ledger, memory.people.enrols("fang")).await,
        "SHUTTING_DOWN"
    );
}

#[tokio::test]
async fn proofs_join_every_two_checkpoints() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let mut checkpoints = vec![ledger.checkpoint()];
    for n in 0..20 {
        recorded(&ledger, memory.people.enrols(&format!("p{n}"))).await;
        checkpoints.push(ledger.checkpoint());
    }
    for old in &checkpoints {
        for new in checkpoints
            .iter()
            .skip_while(|new| new.checkpoint().size < old.checkpoint().size)
        {
            let (old, new) = (old.checkpoint(), new.checkpoint());
            let proof = ledger.consistency_proof(old.size, new.size).await.unwrap();
            tlog::verify_consistency(old.size, &old.root, new.size, &new.root, &proof).unwrap();
        }
    }
    let beyond = ledger.consistency_proof(1, 22).await.unwrap_err();
    assert_eq!(beyond.code(), "NO_SUCH_PROOF");
    let beyond = ledger.receipt(21).await.unwrap_err();
    assert_eq!(beyond.code(), "NO_SUCH_ENTRY");
    assert!(ledger.entries(21, 10).await.unwrap().is_empty());
}

async fn entry(ledger: &ledger::Ledger, index: u64) -> Arc<LoggedEntry> {
    let mut page = ledger.entries(index, 1).await.unwrap();
    page.pop().expect("there is such an entry")
}
