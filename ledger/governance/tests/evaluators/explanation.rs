//! Decisions explained, as golden sentences.

use governance::{
    action::{Choice, MotionDecided},
    explanation::{Explanation, explain},
    presets::Preset,
    tally::{Count, Electorate, Tally},
};

use crate::support::{AGAINST, FOR, contest, eligible, head, preset, roll, vote, weight};

fn decided(tally: Tally, which: Preset) -> MotionDecided {
    tally.decided(
        "m-1".parse().unwrap(),
        &preset(which),
        1,
        &roll(vec![head("a")]),
    )
}

fn check(explanation: &Explanation, english: &str, chinese: &str) {
    assert_eq!(explanation.english, english);
    assert_eq!(explanation.chinese, chinese);
}

#[test]
fn passed_by_heads_failed_by_area() {
    let rule = preset(Preset::OwnersOrdinary);
    let groups = [(weight(70, 300_005), &FOR), (weight(10, 500_000), &AGAINST)];
    let tally = vote(&rule, eligible(90, 1_000_001), &groups);
    let explanation = explain(&decided(tally, Preset::OwnersOrdinary), "Lift", None);
    check(
        &explanation,
        "\"Lift\" was not adopted: by heads, 80 of 90 took part (at least 2/3, so at least 60: met) and 70 of 80 were for it (more than 1/2, so at least 41: met); by area, 8000.05 m² of 10000.01 m² took part (at least 2/3, so at least 6666.68 m²: met) and 3000.05 m² of 8000.05 m² were for it (more than 1/2, so at least 4000.03 m²: not met) (民法典第278条第一款第（一）至（五）项、第（九）项，第二款).",
        "“Lift”未通过：参与表决人数 80 人（共 90 人，需 2/3 以上，即至少 60 人，已达到），同意 70 人（以 80 人计，需过半数，即至少 41 人，已达到）；参与表决面积 8000.05 m²（共 10000.01 m²，需 2/3 以上，即至少 6666.68 m²，已达到），同意 3000.05 m²（以 8000.05 m²计，需过半数，即至少 4000.03 m²，未达到）（民法典第278条第一款第（一）至（五）项、第（九）项，第二款）。",
    );
}

#[test]
fn adopted_in_a_meeting() {
    let rule = preset(Preset::CharterAmendment);
    let electorate = Electorate {
        eligible: weight(100, 0),
        attending: weight(60, 0),
    };
    let tally = vote(&rule, electorate, &[(weight(40, 0), &FOR)]);
    let explanation = explain(&decided(tally, Preset::CharterAmendment), "章程", None);
    check(
        &explanation,
        "\"章程\" was adopted: by heads, 60 of 100 attended (more than 1/2, so at least 51: met) and 40 of 60 were for it (at least 2/3, so at least 40: met) (城市居民委员会组织法（2025年修订）第26–27条、第31条；三分之二为章程默认规则 / charter default).",
        "“章程”通过：到会人数 60 人（共 100 人，需过半数，即至少 51 人，已达到），同意 40 人（以 60 人计，需 2/3 以上，即至少 40 人，已达到）（城市居民委员会组织法（2025年修订）第26–27条、第31条；三分之二为章程默认规则 / charter default）。",
    );
}

#[test]
fn nobody_took_part() {
    let tally = vote(&preset(Preset::CommitteeResolution), eligible(5, 0), &[]);
    let explanation = explain(&decided(tally, Preset::CommitteeResolution), "Bins", None);
    check(
        &explanation,
        "\"Bins\" was not decided, for want of a quorum: by heads, 0 of 5 took part (more than 1/2, so at least 3: not met) and 0 of 0 were for it (more than 1/2: not met) (章程默认规则 / charter default).",
        "“Bins”参与不足，未形成决定：参与表决人数 0 人（共 5 人，需过半数，即至少 3 人，未达到），同意 0 人（以 0 人计，需过半数，未达到）（章程默认规则 / charter default）。",
    );
}

#[test]
fn a_contest_partly_filled() {
    let options = contest(3, 2);
    let mut count = Count::new(Some(&options));
    count.ballot(weight(30, 300_000), &Choice::Options(vec![0, 1]));
    count.ballot(weight(40, 400_000), &Choice::Options(vec![0]));
    let tally = count.tally(&preset(Preset::OwnersOrdinary), eligible(90, 900_000));
    let decision = decided(tally, Preset::OwnersOrdinary);
    let explanation = explain(&decision, "Committee", Some(&options));
    check(
        &explanation,
        "\"Committee\" filled some of its seats: by heads, 70 of 90 took part (at least 2/3, so at least 60: met) and a seat took more than 1/2, so at least 36 of 70; by area, 7000.00 m² of 9000.00 m² took part (at least 2/3, so at least 6000.00 m²: met) and a seat took more than 1/2, so at least 3500.01 m² of 7000.00 m²; votes: A 70 with 7000.00 m² (elected), B 30 with 3000.00 m², C 0 with 0.00 m² (民法典第278条第一款第（一）至（五）项、第（九）项，第二款).",
        "“Committee”部分席位选出：参与表决人数 70 人（共 90 人，需 2/3 以上，即至少 60 人，已达到），当选需过半数，即至少 36 人（以 70 人计）；参与表决面积 7000.00 m²（共 9000.00 m²，需 2/3 以上，即至少 6000.00 m²，已达到），当选需过半数，即至少 3500.01 m²（以 7000.00 m²计）；得票：A 70 票（7000.00 m²）（当选）、B 30 票（3000.00 m²）、C 0 票（0.00 m²）（民法典第278条第一款第（一）至（五）项、第（九）项，第二款）。",
    );
    let unlabelled = explain(&decision, "Committee", None);
    assert!(
        unlabelled.english.contains(" #1 70 "),
        "{}",
        unlabelled.english
    );
}

#[test]
fn areas_show_every_hundredth() {
    let rule = preset(Preset::OwnersOrdinary);
    let tally = vote(&rule, eligible(1, u64::MAX), &[(weight(1, 5), &FOR)]);
    let text = explain(&decided(tally, Preset::OwnersOrdinary), "x", None).english;
    assert!(
        text.contains(" 0.05 m² of 184467440737095516.15 m² "),
        "{text}"
    );
}
