//! Consultations, tasks, imports, disclosures.

use governance::{
    action::{AffairsAction, ConsultationOpened, DisclosurePosted, RecordImported, TaskAssigned},
    ids::Millis,
};

use super::common::{date, digest, id, optional, optional_id, required};
use crate::{
    limits::{CITATION_LEN_MAX, PARAGRAPHS_LEN_MAX, TITLE_LEN_MAX},
    malformed::{Malformed, Within},
    text,
    v1::{self, action::Payload},
};

impl TryFrom<v1::ConsultationOpened> for AffairsAction {
    type Error = Malformed;

    fn try_from(wire: v1::ConsultationOpened) -> Result<Self, Malformed> {
        Ok(Self::ConsultationOpened(ConsultationOpened {
            consultation: id(&wire.consultation).within("consultation")?,
            body: id(&wire.body).within("body")?,
            matter: id(&wire.matter).within("matter")?,
            question: text::required(wire.question, PARAGRAPHS_LEN_MAX).within("question")?,
            closes_at: Millis(wire.closes_at_ms),
        }))
    }
}

impl TryFrom<v1::ConsultationAnswered> for AffairsAction {
    type Error = Malformed;

    fn try_from(wire: v1::ConsultationAnswered) -> Result<Self, Malformed> {
        Ok(Self::ConsultationAnswered {
            consultation: id(&wire.consultation).within("consultation")?,
            content: required(wire.content)
                .and_then(TryInto::try_into)
                .within("content")?,
        })
    }
}

impl TryFrom<v1::ConsultationClosed> for AffairsAction {
    type Error = Malformed;

    fn try_from(wire: v1::ConsultationClosed) -> Result<Self, Malformed> {
        Ok(Self::ConsultationClosed {
            consultation: id(&wire.consultation).within("consultation")?,
            summary: text::required(wire.summary, CITATION_LEN_MAX).within("summary")?,
            content: wire
                .content
                .map(TryInto::try_into)
                .transpose()
                .within("content")?,
        })
    }
}

impl TryFrom<v1::TaskAssigned> for AffairsAction {
    type Error = Malformed;

    fn try_from(wire: v1::TaskAssigned) -> Result<Self, Malformed> {
        Ok(Self::TaskAssigned(TaskAssigned {
            task: id(&wire.task).within("task")?,
            body: id(&wire.body).within("body")?,
            title: text::required(wire.title, TITLE_LEN_MAX).within("title")?,
            // That a task gives both is a rule, and refused as one.
            legal_basis: text::optional(wire.legal_basis, CITATION_LEN_MAX)
                .within("legal_basis")?,
            funding: text::optional(wire.funding, CITATION_LEN_MAX).within("funding")?,
            item: optional_id(&wire.item).within("item")?,
        }))
    }
}

impl TryFrom<v1::TaskAccepted> for AffairsAction {
    type Error = Malformed;

    fn try_from(wire: v1::TaskAccepted) -> Result<Self, Malformed> {
        Ok(Self::TaskAccepted {
            task: id(&wire.task).within("task")?,
        })
    }
}

impl TryFrom<v1::TaskRefused> for AffairsAction {
    type Error = Malformed;

    fn try_from(wire: v1::TaskRefused) -> Result<Self, Malformed> {
        Ok(Self::TaskRefused {
            task: id(&wire.task).within("task")?,
            reason: text::required(wire.reason, CITATION_LEN_MAX).within("reason")?,
        })
    }
}

impl TryFrom<v1::RecordImported> for AffairsAction {
    type Error = Malformed;

    fn try_from(wire: v1::RecordImported) -> Result<Self, Malformed> {
        Ok(Self::RecordImported(RecordImported {
            record: id(&wire.record).within("record")?,
            body: id(&wire.body).within("body")?,
            source: text::required(wire.source, CITATION_LEN_MAX).within("source")?,
            digest: digest(&wire.digest).within("digest")?,
            held_on: date(&wire.held_on).within("held_on")?,
            summary: text::required(wire.summary, CITATION_LEN_MAX).within("summary")?,
            content: wire
                .content
                .map(TryInto::try_into)
                .transpose()
                .within("content")?,
            second: required(wire.second)
                .and_then(TryInto::try_into)
                .within("second")?,
        }))
    }
}

impl TryFrom<v1::DisclosurePosted> for AffairsAction {
    type Error = Malformed;

    fn try_from(wire: v1::DisclosurePosted) -> Result<Self, Malformed> {
        Ok(Self::DisclosurePosted(DisclosurePosted {
            disclosure: id(&wire.disclosure).within("disclosure")?,
            body: id(&wire.body).within("body")?,
            title: text::required(wire.title, TITLE_LEN_MAX).within("title")?,
            text: text::required(wire.text, PARAGRAPHS_LEN_MAX).within("text")?,
            until: date(&wire.until).within("until")?,
        }))
    }
}

impl From<&AffairsAction> for Payload {
    fn from(action: &AffairsAction) -> Self {
        use AffairsAction as A;
        match action {
            A::ConsultationOpened(opened) => Self::ConsultationOpened(v1::ConsultationOpened {
                consultation: opened.consultation.to_string(),
                body: opened.body.to_string(),
                question: opened.question.clone(),
                closes_at_ms: opened.closes_at.0,
                matter: opened.matter.to_string(),
            }),
            A::ConsultationAnswered {
                consultation,
                content,
            } => Self::ConsultationAnswered(v1::ConsultationAnswered {
                consultation: consultation.to_string(),
                content: Some(content.into()),
            }),
            A::ConsultationClosed {
                consultation,
                summary,
                content,
            } => Self::ConsultationClosed(v1::ConsultationClosed {
                consultation: consultation.to_string(),
                summary: summary.clone(),
                content: content.as_ref().map(Into::into),
            }),
            A::TaskAssigned(assigned) => Self::TaskAssigned(v1::TaskAssigned {
                task: assigned.task.to_string(),
                body: assigned.body.to_string(),
                title: assigned.title.clone(),
                legal_basis: assigned.legal_basis.clone(),
                funding: assigned.funding.clone(),
                item: optional(assigned.item.as_ref()),
            }),
            A::TaskAccepted { task } => Self::TaskAccepted(v1::TaskAccepted {
                task: task.to_string(),
            }),
            A::TaskRefused { task, reason } => Self::TaskRefused(v1::TaskRefused {
                task: task.to_string(),
                reason: reason.clone(),
            }),
            A::RecordImported(imported) => Self::RecordImported(v1::RecordImported {
                record: imported.record.to_string(),
                body: imported.body.to_string(),
                source: imported.source.clone(),
                digest: imported.digest.0.to_vec(),
                held_on: imported.held_on.to_string(),
                summary: imported.summary.clone(),
                content: imported.content.as_ref().map(Into::into),
                second: Some((&imported.second).into()),
            }),
            A::DisclosurePosted(posted) => Self::DisclosurePosted(v1::DisclosurePosted {
                disclosure: posted.disclosure.to_string(),
                body: posted.body.to_string(),
                title: posted.title.clone(),
                text: posted.text.clone(),
                until: posted.until.to_string(),
            }),
        }
    }
}
