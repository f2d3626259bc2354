//! Turnout of an open vote as it changes: server-sent events (HTML Living Standard §9.2). How many, never what.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::{Path, State},
    response::{
        IntoResponse as _, Response,
        sse::{Event, Sse},
    },
};
use governance::ids::MotionId;
use projector::views::motions::MotionStatus;
use tokio::{sync::mpsc, time};
use tokio_stream::wrappers::ReceiverStream;

use super::{desk::Desk, layout, reader::Reader, show};
use crate::{
    server::Held,
    services::{Sources, query::field},
    status::Problem,
};

/// Shortest time between two counts: quicker than anybody reads, slower than a busy vote.
const PACE: Duration = Duration::from_secs(1);

/// Longest silence: shorter than what servers in between allow a connection to be idle.
const SILENCE_MAX: Duration = Duration::from_secs(20);

/// After so many counts a stream ends and the browser asks again, so that none is kept for ever.
const COUNTS_MAX: usize = 600;

pub(super) async fn turnout(
    reader: Reader,
    place: Option<Extension<Held>>,
    State(sources): State<Sources>,
    Path((ledger, motion)): Path<(String, String)>,
) -> Response {
    match open(&reader, place, &sources, &ledger, &motion) {
        Ok(events) => events,
        Err(problem) => layout::answer(&reader, Err(problem)),
    }
}

fn open(
    reader: &Reader,
    place: Option<Extension<Held>>,
    sources: &Sources,
    ledger: &str,
    motion: &str,
) -> Result<Response, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let motion: MotionId = field("motion", motion)?;
    // One count is made while the one before is on its way.
    let (events, outgoing) = mpsc::channel(1);
    let stopping = sources.stopping.clone();
    tokio::spawn(async move {
        // Given back when nobody is told any more.
        let _place = place;
        tokio::select! {
            () = tell(&desk, &motion, &events) => {}
            () = events.closed() => {}
            () = stopping.cancelled() => {}
        }
    });
    Ok(Sse::new(ReceiverStream::new(outgoing)).into_response())
}

/// Tells each new count, until the vote is over or nobody listens.
async fn tell(desk: &Desk, motion: &MotionId, events: &mpsc::Sender<Result<Event, Infallible>>) {
    let mut size = desk.books.ledger.durable_size();
    let mut last = None;
    for _ in 0..COUNTS_MAX {
        size.mark_unchanged();
        let Ok(Some((open, received))) = count(desk, motion).await else {
            return;
        };
        let event = if last == Some(received) && open {
            Event::default().comment("still there")
        } else {
            let name = if open { "turnout" } else { "closed" };
            Event::default().event(name).data(show::number(received))
        };
        last = Some(received);
        if events.send(Ok(event)).await.is_err() || !open {
            return;
        }
        time::sleep(PACE).await;
        // Whether something came or the silence is over: count again.
        let _ = time::timeout(SILENCE_MAX, size.changed()).await;
    }
}

async fn count(desk: &Desk, motion: &MotionId) -> Result<Option<(bool, u64)>, Problem> {
    let motion = motion.clone();
    let told = desk
        .books
        .ask(move |view| {
            let Some(row) = view.motion(&motion)? else {
                return Ok(None);
            };
            let open = row.status == MotionStatus::Open;
            Ok(Some((open, view.votes_received(&motion)?)))
        })
        .await?;
    Ok(told.value)
}
