//! What is done about reports and issues.

use crate::{
    action::{AssessmentLine, Attestor, Capacity, Content, IssueAction, IssueKind, IssueRaised},
    action::{DecisionFiled, DecisionImplemented, DeliberationAction, Execution},
    action::{ReportAction, ReportAssessed},
    calendar::Date,
    ids::Digest,
};

use super::{
    community::id,
    deeds::{Deed, Doer, content},
};

/// The only content of an issue that these tests raise.
pub fn complaint() -> Content {
    Content {
        digest: Digest([9; 32]),
        ..content()
    }
}

/// A second officer of the supervision committee, in the office of their name.
fn supervisor(person: &str) -> Attestor {
    Attestor {
        person: id(person),
        capacity: Capacity {
            body: id("supervision"),
            office: Some(id(person)),
        },
    }
}

impl Doer {
    /// Says how far a decision is carried out.
    pub fn implements(self, motion: &str, progress: Execution) -> Deed {
        let implemented = DecisionImplemented {
            motion: id(motion),
            progress,
            note: "已完成招标".to_owned(),
            due: None,
        };
        self.does(DeliberationAction::DecisionImplemented(implemented).into())
    }

    /// Records that a decision was filed on this day.
    pub fn files(self, motion: &str, filed_on: Date) -> Deed {
        let filed = DecisionFiled {
            motion: id(motion),
            filed_on,
            reference: "新街备 2026-7".to_owned(),
        };
        self.does(DeliberationAction::DecisionFiled(filed).into())
    }

    /// Files the body's report on a year.
    pub fn reports(self, body: &str, year: u32) -> Deed {
        self.does(
            ReportAction::ReportFiled {
                body: id(body),
                year,
                content: content(),
            }
            .into(),
        )
    }

    /// Asks about a report.
    pub fn questions(self, body: &str, year: u32) -> Deed {
        self.does(
            ReportAction::ReportQuestioned {
                body: id(body),
                year,
                content: content(),
            }
            .into(),
        )
    }

    /// Answers a question about a report.
    pub fn answers(self, body: &str, year: u32, question: u32) -> Deed {
        self.does(
            ReportAction::ReportAnswered {
                body: id(body),
                year,
                question,
                content: content(),
            }
            .into(),
        )
    }

    /// Records an assessment, attested by `second` of the supervision committee: offices with marks for
    /// competent, basically competent, incompetent.
    pub fn assesses(self, body: &str, year: u32, second: &str, lines: &[(&str, [u32; 3])]) -> Deed {
        let line = |(office, [competent, basically_competent, incompetent]): &(&str, [u32; 3])| {
            AssessmentLine {
                office: id(office),
                competent: *competent,
                basically_competent: *basically_competent,
                incompetent: *incompetent,
            }
        };
        self.does(
            ReportAction::ReportAssessed(ReportAssessed {
                body: id(body),
                year,
                second: supervisor(second),
                lines: lines.iter().map(line).collect(),
            })
            .into(),
        )
    }

    /// Raises an issue with [`complaint`], which may be about a body or people.
    pub fn raises(
        self,
        issue: &str,
        kind: IssueKind,
        body: &str,
        concerns: Option<&str>,
        accused: &[&str],
    ) -> Deed {
        self.does(
            IssueAction::IssueRaised(IssueRaised {
                issue: id(issue),
                kind,
                category: "物业维修".to_owned(),
                summary: String::new(),
                content: complaint(),
                body: id(body),
                concerns: concerns.map(id),
                accused: accused.iter().map(|person| id(person)).collect(),
            })
            .into(),
        )
    }

    /// Takes an issue on.
    pub fn accepts(self, issue: &str) -> Deed {
        self.does(IssueAction::IssueAccepted { issue: id(issue) }.into())
    }

    /// Does not.
    pub fn refuses(self, issue: &str) -> Deed {
        let (issue, reason) = (id(issue), "不属于受理范围".to_owned());
        self.does(IssueAction::IssueRefused { issue, reason }.into())
    }

    /// Sends an issue on.
    pub fn refers(self, issue: &str, body: &str) -> Deed {
        let reason = "属业主委员会职责".to_owned();
        let (issue, body) = (id(issue), id(body));
        self.does(
            IssueAction::IssueReferred {
                issue,
                body,
                reason,
            }
            .into(),
        )
    }

    /// Gives an issue to an officer.
    pub fn assigns(self, issue: &str, handler: &str) -> Deed {
        let (issue, handler) = (id(issue), id(handler));
        self.does(IssueAction::IssueAssigned { issue, handler }.into())
    }

    /// Extends the time for an answer.
    pub fn extends(self, issue: &str) -> Deed {
        let (issue, reason) = (id(issue), "情况复杂".to_owned());
        self.does(IssueAction::IssueExtended { issue, reason }.into())
    }

    /// Answers an issue.
    pub fn settles(self, issue: &str) -> Deed {
        self.does(
            IssueAction::IssueAnswered {
                issue: id(issue),
                summary: "已修复".to_owned(),
                content: Some(content()),
            }
            .into(),
        )
    }

    /// Asks for a review.
    pub fn reopens(self, issue: &str) -> Deed {
        let (issue, content) = (id(issue), content());
        self.does(IssueAction::IssueReopened { issue, content }.into())
    }

    /// Closes an issue.
    pub fn closes_issue(self, issue: &str) -> Deed {
        self.does(IssueAction::IssueClosed { issue: id(issue) }.into())
    }

    /// Rates how it was handled.
    pub fn rates(self, issue: &str, score: u32) -> Deed {
        let issue = id(issue);
        self.does(IssueAction::SatisfactionRated { issue, score }.into())
    }

    /// Reads what is not public about it.
    pub fn reads(self, issue: &str, content: Digest) -> Deed {
        let issue = id(issue);
        self.does(IssueAction::IssueRead { issue, content }.into())
    }
}
