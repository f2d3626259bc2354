//! What time alone brings.

use governance::{
    action::{Actor, DeliberationAction, MotionDecided, Outcome, Payload},
    derive,
    ids::{Leaf, Millis},
    next_due,
    testing::{FOR, Signed, World, key},
};
use sha2::{Digest, Sha256};

use super::support::{MINUTE, OWNERS, chair, owner, simple};

/// What is left: the committee's report, due at the end of 2027-01-31 in UTC+8.
const REPORT_DUE: Option<Millis> = Some(Millis(1_801_411_200_000));

/// A simple vote that is over, and the moment it was.
fn over() -> (World, Millis) {
    let world = simple().given(owner("anna").votes("motion", FOR));
    let due = next_due(world.state()).expect("a vote is open");
    (world.at(due), due)
}

fn derived(world: &World, now: Millis) -> Signed {
    Signed {
        action: derive(world.state(), now).expect("it is due"),
        signers: vec![key("record")],
    }
}

fn decided(signed: &mut Signed) -> &mut MotionDecided {
    match &mut signed.action.payload {
        Payload::Deliberation(DeliberationAction::MotionDecided(decided)) => decided,
        other => panic!("{}", other.family()),
    }
}

#[test]
fn a_decision_falls_due_when_its_window_closes() {
    let (world, due) = over();
    assert_eq!(derive(world.state(), Millis(due.0 - 1)), None);
    let at_due = derived(&world, due);
    assert_eq!(
        derived(&world, due.plus(MINUTE)),
        at_due,
        "the bytes do not depend on when"
    );
    let action = &at_due.action;
    assert_eq!(action.actor, Actor::Ledger);
    assert_eq!((action.client_time, action.not_after), (due, due));
    assert_eq!((&action.basis, action.expected_leaf), (&None, None));
    assert_eq!(next_due(world.clone().caught_up().state()), REPORT_DUE);
}

#[test]
fn its_id_is_a_function_of_the_log() {
    let (world, due) = over();
    let mut input = b"govledger/derived/v1\n".to_vec();
    input.extend(world.state().genesis().0);
    for part in ["motion_decided", "motion"] {
        input.extend(u16::try_from(part.len()).unwrap().to_be_bytes());
        input.extend(part.as_bytes());
    }
    input.extend(due.0.to_be_bytes());
    let digest = Sha256::digest(&input);
    let id = derived(&world, due).action.id;
    assert_eq!((id.version(), id.has_rfc_variant()), (8, true));
    assert_eq!(id.0[..6], digest[..6]);
    assert_eq!(id.0[9..], digest[9..16]);
}

#[test]
fn only_exactly_what_follows_is_admitted_signed_by_the_record_key() {
    let (world, due) = over();
    let code = |signed: &Signed| world.decide(signed).map_err(|rejection| rejection.code());
    let exact = derived(&world, due);
    assert_eq!(code(&exact), Ok(()));
    let mut other = exact.clone();
    decided(&mut other).outcome = Outcome::Adopted;
    assert_eq!(code(&other), Err("DERIVED_MISMATCH"));
    let mut other = exact.clone();
    decided(&mut other).measures[0].in_favour += 1;
    assert_eq!(code(&other), Err("DERIVED_MISMATCH"));
    let mut other = exact.clone();
    other.action.client_time = due.plus(1);
    assert_eq!(code(&other), Err("DERIVED_MISMATCH"));
    let mut other = exact.clone();
    other.action.genesis = Leaf::ZERO;
    assert_eq!(code(&other), Err("WRONG_GENESIS"));
    for (signers, expected) in [
        (vec![], "MISSING_SIGNATURE"),
        (vec![key("checkpoint")], "MISSING_SIGNATURE"),
        (vec![key("registrar")], "MISSING_SIGNATURE"),
        (vec![key("record"), key("registrar")], "SURPLUS_SIGNATURE"),
    ] {
        let mut other = exact.clone();
        other.signers = signers;
        assert_eq!(code(&other), Err(expected));
    }
}

#[test]
fn it_comes_neither_early_nor_twice() {
    let (world, due) = over();
    let exact = derived(&world, due);
    let early = world.clone().at(Millis(due.0 - 1));
    assert_eq!(early.decide(&exact).unwrap_err().code(), "NOTHING_DUE");
    let mut world = world;
    world.record(&exact).unwrap();
    assert_eq!(world.decide(&exact).unwrap_err().code(), "NOTHING_DUE");
    assert_eq!(next_due(world.state()), REPORT_DUE);
}

#[test]
fn no_person_signs_it() {
    let (world, due) = over();
    let mut by_chair = derived(&world, due);
    by_chair.action.actor = Actor::Person {
        person: "chair".parse().unwrap(),
        capacity: None,
    };
    by_chair.signers = vec![key("chair")];
    assert_eq!(
        world.decide(&by_chair).unwrap_err().code(),
        "NOT_FOR_PERSONS"
    );
}

#[test]
fn what_is_due_together_comes_in_one_order() {
    let second = chair().tables("a-second", "assembly", "simple");
    let world = super::support::tabled("simple", &OWNERS).given(second);
    let now = world.now();
    // Opened one after the other, for windows that end at the same moment.
    let world = world
        .given(chair().opens("motion", "roll", 2_000))
        .given(chair().opens("a-second", "roll", 1_000))
        .at(now.plus(2_000))
        .caught_up();
    let families: Vec<_> = world.log().iter().rev().take(2).rev().collect();
    let motions = families.iter().map(|entry| match &entry.action.payload {
        Payload::Deliberation(action) => action.motion().to_string(),
        other => panic!("{}", other.family()),
    });
    assert_eq!(motions.collect::<Vec<_>>(), ["a-second", "motion"]);
}

#[test]
fn a_decision_is_the_latest_entry_about_its_motion() {
    let (world, _) = over();
    let world = world.caught_up();
    let last = world.last_leaf();
    world
        .when(
            chair()
                .amends("motion", None)
                .with(move |a| a.expected_leaf = Some(last)),
        )
        .then_err("MOTION_NOT_TABLED");
}
