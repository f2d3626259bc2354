//! `AuditService`: everything needed to re-execute a ledger elsewhere.

mod entries;

use ledger::{Ledger, ReadError, witnesses::WitnessStatus};
use proto::v1::{self, audit_service_server::AuditService};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{Sources, receipt::hashes};
use crate::status::Problem;

/// The service.
#[derive(Clone)]
pub struct Audit {
    sources: Sources,
}

impl Audit {
    /// A service over these sources.
    pub fn new(sources: Sources) -> Self {
        Self { sources }
    }

    async fn inclusion(
        &self,
        request: v1::GetInclusionProofRequest,
    ) -> Result<v1::GetInclusionProofResponse, Problem> {
        let ledger = self.sources.ledger(&request.ledger)?;
        let checkpoint = ledger.checkpoint();
        let newest = proven(&ledger);
        let size = size_within("size", request.size, newest)?;
        if request.index >= size {
            return Err(Problem::beyond("index", request.index, size));
        }
        let proof = ledger.inclusion_proof(request.index, size).await?;
        let entry = ledger.entries(request.index, 1).await?;
        let entry = entry
            .first()
            .ok_or_else(|| Problem::beyond("index", request.index, newest))?;
        Ok(v1::GetInclusionProofResponse {
            size,
            leaf: entry.leaf.0.to_vec(),
            proof: hashes(&proof),
            checkpoint: checkpoint.to_bytes(),
        })
    }

    async fn consistency(
        &self,
        request: v1::GetConsistencyProofRequest,
    ) -> Result<v1::GetConsistencyProofResponse, Problem> {
        let ledger = self.sources.ledger(&request.ledger)?;
        let checkpoint = ledger.checkpoint();
        let new_size = size_within("new_size", request.new_size, proven(&ledger))?;
        if request.old_size == 0 {
            let why = "every tree is consistent with the empty one; there is nothing to prove";
            return Err(Problem::field_invalid("old_size", why));
        }
        if request.old_size > new_size {
            return Err(Problem::beyond("old_size", request.old_size, new_size));
        }
        let proof = ledger.consistency_proof(request.old_size, new_size).await?;
        Ok(v1::GetConsistencyProofResponse {
            new_size,
            proof: hashes(&proof),
            checkpoint: checkpoint.to_bytes(),
        })
    }
}

/// How many entries can be shown and proven. Of a halted ledger these may be fewer than its checkpoint says.
fn proven(ledger: &Ledger) -> u64 {
    *ledger.durable_size().borrow()
}

/// The size asked for, 0 standing for the newest.
fn size_within(field: &str, asked: u64, newest: u64) -> Result<u64, Problem> {
    match asked {
        0 => Ok(newest),
        asked if asked <= newest => Ok(asked),
        asked => Err(Problem::beyond(field, asked, newest)),
    }
}

/// The published checkpoint, the key to check it with, and how the witnesses stand.
fn published(ledger: &Ledger) -> Result<v1::GetCheckpointResponse, Problem> {
    let published = ledger.published().ok_or(ReadError::WitnessesPending)?;
    let witnesses = ledger.witnesses().into_iter();
    let size = published.checkpoint.checkpoint().size;
    Ok(v1::GetCheckpointResponse {
        checkpoint: published.checkpoint.to_bytes(),
        verifier_key: ledger.checkpoint_keys().at(size).to_string(),
        witnesses: witnesses.map(witness).collect(),
    })
}

fn witness(status: WitnessStatus) -> v1::WitnessStatus {
    v1::WitnessStatus {
        name: status.name,
        key_name: status.key,
        cosigned_size: status.cosigned.unwrap_or(0),
        cosigned_at_s: status.time.unwrap_or(0),
        late: status.late.unwrap_or_default(),
    }
}

#[tonic::async_trait]
impl AuditService for Audit {
    async fn get_checkpoint(
        &self,
        request: Request<v1::GetCheckpointRequest>,
    ) -> Result<Response<v1::GetCheckpointResponse>, Status> {
        let ledger = self.sources.ledger(&request.get_ref().ledger)?;
        Ok(Response::new(published(&ledger)?))
    }

    type ListEntriesStream = ReceiverStream<Result<v1::ListEntriesResponse, Status>>;

    async fn list_entries(
        &self,
        request: Request<v1::ListEntriesRequest>,
    ) -> Result<Response<Self::ListEntriesStream>, Status> {
        let request = request.into_inner();
        let ledger = self.sources.ledger(&request.ledger)?;
        let span = entries::Span::listed(&ledger, request.start, request.count).await?;
        let stopping = self.sources.stopping.clone();
        Ok(Response::new(entries::list(ledger, span, stopping)))
    }

    type WatchEntriesStream = ReceiverStream<Result<v1::WatchEntriesResponse, Status>>;

    async fn watch_entries(
        &self,
        request: Request<v1::WatchEntriesRequest>,
    ) -> Result<Response<Self::WatchEntriesStream>, Status> {
        let request = request.into_inner();
        let ledger = self.sources.ledger(&request.ledger)?;
        let span = entries::Span::watched(&ledger, request.start).await?;
        let stopping = self.sources.stopping.clone();
        Ok(Response::new(entries::watch(ledger, span, stopping)))
    }

    async fn get_inclusion_proof(
        &self,
        request: Request<v1::GetInclusionProofRequest>,
    ) -> Result<Response<v1::GetInclusionProofResponse>, Status> {
        Ok(Response::new(self.inclusion(request.into_inner()).await?))
    }

    async fn get_consistency_proof(
        &self,
        request: Request<v1::GetConsistencyProofRequest>,
    ) -> Result<Response<v1::GetConsistencyProofResponse>, Status> {
        Ok(Response::new(self.consistency(request.into_inner()).await?))
    }
}
