//! Why a case does not go on, or a sanction is not imposed.

use std::fmt;

use crate::{
    action::{Sanction, SanctionBasis, Severity},
    calendar::Date,
    ids::{BodyId, RuleId},
};

/// A step of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseStep {
    /// Signatures under the petition.
    Signatures,
    /// Notice to the target.
    Notice,
    /// The defence.
    Defence,
    /// The finding.
    Finding,
    /// The decision that imposes the sanction.
    Decision,
    /// The appeal.
    Appeal,
    /// Its decision.
    AppealDecision,
    /// None: it is over.
    Nothing,
}

impl fmt::Display for CaseStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signatures => "signatures under the petition",
            Self::Notice => "notice to the target",
            Self::Defence => "the defence",
            Self::Finding => "the finding",
            Self::Decision => "the decision",
            Self::Appeal => "an appeal",
            Self::AppealDecision => "the decision on the appeal",
            Self::Nothing => "nothing: it is over",
        })
    }
}

/// Why a sanction cannot be imposed so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsanctionable {
    /// The case is about no office that is held.
    NoOffice,
    /// Discipline imposes warnings and demerits.
    NotByDiscipline(Sanction),
    /// This body has no right to discipline the other.
    NoDiscipline(BodyId),
    /// The finding leads to this at most.
    TooHarsh(Sanction),
    /// Who was elected is removed by recall alone.
    Elected,
    /// This body did not appoint.
    NotAppointing(BodyId),
    /// The successor is another, in the same body, into the seat that falls vacant.
    Successor,
    /// The petition is by another rule.
    AnotherRule(RuleId),
    /// The case rests on this.
    Basis(SanctionBasis),
    /// An appeal leads to less than this.
    NotReduced(Sanction),
    /// A recall is upheld or annulled.
    RecallWhole,
    /// No official measure is this.
    NotOfficial(Sanction),
    /// It would have been taken on a day to come.
    InFuture(Date),
}

impl fmt::Display for Unsanctionable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOffice => f.write_str("it is about no office that is held"),
            Self::NotByDiscipline(sanction) => {
                write!(f, "{sanction} is not imposed as an effect of this kind")
            }
            Self::NoDiscipline(body) => {
                write!(f, "{body} has no right to discipline the office's body")
            }
            Self::TooHarsh(most) => write!(f, "its finding leads to {most} at most"),
            Self::Elected => f.write_str("who was elected is removed by recall alone"),
            Self::NotAppointing(body) => write!(f, "{body} did not appoint to the office"),
            Self::Successor => f.write_str(
                "the successor is another person, in the same body, and succeeds in this very office",
            ),
            Self::AnotherRule(rule) => write!(f, "its petition is by rule {rule}"),
            Self::Basis(basis) => write!(f, "a case against this office rests on {basis}"),
            Self::NotReduced(sanction) => {
                write!(f, "an appeal reduces {sanction} to a lighter one, a warning or a demerit")
            }
            Self::RecallWhole => f.write_str("a recall is upheld or annulled, and becomes nothing lighter"),
            Self::NotOfficial(sanction) => write!(f, "{sanction} is no official measure"),
            Self::InFuture(day) => write!(f, "{day} is to come"),
        }
    }
}

impl fmt::Display for Sanction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "a warning",
            Self::Demerit => "a demerit",
            Self::MajorDemerit => "a major demerit",
            Self::Replacement => "a replacement",
            Self::Recall => "a recall",
        })
    }
}

impl fmt::Display for SanctionBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Charter => "the charter's discipline",
            Self::Recall => "those who elected",
            Self::Contract => "the contract",
            Self::Official => "an official measure",
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minor => "minor",
            Self::Ordinary => "ordinary",
            Self::Serious => "serious",
            Self::Grave => "grave",
        })
    }
}
