//! The public site: what was decided, by whom, under which rule, for everybody who can read.
//!
//! Every page is made on the server from the same views that answer over gRPC, in the visitor's language, and
//! needs no script. Its address is stable for ever: `/<ledger>/<kind>/<id>`; what a visitor wishes (language,
//! large print, a filter) stands behind the question mark and is carried from page to page, so that no cookie
//! is needed. Names that no ledger can have (`/_/…`, names with a dot) are the site's own.
//!
//! What may be shown is rules.md §7: totals where a ballot is hidden, pseudonyms and never residents' names.

mod affairs;
mod api;
mod assets;
mod bodies;
mod calendar;
mod cards;
mod charter;
mod checking;
mod communities;
mod consultations;
mod decision;
mod decisions;
mod desk;
mod disclosures;
mod entries;
mod feeds;
mod head_audits;
mod history;
mod home;
mod imports;
mod issues;
mod lang;
mod layout;
mod lists;
mod live;
mod meetings;
mod motion;
mod motions;
mod names;
mod notice;
mod objections;
mod offices;
mod openapi;
mod overdue;
mod people;
mod power_changes;
mod powers;
mod reader;
mod reports;
mod sanctions;
mod search;
mod sentences;
mod show;
mod sitemap;
mod tables;
mod tally;
mod tasks;
mod terms;
mod things;
mod timeline;
mod words;
mod xml;

use axum::{
    Router,
    extract::{FromRequestParts as _, Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware,
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use reader::Reader;

use crate::{services::Sources, status::Problem};

pub(super) fn routes() -> Router<Sources> {
    Router::new()
        .route("/", get(communities::page))
        .route("/robots.txt", get(sitemap::robots))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/{ledger}", get(home::page))
        .route("/{ledger}/sitemap.xml", get(sitemap::of_ledger))
        .route("/{ledger}/calendar.ics", get(calendar::page))
        .route("/{ledger}/decisions", get(decisions::page))
        .route("/{ledger}/decisions.atom", get(feeds::of_ledger))
        .route(
            "/{ledger}/decisions/{motion}",
            api::beside(decision::page, "GetDecision"),
        )
        .route(
            "/{ledger}/decisions/{motion}/notice",
            get(notice::of_decision),
        )
        .route("/{ledger}/motions", get(motions::page))
        .route(
            "/{ledger}/motions/{motion}",
            api::beside(motion::page, "GetMotion"),
        )
        .route("/{ledger}/motions/{motion}/turnout", get(live::turnout))
        .route("/{ledger}/offices", get(offices::page))
        .route("/{ledger}/offices/{office}", get(offices::one))
        .route(
            "/{ledger}/people/{person}",
            api::beside(people::page, "GetPersonRecord"),
        )
        .route("/{ledger}/overdue", get(overdue::page))
        .route("/{ledger}/powers", get(powers::page))
        .route(
            "/{ledger}/powers/{item}",
            api::beside(powers::one, "GetPower"),
        )
        .route("/{ledger}/power-changes", get(power_changes::page))
        .route("/{ledger}/sanctions", get(sanctions::page))
        .route(
            "/{ledger}/sanctions/{case}",
            api::beside(sanctions::one, "GetSanction"),
        )
        .route("/{ledger}/reports", get(reports::page))
        .route(
            "/{ledger}/reports/{body}/{year}",
            api::beside(reports::one, "GetReport"),
        )
        .route("/{ledger}/issues", get(issues::page))
        .route(
            "/{ledger}/issues/{issue}",
            api::beside(issues::one, "GetIssue"),
        )
        .route("/{ledger}/affairs", get(affairs::page))
        .route("/{ledger}/meetings", get(meetings::page))
        .route(
            "/{ledger}/meetings/{meeting}",
            api::beside(meetings::one, "GetMeeting"),
        )
        .route("/{ledger}/consultations", get(consultations::page))
        .route(
            "/{ledger}/consultations/{consultation}",
            api::beside(consultations::one, "GetConsultation"),
        )
        .route("/{ledger}/tasks", get(tasks::page))
        .route("/{ledger}/tasks/{task}", api::beside(tasks::one, "GetTask"))
        .route("/{ledger}/disclosures", get(disclosures::page))
        .route(
            "/{ledger}/disclosures/{disclosure}",
            api::beside(disclosures::one, "GetDisclosure"),
        )
        .route(
            "/{ledger}/disclosures/{disclosure}/notice",
            get(notice::of_disclosure),
        )
        .route("/{ledger}/imports", get(imports::page))
        .route(
            "/{ledger}/imports/{record}",
            api::beside(imports::one, "GetImport"),
        )
        .route("/{ledger}/bodies", get(bodies::page))
        .route(
            "/{ledger}/bodies/{body}",
            api::beside(body_or_feed, "GetBody"),
        )
        .route("/{ledger}/rules", get(charter::page))
        .route("/{ledger}/rules/{rule}", get(charter::one))
        .route("/{ledger}/search", get(search::page))
        .route("/{ledger}/timeline", get(timeline::page))
        .route("/{ledger}/entries/{name}", get(entries::page))
        .route("/{ledger}/consistency.json", get(entries::consistency))
        .route("/{ledger}/check", get(checking::page))
        .merge(assets::routes())
        .merge(api::routes())
        .merge(tables::routes())
        .layer(middleware::map_response(guarded))
}

async fn body_or_feed(
    reader: Reader,
    sources: State<Sources>,
    Path((ledger, name)): Path<(String, String)>,
) -> Response {
    match name.strip_suffix(".atom") {
        Some(body) => feeds::of_body(&reader, &sources, &ledger, body).await,
        None => bodies::one(reader, sources, Path((ledger, name))).await,
    }
}

/// Whether a path is one of [`live`].
pub(super) fn goes_on(path: &str) -> bool {
    path.ends_with("/turnout")
}

/// A page that says why there is none for this visitor now.
pub(super) async fn refused(request: Request, problem: &Problem) -> Response {
    let (mut parts, _) = request.into_parts();
    let Ok(reader) = Reader::from_request_parts(&mut parts, &()).await;
    let page: Result<layout::Page, Problem> = Err(problem.clone());
    guarded(layout::answer(&reader, page)).await
}

/// What leads nowhere: a page that says so. A slash too many is forgiven.
pub(super) async fn missing(request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let path = parts.uri.path();
    let trimmed = path.trim_end_matches('/');
    if path.ends_with('/') && trimmed.starts_with('/') && !trimmed.starts_with("//") {
        let query = parts.uri.query().map(|query| format!("?{query}"));
        let to = format!("{trimmed}{}", query.unwrap_or_default());
        return guarded(Redirect::permanent(&to).into_response()).await;
    }
    let Ok(reader) = Reader::from_request_parts(&mut parts, &()).await;
    guarded(layout::missing(&reader)).await
}

/// What a page may do: show its own style sheet and run its own script, and nothing else from anywhere. Nothing
/// inline, so that a text that became markup could do nothing.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

async fn guarded(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
