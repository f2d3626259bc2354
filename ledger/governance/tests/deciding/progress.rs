//! How far decisions are carried out.

use governance::{
    action::Execution::{Done, Planned, UnderWay},
    testing::{AGAINST, FOR, World, by},
};

use super::support::{MINUTE, chair, owner, registrar, simple};

/// The simple vote of four owners, so decided.
fn decided(choice: &governance::action::Choice) -> World {
    let voters = ["anna", "bao", "chen"];
    simple()
        .given(voters.map(|voter| owner(voter).votes("motion", choice.clone())))
        .later(10 * MINUTE)
        .caught_up()
}

#[test]
fn a_decision_is_planned_under_way_and_done_and_never_goes_back() {
    decided(&FOR)
        .given(chair().implements("motion", Planned))
        .given(chair().implements("motion", Planned))
        .given(chair().implements("motion", UnderWay))
        .when(chair().implements("motion", Planned))
        .then_err("DECISION_PROGRESS")
        .given(chair().implements("motion", Done))
        .when(chair().implements("motion", Done))
        .then_err("DECISION_PROGRESS");
}

#[test]
fn it_may_be_done_at_once_and_by_the_registrar() {
    decided(&FOR).given(registrar().implements("motion", Done));
}

#[test]
fn only_what_was_adopted_is_carried_out() {
    simple()
        .when(chair().implements("motion", Planned))
        .then_err("DECISION_NOT_ADOPTED");
    decided(&AGAINST)
        .when(chair().implements("motion", Planned))
        .then_err("DECISION_NOT_ADOPTED");
}

#[test]
fn those_responsible_say_so() {
    let supervisor = || by("supervisor").officer("supervision", "supervisor");
    decided(&FOR)
        .when(supervisor().implements("motion", Planned))
        .then_err("NO_RIGHT")
        .when(owner("anna").implements("motion", Planned))
        .then_err("NO_RIGHT")
        .when(by("anna").implements("motion", Planned))
        .then_err("CAPACITY_MISSING")
        .when(chair().implements("nothing", Planned))
        .then_err("MOTION_UNKNOWN");
}
