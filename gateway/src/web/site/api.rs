//! The public queries as JSON at stable addresses: the same answers as over gRPC, in the protobuf JSON mapping.
//! Parameters are the fields of the request.

use std::{future::Future, pin::Pin};

use axum::{
    Json, Router,
    extract::{Request as HttpRequest, State},
    handler::Handler,
    http::{Uri, header},
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get},
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

/// What a file of data is called after its id.
const ENDING: &str = ".json";

/// A query at an address.
pub(super) struct Endpoint {
    /// Where, `{…}` standing for a field of the request.
    pub(super) path: &'static str,
    /// The method of `governance.v1.QueryService`.
    pub(super) method: &'static str,
    /// Fields of the request that the address does not take: pages of names and lines.
    pub(super) without: &'static [&'static str],
    answer: fn(Call) -> Answering,
}

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// An address that answers a query: `path, Method: service method(Request)`.
macro_rules! endpoints {
    ($( $path:literal $method:ident : $ask:ident($request:ident) $( without $without:expr )? ; )+) => {
        &[$( Endpoint {
            path: $path,
            method: stringify!($method),
            without: endpoints!(@without $( $without )?),
            answer: |call| Box::pin(call.answer(async |query, request: v1::$request| {
                query.$ask(Request::new(request)).await
            })),
        } ),+]
    };
    (@without) => { &[] };
    (@without $without:expr) => { $without };
}

/// All of them; `openapi.json` says the same in full. A line here is all that a new one takes, and where its
/// last part is an id, [`beside`] in place of its page.
pub(super) const ENDPOINTS: &[Endpoint] = endpoints! {
    "/_/ledgers.json" ListLedgers: list_ledgers(ListLedgersRequest);
    "/{ledger}/decisions.json" ListDecisions: list_decisions(ListDecisionsRequest);
    "/{ledger}/decisions/{motion}.json" GetDecision: get_decision(GetDecisionRequest);
    "/{ledger}/motions.json" ListMotions: list_motions(ListMotionsRequest);
    "/{ledger}/motions/{motion}.json" GetMotion: get_motion(GetMotionRequest);
    "/{ledger}/motions/{motion}/proxies.json" ListProxies: list_proxies(ListProxiesRequest);
    "/{ledger}/offices.json" ListOfficeholders: list_officeholders(ListOfficeholdersRequest);
    "/{ledger}/powers.json" ListPowers: list_powers(ListPowersRequest);
    "/{ledger}/powers/{item}.json" GetPower: get_power(GetPowerRequest);
    "/{ledger}/power-changes.json" DiffPowers: diff_powers(DiffPowersRequest);
    "/{ledger}/sanctions.json" ListSanctions: list_sanctions(ListSanctionsRequest);
    "/{ledger}/sanctions/{case}.json" GetSanction: get_sanction(GetSanctionRequest);
    "/{ledger}/people/{person}.json" GetPersonRecord: get_person_record(GetPersonRecordRequest);
    "/{ledger}/people/{person}/votes.json" ListPersonVotes: list_person_votes(ListPersonVotesRequest);
    "/{ledger}/people/{person}/acts.json" ListPersonActs: list_person_acts(ListPersonActsRequest);
    "/{ledger}/bodies.json" ListBodies: list_bodies(ListBodiesRequest);
    "/{ledger}/bodies/{body}.json" GetBody: get_body(GetBodyRequest);
    "/{ledger}/search.json" Search: search(SearchRequest);
    "/{ledger}/overdue.json" ListOverdue: list_overdue(ListOverdueRequest);
    "/{ledger}/reports.json" ListReports: list_reports(ListReportsRequest);
    "/{ledger}/reports/{body}/{year}.json" GetReport: get_report(GetReportRequest);
    "/{ledger}/issues.json" ListIssues: list_issues(ListIssuesRequest);
    "/{ledger}/issues/{issue}.json" GetIssue: get_issue(GetIssueRequest);
    "/{ledger}/issue-counts.json" CountIssues: count_issues(CountIssuesRequest);
    "/{ledger}/meetings.json" ListMeetings: list_meetings(ListMeetingsRequest);
    "/{ledger}/meetings/{meeting}.json" GetMeeting: get_meeting(GetMeetingRequest);
    "/{ledger}/consultations.json" ListConsultations: list_consultations(ListConsultationsRequest);
    "/{ledger}/consultations/{consultation}.json" GetConsultation: get_consultation(GetConsultationRequest);
    "/{ledger}/tasks.json" ListTasks: list_tasks(ListTasksRequest);
    "/{ledger}/tasks/{task}.json" GetTask: get_task(GetTaskRequest);
    "/{ledger}/disclosures.json" ListDisclosures: list_disclosures(ListDisclosuresRequest);
    "/{ledger}/disclosures/{disclosure}.json" GetDisclosure: get_disclosure(GetDisclosureRequest);
    "/{ledger}/imports.json" ListImports: list_imports(ListImportsRequest);
    "/{ledger}/imports/{record}.json" GetImport: get_import(GetImportRequest);
    "/{ledger}/timeline.json" GetTimeline: get_timeline(GetTimelineRequest);
    // Totals of a roll are for everybody; its lines are for whoever audits (rules.md §7).
    "/{ledger}/rolls/{body}.json" GetRoll: get_roll(GetRollRequest) without &["with_lines", "page_token"];
};

/// What has no page of its own.
const PAGELESS: [&str; 1] = ["GetRoll"];

/// The addresses that no page stands beside: lists, and things that have no page of their own.
pub(super) fn routes() -> Router<Sources> {
    let document = get(async || Json(openapi::document()));
    let alone = ENDPOINTS.iter().filter(|endpoint| {
        let last = endpoint.path.rsplit('/').next().unwrap_or_default();
        !last.starts_with('{') || PAGELESS.contains(&endpoint.method)
    });
    alone.fold(
        Router::new().route("/_/openapi.json", document),
        |router, endpoint| router.route(endpoint.route(), answering(endpoint)),
    )
}

/// A page of one thing at `…/<id>`, and its data at `…/<id>.json`: no id has a dot.
pub(super) fn beside<H, T>(page: H, method: &'static str) -> MethodRouter<Sources>
where
    H: Handler<T, Sources>,
    T: 'static,
{
    let endpoint = ENDPOINTS.iter().find(|known| known.method == method);
    let Some(endpoint) = endpoint else {
        return get(page);
    };
    get(
        async move |State(sources): State<Sources>, request: HttpRequest| {
            if request.uri().path().ends_with(ENDING) {
                endpoint.respond(sources, request.uri()).await
            } else {
                page.call(request, sources).await
            }
        },
    )
}

fn answering(endpoint: &'static Endpoint) -> MethodRouter<Sources> {
    get(async move |State(sources): State<Sources>, uri: Uri| endpoint.respond(sources, &uri).await)
}

impl Endpoint {
    /// The path as the router knows it, which takes a whole part for a parameter or none.
    fn route(&self) -> &'static str {
        let last = self.path.rfind('/').unwrap_or_default();
        if self.path[last..].contains('{') {
            self.path.strip_suffix(ENDING).unwrap_or(self.path)
        } else {
            self.path
        }
    }

    async fn respond(&self, sources: Sources, uri: &Uri) -> Response {
        let call = Call::new(sources, uri.query()).without(self.without);
        let call = self
            .named(uri.path())
            .fold(call, |call, (name, value)| call.with(name, value));
        (self.answer)(call).await
    }

    /// What the path says of the request's fields.
    fn named<'p>(&self, path: &'p str) -> impl Iterator<Item = (&'static str, &'p str)> {
        let parts = self.path.split('/').zip(path.split('/'));
        parts.filter_map(|(pattern, part)| {
            let name = pattern.strip_prefix('{')?;
            if let Some(name) = name.strip_suffix('}') {
                return Some((name, part));
            }
            let name = name.strip_suffix(ENDING)?.strip_suffix('}')?;
            Some((name, part.strip_suffix(ENDING).unwrap_or(part)))
        })
    }
}

/// A question on its way to the service.
struct Call {
    query: Query,
    parameters: Vec<(String, String)>,
}

impl Call {
    /// What an address asks. What is for people only is passed over.
    fn new(sources: Sources, query: Option<&str>) -> Self {
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
    fn with(mut self, name: &str, value: &str) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self.parameters.push((name.to_owned(), value.to_owned()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_fields_of_its_request() {
        let endpoint = |method| ENDPOINTS.iter().find(|known| known.method == method);
        let report = endpoint("GetReport").expect("there is one");
        assert_eq!(report.route(), "/{ledger}/reports/{body}/{year}");
        let named: Vec<_> = report.named("/a/reports/committee/2025.json").collect();
        assert_eq!(
            named,
            [("ledger", "a"), ("body", "committee"), ("year", "2025")]
        );
        let list = endpoint("ListPowers").expect("there is one");
        assert_eq!(list.route(), "/{ledger}/powers.json");
        let named: Vec<_> = list.named("/a/powers.json").collect();
        assert_eq!(named, [("ledger", "a")]);
    }

    #[test]
    fn what_is_for_people_or_for_auditors_is_no_parameter() {
        let roll = ENDPOINTS.iter().find(|known| known.method == "GetRoll");
        assert!(roll.expect("there is one").without.contains(&"with_lines"));
    }
}
