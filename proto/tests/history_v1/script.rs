//! What happens in the history, scene by scene.

mod affairs;
mod amendments;
mod corrections;
mod discipline;
mod envelope;
mod head_audits;
mod hidden;
mod issues;
mod meetings;
mod motions;
mod people;
mod powers;
mod progress;
mod registers;
mod reports;
mod votes;

use governance::{
    action::{Actor, Capacity, LedgerFounded},
    charter::OverlapPolicy,
    ids::Millis,
    testing::{Doer, Signed, World, by, community, keys_for},
};

use crate::{history::History, scribe::Scribe};

const MINUTE: u64 = 60_000;
const DAY: u64 = Millis::DAY;

/// Plays it, from the foundings that fail to the last decision.
pub(crate) fn play() -> History {
    let mut scribe = Scribe::founds(refused_foundings(), community());
    envelope::play(&mut scribe);
    people::play(&mut scribe);
    registers::play(&mut scribe);
    motions::play(&mut scribe);
    votes::play(&mut scribe);
    powers::play(&mut scribe);
    meetings::play(&mut scribe);
    progress::play(&mut scribe);
    hidden::play(&mut scribe);
    issues::play(&mut scribe);
    reports::play(&mut scribe);
    discipline::play(&mut scribe);
    affairs::play(&mut scribe);
    corrections::play(&mut scribe);
    powers::set_aside(&mut scribe);
    head_audits::play(&mut scribe);
    amendments::play(&mut scribe);
    scribe.history()
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

fn registrar() -> Doer {
    by("registrar").clerk()
}

fn chair() -> Doer {
    by("chair").chair()
}

fn teller() -> Doer {
    by("teller-1").officer("committee", "teller-1")
}

fn supervisor() -> Doer {
    by("supervisor").officer("supervision", "supervisor")
}

/// A member of the owners' assembly.
fn owner(name: &str) -> Doer {
    by(name).member("assembly")
}

/// A member of the residents' meeting.
fn resident(name: &str) -> Doer {
    by(name).member("residents")
}

fn refused_foundings() -> Vec<(&'static str, Signed)> {
    let changed = |change: fn(&mut LedgerFounded)| {
        let mut founding = community();
        change(&mut founding);
        World::founding(founding)
    };
    let mut in_capacity = World::founding(community());
    in_capacity.action.actor = Actor::Person {
        person: id("registrar"),
        capacity: Some(Capacity {
            body: id("committee"),
            office: None,
        }),
    };
    in_capacity.signers = keys_for(&in_capacity.action);
    let overlapping = |founding: &mut LedgerFounded| {
        let mut second = founding.offices[1].clone();
        second.office = id("owner-chair");
        second.body = id("owners-committee");
        founding.offices.push(second);
    };
    let undisclosed = |founding: &mut LedgerFounded| {
        founding.charter.overlap = OverlapPolicy::DiscloseAndRecuse;
        let mut second = founding.offices[1].clone();
        second.office = id("owner-chair");
        second.body = id("owners-committee");
        founding.offices.push(second);
    };
    vec![
        ("OVERLAP_UNDISCLOSED", changed(undisclosed)),
        (
            "NOT_A_FOUNDING",
            World::community().signed(registrar().enrols("gao")),
        ),
        // No version will ever have this number.
        (
            "RULES_VERSION_UNKNOWN",
            changed(|founding| founding.rules_version = u32::MAX),
        ),
        (
            "ORIGIN_INVALID",
            changed(|f| f.origin = String::from("Records.example.org")),
        ),
        (
            "CHARTER_INVALID",
            changed(|f| f.charter.rules[0].body = id("nobody")),
        ),
        (
            "CHARTER_INVALID",
            changed(|f| f.charter.clocks.issue_answer_days = 0),
        ),
        (
            "CHARTER_INVALID",
            changed(|f| f.charter.reporting.push(id("nobody"))),
        ),
        (
            "FOUNDING_WITHOUT_REGISTRAR",
            changed(|f| f.rights.retain(|grant| grant.role != Some(id("clerk")))),
        ),
        ("OVERLAPPING_SEAT", changed(overlapping)),
        ("FOUNDING_CAPACITY", in_capacity),
    ]
}
