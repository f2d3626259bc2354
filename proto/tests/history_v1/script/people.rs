//! Signatures, people and their keys.

use governance::{
    action::{Attestor, Capacity, Payload, PeopleAction, PersonEnrolled},
    ids::PublicKey,
    testing::{Deed, Doer, by, content, key},
};

use super::{chair, id, registers::seats, registrar};
use crate::scribe::Scribe;

fn people(doer: Doer, action: PeopleAction) -> Deed {
    doer.does(Payload::People(action))
}

fn enrols_with(person: &str, keys: Vec<PublicKey>, named: bool) -> Deed {
    let enrolled = PersonEnrolled {
        person: id(person),
        keys,
        name: named.then(content),
    };
    people(registrar(), PeopleAction::PersonEnrolled(enrolled))
}

fn rotates(person: &str, old: &str, new: &str) -> Deed {
    let (old_key, new_key) = (key(old), key(new));
    people(by(person), PeopleAction::KeyRotated { old_key, new_key })
}

fn replaces(second: &str, office: &str, person: &str, new: &str) -> Deed {
    let replaced = PeopleAction::KeyReplaced {
        person: id(person),
        second: Attestor {
            person: id(second),
            capacity: Capacity {
                body: id("committee"),
                office: Some(id(office)),
            },
        },
        new_key: key(new),
    };
    people(registrar(), replaced)
}

pub(super) fn play(scribe: &mut Scribe) {
    signatures(scribe);
    keys(scribe);
    a_hundred_keys(scribe);
    departures(scribe);
}

fn signatures(scribe: &mut Scribe) {
    let mut signed_by = |code: &'static str, names: &[&str]| {
        let keys: Vec<_> = names.iter().map(|name| key(name)).collect();
        scribe.fails(code, registrar().enrols("jin").signed_by(&keys));
    };
    signed_by("MISSING_SIGNATURE", &["registrar"]);
    signed_by("MISSING_SIGNATURE", &["jin"]);
    signed_by("SURPLUS_SIGNATURE", &["registrar", "jin", "anna"]);
    signed_by("WRONG_SIGNATURE_ORDER", &["jin", "registrar"]);
    signed_by("KEY_UNKNOWN", &["stranger", "jin"]);
    signed_by("KEY_OF_ANOTHER", &["anna", "jin"]);
    scribe.fails("CAPACITY_MISSING", by("registrar").enrols("jin"));
    scribe.fails("NO_RIGHT", chair().enrols("jin"));
    let stranger = by("stranger").clerk().enrols("jin");
    scribe.fails("PERSON_UNKNOWN", stranger);
    let impostor = by("anna").clerk().enrols("jin");
    scribe.fails("NOT_IN_CAPACITY", impostor);
}

fn keys(scribe: &mut Scribe) {
    let spare = |n: usize| -> Vec<_> { (0..n).map(|at| key(&format!("spare {at}"))).collect() };
    scribe.fails("PERSON_EXISTS", enrols_with("gao", spare(1), false));
    scribe.does(enrols_with("ivo", spare(5), true));
    let sixth = by("ivo").adds_key(key("sixth"));
    scribe.fails(
        "TOO_MANY_KEYS",
        sixth.signed_by(&[key("spare 0"), key("sixth")]),
    );
    scribe.fails("KEY_TAKEN", enrols_with("jin", vec![key("record")], false));
    scribe.does(enrols_with("jin", Vec::new(), false));
    scribe.does([
        by("gao").adds_key(key("tablet")),
        rotates("gao", "gao", "phone"),
    ]);
    scribe.fails("KEY_REVOKED", by("gao").adds_key(key("watch")));
    scribe.fails("KEY_OF_ANOTHER", rotates("gao", "hu", "watch"));
    scribe.does(
        by("gao")
            .revokes_key("gao", key("tablet"))
            .signed_by(&[key("phone")]),
    );
    // The ledger's own keys.
    scribe.does([
        rotates_own("checkpoint", "checkpoint 2"),
        rotates_own("record", "record 2"),
    ]);
    scribe.fails(
        "LEDGER_KEY_NOT_IN_FORCE",
        rotates_own("checkpoint", "checkpoint 3"),
    );
    // A lost phone.
    scribe.does(by("registrar").adds_key(key("spare")));
    let alone = replaces("registrar", "clerk", "gao", "new phone");
    let twice = [key("registrar"), key("spare"), key("new phone")];
    scribe.fails("ATTESTOR_IS_ACTOR", alone.signed_by(&twice));
    scribe.fails(
        "ATTESTOR_WITHOUT_RIGHT",
        replaces("chair", "chair", "gao", "new phone"),
    );
    // The clerk seats a third teller, who does not attest the clerk's own acts.
    scribe.does(seats("teller-3", "committee", "fang", |assumed| {
        assumed.role = id("teller");
    }));
    scribe.fails(
        "ATTESTOR_DEPENDENT",
        replaces("fang", "teller-3", "gao", "new phone"),
    );
    scribe.does(replaces("teller-1", "teller-1", "gao", "new phone"));
    scribe.fails(
        "KEY_REVOKED",
        by("gao")
            .adds_key(key("watch"))
            .signed_by(&[key("phone"), key("watch")]),
    );
}

fn rotates_own(old: &str, new: &str) -> Deed {
    let (old_key, new_key) = (key(old), key(new));
    people(
        registrar(),
        PeopleAction::LedgerKeyRotated { old_key, new_key },
    )
}

/// Ivo, enrolled with five keys, has 100 in all.
fn a_hundred_keys(scribe: &mut Scribe) {
    let name = |n: u32| match n {
        5 => "spare 1".to_owned(),
        n => format!("key {n} of ivo"),
    };
    for n in 5..100 {
        scribe.does(rotates("ivo", &name(n), &name(n + 1)));
    }
    scribe.fails("KEYS_USED_UP", rotates("ivo", &name(100), &name(101)));
    let own = |n: u32| format!("checkpoint {n}");
    for n in 2..100 {
        scribe.does(rotates_own(&own(n), &own(n + 1)));
    }
    scribe.fails("LEDGER_KEYS_USED_UP", rotates_own(&own(100), &own(101)));
}

fn departures(scribe: &mut Scribe) {
    scribe.does(registrar().sees_off("hu"));
    scribe.fails("PERSON_HAS_LEFT", registrar().sees_off("hu"));
    scribe.fails(
        "PERSON_HAS_LEFT",
        registrar().seats("seat", "council", "hu"),
    );
}
