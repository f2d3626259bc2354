//! A ledger and its witnesses: what is published, what waits, who is late, and what halts.

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use common::{DEADLINE, Memory, checkpoint_over, ledger_keys, recorded, within};
use ed25519_dalek::SigningKey;
use ledger::Halt;
use ledger::ledger::Ledger;
use ledger::witness::{NotCosigned, Witness, add_log};
use ledger::witnesses::{Published, WitnessClient};
use tempfile::TempDir;
use tlog::cosignature::Cosigner;
use tlog::{AddCheckpoint, Policy, SignatureKind, VerifierKey, WitnessRefusal};

/// Three witnesses without a network between.
struct Street {
    witnesses: Vec<Stand>,
}

/// A witness that can be made to hang, or to answer nonsense.
struct Stand {
    witness: Witness,
    hangs: AtomicBool,
    nonsense: Mutex<Option<(u16, Vec<u8>)>>,
    _dir: TempDir,
}

fn log_key() -> VerifierKey {
    let key = ledger_keys().checkpoint_key().0;
    let origin = checkpoint_over([&common::founding_entry(common::LEDGER)]);
    let origin = &origin.checkpoint().origin;
    VerifierKey::new(origin, SignatureKind::Ed25519, &key).expect("a key")
}

fn cosigner(n: usize) -> Cosigner {
    let seed = [u8::try_from(n).unwrap() + 50; 32];
    Cosigner::new(&format!("w{n}.example"), SigningKey::from_bytes(&seed)).unwrap()
}

impl Street {
    fn new() -> Arc<Street> {
        let stand = |n| {
            let dir = tempfile::tempdir().unwrap();
            add_log(dir.path(), &log_key()).unwrap();
            let clock = Arc::new(ledger::SystemClock::new());
            Stand {
                witness: Witness::open(dir.path(), cosigner(n), clock).unwrap(),
                hangs: AtomicBool::new(false),
                nonsense: Mutex::default(),
                _dir: dir,
            }
        };
        let witnesses = (0..3).map(stand).collect();
        Arc::new(Street { witnesses })
    }

    fn at(&self, url: &str) -> &Stand {
        &self.witnesses[url.parse::<usize>().expect("a place")]
    }

    fn hangs(&self, place: usize, hangs: bool) {
        self.witnesses[place].hangs.store(hangs, Ordering::SeqCst);
    }

    fn answers(&self, place: usize, answer: Option<(u16, &[u8])>) {
        let answer = answer.map(|(status, body)| (status, body.to_vec()));
        *self.witnesses[place].nonsense.lock().unwrap() = answer;
    }
}

#[async_trait]
impl WitnessClient for Street {
    async fn add_checkpoint(&self, url: &str, request: Vec<u8>) -> Result<(u16, Vec<u8>), String> {
        let stand = self.at(url);
        if stand.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if let Some(answer) = stand.nonsense.lock().unwrap().clone() {
            return Ok(answer);
        }
        Ok(match stand.witness.add_checkpoint(&request).await {
            Ok(line) => (200, format!("{line}\n").into_bytes()),
            Err(NotCosigned::Refused(WitnessRefusal::Stale { latest, .. })) => {
                (409, format!("{latest}\n").into_bytes())
            }
            Err(refused) => (refused.status(), refused.to_string().into_bytes()),
        })
    }

    async fn checkpoint(&self, url: &str, origin_hash: &str) -> Result<(u16, Vec<u8>), String> {
        Ok(match self.at(url).witness.checkpoint(origin_hash) {
            Some(checkpoint) => (200, checkpoint.to_bytes()),
            None => (404, Vec::new()),
        })
    }
}

fn policy(quorum: &str) -> Policy {
    let witness = |n| format!("witness w{n} {} {n}\n", cosigner(n).verifier_key());
    let witnesses: String = (0..3).map(witness).collect();
    let text = format!("{witnesses}group two 2 w0 w1 w2\nquorum {quorum}\n");
    Policy::parse(text.as_bytes()).expect("a policy")
}

async fn witnessed(memory: &Memory, street: &Arc<Street>, quorum: &str) -> Arc<Ledger> {
    let ledger = memory.open().await.unwrap();
    let client = Arc::clone(street) as Arc<dyn WitnessClient>;
    ledger.start_witnesses(policy(quorum), client).await;
    ledger
}

/// Waits until this is published.
async fn published(ledger: &Ledger, like: impl Fn(&Published) -> bool) -> Published {
    within(async {
        loop {
            if let Some(published) = ledger.published().filter(&like) {
                return published;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

fn size(published: &Published) -> u64 {
    published.checkpoint.checkpoint().size
}

#[tokio::test]
async fn a_checkpoint_is_published_with_the_cosignatures_of_all_who_answer() {
    let (memory, street) = (Memory::founded().await, Street::new());
    let ledger = witnessed(&memory, &street, "two").await;
    let first = published(&ledger, |p| p.cosigned.len() == 3).await;
    assert_eq!(size(&first), 1);
    recorded(&ledger, memory.people.enrols("dina")).await;
    let second = published(&ledger, |p| size(p) == 2 && p.cosigned.len() == 3).await;
    let keys = policy("two").witness_keys();
    let bytes = second.checkpoint.to_bytes();
    let opened = tlog::SignedCheckpoint::open_witnessed(&bytes, &log_key(), &keys);
    assert_eq!(opened.unwrap().1.len(), 3);
    assert!(
        ledger
            .witnesses()
            .iter()
            .all(|w| w.late.is_none() && w.cosigned == Some(2))
    );
}

#[tokio::test]
async fn without_a_quorum_publication_waits_and_admission_does_not() {
    let (memory, street) = (Memory::founded().await, Street::new());
    street.hangs(1, true);
    street.hangs(2, true);
    let ledger = witnessed(&memory, &street, "two").await;
    for name in ["dina", "emil"] {
        let receipt = recorded(&ledger, memory.people.enrols(name)).await.receipt;
        assert!(receipt.pending_witnesses);
    }
    assert!(ledger.published().is_none());
    let (receipt, _) = ledger.receipt(1).await.unwrap();
    assert!(
        receipt.pending_witnesses,
        "one can be had, and says how it stands"
    );
    street.hangs(1, false);
    let now = published(&ledger, |p| size(p) == 3).await;
    assert_eq!(now.cosigned.len(), 2);
    let (receipt, _) = ledger.receipt(1).await.unwrap();
    assert!(!receipt.pending_witnesses);
    assert_eq!(receipt.checkpoint.to_bytes(), now.checkpoint.to_bytes());
}

#[tokio::test]
async fn the_one_who_is_late_is_named_and_comes_back() {
    let (memory, street) = (Memory::founded().await, Street::new());
    street.hangs(2, true);
    let ledger = witnessed(&memory, &street, "two").await;
    published(&ledger, |p| p.cosigned.len() == 2).await;
    within(async {
        while ledger.witnesses()[2].late.is_none() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let status = ledger.witnesses();
    assert_eq!((status[2].name.as_str(), status[2].cosigned), ("w2", None));
    assert!(status[0].late.is_none() && status[1].late.is_none());
    street.hangs(2, false);
    published(&ledger, |p| p.cosigned.len() == 3).await;
    assert_eq!(ledger.witnesses()[2].late, None);
}

#[tokio::test]
async fn a_policy_that_asks_nobody_publishes_at_once_and_adds_cosignatures_as_they_come() {
    let (memory, street) = (Memory::founded().await, Street::new());
    for place in 0..3 {
        street.hangs(place, true);
    }
    let ledger = witnessed(&memory, &street, "none").await;
    let receipt = recorded(&ledger, memory.people.enrols("dina"))
        .await
        .receipt;
    assert!(!receipt.pending_witnesses);
    street.hangs(0, false);
    published(&ledger, |p| size(p) == 2 && p.cosigned.len() == 1).await;
}

#[tokio::test]
async fn whoever_submits_can_wait_until_it_is_published() {
    let (memory, street) = (Memory::founded().await, Street::new());
    let ledger = witnessed(&memory, &street, "two").await;
    let receipt = recorded(&ledger, memory.people.enrols("dina"))
        .await
        .receipt;
    let waited = ledger
        .published_receipt(receipt.index, DEADLINE)
        .await
        .unwrap();
    assert!(!waited.pending_witnesses);
    let keys = policy("two").witness_keys();
    let note = waited.checkpoint.note();
    let cosigned = note.verify(&keys).unwrap();
    assert!(policy("two").is_met_by(&cosigned));
    // Out of patience, it says how it stands.
    for place in 0..3 {
        street.hangs(place, true);
    }
    let receipt = recorded(&ledger, memory.people.enrols("emil"))
        .await
        .receipt;
    let soon = std::time::Duration::from_millis(1);
    let waited = ledger.published_receipt(receipt.index, soon).await.unwrap();
    assert!(waited.pending_witnesses);
}

#[tokio::test]
async fn what_was_published_is_published_after_a_restart_before_anybody_answers() {
    let (memory, street) = (Memory::founded().await, Street::new());
    let ledger = witnessed(&memory, &street, "two").await;
    recorded(&ledger, memory.people.enrols("dina")).await;
    let before = published(&ledger, |p| size(p) == 2 && p.cosigned.len() == 3).await;
    ledger.shutdown().await;
    drop(ledger);
    for place in 0..3 {
        street.hangs(place, true);
    }
    let ledger = witnessed(&memory, &street, "two").await;
    let after = ledger.published().expect("it is kept");
    assert_eq!(after.checkpoint.to_bytes(), before.checkpoint.to_bytes());
    // Under a stricter policy it is not enough any more.
    ledger.shutdown().await;
    drop(ledger);
    let ledger = memory.open().await.unwrap();
    let strangers =
        Policy::parse(format!("witness x {} 0\nquorum x\n", cosigner(9).verifier_key()).as_bytes());
    ledger
        .start_witnesses(strangers.unwrap(), street as _)
        .await;
    assert!(ledger.published().is_none());
}

#[tokio::test]
async fn nonsense_is_no_cosignature_and_names_who_said_it() {
    let (memory, street) = (Memory::founded().await, Street::new());
    let line = cosigner(7).cosign("another text\n", 1).unwrap();
    let foreign = format!("{line}\n");
    let forged = cosigner(0).cosign("another text\n", 1).unwrap();
    let forged = format!("{forged}\n");
    street.answers(1, Some((200, foreign.as_bytes())));
    street.answers(2, Some((409, b"no size\n")));
    street.answers(0, Some((200, forged.as_bytes())));
    let ledger = witnessed(&memory, &street, "two").await;
    within(async {
        while ledger.witnesses().iter().any(|w| w.late.is_none()) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let late = ledger.witnesses().into_iter().map(|w| w.late.unwrap());
    let late: Vec<String> = late.collect();
    assert!(late[0].contains("does not hold"), "{late:?}");
    assert!(
        late[1].contains("without a cosignature by its key"),
        "{late:?}"
    );
    assert!(late[2].contains("without a size"), "{late:?}");
    assert!(ledger.published().is_none());
    // A witness that says it holds more, and cannot show it, halts nothing.
    street.answers(2, Some((409, b"99\n")));
    recorded(&ledger, memory.people.enrols("dina")).await;
    street.answers(0, None);
    street.answers(1, None);
    published(&ledger, |p| size(p) == 2).await;
    assert!(ledger.halted().is_none());
}

/// Brings a witness to the last of these entries.
async fn cosigns(street: &Street, place: usize, entries: &[Vec<u8>]) {
    let request = AddCheckpoint {
        old_size: 0,
        proof: Vec::new(),
        checkpoint: checkpoint_over(entries).note().clone(),
    };
    let request = request.to_string().into_bytes();
    let cosigned = street.witnesses[place]
        .witness
        .add_checkpoint(&request)
        .await;
    cosigned.expect("it is signed");
}

async fn halted(ledger: &Ledger) -> Halt {
    within(async {
        loop {
            if let Some(halt) = ledger.halted() {
                return halt;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

#[tokio::test]
async fn a_node_that_lost_entries_a_witness_saw_halts() {
    let (memory, street) = (Memory::founded().await, Street::new());
    let more = Memory::founded().await;
    let ledger = more.open().await.unwrap();
    recorded(&ledger, more.people.enrols("dina")).await;
    cosigns(&street, 1, &more.entries()).await;
    let ledger = witnessed(&memory, &street, "none").await;
    let halt = halted(&ledger).await;
    assert!(
        matches!(
            halt,
            Halt::RolledBack {
                length: 1,
                checkpoint: 2
            }
        ),
        "{halt}"
    );
    ledger
        .submit(memory.people.enrols("emil"))
        .await
        .unwrap_err();
}

#[tokio::test]
async fn a_node_with_another_history_than_a_witness_saw_halts() {
    let (memory, street) = (Memory::founded().await, Street::new());
    let other = Memory::founded().await;
    let ledger = other.open().await.unwrap();
    recorded(&ledger, other.people.enrols("dina")).await;
    cosigns(&street, 1, &other.entries()).await;
    let ledger = memory.open().await.unwrap();
    for name in ["emil", "fang"] {
        recorded(&ledger, memory.people.enrols(name)).await;
    }
    let client = Arc::clone(&street) as Arc<dyn WitnessClient>;
    ledger.start_witnesses(policy("two"), client).await;
    let halt = halted(&ledger).await;
    assert!(matches!(halt, Halt::Forked { size: 2, .. }), "{halt}");
}
