//! An operator who has the ledger's keys rewrites the log, and everything in the directory fits. Who
//! executes the rules and checks the signatures again can tell; and what even that cannot tell, any
//! checkpoint that somebody kept does.

use std::fs;
use std::path::Path;

use prost::Message as _;
use proto::v1::{self, action::Payload};
use system_tests::directory::ledger;
use tlog::Entry;

use super::forger::{change_derived, forge, position};
use super::good::{Good, LEDGER};
use super::{Audits, Case, Starts, checked, run, start};
use crate::refusals::scene::tabled;

const CORRUPT: &str = "HALTED_CORRUPTION";

fn is_decision(action: &v1::Action) -> bool {
    matches!(action.payload, Some(Payload::MotionDecided(_)))
}

fn is_roll_call(action: &v1::Action) -> bool {
    matches!(action.payload, Some(Payload::RollCallRecorded(_)))
}

fn is_enrolment(action: &v1::Action) -> bool {
    matches!(action.payload, Some(Payload::PersonEnrolled(_)))
}

/// Changes the first decision and has the record key sign it. Returns its index.
fn change_decision(good: &Good, data: &Path, change: impl FnOnce(&mut v1::MotionDecided)) -> u64 {
    forge(good, data, |entries| {
        let at = position(entries, is_decision);
        change_derived(data, &mut entries[at], |action| {
            let Some(Payload::MotionDecided(decided)) = &mut action.payload else {
                panic!("a decision");
            };
            change(decided);
        });
        at as u64
    })
}

/// Records an act at the end, at the time of the last. Returns its index.
fn append_act(entries: &mut Vec<Entry>, request: v1::SubmitRequest) -> u64 {
    let mut entry = entries.last().expect("an entry").clone();
    entry.action = request.action;
    let signatures = request.signatures.into_iter();
    let signatures = signatures.map(|signature| tlog::Signature {
        key: signature.key.try_into().expect("32 bytes"),
        signature: signature.signature.try_into().expect("64 bytes"),
    });
    entry.signatures = signatures.collect();
    entries.push(entry);
    entries.len() as u64 - 1
}

/// Gives the first roll call another title, without its signers. Returns its index.
fn change_roll_call(entries: &mut [Entry]) -> u64 {
    let at = position(entries, is_roll_call);
    let entry = &mut entries[at];
    let mut action = v1::Action::decode(entry.action.as_slice()).expect("an action");
    if let Some(Payload::RollCallRecorded(call)) = &mut action.payload
        && let Some(minuted) = &mut call.minuted
        && let Some(text) = &mut minuted.text
    {
        "A title nobody signed".clone_into(&mut text.title);
    }
    entry.action = action.encode_to_vec();
    at as u64
}

#[test]
fn a_log_rewritten_by_who_has_its_keys_does_not_follow() {
    run(vec![
        Case {
            sentence: "An outcome was turned round: the tally says otherwise.",
            damage: |good, data| {
                Some(change_decision(good, data, |decided| {
                    decided.outcome = v1::Outcome::Rejected.into();
                }))
            },
            starts: Starts::Halted(CORRUPT, &["motion_decided"]),
            audits: Audits::Finds("DERIVED_DIFFERS", &["motion_decided"]),
        },
        Case {
            sentence: "A tally was padded by one vote that nobody cast.",
            damage: |good, data| {
                Some(change_decision(good, data, |decided| {
                    decided.measures[0].in_favour += 1;
                }))
            },
            starts: Starts::Halted(CORRUPT, &["motion_decided"]),
            audits: Audits::Finds("DERIVED_DIFFERS", &["motion_decided"]),
        },
        Case {
            sentence: "A decision was left out.",
            damage: |good, data| {
                forge(good, data, |entries| {
                    let at = position(entries, is_decision);
                    entries.remove(at);
                    Some(at as u64)
                })
            },
            starts: Starts::Halted(CORRUPT, &["motion_decided", "missing"]),
            audits: Audits::Finds("DERIVED_MISSING", &["motion_decided"]),
        },
        Case {
            sentence: "A roll call was altered without its clerk and teller. A start believes the \
                       checkpoint that signatures were checked.",
            damage: |good, data| Some(forge(good, data, |entries| change_roll_call(entries))),
            starts: Starts::Unaware,
            audits: Audits::Finds("BAD_SIGNATURE", &["signature 0"]),
        },
        Case {
            sentence: "The teller tabled a motion, which only the clerk may.",
            damage: |good, data| {
                let motion = tabled("unlawful", "council-ordinary", "An unlawful motion");
                let request = good.teller.signed(motion);
                Some(forge(good, data, |entries| append_act(entries, request)))
            },
            starts: Starts::Halted(CORRUPT, &["rules refuse it"]),
            audits: Audits::Finds("AGAINST_THE_RULES", &["rules refuse it"]),
        },
        Case {
            sentence: "An act was recorded a second time.",
            damage: |good, data| {
                forge(good, data, |entries| {
                    let again = entries.last().expect("an entry").clone();
                    entries.push(again);
                    Some(entries.len() as u64 - 1)
                })
            },
            starts: Starts::Halted(CORRUPT, &["rules refuse it"]),
            audits: Audits::Finds("AGAINST_THE_RULES", &["rules refuse it"]),
        },
        Case {
            sentence: "The log was rewritten, but the checkpoints that were signed are still there.",
            damage: |good, data| {
                let journal = ledger(data, LEDGER).join("checkpoints.journal");
                let signed = fs::read(&journal).expect("it is there");
                let at = forge(good, data, |entries| exchange_two_enrolments(entries));
                fs::write(&journal, signed).expect("there is room");
                Some(at)
            },
            starts: Starts::Unread("HALTED_FORKED", &["root"]),
            audits: Audits::Finds("ROOT_DIFFERS", &["root"]),
        },
    ]);
}

/// Exchanges two enrolments, which is lawful either way. Returns the index of the first.
fn exchange_two_enrolments(entries: &mut [Entry]) -> u64 {
    let at = position(&entries[50..], is_enrolment) + 50;
    let next = position(&entries[at + 1..], is_enrolment) + at + 1;
    let (first, second) = (entries[at].recorded_at, entries[next].recorded_at);
    entries.swap(at, next);
    entries[at].recorded_at = first;
    entries[next].recorded_at = second;
    at as u64
}

#[test]
fn a_history_rewritten_lawfully_is_betrayed_by_any_checkpoint_that_was_kept() {
    let good = super::good();
    super::runtime().block_on(check_lawful_rewriting(good));
}

async fn check_lawful_rewriting(good: &Good) {
    let copy = good.copy();
    forge(good, copy.path(), |entries| {
        exchange_two_enrolments(entries);
    });
    super::audit_ledger(copy.path(), LEDGER).expect(0);
    let server = start(copy.path());
    let client = server.client().await;
    let log = checked::Log::read(&client, LEDGER, &good.key).await;
    let kept = good.log.checkpoint.checkpoint();
    assert_ne!(
        log.root_at(kept.size),
        kept.root,
        "both were signed, and one is a lie"
    );
    let request = v1::GetConsistencyProofRequest {
        ledger: LEDGER.to_owned(),
        old_size: kept.size,
        new_size: 0,
    };
    let answer = client.audit().get_consistency_proof(request).await;
    let answer = answer.expect("a proof of the log there is").into_inner();
    let new = checked::open(&answer.checkpoint, &good.key);
    let new = new.checkpoint();
    let proof: Vec<_> = answer
        .proof
        .iter()
        .map(|hash| checked::hash(hash))
        .collect();
    let proved = tlog::verify_consistency(kept.size, &kept.root, new.size, &new.root, &proof);
    proved.expect_err("no proof leads from a checkpoint that was kept to this log");
    server.stop().expect(0);
}
