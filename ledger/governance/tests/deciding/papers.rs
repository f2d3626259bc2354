use governance::{
    action::{Choice, Outcome},
    testing::{ABSTAIN, AGAINST, Deed, FOR, World},
};

use super::support::{
    MINUTE, OWNERS, chair, outcome, owner, registrar, simple, tabled, teller, voting,
};

type Totals<'a> = &'a [(Choice, u32, u64)];

fn papers(batch: u32, voters: &[&str], totals: Totals<'_>, spoiled: (u32, u64)) -> Deed {
    teller("teller-1").records_papers("motion", batch, "teller-2", voters, totals, spoiled)
}

#[test]
fn two_tellers_attest_a_batch() {
    let totals = [(FOR, 1, 10_000)];
    let by_tellers = |first: &str, second: &str| {
        let deed = teller(first).records_papers("motion", 0, second, &["anna"], &totals, (0, 0));
        simple().when(deed)
    };
    by_tellers("teller-1", "teller-2").then_ok();
    by_tellers("teller-1", "teller-1").then_err("ATTESTOR_IS_ACTOR");
    by_tellers("chair", "teller-1").then_err("NO_RIGHT");
    by_tellers("teller-1", "chair").then_err("ATTESTOR_WITHOUT_RIGHT");
}

#[test]
fn totals_come_to_exactly_the_voters_heads_and_area() {
    let two =
        |totals: Totals<'_>, spoiled| simple().when(papers(0, &["anna", "bao"], totals, spoiled));
    two(&[(FOR, 1, 9_999), (AGAINST, 1, 10_001)], (0, 0)).then_ok();
    two(&[(FOR, 1, 10_000)], (1, 10_000)).then_ok();
    two(&[], (2, 20_000)).then_ok();
    two(&[(FOR, 1, 20_000)], (0, 0)).then_err("PAPER_TOTALS_DIFFER");
    two(&[(FOR, 3, 20_000)], (0, 0)).then_err("PAPER_TOTALS_DIFFER");
    two(&[(FOR, 2, 19_999)], (0, 0)).then_err("PAPER_TOTALS_DIFFER");
    two(&[(FOR, 2, 20_001)], (0, 0)).then_err("PAPER_TOTALS_DIFFER");
    // No sum wraps around into the right one.
    two(&[(FOR, 1, u64::MAX), (AGAINST, 1, 20_001)], (0, 0)).then_err("PAPER_TOTALS_DIFFER");
    two(&[(FOR, 1, 10_000), (FOR, 1, 10_000)], (0, 0)).then_err("PAPER_CHOICE_TWICE");
    two(&[(FOR, 2, 20_000), (AGAINST, 0, 0)], (0, 0)).then_err("PAPER_CHOICE_TWICE");
    two(&[(Choice::Options(vec![0]), 2, 20_000)], (0, 0)).then_err("CHOICE_UNFIT");
    let three = [(FOR, 1, 1), (AGAINST, 1, 1), (ABSTAIN, 1, 1)];
    two(&three, (0, 0)).then_err("LIST_SIZE");
}

#[test]
fn batches_come_without_gaps() {
    let one = |batch, voter: &str| papers(batch, &[voter], &[(FOR, 1, 10_000)], (0, 0));
    simple()
        .when(one(1, "anna"))
        .then_err("PAPER_BATCH_ORDER")
        .when(one(0, "anna"))
        .then_ok()
        .when(one(0, "bao"))
        .then_err("PAPER_BATCH_ORDER")
        .when(one(2, "bao"))
        .then_err("PAPER_BATCH_ORDER")
        .when(one(1, "bao"))
        .then_ok();
}

#[test]
fn nobody_votes_twice_by_any_way() {
    let one = |batch, voter: &str| papers(batch, &[voter], &[(FOR, 1, 10_000)], (0, 0));
    simple()
        .given(owner("anna").votes("motion", FOR))
        .given(owner("bao").grants_proxy("motion", "fang"))
        .given(owner("fang").votes_for("bao", "motion", FOR))
        .given(owner("dina").recuses("motion"))
        .when(one(0, "anna"))
        .then_err("VOTED_ELECTRONICALLY")
        .when(one(0, "bao"))
        .then_err("VOTED_ELECTRONICALLY")
        .when(one(0, "dina"))
        .then_err("VOTER_RECUSED")
        .when(one(0, "emil"))
        .then_err("NOT_ON_ROLL")
        .when(papers(0, &["chen", "chen"], &[(FOR, 2, 20_000)], (0, 0)))
        .then_err("NAMED_TWICE")
        .when(papers(0, &[], &[], (0, 0)))
        .then_err("LIST_SIZE")
        .given(one(0, "chen"))
        .when(one(1, "chen"))
        .then_err("VOTED_ON_PAPER")
        .when(owner("chen").votes("motion", AGAINST))
        .then_err("VOTED_ON_PAPER")
        .when(owner("chen").grants_proxy("motion", "fang"))
        .then_err("VOTED_ON_PAPER")
        .when(owner("chen").recuses("motion"))
        .then_err("INTEREST_AFTER_VOTE")
        .when(chair().closes_vote("motion"))
        .then_ok();
}

#[test]
fn papers_count_beside_ballots_and_spoiled_ones_abstain() {
    let world = simple()
        .given(owner("anna").votes("motion", FOR))
        .given(papers(0, &["bao"], &[(FOR, 1, 10_000)], (0, 0)))
        .given(papers(
            1,
            &["chen", "dina"],
            &[(AGAINST, 1, 10_000)],
            (1, 10_000),
        ))
        .later(10 * MINUTE)
        .caught_up();
    let decided = world.decision("motion").unwrap();
    let measure = &decided.measures[0];
    assert_eq!(
        (
            measure.participating,
            measure.in_favour,
            measure.against,
            measure.abstaining
        ),
        (4, 2, 1, 1)
    );
    assert_eq!(
        decided.outcome,
        Outcome::Rejected,
        "2 of 4 are not more than half"
    );
}

#[test]
fn a_secret_vote_is_decided_by_papers() {
    let names = OWNERS.map(|(name, _)| name);
    let all = papers(0, &names, &[(FOR, 3, 30_000), (AGAINST, 1, 10_000)], (0, 0));
    let week = 7 * super::support::DAY;
    let world = voting("owners-committee-recall", &OWNERS, week).given(all);
    assert_eq!(outcome(world, week), Outcome::Adopted);
}

#[test]
fn papers_need_an_open_vote() {
    tabled("simple", &OWNERS)
        .when(papers(0, &["anna"], &[(FOR, 1, 10_000)], (0, 0)))
        .then_err("MOTION_NOT_OPEN");
    World::community()
        .when(papers(0, &["anna"], &[(FOR, 1, 10_000)], (0, 0)))
        .then_err("MOTION_UNKNOWN");
}

#[test]
fn a_batch_names_at_most_a_thousand() {
    let names: Vec<String> = (0..1_001).map(|n| format!("voter-{n}")).collect();
    let mut world = World::community();
    for name in &names {
        world = world.given(registrar().enrols(name));
    }
    let voters: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    // The thousand-and-first is not on the roll, but the list is too long before that is asked.
    let roll = registrar().publishes_roll("roll", "assembly", &voters[..1_000]);
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let world = world
        .given(roll)
        .given(chair().tables("motion", "assembly", "simple"))
        .given(chair().opens("motion", "roll", MINUTE));
    world
        .when(papers(0, &all, &[(FOR, 1_001, 1_001)], (0, 0)))
        .then_err("LIST_SIZE")
        .when(papers(0, &all[..1_000], &[(FOR, 1_000, 1_000)], (0, 0)))
        .then_ok();
}
