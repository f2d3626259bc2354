//! The register of sanctions: what is in force and against whom, and how each case went. Whom a case is against
//! is told only while its sanction is in force or a recall is asked for; afterwards nobody is named (rules.md §5).

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::CaseId;
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{
        bodies::BodyRow,
        offices::{AsOf, OfficeRow},
        sanctions::{CaseFilter, CaseStanding, CaseStatus, Step, StepRow},
    },
};

use super::{
    checking,
    decisions::folded,
    desk::Desk,
    lang::Lang,
    layout::{self, Page, Section, Trouble, said},
    lists,
    names::Names,
    reader::Reader,
    tables::{self, Column, List, Rows, Wanted, cells},
    terms,
};
use crate::{
    services::{
        Sources,
        query::{case_explained, field, optional_field},
    },
    status::Problem,
};

/// Sanctions in force on the page; hardly any community has more.
const IN_FORCE: usize = 50;

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, list(&reader, &sources, &ledger).await)
}

/// The list.
pub(super) const LIST: List = List {
    name: "sanctions",
    section: Section::Sanctions,
    title: Lang::sanctions,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.body()),
            Column::under(lang.person()),
            Column::of(lang.outcome()),
            Column::of(lang.day_from()),
            Column::under(lang.day_until()),
        ]
    },
    sheet: 7,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let (lang, filter) = (desk.reader.lang, filter(&desk.reader)?);
    let as_of = AsOf::Time(desk.books.now());
    let (page, names) = tables::ask_with(desk, wanted, move |view, page| {
        let rows = view.cases(&filter, as_of, page)?;
        let mut names = Names::default();
        for case in &rows.rows {
            names_of(view, &mut names, case)?;
        }
        Ok((names, rows))
    })
    .await?;
    let rows = cells(page, |case| {
        let body = case.body.as_ref().map(|body| names.of_body(body));
        let whom = case.named.as_ref();
        let on = case.sanction.as_ref();
        let until = on.and_then(|on| on.until);
        Ok(vec![
            case.case.to_string(),
            body.unwrap_or_default().to_owned(),
            whom.map(|whom| names.of_person(&whom.person).to_owned())
                .unwrap_or_default(),
            sentence(lang, &case),
            on.map(|on| on.from.to_string()).unwrap_or_default(),
            until.map(|day| day.to_string()).unwrap_or_default(),
        ])
    });
    Ok(rows?)
}

/// Looks up the names that a case speaks of.
pub(super) fn names_of(
    view: &View<'_>,
    names: &mut Names,
    case: &CaseStanding,
) -> Result<(), QueryError> {
    if let Some(body) = &case.body {
        names.body(view, body)?;
    }
    let Some(whom) = &case.named else {
        return Ok(());
    };
    if let Some(decision) = &whom.decision {
        names.motion(view, decision)?;
    }
    names.person(view, &whom.person)
}

fn sentence(lang: Lang, case: &CaseStanding) -> String {
    let explained = case_explained(case);
    match lang {
        Lang::Zh => explained.chinese,
        Lang::En => explained.english,
    }
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<CaseFilter, Problem> {
    Ok(CaseFilter {
        body: optional_field("body", reader.parameter("body"))?,
        person: None,
        step: None,
        status: lists::chosen(
            reader,
            "status",
            &terms::CASE_STATUSES,
            terms::case_status_code,
        )?,
    })
}

/// One page of the register.
struct Found {
    in_force: Vec<CaseStanding>,
    rows: Vec<CaseStanding>,
    next: Option<String>,
    names: Names,
    bodies: Vec<BodyRow>,
}

async fn list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let filter = filter(reader)?;
    let as_of = AsOf::Time(desk.books.now());
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let page = view.cases(&filter, as_of, &page)?;
            let in_force = CaseFilter {
                status: Some(CaseStatus::InForce),
                ..CaseFilter::default()
            };
            let in_force = view.cases(&in_force, as_of, &PageRequest::new(IN_FORCE, ""))?;
            let mut names = Names::default();
            for case in page.rows.iter().chain(&in_force.rows) {
                names_of(view, &mut names, case)?;
            }
            Ok(Found {
                in_force: in_force.rows,
                rows: page.rows,
                next: page.next,
                names,
                bodies: view.bodies(&PageRequest::default())?.rows,
            })
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let mut found = told.value;
    found.names = found.names.fetch(&desk.books).await?;
    let lang = reader.lang;
    let page = desk.page(Section::Sanctions, lang.sanctions());
    Ok(page
        .described(lang.sanctions_intro())
        .beside(tables::of_list(&desk, &LIST, Vec::new()))
        .standing_on(standing)
        .showing(register(&desk, &found)))
}

fn register(desk: &Desk, found: &Found) -> Markup {
    let reader = &desk.reader;
    let lang = reader.lang;
    let statuses = terms::CASE_STATUSES.iter();
    let statuses = statuses.map(|s| (terms::case_status_code(*s), terms::case_status(lang, *s)));
    let fields = html! {
        (lists::select(reader, "status", lang.state(), statuses))
        (lists::body_select(reader, &found.bodies))
    };
    html! {
        h1 { (lang.sanctions()) }
        p.lead { (lang.sanctions_intro()) }
        section aria-labelledby="in-force" {
            h2 #in-force { (lang.sanctions_in_force()) }
            @if found.in_force.is_empty() { p { (lang.sanctions_in_force_none()) } }
            ul.cards {
                @for case in &found.in_force { (card(desk, &found.names, case)) }
            }
        }
        section aria-labelledby="all" {
            h2 #all { (lang.cases_all()) }
            (folded(reader, &lists::form(reader, &fields)))
            @if found.rows.is_empty() {
                p { (if reader.is_filtered() { lang.no_match() } else { lang.cases_none() }) }
            }
            ul.cards {
                @for case in &found.rows { (card(desk, &found.names, case)) }
            }
            (lists::pager(reader, found.next.as_deref()))
        }
    }
}

fn status(lang: Lang, status: CaseStatus) -> Markup {
    let class = match status {
        CaseStatus::InForce => "badge rejected",
        CaseStatus::Pending => "badge no-quorum",
        CaseStatus::Closed | CaseStatus::Expired | CaseStatus::Annulled => "badge",
    };
    html! {
        span class=(class) {
            span aria-hidden="true" { (terms::case_status_sign(status)) " " }
            (terms::case_status(lang, status))
        }
    }
}

/// A case in a list.
pub(super) fn card(desk: &Desk, names: &Names, case: &CaseStanding) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            (status(lang, case.status))
            a.block href=(desk.link(&format!("/sanctions/{}", case.case))) {
                (said(lang, &headline(lang, names, case)))
            }
            p { (said(lang, &sentence(lang, case))) }
        }
    }
}

/// Whom it is against, where that is told; else which body's officer, and no more.
fn headline(lang: Lang, names: &Names, case: &CaseStanding) -> String {
    let body = case.body.as_ref().map(|body| names.of_body(body));
    match (&case.named, body) {
        (Some(whom), Some(body)) => format!("{} · {body}", names.of_person(&whom.person)),
        (Some(whom), None) => names.of_person(&whom.person).to_owned(),
        (None, Some(body)) => lang.officer_of(body),
        (None, None) => lang.officer_unnamed().to_owned(),
    }
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, case)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger, &case).await)
}

async fn show(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    case: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: CaseId = field("case", case)?;
    let now = AsOf::Time(desk.books.now());
    let told = desk
        .books
        .ask(move |view| {
            let Some((standing, steps)) = view.case(&id, now)? else {
                return Ok(None);
            };
            let mut names = Names::default();
            names_of(view, &mut names, &standing)?;
            let office = standing
                .named
                .as_ref()
                .and_then(|whom| whom.office.as_ref());
            let seat = office.map(|office| view.office(office)).transpose()?;
            Ok(Some(Whole {
                standing,
                steps,
                seat: seat.flatten(),
                names,
            }))
        })
        .await?;
    let position = desk.standing(&told.position, told.recorded_at);
    let mut whole = told.value.ok_or(Trouble::Missing)?;
    whole.names = whole.names.fetch(&desk.books).await?;
    let title = headline(reader.lang, &whole.names, &whole.standing);
    let main = about(&desk, &title, &whole);
    let page = desk.page(Section::Sanctions, title);
    Ok(page
        .beside(tables::of_one(&desk, &format!("/sanctions/{case}")))
        .standing_on(position)
        .showing(main))
}

/// Everything about one case.
struct Whole {
    standing: CaseStanding,
    steps: Vec<StepRow>,
    /// The office of whom it is against, where that is told.
    seat: Option<OfficeRow>,
    names: Names,
}

fn about(desk: &Desk, title: &str, whole: &Whole) -> Markup {
    let lang = desk.reader.lang;
    let (case, steps) = (&whole.standing, &whole.steps);
    html! {
        h1 { (said(lang, title)) }
        p.lead { (status(lang, case.status)) }
        p { (said(lang, &sentence(lang, case))) }
        @if case.named.is_none() { p { (lang.nobody_named()) } }
        (facts(desk, whole))
        h2 { (lang.case_steps()) }
        ol.entries {
            @for row in steps { (step(desk, row)) }
        }
        @if let Some(last) = steps.last() {
            h2 { (lang.check_title()) }
            (checking::button(desk, last.made.index, None))
        }
    }
}

fn facts(desk: &Desk, whole: &Whole) -> Markup {
    let lang = desk.reader.lang;
    let (case, names) = (&whole.standing, &whole.names);
    html! {
        dl {
            @if let Some(whom) = &case.named {
                dt { (lang.person()) } dd { (said(lang, names.of_person(&whom.person))) }
                @if let Some(seat) = &whole.seat {
                    dt { (lang.role()) }
                    dd {
                        a href=(desk.link(&format!("/offices/{}", seat.office))) {
                            (said(lang, terms::role(lang, &seat.role)))
                        }
                    }
                }
                @if let Some(decision) = &whom.decision {
                    dt { (lang.by_decision()) }
                    dd {
                        a href=(desk.link(&format!("/decisions/{decision}"))) {
                            (said(lang, names.of_motion(decision)))
                        }
                    }
                }
                @if !whom.source.is_empty() {
                    dt { (lang.number()) } dd { (lang.source(&whom.source)) }
                }
            }
            @if let Some(body) = &case.body {
                dt { (lang.body()) }
                dd { a href=(desk.link(&format!("/bodies/{body}"))) { (said(lang, names.of_body(body))) } }
            }
            dt { (lang.legal_basis()) } dd { (terms::sanction_basis(lang, case.basis)) }
            @if let Some(severity) = case.severity {
                dt { (lang.severity()) } dd { (terms::severity(lang, severity)) }
            }
            @if let Some((clock, at)) = case.clock {
                dt { (terms::case_clock(lang, clock)) } dd { (desk.times.deadline(at)) }
            }
        }
    }
}

fn step(desk: &Desk, row: &StepRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li {
            strong { (terms::case_step(lang, row.step.kind())) }
            @match &row.step {
                Step::Noticed(severity) | Step::Found(Some(severity)) => {
                    " · " (terms::severity(lang, *severity))
                }
                Step::Imposed { sanction, .. } => { " · " (terms::sanction(lang, *sanction)) }
                Step::AppealDecided(outcome) => { " · " (terms::appeal(lang, *outcome)) }
                _ => {}
            }
            p.quiet {
                a href=(desk.link(&format!("/entries/{}", row.made.index))) { (desk.times.time(row.made.at)) }
            }
        }
    }
}
