//! Whether entries follow from one another: the one place start-up, recovery and audit share.
//!
//! Checking an entry has two halves. What concerns it alone (its bytes, its action, its signatures)
//! is `check_alone`, a pure function that runs on any core. What concerns its place (the chain, the
//! rules, the tree) is `Replay::apply`, in order.

use governance::action::Action;
use governance::ids::{Digest, Leaf, LedgerId, Millis, PublicKey};
use governance::{Candidate, EntryRef, Rejection, State, spent_openings};
use tlog::chain::Link;
use tlog::signing::SignatureError;
use tlog::{Chain, ChainError, Entry, EntryError, Frontier, leaf_hash};

use crate::signatures::verify_signatures;
use crate::tail::LoggedEntry;

/// An entry that does not follow from those before it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("entry {index} does not follow: {fault}")]
pub struct Mismatch {
    /// Its place in the log.
    pub index: u64,
    /// How it does not follow.
    pub fault: Fault,
}

/// How an entry does not follow from those before it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Fault {
    /// Its bytes are not an entry's.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// It does not continue the chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// Its action is malformed or not canonical.
    #[error("its action is malformed: {0}")]
    Action(#[from] proto::Malformed),
    /// A signature does not stand.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The rules refuse it.
    #[error("the rules refuse it: {0}")]
    Rules(#[from] Rejection),
    /// What time brought before it is not there.
    #[error("a derived entry ({family}) has been due since {due} and is missing before it")]
    DerivedMissing {
        /// The family of what is missing.
        family: &'static str,
        /// When it fell due.
        due: Millis,
    },
    /// It says it is derived, but is not what follows from the log.
    #[error("it is not the derived entry ({family}, due {due}) that follows from the log")]
    DerivedDiffers {
        /// The family of what follows from the log.
        family: &'static str,
        /// When it fell due.
        due: Millis,
    },
}

impl Fault {
    /// A rejection in the log, told by what it means there.
    fn of(rejection: Rejection) -> Fault {
        match rejection {
            Rejection::DerivedEntryDue { family, due } => Fault::DerivedMissing { family, due },
            Rejection::DerivedMismatch { family, due } => Fault::DerivedDiffers { family, due },
            other => Fault::Rules(other),
        }
    }
}

/// How an entry's signatures are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// Each strictly.
    Strict,
    /// Not here: a checkpoint covers the entry, or they are checked in a batch.
    Elsewhere,
}

/// Checks what concerns an entry alone: its bytes, its action's, its signatures.
pub(crate) fn check_alone(
    bytes: Vec<u8>,
    signatures: SignatureCheck,
) -> Result<LoggedEntry, Fault> {
    let entry = Entry::decode(&bytes)?;
    let action = proto::decode_action(&entry.action)?;
    if signatures == SignatureCheck::Strict {
        verify_signatures(&entry.action, &entry.signatures)?;
    }
    Ok(logged(bytes, entry, action))
}

/// An entry of these bytes, which decode to these.
pub(crate) fn logged(bytes: Vec<u8>, entry: Entry, action: Action) -> LoggedEntry {
    LoggedEntry {
        index: entry.index,
        leaf: Leaf(leaf_hash(&bytes).0),
        recorded_at: Millis(entry.recorded_at),
        bytes,
        entry,
        action,
    }
}

/// The keys that signed an entry, in order.
pub(crate) fn signers(entry: &Entry) -> Vec<PublicKey> {
    let keys = entry
        .signatures
        .iter()
        .map(|signature| PublicKey(signature.key));
    keys.collect()
}

/// The log, re-executed up to some entry.
#[derive(Clone, Debug)]
pub(crate) struct Replay {
    chain: Chain,
    state: Option<State>,
    frontier: Frontier,
}

impl Replay {
    /// Before the first entry.
    pub(crate) fn new(ledger: &LedgerId) -> Replay {
        Replay {
            chain: Chain::new(ledger.as_str()),
            state: None,
            frontier: Frontier::new(),
        }
    }

    /// After the entries that made this state and this tree.
    pub(crate) fn resume(state: State, frontier: Frontier) -> Replay {
        let last = Link {
            // A state is made by at least one entry.
            index: state.size().saturating_sub(1),
            leaf: tlog::Hash(state.last_leaf().0),
            recorded_at: state.last_recorded_at().0,
        };
        Replay {
            chain: Chain::resume(state.ledger().as_str(), last),
            state: Some(state),
            frontier,
        }
    }

    /// Entries applied.
    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The index of the entry that comes next.
    pub(crate) fn next_index(&self) -> u64 {
        self.chain.next_index()
    }

    /// The state, once there is an entry.
    pub(crate) fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// The tree.
    pub(crate) fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// State and tree.
    pub(crate) fn into_parts(self) -> (Option<State>, Frontier) {
        (self.state, self.frontier)
    }

    /// The commitments of hidden ballots whose openings nobody needs once this entry is applied.
    pub(crate) fn spent_by(&self, logged: &LoggedEntry) -> Vec<Digest> {
        let state = self.state.as_ref();
        state.map_or_else(Vec::new, |state| spent_openings(state, &logged.action))
    }

    /// Checks an entry's place and applies it. After an error everything is as it was before.
    pub(crate) fn apply(&mut self, logged: &LoggedEntry) -> Result<(), Box<Mismatch>> {
        let index = self.chain.next_index();
        self.try_apply(logged)
            .map_err(|fault| Box::new(Mismatch { index, fault }))
    }

    fn try_apply(&mut self, logged: &LoggedEntry) -> Result<(), Fault> {
        self.chain.check(&logged.entry)?;
        let signers = signers(&logged.entry);
        let candidate = Candidate {
            action: &logged.action,
            signers: &signers,
            recorded_at: logged.recorded_at,
        };
        match &mut self.state {
            None => {
                let state = governance::found(&candidate, logged.leaf).map_err(Fault::of)?;
                self.state = Some(state);
            }
            Some(state) => {
                governance::decide(state, &candidate).map_err(Fault::of)?;
                governance::evolve(state, &logged.action, logged.entry_ref());
            }
        }
        let leaf = tlog::Hash(logged.leaf.0);
        self.chain.push_decoded(&logged.entry, leaf)?;
        self.frontier.append(leaf);
        Ok(())
    }
}

impl LoggedEntry {
    /// Where it stands, for the rules.
    pub(crate) fn entry_ref(&self) -> EntryRef {
        EntryRef {
            index: self.index,
            leaf: self.leaf,
            recorded_at: self.recorded_at,
        }
    }
}
