//! What an auditor finds who remembers: histories that part, what was taken back or withheld, times that are
//! not the witnesses'; and that the evidence proves it to somebody else.

mod common;

use common::{FOUNDED_AT, LEDGER, Memory, checkpoint_over, entry_after, id, key, recorded};
use governance::action::Stance;
use governance::ids::Millis;
use ledger::Clock as _;
use ledger::audit::{
    AuditOptions, Auditor, Believed, Fetched, Finding, OtherLog, prove_by_bundle, write_bundle,
};
use tlog::cosignature::Cosigner;
use tlog::evidence::{Disagreement, Proven};
use tlog::{Evidence, EvidenceError, Note, SignatureKind, VerifierKey};

fn witness() -> Cosigner {
    Cosigner::new("witness.example.org/w", key("a witness")).unwrap()
}

fn log_key() -> VerifierKey {
    let public = common::public("the checkpoint");
    let origin = "records.example.org/xinyuanli";
    VerifierKey::new(origin, SignatureKind::Ed25519, &public.0).unwrap()
}

/// Signed over the first `size` entries, and cosigned at a time in seconds.
fn note(entries: &[Vec<u8>], size: usize, cosigned_at: Option<u64>) -> Note {
    let mut signed = checkpoint_over(&entries[..size]);
    if let Some(at) = cosigned_at {
        let cosignature = witness().cosign(signed.note().text(), at).unwrap();
        signed.add_cosignature(cosignature).unwrap();
    }
    signed.note().clone()
}

fn believing(note: &Note, entries: &[Vec<u8>]) -> Believed {
    Believed {
        ledger: id(LEDGER),
        genesis: governance::ids::Leaf(tlog::leaf_hash(&entries[0]).0),
        key: log_key(),
        checkpoint: note.clone(),
    }
}

fn options(believed: Option<Believed>) -> AuditOptions {
    AuditOptions {
        witnesses: vec![witness().verifier_key().clone()],
        believed,
        keep_tree: true,
        ..AuditOptions::default()
    }
}

/// A source that shows `note` and gives these entries from `start` on, three a page.
fn source(
    entries: &[Vec<u8>],
    start: usize,
    note: &Note,
) -> Fetched<std::vec::IntoIter<Result<Vec<Vec<u8>>, String>>> {
    let pages: Vec<_> = entries[start..].chunks(3).map(|p| Ok(p.to_vec())).collect();
    Fetched::new(id(LEDGER), note.to_string().as_bytes(), pages.into_iter()).unwrap()
}

fn audited(
    entries: &[Vec<u8>],
    note: &Note,
    believed: Option<Believed>,
) -> Result<Auditor, Finding> {
    let mut auditor = Auditor::new(&id(LEDGER), options(believed));
    let mut source = source(entries, 0, note);
    auditor.take(&mut source, &mut |_| {}, &|_| {})?;
    auditor.report(&source)?;
    Ok(auditor)
}

fn proven(finding: &Finding) -> Proven {
    let evidence = finding.evidence.as_ref().expect("evidence");
    // As a file, read by somebody else.
    let read = Evidence::parse(evidence.to_string().as_bytes()).expect("readable");
    assert_eq!(read, **evidence);
    let witnesses = [witness().verifier_key().clone()];
    let stranger = Cosigner::new("witness.example.org/x", key("x")).unwrap();
    let other = VerifierKey::new(
        "records.example.org/xinyuanli",
        SignatureKind::Ed25519,
        &common::public("anna").0,
    );
    assert!(
        read.judge(&[other.unwrap()], &[stranger.verifier_key().clone()])
            .is_err(),
        "it proves nothing against another key"
    );
    read.judge(&[log_key()], &witnesses).expect("it proves it")
}

/// Two histories of a ledger, alike up to and with the entry before the last two.
async fn histories() -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    for person in ["dina", "emil", "fang", "gao"] {
        recorded(&ledger, memory.people.enrols(person)).await;
    }
    let one = memory.entries();
    let mut other = one[..3].to_vec();
    for person in ["hua", "ines", "jun"] {
        let submission = memory.people.enrols(person);
        other.push(entry_after(&other, &submission, memory.clock.now()));
    }
    (one, other)
}

#[tokio::test]
async fn what_was_believed_is_kept_and_demanded() {
    let (one, _) = histories().await;
    let auditor = audited(&one, &note(&one, 3, None), None).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("auditor.state");
    assert_eq!(Believed::load(&file).unwrap(), None);
    let believed = auditor.believed().unwrap();
    believed.save(&file).unwrap();
    assert_eq!(Believed::load(&file).unwrap(), Some(believed.clone()));
    assert_eq!(believed, believing(&note(&one, 3, None), &one));
    // The same size, and a larger one, both contain it.
    audited(&one[..3], &note(&one, 3, None), Some(believed.clone())).unwrap();
    let later = audited(&one, &note(&one, 5, None), Some(believed)).unwrap();
    later.believed().unwrap().save(&file).unwrap();
    let tree = Believed::load(&file).unwrap().unwrap().tree().unwrap();
    assert_eq!(tree.size, 5);
    // Whatever was written into it by somebody else is refused, not taken for a beginning.
    let text = std::fs::read_to_string(&file).unwrap();
    for broken in [
        String::new(),
        text.replace("govledger/auditor/v1", "govledger/auditor/v2"),
        text.replacen("\n5\n", "\n4\n", 1),
        text.replacen("genesis ", "genesis 0", 1),
        text.replacen("\nkey", "\nextra line\nkey", 1),
    ] {
        std::fs::write(&file, broken).unwrap();
        Believed::load(&file).unwrap_err();
    }
}

#[tokio::test]
async fn a_second_history_is_found_and_proven_by_two_signatures() {
    let (one, other) = histories().await;
    let believed = believing(&note(&one, 4, None), &one);
    for size in 4..=6 {
        let shown = note(&other, size, None);
        let found = audited(&other[..size], &shown, Some(believed.clone()));
        let found = found.err().expect("a finding");
        assert_eq!((found.code(), found.index), ("FORKED", Some(3)));
        assert!(
            matches!(proven(&found), Proven::Fork { size: 4, .. }),
            "{size}"
        );
    }
    // Of one history, the same lines prove nothing.
    let (old, new) = (note(&one, 4, None), note(&one, 5, None));
    let tree = tree(&one);
    let honest = Evidence::Fork {
        root: tlog::tree::root(&tree, 4).unwrap(),
        proof: tlog::consistency_proof(&tree, 4, 5).unwrap(),
        old,
        new,
    };
    let judged = honest.judge(&[log_key()], &[]);
    assert!(matches!(judged, Err(EvidenceError::NothingProven { .. })));
}

/// What another server gives.
fn shown(entries: &[Vec<u8>]) -> OtherLog {
    let mut shown = OtherLog::new();
    shown.take(entries);
    shown
}

fn tree(entries: &[Vec<u8>]) -> tlog::tree::MemoryTree {
    let mut tree = tlog::tree::MemoryTree::new();
    tree.extend(entries.iter().map(|bytes| tlog::leaf_hash(bytes)));
    tree
}

#[tokio::test]
async fn a_monitor_holds_every_later_checkpoint_against_what_it_took() {
    let (one, other) = histories().await;
    let mut auditor = audited(&one[..4], &note(&one, 4, None), None).unwrap();
    // The same again, more, and an older one of the same history from another server.
    let mut again = source(&one[..4], 4, &note(&one, 4, None));
    auditor.take(&mut again, &mut |_| {}, &|_| {}).unwrap();
    let mut more = source(&one, 4, &note(&one, 5, None));
    let mut seen = Vec::new();
    let mut follows = |entry: &ledger::LoggedEntry| seen.push(entry.index);
    auditor.take(&mut more, &mut follows, &|_| {}).unwrap();
    assert_eq!((seen, auditor.size()), (vec![4], 5));
    auditor.compare(&note(&one, 2, None)).unwrap();
    auditor
        .compare_longer(&note(&one, 5, None), &shown(&one))
        .unwrap();
    // Another server shows another history, shorter or longer.
    let found = auditor.compare(&note(&other, 4, None)).unwrap_err();
    assert_eq!(found.code(), "FORKED");
    assert!(matches!(proven(&found), Proven::Fork { size: 4, .. }));
    let found = auditor.compare_longer(&note(&other, 6, None), &shown(&other));
    let found = found.unwrap_err();
    assert_eq!(found.code(), "FORKED");
    assert!(matches!(proven(&found), Proven::Fork { size: 5, .. }));
    // Its own server goes back.
    let mut back = source(&one[..4], 4, &note(&one, 4, None));
    let found = auditor.take(&mut back, &mut |_| {}, &|_| {}).unwrap_err();
    assert_eq!((found.code(), found.index), ("ROLLED_BACK", None));
    let before = Proven::RolledBack {
        before: 5,
        after: 4,
    };
    assert_eq!(proven(&found), before);
}

#[tokio::test]
async fn what_is_taken_back_withheld_or_another_ledgers_is_found() {
    let (one, _) = histories().await;
    let believed = believing(&note(&one, 5, None), &one);
    let found = audited(&one[..4], &note(&one, 4, None), Some(believed.clone()));
    let found = found.err().expect("a finding");
    assert_eq!(found.code(), "ROLLED_BACK");
    assert_eq!(
        proven(&found),
        Proven::RolledBack {
            before: 5,
            after: 4
        }
    );
    // It shows the checkpoint, and not the entries.
    let found = audited(&one[..4], &note(&one, 5, None), None).err();
    let found = found.expect("a finding");
    assert_eq!((found.code(), found.index), ("ENTRIES_WITHHELD", Some(4)));
    assert!(found.to_string().contains("withheld"));
    // Another first entry than the one that was pinned.
    let mut pinned = believed;
    pinned.genesis.0[0] ^= 1;
    let found = audited(&one, &note(&one, 5, None), Some(pinned)).err();
    assert_eq!(found.expect("a finding").code(), "OTHER_LEDGER");
}

const TOLERANCE: u64 = 300_000;

#[tokio::test]
async fn an_entry_may_be_five_minutes_after_a_cosignature_and_not_a_millisecond_more() {
    let memory = Memory::founded().await;
    let mut entries = memory.entries();
    let at = Millis(FOUNDED_AT.0 + 700_000);
    memory.clock.advance(at.0 - FOUNDED_AT.0);
    let submission = memory.people.enrols("dina");
    entries.push(entry_after(&entries, &submission, at));
    // In whole seconds, as witnesses say it: exactly five minutes before the entry says it was recorded.
    let exactly = (at.0 - TOLERANCE) / 1_000;
    audited(&entries, &note(&entries, 2, Some(exactly)), None).unwrap();
    let mut later = memory.entries();
    later.push(entry_after(&later, &submission, Millis(at.0 + 1)));
    let found = audited(&later, &note(&later, 2, Some(exactly)), None);
    let found = found.err().expect("a finding");
    assert_eq!((found.code(), found.index), ("TIME_DISAGREES", Some(1)));
    let Proven::Time {
        index,
        disagreement,
        ..
    } = proven(&found)
    else {
        panic!("a time")
    };
    assert_eq!((index, disagreement), (1, Disagreement::Late));
    // Who knows no witness finds nothing, and says nothing about times.
    let mut auditor = Auditor::new(&id(LEDGER), AuditOptions::default());
    let shown = note(&later, 2, Some(exactly));
    let mut source = source(&later, 0, &shown);
    auditor.take(&mut source, &mut |_| {}, &|_| {}).unwrap();
    assert_eq!(auditor.cosigned_at(), None);
}

#[tokio::test]
async fn an_entry_may_be_five_minutes_before_a_cosignature_without_it_and_not_a_millisecond_more() {
    let memory = Memory::founded().await;
    let mut entries = memory.entries();
    let at = Millis(FOUNDED_AT.0 + 1_000);
    memory.clock.advance(at.0 - FOUNDED_AT.0);
    let submission = memory.people.enrols("dina");
    entries.push(entry_after(&entries, &submission, at));
    let seen_at = (at.0 + TOLERANCE) / 1_000;
    let believed = believing(&note(&entries, 1, Some(seen_at)), &entries);
    audited(&entries, &note(&entries, 2, None), Some(believed.clone())).unwrap();
    let mut backdated = memory.entries();
    backdated.push(entry_after(&backdated, &submission, Millis(at.0 - 1)));
    let found = audited(&backdated, &note(&backdated, 2, None), Some(believed));
    let found = found.err().expect("a finding");
    assert_eq!((found.code(), found.index), ("TIME_DISAGREES", Some(1)));
    let Proven::Time {
        index,
        size,
        disagreement,
        ..
    } = proven(&found)
    else {
        panic!("a time")
    };
    assert_eq!((index, size, disagreement), (1, 1, Disagreement::Early));
}

/// A vote that ends at a moment, without its outcome.
async fn open_vote(ends_in_ms: u64) -> (Vec<Vec<u8>>, u64) {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let people = &memory.people;
    for submission in people.publishes_roll(&["anna", "bao"]) {
        recorded(&ledger, submission).await;
    }
    recorded(&ledger, people.tables("lamps")).await;
    let opened = recorded(&ledger, people.opens("lamps", ends_in_ms)).await;
    let leaf = opened.receipt.leaf;
    recorded(&ledger, people.votes("anna", "lamps", leaf, Stance::For)).await;
    (memory.entries(), memory.clock.now().0 + ends_in_ms)
}

#[tokio::test]
async fn a_due_entry_may_stay_away_five_minutes_of_witnessed_time_and_not_a_second_more() {
    let (entries, due) = open_vote(60_000).await;
    let size = entries.len();
    let exactly = (due + TOLERANCE) / 1_000;
    audited(&entries, &note(&entries, size, Some(exactly)), None).unwrap();
    let overdue = note(&entries, size, Some(exactly + 1));
    let found = audited(&entries, &overdue, None).err().expect("a finding");
    let place = Some(size as u64);
    assert_eq!((found.code(), found.index), ("DERIVED_OVERDUE", place));
    assert!(found.to_string().contains("motion_decided"), "{found}");
    // The whole log proves it, to whoever knows the witness.
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("overdue.govbundle");
    let witnesses = vec![witness().verifier_key().clone()];
    let mut shown = source(&entries, 0, &overdue);
    write_bundle(&mut shown, &file, &[log_key()], &witnesses).unwrap();
    let proven = prove_by_bundle(&file, &[log_key()], witnesses, &|_| {}).unwrap();
    assert_eq!(proven.expect("a finding").code(), "DERIVED_OVERDUE");
    let unknown = prove_by_bundle(&file, &[log_key()], Vec::new(), &|_| {}).unwrap();
    assert!(unknown.is_none(), "who knows no witness has no time");
}

#[tokio::test]
async fn nobody_is_blamed_for_entries_they_did_not_sign() {
    let (one, _) = histories().await;
    let mut forged = one.clone();
    *forged[2].last_mut().unwrap() ^= 1;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("forged.govbundle");
    let shown = note(&one, 5, None);
    let mut source = source(&forged, 0, &shown);
    write_bundle(&mut source, &file, &[log_key()], &[]).unwrap();
    let refused = prove_by_bundle(&file, &[log_key()], Vec::new(), &|_| {});
    assert_eq!(refused.unwrap_err().code(), "ROOT_DIFFERS");
    // Signed by the log, the same bundle proves it.
    let signed = note(&forged, 5, None);
    let file = directory.path().join("signed.govbundle");
    let mut source = self::source(&forged, 0, &signed);
    write_bundle(&mut source, &file, &[log_key()], &[]).unwrap();
    let proven = prove_by_bundle(&file, &[log_key()], Vec::new(), &|_| {}).unwrap();
    assert!(proven.is_some());
    let other = VerifierKey::new(
        "records.example.org/xinyuanli",
        SignatureKind::Ed25519,
        &common::public("bao").0,
    );
    let refused = prove_by_bundle(&file, &[other.unwrap()], Vec::new(), &|_| {});
    assert_eq!(refused.unwrap_err().code(), "CHECKPOINT_FOREIGN");
}
