//! Why a ledger no longer extends. It goes on serving what is proven.

use crate::backing::BackingError;
use crate::keys::{KeyFileError, NotHeld, SignError};
use crate::replay::{Fault, Mismatch};
use crate::store::{DamageKind, StoreError};

/// Why a ledger no longer extends, until the node is started again.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Halt {
    /// The log cannot be written or read.
    #[error("the log cannot be written or read: {0}")]
    Storage(#[source] StoreError),
    /// Block after block could not be appended.
    #[error("{attempts} attempts in a row to append a block have failed; the last: {last}")]
    AppendFails {
        /// How many.
        attempts: u32,
        /// Why the last one did.
        last: String,
    },
    /// A checkpoint could not be made durable.
    #[error("a checkpoint could not be made durable: {reason}")]
    Checkpoint {
        /// Why.
        reason: String,
    },
    /// There is a log, but no checkpoint of it: whether its end is missing cannot be told.
    #[error("the ledger's checkpoint journal is empty or missing, so a rollback could not be seen")]
    CheckpointMissing,
    /// The checkpoint journal is damaged.
    #[error("the checkpoint journal cannot be believed: {reason}")]
    CheckpointDamaged {
        /// Where and how.
        reason: String,
    },
    /// The last checkpoint is not one of this ledger's.
    #[error("the last checkpoint in the journal does not stand: {reason}")]
    CheckpointForeign {
        /// Why.
        reason: String,
    },
    /// The log holds fewer entries than were acknowledged.
    #[error("the log holds {length} entries, but a checkpoint of {checkpoint} was signed")]
    RolledBack {
        /// How many entries there are.
        length: u64,
        /// How many the last checkpoint says there are.
        checkpoint: u64,
    },
    /// The entries are not those of the last checkpoint.
    #[error(
        "the root over the first {size} entries is {found}, but the checkpoint of that size says \
         {expected}"
    )]
    Forked {
        /// The checkpoint's size.
        size: u64,
        /// The checkpoint's root.
        expected: tlog::Hash,
        /// The root of the entries there are.
        found: tlog::Hash,
    },
    /// An entry does not follow from those before it.
    #[error("{0}")]
    Corruption(#[source] Mismatch),
    /// Stored bytes are damaged.
    #[error(transparent)]
    Damage(crate::store::Damage),
    /// The ledger is kept under rules this program does not know.
    #[error("the ledger is kept under rules version {version}, which this program does not know")]
    RulesUnknown {
        /// The version.
        version: u32,
    },
    /// The wall clock was set while the node ran.
    #[error("the wall clock has moved {ms} ms against the monotonic clock")]
    ClockJump {
        /// By how much, in milliseconds.
        ms: u64,
    },
    /// The ledger's keys cannot be used.
    #[error("the ledger's keys cannot be used: {0}")]
    Keys(#[source] KeyFileError),
    /// What holds the ledger's keys did not sign.
    #[error(transparent)]
    Signer(#[from] SignError),
    /// A key that is in force is not among those in the directory.
    #[error(transparent)]
    OtherKeys(#[from] NotHeld),
    /// What time brought was refused by the rules: a fault of this program, never of a person.
    #[error("what falls due at index {index} is refused by the rules: {rejection}")]
    Derivation {
        /// Where it would have stood.
        index: u64,
        /// What the rules say.
        rejection: governance::Rejection,
    },
    /// The ledger's log is on NATS, which was not named or does not answer.
    #[error("the ledger's log is on NATS: {reason}")]
    Nats {
        /// What is wrong.
        reason: String,
        /// Asking again later may be of use.
        passing: bool,
    },
    /// The ledger's stream is gone, and with it what was acknowledged.
    #[error("the stream {stream}, which held the ledger's log, is not on the NATS server")]
    StreamMissing {
        /// Its name.
        stream: String,
    },
    /// The ledger's stream could lose or change what it holds.
    #[error("the stream {stream} has {setting} set to {found}; a log needs {expected}")]
    StreamSetting {
        /// Its name.
        stream: String,
        /// Which setting, by the name NATS gives it.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        expected: String,
    },
    /// The ledger was moved: another copy goes on, and this one must not.
    #[error("the ledger was moved to {to} and goes on there")]
    Moved {
        /// Where to.
        to: String,
    },
    /// Views of the tree or a task of the ledger failed in a way that cannot be put right.
    #[error("a part of the ledger failed: {reason}")]
    Broken {
        /// Which, and how.
        reason: String,
    },
}

impl From<tlog::KeyError> for Halt {
    /// What signs checkpoints is no key.
    fn from(error: tlog::KeyError) -> Halt {
        let reason = error.to_string();
        Halt::CheckpointForeign { reason }
    }
}

impl Halt {
    /// The stable code, `SCREAMING_SNAKE`.
    pub fn code(&self) -> &'static str {
        match self {
            Halt::Storage(_) | Halt::AppendFails { .. } => "HALTED_STORAGE",
            Halt::Checkpoint { .. } => "HALTED_CHECKPOINT",
            Halt::CheckpointMissing => "HALTED_CHECKPOINT_MISSING",
            Halt::CheckpointForeign { .. } => "HALTED_CHECKPOINT_FOREIGN",
            Halt::CheckpointDamaged { .. } => "HALTED_CHECKPOINT_DAMAGED",
            Halt::RolledBack { .. } => "HALTED_ROLLED_BACK",
            Halt::Forked { .. } => "HALTED_FORKED",
            Halt::Corruption(_) | Halt::Damage(_) => "HALTED_CORRUPTION",
            Halt::RulesUnknown { .. } => "HALTED_RULES_UNKNOWN",
            Halt::ClockJump { .. } => "HALTED_CLOCK_JUMP",
            Halt::Keys(_) | Halt::OtherKeys(_) | Halt::Signer(_) => "HALTED_KEYS",
            Halt::Nats { .. } => "HALTED_NATS",
            Halt::StreamMissing { .. } => "HALTED_STREAM_MISSING",
            Halt::StreamSetting { .. } => "HALTED_STREAM_SETTING",
            Halt::Moved { .. } => "HALTED_MOVED",
            Halt::Derivation { .. } | Halt::Broken { .. } => "HALTED_BROKEN",
        }
    }

    /// Whether stored bytes are not what was proven, as against a node that cannot go on.
    pub fn is_corruption(&self) -> bool {
        matches!(
            self,
            Halt::CheckpointMissing
                | Halt::CheckpointForeign { .. }
                | Halt::CheckpointDamaged { .. }
                | Halt::RolledBack { .. }
                | Halt::StreamMissing { .. }
                | Halt::Forked { .. }
                | Halt::Corruption(_)
                | Halt::Damage(_)
        )
    }

    /// Where in the log the damage begins, if it is damage with a place.
    pub fn index(&self) -> Option<u64> {
        match self {
            Halt::RolledBack { length, .. } => Some(*length),
            Halt::Corruption(mismatch) => Some(mismatch.index),
            Halt::Damage(damage) => Some(damage.index),
            _ => None,
        }
    }

    /// What to do next.
    pub fn remedy(&self) -> &'static str {
        match self {
            Halt::Storage(_) | Halt::AppendFails { .. } | Halt::Checkpoint { .. } => {
                "Check the disk (space, errors), then start the node again; what was sent meanwhile \
                 may or may not be recorded: send the very same bytes again to learn which."
            }
            Halt::RulesUnknown { .. } => "Use a release that knows this rules version.",
            Halt::ClockJump { .. } => "Set the clock right, then start the node again.",
            Halt::Signer(_) => "See why the signer does not sign, then start the node again.",
            Halt::Keys(error) if error.is_withheld() => {
                "Start the node with what opens its keys: the passphrase, or the variable or descriptor that the \
                 key's file names."
            }
            Halt::Keys(_) => {
                "Put the ledger's own key files back with mode 0600, then start the node again."
            }
            Halt::OtherKeys(_) => {
                "Put the file of the key in force into the ledger's keys directory, under any name that ends \
                 in .pem, with mode 0600; then start the node again."
            }
            Halt::Nats { .. } => {
                "Name the NATS server with --nats, see that it answers, then start the node again."
            }
            Halt::StreamMissing { .. } => {
                "Bring the stream back from a backup of the NATS server that holds the last \
                 checkpoint; a node that has followed it may have one."
            }
            Halt::StreamSetting { .. } => {
                "Set the stream as it was made (nats stream edit), find out who changed it, then \
                 start the node again."
            }
            Halt::Moved { .. } => {
                "Use the ledger where it went. Only if that copy was never served, delete the file \
                 <ledger>.moved beside this one to go on here."
            }
            Halt::Derivation { .. } | Halt::Broken { .. } => {
                "Report this with the node's log; the ledger goes on being served."
            }
            _ => {
                "Run govledger audit for the whole picture, and bring the directory back from a \
                 copy that holds the last checkpoint; never delete the checkpoint journal."
            }
        }
    }
}

/// A store that cannot be opened, as a reason to halt.
impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Halt {
        match error {
            StoreError::Corrupt(damage) => match damage.kind {
                DamageKind::ShorterThanCheckpoint { checkpoint_size } => Halt::RolledBack {
                    length: damage.index,
                    checkpoint: checkpoint_size,
                },
                _ => Halt::Damage(damage),
            },
            StoreError::NoStream { stream } => Halt::StreamMissing { stream },
            StoreError::StreamSetting {
                stream,
                setting,
                found,
                expected,
            } => Halt::StreamSetting {
                stream,
                setting,
                found,
                expected,
            },
            StoreError::Nats(error) => Halt::Nats {
                reason: error.to_string(),
                passing: error.may_pass(),
            },
            other => Halt::Storage(other),
        }
    }
}

/// An entry that does not follow, as a reason to halt: rules that are not known are no damage.
impl From<Mismatch> for Halt {
    fn from(mismatch: Mismatch) -> Halt {
        match mismatch.fault {
            Fault::Rules(governance::Rejection::RulesVersionUnknown { version }) => {
                Halt::RulesUnknown { version }
            }
            _ => Halt::Corruption(mismatch),
        }
    }
}

impl From<BackingError> for Halt {
    fn from(error: BackingError) -> Halt {
        match error {
            BackingError::NatsNotNamed => Halt::Nats {
                reason: "no NATS server was named".to_owned(),
                passing: false,
            },
            BackingError::Store(error) => error.into(),
        }
    }
}
