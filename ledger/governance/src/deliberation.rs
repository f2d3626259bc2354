//! Deliberation: what happens to a motion before its vote opens, and who decides what comes after.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    action::{
        Action, Contest, DeliberationAction, Effect, MotionTabled, MotionText, StatementKind,
    },
    authority::{Act, Standing},
    bounds::{self, CITATION_LEN_MAX, PARAGRAPHS_LEN_MAX, PARAGRAPHS_MAX, TITLE_LEN_MAX},
    charter::{DecisionRule, Right},
    contest,
    decide::EntryRef,
    effect::{self, Cause},
    filing, hidden,
    ids::{BodyId, MotionId, PersonId},
    motion::{Expert, Motion, Stage},
    nomination, opening, overturn, paper, petition, progress,
    rejection::{Bodies, Cited, Incapacity, Rejection},
    roll_call,
    state::State,
    voting,
};

pub(crate) fn decide(act: &Act<'_>, action: &DeliberationAction) -> Result<(), Rejection> {
    match action {
        DeliberationAction::MotionTabled(tabled) => decide_tabled(act, tabled),
        DeliberationAction::MotionAmended {
            motion,
            text,
            contest,
            effects,
        } => {
            let record = change_of_tabled(act, motion)?;
            let rule = &record.rule;
            check_text(text)?;
            contest::check(act.state, contest.as_ref(), rule)?;
            check_effects(act, motion, rule, effects, contest.is_some())?;
            let first = record.run_off_of.as_ref();
            contest::check_run_off(act.state, Some(motion), first, contest.as_ref(), rule)
        }
        DeliberationAction::MotionWithdrawn { motion } => change_of_tabled(act, motion).map(|_| ()),
        DeliberationAction::StatementMade {
            motion,
            kind,
            content,
        } => {
            decide_statement(act, motion, *kind)?;
            bounds::content(content)
        }
        DeliberationAction::ExpertInvited { motion, expert } => decide_invited(act, motion, expert),
        DeliberationAction::ParticipantsInvited { motion, bodies } => {
            decide_participants(act, motion, bodies)
        }
        DeliberationAction::ExpertOpinionFiled {
            motion, content, ..
        } => {
            decide_opinion(act, motion)?;
            bounds::content(content)
        }
        DeliberationAction::CandidateNominated {
            motion,
            candidate,
            nominators,
        } => nomination::decide(act, motion, candidate, nominators),
        DeliberationAction::InterestDeclared { motion } => voting::decide_interest(act, motion),
        DeliberationAction::VotingOpened {
            motion,
            roll,
            closes_at,
        } => opening::decide(act, motion, roll, *closes_at),
        DeliberationAction::BallotCast(ballot) => voting::decide_ballot(act, ballot),
        DeliberationAction::OpeningSubmitted(submitted) => hidden::decide_submitted(act, submitted),
        DeliberationAction::ProxyGranted {
            motion,
            voting_opened,
            holder,
        } => voting::decide_proxy(act, motion, *voting_opened, holder),
        DeliberationAction::ProxyRevoked { motion } => voting::decide_revocation(act, motion),
        DeliberationAction::PaperBallotsRecorded(papers) => paper::decide(act, papers),
        DeliberationAction::RollCallRecorded(roll_call) => roll_call::decide(act, roll_call),
        DeliberationAction::VotingClosed { motion } => voting::decide_closed(act, motion),
        DeliberationAction::DecisionOverturned(overturned) => overturn::decide(act, overturned),
        DeliberationAction::DecisionImplemented(implemented) => progress::decide(act, implemented),
        DeliberationAction::DecisionFiled(filed) => filing::decide(act, filed),
        // Persons are turned away before this, and what the ledger derives is compared whole.
        DeliberationAction::MotionDecided(_) | DeliberationAction::BallotsOpened(_) => {
            Err(Rejection::NotForPersons {
                family: act.action.payload.family(),
            })
        }
    }
}

fn decide_tabled(act: &Act<'_>, tabled: &MotionTabled) -> Result<(), Rejection> {
    let state = act.state;
    let asked_for = state.was_asked_for(tabled.meeting.as_ref(), &tabled.effects);
    petition::may(act, Right::Table, &tabled.body, asked_for)?;
    check_new_motion(state, &tabled.motion)?;
    state.body(&tabled.body)?;
    let rule = state.rule_of(&tabled.rule, &tabled.body)?;
    if !asked_for {
        check_tabled_by(act, rule)?;
    }
    check_text(&tabled.text)?;
    bounds::text("source", &tabled.source, CITATION_LEN_MAX)?;
    let contest = tabled.contest.as_ref();
    contest::check(state, contest, rule)?;
    check_effects(
        act,
        &tabled.motion,
        rule,
        &tabled.effects,
        contest.is_some(),
    )?;
    if let Some(consultation) = &tabled.consultation {
        state.check_consultation(consultation, &tabled.body, tabled.matter.as_ref())?;
    }
    contest::check_run_off(state, None, tabled.run_off_of.as_ref(), contest, rule)?;
    let Some(meeting) = &tabled.meeting else {
        return Ok(());
    };
    let record = state.running_meeting(meeting)?;
    if record.body == tabled.body {
        return Ok(());
    }
    Err(Rejection::MeetingOfAnotherBody {
        meeting: meeting.clone(),
        of: record.body.clone(),
        body: tabled.body.clone(),
    })
}

/// The rule leaves it to whoever has the right, or names the actor's body.
fn check_tabled_by(act: &Act<'_>, rule: &DecisionRule) -> Result<(), Rejection> {
    let by = &rule.tabled_by;
    match act.standing.body() {
        Some(body) if !by.is_empty() && !by.contains(body) => Err(Rejection::TabledByOthers {
            body: body.clone(),
            rule: Cited::of(rule),
            by: Bodies(by.clone()),
        }),
        _ => Ok(()),
    }
}

fn check_effects(
    act: &Act<'_>,
    motion: &MotionId,
    rule: &DecisionRule,
    effects: &[Effect],
    contest: bool,
) -> Result<(), Rejection> {
    let cause = Cause {
        motion,
        rule,
        now: act.recorded_at,
        today: act.today,
    };
    effect::check_tabled(act.state, cause, effects, contest)
}

pub(crate) fn check_new_motion(state: &State, motion: &MotionId) -> Result<(), Rejection> {
    if state.motions.contains_key(motion) {
        return Err(Rejection::MotionExists {
            motion: motion.clone(),
        });
    }
    Ok(())
}

/// A title, and paragraphs that may be none.
pub(crate) fn check_text(text: &MotionText) -> Result<(), Rejection> {
    bounds::required_text("title", &text.title, TITLE_LEN_MAX)?;
    bounds::list("paragraphs", text.paragraphs.len(), 0, PARAGRAPHS_MAX)?;
    let bytes = text.paragraphs.iter().map(String::len).sum::<usize>();
    if bytes <= PARAGRAPHS_LEN_MAX {
        return Ok(());
    }
    Err(Rejection::TextTooLong {
        field: "paragraphs",
        bytes: bytes as u64,
        max: PARAGRAPHS_LEN_MAX as u64,
    })
}

/// A motion not yet opened, which the actor's body tabled, and which voters did not ask for.
fn change_of_tabled<'a>(act: &Act<'a>, motion: &MotionId) -> Result<&'a Motion, Rejection> {
    let record = act.state.existing_motion(motion)?;
    let asked_for = record.was_asked_for(act.state);
    petition::may(act, Right::Table, &record.body, asked_for)?;
    let body = act.body()?;
    if record.tabled_by != *body {
        return Err(Rejection::NotTablingBody {
            motion: motion.clone(),
            tabled_by: record.tabled_by.clone(),
            body: body.clone(),
        });
    }
    let record = act.state.tabled_motion(motion)?;
    petition::check_free(act, motion, record)?;
    Ok(record)
}

impl StatementKind {
    /// The right it exercises.
    const fn right(self) -> Right {
        match self {
            Self::Deliberation => Right::Deliberate,
            Self::Suggestion => Right::Suggest,
            Self::Recommendation => Right::Recommend,
            Self::Supervision => Right::Supervise,
        }
    }
}

/// Officers speak by right, or because the rule gives their body the word; members deliberate and suggest on
/// their own body's motions, and who is recorded as a guest of the meeting on what is put to it, for themself (组织法 28).
fn decide_statement(
    act: &Act<'_>,
    motion: &MotionId,
    kind: StatementKind,
) -> Result<(), Rejection> {
    let record = act.state.existing_motion(motion)?;
    let own = matches!(
        kind,
        StatementKind::Deliberation | StatementKind::Suggestion
    );
    let participants = &record.rule.prerequisites.participants;
    match act.standing {
        Standing::Member(body) if own && *body == record.body => {}
        Standing::Officer { body, .. } if own && participants.contains(body) => {}
        Standing::Oneself if own && is_guest(act, record) => {}
        Standing::Member(body) if own => {
            return Err(Rejection::NotInCapacity {
                person: act.person.clone(),
                body: body.clone(),
                why: Incapacity::AnotherBody(record.body.clone()),
            });
        }
        _ => act.may(kind.right(), &record.body)?,
    }
    act.state.pending_motion(motion).map(|_| ())
}

/// Whether the actor attends the meeting it is put to, as a guest.
fn is_guest(act: &Act<'_>, motion: &Motion) -> bool {
    let meeting = motion.meeting.as_ref();
    let meeting = meeting.and_then(|id| act.state.meetings.get(id));
    meeting.is_some_and(|meeting| meeting.has_guest(act.person))
}

fn decide_invited(act: &Act<'_>, motion: &MotionId, expert: &PersonId) -> Result<(), Rejection> {
    let record = act.state.existing_motion(motion)?;
    act.may(Right::Convene, &record.body)?;
    act.state.tabled_motion(motion)?;
    act.state.present_person(expert)?;
    if record.experts.contains_key(expert) {
        return Err(Rejection::ExpertInvitedAlready {
            motion: motion.clone(),
            expert: expert.clone(),
        });
    }
    check_independent(act, motion, expert, &record.body)
}

/// By who convenes: each body once for a text.
fn decide_participants(
    act: &Act<'_>,
    motion: &MotionId,
    bodies: &[BodyId],
) -> Result<(), Rejection> {
    let record = act.state.existing_motion(motion)?;
    act.may(Right::Convene, &record.body)?;
    act.state.tabled_motion(motion)?;
    bounds::list("bodies", bodies.len(), 1, bounds::PARTICIPANTS_MAX)?;
    for (at, body) in bodies.iter().enumerate() {
        act.state.body(body)?;
        if record.invited.contains_key(body) || bodies[..at].contains(body) {
            return Err(Rejection::ParticipantInvitedAlready {
                motion: motion.clone(),
                body: body.clone(),
            });
        }
    }
    Ok(())
}

/// An expert judges what others want: neither the inviter, nor an officer of the body that decides.
fn check_independent(
    act: &Act<'_>,
    motion: &MotionId,
    expert: &PersonId,
    body: &BodyId,
) -> Result<(), Rejection> {
    let state = act.state;
    let sits = state.holds_office_in(expert, body, act.today);
    if expert != act.person && !sits {
        return Ok(());
    }
    Err(Rejection::ExpertNotIndependent {
        motion: motion.clone(),
        expert: expert.clone(),
        body: body.clone(),
    })
}

fn decide_opinion(act: &Act<'_>, motion: &MotionId) -> Result<(), Rejection> {
    let record = act.state.pending_motion(motion)?;
    let (motion, expert) = (motion.clone(), act.person.clone());
    match record.experts.get(act.person) {
        Some(Expert::Invited) => Ok(()),
        Some(_) => Err(Rejection::OpinionFiledAlready { motion, expert }),
        None => Err(Rejection::ExpertNotInvited { motion, expert }),
    }
}

pub(crate) fn evolve(state: &mut State, whole: &Action, action: &DeliberationAction, at: EntryRef) {
    match action {
        DeliberationAction::MotionTabled(tabled) => table(state, whole, tabled, at),
        DeliberationAction::StatementMade { motion, .. } => hear(state, whole, motion),
        DeliberationAction::VotingOpened {
            motion,
            roll,
            closes_at,
        } => opening::evolve(state, motion, roll, *closes_at, at),
        DeliberationAction::RollCallRecorded(roll_call) => roll_call::evolve(state, roll_call, at),
        DeliberationAction::VotingClosed { motion } => state.end_vote(motion, at.recorded_at),
        DeliberationAction::MotionDecided(decided) => state.settle(decided, at),
        DeliberationAction::BallotsOpened(opened) => {
            let openings = opened.openings.iter();
            let openings = openings.map(|opening| (opening.voter.clone(), opening.choice.clone()));
            state.open_ballots(&opened.motion, openings, at.recorded_at);
            state.count_part(&opened.motion);
        }
        DeliberationAction::OpeningSubmitted(submitted) => {
            let voter = submitted.on_behalf_of.as_ref().or(whole.actor.person());
            let opening = voter.map(|voter| (voter.clone(), submitted.choice.clone()));
            state.open_ballots(&submitted.motion, opening, at.recorded_at);
        }
        DeliberationAction::BallotCast(ballot) => {
            let motion = state.motions.get_mut(&ballot.motion);
            if let (Some(actor), Some(motion)) = (whole.actor.person(), motion) {
                voting::cast(motion, actor, ballot);
                state.expect_openings(&ballot.motion);
            }
        }
        DeliberationAction::DecisionOverturned(overturned) => {
            overturn::evolve(state, overturned, at);
        }
        DeliberationAction::DecisionImplemented(implemented) => {
            progress::evolve(state, implemented);
        }
        DeliberationAction::DecisionFiled(filed) => filing::evolve(state, filed, at),
        _ => {
            let actor = whole.actor.person();
            if let (Some(actor), Some(motion)) = (actor, state.motions.get_mut(action.motion())) {
                change(motion, actor, action, at);
            }
            if matches!(action, DeliberationAction::InterestDeclared { .. }) {
                state.recuse_again(action.motion());
            }
        }
    }
}

/// What changes within one motion.
fn change(motion: &mut Motion, actor: &PersonId, action: &DeliberationAction, at: EntryRef) {
    match action {
        DeliberationAction::MotionAmended {
            contest, effects, ..
        } => {
            motion.effects = Arc::new(effects.clone());
            amend(motion, contest.clone().map(Arc::new), at);
        }
        DeliberationAction::MotionWithdrawn { .. } => {
            motion.stage = Stage::Withdrawn;
            motion.contest = None;
            motion.retire();
        }
        DeliberationAction::ExpertInvited { expert, .. } => {
            motion.experts.insert(expert.clone(), Expert::Invited);
        }
        DeliberationAction::ParticipantsInvited { bodies, .. } => {
            let invited = bodies.iter().map(|body| (body.clone(), at.recorded_at));
            motion.invited.extend(invited);
        }
        DeliberationAction::ExpertOpinionFiled { interested, .. } => {
            let answered = if *interested {
                Expert::AnsweredInterested
            } else {
                Expert::Answered
            };
            motion.experts.insert(actor.clone(), answered);
        }
        DeliberationAction::CandidateNominated { candidate, .. } => {
            motion.nominated.insert(candidate.clone());
        }
        DeliberationAction::InterestDeclared { .. } => {
            motion.recused.insert(actor.clone());
            motion.interested.insert(actor.clone());
        }
        DeliberationAction::ProxyGranted { holder, .. } => {
            if let Some(vote) = motion.vote_mut() {
                vote.proxies.grant(actor, holder);
            }
        }
        DeliberationAction::ProxyRevoked { .. } => {
            if let Some(vote) = motion.vote_mut() {
                vote.proxies.revoke(actor);
            }
        }
        DeliberationAction::PaperBallotsRecorded(papers) => paper::add(motion, papers),
        DeliberationAction::MotionTabled(_)
        | DeliberationAction::StatementMade { .. }
        | DeliberationAction::BallotCast(_)
        | DeliberationAction::BallotsOpened(_)
        | DeliberationAction::OpeningSubmitted(_)
        | DeliberationAction::VotingOpened { .. }
        | DeliberationAction::RollCallRecorded(_)
        | DeliberationAction::VotingClosed { .. }
        | DeliberationAction::MotionDecided(_)
        | DeliberationAction::DecisionOverturned(_)
        | DeliberationAction::DecisionImplemented(_)
        | DeliberationAction::DecisionFiled(_) => {}
    }
}

/// What was said was said of another text: the deliberation begins again, and who was asked is asked anew.
fn amend(motion: &mut Motion, contest: Option<Arc<Contest>>, at: EntryRef) {
    motion.contest = contest;
    motion.text_since = at.recorded_at;
    motion.heard.clear();
    for expert in motion.experts.values_mut() {
        *expert = Expert::Invited;
    }
    for since in motion.invited.values_mut() {
        *since = at.recorded_at;
    }
}

fn table(state: &mut State, whole: &Action, tabled: &MotionTabled, at: EntryRef) {
    let Ok(rule) = state.rule(&tabled.rule) else {
        return;
    };
    let motion = Motion {
        body: tabled.body.clone(),
        rule: Arc::new(rule.clone()),
        charter_version: state.charter.version,
        tabled_by: acting_body(whole).unwrap_or(&tabled.body).clone(),
        text_since: at.recorded_at,
        contest: tabled.contest.clone().map(Arc::new),
        meeting: tabled.meeting.clone(),
        run_off_of: tabled.run_off_of.clone(),
        consultation: tabled.consultation.clone(),
        effects: Arc::new(tabled.effects.clone()),
        nominated: BTreeSet::new(),
        heard: BTreeSet::new(),
        invited: BTreeMap::new(),
        experts: BTreeMap::new(),
        interested: BTreeSet::new(),
        recused: BTreeSet::new(),
        stage: Stage::Tabled,
        latest: at.leaf,
    };
    state.motions.insert(tabled.motion.clone(), motion);
    contest::note_run_off(state, tabled);
}

/// The body for which an action's person acts.
pub(crate) fn acting_body(action: &Action) -> Option<&BodyId> {
    action.actor.capacity().map(|capacity| &capacity.body)
}

/// An officer speaks for the body; a member only for themself.
fn hear(state: &mut State, whole: &Action, motion: &MotionId) {
    let Some(capacity) = whole.actor.capacity().filter(|c| c.office.is_some()) else {
        return;
    };
    if let Some(motion) = state.motions.get_mut(motion) {
        motion.heard.insert(capacity.body.clone());
    }
}
