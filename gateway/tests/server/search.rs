//! Full-text search in Chinese and English: what is public is found, what is private or erased is not.

use governance::{
    action::{DeliberationAction, Payload, StatementKind},
    testing::{Deed, by},
};
use proto::v1::{self, TextKind};
use tonic::Code;

use crate::{
    http::get,
    support::{Town, content_of, ledger},
};

const SAID: &str = "东门的停车位不够，请保留 cycle parking。";
const PRIVATE: &str = "住户姓名和电话：李某，停车纠纷。";

fn tables(motion: &str, title: &str, paragraph: &str) -> Deed {
    let (title, paragraph) = (title.to_owned(), paragraph.to_owned());
    let tabled = by("chair").chair().tables(motion, "assembly", "simple");
    tabled.with_motion(move |tabled| {
        tabled.text.title = title;
        tabled.text.paragraphs = vec![paragraph];
    })
}

/// A motion, a statement on it, and an allegation that speaks of the same.
async fn town() -> Town {
    let mut town = Town::founded().await;
    town.does(tables(
        "parking",
        "利用公共绿地经营停车",
        "Twenty cars are parked on the common green.",
    ))
    .await;
    town.does(tables("trees", "种树", "在绿地种十棵树。")).await;
    let said = by("chair")
        .chair()
        .states("parking", StatementKind::Deliberation);
    town.writes(said, SAID).await;
    let seated = by("registrar")
        .clerk()
        .seats("steward", "assembly", "emil")
        .with_office(|office| office.role = "steward".parse().unwrap());
    town.does(seated).await;
    let steward = by("emil").officer("assembly", "steward");
    let last = town
        .writes(steward.opens_case("case-1", "secretary", None), PRIVATE)
        .await;
    town.views_see(last.index).await;
    town
}

fn asking(query: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        ledger: ledger(),
        query: query.to_owned(),
        ..v1::SearchRequest::default()
    }
}

async fn found(town: &Town, request: v1::SearchRequest) -> Vec<(TextKind, String)> {
    let answer = town.client.query().search(request).await;
    let answer = answer.expect("an answer").into_inner();
    town.assert_stands(answer.position.as_ref()).await;
    let hits = answer.hits.iter();
    hits.map(|hit| (hit.kind(), hit.subject.clone())).collect()
}

fn motion(id: &str) -> (TextKind, String) {
    (TextKind::Motion, id.to_owned())
}

fn statement() -> (TextKind, String) {
    (TextKind::Statement, "parking".to_owned())
}

/// Removes a content's file, as an operator who must erase it would.
fn erase(town: &Town, text: &str) {
    let name = content_of(text).digest.to_string();
    let mut places = vec![town.dir().join("ledgers/test/content")];
    while let Some(place) = places.pop() {
        for entry in std::fs::read_dir(place).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                places.push(entry.path());
            } else if entry.file_name().to_string_lossy().contains(&name) {
                return std::fs::remove_file(entry.path()).unwrap();
            }
        }
    }
    panic!("content {name} is not stored");
}

#[tokio::test]
async fn public_texts_are_found_in_both_languages_and_private_ones_are_not() {
    let town = town().await;
    let chinese = found(&town, asking("停车")).await;
    assert_eq!(
        chinese,
        [motion("parking"), statement()],
        "a title counts more"
    );
    assert_eq!(found(&town, asking("绿地 种")).await, [motion("trees")]);
    assert_eq!(found(&town, asking("Park CAR")).await, [motion("parking")]);
    assert_eq!(found(&town, asking("纠纷")).await, [], "an allegation");
    assert_eq!(found(&town, asking("committee")).await.len(), 2, "bodies");
    let only = v1::SearchRequest {
        kind: TextKind::Statement.into(),
        ..asking("停车")
    };
    assert_eq!(found(&town, only).await, [statement()]);

    let answer = town.client.query().search(asking("停车位")).await;
    let hit = answer.unwrap().into_inner().hits.remove(0);
    assert_eq!(hit.title, "利用公共绿地经营停车");
    let wanted: Vec<&str> = hit
        .snippet
        .iter()
        .filter(|part| part.wanted)
        .map(|part| part.text.as_str())
        .collect();
    assert_eq!(wanted, ["停车位"]);
    let whole: String = hit.snippet.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(whole, SAID);

    let told = town.tells("query search 停车位").await;
    assert!(told.contains("[停车位]"), "{told}");
    let json = get(town.address, "/test/search.json?query=%E5%81%9C%E8%BD%A6").await;
    assert!(
        json.text().contains("TEXT_KIND_STATEMENT"),
        "{}",
        json.text()
    );
    for (query, reason) in [
        ("，。", "REQUEST_FIELD_INVALID"),
        ("", "REQUEST_FIELD_INVALID"),
    ] {
        let refusal = Town::asked(town.client.query().search(asking(query))).await;
        let refusal = refusal.unwrap_err();
        assert_eq!(
            (
                refusal.code,
                refusal.reason.as_str(),
                refusal.field.as_deref()
            ),
            (Code::InvalidArgument, reason, Some("query"))
        );
    }
    town.stop().await;
}

#[tokio::test]
async fn what_is_erased_is_not_found_and_what_is_new_or_amended_is() {
    let mut town = town().await;
    assert_eq!(found(&town, asking("cycle")).await, [statement()]);
    erase(&town, SAID);
    assert_eq!(found(&town, asking("cycle")).await, []);
    assert_eq!(found(&town, asking("停车")).await, [motion("parking")]);

    let text = governance::action::MotionText {
        title: "种花".to_owned(),
        paragraphs: vec!["在绿地种花。".to_owned()],
    };
    let amended =
        by("chair")
            .chair()
            .does(Payload::Deliberation(DeliberationAction::MotionAmended {
                motion: "trees".parse().unwrap(),
                text,
                contest: None,
                effects: Vec::new(),
            }));
    let index = town.does(amended).await.index;
    town.views_see(index).await;
    assert_eq!(found(&town, asking("种花")).await, [motion("trees")]);
    assert_eq!(found(&town, asking("种树")).await, []);
    // A process that starts anew makes its index anew.
    let town = town.restarted().await;
    town.views_see(index).await;
    assert_eq!(found(&town, asking("种花")).await, [motion("trees")]);
    assert_eq!(found(&town, asking("cycle")).await, []);
    town.stop().await;
}

#[tokio::test]
async fn pages_of_hits_follow_each_other() {
    let mut town = Town::founded().await;
    for n in 0..5 {
        town.does(tables(&format!("m-{n}"), "修路", "修路。")).await;
    }
    town.views_catch_up().await;
    let mut request = v1::SearchRequest {
        page_size: 2,
        ..asking("修路")
    };
    let mut seen = Vec::new();
    loop {
        let page = town.client.query().search(request.clone()).await;
        let page = page.expect("a page").into_inner();
        seen.extend(page.hits.into_iter().map(|hit| hit.subject));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    seen.sort();
    assert_eq!(seen, ["m-0", "m-1", "m-2", "m-3", "m-4"]);
    let wrong = v1::SearchRequest {
        page_token: "nonsense".to_owned(),
        ..asking("修路")
    };
    let refusal = Town::asked(town.client.query().search(wrong)).await;
    assert_eq!(refusal.unwrap_err().reason, "PAGE_TOKEN_INVALID");
    town.stop().await;
}
