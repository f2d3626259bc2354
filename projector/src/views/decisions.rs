//! Decisions, the one held last first.

use governance::{
    action::{
        Correction, DecisionFiled, DecisionImplemented, DecisionOverturned, DeliberationAction,
        Execution, MotionDecided, Outcome, OverturnedBy, Payload, RecordCorrected,
    },
    calendar::Date,
    ids::{BodyId, MatterId, Millis, MotionId, PowerId},
};
use serde::{Deserialize, Serialize};

mod lists;
mod powers;

pub use self::lists::DecisionFilter;

use super::{
    constitution,
    motions::{self, MotionRow},
};
use crate::{
    codec,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
};

/// Motion → decision; index → motion; and the tables of its two files.
pub(crate) struct Decisions;

const PREFIX: u8 = 11;
const DECISION: u8 = 1;
const BY_INDEX: u8 = 4;

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// On which motion.
    pub motion: MotionId,
    /// Its title.
    pub title: String,
    /// Who decided.
    pub body: BodyId,
    /// Index of the `MotionDecided` entry.
    pub index: u64,
    /// When that was recorded.
    pub recorded_at: Millis,
    /// The day of the vote: as minuted, or the local day of its last moment.
    pub held_on: Date,
    /// Outcome, tally, rule and citation.
    pub result: MotionDecided,
    /// An import's own id for it; may be empty.
    pub source: String,
    /// What minutes say of it in their own words; may be empty.
    pub source_outcome: String,
    /// Whether it was taken from minutes.
    pub minuted: bool,
    /// Where it stands no longer.
    pub overturned: Option<OverturnedRow>,
    /// How far it is carried out, as last said.
    pub progress: Option<ProgressRow>,
    /// Items of the power list that it changed, that it rests on, or under which it is carried out; sorted.
    pub powers: Vec<PowerId>,
    /// The matters they are for; sorted.
    pub matters: Vec<MatterId>,
    /// Where its roll call was corrected: `result` is the tally of the last correction.
    pub corrected: Option<CorrectedRow>,
    /// Where its rule has it filed.
    pub filing: Option<FilingRow>,
}

/// With whom a decision is filed, and whether it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilingRow {
    /// With whom.
    pub with: BodyId,
    /// The first moment that is too late.
    pub due_at: Millis,
    /// Once it is recorded as filed.
    pub filed: Option<FiledRow>,
}

/// How a decision was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledRow {
    /// Index of the entry that says so.
    pub index: u64,
    /// When that was recorded.
    pub recorded_at: Millis,
    /// The day it was received.
    pub filed_on: Date,
    /// Its number there; may be empty.
    pub reference: String,
}

/// How a roll call was corrected, and tallied again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectedRow {
    /// Index of the last correction.
    pub index: u64,
    /// When that was recorded.
    pub recorded_at: Millis,
    /// How the record is known to have been wrong.
    pub reason: String,
    /// What the vote had come to as it was first recorded.
    pub first: MotionDecided,
}

/// How far a decision is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressRow {
    /// Index of the entry that says so.
    pub index: u64,
    /// When that was recorded.
    pub recorded_at: Millis,
    /// How far.
    pub progress: Execution,
    /// What was done, or will be.
    pub note: String,
    /// By when it is to be done.
    pub due: Option<Date>,
}

/// How a decision was overturned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverturnedRow {
    /// Index of the entry that says so.
    pub index: u64,
    /// When that was recorded.
    pub recorded_at: Millis,
    /// By whom.
    pub by: OverturnedBy,
    /// The ruling or order.
    pub order: String,
}

impl Projection for Decisions {
    fn name(&self) -> &'static str {
        "decisions"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        powers::apply(entry, batch)?;
        match &entry.action.payload {
            Payload::Deliberation(DeliberationAction::MotionDecided(result)) => {
                decide(entry, result, batch)
            }
            Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
                overturn(entry, overturned, batch)
            }
            Payload::Deliberation(DeliberationAction::DecisionImplemented(implemented)) => {
                progress(entry, implemented, batch)
            }
            Payload::Deliberation(DeliberationAction::DecisionFiled(filed)) => {
                file(entry, filed, batch)
            }
            Payload::Correction(corrected) => correct(entry, corrected, batch),
            _ => Ok(()),
        }
    }
}

fn decide(
    entry: &Logged<'_>,
    result: &MotionDecided,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    if let Some(mut row) = find(batch, &result.motion)? {
        // Tallied again: it stands where it stood, and says what it comes to now.
        row.result = result.clone();
        // What was filed stays filed; what was to be filed is, as long as it stands adopted.
        if row
            .filing
            .as_ref()
            .is_none_or(|filing| filing.filed.is_none())
        {
            let filing = to_file(entry, result, batch)?;
            row.filing = filing.map(|filing| row.filing.unwrap_or(filing));
        }
        batch.put(decision_key(&row.motion), &row)?;
        return lists::enter(&row, batch);
    }
    let motion = motions::find(batch, &result.motion)?
        .ok_or_else(|| ProjectionError::unknown(entry, "motion", &result.motion))?;
    let mut row = decision(entry, result, motion, batch)?;
    powers::gather(&mut row, batch)?;
    batch.put(decision_key(&row.motion), &row)?;
    batch.put(by_index().with(&row.index), &row.motion)?;
    lists::enter(&row, batch)
}

fn correct(
    entry: &Logged<'_>,
    corrected: &RecordCorrected,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let Correction::RollCall { motion, .. } = &corrected.correction else {
        return Ok(());
    };
    let key = decision_key(motion);
    let mut row: DecisionRow = batch
        .get(&key)?
        .ok_or_else(|| ProjectionError::unknown(entry, "decision", motion))?;
    let first = row.corrected.map(|corrected| corrected.first);
    row.corrected = Some(CorrectedRow {
        index: entry.index,
        recorded_at: entry.recorded_at,
        reason: corrected.reason.clone(),
        first: first.unwrap_or_else(|| row.result.clone()),
    });
    Ok(batch.put(key, &row)?)
}

/// With whom an adopted decision is to be filed, by its rule.
pub(super) fn to_file(
    entry: &Logged<'_>,
    result: &MotionDecided,
    rows: &impl Rows,
) -> Result<Option<FilingRow>, ProjectionError> {
    if !matches!(result.outcome, Outcome::Adopted | Outcome::PartlyFilled) {
        return Ok(None);
    }
    let rule = constitution::rule(rows, result.charter_version, &result.rule)?;
    let Some(filing) = rule.and_then(|rule| rule.filing) else {
        return Ok(None);
    };
    let offsets = constitution::local_time(entry, rows)?;
    Ok(Some(FilingRow {
        due_at: offsets.after_days(entry.recorded_at, filing.days),
        with: filing.with,
        filed: None,
    }))
}

fn file(
    entry: &Logged<'_>,
    filed: &DecisionFiled,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let unknown = || ProjectionError::unknown(entry, "decision", &filed.motion);
    let mut row = find(batch, &filed.motion)?.ok_or_else(unknown)?;
    let filing = row.filing.as_mut().ok_or_else(unknown)?;
    filing.filed = Some(FiledRow {
        index: entry.index,
        recorded_at: entry.recorded_at,
        filed_on: filed.filed_on,
        reference: filed.reference.clone(),
    });
    Ok(batch.put(decision_key(&filed.motion), &row)?)
}

fn progress(
    entry: &Logged<'_>,
    implemented: &DecisionImplemented,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let key = decision_key(&implemented.motion);
    let mut row = find(batch, &implemented.motion)?
        .ok_or_else(|| ProjectionError::unknown(entry, "decision", &implemented.motion))?;
    row.progress = Some(ProgressRow {
        index: entry.index,
        recorded_at: entry.recorded_at,
        progress: implemented.progress,
        note: implemented.note.clone(),
        due: implemented.due,
    });
    Ok(batch.put(key, &row)?)
}

fn overturn(
    entry: &Logged<'_>,
    overturned: &DecisionOverturned,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let key = decision_key(&overturned.motion);
    let mut row = find(batch, &overturned.motion)?
        .ok_or_else(|| ProjectionError::unknown(entry, "decision", &overturned.motion))?;
    row.overturned = Some(OverturnedRow {
        index: entry.index,
        recorded_at: entry.recorded_at,
        by: overturned.by,
        order: overturned.order.clone(),
    });
    Ok(batch.put(key, &row)?)
}

fn decision(
    entry: &Logged<'_>,
    result: &MotionDecided,
    motion: MotionRow,
    batch: &ViewBatch<'_>,
) -> Result<DecisionRow, ProjectionError> {
    let held_on = match &motion.minuted {
        Some(minuted) => minuted.held_on,
        None => constitution::local_time(entry, batch)?.date_of(last_moment(entry, &motion)),
    };
    Ok(DecisionRow {
        motion: motion.motion,
        title: motion.title,
        body: motion.body,
        index: entry.index,
        recorded_at: entry.recorded_at,
        held_on,
        result: result.clone(),
        source: motion.source,
        minuted: motion.minuted.is_some(),
        source_outcome: motion
            .minuted
            .map(|minuted| minuted.source_outcome)
            .unwrap_or_default(),
        overturned: None,
        progress: None,
        powers: Vec::new(),
        matters: Vec::new(),
        corrected: None,
        filing: to_file(entry, result, batch)?,
    })
}

/// The last moment at which a vote counted. A window that ends at 24:00 was held on the day that ends
/// then, not on the next one.
fn last_moment(entry: &Logged<'_>, motion: &MotionRow) -> Millis {
    let window = motion
        .vote
        .map(|vote| Millis(vote.closes_at.0.saturating_sub(1)));
    motion
        .closed_at
        .or(window)
        .unwrap_or(entry.action.client_time)
}

fn decision_key(motion: &MotionId) -> Key {
    Key::table(PREFIX, DECISION).with(motion)
}

fn by_index() -> Key {
    Key::table(PREFIX, BY_INDEX)
}

/// Whether there is a decision on the motion, and its row.
pub(super) fn find(rows: &impl Rows, motion: &MotionId) -> Result<Option<DecisionRow>, StoreError> {
    rows.get(&decision_key(motion))
}

impl View<'_> {
    /// The decision on a motion.
    pub fn decision(&self, motion: &MotionId) -> Result<Option<DecisionRow>, QueryError> {
        Ok(find(self, motion)?)
    }

    /// What `keep` makes of decisions, the one recorded last first.
    pub(crate) fn decisions_recorded<T>(
        &self,
        request: &PageRequest,
        mut keep: impl FnMut(DecisionRow) -> Result<Option<T>, QueryError>,
    ) -> Result<Page<T>, QueryError> {
        let span = Span::of(by_index());
        page::read(self, span, Order::Descending, request, |_, motion| {
            let motion: MotionId = codec::decode(motion)?;
            match self.decision(&motion)? {
                Some(row) => keep(row),
                None => Ok(None),
            }
        })
    }

    /// Decisions recorded at `from` or later, in the log's order.
    pub fn decisions_from(
        &self,
        from: u64,
        request: &PageRequest,
    ) -> Result<Page<DecisionRow>, QueryError> {
        let span = Span {
            from: by_index().with(&from),
            ..Span::of(by_index())
        };
        page::read(self, span, Order::Ascending, request, |_, motion| {
            let motion: MotionId = codec::decode(motion)?;
            self.decision(&motion)
        })
    }
}
