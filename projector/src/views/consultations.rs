//! Consultations 征求意见: what was asked before a decision, until when, how many answered, what came of it.
//!
//! What each answer says is erasable content of whoever gave it, and is not here: the summary that closes a
//! consultation is what everybody may read.

use governance::{
    action::{AffairsAction, ConsultationOpened, DeliberationAction, Payload},
    ids::{AffairId, BodyId, MatterId, Millis, MotionId},
};
use serde::{Deserialize, Serialize};

use super::powers::Moment;
use crate::{
    codec,
    content::ContentRow,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
};

/// Consultation → what was asked; index → consultation; body and index → consultation; index → consultation
/// that is not closed; consultation and index → motion that rests on it.
pub(crate) struct Consultations;

const PREFIX: u8 = 17;
const CONSULTATION: u8 = 1;
const BY_INDEX: u8 = 2;
const OF_BODY: u8 = 3;
const NOT_CLOSED: u8 = 4;
const RESTS_ON: u8 = 5;

/// Motions told with a consultation: hardly one has more than a few.
const RESTING_MAX: usize = 100;

/// A consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultationRow {
    /// Its id.
    pub consultation: AffairId,
    /// Whose decision it prepares.
    pub body: BodyId,
    /// On which matter: a motion that rests on it is on the same.
    pub matter: MatterId,
    /// What is asked.
    pub question: String,
    /// The first moment that is too late to answer.
    pub closes_at: Millis,
    /// The entry that opened it.
    pub opened: Moment,
    /// How many answered.
    pub answers: u64,
    /// How it was closed.
    pub closed: Option<ClosedRow>,
}

/// How a consultation was closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedRow {
    /// The entry.
    pub made: Moment,
    /// What was said, and what is made of it.
    pub summary: String,
    /// The whole of it, where it is kept.
    pub content: Option<ContentRow>,
}

/// Where a consultation stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConsultationStatus {
    /// It can be answered.
    Open,
    /// Its time is over, and nobody has said yet what came of it.
    Over,
    /// What came of it is told.
    Closed,
}

impl ConsultationRow {
    /// Where it stands at a moment.
    pub fn status(&self, now: Millis) -> ConsultationStatus {
        match &self.closed {
            Some(_) => ConsultationStatus::Closed,
            None if now < self.closes_at => ConsultationStatus::Open,
            None => ConsultationStatus::Over,
        }
    }
}

impl Projection for Consultations {
    fn name(&self) -> &'static str {
        "consultations"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        match &entry.action.payload {
            Payload::Affairs(AffairsAction::ConsultationOpened(opened)) => {
                open(entry, opened, batch)
            }
            Payload::Affairs(AffairsAction::ConsultationAnswered { consultation, .. }) => {
                change(entry, consultation, batch, |row| row.answers += 1)
            }
            Payload::Affairs(AffairsAction::ConsultationClosed {
                consultation,
                summary,
                content,
            }) => {
                let closed = ClosedRow {
                    made: Moment::of(entry),
                    summary: summary.clone(),
                    content: content.as_ref().map(Into::into),
                };
                if let Some(row) = find(batch, consultation)? {
                    batch.remove(not_closed().with(&row.opened.index));
                }
                change(entry, consultation, batch, |row| row.closed = Some(closed))
            }
            Payload::Deliberation(DeliberationAction::MotionTabled(tabled)) => {
                let Some(consultation) = &tabled.consultation else {
                    return Ok(());
                };
                Ok(batch.put(rests_on(consultation).with(&entry.index), &tabled.motion)?)
            }
            _ => Ok(()),
        }
    }
}

fn open(
    entry: &Logged<'_>,
    opened: &ConsultationOpened,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = ConsultationRow {
        consultation: opened.consultation.clone(),
        body: opened.body.clone(),
        matter: opened.matter.clone(),
        question: opened.question.clone(),
        closes_at: opened.closes_at,
        opened: Moment::of(entry),
        answers: 0,
        closed: None,
    };
    for table in [by_index(), of_body(&row.body), not_closed()] {
        batch.put(table.with(&entry.index), &row.consultation)?;
    }
    Ok(batch.put(key(&row.consultation), &row)?)
}

fn change(
    entry: &Logged<'_>,
    consultation: &AffairId,
    batch: &mut ViewBatch<'_>,
    change: impl FnOnce(&mut ConsultationRow),
) -> Result<(), ProjectionError> {
    let mut row = find(batch, consultation)?
        .ok_or_else(|| ProjectionError::unknown(entry, "consultation", consultation))?;
    change(&mut row);
    Ok(batch.put(key(consultation), &row)?)
}

fn find(rows: &impl Rows, consultation: &AffairId) -> Result<Option<ConsultationRow>, StoreError> {
    rows.get(&key(consultation))
}

fn key(consultation: &AffairId) -> Key {
    Key::table(PREFIX, CONSULTATION).with(consultation)
}

fn by_index() -> Key {
    Key::table(PREFIX, BY_INDEX)
}

fn of_body(body: &BodyId) -> Key {
    Key::table(PREFIX, OF_BODY).with(body)
}

fn not_closed() -> Key {
    Key::table(PREFIX, NOT_CLOSED)
}

fn rests_on(consultation: &AffairId) -> Key {
    Key::table(PREFIX, RESTS_ON).with(consultation)
}

/// Which consultations to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsultationFilter {
    /// Only those that prepare this body's decisions.
    pub body: Option<BodyId>,
    /// Only those that stand here.
    pub status: Option<ConsultationStatus>,
}

impl ConsultationFilter {
    /// The table with the fewest rows beside those that are wanted: few are under way at once.
    fn table(&self) -> Key {
        use ConsultationStatus as S;
        match (self.status, &self.body) {
            (Some(S::Open | S::Over), _) => not_closed(),
            (_, Some(body)) => of_body(body),
            (_, None) => by_index(),
        }
    }

    fn takes(&self, row: &ConsultationRow, now: Millis) -> bool {
        self.body.as_ref().is_none_or(|body| row.body == *body)
            && self.status.is_none_or(|status| row.status(now) == status)
    }
}

impl View<'_> {
    /// One consultation.
    pub fn consultation(
        &self,
        consultation: &AffairId,
    ) -> Result<Option<ConsultationRow>, QueryError> {
        Ok(find(self, consultation)?)
    }

    /// The motions that rest on a consultation, the one tabled first first.
    pub fn motions_resting_on(&self, consultation: &AffairId) -> Result<Vec<MotionId>, QueryError> {
        let span = Span::of(rests_on(consultation));
        let rows = self.scan(&span, Order::Ascending).take(RESTING_MAX);
        rows.map(|pair| Ok(codec::decode(&pair?.1)?)).collect()
    }

    /// Consultations as they stand at `now`, the one opened last first.
    pub fn consultations(
        &self,
        filter: &ConsultationFilter,
        now: Millis,
        request: &PageRequest,
    ) -> Result<Page<ConsultationRow>, QueryError> {
        let span = Span::of(filter.table());
        page::read(self, span, Order::Descending, request, |_, id| {
            let id: AffairId = codec::decode(id)?;
            let row = self.consultation(&id)?;
            Ok(row.filter(|row| filter.takes(row, now)))
        })
    }
}
