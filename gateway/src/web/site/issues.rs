//! The board of issues: how many, of what kind, how long each has been waiting. Who raised one, whom it names and
//! what it says are not public, and are not here (rules.md §7).

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{
    IssueStage,
    ids::{IssueId, Millis},
};
use maud::{Markup, html};
use projector::{
    PageRequest,
    views::{
        bodies::BodyRow,
        issues::{IssueCounts, IssueFilter, IssueGroup, IssueRow},
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
    show,
    tables::{self, Column, List, Rows, Wanted, cells},
    terms,
};
use crate::{
    services::{
        Sources,
        query::{all_groups, field, optional_field},
    },
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
    name: "issues",
    section: Section::Issues,
    title: Lang::issues,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.what()),
            Column::under(lang.issue_kind()),
            Column::of(lang.handled_by()),
            Column::of(lang.state()),
            Column::under(lang.overdue()),
            Column::of(lang.raised()),
            Column::in_files(lang.deadline()),
        ]
    },
    sheet: 7,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let (lang, filter) = (desk.reader.lang, filter(&desk.reader)?);
    let times = desk.times.clone();
    let mut names = Names::default();
    tables::ask(desk, wanted, move |view, page| {
        cells(view.issues(&filter, page)?, |row| {
            names.body(view, &row.body)?;
            let late = row.overdue.map(|(step, _)| terms::issue_step(lang, step));
            let due = view.issue_due(&row)?;
            Ok(vec![
                row.issue.to_string(),
                headline(&row),
                show::capital(terms::issue_kind(lang, row.kind)),
                names.of_body(&row.body).to_owned(),
                terms::issue_stage(lang, row.stage).to_owned(),
                late.map(|step| lang.late_with(step)).unwrap_or_default(),
                times.date_of(row.raised_at).to_string(),
                due.map(|due| times.rfc3339(due)).unwrap_or_default(),
            ])
        })
    })
    .await
}

/// What can be said of an issue in public.
pub(super) fn headline(row: &IssueRow) -> String {
    match row.summary.as_str() {
        "" => row.category.clone(),
        summary => format!("{} · {summary}", row.category),
    }
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<IssueFilter, Problem> {
    Ok(IssueFilter {
        body: optional_field("body", reader.parameter("body"))?,
        kind: lists::chosen(reader, "kind", &terms::ISSUE_KINDS, terms::issue_kind_code)?,
        stage: lists::chosen(
            reader,
            "stage",
            &terms::ISSUE_STAGES,
            terms::issue_stage_code,
        )?,
        overdue: reader.parameter("overdue") == lists::YES,
        category: Some(reader.parameter("category").to_owned()).filter(|text| !text.is_empty()),
    })
}

/// An issue, and by when its next step must be done.
type Waiting = (IssueRow, Option<Millis>);

/// One page of the board.
struct Found {
    rows: Vec<Waiting>,
    next: Option<String>,
    counts: Vec<IssueGroup>,
    categories: Vec<IssueGroup>,
    names: Names,
    bodies: Vec<BodyRow>,
}

async fn list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let filter = filter(reader)?;
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let page = view.issues(&filter, &page)?;
            let mut names = Names::default();
            let mut rows = Vec::with_capacity(page.rows.len());
            for row in page.rows {
                names.body(view, &row.body)?;
                let due = view.issue_due(&row)?;
                rows.push((row, due));
            }
            let counts = all_groups(view, false)?;
            for group in &counts {
                names.body(view, &group.body)?;
            }
            Ok(Found {
                rows,
                next: page.next,
                counts,
                categories: all_groups(view, true)?,
                names,
                bodies: view.bodies(&PageRequest::default())?.rows,
            })
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let lang = reader.lang;
    let page = desk.page(Section::Issues, lang.issues());
    let counted = tables::file(
        "application/json",
        desk.link_with("/issue-counts.json", &[("by_category", "true")]),
        lang.counts_data(),
    );
    Ok(page
        .described(lang.issues_intro())
        .beside(tables::of_list(&desk, &LIST, vec![counted]))
        .standing_on(standing)
        .showing(board(&desk, &told.value)))
}

fn board(desk: &Desk, found: &Found) -> Markup {
    let reader = &desk.reader;
    let lang = reader.lang;
    let kinds = terms::ISSUE_KINDS.iter();
    let kinds = kinds.map(|kind| {
        (
            terms::issue_kind_code(*kind),
            terms::issue_kind(lang, *kind),
        )
    });
    let stages = terms::ISSUE_STAGES.iter();
    let stages = stages.map(|s| (terms::issue_stage_code(*s), terms::issue_stage(lang, *s)));
    let categories = found
        .categories
        .iter()
        .filter_map(|group| group.category.as_deref());
    let categories: BTreeSet<&str> = categories.collect();
    let categories = categories.into_iter().map(|category| (category, category));
    let fields = html! {
        (lists::body_select(reader, &found.bodies))
        (lists::select(reader, "kind", lang.issue_kind(), kinds))
        (lists::select(reader, "stage", lang.state(), stages))
        (lists::select(reader, "category", lang.issue_category(), categories))
        (lists::tick(reader, "overdue", lang.only_overdue()))
    };
    html! {
        h1 { (lang.issues()) }
        p.lead { (lang.issues_intro()) }
        @if !found.counts.is_empty() {
            section aria-labelledby="counts" {
                h2 #counts { (lang.issue_counts()) }
                (counted(desk, found))
            }
        }
        section aria-labelledby="all" {
            h2 #all { (lang.issues_all()) }
            (folded(reader, &lists::form(reader, &fields)))
            @if found.rows.is_empty() {
                p { (if reader.is_filtered() { lang.no_match() } else { lang.issues_none() }) }
            }
            ul.cards {
                @for (row, due) in &found.rows { (card(desk, &found.names, row, *due)) }
            }
            (lists::pager(reader, found.next.as_deref()))
        }
    }
}

fn counted(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    html! {
        ul.cards {
            @for group in &found.counts {
                @let counts = &group.counts;
                li.card {
                    p { strong { (said(lang, found.names.of_body(&group.body))) } }
                    dl.counts {
                        (count(lang.issues_received(), &show::number(counts.received)))
                        (count(lang.issues_answered(), &show::number(counts.answered)))
                        (count(lang.issues_in_time(), &share(lang, counts.answered_in_time, counts.answered)))
                        (count(lang.issues_reopened(), &share(lang, counts.reopened, counts.answered)))
                        (count(lang.issues_overdue(), &show::number(counts.overdue)))
                        @if counts.rated > 0 {
                            (count(lang.issues_satisfied(), &share(lang, counts.satisfied, counts.rated)))
                            (count(lang.issues_rating(), &rating(lang, counts)))
                        }
                    }
                }
            }
        }
        details.fold {
            summary { (lang.issue_counts_by_category()) }
            p { (lang.issue_rates_hint()) }
            (by_category(desk, found))
        }
    }
}

fn by_category(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let title = lang.issue_counts_by_category();
    html! {
        div.scroll tabindex="0" role="group" aria-label=(title) {
            table {
                caption { (title) }
                thead {
                    tr {
                        th scope="col" { (lang.issue_category()) }
                        th scope="col" { (lang.handled_by()) }
                        th scope="col" { (lang.issues_received()) }
                        th scope="col" { (lang.issues_answered()) }
                        th scope="col" { (lang.issues_in_time()) }
                        th scope="col" { (lang.issues_reopened()) }
                        th scope="col" { (lang.issues_satisfied()) }
                    }
                }
                tbody {
                    @for group in &found.categories {
                        @let counts = &group.counts;
                        tr {
                            th scope="row" { (said(lang, group.category.as_deref().unwrap_or_default())) }
                            td { (said(lang, found.names.of_body(&group.body))) }
                            td { (show::number(counts.received)) }
                            td { (show::number(counts.answered)) }
                            td { (share(lang, counts.answered_in_time, counts.answered)) }
                            td { (share(lang, counts.reopened, counts.answered)) }
                            td { (share(lang, counts.satisfied, counts.rated)) }
                        }
                    }
                }
            }
        }
    }
}

/// So many of so many, and how much that is of a hundred, rounded down; a dash where there is nothing to share.
fn share(lang: Lang, part: u64, whole: u64) -> String {
    match whole {
        0 => "—".to_owned(),
        whole => {
            let percent = part.saturating_mul(100) / whole;
            lang.share_of(show::number(part), show::number(whole), percent)
        }
    }
}

fn count(what: &str, how_many: &str) -> Markup {
    html! { div { dt { (what) } dd { (how_many) } } }
}

/// The mean of all ratings, to one place after the point.
fn rating(lang: Lang, counts: &IssueCounts) -> String {
    let tenths = (counts.score_total * 10 + counts.rated / 2) / counts.rated.max(1);
    let mean = format!("{}.{}", tenths / 10, tenths % 10);
    lang.rating_of(mean, show::number(counts.rated))
}

fn stage(lang: Lang, row: &IssueRow) -> Markup {
    let class = match (row.stage, row.overdue) {
        (_, Some(_)) => "badge rejected",
        (IssueStage::Answered | IssueStage::Closed, None) => "badge adopted",
        _ => "badge",
    };
    html! {
        span class=(class) {
            @if let Some((step, _)) = row.overdue {
                span aria-hidden="true" { "! " }
                (lang.late_with(terms::issue_step(lang, step)))
            } @else {
                (terms::issue_stage(lang, row.stage))
            }
        }
    }
}

fn card(desk: &Desk, names: &Names, row: &IssueRow, due: Option<Millis>) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            (stage(lang, row))
            a.block href=(desk.link(&format!("/issues/{}", row.issue))) { (said(lang, &headline(row))) }
            p.quiet {
                (show::capital(terms::issue_kind(lang, row.kind))) " · " (said(lang, names.of_body(&row.body)))
            }
            @if let Some(due) = due { p { (clock(desk, due)) } }
        }
    }
}

/// How long is left, or how long ago it should have been done.
fn clock(desk: &Desk, due: Millis) -> String {
    let (lang, now) = (desk.reader.lang, desk.books.now());
    let day = |ms: u64| show::number(ms.div_ceil(Millis::DAY));
    let by = desk.times.deadline(due);
    if now < due {
        lang.due_in_days(by, day(due.0 - now.0))
    } else {
        lang.late_by_days(by, day(now.0 - due.0))
    }
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, issue)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show_one(&reader, &sources, &ledger, &issue).await)
}

async fn show_one(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    issue: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: IssueId = field("issue", issue)?;
    let told = desk
        .books
        .ask(move |view| {
            let Some(row) = view.issue(&id)? else {
                return Ok(None);
            };
            let mut names = Names::default();
            names.body(view, &row.body)?;
            let due = view.issue_due(&row)?;
            Ok(Some((row, due, names)))
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (row, due, names) = told.value.ok_or(Trouble::Missing)?;
    let title = headline(&row);
    let main = about(&desk, &names, &row, due);
    let page = desk.page(Section::Issues, title);
    Ok(page
        .beside(tables::of_one(&desk, &format!("/issues/{issue}")))
        .standing_on(standing)
        .showing(main))
}

fn about(desk: &Desk, names: &Names, row: &IssueRow, due: Option<Millis>) -> Markup {
    let lang = desk.reader.lang;
    html! {
        h1 { (said(lang, &headline(row))) }
        p.lead { (stage(lang, row)) }
        @if let Some(due) = due { p { (clock(desk, due)) } }
        dl {
            dt { (lang.issue_kind()) } dd { (show::capital(terms::issue_kind(lang, row.kind))) }
            dt { (lang.handled_by()) }
            dd {
                a href=(desk.link(&format!("/bodies/{}", row.body))) { (said(lang, names.of_body(&row.body))) }
            }
            dt { (lang.raised()) } dd { (desk.times.time(row.raised_at)) }
            dt { (lang.state()) }
            dd { (terms::issue_stage(lang, row.stage)) " · " (lang.since(desk.times.moment(row.since))) }
            @if row.extended { dt { (lang.deadline()) } dd { (lang.issue_extended()) } }
            @if !row.answer.is_empty() { dt { (lang.answer()) } dd { (said(lang, &row.answer)) } }
            @if let Some(score) = row.score { dt { (lang.issues_rating()) } dd { (lang.score_of(score)) } }
        }
        p { (lang.issue_privacy()) }
        h2 { (lang.check_title()) }
        (checking::button(desk, row.raised_index, None))
    }
}
