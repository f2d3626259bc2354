//! Corrected records (rules.md §2.6, §3): no entry is ever changed; a correction is a new entry that names the one it
//! corrects, by the registrar and a second officer.
//!
//! Any entry can be corrected in words, for those who read it. A roll call that was taken down wrongly is given
//! anew and tallied again, by the rule, the roll and the recusals of its vote; the ledger derives what it comes
//! to. What already rests on its outcome is not undone on the way: then the decision is overturned by order.

use crate::{
    action::{Correction, RecordCorrected, RollCallMark},
    agenda::Due,
    authority::{Act, Over},
    bounds::{self, CITATION_LEN_MAX, PARAGRAPHS_LEN_MAX},
    charter::Right,
    decide::EntryRef,
    ids::{MotionId, PersonId},
    motion::{Decided, Motion, needs_attendance},
    rejection::Rejection,
    roll_call::check_lines,
    state::State,
    tally,
};

pub(crate) fn decide(act: &Act<'_>, corrected: &RecordCorrected) -> Result<(), Rejection> {
    match &corrected.correction {
        Correction::Note(note) => {
            act.may_ledger_wide(Right::Register)?;
            let rights = [Right::Tell, Right::Supervise];
            act.check_attestor(&corrected.second, &rights, &Over::Ledger)?;
            bounds::required_text("note", note, PARAGRAPHS_LEN_MAX)?;
        }
        Correction::RollCall { motion, lines } => decide_roll_call(act, corrected, motion, lines)?,
    }
    bounds::required_text("reason", &corrected.reason, CITATION_LEN_MAX)?;
    if corrected.entry < act.state.size {
        return Ok(());
    }
    Err(Rejection::CorrectsNothing {
        entry: corrected.entry,
        size: act.state.size,
    })
}

/// By who may take one down and who may attest it; of a decision that stands on that very roll call.
fn decide_roll_call(
    act: &Act<'_>,
    corrected: &RecordCorrected,
    id: &MotionId,
    lines: &[(PersonId, RollCallMark)],
) -> Result<(), Rejection> {
    let motion = act.state.existing_motion(id)?;
    act.may(Right::Register, &motion.body)?;
    let over = Over::Body(motion.body.clone());
    act.check_attestor(&corrected.second, &[Right::Tell], &over)?;
    let Some(decided) = motion
        .decision()
        .filter(|decided| decided.roll_call == Some(corrected.entry))
    else {
        return Err(Rejection::CorrectsNoRollCall {
            motion: id.clone(),
            entry: corrected.entry,
        });
    };
    if let Some(index) = decided.overturned {
        return Err(Rejection::DecisionOverturnedAlready {
            motion: id.clone(),
            index,
        });
    }
    check_lines(id, act.state.published_roll(&decided.roll)?, lines)?;
    lines
        .iter()
        .try_for_each(|(voter, mark)| check_mark(act.state, id, motion, decided, voter, *mark))?;
    check_settled(act.state, id, motion, decided, lines)
}

/// A mark contradicts neither an interest declared nor, as long as the meeting lasts, its attendance.
fn check_mark(
    state: &State,
    id: &MotionId,
    motion: &Motion,
    decided: &Decided,
    voter: &PersonId,
    mark: RollCallMark,
) -> Result<(), Rejection> {
    use RollCallMark::{Absent, Abstain, Against, For};
    if matches!(mark, For | Against | Abstain) && decided.recused.contains(voter) {
        return Err(Rejection::VoterRecused {
            motion: id.clone(),
            person: voter.clone(),
            why: motion.why_recused(state, voter),
        });
    }
    let meeting = motion
        .meeting
        .as_ref()
        .and_then(|id| state.meetings.get(id));
    let Some(meeting) =
        meeting.filter(|meeting| needs_attendance(&decided.rule) && meeting.attendance.is_some())
    else {
        return Ok(());
    };
    match (mark == Absent, meeting.attends(voter)) {
        (true, true) => Err(Rejection::PresentMarkedAbsent {
            motion: id.clone(),
            person: voter.clone(),
        }),
        (false, false) => Err(Rejection::NotAttending {
            motion: id.clone(),
            person: voter.clone(),
            rule: crate::rejection::Cited::of(&decided.rule),
        }),
        _ => Ok(()),
    }
}

/// The outcome stays, or nothing rests on it.
fn check_settled(
    state: &State,
    id: &MotionId,
    motion: &Motion,
    decided: &Decided,
    lines: &[(PersonId, RollCallMark)],
) -> Result<(), Rejection> {
    let roll = state.published_roll(&decided.roll)?;
    let outcome = tally::roll_call(&decided.rule, roll, lines, &decided.recused).outcome;
    let seats = || {
        let mut offices = state.offices.values();
        offices.any(|office| office.decision.as_ref() == Some(id))
    };
    let rests = || !motion.effects.is_empty() || decided.progress.is_some() || seats();
    if outcome == decided.outcome || !rests() {
        return Ok(());
    }
    Err(Rejection::CorrectionUnsettles { motion: id.clone() })
}

pub(crate) fn evolve(state: &mut State, corrected: &RecordCorrected, at: EntryRef) {
    let Correction::RollCall { motion: id, lines } = &corrected.correction else {
        return;
    };
    let motion = state.motions.get_mut(id);
    if let Some(decided) = motion.and_then(Motion::decision_mut) {
        decided.retallied = Some(lines.clone());
        state
            .agenda
            .plan(Due::MotionDecided(id.clone()), at.recorded_at);
    }
}
