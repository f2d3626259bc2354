//! Messages over NATS itself, without JetStream: what nobody listens to is gone.

use std::time::Duration;

use async_nats::client::{PublishErrorKind, RequestErrorKind};
use async_nats::{Client, Request, StatusCode};
use async_trait::async_trait;
use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::{Message, MessageError, Messages, WAITING_MAX};
use crate::nats::Nats;

/// How many answers to one question are taken: more nodes than a ledger has.
const ANSWERS_MAX: usize = 64;

/// Messages over a connection to NATS.
#[derive(Clone, Debug)]
pub struct NatsMessages {
    client: Client,
}

impl NatsMessages {
    /// Messages over this connection.
    pub fn new(nats: &Nats) -> NatsMessages {
        NatsMessages {
            client: nats.client().clone(),
        }
    }
}

#[async_trait]
impl Messages for NatsMessages {
    async fn publish(&self, subject: &str, payload: Vec<u8>) -> Result<(), MessageError> {
        let found = payload.len();
        let published = self
            .client
            .publish(subject.to_owned(), payload.into())
            .await;
        published.map_err(|error| match error.kind() {
            PublishErrorKind::MaxPayloadExceeded => MessageError::TooLong { found },
            _ => unavailable(&error),
        })
    }

    async fn listen(&self, subject: &str) -> Result<mpsc::Receiver<Message>, MessageError> {
        let subscription = self.client.subscribe(subject.to_owned()).await;
        let mut subscription = subscription.map_err(|error| unavailable(&error))?;
        let (messages, receiver) = mpsc::channel(WAITING_MAX);
        tokio::spawn(async move {
            loop {
                let heard = tokio::select! {
                    heard = subscription.next() => heard,
                    () = messages.closed() => return,
                };
                let Some(heard) = heard else { return };
                // For whom too many wait it is lost.
                let _ = messages.try_send(Message {
                    subject: heard.subject.to_string(),
                    payload: heard.payload.into(),
                    reply_to: heard.reply.map(|reply| reply.to_string()),
                });
            }
        });
        Ok(receiver)
    }

    async fn ask(
        &self,
        subject: &str,
        payload: Vec<u8>,
        patience: Duration,
    ) -> Result<Vec<u8>, MessageError> {
        let found = payload.len();
        let request = Request::new()
            .payload(payload.into())
            .timeout(Some(patience));
        let answer = self.client.send_request(subject.to_owned(), request).await;
        match answer {
            Ok(answer) => Ok(answer.payload.into()),
            Err(error) => Err(match error.kind() {
                RequestErrorKind::TimedOut => MessageError::NoAnswer { patience },
                RequestErrorKind::NoResponders => MessageError::NobodyListens {
                    subject: subject.to_owned(),
                },
                RequestErrorKind::MaxPayloadExceeded => MessageError::TooLong { found },
                _ => unavailable(&error),
            }),
        }
    }

    async fn ask_all(
        &self,
        subject: &str,
        payload: Vec<u8>,
        patience: Duration,
    ) -> Result<Vec<Vec<u8>>, MessageError> {
        let deadline = Instant::now() + patience;
        let inbox = self.client.new_inbox();
        let subscribed = self.client.subscribe(inbox.clone()).await;
        let mut answers = subscribed.map_err(|error| unavailable(&error))?;
        let asked = self
            .client
            .publish_with_reply(subject.to_owned(), inbox, payload.into())
            .await;
        asked.map_err(|error| unavailable(&error))?;
        let mut all = Vec::new();
        while all.len() < ANSWERS_MAX
            && let Ok(Some(answer)) = timeout_at(deadline, answers.next()).await
        {
            if answer.status == Some(StatusCode::NO_RESPONDERS) {
                break;
            }
            all.push(answer.payload.into());
        }
        Ok(all)
    }
}

fn unavailable(error: &dyn std::error::Error) -> MessageError {
    MessageError::Unavailable {
        reason: error.to_string(),
    }
}
