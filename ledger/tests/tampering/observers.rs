//! Who could notice, and what each says of a log that was tampered with.

use std::sync::Arc;

use governance::ids::Millis;
use ledger::audit::{AuditOptions, Auditor, Believed, Fetched};
use ledger::checkpoints::CheckpointStore as _;
use ledger::checkpoints::memory::MemoryCheckpoints;
use ledger::store::memory::MemoryDisk;
use ledger::witness::{Witness, add_log};
use ledger::{Ledger, ManualClock};
use tlog::cosignature::Cosigner;
use tlog::tree::{MemoryTree, consistency_proof, root};
use tlog::{AddCheckpoint, Note, SignedCheckpoint, VerifierKey};

use crate::common::keys::{CHECKPOINT, Keys, open_with, verifier};
use crate::common::neighbourhood::Neighbourhood;
use crate::common::{LEDGER, LEDGER_KEYS, Memory, block, id, key, within};
use crate::table::Says;
use crate::{PAUSE_MS, Story};

/// A log after somebody was at it, and the checkpoint shown with it.
pub(crate) struct Tampered {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) checkpoint: SignedCheckpoint,
}

/// What others kept of the log as it was.
pub(crate) struct Kept {
    /// A checkpoint, cosigned a while after the last entry.
    note: Note,
    checkpoint: SignedCheckpoint,
    /// The keys of the log that they know of.
    keys: Vec<VerifierKey>,
    genesis: governance::ids::Leaf,
    cosigned_at: Millis,
}

impl Kept {
    pub(crate) fn of(story: &Story, entries: &[Vec<u8>]) -> Kept {
        let mut checkpoint = story.signed(entries);
        let kept = checkpoint.clone();
        let cosigned_at = Millis(story.ends_at.0 + PAUSE_MS);
        let cosignature = witness().cosign(checkpoint.note().text(), cosigned_at.0 / 1_000);
        checkpoint.add_cosignature(cosignature.unwrap()).unwrap();
        let mut keys = vec![verifier(CHECKPOINT), verifier(story.key_at(entries.len()))];
        keys.dedup();
        Kept {
            note: checkpoint.note().clone(),
            checkpoint: kept,
            keys,
            genesis: governance::ids::Leaf(tlog::leaf_hash(&story.entries[0]).0),
            cosigned_at,
        }
    }

    /// The key that signed what was kept.
    fn key(&self) -> &VerifierKey {
        self.keys.last().expect("a log has one")
    }
}

fn witness() -> Cosigner {
    Cosigner::new("witness.example.org/w", key("a witness")).unwrap()
}

/// Asks everybody.
pub(crate) async fn ask(story: &Story, tampered: &Tampered, kept: Option<&Kept>) -> Says {
    [
        start_up(story, tampered).await,
        tail(story, tampered).await,
        auditor(tampered, None),
        kept.and_then(|kept| auditor(tampered, Some(kept))),
        asked_to_cosign(tampered, kept).await,
        kept.and_then(|kept| resident(tampered, kept)),
    ]
}

/// A node that starts with it.
async fn start_up(story: &Story, tampered: &Tampered) -> Option<String> {
    let mut memory = Memory::founded().await;
    memory.log = MemoryDisk::create();
    if !tampered.entries.is_empty() {
        memory.log.overwrite(vec![block(0, &tampered.entries)]);
    }
    memory.checkpoints = MemoryCheckpoints::new();
    let checkpoint = Arc::new(tampered.checkpoint.clone());
    memory.checkpoints.persist(&checkpoint).await.unwrap();
    memory.clock = ManualClock::at(story.ends_at);
    match open_with(&memory, &Keys::of(&LEDGER_KEYS)).await {
        Err(halt) => Some(halt.code().to_owned()),
        Ok(ledger) => ledger.halted().map(|halt| halt.code().to_owned()),
    }
}

/// A node that had read as far as the log was untouched, and follows what comes.
async fn tail(story: &Story, tampered: &Tampered) -> Option<String> {
    let same = story.entries.iter().zip(&tampered.entries);
    let same = same.take_while(|(one, other)| one == other).count().max(1);
    let (before, after) = tampered.entries.split_at_checked(same)?;
    if after.is_empty() || before[0] != story.entries[0] {
        // Nothing comes, or it is not the log that it follows.
        return None;
    }
    let mut all = Neighbourhood::founded(2).await;
    let keys = Keys::of(&LEDGER_KEYS);
    for node in &mut all.nodes {
        node.signer = Arc::new(keys.ring());
    }
    all.shared.log.overwrite(vec![block(0, before)]);
    let (ledgers, leader) = all.open_all().await;
    let follower = &ledgers[1 - leader];
    all.shared
        .log
        .overwrite(vec![block(0, before), block(same as u64, after)]);
    let size = tampered.entries.len() as u64;
    let halt = within(halted_or_through(follower, size)).await;
    for ledger in &ledgers {
        within(ledger.shutdown()).await;
    }
    halt
}

async fn halted_or_through(follower: &Ledger, size: u64) -> Option<String> {
    let durable = follower.durable_size();
    loop {
        if let Some(halt) = follower.halted() {
            return Some(halt.code().to_owned());
        }
        if *durable.borrow() >= size {
            return None;
        }
        tokio::task::yield_now().await;
    }
}

/// Who audits it from the first entry on, knowing nothing or what was kept.
fn auditor(tampered: &Tampered, kept: Option<&Kept>) -> Option<String> {
    let believed = kept.map(|kept| Believed {
        ledger: id(LEDGER),
        genesis: kept.genesis,
        key: kept.key().clone(),
        checkpoint: kept.note.clone(),
    });
    let options = AuditOptions {
        witnesses: vec![witness().verifier_key().clone()],
        believed,
        keep_tree: true,
        ..AuditOptions::default()
    };
    let pages = tampered.entries.chunks(5).map(|page| Ok(page.to_vec()));
    let mut auditor = Auditor::new(&id(LEDGER), options);
    let found = Fetched::new(id(LEDGER), &tampered.checkpoint.to_bytes(), pages)
        .and_then(|mut source| auditor.take(&mut source, &mut |_| {}, &|_| {}));
    found.err().map(|finding| {
        let said = finding.to_string();
        assert!(said.len() > 20 && !finding.is_unavailable(), "{said}");
        finding.code().to_owned()
    })
}

fn tree(entries: &[Vec<u8>]) -> MemoryTree {
    let mut tree = MemoryTree::new();
    tree.extend(entries.iter().map(|bytes| tlog::leaf_hash(bytes)));
    tree
}

/// A witness that cosigned what was kept, and is shown the checkpoint with the best proof there can be.
async fn asked_to_cosign(tampered: &Tampered, kept: Option<&Kept>) -> Option<String> {
    let kept = kept?;
    let home = tempfile::tempdir().unwrap();
    for key in &kept.keys {
        add_log(home.path(), key).unwrap();
    }
    let clock = Arc::new(ManualClock::at(kept.cosigned_at));
    let witness = Witness::open(home.path(), witness(), clock).unwrap();
    let asked = async |old_size, proof, checkpoint: &SignedCheckpoint| {
        let request = AddCheckpoint {
            old_size,
            proof,
            checkpoint: checkpoint.note().clone(),
        };
        let answer = witness.add_checkpoint(request.to_string().as_bytes()).await;
        answer.err().map(|refusal| refusal.status().to_string())
    };
    assert_eq!(asked(0, Vec::new(), &kept.checkpoint).await, None);
    let old = kept.checkpoint.checkpoint().size;
    let new = tampered.checkpoint.checkpoint().size;
    let proof = consistency_proof(&tree(&tampered.entries), old, new).unwrap_or_default();
    asked(old, proof, &tampered.checkpoint).await
}

/// Who has a receipt under the kept checkpoint, and asks for the proof that the log still has it: by a key of the
/// log that they know of.
fn resident(tampered: &Tampered, kept: &Kept) -> Option<String> {
    let bytes = tampered.checkpoint.to_bytes();
    let opened = SignedCheckpoint::open(&bytes, kept.key());
    let tree = tree(&tampered.entries);
    let receipt = kept.checkpoint.checkpoint();
    let holds = opened.is_ok() && root(&tree, receipt.size).ok() == Some(receipt.root);
    (!holds).then(|| "no proof".to_owned())
}
