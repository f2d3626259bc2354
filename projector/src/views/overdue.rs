//! What should have been done and is not: reports and their assessment, steps of issues, handovers, audits of heads,
//! standing meetings, decisions not carried out or not filed, appeals not decided, objections against rolls not ruled on.
//!
//! Where the law's agenda says by an entry that something is overdue, this view keeps that entry until the duty
//! is done, and has no clock of its own. Other days are compared with the moment of the question, since no entry
//! follows from them: the day by which a body said that it would carry out a decision, which is its word and not
//! the law's, those by which a charter has it filed, and those by which an appeal is to be decided, an objection ruled on, and the residents' committee
//! assessed on a year, after which it still can be.

use governance::{
    action::{
        BodiesAction, DecisionImplemented, DeliberationAction, DisciplineAction, Execution,
        IssueAction, IssueStep, MeetingsAction, MotionDecided, Payload, ReportAction,
    },
    calendar::Date,
    charter::BodyKind,
    ids::{BodyId, CaseId, IssueId, Millis, MotionId, OfficeId, RollId},
    objection::RULING_DAYS,
};
use serde::{Deserialize, Serialize};

use super::{
    bodies, constitution,
    decisions::{self, DecisionRow},
    issues, meetings, motions,
    offices::{self, AsOf},
    reports, rolls,
    sanctions::{self, CaseStatus},
};
use crate::{
    codec,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, View, ViewBatch},
};

/// Moment and index → what was due then; what → its moment and index.
pub(crate) struct Overdue;

const PREFIX: u8 = 14;
/// Most decisions told of with a body that are still to be filed: a hundred amendments is more than any will have.
const TO_FILE_MAX: usize = 100;

const BY_MOMENT: u8 = 1;
const WHERE: u8 = 2;

/// Something that was to be done by a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRow {
    /// What.
    pub duty: Duty,
    /// Whose it is.
    pub body: BodyId,
    /// The first moment that was too late.
    pub due_at: Millis,
    /// The entry that says it is overdue or, of a decision and an appeal, from which the day follows.
    pub index: u64,
}

/// What was to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Duty {
    /// A report on this year filed.
    Report(u32),
    /// A step of an issue taken.
    Issue(IssueId, IssueStep),
    /// An office handed over.
    Handover(OfficeId),
    /// A decision carried out.
    Implementation(MotionId),
    /// A decision filed with the body that its rule names (组织法 31).
    Filing(MotionId),
    /// An appeal decided.
    Appeal(CaseId),
    /// An objection against a roll ruled on: which, from 0.
    RollRuling(RollId, u32),
    /// The assessment of the residents' committee on this year held, by the end of the next (组织法 37).
    Assessment(u32),
    /// Who held this office as head of the residents' committee audited (组织法 38).
    HeadAudit(OfficeId),
    /// A meeting held in this period. Only the last period missed is a duty: a meeting makes up for one.
    Meeting {
        /// Its first day.
        first_day: Date,
        /// Its last.
        last_day: Date,
    },
}

/// The kinds of duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyKind {
    /// To file a report.
    Report,
    /// To take a step of an issue.
    Issue,
    /// To hand an office over.
    Handover,
    /// To carry out a decision.
    Implementation,
    /// To decide an appeal.
    Appeal,
    /// To meet.
    Meeting,
    /// To rule on an objection against a roll.
    RollRuling,
    /// To have the residents' committee assessed.
    Assessment,
    /// To have who was its head audited.
    HeadAudit,
    /// To file a decision.
    Filing,
}

impl Duty {
    /// Which kind.
    pub const fn kind(&self) -> DutyKind {
        match self {
            Self::Report(_) => DutyKind::Report,
            Self::Issue(..) => DutyKind::Issue,
            Self::Handover(_) => DutyKind::Handover,
            Self::Implementation(_) => DutyKind::Implementation,
            Self::Appeal(_) => DutyKind::Appeal,
            Self::Meeting { .. } => DutyKind::Meeting,
            Self::RollRuling(..) => DutyKind::RollRuling,
            Self::Assessment(_) => DutyKind::Assessment,
            Self::HeadAudit(_) => DutyKind::HeadAudit,
            Self::Filing(_) => DutyKind::Filing,
        }
    }
}

impl Projection for Overdue {
    fn name(&self) -> &'static str {
        "overdue"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        match &entry.action.payload {
            Payload::Reports(act) => report(entry, act, batch),
            Payload::Issues(act) => issue(entry, act, batch),
            Payload::Bodies(BodiesAction::HandoverOverdue { office }) => {
                let held = offices::find(batch, office)?
                    .ok_or_else(|| ProjectionError::unknown(entry, "office", office))?;
                let duty = Duty::Handover(office.clone());
                begin(entry, place_of_handover(office), duty, held.body, batch)
            }
            Payload::Bodies(BodiesAction::HandoverCompleted(completed)) => {
                end(place_of_handover(&completed.office), batch)
            }
            Payload::Bodies(BodiesAction::HeadAuditOverdue { office }) => {
                let held = offices::find(batch, office)?
                    .ok_or_else(|| ProjectionError::unknown(entry, "office", office))?;
                let duty = Duty::HeadAudit(office.clone());
                begin(entry, place_of_audit(office), duty, held.body, batch)
            }
            Payload::Bodies(BodiesAction::HeadAudited(audited)) => {
                end(place_of_audit(&audited.office), batch)
            }
            // Whoever has an office back hands it over, and is audited, when it ends again.
            Payload::Bodies(BodiesAction::RemovalVoided {
                office,
                restored: true,
            }) => {
                end(place_of_handover(office), batch)?;
                end(place_of_audit(office), batch)
            }
            Payload::Bodies(BodiesAction::RollObjected(objected)) => {
                objection(entry, &objected.roll, batch)
            }
            Payload::Bodies(BodiesAction::RollObjectionRuled(ruled)) => {
                end(place_of_ruling(&ruled.roll, ruled.objection), batch)
            }
            Payload::Meetings(MeetingsAction::MeetingMissed {
                body,
                first_day,
                last_day,
                ..
            }) => {
                let place = || place(DutyKind::Meeting).with(body);
                end(place(), batch)?;
                let duty = Duty::Meeting {
                    first_day: *first_day,
                    last_day: *last_day,
                };
                begin(entry, place(), duty, body.clone(), batch)
            }
            Payload::Meetings(MeetingsAction::AttendanceRecorded { meeting, .. }) => {
                let held = meetings::find(batch, meeting)?
                    .ok_or_else(|| ProjectionError::unknown(entry, "meeting", meeting))?;
                end(place(DutyKind::Meeting).with(&held.body), batch)
            }
            Payload::Deliberation(DeliberationAction::DecisionImplemented(implemented)) => {
                implementation(entry, implemented, batch)
            }
            Payload::Deliberation(DeliberationAction::MotionDecided(decided)) => {
                filing(entry, decided, batch)
            }
            Payload::Deliberation(DeliberationAction::DecisionFiled(filed)) => {
                end(place_of_filing(&filed.motion), batch)
            }
            Payload::Discipline(DisciplineAction::AppealFiled { case, .. }) => {
                appeal(entry, case, batch)
            }
            Payload::Discipline(DisciplineAction::AppealDecided { case, .. }) => {
                end(place_of_appeal(case), batch)
            }
            _ => Ok(()),
        }
    }
}

fn report(
    entry: &Logged<'_>,
    act: &ReportAction,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let (body, year) = act.report();
    let place_of = |kind| place(kind).with(body).with(&year);
    match act {
        ReportAction::ReportOverdue { .. } => {
            let duty = Duty::Report(year);
            begin(entry, place_of(DutyKind::Report), duty, body.clone(), batch)?;
            assessment(entry, body, year, batch)
        }
        ReportAction::ReportFiled { .. } => {
            end(place_of(DutyKind::Report), batch)?;
            assessment(entry, body, year, batch)
        }
        ReportAction::ReportAssessed(_) => end(place_of(DutyKind::Assessment), batch),
        ReportAction::ReportQuestioned { .. } | ReportAction::ReportAnswered { .. } => Ok(()),
    }
}

/// The residents' committee is assessed at least once a year (组织法 37): on a year by the end of the next, whether
/// it reported in time or not.
fn assessment(
    entry: &Logged<'_>,
    body: &BodyId,
    year: u32,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let place = place(DutyKind::Assessment).with(body).with(&year);
    let kind = bodies::find(batch, body)?.map(|row| row.kind);
    let assessed = reports::find(batch, body, year)?.is_some_and(|row| row.assessed.is_some());
    let expected = batch.get::<(Millis, u64)>(&place)?.is_some();
    let last_day = i32::try_from(year)
        .ok()
        .and_then(|year| Date::of(year + 1, 12, 31));
    let (true, false, Some(last_day)) = (
        kind == Some(BodyKind::ResidentsCommittee),
        assessed || expected,
        last_day,
    ) else {
        return Ok(());
    };
    let offsets = constitution::local_time(entry, batch)?;
    let duty = DutyRow {
        duty: Duty::Assessment(year),
        body: body.clone(),
        due_at: offsets.end_of(last_day),
        index: entry.index,
    };
    note(place, &duty, batch)
}

/// To be ruled on within three days.
fn objection(
    entry: &Logged<'_>,
    roll: &RollId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row =
        rolls::find(batch, roll)?.ok_or_else(|| ProjectionError::unknown(entry, "roll", roll))?;
    let offsets = constitution::local_time(entry, batch)?;
    // The rolls' own view may have this one already, or not yet.
    let others = rolls::objections(batch, roll)?;
    let number = others
        .iter()
        .filter(|other| other.index < entry.index)
        .count();
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let duty = DutyRow {
        duty: Duty::RollRuling(roll.clone(), number),
        body: row.body,
        due_at: offsets.after_days(entry.recorded_at, RULING_DAYS),
        index: entry.index,
    };
    note(place_of_ruling(roll, number), &duty, batch)
}

fn issue(
    entry: &Logged<'_>,
    act: &IssueAction,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let issue = act.issue();
    let place = place(DutyKind::Issue).with(issue);
    match act {
        IssueAction::IssueOverdue { step, .. } => {
            let row = issues::find(batch, issue)?
                .ok_or_else(|| ProjectionError::unknown(entry, "issue", issue))?;
            let duty = Duty::Issue(issue.clone(), *step);
            begin(entry, place, duty, row.body, batch)
        }
        // Each of these takes it to another stage, where another clock runs.
        IssueAction::IssueAccepted { .. }
        | IssueAction::IssueRefused { .. }
        | IssueAction::IssueReferred { .. }
        | IssueAction::IssueAnswered { .. }
        | IssueAction::IssueReopened { .. }
        | IssueAction::IssueClosed { .. } => end(place, batch),
        IssueAction::IssueRaised(_)
        | IssueAction::IssueAssigned { .. }
        | IssueAction::IssueExtended { .. }
        | IssueAction::IssueRead { .. }
        | IssueAction::SatisfactionRated { .. } => Ok(()),
    }
}

/// What was last said of a decision counts; without a day, it is due on none.
fn implementation(
    entry: &Logged<'_>,
    implemented: &DecisionImplemented,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let motion = &implemented.motion;
    let place = place(DutyKind::Implementation).with(motion);
    end(place.clone(), batch)?;
    let Some(day) = implemented.due else {
        return Ok(());
    };
    if implemented.progress == Execution::Done {
        return Ok(());
    }
    let row = motions::find(batch, motion)?
        .ok_or_else(|| ProjectionError::unknown(entry, "motion", motion))?;
    let offsets = constitution::local_time(entry, batch)?;
    let duty = DutyRow {
        duty: Duty::Implementation(motion.clone()),
        body: row.body,
        due_at: offsets.end_of(day),
        index: entry.index,
    };
    note(place, &duty, batch)
}

/// To be filed within the days of its rule. Tallied again, it is due when it was, as long as it stands adopted.
fn filing(
    entry: &Logged<'_>,
    decided: &MotionDecided,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let motion = &decided.motion;
    let place = place_of_filing(motion);
    let Some(to_file) = decisions::to_file(entry, decided, batch)? else {
        return end(place, batch);
    };
    let known = decisions::find(batch, motion)?.and_then(|row| row.filing);
    let filed = known.is_some_and(|filing| filing.filed.is_some());
    if filed || batch.get::<(Millis, u64)>(&place)?.is_some() {
        return Ok(());
    }
    let row = motions::find(batch, motion)?
        .ok_or_else(|| ProjectionError::unknown(entry, "motion", motion))?;
    let duty = DutyRow {
        duty: Duty::Filing(motion.clone()),
        body: row.body,
        due_at: to_file.due_at,
        index: entry.index,
    };
    note(place, &duty, batch)
}

/// To be decided within the days that the case was opened under.
fn appeal(
    entry: &Logged<'_>,
    case: &CaseId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let (body, days) = sanctions::appeal_terms(batch, case)?
        .ok_or_else(|| ProjectionError::unknown(entry, "case", case))?;
    let offsets = constitution::local_time(entry, batch)?;
    let duty = DutyRow {
        duty: Duty::Appeal(case.clone()),
        body,
        due_at: offsets.after_days(entry.recorded_at, days),
        index: entry.index,
    };
    note(place_of_appeal(case), &duty, batch)
}

/// It is overdue: the entry was due at the first moment that was too late.
fn begin(
    entry: &Logged<'_>,
    place: Key,
    duty: Duty,
    body: BodyId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = DutyRow {
        duty,
        body,
        due_at: entry.action.client_time,
        index: entry.index,
    };
    note(place, &row, batch)
}

fn note(place: Key, row: &DutyRow, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    batch.put(by_moment(row.due_at, row.index), row)?;
    Ok(batch.put(place, &(row.due_at, row.index))?)
}

/// It is done, where it was to be: what is done is listed no longer.
fn end(place: Key, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    if let Some((due_at, index)) = batch.get::<(Millis, u64)>(&place)? {
        batch.remove(by_moment(due_at, index));
        batch.remove(place);
    }
    Ok(())
}

fn by_moment(due_at: Millis, index: u64) -> Key {
    Key::table(PREFIX, BY_MOMENT).with(&due_at.0).with(&index)
}

fn place(kind: DutyKind) -> Key {
    Key::table(PREFIX, WHERE).with_byte(kind as u8)
}

fn place_of_handover(office: &OfficeId) -> Key {
    place(DutyKind::Handover).with(office)
}

fn place_of_audit(office: &OfficeId) -> Key {
    place(DutyKind::HeadAudit).with(office)
}

fn place_of_ruling(roll: &RollId, objection: u32) -> Key {
    place(DutyKind::RollRuling).with(roll).with(&objection)
}

fn place_of_filing(motion: &MotionId) -> Key {
    place(DutyKind::Filing).with(motion)
}

fn place_of_appeal(case: &CaseId) -> Key {
    place(DutyKind::Appeal).with(case)
}

/// Which duties to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DutyFilter {
    /// Only this body's.
    pub body: Option<BodyId>,
    /// Only of this kind.
    pub kind: Option<DutyKind>,
}

impl DutyFilter {
    fn takes(&self, row: &DutyRow) -> bool {
        self.body.as_ref().is_none_or(|body| row.body == *body)
            && self.kind.is_none_or(|kind| row.duty.kind() == kind)
    }
}

impl View<'_> {
    /// What should have been done before `now` and is not, the longest overdue first.
    pub fn overdue(
        &self,
        filter: &DutyFilter,
        now: Millis,
        request: &PageRequest,
    ) -> Result<Page<DutyRow>, QueryError> {
        let table = Key::table(PREFIX, BY_MOMENT);
        let span = Span {
            until: table.clone().with(&now.0).after(),
            from: table,
        };
        page::read(self, span, Order::Ascending, request, |_, bytes| {
            let row: DutyRow = codec::decode(bytes)?;
            let listed = filter.takes(&row) && !self.is_void(&row.duty)?;
            Ok(listed.then_some(row))
        })
    }

    /// Which of a body's decisions are to be filed and are not, whether or not it is late; the first due first.
    pub fn to_file(&self, body: &BodyId) -> Result<Vec<DecisionRow>, QueryError> {
        let filter = DutyFilter {
            body: Some(body.clone()),
            kind: Some(DutyKind::Filing),
        };
        let page = PageRequest::new(TO_FILE_MAX, "");
        let rows = self.overdue(&filter, Millis(u64::MAX), &page)?.rows;
        let decisions = rows.into_iter().filter_map(|row| match row.duty {
            Duty::Filing(motion) => self.decision(&motion).transpose(),
            _ => None,
        });
        decisions.collect()
    }

    /// Whether what called for a duty never was: an office given back needs no handover, a decision overturned
    /// is not carried out, and the appeal against a sanction that a decision imposed falls with the decision.
    fn is_void(&self, duty: &Duty) -> Result<bool, QueryError> {
        Ok(match duty {
            Duty::Handover(office) => self
                .office(office)?
                .is_some_and(|office| office.ended.is_none()),
            Duty::Implementation(motion) | Duty::Filing(motion) => self
                .decision(motion)?
                .is_some_and(|decision| decision.overturned.is_some()),
            Duty::Appeal(case) => self
                .case(case, AsOf::Index(u64::MAX))?
                .is_some_and(|(case, _)| case.status == CaseStatus::Annulled),
            Duty::HeadAudit(_)
            | Duty::Report(_)
            | Duty::Issue(..)
            | Duty::Meeting { .. }
            | Duty::RollRuling(..)
            | Duty::Assessment(_) => false,
        })
    }
}
