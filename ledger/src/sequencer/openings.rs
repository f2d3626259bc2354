//! Opening hidden ballots once their vote is over: what opens them is read from the sealed store, and recorded
//! in parts.
//!
//! Reading takes its time beside the sequencer's work; what is read is recorded only if it is still missing
//! from the log by then. What the store has lost is not asked for again at once: the voter may open the
//! ballot meanwhile, and the motion is decided without it a day later.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use governance::OpeningsDue;
use governance::action::BallotOpening;
use governance::bounds::OPENINGS_MAX;
use governance::ids::{Millis, MotionId, PersonId};
use tokio::time::Instant;

use super::{Role, Sequencer};
use crate::content::ContentStore;
use crate::halt::Halt;

/// How long after the store failed, or lacked an opening, it is asked again: a store that comes back is
/// noticed well within the day in which ballots can be opened.
const RETRY: Duration = Duration::from_secs(30);

type Reading = Pin<Box<dyn Future<Output = Read> + Send>>;

/// What was read for one part.
pub(super) struct Read {
    motion: MotionId,
    openings: Vec<BallotOpening>,
    /// Whose openings are not in the store, or could not be read.
    missing: Vec<PersonId>,
}

/// Where opening stands.
#[derive(Default)]
pub(super) struct Openings {
    reading: Option<Reading>,
    /// Not asked for before `retry_at`.
    missing: BTreeSet<(MotionId, PersonId)>,
    pub(super) retry_at: Option<Instant>,
    /// When it was last looked for what is to be opened.
    looked_at: Millis,
}

impl Openings {
    pub(super) fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// Whether to look again at this moment: not while something is being read or waits to be asked for
    /// again, nor for what was there to be seen the last time.
    pub(super) fn look_again(&self, at: Millis) -> bool {
        !self.is_reading() && self.retry_at.is_none() && self.looked_at < at
    }
}

impl Sequencer {
    /// Begins to read what opens the next ballots that are to be opened, if nothing is being read.
    pub(super) fn begin_opening(&mut self) -> Result<(), Halt> {
        if self
            .openings
            .retry_at
            .is_some_and(|at| Instant::now() >= at)
        {
            self.openings.retry_at = None;
            self.openings.missing.clear();
        }
        if self.openings.is_reading() || self.full || !self.leads() {
            return Ok(());
        }
        let now = self.now()?;
        self.openings.looked_at = now;
        let Role::Leading(speculation) = &self.role else {
            return Ok(());
        };
        let missing = &self.openings.missing;
        let next = speculation.openings_due(now).find_map(|mut due| {
            let motion = due.motion.clone();
            due.ballots
                .retain(|(voter, _)| !missing.contains(&(motion.clone(), voter.clone())));
            due.ballots.truncate(OPENINGS_MAX);
            (!due.ballots.is_empty()).then_some(due)
        });
        if let Some(due) = next {
            let contents = Arc::clone(&self.durable.contents);
            self.openings.reading = Some(Box::pin(read(contents, due)));
        }
        Ok(())
    }

    /// Records what was read.
    pub(super) fn opened(&mut self, read: Read) -> Result<(), Halt> {
        let Read {
            motion,
            openings,
            missing,
        } = read;
        if !missing.is_empty() {
            let count = missing.len();
            tracing::warn!(ledger = %self.durable.ledger(), %motion, count, "hidden ballots cannot be opened: what opens them is not in the content store");
            let missing = missing.into_iter().map(|voter| (motion.clone(), voter));
            self.openings.missing.extend(missing);
            self.openings.retry_at.get_or_insert(Instant::now() + RETRY);
        }
        let now = self.now()?;
        if let Role::Leading(speculation) = &mut self.role
            && !openings.is_empty()
        {
            let all = speculation.record_openings(&motion, openings, now, &mut self.building)?;
            self.full |= !all;
        }
        Ok(())
    }
}

async fn read(contents: Arc<dyn ContentStore>, due: OpeningsDue) -> Read {
    let mut read = Read {
        motion: due.motion,
        openings: Vec::with_capacity(due.ballots.len()),
        missing: Vec::new(),
    };
    for (voter, commitment) in due.ballots {
        // The store checks it against the commitment.
        let stored = contents.read(&commitment).await.ok().flatten();
        match stored.and_then(|sealed| sealed.opening()) {
            Some(opening) if opening.voter == voter => read.openings.push(opening),
            _ => read.missing.push(voter),
        }
    }
    read
}

/// What was read, once it is.
pub(super) async fn done(openings: &mut Openings) -> Read {
    let Some(reading) = &mut openings.reading else {
        return std::future::pending().await;
    };
    let read = reading.await;
    openings.reading = None;
    read
}
