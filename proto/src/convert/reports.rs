//! Year-end reports and assessments.

use governance::action::{AssessmentLine, ReportAction, ReportAssessed};

use super::common::{id, list, required, to_wire};
use crate::{
    limits::LINES_MAX,
    malformed::{Malformed, Within},
    v1::{self, action::Payload},
};

impl TryFrom<v1::ReportFiled> for ReportAction {
    type Error = Malformed;

    fn try_from(wire: v1::ReportFiled) -> Result<Self, Malformed> {
        Ok(Self::ReportFiled {
            body: id(&wire.body).within("body")?,
            year: wire.year,
            content: required(wire.content)
                .and_then(TryInto::try_into)
                .within("content")?,
        })
    }
}

impl TryFrom<v1::ReportQuestioned> for ReportAction {
    type Error = Malformed;

    fn try_from(wire: v1::ReportQuestioned) -> Result<Self, Malformed> {
        Ok(Self::ReportQuestioned {
            body: id(&wire.body).within("body")?,
            year: wire.year,
            content: required(wire.content)
                .and_then(TryInto::try_into)
                .within("content")?,
        })
    }
}

impl TryFrom<v1::ReportAnswered> for ReportAction {
    type Error = Malformed;

    fn try_from(wire: v1::ReportAnswered) -> Result<Self, Malformed> {
        Ok(Self::ReportAnswered {
            body: id(&wire.body).within("body")?,
            year: wire.year,
            question: wire.question,
            content: required(wire.content)
                .and_then(TryInto::try_into)
                .within("content")?,
        })
    }
}

impl TryFrom<v1::AssessmentLine> for AssessmentLine {
    type Error = Malformed;

    fn try_from(wire: v1::AssessmentLine) -> Result<Self, Malformed> {
        Ok(Self {
            office: id(&wire.office).within("office")?,
            competent: wire.competent,
            basically_competent: wire.basically_competent,
            incompetent: wire.incompetent,
        })
    }
}

impl From<&AssessmentLine> for v1::AssessmentLine {
    fn from(line: &AssessmentLine) -> Self {
        Self {
            office: line.office.to_string(),
            competent: line.competent,
            basically_competent: line.basically_competent,
            incompetent: line.incompetent,
        }
    }
}

impl TryFrom<v1::ReportAssessed> for ReportAction {
    type Error = Malformed;

    fn try_from(wire: v1::ReportAssessed) -> Result<Self, Malformed> {
        Ok(Self::ReportAssessed(ReportAssessed {
            body: id(&wire.body).within("body")?,
            year: wire.year,
            second: required(wire.second)
                .and_then(TryInto::try_into)
                .within("second")?,
            lines: list(wire.lines, LINES_MAX, AssessmentLine::try_from).within("lines")?,
        }))
    }
}

impl TryFrom<v1::ReportOverdue> for ReportAction {
    type Error = Malformed;

    fn try_from(wire: v1::ReportOverdue) -> Result<Self, Malformed> {
        Ok(Self::ReportOverdue {
            body: id(&wire.body).within("body")?,
            year: wire.year,
        })
    }
}

impl From<&ReportAction> for Payload {
    fn from(action: &ReportAction) -> Self {
        let (body, year) = action.report();
        let body = body.to_string();
        match action {
            ReportAction::ReportFiled { content, .. } => Self::ReportFiled(v1::ReportFiled {
                body,
                year,
                content: Some(content.into()),
            }),
            ReportAction::ReportQuestioned { content, .. } => {
                Self::ReportQuestioned(v1::ReportQuestioned {
                    body,
                    year,
                    content: Some(content.into()),
                })
            }
            ReportAction::ReportAnswered {
                question, content, ..
            } => Self::ReportAnswered(v1::ReportAnswered {
                body,
                year,
                question: *question,
                content: Some(content.into()),
            }),
            ReportAction::ReportAssessed(assessed) => Self::ReportAssessed(v1::ReportAssessed {
                body,
                year,
                second: Some((&assessed.second).into()),
                lines: to_wire(&assessed.lines),
            }),
            ReportAction::ReportOverdue { .. } => {
                Self::ReportOverdue(v1::ReportOverdue { body, year })
            }
        }
    }
}
