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
use governance::ids::Digest;
use tlog::signing::{SALT_LEN, content_digest};

use crate::disk::DiskError;
use crate::nats::NatsError;

/// The longest content in bytes, without its salt (formats.md §3).
pub const CONTENT_LEN_MAX: usize = 262_144;

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
