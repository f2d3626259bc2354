use governance::{
    action::{Outcome, StatementKind},
    charter::Right,
    ids::Millis,
    testing::{AGAINST, Deed, Doer, FOR, FOUNDED_AT, World, by, community},
};

use super::support::{DAY, MINUTE, chair, registrar, teller};

/// The residents' meeting under its preset: 10 days' notice, petition of a tenth.
fn residents(voters: &[(&str, u64)]) -> World {
    World::community().given(registrar().publishes_roll("roll", "residents", voters))
}

const SIX: [(&str, u64); 6] = [
    ("anna", 0),
    ("bao", 0),
    ("chen", 0),
    ("dina", 0),
    ("emil", 0),
    ("fang", 0),
];

fn convenes(starts_at: Millis, petitioners: &[&str]) -> Deed {
    chair().convenes(
        "meeting",
        "residents",
        "residents-meeting",
        starts_at,
        petitioners,
    )
}

/// Midnight (in the community's UTC+8) so many days after the founding's day began.
fn midnight(days: u64) -> Millis {
    FOUNDED_AT.plus(days * DAY)
}

#[test]
fn a_meeting_is_called_for_later_under_a_rule_of_its_body() {
    let world = residents(&SIX);
    let now = world.now();
    world
        .when(convenes(Millis(now.0 - 1), &[]))
        .then_err("MEETING_IN_THE_PAST")
        .when(chair().convenes("meeting", "residents", "nothing", midnight(20), &[]))
        .then_err("RULE_UNKNOWN")
        .when(chair().convenes("meeting", "residents", "simple", midnight(20), &[]))
        .then_err("RULE_OF_ANOTHER_BODY")
        .when(chair().convenes("meeting", "nobody", "simple", midnight(20), &[]))
        .then_err("BODY_UNKNOWN")
        .when(by("chair").convenes(
            "meeting",
            "residents",
            "residents-meeting",
            midnight(20),
            &[],
        ))
        .then_err("CAPACITY_MISSING")
        .when(convenes(now, &[]))
        .then_ok()
        .when(convenes(midnight(20), &[]))
        .then_err("MEETING_EXISTS");
}

fn petition(petitioners: &[&str]) -> Deed {
    brings_petition(registrar(), petitioners)
}

fn brings_petition(by_whom: Doer, petitioners: &[&str]) -> Deed {
    by_whom.convenes(
        "meeting",
        "residents",
        "residents-meeting",
        midnight(20),
        petitioners,
    )
}

#[test]
fn a_tenth_of_the_voters_may_call_a_meeting() {
    let names: Vec<String> = (0..20).map(|n| format!("voter-{n}")).collect();
    let enrolled = |n: usize| {
        let mut world = World::community();
        for name in &names[..n] {
            world = world.given(registrar().enrols(name));
        }
        let voters: Vec<(&str, u64)> = names[..n].iter().map(|name| (name.as_str(), 0)).collect();
        world.given(registrar().publishes_roll("roll", "residents", &voters))
    };
    enrolled(20)
        .when(petition(&["voter-0", "voter-1"]))
        .then_ok();
    enrolled(20)
        .when(petition(&["voter-0"]))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "PETITION_TOO_SMALL");
            assert_eq!(rejection.rule().unwrap().as_str(), "residents-meeting");
            assert!(rejection.citation().unwrap().contains("第26–27条"));
            assert!(
                rejection.to_string().contains("1 of 20 voters"),
                "{rejection}"
            );
        });
    enrolled(10).when(petition(&["voter-0"])).then_ok();
    enrolled(11)
        .when(petition(&["voter-0"]))
        .then_err("PETITION_TOO_SMALL");
}

#[test]
fn petitioners_are_voters_named_once() {
    residents(&SIX)
        .when(petition(&["anna", "anna"]))
        .then_err("NAMED_TWICE")
        .when(petition(&["anna", "teller-1"]))
        .then_err("NOT_ON_ROLL")
        .when(petition(&["anna"]))
        .then_ok();
    World::community()
        .when(convenes(midnight(20), &["anna"]))
        .then_err("NO_ROLL_IN_FORCE");
}

#[test]
fn the_registrar_who_checked_the_signatures_brings_a_petition() {
    let all = ["anna", "bao", "chen"];
    let refused = |by_whom: Doer, petitioners: &[&str]| {
        let world = residents(&SIX).when(brings_petition(by_whom, petitioners));
        world.then_rejected(|rejection| assert_eq!(rejection.code(), "NO_RIGHT"));
    };
    refused(by("anna").member("residents"), &all);
    refused(by("anna").member("residents"), &[]);
    refused(teller("teller-1"), &all);
    refused(registrar(), &[]);
    residents(&SIX).when(petition(&all)).then_ok();
}

#[test]
fn article_26_the_registrar_gives_notice_of_a_meeting_that_voters_called() {
    let notices = || registrar().notices("meeting", None);
    residents(&SIX)
        .given(petition(&["anna"]))
        .when(teller("teller-1").notices("meeting", None))
        .then_err("NO_RIGHT")
        .when(notices())
        .then_ok();
    residents(&SIX)
        .given(petition(&["anna"]))
        .when(supervisor().notices("meeting", None))
        .then_ok();
    residents(&SIX)
        .given(convenes(midnight(20), &[]))
        .when(notices())
        .then_err("NO_RIGHT");
}

fn supervisor() -> Doer {
    by("supervisor").officer("supervision", "supervisor")
}

/// A motion about the garden, put to the meeting.
fn garden(by_whom: Doer) -> Deed {
    by_whom
        .tables("garden", "residents", "residents-meeting")
        .with_motion(|motion| motion.meeting = Some("meeting".parse().unwrap()))
}

fn resident_votes(name: &str) -> Deed {
    by(name).member("residents").votes("garden", AGAINST)
}

fn opens(by_whom: Doer) -> Deed {
    by_whom.opens("garden", "roll", 60 * MINUTE)
}

/// The meeting has begun, and everybody is there; the motion is tabled by one of these.
fn begun(called: Deed, tabled: Doer) -> World {
    let all = ["anna", "bao", "chen", "dina", "emil", "fang"];
    residents(&SIX)
        .given(called)
        .given(chair().notices("meeting", None))
        .given(garden(tabled))
        .at(midnight(20))
        .given(registrar().records_attendance("meeting", "roll", &all))
}

#[test]
fn a_rule_names_who_tables_what_nobody_asked_for() {
    let world = |tabled_by: &[&str], called: Deed| {
        let mut founding = community();
        let mut rules = founding.charter.rules.iter_mut();
        let rule = rules.find(|rule| rule.id.as_str() == "residents-meeting");
        let bodies = tabled_by.iter().map(|body| body.parse().unwrap());
        rule.expect("it is there").tabled_by = bodies.collect();
        World::founded(founding)
            .given(registrar().publishes_roll("roll", "residents", &SIX))
            .given(called)
    };
    let own = || convenes(midnight(20), &[]);
    world(&[], own()).when(garden(chair())).then_ok();
    world(&["supervision", "committee"], own())
        .when(garden(chair()))
        .then_ok();
    world(&["supervision"], own())
        .when(garden(chair()))
        .then_rejected(|why| {
            assert_eq!(why.code(), "TABLED_BY_OTHERS");
            assert!(why.to_string().contains("by supervision, not by committee"));
        });
    // Whoever is named needs the right besides.
    world(&["supervision"], own())
        .when(garden(supervisor()))
        .then_err("NO_RIGHT");
    // What voters asked for is not kept from the meeting.
    for who in [chair(), registrar(), supervisor()] {
        world(&["party"], petition(&["anna"]))
            .when(garden(who))
            .then_ok();
    }
}

#[test]
fn articles_26_and_28_a_petition_is_not_in_the_conveners_hands() {
    let petitioned = || residents(&SIX).given(petition(&["anna"]));
    for who in [registrar(), supervisor(), chair()] {
        petitioned().when(garden(who.clone())).then_ok();
        begun(petition(&["anna"]), chair())
            .when(opens(who.clone()))
            .then_ok();
        let open = begun(petition(&["anna"]), supervisor()).given(opens(supervisor()));
        open.given(SIX.map(|(name, _)| resident_votes(name)))
            .given(who.clone().closes_vote("garden"))
            .caught_up()
            .when(who.closes_meeting("meeting"))
            .then_ok();
    }
    // Neither anybody, nor before everything that the rule asks for.
    let teller = || teller("teller-1");
    petitioned().when(garden(teller())).then_err("NO_RIGHT");
    begun(petition(&["anna"]), chair())
        .when(opens(teller()))
        .then_err("NO_RIGHT");
    petitioned()
        .given(garden(supervisor()))
        .when(opens(supervisor()))
        .then_err("NOT_READY_TO_OPEN");
    // A meeting that nobody asked for is the convener's.
    let called = || residents(&SIX).given(convenes(midnight(20), &[]));
    let begun = || begun(convenes(midnight(20), &[]), chair());
    for who in [registrar(), supervisor()] {
        called().when(garden(who.clone())).then_err("NO_RIGHT");
        begun().when(opens(who.clone())).then_err("NO_RIGHT");
        begun()
            .when(who.closes_meeting("meeting"))
            .then_err("NO_RIGHT");
    }
}

#[test]
fn articles_26_and_28_a_petitioned_meeting_is_not_closed_before_what_it_is_about_is_voted_on() {
    let closes = || chair().closes_meeting("meeting");
    let petitioned = || begun(petition(&["anna"]), supervisor());
    petitioned().when(closes()).then_rejected(|why| {
        assert_eq!(why.code(), "MOTION_WAITS_IN_MEETING");
        assert!(why.to_string().contains("组织法 20, 26, 28"), "{why}");
    });
    // At 24:00 of the day after, no vote opens in it any more.
    let over = midnight(22);
    petitioned()
        .at(Millis(over.0 - 1))
        .when(closes())
        .then_err("MOTION_WAITS_IN_MEETING");
    petitioned().at(over).when(closes()).then_ok();
    // One that nobody asked for is closed when the convener likes.
    begun(convenes(midnight(20), &[]), chair())
        .when(closes())
        .then_ok();
}

#[test]
fn articles_26_and_28_what_voters_asked_for_is_voted_on_as_it_was_tabled() {
    let changes = |who: &Doer| {
        [
            who.clone().withdraws("garden"),
            who.clone().amends("garden", None),
        ]
    };
    // Whoever recorded it, the convener himself, or one who shares a body with who did.
    for tabled in [chair(), registrar(), supervisor()] {
        for deed in changes(&tabled) {
            let world = begun(petition(&["anna"]), tabled.clone());
            world.when(deed).then_rejected(|why| {
                assert_eq!(why.code(), "MOTION_ASKED_FOR");
                assert!(why.citation().unwrap().contains("第26–27条"));
            });
        }
    }
    for deed in changes(&chair()) {
        begun(petition(&["anna"]), registrar())
            .when(deed)
            .then_err("MOTION_ASKED_FOR");
    }
    begun(petition(&["anna"]), supervisor())
        .when(chair().withdraws("garden"))
        .then_err("NOT_TABLING_BODY");
    // Once no vote opens in its meeting any more, withdrawing it takes nothing from anybody.
    let over = midnight(22);
    for deed in changes(&chair()) {
        begun(petition(&["anna"]), chair())
            .at(Millis(over.0 - 1))
            .when(deed)
            .then_err("MOTION_ASKED_FOR");
    }
    for deed in changes(&chair()) {
        begun(petition(&["anna"]), chair())
            .at(over)
            .when(deed)
            .then_ok();
    }
    // What nobody asked for is whose body tabled it.
    for deed in changes(&chair()) {
        begun(convenes(midnight(20), &[]), chair())
            .when(deed)
            .then_ok();
    }
}

#[test]
fn a_vote_that_voters_asked_for_ends_early_only_when_all_who_attend_have_voted() {
    let closes = || chair().closes_vote("garden");
    let open = |called: Deed| {
        let world = begun(called, chair()).given(opens(chair()));
        world.given(
            SIX[..5]
                .iter()
                .map(|(name, _)| resident_votes(name))
                .collect::<Vec<_>>(),
        )
    };
    open(petition(&["anna"]))
        .when(closes())
        .then_rejected(|why| {
            assert_eq!(why.code(), "VOTE_STILL_RUNS");
            assert!(why.to_string().contains("5 of 6 have voted"), "{why}");
        });
    open(petition(&["anna"]))
        .given(resident_votes("fang"))
        .when(closes())
        .then_ok();
    // Who declares an interest does not vote, and is not waited for.
    open(petition(&["anna"]))
        .given(by("fang").member("residents").recuses("garden"))
        .when(closes())
        .then_ok();
    open(convenes(midnight(20), &[])).when(closes()).then_ok();
}

#[test]
fn where_the_rule_knows_no_petition_only_the_convener_calls() {
    let voters = [("anna", 0)];
    World::community()
        .given(registrar().publishes_roll("roll", "council", &voters))
        .when(registrar().convenes(
            "meeting",
            "council",
            "council-ordinary",
            midnight(9),
            &["anna"],
        ))
        .then_err("NO_PETITION")
        .when(chair().convenes(
            "meeting",
            "council",
            "council-ordinary",
            midnight(9),
            &["anna"],
        ))
        .then_ok();
}

#[test]
fn ten_days_notice_are_over_at_midnight_of_the_tenth() {
    // Noticed on the founding's day (day 0), the 10th day ends when day 11 begins.
    let noticed = |starts_at: Millis| {
        residents(&SIX)
            .given(convenes(starts_at, &[]))
            .when(chair().notices("meeting", None))
    };
    noticed(midnight(11)).then_ok();
    noticed(Millis(midnight(11).0 - 1)).then_rejected(|rejection| {
        assert_eq!(rejection.code(), "NOTICE_TOO_SHORT");
        assert!(
            rejection.to_string().contains("10 days' notice"),
            "{rejection}"
        );
    });
}

#[test]
fn short_notice_needs_an_urgent_reason() {
    let world = residents(&SIX).given(convenes(midnight(1), &[]));
    world
        .when(chair().notices("meeting", None))
        .then_err("NOTICE_TOO_SHORT")
        .when(chair().notices("meeting", Some("  ")))
        .then_err("TEXT_EMPTY")
        .when(chair().notices("meeting", Some(&"x".repeat(2_049))))
        .then_err("TEXT_TOO_LONG")
        .when(registrar().notices("meeting", Some("漏水")))
        .then_err("NO_RIGHT")
        .when(chair().notices("nothing", None))
        .then_err("MEETING_UNKNOWN")
        .when(chair().notices("meeting", Some("漏水")))
        .then_ok()
        .when(chair().notices("meeting", Some("漏水")))
        .then_err("NOTICE_GIVEN");
}

#[test]
fn notice_is_given_before_the_meeting_begins() {
    let noticed = |at: Millis| {
        let world = residents(&SIX).given(convenes(midnight(1), &[]));
        world.at(at).when(chair().notices("meeting", Some("漏水")))
    };
    noticed(midnight(1)).then_ok();
    noticed(midnight(1).plus(1)).then_err("MEETING_BEGUN");
}

#[test]
fn attendance_is_taken_at_the_meeting_of_voters_once_each() {
    let world = residents(&SIX).given(convenes(midnight(1), &[]));
    let present = |names: &[&str]| registrar().records_attendance("meeting", "roll", names);
    world
        .clone()
        .at(Millis(midnight(1).0 - 1))
        .when(present(&["anna"]))
        .then_err("MEETING_NOT_STARTED")
        .at(midnight(1))
        .when(chair().records_attendance("meeting", "roll", &["anna"]))
        .then_err("NO_RIGHT")
        .when(present(&[]))
        .then_err("LIST_SIZE")
        .when(present(&["anna", "anna"]))
        .then_err("NAMED_TWICE")
        .when(present(&["anna", "chair"]))
        .then_err("NOT_ON_ROLL")
        .when(registrar().records_attendance("meeting", "nothing", &["anna"]))
        .then_err("ROLL_UNKNOWN")
        .when(present(&["anna", "bao"]))
        .then_ok()
        .when(present(&["chen", "bao"]))
        .then_err("PRESENT_ALREADY")
        .when(present(&["chen"]))
        .then_ok();
    World::community()
        .given(convenes(midnight(1), &[]))
        .at(midnight(1))
        .when(present(&["anna"]))
        .then_err("NO_ROLL_IN_FORCE");
}

#[test]
fn the_first_attendance_fixes_the_roll() {
    let at_meeting = residents(&SIX)
        .given(convenes(midnight(1), &[]))
        .given(registrar().publishes_roll("second", "residents", &SIX))
        .at(midnight(1));
    at_meeting
        .when(registrar().records_attendance("meeting", "roll", &["anna"]))
        .then_err("ROLL_NOT_IN_FORCE")
        .given(registrar().records_attendance("meeting", "second", &["anna"]))
        .given(registrar().publishes_roll("third", "residents", &SIX))
        .when(registrar().records_attendance("meeting", "third", &["bao"]))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "WRONG_ROLL");
            assert!(
                rejection.to_string().contains("by roll second"),
                "{rejection}"
            );
        })
        .when(registrar().records_attendance("meeting", "second", &["bao"]))
        .then_ok();
}

#[test]
fn a_closed_meeting_takes_nothing_more() {
    let world = residents(&SIX)
        .given(convenes(midnight(1), &[]))
        .at(midnight(1));
    world
        .when(registrar().closes_meeting("meeting"))
        .then_err("NO_RIGHT")
        .when(chair().closes_meeting("nothing"))
        .then_err("MEETING_UNKNOWN")
        .when(chair().closes_meeting("meeting"))
        .then_ok()
        .when(chair().closes_meeting("meeting"))
        .then_err("MEETING_IS_CLOSED")
        .when(chair().notices("meeting", None))
        .then_err("MEETING_IS_CLOSED")
        .when(registrar().records_attendance("meeting", "roll", &["anna"]))
        .then_err("MEETING_IS_CLOSED")
        .when(
            chair()
                .tables("motion", "residents", "residents-meeting")
                .with_motion(|m| m.meeting = Some("meeting".parse().unwrap())),
        )
        .then_err("MEETING_IS_CLOSED");
}

#[test]
fn a_meeting_is_closed_after_its_votes() {
    let world = World::community()
        .given(registrar().grants("committee", Right::Tell))
        .given(registrar().publishes_roll("roll", "council", &SIX))
        .given(chair().convenes("meeting", "council", "council-ordinary", midnight(1), &[]))
        .given(
            chair()
                .tables("motion", "council", "council-ordinary")
                .with_motion(|m| m.meeting = Some("meeting".parse().unwrap())),
        )
        .at(midnight(1))
        .given(registrar().records_attendance("meeting", "roll", &["anna"]))
        .given(chair().opens("motion", "roll", MINUTE));
    world
        .clone()
        .when(chair().closes_meeting("meeting"))
        .then_err("VOTE_OPEN_IN_MEETING")
        .given(chair().closes_vote("motion"))
        .when(chair().closes_meeting("meeting"))
        .then_ok();
    world
        .later(MINUTE)
        .when(chair().closes_meeting("meeting"))
        .then_ok();
}

/// The residents' meeting of twenty, and so many representatives, a third of whom may call it too.
fn represented(representatives: usize) -> World {
    let names =
        |kind: &str, n: usize| -> Vec<String> { (0..n).map(|at| format!("{kind}-{at}")).collect() };
    let (voters, chosen) = (names("voter", 20), names("rep", representatives));
    let enrols = voters
        .iter()
        .chain(&chosen)
        .map(|name| registrar().enrols(name));
    let roll = |names: &[String]| -> Vec<(String, u64)> {
        names.iter().map(|name| (name.clone(), 0)).collect()
    };
    let publishes = |id: &str, body: &str, names: &[String]| {
        let lines = roll(names);
        let lines: Vec<(&str, u64)> = lines.iter().map(|(n, a)| (n.as_str(), *a)).collect();
        registrar().publishes_roll(id, body, &lines)
    };
    World::founded(governance::testing::with_representatives())
        .given(enrols.collect::<Vec<_>>())
        .given(publishes("roll", "residents", &voters))
        .given(publishes("reps", "representatives", &chosen))
}

#[test]
fn article_26_a_third_of_the_representatives_may_call_the_residents_meeting() {
    represented(3).when(petition(&["rep-0"])).then_ok();
    represented(4)
        .when(petition(&["rep-0"]))
        .then_rejected(|why| {
            assert_eq!(why.code(), "PETITION_TOO_SMALL");
            assert!(why.to_string().contains("1 of 4"), "{why}");
            assert!(why.to_string().contains("at least 1/3"), "{why}");
        });
    represented(4).when(petition(&["rep-0", "rep-1"])).then_ok();
    // A tenth of the residents may as before; the two do not add up.
    represented(4)
        .when(petition(&["voter-0"]))
        .then_err("PETITION_TOO_SMALL")
        .when(petition(&["voter-0", "rep-0"]))
        .then_err("NOT_ON_ROLL")
        .when(petition(&["voter-0", "voter-1"]))
        .then_ok();
}

/// The representatives meet under their own rule: two of three are there, and the garden is put to them.
fn representatives_meet() -> World {
    World::founded(governance::testing::with_representatives())
        .given(registrar().publishes_roll("roll", "representatives", &SIX[..3]))
        .given(chair().convenes(
            "meeting",
            "representatives",
            "representatives-meeting",
            midnight(20),
            &[],
        ))
        .given(chair().notices("meeting", None))
        .given(
            chair()
                .tables("garden", "representatives", "representatives-meeting")
                .with_motion(|motion| motion.meeting = Some("meeting".parse().unwrap())),
        )
        .at(midnight(20))
}

fn guests(present: &[&str], guests: &[&str]) -> Deed {
    registrar().records_guests("meeting", "roll", present, guests)
}

#[test]
fn article_28_others_attend_and_count_towards_no_quorum_and_no_vote() {
    // At least two of three: one of them and any number of guests are none.
    let outcome = |present: &[&str], others: &[&str]| {
        let vote = |name: &&str| by(name).member("representatives").votes("garden", FOR);
        let world = representatives_meet()
            .given(guests(present, others))
            .given(opens(chair()))
            .given(present.iter().map(vote).collect::<Vec<_>>())
            .later(60 * MINUTE)
            .caught_up();
        world.decision("garden").unwrap().clone()
    };
    let others = ["dina", "emil", "fang"];
    let one = outcome(&["anna"], &others);
    assert_eq!(one.outcome, Outcome::NoQuorum);
    assert_eq!(
        (one.measures[0].attending, one.measures[0].eligible),
        (1, 3)
    );
    assert_eq!(outcome(&["anna", "bao"], &others).outcome, Outcome::Adopted);
    // Nor does a guest vote, nor is anybody waited for who is one.
    representatives_meet()
        .given(guests(&["anna", "bao"], &others))
        .given(opens(chair()))
        .when(by("dina").member("representatives").votes("garden", FOR))
        .then_err("NOT_ON_ROLL");
}

#[test]
fn article_28_who_attends_without_a_vote_speaks_for_themself_on_what_is_put_to_the_meeting() {
    let says = |who: &str| by(who).states("garden", StatementKind::Suggestion);
    let begun = || representatives_meet().given(guests(&["anna", "bao"], &["dina"]));
    begun().when(says("dina")).then_ok();
    begun()
        .when(by("dina").states("garden", StatementKind::Deliberation))
        .then_ok();
    for kind in [StatementKind::Recommendation, StatementKind::Supervision] {
        begun()
            .when(by("dina").states("garden", kind))
            .then_err("CAPACITY_MISSING");
    }
    begun().when(says("emil")).then_err("CAPACITY_MISSING");
    representatives_meet()
        .when(says("dina"))
        .then_err("CAPACITY_MISSING");
    // Not on what is put to no meeting, nor once it is over.
    begun()
        .given(chair().tables("other", "representatives", "representatives-meeting"))
        .when(by("dina").states("other", StatementKind::Suggestion))
        .then_err("CAPACITY_MISSING");
    begun()
        .given(chair().closes_meeting("meeting"))
        .when(says("dina"))
        .then_err("CAPACITY_MISSING");
}

#[test]
fn article_28_a_guest_has_no_vote_in_the_meeting_and_is_named_once() {
    let begun = || representatives_meet().given(guests(&["anna"], &["dina"]));
    representatives_meet()
        .when(guests(&["anna"], &["bao"]))
        .then_rejected(|why| {
            assert_eq!(why.code(), "GUEST_HAS_VOTE");
            assert!(why.to_string().contains("bao is on roll roll"), "{why}");
        });
    // Guests alone are no meeting; once somebody entitled to attend is there, they come later too.
    representatives_meet()
        .when(guests(&[], &["dina"]))
        .then_err("LIST_SIZE");
    begun().when(guests(&[], &["emil"])).then_ok();
    begun().when(guests(&[], &[])).then_err("LIST_SIZE");
    begun()
        .when(guests(&[], &["dina"]))
        .then_err("PRESENT_ALREADY");
    begun()
        .when(guests(&[], &["emil", "emil"]))
        .then_err("NAMED_TWICE");
    begun()
        .when(guests(&[], &["nobody"]))
        .then_err("PERSON_UNKNOWN");
}
