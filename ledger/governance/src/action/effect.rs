//! What a decision brings about beside its outcome.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use super::{Attestor, Content, OfficeAssumed, PowerChange, Sanction};
use crate::{
    charter::{Charter, EffectKind},
    ids::{CaseId, MotionId},
};

/// One thing that comes about with the entry that says a motion is adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// On the power list.
    Power(PowerChange),
    /// Somebody is given an office; its `decision` is the motion itself and left out.
    Appointed(OfficeAssumed),
    /// A warning or a demerit is imposed.
    Sanctioned {
        /// In which case.
        case: CaseId,
        /// Which.
        sanction: Sanction,
    },
    /// An appointed officeholder is replaced.
    Replaced {
        /// In which case.
        case: CaseId,
        /// Who comes instead.
        successor: OfficeAssumed,
    },
    /// An elected officeholder is recalled.
    Recalled {
        /// By which petition.
        case: CaseId,
    },
    /// The charter's next version, whole: in force for motions tabled from then on.
    CharterAmended(Box<Charter>),
    /// The ledger is kept under these rules from then on.
    RulesVersionAdopted {
        /// The one after that in force.
        version: u32,
    },
}

impl Effect {
    /// What kind of effect it is: a rule names those that its decisions may have.
    pub const fn kind(&self) -> EffectKind {
        match self {
            Self::Power(_) => EffectKind::PowerList,
            Self::Appointed(_) => EffectKind::Appointment,
            Self::Sanctioned { .. } => EffectKind::Sanction,
            Self::Replaced { .. } => EffectKind::Replacement,
            Self::Recalled { .. } => EffectKind::Recall,
            Self::CharterAmended(_) => EffectKind::CharterAmendment,
            Self::RulesVersionAdopted { .. } => EffectKind::RulesVersion,
        }
    }

    /// Its name: what it does, and to what.
    pub fn name(&self) -> EffectName {
        let (what, subject): (_, Cow<'_, str>) = match self {
            Self::Power(change) => (
                match change {
                    PowerChange::Listed { .. } => "power_listed",
                    PowerChange::Amended { .. } => "power_amended",
                    PowerChange::Revoked { .. } => "power_revoked",
                    PowerChange::Delegated { .. } => "power_delegated",
                },
                change.item().as_str().into(),
            ),
            Self::Appointed(assumed) => ("appointed", assumed.office.as_str().into()),
            Self::Sanctioned { case, .. } => ("sanctioned", case.as_str().into()),
            Self::Replaced { case, .. } => ("replaced", case.as_str().into()),
            Self::Recalled { case } => ("recalled", case.as_str().into()),
            Self::CharterAmended(charter) => {
                ("charter_amended", charter.version.to_string().into())
            }
            Self::RulesVersionAdopted { version } => {
                ("rules_version_adopted", version.to_string().into())
            }
        };
        EffectName {
            what: what.to_owned(),
            subject: subject.into_owned(),
        }
    }
}

/// An effect by name: what undoes a decision names each of its effects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EffectName {
    /// The effect's field name on the wire, e.g. `power_listed`.
    pub what: String,
    /// The id of what it is about, e.g. of the item; of a charter or of the rules, the version.
    pub subject: String,
}

impl fmt::Display for EffectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what, self.subject)
    }
}

/// Who overturned a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OverturnedBy {
    /// A body above the one that decided (see [`hierarchy`](crate::hierarchy)).
    SuperiorBody,
    /// A court 法院.
    Court,
    /// The authority that orders a correction 责令改正.
    OrderedCorrection,
}

/// A decision no longer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionOverturned {
    /// The decision on which motion.
    pub motion: MotionId,
    /// By whom.
    pub by: OverturnedBy,
    /// The ruling or order, by number and day.
    pub order: String,
    /// The ruling or order itself, with its grounds.
    pub grounds: Content,
    /// The name of every effect that took place and is undone.
    pub undone: Vec<EffectName>,
    /// Who attests it.
    pub second: Attestor,
    /// The decision of a superior body that decides by vote; `None`: of one that acts through its officers, or of
    /// none.
    pub decision: Option<MotionId>,
}

/// What became of an adopted motion's effects: all took place, or none did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EffectsOutcome {
    /// All took effect with this entry.
    Taken,
    /// None did: what had been possible when the motion was tabled was so no more.
    Refused {
        /// Position of the first that could not, from 0.
        effect: u32,
        /// The stable code of the rule that stood against it.
        code: String,
    },
}
