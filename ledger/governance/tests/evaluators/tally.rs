//! Votes at the exact boundaries of the law.

use governance::{
    action::{Choice, Outcome, PaperTotal, RollCallMark},
    charter::{ApprovalBase, MeasureKind},
    presets::Preset,
    roll::Weight,
    tally::{Count, Electorate, Tally, roll_call},
};

use crate::support::{
    ABSTAIN, AGAINST, FOR, at_least, by_heads, eligible, head, heads_and_area, more_than, people,
    person, preset, roll, unit, vote, weight,
};

fn heads(n: u64) -> Weight {
    weight(n, 0)
}

/// 90 owners with 9,000.00 m² under 民法典 278.
fn owners(preset_: Preset, groups: &[(Weight, &Choice)]) -> Tally {
    vote(&preset(preset_), eligible(90, 900_000), groups)
}

// ── Quorum ──────────────────────────────────────────────────────────────────────────────────────

#[test]
fn exactly_two_thirds_of_heads_and_area_are_a_quorum() {
    let tally = owners(Preset::OwnersOrdinary, &[(weight(60, 600_000), &FOR)]);
    assert_eq!(tally.outcome, Outcome::Adopted);
    assert!(tally.measures.iter().all(|m| m.quorum_met));
}

#[test]
fn two_thirds_of_the_area_with_a_hundredth_of_a_square_metre_missing_are_none() {
    let tally = owners(Preset::OwnersOrdinary, &[(weight(60, 599_999), &FOR)]);
    assert_eq!(tally.outcome, Outcome::NoQuorum);
    let met: Vec<bool> = tally.measures.iter().map(|m| m.quorum_met).collect();
    assert_eq!(met, [true, false]);
    assert_eq!(
        heads_and_area(&tally),
        (true, true),
        "the approval is reported all the same"
    );
}

#[test]
fn two_thirds_of_the_heads_with_one_missing_are_none() {
    let tally = owners(Preset::OwnersOrdinary, &[(weight(59, 900_000), &FOR)]);
    assert_eq!(tally.outcome, Outcome::NoQuorum);
}

#[test]
fn two_thirds_of_an_area_that_three_does_not_divide() {
    // 2/3 of 1,000,001 is 666,667.33…
    let of = |area| {
        let rule = preset(Preset::OwnersOrdinary);
        vote(&rule, eligible(3, 1_000_001), &[(weight(2, area), &FOR)]).outcome
    };
    assert_eq!(of(666_667), Outcome::NoQuorum);
    assert_eq!(of(666_668), Outcome::Adopted);
}

#[test]
fn at_least_accepts_the_number_and_more_than_refuses_it() {
    let half_for = |approval| {
        let rule = by_heads(at_least(1, 2), approval);
        vote(
            &rule,
            eligible(10, 0),
            &[(heads(5), &FOR), (heads(5), &AGAINST)],
        )
        .outcome
    };
    assert_eq!(
        half_for(at_least(1, 2)),
        Outcome::Adopted,
        "以上 includes the number"
    );
    assert_eq!(
        half_for(more_than(1, 2)),
        Outcome::Rejected,
        "过半数 excludes it"
    );

    let half_taking_part = |quorum| {
        let rule = by_heads(quorum, more_than(1, 2));
        vote(&rule, eligible(10, 0), &[(heads(5), &FOR)]).outcome
    };
    assert_eq!(half_taking_part(at_least(1, 2)), Outcome::Adopted);
    assert_eq!(half_taking_part(more_than(1, 2)), Outcome::NoQuorum, "超过");
}

#[test]
fn nobody_takes_part() {
    for rule in Preset::ALL.map(preset) {
        let tally = vote(&rule, eligible(100, 100_000), &[]);
        assert_eq!(tally.outcome, Outcome::NoQuorum, "{}", rule.preset);
        assert!(
            tally
                .measures
                .iter()
                .all(|m| !m.quorum_met && !m.approval_met)
        );
    }
}

#[test]
fn nothing_of_nothing_is_never_enough() {
    let rule = by_heads(at_least(0, 1), at_least(0, 1));
    let tally = vote(&rule, eligible(0, 0), &[]);
    assert_eq!(tally.outcome, Outcome::NoQuorum);
}

#[test]
fn without_a_quorum_to_reach_nobody_voting_still_adopts_nothing() {
    let rule = by_heads(at_least(0, 1), more_than(1, 2));
    let tally = vote(&rule, eligible(10, 0), &[]);
    assert!(tally.measures[0].quorum_met);
    assert_eq!(tally.outcome, Outcome::Rejected);
}

// ── Approval ────────────────────────────────────────────────────────────────────────────────────

#[test]
fn exactly_half_of_the_participating_is_no_majority() {
    let split = |for_heads, for_area| {
        let against = weight(80 - for_heads, 800_000 - for_area);
        owners(
            Preset::OwnersOrdinary,
            &[(weight(for_heads, for_area), &FOR), (against, &AGAINST)],
        )
    };
    assert_eq!(
        split(40, 400_001).outcome,
        Outcome::Rejected,
        "half of the heads"
    );
    assert_eq!(
        split(41, 400_000).outcome,
        Outcome::Rejected,
        "half of the area"
    );
    assert_eq!(split(41, 400_001).outcome, Outcome::Adopted);
}

#[test]
fn exactly_three_quarters_are_enough_for_the_special_matters() {
    let split = |for_heads, for_area| {
        let against = weight(80 - for_heads, 800_000 - for_area);
        owners(
            Preset::OwnersSpecial,
            &[(weight(for_heads, for_area), &FOR), (against, &AGAINST)],
        )
        .outcome
    };
    assert_eq!(split(60, 600_000), Outcome::Adopted);
    assert_eq!(split(60, 599_999), Outcome::Rejected);
    assert_eq!(split(59, 600_000), Outcome::Rejected);
}

#[test]
fn a_motion_passes_by_heads_and_fails_by_area() {
    let tally = owners(
        Preset::OwnersOrdinary,
        &[(weight(70, 300_000), &FOR), (weight(20, 600_000), &AGAINST)],
    );
    assert_eq!(tally.outcome, Outcome::Rejected);
    assert_eq!(heads_and_area(&tally), (true, false));
    let area = &tally.measures[1];
    assert_eq!(area.kind, MeasureKind::Area);
    assert_eq!(
        (area.in_favour, area.against, area.abstaining),
        (300_000, 600_000, 0)
    );
    assert_eq!(
        (area.eligible, area.participating, area.approval_whole),
        (900_000, 900_000, 900_000)
    );
}

#[test]
fn a_motion_passes_by_area_and_fails_by_heads() {
    let tally = owners(
        Preset::OwnersOrdinary,
        &[(weight(20, 600_000), &FOR), (weight(70, 300_000), &AGAINST)],
    );
    assert_eq!(tally.outcome, Outcome::Rejected);
    assert_eq!(heads_and_area(&tally), (false, true));
}

#[test]
fn all_abstain() {
    let everyone = [(weight(90, 900_000), &ABSTAIN)];
    let tally = owners(Preset::OwnersOrdinary, &everyone);
    assert_eq!(
        tally.outcome,
        Outcome::Rejected,
        "they took part, so there is a quorum"
    );
    assert!(
        tally
            .measures
            .iter()
            .all(|m| m.quorum_met && m.abstaining == m.participating)
    );

    let mut rule = by_heads(more_than(1, 2), more_than(1, 2));
    rule.approval_base = ApprovalBase::ForAndAgainst;
    let tally = vote(&rule, eligible(10, 0), &[(heads(10), &ABSTAIN)]);
    assert_eq!(tally.measures[0].approval_whole, 0);
    assert_eq!(
        tally.outcome,
        Outcome::Rejected,
        "nothing of nothing is no majority"
    );
}

#[test]
fn an_abstention_counts_against_unless_only_for_and_against_count() {
    let groups = [(heads(4), &FOR), (heads(3), &AGAINST), (heads(3), &ABSTAIN)];
    let outcome = |base| {
        let mut rule = by_heads(more_than(1, 2), more_than(1, 2));
        rule.approval_base = base;
        let tally = vote(&rule, eligible(12, 0), &groups);
        (tally.measures[0].approval_whole, tally.outcome)
    };
    assert_eq!(outcome(ApprovalBase::ForAndAgainst), (7, Outcome::Adopted));
    assert_eq!(
        outcome(ApprovalBase::Participating),
        (10, Outcome::Rejected)
    );
    assert_eq!(outcome(ApprovalBase::Eligible), (12, Outcome::Rejected));
}

#[test]
fn a_majority_of_all_eligible_needs_more_than_those_who_vote() {
    let mut rule = by_heads(at_least(0, 1), more_than(1, 2));
    rule.approval_base = ApprovalBase::Eligible;
    let outcome = |n| vote(&rule, eligible(10, 0), &[(heads(n), &FOR)]).outcome;
    assert_eq!(outcome(5), Outcome::Rejected);
    assert_eq!(outcome(6), Outcome::Adopted);
}

// ── Meetings ────────────────────────────────────────────────────────────────────────────────────

#[test]
fn in_a_meeting_the_quorum_and_the_majority_are_of_those_attending() {
    let rule = preset(Preset::ResidentsMeeting);
    let outcome = |attending, in_favour| {
        let electorate = Electorate {
            eligible: heads(100),
            attending: heads(attending),
        };
        vote(&rule, electorate, &[(heads(in_favour), &FOR)]).outcome
    };
    assert_eq!(outcome(50, 50), Outcome::NoQuorum, "exactly half attend");
    assert_eq!(outcome(51, 26), Outcome::Adopted);
    assert_eq!(
        outcome(60, 30),
        Outcome::Rejected,
        "exactly half of those attending"
    );
    assert_eq!(outcome(60, 31), Outcome::Adopted);
}

#[test]
fn representatives_need_two_thirds_attending() {
    let rule = preset(Preset::RepresentativesMeeting);
    let outcome = |attending| {
        let electorate = Electorate {
            eligible: heads(45),
            attending: heads(attending),
        };
        vote(&rule, electorate, &[(heads(29), &FOR)]).outcome
    };
    assert_eq!(outcome(29), Outcome::NoQuorum);
    assert_eq!(outcome(30), Outcome::Adopted);
}

#[test]
fn a_charter_amendment_takes_exactly_two_thirds_of_those_attending() {
    let rule = preset(Preset::CharterAmendment);
    let outcome = |in_favour| {
        let electorate = Electorate {
            eligible: heads(100),
            attending: heads(60),
        };
        vote(&rule, electorate, &[(heads(in_favour), &FOR)]).outcome
    };
    assert_eq!(outcome(39), Outcome::Rejected);
    assert_eq!(outcome(40), Outcome::Adopted);
}

// ── Ballots and papers ──────────────────────────────────────────────────────────────────────────

#[test]
fn papers_and_ballots_add_up_and_spoiled_papers_abstain() {
    let mut count = Count::new(None);
    count.ballot(weight(1, 10_000), &FOR);
    count.paper(&PaperTotal {
        choice: FOR,
        heads: 40,
        area: 390_000,
    });
    count.paper(&PaperTotal {
        choice: AGAINST,
        heads: 10,
        area: 100_000,
    });
    count.spoiled(weight(9, 100_000));
    assert_eq!(count.participating(), weight(60, 600_000));
    let tally = count.tally(&preset(Preset::OwnersOrdinary), eligible(90, 900_000));
    let by_heads = &tally.measures[0];
    assert_eq!(
        (by_heads.in_favour, by_heads.against, by_heads.abstaining),
        (41, 10, 9)
    );
    assert_eq!(
        tally.outcome,
        Outcome::Adopted,
        "the spoiled papers make the quorum"
    );
}

#[test]
fn an_owner_of_three_units_is_one_head_and_three_areas() {
    let roll = roll(vec![
        unit("wang", "101", 30_000),
        unit("wang", "102", 30_000),
        unit("wang", "103", 30_000),
        unit("li", "104", 5_000),
        unit("chen", "105", 5_000),
    ]);
    let rule = preset(Preset::OwnersOrdinary);
    let electorate = Electorate::new(&rule, &roll, &people(&[]), []);
    let mut count = Count::new(None);
    for (voter, choice) in [("wang", FOR), ("li", AGAINST), ("chen", AGAINST)] {
        count.ballot(roll.weight_of(&person(voter)).unwrap(), &choice);
    }
    let tally = count.tally(&rule, electorate);
    assert_eq!(
        heads_and_area(&tally),
        (false, true),
        "90% of the area, a third of the heads"
    );
    assert_eq!(tally.outcome, Outcome::Rejected);
}

#[test]
fn a_choice_that_does_not_fit_the_question_abstains() {
    let rule = by_heads(more_than(1, 2), more_than(1, 2));
    let tally = vote(
        &rule,
        eligible(2, 0),
        &[(heads(2), &Choice::Options(vec![0]))],
    );
    assert_eq!(
        (
            tally.measures[0].participating,
            tally.measures[0].abstaining
        ),
        (2, 2)
    );
}

// ── Recusal ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_recused_leave_the_denominator_where_the_rule_says_so() {
    let roll = roll(vec![head("a"), head("b"), head("c"), head("d"), head("e")]);
    let mut rule = preset(Preset::CommitteeResolution);
    let recused = people(&["d", "e", "not-on-the-roll"]);
    let present = people(&["a", "d", "not-on-the-roll"]);
    assert_eq!(
        Electorate::new(&rule, &roll, &recused, &present),
        Electorate {
            eligible: heads(3),
            attending: heads(1)
        }
    );
    rule.recused_leave_denominator = false;
    assert_eq!(
        Electorate::new(&rule, &roll, &recused, &present),
        Electorate {
            eligible: heads(5),
            attending: heads(2)
        }
    );
}

#[test]
fn two_votes_of_five_carry_when_two_recuse() {
    let votes = [(heads(2), &FOR)];
    let roll = roll(vec![head("a"), head("b"), head("c"), head("d"), head("e")]);
    let rule = preset(Preset::CommitteeResolution);
    let outcome = |recused: &[&str]| {
        let electorate = Electorate::new(&rule, &roll, &people(recused), []);
        vote(&rule, electorate, &votes).outcome
    };
    assert_eq!(
        outcome(&["d"]),
        Outcome::NoQuorum,
        "two of four is no majority"
    );
    assert_eq!(outcome(&["d", "e"]), Outcome::Adopted, "two of three is");
}

// ── Roll calls ──────────────────────────────────────────────────────────────────────────────────

fn called(marks: &[(&str, RollCallMark)], recused: &[&str]) -> Tally {
    let roll = roll(["a", "b", "c", "d", "e", "f"].map(head).to_vec());
    let lines: Vec<_> = marks
        .iter()
        .map(|(voter, mark)| (person(voter), *mark))
        .collect();
    roll_call(
        &preset(Preset::CouncilOrdinary),
        &roll,
        &lines,
        &people(recused),
    )
}

#[test]
fn each_mark_of_a_roll_call_counts_for_what_it_says() {
    use RollCallMark::{Absent, Abstain, Against, Away, For, NotVoting};
    let tally = called(
        &[
            ("a", For),
            ("b", Against),
            ("c", Abstain),
            ("d", Absent),
            ("e", Away),
            ("f", NotVoting),
        ],
        &[],
    );
    let by_heads = &tally.measures[0];
    assert_eq!(by_heads.eligible, 6);
    assert_eq!(
        by_heads.attending, 4,
        "away counts as absent; not voting attends"
    );
    assert_eq!(by_heads.participating, 3, "not voting takes no part");
    assert_eq!(
        (by_heads.in_favour, by_heads.against, by_heads.abstaining),
        (1, 1, 1)
    );
    assert_eq!(by_heads.approval_whole, 2);
    assert_eq!(
        tally.outcome,
        Outcome::Rejected,
        "one of two is no majority"
    );
}

#[test]
fn a_council_without_more_than_half_attending_decides_nothing() {
    use RollCallMark::{Absent, Away, For, NotVoting};
    let marks = |fourth| {
        [
            ("a", For),
            ("b", For),
            ("c", For),
            ("d", fourth),
            ("e", Absent),
            ("f", Absent),
        ]
    };
    assert_eq!(called(&marks(Away), &[]).outcome, Outcome::NoQuorum);
    assert_eq!(called(&marks(NotVoting), &[]).outcome, Outcome::Adopted);
}

#[test]
fn a_recused_voter_has_no_vote_in_a_roll_call() {
    use RollCallMark::{Absent, Against, For};
    let marks = [
        ("a", For),
        ("b", For),
        ("c", Against),
        ("d", Against),
        ("e", Against),
        ("f", Absent),
    ];
    assert_eq!(called(&marks, &[]).outcome, Outcome::Rejected);
    let tally = called(&marks, &["d", "e"]);
    assert_eq!(tally.outcome, Outcome::Adopted);
    assert_eq!(
        tally.measures[0].attending, 5,
        "the council's rule keeps them in the denominator"
    );
}

#[test]
fn who_is_not_on_the_roll_has_no_vote_in_a_roll_call() {
    use RollCallMark::{Absent, For};
    let tally = called(&[("stranger", For), ("a", For), ("b", Absent)], &[]);
    assert_eq!(
        (tally.measures[0].attending, tally.measures[0].in_favour),
        (1, 1)
    );
}

#[test]
fn a_decision_names_its_rule_roll_charter_and_law() {
    let roll = roll(vec![head("a")]);
    let rule = preset(Preset::CommitteeResolution);
    let tally = vote(&rule, eligible(1, 0), &[(heads(1), &FOR)]);
    let decided = tally.decided("m-1".parse().unwrap(), &rule, 3, &roll);
    assert_eq!(decided.motion.as_str(), "m-1");
    assert_eq!((decided.rule, decided.charter_version), (rule.id, 3));
    assert_eq!(decided.roll.as_str(), "roll-1");
    assert_eq!(decided.citation, rule.citation);
    assert_eq!(decided.outcome, Outcome::Adopted);
}
