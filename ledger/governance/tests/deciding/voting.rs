//! Ballots, recusals and the early end of a vote.

use governance::{
    action::{Choice, DeliberationAction, Outcome, Payload, RollCallMark},
    ids::Millis,
    presets::Preset,
    testing::{ABSTAIN, AGAINST, FOR, FOUNDED_AT, World, by, community, leaf},
};

use super::support::{
    DAY, MINUTE, OWNERS, chair, outcome, owner, registrar, simple, tabled, tables_contest, voting,
};

#[test]
fn a_ballot_names_the_entry_that_opened_its_vote() {
    simple()
        .when(owner("anna").votes("motion", FOR).with(|action| {
            if let Payload::Deliberation(DeliberationAction::BallotCast(ballot)) =
                &mut action.payload
            {
                ballot.voting_opened = leaf(1);
            }
        }))
        .then_err("WRONG_VOTING_OPENED");
}

#[test]
fn only_voters_of_the_pinned_roll_vote() {
    simple()
        .when(owner("emil").votes("motion", FOR))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "NOT_ON_ROLL");
            assert!(
                rejection
                    .to_string()
                    .contains("emil is not a voter on roll roll")
            );
        })
        // A later roll changes nothing for a vote under way.
        .given(registrar().publishes_roll("newer", "assembly", &[("emil", 1)]))
        .when(owner("emil").votes("motion", FOR))
        .then_err("NOT_ON_ROLL")
        .when(owner("anna").votes("motion", FOR))
        .then_ok()
        .when(by("anna").member("council").votes("motion", FOR))
        .then_err("NOT_IN_CAPACITY");
}

#[test]
fn a_ballot_needs_an_open_vote() {
    tabled("simple", &OWNERS)
        .when(owner("anna").votes("motion", FOR))
        .then_err("MOTION_NOT_OPEN")
        .when(owner("anna").votes("nothing", FOR))
        .then_err("MOTION_UNKNOWN");
}

#[test]
fn the_last_millisecond_of_a_window_counts_and_the_next_is_too_late() {
    let world = simple();
    let closes_at = world.state().last_recorded_at().plus(10 * MINUTE);
    let world = world
        .at(Millis(closes_at.0 - 1))
        .given(owner("anna").votes("motion", FOR));
    let mut late = world.at(closes_at);
    let ballot = late.signed(owner("bao").votes("motion", FOR));
    assert_eq!(
        late.decide(&ballot).unwrap_err().code(),
        "DERIVED_ENTRY_DUE"
    );
    let decided = late.caught_up();
    assert_eq!(
        decided.decide(&ballot).unwrap_err().code(),
        "MOTION_NOT_OPEN"
    );
    assert_eq!(
        decided.decision("motion").unwrap().measures[0].participating,
        1
    );
}

#[test]
fn a_recast_ballot_replaces_the_one_before() {
    let world = simple().given([
        owner("anna").votes("motion", FOR),
        owner("anna").votes("motion", ABSTAIN),
        owner("anna").votes("motion", AGAINST),
    ]);
    let world = world.later(10 * MINUTE).caught_up();
    let measure = &world.decision("motion").unwrap().measures[0];
    assert_eq!(
        (measure.participating, measure.in_favour, measure.against),
        (1, 0, 1)
    );
}

#[test]
fn a_choice_fits_the_question() {
    let options = |options: &[u32]| Choice::Options(options.to_vec());
    simple()
        .when(owner("anna").votes("motion", options(&[0])))
        .then_err("CHOICE_UNFIT");
    let contest = |choice: Choice| {
        World::community()
            .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
            .given(tables_contest(
                "assembly",
                "simple",
                &["anna", "bao", "chen"],
                2,
            ))
            .given(chair().opens("motion", "roll", MINUTE))
            .when(owner("anna").votes("motion", choice))
    };
    contest(options(&[0, 2])).then_ok();
    contest(options(&[])).then_ok();
    contest(FOR).then_err("CHOICE_UNFIT");
    contest(options(&[0, 1, 2])).then_err("CHOICE_UNFIT");
    contest(options(&[2, 0])).then_err("CHOICE_UNFIT");
    contest(options(&[1, 1])).then_err("CHOICE_UNFIT");
    contest(options(&[3])).then_err("CHOICE_UNFIT");
}

#[test]
fn a_contest_fills_its_seats() {
    let world = World::community()
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(tables_contest(
            "assembly",
            "simple",
            &["anna", "bao", "chen"],
            2,
        ))
        .given(chair().opens("motion", "roll", MINUTE))
        .given(OWNERS.map(|(name, _)| owner(name).votes("motion", Choice::Options(vec![0, 2]))))
        .later(MINUTE)
        .caught_up();
    let decided = world.decision("motion").unwrap();
    assert_eq!(decided.outcome, Outcome::Adopted);
    let chosen: Vec<bool> = decided.options.iter().map(|o| o.chosen).collect();
    assert_eq!(chosen, [true, false, true]);
}

#[test]
fn secret_votes_go_on_paper() {
    voting("owners-committee-recall", &OWNERS, 7 * DAY)
        .when(owner("anna").votes("motion", FOR))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "SECRET_ON_PAPER");
            assert_eq!(
                rejection.rule().unwrap().as_str(),
                "owners-committee-recall"
            );
        });
}

#[test]
fn those_not_attending_have_no_vote_where_those_attending_decide() {
    let begun = FOUNDED_AT.plus(11 * DAY);
    let world = World::community()
        .given(registrar().publishes_roll("roll", "residents", &OWNERS))
        .given(chair().convenes("meeting", "residents", "residents-meeting", begun, &[]))
        .given(
            chair()
                .tables("motion", "residents", "residents-meeting")
                .with_motion(|m| m.meeting = Some("meeting".parse().unwrap())),
        )
        .given(chair().notices("meeting", None))
        .at(begun)
        .given(registrar().records_attendance("meeting", "roll", &["anna", "bao"]))
        .given(chair().opens("motion", "roll", MINUTE));
    let resident = |name: &str| by(name).member("residents");
    let world = world
        .given(resident("anna").votes("motion", FOR))
        .when(resident("chen").votes("motion", FOR))
        .then_err("NOT_ATTENDING")
        // Who comes late attends from then on.
        .given(registrar().records_attendance("meeting", "roll", &["chen"]))
        .given(resident("chen").votes("motion", FOR))
        .later(MINUTE)
        .caught_up();
    let decided = world.decision("motion").unwrap();
    let measure = &decided.measures[0];
    assert_eq!(
        (measure.attending, measure.quorum_counted, measure.in_favour),
        (3, 3, 2)
    );
    assert_eq!(decided.outcome, Outcome::Adopted, "2 of the 3 attending");
}

#[test]
fn a_recused_voter_has_no_vote_and_leaves_the_denominator() {
    // 4 members, more than half must take part: 2 of 4 are not enough, 2 of 3 are.
    let member = |name: &str| by(name).member("council");
    let two_vote = |world: World| {
        world.given([
            member("anna").votes("motion", FOR),
            member("bao").votes("motion", FOR),
        ])
    };
    let mut founding = community();
    let rule = Preset::CommitteeResolution;
    let mut rule = rule.rule("resolution".parse().unwrap(), "council".parse().unwrap());
    rule.proxies_per_holder_max = 1;
    founding.charter.rules.push(rule);
    let tabled = World::founded(founding)
        .given(registrar().publishes_roll("roll", "council", &OWNERS))
        .given(chair().tables("motion", "council", "resolution"));
    let open = || chair().opens("motion", "roll", 10 * MINUTE);
    let opened = tabled.clone().given(open());
    let in_full = two_vote(opened.clone());
    assert_eq!(outcome(in_full, 10 * MINUTE), Outcome::NoQuorum);
    let before = tabled.given(member("dina").recuses("motion")).given(open());
    let during = opened.given(member("dina").recuses("motion"));
    for world in [before, during] {
        let world = world
            .when(member("dina").votes("motion", FOR))
            .then_err("VOTER_RECUSED")
            .when(member("dina").grants_proxy("motion", "anna"))
            .then_err("VOTER_RECUSED")
            .when(member("dina").recuses("motion"))
            .then_err("INTEREST_DECLARED_ALREADY");
        assert_eq!(outcome(two_vote(world), 10 * MINUTE), Outcome::Adopted);
    }
}

#[test]
fn an_interest_is_not_declared_after_voting() {
    simple()
        .given(owner("anna").votes("motion", FOR))
        .when(owner("anna").recuses("motion"))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "INTEREST_AFTER_VOTE");
            assert!(rejection.remedy().contains("abstain"));
        })
        .when(owner("emil").recuses("motion"))
        .then_err("NOT_ON_ROLL")
        .later(10 * MINUTE)
        .when(owner("bao").recuses("motion"))
        .then_err("MOTION_OVER");
}

#[test]
fn the_chair_ends_a_vote_once_everybody_has_voted() {
    let ends = || chair().closes_vote("motion");
    let three =
        simple().given(["anna", "bao", "chen"].map(|name| owner(name).votes("motion", FOR)));
    three.clone().when(ends()).then_rejected(|rejection| {
        assert_eq!(rejection.code(), "VOTE_STILL_RUNS");
        assert!(
            rejection.to_string().contains("3 of 4 have voted"),
            "{rejection}"
        );
    });
    let all = three.clone().given(owner("dina").votes("motion", AGAINST));
    all.clone()
        .when(registrar().closes_vote("motion"))
        .then_err("NO_RIGHT");
    let closed = all.given(ends()).caught_up();
    let decision = closed.log().last().unwrap();
    assert_eq!(
        decision.action.client_time,
        closed.log()[closed.log().len() - 2].at.recorded_at
    );
    assert_eq!(closed.decision("motion").unwrap().outcome, Outcome::Adopted);
    closed.when(ends()).then_err("MOTION_NOT_OPEN");
    // A recused voter need not be waited for.
    three
        .given(owner("dina").recuses("motion"))
        .when(ends())
        .then_ok();
}

#[test]
fn a_meeting_does_not_cut_the_window_a_rule_gives_its_voters() {
    let world = World::community();
    let starts_at = world.now().plus(MINUTE);
    let world = world
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(chair().convenes("meeting", "assembly", "owners-ordinary", starts_at, &[]))
        .given(
            chair()
                .tables("motion", "assembly", "owners-ordinary")
                .with_motion(|m| m.meeting = Some("meeting".parse().unwrap())),
        )
        .at(starts_at)
        .given(chair().opens("motion", "roll", 8 * DAY));
    let absent = OWNERS.map(|(name, _)| (name, RollCallMark::Absent));
    // Not at once, and not when the shortest window is over either: all were told of eight days.
    for at in [starts_at.plus(MINUTE), starts_at.plus(7 * DAY)] {
        world
            .clone()
            .at(at)
            .when(chair().closes_vote("motion"))
            .then_err("VOTE_STILL_RUNS")
            .when(registrar().calls_roll("motion", "roll", &absent))
            .then_rejected(|rejection| {
                assert_eq!(rejection.code(), "ROLL_CALL_UNFIT");
                assert!(
                    rejection.to_string().contains("gives voters at least"),
                    "{rejection}"
                );
            });
    }
    let votes = OWNERS.map(|(name, _)| owner(name).votes("motion", FOR));
    world
        .given(votes)
        .when(chair().closes_vote("motion"))
        .then_ok();
}

#[test]
fn the_chair_ends_an_open_vote_of_a_meeting_at_any_time() {
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
        .given(chair().opens("motion", "roll", 10 * MINUTE))
        .given(owner("anna").votes("motion", FOR))
        .given(chair().closes_vote("motion"))
        .caught_up();
    assert_eq!(world.decision("motion").unwrap().outcome, Outcome::NoQuorum);
}
