//! Why an act is beyond the power list, and what decisions bring about, by name.

use std::fmt;

use crate::{
    action::{EffectName, PowerHolder},
    calendar::Date,
    charter::EffectKind,
    ids::{BodyId, MatterId, PowerId},
};

/// Effects by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(pub Vec<EffectName>);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(EffectName::to_string).collect();
        match names.as_slice() {
            [] => f.write_str("none"),
            names => f.write_str(&names.join(", ")),
        }
    }
}

/// Items of the power list in force that are nearest to an act: the actor's own first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nearest(pub Vec<PowerId>);

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items: Vec<&str> = self.0.iter().map(PowerId::as_str).collect();
        match items.as_slice() {
            [] => f.write_str("no item"),
            items => f.write_str(&items.join(", ")),
        }
    }
}

/// Why an act is beyond an item of the power list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overreach {
    /// The decision that listed it was overturned.
    Overturned,
    /// It was revoked, by this entry.
    Revoked(u64),
    /// It holds from this day.
    NotYetInForce(Date),
    /// It held until this day.
    NoLongerInForce(Date),
    /// It is another's.
    HeldBy(PowerHolder),
    /// It is the actor's, who has it no more for the time being.
    DelegatedTo(PowerHolder),
    /// It is over this body alone.
    OverAnotherBody(BodyId),
    /// It is for these matters alone.
    AnotherMatter(Vec<MatterId>),
}

impl fmt::Display for Overreach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overturned => f.write_str("the decision that listed it was overturned"),
            Self::Revoked(index) => write!(f, "it was revoked by entry {index}"),
            Self::NotYetInForce(day) => write!(f, "it is in force from {day}"),
            Self::NoLongerInForce(day) => write!(f, "it was in force until {day}"),
            Self::HeldBy(holder) => write!(f, "it is held by {holder}"),
            Self::DelegatedTo(holder) => write!(f, "it is delegated to {holder}"),
            Self::OverAnotherBody(body) => write!(f, "it is over {body} alone"),
            Self::AnotherMatter(matters) => {
                let matters: Vec<&str> = matters.iter().map(MatterId::as_str).collect();
                write!(f, "it is for {} alone", matters.join(", "))
            }
        }
    }
}

impl fmt::Display for PowerHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.role {
            None => self.body.fmt(f),
            Some(role) => write!(f, "{role} of {}", self.body),
        }
    }
}

impl fmt::Display for EffectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PowerList => "a change of the power list",
            Self::CharterAmendment => "a charter amendment",
            Self::RulesVersion => "another version of the rules",
            Self::Appointment => "an appointment",
            Self::Sanction => "a sanction",
            Self::Replacement => "a replacement",
            Self::Recall => "a recall",
        })
    }
}
