//! Handover 移交 (组织法 25): within 10 days after an office in a committee ends, what belongs to it is handed
//! over. What is not is overdue, for everybody to see. Who sits there again has nothing to hand over, unless they led
//! the body and do no more; who was convicted has, and the registrar records it where they do not.

use serde::{Deserialize, Serialize};

use crate::{
    action::{HandoverCompleted, OfficeEndCause},
    agenda::Due,
    authority::Act,
    bounds,
    charter::{BodyKind, Right},
    composition::is_head,
    decide::EntryRef,
    ids::OfficeId,
    office::Office,
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

/// An office ended: its handover falls due, where its body is a committee and its holder is still there, and not
/// there again.
pub(crate) fn begin(state: &mut State, id: &OfficeId, cause: OfficeEndCause, at: EntryRef) {
    let today = state.utc_offsets.date_of(at.recorded_at);
    let again = state.offices.get(id).is_some_and(|office| {
        let until = today.plus_days(HANDOVER_DAYS);
        let mut others = state.offices.values();
        others.any(|other| follows(other, office) && other.meets(today, Some(until)))
    });
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
    if !committee || gone || again {
        return;
    }
    office.handover = Some(Handover::Due);
    let due = state.utc_offsets.after_days(at.recorded_at, HANDOVER_DAYS);
    state.agenda.plan(Due::HandoverOverdue(id.clone()), due);
}

/// Whether who held one office sits in the same body in another as they did, or led nothing there that another leads
/// now.
fn follows(other: &Office, office: &Office) -> bool {
    let same = other.person == office.person && other.body == office.body;
    same && (other.role == office.role || !is_head(&office.role))
}

/// Somebody takes a seat: what they were to hand over of one like it stays with them. What is overdue already is on
/// record, and stays so until it is handed over.
pub(crate) fn call_off(state: &mut State, id: &OfficeId) {
    let Some(taken) = state.offices.get(id) else {
        return;
    };
    let waits = |office: &Office| office.handover == Some(Handover::Due);
    let called_off: Vec<OfficeId> = state
        .offices
        .iter()
        .filter(|(_, office)| waits(office) && follows(taken, office))
        .map(|(id, _)| id.clone())
        .collect();
    for id in called_off {
        state.agenda.cancel(&Due::HandoverOverdue(id.clone()));
        if let Some(office) = state.offices.get_mut(&id) {
            office.handover = None;
        }
    }
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
