//! Reading what is not public: the reading is an entry, and the content is given out once that is durable.

use governance::ids::Digest;
use proto::v1;

use super::{Record, submission};
use crate::{server::RequestId, status::Problem};

pub(super) async fn read(
    record: &Record,
    request: v1::SubmitRequest,
    id: &RequestId,
) -> Result<v1::ReadContentResponse, Problem> {
    let ledger = submission::addressee(&record.sources, &request.action)?;
    let digest = digest(&request.action)?;
    // Nothing is read before this is durable; the rules say who may.
    let submitted = record.record(request, id).await?;
    let content = ledger.salted_content(&digest).await?;
    Ok(v1::ReadContentResponse {
        receipt: submitted.receipt,
        erased: content.is_none(),
        content: content.map(|content| v1::ContentUpload {
            salt: content.salt().to_vec(),
            bytes: content.into_bytes(),
        }),
    })
}

/// What a reading action reads.
fn digest(action: &[u8]) -> Result<Digest, Problem> {
    let action = proto::decode_action(action)?;
    let payload = &action.payload;
    let content = payload.reads().copied();
    content.ok_or_else(|| Problem::not_a_reading(payload.family()))
}
