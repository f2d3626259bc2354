//! Entries as streams of messages, each with a checkpoint that contains them.

use std::sync::Arc;

use ledger::{Ledger, LoggedEntry};
use proto::v1;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::Status;

use crate::{services::grown_to, status::Problem};

/// Most entries in a message: a full block.
const ENTRIES_MAX: usize = 1_000;

/// Most bytes of entries in a message: 1 MiB, a quarter of what gRPC clients take by default, and 16
/// entries of the largest size.
const BYTES_MAX: usize = 1024 * 1024;

/// Messages made ahead of a reader: one is on its way while the next is read from the log.
const AHEAD: usize = 2;

/// Which entries to send, from `next` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    next: u64,
    /// The first that is not sent; `None`: as long as there are entries to come.
    end: Option<u64>,
}

impl Span {
    /// `count` entries (0: all) from `start` on, as far as they are durable now.
    pub(super) async fn listed(ledger: &Ledger, start: u64, count: u64) -> Result<Self, Problem> {
        let size = grown_to(ledger, "start", start).await?;
        let end = match count {
            0 => size,
            count => start.saturating_add(count).min(size),
        };
        Ok(Self {
            next: start,
            end: Some(end),
        })
    }

    /// All from `start` on, for ever.
    pub(super) async fn watched(ledger: &Ledger, start: u64) -> Result<Self, Problem> {
        grown_to(ledger, "start", start).await?;
        Ok(Self {
            next: start,
            end: None,
        })
    }

    fn is_over(&self) -> bool {
        self.end.is_some_and(|end| self.next >= end)
    }
}

/// Some entries and a checkpoint that contains them.
struct Part {
    first_index: u64,
    entries: Vec<Vec<u8>>,
    checkpoint: Vec<u8>,
}

impl From<Part> for v1::ListEntriesResponse {
    fn from(part: Part) -> Self {
        Self {
            first_index: part.first_index,
            entries: part.entries,
            checkpoint: part.checkpoint,
        }
    }
}

impl From<Part> for v1::WatchEntriesResponse {
    fn from(part: Part) -> Self {
        Self {
            first_index: part.first_index,
            entries: part.entries,
            checkpoint: part.checkpoint,
        }
    }
}

/// The entries of a span that are there.
pub(super) fn list(
    ledger: Arc<Ledger>,
    span: Span,
    stopping: CancellationToken,
) -> ReceiverStream<Result<v1::ListEntriesResponse, Status>> {
    send(ledger, span, stopping)
}

/// The entries of a span, waiting for those to come.
pub(super) fn watch(
    ledger: Arc<Ledger>,
    span: Span,
    stopping: CancellationToken,
) -> ReceiverStream<Result<v1::WatchEntriesResponse, Status>> {
    send(ledger, span, stopping)
}

fn send<M: From<Part> + Send + 'static>(
    ledger: Arc<Ledger>,
    span: Span,
    stopping: CancellationToken,
) -> ReceiverStream<Result<M, Status>> {
    let (messages, outgoing) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let sent = tokio::select! {
            sent = send_all(&ledger, span, &messages) => sent,
            // The reader has gone; an entry may never come to notice it by.
            () = messages.closed() => Ok(()),
            () = stopping.cancelled() => Err(Problem::shutting_down()),
        };
        if let Err(problem) = sent {
            let _ = messages.send(Err(problem.into())).await;
        }
    });
    ReceiverStream::new(outgoing)
}

async fn send_all<M: From<Part>>(
    ledger: &Ledger,
    mut span: Span,
    messages: &mpsc::Sender<Result<M, Status>>,
) -> Result<(), Problem> {
    let mut durable = ledger.durable_size();
    while !span.is_over() {
        if !arrived(&mut durable, span.next).await {
            return Err(Problem::shutting_down());
        }
        let most = span.end.map_or(ENTRIES_MAX as u64, |end| end - span.next);
        let most = usize::try_from(most)
            .unwrap_or(ENTRIES_MAX)
            .min(ENTRIES_MAX);
        let entries = ledger.entries(span.next, most).await?;
        for part in parts(ledger, &entries) {
            span.next = part.first_index + part.entries.len() as u64;
            if messages.send(Ok(part.into())).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Waits until there is an entry at `index`; whether one can still come.
async fn arrived(durable: &mut watch::Receiver<u64>, index: u64) -> bool {
    durable.wait_for(|size| *size > index).await.is_ok()
}

/// The entries in messages of at most [`BYTES_MAX`]. The checkpoint is taken after they were read, so it
/// contains them: what is durable is in one.
fn parts<'a>(ledger: &Ledger, entries: &'a [Arc<LoggedEntry>]) -> impl Iterator<Item = Part> + 'a {
    let checkpoint = ledger.checkpoint().to_bytes();
    let mut rest = entries;
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let (now, later) = rest.split_at(fitting(rest));
        rest = later;
        Some(Part {
            first_index: first.index,
            entries: now.iter().map(|entry| entry.bytes.clone()).collect(),
            checkpoint: checkpoint.clone(),
        })
    })
}

/// How many of these, at least one, are in one message.
fn fitting(entries: &[Arc<LoggedEntry>]) -> usize {
    let mut bytes = 0;
    let fitting = entries.iter().take_while(|entry| {
        bytes += entry.bytes.len();
        bytes <= BYTES_MAX
    });
    fitting.count().max(1)
}
