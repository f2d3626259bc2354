//! Which entries have a text that everybody may read, and where it is: what the full-text search is made from.
//!
//! Only who reads this view knows the texts: official ones stand in the row, a motion's in its own view, and
//! erasable ones in the content store, from which they vanish when they are erased. What is private (the text of
//! what residents raise, allegations, defences, evidence) is not named here at all.

use governance::{
    action::{
        AffairsAction, BodiesAction, BodyEstablished, DeliberationAction, Effect, EffectsOutcome,
        IssueAction, Payload, PowerAction, PowerChange, PowerTerms, ReportAction,
    },
    ids::MotionId,
};
use serde::{Deserialize, Serialize};

use super::motions;
use crate::{
    codec,
    content::ContentRow,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Span, View, ViewBatch},
};

/// Index → the texts of its entry.
pub(crate) struct Texts;

const PREFIX: u8 = 16;
const OF_ENTRY: u8 = 1;

/// A text that everybody may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRow {
    /// What it is, such as `motion/roof`: a later text of the same key takes its place.
    pub key: String,
    /// What kind of text it is.
    pub kind: TextKind,
    /// The id of what it is about; of a report, the body's.
    pub subject: String,
    /// Where it is.
    pub place: TextPlace,
}

/// The kinds of public texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TextKind {
    /// What is or was put to the vote.
    Motion,
    /// What somebody said on a motion in an official capacity, an expert's opinion, or the grounds for
    /// overturning a decision.
    Statement,
    /// How far a decision is carried out.
    Progress,
    /// A year-end report.
    Report,
    /// A question about one, or its answer.
    Question,
    /// The public summary of what was raised, of its answer, or why it was refused.
    Issue,
    /// An item of the power list, or what was done under one.
    Power,
    /// A body's name.
    Body,
    /// What a consultation asks, or what came of it.
    Consultation,
    /// A task from above, or why it was refused.
    Task,
    /// What was made known.
    Disclosure,
    /// What was taken over from elsewhere.
    Record,
    /// What the audit of a residents' committee's head found.
    HeadAudit,
}

/// Where a text is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextPlace {
    /// Here: it can never be erased.
    Here(String),
    /// With the motion, as last amended.
    Motion(MotionId),
    /// In the content store, unless it was erased.
    Content(ContentRow),
}

impl Projection for Texts {
    fn name(&self) -> &'static str {
        "texts"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let texts = match &entry.action.payload {
            Payload::Founding(founded) => founded.bodies.iter().map(name).collect(),
            Payload::Bodies(BodiesAction::BodyEstablished(body)) => vec![name(body)],
            Payload::Bodies(BodiesAction::HeadAudited(audited)) => vec![TextRow {
                key: format!("head-audit/{}", audited.office),
                kind: TextKind::HeadAudit,
                subject: audited.office.to_string(),
                place: TextPlace::Content((&audited.report).into()),
            }],
            Payload::Deliberation(DeliberationAction::MotionDecided(decided)) => {
                match &decided.effects {
                    Some(EffectsOutcome::Taken) => {
                        powers(&motions::effects(batch, &decided.motion)?)
                    }
                    _ => return Ok(()),
                }
            }
            Payload::Deliberation(act) => deliberation(entry.index, act),
            Payload::Reports(act) => report(entry.index, act),
            Payload::Issues(act) => issue(act),
            Payload::Affairs(act) => affair(act),
            Payload::Power(PowerAction::PowerExercised(exercised)) => vec![TextRow {
                key: format!("act/{}", entry.index),
                kind: TextKind::Power,
                subject: exercised.item.to_string(),
                place: TextPlace::Here(exercised.summary.clone()),
            }],
            _ => return Ok(()),
        };
        if texts.is_empty() {
            return Ok(());
        }
        Ok(batch.put(of_entry().with(&entry.index), &texts)?)
    }
}

fn name(body: &BodyEstablished) -> TextRow {
    TextRow {
        key: format!("body/{}", body.body),
        kind: TextKind::Body,
        subject: body.body.to_string(),
        place: TextPlace::Here(body.name.clone()),
    }
}

fn deliberation(index: u64, act: &DeliberationAction) -> Vec<TextRow> {
    use DeliberationAction as D;
    let motion = |motion: &MotionId| TextRow {
        key: format!("motion/{motion}"),
        kind: TextKind::Motion,
        subject: motion.to_string(),
        place: TextPlace::Motion(motion.clone()),
    };
    let said = |motion: &MotionId, kind, place| TextRow {
        key: format!("said/{index}"),
        kind,
        subject: motion.to_string(),
        place,
    };
    match act {
        D::MotionTabled(tabled) => vec![motion(&tabled.motion)],
        D::MotionAmended { motion: id, .. } => vec![motion(id)],
        D::RollCallRecorded(call) if call.minuted.is_some() => vec![motion(&call.motion)],
        D::StatementMade {
            motion, content, ..
        }
        | D::ExpertOpinionFiled {
            motion, content, ..
        } => vec![said(
            motion,
            TextKind::Statement,
            TextPlace::Content(content.into()),
        )],
        D::DecisionOverturned(overturned) => {
            let place = TextPlace::Content((&overturned.grounds).into());
            vec![said(&overturned.motion, TextKind::Statement, place)]
        }
        D::DecisionImplemented(implemented) => vec![said(
            &implemented.motion,
            TextKind::Progress,
            TextPlace::Here(implemented.note.clone()),
        )],
        _ => Vec::new(),
    }
}

fn powers(effects: &[Effect]) -> Vec<TextRow> {
    let listed = effects.iter().filter_map(|effect| match effect {
        Effect::Power(
            PowerChange::Listed { item, terms } | PowerChange::Amended { item, terms },
        ) => Some((item, terms)),
        _ => None,
    });
    listed
        .map(|(item, terms)| TextRow {
            key: format!("power/{item}"),
            kind: TextKind::Power,
            subject: item.to_string(),
            place: TextPlace::Here(terms_text(terms)),
        })
        .collect()
}

fn terms_text(terms: &PowerTerms) -> String {
    [&terms.title, &terms.legal_basis, &terms.procedure]
        .map(String::as_str)
        .join("\n")
}

fn report(index: u64, act: &ReportAction) -> Vec<TextRow> {
    let (body, year) = act.report();
    let (key, kind, content) = match act {
        ReportAction::ReportFiled { content, .. } => {
            (format!("report/{body}/{year}"), TextKind::Report, content)
        }
        ReportAction::ReportQuestioned { content, .. }
        | ReportAction::ReportAnswered { content, .. } => {
            (format!("said/{index}"), TextKind::Question, content)
        }
        ReportAction::ReportOverdue { .. } | ReportAction::ReportAssessed(_) => return Vec::new(),
    };
    vec![TextRow {
        key,
        kind,
        subject: body.to_string(),
        place: TextPlace::Content(content.into()),
    }]
}

fn issue(act: &IssueAction) -> Vec<TextRow> {
    let (part, text) = match act {
        IssueAction::IssueRaised(raised) => {
            ("raised", format!("{}\n{}", raised.category, raised.summary))
        }
        IssueAction::IssueRefused { reason, .. } => ("refused", reason.clone()),
        IssueAction::IssueAnswered { summary, .. } => ("answer", summary.clone()),
        _ => return Vec::new(),
    };
    let issue = act.issue();
    vec![TextRow {
        key: format!("issue/{issue}/{part}"),
        kind: TextKind::Issue,
        subject: issue.to_string(),
        place: TextPlace::Here(text),
    }]
}

fn affair(act: &AffairsAction) -> Vec<TextRow> {
    let (part, kind, text) = match act {
        AffairsAction::ConsultationOpened(opened) => {
            ("asked", TextKind::Consultation, opened.question.clone())
        }
        AffairsAction::ConsultationClosed { summary, .. } => {
            ("closed", TextKind::Consultation, summary.clone())
        }
        AffairsAction::TaskAssigned(assigned) => {
            let said = [&assigned.title, &assigned.legal_basis, &assigned.funding];
            (
                "assigned",
                TextKind::Task,
                said.map(String::as_str).join("\n"),
            )
        }
        AffairsAction::TaskRefused { reason, .. } => ("refused", TextKind::Task, reason.clone()),
        AffairsAction::DisclosurePosted(posted) => {
            let said = format!("{}\n{}", posted.title, posted.text);
            ("posted", TextKind::Disclosure, said)
        }
        AffairsAction::RecordImported(imported) => {
            ("taken-over", TextKind::Record, imported.summary.clone())
        }
        // What somebody answers is theirs, and can be erased.
        AffairsAction::ConsultationAnswered { .. } | AffairsAction::TaskAccepted { .. } => {
            return Vec::new();
        }
    };
    let affair = act.affair();
    vec![TextRow {
        key: format!("affair/{affair}/{part}"),
        kind,
        subject: affair.to_string(),
        place: TextPlace::Here(text),
    }]
}

fn of_entry() -> Key {
    Key::table(PREFIX, OF_ENTRY)
}

impl View<'_> {
    /// The texts of entries from `from` on, in the log's order.
    pub fn texts_from(
        &self,
        from: u64,
        request: &PageRequest,
    ) -> Result<Page<(u64, Vec<TextRow>)>, QueryError> {
        let span = Span {
            from: of_entry().with(&from),
            ..Span::of(of_entry())
        };
        let start = of_entry().as_bytes().len();
        page::read(self, span, Order::Ascending, request, |key, bytes| {
            let index = key.get(start..).and_then(|bytes| bytes.try_into().ok());
            let texts: Vec<TextRow> = codec::decode(bytes)?;
            Ok(index.map(|index| (u64::from_be_bytes(index), texts)))
        })
    }

    /// The texts of one entry.
    pub fn texts_of(&self, index: u64) -> Result<Vec<TextRow>, QueryError> {
        use crate::view_store::Rows as _;
        Ok(self.get(&of_entry().with(&index))?.unwrap_or_default())
    }
}
