//! The audit of the residents' committee's head (组织法 38).

use governance::{
    action::OfficeEndCause,
    charter::Right,
    ids::Millis,
    testing::{Deed, Doer, FOUNDED_AT, World, by, community as founding},
};

use super::support::{DAY, chair, registrar};

const SECOND: (&str, &str) = ("supervision", "supervisor-2");

fn supervisor() -> Doer {
    by("supervisor").officer("supervision", "supervisor")
}

fn head() -> Deed {
    registrar()
        .seats("head", "committee", "anna")
        .with_office(|office| office.role = "head".parse().unwrap())
}

/// A head who sat for two days and whose term is over.
fn term_over() -> World {
    World::community()
        .given(head().with_office(|office| office.term_to = Some(office.term_from.plus_days(1))))
        .at(FOUNDED_AT.plus(2 * DAY))
        .caught_up()
}

fn resigned() -> World {
    World::community()
        .given(head())
        .given(by("anna").resigns("head"))
}

fn overdue(world: &World) -> usize {
    let families = world.log().iter();
    let families = families.map(|entry| entry.action.payload.family());
    families
        .filter(|family| *family == "head_audit_overdue")
        .count()
}

#[test]
fn article_38_the_audit_is_overdue_when_the_charters_days_are_over_and_not_before() {
    // Ended at the first moment of the third day; ninety days more, that one not counted.
    let due = FOUNDED_AT.plus(93 * DAY);
    assert_eq!(overdue(&term_over().at(Millis(due.0 - 1)).caught_up()), 0);
    let late = term_over().at(due).caught_up();
    assert_eq!(overdue(&late), 1);
    assert_eq!(
        overdue(&late.clone().days_later(400).caught_up()),
        1,
        "once"
    );
    // Late is better than never.
    late.when(supervisor().audits_head("head", SECOND))
        .then_ok();
}

#[test]
fn article_38_who_resigns_or_leaves_is_audited_too() {
    let due = FOUNDED_AT.plus(91 * DAY);
    let causes = [
        OfficeEndCause::Incapacity,
        OfficeEndCause::Departure,
        OfficeEndCause::InvalidElection,
    ];
    let ended = causes.map(|cause| {
        World::community()
            .given(head())
            .given(registrar().ends("head", cause))
    });
    for world in ended.into_iter().chain([resigned()]) {
        assert_eq!(overdue(&world.clone().at(Millis(due.0 - 1)).caught_up()), 0);
        assert_eq!(overdue(&world.at(due).caught_up()), 1);
    }
}

#[test]
fn article_38_the_charter_says_how_many_days_there_are() {
    let mut founding = founding();
    founding.charter.clocks.head_audit_days = 1;
    let world = World::founded(founding)
        .given(head())
        .given(by("anna").resigns("head"));
    let due = FOUNDED_AT.plus(2 * DAY);
    assert_eq!(overdue(&world.clone().at(Millis(due.0 - 1)).caught_up()), 0);
    assert_eq!(overdue(&world.at(due).caught_up()), 1);
}

#[test]
fn article_38_an_audit_in_time_is_never_overdue_and_is_recorded_once() {
    let world = resigned()
        .given(supervisor().audits_head("head", SECOND))
        .when(supervisor().audits_head("head", SECOND))
        .then_err("HEAD_AUDITED_ALREADY");
    assert_eq!(overdue(&world.days_later(400).caught_up()), 0);
}

#[test]
fn article_38_the_head_alone_is_audited_and_when_the_office_has_ended() {
    let audits = |office| supervisor().audits_head(office, SECOND);
    World::community()
        .given(head())
        .when(audits("head"))
        .then_err("NO_HEAD_AUDIT")
        .when(audits("nobody"))
        .then_err("OFFICE_UNKNOWN");
    for (body, role) in [("committee", "deputy"), ("owners-committee", "head")] {
        let seat = registrar()
            .seats("seat", body, "anna")
            .with_office(move |office| office.role = role.parse().unwrap());
        let world = World::community()
            .given(seat)
            .given(by("anna").resigns("seat"))
            .when(audits("seat"))
            .then_err("NO_HEAD_AUDIT");
        assert_eq!(
            overdue(&world.days_later(400).caught_up()),
            0,
            "{body} {role}"
        );
    }
}

#[test]
fn article_38_who_supervises_attests_and_nobody_audits_themself_or_their_kin() {
    let audits = |doer: Doer| doer.audits_head("head", SECOND);
    resigned()
        .when(audits(chair()))
        .then_err("NO_RIGHT")
        .when(supervisor().audits_head("head", ("supervision", "supervisor")))
        .then_err("ATTESTOR_IS_ACTOR")
        .when(supervisor().audits_head("head", ("committee", "teller-1")))
        .then_err("ATTESTOR_WITHOUT_RIGHT")
        .when(audits(registrar()))
        .then_ok();
    resigned()
        .given(registrar().declares_kin("anna", "supervisor-2"))
        .when(audits(supervisor()))
        .then_rejected(|why| {
            assert_eq!(why.code(), "HEAD_AUDIT_PARTIAL");
            assert!(why.to_string().contains("组织法 38"), "{why}");
            assert!(why.chinese().contains("组织法第38条"));
        })
        .when(
            by("supervisor-2")
                .officer("supervision", "supervisor-2")
                .audits_head("head", ("supervision", "supervisor")),
        )
        .then_err("HEAD_AUDIT_PARTIAL");
    // Once out of office, the head sits in the party organisation, which may supervise, too.
    resigned()
        .given(registrar().grants("party", Right::Supervise))
        .given(registrar().seats("seat", "party", "anna"))
        .when(audits(by("anna").officer("party", "seat")))
        .then_err("HEAD_AUDIT_PARTIAL");
}
