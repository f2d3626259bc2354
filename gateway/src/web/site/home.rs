//! A community's first page: what is open for a voice now, what was decided last.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::Millis;
use maud::{Markup, html};
use projector::{
    Page as Rows, PageRequest, QueryError, View,
    views::{
        consultations::{ConsultationFilter, ConsultationRow, ConsultationStatus},
        decisions::{DecisionFilter, DecisionRow},
        disclosures::{DisclosureFilter, DisclosureRow},
        meetings::MeetingRow,
        motions::{MotionFilter, MotionRow, MotionStatus},
        overdue::DutyFilter,
    },
};

use super::{
    consultations,
    desk::Desk,
    disclosures,
    lang::Lang,
    layout::{self, Page, Section},
    lists, meetings,
    names::Names,
    overdue::{self, Item},
    reader::Reader,
    tables,
};
use crate::{services::Sources, status::Problem};

/// Decisions and motions of each kind on the page.
const LATEST: usize = 5;

/// Duties overdue on the page.
const OVERDUE: usize = 3;

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger).await)
}

/// What the page shows.
struct Found {
    open: Vec<(MotionRow, u64)>,
    tabled: Vec<(MotionRow, u64)>,
    decisions: Vec<DecisionRow>,
    meetings: Vec<MeetingRow>,
    overdue: Rows<Item>,
    asked: Vec<ConsultationRow>,
    hanging: Vec<DisclosureRow>,
    names: Names,
}

async fn show(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let (lang, now) = (reader.lang, desk.books.now());
    let told = desk.books.ask(move |view| find(view, lang, now)).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let main = if reader.large {
        large(&desk, &told.value)
    } else {
        standard(&desk, &told.value)
    };
    let page = desk.page(Section::Home, reader.lang.home_title());
    Ok(page
        .described(reader.lang.home_described(&desk.info.name))
        .beside(tables::of_community(&desk))
        .standing_on(standing)
        .showing(main))
}

fn find(view: &View<'_>, lang: Lang, now: Millis) -> Result<Found, QueryError> {
    let mut names = Names::default();
    let decisions = view.decisions(&DecisionFilter::default(), &PageRequest::new(LATEST, ""))?;
    for row in &decisions.rows {
        names.body(view, &row.body)?;
    }
    let meetings = view.meetings_from(now, &PageRequest::new(LATEST, ""))?;
    for row in &meetings.rows {
        names.body(view, &row.body)?;
    }
    let asked = ConsultationFilter {
        status: Some(ConsultationStatus::Open),
        ..ConsultationFilter::default()
    };
    let asked = view.consultations(&asked, now, &PageRequest::new(LATEST, ""))?;
    let hanging = DisclosureFilter {
        hanging_on: Some(view.utc_offsets()?.date_of(now)),
        ..DisclosureFilter::default()
    };
    let hanging = view.disclosures(&hanging, &PageRequest::new(LATEST, ""))?;
    let bodies = asked.rows.iter().map(|row| &row.body);
    for body in bodies.chain(hanging.rows.iter().map(|row| &row.body)) {
        names.body(view, body)?;
    }
    let (every, first) = (DutyFilter::default(), PageRequest::new(OVERDUE, ""));
    Ok(Found {
        overdue: overdue::longest(view, lang, &mut names, now, &every, &first)?,
        asked: asked.rows,
        hanging: hanging.rows,
        meetings: meetings.rows,
        open: motions(view, MotionStatus::Open, &mut names)?,
        tabled: motions(view, MotionStatus::Tabled, &mut names)?,
        decisions: decisions.rows,
        names,
    })
}

fn motions(
    view: &View<'_>,
    status: MotionStatus,
    names: &mut Names,
) -> Result<Vec<(MotionRow, u64)>, QueryError> {
    let filter = MotionFilter {
        status: Some(status),
        ..MotionFilter::default()
    };
    let page = view.motions(&filter, &PageRequest::new(LATEST, ""))?;
    let received = |row: MotionRow| {
        names.body(view, &row.body)?;
        let received = view.votes_received(&row.motion)?;
        Ok((row, received))
    };
    page.rows.into_iter().map(received).collect()
}

fn standard(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    html! {
        h1 { (lang.home_title()) }
        section aria-labelledby="open" {
            h2 #open { (lang.open_now()) }
            (motion_list(desk, found, &found.open, lang.open_none()))
        }
        @if !found.tabled.is_empty() {
            section aria-labelledby="tabled" {
                h2 #tabled { (lang.prepared()) }
                (motion_list(desk, found, &found.tabled, lang.prepared_none()))
            }
        }
        @if !found.asked.is_empty() {
            section aria-labelledby="asked" {
                h2 #asked { (lang.consultations_open()) }
                ul.cards { @for row in &found.asked { (consultations::card(desk, &found.names, row)) } }
            }
        }
        @if !found.overdue.rows.is_empty() {
            section aria-labelledby="overdue" {
                h2 #overdue { (lang.overdue_duties()) }
                ul.cards { @for item in &found.overdue.rows { (overdue::card(desk, &found.names, item)) } }
                @if found.overdue.next.is_some() {
                    p { a.button href=(desk.link("/overdue")) { (lang.all_overdue()) } }
                }
            }
        }
        @if !found.meetings.is_empty() {
            section aria-labelledby="meetings" {
                h2 #meetings { (lang.meetings_coming()) }
                ul.cards { @for row in &found.meetings { (meetings::card(desk, &found.names, row)) } }
                p { a.button href=(desk.link("/meetings")) { (lang.see_all_of(lang.meetings())) } }
            }
        }
        @if !found.hanging.is_empty() {
            section aria-labelledby="hanging" {
                h2 #hanging { (lang.disclosures_hanging()) }
                ul.cards { @for row in &found.hanging { (disclosures::card(desk, &found.names, row)) } }
            }
        }
        section aria-labelledby="decided" {
            h2 #decided { (lang.latest_decisions()) }
            @if found.decisions.is_empty() { p { (lang.decisions_none()) } }
            ul.cards {
                @for row in &found.decisions { (lists::decision(desk, &found.names, row)) }
            }
            p { a.button href=(desk.link("/decisions")) { (lang.all_decisions()) } }
        }
    }
}

fn motion_list(desk: &Desk, found: &Found, rows: &[(MotionRow, u64)], none: &str) -> Markup {
    html! {
        @if rows.is_empty() { p { (none) } }
        ul.cards {
            @for (row, received) in rows {
                (lists::motion(desk, &found.names, row, *received))
            }
        }
    }
}

/// One thing a page: in large print, the first page is a choice of pages.
fn large(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let ways = [
        (
            "/motions?status=open",
            lang.open_now(),
            Some(found.open.len()),
        ),
        ("/decisions", lang.latest_decisions(), None),
        (
            "/consultations?status=open",
            lang.consultations_open(),
            Some(found.asked.len()),
        ),
        ("/disclosures", lang.disclosures(), None),
        ("/overdue", lang.overdue_duties(), None),
        ("/issues", lang.issues(), None),
        ("/offices", lang.officeholders(), None),
        ("/check", lang.how_to_check_long(), None),
    ];
    html! {
        h1 { (lang.home_title()) }
        ul.ways {
            @for (within, words, count) in ways {
                @let (within, status) = within.split_once("?status=").unwrap_or((within, ""));
                li {
                    a.button href=(desk.link_with(within, &[("status", status)])) {
                        (words)
                        @if let Some(count) = count { " (" (count) ")" }
                    }
                }
            }
        }
    }
}
