//! The register of sanctions 处罚 (rules.md §5): each case with its steps, and what it led to.
//!
//! A case keeps every step with its entry, so that the register of any index or time is the same rows read
//! with another moment.
//!
//! Whom a case is against is told only while its sanction is in force, or while those who elected are asked
//! for a recall; an allegation names nobody, and after expiry or annulment nobody is named any more (rules.md
//! §5, §7). What counts is always how the case stands at the position, whatever past moment is asked about:
//! otherwise the past would tell what the present must not.

use governance::{
    action::{
        AppealOutcome, CaseOpened, DeliberationAction, DisciplineAction, Effect, EffectsOutcome,
        MeasureImported, Payload, RecallPetitioned, Sanction, SanctionBasis, Severity,
    },
    calendar::{Date, UtcOffsets},
    ids::{BodyId, CaseId, Millis, MotionId, OfficeId, PersonId},
    sanction::Discipline,
};
use serde::{Deserialize, Serialize};

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
    view_store::{Order, Rows, Span, View, ViewBatch},
};

/// Case → its steps; index → case; person and case → nothing; case and index → signatures so far.
pub(crate) struct Sanctions;

const PREFIX: u8 = 13;
const CASE: u8 = 1;
const BY_INDEX: u8 = 2;
const OF_PERSON: u8 = 3;
/// Apart from the case, which would grow with every signature.
const SIGNED: u8 = 4;

/// A case with all its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CaseRow {
    case: CaseId,
    /// The body of the office in it; `None`: an official measure against the person.
    body: Option<BodyId>,
    office: Option<OfficeId>,
    target: PersonId,
    basis: SanctionBasis,
    /// Whether it is a petition to recall.
    recall: bool,
    /// An official measure's own number.
    source: String,
    /// How many signed the petition, so far.
    signatures: u32,
    steps: Vec<StepRow>,
}

/// A step of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRow {
    /// The entry.
    pub made: Moment,
    /// What was done.
    pub step: Step,
}

/// What was done in a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// It was opened.
    Opened,
    /// A petition to recall was begun.
    Petitioned,
    /// The draft was put before the target.
    Noticed(Severity),
    /// The target defended themself.
    Defended,
    /// What was found; `None`: nothing, and the case is closed.
    Found(Option<Severity>),
    /// A sanction was imposed.
    Imposed {
        /// Which.
        sanction: Sanction,
        /// The day it runs from.
        on: Date,
        /// The motion that decided it; `None`: a measure taken elsewhere.
        decision: Option<MotionId>,
    },
    /// The target appealed.
    Appealed,
    /// What became of the appeal.
    AppealDecided(AppealOutcome),
    /// The sanction is over.
    Expired,
    /// The decision that imposed it was overturned.
    Annulled,
}

/// The kinds of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseStep {
    /// Opened.
    Opened,
    /// A petition to recall is being signed.
    Petitioned,
    /// Notice was served.
    Noticed,
    /// The defence is filed.
    Defended,
    /// The finding is made.
    Found,
    /// Nothing was found.
    Closed,
    /// A sanction is imposed.
    Imposed,
    /// An appeal is filed.
    Appealed,
    /// The appeal is decided.
    AppealDecided,
    /// The sanction is over.
    Expired,
    /// The decision that imposed it was overturned.
    Annulled,
}

impl Step {
    /// Which kind.
    pub const fn kind(&self) -> CaseStep {
        match self {
            Self::Opened => CaseStep::Opened,
            Self::Petitioned => CaseStep::Petitioned,
            Self::Noticed(_) => CaseStep::Noticed,
            Self::Defended => CaseStep::Defended,
            Self::Found(Some(_)) => CaseStep::Found,
            Self::Found(None) => CaseStep::Closed,
            Self::Imposed { .. } => CaseStep::Imposed,
            Self::Appealed => CaseStep::Appealed,
            Self::AppealDecided(_) => CaseStep::AppealDecided,
            Self::Expired => CaseStep::Expired,
            Self::Annulled => CaseStep::Annulled,
        }
    }
}

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseStatus {
    /// It has led to no sanction yet.
    Pending,
    /// There was nothing in it.
    Closed,
    /// Its sanction is in force, or ended the office for good.
    InForce,
    /// Its sanction is over.
    Expired,
    /// Its sanction never was.
    Annulled,
}

/// A sanction on the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnRegister {
    /// Which.
    pub sanction: Sanction,
    /// Its first day.
    pub from: Date,
    /// Its last day; `None`: it ended an office.
    pub until: Option<Date>,
}

/// Whom a case is against, where that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub person: PersonId,
    /// In which office.
    pub office: Option<OfficeId>,
    /// The motion that decided the sanction.
    pub decision: Option<MotionId>,
    /// An official measure's own number; may be empty.
    pub source: String,
}

/// What runs out next in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseClock {
    /// The target's time for a defence.
    Defence,
    /// The target's time for an appeal.
    Appeal,
    /// The time in which the appeal is to be decided.
    AppealDecision,
}

/// How a case stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStanding {
    /// Which.
    pub case: CaseId,
    /// The body of the office in it; `None`: an official measure.
    pub body: Option<BodyId>,
    /// On what it rests.
    pub basis: SanctionBasis,
    /// Whether those who elected are asked for a recall.
    pub recall: bool,
    /// The latest step.
    pub step: CaseStep,
    /// How it stands.
    pub status: CaseStatus,
    /// How serious the matter is, as noticed or found.
    pub severity: Option<Severity>,
    /// The sanction it led to, as reduced.
    pub sanction: Option<OnRegister>,
    /// How many signed the petition.
    pub signatures: u32,
    /// The entry that opened it.
    pub opened: Moment,
    /// What runs out next, and the first moment that is too late.
    pub clock: Option<(CaseClock, Millis)>,
    /// Whom it is against, where that is told.
    pub named: Option<Named>,
}

impl CaseRow {
    fn new(case: &CaseId, target: &PersonId, basis: SanctionBasis) -> Self {
        Self {
            case: case.clone(),
            body: None,
            office: None,
            target: target.clone(),
            basis,
            recall: false,
            source: String::new(),
            signatures: 0,
            steps: Vec::new(),
        }
    }

    fn taken(&self, as_of: AsOf) -> impl Iterator<Item = &StepRow> {
        self.steps.iter().filter(move |row| row.made.by(as_of))
    }

    /// Whom it is against, where that may be told.
    fn named(&self) -> Option<Named> {
        let now = Fold::of(&mut self.steps.iter());
        let told = match now.status {
            CaseStatus::InForce => true,
            CaseStatus::Pending => self.recall,
            CaseStatus::Closed | CaseStatus::Expired | CaseStatus::Annulled => false,
        };
        told.then(|| Named {
            person: self.target.clone(),
            office: self.office.clone(),
            decision: now.decision,
            source: self.source.clone(),
        })
    }

    /// How it stood at a moment; `None`: it was not there yet.
    fn standing(
        &self,
        as_of: AsOf,
        discipline: &Discipline,
        offsets: &UtcOffsets,
    ) -> Option<CaseStanding> {
        let opened = self.steps.first().filter(|row| row.made.by(as_of))?;
        let latest = self.taken(as_of).last()?;
        let then = Fold::of(&mut self.taken(as_of));
        Some(CaseStanding {
            case: self.case.clone(),
            body: self.body.clone(),
            basis: self.basis,
            recall: self.recall,
            step: latest.step.kind(),
            status: then.status,
            severity: then.severity,
            sanction: then.sanction.map(|(sanction, from)| OnRegister {
                sanction,
                from,
                until: sanction.last_day(from),
            }),
            signatures: self.signatures,
            opened: opened.made,
            clock: self.clock(latest, discipline, offsets),
            named: self.named(),
        })
    }

    /// What runs out after this step.
    fn clock(
        &self,
        latest: &StepRow,
        discipline: &Discipline,
        offsets: &UtcOffsets,
    ) -> Option<(CaseClock, Millis)> {
        let (clock, days) = match latest.step {
            Step::Noticed(_) => (CaseClock::Defence, discipline.defence_days),
            // Official measures are appealed against where they were taken.
            Step::Imposed { .. } if self.basis != SanctionBasis::Official => {
                (CaseClock::Appeal, discipline.appeal_days)
            }
            Step::Appealed => (CaseClock::AppealDecision, discipline.appeal_decision_days),
            _ => return None,
        };
        Some((clock, offsets.after_days(latest.made.at, days)))
    }
}

/// What the steps of a case come to.
struct Fold {
    status: CaseStatus,
    severity: Option<Severity>,
    sanction: Option<(Sanction, Date)>,
    decision: Option<MotionId>,
}

impl Fold {
    fn of(steps: &mut dyn Iterator<Item = &StepRow>) -> Self {
        let nothing = Self {
            status: CaseStatus::Pending,
            severity: None,
            sanction: None,
            decision: None,
        };
        steps.fold(nothing, |so_far, row| so_far.and(&row.step))
    }

    fn and(mut self, step: &Step) -> Self {
        match step {
            Step::Opened
            | Step::Petitioned
            | Step::Defended
            | Step::Appealed
            | Step::AppealDecided(AppealOutcome::Upheld) => {}
            Step::Noticed(severity) | Step::Found(Some(severity)) => {
                self.severity = Some(*severity);
            }
            Step::Found(None) => self.status = CaseStatus::Closed,
            Step::Imposed {
                sanction,
                on,
                decision,
            } => {
                self.status = CaseStatus::InForce;
                self.sanction = Some((*sanction, *on));
                self.decision.clone_from(decision);
            }
            Step::AppealDecided(AppealOutcome::Reduced(to)) => {
                self.status = CaseStatus::InForce;
                self.sanction = self.sanction.map(|(_, on)| (*to, on));
            }
            Step::AppealDecided(AppealOutcome::Annulled) | Step::Annulled => {
                self.status = CaseStatus::Annulled;
            }
            Step::Expired => self.status = CaseStatus::Expired,
        }
        self
    }
}

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
    let mut row = CaseRow::new(&imported.case, &imported.person, SanctionBasis::Official);
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
    let mut row = CaseRow::new(case, &held.person, basis);
    row.body = Some(held.body);
    row.office = Some(held.office);
    Ok(row)
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
        let offsets = constitution::utc_offsets(batch)?
            .ok_or_else(|| ProjectionError::unknown(entry, "ledger", &entry.action.ledger))?;
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
        let discipline = self.charter()?.discipline;
        let standing = row.standing(as_of, &discipline, &self.utc_offsets()?);
        let Some(mut standing) = standing else {
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
