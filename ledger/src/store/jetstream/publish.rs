//! Publishing a block until what became of it is known: asks and listens; what to make of it is
//! decided in [`super::attempt`].

use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use async_nats::jetstream::publish::PublishAck;
use async_nats::jetstream::response::Response;
use tlog::Block;

use super::attempt::{Answer, Attempt, Found, Step};
use super::follow::{self, Looked};
use super::message::Outgoing;
use super::read::OneMessage;
use super::{JetStreamStore, read, strange, stream};
use crate::nats::NatsError;
use crate::store::{AppendError, StoreError};

/// How long is waited before something is asked again that was answered at once, but not usefully.
pub(super) const PAUSE: Duration = Duration::from_millis(100);

/// How long an answer is waited for at first, and twice as long after each silence, up to the
/// [`request_timeout`](crate::nats::NatsConfig::request_timeout). What was on its way to a server that died
/// is answered by nobody, and another leads the stream long before that; asking again is harmless.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long an acknowledgement may come after the own tail has delivered the block: both leave the
/// server together, so one that takes longer was lost, and is asked for again.
const GRACE: Duration = Duration::from_millis(250);

impl JetStreamStore {
    /// Publishes a block as the next message, for as long as NATS may be away.
    pub(super) async fn publish(
        &self,
        block: &Block,
        message: &Outgoing,
    ) -> Result<(), AppendError> {
        let mut patience = self.nats.patience(self.nats.config().outage_max);
        let published = patience.bear(self.publish_next(block, message)).await;
        published.unwrap_or_else(|| Err(self.give_up()))
    }

    /// Publishes a block as the next message, again after each foreign one that takes its place.
    async fn publish_next(&self, block: &Block, message: &Outgoing) -> Result<(), AppendError> {
        loop {
            let expected = self.followed().expect(block, message);
            let last_sequence = expected.map_err(|error| match error {
                AppendError::Failed(error) => self.failed(error),
                conflict => conflict,
            })?;
            let sequence = match self.settle(last_sequence, message).await? {
                Settled::Stored { sequence } => sequence,
                Settled::Taken { sequence } => {
                    self.delivered(sequence).await?;
                    continue;
                }
            };
            self.delivered(sequence).await?;
            self.check_own(block, sequence)?;
            return self.look_over_new_connection().await;
        }
    }

    /// Asks until the answer is definite.
    async fn settle(&self, last_sequence: u64, message: &Outgoing) -> Result<Settled, AppendError> {
        let mut attempt = Attempt::after(last_sequence);
        let sequence = attempt.sequence();
        let mut patience = self.patience();
        let mut step = attempt.answered(self.ask(last_sequence, message, &mut patience).await);
        loop {
            step = match step {
                Step::Await { sequence } => return Ok(Settled::Stored { sequence }),
                Step::Conflict => return Ok(Settled::Taken { sequence }),
                Step::Failed { code, description } => {
                    let doing = "store a block";
                    let error = NatsError::Refused {
                        doing,
                        code,
                        description,
                    };
                    return Err(self.failed(error.into()));
                }
                Step::Strange(how) => {
                    return Err(self.unknown(strange(&self.settings.name, how)));
                }
                Step::Publish { because } => {
                    self.pause(&because).await?;
                    attempt.answered(self.ask(last_sequence, message, &mut patience).await)
                }
                Step::Look { sequence } => {
                    let found = self.look(sequence, message).await?;
                    if found == Found::Unanswered {
                        self.pause("its place could not be looked at").await?;
                    }
                    attempt.found(found)
                }
            };
        }
    }

    /// Publishes once, and gives what is heard. After a silence the patience is doubled.
    async fn ask(&self, last_sequence: u64, message: &Outgoing, patience: &mut Duration) -> Answer {
        let mut connections = self.nats.connections();
        connections.mark_unchanged();
        let request = async_nats::Request::new()
            .headers(message.headers_after(last_sequence))
            .payload(message.body.clone());
        let request = self
            .nats
            .client()
            .send_request(self.subject.clone(), request);
        let none = |reason: &str| Answer::None {
            reason: reason.to_owned(),
        };
        tokio::select! {
            biased;
            answer = request => match answer {
                Ok(message) => answer_in(&message.payload),
                Err(error) => none(&error.to_string()),
            },
            // An answer on the connection before will not come on this one.
            Ok(()) = connections.changed() => none("the connection was lost"),
            () = self.delivered_without_answer(last_sequence + 1) => none("it was delivered, but not acknowledged"),
            () = tokio::time::sleep(*patience) => {
                let silent = format!("there was no answer within {patience:?}");
                *patience = self.longer(*patience);
                none(&silent)
            }
        }
    }

    /// Returns some time after the own tail has delivered this message.
    async fn delivered_without_answer(&self, sequence: u64) {
        let delivered = self
            .followed()
            .wait_for(|tail| tail.last_sequence >= sequence)
            .await;
        if delivered.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    }

    /// What stands at a place in the stream.
    async fn look(&self, sequence: u64, message: &Outgoing) -> Result<Found, AppendError> {
        let stream = &self.settings.name;
        match read::one(&self.nats, stream, sequence).await {
            Ok(OneMessage::Message(found))
                if message.is(found.headers.as_ref(), &found.payload) =>
            {
                Ok(Found::Ours)
            }
            Ok(OneMessage::Message(_)) => Ok(Found::Another),
            Ok(OneMessage::Missing) => self.end_of_stream().await,
            Err(error) => Ok(unanswered(&error)),
        }
    }

    async fn end_of_stream(&self) -> Result<Found, AppendError> {
        match stream::inspect(&self.nats, &self.settings).await {
            Ok(extent) => Ok(Found::Nothing {
                last_sequence: extent.last_sequence,
            }),
            Err(StoreError::Nats(error)) => Ok(unanswered(&error)),
            Err(error) => Err(self.unknown(error)),
        }
    }

    /// Waits until the own tail has delivered this message, which is in the stream. A tail that was served
    /// by a server that died hears nothing, and finds out late by itself.
    async fn delivered(&self, sequence: u64) -> Result<(), AppendError> {
        let mut patience = self.patience();
        loop {
            let delivered = self
                .followed()
                .wait_for(|tail| tail.last_sequence >= sequence);
            match tokio::time::timeout(patience, delivered).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => return Err(self.unknown(error)),
                Err(_) => self.followed().ask_anew(),
            }
            patience = self.longer(patience);
        }
    }

    /// What the own tail has delivered in the block's place is the block.
    fn check_own(&self, block: &Block, sequence: u64) -> Result<(), AppendError> {
        let own = self.followed().with(|fold| {
            let at = fold.position(block.first_index);
            let found = fold.blocks().get(at).copied();
            found.is_some_and(|found| {
                (found.first_index, found.sequence) == (block.first_index, sequence)
            })
        });
        if own {
            return Ok(());
        }
        let stream = self.settings.name.clone();
        let reason =
            format!("message {sequence} was acknowledged as one block and delivered as another");
        Err(self.unknown(StoreError::StreamChanged { stream, reason }))
    }

    /// Looks at the stream again where the connection was made anew since it was looked at last: nothing is
    /// acknowledged by a server that may have lost what was acknowledged before.
    async fn look_over_new_connection(&self) -> Result<(), AppendError> {
        let connections = self.nats.connections();
        loop {
            let era = connections.borrow().era();
            if self.followed().was_looked_at_in(era) {
                return Ok(());
            }
            match follow::look(&self.nats, &self.settings, self.followed()).await {
                Looked::Sound => {}
                Looked::Changed(error) => return Err(self.unknown(error)),
                Looked::Unanswered => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Waits a little, and sees whether the stream is what it was, if somebody who leads it says so at once.
    async fn pause(&self, because: &str) -> Result<(), AppendError> {
        let stream = &self.settings.name;
        tracing::warn!(stream, because, "a block is published again");
        *self.trouble() = Some(because.to_owned());
        tokio::time::sleep(PAUSE).await;
        let looked = follow::look(&self.nats, &self.settings, self.followed());
        match tokio::time::timeout(self.patience(), looked).await {
            Ok(Looked::Changed(error)) => Err(self.unknown(error)),
            Ok(Looked::Sound | Looked::Unanswered) | Err(_) => Ok(()),
        }
    }

    /// How long to wait at first.
    fn patience(&self) -> Duration {
        PATIENCE.min(self.nats.config().request_timeout)
    }

    /// How long to wait after so long was in vain.
    fn longer(&self, patience: Duration) -> Duration {
        (patience * 2).min(self.nats.config().request_timeout)
    }

    fn give_up(&self) -> AppendError {
        self.instance.away.store(true, Ordering::Relaxed);
        let because = self.trouble().take();
        let error = NatsError::NoAnswer {
            doing: "store a block",
            reason: because.unwrap_or_else(|| "it does not acknowledge it".to_owned()),
        };
        self.unknown(error.into())
    }

    fn trouble(&self) -> MutexGuard<'_, Option<String>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is certain about a place in the stream.
enum Settled {
    /// The block has it.
    Stored { sequence: u64 },
    /// Another message has it.
    Taken { sequence: u64 },
}

fn answer_in(payload: &[u8]) -> Answer {
    match serde_json::from_slice::<Response<PublishAck>>(payload) {
        Ok(Response::Ok(ack)) => Answer::Stored {
            sequence: ack.sequence,
        },
        Ok(Response::Err { error }) => Answer::Refused {
            status: error.code() as u64,
            code: error.error_code().0,
            description: error.to_string(),
        },
        Err(error) => Answer::None {
            reason: format!("an answer that cannot be read: {error}"),
        },
    }
}

fn unanswered(error: &NatsError) -> Found {
    tracing::debug!(%error, "a place in the stream could not be looked at");
    Found::Unanswered
}
