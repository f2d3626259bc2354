//! Messages between the nodes of a log, and from them to other systems: best effort.
//!
//! Nothing rests on a message. One may be lost, come late or come twice; whoever reads it checks what it
//! says. What must not be lost is in the log.

pub mod memory;
pub mod nats;

use std::time::Duration;

use async_trait::async_trait;
use governance::ids::LedgerId;
use tokio::sync::mpsc;

use crate::lease::NodeId;

/// How many messages may wait for a listener before later ones are lost: a second's work of a leader
/// that a thousand submissions are forwarded to at once.
pub const WAITING_MAX: usize = 1_024;

/// Sends messages, and listens for them, by subject: words with dots between them.
///
/// **Order.** Messages of one sender to one subject come in the order they were sent.
///
/// **Loss.** A message reaches whoever listens when it is sent. It is lost to everybody else, to a
/// listener for whom [`WAITING_MAX`] wait already, and with a connection.
#[async_trait]
pub trait Messages: Send + Sync + 'static {
    /// Sends a message to everybody who listens to the subject.
    async fn publish(&self, subject: &str, payload: Vec<u8>) -> Result<(), MessageError>;

    /// Listens to a subject, or with `>` as its last word to all that begin so, until the receiver is
    /// dropped. It ends when there will be no more messages.
    async fn listen(&self, subject: &str) -> Result<mpsc::Receiver<Message>, MessageError>;

    /// Asks whoever listens to the subject, and returns the first answer.
    async fn ask(
        &self,
        subject: &str,
        payload: Vec<u8>,
        patience: Duration,
    ) -> Result<Vec<u8>, MessageError>;

    /// Asks everybody who listens to the subject, and returns the answers that come in time.
    async fn ask_all(
        &self,
        subject: &str,
        payload: Vec<u8>,
        patience: Duration,
    ) -> Result<Vec<Vec<u8>>, MessageError>;
}

/// A message that has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The subject it was sent to.
    pub subject: String,
    /// What it says.
    pub payload: Vec<u8>,
    /// The subject to send an answer to, if one is waited for.
    pub reply_to: Option<String>,
}

/// Why a message was not sent, or not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Nobody listens.
    #[error("nobody listens to {subject}")]
    NobodyListens {
        /// The subject.
        subject: String,
    },
    /// No answer came. The question may have been heard.
    #[error("no answer came within {patience:?}")]
    NoAnswer {
        /// How long it was waited for.
        patience: Duration,
    },
    /// The message is longer than what is taken.
    #[error("a message of {found} bytes is longer than the network takes")]
    TooLong {
        /// Its length in bytes.
        found: usize,
    },
    /// The network is away.
    #[error("messages cannot be sent: {reason}")]
    Unavailable {
        /// Why.
        reason: String,
    },
}

/// Where a leader announces signed checkpoints.
pub(crate) fn checkpoints(ledger: &LedgerId) -> String {
    format!("gov.{ledger}.checkpoint")
}

/// Where every node answers with the newest checkpoint it knows.
pub(crate) fn newest_checkpoint(ledger: &LedgerId) -> String {
    format!("gov.{ledger}.newest")
}

/// Where a node takes submissions from the others, for as long as it leads.
pub(crate) fn submissions(ledger: &LedgerId, node: &NodeId) -> String {
    format!("gov.{ledger}.submit.{node}")
}

/// Where a leader announces an entry.
pub(crate) fn event(ledger: &LedgerId, family: &str, kind: &str) -> String {
    format!("gov.{ledger}.events.{family}.{kind}")
}
