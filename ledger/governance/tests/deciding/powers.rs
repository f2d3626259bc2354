//! The power list and its gate (rules.md §2.4): no act beyond one's powers 越权.

use governance::{
    action::{Basis, PowerTerms},
    calendar::Date,
    testing::{World, amended, by, delegated, listed, power_holder, power_terms, revoked},
};

use super::support::{
    DAY, chair,
    committee::{adopts, community},
    registrar, teller,
};

/// 2026-03-02, the day of the founding, so many days later.
fn day(later: i32) -> Date {
    Date::from_days(20_514 + later)
}

fn chairs() -> PowerTerms {
    power_terms("committee", Some("chair"))
}

/// The chair clears snow, and nothing else.
fn snow(terms: PowerTerms) -> World {
    adopts(community(), "motion", vec![listed("snow", terms)])
}

fn why(world: World, deed: governance::testing::Deed, says: &str) -> World {
    world.when(deed).then_rejected(|why| {
        assert_eq!(why.code(), "ULTRA_VIRES", "{why}");
        assert!(why.to_string().contains(says), "{why}");
    })
}

#[test]
fn the_founding_day_is_what_these_tests_say() {
    assert_eq!(day(0).to_string(), "2026-03-02");
}

#[test]
fn only_the_capacity_that_holds_an_item_exercises_it() {
    let world = snow(chairs())
        .when(chair().exercises("snow", None))
        .then_ok();
    let world = why(
        world,
        teller("teller-1").exercises("snow", None),
        "held by chair of committee",
    );
    world
        .when(by("chair").exercises("snow", None))
        .then_err("CAPACITY_MISSING");
    let bodys = power_terms("committee", None);
    snow(bodys)
        .when(teller("teller-1").exercises("snow", None))
        .then_ok();
}

#[test]
fn an_item_is_exercised_from_its_first_day_to_its_last() {
    let terms = PowerTerms {
        effective_from: day(2),
        effective_to: Some(day(3)),
        ..chairs()
    };
    // Midnight of day 2 is 48 hours after the founding.
    let begins = governance::testing::FOUNDED_AT.plus(2 * DAY);
    let acts = || chair().exercises("snow", None);
    let world = why(
        snow(terms).at(governance::ids::Millis(begins.0 - 1)),
        acts(),
        "in force from 2026-03-04",
    );
    let world = world.at(begins).when(acts()).then_ok();
    let ends = begins.plus(2 * DAY);
    let world = world
        .at(governance::ids::Millis(ends.0 - 1))
        .when(acts())
        .then_ok();
    why(world.at(ends), acts(), "in force until 2026-03-05");
}

#[test]
fn an_act_outside_an_items_matters_or_body_is_ultra_vires_and_the_nearest_is_named() {
    let parking = PowerTerms {
        matters: vec!["parking".parse().unwrap()],
        over: Some("committee".parse().unwrap()),
        ..chairs()
    };
    let world = adopts(
        snow(parking),
        "second",
        vec![listed(
            "repairs",
            PowerTerms {
                matters: vec!["repairs".parse().unwrap()],
                ..power_terms("committee", Some("teller"))
            },
        )],
    );
    let world = world
        .when(chair().exercises("snow", Some("parking")))
        .then_ok();
    let world = why(world, chair().exercises("snow", None), "for parking alone");
    // The chair's own comes first, then whose matter it is.
    let world = why(
        world,
        chair().exercises("snow", Some("repairs")),
        "nearest to the act: snow, repairs",
    );
    let over = |body: &'static str| {
        chair()
            .exercises("snow", Some("parking"))
            .with(move |action| {
                if let governance::action::Payload::Power(
                    governance::action::PowerAction::PowerExercised(exercised),
                ) = &mut action.payload
                {
                    exercised.over = Some(body.parse().unwrap());
                }
            })
    };
    let world = world.when(over("committee")).then_ok();
    why(world, over("council"), "over committee alone");
}

#[test]
fn what_is_delegated_away_is_the_delegates_meanwhile() {
    let world = adopts(
        snow(chairs()),
        "delegates",
        vec![delegated("snow", "supervision", day(1), Some(day(1)))],
    );
    let supervisor = || by("supervisor").officer("supervision", "supervisor");
    let acts = || chair().exercises("snow", None);
    let begins = governance::testing::FOUNDED_AT.plus(DAY);
    let world = why(
        world.when(acts()).then_ok(),
        supervisor().exercises("snow", None),
        "held by chair",
    );
    let world = why(world.at(begins), acts(), "delegated to supervision");
    world
        .when(supervisor().exercises("snow", None))
        .then_ok()
        .at(begins.plus(DAY))
        .when(acts())
        .then_ok();
}

#[test]
fn an_item_that_is_revoked_is_gone_and_its_id_is_not_used_again() {
    let world = adopts(snow(chairs()), "revokes", vec![revoked("snow")]);
    let world = why(world, chair().exercises("snow", None), "revoked by entry");
    let tables = |effect| {
        chair()
            .tables("next", "committee", "committee-plain")
            .with_effects(vec![effect])
    };
    world
        .when(tables(listed("snow", chairs())))
        .then_err("POWER_EXISTS")
        .when(tables(amended("snow", chairs())))
        .then_err("POWER_NOT_IN_FORCE");
}

#[test]
fn terms_that_cannot_be_are_refused() {
    let refuses = |terms: PowerTerms, code: &str| {
        community()
            .when(
                chair()
                    .tables("motion", "committee", "committee-plain")
                    .with_effects(vec![listed("snow", terms)]),
            )
            .then_err(code);
    };
    let holder = power_holder("nobody", None);
    refuses(PowerTerms { holder, ..chairs() }, "BODY_UNKNOWN");
    let matters = vec!["snow".parse().unwrap(); 2];
    refuses(
        PowerTerms {
            matters,
            ..chairs()
        },
        "MATTER_TWICE",
    );
    let ends = |later| PowerTerms {
        effective_from: day(2),
        effective_to: Some(day(later)),
        ..chairs()
    };
    refuses(ends(1), "POWER_DAYS_INVERTED");
    snow(ends(2));
    let legal_basis = String::new();
    let unfounded = PowerTerms {
        legal_basis,
        ..chairs()
    };
    refuses(unfounded, "TEXT_EMPTY");
}

#[test]
fn a_delegation_goes_to_another_within_the_items_days() {
    let terms = PowerTerms {
        effective_from: day(1),
        effective_to: Some(day(5)),
        ..power_terms("committee", None)
    };
    let tries = |to: &str, from, until, code: &str| {
        let effects = vec![delegated("snow", to, from, until)];
        snow(terms.clone())
            .when(
                chair()
                    .tables("next", "committee", "committee-plain")
                    .with_effects(effects),
            )
            .then_err(code);
    };
    tries("committee", day(1), None, "DELEGATION_UNFIT");
    tries("supervision", day(0), None, "DELEGATION_UNFIT");
    tries("supervision", day(1), Some(day(6)), "DELEGATION_UNFIT");
    tries("nobody", day(1), None, "BODY_UNKNOWN");
    adopts(
        snow(terms.clone()),
        "next",
        vec![delegated("snow", "supervision", day(1), Some(day(5)))],
    );
}

#[test]
fn any_act_that_rests_on_an_item_passes_the_gate() {
    let rests = |deed: governance::testing::Deed| {
        deed.with(|action| {
            action.basis = Some(Basis {
                power_item: Some("snow".parse().unwrap()),
                citation: String::new(),
            });
        })
    };
    let tables = || chair().tables("next", "committee", "committee-plain");
    community()
        .when(rests(tables()))
        .then_err("POWER_NOT_LISTED");
    let world = snow(chairs()).when(rests(tables())).then_ok();
    world
        .when(rests(registrar().enrols("gao")))
        .then_err("ULTRA_VIRES");
    let over = Some("committee".parse().unwrap());
    snow(PowerTerms { over, ..chairs() })
        .given(chair().tables("next", "assembly", "simple"))
        .when(rests(chair().amends("next", None)))
        .then_err("ULTRA_VIRES");
}

#[test]
fn a_body_decides_about_its_own_powers_and_those_of_whom_it_elects() {
    let lists = |motion: &str, (body, rule): (&str, &str), holder: &str, over: Option<&str>| {
        let terms = PowerTerms {
            over: over.map(|over| over.parse().unwrap()),
            ..power_terms(holder, None)
        };
        chair()
            .tables(motion, body, rule)
            .with_effects(vec![listed(motion, terms)])
    };
    let owners = ("assembly", "simple");
    let residents = ("residents", "residents-meeting");
    let committee = ("committee", "committee-plain");
    community()
        // Owners decide for themselves and for the committee they elect, and nobody else decides for those.
        .given(lists("owners-own", owners, "assembly", None))
        .given(lists("owners-elect", owners, "owners-committee", None))
        .when(lists("theirs", owners, "committee", None))
        .then_err("POWER_OF_OTHERS")
        .when(lists("theirs", residents, "owners-committee", None))
        .then_err("POWER_OF_OTHERS")
        .given(lists("residents-elect", residents, "supervision", None))
        .when(lists("upward", committee, "residents", None))
        .then_err("POWER_OF_OTHERS")
        // A power over somebody is given by whom it is over: the street office's tasks, by the committee.
        .given(lists(
            "tasks",
            committee,
            "street-office",
            Some("committee"),
        ))
        .when(lists(
            "their-tasks",
            owners,
            "street-office",
            Some("committee"),
        ))
        .then_err("POWER_OF_OTHERS")
        .when(lists(
            "over-them",
            owners,
            "owners-committee",
            Some("committee"),
        ))
        .then_err("POWER_OF_OTHERS")
        .when(lists("streets", committee, "street-office", None))
        .then_err("POWER_OF_OTHERS");
}

#[test]
fn nobody_amends_revokes_or_delegates_what_is_not_theirs_to_decide_about() {
    let owners = |effect| {
        chair()
            .tables("next", "assembly", "simple")
            .with_effects(vec![effect])
    };
    snow(chairs())
        .when(owners(revoked("snow")))
        .then_err("POWER_OF_OTHERS")
        .when(owners(amended("snow", power_terms("assembly", None))))
        .then_err("POWER_OF_OTHERS")
        .when(owners(delegated("snow", "assembly", day(0), None)))
        .then_err("POWER_OF_OTHERS");
    // An amendment does not hand a power of one's own to others either.
    let own = super::support::adopts(
        super::support::community(),
        "motion",
        vec![listed("snow", power_terms("assembly", None))],
    );
    own.when(owners(amended("snow", chairs())))
        .then_err("POWER_OF_OTHERS");
}
