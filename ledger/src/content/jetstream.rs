//! Contents in a key-value bucket of NATS JetStream: `GOV_CONTENT_<ledger>`, the digest in hex as the
//! key, 32 bytes of salt and the content's bytes as the value.
//!
//! **Writing.** A content is written only if its key has no value yet, so that no second copy of it ever
//! comes to be, which an erasure would not reach. What can be read back was synced before.
//!
//! **Erasing** deletes the message that holds the value, and has the server overwrite its bytes in its
//! file (a secure delete). A purge as key-value clients do it is not enough: it hides the value behind
//! a marker, and the bytes stay in the server's file until that file happens to be rewritten. So the
//! bucket is a stream made here, with the settings of a bucket except that deleting is allowed.
//! In a cluster, each replica overwrites its copy; the replicas' journals (Raft logs) and
//! backups of the server may hold the bytes for longer, which the operator has to see to.

use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::message::StreamMessage;
use async_nats::jetstream::publish::PublishAck;
use async_nats::jetstream::response::Response;
use async_nats::jetstream::stream::{
    Config, DiscardPolicy, LastRawMessageErrorKind, StorageType, Stream,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use governance::ids::{Digest, LedgerId};
use tlog::signing::SALT_LEN;

use super::{CONTENT_LEN_MAX, ContentError, ContentStore, SaltedContent};
use crate::nats::{Nats, NatsError, Patience, Replicas};
use crate::store::StoreError;
use crate::store::jetstream as streams;

/// The longest value, and room for its headers.
const MESSAGE_LEN_MAX: i32 = 256 * 1024 + 32 + 1_024;

const _: () = assert!(MESSAGE_LEN_MAX as usize == CONTENT_LEN_MAX + SALT_LEN + 1_024);

/// How many contents are written at once: each is a sync of the server, which orders them anyway.
const WRITES_AT_ONCE: usize = 16;

/// How long is waited before the same is asked again.
const PAUSE: Duration = Duration::from_millis(100);

/// JetStream's codes for a key that has a value.
const WRONG_LAST_SEQUENCE: [u64; 2] = [10_071, 10_164];

/// Contents in a bucket.
#[derive(Clone, Debug)]
pub struct JetStreamContents {
    nats: Nats,
    settings: Config,
    bucket: String,
}

/// The name of a ledger's bucket.
pub fn bucket_name(ledger: &LedgerId) -> String {
    format!("GOV_CONTENT_{ledger}")
}

/// The settings of a bucket's stream: as any client makes one of history 1, but that deleting a message
/// is allowed, and purging a key by a marker is not.
fn settings(bucket: &str, replicas: Replicas) -> Config {
    Config {
        name: format!("KV_{bucket}"),
        subjects: vec![format!("$KV.{bucket}.>")],
        storage: StorageType::File,
        num_replicas: replicas.count(),
        discard: DiscardPolicy::New,
        max_bytes: -1,
        max_messages: -1,
        max_messages_per_subject: 1,
        max_message_size: MESSAGE_LEN_MAX,
        allow_direct: true,
        ..Config::default()
    }
}

impl JetStreamContents {
    /// The contents of a ledger.
    pub fn new(nats: Nats, ledger: &LedgerId) -> JetStreamContents {
        let bucket = bucket_name(ledger);
        JetStreamContents {
            settings: settings(&bucket, nats.config().replicas),
            bucket,
            nats,
        }
    }

    /// Makes the bucket. One that is there must have the right settings, and may hold contents: unlike a
    /// log, contents are never wrong.
    pub async fn create(&self) -> Result<(), StoreError> {
        match self.check().await {
            Err(StoreError::NoStream { .. }) => streams::make(&self.nats, &self.settings).await,
            found => found,
        }
    }

    /// Looks whether the bucket is there, with the right settings.
    pub async fn check(&self) -> Result<(), StoreError> {
        let inspected = streams::inspect(&self.nats, &self.settings).await;
        inspected.map(|_| ())
    }

    fn subject(&self, digest: &Digest) -> String {
        format!("$KV.{}.{digest}", self.bucket)
    }

    /// Writes a content if its key has no value; returns once it has this one.
    async fn write(&self, content: &SaltedContent) -> Result<(), ContentError> {
        let digest = content.digest();
        let value = Bytes::from([content.salt(), content.bytes()].concat());
        let patience = self.nats.patience(self.nats.config().outage_max);
        loop {
            match self.publish(&digest, value.clone()).await {
                Ok(()) => return Ok(()),
                Err(NatsError::Refused { code, .. }) if WRONG_LAST_SEQUENCE.contains(&code) => {
                    match self.stored(&digest).await {
                        Ok(Some(stored)) if stored.payload == value => return Ok(()),
                        // Not what was written once: it goes, and the content is written anew.
                        Ok(Some(stored)) => match self.delete(stored.sequence).await {
                            Ok(()) => {}
                            Err(error) => again(error, &patience).await?,
                        },
                        Ok(None) => {}
                        Err(error) => again(error, &patience).await?,
                    }
                }
                Err(error) => again(error, &patience).await?,
            }
        }
    }

    async fn publish(&self, digest: &Digest, value: Bytes) -> Result<(), NatsError> {
        let doing = "store a content";
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Expected-Last-Subject-Sequence", "0");
        let request = async_nats::Request::new().headers(headers).payload(value);
        let sent = self
            .nats
            .client()
            .send_request(self.subject(digest), request)
            .await;
        let answer = sent.map_err(|error| no_answer(doing, error))?;
        match serde_json::from_slice(&answer.payload) {
            Ok(Response::<PublishAck>::Ok(_)) => Ok(()),
            Ok(Response::Err { error }) => Err(NatsError::Refused {
                doing,
                code: error.error_code().0,
                description: error.to_string(),
            }),
            Err(error) => Err(no_answer(doing, error)),
        }
    }

    /// The message under a digest, whatever it holds, as the leader of the stream has it: a server that
    /// lags behind would give back what was erased.
    async fn stored(&self, digest: &Digest) -> Result<Option<StreamMessage>, NatsError> {
        let doing = "read a content";
        let stream = self.stream(doing).await?;
        match stream
            .get_last_raw_message_by_subject(&self.subject(digest))
            .await
        {
            Ok(message) => Ok(Some(message)),
            Err(error) if matches!(error.kind(), LastRawMessageErrorKind::NoMessageFound) => {
                Ok(None)
            }
            Err(error) => Err(no_answer(doing, error)),
        }
    }

    /// Deletes a message and has its bytes overwritten.
    async fn delete(&self, sequence: u64) -> Result<(), NatsError> {
        let doing = "erase a content";
        let deleted = self.stream(doing).await?.delete_message(sequence).await;
        deleted.map(|_| ()).map_err(|error| no_answer(doing, error))
    }

    async fn stream(&self, doing: &'static str) -> Result<Stream<()>, NatsError> {
        let stream = self
            .nats
            .jetstream()
            .get_stream_no_info(&self.settings.name)
            .await;
        stream.map_err(|error| no_answer(doing, error))
    }

    /// Erases until there is nothing; an answer that was lost may have been of the last erasure.
    async fn erase_all(&self, digest: &Digest) -> Result<bool, ContentError> {
        let patience = self.nats.patience(self.nats.config().outage_max);
        let mut existed = false;
        loop {
            let deleted = match self.stored(digest).await {
                Ok(None) => return Ok(existed),
                Ok(Some(message)) => self.delete(message.sequence).await,
                Err(error) => Err(error),
            };
            match deleted {
                Ok(()) => existed = true,
                Err(error) => again(error, &patience).await?,
            }
        }
    }
}

#[async_trait]
impl ContentStore for JetStreamContents {
    async fn put(&self, contents: &[SaltedContent]) -> Result<(), ContentError> {
        let contents = stream::iter(contents.to_vec());
        let writes = contents.map(|content| async move { self.write(&content).await });
        writes.buffer_unordered(WRITES_AT_ONCE).try_collect().await
    }

    async fn read(&self, digest: &Digest) -> Result<Option<SaltedContent>, ContentError> {
        let patience = self.nats.patience(self.nats.config().request_timeout);
        loop {
            match self.stored(digest).await {
                Ok(None) => return Ok(None),
                Ok(Some(message)) => return content(digest, &message.payload).map(Some),
                Err(error) => again(error, &patience).await?,
            }
        }
    }

    async fn erase(&self, digest: &Digest) -> Result<bool, ContentError> {
        self.erase_all(digest).await
    }
}

/// The content that a value is, if it has the digest.
fn content(digest: &Digest, value: &[u8]) -> Result<SaltedContent, ContentError> {
    let content = value
        .split_first_chunk::<SALT_LEN>()
        .and_then(|(salt, bytes)| SaltedContent::stored(digest, *salt, bytes.to_vec()));
    content.ok_or(ContentError::Corrupt { digest: *digest })
}

/// Waits a little before the same is asked again, unless it is too late for that.
async fn again(error: NatsError, patience: &Patience) -> Result<(), ContentError> {
    if patience.is_over() || !error.may_pass() {
        return Err(error.into());
    }
    tracing::warn!(%error, "asked again");
    tokio::time::sleep(PAUSE).await;
    Ok(())
}

fn no_answer(doing: &'static str, error: impl std::fmt::Display) -> NatsError {
    NatsError::NoAnswer {
        doing,
        reason: error.to_string(),
    }
}
