//! The list of motions: what is put, what is being voted on, what came of it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use maud::{Markup, html};
use projector::{
    PageRequest,
    views::{
        bodies::BodyRow,
        motions::{MotionFilter, MotionRow},
    },
};

use super::{
    decisions::folded,
    desk::Desk,
    lang::Lang,
    layout::{self, Page, Section},
    lists,
    names::Names,
    reader::Reader,
    tables::{self, Column, List, Rows, Wanted, cells},
    terms,
};
use crate::{
    services::{Sources, query::optional_field},
    status::Problem,
};

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger).await)
}

/// The list.
pub(super) const LIST: List = List {
    name: "motions",
    section: Section::Motions,
    title: Lang::motions,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.title()),
            Column::under(lang.body()),
            Column::of(lang.motion_status()),
            Column::under(lang.outcome()),
        ]
    },
    sheet: 10,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let (lang, filter) = (desk.reader.lang, filter(&desk.reader)?);
    let mut names = Names::default();
    tables::ask(desk, wanted, move |view, page| {
        cells(view.motions(&filter, page)?, |row| {
            names.body(view, &row.body)?;
            let outcome = row.outcome.map_or("", |o| terms::outcome(lang, o));
            Ok(vec![
                row.motion.to_string(),
                row.title,
                names.of_body(&row.body).to_owned(),
                terms::status(lang, row.status).to_owned(),
                outcome.to_owned(),
            ])
        })
    })
    .await
}

/// One page of the list.
struct Found {
    rows: Vec<(MotionRow, u64)>,
    next: Option<String>,
    names: Names,
    bodies: Vec<BodyRow>,
}

async fn show(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let filter = filter(reader)?;
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let page = view.motions(&filter, &page)?;
            let mut names = Names::default();
            let mut rows = Vec::with_capacity(page.rows.len());
            for row in page.rows {
                names.body(view, &row.body)?;
                let received = view.votes_received(&row.motion)?;
                rows.push((row, received));
            }
            Ok(Found {
                rows,
                next: page.next,
                names,
                bodies: view.bodies(&PageRequest::default())?.rows,
            })
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let page = desk.page(Section::Motions, reader.lang.motions());
    Ok(page
        .beside(tables::of_list(&desk, &LIST, vec![tables::ics(&desk)]))
        .standing_on(standing)
        .showing(list(&desk, &told.value)))
}

/// The filter that an address asks for.
pub(super) fn filter(reader: &Reader) -> Result<MotionFilter, Problem> {
    Ok(MotionFilter {
        body: optional_field("body", reader.parameter("body"))?,
        status: lists::chosen(reader, "status", &terms::STATUSES, terms::status_code)?,
        meeting: optional_field("meeting", reader.parameter("meeting"))?,
    })
}

fn list(desk: &Desk, found: &Found) -> Markup {
    let reader = &desk.reader;
    let lang = reader.lang;
    let statuses = terms::STATUSES.into_iter();
    let statuses = statuses.map(|s| (terms::status_code(s), terms::status(lang, s)));
    let fields = html! {
        (lists::select(reader, "status", lang.motion_status(), statuses))
        (lists::body_select(reader, &found.bodies))
    };
    html! {
        h1 { (lang.motions()) }
        (folded(reader, &lists::form(reader, &fields)))
        @if found.rows.is_empty() { p { (lang.no_match()) } }
        ul.cards {
            @for (row, received) in &found.rows {
                (lists::motion(desk, &found.names, row, *received))
            }
        }
        (lists::pager(reader, found.next.as_deref()))
    }
}
