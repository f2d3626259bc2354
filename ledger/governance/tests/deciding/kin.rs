//! Near kin who become known when both sit already (组织法 8, 36): what follows from it, and what does not.

use governance::{
    ids::OfficeId,
    testing::{FOR, World, by},
};

use super::{
    roll_calls::sitting,
    support::{chair, owner, registrar, simple},
};

fn kin() -> governance::testing::Deed {
    registrar().declares_kin("anna", "bao")
}

fn votes(name: &str) -> governance::testing::Deed {
    by(name).member("council").votes("motion", FOR)
}

#[test]
fn article_8_kin_declared_when_both_sit_unseats_nobody_and_seats_nobody_again() {
    let seat = |office, person| registrar().seats(office, "committee", person);
    let both = World::community()
        .given(seat("seat-a", "anna"))
        .given(seat("seat-b", "bao"))
        .given(kin());
    let committee = "committee".parse().unwrap();
    let held: Vec<&str> = both
        .state()
        .offices_of(&committee)
        .map(OfficeId::as_str)
        .collect();
    assert!(held.contains(&"seat-a") && held.contains(&"seat-b"));
    // Who has resigned does not come back beside the other.
    both.given(by("bao").resigns("seat-b"))
        .when(seat("seat-c", "bao"))
        .then_err("NEAR_KIN_SEAT");
}

#[test]
fn article_8_in_a_committee_an_interest_is_that_of_near_kin_too() {
    let recused = || sitting().given(by("anna").member("council").recuses("motion"));
    recused().when(votes("bao")).then_ok();
    recused()
        .given(kin())
        .when(votes("bao"))
        .then_rejected(|why| {
            assert_eq!(why.code(), "VOTER_RECUSED");
            assert!(why.to_string().contains("their near kin did"), "{why}");
            assert!(why.chinese().contains("其近亲属"), "{}", why.chinese());
        });
    sitting()
        .given(kin())
        .given(by("anna").member("council").recuses("motion"))
        .when(votes("bao"))
        .then_err("VOTER_RECUSED")
        .when(votes("chen"))
        .then_ok();
}

#[test]
fn article_8_a_ballot_that_was_cast_before_kin_was_known_stands() {
    let voted = sitting()
        .given(by("anna").member("council").recuses("motion"))
        .given(votes("bao"))
        .given(kin())
        .when(votes("bao"))
        .then_ok();
    let world = voted.given(chair().closes_vote("motion")).caught_up();
    let decided = world.decision("motion").expect("it is decided");
    assert_eq!(decided.measures[0].in_favour, 1);
}

#[test]
fn where_all_decide_an_interest_takes_nobody_elses_vote() {
    simple()
        .given(kin())
        .given(owner("anna").recuses("motion"))
        .when(owner("bao").votes("motion", FOR))
        .then_ok();
}

#[test]
fn article_36_a_supervisor_whose_near_kin_is_assessed_does_not_assess() {
    let lines = ["clerk", "chair", "teller-1", "teller-2"].map(|office| (office, [9, 0, 0]));
    let assesses = || {
        by("supervisor")
            .officer("supervision", "supervisor")
            .assesses("committee", 2026, "supervisor-2", &lines)
    };
    let reported = || World::community().given(chair().reports("committee", 2026));
    for supervisor in ["supervisor", "supervisor-2"] {
        reported()
            .given(registrar().declares_kin("chair", supervisor))
            .when(assesses())
            .then_err("ASSESSOR_INVOLVED");
    }
    // Kin who sits nowhere in it.
    reported()
        .given(registrar().declares_kin("anna", "supervisor"))
        .when(assesses())
        .then_ok();
}
