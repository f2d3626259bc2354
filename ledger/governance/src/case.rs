//! Cases 案件: one officeholder's matter, from its opening to the end of its sanction (rules.md §5).
//!
//! The order is fixed, and each step is refused out of order, early, or by the wrong person: case opened →
//! notice served, with the drafted findings → defence filed, or its period over → finding → decision, by
//! which the sanction is imposed → appeal → upheld, reduced or annulled → expired. The finding is never
//! harsher than the notice, so that a defence never makes it so. Who handles a case is neither its target
//! nor its complainant, nor near kin of either.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    action::{
        AppealOutcome, CaseOpened, DisciplineAction, MeasureImported, Sanction, SanctionBasis,
        Severity,
    },
    authority::{Act, Over},
    bounds::{self, CITATION_LEN_MAX},
    calendar::Date,
    charter::{DecisionRule, Right},
    decide::EntryRef,
    ids::{BodyId, CaseId, Leaf, Millis, MotionId, OfficeId, PersonId, RollId},
    meeting::days_over,
    recall,
    rejection::{CaseStep, Rejection, Unsanctionable},
    sanction::{self, Discipline},
    state::State,
};

/// A matter against one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Case {
    pub(crate) target: PersonId,
    /// The office in it; `None`: an official measure against the person.
    pub(crate) office: Option<OfficeId>,
    /// Which body handles it; `None`: the registrar, for those who petition.
    pub(crate) handled_by: Option<BodyId>,
    pub(crate) complainant: Option<PersonId>,
    pub(crate) basis: SanctionBasis,
    /// Where those who elected ask for a recall.
    pub(crate) petition: Option<Petition>,
    pub(crate) stage: Stage,
    /// The discipline it was opened under.
    pub(crate) discipline: Discipline,
    /// An official measure's own number.
    pub(crate) source: Option<String>,
    pub(crate) latest: Leaf,
}

/// Who asks for a recall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Petition {
    /// As it was then.
    pub(crate) rule: Arc<DecisionRule>,
    /// The roll in force when it was begun.
    pub(crate) roll: RollId,
    /// The roll of the other body whose signatures count too, as it was then.
    pub(crate) beside: Option<RollId>,
    pub(crate) signers: BTreeSet<PersonId>,
}

/// How far a case has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Opened, or the petition is being signed.
    Opened,
    /// The target knows what is held against them.
    Noticed {
        at: Millis,
        severity: Severity,
        defended: bool,
    },
    Found {
        severity: Severity,
    },
    /// There was nothing in it.
    Closed,
    Imposed(Imposed),
}

/// A sanction that was imposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Imposed {
    pub(crate) sanction: Sanction,
    pub(crate) decision: Option<MotionId>,
    pub(crate) at: Millis,
    /// The day it runs from.
    pub(crate) on: Date,
    pub(crate) appeal: Option<Appeal>,
    pub(crate) standing: Standing,
}

/// How far an appeal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Appeal {
    Filed,
    Decided,
}

/// Whether a sanction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Standing {
    InForce,
    /// Since this entry it is over.
    Expired(u64),
    /// Since this entry it never was.
    Annulled(u64),
}

impl Case {
    pub(crate) const fn imposed(&self) -> Option<&Imposed> {
        match &self.stage {
            Stage::Imposed(imposed) => Some(imposed),
            _ => None,
        }
    }

    pub(crate) fn is_in_force(&self) -> bool {
        self.imposed()
            .is_some_and(|imposed| imposed.standing == Standing::InForce)
    }

    /// The next step is another.
    pub(crate) fn not_at(&self, case: &CaseId, tried: CaseStep) -> Rejection {
        let next = match &self.stage {
            Stage::Opened if self.petition.is_some() => CaseStep::Signatures,
            Stage::Opened => CaseStep::Notice,
            Stage::Noticed { .. } if self.petition.is_some() => CaseStep::Decision,
            Stage::Noticed { .. } => CaseStep::Finding,
            Stage::Found { .. } => CaseStep::Decision,
            Stage::Closed => CaseStep::Nothing,
            Stage::Imposed(imposed) => match (imposed.standing, imposed.appeal) {
                (Standing::InForce, None) => CaseStep::Appeal,
                (Standing::InForce, Some(Appeal::Filed)) => CaseStep::AppealDecision,
                _ => CaseStep::Nothing,
            },
        };
        Rejection::CaseOutOfOrder {
            case: case.clone(),
            tried,
            next,
        }
    }

    /// The target was heard, or the time for a defence is over by then.
    pub(crate) fn check_heard(
        &self,
        id: &CaseId,
        state: &State,
        by: Millis,
    ) -> Result<(), Rejection> {
        let Stage::Noticed { at, defended, .. } = self.stage else {
            return Err(self.not_at(id, CaseStep::Finding));
        };
        let days = self.discipline.defence_days;
        let over_at = days_over(&state.utc_offsets, at, days);
        if defended || by >= over_at {
            return Ok(());
        }
        Err(Rejection::DefencePeriod {
            case: id.clone(),
            over_at,
        })
    }
}

impl State {
    pub(crate) fn existing_case(&self, case: &CaseId) -> Result<&Case, Rejection> {
        let found = self.cases.get(case);
        found.ok_or_else(|| Rejection::CaseUnknown { case: case.clone() })
    }

    pub(crate) fn check_new_case(&self, case: &CaseId) -> Result<(), Rejection> {
        if self.cases.contains_key(case) {
            return Err(Rejection::CaseExists { case: case.clone() });
        }
        Ok(())
    }

    /// Notes a case, and that it is against its target.
    pub(crate) fn add_case(&mut self, id: &CaseId, case: Case) {
        if let Some(person) = self.people.get_mut(&case.target) {
            person.cases.insert(id.clone());
        }
        self.cases.insert(id.clone(), case);
    }
}

pub(crate) fn decide(act: &Act<'_>, action: &DisciplineAction) -> Result<(), Rejection> {
    match action {
        DisciplineAction::CaseOpened(opened) => {
            decide_opened(act, opened)?;
            bounds::content(&opened.content)
        }
        DisciplineAction::NoticeServed { case, content, .. } => {
            decide_notice(act, case)?;
            bounds::content(content)
        }
        DisciplineAction::DefenceFiled { case, content } => {
            decide_defence(act, case)?;
            bounds::content(content)
        }
        DisciplineAction::FindingMade {
            case,
            severity,
            content,
        } => {
            decide_finding(act, case, *severity)?;
            bounds::content(content)
        }
        DisciplineAction::AppealFiled { case, content } => {
            decide_appeal(act, case)?;
            bounds::content(content)
        }
        DisciplineAction::AppealDecided {
            case,
            outcome,
            content,
        } => {
            decide_appeal_decided(act, case, *outcome)?;
            bounds::content(content)
        }
        DisciplineAction::RecallPetitioned(petitioned) => {
            recall::decide_petitioned(act, petitioned)?;
            bounds::content(&petitioned.content)
        }
        DisciplineAction::RecallPetitionSigned { case, signers } => {
            recall::decide_signed(act, case, signers)
        }
        DisciplineAction::MeasureImported(imported) => decide_imported(act, imported),
        // Persons are turned away before this.
        DisciplineAction::SanctionExpired { .. } => Err(Rejection::NotForPersons {
            family: act.action.payload.family(),
        }),
    }
}

/// By an officer who may discipline the office's body, on the basis that binds it.
fn decide_opened(act: &Act<'_>, opened: &CaseOpened) -> Result<(), Rejection> {
    let state = act.state;
    state.check_new_case(&opened.case)?;
    let Some(office) = state.offices.get(&opened.office) else {
        return Err(Rejection::OfficeUnknown {
            office: opened.office.clone(),
        });
    };
    act.may(Right::Discipline, &office.body)?;
    if let Some(ended) = office.ended {
        return Err(Rejection::OfficeEndedAlready {
            office: opened.office.clone(),
            index: ended.index,
        });
    }
    if let Some(complainant) = &opened.complainant {
        state.known_person(complainant)?;
    }
    let basis = sanction::basis_of(state.body(&office.body)?.kind);
    if opened.basis != basis {
        return Err(Rejection::SanctionUnfit {
            case: opened.case.clone(),
            reason: Unsanctionable::Basis(basis),
        });
    }
    check_apart(
        act,
        &opened.case,
        &office.person,
        opened.complainant.as_ref(),
    )
}

/// The actor is neither target nor complainant, nor near kin of either.
fn check_apart(
    act: &Act<'_>,
    case: &CaseId,
    target: &PersonId,
    complainant: Option<&PersonId>,
) -> Result<(), Rejection> {
    let mut concerned = std::iter::once(target).chain(complainant);
    let near = |person: &&PersonId| *person == act.person || act.state.are_kin(person, act.person);
    match concerned.find(near) {
        None => Ok(()),
        Some(person) => Err(Rejection::HandlerConcerned {
            case: case.clone(),
            handler: act.person.clone(),
            person: person.clone(),
        }),
    }
}

/// The actor handles this case: for the body that does, with the right to, and apart from whom it concerns.
fn check_handler(act: &Act<'_>, id: &CaseId, case: &Case) -> Result<(), Rejection> {
    let office = case
        .office
        .as_ref()
        .and_then(|id| act.state.offices.get(id));
    let right = match &case.handled_by {
        None => Right::Register,
        Some(body) => {
            act.acts_for(body)?;
            Right::Discipline
        }
    };
    if let Some(office) = office {
        act.may(right, &office.body)?;
    }
    check_apart(act, id, &case.target, case.complainant.as_ref())
}

fn decide_notice(act: &Act<'_>, id: &CaseId) -> Result<(), Rejection> {
    let case = act.state.existing_case(id)?;
    check_handler(act, id, case)?;
    if case.stage != Stage::Opened {
        return Err(case.not_at(id, CaseStep::Notice));
    }
    case.petition
        .as_ref()
        .map_or(Ok(()), |petition| recall::check_enough(act.state, petition))
}

/// The target, for themself, within the time.
fn decide_defence(act: &Act<'_>, id: &CaseId) -> Result<(), Rejection> {
    let case = act.state.existing_case(id)?;
    check_target(act, id, case)?;
    let Stage::Noticed { at, .. } = case.stage else {
        return Err(case.not_at(id, CaseStep::Defence));
    };
    let days = case.discipline.defence_days;
    let over_at = days_over(&act.state.utc_offsets, at, days);
    if act.recorded_at < over_at {
        return Ok(());
    }
    Err(Rejection::CaseTooLate {
        case: id.clone(),
        over_at,
    })
}

fn check_target(act: &Act<'_>, id: &CaseId, case: &Case) -> Result<(), Rejection> {
    if case.target == *act.person {
        return Ok(());
    }
    Err(Rejection::NotTheTarget {
        case: id.clone(),
        person: act.person.clone(),
    })
}

fn decide_finding(act: &Act<'_>, id: &CaseId, severity: Option<Severity>) -> Result<(), Rejection> {
    let case = act.state.existing_case(id)?;
    check_handler(act, id, case)?;
    let Stage::Noticed {
        severity: noticed, ..
    } = case.stage
    else {
        return Err(case.not_at(id, CaseStep::Finding));
    };
    if case.petition.is_some() {
        return Err(case.not_at(id, CaseStep::Finding));
    }
    case.check_heard(id, act.state, act.recorded_at)?;
    match severity.filter(|severity| *severity > noticed) {
        None => Ok(()),
        Some(severity) => Err(Rejection::HarsherThanNoticed {
            case: id.clone(),
            noticed,
            severity,
        }),
    }
}

fn decide_appeal(act: &Act<'_>, id: &CaseId) -> Result<(), Rejection> {
    let case = act.state.existing_case(id)?;
    check_target(act, id, case)?;
    let imposed = case.imposed().filter(|imposed| {
        imposed.appeal.is_none() && !matches!(imposed.standing, Standing::Annulled(_))
    });
    let Some(imposed) = imposed.filter(|_| case.basis != SanctionBasis::Official) else {
        return Err(case.not_at(id, CaseStep::Appeal));
    };
    let days = case.discipline.appeal_days;
    let over_at = days_over(&act.state.utc_offsets, imposed.at, days);
    if act.recorded_at < over_at {
        return Ok(());
    }
    Err(Rejection::CaseTooLate {
        case: id.clone(),
        over_at,
    })
}

/// By a body that supervises the office's, and did not decide itself; of a recall, by one above those who voted. It
/// becomes what the same basis allows: by discipline a warning or a demerit, and a recall nothing else.
fn decide_appeal_decided(
    act: &Act<'_>,
    id: &CaseId,
    outcome: AppealOutcome,
) -> Result<(), Rejection> {
    let case = act.state.existing_case(id)?;
    // What a court annulled meanwhile is not there to be reduced.
    let filed = case.imposed().filter(|imposed| {
        imposed.appeal == Some(Appeal::Filed) && !matches!(imposed.standing, Standing::Annulled(_))
    });
    let Some(imposed) = filed else {
        return Err(case.not_at(id, CaseStep::AppealDecision));
    };
    let office = case
        .office
        .as_ref()
        .and_then(|id| act.state.offices.get(id));
    if let Some(office) = office {
        act.may(Right::Supervise, &office.body)?;
    }
    let decided_by = imposed.decision.as_ref();
    let decided_by = decided_by.and_then(|decision| act.state.motions.get(decision));
    let own = act.body()?;
    if Some(own) == case.handled_by.as_ref() || decided_by.is_some_and(|motion| motion.body == *own)
    {
        return Err(Rejection::AppealToItself {
            case: id.clone(),
            body: own.clone(),
        });
    }
    check_apart(act, id, &case.target, case.complainant.as_ref())?;
    if let (Sanction::Recall, Some(motion)) = (imposed.sanction, decided_by) {
        check_above(act.state, own, &motion.body)?;
    }
    let AppealOutcome::Reduced(to) = outcome else {
        return Ok(());
    };
    let reason = match imposed.sanction {
        Sanction::Recall => Unsanctionable::RecallWhole,
        from if to >= from || !sanction::is_disciplinary(to) => Unsanctionable::NotReduced(from),
        _ => return Ok(()),
    };
    Err(Rejection::SanctionUnfit {
        case: id.clone(),
        reason,
    })
}

/// What voters decided, nobody sets aside who merely supervises the body of the office (see
/// [`hierarchy`](crate::hierarchy)).
fn check_above(state: &State, own: &BodyId, decided: &BodyId) -> Result<(), Rejection> {
    if state.is_superior(own, decided) {
        return Ok(());
    }
    Err(Rejection::NotSuperior {
        body: own.clone(),
        over: decided.clone(),
    })
}

fn decide_imported(act: &Act<'_>, imported: &MeasureImported) -> Result<(), Rejection> {
    act.may_ledger_wide(Right::Register)?;
    let rights = [Right::Register, Right::Supervise];
    act.check_attestor(&imported.second, &rights, &Over::Ledger)?;
    act.state.check_new_case(&imported.case)?;
    act.state.known_person(&imported.person)?;
    bounds::required_text("source", &imported.source, CITATION_LEN_MAX)?;
    let unfit = |reason| Rejection::SanctionUnfit {
        case: imported.case.clone(),
        reason,
    };
    if imported.sanction.months().is_none() {
        return Err(unfit(Unsanctionable::NotOfficial(imported.sanction)));
    }
    if imported.held_on > act.today {
        return Err(unfit(Unsanctionable::InFuture(imported.held_on)));
    }
    let mut cases = act.state.cases.iter();
    let same = cases.find(|(_, case)| case.source.as_ref() == Some(&imported.source));
    if let Some((case, _)) = same {
        return Err(Rejection::ImportedAlready { case: case.clone() });
    }
    imported.record.as_ref().map_or(Ok(()), bounds::content)
}

pub(crate) fn evolve(
    state: &mut State,
    actor: Option<(&PersonId, Option<&BodyId>)>,
    action: &DisciplineAction,
    at: EntryRef,
) {
    match action {
        DisciplineAction::CaseOpened(opened) => {
            if let Some((_, Some(body))) = actor {
                open(state, opened, body, at);
            }
        }
        DisciplineAction::RecallPetitioned(petitioned) => {
            if let Some((person, _)) = actor {
                recall::petition(state, petitioned, person, at);
            }
        }
        DisciplineAction::RecallPetitionSigned { case, signers } => {
            if let Some((person, _)) = actor {
                recall::sign(state, case, signers, person);
            }
        }
        DisciplineAction::MeasureImported(imported) => {
            if let Some((_, Some(body))) = actor {
                import(state, imported, body, at);
            }
        }
        DisciplineAction::AppealDecided { case, outcome, .. } => {
            decide_outcome(state, case, *outcome, at);
        }
        _ => {
            if let Some(case) = state.cases.get_mut(action.case()) {
                go_on(case, action, at);
            }
        }
    }
}

fn open(state: &mut State, opened: &CaseOpened, handled_by: &BodyId, at: EntryRef) {
    let Some(office) = state.offices.get(&opened.office) else {
        return;
    };
    let case = Case {
        target: office.person.clone(),
        office: Some(opened.office.clone()),
        handled_by: Some(handled_by.clone()),
        complainant: opened.complainant.clone(),
        basis: opened.basis,
        petition: None,
        stage: Stage::Opened,
        discipline: state.charter.discipline,
        source: None,
        latest: at.leaf,
    };
    state.add_case(&opened.case, case);
}

fn import(state: &mut State, imported: &MeasureImported, handled_by: &BodyId, at: EntryRef) {
    let case = Case {
        target: imported.person.clone(),
        office: None,
        handled_by: Some(handled_by.clone()),
        complainant: None,
        basis: SanctionBasis::Official,
        petition: None,
        stage: Stage::Opened,
        discipline: state.charter.discipline,
        source: Some(imported.source.clone()),
        latest: at.leaf,
    };
    state.add_case(&imported.case, case);
    sanction::impose(
        state,
        &imported.case,
        imported.sanction,
        None,
        imported.held_on,
        at,
    );
}

/// The next step of one case.
fn go_on(case: &mut Case, action: &DisciplineAction, at: EntryRef) {
    match (action, &mut case.stage) {
        (DisciplineAction::NoticeServed { severity, .. }, stage) => {
            *stage = Stage::Noticed {
                at: at.recorded_at,
                severity: *severity,
                defended: false,
            };
        }
        (DisciplineAction::DefenceFiled { .. }, Stage::Noticed { defended, .. }) => {
            *defended = true;
        }
        (DisciplineAction::FindingMade { severity, .. }, stage) => {
            *stage = severity.map_or(Stage::Closed, |severity| Stage::Found { severity });
        }
        (DisciplineAction::AppealFiled { .. }, Stage::Imposed(imposed)) => {
            imposed.appeal = Some(Appeal::Filed);
        }
        (DisciplineAction::SanctionExpired { .. }, Stage::Imposed(imposed)) => {
            imposed.standing = Standing::Expired(at.index);
        }
        _ => {}
    }
}

fn decide_outcome(state: &mut State, id: &CaseId, outcome: AppealOutcome, at: EntryRef) {
    let case = state.cases.get_mut(id);
    let Some(Stage::Imposed(imposed)) = case.map(|case| &mut case.stage) else {
        return;
    };
    imposed.appeal = Some(Appeal::Decided);
    match outcome {
        AppealOutcome::Upheld => {}
        AppealOutcome::Annulled => sanction::annul(state, id, at),
        AppealOutcome::Reduced(to) => {
            let (decision, on) = (imposed.decision.clone(), imposed.on);
            sanction::annul(state, id, at);
            sanction::impose(state, id, to, decision.as_ref(), on, at);
            if let Some(Stage::Imposed(imposed)) = state.cases.get_mut(id).map(|c| &mut c.stage) {
                imposed.appeal = Some(Appeal::Decided);
            }
        }
    }
}
