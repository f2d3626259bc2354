//! Every entry, newest first, and the page of one.

use axum::{
    extract::{Path, State},
    response::Response,
};
use maud::{Markup, html};
use projector::{
    PageRequest,
    views::{
        corrections::CorrectionRow,
        timeline::{TimelineFilter, TimelineRow},
    },
};

use super::{
    checking,
    desk::Desk,
    entries, history,
    lang::Lang,
    layout::{self, Page, Section, said},
    lists,
    names::Names,
    reader::Reader,
    sentences, show,
    tables::{self, Column, List, Rows, Wanted, cells},
    terms,
};
use crate::{
    services::{
        Sources,
        query::{Texts, field},
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
    name: "timeline",
    section: Section::Timeline,
    title: Lang::timeline,
    columns: |lang| {
        vec![
            Column::of(lang.number()),
            Column::in_files(lang.when()),
            Column::of(lang.what()),
            Column::in_files(lang.about()),
            Column::under(lang.title()),
            Column::of(lang.day()),
        ]
    },
    sheet: 7,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let lang = desk.reader.lang;
    let (page, names) = tables::ask_with(desk, wanted, |view, page| {
        let rows = view.timeline(&TimelineFilter::default(), page)?;
        let mut names = Names::default();
        for row in &rows.rows {
            names.gather(view, &row.summary)?;
        }
        Ok((names, rows))
    })
    .await?;
    let rows = cells(page, |row| {
        let summary = &row.summary;
        Ok(vec![
            row.index.to_string(),
            desk.times.rfc3339(row.recorded_at),
            terms::kind(lang, &summary.kind).to_owned(),
            summary.subject.id().to_owned(),
            sentences::detail(desk, &names, &summary.gist),
            desk.times.date_of(row.recorded_at).to_string(),
        ])
    });
    Ok(rows?)
}

async fn list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let page = view.timeline(&TimelineFilter::default(), &page)?;
            let mut names = Names::default();
            for row in &page.rows {
                names.gather(view, &row.summary)?;
            }
            Ok((page, names))
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (page, names) = told.value;
    let names = names.fetch(&desk.books).await?;
    let lang = reader.lang;
    let main = html! {
        h1 { (lang.timeline()) }
        p.lead { (lang.timeline_intro()) }
        ol.entries reversed start=(page.rows.first().map_or(0, |row| row.index)) {
            @for row in &page.rows {
                (sentences::row(&desk, &names, row.index, row.recorded_at, &row.summary))
            }
        }
        (lists::pager(reader, page.next.as_deref()))
    };
    let page = desk.page(Section::Timeline, lang.timeline());
    Ok(page
        .described(lang.timeline_intro())
        .beside(tables::of_list(&desk, &LIST, Vec::new()))
        .standing_on(standing)
        .showing(main))
}

pub(super) async fn one(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    index: &str,
) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let index: u64 = field("index", index)?;
    let told = desk
        .books
        .ask(move |view| {
            let row = view.timeline_entry(index)?;
            let mut names = Names::default();
            names.gather(view, &row.summary)?;
            let corrections = view.corrections_of(index, &PageRequest::default())?;
            Ok((row, names, corrections.rows))
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (row, names, corrections) = told.value;
    let names = names.fetch(&desk.books).await?;
    let text = match entries::content(&desk, index).await? {
        Some(content) => Some(Texts::new(&desk.books.ledger).fetch(&content).await?),
        None => None,
    };
    let lang = reader.lang;
    let title = lang.entry_number(show::number(index));
    let main = html! {
        h1 { (title) }
        (facts(&desk, &names, &row))
        @for correction in &corrections { (corrected(&desk, correction)) }
        @if let Some(text) = &text { (history::content(&desk, index, text)) }
        h2 { (lang.check_title()) }
        (checking::button(&desk, index, None))
    };
    let page = desk.page(Section::Timeline, title);
    Ok(page
        .described(terms::kind(lang, &row.summary.kind))
        .beside(tables::of_one(&desk, &format!("/entries/{index}")))
        .standing_on(standing)
        .showing(main))
}

/// That an entry is corrected, by which, and what is right.
pub(super) fn corrected(desk: &Desk, row: &CorrectionRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        p {
            strong { (lang.corrected()) } " "
            a href=(desk.link(&format!("/entries/{}", row.index))) {
                (lang.corrected_by(show::number(row.index), desk.times.moment(row.recorded_at)))
            }
        }
        @if let Some(note) = &row.note { p { (said(lang, note)) } }
        p.quiet { (said(lang, &row.reason)) }
    }
}

fn facts(desk: &Desk, names: &Names, row: &TimelineRow) -> Markup {
    let lang = desk.reader.lang;
    let summary = &row.summary;
    let detail = sentences::detail(desk, names, &summary.gist);
    html! {
        dl {
            dt { (lang.what()) } dd { (terms::kind(lang, &summary.kind)) }
            @if !detail.is_empty() { dd { (said(lang, &detail)) } }
            @let about = sentences::about(desk, names, summary);
            @if !about.0.is_empty() { dt { (lang.about()) } dd { (about) } }
            dt { (lang.when()) } dd { (desk.times.time(row.recorded_at)) }
            @match &summary.actor {
                None => { dt { (lang.recorded_by()) } dd { (lang.by_time()) } }
                Some(_) => @if let Some(actor) = sentences::actor(names, summary) {
                    dt { (lang.recorded_by()) } dd { (said(lang, actor)) }
                }
            }
        }
    }
}
