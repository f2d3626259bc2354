//! The few things the ledger asks of a disk, so that each can be made to fail.
//!
//! What is assumed of a disk, and nothing more:
//!
//! * After a file is synced, what was written to it before survives the loss of power. Without, any
//!   part of it may have survived, in any order.
//! * After a directory is synced, the names made, changed and removed in it before survive. Without,
//!   they may or may not; a rename happens whole or not at all.
//! * When a sync fails, what was written since the last one may be lost **although it can still be
//!   read**: the system keeps the pages and forgets that they were never written. So a failed sync is
//!   never tried again. What shall survive must be written anew and then synced.
//! * Writing the same bytes over what is there never makes it worse.
//!
//! [`Disk`] is the operating system's ([`Disk::system`]) or, in tests, one simulated in memory that
//! loses power at every step and fails every operation both ways.

#[cfg(test)]
pub(crate) mod simulated;
mod system;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An operation that the system refused.
#[derive(Clone, Debug, thiserror::Error)]
#[error("cannot {doing} {}: {source}", path.display())]
pub struct DiskError {
    /// What was tried, as an infinitive: "write to", "sync".
    pub doing: &'static str,
    /// On which file or directory.
    pub path: PathBuf,
    /// What the system said.
    pub source: Arc<io::Error>,
}

impl DiskError {
    /// Whether the file or directory does not exist.
    pub fn is_missing(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }

    /// Whether the lock asked for is held by someone else.
    pub fn is_locked(&self) -> bool {
        self.source.kind() == io::ErrorKind::WouldBlock
    }

    /// Whether a sync failed: the disk may have lost what it took, and must not be asked again.
    pub fn is_failed_sync(&self) -> bool {
        self.doing.starts_with("sync")
    }

    /// Whether the file is longer than it may be.
    pub fn is_too_large(&self) -> bool {
        self.source.kind() == io::ErrorKind::FileTooLarge
    }
}

/// The operations behind [`Disk`]; see there for what each does.
pub(crate) trait RawDisk: fmt::Debug + Send + Sync + 'static {
    fn create(&self, path: &Path) -> io::Result<Box<dyn RawFile>>;
    fn open(&self, path: &Path, writable: bool) -> io::Result<Box<dyn RawFile>>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    fn create_dir(&self, path: &Path) -> io::Result<()>;
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    fn list(&self, path: &Path) -> io::Result<Vec<String>>;
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>>;
}

/// The operations behind [`DiskFile`].
pub(crate) trait RawFile: fmt::Debug + Send + Sync + 'static {
    fn len(&self) -> io::Result<u64>;
    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()>;
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    fn sync(&self) -> io::Result<()>;
}

/// A disk. Clones are the same disk.
#[derive(Clone, Debug)]
pub struct Disk(Arc<dyn RawDisk>);

impl Disk {
    /// The operating system's files.
    pub fn system() -> Disk {
        Disk(Arc::new(system::SystemDisk))
    }

    #[cfg(test)]
    pub(crate) fn of(raw: impl RawDisk) -> Disk {
        Disk(Arc::new(raw))
    }

    /// Makes an empty file for reading and writing; fails when the name is taken.
    pub(crate) fn create(&self, path: &Path) -> Result<DiskFile, DiskError> {
        let raw = doing("create", path, self.0.create(path))?;
        let path = path.to_owned();
        Ok(DiskFile { raw, path })
    }

    /// Opens a file for reading.
    pub(crate) fn open(&self, path: &Path) -> Result<DiskFile, DiskError> {
        let raw = doing("open", path, self.0.open(path, false))?;
        let path = path.to_owned();
        Ok(DiskFile { raw, path })
    }

    /// Opens a file for reading and writing.
    pub(crate) fn open_writable(&self, path: &Path) -> Result<DiskFile, DiskError> {
        let raw = doing("open for writing", path, self.0.open(path, true))?;
        let path = path.to_owned();
        Ok(DiskFile { raw, path })
    }

    /// Renames a file, replacing whatever has the new name.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        doing("rename a file to", to, self.0.rename(from, to))
    }

    /// Removes a file. Returns whether there was one.
    pub(crate) fn remove(&self, path: &Path) -> Result<bool, DiskError> {
        match self.0.remove(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => doing("remove", path, Err(error)),
        }
    }

    /// Makes a directory unless it is there already, and makes sure that its name survives.
    pub(crate) fn ensure_dir(&self, path: &Path) -> Result<(), DiskError> {
        match self.0.create_dir(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return doing("create the directory", path, Err(error));
            }
            // One that is there may have been made by a process that did not live to sync it.
            _ => {}
        }
        path.parent().map_or(Ok(()), |parent| self.sync_dir(parent))
    }

    /// Makes a directory and those above it that are missing, and makes sure that their names survive.
    pub(crate) fn ensure_dirs(&self, path: &Path) -> Result<(), DiskError> {
        match self.ensure_dir(path) {
            Err(error) if error.is_missing() => {}
            made => return made,
        }
        match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => {
                self.ensure_dirs(parent)?;
                self.ensure_dir(path)
            }
            _ => self.ensure_dir(path),
        }
    }

    /// Makes the names in a directory survive.
    pub(crate) fn sync_dir(&self, path: &Path) -> Result<(), DiskError> {
        // The parent of a bare name has an empty one, and is the working directory.
        let here = path.as_os_str().is_empty();
        let path = if here { Path::new(".") } else { path };
        doing("sync the directory", path, self.0.sync_dir(path))
    }

    /// The names in a directory, in order.
    pub(crate) fn list(&self, path: &Path) -> Result<Vec<String>, DiskError> {
        let mut names = doing("list", path, self.0.list(path))?;
        names.sort_unstable();
        Ok(names)
    }

    /// Takes the lock that this file stands for, made if it is missing; fails at once when another
    /// process or another holder in this one has it. Given back when dropped.
    pub fn lock(&self, path: &Path) -> Result<DiskLock, DiskError> {
        let raw = doing("lock", path, self.0.lock(path))?;
        Ok(DiskLock { _raw: raw })
    }

    /// Reads a whole file, unless it is longer than `len_max` bytes. `None` when it is missing.
    pub(crate) fn read(&self, path: &Path, len_max: u64) -> Result<Option<Vec<u8>>, DiskError> {
        let file = match self.open(path) {
            Err(error) if error.is_missing() => return Ok(None),
            file => file?,
        };
        let len = file.len()?;
        if len > len_max {
            let error = io::Error::new(io::ErrorKind::FileTooLarge, "longer than it may be");
            return doing("read", path, Err(error));
        }
        file.read_range(0, len).map(Some)
    }

    /// Makes `path` a file of exactly these bytes, durably: written aside, synced, renamed, the
    /// directory synced. Whoever opens `path` finds the old file or the new one, whole.
    ///
    /// After an error either may be there, now and after a loss of power. `aside` is a name in the
    /// same directory that nobody else uses meanwhile.
    pub(crate) fn replace(&self, path: &Path, aside: &Path, bytes: &[u8]) -> Result<(), DiskError> {
        self.write_aside(aside, bytes)?;
        self.rename(aside, path)?;
        path.parent().map_or(Ok(()), |parent| self.sync_dir(parent))
    }

    /// Makes `path` a file of exactly these bytes, whole for whoever opens it, but not durable: for
    /// what can be made again. Directories that are missing are made.
    pub(crate) fn replace_unsynced(&self, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
        let aside = path.with_extension("new");
        self.remove(&aside)?;
        let file = match self.create(&aside) {
            Err(error) if error.is_missing() => {
                self.create_parents(&aside)?;
                self.create(&aside)?
            }
            file => file?,
        };
        file.write_at(bytes, 0)?;
        self.rename(&aside, path)
    }

    /// Makes the directories above `path` that are missing.
    fn create_parents(&self, path: &Path) -> Result<(), DiskError> {
        let Some(parent) = path.parent() else {
            return Ok(());
        };
        match self.0.create_dir(parent) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.create_parents(parent)?;
                doing("create the directory", parent, self.0.create_dir(parent))
            }
            made => doing("create the directory", parent, made),
        }
    }

    /// Makes `aside` a synced file of exactly these bytes, for renaming.
    pub(crate) fn write_aside(&self, aside: &Path, bytes: &[u8]) -> Result<DiskFile, DiskError> {
        self.remove(aside)?;
        let file = self.create(aside)?;
        file.write_at(bytes, 0)?;
        file.sync()?;
        Ok(file)
    }
}

/// An open file.
#[derive(Debug)]
pub(crate) struct DiskFile {
    raw: Box<dyn RawFile>,
    path: PathBuf,
}

impl DiskFile {
    /// Its length in bytes.
    pub(crate) fn len(&self) -> Result<u64, DiskError> {
        doing("measure", &self.path, self.raw.len())
    }

    /// Reads exactly the bytes at `offset..offset + len`.
    pub(crate) fn read_range(&self, offset: u64, len: u64) -> Result<Vec<u8>, DiskError> {
        let len = usize::try_from(len).map_err(|_| io::ErrorKind::FileTooLarge.into());
        let read = len.and_then(|len| {
            let mut bytes = vec![0; len];
            self.raw.read_exact_at(&mut bytes, offset)?;
            Ok(bytes)
        });
        doing("read", &self.path, read)
    }

    /// Writes all of `bytes` at `offset`. After an error any part of them may have been written.
    pub(crate) fn write_at(&self, bytes: &[u8], offset: u64) -> Result<(), DiskError> {
        doing("write to", &self.path, self.raw.write_all_at(bytes, offset))
    }

    /// Makes the bytes written (and the length, where it changed) survive. Never called again
    /// after it failed.
    pub(crate) fn sync(&self) -> Result<(), DiskError> {
        doing("sync", &self.path, self.raw.sync())
    }
}

/// A lock held; see [`Disk::lock`].
pub struct DiskLock {
    _raw: Box<dyn Send + Sync>,
}

impl fmt::Debug for DiskLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DiskLock")
    }
}

fn doing<T>(doing: &'static str, path: &Path, result: io::Result<T>) -> Result<T, DiskError> {
    result.map_err(|source| DiskError {
        doing,
        path: path.to_owned(),
        source: Arc::new(source),
    })
}
