//! Roll calls: a meeting's open vote by name, live or from minutes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    action::{Minuted, RollCall, RollCallMark},
    authority::{Act, Over},
    bounds::{self, CITATION_LEN_MAX},
    charter::{BallotVisibility, DecisionRule, Prerequisites, Right},
    decide::EntryRef,
    deliberation::{check_new_motion, check_text},
    ids::{BodyId, MotionId, PersonId},
    motion::{Motion, Stage, Vote},
    rejection::{Rejection, Unfit},
    roll::Roll,
    rolls::{check_on_roll, check_pinned},
    state::State,
    voting::Ballotbox,
};

pub(crate) fn decide(act: &Act<'_>, roll_call: &RollCall) -> Result<(), Rejection> {
    match &roll_call.minuted {
        None => live(act, roll_call),
        Some(minuted) => from_minutes(act, roll_call, minuted),
    }
}

fn check_authority(act: &Act<'_>, roll_call: &RollCall, body: &BodyId) -> Result<(), Rejection> {
    act.may(Right::Register, body)?;
    act.check_attestor(&roll_call.second, &[Right::Tell], &Over::Body(body.clone()))
}

/// The motion is being voted on in a meeting, and nobody has voted in another way.
fn live(act: &Act<'_>, roll_call: &RollCall) -> Result<(), Rejection> {
    let body = &act.state.existing_motion(&roll_call.motion)?.body;
    check_authority(act, roll_call, body)?;
    let ballotbox = Ballotbox::running(act, &roll_call.motion)?;
    let votes = ballotbox.vote.voted();
    if ballotbox.motion.meeting.is_none() {
        return Err(unfit(&roll_call.motion, Unfit::NoMeeting));
    }
    if ballotbox.motion.contest.is_some() {
        return Err(unfit(&roll_call.motion, Unfit::Contest));
    }
    if votes > 0 {
        return Err(unfit(&roll_call.motion, Unfit::VotesAreIn(votes)));
    }
    check_rule(&roll_call.motion, &ballotbox.vote.rule)?;
    check_pinned(&roll_call.roll, &ballotbox.vote.roll)?;
    check_lines(&roll_call.motion, ballotbox.roll, &roll_call.lines)?;
    roll_call
        .lines
        .iter()
        .try_for_each(|(voter, mark)| check_mark(&ballotbox, voter, *mark))
}

/// A mark contradicts neither an interest declared nor, where those attending decide, the meeting's
/// attendance.
fn check_mark(
    ballotbox: &Ballotbox<'_>,
    voter: &PersonId,
    mark: RollCallMark,
) -> Result<(), Rejection> {
    use RollCallMark::{Absent, Abstain, Against, For};
    if matches!(mark, For | Against | Abstain) {
        ballotbox.check_not_recused(voter)?;
    }
    if mark != Absent {
        return ballotbox.check_attends(voter);
    }
    if ballotbox.is_recorded_present(voter) {
        return Err(Rejection::PresentMarkedAbsent {
            motion: ballotbox.id.clone(),
            person: voter.clone(),
        });
    }
    Ok(())
}

/// The motion comes with its vote. Minutes are taken at their word where they tell of a meeting (its notice,
/// who was there); what they cannot show at all bars them.
fn from_minutes(act: &Act<'_>, roll_call: &RollCall, minuted: &Minuted) -> Result<(), Rejection> {
    let state = act.state;
    check_authority(act, roll_call, &minuted.body)?;
    check_new_motion(state, &roll_call.motion)?;
    state.body(&minuted.body)?;
    let charter = state.charter_on(minuted.held_on);
    let rule = charter.rule_of(&minuted.rule, &minuted.body)?;
    check_rule(&roll_call.motion, rule)?;
    check_minutes(&roll_call.motion, minuted, rule)?;
    check_text(&minuted.text)?;
    bounds::text("source", &minuted.source, CITATION_LEN_MAX)?;
    bounds::text("source_outcome", &minuted.source_outcome, CITATION_LEN_MAX)?;
    if minuted.held_on > act.today {
        return Err(Rejection::HeldInFuture {
            motion: roll_call.motion.clone(),
            held_on: minuted.held_on,
            today: act.today,
        });
    }
    let day = minuted.held_on;
    let Some(in_force) = state.roll_in_force(&minuted.body, day) else {
        return Err(Rejection::NoRollInForce {
            body: minuted.body.clone(),
            day,
        });
    };
    state.published_roll(&roll_call.roll)?;
    if roll_call.roll != *in_force.id() {
        return Err(Rejection::RollNotInForce {
            roll: roll_call.roll.clone(),
            in_force: in_force.id().clone(),
            day,
        });
    }
    check_lines(&roll_call.motion, in_force, &roll_call.lines)
}

fn unfit(motion: &MotionId, reason: Unfit) -> Rejection {
    Rejection::RollCallUnfit {
        motion: motion.clone(),
        reason,
    }
}

/// The rule's votes are open, and none of its voters has days to vote in.
fn check_rule(motion: &MotionId, rule: &DecisionRule) -> Result<(), Rejection> {
    if rule.visibility != BallotVisibility::Open {
        return Err(unfit(motion, Unfit::NotOpen));
    }
    if rule.voting_window_ms_min > 0 {
        return Err(unfit(
            motion,
            Unfit::ShortestWindow(rule.voting_window_ms_min),
        ));
    }
    Ok(())
}

/// The law was in force, the question is for or against, and nothing had to come first.
fn check_minutes(
    motion: &MotionId,
    minuted: &Minuted,
    rule: &DecisionRule,
) -> Result<(), Rejection> {
    if minuted.held_on < rule.law_in_force_from {
        return Err(unfit(motion, Unfit::BeforeTheLaw(rule.law_in_force_from)));
    }
    if rule.more_candidates_than_seats {
        return Err(unfit(motion, Unfit::Contest));
    }
    if rule.prerequisites != Prerequisites::default() {
        return Err(unfit(motion, Unfit::Prerequisites));
    }
    Ok(())
}

/// Every voter of the roll, once, and nobody else.
pub(crate) fn check_lines(
    motion: &MotionId,
    roll: &Roll,
    lines: &[(PersonId, RollCallMark)],
) -> Result<(), Rejection> {
    let mut named: BTreeSet<&PersonId> = BTreeSet::new();
    for (voter, _) in lines {
        check_on_roll(roll, voter)?;
        if !named.insert(voter) {
            return Err(Rejection::NamedTwice {
                field: "lines",
                person: voter.clone(),
            });
        }
    }
    let voters = roll.total().heads;
    let left_out = roll.iter().find(|(voter, _)| !named.contains(voter));
    match left_out {
        None => Ok(()),
        Some((first_missing, _)) => Err(Rejection::RollCallIncomplete {
            motion: motion.clone(),
            first_missing: first_missing.clone(),
            missing: voters - named.len() as u64,
            voters,
        }),
    }
}

pub(crate) fn evolve(state: &mut State, roll_call: &RollCall, at: EntryRef) {
    if let Some(minuted) = &roll_call.minuted {
        table_minuted(state, roll_call, minuted, at);
    }
    let vote = state
        .motions
        .get_mut(&roll_call.motion)
        .and_then(Motion::vote_mut);
    if let Some(vote) = vote {
        vote.roll_call = Some((at.index, roll_call.lines.clone()));
        state.end_vote(&roll_call.motion, at.recorded_at);
    }
}

/// The motion is there, and its vote open, for as long as it takes to decide it.
fn table_minuted(state: &mut State, roll_call: &RollCall, minuted: &Minuted, at: EntryRef) {
    let charter = state.charter_on(minuted.held_on);
    let Some(rule) = charter.rule(&minuted.rule) else {
        return;
    };
    let rule = Arc::new(rule.clone());
    let charter_version = charter.version;
    let mut vote = Vote::new(at, at.recorded_at, Arc::clone(&rule), &roll_call.roll);
    vote.minuted_on = Some(minuted.held_on);
    let motion = Motion {
        body: minuted.body.clone(),
        rule,
        charter_version,
        tabled_by: minuted.body.clone(),
        text_since: at.recorded_at,
        contest: None,
        meeting: None,
        run_off_of: None,
        consultation: None,
        effects: Arc::default(),
        nominated: BTreeSet::new(),
        heard: BTreeSet::new(),
        invited: BTreeMap::new(),
        experts: BTreeMap::new(),
        interested: BTreeSet::new(),
        recused: BTreeSet::new(),
        stage: Stage::Tabled,
        latest: at.leaf,
    };
    state.motions.insert(roll_call.motion.clone(), motion);
    state.begin_vote(&roll_call.motion, vote, at.recorded_at);
}
