//! Up and down: what a server needs to start, and what it leaves behind.

use std::sync::Arc;

use gateway::{
    client::{Client, ConnectError},
    server::{Server, StartError},
};
use governance::testing::by;
use ledger::{Clock, SystemClock};

use crate::support::{Town, config};

async fn open(dir: &std::path::Path) -> Result<Server, StartError> {
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
    let taken = ledger::Config {
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

#[tokio::test]
async fn an_address_that_is_none_is_told_so() {
    let error = Client::connect("no address").await.unwrap_err();
    assert!(matches!(error, ConnectError::Address { .. }), "{error}");
}
