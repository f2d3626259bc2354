//! Given meetings that were called, these are to come.

use governance::{
    action::{MeetingConvened, MeetingsAction, Payload},
    ids::{MeetingId, Millis},
};
use projector::{PageRequest, views::meetings::MeetingRow};

use crate::history::{History, START, body, built, rule};

fn meeting(id: &str) -> MeetingId {
    MeetingId::new(id).unwrap()
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
    let ids = |rows: &[MeetingRow]| -> Vec<u64> { rows.iter().map(|r| r.convened_index).collect() };
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
    assert_eq!(
        (row.noticed_index, row.closed_index),
        (Some(noticed), Some(closed))
    );
    assert_eq!(row.urgent.as_deref(), Some("汛情 (a flood)"));
    assert_eq!((other.noticed_index, other.closed_index), (None, None));
}
