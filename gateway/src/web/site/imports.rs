//! What was taken over from elsewhere: what it says, where it comes from, who attests it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::{AffairId, BodyId};
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{corrections::CorrectionRow, imports::ImportRow},
};

use super::{
    affairs::headline,
    cards::Cards,
    checking,
    desk::Desk,
    history,
    lang::Lang,
    layout::{self, Page, Section, Trouble, said},
    lists,
    names::Names,
    reader::Reader,
    show,
    tables::{self, Column, List, Rows, Wanted},
    timeline,
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
    CARDS.page(&reader, &sources, &ledger).await
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
            Column::under(lang.corrections()),
        ]
    },
    sheet: 9,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

/// Its page.
const CARDS: Cards<Import> = Cards {
    list: &LIST,
    intro: Lang::imports_intro,
    none: Lang::imports_none,
    read: |desk| {
        let body = filter(&desk.reader)?;
        Ok(Box::new(move |view, page| {
            let page = view.imports(body.as_ref(), page)?;
            let rows = page.rows.into_iter().map(|row| Import::of(view, row));
            Ok(projector::Page {
                rows: rows.collect::<Result<_, _>>()?,
                next: page.next,
            })
        }))
    },
    name: |view, names, import| names.body(view, &import.row.body),
    fields: lists::body_select,
    card,
};

/// A record, and what corrects it: the record itself stays as it was taken over.
pub(super) struct Import {
    row: ImportRow,
    corrections: Vec<CorrectionRow>,
}

impl Import {
    pub(super) fn of(view: &View<'_>, row: ImportRow) -> Result<Self, QueryError> {
        let corrections = view.corrections_of(row.imported.index, &PageRequest::default())?;
        Ok(Self {
            row,
            corrections: corrections.rows,
        })
    }

    /// Whose it is.
    pub(super) const fn body(&self) -> &BodyId {
        &self.row.body
    }
}

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let cells = |names: &Names, import: Import| {
        let notes = import.corrections.iter();
        let notes = notes.filter_map(|correction| correction.note.as_deref());
        let notes = notes.collect::<Vec<_>>().join("\n");
        let row = import.row;
        vec![
            row.record.to_string(),
            headline(&row.summary),
            names.of_body(&row.body).to_owned(),
            row.held_on.to_string(),
            row.source,
            row.digest.to_string(),
            notes,
        ]
    };
    CARDS.rows(desk, wanted, cells).await
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<Option<BodyId>, Problem> {
    optional_field("body", reader.parameter("body"))
}

/// A record in a list.
pub(super) fn card(desk: &Desk, names: &Names, import: &Import) -> Markup {
    let lang = desk.reader.lang;
    let row = &import.row;
    html! {
        li.card {
            @if !import.corrections.is_empty() { span.badge { (lang.corrected()) } }
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
            Ok(Some((Import::of(view, row)?, names)))
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (import, names) = told.value.ok_or(Trouble::Missing)?;
    let names = names.fetch(&desk.books).await?;
    let original = match &import.row.content {
        Some(content) => Some(Texts::new(&desk.books.ledger).fetch(content).await?),
        None => None,
    };
    let page = desk.page(Section::Affairs, headline(&import.row.summary));
    Ok(page
        .beside(tables::of_one(&desk, &format!("/imports/{record}")))
        .standing_on(standing)
        .showing(about(&desk, &names, &import, original.as_ref())))
}

fn about(desk: &Desk, names: &Names, import: &Import, original: Option<&Text>) -> Markup {
    let lang = desk.reader.lang;
    let row = &import.row;
    html! {
        h1 { (said(lang, &headline(&row.summary))) }
        p.lead { (lang.took_place(show::day(lang, row.held_on))) }
        @if headline(&row.summary) != row.summary {
            @for paragraph in row.summary.lines() { p { (said(lang, paragraph)) } }
        }
        @for correction in &import.corrections { (timeline::corrected(desk, correction)) }
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
