//! Every entry in a line, newest first.

use governance::ids::Millis;
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

impl View<'_> {
    /// Every entry, newest first.
    pub fn timeline(&self, request: &PageRequest) -> Result<Page<TimelineRow>, QueryError> {
        let span = Span::of(Key::table(PREFIX, ENTRY));
        page::read_rows(self, span, Order::Descending, request, |_| true)
    }

    /// The entry at an index.
    pub fn timeline_entry(&self, index: u64) -> Result<TimelineRow, QueryError> {
        self.get(&key(index))?.ok_or(QueryError::BeyondPosition {
            asked: index,
            last: self.position().index,
        })
    }
}
