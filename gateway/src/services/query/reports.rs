//! Year-end reports: the calendar, and one with all that was said about it.

use governance::{
    action::AssessmentLine,
    ids::BodyId,
    tally::{self, Grade},
};
use projector::{
    ContentRow,
    views::reports::{QuestionRow, ReportDue, ReportFilter, ReportRow, ReportStatus},
};
use proto::v1;

use super::{
    ask::{Books, field, known, optional_field, page_request},
    contents::Texts,
};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListReportsRequest,
) -> Result<v1::ListReportsResponse, Problem> {
    let filter = ReportFilter {
        body: optional_field("body", &request.body)?,
        year: (request.year != 0).then_some(request.year),
        status: status_filter(request.status)?,
    };
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| Ok((view.reports(&filter, &page)?, view.reports_due()?)))
        .await?;
    let (page, due) = told.value;
    Ok(v1::ListReportsResponse {
        reports: page.rows.iter().map(report).collect(),
        next_page_token: page.next.unwrap_or_default(),
        position: Some(told.position),
        due: due.iter().map(report_due).collect(),
    })
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetReportRequest,
) -> Result<v1::GetReportResponse, Problem> {
    let body: BodyId = field("body", &request.body)?;
    let year = request.year;
    let told = books.ask(move |view| view.report(&body, year)).await?;
    let row = told
        .value
        .ok_or_else(|| Problem::no_such_report(books.id(), &request.body, year))?;
    let mut texts = Texts::new(&books.ledger);
    let filed = row.filed.as_ref().map(|filed| &filed.content);
    let text = texts.public(filed).await?;
    let mut questions = Vec::with_capacity(row.questions.len());
    for asked in &row.questions {
        questions.push(question(asked, &mut texts).await?);
    }
    let grades = row.assessed.iter().flat_map(|(_, lines)| lines);
    Ok(v1::GetReportResponse {
        report: Some(report(&row)),
        text,
        questions,
        grades: grades.map(grade).collect(),
        position: Some(told.position),
    })
}

pub(super) fn report(row: &ReportRow) -> v1::Report {
    let filed = row.filed.as_ref();
    let (overdue_index, due_at_ms) = row.overdue.map_or((0, 0), |(index, at)| (index, at.0));
    let answered = row.questions.iter().filter(|asked| asked.answer.is_some());
    v1::Report {
        body: row.body.to_string(),
        year: row.year,
        filed_index: filed.map_or(0, |filed| filed.index),
        filed_at_ms: filed.map_or(0, |filed| filed.at.0),
        overdue_index,
        due_at_ms,
        questions: count(row.questions.len()),
        answered: count(answered.count()),
        assessed_index: row.assessed.as_ref().map_or(0, |(index, _)| *index),
        status: status(row.status()).into(),
    }
}

fn status(status: ReportStatus) -> v1::ReportStatus {
    match status {
        ReportStatus::Missing => v1::ReportStatus::Missing,
        ReportStatus::Filed => v1::ReportStatus::Filed,
        ReportStatus::Assessed => v1::ReportStatus::Assessed,
    }
}

fn status_filter(number: i32) -> Result<Option<ReportStatus>, Problem> {
    Ok(match known("status", number)? {
        v1::ReportStatus::Unspecified => None,
        v1::ReportStatus::Missing => Some(ReportStatus::Missing),
        v1::ReportStatus::Filed => Some(ReportStatus::Filed),
        v1::ReportStatus::Assessed => Some(ReportStatus::Assessed),
    })
}

/// A report has at most a thousand questions.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn report_due(due: &ReportDue) -> v1::ReportDue {
    v1::ReportDue {
        body: due.body.to_string(),
        year: due.year,
        due_at_ms: due.due_at.0,
    }
}

async fn question(
    asked: &QuestionRow,
    texts: &mut Texts<'_>,
) -> Result<v1::ReportQuestion, Problem> {
    let answer = asked.answer.as_ref();
    let content: Option<&ContentRow> = answer.map(|(_, content)| content);
    Ok(v1::ReportQuestion {
        index: asked.index,
        asked_by: asked
            .by
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        question: texts.public(Some(&asked.content)).await?,
        answered_index: answer.map_or(0, |(index, _)| *index),
        answer: texts.public(content).await?,
    })
}

pub(super) fn grade(line: &AssessmentLine) -> v1::OfficerGrade {
    let grade = match tally::grade(line) {
        None => v1::Grade::Unspecified,
        Some(Grade::Competent) => v1::Grade::Competent,
        Some(Grade::BasicallyCompetent) => v1::Grade::BasicallyCompetent,
        Some(Grade::Incompetent) => v1::Grade::Incompetent,
    };
    v1::OfficerGrade {
        office: line.office.to_string(),
        competent: line.competent,
        basically_competent: line.basically_competent,
        incompetent: line.incompetent,
        grade: grade.into(),
    }
}
