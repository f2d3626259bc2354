//! Meetings: whose, when, where, whether their notice was given and whether they are over.

use governance::{
    action::{MeetingsAction, Payload},
    ids::{BodyId, MeetingId, Millis},
};
use serde::{Deserialize, Serialize};

use crate::{
    codec,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
};

/// Meeting → what is known of it; its beginning and meeting → nothing more.
pub(crate) struct Meetings;

const PREFIX: u8 = 15;
const MEETING: u8 = 1;
const BY_BEGINNING: u8 = 2;

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingRow {
    /// Its id.
    pub meeting: MeetingId,
    /// Whose meeting.
    pub body: BodyId,
    /// When it begins.
    pub starts_at: Millis,
    /// Where.
    pub place: String,
    /// The entry that called it.
    pub convened_index: u64,
    /// The entry that gave notice of it.
    pub noticed_index: Option<u64>,
    /// Why the notice is short, where it is.
    pub urgent: Option<String>,
    /// The entry that says it is over.
    pub closed_index: Option<u64>,
}

impl Projection for Meetings {
    fn name(&self) -> &'static str {
        "meetings"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let Payload::Meetings(act) = &entry.action.payload else {
            return Ok(());
        };
        match act {
            MeetingsAction::MeetingConvened(convened) => {
                let row = MeetingRow {
                    meeting: convened.meeting.clone(),
                    body: convened.body.clone(),
                    starts_at: convened.starts_at,
                    place: convened.place.clone(),
                    convened_index: entry.index,
                    noticed_index: None,
                    urgent: None,
                    closed_index: None,
                };
                batch.put(key(&row.meeting), &row)?;
                let beginning = by_beginning().with(&row.starts_at.0).with(&row.meeting);
                Ok(batch.put(beginning, &row.meeting)?)
            }
            MeetingsAction::MeetingNoticed {
                meeting,
                urgent_reason,
            } => change(entry, meeting, batch, |row| {
                row.noticed_index = Some(entry.index);
                row.urgent.clone_from(urgent_reason);
            }),
            MeetingsAction::MeetingClosed { meeting } => change(entry, meeting, batch, |row| {
                row.closed_index = Some(entry.index);
            }),
            MeetingsAction::AttendanceRecorded { .. } | MeetingsAction::MeetingMissed { .. } => {
                Ok(())
            }
        }
    }
}

fn change(
    entry: &Logged<'_>,
    meeting: &MeetingId,
    batch: &mut ViewBatch<'_>,
    change: impl FnOnce(&mut MeetingRow),
) -> Result<(), ProjectionError> {
    let mut row =
        find(batch, meeting)?.ok_or_else(|| ProjectionError::unknown(entry, "meeting", meeting))?;
    change(&mut row);
    Ok(batch.put(key(meeting), &row)?)
}

pub(crate) fn find(
    rows: &impl Rows,
    meeting: &MeetingId,
) -> Result<Option<MeetingRow>, StoreError> {
    rows.get(&key(meeting))
}

fn key(meeting: &MeetingId) -> Key {
    Key::table(PREFIX, MEETING).with(meeting)
}

fn by_beginning() -> Key {
    Key::table(PREFIX, BY_BEGINNING)
}

impl View<'_> {
    /// One meeting.
    pub fn meeting(&self, meeting: &MeetingId) -> Result<Option<MeetingRow>, QueryError> {
        Ok(find(self, meeting)?)
    }

    /// Meetings that begin at this moment or later, the next first.
    pub fn meetings_from(
        &self,
        from: Millis,
        request: &PageRequest,
    ) -> Result<Page<MeetingRow>, QueryError> {
        let all = Span::of(by_beginning());
        let span = Span {
            from: by_beginning().with(&from.0),
            ..all
        };
        page::read(self, span, Order::Ascending, request, |_, meeting| {
            let meeting: MeetingId = codec::decode(meeting)?;
            self.meeting(&meeting)
        })
    }
}
