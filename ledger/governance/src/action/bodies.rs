//! Bodies, rights, offices, rolls.

use serde::{Deserialize, Serialize};

use super::{Attestor, Content};
use crate::{
    calendar::Date,
    charter::{BodyKind, Right},
    ids::{BodyId, Digest, MotionId, OfficeId, PersonId, RoleId, RollId, UnitId},
};

/// Bodies, rights, offices, rolls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodiesAction {
    /// A body comes into being.
    BodyEstablished(BodyEstablished),
    /// A right is given.
    RightGranted(Grant),
    /// A right is taken back.
    RightWithdrawn(Grant),
    /// A person takes a seat.
    OfficeAssumed(OfficeAssumed),
    /// A seat falls vacant.
    OfficeEnded {
        /// Which.
        office: OfficeId,
        /// Why.
        cause: OfficeEndCause,
        /// The motion that decided it.
        decision: Option<MotionId>,
    },
    /// The holder resigns.
    ResignationFiled {
        /// Which office.
        office: OfficeId,
    },
    /// Derived: a term is over.
    TermEnded {
        /// Of which office.
        office: OfficeId,
    },
    /// What belongs to an office that ended is handed over (组织法 25).
    HandoverCompleted(HandoverCompleted),
    /// Derived: it was not, in its time.
    HandoverOverdue {
        /// Of which office.
        office: OfficeId,
    },
    /// The audit of who was head of a residents' committee is done (组织法 38).
    HeadAudited(HeadAudited),
    /// Derived: it was not, in its time.
    HeadAuditOverdue {
        /// Of which office.
        office: OfficeId,
    },
    /// Derived: what ended an office never was, so it is its holder's again, or is not, but never was a removal.
    RemovalVoided {
        /// Which.
        office: OfficeId,
        /// Whether the holder has it back.
        restored: bool,
    },
    /// A part of a roll not yet published.
    RollPart(RollPart),
    /// A roll becomes usable.
    RollPublished(RollPublished),
    /// Somebody says that a published roll is wrong (组织法 14–19).
    RollObjected(RollObjected),
    /// That is ruled on.
    RollObjectionRuled(RollObjectionRuled),
    /// What an objection says was read, by who made it or who may rule on it.
    RollObjectionRead {
        /// Against which roll.
        roll: RollId,
        /// From 0, in the order of the log.
        objection: u32,
        /// What was read.
        content: Digest,
    },
}

/// A body comes into being.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyEstablished {
    /// Its id.
    pub body: BodyId,
    /// What it is.
    pub kind: BodyKind,
    /// Its public name.
    pub name: String,
}

/// A right given to a body, or to one role in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who has it.
    pub body: BodyId,
    /// Only officeholders in this role; `None`: all officeholders of the body.
    pub role: Option<RoleId>,
    /// What.
    pub right: Right,
    /// Over which body; `None`: over every body and the ledger itself.
    pub over: Option<BodyId>,
    /// The motion that decided it.
    pub decision: Option<MotionId>,
}

/// How an office was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OfficeObtained {
    /// By the body's voters.
    Elected,
    /// By another body.
    Appointed,
    /// In a by-election; ends with the body's term.
    ByElection,
    /// Named in the founding entry.
    Founding,
}

/// A person takes a seat in a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeAssumed {
    /// Its id.
    pub office: OfficeId,
    /// In which body.
    pub body: BodyId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: RoleId,
    /// First day.
    pub term_from: Date,
    /// Last day; `None`: no fixed end.
    pub term_to: Option<Date>,
    /// How.
    pub obtained: OfficeObtained,
    /// The motion that decided it.
    pub decision: Option<MotionId>,
    /// The seat that fell vacant and is filled again: in a by-election, or by a replacement.
    pub succeeds: Option<OfficeId>,
    /// Published of committee members, among whom is at least one woman (组织法 8).
    pub woman: bool,
    /// The holder's seat in the other committee is disclosed, where the charter allows both on that condition.
    pub overlap_disclosed: bool,
    /// Where no decision of this ledger gave it: the election that did.
    pub elsewhere: Option<ElectedElsewhere>,
}

/// An election that was not held on this ledger: on paper alone, on another system, or before the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectedElsewhere {
    /// The second officer, who has seen its record.
    pub second: Attestor,
    /// What that record is called where it is kept.
    pub source: String,
    /// When it was held.
    pub held_on: Date,
}

/// Why an office ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OfficeEndCause {
    /// The term is over.
    Term,
    /// The holder resigned.
    Resignation,
    /// Recalled by those who elected.
    Recall,
    /// Replaced by those who appointed.
    Replacement,
    /// Twice in a row assessed "incompetent" (组织法 37).
    TwoIncompetent,
    /// Incapacity: the holder can no longer act.
    Incapacity,
    /// The election was invalid.
    InvalidElection,
    /// The holder left the community.
    Departure,
    /// The removal was annulled, and the office cannot be had back: it is no removal any more. Derived alone.
    RemovalAnnulled,
    /// The holder was convicted of a crime.
    Conviction,
}

/// What belongs to an office that ended is handed over: seal, papers, money, things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverCompleted {
    /// The office that ended.
    pub office: OfficeId,
    /// Who receives it, or watches over it.
    pub second: Attestor,
    /// The list of what was handed over.
    pub record: Option<Content>,
}

/// The audit of who was head of a residents' committee, on the term that ended (组织法 38).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadAudited {
    /// The office that ended.
    pub office: OfficeId,
    /// Who carried it out: the public name of an office or a firm.
    pub auditor: String,
    /// Whether it found anything that is not in order.
    pub irregular: bool,
    /// Who supervises, and has seen the report.
    pub second: Attestor,
    /// What it found, for everybody to read.
    pub report: Content,
}

/// One line of a roll. Lines with the same voter are one head with the summed area (民法典 278 with
/// 法释〔2009〕7号 art. 9); co-owners of a unit are one head: its voter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollLine {
    /// Who votes.
    pub voter: PersonId,
    /// Exclusive area in 0.01 m²; 0 where the body counts heads only.
    pub area: u64,
    /// Which unit.
    pub unit: Option<UnitId>,
    /// Who else owns it.
    pub co_owners: Vec<PersonId>,
}

/// A part of a roll: 1 to 1,000 lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollPart {
    /// The roll.
    pub roll: RollId,
    /// Whose electorate.
    pub body: BodyId,
    /// From 0, without gaps.
    pub part: u32,
    /// The lines.
    pub lines: Vec<RollLine>,
}

/// A roll becomes usable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollPublished {
    /// The roll.
    pub roll: RollId,
    /// Whose electorate.
    pub body: BodyId,
    /// The day from which it holds.
    pub as_of: Date,
    /// How many parts it has.
    pub parts: u32,
    /// Heads: distinct voters.
    pub members: u32,
    /// Sum of the areas, in 0.01 m².
    pub total_area: u64,
    /// [`crate::roll::digest`] of its lines.
    pub digest: Digest,
}

/// A published roll is wrong about somebody: who should be on it is not, or the other way round, or not so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollObjected {
    /// The roll.
    pub roll: RollId,
    /// About whom.
    pub person: PersonId,
    /// What is wrong, and why.
    pub content: Content,
}

/// An objection is ruled on. Where it is upheld, the roll is published anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollObjectionRuled {
    /// The roll.
    pub roll: RollId,
    /// From 0, in the order of the log.
    pub objection: u32,
    /// Whether the roll is wrong.
    pub upheld: bool,
    /// Why, for everybody to read.
    pub reason: String,
}
