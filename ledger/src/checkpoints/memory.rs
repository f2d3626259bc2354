//! Checkpoints in memory, which fail on demand.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tlog::SignedCheckpoint;

use super::{CheckpointStore, CheckpointStoreError, check_follows};
use crate::store::fault::{Fault, FaultPlan};

/// Checkpoints in memory. Clones share them and their state.
#[derive(Clone, Debug, Default)]
pub struct MemoryCheckpoints {
    state: Arc<Mutex<State>>,
    faults: FaultPlan,
}

#[derive(Debug, Default)]
struct State {
    /// Every one persisted, whatever was reported.
    persisted: Vec<Arc<SignedCheckpoint>>,
    /// The largest that this instance knows to be durable.
    latest: Option<Arc<SignedCheckpoint>>,
    ended: bool,
}

impl MemoryCheckpoints {
    /// No checkpoints.
    pub fn new() -> MemoryCheckpoints {
        MemoryCheckpoints::default()
    }

    /// The plan of which writes fail.
    pub fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// Every checkpoint persisted, whatever was reported, oldest first.
    pub fn persisted(&self) -> Vec<Arc<SignedCheckpoint>> {
        self.state(|state| state.persisted.clone())
    }

    fn state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl CheckpointStore for MemoryCheckpoints {
    fn latest(&self) -> Option<Arc<SignedCheckpoint>> {
        self.state(|state| state.latest.clone())
    }

    async fn persist(
        &self,
        checkpoint: &Arc<SignedCheckpoint>,
    ) -> Result<(), CheckpointStoreError> {
        self.state(|state| {
            if state.ended {
                return Err(CheckpointStoreError::Ended);
            }
            check_follows(state.latest.as_deref(), checkpoint)
        })?;
        let fault = self.faults.next_write().await;
        self.state(|state| {
            if fault.is_none_or(Fault::persists) {
                state.persisted.push(Arc::clone(checkpoint));
            }
            if fault.is_some() {
                state.ended = true;
                return Err(CheckpointStoreError::Injected);
            }
            state.latest = Some(Arc::clone(checkpoint));
            Ok(())
        })
    }

    async fn reopen(&self) -> Result<Option<Arc<SignedCheckpoint>>, CheckpointStoreError> {
        self.state(|state| {
            state.latest = state.persisted.last().cloned();
            state.ended = false;
            Ok(state.latest.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::checkpoint;
    use super::*;

    #[tokio::test]
    async fn the_latest_is_the_last_that_was_persisted_for_sure() {
        let store = MemoryCheckpoints::new();
        assert_eq!(store.latest(), None);
        store.persist(&checkpoint(1, 1)).await.unwrap();
        for fault in Fault::ALL {
            store.faults().fail_next(fault);
            let before = store.latest().unwrap();
            let next = checkpoint(before.checkpoint().size + 1, 1);
            store.persist(&next).await.unwrap_err();
            assert_eq!(store.latest(), Some(Arc::clone(&before)));
            let error = store.persist(&next).await.unwrap_err();
            assert!(matches!(error, CheckpointStoreError::Ended), "{error}");
            let expected = if fault.persists() { next } else { before };
            assert_eq!(store.reopen().await.unwrap(), Some(expected));
        }
    }

    #[tokio::test]
    async fn sizes_never_go_back_and_have_one_root() {
        let store = MemoryCheckpoints::new();
        store.persist(&checkpoint(5, 1)).await.unwrap();
        let error = store.persist(&checkpoint(4, 1)).await.unwrap_err();
        assert!(matches!(
            error,
            CheckpointStoreError::Backwards {
                latest: 5,
                found: 4
            }
        ));
        let error = store.persist(&checkpoint(5, 2)).await.unwrap_err();
        assert!(matches!(error, CheckpointStoreError::Fork { size: 5 }));
        store.persist(&checkpoint(5, 1)).await.unwrap();
    }
}
