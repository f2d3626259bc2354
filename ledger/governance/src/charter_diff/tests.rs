//! What is told of two charters.

use super::*;
use crate::{presets::Preset, testing::community};

#[test]
fn each_difference_is_told_with_its_rule_and_article_and_nothing_else() {
    let before = community().charter;
    assert_eq!(difference(&before, &before), []);
    let mut after = before.clone();
    after.version = 2;
    after.clocks.issue_answer_days = 30;
    let rule = |after: &mut Charter, id: &str| {
        let at = after.rules.iter().position(|rule| rule.id.as_str() == id);
        at.expect("a rule")
    };
    let ordinary = rule(&mut after, "owners-ordinary");
    after.rules[ordinary].notice_days_min = 15;
    after.rules[ordinary].measures.truncate(1);
    let simple = rule(&mut after, "simple");
    after.rules.remove(simple);
    let assembly = "assembly".parse().expect("an id");
    let added = Preset::CommitteeResolution.rule("added".parse().expect("an id"), assembly);
    after.rules.push(added);
    let told: Vec<(Option<String>, &str, String, String)> = difference(&before, &after)
        .into_iter()
        .map(|d| {
            (
                d.rule.map(|(rule, _)| rule.to_string()),
                d.field,
                d.before.english,
                d.after.english,
            )
        })
        .collect();
    let of = |rule: &str| Some(rule.to_owned());
    let said = |text: &str| text.to_owned();
    assert_eq!(
        told[0],
        (None, "clocks.issue_answer_days", said("60"), said("30"))
    );
    assert_eq!(
        told[1],
        (
            of("owners-ordinary"),
            "measures.area.quorum",
            said("at least 2/3"),
            String::new()
        )
    );
    assert_eq!(told[2].1, "measures.area.approval");
    assert_eq!(
        told[3],
        (
            of("owners-ordinary"),
            "notice_days_min",
            said("0"),
            said("15")
        )
    );
    assert_eq!((told[4].0.as_deref(), told[4].1), (Some("added"), "rule"));
    assert_eq!(
        (told[4].2.as_str(), told[5].0.as_deref()),
        ("", Some("simple"))
    );
    assert_eq!((told[5].1, told[5].3.as_str(), told.len()), ("rule", "", 6));
    let cited = &difference(&before, &after)[3].citation;
    assert!(cited.contains("278"), "{cited}");
}

#[test]
fn each_difference_is_a_sentence_in_both_languages() {
    let before = community().charter;
    let mut after = before.clone();
    after.clocks.issue_answer_days = 30;
    after.overlap = crate::charter::OverlapPolicy::Allow;
    let at = after
        .rules
        .iter()
        .position(|rule| rule.id.as_str() == "owners-ordinary");
    let rule = &mut after.rules[at.expect("a rule")];
    rule.title = "业主决定".to_owned();
    rule.measures.truncate(1);
    rule.voting_window_ms_max = 14 * crate::ids::Millis::DAY;
    let gone = after.rules.pop().expect("a rule");
    let told: Vec<Explanation> = difference(&before, &after)
        .iter()
        .map(Difference::explain)
        .collect();
    let has = |english: &str, chinese: &str| {
        let found = told.iter().find(|said| said.english == english);
        let found = found.unwrap_or_else(|| panic!("no {english:?} in {told:#?}"));
        assert_eq!(found.chinese, chinese);
    };
    has(
        "Days to answer an issue: 30, until now 60.",
        "诉求办结期限（日）：由“60”改为“30”。",
    );
    has(
        "Seats in both committees: allowed, until now forbidden.",
        "两会交叉任职：由“禁止”改为“允许”。",
    );
    has(
        "Rule owners-ordinary (业主决定), approval by area: nothing, until now more than 1/2.",
        "规则 owners-ordinary（业主决定）同意面积比例：由“超过 1/2”改为“无”。",
    );
    has(
        "Rule owners-ordinary (业主决定), the longest vote: 14 days, until now 60 days.",
        "规则 owners-ordinary（业主决定）最长表决时间：由“60 天”改为“14 天”。",
    );
    has(
        &format!("Rule {} ({}) goes.", gone.id, gone.title),
        &format!("删去规则 {}（{}）。", gone.id, gone.title),
    );
    let back: Vec<Explanation> = difference(&after, &before)
        .iter()
        .map(Difference::explain)
        .collect();
    let new = format!(
        "Rule {} ({}) is new, by {}.",
        gone.id, gone.title, gone.citation
    );
    assert!(back.iter().any(|said| said.english == new), "{back:#?}");
}
