//! The rest of an answer, watched until it ends: its deadline, its status, its place among the others.

use std::{
    future::Future as _,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{
    Error,
    body::{Body, Bytes},
};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep_until};
use tonic::{Code, Status, codegen::http::HeaderMap};
use tonic_types::{ErrorDetails, StatusExt as _};
use tracing::Span;

use super::{RequestId, admission::Place, deadline::Deadline};
use crate::{
    metrics::Meter,
    status::{Problem, reasons::code_name},
};

/// A body that ends by its deadline at the latest, and whose end is measured.
pub(super) struct Answered {
    /// Taken away by the deadline, so that whoever makes it learns that nobody waits.
    body: Option<Body>,
    sleep: Option<Pin<Box<Sleep>>>,
    deadline: Deadline,
    id: RequestId,
    span: Span,
    /// Counts the call when it is dropped.
    meter: Meter,
    _place: Option<Place>,
}

impl Answered {
    pub(super) fn new(
        body: Body,
        place: Option<Place>,
        meter: Meter,
        deadline: Deadline,
        id: RequestId,
        span: Span,
    ) -> Self {
        let end = deadline.end().filter(|_| !body.is_end_stream());
        Self {
            body: Some(body),
            sleep: end.map(|end| Box::pin(sleep_until(end))),
            deadline,
            id,
            span,
            meter,
            _place: place.filter(Place::is_kept),
        }
    }

    /// The status that ends a stream, with the id of the call in it.
    fn ended(&mut self, status: Status) -> Frame<Bytes> {
        let status = annotated(status, &self.id);
        note(&status);
        self.meter.ended(status.code());
        let mut trailers = HeaderMap::new();
        // What came out of trailers, or was made of a problem, fits into some.
        let _ = status.add_header(&mut trailers);
        Frame::trailers(trailers)
    }

    fn is_too_late(&mut self, cx: &mut Context<'_>) -> bool {
        let sleep = self.sleep.as_mut();
        sleep.is_some_and(|sleep| sleep.as_mut().poll(cx).is_ready())
    }
}

impl HttpBody for Answered {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        let span = this.span.clone();
        let _entered = span.enter();
        if this.body.is_some() && this.is_too_late(cx) {
            this.body = None;
            let passed = this.deadline.passed(std::time::Duration::MAX);
            return Poll::Ready(Some(Ok(this.ended(passed.into()))));
        }
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        let frame = match ready!(Pin::new(body).poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            other => return Poll::Ready(other),
        };
        let frame = match frame.into_trailers() {
            Err(data) => data,
            Ok(trailers) => match Status::from_header_map(&trailers) {
                Some(status) if status.code() != Code::Ok => this.ended(status),
                _ => {
                    this.meter.ended(Code::Ok);
                    Frame::trailers(trailers)
                }
            },
        };
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

/// One line for each no, by which whoever has its id finds it. Those for haste alone are counted, and would fill the disk
/// of who is flooded with calls: they are written for who looks closer.
pub(super) fn note(status: &Status) {
    if status.code() == Code::Ok {
        return;
    }
    let code = code_name(status.code());
    let info = status.get_details_error_info();
    let reason = info.as_ref().map_or("", |info| info.reason.as_str());
    if matches!(reason, "TOO_FAST" | "TOO_MANY_CALLS" | "TOO_MANY_STREAMS") {
        tracing::debug!(code, reason, "answered with a no");
    } else {
        tracing::info!(code, reason, "answered with a no");
    }
}

/// Gives a status what every no has: a reason, also where the transport itself refused (bytes that are no
/// message, messages that are too long, methods that do not exist), and the id of the call.
pub(super) fn annotated(status: Status, id: &RequestId) -> Status {
    if status.code() == Code::Ok {
        return status;
    }
    let mut details = if status.details().is_empty() {
        match Problem::of_transport(status.code(), status.message()) {
            Some(problem) => return annotated(problem.into(), id),
            None => ErrorDetails::new(),
        }
    } else {
        status.get_error_details()
    };
    details.set_request_info(id.as_str(), "");
    Status::with_error_details(status.code(), status.message(), details)
}
