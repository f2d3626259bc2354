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
    answer::{Answered, annotated},
    deadline::Deadline,
};
use crate::{metrics::CallMetrics, status::Problem, web};

pub(super) use request_id::RequestId;

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
    request: Request,
    next: Next,
) -> Response {
    let id = RequestId::of(request.headers());
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
