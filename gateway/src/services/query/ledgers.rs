//! Which ledgers the server keeps.

use governance::{calendar::UtcOffset, ids::LedgerId};
use ledger::Ledger;
use proto::v1;

use super::ask::{optional_field, page_size};
use crate::{services::Sources, status::Problem};

/// Most ledgers in a page: a charter has up to 40 KiB, so 4 MB at worst, and some 500 KB usually.
const LEDGERS_MAX: usize = 100;

/// The ledgers that the filters want, by id, those included of which nothing can be served. The page token is
/// the last id given.
pub(super) fn list(
    sources: &Sources,
    request: &v1::ListLedgersRequest,
) -> Result<v1::ListLedgersResponse, Problem> {
    let after: Option<LedgerId> =
        optional_field("page_token", &request.page_token).map_err(|_| Problem::page_token())?;
    let filter = Filter::of(request)?;
    let node = &sources.node;
    let mut ids = node.ledgers();
    ids.extend(node.failed().iter().map(|(id, _)| id.clone()));
    ids.sort();
    ids.retain(|id| after.as_ref().is_none_or(|after| id > after));
    let about = |id: &LedgerId| match node.ledger(id) {
        Some(ledger) => summary(&ledger),
        None => unserved(sources, id),
    };
    let size = page_size(request.page_size, LEDGERS_MAX);
    let wanted = ids.iter().map(about).filter(|about| filter.wants(about));
    // One more than is given, to know whether there is one.
    let mut ledgers: Vec<_> = wanted.take(size + 1).collect();
    let more = ledgers.len() > size;
    ledgers.truncate(size);
    let last = ledgers.last().filter(|_| more);
    let next_page_token = last.map(|last| last.ledger.clone()).unwrap_or_default();
    Ok(v1::ListLedgersResponse {
        ledgers,
        next_page_token,
    })
}

/// Which ledgers are wanted.
struct Filter {
    /// In small letters.
    search: String,
    halted: Option<bool>,
    without_demos: bool,
}

impl Filter {
    fn of(request: &v1::ListLedgersRequest) -> Result<Self, Problem> {
        let condition = v1::LedgerCondition::try_from(request.condition).map_err(|_| {
            let number = request.condition;
            Problem::field_invalid("condition", format!("{number} is not a value of this enum"))
        })?;
        Ok(Self {
            search: request.search.to_lowercase(),
            halted: match condition {
                v1::LedgerCondition::Unspecified => None,
                v1::LedgerCondition::Extending => Some(false),
                v1::LedgerCondition::Halted => Some(true),
            },
            without_demos: request.without_demos,
        })
    }

    fn wants(&self, about: &v1::LedgerSummary) -> bool {
        let found =
            about.ledger.contains(&self.search) || about.name.to_lowercase().contains(&self.search);
        let halted = !about.halted.is_empty();
        found
            && self.halted.is_none_or(|wanted| wanted == halted)
            && !(self.without_demos && about.demo)
    }
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

fn checkpoint_keys(ledger: &Ledger) -> Vec<v1::CheckpointKey> {
    let keys = ledger.checkpoint_keys();
    let wire = keys.all().map(|(from_size, key)| v1::CheckpointKey {
        from_size,
        verifier_key: key.to_string(),
    });
    wire.collect()
}

fn summary(ledger: &Ledger) -> v1::LedgerSummary {
    let info = ledger.info();
    v1::LedgerSummary {
        ledger: ledger.id().to_string(),
        name: info.name,
        origin: info.origin,
        genesis: info.genesis.0.to_vec(),
        verifier_key: ledger.verifier_key().to_string(),
        checkpoint_keys: checkpoint_keys(ledger),
        record_key: ledger.with_state(|state| state.record_key().0.to_vec()),
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
        next_charter_version: info.next_charter_version,
        utc_offsets: info.utc_offsets.as_slice().iter().map(offset).collect(),
    }
}

fn offset(offset: &UtcOffset) -> v1::UtcOffset {
    offset.into()
}
