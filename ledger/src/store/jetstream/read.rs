//! Reading blocks back: several messages by one request.

use async_nats::{Message, StatusCode};
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde::Serialize;
use tlog::{Block, BlockError};

use super::fold::Placed;
use crate::nats::{Nats, NatsError};
use crate::store::{Damage, DamageKind, LogPlace, StoreError};

/// The most bytes one request asks for: a block of the largest size and its headers fit several
/// times, and a server's buffer for a client (64 MiB) is never filled.
const BYTES_MAX: u64 = 8 * 1024 * 1024;

/// The header that a message read by itself has its number in.
const SEQUENCE: &str = "Nats-Sequence";

/// How often a request that gave nothing is made again: a server that lags behind the one that
/// delivered the message catches up within the time of a few requests.
const ATTEMPTS: u32 = 5;

/// What a request does, for who is told why it was of no use.
const DOING: &str = "read messages";

/// What is asked for.
#[derive(Serialize)]
struct BatchRequest {
    seq: u64,
    batch: usize,
    max_bytes: u64,
}

/// What one request for one message gave.
pub(super) enum OneMessage {
    Message(Message),
    Missing,
}

/// Reads these blocks, which follow one another in the stream.
pub(super) async fn blocks(
    nats: &Nats,
    stream: &str,
    placed: &[Placed],
) -> Result<Vec<Block>, StoreError> {
    let mut blocks = Vec::with_capacity(placed.len());
    let mut fruitless = 0;
    while let Some(next) = placed.get(blocks.len()) {
        // Messages that were passed over stand between blocks and come along.
        let last = placed.last().unwrap_or(next);
        let wanted = usize::try_from(last.sequence - next.sequence + 1).unwrap_or(usize::MAX);
        let messages = batch(nats, stream, next.sequence, wanted).await?;
        let before = blocks.len();
        for message in &messages {
            if let Some(place) = placed.get(blocks.len())
                && sequence(message) == Some(place.sequence)
            {
                blocks.push(block(stream, place, message)?);
            }
        }
        fruitless = if blocks.len() > before {
            0
        } else {
            fruitless + 1
        };
        if fruitless == ATTEMPTS {
            return Err(missing(stream, next));
        }
    }
    Ok(blocks)
}

/// Messages from `first` on, each the one after the other, up to `last` at most: none if the first cannot be had.
pub(super) async fn following(
    nats: &Nats,
    stream: &str,
    first: u64,
    last: u64,
) -> Result<Vec<Message>, NatsError> {
    let wanted = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
    for _ in 0..ATTEMPTS {
        let messages = batch(nats, stream, first, wanted).await?;
        let numbered = messages.into_iter().zip(first..);
        let numbered = numbered.take_while(|(message, next)| sequence(message) == Some(*next));
        let messages: Vec<Message> = numbered.map(|(message, _)| message).collect();
        if !messages.is_empty() {
            return Ok(messages);
        }
    }
    Ok(Vec::new())
}

/// Messages from a sequence number on: at least one if there is one, at most `count`.
async fn batch(
    nats: &Nats,
    stream: &str,
    seq: u64,
    count: usize,
) -> Result<Vec<Message>, NatsError> {
    let request = format!("DIRECT.GET.{stream}");
    let subject = nats.api_subject(&request);
    let asking = asked_batch(nats, request, seq, count);
    nats.unless_forbidden(DOING, &subject, asking).await?
}

async fn asked_batch(
    nats: &Nats,
    subject: String,
    seq: u64,
    count: usize,
) -> Result<Vec<Message>, NatsError> {
    let request = BatchRequest {
        seq,
        batch: count.min(256),
        max_bytes: BYTES_MAX,
    };
    let payload = serde_json::to_vec(&request).map_err(no_answer)?;
    let inbox = nats.client().new_inbox();
    let mut answers = nats
        .client()
        .subscribe(inbox.clone())
        .await
        .map_err(no_answer)?;
    let request = async_nats::Request::new()
        .inbox(inbox)
        .payload(Bytes::from(payload));
    let sent = nats.jetstream().send_request(subject, request).await;
    sent.map_err(no_answer)?;
    let mut messages = Vec::new();
    loop {
        let answer = tokio::time::timeout(nats.config().request_timeout, answers.next()).await;
        let message = answer
            .map_err(no_answer)?
            .ok_or_else(|| no_answer("the connection is closed"))?;
        match message.status {
            None => messages.push(message),
            // 204 ends a batch; 404 says that there is no such message.
            Some(StatusCode::NO_RESPONDERS) => return Err(no_answer("nobody has the stream")),
            Some(_) => return Ok(messages),
        }
    }
}

/// The message with this number, as the server that leads the stream has it.
pub(super) async fn one(nats: &Nats, stream: &str, seq: u64) -> Result<OneMessage, NatsError> {
    let messages = batch(nats, stream, seq, 1).await?;
    let found = messages
        .into_iter()
        .find(|message| sequence(message) == Some(seq));
    Ok(found.map_or(OneMessage::Missing, OneMessage::Message))
}

fn sequence(message: &Message) -> Option<u64> {
    let headers = message.headers.as_ref()?;
    headers.get_last(SEQUENCE)?.as_str().parse().ok()
}

/// Checks that a message is the one that was folded.
fn block(stream: &str, place: &Placed, message: &Message) -> Result<Block, StoreError> {
    let found = crc32c::crc32c(&message.payload);
    if found != place.crc {
        let expected = place.crc;
        return Err(damaged(
            stream,
            place,
            BlockError::Checksum { expected, found },
        ));
    }
    let block = Block::decode_body(place.first_index, &message.payload);
    block.map_err(|error| damaged(stream, place, error))
}

fn damaged(stream: &str, place: &Placed, error: BlockError) -> StoreError {
    Damage {
        place: LogPlace::Stream {
            name: stream.to_owned(),
            sequence: place.sequence,
        },
        index: place.first_index,
        kind: DamageKind::Block(error),
    }
    .into()
}

fn missing(stream: &str, place: &Placed) -> StoreError {
    Damage {
        place: LogPlace::Stream {
            name: stream.to_owned(),
            sequence: place.sequence,
        },
        index: place.first_index,
        kind: DamageKind::MessageMissing,
    }
    .into()
}

fn no_answer(error: impl std::fmt::Display) -> NatsError {
    NatsError::NoAnswer {
        doing: DOING,
        reason: error.to_string(),
    }
}
