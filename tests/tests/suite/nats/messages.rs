//! Messages between nodes over a real nats-server.

use std::time::Duration;

use ledger::messages::nats::NatsMessages;
use ledger::messages::{MessageError, Messages};
use system_tests::DEADLINE;
use system_tests::nats::NatsServer;

use super::scene::{connect, soon};

const SHORT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn messages_reach_who_listens_and_questions_are_answered() {
    let server = NatsServer::start();
    let (one, two) = (connect(&server.url()).await, connect(&server.url()).await);
    let mut heard = NatsMessages::new(&one).listen("gov.a.>").await.unwrap();
    // The server knows of the subscription once it has answered what came after it.
    one.client().flush().await.unwrap();
    let nobody = NatsMessages::new(&two).ask("gov.b", vec![], DEADLINE).await;
    assert!(
        matches!(nobody, Err(MessageError::NobodyListens { .. })),
        "{nobody:?}"
    );
    let silent = NatsMessages::new(&two).ask("gov.a.q", vec![1], SHORT).await;
    let patience = SHORT;
    assert_eq!(silent, Err(MessageError::NoAnswer { patience }));
    assert_eq!(soon(heard.recv()).await.unwrap().payload, [1]);
    let answering = tokio::spawn({
        let one = NatsMessages::new(&one);
        async move {
            while let Some(question) = heard.recv().await {
                if let Some(reply_to) = question.reply_to {
                    one.publish(&reply_to, question.payload).await.unwrap();
                }
            }
        }
    });
    let two = NatsMessages::new(&two);
    assert_eq!(two.ask("gov.a.q", vec![2], DEADLINE).await, Ok(vec![2]));
    let all = two.ask_all("gov.a.q", vec![3], Duration::from_secs(1));
    assert_eq!(all.await, Ok(vec![vec![3]]));
    let none = two.ask_all("gov.b", vec![3], DEADLINE);
    assert_eq!(soon(none).await, Ok(Vec::new()));
    let long = two.publish("gov.a.long", vec![0; 2 * 1024 * 1024]).await;
    let found = 2 * 1024 * 1024;
    assert_eq!(long, Err(MessageError::TooLong { found }));
    answering.abort();
}
