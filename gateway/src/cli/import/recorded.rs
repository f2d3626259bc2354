//! What the ledger holds already, read from its entries: so that an import goes on where it was
//! interrupted, and a second one does nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use governance::{
    action::{
        Action, BodiesAction, DeliberationAction, MotionDecided, Payload, PeopleAction, RollCall,
        RollCallMark,
    },
    calendar::Date,
    ids::{Digest, MotionId, OfficeId, PersonId, RollId},
};
use proto::v1;
use tlog::Entry;

use super::super::{
    connection::{Session, Told as _, failure_of},
    failure::Failure,
};

/// How long to wait for the ledger to derive the last outcomes: it does so right after each roll call.
const DERIVED_TIMEOUT: Duration = Duration::from_secs(30);

/// A roll call as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RecordedCall {
    pub(super) held_on: Option<Date>,
    pub(super) votes: BTreeMap<PersonId, RollCallMark>,
}

/// What the entries read so far hold.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) people: BTreeSet<PersonId>,
    pub(super) offices: BTreeSet<OfficeId>,
    /// Published rolls and their digests.
    pub(super) rolls: BTreeMap<RollId, Digest>,
    /// How many parts each roll has, published or not.
    pub(super) parts: BTreeMap<RollId, u32>,
    pub(super) calls: BTreeMap<MotionId, RecordedCall>,
    pub(super) decisions: BTreeMap<MotionId, MotionDecided>,
    /// The first entry not read yet.
    next: u64,
}

impl Recorded {
    /// Reads the entries up to the newest checkpoint.
    pub(super) async fn catch_up(&mut self, session: &Session) -> Result<(), Failure> {
        let request = v1::ListEntriesRequest {
            ledger: session.ledger(),
            start: self.next,
            count: 0,
        };
        let mut stream = session.server.audit().list_entries(request).await.told()?;
        while let Some(part) = stream
            .message()
            .await
            .map_err(|status| failure_of(&status))?
        {
            self.take_all(&part.entries)?;
        }
        Ok(())
    }

    /// Reads on until each of these motions is decided, or for half a minute.
    pub(super) async fn until_decided(
        &mut self,
        session: &Session,
        motions: &BTreeSet<MotionId>,
    ) -> Result<(), Failure> {
        let waited = tokio::time::timeout(DERIVED_TIMEOUT, self.watch(session, motions)).await;
        // What is still undecided then is told in the summary.
        waited.unwrap_or(Ok(()))
    }

    async fn watch(
        &mut self,
        session: &Session,
        motions: &BTreeSet<MotionId>,
    ) -> Result<(), Failure> {
        let request = v1::WatchEntriesRequest {
            ledger: session.ledger(),
            start: self.next,
        };
        let mut missing = self.undecided(motions);
        if missing == 0 {
            return Ok(());
        }
        let mut stream = session.server.audit().watch_entries(request).await.told()?;
        while missing > 0 {
            let part = stream
                .message()
                .await
                .map_err(|status| failure_of(&status))?;
            let Some(part) = part else { break };
            self.take_all(&part.entries)?;
            missing = self.undecided(motions);
        }
        Ok(())
    }

    /// How many of these motions have no outcome.
    pub(super) fn undecided(&self, motions: &BTreeSet<MotionId>) -> usize {
        let decided = |motion: &&MotionId| self.decisions.contains_key(*motion);
        motions.len() - motions.iter().filter(decided).count()
    }

    fn take_all(&mut self, entries: &[Vec<u8>]) -> Result<(), Failure> {
        for bytes in entries {
            let index = self.next;
            let unreadable = |error: String| {
                Failure::finding(format!("entry {index} cannot be read: {error}"))
                    .next("Run `govledger audit` to find out more.")
            };
            let entry = Entry::decode(bytes).map_err(|error| unreadable(error.to_string()))?;
            let action = proto::decode_action(&entry.action)
                .map_err(|error| unreadable(error.to_string()))?;
            self.take(action);
            self.next += 1;
        }
        Ok(())
    }

    fn take(&mut self, action: Action) {
        match action.payload {
            Payload::Founding(founding) => {
                self.people
                    .extend(founding.people.into_iter().map(|p| p.person));
                self.offices
                    .extend(founding.offices.into_iter().map(|o| o.office));
            }
            Payload::People(PeopleAction::PersonEnrolled(enrolled)) => {
                self.people.insert(enrolled.person);
            }
            Payload::Bodies(bodies) => self.take_bodies(bodies),
            Payload::Deliberation(DeliberationAction::RollCallRecorded(call)) => {
                self.calls.insert(call.motion.clone(), recorded(call));
            }
            Payload::Deliberation(DeliberationAction::MotionDecided(decided)) => {
                self.decisions.insert(decided.motion.clone(), decided);
            }
            // Nothing else is imported.
            _ => {}
        }
    }

    fn take_bodies(&mut self, action: BodiesAction) {
        match action {
            BodiesAction::OfficeAssumed(assumed) => {
                self.offices.insert(assumed.office);
            }
            BodiesAction::RollPart(part) => {
                *self.parts.entry(part.roll).or_default() += 1;
            }
            BodiesAction::RollPublished(published) => {
                self.rolls.insert(published.roll, published.digest);
            }
            _ => {}
        }
    }
}

fn recorded(call: RollCall) -> RecordedCall {
    RecordedCall {
        held_on: call.minuted.map(|minuted| minuted.held_on),
        votes: call.lines.into_iter().collect(),
    }
}
