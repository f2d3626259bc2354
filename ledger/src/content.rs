//! What stays erasable: salt and bytes of contents, beside the log and named by their digest.
//!
//! An action carries only `SHA-256("govledger/content/v1" 0x0A salt bytes)`. Salt and bytes are made
//! durable here before the entry that names them is appended, and can be erased, salt and all,
//! without touching the chain: without the salt, the digest says nothing about the bytes. Who may read
//! a content is decided by those who ask here.

pub mod file;
pub mod jetstream;
pub mod memory;

use async_trait::async_trait;
use governance::action::{Action, Ballot, BallotOpening, Choice, DeliberationAction, Payload};
use governance::commitment;
use governance::ids::{Digest, Leaf, PersonId};
use tlog::signing::{SALT_LEN, content_digest};

use crate::disk::DiskError;
use crate::nats::NatsError;

/// The longest content in bytes, without its salt (formats.md §3).
pub const CONTENT_LEN_MAX: usize = 262_144;

/// How the bytes begin of what opens a hidden ballot.
const SEALED: &[u8] = b"govledger/ballot/v1\n";

/// The commitment of an action that casts a hidden ballot.
pub(crate) fn commitment_of(action: &Action) -> Option<Digest> {
    match &action.payload {
        Payload::Deliberation(DeliberationAction::BallotCast(cast)) => match &cast.ballot {
            Ballot::Hidden(commitment) => Some(*commitment),
            Ballot::Open(_) => None,
        },
        _ => None,
    }
}

/// The digests by which the store keeps what belongs to an action: its contents, and what opens its ballot.
pub(crate) fn kept_for(action: &Action) -> Vec<Digest> {
    let contents = proto::contents_of(action).into_iter();
    let contents = contents.map(|content| content.digest);
    contents.chain(commitment_of(action)).collect()
}

/// A content with its salt, and the digest it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaltedContent {
    digest: Digest,
    salt: [u8; SALT_LEN],
    bytes: Vec<u8>,
}

/// A content longer than [`CONTENT_LEN_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a content of {found} bytes; at most {CONTENT_LEN_MAX} are kept")]
pub struct ContentTooLong {
    /// Its length in bytes.
    pub found: usize,
}

impl SaltedContent {
    /// Takes a content and computes its digest.
    pub fn new(salt: [u8; SALT_LEN], bytes: Vec<u8>) -> Result<SaltedContent, ContentTooLong> {
        let found = bytes.len();
        if found > CONTENT_LEN_MAX {
            return Err(ContentTooLong { found });
        }
        Ok(SaltedContent {
            digest: Digest(content_digest(&salt, &bytes).0),
            salt,
            bytes,
        })
    }

    /// What opens a hidden ballot, sealed: kept by its commitment until the vote is over (formats.md §3).
    pub fn sealed(genesis: Leaf, voting_opened: Leaf, opening: &BallotOpening) -> SaltedContent {
        let choice = opening.choice.to_bytes();
        let voter = opening.voter.as_str();
        // An id has at most 64 bytes.
        let voter_len = u8::try_from(voter.len()).unwrap_or(u8::MAX);
        let bytes = [
            SEALED,
            &genesis.0,
            &voting_opened.0,
            &[voter_len],
            voter.as_bytes(),
            &choice,
        ];
        SaltedContent {
            digest: commitment(
                genesis,
                voting_opened,
                &opening.voter,
                &opening.nonce,
                &choice,
            ),
            salt: opening.nonce,
            bytes: bytes.concat(),
        }
    }

    /// What is stored under a digest, if it is what the digest says: a content, or what opens a ballot.
    pub(crate) fn stored(
        digest: &Digest,
        salt: [u8; SALT_LEN],
        bytes: Vec<u8>,
    ) -> Option<SaltedContent> {
        let content = SaltedContent::new(salt, bytes).ok()?;
        if content.digest == *digest {
            return Some(content);
        }
        let (genesis, voting_opened, opening) = content.parse_sealed()?;
        let sealed = SaltedContent::sealed(genesis, voting_opened, &opening);
        (sealed.digest == *digest && sealed.bytes == content.bytes).then_some(sealed)
    }

    /// What opens a hidden ballot, if this does.
    pub fn opening(&self) -> Option<BallotOpening> {
        self.parse_sealed().map(|(_, _, opening)| opening)
    }

    fn parse_sealed(&self) -> Option<(Leaf, Leaf, BallotOpening)> {
        let rest = self.bytes.strip_prefix(SEALED)?;
        let (genesis, rest) = rest.split_first_chunk()?;
        let (voting_opened, rest) = rest.split_first_chunk()?;
        let (voter_len, rest) = rest.split_first()?;
        let (voter, choice) = rest.split_at_checked(usize::from(*voter_len))?;
        let voter = std::str::from_utf8(voter).ok()?;
        let opening = BallotOpening {
            voter: PersonId::new(voter).ok()?,
            nonce: self.salt,
            choice: Choice::from_bytes(choice)?,
        };
        Some((Leaf(*genesis), Leaf(*voting_opened), opening))
    }

    /// The digest that stands in the log.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The salt.
    pub fn salt(&self) -> &[u8; SALT_LEN] {
        &self.salt
    }

    /// The content itself.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Gives the content itself.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Keeps contents by digest.
///
/// **Durability.** When `put` returns `Ok`, every content given survives the loss of power; when
/// `erase` does, the content no longer comes back with one. After an error either may be so, for each
/// content by itself: put or erase again.
///
/// **Concurrency.** Anyone may call anything at any time. A put and an erase of the same digest at
/// once leave the one or the other.
///
/// **Retries.** None are made. `put` and `erase` are idempotent, so callers may, also after errors:
/// nothing rests on an earlier attempt having half succeeded.
#[async_trait]
pub trait ContentStore: Send + Sync + 'static {
    /// Makes all of these durable. A content that is there already is written anew, also one that
    /// was erased.
    async fn put(&self, contents: &[SaltedContent]) -> Result<(), ContentError>;

    /// The content with this digest, checked against it. `None` if it never came or was erased.
    async fn read(&self, digest: &Digest) -> Result<Option<SaltedContent>, ContentError>;

    /// Erases salt and bytes for good. Returns whether there were any.
    async fn erase(&self, digest: &Digest) -> Result<bool, ContentError>;
}

/// Why a content could not be kept, read or erased.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ContentError {
    /// The system refused an operation.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// NATS does not answer, or says no.
    #[error(transparent)]
    Nats(#[from] NatsError),
    /// What is stored under this digest does not have it. The log is untouched by this; the content
    /// can be put again by whoever still has it.
    #[error("the content stored as {digest} is not what was stored: its digest differs")]
    Corrupt {
        /// The digest asked for.
        digest: Digest,
    },
    /// The program is shutting down.
    #[error("the content store is shutting down")]
    Ended,
    /// A fault that a test asked for.
    #[error("a fault injected by a test")]
    Injected,
}
