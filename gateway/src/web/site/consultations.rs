//! Consultations: what people were or are asked before something is decided, and what came of it. What each of
//! them says is not public.

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
        consultations::{ClosedRow, ConsultationFilter, ConsultationRow, ConsultationStatus},
        motions::MotionRow,
    },
};

use super::{
    affairs::headline,
    cards::Cards,
    checking,
    desk::Desk,
    history,
    lang::Lang,
    layout::{self, Page, Section, Trouble, said},
    lists,
    names::Names,
    reader::Reader,
    show,
    tables::{self, Column, List, Rows, Wanted},
    terms,
};
use crate::{
    services::{
        Sources,
        query::{Text, Texts, field, optional_field},
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
    name: "consultations",
    section: Section::Affairs,
    title: Lang::consultations,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.consultation_question()),
            Column::under(lang.body()),
            Column::of(lang.state()),
            Column::under(lang.answers()),
            Column::of(lang.deadline()),
            Column::in_files(lang.matter()),
        ]
    },
    sheet: 7,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

/// Its page.
const CARDS: Cards<ConsultationRow> = Cards {
    list: &LIST,
    intro: Lang::consultations_intro,
    none: Lang::consultations_none,
    read: |desk| {
        let (filter, now) = (filter(&desk.reader)?, desk.books.now());
        Ok(Box::new(move |view, page| {
            view.consultations(&filter, now, page)
        }))
    },
    name: |view, names, row| names.body(view, &row.body),
    fields,
    card,
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let lang = desk.reader.lang;
    let (times, now) = (desk.times.clone(), desk.books.now());
    let cells = move |names: &Names, row: ConsultationRow| {
        vec![
            row.consultation.to_string(),
            headline(&row.question),
            names.of_body(&row.body).to_owned(),
            terms::consultation_status(lang, row.status(now)).to_owned(),
            lang.consultation_answers(show::number(row.answers)),
            times.last_day(row.closes_at).to_string(),
            row.matter.to_string(),
        ]
    };
    CARDS.rows(desk, wanted, cells).await
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<ConsultationFilter, Problem> {
    Ok(ConsultationFilter {
        body: optional_field("body", reader.parameter("body"))?,
        status: lists::chosen(
            reader,
            "status",
            &terms::CONSULTATION_STATUSES,
            terms::consultation_status_code,
        )?,
    })
}

fn fields(reader: &Reader, bodies: &[BodyRow]) -> Markup {
    let lang = reader.lang;
    let statuses = terms::CONSULTATION_STATUSES.iter();
    let statuses = statuses.map(|s| {
        (
            terms::consultation_status_code(*s),
            terms::consultation_status(lang, *s),
        )
    });
    html! {
        (lists::select(reader, "status", lang.state(), statuses))
        (lists::body_select(reader, bodies))
    }
}

fn badge(desk: &Desk, row: &ConsultationRow) -> Markup {
    let status = row.status(desk.books.now());
    let (class, sign) = match status {
        ConsultationStatus::Open => ("badge adopted", "?"),
        ConsultationStatus::Over => ("badge no-quorum", "◐"),
        ConsultationStatus::Closed => ("badge", "✓"),
    };
    html! {
        span class=(class) {
            span aria-hidden="true" { (sign) " " }
            (terms::consultation_status(desk.reader.lang, status))
        }
    }
}

/// A consultation in a list.
pub(super) fn card(desk: &Desk, names: &Names, row: &ConsultationRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            (badge(desk, row))
            a.block href=(desk.link(&format!("/consultations/{}", row.consultation))) {
                (said(lang, &headline(&row.question)))
            }
            p.quiet { (said(lang, &lang.consultation_for(names.of_body(&row.body)))) }
            p { (until(desk, row)) }
        }
    }
}

fn until(desk: &Desk, row: &ConsultationRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        (lang.consultation_until(desk.times.deadline(row.closes_at))) " · "
        (lang.consultation_answers(show::number(row.answers)))
    }
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, consultation)): Path<(String, String)>,
) -> Response {
    let page = show_one(&reader, &sources, &ledger, &consultation).await;
    layout::answer(&reader, page)
}

/// Everything about one consultation.
struct Whole {
    row: ConsultationRow,
    motions: Vec<(MotionRow, u64)>,
    names: Names,
}

fn find(view: &View<'_>, id: &AffairId) -> Result<Option<Whole>, QueryError> {
    let Some(row) = view.consultation(id)? else {
        return Ok(None);
    };
    let mut names = Names::default();
    names.body(view, &row.body)?;
    let mut motions = Vec::new();
    for motion in view.motions_resting_on(id)? {
        if let Some(row) = view.motion(&motion)? {
            names.body(view, &row.body)?;
            let received = view.votes_received(&motion)?;
            motions.push((row, received));
        }
    }
    Ok(Some(Whole {
        row,
        motions,
        names,
    }))
}

async fn show_one(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    consultation: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: AffairId = field("consultation", consultation)?;
    let told = desk.books.ask(move |view| find(view, &id)).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let whole = told.value.ok_or(Trouble::Missing)?;
    let closed = whole.row.closed.as_ref();
    let report = match closed.and_then(|closed| closed.content.as_ref()) {
        Some(content) => Some(Texts::new(&desk.books.ledger).fetch(content).await?),
        None => None,
    };
    let title = headline(&whole.row.question);
    let page = desk.page(Section::Affairs, title);
    Ok(page
        .beside(tables::of_one(
            &desk,
            &format!("/consultations/{consultation}"),
        ))
        .standing_on(standing)
        .showing(about(&desk, &whole, report.as_ref())))
}

fn about(desk: &Desk, whole: &Whole, report: Option<&Text>) -> Markup {
    let lang = desk.reader.lang;
    let row = &whole.row;
    let newest = row
        .closed
        .as_ref()
        .map_or(row.opened.index, |closed| closed.made.index);
    html! {
        h1 { (said(lang, &headline(&row.question))) }
        p.lead { (badge(desk, row)) }
        p { (until(desk, row)) }
        @if headline(&row.question) != row.question {
            h2 { (lang.consultation_question()) }
            @for paragraph in row.question.lines() { p { (said(lang, paragraph)) } }
        }
        dl {
            dt { (lang.consultation_prepares()) }
            dd {
                a href=(desk.link(&format!("/bodies/{}", row.body))) {
                    (said(lang, whole.names.of_body(&row.body)))
                }
            }
            dt { (lang.the_matter()) } dd { (said(lang, terms::matter(lang, &row.matter))) }
        }
        h2 { (lang.consultation_summary()) }
        @match &row.closed {
            Some(closed) => (outcome(desk, closed, report)),
            None => p { (lang.consultation_no_summary()) },
        }
        @if !whole.motions.is_empty() {
            h2 { (lang.consultation_motions()) }
            ul.cards {
                @for (motion, received) in &whole.motions {
                    (lists::motion(desk, &whole.names, motion, *received))
                }
            }
        }
        p { (lang.consultation_privacy()) }
        h2 { (lang.check_title()) }
        (checking::button(desk, newest, None))
    }
}

fn outcome(desk: &Desk, closed: &ClosedRow, report: Option<&Text>) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @for paragraph in closed.summary.lines() { p { (said(lang, paragraph)) } }
        @if let Some(report) = report {
            h3 { (lang.consultation_report()) }
            (history::content(desk, closed.made.index, report))
        }
        p.quiet { (desk.times.time(closed.made.at)) }
    }
}
