//! What the views answer, and what they stand on.

use gateway::client::ServerRefusal;
use governance::{
    action::RollLine,
    ids::Millis,
    testing::{ABSTAIN, AGAINST, FOR, by},
};
use proto::v1;
use tonic::Code;

use crate::support::{Town, ledger, public_key};

const MINUTE: u64 = 60_000;

/// Four owners, one motion, for by three heads of four; decided.
async fn decided() -> Town {
    let mut town = voting().await;
    for (voter, choice) in [
        ("anna", FOR),
        ("bao", FOR),
        ("chen", FOR),
        ("dina", AGAINST),
    ] {
        town.does(by(voter).member("assembly").votes("motion", choice))
            .await;
    }
    town.clock.advance(10 * MINUTE);
    let size = town.size_reaches(10).await;
    town.views_see(size - 1).await;
    town
}

async fn voting() -> Town {
    let mut town = Town::founded().await;
    let voters = [
        ("anna", 10_000),
        ("bao", 10_000),
        ("chen", 10_000),
        ("dina", 10_000),
    ];
    town.do_all(
        by("registrar")
            .clerk()
            .publishes_roll("roll", "assembly", &voters),
    )
    .await;
    town.does(by("chair").chair().tables("motion", "assembly", "simple"))
        .await;
    town.does(by("chair").chair().opens("motion", "roll", 5 * MINUTE))
        .await;
    town
}

#[tokio::test]
async fn a_decision_with_its_tally_its_ballots_and_its_reasons() {
    let town = decided().await;
    let mut query = town.client.query();
    let request = v1::GetDecisionRequest {
        ledger: ledger(),
        motion: "motion".to_owned(),
        ..v1::GetDecisionRequest::default()
    };
    let answer = query
        .get_decision(request.clone())
        .await
        .unwrap()
        .into_inner();
    let decision = answer.decision.expect("a decision");
    let result = decision.result.expect("a result");
    assert_eq!(result.outcome(), v1::Outcome::Adopted);
    let heads = &result.measures[0];
    assert_eq!((heads.eligible, heads.in_favour, heads.against), (4, 3, 1));
    assert_eq!(
        (decision.index, decision.held_on.as_str()),
        (9, "2026-03-02")
    );
    assert_eq!(decision.body_name, "assembly");
    assert!(
        decision.explanation.contains("was adopted"),
        "{}",
        decision.explanation
    );
    assert!(
        decision.explanation_zh.contains("通过"),
        "{}",
        decision.explanation_zh
    );
    assert_eq!(answer.text.expect("a text").title, "motion");
    let voters: Vec<_> = answer
        .ballots
        .iter()
        .map(|ballot| ballot.voter.as_str())
        .collect();
    assert_eq!(voters, ["anna", "bao", "chen", "dina"]);
    town.assert_stands(answer.position.as_ref()).await;

    let page = v1::GetDecisionRequest {
        page_size: 3,
        ..request.clone()
    };
    let first = query.get_decision(page.clone()).await.unwrap().into_inner();
    assert_eq!(first.ballots.len(), 3);
    let rest = v1::GetDecisionRequest {
        page_token: first.next_page_token,
        ..page
    };
    let rest = query.get_decision(rest).await.unwrap().into_inner();
    assert_eq!((rest.ballots.len(), rest.next_page_token.as_str()), (1, ""));

    let unknown = v1::GetDecisionRequest {
        motion: "nothing".to_owned(),
        ..request
    };
    let refusal = Town::asked(query.get_decision(unknown)).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::NotFound, "NO_SUCH_DECISION")
    );
    drop(query);
    town.stop().await;
}

/// Whoever has a receipt need not wait before asking.
#[tokio::test]
async fn an_answer_knows_what_was_recorded_before_it() {
    let mut town = voting().await;
    for voter in ["anna", "bao", "chen", "dina"] {
        let receipt = town
            .does(by(voter).member("assembly").votes("motion", FOR))
            .await;
        let request = v1::GetTimelineRequest {
            ledger: ledger(),
            page_size: 1,
            ..v1::GetTimelineRequest::default()
        };
        let timeline = town.client.query().get_timeline(request).await;
        let timeline = timeline.expect("an answer").into_inner();
        assert_eq!(timeline.items[0].index, receipt.index);
        let position = timeline.position.expect("a position");
        assert_eq!(position.leaf, receipt.leaf);
    }
    town.stop().await;
}

#[tokio::test]
async fn decisions_are_filtered() {
    let town = decided().await;
    let mut query = town.client.query();
    let all = v1::ListDecisionsRequest {
        ledger: ledger(),
        ..v1::ListDecisionsRequest::default()
    };
    let cases = [
        (all.clone(), 1),
        (with(&all, |r| r.body = "assembly".to_owned()), 1),
        (with(&all, |r| r.body = "council".to_owned()), 0),
        (with(&all, |r| r.set_outcome(v1::Outcome::Adopted)), 1),
        (with(&all, |r| r.set_outcome(v1::Outcome::Rejected)), 0),
        (with(&all, |r| r.held_from = "2026-03-02".to_owned()), 1),
        (with(&all, |r| r.held_from = "2026-03-03".to_owned()), 0),
        (with(&all, |r| r.held_to = "2026-03-02".to_owned()), 1),
        (with(&all, |r| r.held_to = "2026-03-01".to_owned()), 0),
    ];
    for (request, found) in cases {
        let answer = query
            .list_decisions(request.clone())
            .await
            .unwrap()
            .into_inner();
        assert_eq!(answer.decisions.len(), found, "{request:?}");
        town.assert_stands(answer.position.as_ref()).await;
    }
    let token = with(&all, |r| r.page_token = "00".to_owned());
    let refusal = Town::asked(query.list_decisions(token)).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::InvalidArgument, "PAGE_TOKEN_INVALID")
    );
    assert_eq!(refusal.field.as_deref(), Some("page_token"));
    drop(query);
    town.stop().await;
}

fn with(
    request: &v1::ListDecisionsRequest,
    change: impl FnOnce(&mut v1::ListDecisionsRequest),
) -> v1::ListDecisionsRequest {
    let mut request = request.clone();
    change(&mut request);
    request
}

#[tokio::test]
async fn a_motion_and_where_it_stands() {
    let mut town = voting().await;
    town.does(by("anna").member("assembly").votes("motion", ABSTAIN))
        .await;
    town.does(by("anna").member("assembly").votes("motion", FOR))
        .await;
    town.does(by("chair").chair().tables("other", "assembly", "simple"))
        .await;
    town.views_catch_up().await;
    let mut query = town.client.query();
    let request = v1::GetMotionRequest {
        ledger: ledger(),
        motion: "motion".to_owned(),
        ..v1::GetMotionRequest::default()
    };
    let answer = query
        .get_motion(request.clone())
        .await
        .unwrap()
        .into_inner();
    let motion = answer.motion.expect("a motion");
    assert_eq!(motion.status(), v1::MotionStatus::Open);
    assert_eq!(
        (motion.ballots, motion.roll.as_str()),
        (1, "roll"),
        "a recast replaces"
    );
    assert_eq!(motion.tabled_by, "chair");
    assert_eq!(motion.voting_opened, answer.history[1].leaf);
    let kinds: Vec<_> = answer
        .history
        .iter()
        .map(|item| item.kind.as_str())
        .collect();
    assert_eq!(kinds, ["motion_tabled", "voting_opened"]);
    assert_eq!(
        answer.history[0].summary,
        "Motion tabled: motion, \"motion\""
    );
    town.assert_stands(answer.position.as_ref()).await;

    let unknown = v1::GetMotionRequest {
        motion: "nothing".to_owned(),
        ..request
    };
    let refusal = Town::asked(query.get_motion(unknown)).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::NotFound, "NO_SUCH_MOTION")
    );

    let list = |status: v1::MotionStatus, page_size| v1::ListMotionsRequest {
        ledger: ledger(),
        page_size,
        status: status.into(),
        ..v1::ListMotionsRequest::default()
    };
    let titles = async |request| {
        let answer = town
            .client
            .query()
            .list_motions(request)
            .await
            .unwrap()
            .into_inner();
        let titles: Vec<String> = answer
            .motions
            .into_iter()
            .map(|motion| motion.motion)
            .collect();
        (titles, answer.next_page_token)
    };
    let all = titles(list(v1::MotionStatus::Unspecified, 0)).await;
    assert_eq!(
        all,
        (vec!["other".to_owned(), "motion".to_owned()], String::new())
    );
    let tabled = titles(list(v1::MotionStatus::Tabled, 0)).await;
    assert_eq!(tabled.0, ["other"]);
    let (first, token) = titles(list(v1::MotionStatus::Unspecified, 1)).await;
    assert_eq!(first, ["other"]);
    let second = v1::ListMotionsRequest {
        page_token: token,
        ..list(v1::MotionStatus::Unspecified, 1)
    };
    assert_eq!(titles(second).await.0, ["motion"]);
    drop(query);
    town.stop().await;
}

#[tokio::test]
async fn a_roll_with_and_without_its_lines() {
    let mut town = Town::founded().await;
    let line = |n: usize| RollLine {
        voter: ["anna", "bao", "chen"][n % 3].parse().unwrap(),
        area: 100,
        unit: Some(format!("unit-{n}").parse().unwrap()),
        co_owners: Vec::new(),
    };
    let lines = (0..7).map(line).collect();
    town.do_all(
        by("registrar")
            .clerk()
            .publishes_lines("roll", "assembly", lines),
    )
    .await;
    town.views_catch_up().await;
    let request = v1::GetRollRequest {
        ledger: ledger(),
        body: "assembly".to_owned(),
        ..v1::GetRollRequest::default()
    };
    let mut query = town.client.query();
    let roll = query.get_roll(request.clone()).await.unwrap().into_inner();
    assert_eq!(
        (roll.roll.as_str(), roll.members, roll.total_area),
        ("roll", 3, 700)
    );
    assert_eq!((roll.lines.len(), roll.next_page_token.as_str()), (0, ""));
    town.assert_stands(roll.position.as_ref()).await;
    let full = v1::GetRollRequest {
        with_lines: true,
        ..request.clone()
    };
    let roll = query.get_roll(full).await.unwrap().into_inner();
    assert_eq!(roll.lines.len(), 7);
    let early = v1::GetRollRequest {
        as_of: "2026-03-01".to_owned(),
        ..request.clone()
    };
    let refusal = Town::asked(query.get_roll(early)).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::NotFound, "NO_SUCH_ROLL")
    );
    for page_token in ["roll", "other.0"] {
        let token = v1::GetRollRequest {
            page_token: page_token.to_owned(),
            ..request.clone()
        };
        let refusal = Town::asked(query.get_roll(token)).await.unwrap_err();
        assert_eq!(refusal.reason, "PAGE_TOKEN_INVALID");
    }
    drop(query);
    town.stop().await;
}

#[tokio::test]
async fn the_timeline_and_the_ledgers() {
    let mut town = Town::founded().await;
    town.does(by("registrar").clerk().enrols("newcomer")).await;
    town.views_catch_up().await;
    let mut query = town.client.query();
    let request = v1::GetTimelineRequest {
        ledger: ledger(),
        ..v1::GetTimelineRequest::default()
    };
    let timeline = query.get_timeline(request).await.unwrap().into_inner();
    let items: Vec<_> = timeline
        .items
        .iter()
        .map(|item| (item.index, item.kind.as_str(), item.subject.as_str()))
        .collect();
    assert_eq!(
        items,
        [
            (1, "person_enrolled", "newcomer"),
            (0, "ledger_founded", "test")
        ]
    );
    assert_eq!(
        timeline.items[0].summary,
        "Person enrolled: newcomer, with 1 key"
    );
    town.assert_stands(timeline.position.as_ref()).await;

    let ledgers = query
        .list_ledgers(v1::ListLedgersRequest::default())
        .await
        .unwrap()
        .into_inner();
    let [about] = ledgers.ledgers.as_slice() else {
        panic!("{ledgers:?}");
    };
    assert_eq!(
        (about.ledger.as_str(), about.size, about.halted.as_str()),
        ("test", 2, "")
    );
    assert_eq!(about.genesis, town.genesis.0);
    assert_eq!(about.action_validity_ms_max, Millis::DAY);
    assert_eq!(about.charter.as_ref().expect("a charter").rules.len(), 13);
    assert_eq!(about.utc_offsets[0].minutes, 480);
    let found = async |request: v1::ListLedgersRequest| {
        let listed = town.client.query().list_ledgers(request).await;
        listed.map(|answer| answer.into_inner().ledgers.len())
    };
    let search = |search: &str| v1::ListLedgersRequest {
        search: search.to_owned(),
        ..v1::ListLedgersRequest::default()
    };
    // By id, by name in letters of either case, and by nothing of either.
    for (text, times) in [("est", 1), (&*about.name.to_uppercase(), 1), ("other", 0)] {
        assert_eq!(found(search(text)).await.unwrap(), times, "{text}");
    }
    let standing = |condition: i32| v1::ListLedgersRequest {
        condition,
        ..v1::ListLedgersRequest::default()
    };
    let extending = v1::LedgerCondition::Extending.into();
    assert_eq!(found(standing(extending)).await.unwrap(), 1);
    let halted = v1::LedgerCondition::Halted.into();
    assert_eq!(found(standing(halted)).await.unwrap(), 0);
    let wrong = ServerRefusal::from(&found(standing(99)).await.unwrap_err());
    assert_eq!(wrong.reason, "REQUEST_FIELD_INVALID");
    let real = v1::ListLedgersRequest {
        without_demos: true,
        ..v1::ListLedgersRequest::default()
    };
    assert_eq!(found(real).await.unwrap(), usize::from(!about.demo));
    let key: tlog::VerifierKey = about.verifier_key.parse().unwrap();
    assert_eq!(key.public_key(), &public_key("checkpoint").0);
    drop(query);
    town.stop().await;
}
