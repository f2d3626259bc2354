//! Lists, each said once: what stands in its columns, and how its rows are read. Its table, its sheet for the
//! notice board and what stands beside its page follow from that.
//!
//! A table is UTF-8 with a byte order mark, which spreadsheet programs need for Chinese; a cell that one of
//! them could take for a formula is marked as text.

use std::{future::Future, pin::Pin};

use axum::{
    Router,
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use projector::{Page, PageRequest, QueryError, View};

use super::{
    api::{self, ENDPOINTS},
    bodies, consultations, decisions,
    desk::Desk,
    disclosures, imports, issues,
    lang::Lang,
    layout::{Beside, Section},
    meetings, motions,
    names::Names,
    notice, offices, overdue, powers,
    reader::Reader,
    reports, sanctions, tasks, timeline,
};
use crate::{
    services::{Sources, query::long_page},
    status::Problem,
};

/// Most rows of a table; what follows has an address in the header `Link`.
const ROWS_MAX: usize = 10_000;

const MEDIA_TYPE: &str = "text/csv; charset=utf-8; header=present";

/// Rows of cells, and where they go on.
pub(super) type Rows = Page<Vec<String>>;

/// Rows on their way.
pub(super) type Reading<'d> = Pin<Box<dyn Future<Output = Result<Rows, Problem>> + Send + 'd>>;

/// A list of a community.
pub(super) struct List {
    /// Its address within the community, without a slash.
    pub(super) name: &'static str,
    /// Where it stands in the menu.
    pub(super) section: Section,
    /// What it is called.
    pub(super) title: fn(Lang) -> &'static str,
    /// What stands in its rows.
    pub(super) columns: fn(Lang) -> Vec<Column>,
    /// Rows that fit one sheet in large type, where a cell may take three lines.
    pub(super) sheet: usize,
    /// Reads rows, with the filters of the address.
    pub(super) read: for<'d> fn(&'d Desk, Wanted) -> Reading<'d>,
}

/// A column of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) paper: Paper,
}

/// Where a cell stands on a sheet of paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paper {
    /// In a column of its own.
    Beside,
    /// Under the cell before it.
    Under,
    /// Nowhere: it is for programs.
    Nowhere,
}

impl Column {
    /// A column in tables and on paper.
    pub(super) const fn of(title: &'static str) -> Self {
        let paper = Paper::Beside;
        Self { title, paper }
    }

    /// A column in tables; on paper it stands under the one before.
    pub(super) const fn under(title: &'static str) -> Self {
        let paper = Paper::Under;
        Self { title, paper }
    }

    /// A column in tables only.
    pub(super) const fn in_files(title: &'static str) -> Self {
        let paper = Paper::Nowhere;
        Self { title, paper }
    }
}

/// Which rows: from a page on, so many at most.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) most: usize,
    pub(super) from: String,
}

/// All lists. One here has an address for its table and one for its sheet; `api` has those of its data.
pub(super) const LISTS: [&List; 15] = [
    &decisions::LIST,
    &motions::LIST,
    &offices::LIST,
    &bodies::LIST,
    &powers::LIST,
    &sanctions::LIST,
    &reports::LIST,
    &issues::LIST,
    &overdue::LIST,
    &meetings::LIST,
    &consultations::LIST,
    &tasks::LIST,
    &disclosures::LIST,
    &imports::LIST,
    &timeline::LIST,
];

pub(super) fn routes() -> Router<Sources> {
    LISTS.into_iter().fold(Router::new(), |router, list| {
        let table = get(async move |reader: Reader, State(sources), Path(ledger)| {
            table(list, &reader, &sources, ledger).await
        });
        let sheet = get(async move |reader: Reader, State(sources), Path(ledger)| {
            notice::of_list(list, &reader, &sources, ledger).await
        });
        router
            .route(&format!("/{{ledger}}/{}.csv", list.name), table)
            .route(&format!("/{{ledger}}/{}/notice", list.name), sheet)
    })
}

async fn table(list: &List, reader: &Reader, sources: &Sources, ledger: String) -> Response {
    let columns = (list.columns)(reader.lang);
    let head: Vec<&str> = columns.iter().map(|column| column.title).collect();
    let rows = async || {
        let desk = Desk::open(sources, &ledger, reader)?;
        let wanted = Wanted {
            most: ROWS_MAX,
            from: reader.parameter("page").to_owned(),
        };
        (list.read)(&desk, wanted).await
    };
    respond(reader, list.name, &head, rows().await)
}

/// The rows that are wanted, as many as fit.
pub(super) async fn ask(
    desk: &Desk,
    wanted: Wanted,
    mut read: impl FnMut(&View<'_>, &PageRequest) -> Result<Rows, QueryError> + Send + 'static,
) -> Result<Rows, Problem> {
    let told = desk
        .books
        .ask(move |view| long_page(wanted.most, &wanted.from, |page| read(view, page)));
    Ok(told.await?.value)
}

/// The same of rows that keep the interval in which they hold.
pub(super) async fn ask_intervals(
    desk: &Desk,
    wanted: Wanted,
    mut read: impl FnMut(&View<'_>, &PageRequest) -> Result<Rows, QueryError> + Send + 'static,
) -> Result<Rows, Problem> {
    let told = desk
        .books
        .ask_intervals(move |view| long_page(wanted.most, &wanted.from, |page| read(view, page)));
    Ok(told.await?.value)
}

/// One page of rows together with the names they speak of.
pub(super) async fn ask_with<T: Send + 'static>(
    desk: &Desk,
    wanted: Wanted,
    read: impl FnOnce(&View<'_>, &PageRequest) -> Result<(Names, Page<T>), QueryError> + Send + 'static,
) -> Result<(Page<T>, Names), Problem> {
    let page = PageRequest::new(wanted.most, &wanted.from);
    let told = desk.books.ask(move |view| read(view, &page));
    let (names, page) = told.await?.value;
    Ok((page, names.fetch(&desk.books).await?))
}

/// Rows as cells.
pub(super) fn cells<T>(
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

/// What stands beside a list's page: its sheet, its table and its data, of what the page shows, and more.
pub(super) fn of_list(desk: &Desk, list: &List, more: Vec<Beside>) -> Vec<Beside> {
    let lang = desk.reader.lang;
    let here = |ending: &str| {
        let path = desk.path(&format!("/{}{ending}", list.name));
        desk.reader.same_of(&path)
    };
    let mut beside = vec![
        file("text/html", here("/notice"), lang.print_form()),
        file("text/csv", here(".csv"), lang.csv()),
    ];
    let data = format!("/{{ledger}}/{}.json", list.name);
    if ENDPOINTS.iter().any(|endpoint| endpoint.path == data) {
        beside.push(json(desk, &format!("/{}.json", list.name)));
    }
    beside.extend(more);
    beside
}

/// What stands beside the page of one thing: its data.
pub(super) fn of_one(desk: &Desk, within: &str) -> Vec<Beside> {
    vec![json(desk, &format!("{within}.json"))]
}

/// A file beside a page.
pub(super) fn file(media_type: &'static str, href: String, title: &'static str) -> Beside {
    Beside {
        media_type,
        href,
        title,
    }
}

pub(super) fn json(desk: &Desk, within: &str) -> Beside {
    let title = desk.reader.lang.json();
    file("application/json", desk.link(within), title)
}

pub(super) fn atom(desk: &Desk, within: &str) -> Beside {
    let title = desk.reader.lang.atom();
    file("application/atom+xml", desk.link(within), title)
}

pub(super) fn ics(desk: &Desk) -> Beside {
    let title = desk.reader.lang.ics();
    file("text/calendar", desk.link("/calendar.ics"), title)
}

/// What stands beside a community's first page.
pub(super) fn of_community(desk: &Desk) -> Vec<Beside> {
    let api = file(
        "application/json",
        "/_/openapi.json".to_owned(),
        desk.reader.lang.api(),
    );
    vec![atom(desk, "/decisions.atom"), ics(desk), api]
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

    #[test]
    fn a_sheet_begins_with_a_column() {
        for list in LISTS {
            for lang in Lang::ALL {
                let columns = (list.columns)(lang);
                let mut on_paper = columns
                    .iter()
                    .filter(|column| column.paper != Paper::Nowhere);
                let first = on_paper.next().expect("something on paper");
                assert_eq!(first.paper, Paper::Beside, "{}", list.name);
            }
        }
    }
}
