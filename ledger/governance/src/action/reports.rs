//! Year-end reports 年终报告 and their assessment.

use serde::{Deserialize, Serialize};

use super::{Attestor, Content};
use crate::ids::{BodyId, OfficeId};

/// Year-end reports and their assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportAction {
    /// A body gives account of a year.
    ReportFiled {
        /// Whose.
        body: BodyId,
        /// Of which year.
        year: u32,
        /// What it says.
        content: Content,
    },
    /// Somebody asks about a report.
    ReportQuestioned {
        /// Whose report.
        body: BodyId,
        /// Of which year.
        year: u32,
        /// The question.
        content: Content,
    },
    /// The body answers.
    ReportAnswered {
        /// Whose report.
        body: BodyId,
        /// Of which year.
        year: u32,
        /// Which question, from 0.
        question: u32,
        /// The answer.
        content: Content,
    },
    /// Residents assessed the body's officers.
    ReportAssessed(ReportAssessed),
    /// Derived: the day for it is over, and there is no report.
    ReportOverdue {
        /// Whose.
        body: BodyId,
        /// Of which year.
        year: u32,
    },
}

/// What residents think of a body's officers 民主评议: counted by the supervision committee, attested by
/// a second officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportAssessed {
    /// Whose report.
    pub body: BodyId,
    /// Of which year.
    pub year: u32,
    /// The second officer.
    pub second: Attestor,
    /// One line for each officer of the body.
    pub lines: Vec<AssessmentLine>,
}

/// How residents marked one officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentLine {
    /// Whom.
    pub office: OfficeId,
    /// 称职.
    pub competent: u32,
    /// 基本称职.
    pub basically_competent: u32,
    /// 不称职.
    pub incompetent: u32,
}

impl ReportAction {
    /// The body and year it is about.
    pub const fn report(&self) -> (&BodyId, u32) {
        match self {
            Self::ReportFiled { body, year, .. }
            | Self::ReportQuestioned { body, year, .. }
            | Self::ReportAnswered { body, year, .. }
            | Self::ReportOverdue { body, year } => (body, *year),
            Self::ReportAssessed(assessed) => (&assessed.body, assessed.year),
        }
    }
}
