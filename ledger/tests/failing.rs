//! Every write of the way of one action, failed both ways: lost, and persisted yet reported failed.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use common::{
    Memory, block, checkpoint_over, content, entry_after, recorded, refused, spawn_submit, within,
};
use governance::action::Stance;
use governance::ids::{Millis, PublicKey};
use ledger::checkpoints::CheckpointStore as _;
use ledger::content::ContentStore as _;
use ledger::store::fault::{Fault, FaultPlan};
use ledger::{Clock as _, Ledger, LedgerKeys, LedgerParts, LedgerSigner, SignError};
use tlog::{Checkpoint, Signature, SignedCheckpoint};

/// Which write fails.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Write {
    Content,
    Block,
    Checkpoint,
}

/// What becomes of one action when one write fails once.
const ONCE: [(Write, Fault, &str); 9] = [
    (
        Write::Content,
        Fault::Refused,
        "The content is not kept: nothing was appended, and all is written again.",
    ),
    (
        Write::Content,
        Fault::Lost,
        "The content may not be kept: nothing was appended, and all is written again.",
    ),
    (
        Write::Content,
        Fault::PersistedYetFailed,
        "The content is kept after all, but perhaps not durably: all is written again.",
    ),
    (
        Write::Block,
        Fault::Refused,
        "The block is not in the log: the action is decided and written again.",
    ),
    (
        Write::Block,
        Fault::Lost,
        "The block is not found in the log: the action is decided and written again.",
    ),
    (
        Write::Block,
        Fault::PersistedYetFailed,
        "The block is found in the log: the action gets the receipt of the entry found.",
    ),
    (
        Write::Checkpoint,
        Fault::Refused,
        "The checkpoint is not kept: the journal is read anew, and it is written again.",
    ),
    (
        Write::Checkpoint,
        Fault::Lost,
        "The checkpoint is not found in the journal: it is written again.",
    ),
    (
        Write::Checkpoint,
        Fault::PersistedYetFailed,
        "The checkpoint is found in the journal: it is written again, which changes nothing.",
    ),
];

fn plan(memory: &Memory, write: Write) -> &FaultPlan {
    match write {
        Write::Content => memory.contents.faults(),
        Write::Block => memory.log.faults(),
        Write::Checkpoint => memory.checkpoints.faults(),
    }
}

#[tokio::test]
async fn a_write_that_fails_once_is_mended_and_the_action_is_recorded_once() {
    for (write, fault, sentence) in ONCE {
        let memory = Memory::founded().await;
        let ledger = memory.open().await.unwrap();
        plan(&memory, write).fail_next(fault);

        let submission = memory.people.enrols_named("dina", "迪娜");
        let submitted = recorded(&ledger, submission.clone()).await;

        assert!(!submitted.already_recorded, "{sentence}");
        assert_eq!(submitted.receipt.index, 1, "{sentence}");
        assert_eq!(memory.entries().len(), 2, "{sentence}");
        assert_eq!(memory.contents.count(), 1, "{sentence}");
        assert!(ledger.halted().is_none(), "{sentence}");
        // Afterwards nothing is different from a ledger on which nothing failed.
        let again = recorded(&ledger, submission).await;
        assert!(again.already_recorded, "{sentence}");
        assert_eq!(again.receipt.leaf, submitted.receipt.leaf, "{sentence}");
        recorded(&ledger, memory.people.enrols("emil")).await;
        ledger.shutdown().await;
        let reopened = memory.open().await.unwrap();
        assert!(reopened.halted().is_none(), "{sentence}");
        assert_eq!(*reopened.durable_size().borrow(), 3, "{sentence}");
    }
}

/// What becomes of the ledger when one kind of write always fails.
const ALWAYS: [(Write, Fault, &str, &str); 9] = [
    (
        Write::Content,
        Fault::Refused,
        "HALTED_STORAGE",
        "No content can be kept: nothing is appended, and the ledger halts.",
    ),
    (
        Write::Content,
        Fault::Lost,
        "HALTED_STORAGE",
        "No content can be kept: nothing is appended, and the ledger halts.",
    ),
    (
        Write::Content,
        Fault::PersistedYetFailed,
        "HALTED_STORAGE",
        "The content is found, but never surely durable: nothing is appended.",
    ),
    (
        Write::Block,
        Fault::Refused,
        "HALTED_STORAGE",
        "No block can be appended: the ledger halts.",
    ),
    (
        Write::Block,
        Fault::Lost,
        "HALTED_STORAGE",
        "No block can be appended: the ledger halts.",
    ),
    (
        Write::Block,
        Fault::PersistedYetFailed,
        "",
        "Each block is found in the log: the action gets its receipt.",
    ),
    (
        Write::Checkpoint,
        Fault::Refused,
        "HALTED_CHECKPOINT",
        "No checkpoint can be kept: nobody is answered, and the ledger halts.",
    ),
    (
        Write::Checkpoint,
        Fault::Lost,
        "HALTED_CHECKPOINT",
        "No checkpoint can be kept: nobody is answered, and the ledger halts.",
    ),
    (
        Write::Checkpoint,
        Fault::PersistedYetFailed,
        "HALTED_CHECKPOINT",
        "Nobody says for certain that a checkpoint is kept: the ledger halts.",
    ),
];

#[tokio::test]
async fn a_write_that_always_fails_halts_the_ledger_and_a_restart_tells_what_was_recorded() {
    for (write, fault, code, sentence) in ALWAYS {
        let memory = Memory::founded().await;
        let ledger = memory.open().await.unwrap();
        plan(&memory, write).fail_every(Some(fault));
        let submission = memory.people.enrols_named("dina", "迪娜");
        if code.is_empty() {
            recorded(&ledger, submission).await;
            continue;
        }
        assert_eq!(
            refused(&ledger, submission.clone()).await,
            code,
            "{sentence}"
        );
        assert_eq!(ledger.halted().unwrap().code(), code, "{sentence}");
        assert_eq!(
            refused(&ledger, memory.people.enrols("emil")).await,
            code,
            "{sentence}"
        );
        // Readers see what was acknowledged, and nothing of what is uncertain.
        assert_eq!(*ledger.durable_size().borrow(), 1, "{sentence}");
        assert_eq!(ledger.entries(0, 10).await.unwrap().len(), 1, "{sentence}");
        ledger.shutdown().await;

        plan(&memory, write).fail_every(None);
        memory.checkpoints.reopen().await.unwrap();
        let reopened = memory.open().await.unwrap();
        assert!(reopened.halted().is_none(), "{sentence}");
        let submitted = recorded(&reopened, submission).await;
        // Only a block that was in the log without its checkpoint was recorded before.
        assert_eq!(
            submitted.already_recorded,
            write == Write::Checkpoint,
            "{sentence}"
        );
        assert_eq!(memory.entries().len(), 2, "{sentence}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_failures_among_hundreds_each_is_recorded_once_and_in_one_chain() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    for (n, fault) in Fault::ALL.into_iter().cycle().take(12).enumerate() {
        memory.log.faults().fail(3 + 3 * n as u64, fault);
        memory.checkpoints.faults().fail(2 + 4 * n as u64, fault);
    }
    let mut tasks = Vec::new();
    for n in 0..400 {
        // Before submitting, so that the change waited for is not over yet.
        let mut durable = ledger.durable_size();
        tasks.push(spawn_submit(
            &ledger,
            memory.people.enrols(&format!("p{n}")),
        ));
        if n % 10 == 0 {
            within(durable.changed()).await.unwrap();
        }
    }
    let mut indices = Vec::new();
    for task in tasks {
        let submitted = within(task).await.unwrap().expect("recorded");
        common::verify(&ledger, &submitted.receipt);
        indices.push(submitted.receipt.index);
    }
    indices.sort_unstable();
    assert_eq!(indices, (1..=400).collect::<Vec<_>>());
    ledger.shutdown().await;
    let reopened = memory.open().await.unwrap();
    assert!(reopened.halted().is_none());
    assert_eq!(*reopened.durable_size().borrow(), 401);
}

#[tokio::test]
async fn everything_in_flight_is_decided_again_refusals_included() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    memory.log.faults().hold();
    memory.log.faults().fail_next(Fault::Lost);
    // Lost with its block, and too late when it is decided again.
    let late = spawn_submit(&ledger, memory.people.enrols("dina"));
    within(memory.log.faults().held(1)).await;
    memory.clock.advance(Millis::HOUR + 1);
    // Refused because dina was about to be enrolled; admitted once she was not.
    let second = spawn_submit(&ledger, memory.people.enrols("dina"));
    tokio::task::yield_now().await;
    memory.log.faults().release();
    assert_eq!(within(late).await.unwrap().unwrap_err().code(), "EXPIRED");
    assert_eq!(within(second).await.unwrap().unwrap().receipt.index, 1);
    assert_eq!(memory.entries().len(), 2);
}

#[tokio::test]
async fn what_a_lost_block_left_in_the_content_store_is_erased_unless_it_is_recorded() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    recorded(&ledger, memory.people.enrols_named("dina", "迪娜")).await;
    memory.log.faults().hold();
    memory.log.faults().fail_next(Fault::Refused);
    // Names a content that is recorded already, and one that is new; too late when decided again.
    let old = spawn_submit(&ledger, memory.people.enrols_named("emil", "迪娜"));
    within(memory.log.faults().held(1)).await;
    memory.log.faults().release();
    assert_eq!(within(old).await.unwrap().unwrap().receipt.index, 2);

    // Each in a block of its own, which is lost; then it is too late for it.
    for (person, name, kept) in [("fang", "方", 2), ("gao", "迪娜", 1)] {
        memory.log.faults().hold();
        memory.log.faults().fail_next(Fault::Refused);
        let late = spawn_submit(&ledger, memory.people.enrols_named(person, name));
        within(memory.log.faults().held(1)).await;
        assert_eq!(memory.contents.count(), kept);
        memory.clock.advance(Millis::HOUR + 1);
        memory.log.faults().release();
        let answer = within(late).await.unwrap();
        assert_eq!(answer.unwrap_err().code(), "EXPIRED");
        recorded(&ledger, memory.people.enrols(&format!("{person}-2"))).await;
        // Erased before the next block at the latest.
        recorded(&ledger, memory.people.enrols(&format!("{person}-3"))).await;
        assert_eq!(memory.contents.count(), 1);
    }
    let stored = |name: &str| {
        let (content, _) = content(name);
        let contents = memory.contents.clone();
        async move { contents.read(&content.digest).await.unwrap().is_some() }
    };
    assert!(!stored("方").await);
    assert!(stored("迪娜").await);
}

#[tokio::test]
async fn what_a_lost_block_left_is_not_erased_from_under_an_action_that_relies_on_it() {
    for _ in 0..8 {
        let memory = Memory::founded().await;
        let ledger = memory.open().await.unwrap();
        memory.log.faults().hold();
        memory.log.faults().fail_next(Fault::Refused);
        let lost = spawn_submit(&ledger, memory.people.enrols_named("fang", "方"));
        within(memory.log.faults().held(1)).await;
        // It finds the content there without bringing it, and outlives who did.
        memory.clock.advance(Millis::HOUR / 2);
        let mut relies = memory.people.enrols_named("gao", "方");
        relies.contents.clear();
        let relies = spawn_submit(&ledger, relies);
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        memory.clock.advance(Millis::HOUR / 2 + 1);
        memory.log.faults().release();
        let lost = within(lost).await.unwrap();
        assert_eq!(lost.unwrap_err().code(), "EXPIRED");
        let relies = within(relies).await.unwrap();
        recorded(&ledger, memory.people.enrols("hai")).await;
        let kept = memory.contents.read(&content("方").0.digest).await.unwrap();
        match relies {
            Ok(_) => assert!(kept.is_some(), "an entry names what was erased"),
            // It came too late and found nothing.
            Err(error) => assert_eq!((error.code(), kept), ("CONTENT_MISSING", None)),
        }
    }
}

#[tokio::test]
async fn a_content_that_is_relied_on_has_the_length_the_action_says() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    recorded(&ledger, memory.people.enrols_named("dina", "迪娜")).await;
    let (mut named, _) = content("迪娜");
    named.length += 1;
    let wrong = memory.people.enrols_naming("emil", named.clone());
    assert_eq!(refused(&ledger, wrong).await, "CONTENT_MISMATCH");
    named.length -= 1;
    recorded(&ledger, memory.people.enrols_naming("emil", named)).await;
}

#[tokio::test]
async fn a_content_erased_while_an_action_rests_on_it_refuses_the_action() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    recorded(&ledger, memory.people.enrols_named("dina", "迪娜")).await;
    memory.log.faults().hold();
    let first = spawn_submit(&ledger, memory.people.enrols("emil"));
    within(memory.log.faults().held(1)).await;
    let mut rests_on_it = memory.people.enrols_named("fang", "迪娜");
    rests_on_it.contents.clear();
    let rests_on_it = spawn_submit(&ledger, rests_on_it);
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    memory
        .contents
        .erase(&content("迪娜").0.digest)
        .await
        .unwrap();
    memory.log.faults().release();
    within(first).await.unwrap().unwrap();
    assert_eq!(
        within(rests_on_it).await.unwrap().unwrap_err().code(),
        "CONTENT_MISSING"
    );
    recorded(&ledger, memory.people.enrols("gao")).await;
}

#[tokio::test]
async fn after_a_conflict_the_others_entries_are_followed_and_ours_come_after() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    // Another writer was faster by one entry.
    let mut entries = memory.entries();
    let theirs = entry_after(&entries, &memory.people.enrols("dina"), memory.clock.now());
    entries.push(theirs);
    memory
        .log
        .overwrite(vec![block(0, &entries[..1]), block(1, &entries[1..])]);

    let submitted = recorded(&ledger, memory.people.enrols("emil")).await;

    assert_eq!(submitted.receipt.index, 2);
    assert_eq!(*ledger.durable_size().borrow(), 3);
    // The speculative state is the other's: what it enrolled is enrolled.
    assert_eq!(
        refused(&ledger, memory.people.enrols("dina")).await,
        "PERSON_EXISTS"
    );
}

#[tokio::test]
async fn an_entry_of_anothers_that_does_not_follow_halts_the_ledger() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let mut entries = memory.entries();
    let mut forged = memory.people.enrols("dina");
    forged.signatures[0].signature[0] ^= 1;
    entries.push(entry_after(&entries, &forged, memory.clock.now()));
    memory
        .log
        .overwrite(vec![block(0, &entries[..1]), block(1, &entries[1..])]);
    let code = refused(&ledger, memory.people.enrols("emil")).await;
    assert_eq!(code, "HALTED_CORRUPTION");
    assert_eq!(ledger.halted().unwrap().index(), Some(1));
    assert_eq!(*ledger.durable_size().borrow(), 1);
}

/// Signs as the ledger does, but panics over a checkpoint.
#[derive(Debug)]
struct PanickingSigner(LedgerKeys);

impl LedgerSigner for PanickingSigner {
    fn keys(&self) -> Vec<PublicKey> {
        self.0.keys()
    }

    fn sign_action(&self, _: PublicKey, action_bytes: &[u8]) -> Result<Signature, SignError> {
        Ok(self.0.sign_action(action_bytes))
    }

    fn sign_checkpoint(&self, _: PublicKey, _: &Checkpoint) -> Result<SignedCheckpoint, SignError> {
        panic!("a test asked for this panic")
    }
}

#[tokio::test]
async fn a_publisher_that_panics_halts_the_ledger_before_anything_else_is_appended() {
    let memory = Memory::founded().await;
    let parts = LedgerParts {
        signer: Arc::new(PanickingSigner(common::ledger_keys())),
        ..memory.parts()
    };
    let clock = Arc::new(memory.clock.clone());
    let opened = Ledger::open(parts, clock, memory.limits).await;
    let ledger = opened.unwrap();
    let unanswered = within(ledger.submit(memory.people.enrols("dina"))).await;
    unanswered.unwrap_err();
    let halted = async {
        while ledger.halted().is_none() {
            tokio::task::yield_now().await;
        }
    };
    within(halted).await;
    assert_eq!(
        refused(&ledger, memory.people.enrols("emil")).await,
        ledger.halted().unwrap().code()
    );
    within(ledger.shutdown()).await;
    assert_eq!(*ledger.durable_size().borrow(), 1);
    assert_eq!(memory.entries().len(), 2);
}

/// Keys that are somewhere else, as in a token or at a key service, and can be out of reach. What the ledger
/// is given knows their public halves and how to ask.
#[derive(Debug)]
struct RemoteSigner {
    keys: LedgerKeys,
    away: Arc<AtomicBool>,
    asked: Arc<AtomicU64>,
}

impl RemoteSigner {
    fn ask<T>(&self, sign: impl FnOnce(&LedgerKeys) -> T) -> Result<T, SignError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if self.away.load(Ordering::Relaxed) {
            let reason = "the token was pulled out".to_owned();
            return Err(SignError { reason });
        }
        Ok(sign(&self.keys))
    }
}

impl LedgerSigner for RemoteSigner {
    fn keys(&self) -> Vec<PublicKey> {
        self.keys.keys()
    }

    fn sign_action(&self, _: PublicKey, action_bytes: &[u8]) -> Result<Signature, SignError> {
        self.ask(|keys| keys.sign_action(action_bytes))
    }

    fn sign_checkpoint(
        &self,
        _: PublicKey,
        checkpoint: &Checkpoint,
    ) -> Result<SignedCheckpoint, SignError> {
        self.ask(|keys| keys.sign_checkpoint(checkpoint))?
    }
}

/// Another signer is one trait away: everything signed is asked of it, and what it does not sign is not said.
#[tokio::test]
async fn a_signer_elsewhere_keeps_a_ledger_and_one_that_is_away_halts_it_until_it_is_back() {
    let memory = Memory::founded().await;
    let (away, asked) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let open = async || {
        let signer = RemoteSigner {
            keys: common::ledger_keys(),
            away: Arc::clone(&away),
            asked: Arc::clone(&asked),
        };
        let parts = LedgerParts {
            signer: Arc::new(signer),
            ..memory.parts()
        };
        let clock = Arc::new(memory.clock.clone());
        Ledger::open(parts, clock, memory.limits).await.unwrap()
    };
    let ledger = open().await;
    let people = &memory.people;
    for submission in people.publishes_roll(&["anna"]) {
        recorded(&ledger, submission).await;
    }
    recorded(&ledger, people.tables("lamps")).await;
    recorded(&ledger, people.opens("lamps", 60_000)).await;
    assert!(asked.load(Ordering::Relaxed) >= 4, "a checkpoint each");
    away.store(true, Ordering::Relaxed);
    let size = *ledger.durable_size().borrow();
    let unanswered = within(ledger.submit(people.enrols("dina"))).await;
    unanswered.unwrap_err();
    let halted = async {
        while ledger.halted().is_none() {
            tokio::task::yield_now().await;
        }
    };
    within(halted).await;
    assert_eq!(ledger.halted().unwrap().code(), "HALTED_KEYS");
    assert_eq!(
        *ledger.durable_size().borrow(),
        size,
        "nothing unsigned is shown"
    );
    within(ledger.shutdown()).await;
    // It is back, and so is what was durable; what fell due meanwhile is derived.
    away.store(false, Ordering::Relaxed);
    memory.clock.advance(60_000);
    let ledger = open().await;
    common::durable(&ledger, size + 2).await;
    recorded(&ledger, people.enrols("emil")).await;
    within(ledger.shutdown()).await;
}

#[tokio::test]
async fn a_derived_entry_that_is_lost_is_derived_again() {
    for fault in Fault::ALL {
        let memory = Memory::founded().await;
        let ledger = memory.open().await.unwrap();
        let people = &memory.people;
        for submission in people.publishes_roll(&["anna"]) {
            recorded(&ledger, submission).await;
        }
        recorded(&ledger, people.tables("lamps")).await;
        let opened = recorded(&ledger, people.opens("lamps", 1_000))
            .await
            .receipt;
        recorded(
            &ledger,
            people.votes("anna", "lamps", opened.leaf, Stance::For),
        )
        .await;
        memory.log.faults().fail_next(fault);
        memory.clock.advance(1_000);
        common::durable(&ledger, opened.index + 3).await;
        let last = ledger.entries(opened.index + 2, 1).await.unwrap();
        assert_eq!(
            proto::payload_kind(&last[0].action),
            "motion_decided",
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn a_ledger_never_extends_a_log_that_lacks_its_last_checkpoint() {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    for name in ["dina", "emil"] {
        recorded(&ledger, memory.people.enrols(name)).await;
    }
    ledger.shutdown().await;
    let blocks = memory.log.blocks();
    memory.log.overwrite(blocks[..2].to_vec());
    let halt = opened_halted(&memory).await;
    assert_eq!(halt.code(), "HALTED_ROLLED_BACK");
    assert_eq!(halt.index(), Some(2));
    // As long, but another log.
    let mut entries = memory.entries();
    entries.push(entry_after(
        &entries,
        &memory.people.enrols("fang"),
        memory.clock.now(),
    ));
    memory.log.overwrite(vec![block(0, &entries)]);
    let forked: Arc<Ledger> = memory.open().await.unwrap();
    assert_eq!(forked.halted().unwrap().code(), "HALTED_FORKED");
    assert_eq!(
        refused(&forked, memory.people.enrols("gao")).await,
        "HALTED_FORKED"
    );
    // The same entries in another grouping are the same log.
    let mut entries: Vec<_> = blocks.into_iter().flat_map(|block| block.entries).collect();
    memory.log.overwrite(vec![block(0, &entries)]);
    let whole = memory.open().await.unwrap();
    assert!(whole.halted().is_none());
    assert_eq!(
        whole.checkpoint().checkpoint(),
        checkpoint_over(&entries).checkpoint()
    );
    entries.clear();
}

/// Why a ledger is not extended, whether it is served or not.
async fn opened_halted(memory: &Memory) -> ledger::Halt {
    match memory.open().await {
        Ok(ledger) => ledger.halted().expect("halted"),
        Err(halt) => halt,
    }
}
