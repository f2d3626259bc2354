//! Petitions 提请: what enough voters asked for is not in the hands of who would rather not have it.
//!
//! Where a tenth of the residents, or a third of their representatives, ask for a meeting, or for a recall, the law
//! says that it is held (组织法 20, 26, 28); often it is about those who would call it. Of a meeting that voters asked
//! for, and of a recall that they petitioned for, the registrar, who checked their signatures, and whoever supervises
//! the body may therefore do what the convener does otherwise: give notice, table what the meeting is about, open and
//! close its votes, close it. Nothing else is easier: notice, days, roll, quorum and majority are the rule's.
//!
//! Nor is it taken back by one of those: whoever recorded its tabling, what voters asked for is voted on as it was
//! tabled, and who does not want it any more votes against. It is neither amended nor withdrawn, its meeting is not
//! closed over it, and its vote ends early only when all who attend have voted. What can come to nothing any more, as
//! its meeting is past or the one to be recalled has left, may be withdrawn.

use crate::{
    action::Effect,
    authority::Act,
    case::Petition,
    charter::{DecisionRule, Right},
    effect::{self, Cause},
    ids::{BodyId, MeetingId, MotionId},
    motion::{Motion, Stage},
    rejection::{Cited, Rejection},
    state::State,
};

/// The right itself or, for what voters asked for, to register or to supervise.
pub(crate) fn may(
    act: &Act<'_>,
    right: Right,
    body: &BodyId,
    asked_for: bool,
) -> Result<(), Rejection> {
    let own = act.may(right, body);
    if own.is_ok() || !asked_for {
        return own;
    }
    let instead = [Right::Supervise, Right::Register];
    let helps = instead.iter().any(|right| act.may(*right, body).is_ok());
    if helps { Ok(()) } else { own }
}

impl State {
    /// The rule by which voters asked for a motion: it is put to a meeting that they called by it, or is a recall, and
    /// nothing else, that they petitioned for.
    fn asked_for_by(
        &self,
        meeting: Option<&MeetingId>,
        effects: &[Effect],
    ) -> Option<&DecisionRule> {
        let meeting = meeting.and_then(|meeting| self.meetings.get(meeting));
        if let Some(meeting) = meeting.filter(|meeting| meeting.petitioned) {
            return Some(&meeting.rule);
        }
        let petition = |effect: &Effect| match effect {
            Effect::Recalled { case } => self.cases.get(case)?.petition.as_ref(),
            _ => None,
        };
        let petitions: Option<Vec<&Petition>> = effects.iter().map(petition).collect();
        petitions?.first().map(|petition| &*petition.rule)
    }

    /// Whether voters asked for a motion that would be put to this meeting with these effects.
    pub(crate) fn was_asked_for(&self, meeting: Option<&MeetingId>, effects: &[Effect]) -> bool {
        self.asked_for_by(meeting, effects).is_some()
    }
}

impl Motion {
    /// The same of a motion that was tabled.
    pub(crate) fn was_asked_for(&self, state: &State) -> bool {
        state.was_asked_for(self.meeting.as_ref(), &self.effects)
    }

    /// The rule by which voters asked for a vote that is still to come: the motion is not voted on, a vote can open in
    /// its meeting, and what it would do is still possible.
    pub(crate) fn is_still_asked_for<'a>(
        &self,
        act: &Act<'a>,
        id: &MotionId,
    ) -> Option<&'a DecisionRule> {
        let state = act.state;
        let meeting = self.meeting.as_ref();
        let rule = state.asked_for_by(meeting, &self.effects)?;
        let past = meeting
            .and_then(|id| state.meetings.get(id))
            .is_some_and(|meeting| act.recorded_at >= meeting.past_from(&state.utc_offsets));
        let cause = Cause {
            motion: id,
            rule: &self.rule,
            now: act.recorded_at,
            today: act.today,
        };
        let contest = self.contest.is_some();
        let waits = matches!(self.stage, Stage::Tabled)
            && !past
            && effect::check_tabled(state, cause, &self.effects, contest).is_ok();
        waits.then_some(rule)
    }
}

/// What voters asked for is neither amended nor withdrawn before it is voted on.
pub(crate) fn check_free(act: &Act<'_>, id: &MotionId, motion: &Motion) -> Result<(), Rejection> {
    match motion.is_still_asked_for(act, id) {
        None => Ok(()),
        Some(rule) => Err(Rejection::MotionAskedFor {
            motion: id.clone(),
            rule: Cited::of(rule),
        }),
    }
}
