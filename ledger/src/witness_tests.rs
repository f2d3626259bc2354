//! A witness on disks that fail and lose power at every step: what it has said, it never forgets.

use ed25519_dalek::SigningKey;
use governance::ids::Millis;
use tlog::tree::{MemoryTree, consistency_proof, root};
use tlog::{Checkpoint, NoteSigner, leaf_hash};

use super::*;
use crate::clock::ManualClock;
use crate::disk::simulated::{DiskFault, SimulatedDisk, Survives};

const ORIGIN: &str = "records.example.org/xinyuanli";

fn signer() -> NoteSigner {
    NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[1; 32])).unwrap()
}

fn log_key() -> VerifierKey {
    signer().verifier_key().clone()
}

fn cosigner() -> Cosigner {
    Cosigner::new("witness.example.org/w", SigningKey::from_bytes(&[9; 32])).unwrap()
}

/// Ten entries; of the other history, the last nine are others.
fn tree(forked: bool) -> MemoryTree {
    let mut tree = MemoryTree::new();
    let leaf = |n: u8| leaf_hash(&[n, u8::from(forked && n > 0)]);
    tree.extend((0..10).map(leaf));
    tree
}

fn request(tree: &MemoryTree, old: u64, size: u64) -> Vec<u8> {
    request_by(&signer(), tree, old, size)
}

fn request_by(signer: &NoteSigner, tree: &MemoryTree, old: u64, size: u64) -> Vec<u8> {
    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size,
        root: root(tree, size).unwrap(),
    };
    let request = AddCheckpoint {
        old_size: old,
        proof: consistency_proof(tree, old, size).unwrap(),
        checkpoint: checkpoint.sign(signer).unwrap().note().clone(),
    };
    request.to_string().into_bytes()
}

fn directory() -> PathBuf {
    PathBuf::from("/witness")
}

fn added() -> SimulatedDisk {
    let disk = SimulatedDisk::with_root(&directory());
    add_log_on(&disk.disk(), &directory(), &log_key()).expect("adds");
    disk
}

fn open(disk: &SimulatedDisk) -> Result<Witness, WitnessError> {
    let clock = Arc::new(ManualClock::at(Millis(1_767_575_100_000)));
    Witness::open_on(&disk.disk(), &directory(), cosigner(), clock)
}

fn held(witness: &Witness) -> u64 {
    let held = witness.checkpoint(&origin_hash(ORIGIN));
    held.map_or(0, |held| held.checkpoint().size)
}

#[tokio::test]
async fn a_cosignature_holds_and_is_given_to_monitors_after_a_restart_too() {
    let disk = added();
    let witness = open(&disk).unwrap();
    assert!(witness.checkpoint(&origin_hash(ORIGIN)).is_none());
    let line = witness
        .add_checkpoint(&request(&tree(false), 0, 3))
        .await
        .unwrap();
    drop(witness);
    let witness = open(&disk).unwrap();
    let kept = witness.checkpoint(&origin_hash(ORIGIN)).unwrap();
    let key = [witness.verifier_key().clone()];
    let opened = SignedCheckpoint::open_witnessed(&kept.to_bytes(), &log_key(), &key);
    let (kept, cosigned) = opened.unwrap();
    assert_eq!(cosigned[0].timestamp, Some(1_767_575_100));
    assert!(kept.note().signatures().contains(&line));
    assert!(
        witness
            .checkpoint(&origin_hash("another.example"))
            .is_none()
    );
}

#[tokio::test]
async fn forks_rollbacks_and_strangers_are_refused_and_change_nothing() {
    let disk = added();
    let witness = open(&disk).unwrap();
    let (tree, fork) = (tree(false), tree(true));
    witness.add_checkpoint(&request(&tree, 0, 5)).await.unwrap();
    let status = |refused: Result<_, NotCosigned>| refused.map(drop).unwrap_err().status();
    assert_eq!(
        status(witness.add_checkpoint(&request(&tree, 3, 7)).await),
        409
    );
    assert_eq!(
        status(witness.add_checkpoint(&request(&tree, 3, 3)).await),
        409
    );
    assert_eq!(
        status(witness.add_checkpoint(&request(&fork, 5, 5)).await),
        422
    );
    assert_eq!(
        status(witness.add_checkpoint(&request(&fork, 5, 7)).await),
        422
    );
    assert_eq!(status(witness.add_checkpoint(b"old 5\n").await), 400);
    let text = String::from_utf8(request(&tree, 5, 7)).unwrap();
    let other = text.replace(ORIGIN, "another.example");
    assert_eq!(status(witness.add_checkpoint(other.as_bytes()).await), 404);
    assert_eq!(held(&witness), 5);
    // The fork is kept: a second root for one size, signed by the log.
    let kept = disk
        .disk()
        .list(&directory().join("logs").join(origin_hash(ORIGIN)));
    let kept = kept
        .unwrap()
        .into_iter()
        .filter(|name| name.starts_with("refused-"));
    assert_eq!(kept.count(), 1);
    witness
        .add_checkpoint(&request(&tree, 5, 7))
        .await
        .expect("the log goes on");
}

#[test]
fn what_was_cosigned_is_never_begun_anew() {
    let disk = added();
    let again = add_log_on(&disk.disk(), &directory(), &log_key());
    assert!(matches!(again, Err(WitnessError::Known { .. })));
    let path = directory().join("logs").join(origin_hash(ORIGIN));
    disk.forget(&path.join("checkpoints.journal"));
    let opened = open(&disk);
    assert!(
        matches!(opened, Err(WitnessError::Journal { .. })),
        "{opened:?}"
    );
    let nowhere = tempfile::tempdir().unwrap().path().join("nowhere");
    let clock = Arc::new(ManualClock::at(Millis(1)));
    let opened = Witness::open(&nowhere, cosigner(), clock);
    assert!(matches!(opened, Err(WitnessError::Missing { .. })));
}

/// The log's key is exchanged: the next one is good once it is written, and the one before until it has signed.
#[tokio::test]
async fn a_log_signs_with_its_next_key_and_no_longer_with_the_one_before() {
    let next = NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[2; 32])).unwrap();
    let third = NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[3; 32])).unwrap();
    let (disk, tree) = (added(), tree(false));
    let status = |refused: Result<_, NotCosigned>| refused.map(drop).unwrap_err().status();
    let witness = open(&disk).unwrap();
    witness.add_checkpoint(&request(&tree, 0, 2)).await.unwrap();
    let early = request_by(&next, &tree, 2, 4);
    assert_eq!(status(witness.add_checkpoint(&early).await), 403);
    drop(witness);

    let add = |signer: &NoteSigner| {
        add_log_on(&disk.disk(), &directory(), signer.verifier_key()).expect("adds");
    };
    add(&next);
    let witness = open(&disk).unwrap();
    assert_eq!(witness.logs().len(), 2);
    witness.add_checkpoint(&request(&tree, 2, 3)).await.unwrap();
    witness
        .add_checkpoint(&request_by(&next, &tree, 3, 4))
        .await
        .unwrap();
    let given_up = async |witness: &Witness, request: &[u8]| {
        let refused = witness.add_checkpoint(request).await.unwrap_err();
        assert_eq!(refused.status(), 403);
        assert!(matches!(refused, NotCosigned::GivenUp { .. }), "{refused}");
    };
    let kept = || {
        let path = directory().join("logs").join(origin_hash(ORIGIN));
        let names = disk.disk().list(&path).unwrap();
        names.iter().filter(|n| n.starts_with("refused-")).count()
    };
    // Somebody still has the one before; a log that lags may ask with it too, and is no proof of anything.
    given_up(&witness, &request(&tree, 3, 3)).await;
    assert_eq!(kept(), 0);
    given_up(&witness, &request(&tree, 4, 5)).await;
    assert_eq!(kept(), 1);
    given_up(&witness, &request(&self::tree(true), 4, 4)).await;
    assert_eq!(kept(), 2);
    drop(witness);
    // Nor after a restart, nor when a key is skipped.
    add(&third);
    let witness = open(&disk).unwrap();
    assert_eq!(held(&witness), 4);
    given_up(&witness, &request(&tree, 4, 5)).await;
    witness
        .add_checkpoint(&request_by(&third, &tree, 4, 5))
        .await
        .unwrap();
    given_up(&witness, &request_by(&next, &tree, 5, 6)).await;
}

#[tokio::test]
async fn a_journal_that_none_of_the_keys_signed_is_no_memory() {
    let disk = added();
    let witness = open(&disk).unwrap();
    witness
        .add_checkpoint(&request(&tree(false), 0, 2))
        .await
        .unwrap();
    drop(witness);
    let vkey = directory()
        .join("logs")
        .join(origin_hash(ORIGIN))
        .join("vkey");
    let other = NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[2; 32])).unwrap();
    disk.set_contents(&vkey, format!("{}\n", other.verifier_key()).into_bytes());
    let opened = open(&disk);
    assert!(
        matches!(opened, Err(WitnessError::NotSigned { .. })),
        "{opened:?}"
    );
}

#[test]
fn a_directory_has_one_process() {
    let disk = added();
    let first = open(&disk).unwrap();
    assert!(matches!(open(&disk), Err(WitnessError::InUse { .. })));
    let added = add_log_on(&disk.disk(), &directory(), &log_key());
    assert!(matches!(added, Err(WitnessError::InUse { .. })));
    drop(first);
    open(&disk).expect("it is free again");
}

/// Brings a witness to ten entries, one by one, from wherever it is; returns what it cosigned last.
async fn grow(witness: &Witness) -> u64 {
    let tree = tree(false);
    let mut said = held(witness);
    while said < 10 {
        match witness
            .add_checkpoint(&request(&tree, said, said + 1))
            .await
        {
            Ok(_) => said += 1,
            // It got further than it could say, as a log learns too.
            Err(NotCosigned::Refused(WitnessRefusal::Stale { latest, .. })) => said = latest,
            Err(NotCosigned::Store(_)) => break,
            Err(other) => panic!("{other}"),
        }
    }
    said
}

#[tokio::test]
async fn at_every_step_that_fails_or_at_which_the_power_goes_nothing_said_is_forgotten() {
    let untroubled = added();
    let begin = untroubled.operations().len();
    grow(&open(&untroubled).unwrap()).await;
    let steps = begin..untroubled.operations().len();
    assert!(
        steps.len() >= 20,
        "{steps:?}: ten writes and ten syncs at least"
    );
    let survivals = [Survives::Nothing, Survives::Everything, Survives::Some(7)];
    for step in steps {
        for fault in [
            DiskFault::Lost,
            DiskFault::Short,
            DiskFault::PersistedYetFailed,
            DiskFault::PowerLost,
        ] {
            for survives in survivals {
                let disk = added();
                disk.fail(step, fault);
                let said = match open(&disk) {
                    Ok(witness) => grow(&witness).await,
                    Err(_) => 0,
                };
                disk.power_cycle(survives);
                let witness = open(&disk).unwrap_or_else(|e| panic!("step {step}, {fault:?}: {e}"));
                let held = held(&witness);
                // It may have more: a state that was made durable and never said is no lie.
                assert!(
                    held >= said,
                    "step {step}, {fault:?}: said {said}, holds {held}"
                );
                if said > 1 {
                    let fork = witness
                        .add_checkpoint(&request(&tree(true), held, held))
                        .await;
                    assert_eq!(fork.unwrap_err().status(), 422);
                }
                assert_eq!(grow(&witness).await, 10, "it goes on");
            }
        }
    }
}

#[tokio::test]
async fn killed_at_every_operation_it_forgets_nothing_it_said_and_the_power_may_go_after_the_next_opening()
 {
    let untroubled = added();
    let begin = untroubled.operations().len();
    grow(&open(&untroubled).unwrap()).await;
    for operation in begin..untroubled.operations().len() {
        let disk = added();
        disk.fail(operation, DiskFault::PowerLost);
        let said = match open(&disk) {
            Ok(witness) => grow(&witness).await,
            Err(_) => 0,
        };
        disk.kill_process();
        let shown = held(&open(&disk).unwrap());
        assert!(shown >= said, "{operation}: said {said}, shows {shown}");
        disk.power_cycle(Survives::Nothing);
        let witness = open(&disk).unwrap();
        let kept = held(&witness);
        assert!(kept >= said, "{operation}: said {said}, kept {kept}");
        assert_eq!(grow(&witness).await, 10, "it goes on");
    }
}

#[tokio::test]
async fn after_a_failed_write_the_same_process_goes_on_from_what_is_on_the_disk() {
    for fault in [
        DiskFault::Lost,
        DiskFault::Short,
        DiskFault::PersistedYetFailed,
    ] {
        let disk = added();
        let witness = open(&disk).unwrap();
        let tree = tree(false);
        witness.add_checkpoint(&request(&tree, 0, 1)).await.unwrap();
        disk.fail(disk.operations().len(), fault);
        let failed = witness.add_checkpoint(&request(&tree, 1, 2)).await;
        assert_eq!(failed.unwrap_err().status(), 500, "{fault:?}");
        assert_eq!(grow(&witness).await, 10, "{fault:?}");
    }
}
