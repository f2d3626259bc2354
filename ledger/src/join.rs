//! Joining: a data directory for one more node of a ledger whose log and contents are on NATS.
//!
//! A node needs the ledger's own two keys, which are compared with those that the founding entry in the
//! stream names. Everything else is in the log. The other nodes are asked for the newest checkpoint they
//! know, and a log that is shorter, or another, is not joined; the directory begins with that checkpoint, or
//! with one over the founding entry where nobody answers. The node's first start checks every entry, each
//! signature after the checkpoint strictly.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use governance::action::Payload;
use governance::ids::LedgerId;
use tlog::{Checkpoint, Frontier, Hash, SignedCheckpoint, VerifierKey, leaf_hash};

use crate::backing::Backing;
use crate::checkpoints::journal::CheckpointJournal;
use crate::checkpoints::{CheckpointStore as _, CheckpointStoreError};
use crate::config::Config;
use crate::content::jetstream::JetStreamContents;
use crate::directory::{DataDirectory, LedgerDirectory};
use crate::disk::DiskError;
use crate::found::{make_directory, make_private};
use crate::halt::Halt;
use crate::keys::{KeyFileError, LedgerKeys, LedgerSigner as _};
use crate::messages::{self, Messages as _, nats::NatsMessages};
use crate::nats::{Nats, NatsError};
use crate::node::{self, NodeError};
use crate::open::verifier_key;
use crate::peers::largest_signed;
use crate::replay::{Mismatch, Replay, SignatureCheck, check_alone};
use crate::store::jetstream::JetStreamLog;
use crate::store::{LogStore, READ_BLOCKS_MAX, StoreError, StoreFactory as _};
use crate::tail::LoggedEntry;

/// How long the other nodes' newest checkpoints are waited for. Nobody waits for the one that joins, and a
/// node that reads its disk first answers within it too.
const ASK_PATIENCE: Duration = Duration::from_secs(2);

/// What a node joins with.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Which ledger.
    pub ledger: LedgerId,
    /// Its own two keys, from a node that has them.
    pub keys: LedgerKeys,
}

/// A node's directory that was made.
#[derive(Clone, Debug)]
pub struct Joined {
    /// What the ledger's checkpoints are checked with.
    pub verifier_key: VerifierKey,
    /// How many entries the log has, all to be checked at the first start.
    pub entries: u64,
    /// The size of the other nodes' newest checkpoint, which the log was found to contain; none where no
    /// other node answered.
    pub compared: Option<u64>,
}

/// Why a node did not join. Nothing of it is left.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JoinError {
    /// No NATS server was named: there is nothing to join.
    #[error("no NATS server was named")]
    NatsNotNamed,
    /// NATS does not answer, or says no.
    #[error(transparent)]
    Nats(#[from] NatsError),
    /// The directory has the ledger already.
    #[error("there is a ledger {ledger} in {} already", path.display())]
    Exists {
        /// Its id.
        ledger: LedgerId,
        /// The data directory.
        path: PathBuf,
    },
    /// The log cannot be read, or there is none.
    #[error("the log cannot be read: {0}")]
    Log(#[from] StoreError),
    /// The stream has no entry.
    #[error("the stream of ledger {ledger} is empty: it is not founded")]
    Empty {
        /// Its id.
        ledger: LedgerId,
    },
    /// The first entry is not one that founds this ledger.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    /// The first entry founds a ledger in a way this program does not know.
    #[error("the first entry does not found a ledger as this program knows it")]
    NotFounding,
    /// The keys given are not those that the founding entry names.
    #[error("the founding entry names another {which} key than the one given")]
    OtherKeys {
        /// `record` or `checkpoint`.
        which: &'static str,
    },
    /// The log has fewer entries than another node signed for.
    #[error(
        "the log on NATS has {entries} entries, but another node has a signed checkpoint of {checkpoint}"
    )]
    RolledBack {
        /// How many it has.
        entries: u64,
        /// How many the checkpoint says there are.
        checkpoint: u64,
    },
    /// The log is not the one that another node signed for.
    #[error(
        "the root over the first {size} entries on NATS is {found}, but another node's signed checkpoint \
         says {expected}"
    )]
    Forked {
        /// The checkpoint's size.
        size: u64,
        /// The checkpoint's root.
        expected: Hash,
        /// The root of the entries there are.
        found: Hash,
    },
    /// The keys could not be written.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The data directory cannot be had.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The directory could not be written.
    #[error("the directory could not be written: {0}")]
    Write(String),
}

/// Makes a node's directory of a ledger, in the data directory that is made if it is missing and must not
/// be in use.
pub async fn join(config: &Config, joining: Joining) -> Result<Joined, JoinError> {
    let nats = config.nats.as_ref().ok_or(JoinError::NatsNotNamed)?;
    let nats = Nats::connect(nats).await?;
    let id = joining.ledger.clone();
    let opened = JetStreamLog::new(nats.clone(), id.clone()).open(0).await?;
    let looked = look(&nats, &id, &joining.keys, &*opened.store).await;
    opened.store.close().await;
    let log = looked?;
    JetStreamContents::new(nats.clone(), &id).check().await?;

    let directory = DataDirectory::new(&config.data_dir);
    make_directory(&directory).map_err(write_error)?;
    let _lock = node::lock(&directory)?;
    let place = directory.ledger(&id);
    if place.path.exists() {
        return Err(JoinError::Exists {
            ledger: id,
            path: config.data_dir.clone(),
        });
    }
    let making = LedgerDirectory {
        disk: directory.disk.clone(),
        path: directory.ledgers_path().join(format!(".{id}.joining")),
    };
    let clear = || match std::fs::remove_dir_all(&making.path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(write_error(error)),
        _ => Ok(()),
    };
    clear()?;
    let stream = JetStreamLog::new(nats, id).stream().to_owned();
    let written = write(&making, &joining.keys, &log, &stream).await;
    let published = match written {
        Ok(()) => publish(&directory, &making, &place),
        Err(error) => Err(error),
    };
    if published.is_err() {
        // What stays is removed by the next attempt, and never opened.
        let _ = clear();
    }
    published.map(|()| Joined {
        verifier_key: log.key,
        entries: log.entries,
        compared: log.newest.map(|newest| newest.checkpoint().size),
    })
}

/// What the log is found to be.
struct Looked {
    founding: LoggedEntry,
    entries: u64,
    key: VerifierKey,
    /// The other nodes' newest checkpoint, which it contains.
    newest: Option<Arc<SignedCheckpoint>>,
}

/// Looks whether the log is the ledger's, whether the keys are, and whether it is the one that the other
/// nodes know.
async fn look(
    nats: &Nats,
    id: &LedgerId,
    keys: &LedgerKeys,
    store: &dyn LogStore,
) -> Result<Looked, JoinError> {
    let founding = founding(id, store).await?;
    let state = checked(id, &founding)?;
    check_keys(&founding, keys)?;
    let key = verifier_key(&state).map_err(|halt: Halt| write_error(halt))?;
    // Asked before the log is measured: it only grows.
    let newest = newest_of_others(nats, id, &key).await;
    let entries = store.length().await?;
    if let Some(newest) = &newest {
        compare(store, entries, newest.checkpoint()).await?;
    }
    Ok(Looked {
        founding,
        entries,
        key,
        newest,
    })
}

/// The first entry in the stream, checked in itself.
async fn founding(id: &LedgerId, store: &dyn LogStore) -> Result<LoggedEntry, JoinError> {
    let first = store.read(0, 1).await?.into_iter().next();
    let bytes = first.and_then(|block| block.entries.into_iter().next());
    let bytes = bytes.ok_or_else(|| JoinError::Empty { ledger: id.clone() })?;
    let checked = check_alone(bytes, SignatureCheck::Strict);
    Ok(checked.map_err(|fault| Mismatch { index: 0, fault })?)
}

/// The largest checkpoint that another node answers with and that the ledger's key signed.
async fn newest_of_others(
    nats: &Nats,
    id: &LedgerId,
    key: &VerifierKey,
) -> Option<Arc<SignedCheckpoint>> {
    let subject = messages::newest_checkpoint(id);
    let messages = NatsMessages::new(nats);
    let asked = messages.ask_all(&subject, Vec::new(), ASK_PATIENCE);
    let answers = asked.await.unwrap_or_else(|error| {
        tracing::warn!(ledger = %id, %error, "no other node can be asked");
        Vec::new()
    });
    largest_signed(&answers, key)
}

/// The log contains this checkpoint.
async fn compare(
    store: &dyn LogStore,
    entries: u64,
    checkpoint: &Checkpoint,
) -> Result<(), JoinError> {
    let mut size = checkpoint.size;
    if entries < size {
        // What another node has seen may be on its way to this one.
        let waited = tokio::time::timeout(ASK_PATIENCE, store.wait_beyond(size - 1)).await;
        if !matches!(waited, Ok(Ok(()))) {
            let checkpoint = size;
            return Err(JoinError::RolledBack {
                entries,
                checkpoint,
            });
        }
    }
    let mut frontier = Frontier::new();
    while size > 0 {
        let blocks = store.read(frontier.size(), READ_BLOCKS_MAX).await?;
        let leaves = blocks.iter().flat_map(|block| &block.entries);
        let before = size;
        for entry in leaves.take(usize::try_from(size).unwrap_or(usize::MAX)) {
            frontier.append(leaf_hash(entry));
            size -= 1;
        }
        if size == before {
            return Err(StoreError::Ended.into());
        }
    }
    let found = frontier.root();
    if found == checkpoint.root {
        return Ok(());
    }
    Err(JoinError::Forked {
        size: checkpoint.size,
        expected: checkpoint.root,
        found,
    })
}

/// The state that the first entry founds.
fn checked(id: &LedgerId, founding: &LoggedEntry) -> Result<governance::State, JoinError> {
    let mut replay = Replay::new(id);
    replay.apply(founding).map_err(|mismatch| *mismatch)?;
    replay.into_parts().0.ok_or(JoinError::NotFounding)
}

/// The keys given are those that the founding entry names.
fn check_keys(founding: &LoggedEntry, keys: &LedgerKeys) -> Result<(), JoinError> {
    let Payload::Founding(founded) = &founding.action.payload else {
        return Err(JoinError::NotFounding);
    };
    if founded.record_key != keys.record_key() {
        return Err(JoinError::OtherKeys { which: "record" });
    }
    if founded.checkpoint_key != keys.checkpoint_key() {
        let which = "checkpoint";
        return Err(JoinError::OtherKeys { which });
    }
    Ok(())
}

async fn write(
    making: &LedgerDirectory,
    keys: &LedgerKeys,
    log: &Looked,
    stream: &str,
) -> Result<(), JoinError> {
    make_private(&making.path).map_err(write_error)?;
    make_private(&making.keys()).map_err(write_error)?;
    keys.write(&making.keys())?;
    Backing::JetStream.record(making, stream)?;
    let checkpoint = Checkpoint {
        origin: log.key.name().to_owned(),
        size: 1,
        // The root over one entry is its leaf.
        root: Hash(log.founding.leaf.0),
    };
    let signed: SignedCheckpoint = keys.sign_checkpoint(&checkpoint).map_err(write_error)?;
    let path = making.checkpoints();
    CheckpointJournal::create(&making.disk, &path)?;
    let journal = CheckpointJournal::open(making.disk.clone(), path, log.key.clone())?;
    journal.persist(&Arc::new(signed)).await?;
    if let Some(newest) = log
        .newest
        .as_ref()
        .filter(|newest| newest.checkpoint().size > 1)
    {
        journal.persist(newest).await?;
    }
    making.disk.sync_dir(&making.path)?;
    Ok(())
}

/// Gives the ledger its name, durably.
fn publish(
    directory: &DataDirectory,
    making: &LedgerDirectory,
    place: &LedgerDirectory,
) -> Result<(), JoinError> {
    directory.disk.rename(&making.path, &place.path)?;
    directory.disk.sync_dir(&directory.ledgers_path())?;
    Ok(())
}

fn write_error(error: impl std::fmt::Display) -> JoinError {
    JoinError::Write(error.to_string())
}

impl From<DiskError> for JoinError {
    fn from(error: DiskError) -> JoinError {
        write_error(error)
    }
}

impl From<CheckpointStoreError> for JoinError {
    fn from(error: CheckpointStoreError) -> JoinError {
        write_error(error)
    }
}

#[cfg(test)]
mod tests {
    use tlog::Block;

    use super::*;
    use crate::store::memory::MemoryDisk;

    /// A log of these blocks, opened.
    fn log(blocks: &[&[&str]]) -> (MemoryDisk, Arc<dyn LogStore>) {
        let disk = MemoryDisk::create();
        let mut first_index = 0;
        let mut made = Vec::new();
        for texts in blocks {
            let entries: Vec<_> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
            made.push(Block {
                first_index,
                entries,
            });
            first_index += texts.len() as u64;
        }
        disk.overwrite(made);
        let (store, _) = disk.open(0).expect("opens");
        (disk, Arc::new(store))
    }

    /// What another node signed for.
    fn checkpoint(texts: &[&str]) -> Checkpoint {
        let mut frontier = Frontier::new();
        for text in texts {
            frontier.append(leaf_hash(text.as_bytes()));
        }
        Checkpoint {
            origin: "example.org/a".to_owned(),
            size: frontier.size(),
            root: frontier.root(),
        }
    }

    #[tokio::test]
    async fn a_log_is_joined_that_begins_as_the_others_signed() {
        let (_disk, store) = log(&[&["one"], &["two", "three"], &["four"]]);
        for known in [
            &["one"][..],
            &["one", "two"],
            &["one", "two", "three", "four"],
        ] {
            let checked = compare(&*store, 4, &checkpoint(known)).await;
            checked.unwrap_or_else(|error| panic!("{known:?}: {error}"));
        }
    }

    #[tokio::test]
    async fn a_log_is_not_joined_that_lacks_what_another_signed_for_or_is_another() {
        let (_disk, store) = log(&[&["one"], &["two", "three"]]);
        let longer = checkpoint(&["one", "two", "three", "four"]);
        let refused = compare(&*store, 3, &longer).await.unwrap_err();
        let JoinError::RolledBack {
            entries,
            checkpoint: size,
        } = refused
        else {
            panic!("another reason: {refused}");
        };
        assert_eq!((entries, size), (3, 4));
        let other = checkpoint(&["one", "2"]);
        let refused = compare(&*store, 3, &other).await.unwrap_err();
        assert!(
            matches!(refused, JoinError::Forked { size: 2, .. }),
            "{refused}"
        );
    }
}
