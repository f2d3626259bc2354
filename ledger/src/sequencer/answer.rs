//! What the sequencer answers, and the receipt it becomes in the hands of whoever asked.
//!
//! Proofs are made by the one who asked and not by the sequencer: they take a microsecond or two
//! each, and there are as many askers as entries.

use std::sync::Arc;

use governance::Rejection;
use governance::ids::Leaf;
use tlog::SignedCheckpoint;

use crate::block_tree::BlockTree;
use crate::durable::Durable;
use crate::intake::Verified;
use crate::submission::{ReadError, Receipt, SubmitError, Submitted};
use crate::tail::LoggedEntry;

/// What became of a submission. All it rests on is durable.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It is an entry of these.
    Recorded {
        published: Arc<Published>,
        /// Its place among them.
        at: usize,
    },
    /// Its action id is taken by an earlier entry, perhaps by the very same action.
    Repeats {
        index: u64,
        verified: Box<Verified>,
        attempted: Option<Leaf>,
    },
    /// It is not recorded.
    Refused(SubmitError),
}

/// Entries that became durable together, and what proves them.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) entries: Vec<Arc<LoggedEntry>>,
    pub(crate) tree: BlockTree,
    pub(crate) checkpoint: Arc<SignedCheckpoint>,
}

impl Answer {
    /// The answer in the words of the API.
    pub(crate) async fn into_result(self, durable: &Durable) -> Result<Submitted, SubmitError> {
        match self {
            Answer::Recorded { published, at } => Ok(Submitted {
                receipt: published.receipt(durable, at)?,
                already_recorded: false,
            }),
            Answer::Repeats {
                index,
                verified,
                attempted,
            } => repeated(durable, index, &verified, attempted).await,
            Answer::Refused(error) => Err(error),
        }
    }
}

impl Published {
    fn receipt(&self, durable: &Durable, at: usize) -> Result<Receipt, ReadError> {
        let entry = &self.entries[at];
        let size = self.tree.size();
        let proof = tlog::inclusion_proof(&self.tree, entry.index, size);
        let inclusion_proof = proof.map_err(|error| ReadError::Part {
            what: "the tree",
            reason: error.to_string(),
        })?;
        Ok(Receipt {
            ledger: durable.ledger().clone(),
            index: entry.index,
            leaf: entry.leaf,
            recorded_at: entry.recorded_at,
            checkpoint: Arc::clone(&self.checkpoint),
            inclusion_proof,
            // Nobody can have cosigned it yet.
            pending_witnesses: durable.needs_witnesses(),
        })
    }
}

/// The first receipt again for the same bytes; a conflict for others.
async fn repeated(
    durable: &Durable,
    index: u64,
    verified: &Verified,
    attempted: Option<Leaf>,
) -> Result<Submitted, SubmitError> {
    let entry = durable.tail.entry(index).await?;
    if entry.entry.action != verified.bytes {
        let id = verified.action.id;
        return Err(Rejection::ActionIdReused { id, index }.into());
    }
    Ok(Submitted {
        receipt: receipt_of(durable, &entry).await?,
        // What this very submission wrote, before it was certain that it had, is no repeat.
        already_recorded: attempted != Some(entry.leaf),
    })
}

/// The receipt of a durable entry under the published checkpoint, or under the newest one while the
/// published does not reach so far.
pub(crate) async fn receipt_of(
    durable: &Durable,
    entry: &LoggedEntry,
) -> Result<Receipt, ReadError> {
    let published = durable.published().map(|published| published.checkpoint);
    let published = published.filter(|checkpoint| checkpoint.checkpoint().size > entry.index);
    let pending_witnesses = published.is_none();
    let checkpoint = published.unwrap_or_else(|| durable.checkpoint());
    let size = checkpoint.checkpoint().size;
    Ok(Receipt {
        ledger: durable.ledger().clone(),
        index: entry.index,
        leaf: entry.leaf,
        recorded_at: entry.recorded_at,
        inclusion_proof: durable.tree.inclusion_proof(entry.index, size).await?,
        checkpoint,
        pending_witnesses,
    })
}
