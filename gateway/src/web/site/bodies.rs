//! The bodies: what each is, who sits in it, by which rules it decides, among how many.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{
    action::Grant,
    charter::DecisionRule,
    composition::{Composition, is_head},
    ids::{BodyId, Millis},
};
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{
        bodies::BodyRow,
        decisions::{DecisionFilter, DecisionRow},
        kin::KinSeats,
        offices::{AsOf, OfficeFilter, OfficeRow},
        rolls::{ObjectionRow, RollRow},
    },
};

use super::{
    desk::Desk,
    head_audits,
    lang::Lang,
    layout::{self, Beside, Page, Section, Trouble, said},
    lists,
    names::Names,
    objections, offices,
    reader::Reader,
    sentences, show,
    tables::{self, Column, List, Rows, Wanted, cells},
    terms,
};
use crate::{
    services::{
        Sources,
        query::{combines, field, vacant},
    },
    status::Problem,
};

/// Seats and decisions on the page of a body.
const SEATS: usize = 60;
const DECISIONS: usize = 5;

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, list(&reader, &sources, &ledger).await)
}

/// The list.
pub(super) const LIST: List = List {
    name: "bodies",
    section: Section::Bodies,
    title: Lang::bodies,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.title()),
            Column::of(lang.body_kind()),
        ]
    },
    sheet: 12,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let lang = desk.reader.lang;
    tables::ask(desk, wanted, move |view, page| {
        cells(view.bodies(page)?, |row| {
            let kind = terms::body_kind(lang, row.kind);
            Ok(vec![row.body.to_string(), row.name, kind.to_owned()])
        })
    })
    .await
}

async fn list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk.books.ask(move |view| view.bodies(&page)).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let lang = reader.lang;
    let main = html! {
        h1 { (lang.bodies()) }
        ul.cards {
            @for row in &told.value.rows {
                li.card {
                    a.block href=(desk.link(&format!("/bodies/{}", row.body))) {
                        (said(lang, &row.name))
                    }
                    p.quiet { (terms::body_kind(lang, row.kind)) }
                }
            }
        }
        (lists::pager(reader, told.value.next.as_deref()))
    };
    let page = desk.page(Section::Bodies, lang.bodies());
    Ok(page
        .beside(tables::of_list(&desk, &LIST, Vec::new()))
        .standing_on(standing)
        .showing(main))
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, body)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger, &body).await)
}

/// Everything about one body.
struct Found {
    row: BodyRow,
    seats: Vec<OfficeRow>,
    decisions: Vec<DecisionRow>,
    /// What is still to be filed of what it decided.
    to_file: Vec<DecisionRow>,
    rules: Vec<DecisionRule>,
    roll: Option<RollRow>,
    /// What was said against its rolls.
    objected: Vec<(RollRow, Vec<ObjectionRow>)>,
    rights: Vec<Grant>,
    composition: Composition,
    near_kin: Vec<KinSeats>,
    vacant: Vec<OfficeRow>,
    /// Those who were its head, and the audit on each.
    audited: Vec<OfficeRow>,
    /// Those who lead it and the party organisation at once.
    head_and_secretary: bool,
    names: Names,
}

async fn show(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    body: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: BodyId = field("body", body)?;
    let now = desk.books.now();
    let told = desk.books.ask(move |view| find(view, &id, now)).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let mut found = told.value.ok_or(Trouble::Missing)?;
    found.names = found.names.fetch(&desk.books).await?;
    let page = desk.page(Section::Bodies, &found.row.name);
    Ok(page
        .described(terms::body_kind(reader.lang, found.row.kind))
        .beside(files(&desk, body, found.roll.is_some()))
        .standing_on(standing)
        .showing(about(&desk, &found)))
}

/// What stands beside it: a feed of its decisions, and the totals of its roll.
fn files(desk: &Desk, body: &str, has_roll: bool) -> Vec<Beside> {
    let feed = tables::atom(desk, &format!("/bodies/{body}.atom"));
    let roll = has_roll.then(|| tables::json(desk, &format!("/rolls/{body}.json")));
    std::iter::once(feed).chain(roll).collect()
}

fn find(view: &View<'_>, id: &BodyId, now: Millis) -> Result<Option<Found>, QueryError> {
    let Some(row) = view.body(id)? else {
        return Ok(None);
    };
    let page = PageRequest::new(SEATS, "");
    let of_body = OfficeFilter {
        body: Some(id.clone()),
        ..OfficeFilter::default()
    };
    let seats = view.officeholders(&of_body, AsOf::Time(now), &page)?.rows;
    let mut audited = view.head_audits(id)?;
    audited.truncate(SEATS);
    let everybody: Vec<OfficeRow> = seats.iter().chain(&audited).cloned().collect();
    let mut names = offices::seats_names(view, &everybody)?;
    names.body(view, id)?;
    let filter = DecisionFilter {
        body: Some(id.clone()),
        ..DecisionFilter::default()
    };
    let decisions = view.decisions(&filter, &PageRequest::new(DECISIONS, ""))?;
    let mut rules = view.charter()?.rules;
    rules.retain(|rule| rule.body == *id);
    let rights = view.rights_of(id)?;
    for over in rights.iter().filter_map(|grant| grant.over.as_ref()) {
        names.body(view, over)?;
    }
    let mut head_and_secretary = false;
    for seat in seats.iter().filter(|seat| is_head(&seat.role)) {
        head_and_secretary |= combines(view, &seat.person, now)?;
    }
    let roll = view.roll_as_of(id, None)?;
    let holders = seats.iter().map(|seat| (&seat.role, seat.woman));
    Ok(Some(Found {
        composition: Composition::of(row.kind, holders),
        near_kin: view.kin_seats(&row, now)?,
        vacant: vacant(view, &row, now)?,
        head_and_secretary,
        audited,
        rights,
        seats,
        decisions: decisions.rows,
        to_file: view.to_file(id)?,
        rules,
        objected: view.objected_rolls(id)?,
        roll,
        names,
        row,
    }))
}

fn about(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    html! {
        h1 { (said(lang, &found.row.name)) }
        dl {
            dt { (lang.body_kind()) } dd { (terms::body_kind(lang, found.row.kind)) }
            dt { (lang.body_roll()) }
            dd {
                @match &found.roll {
                    Some(roll) => {
                        (sentences::roll_counts(desk, roll.members, roll.total_area, show::day(lang, roll.as_of)))
                        br; (lang.roll_privacy())
                    }
                    None => (lang.no_roll())
                }
            }
            (composition(lang, &found.composition))
            (near_kin(desk, &found.near_kin))
            @for seat in &found.vacant {
                dt { (lang.seat_vacant(terms::role(lang, &seat.role))) }
                dd { strong { (by_election_due(lang, seat)) } }
            }
        }
        @if found.head_and_secretary { p { (lang.head_and_secretary()) } }
        (objections::of_rolls(desk, &found.objected))
        @if !found.to_file.is_empty() {
            h2 { (lang.to_file()) }
            ul.cards { @for row in &found.to_file { (lists::decision(desk, &found.names, row)) } }
        }
        h2 { (lang.latest_decisions()) }
        @if found.decisions.is_empty() { p { (lang.decisions_none()) } }
        ul.cards { @for row in &found.decisions { (lists::decision(desk, &found.names, row)) } }
        p {
            a.button href=(desk.link_with("/decisions", &[("body", found.row.body.as_str())])) {
                (lang.all_decisions())
            }
        }
        @if !found.rules.is_empty() {
            h2 { (lang.body_rules()) }
            ul.cards {
                @for rule in &found.rules {
                    li.card {
                        a.block href=(desk.link(&format!("/rules/{}", rule.id))) { (said(lang, &rule.title)) }
                        p.quiet { (said(lang, &rule.citation)) }
                    }
                }
            }
        }
        @if !found.rights.is_empty() {
            h2 { (lang.body_rights()) }
            ul { @for grant in &found.rights { li { (right(lang, &found.names, grant)) } } }
        }
        h2 { (lang.officeholders()) }
        @if found.seats.is_empty() { p { (lang.no_officeholder()) } }
        (offices::of_one_body(desk, &found.names, &found.seats))
        (head_audits::of_body(desk, &found.names, &found.audited))
    }
}

/// That a seat is to be filled, and for how long.
fn by_election_due(lang: Lang, seat: &OfficeRow) -> String {
    match seat.term_to {
        Some(last) => lang.by_election_due_until(show::day(lang, last)),
        None => lang.by_election_due().to_owned(),
    }
}

/// How many sit in it, and what the law still asks for.
fn composition(lang: Lang, composition: &Composition) -> Markup {
    html! {
        @if composition.members > 0 {
            dt { (lang.composition()) }
            dd { (lang.members_count(composition.members)) }
            @if composition.women > 0 { dd { (lang.women_count(composition.women)) } }
            @if composition.members_missing > 0 {
                dd { strong { (lang.members_missing(composition.members_missing)) } }
            }
            @if composition.woman_missing { dd { strong { (lang.woman_missing()) } } }
        }
    }
}

/// Near kin who sit where they should not at once, by their seats.
fn near_kin(desk: &Desk, seats: &[KinSeats]) -> Markup {
    let lang = desk.reader.lang;
    let seat = |row: &OfficeRow| {
        html! { a href=(desk.link(&format!("/offices/{}", row.office))) { (terms::role(lang, &row.role)) } }
    };
    html! {
        @for KinSeats { seat: one, other } in seats {
            dt { (lang.near_kin()) }
            dd { (seat(one)) " · " (seat(other)) }
            dd { strong { (lang.near_kin_sit()) } }
        }
    }
}

fn right(lang: Lang, names: &Names, grant: &Grant) -> Markup {
    let right = terms::right(lang, grant.right);
    html! {
        @match &grant.over {
            Some(over) => (said(lang, &lang.right_over(right, names.of_body(over)))),
            None => (right),
        }
        @if let Some(role) = &grant.role {
            " · " (lang.right_of_role(terms::role(lang, role)))
        }
    }
}
