//! Tasks from above: what organs above ask a body to do, by which law and at whose cost, and what it said.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::AffairId;
use maud::{Markup, html};
use projector::{
    QueryError, View,
    views::{
        bodies::BodyRow,
        tasks::{TaskFilter, TaskRow, TaskStatus},
    },
};

use super::{
    cards::Cards,
    checking, decisions,
    desk::Desk,
    lang::Lang,
    layout::{self, Page, Section, Trouble, said},
    lists,
    names::Names,
    reader::Reader,
    tables::{self, Column, List, Rows, Wanted},
    terms,
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
    name: "tasks",
    section: Section::Affairs,
    title: Lang::tasks,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.what()),
            Column::under(lang.task_by()),
            Column::of(lang.handled_by()),
            Column::of(lang.state()),
            Column::of(lang.assigned_on()),
            Column::in_files(lang.legal_basis()),
            Column::in_files(lang.task_funding()),
        ]
    },
    sheet: 7,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

/// Its page.
const CARDS: Cards<TaskRow> = Cards {
    list: &LIST,
    intro: Lang::tasks_intro,
    none: Lang::tasks_none,
    read: |desk| {
        let filter = filter(&desk.reader)?;
        Ok(Box::new(move |view, page| view.tasks(&filter, page)))
    },
    name: names_of,
    fields,
    card,
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let lang = desk.reader.lang;
    let times = desk.times.clone();
    let cells = move |names: &Names, row: TaskRow| {
        let organ = row.assigned_by.as_ref().map(|body| names.of_body(body));
        vec![
            row.task.to_string(),
            row.title.clone(),
            organ.unwrap_or_default().to_owned(),
            names.of_body(&row.body).to_owned(),
            terms::task_status(lang, row.status()).to_owned(),
            times.date_of(row.assigned.at).to_string(),
            row.legal_basis,
            row.funding,
        ]
    };
    CARDS.rows(desk, wanted, cells).await
}

/// Looks up whose it is, and who assigned it.
fn names_of(view: &View<'_>, names: &mut Names, row: &TaskRow) -> Result<(), QueryError> {
    if let Some(organ) = &row.assigned_by {
        names.body(view, organ)?;
    }
    names.body(view, &row.body)
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<TaskFilter, Problem> {
    Ok(TaskFilter {
        body: optional_field("body", reader.parameter("body"))?,
        status: lists::chosen(
            reader,
            "status",
            &terms::TASK_STATUSES,
            terms::task_status_code,
        )?,
    })
}

fn fields(reader: &Reader, bodies: &[BodyRow]) -> Markup {
    let lang = reader.lang;
    let statuses = terms::TASK_STATUSES.iter();
    let statuses = statuses.map(|s| (terms::task_status_code(*s), terms::task_status(lang, *s)));
    html! {
        (lists::select(reader, "status", lang.state(), statuses))
        (lists::body_select(reader, bodies))
    }
}

fn badge(lang: Lang, row: &TaskRow) -> Markup {
    let (class, sign) = match row.status() {
        TaskStatus::Assigned => ("badge no-quorum", "◐"),
        TaskStatus::Accepted => ("badge adopted", "✓"),
        TaskStatus::Refused => ("badge rejected", "✗"),
    };
    html! {
        span class=(class) {
            span aria-hidden="true" { (sign) " " }
            (terms::task_status(lang, row.status()))
        }
    }
}

/// A task in a list.
pub(super) fn card(desk: &Desk, names: &Names, row: &TaskRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            (badge(lang, row))
            a.block href=(desk.link(&format!("/tasks/{}", row.task))) { (said(lang, &row.title)) }
            p.quiet {
                @if let Some(organ) = &row.assigned_by {
                    (said(lang, &lang.task_from(names.of_body(organ)))) " · "
                }
                (said(lang, names.of_body(&row.body)))
            }
        }
    }
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, task)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show_one(&reader, &sources, &ledger, &task).await)
}

/// A task, what its item of the list is called, and the bodies' names.
struct Whole {
    row: TaskRow,
    item: Option<String>,
    names: Names,
}

fn find(view: &View<'_>, id: &AffairId) -> Result<Option<Whole>, QueryError> {
    let Some(row) = view.task(id)? else {
        return Ok(None);
    };
    let mut names = Names::default();
    names_of(view, &mut names, &row)?;
    let listed = decisions::named(view, row.item.iter().cloned().collect())?;
    let item = listed.into_iter().next().map(|(_, title)| title);
    Ok(Some(Whole { row, item, names }))
}

async fn show_one(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    task: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: AffairId = field("task", task)?;
    let told = desk.books.ask(move |view| find(view, &id)).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let whole = told.value.ok_or(Trouble::Missing)?;
    let page = desk.page(Section::Affairs, &whole.row.title);
    Ok(page
        .beside(tables::of_one(&desk, &format!("/tasks/{task}")))
        .standing_on(standing)
        .showing(about(&desk, &whole)))
}

fn about(desk: &Desk, whole: &Whole) -> Markup {
    let lang = desk.reader.lang;
    let (row, names) = (&whole.row, &whole.names);
    let body = |body| {
        html! {
            a href=(desk.link(&format!("/bodies/{body}"))) { (said(lang, names.of_body(body))) }
        }
    };
    let newest = row
        .answer
        .as_ref()
        .map_or(row.assigned.index, |answer| answer.made.index);
    html! {
        h1 { (said(lang, &row.title)) }
        p.lead { (badge(lang, row)) }
        dl {
            @if let Some(organ) = &row.assigned_by { dt { (lang.task_by()) } dd { (body(organ)) } }
            dt { (lang.handled_by()) } dd { (body(&row.body)) }
            dt { (lang.assigned_on()) } dd { (desk.times.time(row.assigned.at)) }
            dt { (lang.legal_basis()) } dd { (said(lang, &row.legal_basis)) }
            dt { (lang.task_funding()) } dd { (said(lang, &row.funding)) }
            dt { (lang.task_item()) }
            dd {
                @match (&row.item, &whole.item) {
                    (Some(item), Some(title)) => {
                        a href=(desk.link(&format!("/powers/{item}"))) { (said(lang, title)) }
                    }
                    _ => (lang.task_unlisted()),
                }
            }
            @match &row.answer {
                None => { dt { (lang.task_answer()) } dd { (lang.task_waiting()) } }
                Some(answer) => {
                    dt { (lang.task_answer()) }
                    dd { (terms::task_status(lang, row.status())) " · " (desk.times.time(answer.made.at)) }
                    @if let Some(reason) = &answer.refusal {
                        dt { (lang.task_refused_why()) } dd { (said(lang, reason)) }
                    }
                }
            }
        }
        h2 { (lang.check_title()) }
        (checking::button(desk, newest, None))
    }
}
