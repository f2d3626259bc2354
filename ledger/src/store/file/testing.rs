//! What the tests of the file store share.

use std::path::{Path, PathBuf};

use tlog::Block;

use super::super::{AppendError, LogStore, Opened, StoreError, StoreFactory};
use super::LogDirectory;
use crate::disk::simulated::SimulatedDisk;

/// Small enough that a handful of blocks fills several.
pub(super) const SMALL: u64 = 2_048;

pub(super) fn root() -> PathBuf {
    PathBuf::from("/ledger")
}

pub(super) fn log_path() -> PathBuf {
    root().join("log")
}

pub(super) fn segment(first_index: u64) -> PathBuf {
    log_path().join(super::layout::segment_name(first_index))
}

/// A block of `count` entries of `len` bytes each, recognisable by its index.
pub(super) fn block(first_index: u64, count: u64, len: usize) -> Block {
    let entry = |index: u64| {
        let mut entry = format!("entry {index} ").into_bytes();
        entry.resize(len, b'.');
        entry
    };
    Block {
        first_index,
        entries: (first_index..first_index + count).map(entry).collect(),
    }
}

/// Eight blocks that fill three small segments: 0 to 8, 9 to 11, and 12 to 13.
pub(super) fn blocks() -> Vec<Block> {
    let shapes = [
        (0, 1, 100),
        (1, 3, 200),
        (4, 1, 15),
        (5, 4, 150),
        (9, 1, 700),
        (10, 2, 500),
        (12, 1, 900),
        (13, 1, 64),
    ];
    let block = |(first_index, count, len)| block(first_index, count, len);
    shapes.into_iter().map(block).collect()
}

pub(super) fn log_on(disk: &SimulatedDisk) -> LogDirectory {
    LogDirectory::new(disk.disk(), log_path())
}

/// A simulated disk that holds a log of these blocks, closed.
pub(super) async fn disk_with(blocks: &[Block]) -> SimulatedDisk {
    let disk = SimulatedDisk::with_root(&root());
    let log = log_on(&disk);
    log.create(SMALL).expect("creates");
    let opened = log.open(0).await.expect("opens");
    append_all(&*opened.store, blocks).await.expect("appends");
    opened.store.close().await;
    disk
}

pub(super) async fn append_all(store: &dyn LogStore, blocks: &[Block]) -> Result<(), AppendError> {
    for block in blocks {
        store.append(block).await?;
        store.make_ready().await;
    }
    Ok(())
}

/// Everything a store holds.
pub(super) async fn read_all(store: &dyn LogStore) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    loop {
        let next = blocks.last().map_or(0, |block| block.indices().end);
        let page = store.read(next, 3).await.expect("reads");
        if page.is_empty() {
            return blocks;
        }
        blocks.extend(page);
    }
}

/// Opens the log as a process of its own would.
pub(super) async fn reopen(
    disk: &SimulatedDisk,
    checkpoint_size: u64,
) -> Result<Opened, StoreError> {
    log_on(disk).open(checkpoint_size).await
}

/// The names in the log's directory that end so.
pub(super) fn names_ending(disk: &SimulatedDisk, ending: &str) -> Vec<String> {
    let mut names = disk.disk().list(&log_path()).expect("lists");
    names.retain(|name| name.ends_with(ending));
    names
}

pub(super) fn flip(disk: &SimulatedDisk, path: &Path, offset: usize) {
    let mut bytes = disk.contents(path).expect("exists");
    bytes[offset] ^= 0x10;
    disk.set_contents(path, bytes);
}
