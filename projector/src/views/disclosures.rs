//! What is made known 居务公开, and until when it hangs out.

use governance::{
    action::{AffairsAction, Payload},
    calendar::Date,
    ids::{AffairId, BodyId, PersonId},
};
use serde::{Deserialize, Serialize};

use super::powers::Moment;
use crate::{
    codec,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, View, ViewBatch},
};

/// Disclosure → what it says; index → disclosure; body and index → disclosure; last day and index → disclosure.
pub(crate) struct Disclosures;

const PREFIX: u8 = 19;
const DISCLOSURE: u8 = 1;
const BY_INDEX: u8 = 2;
const OF_BODY: u8 = 3;
const BY_LAST_DAY: u8 = 4;

/// A disclosure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureRow {
    /// Its id.
    pub disclosure: AffairId,
    /// Whose.
    pub body: BodyId,
    /// What it is about.
    pub title: String,
    /// The text.
    pub text: String,
    /// The last day it hangs out.
    pub until: Date,
    /// The entry that posted it.
    pub posted: Moment,
    /// Who posted it.
    pub posted_by: Option<PersonId>,
}

impl Projection for Disclosures {
    fn name(&self) -> &'static str {
        "disclosures"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let Payload::Affairs(AffairsAction::DisclosurePosted(posted)) = &entry.action.payload
        else {
            return Ok(());
        };
        let row = DisclosureRow {
            disclosure: posted.disclosure.clone(),
            body: posted.body.clone(),
            title: posted.title.clone(),
            text: posted.text.clone(),
            until: posted.until,
            posted: Moment::of(entry),
            posted_by: entry.person().cloned(),
        };
        let tables = [
            by_index(),
            of_body(&row.body),
            by_last_day().with(&row.until),
        ];
        for table in tables {
            batch.put(table.with(&entry.index), &row.disclosure)?;
        }
        Ok(batch.put(key(&row.disclosure), &row)?)
    }
}

fn key(disclosure: &AffairId) -> Key {
    Key::table(PREFIX, DISCLOSURE).with(disclosure)
}

fn by_index() -> Key {
    Key::table(PREFIX, BY_INDEX)
}

fn of_body(body: &BodyId) -> Key {
    Key::table(PREFIX, OF_BODY).with(body)
}

fn by_last_day() -> Key {
    Key::table(PREFIX, BY_LAST_DAY)
}

/// Which disclosures to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisclosureFilter {
    /// Only this body's.
    pub body: Option<BodyId>,
    /// Only those that hang out on this day or later.
    pub hanging_on: Option<Date>,
}

impl DisclosureFilter {
    fn span(&self) -> Span {
        match (&self.hanging_on, &self.body) {
            (Some(day), _) => Span {
                from: by_last_day().with(day),
                ..Span::of(by_last_day())
            },
            (None, Some(body)) => Span::of(of_body(body)),
            (None, None) => Span::of(by_index()),
        }
    }

    fn takes(&self, row: &DisclosureRow) -> bool {
        self.body.as_ref().is_none_or(|body| row.body == *body)
            && self.hanging_on.is_none_or(|day| row.until >= day)
    }
}

impl View<'_> {
    /// One disclosure.
    pub fn disclosure(&self, disclosure: &AffairId) -> Result<Option<DisclosureRow>, QueryError> {
        Ok(self.get(&key(disclosure))?)
    }

    /// Disclosures, the one posted last first; of those that hang out, the one that hangs longest first.
    pub fn disclosures(
        &self,
        filter: &DisclosureFilter,
        request: &PageRequest,
    ) -> Result<Page<DisclosureRow>, QueryError> {
        page::read(
            self,
            filter.span(),
            Order::Descending,
            request,
            |_, disclosure| {
                let disclosure: AffairId = codec::decode(disclosure)?;
                let row = self.disclosure(&disclosure)?;
                Ok(row.filter(|row| filter.takes(row)))
            },
        )
    }
}
