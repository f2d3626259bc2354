//! What was taken over from elsewhere: votes held on a city's platform, records of before the ledger. Each is
//! attested by two officers, and none is taken over twice.

use governance::{
    action::{AffairsAction, Payload},
    calendar::Date,
    ids::{AffairId, BodyId, Digest, PersonId},
};
use serde::{Deserialize, Serialize};

use super::powers::Moment;
use crate::{
    codec,
    content::ContentRow,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, View, ViewBatch},
};

/// Record → what it says; index → record; body and index → record.
pub(crate) struct Imports;

const PREFIX: u8 = 20;
const RECORD: u8 = 1;
const BY_INDEX: u8 = 2;
const OF_BODY: u8 = 3;

/// A record that was taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Its id.
    pub record: AffairId,
    /// Whose it is.
    pub body: BodyId,
    /// Its own id where it comes from.
    pub source: String,
    /// SHA-256 of the original.
    pub digest: Digest,
    /// When it took place.
    pub held_on: Date,
    /// What it says.
    pub summary: String,
    /// The original, where it is kept.
    pub content: Option<ContentRow>,
    /// The entry that took it over.
    pub imported: Moment,
    /// Who took it over, and who attests it.
    pub imported_by: Option<PersonId>,
    /// The second officer.
    pub attested_by: PersonId,
}

impl Projection for Imports {
    fn name(&self) -> &'static str {
        "imports"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let Payload::Affairs(AffairsAction::RecordImported(imported)) = &entry.action.payload
        else {
            return Ok(());
        };
        let row = ImportRow {
            record: imported.record.clone(),
            body: imported.body.clone(),
            source: imported.source.clone(),
            digest: imported.digest,
            held_on: imported.held_on,
            summary: imported.summary.clone(),
            content: imported.content.as_ref().map(Into::into),
            imported: Moment::of(entry),
            imported_by: entry.person().cloned(),
            attested_by: imported.second.person.clone(),
        };
        for table in [by_index(), of_body(&row.body)] {
            batch.put(table.with(&entry.index), &row.record)?;
        }
        Ok(batch.put(key(&row.record), &row)?)
    }
}

fn key(record: &AffairId) -> Key {
    Key::table(PREFIX, RECORD).with(record)
}

fn by_index() -> Key {
    Key::table(PREFIX, BY_INDEX)
}

fn of_body(body: &BodyId) -> Key {
    Key::table(PREFIX, OF_BODY).with(body)
}

impl View<'_> {
    /// One record.
    pub fn import(&self, record: &AffairId) -> Result<Option<ImportRow>, QueryError> {
        Ok(self.get(&key(record))?)
    }

    /// Records, of one body or all, the one taken over last first.
    pub fn imports(
        &self,
        body: Option<&BodyId>,
        request: &PageRequest,
    ) -> Result<Page<ImportRow>, QueryError> {
        let span = Span::of(body.map_or_else(by_index, of_body));
        page::read(self, span, Order::Descending, request, |_, record| {
            self.import(&codec::decode(record)?)
        })
    }
}
