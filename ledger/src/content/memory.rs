//! The content store in memory, which fails on demand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use governance::ids::Digest;

use super::{ContentError, ContentStore, SaltedContent};
use crate::store::fault::FaultPlan;

type Contents = BTreeMap<Digest, SaltedContent>;

/// Contents in memory. Clones share them, as processes share a disk.
#[derive(Clone, Debug, Default)]
pub struct MemoryContents {
    contents: Arc<Mutex<Contents>>,
    faults: FaultPlan,
}

impl MemoryContents {
    /// An empty store.
    pub fn new() -> MemoryContents {
        MemoryContents::default()
    }

    /// The plan of which puts and erasures fail; both count as writes.
    pub fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// How many contents are kept, whatever was reported.
    pub fn count(&self) -> usize {
        self.contents(|contents| contents.len())
    }

    fn contents<T>(&self, act: impl FnOnce(&mut Contents) -> T) -> T {
        act(&mut self.contents.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Does a write as the plan says.
    async fn write<T>(&self, act: impl FnOnce(&mut Contents) -> T) -> Result<T, ContentError> {
        match self.faults.next_write().await {
            None => Ok(self.contents(act)),
            Some(fault) => {
                if fault.persists() {
                    self.contents(act);
                }
                // Failed and unknown are told alike: a content is simply put again.
                Err(ContentError::Injected)
            }
        }
    }
}

#[async_trait]
impl ContentStore for MemoryContents {
    async fn put(&self, contents: &[SaltedContent]) -> Result<(), ContentError> {
        let pairs: Vec<_> = contents.iter().map(|c| (c.digest(), c.clone())).collect();
        self.write(move |kept| kept.extend(pairs)).await
    }

    async fn read(&self, digest: &Digest) -> Result<Option<SaltedContent>, ContentError> {
        Ok(self.contents(|contents| contents.get(digest).cloned()))
    }

    async fn erase(&self, digest: &Digest) -> Result<bool, ContentError> {
        let digest = *digest;
        self.write(move |kept| kept.remove(&digest).is_some()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fault::Fault;

    fn content(text: &str) -> SaltedContent {
        SaltedContent::new([7; 32], text.as_bytes().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_content_is_there_from_its_put_to_its_erasure() {
        let store = MemoryContents::new();
        let (one, other) = (content("one"), content("other"));
        assert_eq!(store.read(&one.digest()).await.unwrap(), None);
        store.put(&[one.clone(), other.clone()]).await.unwrap();
        store.put(std::slice::from_ref(&one)).await.unwrap();
        assert_eq!(store.read(&one.digest()).await.unwrap(), Some(one.clone()));
        assert!(store.erase(&one.digest()).await.unwrap());
        assert!(!store.erase(&one.digest()).await.unwrap());
        assert_eq!(store.read(&one.digest()).await.unwrap(), None);
        assert_eq!(store.count(), 1);
    }

    #[tokio::test]
    async fn every_write_fails_both_ways() {
        for fault in Fault::ALL {
            let store = MemoryContents::new();
            let one = content("one");
            store.faults().fail_next(fault);
            store.put(std::slice::from_ref(&one)).await.unwrap_err();
            assert_eq!(store.count() == 1, fault.persists(), "{fault:?}");

            store.put(std::slice::from_ref(&one)).await.unwrap();
            store.faults().fail_next(fault);
            store.erase(&one.digest()).await.unwrap_err();
            assert_eq!(store.count() == 0, fault.persists(), "{fault:?}");
        }
    }
}
