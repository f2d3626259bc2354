//! The numbers of the presets, against the table of the governance rules.

use std::{collections::BTreeMap, fmt::Write as _};

use governance::{
    charter::{BodyKind, Charter, Comparison, DecisionRule, Threshold},
    ids::{BodyId, Millis, RuleId},
    presets::{
        Preset,
        charters::{CommunityBodies, community, council},
        important_matter,
    },
};

use crate::support::{at_least, body, kind_of, preset};

fn shown(threshold: Threshold) -> String {
    let sign = match threshold.comparison {
        Comparison::AtLeast => "≥",
        Comparison::MoreThan => ">",
    };
    let (n, d) = (
        threshold.fraction.numerator(),
        threshold.fraction.denominator(),
    );
    format!("{sign}{n}/{d}")
}

/// One line a preset.
fn line(rule: &DecisionRule) -> String {
    let mut text = format!("{}:", rule.preset);
    for m in &rule.measures {
        let _ = write!(
            text,
            " {:?} {} {}",
            m.kind,
            shown(m.quorum),
            shown(m.approval)
        );
    }
    let _ = write!(
        text,
        " | {:?}/{:?} | notice {} roll {} window {}h-{}h | {:?} proxies {} recused-leave {} | petition {} run-off {} contested {} | {}",
        rule.quorum_base,
        rule.approval_base,
        rule.notice_days_min,
        rule.roll_posted_days_min,
        rule.voting_window_ms_min / Millis::HOUR,
        rule.voting_window_ms_max / Millis::HOUR,
        rule.visibility,
        rule.proxies_per_holder_max,
        rule.recused_leave_denominator,
        rule.petition.map_or("-".to_owned(), shown),
        rule.run_off.map_or("-".to_owned(), shown),
        rule.more_candidates_than_seats,
        rule.law_in_force_from,
    );
    text
}

const TABLE: &[&str] = &[
    "owners-ordinary: Heads ≥2/3 >1/2 Area ≥2/3 >1/2 | Participating/Participating | notice 0 roll 0 window 168h-1440h | HiddenUntilClose proxies 3 recused-leave false | petition - run-off - contested false | 2021-01-01",
    "owners-special: Heads ≥2/3 ≥3/4 Area ≥2/3 ≥3/4 | Participating/Participating | notice 0 roll 0 window 168h-1440h | HiddenUntilClose proxies 3 recused-leave false | petition - run-off - contested false | 2021-01-01",
    "residents-meeting: Heads >1/2 >1/2 | Attending/Attending | notice 10 roll 0 window 0h-24h | Open proxies 0 recused-leave false | petition ≥1/10 run-off - contested false | 2026-01-01",
    "representatives-meeting: Heads ≥2/3 >1/2 | Attending/Attending | notice 0 roll 0 window 0h-24h | Open proxies 0 recused-leave false | petition ≥1/5 run-off - contested false | 2026-01-01",
    "committee-election-by-voters: Heads >1/2 >1/2 | Participating/Participating | notice 0 roll 20 window 1h-72h | Secret proxies 3 recused-leave false | petition - run-off ≥1/3 contested true | 2026-01-01",
    "committee-election-by-representatives: Heads >2/3 >1/2 | Participating/Participating | notice 0 roll 20 window 1h-72h | Secret proxies 0 recused-leave false | petition - run-off ≥1/3 contested true | 2026-01-01",
    "committee-recall-by-voters: Heads >1/2 >1/2 | Participating/Participating | notice 0 roll 20 window 1h-72h | Secret proxies 3 recused-leave false | petition ≥1/10 run-off - contested false | 2026-01-01",
    "committee-recall-by-representatives: Heads >2/3 >1/2 | Participating/Participating | notice 0 roll 20 window 1h-72h | Secret proxies 0 recused-leave false | petition ≥1/3 run-off - contested false | 2026-01-01",
    "owners-committee-election: Heads ≥2/3 >1/2 Area ≥2/3 >1/2 | Participating/Participating | notice 0 roll 0 window 168h-1440h | Secret proxies 3 recused-leave false | petition - run-off - contested true | 2021-01-01",
    "owners-committee-recall: Heads ≥2/3 >1/2 Area ≥2/3 >1/2 | Participating/Participating | notice 0 roll 0 window 168h-1440h | Secret proxies 3 recused-leave false | petition ≥1/5 run-off - contested false | 2021-01-01",
    "committee-resolution: Heads >1/2 >1/2 | Participating/Participating | notice 0 roll 0 window 0h-168h | Open proxies 0 recused-leave true | petition - run-off - contested false | 2021-01-01",
    "council-ordinary: Heads >1/2 >1/2 | Attending/ForAndAgainst | notice 0 roll 0 window 0h-24h | Open proxies 0 recused-leave false | petition - run-off - contested false | 2021-01-01",
    "charter-amendment: Heads >1/2 ≥2/3 | Attending/Attending | notice 10 roll 0 window 0h-24h | Open proxies 0 recused-leave false | petition ≥1/10 run-off - contested false | 2026-01-01",
];

#[test]
fn every_preset_has_the_numbers_of_the_table() {
    let lines: Vec<String> = Preset::ALL.iter().map(|p| line(&preset(*p))).collect();
    assert_eq!(lines, TABLE);
}

#[test]
fn every_preset_cites_its_source() {
    let cites = |p: Preset, texts: &[&str]| {
        let citation = preset(p).citation;
        for text in texts {
            assert!(
                citation.contains(text),
                "{}: {citation} names {text}",
                p.code()
            );
        }
    };
    cites(Preset::OwnersOrdinary, &["民法典", "278", "九"]);
    cites(Preset::OwnersSpecial, &["民法典", "278", "六", "八"]);
    cites(
        Preset::ResidentsMeeting,
        &["城市居民委员会组织法", "2025", "26–27"],
    );
    cites(
        Preset::RepresentativesMeeting,
        &["城市居民委员会组织法", "28–29"],
    );
    cites(
        Preset::CommitteeElectionByVoters,
        &["城市居民委员会组织法", "14–19"],
    );
    cites(
        Preset::CommitteeElectionByRepresentatives,
        &["城市居民委员会组织法", "14–19"],
    );
    cites(
        Preset::CommitteeRecallByVoters,
        &["城市居民委员会组织法", "20"],
    );
    cites(
        Preset::CommitteeRecallByRepresentatives,
        &["城市居民委员会组织法", "20"],
    );
    cites(Preset::OwnersCommitteeElection, &["民法典", "278", "三"]);
    cites(
        Preset::OwnersCommitteeRecall,
        &["278", "杭州市物业管理条例", "31"],
    );
    cites(Preset::CommitteeResolution, &["charter default"]);
    cites(Preset::CouncilOrdinary, &["charter default"]);
    cites(
        Preset::CharterAmendment,
        &["城市居民委员会组织法", "31", "charter default"],
    );
}

#[test]
fn an_important_matter_is_the_bodys_own_rule_after_others_were_heard() {
    let base = preset(Preset::OwnersSpecial);
    let id = RuleId::new("important").unwrap();
    let rule = important_matter(&base, id.clone(), &[BodyKind::ResidentsGroup], 2);
    assert_eq!((&rule.id, &rule.body), (&id, &base.body));
    assert_eq!(rule.measures, base.measures);
    assert_eq!(rule.preset, "owners-special+important-matter");
    assert!(rule.prerequisites.party_discussion);
    assert_eq!(
        rule.prerequisites.statements_from,
        [BodyKind::ResidentsGroup]
    );
    assert_eq!(rule.prerequisites.expert_opinions_min, 2);
    assert!(rule.citation.starts_with(&base.citation) && rule.citation.contains("30"));
    assert_eq!(
        rule.law_in_force_from.to_string(),
        "2026-01-01",
        "the later of both laws"
    );
}

#[test]
fn a_run_off_is_the_election_with_a_third_of_the_votes_cast() {
    let election = preset(Preset::CommitteeElectionByVoters);
    let rule = election.for_run_off().unwrap();
    assert_eq!(rule.measures[0].approval, at_least(1, 3));
    assert_eq!(rule.measures[0].quorum, election.measures[0].quorum);
    assert_eq!(rule.preset, "committee-election-by-voters+run-off");
    let without = preset(Preset::OwnersOrdinary);
    assert_eq!(without.for_run_off(), None);
}

fn community_bodies() -> CommunityBodies {
    CommunityBodies {
        residents_meeting: body("residents-meeting"),
        representatives_meeting: body("representatives-meeting"),
        residents_committee: body("residents-committee"),
        supervision_committee: body("supervision-committee"),
        owners_assembly: body("owners-assembly"),
        owners_committee: body("owners-committee"),
        street_office: body("street-office"),
    }
}

fn kinds() -> BTreeMap<BodyId, BodyKind> {
    BTreeMap::from([
        (body("residents-meeting"), BodyKind::ResidentsMeeting),
        (
            body("representatives-meeting"),
            BodyKind::RepresentativesMeeting,
        ),
        (body("residents-committee"), BodyKind::ResidentsCommittee),
        (
            body("supervision-committee"),
            BodyKind::SupervisionCommittee,
        ),
        (body("owners-assembly"), BodyKind::OwnersAssembly),
        (body("owners-committee"), BodyKind::OwnersCommittee),
        (body("street-office"), BodyKind::StreetOffice),
        (body("council"), BodyKind::Council),
    ])
}

fn rules(charter: &Charter) -> Vec<(&str, &str, &str)> {
    let rules = charter.rules.iter();
    rules
        .map(|r| (r.id.as_str(), r.preset.as_str(), r.body.as_str()))
        .collect()
}

#[test]
fn the_charter_of_a_community_is_valid_and_complete() {
    let charter = community("幸福社区章程", &community_bodies()).unwrap();
    assert_eq!(charter.validate(&kinds()), Ok(()));
    assert_eq!(
        rules(&charter),
        [
            ("owners-ordinary", "owners-ordinary", "owners-assembly"),
            ("owners-special", "owners-special", "owners-assembly"),
            (
                "owners-committee-election",
                "owners-committee-election",
                "owners-assembly"
            ),
            (
                "owners-committee-recall",
                "owners-committee-recall",
                "owners-assembly"
            ),
            (
                "residents-meeting",
                "residents-meeting",
                "residents-meeting"
            ),
            (
                "important-matter",
                "residents-meeting+important-matter",
                "residents-meeting"
            ),
            (
                "representatives-meeting",
                "representatives-meeting",
                "representatives-meeting"
            ),
            (
                "committee-election",
                "committee-election-by-voters",
                "residents-meeting"
            ),
            (
                "committee-recall",
                "committee-recall-by-voters",
                "residents-meeting"
            ),
            (
                "charter-amendment",
                "charter-amendment",
                "residents-meeting"
            ),
            (
                "committee-resolution",
                "committee-resolution",
                "residents-committee"
            ),
            (
                "supervision-resolution",
                "committee-resolution",
                "supervision-committee"
            ),
            (
                "owners-committee-resolution",
                "committee-resolution",
                "owners-committee"
            ),
        ]
    );
    let id = RuleId::new("owners-special").unwrap();
    assert_eq!(charter.rule(&id).unwrap().id, id);
    assert_eq!(charter.rule(&"nothing".parse().unwrap()), None);
}

#[test]
fn the_charter_of_a_council_is_valid() {
    let charter = council("Standing orders", &body("council")).unwrap();
    assert_eq!(charter.validate(&kinds()), Ok(()));
    assert_eq!(
        rules(&charter),
        [("council-ordinary", "council-ordinary", "council")]
    );
}

#[test]
fn every_preset_is_a_valid_rule_of_some_body() {
    for p in Preset::ALL {
        let kinds = BTreeMap::from([(body("assembly"), kind_of(p))]);
        assert_eq!(preset(p).validate(&kinds), Ok(()), "{}", p.code());
    }
}
