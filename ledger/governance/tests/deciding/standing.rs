//! Standing meetings 常态化议事协调 and the missed ones, derived by time.

use governance::{
    action::{MeetingsAction, Payload},
    charter::StandingMeeting,
    derive,
    ids::Millis,
    next_due,
    testing::{World, charter_amended, community as founding},
};

use super::support::{DAY, MINUTE, OWNERS, adopts, chair, registrar};

/// The assembly meets in every quarter; the community is founded on 2026-03-02.
fn quarterly() -> World {
    let mut founding = founding();
    founding.charter.standing_meetings = vec![standing("assembly", 3)];
    World::founded(founding).given(registrar().publishes_roll("roll", "assembly", &OWNERS))
}

fn standing(body: &str, every_months: u32) -> StandingMeeting {
    StandingMeeting {
        body: body.parse().unwrap(),
        every_months,
        citation: "城市居民委员会组织法 28".to_owned(),
    }
}

/// The first moment after a local day.
fn after(world: &World, day: &str) -> Millis {
    world.state().utc_offsets().end_of(day.parse().unwrap())
}

/// The last day of each period that was missed.
fn missed(world: &World) -> Vec<String> {
    let missed = world
        .log()
        .iter()
        .filter_map(|entry| match &entry.action.payload {
            Payload::Meetings(MeetingsAction::MeetingMissed { last_day, .. }) => {
                Some(last_day.to_string())
            }
            _ => None,
        });
    missed.collect()
}

fn meets_by(world: &World) -> Option<String> {
    let day = world.state().meets_by(&"assembly".parse().unwrap());
    day.map(|day| day.to_string())
}

/// A meeting is called for this moment, and held.
fn meets(world: World, meeting: &str, at: Millis) -> World {
    let called = world.given(chair().convenes(meeting, "assembly", "simple", at, &[]));
    let begun = called.at(at).caught_up();
    begun.given(registrar().records_attendance(meeting, "roll", &["anna"]))
}

#[test]
fn a_period_that_was_running_when_the_charter_came_into_force_is_nobodys_fault() {
    let world = quarterly();
    assert_eq!(meets_by(&world).as_deref(), Some("2026-06-30"));
    let april = after(&world, "2026-03-31");
    let world = world.at(april).caught_up();
    assert_eq!(missed(&world), [] as [&str; 0]);
}

#[test]
fn a_period_without_a_meeting_is_missed_at_its_end_and_not_before() {
    let world = quarterly();
    let due = after(&world, "2026-06-30");
    assert_eq!(next_due(world.state()), Some(due));
    assert_eq!(derive(world.state(), Millis(due.0 - 1)), None);
    let world = world.at(due).caught_up();
    assert_eq!(missed(&world), ["2026-06-30"]);
    let Payload::Meetings(MeetingsAction::MeetingMissed {
        first_day,
        citation,
        ..
    }) = &world.log().last().unwrap().action.payload
    else {
        panic!("a missed meeting");
    };
    assert_eq!(first_day.to_string(), "2026-04-01");
    assert!(citation.contains("28"));
    // Period after period, each once, however late anybody looks.
    let end = after(&world, "2026-12-31");
    let world = world.at(end).caught_up();
    assert_eq!(missed(&world), ["2026-06-30", "2026-09-30", "2026-12-31"]);
}

#[test]
fn a_meeting_on_the_first_or_last_day_of_a_period_is_held_in_it() {
    let first = |world: &World| after(world, "2026-03-31");
    let last = |world: &World| Millis(after(world, "2026-06-30").0 - MINUTE);
    for at in [first, last] {
        let world = quarterly();
        let at = at(&world);
        let world = meets(world, "meeting", at);
        assert_eq!(meets_by(&world).as_deref(), Some("2026-09-30"));
        let june = after(&world, "2026-06-30");
        assert_eq!(missed(&world.at(june).caught_up()), [] as [&str; 0]);
    }
    // One that is held before the period does not count for it, nor one nobody came to.
    let world = quarterly();
    let before = Millis(after(&world, "2026-03-31").0 - MINUTE);
    let world = meets(world, "early", before);
    assert_eq!(meets_by(&world).as_deref(), Some("2026-06-30"));
    let called = world.now().plus(DAY);
    let world = world
        .given(chair().convenes("empty", "assembly", "simple", called, &[]))
        .at(called)
        .given(chair().closes_meeting("empty"));
    let june = after(&world, "2026-06-30");
    assert_eq!(missed(&world.at(june).caught_up()), ["2026-06-30"]);
}

#[test]
fn a_meeting_counts_once_and_a_missed_one_does_not_use_up_the_next() {
    let world = quarterly();
    let april = after(&world, "2026-04-10");
    let world = meets(world, "one", april);
    let world = meets(world, "two", april.plus(DAY));
    assert_eq!(meets_by(&world).as_deref(), Some("2026-09-30"));
    let october = after(&world, "2026-09-30");
    let world = world.at(october).caught_up();
    assert_eq!(missed(&world), ["2026-09-30"]);
    let world = meets(world, "late", october.plus(DAY));
    assert_eq!(meets_by(&world).as_deref(), Some("2027-03-31"));
}

#[test]
fn persons_do_not_say_that_a_meeting_was_missed() {
    let payload = Payload::Meetings(MeetingsAction::MeetingMissed {
        body: "assembly".parse().unwrap(),
        first_day: "2026-04-01".parse().unwrap(),
        last_day: "2026-06-30".parse().unwrap(),
        citation: "x".to_owned(),
    });
    quarterly()
        .when(chair().does(payload))
        .then_err("NOT_FOR_PERSONS");
}

#[test]
fn an_amendment_asks_from_the_next_whole_period_and_lets_go_at_once() {
    let with = |world: &World, standing_meetings| {
        let amended = charter_amended(world.state().charter(), |charter| {
            charter.standing_meetings = standing_meetings;
        });
        vec![amended]
    };
    let world = quarterly();
    let monthly = with(&world, vec![standing("assembly", 1)]);
    let world = adopts(world, "monthly", monthly);
    // The quarter that is expected stays; the months begin after it.
    assert_eq!(meets_by(&world).as_deref(), Some("2026-06-30"));
    let july = after(&world, "2026-06-30");
    let world = world.at(july).caught_up();
    assert_eq!(meets_by(&world).as_deref(), Some("2026-07-31"));
    let none = with(&world, Vec::new());
    let world = adopts(world, "none", none);
    assert_eq!(meets_by(&world), None);
    let later = after(&world, "2026-12-31");
    assert_eq!(missed(&world.at(later).caught_up()), ["2026-06-30"]);
}
