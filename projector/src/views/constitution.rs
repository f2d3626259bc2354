//! What the founding entry fixed and other views and pages keep asking for: local time and the charter.

use governance::{action::Payload, calendar::UtcOffsets, charter::Charter};

use crate::{
    keys::Key,
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Rows, StoreError, View, ViewBatch},
};

/// The ledger's constitution.
pub(crate) struct Constitution;

const PREFIX: u8 = 2;
/// Apart from the charter, which is many times longer and rarely needed while projecting.
const UTC_OFFSETS: u8 = 1;
const CHARTER: u8 = 2;

impl Projection for Constitution {
    fn name(&self) -> &'static str {
        "constitution"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        if let Payload::Founding(founded) = &entry.action.payload {
            batch.put(Key::table(PREFIX, UTC_OFFSETS), &founded.utc_offsets)?;
            batch.put(Key::table(PREFIX, CHARTER), &founded.charter)?;
        }
        Ok(())
    }
}

/// The ledger's local time; `None` before the founding entry.
pub(crate) fn utc_offsets(rows: &impl Rows) -> Result<Option<UtcOffsets>, StoreError> {
    rows.get(&Key::table(PREFIX, UTC_OFFSETS))
}

impl View<'_> {
    /// The ledger's local time.
    pub fn utc_offsets(&self) -> Result<UtcOffsets, QueryError> {
        utc_offsets(self)?.ok_or(QueryError::NotReady)
    }

    /// The charter in force at the position.
    pub fn charter(&self) -> Result<Charter, QueryError> {
        self.get(&Key::table(PREFIX, CHARTER))?
            .ok_or(QueryError::NotReady)
    }
}
