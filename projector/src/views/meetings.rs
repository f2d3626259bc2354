//! Meetings: whose, when, where, who called them, how notice was given, how many came and whether they are over.

use governance::{
    action::{MeetingConvened, MeetingsAction, Payload},
    ids::{BodyId, MeetingId, Millis, RollId, RuleId},
};
use serde::{Deserialize, Serialize};

use super::powers::Moment;
use crate::{
    codec,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    summary::count,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
    views::constitution,
};

/// Meeting → what is known of it; its beginning and meeting → nothing more; the same by body and by where it stands.
pub(crate) struct Meetings;

const PREFIX: u8 = 15;
const MEETING: u8 = 1;
const BY_BEGINNING: u8 = 2;
const OF_BODY: u8 = 3;
const BY_STATUS: u8 = 4;

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingRow {
    /// Its id.
    pub meeting: MeetingId,
    /// Whose meeting.
    pub body: BodyId,
    /// The rule it was called under.
    pub rule: RuleId,
    /// Of which version of the charter.
    pub charter_version: u32,
    /// When it begins.
    pub starts_at: Millis,
    /// Where.
    pub place: String,
    /// The entry that called it.
    pub convened: Moment,
    /// The body whose officer called it.
    pub convened_by: Option<BodyId>,
    /// How many voters asked for it; 0: it was called without a petition.
    pub petitioners: u32,
    /// The notice.
    pub notice: Option<NoticeRow>,
    /// Who came.
    pub attendance: Option<AttendanceRow>,
    /// The entry that says it is over.
    pub closed: Option<Moment>,
}

/// How notice of a meeting was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// The entry.
    pub given: Moment,
    /// Why it is short, where it is.
    pub urgent: Option<String>,
}

/// How many came to a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceRow {
    /// The last entry that said so.
    pub recorded: Moment,
    /// Among whom.
    pub roll: RollId,
    /// How many of them were there, over all entries.
    pub present: u32,
    /// How many others attended, over all entries.
    pub guests: u32,
}

/// Where a meeting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeetingStatus {
    /// It is called, and no notice is given.
    Convened,
    /// Notice is given.
    Noticed,
    /// It is recorded who came.
    Attended,
    /// It is over.
    Closed,
}

impl MeetingRow {
    /// Where it stands.
    pub const fn status(&self) -> MeetingStatus {
        match self {
            Self {
                closed: Some(_), ..
            } => MeetingStatus::Closed,
            Self {
                attendance: Some(_),
                ..
            } => MeetingStatus::Attended,
            Self {
                notice: Some(_), ..
            } => MeetingStatus::Noticed,
            _ => MeetingStatus::Convened,
        }
    }

    /// The newest entry about it.
    pub fn newest(&self) -> u64 {
        let notice = self.notice.as_ref().map(|notice| notice.given);
        let attendance = self.attendance.as_ref().map(|came| came.recorded);
        let later = [notice, attendance, self.closed].into_iter().flatten();
        later.fold(self.convened.index, |newest, moment| {
            newest.max(moment.index)
        })
    }
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
        let moment = Moment::of(entry);
        match act {
            MeetingsAction::MeetingConvened(convened) => convene(entry, convened, batch),
            MeetingsAction::MeetingNoticed {
                meeting,
                urgent_reason,
            } => change(entry, meeting, batch, |row| {
                row.notice = Some(NoticeRow {
                    given: moment,
                    urgent: urgent_reason.clone(),
                });
            }),
            MeetingsAction::AttendanceRecorded {
                meeting,
                roll,
                present,
                guests,
            } => change(entry, meeting, batch, |row| {
                let before = row.attendance.as_ref();
                let (came, attended) = before.map_or((0, 0), |came| (came.present, came.guests));
                row.attendance = Some(AttendanceRow {
                    recorded: moment,
                    roll: roll.clone(),
                    // One entry names a thousand at most of each, and nobody twice.
                    present: came.saturating_add(count(present.len())),
                    guests: attended.saturating_add(count(guests.len())),
                });
            }),
            MeetingsAction::MeetingClosed { meeting } => change(entry, meeting, batch, |row| {
                row.closed = Some(moment);
            }),
            MeetingsAction::MeetingMissed { .. } => Ok(()),
        }
    }
}

fn convene(
    entry: &Logged<'_>,
    convened: &MeetingConvened,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = MeetingRow {
        meeting: convened.meeting.clone(),
        body: convened.body.clone(),
        rule: convened.rule.clone(),
        charter_version: constitution::version_in_force(batch)?.unwrap_or_default(),
        starts_at: convened.starts_at,
        place: convened.place.clone(),
        convened: Moment::of(entry),
        convened_by: entry.capacity().map(|capacity| capacity.body.clone()),
        petitioners: u32::try_from(convened.petitioners.len()).unwrap_or(u32::MAX),
        notice: None,
        attendance: None,
        closed: None,
    };
    for table in [by_beginning(), of_body(&row.body), by_status(row.status())] {
        batch.put(beginning(table, &row), &row.meeting)?;
    }
    Ok(batch.put(key(&row.meeting), &row)?)
}

fn change(
    entry: &Logged<'_>,
    meeting: &MeetingId,
    batch: &mut ViewBatch<'_>,
    change: impl FnOnce(&mut MeetingRow),
) -> Result<(), ProjectionError> {
    let mut row =
        find(batch, meeting)?.ok_or_else(|| ProjectionError::unknown(entry, "meeting", meeting))?;
    batch.remove(beginning(by_status(row.status()), &row));
    change(&mut row);
    batch.put(beginning(by_status(row.status()), &row), &row.meeting)?;
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

fn of_body(body: &BodyId) -> Key {
    Key::table(PREFIX, OF_BODY).with(body)
}

fn by_status(status: MeetingStatus) -> Key {
    Key::table(PREFIX, BY_STATUS).with_byte(status as u8)
}

/// A meeting's place in a table, by when it begins.
fn beginning(table: Key, row: &MeetingRow) -> Key {
    table.with(&row.starts_at.0).with(&row.meeting)
}

/// Which meetings to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeetingFilter {
    /// Only this body's.
    pub body: Option<BodyId>,
    /// Only those that stand here.
    pub status: Option<MeetingStatus>,
}

impl MeetingFilter {
    /// The table with the fewest rows beside those that are wanted: most meetings are over.
    fn table(&self) -> Key {
        match (&self.body, self.status) {
            (Some(body), None | Some(MeetingStatus::Closed)) => of_body(body),
            (_, Some(status)) => by_status(status),
            (None, None) => by_beginning(),
        }
    }

    fn takes(&self, row: &MeetingRow) -> bool {
        self.body.as_ref().is_none_or(|body| row.body == *body)
            && self.status.is_none_or(|status| row.status() == status)
    }
}

impl View<'_> {
    /// One meeting.
    pub fn meeting(&self, meeting: &MeetingId) -> Result<Option<MeetingRow>, QueryError> {
        Ok(find(self, meeting)?)
    }

    /// Meetings, the one that begins last first.
    pub fn meetings(
        &self,
        filter: &MeetingFilter,
        request: &PageRequest,
    ) -> Result<Page<MeetingRow>, QueryError> {
        let span = Span::of(filter.table());
        page::read(self, span, Order::Descending, request, |_, meeting| {
            let meeting: MeetingId = codec::decode(meeting)?;
            Ok(self.meeting(&meeting)?.filter(|row| filter.takes(row)))
        })
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
