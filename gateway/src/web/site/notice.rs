//! Sheets of paper for the notice board (公开栏): one A4 page, large type, black on white, with the days of
//! posting (15 days, 组织法 34) and, on a decision, a code that holds its receipt.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{calendar::Date, ids::MotionId};
use maud::{Markup, html};
use projector::{
    PageRequest,
    views::offices::{AsOf, OfficeFilter},
};

use super::{
    decision::{self, Found},
    decisions,
    desk::Desk,
    entries,
    layout::{self, Page, Section, said},
    lists,
    names::Names,
    offices,
    reader::Reader,
    show, tally, terms,
};
use crate::{
    code::Code,
    services::{
        Sources,
        query::{field, optional_field},
    },
    status::Problem,
};

/// How long a notice hangs, the day of posting not counted (组织法 34).
const POSTED_DAYS: u32 = 15;

/// Rows of a list that fit one sheet in large type, where a cell may take three lines.
const DECISIONS: usize = 10;
const SEATS: usize = 7;

/// Letters of the text on a decision's sheet; whoever wants all of it has the address.
const TEXT_LEN_MAX: usize = 280;

pub(super) async fn of_decision(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, motion)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, one(&reader, &sources, &ledger, &motion).await)
}

async fn one(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    motion: &str,
) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: MotionId = field("motion", motion)?;
    let told = desk
        .books
        .ask(move |view| decision::find(view, &id))
        .await?;
    let found = told
        .value
        .ok_or_else(|| Problem::no_such_decision(desk.books.id(), motion))?;
    let (receipt, _) = desk.books.ledger.receipt(found.row.index).await?;
    let code = code(&entries::offline(&receipt)?);
    let back = desk.link(&format!("/decisions/{motion}"));
    let main = sheet(
        &desk,
        &back,
        None,
        &html! {
            h1 { (said(reader.lang, &found.row.title)) }
            (decided(&desk, &found))
            (foot(&desk, &desk.path(&format!("/decisions/{motion}")), code.as_ref()))
        },
    )?;
    let page = desk.page(Section::Decisions, &found.row.title);
    Ok(page.on_paper().showing(main))
}

/// What every sheet has: what to do on the screen, the community, the days of posting.
fn sheet(desk: &Desk, back: &str, next: Option<&str>, content: &Markup) -> Result<Markup, Problem> {
    let reader = &desk.reader;
    let lang = reader.lang;
    let asked: Option<Date> = optional_field("posted", reader.parameter("posted"))?;
    let from = asked.unwrap_or_else(|| desk.times.date_of(desk.books.now()));
    let until = show::day(lang, from.plus_days(POSTED_DAYS));
    Ok(html! {
        div.screen {
            p { (lang.notice_print()) }
            form.filter method="get" action=(reader.path()) {
                @for (name, value) in reader.kept() {
                    input type="hidden" name=(name) value=(value);
                }
                label {
                    span { (lang.notice_posted_label()) }
                    input type="date" name="posted" value=(from);
                }
                button type="submit" { (lang.show()) }
            }
            p { a.button href=(back) { (lang.notice_back()) } }
            (lists::pager(reader, next))
        }
        article.sheet {
            header {
                p.whose { (said(lang, &desk.info.name)) }
                p.kind { (lang.notice_title()) }
                @if desk.info.demo { p.demo { (lang.demo_banner()) } }
            }
            (content)
            p.posted { (lang.notice_posted(show::day(lang, from), until)) }
        }
    })
}

fn decided(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let row = &found.row;
    html! {
        p.outcome {
            span aria-hidden="true" { (terms::outcome_sign(row.result.outcome)) " " }
            (terms::outcome(lang, row.result.outcome))
        }
        p { (said(lang, &decision::sentence(desk, found))) " " (lang.held_on(show::day(lang, row.held_on))) }
        @if let Some(text) = &found.text {
            p { (said(lang, &shortened(&text.paragraphs.join(" ")))) }
        }
        (tally::on_paper(lang, &row.result, found.contest()))
        p { (lang.legal_basis()) ": " (said(lang, &row.result.citation)) }
    }
}

/// The beginning of a text that is too long for a sheet.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(TEXT_LEN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn foot(desk: &Desk, path: &str, code: Option<&Markup>) -> Markup {
    let lang = desk.reader.lang;
    html! {
        div.foot {
            @if let Some(code) = code { (code) }
            div {
                @if code.is_some() { p { (lang.notice_scan()) } }
                p { (lang.notice_online()) ": " (desk.reader.absolute(path)) }
                p.seal { (lang.notice_seal()) }
            }
        }
    }
}

/// A text as a code; `None`: it is too long for one.
fn code(text: &str) -> Option<Markup> {
    let code = Code::of(text)?;
    let side = code.side();
    Some(html! {
        svg.code viewBox=(format!("0 0 {side} {side}")) shape-rendering="crispEdges" role="img" aria-label="QR" {
            rect.paper width=(side) height=(side) {}
            path.ink d=(code.path()) {}
        }
    })
}

pub(super) async fn of_decisions(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, decision_list(&reader, &sources, &ledger).await)
}

async fn decision_list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let filter = decisions::filter(reader)?;
    let page = PageRequest::new(DECISIONS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let page = view.decisions(&filter, &page)?;
            let mut names = Names::default();
            for row in &page.rows {
                names.body(view, &row.body)?;
            }
            Ok((page, names))
        })
        .await?;
    let (page, names) = told.value;
    let lang = reader.lang;
    let main = sheet(
        &desk,
        &desk.link("/decisions"),
        page.next.as_deref(),
        &html! {
            h1 { (lang.decisions()) }
            div.scroll tabindex="0" role="group" aria-label=(lang.decisions()) {
            table {
                thead {
                    tr {
                        th scope="col" { (lang.day()) }
                        th scope="col" { (lang.title()) }
                        th scope="col" { (lang.outcome()) }
                    }
                }
                tbody {
                    @for row in &page.rows {
                        tr {
                            td { (show::day(lang, row.held_on)) }
                            td { (said(lang, &row.title)) br; (said(lang, names.of_body(&row.body))) }
                            td {
                                span aria-hidden="true" { (terms::outcome_sign(row.result.outcome)) " " }
                                (terms::outcome(lang, row.result.outcome))
                            }
                        }
                    }
                }
            }
            }
            (foot(&desk, &desk.path("/decisions"), None))
        },
    )?;
    Ok(desk
        .page(Section::Decisions, lang.decisions())
        .on_paper()
        .showing(main))
}

pub(super) async fn of_offices(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, office_list(&reader, &sources, &ledger).await)
}

async fn office_list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let as_of = AsOf::Time(offices::moment_asked(&desk)?);
    let page = PageRequest::new(SEATS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let page = view.officeholders(&OfficeFilter::default(), as_of, &page)?;
            Ok((offices::seats_names(view, &page.rows)?, page))
        })
        .await?;
    let (names, page) = told.value;
    let names = names.fetch(&desk.books).await?;
    let lang = reader.lang;
    let main = sheet(
        &desk,
        &desk.link("/offices"),
        page.next.as_deref(),
        &html! {
            h1 { (lang.officeholders()) }
            div.scroll tabindex="0" role="group" aria-label=(lang.officeholders()) {
            table {
                thead {
                    tr {
                        th scope="col" { (lang.body()) }
                        th scope="col" { (lang.role()) }
                        th scope="col" { (lang.person()) }
                        th scope="col" { (lang.term()) }
                    }
                }
                tbody {
                    @for row in &page.rows {
                        tr {
                            td { (said(lang, names.of_body(&row.body))) }
                            td { (said(lang, terms::role(lang, &row.role))) }
                            td { (said(lang, names.of_person(&row.person))) }
                            td { (row.term_from) br; @if let Some(to) = row.term_to { (to) } }
                        }
                    }
                }
            }
            }
            (foot(&desk, &desk.path("/offices"), None))
        },
    )?;
    Ok(desk
        .page(Section::Offices, lang.officeholders())
        .on_paper()
        .showing(main))
}
