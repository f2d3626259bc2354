//! Somebody has a key of the ledger's own: one that was given up, or one in force. Who notices, and what a thief
//! cannot do. `tests/tampering` has the table of it.

mod common;

use std::sync::Arc;

use common::keys::{
    CHECKPOINT, Keys, NEXT_CHECKPOINT, NEXT_RECORD, RECORD, open_with, signed_with, verifier,
};
use common::neighbourhood::{Neighbourhood, insisting};
use common::{FOUNDED_AT, LEDGER, Memory, durable, entry_after, id, recorded, refused, within};
use governance::action::Stance;
use ledger::Clock as _;
use ledger::audit::{
    AuditOptions, Auditor, Believed, Bundle, Fetched, Finding, OtherLog, audit, prove_by_bundle,
    write_bundle,
};
use ledger::messages::Messages as _;
use tlog::evidence::Proven;
use tlog::{Evidence, Note, SignedCheckpoint, VerifierKey};

/// A log that exchanged its checkpoint key, and what somebody with the old one made of it from before that on.
struct Parted {
    log: Vec<Vec<u8>>,
    /// How many entries it has when the new key comes into force.
    seam: usize,
    /// As long, and without the rotation.
    other: Vec<Vec<u8>>,
}

impl Parted {
    async fn new() -> Parted {
        let memory = Memory::founded().await;
        let keys = Keys::of(&[RECORD, CHECKPOINT, NEXT_CHECKPOINT]);
        let ledger = open_with(&memory, &keys).await.unwrap();
        let people = &memory.people;
        recorded(&ledger, people.enrols("dina")).await;
        recorded(&ledger, people.enrols("emil")).await;
        recorded(&ledger, people.rotates(CHECKPOINT, NEXT_CHECKPOINT)).await;
        recorded(&ledger, people.enrols("fang")).await;
        recorded(&ledger, people.enrols("gao")).await;
        let log = memory.entries();
        let mut other = log[..3].to_vec();
        for person in ["hua", "ines", "jun"] {
            other.push(entry_after(
                &other,
                &people.enrols(person),
                memory.clock.now(),
            ));
        }
        Parted {
            log,
            seam: 4,
            other,
        }
    }

    /// By whichever key is in force at that size, as the log signs it.
    fn note(&self, size: usize) -> Note {
        let key = if size < self.seam {
            CHECKPOINT
        } else {
            NEXT_CHECKPOINT
        };
        note(&signed_with(&self.log[..size], key))
    }

    /// By the old key, as only a thief signs it.
    fn stolen(&self, size: usize) -> Note {
        note(&signed_with(&self.other[..size], CHECKPOINT))
    }

    fn believing(&self, size: usize) -> Believed {
        let key = if size < self.seam {
            CHECKPOINT
        } else {
            NEXT_CHECKPOINT
        };
        Believed {
            ledger: id(LEDGER),
            genesis: governance::ids::Leaf(tlog::leaf_hash(&self.log[0]).0),
            key: verifier(key),
            checkpoint: self.note(size),
        }
    }
}

fn note(signed: &SignedCheckpoint) -> Note {
    signed.note().clone()
}

type Pages = std::vec::IntoIter<Result<Vec<Vec<u8>>, String>>;

fn source(entries: &[Vec<u8>], note: &Note) -> Fetched<Pages> {
    let pages: Vec<_> = entries.chunks(2).map(|page| Ok(page.to_vec())).collect();
    Fetched::new(id(LEDGER), note.to_string().as_bytes(), pages.into_iter()).unwrap()
}

fn audited(
    entries: &[Vec<u8>],
    note: &Note,
    believed: Option<Believed>,
) -> Result<Auditor, Finding> {
    let options = AuditOptions {
        believed,
        keep_tree: true,
        ..AuditOptions::default()
    };
    let mut auditor = Auditor::new(&id(LEDGER), options);
    auditor.take(&mut source(entries, note), &mut |_| {}, &|_| {})?;
    Ok(auditor)
}

fn found(entries: &[Vec<u8>], note: &Note, believed: Option<Believed>) -> Option<Finding> {
    audited(entries, note, believed).err()
}

fn shown(entries: &[Vec<u8>]) -> OtherLog {
    let mut shown = OtherLog::new();
    shown.take(entries);
    shown
}

/// The finding says that there are two histories, and others see it by both keys, and by neither alone.
fn is_forked(found: Option<Finding>) {
    let found = found.expect("a finding");
    assert_eq!(found.code(), "FORKED", "{found}");
    let evidence = found.evidence.expect("evidence").to_string();
    let evidence = Evidence::parse(evidence.as_bytes()).unwrap();
    let both = [verifier(CHECKPOINT), verifier(NEXT_CHECKPOINT)];
    let proven = evidence.judge(&both, &[]).expect("it proves it");
    assert!(matches!(proven, Proven::Fork { .. }), "{proven:?}");
    for one in both {
        assert!(evidence.judge(&[one], &[]).is_err());
    }
}

#[tokio::test]
async fn a_second_history_signed_with_the_old_key_is_found_by_who_kept_anything_since() {
    let all = Parted::new().await;
    // Who knows nothing of the rotation is shown a log in which there is none.
    for size in 4..=6 {
        assert!(found(&all.other[..size], &all.stolen(size), None).is_none());
        // So is who kept something from before the histories part, though the key was exchanged since.
        for kept in 1..=3 {
            let believed = Some(all.believing(kept));
            assert!(found(&all.other[..size], &all.stolen(size), believed).is_none());
        }
    }
    // From the seam on, what was kept contradicts it.
    for (kept, size) in [(4, 4), (4, 6), (5, 6), (6, 6)] {
        let believed = Some(all.believing(kept));
        is_forked(found(&all.other[..size], &all.stolen(size), believed));
    }
    let shorter = found(&all.other[..5], &all.stolen(5), Some(all.believing(6)));
    assert_eq!(shorter.expect("a finding").code(), "ROLLED_BACK");
    // The log itself is followed over the seam from either side.
    for kept in [1, 3, 4, 6] {
        audited(&all.log, &all.note(6), Some(all.believing(kept))).unwrap();
    }
}

#[tokio::test]
async fn the_log_as_it_is_under_a_checkpoint_of_the_old_key_is_told_apart_from_a_strangers() {
    let all = Parted::new().await;
    let forged = note(&signed_with(&all.log, CHECKPOINT));
    let told = found(&all.log, &forged, None).expect("a finding");
    assert_eq!(told.code(), "CHECKPOINT_KEY_NOT_IN_FORCE");
    let said = told.to_string();
    for key in [CHECKPOINT, NEXT_CHECKPOINT] {
        assert!(said.contains(&verifier(key).to_string()), "{said}");
    }
    let stranger = note(&signed_with(&all.log, "anna"));
    let told = found(&all.log, &stranger, None).expect("a finding");
    assert_eq!(told.code(), "CHECKPOINT_FOREIGN");

    // The whole log under that checkpoint proves it to others.
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("given-up.govbundle");
    let keys = [verifier(CHECKPOINT), verifier(NEXT_CHECKPOINT)];
    write_bundle(&mut source(&all.log, &forged), &file, &keys, &[]).unwrap();
    let proven = prove_by_bundle(&file, &keys, Vec::new(), &|_| {}).unwrap();
    let proven = proven.expect("it proves it");
    assert_eq!(proven.code(), "CHECKPOINT_KEY_NOT_IN_FORCE");
}

#[tokio::test]
async fn two_servers_are_compared_over_the_seam_by_the_keys_that_each_log_names() {
    let all = Parted::new().await;
    let mut whole = audited(&all.log, &all.note(6), None).unwrap();
    // The other server lags behind the rotation, or is a few entries ahead of it.
    whole.compare(&all.note(3)).unwrap();
    let mut behind = audited(&all.log[..3], &all.note(3), None).unwrap();
    let ahead = all.note(6);
    assert!(!behind.is_signed(&ahead), "it knows no such key yet");
    behind.compare_longer(&ahead, &shown(&all.log)).unwrap();
    let by_old = note(&signed_with(&all.log, CHECKPOINT));
    let told = behind.compare_longer(&by_old, &shown(&all.log));
    assert_eq!(told.unwrap_err().code(), "CHECKPOINT_KEY_NOT_IN_FORCE");

    // Another history under the old key, shorter, as long, or longer.
    for size in 4..=6 {
        is_forked(whole.compare(&all.stolen(size)).err());
    }
    let before = audited(&all.log[..5], &all.note(5), None).unwrap();
    is_forked(
        before
            .compare_longer(&all.stolen(6), &shown(&all.other))
            .err(),
    );
    let stranger = note(&signed_with(&all.other, "anna"));
    let told = before.compare_longer(&stranger, &shown(&all.other));
    assert_eq!(told.unwrap_err().code(), "CHECKPOINT_FOREIGN");
    let told = whole.compare(&stranger).unwrap_err();
    assert_eq!(told.code(), "CHECKPOINT_FOREIGN");
    // Who has read only what both have is told nothing by the thief's, as nobody can.
    let known = audited(&all.log[..3], &all.note(3), None).unwrap();
    known
        .compare_longer(&all.stolen(6), &shown(&all.other))
        .unwrap();
    assert_eq!(
        behind
            .compare(&all.stolen(2))
            .err()
            .map(|found| found.code()),
        None
    );
}

/// Whoever reaches the nodes' messages, and has a key that no longer signs or that never signed checkpoints.
#[tokio::test]
async fn a_given_up_key_and_a_record_key_stop_no_node_from_leading() {
    let all = {
        let mut all = Neighbourhood::founded(2).await;
        let keys = Keys::of(&[RECORD, CHECKPOINT, NEXT_RECORD, NEXT_CHECKPOINT]);
        for node in &mut all.nodes {
            node.signer = Arc::new(keys.ring());
        }
        all
    };
    let (ledgers, leader) = all.open_all().await;
    let people = all.people();
    for (old, new) in [(CHECKPOINT, NEXT_CHECKPOINT), (RECORD, NEXT_RECORD)] {
        let rotates = people.rotates(old, new);
        insisting(&ledgers[leader], rotates).await.unwrap();
    }
    for ledger in &ledgers {
        durable(ledger, 3).await;
    }
    // Larger than any log, of this one's length, and smaller.
    let mut entries = all.shared.entries();
    for person in ["hua", "ines"] {
        entries.push(entry_after(&entries, &people.enrols(person), FOUNDED_AT));
    }
    let subject = format!("gov.{LEDGER}.checkpoint");
    for thief in [CHECKPOINT, RECORD, NEXT_RECORD] {
        let mut other = entries.clone();
        other.remove(2);
        for made in [&entries[..], &other[..3]] {
            let forged = signed_with(made, thief).to_bytes();
            all.messages.publish(&subject, forged).await.unwrap();
        }
    }
    // What comes after has been heard after it, whoever leads then.
    within(ledgers[leader].shutdown()).await;
    let other = &ledgers[1 - leader];
    insisting(other, people.enrols("fang")).await.unwrap();
    assert!(other.halted().is_none(), "{:?}", other.halted());

    // The key in force halts them all, as it must.
    let forged = signed_with(
        &[&entries[..2], &entries[3..]].concat()[..3],
        NEXT_CHECKPOINT,
    );
    all.messages
        .publish(&subject, forged.to_bytes())
        .await
        .unwrap();
    let halted = async {
        while other.halted().is_none() {
            tokio::task::yield_now().await;
        }
    };
    within(halted).await;
    assert_eq!(other.halted().unwrap().code(), "HALTED_FORKED");
}

#[tokio::test]
async fn a_stolen_record_key_records_nothing() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let people = &memory.people;
    for submission in people.publishes_roll(&["anna", "bao"]) {
        recorded(&ledger, submission).await;
    }
    recorded(&ledger, people.tables("lamps")).await;
    let opened = recorded(&ledger, people.opens("lamps", 60_000))
        .await
        .receipt;
    recorded(
        &ledger,
        people.votes("anna", "lamps", opened.leaf, Stance::For),
    )
    .await;
    memory.clock.advance(60_000);
    durable(&ledger, opened.index + 3).await;
    let entries = memory.entries();
    let decided = tlog::Entry::decode(entries.last().unwrap()).unwrap();
    let again = ledger::Submission {
        action: decided.action,
        signatures: decided.signatures,
        contents: Vec::new(),
    };
    // What the ledger itself signed, sent by somebody who has it or its key.
    let code = refused(&ledger, again).await;
    assert_eq!(code, "NOTHING_DUE");
    assert_eq!(memory.entries().len(), entries.len());
}

/// The keys beside the entries are the word of whoever made the file.
#[tokio::test]
async fn a_bundle_that_names_other_keys_than_its_entries_is_not_believed_and_blames_nobody() {
    let all = Parted::new().await;
    let (old, new) = (verifier(CHECKPOINT), verifier(NEXT_CHECKPOINT));
    let log = [old.clone(), new.clone()];
    let made = |keys: &[VerifierKey]| {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("made.govbundle");
        write_bundle(&mut source(&all.log, &all.note(6)), &file, keys, &[]).unwrap();
        let mut bundle = Bundle::open(&file).unwrap();
        let audited = audit(&mut bundle, AuditOptions::default(), &|_| {});
        let proven = prove_by_bundle(&file, &log, Vec::new(), &|_| {});
        (
            audited.err().map(|found| found.code()),
            proven.map(|found| found.is_some()),
        )
    };
    let (audited, proven) = made(&log);
    assert_eq!((audited, proven.unwrap()), (None, false));
    for keys in [
        vec![old.clone()],
        vec![new.clone()],
        vec![new.clone(), old.clone()],
        vec![old, new, verifier("anna")],
    ] {
        let (audited, proven) = made(&keys);
        assert_eq!(audited, Some("KEYS_DIFFER"));
        assert_eq!(proven.unwrap_err().code(), "KEYS_DIFFER");
    }
}
