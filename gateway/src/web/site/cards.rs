//! A list's page where its rows stand as cards: said once of each, what is read and how a row reads.

use axum::response::Response;
use maud::{Markup, html};
use projector::{self, PageRequest, QueryError, View, views::bodies::BodyRow};

use super::{
    decisions::folded,
    desk::Desk,
    lang::Lang,
    layout::{self, Page},
    lists,
    names::Names,
    reader::Reader,
    tables::{self, List, Rows, Wanted},
};
use crate::{services::Sources, status::Problem};

/// Reads a page of rows.
pub(super) type Reading<T> =
    Box<dyn FnMut(&View<'_>, &PageRequest) -> Result<projector::Page<T>, QueryError> + Send>;

/// A list whose rows stand on its page as cards.
pub(super) struct Cards<T> {
    /// Its table and its sheet.
    pub(super) list: &'static List,
    /// What it is about.
    pub(super) intro: fn(Lang) -> &'static str,
    /// What is said where there is nothing yet.
    pub(super) none: fn(Lang) -> &'static str,
    /// Reads rows, with the filters of the address.
    pub(super) read: fn(&Desk) -> Result<Reading<T>, Problem>,
    /// Looks up what a row speaks of.
    pub(super) name: fn(&View<'_>, &mut Names, &T) -> Result<(), QueryError>,
    /// The filters there are.
    pub(super) fields: fn(&Reader, &[BodyRow]) -> Markup,
    /// A row.
    pub(super) card: fn(&Desk, &Names, &T) -> Markup,
}

/// One page of the list.
struct Found<T> {
    page: projector::Page<T>,
    names: Names,
    bodies: Vec<BodyRow>,
}

impl<T: Send + 'static> Cards<T> {
    /// The list's page, of what the address asks for.
    pub(super) async fn page(&self, reader: &Reader, sources: &Sources, ledger: &str) -> Response {
        layout::answer(reader, self.show(reader, sources, ledger).await)
    }

    async fn show(
        &self,
        reader: &Reader,
        sources: &Sources,
        ledger: &str,
    ) -> Result<Page, Problem> {
        let desk = Desk::open(sources, ledger, reader)?;
        let (mut read, name) = ((self.read)(&desk)?, self.name);
        let wanted = PageRequest::new(lists::ROWS, reader.parameter("page"));
        let told = desk
            .books
            .ask(move |view| {
                let page = read(view, &wanted)?;
                let mut names = Names::default();
                for row in &page.rows {
                    name(view, &mut names, row)?;
                }
                Ok(Found {
                    page,
                    names,
                    bodies: view.bodies(&PageRequest::default())?.rows,
                })
            })
            .await?;
        let standing = desk.standing(&told.position, told.recorded_at);
        let lang = reader.lang;
        let page = desk.page(self.list.section, (self.list.title)(lang));
        Ok(page
            .described((self.intro)(lang))
            .beside(tables::of_list(&desk, self.list, Vec::new()))
            .standing_on(standing)
            .showing(self.listed(&desk, &told.value)))
    }

    fn listed(&self, desk: &Desk, found: &Found<T>) -> Markup {
        let reader = &desk.reader;
        let lang = reader.lang;
        let fields = (self.fields)(reader, &found.bodies);
        html! {
            h1 { ((self.list.title)(lang)) }
            p.lead { ((self.intro)(lang)) }
            (folded(reader, &lists::form(reader, &fields)))
            @if found.page.rows.is_empty() {
                p { (if reader.is_filtered() { lang.no_match() } else { (self.none)(lang) }) }
            }
            ul.cards {
                @for row in &found.page.rows { ((self.card)(desk, &found.names, row)) }
            }
            (lists::pager(reader, found.page.next.as_deref()))
        }
    }

    /// The same rows as a table's.
    pub(super) async fn rows(
        &self,
        desk: &Desk,
        wanted: Wanted,
        mut cells: impl FnMut(&Names, T) -> Vec<String> + Send + 'static,
    ) -> Result<Rows, Problem> {
        let (mut read, name) = ((self.read)(desk)?, self.name);
        let mut names = Names::default();
        tables::ask(desk, wanted, move |view, page| {
            tables::cells(read(view, page)?, |row| {
                name(view, &mut names, &row)?;
                Ok(cells(&names, row))
            })
        })
        .await
    }
}
