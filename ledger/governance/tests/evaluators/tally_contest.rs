//! Contests: majorities, seats, ties and run-offs.

use governance::{
    action::{Choice, Outcome},
    charter::{ApprovalBase, DecisionRule},
    presets::Preset,
    roll::Weight,
    tally::{Count, Tally},
};

use crate::support::{contest, eligible, preset, weight};

/// What groups of voters, each choosing the same options, come to.
fn elect(
    rule: &DecisionRule,
    (options, seats): (usize, u32),
    voters: u64,
    groups: &[(Weight, &[u32])],
) -> Tally {
    let mut count = Count::new(Some(&contest(options, seats)));
    for (weight, chosen) in groups {
        count.ballot(*weight, &Choice::Options(chosen.to_vec()));
    }
    count.tally(rule, eligible(voters, voters * 10_000))
}

fn election() -> DecisionRule {
    preset(Preset::CommitteeElectionByVoters)
}

fn heads(n: u64) -> Weight {
    weight(n, 0)
}

fn chosen(tally: &Tally) -> Vec<u32> {
    let of = tally.options.iter().filter(|o| o.chosen);
    of.map(|o| o.option).collect()
}

#[test]
fn a_seat_takes_more_than_half_of_those_who_take_part() {
    let tally = elect(
        &election(),
        (2, 1),
        100,
        &[(heads(30), &[0]), (heads(30), &[1])],
    );
    assert_eq!((tally.outcome, chosen(&tally)), (Outcome::Rejected, vec![]));
    let tally = elect(
        &election(),
        (2, 1),
        100,
        &[(heads(31), &[0]), (heads(30), &[1])],
    );
    assert_eq!((tally.outcome, chosen(&tally)), (Outcome::Adopted, vec![0]));
    assert!(tally.measures[0].approval_met);
    assert_eq!(
        (tally.measures[0].in_favour, tally.measures[0].against),
        (0, 0)
    );
}

#[test]
fn an_election_by_half_of_the_voters_has_no_quorum() {
    let tally = elect(&election(), (2, 1), 100, &[(heads(50), &[1])]);
    assert_eq!((tally.outcome, chosen(&tally)), (Outcome::NoQuorum, vec![]));
    assert_eq!(
        tally.options[1].heads, 50,
        "the votes are reported all the same"
    );
}

#[test]
fn representatives_electing_need_more_than_two_thirds_taking_part() {
    let rule = preset(Preset::CommitteeElectionByRepresentatives);
    let outcome = |n| elect(&rule, (2, 1), 90, &[(heads(n), &[0])]).outcome;
    assert_eq!(
        outcome(60),
        Outcome::NoQuorum,
        "超过: two thirds are not enough"
    );
    assert_eq!(outcome(61), Outcome::Adopted);
}

#[test]
fn the_most_votes_fill_the_seats() {
    let groups: [(Weight, &[u32]); 3] = [
        (heads(30), &[0, 1]),
        (heads(25), &[1, 2]),
        (heads(5), &[0, 2]),
    ];
    // A 35, B 55, C 30 of 60.
    let tally = elect(&election(), (3, 2), 100, &groups);
    assert_eq!(
        (tally.outcome, chosen(&tally)),
        (Outcome::Adopted, vec![0, 1])
    );
    let votes: Vec<u64> = tally.options.iter().map(|o| o.heads).collect();
    assert_eq!(votes, [35, 55, 30]);
}

#[test]
fn a_seat_without_a_majority_stays_empty() {
    let tally = elect(
        &election(),
        (3, 2),
        100,
        &[(heads(60), &[0]), (heads(30), &[1])],
    );
    assert_eq!(
        (tally.outcome, chosen(&tally)),
        (Outcome::PartlyFilled, vec![0])
    );
}

#[test]
fn a_tie_at_the_last_seat_fills_none_of_the_tied() {
    let groups: [(Weight, &[u32]); 2] = [(heads(40), &[0, 1]), (heads(40), &[0, 2])];
    // A 80; B and C 40 of 80 each have no majority, so lower the bar to have them stand.
    let rule = election().for_run_off().unwrap();
    let tally = elect(&rule, (3, 2), 100, &groups);
    assert_eq!(
        (tally.outcome, chosen(&tally)),
        (Outcome::PartlyFilled, vec![0])
    );
    let tally = elect(&rule, (3, 3), 100, &groups);
    assert_eq!(
        (tally.outcome, chosen(&tally)),
        (Outcome::Adopted, vec![0, 1, 2]),
        "seats for all"
    );
}

#[test]
fn ties_that_do_not_reach_across_the_last_seat_make_no_difference() {
    // A and B 40, C and D 20 of 60: all stand with a third.
    let rule = election().for_run_off().unwrap();
    let groups: [(Weight, &[u32]); 3] = [
        (heads(20), &[0, 1]),
        (heads(20), &[0, 2]),
        (heads(20), &[1, 3]),
    ];
    let tally = elect(&rule, (4, 2), 100, &groups);
    assert_eq!(
        (tally.outcome, chosen(&tally)),
        (Outcome::Adopted, vec![0, 1])
    );
}

#[test]
fn a_tie_of_all_fills_nothing() {
    let everyone: [(Weight, &[u32]); 3] = [
        (heads(30), &[0, 1]),
        (heads(30), &[1, 2]),
        (heads(30), &[0, 2]),
    ];
    let tally = elect(&election(), (3, 2), 100, &everyone);
    assert_eq!((tally.outcome, chosen(&tally)), (Outcome::Rejected, vec![]));
    assert!(
        tally.measures[0].approval_met,
        "60 of 90 each is a majority"
    );
}

#[test]
fn in_a_run_off_a_third_of_the_votes_cast_is_enough() {
    let rule = election().for_run_off().unwrap();
    let outcome = |a, b, nobody| {
        let groups: [(Weight, &[u32]); 3] =
            [(heads(a), &[0]), (heads(b), &[1]), (heads(nobody), &[])];
        let tally = elect(&rule, (2, 1), 100, &groups);
        (tally.outcome, chosen(&tally))
    };
    assert_eq!(
        outcome(20, 19, 21),
        (Outcome::Adopted, vec![0]),
        "exactly a third of 60"
    );
    assert_eq!(outcome(19, 18, 23), (Outcome::Rejected, vec![]));
    assert_eq!(outcome(25, 25, 10), (Outcome::Rejected, vec![]), "a tie");
}

#[test]
fn an_empty_set_of_options_takes_part_and_abstains() {
    let tally = elect(
        &election(),
        (2, 1),
        100,
        &[(heads(30), &[0]), (heads(30), &[])],
    );
    assert_eq!(
        (
            tally.measures[0].participating,
            tally.measures[0].abstaining
        ),
        (60, 30)
    );
    assert_eq!(
        tally.outcome,
        Outcome::Rejected,
        "half of those who took part"
    );
    let mut rule = election();
    rule.approval_base = ApprovalBase::ForAndAgainst;
    let tally = elect(&rule, (2, 1), 100, &[(heads(30), &[0]), (heads(30), &[])]);
    assert_eq!(
        tally.measures[0].approval_whole, 30,
        "those who chose an option"
    );
    assert_eq!(tally.outcome, Outcome::Adopted);
}

#[test]
fn sets_of_options_that_may_not_be_chosen_abstain() {
    for wrong in [&[2][..], &[0, 1][..], &[1, 0][..], &[0, 0][..]] {
        let tally = elect(&election(), (2, 1), 100, &[(heads(60), wrong)]);
        assert_eq!(tally.measures[0].abstaining, 60, "{wrong:?}");
        assert!(tally.options.iter().all(|o| o.heads == 0));
    }
}

#[test]
fn with_two_measures_an_option_stands_by_both_and_ranks_by_heads_then_area() {
    let owners = preset(Preset::OwnersOrdinary);
    // Of 91 heads and 8,000.00 m², A has 82 and exactly half of the area, B 51 and three quarters.
    let groups: [(Weight, &[u32]); 3] = [
        (weight(40, 200_000), &[0]),
        (weight(9, 400_000), &[1]),
        (weight(42, 200_000), &[0, 1]),
    ];
    let tally = elect(&owners, (2, 2), 91, &groups);
    assert_eq!(
        (tally.outcome, chosen(&tally)),
        (Outcome::PartlyFilled, vec![1])
    );

    // Equal heads, one more 0.01 m²: no tie.
    let everyone = |area| -> [(Weight, &[u32]); 2] {
        [(weight(30, area), &[0, 2]), (weight(30, 300_000), &[1, 2])]
    };
    let mut lower = owners.clone();
    for measure in &mut lower.measures {
        measure.approval = crate::support::at_least(1, 3);
    }
    let tally = elect(&lower, (3, 2), 60, &everyone(300_001));
    assert_eq!(
        (tally.outcome, chosen(&tally)),
        (Outcome::Adopted, vec![0, 2])
    );
    let tally = elect(&lower, (3, 2), 60, &everyone(300_000));
    assert_eq!(
        (tally.outcome, chosen(&tally)),
        (Outcome::PartlyFilled, vec![2])
    );

    // By heads alone the area breaks no tie.
    lower.measures.truncate(1);
    let tally = elect(&lower, (3, 2), 60, &everyone(300_001));
    assert_eq!(
        (tally.outcome, chosen(&tally)),
        (Outcome::PartlyFilled, vec![2])
    );
}

#[test]
fn a_contest_in_which_nobody_stands_for_anything() {
    let tally = elect(&election(), (2, 1), 100, &[(heads(60), &[])]);
    assert_eq!((tally.outcome, chosen(&tally)), (Outcome::Rejected, vec![]));
    assert!(!tally.measures[0].approval_met);
}
