//! Submissions from several clients at once, until the server is gone.

use std::time::Duration;

use gateway::client::{Client, ServerRefusal};
use proto::v1::{self, submit_stream_response::Result as Answer};
use system_tests::officer::Officer;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};

/// Clients that submit one action after another.
const UNARY_CLIENTS: usize = 4;

/// Actions of the streaming client under way at once.
const STREAM_WINDOW: usize = 32;

/// What became of one submission: the receipt, or nothing was heard.
pub(crate) type Fate = (v1::SubmitRequest, Option<v1::Receipt>);

/// Submissions under way.
#[derive(Debug)]
pub(crate) struct Load {
    clients: JoinSet<Vec<Fate>>,
    running: watch::Sender<bool>,
}

impl Load {
    /// Starts to submit, by single calls and by a stream.
    pub(crate) fn start(officer: &Officer, client: &Client) -> Load {
        let mut clients = JoinSet::new();
        let (running, _) = watch::channel(true);
        for _ in 0..UNARY_CLIENTS {
            let (officer, client) = (officer.clone(), client.clone());
            clients.spawn(submit_singly(officer, client, running.subscribe()));
        }
        let (officer, client) = (officer.clone(), client.clone());
        clients.spawn(submit_streaming(officer, client, running.subscribe()));
        Load { clients, running }
    }

    /// Lets the load go on for so long.
    pub(crate) async fn run_for(&self, time: Duration) {
        let mut running = self.running.subscribe();
        // Nobody says false before `end`: this is the time, not a wait for something.
        let _ = tokio::time::timeout(time, running.wait_for(|running| !running)).await;
    }

    /// Ends the load, whose server is gone or going; what became of each submission.
    pub(crate) async fn end(mut self) -> Vec<Fate> {
        self.running.send_replace(false);
        let mut fates = Vec::new();
        while let Some(client) = self.clients.join_next().await {
            fates.extend(client.expect("a client never panics"));
        }
        fates
    }
}

/// A person nobody enrolled before.
fn enrolment(officer: &Officer) -> v1::SubmitRequest {
    let id = system_tests::officer::fresh_id(system_tests::officer::now());
    officer.enrol(&format!("p-{id}"))
}

async fn submit_singly(
    officer: Officer,
    client: Client,
    running: watch::Receiver<bool>,
) -> Vec<Fate> {
    let mut record = client.record();
    let mut fates = Vec::new();
    while *running.borrow() {
        let request = enrolment(&officer);
        match record.submit(request.clone()).await {
            Ok(answer) => fates.push((request, answer.into_inner().receipt)),
            Err(status) => {
                let refusal = ServerRefusal::from(&status);
                // While those who keep the log elect a leader: it may be recorded yet.
                let late = refusal.reason == "ANSWER_TOO_LATE";
                assert!(late || is_loss(&status), "refused: {refusal:?}");
                fates.push((request, None));
                break;
            }
        }
    }
    fates
}

async fn submit_streaming(
    officer: Officer,
    client: Client,
    running: watch::Receiver<bool>,
) -> Vec<Fate> {
    let (sender, requests) = mpsc::channel(STREAM_WINDOW);
    let mut fates: Vec<Fate> = Vec::new();
    let send = |fates: &mut Vec<Fate>| {
        let request = enrolment(&officer);
        let part = v1::SubmitStreamRequest {
            sequence: fates.len() as u64,
            request: Some(request.clone()),
        };
        // What cannot be sent because the server is gone stays unanswered.
        fates.push((request, None));
        sender.try_send(part).is_ok()
    };
    for _ in 0..STREAM_WINDOW {
        send(&mut fates);
    }
    let answers = client
        .record()
        .submit_stream(ReceiverStream::new(requests))
        .await;
    let Ok(answers) = answers else {
        return fates;
    };
    let mut answers = answers.into_inner();
    while let Ok(Some(answer)) = answers.message().await {
        let place = usize::try_from(answer.sequence).expect("a sequence number of ours");
        match answer.result.expect("an answer says something") {
            Answer::Response(response) => fates[place].1 = response.receipt,
            Answer::Refused(refused) => {
                let code = Code::from_i32(refused.code);
                assert_eq!(code, Code::Unavailable, "refused: {refused:?}");
            }
        }
        if !*running.borrow() || !send(&mut fates) {
            break;
        }
    }
    fates
}

/// Whether this means that the server is gone or going, and not that it said no: what the connection
/// itself fails with has a source.
pub(crate) fn is_loss(status: &Status) -> bool {
    let lost = matches!(status.code(), Code::Unavailable | Code::Cancelled);
    lost || std::error::Error::source(status).is_some()
}
