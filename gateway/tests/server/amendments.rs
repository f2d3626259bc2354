//! A motion that amends the charter says what would change, rule by rule, before anybody votes on it.

use governance::testing::{by, charter_amended, community};
use proto::v1;

use crate::{
    http::get,
    support::{Town, ledger},
};

const ENGLISH: [&str; 2] = [
    "Days to accept or refuse an issue: 10, until now 15.",
    "days of notice at least: 3, until now 0.",
];
const CHINESE: [&str; 2] = [
    "诉求受理期限（日）：由“15”改为“10”。",
    "最短通知期（日）：由“0”改为“3”。",
];

#[tokio::test]
async fn what_an_amendment_changes_is_told_before_the_vote_in_both_languages() {
    let mut town = Town::founded().await;
    let effect = charter_amended(&community().charter, |charter| {
        charter.clocks.issue_acceptance_days = 10;
        let simple = charter.rules.iter_mut();
        let mut simple = simple.filter(|rule| rule.id.as_str() == "simple");
        simple.next().expect("a rule").notice_days_min = 3;
    });
    let tabled = by("chair")
        .chair()
        .tables("charter-2", "assembly", "simple");
    town.does(tabled.with_effects(vec![effect])).await;
    let plain = by("chair").chair().tables("plain", "assembly", "simple");
    town.does(plain).await;
    town.views_catch_up().await;

    let asked = |motion: &str| v1::GetMotionRequest {
        ledger: ledger(),
        motion: motion.to_owned(),
        ..v1::GetMotionRequest::default()
    };
    let mut query = town.client.query();
    let answer = query.get_motion(asked("charter-2")).await;
    let effects = answer.expect("an answer").into_inner().effects;
    let [effect] = effects.as_slice() else {
        panic!("one effect")
    };
    let [own, rule] = effect.changes.as_slice() else {
        panic!("two changes: {:?}", effect.changes)
    };
    assert_eq!(
        (own.rule.as_str(), own.field.as_str()),
        ("", "clocks.issue_acceptance_days")
    );
    assert_eq!((own.before.as_str(), own.after.as_str()), ("15", "10"));
    assert_eq!(
        (own.explanation.as_str(), own.explanation_zh.as_str()),
        (ENGLISH[0], CHINESE[0])
    );
    assert_eq!(
        (rule.rule.as_str(), rule.field.as_str()),
        ("simple", "notice_days_min")
    );
    assert!(!rule.citation.is_empty());
    assert!(
        rule.explanation.contains(ENGLISH[1]),
        "{}",
        rule.explanation
    );
    assert!(
        rule.explanation_zh.contains(CHINESE[1]),
        "{}",
        rule.explanation_zh
    );

    for (language, said) in [("C", ENGLISH), ("zh_CN.UTF-8", CHINESE)] {
        let told = town.cli(language, "query motion charter-2").await.out;
        assert!(said.iter().all(|line| told.contains(line)), "{told}");
    }
    for (page, said) in [
        ("/test/motions/charter-2?lang=en", ENGLISH),
        ("/test/motions/charter-2?lang=zh", CHINESE),
        ("/test/motions/charter-2.json", ENGLISH),
    ] {
        let answer = get(town.address, page).await;
        let text = answer.text();
        assert!(
            said.iter().all(|line| text.contains(line)),
            "{page}: {text}"
        );
    }
    let page = get(town.address, "/test/motions/plain?lang=en").await;
    assert!(!page.text().contains("until now"), "{}", page.text());
    town.stop().await;
}
