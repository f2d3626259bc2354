//! What every gRPC call has in common: an id, a place among the others, a deadline, and a measure.
//!
//! One piece of middleware does all of it once a call, and nothing once a message: a stream of submissions
//! costs what its submissions cost.

mod admission;
mod answer;
mod deadline;
mod request_id;

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use ledger::config::Serving;
use tokio::time::{Instant, timeout_at};
use tonic::Status;
use tracing::{Instrument as _, info_span};

use self::{
    admission::{Admission, Place},
    answer::{Answered, annotated, note},
    deadline::Deadline,
};
use crate::{metrics::CallMetrics, status::Problem, web};

pub(crate) use request_id::RequestId;

/// Longest time a call may take until its answer begins, where it has no earlier deadline: far more than a
/// block needs on the slowest disk. Streams may then go on as long as they like.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// What calls are measured and admitted by.
#[derive(Debug)]
pub(super) struct Calls {
    metrics: CallMetrics,
    admission: Admission,
}

impl Calls {
    pub(super) fn new(metrics: CallMetrics, serving: &Serving) -> Arc<Self> {
        Arc::new(Self {
            metrics,
            admission: Admission::new(serving),
        })
    }
}

/// The middleware.
pub(super) async fn call(
    State(calls): State<Arc<Calls>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::of(request.headers());
    // For services that have another node do the work.
    request.extensions_mut().insert(id.clone());
    let path = request.uri().path();
    let span = info_span!("call", id = id.as_str(), path);
    let meter = calls.metrics.begin(path);
    let deadline = Deadline::of(request.headers(), Instant::now());
    let answering = async {
        let place = calls.admission.admit(&request, meter.is_stream())?;
        let until = deadline.until(ANSWER_TIMEOUT);
        match timeout_at(until, next.run(request)).await {
            Ok(response) => Ok((response, place)),
            // What was under way is dropped with the future.
            Err(_) => Err(deadline.passed(ANSWER_TIMEOUT)),
        }
    };
    let answered: Result<_, Problem> = answering.instrument(span.clone()).await;
    let (response, place) = match answered {
        Ok((response, place)) => (response, Some(place)),
        Err(problem) => (refusal(problem), None),
    };
    let (mut head, body) = response.into_parts();
    head.headers.insert(RequestId::HEADER, id.value());
    // Only a status that ends the call at once is in the head.
    let status = Status::from_header_map(&head.headers).map(|status| {
        let status = annotated(status, &id);
        span.in_scope(|| note(&status));
        // A status that came out of a header goes into one.
        let _ = status.add_header(&mut head.headers);
        status.code()
    });
    tracing::debug!(parent: &span, code = ?status, "the answer begins");
    let body = Answered::new(body, place, meter.watching(status), deadline, id, span);
    Response::from_parts(head, axum::body::Body::new(body))
}

/// A visitor's place among the calls, for answers that go on for long.
#[derive(Clone, Debug)]
pub(crate) struct Held(#[allow(dead_code, reason = "given back when dropped")] Arc<Place>);

/// The middleware of pages: the same places and the same rate by address, refused as a page.
pub(super) async fn visit(
    State(calls): State<Arc<Calls>>,
    mut request: Request,
    next: Next,
) -> Response {
    let goes_on = web::goes_on(request.uri().path());
    match calls.admission.admit(&request, goes_on) {
        Ok(place) => {
            let held = Held(Arc::new(place));
            request.extensions_mut().insert(held.clone());
            let response = next.run(request).await;
            drop(held);
            response
        }
        Err(problem) => web::refused(request, &problem).await,
    }
}

fn refusal(problem: Problem) -> Response {
    Status::from(problem).into_http()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::{Router, body::Body, middleware};
    use prometheus_client::registry::Registry;
    use prost_reflect::DescriptorPool;
    use tonic::Code;
    use tonic_types::StatusExt as _;
    use tower::ServiceExt as _;

    use super::*;
    use crate::server::connections::Peer;

    /// A server with these bounds that answers every call at once.
    fn server(serving: &Serving) -> Router {
        let pool = DescriptorPool::decode(proto::DESCRIPTORS).expect("our own");
        let metrics = CallMetrics::register(&mut Registry::default(), &[&pool]);
        let calls = Calls::new(metrics, serving);
        Router::new()
            .fallback(async || ())
            .layer(middleware::from_fn_with_state(calls, call))
    }

    async fn called(server: &Router, path: &str, from: &str) -> Response {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = path.parse().expect("a path");
        let address = SocketAddr::new(from.parse().expect("an address"), 50_000);
        request.extensions_mut().insert(Peer { address });
        server.clone().oneshot(request).await.expect("it answers")
    }

    /// What a client reads of a refusal: its code, its reason, and when to try again.
    #[track_caller]
    fn refused(answer: &Response) -> (Code, String, Option<Duration>) {
        let status = Status::from_header_map(answer.headers()).expect("a status");
        let details = status.get_error_details();
        let retry = details.retry_info().and_then(|retry| retry.retry_delay);
        let info = details.error_info().expect("a reason");
        assert!(details.request_info().is_some(), "an id");
        (status.code(), info.reason.clone(), retry)
    }

    #[tokio::test]
    async fn who_calls_too_often_is_told_on_the_wire_when_to_try_again() {
        let server = server(&Serving {
            calls_per_second_max: 1,
            calls_burst_max: 2,
            ..Serving::default()
        });
        let path = "/governance.v1.QueryService/ListLedgers";
        for _ in 0..2 {
            let answer = called(&server, path, "192.0.2.1").await;
            assert!(Status::from_header_map(answer.headers()).is_none());
        }
        let (code, reason, retry) = refused(&called(&server, path, "192.0.2.1").await);
        assert_eq!(
            (code, reason.as_str()),
            (Code::ResourceExhausted, "TOO_FAST")
        );
        let retry = retry.expect("a time to wait");
        assert!(retry > Duration::ZERO && retry <= Duration::from_secs(1));
        let other = called(&server, path, "192.0.2.2").await;
        assert!(Status::from_header_map(other.headers()).is_none());
    }

    #[tokio::test]
    async fn who_has_all_its_streams_is_told_so_until_one_ends() {
        let server = server(&Serving {
            streams_per_address_max: 1,
            ..Serving::default()
        });
        let path = "/governance.v1.AuditService/WatchEntries";
        // Its body is not read to its end, and so goes on.
        let first = called(&server, path, "192.0.2.1").await;
        let (code, reason, retry) = refused(&called(&server, path, "192.0.2.1").await);
        assert_eq!(code, Code::ResourceExhausted);
        assert_eq!(reason, "TOO_MANY_STREAMS");
        assert!(retry.is_some());
        drop(first);
        let again = called(&server, path, "192.0.2.1").await;
        assert!(Status::from_header_map(again.headers()).is_none());
    }
}
