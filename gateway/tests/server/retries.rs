//! The same bytes get the same receipt, however late.

use governance::{ids::Millis, testing::by};

use crate::support::{Town, opened, public_key, signed};

#[tokio::test]
async fn an_expired_action_that_was_recorded_gets_its_first_receipt() {
    let mut town = Town::founded().await;
    let action = town.action(by("registrar").clerk().enrols("newcomer"));
    let first = town.records(signed(&action)).await;
    // Long after the ledger has forgotten the id: only the views remember it.
    town.clock.advance(30 * Millis::DAY);
    town.does(by("anna").adds_key(public_key("spare"))).await;
    let late = town.submit(signed(&action)).await.expect("answered");
    assert!(late.already_recorded);
    let receipt = late.receipt.expect("a receipt");
    assert_eq!((receipt.index, &receipt.leaf), (first.index, &first.leaf));
    assert_eq!(receipt.recorded_at_ms, first.recorded_at_ms);
    let checkpoint = opened(&receipt.checkpoint);
    assert_eq!(
        checkpoint.size,
        town.size().await,
        "under the newest checkpoint"
    );
    town.stop().await;
}

#[tokio::test]
async fn an_expired_action_under_an_id_that_is_taken_is_told_so() {
    let mut town = Town::founded().await;
    let action = town.action(by("registrar").clerk().enrols("newcomer"));
    let first = town.records(signed(&action)).await;
    town.clock.advance(30 * Millis::DAY);
    town.does(by("anna").adds_key(public_key("spare"))).await;
    let mut other = action;
    other.not_after = other.not_after.plus(1);
    let refusal = town.refuses(signed(&other)).await;
    assert_eq!(refusal.reason, "ACTION_ID_REUSED");
    assert_eq!(refusal.metadata["index"], first.index.to_string());
    town.stop().await;
}

#[tokio::test]
async fn a_retry_after_a_restart_gets_its_first_receipt() {
    let mut town = Town::founded().await;
    let action = town.action(by("registrar").clerk().enrols("newcomer"));
    let first = town.records(signed(&action)).await;
    let town = town.restarted().await;
    let again = town.submit(signed(&action)).await.expect("answered");
    assert!(again.already_recorded);
    assert_eq!(again.receipt.expect("a receipt").leaf, first.leaf);
    town.stop().await;
}
