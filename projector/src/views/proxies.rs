//! Who votes for whom: the list of proxies of a vote, which the law has published (组织法 14–19).

use governance::{
    action::{DeliberationAction, Payload},
    ids::{MotionId, PersonId},
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Span, View, ViewBatch},
};

/// Motion and principal → the proxy that stands.
pub(crate) struct Proxies;

const PREFIX: u8 = 21;
const OF_MOTION: u8 = 1;

/// A proxy that was given and not taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyRow {
    /// Whose vote it is.
    pub principal: PersonId,
    /// Who casts it.
    pub holder: PersonId,
    /// The entry that gave it.
    pub index: u64,
}

impl Projection for Proxies {
    fn name(&self) -> &'static str {
        "proxies"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let (Payload::Deliberation(act), Some(principal)) = (&entry.action.payload, entry.person())
        else {
            return Ok(());
        };
        let key = of_motion(act.motion()).with(principal);
        match act {
            DeliberationAction::ProxyGranted { holder, .. } => {
                let row = ProxyRow {
                    principal: principal.clone(),
                    holder: holder.clone(),
                    index: entry.index,
                };
                Ok(batch.put(key, &row)?)
            }
            DeliberationAction::ProxyRevoked { .. } => {
                batch.remove(key);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn of_motion(motion: &MotionId) -> Key {
    Key::table(PREFIX, OF_MOTION).with(motion)
}

impl View<'_> {
    /// The proxies that stand in the vote on a motion, by principal.
    pub fn proxies(
        &self,
        motion: &MotionId,
        request: &PageRequest,
    ) -> Result<Page<ProxyRow>, QueryError> {
        let span = Span::of(of_motion(motion));
        page::read_rows(self, span, Order::Ascending, request, |_: &ProxyRow| true)
    }
}
