//! Hidden ballots (formats.md §3): commitments, openings after the close, ballots that nobody opens.

use governance::{
    OPENING_MS,
    action::{Choice, DeliberationAction, Outcome, Payload, Stance},
    calendar::Lasting,
    check_hidden_choice, derive,
    ids::{Leaf, Millis},
    next_opening, openings_due,
    testing::{AGAINST, FOR, World, ballot_opening, by, key, nonce},
};

use super::support::{MINUTE, OWNERS, chair, owner, simple, voting};

/// A hidden vote among four owners, open for ten minutes.
fn hidden() -> World {
    voting("hidden", &OWNERS, 10 * MINUTE)
}

/// Anna and Bao for, Chen against.
fn voted() -> World {
    hidden()
        .given(owner("anna").votes_hidden("motion", FOR))
        .given(owner("bao").votes_hidden("motion", FOR))
        .given(owner("chen").votes_hidden("motion", AGAINST))
}

fn closes_at(world: &World) -> Millis {
    next_opening(world.state()).expect("ballots to open")
}

fn closed() -> World {
    let world = voted();
    let close = closes_at(&world);
    world.at(close)
}

/// Whose ballots are not opened.
fn listed(world: &World) -> Vec<&str> {
    let motion = world.state().motion(&"motion".parse().unwrap());
    let unopened = motion.expect("a motion").unopened();
    unopened
        .into_iter()
        .map(governance::ids::PersonId::as_str)
        .collect()
}

fn unopened(world: &World) -> u64 {
    world.decision("motion").expect("it is decided").unopened
}

#[test]
fn the_log_has_no_choice_before_the_close() {
    let said = |choice: Choice| {
        let world = hidden().given(owner("anna").votes_hidden("motion", choice));
        let Payload::Deliberation(DeliberationAction::BallotCast(ballot)) =
            &world.log().last().unwrap().action.payload
        else {
            panic!("a ballot");
        };
        match &ballot.ballot {
            governance::action::Ballot::Hidden(commitment) => *commitment,
            governance::action::Ballot::Open(_) => panic!("it shows"),
        }
    };
    // The same nonce and another choice: nothing but the commitment differs.
    assert_ne!(said(FOR), said(AGAINST));
}

#[test]
fn ballots_are_hidden_where_the_rule_says_so_and_open_where_it_does_not() {
    hidden()
        .when(owner("anna").votes("motion", FOR))
        .then_err("BALLOT_MUST_BE_HIDDEN");
    simple()
        .when(owner("anna").votes_hidden("motion", FOR))
        .then_err("BALLOT_MUST_BE_OPEN");
}

#[test]
fn the_ledger_opens_ballots_from_the_close_on_and_the_motion_is_decided_with_the_last() {
    let world = voted();
    let close = closes_at(&world);
    let openings = || {
        vec![
            ballot_opening("anna", FOR),
            ballot_opening("bao", FOR),
            ballot_opening("chen", AGAINST),
        ]
    };
    let early = world.clone().at(Millis(close.0 - 1));
    assert_eq!(openings_due(early.state(), Millis(close.0 - 1)).count(), 0);
    let refused = early.opens("motion", openings()).unwrap_err();
    assert_eq!(refused.code(), "BALLOTS_STILL_HIDDEN");
    let world = world.at(close).caught_up();
    assert_eq!(world.decision("motion"), None);
    let due: Vec<_> = openings_due(world.state(), close).collect();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].ballots.len(), 3);
    let world = world.opens("motion", openings()).expect("admitted");
    assert_eq!(world.state().last_recorded_at(), close);
    let world = world.caught_up();
    let decided = world.decision("motion").expect("decided");
    assert_eq!(decided.outcome, Outcome::Adopted);
    let measure = &decided.measures[0];
    assert_eq!((measure.in_favour, measure.against), (2, 1));
    assert_eq!(decided.unopened, 0);
    assert_eq!(openings_due(world.state(), Millis(u64::MAX)).count(), 0);
}

#[test]
fn parts_come_in_order_and_each_ballot_is_opened_once() {
    let world = closed().opens("motion", vec![ballot_opening("bao", FOR)]);
    let world = world.expect("the first part");
    let again = world
        .clone()
        .opens("motion", vec![ballot_opening("bao", FOR)]);
    assert_eq!(again.unwrap_err().code(), "NOTHING_TO_OPEN");
    let mut skipping = world.clone();
    let mut signed = skipping.signed_openings("motion", vec![ballot_opening("anna", FOR)]);
    if let Payload::Deliberation(DeliberationAction::BallotsOpened(opened)) =
        &mut signed.action.payload
    {
        opened.part = 2;
    }
    assert_eq!(
        skipping.record(&signed).unwrap_err().code(),
        "DERIVED_MISMATCH"
    );
    let unsorted = vec![ballot_opening("chen", AGAINST), ballot_opening("anna", FOR)];
    let unsorted = world.clone().opens("motion", unsorted).unwrap_err();
    assert_eq!(unsorted.code(), "DERIVED_MISMATCH");
    let rest = vec![ballot_opening("anna", FOR), ballot_opening("chen", AGAINST)];
    let world = world
        .opens("motion", rest)
        .expect("the second part")
        .caught_up();
    assert_eq!(world.decision("motion").unwrap().outcome, Outcome::Adopted);
}

#[test]
fn a_part_has_one_opening_or_more() {
    let none = closed().opens("motion", Vec::new()).unwrap_err();
    assert_eq!(none.code(), "LIST_SIZE");
}

#[test]
fn a_ballot_is_opened_to_nothing_but_what_was_committed_to() {
    let wrong = |opening| closed().opens("motion", vec![opening]).unwrap_err();
    assert_eq!(
        wrong(ballot_opening("anna", AGAINST)).code(),
        "OPENING_MISMATCH"
    );
    let mut other = ballot_opening("anna", FOR);
    other.nonce = nonce("bao");
    assert_eq!(wrong(other).code(), "OPENING_MISMATCH");
    assert_eq!(wrong(ballot_opening("dina", FOR)).code(), "NOTHING_TO_OPEN");
}

#[test]
fn openings_are_the_ledgers_own_to_record() {
    let world = closed();
    let signed = world.signed_openings("motion", vec![ballot_opening("anna", FOR)]);
    let mut by_another = signed.clone();
    by_another.signers = vec![key("anna")];
    assert_eq!(
        world.decide(&by_another).unwrap_err().code(),
        "MISSING_SIGNATURE"
    );
    let mut by_a_person = world.clone();
    let payload = signed.action.payload.clone();
    let by_a_person_signed = by_a_person.signed(chair().does(payload));
    assert_eq!(
        by_a_person.decide(&by_a_person_signed).unwrap_err().code(),
        "NOT_FOR_PERSONS"
    );
    let mut later = signed;
    later.action.client_time = later.action.client_time.plus(1);
    assert_eq!(world.decide(&later).unwrap_err().code(), "DERIVED_MISMATCH");
}

#[test]
fn a_recast_ballot_replaces_the_one_before_it() {
    let world = hidden()
        .given(owner("anna").votes_hidden("motion", FOR))
        .given(owner("anna").votes_hidden("motion", AGAINST));
    let close = closes_at(&world);
    let world = world.at(close);
    let first = world
        .clone()
        .opens("motion", vec![ballot_opening("anna", FOR)]);
    assert_eq!(first.unwrap_err().code(), "OPENING_MISMATCH");
    let world = world.opens("motion", vec![ballot_opening("anna", AGAINST)]);
    let world = world.expect("admitted").caught_up();
    let measure = &world.decision("motion").unwrap().measures[0];
    assert_eq!((measure.in_favour, measure.against), (0, 1));
}

#[test]
fn after_the_close_nothing_is_cast_while_ballots_are_opened() {
    let world = closed();
    for deed in [
        owner("dina").votes_hidden("motion", FOR),
        owner("anna").votes_hidden("motion", AGAINST),
        owner("dina").grants_proxy("motion", "anna"),
        owner("dina").recuses("motion"),
        chair().closes_vote("motion"),
        by("teller-1")
            .officer("committee", "teller-1")
            .records_papers(
                "motion",
                0,
                "teller-2",
                &["dina"],
                &[(FOR, 1, 10_000)],
                (0, 0),
            ),
    ] {
        world.clone().when(deed).then_err("VOTE_OVER");
    }
}

#[test]
fn a_voter_opens_what_the_ledger_has_not_after_the_close_and_not_before() {
    let world = voted();
    let close = closes_at(&world);
    let world = world
        .at(Millis(close.0 - 1))
        .when(owner("anna").opens_ballot("motion", FOR))
        .then_err("BALLOTS_STILL_HIDDEN")
        .at(close)
        .when(owner("anna").opens_ballot("motion", AGAINST))
        .then_err("OPENING_MISMATCH")
        .when(owner("dina").opens_ballot("motion", FOR))
        .then_err("NOTHING_TO_OPEN")
        .given(owner("anna").opens_ballot("motion", FOR))
        .when(owner("anna").opens_ballot("motion", FOR))
        .then_err("NOTHING_TO_OPEN");
    let rest = vec![ballot_opening("bao", FOR), ballot_opening("chen", AGAINST)];
    let world = world.opens("motion", rest).expect("admitted").caught_up();
    assert_eq!(world.decision("motion").unwrap().outcome, Outcome::Adopted);
}

#[test]
fn what_nobody_opens_within_24_hours_took_part_and_abstained() {
    assert_eq!(Lasting(OPENING_MS).to_string(), "1 day");
    let world = closed()
        .opens("motion", vec![ballot_opening("anna", FOR)])
        .expect("admitted");
    let over = Millis(closes_at(&world).0 + OPENING_MS);
    assert_eq!(derive(world.state(), Millis(over.0 - 1)), None);
    let late = world
        .clone()
        .at(Millis(over.0 - 1))
        .given(owner("bao").opens_ballot("motion", FOR));
    let late = late.at(over).caught_up();
    let measure = &late.decision("motion").unwrap().measures[0];
    assert_eq!((measure.in_favour, measure.abstaining), (2, 1));
    let world = world.at(over).caught_up();
    let decided = world.decision("motion").unwrap();
    let measure = &decided.measures[0];
    assert_eq!(
        (measure.participating, measure.in_favour, measure.abstaining),
        (3, 1, 2)
    );
    assert_eq!((unopened(&world), unopened(&late)), (2, 1));
    assert_eq!(listed(&world), ["bao", "chen"], "by name, for all to see");
    assert_eq!(listed(&late), ["chen"]);
    world
        .when(owner("bao").opens_ballot("motion", FOR))
        .then_err("MOTION_NOT_OPEN");
}

#[test]
fn a_vote_in_which_nobody_cast_a_hidden_ballot_is_decided_at_its_close() {
    let world = hidden().later(10 * MINUTE).caught_up();
    assert_eq!(world.decision("motion").unwrap().outcome, Outcome::NoQuorum);
}

#[test]
fn once_all_have_voted_the_chair_may_close_and_ballots_are_opened_from_then() {
    let world = voted()
        .when(chair().closes_vote("motion"))
        .then_err("VOTE_STILL_RUNS")
        .given(owner("dina").votes_hidden("motion", FOR))
        .given(chair().closes_vote("motion"));
    let closed_at = world.state().last_recorded_at();
    assert_eq!(closes_at(&world), closed_at);
    let openings = vec![
        ballot_opening("anna", FOR),
        ballot_opening("bao", FOR),
        ballot_opening("chen", AGAINST),
        ballot_opening("dina", FOR),
    ];
    let world = world
        .opens("motion", openings)
        .expect("admitted")
        .caught_up();
    assert_eq!(world.decision("motion").unwrap().outcome, Outcome::Adopted);
}

#[test]
fn a_proxys_ballot_is_its_principals() {
    let world = hidden()
        .given(owner("bao").grants_proxy("motion", "anna"))
        .given(owner("anna").votes_hidden_for("bao", "motion", FOR));
    let close = closes_at(&world);
    let world = world.at(close);
    world
        .clone()
        .when(owner("anna").opens_ballot("motion", FOR))
        .then_err("NOTHING_TO_OPEN");
    let world = world.opens("motion", vec![ballot_opening("bao", FOR)]);
    assert_eq!(
        world
            .unwrap()
            .caught_up()
            .decision("motion")
            .unwrap()
            .unopened,
        0
    );
}

#[test]
fn who_voted_hidden_does_not_vote_on_paper() {
    voted()
        .when(
            by("teller-1")
                .officer("committee", "teller-1")
                .records_papers(
                    "motion",
                    0,
                    "teller-2",
                    &["anna"],
                    &[(FOR, 1, 10_000)],
                    (0, 0),
                ),
        )
        .then_err("VOTED_ELECTRONICALLY");
}

#[test]
fn a_choice_that_does_not_fit_is_told_before_it_is_sealed_and_abstains_if_opened() {
    let unfit = Choice::Options(vec![0]);
    let world = hidden();
    let motion = "motion".parse().unwrap();
    assert_eq!(check_hidden_choice(world.state(), &motion, &FOR), Ok(()));
    let refused = check_hidden_choice(world.state(), &motion, &unfit).unwrap_err();
    assert_eq!(refused.code(), "CHOICE_UNFIT");
    let world = world.given(owner("anna").votes_hidden("motion", unfit.clone()));
    let close = closes_at(&world);
    let world = world
        .at(close)
        .opens("motion", vec![ballot_opening("anna", unfit)]);
    let world = world.unwrap().caught_up();
    let measure = &world.decision("motion").unwrap().measures[0];
    assert_eq!((measure.participating, measure.abstaining), (1, 1));
}

/// The vector of FORMAT.md.
#[test]
fn a_commitment_is_made_as_the_format_says() {
    let bytes = |from: u8| std::array::from_fn(|at| from + u8::try_from(at).unwrap());
    let made = governance::commitment(
        Leaf(bytes(0)),
        Leaf(bytes(32)),
        &"anna".parse().unwrap(),
        &bytes(64),
        &FOR.to_bytes(),
    );
    let format = include_str!("../../../tlog/FORMAT.md");
    assert!(
        format.contains(&format!("commitment    = {made}")),
        "{made}"
    );
}

#[test]
fn a_choice_is_the_one_its_bytes_say() {
    let options = Choice::Options((0..64).collect());
    let stances = [Stance::For, Stance::Against, Stance::Abstain].map(Choice::Stance);
    for choice in stances
        .into_iter()
        .chain([options, Choice::Options(Vec::new())])
    {
        assert_eq!(Choice::from_bytes(&choice.to_bytes()), Some(choice));
    }
    for bytes in [
        &[][..],
        &[1],
        &[1, 0],
        &[1, 4],
        &[1, 1, 1],
        &[2],
        &[2, 1],
        &[2, 0, 0],
        &[3, 1],
    ] {
        assert_eq!(Choice::from_bytes(bytes), None, "{bytes:?}");
    }
}
