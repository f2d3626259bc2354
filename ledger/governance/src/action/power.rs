//! The power list 权力清单: who may do what, by which law, from when to when.

use serde::{Deserialize, Serialize};

use super::Content;
use crate::{
    calendar::Date,
    ids::{BodyId, MatterId, MotionId, PowerId, RoleId},
};

/// Who has a power: a body, or one role in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerHolder {
    /// The body.
    pub body: BodyId,
    /// Only officeholders in this role; `None`: all officeholders of the body.
    pub role: Option<RoleId>,
}

/// What an item says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerTerms {
    /// What may be done.
    pub title: String,
    /// By whom.
    pub holder: PowerHolder,
    /// Over which body; `None`: over every body.
    pub over: Option<BodyId>,
    /// In which matters, at most 64, each once; none: in any matter.
    pub matters: Vec<MatterId>,
    /// By which law 法律依据.
    pub legal_basis: String,
    /// In which steps 运行流程.
    pub procedure: String,
    /// First day.
    pub effective_from: Date,
    /// Last day; `None`: until it is revoked.
    pub effective_to: Option<Date>,
}

/// What a decision does to the power list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PowerChange {
    /// A new item.
    Listed {
        /// Its id; never used twice.
        item: PowerId,
        /// What it says.
        terms: PowerTerms,
    },
    /// An item says something else.
    Amended {
        /// Which.
        item: PowerId,
        /// All it says from now on.
        terms: PowerTerms,
    },
    /// An item is taken off the list.
    Revoked {
        /// Which.
        item: PowerId,
    },
    /// An item is another's to exercise for a time; meanwhile its holder does not.
    Delegated {
        /// Which.
        item: PowerId,
        /// Whose.
        to: PowerHolder,
        /// First day.
        from: Date,
        /// Last day; `None`: until it is amended or revoked.
        until: Option<Date>,
    },
}

impl PowerChange {
    /// Which item.
    pub const fn item(&self) -> &PowerId {
        match self {
            Self::Listed { item, .. }
            | Self::Amended { item, .. }
            | Self::Revoked { item }
            | Self::Delegated { item, .. } => item,
        }
    }
}

/// What is done under the power list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PowerAction {
    /// A power is exercised.
    PowerExercised(PowerExercised),
}

/// A power is exercised: what was done, under which item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerExercised {
    /// Under which item.
    pub item: PowerId,
    /// Over which body; `None`: over none in particular.
    pub over: Option<BodyId>,
    /// In which matter.
    pub matter: Option<MatterId>,
    /// What was done, as an official text: it is public for ever.
    pub summary: String,
    /// Its record: papers, figures, what names persons.
    pub record: Option<Content>,
    /// The decision it carries out.
    pub decision: Option<MotionId>,
}
