//! What should have been done and is not: reports, issues, handovers, decisions not carried out,
//! appeals not decided.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::{Millis, OfficeId};
use maud::{Markup, html};
use projector::{
    Page as Rows, PageRequest, QueryError, View,
    views::{
        bodies::BodyRow,
        overdue::{Duty, DutyFilter, DutyRow},
    },
};

use super::{
    decisions::folded,
    desk::Desk,
    issues,
    lang::Lang,
    layout::{self, Page, Section, said},
    lists,
    names::Names,
    reader::Reader,
    show,
    tables::{self, Column, List, Wanted, cells},
    terms,
};
use crate::{
    services::{Sources, query::optional_field},
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
    name: "overdue",
    section: Section::Home,
    title: Lang::overdue_duties,
    columns: |lang| {
        vec![
            Column::of(lang.what()),
            Column::of(lang.body()),
            Column::of(lang.deadline()),
            Column::in_files(lang.days_overdue()),
        ]
    },
    sheet: 8,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<tables::Rows, Problem> {
    let (lang, filter) = (desk.reader.lang, filter(&desk.reader)?);
    let (times, now) = (desk.times.clone(), desk.books.now());
    let mut names = Names::default();
    tables::ask(desk, wanted, move |view, page| {
        cells(view.overdue(&filter, now, page)?, |row| {
            names.body(view, &row.body)?;
            let item = Item::of(view, lang, &names, row)?;
            Ok(vec![
                item.what,
                names.of_body(&item.row.body).to_owned(),
                times.last_day(item.row.due_at).to_string(),
                days(now, item.row.due_at).to_string(),
            ])
        })
    })
    .await
}

/// Days begun since a moment.
fn days(now: Millis, since: Millis) -> u64 {
    now.0.saturating_sub(since.0).div_ceil(Millis::DAY)
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<DutyFilter, Problem> {
    Ok(DutyFilter {
        body: optional_field("body", reader.parameter("body"))?,
        kind: lists::chosen(reader, "kind", &terms::DUTY_KINDS, terms::duty_kind_code)?,
    })
}

/// A duty in words, and where more is told of it.
pub(super) struct Item {
    row: DutyRow,
    what: String,
    within: String,
}

impl Item {
    fn of(view: &View<'_>, lang: Lang, names: &Names, row: DutyRow) -> Result<Self, QueryError> {
        let body = names.of_body(&row.body);
        let (what, within) = match &row.duty {
            Duty::Report(year) => (
                lang.duty_report(lang.report_of(*year)),
                format!("/reports/{}/{year}", row.body),
            ),
            Duty::Issue(issue, step) => {
                let about = view.issue(issue)?.map(|row| issues::headline(&row));
                let about = about.unwrap_or_else(|| issue.to_string());
                let step = terms::issue_step(lang, *step);
                (lang.duty_issue(about, step), format!("/issues/{issue}"))
            }
            Duty::Handover(office) => {
                let role = role_of(view, lang, office, body)?;
                (lang.duty_handover(role), format!("/offices/{office}"))
            }
            Duty::HeadAudit(office) => {
                let role = role_of(view, lang, office, body)?;
                (lang.duty_head_audit(role), format!("/offices/{office}"))
            }
            Duty::Implementation(motion) => {
                let title = view.motion(motion)?.map(|row| row.title);
                let title = title.unwrap_or_else(|| motion.to_string());
                (
                    lang.duty_implementation(title),
                    format!("/decisions/{motion}"),
                )
            }
            Duty::Filing(motion) => {
                let title = view.motion(motion)?.map(|row| row.title);
                let title = title.unwrap_or_else(|| motion.to_string());
                (lang.duty_filing(title), format!("/decisions/{motion}"))
            }
            // Whose it is, no line says.
            Duty::Appeal(case) => (
                lang.duty_appeal(lang.officer_of(body)),
                format!("/sanctions/{case}"),
            ),
            Duty::RollRuling(_, objection) => (
                lang.duty_roll_ruling(u64::from(*objection) + 1),
                format!("/bodies/{}", row.body),
            ),
            Duty::Assessment(year) => (
                lang.duty_assessment(*year),
                format!("/reports/{}/{year}", row.body),
            ),
            Duty::Meeting {
                first_day,
                last_day,
            } => {
                let (first, last) = (show::day(lang, *first_day), show::day(lang, *last_day));
                (
                    lang.duty_meeting(first, last),
                    format!("/bodies/{}", row.body),
                )
            }
        };
        Ok(Self { row, what, within })
    }
}

fn role_of(
    view: &View<'_>,
    lang: Lang,
    office: &OfficeId,
    body: &str,
) -> Result<String, QueryError> {
    let seat = view.office(office)?;
    Ok(seat.map_or_else(
        || office.to_string(),
        |seat| lang.role_of(terms::role(lang, &seat.role), body),
    ))
}

/// The duties overdue the longest, with the names they speak of.
pub(super) fn longest(
    view: &View<'_>,
    lang: Lang,
    names: &mut Names,
    now: Millis,
    filter: &DutyFilter,
    page: &PageRequest,
) -> Result<Rows<Item>, QueryError> {
    let page = view.overdue(filter, now, page)?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        names.body(view, &row.body)?;
        rows.push(Item::of(view, lang, names, row)?);
    }
    Ok(Rows {
        rows,
        next: page.next,
    })
}

/// A duty in a list.
pub(super) fn card(desk: &Desk, names: &Names, item: &Item) -> Markup {
    let lang = desk.reader.lang;
    let late = days(desk.books.now(), item.row.due_at);
    html! {
        li.card {
            span.badge.rejected {
                span aria-hidden="true" { "! " }
                (terms::duty_kind(lang, item.row.duty.kind()))
            }
            a.block href=(desk.link(&item.within)) { (said(lang, &item.what)) }
            p.quiet { (said(lang, names.of_body(&item.row.body))) }
            p { (lang.late_by_days(desk.times.deadline(item.row.due_at), show::number(late))) }
        }
    }
}

/// One page of the list.
struct Found {
    page: Rows<Item>,
    names: Names,
    bodies: Vec<BodyRow>,
}

async fn list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let filter = filter(reader)?;
    let (lang, now) = (reader.lang, desk.books.now());
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let mut names = Names::default();
            Ok(Found {
                page: longest(view, lang, &mut names, now, &filter, &page)?,
                names,
                bodies: view.bodies(&PageRequest::default())?.rows,
            })
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let found = told.value;
    let kinds = terms::DUTY_KINDS.iter();
    let kinds = kinds.map(|kind| (terms::duty_kind_code(*kind), terms::duty_kind(lang, *kind)));
    let fields = html! {
        (lists::select(reader, "kind", lang.issue_kind(), kinds))
        (lists::body_select(reader, &found.bodies))
    };
    let main = html! {
        h1 { (lang.overdue_duties()) }
        p.lead { (lang.overdue_intro()) }
        (folded(reader, &lists::form(reader, &fields)))
        @if found.page.rows.is_empty() {
            p { (if reader.is_filtered() { lang.no_match() } else { lang.overdue_none() }) }
        }
        ul.cards {
            @for item in &found.page.rows { (card(&desk, &found.names, item)) }
        }
        (lists::pager(reader, found.page.next.as_deref()))
    };
    let page = desk.page(Section::Home, lang.overdue_duties());
    Ok(page
        .described(lang.overdue_intro())
        .beside(tables::of_list(&desk, &LIST, Vec::new()))
        .standing_on(standing)
        .showing(main))
}
