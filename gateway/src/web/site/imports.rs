//! What was taken over from elsewhere: what it says, where it comes from, who attests it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::{AffairId, BodyId};
use maud::{Markup, html};
use projector::{
    PageRequest,
    views::{bodies::BodyRow, imports::ImportRow},
};

use super::{
    affairs::headline,
    checking,
    decisions::folded,
    desk::Desk,
    history,
    lang::Lang,
    layout::{self, Page, Section, Trouble, said},
    lists,
    names::Names,
    reader::Reader,
    show,
    tables::{self, Column, List, Rows, Wanted, cells},
};
use crate::{
    services::{
        Sources,
        query::{Text, Texts, field, optional_field},
    },
    status::Problem,
};

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, list(&reader, &sources, &ledger).await)
}

/// The list.
pub(super) const LIST: List = List {
    name: "imports",
    section: Section::Affairs,
    title: Lang::imports,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.what()),
            Column::under(lang.body()),
            Column::of(lang.day()),
            Column::in_files(lang.import_source()),
            Column::in_files(lang.import_digest()),
        ]
    },
    sheet: 9,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let body = filter(&desk.reader)?;
    let mut names = Names::default();
    tables::ask(desk, wanted, move |view, page| {
        cells(view.imports(body.as_ref(), page)?, |row| {
            names.body(view, &row.body)?;
            Ok(vec![
                row.record.to_string(),
                headline(&row.summary),
                names.of_body(&row.body).to_owned(),
                row.held_on.to_string(),
                row.source,
                row.digest.to_string(),
            ])
        })
    })
    .await
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<Option<BodyId>, Problem> {
    optional_field("body", reader.parameter("body"))
}

/// One page of the list.
struct Found {
    rows: Vec<ImportRow>,
    next: Option<String>,
    names: Names,
    bodies: Vec<BodyRow>,
}

async fn list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let body = filter(reader)?;
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let page = view.imports(body.as_ref(), &page)?;
            let mut names = Names::default();
            for row in &page.rows {
                names.body(view, &row.body)?;
            }
            Ok(Found {
                rows: page.rows,
                next: page.next,
                names,
                bodies: view.bodies(&PageRequest::default())?.rows,
            })
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let lang = reader.lang;
    let page = desk.page(Section::Affairs, lang.imports());
    Ok(page
        .described(lang.imports_intro())
        .beside(tables::of_list(&desk, &LIST, Vec::new()))
        .standing_on(standing)
        .showing(listed(&desk, &told.value)))
}

fn listed(desk: &Desk, found: &Found) -> Markup {
    let reader = &desk.reader;
    let lang = reader.lang;
    let fields = lists::body_select(reader, &found.bodies);
    html! {
        h1 { (lang.imports()) }
        p.lead { (lang.imports_intro()) }
        (folded(reader, &lists::form(reader, &fields)))
        @if found.rows.is_empty() {
            p { (if reader.is_filtered() { lang.no_match() } else { lang.imports_none() }) }
        }
        ul.cards {
            @for row in &found.rows { (card(desk, &found.names, row)) }
        }
        (lists::pager(reader, found.next.as_deref()))
    }
}

/// A record in a list.
pub(super) fn card(desk: &Desk, names: &Names, row: &ImportRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            a.block href=(desk.link(&format!("/imports/{}", row.record))) {
                (said(lang, &headline(&row.summary)))
            }
            p.quiet {
                (said(lang, names.of_body(&row.body))) " · "
                (lang.took_place(show::day(lang, row.held_on)))
            }
        }
    }
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, record)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show_one(&reader, &sources, &ledger, &record).await)
}

async fn show_one(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    record: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: AffairId = field("record", record)?;
    let told = desk
        .books
        .ask(move |view| {
            let Some(row) = view.import(&id)? else {
                return Ok(None);
            };
            let mut names = Names::default();
            names.body(view, &row.body)?;
            for person in row.imported_by.iter().chain([&row.attested_by]) {
                names.person(view, person)?;
            }
            Ok(Some((row, names)))
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (row, names) = told.value.ok_or(Trouble::Missing)?;
    let names = names.fetch(&desk.books).await?;
    let original = match &row.content {
        Some(content) => Some(Texts::new(&desk.books.ledger).fetch(content).await?),
        None => None,
    };
    let page = desk.page(Section::Affairs, headline(&row.summary));
    Ok(page
        .beside(tables::of_one(&desk, &format!("/imports/{record}")))
        .standing_on(standing)
        .showing(about(&desk, &names, &row, original.as_ref())))
}

fn about(desk: &Desk, names: &Names, row: &ImportRow, original: Option<&Text>) -> Markup {
    let lang = desk.reader.lang;
    html! {
        h1 { (said(lang, &headline(&row.summary))) }
        p.lead { (lang.took_place(show::day(lang, row.held_on))) }
        @if headline(&row.summary) != row.summary {
            @for paragraph in row.summary.lines() { p { (said(lang, paragraph)) } }
        }
        dl {
            dt { (lang.body()) }
            dd { a href=(desk.link(&format!("/bodies/{}", row.body))) { (said(lang, names.of_body(&row.body))) } }
            dt { (lang.import_source()) } dd { (said(lang, &row.source)) }
            @if let Some(person) = &row.imported_by {
                dt { (lang.import_by()) } dd { (said(lang, names.of_person(person))) }
            }
            dt { (lang.import_attested()) } dd { (said(lang, names.of_person(&row.attested_by))) }
            dt { (lang.import_digest()) } dd.hash { (row.digest) }
        }
        @if let Some(original) = original {
            h2 { (lang.import_original()) }
            (history::content(desk, row.imported.index, original))
        }
        h2 { (lang.check_title()) }
        (checking::button(desk, row.imported.index, None))
    }
}
