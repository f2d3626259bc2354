//! Signatures, capacities and rights.

use governance::{
    RequiredSigner,
    action::{BodiesAction, Grant, OfficeEndCause, Payload},
    charter::Right,
    required_signers,
    testing::{FOR, World, by, key},
};

use super::support::{OWNERS, chair, owner, registrar, simple};

fn enrols() -> governance::testing::Deed {
    registrar().enrols("gao")
}

#[test]
fn every_signature_called_for_is_there_and_no_other() {
    let world = World::community();
    let signed_by =
        |keys: &[governance::ids::PublicKey]| world.clone().when(enrols().signed_by(keys));
    signed_by(&[key("registrar"), key("gao")]).then_ok();
    signed_by(&[]).then_err("MISSING_SIGNATURE");
    signed_by(&[key("registrar")]).then_err("MISSING_SIGNATURE");
    signed_by(&[key("registrar"), key("hu")]).then_err("MISSING_SIGNATURE");
    signed_by(&[key("registrar"), key("gao"), key("anna")]).then_err("SURPLUS_SIGNATURE");
    signed_by(&[key("gao"), key("registrar")]).then_err("WRONG_SIGNATURE_ORDER");
    signed_by(&[key("gao")]).then_err("MISSING_SIGNATURE");
    signed_by(&[key("stranger"), key("gao")]).then_err("KEY_UNKNOWN");
    signed_by(&[key("anna"), key("gao")]).then_err("KEY_OF_ANOTHER");
}

#[test]
fn a_missing_signature_names_whose() {
    World::community()
        .when(
            by("teller-1")
                .officer("committee", "teller-1")
                .records_papers("motion", 0, "teller-2", &["anna"], &[(FOR, 1, 0)], (0, 0))
                .signed_by(&[key("teller-1")]),
        )
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "MISSING_SIGNATURE");
            assert_eq!(
                rejection.metadata(),
                [("who", "the second officer teller-2".to_owned())]
            );
        });
}

#[test]
fn required_signers_come_in_payload_order() {
    let mut world = World::community();
    let enrol = world.signed(enrols());
    assert_eq!(
        required_signers(&enrol.action),
        [
            RequiredSigner::Actor("registrar".parse().unwrap()),
            RequiredSigner::Key(key("gao"))
        ]
    );
}

#[test]
fn an_officer_acts_only_in_an_office_held_today() {
    let in_office = |person: &str, body: &str, office: &str| {
        let person = by(person).officer(body, office);
        World::community().when(person.tables("motion", "assembly", "simple"))
    };
    in_office("chair", "committee", "chair").then_ok();
    for (person, body, office) in [
        ("chair", "committee", "nothing"),
        ("chair", "party", "chair"),
        ("anna", "committee", "chair"),
    ] {
        in_office(person, body, office).then_err("NOT_IN_CAPACITY");
    }
    in_office("chair", "nobody", "chair").then_err("BODY_UNKNOWN");
}

#[test]
fn a_term_covers_its_first_and_last_day() {
    let seat = |from_days: i32, to_days: i32| {
        World::community()
            .given(registrar().grants("council", Right::Table))
            .given(
                registrar()
                    .seats("seat", "council", "anna")
                    .with(move |action| {
                        if let Payload::Bodies(BodiesAction::OfficeAssumed(assumed)) =
                            &mut action.payload
                        {
                            let today = assumed.term_from.days();
                            assumed.term_from =
                                governance::calendar::Date::from_days(today + from_days);
                            assumed.term_to =
                                Some(governance::calendar::Date::from_days(today + to_days));
                        }
                    }),
            )
            .when(
                by("anna")
                    .officer("council", "seat")
                    .tables("motion", "assembly", "simple"),
            )
    };
    seat(0, 0).then_ok();
    seat(-9, 0).then_ok();
    seat(1, 9).then_err("NOT_IN_CAPACITY");
    seat(-9, -1).then_err("NOT_IN_CAPACITY");
}

#[test]
fn an_office_that_ended_carries_nothing() {
    let ends = registrar().does(Payload::Bodies(BodiesAction::OfficeEnded {
        office: "chair".parse().unwrap(),
        cause: OfficeEndCause::Resignation,
        decision: None,
    }));
    World::community()
        .given(ends)
        .when(chair().tables("motion", "assembly", "simple"))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "NOT_IN_CAPACITY");
            assert!(
                rejection.to_string().contains("was ended by entry 1"),
                "{rejection}"
            );
        });
}

#[test]
fn whoever_acts_for_others_says_in_which_capacity() {
    World::community()
        .when(by("registrar").enrols("gao"))
        .then_err("CAPACITY_MISSING");
    World::community()
        .when(by("chair").tables("motion", "assembly", "simple"))
        .then_err("CAPACITY_MISSING");
    simple()
        .when(by("anna").votes("motion", FOR))
        .then_err("CAPACITY_MISSING");
}

#[test]
fn a_right_is_the_roles_or_the_bodys_over_this_body_or_over_all() {
    let grant = |role: Option<&str>, over: Option<&str>| {
        let grant = Grant {
            body: "council".parse().unwrap(),
            role: role.map(|role| role.parse().unwrap()),
            right: Right::Table,
            over: over.map(|over| over.parse().unwrap()),
            decision: None,
        };
        World::community()
            .given(registrar().does(Payload::Bodies(BodiesAction::RightGranted(grant))))
            .given(registrar().seats("seat", "council", "anna"))
            .when(
                by("anna")
                    .officer("council", "seat")
                    .tables("motion", "assembly", "simple"),
            )
    };
    grant(None, None).then_ok();
    grant(None, Some("assembly")).then_ok();
    grant(Some("member"), None).then_ok();
    grant(Some("member"), Some("assembly")).then_ok();
    grant(Some("head"), None).then_err("NO_RIGHT");
    grant(None, Some("residents")).then_err("NO_RIGHT");
}

#[test]
fn a_right_over_one_body_does_not_reach_the_whole_ledger() {
    let grant = Grant {
        body: "council".parse().unwrap(),
        role: None,
        right: Right::Register,
        over: Some("council".parse().unwrap()),
        decision: None,
    };
    let world = World::community()
        .given(registrar().does(Payload::Bodies(BodiesAction::RightGranted(grant))))
        .given(registrar().seats("seat", "council", "anna"));
    let council_clerk = || by("anna").officer("council", "seat");
    world
        .when(council_clerk().enrols("gao"))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "NO_RIGHT");
            assert!(
                rejection
                    .to_string()
                    .contains("register over the whole ledger"),
                "{rejection}"
            );
        })
        .when(council_clerk().seats("second", "council", "bao"))
        .then_ok()
        .when(council_clerk().seats("third", "assembly", "bao"))
        .then_err("NO_RIGHT");
}

#[test]
fn members_hold_no_office_rights() {
    World::community()
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .when(owner("anna").tables("motion", "assembly", "simple"))
        .then_err("NO_RIGHT")
        .when(owner("emil").tables("motion", "assembly", "simple"))
        .then_err("NOT_IN_CAPACITY")
        .when(
            by("anna")
                .member("residents")
                .tables("motion", "assembly", "simple"),
        )
        .then_err("NOT_IN_CAPACITY");
}
