//! What browsers need: gRPC-Web, which carries trailers in the body, and leave for pages from elsewhere.
//!
//! Requests of neither kind, which are nearly all, pass by without a copy.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tonic::codegen::http::{
    HeaderName, HeaderValue, Method,
    header::{CONTENT_TYPE, ORIGIN},
};
use tonic_web::GrpcWebLayer;
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::cors::{Any, CorsLayer};

use super::calls::RequestId;

/// How long a browser may remember that it may call: a day, which is the longest that any of them does.
const REMEMBER: Duration = Duration::from_secs(24 * 60 * 60);

/// What pages may send: the headers of gRPC-Web, and ours.
const SENT: [HeaderName; 5] = [
    CONTENT_TYPE,
    HeaderName::from_static("x-grpc-web"),
    HeaderName::from_static("x-user-agent"),
    HeaderName::from_static("grpc-timeout"),
    HeaderName::from_static(RequestId::HEADER),
];

/// What pages may read of an answer: its status where the call ended at once, and its id.
const READ: [HeaderName; 4] = [
    HeaderName::from_static("grpc-status"),
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-status-details-bin"),
    HeaderName::from_static(RequestId::HEADER),
];

/// Which pages may call.
#[derive(Debug)]
pub(super) struct Browsers {
    cors: CorsLayer,
}

impl Browsers {
    /// Pages of these origins may; `*`: of any. What is no header's value is no origin a browser could
    /// name.
    pub(super) fn new(origins: &[String]) -> Arc<Self> {
        let cors = CorsLayer::new()
            .allow_methods([Method::GET, Method::POST])
            .allow_headers(SENT)
            .expose_headers(READ)
            .max_age(REMEMBER);
        let cors = if origins.iter().any(|origin| origin == "*") {
            cors.allow_origin(Any)
        } else {
            let origins = origins.iter().filter_map(|origin| origin.parse().ok());
            cors.allow_origin(origins.collect::<Vec<HeaderValue>>())
        };
        Arc::new(Self { cors })
    }
}

/// The middleware.
pub(super) async fn browsers(
    State(browsers): State<Arc<Browsers>>,
    request: Request,
    next: Next,
) -> Response {
    let from_page = request.headers().contains_key(ORIGIN);
    if !from_page && !is_grpc_web(&request) {
        return next.run(request).await;
    }
    let answers = service_fn(move |request| translated(request, next.clone()));
    let Ok(response) = if from_page {
        browsers.cors.layer(answers).oneshot(request).await
    } else {
        answers.oneshot(request).await
    };
    response
}

/// The answer in gRPC-Web, where the question came in it.
async fn translated(request: Request, next: Next) -> Result<Response, Infallible> {
    if !is_grpc_web(&request) {
        return Ok(next.run(request).await);
    }
    let inner = service_fn(move |request: Request<tonic::body::Body>| {
        let next = next.clone();
        async move { Ok::<_, Infallible>(next.run(request.map(Body::new)).await) }
    });
    let response = GrpcWebLayer::new().layer(inner).oneshot(request).await?;
    Ok(response.map(Body::new))
}

fn is_grpc_web(request: &Request) -> bool {
    let media_type = request.headers().get(CONTENT_TYPE);
    media_type.is_some_and(|media_type| media_type.as_bytes().starts_with(b"application/grpc-web"))
}
