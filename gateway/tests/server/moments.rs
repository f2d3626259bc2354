//! Past moments, fresh answers, filters, and decisions as they are made.

use governance::testing::{AGAINST, FOR, by};
use proto::v1::{self, moment::AsOf};
use tonic::{Code, Streaming};

use crate::{
    browsers::{GRPC_WEB, framed},
    http,
    support::{DEADLINE, Town, ledger},
};

const MINUTE: u64 = 60_000;

/// A town whose owners have a roll.
async fn town() -> Town {
    let mut town = Town::founded().await;
    let voters = [("anna", 10_000), ("bao", 10_000)];
    let roll = by("registrar")
        .clerk()
        .publishes_roll("roll", "assembly", &voters);
    town.do_all(roll).await;
    town
}

/// A motion is put to the vote, voted and decided; the index of the opening and of the decision.
async fn decides(town: &mut Town, motion: &str, choice: governance::action::Choice) -> (u64, u64) {
    town.does(by("chair").chair().tables(motion, "assembly", "simple"))
        .await;
    let opened = town
        .does(by("chair").chair().opens(motion, "roll", 5 * MINUTE))
        .await;
    for voter in ["anna", "bao"] {
        let ballot = by(voter).member("assembly").votes(motion, choice.clone());
        town.does(ballot).await;
    }
    let voted = town.size().await;
    town.clock.advance(10 * MINUTE);
    // The decision is what time brings.
    let size = town.size_reaches(voted + 1).await;
    (opened.index, size - 1)
}

fn as_of(as_of: AsOf) -> v1::Moment {
    v1::Moment {
        min_index: 0,
        as_of: Some(as_of),
    }
}

fn from_index(min_index: u64) -> v1::Moment {
    v1::Moment {
        min_index,
        as_of: None,
    }
}

async fn motion(town: &Town, moment: v1::Moment) -> v1::GetMotionResponse {
    let request = v1::GetMotionRequest {
        ledger: ledger(),
        motion: "roof".to_owned(),
        moment: Some(moment),
        ..v1::GetMotionRequest::default()
    };
    let answer = town.client.query().get_motion(request).await;
    answer.expect("an answer").into_inner()
}

#[tokio::test]
async fn a_question_about_the_past_is_answered_as_it_would_have_been() {
    let mut town = town().await;
    let (opened, decided) = decides(&mut town, "roof", FOR).await;
    let now = motion(&town, from_index(decided)).await;
    assert_eq!(now.motion.unwrap().status(), v1::MotionStatus::Decided);

    let then = motion(&town, as_of(AsOf::AtIndex(opened))).await;
    let seen = then.motion.expect("a motion");
    assert_eq!((seen.status(), seen.ballots), (v1::MotionStatus::Open, 0));
    assert_eq!(then.position.as_ref().unwrap().index, opened);
    town.assert_stands(then.position.as_ref()).await;
    let last = then.history.last().expect("an entry");
    assert_eq!(last.kind, "voting_opened", "nothing later is told");

    let at = last.recorded_at_ms;
    let by_time = motion(&town, as_of(AsOf::AtTimeMs(at))).await;
    assert_eq!(by_time.position.unwrap().index, opened);
    let request = v1::ListDecisionsRequest {
        ledger: ledger(),
        moment: Some(as_of(AsOf::AtIndex(decided - 1))),
        ..v1::ListDecisionsRequest::default()
    };
    let mut query = town.client.query();
    let before = query.list_decisions(request.clone()).await.unwrap();
    assert_eq!(before.into_inner().decisions, Vec::new());
    let after = v1::ListDecisionsRequest {
        moment: Some(as_of(AsOf::AtIndex(decided))),
        ..request
    };
    let after = query.list_decisions(after).await.unwrap().into_inner();
    assert_eq!(after.decisions.len(), 1);

    for (moment, reason) in [
        (AsOf::AtIndex(decided + 1), "BEYOND_POSITION"),
        (AsOf::AtTimeMs(1), "BEFORE_FIRST"),
    ] {
        let request = v1::GetTimelineRequest {
            ledger: ledger(),
            moment: Some(as_of(moment)),
            ..v1::GetTimelineRequest::default()
        };
        let refusal = Town::asked(query.get_timeline(request)).await.unwrap_err();
        let told = (refusal.code, refusal.reason.as_str());
        assert_eq!(told, (Code::OutOfRange, reason));
    }
    drop(query);
    town.stop().await;
}

#[tokio::test]
async fn an_answer_waits_for_the_entry_it_must_know_of() {
    let mut town = town().await;
    let next = town.size().await;
    let request = v1::GetPersonRequest {
        ledger: ledger(),
        by: Some(v1::get_person_request::By::Person("newcomer".to_owned())),
        moment: Some(from_index(next)),
    };
    let mut query = town.client.query();
    let asked = tokio::spawn(async move { query.get_person(request).await });
    let receipt = town.does(by("registrar").clerk().enrols("newcomer")).await;
    assert_eq!(receipt.index, next);
    let answer = tokio::time::timeout(DEADLINE, asked).await;
    let answer = answer.expect("in time").expect("no panic");
    let answer = answer.expect("the newcomer is known").into_inner();
    assert!(answer.position.unwrap().index >= next);
    town.stop().await;
}

/// As a browser asks, for the usual client gives up by itself and does not read what the server says.
#[tokio::test]
async fn waiting_for_an_entry_ends_by_the_deadline() {
    let town = town().await;
    let question = framed(&v1::ListMotionsRequest {
        ledger: ledger(),
        moment: Some(from_index(1_000_000)),
        ..v1::ListMotionsRequest::default()
    });
    let headers = [GRPC_WEB, ("grpc-timeout", "500m")];
    let path = "/governance.v1.QueryService/ListMotions";
    let answer = http::request(town.address, "POST", path, &headers, &question).await;
    let code = i32::from(Code::DeadlineExceeded).to_string();
    assert_eq!(answer.header("grpc-status"), Some(code.as_str()));
    let message = answer.header("grpc-message").expect("a message");
    assert!(message.contains("500ms"), "{message}");
    town.stop().await;
}

#[tokio::test]
async fn lists_are_filtered() {
    let mut town = town().await;
    let (opened, decided) = decides(&mut town, "roof", FOR).await;
    let mut query = town.client.query();
    let mut timeline = async |actor: &str, kind: &str, subject: &str| {
        let request = v1::GetTimelineRequest {
            ledger: ledger(),
            actor: actor.to_owned(),
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            moment: Some(from_index(decided)),
            ..v1::GetTimelineRequest::default()
        };
        let answer = query.get_timeline(request).await.expect("an answer");
        let items = answer.into_inner().items;
        items.iter().map(|item| item.index).collect::<Vec<_>>()
    };
    assert_eq!(timeline("", "voting_opened", "").await, [opened]);
    let anna = timeline("anna", "", "").await;
    assert_eq!(anna, [opened + 1]);
    let roof = timeline("", "", "roof").await;
    assert_eq!(
        (roof.first(), roof.last()),
        (Some(&decided), Some(&(opened - 1)))
    );
    assert_eq!(timeline("anna", "voting_opened", "").await, [0; 0]);

    let mut holders = async |person: &str, role: &str| {
        let request = v1::ListOfficeholdersRequest {
            ledger: ledger(),
            person: person.to_owned(),
            role: role.to_owned(),
            ..v1::ListOfficeholdersRequest::default()
        };
        let answer = query.list_officeholders(request).await.expect("an answer");
        answer.into_inner().officeholders
    };
    let all = holders("", "").await;
    let chair = holders("chair", "").await;
    assert!(!chair.is_empty() && chair.len() < all.len());
    assert!(chair.iter().all(|holder| holder.person == "chair"));
    let role = chair[0].role.clone();
    let same = holders("", &role).await;
    assert!(same.iter().all(|holder| holder.role == role));
    drop(query);
    town.stop().await;
}

async fn watch(town: &Town, start: u64) -> Streaming<v1::WatchDecisionsResponse> {
    let request = v1::WatchDecisionsRequest {
        ledger: ledger(),
        start,
        body: String::new(),
    };
    let stream = town.client.query().watch_decisions(request).await;
    stream.expect("a stream").into_inner()
}

async fn next(stream: &mut Streaming<v1::WatchDecisionsResponse>) -> (Option<String>, u64) {
    let message = tokio::time::timeout(DEADLINE, stream.message()).await;
    let message = message.expect("in time").expect("no error").expect("one");
    (
        message.decision.map(|decision| decision.motion),
        message.next,
    )
}

#[tokio::test]
async fn decisions_are_told_as_they_are_made_and_from_where_one_stopped() {
    let mut town = town().await;
    let (_, first) = decides(&mut town, "roof", FOR).await;
    town.views_see(first).await;
    let mut stream = watch(&town, 0).await;
    assert_eq!(
        next(&mut stream).await,
        (Some("roof".to_owned()), first + 1)
    );
    let (all, here) = next(&mut stream).await;
    assert_eq!(all, None, "that was all");
    assert_eq!(here, first + 1);
    let (_, second) = decides(&mut town, "fence", AGAINST).await;
    assert_eq!(
        next(&mut stream).await,
        (Some("fence".to_owned()), second + 1)
    );
    drop(stream);

    let mut again = watch(&town, here).await;
    assert_eq!(next(&mut again).await.0, Some("fence".to_owned()));
    assert_eq!(next(&mut again).await.0, None);
    let size = town.size().await;
    let request = v1::WatchDecisionsRequest {
        ledger: ledger(),
        start: size + 1,
        body: String::new(),
    };
    let refusal = Town::asked(town.client.query().watch_decisions(request)).await;
    assert_eq!(refusal.unwrap_err().reason, "NO_SUCH_ENTRY");
    let ended = tokio::spawn(async move {
        let message = again.message().await;
        message.expect_err("it ends with a status").code()
    });
    town.stop().await;
    assert_eq!(ended.await.expect("no panic"), Code::Unavailable);
}
