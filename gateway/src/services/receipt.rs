//! Receipts and proofs on the wire.

use ledger::{Receipt, Submitted};
use proto::v1;
use tlog::Hash;

pub(super) fn receipt(receipt: &Receipt) -> v1::Receipt {
    v1::Receipt {
        ledger: receipt.ledger.to_string(),
        index: receipt.index,
        leaf: receipt.leaf.0.to_vec(),
        recorded_at_ms: receipt.recorded_at.0,
        checkpoint: receipt.checkpoint.to_bytes(),
        inclusion_proof: hashes(&receipt.inclusion_proof),
        pending_witnesses: receipt.pending_witnesses,
    }
}

pub(super) fn submitted(submitted: &Submitted) -> v1::SubmitResponse {
    v1::SubmitResponse {
        receipt: Some(receipt(&submitted.receipt)),
        already_recorded: submitted.already_recorded,
    }
}

pub(super) fn hashes(hashes: &[Hash]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.0.to_vec()).collect()
}
