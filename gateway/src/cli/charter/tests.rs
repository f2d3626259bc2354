//! Charter files: those that ship, and everything that can be wrong with one.

use governance::{
    action::Sanction,
    presets::charters::{self, CommunityBodies},
    sanction::Discipline,
};

use super::*;

const SHIPPED: [(&str, &str); 3] = [
    (
        "residents",
        include_str!("../../../../deploy/charters/residents.toml"),
    ),
    (
        "owners",
        include_str!("../../../../deploy/charters/owners.toml"),
    ),
    (
        "council",
        include_str!("../../../../deploy/charters/council.toml"),
    ),
];

fn shipped(name: &str) -> CharterFile {
    let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name).unwrap();
    parse(text).unwrap_or_else(|faults| panic!("{name}: {faults:?}"))
}

#[test]
fn every_rule_of_a_charter_that_ships_has_its_article() {
    for (name, _) in SHIPPED {
        let file = shipped(name);
        assert!(!file.charter.rules.is_empty());
        for rule in &file.charter.rules {
            assert!(!rule.citation.is_empty(), "{name}: {}", rule.id);
        }
    }
}

#[test]
fn the_residents_charter_is_the_one_made_of_presets() {
    let body = |id: &str| id.parse().unwrap();
    let bodies = CommunityBodies {
        residents_meeting: body("residents-meeting"),
        representatives_meeting: body("representatives-meeting"),
        residents_committee: body("residents-committee"),
        supervision_committee: body("supervision-committee"),
        owners_assembly: body("owners-assembly"),
        owners_committee: body("owners-committee"),
        street_office: body("street-office"),
    };
    let file = shipped("residents");
    let preset = charters::community(&file.charter.title, &bodies).unwrap();
    for rule in &preset.rules {
        assert_eq!(file.charter.rule(&rule.id), Some(rule));
    }
    assert_eq!(file.charter, preset);
}

#[test]
fn a_ledger_can_be_founded_with_each_that_ships() {
    for (name, _) in SHIPPED {
        let shape = super::super::founding::Shape::from(shipped(name));
        super::super::founding::tests::assert_admitted(&shape, name);
    }
}

/// The faults of the council's charter with this put in place of that.
fn faults(from: &str, to: &str) -> Vec<(usize, String)> {
    let (_, text) = SHIPPED[2];
    assert!(text.contains(from), "{from}");
    let faults = parse(&text.replacen(from, to, 1)).expect_err("faults");
    faults
        .into_iter()
        .map(|fault| (fault.line, fault.what))
        .collect()
}

/// The line of the council's charter on which this begins.
fn line_of(what: &str) -> usize {
    let (_, text) = SHIPPED[2];
    text[..text.find(what).unwrap()].matches('\n').count() + 1
}

#[test]
fn a_fault_is_told_with_its_line_and_what_would_be_right() {
    let id = "id = \"council-ordinary\"";
    for (from, to, key, said) in [
        (
            id,
            "id = \"Council Ordinary\"",
            "id = \"council-ordinary\"",
            "is not an id",
        ),
        (
            id,
            "ident = \"x\"",
            "id = \"council-ordinary\"",
            "ident means nothing here",
        ),
        (
            id,
            "id = 7",
            "id = \"council-ordinary\"",
            "not a TOML integer",
        ),
        (
            "\"council-ordinary\"\nbody",
            "\"council-ordinery\"\nbody",
            "preset = ",
            "must be one of",
        ),
        (
            "utc-offset = \"+00:00\"",
            "utc-offset = \"0\"",
            "utc-offset",
            "not an offset",
        ),
        (
            "clerk-in = \"council\"",
            "clerk-in = \"nobody\"",
            "clerk-in",
            "no body nobody",
        ),
    ] {
        let found = faults(from, to);
        let expected = line_of(key);
        assert!(
            found
                .iter()
                .any(|(line, what)| *line == expected && what.contains(said)),
            "{to}: line {expected}, {said}: {found:?}"
        );
    }
}

#[test]
fn every_fault_is_found_at_once_in_the_order_of_the_lines() {
    let found = faults(
        "id = \"council-ordinary\"",
        "id = \"council-ordinary\"\nnotice-days = -1\nvisibility = \"loud\"\npetition = \"a few\"",
    );
    let from = line_of("id = \"council-ordinary\"");
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [from + 1, from + 2, from + 3]);
}

#[test]
fn what_the_law_refuses_is_told_where_it_stands() {
    let found = faults(
        "id = \"council-ordinary\"",
        "id = \"council-ordinary\"\nnotice-days = 4000",
    );
    assert_eq!(found[0].0, line_of("id = \"council-ordinary\"") + 1);
    assert!(found[0].1.contains("at most 366 days"), "{found:?}");
}

#[test]
fn a_file_says_who_tables() {
    let (_, text) = SHIPPED[2];
    let rule = "id = \"council-ordinary\"";
    let said = text.replacen(rule, &format!("{rule}\ntabled-by = [\"council\"]"), 1);
    let charter = parse(&said).expect("no fault").charter;
    assert_eq!(charter.rules[0].tabled_by, ["council".parse().unwrap()]);
    let found = faults(rule, &format!("{rule}\ntabled-by = [\"nobody\"]"));
    assert_eq!(found[0].0, line_of(rule) + 1);
    assert!(found[0].1.contains("nobody"), "{found:?}");
}

#[test]
fn a_file_says_otherwise_of_discipline_and_nominations() {
    let (_, text) = SHIPPED[2];
    let rule = "id = \"council-ordinary\"";
    let text = text.replacen(rule, &format!("{rule}\nnominators = 3"), 1);
    let said = "\n[discipline]\ndefence-days = 366\nserious = \"demerit\"\n";
    let charter = parse(&format!("{text}{said}")).expect("no fault").charter;
    let default = Discipline::default();
    let [minor, ordinary, _, grave] = default.matrix;
    let expected = Discipline {
        defence_days: 366,
        matrix: [minor, ordinary, Sanction::Demerit, grave],
        ..default
    };
    assert_eq!(charter.discipline, expected);
    assert_eq!(charter.rules[0].nominators_min, 3);
}

#[test]
fn discipline_without_time_for_a_defence_or_that_grows_milder_is_refused_where_it_stands() {
    let (_, text) = SHIPPED[2];
    for (said, why) in [
        ("defence-days = 0", "1 to 366 days"),
        ("appeal-days = 367", "1 to 366 days"),
        ("serious = \"warning\"", "no less than a lesser one"),
        ("grave = \"recall\"", "must be one of"),
    ] {
        let text = format!("{text}\n[discipline]\n{said}\n");
        let from = text[..text.find("[discipline]").unwrap()]
            .matches('\n')
            .count()
            + 1;
        let faults = parse(&text).expect_err("faults");
        assert!(
            faults
                .iter()
                .any(|fault| (from..=from + 1).contains(&fault.line) && fault.what.contains(why)),
            "{said}: {faults:?}"
        );
    }
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let faults = parse("title = \"x\"\nrule = [").expect_err("no TOML");
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].line >= 2 && faults[0].what.contains("no TOML"),
        "{faults:?}"
    );
}

#[test]
fn an_empty_file_lacks_everything_a_charter_needs() {
    let faults = parse("").expect_err("nothing");
    let said: Vec<&str> = faults.iter().map(|fault| fault.what.as_str()).collect();
    for missing in [
        "title is missing",
        "clerk-in is missing",
        "at least one [[body]]",
    ] {
        assert!(
            said.iter().any(|what| what.contains(missing)),
            "{missing}: {said:?}"
        );
    }
}

#[test]
fn a_clock_that_cannot_run_is_told_where_it_stands_in_both_languages() {
    let (_, text) = SHIPPED[2];
    let text = format!("{text}\n[clocks]\nreport-due = \"01-31\"\nissue-answer-days = 0\n");
    let faults = parse(&text).unwrap_err();
    let line = text
        .lines()
        .position(|line| line.starts_with("issue-answer-days"));
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(Some(faults[0].line), line.map(|at| at + 1));
    assert!(
        faults[0].what.contains("between 1 and 366 days"),
        "{faults:?}"
    );
    assert!(faults[0].what_zh.contains("应为 1 至 366 日"), "{faults:?}");
}

#[test]
fn a_file_says_with_whom_a_decision_is_filed_and_within_how_many_days() {
    let amendment = "charter-amendment".parse().unwrap();
    let filing = shipped("residents")
        .charter
        .rule(&amendment)
        .unwrap()
        .filing
        .clone();
    let filing = filing.expect("with the street office");
    assert_eq!((filing.with.as_str(), filing.days), ("street-office", 30));
    let rule = "id = \"council-ordinary\"";
    for (said, why) in [
        ("{ body = \"nobody\", days = 30 }", "does not exist"),
        ("{ body = \"council\", days = 30 }", "the body that decides"),
        ("{ body = \"council\" }", "days"),
    ] {
        let found = faults(rule, &format!("{rule}\nfiled-with = {said}"));
        assert_eq!(found[0].0, line_of(rule) + 1, "{found:?}");
        assert!(found[0].1.contains(why), "{found:?}");
    }
}

/// The faults of a shipped charter with this put in place of that: line, English, Chinese.
fn faults_of(name: &str, from: &str, to: &str) -> Vec<(usize, String, String)> {
    let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name).unwrap();
    assert!(text.contains(from), "{from}");
    let faults = parse(&text.replacen(from, to, 1)).expect_err("faults");
    let told = faults.into_iter();
    told.map(|fault| (fault.line, fault.what, fault.what_zh))
        .collect()
}

#[test]
fn what_goes_below_the_law_is_told_where_it_stands_with_both_numbers_and_the_article() {
    let rule = |preset: &str| format!("preset = \"{preset}\"\nbody");
    for (name, preset, said, numbers, law) in [
        (
            "owners",
            "owners-special",
            "measures.heads = { quorum = \"at least 2/3\", approval = \"at least 1/100\" }\nmeasures.area = { quorum = \"at least 2/3\", approval = \"at least 3/4\" }",
            ["1/100", "3/4"],
            "民法典第278条",
        ),
        (
            "residents",
            "committee-election-by-voters",
            "roll-posted-days = 19",
            ["19", "20"],
            "第14–19条",
        ),
        (
            "residents",
            "committee-election-by-voters",
            "proxies-per-holder = 20",
            ["20", "3"],
            "第14–19条",
        ),
        (
            "residents",
            "residents-meeting",
            "notice-days = 0",
            ["0", "10"],
            "第26–27条",
        ),
        (
            "residents",
            "residents-meeting",
            "petition = \"at least 1/1\"",
            ["1/1", "1/10"],
            "第26–27条",
        ),
    ] {
        let before = rule(preset);
        let found = faults_of(
            name,
            &before,
            &before.replace("\nbody", &format!("\n{said}\nbody")),
        );
        let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name).unwrap();
        let line = text[..text.find(&before).unwrap()].matches('\n').count() + 2;
        assert_eq!(found.len(), 1, "{said}: {found:?}");
        let (at, english, chinese) = &found[0];
        assert_eq!(*at, line, "{said}: {english}");
        for part in numbers.into_iter().chain([law]) {
            assert!(
                english.contains(part) && chinese.contains(part),
                "{english} {chinese}"
            );
        }
    }
}

#[test]
fn issues_that_wait_for_a_year_are_told_of_at_their_line() {
    let (from, to) = ("issue-acceptance-days = 15", "issue-acceptance-days = 366");
    let found = faults_of("residents", from, to);
    let (_, english, chinese) = &found[0];
    assert!(english.contains("asks for 15 or fewer"), "{english}");
    assert!(
        chinese.contains("法律要求 15 日或更少（信访工作条例"),
        "{chinese}"
    );
}

#[test]
fn what_cannot_be_read_is_told_in_each_language_with_its_whole_key() {
    for (from, to, key, chinese) in [
        (
            "of = \"at least 1/3\"",
            "of = \"at least 4/3\"",
            "petition-beside.of",
            "4/3 不是整体的一部分",
        ),
        (
            "of = \"at least 1/3\"",
            "of = \"a third\"",
            "petition-beside.of",
            "“a third”不是比例",
        ),
        (
            "utc-offset = \"+08:00\"",
            "utc-offset = \"8\"",
            "utc-offset",
            "不是与 UTC 的时差",
        ),
        (
            "report-due = \"01-31\"",
            "report-due = \"31\"",
            "clocks.report-due",
            "不是一年中的一天",
        ),
        (
            "clerk-in = \"residents",
            "clerk-in = \"Residents",
            "clerk-in",
            "不是编号",
        ),
        (
            "participant-days = 3",
            "participant-days = -1",
            "prerequisites.participant-days",
            "应为 0 以上的整数",
        ),
    ] {
        let found = faults_of("residents", from, to);
        let (_, english, zh) = &found[0];
        assert!(english.starts_with(key), "{english}");
        assert!(zh.starts_with(key) && zh.contains(chinese), "{zh}");
        for word in [" is ", " not ", "must"] {
            assert!(!zh.contains(word), "English in {zh}");
        }
    }
}
