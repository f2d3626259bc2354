use governance::{
    action::{Actor, Capacity, LedgerFounded},
    charter::{OverlapPolicy, Right},
    ids::Leaf,
    testing::{FOUNDED_AT, Signed, World, community, key, keys_for, leaf},
};

fn founds(change: impl FnOnce(&mut LedgerFounded)) -> Result<World, &'static str> {
    let mut founding = community();
    change(&mut founding);
    tries(&World::founding(founding))
}

fn tries(signed: &Signed) -> Result<World, &'static str> {
    World::try_found(signed, FOUNDED_AT).map_err(|rejection| rejection.code())
}

fn refused(change: impl FnOnce(&mut LedgerFounded)) -> &'static str {
    founds(change).expect_err("it is refused")
}

#[test]
fn a_founding_makes_the_ledger_it_names() {
    let world = World::community();
    let state = world.state();
    assert_eq!(state.size(), 1);
    assert_eq!(state.genesis(), leaf(0));
    assert_eq!(state.last_leaf(), leaf(0));
    assert_eq!(state.last_recorded_at(), FOUNDED_AT);
    assert_eq!(state.origin(), "records.example.org/test");
    assert_eq!(state.rules_version(), 1);
    assert_eq!(state.record_key(), key("record"));
    assert_eq!(state.checkpoint_key(), key("checkpoint"));
    assert_eq!(state.charter().version, 1);
    assert!(!state.demo());
    assert_eq!(
        state.recorded_action(&world.log()[0].action.id),
        Some(0),
        "the founding's own id is taken"
    );
}

#[test]
fn the_founder_record_checkpoint_and_every_enrolled_key_sign_once_in_order() {
    let signed = World::founding(community());
    assert_eq!(signed.signers[0], key("registrar"));
    assert_eq!(signed.signers[1], key("record"));
    assert_eq!(signed.signers[2], key("checkpoint"));
    assert_eq!(signed.signers[3], key("chair"));
    let distinct: std::collections::BTreeSet<_> = signed.signers.iter().collect();
    assert_eq!(distinct.len(), signed.signers.len());

    let mut missing = signed.clone();
    missing.signers.pop();
    assert_eq!(tries(&missing).unwrap_err(), "MISSING_SIGNATURE");
    let mut none = signed.clone();
    none.signers.clear();
    assert_eq!(tries(&none).unwrap_err(), "MISSING_SIGNATURE");
    let mut swapped = signed.clone();
    swapped.signers.swap(1, 2);
    assert_eq!(tries(&swapped).unwrap_err(), "WRONG_SIGNATURE_ORDER");
    let mut surplus = signed.clone();
    surplus.signers.push(key("stranger"));
    assert_eq!(tries(&surplus).unwrap_err(), "SURPLUS_SIGNATURE");
    let mut stranger = signed.clone();
    stranger.signers[0] = key("stranger");
    assert_eq!(tries(&stranger).unwrap_err(), "KEY_UNKNOWN");
    let mut another = signed;
    another.signers.swap(0, 3);
    assert_eq!(tries(&another).unwrap_err(), "KEY_OF_ANOTHER");
}

#[test]
fn a_founder_with_two_keys_signs_with_either() {
    let mut founding = community();
    founding.people[0].keys.push(key("registrar's tablet"));
    let mut signed = World::founding(founding);
    let tablet = signed
        .signers
        .iter()
        .position(|k| *k == key("registrar's tablet"));
    assert_eq!(
        tablet,
        Some(3),
        "the other key follows in the payload's order"
    );
    tries(&signed).expect("the first key founds");
    signed.signers.swap(0, 3);
    tries(&signed).expect("so does the second");
}

#[test]
fn keys_are_told_apart() {
    assert_eq!(refused(|f| f.checkpoint_key = f.record_key), "KEY_TAKEN");
    assert_eq!(refused(|f| f.people[1].keys[0] = f.record_key), "KEY_TAKEN");
    assert_eq!(
        refused(|f| f.people[1].keys[0] = f.checkpoint_key),
        "KEY_TAKEN"
    );
    assert_eq!(
        refused(|f| f.people[1].keys[0] = f.people[0].keys[0]),
        "KEY_TAKEN"
    );
}

#[test]
fn a_ledger_nobody_could_change_is_not_founded() {
    let code = "FOUNDING_WITHOUT_REGISTRAR";
    assert_eq!(
        refused(|f| f.rights.retain(|g| g.right != Right::Register)),
        code
    );
    assert_eq!(
        refused(|f| f.offices.remove(0).office = "x".parse().unwrap()),
        code
    );
    assert_eq!(
        refused(|f| f.rights[0].over = Some("assembly".parse().unwrap())),
        code,
        "a right over one body is not enough"
    );
    assert_eq!(
        refused(|f| {
            // Somebody else founds; the registrar is enrolled without a key.
            f.people[0].keys.clear();
            f.people[0].person = "ghost-registrar".parse().unwrap();
            f.offices[0].person = f.people[0].person.clone();
            f.people.push(governance::action::PersonEnrolled {
                person: "registrar".parse().unwrap(),
                keys: vec![key("registrar")],
                name: None,
            });
        }),
        code
    );
}

#[test]
fn what_a_founding_names_must_exist_once() {
    assert_eq!(
        refused(|f| f.bodies.push(f.bodies[0].clone())),
        "BODY_EXISTS"
    );
    assert_eq!(
        refused(|f| f.rights.push(f.rights[0].clone())),
        "RIGHT_HELD"
    );
    assert_eq!(
        refused(|f| f.rights[0].body = "nobody".parse().unwrap()),
        "BODY_UNKNOWN"
    );
    assert_eq!(
        refused(|f| f.people.push(f.people[0].clone())),
        "PERSON_EXISTS"
    );
    assert_eq!(
        refused(|f| f.offices.push(f.offices[0].clone())),
        "OFFICE_EXISTS"
    );
    assert_eq!(
        refused(|f| f.offices[0].person = "nobody".parse().unwrap()),
        "PERSON_UNKNOWN"
    );
    assert_eq!(
        refused(|f| f.offices[1].decision = Some("motion".parse().unwrap())),
        "MOTION_UNKNOWN"
    );
}

#[test]
fn seats_in_both_committees_follow_the_charter_from_the_start() {
    let overlapping = |f: &mut LedgerFounded| {
        let mut second = f.offices[1].clone();
        second.office = "owner-chair".parse().unwrap();
        second.body = "owners-committee".parse().unwrap();
        f.offices.push(second);
    };
    assert_eq!(refused(overlapping), "OVERLAPPING_SEAT");
    founds(|f| {
        overlapping(f);
        f.charter.overlap = OverlapPolicy::Allow;
    })
    .expect("the charter allows it");
    let disclosing = |f: &mut LedgerFounded| {
        overlapping(f);
        f.charter.overlap = OverlapPolicy::DiscloseAndRecuse;
    };
    assert_eq!(refused(disclosing), "OVERLAP_UNDISCLOSED");
    founds(|f| {
        disclosing(f);
        f.offices.last_mut().unwrap().overlap_disclosed = true;
    })
    .expect("it is disclosed");
}

#[test]
fn an_origin_is_a_host_and_a_path() {
    for origin in [
        "",
        "https://example.org",
        "example.org/",
        "/x",
        "a//b",
        "Example.org",
        "a b",
    ] {
        assert_eq!(
            refused(|f| f.origin = origin.to_owned()),
            "ORIGIN_INVALID",
            "{origin}"
        );
    }
    assert_eq!(refused(|f| f.origin = "a".repeat(256)), "ORIGIN_INVALID");
    founds(|f| f.origin = "a".repeat(255)).expect("255 bytes fit");
    founds(|f| f.origin = "localhost:8420/x_y-z".to_owned()).expect("a port and a path");
}

#[test]
fn the_name_says_something_within_512_bytes() {
    assert_eq!(refused(|f| f.name = " ".to_owned()), "TEXT_EMPTY");
    assert_eq!(refused(|f| f.name = "x".repeat(513)), "TEXT_TOO_LONG");
    founds(|f| f.name = "x".repeat(512)).expect("512 bytes fit");
}

#[test]
fn the_charter_and_the_rules_version_are_known() {
    assert_eq!(refused(|f| f.charter.rules.clear()), "CHARTER_INVALID");
    assert_eq!(
        refused(|f| f.charter.rules[0].body = "nobody".parse().unwrap()),
        "CHARTER_INVALID"
    );
    let consulted =
        |f: &mut LedgerFounded| f.charter.rules[0].prerequisites.expert_opinions_min = u32::MAX;
    assert_eq!(
        refused(consulted),
        "CHARTER_INVALID",
        "nobody asks so many experts"
    );
    assert_eq!(refused(|f| f.rules_version = 0), "RULES_VERSION_UNKNOWN");
    assert_eq!(refused(|f| f.rules_version = 2), "RULES_VERSION_UNKNOWN");
}

#[test]
fn the_founder_acts_for_themself_and_names_no_earlier_entry() {
    let change = |change: fn(&mut governance::action::Action)| {
        let mut signed = World::founding(community());
        change(&mut signed.action);
        signed.signers = keys_for(&signed.action);
        tries(&signed).unwrap_err()
    };
    let capacity = change(|action| {
        action.actor = Actor::Person {
            person: "registrar".parse().unwrap(),
            capacity: Some(Capacity {
                body: "committee".parse().unwrap(),
                office: None,
            }),
        };
    });
    assert_eq!(capacity, "FOUNDING_CAPACITY");
    assert_eq!(
        change(|a| a.expected_leaf = Some(leaf(0))),
        "FOUNDING_CAPACITY"
    );
    assert_eq!(change(|a| a.genesis = leaf(0)), "WRONG_GENESIS");
    assert_eq!(change(|a| a.actor = Actor::Ledger), "NOT_FOR_THE_LEDGER");
    let stranger = change(|action| {
        action.actor = Actor::Person {
            person: "stranger".parse().unwrap(),
            capacity: None,
        };
    });
    assert_eq!(stranger, "PERSON_UNKNOWN");
    assert_eq!(change(|a| a.not_after.0 -= 3_600_001), "VALIDITY_TOO_LONG");
}

#[test]
fn nothing_else_founds_and_nothing_is_founded_twice() {
    let mut world = World::community();
    let enrol = world.signed(super::support::registrar().enrols("gao"));
    assert_eq!(tries(&enrol).unwrap_err(), "NOT_A_FOUNDING");
    let mut again = World::founding(community());
    again.action.genesis = world.state().genesis();
    assert_eq!(world.decide(&again).unwrap_err().code(), "ALREADY_FOUNDED");
    again.action.genesis = Leaf::ZERO;
    assert_eq!(world.decide(&again).unwrap_err().code(), "ALREADY_FOUNDED");
}
