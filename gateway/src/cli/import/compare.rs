//! The ledger's outcomes beside the file's.

use std::collections::BTreeMap;

use governance::{
    action::{MotionDecided, Outcome, RollCallMark},
    charter::MeasureKind,
    ids::PersonId,
};

use super::{files::FileMotion, summary::Summary};

/// Holds one decision against the file's votes and its `passed`.
pub(super) fn compare(summary: &mut Summary, motion: &FileMotion, decided: &MotionDecided) {
    if tally_equals(decided, &motion.votes) {
        summary.tallies_equal += 1;
    } else {
        summary.tallies_differ.push(motion.id.to_string());
    }
    if let Some(passed) = motion.passed {
        summary.passed_compared += 1;
        if passed != (decided.outcome == Outcome::Adopted) {
            summary.passed_differ.push(motion.id.to_string());
        }
    }
}

/// Whether a tally by heads is that of these votes.
fn tally_equals(decided: &MotionDecided, votes: &BTreeMap<PersonId, RollCallMark>) -> bool {
    let count = |wanted: &[RollCallMark]| {
        let fitting = votes.values().filter(|mark| wanted.contains(mark));
        u64::try_from(fitting.count()).unwrap_or(u64::MAX)
    };
    let [tally] = decided.measures.as_slice() else {
        return false;
    };
    let (yes, no, abstain) = (
        RollCallMark::For,
        RollCallMark::Against,
        RollCallMark::Abstain,
    );
    tally.kind == MeasureKind::Heads
        && tally.in_favour == count(&[yes])
        && tally.against == count(&[no])
        && tally.abstaining == count(&[abstain])
        && tally.participating == count(&[yes, no, abstain])
        && tally.eligible == u64::try_from(votes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use governance::{
        action::MeasureTally,
        charter::{Comparison, Fraction, Threshold},
        ids::{MotionId, RollId, RuleId},
    };

    use super::*;

    fn votes(marks: &[RollCallMark]) -> BTreeMap<PersonId, RollCallMark> {
        let one =
            |(at, mark): (usize, &RollCallMark)| (PersonId::new(&format!("p{at}")).unwrap(), *mark);
        marks.iter().enumerate().map(one).collect()
    }

    fn decided(in_favour: u64, against: u64, abstaining: u64, eligible: u64) -> MotionDecided {
        let half = Threshold {
            fraction: Fraction::new(1, 2).unwrap(),
            comparison: Comparison::MoreThan,
        };
        MotionDecided {
            motion: MotionId::new("m").unwrap(),
            outcome: Outcome::Adopted,
            measures: vec![MeasureTally {
                kind: MeasureKind::Heads,
                eligible,
                attending: in_favour + against + abstaining,
                participating: in_favour + against + abstaining,
                in_favour,
                against,
                abstaining,
                quorum_counted: in_favour + against + abstaining,
                quorum: half,
                quorum_met: true,
                approval_whole: in_favour + against,
                approval: half,
                approval_met: true,
            }],
            options: vec![],
            rule: RuleId::new("council-ordinary").unwrap(),
            charter_version: 1,
            roll: RollId::new("r").unwrap(),
            citation: String::new(),
            effects: None,
            unopened: 0,
        }
    }

    #[test]
    fn a_tally_equals_the_votes_or_not() {
        use RollCallMark::{Absent, Abstain, Against, Away, For};
        let votes = votes(&[For, For, Against, Abstain, Absent, Away]);
        assert!(tally_equals(&decided(2, 1, 1, 6), &votes));
        assert!(!tally_equals(&decided(3, 1, 1, 6), &votes));
        assert!(!tally_equals(&decided(2, 0, 1, 6), &votes));
        assert!(!tally_equals(&decided(2, 1, 0, 6), &votes));
        assert!(!tally_equals(&decided(2, 1, 1, 5), &votes));
    }

    #[test]
    fn passed_is_compared_only_where_the_file_says_it() {
        let mut summary = Summary::default();
        let motion = |passed| FileMotion {
            id: MotionId::new("m").unwrap(),
            item: "m".to_owned(),
            held_on: "2024-01-10".parse().unwrap(),
            title: "T".to_owned(),
            paragraphs: vec![],
            final_action: "DENIED".to_owned(),
            passed,
            votes: votes(&[RollCallMark::For]),
        };
        for passed in [None, Some(true), Some(false)] {
            compare(&mut summary, &motion(passed), &decided(1, 0, 0, 1));
        }
        assert_eq!((summary.tallies_equal, summary.passed_compared), (3, 2));
        assert_eq!(summary.passed_differ, ["m"]);
    }
}
