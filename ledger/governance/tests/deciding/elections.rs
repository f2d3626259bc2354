//! Elections among candidates, their run-offs, and the seats that rest on them.

use governance::{
    action::{BodiesAction, Choice, OfficeEndCause, OfficeObtained, Outcome, Payload},
    charter::Threshold,
    testing::{Deed, Doer, FOR, World, by, with_representatives},
};

use super::support::{
    DAY, MINUTE, OWNERS, chair, contest, owner, registrar, simple, tables_contest, teller,
};

const RULE: &str = "committee-election-by-voters";
const HOUR: u64 = 60 * MINUTE;

/// The residents' roll has hung out for its 20 days.
fn posted() -> World {
    let six = ["anna", "bao", "chen", "dina", "emil", "fang"].map(|name| (name, 0));
    World::community()
        .given(registrar().publishes_roll("roll", "residents", &six))
        .days_later(21)
}

/// Papers of all six residents: so many choose this.
fn papers(motion: &str, totals: &[(&[u32], u32)]) -> Deed {
    let totals: Vec<(Choice, u32, u64)> = totals
        .iter()
        .map(|(options, heads)| (Choice::Options(options.to_vec()), *heads, 0))
        .collect();
    let six = ["anna", "bao", "chen", "dina", "emil", "fang"];
    teller("teller-1").records_papers(motion, 0, "teller-2", &six, &totals, (0, 0))
}

/// An election for two seats among anna, bao, chen and dina: anna is chosen, the others fall short.
fn partly_filled() -> World {
    let four = ["anna", "bao", "chen", "dina"];
    let world = posted()
        .given(tables_contest("residents", RULE, &four, 2))
        .given(four.map(|candidate| party().nominates("motion", candidate, &[])))
        .given(chair().opens("motion", "roll", HOUR))
        .given(papers("motion", &[(&[0, 1], 2), (&[0, 2], 2), (&[3], 2)]))
        .later(HOUR)
        .caught_up();
    let decided = world.decision("motion").unwrap();
    assert_eq!(decided.outcome, Outcome::PartlyFilled);
    world
}

/// The party organisation's secretary, who nominates.
fn party() -> Doer {
    by("secretary").officer("party", "secretary")
}

/// Tables the run-off of `motion`.
fn runs_off(run_off: &str, candidates: &[&str], seats: u32) -> Deed {
    let contest = contest(candidates, seats);
    chair()
        .tables(run_off, "residents", RULE)
        .with_motion(move |motion| {
            motion.contest = Some(contest);
            motion.run_off_of = Some("motion".parse().unwrap());
        })
}

#[test]
fn a_rule_for_elections_decides_nothing_but_elections() {
    posted()
        .when(chair().tables("motion", "residents", RULE))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "CONTEST_MISSING");
            assert_eq!(rejection.rule().unwrap().as_str(), RULE);
        })
        .given(tables_contest("residents", RULE, &["anna", "bao"], 1))
        .when(chair().amends("motion", None))
        .then_err("CONTEST_MISSING");
}

#[test]
fn every_option_of_an_election_is_a_candidate() {
    let with_nobody = |rule: &'static str, body: &'static str| {
        let mut contest = contest(&["anna", "bao", "chen"], 1);
        contest.options[2].candidate = None;
        let tables = chair().tables("motion", body, rule);
        posted().when(tables.with_motion(|motion| motion.contest = Some(contest)))
    };
    with_nobody(RULE, "residents").then_rejected(|rejection| {
        assert_eq!(rejection.code(), "OPTION_WITHOUT_CANDIDATE");
        assert!(
            rejection.to_string().contains("option \"chen\""),
            "{rejection}"
        );
    });
    // Elsewhere a contest may be among things.
    with_nobody("simple", "assembly").then_ok();
}

#[test]
fn articles_14_to_19_who_stands_before_residents_or_representatives_stands_by_a_rule_for_elections()
{
    let tables = |body: &str, rule: &str| tables_contest(body, rule, &["anna", "bao"], 1);
    for (body, ordinary, election) in [
        ("residents", "residents-meeting", RULE),
        (
            "representatives",
            "representatives-meeting",
            "committee-election-by-representatives",
        ),
    ] {
        World::founded(with_representatives())
            .when(tables(body, ordinary))
            .then_rejected(|why| {
                assert_eq!(why.code(), "NOT_FOR_ELECTIONS");
                assert_eq!(why.rule().unwrap().as_str(), ordinary);
                assert!(why.chinese().contains("组织法第14–19条"), "{why}");
            })
            .when(tables(body, election))
            .then_ok();
    }
    // Nor does somebody come to stand in it by an amendment.
    posted()
        .given(chair().tables("motion", "residents", "residents-meeting"))
        .when(chair().amends("motion", Some(contest(&["anna"], 1))))
        .then_err("NOT_FOR_ELECTIONS");
    // Owners elect by the rules that their covenant has.
    posted().when(tables("assembly", "simple")).then_ok();
}

/// The residents' meeting, called at once for a reason, chooses by name the thing that is called "anna".
fn a_thing_chosen() -> World {
    let mut of_things = contest(&["anna"], 1);
    of_things.options[0].candidate = None;
    let world = posted();
    let starts_at = world.now().plus(MINUTE);
    let six = ["anna", "bao", "chen", "dina", "emil", "fang"];
    let tables = chair()
        .tables("motion", "residents", "residents-meeting")
        .with_motion(|motion| {
            motion.contest = Some(of_things);
            motion.meeting = Some("meeting".parse().unwrap());
        });
    let chosen = Choice::Options(vec![0]);
    world
        .given(chair().convenes("meeting", "residents", "residents-meeting", starts_at, &[]))
        .given(chair().notices("meeting", Some("急")))
        .given(tables)
        .at(starts_at)
        .given(registrar().records_attendance("meeting", "roll", &six))
        .given(chair().opens("motion", "roll", MINUTE))
        .given(six.map(|name| by(name).member("residents").votes("motion", chosen.clone())))
        .later(MINUTE)
        .caught_up()
}

#[test]
fn article_14_only_what_a_rule_for_elections_decided_seats_a_committee_member() {
    let world = a_thing_chosen();
    let decided = world.decision("motion").unwrap();
    assert_eq!(decided.outcome, Outcome::Adopted);
    world
        .when(seats("anna", Some("motion")))
        .then_err("SEAT_IS_ELECTED");
    let by_election = partly_filled();
    by_election.when(seats("anna", Some("motion"))).then_ok();
}

#[test]
fn a_run_off_fills_the_seats_left_by_a_third_of_the_votes_cast() {
    let two_for_each = |run_off: World| {
        run_off
            .given(chair().opens("second", "roll", HOUR))
            .given(papers("second", &[(&[0], 2), (&[1], 1), (&[], 3)]))
            .later(HOUR)
            .caught_up()
    };
    let world = two_for_each(partly_filled().given(runs_off("second", &["bao", "chen"], 1)));
    let decided = world.decision("second").unwrap();
    assert_eq!(decided.outcome, Outcome::Adopted, "2 of 6 are a third");
    let approval: Threshold = decided.measures[0].approval;
    assert_eq!(approval.to_string(), "at least 1/3");
    assert_eq!(decided.rule.as_str(), RULE);
    // The same votes in a first ballot choose nobody.
    let first = chair()
        .tables("second", "residents", RULE)
        .with_motion(|motion| motion.contest = Some(contest(&["bao", "chen"], 1)));
    let first = [
        first,
        party().nominates("second", "bao", &[]),
        party().nominates("second", "chen", &[]),
    ];
    let world = two_for_each(partly_filled().given(first));
    assert_eq!(
        world.decision("second").unwrap().outcome,
        Outcome::Rejected,
        "2 of 6 are no majority"
    );
}

#[test]
fn nobody_begins_with_the_run_off() {
    let unfit = |world: World, deed: Deed, reason: &str| {
        let reason = reason.to_owned();
        world.when(deed).then_rejected(move |rejection| {
            assert_eq!(rejection.code(), "RUN_OFF_UNFIT");
            assert!(rejection.to_string().contains(&reason), "{rejection}");
        });
    };
    let pair = ["bao", "chen"];
    posted()
        .when(runs_off("second", &pair, 1))
        .then_err("MOTION_UNKNOWN");
    let tabled = posted().given(tables_contest("residents", RULE, &pair, 1));
    unfit(tabled.clone(), runs_off("second", &pair, 1), "is tabled");
    // Every seat filled, or no quorum: there is nothing to run off.
    let nominated = pair.map(|candidate| party().nominates("motion", candidate, &[]));
    let tabled = tabled.given(nominated);
    let opened = tabled.given(chair().opens("motion", "roll", HOUR));
    let filled = opened.clone().given(papers("motion", &[(&[0], 6)]));
    let adopted = runs_off("second", &["chen", "dina"], 1);
    unfit(filled.later(HOUR), adopted, "decided: adopted");
    let nobody = runs_off("second", &pair, 1);
    unfit(opened.later(HOUR), nobody, "no quorum");
}

#[test]
fn a_run_off_is_by_the_first_ballots_rule_about_what_it_left() {
    let unfit = |deed: Deed, reason: &str| {
        let reason = reason.to_owned();
        partly_filled().when(deed).then_rejected(move |rejection| {
            assert_eq!(rejection.code(), "RUN_OFF_UNFIT");
            assert!(rejection.to_string().contains(&reason), "{rejection}");
        });
    };
    let three = ["bao", "chen", "dina"];
    unfit(
        runs_off("second", &three, 2),
        "2 seats are put to the vote, 1 were left",
    );
    unfit(runs_off("second", &["bao", "anna"], 1), "option \"anna\"");
    unfit(runs_off("second", &["bao", "emil"], 1), "option \"emil\"");
    let by_another_rule = chair()
        .tables("second", "assembly", "simple")
        .with_motion(|motion| {
            motion.contest = Some(contest(&["bao", "chen"], 1));
            motion.run_off_of = Some("motion".parse().unwrap());
        });
    unfit(by_another_rule, "its rule is committee-election-by-voters");
    // Amending it does not get around that.
    partly_filled()
        .given(runs_off("second", &["bao", "chen"], 1))
        .when(chair().amends("second", Some(contest(&["bao", "emil"], 1))))
        .then_err("RUN_OFF_UNFIT")
        .when(chair().amends("second", Some(contest(&["bao", "dina"], 1))))
        .then_ok();
}

#[test]
fn the_seats_left_are_filled_by_one_run_off() {
    let pair = ["bao", "chen"];
    let held = partly_filled().given(runs_off("second", &pair, 1));
    held.clone()
        .when(runs_off("third", &pair, 1))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "RUN_OFF_UNFIT");
            assert!(
                rejection
                    .to_string()
                    .contains("motion second is its run-off"),
                "{rejection}"
            );
        });
    held.clone()
        .given(chair().withdraws("second"))
        .when(runs_off("third", &pair, 1))
        .then_ok();
    // One without a quorum is held again.
    held.given(chair().opens("second", "roll", HOUR))
        .later(HOUR)
        .when(runs_off("third", &pair, 1))
        .then_ok();
}

fn seats(person: &str, decision: Option<&str>) -> Deed {
    let decision = decision.map(|motion| motion.parse().unwrap());
    let seats = registrar().seats("seat", "committee", person);
    seats.with(move |action| match &mut action.payload {
        Payload::Bodies(BodiesAction::OfficeAssumed(assumed)) => {
            assumed.obtained = OfficeObtained::Elected;
            if decision.is_some() {
                assumed.elsewhere = None;
            }
            assumed.decision = decision;
            assumed.term_to = Some("2031-03-01".parse().unwrap());
        }
        other => panic!("{}", other.family()),
    })
}

#[test]
fn an_election_seats_those_it_chose() {
    let world = partly_filled();
    world
        .when(seats("bao", Some("motion")))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "NOT_ELECTED");
            assert!(rejection.to_string().contains("bao"), "{rejection}");
        })
        .when(seats("emil", Some("motion")))
        .then_err("NOT_ELECTED")
        .when(seats("anna", Some("motion")))
        .then_ok();
    // Offices from before the ledger, or decided elsewhere, name no decision.
    partly_filled().when(seats("bao", None)).then_ok();
}

fn ends(office: &str, cause: OfficeEndCause, decision: Option<&str>) -> Deed {
    registrar().does(Payload::Bodies(BodiesAction::OfficeEnded {
        office: office.parse().unwrap(),
        cause,
        decision: decision.map(|motion| motion.parse().unwrap()),
    }))
}

#[test]
fn a_recall_or_replacement_is_the_effect_of_a_decision_and_not_the_registrars_to_record() {
    for cause in [OfficeEndCause::Recall, OfficeEndCause::Replacement] {
        let votes = OWNERS.map(|(name, _)| owner(name).votes("motion", FOR));
        simple()
            .given(votes)
            .later(10 * MINUTE)
            .when(ends("chair", cause, None))
            .then_err("DECISION_MISSING")
            .when(ends("chair", cause, Some("motion")))
            .then_err("DECISION_MISSING");
    }
}

#[test]
fn an_office_without_a_last_day_does_not_end_with_its_term() {
    World::community()
        .later(400 * DAY)
        .when(ends("chair", OfficeEndCause::Term, None))
        .then_err("TERM_WITHOUT_END")
        .when(ends("chair", OfficeEndCause::Resignation, None))
        .then_ok();
}
