//! Bodies, rights and offices.

use governance::{
    action::{
        BodiesAction, BodyEstablished, Grant, OfficeEndCause, OfficeObtained, Outcome, Payload,
    },
    calendar::Date,
    charter::{BodyKind, OverlapPolicy, Right},
    testing::{AGAINST, Deed, FOR, World, by, community, key},
};

use super::support::{MINUTE, OWNERS, chair, outcome, owner, registrar, simple};

fn bodies(action: BodiesAction) -> Deed {
    registrar().does(Payload::Bodies(action))
}

fn establishes(body: &str, name: &str) -> Deed {
    bodies(BodiesAction::BodyEstablished(BodyEstablished {
        body: body.parse().unwrap(),
        kind: BodyKind::ExpertPanel,
        name: name.to_owned(),
    }))
}

fn grant(body: &str, right: Right, over: Option<&str>, decision: Option<&str>) -> Grant {
    Grant {
        body: body.parse().unwrap(),
        role: None,
        right,
        over: over.map(|over| over.parse().unwrap()),
        decision: decision.map(|motion| motion.parse().unwrap()),
    }
}

fn grants(body: &str, right: Right, over: Option<&str>) -> Deed {
    bodies(BodiesAction::RightGranted(grant(body, right, over, None)))
}

fn withdraws(grant: Grant) -> Deed {
    bodies(BodiesAction::RightWithdrawn(grant))
}

fn ends(office: &str, cause: OfficeEndCause) -> Deed {
    registrar().ends(office, cause)
}

#[test]
fn a_body_is_established_once_with_a_name() {
    World::community()
        .when(establishes("panel", ""))
        .then_err("TEXT_EMPTY")
        .when(establishes("panel", &"x".repeat(513)))
        .then_err("TEXT_TOO_LONG")
        .when(establishes("panel", &"x".repeat(512)))
        .then_ok()
        .when(establishes("panel", "again"))
        .then_err("BODY_EXISTS")
        .when(chair().does(Payload::Bodies(BodiesAction::BodyEstablished(
            BodyEstablished {
                body: "other".parse().unwrap(),
                kind: BodyKind::Grid,
                name: "other".to_owned(),
            },
        ))))
        .then_err("NO_RIGHT");
}

#[test]
fn a_right_is_granted_once_and_withdrawn_once() {
    World::community()
        .when(grants("nobody", Right::Tell, None))
        .then_err("BODY_UNKNOWN")
        .when(grants("council", Right::Tell, Some("nobody")))
        .then_err("BODY_UNKNOWN")
        .when(withdraws(grant("council", Right::Tell, None, None)))
        .then_err("RIGHT_NOT_HELD")
        .when(grants("council", Right::Tell, None))
        .then_ok()
        .when(grants("council", Right::Tell, None))
        .then_err("RIGHT_HELD")
        .when(grants("council", Right::Tell, Some("council")))
        .then_ok()
        .when(withdraws(grant("council", Right::Tell, None, None)))
        .then_ok()
        .when(withdraws(grant("council", Right::Tell, None, None)))
        .then_err("RIGHT_NOT_HELD");
}

#[test]
fn somebody_can_always_register() {
    let clerks = || {
        withdraws(Grant {
            role: Some("clerk".parse().unwrap()),
            ..grant("committee", Right::Register, None, None)
        })
    };
    let losses: [fn() -> Deed; 3] = [
        || ends("clerk", OfficeEndCause::Resignation),
        || registrar().sees_off("registrar"),
        || registrar().revokes_key("registrar", key("registrar")),
    ];
    let all = || losses.iter().map(|loss| loss()).chain([clerks()]);
    // Not by a right over one body, a right nobody exercises, or an officer without a key.
    let others = [
        World::community(),
        World::community()
            .given(grants("council", Right::Register, Some("council")))
            .given(registrar().seats("seat", "council", "anna")),
        World::community().given(grants("council", Right::Register, None)),
        World::community()
            .given(grants("council", Right::Register, None))
            .given(registrar().seats("seat", "council", "ghost")),
    ];
    for world in others {
        for loss in all() {
            world.clone().when(loss).then_err("LAST_REGISTRAR");
        }
    }
    let second = World::community()
        .given(grants("council", Right::Register, None))
        .given(registrar().seats("seat", "council", "anna"));
    for loss in all() {
        second.clone().when(loss).then_ok();
    }
    // What takes nothing from the last registrar is none of this rule's business.
    World::community()
        .given(ends("chair", OfficeEndCause::Resignation))
        .given(registrar().sees_off("chair"))
        .when(by("anna").revokes_key("anna", key("anna")))
        .then_ok();
}

#[test]
fn the_last_registrars_key_is_rotated_or_one_of_two_revoked() {
    World::community()
        .given(by("registrar").adds_key(key("tablet")))
        .when(by("registrar").revokes_key("registrar", key("registrar")))
        .then_ok()
        .when(
            registrar()
                .enrols("gao")
                .signed_by(&[key("tablet"), key("gao")]),
        )
        .then_ok();
}

#[test]
fn an_office_is_assumed_once_by_somebody_who_is_there() {
    let seats = |office: &str, body: &str, person: &str| registrar().seats(office, body, person);
    World::community()
        .when(seats("chair", "council", "anna"))
        .then_err("OFFICE_EXISTS")
        .when(seats("seat", "nobody", "anna"))
        .then_err("BODY_UNKNOWN")
        .when(seats("seat", "council", "nobody"))
        .then_err("PERSON_UNKNOWN")
        .when(chair().seats("seat", "council", "anna"))
        .then_err("NO_RIGHT")
        .when(assumes("seat", "council", |assumed| {
            assumed.obtained = OfficeObtained::Founding;
        }))
        .then_err("OBTAINED_BY_FOUNDING")
        .when(assumes("seat", "council", |assumed| {
            assumed.term_to = Some(Date::from_days(assumed.term_from.days() - 1));
        }))
        .then_err("TERM_INVERTED")
        .when(assumes("seat", "council", |assumed| {
            assumed.term_to = Some(assumed.term_from);
        }))
        .then_ok();
}

fn assumes(
    office: &str,
    body: &str,
    change: impl FnOnce(&mut governance::action::OfficeAssumed) + 'static,
) -> Deed {
    registrar()
        .seats(office, body, "anna")
        .with(move |action| match &mut action.payload {
            Payload::Bodies(BodiesAction::OfficeAssumed(assumed)) => change(assumed),
            other => panic!("{}", other.family()),
        })
}

#[test]
fn a_decision_named_must_be_adopted() {
    let rests_on_motion = || {
        assumes("seat", "council", |assumed| {
            assumed.decision = Some("motion".parse().unwrap());
        })
    };
    World::community()
        .when(rests_on_motion())
        .then_err("MOTION_UNKNOWN");
    simple().when(rests_on_motion()).then_rejected(|rejection| {
        assert_eq!(rejection.code(), "DECISION_NOT_ADOPTED");
        assert!(
            rejection.to_string().contains("open for voting"),
            "{rejection}"
        );
    });
    let all_vote = |choice: &governance::action::Choice| {
        let votes = OWNERS.map(|(name, _)| owner(name).votes("motion", choice.clone()));
        simple().given(votes).later(10 * MINUTE)
    };
    assert_eq!(outcome(all_vote(&AGAINST), 0), Outcome::Rejected);
    all_vote(&AGAINST)
        .when(rests_on_motion())
        .then_err("DECISION_NOT_ADOPTED");
    all_vote(&FOR).when(rests_on_motion()).then_ok();
    let rightly = bodies(BodiesAction::RightGranted(grant(
        "council",
        Right::Tell,
        None,
        Some("motion"),
    )));
    all_vote(&FOR).when(rightly).then_ok();
}

#[test]
fn nobody_sits_in_both_committees_where_the_charter_forbids_it() {
    let residents_then_owners = |world: World| {
        world
            .given(registrar().seats("one", "committee", "anna"))
            .when(registrar().seats("two", "owners-committee", "anna"))
    };
    let owners_then_residents = |world: World| {
        world
            .given(registrar().seats("one", "owners-committee", "anna"))
            .when(registrar().seats("two", "committee", "anna"))
    };
    residents_then_owners(World::community()).then_err("OVERLAPPING_SEAT");
    owners_then_residents(World::community()).then_err("OVERLAPPING_SEAT");
    residents_then_owners(allowing()).then_ok();
}

/// The community under a charter that allows seats in both the residents' and the owners' committee.
fn allowing() -> World {
    let mut founding = community();
    founding.charter.overlap = OverlapPolicy::Allow;
    World::founded(founding)
}

#[test]
fn those_supervised_do_not_supervise_whatever_the_charter_says() {
    for world in [World::community(), allowing()] {
        world
            .when(registrar().seats("one", "committee", "supervisor"))
            .then_rejected(|rejection| {
                assert_eq!(rejection.code(), "OVERLAPPING_SEAT");
                assert!(rejection.to_string().contains("组织法 36"), "{rejection}");
            })
            .when(registrar().seats("one", "supervision", "chair"))
            .then_err("OVERLAPPING_SEAT")
            .when(registrar().seats("one", "supervision", "anna"))
            .then_ok()
            .when(registrar().seats("two", "owners-committee", "anna"))
            .then_ok();
    }
}

#[test]
fn seats_overlap_when_their_terms_share_a_day() {
    let second = |days_after_the_first_ends: u32| {
        let first_ends = 30;
        World::community()
            .given(assumes("one", "committee", move |assumed| {
                assumed.term_to = Some(assumed.term_from.plus_days(first_ends));
            }))
            .when(assumes("two", "owners-committee", move |assumed| {
                assumed.term_from = assumed
                    .term_from
                    .plus_days(first_ends + days_after_the_first_ends);
            }))
    };
    second(0).then_err("OVERLAPPING_SEAT");
    second(1).then_ok();
    // A seat given up is no seat.
    World::community()
        .given(registrar().seats("one", "committee", "anna"))
        .given(ends("one", OfficeEndCause::Resignation))
        .when(registrar().seats("two", "owners-committee", "anna"))
        .then_ok();
}

#[test]
fn an_office_ends_once() {
    World::community()
        .when(ends("nothing", OfficeEndCause::Resignation))
        .then_err("OFFICE_UNKNOWN")
        .when(ends("chair", OfficeEndCause::Resignation))
        .then_ok()
        .when(ends("chair", OfficeEndCause::Resignation))
        .then_err("OFFICE_ENDED_ALREADY");
}

#[test]
fn a_term_is_over_on_the_day_after_its_last() {
    let world = World::community().given(assumes("seat", "council", |assumed| {
        assumed.term_to = Some(assumed.term_from.plus_days(1));
    }));
    let last_day = world.clone().days_later(1);
    last_day
        .when(ends("seat", OfficeEndCause::Term))
        .then_err("TERM_NOT_OVER");
    // The ledger itself ends it.
    let day_after = world.days_later(2).caught_up();
    assert_eq!(
        day_after.log().last().unwrap().action.payload.family(),
        "term_ended"
    );
    day_after
        .when(ends("seat", OfficeEndCause::Term))
        .then_err("OFFICE_ENDED_ALREADY");
}
