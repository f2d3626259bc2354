//! Many submissions over one call, answered as they are done.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use proto::v1::{self, submit_stream_response::Result as Answered};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};

use super::Record;
use crate::{server::RequestId, status::Problem};

/// Submissions of one stream that are worked on at once: some round trips' worth at the rate of one
/// block, and an eighth of what a ledger takes on, so that no stream crowds the others out. While so
/// many are under way, or their answers are not read, nothing more is read of the stream.
const IN_FLIGHT_MAX: usize = 512;

/// Submissions that came together and are worked on by one task: fewer tasks to begin and to wake, and
/// each keeps its thread for a fraction of a millisecond before others get their turn.
const TOGETHER_MAX: usize = 8;

type Answer = Result<v1::SubmitStreamResponse, Status>;

/// The answers to a stream of submissions.
pub(super) fn answers(
    service: Record,
    requests: Streaming<v1::SubmitStreamRequest>,
    id: RequestId,
) -> ReceiverStream<Answer> {
    let (answers, outgoing) = mpsc::channel(IN_FLIGHT_MAX);
    tokio::spawn(work(service, requests, answers, id));
    ReceiverStream::new(outgoing)
}

async fn work(
    service: Record,
    requests: Streaming<v1::SubmitStreamRequest>,
    answers: mpsc::Sender<Answer>,
    id: RequestId,
) {
    let room = Arc::new(Semaphore::new(IN_FLIGHT_MAX));
    let stopping = service.sources.stopping.clone();
    let mut requests = requests.ready_chunks(TOGETHER_MAX);
    loop {
        let together = tokio::select! {
            together = requests.next() => together,
            // The client has gone: what is under way is recorded all the same.
            () = answers.closed() => return,
            () = stopping.cancelled() => Some(vec![Err(Problem::shutting_down().into())]),
        };
        let Some(together) = together else {
            return;
        };
        let (submissions, ended) = until_error(together);
        let count = u32::try_from(submissions.len()).unwrap_or(u32::MAX);
        // Closed by nobody: waiting for room ends when there is some.
        let Ok(places) = Arc::clone(&room).acquire_many_owned(count).await else {
            return;
        };
        tokio::spawn(answer_all(
            service.clone(),
            submissions,
            places,
            answers.clone(),
            id.clone(),
        ));
        if let Some(status) = ended {
            finish(&room, &answers, status).await;
            return;
        }
    }
}

/// What came before the stream broke off, and why it did.
fn until_error(
    together: Vec<Result<v1::SubmitStreamRequest, Status>>,
) -> (Vec<v1::SubmitStreamRequest>, Option<Status>) {
    let mut submissions = Vec::with_capacity(together.len());
    for next in together {
        match next {
            Ok(submission) => submissions.push(submission),
            Err(status) => return (submissions, Some(status)),
        }
    }
    (submissions, None)
}

/// Answers each as soon as it is done, and gives up its place.
async fn answer_all(
    service: Record,
    submissions: Vec<v1::SubmitStreamRequest>,
    mut places: OwnedSemaphorePermit,
    answers: mpsc::Sender<Answer>,
    id: RequestId,
) {
    let working = submissions.into_iter();
    let mut working: FuturesUnordered<_> = working
        .map(|request| answer(&service, request, &id))
        .collect();
    while let Some(answer) = working.next().await {
        // Nobody reads it any more: the client can ask again with the same bytes.
        let _ = answers.send(Ok(answer)).await;
        drop(places.split(1));
    }
}

/// Ends the stream with a status, after the answers that are still to come.
async fn finish(room: &Semaphore, answers: &mpsc::Sender<Answer>, status: Status) {
    let all = u32::try_from(IN_FLIGHT_MAX).unwrap_or(u32::MAX);
    let _ = room.acquire_many(all).await;
    let _ = answers.send(Err(status)).await;
}

async fn answer(
    service: &Record,
    request: v1::SubmitStreamRequest,
    id: &RequestId,
) -> v1::SubmitStreamResponse {
    let answered = match request.request {
        Some(submission) => service.record(submission, id).await,
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
