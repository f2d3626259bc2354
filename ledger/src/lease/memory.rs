//! Leases within one process, for tests: any number of nodes, each of which can be cut off.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use governance::ids::{LedgerId, Millis};
use tokio::sync::watch;

use super::{Lease, LeaseError, LeaseStore, SeenLease};

type Watched = watch::Sender<Option<SeenLease>>;

/// One node's way to the leases. Clones are the same node's.
#[derive(Clone, Debug, Default)]
pub struct MemoryLeases {
    shared: Arc<Mutex<BTreeMap<LedgerId, Watched>>>,
    /// What time it is for the place that keeps them, if it has a clock.
    stamp: Arc<Mutex<Option<Millis>>>,
    cut_off: Arc<AtomicBool>,
}

impl MemoryLeases {
    /// No leases, as the first node has them.
    pub fn new() -> MemoryLeases {
        MemoryLeases::default()
    }

    /// The same leases as another node has them.
    pub fn beside(&self) -> MemoryLeases {
        MemoryLeases {
            shared: Arc::clone(&self.shared),
            stamp: Arc::clone(&self.stamp),
            cut_off: Arc::default(),
        }
    }

    /// Cuts this node off for good: what it writes is lost, and it sees nothing new. So it believes
    /// that it leads for as long as [`super::Timing::leads_for`] says.
    pub fn cut_off(&self) {
        self.cut_off.store(true, Ordering::SeqCst);
    }

    /// Takes the lease from whoever holds it, as if it had expired for everybody.
    pub fn expire(&self, ledger: &LedgerId) {
        self.lease(ledger, |watched| {
            watched.send_modify(|seen| {
                if let Some(seen) = seen {
                    seen.lease = Some(Lease {
                        holder: None,
                        written_at: Millis(0),
                    });
                    seen.revision += 1;
                }
            });
        });
    }

    /// Has every write stamped with this time from now on.
    pub fn stamp(&self, at: Millis) {
        *self.stamp.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// What is there.
    pub fn current(&self, ledger: &LedgerId) -> Option<SeenLease> {
        self.lease(ledger, |watched| watched.borrow().clone())
    }

    fn lease<T>(&self, ledger: &LedgerId, act: impl FnOnce(&Watched) -> T) -> T {
        let mut leases = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        act(leases.entry(ledger.clone()).or_default())
    }
}

#[async_trait]
impl LeaseStore for MemoryLeases {
    async fn watch(
        &self,
        ledger: &LedgerId,
    ) -> Result<watch::Receiver<Option<SeenLease>>, LeaseError> {
        let mut theirs = self.lease(ledger, watch::Sender::subscribe);
        let mine = watch::Sender::new(theirs.borrow_and_update().clone());
        let receiver = mine.subscribe();
        let cut_off = Arc::clone(&self.cut_off);
        tokio::spawn(async move {
            while theirs.changed().await.is_ok() && !mine.is_closed() {
                if !cut_off.load(Ordering::SeqCst) {
                    mine.send_replace(theirs.borrow_and_update().clone());
                }
            }
        });
        Ok(receiver)
    }

    async fn write(
        &self,
        ledger: &LedgerId,
        lease: &Lease,
        expected: Option<u64>,
    ) -> Result<u64, LeaseError> {
        if self.cut_off.load(Ordering::SeqCst) {
            let reason = "a test cut this node off".to_owned();
            return Err(LeaseError::Unavailable { reason });
        }
        let stamped_at = *self.stamp.lock().unwrap_or_else(PoisonError::into_inner);
        self.lease(ledger, |watched| {
            let mut written = Err(LeaseError::Raced);
            watched.send_if_modified(|seen| {
                let found = seen.as_ref().map(|seen| seen.revision);
                if found != expected {
                    return false;
                }
                let revision = found.unwrap_or(0) + 1;
                *seen = Some(SeenLease {
                    lease: Some(lease.clone()),
                    revision,
                    stamped_at,
                });
                written = Ok(revision);
                true
            });
            written
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::NodeId;
    use super::*;

    fn lease(number: u8) -> Lease {
        Lease {
            holder: Some(NodeId::from_bytes([number; 8])),
            written_at: Millis(1),
        }
    }

    #[tokio::test]
    async fn of_two_who_expect_one_revision_one_writes() {
        let one = MemoryLeases::new();
        let two = one.beside();
        let ledger = LedgerId::new("xinyuanli").unwrap();
        let mut watched = two.watch(&ledger).await.unwrap();
        assert_eq!(*watched.borrow_and_update(), None);
        assert_eq!(one.write(&ledger, &lease(1), None).await, Ok(1));
        assert_eq!(
            two.write(&ledger, &lease(2), None).await,
            Err(LeaseError::Raced)
        );
        assert_eq!(two.write(&ledger, &lease(2), Some(1)).await, Ok(2));
        let seen = watched
            .wait_for(|seen| seen.as_ref().is_some_and(|seen| seen.revision == 2))
            .await
            .unwrap()
            .clone();
        assert_eq!(seen.unwrap().lease, Some(lease(2)));
        two.cut_off();
        assert!(two.write(&ledger, &lease(2), Some(2)).await.is_err());
        one.expire(&ledger);
        assert_eq!(one.current(&ledger).unwrap().lease.unwrap().holder, None);
        assert_eq!(one.write(&ledger, &lease(1), Some(3)).await, Ok(4));
    }
}
