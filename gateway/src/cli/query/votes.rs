//! Who voted what, for people.

use std::collections::BTreeMap;

use proto::v1::{self, MeasureKind, RollCallMark};

use super::{super::output, words};

/// Who voted what, by what they voted, and how many are not named.
pub(super) fn told(answer: &v1::GetDecisionResponse, names: &BTreeMap<String, String>) -> String {
    let name = |person: &str| {
        let known = names.get(person).cloned();
        known.unwrap_or_else(|| person.to_owned())
    };
    let mut by_choice: BTreeMap<(i32, String), Vec<String>> = BTreeMap::new();
    for line in &answer.roll_call {
        let mark = RollCallMark::try_from(line.mark).unwrap_or(RollCallMark::Unspecified);
        let key = (line.mark, words::mark(mark).to_owned());
        by_choice.entry(key).or_default().push(name(&line.voter));
    }
    for ballot in &answer.ballots {
        let choice = words::choice(ballot.choice.as_ref(), answer.contest.as_ref());
        let voter = if ballot.cast_by.is_empty() || ballot.cast_by == ballot.voter {
            name(&ballot.voter)
        } else {
            let (voter, caster) = (name(&ballot.voter), name(&ballot.cast_by));
            format!("{voter} (by proxy, {caster})")
        };
        let key = (words::choice_order(ballot.choice.as_ref()), choice);
        by_choice.entry(key).or_default().push(voter);
    }
    let groups = by_choice.iter().map(|((_, choice), voters)| {
        format!("  {choice} ({}): {}", voters.len(), voters.join(", "))
    });
    let mut lines: Vec<String> = groups.collect();
    let unnamed = unnamed(answer);
    if unnamed > 0 {
        let unnamed = output::grouped(unnamed);
        lines.push(format!(
            "  on paper ({unnamed}): counted above, not listed by name"
        ));
    }
    lines.join("\n")
}

/// How many took part whose votes are not among those listed: they voted on paper.
fn unnamed(answer: &v1::GetDecisionResponse) -> u64 {
    let result = answer.decision.iter().flat_map(|decision| &decision.result);
    let mut measures = result.flat_map(|result| &result.measures);
    let heads = measures.find(|tally| tally.kind() == MeasureKind::Heads);
    let listed = u64::try_from(answer.ballots.len()).unwrap_or(u64::MAX);
    let took_part = heads.map_or(0, |tally| tally.participating);
    if answer.roll_call.is_empty() {
        took_part.saturating_sub(listed)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_stand_together_by_what_they_are() {
        let line = |voter: &str, mark: RollCallMark| v1::RollCallLine {
            voter: voter.to_owned(),
            mark: mark.into(),
        };
        let answer = v1::GetDecisionResponse {
            roll_call: vec![
                line("b", RollCallMark::Against),
                line("a", RollCallMark::For),
                line("c", RollCallMark::For),
            ],
            ..v1::GetDecisionResponse::default()
        };
        let names = BTreeMap::from([("a".to_owned(), "Ada".to_owned())]);
        assert_eq!(told(&answer, &names), "  for (2): Ada, c\n  against (1): b");
    }

    #[test]
    fn papers_are_counted_without_names() {
        let tally = v1::MeasureTally {
            kind: MeasureKind::Heads.into(),
            participating: 3,
            ..v1::MeasureTally::default()
        };
        let result = v1::MotionDecided {
            measures: vec![tally],
            ..v1::MotionDecided::default()
        };
        let answer = v1::GetDecisionResponse {
            decision: Some(v1::Decision {
                result: Some(result),
                ..v1::Decision::default()
            }),
            ballots: vec![
                ballot("b", v1::Stance::Against),
                ballot("a", v1::Stance::For),
            ],
            ..v1::GetDecisionResponse::default()
        };
        let expected =
            "  for (1): a\n  against (1): b\n  on paper (1): counted above, not listed by name";
        assert_eq!(told(&answer, &BTreeMap::new()), expected);
    }

    fn ballot(voter: &str, stance: v1::Stance) -> v1::OpenBallot {
        let choice = v1::choice::Choice::Stance(stance.into());
        v1::OpenBallot {
            voter: voter.to_owned(),
            choice: Some(v1::Choice {
                choice: Some(choice),
            }),
            ..v1::OpenBallot::default()
        }
    }

    #[test]
    fn a_ballot_by_proxy_says_so() {
        let mut by_proxy = ballot("b", v1::Stance::For);
        "a".clone_into(&mut by_proxy.cast_by);
        let answer = v1::GetDecisionResponse {
            ballots: vec![ballot("a", v1::Stance::For), by_proxy],
            ..v1::GetDecisionResponse::default()
        };
        assert_eq!(
            told(&answer, &BTreeMap::new()),
            "  for (2): a, b (by proxy, a)"
        );
    }
}
