//! Corrections: which entries correct which. A corrected entry stays as it is, and whoever is shown it is told.

use governance::{
    action::{Correction, Payload},
    ids::{Millis, PersonId},
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Span, View, ViewBatch},
};

/// Entry and index → the correction.
pub(crate) struct Corrections;

const PREFIX: u8 = 40;
const OF_ENTRY: u8 = 1;

/// What an entry should have said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionRow {
    /// The entry that is corrected.
    pub entry: u64,
    /// Index of the correction.
    pub index: u64,
    /// When that was recorded.
    pub recorded_at: Millis,
    /// Who recorded it.
    pub recorded_by: Option<PersonId>,
    /// Who attested it.
    pub attested_by: PersonId,
    /// How the entry is known to be wrong.
    pub reason: String,
    /// What is right, in words; `None`: a roll call, which the vote's record has.
    pub note: Option<String>,
}

impl Projection for Corrections {
    fn name(&self) -> &'static str {
        "corrections"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let Payload::Correction(corrected) = &entry.action.payload else {
            return Ok(());
        };
        let row = CorrectionRow {
            entry: corrected.entry,
            index: entry.index,
            recorded_at: entry.recorded_at,
            recorded_by: entry.person().cloned(),
            attested_by: corrected.second.person.clone(),
            reason: corrected.reason.clone(),
            note: match &corrected.correction {
                Correction::Note(note) => Some(note.clone()),
                Correction::RollCall { .. } => None,
            },
        };
        Ok(batch.put(of_entry(row.entry).with(&row.index), &row)?)
    }
}

fn of_entry(entry: u64) -> Key {
    Key::table(PREFIX, OF_ENTRY).with(&entry)
}

impl View<'_> {
    /// What corrects an entry, the oldest first.
    pub fn corrections_of(
        &self,
        entry: u64,
        request: &PageRequest,
    ) -> Result<Page<CorrectionRow>, QueryError> {
        let span = Span::of(of_entry(entry));
        page::read_rows(self, span, Order::Ascending, request, |_| true)
    }
}
