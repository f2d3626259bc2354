//! The golden history of rules version 1: `testdata/history-v1/history.txt`.
//!
//! A released version of the rules is frozen. This is a ledger's whole life under version 1, with
//! what was refused on the way; whatever becomes of the code, each verdict, each derived action and
//! each hash must stay what it is here, since logs kept under these rules are re-executed for ever.
//!
//! [`replay`] reads the file and nothing else. [`script`] is where the file comes from: the deeds are
//! those of `governance`'s own test community, with real keys, signatures and leaf hashes in place of
//! its made-up ones.
//!
//! The file never changes by itself: `UPDATE_GOLDEN=1 cargo test -p proto --test history_v1` writes it
//! where there is none. Before version 1 is released, a deliberate change is made by deleting it
//! first; afterwards there is no such change, only a version 2 with a history of its own.

mod history;
mod replay;
mod scribe;
mod script;

use std::{collections::BTreeSet, fs, path::PathBuf};

use governance::rejection;
use proto::{decode_action, payload_kind};

use crate::{
    history::{History, Verdict},
    replay::Replay,
};

/// Codes no attempt in the history meets.
const NOT_MET: [&str; 4] = [
    // `decode_action` refuses such bytes before the rules see them (`FIELD_INVALID`, `DERIVED_ONLY`,
    // `ACTOR_MISSING`, `TOO_LARGE`).
    "ACTION_ID_VERSION",
    "NOT_FOR_PERSONS",
    "NOT_FOR_THE_LEDGER",
    "TEXT_TOO_LONG",
];

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/history-v1/history.txt")
}

fn golden_text() -> String {
    let path = path();
    if std::env::var_os("UPDATE_GOLDEN").is_some() && !path.exists() {
        fs::create_dir_all(path.parent().expect("it has one")).expect("write");
        fs::write(&path, script::play().to_string()).expect("write");
    }
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn golden() -> History {
    History::parse(&golden_text())
}

#[test]
fn every_verdict_every_derived_action_and_the_root_are_what_they_were() {
    let golden = golden();
    let mut replay = Replay::default();
    for (place, attempt) in golden.attempts.iter().enumerate() {
        let verdict = replay.judge(attempt.recorded_at, &attempt.signatures, &attempt.action);
        assert_eq!(verdict, attempt.verdict, "attempt {place}, from 0");
    }
    assert_eq!((replay.size(), replay.root()), (golden.size, golden.root));
    assert_eq!(replay.due(), None, "nothing that fell due is left out");
}

#[test]
fn the_script_still_plays_the_history() {
    let (played, golden) = (script::play().to_string(), golden_text());
    let first = played.lines().zip(golden.lines()).position(|(p, g)| p != g);
    assert!(
        played == golden,
        "the script differs from the golden history from line {first:?} (from 0) on: if the script or \
         the test community changed, and version 1 is not released, delete the file and write it anew"
    );
}

#[test]
fn the_history_meets_every_kind_and_code() {
    let golden = golden();
    let (mut kinds, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for attempt in &golden.attempts {
        match &attempt.verdict {
            Verdict::Admitted { .. } => {
                let action = decode_action(&attempt.action).expect("it was admitted");
                kinds.insert(payload_kind(&action).to_owned());
            }
            Verdict::Refused { code } => {
                codes.insert(code.as_str());
            }
        }
    }
    let schema = proto::pool().get_message_by_name("governance.v1.Action");
    let payload = schema
        .expect("Action")
        .oneofs()
        .next()
        .expect("the payload");
    let arms: BTreeSet<String> = payload.fields().map(|f| f.name().to_owned()).collect();
    assert_eq!(kinds, arms);
    let all = rejection::CODES.iter().map(|doc| doc.code);
    let missed: Vec<_> = all.filter(|code| !codes.contains(code)).collect();
    assert_eq!(missed, NOT_MET);
}

/// So that the first test is known to look at each of them.
#[test]
fn any_other_verdict_moment_or_order_is_noticed() {
    let golden = golden();
    let judged = |attempts: &[history::Attempt]| -> bool {
        let mut replay = Replay::default();
        let same = |a: &history::Attempt| {
            replay.judge(a.recorded_at, &a.signatures, &a.action) == a.verdict
        };
        attempts.iter().all(same)
    };
    assert!(judged(&golden.attempts));
    let last = golden.attempts.len() - 1;
    let mut later = golden.attempts.clone();
    later[last].recorded_at += 1;
    assert!(!judged(&later), "a leaf covers its moment");
    let derived = golden.attempts.iter().position(|attempt| {
        let kind = decode_action(&attempt.action).map(|action| payload_kind(&action));
        kind == Ok("motion_decided") && matches!(attempt.verdict, Verdict::Admitted { .. })
    });
    let mut without = golden.attempts.clone();
    without.remove(derived.expect("a decision"));
    assert!(!judged(&without), "what is due is missed");
}
