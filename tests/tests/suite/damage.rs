//! A data directory is damaged in one place, and somebody must notice: the node when it starts, or
//! the auditor, with the place and the kind. What can be rebuilt is.

mod forger;
mod good;

mod forgeries;
mod journal;
mod log;
mod rebuilt;

use std::path::Path;
use std::thread;

use gateway::client::{Client, ServerRefusal};
use proto::v1;
use system_tests::community::{audit_ledger, audit_server};
use system_tests::log as checked;
use system_tests::officer::{Officer, summary, wait_for_views};
use tokio::runtime::Runtime;

use good::{Good, LEDGER, NAMED, NEIGHBOUR, answers, good, start};

/// One damage and who must find it.
struct Case {
    /// What was done, and what must come of it.
    sentence: &'static str,
    /// Does it to a copy of the data directory. Says at which entry an auditor must find it, where it
    /// is about one.
    damage: fn(&Good, &Path) -> Option<u64>,
    starts: Starts,
    audits: Audits,
}

/// How a node starts with it.
enum Starts {
    /// As ever: nothing that counts was touched, or it was rebuilt. Every answer is the same.
    AsEver,
    /// The ledger takes nothing on, for this reason and with these words; what of it is proven is
    /// still read.
    Halted(&'static str, &'static [&'static str]),
    /// Nothing of the ledger is proven or served, for this reason and with these words.
    Unread(&'static str, &'static [&'static str]),
    /// The ledger goes on, but a published name is not shown any more.
    Nameless,
    /// Only an auditor can tell: whatever a start trusts was made to fit.
    Unaware,
}

/// What an auditor of the directory says.
enum Audits {
    /// Everything follows.
    Proves,
    /// A finding of this kind, with these words.
    Finds(&'static str, &'static [&'static str]),
    /// That it cannot even begin, with these words.
    Cannot(&'static [&'static str]),
}

/// Runs a table, and fails with the sentence of each case that came out otherwise.
fn run(cases: Vec<Case>) {
    let good = good();
    let mut wrong = Vec::new();
    for case in cases {
        let sentence = case.sentence;
        // A thread of its own keeps what it panics with, and may block.
        let tried = thread::spawn(move || runtime().block_on(check(good, case)));
        if let Err(panic) = tried.join() {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
            wrong.push(format!("{sentence}\n    {}", said.unwrap_or_default()));
        }
    }
    let (count, wrong) = (wrong.len(), wrong.join("\n"));
    assert!(count == 0, "{count} came out otherwise:\n{wrong}");
}

/// Runs one test.
fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let built = builder.worker_threads(1).enable_all().build();
    built.expect("the system has a thread")
}

async fn check(good: &'static Good, case: Case) {
    let copy = good.copy();
    let place = (case.damage)(good, copy.path());
    check_audit(copy.path(), &case.audits, place);
    let server = start(copy.path());
    let client = server.client().await;
    let clerk = &good.clerk;
    match case.starts {
        Starts::AsEver => {
            check_unchanged(good, &client).await;
            accepts(&client, clerk).await;
        }
        Starts::Halted(code, says) => {
            check_halted(good, &client, code, says).await;
            check_first(good, &client).await;
        }
        Starts::Unread(code, says) => check_halted(good, &client, code, says).await,
        Starts::Nameless => {
            accepts(&client, clerk).await;
            assert_eq!(name_of(&client, NAMED).await, "", "a name is shown");
        }
        Starts::Unaware => {
            accepts(&client, clerk).await;
            let told = audit_server(server.url(), LEDGER);
            assert_eq!(
                told.code,
                Some(1),
                "who audits over the wire finds it: {told}"
            );
        }
    }
    // Whatever happened to the one ledger, the other of the directory goes on.
    let neighbour = Officer::of(&client, NEIGHBOUR, &good.key_of_clerk()).await;
    accepts(&client, &neighbour).await;
    server.stop().expect(0);
}

fn check_audit(data: &Path, audits: &Audits, place: Option<u64>) {
    let told = audit_ledger(data, LEDGER);
    let (code, words) = match audits {
        Audits::Proves => (0, &[][..]),
        Audits::Finds(_, words) => (1, *words),
        Audits::Cannot(words) => (3, *words),
    };
    let told = told.expect(code);
    let missing = words.iter().find(|word| !told.stderr.contains(**word));
    assert_eq!(missing, None, "what the audit says: {told}");
    if let Audits::Finds(kind, _) = audits {
        let finding = &told.json()["ledgers"][0]["finding"];
        let found = (finding["code"].as_str(), finding["index"].as_u64());
        assert_eq!(found, (Some(*kind), place), "what the audit finds: {told}");
    }
    audit_ledger(data, NEIGHBOUR).expect(0);
}

/// The ledger takes on another person.
async fn accepts(client: &Client, registrar: &Officer) {
    let answer = client.record().submit(registrar.enrol("newcomer")).await;
    answer.expect("the ledger goes on");
}

/// The ledger says why it takes nothing on, where ledgers are listed and to whoever submits.
async fn check_halted(good: &Good, client: &Client, code: &str, says: &[&str]) {
    let listed = summary(client, LEDGER).await.halted;
    let refused = client.record().submit(good.clerk.enrol("newcomer")).await;
    let refused = ServerRefusal::from(&refused.expect_err("a halted ledger takes nothing on"));
    assert_eq!(refused.reason, code, "{refused:?}");
    for word in says {
        let said = [&listed, &refused.message];
        assert!(
            said.iter().all(|text| text.contains(word)),
            "no {word} in {said:?}"
        );
    }
    let remedy = refused.metadata.get("remedy");
    assert!(remedy.is_some_and(|text| !text.is_empty()), "{refused:?}");
}

/// A person's published name, once the views have seen everybody.
async fn name_of(client: &Client, person: &str) -> String {
    wait_for_views(client, LEDGER, summary(client, LEDGER).await.size).await;
    let request = v1::GetPersonRequest {
        ledger: LEDGER.to_owned(),
        by: Some(v1::get_person_request::By::Person(person.to_owned())),
        moment: None,
    };
    let person = client.query().get_person(request).await;
    person.expect("the person is there").into_inner().name
}

/// The founding entry can still be had, under a checkpoint that clients know.
async fn check_first(good: &Good, client: &Client) {
    let request = v1::ListEntriesRequest {
        ledger: LEDGER.to_owned(),
        start: 0,
        count: 1,
    };
    let entries = client.audit().list_entries(request).await;
    let mut entries = entries.expect("proven entries are still read").into_inner();
    let part = entries.message().await.expect("an answer").expect("a part");
    assert_eq!(tlog::leaf_hash(&part.entries[0]), good.log.leaves[0]);
}

/// Holds a ledger that is served as ever against what it was: every entry, proof and answer.
async fn check_unchanged(good: &Good, client: &Client) {
    let log = checked::Log::read(client, LEDGER, &good.key).await;
    assert_eq!(log.leaves, good.log.leaves, "entries have changed");
    checked::check_extends(client, LEDGER, &good.log.checkpoint, &log.checkpoint).await;
    for index in [0, 255, 256, log.size() - 1] {
        let request = v1::GetReceiptRequest {
            ledger: LEDGER.to_owned(),
            index,
        };
        let answer = client.record().get_receipt(request).await;
        let answer = answer.expect("each entry has a receipt").into_inner();
        let receipt = answer.receipt.expect("a receipt");
        checked::check_receipt(&receipt, &good.key);
        assert_eq!(tlog::leaf_hash(&answer.entry), checked::hash(&receipt.leaf));
    }
    let answers = answers(client, log.size()).await;
    assert_eq!(answers, good.answers, "views answer otherwise");
}
