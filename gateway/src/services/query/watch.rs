//! Decisions as they are made: from any index on, and again from where an interruption was.

use std::{sync::Arc, time::Duration};

use governance::ids::BodyId;
use projector::{PageRequest, WaitError};
use proto::v1;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::Status;

use super::{
    ask::{Books, optional_field},
    decisions::decision,
};
use crate::{services::grown_to, status::Problem};

/// Decisions read at once: some ten KiB.
const AT_ONCE: usize = 100;

/// Messages made ahead of a reader.
const AHEAD: usize = 2;

/// After how long it is looked again whether the views still come along.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

type Message = Result<v1::WatchDecisionsResponse, Status>;

/// The decisions from an index on, those to come included.
pub(super) async fn decisions(
    books: Books,
    request: &v1::WatchDecisionsRequest,
    stopping: CancellationToken,
) -> Result<ReceiverStream<Message>, Problem> {
    let body = optional_field("body", &request.body)?;
    grown_to(&books.ledger, "start", request.start).await?;
    let watch = Watch {
        books: Arc::new(books),
        body,
        next: request.start,
    };
    let (messages, outgoing) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let sent = tokio::select! {
            sent = watch.send(&messages) => sent,
            // The reader has gone; a decision may never come to notice it by.
            () = messages.closed() => Ok(()),
            () = stopping.cancelled() => Err(Problem::shutting_down()),
        };
        if let Err(problem) = sent {
            let _ = messages.send(Err(problem.into())).await;
        }
    });
    Ok(ReceiverStream::new(outgoing))
}

/// What is watched, and how far it has been sent.
struct Watch {
    books: Arc<Books>,
    body: Option<BodyId>,
    next: u64,
}

impl Watch {
    /// Sends until the reader has gone.
    async fn send(mut self, messages: &mpsc::Sender<Message>) -> Result<(), Problem> {
        let mut said_all = false;
        loop {
            let Page {
                rows,
                position,
                all,
            } = self.read().await?;
            for row in rows {
                self.next = row.index + 1;
                let wanted = self
                    .body
                    .as_ref()
                    .is_none_or(|body| row.body == body.as_str());
                let message = self.message(Some(row), &position);
                if wanted && messages.send(Ok(message)).await.is_err() {
                    return Ok(());
                }
            }
            if !all {
                continue;
            }
            // Views that are being rebuilt may stand before what was sent already.
            self.next = self.next.max(position.index + 1);
            if !said_all {
                said_all = true;
                let message = self.message(None, &position);
                if messages.send(Ok(message)).await.is_err() {
                    return Ok(());
                }
            }
            self.wait().await?;
        }
    }

    fn message(
        &self,
        decision: Option<v1::Decision>,
        position: &v1::Position,
    ) -> v1::WatchDecisionsResponse {
        v1::WatchDecisionsResponse {
            decision,
            next: self.next,
            position: Some(position.clone()),
        }
    }

    async fn read(&self) -> Result<Page, Problem> {
        let next = self.next;
        let told = self.books.ask(move |view| {
            let page = view.decisions_from(next, &PageRequest::new(AT_ONCE, ""))?;
            let rows = page.rows.iter().map(|row| decision(view, row));
            Ok((rows.collect::<Result<Vec<_>, _>>()?, page.next.is_none()))
        });
        let told = told.await?;
        let (rows, all) = told.value;
        Ok(Page {
            rows,
            position: told.position,
            all,
        })
    }

    /// Waits until the views have seen more than was sent.
    async fn wait(&self) -> Result<(), Problem> {
        match self.books.views.wait_for(self.next, LOOK_AGAIN).await {
            Ok(_) | Err(WaitError::TooLate { .. }) => Ok(()),
            Err(error) => Err(Problem::views_behind(&error)),
        }
    }
}

/// Some decisions, and whether they are all there are.
struct Page {
    rows: Vec<v1::Decision>,
    position: v1::Position,
    all: bool,
}
