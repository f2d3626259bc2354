//! What people were or are asked before something is decided.

use governance::ids::{AffairId, Millis};
use projector::views::consultations::{ConsultationFilter, ConsultationRow, ConsultationStatus};
use proto::v1;

use super::{
    ask::{Books, field, known, optional_field, page_request},
    contents::Texts,
    motions::motion,
};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListConsultationsRequest,
) -> Result<v1::ListConsultationsResponse, Problem> {
    let filter = ConsultationFilter {
        body: optional_field("body", &request.body)?,
        status: status_filter(request.status)?,
    };
    let (moment, clock) = (books.moment, books.now());
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let now = moment.now_in(view, clock);
            let page = view.consultations(&filter, now, &page)?;
            let rows = page.rows.iter().map(|row| consultation(row, now));
            Ok((rows.collect(), page.next))
        })
        .await?;
    let (consultations, next) = told.value;
    Ok(v1::ListConsultationsResponse {
        consultations,
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetConsultationRequest,
) -> Result<v1::GetConsultationResponse, Problem> {
    let id: AffairId = field("consultation", &request.consultation)?;
    let (moment, clock) = (books.moment, books.now());
    let told = books
        .ask(move |view| {
            let Some(row) = view.consultation(&id)? else {
                return Ok(None);
            };
            let mut motions = Vec::new();
            for id in view.motions_resting_on(&id)? {
                let row = view.motion(&id)?;
                motions.extend(row.map(|row| motion(view, &row)).transpose()?);
            }
            Ok(Some((row, motions, moment.now_in(view, clock))))
        })
        .await?;
    let (row, motions, now) = told.value.ok_or_else(|| {
        Problem::no_such_affair(books.id(), "consultation", &request.consultation)
    })?;
    let report = row
        .closed
        .as_ref()
        .and_then(|closed| closed.content.as_ref());
    Ok(v1::GetConsultationResponse {
        consultation: Some(consultation(&row, now)),
        report: Texts::new(&books.ledger).public(report).await?,
        motions,
        position: Some(told.position),
    })
}

fn consultation(row: &ConsultationRow, now: Millis) -> v1::Consultation {
    let closed = row.closed.as_ref();
    v1::Consultation {
        consultation: row.consultation.to_string(),
        body: row.body.to_string(),
        question: row.question.clone(),
        closes_at_ms: row.closes_at.0,
        status: status(row.status(now)).into(),
        answers: row.answers,
        opened_index: row.opened.index,
        opened_at_ms: row.opened.at.0,
        summary: closed
            .map(|closed| closed.summary.clone())
            .unwrap_or_default(),
        closed_index: closed.map_or(0, |closed| closed.made.index),
        closed_at_ms: closed.map_or(0, |closed| closed.made.at.0),
        matter: row.matter.to_string(),
    }
}

fn status(status: ConsultationStatus) -> v1::ConsultationStatus {
    match status {
        ConsultationStatus::Open => v1::ConsultationStatus::Open,
        ConsultationStatus::Over => v1::ConsultationStatus::Over,
        ConsultationStatus::Closed => v1::ConsultationStatus::Closed,
    }
}

fn status_filter(number: i32) -> Result<Option<ConsultationStatus>, Problem> {
    Ok(match known("status", number)? {
        v1::ConsultationStatus::Unspecified => None,
        v1::ConsultationStatus::Open => Some(ConsultationStatus::Open),
        v1::ConsultationStatus::Over => Some(ConsultationStatus::Over),
        v1::ConsultationStatus::Closed => Some(ConsultationStatus::Closed),
    })
}
