//! The audits of those who were head of a residents' committee (组织法 38).

use governance::ids::BodyId;
use projector::{QueryError, View};
use proto::v1;

use super::{
    ask::Books,
    contents::Texts,
    offices::{self, Seat},
};
use crate::status::Problem;

/// Most audits told of with a body: of a hundred years of terms.
const AUDITS_MAX: usize = 20;

/// The offices of a body's heads that ended, the one that ended last first.
pub(super) fn of_body(view: &View<'_>, body: &BodyId) -> Result<Vec<Seat>, QueryError> {
    let mut rows = view.head_audits(body)?;
    rows.truncate(AUDITS_MAX);
    offices::seats(view, rows)
}

/// The audits on the wire, with what they found.
pub(super) async fn all(books: &Books, seats: &[Seat]) -> Result<Vec<v1::HeadAudit>, Problem> {
    let holders = offices::officeholders(books, seats).await?;
    let mut texts = Texts::new(&books.ledger);
    let mut audits = Vec::with_capacity(seats.len());
    for (seat, holder) in seats.iter().zip(holders) {
        let Some(audit) = &seat.row.audit else {
            continue;
        };
        let mut told = v1::HeadAudit {
            officeholder: Some(holder),
            due_at_ms: audit.due_at.0,
            overdue_index: audit.overdue.unwrap_or_default(),
            ..v1::HeadAudit::default()
        };
        if let Some(recorded) = &audit.recorded {
            told.recorded_index = recorded.index;
            told.recorded_at_ms = recorded.at.0;
            told.auditor.clone_from(&recorded.auditor);
            told.irregular = recorded.irregular;
            told.report = texts.public(Some(&recorded.report)).await?;
        }
        audits.push(told);
    }
    Ok(audits)
}
