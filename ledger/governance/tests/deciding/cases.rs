//! The sanction ladder (rules.md §5): each step refused out of order, early, or by the wrong person.

use governance::{
    action::{
        AppealOutcome, Effect, EffectsOutcome, OfficeAssumed, OfficeObtained, Sanction, Severity,
    },
    calendar::Date,
    ids::Millis,
    testing::{Deed, Doer, FOUNDED_AT, World, by, recalled, replaced, sanctioned},
};

use super::support::{
    DAY, MINUTE, adopts, chair, community, effects_outcome, owner, registrar, vote_for,
};

/// Emil is the assembly's steward, who may discipline everybody.
pub(crate) fn stewarded() -> World {
    community().given(
        registrar()
            .seats("steward", "assembly", "emil")
            .with_office(|office| office.role = "steward".parse().unwrap()),
    )
}

pub(crate) fn steward() -> Doer {
    by("emil").officer("assembly", "steward")
}

pub(crate) fn supervisor() -> Doer {
    by("supervisor").officer("supervision", "supervisor")
}

pub(crate) fn secretary() -> Doer {
    by("secretary")
}

/// A case against the party's secretary, opened and noticed.
fn noticed(severity: Severity) -> World {
    stewarded()
        .given(steward().opens_case("case", "secretary", Some("anna")))
        .given(steward().serves_notice("case", severity))
}

pub(crate) fn found(severity: Severity) -> World {
    noticed(severity)
        .given(secretary().defends("case"))
        .given(steward().finds("case", Some(severity)))
}

/// The assembly decides a sanction in the case.
pub(crate) fn imposed(severity: Severity, sanction: Sanction) -> World {
    adopts(
        found(severity),
        "sanction",
        vec![sanctioned("case", sanction)],
    )
}

pub(crate) fn tables(effect: Effect) -> Deed {
    chair()
        .tables("motion", "assembly", "simple")
        .with_effects(vec![effect])
}

fn refuses(world: World, effect: Effect, says: &str) -> World {
    world.when(tables(effect)).then_rejected(|why| {
        assert_eq!(why.code(), "SANCTION_UNFIT", "{why}");
        assert!(why.to_string().contains(says), "{why}");
    })
}

#[test]
fn the_steps_come_in_their_order() {
    let out_of_order = |world: World, deed: Deed| {
        world.when(deed).then_err("CASE_OUT_OF_ORDER");
    };
    let opened = || stewarded().given(steward().opens_case("case", "secretary", None));
    opened()
        .when(steward().opens_case("case", "secretary", None))
        .then_err("CASE_EXISTS");
    out_of_order(opened(), secretary().defends("case"));
    out_of_order(opened(), steward().finds("case", Some(Severity::Minor)));
    out_of_order(opened(), secretary().appeals("case"));
    out_of_order(opened(), tables(sanctioned("case", Sanction::Warning)));
    let noticed = || noticed(Severity::Minor);
    out_of_order(noticed(), steward().serves_notice("case", Severity::Minor));
    out_of_order(noticed(), tables(sanctioned("case", Sanction::Warning)));
    let found = || found(Severity::Minor);
    out_of_order(found(), steward().finds("case", Some(Severity::Minor)));
    out_of_order(found(), secretary().appeals("case"));
    let imposed = || imposed(Severity::Minor, Sanction::Warning);
    out_of_order(
        imposed(),
        supervisor().decides_appeal("case", AppealOutcome::Upheld),
    );
    out_of_order(imposed(), tables(sanctioned("case", Sanction::Warning)));
    let closed = noticed()
        .given(secretary().defends("case"))
        .given(steward().finds("case", None));
    out_of_order(closed, tables(sanctioned("case", Sanction::Warning)));
}

#[test]
fn a_finding_waits_for_the_defence_or_the_end_of_its_ten_days() {
    let finds = || steward().finds("case", Some(Severity::Minor));
    noticed(Severity::Minor)
        .when(finds())
        .then_err("DEFENCE_PERIOD")
        .given(secretary().defends("case"))
        .when(finds())
        .then_ok();
    // The notice's day excluded, ten days end when day 11 begins.
    let over_at = FOUNDED_AT.plus(11 * DAY);
    noticed(Severity::Minor)
        .at(Millis(over_at.0 - 1))
        .when(finds())
        .then_err("DEFENCE_PERIOD")
        .when(secretary().defends("case"))
        .then_ok();
    noticed(Severity::Minor)
        .at(over_at)
        .when(secretary().defends("case"))
        .then_err("CASE_TOO_LATE")
        .when(finds())
        .then_ok();
}

#[test]
fn a_defence_never_makes_it_harsher() {
    let defended = || noticed(Severity::Ordinary).given(secretary().defends("case"));
    for severity in [Severity::Serious, Severity::Grave] {
        defended()
            .when(steward().finds("case", Some(severity)))
            .then_err("HARSHER_THAN_NOTICED");
    }
    for severity in [Some(Severity::Ordinary), Some(Severity::Minor), None] {
        defended().when(steward().finds("case", severity)).then_ok();
    }
}

#[test]
fn who_handles_a_case_is_not_whom_it_concerns_nor_near_kin() {
    let opens = |complainant: Option<&str>| steward().opens_case("case", "secretary", complainant);
    stewarded()
        .when(opens(Some("emil")))
        .then_err("HANDLER_CONCERNED")
        .when(steward().opens_case("case", "steward", None))
        .then_err("HANDLER_CONCERNED");
    let kin = |other: &str| stewarded().given(registrar().declares_kin("emil", other));
    kin("secretary")
        .when(opens(None))
        .then_err("HANDLER_CONCERNED");
    kin("anna")
        .when(opens(Some("anna")))
        .then_err("HANDLER_CONCERNED")
        .when(opens(None))
        .then_ok();
    // Kin that is declared later bars the next step.
    noticed(Severity::Minor)
        .given(secretary().defends("case"))
        .given(by("emil").declares_kin("anna", "emil"))
        .when(steward().finds("case", None))
        .then_err("HANDLER_CONCERNED");
    stewarded()
        .when(chair().opens_case("case", "secretary", None))
        .then_err("NO_RIGHT");
    noticed(Severity::Minor)
        .when(by("anna").defends("case"))
        .then_err("NOT_THE_TARGET");
}

#[test]
fn severity_leads_to_a_sanction_by_the_matrix_and_no_further() {
    let minor = refuses(
        found(Severity::Minor),
        sanctioned("case", Sanction::Demerit),
        "a warning at most",
    );
    minor
        .when(tables(sanctioned("case", Sanction::Warning)))
        .then_ok();
    found(Severity::Ordinary)
        .when(tables(sanctioned("case", Sanction::Demerit)))
        .then_ok();
    refuses(
        found(Severity::Ordinary),
        sanctioned("case", Sanction::MajorDemerit),
        "is not imposed",
    );
    // A milder one than the matrix gives is within the body's discretion.
    found(Severity::Grave)
        .when(tables(sanctioned("case", Sanction::Warning)))
        .then_ok();
}

#[test]
fn a_second_offence_while_a_sanction_is_in_force_moves_one_step_up() {
    let again = |world: World| {
        world
            .given(steward().opens_case("again", "secretary", None))
            .given(steward().serves_notice("again", Severity::Minor))
            .given(secretary().defends("again"))
            .given(steward().finds("again", Some(Severity::Minor)))
    };
    let demerit = || tables(sanctioned("again", Sanction::Demerit));
    again(imposed(Severity::Minor, Sanction::Warning))
        .when(demerit())
        .then_ok();
    // Six months later the first is over: 2026-03-02 to the end of 2026-09-02.
    let over_at = FOUNDED_AT.plus(185 * DAY);
    let world = imposed(Severity::Minor, Sanction::Warning).at(over_at);
    refuses(
        again(world),
        sanctioned("again", Sanction::Demerit),
        "a warning at most",
    );
}

#[test]
fn a_warning_expires_after_six_months_and_a_demerit_after_twelve() {
    // Other clocks run meanwhile: reports fall due.
    let count = |world: &World| {
        let log = world.log().iter();
        log.filter(|entry| entry.action.payload.family() == "sanction_expired")
            .count()
    };
    let expires = |severity, sanction, last_day: &str| {
        let world = imposed(severity, sanction);
        let last: Date = last_day.parse().unwrap();
        let over_at = world.state().utc_offsets().end_of(last);
        let before = world.clone().at(Millis(over_at.0 - 1)).caught_up();
        assert_eq!(count(&before), 0, "{last_day}");
        let after = before.at(over_at).caught_up();
        assert_eq!(count(&after), 1, "{last_day}");
        let family = after.log().last().unwrap().action.payload.family();
        assert_eq!(family, "sanction_expired");
    };
    expires(Severity::Minor, Sanction::Warning, "2026-09-02");
    expires(Severity::Ordinary, Sanction::Demerit, "2027-03-02");
}

#[test]
fn who_was_elected_is_never_replaced_and_gets_a_demerit_at_most() {
    let elected = stewarded()
        .given(steward().opens_case("case", "chair", None))
        .given(steward().serves_notice("case", Severity::Grave))
        .given(by("chair").defends("case"))
        .given(steward().finds("case", Some(Severity::Grave)));
    let world = refuses(
        elected,
        replaced("case", successor("anna", "chair")),
        "by recall alone",
    );
    world
        .when(tables(recalled("case")))
        .then_err("CASE_OUT_OF_ORDER")
        .when(tables(sanctioned("case", Sanction::Demerit)))
        .then_ok();
}

pub(crate) fn successor(person: &str, office: &str) -> OfficeAssumed {
    OfficeAssumed {
        office: "next".parse().unwrap(),
        body: "party".parse().unwrap(),
        person: person.parse().unwrap(),
        role: "secretary".parse().unwrap(),
        term_from: "2026-03-02".parse().unwrap(),
        term_to: None,
        obtained: OfficeObtained::Appointed,
        decision: None,
        succeeds: Some(office.parse().unwrap()),
        woman: false,
        overlap_disclosed: false,
        elsewhere: None,
    }
}

#[test]
fn a_replacement_ends_the_office_and_seats_the_successor_at_once() {
    let world = refuses(
        found(Severity::Ordinary),
        replaced("case", successor("anna", "secretary")),
        "a demerit at most",
    );
    drop(world);
    let serious = || found(Severity::Serious);
    refuses(
        serious(),
        replaced("case", successor("secretary", "secretary")),
        "another person",
    );
    refuses(
        serious(),
        replaced("case", successor("anna", "chair")),
        "in this very office",
    );
    let world = adopts(
        serious(),
        "replace",
        vec![replaced("case", successor("fang", "secretary"))],
    );
    let acts = |who: &str, office: &str| {
        by(who)
            .officer("party", office)
            .states("motion", governance::action::StatementKind::Deliberation)
    };
    world
        .given(chair().tables("motion", "assembly", "simple"))
        .when(acts("secretary", "secretary"))
        .then_err("NOT_IN_CAPACITY")
        .when(acts("fang", "next"))
        .then_ok();
}

#[test]
fn a_target_has_no_vote_on_their_own_sanction() {
    let owners = [("secretary", 10_000), ("anna", 10_000), ("bao", 10_000)];
    let world = found(Severity::Minor)
        .given(registrar().publishes_roll("next", "assembly", &owners))
        .given(tables(sanctioned("case", Sanction::Warning)))
        .given(chair().opens("motion", "next", 10 * MINUTE));
    world
        .when(
            by("secretary")
                .member("assembly")
                .votes("motion", governance::testing::AGAINST),
        )
        .then_err("VOTER_RECUSED")
        .when(owner("anna").votes("motion", governance::testing::FOR))
        .then_ok();
}

/// A vote of the committee, or of all owners, on these effects.
fn votes_in(body: &str, effects: Vec<Effect>) -> World {
    let mut founding = governance::testing::community();
    let resolution = governance::presets::Preset::CommitteeResolution;
    let mut rule = resolution.rule("resolution".parse().unwrap(), "council".parse().unwrap());
    rule.effects = governance::charter::EffectKind::ALL.to_vec();
    founding.charter.rules.push(rule);
    let voters = [
        ("anna", 1),
        ("bao", 1),
        ("chen", 1),
        ("dina", 1),
        ("emil", 1),
    ];
    let rule = if body == "council" {
        "resolution"
    } else {
        "simple"
    };
    World::founded(founding)
        .given(registrar().publishes_roll("roll", body, &voters))
        .given(
            registrar()
                .seats("steward", "assembly", "fang")
                .with_office(|office| office.role = "steward".parse().unwrap()),
        )
        .given(registrar().grants("council", governance::charter::Right::Discipline))
        .given(registrar().declares_kin("anna", "bao"))
        .given(by("fang").officer("assembly", "steward").opens_case(
            "case",
            "secretary",
            Some("anna"),
        ))
        .given(
            by("fang")
                .officer("assembly", "steward")
                .serves_notice("case", Severity::Minor),
        )
        .given(secretary().defends("case"))
        .given(
            by("fang")
                .officer("assembly", "steward")
                .finds("case", Some(Severity::Minor)),
        )
        .given(chair().tables("motion", body, rule).with_effects(effects))
        .given(chair().opens("motion", "roll", MINUTE))
}

fn who_may_vote(world: &World, body: &str) -> Vec<&'static str> {
    let may = |voter: &&str| {
        let mut trying = world.clone();
        let vote = by(voter)
            .member(body)
            .votes("motion", governance::testing::FOR);
        let signed = trying.signed(vote);
        match trying.decide(&signed) {
            Ok(()) => true,
            Err(why) => {
                assert_eq!(why.code(), "VOTER_RECUSED", "{why}");
                assert!(why.to_string().contains("it is about them"), "{why}");
                false
            }
        }
    };
    let voters = ["anna", "bao", "chen", "dina", "emil"];
    voters.into_iter().filter(may).collect()
}

#[test]
fn in_a_committee_complainant_appointee_and_near_kin_have_no_vote() {
    let warns = || vec![sanctioned("case", Sanction::Warning)];
    let world = votes_in("council", warns());
    assert_eq!(who_may_vote(&world, "council"), ["chen", "dina", "emil"]);
    // Where all decide, no statute takes the vote from anybody but the target.
    let world = votes_in("assembly", warns());
    assert_eq!(who_may_vote(&world, "assembly").len(), 5);
    let appoints = |body: &str| {
        vec![Effect::Appointed(OfficeAssumed {
            office: "grid".parse().unwrap(),
            body: body.parse().unwrap(),
            succeeds: None,
            ..successor("bao", "secretary")
        })]
    };
    let world = votes_in("council", appoints("council"));
    assert_eq!(who_may_vote(&world, "council"), ["chen", "dina", "emil"]);
    let world = votes_in("assembly", appoints("assembly"));
    assert_eq!(who_may_vote(&world, "assembly").len(), 5);
}

#[test]
fn articles_16_and_18_a_demerit_never_bars_from_the_residents_committee() {
    let seat = || registrar().seats("seat", "committee", "secretary");
    imposed(Severity::Ordinary, Sanction::Demerit)
        .when(seat().with_office(|office| office.obtained = OfficeObtained::Appointed))
        .then_err("BARRED_BY_DEMERIT")
        .when(seat())
        .then_ok();
}

#[test]
fn an_official_measure_is_brought_in_once_and_runs_from_its_own_day() {
    let imports = |case: &str, sanction, day: &str| {
        let second = governance::action::Attestor {
            person: "supervisor".parse().unwrap(),
            capacity: governance::action::Capacity {
                body: "supervision".parse().unwrap(),
                office: Some("supervisor".parse().unwrap()),
            },
        };
        registrar().imports_measure(
            case,
            "secretary",
            sanction,
            "〔2026〕1号",
            day.parse().unwrap(),
            second,
        )
    };
    stewarded()
        .when(imports("measure", Sanction::Recall, "2026-02-01"))
        .then_err("SANCTION_UNFIT")
        .when(imports("measure", Sanction::MajorDemerit, "2026-03-03"))
        .then_err("SANCTION_UNFIT")
        .given(imports("measure", Sanction::MajorDemerit, "2026-02-01"))
        .when(imports("other", Sanction::MajorDemerit, "2026-02-01"))
        .then_err("IMPORTED_ALREADY")
        .when(secretary().appeals("measure"))
        .then_err("CASE_OUT_OF_ORDER");
    // A major demerit stands for 18 months from the day it was taken (政务处分法 8).
    let major = stewarded().given(imports("measure", Sanction::MajorDemerit, "2026-02-01"));
    let over_at = major
        .state()
        .utc_offsets()
        .end_of("2027-08-01".parse().unwrap());
    let expired = |world: &World| {
        let mut log = world.log().iter();
        log.any(|entry| entry.action.payload.family() == "sanction_expired")
    };
    let before = major.at(Millis(over_at.0 - 1)).caught_up();
    assert!(!expired(&before));
    assert!(expired(&before.at(over_at).caught_up()));
    // What was over before is over at once.
    let world = stewarded()
        .given(imports("measure", Sanction::Warning, "2025-01-01"))
        .caught_up();
    let family = world.log().last().unwrap().action.payload.family();
    assert_eq!(family, "sanction_expired");
}

#[test]
fn a_case_that_changed_meanwhile_has_its_effects_refused() {
    let world = found(Severity::Minor)
        .given(
            chair()
                .tables("one", "assembly", "simple")
                .with_effects(vec![sanctioned("case", Sanction::Warning)]),
        )
        .given(
            chair()
                .tables("two", "assembly", "simple")
                .with_effects(vec![sanctioned("case", Sanction::Warning)]),
        );
    let world = vote_for(vote_for(world, "one"), "two");
    assert_eq!(
        effects_outcome(&world, "two"),
        Some(EffectsOutcome::Refused {
            effect: 0,
            code: "CASE_OUT_OF_ORDER".to_owned()
        })
    );
}
