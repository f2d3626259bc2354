//! Decisions as an Atom feed (RFC 4287), of a whole community or of one body.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use governance::{explanation::explain, ids::BodyId};
use projector::{
    PageRequest,
    views::decisions::{DecisionFilter, DecisionRow},
};

use super::{api, desk::Desk, lang::Lang, reader::Reader, terms, xml::Xml};
use crate::{
    services::{Sources, query::field},
    status::Problem,
};

/// Decisions in a feed: more than a busy year's month.
const ENTRIES: usize = 50;

const ATOM: &str = "http://www.w3.org/2005/Atom";

pub(super) async fn of_ledger(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    respond(feed(&reader, &sources, &ledger, None).await)
}

pub(super) async fn of_body(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    body: &str,
) -> Response {
    let feed = async {
        let body: BodyId = field("body", body)?;
        feed(reader, sources, ledger, Some(body)).await
    };
    respond(feed.await)
}

fn respond(feed: Result<String, Problem>) -> Response {
    match feed {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "application/atom+xml; charset=utf-8"),
                (header::CACHE_CONTROL, "no-cache"),
                (header::VARY, "accept-language"),
            ];
            (headers, text).into_response()
        }
        Err(problem) => api::refused(&problem),
    }
}

async fn feed(
    reader: &Reader,
    sources: &Sources,
    ledger: &str,
    body: Option<BodyId>,
) -> Result<String, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let filter = DecisionFilter {
        body: body.clone(),
        ..DecisionFilter::default()
    };
    let told = desk
        .books
        .ask(move |view| {
            let page = view.decisions(&filter, &PageRequest::new(ENTRIES, ""))?;
            let name = match &filter.body {
                Some(body) => view.body(body)?.map(|row| row.name),
                None => None,
            };
            let mut rows = Vec::with_capacity(page.rows.len());
            for row in page.rows {
                let contest = if row.result.options.is_empty() {
                    None
                } else {
                    view.motion_text(&row.motion)?.and_then(|text| text.contest)
                };
                let explained = explain(&row.result, &row.title, contest.as_ref());
                rows.push((row, explained));
            }
            Ok((rows, name))
        })
        .await?;
    let (rows, name) = told.value;
    let lang = reader.lang;
    let title = match name {
        Some(name) => format!("{} · {name}", desk.info.name),
        None => desk.info.name.clone(),
    };
    let updated = rows
        .first()
        .map_or(desk.info.founded_at, |(row, _)| row.recorded_at);
    let mut xml = Xml::new();
    xml.element(
        "feed",
        &[("xmlns", ATOM), ("xml:lang", lang.tag())],
        |xml| {
            xml.text("title", &format!("{} · {title}", lang.decisions()));
            xml.text("id", &tag(&desk, reader.path()));
            xml.text("updated", &desk.times.rfc3339(updated));
            xml.empty(
                "link",
                &[("rel", "self"), ("href", &reader.absolute(reader.path()))],
            );
            let list = reader.absolute(&desk.link("/decisions"));
            xml.empty("link", &[("rel", "alternate"), ("href", &list)]);
            for (row, explained) in &rows {
                let sentence = match lang {
                    Lang::Zh => &explained.chinese,
                    Lang::En => &explained.english,
                };
                entry(xml, &desk, row, sentence);
            }
        },
    );
    Ok(xml.finish())
}

fn entry(xml: &mut Xml, desk: &Desk, row: &DecisionRow, sentence: &str) {
    let lang = desk.reader.lang;
    let within = format!("/decisions/{}", row.motion);
    let outcome = terms::outcome(lang, row.result.outcome);
    xml.element("entry", &[], |xml| {
        xml.text("title", &format!("{outcome} · {}", row.title));
        xml.text("id", &tag(desk, &desk.path(&within)));
        xml.text("updated", &desk.times.rfc3339(row.recorded_at));
        xml.element("author", &[], |xml| xml.text("name", row.body.as_str()));
        let href = desk.reader.absolute(&desk.link(&within));
        xml.empty("link", &[("rel", "alternate"), ("href", &href)]);
        xml.text("summary", sentence);
    });
}

/// A name that stays when the server moves (RFC 4151): by the ledger's origin and its founding day.
fn tag(desk: &Desk, path: &str) -> String {
    let host = desk.info.origin.split('/').next().unwrap_or_default();
    let day = desk.times.date_of(desk.info.founded_at);
    format!("tag:{host},{day}:{path}")
}
