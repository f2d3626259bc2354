//! Amendments of the charter, and versions of the rules, by vote (rules.md §2.5, §2.7, §4).

use governance::{
    RulesVersion,
    action::{
        DeliberationAction, Effect, EffectsOutcome, IssueAction, IssueKind, Minuted, MotionText,
        Outcome, OverturnedBy, Payload, ReportAction, RollCallMark,
    },
    calendar::Date,
    charter::{Charter, DecisionRule},
    decide, derive,
    ids::Millis,
    next_due,
    testing::{Deed, FOR, FOUNDED_AT, World, by, charter_amended, listed, power_terms},
    unknown_rules,
};

use super::support::{
    DAY, MINUTE, OWNERS, adopts, chair, community, effects_outcome, owner, registrar, vote_for,
};

fn rule<'a>(charter: &'a mut Charter, id: &str) -> &'a mut DecisionRule {
    let mut rules = charter.rules.iter_mut();
    rules.find(|rule| rule.id.as_str() == id).expect("a rule")
}

/// The charter in force, amended so.
fn amends(world: &World, change: impl FnOnce(&mut Charter)) -> Vec<Effect> {
    vec![charter_amended(world.state().charter(), change)]
}

/// An amendment after which nobody passes `simple` with less than all.
fn harder(world: &World) -> Vec<Effect> {
    amends(world, |charter| {
        let all = charter.rules[0].measures[0].quorum;
        let all = governance::charter::Threshold {
            fraction: governance::charter::Fraction::new(1, 1).unwrap(),
            ..all
        };
        rule(charter, "simple").measures[0].approval = all;
    })
}

fn version(world: &World) -> u32 {
    world.state().charter().version
}

/// Anna, Bao and Chen vote, Chen against.
fn two_of_three(world: World, motion: &str) -> Outcome {
    let world = world
        .given(chair().opens(motion, "roll", 10 * MINUTE))
        .given(["anna", "bao"].map(|voter| owner(voter).votes(motion, FOR)))
        .given(owner("chen").votes(motion, governance::testing::AGAINST));
    let world = world.later(10 * MINUTE).caught_up();
    world.decision(motion).unwrap().outcome
}

#[test]
fn an_amendment_is_in_force_for_motions_tabled_after_it() {
    let world = community().given(chair().tables("before", "assembly", "simple"));
    let effects = harder(&world);
    let world = adopts(world, "amendment", effects);
    assert_eq!(
        effects_outcome(&world, "amendment"),
        Some(EffectsOutcome::Taken)
    );
    assert_eq!(version(&world), 2);
    let world = world.given(chair().tables("after", "assembly", "simple"));
    assert_eq!(two_of_three(world.clone(), "before"), Outcome::Adopted);
    assert_eq!(two_of_three(world.clone(), "after"), Outcome::Rejected);
    let decided = |motion: &str| {
        let world = vote_for(world.clone(), motion);
        world.decision(motion).unwrap().charter_version
    };
    assert_eq!((decided("before"), decided("after")), (1, 2));
}

#[test]
fn a_motion_amended_later_still_goes_by_the_charter_it_was_tabled_under() {
    let world = community().given(chair().tables("before", "assembly", "simple"));
    let effects = amends(&world, |charter| {
        charter.rules.retain(|rule| rule.id.as_str() != "simple");
    });
    let world = adopts(world, "amendment", effects)
        .given(chair().amends("before", None))
        .when(chair().tables("after", "assembly", "simple"))
        .then_err("RULE_UNKNOWN");
    assert_eq!(two_of_three(world, "before"), Outcome::Adopted);
}

#[test]
fn an_amendment_is_the_next_version_and_could_be_the_charter() {
    let world = community();
    let number = |version: u32| amends(&world, move |charter| charter.version = version);
    let tables = |effects| {
        chair()
            .tables("motion", "assembly", "simple")
            .with_effects(effects)
    };
    let world = [1, 3, u32::MAX].into_iter().fold(world.clone(), |w, v| {
        w.when(tables(number(v))).then_err("CHARTER_VERSION")
    });
    let homeless = amends(&world, |charter| {
        rule(charter, "simple").body = "nowhere".parse().unwrap();
    });
    world
        .when(tables(homeless))
        .then_err("CHARTER_INVALID")
        .when(tables(number(2)))
        .then_ok();
}

#[test]
fn an_amendment_is_for_rules_that_may_amend() {
    let world = community();
    let effects = harder(&world);
    world
        .given(registrar().publishes_roll("adults", "residents", &OWNERS))
        .when(
            chair()
                .tables("motion", "residents", "residents-meeting")
                .with_effects(effects),
        )
        .then_err("EFFECT_NOT_OF_RULE");
}

#[test]
fn of_two_amendments_to_the_same_charter_the_second_has_no_effect() {
    let world = community();
    let (one, other) = (harder(&world), amends(&world, |_| {}));
    let tables = |motion, effects| {
        chair()
            .tables(motion, "assembly", "simple")
            .with_effects(effects)
    };
    let world = world
        .given(tables("one", one))
        .given(tables("other", other));
    let world = vote_for(vote_for(world, "one"), "other");
    assert_eq!(
        effects_outcome(&world, "other"),
        Some(EffectsOutcome::Refused {
            effect: 0,
            code: "CHARTER_VERSION".to_owned()
        })
    );
    assert_eq!(version(&world), 2);
}

#[test]
fn an_overturned_amendment_puts_the_version_before_it_in_force_and_its_number_is_not_used_again() {
    let world = community();
    let effects = harder(&world);
    let world = adopts(world, "amendment", effects);
    let named = [("charter_amended", "2")];
    let overturns = || registrar().overturns("amendment", OverturnedBy::Court, &named);
    let world = world.given(overturns());
    assert_eq!(version(&world), 1);
    let again = |number: u32| amends(&world, move |charter| charter.version = number);
    let tables = |effects| {
        chair()
            .tables("again", "assembly", "simple")
            .with_effects(effects)
    };
    let (second, third) = (again(2), again(3));
    let world = world
        .when(tables(second))
        .then_err("CHARTER_VERSION")
        .given(tables(third));
    assert_eq!(version(&vote_for(world, "again")), 3);
}

#[test]
fn an_amendment_stands_when_an_earlier_one_is_overturned() {
    let world = community();
    let effects = harder(&world);
    let world = adopts(world, "second", effects);
    let effects = amends(&world, |charter| charter.title = "第三版".to_owned());
    // By all four: the second version asks for it.
    let world = world
        .given(
            chair()
                .tables("third", "assembly", "simple")
                .with_effects(effects),
        )
        .given(chair().opens("third", "roll", 10 * MINUTE))
        .given(["anna", "bao", "chen", "dina"].map(|voter| owner(voter).votes("third", FOR)));
    let world = world.later(10 * MINUTE).caught_up();
    let undone = [("charter_amended", "2")];
    let world = world.given(registrar().overturns("second", OverturnedBy::Court, &undone));
    assert_eq!(version(&world), 3);
    let undone = [("charter_amended", "3")];
    let world = world.given(registrar().overturns("third", OverturnedBy::Court, &undone));
    assert_eq!(version(&world), 1);
}

/// Minutes of so many days after the founding's day, of two for and one against.
fn minutes(motion: &str, days: i32) -> Deed {
    use RollCallMark::{Absent, Against, For};
    let lines = [
        ("anna", For),
        ("bao", For),
        ("chen", Against),
        ("dina", Absent),
    ];
    let founded = World::community().state().utc_offsets().date_of(FOUNDED_AT);
    let minuted = Minuted {
        held_on: Date::from_days(founded.days() + days),
        body: "council".parse().unwrap(),
        rule: "council-ordinary".parse().unwrap(),
        text: MotionText {
            title: "Approval of minutes".to_owned(),
            paragraphs: Vec::new(),
        },
        source: String::new(),
        source_outcome: String::new(),
    };
    let calls = registrar().calls_roll(motion, "councillors", &lines);
    calls.with(move |action| match &mut action.payload {
        Payload::Deliberation(DeliberationAction::RollCallRecorded(call)) => {
            call.minuted = Some(minuted);
        }
        other => panic!("{}", other.family()),
    })
}

#[test]
fn minutes_are_decided_by_the_charter_of_the_day_they_were_taken_on() {
    let world = community().given(registrar().publishes_roll("councillors", "council", &OWNERS));
    let effects = amends(&world, |charter| {
        charter
            .rules
            .retain(|rule| rule.id.as_str() != "council-ordinary");
    });
    let world = adopts(world.days_later(2), "amendment", effects).days_later(2);
    let world = world.given(minutes("before", 1)).caught_up();
    let decided = world.decision("before").unwrap();
    assert_eq!(
        (decided.outcome, decided.charter_version),
        (Outcome::Adopted, 1)
    );
    // In force from the amendment's own day on, there is no such rule any more.
    world.when(minutes("after", 2)).then_err("RULE_UNKNOWN");
}

fn overdue_issues(world: &World) -> Vec<Millis> {
    let entries = world.log().iter();
    let overdue = entries.filter_map(|entry| match &entry.action.payload {
        Payload::Issues(IssueAction::IssueOverdue { .. }) => Some(entry.action.client_time),
        _ => None,
    });
    overdue.collect()
}

#[test]
fn an_amendment_does_not_move_a_clock_that_runs() {
    let raises = |issue| by("anna").raises(issue, IssueKind::Request, "committee", None, &[]);
    let world = community().given(raises("before"));
    let effects = amends(&world, |charter| {
        charter.clocks.issue_acceptance_days = 3;
        charter.clocks.issue_answer_days = 5;
    });
    let world = adopts(world, "amendment", effects).given(raises("after"));
    let late = world.clone().at(FOUNDED_AT.plus(16 * DAY)).caught_up();
    let (third, fifteenth) = (FOUNDED_AT.plus(4 * DAY), FOUNDED_AT.plus(16 * DAY));
    assert_eq!(overdue_issues(&late), [third, fifteenth]);
    // Nor does it change what the rest of an issue's steps have time for.
    let accepted = world.given(chair().accepts("before"));
    let late = accepted.at(FOUNDED_AT.plus(61 * DAY)).caught_up();
    assert_eq!(overdue_issues(&late), [third, FOUNDED_AT.plus(61 * DAY)]);
}

fn overdue_reports(world: &World) -> Vec<(String, u32)> {
    let entries = world.log().iter();
    let overdue = entries.filter_map(|entry| match &entry.action.payload {
        Payload::Reports(ReportAction::ReportOverdue { body, year }) => {
            Some((body.to_string(), *year))
        }
        _ => None,
    });
    overdue.collect()
}

#[test]
fn an_amendment_says_who_reports_from_then_on_and_an_expected_report_keeps_its_day() {
    let world = community();
    let effects = amends(&world, |charter| {
        charter.reporting.push("supervision".parse().unwrap());
        charter.clocks.report_due = "01-15".parse().unwrap();
    });
    let world = adopts(world, "amendment", effects);
    let february = next_due(world.state()).map(|_| FOUNDED_AT.plus(400 * DAY));
    let world = world.at(february.unwrap()).caught_up();
    let expected = [("supervision", 2026), ("committee", 2026)];
    let expected = expected.map(|(body, year)| (body.to_owned(), year));
    assert_eq!(
        overdue_reports(&world),
        expected,
        "the new day comes first, for the body that is new to it"
    );
    // Who no longer reports is not expected to; who does so again is, for a year not yet told of.
    let effects = amends(&world, |charter| charter.reporting.clear());
    let world = adopts(world, "nobody", effects);
    assert_eq!(next_due(world.state()), None);
    let effects = amends(&world, |charter| {
        charter.reporting = vec!["committee".parse().unwrap()];
    });
    let world = adopts(world, "again", effects);
    let due = next_due(world.state()).expect("a report");
    assert_eq!(
        world.state().utc_offsets().date_of(due).to_string(),
        "2028-01-16"
    );
}

#[test]
fn ids_forgotten_under_a_shorter_validity_are_not_used_again_under_a_longer() {
    let world = community();
    let signed = {
        let mut world = world.clone();
        world.signed(owner("anna").raises("lift", IssueKind::Request, "committee", None, &[]))
    };
    let effects = amends(&world, |charter| charter.action_validity_ms_max = 7 * DAY);
    // Recorded once, and forgotten a day and two minutes later.
    let mut world = world;
    world.record(&signed).expect("it is admitted");
    let world = world.later(DAY + 2 * MINUTE + 1).given(
        chair()
            .tables("amendment", "assembly", "simple")
            .with_effects(effects),
    );
    let mut world = vote_for(world, "amendment");
    assert_eq!(world.state().recorded_action(&signed.action.id), None);
    let mut again = signed;
    again.action.not_after = again.action.client_time.plus(7 * DAY);
    again.action.payload = Payload::Issues(IssueAction::IssueClosed {
        issue: "lift".parse().unwrap(),
    });
    let refused = world.record(&again).unwrap_err();
    assert_eq!(refused.code(), "ACTION_ID_FORGOTTEN");
}

#[test]
fn the_next_version_of_the_rules_is_adopted_by_vote_and_no_other() {
    let adopts_version = |version| vec![Effect::RulesVersionAdopted { version }];
    let tables = |version| {
        chair()
            .tables("rules", "assembly", "simple")
            .with_effects(adopts_version(version))
    };
    let world = community()
        .when(tables(1))
        .then_err("RULES_VERSION_STEP")
        .when(tables(3))
        .then_err("RULES_VERSION_STEP")
        .given(tables(2));
    let world = vote_for(world, "rules");
    assert_eq!(world.state().rules_version(), 2);
}

#[test]
fn under_rules_it_does_not_know_a_program_decides_and_derives_nothing() {
    let effects = vec![Effect::RulesVersionAdopted { version: 2 }];
    let raises = by("anna").raises("lift", IssueKind::Request, "committee", None, &[]);
    let world = community().given(raises);
    let mut world = adopts(world, "rules", effects);
    assert!(
        RulesVersion::try_from(2).is_err(),
        "this test needs a version that is not there"
    );
    let signed = world.signed(chair().accepts("lift"));
    assert_eq!(
        world.decide(&signed).unwrap_err().code(),
        "RULES_VERSION_UNKNOWN"
    );
    let candidate = governance::Candidate {
        action: &signed.action,
        signers: &signed.signers,
        recorded_at: world.now(),
    };
    assert!(decide(world.state(), &candidate).is_err());
    assert_eq!(
        next_due(world.state()),
        None,
        "the issue's clock is another version's affair"
    );
    assert_eq!(derive(world.state(), FOUNDED_AT.plus(99 * DAY)), None);
}

#[test]
fn whoever_keeps_a_ledger_can_tell_which_rules_it_does_not_know() {
    let mut world = community();
    let tables = |effects| {
        chair()
            .tables("motion", "assembly", "simple")
            .with_effects(effects)
    };
    let adopting = tables(vec![
        listed("snow", power_terms("assembly", None)),
        Effect::RulesVersionAdopted { version: 2 },
    ]);
    assert_eq!(unknown_rules(&world.signed(adopting).action), Some(2));
    let known = tables(vec![Effect::RulesVersionAdopted { version: 1 }]);
    assert_eq!(unknown_rules(&world.signed(known).action), None);
    let amending = chair()
        .amends("motion", None)
        .with_effects(vec![Effect::RulesVersionAdopted { version: 9 }]);
    assert_eq!(unknown_rules(&world.signed(amending).action), Some(9));
}
