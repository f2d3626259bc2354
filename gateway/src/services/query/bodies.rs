//! Bodies: which there are, and one with its members, rights, rules and decisions.

use governance::{
    action::Grant,
    charter::{BodyKind, DecisionRule},
    composition::{Composition, is_head, is_member},
    ids::{BodyId, Millis},
};
use projector::{
    Page, PageRequest, QueryError, View,
    views::{
        bodies::BodyRow,
        decisions::DecisionFilter,
        kin::KinSeats,
        offices::{AsOf, OfficeFilter, OfficeRow},
    },
};
use proto::v1;

use super::{
    ask::{Books, field, page_request},
    decisions, head_audits,
    offices::{self, OFFICEHOLDERS_MAX, Seat},
    records,
};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListBodiesRequest,
) -> Result<v1::ListBodiesResponse, Problem> {
    let page = page_request(request.page_size, &request.page_token);
    let told = books.ask(move |view| view.bodies(&page)).await?;
    let Page { rows, next } = told.value;
    Ok(v1::ListBodiesResponse {
        bodies: rows.iter().map(body).collect(),
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

/// What the views say of a body.
struct Profile {
    row: BodyRow,
    seats: Vec<Seat>,
    vacant: Vec<OfficeRow>,
    /// Those who were its head, and the audit on each.
    audited: Vec<Seat>,
    /// The places of those who lead it among the seats, and whether they are the party's secretary too.
    heads: Vec<(usize, bool)>,
    composition: Composition,
    near_kin: Vec<KinSeats>,
    rights: Vec<Grant>,
    rules: Vec<DecisionRule>,
    decisions: Page<v1::Decision>,
    /// What is still to be filed of what it decided.
    to_file: Vec<v1::Decision>,
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetBodyRequest,
) -> Result<v1::GetBodyResponse, Problem> {
    let id: BodyId = field("body", &request.body)?;
    let (moment, clock) = (books.moment, books.now());
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| profile(view, &id, moment.now_in(view, clock), &page))
        .await?;
    let profile = told
        .value
        .ok_or_else(|| Problem::no_such_body(books.id(), &request.body))?;
    let members = offices::officeholders(books, &profile.seats).await?;
    let heads = profile.heads.iter().map(|(at, combined)| v1::BodyHead {
        officeholder: members.get(*at).cloned(),
        head_and_secretary: *combined,
    });
    let head_audits = head_audits::all(books, &profile.audited).await?;
    Ok(v1::GetBodyResponse {
        head_audits,
        body: Some(body(&profile.row)),
        heads: heads.collect(),
        members,
        composition: Some(composition(&profile)),
        rights: profile.rights.iter().map(Into::into).collect(),
        rules: profile.rules.iter().map(Into::into).collect(),
        decisions: profile.decisions.rows,
        next_page_token: profile.decisions.next.unwrap_or_default(),
        position: Some(told.position),
        vacant: profile.vacant.iter().map(vacant_seat).collect(),
        to_file: profile.to_file,
    })
}

/// Seats of those elected that ended before their time and are not filled again: a by-election is due (组织法 24).
pub(crate) fn vacant(
    view: &View<'_>,
    row: &BodyRow,
    now: Millis,
) -> Result<Vec<OfficeRow>, QueryError> {
    let elected = [BodyKind::ResidentsCommittee, BodyKind::OwnersCommittee];
    if !elected.contains(&row.kind) {
        return Ok(Vec::new());
    }
    let mut vacant = view.vacancies(&row.body, now)?;
    vacant.retain(|office| row.kind != BodyKind::ResidentsCommittee || is_member(&office.role));
    Ok(vacant)
}

fn vacant_seat(row: &OfficeRow) -> v1::VacantSeat {
    let ended = row.ended.as_ref();
    v1::VacantSeat {
        office: row.office.to_string(),
        role: row.role.to_string(),
        ended_index: ended.map_or(0, |ended| ended.index),
        cause: ended.map_or(0, |ended| v1::OfficeEndCause::from(ended.cause).into()),
        term_to: row.term_to.map(|day| day.to_string()).unwrap_or_default(),
    }
}

fn profile(
    view: &View<'_>,
    id: &BodyId,
    now: Millis,
    page: &PageRequest,
) -> Result<Option<Profile>, QueryError> {
    let Some(row) = view.body(id)? else {
        return Ok(None);
    };
    let filter = OfficeFilter {
        body: Some(id.clone()),
        ..OfficeFilter::default()
    };
    let members = PageRequest::new(OFFICEHOLDERS_MAX, "");
    let members = view.officeholders(&filter, AsOf::Time(now), &members)?.rows;
    let mut heads = Vec::new();
    for (at, office) in members.iter().enumerate() {
        if is_head(&office.role) {
            heads.push((at, records::combines(view, &office.person, now)?));
        }
    }
    let holders = members.iter().map(|office| (&office.role, office.woman));
    let mut rules = view.charter()?.rules;
    rules.retain(|rule| rule.body == *id);
    let filter = DecisionFilter {
        body: Some(id.clone()),
        ..DecisionFilter::default()
    };
    let decided = view.decisions(&filter, page)?;
    let rows = decided
        .rows
        .iter()
        .map(|row| decisions::decision(view, row));
    let to_file = view.to_file(id)?;
    let to_file = to_file.iter().map(|row| decisions::decision(view, row));
    Ok(Some(Profile {
        to_file: to_file.collect::<Result<_, _>>()?,
        vacant: vacant(view, &row, now)?,
        audited: head_audits::of_body(view, id)?,
        heads,
        composition: Composition::of(row.kind, holders),
        near_kin: view.kin_seats(&row, now)?,
        rights: view.rights_of(id)?,
        rules,
        decisions: Page {
            rows: rows.collect::<Result<_, _>>()?,
            next: decided.next,
        },
        seats: offices::seats(view, members)?,
        row,
    }))
}

fn body(row: &BodyRow) -> v1::Body {
    v1::Body {
        body: row.body.to_string(),
        kind: v1::BodyKind::from(row.kind).into(),
        name: row.name.clone(),
        established_index: row.established_index,
    }
}

fn composition(profile: &Profile) -> v1::Composition {
    let composition = &profile.composition;
    let near_kin = profile.near_kin.iter().map(|seats| v1::KinSeats {
        office: seats.seat.office.to_string(),
        person: seats.seat.person.to_string(),
        other_office: seats.other.office.to_string(),
        other_person: seats.other.person.to_string(),
        other_body: seats.other.body.to_string(),
    });
    v1::Composition {
        near_kin: near_kin.collect(),
        members: composition.members,
        women: composition.women,
        members_missing: composition.members_missing,
        woman_missing: composition.woman_missing,
    }
}
