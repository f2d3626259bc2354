//! A rule of decision as data: its measures and thresholds, what they are fractions of, what comes before a vote.

use serde::{Deserialize, Serialize};

use super::BodyKind;
use crate::{
    calendar::Date,
    filing::Filing,
    ids::{BodyId, RuleId},
};

/// `numerator / denominator`, a part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u32, u32)", into = "(u32, u32)")]
pub struct Fraction {
    numerator: u32,
    denominator: u32,
}

/// A pair that is no part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{numerator}/{denominator} is not a part of a whole: it must lie between 0 and 1")]
pub struct InvalidFraction {
    /// As given.
    pub numerator: u32,
    /// As given.
    pub denominator: u32,
}

impl Fraction {
    /// A fraction between 0 and 1.
    pub const fn new(numerator: u32, denominator: u32) -> Result<Self, InvalidFraction> {
        if denominator == 0 || numerator > denominator {
            return Err(InvalidFraction {
                numerator,
                denominator,
            });
        }
        Ok(Self {
            numerator,
            denominator,
        })
    }

    /// Above the line.
    pub const fn numerator(self) -> u32 {
        self.numerator
    }

    /// Below the line; never 0.
    pub const fn denominator(self) -> u32 {
        self.denominator
    }
}

impl TryFrom<(u32, u32)> for Fraction {
    type Error = InvalidFraction;

    fn try_from((numerator, denominator): (u32, u32)) -> Result<Self, InvalidFraction> {
        Self::new(numerator, denominator)
    }
}

impl From<Fraction> for (u32, u32) {
    fn from(fraction: Fraction) -> Self {
        (fraction.numerator, fraction.denominator)
    }
}

/// Whether the number itself is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// 以上: it is.
    AtLeast,
    /// 超过, 过半数: it is not.
    MoreThan,
}

/// A part of a whole that must be reached, or exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// The part.
    pub fraction: Fraction,
    /// Reached or exceeded.
    pub comparison: Comparison,
}

impl Threshold {
    /// Whether `part` of `whole` is enough, compared by cross-multiplication in u128. Nothing of
    /// nothing is never enough: a vote nobody could take part in decides nothing.
    pub fn is_met(self, part: u64, whole: u64) -> bool {
        if whole == 0 {
            return false;
        }
        let have = u128::from(part) * u128::from(self.fraction.denominator);
        let need = u128::from(whole) * u128::from(self.fraction.numerator);
        match self.comparison {
            Comparison::AtLeast => have >= need,
            Comparison::MoreThan => have > need,
        }
    }

    /// The smallest part of `whole` that is enough; `None` where none is.
    pub fn smallest_part(self, whole: u64) -> Option<u64> {
        let denominator = u128::from(self.fraction.denominator);
        let need = u128::from(whole) * u128::from(self.fraction.numerator);
        let part = match self.comparison {
            Comparison::AtLeast => need.div_ceil(denominator),
            Comparison::MoreThan => need / denominator + 1,
        };
        let part = u64::try_from(part).ok()?;
        (whole > 0 && part <= whole).then_some(part)
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MeasureKind {
    /// 人数.
    Heads,
    /// 专有部分面积, in 0.01 m².
    Area,
}

/// One measure of a rule; where there are two, both must be met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// What is counted.
    pub kind: MeasureKind,
    /// How much of the eligible must take part (or attend).
    pub quorum: Threshold,
    /// How much of the [`ApprovalBase`] must be for it.
    pub approval: Threshold,
}

/// What the quorum counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuorumBase {
    /// Those who took part in the vote.
    Participating,
    /// Those at the meeting.
    Attending,
}

/// What the approval is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApprovalBase {
    /// All who may vote.
    Eligible,
    /// Those who took part in the vote.
    Participating,
    /// Those at the meeting.
    Attending,
    /// For plus against.
    ForAndAgainst,
}

/// Who sees a ballot when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BallotVisibility {
    /// At once, by pseudonym.
    Open,
    /// After the close: until then the log has commitments alone.
    HiddenUntilClose,
    /// Never: on paper, with attested totals; an electronic ballot is refused.
    Secret,
}

/// What must have happened before the vote may open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisites {
    /// A statement made in the capacity of a body of each of these kinds.
    pub statements_from: Vec<BodyKind>,
    /// Opinions of invited experts.
    pub expert_opinions_min: u32,
    /// A statement by a party organisation.
    pub party_discussion: bool,
    /// A consultation that the motion cites, held for the body that decides and on the motion's matter.
    pub consultation: bool,
    /// Each of these bodies can speak before the vote: it has spoken on the text, or was invited to and has had
    /// [`Self::participant_days_min`] whole days.
    pub participants: Vec<BodyId>,
    /// See [`Self::participants`].
    pub participant_days_min: u32,
}

/// What a decision may bring about beside its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EffectKind {
    /// Items of the power list 权力清单 are listed, amended, revoked or delegated.
    PowerList,
    /// Another version of the charter comes into force.
    CharterAmendment,
    /// Another version of the rules comes into force.
    RulesVersion,
    /// Somebody is given an office.
    Appointment,
    /// A warning or a demerit is imposed.
    Sanction,
    /// An officeholder is replaced.
    Replacement,
    /// An officeholder is recalled.
    Recall,
}

impl EffectKind {
    /// All of them, in the order of the wire.
    pub const ALL: [Self; 7] = [
        Self::PowerList,
        Self::CharterAmendment,
        Self::RulesVersion,
        Self::Appointment,
        Self::Sanction,
        Self::Replacement,
        Self::Recall,
    ];
}

/// How many of another body's roll may ask for what a petition asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetitionBeside {
    /// Which body's.
    pub body: BodyId,
    /// How many of them.
    pub threshold: Threshold,
}

/// How one kind of question is decided by one body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRule {
    /// Its id within the charter.
    pub id: RuleId,
    /// The preset it was made from; empty where there is none.
    pub preset: String,
    /// What it is called.
    pub title: String,
    /// The body that decides.
    pub body: BodyId,
    /// One or two, each kind once, heads first.
    pub measures: Vec<Measure>,
    /// What the quorum counts.
    pub quorum_base: QuorumBase,
    /// What the approval is a part of.
    pub approval_base: ApprovalBase,
    /// Days between a meeting's notice and its vote.
    pub notice_days_min: u32,
    /// Days between tabling and opening.
    pub deliberation_days_min: u32,
    /// Shortest vote, in ms.
    pub voting_window_ms_min: u64,
    /// Longest vote, in ms.
    pub voting_window_ms_max: u64,
    /// Who sees a ballot when.
    pub visibility: BallotVisibility,
    /// How many others one person may vote for.
    pub proxies_per_holder_max: u32,
    /// Whether recused voters no longer count as eligible.
    pub recused_leave_denominator: bool,
    /// What must have happened before.
    pub prerequisites: Prerequisites,
    /// How many of the roll may call a meeting; `None`: none may.
    pub petition: Option<Threshold>,
    /// In whose capacity motions under it are tabled, of those that have the right to; none: in any of theirs.
    pub tabled_by: Vec<BodyId>,
    /// Whose petition counts as much: the law lets a third of the representatives call the residents' meeting and
    /// ask for a recall, beside a tenth of the residents (组织法 20, 26).
    pub petition_beside: Option<PetitionBeside>,
    /// Whether a contest must have more candidates than seats.
    pub more_candidates_than_seats: bool,
    /// In a run-off: most votes and this part of the votes cast.
    pub run_off: Option<Threshold>,
    /// How long before the vote the roll must have been published, in days.
    pub roll_posted_days_min: u32,
    /// From when the law it rests on is in force.
    pub law_in_force_from: Date,
    /// The law.
    pub citation: String,
    /// What its decisions may bring about, each kind once; none: an outcome and nothing else.
    pub effects: Vec<EffectKind>,
    /// How many voters nominate a candidate, where no party organisation does; 0: candidates need no nomination.
    pub nominators_min: u32,
    /// With whom what is decided under it is filed (组织法 31); `None`: with nobody.
    pub filing: Option<Filing>,
}
