//! Every entry in a line.

use projector::{
    PageRequest, QueryError, View,
    views::timeline::{TimelineFilter, TimelineRow},
};
use proto::v1;

use super::{
    ask::{Books, optional_field, page_request},
    sentence::sentence,
};
use crate::status::Problem;

pub(super) async fn get(
    books: &Books,
    request: v1::GetTimelineRequest,
) -> Result<v1::GetTimelineResponse, Problem> {
    let optional = |text: String| Some(text).filter(|text| !text.is_empty());
    let filter = TimelineFilter {
        actor: optional_field("actor", &request.actor)?,
        kind: optional(request.kind),
        subject: optional(request.subject),
    };
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let page = view.timeline(&filter, &page)?;
            let rows = page.rows.into_iter();
            let items = rows.map(|row| Ok((corrected_by(view, row.index)?, row)));
            Ok((items.collect::<Result<Vec<_>, QueryError>>()?, page.next))
        })
        .await?;
    let (rows, next) = told.value;
    Ok(v1::GetTimelineResponse {
        items: rows
            .iter()
            .map(|(corrected_by, row)| item(row, corrected_by.clone()))
            .collect(),
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

/// The entries that correct one. Few are corrected, and those few times.
fn corrected_by(view: &View<'_>, index: u64) -> Result<Vec<u64>, QueryError> {
    let page = view.corrections_of(index, &PageRequest::default())?;
    Ok(page.rows.iter().map(|row| row.index).collect())
}

fn item(row: &TimelineRow, corrected_by: Vec<u64>) -> v1::TimelineItem {
    let summary = &row.summary;
    v1::TimelineItem {
        index: row.index,
        recorded_at_ms: row.recorded_at.0,
        kind: summary.kind.clone(),
        actor: summary
            .actor
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        subject: summary.subject.id().to_owned(),
        summary: sentence(summary),
        corrected_by,
    }
}
