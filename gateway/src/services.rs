//! The gRPC services, one a file, and what they share.

mod audit;
mod outlook;
pub(crate) mod query;
mod receipt;
mod record;

use std::{sync::Arc, time::Duration};

use governance::ids::LedgerId;
use ledger::{Clock, Ledger, Node, SubmitError};
use projector::{LedgerViews, Projector};
use tokio::time;
use tokio_util::sync::CancellationToken;

use crate::{metrics::Metrics, status::Problem};

pub use audit::Audit;
pub use query::{Query, search::Searches};
pub use record::Record;

/// How long a question waits for the entry that it names: a little less than any answer is waited for, so
/// that the reason is told. A client's own deadline may end it sooner.
const NAMED_PATIENCE: Duration = Duration::from_secs(25);

/// How many entries are durable, once they are as many as a question names: a node that follows another may be
/// behind the one that whoever asks was answered by before. `field` names them.
async fn grown_to(ledger: &Ledger, field: &str, named: u64) -> Result<u64, Problem> {
    let mut durable = ledger.durable_size();
    let size = *durable.borrow();
    if named <= size {
        return Ok(size);
    }
    if ledger.standing().is_none() {
        return Err(Problem::beyond(field, named, size));
    }
    let grown = time::timeout(NAMED_PATIENCE, durable.wait_for(|size| *size >= named)).await;
    match grown {
        Ok(Ok(size)) => Ok(*size),
        Ok(Err(_)) => Err(Problem::shutting_down()),
        Err(_) => Err(Problem::log_behind(
            field,
            named,
            *ledger.durable_size().borrow(),
        )),
    }
}

/// What the services answer from.
#[derive(Clone)]
pub struct Sources {
    /// The ledgers.
    pub node: Arc<Node>,
    /// Their views.
    pub projector: Arc<Projector>,
    /// What texts are found by.
    pub searches: Searches,
    /// What time "now" is.
    pub clock: Arc<dyn Clock>,
    /// What the node measures of itself.
    pub metrics: Arc<Metrics>,
    /// Cancelled when the server goes down, so that answers without an end come to one.
    pub stopping: CancellationToken,
}

impl Sources {
    /// The ledger of a request.
    fn ledger(&self, id: &str) -> Result<Arc<Ledger>, Problem> {
        let id = LedgerId::new(id).map_err(|error| Problem::field_invalid("ledger", error))?;
        if let Some(ledger) = self.node.ledger(&id) {
            return Ok(ledger);
        }
        Err(self.not_served("ledger", &id))
    }

    /// Why a ledger is not served: there is none, or nothing of it can be read. `field` names it.
    fn not_served(&self, field: &str, id: &LedgerId) -> Problem {
        let failed = self.node.failed().iter().find(|(failed, _)| failed == id);
        match failed {
            Some((_, halt)) => SubmitError::Halted(halt.clone()).into(),
            None => Problem::no_such_ledger(field, id.as_str()),
        }
    }

    /// The views of a ledger.
    fn views(&self, ledger: &LedgerId) -> Result<Arc<LedgerViews>, Problem> {
        self.projector
            .views(ledger)
            .cloned()
            .ok_or_else(|| self.not_served("ledger", ledger))
    }
}
