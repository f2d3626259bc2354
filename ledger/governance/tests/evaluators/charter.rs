//! Which charters are refused, and for which rule and field.

use std::collections::BTreeMap;

use governance::{
    bounds::{CITATION_LEN_MAX, NAME_LEN_MAX, RULES_MAX},
    charter::{
        ACTION_VALIDITY_MS_LEAST, ACTION_VALIDITY_MS_MOST, ApprovalBase, BallotVisibility,
        BodyKind, Charter, CharterError, DecisionRule, Fraction, MeasureKind, QuorumBase,
    },
    filing::Filing,
    ids::BodyId,
    presets::{Preset, charters::council},
    rule::{DAYS_MAX, EXPERT_OPINIONS_MAX, PROXIES_MAX, RuleError, VOTING_WINDOW_MS_MOST},
};

use crate::support::{at_least, body, more_than, preset};

fn bodies() -> BTreeMap<BodyId, BodyKind> {
    BTreeMap::from([
        (body("assembly"), BodyKind::OwnersAssembly),
        (body("council"), BodyKind::Council),
        (body("residents"), BodyKind::ResidentsMeeting),
        (body("street"), BodyKind::StreetOffice),
    ])
}

fn charter() -> Charter {
    let mut charter = council("Standing orders", &body("council")).unwrap();
    charter.rules.push(preset(Preset::OwnersOrdinary));
    charter
}

/// The error after this change, with the rule and field it names.
fn refused(change: impl FnOnce(&mut Charter)) -> (CharterError, Option<String>, &'static str) {
    let mut charter = charter();
    change(&mut charter);
    let error = charter.validate(&bodies()).unwrap_err();
    let rule = error.rule().map(ToString::to_string);
    let field = error.field();
    (error, rule, field)
}

/// The field of the owners' rule refused after this change.
fn rule_refused(change: impl FnOnce(&mut DecisionRule)) -> (RuleError, &'static str) {
    let (error, rule, field) = refused(|charter| change(&mut charter.rules[1]));
    assert_eq!(rule.as_deref(), Some("rule"));
    match error {
        CharterError::Rule { error, .. } => (error, field),
        other => panic!("{other}"),
    }
}

fn accepted(change: impl FnOnce(&mut DecisionRule)) {
    let mut charter = charter();
    change(&mut charter.rules[1]);
    assert_eq!(charter.validate(&bodies()), Ok(()));
}

/// A rule of a council, which no statute binds.
fn council_accepted(change: impl FnOnce(&mut DecisionRule)) {
    let mut charter = charter();
    change(&mut charter.rules[0]);
    assert_eq!(charter.validate(&bodies()), Ok(()));
}

#[test]
fn versions_count_from_one() {
    assert_eq!(charter().validate(&bodies()), Ok(()));
    let (error, rule, field) = refused(|c| c.version = 0);
    assert_eq!(
        (error, rule, field),
        (CharterError::Version, None, "version")
    );
}

#[test]
fn a_charter_has_a_title_and_a_bounded_number_of_rules() {
    for found in [0, NAME_LEN_MAX + 1] {
        let (error, _, field) = refused(|c| c.title = "x".repeat(found));
        assert_eq!((error, field), (CharterError::Title { found }, "title"));
    }
    let (error, _, field) = refused(|c| c.rules.clear());
    assert_eq!(
        (error, field),
        (CharterError::RuleCount { found: 0 }, "rules")
    );

    let numbered = |n: usize| {
        let mut charter = charter();
        let rule = charter.rules.remove(1);
        charter.rules = (0..n)
            .map(|at| DecisionRule {
                id: format!("r{at}").parse().unwrap(),
                ..rule.clone()
            })
            .collect();
        charter.validate(&bodies())
    };
    assert_eq!(numbered(RULES_MAX), Ok(()));
    assert_eq!(
        numbered(RULES_MAX + 1),
        Err(CharterError::RuleCount {
            found: RULES_MAX + 1
        })
    );
}

#[test]
fn actions_are_valid_for_a_minute_to_seven_days_at_most() {
    for found in [ACTION_VALIDITY_MS_LEAST - 1, ACTION_VALIDITY_MS_MOST + 1] {
        let (error, _, field) = refused(|c| c.action_validity_ms_max = found);
        assert_eq!(
            (error, field),
            (
                CharterError::ActionValidity { found },
                "action_validity_ms_max"
            )
        );
    }
    for good in [60_000, 7 * 24 * 3_600_000] {
        let mut charter = charter();
        charter.action_validity_ms_max = good;
        assert_eq!(charter.validate(&bodies()), Ok(()));
    }
}

#[test]
fn two_rules_do_not_share_an_id() {
    let (error, rule, field) = refused(|c| c.rules[1].id = c.rules[0].id.clone());
    assert!(matches!(error, CharterError::RuleRepeated { .. }));
    assert_eq!((rule.as_deref(), field), (Some("council-ordinary"), "id"));
}

#[test]
fn a_rules_body_exists() {
    let (error, field) = rule_refused(|r| r.body = body("nowhere"));
    assert_eq!(
        (error, field),
        (
            RuleError::UnknownBody {
                body: body("nowhere")
            },
            "body"
        )
    );
}

#[test]
fn measures_are_heads_or_heads_then_area() {
    council_accepted(|r| assert_eq!(r.measures.len(), 1));
    accepted(|r| assert_eq!(r.measures.len(), 2));
    for change in [
        (|r: &mut DecisionRule| r.measures.clear()) as fn(&mut DecisionRule),
        |r| r.measures = r.measures.split_off(1),
        |r| r.measures[1].kind = MeasureKind::Heads,
        |r| r.measures.rotate_left(1),
        |r| r.measures.push(r.measures[1].clone()),
    ] {
        assert_eq!(rule_refused(change), (RuleError::Measures, "measures"));
    }
}

#[test]
fn only_an_owners_assembly_votes_by_area() {
    let (error, field) = rule_refused(|r| r.body = body("council"));
    let expected = RuleError::AreaWithoutOwners {
        body: body("council"),
    };
    assert_eq!((error, field), (expected, "measures"));
}

#[test]
fn attendance_goes_by_heads_alone() {
    let (error, field) = rule_refused(|r| r.quorum_base = QuorumBase::Attending);
    assert_eq!(error, RuleError::AttendingByArea { field });
    assert_eq!(field, "quorum_base");
    let (error, field) = rule_refused(|r| r.approval_base = ApprovalBase::Attending);
    assert_eq!(error, RuleError::AttendingByArea { field });
    assert_eq!(field, "approval_base");
    council_accepted(|r| {
        r.quorum_base = QuorumBase::Attending;
        r.approval_base = ApprovalBase::Attending;
    });
}

#[test]
fn thresholds_can_be_met_and_missed() {
    let never = |field| {
        (
            RuleError::Threshold {
                field,
                always: "never",
            },
            field,
        )
    };
    let always = |field| {
        (
            RuleError::Threshold {
                field,
                always: "always",
            },
            field,
        )
    };
    assert_eq!(
        rule_refused(|r| r.measures[1].quorum = more_than(1, 1)),
        never("measures.quorum")
    );
    assert_eq!(
        rule_refused(|r| r.measures[0].approval = more_than(3, 3)),
        never("measures.approval")
    );
    assert_eq!(
        rule_refused(|r| r.measures[1].approval = at_least(0, 1)),
        always("measures.approval")
    );
    assert_eq!(
        rule_refused(|r| r.petition = Some(at_least(0, 5))),
        always("petition")
    );
    assert_eq!(
        rule_refused(|r| r.run_off = Some(at_least(0, 5))),
        always("run_off")
    );
    council_accepted(|r| r.measures[0].quorum = at_least(0, 1));
    council_accepted(|r| r.measures[0].quorum = at_least(1, 1));
    council_accepted(|r| r.measures[0].approval = at_least(1, 1));
    council_accepted(|r| r.measures[0].approval = more_than(0, 1));
}

#[test]
fn windows_are_open_at_some_time_and_bounded() {
    let window = |min, max| {
        move |r: &mut DecisionRule| {
            r.voting_window_ms_min = min;
            r.voting_window_ms_max = max;
        }
    };
    for (min, max) in [(0, 0), (2, 1), (0, VOTING_WINDOW_MS_MOST + 1)] {
        let expected = (RuleError::VotingWindow { min, max }, "voting_window_ms_max");
        assert_eq!(rule_refused(window(min, max)), expected);
    }
    for (min, max) in [(0, 1), (1, 1), (0, VOTING_WINDOW_MS_MOST)] {
        accepted(window(min, max));
    }
}

#[test]
fn days_proxies_and_opinions_are_bounded() {
    let found = DAYS_MAX + 1;
    let days = |field| (RuleError::Days { field, found }, field);
    assert_eq!(
        rule_refused(|r| r.notice_days_min = found),
        days("notice_days_min")
    );
    assert_eq!(
        rule_refused(|r| r.deliberation_days_min = found),
        days("deliberation_days_min")
    );
    assert_eq!(
        rule_refused(|r| r.roll_posted_days_min = found),
        days("roll_posted_days_min")
    );
    accepted(|r| r.notice_days_min = DAYS_MAX);

    let (error, field) = rule_refused(|r| r.proxies_per_holder_max = PROXIES_MAX + 1);
    assert_eq!(
        error,
        RuleError::TooMany {
            field,
            most: PROXIES_MAX,
            found: PROXIES_MAX + 1
        }
    );
    accepted(|r| r.proxies_per_holder_max = PROXIES_MAX);

    let (error, field) =
        rule_refused(|r| r.prerequisites.expert_opinions_min = EXPERT_OPINIONS_MAX + 1);
    assert_eq!(field, "prerequisites.expert_opinions_min");
    assert!(matches!(error, RuleError::TooMany { .. }));
    accepted(|r| r.prerequisites.expert_opinions_min = EXPERT_OPINIONS_MAX);

    let kinds = vec![BodyKind::Grid, BodyKind::PartyOrganisation, BodyKind::Grid];
    let (error, _) = rule_refused(|r| r.prerequisites.statements_from = kinds);
    assert_eq!(error, RuleError::StatementsFromRepeated);
}

#[test]
fn ballots_may_be_hidden_until_the_close() {
    accepted(|r| r.visibility = BallotVisibility::HiddenUntilClose);
}

#[test]
fn a_rule_may_ask_for_a_consultation_and_discipline_gives_time() {
    accepted(|r| r.prerequisites.consultation = true);
    let (error, rule, field) = refused(|c| c.discipline.defence_days = 0);
    let expected = CharterError::DisciplineDays;
    assert_eq!((error, rule, field), (expected, None, "discipline"));
}

#[test]
fn a_rule_has_a_title_and_a_citation() {
    for (found, text) in [(0, ""), (CITATION_LEN_MAX + 1, "x")] {
        let (error, field) = rule_refused(|r| r.citation = text.repeat(found));
        let (least, most) = (1, CITATION_LEN_MAX);
        assert_eq!(
            error,
            RuleError::TextLength {
                field,
                least,
                most,
                found
            }
        );
        assert_eq!(field, "citation");
    }
    assert_eq!(rule_refused(|r| r.title.clear()).1, "title");
    assert_eq!(
        rule_refused(|r| r.title = "x".repeat(NAME_LEN_MAX + 1)).1,
        "title"
    );
    assert_eq!(
        rule_refused(|r| r.preset = "x".repeat(NAME_LEN_MAX + 1)).1,
        "preset"
    );
    accepted(|r| r.preset.clear());
}

#[test]
fn errors_name_rule_and_problem_in_one_sentence() {
    let (error, ..) = refused(|c| c.rules[1].notice_days_min = 367);
    assert_eq!(
        error.to_string(),
        "rule rule: notice_days_min is at most 366 days, not 367"
    );
}

#[test]
fn a_stored_fraction_is_a_fraction() {
    let third = Fraction::new(1, 3).unwrap();
    assert_eq!(serde_json::to_string(&third).unwrap(), "[1,3]");
    assert_eq!(serde_json::from_str::<Fraction>("[1,3]").unwrap(), third);
    for bad in ["[1,0]", "[4,3]"] {
        assert!(serde_json::from_str::<Fraction>(bad).is_err(), "{bad}");
    }
}

#[test]
fn who_tables_is_named_once_and_exists() {
    let by = |named: &'static [&'static str]| {
        move |rule: &mut governance::charter::DecisionRule| {
            rule.tabled_by = named.iter().map(|name| body(name)).collect();
        }
    };
    for (wrong, why) in [
        (&["council", "nobody"][..], "nobody"),
        (&["council", "assembly", "council"], "council"),
    ] {
        let (error, field) = rule_refused(by(wrong));
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(field, "tabled_by");
    }
    accepted(by(&["assembly", "council"]));
    accepted(by(&[]));
}

#[test]
fn a_petition_beside_is_of_another_body_that_exists() {
    use governance::charter::PetitionBeside;
    let beside = |body_: &str, threshold| {
        rule_refused(move |rule| {
            rule.petition_beside = Some(PetitionBeside {
                body: body(body_),
                threshold,
            });
        })
    };
    for wrong in ["nobody", "assembly"] {
        let (error, field) = beside(wrong, at_least(1, 3));
        assert!(error.to_string().contains(wrong), "{error}");
        assert_eq!(field, "petition_beside");
    }
    let (_, field) = beside("council", at_least(0, 3));
    assert_eq!(field, "petition_beside.threshold");
    accepted(|rule| {
        rule.petition_beside = Some(PetitionBeside {
            body: body("council"),
            threshold: at_least(1, 3),
        });
    });
}

#[test]
fn what_is_decided_is_filed_with_an_organ_of_government_in_one_to_366_days() {
    let filed = |with: &'static str, days: u32| {
        move |rule: &mut governance::charter::DecisionRule| {
            rule.filing = Some(Filing {
                with: body(with),
                days,
            });
        }
    };
    for (wrong, why) in [
        ("nobody", "does not exist"),
        ("council", "is neither a street office"),
        ("assembly", "is the body that decides"),
    ] {
        let (error, field) = rule_refused(filed(wrong, 30));
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(field, "filing");
    }
    for found in [0, 367] {
        let (error, _) = rule_refused(filed("street", found));
        assert_eq!(error, RuleError::FilingDays { found });
    }
    for days in [1, 366] {
        accepted(filed("street", days));
    }
}
