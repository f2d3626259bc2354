//! The rules: what it takes for each decision, in plain words.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::{
    charter::{ApprovalBase, Charter, DecisionRule, Measure, MeasureKind, QuorumBase},
    ids::RuleId,
};
use maud::{Markup, html};

use super::{
    desk::Desk,
    lang::Lang,
    layout::{self, Page, Section, Trouble, said},
    names::Names,
    reader::Reader,
    show, terms,
};
use crate::{
    services::{
        Sources,
        query::{Told, field},
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

pub(super) async fn one(
    reader: Reader,
    State(sources): State<Sources>,
    Path((ledger, rule)): Path<(String, String)>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger, &rule).await)
}

/// The charter and the names of the bodies in it.
async fn charter(desk: &Desk) -> Result<Told<(Charter, Names)>, Problem> {
    desk.books
        .ask(|view| {
            let charter = view.charter()?;
            let mut names = Names::default();
            for rule in &charter.rules {
                names.body(view, &rule.body)?;
                let filed_with = rule.filing.iter().map(|filing| &filing.with);
                let participants = rule.prerequisites.participants.iter();
                for body in participants.chain(&rule.tabled_by).chain(filed_with) {
                    names.body(view, body)?;
                }
            }
            Ok((charter, names))
        })
        .await
}

async fn list(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let told = charter(&desk).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (charter, names) = told.value;
    let lang = reader.lang;
    let main = html! {
        h1 { (lang.rules()) }
        p.lead { (lang.rules_intro()) }
        p { (said(lang, &charter.title)) " · " (lang.charter_version(charter.version)) }
        ul.cards {
            @for rule in &charter.rules {
                li.card {
                    a.block href=(desk.link(&format!("/rules/{}", rule.id))) { (said(lang, &rule.title)) }
                    p { (said(lang, names.of_body(&rule.body))) }
                    @for measure in &rule.measures { p.quiet { (approval(lang, rule, measure)) } }
                }
            }
        }
    };
    let page = desk.page(Section::Rules, lang.rules());
    Ok(page
        .described(lang.rules_intro())
        .standing_on(standing)
        .showing(main))
}

async fn show(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    rule: &str,
) -> Result<Page, Trouble> {
    let desk = Desk::open(sources, ledger, reader)?;
    let id: RuleId = field("rule", rule)?;
    let told = charter(&desk).await?;
    let standing = desk.standing(&told.position, told.recorded_at);
    let (charter, names) = told.value;
    let rule = charter.rule(&id).ok_or(Trouble::Missing)?;
    let page = desk.page(Section::Rules, &rule.title);
    Ok(page
        .described(&rule.citation)
        .standing_on(standing)
        .showing(explained(&desk, &names, rule)))
}

fn explained(desk: &Desk, names: &Names, rule: &DecisionRule) -> Markup {
    let lang = desk.reader.lang;
    html! {
        h1 { (said(lang, &rule.title)) }
        h2 { (lang.rule_who()) }
        p {
            a.block href=(desk.link(&format!("/bodies/{}", rule.body))) {
                (said(lang, names.of_body(&rule.body)))
            }
        }
        h2 { (lang.rule_quorum()) }
        @for measure in &rule.measures { p { (quorum(lang, rule, measure)) } }
        h2 { (lang.rule_approval()) }
        @for measure in &rule.measures { p { (approval(lang, rule, measure)) } }
        @if rule.measures.len() > 1 { p { (lang.both_needed()) } }
        h2 { (lang.rule_how()) }
        ul {
            li { (terms::visibility(lang, rule.visibility)) }
            @for condition in conditions(lang, names, rule) { li { (condition) } }
        }
        h2 { (lang.legal_basis()) }
        p { (said(lang, &rule.citation)) }
        p { (lang.in_force_from(show::day(lang, rule.law_in_force_from))) }
    }
}

fn quorum(lang: Lang, rule: &DecisionRule, measure: &Measure) -> String {
    let base = match rule.quorum_base {
        QuorumBase::Participating => lang.took_part_of(),
        QuorumBase::Attending => lang.attended_of(),
    };
    let needed = format!("{base} {}", show::threshold(lang, measure.quorum));
    measured(lang, measure.kind, &needed)
}

fn approval(lang: Lang, rule: &DecisionRule, measure: &Measure) -> String {
    let base = match rule.approval_base {
        ApprovalBase::Eligible => lang.base_eligible(),
        ApprovalBase::Participating => lang.base_participating(),
        ApprovalBase::Attending => lang.base_attending(),
        ApprovalBase::ForAndAgainst => lang.base_for_and_against(),
    };
    let part = show::threshold(lang, measure.approval);
    let needed = match lang {
        Lang::Zh => format!("{base}{part}"),
        Lang::En => format!("{part} {base}"),
    };
    measured(lang, measure.kind, &needed)
}

fn measured(lang: Lang, kind: MeasureKind, needed: &str) -> String {
    match kind {
        MeasureKind::Heads => lang.quorum_heads(needed),
        MeasureKind::Area => lang.quorum_area(needed),
    }
}

/// What else a rule asks for, in the order it happens.
fn conditions(lang: Lang, names: &Names, rule: &DecisionRule) -> Vec<String> {
    let mut told = Vec::new();
    let before = &rule.prerequisites;
    let mut days = |n: u32, words: fn(Lang, u32) -> String| {
        if n > 0 {
            told.push(words(lang, n));
        }
    };
    days(rule.notice_days_min, Lang::rule_notice);
    days(rule.deliberation_days_min, Lang::rule_deliberation);
    days(rule.roll_posted_days_min, Lang::rule_roll_posted);
    days(before.expert_opinions_min, Lang::rule_experts);
    if !before.participants.is_empty() {
        let bodies = before.participants.iter();
        let bodies: Vec<_> = bodies.map(|body| names.of_body(body)).collect();
        let bodies = bodies.join(lang.list_separator());
        told.push(lang.rule_participants(bodies, before.participant_days_min));
    }
    if !before.statements_from.is_empty() {
        let kinds = before.statements_from.iter();
        let kinds: Vec<_> = kinds.map(|kind| terms::body_kind(lang, *kind)).collect();
        told.push(lang.rule_statements(kinds.join(", ")));
    }
    if before.party_discussion {
        told.push(lang.rule_party().to_owned());
    }
    if before.consultation {
        told.push(lang.rule_consultation().to_owned());
    }
    told.push(window(lang, rule));
    told.push(match rule.proxies_per_holder_max {
        0 => lang.rule_no_proxies().to_owned(),
        n => lang.rule_proxies(n),
    });
    if !rule.tabled_by.is_empty() {
        let bodies = rule.tabled_by.iter().map(|body| names.of_body(body));
        let bodies: Vec<_> = bodies.collect();
        told.push(lang.rule_tabled_by(bodies.join(lang.list_separator())));
    }
    if let Some(petition) = rule.petition {
        told.push(lang.rule_petition(show::threshold(lang, petition)));
    }
    if let Some(beside) = &rule.petition_beside {
        let threshold = show::threshold(lang, beside.threshold);
        told.push(lang.rule_petition_beside(threshold, &beside.body));
    }
    if let Some(filing) = &rule.filing {
        let with = names.of_body(&filing.with);
        told.push(lang.rule_filing(with, filing.days));
    }
    if rule.recused_leave_denominator {
        told.push(lang.rule_recused().to_owned());
    }
    if rule.more_candidates_than_seats {
        told.push(lang.rule_more_candidates().to_owned());
    }
    if let Some(run_off) = rule.run_off {
        told.push(lang.rule_run_off(show::threshold(lang, run_off)));
    }
    told
}

fn window(lang: Lang, rule: &DecisionRule) -> String {
    let most = show::lasting(lang, rule.voting_window_ms_max);
    match rule.voting_window_ms_min {
        0 => lang.rule_window_most(most),
        least => lang.rule_window(show::lasting(lang, least), most),
    }
}
