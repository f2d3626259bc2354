//! A submission on its way from the wire to its ledger.

use std::{sync::Arc, time::Duration};

use governance::{
    Rejection,
    action::Action,
    ids::{ActionId, LedgerId},
};
use ledger::{ContentUpload, Ledger, Receipt, Submission};
use projector::QueryError;
use prost::Message;
use proto::v1;
use tlog::Signature;

use super::Sources;
use crate::status::Problem;

/// How long to wait for the views to have seen what the log held when an expired action came in: they
/// are milliseconds behind.
const VIEWS_PATIENCE: Duration = Duration::from_secs(2);

/// The fields of an action that say where it belongs, without looking at the rest.
#[derive(Clone, PartialEq, Message)]
struct Envelope {
    #[prost(string, tag = "1")]
    ledger: String,
}

/// The ledger that an action is addressed to.
pub(super) fn addressee(sources: &Sources, action: &[u8]) -> Result<Arc<Ledger>, Problem> {
    let envelope = Envelope::decode(action).ok();
    let id = envelope.and_then(|envelope| LedgerId::new(&envelope.ledger).ok());
    if let Some(ledger) = id.as_ref().and_then(|id| sources.node.ledger(id)) {
        return Ok(ledger);
    }
    // Nobody's: malformed bytes are told as such, before an address that may be part of the damage.
    let action = proto::decode_action(action)?;
    Err(sources.not_served("action.ledger", &action.ledger))
}

/// The submission a request carries.
pub(super) fn read(request: v1::SubmitRequest) -> Result<Submission, Problem> {
    let signatures = request
        .signatures
        .iter()
        .enumerate()
        .map(|(at, signature)| {
            Ok(Signature {
                key: fixed(|| format!("signatures[{at}].key"), &signature.key)?,
                signature: fixed(
                    || format!("signatures[{at}].signature"),
                    &signature.signature,
                )?,
            })
        });
    let signatures = signatures.collect::<Result<_, Problem>>()?;
    let contents = request
        .contents
        .into_iter()
        .enumerate()
        .map(|(at, content)| {
            Ok(ContentUpload {
                salt: fixed(|| format!("contents[{at}].salt"), &content.salt)?,
                bytes: content.bytes,
            })
        });
    Ok(Submission {
        action: request.action,
        signatures,
        contents: contents.collect::<Result<_, Problem>>()?,
    })
}

/// The request that carries a submission.
pub(super) fn write(submission: Submission, wait_published: bool) -> v1::SubmitRequest {
    let signature = |signature: Signature| v1::Signature {
        key: signature.key.to_vec(),
        signature: signature.signature.to_vec(),
    };
    let content = |content: ContentUpload| v1::ContentUpload {
        salt: content.salt.to_vec(),
        bytes: content.bytes,
    };
    v1::SubmitRequest {
        action: submission.action,
        signatures: submission.signatures.into_iter().map(signature).collect(),
        contents: submission.contents.into_iter().map(content).collect(),
        wait_published,
    }
}

/// Bytes of a fixed length, in the field of this name.
pub(super) fn fixed<const N: usize>(
    field: impl FnOnce() -> String,
    bytes: &[u8],
) -> Result<[u8; N], Problem> {
    <[u8; N]>::try_from(bytes).map_err(|_| {
        let found = bytes.len();
        Problem::field_invalid(&field(), format!("{found} bytes, and must be {N}"))
    })
}

/// The first receipt of an action that has expired because it is in the log already: the ledger
/// remembers ids only as long as their actions could be recorded, the views for ever. Of an action that
/// has not expired the ledger itself has known better.
pub(super) async fn recorded_before(
    sources: &Sources,
    ledger: &Ledger,
    action: &[u8],
    rejection: &Rejection,
) -> Result<Option<Receipt>, Problem> {
    let Action { id, not_after, .. } = proto::decode_action(action)?;
    let expired = matches!(rejection, Rejection::Expired { .. }) || sources.clock.now() > not_after;
    if !expired {
        return Ok(None);
    }
    let views = sources.views(ledger.id())?;
    let newest = ledger.durable_size().borrow().saturating_sub(1);
    let caught_up = views.wait_for(newest, VIEWS_PATIENCE).await.is_ok();
    let Some(index) = views.read(|view| view.recorded_action(id))?.value else {
        // Views that lag behind cannot say that it is not there.
        return if caught_up {
            Ok(None)
        } else {
            Err(QueryError::NotReady.into())
        };
    };
    let (receipt, entry) = ledger.receipt(index).await?;
    let recorded = tlog::Entry::decode(&entry)
        .map_err(|_| Problem::broken("decoding an entry that was recorded"))?;
    if recorded.action == action {
        Ok(Some(receipt))
    } else {
        Err(reused(id, index).into())
    }
}

fn reused(id: ActionId, index: u64) -> Rejection {
    Rejection::ActionIdReused { id, index }
}
