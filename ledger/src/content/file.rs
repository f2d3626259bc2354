//! Contents as files: `content/<first two hex digits>/<digest in hex>`, each the 32 bytes of its salt
//! and then its bytes.
//!
//! A file is written aside in `content/new/`, synced, renamed, and its directory synced. Opening the
//! store syncs every directory, so that whatever can be read survives from then on, and empties `content/new/`: what a process left there half written may be personal, and nothing
//! refers to it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use governance::ids::Digest;
use tlog::signing::SALT_LEN;

use super::{CONTENT_LEN_MAX, ContentError, ContentStore, SaltedContent};
use crate::disk::{Disk, DiskError};

/// Where files are written before they get their names.
const NEW_DIR: &str = "new";

/// Contents in a directory.
#[derive(Clone, Debug)]
pub struct FileContents(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    disk: Disk,
    path: PathBuf,
    /// Numbers the files written aside, so that no two have one name.
    counter: AtomicU64,
    /// Which of the 256 directories are known to survive.
    ready: Mutex<Box<[bool; 256]>>,
}

impl FileContents {
    /// Opens the store at `path`, from a thread that may block. The directory is made if it is
    /// missing (its parent must exist): unlike a log, an empty content store is never wrong.
    pub fn open(disk: Disk, path: impl Into<PathBuf>) -> Result<FileContents, DiskError> {
        let path = path.into();
        disk.ensure_dir(&path)?;
        let new = path.join(NEW_DIR);
        disk.ensure_dir(&new)?;
        for name in disk.list(&new)? {
            disk.remove(&new.join(name))?;
        }
        disk.sync_dir(&new)?;
        // Whoever put something there may not have lived to sync it, and what can be read is relied
        // on from now on.
        for name in disk.list(&path)? {
            if name.len() == 2 && u8::from_str_radix(&name, 16).is_ok() {
                disk.sync_dir(&path.join(name))?;
            }
        }
        Ok(FileContents(Arc::new(Inner {
            disk,
            path,
            counter: AtomicU64::new(0),
            ready: Mutex::new(Box::new([false; 256])),
        })))
    }

    /// Reads a content of the store at `path`, checked against its digest, without changing anything
    /// there, as an auditor does. From a thread that may block.
    pub fn inspect(
        disk: &Disk,
        path: &Path,
        digest: &Digest,
    ) -> Result<Option<SaltedContent>, ContentError> {
        read(disk, &file_in(path, digest), digest)
    }

    async fn run<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Inner) -> Result<T, ContentError> + Send + 'static,
    ) -> Result<T, ContentError> {
        let inner = Arc::clone(&self.0);
        crate::blocking::run(move || act(&inner))
            .await
            .unwrap_or(Err(ContentError::Ended))
    }
}

impl Inner {
    fn directory(&self, digest: &Digest) -> PathBuf {
        directory_in(&self.path, digest)
    }

    fn file(&self, digest: &Digest) -> PathBuf {
        file_in(&self.path, digest)
    }

    /// Writes all of these; each directory is synced once.
    fn put(&self, contents: &[SaltedContent]) -> Result<(), ContentError> {
        let mut directories = Vec::new();
        for content in contents {
            let digest = content.digest();
            self.make_ready(&digest)?;
            let number = self.counter.fetch_add(1, Ordering::Relaxed);
            let aside = self.path.join(NEW_DIR).join(number.to_string());
            let bytes = [content.salt(), content.bytes()].concat();
            self.write(&aside, &bytes, &self.file(&digest))?;
            directories.push(self.directory(&digest));
        }
        directories.sort_unstable();
        directories.dedup();
        for directory in directories {
            self.disk.sync_dir(&directory)?;
        }
        Ok(())
    }

    /// Writes a file aside and gives it its name; what a failure leaves aside is removed, if it can.
    fn write(&self, aside: &Path, bytes: &[u8], path: &Path) -> Result<(), DiskError> {
        let written = self.disk.write_aside(aside, bytes);
        let named = written.and_then(|_| self.disk.rename(aside, path));
        if named.is_err() {
            // Best effort: opening the store removes it too.
            let _ = self.disk.remove(aside);
        }
        named
    }

    /// Makes sure that the digest's directory is there and survives; once a process.
    fn make_ready(&self, digest: &Digest) -> Result<(), DiskError> {
        let at = usize::from(digest.0[0]);
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if !ready[at] {
            self.disk.ensure_dir(&self.directory(digest))?;
            ready[at] = true;
        }
        Ok(())
    }

    fn read(&self, digest: &Digest) -> Result<Option<SaltedContent>, ContentError> {
        read(&self.disk, &self.file(digest), digest)
    }

    fn erase(&self, digest: &Digest) -> Result<bool, ContentError> {
        let existed = match self.disk.remove(&self.file(digest)) {
            // No content of this digest's directory ever came.
            Ok(false) if !self.directory_exists(digest) => return Ok(false),
            existed => existed?,
        };
        // Also when it was gone already: an earlier erasure may have failed to be synced.
        self.disk.sync_dir(&self.directory(digest))?;
        Ok(existed)
    }

    fn directory_exists(&self, digest: &Digest) -> bool {
        self.disk.list(&self.directory(digest)).is_ok()
    }
}

fn directory_in(store: &Path, digest: &Digest) -> PathBuf {
    store.join(format!("{:02x}", digest.0[0]))
}

fn file_in(store: &Path, digest: &Digest) -> PathBuf {
    directory_in(store, digest).join(digest.to_string())
}

fn read(disk: &Disk, file: &Path, digest: &Digest) -> Result<Option<SaltedContent>, ContentError> {
    let corrupt = ContentError::Corrupt { digest: *digest };
    let len_max = (SALT_LEN + CONTENT_LEN_MAX) as u64;
    let bytes = match disk.read(file, len_max) {
        Err(error) if error.is_too_large() => return Err(corrupt),
        bytes => bytes?,
    };
    let Some(bytes) = bytes else {
        return Ok(None);
    };
    let content = bytes
        .split_first_chunk::<SALT_LEN>()
        .and_then(|(salt, bytes)| SaltedContent::stored(digest, *salt, bytes.to_vec()));
    content.map(Some).ok_or(corrupt)
}

#[async_trait]
impl ContentStore for FileContents {
    async fn put(&self, contents: &[SaltedContent]) -> Result<(), ContentError> {
        if contents.is_empty() {
            return Ok(());
        }
        let contents = contents.to_vec();
        self.run(move |inner| inner.put(&contents)).await
    }

    async fn read(&self, digest: &Digest) -> Result<Option<SaltedContent>, ContentError> {
        let digest = *digest;
        self.run(move |inner| inner.read(&digest)).await
    }

    async fn erase(&self, digest: &Digest) -> Result<bool, ContentError> {
        let digest = *digest;
        self.run(move |inner| inner.erase(&digest)).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::ContentTooLong;
    use super::*;
    use crate::disk::simulated::{DiskFault, SimulatedDisk, Survives};

    fn root() -> PathBuf {
        PathBuf::from("/ledger")
    }

    fn content(salt: u8, text: &str) -> SaltedContent {
        SaltedContent::new([salt; 32], text.as_bytes().to_vec()).unwrap()
    }

    fn open(disk: &SimulatedDisk) -> FileContents {
        FileContents::open(disk.disk(), root().join("content")).expect("opens")
    }

    #[tokio::test]
    async fn a_content_is_there_from_its_put_to_its_erasure() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("content");
        let store = FileContents::open(Disk::system(), &path).unwrap();
        let (one, other) = (content(1, "one"), content(2, "other"));
        assert_eq!(store.read(&one.digest()).await.unwrap(), None);
        assert!(!store.erase(&one.digest()).await.unwrap());
        store.put(&[]).await.unwrap();
        store.put(&[one.clone(), other.clone()]).await.unwrap();
        store.put(std::slice::from_ref(&one)).await.unwrap();

        let reopened = FileContents::open(Disk::system(), &path).unwrap();
        for content in [&one, &other] {
            let found = reopened.read(&content.digest()).await.unwrap();
            assert_eq!(found.as_ref(), Some(content));
        }
        assert!(reopened.erase(&one.digest()).await.unwrap());
        assert!(!reopened.erase(&one.digest()).await.unwrap());
        assert_eq!(store.read(&one.digest()).await.unwrap(), None);
        // Put again, it is there again.
        store.put(std::slice::from_ref(&one)).await.unwrap();
        assert!(store.read(&one.digest()).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_content_of_no_bytes_and_one_of_the_most_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let store = FileContents::open(Disk::system(), dir.path().join("content")).unwrap();
        for len in [0, CONTENT_LEN_MAX] {
            let content = SaltedContent::new([3; 32], vec![b'x'; len]).unwrap();
            store.put(std::slice::from_ref(&content)).await.unwrap();
            let found = store.read(&content.digest()).await.unwrap();
            assert_eq!(found, Some(content));
        }
        let found = CONTENT_LEN_MAX + 1;
        let error = SaltedContent::new([3; 32], vec![b'x'; found]);
        assert_eq!(error, Err(ContentTooLong { found }));
    }

    #[tokio::test]
    async fn a_changed_content_is_told_and_can_be_put_again() {
        let disk = SimulatedDisk::with_root(&root());
        let store = open(&disk);
        let one = content(1, "one");
        store.put(std::slice::from_ref(&one)).await.unwrap();
        let path = store.0.file(&one.digest());
        let good = disk.contents(&path).unwrap();
        let long = vec![0; SALT_LEN + CONTENT_LEN_MAX + 1];
        let flipped = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            bytes
        };
        let cut = good[..good.len() - 1].to_vec();
        for bad in [
            flipped(0),
            flipped(34),
            cut,
            good[..31].to_vec(),
            Vec::new(),
            long,
        ] {
            disk.set_contents(&path, bad);
            let error = store.read(&one.digest()).await.unwrap_err();
            assert!(matches!(error, ContentError::Corrupt { .. }), "{error}");
        }
        store.put(std::slice::from_ref(&one)).await.unwrap();
        assert!(store.read(&one.digest()).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn every_operation_of_a_put_fails_in_every_way_and_putting_again_mends_it() {
        let contents = [
            content(1, "one"),
            content(2, "two, rather longer than a page"),
        ];
        let rehearsal = SimulatedDisk::with_root(&root());
        let store = open(&rehearsal);
        let before = rehearsal.operations().len();
        store.put(&contents).await.unwrap();
        for operation in before..rehearsal.operations().len() {
            for fault in [
                DiskFault::Lost,
                DiskFault::Short,
                DiskFault::PersistedYetFailed,
            ] {
                let disk = SimulatedDisk::with_root(&root());
                let store = open(&disk);
                disk.fail(operation, fault);
                let what = &rehearsal.operations()[operation];
                assert!(store.put(&contents).await.is_err(), "{what} {fault:?}");
                store.put(&contents).await.expect(what);
                disk.power_cycle(Survives::Nothing);
                let store = open(&disk);
                for content in &contents {
                    let found = store.read(&content.digest()).await.expect(what);
                    assert_eq!(found.as_ref(), Some(content), "{what} {fault:?}");
                }
                let new = root().join("content/new");
                assert!(disk.disk().list(&new).unwrap().is_empty(), "{what}");
            }
        }
    }

    #[tokio::test]
    async fn the_power_goes_at_every_operation_of_a_put_and_what_is_there_is_whole() {
        let contents = [
            content(1, "one"),
            content(2, "two, rather longer than a page"),
        ];
        let rehearsal = SimulatedDisk::with_root(&root());
        open(&rehearsal).put(&contents).await.unwrap();
        for operation in 0..rehearsal.operations().len() {
            for seed in 0..4 {
                let disk = SimulatedDisk::with_root(&root());
                disk.fail(operation, DiskFault::PowerLost);
                if let Ok(store) = FileContents::open(disk.disk(), root().join("content")) {
                    store.put(&contents).await.unwrap_err();
                }
                disk.power_cycle(Survives::Some(seed));
                let store = open(&disk);
                let left = disk.disk().list(&root().join("content/new")).unwrap();
                assert!(left.is_empty(), "half-written contents stay: {left:?}");
                for content in &contents {
                    let found = store
                        .read(&content.digest())
                        .await
                        .expect("whole or absent");
                    assert!(found.is_none_or(|found| found == *content));
                }
                store.put(&contents).await.expect("puts");
            }
        }
    }

    #[tokio::test]
    async fn what_an_opened_store_shows_survives() {
        let disk = SimulatedDisk::with_root(&root());
        let store = open(&disk);
        let (one, other) = (content(1, "one"), content(2, "other"));
        // The first has its name when the second fails, and no directory has been synced.
        disk.fail_named("create 1", DiskFault::Lost);
        let both = [one.clone(), other.clone()];
        store.put(&both).await.unwrap_err();
        disk.kill_process();
        let store = open(&disk);
        let shown = store.read(&one.digest()).await.unwrap();
        assert_eq!(shown, Some(one.clone()));
        disk.power_cycle(Survives::Nothing);
        assert_eq!(open(&disk).read(&one.digest()).await.unwrap(), shown);
    }

    #[tokio::test]
    async fn an_erasure_that_was_acknowledged_survives() {
        for fault in [DiskFault::Lost, DiskFault::PersistedYetFailed] {
            for what in ["remove", "sync directory"] {
                let disk = SimulatedDisk::with_root(&root());
                let store = open(&disk);
                let one = content(1, "one");
                store.put(std::slice::from_ref(&one)).await.unwrap();
                let digest = one.digest();
                let name = match what {
                    "remove" => format!("remove {digest}"),
                    _ => format!("sync directory {:02x}", digest.0[0]),
                };
                disk.fail_named(&name, fault);
                store.erase(&digest).await.unwrap_err();
                store.erase(&digest).await.unwrap();
                disk.power_cycle(Survives::Nothing);
                assert_eq!(open(&disk).read(&digest).await.unwrap(), None, "{what}");
            }
        }
    }
}
