//! What decisions bring about: the power list, and decisions overturned.

use governance::{
    action::{Effect, Outcome, OverturnedBy, PowerTerms},
    calendar::Date,
    charter::Right,
    testing::{Deed, FOR, amended, by, delegated, listed, power_holder, power_terms, revoked},
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
        ..power_terms("committee", Some("chair"))
    }
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
    let exercises = || chair().exercises("parking", Some("parking"));
    scribe.does([
        tables("list", vec![listed("parking", parking())]),
        tables(
            "list-again",
            vec![
                listed("barriers", power_terms("supervision", None)),
                listed("parking", parking()),
            ],
        ),
    ]);
    scribe.fails("POWER_NOT_LISTED", exercises());
    adopts(scribe, "list");
    scribe.does(exercises());
    scribe.fails("ULTRA_VIRES", chair().exercises("parking", None));
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
        to: power_holder("committee", Some("chair")),
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
    scribe.does(superior("supervisor", "supervision", "supervisor"));
    scribe.does(chair().exercises("parking", Some("parking")));
}
