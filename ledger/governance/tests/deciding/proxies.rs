use governance::{
    action::{DeliberationAction, Payload},
    testing::{AGAINST, FOR, World, by, leaf},
};

use super::support::{
    DAY, MINUTE, OWNERS, chair, owner, registrar, simple, tables_contest, voting,
};

#[test]
fn a_fourth_proxy_is_refused() {
    let five = [
        ("anna", 1),
        ("bao", 1),
        ("chen", 1),
        ("dina", 1),
        ("emil", 1),
    ];
    voting("simple", &five, 10 * MINUTE)
        .given(["anna", "bao", "chen"].map(|name| owner(name).grants_proxy("motion", "fang")))
        .when(owner("dina").grants_proxy("motion", "fang"))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "PROXY_LIMIT");
            assert!(
                rejection.to_string().contains("holds 3 proxies, at most 3"),
                "{rejection}"
            );
            assert!(rejection.citation().is_some());
        })
        // One taken back makes room for another.
        .given(owner("anna").revokes_proxy("motion"))
        .when(owner("dina").grants_proxy("motion", "fang"))
        .then_ok()
        .when(owner("emil").grants_proxy("motion", "fang"))
        .then_err("PROXY_LIMIT");
}

#[test]
fn a_holder_votes_for_the_principal_and_the_principal_does_not() {
    let world = simple()
        .given(owner("anna").grants_proxy("motion", "fang"))
        .when(owner("anna").votes("motion", FOR))
        .then_err("PROXY_STANDS")
        .when(owner("fang").votes_for("bao", "motion", FOR))
        .then_err("PROXY_NOT_HELD")
        .when(owner("bao").votes_for("anna", "motion", FOR))
        .then_err("PROXY_NOT_HELD")
        .when(owner("bao").votes_for("bao", "motion", FOR))
        .then_err("PROXY_NOT_HELD")
        .when(owner("fang").votes("motion", FOR))
        .then_err("NOT_ON_ROLL")
        .given(owner("fang").votes_for("anna", "motion", FOR))
        .given(owner("fang").votes_for("anna", "motion", AGAINST))
        .later(10 * MINUTE)
        .caught_up();
    let measure = &world.decision("motion").unwrap().measures[0];
    assert_eq!(
        (measure.participating, measure.in_favour, measure.against),
        (1, 0, 1)
    );
}

#[test]
fn a_proxy_is_not_passed_on() {
    simple()
        .given(owner("anna").grants_proxy("motion", "bao"))
        .given(owner("bao").grants_proxy("motion", "chen"))
        .when(owner("chen").votes_for("bao", "motion", FOR))
        .then_ok()
        .when(owner("chen").votes_for("anna", "motion", FOR))
        .then_err("PROXY_NOT_HELD")
        .when(owner("bao").votes_for("anna", "motion", FOR))
        .then_ok();
}

#[test]
fn a_ballot_cast_by_proxy_stays_when_the_proxy_is_taken_back_and_may_be_recast() {
    let world = simple()
        .given(owner("anna").grants_proxy("motion", "bao"))
        .given(owner("bao").votes_for("anna", "motion", FOR))
        .when(owner("chen").revokes_proxy("motion"))
        .then_err("NO_PROXY")
        .given(owner("anna").revokes_proxy("motion"))
        .when(owner("anna").revokes_proxy("motion"))
        .then_err("NO_PROXY")
        .when(owner("bao").votes_for("anna", "motion", AGAINST))
        .then_err("PROXY_NOT_HELD");
    let in_favour = |world: World| {
        let world = world.later(10 * MINUTE).caught_up();
        world.decision("motion").unwrap().measures[0].in_favour
    };
    assert_eq!(in_favour(world.clone()), 1);
    assert_eq!(
        in_favour(world.given(owner("anna").votes("motion", AGAINST))),
        0
    );
}

#[test]
fn a_proxy_is_for_somebody_else_who_is_enrolled() {
    simple()
        .when(owner("anna").grants_proxy("motion", "anna"))
        .then_err("PROXY_TO_SELF")
        .when(owner("anna").grants_proxy("motion", "nobody"))
        .then_err("PERSON_UNKNOWN")
        .when(owner("emil").grants_proxy("motion", "anna"))
        .then_err("NOT_ON_ROLL")
        .when(by("anna").grants_proxy("motion", "bao"))
        .then_err("CAPACITY_MISSING")
        .when(owner("anna").grants_proxy("motion", "bao").with(|action| {
            if let Payload::Deliberation(DeliberationAction::ProxyGranted {
                voting_opened, ..
            }) = &mut action.payload
            {
                *voting_opened = leaf(1);
            }
        }))
        .then_err("WRONG_VOTING_OPENED")
        .given(owner("anna").grants_proxy("motion", "bao"))
        .when(owner("anna").grants_proxy("motion", "chen"))
        .then_err("PROXY_STANDS");
}

#[test]
fn a_proxy_is_over_when_its_principal_leaves() {
    let world = simple()
        .given(owner("anna").grants_proxy("motion", "bao"))
        .given(owner("bao").votes_for("anna", "motion", FOR))
        .given(registrar().sees_off("anna"))
        .when(owner("bao").votes_for("anna", "motion", AGAINST))
        .then_err("PERSON_HAS_LEFT")
        .later(10 * MINUTE)
        .caught_up();
    let measure = &world.decision("motion").unwrap().measures[0];
    assert_eq!(measure.in_favour, 1, "what was cast in time stays");
}

#[test]
fn candidates_hold_no_proxies() {
    World::community()
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(tables_contest("assembly", "simple", &["anna", "emil"], 1))
        .given(chair().opens("motion", "roll", MINUTE))
        .when(owner("bao").grants_proxy("motion", "anna"))
        .then_err("PROXY_HOLDER_IS_CANDIDATE")
        .when(owner("bao").grants_proxy("motion", "emil"))
        .then_err("PROXY_HOLDER_IS_CANDIDATE")
        .when(owner("bao").grants_proxy("motion", "fang"))
        .then_ok();
}

#[test]
fn where_the_rule_allows_none_there_are_none() {
    let world = World::community();
    let starts_at = world.now().plus(MINUTE);
    world
        .given(registrar().publishes_roll("roll", "council", &OWNERS))
        .given(chair().convenes("meeting", "council", "council-ordinary", starts_at, &[]))
        .given(
            chair()
                .tables("motion", "council", "council-ordinary")
                .with_motion(|m| m.meeting = Some("meeting".parse().unwrap())),
        )
        .at(starts_at)
        .given(registrar().records_attendance("meeting", "roll", &["anna"]))
        .given(chair().opens("motion", "roll", MINUTE))
        .when(by("anna").member("council").grants_proxy("motion", "bao"))
        .then_err("PROXIES_NOT_ALLOWED");
}

#[test]
fn who_takes_no_part_votes_for_nobody_else() {
    simple()
        .given(owner("anna").grants_proxy("motion", "bao"))
        .given(owner("bao").recuses("motion"))
        .when(owner("bao").votes_for("anna", "motion", FOR))
        .then_err("VOTER_RECUSED")
        .when(owner("chen").grants_proxy("motion", "bao"))
        .then_err("VOTER_RECUSED")
        .given(owner("anna").revokes_proxy("motion"))
        .when(owner("anna").votes("motion", FOR))
        .then_ok();
}

#[test]
fn a_list_of_proxies_is_kept_for_secret_votes_too() {
    // The papers themselves are handed in at the polling station.
    voting("owners-committee-recall", &OWNERS, 7 * DAY)
        .when(owner("anna").grants_proxy("motion", "bao"))
        .then_ok()
        .when(owner("bao").votes_for("anna", "motion", FOR))
        .then_err("SECRET_ON_PAPER");
}
