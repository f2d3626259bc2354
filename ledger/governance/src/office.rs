//! Offices 职务: who sits where, from when to when.

use serde::{Deserialize, Serialize};

use crate::{
    action::{BodiesAction, OfficeAssumed, OfficeEndCause, OfficeObtained},
    agenda::Due,
    authority::{Act, Over},
    bounds::{self, CITATION_LEN_MAX},
    calendar::Date,
    charter::{BodyKind, Right},
    composition,
    decide::EntryRef,
    effect::Cause,
    handover::{self, Handover},
    head_audit::{self, HeadAudit},
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
    /// Who filled it again after it fell vacant.
    pub(crate) succeeded_by: Option<OfficeId>,
    pub(crate) woman: bool,
    /// Of an office in a committee that ended.
    pub(crate) handover: Option<Handover>,
    /// Of a head's office in a residents' committee that ended.
    pub(crate) audit: Option<HeadAudit>,
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

    /// Whether a decision took it from its holder.
    fn was_removed(&self) -> bool {
        self.ended.is_some_and(|ended| {
            matches!(
                ended.cause,
                OfficeEndCause::Recall | OfficeEndCause::Replacement
            )
        })
    }

    /// Whether it was, or will be, held on any day of a term.
    pub(crate) fn meets(&self, from: Date, to: Option<Date>) -> bool {
        let begins_in_time = to.is_none_or(|to| self.term_from <= to);
        let lasts_long_enough = self.term_to.is_none_or(|last| last >= from);
        self.ended.is_none() && begins_in_time && lasts_long_enough
    }
}

impl State {
    /// Whether it is a seat that residents elect: of a member of their committee (组织法 14).
    fn is_elected_seat(&self, assumed: &OfficeAssumed) -> bool {
        let kind = self.bodies.get(&assumed.body).map(|body| body.kind);
        kind == Some(BodyKind::ResidentsCommittee) && composition::is_member(&assumed.role)
    }

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
    composition::check_by_election(act.state, assumed)?;
    check_not_barred(act.state, assumed)?;
    check_assumed(act.state, assumed)?;
    check_appointment(act, assumed)?;
    check_elsewhere(act, assumed)
}

/// An election of a residents' committee's member that the ledger did not hold: two officers attest it, the second
/// not being the one who is seated, and say where its record is and when it was held. No seat has both that and a
/// decision of this ledger.
fn check_elsewhere(act: &Act<'_>, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let needed = act.state.is_elected_seat(assumed) && assumed.decision.is_none();
    let unattested = || Rejection::ElectionUnattested {
        office: assumed.office.clone(),
        body: assumed.body.clone(),
    };
    match &assumed.elsewhere {
        None if needed => Err(unattested()),
        None => Ok(()),
        Some(held) if assumed.decision.is_some() || held.second.person == assumed.person => {
            Err(unattested())
        }
        Some(held) => {
            bounds::required_text("elsewhere.source", &held.source, CITATION_LEN_MAX)?;
            if held.held_on > act.today || held.held_on > assumed.term_from {
                return Err(Rejection::ElectionNotHeldYet {
                    office: assumed.office.clone(),
                    held_on: held.held_on,
                });
            }
            let over = Over::Body(assumed.body.clone());
            act.check_attestor(&held.second, &[Right::Tell, Right::Supervise], &over)
        }
    }
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
    check_by_election_alone(state, assumed)?;
    check_elected(state, assumed)?;
    if let Some(to) = assumed.term_to.filter(|to| *to < assumed.term_from) {
        return Err(Rejection::TermInverted {
            office: assumed.office.clone(),
            from: assumed.term_from,
            to,
        });
    }
    composition::check(state, assumed)
}

/// A decision could give this office: of a body that appoints there, and where it succeeds in a seat, that one is
/// vacant.
pub(crate) fn check_appointed(
    state: &State,
    by: Cause<'_>,
    assumed: &OfficeAssumed,
) -> Result<(), Rejection> {
    composition::check_by_election(state, assumed)?;
    check_given(state, assumed, by.today)?;
    check_appointing(state, &by.rule.body, assumed, by.today)
}

fn check_appointing(
    state: &State,
    appointing: &BodyId,
    assumed: &OfficeAssumed,
    today: Date,
) -> Result<(), Rejection> {
    if state.appoints(appointing, &assumed.body, today) {
        return Ok(());
    }
    Err(Rejection::AppointedByOthers {
        office: assumed.office.clone(),
        body: assumed.body.clone(),
        by: appointing.clone(),
    })
}

/// An appointment that names a decision was decided by a body that appoints there. Where it names none, the registrar
/// attests that it was made elsewhere: by a party organisation or a street office, say, which decide nothing here.
fn check_appointment(act: &Act<'_>, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let decision = assumed.decision.as_ref();
    match decision.filter(|_| assumed.obtained == OfficeObtained::Appointed) {
        None => Ok(()),
        Some(decision) => {
            let appointing = &act.state.existing_motion(decision)?.body;
            check_appointing(act.state, appointing, assumed, act.today)
        }
    }
}

/// A decision could give this office, once any seat it succeeds in is vacant: nobody under a demerit gets a further
/// one by appointment (rules.md §5; that never bars from standing for the residents' committee, 组织法 16, 18).
pub(crate) fn check_given(
    state: &State,
    assumed: &OfficeAssumed,
    today: Date,
) -> Result<(), Rejection> {
    if assumed.obtained != OfficeObtained::Appointed || assumed.decision.is_some() {
        return Err(Rejection::NotAnAppointment {
            office: assumed.office.clone(),
        });
    }
    if let Some(last) = assumed.term_to.filter(|last| *last < today) {
        return Err(Rejection::TermInverted {
            office: assumed.office.clone(),
            from: today,
            to: last,
        });
    }
    check_not_barred(state, assumed)?;
    check_assumed(state, assumed)
}

fn check_not_barred(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let appointed = assumed.obtained == OfficeObtained::Appointed;
    let demerit = state.demerit_of(&assumed.person);
    match demerit.filter(|_| appointed) {
        None => Ok(()),
        Some(case) => Err(Rejection::BarredByDemerit {
            person: assumed.person.clone(),
            case: case.clone(),
        }),
    }
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

/// Members of a residents', a supervision and an owners' committee are elected (组织法 14, 36; 民法典 278), and nobody
/// appoints or posts them: not a decision's effect, not the registrar, and no decision but an election by those who
/// elect there, held under a rule for elections where residents elect their committee, gives such a seat. An election
/// that the ledger did not hold names none; of a residents' committee, two attest it ([`check_elsewhere`]).
fn check_by_election_alone(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let kind = state.body(&assumed.body)?.kind;
    if !composition::is_elected_seat(kind, &assumed.role) {
        return Ok(());
    }
    let decision = assumed.decision.as_ref();
    let decision = decision
        .map(|motion| state.existing_motion(motion))
        .transpose()?;
    let by_other_decision = decision.is_some_and(|motion| {
        let by_rule =
            motion.rule.more_candidates_than_seats || kind != BodyKind::ResidentsCommittee;
        motion.contest.is_none() || !by_rule || !state.elects(&motion.body, &assumed.body)
    });
    if assumed.obtained != OfficeObtained::Appointed && !by_other_decision {
        return Ok(());
    }
    Err(Rejection::SeatIsElected {
        office: assumed.office.clone(),
        body: assumed.body.clone(),
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
    check_cause(act, id, office, cause)?;
    act.state
        .check_registrar_without(Loss::Office(id), act.today)
}

/// Recall and replacement are effects of decisions, and two incompetent years of an assessment: never the
/// registrar's to record. That a term is over the ledger itself derives; every other cause is the registrar's to
/// attest.
fn check_cause(
    act: &Act<'_>,
    id: &OfficeId,
    office: &Office,
    cause: OfficeEndCause,
) -> Result<(), Rejection> {
    let id = || id.clone();
    match (cause, office.term_to) {
        (
            OfficeEndCause::Recall | OfficeEndCause::Replacement | OfficeEndCause::RemovalAnnulled,
            _,
        ) => Err(Rejection::DecisionMissing { office: id() }),
        (OfficeEndCause::TwoIncompetent, _) => Err(Rejection::NotAssessedSo { office: id() }),
        (OfficeEndCause::Term, None) => Err(Rejection::TermWithoutEnd { office: id() }),
        (OfficeEndCause::Term, Some(to)) if act.today <= to => {
            Err(Rejection::TermNotOver { office: id(), to })
        }
        _ => Ok(()),
    }
}

/// The holder, for themself.
pub(crate) fn resigned(act: &Act<'_>, id: &OfficeId) -> Result<(), Rejection> {
    let Some(office) = act.state.offices.get(id) else {
        return Err(Rejection::OfficeUnknown { office: id.clone() });
    };
    if let Some(why) = office.why_not(id, &office.body, act.person, act.today) {
        return Err(Rejection::NotInCapacity {
            person: act.person.clone(),
            body: office.body.clone(),
            why,
        });
    }
    act.state
        .check_registrar_without(Loss::Office(id), act.today)
}

pub(crate) fn assume(
    state: &mut State,
    assumed: &OfficeAssumed,
    seated_by: Option<&PersonId>,
    at: EntryRef,
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
        succeeded_by: None,
        woman: assumed.woman,
        handover: None,
        audit: None,
        latest: at.leaf,
    };
    state.offices.insert(assumed.office.clone(), office);
    if let Some(person) = state.people.get_mut(&assumed.person) {
        person.offices.insert(assumed.office.clone());
    }
    let before = assumed.succeeds.as_ref();
    if let Some(before) = before.and_then(|before| state.offices.get_mut(before)) {
        before.succeeded_by = Some(assumed.office.clone());
    }
    handover::call_off(state, &assumed.office);
    plan_end(state, &assumed.office, at);
}

/// A decision gives the office.
pub(crate) fn appoint(
    state: &mut State,
    decision: &MotionId,
    assumed: &OfficeAssumed,
    at: EntryRef,
) {
    let assumed = OfficeAssumed {
        decision: Some(decision.clone()),
        ..assumed.clone()
    };
    assume(state, &assumed, None, at);
}

/// The term ends with its last day; one that was over before it was recorded, at once.
fn plan_end(state: &mut State, id: &OfficeId, at: EntryRef) {
    let last = state.offices.get(id).and_then(|office| office.term_to);
    if let Some(last) = last {
        let over = state.utc_offsets.end_of(last).max(at.recorded_at);
        state.agenda.plan(Due::TermEnded(id.clone()), over);
    }
}

pub(crate) fn end(state: &mut State, id: &OfficeId, cause: OfficeEndCause, at: EntryRef) {
    let Some(office) = state.offices.get_mut(id) else {
        return;
    };
    if office.ended.is_some() {
        return;
    }
    office.ended = Some(Ended {
        index: at.index,
        cause,
    });
    office.latest = at.leaf;
    state.agenda.cancel(&Due::TermEnded(id.clone()));
    handover::begin(state, id, cause, at);
    head_audit::begin(state, id, at);
}

/// The removal that ended an office was annulled. What becomes of the office follows at once, as an entry of
/// its own. A successor whom the annulled decision itself seated loses the seat with it; one whom the voters
/// elected since keeps it.
pub(crate) fn annul_removal(
    state: &mut State,
    id: &OfficeId,
    decision: Option<&MotionId>,
    at: EntryRef,
) {
    let Some(office) = state.offices.get(id).filter(|office| office.was_removed()) else {
        return;
    };
    if let Some(successor) = office.succeeded_by.clone() {
        let seat = state.offices.get(&successor);
        let seated_by = seat.and_then(|successor| successor.decision.as_ref());
        if seated_by.is_some() && seated_by == decision {
            end(state, &successor, OfficeEndCause::InvalidElection, at);
        }
    }
    let due = Due::RemovalVoided(id.clone());
    state.agenda.plan(due, at.recorded_at);
}

/// What the entry says: whether the holder has the office back.
pub(crate) fn removal_voided(state: &State, id: &OfficeId) -> BodiesAction {
    BodiesAction::RemovalVoided {
        office: id.clone(),
        restored: can_return(state, id),
    }
}

/// The term is not over, nobody else sits in the seat, and the holder could take it today: what the law asks
/// of a seat, it asks of one that is given back.
fn can_return(state: &State, id: &OfficeId) -> bool {
    let today = state.utc_offsets.date_of(state.last_recorded_at);
    let Some(office) = state.offices.get(id) else {
        return false;
    };
    let successor = office.succeeded_by.as_ref();
    let successor = successor.and_then(|id| state.offices.get(id));
    let filled = successor.is_some_and(|successor| successor.ended.is_none());
    let over = office.term_to.is_some_and(|last| last < today);
    let again = OfficeAssumed {
        office: id.clone(),
        body: office.body.clone(),
        person: office.person.clone(),
        role: office.role.clone(),
        term_from: office.term_from.max(today),
        term_to: office.term_to,
        obtained: office.obtained,
        decision: office.decision.clone(),
        succeeds: None,
        woman: office.woman,
        overlap_disclosed: false,
        elsewhere: None,
    };
    let may =
        state.present_person(&office.person).is_ok() && composition::check(state, &again).is_ok();
    !over && !filled && may
}

/// The office is its holder's again for the rest of the term; or it is not, but its end is no removal.
pub(crate) fn void_removal(state: &mut State, id: &OfficeId, restored: bool, at: EntryRef) {
    let Some(office) = state.offices.get_mut(id) else {
        return;
    };
    if !restored {
        if let Some(ended) = &mut office.ended {
            ended.cause = OfficeEndCause::RemovalAnnulled;
        }
        return;
    }
    office.ended = None;
    office.succeeded_by = None;
    office.handover = None;
    state.agenda.cancel(&Due::HandoverOverdue(id.clone()));
    head_audit::call_off(state, id);
    plan_end(state, id, at);
}
