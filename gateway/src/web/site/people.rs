//! An officeholder's record: every office, sanctions while they are named, how residents found them, how they
//! voted where votes are open by office, and what they did under the power list. Who never held an office has no
//! page: residents are nobody's business here (rules.md §7).

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{action::AssessmentLine, ids::PersonId, tally};
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{
        offices::{AsOf, OfficeRow},
        powers::PowerActRow,
        reports::ReportRow,
        sanctions::CaseStanding,
        votes::{VoteOf, VoteOfRow},
    },
};

use super::{
    checking,
    decision::sectioned,
    desk::Desk,
    layout::{self, Page, Section, Trouble, said},
    lists,
    names::Names,
    offices, powers,
    reader::Reader,
    sanctions, show, tables, terms,
};
use crate::services::{
    Sources,
    query::{combines, field, reports_of},
};

/// Votes, and acts, on the page; all of them are in its data.
const VOTES: usize = 20;
const ACTS: usize = 20;

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, person)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger, &person).await)
}

/// What is on record.
struct Found {
    person: PersonId,
    seats: Vec<OfficeRow>,
    head_and_secretary: bool,
    cases: Vec<CaseStanding>,
    reports: Vec<(ReportRow, OfficeRow)>,
    votes: Vec<VoteOfRow>,
    acts: Vec<PowerActRow>,
    more: bool,
    names: Names,
}

async fn show(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    person: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: PersonId = field("person", person)?;
    let now = desk.books.now();
    let told = desk.books.ask(move |view| find(view, id, now)).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let mut found = told.value.ok_or(Trouble::Missing)?;
    found.names = found.names.fetch(&desk.books).await?;
    let title = found.names.of_person(&found.person).to_owned();
    let main = about(&desk, &title, &found);
    let page = desk.page(Section::Offices, title);
    let within = format!("/people/{person}");
    let mut files = tables::of_one(&desk, &within);
    files.extend(
        [
            ("votes", reader.lang.votes_data()),
            ("acts", reader.lang.acts_data()),
        ]
        .map(|(part, title)| {
            let href = desk.link(&format!("{within}/{part}.json"));
            tables::file("application/json", href, title)
        }),
    );
    Ok(page.beside(files).standing_on(standing).showing(main))
}

fn find(
    view: &View<'_>,
    person: PersonId,
    now: governance::ids::Millis,
) -> Result<Option<Found>, QueryError> {
    let seats = view.offices_ever(&person)?;
    if seats.is_empty() {
        return Ok(None);
    }
    let cases = view.cases_naming(&person, AsOf::Time(now))?;
    let reports = reports_of(view, &seats)?;
    let votes = view.votes_of(&person, &PageRequest::new(VOTES, ""))?;
    let acts = view.acts_of_person(&person, &PageRequest::new(ACTS, ""))?;
    let mut names = offices::seats_names(view, &seats)?;
    for case in &cases {
        sanctions::names_of(view, &mut names, case)?;
    }
    for vote in &votes.rows {
        names.body(view, &vote.decision.body)?;
    }
    for act in &acts.rows {
        powers::names_of_act(view, &mut names, act)?;
    }
    Ok(Some(Found {
        head_and_secretary: combines(view, &person, now)?,
        more: votes.next.is_some() || acts.next.is_some(),
        votes: votes.rows,
        acts: acts.rows,
        person,
        seats,
        cases,
        reports,
        names,
    }))
}

fn about(desk: &Desk, title: &str, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let index = found.seats.iter().map(|row| {
        let ended = row.ended.as_ref().map(|end| end.index);
        ended.unwrap_or(row.assumed_index)
    });
    let latest = index.max().unwrap_or_default();
    let sections = [
        ("offices", lang.offices_held(), seats(desk, found)),
        ("sanctions", lang.sanctions(), cases(desk, found)),
        ("reports", lang.reports(), reports(desk, found)),
        ("votes", lang.votes_by_office(), votes(desk, found)),
        ("acts", lang.acts_under_powers(), acts(desk, found)),
        (
            "check",
            lang.check_title(),
            checking::button(desk, latest, None),
        ),
    ];
    html! {
        h1 { (said(lang, title)) }
        @if found.head_and_secretary { p { (lang.head_and_secretary()) } }
        (sectioned(desk, &sections))
        @if found.more { p { (lang.more_in_data()) } }
    }
}

fn seats(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    html! {
        ul.cards {
            @for row in &found.seats {
                li.card {
                    a.block href=(desk.link(&format!("/offices/{}", row.office))) {
                        (said(lang, terms::role(lang, &row.role))) " · "
                        (said(lang, found.names.of_body(&row.body)))
                    }
                    p.quiet { (offices::term(desk, row)) }
                    p.quiet { (lang.obtained()) ": " (terms::obtained(lang, row.obtained)) }
                    @if let Some(ended) = &row.ended {
                        p {
                            (terms::end_cause(lang, ended.cause)) " · "
                            (lang.ended(desk.times.moment(ended.at)))
                        }
                    }
                }
            }
        }
    }
}

fn cases(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @if found.cases.is_empty() { p { (lang.sanctions_named_none()) } }
        ul.cards {
            @for case in &found.cases { (sanctions::card(desk, &found.names, case)) }
        }
    }
}

fn reports(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @if found.reports.is_empty() { p { (lang.reports_none()) } }
        ul.cards {
            @for (report, office) in &found.reports {
                li.card {
                    a.block href=(desk.link(&format!("/reports/{}/{}", report.body, report.year))) {
                        (said(lang, found.names.of_body(&report.body))) " · " (lang.report_of(report.year))
                    }
                    @match line(report, office) {
                        Some(line) => (assessed(desk, line)),
                        None => p.quiet { (lang.report_assessment_none()) },
                    }
                }
            }
        }
    }
}

/// How the holder of an office was assessed with a report.
fn line<'a>(report: &'a ReportRow, office: &OfficeRow) -> Option<&'a AssessmentLine> {
    let mut lines = report.assessed.iter().flat_map(|(_, lines)| lines);
    lines.find(|line| line.office == office.office)
}

fn assessed(desk: &Desk, line: &AssessmentLine) -> Markup {
    let lang = desk.reader.lang;
    let marks = [
        (lang.grade_competent(), line.competent),
        (lang.grade_basically(), line.basically_competent),
        (lang.grade_incompetent(), line.incompetent),
    ];
    html! {
        @if let Some(grade) = tally::grade(line) {
            p { (lang.assessed_as()) " " strong { (terms::grade(lang, grade)) } }
        }
        p.quiet {
            @for (at, (grade, count)) in marks.into_iter().enumerate() {
                @if at > 0 { " · " }
                (grade) " " (show::number(u64::from(count)))
            }
        }
    }
}

fn votes(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    html! {
        p { (lang.votes_by_office_intro()) }
        ul.cards {
            @for row in &found.votes {
                @let decision = &row.decision;
                li.card {
                    (lists::decided(&desk.reader, decision))
                    a.block href=(desk.link(&format!("/decisions/{}", decision.motion))) {
                        (said(lang, &decision.title))
                    }
                    p {
                        (lang.vote()) ": "
                        strong {
                            (match &row.vote {
                                VoteOf::Marked(mark) => terms::mark(lang, *mark).to_owned(),
                                VoteOf::Cast(choice) => terms::choice(lang, choice, None),
                            })
                        }
                    }
                    p.quiet {
                        (said(lang, found.names.of_body(&decision.body))) " · "
                        (show::day(lang, decision.held_on))
                    }
                }
            }
        }
    }
}

fn acts(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @if found.acts.is_empty() { p { (lang.acts_none()) } }
        ul.cards {
            @for act in &found.acts { (powers::act_card(desk, &found.names, act)) }
        }
    }
}
