//! Data directories: copying them, finding what is in them by `FORMAT.md` §13, and damaging them.
//!
//! Everything here panics if it cannot do what it is asked: a damage that was not done would make a
//! test pass that tests nothing.

#![allow(
    clippy::missing_panics_doc,
    reason = "every function here panics where the directory is not as it must be"
)]

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use tlog::Block;

/// The directory of a ledger within a data directory.
pub fn ledger(data: &Path, ledger: &str) -> PathBuf {
    data.join("ledgers").join(ledger)
}

/// Copies a directory and everything in it.
#[track_caller]
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory can be made");
    for entry in fs::read_dir(from).expect("there is a directory to copy") {
        let entry = entry.expect("a directory can be read");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("there is room for a copy");
        }
    }
}

/// Every file below a directory, with its bytes, by its path from there; in order.
#[track_caller]
pub fn contents(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let read = |path: PathBuf| {
        let name = path.strip_prefix(directory).expect("it is below");
        (name.to_owned(), fs::read(&path).expect("it can be read"))
    };
    files(directory).into_iter().map(read).collect()
}

/// The path of every file below a directory, in order.
#[track_caller]
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("there is a directory") {
        let path = entry.expect("a directory can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The paths of a ledger's segments, in order.
#[track_caller]
pub fn segments(ledger: &Path) -> Vec<PathBuf> {
    let mut segments = files(&ledger.join("log"));
    segments.retain(|path| path.extension().is_some_and(|extension| extension == "seg"));
    segments
}

/// The blocks of a segment, each with the bytes of the file it takes.
#[track_caller]
pub fn blocks(segment: &Path) -> Vec<(Range<usize>, Block)> {
    let bytes = fs::read(segment).expect("the segment can be read");
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Ok(block) = Block::decode(&bytes[at..]) {
        let end = at + block.encoded_len();
        blocks.push((at..end, block));
        at = end;
    }
    blocks
}

/// Writes a segment anew from these blocks; its length stays.
#[track_caller]
pub fn rewrite_segment(segment: &Path, blocks: &[Block]) {
    let length = fs::metadata(segment).expect("the segment is there").len();
    let length = usize::try_from(length).expect("it fits memory");
    let encoded = blocks
        .iter()
        .map(|block| block.encode().expect("a good block"));
    let mut bytes = encoded.collect::<Vec<_>>().concat();
    assert!(bytes.len() <= length, "the blocks do not fit the segment");
    bytes.resize(length, 0);
    fs::write(segment, bytes).expect("the segment can be written");
}

/// Inverts one byte of a file.
#[track_caller]
pub fn flip(path: &Path, offset: usize) {
    edit(path, |bytes| bytes[offset] ^= 0xff);
}

/// Inverts the byte in the middle of a file.
#[track_caller]
pub fn flip_middle(path: &Path) {
    edit(path, |bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
    });
}

/// Rewrites a file.
#[track_caller]
pub fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let shown = path.display();
    let mut bytes = fs::read(path).unwrap_or_else(|error| panic!("{shown}: {error}"));
    let before = bytes.clone();
    change(&mut bytes);
    assert_ne!(bytes, before, "the damage to {shown} changes nothing");
    fs::write(path, bytes).unwrap_or_else(|error| panic!("{shown}: {error}"));
}

/// The bytes of a journal of checkpoints that its records take, in order; the header is before.
#[track_caller]
pub fn journal_records(journal: &Path) -> Vec<Range<usize>> {
    /// The journal's header, and a record's.
    const HEADER_LEN: usize = 8;
    const RECORD_HEADER_LEN: usize = 12;
    let bytes = fs::read(journal).expect("the journal can be read");
    let mut records = Vec::new();
    let mut at = HEADER_LEN;
    while bytes[at..].starts_with(b"\x89CKP") {
        let length = bytes[at + 4..at + 8].try_into().expect("four bytes");
        let length = usize::try_from(u32::from_le_bytes(length)).expect("a note is short");
        let end = at + RECORD_HEADER_LEN + length;
        records.push(at..end);
        at = end;
    }
    records
}

/// Makes a log of few entries have segments of so many bytes, by its format file; its one segment
/// must not be longer, and no program may have it open.
#[track_caller]
pub fn shorten_segments(ledger: &Path, length: u64) {
    let log = ledger.join("log");
    let format = format!("govledger-log/1\nsegment-length {length}\n");
    fs::write(log.join("format"), format).expect("the format file can be written");
    let segments = segments(ledger);
    let [only] = segments.as_slice() else {
        panic!("a new log has one segment");
    };
    let file = fs::OpenOptions::new().write(true).open(only);
    let file = file.expect("the segment can be opened");
    let cut = file.set_len(length);
    cut.expect("the segment can be shortened");
}
