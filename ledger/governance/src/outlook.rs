//! What an open vote can still come to, by those who have not voted yet.
//!
//! Told of open votes alone: of one whose results are hidden until the close, or secret, nothing of how it stands
//! may be known before. It counts nothing itself: it asks [`tally`](crate::tally) what the ballots so far come to,
//! and what they would come to if everybody else voted one way or the other. Until the close a voter may still
//! change an electronic ballot; what is told is how the ballots stand. Who is recused does not vote any more, whether
//! or not the rule still counts them as eligible; where those attending count, they may come or stay away.

use crate::{
    action::{Choice, Contest, Outcome, Stance},
    charter::{BallotVisibility, DecisionRule},
    ids::{Millis, MotionId, PersonId},
    motion::Motion,
    roll::{Roll, Weight},
    state::State,
    tally::{Count, Electorate, Tally},
};

/// How an open vote stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// On which motion.
    pub motion: MotionId,
    /// The first moment that is too late for a ballot.
    pub closes_at: Millis,
    /// What it would come to if nobody else voted.
    pub so_far: Tally,
    /// The best it can come to: everybody else votes for; in a contest, for one option.
    pub at_best: Outcome,
    /// The worst it can come to: everybody else votes against; in a contest, for none.
    pub at_worst: Outcome,
    /// Those who have not voted: heads, and area in 0.01 m².
    pub still_out: Weight,
    /// The law of its rule.
    pub citation: String,
}

impl Outlook {
    /// Whether it can still pass, or fill a seat.
    pub fn can_pass(&self) -> bool {
        passes(self.at_best)
    }

    /// Whether it passes whatever those do who have not voted.
    pub fn must_pass(&self) -> bool {
        passes(self.at_worst)
    }
}

const fn passes(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Adopted | Outcome::PartlyFilled)
}

/// How the vote on a motion stands; `None`: it is not being voted on, or how it stands is not to be known.
pub fn outlook(state: &State, id: &MotionId) -> Option<Outlook> {
    let motion = state.motions.get(id)?;
    let vote = motion.vote()?;
    if vote.rule.visibility != BallotVisibility::Open || vote.roll_call.is_some() {
        return None;
    }
    let roll = state.published_roll(&vote.roll).ok()?;
    let (count, electorate) = motion.count(vote, roll, state);
    let may_vote = roll.total().without(motion.recused_of(roll, |_| true));
    let still_out = may_vote.without(count.participating());
    let contest = motion.contest.as_deref();
    let come = all_come(state, motion, &vote.rule, roll, electorate);
    let then = |choice: &Choice| {
        come.map(|electorate| outcome_if(&count, &vote.rule, electorate, still_out, choice))
    };
    let at_best = favourable(contest)
        .iter()
        .flat_map(then)
        .max_by_key(|outcome| rank(*outcome));
    let unfavourable = contest.map_or(Choice::Stance(Stance::Against), |_| {
        Choice::Options(Vec::new())
    });
    let so_far = count.tally(&vote.rule, electorate);
    Some(Outlook {
        motion: id.clone(),
        closes_at: vote.closes_at,
        at_best: at_best.unwrap_or(Outcome::Rejected),
        // Few who come make a quorum fail, many against the approval: the worse of the two.
        at_worst: then(&unfavourable)
            .into_iter()
            .chain([so_far.outcome])
            .min_by_key(|outcome| rank(*outcome))
            .unwrap_or(Outcome::Rejected),
        so_far,
        still_out,
        citation: vote.rule.citation.clone(),
    })
}

/// The electorate once all who may vote have come to the meeting, without those recused who have not come so far, and
/// with them.
fn all_come(
    state: &State,
    motion: &Motion,
    rule: &DecisionRule,
    roll: &Roll,
    so_far: Electorate,
) -> [Electorate; 2] {
    let meeting = motion.meeting.as_ref();
    let meeting = meeting.and_then(|id| state.meetings.get(id));
    let there = |voter: &PersonId| meeting.is_some_and(|meeting| meeting.attends(voter));
    // Where the recused leave the denominator, neither counts them.
    let away = if rule.recused_leave_denominator {
        Weight::ZERO
    } else {
        motion.recused_of(roll, |voter| !there(voter))
    };
    [so_far.eligible.without(away), so_far.eligible].map(|attending| Electorate {
        attending,
        ..so_far
    })
}

/// What those who have not voted could choose to bring it about.
fn favourable(contest: Option<&Contest>) -> Vec<Choice> {
    match contest {
        None => vec![Choice::Stance(Stance::For)],
        Some(contest) => (0_u32..)
            .zip(&contest.options)
            .map(|(option, _)| Choice::Options(vec![option]))
            .collect(),
    }
}

/// What it would come to if all who have not voted chose this.
fn outcome_if(
    count: &Count,
    rule: &DecisionRule,
    electorate: Electorate,
    still_out: Weight,
    choice: &Choice,
) -> Outcome {
    let mut count = count.clone();
    if still_out != Weight::ZERO {
        count.ballot(still_out, choice);
    }
    count.tally(rule, electorate).outcome
}

const fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::NoQuorum => 0,
        Outcome::Rejected => 1,
        Outcome::PartlyFilled => 2,
        Outcome::Adopted => 3,
    }
}
