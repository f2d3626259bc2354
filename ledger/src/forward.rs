//! Submissions that come to a node which does not lead: handed to the one that does, and its answer back.
//!
//! A question and its answer are bytes here: what they mean is for whoever speaks to clients to say, so
//! that a forwarded submission is answered in the very words of a local one. Who leads takes in what is
//! forwarded like what comes from anywhere; nothing of the forwarder's checks is believed.
//!
//! Asking again is harmless: the same action is recorded once, and answered with its first receipt.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use governance::ids::LedgerId;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::events::Announcer;
use crate::leadership::Standing;
use crate::messages::{self, Message, MessageError, Messages};
use crate::peers::{Neighbours, Peers};
use crate::submission::SubmitError;

/// The most content bytes that travel inside a question; more are put into the shared content store
/// first, where they have to be anyway: so that they cross the network once, and short submissions do not wait
/// behind long ones. With the action and its signatures a question has an eighth of NATS's default
/// `max_payload`.
pub const INLINE_CONTENT_MAX: usize = 64 * 1024;

/// How long a submission is worth forwarding: less than a call may take, and more than it takes to
/// replace a leader that died.
const PATIENCE: Duration = Duration::from_secs(20);

/// After which time it is tried again where nobody is known to lead, or who did does not listen.
const RETRY: Duration = Duration::from_millis(200);

/// The most forwarded submissions worked on at once: a quarter of what a ledger takes on, so that they
/// do not crowd out those that come to the leader itself.
const AT_ONCE_MAX: usize = 1_024;

/// Answers submissions that other nodes forward.
#[async_trait]
pub trait Answers: Send + Sync + 'static {
    /// The answer to a question, or `None` where this node does not lead after all: then the other asks
    /// whoever does.
    async fn answer(&self, question: Vec<u8>) -> Option<Vec<u8>>;
}

/// What became of a submission that was to be forwarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forwarded {
    /// The leader's answer.
    Answer(Vec<u8>),
    /// It is this node that leads by now.
    Here,
}

/// A node's place among those of a ledger.
pub(crate) struct Place {
    ledger: LedgerId,
    peers: Peers,
    standing: watch::Receiver<Standing>,
    announcer: Announcer,
}

impl Place {
    pub(crate) fn new(ledger: LedgerId, peers: Peers, neighbours: &Neighbours) -> Place {
        Place {
            ledger,
            peers,
            standing: neighbours.standing(),
            announcer: neighbours.announcer(),
        }
    }

    /// How many entries were not announced to other systems.
    pub(crate) fn events_left_out(&self) -> u64 {
        self.announcer.left_out()
    }

    /// Where this node stands.
    pub(crate) fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Whether this node leads.
    pub(crate) fn leads(&self) -> bool {
        self.standing.borrow().leads
    }

    /// Asks whoever leads, until an answer comes or it takes too long.
    pub(crate) async fn forward(&self, question: Vec<u8>) -> Result<Forwarded, SubmitError> {
        self.forward_within(question, PATIENCE).await
    }

    async fn forward_within(
        &self,
        question: Vec<u8>,
        patience: Duration,
    ) -> Result<Forwarded, SubmitError> {
        let deadline = Instant::now() + patience;
        let mut standing = self.standing.clone();
        while Instant::now() < deadline {
            let now = standing.borrow_and_update().clone();
            if now.leads {
                return Ok(Forwarded::Here);
            }
            let asked = async {
                match now.leader.filter(|leader| *leader != self.peers.node) {
                    Some(leader) => {
                        let subject = messages::submissions(&self.ledger, &leader);
                        self.ask(&subject, question.clone(), deadline).await
                    }
                    None => None,
                }
            };
            tokio::select! {
                answer = asked => match answer {
                    Some(answer) => return Ok(Forwarded::Answer(answer)),
                    None => {
                        // Whoever comes to lead is asked at once.
                        let _ = tokio::time::timeout(RETRY, standing.changed()).await;
                    }
                },
                () = another(&mut standing) => {}
            }
        }
        Err(SubmitError::NotLeading)
    }

    /// One node's answer, if it gives one.
    async fn ask(&self, subject: &str, question: Vec<u8>, deadline: Instant) -> Option<Vec<u8>> {
        let patience = deadline.saturating_duration_since(Instant::now());
        match self.peers.messages.ask(subject, question, patience).await {
            // Who does not lead says nothing.
            Ok(answer) => (!answer.is_empty()).then_some(answer),
            Err(MessageError::NobodyListens { .. }) => None,
            Err(error) => {
                tracing::warn!(ledger = %self.ledger, %error, "a submission was not forwarded");
                None
            }
        }
    }

    /// Answers what is forwarded to this node, until the task is aborted.
    pub(crate) fn serve(&self, answers: Arc<dyn Answers>) -> JoinHandle<()> {
        let serving = Serving {
            subject: messages::submissions(&self.ledger, &self.peers.node),
            messages: Arc::clone(&self.peers.messages),
            standing: self.standing.clone(),
            answers,
        };
        tokio::spawn(serving.run())
    }
}

/// Returns once another leads than did.
async fn another(standing: &mut watch::Receiver<Standing>) {
    let before = standing.borrow().leader.clone();
    let other = |now: &Standing| now.leads || now.leader.is_some() && now.leader != before;
    if standing.wait_for(other).await.is_err() {
        std::future::pending::<()>().await;
    }
}

struct Serving {
    subject: String,
    messages: Arc<dyn Messages>,
    standing: watch::Receiver<Standing>,
    answers: Arc<dyn Answers>,
}

impl Serving {
    async fn run(self) {
        let mut answering = JoinSet::new();
        loop {
            match self.messages.listen(&self.subject).await {
                Ok(mut questions) => {
                    while let Some(question) = questions.recv().await {
                        while answering.len() >= AT_ONCE_MAX {
                            answering.join_next().await;
                        }
                        while answering.try_join_next().is_some() {}
                        answering.spawn(self.answer(question));
                    }
                }
                Err(error) => tracing::warn!(%error, "nothing can be forwarded to this node"),
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    fn answer(&self, question: Message) -> impl Future<Output = ()> + Send + 'static {
        let leads = self.standing.borrow().leads;
        let (answers, messages) = (Arc::clone(&self.answers), Arc::clone(&self.messages));
        async move {
            let Some(reply_to) = question.reply_to else {
                return;
            };
            let answer = if leads {
                answers.answer(question.payload).await
            } else {
                None
            };
            // If it is lost, the other asks again.
            let _ = messages
                .publish(&reply_to, answer.unwrap_or_default())
                .await;
        }
    }
}

#[cfg(test)]
#[path = "forward_tests.rs"]
mod tests;
