//! What a committee's office does beside meetings and votes: consultations, tasks from above, records taken over
//! from elsewhere, disclosures.

use super::{Attestor, Content};
use crate::{
    calendar::Date,
    ids::{AffairId, BodyId, Digest, MatterId, Millis, PowerId},
};

/// Consultations, tasks, imports and disclosures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AffairsAction {
    /// People are asked before something is decided 事前调查, 征求意见.
    ConsultationOpened(ConsultationOpened),
    /// Somebody answers.
    ConsultationAnswered {
        /// Which.
        consultation: AffairId,
        /// What they say.
        content: Content,
    },
    /// It is over: what came of it.
    ConsultationClosed {
        /// Which.
        consultation: AffairId,
        /// What was said, and what is made of it; public.
        summary: String,
        /// The whole of it, where it is kept.
        content: Option<Content>,
    },
    /// An organ above gives a body something to do 行政事务.
    TaskAssigned(TaskAssigned),
    /// The body does it.
    TaskAccepted {
        /// Which.
        task: AffairId,
    },
    /// The body does not: it is not on the list of what such bodies do 准入.
    TaskRefused {
        /// Which.
        task: AffairId,
        /// Why; public.
        reason: String,
    },
    /// Something that took place elsewhere is taken over.
    RecordImported(RecordImported),
    /// Something is made known 居务公开.
    DisclosurePosted(DisclosurePosted),
}

impl AffairsAction {
    /// What it is about.
    pub const fn affair(&self) -> &AffairId {
        match self {
            Self::ConsultationOpened(opened) => &opened.consultation,
            Self::TaskAssigned(assigned) => &assigned.task,
            Self::RecordImported(imported) => &imported.record,
            Self::DisclosurePosted(posted) => &posted.disclosure,
            Self::ConsultationAnswered { consultation, .. }
            | Self::ConsultationClosed { consultation, .. } => consultation,
            Self::TaskAccepted { task } | Self::TaskRefused { task, .. } => task,
        }
    }
}

/// People are asked before something is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationOpened {
    /// Its id.
    pub consultation: AffairId,
    /// Whose decision it prepares.
    pub body: BodyId,
    /// On which matter: a motion that cites it is on the same.
    pub matter: MatterId,
    /// What is asked.
    pub question: String,
    /// The first moment that is too late to answer.
    pub closes_at: Millis,
}

/// An organ above gives a body something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskAssigned {
    /// Its id.
    pub task: AffairId,
    /// Who is to do it.
    pub body: BodyId,
    /// What.
    pub title: String,
    /// The law it rests on; none: it is refused at once.
    pub legal_basis: String,
    /// Who pays, and how much.
    pub funding: String,
    /// The item of the list of such tasks; `None`: it is on none, and the body may refuse it.
    pub item: Option<PowerId>,
}

/// Something that took place elsewhere, such as a vote held on a city platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordImported {
    /// Its id.
    pub record: AffairId,
    /// Whose it is.
    pub body: BodyId,
    /// Its own id where it comes from: nothing is taken over twice.
    pub source: String,
    /// SHA-256 of the original.
    pub digest: Digest,
    /// When it took place.
    pub held_on: Date,
    /// What it says; public.
    pub summary: String,
    /// The original, where it is kept.
    pub content: Option<Content>,
    /// The second officer.
    pub second: Attestor,
}

/// Something is made known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosurePosted {
    /// Its id.
    pub disclosure: AffairId,
    /// Whose.
    pub body: BodyId,
    /// What it is about.
    pub title: String,
    /// The text; public.
    pub text: String,
    /// The last day it hangs out.
    pub until: Date,
}
