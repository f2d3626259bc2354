//! One motion: where it stands, what is put, what was said, what happened.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{
    charter::{BallotVisibility, DecisionRule},
    charter_diff::Difference,
    ids::{AffairId, MotionId, PersonId},
};
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{
        history::HistoryRow,
        meetings::MeetingRow,
        motions::{MotionRow, MotionStatus, TextRow},
        proxies::ProxyRow,
        rolls::RollRow,
    },
};

use super::{
    affairs::headline,
    checking,
    decision::{self, HISTORY_MAX},
    desk::Desk,
    history::{self, Item},
    layout::{self, Page, Section, said},
    lists,
    names::Names,
    reader::Reader,
    show, tables, terms,
};
use crate::{
    services::{
        Sources,
        query::{charter_changes, field, long_page},
    },
    status::Problem,
};

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, motion)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger, &motion).await)
}

/// Ballots looked through for those that are not opened: a neighbourhood's.
const UNOPENED_MAX: usize = 5_000;

/// Proxies on the page; their address has them all.
const PROXIES_MAX: usize = 200;

/// Everything about one motion.
struct Found {
    row: MotionRow,
    text: Option<TextRow>,
    changes: Vec<Difference>,
    rule: Option<DecisionRule>,
    roll: Option<RollRow>,
    received: u64,
    meeting: Option<MeetingRow>,
    proxies: projector::Page<ProxyRow>,
    names: Names,
    history: Vec<HistoryRow>,
    /// What people were asked before it was tabled.
    consultation: Option<(AffairId, String)>,
    /// Of a hidden vote: whose ballots are not opened.
    unopened: Vec<PersonId>,
}

async fn show(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    motion: &str,
) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: MotionId = field("motion", motion)?;
    let told = desk.books.ask(move |view| find(view, &id)).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let mut found = told
        .value
        .ok_or_else(|| Problem::no_such_motion(desk.books.id(), motion))?;
    found.names = found.names.fetch(&desk.books).await?;
    let items = history::fetch(&desk, std::mem::take(&mut found.history)).await?;
    let page = desk.page(Section::Motions, &found.row.title);
    Ok(page
        .described(terms::status(reader.lang, found.row.status))
        .beside(tables::of_one(&desk, &format!("/motions/{motion}")))
        .standing_on(standing)
        .showing(body(&desk, &found, &items)))
}

fn find(view: &View<'_>, id: &MotionId) -> Result<Option<Found>, QueryError> {
    let Some(row) = view.motion(id)? else {
        return Ok(None);
    };
    let mut names = Names::default();
    names.body(view, &row.body)?;
    if let Some(person) = &row.tabled_by {
        names.person(view, person)?;
    }
    let history = view.motion_history(id, &PageRequest::new(HISTORY_MAX, ""))?;
    for item in &history.rows {
        names.gather(view, &item.summary)?;
    }
    let roll = row.roll.as_ref().map(|roll| view.roll(roll)).transpose()?;
    let meeting = row.meeting.as_ref().map(|id| view.meeting(id));
    let meeting = meeting.transpose()?.flatten();
    if let Some(meeting) = &meeting {
        names.body(view, &meeting.body)?;
    }
    let asked = row.consultation.as_ref();
    let asked = asked.map(|id| view.consultation(id)).transpose()?.flatten();
    let rule = view.rule_of(row.charter_version, &row.rule)?;
    let hidden = rule
        .as_ref()
        .is_some_and(|rule| rule.visibility == BallotVisibility::HiddenUntilClose);
    let unopened = if hidden && row.status == MotionStatus::Open {
        let ballots = long_page(UNOPENED_MAX, "", |page| view.ballots(id, page))?;
        let sealed = ballots
            .rows
            .into_iter()
            .filter(|ballot| ballot.choice.is_none());
        sealed.map(|ballot| ballot.voter).collect()
    } else {
        Vec::new()
    };
    let text = view.motion_text(id)?;
    decision::name_candidates(view, &mut names, text.as_ref())?;
    Ok(Some(Found {
        unopened,
        changes: charter_changes(view, row.charter_version, text.as_ref())?,
        text,
        rule,
        roll: roll.flatten(),
        received: view.votes_received(id)?,
        proxies: view.proxies(id, &PageRequest::new(PROXIES_MAX, ""))?,
        meeting,
        history: history.rows,
        consultation: asked.map(|asked| (asked.consultation, headline(&asked.question))),
        names,
        row,
    }))
}

fn body(desk: &Desk, found: &Found, items: &[Item]) -> Markup {
    let lang = desk.reader.lang;
    let row = &found.row;
    let newest = items.last().map_or(row.tabled_index, |item| item.row.index);
    let mut sections = vec![
        (
            "text",
            lang.the_text(),
            decision::text(desk, found.text.as_ref(), &found.changes, &found.names),
        ),
        (
            "heard",
            lang.who_was_heard(),
            history::heard(desk, &found.names, items),
        ),
        ("how", lang.the_rule(), rule(desk, found)),
        (
            "history",
            lang.history(),
            history::list(desk, &found.names, items),
        ),
        (
            "check",
            lang.check_title(),
            checking::button(desk, newest, None),
        ),
    ];
    if !found.proxies.rows.is_empty() {
        let list = proxies(desk, found);
        sections.insert(3, ("proxies", lang.proxies(), list));
    }
    html! {
        article {
            @match row.outcome {
                Some(outcome) => (lists::badge(&desk.reader, outcome)),
                None => span.badge { (lists::stands(desk, row)) },
            }
            h1 { (said(lang, &row.title)) }
            p.lead { (said(lang, &lang.decided_by(found.names.of_body(&row.body)))) }
            (standing(desk, found))
            (decision::sectioned(desk, &sections))
        }
    }
}

/// Deadlines and turnout, or what came of it.
fn standing(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let row = &found.row;
    html! {
        p { (lang.tabled_on(desk.times.moment(row.tabled_at))) }
        @if let Some(person) = &row.tabled_by {
            p { (said(lang, &lang.tabled_by(found.names.of_person(person)))) }
        }
        @if let Some(meeting) = &found.meeting { (in_meeting(desk, found, meeting)) }
        @if let Some((consultation, question)) = &found.consultation {
            dl {
                dt { (lang.rests_on_consultation()) }
                dd {
                a href=(desk.link(&format!("/consultations/{consultation}"))) { (said(lang, question)) }
                }
            }
        }
        @if let Some(vote) = row.vote {
            p { (lang.vote_opened(desk.times.moment(vote.opened_at))) }
            @if row.status == MotionStatus::Open {
                p.deadline { (lang.closes(desk.times.deadline(vote.closes_at))) }
            }
        }
        @if lists::is_counting(desk, row) {
            p.deadline { (lang.unopened_yet(show::number(found.unopened.len() as u64))) }
            @if !found.unopened.is_empty() {
                details.fold {
                    summary { (lang.unopened_who()) }
                    ul { @for voter in &found.unopened { li { (voter) } } }
                }
            }
        } @else if row.status == MotionStatus::Open { (turnout(desk, found)) }
        @if row.outcome.is_some() {
            p { a.button href=(desk.link(&format!("/decisions/{}", row.motion))) { (lang.see_decision()) } }
        }
    }
}

/// In which meeting it is decided, and why notice of that was short where it was.
fn in_meeting(desk: &Desk, found: &Found, meeting: &MeetingRow) -> Markup {
    let lang = desk.reader.lang;
    let notice = meeting.notice.as_ref();
    html! {
        dl {
            dt { (lang.meeting_in()) }
            dd {
                a href=(desk.link(&format!("/meetings/{}", meeting.meeting))) {
                    (said(lang, &lang.meeting_of(found.names.of_body(&meeting.body))))
                }
                " · " (desk.times.moment(meeting.starts_at))
                @if let Some(reason) = notice.and_then(|notice| notice.urgent.as_ref()) {
                    p { (said(lang, &lang.meeting_urgent(reason))) }
                }
            }
        }
    }
}

/// Who votes for whom.
fn proxies(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let proxies = &found.proxies;
    let all = format!("/motions/{}/proxies.json", found.row.motion);
    html! {
        p { (lang.proxies_intro()) }
        ul {
            @for proxy in &proxies.rows { li { (lang.proxy_of(&proxy.principal, &proxy.holder)) } }
        }
        @if proxies.next.is_some() {
            p { a.button href=(desk.path(&all)) { (lang.proxies_more()) } }
        }
    }
}

/// How many have voted; what they voted comes after the close.
fn turnout(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let live = desk.path(&format!("/motions/{}/turnout", found.row.motion));
    html! {
        div.turnout role="status" data-turnout=(live) {
            @match &found.roll {
                Some(roll) => {
                    p { (counted(&lang.received_of(BLANK, show::number(u64::from(roll.members))), found.received)) }
                    progress value=(found.received) max=(roll.members) aria-hidden="true" {}
                }
                None => p { (counted(&lang.received(BLANK), found.received)) }
            }
        }
        p { (lang.results_later()) }
        p.quiet { (lang.live_note()) }
    }
}

/// Where a number that changes stands in a text.
const BLANK: char = '\u{0}';

/// A text with the number that changes in an element of its own, for the script to find.
fn counted(text: &str, received: u64) -> Markup {
    let (before, after) = text.split_once(BLANK).unwrap_or((text, ""));
    html! { (before) strong data-count { (show::number(received)) } (after) }
}

fn rule(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @match &found.rule {
            Some(rule) => {
                p { a href=(desk.link(&format!("/rules/{}", rule.id))) { (said(lang, &rule.title)) } }
                p { (terms::visibility(lang, rule.visibility)) }
                p { (lang.legal_basis()) ": " (said(lang, &rule.citation)) }
            }
            None => p { (found.row.rule) }
        }
    }
}
