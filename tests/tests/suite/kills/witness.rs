//! What clients were told, held against what the ledger says after each death of its server.

use gateway::client::Client;
use proto::v1;
use system_tests::DEADLINE;
use system_tests::community::Community;
use system_tests::dice::Dice;
use system_tests::log::{self, Log};
use system_tests::officer::{Officer, summary};
use system_tests::server::Server;
use tlog::{Hash, SignedCheckpoint, VerifierKey};

use super::load::{Fate, is_loss};

/// How many acknowledged actions are sent once more after each death.
const RESENT: u64 = 20;

/// Everything clients were told so far.
#[derive(Debug)]
pub(crate) struct Witness {
    /// Who submits.
    pub(crate) officer: Officer,
    key: VerifierKey,
    acknowledged: Vec<Acknowledged>,
    /// Sent since the last check, and never answered.
    unanswered: Vec<v1::SubmitRequest>,
    interrupted: usize,
    /// The largest checkpoint that any client has seen.
    largest: SignedCheckpoint,
}

/// An action whose place in the log was promised.
#[derive(Debug)]
struct Acknowledged {
    request: v1::SubmitRequest,
    index: u64,
    leaf: Hash,
}

impl Witness {
    /// Someone who has seen the founding.
    pub(crate) async fn of(community: &Community, server: &Server) -> Witness {
        let client = server.client().await;
        let ledger = community.ledger();
        let officer = Officer::of(&client, ledger, &community.key("clerk")).await;
        let summary = summary(&client, ledger).await;
        let key = summary.verifier_key.parse().expect("a verifier key");
        let log = Log::read(&client, ledger, &key).await;
        Witness {
            officer,
            key,
            acknowledged: Vec::new(),
            unanswered: Vec::new(),
            interrupted: 0,
            largest: log.checkpoint,
        }
    }

    /// How many actions were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.len()
    }

    /// How many submissions a death has left without an answer.
    pub(crate) fn interrupted(&self) -> usize {
        self.interrupted
    }

    /// Takes note of what clients were told, having checked every receipt.
    pub(crate) fn remember(&mut self, fates: Vec<Fate>) {
        for (request, receipt) in fates {
            let Some(receipt) = receipt else {
                self.interrupted += 1;
                self.unanswered.push(request);
                continue;
            };
            self.acknowledge(request, &receipt);
        }
    }

    fn acknowledge(&mut self, request: v1::SubmitRequest, receipt: &v1::Receipt) {
        let checkpoint = log::check_receipt(receipt, &self.key);
        if checkpoint.checkpoint().size > self.largest.checkpoint().size {
            self.largest = checkpoint;
        }
        self.acknowledged.push(Acknowledged {
            request,
            index: receipt.index,
            leaf: log::hash(&receipt.leaf),
        });
    }

    /// Holds the log of a restarted server against all of it.
    pub(crate) async fn check(&mut self, server: &Server, dice: &mut Dice) {
        let client = server.client().await;
        let ledger = self.officer.ledger().ledger.clone();
        // Reading checks chain, tree and checkpoint, and that no action stands there twice.
        let log = Log::read(&client, &ledger, &self.key).await;
        for promised in &self.acknowledged {
            let found = log.actions.get(&promised.request.action);
            assert_eq!(found, Some(&promised.index), "an entry's place has changed");
            let at = usize::try_from(promised.index).expect("it fits memory");
            assert_eq!(log.leaves[at], promised.leaf, "an entry has changed");
        }
        log::check_extends(&client, &ledger, &self.largest, &log.checkpoint).await;
        for request in std::mem::take(&mut self.unanswered) {
            let there = log.actions.get(&request.action).copied();
            let (receipt, repeated) = self.resend(&client, request.clone()).await;
            let told = repeated.is_none_or(|repeated| repeated == there.is_some());
            assert!(told, "recorded before, or not");
            let free = there.is_none() && receipt.index >= log.size();
            assert!(free || there == Some(receipt.index), "recorded twice");
            self.acknowledge(request, &receipt);
        }
        for _ in 0..RESENT.min(self.acknowledged.len() as u64) {
            let at = dice.below(self.acknowledged.len() as u64);
            let promised = &self.acknowledged[usize::try_from(at).expect("an index")];
            let (receipt, repeated) = self.resend(&client, promised.request.clone()).await;
            assert_ne!(
                repeated,
                Some(false),
                "an acknowledged action was taken for a new one"
            );
            let found = (receipt.index, log::hash(&receipt.leaf));
            assert_eq!(found, (promised.index, promised.leaf));
        }
    }

    /// Sends the very same bytes until they are answered: the receipt, and whether it is a repetition, which
    /// is known if they had to be sent once only.
    async fn resend(
        &self,
        client: &Client,
        request: v1::SubmitRequest,
    ) -> (v1::Receipt, Option<bool>) {
        let mut once = true;
        let answering = async {
            loop {
                match client.record().submit(request.clone()).await {
                    Ok(answer) => return answer.into_inner(),
                    // Who has lost the lead for a moment gives no answer.
                    Err(status) if is_loss(&status) => once = false,
                    Err(status) => panic!("the same bytes are never refused: {status:?}"),
                }
            }
        };
        let answered = tokio::time::timeout(DEADLINE, answering).await;
        let answer = answered.expect("there is an answer in time");
        let receipt = answer.receipt.expect("a receipt");
        log::check_receipt(&receipt, &self.key);
        (receipt, once.then_some(answer.already_recorded))
    }
}
