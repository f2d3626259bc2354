//! Meetings: who called them, how notice was given, how many came, and what was put to the vote in one.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::MeetingId;
use maud::{Markup, html};
use projector::{
    PAGE_SIZE_MAX, PageRequest, QueryError, View,
    views::{
        bodies::BodyRow,
        meetings::{AttendanceRow, MeetingFilter, MeetingRow, MeetingStatus},
        motions::{MotionFilter, MotionRow},
    },
};

use super::{
    cards::Cards,
    checking,
    desk::Desk,
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
    name: "meetings",
    section: Section::Affairs,
    title: Lang::meetings,
    columns: |lang| {
        vec![
            Column::in_files(lang.number()),
            Column::of(lang.meeting_whose()),
            Column::of(lang.meeting_begins()),
            Column::under(lang.meeting_place()),
            Column::of(lang.state()),
            Column::in_files(lang.meeting_by()),
            Column::of(lang.meeting_came()),
        ]
    },
    sheet: 7,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

/// Its page.
const CARDS: Cards<MeetingRow> = Cards {
    list: &LIST,
    intro: Lang::meetings_intro,
    none: Lang::meetings_none,
    read: |desk| {
        let filter = filter(&desk.reader)?;
        Ok(Box::new(move |view, page| view.meetings(&filter, page)))
    },
    name: names_of,
    fields,
    card,
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let lang = desk.reader.lang;
    let times = desk.times.clone();
    let cells = move |names: &Names, row: MeetingRow| {
        let convener = row.convened_by.as_ref().map(|body| names.of_body(body));
        let came = row.attendance.as_ref();
        vec![
            row.meeting.to_string(),
            names.of_body(&row.body).to_owned(),
            times.moment(row.starts_at),
            row.place.clone(),
            terms::meeting_status(lang, row.status()).to_owned(),
            convener.unwrap_or_default().to_owned(),
            came.map(|came| came.present.to_string())
                .unwrap_or_default(),
        ]
    };
    CARDS.rows(desk, wanted, cells).await
}

/// Looks up whose it is, and who called it.
fn names_of(view: &View<'_>, names: &mut Names, row: &MeetingRow) -> Result<(), QueryError> {
    if let Some(convener) = &row.convened_by {
        names.body(view, convener)?;
    }
    names.body(view, &row.body)
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<MeetingFilter, Problem> {
    Ok(MeetingFilter {
        body: optional_field("body", reader.parameter("body"))?,
        status: lists::chosen(
            reader,
            "status",
            &terms::MEETING_STATUSES,
            terms::meeting_status_code,
        )?,
    })
}

fn fields(reader: &Reader, bodies: &[BodyRow]) -> Markup {
    let lang = reader.lang;
    let statuses = terms::MEETING_STATUSES.iter();
    let statuses = statuses.map(|s| {
        (
            terms::meeting_status_code(*s),
            terms::meeting_status(lang, *s),
        )
    });
    html! {
        (lists::select(reader, "status", lang.state(), statuses))
        (lists::body_select(reader, bodies))
    }
}

fn badge(lang: Lang, row: &MeetingRow) -> Markup {
    let (class, sign) = match row.status() {
        MeetingStatus::Convened | MeetingStatus::Noticed => ("badge no-quorum", "◐"),
        MeetingStatus::Attended => ("badge adopted", "●"),
        MeetingStatus::Closed => ("badge", "✓"),
    };
    html! {
        span class=(class) {
            span aria-hidden="true" { (sign) " " }
            (terms::meeting_status(lang, row.status()))
        }
    }
}

/// A meeting in a list.
pub(super) fn card(desk: &Desk, names: &Names, row: &MeetingRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            (badge(lang, row))
            a.block href=(desk.link(&format!("/meetings/{}", row.meeting))) {
                (said(lang, &lang.meeting_of(names.of_body(&row.body))))
            }
            p { (said(lang, &lang.meeting_at(desk.times.moment(row.starts_at), &row.place))) }
        }
    }
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, meeting)): Path<(String, String)>,
) -> Response {
    layout::answer(
        &reader,
        show_one(&reader, &sources, &ledger, &meeting).await,
    )
}

/// Everything about one meeting.
struct Whole {
    row: MeetingRow,
    /// What its rule is called.
    rule: Option<String>,
    motions: Vec<(MotionRow, u64)>,
    /// How many lines the roll has by which attendance was taken.
    roll_members: u64,
    names: Names,
}

fn find(view: &View<'_>, id: &MeetingId) -> Result<Option<Whole>, QueryError> {
    let Some(row) = view.meeting(id)? else {
        return Ok(None);
    };
    let mut names = Names::default();
    names_of(view, &mut names, &row)?;
    let of_it = MotionFilter {
        meeting: Some(id.clone()),
        ..MotionFilter::default()
    };
    let mut motions = Vec::new();
    for motion in view
        .motions(&of_it, &PageRequest::new(PAGE_SIZE_MAX, ""))?
        .rows
    {
        names.body(view, &motion.body)?;
        let received = view.votes_received(&motion.motion)?;
        motions.push((motion, received));
    }
    let came = row.attendance.as_ref();
    let roll = came
        .map(|came| view.roll(&came.roll))
        .transpose()?
        .flatten();
    let rule = view.rule_of(row.charter_version, &row.rule)?;
    Ok(Some(Whole {
        rule: rule.map(|rule| rule.title),
        roll_members: roll.map_or(0, |roll| u64::from(roll.members)),
        row,
        motions,
        names,
    }))
}

async fn show_one(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    meeting: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: MeetingId = field("meeting", meeting)?;
    let told = desk.books.ask(move |view| find(view, &id)).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let whole = told.value.ok_or(Trouble::Missing)?;
    let title = reader.lang.meeting_of(whole.names.of_body(&whole.row.body));
    let page = desk.page(Section::Affairs, title);
    Ok(page
        .beside(tables::of_one(&desk, &format!("/meetings/{meeting}")))
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
    html! {
        h1 { (said(lang, &lang.meeting_of(names.of_body(&row.body)))) }
        p.lead { (badge(lang, row)) }
        dl {
            dt { (lang.meeting_begins()) } dd { (desk.times.moment(row.starts_at)) }
            dt { (lang.meeting_place()) } dd { (said(lang, &row.place)) }
            dt { (lang.meeting_whose()) } dd { (body(&row.body)) }
            @if let Some(convener) = &row.convened_by {
                dt { (lang.meeting_by()) }
                dd { (body(convener)) " · " (desk.times.time(row.convened.at)) }
            }
            @if row.petitioners > 0 {
                dt { (lang.meeting_asked()) }
                dd { (lang.meeting_petition(show::number(u64::from(row.petitioners)))) }
            }
            @if let Some(notice) = &row.notice {
                dt { (lang.meeting_notice()) }
                dd {
                    (desk.times.time(notice.given.at))
                    @if let Some(reason) = &notice.urgent {
                        p { (said(lang, &lang.meeting_urgent(reason))) }
                    }
                }
            }
            @if let Some(came) = &row.attendance {
                dt { (lang.meeting_came()) } dd { (attended(lang, came, whole.roll_members)) }
            }
            @if let Some(closed) = row.closed {
                dt { (lang.meeting_closed_at()) } dd { (desk.times.time(closed.at)) }
            }
            dt { (lang.the_rule()) }
            dd {
                a href=(desk.link(&format!("/rules/{}", row.rule))) {
                    (said(lang, whole.rule.as_deref().unwrap_or(row.rule.as_str())))
                }
            }
        }
        h2 { (lang.meeting_motions()) }
        @if whole.motions.is_empty() { p { (lang.meeting_no_motions()) } }
        ul.cards {
            @for (motion, received) in &whole.motions {
                (lists::motion(desk, names, motion, *received))
            }
        }
        h2 { (lang.check_title()) }
        (checking::button(desk, row.newest(), None))
    }
}

fn attended(lang: Lang, came: &AttendanceRow, roll_members: u64) -> String {
    let present = show::number(u64::from(came.present));
    let came_of = lang.meeting_came_of(present, show::number(roll_members));
    match came.guests {
        0 => came_of,
        guests => format!("{came_of} · {}", lang.meeting_guests(guests)),
    }
}
