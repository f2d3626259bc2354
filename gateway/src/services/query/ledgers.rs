//! Which ledgers the server keeps.

use governance::{calendar::UtcOffset, ids::LedgerId};
use ledger::Ledger;
use proto::v1;

use super::ask::{optional_field, page_size};
use crate::{services::Sources, status::Problem};

/// Most ledgers in a page: a charter has up to 40 KiB, so 4 MB at worst, and some 500 KB usually.
const LEDGERS_MAX: usize = 100;

/// The ledgers, by id, those included of which nothing can be served. The page token is the last id
/// given.
pub(super) fn list(
    sources: &Sources,
    request: &v1::ListLedgersRequest,
) -> Result<v1::ListLedgersResponse, Problem> {
    let after: Option<LedgerId> =
        optional_field("page_token", &request.page_token).map_err(|_| Problem::page_token())?;
    let node = &sources.node;
    let mut ids = node.ledgers();
    ids.extend(node.failed().iter().map(|(id, _)| id.clone()));
    ids.sort();
    ids.retain(|id| after.as_ref().is_none_or(|after| id > after));
    let size = page_size(request.page_size, LEDGERS_MAX);
    let next = ids.get(size).and(ids.get(size - 1));
    let next_page_token = next.map(ToString::to_string).unwrap_or_default();
    ids.truncate(size);
    let about = |id: &LedgerId| match node.ledger(id) {
        Some(ledger) => summary(&ledger),
        None => unserved(sources, id),
    };
    Ok(v1::ListLedgersResponse {
        ledgers: ids.iter().map(about).collect(),
        next_page_token,
    })
}

/// A ledger of which nothing can be served: its id, and why.
fn unserved(sources: &Sources, id: &LedgerId) -> v1::LedgerSummary {
    let halt = sources
        .node
        .failed()
        .iter()
        .find(|(failed, _)| failed == id);
    v1::LedgerSummary {
        ledger: id.to_string(),
        halted: halt.map(|(_, halt)| halt.to_string()).unwrap_or_default(),
        ..v1::LedgerSummary::default()
    }
}

fn summary(ledger: &Ledger) -> v1::LedgerSummary {
    let info = ledger.info();
    v1::LedgerSummary {
        ledger: ledger.id().to_string(),
        name: info.name,
        origin: info.origin,
        genesis: info.genesis.0.to_vec(),
        verifier_key: ledger.verifier_key().to_string(),
        size: *ledger.durable_size().borrow(),
        demo: info.demo,
        founded_at_ms: info.founded_at.0,
        rules_version: info.rules_version,
        halted: ledger
            .halted()
            .map(|halt| halt.to_string())
            .unwrap_or_default(),
        action_validity_ms_max: info.charter.action_validity_ms_max,
        charter: Some((&info.charter).into()),
        utc_offsets: info.utc_offsets.as_slice().iter().map(offset).collect(),
    }
}

fn offset(offset: &UtcOffset) -> v1::UtcOffset {
    offset.into()
}
