//! The views of one ledger: written entry after entry by one runner, read by many.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use governance::ids::{Leaf, LedgerId};
use tokio::sync::{Notify, watch};

use crate::{
    position::{Position, PositionRecord},
    progress::{self, Condition, Progress, WaitError},
    projection::{Logged, ProjectionError},
    query::{Answer, QueryError},
    view_store::{LedgerStore, Pair, StoreError, View, ViewStore},
    views,
};

/// The views of one ledger.
#[derive(Debug)]
pub struct LedgerViews {
    ledger: LedgerId,
    store: LedgerStore,
    confirmed: AtomicBool,
    progress: watch::Sender<Progress>,
    /// Somebody waits for what is recorded already.
    wanted: Notify,
}

impl LedgerViews {
    /// The views of a ledger in a store, as they were left and taken at their word. Open them once a
    /// ledger.
    pub fn open(store: &ViewStore, ledger: &LedgerId) -> Result<Self, StoreError> {
        let views = Self::unconfirmed(store, ledger)?;
        views.confirm()?;
        Ok(views)
    }

    /// As they were left, but not shown to anybody before [`Self::confirm`]: they may be another log's.
    pub(crate) fn unconfirmed(store: &ViewStore, ledger: &LedgerId) -> Result<Self, StoreError> {
        Ok(Self {
            ledger: ledger.clone(),
            store: store.ledger(ledger)?,
            confirmed: AtomicBool::new(false),
            progress: watch::Sender::default(),
            wanted: Notify::new(),
        })
    }

    /// Views beside a ledger's own, with the rows of others or none, which are gone when the handle is.
    pub(crate) fn scratch(
        store: &ViewStore,
        ledger: &LedgerId,
        number: u64,
        like: Option<&Self>,
    ) -> Result<Self, StoreError> {
        let rows = store.scratch(ledger, number)?;
        if let Some(like) = like {
            rows.copy_from(&like.store)?;
        }
        let views = Self {
            ledger: ledger.clone(),
            store: rows,
            confirmed: AtomicBool::new(false),
            progress: watch::Sender::default(),
            wanted: Notify::new(),
        };
        views.confirm()?;
        Ok(views)
    }

    /// Shows the views: they are this log's.
    pub(crate) fn confirm(&self) -> Result<(), StoreError> {
        let position = self.store.record()?.map(|record| record.position);
        self.confirmed.store(true, Ordering::Release);
        self.publish(|now| now.position = position);
        Ok(())
    }

    /// Which ledger's.
    pub fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    /// Answers a query. Everything it reads agrees with the position that the answer names. A block waits
    /// to become visible until the query is over: it must be short, must not block, and must not call
    /// `read` again.
    pub fn read<T>(
        &self,
        query: impl FnOnce(&View<'_>) -> Result<T, QueryError>,
    ) -> Result<Answer<T>, QueryError> {
        if !self.confirmed.load(Ordering::Acquire) {
            return Err(QueryError::NotReady);
        }
        let answered = self.store.read(|view| {
            query(view).map(|value| Answer {
                value,
                position: view.position(),
            })
        })?;
        answered.unwrap_or(Err(QueryError::NotReady))
    }

    /// How far the views have come.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Waits until the entry at `index` has been seen, at most `patience`: for those who have a receipt
    /// and want to see what it did.
    pub async fn wait_for(&self, index: u64, patience: Duration) -> Result<Position, WaitError> {
        if self.progress.borrow().lacks(index) {
            self.wanted.notify_one();
        }
        progress::wait_for(self.progress(), index, patience).await
    }

    /// Ends when somebody waits for an entry that is recorded and not seen yet.
    pub(crate) async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Takes in the next entries, and makes what they change visible together with their position, all or
    /// nothing. No entries: nothing happens.
    pub fn apply(&self, entries: &[Logged<'_>]) -> Result<(), ProjectionError> {
        let Some(last) = entries.last() else {
            return Ok(());
        };
        let mut batch = self.store.batch()?;
        let before = batch.record();
        let first = before.map_or(0, |record| record.position.index + 1);
        for (expected, entry) in (first..).zip(entries) {
            if entry.index != expected {
                let found = entry.index;
                return Err(ProjectionError::OutOfStep { expected, found });
            }
            for view in views::REGISTRY {
                batch.turn_to(*view);
                view.apply(entry, &mut batch).inspect_err(|error| {
                    let (view, index) = (view.name(), entry.index);
                    tracing::error!(ledger = %self.ledger, view, index, %error, "entry not projected");
                })?;
            }
        }
        let position = Position {
            index: last.index,
            leaf: last.leaf,
            recorded_at: last.recorded_at,
        };
        // Without a record these entries begin with the first, whose leaf is the genesis.
        let genesis = before.map_or(entries[0].leaf, |record| record.genesis);
        batch.commit(PositionRecord { genesis, position })?;
        self.publish(|now| now.position = Some(position));
        Ok(())
    }

    /// Drops all rows; the next entry to apply is the first.
    pub fn clear(&self) -> Result<(), StoreError> {
        self.store.clear()?;
        self.publish(|now| now.position = None);
        Ok(())
    }

    /// Every key and value, in order. Two ledgers' views are identical when their dumps are.
    pub fn dump(&self) -> Result<Vec<Pair>, StoreError> {
        self.store.dump()
    }

    /// The log these rows were computed from, and how far.
    pub(crate) fn standing(&self) -> Result<Option<(Leaf, Position)>, StoreError> {
        let record = self.store.record()?;
        Ok(record.map(|record| (record.genesis, record.position)))
    }

    /// Whether there are no rows at all.
    pub(crate) fn is_empty(&self) -> Result<bool, StoreError> {
        self.store.is_empty()
    }

    pub(crate) fn set_condition(&self, condition: Condition) {
        self.publish(|now| now.condition = condition);
    }

    pub(crate) fn set_log_size(&self, size: u64) {
        self.publish(|now| now.log_size = size);
    }

    fn publish(&self, change: impl FnOnce(&mut Progress)) {
        self.progress.send_if_modified(|now| {
            let before = now.clone();
            change(now);
            *now != before
        });
    }
}

#[cfg(test)]
impl LedgerViews {
    /// The rows themselves.
    pub(crate) fn store(&self) -> &LedgerStore {
        &self.store
    }
}
