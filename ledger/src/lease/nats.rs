//! Leases in a key-value bucket of NATS JetStream: `GOV_LEASES`, a ledger's id as the key.
//!
//! One watcher a process follows all of them, so that leases cost a write a second each and nothing to
//! look at. Where a write was too late, the key itself is read, as what is watched may lag behind.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use async_nats::jetstream::kv::{self, CreateErrorKind, Entry, Operation, Store, UpdateErrorKind};
use async_nats::jetstream::stream::StorageType;
use async_trait::async_trait;
use futures_util::StreamExt as _;
use governance::ids::{LedgerId, Millis};
use tokio::sync::{OnceCell, watch};

use super::{Lease, LeaseError, LeaseStore, SeenLease};
use crate::nats::Nats;

/// The bucket's name.
pub const BUCKET: &str = "GOV_LEASES";

/// The longest message in bytes: a node's id, a space and a number, behind headers that say which revision
/// is expected. Some 200 in all; NATS counts the headers too.
const RECORD_LEN_MAX: i32 = 1_024;

/// After which time the bucket is watched again.
const RETRY: Duration = Duration::from_millis(500);

/// The leases of all ledgers on one NATS.
pub struct NatsLeases {
    nats: Nats,
    shared: Arc<Shared>,
    bucket: OnceCell<Store>,
}

#[derive(Default)]
struct Shared {
    leases: Mutex<BTreeMap<String, watch::Sender<Option<SeenLease>>>>,
}

impl NatsLeases {
    /// The leases that are reached by this connection. The bucket is made where there is none.
    pub fn new(nats: Nats) -> NatsLeases {
        NatsLeases {
            nats,
            shared: Arc::default(),
            bucket: OnceCell::new(),
        }
    }

    /// The bucket, watched from the first time it is asked for.
    async fn bucket(&self) -> Result<&Store, LeaseError> {
        let open = async {
            let bucket = self.open().await?;
            tokio::spawn(follow(bucket.clone(), Arc::downgrade(&self.shared)));
            Ok(bucket)
        };
        self.bucket.get_or_try_init(|| open).await
    }

    async fn open(&self) -> Result<Store, LeaseError> {
        let jetstream = self.nats.jetstream();
        if let Ok(bucket) = jetstream.get_key_value(BUCKET).await {
            return Ok(bucket);
        }
        let config = kv::Config {
            bucket: BUCKET.to_owned(),
            description: "who leads each ledger of govledger".to_owned(),
            max_value_size: RECORD_LEN_MAX,
            history: 1,
            storage: StorageType::File,
            num_replicas: self.nats.config().replicas.count(),
            ..kv::Config::default()
        };
        let created = jetstream.create_key_value(config).await;
        created.map_err(|error| unavailable(&error))
    }
}

impl Shared {
    fn lease<T>(&self, key: &str, act: impl FnOnce(&watch::Sender<Option<SeenLease>>) -> T) -> T {
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        act(leases.entry(key.to_owned()).or_default())
    }

    fn saw(&self, key: &str, seen: SeenLease) {
        self.lease(key, |lease| {
            lease.send_if_modified(|known| {
                let changed = known.as_ref() != Some(&seen);
                *known = Some(seen);
                changed
            });
        });
    }
}

/// Follows the bucket until whoever asked for it is gone.
async fn follow(bucket: Store, shared: Weak<Shared>) {
    loop {
        match bucket.watch_with_history(">").await {
            Ok(mut entries) => {
                while let Some(entry) = entries.next().await {
                    let Some(shared) = shared.upgrade() else {
                        return;
                    };
                    match entry {
                        Ok(entry) => shared.saw(&entry.key, seen(&entry)),
                        Err(error) => tracing::debug!(%error, "the leases' watch was interrupted"),
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "the leases cannot be watched"),
        }
        if shared.strong_count() == 0 {
            return;
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// A lease that was deleted is nobody's.
fn seen(entry: &Entry) -> SeenLease {
    let stamped_ms = entry.created.unix_timestamp_nanos() / 1_000_000;
    let stamped_at = u64::try_from(stamped_ms).ok().map(Millis);
    let lease = match entry.operation {
        Operation::Put => Lease::decode(&entry.value),
        Operation::Delete | Operation::Purge => Some(Lease {
            holder: None,
            written_at: Millis(0),
        }),
    };
    SeenLease {
        lease,
        revision: entry.revision,
        stamped_at,
    }
}

#[async_trait]
impl LeaseStore for NatsLeases {
    async fn watch(
        &self,
        ledger: &LedgerId,
    ) -> Result<watch::Receiver<Option<SeenLease>>, LeaseError> {
        let bucket = self.bucket().await?;
        // What is there now, before whatever comes.
        let entry = bucket.entry(ledger.as_str()).await;
        if let Some(entry) = entry.map_err(|error| unavailable(&error))? {
            self.shared.saw(ledger.as_str(), seen(&entry));
        }
        Ok(self.shared.lease(ledger.as_str(), watch::Sender::subscribe))
    }

    async fn write(
        &self,
        ledger: &LedgerId,
        lease: &Lease,
        expected: Option<u64>,
    ) -> Result<u64, LeaseError> {
        if !self.nats.is_connected() {
            // The client would keep it and send it over the next connection, when it says what was long ago.
            let reason = "there is no connection to NATS".to_owned();
            return Err(LeaseError::Unavailable { reason });
        }
        let bucket = self.bucket().await?;
        let (key, value) = (ledger.as_str(), lease.encode().into_bytes().into());
        let written = if let Some(revision) = expected {
            let updated = bucket.update(key, value, revision).await;
            updated.map_err(|error| match error.kind() {
                UpdateErrorKind::WrongLastRevision => LeaseError::Raced,
                _ => unavailable(&error),
            })
        } else {
            let created = bucket.create(key, value).await;
            created.map_err(|error| match error.kind() {
                CreateErrorKind::AlreadyExists => LeaseError::Raced,
                _ => unavailable(&error),
            })
        };
        if written == Err(LeaseError::Raced)
            && let Ok(Some(entry)) = bucket.entry(key).await
        {
            self.shared.saw(key, seen(&entry));
        }
        written
    }
}

fn unavailable(error: &dyn std::error::Error) -> LeaseError {
    LeaseError::Unavailable {
        reason: error.to_string(),
    }
}

impl std::fmt::Debug for NatsLeases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NatsLeases").finish_non_exhaustive()
    }
}
