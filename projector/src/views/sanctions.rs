//! The register of sanctions 处罚 (rules.md §5): each case with its steps, and what it led to.
//!
//! A case keeps every step with its entry, so that the register of any index or time is the same rows read
//! with another moment.
//!
//! Whom a case is against is told only while its sanction is in force, or while those who elected are asked
//! for a recall; an allegation names nobody, and after expiry or annulment nobody is named any more (rules.md
//! §5, §7). What counts is always how the case stands at the position, whatever past moment is asked about:
//! otherwise the past would tell what the present must not.

mod case;

use governance::{
    action::{
        CaseOpened, DeliberationAction, DisciplineAction, Effect, EffectsOutcome, MeasureImported,
        Payload, RecallPetitioned, Sanction, SanctionBasis,
    },
    ids::{BodyId, CaseId, Millis, MotionId, OfficeId, PersonId},
    sanction::Discipline,
};

pub use self::case::{
    CaseClock, CaseStanding, CaseStatus, CaseStep, Named, OnRegister, Step, StepRow,
};
use self::case::{CaseRow, Fold};
use super::{
    constitution, motions,
    offices::{self, AsOf},
    powers::Moment,
};
use crate::{
    codec,
    keys::{Key, last_id},
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    summary::count,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
};

/// Case → its steps; index → case; person and case → nothing; case and index → signatures so far.
pub(crate) struct Sanctions;

const PREFIX: u8 = 13;
const CASE: u8 = 1;
const BY_INDEX: u8 = 2;
const OF_PERSON: u8 = 3;
/// Apart from the case, which would grow with every signature.
const SIGNED: u8 = 4;

impl Projection for Sanctions {
    fn name(&self) -> &'static str {
        "sanctions"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        match &entry.action.payload {
            Payload::Discipline(act) => discipline(entry, act, batch),
            Payload::Deliberation(DeliberationAction::MotionDecided(decided))
                if decided.effects == Some(EffectsOutcome::Taken) =>
            {
                impose(entry, &decided.motion, batch)
            }
            Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
                annul(entry, &overturned.motion, batch)
            }
            _ => Ok(()),
        }
    }
}

fn discipline(
    entry: &Logged<'_>,
    act: &DisciplineAction,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let step = match act {
        DisciplineAction::CaseOpened(opened) => return open(entry, opened, batch),
        DisciplineAction::RecallPetitioned(petitioned) => {
            return petition(entry, petitioned, batch);
        }
        DisciplineAction::MeasureImported(imported) => return import(entry, imported, batch),
        DisciplineAction::RecallPetitionSigned { case, signers } => {
            // None named: the actor alone.
            return sign(entry, case, count(signers.len()).max(1), batch);
        }
        DisciplineAction::NoticeServed { severity, .. } => Step::Noticed(*severity),
        DisciplineAction::DefenceFiled { .. } => Step::Defended,
        DisciplineAction::FindingMade { severity, .. } => Step::Found(*severity),
        DisciplineAction::AppealFiled { .. } => Step::Appealed,
        DisciplineAction::AppealDecided { outcome, .. } => Step::AppealDecided(*outcome),
        DisciplineAction::SanctionExpired { .. } => Step::Expired,
    };
    change(entry, act.case(), batch, |row| {
        row.steps.push(made(entry, step));
    })
}

const fn made(entry: &Logged<'_>, step: Step) -> StepRow {
    StepRow {
        made: Moment::of(entry),
        step,
    }
}

fn open(
    entry: &Logged<'_>,
    opened: &CaseOpened,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = against(entry, &opened.case, &opened.office, opened.basis, batch)?;
    begin(entry, row, Step::Opened, batch)
}

/// Who begins a petition signs it.
fn petition(
    entry: &Logged<'_>,
    petitioned: &RecallPetitioned,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let basis = SanctionBasis::Recall;
    let mut row = against(entry, &petitioned.case, &petitioned.office, basis, batch)?;
    row.recall = true;
    begin(entry, row, Step::Petitioned, batch)?;
    sign(entry, &petitioned.case, 1, batch)
}

/// A measure taken elsewhere is imposed as it comes in.
fn import(
    entry: &Logged<'_>,
    imported: &MeasureImported,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let (basis, discipline) = (SanctionBasis::Official, discipline_now(batch)?);
    let mut row = CaseRow::new(&imported.case, &imported.person, basis, discipline);
    row.source.clone_from(&imported.source);
    let imposed = Step::Imposed {
        sanction: imported.sanction,
        on: imported.held_on,
        decision: None,
    };
    begin(entry, row, imposed, batch)
}

/// A case against the holder of an office.
fn against(
    entry: &Logged<'_>,
    case: &CaseId,
    office: &OfficeId,
    basis: SanctionBasis,
    batch: &ViewBatch<'_>,
) -> Result<CaseRow, ProjectionError> {
    let held = offices::find(batch, office)?
        .ok_or_else(|| ProjectionError::unknown(entry, "office", office))?;
    let mut row = CaseRow::new(case, &held.person, basis, discipline_now(batch)?);
    row.body = Some(held.body);
    row.office = Some(held.office);
    Ok(row)
}

/// The times of the charter in force; the founding entry came first.
fn discipline_now(batch: &ViewBatch<'_>) -> Result<Discipline, StoreError> {
    let charter = constitution::charter(batch)?;
    Ok(charter.map_or_else(Discipline::default, |charter| charter.discipline))
}

/// Whose officer a case is about, and in how many days an appeal in it is to be decided.
pub(super) fn appeal_terms(
    rows: &impl Rows,
    case: &CaseId,
) -> Result<Option<(BodyId, u32)>, StoreError> {
    let row: Option<CaseRow> = rows.get(&key(case))?;
    // Official measures, which are about no office, are appealed against where they were taken.
    Ok(row.and_then(|row| Some((row.body?, row.discipline.appeal_decision_days))))
}

fn begin(
    entry: &Logged<'_>,
    mut row: CaseRow,
    first: Step,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    row.steps.push(made(entry, first));
    batch.put(by_index().with(&entry.index), &row.case)?;
    batch.put(of_person(&row.target).with(&row.case), &())?;
    Ok(batch.put(key(&row.case), &row)?)
}

fn sign(
    entry: &Logged<'_>,
    case: &CaseId,
    more: u32,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let mut so_far = 0;
    change(entry, case, batch, |row| {
        row.signatures = row.signatures.saturating_add(more);
        so_far = row.signatures;
    })?;
    let signed = signed(case).with(&entry.index);
    Ok(batch.put(signed, &(entry.recorded_at, so_far))?)
}

/// A decision imposes what its effects say.
fn impose(
    entry: &Logged<'_>,
    motion: &MotionId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    for effect in motions::effects(batch, motion)? {
        let Some((case, sanction)) = sanctioned(&effect) else {
            continue;
        };
        let offsets = constitution::local_time(entry, batch)?;
        let imposed = Step::Imposed {
            sanction,
            on: offsets.date_of(entry.recorded_at),
            decision: Some(motion.clone()),
        };
        change(entry, case, batch, |row| {
            row.steps.push(made(entry, imposed));
        })?;
    }
    Ok(())
}

/// What a decision imposed never was, once the decision is overturned.
fn annul(
    entry: &Logged<'_>,
    motion: &MotionId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    for effect in motions::effects(batch, motion)? {
        let Some((case, _)) = sanctioned(&effect) else {
            continue;
        };
        let Some(mut row) = batch.get::<CaseRow>(&key(case))? else {
            continue;
        };
        let now = Fold::of(&mut row.steps.iter());
        if now.decision.as_ref() == Some(motion) && now.status != CaseStatus::Annulled {
            row.steps.push(made(entry, Step::Annulled));
            batch.put(key(case), &row)?;
        }
    }
    Ok(())
}

const fn sanctioned(effect: &Effect) -> Option<(&CaseId, Sanction)> {
    match effect {
        Effect::Sanctioned { case, sanction } => Some((case, *sanction)),
        Effect::Replaced { case, .. } => Some((case, Sanction::Replacement)),
        Effect::Recalled { case } => Some((case, Sanction::Recall)),
        Effect::Power(_)
        | Effect::Appointed(_)
        | Effect::CharterAmended(_)
        | Effect::RulesVersionAdopted { .. } => None,
    }
}

fn change(
    entry: &Logged<'_>,
    case: &CaseId,
    batch: &mut ViewBatch<'_>,
    change: impl FnOnce(&mut CaseRow),
) -> Result<(), ProjectionError> {
    let mut row: CaseRow = batch
        .get(&key(case))?
        .ok_or_else(|| ProjectionError::unknown(entry, "case", case))?;
    change(&mut row);
    Ok(batch.put(key(case), &row)?)
}

fn key(case: &CaseId) -> Key {
    Key::table(PREFIX, CASE).with(case)
}

fn by_index() -> Key {
    Key::table(PREFIX, BY_INDEX)
}

fn of_person(person: &PersonId) -> Key {
    Key::table(PREFIX, OF_PERSON).with(person)
}

fn signed(case: &CaseId) -> Key {
    Key::table(PREFIX, SIGNED).with(case)
}

/// Which cases to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Only those about offices of this body.
    pub body: Option<BodyId>,
    /// Only those that name this person.
    pub person: Option<PersonId>,
    /// Only those whose latest step is this.
    pub step: Option<CaseStep>,
    /// Only those that stand like this.
    pub status: Option<CaseStatus>,
}

impl CaseFilter {
    fn takes(&self, case: &CaseStanding) -> bool {
        let body = self.body.as_ref();
        let named = case.named.as_ref().map(|named| &named.person);
        body.is_none_or(|body| case.body.as_ref() == Some(body))
            && (self.person.is_none() || named == self.person.as_ref())
            && self.step.is_none_or(|step| case.step == step)
            && self.status.is_none_or(|status| case.status == status)
    }
}

impl View<'_> {
    /// The register at a moment, the case opened last first.
    pub fn cases(
        &self,
        filter: &CaseFilter,
        as_of: AsOf,
        request: &PageRequest,
    ) -> Result<Page<CaseStanding>, QueryError> {
        let span = Span::of(by_index());
        page::read(self, span, Order::Descending, request, |_, case| {
            let case: CaseId = codec::decode(case)?;
            let found = self.case(&case, as_of)?;
            Ok(found
                .map(|(standing, _)| standing)
                .filter(|case| filter.takes(case)))
        })
    }

    /// One case as it stood at a moment, with the steps taken by then, oldest first.
    pub fn case(
        &self,
        case: &CaseId,
        as_of: AsOf,
    ) -> Result<Option<(CaseStanding, Vec<StepRow>)>, QueryError> {
        let Some(row) = self.get::<CaseRow>(&key(case))? else {
            return Ok(None);
        };
        let Some(mut standing) = row.standing(as_of, &self.utc_offsets()?) else {
            return Ok(None);
        };
        if row.recall {
            standing.signatures = self.signatures(case, as_of)?;
        }
        Ok(Some((standing, row.taken(as_of).cloned().collect())))
    }

    /// The cases that name a person at a moment. A person has few.
    pub fn cases_naming(
        &self,
        person: &PersonId,
        as_of: AsOf,
    ) -> Result<Vec<CaseStanding>, QueryError> {
        let prefix = of_person(person);
        let mut naming = Vec::new();
        for pair in self.scan(&Span::of(prefix.clone()), Order::Ascending) {
            let (key, _) = pair?;
            let case = last_id(&key, prefix.as_bytes().len());
            let case = case.and_then(|id| CaseId::new(id).ok());
            let found = case.map(|case| self.case(&case, as_of)).transpose()?;
            let standing = found.flatten().map(|(standing, _)| standing);
            naming.extend(standing.filter(|standing| standing.named.is_some()));
        }
        Ok(naming)
    }

    /// How many had signed a petition by a moment: the last running total that counts.
    fn signatures(&self, case: &CaseId, as_of: AsOf) -> Result<u32, QueryError> {
        let prefix = signed(case);
        let span = match as_of {
            AsOf::Index(index) => Span {
                until: prefix.clone().with(&index).after(),
                from: prefix,
            },
            AsOf::Time(_) => Span::of(prefix),
        };
        for pair in self.scan(&span, Order::Descending) {
            let (at, so_far): (Millis, u32) = codec::decode(&pair?.1)?;
            match as_of {
                AsOf::Time(time) if at > time => {}
                _ => return Ok(so_far),
            }
        }
        Ok(0)
    }
}
