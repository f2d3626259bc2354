//! Which entry an action became: a retry of a recorded action is answered with its first receipt, also
//! when it has long expired.

use governance::ids::ActionId;

use crate::{
    codec,
    keys::Key,
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Span, StoreError, View, ViewBatch},
};

/// A second of an id's making and 64 entries of the log → the ids and their indices.
pub(crate) struct Actions;

const PREFIX: u8 = 1;
const INDEX_OF: u8 = 1;

/// Entries whose ids may stand together. What is looked through for one id are those made in the same
/// second.
const TOGETHER: u64 = 64;

/// An id, and the entry its action became.
type Recorded = (ActionId, u64);

impl Projection for Actions {
    fn name(&self) -> &'static str {
        "actions"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let recorded: Recorded = (entry.action.id, entry.index);
        let key = made_with(entry.action.id).with(&(entry.index / TOGETHER));
        Ok(batch.append(key, &recorded)?)
    }
}

/// What the keys of all ids of one second begin with: an id begins with the milliseconds at which it was
/// made, or for what time brings with a hash.
fn made_with(id: ActionId) -> Key {
    let ms = id.0[..6]
        .iter()
        .fold(0_u64, |ms, byte| ms << 8 | u64::from(*byte));
    Key::table(PREFIX, INDEX_OF).with(&(ms >> 10))
}

impl View<'_> {
    /// The index of the entry that holds the action with this id.
    pub fn recorded_action(&self, id: ActionId) -> Result<Option<u64>, QueryError> {
        for pair in self.scan(&Span::of(made_with(id)), Order::Ascending) {
            let recorded: Vec<Recorded> = codec::decode_all(&pair?.1).map_err(StoreError::from)?;
            if let Some((_, index)) = recorded.into_iter().find(|(found, _)| *found == id) {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}
