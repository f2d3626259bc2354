//! What holds for every action: place, id, time, replay, expectation, basis.

use governance::{
    action::{Action, Actor, Basis},
    ids::{ActionId, Millis},
    testing::{Deed, When, World, by, leaf},
};

use super::support::{DAY, MINUTE, OWNERS, chair, registrar, simple, tabled};

fn enrols() -> Deed {
    registrar().enrols("gao")
}

fn with(change: impl FnOnce(&mut Action) + 'static) -> When {
    World::community().when(enrols().with(change))
}

#[test]
fn an_action_is_for_this_ledger_and_no_other() {
    with(|action| action.ledger = "other".parse().unwrap()).then_err("WRONG_LEDGER");
    with(|action| action.genesis = leaf(1)).then_err("WRONG_GENESIS");
}

#[test]
fn an_id_is_a_uuid_v7_made_within_two_minutes() {
    with(|action| action.id = ActionId::v8([0; 16])).then_err("ACTION_ID_VERSION");
    with(|action| action.id.0[8] = 0).then_err("ACTION_ID_VERSION");
    let made = |shift: i64| {
        with(move |action| {
            let at = action.client_time.0.checked_add_signed(shift).unwrap();
            action.id = ActionId::v7(Millis(at), [9; 10]);
        })
    };
    made(-120_000).then_ok();
    made(120_000).then_ok();
    made(-120_001).then_err("ACTION_ID_TIME");
    made(120_001).then_err("ACTION_ID_TIME");
}

#[test]
fn the_signers_clock_is_at_most_two_minutes_ahead() {
    let ahead = |ms: u64| {
        with(move |action| {
            action.client_time = action.client_time.plus(ms);
            action.id = ActionId::v7(action.client_time, [9; 10]);
        })
    };
    ahead(120_000).then_ok();
    ahead(120_001).then_err("CLIENT_TIME_AHEAD");
}

#[test]
fn an_action_is_recorded_up_to_its_not_after() {
    let late = |ms: u64| {
        let mut world = World::community();
        let signed = world.signed(enrols());
        world = world.later(ms);
        world.record(&signed).map_err(|r| r.code())
    };
    assert!(late(Millis::HOUR).is_ok());
    assert_eq!(late(Millis::HOUR + 1), Err("EXPIRED"));
}

#[test]
fn an_action_is_valid_no_longer_than_the_charter_allows() {
    let valid = |ms: u64| with(move |action| action.not_after = action.client_time.plus(ms));
    valid(0).then_ok();
    valid(DAY).then_ok();
    valid(DAY + 1).then_err("VALIDITY_TOO_LONG");
    with(|action| action.not_after.0 = action.client_time.0 - 1).then_err("VALIDITY_TOO_LONG");
}

#[test]
fn time_never_goes_back() {
    let world = World::community().given(enrols());
    let last = world.state().last_recorded_at();
    world
        .clone()
        .at(last)
        .when(registrar().enrols("hu"))
        .then_ok();
    world
        .at(Millis(last.0 - 1))
        .when(registrar().enrols("hu"))
        .then_err("TIME_WENT_BACK");
}

#[test]
fn an_id_is_taken_for_as_long_as_its_action_could_be_replayed() {
    let mut world = World::community();
    let first = world.signed(enrols());
    let at = world.record(&first).expect("it is admitted");
    assert_eq!(
        world.state().recorded_action(&first.action.id),
        Some(at.index)
    );
    let again = world.decide(&first).unwrap_err();
    assert_eq!(again.code(), "ACTION_ID_REUSED");
    assert_eq!(again.kind(), governance::RejectionKind::Conflict);

    // Another action under the same id: refused, whoever signs it.
    let id = first.action.id;
    world = world
        .when(registrar().enrols("hu").with(move |a| a.id = id))
        .then_err("ACTION_ID_REUSED");

    // The last moment at which it could come again, and the first at which it could not.
    let last = id.unix_ms().plus(120_000 + DAY);
    let world = world.at(last).given(registrar().enrols("hu"));
    assert_eq!(world.state().recorded_action(&id), Some(at.index));
    let world = world.at(last.plus(1)).given(registrar().enrols("ivo"));
    assert_eq!(
        world.state().recorded_action(&id),
        None,
        "forgotten: the state stays bounded"
    );
    assert_eq!(world.decide(&first).unwrap_err().code(), "EXPIRED");
}

#[test]
fn an_expected_leaf_is_that_of_the_latest_entry_about_the_subject() {
    let world = tabled("simple", &OWNERS);
    let tabled_at = world.last_leaf();
    world
        .clone()
        .when(
            chair()
                .amends("motion", None)
                .with(move |a| a.expected_leaf = Some(tabled_at)),
        )
        .then_ok()
        .when(
            chair()
                .amends("motion", None)
                .with(move |a| a.expected_leaf = Some(tabled_at)),
        )
        .then_err("STALE_EXPECTATION");
    // Nothing can be expected of what is not there yet.
    world
        .when(enrols().with(move |a| a.expected_leaf = Some(tabled_at)))
        .then_err("STALE_EXPECTATION");
}

#[test]
fn one_voters_ballot_does_not_make_the_motion_another() {
    let world = simple();
    let opened = world.last_leaf();
    world
        .given(super::support::owner("anna").votes("motion", governance::testing::FOR))
        .when(
            super::support::owner("bao")
                .votes("motion", governance::testing::FOR)
                .with(move |a| a.expected_leaf = Some(opened)),
        )
        .then_ok();
}

#[test]
fn no_power_is_listed_yet() {
    let basis = |power_item: Option<&str>, citation: usize| Basis {
        power_item: power_item.map(|item| item.parse().unwrap()),
        citation: "x".repeat(citation),
    };
    let listed = basis(Some("item"), 0);
    with(move |a| a.basis = Some(listed)).then_err("POWER_NOT_LISTED");
    let cited = basis(None, 2_048);
    with(move |a| a.basis = Some(cited)).then_ok();
    let long = basis(None, 2_049);
    with(move |a| a.basis = Some(long)).then_err("TEXT_TOO_LONG");
}

#[test]
fn what_is_due_stands_first() {
    let world = simple();
    let closes_at = world.state().last_recorded_at().plus(10 * MINUTE);
    let mut early = world.clone().at(Millis(closes_at.0 - 1));
    let signed = early.signed(enrols());
    assert!(early.decide(&signed).is_ok());
    let mut due = world.at(closes_at);
    let signed = due.signed(enrols());
    let rejection = due.decide(&signed).unwrap_err();
    assert_eq!(rejection.code(), "DERIVED_ENTRY_DUE");
    assert_eq!(rejection.kind(), governance::RejectionKind::Conflict);
    let due = due.caught_up();
    assert!(due.decide(&signed).is_ok());
}

#[test]
fn the_ledger_does_nothing_a_person_does() {
    World::community()
        .when(enrols().with(|a| a.actor = Actor::Ledger))
        .then_err("NOT_FOR_THE_LEDGER");
    World::community()
        .when(by("stranger").enrols("gao"))
        .then_err("PERSON_UNKNOWN");
}
