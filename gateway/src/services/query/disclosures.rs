//! What was made known.

use governance::ids::AffairId;
use projector::views::disclosures::{DisclosureFilter, DisclosureRow};
use proto::v1;

use super::ask::{Books, field, optional_field, page_request};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListDisclosuresRequest,
) -> Result<v1::ListDisclosuresResponse, Problem> {
    let body = optional_field("body", &request.body)?;
    let (moment, clock) = (books.moment, books.now());
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let today = view.utc_offsets()?.date_of(moment.now_in(view, clock));
            let filter = DisclosureFilter {
                body,
                hanging_on: request.hanging.then_some(today),
            };
            view.disclosures(&filter, &page)
        })
        .await?;
    Ok(v1::ListDisclosuresResponse {
        disclosures: told.value.rows.iter().map(disclosure).collect(),
        next_page_token: told.value.next.unwrap_or_default(),
        position: Some(told.position),
    })
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetDisclosureRequest,
) -> Result<v1::GetDisclosureResponse, Problem> {
    let id: AffairId = field("disclosure", &request.disclosure)?;
    let told = books.ask(move |view| view.disclosure(&id)).await?;
    let row = told
        .value
        .ok_or_else(|| Problem::no_such_affair(books.id(), "disclosure", &request.disclosure))?;
    Ok(v1::GetDisclosureResponse {
        disclosure: Some(disclosure(&row)),
        position: Some(told.position),
    })
}

fn disclosure(row: &DisclosureRow) -> v1::Disclosure {
    v1::Disclosure {
        disclosure: row.disclosure.to_string(),
        body: row.body.to_string(),
        title: row.title.clone(),
        text: row.text.clone(),
        until: row.until.to_string(),
        posted_index: row.posted.index,
        posted_at_ms: row.posted.at.0,
    }
}
