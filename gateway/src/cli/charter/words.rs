//! The words a charter file uses.

use std::str::FromStr;

use governance::{
    action::Sanction,
    calendar::InvalidDate,
    charter::{
        ApprovalBase, BallotVisibility, BodyKind, Comparison, EffectKind, Fraction,
        InvalidFraction, MeasureKind, OverlapPolicy, QuorumBase, Threshold,
    },
    clocks::InvalidMonthDay,
    ids::InvalidId,
};

use super::{super::time::parse_offset, section::Told};

pub(super) const BODY_KINDS: &[(&str, BodyKind)] = &[
    ("residents-committee", BodyKind::ResidentsCommittee),
    ("residents-meeting", BodyKind::ResidentsMeeting),
    ("representatives-meeting", BodyKind::RepresentativesMeeting),
    ("supervision-committee", BodyKind::SupervisionCommittee),
    ("party-organisation", BodyKind::PartyOrganisation),
    ("compound-party-branch", BodyKind::CompoundPartyBranch),
    ("owners-committee", BodyKind::OwnersCommittee),
    ("owners-assembly", BodyKind::OwnersAssembly),
    ("property-company", BodyKind::PropertyCompany),
    ("administrative-organ", BodyKind::AdministrativeOrgan),
    ("social-organisation", BodyKind::SocialOrganisation),
    ("grid", BodyKind::Grid),
    ("expert-panel", BodyKind::ExpertPanel),
    ("election-committee", BodyKind::ElectionCommittee),
    ("residents-group", BodyKind::ResidentsGroup),
    ("street-office", BodyKind::StreetOffice),
    ("council", BodyKind::Council),
];

pub(super) const OVERLAPS: &[(&str, OverlapPolicy)] = &[
    ("forbid", OverlapPolicy::Forbid),
    ("disclose-and-recuse", OverlapPolicy::DiscloseAndRecuse),
    ("allow", OverlapPolicy::Allow),
];

pub(super) const MEASURES: &[(&str, MeasureKind)] =
    &[("heads", MeasureKind::Heads), ("area", MeasureKind::Area)];

pub(super) const QUORUM_BASES: &[(&str, QuorumBase)] = &[
    ("those-taking-part", QuorumBase::Participating),
    ("those-attending", QuorumBase::Attending),
];

pub(super) const APPROVAL_BASES: &[(&str, ApprovalBase)] = &[
    ("all-eligible", ApprovalBase::Eligible),
    ("those-taking-part", ApprovalBase::Participating),
    ("those-attending", ApprovalBase::Attending),
    ("for-and-against", ApprovalBase::ForAndAgainst),
];

pub(super) const VISIBILITIES: &[(&str, BallotVisibility)] = &[
    ("open", BallotVisibility::Open),
    ("hidden-until-close", BallotVisibility::HiddenUntilClose),
    ("secret", BallotVisibility::Secret),
];

pub(super) const EFFECTS: &[(&str, EffectKind)] = &[
    ("power-list", EffectKind::PowerList),
    ("charter-amendment", EffectKind::CharterAmendment),
    ("rules-version", EffectKind::RulesVersion),
    ("appointment", EffectKind::Appointment),
    ("sanction", EffectKind::Sanction),
    ("replacement", EffectKind::Replacement),
    ("recall", EffectKind::Recall),
];

/// Those a charter's discipline may lead to.
pub(super) const SANCTIONS: &[(&str, Sanction)] = &[
    ("warning", Sanction::Warning),
    ("demerit", Sanction::Demerit),
    ("replacement", Sanction::Replacement),
];

/// A threshold as it is written: "at least 2/3" 以上, "more than 1/2" 过半数.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written(pub(super) Threshold);

const COMPARISONS: [(&str, Comparison); 4] = [
    ("at least ", Comparison::AtLeast),
    ("more than ", Comparison::MoreThan),
    ("至少", Comparison::AtLeast),
    ("超过", Comparison::MoreThan),
];

/// A text that is no threshold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoThreshold {
    #[error("\"{0}\" is no threshold; write \"at least 2/3\" (以上) or \"more than 1/2\" (过半数)")]
    Shape(String),
    #[error(transparent)]
    Fraction(#[from] InvalidFraction),
}

impl Told for NoThreshold {
    fn chinese(&self) -> String {
        match self {
            Self::Shape(text) => {
                format!("“{text}”不是比例；请写“至少2/3”（含本数）或“超过1/2”（不含本数）")
            }
            Self::Fraction(wrong) => format!(
                "{}/{} 不是整体的一部分，应在 0 与 1 之间",
                wrong.numerator, wrong.denominator
            ),
        }
    }
}

impl Told for InvalidId {
    fn chinese(&self) -> String {
        let (text, max) = (&self.text, self.max);
        format!("“{text}”不是编号：应为 1 至 {max} 个 a-z、0-9 和 -，以字母或数字开头")
    }
}

impl Told for InvalidDate {
    fn chinese(&self) -> String {
        format!(
            "“{}”不是日期：应写作 YYYY-MM-DD，自 1900-01-01 至 2999-12-31",
            self.0
        )
    }
}

impl Told for InvalidMonthDay {
    fn chinese(&self) -> String {
        format!("“{}”不是一年中的一天：应写作 MM-DD", self.0)
    }
}

/// An offset from UTC, in minutes east of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset(pub(super) i32);

/// A text that is no offset from UTC.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{english}")]
pub(super) struct NoOffset {
    text: String,
    english: String,
}

impl Told for NoOffset {
    fn chinese(&self) -> String {
        let text = &self.text;
        format!("“{text}”不是与 UTC 的时差；应写作 +08:00 或 -06:00")
    }
}

impl FromStr for Offset {
    type Err = NoOffset;

    fn from_str(text: &str) -> Result<Self, NoOffset> {
        parse_offset(text).map(Self).map_err(|english| NoOffset {
            text: text.to_owned(),
            english,
        })
    }
}

impl FromStr for Written {
    type Err = NoThreshold;

    fn from_str(text: &str) -> Result<Self, NoThreshold> {
        let shaped = COMPARISONS.iter().find_map(|(word, comparison)| {
            let part = text.strip_prefix(word)?;
            let (numerator, denominator) = part.trim().split_once('/')?;
            let number = |digits: &str| digits.parse::<u32>().ok();
            Some((number(numerator)?, number(denominator)?, *comparison))
        });
        let Some((numerator, denominator, comparison)) = shaped else {
            return Err(NoThreshold::Shape(text.to_owned()));
        };
        let fraction = Fraction::new(numerator, denominator)?;
        Ok(Self(Threshold {
            fraction,
            comparison,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_written_in_either_language_and_say_whether_the_number_itself_is_enough() {
        let read = |text: &str| text.parse::<Written>().map(|written| written.0.to_string());
        assert_eq!(read("at least 2/3"), Ok("at least 2/3".to_owned()));
        assert_eq!(read("超过1/2"), Ok("more than 1/2".to_owned()));
        assert_eq!(read("至少 3/4"), Ok("at least 3/4".to_owned()));
        for wrong in [
            "2/3",
            "more than half",
            "at least 3/2",
            "at least 1/0",
            "at least -1/2",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
