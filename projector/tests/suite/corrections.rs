//! Corrected records and missed meetings in the views, as the law records them.

use governance::{
    action::{
        Outcome,
        RollCallMark::{Absent, Against, For},
    },
    charter::StandingMeeting,
    ids::{Millis, MotionId},
    testing::{World, by, community},
};
use projector::{
    PageRequest,
    views::{
        decisions::DecisionFilter,
        overdue::{Duty, DutyFilter, DutyKind},
    },
};

use crate::agreement::with_views;

const OWNERS: [(&str, u64); 3] = [("anna", 1), ("bao", 1), ("chen", 1)];
const MINUTE: u64 = 60_000;

/// The council has decided by roll call: the world, and the entry of the roll call.
fn called() -> (World, u64) {
    let (chair, clerk) = (by("chair").chair(), by("registrar").clerk());
    let world = World::community();
    let starts_at = world.now().plus(MINUTE);
    let rule = "council-ordinary";
    let world = world
        .given(clerk.clone().publishes_roll("roll", "council", &OWNERS))
        .given(
            chair
                .clone()
                .convenes("meeting", "council", rule, starts_at, &[]),
        )
        .given(
            chair
                .clone()
                .tables("motion", "council", rule)
                .with_motion(|motion| {
                    motion.meeting = Some("meeting".parse().unwrap());
                }),
        )
        .at(starts_at)
        .given(
            clerk
                .clone()
                .records_attendance("meeting", "roll", &["anna", "bao"]),
        )
        .given(chair.opens("motion", "roll", MINUTE))
        .given(clerk.calls_roll(
            "motion",
            "roll",
            &[("anna", For), ("bao", For), ("chen", Absent)],
        ));
    let entry = world.state().size() - 1;
    (world.caught_up(), entry)
}

#[test]
fn a_corrected_roll_call_is_shown_with_what_it_was_at_first() {
    let (world, entry) = called();
    let lines = [("anna", Against), ("bao", For), ("chen", Absent)];
    let clerk = by("registrar").clerk();
    let world = world
        .given(clerk.clone().corrects_roll_call(entry, "motion", &lines))
        .given(clerk.corrects_in_words(entry))
        .caught_up();
    let motion = MotionId::new("motion").unwrap();
    with_views(&world, |views| {
        let row = views
            .read(|view| view.decision(&motion))
            .unwrap()
            .value
            .unwrap();
        assert_eq!(row.result.outcome, Outcome::Rejected);
        let corrected = row.corrected.expect("it is corrected");
        assert_eq!(corrected.first.outcome, Outcome::Adopted);
        // It stands once in every list, where it stood.
        let all = PageRequest::default();
        let listed = views.read(|view| view.decisions(&DecisionFilter::default(), &all));
        assert_eq!(listed.unwrap().value.rows.len(), 1);
        let call = views
            .read(|view| view.roll_call(&motion))
            .unwrap()
            .value
            .unwrap();
        assert_eq!((call.index, call.lines[0].1), (entry, Against));
        assert_eq!(call.first.unwrap()[0].1, For);
        let corrections = views.read(|view| view.corrections_of(entry, &all)).unwrap();
        let notes: Vec<bool> = corrections
            .value
            .rows
            .iter()
            .map(|row| row.note.is_some())
            .collect();
        assert_eq!(notes, [false, true]);
        let none = views
            .read(|view| view.corrections_of(entry - 1, &all))
            .unwrap();
        assert!(none.value.rows.is_empty());
        let history = views
            .read(|view| view.motion_history(&motion, &all))
            .unwrap();
        let kinds = history
            .value
            .rows
            .iter()
            .map(|row| row.summary.kind.as_str());
        assert!(kinds.clone().any(|kind| kind == "record_corrected"));
        assert_eq!(kinds.filter(|kind| *kind == "motion_decided").count(), 2);
    });
}

#[test]
fn a_missed_meeting_is_overdue_until_the_body_meets() {
    let mut founding = community();
    founding.charter.standing_meetings = vec![StandingMeeting {
        body: "council".parse().unwrap(),
        every_months: 1,
        citation: "章程".to_owned(),
    }];
    let (chair, clerk) = (by("chair").chair(), by("registrar").clerk());
    let world =
        World::founded(founding).given(clerk.clone().publishes_roll("roll", "council", &OWNERS));
    let end = |world: &World, day: &str| world.state().utc_offsets().end_of(day.parse().unwrap());
    let missed = |world: &World| {
        with_views(world, |views| {
            let filter = DutyFilter {
                kind: Some(DutyKind::Meeting),
                body: None,
            };
            let now = Millis(u64::MAX);
            let page = views.read(|view| view.overdue(&filter, now, &PageRequest::default()));
            let rows = page.unwrap().value.rows.into_iter();
            let last = |row: projector::views::overdue::DutyRow| match row.duty {
                Duty::Meeting { last_day, .. } => last_day.to_string(),
                other => panic!("{other:?}"),
            };
            rows.map(last).collect::<Vec<_>>()
        })
    };
    let may = end(&world, "2026-05-31");
    let world = world.at(may).caught_up();
    // April and May passed without one: the last of them is the duty.
    assert_eq!(missed(&world), ["2026-05-31"]);
    let starts_at = world.now().plus(MINUTE);
    let world = world
        .given(chair.convenes("june", "council", "council-ordinary", starts_at, &[]))
        .at(starts_at);
    assert_eq!(missed(&world), ["2026-05-31"], "called is not held");
    let world = world.given(clerk.records_attendance("june", "roll", &["anna"]));
    assert_eq!(missed(&world), [] as [&str; 0]);
}
