//! Ballots hidden until the close, kept by two nodes on NATS: what opens them is sealed beside the log before the
//! log has them, nobody but the nodes is shown it, and whoever leads after the close opens each of them once.

use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use async_nats::jetstream::message::StreamMessage;
use serde_json::Value;
use system_tests::DEADLINE;
use system_tests::binary::{self, Finished};
use system_tests::community::Community;
use system_tests::directory;
use system_tests::nats::NatsServer;
use system_tests::officer::now;
use system_tests::server::Server;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_stream::StreamExt as _;

use super::scene::{connect, soon};
use super::serving::audit;

const CHARTER: &str = r#"
title = "A council that votes hidden"
utc-offset = "+00:00"
clerk-in = "council"
teller-in = "council"

[[body]]
id = "council"
kind = "council"
name = "The council"

[[rule]]
id = "hidden"
preset = "committee-resolution"
body = "council"
visibility = "hidden-until-close"
"#;

const LEDGER: &str = "sealed";
const BUCKET: &str = "KV_GOV_CONTENT_sealed";
const CONTENTS: &str = "$KV.GOV_CONTENT_sealed.";

/// A council on NATS, of which `ada` and `bob` vote, and its second node.
struct Council {
    nats: NatsServer,
    community: Community,
}

impl Council {
    fn founded() -> Council {
        let nats = NatsServer::start();
        let community = Community::unfounded(LEDGER);
        let charter = community.write("charter.toml", CHARTER);
        let mut command = binary::command(["found", "--ledger", LEDGER, "--name", "Council"]);
        command.args([
            "--origin",
            "records.example.org/sealed",
            "--nats",
            &nats.url(),
        ]);
        command.arg("--charter").arg(charter);
        command.arg("--key").arg(community.key("clerk"));
        command.arg("--attest-key").arg(community.key("teller"));
        command.arg("--data").arg(community.data());
        binary::finish(command).expect(0);
        let mut command = binary::command(["join", "--nats", &nats.url(), "--ledger", LEDGER]);
        command
            .arg("--keys")
            .arg(community.ledger_dir().join("keys"));
        command.arg("--data").arg(community.file("second"));
        binary::finish(command).expect(0);
        Council { nats, community }
    }

    /// Serves a data directory, and says all there is to say of what it does.
    fn serve(&self, name: &str) -> Server {
        let mut command = Server::command(&self.community.file(name));
        command.args(["--nats", &self.nats.url()]);
        command.env("GOVLEDGER_LOG", "trace");
        Server::try_start_by(command).unwrap_or_else(|finished| panic!("not served: {finished}"))
    }

    /// Submits an action with the clerk's key.
    #[track_caller]
    fn submit(&self, server: &Server, action: &str, also: &[&str]) {
        let file = self.community.write("action.json", action);
        let clerk = self.community.key("clerk");
        let mut arguments = vec!["submit".into(), file, "--key".into(), clerk];
        arguments.extend(also.iter().map(Into::into));
        server.run(&arguments).expect(0);
    }

    /// Votes on `shed`; what opens the ballot is its nonce.
    #[track_caller]
    fn vote(&self, server: &Server, person: &str, choice: &str) -> [u8; 32] {
        let opening = self.community.file(&format!("{person}.opening.json"));
        let arguments = [
            "vote".into(),
            "shed".into(),
            choice.into(),
            "--key".into(),
            self.community.key(person),
            "--opening".into(),
            opening.clone(),
        ];
        server.run(&arguments).expect(0);
        let text = std::fs::read_to_string(opening).expect("it was written");
        let opening: Value = serde_json::from_str(&text).expect("JSON");
        let nonce = hex::decode(opening["nonce"].as_str().expect("a nonce")).expect("hex");
        nonce.try_into().expect("32 bytes")
    }

    /// `shed` is put to a hidden vote of ada and bob.
    fn opens_a_vote(&self, server: &Server) {
        for person in ["ada", "bob"] {
            let file = self.community.new_key(person);
            let shown = binary::finish(self.key_command(person)).expect(0);
            let enrolled = format!(
                r#"{{"person_enrolled": {{"person": "{person}", "keys": ["{}"]}}}}"#,
                shown.stdout.trim()
            );
            let file = file.to_str().expect("a path").to_owned();
            self.submit(server, &enrolled, &["--attest-key", &file]);
        }
        let closes = now().0 + 3_600_000;
        for action in [
            r#"{"roll_part": {"roll": "r1", "body": "council",
                "lines": [{"voter": "ada"}, {"voter": "bob"}]}}"#
                .to_owned(),
            r#"{"roll_published": {"roll": "r1", "body": "council", "as_of": "2026-01-01"}}"#
                .to_owned(),
            r#"{"motion_tabled": {"motion": "shed", "body": "council", "rule": "hidden",
                "text": {"title": "Build a shed"}}}"#
                .to_owned(),
            format!(
                r#"{{"voting_opened": {{"motion": "shed", "roll": "r1", "closes_at_ms": {closes}}}}}"#
            ),
        ] {
            self.submit(server, &action, &[]);
        }
    }

    fn key_command(&self, person: &str) -> Command {
        let mut command = binary::command(["key", "show"]);
        command.arg(self.community.key(person));
        command
    }

    /// What has come to be known of `shed`: the decision, once there is one.
    async fn decided(&self, server: &Server) -> Finished {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let told = server.run(&["query", "decision", "shed"]);
            if told.code == Some(0) {
                return told;
            }
            assert!(Instant::now() < deadline, "never decided: {told}");
            tokio::task::yield_now().await;
        }
    }

    /// Messages of a stream, the first first.
    async fn messages(&self, stream: &str) -> Vec<StreamMessage> {
        let nats = connect(&self.nats.url()).await;
        let mut stream = nats
            .jetstream()
            .get_stream(stream)
            .await
            .expect("it is there");
        let state = stream.info().await.expect("it says").state.clone();
        let mut messages = Vec::new();
        for sequence in state.first_sequence..=state.last_sequence {
            // Erased ones leave gaps.
            messages.extend(stream.get_raw_message(sequence).await);
        }
        messages
    }

    /// Those that open a ballot.
    async fn openings(&self, nonces: &[[u8; 32]]) -> Vec<StreamMessage> {
        let mut messages = self.messages(BUCKET).await;
        messages.retain(|message| {
            nonces
                .iter()
                .any(|nonce| message.payload.starts_with(nonce))
        });
        messages
    }
}

/// A subject and a message.
type Line = (String, Vec<u8>);

/// Everything that goes over NATS from now on.
struct Wire {
    heard: Arc<Mutex<Vec<Line>>>,
    listening: JoinHandle<()>,
}

impl Wire {
    async fn tapped(nats: &NatsServer) -> Wire {
        let client = async_nats::connect(nats.url()).await.expect("it is ready");
        let mut messages = client.subscribe(">").await.expect("it lets us");
        client.flush().await.expect("it has heard of it");
        let heard: Arc<Mutex<Vec<Line>>> = Arc::default();
        let listening = tokio::spawn({
            let heard = Arc::clone(&heard);
            async move {
                while let Some(message) = messages.next().await {
                    let line = (message.subject.to_string(), message.payload.to_vec());
                    heard
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(line);
                }
                drop(client);
            }
        });
        Wire { heard, listening }
    }

    fn heard(&self) -> Vec<Line> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.clone()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn has(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

/// A nonce as it stands in bytes, in hexadecimal, and as a list of numbers, which is how Rust shows bytes.
fn written(nonce: [u8; 32]) -> [Vec<u8>; 3] {
    let numbers = format!("{nonce:?}");
    let numbers = numbers.trim_matches(['[', ']']).to_owned();
    [
        nonce.to_vec(),
        hex::encode(nonce).into_bytes(),
        numbers.into_bytes(),
    ]
}

/// What a choice is called where one is shown.
const CHOICES: [&str; 4] = [
    "STANCE_FOR",
    "STANCE_AGAINST",
    "Stance(For)",
    "Stance(Against)",
];

#[track_caller]
fn shows_nothing(place: &str, bytes: &[u8], nonces: &[[u8; 32]]) {
    for nonce in nonces {
        for secret in written(*nonce) {
            assert!(!has(bytes, &secret), "{place} shows what opens a ballot");
        }
    }
    for choice in CHOICES {
        assert!(
            !has(bytes, choice.as_bytes()),
            "{place} shows a choice: {choice}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leads_after_the_close_opens_each_sealed_ballot_once() {
    let council = Council::founded();
    let first = council.serve("data");
    council.opens_a_vote(&first);
    let second = council.serve("second");
    let wire = Wire::tapped(&council.nats).await;
    // One at the node that leads, one forwarded to it.
    let nonces = [
        council.vote(&first, "ada", "for"),
        council.vote(&second, "bob", "against"),
    ];

    // Each was sealed before the log had its ballot.
    let sealed = council.openings(&nonces).await;
    assert_eq!(sealed.len(), 2);
    let blocks = council.messages("GOV_sealed").await;
    for opening in &sealed {
        let commitment = opening.subject.strip_prefix(CONTENTS).expect("its key");
        let commitment = hex::decode(commitment).expect("hex");
        let ballot = blocks.iter().find(|block| has(&block.payload, &commitment));
        let ballot = ballot.expect("the ballot is in the log");
        assert!(opening.time <= ballot.time, "the log had it first");
    }

    // A node that leads when the vote is closed, and finds nothing to open it with, is killed.
    let nats = connect(&council.nats.url()).await;
    let bucket = nats
        .jetstream()
        .get_stream(BUCKET)
        .await
        .expect("it is there");
    for opening in &sealed {
        let erased = bucket.delete_message(opening.sequence).await;
        assert!(erased.expect("it is there"));
    }
    council.submit(&first, r#"{"voting_closed": {"motion": "shed"}}"#, &[]);
    let before = wire.heard();
    let told = [
        ("the first node's log", first.kill().stderr.into_bytes()),
        (
            "a motion's answer",
            second
                .run(&["query", "motion", "shed", "--json"])
                .expect(0)
                .stdout
                .into_bytes(),
        ),
        (
            "the timeline",
            second
                .run(&["query", "timeline", "--json"])
                .expect(0)
                .stdout
                .into_bytes(),
        ),
    ];
    for (place, bytes) in &told {
        shows_nothing(place, bytes, &nonces);
    }
    assert!(told[0].1.len() > 10_000, "it says a lot at this level");
    check_wire(&before, &nonces);
    for (file, bytes) in directory::contents(&council.community.file("second")) {
        shows_nothing(&file.display().to_string(), &bytes, &nonces);
    }

    // What opens the ballots is found again, and the node that leads now opens them.
    for opening in &sealed {
        let put = nats
            .jetstream()
            .publish(opening.subject.clone(), opening.payload.clone());
        soon(async { put.await.expect("sent").await.expect("stored") }).await;
    }
    let decided = council.decided(&second).await;
    assert!(decided.stdout.contains("for (1): ada"), "{decided}");
    assert!(decided.stdout.contains("against (1): bob"), "{decided}");
    let timeline = second.run(&["query", "timeline", "--json"]).expect(0);
    let timeline: Value = serde_json::from_str(&timeline.stdout).expect("JSON");
    let items = timeline["items"].as_array().expect("its lines").iter();
    let opened: Vec<_> = items
        .filter(|item| item["kind"] == "ballots_opened")
        .collect();
    assert_eq!(opened.len(), 1, "{opened:?}");
    assert!(
        opened[0]["summary"]
            .as_str()
            .is_some_and(|said| said.contains("2 ballots"))
    );

    // The node that was killed agrees, and nobody keeps what is not needed any more.
    let first = council.serve("data");
    council.decided(&first).await;
    let gone = async {
        while !council.openings(&nonces).await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    Box::pin(soon(gone)).await;
    first.stop().expect(0);
    second.stop().expect(0);
    audit(&council.community, &council.nats).expect(0);
}

/// Over NATS, what opens a ballot goes nowhere but into the sealed store: not even to the node that leads.
fn check_wire(heard: &[(String, Vec<u8>)], nonces: &[[u8; 32]]) {
    for (subject, message) in heard {
        let place = format!("a message on {subject}");
        shows_nothing(&place, subject.as_bytes(), nonces);
        let opens = nonces.iter().any(|nonce| has(message, nonce));
        if opens && subject.starts_with(CONTENTS) {
            continue;
        }
        shows_nothing(&place, message, nonces);
    }
    let events = heard
        .iter()
        .filter(|(subject, _)| subject.contains(".ballot_cast"));
    assert_eq!(events.count(), 2, "other systems hear of both ballots");
}

/// In the middle of a vote, the ledger goes from NATS into a directory. There the vote ends as it would have; what opens
/// its ballots is erased there, and stays on NATS until somebody removes it as the program says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hidden_vote_goes_on_where_its_ledger_is_moved_and_what_opens_it_is_to_be_removed_from_the_source()
 {
    let council = Council::founded();
    let server = council.serve("data");
    council.opens_a_vote(&server);
    let nonces = [
        council.vote(&server, "ada", "for"),
        council.vote(&server, "bob", "against"),
    ];
    server.stop().expect(0);
    let moved = council.community.file("moved");
    let mut command = binary::command(["migrate", "--json", "--nats", &council.nats.url()]);
    command.arg("--from").arg(council.community.data());
    command.arg("--to").arg(&moved);
    let told = binary::finish(command).expect(0).json();
    assert_eq!(told["contents"], 2);

    // Served from the directory alone.
    let server = Server::try_start_by(Server::command(&moved));
    let server = server.unwrap_or_else(|finished| panic!("not served: {finished}"));
    council.submit(&server, r#"{"voting_closed": {"motion": "shed"}}"#, &[]);
    let decided = council.decided(&server).await;
    assert!(decided.stdout.contains("for (1): ada"), "{decided}");
    assert!(decided.stdout.contains("against (1): bob"), "{decided}");
    let contents = directory::ledger(&moved, LEDGER).join("content");
    let erased = async {
        while directory::contents(&contents)
            .iter()
            .any(|(_, bytes)| nonces.iter().any(|nonce| has(bytes, nonce)))
        {
            tokio::task::yield_now().await;
        }
    };
    soon(erased).await;
    server.stop().expect(0);
    system_tests::community::audit(&moved).expect(0);

    // The source has them still, and is named to whoever has to remove it.
    assert_eq!(council.openings(&nonces).await.len(), 2);
    let left = &told["left_behind"]["streams"];
    assert_eq!(*left, serde_json::json!(["GOV_sealed", BUCKET]));
    let nats = connect(&council.nats.url()).await;
    for stream in left
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
    {
        let gone = nats.jetstream().delete_stream(stream).await;
        assert!(gone.expect("it is there").success);
    }
    // Then the ledger can go back.
    let mut command = binary::command(["migrate", "--json", "--nats", &council.nats.url()]);
    command.arg("--from").arg(&moved);
    command.arg("--to").arg(council.community.file("back"));
    binary::finish(command).expect(0);
    assert!(council.openings(&nonces).await.is_empty());
}
