//! The history of each motion: every entry about it but the ballots, which [`super::votes`] lists.

use governance::{
    action::{Correction, DeliberationAction, Payload},
    ids::{Leaf, Millis, MotionId},
};
use serde::{Deserialize, Serialize};

use crate::{
    content::ContentRow,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    summary::{Summary, motion_of},
    view_store::{Order, Span, View, ViewBatch},
};

/// Motion and index → the entry.
pub(crate) struct History;

const PREFIX: u8 = 9;
const OF_MOTION: u8 = 1;

/// An entry about a motion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// Its place in the log.
    pub index: u64,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// Its leaf hash.
    pub leaf: Leaf,
    /// What it says.
    pub summary: Summary,
    /// The text of a statement or an opinion.
    pub content: Option<ContentRow>,
}

impl Projection for History {
    fn name(&self) -> &'static str {
        "history"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let (motion, content) = match &entry.action.payload {
            Payload::Deliberation(
                DeliberationAction::BallotCast(_) | DeliberationAction::OpeningSubmitted(_),
            ) => return Ok(()),
            Payload::Deliberation(act) => (motion_of(act), content_of(act)),
            Payload::Correction(corrected) => match &corrected.correction {
                Correction::RollCall { motion, .. } => (motion, None),
                Correction::Note(_) => return Ok(()),
            },
            _ => return Ok(()),
        };
        let row = HistoryRow {
            index: entry.index,
            recorded_at: entry.recorded_at,
            leaf: entry.leaf,
            summary: Summary::of(entry.action),
            content,
        };
        Ok(batch.put(of_motion(motion).with(&entry.index), &row)?)
    }
}

fn content_of(act: &DeliberationAction) -> Option<ContentRow> {
    match act {
        DeliberationAction::StatementMade { content, .. }
        | DeliberationAction::ExpertOpinionFiled { content, .. } => Some(content.into()),
        DeliberationAction::DecisionOverturned(overturned) => Some((&overturned.grounds).into()),
        _ => None,
    }
}

fn of_motion(motion: &MotionId) -> Key {
    Key::table(PREFIX, OF_MOTION).with(motion)
}

impl View<'_> {
    /// The entries about a motion, oldest first.
    pub fn motion_history(
        &self,
        motion: &MotionId,
        request: &PageRequest,
    ) -> Result<Page<HistoryRow>, QueryError> {
        let span = Span::of(of_motion(motion));
        page::read_rows(self, span, Order::Ascending, request, |_| true)
    }
}
