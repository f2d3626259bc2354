//! A disk in memory that loses power at every step and fails every operation both ways.
//!
//! It keeps apart what programs see (the cache) and what survives (the platter). A file's pages and
//! a directory's names reach the platter when synced; when the power goes, those that were not may
//! be there or not, as the seed says. A sync that fails forgets which pages it should have written,
//! as Linux does.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Disk, RawDisk, RawFile};

/// What a page is: the unit that survives or not. Smaller than a block of the tests, so that
/// blocks are torn.
const PAGE_LEN: usize = 64;

/// How one operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiskFault {
    /// Nothing is done, and an error returned.
    Lost,
    /// Of a write, the first half is done; of anything else nothing. An error is returned.
    Short,
    /// All is done and survives, yet an error is returned.
    PersistedYetFailed,
    /// The power goes before it is done: this and every later operation fails.
    PowerLost,
}

/// What survives of what was not synced when the power goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Survives {
    /// Nothing.
    Nothing,
    /// Everything that no failed sync has given up.
    Everything,
    /// Some pages and the first few names, chosen by this seed.
    Some(u64),
}

/// The disk; clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct SimulatedDisk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    /// Changes of names not yet synced, oldest first. A journal keeps their order.
    pending: Vec<NameChange>,
    locks: BTreeSet<PathBuf>,
    log: Vec<String>,
    faults: BTreeMap<usize, DiskFault>,
    named_faults: BTreeMap<String, DiskFault>,
    power_lost: bool,
}

#[derive(Clone, Debug, Default)]
struct Inode {
    is_dir: bool,
    cached: Vec<u8>,
    durable: Vec<u8>,
    dirty: BTreeSet<usize>,
}

#[derive(Clone, Debug)]
enum NameChange {
    Add(PathBuf, usize),
    Remove(PathBuf),
    Rename(PathBuf, PathBuf),
}

impl NameChange {
    fn is_in(&self, dir: &Path) -> bool {
        let (NameChange::Add(path, _) | NameChange::Remove(path) | NameChange::Rename(_, path)) =
            self;
        path.parent() == Some(dir)
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            NameChange::Add(path, inode) => {
                names.insert(path.clone(), *inode);
            }
            NameChange::Remove(path) => {
                names.remove(path);
            }
            NameChange::Rename(from, to) => {
                if let Some(inode) = names.remove(from) {
                    names.insert(to.clone(), inode);
                }
            }
        }
    }
}

impl SimulatedDisk {
    /// An empty disk on which the directory `root` exists.
    pub(crate) fn with_root(root: &Path) -> SimulatedDisk {
        let disk = SimulatedDisk::default();
        disk.create_dir(root).expect("a new name");
        let mut state = disk.state();
        state.durable_names = state.names.clone();
        state.pending.clear();
        state.log.clear();
        drop(state);
        disk
    }

    pub(crate) fn disk(&self) -> Disk {
        Disk::of(self.clone())
    }

    /// The changing operations so far, described; the next one's number is the length.
    pub(crate) fn operations(&self) -> Vec<String> {
        self.state().log.clone()
    }

    /// Fails the changing operation with this number.
    pub(crate) fn fail(&self, operation: usize, fault: DiskFault) {
        self.state().faults.insert(operation, fault);
    }

    /// Fails the next changing operation that is described so.
    pub(crate) fn fail_named(&self, operation: &str, fault: DiskFault) {
        let faults = &mut self.state().named_faults;
        faults.insert(operation.to_owned(), fault);
    }

    /// Cuts the power and restores it: what was not synced survives as said.
    pub(crate) fn power_cycle(&self, survives: Survives) {
        let mut state = self.state();
        let mut random = match survives {
            Survives::Some(seed) => seed.wrapping_mul(2).wrapping_add(1),
            _ => 1,
        };
        let mut keeps = |of: u64| match survives {
            Survives::Nothing => 0,
            Survives::Everything => of,
            Survives::Some(_) => next_random(&mut random) % (of + 1),
        };
        let kept = usize::try_from(keeps(state.pending.len() as u64)).expect("small");
        let pending = std::mem::take(&mut state.pending);
        for change in &pending[..kept] {
            change.apply(&mut state.durable_names);
        }
        for inode in &mut state.inodes {
            for page in std::mem::take(&mut inode.dirty) {
                if keeps(1) == 1 {
                    inode.persist(page);
                }
            }
            inode.cached = inode.durable.clone();
        }
        state.names = state.durable_names.clone();
        state.faults.clear();
        state.named_faults.clear();
        state.locks.clear();
        state.power_lost = false;
    }

    /// Ends the process but not the power: all that was written stays to be read.
    pub(crate) fn kill_process(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.named_faults.clear();
        state.locks.clear();
        state.power_lost = false;
    }

    /// What is read at `path`.
    pub(crate) fn contents(&self, path: &Path) -> Option<Vec<u8>> {
        let state = self.state();
        let inode = *state.names.get(path)?;
        Some(state.inodes[inode].cached.clone())
    }

    /// Replaces what is read and what survives at `path`.
    pub(crate) fn set_contents(&self, path: &Path, bytes: Vec<u8>) {
        let mut state = self.state();
        let inode = match state.names.get(path) {
            Some(inode) => *inode,
            None => state.add(path, false),
        };
        state.durable_names.insert(path.to_owned(), inode);
        let inode = &mut state.inodes[inode];
        inode.cached.clone_from(&bytes);
        inode.durable = bytes;
        inode.dirty.clear();
    }

    /// Removes `path`, at once and durably.
    pub(crate) fn forget(&self, path: &Path) {
        let mut state = self.state();
        state.names.remove(path);
        state.durable_names.remove(path);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does a changing operation, unless it is to fail.
    fn change<T>(
        &self,
        what: String,
        act: impl FnOnce(&mut State, Doing) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut state = self.state();
        if state.power_lost {
            return Err(io::Error::other("the power is off"));
        }
        let number = state.log.len();
        let named = state.named_faults.remove(&what);
        state.log.push(what);
        let injected = || io::Error::other("injected");
        match state.faults.remove(&number).or(named) {
            None => act(&mut state, Doing::Whole),
            Some(DiskFault::Lost) => {
                act(&mut state, Doing::Nothing)?;
                Err(injected())
            }
            Some(DiskFault::Short) => {
                act(&mut state, Doing::Half)?;
                Err(injected())
            }
            Some(DiskFault::PersistedYetFailed) => {
                act(&mut state, Doing::Whole)?;
                state.sync_everything();
                Err(injected())
            }
            Some(DiskFault::PowerLost) => {
                state.power_lost = true;
                Err(io::Error::other("the power went"))
            }
        }
    }
}

/// How much of an operation is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    Whole,
    Half,
    Nothing,
}

impl State {
    fn add(&mut self, path: &Path, is_dir: bool) -> usize {
        let inode = self.inodes.len();
        self.inodes.push(Inode {
            is_dir,
            ..Inode::default()
        });
        self.rename_with(NameChange::Add(path.to_owned(), inode));
        inode
    }

    /// A new name is free, and in a directory that exists.
    fn check_new(&self, path: &Path) -> io::Result<()> {
        let parent = path.parent().unwrap_or(Path::new("/"));
        if self.names.contains_key(path) {
            Err(io::ErrorKind::AlreadyExists.into())
        } else if parent == Path::new("/") || self.names.contains_key(parent) {
            Ok(())
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    fn rename_with(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.pending.push(change);
    }

    fn sync_everything(&mut self) {
        self.durable_names = self.names.clone();
        self.pending.clear();
        for inode in &mut self.inodes {
            inode.sync();
        }
    }
}

impl Inode {
    fn write(&mut self, bytes: &[u8], offset: usize) {
        let end = offset + bytes.len();
        if self.cached.len() < end {
            self.cached.resize(end, 0);
        }
        self.cached[offset..end].copy_from_slice(bytes);
        self.dirty.extend(offset / PAGE_LEN..end.div_ceil(PAGE_LEN));
    }

    fn sync(&mut self) {
        for page in std::mem::take(&mut self.dirty) {
            self.persist(page);
        }
    }

    fn persist(&mut self, page: usize) {
        let start = page * PAGE_LEN;
        let end = (start + PAGE_LEN).min(self.cached.len());
        if self.durable.len() < end {
            self.durable.resize(end, 0);
        }
        self.durable[start..end].copy_from_slice(&self.cached[start..end]);
    }
}

impl RawDisk for SimulatedDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn RawFile>> {
        let inode = self.change(format!("create {}", name(path)), |state, doing| {
            state.check_new(path)?;
            Ok((doing == Doing::Whole).then(|| state.add(path, false)))
        })?;
        let inode = inode.expect("done whole unless an error was returned");
        let disk = self.clone();
        Ok(Box::new(SimulatedFile { disk, inode }))
    }

    fn open(&self, path: &Path, _writable: bool) -> io::Result<Box<dyn RawFile>> {
        let inode = match self.state().names.get(path) {
            Some(inode) => *inode,
            None => return Err(io::ErrorKind::NotFound.into()),
        };
        let disk = self.clone();
        Ok(Box::new(SimulatedFile { disk, inode }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let what = format!("rename {} to {}", name(from), name(to));
        self.change(what, |state, doing| {
            if !state.names.contains_key(from) {
                return Err(io::ErrorKind::NotFound.into());
            }
            if doing == Doing::Whole {
                state.rename_with(NameChange::Rename(from.to_owned(), to.to_owned()));
            }
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        // Not counted when there is nothing to remove.
        if !self.state().names.contains_key(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.change(format!("remove {}", name(path)), |state, doing| {
            if doing == Doing::Whole {
                state.rename_with(NameChange::Remove(path.to_owned()));
            }
            Ok(())
        })
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        if self.state().names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.change(
            format!("create directory {}", name(path)),
            |state, doing| {
                if doing == Doing::Whole {
                    state.add(path, true);
                }
                Ok(())
            },
        )
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.change(format!("sync directory {}", name(path)), |state, doing| {
            if doing != Doing::Whole {
                return Ok(());
            }
            let last = state.pending.iter().rposition(|change| change.is_in(path));
            // A journal is written in order: everything up to the directory's last change.
            let done: Vec<_> = state.pending.drain(..last.map_or(0, |at| at + 1)).collect();
            for change in done {
                change.apply(&mut state.durable_names);
            }
            Ok(())
        })
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        match state.names.get(path) {
            Some(inode) if state.inodes[*inode].is_dir => {}
            _ => return Err(io::ErrorKind::NotFound.into()),
        }
        let children = state.names.keys().filter(|p| p.parent() == Some(path));
        Ok(children.map(|path| name(path)).collect())
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>> {
        if !self.state().locks.insert(path.to_owned()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let path = path.to_owned();
        let disk = self.clone();
        Ok(Box::new(SimulatedLock { disk, path }))
    }
}

#[derive(Debug)]
struct SimulatedFile {
    disk: SimulatedDisk,
    inode: usize,
}

impl RawFile for SimulatedFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.state().inodes[self.inode].cached.len() as u64)
    }

    fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        let state = self.disk.state();
        let cached = &state.inodes[self.inode].cached;
        let start = usize::try_from(offset).expect("small");
        let found = cached.get(start..start + bytes.len());
        bytes.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let what = format!("write {} bytes at {offset}", bytes.len());
        self.disk.change(what, |state, doing| {
            let done = match doing {
                Doing::Whole => bytes,
                Doing::Half => &bytes[..bytes.len() / 2],
                Doing::Nothing => &[],
            };
            let offset = usize::try_from(offset).expect("small");
            if !done.is_empty() {
                state.inodes[self.inode].write(done, offset);
            }
            Ok(())
        })
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.change("sync file".to_owned(), |state, doing| {
            let inode = &mut state.inodes[self.inode];
            match doing {
                Doing::Whole => inode.sync(),
                // The pages stay readable and are forgotten.
                Doing::Half | Doing::Nothing => inode.dirty.clear(),
            }
            Ok(())
        })
    }
}

struct SimulatedLock {
    disk: SimulatedDisk,
    path: PathBuf,
}

impl Drop for SimulatedLock {
    fn drop(&mut self) {
        self.disk.state().locks.remove(&self.path);
    }
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// `SplitMix64`: enough to choose with.
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
