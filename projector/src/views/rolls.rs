//! The rolls: which was in force on a day, and who is on it.

use governance::{
    action::{BodiesAction, Payload, RollLine, RollObjected, RollObjectionRuled, RollPublished},
    calendar::Date,
    ids::{BodyId, Digest, Millis, PersonId, RollId},
    objection::RULING_DAYS,
};
use serde::{Deserialize, Serialize};

use super::constitution;
use crate::{
    keys::Key,
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
};

/// Roll → what it says; roll and part → lines; body and day → roll; roll → objections.
pub(crate) struct Rolls;

/// Most rolls of a body gone through for what was said against them: two a year for fifty years.
const ROLLS_LOOKED_AT_MAX: usize = 100;

const PREFIX: u8 = 7;
const ROLL: u8 = 1;
/// A part a row: a thousand lines are one write, and a page.
const PART: u8 = 2;
const OF_BODY: u8 = 3;
/// All of a roll's in a row: the law admits a thousand, and most rolls have none.
const OBJECTIONS: u8 = 4;

/// A published roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollRow {
    /// Its id.
    pub roll: RollId,
    /// Whose electorate.
    pub body: BodyId,
    /// The day from which it holds.
    pub as_of: Date,
    /// How many parts its lines come in, numbered from 0.
    pub parts: u32,
    /// Heads: distinct voters.
    pub members: u32,
    /// In 0.01 m².
    pub total_area: u64,
    /// Over its lines.
    pub digest: Digest,
    /// Index of the entry that published it.
    pub published_index: u64,
    /// When that was recorded.
    pub published_at: Millis,
}

/// An objection against a roll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectionRow {
    /// About whom.
    pub about: PersonId,
    /// The entry that made it.
    pub index: u64,
    /// What it says, which is not public.
    pub content: Digest,
    /// The first moment that is too late for a ruling.
    pub due_at: Millis,
    /// How it was ruled on.
    pub ruled: Option<RollRulingRow>,
}

/// The ruling on an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollRulingRow {
    /// By which entry.
    pub index: u64,
    /// Whether the roll is wrong.
    pub upheld: bool,
    /// Why.
    pub reason: String,
}

impl Projection for Rolls {
    fn name(&self) -> &'static str {
        "rolls"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        match &entry.action.payload {
            Payload::Bodies(BodiesAction::RollPart(part)) => {
                Ok(batch.put(part_key(&part.roll, part.part), &part.lines)?)
            }
            Payload::Bodies(BodiesAction::RollPublished(roll)) => publish(entry, roll, batch),
            Payload::Bodies(BodiesAction::RollObjected(objected)) => object(entry, objected, batch),
            Payload::Bodies(BodiesAction::RollObjectionRuled(ruled)) => rule(entry, ruled, batch),
            _ => Ok(()),
        }
    }
}

fn publish(
    entry: &Logged<'_>,
    roll: &RollPublished,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = RollRow {
        roll: roll.roll.clone(),
        body: roll.body.clone(),
        as_of: roll.as_of,
        parts: roll.parts,
        members: roll.members,
        total_area: roll.total_area,
        digest: roll.digest,
        published_index: entry.index,
        published_at: entry.recorded_at,
    };
    batch.put(roll_key(&roll.roll), &row)?;
    let listed = of_body(&roll.body).with(&roll.as_of).with(&entry.index);
    Ok(batch.put(listed, &roll.roll)?)
}

fn object(
    entry: &Logged<'_>,
    objected: &RollObjected,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let offsets = constitution::local_time(entry, batch)?;
    let mut all = objections(batch, &objected.roll)?;
    all.push(ObjectionRow {
        about: objected.person.clone(),
        index: entry.index,
        content: objected.content.digest,
        due_at: offsets.after_days(entry.recorded_at, RULING_DAYS),
        ruled: None,
    });
    Ok(batch.put(objections_key(&objected.roll), &all)?)
}

fn rule(
    entry: &Logged<'_>,
    ruled: &RollObjectionRuled,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let mut all = objections(batch, &ruled.roll)?;
    let at = usize::try_from(ruled.objection).unwrap_or(usize::MAX);
    let objection = all
        .get_mut(at)
        .ok_or_else(|| ProjectionError::unknown(entry, "objection", &ruled.objection))?;
    objection.ruled = Some(RollRulingRow {
        index: entry.index,
        upheld: ruled.upheld,
        reason: ruled.reason.clone(),
    });
    Ok(batch.put(objections_key(&ruled.roll), &all)?)
}

/// The objections against a roll, in the order of the log.
pub(crate) fn objections(rows: &impl Rows, roll: &RollId) -> Result<Vec<ObjectionRow>, StoreError> {
    Ok(rows.get(&objections_key(roll))?.unwrap_or_default())
}

pub(crate) fn find(rows: &impl Rows, roll: &RollId) -> Result<Option<RollRow>, StoreError> {
    rows.get(&roll_key(roll))
}

fn objections_key(roll: &RollId) -> Key {
    Key::table(PREFIX, OBJECTIONS).with(roll)
}

fn roll_key(roll: &RollId) -> Key {
    Key::table(PREFIX, ROLL).with(roll)
}

fn part_key(roll: &RollId, part: u32) -> Key {
    Key::table(PREFIX, PART).with(roll).with(&part)
}

fn of_body(body: &BodyId) -> Key {
    Key::table(PREFIX, OF_BODY).with(body)
}

impl View<'_> {
    /// One published roll.
    pub fn roll(&self, roll: &RollId) -> Result<Option<RollRow>, QueryError> {
        Ok(self.get(&roll_key(roll))?)
    }

    /// A body's roll in force on a day, `None`: its latest. Of two that hold from the same day the one
    /// published later is in force.
    pub fn roll_as_of(
        &self,
        body: &BodyId,
        day: Option<Date>,
    ) -> Result<Option<RollRow>, QueryError> {
        let all = Span::of(of_body(body));
        let span = match day {
            Some(day) => Span {
                until: of_body(body).with(&day).after(),
                ..all
            },
            None => all,
        };
        match self.scan(&span, Order::Descending).next().transpose()? {
            Some((_, roll)) => self.roll(&crate::codec::decode(&roll)?),
            None => Ok(None),
        }
    }

    /// A body's rolls that something was said against, with it; the newest roll first.
    pub fn objected_rolls(
        &self,
        body: &BodyId,
    ) -> Result<Vec<(RollRow, Vec<ObjectionRow>)>, QueryError> {
        let span = Span::of(of_body(body));
        let mut found = Vec::new();
        for row in self
            .scan(&span, Order::Descending)
            .take(ROLLS_LOOKED_AT_MAX)
        {
            let roll: RollId = crate::codec::decode(&row?.1)?;
            let objections = self.roll_objections(&roll)?;
            if let (false, Some(roll)) = (objections.is_empty(), self.roll(&roll)?) {
                found.push((roll, objections));
            }
        }
        Ok(found)
    }

    /// What was said against a roll, in the order of the log; at most 1,000.
    pub fn roll_objections(&self, roll: &RollId) -> Result<Vec<ObjectionRow>, QueryError> {
        Ok(objections(self, roll)?)
    }

    /// The lines of one part of a roll, at most 1,000; `None` where there is no such part. Parts of a roll
    /// not yet published are among them.
    pub fn roll_part(&self, roll: &RollId, part: u32) -> Result<Option<Vec<RollLine>>, QueryError> {
        Ok(self.get(&part_key(roll, part))?)
    }
}
