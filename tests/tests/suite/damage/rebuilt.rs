//! Damage to what can be rebuilt from the log, and to what is meant to be erasable.

use std::fs;
use std::path::{Path, PathBuf};

use system_tests::community::Community;
use system_tests::directory::{files, flip_middle, ledger};
use system_tests::server::Server;

use super::good::LEDGER;
use super::{Audits, Case, Starts, run};

fn part(data: &Path, name: &str) -> PathBuf {
    ledger(data, LEDGER).join(name)
}

fn remove(directory: &Path) {
    fs::remove_dir_all(directory).expect("it is there");
}

/// Inverts a byte in the middle of each file that is not empty.
fn flip_all(directory: &Path) {
    for file in files(directory) {
        if fs::metadata(&file).is_ok_and(|about| about.len() > 0) {
            flip_middle(&file);
        }
    }
}

#[test]
fn what_the_log_gives_again_is_rebuilt() {
    run(vec![
        Case {
            sentence: "The views are gone: they come back, and answer the same.",
            damage: |_, data| {
                remove(&data.join("views"));
                None
            },
            starts: Starts::AsEver,
            audits: Audits::Proves,
        },
        Case {
            sentence: "Each file of the views is damaged: they come back, and answer the same.",
            damage: |_, data| {
                flip_all(&data.join("views"));
                None
            },
            starts: Starts::AsEver,
            audits: Audits::Proves,
        },
        Case {
            sentence: "The snapshots are gone: the state is computed from the first entry.",
            damage: |_, data| {
                remove(&part(data, "snapshots"));
                None
            },
            starts: Starts::AsEver,
            audits: Audits::Proves,
        },
        Case {
            sentence: "Each snapshot is damaged: the state is computed from the first entry.",
            damage: |_, data| {
                flip_all(&part(data, "snapshots"));
                None
            },
            starts: Starts::AsEver,
            audits: Audits::Proves,
        },
        Case {
            sentence: "The tiles are gone: the tree is hashed again.",
            damage: |_, data| {
                remove(&part(data, "tiles"));
                None
            },
            starts: Starts::AsEver,
            audits: Audits::Proves,
        },
        Case {
            sentence: "Each tile is damaged: the tree is hashed again.",
            damage: |_, data| {
                flip_all(&part(data, "tiles"));
                None
            },
            starts: Starts::AsEver,
            audits: Audits::Proves,
        },
        Case {
            sentence: "A file in the making was left behind.",
            damage: |_, data| {
                fs::write(part(data, "log/next.new"), b"half").expect("there is room");
                None
            },
            starts: Starts::AsEver,
            audits: Audits::Proves,
        },
    ]);
}

#[test]
fn a_content_that_was_touched_is_not_shown_and_one_that_was_erased_is_missed_by_nobody() {
    run(vec![
        Case {
            sentence: "Every published name is damaged: none is shown, and an auditor finds the first.",
            damage: |good, data| {
                flip_all(&part(data, "content"));
                good.first_named()
            },
            starts: Starts::Nameless,
            audits: Audits::Finds("CONTENT_DIFFERS", &["digest"]),
        },
        Case {
            sentence: "Every published name was erased, as names may be: the log says the same as ever.",
            damage: |_, data| {
                for name in files(&part(data, "content")) {
                    fs::remove_file(name).expect("it is there");
                }
                None
            },
            starts: Starts::Nameless,
            audits: Audits::Proves,
        },
    ]);
}

/// Nothing can be served of the only ledger of a directory: then nothing is.
#[test]
fn a_node_that_can_serve_nothing_says_why_and_ends() {
    let community = Community::found("lost", "council");
    fs::remove_file(community.ledger_dir().join("checkpoints.journal")).expect("it is there");
    let told = Server::try_start(&community.data()).expect_err("there is nothing to serve");
    assert_eq!(told.code, Some(3), "{told}");
    for word in ["lost", "checkpoint journal", "next:"] {
        assert!(told.stderr.contains(word), "without {word}: {told}");
    }
}
