//! What is submitted, what is answered, and every reason not to record it.

mod codes;

use std::sync::Arc;

use governance::ids::{Digest, Leaf, LedgerId, Millis, PublicKey};
use governance::{Rejection, RejectionKind, RequiredSigner};
use tlog::signing::SignatureError;
use tlog::{Hash, Signature, SignedCheckpoint};

use self::codes::doc;
pub use self::codes::{CODES, CodeDoc};
use crate::halt::Halt;

/// The longest content, in bytes (formats.md §3).
pub const CONTENT_LEN_MAX: usize = crate::content::CONTENT_LEN_MAX;

/// The most contents beside one action: as many as people a founding could enrol with names. More
/// cannot be named by 60,000 bytes of action either.
pub const CONTENTS_MAX: usize = 1_024;

/// One signed action with the contents it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    /// The action's bytes, as signed.
    pub action: Vec<u8>,
    /// Signatures over them, the actor's first, then the others the payload calls for, in order.
    pub signatures: Vec<Signature>,
    /// Salt and bytes of each content the action names, in any order.
    pub contents: Vec<ContentUpload>,
}

impl Submission {
    /// The bytes it occupies while it is worked on.
    pub(crate) fn len(&self) -> usize {
        let contents = self.contents.iter().map(|content| content.bytes.len());
        self.action.len() + contents.sum::<usize>()
    }
}

/// Salt and bytes of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentUpload {
    /// 32 random bytes, so that an erased content cannot be guessed back from its digest.
    pub salt: [u8; 32],
    /// At most [`CONTENT_LEN_MAX`] bytes.
    pub bytes: Vec<u8>,
}

/// The answer to an action that is recorded.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// Where it stands, and the proof.
    pub receipt: Receipt,
    /// The very same action had been recorded before this submission; the receipt is of that entry.
    pub already_recorded: bool,
}

/// Proof that an entry is in the log.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Which ledger.
    pub ledger: LedgerId,
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// The entry's leaf hash.
    pub leaf: Leaf,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// The checkpoint the proof leads to.
    pub checkpoint: Arc<SignedCheckpoint>,
    /// The RFC 6962 audit path of the leaf in the checkpoint's tree.
    pub inclusion_proof: Vec<Hash>,
    /// The checkpoint is not yet cosigned by the quorum that the ledger's policy demands.
    pub pending_witnesses: bool,
}

/// What [`crate::Ledger::submit`] would answer now.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Why not, where it would not be recorded.
    pub rejection: Option<Rejection>,
    /// Whose signatures the action calls for, in order.
    pub required_signers: Vec<RequiredSigner>,
    /// The index of the last entry the answer stands on.
    pub index: u64,
    /// When it would be recorded.
    pub recorded_at: Millis,
}

/// Contents that are not those the action names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentFault {
    /// Neither sent along nor in the content store.
    #[error("the content {digest} that the action names was not sent along")]
    Missing {
        /// The digest the action names.
        digest: Digest,
    },
    /// Salt and bytes that give another digest than any the action names, while one is missing.
    #[error("content {place} has the digest {found}, but the action names {expected}")]
    Mismatch {
        /// Its place among the contents sent, from 0.
        place: usize,
        /// The digest the action names that no content has.
        expected: Digest,
        /// The digest of what was sent.
        found: Digest,
    },
    /// The digest is right, but the length the action names is not the content's.
    #[error("content {digest} has {found} bytes, but the action says {expected}")]
    Length {
        /// The digest.
        digest: Digest,
        /// The length the action names, in bytes.
        expected: u32,
        /// Its length in bytes.
        found: usize,
    },
    /// More contents than the action names, or one twice.
    #[error("content {place} ({digest}) is not named by the action, or was sent before")]
    Surplus {
        /// Its place among the contents sent, from 0.
        place: usize,
        /// Its digest.
        digest: Digest,
    },
    /// Too long.
    #[error("content {place} has {found} bytes; a content has at most {CONTENT_LEN_MAX}")]
    TooLarge {
        /// Its place among the contents sent, from 0.
        place: usize,
        /// Its length in bytes.
        found: usize,
    },
    /// Too many.
    #[error("{found} contents; an action has at most {CONTENTS_MAX}")]
    TooMany {
        /// How many were sent.
        found: usize,
    },
}

impl ContentFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ContentFault::Missing { .. } => "CONTENT_MISSING",
            ContentFault::Mismatch { .. } | ContentFault::Length { .. } => "CONTENT_MISMATCH",
            ContentFault::Surplus { .. } | ContentFault::TooMany { .. } => "CONTENT_SURPLUS",
            ContentFault::TooLarge { .. } => "CONTENT_TOO_LARGE",
        }
    }
}

/// Why a submission was not answered with a receipt.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// The bytes are not an action, or not in the one way an action is written.
    #[error(transparent)]
    Malformed(#[from] proto::Malformed),
    /// A signature does not stand.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The contents are not those the action names.
    #[error(transparent)]
    Content(#[from] ContentFault),
    /// The rules say no.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// As many submissions are being worked on as the ledger takes on at once.
    #[error("the ledger is working on as many submissions as it takes on at once")]
    Overloaded,
    /// The ledger no longer extends.
    #[error("the ledger no longer extends: {0}")]
    Halted(Halt),
    /// The ledger's log cannot be reached: it is on NATS, which has been away for too long.
    #[error("the ledger's log cannot be reached, so nothing is recorded at the moment: {reason}")]
    LogAway {
        /// What NATS, or the connection to it, said last.
        reason: String,
    },
    /// The node is shutting down.
    #[error("the node is shutting down")]
    ShuttingDown,
    /// The ledger's key is to be exchanged for one that this node cannot sign with.
    #[error("this node does not hold the new key {key}, so nothing could be recorded after this")]
    KeyNotHeld {
        /// The new key.
        key: PublicKey,
    },
    /// Another node leads the ledger, or none does yet.
    #[error("this node does not lead the ledger, and the one that does gave no answer")]
    NotLeading,
    /// It is recorded, or may be, but the receipt could not be made.
    #[error("the receipt could not be made: {0}")]
    Read(#[from] ReadError),
}

/// What kind of no a [`SubmitError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoKind {
    /// Malformed, unsigned or contradicting itself: it can never be recorded as it stands.
    Invalid,
    /// A rule says no.
    Refusal,
    /// Someone was faster, or it is done already.
    Conflict,
    /// A queue is full.
    Overloaded,
    /// Later, perhaps.
    Unavailable,
    /// Stored bytes are not what was proven.
    Corruption,
}

impl SubmitError {
    /// The stable code, `SCREAMING_SNAKE`.
    pub fn code(&self) -> &'static str {
        match self {
            SubmitError::Malformed(malformed) => malformed.code(),
            SubmitError::Signature(error) => signature_code(error),
            SubmitError::Content(error) => error.code(),
            SubmitError::Rejected(rejection) => rejection.code(),
            SubmitError::Overloaded => "OVERLOADED",
            SubmitError::Halted(halt) => halt.code(),
            SubmitError::LogAway { .. } => "LOG_AWAY",
            SubmitError::ShuttingDown => "SHUTTING_DOWN",
            SubmitError::KeyNotHeld { .. } => "KEY_NOT_HELD",
            SubmitError::NotLeading => "NOT_LEADING",
            SubmitError::Read(error) => error.code(),
        }
    }

    /// What kind of no it is.
    pub fn kind(&self) -> NoKind {
        match self {
            SubmitError::Malformed(_) | SubmitError::Signature(_) | SubmitError::Content(_) => {
                NoKind::Invalid
            }
            SubmitError::Rejected(rejection) => match rejection.kind() {
                RejectionKind::Refusal => NoKind::Refusal,
                RejectionKind::Conflict => NoKind::Conflict,
                RejectionKind::Invalid => NoKind::Invalid,
            },
            SubmitError::Overloaded => NoKind::Overloaded,
            SubmitError::Halted(halt) if halt.is_corruption() => NoKind::Corruption,
            SubmitError::Halted(_)
            | SubmitError::LogAway { .. }
            | SubmitError::ShuttingDown
            | SubmitError::KeyNotHeld { .. }
            | SubmitError::NotLeading => NoKind::Unavailable,
            SubmitError::Read(error) => error.kind(),
        }
    }

    /// What to do next.
    pub fn remedy(&self) -> &'static str {
        match self {
            SubmitError::Malformed(malformed) => malformed.remedy(),
            SubmitError::Rejected(rejection) => rejection.remedy(),
            SubmitError::Halted(halt) => halt.remedy(),
            SubmitError::Signature(_)
            | SubmitError::Content(_)
            | SubmitError::Overloaded
            | SubmitError::LogAway { .. }
            | SubmitError::ShuttingDown
            | SubmitError::KeyNotHeld { .. }
            | SubmitError::NotLeading
            | SubmitError::Read(_) => doc(self.code()).map_or("", |doc| doc.remedy),
        }
    }
}

/// The stable code of a signature that does not stand.
pub fn signature_code(error: &SignatureError) -> &'static str {
    match error {
        SignatureError::Count { .. } => "SIGNATURE_COUNT",
        SignatureError::KeyTwice { .. } => "DUPLICATE_KEY",
        SignatureError::MalformedKey { .. } => "KEY_MALFORMED",
        SignatureError::WeakKey { .. } => "WEAK_KEY",
        SignatureError::Mismatch { .. } => "BAD_SIGNATURE",
    }
}

/// Why something durable could not be read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such entry yet.
    #[error("the log has no entry {index}; it has {size}")]
    NoSuchEntry {
        /// The entry asked for.
        index: u64,
        /// How many entries are durable.
        size: u64,
    },
    /// There is no such tree, or no such leaf in it.
    #[error("no proof from {from} to {to}: the newest tree has {size} leaves")]
    NoSuchProof {
        /// The leaf, or the size of the older tree.
        from: u64,
        /// The size of the newer tree.
        to: u64,
        /// The size of the newest tree.
        size: u64,
    },
    /// No checkpoint is published yet: the witnesses have not cosigned the first.
    #[error("no checkpoint is published yet: the quorum of witnesses has not cosigned one")]
    WitnessesPending,
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The tree's tiles, or the contents, cannot be read.
    #[error("{what} cannot be read: {reason}")]
    Part {
        /// What: "the tree", "the content".
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// A stored content is not the one that was recorded.
    #[error("a stored content is not the one that was recorded: {reason}")]
    ContentDamaged {
        /// Which, and how it differs.
        reason: String,
    },
    /// What was read is not what was recorded.
    #[error("entry {index} as read is not the entry that was recorded: {reason}")]
    Corrupt {
        /// Which entry.
        index: u64,
        /// How it differs.
        reason: String,
    },
}

impl ReadError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ReadError::NoSuchEntry { .. } => "NO_SUCH_ENTRY",
            ReadError::NoSuchProof { .. } => "NO_SUCH_PROOF",
            ReadError::WitnessesPending => "WITNESSES_PENDING",
            ReadError::Store(crate::store::StoreError::Corrupt(_))
            | ReadError::ContentDamaged { .. }
            | ReadError::Corrupt { .. } => "STORED_BYTES_DAMAGED",
            ReadError::Store(_) | ReadError::Part { .. } => "STORE_UNREADABLE",
        }
    }

    /// What kind of no it is.
    pub fn kind(&self) -> NoKind {
        match self.code() {
            "STORED_BYTES_DAMAGED" => NoKind::Corruption,
            "STORE_UNREADABLE" | "WITNESSES_PENDING" => NoKind::Unavailable,
            _ => NoKind::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_and_content_fault_has_a_listed_code() {
        let place = 0;
        let signatures = [
            SignatureError::Count { found: 0 },
            SignatureError::KeyTwice { place },
            SignatureError::MalformedKey { place },
            SignatureError::WeakKey { place },
            SignatureError::Mismatch { place },
        ];
        let digest = Digest([0; 32]);
        let contents = [
            ContentFault::Missing { digest },
            ContentFault::Mismatch {
                place,
                expected: digest,
                found: digest,
            },
            ContentFault::Length {
                digest,
                expected: 1,
                found: 2,
            },
            ContentFault::Surplus { place, digest },
            ContentFault::TooLarge { place, found: 1 },
            ContentFault::TooMany { found: 1 },
        ];
        let errors = signatures.map(SubmitError::from).into_iter();
        for error in errors.chain(contents.map(SubmitError::from)) {
            assert!(doc(error.code()).is_some(), "{error}");
            assert!(!error.remedy().is_empty(), "{error}");
            assert_eq!(error.kind(), NoKind::Invalid);
        }
    }
}
