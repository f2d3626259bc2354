//! Every entry in a line.

use projector::views::timeline::{TimelineFilter, TimelineRow};
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
    let told = books.ask(move |view| view.timeline(&filter, &page)).await?;
    Ok(v1::GetTimelineResponse {
        items: told.value.rows.iter().map(item).collect(),
        next_page_token: told.value.next.unwrap_or_default(),
        position: Some(told.position),
    })
}

fn item(row: &TimelineRow) -> v1::TimelineItem {
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
    }
}
