//! The agenda: everything that falls due, and when.
//!
//! One calendar for every family. A family adds a variant of [`Due`], [plans](Agenda::plan) it where the
//! moment becomes known, and says in its own module what the entry is; [`derive`](crate::derive()) does the
//! rest. What is due is found without looking at anything else: the agenda is sorted by moment.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use serde::{Deserialize, Serialize};

use crate::{
    action::{BodiesAction, DisciplineAction, Payload},
    ids::{BodyId, CaseId, IssueId, Millis, MotionId, OfficeId},
    issue, motion, office, report, standing,
    state::State,
};

/// Something that falls due. Of those due at the same moment, the family declared first comes first, and
/// of one family the smaller subject: once a version of the rules is released, variants are added at the
/// end and never moved, or old logs would be derived in another order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Due {
    /// The vote on this motion is over.
    MotionDecided(MotionId),
    /// The body's report on this year was to be filed.
    ReportOverdue(BodyId, u32),
    /// The time for the next step of this issue is over.
    IssueOverdue(IssueId),
    /// The term of this office is over.
    TermEnded(OfficeId),
    /// This office was not handed over in time.
    HandoverOverdue(OfficeId),
    /// The sanction in this case is over.
    SanctionExpired(CaseId),
    /// What ended this office never was.
    RemovalVoided(OfficeId),
    /// The period in which this body was to meet is over.
    MeetingMissed(BodyId),
    /// The audit of who held this office is not recorded in time.
    HeadAuditOverdue(OfficeId),
}

impl Due {
    /// The family of the entry it becomes.
    pub(crate) const fn family(&self) -> &'static str {
        match self {
            Self::MotionDecided(_) => "motion_decided",
            Self::ReportOverdue(..) => "report_overdue",
            Self::IssueOverdue(_) => "issue_overdue",
            Self::TermEnded(_) => "term_ended",
            Self::HandoverOverdue(_) => "handover_overdue",
            Self::SanctionExpired(_) => "sanction_expired",
            Self::RemovalVoided(_) => "removal_voided",
            Self::MeetingMissed(_) => "meeting_missed",
            Self::HeadAuditOverdue(_) => "head_audit_overdue",
        }
    }

    /// What tells it from others of its family.
    pub(crate) fn subject(&self) -> Cow<'_, str> {
        match self {
            Self::MotionDecided(motion) => motion.as_str().into(),
            Self::ReportOverdue(body, year) => format!("{body}/{year}").into(),
            Self::IssueOverdue(issue) => issue.as_str().into(),
            Self::TermEnded(office)
            | Self::HandoverOverdue(office)
            | Self::RemovalVoided(office)
            | Self::HeadAuditOverdue(office) => office.as_str().into(),
            Self::SanctionExpired(case) => case.as_str().into(),
            Self::MeetingMissed(body) => body.as_str().into(),
        }
    }

    /// What the entry says. `None` only for what should not stand on the agenda: each family cancels what
    /// no longer applies.
    pub(crate) fn payload(&self, state: &State) -> Option<Payload> {
        match self {
            Self::MotionDecided(motion) => motion::derived(state, motion),
            Self::ReportOverdue(body, year) => Some(report::derived(body, *year)),
            Self::IssueOverdue(issue) => issue::derived(state, issue),
            Self::TermEnded(office) => Some(Payload::Bodies(BodiesAction::TermEnded {
                office: office.clone(),
            })),
            Self::HandoverOverdue(office) => Some(Payload::Bodies(BodiesAction::HandoverOverdue {
                office: office.clone(),
            })),
            Self::SanctionExpired(case) => {
                Some(Payload::Discipline(DisciplineAction::SanctionExpired {
                    case: case.clone(),
                }))
            }
            Self::RemovalVoided(office) => Some(office::removal_voided(state, office).into()),
            Self::MeetingMissed(body) => standing::derived(state, body).map(Into::into),
            Self::HeadAuditOverdue(office) => {
                let office = office.clone();
                Some(BodiesAction::HeadAuditOverdue { office }.into())
            }
        }
    }
}

/// What time will bring, each thing once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Due, Millis>", into = "BTreeMap<Due, Millis>")]
pub(crate) struct Agenda {
    moments: BTreeMap<Due, Millis>,
    /// The same, the next first.
    order: BTreeSet<(Millis, Due)>,
}

impl Agenda {
    /// It falls due then, and at no other moment.
    pub(crate) fn plan(&mut self, due: Due, at: Millis) {
        if let Some(before) = self.moments.insert(due.clone(), at) {
            self.order.remove(&(before, due.clone()));
        }
        self.order.insert((at, due));
    }

    /// It does not fall due any more.
    pub(crate) fn cancel(&mut self, due: &Due) {
        if let Some(at) = self.moments.remove(due) {
            self.order.remove(&(at, due.clone()));
        }
    }

    /// When it falls due, if it does.
    #[cfg(test)]
    fn moment(&self, due: &Due) -> Option<Millis> {
        self.moments.get(due).copied()
    }

    /// What falls due next.
    pub(crate) fn first(&self) -> Option<(Millis, &Due)> {
        self.order.first().map(|(at, due)| (*at, due))
    }

    /// The entry of this family and moment is recorded: what called for it is done. Its family may plan
    /// it again.
    pub(crate) fn done(&mut self, family: &str, at: Millis) {
        let first = self.first();
        let done = first.filter(|(moment, due)| *moment == at && due.family() == family);
        if let Some(due) = done.map(|(_, due)| due.clone()) {
            self.cancel(&due);
        }
    }
}

impl From<BTreeMap<Due, Millis>> for Agenda {
    fn from(moments: BTreeMap<Due, Millis>) -> Self {
        let order = moments.iter().map(|(due, at)| (*at, due.clone())).collect();
        Self { moments, order }
    }
}

impl From<Agenda> for BTreeMap<Due, Millis> {
    fn from(agenda: Agenda) -> Self {
        agenda.moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(motion: &str) -> Due {
        Due::MotionDecided(motion.parse().expect("an id"))
    }

    fn agenda(planned: &[(u64, &str)]) -> Agenda {
        let mut agenda = Agenda::default();
        for (at, motion) in planned {
            agenda.plan(decided(motion), Millis(*at));
        }
        agenda
    }

    fn run_out(mut agenda: Agenda) -> Vec<(u64, String)> {
        let mut seen = Vec::new();
        while let Some((at, due)) = agenda.first().map(|(at, due)| (at, due.clone())) {
            seen.push((at.0, due.subject().into_owned()));
            agenda.done(due.family(), at);
        }
        seen
    }

    #[test]
    fn what_is_due_comes_by_moment_then_by_subject_however_it_was_planned() {
        let expected = [(5, "c"), (7, "a"), (7, "b")].map(|(at, id)| (at, id.to_owned()));
        assert_eq!(run_out(agenda(&[(7, "b"), (5, "c"), (7, "a")])), expected);
        assert_eq!(
            run_out(agenda(&[(7, "a"), (7, "b"), (9, "c"), (5, "c")])),
            expected,
            "planned anew, it falls due at the new moment alone"
        );
    }

    #[test]
    fn what_is_cancelled_or_done_falls_due_no_more() {
        let mut planned = agenda(&[(7, "b"), (5, "c")]);
        planned.cancel(&decided("c"));
        planned.cancel(&decided("never-planned"));
        assert_eq!(planned.moment(&decided("c")), None);
        planned.done("motion_decided", Millis(6));
        planned.done("another_family", Millis(7));
        assert_eq!(planned.moment(&decided("b")), Some(Millis(7)));
        planned.done("motion_decided", Millis(7));
        assert_eq!(planned, Agenda::default());
    }

    #[test]
    fn a_stored_agenda_is_the_same() {
        let planned = agenda(&[(7, "b"), (5, "c")]);
        let moments = BTreeMap::from(planned.clone());
        assert_eq!(Agenda::from(moments), planned);
    }
}
