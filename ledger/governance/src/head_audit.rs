//! The audit of the head 主任审计 (组织法 38): whenever somebody stops being head of a residents' committee, with the
//! term or before, how they answered for its affairs is audited and the result published. Who is elected again is
//! audited on the term that is over. The law names no days; the charter's clock does.

use serde::{Deserialize, Serialize};

use crate::{
    action::HeadAudited,
    agenda::Due,
    authority::{Act, Over},
    bounds::{self, NAME_LEN_MAX},
    charter::{BodyKind, Right},
    composition,
    decide::EntryRef,
    ids::{OfficeId, PersonId},
    rejection::Rejection,
    state::State,
};

/// How far the audit of a head whose office ended has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum HeadAudit {
    Due,
    Overdue,
    /// By which entry.
    Recorded(u64),
}

/// Whether the end of an office in this role, in a body of this kind, calls for an audit.
pub fn is_audited(kind: BodyKind, role: &crate::ids::RoleId) -> bool {
    kind == BodyKind::ResidentsCommittee && composition::is_head(role)
}

/// An office ended: its audit falls due, where it is a head's. Who left, fell ill or died is audited too: it needs the
/// books, and not the person.
pub(crate) fn begin(state: &mut State, id: &OfficeId, at: EntryRef) {
    let Some(office) = state.offices.get_mut(id) else {
        return;
    };
    let kind = state.bodies.get(&office.body).map(|body| body.kind);
    if !kind.is_some_and(|kind| is_audited(kind, &office.role)) {
        return;
    }
    office.audit = Some(HeadAudit::Due);
    let days = state.charter.clocks.head_audit_days;
    let due = state.utc_offsets.after_days(at.recorded_at, days);
    state.agenda.plan(Due::HeadAuditOverdue(id.clone()), due);
}

/// The office is its holder's again, and is audited when it ends.
pub(crate) fn call_off(state: &mut State, id: &OfficeId) {
    if let Some(office) = state.offices.get_mut(id) {
        office.audit = None;
    }
    state.agenda.cancel(&Due::HeadAuditOverdue(id.clone()));
}

/// By who registers or supervises, attested by who supervises; neither is who was audited, or near kin.
pub(crate) fn decide(act: &Act<'_>, audited: &HeadAudited) -> Result<(), Rejection> {
    let id = &audited.office;
    let Some(office) = act.state.offices.get(id) else {
        return Err(Rejection::OfficeUnknown { office: id.clone() });
    };
    act.may(Right::Supervise, &office.body)
        .or_else(|_| act.may(Right::Register, &office.body))?;
    let over = Over::Body(office.body.clone());
    act.check_attestor(&audited.second, &[Right::Supervise], &over)?;
    for person in [act.person, &audited.second.person] {
        check_uninvolved(act.state, id, &office.person, person)?;
    }
    match office.audit {
        Some(HeadAudit::Due | HeadAudit::Overdue) => {}
        Some(HeadAudit::Recorded(index)) => {
            return Err(Rejection::HeadAuditedAlready {
                office: id.clone(),
                index,
            });
        }
        None => return Err(Rejection::NoHeadAudit { office: id.clone() }),
    }
    bounds::required_text("auditor", &audited.auditor, NAME_LEN_MAX)?;
    bounds::content(&audited.report)
}

fn check_uninvolved(
    state: &State,
    office: &OfficeId,
    head: &PersonId,
    person: &PersonId,
) -> Result<(), Rejection> {
    if person != head && !state.are_kin(person, head) {
        return Ok(());
    }
    Err(Rejection::HeadAuditPartial {
        office: office.clone(),
        person: person.clone(),
    })
}

pub(crate) fn record(state: &mut State, id: &OfficeId, at: EntryRef) {
    if let Some(office) = state.offices.get_mut(id) {
        office.audit = Some(HeadAudit::Recorded(at.index));
    }
    state.agenda.cancel(&Due::HeadAuditOverdue(id.clone()));
}

pub(crate) fn overdue(state: &mut State, id: &OfficeId) {
    if let Some(office) = state.offices.get_mut(id) {
        office.audit = Some(HeadAudit::Overdue);
    }
}
