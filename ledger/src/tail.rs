//! The durable entries, newest first at hand: a bounded ring in memory before the store.
//!
//! Followers (the projector, watchers, receipts) read the log's end again and again; almost always
//! what they ask for was appended a moment ago and is still in memory.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use governance::action::Action;
use governance::ids::{Leaf, Millis};

use crate::replay::{self, SignatureCheck};
use crate::store::{LogStore, StoreError};
use crate::submission::ReadError;

/// The most entries one read returns: a page of the API, and a block.
pub const ENTRIES_MAX: usize = 1_000;

/// The most entries kept in memory: a second's work of a busy city.
const RING_ENTRIES_MAX: usize = 16_384;

/// The most bytes of entries kept in memory, a ledger: 32 blocks of the largest size.
const RING_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How many bytes of entries a page from the store stops at: a few of the API's messages of 1 MiB.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// How many blocks are asked of the store at once: of the largest, 4 MiB.
const BLOCKS_A_READ: usize = 8;

/// A durable entry: its bytes and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEntry {
    /// Its place in the log, from 0.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Leaf,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// Its bytes, as hashed.
    pub bytes: Vec<u8>,
    /// The entry they decode to.
    pub entry: tlog::Entry,
    /// The action the entry carries.
    pub action: Action,
}

/// The newest durable entries, in order, without gaps.
#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<Arc<LoggedEntry>>,
    bytes: usize,
}

impl Ring {
    fn push(&mut self, entry: Arc<LoggedEntry>) {
        self.bytes += entry.bytes.len();
        self.entries.push_back(entry);
        while self.entries.len() > RING_ENTRIES_MAX || self.bytes > RING_BYTES_MAX {
            let Some(oldest) = self.entries.pop_front() else {
                return;
            };
            self.bytes -= oldest.bytes.len();
        }
    }

    /// Entries from `from` on, if the first of them is here.
    fn page(&self, from: u64, max: usize) -> Option<Vec<Arc<LoggedEntry>>> {
        let first = self.entries.front()?.index;
        let at = usize::try_from(from.checked_sub(first)?).ok()?;
        let page = self.entries.range(at.min(self.entries.len())..);
        Some(page.take(max).cloned().collect())
    }
}

/// Reads durable entries. What is durable is its owner's to say.
pub(crate) struct Tail {
    ring: RwLock<Ring>,
    store: RwLock<Arc<dyn LogStore>>,
}

impl Tail {
    /// The entries of a store.
    pub(crate) fn new(store: Arc<dyn LogStore>) -> Tail {
        Tail {
            ring: RwLock::default(),
            store: RwLock::new(store),
        }
    }

    /// Keeps entries that have become durable, in order.
    pub(crate) fn push(&self, entries: &[Arc<LoggedEntry>]) {
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            ring.push(Arc::clone(entry));
        }
    }

    /// Reads from another opening of the same log from now on.
    pub(crate) fn set_store(&self, store: Arc<dyn LogStore>) {
        *self.store.write().unwrap_or_else(PoisonError::into_inner) = store;
    }

    /// Messages of the store that are no blocks of the log.
    pub(crate) fn skipped(&self) -> u64 {
        let store = self.store.read();
        store.unwrap_or_else(PoisonError::into_inner).skipped()
    }

    /// Entries `from..end`, at most `max` and at most [`ENTRIES_MAX`]; at least one if there is one.
    /// All of them are durable.
    pub(crate) async fn read(
        &self,
        from: u64,
        end: u64,
        max: usize,
    ) -> Result<Vec<Arc<LoggedEntry>>, ReadError> {
        let left = usize::try_from(end.saturating_sub(from)).unwrap_or(usize::MAX);
        let max = max.min(ENTRIES_MAX).min(left);
        if max == 0 {
            return Ok(Vec::new());
        }
        if let Some(page) = self.in_memory(from, max) {
            return Ok(page);
        }
        self.stored(from, max).await
    }

    /// Entry `index`, which is durable.
    pub(crate) async fn entry(&self, index: u64) -> Result<Arc<LoggedEntry>, ReadError> {
        let mut page = self.read(index, index.saturating_add(1), 1).await?;
        page.pop()
            .ok_or(ReadError::NoSuchEntry { index, size: index })
    }

    fn in_memory(&self, from: u64, max: usize) -> Option<Vec<Arc<LoggedEntry>>> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.page(from, max)
    }

    async fn stored(&self, from: u64, max: usize) -> Result<Vec<Arc<LoggedEntry>>, ReadError> {
        let store = Arc::clone(&self.store.read().unwrap_or_else(PoisonError::into_inner));
        let mut wanted: Vec<(u64, Vec<u8>)> = Vec::new();
        let mut bytes = 0;
        // Blocks may be full or hold one entry each, so they are read a few at a time.
        while wanted.len() < max && bytes < PAGE_BYTES {
            let next = from + wanted.len() as u64;
            let blocks = store
                .read(next, (max - wanted.len()).min(BLOCKS_A_READ))
                .await?;
            if blocks.is_empty() {
                break;
            }
            let entries = blocks
                .into_iter()
                .flat_map(|block| block.indices().zip(block.entries));
            let entries = entries.skip_while(|(index, _)| *index < next);
            for (index, entry) in entries.take(max - wanted.len()) {
                bytes += entry.len();
                wanted.push((index, entry));
            }
        }
        crate::blocking::run(move || decode_all(wanted))
            .await
            .unwrap_or(Err(ReadError::Store(StoreError::Ended)))
    }
}

fn decode_all(entries: Vec<(u64, Vec<u8>)>) -> Result<Vec<Arc<LoggedEntry>>, ReadError> {
    let decode = |(index, bytes)| {
        // Signatures were checked before the entry became durable.
        let logged = replay::check_alone(bytes, SignatureCheck::Elsewhere);
        let reason = match logged {
            Ok(logged) if logged.index == index => return Ok(Arc::new(logged)),
            Ok(other) => format!("it says it is entry {}", other.index),
            Err(fault) => fault.to_string(),
        };
        Err(ReadError::Corrupt { index, reason })
    };
    entries.into_iter().map(decode).collect()
}
