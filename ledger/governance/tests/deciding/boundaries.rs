//! The numbers of the law, at their very edge, from ballot to decision.

use governance::{
    action::{Choice, MotionDecided, Outcome},
    testing::{ABSTAIN, AGAINST, FOR, World},
};

use super::support::{DAY, MINUTE, owner, voting};

const WEEK: u64 = 7 * DAY;

/// The decision on a motion under this rule, when these owners (areas in 0.01 m²) vote so.
fn decided(rule: &str, ms: u64, votes: &[(&str, u64, Option<&Choice>)]) -> MotionDecided {
    let owners: Vec<(&str, u64)> = votes.iter().map(|(name, area, _)| (*name, *area)).collect();
    let cast = votes
        .iter()
        .filter_map(|(name, _, choice)| choice.map(|c| owner(name).votes("motion", c.clone())));
    let world: World = voting(rule, &owners, ms).given(cast);
    let world = world.later(ms).caught_up();
    world.decision("motion").expect("it is decided").clone()
}

fn ordinary(votes: &[(&str, u64, Option<&Choice>)]) -> MotionDecided {
    decided("owners-ordinary", WEEK, votes)
}

#[test]
fn two_thirds_of_the_area_with_a_hundredth_of_a_square_metre_missing() {
    // 300.00 m² in all: 200.00 m² take part, then 199.99 m².
    let exactly = ordinary(&[
        ("anna", 10_000, Some(&FOR)),
        ("bao", 10_000, Some(&FOR)),
        ("chen", 10_000, None),
    ]);
    assert_eq!(exactly.outcome, Outcome::Adopted);
    assert_eq!(exactly.measures[1].quorum_counted, 20_000);
    let missing = ordinary(&[
        ("anna", 10_000, Some(&FOR)),
        ("bao", 9_999, Some(&FOR)),
        ("chen", 10_001, None),
    ]);
    assert_eq!(missing.outcome, Outcome::NoQuorum);
    assert!(missing.measures[0].quorum_met, "by heads it is 2 of 3");
    assert_eq!(missing.measures[1].quorum_counted, 19_999);
    assert!(!missing.measures[1].quorum_met);
}

#[test]
fn exactly_half_is_not_more_than_half_of_heads_or_area() {
    let even = ordinary(&[
        ("anna", 10_000, Some(&FOR)),
        ("bao", 10_000, Some(&AGAINST)),
    ]);
    assert_eq!(even.outcome, Outcome::Rejected);
    // Heads pass, the area is exactly half.
    let by_heads = ordinary(&[
        ("anna", 10_000, Some(&FOR)),
        ("bao", 10_000, Some(&FOR)),
        ("chen", 20_000, Some(&AGAINST)),
    ]);
    assert_eq!(by_heads.outcome, Outcome::Rejected);
    assert!(by_heads.measures[0].approval_met);
    assert!(!by_heads.measures[1].approval_met);
    // A hundredth of a square metre more.
    let more = ordinary(&[
        ("anna", 10_000, Some(&FOR)),
        ("bao", 10_001, Some(&FOR)),
        ("chen", 20_000, Some(&AGAINST)),
    ]);
    assert_eq!(more.outcome, Outcome::Adopted);
}

#[test]
fn exactly_three_quarters_are_enough_and_a_hundredth_less_is_not() {
    let special = |fourth: u64| {
        decided(
            "owners-special",
            WEEK,
            &[
                ("anna", 10_000, Some(&FOR)),
                ("bao", 10_000, Some(&FOR)),
                ("chen", 10_000, Some(&FOR)),
                ("dina", fourth, Some(&AGAINST)),
            ],
        )
    };
    let exactly = special(10_000);
    assert_eq!(exactly.outcome, Outcome::Adopted);
    assert_eq!(
        exactly.measures[0].in_favour * 4,
        exactly.measures[0].approval_whole * 3
    );
    let less = special(10_001);
    assert_eq!(less.outcome, Outcome::Rejected);
    assert!(less.measures[0].approval_met, "by heads it is 3 of 4");
    assert!(!less.measures[1].approval_met);
}

#[test]
fn at_least_and_more_than_differ_at_the_number_itself() {
    // 以上: exactly two thirds of the heads take part, and the quorum is met.
    let at_least = ordinary(&[
        ("anna", 1, Some(&FOR)),
        ("bao", 1, Some(&FOR)),
        ("chen", 1, None),
    ]);
    assert!(at_least.measures[0].quorum_met);
    // 超过: exactly half of the heads take part, and the quorum is not met.
    let simple = |votes: &[(&str, u64, Option<&Choice>)]| decided("simple", MINUTE, votes);
    let half = [("anna", 1, Some(&FOR)), ("bao", 1, None)];
    assert_eq!(simple(&half).outcome, Outcome::NoQuorum);
    let more = [
        ("anna", 1, Some(&FOR)),
        ("bao", 1, Some(&FOR)),
        ("chen", 1, None),
    ];
    assert_eq!(simple(&more).outcome, Outcome::Adopted);
}

#[test]
fn nobody_takes_part() {
    let nobody = ordinary(&[("anna", 10_000, None), ("bao", 10_000, None)]);
    assert_eq!(nobody.outcome, Outcome::NoQuorum);
    for measure in &nobody.measures {
        assert_eq!(measure.participating, 0);
        assert!(!measure.quorum_met && !measure.approval_met);
    }
}

#[test]
fn all_abstain() {
    let all = ordinary(&[
        ("anna", 10_000, Some(&ABSTAIN)),
        ("bao", 10_000, Some(&ABSTAIN)),
    ]);
    assert_eq!(
        all.outcome,
        Outcome::Rejected,
        "they took part, and nobody agreed"
    );
    for measure in &all.measures {
        assert_eq!(measure.abstaining, measure.eligible);
        assert!(measure.quorum_met && !measure.approval_met);
    }
}

#[test]
fn one_owner_with_three_units_is_one_head_with_their_area() {
    let owners = [
        ("anna", 5_000),
        ("anna", 6_000),
        ("anna", 7_000),
        ("bao", 10_000),
        ("chen", 10_000),
    ];
    let world = voting("owners-ordinary", &owners, WEEK)
        .given([
            owner("anna").votes("motion", FOR),
            owner("bao").votes("motion", AGAINST),
        ])
        .later(WEEK)
        .caught_up();
    let decided = world.decision("motion").unwrap();
    let (heads, area) = (&decided.measures[0], &decided.measures[1]);
    assert_eq!((heads.eligible, heads.in_favour), (3, 1));
    assert_eq!((area.eligible, area.in_favour), (38_000, 18_000));
    assert_eq!(
        decided.outcome,
        Outcome::Rejected,
        "1 head of 2 is not more than half"
    );
}

#[test]
fn the_decision_names_its_rule_roll_charter_and_law() {
    let decided = ordinary(&[("anna", 10_000, Some(&FOR))]);
    assert_eq!(decided.rule.as_str(), "owners-ordinary");
    assert_eq!(decided.roll.as_str(), "roll");
    assert_eq!(decided.charter_version, 1);
    assert!(decided.citation.contains("民法典第278条"));
}
