//! Clients: each ballot waits for its receipt.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use gateway::client::Client;
use governance::ids::Leaf;
use proto::v1::{self, submit_stream_response::Result as Answered};
use tokio::task::JoinSet;

use crate::{AnyError, limits::Pages};

/// What was admitted, and how long it took from the first sent to the last receipt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admitted {
    pub(crate) count: usize,
    pub(crate) elapsed: Duration,
}

/// Submits one; the leaf it became.
pub(crate) async fn submit(url: &str, request: v1::SubmitRequest) -> Result<Leaf, AnyError> {
    let client = Client::connect(url).await?;
    let response = client.record().submit(request).await?.into_inner();
    let receipt = recorded(response)?;
    Ok(Leaf(receipt.leaf.as_slice().try_into()?))
}

/// Over so many streams at once, each on a connection of its own.
pub(crate) async fn streams(
    url: &str,
    streams: usize,
    requests: Vec<v1::SubmitRequest>,
) -> Result<Admitted, AnyError> {
    let count = requests.len();
    let mut ready = Vec::new();
    for share in shares(requests, streams) {
        let numbered = (0..).zip(share);
        let share: Vec<_> = numbered
            .map(|(sequence, request)| v1::SubmitStreamRequest {
                sequence,
                request: Some(request),
            })
            .collect();
        ready.push((Client::connect(url).await?, share));
    }
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for (client, share) in ready {
        running.spawn(stream(client, share));
    }
    finished(running, count, begun).await
}

async fn stream(client: Client, requests: Vec<v1::SubmitStreamRequest>) -> Result<usize, AnyError> {
    let requests = tokio_stream::iter(requests);
    let mut answers = client.record().submit_stream(requests).await?.into_inner();
    let mut receipts = 0;
    while let Some(answer) = answers.message().await? {
        match answer.result {
            Some(Answered::Response(response)) => recorded(response)?,
            other => return Err(format!("no receipt: {other:?}").into()),
        };
        receipts += 1;
    }
    Ok(receipts)
}

/// In calls of their own, so many in flight, over so many connections.
pub(crate) async fn calls(
    url: &str,
    connections: usize,
    in_flight: usize,
    requests: Vec<v1::SubmitRequest>,
) -> Result<Admitted, AnyError> {
    let count = requests.len();
    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(Client::connect(url).await?);
    }
    let left = Arc::new(Mutex::new(requests.into_iter()));
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for caller in 0..in_flight {
        let (client, left) = (clients[caller % connections].clone(), Arc::clone(&left));
        running.spawn(async move {
            let mut record = client.record();
            let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
            let mut receipts = 0;
            while let Some(request) = next() {
                recorded(record.submit(request).await?.into_inner())?;
                receipts += 1;
            }
            Ok(receipts)
        });
    }
    finished(running, count, begun).await
}

/// What came alone, and the syncs it stands beside, shortest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alone {
    pub(crate) latencies: Vec<Duration>,
    pub(crate) syncs: Vec<Duration>,
}

/// One after the other, each after a sync of a page: so that both find the same idle disk, at the same moment.
pub(crate) async fn one_by_one(
    url: String,
    mut pages: Pages,
    requests: Vec<v1::SubmitRequest>,
) -> Result<Alone, AnyError> {
    let mut record = Client::connect(&url).await?.record();
    let mut alone = Alone::default();
    for request in requests {
        let synced;
        (pages, synced) = tokio::task::spawn_blocking(|| {
            let synced = pages.sync_one();
            (pages, synced)
        })
        .await?;
        alone.syncs.push(synced?);
        let begun = Instant::now();
        recorded(record.submit(request).await?.into_inner())?;
        alone.latencies.push(begun.elapsed());
    }
    alone.latencies.sort();
    alone.syncs.sort();
    Ok(alone)
}

async fn finished(
    mut running: JoinSet<Result<usize, AnyError>>,
    count: usize,
    begun: Instant,
) -> Result<Admitted, AnyError> {
    let mut receipts = 0;
    while let Some(ended) = running.join_next().await {
        receipts += ended??;
    }
    let elapsed = begun.elapsed();
    assert_eq!(receipts, count, "everybody has a receipt");
    Ok(Admitted { count, elapsed })
}

fn recorded(response: v1::SubmitResponse) -> Result<v1::Receipt, AnyError> {
    match response {
        v1::SubmitResponse {
            receipt: Some(receipt),
            already_recorded: false,
        } => Ok(receipt),
        other => Err(format!("no receipt of a new entry: {other:?}").into()),
    }
}

fn shares(requests: Vec<v1::SubmitRequest>, count: usize) -> Vec<Vec<v1::SubmitRequest>> {
    let mut shares = vec![Vec::with_capacity(requests.len() / count + 1); count];
    for (place, request) in requests.into_iter().enumerate() {
        shares[place % count].push(request);
    }
    shares
}
