//! What makes a node one among others: the lease, messages, and what the others know.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use tlog::{Note, SignedCheckpoint};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::durable::Durable;
use crate::events::{self, Announcer};
use crate::exchange::Exchange;
use crate::leadership::{Candidate, Leadership, Standing};
use crate::lease::nats::NatsLeases;
use crate::lease::{LeaseStore, NodeId, Timing};
use crate::messages::nats::NatsMessages;
use crate::messages::{self, Messages};
use crate::nats::Nats;

/// What a node shares with the others. Clones are the same node's.
#[derive(Clone)]
pub struct Peers {
    /// Which node this is.
    pub node: NodeId,
    /// Where the leases are.
    pub leases: Arc<dyn LeaseStore>,
    /// How long they last.
    pub timing: Timing,
    /// How nodes speak to one another.
    pub messages: Arc<dyn Messages>,
    /// How many ledgers this node leads.
    pub led: Arc<AtomicUsize>,
}

impl std::fmt::Debug for Peers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Peers")
            .field("node", &self.node)
            .finish_non_exhaustive()
    }
}

impl Peers {
    /// A node that reaches the others like this, with leases as they last by default.
    pub fn new(node: NodeId, leases: Arc<dyn LeaseStore>, messages: Arc<dyn Messages>) -> Peers {
        Peers {
            node,
            leases,
            timing: Timing::default(),
            messages,
            led: Arc::default(),
        }
    }

    /// A node that reaches the others over NATS.
    pub fn over(nats: &Nats, node: NodeId) -> Peers {
        let leases = NatsLeases::new(nats.clone());
        let messages = NatsMessages::new(nats);
        Peers::new(node, Arc::new(leases), Arc::new(messages))
    }

    /// Begins to be one of a ledger's nodes. Also returns the tasks that speak with the others, which
    /// end when they are dropped.
    pub(crate) fn join(
        &self,
        durable: &Arc<Durable>,
        clock: &Arc<dyn Clock>,
    ) -> (Membership, JoinSet<()>) {
        let leadership = Leadership::seek(Candidate {
            node: self.node.clone(),
            leases: Arc::clone(&self.leases),
            timing: self.timing,
            clock: Arc::clone(clock),
            durable: Arc::clone(durable),
            led: Arc::clone(&self.led),
        });
        let standing = leadership.standing();
        let (mut tasks, heard) = self.converse(durable, standing.clone());
        let (announcer, queue) = Announcer::new(standing.clone());
        let ledger = durable.ledger().clone();
        tasks.spawn(events::announce(ledger, Arc::clone(&self.messages), queue));
        let neighbours = Neighbours {
            durable: Arc::clone(durable),
            messages: Arc::clone(&self.messages),
            standing,
            heard,
            announcer,
            ask_for: self.timing.ask_for,
        };
        let membership = Membership {
            neighbours,
            leadership,
        };
        (membership, tasks)
    }

    /// Compares checkpoints with the other nodes, and tells those who ask the newest one known here:
    /// until the tasks are dropped, also once the ledger has halted, as it may be the only node left
    /// that knows what the log lacks. Also returns the largest heard of that the log has not grown to.
    pub(crate) fn converse(
        &self,
        durable: &Arc<Durable>,
        standing: watch::Receiver<Standing>,
    ) -> (JoinSet<()>, watch::Receiver<Option<Arc<SignedCheckpoint>>>) {
        let (exchange, heard) = Exchange::new(durable, &self.messages, standing);
        let mut tasks = JoinSet::new();
        tasks.spawn(exchange.run());
        (tasks, heard)
    }
}

/// A node's part among others: it ends with its ledger's extension.
pub(crate) struct Membership {
    pub(crate) neighbours: Neighbours,
    leadership: Leadership,
}

impl Membership {
    /// Gives up the lease.
    pub(crate) async fn end(self) {
        self.leadership.give_up().await;
    }
}

/// The other nodes, as the sequencer knows them.
#[derive(Clone)]
pub(crate) struct Neighbours {
    durable: Arc<Durable>,
    messages: Arc<dyn Messages>,
    standing: watch::Receiver<Standing>,
    heard: watch::Receiver<Option<Arc<SignedCheckpoint>>>,
    announcer: Announcer,
    ask_for: Duration,
}

impl Neighbours {
    /// Where this node stands.
    pub(crate) fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Whether this node leads.
    pub(crate) fn leads(&self) -> bool {
        self.standing.borrow().leads
    }

    /// Returns when that may have changed.
    pub(crate) async fn standing_changed(&mut self) {
        if self.standing.changed().await.is_err() {
            // Whoever told it is gone, and with it all that could change.
            std::future::pending::<()>().await;
        }
    }

    /// Tells other systems what becomes visible, and knows what it left out.
    pub(crate) fn announcer(&self) -> Announcer {
        self.announcer.clone()
    }

    /// The largest checkpoint that any node knows of and that the ledger's key signed.
    pub(crate) async fn largest_checkpoint(&self) -> Option<Arc<SignedCheckpoint>> {
        let subject = messages::newest_checkpoint(self.durable.ledger());
        let answers = self.messages.ask_all(&subject, Vec::new(), self.ask_for);
        let answers = answers.await.unwrap_or_else(|error| {
            tracing::warn!(ledger = %self.durable.ledger(), %error, "no other node can be asked");
            Vec::new()
        });
        let mut known = self.heard.borrow().clone();
        for note in answers.iter().filter_map(|note| Note::parse(note).ok()) {
            let signed = self.durable.signed(&note).await;
            let size = known.as_ref().map_or(0, |known| known.checkpoint().size);
            known = signed
                .filter(|signed| signed.checkpoint().size > size)
                .map(Arc::new)
                .or(known);
        }
        known
    }
}
