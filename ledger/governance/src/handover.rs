//! Handover 移交 (组织法 25): within 10 days after an office in a committee ends, what belongs to it is handed
//! over. What is not is overdue, for everybody to see.

use serde::{Deserialize, Serialize};

use crate::{
    action::{HandoverCompleted, OfficeEndCause},
    agenda::Due,
    authority::Act,
    bounds,
    charter::{BodyKind, Right},
    decide::EntryRef,
    ids::OfficeId,
    rejection::Rejection,
    state::State,
};

/// Days from the end of an office to the end of its handover.
const HANDOVER_DAYS: u32 = 10;

/// How far the handover of an office that ended has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Handover {
    Due,
    Overdue,
    Completed(u64),
}

/// An office ended: its handover falls due, where its body is a committee and its holder is still there.
pub(crate) fn begin(state: &mut State, id: &OfficeId, cause: OfficeEndCause, at: EntryRef) {
    let Some(office) = state.offices.get_mut(id) else {
        return;
    };
    let kind = state.bodies.get(&office.body).map(|body| body.kind);
    let committee = matches!(
        kind,
        Some(BodyKind::ResidentsCommittee | BodyKind::OwnersCommittee)
    );
    let gone = matches!(
        cause,
        OfficeEndCause::Departure | OfficeEndCause::Incapacity
    );
    if !committee || gone {
        return;
    }
    office.handover = Some(Handover::Due);
    let due = state.utc_offsets.after_days(at.recorded_at, HANDOVER_DAYS);
    state.agenda.plan(Due::HandoverOverdue(id.clone()), due);
}

/// By who held the office or the registrar, attested by who receives or watches over it.
pub(crate) fn decide(act: &Act<'_>, completed: &HandoverCompleted) -> Result<(), Rejection> {
    let id = &completed.office;
    let Some(office) = act.state.offices.get(id) else {
        return Err(Rejection::OfficeUnknown { office: id.clone() });
    };
    if office.person != *act.person {
        act.may(Right::Register, &office.body)?;
    }
    match office.handover {
        Some(Handover::Due | Handover::Overdue) => {}
        Some(Handover::Completed(_)) | None => {
            return Err(Rejection::NoHandover { office: id.clone() });
        }
    }
    act.check_witness(&completed.second)?;
    completed.record.as_ref().map_or(Ok(()), bounds::content)
}

pub(crate) fn complete(state: &mut State, id: &OfficeId, at: EntryRef) {
    if let Some(office) = state.offices.get_mut(id) {
        office.handover = Some(Handover::Completed(at.index));
    }
    state.agenda.cancel(&Due::HandoverOverdue(id.clone()));
}

pub(crate) fn overdue(state: &mut State, id: &OfficeId) {
    if let Some(office) = state.offices.get_mut(id) {
        office.handover = Some(Handover::Overdue);
    }
}
