//! Checkpoints between nodes: announced by who leads, compared by everybody.
//!
//! Every node signs for what it has itself checked, so an announcement teaches nothing. It is evidence: a
//! checkpoint that the ledger's key signed and that is not one of this log means that there are two, and
//! halts the ledger. One that is larger than the log is known here is kept until the log has grown to it; a
//! node leads only then.

use std::sync::Arc;
use std::time::Duration;

use tlog::{Checkpoint, Note, SignedCheckpoint};
use tokio::sync::{mpsc, watch};

use crate::durable::Durable;
use crate::halt::Halt;
use crate::leadership::Standing;
use crate::messages::{self, Message, Messages};

/// After which time it is tried again to listen.
const RETRY: Duration = Duration::from_secs(1);

/// One node's part in it.
pub(crate) struct Exchange {
    durable: Arc<Durable>,
    messages: Arc<dyn Messages>,
    standing: watch::Receiver<Standing>,
    /// The largest announced that the log has not grown to yet.
    heard: watch::Sender<Option<Arc<SignedCheckpoint>>>,
}

impl Exchange {
    /// Also returns the largest checkpoint heard of that the log has not grown to yet.
    pub(crate) fn new(
        durable: &Arc<Durable>,
        messages: &Arc<dyn Messages>,
        standing: watch::Receiver<Standing>,
    ) -> (Exchange, watch::Receiver<Option<Arc<SignedCheckpoint>>>) {
        let heard = watch::Sender::new(None);
        let receiver = heard.subscribe();
        let exchange = Exchange {
            durable: Arc::clone(durable),
            messages: Arc::clone(messages),
            standing,
            heard,
        };
        (exchange, receiver)
    }

    /// Works until it is dropped. Once the ledger has halted it still answers.
    pub(crate) async fn run(self) {
        let ledger = self.durable.ledger().clone();
        let (announced, questions) = (
            messages::checkpoints(&ledger),
            messages::newest_checkpoint(&ledger),
        );
        let mut announced_to = self.listen(&announced).await;
        let mut asked = self.listen(&questions).await;
        let mut size = self.durable.watch_size();
        loop {
            let result = tokio::select! {
                message = announced_to.recv() => {
                    if let Some(message) = message {
                        self.heard(&message.payload).await
                    } else {
                        announced_to = self.listen(&announced).await;
                        Ok(())
                    }
                }
                question = asked.recv() => {
                    match question {
                        Some(question) => self.answer(question).await,
                        None => asked = self.listen(&questions).await,
                    }
                    Ok(())
                }
                grown = size.changed() => {
                    if grown.is_err() {
                        return;
                    }
                    size.borrow_and_update();
                    self.grown(&announced).await
                }
            };
            if let Err(halt) = result {
                self.durable.halt(halt);
            }
        }
    }

    async fn listen(&self, subject: &str) -> mpsc::Receiver<Message> {
        loop {
            match self.messages.listen(subject).await {
                Ok(messages) => return messages,
                Err(error) => tracing::warn!(subject, %error, "cannot listen"),
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn answer(&self, question: Message) {
        if let Some(reply_to) = question.reply_to {
            let newest = self.durable.checkpoint().to_bytes();
            // Whoever asked asks others too.
            let _ = self.messages.publish(&reply_to, newest).await;
        }
    }

    /// The log has grown: who leads says so, and what was heard of before may be compared now.
    async fn grown(&self, subject: &str) -> Result<(), Halt> {
        if self.standing.borrow().leads {
            let newest = self.durable.checkpoint().to_bytes();
            // The next comes soon, and whoever comes to lead asks.
            let _ = self.messages.publish(subject, newest).await;
        }
        let heard = self.heard.borrow().clone();
        match heard {
            Some(heard) if heard.checkpoint().size <= self.durable.size() => {
                self.heard.send_replace(None);
                self.compare(heard.checkpoint(), heard.note()).await
            }
            _ => Ok(()),
        }
    }

    /// A checkpoint was announced, or something that says it is one.
    async fn heard(&self, bytes: &[u8]) -> Result<(), Halt> {
        let Ok(note) = Note::parse(bytes) else {
            return Ok(());
        };
        let Ok(checkpoint) = Checkpoint::parse(note.text()) else {
            return Ok(());
        };
        if checkpoint.size <= self.durable.size() {
            return self.compare(&checkpoint, &note).await;
        }
        let larger = |known: &Option<Arc<SignedCheckpoint>>| {
            known
                .as_ref()
                .is_none_or(|known| known.checkpoint().size < checkpoint.size)
        };
        if larger(&self.heard.borrow())
            && let Some(signed) = self.durable.signed(&note).await
        {
            self.heard.send_replace(Some(Arc::new(signed)));
        }
        Ok(())
    }

    /// Compares a checkpoint with the log. Its signature matters only where it differs.
    async fn compare(&self, checkpoint: &Checkpoint, note: &Note) -> Result<(), Halt> {
        let newest = self.durable.checkpoint();
        if newest.checkpoint() == checkpoint || checkpoint.size == 0 {
            return Ok(());
        }
        let Ok(found) = self.durable.tree.root(checkpoint.size).await else {
            // Whoever comes to lead compares again, and does not lead if it cannot.
            return Ok(());
        };
        if found == checkpoint.root || self.durable.signed(note).await.is_none() {
            return Ok(());
        }
        Err(Halt::Forked {
            size: checkpoint.size,
            expected: checkpoint.root,
            found,
        })
    }
}
