//! The words tables use for what the wire numbers.

use std::fmt::Write as _;

use super::super::output;
use governance::explanation::option_called;
use proto::v1::{
    Choice, Comparison, Contest, ContestOption, ExplainedEffect, Grade, MeasureKind, MeasureTally,
    MotionStatus, OfficeEndCause, OfficeObtained, Outcome, PublicText, RollCallMark, Stance,
    Threshold, choice::Choice as Chosen,
};

pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Unspecified => "",
        Outcome::Adopted => "adopted",
        Outcome::Rejected => "rejected",
        Outcome::NoQuorum => "no quorum",
        Outcome::PartlyFilled => "partly filled",
    }
}

pub(super) fn status(status: MotionStatus) -> &'static str {
    match status {
        MotionStatus::Unspecified => "",
        MotionStatus::Tabled => "tabled",
        MotionStatus::Open => "open",
        MotionStatus::Closed => "closed",
        MotionStatus::Decided => "decided",
        MotionStatus::Withdrawn => "withdrawn",
        MotionStatus::Overturned => "overturned",
    }
}

pub(super) fn mark(mark: RollCallMark) -> &'static str {
    match mark {
        RollCallMark::Unspecified => "?",
        RollCallMark::For => "for",
        RollCallMark::Against => "against",
        RollCallMark::Abstain => "abstained",
        RollCallMark::Absent => "absent",
        RollCallMark::Away => "away when the vote was taken",
        RollCallMark::NotVoting => "present, not voting",
    }
}

pub(super) fn obtained(obtained: OfficeObtained) -> &'static str {
    match obtained {
        OfficeObtained::Unspecified => "",
        OfficeObtained::Elected => "elected",
        OfficeObtained::Appointed => "appointed",
        OfficeObtained::ByElection => "by-election",
        OfficeObtained::Founding => "founding",
    }
}

pub(super) fn end_cause(cause: OfficeEndCause) -> &'static str {
    match cause {
        OfficeEndCause::Unspecified => "",
        OfficeEndCause::Term => "term over",
        OfficeEndCause::Resignation => "resigned",
        OfficeEndCause::Recall => "recalled",
        OfficeEndCause::Replacement => "replaced",
        OfficeEndCause::TwoIncompetent => "twice incompetent",
        OfficeEndCause::Incapacity => "incapacity",
        OfficeEndCause::Conviction => "conviction",
        OfficeEndCause::InvalidElection => "invalid election",
        OfficeEndCause::Departure => "left",
        OfficeEndCause::RemovalAnnulled => "removal annulled",
    }
}

pub(super) const fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Unspecified => "",
        Grade::Competent => "称职 competent",
        Grade::BasicallyCompetent => "基本称职 basically competent",
        Grade::Incompetent => "不称职 incompetent",
    }
}

/// A text beside the log, or what became of it.
pub(super) fn public(said: &PublicText) -> String {
    match said {
        said if said.erased => "(erased)".to_owned(),
        said if said.left_out => "(not shown here)".to_owned(),
        said => said.text.clone(),
    }
}

/// What the wire calls a value, in words: `BODY_KIND_OWNERS_ASSEMBLY` → `owners assembly`.
pub(super) fn enum_name(name: &str, prefix: &str) -> String {
    let name = name.strip_prefix(prefix).unwrap_or(name);
    name.to_lowercase().replace('_', " ")
}

pub(super) fn choice(choice: Option<&Choice>, contest: Option<&Contest>) -> String {
    match choice.and_then(|choice| choice.choice.as_ref()) {
        None => String::new(),
        Some(Chosen::Stance(stance)) => match Stance::try_from(*stance) {
            Ok(Stance::For) => "for",
            Ok(Stance::Against) => "against",
            Ok(Stance::Abstain) => "abstained",
            Ok(Stance::Unspecified) | Err(_) => "?",
        }
        .to_owned(),
        Some(Chosen::Options(set)) if set.options.is_empty() => "abstained".to_owned(),
        Some(Chosen::Options(set)) => {
            let labels = set.options.iter().map(|at| label(*at, contest));
            labels.collect::<Vec<_>>().join(", ")
        }
    }
}

/// Where a choice stands among others: for, against, abstaining; options by their own order.
pub(super) fn choice_order(choice: Option<&Choice>) -> i32 {
    match choice.and_then(|choice| choice.choice.as_ref()) {
        Some(Chosen::Stance(stance)) => *stance,
        Some(Chosen::Options(set)) => set
            .options
            .first()
            .map_or(i32::MAX, |first| i32::try_from(*first).unwrap_or(i32::MAX)),
        None => i32::MAX,
    }
}

/// What a "for" does, a line each, in the reader's language; nothing where it does nothing beside.
pub(super) fn effects(effects: &[ExplainedEffect]) -> String {
    let mut text = String::new();
    for (at, effect) in effects.iter().enumerate() {
        if at == 0 {
            text.push_str("\n\nA \"for\" does this:");
        }
        let said = output::in_readers_language(&effect.explanation, &effect.explanation_zh);
        // Writing to a text cannot fail.
        let _ = write!(text, "\n  {}. {said}", at + 1);
        for change in &effect.changes {
            let said = output::in_readers_language(&change.explanation, &change.explanation_zh);
            let _ = write!(text, "\n     - {said}");
        }
    }
    text
}

/// What an option is called, or its number from 1.
pub(super) fn label(option: u32, contest: Option<&Contest>) -> String {
    let at = usize::try_from(option).unwrap_or(usize::MAX);
    let found = contest.and_then(|contest| contest.options.get(at));
    found.map_or_else(|| format!("#{}", u64::from(option) + 1), called)
}

/// The name of a measure and of its unit.
pub(super) fn measure(tally: &MeasureTally) -> &'static str {
    match tally.kind() {
        MeasureKind::Area => "area, m²",
        MeasureKind::Heads | MeasureKind::Unspecified => "heads",
    }
}

/// A number of a measure: heads, or 0.01 m² with two decimals.
pub(super) fn amount(kind: MeasureKind, n: u64) -> String {
    match kind {
        MeasureKind::Area => format!("{}.{:02}", output::grouped(n / 100), n % 100),
        MeasureKind::Heads | MeasureKind::Unspecified => output::grouped(n),
    }
}

/// "more than 1/2 of 15: met".
pub(super) fn needed(threshold: Option<&Threshold>, whole: &str, met: bool) -> String {
    let verdict = if met { "met" } else { "not met" };
    let Some(threshold) = threshold else {
        return verdict.to_owned();
    };
    let comparison = match threshold.comparison() {
        Comparison::MoreThan => "more than",
        Comparison::AtLeast | Comparison::Unspecified => "at least",
    };
    let part = threshold.fraction.unwrap_or_default();
    let (numerator, denominator) = (part.numerator, part.denominator);
    format!("{comparison} {numerator}/{denominator} of {whole}: {verdict}")
}

/// What an option is called, and who stands in it.
pub(crate) fn called(option: &ContestOption) -> String {
    let candidate = Some(option.candidate.as_str()).filter(|candidate| !candidate.is_empty());
    option_called(&option.label, candidate)
}

#[cfg(test)]
mod tests {
    use proto::v1::{ContestOption, Fraction, OptionSet};

    use super::*;

    #[test]
    fn areas_have_two_decimals() {
        assert_eq!(amount(MeasureKind::Area, 1_234_505), "12,345.05");
        assert_eq!(amount(MeasureKind::Heads, 1_234), "1,234");
    }

    #[test]
    fn a_threshold_is_told_with_what_it_is_part_of() {
        let threshold = Threshold {
            fraction: Some(Fraction {
                numerator: 2,
                denominator: 3,
            }),
            comparison: Comparison::AtLeast.into(),
        };
        let told = needed(Some(&threshold), "15", false);
        assert_eq!(told, "at least 2/3 of 15: not met");
    }

    #[test]
    fn options_are_told_by_their_labels() {
        let option = |label: &str| ContestOption {
            label: label.to_owned(),
            candidate: String::new(),
        };
        let contest = Contest {
            options: ["甲", "乙"].map(option).to_vec(),
            ..Contest::default()
        };
        let set = |options: &[u32]| Choice {
            choice: Some(Chosen::Options(OptionSet {
                options: options.to_vec(),
            })),
        };
        assert_eq!(choice(Some(&set(&[0, 1])), Some(&contest)), "甲, 乙");
        assert_eq!(choice(Some(&set(&[4])), Some(&contest)), "#5");
        assert_eq!(choice(Some(&set(&[])), Some(&contest)), "abstained");
    }
}
