//! Offices with the interval in which each was held: who held what is a question about any moment.
//!
//! Recorded time and held time are different (rules.md §2.8). *As of an index* is what the log said
//! then: what later entries add or end is not seen. *As of a time* is what is known now about that
//! time: an office recorded on a later day than its term's first counts from that first day, any other
//! from the moment it was recorded. Terms are days of local time and are looked at when asked.

use governance::{
    action::{
        AppealOutcome, BodiesAction, DeliberationAction, DisciplineAction, Effect, EffectsOutcome,
        OfficeAssumed, OfficeEndCause, OfficeObtained, Payload, PeopleAction, ReportAction,
    },
    calendar::{Date, UtcOffsets},
    head_audit::is_audited,
    ids::{BodyId, CaseId, Millis, MotionId, OfficeId, PersonId, RoleId},
};
use serde::{Deserialize, Serialize};

use super::{bodies, constitution, motions};
use crate::{
    codec,
    content::ContentRow,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
};

mod assessments;

/// Body and office → the interval; office → body; person and office → body; case → office; body, person and year →
/// found incompetent.
pub(crate) struct Offices;

const PREFIX: u8 = 6;
const OF_BODY: u8 = 1;
const BODY_OF: u8 = 2;
const OF_PERSON: u8 = 3;
const OF_CASE: u8 = 4;
const INCOMPETENT: u8 = 5;

/// An office and when it was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeRow {
    /// Its id.
    pub office: OfficeId,
    /// In which body.
    pub body: BodyId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: RoleId,
    /// First day.
    pub term_from: Date,
    /// Last day; `None`: no fixed end.
    pub term_to: Option<Date>,
    /// How.
    pub obtained: OfficeObtained,
    /// The motion that decided it.
    pub decision: Option<MotionId>,
    /// The office that fell vacant and was filled again by this one.
    pub succeeds: Option<OfficeId>,
    /// Published of committee members.
    pub woman: bool,
    /// Whether a seat in the other committee was disclosed with it.
    pub overlap_disclosed: bool,
    /// Index of the entry that says so.
    pub assumed_index: u64,
    /// When that was recorded.
    pub assumed_at: Millis,
    /// Where an entry ended it.
    pub ended: Option<OfficeEnded>,
    /// Of a head's office in a residents' committee that ended: the audit on it.
    pub audit: Option<HeadAuditRow>,
}

/// The audit of who was head of a residents' committee (组织法 38).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadAuditRow {
    /// The first moment that is too late.
    pub due_at: Millis,
    /// The entry that says it is overdue, whether or not it was recorded since.
    pub overdue: Option<u64>,
    /// What is recorded of it.
    pub recorded: Option<RecordedAudit>,
}

/// An audit that was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedAudit {
    /// Index of the entry that says so.
    pub index: u64,
    /// When that was recorded.
    pub at: Millis,
    /// Who carried it out.
    pub auditor: String,
    /// Whether it found anything that is not in order.
    pub irregular: bool,
    /// What it found.
    pub report: ContentRow,
}

/// How an office ended before its term was over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeEnded {
    /// Index of the entry that says so.
    pub index: u64,
    /// When that was recorded.
    pub at: Millis,
    /// Why.
    pub cause: OfficeEndCause,
    /// The motion that decided it.
    pub decision: Option<MotionId>,
}

/// The moment a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// As the log said right after this entry, on its day.
    Index(u64),
    /// At this time, as is known now.
    Time(Millis),
}

/// Which officeholders to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeFilter {
    /// Only this body's.
    pub body: Option<BodyId>,
    /// Only this person.
    pub person: Option<PersonId>,
    /// Only of this role.
    pub role: Option<RoleId>,
}

impl OfficeFilter {
    fn fits(&self, row: &OfficeRow) -> bool {
        let person = self.person.as_ref();
        person.is_none_or(|person| row.person == *person)
            && self.role.as_ref().is_none_or(|role| row.role == *role)
    }
}

impl OfficeRow {
    fn term_covers(&self, day: Date) -> bool {
        self.term_from <= day && self.term_to.is_none_or(|last| day <= last)
    }

    fn held_after(&self, index: u64, day: Date) -> bool {
        let ended = self.ended.as_ref().is_some_and(|end| end.index <= index);
        self.assumed_index <= index && !ended && self.term_covers(day)
    }

    fn held_at(&self, at: Millis, offsets: &UtcOffsets) -> bool {
        let ended = self.ended.as_ref().is_some_and(|end| end.at <= at);
        let recorded_late = self.term_from < offsets.date_of(self.assumed_at);
        let begun = recorded_late || self.assumed_at <= at;
        begun && !ended && self.term_covers(offsets.date_of(at))
    }
}

impl Projection for Offices {
    fn name(&self) -> &'static str {
        "offices"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        match &entry.action.payload {
            Payload::Founding(founded) => founded
                .offices
                .iter()
                .try_for_each(|office| assume(entry, office, batch)),
            Payload::Bodies(BodiesAction::OfficeAssumed(office)) => assume(entry, office, batch),
            Payload::Bodies(BodiesAction::OfficeEnded {
                office,
                cause,
                decision,
            }) => end_one(entry, office, *cause, decision.as_ref(), batch),
            Payload::Bodies(BodiesAction::ResignationFiled { office }) => {
                end_one(entry, office, OfficeEndCause::Resignation, None, batch)
            }
            Payload::Bodies(BodiesAction::TermEnded { office }) => {
                end_one(entry, office, OfficeEndCause::Term, None, batch)
            }
            Payload::Bodies(BodiesAction::HeadAudited(audited)) => {
                change_audit(entry, &audited.office, batch, |audit| {
                    audit.recorded = Some(RecordedAudit {
                        index: entry.index,
                        at: entry.recorded_at,
                        auditor: audited.auditor.clone(),
                        irregular: audited.irregular,
                        report: (&audited.report).into(),
                    });
                })
            }
            Payload::Bodies(BodiesAction::HeadAuditOverdue { office }) => {
                change_audit(entry, office, batch, |audit| {
                    audit.overdue = Some(entry.index);
                })
            }
            Payload::Bodies(BodiesAction::RemovalVoided { office, restored }) => {
                void_removal(entry, office, *restored, batch)
            }
            Payload::Reports(ReportAction::ReportAssessed(assessed)) => {
                assessments::assess(entry, assessed, batch)
            }
            Payload::People(PeopleAction::PersonDeparted { person }) => {
                end_all(entry, person, batch)
            }
            Payload::Discipline(DisciplineAction::CaseOpened(opened)) => {
                Ok(batch.put(case_key(&opened.case), &opened.office)?)
            }
            Payload::Discipline(DisciplineAction::RecallPetitioned(petitioned)) => {
                Ok(batch.put(case_key(&petitioned.case), &petitioned.office)?)
            }
            Payload::Discipline(DisciplineAction::AppealDecided {
                case,
                outcome: AppealOutcome::Annulled | AppealOutcome::Reduced(_),
                ..
            }) => match batch.get(&case_key(case))? {
                Some(office) => unseat_successor(entry, &office, batch),
                None => Ok(()),
            },
            Payload::Deliberation(DeliberationAction::MotionDecided(decided))
                if decided.effects == Some(EffectsOutcome::Taken) =>
            {
                for effect in motions::effects(batch, &decided.motion)? {
                    take_effect(entry, &decided.motion, &effect, batch)?;
                }
                Ok(())
            }
            Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
                overturn(entry, &overturned.motion, batch)
            }
            _ => Ok(()),
        }
    }
}

/// What a decision does to offices.
fn take_effect(
    entry: &Logged<'_>,
    motion: &MotionId,
    effect: &Effect,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let decided = |assumed: &OfficeAssumed| OfficeAssumed {
        decision: Some(motion.clone()),
        ..assumed.clone()
    };
    let removed = |case: &CaseId, cause, batch: &mut ViewBatch<'_>| {
        let office: OfficeId = batch
            .get(&case_key(case))?
            .ok_or_else(|| ProjectionError::unknown(entry, "case", case))?;
        end_one(entry, &office, cause, Some(motion), batch)
    };
    match effect {
        Effect::Appointed(assumed) => assume(entry, &decided(assumed), batch),
        Effect::Replaced { case, successor } => {
            removed(case, OfficeEndCause::Replacement, batch)?;
            assume(entry, &decided(successor), batch)
        }
        Effect::Recalled { case } => removed(case, OfficeEndCause::Recall, batch),
        Effect::Power(_)
        | Effect::Sanctioned { .. }
        | Effect::CharterAmended(_)
        | Effect::RulesVersionAdopted { .. } => Ok(()),
    }
}

/// Offices that a decision gave end with it. What becomes of those it ended, entries of their own say.
fn overturn(
    entry: &Logged<'_>,
    motion: &MotionId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let mut rows: Vec<OfficeRow> = Vec::new();
    for (_, value) in batch.scan_prefix(&Key::table(PREFIX, OF_BODY))? {
        rows.push(codec::decode(&value).map_err(StoreError::from)?);
    }
    for row in rows {
        let gave = row.decision.as_ref() == Some(motion);
        if gave {
            end_one(
                entry,
                &row.office,
                OfficeEndCause::InvalidElection,
                None,
                batch,
            )?;
        }
    }
    Ok(())
}

/// Whom an annulled replacement itself seated loses the seat with it.
fn unseat_successor(
    entry: &Logged<'_>,
    office: &OfficeId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let Some(row) = find(batch, office)? else {
        return Ok(());
    };
    let replaced = row
        .ended
        .filter(|ended| ended.cause == OfficeEndCause::Replacement);
    let Some(decision) = replaced.and_then(|ended| ended.decision) else {
        return Ok(());
    };
    for (_, value) in batch.scan_prefix(&Key::table(PREFIX, OF_BODY).with(&row.body))? {
        let other: OfficeRow = codec::decode(&value).map_err(StoreError::from)?;
        if other.succeeds.as_ref() == Some(office) && other.decision.as_ref() == Some(&decision) {
            let cause = OfficeEndCause::InvalidElection;
            end_one(entry, &other.office, cause, None, batch)?;
        }
    }
    Ok(())
}

/// The holder has the office back; or it stays ended, but not by a removal.
fn void_removal(
    entry: &Logged<'_>,
    office: &OfficeId,
    restored: bool,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let mut row =
        find(batch, office)?.ok_or_else(|| ProjectionError::unknown(entry, "office", office))?;
    if restored {
        row.ended = None;
        row.audit = None;
    } else if let Some(ended) = &mut row.ended {
        ended.cause = OfficeEndCause::RemovalAnnulled;
    }
    Ok(batch.put(row_key(&row.body, office), &row)?)
}

fn case_key(case: &CaseId) -> Key {
    Key::table(PREFIX, OF_CASE).with(case)
}

fn assume(
    entry: &Logged<'_>,
    office: &OfficeAssumed,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = OfficeRow {
        office: office.office.clone(),
        body: office.body.clone(),
        person: office.person.clone(),
        role: office.role.clone(),
        term_from: office.term_from,
        term_to: office.term_to,
        obtained: office.obtained,
        decision: office.decision.clone(),
        succeeds: office.succeeds.clone(),
        woman: office.woman,
        overlap_disclosed: office.overlap_disclosed,
        assumed_index: entry.index,
        assumed_at: entry.recorded_at,
        ended: None,
        audit: None,
    };
    batch.put(Key::table(PREFIX, BODY_OF).with(&office.office), &row.body)?;
    batch.put(of_person(&office.person).with(&office.office), &office.body)?;
    Ok(batch.put(row_key(&office.body, &office.office), &row)?)
}

fn end_one(
    entry: &Logged<'_>,
    office: &OfficeId,
    cause: OfficeEndCause,
    decision: Option<&MotionId>,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let body: BodyId = batch
        .get(&Key::table(PREFIX, BODY_OF).with(office))?
        .ok_or_else(|| ProjectionError::unknown(entry, "office", office))?;
    let key = row_key(&body, office);
    let mut row: OfficeRow = batch
        .get(&key)?
        .ok_or_else(|| ProjectionError::unknown(entry, "office", office))?;
    if row.ended.is_none() {
        row.ended = Some(OfficeEnded {
            index: entry.index,
            at: entry.recorded_at,
            cause,
            decision: decision.cloned(),
        });
        row.audit = audit_due(entry, &row, batch)?;
        batch.put(key, &row)?;
    }
    Ok(())
}

/// By when the audit on an office that ends is due, by the charter in force; `None`: none is.
fn audit_due(
    entry: &Logged<'_>,
    row: &OfficeRow,
    batch: &ViewBatch<'_>,
) -> Result<Option<HeadAuditRow>, ProjectionError> {
    let kind = bodies::find(batch, &row.body)?.map(|body| body.kind);
    let charter = constitution::charter(batch)?;
    let (true, Some(charter)) = (
        kind.is_some_and(|kind| is_audited(kind, &row.role)),
        charter,
    ) else {
        return Ok(None);
    };
    let offsets = constitution::local_time(entry, batch)?;
    Ok(Some(HeadAuditRow {
        due_at: offsets.after_days(entry.recorded_at, charter.clocks.head_audit_days),
        overdue: None,
        recorded: None,
    }))
}

/// Something happens to the audit on an office.
fn change_audit(
    entry: &Logged<'_>,
    office: &OfficeId,
    batch: &mut ViewBatch<'_>,
    change: impl FnOnce(&mut HeadAuditRow),
) -> Result<(), ProjectionError> {
    let mut row =
        find(batch, office)?.ok_or_else(|| ProjectionError::unknown(entry, "office", office))?;
    let audit = row
        .audit
        .as_mut()
        .ok_or_else(|| ProjectionError::unknown(entry, "audit of", office))?;
    change(audit);
    Ok(batch.put(row_key(&row.body, office), &row)?)
}

/// A person has few offices in a lifetime, so all are looked at.
fn end_all(
    entry: &Logged<'_>,
    person: &PersonId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let prefix = of_person(person);
    for (key, _) in batch.scan_prefix(&prefix)? {
        let office = office_at_end(&key, &prefix)
            .ok_or_else(|| ProjectionError::unknown(entry, "office of", person))?;
        end_one(entry, &office, OfficeEndCause::Departure, None, batch)?;
    }
    Ok(())
}

/// One office, whether it is held or not.
pub(crate) fn find(rows: &impl Rows, office: &OfficeId) -> Result<Option<OfficeRow>, StoreError> {
    match rows.get(&Key::table(PREFIX, BODY_OF).with(office))? {
        Some(body) => rows.get(&row_key(&body, office)),
        None => Ok(None),
    }
}

fn office_at_end(key: &[u8], prefix: &Key) -> Option<OfficeId> {
    crate::keys::last_id(key, prefix.as_bytes().len()).and_then(|id| OfficeId::new(id).ok())
}

fn row_key(body: &BodyId, office: &OfficeId) -> Key {
    Key::table(PREFIX, OF_BODY).with(body).with(office)
}

fn of_person(person: &PersonId) -> Key {
    Key::table(PREFIX, OF_PERSON).with(person)
}

impl View<'_> {
    /// Who held office, by body and office.
    pub fn officeholders(
        &self,
        filter: &OfficeFilter,
        as_of: AsOf,
        request: &PageRequest,
    ) -> Result<Page<OfficeRow>, QueryError> {
        let table = Key::table(PREFIX, OF_BODY);
        let prefix = match &filter.body {
            Some(body) => table.with(body),
            None => table,
        };
        let held = self.held(as_of)?;
        let fits = |row: &OfficeRow| filter.fits(row) && held(row);
        page::read_rows(self, Span::of(prefix), Order::Ascending, request, fits)
    }

    /// The offices a person held, in any body.
    pub fn offices_of(
        &self,
        person: &PersonId,
        as_of: AsOf,
        request: &PageRequest,
    ) -> Result<Page<OfficeRow>, QueryError> {
        let held = self.held(as_of)?;
        let prefix = of_person(person);
        let span = Span::of(prefix.clone());
        page::read(self, span, Order::Ascending, request, |key, value| {
            let body: BodyId = codec::decode(value)?;
            let office = office_at_end(key, &prefix);
            let row = office.map(|office| self.get::<OfficeRow>(&row_key(&body, &office)));
            Ok(row.transpose()?.flatten().filter(&held))
        })
    }

    /// Every office a person ever held, the one that began first first. A person has few in a lifetime.
    pub fn offices_ever(&self, person: &PersonId) -> Result<Vec<OfficeRow>, QueryError> {
        let prefix = of_person(person);
        let mut offices = Vec::new();
        for pair in self.scan(&Span::of(prefix.clone()), Order::Ascending) {
            let (key, _) = pair?;
            let office = office_at_end(&key, &prefix);
            let row = office.map(|office| self.office(&office)).transpose()?;
            offices.extend(row.flatten());
        }
        offices.sort_by_key(|row: &OfficeRow| (row.term_from, row.assumed_index));
        Ok(offices)
    }

    /// The seats of a body that ended before their time by `now` and are not filled again, the one that ended
    /// first first. A body has few offices in a lifetime.
    pub fn vacancies(&self, body: &BodyId, now: Millis) -> Result<Vec<OfficeRow>, QueryError> {
        let offsets = self.utc_offsets()?;
        let today = offsets.date_of(now);
        let all = Span::of(Key::table(PREFIX, OF_BODY).with(body));
        let mut rows: Vec<OfficeRow> = Vec::new();
        for pair in self.scan(&all, Order::Ascending) {
            rows.push(codec::decode(&pair?.1)?);
        }
        let filled = |office: &OfficeId| {
            let mut later = rows.iter().filter(|row| row.assumed_at <= now);
            later.any(|row| row.succeeds.as_ref() == Some(office))
        };
        let early = |row: &&OfficeRow| {
            let ended = row.ended.as_ref().filter(|ended| ended.at <= now);
            let early = ended.is_some_and(|ended| ended.cause != OfficeEndCause::Term);
            early && row.term_to.is_none_or(|last| today <= last) && !filled(&row.office)
        };
        let mut vacant: Vec<OfficeRow> = rows.iter().filter(early).cloned().collect();
        vacant.sort_by_key(|row| row.ended.as_ref().map(|ended| ended.index));
        Ok(vacant)
    }

    /// The offices of a body's heads that ended and on which an audit is due or recorded, the one that ended last
    /// first. A body has few offices in a lifetime.
    pub fn head_audits(&self, body: &BodyId) -> Result<Vec<OfficeRow>, QueryError> {
        let all = Span::of(Key::table(PREFIX, OF_BODY).with(body));
        let mut rows: Vec<OfficeRow> = Vec::new();
        for pair in self.scan(&all, Order::Ascending) {
            rows.push(codec::decode(&pair?.1)?);
        }
        rows.retain(|row| row.audit.is_some());
        rows.sort_by_key(|row| {
            let ended = row.ended.as_ref().map(|ended| ended.index);
            std::cmp::Reverse(ended)
        });
        Ok(rows)
    }

    /// One office, whether it is held or not.
    pub fn office(&self, office: &OfficeId) -> Result<Option<OfficeRow>, QueryError> {
        Ok(find(self, office)?)
    }

    fn held(&self, as_of: AsOf) -> Result<impl Fn(&OfficeRow) -> bool + use<>, QueryError> {
        let offsets = self.utc_offsets()?;
        let day = match as_of {
            AsOf::Index(index) => offsets.date_of(self.timeline_entry(index)?.recorded_at),
            AsOf::Time(at) => offsets.date_of(at),
        };
        Ok(move |row: &OfficeRow| match as_of {
            AsOf::Index(index) => row.held_after(index, day),
            AsOf::Time(at) => row.held_at(at, &offsets),
        })
    }
}
