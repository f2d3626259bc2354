//! Who holds which office, as of any day, and the record of each office.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{
    calendar::Date,
    ids::{Millis, OfficeId},
};
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::offices::{AsOf, OfficeFilter, OfficeRow},
};

use super::{
    checking,
    desk::Desk,
    head_audits, history,
    lang::Lang,
    layout::{self, Page, Section, Trouble, said},
    lists,
    names::Names,
    reader::Reader,
    show,
    tables::{self, Column, List, Rows, Wanted, cells},
    terms,
};
use crate::{
    services::{
        Sources,
        query::{Texts, field, optional_field},
    },
    status::Problem,
};

/// Seats on one page: a community's committees have a few dozen.
const SEATS: usize = 60;

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, list(&reader, &sources, &ledger).await)
}

/// The moment an address asks about: the last of its day, or now where it names none.
pub(super) fn moment_asked(desk: &Desk) -> Result<Millis, Problem> {
    let last = |day| Millis(desk.times.end_of(day).0.saturating_sub(1));
    Ok(day_asked(&desk.reader)?.map_or_else(|| desk.books.now(), last))
}

fn day_asked(reader: &Reader) -> Result<Option<Date>, Problem> {
    optional_field("day", reader.parameter("day"))
}

/// The list.
pub(super) const LIST: List = List {
    name: "offices",
    section: Section::Offices,
    title: Lang::officeholders,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.body()),
            Column::of(lang.role()),
            Column::of(lang.person()),
            Column::of(lang.day_from()),
            Column::under(lang.day_until()),
        ]
    },
    sheet: 7,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let lang = desk.reader.lang;
    let as_of = AsOf::Time(moment_asked(desk)?);
    let (page, names) = tables::ask_with(desk, wanted, move |view, page| {
        let rows = view.officeholders(&OfficeFilter::default(), as_of, page)?;
        Ok((seats_names(view, &rows.rows)?, rows))
    })
    .await?;
    let rows = cells(page, |row| {
        Ok(vec![
            row.office.to_string(),
            names.of_body(&row.body).to_owned(),
            terms::role(lang, &row.role).to_owned(),
            names.of_person(&row.person).to_owned(),
            row.term_from.to_string(),
            row.term_to.map(|day| day.to_string()).unwrap_or_default(),
        ])
    });
    Ok(rows?)
}

async fn list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let day = day_asked(reader)?;
    let as_of = AsOf::Time(moment_asked(&desk)?);
    let page = PageRequest::new(SEATS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let page = view.officeholders(&OfficeFilter::default(), as_of, &page)?;
            let names = seats_names(view, &page.rows)?;
            Ok((page.rows, page.next, names))
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (rows, next, names) = told.value;
    let names = names.fetch(&desk.books).await?;
    let lang = reader.lang;
    let main = html! {
        h1 { (lang.officeholders()) }
        p.lead { (lang.officeholders_intro()) }
        details.fold open[day.is_some()] {
            summary { (lang.as_of_day()) }
            (lists::form(reader, &lists::day(reader, "day", lang.day())))
        }
        @if let Some(day) = day { p { strong { (lang.as_of_label(show::day(lang, day))) } } }
        @if rows.is_empty() { p { (lang.no_officeholder()) } }
        (seats(&desk, &names, &rows))
        (lists::pager(reader, next.as_deref()))
    };
    let page = desk.page(Section::Offices, lang.officeholders());
    Ok(page
        .described(lang.officeholders_intro())
        .beside(tables::of_list(&desk, &LIST, Vec::new()))
        .standing_on(standing)
        .showing(main))
}

pub(super) fn seats_names(view: &View<'_>, rows: &[OfficeRow]) -> Result<Names, QueryError> {
    let mut names = Names::default();
    for row in rows {
        names.body(view, &row.body)?;
        names.person(view, &row.person)?;
    }
    Ok(names)
}

/// Seats, a body after the other, as they are listed.
pub(super) fn seats(desk: &Desk, names: &Names, rows: &[OfficeRow]) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @for seats in rows.chunk_by(|a, b| a.body == b.body) {
            @let body = &seats[0].body;
            section aria-labelledby=(body) {
                h2 id=(body) {
                    a href=(desk.link(&format!("/bodies/{body}"))) { (said(lang, names.of_body(body))) }
                }
                (of_one_body(desk, names, seats))
            }
        }
    }
}

/// Seats of one body, on a page that says which.
pub(super) fn of_one_body(desk: &Desk, names: &Names, rows: &[OfficeRow]) -> Markup {
    html! {
        ul.cards {
            @for row in rows { (seat(desk, names, row)) }
        }
    }
}

fn seat(desk: &Desk, names: &Names, row: &OfficeRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            a.block href=(desk.link(&format!("/offices/{}", row.office))) {
                (said(lang, terms::role(lang, &row.role))) " · " (holder(desk, names, row))
            }
            p.quiet { (term(desk, row)) }
        }
    }
}

pub(super) fn holder(desk: &Desk, names: &Names, row: &OfficeRow) -> Markup {
    let lang = desk.reader.lang;
    let published = names.published(&row.person);
    published.map_or_else(
        || html! { (lang.name_unpublished(&row.person)) },
        |name| said(lang, name),
    )
}

pub(super) fn term(desk: &Desk, row: &OfficeRow) -> String {
    let lang = desk.reader.lang;
    let from = show::day(lang, row.term_from);
    match row.term_to {
        Some(to) => lang.term_span(from, show::day(lang, to)),
        None => lang.term_open(from),
    }
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, office)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, record(&reader, &sources, &ledger, &office).await)
}

async fn record(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    office: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: OfficeId = field("office", office)?;
    let now = desk.books.now();
    let told = desk
        .books
        .ask(move |view| {
            let Some(row) = view.office(&id)? else {
                return Ok(None);
            };
            let page = PageRequest::new(SEATS, "");
            let mut rows = view.offices_of(&row.person, AsOf::Time(now), &page)?.rows;
            rows.retain(|other| other.office != row.office);
            rows.insert(0, row);
            let mut names = seats_names(view, &rows)?;
            for decision in rows.iter().filter_map(|row| row.decision.as_ref()) {
                names.motion(view, decision)?;
            }
            Ok(Some((rows, names)))
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (rows, names) = told.value.ok_or(Trouble::Missing)?;
    let names = names.fetch(&desk.books).await?;
    let lang = reader.lang;
    let row = &rows[0];
    let audit = row.audit.as_ref().and_then(|audit| audit.recorded.as_ref());
    let found = match audit {
        Some(audit) => {
            let mut texts = Texts::new(&desk.books.ledger);
            Some((audit.index, texts.fetch(&audit.report).await?))
        }
        None => None,
    };
    let title = format!(
        "{} · {}",
        names.of_body(&row.body),
        terms::role(lang, &row.role)
    );
    let main = html! {
        h1 { (said(lang, &title)) }
        (facts(&desk, &names, row))
        @if let Some((index, text)) = &found {
            h2 { (lang.head_audit()) }
            (history::content(&desk, *index, text))
        }
        @if rows.len() > 1 {
            h2 { (lang.other_offices()) }
            ul.cards { @for other in &rows[1..] { (seat(&desk, &names, other)) } }
        }
        h2 { (lang.check_title()) }
        @let index = row.ended.as_ref().map_or(row.assumed_index, |end| end.index);
        (checking::button(&desk, index, None))
    };
    let page = desk.page(Section::Offices, title);
    Ok(page.standing_on(standing).showing(main))
}

fn facts(desk: &Desk, names: &Names, row: &OfficeRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        dl {
            dt { (lang.person()) }
            dd { a href=(desk.link(&format!("/people/{}", row.person))) { (holder(desk, names, row)) } }
            dt { (lang.role()) } dd { (said(lang, terms::role(lang, &row.role))) }
            dt { (lang.body()) }
            dd {
                a href=(desk.link(&format!("/bodies/{}", row.body))) {
                    (said(lang, names.of_body(&row.body)))
                }
            }
            dt { (lang.term()) } dd { (term(desk, row)) }
            dt { (lang.obtained()) } dd { (terms::obtained(lang, row.obtained)) }
            @if let Some(decision) = &row.decision {
                dt { (lang.by_decision()) }
                dd {
                    a href=(desk.link(&format!("/decisions/{decision}"))) {
                        (said(lang, names.of_motion(decision)))
                    }
                }
            }
            @if let Some(ended) = &row.ended {
                dt { (lang.end_cause()) }
                dd {
                    (terms::end_cause(lang, ended.cause)) " · " (lang.ended(desk.times.moment(ended.at)))
                }
            }
            @if let Some(audit) = &row.audit {
                dt { (lang.head_audit()) }
                dd { (head_audits::standing(desk, audit)) }
            }
        }
    }
}
