//! Several nodes on one log, in memory, any of which can be cut off or gone.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::select_all;
use ledger::checkpoints::CheckpointStore as _;
use ledger::checkpoints::memory::MemoryCheckpoints;
use ledger::disk::Disk;
use ledger::lease::Timing;
use ledger::lease::memory::MemoryLeases;
use ledger::messages::memory::MemoryMessages;
use ledger::snapshot::Snapshots;
use ledger::store::memory::MemoryDisk;
use ledger::{Halt, Ledger, LedgerParts, LedgerSigner, NodeId, Peers, Submission, Submitted};

use super::{LEDGER, Memory, People, id, ledger_keys, within};

/// One node's own things, and its way to what is shared.
pub(crate) struct Neighbour {
    pub(crate) node: NodeId,
    pub(crate) log: MemoryDisk,
    pub(crate) checkpoints: MemoryCheckpoints,
    pub(crate) leases: MemoryLeases,
    pub(crate) messages: MemoryMessages,
    pub(crate) scratch: tempfile::TempDir,
    pub(crate) signer: Arc<dyn LedgerSigner>,
}

/// The nodes, and what they share.
pub(crate) struct Neighbourhood {
    pub(crate) shared: Memory,
    pub(crate) leases: MemoryLeases,
    pub(crate) messages: MemoryMessages,
    pub(crate) nodes: Vec<Neighbour>,
}

impl Neighbourhood {
    /// A founded ledger and so many nodes, none of which is open.
    pub(crate) async fn founded(nodes: u8) -> Neighbourhood {
        let shared = Memory::founded().await;
        let mut all = Neighbourhood {
            shared,
            leases: MemoryLeases::new(),
            messages: MemoryMessages::new(),
            nodes: Vec::new(),
        };
        for number in 1..=nodes {
            let node = all.newcomer(number).await;
            all.nodes.push(node);
        }
        all
    }

    /// A node that knows the founding entry and nothing else.
    pub(crate) async fn newcomer(&self, number: u8) -> Neighbour {
        let checkpoints = MemoryCheckpoints::new();
        let first = self.shared.checkpoints.persisted()[0].clone();
        checkpoints.persist(&first).await.expect("persists");
        Neighbour {
            node: NodeId::from_bytes([number; 8]),
            log: self.shared.log.beside(),
            checkpoints,
            leases: self.leases.beside(),
            messages: self.messages.beside(),
            scratch: tempfile::tempdir().expect("a directory"),
            signer: Arc::new(ledger_keys()),
        }
    }

    pub(crate) fn people(&self) -> &People {
        &self.shared.people
    }

    /// Opens one node.
    pub(crate) async fn open(&self, node: &Neighbour) -> Result<Arc<Ledger>, Halt> {
        let snapshots = node.scratch.path().join("snapshots");
        let peers = Peers {
            // A lease expires when the test says so: no slow machine makes it.
            timing: Timing {
                renew_every: Duration::from_secs(1),
                leads_for: Duration::from_secs(600),
                expires_after: Duration::from_secs(600),
                ask_for: Duration::from_secs(5),
            },
            ..Peers::new(
                node.node.clone(),
                Arc::new(node.leases.clone()),
                Arc::new(node.messages.clone()),
            )
        };
        let parts = LedgerParts {
            id: id(LEDGER),
            log: Arc::new(node.log.clone()),
            checkpoints: Arc::new(node.checkpoints.clone()),
            contents: Arc::new(self.shared.contents.clone()),
            signer: Arc::clone(&node.signer),
            snapshots: Snapshots::open(Disk::system(), snapshots).expect("opens"),
            disk: Disk::system(),
            tiles: node.scratch.path().join("tiles"),
            published: node.scratch.path().join("published.note"),
            peers: Some(peers),
        };
        let clock = Arc::new(self.shared.clock.clone());
        let opened = Ledger::open(parts, clock, self.shared.limits).await;
        opened.map(Arc::new)
    }

    /// Opens all nodes, and waits until one leads. Returns them with the leader's place.
    pub(crate) async fn open_all(&self) -> (Vec<Arc<Ledger>>, usize) {
        let mut ledgers = Vec::new();
        for node in &self.nodes {
            ledgers.push(self.open(node).await.expect("opens"));
        }
        let leader = self.leader(&ledgers).await;
        (ledgers, leader)
    }

    /// Waits until exactly one of these leads, and knows that it does.
    pub(crate) async fn leader(&self, ledgers: &[Arc<Ledger>]) -> usize {
        let standing = |ledger: &Arc<Ledger>| ledger.standing().expect("one of several nodes");
        let mut standings: Vec<_> = ledgers.iter().map(standing).collect();
        let one = async {
            loop {
                let leads = standings
                    .iter_mut()
                    .map(|standing| standing.borrow_and_update().leads);
                let leads: Vec<_> = leads.collect();
                let mut leaders = (0..leads.len()).filter(|at| leads[*at]);
                if let (Some(leader), None) = (leaders.next(), leaders.next()) {
                    return leader;
                }
                let changes = standings
                    .iter_mut()
                    .map(|standing| Box::pin(standing.changed()));
                let (first, ..) = select_all(changes).await;
                first.expect("the nodes are open");
            }
        };
        within(one).await
    }

    /// Has the lease of the one that leads expire, until another has it. Returns the other's place: both may
    /// take a free lease.
    pub(crate) async fn another_leads(&self, ledgers: &[Arc<Ledger>], old: usize) -> usize {
        let mut standing = ledgers[old].standing().expect("one of several nodes");
        loop {
            standing.mark_unchanged();
            self.leases.expire(&id(LEDGER));
            let lost = within(standing.changed()).await;
            lost.expect("the node is open");
            let leader = self.leader(ledgers).await;
            if leader != old {
                return leader;
            }
        }
    }

    /// Cuts a node off from the leases and from the others, but not from the log, and has its lease
    /// expire: it believes that it leads.
    pub(crate) fn cut_off(&self, at: usize) {
        self.nodes[at].leases.cut_off();
        self.nodes[at].messages.cut_off(true);
        self.leases.expire(&id(LEDGER));
    }
}

/// Submits until a node has an answer of its own, as a client does that is told to try again.
pub(crate) async fn insisting(
    ledger: &Ledger,
    submission: Submission,
) -> Result<Submitted, ledger::SubmitError> {
    within(async {
        loop {
            match ledger.submit(submission.clone()).await {
                Err(ledger::SubmitError::NotLeading) => {
                    let standing = ledger.standing();
                    let mut standing = standing.expect("only one of several says so");
                    let leads = standing.wait_for(|standing| standing.leads).await;
                    leads.map(drop).expect("the node is open");
                    // It may be told before the sequencer is.
                    tokio::task::yield_now().await;
                }
                answer => return answer,
            }
        }
    })
    .await
}
