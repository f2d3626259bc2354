//! Recall (组织法 20; 民法典 278): from the petition of those who elected to the vote.

use governance::{
    action::{EffectsOutcome, OfficeObtained, Severity},
    ids::Millis,
    testing::{Deed, FOR, FOUNDED_AT, World, by, recalled, sanctioned, with_representatives},
};

use super::support::{DAY, OWNERS, chair, community, effects_outcome, owner, registrar, teller};

/// Fang, elected to the owners' committee, was recalled.
pub(crate) fn recalled_member() -> World {
    let world = with_owner_member()
        .given(owner("anna").petitions_recall("recall", "member", RECALL))
        .given(registrar().serves_notice("recall", Severity::Grave))
        .given(by("fang").defends("recall"))
        .given(tables(RECALL))
        .given(chair().opens("motion", "roll", 7 * DAY));
    let voters = ["anna", "bao", "chen"];
    let totals = [(FOR, 3, 30_000)];
    world
        .given(teller("teller-1").records_papers("motion", 0, "teller-2", &voters, &totals, (0, 0)))
        .later(7 * DAY)
        .caught_up()
}

const RECALL: &str = "owners-committee-recall";

/// Fang sits in the owners' committee, elected.
fn with_owner_member() -> World {
    community().given(registrar().seats("member", "owners-committee", "fang"))
}

#[test]
fn a_recall_goes_from_petition_through_notice_and_defence_to_the_vote() {
    let petitions = || owner("anna").petitions_recall("recall", "member", RECALL);
    let notice = || registrar().serves_notice("recall", Severity::Grave);
    // One of four is over a fifth; of eleven, two are not.
    let many: Vec<(String, u64)> = (0..7).map(|n| (format!("extra-{n}"), 10_000)).collect();
    let enrols: Vec<Deed> = many
        .iter()
        .map(|(name, _)| registrar().enrols(name))
        .collect();
    let mut eleven: Vec<(&str, u64)> = OWNERS.to_vec();
    eleven.extend(many.iter().map(|(name, area)| (name.as_str(), *area)));
    with_owner_member()
        .given(enrols)
        .given(registrar().publishes_roll("all", "assembly", &eleven))
        .given(petitions())
        .given(owner("bao").signs_petition("recall", &[]))
        .when(owner("bao").signs_petition("recall", &[]))
        .then_err("SIGNED_ALREADY")
        .when(notice())
        .then_err("PETITION_TOO_SMALL")
        .when(owner("fang").signs_petition("recall", &[]))
        .then_err("NOT_IN_CAPACITY")
        .when(registrar().signs_petition("recall", &["fang"]))
        .then_err("NOT_ON_ROLL")
        .given(registrar().signs_petition("recall", &["chen"]))
        .when(notice())
        .then_ok();
    let noticed = with_owner_member().given(petitions()).given(notice());
    let world = noticed
        .when(tables(RECALL))
        .then_err("DEFENCE_PERIOD")
        .given(by("fang").defends("recall"))
        .given(tables(RECALL))
        .given(chair().opens("motion", "roll", 7 * DAY));
    let voters = ["anna", "bao", "chen"];
    let totals = [(FOR, 3, 30_000)];
    let world = world
        .given(teller("teller-1").records_papers("motion", 0, "teller-2", &voters, &totals, (0, 0)))
        .later(7 * DAY)
        .caught_up();
    assert_eq!(
        effects_outcome(&world, "motion"),
        Some(EffectsOutcome::Taken)
    );
    // The seat is vacant: a by-election fills it.
    let by_election = |succeeds: Option<&'static str>| {
        registrar()
            .seats("again", "owners-committee", "bao")
            .with_office(move |office| {
                office.obtained = OfficeObtained::ByElection;
                office.succeeds = succeeds.map(|id| id.parse().unwrap());
            })
    };
    world
        .when(by_election(None))
        .then_err("NO_VACANCY")
        .when(by_election(Some("member")))
        .then_ok();
}

#[test]
fn article_20_a_recall_that_voters_petitioned_for_is_not_in_the_conveners_hands() {
    let ready = || {
        with_owner_member()
            .given(owner("anna").petitions_recall("recall", "member", RECALL))
            .given(registrar().serves_notice("recall", Severity::Grave))
            .given(by("fang").defends("recall"))
    };
    let supervisor = || by("supervisor").officer("supervision", "supervisor");
    let tabled = |by_whom: governance::testing::Doer| {
        by_whom
            .tables("motion", "assembly", RECALL)
            .with_effects(vec![recalled("recall")])
    };
    for who in [registrar(), supervisor(), chair()] {
        ready().when(tabled(who.clone())).then_ok();
        ready()
            .given(tabled(chair()))
            .when(who.opens("motion", "roll", 7 * DAY))
            .then_ok();
    }
    ready()
        .when(tabled(teller("teller-1")))
        .then_err("NO_RIGHT");
    // Anything beside it is the tabling body's.
    ready()
        .when(supervisor().tables("motion", "assembly", RECALL))
        .then_err("NO_RIGHT");
}

#[test]
fn article_20_a_recall_that_voters_petitioned_for_is_not_taken_back() {
    let tabled = |by_whom: governance::testing::Doer| {
        with_owner_member()
            .given(owner("anna").petitions_recall("recall", "member", RECALL))
            .given(registrar().serves_notice("recall", Severity::Grave))
            .given(by("fang").defends("recall"))
            .given(
                by_whom
                    .tables("motion", "assembly", RECALL)
                    .with_effects(vec![recalled("recall")]),
            )
    };
    for who in [chair(), registrar()] {
        let changes = || [chair().withdraws("motion"), chair().amends("motion", None)];
        for deed in changes() {
            tabled(who.clone()).when(deed).then_rejected(|why| {
                assert_eq!(why.code(), "MOTION_ASKED_FOR");
                assert_eq!(why.rule().unwrap().as_str(), RECALL);
            });
        }
        // Who has left is not recalled any more.
        for deed in changes() {
            tabled(who.clone())
                .given(by("fang").resigns("member"))
                .when(deed)
                .then_ok();
        }
    }
}

#[test]
fn article_20_a_meeting_is_not_closed_over_a_recall_that_is_put_to_it() {
    let meets_at = FOUNDED_AT.plus(DAY);
    let world = |effects: Vec<governance::action::Effect>| {
        with_owner_member()
            .given(owner("anna").petitions_recall("recall", "member", RECALL))
            .given(registrar().serves_notice("recall", Severity::Grave))
            .given(by("fang").defends("recall"))
            .given(chair().convenes("meeting", "assembly", RECALL, meets_at, &[]))
            .given(
                chair()
                    .tables("motion", "assembly", RECALL)
                    .with_effects(effects)
                    .with_motion(|motion| motion.meeting = Some("meeting".parse().unwrap())),
            )
            .at(meets_at)
    };
    let closes = || chair().closes_meeting("meeting");
    world(vec![recalled("recall")])
        .when(closes())
        .then_err("MOTION_WAITS_IN_MEETING");
    world(vec![recalled("recall")])
        .given(by("fang").resigns("member"))
        .when(closes())
        .then_ok();
    world(Vec::new()).when(closes()).then_ok();
}

#[test]
fn a_recall_is_by_its_petitions_rule_and_the_target_has_no_vote() {
    let world = with_owner_member()
        .given(owner("anna").petitions_recall("recall", "member", RECALL))
        .given(registrar().serves_notice("recall", Severity::Grave))
        .given(by("fang").defends("recall"));
    world
        .when(tables("simple"))
        .then_rejected(|why| assert!(why.to_string().contains("its petition is by rule"), "{why}"));
    with_owner_member()
        .when(owner("anna").petitions_recall("recall", "member", "owners-ordinary"))
        .then_err("EFFECT_NOT_OF_RULE")
        .when(by("anna").petitions_recall("recall", "member", RECALL))
        .then_err("CAPACITY_MISSING");
}

fn tables(rule: &str) -> Deed {
    chair()
        .tables("motion", "assembly", rule)
        .with_effects(vec![recalled("recall")])
}

#[test]
fn a_fifth_of_the_owners_may_ask_for_a_recall() {
    let names: Vec<String> = (0..11).map(|n| format!("owner-{n}")).collect();
    let asked = |voters: usize, signers: usize| {
        let enrols: Vec<Deed> = names.iter().map(|name| registrar().enrols(name)).collect();
        let roll: Vec<(&str, u64)> = names[..voters].iter().map(|n| (n.as_str(), 1)).collect();
        let signed: Vec<&str> = names[1..signers].iter().map(String::as_str).collect();
        let world = with_owner_member()
            .given(enrols)
            .given(registrar().publishes_roll("all", "assembly", &roll))
            .given(owner("owner-0").petitions_recall("recall", "member", RECALL));
        let world = if signed.is_empty() {
            world
        } else {
            world.given(registrar().signs_petition("recall", &signed))
        };
        world.when(registrar().serves_notice("recall", Severity::Grave))
    };
    // 20% itself is enough (以上).
    asked(10, 2).then_ok();
    asked(10, 1).then_err("PETITION_TOO_SMALL");
    asked(11, 3).then_ok();
    asked(11, 2).then_err("PETITION_TOO_SMALL");
}

#[test]
fn a_recall_is_tabled_when_the_ten_days_for_a_defence_are_over_and_no_moment_before() {
    let noticed = || {
        with_owner_member()
            .given(owner("anna").petitions_recall("recall", "member", RECALL))
            .given(registrar().serves_notice("recall", Severity::Grave))
    };
    let over_at = FOUNDED_AT.plus(11 * DAY);
    noticed()
        .at(Millis(over_at.0 - 1))
        .when(tables(RECALL))
        .then_err("DEFENCE_PERIOD");
    noticed().at(over_at).when(tables(RECALL)).then_ok();
}

#[test]
fn article_20_those_recall_who_elected() {
    let appointed = registrar()
        .seats("appointed", "owners-committee", "emil")
        .with_office(|office| {
            office.obtained = OfficeObtained::Appointed;
            office.role = "clerk".parse().unwrap();
        });
    let voters = [("anna", 0), ("bao", 0)];
    let world = World::community()
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(registrar().publishes_roll("voters", "residents", &voters))
        .given(registrar().seats("seat", "committee", "dina"))
        .given(registrar().seats("member", "owners-committee", "fang"))
        .given(appointed);
    let resident = |office: &str| {
        by("anna").member("residents").petitions_recall(
            "recall",
            office,
            "committee-recall-by-voters",
        )
    };
    let owners = |office: &str| owner("anna").petitions_recall("recall", office, RECALL);
    let refused = |deed: Deed| {
        world.clone().when(deed).then_rejected(|why| {
            assert_eq!(why.code(), "RECALL_BY_OTHERS");
            assert!(why.citation().is_some(), "{why}");
        });
    };
    // Owners do not recall residents' committee members, nor residents those of the owners' committee; nobody
    // recalls who was appointed, or the party's secretary.
    refused(owners("seat"));
    refused(resident("member"));
    refused(owners("appointed"));
    refused(owners("secretary"));
    refused(resident("secretary"));
    world.clone().when(resident("seat")).then_ok();
    world.clone().when(resident("supervisor")).then_ok();
    world.when(owners("member")).then_ok();
}

#[test]
fn article_20_a_rule_of_the_residents_for_recalls_decides_nothing_else() {
    World::community()
        .when(chair().tables("motion", "residents", "committee-recall-by-voters"))
        .then_rejected(|why| {
            assert_eq!(why.code(), "RECALL_MISSING");
            assert_eq!(why.rule().unwrap().as_str(), "committee-recall-by-voters");
        });
    // Owners' own matters ask for no more before the vote than a recall does.
    World::community()
        .when(chair().tables("motion", "assembly", RECALL))
        .then_ok();
}

/// A recall by the representatives of Dina, who sits in the committee, asked for by these first of all.
fn asked_of_representatives(voters: &[&str], signers: &[(&'static str, &'static str)]) -> World {
    let three = [("anna", 0), ("bao", 0), ("chen", 0), ("emil", 0)];
    let roll: Vec<(&str, u64)> = voters.iter().map(|name| (*name, 0)).collect();
    let rule = "committee-recall-by-representatives";
    let (first, body) = signers[0];
    let world = World::founded(with_representatives())
        .given(
            voters
                .iter()
                .filter(|name| name.starts_with("voter"))
                .map(|name| registrar().enrols(name))
                .collect::<Vec<_>>(),
        )
        .given(registrar().publishes_roll("voters", "residents", &roll))
        .given(registrar().publishes_roll("reps", "representatives", &three))
        .given(registrar().seats("seat", "committee", "dina"))
        .given(
            by(first)
                .member(body)
                .petitions_recall("recall", "seat", rule),
        );
    let more: Vec<&str> = signers[1..].iter().map(|(name, _)| *name).collect();
    match more.as_slice() {
        [] => world,
        more => world.given(registrar().signs_petition("recall", more)),
    }
}

#[test]
fn article_20_a_tenth_of_the_voters_may_ask_the_representatives_for_a_recall() {
    let notice = || registrar().serves_notice("recall", Severity::Grave);
    let twenty: Vec<String> = (0..20).map(|n| format!("voter-{n}")).collect();
    let twenty: Vec<&str> = twenty.iter().map(String::as_str).collect();
    let residents = |name| (name, "residents");
    // Two of twenty are a tenth, one is not; of four representatives one is no third.
    let one = asked_of_representatives(&twenty, &[residents("voter-0")]);
    one.when(notice()).then_err("PETITION_TOO_SMALL");
    let two = [residents("voter-0"), residents("voter-1")];
    let two = asked_of_representatives(&twenty, &two);
    two.when(notice()).then_ok();
    let representatives = |name| (name, "representatives");
    let one = asked_of_representatives(&twenty, &[representatives("anna")]);
    one.when(notice()).then_err("PETITION_TOO_SMALL");
    let two = [representatives("anna"), representatives("bao")];
    let two = asked_of_representatives(&twenty, &two);
    two.when(notice()).then_ok();
    // One of each are neither.
    let mixed = [representatives("anna"), residents("voter-0")];
    let mixed = asked_of_representatives(&twenty, &mixed);
    mixed.when(notice()).then_err("PETITION_TOO_SMALL");
}

#[test]
fn a_recall_is_of_who_still_sits_there() {
    let asked = with_owner_member()
        .given(owner("anna").petitions_recall("recall", "member", RECALL))
        .given(registrar().serves_notice("recall", Severity::Grave))
        .given(by("fang").defends("recall"))
        .given(by("fang").resigns("member"));
    asked
        .when(tables(RECALL))
        .then_err("SANCTION_UNFIT")
        .when(owner("anna").petitions_recall("other", "member", RECALL))
        .then_err("OFFICE_ENDED_ALREADY")
        .when(
            chair()
                .tables("motion", "assembly", "simple")
                .with_effects(vec![sanctioned(
                    "recall",
                    governance::action::Sanction::Warning,
                )]),
        )
        .then_err("CASE_OUT_OF_ORDER");
}

#[test]
fn article_20_a_third_of_the_representatives_may_ask_for_a_recall() {
    let asked = |representatives: &[&'static str], signers: &[&'static str]| {
        let roll = |names: &[&'static str]| -> Vec<(&'static str, u64)> {
            names.iter().map(|name| (*name, 0)).collect()
        };
        let names: Vec<String> = (0..20).map(|n| format!("voter-{n}")).collect();
        let voters: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 0)).collect();
        let world = World::founded(with_representatives())
            .given(
                names
                    .iter()
                    .map(|name| registrar().enrols(name))
                    .collect::<Vec<_>>(),
            )
            .given(registrar().publishes_roll("voters", "residents", &voters))
            .given(registrar().publishes_roll("reps", "representatives", &roll(representatives)))
            .given(registrar().seats("seat", "committee", "dina"))
            .given(by(signers[0]).member("representatives").petitions_recall(
                "recall",
                "seat",
                "committee-recall-by-voters",
            ));
        let world = match &signers[1..] {
            [] => world,
            more => world.given(registrar().signs_petition("recall", more)),
        };
        world.when(registrar().serves_notice("recall", Severity::Grave))
    };
    asked(&["anna", "bao", "chen"], &["anna"]).then_ok();
    let four = ["anna", "bao", "chen", "emil"];
    asked(&four, &["anna"]).then_err("PETITION_TOO_SMALL");
    asked(&four, &["anna", "bao"]).then_ok();
    // Who is on neither roll does not sign.
    asked(&four, &["anna"])
        .then_err("PETITION_TOO_SMALL")
        .when(registrar().signs_petition("recall", &["fang"]))
        .then_err("NOT_ON_ROLL");
}
