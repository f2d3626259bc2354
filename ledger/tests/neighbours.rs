//! Several nodes on one log: following, leading by turns, and never a fork.

mod common;

use std::sync::Arc;

use common::neighbourhood::{Neighbourhood, insisting};
use common::{
    FOUNDED_AT, LEDGER, block, checkpoint_over, durable, entry_after, refused, verify, within,
};
use governance::action::Stance;
use governance::ids::Millis;
use ledger::checkpoints::CheckpointStore as _;
use ledger::forward::INLINE_CONTENT_MAX;
use ledger::messages::Messages as _;
use ledger::store::fault::Fault;
use ledger::{Clock as _, Halt, Ledger, Submission};
use tlog::{Checkpoint, Hash};

/// Waits until the ledger has halted, and says why.
async fn halted(ledger: &Ledger) -> Halt {
    let halted = async {
        loop {
            if let Some(halt) = ledger.halted() {
                return halt;
            }
            tokio::task::yield_now().await;
        }
    };
    within(halted).await
}

/// All nodes have the same log of so many entries under the same checkpoint, and none has halted.
async fn agree(ledgers: &[Arc<Ledger>], size: u64) {
    for ledger in ledgers {
        durable(ledger, size).await;
        assert!(ledger.halted().is_none());
        assert_eq!(
            ledger.checkpoint().to_bytes(),
            ledgers[0].checkpoint().to_bytes()
        );
    }
}

#[tokio::test]
async fn followers_see_and_prove_what_the_leader_records() {
    let all = Neighbourhood::founded(3).await;
    let (ledgers, leader) = all.open_all().await;
    for name in ["dina", "emil", "fang"] {
        let submission = all.people().enrols_named(name, name);
        insisting(&ledgers[leader], submission).await.unwrap();
    }
    agree(&ledgers, 4).await;
    for (ledger, node) in ledgers.iter().zip(&all.nodes) {
        for index in 0..4 {
            let (receipt, _) = ledger.receipt(index).await.unwrap();
            verify(ledger, &receipt);
        }
        // Each keeps its own word for it.
        assert_eq!(node.checkpoints.latest().unwrap().checkpoint().size, 4);
    }
}

#[tokio::test]
async fn who_does_not_lead_records_nothing_and_says_so() {
    let all = Neighbourhood::founded(2).await;
    let (ledgers, leader) = all.open_all().await;
    let code = refused(&ledgers[1 - leader], all.people().enrols("dina")).await;
    assert_eq!(code, "NOT_LEADING");
    assert_eq!(all.shared.entries().len(), 1);
}

#[tokio::test]
async fn a_leader_that_shuts_down_is_replaced_at_once_and_its_receipts_are_given_again() {
    let all = Neighbourhood::founded(3).await;
    let (mut ledgers, leader) = all.open_all().await;
    let submission = all.people().enrols("dina");
    let first = insisting(&ledgers[leader], submission.clone()).await;
    let first = first.unwrap();
    let gone = ledgers.remove(leader);
    within(gone.shutdown()).await;

    let next = all.leader(&ledgers).await;
    let again = insisting(&ledgers[next], submission).await.unwrap();
    assert!(again.already_recorded);
    assert_eq!(again.receipt.leaf, first.receipt.leaf);
    assert_eq!(again.receipt.recorded_at, first.receipt.recorded_at);
    let emil = insisting(&ledgers[next], all.people().enrols("emil")).await;
    assert_eq!(emil.unwrap().receipt.index, 2);
    agree(&ledgers, 3).await;
}

#[tokio::test]
async fn two_that_both_lead_record_every_action_once_and_never_fork() {
    let all = Neighbourhood::founded(3).await;
    let (ledgers, cut_off) = all.open_all().await;
    all.cut_off(cut_off);
    let others: Vec<_> = (0..3).filter(|at| *at != cut_off).collect();
    let connected = others.iter().map(|at| Arc::clone(&ledgers[*at]));
    let connected: Vec<_> = connected.collect();
    let next = others[all.leader(&connected).await];

    let mut answers = Vec::new();
    for number in 0..60 {
        let submission = all.people().enrols(&format!("person-{number}"));
        // Each is sent to one of them, and some to both, as by a client that lost an answer.
        let to: &[usize] = match number % 3 {
            0 => &[cut_off],
            1 => &[next],
            _ => &[cut_off, next],
        };
        for at in to {
            let (ledger, submission) = (Arc::clone(&ledgers[*at]), submission.clone());
            answers.push(tokio::spawn(
                async move { insisting(&ledger, submission).await },
            ));
        }
    }
    for answer in answers {
        within(answer).await.unwrap().unwrap();
    }
    agree(&ledgers, 61).await;
    assert_eq!(all.shared.entries().len(), 61);
}

#[tokio::test]
async fn a_leader_that_wakes_up_too_late_loses_the_race_and_says_that_it_does_not_lead() {
    let all = Neighbourhood::founded(2).await;
    let (ledgers, old) = all.open_all().await;
    let new = 1 - old;
    all.nodes[old].log.faults().hold();
    let held = common::spawn_submit(&ledgers[old], all.people().enrols("dina"));
    within(all.nodes[old].log.faults().held(1)).await;
    assert_eq!(all.another_leads(&ledgers, old).await, new);
    let emil = insisting(&ledgers[new], all.people().enrols("emil")).await;
    assert_eq!(emil.unwrap().receipt.index, 1);
    all.nodes[old].log.faults().release();
    let late = within(held).await.unwrap();
    assert_eq!(late.unwrap_err().code(), "NOT_LEADING");
    agree(&ledgers, 2).await;
}

#[tokio::test]
async fn what_a_leader_wrote_without_knowing_is_answered_by_the_next() {
    for fault in Fault::ALL {
        let all = Neighbourhood::founded(2).await;
        let (ledgers, old) = all.open_all().await;
        let faults = all.nodes[old].log.faults();
        faults.hold();
        faults.fail_next(fault);
        let submission = all.people().enrols("dina");
        let held = common::spawn_submit(&ledgers[old], submission.clone());
        within(faults.held(1)).await;
        all.another_leads(&ledgers, old).await;
        faults.release();
        let uncertain = within(held).await.unwrap();
        assert_eq!(uncertain.unwrap_err().code(), "NOT_LEADING", "{fault:?}");
        let answer = insisting(&ledgers[1 - old], submission).await.unwrap();
        assert_eq!(answer.receipt.index, 1, "{fault:?}");
        assert_eq!(all.shared.entries().len(), 2, "{fault:?}");
        agree(&ledgers, 2).await;
    }
}

#[tokio::test]
async fn a_follower_that_comes_to_lead_goes_on_with_what_falls_due() {
    let all = Neighbourhood::founded(2).await;
    let (ledgers, old) = all.open_all().await;
    let people = all.people();
    for submission in people.publishes_roll(&["anna"]) {
        insisting(&ledgers[old], submission).await.unwrap();
    }
    insisting(&ledgers[old], people.tables("lamps"))
        .await
        .unwrap();
    let opened = insisting(&ledgers[old], people.opens("lamps", 1_000)).await;
    let opened = opened.unwrap().receipt;
    let ballot = people.votes("anna", "lamps", opened.leaf, Stance::For);
    insisting(&ledgers[old], ballot).await.unwrap();
    within(ledgers[old].shutdown()).await;
    all.shared.clock.advance(1_000);
    let new = &ledgers[1 - old];
    durable(new, opened.index + 3).await;
    let last = new.entries(opened.index + 2, 1).await.unwrap();
    assert_eq!(proto::payload_kind(&last[0].action), "motion_decided");
}

#[tokio::test]
async fn an_entry_that_does_not_follow_halts_every_follower_and_the_good_ones_before_it_are_shown()
{
    let all = Neighbourhood::founded(2).await;
    let (ledgers, leader) = all.open_all().await;
    let mut entries = all.shared.entries();
    let good = all.people().enrols("dina");
    entries.push(entry_after(&entries, &good, FOUNDED_AT));
    let mut forged = all.people().enrols("emil");
    forged.signatures[0].signature[0] ^= 1;
    entries.push(entry_after(&entries, &forged, FOUNDED_AT));
    all.shared
        .log
        .overwrite(vec![block(0, &entries[..1]), block(1, &entries[1..])]);
    let follower = &ledgers[1 - leader];
    assert_eq!(halted(follower).await.code(), "HALTED_CORRUPTION");
    assert_eq!(halted(follower).await.index(), Some(2));
    assert_eq!(*follower.durable_size().borrow(), 2);
    // The leader looks when it has something to append.
    let answer = insisting(&ledgers[leader], all.people().enrols("fang")).await;
    assert_eq!(answer.unwrap_err().code(), "HALTED_CORRUPTION");
}

#[tokio::test]
async fn an_entry_that_the_rules_refuse_halts_a_follower() {
    let all = Neighbourhood::founded(2).await;
    let (ledgers, leader) = all.open_all().await;
    let mut entries = all.shared.entries();
    let unlawful = all.people().enrols_unlawfully("dina");
    entries.push(entry_after(&entries, &unlawful, FOUNDED_AT));
    all.shared
        .log
        .overwrite(vec![block(0, &entries[..1]), block(1, &entries[1..])]);
    let halt = halted(&ledgers[1 - leader]).await;
    assert_eq!((halt.code(), halt.index()), ("HALTED_CORRUPTION", Some(1)));
}

#[tokio::test]
async fn a_newcomer_checks_the_whole_log_and_then_leads_as_well_as_any() {
    let all = Neighbourhood::founded(1).await;
    let (ledgers, _) = all.open_all().await;
    for number in 0..20 {
        let submission = all.people().enrols(&format!("person-{number}"));
        insisting(&ledgers[0], submission).await.unwrap();
    }
    let newcomer = all.newcomer(9).await;
    let joined = all.open(&newcomer).await.unwrap();
    durable(&joined, 21).await;
    assert_eq!(
        joined.checkpoint().to_bytes(),
        ledgers[0].checkpoint().to_bytes()
    );
    within(ledgers[0].shutdown()).await;
    let answer = insisting(&joined, all.people().enrols("last")).await;
    assert_eq!(answer.unwrap().receipt.index, 21);
}

#[tokio::test]
async fn nobody_leads_a_log_that_lacks_a_checkpoint_another_node_has() {
    let all = Neighbourhood::founded(2).await;
    let (ledgers, leader) = all.open_all().await;
    for name in ["dina", "emil"] {
        let submission = all.people().enrols(name);
        insisting(&ledgers[leader], submission).await.unwrap();
    }
    agree(&ledgers, 3).await;
    // The log is brought back as it was before, and a node that was away knows no better.
    let blocks = all.shared.log.blocks();
    let newcomer = all.newcomer(9).await;
    all.shared.log.overwrite(blocks[..2].to_vec());
    let joined = all.open(&newcomer).await.unwrap();
    within(ledgers[leader].shutdown()).await;
    // Whichever of the two comes to lead first, and then the other.
    for ledger in [&joined, &ledgers[1 - leader]] {
        assert_eq!(halted(ledger).await.code(), "HALTED_ROLLED_BACK");
    }
    assert_eq!(all.shared.log.blocks().len(), 2);
}

#[tokio::test]
async fn a_node_that_has_halted_still_tells_what_the_log_lacks() {
    let all = Neighbourhood::founded(2).await;
    let (ledgers, leader) = all.open_all().await;
    for name in ["dina", "emil"] {
        let submission = all.people().enrols(name);
        insisting(&ledgers[leader], submission).await.unwrap();
    }
    agree(&ledgers, 3).await;
    let newcomer = all.newcomer(9).await;
    all.shared
        .log
        .overwrite(all.shared.log.blocks()[..2].to_vec());
    within(ledgers[leader].shutdown()).await;
    assert_eq!(
        halted(&ledgers[1 - leader]).await.code(),
        "HALTED_ROLLED_BACK"
    );
    // Nobody who extends the log knows of the third entry any more.
    let joined = all.open(&newcomer).await.unwrap();
    assert_eq!(halted(&joined).await.code(), "HALTED_ROLLED_BACK");
    assert_eq!(all.shared.log.blocks().len(), 2);
}

#[tokio::test]
async fn a_signed_checkpoint_of_another_log_halts_and_what_is_not_signed_is_nothing() {
    let all = Neighbourhood::founded(2).await;
    let (ledgers, leader) = all.open_all().await;
    let submission = all.people().enrols("dina");
    insisting(&ledgers[leader], submission).await.unwrap();
    agree(&ledgers, 2).await;
    let subject = format!("gov.{LEDGER}.checkpoint");
    let announce = |note: Vec<u8>| all.messages.publish(&subject, note);
    let mut entries = all.shared.entries();
    announce(b"no note".to_vec()).await.unwrap();
    announce(checkpoint_over(&entries).to_bytes())
        .await
        .unwrap();
    let other = Checkpoint {
        origin: ledgers[0].info().origin,
        size: 2,
        root: Hash([7; 32]),
    };
    let key = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
    let foreign = tlog::NoteSigner::new(&other.origin, key).unwrap();
    let foreign = other.sign(&foreign).unwrap();
    announce(foreign.to_bytes()).await.unwrap();
    let submission = all.people().enrols("emil");
    insisting(&ledgers[leader], submission).await.unwrap();
    agree(&ledgers, 3).await;

    let forged = entry_after(&entries[..1], &all.people().enrols("fang"), FOUNDED_AT);
    entries[1] = forged;
    announce(checkpoint_over(&entries).to_bytes())
        .await
        .unwrap();
    for ledger in &ledgers {
        assert_eq!(halted(ledger).await.code(), "HALTED_FORKED");
    }
}

#[tokio::test]
async fn what_is_recorded_is_announced_once_by_who_leads() {
    let all = Neighbourhood::founded(3).await;
    let mut events = all
        .messages
        .listen(&format!("gov.{LEDGER}.events.>"))
        .await
        .unwrap();
    let mut checkpoints = all
        .messages
        .listen(&format!("gov.{LEDGER}.checkpoint"))
        .await
        .unwrap();
    let (ledgers, leader) = all.open_all().await;
    let submitted = insisting(&ledgers[leader], all.people().enrols("dina")).await;
    let receipt = submitted.unwrap().receipt;
    let event = within(events.recv()).await.unwrap();
    assert_eq!(
        event.subject,
        format!("gov.{LEDGER}.events.people.person_enrolled")
    );
    let event: serde_json::Value = serde_json::from_slice(&event.payload).unwrap();
    assert_eq!(event["index"], "1");
    assert_eq!(event["ledger"], LEDGER);
    assert_eq!(event["action"]["person_enrolled"]["person"], "dina");
    assert_eq!(event["recorded_at_ms"], receipt.recorded_at.0.to_string());
    let announced = within(checkpoints.recv()).await.unwrap();
    assert_eq!(announced.payload, receipt.checkpoint.to_bytes());
    agree(&ledgers, 2).await;
    assert!(events.try_recv().is_err());
    assert_eq!(ledgers[leader].events_left_out(), 0);
}

#[tokio::test]
async fn a_node_whose_clock_is_a_minute_off_does_not_lead_and_another_does() {
    let all = Neighbourhood::founded(1).await;
    let now = all.shared.clock.now();
    all.leases.stamp(now.plus(60_000));
    let (ledgers, _) = all.open_all().await;
    insisting(&ledgers[0], all.people().enrols("dina"))
        .await
        .unwrap();
    all.leases.stamp(now.plus(60_001));
    let mut standing = ledgers[0].standing().unwrap();
    let off = within(standing.wait_for(|standing| !standing.leads)).await;
    assert_eq!(off.unwrap().clock_apart_ms, Some(60_001));
    assert_eq!(
        refused(&ledgers[0], all.people().enrols("emil")).await,
        "NOT_LEADING"
    );
    // Once it is right again, it leads again.
    all.leases.stamp(now);
    within(standing.wait_for(|standing| standing.leads))
        .await
        .unwrap();
    let emil = insisting(&ledgers[0], all.people().enrols("emil")).await;
    assert_eq!(emil.unwrap().receipt.index, 2);
    assert_eq!(Millis(now.0), all.shared.clock.now());
}

#[tokio::test]
async fn what_is_forwarded_takes_along_short_contents_and_leaves_long_ones_in_the_store() {
    let all = Neighbourhood::founded(2).await;
    let (ledgers, leader) = all.open_all().await;
    let follower = &ledgers[1 - leader];
    let named = |person: &str, len: usize| all.people().enrols_named(person, &"n".repeat(len));
    let stored = async |submission: &Submission| {
        let action = proto::decode_action(&submission.action).unwrap();
        let digest = proto::contents_of(&action)[0].digest;
        follower.content(&digest).await.unwrap().is_some()
    };
    let short = named("dina", INLINE_CONTENT_MAX);
    let prepared = follower.prepare(short.clone()).await.unwrap();
    assert_eq!(prepared, short);
    assert!(!stored(&short).await);

    let long = named("emil", INLINE_CONTENT_MAX + 1);
    let prepared = follower.prepare(long.clone()).await.unwrap();
    assert_eq!(
        (&prepared.action, &prepared.signatures),
        (&long.action, &long.signatures)
    );
    assert!(prepared.contents.is_empty() && stored(&long).await);
    // The leader finds it there, and so does whoever reads the entry.
    let answer = insisting(&ledgers[leader], prepared).await.unwrap();
    assert_eq!(answer.receipt.index, 1);

    // Nothing is left of what the node can see will be refused: for its signature, or by a rule.
    let mut unsigned = named("fang", INLINE_CONTENT_MAX + 2);
    unsigned.signatures[0].signature[0] ^= 1;
    let refused = follower.prepare(unsigned.clone()).await.unwrap_err();
    assert_eq!(refused.code(), "BAD_SIGNATURE");
    assert!(!stored(&unsigned).await);
    agree(&ledgers, 2).await;
    let again = named("emil", INLINE_CONTENT_MAX + 3);
    let refused = follower.prepare(again.clone()).await.unwrap_err();
    assert_eq!(refused.code(), "PERSON_EXISTS");
    assert!(!stored(&again).await);
    // Short ones are the leader's to refuse.
    let again = all.people().enrols("emil");
    assert_eq!(follower.prepare(again.clone()).await.unwrap(), again);
}
