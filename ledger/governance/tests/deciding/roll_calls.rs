use governance::{
    action::{
        DeliberationAction, Minuted, MotionText, Outcome, Payload, RollCallMark,
        RollCallMark::{Absent, Abstain, Against, Away, For, NotVoting},
    },
    calendar::Date,
    charter::DecisionRule,
    testing::{Deed, FOR, FOUNDED_AT, When, World, by, community},
};

use super::support::{MINUTE, OWNERS, chair, contest, registrar};

type Lines<'a> = &'a [(&'a str, RollCallMark)];

/// The council of four meets, and a motion is open.
pub(crate) fn sitting() -> World {
    sitting_on(|_| {})
}

pub(crate) fn sitting_on(
    change: impl FnOnce(&mut governance::action::MotionTabled) + 'static,
) -> World {
    let world = World::community();
    let starts_at = world.now().plus(MINUTE);
    world
        .given(registrar().publishes_roll("roll", "council", &OWNERS))
        .given(chair().convenes("meeting", "council", "council-ordinary", starts_at, &[]))
        .given(
            chair()
                .tables("motion", "council", "council-ordinary")
                .with_motion(|m| {
                    m.meeting = Some("meeting".parse().unwrap());
                    change(m);
                }),
        )
        .at(starts_at)
        .given(registrar().records_attendance("meeting", "roll", &["anna", "bao", "chen"]))
        .given(chair().opens("motion", "roll", MINUTE))
}

pub(crate) const ALL: [(&str, RollCallMark); 4] = [
    ("anna", For),
    ("bao", For),
    ("chen", Against),
    ("dina", Absent),
];

#[test]
fn a_live_roll_call_closes_the_vote_and_is_decided_at_once() {
    let world = sitting().given(registrar().calls_roll("motion", "roll", &ALL));
    let recorded_at = world.state().last_recorded_at();
    let world = world.caught_up();
    let decision = world.log().last().unwrap();
    assert_eq!(decision.action.client_time, recorded_at);
    let decided = world.decision("motion").unwrap();
    let measure = &decided.measures[0];
    assert_eq!(
        (measure.attending, measure.in_favour, measure.against),
        (3, 2, 1)
    );
    assert_eq!(decided.outcome, Outcome::Adopted);
    world
        .when(registrar().calls_roll("motion", "roll", &ALL))
        .then_err("MOTION_NOT_OPEN");
}

#[test]
fn a_roll_call_names_every_voter_once() {
    let call = |lines: Lines<'_>| sitting().when(registrar().calls_roll("motion", "roll", lines));
    call(&ALL[1..3]).then_rejected(|rejection| {
        assert_eq!(rejection.code(), "ROLL_CALL_INCOMPLETE");
        assert!(
            rejection
                .to_string()
                .contains("leaves out 2 of 4 voters, first anna"),
            "{rejection}"
        );
    });
    call(&[]).then_err("ROLL_CALL_INCOMPLETE");
    call(&[ALL[0], ALL[1], ALL[2], ALL[3], ("anna", For)]).then_err("NAMED_TWICE");
    call(&[ALL[0], ALL[1], ALL[2], ALL[3], ("emil", For)]).then_err("NOT_ON_ROLL");
}

#[test]
fn the_clerk_records_and_a_teller_attests() {
    sitting()
        .when(chair().calls_roll("motion", "roll", &ALL))
        .then_err("NO_RIGHT");
    let attested_by = |person: &'static str| {
        sitting().when(
            registrar()
                .calls_roll("motion", "roll", &ALL)
                .with(move |action| {
                    if let Payload::Deliberation(DeliberationAction::RollCallRecorded(call)) =
                        &mut action.payload
                    {
                        call.second.person = person.parse().unwrap();
                        let office = if person == "registrar" {
                            "clerk"
                        } else {
                            person
                        };
                        call.second.capacity.office = Some(office.parse().unwrap());
                    }
                }),
        )
    };
    attested_by("registrar").then_err("ATTESTOR_IS_ACTOR");
    attested_by("chair").then_err("ATTESTOR_WITHOUT_RIGHT");
    attested_by("teller-2").then_ok();
}

#[test]
fn a_live_roll_call_is_for_open_votes_of_a_meeting_without_ballots() {
    let calls = || registrar().calls_roll("motion", "roll", &ALL);
    sitting()
        .given(by("anna").member("council").votes("motion", FOR))
        .when(calls())
        .then_err("ROLL_CALL_UNFIT");
    let options = contest(&["anna", "bao"], 1);
    sitting_on(|m| m.contest = Some(options))
        .when(calls())
        .then_err("ROLL_CALL_UNFIT");
    super::support::simple()
        .when(calls())
        .then_err("ROLL_CALL_UNFIT");
    sitting()
        .given(registrar().publishes_roll("newer", "council", &OWNERS))
        .when(registrar().calls_roll("motion", "newer", &ALL))
        .then_err("WRONG_ROLL");
    sitting()
        .when(registrar().calls_roll("nothing", "roll", &ALL))
        .then_err("MOTION_UNKNOWN");
}

#[test]
fn a_recused_member_is_named_and_not_counted() {
    let with_bao = |mark: RollCallMark| [ALL[0], ("bao", mark), ALL[2], ALL[3]];
    let recused = sitting().given(by("bao").member("council").recuses("motion"));
    for mark in [For, Against, Abstain] {
        recused
            .clone()
            .when(registrar().calls_roll("motion", "roll", &with_bao(mark)))
            .then_rejected(|rejection| {
                assert_eq!(rejection.code(), "VOTER_RECUSED");
                assert!(rejection.to_string().contains("bao"), "{rejection}");
            });
    }
    for (mark, attending) in [(NotVoting, 3), (Away, 2)] {
        let world = recused
            .clone()
            .given(registrar().calls_roll("motion", "roll", &with_bao(mark)))
            .caught_up();
        let measure = &world.decision("motion").unwrap().measures[0];
        assert_eq!(
            (measure.eligible, measure.in_favour, measure.against),
            (4, 1, 1)
        );
        assert_eq!(measure.attending, attending);
    }
}

#[test]
fn a_roll_call_agrees_with_the_attendance() {
    // Anna, bao and chen are recorded as present; dina is not.
    let marks = |marks: [RollCallMark; 4]| {
        let names = OWNERS.map(|(name, _)| name);
        let lines = [0, 1, 2, 3].map(|at| (names[at], marks[at]));
        sitting().when(registrar().calls_roll("motion", "roll", &lines))
    };
    marks([For, Away, NotVoting, Absent]).then_ok();
    for mark in [For, Against, Abstain, Away, NotVoting] {
        marks([For, For, Against, mark]).then_rejected(|rejection| {
            assert_eq!(rejection.code(), "NOT_ATTENDING");
            assert!(rejection.to_string().contains("dina"), "{rejection}");
        });
    }
    marks([For, Absent, Against, Absent]).then_rejected(|rejection| {
        assert_eq!(rejection.code(), "PRESENT_MARKED_ABSENT");
        assert!(rejection.remedy().contains("away"));
    });
}

#[test]
fn where_no_attendance_is_needed_the_roll_call_itself_says_who_was_there() {
    let world = World::community();
    let starts_at = world.now().plus(MINUTE);
    let world = world
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(chair().convenes("meeting", "assembly", "simple", starts_at, &[]))
        .given(
            chair()
                .tables("motion", "assembly", "simple")
                .with_motion(|m| m.meeting = Some("meeting".parse().unwrap())),
        )
        .at(starts_at)
        .given(chair().opens("motion", "roll", MINUTE));
    world
        .when(registrar().calls_roll("motion", "roll", &ALL))
        .then_ok();
}

/// From the minutes of so many days after the founding's day (negative: before).
fn minuted(motion: &str, roll: &str, days: i32, lines: Lines<'_>) -> Deed {
    let minuted = Minuted {
        held_on: day(days),
        body: "council".parse().unwrap(),
        rule: "council-ordinary".parse().unwrap(),
        text: MotionText {
            title: "Approval of minutes".to_owned(),
            paragraphs: Vec::new(),
        },
        source: "2024-01-10-00000".to_owned(),
        source_outcome: "APPROVED".to_owned(),
    };
    registrar()
        .calls_roll(motion, roll, lines)
        .with(move |action| {
            if let Payload::Deliberation(DeliberationAction::RollCallRecorded(call)) =
                &mut action.payload
            {
                call.minuted = Some(minuted);
            }
        })
}

fn with_minutes(deed: Deed, change: impl FnOnce(&mut Minuted) + 'static) -> Deed {
    deed.with(move |action| match &mut action.payload {
        Payload::Deliberation(DeliberationAction::RollCallRecorded(call)) => {
            change(call.minuted.as_mut().expect("minutes"));
        }
        other => panic!("{}", other.family()),
    })
}

fn day(days: i32) -> Date {
    let today = governance::calendar::UtcOffsets::fixed(480)
        .unwrap()
        .date_of(FOUNDED_AT);
    Date::from_days(today.days() + days)
}

/// The council of 2024 and of 2025, by rolls published today.
fn archive() -> World {
    let roll = |roll: &str, days: i32, voters: &[(&str, u64)]| {
        let [part, published] = registrar().publishes_roll(roll, "council", voters);
        let published = published.with(move |action| {
            if let Payload::Bodies(governance::action::BodiesAction::RollPublished(published)) =
                &mut action.payload
            {
                published.as_of = day(days);
            }
        });
        [part, published]
    };
    World::community()
        .given(roll("old", -700, &OWNERS))
        .given(roll("new", -300, &[("anna", 0), ("emil", 0)]))
}

#[test]
fn minutes_bring_the_motion_and_are_decided_at_once() {
    let world = archive()
        .given(minuted("item", "old", -500, &ALL))
        .caught_up();
    let decided = world.decision("item").unwrap();
    assert_eq!(decided.outcome, Outcome::Adopted);
    assert_eq!(decided.roll.as_str(), "old");
    assert_eq!(decided.charter_version, 1);
    assert!(decided.citation.contains("charter default"));
    world
        .when(minuted("item", "old", -500, &ALL))
        .then_err("MOTION_EXISTS");
}

#[test]
fn quorum_and_approval_are_executed_on_minutes_too() {
    let outcome = |lines: Lines<'_>| {
        let world = archive()
            .given(minuted("item", "old", -500, lines))
            .caught_up();
        world.decision("item").unwrap().outcome
    };
    let marks = |marks: [RollCallMark; 4]| {
        let names = OWNERS.map(|(name, _)| name);
        [0, 1, 2, 3].map(|at| (names[at], marks[at]))
    };
    // Half of the members attending are not more than half; away counts as absent.
    assert_eq!(outcome(&marks([For, For, Absent, Away])), Outcome::NoQuorum);
    assert_eq!(
        outcome(&marks([For, NotVoting, NotVoting, Absent])),
        Outcome::Adopted
    );
    assert_eq!(
        outcome(&marks([For, Against, Abstain, Absent])),
        Outcome::Rejected
    );
    assert_eq!(outcome(&marks([Abstain; 4])), Outcome::Rejected);
    assert_eq!(outcome(&marks([Absent; 4])), Outcome::NoQuorum);
}

#[test]
fn minutes_use_the_roll_of_their_day() {
    let two: Lines<'_> = &[("anna", For), ("emil", For)];
    archive().when(minuted("item", "new", -300, two)).then_ok();
    archive().when(minuted("item", "new", 0, two)).then_ok();
    archive().when(minuted("item", "old", -301, &ALL)).then_ok();
    archive().when(minuted("item", "old", -700, &ALL)).then_ok();
    archive()
        .when(minuted("item", "new", -301, two))
        .then_err("ROLL_NOT_IN_FORCE");
    archive()
        .when(minuted("item", "old", -300, &ALL))
        .then_err("ROLL_NOT_IN_FORCE");
    archive()
        .when(minuted("item", "old", -701, &ALL))
        .then_err("NO_ROLL_IN_FORCE");
    archive()
        .when(minuted("item", "new", 1, two))
        .then_err("HELD_IN_FUTURE");
    archive()
        .when(minuted("item", "nothing", 0, two))
        .then_err("ROLL_UNKNOWN");
}

#[test]
fn minutes_are_of_a_body_by_its_own_open_rule() {
    let with = |change: fn(&mut Minuted)| {
        archive().when(with_minutes(minuted("item", "old", -500, &ALL), change))
    };
    with(|m| m.body = "nobody".parse().unwrap()).then_err("BODY_UNKNOWN");
    with(|m| m.rule = "simple".parse().unwrap()).then_err("RULE_OF_ANOTHER_BODY");
    with(|m| {
        m.body = "residents".parse().unwrap();
        m.rule = "committee-election-by-voters".parse().unwrap();
    })
    .then_err("ROLL_CALL_UNFIT");
    with(|m| m.text.title.clear()).then_err("TEXT_EMPTY");
    with(|m| m.source = "x".repeat(2_049)).then_err("TEXT_TOO_LONG");
    with(|m| m.source_outcome = "x".repeat(2_049)).then_err("TEXT_TOO_LONG");
    with(|m| m.source_outcome = "x".repeat(2_048)).then_ok();
}

/// Four owners' minutes of this day by a rule made from `simple`, whose law is of 2021-01-01.
fn minutes_by(change: fn(&mut DecisionRule), held_on: &str) -> When {
    let mut founding = community();
    let rules = &mut founding.charter.rules;
    let simple = rules.iter_mut().find(|rule| rule.id.as_str() == "simple");
    change(simple.expect("there is one"));
    let [part, published] = registrar().publishes_roll("roll", "assembly", &OWNERS);
    let published = published.with(|action| {
        if let Payload::Bodies(governance::action::BodiesAction::RollPublished(published)) =
            &mut action.payload
        {
            published.as_of = "2020-01-01".parse().unwrap();
        }
    });
    let held_on: Date = held_on.parse().unwrap();
    World::founded(founding)
        .given([part, published])
        .when(with_minutes(minuted("item", "roll", 0, &ALL), move |m| {
            m.body = "assembly".parse().unwrap();
            m.rule = "simple".parse().unwrap();
            m.held_on = held_on;
        }))
}

#[test]
fn minutes_are_of_a_day_on_which_their_law_was_in_force() {
    minutes_by(|_| {}, "2021-01-01").then_ok();
    minutes_by(|_| {}, "2020-12-31").then_rejected(|rejection| {
        assert_eq!(rejection.code(), "ROLL_CALL_UNFIT");
        assert!(
            rejection.to_string().contains("in force from 2021-01-01"),
            "{rejection}"
        );
    });
}

#[test]
fn minutes_do_not_stand_in_for_what_they_cannot_show() {
    let unfit = |change: fn(&mut DecisionRule), reason: &'static str| {
        minutes_by(change, "2026-03-02").then_rejected(|rejection| {
            assert_eq!(rejection.code(), "ROLL_CALL_UNFIT");
            assert!(rejection.to_string().contains(reason), "{rejection}");
        });
    };
    unfit(|r| r.voting_window_ms_min = 1, "gives voters at least");
    unfit(|r| r.prerequisites.party_discussion = true, "beforehand");
    unfit(|r| r.prerequisites.expert_opinions_min = 1, "beforehand");
    unfit(|r| r.more_candidates_than_seats = true, "contest");
}
