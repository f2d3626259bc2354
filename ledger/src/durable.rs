//! What is durable and proven of a ledger: all that readers ever see.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use governance::State;
use governance::ids::{LedgerId, Millis};
use tlog::{Checkpoint, Note, SignedCheckpoint};
use tokio::sync::watch;

use crate::checkpoint_keys::{CheckpointKeys, NamedKeys, signed_ahead};
use crate::content::ContentStore;
use crate::disk::Disk;
use crate::halt::Halt;
use crate::intake::Intake;
use crate::keys::LedgerSigner;
use crate::measures::Measures;
use crate::tail::{LoggedEntry, Tail};
use crate::tree::Tree;
use crate::witnesses::{Published, Witnesses};

/// How many entries are applied to the state before waiting readers get their turn.
const APPLY_AT_ONCE: usize = 64;

/// A ledger's durable side. The publisher alone advances it.
pub(crate) struct Durable {
    pub(crate) intake: Intake,
    pub(crate) founded_at: Millis,
    pub(crate) origin: String,
    /// What this node signs with, if it may.
    pub(crate) signer: Arc<dyn LedgerSigner>,
    pub(crate) tail: Tail,
    pub(crate) tree: Tree,
    pub(crate) contents: Arc<dyn ContentStore>,
    pub(crate) measures: Measures,
    /// Where the published checkpoint is kept, if witnesses decide about it.
    pub(crate) published_file: (Disk, PathBuf),
    witnesses: OnceLock<Arc<Witnesses>>,
    state: RwLock<State>,
    keys: RwLock<CheckpointKeys>,
    checkpoint: RwLock<Arc<SignedCheckpoint>>,
    size: watch::Sender<u64>,
    halt: OnceLock<Halt>,
    /// Why the log cannot be reached, while it is given up.
    away: RwLock<Option<String>>,
}

/// What a ledger's durable side begins with.
pub(crate) struct Beginning {
    pub(crate) state: State,
    pub(crate) founded_at: Millis,
    pub(crate) keys: CheckpointKeys,
    pub(crate) signer: Arc<dyn LedgerSigner>,
    pub(crate) checkpoint: Arc<SignedCheckpoint>,
    /// How many entries are proven.
    pub(crate) size: u64,
    pub(crate) tail: Tail,
    pub(crate) tree: Tree,
    pub(crate) contents: Arc<dyn ContentStore>,
    pub(crate) published_file: (Disk, PathBuf),
}

impl Durable {
    pub(crate) fn new(beginning: Beginning) -> Durable {
        let state = beginning.state;
        Durable {
            intake: Intake {
                ledger: state.ledger().clone(),
                genesis: state.genesis(),
            },
            founded_at: beginning.founded_at,
            origin: state.origin().to_owned(),
            signer: beginning.signer,
            tail: beginning.tail,
            tree: beginning.tree,
            contents: beginning.contents,
            measures: Measures::default(),
            published_file: beginning.published_file,
            witnesses: OnceLock::new(),
            state: RwLock::new(state),
            keys: RwLock::new(beginning.keys),
            checkpoint: RwLock::new(beginning.checkpoint),
            size: watch::Sender::new(beginning.size),
            halt: OnceLock::new(),
            away: RwLock::default(),
        }
    }

    pub(crate) fn ledger(&self) -> &LedgerId {
        &self.intake.ledger
    }

    /// Reads the state. Keep it short: the publisher waits.
    pub(crate) fn with_state<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The newest durable checkpoint.
    pub(crate) fn checkpoint(&self) -> Arc<SignedCheckpoint> {
        let checkpoint = self.checkpoint.read();
        Arc::clone(&checkpoint.unwrap_or_else(PoisonError::into_inner))
    }

    /// Which key signs the checkpoint of which size, as far as the log is durable.
    pub(crate) fn keys(&self) -> CheckpointKeys {
        let keys = self.keys.read();
        keys.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A checkpoint of this log that somebody else gives, believed by its signature. One that covers more than
    /// is durable here may be signed by a key that the log names only beyond: every node holds that before it
    /// is named.
    pub(crate) async fn signed(&self, note: &Note) -> Option<SignedCheckpoint> {
        if let Ok((signed, _)) = self.keys().check(note.clone(), &[]) {
            return Some(signed);
        }
        let size = Checkpoint::parse(note.text()).ok()?.size;
        if size <= self.size() {
            return None;
        }
        let signer = Arc::clone(&self.signer);
        let held = crate::blocking::run(move || signer.keys()).await?;
        signed_ahead(note, &self.with_state(NamedKeys::of), &held)
    }

    /// The witnesses that decide what is published, if the ledger has any.
    pub(crate) fn witnesses(&self) -> Option<&Arc<Witnesses>> {
        self.witnesses.get()
    }

    /// From now on, these witnesses decide what is published. False if others do already.
    pub(crate) fn set_witnesses(&self, witnesses: Arc<Witnesses>) -> bool {
        self.witnesses.set(witnesses).is_ok()
    }

    /// Whether a checkpoint is published only once witnesses have cosigned it.
    pub(crate) fn needs_witnesses(&self) -> bool {
        self.witnesses()
            .is_some_and(|w| w.policy().needs_witnesses())
    }

    /// The newest published checkpoint: without witnesses, the newest durable one. None as long as the
    /// first is pending.
    pub(crate) fn published(&self) -> Option<Published> {
        match self.witnesses() {
            Some(witnesses) => witnesses.published().borrow().clone(),
            None => Some(Published {
                checkpoint: self.checkpoint(),
                cosigned: Vec::new(),
            }),
        }
    }

    /// How many entries readers see.
    pub(crate) fn size(&self) -> u64 {
        *self.size.borrow()
    }

    /// Follows [`Durable::size`].
    pub(crate) fn watch_size(&self) -> watch::Receiver<u64> {
        self.size.subscribe()
    }

    /// Shows readers entries that are durable, under a checkpoint that is. Whoever follows [`Durable::watch_size`]
    /// is woken by [`Durable::wake_followers`].
    pub(crate) fn publish(
        &self,
        entries: &[Arc<LoggedEntry>],
        checkpoint: Arc<SignedCheckpoint>,
        keys: &CheckpointKeys,
    ) {
        let size = checkpoint.checkpoint().size;
        self.tail.push(entries);
        for some in entries.chunks(APPLY_AT_ONCE) {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            for entry in some {
                governance::evolve(&mut state, &entry.action, entry.entry_ref());
            }
        }
        self.keys
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clone_from(keys);
        *self
            .checkpoint
            .write()
            .unwrap_or_else(PoisonError::into_inner) = checkpoint;
        self.size.send_if_modified(|shown| {
            *shown = size;
            false
        });
    }

    /// Wakes who waits for more entries.
    pub(crate) fn wake_followers(&self) {
        self.size.send_modify(|_| {});
    }

    /// Why the log cannot be reached at the moment, if it was given up.
    pub(crate) fn away(&self) -> Option<String> {
        let away = self.away.read();
        away.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The log cannot be reached, for this reason; or it can again. That is no halt: nothing is wrong with what
    /// is recorded, and the ledger goes on by itself.
    pub(crate) fn set_away(&self, reason: Option<String>) {
        let mut away = self.away.write().unwrap_or_else(PoisonError::into_inner);
        match (&*away, &reason) {
            (None, Some(reason)) => {
                tracing::error!(ledger = %self.ledger(), reason, "the log cannot be reached: nothing is recorded until it can");
            }
            (Some(_), None) => {
                tracing::info!(ledger = %self.ledger(), "the log is reached again, and holds what it held");
            }
            _ => {}
        }
        *away = reason;
    }

    /// Why the ledger no longer extends, if it does not.
    pub(crate) fn halted(&self) -> Option<&Halt> {
        self.halt.get()
    }

    /// Extends no more. The first reason stays: whatever comes after follows from it.
    pub(crate) fn halt(&self, halt: Halt) {
        let (code, reason) = (halt.code(), halt.to_string());
        if self.halt.set(halt).is_ok() {
            tracing::error!(ledger = %self.ledger(), code, reason, "the ledger no longer extends");
        }
    }
}
