//! The node's own tail of a stream: every message in order, as the server delivers it, folded.
//!
//! One task an instance follows the stream by an ordered push consumer, which the client makes anew
//! from the last message seen whenever it finds that it was lost; the appender, which knows sooner that
//! a message was stored and not delivered, has the task ask for one. Everything this node says about the log rests on
//! what was delivered here; that a publication was acknowledged is not enough.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::consumer::push::{Ordered, OrderedConfig};
use async_nats::jetstream::message::Message;
use async_nats::jetstream::stream::Config;
use futures_util::StreamExt as _;
use tlog::{Block, Chain};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

use super::attempt::Strange;
use super::fold::{Fold, Verdict};
use super::message::Outgoing;
use super::stream::{self, Extent};
use crate::nats::{Nats, NatsError};
use crate::store::{AppendError, Damage, DamageKind, LogPlace, StoreError};

/// How often the stream itself is looked at, at the least and at the most; between them it is twice as long
/// as an answer may take. So a node without anything to write learns within seconds that the stream is gone,
/// and it costs nothing beside the blocks.
const LOOK_EVERY: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(10));

/// How long is waited before a consumer is asked for again that could not be had.
const PAUSE: Duration = Duration::from_millis(200);

/// How far the tail is.
#[derive(Clone, Debug, Default)]
pub(super) struct Position {
    /// Entries in the log.
    pub(super) length: u64,
    /// The last message looked at.
    pub(super) last_sequence: u64,
    /// Why it goes no further, if it does not.
    pub(super) ended: Option<StoreError>,
}

/// A block of our own on its way: the message it must become, and the log with it.
struct Own {
    sequence: u64,
    message: Outgoing,
    after: Chain,
}

/// What the tail, the appender and readers of an instance share.
pub(super) struct Followed {
    fold: RwLock<Fold>,
    position: watch::Sender<Position>,
    own: Mutex<Option<Own>>,
    /// The consumer is to be asked for anew.
    anew: Notify,
    /// The newest [era](crate::nats::Connections::era) in which the stream was looked at and found to be what it
    /// was.
    looked_at: AtomicU64,
}

impl Followed {
    /// What was read of a stream so far, which was looked at in this era of the connection.
    pub(super) fn new(fold: Fold, looked_at: u64) -> Followed {
        let position = Position {
            length: fold.length(),
            last_sequence: fold.last_sequence(),
            ended: None,
        };
        Followed {
            fold: RwLock::new(fold),
            position: watch::Sender::new(position),
            own: Mutex::new(None),
            anew: Notify::new(),
            looked_at: AtomicU64::new(looked_at),
        }
    }

    /// Whether the stream was looked at in this era of the connection. A connection made anew may lead to a
    /// server that lost what the one before had acknowledged.
    pub(super) fn was_looked_at_in(&self, era: u64) -> bool {
        self.looked_at.load(Ordering::Relaxed) >= era
    }

    /// A message that is missing, and the entries with it.
    pub(super) fn gone(&self, stream: &str, sequence: u64) -> Damage {
        Damage {
            place: LogPlace::Stream {
                name: stream.to_owned(),
                sequence,
            },
            index: self.with(|fold| fold.index_at(sequence)),
            kind: DamageKind::MessageMissing,
        }
    }

    /// How a stream is not the one of which everything up to message `expected` was read, if it is not.
    fn compare(&self, stream: &str, extent: &Extent, expected: u64) -> Option<StoreError> {
        let found = extent.last_sequence;
        if found < expected {
            let rolled_back = Strange::RolledBack { expected, found };
            return Some(super::strange(stream, rolled_back));
        }
        let gone = extent.missing.filter(|sequence| *sequence <= expected)?;
        Some(self.gone(stream, gone).into())
    }

    /// Reads the log as far as it was delivered.
    pub(super) fn with<T>(&self, read: impl FnOnce(&Fold) -> T) -> T {
        read(&self.fold.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where the tail is.
    pub(super) fn position(&self) -> Position {
        self.position.borrow().clone()
    }

    /// Waits until the tail is where `done` says, or has ended.
    pub(super) async fn wait_for(
        &self,
        done: impl Fn(&Position) -> bool,
    ) -> Result<(), StoreError> {
        let mut position = self.position.subscribe();
        let reached = position
            .wait_for(|position| done(position) || position.ended.is_some())
            .await;
        // The sender lives as long as `self`.
        let reached = reached.map_err(|_| StoreError::Ended)?;
        match &reached.ended {
            Some(error) if !done(&reached) => Err(error.clone()),
            _ => Ok(()),
        }
    }

    /// Says that the tail goes no further. The first reason stays.
    pub(super) fn end(&self, error: StoreError) {
        self.position.send_if_modified(|position| {
            let first = position.ended.is_none();
            if first {
                position.ended = Some(error);
            }
            first
        });
    }

    /// Has the tail ask for a consumer anew, as the one it has does not deliver what is in the stream.
    pub(super) fn ask_anew(&self) {
        self.anew.notify_one();
    }

    /// Announces a block of our own, which may become the message after the last one delivered and
    /// nothing else; so that it is not checked once more when it is delivered. Returns that last one's
    /// number. A block that does not begin where the log ends is a conflict.
    pub(super) fn expect(&self, block: &Block, message: &Outgoing) -> Result<u64, AppendError> {
        // Read under one lock: another's block may be delivered at any moment.
        let (last_sequence, after) = self.with(|fold| {
            let length = fold.length();
            if length != block.first_index {
                return Err(AppendError::Conflict { length });
            }
            let after = fold.after(block);
            let after = after.map_err(|error| AppendError::Failed(error.into()))?;
            Ok((fold.last_sequence(), after))
        })?;
        let own = Own {
            sequence: last_sequence + 1,
            message: message.clone(),
            after,
        };
        *self.own.lock().unwrap_or_else(PoisonError::into_inner) = Some(own);
        Ok(last_sequence)
    }

    /// Takes a delivered message.
    fn take(&self, sequence: u64, message: &async_nats::Message) {
        let (headers, body) = (message.headers.as_ref(), &message.payload);
        let mut fold = self.fold.write().unwrap_or_else(PoisonError::into_inner);
        if sequence == fold.last_sequence() + 1
            && let Some(own) = self.own_at(sequence)
            && own.message.is(headers, body)
        {
            fold.take_own(sequence, body, own.after);
        } else {
            match fold.take(sequence, headers, body) {
                Ok(Verdict::Block) => {}
                Ok(Verdict::Seen) => return,
                Ok(Verdict::Skipped(foreign)) => tracing::error!(
                    sequence,
                    subject = %message.subject,
                    %foreign,
                    "ALARM: a message in the log's stream is no block of it and is passed over"
                ),
                Err(damage) => {
                    drop(fold);
                    return self.end(damage.into());
                }
            }
        }
        let (length, last_sequence) = (fold.length(), fold.last_sequence());
        drop(fold);
        self.position.send_modify(|position| {
            position.length = length;
            position.last_sequence = last_sequence;
        });
    }

    fn own_at(&self, sequence: u64) -> Option<Own> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        own.take_if(|own| own.sequence <= sequence)
            .filter(|own| own.sequence == sequence)
    }
}

/// Ends the task when it is dropped.
#[derive(Debug)]
pub(super) struct Following(AbortHandle);

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Follows the stream from where the fold is.
pub(super) fn follow(nats: Nats, settings: Config, followed: Arc<Followed>) -> Following {
    let task = tokio::spawn(async move {
        tokio::select! {
            () = deliver(&nats, &settings, &followed) => {}
            error = look_now_and_then(&nats, &settings, &followed) => followed.end(error),
        }
    });
    Following(task.abort_handle())
}

/// Folds messages until the tail has ended, by one consumer after another.
async fn deliver(nats: &Nats, settings: &Config, followed: &Followed) {
    while followed.position().ended.is_none() {
        tokio::select! {
            () = deliver_by_one(nats, settings, followed) => {}
            () = followed.anew.notified() => {
                tracing::debug!("the tail of the log does not hear what was stored; it is asked for anew");
            }
        }
    }
}

/// Folds messages of one consumer, which the client makes anew when it sees that it was lost.
async fn deliver_by_one(nats: &Nats, settings: &Config, followed: &Followed) {
    let next = followed.position().last_sequence + 1;
    let mut messages = match consume(nats, settings, next).await {
        Ok(messages) => messages,
        Err(error) => {
            tracing::debug!(%error, "the tail of the log is asked for again");
            return tokio::time::sleep(PAUSE).await;
        }
    };
    while let Some(delivered) = messages.next().await {
        match delivered {
            Ok(message) => take(followed, &message),
            Err(error) => tracing::debug!(%error, "the tail of the log was interrupted"),
        }
        if followed.position.borrow().ended.is_some() {
            return;
        }
    }
}

fn take(followed: &Followed, message: &Message) {
    match message.info() {
        Ok(info) => followed.take(info.stream_sequence, message),
        // Only JetStream delivers to the consumer's subject.
        Err(error) => tracing::warn!(%error, "a delivery that is none of JetStream's"),
    }
}

async fn consume(nats: &Nats, settings: &Config, next: u64) -> Result<Ordered, NatsError> {
    let failed = |reason: String| NatsError::NoAnswer {
        doing: "follow the stream",
        reason,
    };
    let config = OrderedConfig {
        deliver_subject: nats.client().new_inbox(),
        deliver_policy: DeliverPolicy::ByStartSequence {
            start_sequence: next,
        },
        ..OrderedConfig::default()
    };
    let stream = nats.jetstream().get_stream_no_info(&settings.name).await;
    let stream = stream.map_err(|error| failed(error.to_string()))?;
    let consumer = stream.create_consumer(config).await;
    let consumer = consumer.map_err(|error| failed(error.to_string()))?;
    consumer
        .messages()
        .await
        .map_err(|error| failed(error.to_string()))
}

/// Looks at the stream every few seconds, and at once over each new connection; returns once it is not what
/// it was.
async fn look_now_and_then(nats: &Nats, settings: &Config, followed: &Followed) -> StoreError {
    let (least, most) = LOOK_EVERY;
    let every = (nats.config().request_timeout * 2).clamp(least, most);
    let mut connections = nats.connections();
    loop {
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            Ok(()) = connections.changed() => {}
        }
        if let Looked::Changed(error) = look(nats, settings, followed).await {
            return error;
        }
    }
}

/// What a look at the stream shows.
pub(super) enum Looked {
    /// It is the one that was read, as far as it was read.
    Sound,
    /// It has changed in a way that it may not.
    Changed(StoreError),
    /// Nothing: there is no answer.
    Unanswered,
}

/// Looks whether the stream still is what was read.
pub(super) async fn look(nats: &Nats, settings: &Config, followed: &Followed) -> Looked {
    let era = nats.connections().borrow().era();
    // Before the stream is asked, as it may grow meanwhile.
    let read = followed.position().last_sequence;
    match stream::inspect(nats, settings).await {
        Ok(extent) => {
            if let Some(error) = followed.compare(&settings.name, &extent, read) {
                return Looked::Changed(error);
            }
            followed.looked_at.fetch_max(era, Ordering::Relaxed);
            Looked::Sound
        }
        Err(StoreError::Nats(error)) => {
            tracing::debug!(%error, "the stream could not be looked at");
            Looked::Unanswered
        }
        Err(error) => Looked::Changed(error),
    }
}
