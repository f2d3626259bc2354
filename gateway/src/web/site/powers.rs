//! The power list: who may do what, by which law, from when to when; and the record of each item.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{
    action::{PowerChange, PowerHolder, PowerTerms},
    calendar::Date,
    ids::PowerId,
};
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{
        bodies::BodyRow,
        offices::AsOf,
        powers::{ChangeRow, PowerActRow, PowerFilter, PowerRow, PowerStanding, PowerStatus},
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
    offices,
    reader::Reader,
    show,
    tables::{self, Column, List, Rows, Wanted, cells},
    terms,
};
use crate::{
    services::{
        Sources,
        query::{field, optional_field},
    },
    status::Problem,
};

/// Acts on the page of an item; all of them are in its data.
const ACTS: usize = 20;

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, list(&reader, &sources, &ledger).await)
}

/// The list.
pub(super) const LIST: List = List {
    name: "powers",
    section: Section::Powers,
    title: Lang::powers,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.title()),
            Column::under(lang.legal_basis()),
            Column::of(lang.exercised_by()),
            Column::of(lang.state()),
            Column::of(lang.day_from()),
            Column::under(lang.day_until()),
            Column::in_files(lang.matters()),
        ]
    },
    sheet: 7,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let (lang, filter) = (desk.reader.lang, filter(&desk.reader)?);
    let as_of = AsOf::Time(offices::moment_asked(desk)?);
    let mut names = Names::default();
    tables::ask_intervals(desk, wanted, move |view, page| {
        cells(view.powers(&filter, as_of, page)?, |row| {
            names_of(view, &mut names, &row)?;
            let until = row.terms.effective_to;
            Ok(vec![
                row.item.to_string(),
                row.terms.title.clone(),
                row.terms.legal_basis.clone(),
                holder(lang, &names, &row.exercised_by),
                terms::power_status(lang, row.status).to_owned(),
                row.terms.effective_from.to_string(),
                until.map(|day| day.to_string()).unwrap_or_default(),
                matters(lang, &row.terms),
            ])
        })
    })
    .await
}

/// One page of the list.
struct Found {
    rows: Vec<PowerStanding>,
    next: Option<String>,
    names: Names,
    bodies: Vec<BodyRow>,
}

async fn list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let filter = filter(reader)?;
    let as_of = AsOf::Time(offices::moment_asked(&desk)?);
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk
        .books
        .ask_intervals(move |view| {
            let page = view.powers(&filter, as_of, &page)?;
            let mut names = Names::default();
            for row in &page.rows {
                names_of(view, &mut names, row)?;
            }
            Ok(Found {
                rows: page.rows,
                next: page.next,
                names,
                bodies: view.bodies(&PageRequest::default())?.rows,
            })
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let page = desk.page(Section::Powers, reader.lang.powers());
    Ok(page
        .described(reader.lang.powers_intro())
        .beside(tables::of_list(&desk, &LIST, Vec::new()))
        .standing_on(standing)
        .showing(listed(&desk, &told.value)))
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<PowerFilter, Problem> {
    Ok(PowerFilter {
        body: optional_field("body", reader.parameter("body"))?,
        matter: optional_field("matter", reader.parameter("matter"))?,
        status: lists::chosen(
            reader,
            "status",
            &terms::POWER_STATUSES,
            terms::power_status_code,
        )?,
    })
}

fn listed(desk: &Desk, found: &Found) -> Markup {
    let reader = &desk.reader;
    let lang = reader.lang;
    let statuses = terms::POWER_STATUSES.iter();
    let statuses = statuses.map(|s| (terms::power_status_code(*s), terms::power_status(lang, *s)));
    let fields = html! {
        (lists::select(reader, "status", lang.state(), statuses))
        (lists::body_select(reader, &found.bodies))
        (lists::text(reader, "matter", lang.matter()))
        (lists::day(reader, "day", lang.as_of_day()))
    };
    let day: Option<Date> = reader.parameter("day").parse().ok();
    html! {
        h1 { (lang.powers()) }
        p.lead { (lang.powers_intro()) }
        (folded(reader, &lists::form(reader, &fields)))
        @if let Some(day) = day { p { strong { (lang.as_of_label(show::day(lang, day))) } } }
        @if found.rows.is_empty() {
            p { (if reader.is_filtered() { lang.no_match() } else { lang.powers_none() }) }
        }
        ul.cards {
            @for row in &found.rows { (card(desk, &found.names, row)) }
        }
        (lists::pager(reader, found.next.as_deref()))
        p { a.button href=(desk.link("/power-changes")) { (lang.power_changes()) } }
    }
}

/// An item in a list.
pub(super) fn card(desk: &Desk, names: &Names, row: &PowerStanding) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            (status(lang, row.status))
            a.block href=(desk.link(&format!("/powers/{}", row.item))) { (said(lang, &row.terms.title)) }
            p { (said(lang, &holder(lang, names, &row.exercised_by))) }
            p.quiet { (days(lang, row.terms.effective_from, row.terms.effective_to)) }
        }
    }
}

fn status(lang: Lang, status: PowerStatus) -> Markup {
    let class = format!("badge {}", terms::power_status_code(status));
    html! {
        span class=(class) {
            span aria-hidden="true" { (terms::power_status_sign(status)) " " }
            (terms::power_status(lang, status))
        }
    }
}

/// Looks up the names that an item speaks of.
pub(super) fn names_of(
    view: &View<'_>,
    names: &mut Names,
    row: &PowerStanding,
) -> Result<(), QueryError> {
    names.body(view, &row.terms.holder.body)?;
    names.body(view, &row.exercised_by.body)?;
    names.motion(view, &row.decision)?;
    if let Some(over) = &row.terms.over {
        names.body(view, over)?;
    }
    match &row.delegation {
        Some((to, ..)) => names.body(view, &to.body),
        None => Ok(()),
    }
}

/// A body, or a role in it.
pub(super) fn holder(lang: Lang, names: &Names, holder: &PowerHolder) -> String {
    let body = names.of_body(&holder.body);
    match &holder.role {
        Some(role) => lang.role_of(terms::role(lang, role), body),
        None => body.to_owned(),
    }
}

/// In which matters; any where none is named.
pub(super) fn matters(lang: Lang, terms: &PowerTerms) -> String {
    if terms.matters.is_empty() {
        return lang.any_matter().to_owned();
    }
    let matters = terms
        .matters
        .iter()
        .map(|matter| terms::matter(lang, matter));
    matters.collect::<Vec<_>>().join(lang.list_separator())
}

/// From a day to another, or on.
pub(super) fn days(lang: Lang, from: Date, until: Option<Date>) -> String {
    let from = show::day(lang, from);
    match until {
        Some(until) => lang.term_span(from, show::day(lang, until)),
        None => lang.term_open(from),
    }
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, item)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger, &item).await)
}

/// Everything about one item.
struct Whole {
    row: PowerRow,
    standing: Option<PowerStanding>,
    acts: Vec<PowerActRow>,
    more: bool,
    names: Names,
}

async fn show(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    item: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: PowerId = field("item", item)?;
    let now = AsOf::Time(desk.books.now());
    let told = desk.books.ask(move |view| find(view, &id, now)).await?;
    let position = desk.standing(&told.position, told.recorded_at);
    let mut whole = told.value.ok_or(Trouble::Missing)?;
    whole.names = whole.names.fetch(&desk.books).await?;
    let latest = latest_terms(&whole.row);
    let title = latest.map_or(item, |terms| &terms.title);
    let page = desk.page(Section::Powers, title);
    Ok(page
        .beside(tables::of_one(&desk, &format!("/powers/{item}")))
        .standing_on(position)
        .showing(about(&desk, title, &whole)))
}

fn find(view: &View<'_>, id: &PowerId, now: AsOf) -> Result<Option<Whole>, QueryError> {
    let Some((row, standing)) = view.power(id, now)? else {
        return Ok(None);
    };
    let acts = view.power_acts(id, &PageRequest::new(ACTS, ""))?;
    let mut names = Names::default();
    if let Some(standing) = &standing {
        names_of(view, &mut names, standing)?;
    }
    for made in &row.changes {
        names.motion(view, &made.decision)?;
        match &made.change {
            PowerChange::Listed { terms, .. } | PowerChange::Amended { terms, .. } => {
                names.body(view, &terms.holder.body)?;
            }
            PowerChange::Delegated { to, .. } => names.body(view, &to.body)?,
            PowerChange::Revoked { .. } => {}
        }
    }
    for act in &acts.rows {
        names_of_act(view, &mut names, act)?;
    }
    Ok(Some(Whole {
        row,
        standing,
        acts: acts.rows,
        more: acts.next.is_some(),
        names,
    }))
}

/// Looks up the names that an act speaks of.
pub(super) fn names_of_act(
    view: &View<'_>,
    names: &mut Names,
    act: &PowerActRow,
) -> Result<(), QueryError> {
    if let Some(person) = &act.person {
        names.person(view, person)?;
    }
    if let Some(over) = &act.over {
        names.body(view, over)?;
    }
    match &act.decision {
        Some(decision) => names.motion(view, decision),
        None => Ok(()),
    }
}

/// What the item said last, also where that was undone.
fn latest_terms(row: &PowerRow) -> Option<&PowerTerms> {
    row.changes
        .iter()
        .rev()
        .find_map(|made| match &made.change {
            PowerChange::Listed { terms, .. } | PowerChange::Amended { terms, .. } => Some(terms),
            PowerChange::Revoked { .. } | PowerChange::Delegated { .. } => None,
        })
}

fn about(desk: &Desk, title: &str, whole: &Whole) -> Markup {
    let lang = desk.reader.lang;
    html! {
        h1 { (said(lang, title)) }
        @match &whole.standing {
            Some(standing) => {
                p.lead { (status(lang, standing.status)) }
                (facts(desk, &whole.names, standing))
            }
            None => p.lead { (lang.power_undone()) },
        }
        h2 { (lang.power_history()) }
        ol.entries {
            @for made in &whole.row.changes { (change(desk, &whole.names, made)) }
        }
        h2 { (lang.power_acts()) }
        @if whole.acts.is_empty() { p { (lang.power_acts_none()) } }
        ul.cards {
            @for act in &whole.acts { (act_card(desk, &whole.names, act)) }
        }
        @if whole.more { p { (lang.more_in_data()) } }
        @if let Some(standing) = &whole.standing {
            h2 { (lang.check_title()) }
            (checking::button(desk, standing.changed.index, None))
        }
    }
}

fn facts(desk: &Desk, names: &Names, standing: &PowerStanding) -> Markup {
    let lang = desk.reader.lang;
    let terms = &standing.terms;
    let delegation = standing.delegation.as_ref();
    html! {
        dl {
            dt { (lang.exercised_by()) } dd { (said(lang, &holder(lang, names, &standing.exercised_by))) }
            @if let Some((to, from, until)) = delegation {
                dt { (lang.delegated_by()) } dd { (said(lang, &holder(lang, names, &terms.holder))) }
                dt { (lang.delegated_to()) }
                dd { (said(lang, &holder(lang, names, to))) " · " (days(lang, *from, *until)) }
            }
            dt { (lang.power_over()) }
            dd {
                @match &terms.over {
                    Some(body) => (said(lang, names.of_body(body))),
                    None => (lang.any_body()),
                }
            }
            dt { (lang.matters()) } dd { (matters(lang, terms)) }
            dt { (lang.in_force()) } dd { (days(lang, terms.effective_from, terms.effective_to)) }
            dt { (lang.legal_basis()) } dd { (said(lang, &terms.legal_basis)) }
            @if !terms.procedure.is_empty() { dt { (lang.procedure()) } dd { (said(lang, &terms.procedure)) } }
            dt { (lang.by_decision()) }
            dd {
                a href=(desk.link(&format!("/decisions/{}", standing.decision))) {
                    (said(lang, names.of_motion(&standing.decision)))
                }
            }
        }
    }
}

/// What a decision made of the item.
fn change(desk: &Desk, names: &Names, made: &ChangeRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li {
            strong { (terms::power_change(lang, &made.change)) }
            @match &made.change {
                PowerChange::Listed { terms, .. } | PowerChange::Amended { terms, .. } => {
                    " · " (said(lang, &terms.title))
                    " · " (said(lang, &holder(lang, names, &terms.holder)))
                    " · " (days(lang, terms.effective_from, terms.effective_to))
                }
                PowerChange::Delegated { to, from, until, .. } => {
                    " · " (said(lang, &holder(lang, names, to))) " · " (days(lang, *from, *until))
                }
                PowerChange::Revoked { .. } => {}
            }
            p.quiet {
                (desk.times.time(made.made.at)) " · "
                a href=(desk.link(&format!("/decisions/{}", made.decision))) {
                    (said(lang, names.of_motion(&made.decision)))
                }
            }
            @if let Some(undone) = made.undone {
                p { strong { (lang.undone_on(desk.times.moment(undone.at))) } }
            }
        }
    }
}

/// What was done under the item.
pub(super) fn act_card(desk: &Desk, names: &Names, act: &PowerActRow) -> Markup {
    let lang = desk.reader.lang;
    let what = match act.summary.as_str() {
        "" => terms::kind(lang, &act.kind),
        summary => summary,
    };
    html! {
        li.card {
            a.block href=(desk.link(&format!("/entries/{}", act.made.index))) { (said(lang, what)) }
            p.quiet {
                (desk.times.time(act.made.at))
                @if let Some(person) = &act.person { " · " (said(lang, names.of_person(person))) }
                @if let Some(over) = &act.over { " · " (said(lang, names.of_body(over))) }
                @if let Some(matter) = &act.matter { " · " (said(lang, terms::matter(lang, matter))) }
            }
            @if let Some(decision) = &act.decision {
                p {
                    (lang.carries_out()) " "
                    a href=(desk.link(&format!("/decisions/{decision}"))) {
                        (said(lang, names.of_motion(decision)))
                    }
                }
            }
        }
    }
}
