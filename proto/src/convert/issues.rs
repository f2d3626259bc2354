//! Issues: what residents raise.

use governance::action::{IssueAction, IssueKind, IssueRaised, IssueStep};

use super::common::{
    digest, enumeration, id, ids, number, optional, optional_id, required, to_texts, wire_enum,
};
use crate::{
    limits::{ACCUSED_MAX, CITATION_LEN_MAX, NAME_LEN_MAX},
    malformed::{Malformed, Within},
    text,
    v1::{self, action::Payload},
};

wire_enum!(
    IssueKind,
    IssueKind {
        Request,
        Complaint,
        Report,
    }
);
wire_enum!(
    IssueStep,
    IssueStep {
        Accept,
        Answer,
        Review,
    }
);

impl TryFrom<v1::IssueRaised> for IssueAction {
    type Error = Malformed;

    fn try_from(wire: v1::IssueRaised) -> Result<Self, Malformed> {
        Ok(Self::IssueRaised(IssueRaised {
            issue: id(&wire.issue).within("issue")?,
            kind: enumeration(wire.kind).within("kind")?,
            category: text::required(wire.category, NAME_LEN_MAX).within("category")?,
            summary: text::optional(wire.summary, CITATION_LEN_MAX).within("summary")?,
            content: required(wire.content)
                .and_then(TryInto::try_into)
                .within("content")?,
            body: id(&wire.body).within("body")?,
            concerns: optional_id(&wire.concerns).within("concerns")?,
            accused: ids(wire.accused, ACCUSED_MAX).within("accused")?,
        }))
    }
}

/// Messages that name an issue and nothing else.
macro_rules! of_issue {
    ($($name:ident),+) => {$(
        impl TryFrom<v1::$name> for IssueAction {
            type Error = Malformed;

            fn try_from(wire: v1::$name) -> Result<Self, Malformed> {
                Ok(Self::$name {
                    issue: id(&wire.issue).within("issue")?,
                })
            }
        }
    )+};
}
of_issue!(IssueAccepted, IssueClosed);

/// Messages that give a reason and nothing else.
macro_rules! with_reason {
    ($($name:ident),+) => {$(
        impl TryFrom<v1::$name> for IssueAction {
            type Error = Malformed;

            fn try_from(wire: v1::$name) -> Result<Self, Malformed> {
                Ok(Self::$name {
                    issue: id(&wire.issue).within("issue")?,
                    reason: text::required(wire.reason, CITATION_LEN_MAX).within("reason")?,
                })
            }
        }
    )+};
}
with_reason!(IssueRefused, IssueExtended);

impl TryFrom<v1::IssueReferred> for IssueAction {
    type Error = Malformed;

    fn try_from(wire: v1::IssueReferred) -> Result<Self, Malformed> {
        Ok(Self::IssueReferred {
            issue: id(&wire.issue).within("issue")?,
            body: id(&wire.body).within("body")?,
            reason: text::required(wire.reason, CITATION_LEN_MAX).within("reason")?,
        })
    }
}

impl TryFrom<v1::IssueAssigned> for IssueAction {
    type Error = Malformed;

    fn try_from(wire: v1::IssueAssigned) -> Result<Self, Malformed> {
        Ok(Self::IssueAssigned {
            issue: id(&wire.issue).within("issue")?,
            handler: id(&wire.handler).within("handler")?,
        })
    }
}

impl TryFrom<v1::IssueAnswered> for IssueAction {
    type Error = Malformed;

    fn try_from(wire: v1::IssueAnswered) -> Result<Self, Malformed> {
        Ok(Self::IssueAnswered {
            issue: id(&wire.issue).within("issue")?,
            summary: text::required(wire.summary, CITATION_LEN_MAX).within("summary")?,
            content: wire
                .content
                .map(TryInto::try_into)
                .transpose()
                .within("content")?,
        })
    }
}

impl TryFrom<v1::IssueReopened> for IssueAction {
    type Error = Malformed;

    fn try_from(wire: v1::IssueReopened) -> Result<Self, Malformed> {
        Ok(Self::IssueReopened {
            issue: id(&wire.issue).within("issue")?,
            content: required(wire.content)
                .and_then(TryInto::try_into)
                .within("content")?,
        })
    }
}

impl TryFrom<v1::SatisfactionRated> for IssueAction {
    type Error = Malformed;

    fn try_from(wire: v1::SatisfactionRated) -> Result<Self, Malformed> {
        Ok(Self::SatisfactionRated {
            issue: id(&wire.issue).within("issue")?,
            score: wire.score,
        })
    }
}

impl TryFrom<v1::IssueRead> for IssueAction {
    type Error = Malformed;

    fn try_from(wire: v1::IssueRead) -> Result<Self, Malformed> {
        Ok(Self::IssueRead {
            issue: id(&wire.issue).within("issue")?,
            content: digest(&wire.content).within("content")?,
        })
    }
}

impl TryFrom<v1::IssueOverdue> for IssueAction {
    type Error = Malformed;

    fn try_from(wire: v1::IssueOverdue) -> Result<Self, Malformed> {
        Ok(Self::IssueOverdue {
            issue: id(&wire.issue).within("issue")?,
            step: enumeration(wire.step).within("step")?,
        })
    }
}

impl From<&IssueRaised> for v1::IssueRaised {
    fn from(raised: &IssueRaised) -> Self {
        Self {
            issue: raised.issue.to_string(),
            kind: number(raised.kind),
            category: raised.category.clone(),
            summary: raised.summary.clone(),
            content: Some((&raised.content).into()),
            body: raised.body.to_string(),
            concerns: optional(raised.concerns.as_ref()),
            accused: to_texts(&raised.accused),
        }
    }
}

impl From<&IssueAction> for Payload {
    fn from(action: &IssueAction) -> Self {
        use IssueAction as I;
        let issue = action.issue().to_string();
        match action {
            I::IssueRaised(raised) => Self::IssueRaised(raised.into()),
            I::IssueAccepted { .. } => Self::IssueAccepted(v1::IssueAccepted { issue }),
            I::IssueRefused { reason, .. } => Self::IssueRefused(v1::IssueRefused {
                issue,
                reason: reason.clone(),
            }),
            I::IssueReferred { body, reason, .. } => Self::IssueReferred(v1::IssueReferred {
                issue,
                body: body.to_string(),
                reason: reason.clone(),
            }),
            I::IssueAssigned { handler, .. } => Self::IssueAssigned(v1::IssueAssigned {
                issue,
                handler: handler.to_string(),
            }),
            I::IssueExtended { reason, .. } => Self::IssueExtended(v1::IssueExtended {
                issue,
                reason: reason.clone(),
            }),
            I::IssueAnswered {
                summary, content, ..
            } => Self::IssueAnswered(v1::IssueAnswered {
                issue,
                summary: summary.clone(),
                content: content.as_ref().map(Into::into),
            }),
            I::IssueReopened { content, .. } => Self::IssueReopened(v1::IssueReopened {
                issue,
                content: Some(content.into()),
            }),
            I::IssueClosed { .. } => Self::IssueClosed(v1::IssueClosed { issue }),
            I::SatisfactionRated { score, .. } => Self::SatisfactionRated(v1::SatisfactionRated {
                issue,
                score: *score,
            }),
            I::IssueRead { content, .. } => Self::IssueRead(v1::IssueRead {
                issue,
                content: content.0.to_vec(),
            }),
            I::IssueOverdue { step, .. } => Self::IssueOverdue(v1::IssueOverdue {
                issue,
                step: number(*step),
            }),
        }
    }
}
