//! Appeals against sanctions (rules.md §5), and what becomes of an office whose removal never was.

use governance::{
    action::{
        AppealOutcome, BodiesAction, Effect, OfficeAssumed, OfficeObtained, OverturnedBy, Payload,
        Sanction, Severity,
    },
    ids::Millis,
    testing::{FOUNDED_AT, World, by, replaced, sanctioned},
};

use super::{
    cases::{found, imposed, secretary, successor, supervisor, tables},
    recalls::recalled_member,
    support::{DAY, adopts, chair, registrar},
};

#[test]
fn an_appeal_is_filed_within_thirty_days_and_decided_by_another_body() {
    let world = || imposed(Severity::Ordinary, Sanction::Demerit);
    world()
        .when(by("anna").appeals("case"))
        .then_err("NOT_THE_TARGET");
    let over_at = FOUNDED_AT.plus(31 * DAY);
    world()
        .at(over_at)
        .when(secretary().appeals("case"))
        .then_err("CASE_TOO_LATE");
    let appealed = || {
        world()
            .at(Millis(over_at.0 - 1))
            .given(secretary().appeals("case"))
    };
    appealed()
        .when(secretary().appeals("case"))
        .then_err("CASE_OUT_OF_ORDER")
        .when(chair().decides_appeal("case", AppealOutcome::Upheld))
        .then_err("NO_RIGHT")
        .when(supervisor().decides_appeal("case", AppealOutcome::Reduced(Sanction::Demerit)))
        .then_err("SANCTION_UNFIT")
        .when(supervisor().decides_appeal("case", AppealOutcome::Reduced(Sanction::Warning)))
        .then_ok();
    // By discipline a replacement becomes a demerit at most: a major one is the state's alone.
    let replaced = adopts(
        found(Severity::Serious),
        "replace",
        vec![replaced("case", successor("fang", "secretary"))],
    )
    .given(secretary().appeals("case"));
    let reduced = |to| supervisor().decides_appeal("case", AppealOutcome::Reduced(to));
    replaced
        .when(reduced(Sanction::MajorDemerit))
        .then_err("SANCTION_UNFIT")
        .when(reduced(Sanction::Demerit))
        .then_ok();
    for outcome in [AppealOutcome::Upheld, AppealOutcome::Annulled] {
        appealed()
            .when(supervisor().decides_appeal("case", outcome))
            .then_ok()
            .when(supervisor().decides_appeal("case", outcome))
            .then_err("CASE_OUT_OF_ORDER");
    }
}

#[test]
fn an_annulled_demerit_bars_nobody_and_one_in_force_bars_further_offices() {
    let appointed = OfficeAssumed {
        office: "grid".parse().unwrap(),
        body: "assembly".parse().unwrap(),
        succeeds: None,
        ..successor("secretary", "secretary")
    };
    let world = imposed(Severity::Ordinary, Sanction::Demerit);
    let world = world
        .when(tables(Effect::Appointed(appointed.clone())))
        .then_err("BARRED_BY_DEMERIT");
    world
        .given(secretary().appeals("case"))
        .given(supervisor().decides_appeal("case", AppealOutcome::Annulled))
        .when(tables(Effect::Appointed(appointed)))
        .then_ok();
}

#[test]
fn an_appeal_is_not_suspensive() {
    let appointed = OfficeAssumed {
        office: "grid".parse().unwrap(),
        body: "assembly".parse().unwrap(),
        succeeds: None,
        ..successor("secretary", "secretary")
    };
    imposed(Severity::Ordinary, Sanction::Demerit)
        .given(secretary().appeals("case"))
        .when(tables(Effect::Appointed(appointed)))
        .then_err("BARRED_BY_DEMERIT");
}

#[test]
fn an_overturned_replacement_gives_the_office_back() {
    let world = adopts(
        found(Severity::Serious),
        "replace",
        vec![replaced("case", successor("fang", "secretary"))],
    );
    world
        .given(registrar().overturns("replace", OverturnedBy::Court, &[("replaced", "case")]))
        .given(chair().tables("motion", "assembly", "simple"))
        .when(
            by("fang")
                .officer("party", "next")
                .states("motion", governance::action::StatementKind::Deliberation),
        )
        .then_err("NOT_IN_CAPACITY")
        .when(
            by("secretary")
                .officer("party", "secretary")
                .states("motion", governance::action::StatementKind::Deliberation),
        )
        .then_ok();
}

#[test]
fn a_sanction_whose_decision_was_overturned_is_not_brought_back_by_an_appeal() {
    let world = adopts(
        found(Severity::Ordinary),
        "demerit",
        vec![sanctioned("case", Sanction::Demerit)],
    );
    let appealed = world.given(secretary().appeals("case"));
    let reduces = || {
        let reduced = AppealOutcome::Reduced(Sanction::Warning);
        supervisor().decides_appeal("case", reduced)
    };
    appealed.clone().when(reduces()).then_ok();
    appealed
        .given(registrar().overturns("demerit", OverturnedBy::Court, &[("sanctioned", "case")]))
        .when(reduces())
        .then_err("CASE_OUT_OF_ORDER");
}

/// The holder of an office may speak for its body, or may not.
fn speaks(world: &World, person: &str, body: &str, office: &str) -> bool {
    let world = world.clone().caught_up();
    let deed = by(person)
        .officer(body, office)
        .states("motion", governance::action::StatementKind::Deliberation);
    let mut trying = world.clone();
    let signed = trying.signed(deed);
    trying.decide(&signed).is_ok()
}

/// What the ledger derived of an office whose removal was annulled.
fn voided(world: &World) -> Vec<(String, bool)> {
    let log = world.log().iter();
    let voided = log.filter_map(|entry| match &entry.action.payload {
        Payload::Bodies(BodiesAction::RemovalVoided { office, restored }) => {
            Some((office.to_string(), *restored))
        }
        _ => None,
    });
    voided.collect()
}

#[test]
fn an_annulled_replacement_takes_the_seat_back_from_whom_it_seated() {
    let world = adopts(
        found(Severity::Serious),
        "replace",
        vec![replaced("case", successor("fang", "secretary"))],
    );
    let world = world
        .given(chair().tables("motion", "assembly", "simple"))
        .given(secretary().appeals("case"));
    assert!(speaks(&world, "fang", "party", "next"));
    let world = world.given(supervisor().decides_appeal("case", AppealOutcome::Annulled));
    let world = world.caught_up();
    assert_eq!(voided(&world), [("secretary".to_owned(), true)]);
    assert!(!speaks(&world, "fang", "party", "next"));
    assert!(speaks(&world, "secretary", "party", "secretary"));
}

#[test]
fn who_was_elected_since_keeps_the_seat_and_the_end_of_the_old_one_is_no_removal() {
    let world = recalled_member();
    let by_election = registrar()
        .seats("again", "owners-committee", "bao")
        .with_office(|office| {
            office.obtained = OfficeObtained::ByElection;
            office.succeeds = Some("member".parse().unwrap());
        });
    let world = world
        .given(by("fang").appeals("recall"))
        .given(by_election)
        .given(inspector().decides_appeal("recall", AppealOutcome::Annulled))
        .caught_up();
    assert_eq!(voided(&world), [("member".to_owned(), false)]);
    // The new one sits on; the law has no third cause for the registrar to record.
    let ends = |cause| registrar().ends("again", cause);
    world
        .clone()
        .when(ends(governance::action::OfficeEndCause::RemovalAnnulled))
        .then_err("DECISION_MISSING");
    world
        .when(ends(governance::action::OfficeEndCause::Resignation))
        .then_ok();
}

#[test]
fn a_seat_is_given_back_only_to_who_could_take_it() {
    // Recalled from the owners' committee, Fang was seated in the residents' committee: not both (forbid).
    let world = recalled_member()
        .given(by("fang").appeals("recall"))
        .given(registrar().seats("elsewhere", "committee", "fang"))
        .given(inspector().decides_appeal("recall", AppealOutcome::Annulled))
        .caught_up();
    assert_eq!(voided(&world), [("member".to_owned(), false)]);
    let world = recalled_member()
        .given(by("fang").appeals("recall"))
        .given(inspector().decides_appeal("recall", AppealOutcome::Annulled))
        .caught_up();
    assert_eq!(voided(&world), [("member".to_owned(), true)]);
}

fn inspector() -> governance::testing::Doer {
    by("inspector").officer("street-office", "inspector")
}

#[test]
fn article_20_a_recall_is_upheld_or_annulled_by_who_is_above_those_who_voted() {
    let world = recalled_member().given(by("fang").appeals("recall"));
    world
        .clone()
        .when(supervisor().decides_appeal("recall", AppealOutcome::Annulled))
        .then_err("NOT_SUPERIOR")
        .when(supervisor().decides_appeal("recall", AppealOutcome::Upheld))
        .then_err("NOT_SUPERIOR")
        .when(inspector().decides_appeal("recall", AppealOutcome::Reduced(Sanction::Warning)))
        .then_err("SANCTION_UNFIT")
        .when(inspector().decides_appeal("recall", AppealOutcome::Upheld))
        .then_ok();
    world
        .when(inspector().decides_appeal("recall", AppealOutcome::Annulled))
        .then_ok();
}
