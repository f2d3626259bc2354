//! Which entry an action became: a retry of a recorded action is answered with its first receipt, also
//! when it has long expired.

use governance::ids::ActionId;

use crate::{
    keys::Key,
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Rows, View, ViewBatch},
};

/// Action id → index.
pub(crate) struct Actions;

const PREFIX: u8 = 1;
const INDEX_OF: u8 = 1;

impl Projection for Actions {
    fn name(&self) -> &'static str {
        "actions"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        batch.put(key(entry.action.id), &entry.index)?;
        Ok(())
    }
}

fn key(id: ActionId) -> Key {
    Key::table(PREFIX, INDEX_OF).with(&id)
}

impl View<'_> {
    /// The index of the entry that holds the action with this id.
    pub fn recorded_action(&self, id: ActionId) -> Result<Option<u64>, QueryError> {
        Ok(self.get(&key(id))?)
    }
}
