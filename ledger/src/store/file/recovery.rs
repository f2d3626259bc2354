//! Opening a log: reading all of it, judging it, and making what was read so.

use std::path::{Path, PathBuf};

use super::super::{Damage, DamageKind, LogPlace, OpenReport, StoreError, TornWrite};
use super::BLOCK_LEN_MAX;
use super::layout::{self, Name, segment_name};
use super::reader::LogIndex;
use super::scan::{Finding, Scan, scan};
use super::writer::Tail;
use crate::disk::{Disk, DiskLock};

/// A log as it was read, unchanged.
pub(super) struct Inspected {
    pub(super) index: LogIndex,
    pub(super) report: OpenReport,
    segment_len: u64,
    last: LastSegment,
}

/// A log ready to be extended.
pub(super) struct Recovered {
    pub(super) index: LogIndex,
    pub(super) report: OpenReport,
    pub(super) tail: Tail,
}

/// What recovery needs of the segment that is written to.
struct LastSegment {
    first_index: u64,
    /// The last block's offset and bytes, if the segment has one.
    last_block: (u64, Vec<u8>),
    /// Where the next block belongs.
    end: u64,
    /// What a torn write left there.
    torn: Vec<u8>,
}

/// Reads and checks the whole log.
pub(super) fn inspect(
    disk: &Disk,
    log: &Path,
    checkpoint_size: u64,
) -> Result<Inspected, StoreError> {
    let segment_len = match layout::segment_len(disk, log) {
        // Whoever signed a checkpoint had a log.
        Err(StoreError::Missing { .. }) if checkpoint_size > 0 => {
            return Err(shorter(log, 0, checkpoint_size).into());
        }
        segment_len => segment_len?,
    };
    let segments = segments(disk, log)?;
    if segments.is_empty() {
        return Err(shorter(log, 0, checkpoint_size).into());
    }
    let mut inspection = Inspection::new(disk, log, segment_len, checkpoint_size);
    for (at, first_index) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        inspection.read_segment(*first_index, is_last)?;
    }
    inspection.finish()
}

/// The first indices of the log's segments, in order.
fn segments(disk: &Disk, log: &Path) -> Result<Vec<u64>, StoreError> {
    let mut segments = Vec::new();
    for name in disk.list(log)? {
        match Name::parse(&name) {
            Name::Segment(first_index) => segments.push(first_index),
            Name::Unfinished | Name::Other => {}
            Name::Strange => return Err(damage(name, 0, 0, DamageKind::StrangeFile).into()),
        }
    }
    segments.sort_unstable();
    Ok(segments)
}

/// The state of reading a log, segment by segment.
struct Inspection<'a> {
    disk: &'a Disk,
    log: &'a Path,
    segment_len: u64,
    checkpoint_size: u64,
    index: LogIndex,
    report: OpenReport,
    last: Option<LastSegment>,
}

impl<'a> Inspection<'a> {
    fn new(disk: &'a Disk, log: &'a Path, segment_len: u64, checkpoint_size: u64) -> Self {
        Inspection {
            disk,
            log,
            segment_len,
            checkpoint_size,
            index: LogIndex::default(),
            report: OpenReport::default(),
            last: None,
        }
    }

    fn read_segment(&mut self, first_index: u64, is_last: bool) -> Result<(), StoreError> {
        self.check_name(first_index)?;
        let bytes = self.read_file(first_index)?;
        let scan = scan(&bytes, first_index, is_last, self.checkpoint_size)
            .map_err(|finding| found_in(first_index, finding))?;
        self.index.push_segment(first_index);
        for block in &scan.blocks {
            let len = block.len as u64;
            self.index.push_block(block.first_index, block.count, len);
        }
        self.report.length = scan.next_index;
        self.report.blocks += scan.blocks.len() as u64;
        self.report.bytes += bytes.len() as u64;
        if is_last {
            self.last = Some(LastSegment::of(first_index, &scan, &bytes));
        }
        Ok(())
    }

    /// Checks that this segment is the one that belongs here.
    fn check_name(&self, first_index: u64) -> Result<(), Damage> {
        let expected = self.report.length;
        if first_index > expected {
            let kind = DamageKind::SegmentMissing { next: first_index };
            return Err(damage(segment_name(expected), 0, expected, kind));
        }
        if first_index < expected {
            let kind = DamageKind::OutOfOrder { found: first_index };
            return Err(damage(segment_name(first_index), 0, expected, kind));
        }
        Ok(())
    }

    fn read_file(&self, first_index: u64) -> Result<Vec<u8>, StoreError> {
        let name = segment_name(first_index);
        let file = self.disk.open(&self.log.join(&name))?;
        let (found, expected) = (file.len()?, self.segment_len);
        let there = found.min(expected);
        let bytes = file.read_range(0, there)?;
        if found != expected {
            // Where the good blocks end: what is before can be believed, what comes after is lost.
            let index = match scan(&bytes, first_index, false, self.checkpoint_size) {
                Ok(scan) => scan.next_index,
                Err(finding) => finding.index,
            };
            let kind = DamageKind::SegmentLength { found, expected };
            return Err(damage(name, there, index, kind).into());
        }
        Ok(bytes)
    }

    fn finish(self) -> Result<Inspected, StoreError> {
        let length = self.report.length;
        let Some(last) = self.last else {
            return Err(shorter(self.log, length, self.checkpoint_size).into());
        };
        if length < self.checkpoint_size {
            let kind = DamageKind::ShorterThanCheckpoint {
                checkpoint_size: self.checkpoint_size,
            };
            let segment = segment_name(last.first_index);
            return Err(damage(segment, last.end, length, kind).into());
        }
        let torn = (!last.torn.is_empty()).then(|| TornWrite {
            segment: segment_name(last.first_index),
            offset: last.end,
            len: last.torn.len() as u64,
            index: length,
            side_file: PathBuf::new(),
        });
        let report = OpenReport {
            torn,
            ..self.report
        };
        Ok(Inspected {
            index: self.index,
            report,
            segment_len: self.segment_len,
            last,
        })
    }
}

impl LastSegment {
    fn of(first_index: u64, scan: &Scan, bytes: &[u8]) -> LastSegment {
        let last_block = scan.blocks.last().map(|block| {
            let range = block.offset..block.offset + block.len;
            (block.offset as u64, bytes[range].to_vec())
        });
        LastSegment {
            first_index,
            last_block: last_block.unwrap_or_default(),
            end: scan.end as u64,
            torn: bytes[scan.end..scan.end + scan.torn_len].to_vec(),
        }
    }
}

/// Opens a log for extending it.
pub(super) fn recover(
    disk: &Disk,
    log: &Path,
    checkpoint_size: u64,
) -> Result<Recovered, StoreError> {
    let lock = lock(disk, log, checkpoint_size)?;
    let mut inspected = inspect(disk, log, checkpoint_size)?;
    if let Some(torn) = &mut inspected.report.torn {
        torn.side_file = set_aside(disk, log, torn.index, &inspected.last.torn)?;
    }
    inspected.report.removed = remove_unfinished(disk, log)?;
    let last = &inspected.last;
    let file = disk.open_writable(&log.join(segment_name(last.first_index)))?;
    let (offset, bytes) = settled(last, inspected.segment_len);
    file.write_at(&bytes, offset)?;
    file.sync()?;
    disk.sync_dir(log)?;
    let tail = Tail {
        disk: disk.clone(),
        log: log.to_owned(),
        segment_len: inspected.segment_len,
        file,
        offset: last.end,
        length: inspected.report.length,
        next: None,
        _lock: lock,
    };
    Ok(Recovered {
        index: inspected.index,
        report: inspected.report,
        tail,
    })
}

/// Locks the log; a log that is not there is missing, not locked.
fn lock(disk: &Disk, log: &Path, checkpoint_size: u64) -> Result<DiskLock, StoreError> {
    match layout::segment_len(disk, log) {
        Err(StoreError::Missing { .. }) if checkpoint_size > 0 => {
            return Err(shorter(log, 0, checkpoint_size).into());
        }
        known => known?,
    };
    disk.lock(&layout::lock_path(log))
        .map_err(layout::lock_error)
}

/// What is written again so that the disk surely holds what was read: the last block, and zeros as
/// far as one write may have reached after it. Where it begins, and the bytes.
fn settled(last: &LastSegment, segment_len: u64) -> (u64, Vec<u8>) {
    let (offset, mut bytes) = last.last_block.clone();
    let zeros = BLOCK_LEN_MAX.min(segment_len - last.end);
    let zeros = usize::try_from(zeros).unwrap_or_default();
    bytes.resize(bytes.len() + zeros, 0);
    (offset, bytes)
}

/// Keeps the bytes of a torn write in a file of their own, durably.
fn set_aside(disk: &Disk, log: &Path, index: u64, torn: &[u8]) -> Result<PathBuf, StoreError> {
    let path = layout::free_side_file(disk, log, index)?;
    disk.write_aside(&path, torn)?;
    disk.sync_dir(log)?;
    Ok(path)
}

fn remove_unfinished(disk: &Disk, log: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut removed = Vec::new();
    for name in disk.list(log)? {
        if Name::parse(&name) == Name::Unfinished {
            disk.remove(&log.join(&name))?;
            removed.push(log.join(&name));
        }
    }
    Ok(removed)
}

fn damage(name: String, offset: u64, index: u64, kind: DamageKind) -> Damage {
    Damage {
        place: LogPlace::Segment { name, offset },
        index,
        kind,
    }
}

fn found_in(first_index: u64, finding: Finding) -> Damage {
    let offset = finding.offset as u64;
    damage(
        segment_name(first_index),
        offset,
        finding.index,
        finding.kind,
    )
}

/// Nothing where a log of this many entries was signed.
fn shorter(log: &Path, length: u64, checkpoint_size: u64) -> Damage {
    let name = log.file_name().unwrap_or(log.as_os_str());
    let kind = if checkpoint_size > 0 {
        DamageKind::ShorterThanCheckpoint { checkpoint_size }
    } else {
        DamageKind::NoSegment
    };
    damage(name.to_string_lossy().into_owned(), 0, length, kind)
}
