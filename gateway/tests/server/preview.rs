//! Preview says what Submit would answer, and records nothing.

use gateway::client::ServerRefusal;
use governance::testing::{AGAINST, FOR, by};
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
        would: "Person enrolled: newcomer, with 1 key".to_owned(),
        outlook: None,
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

#[tokio::test]
async fn of_an_open_vote_it_says_how_it_would_stand_and_whether_it_can_pass() {
    let mut town = Town::founded().await;
    let voters = ["anna", "bao", "chen", "dina"].map(|voter| (voter, 10_000));
    let registrar = by("registrar").clerk();
    town.do_all(registrar.publishes_roll("roll", "assembly", &voters))
        .await;
    let chair = || by("chair").chair();
    town.does(chair().tables("roof", "assembly", "simple"))
        .await;
    town.does(chair().opens("roof", "roll", 10 * 60_000)).await;
    let casts = |voter: &str, choice| by(voter).member("assembly").votes("roof", choice);
    town.does(casts("anna", FOR)).await;
    let foretold = |town: &mut Town, deed| {
        let action = town.request(deed).action;
        let mut record = town.client.record();
        async move {
            let keys = Vec::new();
            let answer = record.preview(v1::PreviewRequest { action, keys }).await;
            answer.expect("an answer").into_inner()
        }
    };
    let answer = foretold(&mut town, casts("bao", FOR)).await;
    assert!(answer.admissible);
    assert_eq!(answer.would, "Ballot cast: roof, for");
    let outlook = answer.outlook.expect("it is open");
    assert_eq!((outlook.heads_out, outlook.measures[0].in_favour), (2, 2));
    assert_eq!((outlook.can_pass, outlook.must_pass), (true, false));
    let told = &outlook.explanation_zh;
    assert!(
        told.contains("2 人（共 4 人，需 2/3 以上，即至少 3 人，未达到）"),
        "{told}"
    );
    assert!(
        told.contains("尚有 2 人未表决（200.00 m²）；仍有可能通过"),
        "{told}"
    );
    // Nothing was recorded: as it stands, one has voted.
    let motion = v1::GetMotionRequest {
        ledger: crate::support::ledger(),
        motion: "roof".to_owned(),
        ..v1::GetMotionRequest::default()
    };
    let now = town.client.query().get_motion(motion.clone()).await;
    let now = now.unwrap().into_inner().outlook.expect("it is open");
    assert_eq!(now.heads_out, 3);

    for voter in ["bao", "chen"] {
        town.does(casts(voter, AGAINST)).await;
    }
    let answer = foretold(&mut town, casts("dina", FOR)).await;
    let outlook = answer.outlook.unwrap();
    assert_eq!((outlook.can_pass, outlook.heads_out), (false, 0));
    assert!(outlook.explanation.contains("it cannot pass any more"));
    // One that would be refused is told how the vote stands.
    let answer = foretold(&mut town, casts("fang", FOR)).await;
    assert!(!answer.admissible);
    assert_eq!(answer.outlook.unwrap().heads_out, 1);
    let cast = town.size().await;
    town.clock.advance(11 * 60_000);
    // The decision is what time brings.
    let decided = town.size_reaches(cast + 1).await - 1;
    town.views_see(decided).await;
    let then = town.client.query().get_motion(motion).await;
    assert_eq!(then.unwrap().into_inner().outlook, None, "it is over");
    town.stop().await;
}
