//! Effects of decisions (rules.md §4): typed, checked twice, all or none, undone by name.

use governance::{
    action::{EffectsOutcome, Outcome, OverturnedBy},
    charter::EffectKind,
    testing::{AGAINST, World, amended, by, community as founding, listed, power_terms, revoked},
};

use super::support::{
    MINUTE, chair,
    committee::{adopts, community, member, vote_for},
    effects_outcome, registrar, tables_contest,
};

fn terms() -> governance::action::PowerTerms {
    power_terms("committee", Some("chair"))
}

fn clears_snow(world: World) -> governance::testing::When {
    world.when(chair().exercises("snow", None))
}

#[test]
fn an_effect_takes_place_with_the_entry_that_says_adopted_and_not_before() {
    let world = community()
        .given(
            chair()
                .tables("motion", "committee", "committee-plain")
                .with_effects(vec![listed("snow", terms())]),
        )
        .given(chair().opens("motion", "roll", 10 * MINUTE));
    let voters = ["anna", "bao", "chen"];
    let world = world.given(voters.map(|v| member(v).votes("motion", governance::testing::FOR)));
    let world = clears_snow(world).then_err("POWER_NOT_LISTED");
    let world = world.later(10 * MINUTE).caught_up();
    assert_eq!(
        effects_outcome(&world, "motion"),
        Some(EffectsOutcome::Taken)
    );
    clears_snow(world).then_ok();
}

#[test]
fn a_motion_that_is_not_adopted_has_no_effect() {
    let world = community()
        .given(
            chair()
                .tables("motion", "committee", "committee-plain")
                .with_effects(vec![listed("snow", terms())]),
        )
        .given(chair().opens("motion", "roll", 10 * MINUTE))
        .given(["anna", "bao", "chen"].map(|voter| member(voter).votes("motion", AGAINST)))
        .later(10 * MINUTE)
        .caught_up();
    assert_eq!(world.decision("motion").unwrap().outcome, Outcome::Rejected);
    assert_eq!(effects_outcome(&world, "motion"), None);
    clears_snow(world).then_err("POWER_NOT_LISTED");
}

#[test]
fn effects_are_checked_when_tabled_and_when_amended() {
    let impossible = || vec![revoked("snow")];
    let tables = || chair().tables("motion", "committee", "committee-plain");
    community()
        .when(tables().with_effects(impossible()))
        .then_err("POWER_NOT_IN_FORCE")
        .given(tables())
        .when(chair().amends("motion", None).with_effects(impossible()))
        .then_err("POWER_NOT_IN_FORCE")
        .when(
            chair()
                .amends("motion", None)
                .with_effects(vec![listed("snow", terms())]),
        )
        .then_ok();
}

#[test]
fn an_effect_may_rest_on_the_one_before_it() {
    let later = |title: &str| governance::action::PowerTerms {
        title: title.to_owned(),
        ..terms()
    };
    let world = adopts(
        community(),
        "motion",
        vec![listed("snow", terms()), amended("snow", later("扫雪"))],
    );
    assert_eq!(
        effects_outcome(&world, "motion"),
        Some(EffectsOutcome::Taken)
    );
    let backwards = vec![amended("ice", terms()), listed("ice", terms())];
    world
        .when(
            chair()
                .tables("other", "committee", "committee-plain")
                .with_effects(backwards),
        )
        .then_err("POWER_NOT_IN_FORCE");
}

#[test]
fn effects_take_place_all_or_none_and_the_entry_says_why_none_did() {
    let both = || vec![listed("ice", terms()), listed("snow", terms())];
    let world = community()
        .given(
            chair()
                .tables("first", "committee", "committee-plain")
                .with_effects(vec![listed("snow", terms())]),
        )
        .given(
            chair()
                .tables("second", "committee", "committee-plain")
                .with_effects(both()),
        );
    let world = vote_for(vote_for(world, "first"), "second");
    assert_eq!(world.decision("second").unwrap().outcome, Outcome::Adopted);
    assert_eq!(
        effects_outcome(&world, "second"),
        Some(EffectsOutcome::Refused {
            effect: 1,
            code: "POWER_EXISTS".to_owned()
        })
    );
    world
        .when(chair().exercises("ice", None))
        .then_err("POWER_NOT_LISTED")
        .when(chair().exercises("snow", None))
        .then_ok();
}

#[test]
fn a_rule_names_the_effects_its_decisions_may_have() {
    let mut founding = founding();
    for rule in &mut founding.charter.rules {
        rule.effects
            .retain(|kind| *kind != EffectKind::PowerList || rule.id.as_str() == "owners-ordinary");
    }
    let lists = |rule: &str| {
        chair()
            .tables("motion", "assembly", rule)
            .with_effects(vec![listed("snow", power_terms("assembly", None))])
    };
    World::founded(founding)
        .when(lists("simple"))
        .then_err("EFFECT_NOT_OF_RULE")
        .when(lists("owners-ordinary"))
        .then_ok();
}

#[test]
fn a_contest_has_no_effects_and_a_motion_at_most_32() {
    community()
        .when(
            tables_contest("assembly", "simple", &["anna", "bao"], 1)
                .with_effects(vec![listed("snow", terms())]),
        )
        .then_err("EFFECTS_OF_CONTEST");
    let items = |n: usize| -> Vec<_> {
        let item = |at| listed(&format!("item-{at}"), terms());
        (0..n).map(item).collect()
    };
    let tables = |n| {
        chair()
            .tables("motion", "committee", "committee-plain")
            .with_effects(items(n))
    };
    community().when(tables(33)).then_err("LIST_SIZE");
    community().when(tables(32)).then_ok();
}

#[test]
fn an_overturned_decision_has_its_effects_undone_by_name() {
    let court =
        |undone: &[(&str, &str)]| registrar().overturns("motion", OverturnedBy::Court, undone);
    let snow = ("power_listed", "snow");
    let world = adopts(community(), "motion", vec![listed("snow", terms())]);
    let world = world
        .when(court(&[]))
        .then_err("EFFECTS_NOT_NAMED")
        .when(court(&[snow, ("power_listed", "ice")]))
        .then_err("EFFECTS_NOT_NAMED")
        .when(chair().overturns("motion", OverturnedBy::Court, &[snow]))
        .then_err("NO_RIGHT")
        .when(court(&[snow]))
        .then_ok()
        .when(court(&[snow]))
        .then_err("DECISION_OVERTURNED_ALREADY");
    world
        .when(chair().exercises("snow", None))
        .then_rejected(|why| {
            assert_eq!(why.code(), "ULTRA_VIRES");
            assert!(why.to_string().contains("was overturned"), "{why}");
        })
        .when(
            registrar()
                .seats("seat", "owners-committee", "anna")
                .with(|action| {
                    let governance::action::Payload::Bodies(
                        governance::action::BodiesAction::OfficeAssumed(assumed),
                    ) = &mut action.payload
                    else {
                        panic!("an office");
                    };
                    assumed.decision = Some("motion".parse().unwrap());
                }),
        )
        .then_err("DECISION_NOT_ADOPTED");
}

#[test]
fn what_a_later_decision_made_stands_when_an_earlier_one_is_overturned() {
    let world = adopts(community(), "lists", vec![listed("snow", terms())]);
    let other = power_terms("committee", Some("teller"));
    let world = adopts(world, "amends", vec![amended("snow", other)]);
    let other = || by("teller-1").officer("committee", "teller-1");
    world
        .when(chair().exercises("snow", None))
        .then_err("ULTRA_VIRES")
        .given(registrar().overturns(
            "amends",
            OverturnedBy::OrderedCorrection,
            &[("power_amended", "snow")],
        ))
        .when(other().exercises("snow", None))
        .then_err("ULTRA_VIRES")
        .when(chair().exercises("snow", None))
        .then_ok();
}
