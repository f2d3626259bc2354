//! Year-end reports: filed, missed, asked about, assessed; and when the next ones are due.

use governance::{
    action::{AssessmentLine, Payload, ReportAction, ReportAssessed},
    calendar::UtcOffsets,
    charter::Charter,
    ids::{BodyId, Millis, PersonId},
};
use serde::{Deserialize, Serialize};

use crate::{
    content::ContentRow,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
    views::constitution,
};

/// Body and year → the report; body → its next report; who reports.
pub(crate) struct Reports;

const PREFIX: u8 = 30;
const REPORT: u8 = 1;
const NEXT: u8 = 2;
const REPORTING: u8 = 3;

/// A report that was filed or missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// Whose.
    pub body: BodyId,
    /// Of which year.
    pub year: u32,
    /// The entry that filed it, when, and what it says.
    pub filed: Option<FiledRow>,
    /// The entry that says it was missed, and when it was due.
    pub overdue: Option<(u64, Millis)>,
    /// What was asked about it, in order.
    pub questions: Vec<QuestionRow>,
    /// The entry that assessed it, and what it says.
    pub assessed: Option<(u64, Vec<AssessmentLine>)>,
}

/// How a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportStatus {
    /// It was missed, and is not filed since.
    Missing,
    /// It is filed, and not assessed yet.
    Filed,
    /// Residents have assessed it.
    Assessed,
}

impl ReportRow {
    /// How it stands.
    pub const fn status(&self) -> ReportStatus {
        match (&self.assessed, &self.filed) {
            (Some(_), _) => ReportStatus::Assessed,
            (None, Some(_)) => ReportStatus::Filed,
            (None, None) => ReportStatus::Missing,
        }
    }
}

/// A report as it was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledRow {
    /// By which entry.
    pub index: u64,
    /// When.
    pub at: Millis,
    /// What it says.
    pub content: ContentRow,
}

/// A question about a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionRow {
    /// The entry that asked.
    pub index: u64,
    /// Who asked.
    pub by: Option<PersonId>,
    /// What.
    pub content: ContentRow,
    /// The entry that answered, and what it says.
    pub answer: Option<(u64, ContentRow)>,
}

impl Projection for Reports {
    fn name(&self) -> &'static str {
        "reports"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        if let Some(charter) = constitution::comes_into_force(entry, batch)? {
            return expect(entry, &charter, batch);
        }
        match &entry.action.payload {
            Payload::Reports(act) => report(entry, act, batch),
            _ => Ok(()),
        }
    }
}

/// A report that is to be filed next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct NextRow {
    year: u32,
    /// Past the calendar's end nothing is due any more.
    due_at: Option<Millis>,
}

/// As the law has it: those who report by the charter that comes into force are expected to, others no longer,
/// and a report that is expected already keeps its day.
fn expect(
    entry: &Logged<'_>,
    charter: &Charter,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let offsets = match &entry.action.payload {
        Payload::Founding(founded) => Some(founded.utc_offsets.clone()),
        _ => constitution::utc_offsets(batch)?,
    };
    let Some(offsets) = offsets else {
        return Ok(());
    };
    let reporting: Option<Vec<BodyId>> = batch.get(&reporting_key())?;
    for gone in reporting.iter().flatten() {
        if !charter.reporting.contains(gone) {
            batch.put(next_key(gone), &None::<NextRow>)?;
        }
    }
    batch.put(reporting_key(), &charter.reporting)?;
    for body in &charter.reporting {
        if next(batch, body)?.is_none() {
            let mut year = offsets.date_of(entry.recorded_at).year();
            while find(batch, body, year)?.is_some() {
                year = year.saturating_add(1);
            }
            let due_at = due(charter, &offsets, year);
            batch.put(next_key(body), &Some(NextRow { year, due_at }))?;
        }
    }
    Ok(())
}

fn due(charter: &Charter, offsets: &UtcOffsets, year: u32) -> Option<Millis> {
    let day = charter.clocks.report_due.in_year(year.saturating_add(1))?;
    Some(offsets.end_of(day))
}

fn next(rows: &impl Rows, body: &BodyId) -> Result<Option<NextRow>, StoreError> {
    let row: Option<Option<NextRow>> = rows.get(&next_key(body))?;
    Ok(row.flatten())
}

fn report(
    entry: &Logged<'_>,
    act: &ReportAction,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let (body, year) = act.report();
    let key = key(body).with(&year);
    let mut row = find(batch, body, year)?.unwrap_or_else(|| ReportRow {
        body: body.clone(),
        year,
        filed: None,
        overdue: None,
        questions: Vec::new(),
        assessed: None,
    });
    match act {
        ReportAction::ReportFiled { content, .. } => {
            row.filed = Some(FiledRow {
                index: entry.index,
                at: entry.recorded_at,
                content: content.into(),
            });
            advance(body, year, batch)?;
        }
        ReportAction::ReportOverdue { .. } => {
            row.overdue = Some((entry.index, entry.action.client_time));
            advance(body, year, batch)?;
        }
        ReportAction::ReportQuestioned { content, .. } => row.questions.push(QuestionRow {
            index: entry.index,
            by: entry.person().cloned(),
            content: content.into(),
            answer: None,
        }),
        ReportAction::ReportAnswered {
            question, content, ..
        } => {
            let at = usize::try_from(*question).unwrap_or(usize::MAX);
            if let Some(question) = row.questions.get_mut(at) {
                question.answer = Some((entry.index, content.into()));
            }
        }
        ReportAction::ReportAssessed(ReportAssessed { lines, .. }) => {
            row.assessed = Some((entry.index, lines.clone()));
        }
    }
    Ok(batch.put(key, &row)?)
}

/// The report after this one is next, unless a later one is already.
fn advance(body: &BodyId, year: u32, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    let passed = next(batch, body)?.is_some_and(|next| next.year <= year);
    let (charter, offsets) = (
        constitution::charter(batch)?,
        constitution::utc_offsets(batch)?,
    );
    if let (true, Some(charter), Some(offsets)) = (passed, charter, offsets) {
        let year = year.saturating_add(1);
        let due_at = due(&charter, &offsets, year);
        batch.put(next_key(body), &Some(NextRow { year, due_at }))?;
    }
    Ok(())
}

pub(crate) fn find(
    rows: &impl Rows,
    body: &BodyId,
    year: u32,
) -> Result<Option<ReportRow>, StoreError> {
    rows.get(&key(body).with(&year))
}

fn key(body: &BodyId) -> Key {
    Key::table(PREFIX, REPORT).with(body)
}

fn next_key(body: &BodyId) -> Key {
    Key::table(PREFIX, NEXT).with(body)
}

fn reporting_key() -> Key {
    Key::table(PREFIX, REPORTING)
}

/// Which reports to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// Only this body's.
    pub body: Option<BodyId>,
    /// Only those on this year.
    pub year: Option<u32>,
    /// Only those that stand like this.
    pub status: Option<ReportStatus>,
}

/// A report that is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportDue {
    /// Whose.
    pub body: BodyId,
    /// On which year.
    pub year: u32,
    /// The first moment that is too late.
    pub due_at: Millis,
}

impl View<'_> {
    /// One report.
    pub fn report(&self, body: &BodyId, year: u32) -> Result<Option<ReportRow>, QueryError> {
        Ok(find(self, body, year)?)
    }

    /// Reports that were filed or missed, by body, the latest year first.
    pub fn reports(
        &self,
        filter: &ReportFilter,
        request: &PageRequest,
    ) -> Result<Page<ReportRow>, QueryError> {
        let all = || Key::table(PREFIX, REPORT);
        let span = Span::of(filter.body.as_ref().map_or_else(all, key));
        page::read_rows(self, span, Order::Descending, request, |row: &ReportRow| {
            filter.year.is_none_or(|year| row.year == year)
                && filter.status.is_none_or(|status| row.status() == status)
        })
    }

    /// The calendar: each reporting body's next report.
    pub fn reports_due(&self) -> Result<Vec<ReportDue>, QueryError> {
        let reporting: Option<Vec<BodyId>> = self.get(&reporting_key())?;
        let mut due = Vec::new();
        for body in reporting.into_iter().flatten() {
            let next = next(self, &body)?;
            if let Some(NextRow {
                year,
                due_at: Some(due_at),
            }) = next
            {
                due.push(ReportDue { body, year, due_at });
            }
        }
        Ok(due)
    }
}
