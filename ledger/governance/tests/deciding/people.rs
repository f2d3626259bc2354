use governance::{
    action::{BodiesAction, Payload, PeopleAction, PersonEnrolled},
    charter::Right,
    ids::PublicKey,
    testing::{Deed, Doer, FOR, World, by, content, key},
};

use super::support::{MINUTE, OWNERS, owner, registrar, simple, teller, voting};

fn enrols_with(person: &str, keys: Vec<PublicKey>) -> Deed {
    registrar().does(Payload::People(PeopleAction::PersonEnrolled(
        PersonEnrolled {
            person: person.parse().unwrap(),
            keys,
            name: None,
        },
    )))
}

fn keys(n: usize) -> Vec<PublicKey> {
    (0..n).map(|at| key(&format!("spare {at}"))).collect()
}

fn rotates(person: &str, old: &str, new: &str) -> Deed {
    by(person).does(Payload::People(PeopleAction::KeyRotated {
        old_key: key(old),
        new_key: key(new),
    }))
}

fn replaces(second: &str, office: &str, person: &str, new: &str) -> Deed {
    replaced_by(registrar(), second, office, person, new)
}

fn replaced_by(clerk: Doer, second: &str, office: &str, person: &str, new: &str) -> Deed {
    clerk.does(Payload::People(PeopleAction::KeyReplaced {
        person: person.parse().unwrap(),
        second: governance::action::Attestor {
            person: second.parse().unwrap(),
            capacity: governance::action::Capacity {
                body: "committee".parse().unwrap(),
                office: Some(office.parse().unwrap()),
            },
        },
        new_key: key(new),
    }))
}

#[test]
fn a_person_has_none_to_five_keys() {
    World::community()
        .when(enrols_with("gao", keys(0)))
        .then_ok();
    World::community()
        .when(enrols_with("gao", keys(5)))
        .then_ok();
    World::community()
        .when(enrols_with("gao", keys(6)))
        .then_err("TOO_MANY_KEYS");
}

#[test]
fn ids_and_keys_are_never_used_twice() {
    World::community()
        .when(enrols_with("anna", keys(1)))
        .then_err("PERSON_EXISTS")
        .when(enrols_with("gao", vec![key("anna")]))
        .then_err("KEY_TAKEN")
        .when(enrols_with("gao", vec![key("x"), key("x")]))
        .then_err("KEY_TAKEN")
        .when(enrols_with("gao", vec![key("record")]))
        .then_err("KEY_TAKEN")
        .given(registrar().sees_off("anna"))
        .when(enrols_with("anna", keys(1)))
        .then_err("PERSON_EXISTS")
        .when(enrols_with("gao", vec![key("anna")]))
        .then_err("KEY_TAKEN");
}

#[test]
fn a_published_name_is_content_within_bounds() {
    let named = |length: u32| {
        let mut name = content();
        name.length = length;
        World::community().when(enrols_with("gao", keys(1)).with(move |action| {
            if let Payload::People(PeopleAction::PersonEnrolled(enrolled)) = &mut action.payload {
                enrolled.name = Some(name);
            }
        }))
    };
    named(262_144).then_ok();
    named(262_145).then_err("TEXT_TOO_LONG");
}

#[test]
fn a_person_adds_keys_up_to_five() {
    let mut world = World::community();
    for at in 1..5 {
        let added = by("anna").adds_key(key(&format!("spare {at}")));
        world = world.given(added);
    }
    world
        .when(by("anna").adds_key(key("sixth")))
        .then_err("TOO_MANY_KEYS")
        .when(by("bao").adds_key(key("spare 1")))
        .then_err("KEY_TAKEN")
        .when(by("bao").adds_key(key("new")).signed_by(&[key("bao")]))
        .then_err("MISSING_SIGNATURE");
}

#[test]
fn a_rotated_key_is_no_longer_good_and_the_new_one_is() {
    simple()
        .when(rotates("anna", "anna", "phone"))
        .then_ok()
        .when(owner("anna").votes("motion", FOR))
        .then_err("KEY_REVOKED")
        .when(
            owner("anna")
                .votes("motion", FOR)
                .signed_by(&[key("phone")]),
        )
        .then_ok()
        .when(rotates("anna", "anna", "tablet"))
        .then_err("KEY_REVOKED")
        .when(rotates("anna", "bao", "tablet"))
        .then_err("KEY_OF_ANOTHER")
        .when(rotates("anna", "phone", "bao"))
        .then_err("KEY_TAKEN")
        .when(rotates("anna", "phone", "tablet").signed_by(&[key("tablet"), key("phone")]))
        .then_err("WRONG_SIGNATURE_ORDER");
}

#[test]
fn a_lost_phone_is_replaced_by_two_officers_and_every_earlier_key_is_revoked() {
    let world = simple()
        .given(registrar().grants("committee", Right::Tell))
        .given(by("anna").adds_key(key("tablet")));
    world
        .when(replaces("registrar", "clerk", "anna", "new phone"))
        .then_err("ATTESTOR_IS_ACTOR")
        .when(replaces("chair", "clerk", "anna", "new phone"))
        .then_err("NOT_IN_CAPACITY")
        .when(replaces("chair", "chair", "nobody", "new phone"))
        .then_err("PERSON_UNKNOWN")
        .when(replaces("chair", "chair", "anna", "bao"))
        .then_err("KEY_TAKEN")
        .when(replaces("chair", "chair", "anna", "new phone"))
        .then_ok()
        .when(owner("anna").votes("motion", FOR))
        .then_err("KEY_REVOKED")
        .when(
            owner("anna")
                .votes("motion", FOR)
                .signed_by(&[key("tablet")]),
        )
        .then_err("KEY_REVOKED")
        .when(
            owner("anna")
                .votes("motion", FOR)
                .signed_by(&[key("new phone")]),
        )
        .then_ok();
}

#[test]
fn the_second_officer_registers_supervises_or_tells_over_the_ledger() {
    World::community()
        .when(replaces("chair", "chair", "anna", "x"))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "ATTESTOR_WITHOUT_RIGHT");
            assert!(
                rejection
                    .to_string()
                    .contains("chair cannot attest this: their capacity does not carry the right to register or supervise or tell over the whole ledger"),
                "{rejection}"
            );
        });
    World::community()
        .when(replaces("teller-1", "teller-1", "anna", "x"))
        .then_ok();
}

#[test]
fn one_registrar_is_not_two_officers() {
    // Whom the registrar seats does not attest the registrar's acts, nor the other way round.
    let seats = |office: &str, person: &str, role: &'static str| {
        let seats = registrar().seats(office, "committee", person);
        seats.with(move |action| match &mut action.payload {
            Payload::Bodies(BodiesAction::OfficeAssumed(assumed)) => {
                assumed.role = role.parse().unwrap();
            }
            other => panic!("{}", other.family()),
        })
    };
    let world = World::community()
        .given(seats("anna", "anna", "teller"))
        .given(seats("bao", "bao", "clerk"));
    let by_bao = |second: &str, office: &str| {
        replaced_by(
            by("bao").officer("committee", "bao"),
            second,
            office,
            "chen",
            "y",
        )
    };
    world
        .when(replaces("anna", "anna", "chen", "x"))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "ATTESTOR_DEPENDENT");
            assert!(
                rejection
                    .to_string()
                    .contains("anna cannot attest for registrar"),
                "{rejection}"
            );
        })
        .when(by_bao("registrar", "clerk"))
        .then_err("ATTESTOR_DEPENDENT")
        // Of those the founding seated, either attests; and so do two whom others seated.
        .when(replaces("teller-1", "teller-1", "chen", "x"))
        .then_ok()
        .when(by_bao("anna", "anna"))
        .then_ok();
}

#[test]
fn a_person_has_a_hundred_keys_in_all() {
    let mut world = World::community();
    let name = |n: u32| {
        if n == 0 {
            "anna".to_owned()
        } else {
            format!("anna {n}")
        }
    };
    for n in 1..100 {
        let rotates = rotates("anna", &name(n - 1), &name(n));
        world = world.given(rotates);
    }
    let world = world
        .when(rotates("anna", &name(99), "one more"))
        .then_err("KEYS_USED_UP")
        .when(
            by("anna")
                .adds_key(key("one more"))
                .signed_by(&[key(&name(99)), key("one more")]),
        )
        .then_err("KEYS_USED_UP")
        .when(replaces("teller-1", "teller-1", "anna", "one more"))
        .then_err("KEYS_USED_UP");
    world.when(rotates("bao", "bao", "one more")).then_ok();
}

#[test]
fn a_key_revoked_between_signing_and_arrival_is_no_longer_good() {
    let mut world = simple();
    let ballot = world.signed(owner("anna").votes("motion", FOR));
    assert!(world.decide(&ballot).is_ok());
    let world = world.given(by("anna").revokes_key("anna", key("anna")));
    let revoked_by = world.state().size() - 1;
    let rejection = world.decide(&ballot).unwrap_err();
    assert_eq!(rejection.code(), "KEY_REVOKED");
    assert!(
        rejection
            .metadata()
            .contains(&("index", revoked_by.to_string()))
    );
}

#[test]
fn a_ballot_stays_when_its_key_is_revoked() {
    let world = voting("simple", &[("anna", 1)], 10 * MINUTE)
        .given(owner("anna").votes("motion", FOR))
        .given(registrar().revokes_key("anna", key("anna")))
        .later(10 * MINUTE)
        .caught_up();
    let decided = world.decision("motion").unwrap();
    assert_eq!(decided.measures[0].in_favour, 1);
}

#[test]
fn a_key_is_revoked_by_its_owner_or_the_registrar() {
    World::community()
        .when(by("bao").revokes_key("anna", key("anna")))
        .then_err("CAPACITY_MISSING")
        .when(teller("teller-1").revokes_key("anna", key("anna")))
        .then_err("NO_RIGHT")
        .when(registrar().revokes_key("anna", key("bao")))
        .then_err("KEY_OF_ANOTHER")
        .when(registrar().revokes_key("anna", key("nobody")))
        .then_err("KEY_UNKNOWN")
        .when(registrar().revokes_key("anna", key("anna")))
        .then_ok()
        .when(registrar().revokes_key("anna", key("anna")))
        .then_err("KEY_REVOKED");
}

#[test]
fn who_leaves_loses_keys_and_offices_and_stays_on_pinned_rolls() {
    let world = simple().given(owner("anna").votes("motion", FOR)).given([
        registrar().sees_off("anna"),
        registrar().sees_off("teller-1"),
    ]);
    world
        .clone()
        .when(owner("anna").votes("motion", FOR))
        .then_err("KEY_REVOKED")
        .when(registrar().sees_off("anna"))
        .then_err("PERSON_HAS_LEFT")
        .when(registrar().seats("seat", "council", "anna"))
        .then_err("PERSON_HAS_LEFT")
        .when(owner("bao").grants_proxy("motion", "anna"))
        .then_err("PERSON_HAS_LEFT")
        .when(registrar().sees_off("nobody"))
        .then_err("PERSON_UNKNOWN");
    let decided = world.later(10 * MINUTE).caught_up();
    let measure = &decided.decision("motion").unwrap().measures[0];
    assert_eq!(
        (measure.eligible, measure.in_favour),
        (OWNERS.len() as u64, 1)
    );
}

fn rotates_own(old: &str, new: &str) -> Deed {
    registrar().does(Payload::People(PeopleAction::LedgerKeyRotated {
        old_key: key(old),
        new_key: key(new),
    }))
}

#[test]
fn a_key_of_the_ledgers_own_is_rotated_by_the_registrar_with_both_keys() {
    World::community()
        .when(rotates_own("checkpoint", "checkpoint 2"))
        .then_ok()
        .when(rotates_own("record", "record 2"))
        .then_ok()
        // Given up, or never one of the two.
        .when(rotates_own("checkpoint", "checkpoint 3"))
        .then_err("LEDGER_KEY_NOT_IN_FORCE")
        .when(rotates_own("anna", "checkpoint 3"))
        .then_err("LEDGER_KEY_NOT_IN_FORCE")
        // Every key serves once, the ledger's and people's alike.
        .when(rotates_own("checkpoint 2", "checkpoint 2"))
        .then_err("KEY_TAKEN")
        .when(rotates_own("checkpoint 2", "checkpoint"))
        .then_err("KEY_TAKEN")
        .when(rotates_own("checkpoint 2", "record 2"))
        .then_err("KEY_TAKEN")
        .when(rotates_own("checkpoint 2", "anna"))
        .then_err("KEY_TAKEN")
        .when(enrols_with("gao", vec![key("record")]))
        .then_err("KEY_TAKEN")
        .when(enrols_with("gao", vec![key("record 2")]))
        .then_err("KEY_TAKEN");
}

#[test]
fn a_rotation_has_the_registrars_signature_the_old_keys_and_the_new_keys() {
    let signed = |signers: &[&str]| {
        let keys: Vec<_> = signers.iter().map(|name| key(name)).collect();
        rotates_own("checkpoint", "next").signed_by(&keys)
    };
    World::community()
        .when(signed(&["registrar", "checkpoint"]))
        .then_err("MISSING_SIGNATURE")
        .when(signed(&["registrar", "next"]))
        .then_err("MISSING_SIGNATURE")
        .when(signed(&["checkpoint", "next"]))
        .then_err("MISSING_SIGNATURE")
        .when(signed(&["registrar", "next", "checkpoint"]))
        .then_err("WRONG_SIGNATURE_ORDER")
        .when(signed(&["registrar", "record", "next"]))
        .then_err("MISSING_SIGNATURE")
        .when(signed(&["registrar", "checkpoint", "next", "record"]))
        .then_err("SURPLUS_SIGNATURE")
        .when(signed(&["registrar", "checkpoint", "next"]))
        .then_ok();
    let by_anna = by("anna").does(Payload::People(PeopleAction::LedgerKeyRotated {
        old_key: key("checkpoint"),
        new_key: key("next"),
    }));
    World::community()
        .when(by_anna)
        .then_err("CAPACITY_MISSING");
}

#[test]
fn a_rotated_key_is_in_force_from_the_size_that_its_entry_makes() {
    let before = World::community();
    let seam = before.state().size();
    let after = before.given(rotates_own("checkpoint", "next"));
    let keys = after.state().own_keys();
    assert_eq!(*keys.checkpoint.at(0), key("checkpoint"));
    assert_eq!(*keys.checkpoint.at(seam), key("checkpoint"));
    assert_eq!(*keys.checkpoint.at(seam + 1), key("next"));
    assert_eq!(*keys.checkpoint.at(u64::MAX), key("next"));
    assert_eq!(after.state().checkpoint_key(), key("next"));
    assert_eq!(after.state().record_key(), key("record"));
    let line: Vec<_> = keys.checkpoint.all().collect();
    assert_eq!(line, [(0, &key("checkpoint")), (seam + 1, &key("next"))]);
}

#[test]
fn what_time_brings_is_signed_by_the_record_key_in_force() {
    let world = simple().given(rotates_own("record", "next"));
    let world = world.later(10 * MINUTE);
    let action = governance::derive(world.state(), world.now()).expect("the vote is over");
    let signed = |name| {
        let (action, signers) = (action.clone(), vec![key(name)]);
        world.decide(&governance::testing::Signed { action, signers })
    };
    assert_eq!(signed("record").unwrap_err().code(), "MISSING_SIGNATURE");
    assert_eq!(signed("next"), Ok(()));
}

#[test]
fn a_ledger_has_a_hundred_keys_of_each_use_in_all() {
    let mut world = World::community();
    let name = |n: u32| match n {
        0 => "record".to_owned(),
        n => format!("record {n}"),
    };
    for n in 1..100 {
        world = world.given(rotates_own(&name(n - 1), &name(n)));
    }
    world
        .when(rotates_own(&name(99), "one more"))
        .then_err("LEDGER_KEYS_USED_UP")
        .when(rotates_own("checkpoint", "one more"))
        .then_ok();
}
