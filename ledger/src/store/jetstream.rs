//! The log store in NATS JetStream: one stream a ledger, one message a block.
//!
//! ```text
//! stream   GOV_<ledger>           file storage; nothing is deleted, purged, rolled up or aged
//! subject  gov.<ledger>.blocks
//! message  a block's body, with the headers Gov-First-Index and Gov-Size
//! ```
//!
//! **The log is what everybody folds from the messages.** A message whose entries do not continue the
//! chain is passed over by all alike ([`fold`]), told as an alarm, and never fatal.
//!
//! **Appending.** A block is published as the message after the last one read, and NATS takes it as
//! that or not at all. The same is published again until the answer is definite ([`attempt`]). The
//! append is done once NATS has acknowledged it *and* this node's own tail ([`follow`]) has delivered
//! it in its place. Both are waited for at once.
//!
//! **Outages.** While NATS is away, the block waits for it, up to the bound of the configuration; then
//! the append is `Unknown`, as it may still arrive.
//!
//! **Durability** is the server's: it must run with `sync_interval: always`, which a client cannot see.
//! NATS is transport and replica; that nothing was lost is shown by the checkpoints alone.

mod attempt;
mod fold;
mod follow;
mod message;
mod publish;
mod read;
mod stream;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_nats::jetstream::stream::Config;
use async_trait::async_trait;
use governance::ids::LedgerId;
use tlog::Block;

pub use self::stream::{blocks_subject, stream_name};
pub(crate) use self::stream::{inspect, make};

use self::attempt::Strange;
use self::fold::Fold;
use self::follow::{Followed, Following};
use self::message::Outgoing;
use self::stream::Extent;
use super::{
    AppendError, Damage, DamageKind, LogPlace, LogStore, OpenReport, Opened, READ_BLOCKS_MAX,
    StoreError, StoreFactory,
};
use crate::nats::{Nats, NatsError, Patience};

/// The stream of one ledger; the JetStream store's [`StoreFactory`].
pub struct JetStreamLog {
    nats: Nats,
    ledger: LedgerId,
    settings: Config,
    /// Whether NATS was away for so long that it was given up, and has not answered since.
    away: Arc<AtomicBool>,
    /// The instance opened last, which the next goes on from.
    opened: tokio::sync::Mutex<Option<Arc<Instance>>>,
}

/// What an opening shares with those who use it.
struct Instance {
    followed: Arc<Followed>,
    /// Gone once it is closed.
    following: std::sync::Mutex<Option<Following>>,
    /// [`JetStreamLog::away`].
    away: Arc<AtomicBool>,
}

impl Instance {
    /// Says that nothing more is appended, and follows no further.
    fn end(&self, error: StoreError) {
        self.followed.end(error);
        let mut following = self
            .following
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        following.take();
    }
}

impl JetStreamLog {
    /// The log of this ledger, which need not exist yet.
    pub fn new(nats: Nats, ledger: LedgerId) -> JetStreamLog {
        let settings = stream::settings(&ledger, nats.config().replicas);
        JetStreamLog {
            nats,
            ledger,
            settings,
            away: Arc::default(),
            opened: tokio::sync::Mutex::default(),
        }
    }

    /// The stream's name.
    pub fn stream(&self) -> &str {
        &self.settings.name
    }

    /// Makes an empty stream: the only thing that does. A stream that is there and holds messages is
    /// [`StoreError::StreamExists`]; an empty one must have the right settings.
    pub async fn create(&self) -> Result<(), StoreError> {
        stream::create(&self.nats, &self.settings).await
    }

    /// Opens the log for reading only, from a stream that need not have been left alone: what can be
    /// read of it up to the first message that is missing. Nothing can be appended to it.
    pub async fn inspect(&self) -> Result<(Arc<dyn LogStore>, OpenReport), StoreError> {
        let era = self.nats.connections().borrow().era();
        let extent = self.patiently_inspected().await?;
        let fold = self.folded(extent.end()).await?;
        let instance = Arc::new(Instance {
            followed: Arc::new(Followed::new(fold, era)),
            following: std::sync::Mutex::default(),
            away: Arc::clone(&self.away),
        });
        let report = report(&instance.followed);
        if let Some(sequence) = extent.missing {
            return Err(instance.followed.gone(self.stream(), sequence).into());
        }
        instance.end(StoreError::Ended);
        Ok((self.store(instance), report))
    }

    /// Folds the stream up to this message by asking for its messages, without a consumer: what makes one writes to
    /// the server, and who may only read may not.
    async fn folded(&self, end: u64) -> Result<Fold, StoreError> {
        let mut fold = Fold::new(self.ledger.as_str(), self.stream());
        while fold.last_sequence() < end {
            let next = fold.last_sequence() + 1;
            for message in read::following(&self.nats, self.stream(), next, end).await? {
                let sequence = fold.last_sequence() + 1;
                fold.take(sequence, message.headers.as_ref(), &message.payload)?;
            }
            if fold.last_sequence() < next {
                let damage = Damage {
                    place: LogPlace::Stream {
                        name: self.stream().to_owned(),
                        sequence: next,
                    },
                    index: fold.length(),
                    kind: DamageKind::MessageMissing,
                };
                return Err(damage.into());
            }
        }
        Ok(fold)
    }

    /// Follows the stream up to its present end, or up to where messages are missing: from where an earlier
    /// instance has read it, which ends, if the stream still holds that.
    async fn open_after(
        &self,
        earlier: Option<&Instance>,
    ) -> Result<(Arc<Instance>, Extent), StoreError> {
        let mut sound = None;
        if let Some(instance) = earlier {
            let ended = instance.followed.position().ended;
            // While NATS was away nothing was read that is not so.
            sound = matches!(ended, None | Some(StoreError::Ended | StoreError::Nats(_)))
                .then_some(instance);
            instance.end(StoreError::Ended);
        }
        let era = self.nats.connections().borrow().era();
        let extent = self.patiently_inspected().await?;
        let earlier = match sound {
            Some(instance) => self.resumed(instance).await,
            None => None,
        };
        let fold = earlier.unwrap_or_else(|| Fold::new(self.ledger.as_str(), self.stream()));
        let followed = Arc::new(Followed::new(fold, era));
        let settings = self.settings.clone();
        let following = follow::follow(self.nats.clone(), settings, Arc::clone(&followed));
        let instance = Arc::new(Instance {
            followed,
            following: std::sync::Mutex::new(Some(following)),
            away: Arc::clone(&self.away),
        });
        self.read_up_to(&instance.followed, extent.end()).await?;
        Ok((instance, extent))
    }

    /// Waits until the tail has delivered this message, as long as it delivers any.
    async fn read_up_to(&self, followed: &Followed, end: u64) -> Result<(), StoreError> {
        loop {
            let before = followed.position().last_sequence;
            if before >= end {
                return Ok(());
            }
            let more = followed.wait_for(|tail| tail.last_sequence > before);
            let delivered = self.patience().bear(more).await;
            delivered.ok_or_else(|| silent("no message was delivered"))??;
        }
    }

    /// For how long NATS may be away: where the whole outage was waited for already, only as long as an answer
    /// may take.
    fn patience(&self) -> Patience {
        let config = self.nats.config();
        let most = if self.away.load(Ordering::Relaxed) {
            config.request_timeout
        } else {
            config.outage_max
        };
        self.nats.patience(most)
    }

    /// Looks at the stream, for as long as an outage may last if need be.
    async fn patiently_inspected(&self) -> Result<Extent, StoreError> {
        let mut patience = self.patience();
        let inspected = async {
            loop {
                match stream::inspect(&self.nats, &self.settings).await {
                    Err(StoreError::Nats(error)) if error.may_pass() => {
                        tracing::warn!(stream = self.stream(), %error, "asked again");
                        tokio::time::sleep(publish::PAUSE).await;
                    }
                    extent => return extent,
                }
            }
        };
        let inspected = patience.bear(inspected).await;
        inspected.unwrap_or_else(|| Err(silent("it was away for too long").into()))
    }

    /// The log as the last instance left it, if the stream still holds what that one read.
    async fn resumed(&self, earlier: &Instance) -> Option<Fold> {
        let fold = earlier.followed.with(Fold::clone);
        let last = fold.blocks().last().copied()?;
        let read = read::blocks(&self.nats, self.stream(), &[last]).await;
        read.is_ok().then_some(fold)
    }

    fn store(&self, instance: Arc<Instance>) -> Arc<dyn LogStore> {
        Arc::new(JetStreamStore {
            nats: self.nats.clone(),
            settings: self.settings.clone(),
            subject: blocks_subject(&self.ledger),
            instance,
            in_flight: tokio::sync::Mutex::new(()),
            trouble: std::sync::Mutex::default(),
        })
    }

    fn damage(&self, instance: &Instance, sequence: u64, kind: DamageKind) -> Damage {
        let name = self.stream().to_owned();
        Damage {
            place: LogPlace::Stream { name, sequence },
            index: instance.followed.position().length,
            kind,
        }
    }

    /// Whether the log holds everything that was acknowledged.
    fn check(
        &self,
        instance: &Instance,
        extent: &Extent,
        checkpoint_size: u64,
    ) -> Result<(), Damage> {
        if let Some(sequence) = extent.missing {
            return Err(instance.followed.gone(self.stream(), sequence));
        }
        if instance.followed.position().length < checkpoint_size {
            let kind = DamageKind::ShorterThanCheckpoint { checkpoint_size };
            return Err(self.damage(instance, extent.last_sequence, kind));
        }
        Ok(())
    }
}

fn report(followed: &Followed) -> OpenReport {
    followed.with(|fold| OpenReport {
        length: fold.length(),
        blocks: fold.blocks().len() as u64,
        bytes: fold.bytes(),
        skipped: fold.skipped(),
        ..OpenReport::default()
    })
}

fn silent(reason: &str) -> NatsError {
    NatsError::NoAnswer {
        doing: "read the stream",
        reason: reason.to_owned(),
    }
}

/// What a stream that is not the one that was followed means to the ledger.
fn strange(stream: &str, strange: Strange) -> StoreError {
    StoreError::StreamChanged {
        stream: stream.to_owned(),
        reason: strange.to_string(),
    }
}

#[async_trait]
impl StoreFactory for JetStreamLog {
    async fn open(&self, checkpoint_size: u64) -> Result<Opened, StoreError> {
        let mut opened = self.opened.lock().await;
        let found = self.open_after(opened.as_deref()).await;
        let away = matches!(found, Err(StoreError::Nats(_)));
        self.away.store(away, Ordering::Relaxed);
        let (instance, extent) = found?;
        *opened = Some(Arc::clone(&instance));
        if let Err(damage) = self.check(&instance, &extent, checkpoint_size) {
            instance.end(damage.clone().into());
            return Err(damage.into());
        }
        let report = report(&instance.followed);
        let store = self.store(instance);
        Ok(Opened { store, report })
    }

    async fn salvage(&self) -> Option<Arc<dyn LogStore>> {
        let opened = self.opened.lock().await;
        let instance = opened.as_ref()?;
        instance.end(StoreError::Ended);
        Some(self.store(Arc::clone(instance)))
    }
}

/// A log opened for appending.
struct JetStreamStore {
    nats: Nats,
    settings: Config,
    subject: String,
    instance: Arc<Instance>,
    in_flight: tokio::sync::Mutex<()>,
    /// Why a block was last published again.
    trouble: std::sync::Mutex<Option<String>>,
}

impl JetStreamStore {
    fn followed(&self) -> &Followed {
        &self.instance.followed
    }

    /// Ends the instance where whether the block is stored is not known.
    fn unknown(&self, error: StoreError) -> AppendError {
        self.instance.end(error.clone());
        AppendError::Unknown(error)
    }

    /// Ends the instance where the block is surely not stored.
    fn failed(&self, error: StoreError) -> AppendError {
        self.instance.end(error.clone());
        AppendError::Failed(error)
    }
}

#[async_trait]
impl LogStore for JetStreamStore {
    async fn length(&self) -> Result<u64, StoreError> {
        Ok(self.followed().position().length)
    }

    async fn append(&self, block: &Block) -> Result<(), AppendError> {
        let _in_flight = self.in_flight.lock().await;
        if let Some(_ended) = self.followed().position().ended {
            return Err(AppendError::Failed(StoreError::Ended));
        }
        let message = Outgoing::new(block).map_err(|error| self.failed(error.into()))?;
        self.publish(block, &message).await
    }

    async fn wait_beyond(&self, length: u64) -> Result<(), StoreError> {
        self.followed().wait_for(|tail| tail.length > length).await
    }

    async fn read(&self, index: u64, max_blocks: usize) -> Result<Vec<Block>, StoreError> {
        let placed = self.followed().with(|fold| {
            let (blocks, first) = (fold.blocks(), fold.position(index));
            let count = max_blocks.min(READ_BLOCKS_MAX).min(blocks.len() - first);
            blocks[first..first + count].to_vec()
        });
        read::blocks(&self.nats, &self.settings.name, &placed).await
    }

    fn skipped(&self) -> u64 {
        self.followed().with(Fold::skipped)
    }

    async fn close(&self) {
        let _in_flight = self.in_flight.lock().await;
        self.instance.end(StoreError::Ended);
    }
}

impl std::fmt::Debug for JetStreamLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JetStreamLog")
            .field("stream", &self.stream())
            .finish_non_exhaustive()
    }
}
