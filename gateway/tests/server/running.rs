//! Up and down: what a server needs to start, and what it leaves behind.

use std::{fs, path::Path, sync::Arc};

use gateway::{
    client::{Client, ConnectError},
    server::{Server, StartError},
};
use governance::testing::by;
use ledger::{Clock, Config, SystemClock};
use proto::v1;
use tonic::Code;

use crate::support::{Town, config, ledger, public_key};

async fn open(dir: &Path) -> Result<Server, StartError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    Server::open(&config(dir), clock).await
}

#[tokio::test]
async fn without_a_ledger_nothing_starts_and_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("none");
    let error = open(&missing).await.err().expect("refused");
    assert!(matches!(&error, StartError::NoLedger { dir } if *dir == missing));
    assert!(error.remedy().contains("`govledger found`"));
    assert!(error.remedy().contains("`govledger demo`"));
    assert!(!missing.exists());

    // What a founding that was cut off left behind is no ledger.
    std::fs::create_dir_all(dir.path().join("ledgers/.test.founding")).unwrap();
    let error = open(dir.path()).await.err().expect("refused");
    assert!(matches!(error, StartError::NoLedger { .. }));
}

#[tokio::test]
async fn a_directory_in_use_and_a_port_in_use_are_told_apart() {
    let town = Town::founded().await;
    let error = open(town.dir()).await.err().expect("refused");
    assert!(matches!(error, StartError::Node(_)), "{error}");
    let taken = Config {
        listen: town.address,
        ..config(town.dir())
    };
    let error = Server::open(&taken, Arc::new(SystemClock::new()))
        .await
        .err()
        .expect("refused");
    assert!(matches!(error, StartError::Listen { .. }), "{error}");
    town.stop().await;
}

#[tokio::test]
async fn what_was_recorded_is_there_after_a_restart() {
    let mut town = Town::founded().await;
    let receipt = town.does(by("registrar").clerk().enrols("newcomer")).await;
    let address = town.address;
    let town = town.restarted().await;
    assert_eq!(town.size().await, receipt.index + 1);
    let gone = Client::connect(&format!("http://{address}")).await;
    assert!(matches!(gone, Err(ConnectError::Absent { .. })) || address == town.address);
    town.views_see(receipt.index).await;
    town.stop().await;
}

/// More than the ledger takes on at once is refused at once, with a time to try again.
#[tokio::test]
async fn what_has_no_room_is_told_when_to_try_again() {
    // Bytes are counted by the KiB: a whole one is more than there is room for.
    let mut town = Town::founded_with(|config| config.limits.submission_bytes_max = 1_024).await;
    let small = town.request(by("registrar").clerk().enrols("newcomer"));
    let mut large = small.clone();
    large.contents.push(v1::ContentUpload {
        salt: vec![1; 32],
        bytes: vec![0; 1_024],
    });
    let refusal = town.refuses(large).await;
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::ResourceExhausted, "OVERLOADED")
    );
    assert!(refusal.retry_after.is_some());
    town.records(small).await;
    town.stop().await;
}

/// Cuts the log back by some entries, as a copy from last night would be.
fn roll_back(dir: &Path, keep: &Path) {
    let log = dir.join("ledgers/test/log");
    fs::remove_dir_all(&log).unwrap();
    copy(keep, &log);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// A ledger that lost what it acknowledged takes nothing more, says so, and serves the rest.
#[tokio::test]
async fn a_ledger_that_was_rolled_back_is_served_and_not_extended() {
    let mut town = Town::founded().await;
    town.does(by("registrar").clerk().enrols("newcomer")).await;
    let kept = tempfile::tempdir().unwrap();
    let kept_at = kept.path().to_owned();
    let mut town = town
        .restarted_after(|dir| copy(&dir.join("ledgers/test/log"), &kept_at))
        .await;
    town.does(by("anna").adds_key(public_key("spare"))).await;
    let mut town = town.restarted_after(|dir| roll_back(dir, &kept_at)).await;

    let request = town.request(by("bao").adds_key(public_key("spare")));
    let refusal = town.submit(request).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::DataLoss, "HALTED_ROLLED_BACK")
    );
    assert_eq!(refusal.metadata["index"], "2");
    let ledgers = town
        .client
        .query()
        .list_ledgers(v1::ListLedgersRequest::default())
        .await;
    let ledgers = ledgers.expect("an answer").into_inner().ledgers;
    assert_eq!(ledgers[0].size, 2);
    assert!(
        ledgers[0].halted.contains("2 entries"),
        "{}",
        ledgers[0].halted
    );
    let request = v1::ListEntriesRequest {
        ledger: ledger(),
        start: 0,
        count: 0,
    };
    let stream = town.client.audit().list_entries(request).await;
    let mut stream = stream.expect("a stream").into_inner();
    let part = stream.message().await.expect("no error").expect("entries");
    assert_eq!(part.entries.len(), 2);
    assert_eq!(
        stream.message().await.expect("no error"),
        None,
        "and it ends"
    );
    town.stop().await;
}

#[tokio::test]
async fn an_address_that_is_none_is_told_so() {
    let error = Client::connect("no address").await.unwrap_err();
    assert!(matches!(error, ConnectError::Address { .. }), "{error}");
}
