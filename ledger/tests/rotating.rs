//! The ledger's own keys are exchanged: who signs on which side of the seam, and what a crash there leaves.

mod common;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use common::keys::{
    CHECKPOINT, Keys, NEXT_CHECKPOINT, NEXT_RECORD, RECORD, open_with, signed_by, signed_with,
    verifier,
};
use common::neighbourhood::{Neighbourhood, insisting};
use common::{
    FOUNDED_AT, LEDGER, Memory, People, block, durable, entry_after, founding, id, key, public,
    recorded, refused, within,
};
use governance::action::Stance;
use ledger::audit::{AuditOptions, Bundle, Directory, Fetched, Finding, audit};
use ledger::checkpoints::CheckpointStore as _;
use ledger::export::export_bundle;
use ledger::keys::write_key;
use ledger::store::fault::Fault;
use ledger::{Config, DataDirectory, Halt, ManualClock, Node, RestoreError, found, restore};
use tlog::{SignedCheckpoint, VerifierKey};

fn audited(entries: &[Vec<u8>], checkpoint: &SignedCheckpoint) -> Result<VerifierKey, Finding> {
    let pages = [Ok(entries.to_vec())].into_iter();
    let mut source = Fetched::new(id(LEDGER), &checkpoint.to_bytes(), pages)?;
    let report = audit(&mut source, AuditOptions::default(), &|_| {})?;
    Ok(report.verifier_key)
}

#[tokio::test]
async fn the_checkpoint_that_covers_the_rotation_is_the_new_keys_and_none_before_it() {
    let memory = Memory::founded().await;
    let keys = Keys::of(&[RECORD, CHECKPOINT, NEXT_CHECKPOINT]);
    let ledger = open_with(&memory, &keys).await.unwrap();
    let people = &memory.people;
    let before = recorded(&ledger, people.enrols("dina")).await.receipt;
    let at = recorded(&ledger, people.rotates(CHECKPOINT, NEXT_CHECKPOINT)).await;
    let after = recorded(&ledger, people.enrols("emil")).await.receipt;

    assert!(signed_by(&before.checkpoint, CHECKPOINT));
    for receipt in [&at.receipt, &after] {
        assert!(signed_by(&receipt.checkpoint, NEXT_CHECKPOINT));
        assert!(!signed_by(&receipt.checkpoint, CHECKPOINT));
    }
    let seam = at.receipt.index + 1;
    let keys = ledger.checkpoint_keys();
    assert_eq!(*keys.at(seam - 1), verifier(CHECKPOINT));
    assert_eq!(*keys.at(seam), verifier(NEXT_CHECKPOINT));
    assert_eq!(ledger.verifier_key(), verifier(NEXT_CHECKPOINT));
    // A receipt of old is what it was.
    keys.open(&before.checkpoint.to_bytes()).unwrap();
    within(ledger.shutdown()).await;

    let entries = memory.entries();
    let (to, seam) = (entries.len(), usize::try_from(seam).unwrap());
    assert_eq!(
        audited(&entries, &after.checkpoint).unwrap(),
        verifier(NEXT_CHECKPOINT)
    );
    for (size, name, found) in [
        (seam - 1, CHECKPOINT, None),
        (seam - 1, NEXT_CHECKPOINT, Some("CHECKPOINT_FOREIGN")),
        (seam, CHECKPOINT, Some("CHECKPOINT_KEY_NOT_IN_FORCE")),
        (seam, NEXT_CHECKPOINT, None),
        (to, CHECKPOINT, Some("CHECKPOINT_KEY_NOT_IN_FORCE")),
        (to, RECORD, Some("CHECKPOINT_FOREIGN")),
    ] {
        let entries = &entries[..size];
        let finding = audited(entries, &signed_with(entries, name)).err();
        assert_eq!(finding.map(|f| f.code()), found, "{size} by {name}");
    }
}

#[tokio::test]
async fn a_block_that_the_seam_runs_through_is_the_new_keys() {
    let memory = Memory::founded().await;
    let keys = Keys::of(&[RECORD, CHECKPOINT, NEXT_CHECKPOINT]);
    let ledger = open_with(&memory, &keys).await.unwrap();
    let people = &memory.people;
    let mut answers = Vec::new();
    for number in 0..20 {
        let submission = match number {
            10 => people.rotates(CHECKPOINT, NEXT_CHECKPOINT),
            n => people.enrols(&format!("person-{n}")),
        };
        answers.push(common::spawn_submit(&ledger, submission));
    }
    for answer in answers {
        let receipt = within(answer).await.unwrap().unwrap().receipt;
        common::verify(&ledger, &receipt);
    }
    let all = ledger.checkpoint_keys();
    let (seam, _) = all.all().last().unwrap();
    for checkpoint in memory.checkpoints.persisted() {
        let by_new = checkpoint.checkpoint().size >= seam;
        assert_eq!(signed_by(&checkpoint, NEXT_CHECKPOINT), by_new);
        assert_eq!(signed_by(&checkpoint, CHECKPOINT), !by_new);
    }
}

#[tokio::test]
async fn what_time_brings_after_the_rotation_is_the_new_record_keys() {
    let memory = Memory::founded().await;
    let keys = Keys::of(&[RECORD, CHECKPOINT, NEXT_RECORD]);
    let ledger = open_with(&memory, &keys).await.unwrap();
    let people = &memory.people;
    for submission in people.publishes_roll(&["anna", "bao"]) {
        recorded(&ledger, submission).await;
    }
    let mut opened = Vec::new();
    for motion in ["lamps", "bench"] {
        recorded(&ledger, people.tables(motion)).await;
        let window = if motion == "lamps" { 60_000 } else { 120_000 };
        let receipt = recorded(&ledger, people.opens(motion, window))
            .await
            .receipt;
        let ballot = people.votes("anna", motion, receipt.leaf, Stance::For);
        recorded(&ledger, ballot).await;
        opened.push(receipt);
    }
    let size = *ledger.durable_size().borrow();
    memory.clock.advance(60_000);
    durable(&ledger, size + 1).await;
    recorded(&ledger, people.rotates(RECORD, NEXT_RECORD)).await;
    memory.clock.advance(60_000);
    durable(&ledger, size + 3).await;
    let entries = ledger.entries(size, 3).await.unwrap();
    let signer = |at: usize| entries[at].entry.signatures[0].key;
    assert_eq!(signer(0), public(RECORD).0);
    assert_eq!(signer(2), public(NEXT_RECORD).0);
    let checkpoint = ledger.checkpoint();
    assert!(signed_by(&checkpoint, CHECKPOINT));
    audited(&memory.entries(), &checkpoint).unwrap();
    within(ledger.shutdown()).await;
    // The old one is of no more use, and the new one is asked for.
    keys.remove(RECORD);
    within(open_with(&memory, &keys).await.unwrap().shutdown()).await;
    keys.add(RECORD);
    keys.remove(NEXT_RECORD);
    let halt = open_with(&memory, &keys).await.unwrap().halted().unwrap();
    let Halt::OtherKeys(missing) = &halt else {
        panic!("{halt}");
    };
    assert_eq!(missing.which, "record");
    assert_eq!(missing.in_force, public(NEXT_RECORD));
    assert_eq!(missing.since, size + 2);
}

#[tokio::test]
async fn a_key_that_the_node_does_not_hold_is_not_rotated_to_until_it_does() {
    let memory = Memory::founded().await;
    let keys = Keys::of(&[RECORD, CHECKPOINT]);
    let ledger = open_with(&memory, &keys).await.unwrap();
    let rotates = memory.people.rotates(CHECKPOINT, NEXT_CHECKPOINT);
    assert_eq!(refused(&ledger, rotates.clone()).await, "KEY_NOT_HELD");
    assert_eq!(*ledger.durable_size().borrow(), 1);
    // The file is found without a restart, and the same action is admitted.
    keys.add(NEXT_CHECKPOINT);
    recorded(&ledger, rotates.clone()).await;
    let again = recorded(&ledger, rotates).await;
    assert!(again.already_recorded);
    assert!(signed_by(&ledger.checkpoint(), NEXT_CHECKPOINT));
    within(ledger.shutdown()).await;

    // From then on the old file is of no use.
    keys.remove(CHECKPOINT);
    let ledger = open_with(&memory, &keys).await.unwrap();
    recorded(&ledger, memory.people.enrols("dina")).await;
    within(ledger.shutdown()).await;

    keys.remove(NEXT_CHECKPOINT);
    keys.add(CHECKPOINT);
    let ledger = open_with(&memory, &keys).await.unwrap();
    let halt = ledger.halted().unwrap();
    assert_eq!(halt.code(), "HALTED_KEYS");
    let said = halt.to_string();
    assert!(said.contains("checkpoint key"), "{said}");
    assert!(
        said.contains(&public(NEXT_CHECKPOINT).to_string()),
        "{said}"
    );
    assert_eq!(ledger.entries(0, 10).await.unwrap().len(), 3);
}

/// The rotation is in the log and nobody was told: what a node leaves that is killed before the checkpoint.
#[tokio::test]
async fn a_rotation_without_its_checkpoint_is_signed_for_by_the_new_key_at_the_next_start() {
    for old_is_gone in [false, true] {
        let memory = Memory::founded().await;
        let keys = Keys::of(&[RECORD, CHECKPOINT]);
        let mut entries = memory.entries();
        let rotates = memory.people.rotates(CHECKPOINT, NEXT_CHECKPOINT);
        entries.push(entry_after(&entries, &rotates, FOUNDED_AT));
        memory
            .log
            .overwrite(vec![block(0, &entries[..1]), block(1, &entries[1..])]);
        let halted = open_with(&memory, &keys).await.unwrap();
        assert_eq!(halted.halted().unwrap().code(), "HALTED_KEYS");
        assert_eq!(*halted.durable_size().borrow(), 1);
        assert!(signed_by(&halted.checkpoint(), CHECKPOINT));

        keys.add(NEXT_CHECKPOINT);
        if old_is_gone {
            keys.remove(CHECKPOINT);
        }
        let ledger = open_with(&memory, &keys).await.unwrap();
        assert!(ledger.halted().is_none());
        assert!(signed_by(&ledger.checkpoint(), NEXT_CHECKPOINT));
        assert_eq!(ledger.checkpoint().checkpoint().size, 2);
        assert!(recorded(&ledger, rotates).await.already_recorded);
    }
}

/// The seam's checkpoint is lost, or there although it was reported lost.
#[tokio::test]
async fn a_checkpoint_at_the_seam_that_fails_is_made_again_by_the_same_key() {
    for fault in Fault::ALL {
        let memory = Memory::founded().await;
        let keys = Keys::of(&[RECORD, CHECKPOINT, NEXT_CHECKPOINT]);
        let ledger = open_with(&memory, &keys).await.unwrap();
        memory.checkpoints.faults().fail_next(fault);
        let rotated = recorded(&ledger, memory.people.rotates(CHECKPOINT, NEXT_CHECKPOINT)).await;
        assert!(signed_by(&rotated.receipt.checkpoint, NEXT_CHECKPOINT));
        let latest = memory.checkpoints.latest().unwrap();
        assert!(signed_by(&latest, NEXT_CHECKPOINT));
        recorded(&ledger, memory.people.enrols("dina")).await;
    }
}

#[tokio::test]
async fn a_journal_whose_last_checkpoint_another_key_signed_halts_the_ledger() {
    for (name, size) in [(CHECKPOINT, 2), (NEXT_CHECKPOINT, 1)] {
        let memory = Memory::founded().await;
        let keys = Keys::of(&[RECORD, CHECKPOINT, NEXT_CHECKPOINT]);
        let ledger = open_with(&memory, &keys).await.unwrap();
        recorded(&ledger, memory.people.rotates(CHECKPOINT, NEXT_CHECKPOINT)).await;
        within(ledger.shutdown()).await;
        let forged = signed_with(&memory.entries()[..size], name);
        let forgotten = Memory {
            checkpoints: ledger::checkpoints::memory::MemoryCheckpoints::new(),
            ..memory
        };
        let forged = Arc::new(forged);
        forgotten.checkpoints.persist(&forged).await.unwrap();
        let ledger = open_with(&forgotten, &keys).await.unwrap();
        let halt = ledger.halted().unwrap();
        assert_eq!(halt.code(), "HALTED_CHECKPOINT_FOREIGN", "{name} {size}");
        let said = halt.to_string();
        assert!(said.contains("not the one in force"), "{said}");
    }
}

#[tokio::test]
async fn nodes_that_hold_the_new_key_go_on_over_the_seam_and_one_that_does_not_halts() {
    let mut all = Neighbourhood::founded(3).await;
    let complete = [RECORD, CHECKPOINT, NEXT_CHECKPOINT];
    let rings = [
        Keys::of(&complete),
        Keys::of(&complete),
        Keys::of(&complete[..2]),
    ];
    for (node, keys) in all.nodes.iter_mut().zip(&rings) {
        node.signer = Arc::new(keys.ring());
    }
    // The one without it follows.
    let mut ledgers = Vec::new();
    for node in &all.nodes[..2] {
        ledgers.push(all.open(node).await.unwrap());
    }
    let leader = all.leader(&ledgers).await;
    let without = all.open(&all.nodes[2]).await.unwrap();
    let rotates = all.people().rotates(CHECKPOINT, NEXT_CHECKPOINT);
    insisting(&ledgers[leader], rotates).await.unwrap();
    insisting(&ledgers[leader], all.people().enrols("dina"))
        .await
        .unwrap();
    for ledger in &ledgers {
        durable(ledger, 3).await;
        assert!(signed_by(&ledger.checkpoint(), NEXT_CHECKPOINT));
    }
    let halted = async {
        while without.halted().is_none() {
            tokio::task::yield_now().await;
        }
    };
    within(halted).await;
    assert_eq!(without.halted().unwrap().code(), "HALTED_KEYS");
    within(without.shutdown()).await;
    // With its file it goes on, and may lead.
    rings[2].add(NEXT_CHECKPOINT);
    all.nodes[2].signer = Arc::new(rings[2].ring());
    let again = all.open(&all.nodes[2]).await.unwrap();
    durable(&again, 3).await;
    assert!(again.halted().is_none());
}

/// A ledger on files whose checkpoint key and record key were rotated, and that was closed.
struct Rotated {
    directory: tempfile::TempDir,
    config: Config,
    clock: ManualClock,
}

impl Rotated {
    async fn new() -> Rotated {
        let directory = tempfile::tempdir().unwrap();
        let config = Config {
            data_dir: directory.path().join("data"),
            ..Config::default()
        };
        let clock = ManualClock::at(FOUNDED_AT);
        found(&config, founding(LEDGER), FOUNDED_AT).await.unwrap();
        let rotated = Rotated {
            directory,
            config,
            clock,
        };
        for name in [NEXT_RECORD, NEXT_CHECKPOINT] {
            let file = rotated
                .keys()
                .join(format!("{}.pem", name.replace(' ', "-")));
            write_key(&file, &key(name)).unwrap();
        }
        let node = rotated.node().await;
        let ledger = node.ledger(&id(LEDGER)).unwrap();
        let people = People::of(LEDGER, &rotated.clock);
        recorded(&ledger, people.enrols("dina")).await;
        recorded(&ledger, people.rotates(CHECKPOINT, NEXT_CHECKPOINT)).await;
        recorded(&ledger, people.rotates(RECORD, NEXT_RECORD)).await;
        recorded(&ledger, people.enrols("emil")).await;
        within(node.shutdown()).await;
        rotated
    }

    async fn node(&self) -> Node {
        let clock = Arc::new(self.clock.clone());
        Node::open(&self.config, clock).await.unwrap()
    }

    fn keys(&self) -> PathBuf {
        self.config
            .data_dir
            .join("ledgers")
            .join(LEDGER)
            .join("keys")
    }

    fn exported(&self, name: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        let directory = DataDirectory::new(&self.config.data_dir);
        let mut source = Directory::open(&directory, &id(LEDGER)).unwrap();
        export_bundle(&mut source, &path, &[], &|_| {}).unwrap();
        path
    }
}

#[tokio::test]
async fn a_bundle_carries_every_key_and_a_ledger_restored_from_it_goes_on_with_those_in_force() {
    let rotated = Rotated::new().await;
    let path = rotated.exported("one.govbundle");
    let bundle = Bundle::open(&path).unwrap();
    assert_eq!(
        bundle.keys(),
        [verifier(CHECKPOINT), verifier(NEXT_CHECKPOINT)]
    );
    let report = audit(
        &mut Bundle::open(&path).unwrap(),
        AuditOptions::default(),
        &|_| {},
    );
    let report = report.unwrap();
    assert_eq!(report.verifier_key, verifier(NEXT_CHECKPOINT));
    assert!(report.keys.contain(&verifier(CHECKPOINT)));

    let old = Keys::of(&[RECORD, CHECKPOINT, NEXT_RECORD]);
    let there = rotated.directory.path().join("there");
    let refused = restore(&there, bundle, old.ring(), None, |_| {}).await;
    let Err(RestoreError::OtherKeys(missing)) = refused else {
        panic!("restored without the key in force");
    };
    assert_eq!(missing.which, "checkpoint");
    assert_eq!(missing.in_force, public(NEXT_CHECKPOINT));

    let in_force = Keys::of(&[NEXT_RECORD, NEXT_CHECKPOINT]);
    let bundle = Bundle::open(&path).unwrap();
    restore(&there, bundle, in_force.ring(), None, |_| {})
        .await
        .unwrap();
    let restored = Rotated {
        config: Config {
            data_dir: there,
            ..Config::default()
        },
        ..rotated
    };
    let again = restored.exported("again.govbundle");
    assert_eq!(fs::read(&path).unwrap(), fs::read(again).unwrap());
    let node = restored.node().await;
    let ledger = node.ledger(&id(LEDGER)).unwrap();
    let people = People::of(LEDGER, &restored.clock);
    restored.clock.advance(1_000);
    let fang = recorded(&ledger, people.enrols("fang")).await;
    assert!(signed_by(&fang.receipt.checkpoint, NEXT_CHECKPOINT));
    within(node.shutdown()).await;
}

#[tokio::test]
async fn a_rotation_that_the_old_key_has_not_signed_is_no_rotation_to_who_exports() {
    let memory = Memory::founded().await;
    let mut entries = memory.entries();
    let mut rotates = memory.people.rotates(CHECKPOINT, NEXT_CHECKPOINT);
    // By the registrar and the new key alone.
    rotates.signatures.remove(1);
    entries.push(entry_after(&entries, &rotates, FOUNDED_AT));
    let checkpoint = signed_with(&entries, NEXT_CHECKPOINT).to_bytes();
    let pages = [Ok(entries.clone())].into_iter();
    let mut source = Fetched::new(id(LEDGER), &checkpoint, pages).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let exported = export_bundle(&mut source, &scratch.path().join("b"), &[], &|_| {});
    let refused = exported.unwrap_err().to_string();
    assert!(refused.contains("signature"), "{refused}");
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
}
