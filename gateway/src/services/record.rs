//! `RecordService`: signed actions in, receipts out.

mod forward;
mod reading;
mod stream;
mod submission;

use std::time::Duration;

use governance::{Rejection, ids::PublicKey};
use ledger::{Ledger, Submission, SubmitError, Submitted};
use proto::v1::{self, record_service_server::RecordService};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use super::{Sources, outlook, query::sentence::sentence, receipt};
use crate::{server::RequestId, status::Problem};
use projector::{Subject, Summary};

/// How long an answer may wait for witnesses: two thirds of what any answer may take.
const PUBLICATION_PATIENCE: Duration = Duration::from_secs(20);

/// The service.
#[derive(Clone)]
pub struct Record {
    sources: Sources,
}

impl Record {
    /// A service over these sources.
    pub fn new(sources: Sources) -> Self {
        Self { sources }
    }

    /// Records an action, or says why not; `id` is that of the call it came with.
    async fn record(
        &self,
        request: v1::SubmitRequest,
        id: &RequestId,
    ) -> Result<v1::SubmitResponse, Problem> {
        let ledger = submission::addressee(&self.sources, &request.action)?;
        let wait_published = request.wait_published;
        let submission = submission::read(request)?;
        if ledger.standing().is_some() {
            return self
                .record_anywhere(&ledger, submission, wait_published, id)
                .await;
        }
        let submitted = self
            .record_here(&ledger, submission, wait_published)
            .await?;
        Ok(receipt::submitted(&submitted))
    }

    /// Records a submission as this node does on its own, and waits for witnesses if it is to.
    async fn record_here(
        &self,
        ledger: &Ledger,
        submission: Submission,
        wait_published: bool,
    ) -> Result<Submitted, Problem> {
        let mut submitted = self.record_durably(ledger, submission).await?;
        if wait_published && submitted.receipt.pending_witnesses {
            let index = submitted.receipt.index;
            let receipt = ledger.published_receipt(index, PUBLICATION_PATIENCE).await;
            submitted.receipt = receipt.map_err(Problem::from)?;
        }
        Ok(submitted)
    }

    async fn record_durably(
        &self,
        ledger: &Ledger,
        submission: Submission,
    ) -> Result<Submitted, Problem> {
        let action = submission.action.clone();
        match ledger.submit(submission).await {
            Ok(submitted) => Ok(submitted),
            Err(SubmitError::Rejected(rejection)) => {
                match submission::recorded_before(&self.sources, ledger, &action, &rejection)
                    .await?
                {
                    Some(receipt) => Ok(Submitted {
                        receipt,
                        already_recorded: true,
                    }),
                    None => Err(rejection.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn foretell(&self, request: &v1::PreviewRequest) -> Result<v1::PreviewResponse, Problem> {
        let ledger = submission::addressee(&self.sources, &request.action)?;
        let keys = request.keys.iter().enumerate().map(|(at, key)| {
            let key = submission::fixed(|| format!("keys[{at}]"), key)?;
            Ok(PublicKey(key))
        });
        let keys = keys.collect::<Result<Vec<_>, Problem>>()?;
        match ledger.preview(&request.action, &keys).await {
            Ok(preview) => {
                let action = proto::decode_action(&request.action)?;
                let summary = Summary::of(&action);
                let after = preview.rejection.is_none().then_some(action);
                let outlook = match &summary.subject {
                    // Of one that would be refused: how the vote stands.
                    Subject::Motion(motion) => ledger.outlook(motion, after).await?,
                    _ => None,
                };
                Ok(v1::PreviewResponse {
                    admissible: preview.rejection.is_none(),
                    index: preview.index,
                    refusal: preview.rejection.map(refused),
                    would: sentence(&summary),
                    outlook: outlook.as_ref().map(outlook::outlook),
                })
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn refused(rejection: Rejection) -> v1::Refused {
    Problem::from(rejection).into()
}

/// The id that the call bears; a new one where it came past the server, as in tests of the services alone.
fn id_of<T>(request: &Request<T>) -> RequestId {
    let given = request.extensions().get::<RequestId>();
    given.cloned().unwrap_or_else(|| RequestId::told(""))
}

#[tonic::async_trait]
impl RecordService for Record {
    async fn submit(
        &self,
        request: Request<v1::SubmitRequest>,
    ) -> Result<Response<v1::SubmitResponse>, Status> {
        let id = id_of(&request);
        let recorded = self.record(request.into_inner(), &id).await?;
        Ok(Response::new(recorded))
    }

    type SubmitStreamStream = ReceiverStream<Result<v1::SubmitStreamResponse, Status>>;

    async fn submit_stream(
        &self,
        request: Request<Streaming<v1::SubmitStreamRequest>>,
    ) -> Result<Response<Self::SubmitStreamStream>, Status> {
        let id = id_of(&request);
        Ok(Response::new(stream::answers(
            self.clone(),
            request.into_inner(),
            id,
        )))
    }

    async fn preview(
        &self,
        request: Request<v1::PreviewRequest>,
    ) -> Result<Response<v1::PreviewResponse>, Status> {
        Ok(Response::new(self.foretell(request.get_ref()).await?))
    }

    async fn read_content(
        &self,
        request: Request<v1::ReadContentRequest>,
    ) -> Result<Response<v1::ReadContentResponse>, Status> {
        let id = id_of(&request);
        let request = request.into_inner().request.unwrap_or_default();
        Ok(Response::new(reading::read(self, request, &id).await?))
    }

    async fn get_receipt(
        &self,
        request: Request<v1::GetReceiptRequest>,
    ) -> Result<Response<v1::GetReceiptResponse>, Status> {
        let request = request.into_inner();
        let ledger = self.sources.ledger(&request.ledger)?;
        let (receipt, entry) = ledger.receipt(request.index).await.map_err(Problem::from)?;
        Ok(Response::new(v1::GetReceiptResponse {
            receipt: Some(receipt::receipt(&receipt)),
            entry,
        }))
    }
}
