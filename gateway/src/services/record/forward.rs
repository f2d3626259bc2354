//! Submissions of clients of other nodes, and those of this node's that another has to record.
//!
//! Between nodes a submission is a `SubmitRequest` and its answer a `SubmitStreamResponse`, as on a stream of
//! submissions: what the leader says reaches the client in the leader's words.

use std::sync::Arc;

use ledger::forward::{Answers, Forwarded};
use ledger::{Ledger, Submission, SubmitError};
use prost::Message as _;
use proto::v1::{self, submit_stream_response::Result as Answered};

use super::{Record, submission};
use crate::{services::receipt, status::Problem};

/// How often it is tried to record a submission here or there, where the lead changes meanwhile.
const ATTEMPTS: u32 = 3;

impl Record {
    /// Records a submission here, if this node leads the ledger, and has the one that does record it
    /// otherwise.
    pub(super) async fn record_anywhere(
        &self,
        ledger: &Ledger,
        submission: Submission,
        wait_published: bool,
    ) -> Result<v1::SubmitResponse, Problem> {
        for _ in 0..ATTEMPTS {
            match self
                .record_here(ledger, submission.clone(), wait_published)
                .await
            {
                Err(problem) if problem.says_not_leading() => {}
                answer => return answer.map(|submitted| receipt::submitted(&submitted)),
            }
            if let Some(answer) = ask_leader(ledger, submission.clone(), wait_published).await? {
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

    async fn answer_other_node(&self, question: &[u8]) -> Result<v1::SubmitResponse, Problem> {
        let request = v1::SubmitRequest::decode(question)
            .map_err(|_| Problem::field_invalid("request", "another node sent no submission"))?;
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
) -> Result<Option<Result<v1::SubmitResponse, Problem>>, Problem> {
    let submission = ledger.prepare(submission).await?;
    let question = submission::write(submission, wait_published).encode_to_vec();
    match ledger.forward(question).await? {
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
        let result = match self.answer_other_node(&question).await {
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
