//! What must have come before a vote may open.

use governance::{
    Rejection,
    action::StatementKind,
    charter::BodyKind,
    ids::Millis,
    rejection::Unmet,
    testing::{FOUNDED_AT, World, by, community},
};

use super::support::{DAY, MINUTE, OWNERS, chair, owner, registrar, tabled};

/// What is missing when the vote is opened now for so long.
fn missing(world: World, ms: u64) -> Vec<Unmet> {
    missing_by(world, "roll", ms)
}

/// The same by another roll.
fn missing_by(world: World, roll: &str, ms: u64) -> Vec<Unmet> {
    let mut found = Vec::new();
    world
        .when(chair().opens("motion", roll, ms))
        .then_rejected(|rejection| {
            let Rejection::NotReadyToOpen { missing, .. } = rejection else {
                panic!("{rejection}");
            };
            found.clone_from(&missing.0);
        });
    found
}

/// The same world with one rule changed.
fn with_rule(rule: &str, change: impl Fn(&mut governance::charter::DecisionRule)) -> World {
    let mut founding = community();
    let rules = founding.charter.rules.iter_mut();
    rules.filter(|r| r.id.as_str() == rule).for_each(change);
    World::founded(founding)
}

#[test]
fn a_vote_opens_by_the_convener_once_on_a_tabled_motion() {
    tabled("simple", &OWNERS)
        .when(registrar().opens("motion", "roll", MINUTE))
        .then_err("NO_RIGHT")
        .when(chair().opens("nothing", "roll", MINUTE))
        .then_err("MOTION_UNKNOWN")
        .when(chair().opens("motion", "nothing", MINUTE))
        .then_err("ROLL_UNKNOWN")
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok()
        .when(chair().opens("motion", "roll", MINUTE))
        .then_err("MOTION_NOT_TABLED");
    let [part, _] = registrar().publishes_roll("draft", "assembly", &[("emil", 1)]);
    tabled("simple", &OWNERS)
        .given(part)
        .when(chair().opens("motion", "draft", MINUTE))
        .then_err("ROLL_UNPUBLISHED");
}

#[test]
fn the_window_is_neither_too_short_nor_too_long() {
    let opens =
        |ms: u64| tabled("owners-ordinary", &OWNERS).when(chair().opens("motion", "roll", ms));
    opens(7 * DAY).then_ok();
    opens(60 * DAY).then_ok();
    let world = || tabled("owners-ordinary", &OWNERS);
    let short = Unmet::WindowTooShort {
        ms: 7 * DAY - 1,
        ms_min: 7 * DAY,
    };
    assert_eq!(missing(world(), 7 * DAY - 1), [short]);
    let long = Unmet::WindowTooLong {
        ms: 60 * DAY + 1,
        ms_max: 60 * DAY,
    };
    assert_eq!(missing(world(), 60 * DAY + 1), [long]);
    // Without a minimum a vote still lasts a millisecond.
    tabled("simple", &OWNERS)
        .when(chair().opens("motion", "roll", 1))
        .then_ok();
    let none = Unmet::WindowTooShort { ms: 0, ms_min: 1 };
    assert_eq!(missing(tabled("simple", &OWNERS), 0), [none]);
}

#[test]
fn the_roll_is_the_newest_in_force() {
    let world =
        tabled("simple", &OWNERS).given(registrar().publishes_roll("newer", "assembly", &OWNERS));
    let in_force = "newer".parse().unwrap();
    assert_eq!(
        missing(world.clone(), MINUTE),
        [Unmet::RollNotInForce { in_force }]
    );
    world
        .when(chair().opens("motion", "newer", MINUTE))
        .then_ok();
    // Another body's roll is not this body's.
    let world = World::community()
        .given(registrar().publishes_roll("roll", "residents", &OWNERS))
        .given(chair().tables("motion", "assembly", "simple"));
    assert_eq!(missing(world, MINUTE), [Unmet::NoRoll]);
}

#[test]
fn a_roll_hangs_out_for_its_days() {
    // Published on day 0: 20 days end when day 21 begins.
    let world = || {
        World::community()
            .given(registrar().publishes_roll("roll", "residents", &OWNERS))
            .given(super::support::tables_contest(
                "residents",
                "committee-election-by-voters",
                &["anna", "bao"],
                1,
            ))
            .given(["anna", "bao"].map(|candidate| {
                by("secretary")
                    .officer("party", "secretary")
                    .nominates("motion", candidate, &[])
            }))
    };
    let over_at = FOUNDED_AT.plus(21 * DAY);
    let unmet = Unmet::RollPosted {
        days_min: 20,
        over_at,
    };
    assert_eq!(
        missing(world().at(Millis(over_at.0 - 1)), Millis::HOUR),
        [unmet]
    );
    world()
        .at(over_at)
        .when(chair().opens("motion", "roll", Millis::HOUR))
        .then_ok();
}

#[test]
fn an_important_matter_names_everything_that_is_missing_at_once() {
    let world = tabled("important", &OWNERS);
    let over_at = FOUNDED_AT.plus(4 * DAY);
    assert_eq!(
        missing(world.clone(), MINUTE),
        [
            Unmet::Deliberation {
                days_min: 3,
                over_at
            },
            Unmet::StatementFrom(BodyKind::SupervisionCommittee),
            Unmet::ExpertOpinions { found: 0, min: 1 },
            Unmet::PartyDiscussion,
        ]
    );
    let heard = world.given([
        by("supervisor")
            .officer("supervision", "supervisor")
            .states("motion", StatementKind::Supervision),
        by("secretary")
            .officer("party", "secretary")
            .states("motion", StatementKind::Deliberation),
        chair().invites("motion", "emil"),
        chair().invites("motion", "fang"),
        by("emil").opines("motion", true),
    ]);
    let in_time = heard.clone().at(over_at);
    assert_eq!(
        missing(in_time, MINUTE),
        [Unmet::ExpertOpinions { found: 0, min: 1 }],
        "an expert with an interest is heard and not counted"
    );
    let ready = heard.given(by("fang").opines("motion", false));
    let early = ready.clone().at(Millis(over_at.0 - 1));
    assert_eq!(missing(early, MINUTE).len(), 1);
    ready
        .at(over_at)
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
}

/// Everything the important matter asks for has been said on the motion as it stands.
fn speaks_to_it() -> [governance::testing::Deed; 3] {
    [
        by("supervisor")
            .officer("supervision", "supervisor")
            .states("motion", StatementKind::Supervision),
        by("secretary")
            .officer("party", "secretary")
            .states("motion", StatementKind::Deliberation),
        by("emil").opines("motion", false),
    ]
}

#[test]
fn an_amended_motion_is_deliberated_anew() {
    let heard = tabled("important", &OWNERS)
        .given(chair().invites("motion", "emil"))
        .given(speaks_to_it());
    let ready = heard.at(FOUNDED_AT.plus(4 * DAY));
    ready
        .clone()
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
    // On the day on which it could open (day 4), its text is exchanged.
    let amended = ready.given(chair().amends("motion", None));
    let over_at = FOUNDED_AT.plus(8 * DAY);
    assert_eq!(
        missing(amended.clone(), MINUTE),
        [
            Unmet::Deliberation {
                days_min: 3,
                over_at
            },
            Unmet::StatementFrom(BodyKind::SupervisionCommittee),
            Unmet::ExpertOpinions { found: 0, min: 1 },
            Unmet::PartyDiscussion,
        ]
    );
    // The expert was asked already, and answers again.
    let heard_again = amended.given(speaks_to_it());
    let eve = heard_again.clone().at(Millis(over_at.0 - 1));
    assert_eq!(missing(eve, MINUTE).len(), 1);
    heard_again
        .at(over_at)
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
}

#[test]
fn a_member_of_the_party_speaks_for_themself_alone() {
    // On the party's own motion a member may speak; that is no discussion by the organisation.
    let mut founding = community();
    let rules = &mut founding.charter.rules;
    let important = rules
        .iter_mut()
        .find(|r| r.id.as_str() == "important")
        .unwrap();
    important.body = "party".parse().unwrap();
    important.measures.truncate(1);
    important.preset.clear();
    "章程 (charter)".clone_into(&mut important.citation);
    important.prerequisites.statements_from.clear();
    important.prerequisites.expert_opinions_min = 0;
    important.deliberation_days_min = 0;
    let world = World::founded(founding)
        .given(registrar().publishes_roll("roll", "party", &[("anna", 0)]))
        .given(chair().tables("motion", "party", "important"))
        .given(
            by("anna")
                .member("party")
                .states("motion", StatementKind::Deliberation),
        );
    assert_eq!(missing(world, MINUTE), [Unmet::PartyDiscussion]);
}

#[test]
fn the_law_must_be_in_force() {
    let from = governance::calendar::Date::from_days(20_515);
    let world = with_rule("simple", |rule| rule.law_in_force_from = from)
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(chair().tables("motion", "assembly", "simple"));
    let its_eve = world.clone().at(Millis(FOUNDED_AT.plus(DAY).0 - 1));
    assert_eq!(missing(its_eve, MINUTE), [Unmet::LawInForce(from)]);
    world
        .at(FOUNDED_AT.plus(DAY))
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
}

/// A motion of the residents' meeting in a meeting that starts when day 11 begins.
fn met() -> World {
    let starts_at = FOUNDED_AT.plus(11 * DAY);
    World::community()
        .given(registrar().publishes_roll("roll", "residents", &OWNERS))
        .given(chair().convenes("meeting", "residents", "residents-meeting", starts_at, &[]))
        .given(
            chair()
                .tables("motion", "residents", "residents-meeting")
                .with_motion(|m| m.meeting = Some("meeting".parse().unwrap())),
        )
}

#[test]
fn those_attending_decide_in_a_meeting_noticed_begun_attended_and_not_closed() {
    let meeting = || "meeting".parse().unwrap();
    let begun = FOUNDED_AT.plus(11 * DAY);
    assert_eq!(
        missing(met(), MINUTE),
        [
            Unmet::MeetingNotStarted(meeting()),
            Unmet::NotNoticed(meeting()),
            Unmet::Attendance(meeting()),
        ]
    );
    let noticed = met().given(chair().notices("meeting", None)).at(begun);
    assert_eq!(
        missing(noticed.clone(), MINUTE),
        [Unmet::Attendance(meeting())]
    );
    let attended = noticed.given(registrar().records_attendance("meeting", "roll", &["anna"]));
    attended
        .clone()
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
    let closed = attended.given(chair().closes_meeting("meeting"));
    assert!(missing(closed, MINUTE).contains(&Unmet::MeetingClosed(meeting())));
}

#[test]
fn without_a_meeting_those_attending_decide_nothing() {
    let world = World::community()
        .given(registrar().publishes_roll("roll", "residents", &OWNERS))
        .given(chair().tables("motion", "residents", "residents-meeting"));
    assert_eq!(missing(world, MINUTE), [Unmet::Meeting]);
}

#[test]
fn short_notice_bars_the_vote_unless_urgent() {
    // Called under a rule without notice, so that the notice itself is admitted; the 10 days end with
    // the meeting's own day.
    let starts_at = FOUNDED_AT.plus(10 * DAY + 19 * Millis::HOUR);
    let world = |urgent: Option<&str>| {
        let without = "committee-election-by-voters";
        World::community()
            .given(registrar().publishes_roll("roll", "residents", &OWNERS))
            .given(chair().convenes("meeting", "residents", without, starts_at, &[]))
            .given(
                chair()
                    .tables("motion", "residents", "residents-meeting")
                    .with_motion(|m| m.meeting = Some("meeting".parse().unwrap())),
            )
            .given(chair().notices("meeting", urgent))
            .at(starts_at)
            .given(registrar().records_attendance("meeting", "roll", &["anna"]))
    };
    let over_at = FOUNDED_AT.plus(11 * DAY);
    let unmet = Unmet::NoticeTooShort {
        days_min: 10,
        over_at,
    };
    let early = world(None).at(Millis(over_at.0 - 1));
    assert_eq!(missing(early, MINUTE), [unmet]);
    world(Some("漏水"))
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
    world(None)
        .at(over_at)
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
}

/// The meeting of [`met`], noticed, begun and attended by the roll.
fn attended() -> World {
    met()
        .given(chair().notices("meeting", None))
        .at(FOUNDED_AT.plus(11 * DAY))
        .given(registrar().records_attendance("meeting", "roll", &["anna"]))
}

#[test]
fn a_meeting_carries_votes_until_the_end_of_the_next_day() {
    let past_from = FOUNDED_AT.plus(13 * DAY);
    let meeting = "meeting".parse().unwrap();
    assert_eq!(
        missing(attended().at(past_from), MINUTE),
        [Unmet::MeetingLongPast(meeting)]
    );
    attended()
        .at(Millis(past_from.0 - 1))
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
}

#[test]
fn the_roll_of_a_meeting_is_its_attendances() {
    // A roll published while people sit does not stop them from deciding.
    let world = attended().given(registrar().publishes_roll("newer", "residents", &OWNERS));
    assert_eq!(
        missing_by(world.clone(), "newer", MINUTE),
        [Unmet::AttendanceByRoll("roll".parse().unwrap())]
    );
    world
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
}

/// The rule `simple` gives the party and the supervision committee the word, for three days.
fn with_participants() -> World {
    let mut founding = governance::testing::community();
    let mut rules = founding.charter.rules.iter_mut();
    let simple = rules.find(|rule| rule.id.as_str() == "simple").unwrap();
    simple.prerequisites.participants = vec![
        "supervision".parse().unwrap(),
        "owners-committee".parse().unwrap(),
    ];
    simple.prerequisites.participant_days_min = 3;
    World::founded(founding)
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(registrar().seats("speaker", "owners-committee", "fang"))
        .given(chair().tables("motion", "assembly", "simple"))
}

#[test]
fn whom_the_rule_gives_the_word_was_invited_and_heard_or_had_the_time() {
    let opens = || chair().opens("motion", "roll", MINUTE);
    let lists = |world: World, said: &'static [&'static str]| {
        world.when(opens()).then_rejected(move |rejection| {
            assert_eq!(rejection.code(), "NOT_READY_TO_OPEN");
            let text = rejection.to_string();
            assert!(said.iter().all(|said| text.contains(said)), "{text}");
        })
    };
    let world = lists(
        with_participants(),
        &[
            "supervision, which has not spoken",
            "owners-committee, which has not spoken",
        ],
    );
    let world = world
        .when(owner("anna").gives_the_word("motion", &["supervision"]))
        .then_err("NO_RIGHT")
        .given(chair().gives_the_word("motion", &["supervision", "owners-committee"]))
        .when(chair().gives_the_word("motion", &["supervision"]))
        .then_err("PARTICIPANT_INVITED_ALREADY");
    let world = lists(
        world,
        &["owners-committee, which was invited and has not spoken, or the end of its time"],
    );
    // The owners' committee has no right to deliberate; the rule gives it the word.
    let spoken = world.clone().given(
        by("fang")
            .officer("owners-committee", "speaker")
            .states("motion", StatementKind::Deliberation),
    );
    let lacks_one = lists(spoken, &["supervision, which was invited"]);
    lacks_one
        .given(
            by("supervisor")
                .officer("supervision", "supervisor")
                .states("motion", StatementKind::Supervision),
        )
        .when(opens())
        .then_ok();
    // Who keeps silent for three whole days has had the opportunity: from 24:00 of the third.
    let third = world
        .state()
        .utc_offsets()
        .after_days(governance::testing::FOUNDED_AT, 3);
    let world = lists(
        world.at(governance::ids::Millis(third.0 - 1)),
        &["supervision"],
    );
    world.at(third).when(opens()).then_ok();
}

#[test]
fn an_amended_text_is_another_and_all_are_given_the_word_anew() {
    let world = with_participants()
        .given(chair().gives_the_word("motion", &["supervision", "owners-committee"]));
    let third = world
        .state()
        .utc_offsets()
        .after_days(governance::testing::FOUNDED_AT, 3);
    world
        .at(third)
        .given(chair().amends("motion", None))
        .when(chair().opens("motion", "roll", MINUTE))
        .then_err("NOT_READY_TO_OPEN")
        .days_later(4)
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
    // To no other motion's text, and to no other right, the rule gives the word.
    with_participants()
        .given(chair().tables("other", "assembly", "hidden"))
        .when(
            by("fang")
                .officer("owners-committee", "speaker")
                .states("other", StatementKind::Deliberation),
        )
        .then_err("NO_RIGHT")
        .when(
            by("fang")
                .officer("owners-committee", "speaker")
                .states("motion", StatementKind::Supervision),
        )
        .then_err("NO_RIGHT");
}
