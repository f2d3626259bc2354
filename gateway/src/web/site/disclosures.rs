//! What is made known 居务公开: what is on display now, and everything that ever was.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{calendar::Date, ids::AffairId};
use maud::{Markup, html};
use projector::{
    QueryError, View,
    views::{
        bodies::BodyRow,
        disclosures::{DisclosureFilter, DisclosureRow},
    },
};

use super::{
    cards::Cards,
    checking,
    desk::Desk,
    lang::Lang,
    layout::{self, Page, Section, Trouble, said},
    lists,
    names::Names,
    reader::Reader,
    show,
    tables::{self, Column, List, Rows, Wanted},
};
use crate::{
    services::{
        Sources,
        query::{field, optional_field},
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
    name: "disclosures",
    section: Section::Affairs,
    title: Lang::disclosures,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.title()),
            Column::under(lang.body()),
            Column::of(lang.posted()),
            Column::of(lang.day_until()),
            Column::in_files(lang.the_text()),
        ]
    },
    sheet: 9,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

/// Its page.
const CARDS: Cards<DisclosureRow> = Cards {
    list: &LIST,
    intro: Lang::disclosures_intro,
    none: Lang::disclosures_none,
    read: |desk| {
        let filter = filter(desk)?;
        Ok(Box::new(move |view, page| view.disclosures(&filter, page)))
    },
    name: |view, names, row| names.body(view, &row.body),
    fields,
    card,
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let times = desk.times.clone();
    let cells = move |names: &Names, row: DisclosureRow| {
        vec![
            row.disclosure.to_string(),
            row.title,
            names.of_body(&row.body).to_owned(),
            times.date_of(row.posted.at).to_string(),
            row.until.to_string(),
            row.text,
        ]
    };
    CARDS.rows(desk, wanted, cells).await
}

/// Today, in the community.
fn today(desk: &Desk) -> Date {
    desk.times.date_of(desk.books.now())
}

/// The filter that an address asks for.
fn filter(desk: &Desk) -> Result<DisclosureFilter, Problem> {
    let reader = &desk.reader;
    let hanging = reader.parameter("hanging") == lists::YES;
    Ok(DisclosureFilter {
        body: optional_field("body", reader.parameter("body"))?,
        hanging_on: hanging.then(|| today(desk)),
    })
}

fn fields(reader: &Reader, bodies: &[BodyRow]) -> Markup {
    html! {
        (lists::body_select(reader, bodies))
        (lists::tick(reader, "hanging", reader.lang.only_hanging()))
    }
}

fn badge(desk: &Desk, row: &DisclosureRow) -> Markup {
    let lang = desk.reader.lang;
    if today(desk) <= row.until {
        html! { span class="badge adopted" { span aria-hidden="true" { "✓ " } (lang.disclosure_hanging()) } }
    } else {
        html! { span class="badge" { (lang.disclosure_past()) } }
    }
}

/// A disclosure in a list.
pub(super) fn card(desk: &Desk, names: &Names, row: &DisclosureRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            (badge(desk, row))
            a.block href=(desk.link(&format!("/disclosures/{}", row.disclosure))) { (said(lang, &row.title)) }
            p.quiet {
                (said(lang, names.of_body(&row.body))) " · "
                (lang.hangs_until(show::day(lang, row.until)))
            }
        }
    }
}

pub(super) fn find(
    view: &View<'_>,
    id: &AffairId,
) -> Result<Option<(DisclosureRow, Names)>, QueryError> {
    let Some(row) = view.disclosure(id)? else {
        return Ok(None);
    };
    let mut names = Names::default();
    names.body(view, &row.body)?;
    Ok(Some((row, names)))
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, disclosure)): Path<(String, String)>,
) -> Response {
    let page = show_one(&reader, &sources, &ledger, &disclosure).await;
    layout::answer(&reader, page)
}

async fn show_one(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    disclosure: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: AffairId = field("disclosure", disclosure)?;
    let told = desk.books.ask(move |view| find(view, &id)).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (row, names) = told.value.ok_or(Trouble::Missing)?;
    let page = desk.page(Section::Affairs, &row.title);
    Ok(page
        .beside(tables::of_one(&desk, &format!("/disclosures/{disclosure}")))
        .standing_on(standing)
        .showing(about(&desk, &names, &row)))
}

fn about(desk: &Desk, names: &Names, row: &DisclosureRow) -> Markup {
    let lang = desk.reader.lang;
    let posted = desk.times.date_of(row.posted.at);
    html! {
        h1 { (said(lang, &row.title)) }
        p.lead { (badge(desk, row)) }
        @for paragraph in row.text.lines() { p { (said(lang, paragraph)) } }
        dl {
            dt { (lang.body()) }
            dd { a href=(desk.link(&format!("/bodies/{}", row.body))) { (said(lang, names.of_body(&row.body))) } }
            dt { (lang.posted()) } dd { (show::day(lang, posted)) }
            dt { (lang.day_until()) } dd { (show::day(lang, row.until)) }
        }
        p { a.button href=(desk.link(&format!("/disclosures/{}/notice", row.disclosure))) { (lang.print_form()) } }
        h2 { (lang.check_title()) }
        (checking::button(desk, row.posted.index, None))
    }
}
