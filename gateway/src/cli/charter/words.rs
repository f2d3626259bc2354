//! The words a charter file uses.

use std::str::FromStr;

use governance::{
    action::Sanction,
    charter::{
        ApprovalBase, BallotVisibility, BodyKind, Comparison, EffectKind, Fraction, MeasureKind,
        OverlapPolicy, QuorumBase, Threshold,
    },
};

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

impl FromStr for Written {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shaped = COMPARISONS.iter().find_map(|(word, comparison)| {
            let part = text.strip_prefix(word)?;
            let (numerator, denominator) = part.trim().split_once('/')?;
            let number = |digits: &str| digits.parse::<u32>().ok();
            Some((number(numerator)?, number(denominator)?, *comparison))
        });
        let Some((numerator, denominator, comparison)) = shaped else {
            return Err(format!(
                "\"{text}\" is no threshold; write \"at least 2/3\" (以上) or \"more than 1/2\" (过半数)"
            ));
        };
        let fraction = Fraction::new(numerator, denominator).map_err(|error| error.to_string())?;
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
