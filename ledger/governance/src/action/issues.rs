//! Issues 诉求, 投诉, 举报: what residents raise, with a clock running.

use serde::{Deserialize, Serialize};

use super::Content;
use crate::ids::{BodyId, Digest, IssueId, PersonId};

/// Issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssueAction {
    /// Somebody raises an issue.
    IssueRaised(IssueRaised),
    /// The body takes it on.
    IssueAccepted {
        /// Which.
        issue: IssueId,
    },
    /// The body does not take it on.
    IssueRefused {
        /// Which.
        issue: IssueId,
        /// Why; public.
        reason: String,
    },
    /// It goes to another body, and the clock begins again.
    IssueReferred {
        /// Which.
        issue: IssueId,
        /// To whom.
        body: BodyId,
        /// Why; public.
        reason: String,
    },
    /// One officer of the body handles it.
    IssueAssigned {
        /// Which.
        issue: IssueId,
        /// Who.
        handler: PersonId,
    },
    /// The one extension.
    IssueExtended {
        /// Which.
        issue: IssueId,
        /// Why; public.
        reason: String,
    },
    /// It is answered.
    IssueAnswered {
        /// Which.
        issue: IssueId,
        /// What can be said in public.
        summary: String,
        /// What only those concerned may read.
        content: Option<Content>,
    },
    /// Who raised it asks for a review 复查.
    IssueReopened {
        /// Which.
        issue: IssueId,
        /// Why.
        content: Content,
    },
    /// It is over.
    IssueClosed {
        /// Which.
        issue: IssueId,
    },
    /// Who raised it says how it was handled.
    SatisfactionRated {
        /// Which.
        issue: IssueId,
        /// From 1 to 5.
        score: u32,
    },
    /// Somebody reads what is not public about it.
    IssueRead {
        /// Which.
        issue: IssueId,
        /// Which of its contents.
        content: Digest,
    },
    /// Derived: a clock has run out.
    IssueOverdue {
        /// Which.
        issue: IssueId,
        /// What should have been done.
        step: IssueStep,
    },
}

/// An issue as it is raised. What is public about it is its kind, category and summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueRaised {
    /// Its id.
    pub issue: IssueId,
    /// What kind it is.
    pub kind: IssueKind,
    /// What it is about in a word or two, e.g. 物业维修; public.
    pub category: String,
    /// What can be said in public; may be empty.
    pub summary: String,
    /// What only those who handle it may read.
    pub content: Content,
    /// Who is to handle it.
    pub body: BodyId,
    /// The body it is about, where it is about one: none of its officers handles it.
    pub concerns: Option<BodyId>,
    /// Whom it accuses, by their pseudonyms: none of them handles it.
    pub accused: Vec<PersonId>,
}

/// What kind of issue it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IssueKind {
    /// 诉求: somebody wants something done.
    Request,
    /// 投诉: somebody was treated badly.
    Complaint,
    /// 举报: somebody did wrong.
    Report,
}

/// What must be done next, and in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IssueStep {
    /// Accept or refuse it.
    Accept,
    /// Answer it.
    Answer,
    /// Answer the review.
    Review,
}

impl IssueAction {
    /// The issue it is about.
    pub const fn issue(&self) -> &IssueId {
        match self {
            Self::IssueRaised(raised) => &raised.issue,
            Self::IssueAccepted { issue }
            | Self::IssueRefused { issue, .. }
            | Self::IssueReferred { issue, .. }
            | Self::IssueAssigned { issue, .. }
            | Self::IssueExtended { issue, .. }
            | Self::IssueAnswered { issue, .. }
            | Self::IssueReopened { issue, .. }
            | Self::IssueClosed { issue }
            | Self::SatisfactionRated { issue, .. }
            | Self::IssueRead { issue, .. }
            | Self::IssueOverdue { issue, .. } => issue,
        }
    }
}
