//! What an audit found wrong: where, of which kind, what was expected and what is there.

use std::fmt;

use governance::ids::{Digest, Leaf, Millis};
use tlog::evidence::Disagreement;
use tlog::{BundleError, CheckpointError, Evidence, Hash, VerifierKey};

use crate::checkpoint_keys::{KeyNotInForce, NotTheLogs};
use crate::checkpoints::CheckpointStoreError;
use crate::content::ContentError;
use crate::replay::{Fault, Mismatch};
use crate::store::{Damage, StoreError};

/// The first thing that is not as it must be.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The entry at which it shows, if it is about one.
    pub index: Option<u64>,
    /// What.
    pub kind: FindingKind,
    /// What proves it in a few signed lines, where that can be. What is wrong with an entry is proven by the
    /// whole log.
    pub evidence: Option<Box<Evidence>>,
}

/// What is not as it must be.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FindingKind {
    /// An entry does not follow from those before it.
    #[error("{0}")]
    Entry(#[source] Fault),
    /// Stored bytes are damaged.
    #[error("{0}")]
    Damage(#[source] Damage),
    /// The entries are not those a checkpoint was signed over.
    #[error(
        "the root over the first {size} entries is {found}, but the checkpoint of that size says \
         {expected}"
    )]
    Root {
        /// The checkpoint's size.
        size: u64,
        /// The checkpoint's root.
        expected: Hash,
        /// The root of the entries there are.
        found: Hash,
    },
    /// A checkpoint that was believed before is of another history than the one shown now.
    #[error(
        "this is another history than the one believed before: the root of the first {size} entries \
         was {believed}, signed by the log, and is {found} now"
    )]
    Forked {
        /// A size at which both have a root.
        size: u64,
        /// The root believed before.
        believed: Hash,
        /// The root of the entries there are now.
        found: Hash,
    },
    /// The first entry is not the one that was believed before.
    #[error("its first entry is {found}, but the ledger believed before began with {believed}")]
    OtherLedger {
        /// The leaf that was pinned.
        believed: Leaf,
        /// The leaf there is.
        found: Leaf,
    },
    /// The newest checkpoint shown is smaller than one that was believed before.
    #[error(
        "it was rolled back: a checkpoint of {believed} entries was signed and seen before, and {shown} \
         are shown now"
    )]
    TakenBack {
        /// The size believed before.
        believed: u64,
        /// The size shown.
        shown: u64,
    },
    /// Whoever shows a checkpoint does not hand out what it covers.
    #[error("entries are withheld: a checkpoint of {checkpoint} is shown, but {given} are given")]
    Withheld {
        /// How many entries are given.
        given: u64,
        /// How many the checkpoint covers.
        checkpoint: u64,
    },
    /// An entry's time and the time a witness cosigned at cannot both be true.
    #[error("{}", time_words(*recorded_at, witness, *cosigned_at, *size, *disagreement))]
    RecordedTime {
        /// When the entry says it was recorded.
        recorded_at: Millis,
        /// The witness.
        witness: String,
        /// When it cosigned, in seconds since 1970-01-01 UTC.
        cosigned_at: u64,
        /// How many entries it cosigned.
        size: u64,
        /// Which way they disagree.
        disagreement: Disagreement,
    },
    /// What time brought stays away although the witnesses' time has moved past it.
    #[error(
        "a derived entry ({family}) has been due since {due} and is not among the {size} entries that \
         {witness} cosigned over 5 minutes later"
    )]
    DerivedOverdue {
        /// The family of what is missing.
        family: &'static str,
        /// When it fell due.
        due: Millis,
        /// The witness.
        witness: String,
        /// How many entries it cosigned.
        size: u64,
    },
    /// A server answers otherwise than the entries do.
    #[error("the server's answer about {about} is not what its own entries give: {difference}")]
    Answer {
        /// What was asked about.
        about: String,
        /// How the answers differ.
        difference: String,
    },
    /// Fewer entries than were acknowledged.
    #[error("there are {length} entries, but a checkpoint of {checkpoint} was signed")]
    RolledBack {
        /// How many entries there are.
        length: u64,
        /// The size of the largest checkpoint.
        checkpoint: u64,
    },
    /// A checkpoint is none, or none of the keys that the entries name has signed it.
    #[error("a checkpoint is not one that a key of the log signed, as its entries name them: {0}")]
    Checkpoint(#[source] CheckpointError),
    /// A checkpoint is signed by a key of the log's that is not in force at its size.
    #[error(
        "{0}; whoever has a key that was given up signs such a checkpoint, and the log does not"
    )]
    KeyNotInForce(#[source] Box<KeyNotInForce>),
    /// There is no checkpoint, so that a missing end could not be seen.
    #[error("there is no checkpoint, so whether entries are missing at the end cannot be told")]
    NoCheckpoint,
    /// The checkpoint journal is damaged.
    #[error("{0}")]
    Journal(#[source] CheckpointStoreError),
    /// A stored content is not the one that an entry names.
    #[error("the content stored as {digest} is not the one that was recorded: {reason}")]
    Content {
        /// The digest the entry names.
        digest: Digest,
        /// How it differs.
        reason: String,
    },
    /// The first entry founds no ledger, or names no key that checkpoints could be signed with.
    #[error("the first entry founds no ledger")]
    Unfounded,
    /// An evidence bundle is not one.
    #[error("the bundle cannot be believed: {0}")]
    Bundle(#[source] BundleError),
    /// What names the log's keys beside its entries names others than these.
    #[error(
        "the keys named beside the entries are not the log's: the entries name {}",
        listed(by_entries)
    )]
    OtherKeys {
        /// The log's own, oldest first.
        by_entries: Vec<VerifierKey>,
    },
    /// What there is could not be read: no finding about the ledger.
    #[error("cannot read the ledger: {reason}")]
    Unreadable {
        /// Why.
        reason: String,
    },
}

impl Finding {
    /// A finding that is about no entry in particular.
    pub fn of(kind: FindingKind) -> Finding {
        kind.at(None)
    }

    /// A stable name of the kind, `SCREAMING_SNAKE`.
    pub fn code(&self) -> &'static str {
        match &self.kind {
            FindingKind::Entry(fault) => entry_code(fault),
            FindingKind::Damage(_) => "DAMAGED",
            FindingKind::Root { .. } => "ROOT_DIFFERS",
            FindingKind::RolledBack { .. } | FindingKind::TakenBack { .. } => "ROLLED_BACK",
            FindingKind::Forked { .. } => "FORKED",
            FindingKind::OtherLedger { .. } => "OTHER_LEDGER",
            FindingKind::Withheld { .. } => "ENTRIES_WITHHELD",
            FindingKind::RecordedTime { .. } => "TIME_DISAGREES",
            FindingKind::DerivedOverdue { .. } => "DERIVED_OVERDUE",
            FindingKind::Answer { .. } => "ANSWER_DIFFERS",
            FindingKind::Checkpoint(_) => "CHECKPOINT_FOREIGN",
            FindingKind::KeyNotInForce(_) => "CHECKPOINT_KEY_NOT_IN_FORCE",
            FindingKind::NoCheckpoint => "CHECKPOINT_MISSING",
            FindingKind::Journal(_) => "CHECKPOINTS_DAMAGED",
            FindingKind::Content { .. } => "CONTENT_DIFFERS",
            FindingKind::Unfounded => "NOT_FOUNDED",
            FindingKind::Bundle(_) => "BUNDLE_BROKEN",
            FindingKind::OtherKeys { .. } => "KEYS_DIFFER",
            FindingKind::Unreadable { .. } => "UNREADABLE",
        }
    }

    /// Whether this is not about the ledger but about reading it: later, perhaps.
    pub fn is_unavailable(&self) -> bool {
        matches!(self.kind, FindingKind::Unreadable { .. })
    }

    pub(crate) fn unreadable(reason: impl fmt::Display) -> Finding {
        let reason = reason.to_string();
        FindingKind::Unreadable { reason }.at(None)
    }
}

impl FindingKind {
    pub(crate) fn at(self, index: Option<u64>) -> Finding {
        Finding {
            index,
            kind: self,
            evidence: None,
        }
    }
}

impl Finding {
    pub(crate) fn proven_by(mut self, evidence: Option<Evidence>) -> Finding {
        self.evidence = evidence.map(Box::new);
        self
    }
}

fn listed(keys: &[VerifierKey]) -> String {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    keys.join(", then ")
}

fn time_words(
    recorded_at: Millis,
    witness: &str,
    cosigned_at: u64,
    size: u64,
    disagreement: Disagreement,
) -> String {
    let how = match disagreement {
        Disagreement::Late => "was cosigned over 5 minutes before",
        Disagreement::Early => "was not there over 5 minutes after",
    };
    format!(
        "it says it was recorded at {recorded_at}, but {how}: {witness} cosigned {size} entries at \
         {cosigned_at} s since 1970"
    )
}

fn entry_code(fault: &Fault) -> &'static str {
    match fault {
        Fault::Entry(_) => "NOT_AN_ENTRY",
        Fault::Chain(_) => "CHAIN_BROKEN",
        Fault::Action(_) => "ACTION_MALFORMED",
        Fault::Signature(_) => "BAD_SIGNATURE",
        Fault::Rules(_) => "AGAINST_THE_RULES",
        Fault::DerivedMissing { .. } => "DERIVED_MISSING",
        Fault::DerivedDiffers { .. } => "DERIVED_DIFFERS",
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.kind, self.index) {
            (FindingKind::Entry(fault), Some(index)) => {
                write!(f, "entry {index} does not follow: {fault}")
            }
            (kind, Some(index)) => write!(f, "at entry {index}: {kind}"),
            (kind, None) => fmt::Display::fmt(kind, f),
        }
    }
}

impl std::error::Error for Finding {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.kind)
    }
}

impl From<NotTheLogs> for FindingKind {
    fn from(error: NotTheLogs) -> FindingKind {
        match error {
            NotTheLogs::Foreign(error) => FindingKind::Checkpoint(error),
            NotTheLogs::NotInForce(key) => FindingKind::KeyNotInForce(key),
        }
    }
}

impl From<Mismatch> for Finding {
    fn from(mismatch: Mismatch) -> Finding {
        FindingKind::Entry(mismatch.fault).at(Some(mismatch.index))
    }
}

impl From<Damage> for Finding {
    fn from(damage: Damage) -> Finding {
        let index = Some(damage.index);
        FindingKind::Damage(damage).at(index)
    }
}

impl From<StoreError> for Finding {
    fn from(error: StoreError) -> Finding {
        match error {
            StoreError::Corrupt(damage) => damage.into(),
            other => Finding::unreadable(other),
        }
    }
}

impl From<CheckpointStoreError> for Finding {
    fn from(error: CheckpointStoreError) -> Finding {
        match error {
            CheckpointStoreError::Disk(_) => Finding::unreadable(error),
            CheckpointStoreError::Missing { .. } => FindingKind::NoCheckpoint.at(None),
            other => FindingKind::Journal(other).at(None),
        }
    }
}

/// What a stored content's error says of the content.
pub(super) fn content_finding(digest: Digest, index: u64, error: &ContentError) -> Finding {
    match error {
        ContentError::Corrupt { .. } => FindingKind::Content {
            digest,
            reason: "its digest differs".to_owned(),
        }
        .at(Some(index)),
        other => Finding::unreadable(other),
    }
}
