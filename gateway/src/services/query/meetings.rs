//! Meetings: who called them, how notice was given, how many came, and what was put to the vote in one.

use governance::ids::MeetingId;
use projector::{
    PAGE_SIZE_MAX, PageRequest, QueryError, View,
    views::{
        meetings::{MeetingFilter, MeetingRow, MeetingStatus},
        motions::MotionFilter,
    },
};
use proto::v1;

use super::{
    ask::{Books, field, known, optional_field, page_request},
    motions::motion,
};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListMeetingsRequest,
) -> Result<v1::ListMeetingsResponse, Problem> {
    let filter = MeetingFilter {
        body: optional_field("body", &request.body)?,
        status: status_filter(request.status)?,
    };
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let page = view.meetings(&filter, &page)?;
            let rows = page.rows.iter().map(|row| meeting(view, row));
            Ok((rows.collect::<Result<_, _>>()?, page.next))
        })
        .await?;
    let (meetings, next) = told.value;
    Ok(v1::ListMeetingsResponse {
        meetings,
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetMeetingRequest,
) -> Result<v1::GetMeetingResponse, Problem> {
    let id: MeetingId = field("meeting", &request.meeting)?;
    let told = books
        .ask(move |view| {
            let Some(row) = view.meeting(&id)? else {
                return Ok(None);
            };
            let of_it = MotionFilter {
                meeting: Some(id),
                ..MotionFilter::default()
            };
            let rows = view
                .motions(&of_it, &PageRequest::new(PAGE_SIZE_MAX, ""))?
                .rows;
            let motions = rows.iter().map(|row| motion(view, row));
            Ok(Some((
                meeting(view, &row)?,
                motions.collect::<Result<_, _>>()?,
            )))
        })
        .await?;
    let (meeting, motions) = told
        .value
        .ok_or_else(|| Problem::no_such_meeting(books.id(), &request.meeting))?;
    Ok(v1::GetMeetingResponse {
        meeting: Some(meeting),
        motions,
        position: Some(told.position),
    })
}

fn meeting(view: &View<'_>, row: &MeetingRow) -> Result<v1::Meeting, QueryError> {
    let came = row.attendance.as_ref();
    let roll = came
        .map(|came| view.roll(&came.roll))
        .transpose()?
        .flatten();
    let notice = row.notice.as_ref();
    Ok(v1::Meeting {
        meeting: row.meeting.to_string(),
        body: row.body.to_string(),
        rule: row.rule.to_string(),
        starts_at_ms: row.starts_at.0,
        place: row.place.clone(),
        status: status(row.status()).into(),
        convened_by: row
            .convened_by
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        petitioners: row.petitioners,
        convened_index: row.convened.index,
        convened_at_ms: row.convened.at.0,
        noticed_index: notice.map_or(0, |notice| notice.given.index),
        noticed_at_ms: notice.map_or(0, |notice| notice.given.at.0),
        urgent_reason: notice
            .and_then(|notice| notice.urgent.clone())
            .unwrap_or_default(),
        roll: came.map(|came| came.roll.to_string()).unwrap_or_default(),
        present: came.map_or(0, |came| came.present),
        guests: came.map_or(0, |came| came.guests),
        roll_members: roll.map_or(0, |roll| roll.members),
        attended_index: came.map_or(0, |came| came.recorded.index),
        attended_at_ms: came.map_or(0, |came| came.recorded.at.0),
        closed_index: row.closed.map_or(0, |closed| closed.index),
        closed_at_ms: row.closed.map_or(0, |closed| closed.at.0),
    })
}

fn status(status: MeetingStatus) -> v1::MeetingStatus {
    match status {
        MeetingStatus::Convened => v1::MeetingStatus::Convened,
        MeetingStatus::Noticed => v1::MeetingStatus::Noticed,
        MeetingStatus::Attended => v1::MeetingStatus::Attended,
        MeetingStatus::Closed => v1::MeetingStatus::Closed,
    }
}

fn status_filter(number: i32) -> Result<Option<MeetingStatus>, Problem> {
    Ok(match known("status", number)? {
        v1::MeetingStatus::Unspecified => None,
        v1::MeetingStatus::Convened => Some(MeetingStatus::Convened),
        v1::MeetingStatus::Noticed => Some(MeetingStatus::Noticed),
        v1::MeetingStatus::Attended => Some(MeetingStatus::Attended),
        v1::MeetingStatus::Closed => Some(MeetingStatus::Closed),
    })
}
