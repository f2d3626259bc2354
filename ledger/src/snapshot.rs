//! Snapshots of the state, so that starting up does not replay a log from its first entry.
//!
//! A snapshot is `snapshots/<size, 20 digits>.snap`, made from the first `size` entries:
//!
//! ```text
//! 8 bytes   "GOVSNAP\n"
//! u16 LE    version of this layout and of the state's, 2
//! u32 LE    rules version
//! u64 LE    size: how many entries it is made from, at least 1
//! 32 bytes  leaf hash of the last of them
//! u8        how many hashes follow: the bits set in the size
//! …         the tree's frontier, 32 bytes each, largest subtree first
//! u64 LE    length of the state
//! …         the state, in bincode 2's standard configuration
//! 32 bytes  SHA-256 of everything before
//! ```
//!
//! Nothing rests on a snapshot: any that is damaged, of another version or of another log is reported
//! and passed over, and in the end the log is replayed. This is the one file of this crate that names
//! `bincode`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tlog::{Frontier, Hash, sha256};

use crate::disk::{Disk, DiskError};

/// The version of the layout *and* of the state's serialised shape: raised whenever either changes,
/// so that no state is ever read as what it is not.
pub const SNAPSHOT_VERSION: u16 = 10;

/// The longest snapshot in bytes; a city's state is some tens of MiB, and this is read into memory.
pub const SNAPSHOT_LEN_MAX: u64 = 1 << 30;

/// How many are kept: the newest, and one more in case that is damaged.
const KEPT: usize = 2;

const MAGIC: [u8; 8] = *b"GOVSNAP\n";

/// A state, and what it is the state of.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot<S> {
    /// Leaf hash of entry `size − 1`, the last the state is made from.
    pub leaf: Hash,
    /// The version of the rules in force after it.
    pub rules_version: u32,
    /// The tree's right edge at that size.
    pub frontier: Frontier,
    /// The state after it.
    pub state: S,
}

impl<S> Snapshot<S> {
    /// How many entries it is made from.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }
}

/// A directory of snapshots.
#[derive(Clone, Debug)]
pub struct Snapshots {
    disk: Disk,
    path: PathBuf,
}

/// A snapshot that was passed over.
#[derive(Clone, Debug)]
pub struct Skipped {
    /// Its file.
    pub path: PathBuf,
    /// Why.
    pub reason: SnapshotFault,
}

/// Why a snapshot cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SnapshotFault {
    /// It could not be read.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// It is not a snapshot, or not a whole one.
    #[error("not a whole snapshot")]
    Malformed,
    /// The bytes are not those that were written.
    #[error("its SHA-256 does not hold")]
    Digest,
    /// Another version of the layout or of the state.
    #[error("version {found}; this program reads version {SNAPSHOT_VERSION}")]
    Version {
        /// The version it names.
        found: u16,
    },
    /// It is for another size than its name says.
    #[error("it is of {found} entries, which is not what its name says")]
    Name {
        /// The size it names.
        found: u64,
    },
    /// The caller's check said no: it is of another log, or of rules that are not known.
    #[error("it is not a snapshot of this log that this program can go on from")]
    NotThisLog,
    /// The state's bytes are not a state.
    #[error("its state cannot be read: {0}")]
    State(String),
}

/// Why a snapshot could not be written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The state cannot be serialised.
    #[error("the state cannot be written: {0}")]
    State(String),
    /// It is longer than [`SNAPSHOT_LEN_MAX`], or of no entries.
    #[error("a snapshot of {size} entries and {len} bytes is not kept")]
    Bounds {
        /// How many entries it is of.
        size: u64,
        /// Its length in bytes.
        len: u64,
    },
    /// The system refused an operation.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

impl Snapshots {
    /// Opens the directory, made if it is missing, and removes what was left half written.
    pub fn open(disk: Disk, path: impl Into<PathBuf>) -> Result<Snapshots, DiskError> {
        let path = path.into();
        disk.ensure_dir(&path)?;
        for name in disk.list(&path)? {
            if Path::new(&name).extension().is_some_and(|e| e == "new") {
                disk.remove(&path.join(name))?;
            }
        }
        Ok(Snapshots { disk, path })
    }

    /// Writes a snapshot durably, and removes all but the last two. From a thread that may block.
    pub fn write<S: Serialize>(&self, snapshot: &Snapshot<S>) -> Result<(), SnapshotError> {
        let size = snapshot.size();
        let bytes = encode(snapshot)?;
        let len = bytes.len() as u64;
        if size == 0 || len > SNAPSHOT_LEN_MAX {
            return Err(SnapshotError::Bounds { size, len });
        }
        let path = self.file(size);
        let aside = path.with_extension("new");
        self.disk.replace(&path, &aside, &bytes)?;
        for older in self.sizes()?.iter().rev().skip(KEPT) {
            self.disk.remove(&self.file(*older))?;
        }
        Ok(())
    }

    /// The newest snapshot that is whole and that `accepts`, which is asked with everything but the
    /// state: whether entry `size − 1` of the log has this leaf, and whether the rules are known. And
    /// those that were passed over. From a thread that may block.
    pub fn newest<S: DeserializeOwned>(
        &self,
        mut accepts: impl FnMut(&Snapshot<()>) -> bool,
    ) -> Result<(Option<Snapshot<S>>, Vec<Skipped>), DiskError> {
        let mut skipped = Vec::new();
        for size in self.sizes()?.into_iter().rev() {
            match self.load(size, &mut accepts) {
                Ok(snapshot) => return Ok((Some(snapshot), skipped)),
                Err(reason) => {
                    let path = self.file(size);
                    skipped.push(Skipped { path, reason });
                }
            }
        }
        Ok((None, skipped))
    }

    /// The sizes there are snapshots of, ascending.
    pub fn sizes(&self) -> Result<Vec<u64>, DiskError> {
        let names = self.disk.list(&self.path)?;
        Ok(names.iter().filter_map(|name| parse_name(name)).collect())
    }

    /// Reads the snapshot of this size, if it is whole and `accepts` agrees.
    pub fn load<S: DeserializeOwned>(
        &self,
        size: u64,
        accepts: impl FnOnce(&Snapshot<()>) -> bool,
    ) -> Result<Snapshot<S>, SnapshotFault> {
        let bytes = self.disk.read(&self.file(size), SNAPSHOT_LEN_MAX)?;
        let bytes = bytes.ok_or(SnapshotFault::Malformed)?;
        let (head, state) = decode(&bytes)?;
        let found = head.size();
        if found != size {
            return Err(SnapshotFault::Name { found });
        }
        if !accepts(&head) {
            return Err(SnapshotFault::NotThisLog);
        }
        let state = decode_state(state)?;
        Ok(Snapshot {
            leaf: head.leaf,
            rules_version: head.rules_version,
            frontier: head.frontier,
            state,
        })
    }

    fn file(&self, size: u64) -> PathBuf {
        self.path.join(format!("{size:020}.snap"))
    }
}

fn parse_name(name: &str) -> Option<u64> {
    let size = name.strip_suffix(".snap")?.parse().ok()?;
    (format!("{size:020}.snap") == name).then_some(size)
}

fn encode<S: Serialize>(snapshot: &Snapshot<S>) -> Result<Vec<u8>, SnapshotError> {
    let state = bincode::serde::encode_to_vec(&snapshot.state, bincode::config::standard())
        .map_err(|error| SnapshotError::State(error.to_string()))?;
    let hashes = snapshot.frontier.hashes();
    // At most 62, one for each bit of a tree's size.
    let count = u8::try_from(hashes.len()).unwrap_or(u8::MAX);
    let mut bytes = Vec::with_capacity(state.len() + 2_500);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&SNAPSHOT_VERSION.to_le_bytes());
    bytes.extend_from_slice(&snapshot.rules_version.to_le_bytes());
    bytes.extend_from_slice(&snapshot.size().to_le_bytes());
    bytes.extend_from_slice(&snapshot.leaf.0);
    bytes.push(count);
    bytes.extend(hashes.iter().flat_map(|hash| hash.0));
    bytes.extend_from_slice(&(state.len() as u64).to_le_bytes());
    bytes.extend_from_slice(&state);
    let digest = sha256(&bytes);
    bytes.extend_from_slice(&digest.0);
    Ok(bytes)
}

/// Everything but the state, and the state's bytes.
fn decode(bytes: &[u8]) -> Result<(Snapshot<()>, &[u8]), SnapshotFault> {
    let (body, digest) = bytes
        .split_last_chunk::<32>()
        .ok_or(SnapshotFault::Malformed)?;
    let rest = body.strip_prefix(&MAGIC).ok_or(SnapshotFault::Malformed)?;
    if sha256(body).0 != *digest {
        return Err(SnapshotFault::Digest);
    }
    let (version, rest) = take(rest)?;
    let found = u16::from_le_bytes(version);
    if found != SNAPSHOT_VERSION {
        return Err(SnapshotFault::Version { found });
    }
    let (rules_version, rest) = take(rest)?;
    let (size, rest) = take(rest)?;
    let (leaf, rest) = take(rest)?;
    let ([count], mut rest) = take::<1>(rest)?;
    let mut hashes = Vec::with_capacity(usize::from(count));
    for _ in 0..count {
        let (hash, after) = take(rest)?;
        hashes.push(Hash(hash));
        rest = after;
    }
    let (length, state) = take(rest)?;
    if u64::from_le_bytes(length) != state.len() as u64 {
        return Err(SnapshotFault::Malformed);
    }
    let frontier = Frontier::from_hashes(u64::from_le_bytes(size), hashes);
    let head = Snapshot {
        leaf: Hash(leaf),
        rules_version: u32::from_le_bytes(rules_version),
        frontier: frontier.map_err(|_| SnapshotFault::Malformed)?,
        state: (),
    };
    Ok((head, state))
}

fn decode_state<S: DeserializeOwned>(bytes: &[u8]) -> Result<S, SnapshotFault> {
    let read = bincode::serde::decode_from_slice(bytes, bincode::config::standard());
    let (state, len) = read.map_err(|error| SnapshotFault::State(error.to_string()))?;
    if len == bytes.len() {
        Ok(state)
    } else {
        Err(SnapshotFault::State("bytes follow it".to_owned()))
    }
}

/// The first `N` bytes, and the rest.
fn take<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), SnapshotFault> {
    let split = bytes.split_first_chunk::<N>();
    let (taken, rest) = split.ok_or(SnapshotFault::Malformed)?;
    Ok((*taken, rest))
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
