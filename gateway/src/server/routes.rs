//! One router for everything behind the port: the gRPC services, and what is served over plain HTTP.

use std::sync::Arc;

use axum::{Router, body::Body, extract::Request, middleware, response::Response};
use ledger::config::Serving;
use proto::v1::{
    audit_service_server::AuditServiceServer, query_service_server::QueryServiceServer,
    record_service_server::RecordServiceServer,
};
use tonic::{
    Status, codec::CompressionEncoding, codegen::http::header::CONTENT_TYPE, service::Routes,
};
use tonic_reflection::server::Builder as Reflection;

use super::{
    browsers::{Browsers, browsers},
    calls::{Calls, call, visit},
    health::Reporter,
};
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
pub(super) fn router(sources: &Sources, serving: &Serving, health: &Reporter) -> Router {
    let calls = Calls::new(sources.metrics.calls().clone(), serving);
    let called = || middleware::from_fn_with_state(Arc::clone(&calls), call);
    let visited = || middleware::from_fn_with_state(Arc::clone(&calls), visit);
    let origins = Browsers::new(&serving.web_origins);
    services(sources, health)
        .layer(called())
        .merge(web::router(sources.clone()))
        .merge(web::pages(sources.clone()).layer(visited()))
        .fallback_service(Router::new().fallback(nowhere).layer(called()))
        .layer(middleware::from_fn_with_state(origins, browsers))
}

/// The gRPC services. What they answer is compressed where the client takes it: entries and signatures hardly
/// shrink, but views are text.
fn services(sources: &Sources, health: &Reporter) -> Router {
    let gzip = CompressionEncoding::Gzip;
    let record = RecordServiceServer::new(Record::new(sources.clone()))
        .max_decoding_message_size(SUBMISSION_LEN_MAX)
        .accept_compressed(gzip);
    let audit = AuditServiceServer::new(Audit::new(sources.clone()))
        .max_decoding_message_size(QUESTION_LEN_MAX)
        .accept_compressed(gzip)
        .send_compressed(gzip);
    let query = QueryServiceServer::new(Query::new(sources.clone()))
        .max_decoding_message_size(QUESTION_LEN_MAX)
        .accept_compressed(gzip)
        .send_compressed(gzip);
    // Begun with a router of ours: tonic's own answers every unknown path in the words of gRPC.
    let mut routes = Routes::from(Router::new())
        .add_service(record)
        .add_service(audit)
        .add_service(query)
        .add_service(health.service());
    // Two versions of one service: grpcurl and others ask for the older one first.
    if let Ok(newer) = reflection().build_v1() {
        routes = routes.add_service(newer);
    }
    if let Ok(older) = reflection().build_v1alpha() {
        routes = routes.add_service(older);
    }
    routes.into_axum_router()
}

/// What the server can be asked, told to those who ask.
fn reflection() -> Reflection<'static> {
    Reflection::configure()
        .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
}

/// A path that is nobody's, answered in the manner it was asked.
async fn nowhere(request: Request) -> Response {
    if is_grpc(&request) {
        return Status::from(Problem::no_such_method()).into_http::<Body>();
    }
    web::missing(request).await
}

fn is_grpc(request: &Request) -> bool {
    let media_type = request.headers().get(CONTENT_TYPE);
    media_type.is_some_and(|media_type| media_type.as_bytes().starts_with(b"application/grpc"))
}
