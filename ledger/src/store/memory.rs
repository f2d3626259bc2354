//! The log store in memory: the twin of the file store that fails on demand.
//!
//! A [`MemoryDisk`] outlives the stores opened on it, as a disk outlives processes. Its
//! [`FaultPlan`] says which appends are lost and which persist although they are reported otherwise.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tlog::Block;

use super::fault::{Fault, FaultPlan};
use super::{
    AppendError, Damage, DamageKind, LogStore, OpenReport, Opened, READ_BLOCKS_MAX, StoreError,
    StoreFactory,
};

/// What holds a log in memory. Clones share one disk; it is also the log's [`StoreFactory`].
#[derive(Clone, Debug, Default)]
pub struct MemoryDisk {
    log: Arc<Mutex<Option<Log>>>,
    faults: FaultPlan,
}

#[derive(Debug, Default)]
struct Log {
    blocks: Vec<Block>,
    /// Which opening of the log may append: an earlier instance's late write must not.
    opening: u64,
}

impl Log {
    fn length(&self) -> u64 {
        self.blocks.last().map_or(0, |block| block.indices().end)
    }
}

impl MemoryDisk {
    /// A disk with an empty log on it.
    pub fn create() -> MemoryDisk {
        let disk = MemoryDisk::default();
        disk.log(|log| *log = Some(Log::default()));
        disk
    }

    /// A disk on which no log was created: opening it is [`StoreError::Missing`].
    pub fn blank() -> MemoryDisk {
        MemoryDisk::default()
    }

    /// The plan of what fails.
    pub fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// Everything persisted, whatever was reported.
    pub fn blocks(&self) -> Vec<Block> {
        self.log(|log| log.iter().flat_map(|log| log.blocks.clone()).collect())
    }

    /// Replaces everything persisted, to play a rollback or a disk gone wrong.
    pub fn overwrite(&self, blocks: Vec<Block>) {
        self.log(|log| log.get_or_insert_default().blocks = blocks);
    }

    /// Opens the log, as [`StoreFactory::open`] does, without its wrapping.
    pub fn open(&self, checkpoint_size: u64) -> Result<(MemoryStore, OpenReport), StoreError> {
        self.log(|log| {
            let log = log.as_mut().ok_or_else(missing)?;
            check(&log.blocks, checkpoint_size)?;
            log.opening += 1;
            let report = OpenReport {
                length: log.length(),
                blocks: log.blocks.len() as u64,
                ..OpenReport::default()
            };
            let store = MemoryStore {
                disk: self.clone(),
                opening: log.opening,
                durable: AtomicU64::new(log.length()),
                ended: AtomicBool::new(false),
                in_flight: tokio::sync::Mutex::new(()),
            };
            Ok((store, report))
        })
    }

    fn log<T>(&self, act: impl FnOnce(&mut Option<Log>) -> T) -> T {
        act(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn missing() -> StoreError {
    StoreError::Missing {
        path: PathBuf::from("memory"),
    }
}

/// The checks of opening: every block in its place, and no fewer than the checkpoint covers.
fn check(blocks: &[Block], checkpoint_size: u64) -> Result<(), Damage> {
    let damage = |index, kind| Damage {
        segment: "memory".to_owned(),
        offset: 0,
        index,
        kind,
    };
    let mut length = 0;
    for block in blocks {
        let found = block.first_index;
        if found > length {
            return Err(damage(length, DamageKind::Gap { found }));
        }
        if found < length {
            return Err(damage(length, DamageKind::OutOfOrder { found }));
        }
        length = block.indices().end;
    }
    if length < checkpoint_size {
        let kind = DamageKind::ShorterThanCheckpoint { checkpoint_size };
        return Err(damage(length, kind));
    }
    Ok(())
}

#[async_trait]
impl StoreFactory for MemoryDisk {
    async fn open(&self, checkpoint_size: u64) -> Result<Opened, StoreError> {
        let (store, report) = MemoryDisk::open(self, checkpoint_size)?;
        let store = Arc::new(store);
        Ok(Opened { store, report })
    }
}

/// A log opened on a [`MemoryDisk`].
#[derive(Debug)]
pub struct MemoryStore {
    disk: MemoryDisk,
    opening: u64,
    /// Entries this instance knows to be durable; what persisted uncertainly shows on reopening.
    durable: AtomicU64,
    ended: AtomicBool,
    in_flight: tokio::sync::Mutex<()>,
}

impl MemoryStore {
    fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
    }

    /// Whether this instance may write, and the block continues the log.
    fn check_may_append(&self, log: &Log, block: &Block) -> Result<(), AppendError> {
        if log.opening != self.opening || self.ended.load(Ordering::SeqCst) {
            return Err(AppendError::Failed(StoreError::Ended));
        }
        check_place(block, log.length())
    }

    fn persist(&self, block: &Block) -> Result<(), AppendError> {
        self.with_log(|log| {
            self.check_may_append(log, block)?;
            log.blocks.push(block.clone());
            Ok(())
        })
        .map_err(AppendError::Failed)?
    }

    fn with_log<T>(&self, act: impl FnOnce(&mut Log) -> T) -> Result<T, StoreError> {
        self.disk
            .log(|log| log.as_mut().map(act).ok_or_else(missing))
    }
}

fn check_place(block: &Block, length: u64) -> Result<(), AppendError> {
    if block.first_index == length {
        Ok(())
    } else {
        Err(AppendError::Conflict { length })
    }
}

#[async_trait]
impl LogStore for MemoryStore {
    async fn length(&self) -> Result<u64, StoreError> {
        Ok(self.durable.load(Ordering::SeqCst))
    }

    async fn append(&self, block: &Block) -> Result<(), AppendError> {
        let _in_flight = self.in_flight.lock().await;
        self.with_log(|log| self.check_may_append(log, block))
            .map_err(AppendError::Failed)??;
        // As strict as a store that must write bytes.
        if let Err(error) = block.encode_body() {
            self.end();
            return Err(AppendError::Failed(error.into()));
        }
        let fault = self.disk.faults.next_write().await;
        if fault.is_none_or(Fault::persists) {
            self.persist(block)?;
        }
        let Some(fault) = fault else {
            let length = block.indices().end;
            self.durable.store(length, Ordering::SeqCst);
            return Ok(());
        };
        self.end();
        Err(match fault {
            Fault::Refused => AppendError::Failed(StoreError::Injected),
            Fault::Lost | Fault::PersistedYetFailed => AppendError::Unknown(StoreError::Injected),
        })
    }

    async fn read(&self, index: u64, max_blocks: usize) -> Result<Vec<Block>, StoreError> {
        let durable = self.durable.load(Ordering::SeqCst);
        self.with_log(|log| {
            let blocks = &log.blocks;
            let first = blocks.partition_point(|block| block.indices().end <= index);
            let count = max_blocks.min(READ_BLOCKS_MAX);
            let visible = |block: &&Block| block.indices().end <= durable;
            let page = blocks[first..].iter().take(count).take_while(visible);
            page.cloned().collect()
        })
    }

    async fn close(&self) {
        let _in_flight = self.in_flight.lock().await;
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(first_index: u64, count: u64) -> Block {
        let entry = |index: u64| format!("entry {index}").into_bytes();
        Block {
            first_index,
            entries: (first_index..first_index + count).map(entry).collect(),
        }
    }

    fn opened(disk: &MemoryDisk) -> MemoryStore {
        disk.open(0).expect("opens").0
    }

    #[tokio::test]
    async fn blocks_come_back_as_they_were_appended() {
        let store = opened(&MemoryDisk::create());
        for block in [block(0, 1), block(1, 3), block(4, 2)] {
            store.append(&block).await.expect("appends");
        }
        assert_eq!(store.length().await.unwrap(), 6);
        assert_eq!(store.read(0, 2).await.unwrap(), [block(0, 1), block(1, 3)]);
        assert_eq!(store.read(3, 9).await.unwrap(), [block(1, 3), block(4, 2)]);
        assert_eq!(store.read(6, 9).await.unwrap(), []);
        assert_eq!(store.read(u64::MAX, 9).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_block_out_of_place_is_a_conflict_and_the_store_goes_on() {
        let store = opened(&MemoryDisk::create());
        store.append(&block(0, 2)).await.expect("appends");
        for misplaced in [block(0, 1), block(1, 1), block(3, 1)] {
            let error = store.append(&misplaced).await.unwrap_err();
            assert!(matches!(error, AppendError::Conflict { length: 2 }));
        }
        store.append(&block(2, 1)).await.expect("appends");
    }

    #[tokio::test]
    async fn every_fault_ends_the_instance_and_reopening_tells_the_truth() {
        for fault in Fault::ALL {
            let disk = MemoryDisk::create();
            let store = opened(&disk);
            store.append(&block(0, 1)).await.expect("appends");
            disk.faults().fail_next(fault);

            let error = store.append(&block(1, 1)).await.unwrap_err();

            let certain = matches!(error, AppendError::Failed(StoreError::Injected));
            assert_eq!(certain, fault == Fault::Refused, "{fault:?}");
            assert_eq!(store.length().await.unwrap(), 1, "{fault:?}");
            assert_eq!(store.read(1, 1).await.unwrap(), [], "{fault:?}");
            let ended = store.append(&block(1, 1)).await.unwrap_err();
            assert!(matches!(ended, AppendError::Failed(StoreError::Ended)));
            let reopened = opened(&disk);
            let length = if fault.persists() { 2 } else { 1 };
            assert_eq!(reopened.length().await.unwrap(), length, "{fault:?}");
            reopened.append(&block(length, 1)).await.expect("appends");
        }
    }

    #[tokio::test]
    async fn an_instance_that_was_superseded_cannot_write() {
        let disk = MemoryDisk::create();
        let old = opened(&disk);
        let new = opened(&disk);
        let error = old.append(&block(0, 1)).await.unwrap_err();
        assert!(matches!(error, AppendError::Failed(StoreError::Ended)));
        new.append(&block(0, 1)).await.expect("appends");
    }

    #[tokio::test]
    async fn a_held_append_waits_until_released() {
        let disk = MemoryDisk::create();
        let store = Arc::new(opened(&disk));
        disk.faults().hold();
        let task = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.append(&block(0, 1)).await }
        });
        disk.faults().held(1).await;
        assert_eq!(store.length().await.unwrap(), 0);
        assert!(disk.blocks().is_empty());
        disk.faults().release();
        task.await.unwrap().expect("appends");
        assert_eq!(store.length().await.unwrap(), 1);
    }

    #[tokio::test]
    async fn an_unstorable_block_is_refused() {
        let store = opened(&MemoryDisk::create());
        let error = store.append(&block(0, 0)).await.unwrap_err();
        assert!(matches!(
            error,
            AppendError::Failed(StoreError::Unstorable(_))
        ));
    }

    #[test]
    fn a_missing_a_rolled_back_and_a_gapped_log_do_not_open() {
        let disk = MemoryDisk::blank();
        assert!(matches!(
            disk.open(0).unwrap_err(),
            StoreError::Missing { .. }
        ));
        disk.overwrite(vec![block(0, 2)]);
        assert!(disk.open(2).is_ok());
        let kind = |error| match error {
            StoreError::Corrupt(damage) => damage.kind,
            other => panic!("{other}"),
        };
        let checkpoint_size = 3;
        assert_eq!(
            kind(disk.open(checkpoint_size).unwrap_err()),
            DamageKind::ShorterThanCheckpoint { checkpoint_size }
        );
        disk.overwrite(vec![block(0, 2), block(3, 1)]);
        assert_eq!(
            kind(disk.open(0).unwrap_err()),
            DamageKind::Gap { found: 3 }
        );
        disk.overwrite(vec![block(0, 2), block(0, 2)]);
        assert_eq!(
            kind(disk.open(0).unwrap_err()),
            DamageKind::OutOfOrder { found: 0 }
        );
    }
}
