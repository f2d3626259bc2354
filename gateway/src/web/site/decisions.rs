//! The list of decisions, with filters.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::{BodyId, MatterId, PowerId};
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{
        bodies::BodyRow,
        decisions::{DecisionFilter, DecisionRow},
        offices::AsOf,
    },
};

use super::{
    desk::Desk,
    lang::Lang,
    layout::{self, Page, Section},
    lists,
    names::Names,
    reader::Reader,
    tables::{self, Column, List, Rows, Wanted, cells},
    terms,
};
use crate::{
    services::{Sources, query::optional_field},
    status::Problem,
};

/// Items of the power list, and matters, to choose from: hardly any community has more.
const CHOICES_MAX: usize = 100;

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger).await)
}

/// The list.
pub(super) const LIST: List = List {
    name: "decisions",
    section: Section::Decisions,
    title: Lang::decisions,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.title()),
            Column::under(lang.body()),
            Column::of(lang.outcome()),
            Column::of(lang.day()),
            Column::in_files(lang.legal_basis()),
        ]
    },
    sheet: 10,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let (lang, filter) = (desk.reader.lang, filter(&desk.reader)?);
    let mut names = Names::default();
    tables::ask(desk, wanted, move |view, page| {
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
}

/// One page of the list.
struct Found {
    rows: Vec<DecisionRow>,
    next: Option<String>,
    names: Names,
    bodies: Vec<BodyRow>,
    /// Items of the power list and matters to choose from.
    powers: Vec<(PowerId, String)>,
    matters: Vec<MatterId>,
}

/// What items of the power list are called.
pub(super) fn named(
    view: &View<'_>,
    items: Vec<PowerId>,
) -> Result<Vec<(PowerId, String)>, QueryError> {
    let now = AsOf::Index(view.position().index);
    let named = items.into_iter().map(|item| {
        let standing = view.power(&item, now)?.and_then(|(_, standing)| standing);
        let title = standing.map_or_else(|| item.to_string(), |standing| standing.terms.title);
        Ok((item, title))
    });
    named.collect()
}

async fn show(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let filter = filter(reader)?;
    let page = PageRequest::new(lists::ROWS, reader.parameter("page"));
    let told = desk
        .books
        .ask(move |view| {
            let page = view.decisions(&filter, &page)?;
            let mut names = Names::default();
            for row in &page.rows {
                names.body(view, &row.body)?;
            }
            Ok(Found {
                rows: page.rows,
                next: page.next,
                names,
                bodies: view.bodies(&PageRequest::default())?.rows,
                powers: named(view, view.powers_of_decisions(CHOICES_MAX)?)?,
                matters: view.matters_of_decisions(CHOICES_MAX)?,
            })
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let page = desk.page(Section::Decisions, reader.lang.decisions());
    Ok(page
        .beside(tables::of_list(
            &desk,
            &LIST,
            vec![tables::atom(&desk, "/decisions.atom")],
        ))
        .standing_on(standing)
        .showing(list(&desk, &told.value)))
}

/// The filter that an address asks for.
pub(super) fn filter(reader: &Reader) -> Result<DecisionFilter, Problem> {
    let body: Option<BodyId> = optional_field("body", reader.parameter("body"))?;
    Ok(DecisionFilter {
        body,
        outcome: lists::chosen(reader, "outcome", &terms::OUTCOMES, terms::outcome_code)?,
        held_from: optional_field("from", reader.parameter("from"))?,
        held_to: optional_field("to", reader.parameter("to"))?,
        power: optional_field("power", reader.parameter("power"))?,
        matter: optional_field("matter", reader.parameter("matter"))?,
    })
}

fn list(desk: &Desk, found: &Found) -> Markup {
    let reader = &desk.reader;
    let lang = reader.lang;
    let outcomes = terms::OUTCOMES.into_iter();
    let outcomes = outcomes.map(|o| (terms::outcome_code(o), terms::outcome(lang, o)));
    let matters = found.matters.iter();
    let matters = matters.map(|matter| (matter.as_str(), terms::matter(lang, matter)));
    let powers = found.powers.iter();
    let powers = powers.map(|(item, title)| (item.as_str(), title.as_str()));
    let fields = html! {
        (lists::body_select(reader, &found.bodies))
        (lists::select(reader, "outcome", lang.outcome(), outcomes))
        @if !found.matters.is_empty() { (lists::select(reader, "matter", lang.matter_name(), matters)) }
        @if !found.powers.is_empty() { (lists::select(reader, "power", lang.power_name(), powers)) }
        (lists::day(reader, "from", lang.day_from()))
        (lists::day(reader, "to", lang.day_until()))
    };
    html! {
        h1 { (lang.decisions()) }
        (folded(reader, &lists::form(reader, &fields)))
        @if found.rows.is_empty() { p { (lang.no_match()) } }
        ul.cards {
            @for row in &found.rows { (lists::decision(desk, &found.names, row)) }
        }
        (lists::pager(reader, found.next.as_deref()))
    }
}

/// A filter, folded away until it is used.
pub(super) fn folded(reader: &Reader, form: &Markup) -> Markup {
    let used = reader.is_filtered();
    html! {
        details.fold open[used] {
            summary { (reader.lang.filter()) }
            (form)
        }
    }
}
