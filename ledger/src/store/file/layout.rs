//! The names in a log's directory, its format file, and how a segment comes to be.

use std::path::{Path, PathBuf};

use super::super::StoreError;
use super::{SEGMENT_LEN_MAX, SEGMENT_LEN_MIN};
use crate::disk::{Disk, DiskError, DiskFile};

/// Says what the directory is. Written last when a log is created: without it there is no log.
const FORMAT_FILE: &str = "format";
/// The first line of the format file. Another version of this store would write another.
const FORMAT_LINE: &str = "govledger-log/1";
/// Holds the lock.
const LOCK_FILE: &str = "lock";
/// The next segment in the making.
const NEXT_FILE: &str = "next.new";
/// The format file in the making.
const FORMAT_ASIDE: &str = "format.new";

/// How many zeros are written at once when a segment is made.
const ZEROS_LEN: usize = 1024 * 1024;

/// What a name in the directory stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// The segment that begins with this entry.
    Segment(u64),
    /// A file in the making, left by a process that did not finish it.
    Unfinished,
    /// The format file, the lock, or a side file.
    Other,
    /// Nothing this store ever writes.
    Strange,
}

impl Name {
    pub(super) fn parse(name: &str) -> Name {
        if let Some(first_index) = parse_segment(name) {
            return Name::Segment(first_index);
        }
        match name {
            NEXT_FILE | FORMAT_ASIDE => Name::Unfinished,
            FORMAT_FILE | LOCK_FILE => Name::Other,
            name if is_side_file(name) => Name::Other,
            _ => Name::Strange,
        }
    }
}

/// The file name of the segment that begins with this entry.
pub(super) fn segment_name(first_index: u64) -> String {
    format!("{first_index:020}.seg")
}

fn parse_segment(name: &str) -> Option<u64> {
    let first_index = name.strip_suffix(".seg")?.parse().ok()?;
    (segment_name(first_index) == name).then_some(first_index)
}

/// The name of the `n`th side file for a torn write of this entry.
fn side_file_name(index: u64, n: usize) -> String {
    format!("torn-{index:020}-{n}.bin")
}

fn is_side_file(name: &str) -> bool {
    name.starts_with("torn-") && Path::new(name).extension().is_some_and(|e| e == "bin")
}

/// The path of a side file that does not exist yet.
pub(super) fn free_side_file(disk: &Disk, log: &Path, index: u64) -> Result<PathBuf, DiskError> {
    let taken = disk.list(log)?;
    // As many names as there are taken, and one more.
    let name = (0..=taken.len())
        .map(|n| side_file_name(index, n))
        .find(|name| !taken.contains(name));
    Ok(log.join(name.unwrap_or_default()))
}

pub(super) fn lock_path(log: &Path) -> PathBuf {
    log.join(LOCK_FILE)
}

pub(super) fn next_path(log: &Path) -> PathBuf {
    log.join(NEXT_FILE)
}

/// Makes an empty log.
pub(super) fn create(disk: &Disk, log: &Path, segment_len: u64) -> Result<(), StoreError> {
    disk.ensure_dir(log)?;
    let path = log.to_owned();
    let _lock = disk.lock(&lock_path(log)).map_err(lock_error)?;
    if holds_a_log(disk, log)? {
        return Err(StoreError::Exists { path });
    }
    make_next(disk, log, segment_len)?;
    name_next(disk, log, 0)?;
    let text = format!("{FORMAT_LINE}\nsegment-length {segment_len}\n");
    let (format, aside) = (log.join(FORMAT_FILE), log.join(FORMAT_ASIDE));
    disk.replace(&format, &aside, text.as_bytes())?;
    Ok(())
}

/// Whether there is a log, or anything of one but what an interrupted creation leaves: a first
/// segment full of zeros.
fn holds_a_log(disk: &Disk, log: &Path) -> Result<bool, StoreError> {
    for name in disk.list(log)? {
        match Name::parse(&name) {
            Name::Segment(0) => {
                let bytes = disk.read(&log.join(&name), SEGMENT_LEN_MAX)?;
                if bytes.is_none_or(|bytes| bytes.iter().any(|byte| *byte != 0)) {
                    return Ok(true);
                }
            }
            Name::Segment(_) | Name::Strange => return Ok(true),
            Name::Other if name != LOCK_FILE => return Ok(true),
            Name::Other | Name::Unfinished => {}
        }
    }
    Ok(false)
}

/// The length of the log's segments, from its format file.
pub(super) fn segment_len(disk: &Disk, log: &Path) -> Result<u64, StoreError> {
    let missing = || StoreError::Missing {
        path: log.to_owned(),
    };
    // Two lines are far shorter than this.
    let bytes = disk.read(&log.join(FORMAT_FILE), 4_096)?;
    let bytes = bytes.ok_or_else(missing)?;
    parse_format(&bytes).ok_or_else(|| StoreError::Format {
        path: log.join(FORMAT_FILE),
    })
}

fn parse_format(bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok()?;
    let lines = text.strip_prefix(FORMAT_LINE)?;
    let number = lines
        .strip_prefix("\nsegment-length ")?
        .strip_suffix('\n')?;
    let length: u64 = number.parse().ok()?;
    let good = (SEGMENT_LEN_MIN..=SEGMENT_LEN_MAX).contains(&length);
    (good && length.to_string() == number).then_some(length)
}

/// Makes `next.new`: a segment's length of zeros, synced, without a segment's name yet.
pub(super) fn make_next(disk: &Disk, log: &Path, segment_len: u64) -> Result<DiskFile, DiskError> {
    let path = next_path(log);
    disk.remove(&path)?;
    let file = disk.create(&path)?;
    let zeros = vec![0; ZEROS_LEN];
    let mut offset = 0;
    while offset < segment_len {
        let len = (segment_len - offset).min(ZEROS_LEN as u64);
        let len = usize::try_from(len).unwrap_or(ZEROS_LEN);
        file.write_at(&zeros[..len], offset)?;
        offset += len as u64;
    }
    file.sync()?;
    Ok(file)
}

/// Gives `next.new` its place in the log, durably.
pub(super) fn name_next(disk: &Disk, log: &Path, first_index: u64) -> Result<(), DiskError> {
    disk.rename(&next_path(log), &log.join(segment_name(first_index)))?;
    disk.sync_dir(log)
}

/// Says whether a lock could not be had because someone has it.
pub(super) fn lock_error(error: DiskError) -> StoreError {
    if error.is_locked() {
        StoreError::Locked { path: error.path }
    } else {
        StoreError::Disk(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_files_are() {
        assert_eq!(segment_name(31_744), "00000000000000031744.seg");
        for first_index in [0, 31_744, u64::MAX] {
            let name = segment_name(first_index);
            assert_eq!(Name::parse(&name), Name::Segment(first_index));
        }
        for name in [
            "0.seg",
            "+0000000000000000000.seg",
            "99999999999999999999.seg",
        ] {
            assert_eq!(Name::parse(name), Name::Strange, "{name}");
        }
        assert_eq!(Name::parse(&side_file_name(7, 0)), Name::Other);
        assert_eq!(Name::parse("next.new"), Name::Unfinished);
        assert_eq!(Name::parse("00000000000000031744.seg.bak"), Name::Strange);
    }

    #[test]
    fn a_format_file_has_one_spelling() {
        let text = |length: &str| format!("govledger-log/1\nsegment-length {length}\n");
        let parse = |text: &str| parse_format(text.as_bytes());
        let (min, max) = (SEGMENT_LEN_MIN, SEGMENT_LEN_MAX);
        assert_eq!(parse(&text(&min.to_string())), Some(min));
        assert_eq!(parse(&text(&max.to_string())), Some(max));
        assert_eq!(parse(&text(&(min - 1).to_string())), None);
        assert_eq!(parse(&text(&(max + 1).to_string())), None);
        assert_eq!(parse(&text("016777216")), None);
        assert_eq!(parse("govledger-log/2\nsegment-length 16777216\n"), None);
        assert_eq!(parse(&format!("{}x", text("16777216"))), None);
    }
}
