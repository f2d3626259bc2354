//! The registers as JSON: the power list, sanctions, reports, issues.

use axum::{
    Router,
    extract::{Path, RawQuery, State},
    response::Response,
    routing::get,
};
use proto::v1::{self, query_service_server::QueryService as _};
use tonic::Request;

use super::Call;
use crate::services::Sources;

pub(super) fn routes() -> Router<Sources> {
    Router::new()
        .route("/{ledger}/powers.json", get(powers))
        .route("/{ledger}/powers/changes.json", get(power_changes))
        .route("/{ledger}/powers/{name}", get(power))
        .route("/{ledger}/sanctions.json", get(sanctions))
        .route("/{ledger}/sanctions/{name}", get(sanction))
        .route("/{ledger}/people/{name}", get(person))
        .route("/{ledger}/people/{name}/votes.json", get(person_votes))
        .route("/{ledger}/people/{name}/acts.json", get(person_acts))
        .route("/{ledger}/bodies.json", get(bodies))
        .route("/{ledger}/overdue.json", get(overdue))
        .route("/{ledger}/reports.json", get(reports))
        .route("/{ledger}/reports/{body}/{name}", get(report))
        .route("/{ledger}/issues.json", get(issues))
        .route("/{ledger}/issues/counts.json", get(issue_counts))
        .route("/{ledger}/issues/{name}", get(issue))
}

/// An address of a ledger that answers a query: `list!(handler, RequestMessage, method)`.
macro_rules! list {
    ($handler:ident, $request:ident, $method:ident) => {
        async fn $handler(
            State(sources): State<Sources>,
            Path(ledger): Path<String>,
            RawQuery(query): RawQuery,
        ) -> Response {
            let call = Call::new(sources, query).with("ledger", ledger);
            call.answer(async |query, request: v1::$request| {
                query.$method(Request::new(request)).await
            })
            .await
        }
    };
}

/// The same of one thing, `<id>.json`: `one!(handler, RequestMessage, method, field of the id)`.
macro_rules! one {
    ($handler:ident, $request:ident, $method:ident, $field:literal) => {
        pub(in crate::web::site) async fn $handler(
            State(sources): State<Sources>,
            Path((ledger, name)): Path<(String, String)>,
            RawQuery(query): RawQuery,
        ) -> Response {
            let id = name.strip_suffix(".json").unwrap_or(&name);
            let call = Call::new(sources, query)
                .with("ledger", ledger)
                .with($field, id);
            call.answer(async |query, request: v1::$request| {
                query.$method(Request::new(request)).await
            })
            .await
        }
    };
}

list!(powers, ListPowersRequest, list_powers);
list!(power_changes, DiffPowersRequest, diff_powers);
one!(power, GetPowerRequest, get_power, "item");
list!(sanctions, ListSanctionsRequest, list_sanctions);
one!(sanction, GetSanctionRequest, get_sanction, "case");
one!(person, GetPersonRecordRequest, get_person_record, "person");
one!(
    person_votes,
    ListPersonVotesRequest,
    list_person_votes,
    "person"
);
one!(
    person_acts,
    ListPersonActsRequest,
    list_person_acts,
    "person"
);
list!(bodies, ListBodiesRequest, list_bodies);
one!(body, GetBodyRequest, get_body, "body");
list!(overdue, ListOverdueRequest, list_overdue);
list!(reports, ListReportsRequest, list_reports);
list!(issues, ListIssuesRequest, list_issues);
list!(issue_counts, CountIssuesRequest, count_issues);
one!(issue, GetIssueRequest, get_issue, "issue");

async fn report(
    State(sources): State<Sources>,
    Path((ledger, body, name)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let year = name.strip_suffix(".json").unwrap_or(&name);
    let call = Call::new(sources, query)
        .with("ledger", ledger)
        .with("body", body)
        .with("year", year);
    call.answer(async |query, request: v1::GetReportRequest| {
        query.get_report(Request::new(request)).await
    })
    .await
}
