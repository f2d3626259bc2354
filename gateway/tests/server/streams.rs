//! Many submissions over one call.

use std::collections::BTreeMap;

use gateway::client::ServerRefusal;
use governance::{
    action::{Payload, PeopleAction, PersonEnrolled},
    ids::PersonId,
    testing::{Deed, by},
};
use proto::v1::{self, submit_stream_response::Result as Answered};
use tonic::{Code, Status};

use crate::support::Town;

/// Somebody without a key, of whom there can be many.
pub(crate) fn keyless(n: usize) -> Deed {
    by("registrar")
        .clerk()
        .does(Payload::People(PeopleAction::PersonEnrolled(
            PersonEnrolled {
                person: PersonId::new(&format!("resident-{n}")).unwrap(),
                keys: Vec::new(),
                name: None,
            },
        )))
}

/// Sends these and gathers the answers by sequence number.
pub(crate) async fn send(
    town: &Town,
    requests: Vec<v1::SubmitStreamRequest>,
) -> (BTreeMap<u64, Answered>, Option<Status>) {
    let mut record = town.client.record();
    let stream = record.submit_stream(tokio_stream::iter(requests)).await;
    let mut answers = stream.expect("a stream").into_inner();
    let mut by_sequence = BTreeMap::new();
    loop {
        match answers.message().await {
            Ok(Some(answer)) => {
                let before = by_sequence.insert(answer.sequence, answer.result.expect("a result"));
                assert_eq!(before, None, "answered once");
            }
            Ok(None) => return (by_sequence, None),
            Err(status) => return (by_sequence, Some(status)),
        }
    }
}

fn numbered(sequence: u64, request: Option<v1::SubmitRequest>) -> v1::SubmitStreamRequest {
    v1::SubmitStreamRequest { sequence, request }
}

/// More than a stream has in flight, so that it must wait for room on the way.
#[tokio::test]
async fn each_is_answered_under_its_number_and_recorded_once() {
    let mut town = Town::founded().await;
    let requests: Vec<_> = (0..600)
        .map(|n| numbered(n, Some(town.request(keyless(usize::try_from(n).unwrap())))))
        .collect();
    let (answers, ended) = send(&town, requests).await;
    assert!(ended.is_none(), "{ended:?}");
    assert_eq!(answers.len(), 600);
    let mut indices: Vec<u64> = answers
        .values()
        .map(|answer| match answer {
            Answered::Response(response) => response.receipt.as_ref().expect("a receipt").index,
            Answered::Refused(refused) => panic!("{refused:?}"),
        })
        .collect();
    indices.sort_unstable();
    assert_eq!(indices, (1..=600).collect::<Vec<u64>>());
    assert_eq!(town.size().await, 601);
    town.stop().await;
}

#[tokio::test]
async fn a_no_is_one_answer_among_others() {
    let mut town = Town::founded().await;
    let good = town.request(keyless(1));
    let mut unsigned = town.request(keyless(2));
    unsigned.signatures.clear();
    let stranger = town.request(by("anna").officer("committee", "clerk").enrols("newcomer"));
    let told = town.refuses(stranger.clone()).await;
    let requests = vec![
        numbered(7, Some(good.clone())),
        numbered(8, Some(unsigned)),
        numbered(9, None),
        numbered(10, Some(stranger)),
    ];
    let (answers, ended) = send(&town, requests).await;
    assert!(ended.is_none(), "{ended:?}");
    let refused = |sequence: u64| match &answers[&sequence] {
        Answered::Refused(refused) => ServerRefusal::from(refused.clone()),
        Answered::Response(response) => panic!("{response:?}"),
    };
    assert!(matches!(&answers[&7], Answered::Response(response) if !response.already_recorded));
    assert_eq!(refused(8).reason, "SIGNATURE_COUNT");
    assert_eq!(refused(9).field.as_deref(), Some("request"));
    let foreign = refused(10);
    assert_eq!(
        (foreign.code, &foreign.reason),
        (Code::PermissionDenied, &told.reason)
    );
    assert_eq!(foreign.message, told.message);

    let (answers, _) = send(&town, vec![numbered(1, Some(good))]).await;
    assert!(matches!(&answers[&1], Answered::Response(response) if response.already_recorded));
    assert_eq!(town.size().await, 2);
    town.stop().await;
}

/// What cannot be read ends the stream, after the answers to what came before.
#[tokio::test]
async fn a_message_that_is_too_large_ends_the_stream_with_its_reason() {
    let mut town = Town::founded().await;
    let mut large = town.request(keyless(2));
    large.contents.push(v1::ContentUpload {
        salt: vec![1; 32],
        bytes: vec![0; 8 * 1024 * 1024],
    });
    let good = town.request(keyless(1));
    let requests = vec![numbered(1, Some(good)), numbered(2, Some(large))];
    let (answers, ended) = send(&town, requests).await;
    assert!(matches!(&answers[&1], Answered::Response(_)));
    assert_eq!(answers.len(), 1);
    let refusal = ServerRefusal::from(&ended.expect("an end with a status"));
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::InvalidArgument, "MESSAGE_TOO_LARGE")
    );
    town.stop().await;
}
