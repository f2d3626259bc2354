//! Where views are kept: the only file that knows sled.
//!
//! One sled database, one tree a ledger, in it the rows of every view and the position they stand at.
//! [`LedgerStore::commit`] applies the changes of a block and its position as one sled batch, which is
//! recovered whole or not at all. sled's flush is not relied on: after a crash the rows may be older
//! than the log, but they agree with their position, and the runner goes on from there. A database
//! that cannot be opened, or was found torn while it was in use, is deleted; the log has everything.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    thread,
    time::{Duration, Instant},
};

use governance::ids::LedgerId;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    codec::{self, CodecError},
    keys::Key,
    position::{Position, PositionRecord},
    projection::Projection,
};

/// The version of all keys and rows together. Raise it whenever one changes: views of another version
/// are dropped and built anew.
pub const FORMAT: u32 = 23;

/// The key of the position record. The views' prefixes begin at 1.
const POSITION_KEY: [u8; 1] = [0];

/// What sled may keep in memory: the working set of some dozens of ledgers, and little beside the log's
/// own memory on a machine of 1 GiB.
const CACHE_BYTES: u64 = 64 << 20;

/// How long a lock may linger: sled's own threads let go of it some moments after the last handle was
/// dropped, so that who stops and starts again within one process finds it held.
const RELEASE_PATIENCE: Duration = Duration::from_secs(3);
const RELEASE_PAUSE: Duration = Duration::from_millis(20);

/// Rows copied in one batch: some hundred KiB.
const COPIED_AT_ONCE: usize = 1_000;

/// Left in the directory once the database was found torn: the next opening deletes it.
const TORN_MARK: &str = "torn";

/// What keeps rows from being read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the directory.
    #[error("the views in {} are in use by another process", dir.display())]
    InUse {
        /// The directory.
        dir: PathBuf,
    },
    /// The operating system refuses.
    #[error("the views cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// The database contradicts itself. It is deleted and rebuilt at the next start.
    #[error("the views are torn and will be rebuilt at the next start: {reason}")]
    Torn {
        /// In sled's words.
        reason: String,
    },
    /// A row is not what its key says.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A write was interrupted by a panic.
    #[error("a write to the views was interrupted; restart to rebuild them")]
    Interrupted,
}

/// The views of all ledgers of a node.
#[derive(Debug)]
pub struct ViewStore {
    database: sled::Db,
    mark: Arc<TornMark>,
}

impl ViewStore {
    /// Opens the database in `dir`, and creates it where there is none. One that is torn is deleted and
    /// created anew, which `tracing` reports. Blocks, at most some seconds.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let mark = TornMark(dir.join(TORN_MARK));
        let opened = if mark.0.exists() {
            Err(Refused::Torn("it was found torn while in use".to_owned()))
        } else {
            open_database(dir)
        };
        let database = match opened {
            Ok(database) => database,
            Err(Refused::Final(error)) => return Err(error),
            Err(Refused::Torn(reason)) => {
                tracing::warn!(dir = %dir.display(), reason, "views are torn: rebuilding them");
                fs::remove_dir_all(dir)?;
                open_database(dir).map_err(Refused::into_error)?
            }
        };
        Ok(Self {
            database,
            mark: Arc::new(mark),
        })
    }

    /// The rows of one ledger. Call it once a ledger: the handle is the one writer.
    pub(crate) fn ledger(&self, ledger: &LedgerId) -> Result<LedgerStore, StoreError> {
        self.rows(ledger.as_str().to_owned(), false)
    }

    /// Rows of a ledger beside its own, which are gone when the handle is. No two have one number.
    pub(crate) fn scratch(
        &self,
        ledger: &LedgerId,
        number: u64,
    ) -> Result<LedgerStore, StoreError> {
        // No id of a ledger contains the sign.
        self.rows(format!("{ledger}@{number}"), true)
    }

    fn rows(&self, name: String, scratch: bool) -> Result<LedgerStore, StoreError> {
        let tree = self
            .database
            .open_tree(&name)
            .map_err(|error| self.mark.fault(error))?;
        let record = read_position(&tree, &self.mark)?;
        Ok(LedgerStore {
            database: self.database.clone(),
            name,
            scratch,
            mark: Arc::clone(&self.mark),
            current: RwLock::new(Current { tree, record }),
            writing: Mutex::new(()),
        })
    }

    /// Asks sled to write out what it holds, so that the next start has less to read again.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.database
            .flush()
            .map(drop)
            .map_err(|error| self.mark.fault(error))
    }
}

/// The rows of one ledger's views.
#[derive(Debug)]
pub(crate) struct LedgerStore {
    database: sled::Db,
    /// Of its tree.
    name: String,
    /// Whether the rows go with the handle.
    scratch: bool,
    mark: Arc<TornMark>,
    /// Readers hold it while they read, a commit while it applies: what is read agrees with the position.
    current: RwLock<Current>,
    /// Held from the first read of a batch to its commit: one writer.
    writing: Mutex<()>,
}

#[derive(Debug)]
struct Current {
    tree: sled::Tree,
    record: Option<PositionRecord>,
}

impl LedgerStore {
    /// The record of how far the rows have come; `None`: there are none, or none of this format.
    pub(crate) fn record(&self) -> Result<Option<PositionRecord>, StoreError> {
        Ok(self.current()?.record)
    }

    /// Reads rows that all agree with one position; `None` where no entry was seen yet. A commit waits
    /// until `query` is over, so it must be short, and must not call back into this store.
    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&View<'_>) -> T,
    ) -> Result<Option<T>, StoreError> {
        let current = self.current()?;
        let view = |record: PositionRecord| View {
            tree: &current.tree,
            mark: &self.mark,
            position: record.position,
        };
        Ok(current.record.map(|record| query(&view(record))))
    }

    /// Begins a batch; the next one can begin when it is committed or dropped.
    pub(crate) fn batch(&self) -> Result<ViewBatch<'_>, StoreError> {
        let writing = self.writing.lock().map_err(|_| StoreError::Interrupted)?;
        let (tree, record) = {
            let current = self.current()?;
            (current.tree.clone(), current.record)
        };
        Ok(ViewBatch {
            store: self,
            tree,
            record,
            changes: BTreeMap::new(),
            prefix: 0,
            _writing: writing,
        })
    }

    /// Drops every row and the position.
    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let fault = |error| self.mark.fault(error);
        // sled unlinks the tree before it frees its pages: a crash leaves all of it or nothing.
        self.database.drop_tree(&self.name).map_err(fault)?;
        current.tree = self.database.open_tree(&self.name).map_err(fault)?;
        current.record = None;
        drop(current);
        self.current.clear_poison();
        self.writing.clear_poison();
        Ok(())
    }

    /// Whether there is no key at all.
    pub(crate) fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.current()?.tree.is_empty())
    }

    /// Every key and value, in order, the position's among them: what "identical to the byte" means.
    pub(crate) fn dump(&self) -> Result<Vec<Pair>, StoreError> {
        let current = self.current()?;
        current
            .tree
            .iter()
            .map(|pair| pair.map_err(|error| self.mark.fault(error)))
            .map(|pair| pair.map(|(key, value)| (key.to_vec(), value.to_vec())))
            .collect()
    }

    /// Takes over all rows of others that nobody writes any more, and their position.
    pub(crate) fn copy_from(&self, other: &Self) -> Result<(), StoreError> {
        let from = other.current()?;
        let mut current = self.current.write().map_err(|_| StoreError::Interrupted)?;
        let fault = |error| self.mark.fault(error);
        let mut batch = sled::Batch::default();
        for (at, pair) in from.tree.iter().enumerate() {
            let (key, value) = pair.map_err(fault)?;
            batch.insert(key, value);
            if at % COPIED_AT_ONCE == COPIED_AT_ONCE - 1 {
                current
                    .tree
                    .apply_batch(std::mem::take(&mut batch))
                    .map_err(fault)?;
            }
        }
        current.tree.apply_batch(batch).map_err(fault)?;
        current.record = from.record;
        Ok(())
    }

    fn commit(
        &self,
        changes: BTreeMap<Key, Option<Vec<u8>>>,
        record: PositionRecord,
    ) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in changes {
            match value {
                Some(value) => batch.insert(key.as_bytes(), value),
                None => batch.remove(key.as_bytes()),
            }
        }
        batch.insert(&POSITION_KEY, position_bytes(&record)?);
        let mut current = self.current.write().map_err(|_| StoreError::Interrupted)?;
        current
            .tree
            .apply_batch(batch)
            .map_err(|error| self.mark.fault(error))?;
        current.record = Some(record);
        Ok(())
    }

    fn current(&self) -> Result<std::sync::RwLockReadGuard<'_, Current>, StoreError> {
        self.current.read().map_err(|_| StoreError::Interrupted)
    }
}

impl Drop for LedgerStore {
    fn drop(&mut self) {
        if self.scratch
            && let Err(error) = self.database.drop_tree(&self.name)
        {
            tracing::warn!(name = self.name, %error, "rows of a past moment are left until the next start");
        }
    }
}

/// Rows that can be looked up: a [`View`] or, while it is being made, a [`ViewBatch`].
pub(crate) trait Rows {
    /// The bytes under a key.
    fn bytes(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError>;

    /// The row under a key.
    fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, StoreError> {
        match self.bytes(key)? {
            Some(bytes) => Ok(Some(codec::decode(&bytes)?)),
            None => Ok(None),
        }
    }

    /// The rows that were appended under a key, oldest first.
    fn get_all<T: DeserializeOwned>(&self, key: &Key) -> Result<Vec<T>, StoreError> {
        let bytes = self.bytes(key)?.unwrap_or_default();
        Ok(codec::decode_all(&bytes)?)
    }
}

/// The rows of one ledger at one position.
#[derive(Debug)]
pub struct View<'a> {
    tree: &'a sled::Tree,
    mark: &'a TornMark,
    position: Position,
}

/// Which way a table is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Smallest key first.
    Ascending,
    /// Greatest key first: newest first.
    Descending,
}

/// Keys from `from` on, up to but not including `until`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The first key that may be in it.
    pub(crate) from: Key,
    /// The first key beyond it.
    pub(crate) until: Key,
}

impl Span {
    /// All keys with this beginning.
    pub(crate) fn of(prefix: Key) -> Self {
        Self {
            until: prefix.after(),
            from: prefix,
        }
    }
}

/// A key's bytes and a row's.
pub type Pair = (Vec<u8>, Vec<u8>);

impl View<'_> {
    /// What the rows were computed from.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The keys and bytes of a span.
    pub(crate) fn scan(
        &self,
        span: &Span,
        order: Order,
    ) -> impl Iterator<Item = Result<Pair, StoreError>> + '_ {
        // sled refuses a range that ends before it begins.
        let nothing = span.from >= span.until;
        let until = if nothing { &span.from } else { &span.until };
        let mut found = self.tree.range(span.from.as_bytes()..until.as_bytes());
        std::iter::from_fn(move || match order {
            Order::Ascending => found.next(),
            Order::Descending => found.next_back(),
        })
        .map(|pair| match pair {
            Ok((key, value)) => Ok((key.to_vec(), value.to_vec())),
            Err(error) => Err(self.mark.fault(error)),
        })
    }
}

impl Rows for View<'_> {
    fn bytes(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        lookup(self.tree, self.mark, key)
    }
}

/// Changes that are not visible yet, over the rows as they are: what was put can be got.
#[derive(Debug)]
pub(crate) struct ViewBatch<'a> {
    store: &'a LedgerStore,
    tree: sled::Tree,
    record: Option<PositionRecord>,
    /// What is under a key from now on; `None`: nothing.
    changes: BTreeMap<Key, Option<Vec<u8>>>,
    /// Of the view whose turn it is.
    prefix: u8,
    _writing: MutexGuard<'a, ()>,
}

impl ViewBatch<'_> {
    /// Where the rows under the batch stand.
    pub(crate) fn record(&self) -> Option<PositionRecord> {
        self.record
    }

    /// Says which view writes from now on.
    pub(crate) fn turn_to(&mut self, view: &dyn Projection) {
        self.prefix = view.prefix();
    }

    /// Writes a row, under the prefix of the view whose turn it is.
    pub(crate) fn put<T: Serialize>(&mut self, key: Key, row: &T) -> Result<(), StoreError> {
        debug_assert_eq!(key.as_bytes().first(), Some(&self.prefix));
        let bytes = codec::encode(row)?;
        self.changes.insert(key, Some(bytes));
        Ok(())
    }

    /// Takes a row away, so that a list holds what is listed now and is not read past what once was.
    pub(crate) fn remove(&mut self, key: Key) {
        debug_assert_eq!(key.as_bytes().first(), Some(&self.prefix));
        self.changes.insert(key, None);
    }

    /// Writes a row after those that are under the key, which one of sled's own rows then holds
    /// together: what comes in with every entry costs a small part of a row each.
    pub(crate) fn append<T: Serialize>(&mut self, key: Key, row: &T) -> Result<(), StoreError> {
        debug_assert_eq!(key.as_bytes().first(), Some(&self.prefix));
        let bytes = match self.changes.entry(key) {
            Entry::Occupied(changed) => changed.into_mut(),
            Entry::Vacant(vacant) => {
                let found = lookup(&self.tree, &self.store.mark, vacant.key())?;
                vacant.insert(found)
            }
        };
        Ok(codec::append(row, bytes.get_or_insert_default())?)
    }

    /// The keys and bytes that begin with `prefix`, ascending. For what is known to be few.
    pub(crate) fn scan_prefix(&self, prefix: &Key) -> Result<Vec<Pair>, StoreError> {
        let mut found = BTreeMap::new();
        for pair in self.tree.scan_prefix(prefix.as_bytes()) {
            let (key, value) = pair.map_err(|error| self.store.mark.fault(error))?;
            found.insert(key.to_vec(), value.to_vec());
        }
        for (key, value) in self.changes.range(prefix.clone()..prefix.after()) {
            match value {
                Some(value) => found.insert(key.as_bytes().to_vec(), value.clone()),
                None => found.remove(key.as_bytes()),
            };
        }
        Ok(found.into_iter().collect())
    }

    /// Makes the changes and the position visible, both or neither.
    pub(crate) fn commit(self, record: PositionRecord) -> Result<(), StoreError> {
        self.store.commit(self.changes, record)
    }
}

impl Rows for ViewBatch<'_> {
    fn bytes(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        match self.changes.get(key) {
            Some(changed) => Ok(changed.clone()),
            None => lookup(&self.tree, &self.store.mark, key),
        }
    }
}

fn lookup(tree: &sled::Tree, mark: &TornMark, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
    tree.get(key.as_bytes())
        .map(|value| value.map(|bytes| bytes.to_vec()))
        .map_err(|error| mark.fault(error))
}

/// The format's version goes before the record, so that it can be read whatever the record looks like.
fn position_bytes(record: &PositionRecord) -> Result<Vec<u8>, StoreError> {
    let mut bytes = FORMAT.to_be_bytes().to_vec();
    bytes.extend(codec::encode(record)?);
    Ok(bytes)
}

fn read_position(tree: &sled::Tree, mark: &TornMark) -> Result<Option<PositionRecord>, StoreError> {
    let found = tree.get(POSITION_KEY).map_err(|error| mark.fault(error))?;
    // Anything else is another format's, and the rows with it: the runner clears them.
    Ok(found
        .as_ref()
        .and_then(|bytes| bytes.strip_prefix(&FORMAT.to_be_bytes()))
        .and_then(|bytes| codec::decode(bytes).ok()))
}

/// A file that says the database is to be deleted before it is opened again.
#[derive(Debug)]
struct TornMark(PathBuf);

impl TornMark {
    fn set(&self) {
        if let Err(error) = fs::write(&self.0, b"") {
            tracing::error!(mark = %self.0.display(), %error, "torn views could not be marked");
        }
    }

    fn fault(&self, error: sled::Error) -> StoreError {
        match error {
            sled::Error::Io(error) => StoreError::Io(error),
            other => {
                self.set();
                StoreError::Torn {
                    reason: other.to_string(),
                }
            }
        }
    }
}

/// Why a database was not opened.
enum Refused {
    /// Deleting it would help.
    Torn(String),
    /// It would not.
    Final(StoreError),
}

impl Refused {
    fn into_error(self) -> StoreError {
        match self {
            Self::Torn(reason) => StoreError::Torn { reason },
            Self::Final(error) => error,
        }
    }
}

fn open_database(dir: &Path) -> Result<sled::Db, Refused> {
    fs::create_dir_all(dir).map_err(|error| Refused::Final(error.into()))?;
    let config = sled::Config::new()
        .path(dir)
        .cache_capacity(CACHE_BYTES)
        .mode(sled::Mode::HighThroughput);
    let deadline = Instant::now() + RELEASE_PATIENCE;
    loop {
        // sled 0.34 panics over some damage that it does not expect.
        let refused = match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(database)) => return Ok(database),
            Ok(Err(error)) => refusal(dir, error),
            Err(_) => Refused::Torn("sled panicked while opening it".to_owned()),
        };
        let locked = matches!(refused, Refused::Final(StoreError::InUse { .. }));
        if !locked || Instant::now() >= deadline {
            return Err(refused);
        }
        thread::sleep(RELEASE_PAUSE);
    }
}

fn refusal(dir: &Path, error: sled::Error) -> Refused {
    match error {
        sled::Error::Io(error) if is_lock_conflict(&error) => Refused::Final(StoreError::InUse {
            dir: dir.to_owned(),
        }),
        sled::Error::Io(error) if blames_the_machine(&error) => Refused::Final(error.into()),
        other => Refused::Torn(other.to_string()),
    }
}

/// sled has no kind of its own for it; the words are those of 0.34.7, which is pinned, and a test holds
/// them.
fn is_lock_conflict(error: &io::Error) -> bool {
    error.to_string().contains("could not acquire lock")
}

/// What deleting the files would not mend.
fn blames_the_machine(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied
            | io::ErrorKind::StorageFull
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::QuotaExceeded
    )
}

#[cfg(test)]
impl LedgerStore {
    /// Leaves rows behind as a version with another format would.
    pub(crate) fn pretend_other_format(&self) {
        let mut current = self.current.write().unwrap();
        let mut bytes = (FORMAT + 1).to_be_bytes().to_vec();
        bytes.extend(b"whatever the next version keeps here");
        current.tree.insert(POSITION_KEY, bytes).unwrap();
        current.record = read_position(&current.tree, &self.mark).unwrap();
    }
}
