//! Who holds which office, now or as of a moment.

use governance::ids::{Millis, PersonId};
use projector::{
    Page, PageRequest, QueryError, View,
    views::{
        offices::{AsOf, OfficeFilter, OfficeRow},
        people::PersonRow,
    },
};
use proto::v1;

use super::{
    ask::{Books, long_page, optional_field, page_size},
    contents::Texts,
};
use crate::status::Problem;

/// Most officeholders in a page. Each name is a content of its own to fetch.
pub(super) const OFFICEHOLDERS_MAX: usize = 1_000;

/// An office with what is said of it: the body's name, the holder.
pub(super) struct Seat {
    pub(super) row: OfficeRow,
    body_name: String,
    holder: Option<PersonRow>,
}

pub(super) async fn list(
    books: &Books,
    request: v1::ListOfficeholdersRequest,
) -> Result<v1::ListOfficeholdersResponse, Problem> {
    let filter = OfficeFilter {
        body: optional_field("body", &request.body)?,
        person: optional_field("person", &request.person)?,
        role: optional_field("role", &request.role)?,
    };
    let as_of = books.moment.of_intervals(books.now());
    let most = page_size(request.page_size, OFFICEHOLDERS_MAX);
    let told = books
        .ask_intervals(move |view| {
            let page = long_page(most, &request.page_token, |page| {
                view.officeholders(&filter, as_of, page)
            })?;
            let Page { rows, next } = page;
            Ok((seats(view, rows)?, next))
        })
        .await?;
    let (seats, next) = told.value;
    Ok(v1::ListOfficeholdersResponse {
        officeholders: officeholders(books, &seats).await?,
        position: Some(told.position),
        next_page_token: next.unwrap_or_default(),
    })
}

/// All officeholders as of an entry, without their names, which are contents: what an auditor's own views
/// say.
pub(crate) fn all(view: &View<'_>, at: u64) -> Result<Vec<v1::Officeholder>, QueryError> {
    let (filter, at) = (OfficeFilter::default(), AsOf::Index(at));
    let page = long_page(usize::MAX, "", |page| view.officeholders(&filter, at, page))?;
    let seats = seats(view, page.rows)?;
    let unnamed = |seat| officeholder(seat, String::new());
    Ok(seats.iter().map(unnamed).collect())
}

/// All offices a person holds at a moment: a few at most, and one page of the views in any case.
pub(super) fn held_by(
    view: &View<'_>,
    person: &PersonRow,
    now: Millis,
) -> Result<Vec<Seat>, QueryError> {
    seats(view, rows_held_by(view, &person.person, now)?)
}

/// The same as rows.
pub(super) fn rows_held_by(
    view: &View<'_>,
    person: &PersonId,
    now: Millis,
) -> Result<Vec<OfficeRow>, QueryError> {
    let page = PageRequest::new(OFFICEHOLDERS_MAX, "");
    Ok(view.offices_of(person, AsOf::Time(now), &page)?.rows)
}

/// Offices with what is said of them.
pub(super) fn seats(view: &View<'_>, rows: Vec<OfficeRow>) -> Result<Vec<Seat>, QueryError> {
    let seat = |row: OfficeRow| {
        Ok(Seat {
            body_name: view
                .body(&row.body)?
                .map(|body| body.name)
                .unwrap_or_default(),
            holder: view.person(&row.person)?,
            row,
        })
    };
    rows.into_iter().map(seat).collect()
}

/// The seats on the wire, names fetched.
pub(super) async fn officeholders(
    books: &Books,
    seats: &[Seat],
) -> Result<Vec<v1::Officeholder>, Problem> {
    let mut texts = Texts::new(&books.ledger);
    let mut holders = Vec::with_capacity(seats.len());
    for seat in seats {
        let name = seat.holder.as_ref().and_then(|person| person.name.as_ref());
        let name = texts.name(name).await?;
        holders.push(officeholder(seat, name));
    }
    Ok(holders)
}

fn officeholder(seat: &Seat, name: String) -> v1::Officeholder {
    let row = &seat.row;
    let ended = row.ended.as_ref();
    let end_cause = ended.map(|ended| v1::OfficeEndCause::from(ended.cause));
    v1::Officeholder {
        office: row.office.to_string(),
        body: row.body.to_string(),
        body_name: seat.body_name.clone(),
        role: row.role.to_string(),
        person: row.person.to_string(),
        name,
        term_from: row.term_from.to_string(),
        term_to: row.term_to.map(|day| day.to_string()).unwrap_or_default(),
        obtained: v1::OfficeObtained::from(row.obtained).into(),
        assumed_index: row.assumed_index,
        ended_index: ended.map_or(0, |ended| ended.index),
        ended_at_ms: ended.map_or(0, |ended| ended.at.0),
        end_cause: end_cause.map_or(0, Into::into),
        decision: text(row.decision.as_ref()),
        end_decision: text(ended.and_then(|ended| ended.decision.as_ref())),
        succeeds: text(row.succeeds.as_ref()),
    }
}

fn text(id: Option<&impl ToString>) -> String {
    id.map(ToString::to_string).unwrap_or_default()
}
