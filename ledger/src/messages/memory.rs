//! Messages within one process, for tests: any number of nodes on one hub, each of which can be cut off.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::mpsc;

use super::{Message, MessageError, Messages, WAITING_MAX};

/// One node's way to the hub. Clones are the same node's.
#[derive(Clone, Debug, Default)]
pub struct MemoryMessages {
    hub: Arc<Hub>,
    cut_off: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct Hub {
    listeners: Mutex<Vec<Listener>>,
    inboxes: AtomicU64,
}

#[derive(Debug)]
struct Listener {
    subject: String,
    messages: mpsc::Sender<Message>,
    cut_off: Arc<AtomicBool>,
}

impl Listener {
    fn hears(&self, subject: &str) -> bool {
        let heard = match self.subject.strip_suffix('>') {
            Some(beginning) => subject.starts_with(beginning),
            None => subject == self.subject,
        };
        heard && !self.cut_off.load(Ordering::SeqCst)
    }
}

impl MemoryMessages {
    /// A hub, as its first node has it.
    pub fn new() -> MemoryMessages {
        MemoryMessages::default()
    }

    /// The same hub as another node has it.
    pub fn beside(&self) -> MemoryMessages {
        MemoryMessages {
            hub: Arc::clone(&self.hub),
            cut_off: Arc::default(),
        }
    }

    /// Cuts this node off, or no longer: what it sends and what is sent to it is lost.
    pub fn cut_off(&self, cut_off: bool) {
        self.cut_off.store(cut_off, Ordering::SeqCst);
    }

    /// Delivers a message. Returns how many heard it.
    fn deliver(&self, message: &Message) -> usize {
        if self.cut_off.load(Ordering::SeqCst) {
            return 0;
        }
        let listeners = self.hub.listeners.lock();
        let mut listeners = listeners.unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| !listener.messages.is_closed());
        let hearing = listeners
            .iter()
            .filter(|listener| listener.hears(&message.subject));
        // For whom too many wait it is lost.
        hearing
            .filter(|listener| listener.messages.try_send(message.clone()).is_ok())
            .count()
    }

    fn listen_to(&self, subject: String) -> mpsc::Receiver<Message> {
        let (messages, receiver) = mpsc::channel(WAITING_MAX);
        let listener = Listener {
            subject,
            messages,
            cut_off: Arc::clone(&self.cut_off),
        };
        let listeners = self.hub.listeners.lock();
        listeners
            .unwrap_or_else(PoisonError::into_inner)
            .push(listener);
        receiver
    }

    /// Sends a question. Returns how many heard it, and where answers come.
    fn send_question(&self, subject: &str, payload: Vec<u8>) -> (usize, mpsc::Receiver<Message>) {
        let number = self.hub.inboxes.fetch_add(1, Ordering::SeqCst);
        let inbox = format!("inbox.{number}");
        let answers = self.listen_to(inbox.clone());
        let heard = self.deliver(&Message {
            subject: subject.to_owned(),
            payload,
            reply_to: Some(inbox),
        });
        (heard, answers)
    }
}

#[async_trait]
impl Messages for MemoryMessages {
    async fn publish(&self, subject: &str, payload: Vec<u8>) -> Result<(), MessageError> {
        self.deliver(&Message {
            subject: subject.to_owned(),
            payload,
            reply_to: None,
        });
        Ok(())
    }

    async fn listen(&self, subject: &str) -> Result<mpsc::Receiver<Message>, MessageError> {
        Ok(self.listen_to(subject.to_owned()))
    }

    async fn ask(
        &self,
        subject: &str,
        payload: Vec<u8>,
        patience: Duration,
    ) -> Result<Vec<u8>, MessageError> {
        let (heard, mut answers) = self.send_question(subject, payload);
        if heard == 0 {
            let subject = subject.to_owned();
            return Err(MessageError::NobodyListens { subject });
        }
        let answer = tokio::time::timeout(patience, answers.recv()).await;
        let answer = answer.ok().flatten();
        answer
            .map(|answer| answer.payload)
            .ok_or(MessageError::NoAnswer { patience })
    }

    async fn ask_all(
        &self,
        subject: &str,
        payload: Vec<u8>,
        patience: Duration,
    ) -> Result<Vec<Vec<u8>>, MessageError> {
        let (heard, mut answers) = self.send_question(subject, payload);
        let mut all = Vec::new();
        let gather = async {
            while all.len() < heard
                && let Some(answer) = answers.recv().await
            {
                all.push(answer.payload);
            }
        };
        // Whoever is late is left out.
        let _ = tokio::time::timeout(patience, gather).await;
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);
    const NONE: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn everybody_who_listens_hears_and_nobody_else() {
        let one = MemoryMessages::new();
        let two = one.beside();
        let mut exact = one.listen("gov.a.checkpoint").await.unwrap();
        let mut all = two.listen("gov.a.>").await.unwrap();
        two.publish("gov.a.checkpoint", vec![1]).await.unwrap();
        two.publish("gov.a.events.people.enrolled", vec![2])
            .await
            .unwrap();
        two.publish("gov.b.checkpoint", vec![3]).await.unwrap();
        assert_eq!(exact.recv().await.unwrap().payload, [1]);
        assert!(exact.try_recv().is_err());
        let heard = [all.recv().await.unwrap(), all.recv().await.unwrap()];
        assert_eq!(heard.map(|message| message.payload), [[1], [2]]);
        assert!(all.try_recv().is_err());
    }

    #[tokio::test]
    async fn questions_are_answered_or_not_in_time_or_by_nobody() {
        let one = MemoryMessages::new();
        let two = one.beside();
        let nobody = one.ask("q", vec![], NONE).await.unwrap_err();
        assert!(matches!(nobody, MessageError::NobodyListens { .. }));
        let mut questions = two.listen("q").await.unwrap();
        let silence = one.ask("q", vec![], NONE).await.unwrap_err();
        assert!(matches!(silence, MessageError::NoAnswer { .. }));
        questions.recv().await.unwrap();
        let answering = tokio::spawn(async move {
            while let Some(question) = questions.recv().await {
                let reply_to = question.reply_to.unwrap();
                two.publish(&reply_to, question.payload).await.unwrap();
            }
        });
        assert_eq!(one.ask("q", vec![7], PATIENCE).await, Ok(vec![7]));
        assert_eq!(one.ask_all("q", vec![8], PATIENCE).await, Ok(vec![vec![8]]));
        answering.abort();
    }

    #[tokio::test]
    async fn who_is_cut_off_neither_hears_nor_is_heard() {
        let one = MemoryMessages::new();
        let two = one.beside();
        let mut heard_by_one = one.listen("s").await.unwrap();
        let mut heard_by_two = two.listen("s").await.unwrap();
        two.cut_off(true);
        one.publish("s", vec![1]).await.unwrap();
        two.publish("s", vec![2]).await.unwrap();
        two.cut_off(false);
        two.publish("s", vec![3]).await.unwrap();
        assert_eq!(heard_by_one.recv().await.unwrap().payload, [1]);
        assert_eq!(heard_by_one.recv().await.unwrap().payload, [3]);
        assert_eq!(heard_by_two.recv().await.unwrap().payload, [3]);
    }
}
