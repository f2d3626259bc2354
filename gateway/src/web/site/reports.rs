//! Year-end reports: who has reported, who has not, what residents asked and how they found it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{
    action::AssessmentLine,
    ids::{BodyId, OfficeId},
    tally,
};
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{
        bodies::BodyRow,
        offices::OfficeRow,
        reports::{QuestionRow, ReportDue, ReportFilter, ReportRow},
    },
};

use super::{
    checking,
    decisions::folded,
    desk::Desk,
    history,
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
        query::{Text, Texts, field, optional_field},
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
    name: "reports",
    section: Section::Reports,
    title: Lang::reports,
    columns: |lang| {
        vec![
            Column::of(lang.body()),
            Column::of(lang.year()),
            Column::of(lang.state()),
            Column::under(lang.day()),
            Column::of(lang.questions_answered()),
        ]
    },
    sheet: 9,
    read: |desk, wanted| Box::pin(rows(desk, wanted)),
};

async fn rows(desk: &Desk, wanted: Wanted) -> Result<Rows, Problem> {
    let (lang, filter) = (desk.reader.lang, filter(&desk.reader)?);
    let times = desk.times.clone();
    let mut names = Names::default();
    tables::ask(desk, wanted, move |view, page| {
        cells(view.reports(&filter, page)?, |row| {
            names.body(view, &row.body)?;
            let standing = Standing::of(&row);
            let at = row.filed.as_ref().map(|filed| filed.at);
            let at = at.or(row.overdue.map(|(_, due)| due));
            Ok(vec![
                names.of_body(&row.body).to_owned(),
                row.year.to_string(),
                standing.said(lang).to_owned(),
                at.map(|at| times.date_of(at).to_string())
                    .unwrap_or_default(),
                lang.of_which(answered(&row), row.questions.len()),
            ])
        })
    })
    .await
}

/// How a report stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Missing,
    Filed,
    FiledLate,
    Assessed,
}

impl Standing {
    fn of(row: &ReportRow) -> Self {
        match (&row.filed, &row.assessed) {
            (None, _) => Self::Missing,
            (Some(_), Some(_)) => Self::Assessed,
            (Some(_), None) if row.overdue.is_some() => Self::FiledLate,
            (Some(_), None) => Self::Filed,
        }
    }

    const fn said(self, lang: Lang) -> &'static str {
        match self {
            Self::Missing => lang.report_missing(),
            Self::Filed => lang.report_filed(),
            Self::FiledLate => lang.report_filed_late(),
            Self::Assessed => lang.report_assessed(),
        }
    }

    fn badge(self, lang: Lang) -> Markup {
        let (class, sign) = match self {
            Self::Missing => ("badge rejected", "✗"),
            Self::FiledLate => ("badge no-quorum", "◐"),
            Self::Filed | Self::Assessed => ("badge adopted", "✓"),
        };
        html! {
            span class=(class) { span aria-hidden="true" { (sign) " " } (self.said(lang)) }
        }
    }
}

fn answered(row: &ReportRow) -> usize {
    let answered = row.questions.iter().filter(|asked| asked.answer.is_some());
    answered.count()
}

/// The filter that an address asks for.
fn filter(reader: &Reader) -> Result<ReportFilter, Problem> {
    Ok(ReportFilter {
        body: optional_field("body", reader.parameter("body"))?,
        year: optional_field("year", reader.parameter("year"))?,
        status: lists::chosen(
            reader,
            "status",
            &terms::REPORT_STATUSES,
            terms::report_status_code,
        )?,
    })
}

/// One page of the list.
struct Found {
    rows: Vec<ReportRow>,
    due: Vec<ReportDue>,
    next: Option<String>,
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
            let page = view.reports(&filter, &page)?;
            let due = view.reports_due()?;
            let mut names = Names::default();
            for body in page.rows.iter().map(|row| &row.body) {
                names.body(view, body)?;
            }
            for expected in &due {
                names.body(view, &expected.body)?;
            }
            Ok(Found {
                rows: page.rows,
                due,
                next: page.next,
                names,
                bodies: view.bodies(&PageRequest::default())?.rows,
            })
        })
        .await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let lang = reader.lang;
    let page = desk.page(Section::Reports, lang.reports());
    Ok(page
        .described(lang.reports_intro())
        .beside(tables::of_list(&desk, &LIST, vec![tables::ics(&desk)]))
        .standing_on(standing)
        .showing(listed(&desk, &told.value)))
}

fn listed(desk: &Desk, found: &Found) -> Markup {
    let reader = &desk.reader;
    let lang = reader.lang;
    let statuses = terms::REPORT_STATUSES.iter();
    let statuses = statuses.map(|s| {
        (
            terms::report_status_code(*s),
            terms::report_status(lang, *s),
        )
    });
    let fields = html! {
        (lists::body_select(reader, &found.bodies))
        (lists::year(reader, "year", lang.year()))
        (lists::select(reader, "status", lang.state(), statuses))
    };
    html! {
        h1 { (lang.reports()) }
        p.lead { (lang.reports_intro()) }
        @if !found.due.is_empty() {
            section aria-labelledby="due" {
                h2 #due { (lang.reports_due()) }
                ul.cards {
                    @for expected in &found.due {
                        li.card {
                            p {
                                strong { (said(lang, found.names.of_body(&expected.body))) } " · "
                                (lang.report_of(expected.year))
                            }
                            p { (lang.due_by(desk.times.deadline(expected.due_at))) }
                        }
                    }
                }
            }
        }
        section aria-labelledby="filed" {
            h2 #filed { (lang.reports_so_far()) }
            (folded(reader, &lists::form(reader, &fields)))
            @if found.rows.is_empty() {
                p { (if reader.is_filtered() { lang.no_match() } else { lang.reports_none() }) }
            }
            ul.cards {
                @for row in &found.rows { (card(desk, &found.names, row)) }
            }
            (lists::pager(reader, found.next.as_deref()))
        }
    }
}

fn card(desk: &Desk, names: &Names, row: &ReportRow) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            (Standing::of(row).badge(lang))
            a.block href=(desk.link(&format!("/reports/{}/{}", row.body, row.year))) {
                (said(lang, names.of_body(&row.body))) " · " (lang.report_of(row.year))
            }
            @match (&row.filed, row.overdue) {
                (Some(filed), _) => p.quiet { (lang.filed_on(desk.times.moment(filed.at))) },
                (None, Some((_, due))) => p.quiet { (lang.was_due(desk.times.deadline(due))) },
                (None, None) => {}
            }
            @if !row.questions.is_empty() {
                p { (lang.questions_of(row.questions.len(), answered(row))) }
            }
        }
    }
}

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, body, year)): Path<(String, String, String)>,
) -> Response {
    let page = show(&reader, &sources, &ledger, &body, &year).await;
    layout::answer(&reader, page)
}

/// Everything about one report.
struct Whole {
    row: ReportRow,
    /// The seats that were assessed.
    seats: Vec<(OfficeId, Option<OfficeRow>)>,
    names: Names,
}

/// A question, its text, and that of its answer.
type Asked<'a> = (&'a QuestionRow, Text, Option<(u64, Text)>);

async fn show(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    body: &str,
    year: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let (id, of): (BodyId, u32) = (field("body", body)?, field("year", year)?);
    let told = desk.books.ask(move |view| find(view, &id, of)).await?;
    let position = desk.standing(&told.position, told.recorded_at);
    let mut whole = told.value.ok_or(Trouble::Missing)?;
    whole.names = whole.names.fetch(&desk.books).await?;
    let mut texts = Texts::new(&desk.books.ledger);
    let text = match &whole.row.filed {
        Some(filed) => Some((filed.index, texts.fetch(&filed.content).await?)),
        None => None,
    };
    let mut asked: Vec<Asked<'_>> = Vec::with_capacity(whole.row.questions.len());
    for question in &whole.row.questions {
        let answer = match &question.answer {
            Some((index, content)) => Some((*index, texts.fetch(content).await?)),
            None => None,
        };
        asked.push((question, texts.fetch(&question.content).await?, answer));
    }
    let lang = reader.lang;
    let name = whole.names.of_body(&whole.row.body);
    let title = format!("{name} · {}", lang.report_of(of));
    let main = about(&desk, &title, &whole, text.as_ref(), &asked);
    let page = desk.page(Section::Reports, title);
    Ok(page
        .beside(tables::of_one(&desk, &format!("/reports/{body}/{year}")))
        .standing_on(position)
        .showing(main))
}

fn find(view: &View<'_>, body: &BodyId, year: u32) -> Result<Option<Whole>, QueryError> {
    let Some(row) = view.report(body, year)? else {
        return Ok(None);
    };
    let mut names = Names::default();
    names.body(view, body)?;
    let mut seats = Vec::new();
    for line in row.assessed.iter().flat_map(|(_, lines)| lines) {
        let seat = view.office(&line.office)?;
        if let Some(seat) = &seat {
            names.person(view, &seat.person)?;
        }
        seats.push((line.office.clone(), seat));
    }
    Ok(Some(Whole { row, seats, names }))
}

fn about(
    desk: &Desk,
    title: &str,
    whole: &Whole,
    text: Option<&(u64, Text)>,
    asked: &[Asked<'_>],
) -> Markup {
    let lang = desk.reader.lang;
    let row = &whole.row;
    html! {
        h1 { (said(lang, title)) }
        p.lead { (Standing::of(row).badge(lang)) }
        dl {
            @if let Some(filed) = &row.filed {
                dt { (lang.when()) } dd { (lang.filed_on(desk.times.moment(filed.at))) }
            }
            @if let Some((_, due)) = row.overdue {
                dt { (lang.deadline()) } dd { (lang.was_due(desk.times.deadline(due))) }
            }
        }
        h2 { (lang.report_text()) }
        @match text {
            Some((index, text)) => (history::content(desk, *index, text)),
            None => p { (lang.report_text_none()) },
        }
        h2 { (lang.report_questions()) }
        @if asked.is_empty() { p { (lang.report_questions_none()) } }
        @for (question, words, answer) in asked { (question_and_answer(desk, question, words, answer.as_ref())) }
        h2 { (lang.report_assessment()) }
        @match &row.assessed {
            Some((_, lines)) => (assessment(desk, whole, lines)),
            None => p { (lang.report_assessment_none()) },
        }
        @let last = row.assessed.as_ref().map(|(index, _)| *index);
        @let index = last.or(row.filed.as_ref().map(|filed| filed.index)).or(row.overdue.map(|(index, _)| index));
        @if let Some(index) = index {
            h2 { (lang.check_title()) }
            (checking::button(desk, index, None))
        }
    }
}

fn question_and_answer(
    desk: &Desk,
    question: &QuestionRow,
    words: &Text,
    answer: Option<&(u64, Text)>,
) -> Markup {
    let lang = desk.reader.lang;
    html! {
        figure.statement {
            figcaption {
                strong { (lang.question()) } " · "
                a href=(desk.link(&format!("/entries/{}", question.index))) {
                    (lang.entry_number(show::number(question.index)))
                }
            }
            (history::content(desk, question.index, words))
            @match answer {
                Some((index, text)) => {
                    p {
                        strong { (lang.answer()) } " · "
                        a href=(desk.link(&format!("/entries/{index}"))) {
                            (lang.entry_number(show::number(*index)))
                        }
                    }
                    (history::content(desk, *index, text))
                }
                None => p { strong { (lang.not_answered()) } },
            }
        }
    }
}

/// How residents found each officeholder: the grade is counted by the law's own function.
fn assessment(desk: &Desk, whole: &Whole, lines: &[AssessmentLine]) -> Markup {
    let lang = desk.reader.lang;
    html! {
        div.scroll tabindex="0" role="group" aria-label=(lang.report_assessment()) {
            table {
                thead {
                    tr {
                        th scope="col" { (lang.person()) }
                        th scope="col" { (lang.grade_competent()) }
                        th scope="col" { (lang.grade_basically()) }
                        th scope="col" { (lang.grade_incompetent()) }
                        th scope="col" { (lang.outcome()) }
                    }
                }
                tbody {
                    @for line in lines {
                        tr {
                            th scope="row" { (seat(desk, whole, &line.office)) }
                            td { (line.competent) }
                            td { (line.basically_competent) }
                            td { (line.incompetent) }
                            td { (tally::grade(line).map_or("", |grade| terms::grade(lang, grade))) }
                        }
                    }
                }
            }
        }
    }
}

fn seat(desk: &Desk, whole: &Whole, office: &OfficeId) -> Markup {
    let lang = desk.reader.lang;
    let seat = whole.seats.iter().find(|(id, _)| id == office);
    let Some(row) = seat.and_then(|(_, seat)| seat.as_ref()) else {
        return html! { (office) };
    };
    html! {
        a href=(desk.link(&format!("/offices/{office}"))) {
            (said(lang, whole.names.of_person(&row.person)))
        }
        br; (said(lang, terms::role(lang, &row.role)))
    }
}
