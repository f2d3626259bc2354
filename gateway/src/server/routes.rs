//! One router for everything behind the port: the gRPC services, and what is served over plain HTTP.

use axum::{Router, body::Body, extract::Request, response::Response};
use proto::v1::{
    audit_service_server::AuditServiceServer, query_service_server::QueryServiceServer,
    record_service_server::RecordServiceServer,
};
use tonic::{
    Status,
    codegen::http::{HeaderMap, header::CONTENT_TYPE},
    service::Routes,
};
use tower::util::MapResponseLayer;

use crate::{
    services::{Audit, Query, Record, Sources},
    status::Problem,
    web,
};

/// Largest submission, in bytes: an action (60,000 bytes), 16 signatures, and some thirty contents of the
/// largest size (256 KiB), or a thousand names. It is also the least that a node must be ready to work
/// on at once (`submission_bytes_max`).
const SUBMISSION_LEN_MAX: usize = 8 * 1024 * 1024;

/// Largest question, in bytes: ids, numbers and a page token of 400 characters.
const QUESTION_LEN_MAX: usize = 16 * 1024;

/// Everything behind the port.
pub(super) fn router(sources: &Sources) -> Router {
    services(sources)
        .merge(web::router(sources.clone()))
        .fallback(nowhere)
}

/// The gRPC services.
fn services(sources: &Sources) -> Router {
    let record = RecordServiceServer::new(Record::new(sources.clone()))
        .max_decoding_message_size(SUBMISSION_LEN_MAX);
    let audit = AuditServiceServer::new(Audit::new(sources.clone()))
        .max_decoding_message_size(QUESTION_LEN_MAX);
    let query = QueryServiceServer::new(Query::new(sources.clone()))
        .max_decoding_message_size(QUESTION_LEN_MAX);
    // Begun with a router of ours: tonic's own answers every unknown path in the words of gRPC.
    Routes::from(Router::new())
        .add_service(record)
        .add_service(audit)
        .add_service(query)
        .into_axum_router()
        .layer(MapResponseLayer::new(explained))
}

/// Gives what the transport itself refuses (bytes that are no message, messages that are too long, methods
/// that do not exist) a reason, as every other no has one.
fn explained(response: Response) -> Response {
    let refused = Status::from_header_map(response.headers());
    let problem = refused
        .filter(|status| status.details().is_empty())
        .and_then(|status| Problem::of_transport(status.code(), status.message()));
    match problem {
        Some(problem) => Status::from(problem).into_http(),
        None => response,
    }
}

/// A path that is nobody's, answered in the manner it was asked.
async fn nowhere(request: Request) -> Response {
    if is_grpc(request.headers()) {
        return Status::from(Problem::no_such_method()).into_http::<Body>();
    }
    web::not_found()
}

/// Whether a request, or an answer, is one of gRPC.
fn is_grpc(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE);
    media_type.is_some_and(|media_type| media_type.as_bytes().starts_with(b"application/grpc"))
}
