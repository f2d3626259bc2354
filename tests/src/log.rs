//! A whole log as anyone may read it over gRPC, checked by `FORMAT.md` alone.

use std::collections::HashMap;

use gateway::client::Client;
use proto::v1;
use tlog::{Chain, Entry, Frontier, Hash, SignedCheckpoint, VerifierKey};

/// A log that was read and whose chain, tree and checkpoint hold.
#[derive(Clone, Debug)]
pub struct Log {
    /// The leaf of each entry.
    pub leaves: Vec<Hash>,
    /// The index of each action, by its bytes: every action is there once.
    pub actions: HashMap<Vec<u8>, u64>,
    /// The checkpoint of all of it.
    pub checkpoint: SignedCheckpoint,
}

impl Log {
    /// Reads a ledger's log and checks it.
    ///
    /// # Panics
    ///
    /// If anything of it does not hold, or an action stands there twice.
    pub async fn read(client: &Client, ledger: &str, key: &VerifierKey) -> Log {
        let request = v1::ListEntriesRequest {
            ledger: ledger.to_owned(),
            ..v1::ListEntriesRequest::default()
        };
        let listed = client.audit().list_entries(request).await;
        let mut parts = listed.expect("entries can be listed").into_inner();
        let mut chain = Chain::new(ledger);
        let (mut leaves, mut actions) = (Vec::new(), HashMap::new());
        let mut checkpoint = None;
        while let Some(part) = parts.message().await.expect("the list has an end") {
            assert_eq!(part.first_index, leaves.len() as u64, "the list has a gap");
            for bytes in part.entries {
                let (entry, link) = chain.push(&bytes).expect("the chain holds");
                leaves.push(link.leaf);
                note(&mut actions, entry);
            }
            checkpoint = Some(part.checkpoint);
        }
        let checkpoint = checkpoint.expect("a ledger has a first entry");
        let checkpoint = open(&checkpoint, key);
        let size = usize::try_from(checkpoint.checkpoint().size).expect("it fits memory");
        assert!(size >= leaves.len(), "entries beyond their checkpoint");
        assert_eq!(
            size,
            leaves.len(),
            "nothing was being written, so the checkpoint is of all"
        );
        assert_eq!(
            checkpoint.checkpoint().root,
            root(&leaves),
            "the checkpoint is of other entries"
        );
        Log {
            leaves,
            actions,
            checkpoint,
        }
    }

    /// The number of entries.
    pub fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    /// The root of the tree over the first `size` entries.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub fn root_at(&self, size: u64) -> Hash {
        let size = usize::try_from(size).expect("it fits memory");
        root(&self.leaves[..size])
    }
}

fn note(actions: &mut HashMap<Vec<u8>, u64>, entry: Entry) {
    let index = entry.index;
    if let Some(first) = actions.insert(entry.action, index) {
        panic!("the action of entry {first} stands again at {index}");
    }
}

fn root(leaves: &[Hash]) -> Hash {
    let mut tree = Frontier::new();
    for leaf in leaves {
        tree.append(*leaf);
    }
    tree.root()
}

/// Opens a signed checkpoint of the log whose key this is.
///
/// # Panics
///
/// If it is none.
#[track_caller]
pub fn open(note: &[u8], key: &VerifierKey) -> SignedCheckpoint {
    SignedCheckpoint::open(note, key).expect("a checkpoint signed by the ledger")
}

/// Checks that a receipt proves its entry; returns its checkpoint.
///
/// # Panics
///
/// If it does not.
#[track_caller]
pub fn check_receipt(receipt: &v1::Receipt, key: &VerifierKey) -> SignedCheckpoint {
    let checkpoint = open(&receipt.checkpoint, key);
    let tree = checkpoint.checkpoint();
    let proof = hashes(&receipt.inclusion_proof);
    let (leaf, index) = (hash(&receipt.leaf), receipt.index);
    let proved = tlog::verify_inclusion(&leaf, index, tree.size, &proof, &tree.root);
    proved.expect("the receipt's inclusion proof holds");
    checkpoint
}

/// Has the server prove that the log of an earlier checkpoint is the beginning of a later one's, and
/// checks the proof.
///
/// # Panics
///
/// If it is not proved.
pub async fn check_extends(
    client: &Client,
    ledger: &str,
    old: &SignedCheckpoint,
    new: &SignedCheckpoint,
) {
    let (old, new) = (old.checkpoint(), new.checkpoint());
    let request = v1::GetConsistencyProofRequest {
        ledger: ledger.to_owned(),
        old_size: old.size,
        new_size: new.size,
    };
    let answer = client.audit().get_consistency_proof(request).await;
    let answer = answer.expect("both sizes are proven").into_inner();
    let proof = hashes(&answer.proof);
    let proved = tlog::verify_consistency(old.size, &old.root, new.size, &new.root, &proof);
    proved.expect("the later checkpoint extends the earlier");
}

/// A hash from its bytes on the wire.
///
/// # Panics
///
/// If it has not 32.
#[track_caller]
pub fn hash(bytes: &[u8]) -> Hash {
    Hash::try_from(bytes).expect("a hash has 32 bytes")
}

#[track_caller]
fn hashes(list: &[Vec<u8>]) -> Vec<Hash> {
    list.iter().map(|bytes| hash(bytes)).collect()
}
