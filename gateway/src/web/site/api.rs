//! The public queries as JSON at stable addresses: the same answers as over gRPC, in the protobuf JSON mapping.
//! Parameters are the fields of the request.

mod registers;

pub(super) use registers::body;

use std::future::Future;

use axum::{
    Json, Router,
    extract::{Path, RawQuery, State},
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use prost::{Message, Name};
use proto::v1::{self, query_service_server::QueryService as _};
use serde_json::json;
use tonic::{Request, Status};

use super::{layout::status_of, openapi};
use crate::{
    services::{Query, Sources},
    status::Problem,
};

/// A query at an address.
pub(super) struct Endpoint {
    /// Where, `{…}` standing for a field of the request.
    pub(super) path: &'static str,
    /// The method of `governance.v1.QueryService`.
    pub(super) method: &'static str,
    /// Fields of the request that the address does not take: pages of names and lines.
    pub(super) without: &'static [&'static str],
}

/// All of them; `openapi.json` says the same in full.
pub(super) const ENDPOINTS: [Endpoint; 24] = [
    endpoint("/_/ledgers.json", "ListLedgers", &[]),
    endpoint("/{ledger}/decisions.json", "ListDecisions", &[]),
    endpoint("/{ledger}/decisions/{motion}.json", "GetDecision", &[]),
    endpoint("/{ledger}/motions.json", "ListMotions", &[]),
    endpoint("/{ledger}/motions/{motion}.json", "GetMotion", &[]),
    endpoint("/{ledger}/offices.json", "ListOfficeholders", &[]),
    endpoint("/{ledger}/timeline.json", "GetTimeline", &[]),
    endpoint("/{ledger}/powers.json", "ListPowers", &[]),
    endpoint("/{ledger}/powers/changes.json", "DiffPowers", &[]),
    endpoint("/{ledger}/powers/{item}.json", "GetPower", &[]),
    endpoint("/{ledger}/sanctions.json", "ListSanctions", &[]),
    endpoint("/{ledger}/sanctions/{case}.json", "GetSanction", &[]),
    endpoint("/{ledger}/people/{person}.json", "GetPersonRecord", &[]),
    endpoint(
        "/{ledger}/people/{person}/votes.json",
        "ListPersonVotes",
        &[],
    ),
    endpoint("/{ledger}/people/{person}/acts.json", "ListPersonActs", &[]),
    endpoint("/{ledger}/bodies.json", "ListBodies", &[]),
    endpoint("/{ledger}/bodies/{body}.json", "GetBody", &[]),
    endpoint("/{ledger}/overdue.json", "ListOverdue", &[]),
    endpoint("/{ledger}/reports.json", "ListReports", &[]),
    endpoint("/{ledger}/reports/{body}/{year}.json", "GetReport", &[]),
    endpoint("/{ledger}/issues.json", "ListIssues", &[]),
    endpoint("/{ledger}/issues/counts.json", "CountIssues", &[]),
    endpoint("/{ledger}/issues/{issue}.json", "GetIssue", &[]),
    // Totals of a roll are for everybody; its lines are for whoever audits (rules.md §7).
    endpoint("/{ledger}/rolls/{body}.json", "GetRoll", ROLL_WITHOUT),
];

const ROLL_WITHOUT: &[&str] = &["with_lines", "page_token"];

const fn endpoint(
    path: &'static str,
    method: &'static str,
    without: &'static [&'static str],
) -> Endpoint {
    Endpoint {
        path,
        method,
        without,
    }
}

pub(super) fn routes() -> Router<Sources> {
    Router::new()
        .route("/_/openapi.json", get(async || Json(openapi::document())))
        .route("/_/ledgers.json", get(ledgers))
        .route("/{ledger}/decisions.json", get(decisions))
        .route("/{ledger}/motions.json", get(motions))
        .route("/{ledger}/offices.json", get(offices))
        .route("/{ledger}/timeline.json", get(timeline))
        .route("/{ledger}/rolls/{name}", get(roll))
        .merge(registers::routes())
}

async fn ledgers(State(sources): State<Sources>, RawQuery(query): RawQuery) -> Response {
    let call = Call::new(sources, query);
    call.answer(async |query, request: v1::ListLedgersRequest| {
        query.list_ledgers(Request::new(request)).await
    })
    .await
}

async fn decisions(
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let call = Call::new(sources, query).with("ledger", ledger);
    call.answer(async |query, request: v1::ListDecisionsRequest| {
        query.list_decisions(Request::new(request)).await
    })
    .await
}

pub(super) async fn decision(
    sources: Sources,
    ledger: String,
    motion: &str,
    query: Option<String>,
) -> Response {
    let call = Call::new(sources, query)
        .with("ledger", ledger)
        .with("motion", motion);
    call.answer(async |query, request: v1::GetDecisionRequest| {
        query.get_decision(Request::new(request)).await
    })
    .await
}

async fn motions(
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let call = Call::new(sources, query).with("ledger", ledger);
    call.answer(async |query, request: v1::ListMotionsRequest| {
        query.list_motions(Request::new(request)).await
    })
    .await
}

pub(super) async fn motion(
    sources: Sources,
    ledger: String,
    motion: &str,
    query: Option<String>,
) -> Response {
    let call = Call::new(sources, query)
        .with("ledger", ledger)
        .with("motion", motion);
    call.answer(async |query, request: v1::GetMotionRequest| {
        query.get_motion(Request::new(request)).await
    })
    .await
}

async fn offices(
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let call = Call::new(sources, query).with("ledger", ledger);
    call.answer(async |query, request: v1::ListOfficeholdersRequest| {
        query.list_officeholders(Request::new(request)).await
    })
    .await
}

async fn timeline(
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let call = Call::new(sources, query).with("ledger", ledger);
    call.answer(async |query, request: v1::GetTimelineRequest| {
        query.get_timeline(Request::new(request)).await
    })
    .await
}

async fn roll(
    State(sources): State<Sources>,
    Path((ledger, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let body = name.strip_suffix(".json").unwrap_or(&name);
    let call = Call::new(sources, query)
        .without(ROLL_WITHOUT)
        .with("ledger", ledger)
        .with("body", body);
    call.answer(async |query, request: v1::GetRollRequest| {
        query.get_roll(Request::new(request)).await
    })
    .await
}

/// A question on its way to the service.
struct Call {
    query: Query,
    parameters: Vec<(String, String)>,
}

impl Call {
    /// What an address asks. What is for people only is passed over.
    fn new(sources: Sources, query: Option<String>) -> Self {
        let query = query.unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let parameters = pairs.filter(|(name, _)| name != "lang" && name != "print");
        Self {
            query: Query::new(sources),
            parameters: parameters.collect(),
        }
    }

    fn without(mut self, names: &[&str]) -> Self {
        self.parameters
            .retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }

    /// What the path says counts.
    fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self.parameters.push((name.to_owned(), value.into()));
        self
    }

    async fn answer<Q, A, F>(self, ask: impl FnOnce(Query, Q) -> F) -> Response
    where
        Q: Message + Name + Default,
        A: Message + Name,
        F: Future<Output = Result<tonic::Response<A>, Status>>,
    {
        let request = match proto::message_from_parameters(&self.parameters) {
            Ok(request) => request,
            Err(error) => return refused(&Problem::field_invalid(&error.field, &error.why)),
        };
        match ask(self.query, request).await {
            Ok(answer) => told(answer.get_ref()),
            Err(status) => refused_by(&status),
        }
    }
}

fn told<A: Message + Name>(answer: &A) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-cache")];
    match proto::message_to_json(answer) {
        Ok(value) => (headers, Json(value)).into_response(),
        Err(_) => refused(&Problem::broken("an answer")),
    }
}

/// A no as JSON, with its stable reason.
pub(super) fn refused(problem: &Problem) -> Response {
    refused_by(&Status::from(problem.clone()))
}

fn refused_by(status: &Status) -> Response {
    use tonic_types::StatusExt as _;
    let details = status.get_error_details();
    let info = details.error_info();
    let body = json!({
        "reason": info.map_or("", |info| info.reason.as_str()),
        "message": status.message(),
        "metadata": info.map(|info| &info.metadata),
    });
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (status_of(status.code()), headers, Json(body)).into_response()
}
