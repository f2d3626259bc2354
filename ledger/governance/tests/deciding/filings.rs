//! Decisions filed with the street office (组织法 31).

use governance::{
    calendar::{Date, UtcOffsets},
    testing::{AGAINST, Doer, FOUNDED_AT, World, by},
};

use super::support::{DAY, MINUTE, chair, community, owner, registrar, vote_for};

/// Adopted on the founding's day by a rule that has it filed, or by one that does not.
fn adopted(rule: &str) -> World {
    vote_for(
        community().given(chair().tables("motion", "assembly", rule)),
        "motion",
    )
}

/// 00:00 in the community.
fn founded_on() -> Date {
    UtcOffsets::fixed(8 * 60).unwrap().date_of(FOUNDED_AT)
}

/// So many days after the founding's.
fn day(days: u32) -> Date {
    founded_on().plus_days(days)
}

fn street(person: &str) -> Doer {
    by(person).officer("street-office", "street-clerk")
}

#[test]
fn article_31_a_decision_is_filed_once_where_its_rule_says_so() {
    let files = || registrar().files("motion", day(0));
    adopted("filed")
        .given(files())
        .when(files())
        .then_err("DECISION_FILED_ALREADY");
    adopted("simple").when(files()).then_rejected(|why| {
        assert_eq!(why.code(), "FILING_NOT_ASKED");
        assert_eq!(why.rule().unwrap().as_str(), "simple");
    });
    adopted("filed")
        .when(registrar().files("nothing", day(0)))
        .then_err("MOTION_UNKNOWN");
}

#[test]
fn it_is_recorded_by_who_answers_for_it_or_who_receives_it() {
    let seated =
        || adopted("filed").given(registrar().seats("street-clerk", "street-office", "emil"));
    let files = |who: Doer| who.files("motion", day(0));
    for who in [registrar(), chair(), street("emil")] {
        seated().when(files(who)).then_ok();
    }
    for who in [
        owner("anna"),
        by("supervisor").officer("supervision", "supervisor"),
    ] {
        seated().when(files(who)).then_err("NO_RIGHT");
    }
    seated()
        .when(files(street("fang")))
        .then_err("NOT_IN_CAPACITY");
    // Who receives what another rule has filed answers for no other decision.
    adopted("simple")
        .given(registrar().seats("street-clerk", "street-office", "emil"))
        .when(files(street("emil")))
        .then_err("FILING_NOT_ASKED");
}

#[test]
fn only_what_was_adopted_and_stands_is_filed() {
    let files = || registrar().files("motion", day(0));
    let open = || {
        community()
            .given(chair().tables("motion", "assembly", "filed"))
            .given(chair().opens("motion", "roll", 10 * MINUTE))
    };
    open().when(files()).then_err("DECISION_NOT_ADOPTED");
    let voters = ["anna", "bao", "chen"];
    open()
        .given(voters.map(|voter| owner(voter).votes("motion", AGAINST)))
        .later(10 * MINUTE)
        .caught_up()
        .when(files())
        .then_err("DECISION_NOT_ADOPTED");
    adopted("filed")
        .given(registrar().overturns("motion", governance::action::OverturnedBy::Court, &[]))
        .when(files())
        .then_err("DECISION_NOT_ADOPTED");
}

#[test]
fn the_day_of_its_filing_is_between_the_decision_and_today() {
    let files = |days: u32| registrar().files("motion", day(days));
    let later = || adopted("filed").later(5 * DAY);
    later().when(files(5)).then_ok();
    later().when(files(6)).then_rejected(|why| {
        assert_eq!(why.code(), "FILING_DAY");
        assert!(why.to_string().contains("it is 2026-"), "{why}");
    });
    later().when(files(0)).then_ok();
    let eve = Date::from_days(founded_on().days() - 1);
    later()
        .when(registrar().files("motion", eve))
        .then_err("FILING_DAY");
}
