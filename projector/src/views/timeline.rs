//! Every entry in a line, newest first.

use governance::ids::{Millis, PersonId};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    summary::Summary,
    view_store::{Rows, Span, View, ViewBatch},
};

/// 64 entries of the log → each of them in a line.
pub(crate) struct Timeline;

const PREFIX: u8 = 4;
const LINES: u8 = 1;

/// Lines that stand together: a page or two of a list, and every entry is a small part of a row.
const TOGETHER: u64 = 64;

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
        Ok(batch.append(together(entry.index), &row)?)
    }
}

/// Where the line of an entry stands among others.
fn together(index: u64) -> Key {
    line(index - index % TOGETHER)
}

/// The place of an entry in the list, for pages.
fn line(index: u64) -> Key {
    Key::table(PREFIX, LINES).with(&index)
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
        let span = Span::of(Key::table(PREFIX, LINES));
        let place = |row: &TimelineRow| line(row.index);
        page::read_together(self, span, request, place, |row| filter.fits(row))
    }

    /// The entry at an index.
    pub fn timeline_entry(&self, index: u64) -> Result<TimelineRow, QueryError> {
        let lines: Vec<TimelineRow> = self.get_all(&together(index))?;
        let line = lines.into_iter().find(|line| line.index == index);
        line.ok_or(QueryError::BeyondPosition {
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
