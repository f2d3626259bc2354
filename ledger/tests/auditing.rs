//! What an audit proves, and what it finds.

mod common;

use std::sync::Mutex;

use common::{LEDGER, Memory, checkpoint_over, id, ledger_keys, recorded};
use governance::action::{Action, Ballot, Choice, DeliberationAction, Outcome, Payload, Stance};
use ledger::audit::{AuditOptions, AuditReport, Fetched, Finding, audit};
use tlog::{Entry, Hash, SignedCheckpoint, leaf_hash};

/// A year in small: a roll, a motion that is adopted, one that is closed early, some enrolments.
async fn story() -> Vec<Vec<u8>> {
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
    for (voter, stance) in [
        ("anna", Stance::For),
        ("bao", Stance::For),
        ("chen", Stance::Against),
    ] {
        recorded(&ledger, people.votes(voter, "lamps", opened.leaf, stance)).await;
    }
    memory.clock.advance(60_000);
    common::durable(&ledger, opened.index + 5).await;
    recorded(&ledger, people.enrols("dina")).await;
    recorded(&ledger, people.tables("bench")).await;
    let opened = recorded(&ledger, people.opens("bench", 60_000))
        .await
        .receipt;
    for (voter, stance) in [
        ("anna", Stance::Against),
        ("bao", Stance::Against),
        ("chen", Stance::For),
    ] {
        recorded(&ledger, people.votes(voter, "bench", opened.leaf, stance)).await;
    }
    recorded(&ledger, people.closes("bench")).await;
    recorded(&ledger, people.enrols("emil")).await;
    memory.entries()
}

fn audited(
    entries: &[Vec<u8>],
    checkpoint: &SignedCheckpoint,
    quick: bool,
) -> Result<AuditReport, Finding> {
    // Pages of odd sizes, as a server may give them.
    let pages = entries.chunks(3).map(|page| Ok(page.to_vec()));
    let mut source = Fetched::new(id(LEDGER), &checkpoint.to_bytes(), pages)?;
    let options = AuditOptions {
        quick,
        ..AuditOptions::default()
    };
    audit(&mut source, options, &|_| {})
}

/// Both ways must find the same.
fn finding(entries: &[Vec<u8>], checkpoint: &SignedCheckpoint) -> (&'static str, Option<u64>) {
    let strict = audited(entries, checkpoint, false).expect_err("a finding");
    let quick = audited(entries, checkpoint, true).expect_err("a finding");
    assert_eq!(strict.code(), quick.code());
    assert_eq!(strict.index, quick.index);
    assert!(!strict.to_string().is_empty());
    (strict.code(), strict.index)
}

/// The same entries with one changed, chained anew: what an operator with the ledger's keys can do.
fn rechained(entries: &[Vec<u8>], change: impl Fn(u64, &mut Entry) -> bool) -> Vec<Vec<u8>> {
    let mut chained: Vec<Vec<u8>> = Vec::new();
    for bytes in entries {
        let mut entry = Entry::decode(bytes).unwrap();
        if !change(entry.index, &mut entry) {
            continue;
        }
        entry.index = chained.len() as u64;
        entry.previous = chained.last().map_or(Hash::ZERO, |last| leaf_hash(last));
        chained.push(entry.encode().unwrap());
    }
    chained
}

/// Where the first entry of this kind stands.
fn position(entries: &[Vec<u8>], kind: &str) -> u64 {
    let found = entries.iter().position(|bytes| {
        let entry = Entry::decode(bytes).unwrap();
        proto::payload_kind(&proto::decode_action(&entry.action).unwrap()) == kind
    });
    found.expect("there is one") as u64
}

fn change_action(entry: &mut Entry, change: impl Fn(&mut Action)) {
    let mut action = proto::decode_action(&entry.action).unwrap();
    change(&mut action);
    entry.action = proto::encode_action(&action);
}

#[tokio::test]
async fn a_sound_ledger_is_proven_with_every_figure() {
    let entries = story().await;
    let checkpoint = checkpoint_over(&entries);
    for quick in [false, true] {
        let report = audited(&entries, &checkpoint, quick).unwrap();
        assert_eq!(report.entries, entries.len() as u64);
        assert_eq!(report.acknowledged, report.entries);
        assert_eq!(report.root, checkpoint.checkpoint().root);
        assert_eq!(report.genesis.0, leaf_hash(&entries[0]).0);
        assert_eq!(report.quick, quick);
        assert_eq!(report.checkpoints, 1);
        assert_eq!(report.actions["ballot_cast"], 6);
        assert_eq!(report.actions["motion_decided"], 2);
        assert_eq!(report.derived, 2);
        // The founding has seven signatures, everything else one.
        assert_eq!(report.signatures, report.entries + 6);
        let outcomes: Vec<_> = report.decisions.iter().map(|d| d.decided.outcome).collect();
        assert_eq!(outcomes, [Outcome::Adopted, Outcome::Rejected]);
        assert_eq!(report.decisions[0].decided.measures[0].in_favour, 2);
        assert!(!report.contents_checked);
    }
}

#[tokio::test]
async fn progress_reaches_the_end() {
    let entries = story().await;
    let checkpoint = checkpoint_over(&entries);
    let pages = entries.chunks(5).map(|page| Ok(page.to_vec()));
    let mut source = Fetched::new(id(LEDGER), &checkpoint.to_bytes(), pages).unwrap();
    let seen = Mutex::new(Vec::new());
    audit(&mut source, AuditOptions::default(), &|progress| {
        seen.lock().unwrap().push(progress.entries);
        assert_eq!(progress.total, entries.len() as u64);
    })
    .unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.is_sorted());
    assert_eq!(seen.last(), Some(&(entries.len() as u64)));
}

#[tokio::test]
async fn any_flipped_byte_is_found_at_its_entry_or_at_the_next() {
    let entries = story().await;
    let checkpoint = checkpoint_over(&entries);
    let target = usize::try_from(position(&entries, "ballot_cast")).unwrap();
    for at in 0..entries[target].len() {
        let mut changed = entries.clone();
        changed[target][at] ^= 0x10;
        let found = audited(&changed, &checkpoint, false).expect_err("a finding");
        let index = found.index.unwrap();
        assert!(
            index == target as u64 || index == target as u64 + 1,
            "byte {at}: {found}"
        );
    }
    // In the last entry, where no link tells it, too.
    let last = entries.len() - 1;
    let mut changed = entries.clone();
    let recorded_at = 2 + 8 + LEDGER.len() + 8;
    changed[last][recorded_at] ^= 1;
    let (code, index) = finding(&changed, &checkpoint);
    assert!(
        matches!(code, "ROOT_DIFFERS" | "AGAINST_THE_RULES" | "CHAIN_BROKEN"),
        "{code}"
    );
    assert_eq!(index, Some(last as u64));
}

#[tokio::test]
async fn dropped_repeated_swapped_and_missing_entries_are_found() {
    let entries = story().await;
    let checkpoint = checkpoint_over(&entries);
    let mut dropped = entries.clone();
    dropped.remove(4);
    assert_eq!(finding(&dropped, &checkpoint), ("CHAIN_BROKEN", Some(4)));
    let mut repeated = entries.clone();
    repeated.insert(4, entries[4].clone());
    assert_eq!(finding(&repeated, &checkpoint), ("CHAIN_BROKEN", Some(5)));
    let mut swapped = entries.clone();
    swapped.swap(4, 5);
    assert_eq!(finding(&swapped, &checkpoint), ("CHAIN_BROKEN", Some(4)));
    let cut = &entries[..entries.len() - 1];
    assert_eq!(
        finding(cut, &checkpoint),
        ("ENTRIES_WITHHELD", Some(cut.len() as u64))
    );
    assert_eq!(finding(&[], &checkpoint), ("ENTRIES_WITHHELD", Some(0)));
    let mut other = entries.clone();
    other[0] = b"not an entry".to_vec();
    assert_eq!(finding(&other, &checkpoint), ("NOT_AN_ENTRY", Some(0)));
}

#[tokio::test]
async fn a_changed_ballot_is_found_even_if_the_operator_chains_and_signs_anew() {
    let entries = story().await;
    let ballot = position(&entries, "ballot_cast");
    let forged = rechained(&entries, |index, entry| {
        if index == ballot {
            change_action(entry, |action| {
                if let Payload::Deliberation(DeliberationAction::BallotCast(cast)) =
                    &mut action.payload
                {
                    cast.ballot = Ballot::Open(Choice::Stance(Stance::Against));
                }
            });
        }
        true
    });
    // Chain, tree and checkpoint are perfect; only the voter's signature is not.
    let checkpoint = checkpoint_over(&forged);
    assert_eq!(
        finding(&forged, &checkpoint),
        ("BAD_SIGNATURE", Some(ballot))
    );
}

#[tokio::test]
async fn a_dropped_ballot_is_found_even_if_the_operator_chains_and_signs_anew() {
    let entries = story().await;
    let ballot = position(&entries, "ballot_cast");
    let forged = rechained(&entries, |index, _| index != ballot);
    // Every signature stands, but the recorded decision is not what the ballots give.
    let decided = position(&forged, "motion_decided");
    let checkpoint = checkpoint_over(&forged);
    assert_eq!(
        finding(&forged, &checkpoint),
        ("DERIVED_DIFFERS", Some(decided))
    );
}

#[tokio::test]
async fn a_missing_and_a_wrong_derived_entry_are_found() {
    let entries = story().await;
    let decided = position(&entries, "motion_decided");
    let without = rechained(&entries, |index, _| index != decided);
    let found = finding(&without, &checkpoint_over(&without));
    assert_eq!(found, ("DERIVED_MISSING", Some(decided)));

    let wrong = rechained(&entries, |index, entry| {
        if index == decided {
            change_action(entry, |action| {
                if let Payload::Deliberation(DeliberationAction::MotionDecided(it)) =
                    &mut action.payload
                {
                    it.outcome = Outcome::Rejected;
                }
            });
            entry.signatures = vec![ledger_keys().sign_action(&entry.action)];
        }
        true
    });
    let found = finding(&wrong, &checkpoint_over(&wrong));
    assert_eq!(found, ("DERIVED_DIFFERS", Some(decided)));
}

/// Two votes that end at the same moment, and an act after it.
async fn two_due_together() -> Vec<Vec<u8>> {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let people = &memory.people;
    for submission in people.publishes_roll(&["anna", "bao", "chen"]) {
        recorded(&ledger, submission).await;
    }
    let mut opened = 0;
    for motion in ["lamps", "bench"] {
        recorded(&ledger, people.tables(motion)).await;
    }
    for motion in ["lamps", "bench"] {
        opened = recorded(&ledger, people.opens(motion, 60_000))
            .await
            .receipt
            .index;
    }
    memory.clock.advance(60_000);
    common::durable(&ledger, opened + 3).await;
    recorded(&ledger, people.enrols("dina")).await;
    memory.entries()
}

#[tokio::test]
async fn what_is_due_together_recorded_in_another_order_or_twice_is_found() {
    let entries = two_due_together().await;
    let first = position(&entries, "motion_decided");
    let at = usize::try_from(first).unwrap();
    assert!(audited(&entries, &checkpoint_over(&entries), false).is_ok());

    let mut swapped = entries.clone();
    swapped.swap(at, at + 1);
    let swapped = rechained(&swapped, |_, _| true);
    let found = finding(&swapped, &checkpoint_over(&swapped));
    assert_eq!(found, ("DERIVED_DIFFERS", Some(first)));

    let mut twice = entries.clone();
    twice.insert(at + 1, entries[at].clone());
    let twice = rechained(&twice, |_, _| true);
    let found = finding(&twice, &checkpoint_over(&twice));
    assert_eq!(found, ("DERIVED_DIFFERS", Some(first + 1)));

    let without_second = rechained(&entries, |index, _| index != first + 1);
    let found = finding(&without_second, &checkpoint_over(&without_second));
    assert_eq!(found, ("DERIVED_MISSING", Some(first + 1)));
}

#[tokio::test]
async fn an_unlawful_act_is_found_however_well_it_is_signed() {
    let memory = Memory::founded().await;
    let mut entries = memory.entries();
    let unlawful = memory.people.enrols_unlawfully("dina");
    entries.push(common::entry_after(&entries, &unlawful, common::FOUNDED_AT));
    let checkpoint = checkpoint_over(&entries);
    assert_eq!(
        finding(&entries, &checkpoint),
        ("AGAINST_THE_RULES", Some(1))
    );
}

#[tokio::test]
async fn a_checkpoint_of_other_entries_or_by_another_key_is_found() {
    let entries = story().await;
    let last = Some(entries.len() as u64 - 1);
    let mut other = checkpoint_over(&entries).checkpoint().clone();
    other.root.0[0] ^= 1;
    let signed = ledger_keys().sign_checkpoint(&other).unwrap();
    assert_eq!(finding(&entries, &signed), ("ROOT_DIFFERS", last));
    let stranger = ledger::LedgerKeys::new(common::key("a"), common::key("b"));
    let signed = stranger
        .sign_checkpoint(checkpoint_over(&entries).checkpoint())
        .unwrap();
    assert_eq!(finding(&entries, &signed), ("CHECKPOINT_FOREIGN", last));
}

#[tokio::test]
async fn what_cannot_be_fetched_is_no_finding_about_the_ledger() {
    let entries = story().await;
    let checkpoint = checkpoint_over(&entries);
    let pages = [
        Ok(entries[..3].to_vec()),
        Err("connection refused".to_owned()),
    ];
    let mut source = Fetched::new(id(LEDGER), &checkpoint.to_bytes(), pages.into_iter()).unwrap();
    let found = audit(&mut source, AuditOptions::default(), &|_| {}).unwrap_err();
    assert!(found.is_unavailable());
    assert!(found.to_string().contains("connection refused"));
}
