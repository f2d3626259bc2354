//! One decision: what came of it first, then why, then everything it rests on.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{
    action::{Contest, ContestOption, Execution, Outcome},
    charter::{BallotVisibility, DecisionRule},
    charter_diff::Difference,
    explanation::{Explanation, explain_effect, explain_effects_outcome, explain_filing},
    ids::{MotionId, PowerId},
};
use maud::{Markup, html};
use projector::{
    PageRequest, QueryError, View,
    views::{
        decisions::{DecisionRow, FilingRow},
        history::HistoryRow,
        motions::TextRow,
        votes::{BallotRow, RollCallRow},
    },
};

use super::{
    checking, decisions,
    desk::Desk,
    history::{self, Item},
    lang::Lang,
    layout::{self, Page, Section, said},
    lists,
    names::Names,
    reader::Reader,
    show, tables, tally, terms,
};
use crate::{
    services::{
        Sources,
        query::{charter_changes, field, long_page},
    },
    status::Problem,
};

/// Entries of the history on the page: far more than a motion has, ballots apart.
pub(super) const HISTORY_MAX: usize = 200;

/// Lines of who voted what on the page; the file has all.
const VOTES_MAX: usize = 500;

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, motion)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger, &motion).await)
}

/// Everything about one decision.
pub(super) struct Found {
    pub(super) row: DecisionRow,
    pub(super) text: Option<TextRow>,
    changes: Vec<Difference>,
    pub(super) rule: Option<DecisionRule>,
    pub(super) names: Names,
    roll_call: Option<RollCallRow>,
    ballots: Vec<BallotRow>,
    papers: u64,
    powers: Vec<(PowerId, String)>,
    history: Vec<HistoryRow>,
}

impl Found {
    pub(super) fn contest(&self) -> Option<&Contest> {
        self.text.as_ref().and_then(|text| text.contest.as_ref())
    }

    /// Who filled the seats, by their labels.
    fn elected(&self) -> Vec<String> {
        let chosen = self
            .row
            .result
            .options
            .iter()
            .filter(|option| option.chosen);
        chosen
            .map(|option| terms::option(option.option, self.contest()))
            .collect()
    }
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
        .ok_or_else(|| Problem::no_such_decision(desk.books.id(), motion))?;
    found.names = found.names.fetch(&desk.books).await?;
    let items = history::fetch(&desk, std::mem::take(&mut found.history)).await?;
    let page = desk.page(Section::Decisions, &found.row.title);
    Ok(page
        .described(format!(
            "{} · {}",
            terms::outcome(reader.lang, found.row.result.outcome),
            sentence(&desk, &found),
        ))
        .beside(tables::of_one(&desk, &format!("/decisions/{motion}")))
        .standing_on(standing)
        .showing(body(&desk, &found, &items)))
}

pub(super) fn find(view: &View<'_>, id: &MotionId) -> Result<Option<Found>, QueryError> {
    let Some(row) = view.decision(id)? else {
        return Ok(None);
    };
    let mut names = Names::default();
    names.body(view, &row.body)?;
    if let Some(filing) = &row.filing {
        names.body(view, &filing.with)?;
    }
    let history = view.motion_history(id, &PageRequest::new(HISTORY_MAX, ""))?;
    for item in &history.rows {
        names.gather(view, &item.summary)?;
    }
    let batches = view.paper_batches(id, &PageRequest::new(HISTORY_MAX, ""))?;
    let papers = batches.rows.iter().map(|batch| batch.voters.len() as u64);
    let ballots = long_page(VOTES_MAX, "", |page| view.ballots(id, page))?;
    let text = view.motion_text(id)?;
    name_candidates(view, &mut names, text.as_ref())?;
    Ok(Some(Found {
        powers: decisions::named(view, row.powers.clone())?,
        changes: charter_changes(view, row.result.charter_version, text.as_ref())?,
        text,
        rule: view.rule_of(row.result.charter_version, &row.result.rule)?,
        roll_call: view.roll_call(id)?,
        ballots: ballots.rows,
        papers: papers.sum(),
        history: history.rows,
        names,
        row,
    }))
}

/// The outcome in one plain sentence.
pub(super) fn sentence(desk: &Desk, found: &Found) -> String {
    let lang = desk.reader.lang;
    let body = found.names.of_body(&found.row.body);
    let elected = found.elected();
    match found.row.result.outcome {
        Outcome::Adopted if !elected.is_empty() => {
            let between = match lang {
                Lang::Zh => "、",
                Lang::En => ", ",
            };
            lang.sentence_elected(body, elected.join(between))
        }
        Outcome::Adopted => lang.sentence_adopted(body),
        Outcome::Rejected => lang.sentence_rejected(body),
        Outcome::NoQuorum => lang.sentence_no_quorum(body),
        Outcome::PartlyFilled => lang.sentence_partly_filled(body),
    }
}

fn body(desk: &Desk, found: &Found, items: &[Item]) -> Markup {
    let lang = desk.reader.lang;
    let row = &found.row;
    let mut sections = vec![
        ("why", lang.why(), why(desk, found)),
        (
            "text",
            lang.the_text(),
            text(desk, found.text.as_ref(), &found.changes, &found.names),
        ),
        (
            "heard",
            lang.who_was_heard(),
            history::heard(desk, &found.names, items),
        ),
        ("votes", lang.who_voted(), who_voted(desk, found)),
        (
            "check",
            lang.check_title(),
            checking::button(desk, row.index, Some(row)),
        ),
        (
            "history",
            lang.history(),
            history::list(desk, &found.names, items),
        ),
    ];
    if let Some(filing) = &row.filing {
        sections.insert(1, ("filing", lang.filing(), filed(desk, found, filing)));
    }
    if row.result.outcome == Outcome::Adopted {
        // What residents ask next.
        let carried_out = ("carried-out", lang.carried_out(), carried_out(desk, row));
        sections.insert(1, carried_out);
    }
    html! {
        article {
            (lists::decided(&desk.reader, row))
            h1 { (said(lang, &row.title)) }
            p.lead { (said(lang, &sentence(desk, found))) }
            p { (lang.held_on(show::day(lang, row.held_on))) }
            @if let Some(overturned) = &row.overturned {
                @let how = terms::overturned(lang, overturned.by);
                p.warning role="note" {
                    (lang.overturned_on(how, desk.times.moment(overturned.recorded_at))) " "
                    (said(lang, &overturned.order))
                }
            }
            @if row.minuted { p { (lang.minuted()) } }
            @if !row.source.is_empty() { p { (lang.source(&row.source)) } }
            @if !row.source_outcome.is_empty() { p { (lang.source_says(&row.source_outcome)) } }
            (sectioned(desk, &sections))
            ul.beside {
                li { a.button href=(desk.link(&format!("/decisions/{}/notice", row.motion))) { (lang.print_form()) } }
                li { a.button href=(desk.link(&format!("/motions/{}", row.motion))) { (lang.motion_of_decision()) } }
            }
        }
    }
}

/// Sections one after the other; in large print each is folded away but the first, so that a page is about one
/// thing.
pub(super) fn sectioned(desk: &Desk, sections: &[(&str, &str, Markup)]) -> Markup {
    html! {
        @for (at, (id, title, content)) in sections.iter().enumerate() {
            @if desk.reader.large {
                details.fold id=(id) open[at == 0] {
                    summary { h2 { (title) } }
                    (content)
                }
            } @else {
                section aria-labelledby=(id) {
                    h2 id=(id) { (title) }
                    (content)
                }
            }
        }
    }
}

fn why(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let result = &found.row.result;
    html! {
        (tally::measures(lang, result))
        (tally::options(lang, result, found.contest()))
        (tally::votes(lang, result))
        @if found.papers > 0 { p { (lang.on_paper(show::number(found.papers))) } }
        @if let Some(outcome) = &result.effects {
            p { (said(lang, &explained(lang, &explain_effects_outcome(outcome)))) }
        }
        @if let Some(corrected) = &found.row.corrected {
            p {
                strong { (lang.corrected()) } " "
                a href=(desk.link(&format!("/entries/{}", corrected.index))) {
                    (lang.corrected_by(show::number(corrected.index), desk.times.moment(corrected.recorded_at)))
                }
            }
            p { (said(lang, &corrected.reason)) }
            p.quiet { (lang.corrected_first(terms::outcome(lang, corrected.first.outcome))) }
        }
        dl {
            dt { (lang.legal_basis()) }
            dd { (said(lang, &result.citation)) }
            dt { (lang.the_rule()) }
            dd {
                a href=(desk.link(&format!("/rules/{}", result.rule))) {
                    @match &found.rule {
                        Some(rule) => (said(lang, &rule.title)),
                        None => (result.rule),
                    }
                }
            }
            @if !found.powers.is_empty() {
                dt { (lang.decision_powers()) }
                dd {
                    ul {
                        @for (item, title) in &found.powers {
                            li { a href=(desk.link(&format!("/powers/{item}"))) { (said(lang, title)) } }
                        }
                    }
                }
            }
        }
    }
}

/// How far it is carried out, as whoever answers for it said last.
fn carried_out(desk: &Desk, row: &DecisionRow) -> Markup {
    let lang = desk.reader.lang;
    let Some(said_last) = &row.progress else {
        return html! { p { (lang.carried_out_unsaid()) } };
    };
    let today = desk.times.date_of(desk.books.now());
    let done = said_last.progress == Execution::Done;
    html! {
        p.lead {
            span class=(if done { "badge adopted" } else { "badge" }) {
                @if done { span aria-hidden="true" { "✓ " } }
                (terms::progress(lang, said_last.progress))
            }
        }
        p { (said(lang, &said_last.note)) }
        @if let Some(due) = said_last.due.filter(|_| !done) {
            p {
                (lang.done_by(show::day(lang, due)))
                @if due < today { " " strong { (lang.overdue()) } }
            }
        }
        p.quiet {
            a href=(desk.link(&format!("/entries/{}", said_last.index))) {
                (desk.times.time(said_last.recorded_at))
            }
        }
    }
}

/// With whom it is filed, and whether it is.
fn filed(desk: &Desk, found: &Found, filing: &FilingRow) -> Markup {
    let lang = desk.reader.lang;
    let filed = filing.filed.as_ref();
    let said_so = explain_filing(
        found.names.of_body(&filing.with),
        desk.times.last_day(filing.due_at),
        filed.map(|filed| (filed.filed_on, filed.reference.as_str())),
        &found.row.result.citation,
    );
    let late = filed.is_none() && desk.books.now() >= filing.due_at;
    html! {
        p { (said(lang, &explained(lang, &said_so))) }
        @if late && found.row.overturned.is_none() { p { strong { (lang.overdue()) } } }
        @if let Some(filed) = filed {
            p.quiet {
                a href=(desk.link(&format!("/entries/{}", filed.index))) {
                    (desk.times.time(filed.recorded_at))
                }
            }
        }
    }
}

/// The sentence in the page's language.
pub(super) fn explained(lang: Lang, explanation: &Explanation) -> String {
    match lang {
        Lang::Zh => explanation.chinese.clone(),
        Lang::En => explanation.english.clone(),
    }
}

/// What was put to the vote, and what a charter would change.
pub(super) fn text(
    desk: &Desk,
    text: Option<&TextRow>,
    changes: &[Difference],
    names: &Names,
) -> Markup {
    let lang = desk.reader.lang;
    html! {
        @if let Some(text) = text {
            @for paragraph in &text.paragraphs { p { (said(lang, paragraph)) } }
            @if !text.effects.is_empty() {
                h3 { (lang.the_effects()) }
                ul {
                    @for effect in &text.effects { li { (said(lang, &explained(lang, &explain_effect(effect)))) } }
                }
                @if !changes.is_empty() {
                    h3 { (lang.the_charter_changes()) }
                    ul {
                        @for change in changes { li { (said(lang, &explained(lang, &change.explain()))) } }
                    }
                }
            }
            @if let Some(contest) = &text.contest {
                p { (lang.seats(contest.seats, &contest.position)) }
                ul { @for option in &contest.options { li { (stands(desk, option, names)) } } }
            }
        }
    }
}

/// An option, and who stands in it: by the published name where there is one, and by the pseudonym that the seat will
/// be given to.
fn stands(desk: &Desk, option: &ContestOption, names: &Names) -> Markup {
    let lang = desk.reader.lang;
    let candidate = option.candidate.as_ref();
    let name = candidate.and_then(|candidate| names.published(candidate));
    html! {
        (said(lang, &option.label))
        @if let Some(name) = name.filter(|name| *name != option.label) { " · " (said(lang, name)) }
        @if let Some(candidate) = candidate.filter(|c| c.as_str() != option.label) {
            " · " (candidate)
        }
    }
}

/// Looks up the published names of who stands.
pub(super) fn name_candidates(
    view: &View<'_>,
    names: &mut Names,
    text: Option<&TextRow>,
) -> Result<(), QueryError> {
    let contest = text.and_then(|text| text.contest.as_ref());
    let options = contest.into_iter().flat_map(|contest| &contest.options);
    let mut candidates = options.filter_map(|option| option.candidate.as_ref());
    candidates.try_for_each(|candidate| names.person(view, candidate))
}

/// Names only where the rule makes a vote open (rules.md §7).
fn who_voted(desk: &Desk, found: &Found) -> Markup {
    let lang = desk.reader.lang;
    let visibility = found.rule.as_ref().map(|rule| rule.visibility);
    if let Some(call) = &found.roll_call {
        let lines = call.lines.iter().take(VOTES_MAX);
        let lines =
            lines.map(|(voter, mark)| (voter.as_str(), terms::mark(lang, *mark).to_owned()));
        let whole = call.lines.len() <= VOTES_MAX;
        return vote_list(desk, lines.collect(), whole);
    }
    if visibility == Some(BallotVisibility::HiddenUntilClose) && found.row.result.unopened > 0 {
        let missing = found
            .ballots
            .iter()
            .filter(|ballot| ballot.choice.is_none());
        return html! {
            p { (lang.totals_only()) }
            p { (lang.unopened(show::number(found.row.result.unopened))) }
            details.fold {
                summary { (lang.unopened_who()) }
                ul { @for ballot in missing { li { (ballot.voter) } } }
            }
        };
    }
    if visibility == Some(BallotVisibility::Open) && !found.ballots.is_empty() {
        let contest = found.contest();
        let lines = found.ballots.iter();
        let lines = lines.filter_map(|b| {
            let choice = b.choice.as_ref()?;
            Some((b.voter.as_str(), terms::choice(lang, choice, contest)))
        });
        return vote_list(desk, lines.collect(), found.ballots.len() < VOTES_MAX);
    }
    html! { p { (lang.totals_only()) } }
}

fn vote_list(desk: &Desk, lines: Vec<(&str, String)>, whole: bool) -> Markup {
    let lang = desk.reader.lang;
    html! {
        p { (lang.who_voted_intro()) }
        details.fold {
            summary { (lang.show()) }
            div.scroll tabindex="0" role="group" aria-label=(lang.who_voted()) {
                table {
                    caption { (lang.who_voted()) }
                    thead { tr { th scope="col" { (lang.voter()) } th scope="col" { (lang.vote()) } } }
                    tbody {
                        @for (voter, vote) in lines {
                            tr { th scope="row" { (voter) } td { (vote) } }
                        }
                    }
                }
            }
            @if !whole { p { (lang.more_votes()) } }
        }
    }
}
