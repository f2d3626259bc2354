//! Preview says what Submit would answer, and records nothing.

use gateway::client::ServerRefusal;
use governance::testing::by;
use proto::v1;
use tonic::Code;

use crate::support::{Town, public_key};

#[tokio::test]
async fn what_would_be_admitted_is_not_recorded() {
    let mut town = Town::founded().await;
    let request = town.request(by("registrar").clerk().enrols("newcomer"));
    let keys = [public_key("registrar"), public_key("newcomer")];
    let preview = v1::PreviewRequest {
        action: request.action.clone(),
        keys: keys.iter().map(|key| key.0.to_vec()).collect(),
    };
    let answer = town
        .client
        .record()
        .preview(preview)
        .await
        .unwrap()
        .into_inner();
    let expected = v1::PreviewResponse {
        admissible: true,
        refusal: None,
        index: 0,
    };
    assert_eq!(answer, expected);
    assert_eq!(town.size().await, 1);
    let receipt = town.records(request).await;
    assert_eq!(receipt.index, 1);
    town.stop().await;
}

#[tokio::test]
async fn without_keys_those_called_for_are_taken_as_given() {
    let mut town = Town::founded().await;
    let request = town.request(by("registrar").clerk().enrols("newcomer"));
    let preview = v1::PreviewRequest {
        action: request.action,
        keys: Vec::new(),
    };
    let answer = town
        .client
        .record()
        .preview(preview)
        .await
        .unwrap()
        .into_inner();
    assert!(answer.admissible, "{answer:?}");
    town.stop().await;
}

#[tokio::test]
async fn what_would_be_refused_is_refused_in_the_same_words() {
    let mut town = Town::founded().await;
    let request = town.request(by("anna").officer("committee", "clerk").enrols("newcomer"));
    let preview = v1::PreviewRequest {
        action: request.action.clone(),
        keys: vec![
            public_key("anna").0.to_vec(),
            public_key("newcomer").0.to_vec(),
        ],
    };
    let answer = town
        .client
        .record()
        .preview(preview)
        .await
        .unwrap()
        .into_inner();
    assert!(!answer.admissible);
    let foretold = ServerRefusal::from(answer.refusal.expect("a refusal"));
    let told = town.refuses(request).await;
    assert_eq!(foretold.reason, "NOT_IN_CAPACITY");
    let same = |refusal: &ServerRefusal| {
        (
            refusal.code,
            refusal.reason.clone(),
            refusal.message.clone(),
            refusal.field.clone(),
        )
    };
    assert_eq!(same(&foretold), same(&told));
    for (key, value) in &told.metadata {
        assert_eq!(foretold.metadata.get(key), Some(value));
    }
    town.stop().await;
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_refused_itself() {
    let mut town = Town::founded().await;
    let garbage = v1::PreviewRequest {
        action: b"\xff\xff".to_vec(),
        keys: Vec::new(),
    };
    let refusal = Town::asked(town.client.record().preview(garbage))
        .await
        .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::InvalidArgument, "NOT_PROTOBUF")
    );
    let request = town.request(by("registrar").clerk().enrols("newcomer"));
    let short = v1::PreviewRequest {
        action: request.action,
        keys: vec![vec![1; 31]],
    };
    let refusal = Town::asked(town.client.record().preview(short))
        .await
        .unwrap_err();
    assert_eq!(refusal.field.as_deref(), Some("keys[0]"));
    town.stop().await;
}
