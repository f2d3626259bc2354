//! Offices 职务: who sits where, from when to when.

use serde::{Deserialize, Serialize};

use crate::{
    action::{OfficeAssumed, OfficeEndCause, OfficeObtained},
    authority::Act,
    calendar::Date,
    charter::{BodyKind, OverlapPolicy, Right},
    decide::EntryRef,
    ids::{BodyId, Leaf, MotionId, OfficeId, PersonId, RoleId},
    registrar::Loss,
    rejection::{Incapacity, Rejection},
    state::State,
};

/// One person's seat in a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Office {
    pub(crate) body: BodyId,
    pub(crate) person: PersonId,
    pub(crate) role: RoleId,
    pub(crate) term_from: Date,
    /// Last day; `None`: no fixed end.
    pub(crate) term_to: Option<Date>,
    pub(crate) obtained: OfficeObtained,
    /// The motion that decided it.
    pub(crate) decision: Option<MotionId>,
    /// Who gave it; `None`: the founding.
    pub(crate) seated_by: Option<PersonId>,
    pub(crate) ended: Option<Ended>,
    pub(crate) latest: Leaf,
}

/// By which entry an office ended before its time, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) index: u64,
    pub(crate) cause: OfficeEndCause,
}

impl Office {
    /// Why this person does not act in this office of this body on this day, if so.
    pub(crate) fn why_not(
        &self,
        id: &OfficeId,
        body: &BodyId,
        person: &PersonId,
        day: Date,
    ) -> Option<Incapacity> {
        let id = || id.clone();
        if self.body != *body {
            return Some(Incapacity::OfficeInAnotherBody(id(), self.body.clone()));
        }
        if self.person != *person {
            return Some(Incapacity::HeldByAnother(id(), self.person.clone()));
        }
        if let Some(ended) = self.ended {
            return Some(Incapacity::OfficeEnded(id(), ended.index));
        }
        if day < self.term_from {
            return Some(Incapacity::TermNotBegun(id(), self.term_from));
        }
        let over = self.term_to.filter(|last| day > *last)?;
        Some(Incapacity::TermOver(id(), over))
    }

    /// Whether it was, or will be, held on any day of a term.
    fn meets(&self, from: Date, to: Option<Date>) -> bool {
        let begins_in_time = to.is_none_or(|to| self.term_from <= to);
        let lasts_long_enough = self.term_to.is_none_or(|last| last >= from);
        self.ended.is_none() && begins_in_time && lasts_long_enough
    }
}

impl State {
    /// The offices of a body that ended by no entry so far; the term of some may be over.
    pub fn offices_of(&self, body: &BodyId) -> impl Iterator<Item = &OfficeId> {
        let of = self
            .offices
            .iter()
            .filter(move |(_, office)| office.body == *body);
        of.filter(|(_, office)| office.ended.is_none())
            .map(|(id, _)| id)
    }

    /// Whether a person has an office in a body on this day.
    pub(crate) fn holds_office_in(&self, person: &PersonId, body: &BodyId, day: Date) -> bool {
        let offices = self.people.get(person).map(|record| &record.offices);
        let mut offices = offices.into_iter().flatten();
        offices.any(|id| {
            let office = self.offices.get(id);
            office.is_some_and(|office| office.why_not(id, body, person, day).is_none())
        })
    }
}

pub(crate) fn assumed(act: &Act<'_>, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    act.may(Right::Register, &assumed.body)?;
    if assumed.obtained == OfficeObtained::Founding {
        return Err(Rejection::ObtainedByFounding {
            office: assumed.office.clone(),
        });
    }
    check_assumed(act.state, assumed)
}

/// The office is new, its body and holder exist, and the term and the charter allow it.
pub(crate) fn check_assumed(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    if state.offices.contains_key(&assumed.office) {
        return Err(Rejection::OfficeExists {
            office: assumed.office.clone(),
        });
    }
    state.body(&assumed.body)?;
    state.present_person(&assumed.person)?;
    check_decision(state, assumed.decision.as_ref())?;
    check_elected(state, assumed)?;
    if let Some(to) = assumed.term_to.filter(|to| *to < assumed.term_from) {
        return Err(Rejection::TermInverted {
            office: assumed.office.clone(),
            from: assumed.term_from,
            to,
        });
    }
    check_overlap(state, assumed)
}

/// The decision named, if one is, was adopted.
pub(crate) fn check_decision(state: &State, decision: Option<&MotionId>) -> Result<(), Rejection> {
    let Some(motion) = decision else {
        return Ok(());
    };
    let record = state.existing_motion(motion)?;
    if record.is_adopted() {
        return Ok(());
    }
    Err(Rejection::DecisionNotAdopted {
        motion: motion.clone(),
        status: record.status(),
    })
}

/// Where the decision named is an election, it chose this person.
fn check_elected(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let Some(decision) = &assumed.decision else {
        return Ok(());
    };
    let motion = state.existing_motion(decision)?;
    if motion.contest.is_none() || motion.elected().any(|elected| *elected == assumed.person) {
        return Ok(());
    }
    Err(Rejection::NotElected {
        motion: decision.clone(),
        person: assumed.person.clone(),
    })
}

/// Of bodies of these two kinds nobody sits in both.
fn excludes(policy: OverlapPolicy, one: BodyKind, other: BodyKind) -> bool {
    use BodyKind::{OwnersCommittee, ResidentsCommittee, SupervisionCommittee};
    match (one, other) {
        // 组织法 36: those supervised do not supervise, whatever the charter says.
        (ResidentsCommittee, SupervisionCommittee) | (SupervisionCommittee, ResidentsCommittee) => {
            true
        }
        (ResidentsCommittee, OwnersCommittee) | (OwnersCommittee, ResidentsCommittee) => {
            policy == OverlapPolicy::Forbid
        }
        _ => false,
    }
}

/// No other seat of the person excludes this one.
fn check_overlap(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let kind = state.body(&assumed.body)?.kind;
    for id in &state.present_person(&assumed.person)?.offices {
        let Some(office) = state.offices.get(id) else {
            continue;
        };
        let other = state.body(&office.body)?.kind;
        if excludes(state.charter.overlap, kind, other)
            && office.meets(assumed.term_from, assumed.term_to)
        {
            return Err(Rejection::OverlappingSeat {
                person: assumed.person.clone(),
                role: assumed.role.clone(),
                office: id.clone(),
                body: office.body.clone(),
            });
        }
    }
    Ok(())
}

pub(crate) fn ended(
    act: &Act<'_>,
    id: &OfficeId,
    cause: OfficeEndCause,
    decision: Option<&MotionId>,
) -> Result<(), Rejection> {
    let Some(office) = act.state.offices.get(id) else {
        return Err(Rejection::OfficeUnknown { office: id.clone() });
    };
    act.may(Right::Register, &office.body)?;
    if let Some(ended) = office.ended {
        return Err(Rejection::OfficeEndedAlready {
            office: id.clone(),
            index: ended.index,
        });
    }
    check_decision(act.state, decision)?;
    check_cause(act, id, office, cause, decision)?;
    act.state
        .check_registrar_without(Loss::Office(id), act.today)
}

/// Others decide on recall and replacement; "the term is over" is a fact of the calendar; every other cause
/// is the registrar's to attest.
fn check_cause(
    act: &Act<'_>,
    id: &OfficeId,
    office: &Office,
    cause: OfficeEndCause,
    decision: Option<&MotionId>,
) -> Result<(), Rejection> {
    let id = || id.clone();
    match (cause, office.term_to) {
        (OfficeEndCause::Recall | OfficeEndCause::Replacement, _) if decision.is_none() => {
            Err(Rejection::DecisionMissing { office: id() })
        }
        (OfficeEndCause::Term, None) => Err(Rejection::TermWithoutEnd { office: id() }),
        (OfficeEndCause::Term, Some(to)) if act.today <= to => {
            Err(Rejection::TermNotOver { office: id(), to })
        }
        _ => Ok(()),
    }
}

pub(crate) fn assume(
    state: &mut State,
    assumed: &OfficeAssumed,
    seated_by: Option<&PersonId>,
    leaf: Leaf,
) {
    let office = Office {
        body: assumed.body.clone(),
        person: assumed.person.clone(),
        role: assumed.role.clone(),
        term_from: assumed.term_from,
        term_to: assumed.term_to,
        obtained: assumed.obtained,
        decision: assumed.decision.clone(),
        seated_by: seated_by.cloned(),
        ended: None,
        latest: leaf,
    };
    state.offices.insert(assumed.office.clone(), office);
    if let Some(person) = state.people.get_mut(&assumed.person) {
        person.offices.insert(assumed.office.clone());
    }
}

pub(crate) fn end(state: &mut State, office: &OfficeId, cause: OfficeEndCause, at: EntryRef) {
    if let Some(office) = state.offices.get_mut(office) {
        office.ended = Some(Ended {
            index: at.index,
            cause,
        });
    }
}
