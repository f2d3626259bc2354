//! The ledger's witnesses: asked for cosignatures, all at once and for a bounded time, beside admission.
//!
//! Rounds follow one another, each over the newest durable checkpoint: every witness is asked in
//! parallel, and the checkpoint is *published* with the cosignatures that came, once they are the quorum
//! that the policy demands. Until then the last published one stays; entries are admitted, made durable
//! and answered all the while, and their receipts say that witnesses are pending. A policy of
//! `quorum none` publishes at once and adds cosignatures as they come.
//!
//! Nobody waits for a witness that did not answer last time: it is asked again in each round, and *late*
//! until it cosigns.
//!
//! A witness that holds more of this log than the node, or another root, has the proof that the node lost
//! acknowledged entries: the ledger halts before it signs a second history.

mod ask;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tlog::{Note, Policy, SignedCheckpoint, Verified};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use self::ask::{Asked, Asking};
use crate::checkpoints::CHECKPOINT_LEN_MAX;
use crate::disk::Disk;
use crate::durable::Durable;

/// How long a witness may take to answer: it syncs one write, and may be on another continent.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a round waits, once there is a quorum, for the other witnesses that answered last time.
const GRACE: Duration = Duration::from_millis(500);

/// How long until a round that brought no quorum, or not everybody, is tried again although the log did
/// not grow; doubled each time up to the longest.
const RETRY_MIN: Duration = Duration::from_secs(1);
const RETRY_MAX: Duration = Duration::from_secs(60);

/// Reaches witnesses: HTTP, or whatever a test puts in its place.
#[async_trait]
pub trait WitnessClient: Send + Sync + 'static {
    /// `POST <url>/add-checkpoint`: the status and the body.
    async fn add_checkpoint(&self, url: &str, request: Vec<u8>) -> Result<(u16, Vec<u8>), String>;

    /// `GET <url>/<origin hash>/checkpoint`: the status and the body.
    async fn checkpoint(&self, url: &str, origin_hash: &str) -> Result<(u16, Vec<u8>), String>;
}

/// How one witness stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessStatus {
    /// Its name in the policy.
    pub name: String,
    /// Its key's name.
    pub key: String,
    /// The size of the checkpoint it cosigned last, as far as this node saw.
    pub cosigned: Option<u64>,
    /// When it did, in seconds since 1970-01-01 UTC by its own clock.
    pub time: Option<u64>,
    /// It did not cosign what it was asked for last; why.
    pub late: Option<String>,
}

/// What a ledger's witnesses make public.
#[derive(Clone, Debug)]
pub struct Published {
    /// The checkpoint, with the cosignatures that came.
    pub checkpoint: Arc<SignedCheckpoint>,
    /// Whose they are, each checked.
    pub cosigned: Vec<Verified>,
}

/// A ledger's witnesses. The task that asks them ends with the ledger.
#[derive(Debug)]
pub(crate) struct Witnesses {
    policy: Policy,
    published: watch::Sender<Option<Published>>,
    status: Mutex<Vec<WitnessStatus>>,
    disk: Disk,
    file: PathBuf,
}

impl Witnesses {
    /// The witnesses of a policy, and what they made public before, which is in `file`. From a thread
    /// that may block.
    pub(crate) fn new(policy: Policy, disk: Disk, file: PathBuf, durable: &Durable) -> Witnesses {
        let status = policy.witnesses().iter().map(|witness| WitnessStatus {
            name: witness.name.to_string(),
            key: witness.key.name().to_owned(),
            cosigned: None,
            time: None,
            late: None,
        });
        let status = Mutex::new(status.collect());
        let published = read_published(&disk, &file, &policy, durable);
        Witnesses {
            policy,
            published: watch::Sender::new(published),
            status,
            disk,
            file,
        }
    }

    /// Whose cosignatures are enough.
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What is public, and what will be.
    pub(crate) fn published(&self) -> watch::Receiver<Option<Published>> {
        self.published.subscribe()
    }

    /// How each witness stands.
    pub(crate) fn status(&self) -> Vec<WitnessStatus> {
        let status = self.status.lock();
        status.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks in rounds until the ledger halts or `client` is not wanted any more.
    pub(crate) async fn run(
        self: Arc<Self>,
        durable: Arc<Durable>,
        client: Arc<dyn WitnessClient>,
    ) {
        let mut asking: Vec<Asking> = self.policy.witnesses().iter().map(Asking::new).collect();
        let mut sizes = durable.watch_size();
        let mut retry = RETRY_MIN;
        loop {
            // Before the checkpoint is read, so that no growth goes unseen.
            sizes.mark_unchanged();
            let round = Round {
                checkpoint: durable.checkpoint(),
                durable: Arc::clone(&durable),
                client: Arc::clone(&client),
                grown: sizes.clone(),
            };
            let complete = self.round(round, &mut asking).await;
            if durable.halted().is_some() {
                return;
            }
            let pause = (!complete).then_some(retry);
            retry = pause.map_or(RETRY_MIN, |pause| (pause * 2).min(RETRY_MAX));
            tokio::select! {
                changed = sizes.changed() => match changed {
                    Ok(()) => {}
                    Err(_) => return,
                },
                () = sleep(pause.map(|pause| Instant::now() + pause)) => {}
            }
        }
    }

    /// One round over one checkpoint. Returns whether everybody cosigned.
    async fn round(&self, mut round: Round, asking: &mut Vec<Asking>) -> bool {
        let checkpoint = Arc::clone(&round.checkpoint);
        if !self.policy.needs_witnesses() {
            self.publish(Published {
                checkpoint: Arc::clone(&checkpoint),
                cosigned: Vec::new(),
            })
            .await;
        }
        let count = asking.len();
        let waited_for = asking.iter().filter(|asking| asking.answers()).count();
        let mut tasks = round.start(std::mem::take(asking));
        let mut gathered = Gathered::new(&checkpoint);
        let mut back: Vec<Option<Asking>> = (0..count).map(|_| None).collect();
        let (mut answered, mut published) = (0, 0);
        let (mut patience, mut settled) = (None, false);
        while let Some((place, one, asked)) = round.next(&mut tasks, patience, settled).await {
            answered += usize::from(one.answers());
            self.note(place, &asked);
            if let Asked::Cosigned(signature, cosigned) = asked {
                gathered.add(signature, cosigned);
            }
            back[place] = Some(one);
            if !self.policy.is_met_by(&gathered.cosigned) {
                continue;
            }
            patience = patience.or_else(|| Some(Instant::now() + GRACE));
            settled = answered >= waited_for;
            if settled && gathered.cosigned.len() > published {
                published = gathered.cosigned.len();
                self.publish(gathered.published()).await;
            }
        }
        // Whoever is still silent is asked anew in the next round.
        tasks.abort_all();
        if self.policy.is_met_by(&gathered.cosigned) && gathered.cosigned.len() > published {
            self.publish(gathered.published()).await;
        }
        let witnesses = self.policy.witnesses().iter().zip(back).enumerate();
        *asking = witnesses
            .map(|(place, (witness, back))| {
                back.unwrap_or_else(|| {
                    self.note(place, &Asked::Failed("it has not answered yet".to_owned()));
                    Asking::late(witness)
                })
            })
            .collect();
        gathered.cosigned.len() == count
    }

    fn note(&self, place: usize, asked: &Asked) {
        let mut status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(status) = status.get_mut(place) else {
            return;
        };
        match asked {
            Asked::Cosigned(_, verified) => {
                status.cosigned = Some(verified.size);
                status.time = verified.verified.timestamp;
                if status.late.take().is_some() {
                    tracing::info!(witness = status.name, "the witness cosigns again");
                }
            }
            Asked::Failed(why) => {
                if status.late.is_none() {
                    tracing::warn!(witness = status.name, why, "the witness is late");
                }
                status.late = Some(why.clone());
            }
        }
    }

    /// Keeps a checkpoint for the next start, and makes it public. Losing the file costs a round.
    async fn publish(&self, published: Published) {
        let (disk, file) = (self.disk.clone(), self.file.clone());
        let bytes = published.checkpoint.to_bytes();
        let keep = move || disk.replace(&file, &file.with_extension("new"), &bytes);
        if let Some(Err(error)) = crate::blocking::run(keep).await {
            tracing::warn!(%error, "the published checkpoint is not kept");
        }
        self.published.send_if_modified(|before| {
            let better = |before: &Published| {
                let (old, new) = (
                    before.checkpoint.checkpoint(),
                    published.checkpoint.checkpoint(),
                );
                (new.size, published.cosigned.len()) >= (old.size, before.cosigned.len())
            };
            let modified = before.as_ref().is_none_or(better);
            if modified {
                *before = Some(published);
            }
            modified
        });
    }
}

/// One round: what is asked for, and how.
struct Round {
    checkpoint: Arc<SignedCheckpoint>,
    durable: Arc<Durable>,
    client: Arc<dyn WitnessClient>,
    /// Tells that there is a newer checkpoint.
    grown: watch::Receiver<u64>,
}

/// A witness that is done: its place, itself, and what came of asking it.
type Done = (usize, Asking, Asked);

impl Round {
    /// Asks everybody at once.
    fn start(&self, asking: Vec<Asking>) -> JoinSet<Done> {
        let mut tasks = JoinSet::new();
        for (place, mut one) in asking.into_iter().enumerate() {
            let (durable, client) = (Arc::clone(&self.durable), Arc::clone(&self.client));
            let checkpoint = Arc::clone(&self.checkpoint);
            tasks.spawn(async move {
                let asked = one.ask(&durable, &*client, &checkpoint);
                let asked = timeout(ANSWER_TIMEOUT, asked).await;
                let asked = asked.unwrap_or_else(|_| one.silent(ANSWER_TIMEOUT));
                (place, one, asked)
            });
        }
        tasks
    }

    /// The next witness that is done. None when all are, when patience is over, or, once the round is
    /// settled, when there is a newer checkpoint to ask for.
    async fn next(
        &mut self,
        tasks: &mut JoinSet<Done>,
        patience: Option<Instant>,
        settled: bool,
    ) -> Option<Done> {
        tokio::select! {
            done = tasks.join_next() => done.and_then(Result::ok),
            () = sleep(patience) => None,
            _ = self.grown.changed(), if settled => None,
        }
    }
}

/// Sleeps until then; without a then, for ever.
async fn sleep(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}

/// The cosignatures of one round.
struct Gathered {
    checkpoint: SignedCheckpoint,
    cosigned: Vec<Verified>,
}

impl Gathered {
    fn new(checkpoint: &SignedCheckpoint) -> Gathered {
        Gathered {
            checkpoint: checkpoint.clone(),
            cosigned: Vec::new(),
        }
    }

    fn add(&mut self, signature: tlog::NoteSignature, cosigned: ask::Cosigned) {
        // A policy has fewer witnesses than a note has room for.
        if self.checkpoint.add_cosignature(signature).is_ok() {
            self.cosigned.push(cosigned.verified);
        }
    }

    fn published(&self) -> Published {
        Published {
            checkpoint: Arc::new(self.checkpoint.clone()),
            cosigned: self.cosigned.clone(),
        }
    }
}

/// What was public when the node ended, if it is still so: signed, cosigned by the quorum that is
/// demanded now, and no more than there is.
fn read_published(
    disk: &Disk,
    file: &std::path::Path,
    policy: &Policy,
    durable: &Durable,
) -> Option<Published> {
    let bytes = disk.read(file, CHECKPOINT_LEN_MAX as u64).ok()??;
    let keys = policy.witness_keys();
    let opened = durable.keys().check(Note::parse(&bytes).ok()?, &keys);
    let (checkpoint, cosigned) = opened.ok()?;
    let tree = checkpoint.checkpoint();
    let same = durable
        .tree
        .tiles()
        .root(tree.size)
        .is_ok_and(|root| root == tree.root);
    (same && policy.is_met_by(&cosigned)).then(|| Published {
        checkpoint: Arc::new(checkpoint),
        cosigned,
    })
}
