//! Every entry in a line, newest first.

use governance::ids::{Millis, PersonId};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    summary::Summary,
    view_store::{Order, Rows, Span, View, ViewBatch},
};

/// Index → the entry in a line.
pub(crate) struct Timeline;

const PREFIX: u8 = 4;
const ENTRY: u8 = 1;

/// An entry in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineRow {
    /// Its place in the log.
    pub index: u64,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// What it is about.
    pub summary: Summary,
}

impl Projection for Timeline {
    fn name(&self) -> &'static str {
        "timeline"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let row = TimelineRow {
            index: entry.index,
            recorded_at: entry.recorded_at,
            summary: Summary::of(entry.action),
        };
        Ok(batch.put(key(entry.index), &row)?)
    }
}

fn key(index: u64) -> Key {
    Key::table(PREFIX, ENTRY).with(&index)
}

/// Which entries to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineFilter {
    /// Only what this person did.
    pub actor: Option<PersonId>,
    /// Only of this kind; see [`Summary::kind`].
    pub kind: Option<String>,
    /// Only what is about the thing of this id, whatever it is.
    pub subject: Option<String>,
}

impl TimelineFilter {
    fn fits(&self, row: &TimelineRow) -> bool {
        let summary = &row.summary;
        let actor = self.actor.as_ref();
        actor.is_none_or(|actor| summary.actor.as_ref() == Some(actor))
            && self.kind.as_ref().is_none_or(|kind| summary.kind == *kind)
            && self
                .subject
                .as_ref()
                .is_none_or(|subject| summary.subject.id() == subject)
    }
}

impl View<'_> {
    /// Every entry, newest first.
    pub fn timeline(
        &self,
        filter: &TimelineFilter,
        request: &PageRequest,
    ) -> Result<Page<TimelineRow>, QueryError> {
        let span = Span::of(Key::table(PREFIX, ENTRY));
        let fits = |row: &TimelineRow| filter.fits(row);
        page::read_rows(self, span, Order::Descending, request, fits)
    }

    /// The entry at an index.
    pub fn timeline_entry(&self, index: u64) -> Result<TimelineRow, QueryError> {
        self.get(&key(index))?.ok_or(QueryError::BeyondPosition {
            asked: index,
            last: self.position().index,
        })
    }

    /// The index of the last entry that was recorded at a time or before it.
    pub fn last_entry_at(&self, at: Millis) -> Result<u64, QueryError> {
        // Recorded time never goes back: the entries that are not too late come first.
        let (mut among, mut beyond) = (0, self.position().index + 1);
        while among < beyond {
            let middle = among + (beyond - among) / 2;
            if self.timeline_entry(middle)?.recorded_at <= at {
                among = middle + 1;
            } else {
                beyond = middle;
            }
        }
        match among.checked_sub(1) {
            Some(last) => Ok(last),
            None => Err(QueryError::BeforeFirst {
                first: self.timeline_entry(0)?.recorded_at.0,
            }),
        }
    }
}
