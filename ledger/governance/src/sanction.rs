//! The sanction ladder 处罚 (rules.md §5): what a finding leads to, how long it lasts, who may impose it.
//!
//! Severity maps to a sanction by the charter's matrix; a second offence while a sanction is in force moves
//! one step up: the most that may be imposed. A warning or demerit is imposed by decision of a body with the
//! right to discipline, a replacement by the body that appointed, a recall by those who elected. For who was
//! elected, recall is the only sanction that removes.

use serde::{Deserialize, Serialize};

use crate::{
    action::{OfficeAssumed, OfficeEndCause, OfficeObtained, Sanction, SanctionBasis, Severity},
    agenda::Due,
    authority::Over,
    calendar::Date,
    case::{Case, Imposed, Stage, Standing},
    charter::{BodyKind, Right},
    decide::EntryRef,
    effect::Cause,
    hierarchy,
    ids::{BodyId, CaseId, MotionId, PersonId},
    office::{self, Office},
    recall,
    rejection::{CaseStep, Rejection, Unsanctionable},
    state::State,
};

/// A charter's discipline: its clocks, and what a severity leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discipline {
    /// How many days a target has for a defence.
    pub defence_days: u32,
    /// How many days a target has for an appeal.
    pub appeal_days: u32,
    /// In how many days an appeal is decided.
    pub appeal_decision_days: u32,
    /// What minor, ordinary, serious and grave matters lead to.
    pub matrix: [Sanction; 4],
}

impl Default for Discipline {
    /// 10 days for a defence, 30 for an appeal, 30 to decide it; a warning, a demerit, replacement,
    /// replacement (rules.md §5).
    fn default() -> Self {
        Self {
            defence_days: 10,
            appeal_days: 30,
            appeal_decision_days: 30,
            matrix: [
                Sanction::Warning,
                Sanction::Demerit,
                Sanction::Replacement,
                Sanction::Replacement,
            ],
        }
    }
}

impl Sanction {
    /// How many months it stands on the register; `None`: it ends an office, and is not on for a time.
    pub const fn months(self) -> Option<u32> {
        match self {
            Self::Warning => Some(6),
            Self::Demerit => Some(12),
            // 政务处分法 8.
            Self::MajorDemerit => Some(18),
            Self::Replacement | Self::Recall => None,
        }
    }

    /// The last day of one that was imposed on this day: the same day of the month in which it ends (民法典
    /// 202).
    pub fn last_day(self, imposed_on: Date) -> Option<Date> {
        self.months().map(|months| imposed_on.plus_months(months))
    }

    /// One step up.
    const fn stepped_up(self) -> Self {
        match self {
            Self::Warning => Self::Demerit,
            Self::Demerit | Self::MajorDemerit | Self::Replacement => Self::Replacement,
            Self::Recall => Self::Recall,
        }
    }
}

impl Discipline {
    const fn for_severity(&self, severity: Severity) -> Sanction {
        self.matrix[severity as usize]
    }
}

impl State {
    /// The heaviest sanction a case can lead to by discipline. Who was elected is not removed by it.
    pub(crate) fn ceiling(&self, id: &CaseId, case: &Case, severity: Severity) -> Sanction {
        let mapped = case.discipline.for_severity(severity);
        let again = self
            .sanctions_in_force(&case.target)
            .any(|other| other != id);
        let reached = if again { mapped.stepped_up() } else { mapped };
        if reached > Sanction::Demerit && self.is_elected(case) {
            return Sanction::Demerit;
        }
        reached
    }

    /// The cases by which a person is under a sanction.
    fn sanctions_in_force(&self, person: &PersonId) -> impl Iterator<Item = &CaseId> {
        let cases = self.people.get(person).map(|record| &record.cases);
        let cases = cases.into_iter().flatten();
        cases.filter(|id| self.cases.get(id).is_some_and(Case::is_in_force))
    }

    /// Whether a demerit bars a person from a further office.
    pub(crate) fn demerit_of(&self, person: &PersonId) -> Option<&CaseId> {
        self.sanctions_in_force(person).find(|id| {
            let imposed = self.cases.get(id).and_then(Case::imposed);
            imposed.is_some_and(|imposed| {
                matches!(imposed.sanction, Sanction::Demerit | Sanction::MajorDemerit)
            })
        })
    }

    /// Whether the office came of an election: so it says, or its body is elected and it is from the founding.
    fn is_elected(&self, case: &Case) -> bool {
        let Some(office) = case.office.as_ref().and_then(|id| self.offices.get(id)) else {
            return false;
        };
        let kind = self.bodies.get(&office.body).map(|body| body.kind);
        let elected_body = kind.is_some_and(hierarchy::is_elected);
        match office.obtained {
            OfficeObtained::Elected | OfficeObtained::ByElection => true,
            OfficeObtained::Founding => elected_body,
            OfficeObtained::Appointed => false,
        }
    }

    /// Whether a body, in some role or as a whole, has a right over another.
    pub(crate) fn body_has(&self, body: &BodyId, right: Right, over: &BodyId) -> bool {
        self.grants.iter().any(|grant| {
            let reaches = match &grant.over {
                Over::Ledger => true,
                Over::Body(own) => own == over,
            };
            grant.right == right && grant.body == *body && reaches
        })
    }
}

/// A case in which a sanction can be decided now: its finding is made, or its petition and defence are over.
fn found<'a>(state: &'a State, id: &CaseId) -> Result<(&'a Case, Severity, &'a Office), Rejection> {
    let case = state.existing_case(id)?;
    let Stage::Found { severity } = case.stage else {
        return Err(case.not_at(id, CaseStep::Decision));
    };
    let office = case.office.as_ref().and_then(|id| state.offices.get(id));
    let office = office.ok_or_else(|| Rejection::SanctionUnfit {
        case: id.clone(),
        reason: Unsanctionable::NoOffice,
    })?;
    Ok((case, severity, office))
}

fn unfit(case: &CaseId, reason: Unsanctionable) -> Rejection {
    Rejection::SanctionUnfit {
        case: case.clone(),
        reason,
    }
}

/// Whether discipline, by the charter or by a contract, imposes it for a time. A major demerit is the state's alone
/// (政务处分法 7–8).
pub(crate) const fn is_disciplinary(sanction: Sanction) -> bool {
    matches!(sanction, Sanction::Warning | Sanction::Demerit)
}

/// A warning or a demerit could be imposed by this decision.
pub(crate) fn check_sanctioned(
    state: &State,
    by: Cause<'_>,
    id: &CaseId,
    sanction: Sanction,
) -> Result<(), Rejection> {
    let (case, severity, office) = found(state, id)?;
    if !is_disciplinary(sanction) {
        return Err(unfit(id, Unsanctionable::NotByDiscipline(sanction)));
    }
    if !state.body_has(&by.rule.body, Right::Discipline, &office.body) {
        return Err(unfit(
            id,
            Unsanctionable::NoDiscipline(by.rule.body.clone()),
        ));
    }
    let most = state.ceiling(id, case, severity);
    if sanction > most {
        return Err(unfit(id, Unsanctionable::TooHarsh(most)));
    }
    Ok(())
}

/// A replacement could be made by this decision.
pub(crate) fn check_replaced(
    state: &State,
    by: Cause<'_>,
    id: &CaseId,
    successor: &OfficeAssumed,
) -> Result<(), Rejection> {
    let (case, severity, office) = found(state, id)?;
    if state.is_elected(case) {
        return Err(unfit(id, Unsanctionable::Elected));
    }
    let most = state.ceiling(id, case, severity);
    if most < Sanction::Replacement {
        return Err(unfit(id, Unsanctionable::TooHarsh(most)));
    }
    let appointed_by = office.decision.as_ref();
    let appointed_by = appointed_by.and_then(|decision| state.motions.get(decision));
    let may = match appointed_by {
        Some(motion) => motion.body == by.rule.body,
        None => state.body_has(&by.rule.body, Right::Discipline, &office.body),
    };
    if !may {
        return Err(unfit(
            id,
            Unsanctionable::NotAppointing(by.rule.body.clone()),
        ));
    }
    if successor.person == case.target
        || successor.body != office.body
        || successor.succeeds != case.office
    {
        return Err(unfit(id, Unsanctionable::Successor));
    }
    if office.ended.is_some() {
        return Err(unfit(id, Unsanctionable::NoOffice));
    }
    office::check_given(state, successor, by.today)
}

/// A recall could be decided by this decision: the petition was signed by enough, the target was heard or
/// had the time to be, and those vote who elected.
pub(crate) fn check_recalled(state: &State, by: Cause<'_>, id: &CaseId) -> Result<(), Rejection> {
    let case = state.existing_case(id)?;
    let (Some(petition), Stage::Noticed { .. }) = (&case.petition, &case.stage) else {
        return Err(case.not_at(id, CaseStep::Decision));
    };
    if petition.rule.id != by.rule.id {
        return Err(unfit(
            id,
            Unsanctionable::AnotherRule(petition.rule.id.clone()),
        ));
    }
    case.check_heard(id, state, by.now)?;
    let held = case.office.as_ref().and_then(|id| {
        let office = state.offices.get(id)?;
        office.ended.is_none().then_some((id, office))
    });
    let Some((office_id, office)) = held else {
        return Err(unfit(id, Unsanctionable::NoOffice));
    };
    recall::check_electorate(state, office_id, office, by.rule)?;
    state.check_registrar_without(crate::registrar::Loss::Office(office_id), by.today)
}

/// The sanction is imposed: on the register for its time, or the office ends.
pub(crate) fn impose(
    state: &mut State,
    id: &CaseId,
    sanction: Sanction,
    decision: Option<&MotionId>,
    on: Date,
    at: EntryRef,
) {
    let last_day = sanction.last_day(on);
    let Some(case) = state.cases.get_mut(id) else {
        return;
    };
    case.stage = Stage::Imposed(Imposed {
        sanction,
        decision: decision.cloned(),
        at: at.recorded_at,
        on,
        appeal: None,
        standing: Standing::InForce,
    });
    case.latest = at.leaf;
    if let Some(last_day) = last_day {
        let over = state.utc_offsets.end_of(last_day).max(at.recorded_at);
        state.agenda.plan(Due::SanctionExpired(id.clone()), over);
    }
}

/// The office in a case ends by its sanction.
pub(crate) fn remove(state: &mut State, id: &CaseId, cause: OfficeEndCause, at: EntryRef) {
    let office = state.cases.get(id).and_then(|case| case.office.clone());
    if let Some(office) = office {
        office::end(state, &office, cause, at);
    }
}

/// The sanction never was: it is off the register, and an office it ended is given back where it can be.
pub(crate) fn annul(state: &mut State, id: &CaseId, at: EntryRef) {
    state.agenda.cancel(&Due::SanctionExpired(id.clone()));
    let Some(case) = state.cases.get_mut(id) else {
        return;
    };
    case.latest = at.leaf;
    let Stage::Imposed(imposed) = &mut case.stage else {
        return;
    };
    imposed.standing = Standing::Annulled(at.index);
    let decision = imposed.decision.clone();
    if let (Some(office), Sanction::Replacement | Sanction::Recall) =
        (case.office.clone(), imposed.sanction)
    {
        office::annul_removal(state, &office, decision.as_ref(), at);
    }
}

/// The basis of a case against an officeholder of a body of this kind: a contract binds companies and
/// organisations, the charter's discipline everybody else.
pub const fn basis_of(kind: BodyKind) -> SanctionBasis {
    match kind {
        BodyKind::PropertyCompany | BodyKind::SocialOrganisation => SanctionBasis::Contract,
        _ => SanctionBasis::Charter,
    }
}
