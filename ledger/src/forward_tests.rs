//! Who is asked, what counts as an answer, and when it is given up.

use super::*;
use crate::lease::NodeId;
use crate::lease::memory::MemoryLeases;
use crate::messages::memory::MemoryMessages;

/// How long anything that is to come may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// How long something is waited for that is not to come.
const MOMENT: Duration = Duration::from_millis(50);

fn ledger() -> LedgerId {
    LedgerId::new("xinyuanli").expect("an id")
}

fn node(number: u8) -> NodeId {
    NodeId::from_bytes([number; 8])
}

fn led_by(number: u8) -> Standing {
    Standing {
        leads: false,
        leader: Some(node(number)),
        clock_apart_ms: None,
    }
}

fn leading() -> Standing {
    Standing {
        leads: true,
        leader: Some(node(1)),
        clock_apart_ms: None,
    }
}

/// Node 1's place, the hub its messages go over, and what tells where it stands.
fn place(standing: Standing) -> (Place, MemoryMessages, watch::Sender<Standing>) {
    let hub = MemoryMessages::new();
    let told = watch::Sender::new(standing);
    let (announcer, _) = Announcer::new(told.subscribe());
    let place = Place {
        ledger: ledger(),
        peers: Peers::new(
            node(1),
            Arc::new(MemoryLeases::new()),
            Arc::new(hub.beside()),
        ),
        standing: told.subscribe(),
        announcer,
    };
    (place, hub, told)
}

/// What this node is asked, in the order in which it is.
async fn listen(hub: &MemoryMessages, number: u8) -> tokio::sync::mpsc::Receiver<Message> {
    let subject = messages::submissions(&ledger(), &node(number));
    hub.listen(&subject).await.expect("listens")
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    let come = tokio::time::timeout(DEADLINE, what).await;
    come.expect("it comes in time")
}

/// Answers the next question.
async fn answer(
    hub: &MemoryMessages,
    questions: &mut tokio::sync::mpsc::Receiver<Message>,
    answer: &[u8],
) -> Vec<u8> {
    let question = soon(questions.recv()).await.expect("it is asked");
    let reply_to = question.reply_to.expect("an answer is waited for");
    hub.publish(&reply_to, answer.to_vec()).await.expect("sent");
    question.payload
}

#[tokio::test]
async fn whoever_leads_asks_nobody() {
    let (place, hub, _told) = place(leading());
    let mut questions = listen(&hub, 1).await;
    let forwarded = soon(place.forward(b"question".to_vec())).await;
    assert_eq!(forwarded.expect("known"), Forwarded::Here);
    assert!(questions.try_recv().is_err());
}

#[tokio::test]
async fn the_leaders_answer_comes_back_as_it_was_given() {
    let (place, hub, _told) = place(led_by(2));
    let mut questions = listen(&hub, 2).await;
    let (forwarded, asked) = tokio::join!(
        soon(place.forward(b"question".to_vec())),
        answer(&hub, &mut questions, b"answer")
    );
    assert_eq!(asked, b"question");
    let expected = Forwarded::Answer(b"answer".to_vec());
    assert_eq!(forwarded.expect("answered"), expected);
}

#[tokio::test]
async fn one_that_no_longer_leads_says_nothing_and_the_next_is_asked() {
    let (place, hub, told) = place(led_by(2));
    let (mut second, mut third) = (listen(&hub, 2).await, listen(&hub, 3).await);
    let answering = async {
        answer(&hub, &mut second, b"").await;
        told.send_replace(led_by(3));
        answer(&hub, &mut third, b"from the third").await
    };
    let (forwarded, asked) = tokio::join!(soon(place.forward(b"question".to_vec())), answering);
    assert_eq!(asked, b"question");
    let expected = Forwarded::Answer(b"from the third".to_vec());
    assert_eq!(forwarded.expect("answered"), expected);
}

#[tokio::test]
async fn one_that_does_not_answer_is_left_as_soon_as_another_leads() {
    let (place, hub, told) = place(led_by(2));
    let (mut second, mut third) = (listen(&hub, 2).await, listen(&hub, 3).await);
    let answering = async {
        // It heard the question, and died over it.
        let question = soon(second.recv()).await.expect("it is asked");
        told.send_replace(led_by(3));
        answer(&hub, &mut third, b"answer").await;
        question.payload
    };
    let (forwarded, asked) = tokio::join!(soon(place.forward(b"question".to_vec())), answering);
    assert_eq!(asked, b"question");
    let expected = Forwarded::Answer(b"answer".to_vec());
    assert_eq!(forwarded.expect("answered"), expected);
}

#[tokio::test]
async fn where_nobody_leads_yet_it_waits_for_who_will() {
    let (place, hub, told) = place(Standing::default());
    let mut second = listen(&hub, 2).await;
    let answering = async {
        // Another that is not there when it is asked.
        told.send_replace(led_by(9));
        told.send_replace(led_by(2));
        answer(&hub, &mut second, b"answer").await
    };
    let (forwarded, _) = tokio::join!(soon(place.forward(b"question".to_vec())), answering);
    let expected = Forwarded::Answer(b"answer".to_vec());
    assert_eq!(forwarded.expect("answered"), expected);
    told.send_replace(Standing::default());
    let (forwarded, _) = tokio::join!(soon(place.forward(b"question".to_vec())), async {
        told.send_replace(leading())
    });
    assert_eq!(forwarded.expect("known"), Forwarded::Here);
}

#[tokio::test]
async fn a_node_that_may_not_lead_asks_not_itself_and_gives_up_in_time() {
    // The lease is in its name still, and its clock is wrong.
    let (place, hub, _told) = place(Standing {
        leads: false,
        leader: Some(node(1)),
        clock_apart_ms: Some(90_000),
    });
    let mut questions = listen(&hub, 1).await;
    let forwarded = soon(place.forward_within(b"question".to_vec(), MOMENT)).await;
    assert!(
        matches!(forwarded, Err(SubmitError::NotLeading)),
        "{forwarded:?}"
    );
    assert!(questions.try_recv().is_err());
}

#[tokio::test]
async fn a_leader_that_is_not_there_is_given_up_in_time() {
    let (place, _hub, _told) = place(led_by(2));
    let forwarded = soon(place.forward_within(b"question".to_vec(), MOMENT)).await;
    assert!(
        matches!(forwarded, Err(SubmitError::NotLeading)),
        "{forwarded:?}"
    );
}

/// Answers with the question, backwards; to one question it has nothing to say.
struct Backwards;

#[async_trait]
impl Answers for Backwards {
    async fn answer(&self, mut question: Vec<u8>) -> Option<Vec<u8>> {
        question.reverse();
        (question != b"evas").then_some(question)
    }
}

#[tokio::test]
async fn who_serves_answers_while_it_leads_and_says_nothing_otherwise() {
    let (place, hub, told) = place(leading());
    let serving = place.serve(Arc::new(Backwards));
    let subject = messages::submissions(&ledger(), &node(1));
    let ask = |question: &'static [u8]| {
        let (hub, subject) = (hub.clone(), subject.clone());
        soon(async move {
            loop {
                match hub.ask(&subject, question.to_vec(), DEADLINE).await {
                    // It has only begun to listen.
                    Err(MessageError::NobodyListens { .. }) => tokio::task::yield_now().await,
                    answer => return answer,
                }
            }
        })
    };
    assert_eq!(ask(b"one").await, Ok(b"eno".to_vec()));
    assert_eq!(ask(b"save").await, Ok(Vec::new()), "another is to answer");
    // What expects no answer gets none, and is in nobody's way.
    hub.publish(&subject, b"stray".to_vec())
        .await
        .expect("sent");
    told.send_replace(led_by(2));
    assert_eq!(ask(b"two").await, Ok(Vec::new()));
    told.send_replace(leading());
    assert_eq!(ask(b"two").await, Ok(b"owt".to_vec()));
    serving.abort();
}
