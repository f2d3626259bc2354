//! The entries of one block in the making, and everybody who waits for it.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use governance::ids::{Digest, Leaf};
use tlog::block::body_len_of;
use tlog::{Block, MAX_BLOCK_ENTRIES, MAX_BLOCK_LEN};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::answer::Answer;
use crate::content::SaltedContent;
use crate::intake::{Verified, hidden_choice};
use crate::submission::SubmitError;
use crate::tail::LoggedEntry;

/// A verified submission on its way, with whoever waits for its answer.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) verified: Verified,
    pub(crate) reply: Reply,
    /// The leaf it had in a block of which it is not certain what became.
    pub(crate) attempted: Option<Leaf>,
}

/// Where an answer goes. Dropped without one, it means that the ledger halted or shuts down.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) sender: oneshot::Sender<Answer>,
    /// The submission's place in the bounds, held until it is answered.
    pub(crate) permits: Permits,
}

/// A place among the submissions worked on at once: one of so many, and so many bytes.
#[derive(Debug)]
pub(crate) struct Permits {
    pub(crate) _submission: OwnedSemaphorePermit,
    pub(crate) _bytes: OwnedSemaphorePermit,
}

impl Reply {
    pub(crate) fn send(self, answer: Answer) {
        let Reply { sender, permits } = self;
        // First, so that whoever has an answer finds room for the next.
        drop(permits);
        // Whoever asked may have gone; what is recorded stays recorded.
        let _ = sender.send(answer);
    }
}

/// Someone who waits for this block, and what was decided.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) verdict: Verdict,
    pub(crate) reply: Reply,
}

/// What was decided on the speculative state.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It is an entry of this block.
    Recorded {
        /// Its place in the block.
        at: usize,
        /// Its contents among the block's.
        uploads: Range<usize>,
        /// Contents it found in the store.
        relied_on: Vec<Digest>,
    },
    /// Its action id is that of an earlier entry.
    Repeats {
        /// The entry's index.
        index: u64,
        verified: Box<Verified>,
        attempted: Option<Leaf>,
    },
    /// It is not recorded.
    Refused {
        error: SubmitError,
        verified: Box<Verified>,
    },
}

/// A block in the making: the entries, and all whose answer rests on them.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Shared with nobody before they are published.
    pub(crate) entries: Vec<Arc<LoggedEntry>>,
    pub(crate) waiting: Vec<Waiting>,
    /// Contents to be made durable before the block.
    pub(crate) uploads: Vec<SaltedContent>,
    /// Digests of the uploads that were not in the content store before this block put them there.
    pub(crate) fresh: Vec<Digest>,
    /// Commitments of hidden ballots whose openings nobody needs once the block is durable.
    pub(crate) spent: Vec<Digest>,
    body_len: usize,
}

impl Batch {
    /// Whether nobody waits and nothing is to be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.waiting.is_empty()
    }

    /// Whether an entry of this length still fits.
    pub(crate) fn has_room(&self, entry_len: usize) -> bool {
        self.entries.len() < MAX_BLOCK_ENTRIES
            && self.body_len + body_len_of(entry_len) <= MAX_BLOCK_LEN
    }

    /// Adds an entry, for which there is room. Returns its place.
    pub(crate) fn push(&mut self, entry: LoggedEntry) -> usize {
        self.body_len += body_len_of(entry.bytes.len());
        self.entries.push(Arc::new(entry));
        self.entries.len() - 1
    }

    /// The length of the block's body so far, in bytes.
    pub(crate) fn body_len(&self) -> usize {
        self.body_len
    }

    /// The block as it is written. Takes the entries' bytes out; [`Batch::take_back`] returns them.
    pub(crate) fn lend_block(&mut self) -> Option<Block> {
        let first_index = self.entries.first()?.index;
        let bytes = self.entries.iter_mut().map(bytes_of);
        Some(Block {
            first_index,
            entries: bytes.map(std::mem::take).collect(),
        })
    }

    /// Puts the bytes back that [`Batch::lend_block`] took out.
    pub(crate) fn take_back(&mut self, block: Block) {
        for (entry, bytes) in self.entries.iter_mut().zip(block.entries) {
            *bytes_of(entry) = bytes;
        }
    }

    /// Contents that entries rely on without having brought them.
    pub(crate) fn relied_on(&self) -> impl Iterator<Item = Digest> {
        self.waiting
            .iter()
            .flat_map(|waiting| match &waiting.verdict {
                Verdict::Recorded { relied_on, .. } => relied_on.clone(),
                Verdict::Repeats { .. } | Verdict::Refused { .. } => Vec::new(),
            })
    }

    /// The contents that whoever was decided last names, if it was admitted.
    pub(crate) fn last_contents(&self) -> Vec<Digest> {
        match self.waiting.last().map(|waiting| &waiting.verdict) {
            Some(Verdict::Recorded {
                uploads, relied_on, ..
            }) => {
                let uploads = self.uploads[uploads.clone()].iter();
                let brought = uploads.map(SaltedContent::digest);
                brought.chain(relied_on.iter().copied()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Everybody who waited, as if they had just come, in the same order; entries that time brought
    /// are dropped, as they will be derived again.
    pub(crate) fn into_requests(self) -> VecDeque<Request> {
        let mut entries: Vec<_> = self.entries.into_iter().map(Some).collect();
        let uploads = self.uploads;
        let request = |waiting: Waiting| {
            let (verified, attempted) = match waiting.verdict {
                Verdict::Recorded {
                    at,
                    uploads: range,
                    relied_on,
                } => {
                    let logged = entries.get_mut(at).and_then(Option::take)?;
                    let attempted = Some(logged.leaf);
                    let logged = Arc::unwrap_or_clone(logged);
                    (
                        undone(logged, uploads[range].to_vec(), relied_on),
                        attempted,
                    )
                }
                Verdict::Repeats {
                    verified,
                    attempted,
                    ..
                } => (*verified, attempted),
                Verdict::Refused { verified, .. } => (*verified, None),
            };
            Some(Request {
                verified,
                reply: waiting.reply,
                attempted,
            })
        };
        self.waiting.into_iter().filter_map(request).collect()
    }
}

fn bytes_of(entry: &mut Arc<LoggedEntry>) -> &mut Vec<u8> {
    let unshared = Arc::get_mut(entry);
    &mut unshared
        .expect("nobody has an entry that is not published")
        .bytes
}

/// The submission an entry was made of.
fn undone(logged: LoggedEntry, uploads: Vec<SaltedContent>, relied_on: Vec<Digest>) -> Verified {
    let sealed = uploads.first();
    Verified {
        hidden: sealed.and_then(|sealed| hidden_choice(&logged.action, sealed)),
        action: logged.action,
        bytes: logged.entry.action,
        signatures: logged.entry.signatures,
        uploads,
        relied_on,
    }
}
