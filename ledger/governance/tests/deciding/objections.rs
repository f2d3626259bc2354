//! Objections against a posted roll (组织法 14–19): five days to object, three to rule, a corrected roll.

use governance::{
    Rejection,
    action::{BodiesAction, BodyEstablished, OfficeObtained, Payload},
    charter::BodyKind,
    ids::Millis,
    rejection::Unmet,
    testing::{Deed, FOUNDED_AT, World, by},
};

use super::support::{DAY, OWNERS, chair, registrar, tables_contest, teller};

/// The residents' roll is published on the founding's day, and an election is put.
fn posted() -> World {
    World::community()
        .given(registrar().publishes_roll("roll", "residents", &OWNERS))
        .given(tables_contest(
            "residents",
            "committee-election-by-voters",
            &["anna", "bao"],
            1,
        ))
        .given(["anna", "bao"].map(|candidate| {
            by("secretary")
                .officer("party", "secretary")
                .nominates("motion", candidate, &[])
        }))
}

fn opens(roll: &str) -> Deed {
    chair().opens("motion", roll, Millis::HOUR)
}

/// What keeps the vote from opening by this roll, once twenty days have hung out since day 0.
fn missing(world: &World, roll: &str) -> Vec<Unmet> {
    let world = world.clone().at(FOUNDED_AT.plus(21 * DAY));
    let mut found = Vec::new();
    world.when(opens(roll)).then_rejected(|why| {
        let Rejection::NotReadyToOpen { missing, rule, .. } = why else {
            panic!("{why}");
        };
        assert!(rule.citation.contains("第14–19条"), "{why}");
        found.clone_from(&missing.0);
    });
    found
}

#[test]
fn articles_14_to_19_a_roll_is_objected_to_within_five_days() {
    // Published on day 0: five days are over when day 6 begins.
    let over_at = FOUNDED_AT.plus(6 * DAY);
    posted()
        .at(Millis(over_at.0 - 1))
        .when(by("fang").objects("roll", "fang"))
        .then_ok()
        .when(by("fang").objects("roll", "dina"))
        .then_err("ROLL_OBJECTION_LATE");
    posted()
        .at(over_at)
        .when(by("fang").objects("roll", "fang"))
        .then_rejected(|why| {
            assert_eq!(why.code(), "ROLL_OBJECTION_LATE");
            assert!(why.to_string().contains("within 5 days"), "{why}");
            assert!(
                why.chinese().contains("组织法第14–19条"),
                "{}",
                why.chinese()
            );
        });
    posted()
        .when(by("fang").objects("nothing", "fang"))
        .then_err("ROLL_UNKNOWN")
        .when(by("fang").objects("roll", "nobody"))
        .then_err("PERSON_UNKNOWN")
        .given(by("fang").objects("roll", "fang"))
        .when(by("fang").objects("roll", "fang"))
        .then_err("ROLL_OBJECTED_ALREADY")
        .when(by("emil").objects("roll", "fang"))
        .then_ok();
}

#[test]
fn an_objection_is_ruled_on_once_by_who_keeps_the_roll_or_the_election_committee() {
    let rules = || registrar().rules_on("roll", 0, false);
    let objected = || posted().given(by("fang").objects("roll", "fang"));
    objected()
        .when(teller("teller-1").rules_on("roll", 0, false))
        .then_err("NO_RIGHT")
        .when(registrar().rules_on("roll", 1, false))
        .then_err("ROLL_OBJECTION_UNKNOWN")
        .given(rules())
        .when(rules())
        .then_err("ROLL_OBJECTION_RULED_ALREADY");
    // Nobody rules on themself.
    posted()
        .given(by("registrar").objects("roll", "dina"))
        .given(by("fang").objects("roll", "registrar"))
        .when(registrar().rules_on("roll", 0, true))
        .then_err("ROLL_RULING_PARTIAL")
        .when(registrar().rules_on("roll", 1, true))
        .then_err("ROLL_RULING_PARTIAL");
    let election_committee = BodyEstablished {
        body: "election".parse().unwrap(),
        kind: BodyKind::ElectionCommittee,
        name: "居民选举委员会".to_owned(),
    };
    objected()
        .given(
            registrar().does(Payload::Bodies(BodiesAction::BodyEstablished(
                election_committee,
            ))),
        )
        .given(
            registrar()
                .seats("elector", "election", "emil")
                .with_office(|office| office.obtained = OfficeObtained::Appointed),
        )
        .when(
            by("emil")
                .officer("election", "elector")
                .rules_on("roll", 0, true),
        )
        .then_ok();
}

#[test]
fn an_election_does_not_open_while_an_objection_waits_or_by_a_roll_that_is_wrong() {
    let objected = posted().given(by("fang").objects("roll", "fang"));
    assert_eq!(missing(&objected, "roll"), [Unmet::RollRulings(1)]);
    let rejected = objected
        .clone()
        .given(registrar().rules_on("roll", 0, false));
    rejected
        .at(FOUNDED_AT.plus(21 * DAY))
        .when(opens("roll"))
        .then_ok();
    let upheld = objected.given(registrar().rules_on("roll", 0, true));
    let about = "fang".parse().unwrap();
    assert_eq!(missing(&upheld, "roll"), [Unmet::RollCorrected(about)]);
}

#[test]
fn a_roll_corrected_as_was_ruled_goes_on_hanging_out_and_any_other_begins_anew() {
    let upheld = posted()
        .given(by("fang").objects("roll", "fang"))
        .given(registrar().rules_on("roll", 0, true))
        .at(FOUNDED_AT.plus(8 * DAY));
    let with = |more: &[&'static str]| {
        let mut voters: Vec<(&str, u64)> = OWNERS.to_vec();
        voters.extend(more.iter().map(|name| (*name, 0)));
        upheld
            .clone()
            .given(registrar().publishes_roll("corrected", "residents", &voters))
    };
    with(&["fang"])
        .at(FOUNDED_AT.plus(21 * DAY))
        .when(opens("corrected"))
        .then_ok();
    // Somebody else was put on it too: it hangs out for twenty days of its own, from day 8 on.
    let unmet = Unmet::RollPosted {
        days_min: 20,
        over_at: FOUNDED_AT.plus(29 * DAY),
    };
    assert_eq!(missing(&with(&["fang", "emil"]), "corrected"), [unmet]);
}

#[test]
fn a_vote_without_a_posted_roll_asks_for_no_ruling() {
    World::community()
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(by("fang").objects("roll", "fang"))
        .given(chair().tables("motion", "assembly", "simple"))
        .when(chair().opens("motion", "roll", Millis::HOUR))
        .then_ok();
}

#[test]
fn what_an_objection_says_is_read_by_who_made_it_and_who_may_rule_on_it() {
    let text = governance::testing::content().digest;
    let reads = |who: governance::testing::Doer| who.reads_objection("roll", 0, text);
    let objected = || posted().given(by("fang").objects("roll", "dina"));
    for who in [by("fang"), registrar()] {
        objected().when(reads(who)).then_ok();
    }
    // Neither by whom it is about, in whatever capacity, nor by anybody else.
    objected()
        .when(reads(by("dina")))
        .then_err("CAPACITY_MISSING");
    objected()
        .when(reads(by("emil")))
        .then_err("CAPACITY_MISSING");
    objected().when(reads(chair())).then_err("NO_RIGHT");
    objected()
        .when(reads(teller("teller-1")))
        .then_err("NO_RIGHT");
    posted()
        .given(by("fang").objects("roll", "registrar"))
        .when(reads(registrar()))
        .then_err("ROLL_RULING_PARTIAL");
    // As well once it is ruled on; and only what it says.
    let ruled = || objected().given(registrar().rules_on("roll", 0, false));
    ruled().when(reads(registrar())).then_ok();
    let other = governance::ids::Digest([1; 32]);
    ruled()
        .when(registrar().reads_objection("roll", 0, other))
        .then_err("ROLL_OBJECTION_CONTENT")
        .when(registrar().reads_objection("roll", 1, text))
        .then_err("ROLL_OBJECTION_UNKNOWN")
        .when(registrar().reads_objection("nothing", 0, text))
        .then_err("ROLL_UNKNOWN");
}
