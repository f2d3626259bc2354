//! Submissions of clients of other nodes, and those of this node's that another has to record.
//!
//! Between nodes a submission is a `SubmitRequest` with the id of the client's call, and its answer a
//! `SubmitStreamResponse`, as on a stream of submissions: what the leader says reaches the client in the leader's words,
//! and both nodes' logs name the call by one id.

use std::sync::Arc;

use ledger::forward::{Answers, Forwarded};
use ledger::{Ledger, Submission, SubmitError};
use prost::Message as _;
use proto::v1::{self, submit_stream_response::Result as Answered};

use tracing::{Instrument as _, info_span};

use super::{Record, submission};
use crate::{
    server::RequestId,
    services::receipt,
    status::{Problem, reasons::code_name},
};

/// How often it is tried to record a submission here or there, where the lead changes meanwhile.
const ATTEMPTS: u32 = 3;

/// What one node asks of another.
#[derive(Clone, PartialEq, prost::Message)]
struct Question {
    #[prost(message, optional, tag = "1")]
    request: Option<v1::SubmitRequest>,
    /// Of the client's call.
    #[prost(string, tag = "2")]
    request_id: String,
}

impl Record {
    /// Records a submission here, if this node leads the ledger, and has the one that does record it
    /// otherwise.
    pub(super) async fn record_anywhere(
        &self,
        ledger: &Ledger,
        submission: Submission,
        wait_published: bool,
        id: &RequestId,
    ) -> Result<v1::SubmitResponse, Problem> {
        for _ in 0..ATTEMPTS {
            match self
                .record_here(ledger, submission.clone(), wait_published)
                .await
            {
                Err(problem) if problem.says_not_leading() => {}
                answer => return answer.map(|submitted| receipt::submitted(&submitted)),
            }
            let asked = ask_leader(ledger, submission.clone(), wait_published, id);
            if let Some(answer) = asked.await? {
                return answer;
            }
        }
        Err(SubmitError::NotLeading.into())
    }

    /// Answers what other nodes forward, for every ledger that this node shares with them.
    pub(crate) fn answer_forwarded(&self) {
        let node = &self.sources.node;
        for ledger in node.ledgers().iter().filter_map(|id| node.ledger(id)) {
            ledger.answer_forwarded(Arc::new(self.clone()));
        }
    }

    async fn answer_other_node(
        &self,
        request: v1::SubmitRequest,
    ) -> Result<v1::SubmitResponse, Problem> {
        let ledger = submission::addressee(&self.sources, &request.action)?;
        let wait_published = request.wait_published;
        let submission = submission::read(request)?;
        let submitted = self
            .record_here(&ledger, submission, wait_published)
            .await?;
        Ok(receipt::submitted(&submitted))
    }
}

/// The leader's answer, or none where it is this node that leads by now.
async fn ask_leader(
    ledger: &Ledger,
    submission: Submission,
    wait_published: bool,
    id: &RequestId,
) -> Result<Option<Result<v1::SubmitResponse, Problem>>, Problem> {
    let submission = ledger.prepare(submission).await?;
    let question = Question {
        request: Some(submission::write(submission, wait_published)),
        request_id: id.to_string(),
    };
    match ledger.forward(question.encode_to_vec()).await? {
        Forwarded::Here => Ok(None),
        Forwarded::Answer(answer) => Ok(Some(read(&answer))),
    }
}

fn read(answer: &[u8]) -> Result<v1::SubmitResponse, Problem> {
    let answer = v1::SubmitStreamResponse::decode(answer).ok();
    match answer.and_then(|answer| answer.result) {
        Some(Answered::Response(response)) => Ok(response),
        Some(Answered::Refused(refused)) => Err(refused.into()),
        None => Err(Problem::broken("reading another node's answer")),
    }
}

#[tonic::async_trait]
impl Answers for Record {
    async fn answer(&self, question: Vec<u8>) -> Option<Vec<u8>> {
        let question = Question::decode(question.as_slice()).unwrap_or_default();
        let id = RequestId::told(&question.request_id);
        let answering = async {
            let answered = match question.request {
                Some(request) => self.answer_other_node(request).await,
                None => Err(Problem::field_invalid(
                    "request",
                    "another node sent no submission",
                )),
            };
            if let Err(problem) = &answered {
                let (code, reason) = (code_name(problem.code()), problem.reason());
                tracing::info!(code, reason, "answered another node with a no");
            } else {
                tracing::debug!("recorded for another node");
            }
            answered
        };
        let span = info_span!("call", id = id.as_str(), path = "forwarded");
        let result = match answering.instrument(span).await {
            Ok(response) => Answered::Response(response),
            // The other asks whoever leads next.
            Err(problem) if problem.says_not_leading() => return None,
            Err(problem) => Answered::Refused(problem.into()),
        };
        let answer = v1::SubmitStreamResponse {
            sequence: 0,
            result: Some(result),
        };
        Some(answer.encode_to_vec())
    }
}
