//! Who sets a decision aside, and who does not (rules.md §3: superior body, court, ordered correction).

use governance::{
    action::{Attestor, Capacity, OverturnedBy},
    testing::{Deed, World, by, listed, power_terms},
};

use super::{
    recalls::recalled_member,
    support::{adopted_by, adopts, chair, committee_resolves, community, registrar},
};

const SNOW: (&str, &str) = ("power_listed", "snow");

fn inspector(motion: &str, undone: &[(&str, &str)]) -> Deed {
    by("inspector")
        .officer("street-office", "inspector")
        .overturns(motion, OverturnedBy::SuperiorBody, undone)
}

fn supervisor(motion: &str, by_whom: OverturnedBy, undone: &[(&str, &str)]) -> Deed {
    by("supervisor")
        .officer("supervision", "supervisor")
        .overturns(motion, by_whom, undone)
}

/// Owners have listed a power.
fn decided() -> World {
    adopts(
        community(),
        "motion",
        vec![listed("snow", power_terms("assembly", None))],
    )
}

#[test]
fn regulation_19_the_street_office_sets_aside_what_owners_decided() {
    decided()
        .given(chair().tables("open", "assembly", "simple"))
        .when(inspector("open", &[]))
        .then_err("MOTION_NOT_DECIDED")
        .when(inspector("none", &[]))
        .then_err("MOTION_UNKNOWN")
        .when(inspector("motion", &[SNOW]))
        .then_ok();
}

#[test]
fn who_supervises_a_body_is_not_above_it() {
    let world = committee_resolves(decided(), "lease");
    world
        .when(supervisor("motion", OverturnedBy::SuperiorBody, &[SNOW]))
        .then_err("NOT_SUPERIOR")
        .when(supervisor("lease", OverturnedBy::SuperiorBody, &[]))
        .then_err("NOT_SUPERIOR")
        .when(chair().overturns("motion", OverturnedBy::SuperiorBody, &[SNOW]))
        .then_err("NO_RIGHT")
        .when(inspector("lease", &[]))
        .then_ok();
}

#[test]
fn no_body_sets_aside_what_it_decided_itself() {
    decided()
        .given(registrar().grants("assembly", governance::charter::Right::Supervise))
        .given(registrar().seats("speaker", "assembly", "emil"))
        .when(by("emil").officer("assembly", "speaker").overturns(
            "motion",
            OverturnedBy::SuperiorBody,
            &[SNOW],
        ))
        .then_err("OVERTURNS_ITSELF");
}

/// The registrar records that a decision sets aside another.
fn records(motion: &str, decision: &'static str) -> Deed {
    registrar()
        .overturns(motion, OverturnedBy::SuperiorBody, &[])
        .with_overturned(move |overturned| {
            overturned.decision = Some(decision.parse().unwrap());
        })
}

/// The members of the owners' committee resolve on a lease.
fn leased(world: World) -> World {
    let owners = ("owners-committee", "owners-plain");
    adopted_by(world, owners, &["dina", "emil"], "lease", Vec::new())
}

#[test]
fn regulation_15_owners_set_aside_by_vote_what_their_committee_decided() {
    let world = adopts(community(), "before", Vec::new());
    let world = committee_resolves(leased(world), "residents-lease");
    let world = adopts(world, "sets-aside", Vec::new()).given(chair().tables(
        "undecided",
        "assembly",
        "simple",
    ));
    world
        .when(records("lease", "before"))
        .then_err("DECIDED_BEFORE")
        .when(records("lease", "undecided"))
        .then_err("DECISION_NOT_ADOPTED")
        // Owners are above their own committee, and not above the residents'; nor is a committee above them.
        .when(records("residents-lease", "sets-aside"))
        .then_err("NOT_SUPERIOR")
        .when(records("before", "lease"))
        .then_err("NOT_SUPERIOR")
        .when(records("lease", "sets-aside"))
        .then_ok();
}

#[test]
fn no_officer_overturns_in_the_name_of_a_body_that_votes() {
    let deed = || {
        by("anna").officer("assembly", "speaker").overturns(
            "lease",
            OverturnedBy::SuperiorBody,
            &[],
        )
    };
    leased(community())
        .given(registrar().grants("assembly", governance::charter::Right::Supervise))
        .given(registrar().seats("speaker", "assembly", "anna"))
        .when(deed())
        .then_err("SUPERIOR_DECIDES_BY_VOTE");
}

#[test]
fn a_court_decides_by_no_motion() {
    let world = adopts(leased(community()), "sets-aside", Vec::new());
    world
        .when(
            records("lease", "sets-aside").with_overturned(|overturned| {
                overturned.by = OverturnedBy::Court;
            }),
        )
        .then_err("OVERTURNED_BY_NO_MOTION");
}

/// Attested by this officer of the supervision committee.
fn attested(deed: Deed, who: &'static str) -> Deed {
    deed.with_overturned(move |overturned| {
        overturned.second = Attestor {
            person: who.parse().unwrap(),
            capacity: Capacity {
                body: "supervision".parse().unwrap(),
                office: Some(who.parse().unwrap()),
            },
        };
    })
}

#[test]
fn two_officers_record_what_a_court_ruled() {
    let court = || registrar().overturns("motion", OverturnedBy::Court, &[SNOW]);
    decided()
        .when(court().with_overturned(|overturned| {
            overturned.second.person = "registrar".parse().unwrap();
            overturned.second.capacity.office = Some("clerk".parse().unwrap());
        }))
        .then_err("ATTESTOR_IS_ACTOR")
        .when(court().with_overturned(|overturned| {
            overturned.second.person = "secretary".parse().unwrap();
            overturned.second.capacity.body = "party".parse().unwrap();
            overturned.second.capacity.office = Some("secretary".parse().unwrap());
        }))
        .then_err("ATTESTOR_WITHOUT_RIGHT")
        .when(attested(court(), "supervisor"))
        .then_ok();
    // The registrar may be whom it is about: then those who supervise record it.
    decided()
        .when(attested(
            supervisor("motion", OverturnedBy::Court, &[SNOW]),
            "supervisor-2",
        ))
        .then_ok();
}

#[test]
fn nobody_undoes_a_decision_about_themself_or_near_kin() {
    let undone = [("recalled", "recall")];
    let court = |who: &'static str| {
        let deed = registrar().overturns("motion", OverturnedBy::Court, &undone);
        attested(deed, who)
    };
    // Fang was recalled; the registrar and a supervisor are near kin.
    let kin = |who: &str| recalled_member().given(registrar().declares_kin("fang", who));
    kin("registrar")
        .when(court("supervisor"))
        .then_err("OVERTURNER_CONCERNED");
    kin("supervisor")
        .when(court("supervisor"))
        .then_err("OVERTURNER_CONCERNED")
        .when(court("supervisor-2"))
        .then_ok();
}
