//! Finding public texts: what was put, said, reported, asked, raised and done, in Chinese and English.

use axum::{
    extract::{Path, State},
    response::Response,
};
use governance::ids::{AffairId, BodyId, IssueId, OfficeId, PowerId};
use maud::{Markup, html};
use projector::{QueryError, View, views::offices::AsOf};
use proto::v1::{self, TextKind};

use super::{
    affairs,
    desk::Desk,
    issues,
    layout::{self, Page, Section, said},
    lists,
    reader::Reader,
    tables, terms,
};
use crate::{
    services::{Sources, query::search},
    status::Problem,
};

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger).await)
}

async fn show(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let lang = reader.lang;
    let wanted = reader.parameter("query");
    let page = desk.page(Section::Elsewhere, lang.search());
    let page = page.described(lang.search_intro());
    if wanted.is_empty() {
        let main = html! {
            (head(reader))
            p { (lang.search_hint()) }
        };
        return Ok(page.showing(main));
    }
    let kind = lists::chosen(reader, "kind", &terms::TEXT_KINDS, terms::text_kind_code)?;
    let request = v1::SearchRequest {
        ledger: ledger.to_owned(),
        query: wanted.to_owned(),
        kind: kind.map_or(0, Into::into),
        page_token: reader.parameter("page").to_owned(),
        ..v1::SearchRequest::default()
    };
    let answer = search(&desk.books, &sources.searches, request).await?;
    let hits = titled(&desk, answer.hits).await?;
    let data = desk.link_with("/search.json", &[("query", wanted)]);
    let data = tables::file("application/json", data, lang.json());
    let next = Some(answer.next_page_token.as_str()).filter(|next| !next.is_empty());
    let main = html! {
        (head(reader))
        @if hits.is_empty() { p role="status" { (lang.search_none(wanted)) } }
        ul.cards {
            @for (title, hit) in &hits { (card(&desk, title, hit)) }
        }
        (lists::pager(reader, next))
    };
    Ok(page.beside(vec![data]).showing(main))
}

/// The heading, and the form that asks again.
fn head(reader: &Reader) -> Markup {
    let lang = reader.lang;
    let kinds = terms::TEXT_KINDS.iter();
    let kinds = kinds.map(|kind| (terms::text_kind_code(*kind), terms::text_kind(lang, *kind)));
    let fields = html! {
        label {
            span { (lang.search_words()) }
            input type="search" name="query" maxlength="200" required value=(reader.parameter("query"));
        }
        (lists::select(reader, "kind", lang.issue_kind(), kinds))
    };
    html! {
        h1 { (lang.search()) }
        search { (lists::form_with(reader, &fields, lang.search())) }
    }
}

/// Each hit with what the thing it is about is called.
async fn titled(
    desk: &Desk,
    hits: Vec<v1::SearchHit>,
) -> Result<Vec<(String, v1::SearchHit)>, Problem> {
    let now = AsOf::Time(desk.books.now());
    let told = desk.books.ask(move |view| {
        let title = |hit: v1::SearchHit| {
            let title = title(view, now, &hit)?;
            Ok((title.unwrap_or_else(|| hit.subject.clone()), hit))
        };
        hits.into_iter().map(title).collect()
    });
    Ok(told.await?.value)
}

fn title(view: &View<'_>, now: AsOf, hit: &v1::SearchHit) -> Result<Option<String>, QueryError> {
    let subject = hit.subject.as_str();
    match hit.kind() {
        _ if !hit.title.is_empty() => Ok(Some(hit.title.clone())),
        TextKind::Issue => {
            let issue = IssueId::new(subject).ok();
            let row = issue.map(|issue| view.issue(&issue)).transpose()?;
            Ok(row.flatten().map(|row| issues::headline(&row)))
        }
        TextKind::Power => {
            let item = PowerId::new(subject).ok();
            let found = item.map(|item| view.power(&item, now)).transpose()?;
            let standing = found.flatten().and_then(|(_, standing)| standing);
            Ok(standing.map(|standing| standing.terms.title))
        }
        TextKind::Consultation | TextKind::Task | TextKind::Disclosure | TextKind::Record => {
            let affair = AffairId::new(subject).ok();
            let found = affair.map(|affair| affairs::find(view, &affair));
            Ok(found.transpose()?.flatten().map(|(_, title)| title))
        }
        TextKind::Body | TextKind::Report | TextKind::Question => {
            let body = BodyId::new(subject).ok();
            let row = body.map(|body| view.body(&body)).transpose()?;
            Ok(row.flatten().map(|row| row.name))
        }
        TextKind::HeadAudit => {
            let office = OfficeId::new(subject).ok();
            let row = office.map(|office| view.office(&office)).transpose()?;
            let body = row.flatten().map(|row| view.body(&row.body)).transpose()?;
            Ok(body.flatten().map(|row| row.name))
        }
        _ => Ok(None),
    }
}

fn card(desk: &Desk, title: &str, hit: &v1::SearchHit) -> Markup {
    let lang = desk.reader.lang;
    html! {
        li.card {
            span.badge { (terms::text_kind(lang, hit.kind())) }
            a.block href=(desk.link(&within(hit))) { (said(lang, title)) }
            p {
                @for part in &hit.snippet {
                    @if part.wanted { mark { (said(lang, &part.text)) } } @else { (said(lang, &part.text)) }
                }
            }
            p.quiet { (desk.times.time(governance::ids::Millis(hit.recorded_at_ms))) }
        }
    }
}

/// Where more is told of it: its page, or the entry with the text.
fn within(hit: &v1::SearchHit) -> String {
    let (subject, index) = (&hit.subject, hit.index);
    match hit.kind() {
        TextKind::Motion | TextKind::Progress => format!("/motions/{subject}"),
        TextKind::Issue => format!("/issues/{subject}"),
        TextKind::Power => format!("/powers/{subject}"),
        TextKind::Body => format!("/bodies/{subject}"),
        TextKind::Consultation => format!("/consultations/{subject}"),
        TextKind::Task => format!("/tasks/{subject}"),
        TextKind::Disclosure => format!("/disclosures/{subject}"),
        TextKind::Record => format!("/imports/{subject}"),
        TextKind::HeadAudit => format!("/offices/{subject}"),
        TextKind::Statement | TextKind::Report | TextKind::Question | TextKind::Unspecified => {
            format!("/entries/{index}")
        }
    }
}
