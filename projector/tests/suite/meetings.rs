//! Given meetings that were called, these are to come.

use governance::{
    action::{MeetingConvened, MeetingsAction, Payload},
    ids::{MeetingId, Millis, RollId},
};
use projector::{
    PageRequest,
    views::meetings::{MeetingFilter, MeetingRow, MeetingStatus},
};

use crate::history::{History, START, body, built, person, rule};

fn meeting(id: &str) -> MeetingId {
    MeetingId::new(id).unwrap()
}

fn roll() -> RollId {
    RollId::new("owners-1").unwrap()
}

fn at(days: u64) -> Millis {
    START.plus(days * Millis::DAY)
}

fn convene(log: &mut History, id: &str, starts_at: Millis) -> u64 {
    let convened = MeetingsAction::MeetingConvened(MeetingConvened {
        meeting: meeting(id),
        body: body("committee"),
        rule: rule(),
        starts_at,
        place: "活动室 (hall)".to_owned(),
        petitioners: Vec::new(),
    });
    log.by_person("head", Payload::Meetings(convened))
}

fn from(log: &History, moment: Millis) -> Vec<MeetingRow> {
    let built = built(log);
    let page = PageRequest::default();
    let told = built.views.read(|view| view.meetings_from(moment, &page));
    told.unwrap().value.rows
}

#[test]
fn meetings_are_told_from_a_moment_on_the_next_first_and_how_far_they_are() {
    let mut log = History::founded();
    let later = convene(&mut log, "later", at(20));
    let sooner = convene(&mut log, "sooner", at(10));
    let ids = |rows: &[MeetingRow]| -> Vec<u64> { rows.iter().map(|r| r.convened.index).collect() };
    assert_eq!(ids(&from(&log, START)), [sooner, later]);
    // Exactly when it begins it is still to come.
    assert_eq!(ids(&from(&log, at(10))), [sooner, later]);
    assert_eq!(ids(&from(&log, at(10).plus(1))), [later]);
    assert_eq!(from(&log, at(20).plus(1)), []);

    let noticed = log.by_person(
        "head",
        Payload::Meetings(MeetingsAction::MeetingNoticed {
            meeting: meeting("sooner"),
            urgent_reason: Some("汛情 (a flood)".to_owned()),
        }),
    );
    let closed = log.by_person(
        "head",
        Payload::Meetings(MeetingsAction::MeetingClosed {
            meeting: meeting("sooner"),
        }),
    );
    let rows = from(&log, START);
    let [row, other] = rows.as_slice() else {
        panic!("two meetings: {rows:?}");
    };
    let notice = row.notice.as_ref().expect("notice was given");
    assert_eq!(notice.given.index, noticed);
    assert_eq!(notice.urgent.as_deref(), Some("汛情 (a flood)"));
    assert_eq!(row.closed.map(|closed| closed.index), Some(closed));
    assert_eq!(
        (row.status(), row.newest()),
        (MeetingStatus::Closed, closed)
    );
    assert_eq!((&other.notice, other.closed), (&None, None));
    assert_eq!(
        (other.status(), other.newest()),
        (MeetingStatus::Convened, later)
    );
}

#[test]
fn a_meeting_says_how_many_came_and_is_found_by_body_and_by_where_it_stands() {
    let mut log = History::founded();
    let first = convene(&mut log, "first", at(10));
    convene(&mut log, "second", at(20));
    let find = |log: &History, filter: &MeetingFilter| {
        let built = built(log);
        let page = PageRequest::default();
        let told = built.views.read(|view| view.meetings(filter, &page));
        let rows = told.unwrap().value.rows.into_iter();
        rows.map(|row| row.meeting).collect::<Vec<_>>()
    };
    let by = |status| MeetingFilter {
        status: Some(status),
        ..MeetingFilter::default()
    };
    let of = |id| MeetingFilter {
        body: Some(body(id)),
        ..MeetingFilter::default()
    };
    let all = [meeting("second"), meeting("first")];
    // The one that begins last comes first.
    assert_eq!(find(&log, &MeetingFilter::default()), all);
    assert_eq!(find(&log, &by(MeetingStatus::Convened)), all);
    assert_eq!(find(&log, &of("committee")), all);
    assert_eq!(find(&log, &of("owners")), []);

    let came = |present: &[&str]| {
        Payload::Meetings(MeetingsAction::AttendanceRecorded {
            meeting: meeting("first"),
            roll: roll(),
            present: present.iter().map(|id| person(id)).collect(),
            guests: vec![person("guest")],
        })
    };
    log.by_person("head", came(&["a", "b"]));
    let last = log.by_person("head", came(&["c"]));
    let row = built(&log)
        .views
        .read(|view| view.meeting(&meeting("first")))
        .unwrap()
        .value
        .expect("it was called");
    let attendance = row.attendance.expect("it was recorded who came");
    assert_eq!((attendance.present, attendance.roll), (3, roll()));
    assert_eq!(attendance.guests, 2, "apart from those with a vote");
    assert_eq!(attendance.recorded.index, last);
    assert_eq!((row.convened.index, row.petitioners), (first, 0));
    assert_eq!(find(&log, &by(MeetingStatus::Attended)), [meeting("first")]);
    assert_eq!(
        find(&log, &by(MeetingStatus::Convened)),
        [meeting("second")]
    );
    assert_eq!(find(&log, &by(MeetingStatus::Noticed)), []);
}
