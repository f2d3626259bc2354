//! Petitions 提请: what enough voters asked for is not in the hands of who would rather not have it.
//!
//! Where a tenth of the residents, or a third of their representatives, ask for a meeting, or for a recall, the law
//! says that it is held (组织法 20, 26, 28); often it is about those who would call it. Of a meeting that voters asked
//! for, and of a recall that they petitioned for, the registrar, who checked their signatures, and whoever supervises
//! the body may therefore do what the convener does otherwise: give notice, table what the meeting is about, open and
//! close its votes, close it. Nothing else is easier: notice, days, roll, quorum and majority are the rule's.

use crate::{
    action::Effect,
    authority::Act,
    charter::Right,
    ids::{BodyId, MeetingId},
    motion::Motion,
    rejection::Rejection,
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
    /// Whether a motion was asked for by voters: it is put to a meeting that they asked for, or is a recall, and
    /// nothing else, that they petitioned for.
    pub(crate) fn was_asked_for(&self, meeting: Option<&MeetingId>, effects: &[Effect]) -> bool {
        let meeting = meeting.and_then(|meeting| self.meetings.get(meeting));
        let petitioned = |effect: &Effect| match effect {
            Effect::Recalled { case } => {
                let case = self.cases.get(case);
                case.is_some_and(|case| case.petition.is_some())
            }
            _ => false,
        };
        meeting.is_some_and(|meeting| meeting.petitioned)
            || (!effects.is_empty() && effects.iter().all(petitioned))
    }
}

impl Motion {
    /// The same of a motion that was tabled.
    pub(crate) fn was_asked_for(&self, state: &State) -> bool {
        state.was_asked_for(self.meeting.as_ref(), &self.effects)
    }
}
