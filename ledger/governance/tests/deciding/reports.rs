//! Year-end reports and assessments.

use governance::{
    action::{Payload, ReportAction},
    calendar::Date,
    charter::Right,
    derive,
    ids::Millis,
    next_due,
    testing::{Doer, World, by},
};

use super::support::{chair, owner, registrar};

/// The community's committee reports by 31 January; this is the first moment that is too late, 24:00 in
/// its UTC+8.
fn end_of_january(year: i32) -> Millis {
    let day = Date::of(year, 2, 1).expect("a day").days();
    Millis(u64::try_from(day).unwrap() * Millis::DAY - 8 * Millis::HOUR)
}

fn supervisor() -> Doer {
    by("supervisor").officer("supervision", "supervisor")
}

/// Everybody in the committee, with these marks for the chair.
fn lines(chair: [u32; 3]) -> [(&'static str, [u32; 3]); 4] {
    let good = [9, 1, 0];
    [
        ("clerk", good),
        ("chair", chair),
        ("teller-1", good),
        ("teller-2", good),
    ]
}

fn overdue(world: &World) -> Vec<u32> {
    let overdue = world
        .log()
        .iter()
        .filter_map(|entry| match &entry.action.payload {
            Payload::Reports(ReportAction::ReportOverdue { year, .. }) => Some(*year),
            _ => None,
        });
    overdue.collect()
}

#[test]
fn a_report_is_overdue_at_the_end_of_the_charters_day_and_not_before() {
    let world = World::community();
    let due = end_of_january(2027);
    assert_eq!(next_due(world.state()), Some(due));
    assert_eq!(derive(world.state(), Millis(due.0 - 1)), None);
    let world = world.at(due).caught_up();
    assert_eq!(overdue(&world), [2026]);
    // The next year's is expected at once.
    assert_eq!(next_due(world.state()), Some(end_of_january(2028)));
    let world = world.at(end_of_january(2029)).caught_up();
    assert_eq!(overdue(&world), [2026, 2027, 2028]);
}

#[test]
fn a_report_that_is_filed_in_time_never_falls_due() {
    let last_moment = Millis(end_of_january(2027).0 - 1);
    let world = World::community()
        .at(last_moment)
        .given(chair().reports("committee", 2026));
    assert_eq!(next_due(world.state()), Some(end_of_january(2028)));
    let world = world.at(end_of_january(2027)).caught_up();
    assert_eq!(overdue(&world), [] as [u32; 0]);
}

#[test]
fn it_is_filed_once_by_the_body_for_a_year_that_has_come() {
    World::community()
        .when(chair().reports("committee", 2027))
        .then_err("REPORT_NOT_EXPECTED")
        .when(chair().reports("committee", 2025))
        .then_err("REPORT_NOT_EXPECTED")
        .when(registrar().reports("committee", 2026))
        .then_err("NO_RIGHT")
        .when(chair().reports("supervision", 2026))
        .then_err("NOT_IN_CAPACITY")
        .given(chair().reports("committee", 2026))
        .when(chair().reports("committee", 2026))
        .then_err("REPORT_FILED_ALREADY");
}

#[test]
fn a_report_that_was_missed_can_still_be_filed() {
    World::community()
        .at(end_of_january(2027))
        .given(chair().reports("committee", 2026))
        .when(chair().reports("committee", 2026))
        .then_err("REPORT_FILED_ALREADY")
        .given(chair().reports("committee", 2027));
}

#[test]
fn questions_are_asked_about_what_was_filed_and_answered_once() {
    World::community()
        .given(registrar().publishes_roll("roll", "assembly", &[("anna", 1)]))
        .when(owner("anna").questions("committee", 2026))
        .then_err("REPORT_NOT_FILED")
        .given(chair().reports("committee", 2026))
        .when(by("anna").questions("committee", 2026))
        .then_err("CAPACITY_MISSING")
        .given(owner("anna").questions("committee", 2026))
        .given(supervisor().questions("committee", 2026))
        .when(registrar().answers("committee", 2026, 0))
        .then_err("NO_RIGHT")
        .given(chair().answers("committee", 2026, 1))
        .when(chair().answers("committee", 2026, 1))
        .then_err("REPORT_ANSWERED_ALREADY")
        .when(chair().answers("committee", 2026, 2))
        .then_err("REPORT_QUESTION_UNKNOWN")
        .given(chair().answers("committee", 2026, 0));
}

#[test]
fn article_37_the_supervision_committee_runs_the_assessment_and_leaves_nobody_out() {
    let assesses = |lines: &[(&str, [u32; 3])]| {
        supervisor().assesses("committee", 2026, "supervisor-2", lines)
    };
    let all = lines([5, 5, 0]);
    World::community()
        .when(assesses(&all))
        .then_err("REPORT_NOT_FILED")
        .given(chair().reports("committee", 2026))
        .when(chair().assesses("committee", 2026, "supervisor-2", &all))
        .then_err("NO_RIGHT")
        .when(supervisor().assesses("committee", 2026, "supervisor", &all))
        .then_err("ATTESTOR_IS_ACTOR")
        .when(assesses(&all[1..]))
        .then_err("ASSESSMENT_UNFIT")
        .when(assesses(&[&all[..], &all[..1]].concat()))
        .then_err("ASSESSMENT_UNFIT")
        .when(assesses(&lines([0, 0, 0])))
        .then_err("ASSESSMENT_UNFIT")
        .when(assesses(&[&all[..], &[("supervisor", [1, 0, 0])]].concat()))
        .then_err("ASSESSMENT_UNFIT")
        .given(assesses(&all))
        .when(assesses(&all))
        .then_err("REPORT_ASSESSED_ALREADY");
}

#[test]
fn article_37_nobody_but_the_supervision_committee_runs_the_assessment() {
    let party = by("secretary").officer("party", "secretary");
    World::community()
        .given(registrar().grants("party", Right::Supervise))
        .given(chair().reports("committee", 2026))
        .when(party.assesses("committee", 2026, "supervisor-2", &lines([5, 5, 0])))
        .then_rejected(|why| {
            assert_eq!(why.code(), "ASSESSED_BY_OTHERS");
            assert!(why.to_string().contains("城市居民委员会组织法 37"), "{why}");
        })
        .when(supervisor().assesses("committee", 2026, "supervisor-2", &lines([5, 5, 0])))
        .then_ok();
}

#[test]
fn article_37_two_incompetent_years_running_end_the_office_in_whatever_order_they_are_assessed() {
    let assesses =
        |year, marks| supervisor().assesses("committee", year, "supervisor-2", &lines(marks));
    let two_reports = || {
        World::community()
            .given(chair().reports("committee", 2026))
            .at(end_of_january(2027))
            .given(chair().reports("committee", 2027))
    };
    two_reports()
        .given(assesses(2027, [0, 0, 9]))
        .given(assesses(2026, [0, 0, 9]))
        .when(chair().tables("motion", "assembly", "simple"))
        .then_err("NOT_IN_CAPACITY");
    two_reports()
        .given(assesses(2027, [0, 0, 9]))
        .given(assesses(2026, [9, 0, 0]))
        .when(chair().tables("motion", "assembly", "simple"))
        .then_ok();
}

#[test]
fn article_36_those_assessed_do_not_assess() {
    let all = [("supervisor", [9, 0, 0]), ("supervisor-2", [9, 0, 0])];
    World::community()
        .when(supervisor().assesses("supervision", 2026, "supervisor-2", &all))
        .then_err("ASSESSOR_INVOLVED");
}

/// Filed and assessed in these years, with these marks for the chair.
fn assessed(years: &[(i32, [u32; 3])]) -> World {
    years
        .iter()
        .fold(World::community(), |world, (year, marks)| {
            let assessed = u32::try_from(*year).unwrap();
            let world = world.at(Millis(end_of_january(year + 1).0 - Millis::DAY));
            world
                .given(chair().reports("committee", assessed))
                .given(supervisor().assesses("committee", assessed, "supervisor-2", &lines(*marks)))
        })
}

#[test]
fn article_37_two_incompetent_years_running_end_the_office() {
    let out = "NOT_IN_CAPACITY";
    // Half is not more than half.
    assessed(&[(2026, [5, 0, 6]), (2027, [5, 0, 5])])
        .when(chair().tables("motion", "assembly", "simple"))
        .then_ok();
    assessed(&[(2026, [5, 0, 6]), (2027, [5, 0, 6])])
        .when(chair().tables("motion", "assembly", "simple"))
        .then_err(out);
    // A better year between breaks the run.
    assessed(&[(2026, [0, 0, 9]), (2027, [9, 0, 0]), (2028, [0, 0, 9])])
        .when(chair().tables("motion", "assembly", "simple"))
        .then_ok();
}

/// Anna sits in the committee until the end of 2026, under one office, and in 2027 under another; the chair's lines.
fn re_elected(marks_2026: [u32; 3], marks_2027: [u32; 3], again: &'static str) -> World {
    let year_of = |year: u32, office: &'static str, marks| {
        let mut all = lines([9, 0, 0]).to_vec();
        all.push((office, marks));
        supervisor().assesses("committee", year, "supervisor-2", &all)
    };
    let seat = |office, until: &'static str| {
        registrar()
            .seats(office, "committee", "anna")
            .with_office(move |office| office.term_to = Some(until.parse().unwrap()))
    };
    let new_year = Millis(end_of_january(2027).0 - 31 * Millis::DAY);
    World::community()
        .given(seat("seat", "2026-12-31"))
        .given(chair().reports("committee", 2026))
        .given(year_of(2026, "seat", marks_2026))
        .at(new_year)
        .caught_up()
        .given(seat(again, "2030-12-31"))
        .given(chair().reports("committee", 2027))
        .given(year_of(2027, again, marks_2027))
}

#[test]
fn article_37_two_incompetent_years_end_the_office_though_a_new_term_began_between() {
    let holds = |world: &World| {
        let committee = "committee".parse().unwrap();
        let mut offices = world.state().offices_of(&committee);
        offices.any(|office| office.as_str() == "seat-2")
    };
    let (bad, good) = ([4, 0, 5], [5, 0, 4]);
    assert!(!holds(&re_elected(bad, bad, "seat-2")));
    assert!(holds(&re_elected(good, bad, "seat-2")), "once");
    assert!(
        holds(&re_elected(bad, good, "seat-2")),
        "once, before the term"
    );
}

#[test]
fn article_37_whoever_follows_in_the_seat_does_not_answer_for_who_sat_there() {
    // The chair is found incompetent and resigns; the chair's successor is, too.
    let world = assessed(&[(2026, [0, 0, 9])])
        .given(by("chair").resigns("chair"))
        .given(
            registrar()
                .seats("chair-2", "committee", "anna")
                .with_office(|office| office.role = "chair".parse().unwrap()),
        )
        .given(
            by("anna")
                .officer("committee", "chair-2")
                .reports("committee", 2027),
        );
    let mut all = lines([9, 0, 0]);
    all[1] = ("chair-2", [0, 0, 9]);
    let world = world.given(supervisor().assesses("committee", 2027, "supervisor-2", &all));
    let committee = "committee".parse().unwrap();
    let mut offices = world.state().offices_of(&committee);
    assert!(offices.any(|office| office.as_str() == "chair-2"));
}

#[test]
fn the_last_registrar_stays_until_there_is_another() {
    let incompetent = [
        ("clerk", [0, 0, 9]),
        ("chair", [9, 0, 0]),
        ("teller-1", [9, 0, 0]),
        ("teller-2", [9, 0, 0]),
    ];
    let assesses = |year| supervisor().assesses("committee", year, "supervisor-2", &incompetent);
    World::community()
        .given(chair().reports("committee", 2026))
        .given(assesses(2026))
        .at(end_of_january(2027))
        .given(chair().reports("committee", 2027))
        .when(assesses(2027))
        .then_err("LAST_REGISTRAR");
}

#[test]
fn a_report_changes_with_every_entry_about_it() {
    let world = World::community().given(chair().reports("committee", 2026));
    let last = world.last_leaf();
    let expecting = move |deed: governance::testing::Deed| {
        deed.with(move |action| action.expected_leaf = Some(last))
    };
    world
        .given(expecting(supervisor().questions("committee", 2026)))
        .when(expecting(supervisor().questions("committee", 2026)))
        .then_err("STALE_EXPECTATION");
}
