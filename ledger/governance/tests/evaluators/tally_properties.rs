//! What holds of every vote.

use governance::{
    action::{Choice, Outcome, Stance},
    charter::{Comparison, Fraction, Threshold},
    presets::Preset,
    roll::Weight,
    tally::{Count, Tally},
};
use proptest::prelude::*;

use crate::support::{contest, eligible, preset, weight};

fn stance() -> impl Strategy<Value = Choice> {
    prop_oneof![
        Just(Stance::For),
        Just(Stance::Against),
        Just(Stance::Abstain)
    ]
    .prop_map(Choice::Stance)
}

fn options() -> impl Strategy<Value = Choice> {
    prop::collection::btree_set(0..4_u32, 0..=2)
        .prop_map(|set| Choice::Options(set.into_iter().collect()))
}

fn ballots(choice: impl Strategy<Value = Choice>) -> impl Strategy<Value = Vec<(Weight, Choice)>> {
    let area = 0..100_000_u64;
    prop::collection::vec((area.prop_map(|area| weight(1, area)), choice), 0..40)
}

fn preset_of_any_kind() -> impl Strategy<Value = Preset> {
    prop::sample::select(Preset::ALL.to_vec())
}

fn total(ballots: &[(Weight, Choice)]) -> Weight {
    ballots.iter().map(|(weight, _)| *weight).sum()
}

fn counted(is_contest: bool, ballots: &[(Weight, Choice)], which: Preset, absent: u64) -> Tally {
    let options = contest(4, 2);
    let mut count = Count::new(is_contest.then_some(&options));
    for (weight, choice) in ballots {
        count.ballot(*weight, choice);
    }
    let all = total(ballots) + weight(absent, absent * 1_000);
    let mut electorate = eligible(all.heads, all.area);
    electorate.attending = total(ballots);
    count.tally(&preset(which), electorate)
}

/// `numerator / denominator` against `part / whole`, by long division instead of multiplication.
fn compare(
    mut part: u64,
    mut whole: u64,
    mut numerator: u64,
    mut denominator: u64,
) -> std::cmp::Ordering {
    let mut flipped = false;
    loop {
        let (a, b) = (part / whole, numerator / denominator);
        (part, numerator) = (part % whole, numerator % denominator);
        let order = match (a.cmp(&b), part, numerator) {
            (std::cmp::Ordering::Equal, 0, 0) => return std::cmp::Ordering::Equal,
            (std::cmp::Ordering::Equal, 0, _) => std::cmp::Ordering::Less,
            (std::cmp::Ordering::Equal, _, 0) => std::cmp::Ordering::Greater,
            (std::cmp::Ordering::Equal, _, _) => {
                // Equal so far: compare the reciprocals of what is left, the other way round.
                (part, whole, numerator, denominator) = (whole, part, denominator, numerator);
                flipped = !flipped;
                continue;
            }
            (order, _, _) => order,
        };
        return if flipped { order.reverse() } else { order };
    }
}

fn threshold() -> impl Strategy<Value = Threshold> {
    let comparison = prop_oneof![Just(Comparison::AtLeast), Just(Comparison::MoreThan)];
    let fraction = (1..=u32::MAX).prop_flat_map(|d| (0..=d, Just(d)));
    let small = (1..=12_u32).prop_flat_map(|d| (0..=d, Just(d)));
    (prop_oneof![fraction, small], comparison).prop_map(|((n, d), comparison)| Threshold {
        fraction: Fraction::new(n, d).unwrap(),
        comparison,
    })
}

proptest! {
    #[test]
    fn the_order_of_ballots_makes_no_difference(
        (ballots, shuffled) in ballots(stance()).prop_flat_map(|b| (Just(b.clone()), Just(b).prop_shuffle())),
        which in preset_of_any_kind(),
        absent in 0..20_u64,
    ) {
        prop_assert_eq!(counted(false, &ballots, which, absent), counted(false, &shuffled, which, absent));
    }

    #[test]
    fn the_order_of_ballots_makes_no_difference_in_a_contest(
        (ballots, shuffled) in ballots(options()).prop_flat_map(|b| (Just(b.clone()), Just(b).prop_shuffle())),
        which in preset_of_any_kind(),
        absent in 0..20_u64,
    ) {
        prop_assert_eq!(counted(true, &ballots, which, absent), counted(true, &shuffled, which, absent));
    }

    #[test]
    fn sums_agree_and_the_outcome_follows_from_what_was_met(
        ballots in ballots(stance()), which in preset_of_any_kind(), absent in 0..20_u64,
    ) {
        let tally = counted(false, &ballots, which, absent);
        for m in &tally.measures {
            prop_assert_eq!(m.participating, total(&ballots).by(m.kind));
            prop_assert_eq!(m.in_favour + m.against + m.abstaining, m.participating);
            prop_assert!(m.participating <= m.eligible);
            prop_assert_eq!(m.quorum_met, m.quorum.is_met(m.quorum_counted, m.eligible));
            prop_assert_eq!(m.approval_met, m.approval.is_met(m.in_favour, m.approval_whole));
        }
        let quorate = tally.measures.iter().all(|m| m.quorum_met);
        let approved = tally.measures.iter().all(|m| m.approval_met);
        let expected = match (quorate, approved) {
            (false, _) => Outcome::NoQuorum,
            (true, true) => Outcome::Adopted,
            (true, false) => Outcome::Rejected,
        };
        prop_assert_eq!(tally.outcome, expected);
        prop_assert!(tally.options.is_empty());
    }

    #[test]
    fn a_contest_fills_at_most_its_seats_with_options_that_beat_all_others_standing(
        ballots in ballots(options()), which in preset_of_any_kind(), absent in 0..20_u64,
    ) {
        let tally = counted(true, &ballots, which, absent);
        let chosen = tally.options.iter().filter(|o| o.chosen).count();
        let expected = match chosen {
            _ if !tally.measures.iter().all(|m| m.quorum_met) => Outcome::NoQuorum,
            0 => Outcome::Rejected,
            1 => Outcome::PartlyFilled,
            _ => Outcome::Adopted,
        };
        prop_assert!(chosen <= 2);
        prop_assert_eq!(tally.outcome, expected);
        let stands = |o: &governance::action::OptionTally| tally.measures.iter().all(|m| {
            m.approval.is_met(weight(o.heads, o.area).by(m.kind), m.approval_whole)
        });
        let by_area = tally.measures.len() == 2;
        let key = |o: &governance::action::OptionTally| (o.heads, if by_area { o.area } else { 0 });
        for winner in tally.options.iter().filter(|o| o.chosen) {
            prop_assert!(stands(winner));
            for other in tally.options.iter().filter(|o| !o.chosen && stands(o)) {
                prop_assert!(key(winner) > key(other));
            }
        }
    }

    /// Of random ballots hardly any three options stand at once; of these most do, and many tie.
    #[test]
    fn options_that_tie_across_the_last_seat_fill_none_of_it(
        pairs in [0..4_usize, 0..4, 0..4], which in preset_of_any_kind(),
    ) {
        let both = [vec![0, 1], vec![0, 2], vec![1, 2]];
        let mut ballots = Vec::new();
        for (options, times) in both.into_iter().zip(pairs) {
            let ballot = (weight(1, 100), Choice::Options(options));
            ballots.extend(std::iter::repeat_n(ballot, times));
        }
        let tally = counted(true, &ballots, which, 0);
        let (chosen, out): (Vec<_>, Vec<_>) = tally.options.iter().partition(|o| o.chosen);
        prop_assert!(chosen.len() <= 2);
        let stands = |o: &governance::action::OptionTally| tally.measures.iter().all(|m| {
            m.approval.is_met(weight(o.heads, o.area).by(m.kind), m.approval_whole)
        });
        for winner in &chosen {
            for other in out.iter().filter(|other| stands(other)) {
                prop_assert!(winner.heads > other.heads);
            }
        }
    }

    #[test]
    fn thresholds_agree_with_exact_rational_arithmetic(
        threshold in threshold(), whole in 1..=u64::MAX, small_whole in 1..200_u64, seed in any::<u64>(),
    ) {
        for whole in [whole, small_whole] {
            let part = whole.checked_add(1).map_or(seed, |wholes| seed % wholes);
            let (n, d) = (threshold.fraction.numerator(), threshold.fraction.denominator());
            let order = compare(part, whole, u64::from(n), u64::from(d));
            let expected = match threshold.comparison {
                Comparison::AtLeast => order.is_ge(),
                Comparison::MoreThan => order.is_gt(),
            };
            prop_assert_eq!(threshold.is_met(part, whole), expected);
        }
    }

    #[test]
    fn the_smallest_part_is_enough_and_one_less_is_not(
        threshold in threshold(), whole in prop_oneof![0..200_u64, 0..=u64::MAX],
    ) {
        match threshold.smallest_part(whole) {
            Some(least) => {
                prop_assert!(threshold.is_met(least, whole));
                prop_assert!(least == 0 || !threshold.is_met(least - 1, whole));
            }
            None => prop_assert!(!threshold.is_met(whole, whole)),
        }
    }
}
