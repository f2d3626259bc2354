//! Codes are for ever.

use std::collections::BTreeSet;

use governance::{
    Rejection, RejectionKind,
    rejection::{CODES, CodeDoc},
    testing::{FOR, World},
};

use super::support::{DAY, MINUTE, OWNERS, chair, owner, registrar, simple, tabled};

/// Every code with its kind, a line each. A code may be added; one that was released never changes.
const GOLDEN: &str = include_str!("../../testdata/codes.txt");

#[test]
fn the_table_is_the_golden_one() {
    let line = |doc: &CodeDoc| format!("{} {:?}", doc.code, doc.kind);
    let table: Vec<String> = CODES.iter().map(line).collect();
    let golden: Vec<&str> = GOLDEN.lines().collect();
    assert_eq!(table, golden);
}

#[test]
fn every_code_is_distinct_shaped_and_documented() {
    let codes: BTreeSet<&str> = CODES.iter().map(|doc| doc.code).collect();
    assert_eq!(codes.len(), CODES.len());
    for doc in CODES {
        let shaped = |c: char| c.is_ascii_uppercase() || c == '_';
        assert!(doc.code.chars().all(shaped), "{}", doc.code);
        for sentence in [doc.cause, doc.remedy] {
            assert!(sentence.ends_with('.'), "{}: {sentence}", doc.code);
            assert_eq!(sentence.trim(), sentence, "{}", doc.code);
        }
    }
}

/// Whether a text has a Chinese character.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn every_code_has_its_sentence_and_its_remedy_in_both_languages() {
    for doc in CODES {
        assert!(doc.remedy_zh.ends_with('。'), "{}", doc.code);
        assert!(is_chinese(doc.remedy_zh), "{}", doc.code);
    }
    let mut sentences = 0;
    for part in PARTS {
        let literal = |line: &str| -> Option<String> {
            let text = line.trim().strip_prefix('"')?.strip_suffix('"')?;
            Some(text.to_owned())
        };
        let texts: Vec<String> = part.lines().filter_map(literal).collect();
        // English, its remedy, Chinese, its remedy.
        for four in texts.chunks(4) {
            let [english, _, chinese, _] = four else {
                panic!("{four:?}");
            };
            assert!(is_chinese(chinese) && !chinese.ends_with('。'), "{chinese}");
            assert_eq!(data_of(english), data_of(chinese), "{english}");
            sentences += 1;
        }
    }
    assert_eq!(sentences, CODES.len());
}

/// The data a sentence speaks of.
fn data_of(sentence: &str) -> BTreeSet<&str> {
    let parts = sentence.split('{').skip(1);
    parts.filter_map(|part| part.split('}').next()).collect()
}

#[test]
fn a_refusal_reads_as_a_chinese_sentence_with_its_data() {
    let says = |world: World, deed, parts: &[&str]| {
        world.when(deed).then_rejected(|why| {
            let chinese = why.chinese();
            for part in parts {
                assert!(chinese.contains(part), "no {part} in {chinese}");
            }
        });
    };
    says(
        simple(),
        owner("fang").votes("motion", FOR),
        &["fang 不是名册 roll 上的表决权人"],
    );
    says(
        tabled("important", &OWNERS),
        chair().opens("motion", "roll", 10 * MINUTE),
        &[
            "依规则 important（",
            "议题 motion 尚不能开始表决；缺少：",
            "居务监督委员会的意见；1 份无利害关系的专家意见（已提交 0 份）；党组织的先行讨论",
        ],
    );
}

#[test]
fn a_code_is_its_variants_name() {
    // The table is made from the enum itself, so each variant is in it; this keeps the two names one.
    let names = format!("{:?}", Rejection::NoPetition { rule: cited() });
    assert!(names.starts_with("NoPetition"));
    for doc in CODES {
        let word = |word: &str| word[..1].to_owned() + &word[1..].to_ascii_lowercase();
        let camel: String = doc.code.split('_').map(word).collect();
        let variant = format!("{camel} {{");
        assert!(
            PARTS.iter().any(|part| part.contains(&variant)),
            "{} is no variant {camel}",
            doc.code
        );
    }
}

/// The parts of the table.
const PARTS: [&str; 16] = [
    include_str!("../../src/rejection/list/affairs.rs"),
    include_str!("../../src/rejection/list/authority.rs"),
    include_str!("../../src/rejection/list/bodies.rs"),
    include_str!("../../src/rejection/list/bounds.rs"),
    include_str!("../../src/rejection/list/discipline.rs"),
    include_str!("../../src/rejection/list/effects.rs"),
    include_str!("../../src/rejection/list/envelope.rs"),
    include_str!("../../src/rejection/list/founding.rs"),
    include_str!("../../src/rejection/list/issues.rs"),
    include_str!("../../src/rejection/list/meetings.rs"),
    include_str!("../../src/rejection/list/motions.rs"),
    include_str!("../../src/rejection/list/offices.rs"),
    include_str!("../../src/rejection/list/people.rs"),
    include_str!("../../src/rejection/list/reports.rs"),
    include_str!("../../src/rejection/list/rolls.rs"),
    include_str!("../../src/rejection/list/votes.rs"),
];

fn cited() -> governance::rejection::Cited {
    governance::rejection::Cited {
        rule: "simple".parse().unwrap(),
        citation: "章程".into(),
    }
}

#[test]
fn a_rejection_says_what_by_which_rule_and_what_to_do() {
    let rejection = Rejection::PetitionTooSmall {
        petitioners: 1,
        voters: 20,
        needed: governance::presets::Preset::ResidentsMeeting
            .rule("r".parse().unwrap(), "b".parse().unwrap())
            .petition
            .unwrap(),
        rule: cited(),
    };
    assert_eq!(rejection.code(), "PETITION_TOO_SMALL");
    assert_eq!(rejection.kind(), RejectionKind::Refusal);
    assert_eq!(rejection.rule().unwrap().as_str(), "simple");
    assert_eq!(rejection.citation(), Some("章程"));
    assert_eq!(
        rejection.to_string(),
        "1 of 20 voters have signed the petition; at least 1/10 are needed by rule simple (章程)"
    );
    assert_eq!(rejection.remedy(), "Gather more signatures.");
    let metadata = rejection.metadata();
    assert_eq!(metadata[0], ("petitioners", "1".to_owned()));
    assert_eq!(metadata[3], ("rule", "simple".to_owned()));
}

#[test]
fn a_rejection_without_a_rule_cites_none() {
    World::community()
        .when(registrar().enrols("anna"))
        .then_rejected(|rejection| {
            assert_eq!(rejection.kind(), RejectionKind::Conflict);
            assert_eq!((rejection.rule(), rejection.citation()), (None, None));
        });
    simple()
        .when(owner("anna").votes("motion", governance::action::Choice::Options(vec![])))
        .then_rejected(|rejection| assert_eq!(rejection.kind(), RejectionKind::Invalid));
}

#[test]
fn sentences_say_moments_and_durations_as_people_do() {
    let said = |world: World, deed: governance::testing::Deed, sentence: &str| {
        world.when(deed).then_rejected(|rejection| {
            assert!(rejection.to_string().contains(sentence), "{rejection}");
        });
    };
    // The community's midnight of 2026-03-05 is 16:00 in UTC.
    let important = tabled("important", &OWNERS);
    let opens = chair().opens("motion", "roll", MINUTE);
    let sentence = "3 days of deliberation, over at 2026-03-05T16:00:00.000Z";
    said(important, opens, sentence);
    let ordinary = tabled("owners-ordinary", &OWNERS);
    let opens = chair().opens("motion", "roll", 90 * MINUTE);
    let sentence = "a vote of at least 7 days, not 1 hour 30 minutes";
    said(ordinary, opens, sentence);
    let late = registrar().enrols("gao").with(|action| {
        action.not_after = action.client_time.plus(DAY + 1);
    });
    said(World::community(), late, "the charter allows 1 day at most");
}
