//! The operating system's disk.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use super::{RawDisk, RawFile};

/// Files are the owner's alone: contents and openings of hidden ballots are among them.
const FILE_MODE: u32 = 0o600;

#[derive(Debug)]
pub(super) struct SystemDisk;

impl RawDisk for SystemDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn RawFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        Ok(Box::new(options.mode(FILE_MODE).open(path)?))
    }

    fn open(&self, path: &Path, writable: bool) -> io::Result<Box<dyn RawFile>> {
        let file = OpenOptions::new().read(true).write(writable).open(path)?;
        Ok(Box::new(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let name = |entry: io::Result<fs::DirEntry>| {
            let name = entry?.file_name();
            Ok(name.to_string_lossy().into_owned())
        };
        fs::read_dir(path)?.map(name).collect()
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>> {
        Ok(Box::new(Locked::take(path)?))
    }
}

/// A locked file. The lock is given back in so many words: a process that another thread is just starting
/// still has the file open, and closing ours alone would leave it locked until that one runs.
#[derive(Debug)]
struct Locked(File);

impl Locked {
    fn take(path: &Path) -> io::Result<Locked> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let file = options.mode(FILE_MODE).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Locked(file)),
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        // Where this fails, closing the file gives it back.
        let _ = self.0.unlock();
    }
}

impl RawFile for File {
    fn len(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        FileExt::read_exact_at(self, bytes, offset)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        FileExt::write_all_at(self, bytes, offset)
    }

    fn sync(&self) -> io::Result<()> {
        // fdatasync: also the length where it changed, but not the times of access and change,
        // which nothing here reads.
        self.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_given_back_also_where_a_child_has_the_file_open() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let locked = Locked::take(&path).unwrap();
        // What a child has between fork and exec.
        let inherited = locked.0.try_clone().unwrap();
        let taken = Locked::take(&path).unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::WouldBlock);
        drop(locked);
        Locked::take(&path).unwrap();
        drop(inherited);
    }
}
