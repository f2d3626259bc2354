//! What decisions bring about: the power list, and decisions overturned.

use governance::{
    action::{Effect, OfficeAssumed, OfficeObtained, Outcome, OverturnedBy, PowerTerms},
    calendar::Date,
    charter::Right,
    testing::{
        Deed, Doer, FOR, amended, by, delegated, listed, power_holder, power_terms, revoked,
    },
};

use super::{MINUTE, chair, motions::tables_contest, owner, registrar, votes::decided};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    what_cannot_take_effect(scribe);
    a_list(scribe);
    overturned(scribe);
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn parking() -> PowerTerms {
    PowerTerms {
        matters: vec![super::id("parking")],
        effective_to: Some(day("2027-03-01")),
        ..power_terms("assembly", Some("steward"))
    }
}

/// Dina is the assembly's steward.
fn dina() -> Doer {
    by("dina").officer("assembly", "gate")
}

fn tables(motion: &str, effects: Vec<Effect>) -> Deed {
    chair()
        .tables(motion, "assembly", "simple")
        .with_effects(effects)
}

/// Three of four owners adopt it.
pub(super) fn adopts(scribe: &mut Scribe, motion: &str) {
    scribe.does(chair().opens(motion, "owners", MINUTE));
    scribe.does(["anna", "bao", "dina"].map(|voter| owner(voter).votes(motion, FOR)));
    scribe.later(MINUTE);
    decided(scribe, motion, Outcome::Adopted);
}

fn what_cannot_take_effect(scribe: &mut Scribe) {
    let lists = || vec![listed("parking", parking())];
    scribe.fails("EFFECTS_OF_CONTEST", {
        tables_contest("list", "assembly", "simple", &["anna", "bao"], 1).with_effects(lists())
    });
    scribe.fails("EFFECT_NOT_OF_RULE", {
        chair()
            .tables("list", "assembly", "owners-committee-recall")
            .with_effects(lists())
    });
    scribe.fails(
        "POWER_NOT_IN_FORCE",
        tables("list", vec![amended("parking", parking())]),
    );
    let backwards = PowerTerms {
        effective_from: day("2027-03-02"),
        ..parking()
    };
    scribe.fails(
        "POWER_DAYS_INVERTED",
        tables("list", vec![listed("parking", backwards)]),
    );
    let twice = PowerTerms {
        matters: vec![super::id("parking"); 2],
        ..parking()
    };
    scribe.fails(
        "MATTER_TWICE",
        tables("list", vec![listed("parking", twice)]),
    );
}

/// Two motions list the same item; the second comes too late.
fn a_list(scribe: &mut Scribe) {
    scribe.does(
        registrar()
            .seats("gate", "assembly", "dina")
            .with_office(|office| {
                office.role = super::id("steward");
            }),
    );
    let exercises = || dina().exercises("parking", Some("parking"));
    scribe.does([
        tables("list", vec![listed("parking", parking())]),
        tables(
            "list-again",
            vec![
                listed("barriers", power_terms("owners-committee", None)),
                listed("parking", parking()),
            ],
        ),
    ]);
    scribe.fails(
        "POWER_OF_OTHERS",
        tables(
            "theirs",
            vec![listed("theirs", power_terms("committee", None))],
        ),
    );
    scribe.fails("POWER_NOT_LISTED", exercises());
    adopts(scribe, "list");
    scribe.does(exercises());
    scribe.fails("ULTRA_VIRES", dina().exercises("parking", None));
    adopts(scribe, "list-again");
    scribe.fails("POWER_NOT_LISTED", chair().exercises("barriers", None));
    scribe.fails(
        "POWER_EXISTS",
        tables("list-more", vec![listed("parking", parking())]),
    );
    let delegates = |to: &str| {
        vec![delegated(
            "parking",
            to,
            day("2026-03-02"),
            Some(day("2026-12-31")),
        )]
    };
    let unfit = Effect::Power(governance::action::PowerChange::Delegated {
        item: super::id("parking"),
        to: power_holder("assembly", Some("steward")),
        from: day("2026-03-02"),
        until: None,
    });
    scribe.fails("DELEGATION_UNFIT", tables("delegate", vec![unfit]));
    scribe.does(tables("delegate", delegates("supervision")));
    adopts(scribe, "delegate");
    scribe.fails("ULTRA_VIRES", exercises());
    let supervisor = by("supervisor").officer("supervision", "supervisor");
    scribe.does(supervisor.exercises("parking", Some("parking")));
}

fn overturned(scribe: &mut Scribe) {
    let court = |motion: &str, undone: &[(&str, &str)]| {
        registrar().overturns(motion, OverturnedBy::Court, undone)
    };
    scribe.does(tables("revoke", vec![revoked("parking")]));
    scribe.fails("MOTION_NOT_DECIDED", court("revoke", &[]));
    adopts(scribe, "revoke");
    scribe.fails("EFFECTS_NOT_NAMED", court("revoke", &[]));
    scribe.does(court("revoke", &[("power_revoked", "parking")]));
    scribe.fails(
        "DECISION_OVERTURNED_ALREADY",
        court("revoke", &[("power_revoked", "parking")]),
    );
    let superior = |who: &str, body: &str, office: &str| {
        by(who).officer(body, office).overturns(
            "delegate",
            OverturnedBy::SuperiorBody,
            &[("power_delegated", "parking")],
        )
    };
    scribe.does(registrar().grants("assembly", Right::Supervise));
    scribe.does(registrar().seats("speaker", "assembly", "emil"));
    scribe.fails("OVERTURNS_ITSELF", superior("emil", "assembly", "speaker"));
    scribe.fails(
        "NOT_SUPERIOR",
        superior("supervisor", "supervision", "supervisor"),
    );
    scribe.does(superior("inspector", "street-office", "inspector"));
    scribe.does(dina().exercises("parking", Some("parking")));
}

/// Owners set aside what their committee resolved: by vote, and attested by who is not concerned.
pub(super) fn set_aside(scribe: &mut Scribe) {
    let members = [("chair", 0), ("registrar", 0)];
    scribe.does(registrar().publishes_roll("members", "owners-committee", &members));
    scribe.does(tables("before", Vec::new()));
    adopts(scribe, "before");
    let appoints = Effect::Appointed(second_clerk());
    scribe.does(
        chair()
            .tables("resolved", "owners-committee", "owners-plain")
            .with_effects(vec![appoints]),
    );
    scribe.does(chair().opens("resolved", "members", MINUTE));
    let votes = |voter: &str| by(voter).member("owners-committee").votes("resolved", FOR);
    scribe.does(["chair", "registrar"].map(votes));
    scribe.later(MINUTE);
    decided(scribe, "resolved", Outcome::Adopted);
    scribe.does(tables("set-aside", Vec::new()));
    adopts(scribe, "set-aside");
    let undone = [("appointed", "second-clerk")];
    let sets_aside = |decision: &'static str| {
        registrar()
            .overturns("resolved", OverturnedBy::SuperiorBody, &undone)
            .with_overturned(move |overturned| overturned.decision = Some(super::id(decision)))
    };
    scribe.fails("SUPERIOR_DECIDES_BY_VOTE", {
        by("emil").officer("assembly", "speaker").overturns(
            "resolved",
            OverturnedBy::SuperiorBody,
            &undone,
        )
    });
    scribe.fails("DECIDED_BEFORE", sets_aside("before"));
    scribe.fails("OVERTURNED_BY_NO_MOTION", {
        sets_aside("set-aside").with_overturned(|overturned| overturned.by = OverturnedBy::Court)
    });
    let concerned = sets_aside("set-aside").with_overturned(|overturned| {
        overturned.second.person = super::id("supervisor-2");
        overturned.second.capacity.body = super::id("supervision");
        overturned.second.capacity.office = Some(super::id("supervisor-2"));
    });
    scribe.fails("OVERTURNER_CONCERNED", concerned);
    scribe.does(sets_aside("set-aside"));
}

/// A supervisor is also to be a clerk.
fn second_clerk() -> OfficeAssumed {
    OfficeAssumed {
        office: super::id("second-clerk"),
        body: super::id("owners-committee"),
        person: super::id("supervisor-2"),
        role: super::id("clerk"),
        term_from: day("2026-03-02"),
        term_to: None,
        obtained: OfficeObtained::Appointed,
        decision: None,
        succeeds: None,
        woman: false,
        overlap_disclosed: false,
        elsewhere: None,
    }
}
