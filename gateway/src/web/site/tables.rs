//! Lists as tables that open rightly in spreadsheet programs, and what stands beside each page.
//!
//! A table is UTF-8 with a byte order mark, which spreadsheet programs need for Chinese; a cell that one of
//! them could take for a formula is marked as text.

mod registers;

use axum::{
    Router,
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use projector::{
    PAGE_SIZE_MAX, Page, PageRequest, QueryError, View,
    views::{
        offices::{AsOf, OfficeFilter},
        timeline::TimelineFilter,
    },
};

use super::{
    api, decisions, desk::Desk, layout::Beside, motions, names::Names, offices, reader::Reader,
    sentences, terms,
};
use crate::{
    services::{Sources, query::long_page},
    status::Problem,
};

/// Most rows of a table; what follows has an address in the header `Link`.
const ROWS_MAX: usize = 10_000;

const MEDIA_TYPE: &str = "text/csv; charset=utf-8; header=present";

/// Rows of cells, and where they go on.
type Rows = Page<Vec<String>>;

pub(super) fn routes() -> Router<Sources> {
    Router::new()
        .route("/{ledger}/decisions.csv", get(decision_table))
        .route("/{ledger}/motions.csv", get(motion_table))
        .route("/{ledger}/offices.csv", get(office_table))
        .route("/{ledger}/bodies.csv", get(body_table))
        .route("/{ledger}/timeline.csv", get(timeline_table))
        .merge(registers::routes())
}

async fn decision_table(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    let lang = reader.lang;
    let head = [
        lang.number(),
        lang.title(),
        lang.body(),
        lang.outcome(),
        lang.day(),
        lang.legal_basis(),
    ];
    let table = async || {
        let desk = Desk::open(&sources, &ledger, &reader)?;
        let filter = decisions::filter(&reader)?;
        ask(&desk, move |view, page| {
            let mut names = Names::default();
            cells(view.decisions(&filter, page)?, |row| {
                names.body(view, &row.body)?;
                Ok(vec![
                    row.motion.to_string(),
                    row.title,
                    names.of_body(&row.body).to_owned(),
                    terms::outcome(lang, row.result.outcome).to_owned(),
                    row.held_on.to_string(),
                    row.result.citation,
                ])
            })
        })
        .await
    };
    respond(&reader, "decisions", &head, table().await)
}

async fn motion_table(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    let lang = reader.lang;
    let head = [
        lang.number(),
        lang.title(),
        lang.body(),
        lang.motion_status(),
        lang.outcome(),
    ];
    let table = async || {
        let desk = Desk::open(&sources, &ledger, &reader)?;
        let filter = motions::filter(&reader)?;
        ask(&desk, move |view, page| {
            let mut names = Names::default();
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
    };
    respond(&reader, "motions", &head, table().await)
}

async fn office_table(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    let lang = reader.lang;
    let head = [
        lang.number(),
        lang.body(),
        lang.role(),
        lang.person(),
        lang.day_from(),
        lang.day_until(),
    ];
    let table = async || {
        let desk = Desk::open(&sources, &ledger, &reader)?;
        let as_of = AsOf::Time(offices::moment_asked(&desk)?);
        let (page, names) = ask_with(&desk, move |view, page| {
            let rows = view.officeholders(&OfficeFilter::default(), as_of, page)?;
            Ok((offices::seats_names(view, &rows.rows)?, rows))
        })
        .await?;
        let names = names.fetch(&desk.books).await?;
        cells(page, |row| {
            Ok(vec![
                row.office.to_string(),
                names.of_body(&row.body).to_owned(),
                terms::role(lang, &row.role).to_owned(),
                names.of_person(&row.person).to_owned(),
                row.term_from.to_string(),
                row.term_to.map(|day| day.to_string()).unwrap_or_default(),
            ])
        })
        .map_err(Problem::from)
    };
    respond(&reader, "offices", &head, table().await)
}

async fn body_table(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    let lang = reader.lang;
    let head = [lang.number(), lang.title(), lang.body_kind()];
    let table = async || {
        let desk = Desk::open(&sources, &ledger, &reader)?;
        ask(&desk, move |view, page| {
            cells(view.bodies(page)?, |row| {
                let kind = terms::body_kind(lang, row.kind);
                Ok(vec![row.body.to_string(), row.name, kind.to_owned()])
            })
        })
        .await
    };
    respond(&reader, "bodies", &head, table().await)
}

async fn timeline_table(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    let lang = reader.lang;
    let head = [
        lang.number(),
        lang.when(),
        lang.what(),
        lang.about(),
        lang.title(),
    ];
    let table = async || {
        let desk = Desk::open(&sources, &ledger, &reader)?;
        let (page, names) = ask_with(&desk, |view, page| {
            let rows = view.timeline(&TimelineFilter::default(), page)?;
            let mut names = Names::default();
            for row in &rows.rows {
                names.gather(view, &row.summary)?;
            }
            Ok((names, rows))
        })
        .await?;
        let names = names.fetch(&desk.books).await?;
        cells(page, |row| {
            let summary = &row.summary;
            Ok(vec![
                row.index.to_string(),
                desk.times.rfc3339(row.recorded_at),
                terms::kind(lang, &summary.kind).to_owned(),
                summary.subject.id().to_owned(),
                sentences::detail(&desk, &names, &summary.gist),
            ])
        })
        .map_err(Problem::from)
    };
    respond(&reader, "timeline", &head, table().await)
}

/// The rows an address asks for, as many as fit.
async fn ask(
    desk: &Desk,
    mut read: impl FnMut(&View<'_>, &PageRequest) -> Result<Rows, QueryError> + Send + 'static,
) -> Result<Rows, Problem> {
    let token = desk.reader.parameter("page").to_owned();
    let told = desk
        .books
        .ask(move |view| long_page(ROWS_MAX, &token, |page| read(view, page)));
    Ok(told.await?.value)
}

/// One page of rows together with the names they speak of.
async fn ask_with<T: Send + 'static>(
    desk: &Desk,
    read: impl FnOnce(&View<'_>, &PageRequest) -> Result<(Names, Page<T>), QueryError> + Send + 'static,
) -> Result<(Page<T>, Names), Problem> {
    let page = PageRequest::new(PAGE_SIZE_MAX, desk.reader.parameter("page"));
    let told = desk.books.ask(move |view| read(view, &page));
    let (names, page) = told.await?.value;
    Ok((page, names))
}

fn cells<T>(
    page: Page<T>,
    row: impl FnMut(T) -> Result<Vec<String>, QueryError>,
) -> Result<Rows, QueryError> {
    Ok(Page {
        rows: page.rows.into_iter().map(row).collect::<Result<_, _>>()?,
        next: page.next,
    })
}

fn respond(reader: &Reader, name: &str, head: &[&str], table: Result<Rows, Problem>) -> Response {
    let written = table.and_then(|page| {
        let text = write(head, &page.rows).map_err(|_| Problem::broken("a table"))?;
        Ok((text, page.next))
    });
    let (text, next) = match written {
        Ok(written) => written,
        Err(problem) => return api::refused(&problem),
    };
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "accept-language".to_owned()),
    ];
    let mut response = (headers, text).into_response();
    let link = next.map(|next| format!("<{}>; rel=\"next\"", reader.here_with("page", &next)));
    if let Some(link) = link.and_then(|link| link.parse().ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// RFC 4180, after a byte order mark.
fn write(head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// A cell that begins like a formula is marked as text, as the spreadsheet programs do themselves.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn csv(desk: &Desk, within: &str) -> Beside {
    beside(desk, within, "text/csv", desk.reader.lang.csv())
}

fn json(desk: &Desk, within: &str) -> Beside {
    beside(desk, within, "application/json", desk.reader.lang.json())
}

fn atom(desk: &Desk, within: &str) -> Beside {
    beside(
        desk,
        within,
        "application/atom+xml",
        desk.reader.lang.atom(),
    )
}

fn ics(desk: &Desk) -> Beside {
    beside(
        desk,
        "/calendar.ics",
        "text/calendar",
        desk.reader.lang.ics(),
    )
}

fn beside(desk: &Desk, within: &str, media_type: &'static str, title: &'static str) -> Beside {
    Beside {
        media_type,
        href: desk.link(within),
        title,
    }
}

pub(super) fn of_community(desk: &Desk) -> Vec<Beside> {
    let api = Beside {
        media_type: "application/json",
        href: "/_/openapi.json".to_owned(),
        title: desk.reader.lang.api(),
    };
    vec![atom(desk, "/decisions.atom"), ics(desk), api]
}

pub(super) fn of_decisions(desk: &Desk) -> Vec<Beside> {
    let notice = beside(
        desk,
        "/decisions/notice",
        "text/html",
        desk.reader.lang.print_form(),
    );
    vec![
        notice,
        csv(desk, "/decisions.csv"),
        json(desk, "/decisions.json"),
        atom(desk, "/decisions.atom"),
    ]
}

pub(super) fn of_decision(desk: &Desk, motion: &str) -> Vec<Beside> {
    vec![json(desk, &format!("/decisions/{motion}.json"))]
}

pub(super) fn of_motions(desk: &Desk) -> Vec<Beside> {
    vec![
        csv(desk, "/motions.csv"),
        json(desk, "/motions.json"),
        ics(desk),
    ]
}

pub(super) fn of_motion(desk: &Desk, motion: &str) -> Vec<Beside> {
    vec![json(desk, &format!("/motions/{motion}.json"))]
}

pub(super) fn of_offices(desk: &Desk) -> Vec<Beside> {
    let notice = beside(
        desk,
        "/offices/notice",
        "text/html",
        desk.reader.lang.print_form(),
    );
    vec![
        notice,
        csv(desk, "/offices.csv"),
        json(desk, "/offices.json"),
    ]
}

pub(super) fn of_bodies(desk: &Desk) -> Vec<Beside> {
    vec![csv(desk, "/bodies.csv")]
}

pub(super) fn of_body(desk: &Desk, body: &str, has_roll: bool) -> Vec<Beside> {
    let roll = has_roll.then(|| json(desk, &format!("/rolls/{body}.json")));
    let feed = atom(desk, &format!("/bodies/{body}.atom"));
    std::iter::once(feed).chain(roll).collect()
}

pub(super) fn of_timeline(desk: &Desk) -> Vec<Beside> {
    vec![csv(desk, "/timeline.csv"), json(desk, "/timeline.json")]
}

pub(super) fn of_entry(desk: &Desk, index: u64) -> Vec<Beside> {
    vec![json(desk, &format!("/entries/{index}.json"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_open_in_spreadsheets_and_carry_no_formula() {
        let rows = [vec!["=1+1".to_owned(), "停车, \"绿地\"".to_owned()]];
        let text = String::from_utf8(write(&["编号", "标题"], &rows).unwrap()).unwrap();
        assert_eq!(
            text,
            "\u{feff}编号,标题\r\n'=1+1,\"停车, \"\"绿地\"\"\"\r\n"
        );
    }
}
