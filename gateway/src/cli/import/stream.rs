//! Many actions over one stream, a bounded number at a time.

use std::{collections::BTreeMap, time::Duration};

use proto::v1::{self, submit_stream_response::Result as Answered};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Streaming};

use super::super::{
    connection::{Session, Told as _, failure_of},
    failure::Failure,
    send,
};

/// How many actions are under way at once: enough to fill the ledger's group commits while answers
/// travel, and at about 2 KiB each no burden to anyone.
const WINDOW: usize = 256;

/// How long to wait before an action is sent again that met a full queue.
const OVERLOAD_PAUSE: Duration = Duration::from_millis(50);

/// What came of one action.
pub(super) enum Outcome {
    /// It is on the ledger now.
    Recorded,
    /// It was refused.
    Refused(Failure),
}

/// Submits every action that `next` gives, and tells `answered` what came of it by its number from 0.
/// Every receipt is checked.
pub(super) async fn submit_all(
    session: &Session,
    mut next: impl FnMut() -> Result<Option<v1::SubmitRequest>, Failure>,
    mut answered: impl FnMut(usize, Outcome) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut stream = Stream::open(session).await?;
    let mut number = 0;
    let mut more = true;
    loop {
        while more && stream.under_way.len() < WINDOW {
            match next()? {
                Some(request) => stream.send(number, request).await?,
                None => more = false,
            }
            number += usize::from(more);
        }
        if stream.under_way.is_empty() {
            return Ok(());
        }
        if let Some((number, outcome)) = stream.answer(session).await? {
            answered(number, outcome)?;
        }
    }
}

struct Stream {
    requests: mpsc::Sender<v1::SubmitStreamRequest>,
    answers: Streaming<v1::SubmitStreamResponse>,
    under_way: BTreeMap<usize, v1::SubmitRequest>,
}

impl Stream {
    async fn open(session: &Session) -> Result<Self, Failure> {
        let (requests, receiver) = mpsc::channel(WINDOW);
        let outgoing = ReceiverStream::new(receiver);
        let answers = session
            .server
            .record()
            .submit_stream(outgoing)
            .await
            .told()?;
        Ok(Self {
            requests,
            answers,
            under_way: BTreeMap::new(),
        })
    }

    async fn send(&mut self, number: usize, request: v1::SubmitRequest) -> Result<(), Failure> {
        self.under_way.insert(number, request.clone());
        let request = v1::SubmitStreamRequest {
            sequence: u64::try_from(number).unwrap_or(u64::MAX),
            request: Some(request),
        };
        self.requests.send(request).await.map_err(|_| lost())
    }

    /// The next answer; `None` where the action was sent again.
    async fn answer(&mut self, session: &Session) -> Result<Option<(usize, Outcome)>, Failure> {
        let answer = self
            .answers
            .message()
            .await
            .map_err(|status| failure_of(&status))?;
        let answer = answer.ok_or_else(lost)?;
        let number = usize::try_from(answer.sequence).unwrap_or(usize::MAX);
        let Some(request) = self.under_way.remove(&number) else {
            return Err(Failure::finding("the server answered what was not asked"));
        };
        match answer.result {
            Some(Answered::Response(response)) => {
                let receipt = response.receipt.unwrap_or_default();
                if receipt.ledger != session.about.ledger {
                    return Err(Failure::finding(
                        "the server's receipt is of another ledger",
                    ));
                }
                let keys = session.keys_for(&receipt.checkpoint).await?;
                send::check_receipt(&receipt, &keys)?;
                Ok(Some((number, Outcome::Recorded)))
            }
            Some(Answered::Refused(refused)) if overloaded(&refused) => {
                tokio::time::sleep(OVERLOAD_PAUSE).await;
                self.send(number, request).await?;
                Ok(None)
            }
            Some(Answered::Refused(refused)) => {
                let failure = Failure::of_refusal(refused.into());
                Ok(Some((number, Outcome::Refused(failure))))
            }
            None => Err(Failure::finding("the server answered nothing")),
        }
    }
}

fn overloaded(refused: &v1::Refused) -> bool {
    Code::from_i32(refused.code) == Code::ResourceExhausted
}

fn lost() -> Failure {
    Failure::unavailable("the connection to the server was lost")
}
