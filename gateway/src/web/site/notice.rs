//! Sheets of paper for the notice board (公开栏): one A4 page, large type, black on white, with the days of
//! posting (15 days, 组织法 34) and, on a decision, a code that holds its receipt.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{
    calendar::Date,
    ids::{AffairId, MotionId},
};
use maud::{Markup, html};

use super::{
    decision::{self, Found},
    desk::Desk,
    disclosures, entries,
    lang::Lang,
    layout::{self, Page, Section, Trouble, said},
    lists,
    reader::Reader,
    show,
    tables::{Column, List, Paper, Wanted},
    tally, terms,
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

/// Letters of the text on a decision's sheet; whoever wants all of it has the address.
const TEXT_LEN_MAX: usize = 280;

/// Letters of the text on a disclosure's sheet, which has nothing else on it.
const DISCLOSED_LEN_MAX: usize = 420;

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

pub(super) async fn of_disclosure(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, disclosure)): Path<(String, String)>,
) -> Response {
    let page = made_known(&reader, &sources, &ledger, &disclosure).await;
    layout::answer(&reader, page)
}

async fn made_known(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    disclosure: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: AffairId = field("disclosure", disclosure)?;
    let told = desk
        .books
        .ask(move |view| disclosures::find(view, &id))
        .await?;
    let (row, names) = told.value.ok_or(Trouble::Missing)?;
    let receipt = desk.books.ledger.receipt(row.posted.index).await;
    let (receipt, _) = receipt.map_err(Problem::from)?;
    let code = code(&entries::offline(&receipt)?);
    let lang = reader.lang;
    let within = format!("/disclosures/{disclosure}");
    let hung = (desk.times.date_of(row.posted.at), row.until);
    let main = sheet(
        &desk,
        &desk.link(&within),
        None,
        Some(hung),
        &html! {
            h1 { (said(lang, &row.title)) }
            p { (said(lang, names.of_body(&row.body))) }
            p { (said(lang, &shortened(&row.text, DISCLOSED_LEN_MAX))) }
            (foot(&desk, &desk.path(&within), code.as_ref()))
        },
    )?;
    let page = desk.page(Section::Affairs, &row.title);
    Ok(page.on_paper().showing(main))
}

/// What every sheet has: what to do on the screen, the community, the days of posting.
/// Where `hung` says them, they are as recorded, and not to be chosen.
fn sheet(
    desk: &Desk,
    back: &str,
    next: Option<&str>,
    hung: Option<(Date, Date)>,
    content: &Markup,
) -> Result<Markup, Problem> {
    let reader = &desk.reader;
    let lang = reader.lang;
    let asked: Option<Date> = optional_field("posted", reader.parameter("posted"))?;
    let (from, until) = hung.unwrap_or_else(|| {
        let from = asked.unwrap_or_else(|| desk.times.date_of(desk.books.now()));
        (from, from.plus_days(POSTED_DAYS))
    });
    // The day of posting is not counted (组织法 34).
    let days = until.days() - from.days();
    let until = show::day(lang, until);
    Ok(html! {
        div.screen {
            p { (lang.notice_print()) }
            @if hung.is_none() {
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
            p.posted { (lang.notice_posted(show::day(lang, from), until, days)) }
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
            p { (said(lang, &shortened(&text.paragraphs.join(" "), TEXT_LEN_MAX))) }
        }
        (tally::on_paper(lang, &row.result, found.contest()))
        p { (lang.legal_basis()) ": " (said(lang, &row.result.citation)) }
    }
}

/// The beginning of a text that is too long for a sheet.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
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

/// The sheet of a list.
pub(super) async fn of_list(
    list: &List,
    reader: &Reader,
    sources: &Sources,
    ledger: String,
) -> Response {
    layout::answer(reader, whole(list, reader, sources, &ledger).await)
}

async fn whole(
    list: &List,
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let wanted = Wanted {
        most: list.sheet,
        from: reader.parameter("page").to_owned(),
    };
    let rows = (list.read)(&desk, wanted).await?;
    let lang = reader.lang;
    let (within, title) = (format!("/{}", list.name), (list.title)(lang));
    let columns = (list.columns)(lang);
    let main = sheet(
        &desk,
        &reader.same_of(&desk.path(&within)),
        rows.next.as_deref(),
        None,
        &html! {
            h1 { (title) }
            @if rows.rows.is_empty() { p { (lang.no_match()) } } @else {
                (table(lang, title, &columns, &rows.rows))
            }
            (foot(&desk, &desk.path(&within), None))
        },
    )?;
    Ok(desk.page(list.section, title).on_paper().showing(main))
}

fn table(lang: Lang, title: &str, columns: &[Column], rows: &[Vec<String>]) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label=(title) {
            table {
                thead {
                    tr {
                        @for column in columns.iter().filter(|column| column.paper == Paper::Beside) {
                            th scope="col" { (column.title) }
                        }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            @for together in on_paper(columns, row) {
                                td {
                                    @for (at, cell) in together.iter().enumerate() {
                                        @if at > 0 { br; }
                                        (told(lang, cell))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A cell in words: tables have days as programs read them.
fn told(lang: Lang, cell: &str) -> Markup {
    match cell.parse::<Date>() {
        Ok(day) => html! { (show::day(lang, day)) },
        Err(_) => said(lang, cell),
    }
}

/// The cells of a row as they stand on paper, those under one another together.
fn on_paper(columns: &[Column], row: &[String]) -> Vec<Vec<String>> {
    let mut cells: Vec<Vec<String>> = Vec::new();
    for (column, cell) in columns.iter().zip(row) {
        match (column.paper, cells.last_mut()) {
            (Paper::Beside, _) => cells.push(vec![cell.clone()]),
            (Paper::Under, Some(above)) if !cell.is_empty() => above.push(cell.clone()),
            (Paper::Under | Paper::Nowhere, _) => {}
        }
    }
    cells
}
