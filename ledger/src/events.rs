//! Telling other systems what has been recorded: best effort, never in the way of anybody.
//!
//! Once an entry is under a durable checkpoint, whoever leads sends it as the protobuf JSON of
//! `governance.v1.Event` to `gov.<ledger>.events.<family>.<kind>`. An event carries the entry's index:
//! who follows them notices a gap, and catches up through the API.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governance::action::Payload;
use governance::ids::LedgerId;
use prost::Message as _;
use proto::v1;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::leadership::Standing;
use crate::messages::{self, Messages};
use crate::sequencer::Published;
use crate::tail::LoggedEntry;

/// How many publications may wait to be announced before later ones are left out: each holds a few
/// blocks of entries, which readers mostly have in memory anyway.
const WAITING_MAX: usize = 8;

/// The most events a second. Writing one as JSON takes some 50 µs: this keeps them at a twentieth of one
/// core, also while a vote brings tens of thousands of ballots a second.
const A_SECOND_MAX: u32 = 1_000;

/// The publisher's way to announce.
#[derive(Clone)]
pub(crate) struct Announcer {
    standing: watch::Receiver<Standing>,
    queue: mpsc::Sender<Arc<Published>>,
    left_out: Arc<AtomicU64>,
}

impl Announcer {
    /// Also returns what waits to be announced.
    pub(crate) fn new(
        standing: watch::Receiver<Standing>,
    ) -> (Announcer, mpsc::Receiver<Arc<Published>>) {
        let (queue, receiver) = mpsc::channel(WAITING_MAX);
        let announcer = Announcer {
            standing,
            queue,
            left_out: Arc::default(),
        };
        (announcer, receiver)
    }

    /// Announces entries, if this node leads and it does not have too much to say already.
    pub(crate) fn offer(&self, published: &Arc<Published>) {
        if !self.standing.borrow().leads {
            return;
        }
        if self.queue.try_send(Arc::clone(published)).is_err() {
            let entries = published.entries.len() as u64;
            self.left_out.fetch_add(entries, Ordering::Relaxed);
        }
    }

    /// How many entries were not announced.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }
}

/// Announces what is offered, until nobody offers any more.
pub(crate) async fn announce(
    ledger: LedgerId,
    messages: Arc<dyn Messages>,
    mut queue: mpsc::Receiver<Arc<Published>>,
) {
    while let Some(published) = queue.recv().await {
        let begun = Instant::now();
        let mut sent = 0;
        for entry in &published.entries {
            let subject = subject(&ledger, entry);
            let Some(event) = event(&ledger, entry) else {
                continue;
            };
            // Best effort: who follows notices the gap.
            let _ = messages.publish(&subject, event).await;
            sent += 1;
            let pace = Duration::from_secs(1) * sent / A_SECOND_MAX;
            tokio::time::sleep_until(begun + pace).await;
        }
    }
}

fn subject(ledger: &LedgerId, entry: &LoggedEntry) -> String {
    let payload = &entry.action.payload;
    messages::event(ledger, family(payload), payload.family())
}

/// The group of families that a payload belongs to, as the modules of `governance` do.
fn family(payload: &Payload) -> &'static str {
    match payload {
        Payload::Founding(_) => "founding",
        Payload::People(_) => "people",
        Payload::Bodies(_) => "bodies",
        Payload::Meetings(_) => "meetings",
        Payload::Deliberation(_) => "deliberation",
        Payload::Power(_) => "power",
        Payload::Discipline(_) => "discipline",
        Payload::Reports(_) => "reports",
        Payload::Issues(_) => "issues",
        Payload::Affairs(_) => "affairs",
        Payload::Correction(_) => "corrections",
    }
}

/// The entry as JSON.
fn event(ledger: &LedgerId, entry: &LoggedEntry) -> Option<Vec<u8>> {
    let event = v1::Event {
        ledger: ledger.to_string(),
        index: entry.index,
        leaf: entry.leaf.0.to_vec(),
        recorded_at_ms: entry.recorded_at.0,
        action: Some(v1::Action::decode(entry.entry.action.as_slice()).ok()?),
    };
    let json = proto::message_to_json(&event).ok()?;
    Some(json.to_string().into_bytes())
}
