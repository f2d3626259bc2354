//! The log store in memory: the twin of the file store that fails on demand.
//!
//! A [`MemoryDisk`] outlives the stores opened on it, as a disk outlives processes. Its
//! [`FaultPlan`] says which appends are lost and which persist although they are reported otherwise.
//! It is the twin of a shared log too: [`MemoryDisk::beside`] is the same log as another node has it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tlog::Block;
use tokio::sync::watch;

use super::fault::{Fault, FaultPlan};
use super::{
    AppendError, Damage, DamageKind, LogPlace, LogStore, OpenReport, Opened, READ_BLOCKS_MAX,
    StoreError, StoreFactory,
};

/// What holds a log in memory. Clones are the same node's; it is also the log's [`StoreFactory`].
#[derive(Clone, Debug, Default)]
pub struct MemoryDisk {
    shared: Arc<Shared>,
    /// Which opening of the log may append: an earlier instance's late write must not.
    opening: Arc<AtomicU64>,
    faults: FaultPlan,
}

/// What all nodes share.
#[derive(Debug, Default)]
struct Shared {
    log: Mutex<Option<Log>>,
    /// Told whenever the log, or whether an instance of it goes on, has changed.
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Log {
    blocks: Vec<Block>,
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

    /// The same log as another node has it: with instances and faults of its own.
    pub fn beside(&self) -> MemoryDisk {
        MemoryDisk {
            shared: Arc::clone(&self.shared),
            ..MemoryDisk::default()
        }
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
        self.shared.changed.send_replace(());
    }

    /// Opens the log, as [`StoreFactory::open`] does, without its wrapping.
    pub fn open(&self, checkpoint_size: u64) -> Result<(MemoryStore, OpenReport), StoreError> {
        self.log(|log| {
            let log = log.as_mut().ok_or_else(missing)?;
            check(&log.blocks, checkpoint_size)?;
            let opening = self.opening.fetch_add(1, Ordering::SeqCst) + 1;
            let report = OpenReport {
                length: log.length(),
                blocks: log.blocks.len() as u64,
                ..OpenReport::default()
            };
            let store = MemoryStore {
                disk: self.clone(),
                opening,
                durable: AtomicU64::new(log.length()),
                ended: AtomicBool::new(false),
                in_flight: tokio::sync::Mutex::new(()),
            };
            Ok((store, report))
        })
    }

    fn log<T>(&self, act: impl FnOnce(&mut Option<Log>) -> T) -> T {
        let log = self.shared.log.lock();
        act(&mut log.unwrap_or_else(PoisonError::into_inner))
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
        place: LogPlace::Segment {
            name: "memory".to_owned(),
            offset: 0,
        },
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
    /// Entries this instance shows: all there are until it ends, and then no more, so that what
    /// persisted uncertainly shows on reopening.
    durable: AtomicU64,
    ended: AtomicBool,
    in_flight: tokio::sync::Mutex<()>,
}

impl MemoryStore {
    /// Shows what there is now, and nothing that comes later.
    fn end(&self) {
        // Under the log's lock, so that nothing is appended in between.
        self.disk.log(|log| {
            let length = log.as_ref().map_or(0, Log::length);
            if !self.ended.swap(true, Ordering::SeqCst) {
                self.durable.store(length, Ordering::SeqCst);
            }
        });
        self.disk.shared.changed.send_replace(());
    }

    /// How many entries this instance shows.
    fn shown(&self, log: &Log) -> u64 {
        if self.ended.load(Ordering::SeqCst) {
            return self.durable.load(Ordering::SeqCst);
        }
        log.length()
    }

    /// Whether this instance may write, and the block continues the log.
    fn check_may_append(&self, log: &Log, block: &Block) -> Result<(), AppendError> {
        let superseded = self.disk.opening.load(Ordering::SeqCst) != self.opening;
        if superseded || self.ended.load(Ordering::SeqCst) {
            return Err(AppendError::Failed(StoreError::Ended));
        }
        check_place(block, log.length())
    }

    /// Appends the block, if `may` says so.
    fn persist(
        &self,
        block: &Block,
        may: impl FnOnce(&Log) -> Result<(), AppendError>,
    ) -> Result<(), AppendError> {
        let persisted = self.with_log(|log| {
            may(log)?;
            log.blocks.push(block.clone());
            Ok(())
        });
        self.disk.shared.changed.send_replace(());
        persisted.map_err(AppendError::Failed)?
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
        self.with_log(|log| self.shown(log))
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
        let Some(fault) = fault else {
            return self.persist(block, |log| self.check_may_append(log, block));
        };
        self.end();
        if fault.persists() {
            self.persist(block, |log| check_place(block, log.length()))?;
        }
        Err(match fault {
            Fault::Refused => AppendError::Failed(StoreError::Injected),
            Fault::Lost | Fault::PersistedYetFailed => AppendError::Unknown(StoreError::Injected),
        })
    }

    async fn wait_beyond(&self, length: u64) -> Result<(), StoreError> {
        let mut changed = self.disk.shared.changed.subscribe();
        loop {
            if self.length().await? > length {
                return Ok(());
            }
            if self.ended.load(Ordering::SeqCst) {
                return Err(StoreError::Ended);
            }
            // The sender is the disk's, which is there.
            changed.changed().await.map_err(|_| StoreError::Ended)?;
        }
    }

    async fn read(&self, index: u64, max_blocks: usize) -> Result<Vec<Block>, StoreError> {
        self.with_log(|log| {
            let durable = self.shown(log);
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
    async fn two_nodes_see_each_others_blocks_and_one_of_two_in_a_place_is_a_conflict() {
        let here = MemoryDisk::create();
        let there = here.beside();
        let (one, two) = (opened(&here), opened(&there));
        one.append(&block(0, 2)).await.expect("appends");
        assert_eq!(two.read(0, 9).await.unwrap(), [block(0, 2)]);
        let error = two.append(&block(0, 1)).await.unwrap_err();
        assert!(matches!(error, AppendError::Conflict { length: 2 }));
        two.append(&block(2, 1)).await.expect("appends");
        assert_eq!(one.length().await.unwrap(), 3);
        // Faults and openings are each node's own.
        here.faults().fail_next(Fault::Lost);
        two.append(&block(3, 1)).await.expect("appends");
        opened(&here);
        two.append(&block(4, 1)).await.expect("appends");
    }

    #[tokio::test]
    async fn who_waits_is_woken_by_anybodys_append_and_told_of_the_end() {
        let here = MemoryDisk::create();
        let (one, two) = (opened(&here), Arc::new(opened(&here.beside())));
        one.append(&block(0, 1)).await.expect("appends");
        two.wait_beyond(0).await.expect("is there already");
        let wait = |length| {
            let two = Arc::clone(&two);
            tokio::spawn(async move { two.wait_beyond(length).await })
        };
        let (next, never) = (wait(1), wait(7));
        one.append(&block(1, 2)).await.expect("appends");
        next.await.unwrap().expect("woken");
        assert!(!never.is_finished());
        two.close().await;
        assert!(matches!(never.await.unwrap(), Err(StoreError::Ended)));
        two.wait_beyond(2).await.expect("is there still");
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
