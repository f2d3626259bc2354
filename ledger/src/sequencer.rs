//! The one writer of a ledger: decides submissions one after another and groups them into blocks.
//!
//! **Group commit.** One block is in flight at a time. A lone action goes at once. While a block is in
//! flight the next one gathers; when it may begin and more are on their way through intake, it waits
//! for them up to a millisecond. A block has at most 1,000 entries and 512 KiB.
//!
//! **Answers** wait for the block they rest on, refusals and repeats included: they travel with the
//! block in the making when they were decided, through the store and the publisher, in order.
//!
//! **What time brings** is recorded before anything else at its moment, and as soon as something
//! admitted makes it due. A timer wakes the sequencer when nobody else does.
//!
//! **When an append fails**, everything in flight is decided again on what turns out to be durable
//! ([`recovery`]).
//!
//! **One among others.** Where nodes share the log, the one that leads works as above. The others follow
//! ([`following`]): what they did not append themselves they check as if it had just arrived, and hand to
//! the same publisher. A node changes between the two as the lease tells it. The lease is for efficiency:
//! of two nodes that both append, the store makes one begin again.

mod answer;
mod batch;
mod eraser;
mod following;
mod openings;
mod publisher;
mod recovery;
mod speculation;
mod write;

use std::collections::{BTreeSet, VecDeque};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use governance::ids::Digest;
use tlog::Frontier;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

pub(crate) use self::answer::{Published, receipt_of};
pub(crate) use self::batch::{Permits, Reply, Request};
pub(crate) use self::eraser::SPENT_MAX;
pub(crate) use self::publisher::persist;

use self::batch::Batch;
use self::eraser::Spent;
use self::following::Following;
use self::openings::{Openings, Read};
use self::publisher::{NotWritten, PUBLICATIONS_WAITING_MAX, Publication, Publisher};
use self::speculation::{Full, Speculation};
use crate::checkpoint_keys::NamedKeys;
use crate::checkpoints::CheckpointStore;
use crate::clock::{Clock, ClockGuard};
use crate::durable::Durable;
use crate::halt::Halt;
use crate::keys::LedgerSigner;
use crate::peers::{Membership, Neighbours};
use crate::snapshots::Snapshotter;
use crate::store::{LogStore, StoreError, StoreFactory};

/// How long a block that may begin waits for submissions that are on their way through intake: about
/// as long as writing it takes, so that a busy writer syncs half as often at little cost.
const GATHER: Duration = Duration::from_millis(1);

/// How many requests are taken from the queue at once: a few milliseconds of deciding, after which a
/// finished write or a due entry gets its turn.
const INBOX_MAX: usize = 256;

/// Submissions that passed the bounds but have not reached the sequencer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arriving(Arc<AtomicUsize>);

/// One of them; it has arrived, or never will, when this is dropped.
#[derive(Debug)]
pub(crate) struct OnTheWay(Arriving);

impl Arriving {
    pub(crate) fn one(&self) -> OnTheWay {
        self.0.fetch_add(1, Ordering::AcqRel);
        OnTheWay(self.clone())
    }

    fn is_none(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }
}

impl Drop for OnTheWay {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Where verified submissions are put.
pub(crate) type Queue = mpsc::Sender<(Request, OnTheWay)>;

/// What a sequencer is made of.
pub(crate) struct Setup {
    pub(crate) durable: Arc<Durable>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) signer: Arc<dyn LedgerSigner>,
    pub(crate) factory: Arc<dyn StoreFactory>,
    pub(crate) store: Arc<dyn LogStore>,
    pub(crate) checkpoints: Arc<dyn CheckpointStore>,
    pub(crate) snapshotter: Snapshotter,
    /// The tree over everything durable.
    pub(crate) frontier: Frontier,
    /// What opened hidden ballots and is perhaps not erased yet.
    pub(crate) spent: Vec<Digest>,
    pub(crate) arriving: Arriving,
    /// What makes this node one of the log's; none where this process alone has it.
    pub(crate) membership: Option<Membership>,
}

/// A block with the publisher: what becomes of it.
type InFlight = oneshot::Receiver<Result<(), Box<NotWritten>>>;

/// The one writer of a ledger.
pub(crate) struct Sequencer {
    durable: Arc<Durable>,
    clock: Arc<dyn Clock>,
    guard: ClockGuard,
    signer: Arc<dyn LedgerSigner>,
    factory: Arc<dyn StoreFactory>,
    store: Arc<dyn LogStore>,
    publications: mpsc::Sender<Publication>,
    arriving: Arriving,
    inbox: VecDeque<Request>,
    neighbours: Option<Neighbours>,
    role: Role,
    building: Batch,
    in_flight: Option<InFlight>,
    /// Until when the block in the making waits for more.
    gather_until: Option<Instant>,
    /// The block in the making has no room for what comes next.
    full: bool,
    /// Appends that failed since the last that did not.
    failures: u32,
    /// What hidden ballots said, on its way to the log.
    openings: Openings,
    /// Contents that a failed write left in the content store and that no entry names so far.
    orphans: BTreeSet<Digest>,
}

/// What a node does for its ledger at the moment.
enum Role {
    /// It decides and appends.
    Leading(Box<Speculation>),
    /// It follows what another appends.
    Following(Box<Following>),
}

/// What woke the sequencer.
enum Wake {
    Written(Result<(), Box<NotWritten>>),
    /// The publisher has ended with the block.
    Abandoned,
    Received(usize),
    Due,
    Gathered,
    /// What opens ballots was read.
    Read(Read),
    /// It may be read again.
    ReadAgain,
    /// It may have to lead, or no longer.
    Lease,
    /// Another has appended, or the store cannot tell.
    Grown(Result<(), StoreError>),
}

/// Starts a ledger's sequencer and publisher. Both end once `queue` is closed and drained, or when the
/// ledger halts; the handle returned ends with the latter of them.
pub(crate) fn start(
    setup: Setup,
    queue: mpsc::Receiver<(Request, OnTheWay)>,
) -> tokio::task::JoinHandle<()> {
    let (publications, receiver) = mpsc::channel(PUBLICATIONS_WAITING_MAX);
    let neighbours = setup
        .membership
        .as_ref()
        .map(|membership| membership.neighbours.clone());
    let publisher = Publisher {
        spent: Spent::start(Arc::clone(&setup.durable), setup.spent),
        durable: Arc::clone(&setup.durable),
        signer: Arc::clone(&setup.signer),
        checkpoints: setup.checkpoints,
        snapshotter: setup.snapshotter,
        frontier: setup.frontier,
        keys: setup.durable.with_state(NamedKeys::of),
        announcer: neighbours.as_ref().map(Neighbours::announcer),
    };
    let publisher = publisher::start(publisher, receiver);
    let state = setup.durable.with_state(Clone::clone);
    let role = if neighbours.is_some() {
        Role::Following(Box::new(Following::from(state)))
    } else {
        Role::Leading(Box::new(Speculation::new(state, Arc::clone(&setup.signer))))
    };
    let sequencer = Sequencer {
        guard: ClockGuard::new(&*setup.clock),
        neighbours,
        role,
        durable: setup.durable,
        clock: setup.clock,
        signer: setup.signer,
        factory: setup.factory,
        store: setup.store,
        publications,
        arriving: setup.arriving,
        inbox: VecDeque::new(),
        building: Batch::default(),
        in_flight: None,
        gather_until: None,
        full: false,
        failures: 0,
        openings: Openings::default(),
        orphans: BTreeSet::new(),
    };
    let durable = Arc::clone(&sequencer.durable);
    let sequencer = tokio::spawn(sequencer.run(queue));
    tokio::spawn(async move {
        // Side by side: a publisher that panics ends while the sequencer waits for submissions.
        tokio::join!(
            watch(&durable, panicked(sequencer), "the sequencer"),
            watch(&durable, publisher.panicked(), "the publisher"),
        );
        if let Some(membership) = setup.membership {
            membership.end().await;
        }
    })
}

/// Halts the ledger if one of its tasks panics: without it, it must not look merely slow.
async fn watch(durable: &Durable, panicked: impl Future<Output = bool>, part: &str) {
    if panicked.await {
        // The runtime has told where.
        let reason = format!("{part} panicked");
        durable.halt(Halt::Broken { reason });
    }
}

async fn panicked(task: tokio::task::JoinHandle<()>) -> bool {
    task.await.is_err_and(|error| error.is_panic())
}

impl Sequencer {
    /// Runs until the queue is closed and drained, or the ledger halts. Whoever was not answered then
    /// learns it from the reply that is dropped.
    async fn run(mut self, mut queue: mpsc::Receiver<(Request, OnTheWay)>) {
        let ended = self.work(&mut queue).await;
        let halted = ended.map_err(|halt| self.durable.halt(halt)).is_err();
        // After the reason is known, so that whoever comes too late is told it.
        queue.close();
        if halted {
            self.finish_write().await;
        }
        self.store.close().await;
    }

    async fn work(&mut self, queue: &mut mpsc::Receiver<(Request, OnTheWay)>) -> Result<(), Halt> {
        let mut received = Vec::with_capacity(INBOX_MAX);
        let mut open = true;
        self.record_due()?;
        while open || !self.is_idle() {
            self.take_role(open).await?;
            self.decide_inbox()?;
            self.begin_opening()?;
            self.begin_write().await?;
            if !open && self.is_idle() {
                break;
            }
            match self.wake(queue, &mut received, open).await {
                Wake::Written(Ok(())) => self.written().await,
                Wake::Written(Err(not)) => self.recover(not.batch, not.error).await?,
                Wake::Abandoned => return Err(publisher_ended()),
                Wake::Received(0) => open = false,
                Wake::Received(_) => {
                    self.inbox
                        .extend(received.drain(..).map(|(request, _)| request));
                }
                Wake::Due => self.record_due()?,
                Wake::Gathered => self.gather_until = Some(Instant::now()),
                Wake::Read(read) => self.opened(read)?,
                Wake::Lease | Wake::ReadAgain => {}
                Wake::Grown(grown) => self.follow(grown).await?,
            }
        }
        Ok(())
    }

    /// Waits for whatever comes first.
    async fn wake(
        &mut self,
        queue: &mut mpsc::Receiver<(Request, OnTheWay)>,
        received: &mut Vec<(Request, OnTheWay)>,
        open: bool,
    ) -> Wake {
        let takes_more = open && self.inbox.is_empty();
        let (due, followed) = match &self.role {
            Role::Leading(speculation) => {
                let opens = speculation.next_opening();
                let opens = opens.filter(|at| self.openings.look_again(*at));
                let due = [speculation.next_due(), opens].into_iter().flatten().min();
                (due, self.surprise(speculation))
            }
            Role::Following(following) => (None, Some(following.place())),
        };
        let due = due.filter(|_| !self.full && self.leads());
        let gathering = self.in_flight.is_none() && !self.building.is_empty();
        let gather_until = self.gather_until.filter(|_| gathering);
        let clock = &*self.clock;
        let (reads, read_again) = (self.openings.is_reading(), self.openings.retry_at);
        tokio::select! {
            biased;
            outcome = written(&mut self.in_flight) => outcome.map_or(Wake::Abandoned, Wake::Written),
            count = queue.recv_many(received, INBOX_MAX), if takes_more => {
                Wake::Received(count)
            }
            () = wait_until(clock, due) => Wake::Due,
            read = openings::done(&mut self.openings), if reads => Wake::Read(read),
            () = sleep_until(read_again), if !reads => Wake::ReadAgain,
            () = sleep_until(gather_until) => Wake::Gathered,
            () = following::standing_changed(&mut self.neighbours) => Wake::Lease,
            grown = following::grown(&*self.store, followed) => Wake::Grown(grown),
        }
    }

    /// Nothing is left to do for anybody.
    fn is_idle(&self) -> bool {
        self.inbox.is_empty() && self.building.is_empty() && self.in_flight.is_none()
    }

    /// Decides what was received, until the block in the making is full. Who does not lead decides
    /// nothing.
    fn decide_inbox(&mut self) -> Result<(), Halt> {
        if !self.leads() {
            return Ok(());
        }
        while let Some(request) = self.inbox.pop_front() {
            let now = self.now()?;
            let Role::Leading(speculation) = &mut self.role else {
                self.inbox.push_front(request);
                break;
            };
            let decided = speculation.decide(request, now, &mut self.building)?;
            if let Err(Full(request)) = decided {
                self.full = true;
                self.inbox.push_front(*request);
                break;
            }
            self.claim_contents();
        }
        Ok(())
    }

    /// Contents that a failed write left behind are no orphans once an action that names them is
    /// admitted after all.
    fn claim_contents(&mut self) {
        if self.orphans.is_empty() {
            return;
        }
        for digest in self.building.last_contents() {
            if self.orphans.remove(&digest) {
                self.building.fresh.push(digest);
            }
        }
    }

    /// Records what is due, as far as the block in the making has room. That is for who leads.
    fn record_due(&mut self) -> Result<(), Halt> {
        let now = self.now()?;
        if let Role::Leading(speculation) = &mut self.role {
            let all = speculation.record_due(now, &mut self.building)?;
            self.full |= !all;
        }
        Ok(())
    }

    fn now(&self) -> Result<governance::ids::Millis, Halt> {
        self.guard
            .now(&*self.clock)
            .map_err(|ms| Halt::ClockJump { ms })
    }

    /// Begins to write the block in the making if none is in flight and it waits for nobody.
    async fn begin_write(&mut self) -> Result<(), Halt> {
        if self.in_flight.is_some() || self.building.is_empty() {
            return Ok(());
        }
        if self.durable.halted().is_some() {
            // The publisher halted the ledger: nothing more is appended.
            return Err(Halt::Broken {
                reason: "nothing is appended to a ledger that has halted".to_owned(),
            });
        }
        if self.building.entries.is_empty() {
            // Answers that rest on blocks the publisher already has.
            let answers = std::mem::take(&mut self.building);
            self.publish(answers).await?;
            self.erase_orphans().await;
            return Ok(());
        }
        // Who has lost the lease appends nothing more; `take_role` sees to what waits.
        if self.gathers() || !self.leads() {
            return Ok(());
        }
        self.gather_until = None;
        self.full = false;
        let batch = std::mem::take(&mut self.building);
        let store = Arc::clone(&self.store);
        let (done, outcome) = oneshot::channel();
        self.in_flight = Some(outcome);
        let block = Publication::Block { batch, store, done };
        self.hand_over(block).await
    }

    /// Whether the block waits for more: it is no lone action's, others are on their way, and the
    /// millisecond is not over.
    fn gathers(&mut self) -> bool {
        let lone = self.building.entries.len() <= 1;
        if lone || !self.inbox.is_empty() || self.arriving.is_none() {
            return false;
        }
        let now = Instant::now();
        now < *self.gather_until.get_or_insert(now + GATHER)
    }

    /// A block is durable: everybody may learn it once its checkpoint is.
    async fn written(&mut self) {
        self.failures = 0;
        self.erase_orphans().await;
    }

    async fn publish(&mut self, batch: Batch) -> Result<(), Halt> {
        self.hand_over(Publication::Batch(batch)).await
    }

    async fn hand_over(&mut self, publication: Publication) -> Result<(), Halt> {
        let sent = self.publications.send(publication).await;
        sent.map_err(|_| publisher_ended())
    }

    /// After a halt, lets a write under way end, so that its outcome is not made uncertain.
    async fn finish_write(&mut self) {
        if let Some(write) = self.in_flight.take() {
            // If the publisher is gone too, what it wrote is found at the next start.
            let _ = write.await;
        }
    }
}

/// What became of the block in flight; none where the publisher has ended with it.
async fn written(in_flight: &mut Option<InFlight>) -> Option<Result<(), Box<NotWritten>>> {
    let Some(write) = in_flight else {
        return std::future::pending().await;
    };
    let outcome = write.await;
    *in_flight = None;
    outcome.ok()
}

/// The publisher ends before the sequencer only by halting the ledger, and its reason stays.
fn publisher_ended() -> Halt {
    Halt::Broken {
        reason: "the publisher has ended".to_owned(),
    }
}

async fn wait_until(clock: &dyn Clock, due: Option<governance::ids::Millis>) {
    match due {
        Some(due) => clock.wait_until(due).await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
