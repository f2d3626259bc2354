//! Joining: a data directory for one more node of a ledger whose log and contents are on NATS.
//!
//! A node needs the ledger's own keys, which are compared with those in force by the entries in the stream, all
//! of which are read for it. Everything else is in the log. The other nodes are asked for the newest checkpoint they
//! know, and a log that is shorter, or another, is not joined; the directory begins with that checkpoint, or
//! with one of its own over as little as possible where nobody answers. The node's first start executes the
//! rules on every entry.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use governance::ids::LedgerId;
use governance::own_keys::OwnKeys;
use rayon::prelude::*;
use tlog::{Checkpoint, Frontier, Hash, Note, SignedCheckpoint, VerifierKey};

use crate::backing::Backing;
use crate::checkpoint_keys::{NamedKeys, signed_ahead, verifier_key};
use crate::checkpoints::journal::CheckpointJournal;
use crate::checkpoints::{CheckpointStore as _, CheckpointStoreError};
use crate::config::Config;
use crate::content::jetstream::JetStreamContents;
use crate::directory::{DataDirectory, LedgerDirectory};
use crate::disk::DiskError;
use crate::found::{make_directory, make_private};
use crate::keys::{KeyFileError, KeyRing, LedgerSigner as _, NotHeld};
use crate::messages::{self, Messages as _, nats::NatsMessages};
use crate::nats::{Nats, NatsError};
use crate::node::{self, NodeError};
use crate::replay::{Mismatch, Replay, SignatureCheck, check_alone};
use crate::store::jetstream::JetStreamLog;
use crate::store::{LogStore, READ_BLOCKS_MAX, StoreError, StoreFactory as _};

/// How long the other nodes' newest checkpoints are waited for. Nobody waits for the one that joins, and a
/// node that reads its disk first answers within it too.
const ASK_PATIENCE: Duration = Duration::from_secs(2);

/// What a node joins with.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Which ledger.
    pub ledger: LedgerId,
    /// Its own keys, from a node that has them.
    pub keys: KeyRing,
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
    /// A key in force is not among those given.
    #[error(transparent)]
    OtherKeys(#[from] NotHeld),
    /// None of the keys given ever signed a checkpoint of the log.
    #[error("none of the keys given has ever signed the ledger's checkpoints")]
    NoKey,
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
    let key = verifier_key(&log.origin, *log.keys.checkpoint.in_force());
    let key = key.map_err(write_error)?;
    let size = log.checkpoint.checkpoint().size;
    published.map(|()| Joined {
        verifier_key: key,
        entries: log.entries,
        compared: log.compared.then_some(size),
    })
}

/// What the log is found to be.
struct Looked {
    origin: String,
    entries: u64,
    keys: OwnKeys,
    /// The other nodes' newest checkpoint, which it contains; where there is none, one that is signed here.
    checkpoint: Arc<SignedCheckpoint>,
    /// Whether it is the other nodes'.
    compared: bool,
}

/// Looks whether the log is the ledger's, whether the keys are, and whether it is the one that the other
/// nodes know: reads all of it, and checks each entry in itself.
async fn look(
    nats: &Nats,
    id: &LedgerId,
    ring: &KeyRing,
    store: &dyn LogStore,
) -> Result<Looked, JoinError> {
    // Asked before the log is measured: it only grows.
    let theirs = newest_of_others(nats, id).await;
    let target = theirs.iter().map(|(_, tree)| tree.size).max();
    if let Some(last) = target.and_then(|size| size.checked_sub(1)) {
        // What another node has seen may be on its way to this one; what nobody believes is waited for in vain.
        let _ = tokio::time::timeout(ASK_PATIENCE, store.wait_beyond(last)).await;
    }
    let entries = store.length().await?;
    let held = ring.held();
    let mut sizes: BTreeSet<u64> = theirs.iter().map(|(_, tree)| tree.size).collect();
    sizes.insert(1);
    let (named, mut roots) = read(id, store, entries, &sizes).await?;
    NotHeld::check(&named.keys, &held)?;
    let keys = named.checkpoint_keys().map_err(write_error)?;
    let believed = theirs.into_iter().filter_map(|(note, tree)| {
        let checked = match keys.check(note.clone(), &[]) {
            Err(_) if tree.size > entries => signed_ahead(&note, &named, &held),
            checked => checked.ok().map(|(signed, _)| signed),
        };
        checked.map(Arc::new)
    });
    let newest = believed.max_by_key(|signed| signed.checkpoint().size);
    let compared = newest.is_some();
    let checkpoint = match newest {
        Some(newest) => {
            compare(entries, newest.checkpoint(), &mut roots)?;
            newest
        }
        None => Arc::new(signed_here(id, store, &named, ring).await?),
    };
    Ok(Looked {
        origin: named.origin,
        entries,
        keys: named.keys,
        checkpoint,
        compared,
    })
}

/// Every entry of the log, checked in itself: the keys it names, and the roots of these sizes.
async fn read(
    id: &LedgerId,
    store: &dyn LogStore,
    entries: u64,
    sizes: &BTreeSet<u64>,
) -> Result<(NamedKeys, BTreeMap<u64, Hash>), JoinError> {
    let mut replay = Replay::new(id);
    let mut frontier = Frontier::new();
    let mut named: Option<NamedKeys> = None;
    let mut roots = BTreeMap::new();
    while frontier.size() < entries {
        let next = frontier.size();
        let blocks = store.read(next, READ_BLOCKS_MAX).await?;
        let page: Vec<_> = blocks.into_iter().flat_map(|block| block.entries).collect();
        if page.is_empty() {
            return Err(StoreError::Ended.into());
        }
        let check = || {
            let checked = page.into_par_iter();
            checked
                .map(|bytes| check_alone(bytes, SignatureCheck::Strict))
                .collect::<Vec<_>>()
        };
        let checked = crate::blocking::run(check).await;
        for entry in checked.ok_or(StoreError::Ended)? {
            let index = frontier.size();
            let mismatch = |fault| Mismatch { index, fault };
            let entry = entry.map_err(mismatch)?;
            if let Some(named) = &mut named {
                named.follow(&entry.entry).map_err(mismatch)?;
            } else {
                replay.apply(&entry).map_err(|mismatch| *mismatch)?;
                let founded = NamedKeys::founded(&entry.entry).map_err(mismatch)?;
                named = Some(founded.ok_or(JoinError::NotFounding)?);
            }
            frontier.append(Hash(entry.leaf.0));
            if sizes.contains(&frontier.size()) {
                roots.insert(frontier.size(), frontier.root());
            }
        }
    }
    let ledger = id.clone();
    Ok((named.ok_or(JoinError::Empty { ledger })?, roots))
}

/// What other nodes say their newest checkpoints are.
async fn newest_of_others(nats: &Nats, id: &LedgerId) -> Vec<(Note, Checkpoint)> {
    let subject = messages::newest_checkpoint(id);
    let messages = NatsMessages::new(nats);
    let asked = messages.ask_all(&subject, Vec::new(), ASK_PATIENCE);
    let answers = asked.await.unwrap_or_else(|error| {
        tracing::warn!(ledger = %id, %error, "no other node can be asked");
        Vec::new()
    });
    let parsed = answers.iter().filter_map(|note| {
        let note = Note::parse(note).ok()?;
        let tree = Checkpoint::parse(note.text()).ok()?;
        Some((note, tree))
    });
    parsed.collect()
}

/// The log contains this checkpoint.
fn compare(
    entries: u64,
    checkpoint: &Checkpoint,
    roots: &mut BTreeMap<u64, Hash>,
) -> Result<(), JoinError> {
    let size = checkpoint.size;
    if entries < size {
        let checkpoint = size;
        return Err(JoinError::RolledBack {
            entries,
            checkpoint,
        });
    }
    let found = roots.remove(&size).unwrap_or_else(tlog::tree::empty_root);
    if found == checkpoint.root {
        return Ok(());
    }
    Err(JoinError::Forked {
        size,
        expected: checkpoint.root,
        found,
    })
}

/// A checkpoint over as little of the log as a key that is held signs for.
async fn signed_here(
    id: &LedgerId,
    store: &dyn LogStore,
    named: &NamedKeys,
    ring: &KeyRing,
) -> Result<SignedCheckpoint, JoinError> {
    let held = ring.held();
    let mut line = named.keys.checkpoint.all();
    let (from, key) = line
        .find(|(_, key)| held.contains(key))
        .ok_or(JoinError::NoKey)?;
    let size = from.max(1);
    let (_, roots) = read(id, store, size, &BTreeSet::from([size])).await?;
    let checkpoint = Checkpoint {
        origin: named.origin.clone(),
        size,
        root: roots.get(&size).copied().ok_or(StoreError::Ended)?,
    };
    let signed = ring.sign_checkpoint(*key, &checkpoint);
    signed.map_err(write_error)
}

async fn write(
    making: &LedgerDirectory,
    keys: &KeyRing,
    log: &Looked,
    stream: &str,
) -> Result<(), JoinError> {
    make_private(&making.path).map_err(write_error)?;
    make_private(&making.keys()).map_err(write_error)?;
    keys.write(&making.keys())?;
    Backing::JetStream.record(making, stream)?;
    let path = making.checkpoints();
    CheckpointJournal::create(&making.disk, &path)?;
    let journal = CheckpointJournal::open(making.disk.clone(), path)?;
    journal.persist(&log.checkpoint).await?;
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
    use super::*;

    /// The roots after each of so many entries.
    fn roots(texts: &[&str]) -> BTreeMap<u64, Hash> {
        let mut frontier = Frontier::new();
        let mut roots = BTreeMap::new();
        for text in texts {
            frontier.append(tlog::leaf_hash(text.as_bytes()));
            roots.insert(frontier.size(), frontier.root());
        }
        roots
    }

    /// What another node signed for.
    fn checkpoint(texts: &[&str]) -> Checkpoint {
        let size = texts.len() as u64;
        Checkpoint {
            origin: "example.org/a".to_owned(),
            size,
            root: roots(texts)[&size],
        }
    }

    #[test]
    fn a_log_is_joined_that_begins_as_the_others_signed() {
        let log = ["one", "two", "three", "four"];
        for known in [&log[..1], &log[..2], &log] {
            let checked = compare(4, &checkpoint(known), &mut roots(&log));
            checked.unwrap_or_else(|error| panic!("{known:?}: {error}"));
        }
    }

    #[test]
    fn a_log_is_not_joined_that_lacks_what_another_signed_for_or_is_another() {
        let log = ["one", "two", "three"];
        let longer = checkpoint(&["one", "two", "three", "four"]);
        let refused = compare(3, &longer, &mut roots(&log)).unwrap_err();
        let JoinError::RolledBack {
            entries,
            checkpoint: size,
        } = refused
        else {
            panic!("another reason: {refused}");
        };
        assert_eq!((entries, size), (3, 4));
        let other = checkpoint(&["one", "2"]);
        let refused = compare(3, &other, &mut roots(&log)).unwrap_err();
        assert!(
            matches!(refused, JoinError::Forked { size: 2, .. }),
            "{refused}"
        );
    }
}
