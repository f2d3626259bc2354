//! Damage to what the ledger must not forget: its checkpoints and its keys.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use system_tests::directory::{self, edit, flip, journal_records, ledger};

use super::good::{Good, LEDGER, NEIGHBOUR};
use super::{Audits, Case, Starts, run};

fn journal(data: &Path) -> PathBuf {
    ledger(data, LEDGER).join("checkpoints.journal")
}

fn key(data: &Path, of: &str, name: &str) -> PathBuf {
    ledger(data, of).join("keys").join(name)
}

#[test]
fn a_journal_that_was_touched_is_found() {
    run(vec![
        Case {
            sentence: "The journal is missing: a rollback could not be seen.",
            damage: |_, data| {
                fs::remove_file(journal(data)).expect("it is there");
                None
            },
            starts: Starts::Unread("HALTED_CHECKPOINT_MISSING", &["journal"]),
            audits: Audits::Finds("CHECKPOINT_MISSING", &["no checkpoint"]),
        },
        Case {
            sentence: "The journal is empty: a rollback could not be seen.",
            damage: |_, data| {
                edit(&journal(data), |bytes| bytes[8..].fill(0));
                None
            },
            starts: Starts::Unread("HALTED_CHECKPOINT_MISSING", &["journal"]),
            audits: Audits::Finds("CHECKPOINT_MISSING", &["no checkpoint"]),
        },
        Case {
            sentence: "The journal's header is damaged.",
            damage: |_, data| {
                flip(&journal(data), 2);
                None
            },
            starts: Starts::Unread("HALTED_CHECKPOINT_DAMAGED", &["journal"]),
            audits: Audits::Finds("CHECKPOINTS_DAMAGED", &["journal"]),
        },
        Case {
            sentence: "An older checkpoint in the journal is damaged: others follow, so it was whole once.",
            damage: |_, data| {
                let records = journal_records(&journal(data));
                flip(&journal(data), records[records.len() - 3].start + 30);
                None
            },
            starts: Starts::Unread("HALTED_CHECKPOINT_DAMAGED", &["journal"]),
            audits: Audits::Finds("CHECKPOINTS_DAMAGED", &["journal"]),
        },
        Case {
            sentence: "The last checkpoint of the journal was torn: the log still leads past the one before.",
            damage: |_, data| {
                let last = journal_records(&journal(data)).pop().expect("a record");
                edit(&journal(data), |bytes| {
                    bytes[last.end - 20..last.end].fill(0);
                });
                None
            },
            starts: Starts::AsEver,
            audits: Audits::Proves,
        },
        Case {
            sentence: "The journal is another ledger's.",
            damage: |_, data| {
                let other = ledger(data, NEIGHBOUR).join("checkpoints.journal");
                fs::copy(other, journal(data)).expect("there is room");
                // It has the neighbour's founding alone.
                Some(0)
            },
            starts: Starts::Unread("HALTED_CHECKPOINT_FOREIGN", &["journal"]),
            audits: Audits::Finds("ROOT_DIFFERS", &["root"]),
        },
    ]);
}

#[test]
fn keys_that_are_not_the_ledgers_keep_it_from_extending() {
    run(vec![
        Case {
            sentence: "The record key is another ledger's: nothing may be signed with it. The log is sound.",
            damage: |_, data| {
                let other = key(data, NEIGHBOUR, "record.pem");
                fs::copy(other, key(data, LEDGER, "record.pem")).expect("there is room");
                None
            },
            starts: Starts::Halted("HALTED_KEYS", &["record key"]),
            audits: Audits::Proves,
        },
        Case {
            sentence: "The checkpoint key is missing. The log is sound.",
            damage: |_, data| {
                fs::remove_file(key(data, LEDGER, "checkpoint.pem")).expect("it is there");
                None
            },
            starts: Starts::Halted("HALTED_KEYS", &["checkpoint.pem"]),
            audits: Audits::Proves,
        },
        Case {
            sentence: "Both keys are missing. The log is sound.",
            damage: |_, data| {
                for name in ["record.pem", "checkpoint.pem"] {
                    fs::remove_file(key(data, LEDGER, name)).expect("it is there");
                }
                None
            },
            starts: Starts::Halted("HALTED_KEYS", &["checkpoint.pem"]),
            audits: Audits::Proves,
        },
        Case {
            sentence: "The record key can be read by others: it may have been copied. The log is sound.",
            damage: |_, data| {
                let file = key(data, LEDGER, "record.pem");
                let open = fs::Permissions::from_mode(0o644);
                fs::set_permissions(file, open).expect("it is ours");
                None
            },
            starts: Starts::Halted("HALTED_KEYS", &["chmod 600"]),
            audits: Audits::Proves,
        },
    ]);
}

/// What nobody can tell from the directory alone, whoever kept a checkpoint can.
#[test]
fn an_older_copy_of_everything_does_not_contain_a_checkpoint_that_someone_kept() {
    let good = super::good();
    super::runtime().block_on(check_older_copy(good));
}

async fn check_older_copy(good: &Good) {
    let copy = tempfile::TempDir::with_prefix("govledger-damage-").expect("there is room");
    directory::copy(good.earlier(), copy.path());
    super::audit_ledger(copy.path(), LEDGER).expect(0);
    let server = super::start(copy.path());
    let client = server.client().await;
    let kept = good.log.checkpoint.checkpoint();
    let request = proto::v1::GetConsistencyProofRequest {
        ledger: LEDGER.to_owned(),
        old_size: kept.size,
        new_size: 0,
    };
    let refused = client.audit().get_consistency_proof(request).await;
    let refused = refused.expect_err("there is no such tree");
    let refused = gateway::client::ServerRefusal::from(&refused);
    assert_eq!(refused.reason, "NO_SUCH_ENTRY", "{refused:?}");
    server.stop().expect(0);
}
