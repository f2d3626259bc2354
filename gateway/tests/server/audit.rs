//! Entries, checkpoints and proofs, checked as an auditor would.

use gateway::client::ServerRefusal;
use governance::{
    action::MotionText,
    testing::{Deed, by},
};
use proto::v1;
use tonic::{Code, Streaming};

use crate::{
    streams::keyless,
    support::{Town, hash, hashes, ledger, opened},
};

async fn listed(town: &Town, start: u64, count: u64) -> Vec<v1::ListEntriesResponse> {
    let request = v1::ListEntriesRequest {
        ledger: ledger(),
        start,
        count,
    };
    let stream = town.client.audit().list_entries(request).await;
    let mut stream = stream.expect("a stream").into_inner();
    let mut parts = Vec::new();
    while let Some(part) = stream.message().await.expect("no error") {
        parts.push(part);
    }
    parts
}

fn leaves(parts: &[v1::ListEntriesResponse]) -> Vec<tlog::Hash> {
    let entries = parts.iter().flat_map(|part| &part.entries);
    entries.map(|entry| tlog::leaf_hash(entry)).collect()
}

/// A motion whose text fills half an entry.
fn long_motion(n: usize) -> Deed {
    by("chair")
        .chair()
        .tables(&format!("motion-{n}"), "assembly", "simple")
        .with_motion(|motion| {
            motion.text = MotionText {
                title: "long".to_owned(),
                paragraphs: vec!["x".repeat(32_000)],
            };
        })
}

#[tokio::test]
async fn a_receipt_proves_the_entry() {
    let mut town = Town::founded().await;
    for n in 0..5 {
        town.does(keyless(n)).await;
    }
    let request = v1::GetReceiptRequest {
        ledger: ledger(),
        index: 3,
    };
    let got = town
        .client
        .record()
        .get_receipt(request)
        .await
        .unwrap()
        .into_inner();
    let receipt = got.receipt.expect("a receipt");
    assert_eq!(hash(&receipt.leaf), tlog::leaf_hash(&got.entry));
    let checkpoint = opened(&receipt.checkpoint);
    assert_eq!((receipt.index, checkpoint.size), (3, 6));
    let proof = hashes(&receipt.inclusion_proof);
    tlog::verify_inclusion(&hash(&receipt.leaf), 3, 6, &proof, &checkpoint.root).expect("proven");
    let entry = tlog::Entry::decode(&got.entry).unwrap();
    assert_eq!(
        (entry.index, entry.recorded_at),
        (3, receipt.recorded_at_ms)
    );

    let beyond = v1::GetReceiptRequest {
        ledger: ledger(),
        index: 6,
    };
    let refusal = Town::asked(town.client.record().get_receipt(beyond))
        .await
        .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::OutOfRange, "NO_SUCH_ENTRY")
    );
    assert_eq!(refusal.metadata["size"], "6");
    town.stop().await;
}

#[tokio::test]
async fn the_whole_log_leads_to_the_checkpoint() {
    let mut town = Town::founded().await;
    for n in 0..7 {
        town.does(keyless(n)).await;
    }
    let parts = listed(&town, 0, 0).await;
    let checkpoint = opened(&parts.last().expect("entries").checkpoint);
    let mut frontier = tlog::Frontier::new();
    let mut previous = tlog::Hash::ZERO;
    for (index, bytes) in parts.iter().flat_map(|part| &part.entries).enumerate() {
        let entry = tlog::Entry::decode(bytes).unwrap();
        assert_eq!((entry.index, entry.previous), (index as u64, previous));
        previous = tlog::leaf_hash(bytes);
        frontier.append(previous);
    }
    assert_eq!(
        (frontier.size(), frontier.root()),
        (checkpoint.size, checkpoint.root)
    );
    town.stop().await;
}

#[tokio::test]
async fn entries_from_to_and_beyond_the_end() {
    let mut town = Town::founded().await;
    for n in 0..3 {
        town.does(keyless(n)).await;
    }
    let all = leaves(&listed(&town, 0, 0).await);
    assert_eq!(all.len(), 4);
    assert_eq!(leaves(&listed(&town, 1, 2).await), all[1..3]);
    assert_eq!(leaves(&listed(&town, 3, 1).await), all[3..]);
    assert_eq!(
        leaves(&listed(&town, 3, 2).await),
        all[3..],
        "as far as there are any"
    );
    assert_eq!(listed(&town, 4, 0).await, Vec::new());
    assert_eq!(listed(&town, 4, u64::MAX).await, Vec::new());
    let beyond = v1::ListEntriesRequest {
        ledger: ledger(),
        start: 5,
        count: 0,
    };
    let refusal = Town::asked(town.client.audit().list_entries(beyond))
        .await
        .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.field.as_deref()),
        (Code::OutOfRange, Some("start"))
    );
    town.stop().await;
}

#[tokio::test]
async fn a_message_has_at_most_a_thousand_entries() {
    let mut town = Town::founded().await;
    let requests = (0..1_000).map(|n| v1::SubmitStreamRequest {
        sequence: n,
        request: Some(town.request(keyless(usize::try_from(n).unwrap()))),
    });
    let requests = requests.collect();
    let (answers, _) = crate::streams::send(&town, requests).await;
    assert_eq!(answers.len(), 1_000);
    let parts = listed(&town, 0, 0).await;
    let sizes: Vec<usize> = parts.iter().map(|part| part.entries.len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 1_001);
    assert!(
        sizes.iter().all(|size| (1..=1_000).contains(size)),
        "{sizes:?}"
    );
    let mut next = 0;
    for part in &parts {
        assert_eq!(part.first_index, next);
        next += part.entries.len() as u64;
        assert!(opened(&part.checkpoint).size >= next);
    }
    town.stop().await;
}

#[tokio::test]
async fn a_message_has_at_most_a_mebibyte() {
    let mut town = Town::founded().await;
    for n in 0..40 {
        town.does(long_motion(n)).await;
    }
    let parts = listed(&town, 0, 0).await;
    let bytes: Vec<usize> = parts
        .iter()
        .map(|part| part.entries.iter().map(Vec::len).sum())
        .collect();
    assert!(bytes.iter().sum::<usize>() > 1024 * 1024);
    assert!(bytes.iter().all(|bytes| *bytes <= 1024 * 1024), "{bytes:?}");
    assert!(
        bytes[0] > 1024 * 1024 - 40_000,
        "as much as has room: {bytes:?}"
    );
    assert_eq!(leaves(&parts).len(), 41);
    town.stop().await;
}

async fn next(stream: &mut Streaming<v1::WatchEntriesResponse>) -> v1::WatchEntriesResponse {
    let next = tokio::time::timeout(crate::support::DEADLINE, stream.message()).await;
    next.expect("in time").expect("no error").expect("an entry")
}

#[tokio::test]
async fn a_watcher_sees_what_is_there_and_what_comes() {
    let mut town = Town::founded().await;
    town.does(keyless(0)).await;
    let request = v1::WatchEntriesRequest {
        ledger: ledger(),
        start: 1,
    };
    let stream = town.client.audit().watch_entries(request).await;
    let mut stream = stream.expect("a stream").into_inner();
    let there = next(&mut stream).await;
    assert_eq!((there.first_index, there.entries.len()), (1, 1));
    let receipt = town.does(keyless(1)).await;
    let came = next(&mut stream).await;
    assert_eq!((came.first_index, came.entries.len()), (2, 1));
    assert_eq!(tlog::leaf_hash(&came.entries[0]), hash(&receipt.leaf));
    assert!(opened(&came.checkpoint).size > 2);

    // A server that goes down does not wait for its watchers.
    town.stop().await;
    let status = stream.message().await.unwrap_err();
    let refusal = ServerRefusal::from(&status);
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::Unavailable, "SHUTTING_DOWN")
    );
}

#[tokio::test]
async fn proofs_hold_and_bounds_are_kept() {
    let mut town = Town::founded().await;
    for n in 0..6 {
        town.does(keyless(n)).await;
    }
    let all = leaves(&listed(&town, 0, 0).await);
    let root = |size: usize| {
        let mut frontier = tlog::Frontier::new();
        all[..size].iter().for_each(|leaf| frontier.append(*leaf));
        frontier.root()
    };
    let mut audit = town.client.audit();
    for (index, size) in [(0, 7), (6, 7), (4, 5), (0, 1)] {
        let request = v1::GetInclusionProofRequest {
            ledger: ledger(),
            index,
            size,
        };
        let answer = audit
            .get_inclusion_proof(request)
            .await
            .unwrap()
            .into_inner();
        let (proof, leaf) = (hashes(&answer.proof), hash(&answer.leaf));
        let root = root(usize::try_from(size).unwrap());
        tlog::verify_inclusion(&leaf, index, answer.size, &proof, &root).expect("proven");
    }
    for (old_size, new_size) in [(1, 7), (3, 7), (4, 6), (7, 7)] {
        let request = v1::GetConsistencyProofRequest {
            ledger: ledger(),
            old_size,
            new_size,
        };
        let answer = audit
            .get_consistency_proof(request)
            .await
            .unwrap()
            .into_inner();
        let roots = [old_size, new_size].map(|size| root(usize::try_from(size).unwrap()));
        let proof = hashes(&answer.proof);
        tlog::verify_consistency(old_size, &roots[0], new_size, &roots[1], &proof).expect("proven");
    }
    for (index, size, field) in [
        (7, 7, "index"),
        (5, 5, "index"),
        (0, 8, "size"),
        (7, 0, "index"),
    ] {
        let request = v1::GetInclusionProofRequest {
            ledger: ledger(),
            index,
            size,
        };
        let refusal = Town::asked(audit.get_inclusion_proof(request))
            .await
            .unwrap_err();
        assert_eq!(
            (refusal.code, refusal.field.as_deref()),
            (Code::OutOfRange, Some(field))
        );
    }
    for (old_size, new_size, code) in [
        (0, 7, Code::InvalidArgument),
        (7, 6, Code::OutOfRange),
        (8, 0, Code::OutOfRange),
        (1, 8, Code::OutOfRange),
    ] {
        let request = v1::GetConsistencyProofRequest {
            ledger: ledger(),
            old_size,
            new_size,
        };
        let refusal = Town::asked(audit.get_consistency_proof(request))
            .await
            .unwrap_err();
        assert_eq!(refusal.code, code, "{old_size} to {new_size}");
    }
    drop(audit);
    town.stop().await;
}
