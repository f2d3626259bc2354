//! A person's public record: offices, sanctions while they are named, reports and assessments, votes, acts.

use governance::{composition::is_head_and_secretary, ids::PersonId};
use projector::{
    ContentRow, Page, PageRequest, QueryError, View,
    views::{
        offices::OfficeRow,
        powers::PowerActRow,
        reports::{ReportFilter, ReportRow},
        votes::{VoteOf, VoteOfRow},
    },
};
use proto::v1::{self, person_vote::Vote};

use super::{
    ask::{Books, field, page_request},
    contents::Texts,
    offices::{self, Seat},
    powers, reports, sanctions,
};
use crate::status::Problem;

/// Most reports looked at of one body: a report a year.
const REPORTS_MAX: usize = 1_000;

/// What the views say of a person.
struct Record {
    name: Option<ContentRow>,
    departed: bool,
    seats: Vec<Seat>,
    head_and_secretary: bool,
    reports: Vec<(ReportRow, OfficeRow)>,
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetPersonRecordRequest,
) -> Result<v1::GetPersonRecordResponse, Problem> {
    let person: PersonId = field("person", &request.person)?;
    let (moment, clock) = (books.moment, books.now());
    let of = person.clone();
    let told = books
        .ask(move |view| record(view, &of, moment.now_in(view, clock)))
        .await?;
    let record = told
        .value
        .ok_or_else(|| no_such_person(books, &request.person))?;
    // The register answers of any moment itself, and masks by how a case stands now.
    let as_of = moment.of_intervals(clock);
    let of = person.clone();
    let cases = books
        .ask_intervals(move |view| sanctions::shown(view, view.cases_naming(&of, as_of)?))
        .await?;
    Ok(v1::GetPersonRecordResponse {
        person: person.to_string(),
        name: Texts::new(&books.ledger).name(record.name.as_ref()).await?,
        departed: record.departed,
        offices: offices::officeholders(books, &record.seats).await?,
        head_and_secretary: record.head_and_secretary,
        sanctions: sanctions::cases(books, cases.value).await?,
        reports: record.reports.iter().map(report).collect(),
        position: Some(told.position),
    })
}

fn no_such_person(books: &Books, person: &str) -> Problem {
    Problem::no_such_person(books.id(), &format!("the id {person}"))
}

fn record(
    view: &View<'_>,
    person: &PersonId,
    now: governance::ids::Millis,
) -> Result<Option<Record>, QueryError> {
    let Some(row) = view.person(person)? else {
        return Ok(None);
    };
    let ever = view.offices_ever(person)?;
    Ok(Some(Record {
        name: row.name,
        departed: row.departed_index.is_some(),
        head_and_secretary: combines(view, person, now)?,
        reports: reports_of(view, &ever)?,
        seats: offices::seats(view, ever)?,
    }))
}

/// Whether the person leads the residents' committee and is the party organisation's secretary.
pub(crate) fn combines(
    view: &View<'_>,
    person: &PersonId,
    now: governance::ids::Millis,
) -> Result<bool, QueryError> {
    let held = offices::rows_held_by(view, person, now)?;
    let mut roles = Vec::with_capacity(held.len());
    for row in &held {
        if let Some(body) = view.body(&row.body)? {
            roles.push((body.kind, &row.role));
        }
    }
    Ok(is_head_and_secretary(roles))
}

/// The reports of the years in which the person held an office in the body for a day at least.
pub(crate) fn reports_of(
    view: &View<'_>,
    offices: &[OfficeRow],
) -> Result<Vec<(ReportRow, OfficeRow)>, QueryError> {
    let offsets = view.utc_offsets()?;
    let mut found = Vec::new();
    for office in offices {
        let filter = ReportFilter {
            body: Some(office.body.clone()),
            ..ReportFilter::default()
        };
        let last = office.ended.as_ref().map(|end| offsets.date_of(end.at));
        let last = match (last, office.term_to) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let page = view.reports(&filter, &PageRequest::new(REPORTS_MAX, ""))?;
        let held = page.rows.into_iter().filter(|report| {
            office.term_from.year() <= report.year
                && last.is_none_or(|last| report.year <= last.year())
        });
        found.extend(held.map(|report| (report, office.clone())));
    }
    Ok(found)
}

fn report((row, office): &(ReportRow, OfficeRow)) -> v1::PersonReport {
    let lines = row.assessed.iter().flat_map(|(_, lines)| lines);
    let mut own = lines.filter(|line| line.office == office.office);
    v1::PersonReport {
        report: Some(reports::report(row)),
        office: office.office.to_string(),
        grade: own.next().map(reports::grade),
    }
}

pub(super) async fn votes(
    books: &Books,
    request: v1::ListPersonVotesRequest,
) -> Result<v1::ListPersonVotesResponse, Problem> {
    let person: PersonId = field("person", &request.person)?;
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let known = view.person(&person)?.is_some();
            known.then(|| view.votes_of(&person, &page)).transpose()
        })
        .await?;
    let Page { rows, next } = told
        .value
        .ok_or_else(|| no_such_person(books, &request.person))?;
    Ok(v1::ListPersonVotesResponse {
        votes: rows.iter().map(vote).collect(),
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

fn vote(row: &VoteOfRow) -> v1::PersonVote {
    let decision = &row.decision;
    v1::PersonVote {
        motion: decision.motion.to_string(),
        title: decision.title.clone(),
        body: decision.body.to_string(),
        held_on: decision.held_on.to_string(),
        index: decision.index,
        outcome: v1::Outcome::from(decision.result.outcome).into(),
        vote: Some(match &row.vote {
            VoteOf::Marked(mark) => Vote::Mark(v1::RollCallMark::from(*mark).into()),
            VoteOf::Cast(choice) => Vote::Choice(choice.into()),
        }),
    }
}

pub(super) async fn acts(
    books: &Books,
    request: v1::ListPersonActsRequest,
) -> Result<v1::ListPersonActsResponse, Problem> {
    let person: PersonId = field("person", &request.person)?;
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let known = view.person(&person)?.is_some();
            known
                .then(|| view.acts_of_person(&person, &page))
                .transpose()
        })
        .await?;
    let Page { rows, next } = told
        .value
        .ok_or_else(|| no_such_person(books, &request.person))?;
    let act = |row: &PowerActRow| v1::PersonAct {
        item: row.item.to_string(),
        act: Some(powers::act(row)),
    };
    Ok(v1::ListPersonActsResponse {
        acts: rows.iter().map(act).collect(),
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}
