//! One ledger, for everybody who submits to it or reads it.

mod foretelling;
mod reading;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governance::action::{Action, Payload, PeopleAction};
use governance::calendar::UtcOffsets;
use governance::charter::Charter;
use governance::ids::{Leaf, LedgerId, Millis, MotionId, PublicKey};
use governance::outlook::{self, Outlook};
use governance::{EntryRef, State};
use tlog::{Policy, SignedCheckpoint, VerifierKey};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::checkpoint_keys::CheckpointKeys;
use crate::clock::Clock;
use crate::config::Limits;
use crate::durable::Durable;
use crate::forward::{Answers, Forwarded, INLINE_CONTENT_MAX, Place};
use crate::halt::Halt;
use crate::leadership::Standing;
use crate::measures::Measures;
use crate::sequencer::{Arriving, Permits, Queue, Reply, Request};
use crate::submission::{Preview, ReadError, Receipt, Submission, SubmitError, Submitted};
use crate::witnesses::{Published, WitnessClient, WitnessStatus, Witnesses};

/// Bytes are counted against their bound in units of this many, so that the bound fits a semaphore.
const BYTES_UNIT: usize = 1_024;

/// One ledger. Cheap to share; readers never wait for the writer.
pub struct Ledger {
    durable: Arc<Durable>,
    clock: Arc<dyn Clock>,
    arriving: Arriving,
    submissions: Arc<Semaphore>,
    submissions_max: usize,
    bytes: Arc<Semaphore>,
    /// Gone once the ledger shuts down, or from the start if it may not be extended.
    queue: Mutex<Option<Queue>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// This node's place among those that share the log; none where it alone has it.
    place: Option<Place>,
    /// The tasks that speak with those.
    speaking: Mutex<Option<JoinSet<()>>>,
    /// Answers what other nodes forward.
    answering: Mutex<Option<JoinHandle<()>>>,
    /// The task that asks witnesses.
    asking: Mutex<Option<JoinHandle<()>>>,
}

/// What a ledger is.
#[derive(Clone, Debug)]
pub struct LedgerInfo {
    /// Its id.
    pub ledger: LedgerId,
    /// The community's name.
    pub name: String,
    /// The checkpoint's origin and key name.
    pub origin: String,
    /// Leaf hash of the first entry.
    pub genesis: Leaf,
    /// A demonstration: no real community decided anything here.
    pub demo: bool,
    /// When the first entry was recorded.
    pub founded_at: Millis,
    /// Which rules it is kept under.
    pub rules_version: u32,
    /// The charter in force.
    pub charter: Charter,
    /// The number of its next version.
    pub next_charter_version: u32,
    /// Local time.
    pub utc_offsets: UtcOffsets,
    /// How many entries this is of.
    pub size: u64,
}

impl Ledger {
    /// A ledger that is served, and extended through `queue` if there is one.
    pub(crate) fn new(
        durable: Arc<Durable>,
        clock: Arc<dyn Clock>,
        limits: Limits,
        arriving: Arriving,
        extended: Option<(Queue, JoinHandle<()>)>,
    ) -> Ledger {
        let (queue, writer) = extended.unzip();
        Ledger {
            durable,
            clock,
            arriving,
            submissions: Arc::new(Semaphore::new(limits.submissions_max)),
            submissions_max: limits.submissions_max,
            bytes: Arc::new(Semaphore::new(limits.submission_bytes_max / BYTES_UNIT)),
            queue: Mutex::new(queue),
            writer: Mutex::new(writer),
            place: None,
            speaking: Mutex::default(),
            answering: Mutex::new(None),
            asking: Mutex::default(),
        }
    }

    /// The ledger of a node among others.
    pub(crate) fn among(self, place: Option<Place>, speaking: Option<JoinSet<()>>) -> Ledger {
        let speaking = Mutex::new(speaking);
        Ledger {
            place,
            speaking,
            ..self
        }
    }

    /// Which ledger.
    pub fn id(&self) -> &LedgerId {
        self.durable.ledger()
    }

    /// Leaf hash of the first entry.
    pub fn genesis(&self) -> Leaf {
        self.durable.intake.genesis
    }

    /// Submits one signed action. Answers when it is durable and proven, refused, or found to be there
    /// already; refusals too wait for the entries they rest on.
    ///
    /// An answer may be lost, a receipt never comes twice for different entries: whoever is left
    /// without an answer sends the very same bytes again. Dropping the future does not take the
    /// action back.
    ///
    /// Where other nodes share the log, only who leads records anything: anywhere else the answer is
    /// [`SubmitError::NotLeading`], and [`Ledger::forward`] what to do.
    pub async fn submit(&self, submission: Submission) -> Result<Submitted, SubmitError> {
        let answer = self.answer(submission).await;
        self.durable.measures.answered(&answer);
        answer
    }

    async fn answer(&self, submission: Submission) -> Result<Submitted, SubmitError> {
        let queue = self.queue()?;
        if let Some(reason) = self.durable.away() {
            return Err(SubmitError::LogAway { reason });
        }
        if self.place.as_ref().is_some_and(|place| !place.leads()) {
            return Err(SubmitError::NotLeading);
        }
        let permits = self.admit(submission.len())?;
        let on_the_way = self.arriving.one();
        let contents = &*self.durable.contents;
        let verified = self.durable.intake.verify(submission, contents).await?;
        self.can_sign_after(&verified.action).await?;
        let (sender, answer) = oneshot::channel();
        let request = Request {
            verified,
            reply: Reply { sender, permits },
            attempted: None,
        };
        // The queue has room for as many as there are permits.
        let sent = queue.send((request, on_the_way)).await;
        drop(queue);
        sent.map_err(|_| self.no_longer())?;
        let answer = answer.await.map_err(|_| self.no_longer())?;
        answer.into_result(&self.durable).await
    }

    /// A rotation to a key that this node cannot sign with would be its last entry.
    async fn can_sign_after(&self, action: &Action) -> Result<(), SubmitError> {
        let Payload::People(PeopleAction::LedgerKeyRotated { new_key, .. }) = &action.payload
        else {
            return Ok(());
        };
        let (signer, key) = (Arc::clone(&self.durable.signer), *new_key);
        let held = crate::blocking::run(move || signer.keys().contains(&key)).await;
        match held {
            Some(true) => Ok(()),
            Some(false) => Err(SubmitError::KeyNotHeld { key }),
            None => Err(SubmitError::ShuttingDown),
        }
    }

    /// Where this node stands among those that share the log, now and as it changes; `None` where it
    /// alone has it, and so always leads.
    pub fn standing(&self) -> Option<watch::Receiver<Standing>> {
        self.place.as_ref().map(Place::standing)
    }

    /// What this ledger has counted of its own work since the process began.
    pub fn measures(&self) -> &Measures {
        &self.durable.measures
    }

    /// How many submissions are worked on at the moment, and how many are taken on at most.
    pub fn submissions(&self) -> (usize, usize) {
        let free = self.submissions.available_permits();
        (
            self.submissions_max.saturating_sub(free),
            self.submissions_max,
        )
    }

    /// How many submissions wait for the sequencer at the moment.
    pub fn queued(&self) -> usize {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |queue: &Queue| queue.max_capacity() - queue.capacity();
        queue.as_ref().map_or(0, waiting)
    }

    /// How many entries were left out of what is announced to other systems, because there was too much
    /// to announce.
    pub fn events_left_out(&self) -> u64 {
        self.place.as_ref().map_or(0, Place::events_left_out)
    }

    /// Makes a submission ready to be forwarded: checks all that does not depend on the ledger's state,
    /// and puts contents that are too long for a message into the content store, which is shared. What
    /// this node would refuse by all it knows leaves no contents there.
    pub async fn prepare(&self, submission: Submission) -> Result<Submission, SubmitError> {
        let _permits = self.admit(submission.len())?;
        let contents = &*self.durable.contents;
        let verified = self.durable.intake.verify(submission.clone(), contents);
        let verified = verified.await?;
        let bytes: usize = submission.contents.iter().map(|c| c.bytes.len()).sum();
        // What opens a hidden ballot goes into the sealed store, not between nodes.
        if bytes <= INLINE_CONTENT_MAX && verified.hidden.is_none() {
            return Ok(submission);
        }
        let signers: Vec<_> = verified
            .signatures
            .iter()
            .map(|signature| PublicKey(signature.key))
            .collect();
        if let Some(rejection) = self.preview(&verified.bytes, &signers).await?.rejection {
            return Err(rejection.into());
        }
        let stored = contents.put(&verified.uploads).await;
        stored.map_err(|error| ReadError::Part {
            what: "the content",
            reason: error.to_string(),
        })?;
        Ok(Submission {
            contents: Vec::new(),
            ..submission
        })
    }

    /// How an open vote stands, and what it can still come to; where an action is given, once that is recorded.
    /// `None` for a vote that is not open, or whose results are hidden.
    pub async fn outlook(
        &self,
        motion: &MotionId,
        after: Option<Action>,
    ) -> Result<Option<Outlook>, SubmitError> {
        let (durable, motion) = (Arc::clone(&self.durable), motion.clone());
        let now = self.clock.now();
        let found = crate::blocking::run(move || {
            Ok(durable.with_state(|state| match &after {
                None => outlook::outlook(state, &motion),
                Some(action) => {
                    let mut then = state.clone();
                    let at = EntryRef {
                        index: state.size(),
                        // What is asked of the copy does not depend on it.
                        leaf: Leaf::ZERO,
                        recorded_at: now.max(state.last_recorded_at()),
                    };
                    governance::evolve(&mut then, action, at);
                    outlook::outlook(&then, &motion)
                }
            }))
        });
        found.await.unwrap_or(Err(SubmitError::ShuttingDown))
    }

    /// Has the node that leads answer a question ([`Answers`]), whichever it is by then.
    pub async fn forward(&self, question: Vec<u8>) -> Result<Forwarded, SubmitError> {
        match &self.place {
            Some(place) => {
                let answer = place.forward(question).await;
                self.durable.measures.handed_over(&answer);
                answer
            }
            None => Ok(Forwarded::Here),
        }
    }

    /// Answers what other nodes forward, from now on and until the ledger shuts down.
    pub fn answer_forwarded(&self, answers: Arc<dyn Answers>) {
        if let Some(place) = &self.place {
            let answering = place.serve(answers);
            let before = self.answering().replace(answering);
            if let Some(before) = before {
                before.abort();
            }
        }
    }

    fn answering(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.answering
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what [`Ledger::submit`] would answer now to an action signed by these keys, in this
    /// order, and records nothing. Without keys, those the payload calls for are taken as given.
    /// Contents are not looked at.
    pub async fn preview(&self, action: &[u8], keys: &[PublicKey]) -> Result<Preview, SubmitError> {
        let (durable, now) = (Arc::clone(&self.durable), self.clock.now());
        let (action, keys) = (action.to_vec(), keys.to_vec());
        let preview = crate::blocking::run(move || {
            let action = proto::decode_action(&action)?;
            durable.intake.check_meant_for(&action)?;
            Ok(durable.with_state(|state| foretelling::preview(state, &action, &keys, now)))
        });
        preview.await.unwrap_or(Err(SubmitError::ShuttingDown))
    }

    /// The newest published checkpoint: where witnesses decide about it, cosigned by the quorum that the
    /// policy demands; otherwise the newest durable one. None as long as the first is pending.
    pub fn published(&self) -> Option<Published> {
        self.durable.published()
    }

    /// How each witness stands; none where the ledger has none.
    pub fn witnesses(&self) -> Vec<WitnessStatus> {
        let witnesses = self.durable.witnesses();
        witnesses.map_or_else(Vec::new, |witnesses| witnesses.status())
    }

    /// Has these witnesses cosign from now on, and publishes checkpoints as the policy says. Once a
    /// ledger.
    pub async fn start_witnesses(&self, policy: Policy, client: Arc<dyn WitnessClient>) {
        let durable = Arc::clone(&self.durable);
        let begin = crate::blocking::run(move || {
            let (disk, file) = durable.published_file.clone();
            let witnesses = Arc::new(Witnesses::new(policy, disk, file, &durable));
            durable
                .set_witnesses(Arc::clone(&witnesses))
                .then_some(witnesses)
        });
        if let Some(Some(witnesses)) = begin.await {
            let asking = tokio::spawn(witnesses.run(Arc::clone(&self.durable), client));
            let mut held = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
            *held = Some(asking);
        }
    }

    /// As [`Ledger::receipt`], once a published checkpoint covers the entry, or after `patience` as it is.
    pub async fn published_receipt(
        &self,
        index: u64,
        patience: Duration,
    ) -> Result<Receipt, ReadError> {
        if let Some(witnesses) = self.durable.witnesses() {
            let mut published = witnesses.published();
            let covers = |published: &Option<Published>| {
                let size = published.as_ref().map(|p| p.checkpoint.checkpoint().size);
                size.is_some_and(|size| size > index)
            };
            // Over or out of time, the receipt says how it stands.
            let _ = tokio::time::timeout(patience, published.wait_for(covers)).await;
        }
        Ok(self.receipt(index).await?.0)
    }

    /// The newest durable checkpoint.
    pub fn checkpoint(&self) -> Arc<SignedCheckpoint> {
        self.durable.checkpoint()
    }

    /// What the next checkpoint is checked with.
    pub fn verifier_key(&self) -> VerifierKey {
        self.durable.keys().in_force().clone()
    }

    /// What checkpoints are checked with, by their size.
    pub fn checkpoint_keys(&self) -> CheckpointKeys {
        self.durable.keys()
    }

    /// How many entries are durable and proven. It moves once their checkpoint is durable.
    pub fn durable_size(&self) -> watch::Receiver<u64> {
        self.durable.watch_size()
    }

    /// Why the ledger no longer extends, if it does not.
    pub fn halted(&self) -> Option<Halt> {
        self.durable.halted().cloned()
    }

    /// How many messages in the ledger's stream are no blocks of the log and were passed over, since it was made.
    /// Somebody may write there who should not.
    pub fn skipped_messages(&self) -> u64 {
        self.durable.tail.skipped()
    }

    /// Why the log cannot be reached at the moment, if it was given up: it is on NATS, which was away for too
    /// long. The ledger goes on by itself once it is back.
    pub fn away(&self) -> Option<String> {
        self.durable.away()
    }

    /// What the ledger is.
    pub fn info(&self) -> LedgerInfo {
        let founded_at = self.durable.founded_at;
        self.durable.with_state(|state| LedgerInfo {
            ledger: state.ledger().clone(),
            name: state.name().to_owned(),
            origin: state.origin().to_owned(),
            genesis: state.genesis(),
            demo: state.demo(),
            founded_at,
            rules_version: state.rules_version(),
            charter: state.charter().clone(),
            next_charter_version: state.next_charter_version(),
            utc_offsets: state.utc_offsets().clone(),
            size: state.size(),
        })
    }

    /// Reads the durable state. Keep it short: the next block's publication waits.
    pub fn with_state<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        self.durable.with_state(read)
    }

    /// Takes no more submissions, and returns once all that were taken are answered, a snapshot is
    /// written and the store is closed.
    pub async fn shutdown(&self) {
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(queue);
        let writer = self
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let asking = self
            .asking
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(asking) = asking {
            asking.abort();
        }
        if let Some(writer) = writer {
            // A panic of the writer has been reported by the runtime.
            let _ = writer.await;
        }
        if let Some(answering) = self.answering().take() {
            answering.abort();
        }
        let speaking = self
            .speaking
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(mut speaking) = speaking {
            speaking.shutdown().await;
        }
    }

    /// The queue to the sequencer, unless the ledger is not extended.
    fn queue(&self) -> Result<Queue, SubmitError> {
        if let Some(halt) = self.durable.halted() {
            return Err(SubmitError::Halted(halt.clone()));
        }
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.clone().ok_or(SubmitError::ShuttingDown)
    }

    /// Why an answer did not come.
    fn no_longer(&self) -> SubmitError {
        match self.durable.halted() {
            Some(halt) => SubmitError::Halted(halt.clone()),
            None => SubmitError::ShuttingDown,
        }
    }

    /// A place among the submissions worked on at once.
    fn admit(&self, len: usize) -> Result<Permits, SubmitError> {
        let submission = Arc::clone(&self.submissions).try_acquire_owned();
        // At least one unit, and never more than the bound allows one submission to wait for.
        let units = u32::try_from(len / BYTES_UNIT + 1).unwrap_or(u32::MAX);
        let bytes = Arc::clone(&self.bytes).try_acquire_many_owned(units);
        match (submission, bytes) {
            (Ok(submission), Ok(bytes)) => Ok(Permits {
                _submission: submission,
                _bytes: bytes,
            }),
            _ => Err(SubmitError::Overloaded),
        }
    }
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger")
            .field("id", self.id())
            .field("size", &self.durable.size())
            .field("halted", &self.durable.halted())
            .finish_non_exhaustive()
    }
}
