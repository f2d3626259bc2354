//! A decision explained: what it came to and why, in one sentence, in English and in Chinese.

mod effects;
mod filing;
mod outlook;
mod overdue;
mod register;

pub use effects::{explain_effect, explain_effects_outcome};
pub use filing::explain_filing;
pub use outlook::explain_outlook;
pub use overdue::{
    explain_appeal_overdue, explain_assessment_overdue, explain_filing_overdue,
    explain_handover_overdue, explain_head_audit_overdue, explain_implementation_overdue,
    explain_issue_overdue, explain_meeting_missed, explain_report_overdue,
    explain_roll_ruling_overdue,
};
pub use register::explain_sanction;

use crate::{
    action::{Contest, MeasureTally, MotionDecided, OptionTally, Outcome},
    charter::{Comparison, MeasureKind, Threshold},
    ids::PersonId,
};

/// The same sentence twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// In English.
    pub english: String,
    /// 中文.
    pub chinese: String,
}

/// Explains a decision on the motion with this title and, where it is one, this contest. Numbers are
/// those of the tally; areas are in m² with two decimals, exactly.
pub fn explain(decided: &MotionDecided, title: &str, contest: Option<&Contest>) -> Explanation {
    let mut said = Explanation {
        english: english::sentence(decided, title, contest),
        chinese: chinese::sentence(decided, title, contest),
    };
    if let Some(outcome) = &decided.effects {
        let effects = explain_effects_outcome(outcome);
        said.english = format!("{} {}", said.english, effects.english);
        said.chinese.push_str(&effects.chinese);
    }
    said
}

/// An area of so many 0.01 m².
fn square_metres(hundredths: u64) -> String {
    format!("{}.{:02} m²", hundredths / 100, hundredths % 100)
}

/// What an option is called wherever it is read: by its label on the ballot and, where a person stands, by who that
/// is, whatever the label says.
pub fn option_called(label: &str, candidate: Option<&str>) -> String {
    match candidate.filter(|candidate| *candidate != label) {
        Some(candidate) => format!("{label} ({candidate})"),
        None => label.to_owned(),
    }
}

/// What an option is called, or its number from 1.
fn label(option: &OptionTally, contest: Option<&Contest>) -> String {
    let at = usize::try_from(option.option).unwrap_or(usize::MAX);
    contest.and_then(|c| c.options.get(at)).map_or_else(
        || format!("#{}", u64::from(option.option) + 1),
        |o| option_called(&o.label, o.candidate.as_ref().map(PersonId::as_str)),
    )
}

/// Whether the quorum counted those at the meeting. Where as many took part, it makes no difference.
const fn counts_attending(measure: &MeasureTally) -> bool {
    measure.quorum_counted != measure.participating
}

fn measures_area(decided: &MotionDecided) -> bool {
    decided.measures.iter().any(|m| m.kind == MeasureKind::Area)
}

mod english {
    use super::{
        Comparison, Contest, MeasureKind, MeasureTally, MotionDecided, OptionTally, Outcome,
        Threshold, counts_attending, label, measures_area, square_metres,
    };

    pub(super) fn sentence(
        decided: &MotionDecided,
        title: &str,
        contest: Option<&Contest>,
    ) -> String {
        let outcome = match decided.outcome {
            Outcome::Adopted => "was adopted",
            Outcome::Rejected => "was not adopted",
            Outcome::NoQuorum => "was not decided, for want of a quorum",
            Outcome::PartlyFilled => "filled some of its seats",
        };
        let is_contest = !decided.options.is_empty();
        let mut parts: Vec<String> = decided
            .measures
            .iter()
            .map(|m| measure(m, is_contest))
            .collect();
        if is_contest {
            let by_area = measures_area(decided);
            let votes = decided.options.iter().map(|o| option(o, contest, by_area));
            parts.push(format!("votes: {}", votes.collect::<Vec<_>>().join(", ")));
        }
        let why = parts.join("; ");
        format!("\"{title}\" {outcome}: {why} ({}).", decided.citation)
    }

    pub(super) fn measure(m: &MeasureTally, is_contest: bool) -> String {
        let name = match m.kind {
            MeasureKind::Heads => "heads",
            MeasureKind::Area => "area",
        };
        let there = if counts_attending(m) {
            "attended"
        } else {
            "took part"
        };
        let quorum = format!(
            "by {name}, {} of {} {there} ({}: {})",
            amount(m.kind, m.quorum_counted),
            amount(m.kind, m.eligible),
            needed(m.kind, m.quorum, m.eligible),
            met(m.quorum_met),
        );
        let needed = needed(m.kind, m.approval, m.approval_whole);
        let whole = amount(m.kind, m.approval_whole);
        if is_contest {
            format!("{quorum} and a seat took {needed} of {whole}")
        } else {
            let in_favour = amount(m.kind, m.in_favour);
            let met = met(m.approval_met);
            format!("{quorum} and {in_favour} of {whole} were for it ({needed}: {met})")
        }
    }

    fn needed(kind: MeasureKind, threshold: Threshold, whole: u64) -> String {
        let comparison = match threshold.comparison {
            Comparison::AtLeast => "at least",
            Comparison::MoreThan => "more than",
        };
        let (n, d) = (
            threshold.fraction.numerator(),
            threshold.fraction.denominator(),
        );
        match threshold.smallest_part(whole) {
            Some(least) => format!("{comparison} {n}/{d}, so at least {}", amount(kind, least)),
            None => format!("{comparison} {n}/{d}"),
        }
    }

    fn option(o: &OptionTally, contest: Option<&Contest>, by_area: bool) -> String {
        let area = if by_area {
            format!(" with {}", square_metres(o.area))
        } else {
            String::new()
        };
        let seat = if o.chosen { " (elected)" } else { "" };
        format!("{} {}{area}{seat}", label(o, contest), o.heads)
    }

    fn amount(kind: MeasureKind, n: u64) -> String {
        match kind {
            MeasureKind::Heads => n.to_string(),
            MeasureKind::Area => square_metres(n),
        }
    }

    const fn met(met: bool) -> &'static str {
        if met { "met" } else { "not met" }
    }
}

mod chinese {
    use super::{
        Comparison, Contest, MeasureKind, MeasureTally, MotionDecided, OptionTally, Outcome,
        Threshold, counts_attending, label, measures_area, square_metres,
    };

    pub(super) fn sentence(
        decided: &MotionDecided,
        title: &str,
        contest: Option<&Contest>,
    ) -> String {
        let outcome = match decided.outcome {
            Outcome::Adopted => "通过",
            Outcome::Rejected => "未通过",
            Outcome::NoQuorum => "参与不足，未形成决定",
            Outcome::PartlyFilled => "部分席位选出",
        };
        let is_contest = !decided.options.is_empty();
        let mut parts: Vec<String> = decided
            .measures
            .iter()
            .map(|m| measure(m, is_contest))
            .collect();
        if is_contest {
            let by_area = measures_area(decided);
            let votes = decided.options.iter().map(|o| option(o, contest, by_area));
            parts.push(format!("得票：{}", votes.collect::<Vec<_>>().join("、")));
        }
        let why = parts.join("；");
        format!("“{title}”{outcome}：{why}（{}）。", decided.citation)
    }

    pub(super) fn measure(m: &MeasureTally, is_contest: bool) -> String {
        let name = match m.kind {
            MeasureKind::Heads => "人数",
            MeasureKind::Area => "面积",
        };
        let there = if counts_attending(m) {
            "到会"
        } else {
            "参与表决"
        };
        let quorum = format!(
            "{there}{name} {}（共 {}，{}，{}）",
            amount(m.kind, m.quorum_counted),
            amount(m.kind, m.eligible),
            needed(m.kind, m.quorum, m.eligible),
            met(m.quorum_met),
        );
        let needed = needed(m.kind, m.approval, m.approval_whole);
        let whole = amount(m.kind, m.approval_whole);
        if is_contest {
            format!("{quorum}，当选{needed}（以 {whole}计）")
        } else {
            let in_favour = amount(m.kind, m.in_favour);
            let met = met(m.approval_met);
            format!("{quorum}，同意 {in_favour}（以 {whole}计，{needed}，{met}）")
        }
    }

    fn needed(kind: MeasureKind, threshold: Threshold, whole: u64) -> String {
        let (n, d) = (
            threshold.fraction.numerator(),
            threshold.fraction.denominator(),
        );
        let part = match (threshold.comparison, n, d) {
            (Comparison::MoreThan, 1, 2) => "过半数".to_owned(),
            (Comparison::MoreThan, ..) => format!("超过 {n}/{d}"),
            (Comparison::AtLeast, ..) => format!(" {n}/{d} 以上"),
        };
        match threshold.smallest_part(whole) {
            Some(least) => format!("需{part}，即至少 {}", amount(kind, least)),
            None => format!("需{part}"),
        }
    }

    fn option(o: &OptionTally, contest: Option<&Contest>, by_area: bool) -> String {
        let area = if by_area {
            format!("（{}）", square_metres(o.area))
        } else {
            String::new()
        };
        let seat = if o.chosen { "（当选）" } else { "" };
        format!("{} {} 票{area}{seat}", label(o, contest), o.heads)
    }

    fn amount(kind: MeasureKind, n: u64) -> String {
        match kind {
            MeasureKind::Heads => format!("{n} 人"),
            MeasureKind::Area => square_metres(n),
        }
    }

    const fn met(met: bool) -> &'static str {
        if met { "已达到" } else { "未达到" }
    }
}
