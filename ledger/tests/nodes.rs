//! Nodes on real directories: founding, restarting, many ledgers, damage.

mod common;

use std::fs;
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{FOUNDED_AT, LEDGER, People, founding, id, key, public, recorded, refused, within};
use governance::action::Stance;
use governance::ids::Millis;
use ledger::audit::{AuditOptions, AuditReport, Directory, Finding, audit};
use ledger::config::Limits;
use ledger::{
    Config, DataDirectory, FoundError, Ledger, LedgerKeys, ManualClock, Node, NodeError, found,
};
use tlog::signing::sign_action;

/// A data directory, and a clock for those who open it.
struct Place {
    directory: tempfile::TempDir,
    config: Config,
    clock: ManualClock,
}

impl Place {
    fn empty() -> Place {
        let directory = tempfile::tempdir().unwrap();
        let config = Config {
            data_dir: directory.path().join("data"),
            ..Config::default()
        };
        Place {
            directory,
            config,
            clock: ManualClock::at(FOUNDED_AT),
        }
    }

    async fn founded(ledgers: &[&str]) -> Place {
        let place = Place::empty();
        for ledger in ledgers {
            found(&place.config, founding(ledger), FOUNDED_AT)
                .await
                .expect("founds");
        }
        place
    }

    async fn node(&self) -> Node {
        Node::open(&self.config, Arc::new(self.clock.clone()))
            .await
            .expect("opens")
    }

    fn people(&self, ledger: &str) -> People {
        People::of(ledger, &self.clock)
    }

    fn path(&self, within: &str) -> PathBuf {
        self.config
            .data_dir
            .join("ledgers")
            .join(LEDGER)
            .join(within)
    }

    fn segment(&self) -> PathBuf {
        self.path("log").join(format!("{:020}.seg", 0))
    }

    fn audited(&self) -> Result<AuditReport, Finding> {
        let data = DataDirectory::new(&self.config.data_dir);
        let mut source = Directory::open(&data, &id(LEDGER))?;
        audit(&mut source, AuditOptions::default(), &|_| {})
    }
}

fn ledger(node: &Node, name: &str) -> Arc<Ledger> {
    node.ledger(&id(name)).expect("there is such a ledger")
}

async fn close(node: Node) {
    within(node.shutdown()).await;
}

#[tokio::test]
async fn what_is_founded_can_be_opened_extended_opened_again_and_audited() {
    let place = Place::founded(&[LEDGER]).await;
    let people = place.people(LEDGER);
    let node = place.node().await;
    assert_eq!(node.ledgers(), [id(LEDGER)]);
    let opened = ledger(&node, LEDGER);
    let info = opened.info();
    assert_eq!(
        (info.ledger.as_str(), info.size, info.founded_at),
        (LEDGER, 1, FOUNDED_AT)
    );
    assert_eq!(info.genesis, people.genesis);
    let first = people.enrols_named("dina", "迪娜");
    let receipt = recorded(&opened, first.clone()).await.receipt;
    // Another process cannot have the directory meanwhile, to serve or to found.
    let error = Node::open(&place.config, Arc::new(place.clock.clone()))
        .await
        .unwrap_err();
    assert!(matches!(error, NodeError::InUse { .. }), "{error}");
    let error = found(&place.config, founding("other"), FOUNDED_AT)
        .await
        .unwrap_err();
    assert!(
        matches!(error, FoundError::Node(NodeError::InUse { .. })),
        "{error}"
    );
    // An auditor can, and sees what was acknowledged.
    let report = place.audited().unwrap();
    assert_eq!((report.entries, report.acknowledged), (2, 2));
    assert_eq!((report.contents_verified, report.contents_missing), (1, 0));
    close(node).await;
    drop(opened);

    let node = place.node().await;
    let reopened = ledger(&node, LEDGER);
    let again = recorded(&reopened, first).await;
    assert!(again.already_recorded);
    assert_eq!(again.receipt.leaf, receipt.leaf);
    recorded(&reopened, people.enrols("emil")).await;
    close(node).await;
    let report = place.audited().unwrap();
    assert_eq!(report.entries, 3);
    assert_eq!(report.checkpoints, 3);
    assert_eq!(report.verifier_key, reopened.verifier_key());
    assert!(report.torn.is_none());
}

#[tokio::test]
async fn many_ledgers_in_one_node_share_nothing() {
    let names = ["alpha", "beta", "gamma"];
    let place = Place::founded(&names).await;
    let node = place.node().await;
    assert_eq!(node.ledgers(), names.map(id::<governance::ids::LedgerId>));
    for (at, name) in names.into_iter().enumerate() {
        let people = place.people(name);
        for n in 0..=at {
            recorded(&ledger(&node, name), people.enrols(&format!("p{n}"))).await;
        }
    }
    for (at, name) in names.into_iter().enumerate() {
        assert_eq!(*ledger(&node, name).durable_size().borrow(), at as u64 + 2);
    }
    let strayed = place.people("alpha").enrols("dina");
    assert_eq!(
        refused(&ledger(&node, "beta"), strayed).await,
        "WRONG_LEDGER"
    );
    close(node).await;
}

#[tokio::test]
async fn a_snapshot_and_the_tail_give_the_same_state_as_every_entry() {
    let mut place = Place::founded(&[LEDGER]).await;
    place.config.limits = Limits {
        snapshot_every: 4,
        ..Limits::default()
    };
    let people = place.people(LEDGER);
    let node = place.node().await;
    let opened = ledger(&node, LEDGER);
    for submission in people.publishes_roll(&["anna", "bao"]) {
        recorded(&opened, submission).await;
    }
    recorded(&opened, people.tables("lamps")).await;
    let vote = recorded(&opened, people.opens("lamps", Millis::DAY))
        .await
        .receipt;
    recorded(
        &opened,
        people.votes("anna", "lamps", vote.leaf, Stance::For),
    )
    .await;
    let expected = opened.with_state(Clone::clone);
    close(node).await;
    assert!(fs::read_dir(place.path("snapshots")).unwrap().count() > 0);

    let states = async || {
        let node = place.node().await;
        let opened = ledger(&node, LEDGER);
        assert!(opened.halted().is_none());
        let state = opened.with_state(Clone::clone);
        // Nothing is written, so no new snapshot is.
        close(node).await;
        state
    };
    assert_eq!(states().await, expected);
    for damaged in fs::read_dir(place.path("snapshots")).unwrap() {
        flip(&damaged.unwrap().path(), 100);
    }
    assert_eq!(states().await, expected);
    fs::remove_dir_all(place.path("snapshots")).unwrap();
    fs::remove_dir_all(place.path("tiles")).unwrap();
    assert_eq!(states().await, expected);
}

#[tokio::test]
async fn tiles_that_are_lost_are_made_anew_and_prove_every_entry() {
    const COUNT: u64 = 600;
    let place = Place::founded(&[LEDGER]).await;
    let people = place.people(LEDGER);
    let node = place.node().await;
    let opened = ledger(&node, LEDGER);
    let submissions: Vec<_> = (0..COUNT)
        .map(|n| people.enrols(&format!("p{n}")))
        .collect();
    let tasks = submissions
        .into_iter()
        .map(|s| common::spawn_submit(&opened, s));
    for task in tasks.collect::<Vec<_>>() {
        within(task).await.unwrap().expect("recorded");
    }
    close(node).await;
    drop(opened);
    for tile in ["tiles/tile/0/000", "tiles/tile/0/001"] {
        for loss in [fs::remove_file as fn(PathBuf) -> _, |path| {
            fs::write(path, b"no tile")
        }] {
            loss(place.path(tile)).unwrap();
            let node = place.node().await;
            let opened = ledger(&node, LEDGER);
            assert!(opened.halted().is_none());
            for index in [0, 1, 255, 256, 511, 512, COUNT] {
                let (receipt, _) = opened.receipt(index).await.unwrap();
                common::verify(&opened, &receipt);
            }
            close(node).await;
        }
    }
}

#[tokio::test]
async fn a_torn_write_at_the_end_is_set_aside_and_the_ledger_goes_on() {
    let place = Place::founded(&[LEDGER]).await;
    let people = place.people(LEDGER);
    let node = place.node().await;
    recorded(&ledger(&node, LEDGER), people.enrols("dina")).await;
    close(node).await;
    let end = data_end(&place.segment());
    // The first half of a block that power did not live to finish.
    let torn = fs::read(place.segment()).unwrap()[..40].to_vec();
    write_at(&place.segment(), &torn, end);
    let report = place.audited().unwrap();
    assert_eq!(report.torn.unwrap().index, 2);

    let node = place.node().await;
    let opened = ledger(&node, LEDGER);
    assert!(opened.halted().is_none());
    assert_eq!(
        recorded(&opened, people.enrols("emil")).await.receipt.index,
        2
    );
    close(node).await;
    assert!(place.audited().unwrap().torn.is_none());
}

#[tokio::test]
async fn a_changed_byte_halts_the_ledger_which_serves_what_is_before_it() {
    let place = Place::founded(&["other", LEDGER]).await;
    let people = place.people(LEDGER);
    let node = place.node().await;
    for name in ["dina", "emil", "fang"] {
        recorded(&ledger(&node, LEDGER), people.enrols(name)).await;
    }
    close(node).await;
    let end = data_end(&place.segment());
    flip(&place.segment(), end - 10);

    let finding = place.audited().unwrap_err();
    assert_eq!((finding.code(), finding.index), ("DAMAGED", Some(3)));
    let node = place.node().await;
    let damaged = ledger(&node, LEDGER);
    let halt = damaged.halted().unwrap();
    assert_eq!((halt.code(), halt.index()), ("HALTED_CORRUPTION", Some(3)));
    assert!(halt.is_corruption());
    assert_eq!(
        refused(&damaged, people.enrols("gao")).await,
        "HALTED_CORRUPTION"
    );
    // The checkpoint is still shown, and the entries before the damage.
    assert_eq!(damaged.checkpoint().checkpoint().size, 4);
    assert_eq!(damaged.entries(0, 10).await.unwrap().len(), 3);
    assert_eq!(damaged.info().name, "馨苑里 (test)");
    // The other ledger lives on.
    let other = place.people("other");
    recorded(&ledger(&node, "other"), other.enrols("dina")).await;
    close(node).await;
}

#[tokio::test]
async fn a_rolled_back_directory_is_not_extended() {
    let place = Place::founded(&[LEDGER]).await;
    let people = place.people(LEDGER);
    let node = place.node().await;
    recorded(&ledger(&node, LEDGER), people.enrols("dina")).await;
    close(node).await;
    let old = fs::read(place.segment()).unwrap();
    let node = place.node().await;
    recorded(&ledger(&node, LEDGER), people.enrols("emil")).await;
    close(node).await;
    fs::write(place.segment(), old).unwrap();

    let finding = place.audited().unwrap_err();
    assert_eq!((finding.code(), finding.index), ("DAMAGED", Some(2)));
    let node = place.node().await;
    let halted = ledger(&node, LEDGER);
    assert_eq!(halted.halted().unwrap().code(), "HALTED_ROLLED_BACK");
    assert_eq!(halted.entries(0, 10).await.unwrap().len(), 2);
    close(node).await;
}

#[tokio::test]
async fn without_journal_a_ledger_is_not_opened_and_the_others_are() {
    let place = Place::founded(&["other", LEDGER]).await;
    let failed = async |code| {
        let node = place.node().await;
        assert_eq!(node.ledgers(), [id("other")]);
        let [(failed, halt)] = node.failed() else {
            panic!("one fails: {node:?}");
        };
        assert_eq!((failed.as_str(), halt.code()), (LEDGER, code));
        close(node).await;
    };
    let journal = place.path("checkpoints.journal");
    let kept = fs::read(&journal).unwrap();
    fs::remove_file(&journal).unwrap();
    failed("HALTED_CHECKPOINT_MISSING").await;
    fs::write(&journal, &kept[..100]).unwrap();
    failed("HALTED_CHECKPOINT_DAMAGED").await;
    fs::write(&journal, &kept).unwrap();
    let node = place.node().await;
    assert!(node.failed().is_empty());
    close(node).await;
}

#[tokio::test]
async fn without_keys_that_only_its_owner_can_read_a_ledger_is_served_but_not_extended() {
    let place = Place::founded(&[LEDGER]).await;
    let halted = async |says: &str| {
        let node = place.node().await;
        assert!(node.failed().is_empty());
        let opened = ledger(&node, LEDGER);
        let halt = opened.halted().unwrap();
        assert_eq!(halt.code(), "HALTED_KEYS");
        let said = halt.to_string();
        assert!(said.contains(says), "{said}");
        assert_eq!(opened.entries(0, 10).await.unwrap().len(), 1);
        let submission = place.people(LEDGER).enrols("dina");
        assert_eq!(common::refused(&opened, submission).await, "HALTED_KEYS");
        close(node).await;
    };
    let record = place.path("keys/record.pem");
    fs::set_permissions(&record, fs::Permissions::from_mode(0o644)).unwrap();
    halted("has mode 0644").await;
    fs::set_permissions(&record, fs::Permissions::from_mode(0o600)).unwrap();
    let keys = place.path("keys");
    let aside = place.path("aside");
    fs::rename(&keys, &aside).unwrap();
    halted("cannot list").await;
    fs::create_dir(&keys).unwrap();
    halted("checkpoint.pem").await;
    fs::remove_dir(&keys).unwrap();
    fs::rename(&aside, &keys).unwrap();
    let node = place.node().await;
    assert!(ledger(&node, LEDGER).halted().is_none());
    close(node).await;
}

#[tokio::test]
async fn with_other_keys_a_ledger_is_served_but_not_extended() {
    let place = Place::founded(&[LEDGER]).await;
    let record = place.path("keys/record.pem");
    fs::remove_file(&record).unwrap();
    ledger::keys::write_key(&record, &key("someone else")).unwrap();
    let node = place.node().await;
    let opened = ledger(&node, LEDGER);
    assert_eq!(opened.halted().unwrap().code(), "HALTED_KEYS");
    assert_eq!(opened.entries(0, 10).await.unwrap().len(), 1);
    close(node).await;
}

#[tokio::test]
async fn a_content_that_was_changed_is_found_and_one_that_was_erased_is_counted() {
    let place = Place::founded(&[LEDGER]).await;
    let people = place.people(LEDGER);
    let node = place.node().await;
    recorded(&ledger(&node, LEDGER), people.enrols_named("dina", "迪娜")).await;
    close(node).await;
    let digest = common::content("迪娜").0.digest.to_string();
    let file = place.path("content").join(&digest[..2]).join(&digest);
    flip(&file, 33);
    let finding = place.audited().unwrap_err();
    assert_eq!(
        (finding.code(), finding.index),
        ("CONTENT_DIFFERS", Some(1))
    );
    fs::remove_file(file).unwrap();
    let report = place.audited().unwrap();
    assert_eq!((report.contents_verified, report.contents_missing), (0, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_audit_beside_a_busy_node_proves_what_was_acknowledged() {
    let place = Place::founded(&[LEDGER]).await;
    let people = place.people(LEDGER);
    let node = place.node().await;
    let opened = ledger(&node, LEDGER);
    for round in 0..4 {
        let submissions = (0..50).map(|n| people.enrols(&format!("p{round}-{n}")));
        let tasks: Vec<_> = submissions
            .map(|s| common::spawn_submit(&opened, s))
            .collect();
        let acknowledged = *opened.durable_size().borrow();
        let report = place.audited().expect("nothing is wrong");
        assert!(report.acknowledged >= acknowledged);
        for task in tasks {
            within(task).await.unwrap().expect("recorded");
        }
    }
    close(node).await;
    assert_eq!(place.audited().unwrap().entries, 201);
}

#[tokio::test]
async fn an_audit_changes_nothing() {
    let place = Place::founded(&[LEDGER]).await;
    let before = tree(place.directory.path());
    place.audited().unwrap();
    assert_eq!(tree(place.directory.path()), before);
}

#[tokio::test]
async fn a_founding_that_is_refused_leaves_nothing() {
    let place = Place::empty();
    let refusals = [
        ("BAD_SIGNATURE", {
            let mut founding = founding(LEDGER);
            founding.signatures[0].signature[0] ^= 1;
            founding
        }),
        ("MISSING_SIGNATURE", {
            let mut founding = founding(LEDGER);
            founding.signatures.pop();
            founding
        }),
        ("OTHER_KEYS", {
            let mut founding = founding(LEDGER);
            founding.keys = LedgerKeys::generate().unwrap();
            founding
        }),
        ("NOT_A_FOUNDING", {
            let mut founding = founding(LEDGER);
            founding.action = place.people(LEDGER).enrols("dina").action;
            founding.signatures = vec![sign_action(&key("registrar"), &founding.action)];
            founding
        }),
        ("CONTENT_SURPLUS", {
            let mut founding = founding(LEDGER);
            founding.contents.push(common::content("a").1);
            founding
        }),
    ];
    for (code, founding) in refusals {
        let error = found(&place.config, founding, FOUNDED_AT)
            .await
            .unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
    let too_late = FOUNDED_AT.plus(Millis::HOUR + 1);
    let error = found(&place.config, founding(LEDGER), too_late)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "EXPIRED");
    assert!(!place.config.data_dir.exists());
    assert!(matches!(
        Node::open(&place.config, Arc::new(place.clock.clone()))
            .await
            .unwrap_err(),
        NodeError::Missing { .. }
    ));
}

#[tokio::test]
async fn a_data_directory_is_made_with_those_above_it() {
    let mut place = Place::empty();
    place.config.data_dir = place.directory.path().join("a/b/data");
    let founded = found(&place.config, founding(LEDGER), FOUNDED_AT).await;
    assert_eq!(founded.unwrap().genesis, place.people(LEDGER).genesis);
    assert_eq!(place.node().await.ledgers().len(), 1);
}

#[tokio::test]
async fn a_ledger_is_founded_once_and_by_a_configured_founder() {
    let mut place = Place::empty();
    place.config.founders = vec![public("anna")];
    let error = found(&place.config, founding(LEDGER), FOUNDED_AT)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "FOUNDER_NOT_CONFIGURED");
    place.config.founders.push(public("registrar"));
    let founded = found(&place.config, founding(LEDGER), FOUNDED_AT)
        .await
        .unwrap();
    assert_eq!(founded.genesis, place.people(LEDGER).genesis);
    assert_eq!(founded.checkpoint.checkpoint().size, 1);
    let before = tree(place.directory.path());
    let error = found(&place.config, founding(LEDGER), FOUNDED_AT)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "LEDGER_EXISTS");
    assert_eq!(tree(place.directory.path()), before);
    // What an interrupted founding left is in nobody's way.
    let unfinished = place.config.data_dir.join("ledgers/.other.founding/keys");
    fs::create_dir_all(&unfinished).unwrap();
    let node = place.node().await;
    assert_eq!(node.ledgers(), [id(LEDGER)]);
    close(node).await;
    found(&place.config, founding("other"), FOUNDED_AT)
        .await
        .unwrap();
    assert!(!unfinished.exists());
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(place.path("keys/checkpoint.pem")), 0o600);
    assert_eq!(mode(place.path("keys")), 0o700);
}

#[tokio::test]
async fn an_id_that_a_node_serves_something_else_under_is_refused() {
    let place = Place::empty();
    for reserved in ledger::found::RESERVED_IDS {
        let refused = found(&place.config, founding(reserved), FOUNDED_AT).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), "LEDGER_ID_RESERVED");
        assert!(refused.to_string().contains(&format!("/{reserved}")));
    }
    assert!(!place.config.data_dir.join("ledgers").exists());
    for near in ["logs", "log-1", "the-metrics"] {
        let founded = found(&place.config, founding(near), FOUNDED_AT).await;
        assert_eq!(founded.expect("founds").ledger.as_str(), near);
    }
}

/// Where the last byte stands that is not zero, plus one.
fn data_end(path: &Path) -> u64 {
    let bytes = fs::read(path).unwrap();
    bytes.iter().rposition(|byte| *byte != 0).unwrap() as u64 + 1
}

fn write_at(path: &Path, bytes: &[u8], offset: u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(bytes, offset).unwrap();
}

fn flip(path: &Path, offset: u64) {
    let byte = fs::read(path).unwrap()[usize::try_from(offset).unwrap()];
    write_at(path, &[byte ^ 0x40], offset);
}

/// Every file below `path`, with its bytes.
fn tree(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.push((path.clone(), Vec::new()));
            files.extend(tree(&path));
        } else {
            files.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}
