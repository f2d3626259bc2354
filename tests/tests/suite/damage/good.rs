//! A sound data directory, made once and copied for each damage.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use gateway::client::Client;
use prost::Message as _;
use proto::v1::{self, action::Payload};
use system_tests::community::Community;
use system_tests::directory;
use system_tests::log::Log;
use system_tests::officer::{Officer, signed, summary, wait_for_views};
use system_tests::server::Server;
use tempfile::TempDir;
use tlog::VerifierKey;

/// The ledger that is damaged.
pub(crate) const LEDGER: &str = "damaged";
/// Another in the same directory, which must not suffer.
pub(crate) const NEIGHBOUR: &str = "neighbour";

/// A person enrolled under a published name.
pub(crate) const NAMED: &str = "person-50";

/// The shortest segments a log can have, one block of the largest size, so that few entries fill some.
const SEGMENT_LEN: u64 = 32 + 512 * 1024;

/// Small entries: more than a tile of 256.
const ENROLLED: usize = 300;

/// Large entries, of some 30 KiB each: more than two segments.
const TABLED: usize = 40;

/// Votes by name, each of which brings a derived decision.
const DECIDED: usize = 3;

/// A sound data directory.
#[derive(Debug)]
pub(crate) struct Good {
    community: Community,
    /// As it was some entries ago.
    earlier: PathBuf,
    /// The log, as it was read when it was sound.
    pub(crate) log: Log,
    pub(crate) key: VerifierKey,
    /// What the views answered.
    pub(crate) answers: Vec<String>,
    pub(crate) clerk: Officer,
    pub(crate) teller: Officer,
}

/// The sound directory, made when it is first asked for.
pub(crate) fn good() -> &'static Good {
    static GOOD: OnceLock<Good> = OnceLock::new();
    GOOD.get_or_init(|| super::runtime().block_on(Good::make()))
}

impl Good {
    async fn make() -> Good {
        let community = Community::found(LEDGER, "council");
        community.run_found_another(NEIGHBOUR, "council").expect(0);
        for ledger in [LEDGER, NEIGHBOUR] {
            let ledger = directory::ledger(&community.data(), ledger);
            directory::shorten_segments(&ledger, SEGMENT_LEN);
        }
        let server = start(&community.data());
        let client = server.client().await;
        let of = |name| {
            let (key, client) = (community.key(name), client.clone());
            async move { Officer::of(&client, LEDGER, &key).await }
        };
        let (clerk, teller) = (of("clerk").await, of("teller").await);
        submit(&client, roll_calls(&clerk, &teller)).await;
        submit(&client, enrolments(&clerk)).await;
        server.stop().expect(0);
        let earlier = community.file("earlier");
        directory::copy(&community.data(), &earlier);

        let server = start(&community.data());
        let client = server.client().await;
        submit(&client, motions(&clerk)).await;
        let key = summary(&client, LEDGER).await.verifier_key;
        let key: VerifierKey = key.parse().expect("a verifier key");
        let log = Log::read(&client, LEDGER, &key).await;
        let answers = answers(&client, log.size()).await;
        server.stop().expect(0);
        let good = Good {
            community,
            earlier,
            log,
            key,
            answers,
            clerk,
            teller,
        };
        good.check();
        good
    }

    /// The tables of damage rest on what the directory is made of.
    fn check(&self) {
        let ledger = self.community.ledger_dir();
        assert!(directory::segments(&ledger).len() >= 3, "three segments");
        for part in ["snapshots", "tiles", "content"] {
            let files = directory::files(&ledger.join(part));
            assert!(!files.is_empty(), "there is no file in {part}");
        }
    }

    /// A copy to be damaged.
    pub(crate) fn copy(&self) -> TempDir {
        let copy = TempDir::with_prefix("govledger-damage-").expect("there is room for tests");
        directory::copy(&self.community.data(), copy.path());
        copy
    }

    /// The clerk's key, who is the clerk of both ledgers.
    pub(crate) fn key_of_clerk(&self) -> PathBuf {
        self.community.key("clerk")
    }

    /// The index of the first entry that names a content.
    pub(crate) fn first_named(&self) -> Option<u64> {
        let named = |action: &&Vec<u8>| {
            let action = v1::Action::decode(action.as_slice()).expect("an action");
            matches!(action.payload, Some(Payload::PersonEnrolled(person)) if person.name.is_some())
        };
        let actions = self.log.actions.keys().filter(named);
        actions.map(|action| self.log.actions[action]).min()
    }

    /// The directory as it was some entries ago.
    pub(crate) fn earlier(&self) -> &Path {
        &self.earlier
    }
}

/// Serves with a snapshot every hundred entries.
pub(crate) fn start(data: &Path) -> Server {
    let mut command = Server::command(data);
    command.env("GOVLEDGER_SNAPSHOT_EVERY", "100");
    Server::try_start_by(command)
        .unwrap_or_else(|finished| panic!("the server did not come up: {finished}"))
}

async fn submit(client: &Client, requests: Vec<v1::SubmitRequest>) {
    for request in requests {
        let answer = client.record().submit(request).await;
        answer.expect("what is sound is recorded");
    }
}

/// A roll of three and votes by name on it, taken from minutes.
fn roll_calls(clerk: &Officer, teller: &Officer) -> Vec<v1::SubmitRequest> {
    let voters = ["ada", "bo", "cy"];
    let mut requests: Vec<_> = voters.iter().map(|voter| clerk.enrol(voter)).collect();
    let roll = crate::rolls::roll(&voters);
    requests.extend(roll.map(|payload| clerk.signed(payload)));
    let marks = [
        v1::RollCallMark::For,
        v1::RollCallMark::For,
        v1::RollCallMark::Against,
    ];
    for n in 0..DECIDED {
        let lines = voters
            .iter()
            .zip(marks)
            .map(|(voter, mark)| v1::RollCallLine {
                voter: (*voter).to_owned(),
                mark: mark.into(),
            });
        let call = v1::RollCallRecorded {
            motion: format!("minuted-{n}"),
            second: Some(v1::Attestor {
                person: teller.person().to_owned(),
                capacity: teller.capacity().cloned(),
            }),
            roll: "roll-1".to_owned(),
            lines: lines.collect(),
            minuted: Some(v1::Minuted {
                held_on: "2024-02-01".to_owned(),
                body: "council".to_owned(),
                rule: "council-ordinary".to_owned(),
                text: Some(v1::MotionText {
                    title: format!("Item {n}"),
                    paragraphs: Vec::new(),
                }),
                source: format!("item-{n}"),
                source_outcome: String::new(),
            }),
        };
        let action = clerk.action(Payload::RollCallRecorded(call));
        requests.push(signed(&action, &[clerk.key(), teller.key()]));
    }
    requests
}

/// People, some of them under a published name.
fn enrolments(clerk: &Officer) -> Vec<v1::SubmitRequest> {
    let enrol = |n: usize| match n % 50 {
        0 => clerk.enrol_named(&format!("person-{n}"), &format!("Person {n}")),
        _ => clerk.enrol(&format!("person-{n}")),
    };
    (0..ENROLLED).map(enrol).collect()
}

/// Motions with long texts.
fn motions(clerk: &Officer) -> Vec<v1::SubmitRequest> {
    let motion = |n: usize| {
        let text = v1::MotionText {
            title: format!("Long motion {n}"),
            paragraphs: vec!["No one shall be in doubt about it. ".repeat(900)],
        };
        clerk.signed(Payload::MotionTabled(v1::MotionTabled {
            motion: format!("long-{n}"),
            body: "council".to_owned(),
            rule: "council-ordinary".to_owned(),
            text: Some(text),
            ..v1::MotionTabled::default()
        }))
    };
    (0..TABLED).map(motion).collect()
}

/// What the views answer to every kind of question, without what changes with each checkpoint, once
/// they have seen as many entries as this.
pub(crate) async fn answers(client: &Client, size: u64) -> Vec<String> {
    let ledger = || LEDGER.to_owned();
    let mut query = client.query();
    wait_for_views(client, LEDGER, size).await;
    let mut answers = Vec::new();
    let request = v1::ListDecisionsRequest {
        ledger: ledger(),
        page_size: 1_000,
        ..v1::ListDecisionsRequest::default()
    };
    let decisions = query.list_decisions(request).await.expect("an answer");
    answers.push(format!("{:?}", decisions.into_inner().decisions));
    let request = v1::GetDecisionRequest {
        ledger: ledger(),
        motion: "minuted-1".to_owned(),
        ..v1::GetDecisionRequest::default()
    };
    let decision = query
        .get_decision(request)
        .await
        .expect("an answer")
        .into_inner();
    answers.push(format!("{:?} {:?}", decision.decision, decision.roll_call));
    let request = v1::ListMotionsRequest {
        ledger: ledger(),
        page_size: 1_000,
        ..v1::ListMotionsRequest::default()
    };
    let motions = query.list_motions(request).await.expect("an answer");
    answers.push(format!("{:?}", motions.into_inner().motions));
    let request = v1::GetTimelineRequest {
        ledger: ledger(),
        page_size: 1_000,
        ..v1::GetTimelineRequest::default()
    };
    let timeline = query.get_timeline(request).await.expect("an answer");
    answers.push(format!("{:?}", timeline.into_inner().items));
    let request = v1::ListOfficeholdersRequest {
        ledger: ledger(),
        ..v1::ListOfficeholdersRequest::default()
    };
    let offices = query.list_officeholders(request).await.expect("an answer");
    answers.push(format!("{:?}", offices.into_inner().officeholders));
    let request = v1::GetPersonRequest {
        ledger: ledger(),
        by: Some(v1::get_person_request::By::Person(NAMED.to_owned())),
        moment: None,
    };
    let person = query
        .get_person(request)
        .await
        .expect("an answer")
        .into_inner();
    answers.push(format!("{} {:?}", person.name, person.keys));
    answers
}
