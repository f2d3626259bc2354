//! Opening a ledger: find the truth, prove it, and only then extend it.
//!
//! From the newest snapshot that fits on (or from the first entry), every entry is decoded, its link
//! checked and its rules executed again. Entries the last checkpoint covers are proven by its root;
//! those beyond it were never acknowledged, so each of their signatures is checked as if it had just
//! arrived. What does not follow halts the ledger, which is then served as far as it is proven.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use governance::ids::{Digest, LedgerId, Millis};
use governance::{RulesVersion, State};
use rayon::prelude::*;
use tlog::{Checkpoint, Frontier, Hash, SignedCheckpoint, leaf_hash};
use tokio::sync::{mpsc, watch};

use crate::checkpoint_keys::CheckpointKeys;
use crate::checkpoints::CheckpointStore;
use crate::clock::Clock;
use crate::config::Limits;
use crate::content::ContentStore;
use crate::disk::{Disk, DiskError};
use crate::durable::{Beginning, Durable};
use crate::forward::Place;
use crate::halt::Halt;
use crate::keys::{LedgerSigner, NotHeld};
use crate::leadership::Standing;
use crate::ledger::Ledger;
use crate::peers::Peers;
use crate::replay::{Fault, Mismatch, Replay, SignatureCheck, check_alone};
use crate::sequencer::{self, Arriving, SPENT_MAX, Setup};
use crate::snapshot::{Snapshot, Snapshots};
use crate::snapshots::Snapshotter;
use crate::store::{LogStore, StoreError, StoreFactory};
use crate::tail::Tail;
use crate::tiles::{Tiles, TilesError};
use crate::tree::Tree;

/// How many blocks are read and checked at once: 8 MiB at most, and work for every core.
const BLOCKS_A_READ: usize = 16;

/// What a ledger is made of.
pub struct LedgerParts {
    /// Which ledger.
    pub id: LedgerId,
    /// Its log.
    pub log: Arc<dyn StoreFactory>,
    /// Its checkpoints.
    pub checkpoints: Arc<dyn CheckpointStore>,
    /// Its contents.
    pub contents: Arc<dyn ContentStore>,
    /// Its own keys.
    pub signer: Arc<dyn LedgerSigner>,
    /// Where snapshots of its state are, which can be lost.
    pub snapshots: Snapshots,
    /// The disk of its tiles.
    pub disk: Disk,
    /// The directory of its tiles, which can be lost.
    pub tiles: PathBuf,
    /// What the node shares with others that have the log too; none where it alone has it.
    pub peers: Option<Peers>,
    /// The file of the checkpoint that witnesses made public, which can be lost.
    pub published: PathBuf,
}

/// A log as far as it follows.
struct Followed {
    state: State,
    frontier: Frontier,
    /// Commitments of hidden ballots whose openings the log followed spends.
    spent: Vec<Digest>,
    /// Size of the snapshot it began with, 0 for none.
    snapshot: u64,
    /// Why it follows no further, or may not be extended.
    halt: Option<Halt>,
}

impl Ledger {
    /// Opens a ledger. One that cannot be extended is opened halted; only one of which not even the
    /// first entry can be read is not opened at all.
    pub async fn open(
        parts: LedgerParts,
        clock: Arc<dyn Clock>,
        limits: Limits,
    ) -> Result<Ledger, Halt> {
        let checkpoint = parts.checkpoints.latest().ok_or(Halt::CheckpointMissing)?;
        let (store, damage) = open_log(&parts, checkpoint.checkpoint().size).await?;
        let opening = Opening {
            parts,
            checkpoint,
            store,
        };
        opening.run(damage, clock, limits).await
    }
}

/// Opens the log for extending, or what can be read of a damaged one.
async fn open_log(
    parts: &LedgerParts,
    checkpoint_size: u64,
) -> Result<(Arc<dyn LogStore>, Option<Halt>), Halt> {
    match parts.log.open(checkpoint_size).await {
        Ok(opened) => {
            if let Some(torn) = &opened.report.torn {
                tracing::warn!(ledger = %parts.id, %torn, "set aside");
            }
            Ok((opened.store, None))
        }
        Err(error @ StoreError::Corrupt(_)) => match parts.log.salvage().await {
            Some(store) => Ok((store, Some(error.into()))),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

struct Opening {
    parts: LedgerParts,
    checkpoint: Arc<SignedCheckpoint>,
    store: Arc<dyn LogStore>,
}

impl Opening {
    async fn run(
        self,
        damage: Option<Halt>,
        clock: Arc<dyn Clock>,
        limits: Limits,
    ) -> Result<Ledger, Halt> {
        let mut followed = match self.follow().await {
            Ok(followed) => followed,
            // Why nothing can be read is the damage, not what is missing because of it.
            Err(halt) => return Err(damage.unwrap_or(halt)),
        };
        let keys = CheckpointKeys::of(&followed.state)?;
        let mut halt = damage.or(followed.halt.take());
        // Nothing is proven by a checkpoint that the entries do not lead to.
        let proves_nothing = matches!(halt, Some(Halt::Forked { .. }));
        if proves_nothing {
            // Another ledger's journal is no fork of this one.
            halt = self.check_checkpoint(&keys).err().or(halt);
        }
        if halt.is_none() {
            halt = self.check_keys(&followed.state, &keys).await.err();
        }
        let (tree, wrong) = self.open_tree(&followed).await?;
        halt = halt.or(wrong);
        let mut checkpoint = Arc::clone(&self.checkpoint);
        if halt.is_none() && followed.frontier.size() > checkpoint.checkpoint().size {
            match self.commit(&followed).await {
                Ok(newer) => checkpoint = newer,
                Err(failed) => halt = Some(failed),
            }
        }
        let founding = self.bytes_of(0).await?;
        let founded_at = founding.map_or(0, |entry| entry.recorded_at);
        let size = match &halt {
            _ if proves_nothing => 0,
            Some(_) => followed.frontier.size().min(checkpoint.checkpoint().size),
            None => followed.frontier.size(),
        };
        let durable = Arc::new(Durable::new(Beginning {
            state: followed.state,
            founded_at: Millis(founded_at),
            keys,
            signer: Arc::clone(&self.parts.signer),
            checkpoint,
            size,
            tail: Tail::new(Arc::clone(&self.store)),
            tree,
            contents: Arc::clone(&self.parts.contents),
            published_file: (self.parts.disk.clone(), self.parts.published.clone()),
        }));
        let start = Start {
            durable,
            clock,
            limits,
            frontier: followed.frontier,
            spent: followed.spent,
            snapshot: followed.snapshot,
        };
        Ok(self.start(start, halt))
    }

    /// Follows the log from the newest snapshot, or from the first entry if there is none, or if the
    /// log does not follow from it: then it may be the snapshot that is wrong.
    async fn follow(&self) -> Result<Followed, Halt> {
        if let Some(snapshot) = self.snapshot().await? {
            let size = snapshot.size();
            let replay = Replay::resume(snapshot.state, snapshot.frontier);
            let followed = self.follow_from(replay, size).await?;
            if followed.halt.is_none() {
                return Ok(followed);
            }
            tracing::warn!(ledger = %self.parts.id, size, "the log does not follow from the snapshot");
        }
        self.follow_from(Replay::new(&self.parts.id), 0).await
    }

    /// The newest snapshot of this log that the checkpoint covers.
    async fn snapshot(&self) -> Result<Option<Snapshot<State>>, Halt> {
        let snapshots = self.parts.snapshots.clone();
        let length = self.store.length().await?;
        let size_max = self.checkpoint.checkpoint().size.min(length);
        let sizes = snapshots.sizes().unwrap_or_default();
        for size in sizes.into_iter().rev().filter(|size| *size <= size_max) {
            let Some(last) = self.bytes_of(size.saturating_sub(1)).await? else {
                continue;
            };
            let accepts = move |head: &Snapshot<()>| {
                head.leaf == last.leaf && RulesVersion::try_from(head.rules_version).is_ok()
            };
            let snapshots = snapshots.clone();
            let loaded = crate::blocking::run(move || snapshots.load::<State>(size, accepts)).await;
            match loaded {
                Some(Ok(snapshot)) if is_of(&snapshot, &self.parts.id) => {
                    return Ok(Some(snapshot));
                }
                Some(Ok(_)) => {}
                Some(Err(fault)) => {
                    tracing::warn!(ledger = %self.parts.id, size, %fault, "a snapshot is passed over");
                }
                None => break,
            }
        }
        Ok(None)
    }

    /// Follows the log from where `replay` is to its end, or to the first entry that does not follow.
    async fn follow_from(&self, replay: Replay, snapshot: u64) -> Result<Followed, Halt> {
        let expected = self.checkpoint.checkpoint().clone();
        let mut follower = Follower::new(replay, expected);
        let mut read_error = None;
        while follower.halt.is_none() {
            let blocks = match self.store.read(follower.replay.size(), BLOCKS_A_READ).await {
                Ok(blocks) if blocks.is_empty() => break,
                Ok(blocks) => blocks,
                Err(error) => {
                    read_error = Some(error);
                    break;
                }
            };
            let next = follower.replay.size();
            let entries = blocks
                .into_iter()
                .flat_map(|block| block.indices().zip(block.entries))
                .filter(move |(index, _)| *index >= next)
                .map(|(_, bytes)| bytes)
                .collect();
            let work = crate::blocking::run(move || {
                follower.follow(entries);
                follower
            });
            follower = work.await.ok_or(Halt::Storage(StoreError::Ended))?;
        }
        follower.finish(snapshot, read_error)
    }

    /// The keys are those in force, and the checkpoint is this ledger's.
    async fn check_keys(&self, state: &State, keys: &CheckpointKeys) -> Result<(), Halt> {
        let signer = Arc::clone(&self.parts.signer);
        let held = crate::blocking::run(move || signer.keys()).await;
        let held = held.ok_or(Halt::Storage(StoreError::Ended))?;
        if let Some(error) = self.parts.signer.unusable() {
            return Err(Halt::Keys(error));
        }
        NotHeld::check(state.own_keys(), &held)?;
        self.check_checkpoint(keys)
    }

    /// The checkpoint is signed by the key in force at its size.
    fn check_checkpoint(&self, keys: &CheckpointKeys) -> Result<(), Halt> {
        let checked = keys.check(self.checkpoint.note().clone(), &[]);
        checked.map_err(|error| Halt::CheckpointForeign {
            reason: error.to_string(),
        })?;
        Ok(())
    }

    /// Opens the tiles, makes anew what is missing or wrong, and brings them to the log's end.
    async fn open_tree(&self, followed: &Followed) -> Result<(Tree, Option<Halt>), Halt> {
        let frontier = followed.frontier.clone();
        let (disk, path) = (self.parts.disk.clone(), self.parts.tiles.clone());
        let opened = crate::blocking::run(move || Tiles::open(disk, path, &frontier)).await;
        let opened: Result<(Tiles, Option<TilesError>), DiskError> =
            opened.ok_or(Halt::Storage(StoreError::Ended))?;
        let (tiles, wrong) = opened.map_err(|error| Halt::Storage(error.into()))?;
        if let Some(wrong) = wrong {
            tracing::warn!(ledger = %self.parts.id, %wrong, "the tree's tiles are made anew");
        }
        let tree = Tree::new(tiles);
        self.grow(&tree, followed.frontier.size()).await?;
        let grown = tree.tiles().frontier();
        let same = grown == followed.frontier;
        let wrong = (!same).then(|| Halt::Broken {
            reason: "the tree's tiles do not lead to the tree of the entries".to_owned(),
        });
        Ok((tree, wrong))
    }

    /// Appends the leaves that the tiles do not have yet.
    async fn grow(&self, tree: &Tree, size: u64) -> Result<(), Halt> {
        loop {
            let next = tree.tiles().size();
            if next >= size {
                return Ok(());
            }
            let blocks = self.store.read(next, BLOCKS_A_READ).await?;
            let entries = blocks
                .iter()
                .flat_map(|block| block.indices().zip(&block.entries));
            let wanted = entries.filter(|(index, _)| (next..size).contains(index));
            let leaves: Vec<Hash> = wanted.map(|(_, bytes)| leaf_hash(bytes)).collect();
            if leaves.is_empty() {
                return Ok(());
            }
            let appended = tree.append(leaves).await;
            appended.map_err(|error| Halt::Broken {
                reason: format!("the tree's tiles cannot be written: {error}"),
            })?;
        }
    }

    /// Signs a checkpoint over entries that are durable but that nobody was told of.
    async fn commit(&self, followed: &Followed) -> Result<Arc<SignedCheckpoint>, Halt> {
        let checkpoint = Checkpoint {
            origin: followed.state.origin().to_owned(),
            size: followed.frontier.size(),
            root: followed.frontier.root(),
        };
        let key = followed.state.checkpoint_key();
        let signed = Arc::new(self.parts.signer.sign_checkpoint(key, &checkpoint)?);
        sequencer::persist(&*self.parts.checkpoints, &signed).await?;
        Ok(signed)
    }

    /// An entry's leaf and time, unchecked; none if the log ends before it.
    async fn bytes_of(&self, index: u64) -> Result<Option<Glance>, Halt> {
        let blocks = self.store.read(index, 1).await?;
        let mut entries = blocks
            .into_iter()
            .flat_map(|block| block.indices().zip(block.entries));
        let found = entries.find(|(found, _)| *found == index);
        Ok(found.map(|(_, bytes)| Glance {
            leaf: leaf_hash(&bytes),
            recorded_at: tlog::Entry::decode(&bytes).map_or(0, |entry| entry.recorded_at),
        }))
    }

    fn start(self, start: Start, halt: Option<Halt>) -> Ledger {
        let arriving = Arriving::default();
        let (durable, clock, limits) = (start.durable, start.clock, start.limits);
        let peers = self.parts.peers;
        if let Some(halt) = halt {
            durable.halt(halt);
            let (_, never_leads) = watch::channel(Standing::default());
            let speaking = peers.map(|peers| peers.converse(&durable, never_leads).0);
            let ledger = Ledger::new(durable, clock, limits, arriving, None);
            return ledger.among(None, speaking);
        }
        let (membership, speaking) = peers
            .as_ref()
            .map(|peers| peers.join(&durable, &clock))
            .unzip();
        let place = peers.zip(membership.as_ref()).map(|(peers, membership)| {
            Place::new(durable.ledger().clone(), peers, &membership.neighbours)
        });
        let (queue, requests) = mpsc::channel(limits.submissions_max);
        let snapshots = self.parts.snapshots;
        let setup = Setup {
            durable: Arc::clone(&durable),
            clock: Arc::clone(&clock),
            signer: self.parts.signer,
            factory: self.parts.log,
            store: self.store,
            checkpoints: self.parts.checkpoints,
            snapshotter: Snapshotter::new(snapshots, limits.snapshot_every, start.snapshot),
            frontier: start.frontier,
            spent: start.spent,
            arriving: arriving.clone(),
            membership,
        };
        let writer = sequencer::start(setup, requests);
        let ledger = Ledger::new(durable, clock, limits, arriving, Some((queue, writer)));
        ledger.among(place, speaking)
    }
}

/// What a ledger's tasks begin with.
struct Start {
    durable: Arc<Durable>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    frontier: Frontier,
    spent: Vec<Digest>,
    snapshot: u64,
}

/// As much of an entry as opening needs before it is checked.
struct Glance {
    leaf: Hash,
    recorded_at: u64,
}

fn is_of(snapshot: &Snapshot<State>, id: &LedgerId) -> bool {
    let state = &snapshot.state;
    state.ledger() == id
        && state.size() == snapshot.size()
        && state.last_leaf().0 == snapshot.leaf.0
}

/// Applies entries and compares the tree with the checkpoint on the way.
struct Follower {
    replay: Replay,
    expected: Checkpoint,
    /// The last commitments whose openings the log spends: a node that died may have them still.
    spent: VecDeque<Digest>,
    halt: Option<Halt>,
}

impl Follower {
    fn new(replay: Replay, expected: Checkpoint) -> Follower {
        let mut follower = Follower {
            replay,
            expected,
            spent: VecDeque::new(),
            halt: None,
        };
        follower.compare();
        follower
    }

    /// Checks entries on all cores, then applies them one after another.
    fn follow(&mut self, entries: Vec<Vec<u8>>) {
        let first = self.replay.size();
        let proven = self.expected.size;
        let check = |index| {
            if index < proven {
                SignatureCheck::Elsewhere
            } else {
                SignatureCheck::Strict
            }
        };
        let checked: Vec<_> = entries
            .into_par_iter()
            .enumerate()
            .map(|(at, bytes)| check_alone(bytes, check(first + at as u64)))
            .collect();
        for entry in checked {
            if let Err(mismatch) = self.apply(entry) {
                self.halt = Some(mismatch.into());
                return;
            }
            self.compare();
            if self.halt.is_some() {
                return;
            }
        }
    }

    fn apply(&mut self, entry: Result<crate::tail::LoggedEntry, Fault>) -> Result<(), Mismatch> {
        let index = self.replay.size();
        let entry = entry.map_err(|fault| Mismatch { index, fault })?;
        self.spent.extend(self.replay.spent_by(&entry));
        let surplus = self.spent.len().saturating_sub(SPENT_MAX);
        self.spent.drain(..surplus);
        self.replay.apply(&entry).map_err(|mismatch| *mismatch)
    }

    /// At the checkpoint's size the root must be the checkpoint's.
    fn compare(&mut self) {
        if self.replay.size() != self.expected.size {
            return;
        }
        let found = self.replay.frontier().root();
        if found != self.expected.root {
            self.halt = Some(Halt::Forked {
                size: self.expected.size,
                expected: self.expected.root,
                found,
            });
        }
    }

    fn finish(self, snapshot: u64, read_error: Option<StoreError>) -> Result<Followed, Halt> {
        let mut halt = self.halt.or(read_error.map(Halt::from));
        let length = self.replay.size();
        if halt.is_none() && length < self.expected.size {
            halt = Some(Halt::RolledBack {
                length,
                checkpoint: self.expected.size,
            });
        }
        let (state, frontier) = self.replay.into_parts();
        match (state, halt) {
            (Some(state), halt) => Ok(Followed {
                state,
                frontier,
                spent: self.spent.into(),
                snapshot,
                halt,
            }),
            (None, Some(halt)) => Err(halt),
            (None, None) => Err(Halt::RolledBack {
                length,
                checkpoint: self.expected.size,
            }),
        }
    }
}
