//! Many submissions over one call, answered as they are done.

use std::sync::Arc;

use proto::v1::{self, submit_stream_response::Result as Answered};
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::Record;
use crate::status::Problem;

/// Submissions of one stream that are worked on at once: some round trips' worth at the rate of one
/// block, and an eighth of what a ledger takes on, so that no stream crowds the others out. While so
/// many are under way, or their answers are not read, nothing more is read of the stream.
const IN_FLIGHT_MAX: usize = 512;

type Answer = Result<v1::SubmitStreamResponse, Status>;

/// The answers to a stream of submissions.
pub(super) fn answers(
    service: Record,
    requests: Streaming<v1::SubmitStreamRequest>,
) -> ReceiverStream<Answer> {
    let (answers, outgoing) = mpsc::channel(IN_FLIGHT_MAX);
    tokio::spawn(work(service, requests, answers));
    ReceiverStream::new(outgoing)
}

async fn work(
    service: Record,
    mut requests: Streaming<v1::SubmitStreamRequest>,
    answers: mpsc::Sender<Answer>,
) {
    let room = Arc::new(Semaphore::new(IN_FLIGHT_MAX));
    let stopping = service.sources.stopping.clone();
    loop {
        // Closed by nobody: waiting for room ends when there is some.
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let next = tokio::select! {
            next = requests.message() => next,
            // The client has gone: what is under way is recorded all the same.
            () = answers.closed() => return,
            () = stopping.cancelled() => Err(Problem::shutting_down().into()),
        };
        match next {
            Ok(Some(request)) => {
                let (service, answers) = (service.clone(), answers.clone());
                tokio::spawn(async move {
                    let answer = answer(&service, request).await;
                    // Nobody reads it any more: the client can ask again with the same bytes.
                    let _ = answers.send(Ok(answer)).await;
                    drop(place);
                });
            }
            Ok(None) => return,
            Err(status) => {
                finish(&room, &answers, status).await;
                return;
            }
        }
    }
}

/// Ends the stream with a status, after the answers that are still to come.
async fn finish(room: &Semaphore, answers: &mpsc::Sender<Answer>, status: Status) {
    let all = u32::try_from(IN_FLIGHT_MAX - 1).unwrap_or(u32::MAX);
    let _ = room.acquire_many(all).await;
    let _ = answers.send(Err(status)).await;
}

async fn answer(service: &Record, request: v1::SubmitStreamRequest) -> v1::SubmitStreamResponse {
    let answered = match request.request {
        Some(submission) => service.record(submission).await,
        None => Err(Problem::field_invalid("request", "required, and not given")),
    };
    let result = match answered {
        Ok(response) => Answered::Response(response),
        Err(problem) => Answered::Refused(problem.into()),
    };
    v1::SubmitStreamResponse {
        sequence: request.sequence,
        result: Some(result),
    }
}
