//! The power list: what every decision made of each item, and what was done under it.
//!
//! An item keeps all that was ever made of it, with the entries that made and undid it, so that the list of
//! any index or time, and what changed between two, are the same rows read with another moment.

use governance::{
    action::{
        Capacity, DeliberationAction, Effect, EffectsOutcome, Payload, PowerAction, PowerChange,
        PowerHolder, PowerTerms,
    },
    calendar::{Date, UtcOffsets},
    ids::{BodyId, MatterId, Millis, MotionId, PersonId, PowerId},
};
use serde::{Deserialize, Serialize};

use super::{motions, offices::AsOf};
use crate::{
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
};

/// Item → what was made of it; item and index → what was done under it; person and index → item.
pub(crate) struct Powers;

const PREFIX: u8 = 12;
const ITEM: u8 = 1;
const ACT: u8 = 2;
const OF_PERSON: u8 = 3;

/// An item of the power list, with all that was ever made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerRow {
    /// Its id.
    pub item: PowerId,
    /// Oldest first.
    pub changes: Vec<ChangeRow>,
}

/// What one decision made of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// What.
    pub change: PowerChange,
    /// By the decision on which motion.
    pub decision: MotionId,
    /// When it took effect.
    pub made: Moment,
    /// When the decision was overturned.
    pub undone: Option<Moment>,
}

/// An entry and when it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// Its index.
    pub index: u64,
    /// When it was recorded.
    pub at: Millis,
}

impl Moment {
    /// Of an entry.
    pub(crate) const fn of(entry: &Logged<'_>) -> Self {
        Self {
            index: entry.index,
            at: entry.recorded_at,
        }
    }

    /// Whether it was by then.
    pub(crate) fn by(self, as_of: AsOf) -> bool {
        match as_of {
            AsOf::Index(index) => self.index <= index,
            AsOf::Time(at) => self.at <= at,
        }
    }
}

/// How an item stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerStanding {
    /// Which.
    pub item: PowerId,
    /// What it says.
    pub terms: PowerTerms,
    /// Whose it is to exercise on the day: the holder's, or the delegate's.
    pub exercised_by: PowerHolder,
    /// Where it is delegated, or will be: to whom, from and until when.
    pub delegation: Option<(PowerHolder, Date, Option<Date>)>,
    /// Whether it may be exercised on the day.
    pub status: PowerStatus,
    /// The latest decision that made it what it is.
    pub decision: MotionId,
    /// The entry by which that took effect.
    pub changed: Moment,
}

/// Whether an item may be exercised on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PowerStatus {
    /// It may.
    InForce,
    /// Not yet.
    NotYet,
    /// No longer.
    Over,
    /// It was taken off the list.
    Revoked,
}

impl PowerRow {
    /// How it stood at a moment, on its day; `None`: it was not on the list.
    fn standing(&self, as_of: AsOf, day: Date) -> Option<PowerStanding> {
        let made = self
            .changes
            .iter()
            .filter(|row| row.made.by(as_of) && !row.undone.is_some_and(|undone| undone.by(as_of)));
        let (mut terms, mut revoked, mut delegation, mut latest) = (None, false, None, None);
        for row in made {
            latest = Some(row);
            match &row.change {
                PowerChange::Listed { terms: says, .. }
                | PowerChange::Amended { terms: says, .. } => terms = Some(says),
                PowerChange::Revoked { .. } => revoked = true,
                PowerChange::Delegated {
                    to, from, until, ..
                } => delegation = Some((to.clone(), *from, *until)),
            }
        }
        let (terms, latest): (&PowerTerms, &ChangeRow) = (terms?, latest?);
        let delegate = delegation
            .as_ref()
            .filter(|(_, from, until)| *from <= day && until.is_none_or(|last| day <= last));
        Some(PowerStanding {
            item: self.item.clone(),
            exercised_by: delegate.map_or(&terms.holder, |(to, ..)| to).clone(),
            status: status(terms, revoked, day),
            terms: terms.clone(),
            delegation,
            decision: latest.decision.clone(),
            changed: latest.made,
        })
    }
}

fn status(terms: &PowerTerms, revoked: bool, day: Date) -> PowerStatus {
    if revoked {
        PowerStatus::Revoked
    } else if day < terms.effective_from {
        PowerStatus::NotYet
    } else if terms.effective_to.is_some_and(|last| day > last) {
        PowerStatus::Over
    } else {
        PowerStatus::InForce
    }
}

/// What was done under an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PowerActRow {
    /// Under which.
    pub item: PowerId,
    /// The entry.
    pub made: Moment,
    /// Its family.
    pub kind: String,
    /// Who acted.
    pub person: Option<PersonId>,
    /// In which capacity.
    pub capacity: Option<Capacity>,
    /// Over which body.
    pub over: Option<BodyId>,
    /// In which matter.
    pub matter: Option<MatterId>,
    /// What was done, where the entry says so.
    pub summary: String,
    /// The decision it carries out.
    pub decision: Option<MotionId>,
}

impl Projection for Powers {
    fn name(&self) -> &'static str {
        "powers"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        act(entry, batch)?;
        match &entry.action.payload {
            Payload::Deliberation(DeliberationAction::MotionDecided(decided))
                if decided.effects == Some(EffectsOutcome::Taken) =>
            {
                for_changes(batch, &decided.motion, |row, change| {
                    row.changes.push(ChangeRow {
                        change: change.clone(),
                        decision: decided.motion.clone(),
                        made: Moment::of(entry),
                        undone: None,
                    });
                })
            }
            Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
                for_changes(batch, &overturned.motion, |row, _| {
                    for change in &mut row.changes {
                        if change.decision == overturned.motion && change.undone.is_none() {
                            change.undone = Some(Moment::of(entry));
                        }
                    }
                })
            }
            _ => Ok(()),
        }
    }
}

/// Changes the row of each item that a motion's effects are about.
fn for_changes(
    batch: &mut ViewBatch<'_>,
    motion: &MotionId,
    mut change: impl FnMut(&mut PowerRow, &PowerChange),
) -> Result<(), ProjectionError> {
    for effect in motions::effects(batch, motion)? {
        let Effect::Power(made) = &effect else {
            continue;
        };
        let key = item_key(made.item());
        let mut row = batch.get(&key)?.unwrap_or_else(|| PowerRow {
            item: made.item().clone(),
            changes: Vec::new(),
        });
        change(&mut row, made);
        if !row.changes.is_empty() {
            batch.put(key, &row)?;
        }
    }
    Ok(())
}

/// An act that rests on an item is listed under it.
fn act(entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    let basis = entry.action.basis.as_ref();
    let (item, exercised) = match &entry.action.payload {
        Payload::Power(PowerAction::PowerExercised(exercised)) => {
            (&exercised.item, Some(exercised))
        }
        _ => match basis.and_then(|basis| basis.power_item.as_ref()) {
            Some(item) => (item, None),
            None => return Ok(()),
        },
    };
    let row = PowerActRow {
        item: item.clone(),
        made: Moment::of(entry),
        kind: proto::payload_kind(entry.action).to_owned(),
        person: entry.person().cloned(),
        capacity: entry.capacity().cloned(),
        over: exercised.and_then(|exercised| exercised.over.clone()),
        matter: exercised.and_then(|exercised| exercised.matter.clone()),
        summary: exercised.map_or_else(String::new, |exercised| exercised.summary.clone()),
        decision: exercised.and_then(|exercised| exercised.decision.clone()),
    };
    if let Some(person) = &row.person {
        batch.put(of_person(person).with(&entry.index), item)?;
    }
    Ok(batch.put(acts_of(item).with(&entry.index), &row)?)
}

/// The matters that an item is for, as it was last listed or amended; none where it is for any.
pub(super) fn matters(rows: &impl Rows, item: &PowerId) -> Result<Vec<MatterId>, StoreError> {
    let row: Option<PowerRow> = rows.get(&item_key(item))?;
    let changes = row.map(|row| row.changes).unwrap_or_default();
    let standing = changes.iter().rev().filter(|row| row.undone.is_none());
    let mut terms = standing.filter_map(|row| match &row.change {
        PowerChange::Listed { terms, .. } | PowerChange::Amended { terms, .. } => Some(terms),
        PowerChange::Revoked { .. } | PowerChange::Delegated { .. } => None,
    });
    Ok(terms
        .next()
        .map(|terms| terms.matters.clone())
        .unwrap_or_default())
}

fn item_key(item: &PowerId) -> Key {
    Key::table(PREFIX, ITEM).with(item)
}

fn acts_of(item: &PowerId) -> Key {
    Key::table(PREFIX, ACT).with(item)
}

fn of_person(person: &PersonId) -> Key {
    Key::table(PREFIX, OF_PERSON).with(person)
}

/// Which items to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PowerFilter {
    /// Only those that this body exercises.
    pub body: Option<BodyId>,
    /// Only those about this matter, or about any.
    pub matter: Option<MatterId>,
    /// Only those that stand like this.
    pub status: Option<PowerStatus>,
}

impl PowerFilter {
    fn takes(&self, standing: &PowerStanding) -> bool {
        let body = self.body.as_ref();
        let matter = self.matter.as_ref();
        let matters = &standing.terms.matters;
        body.is_none_or(|body| standing.exercised_by.body == *body)
            && matter.is_none_or(|matter| matters.is_empty() || matters.contains(matter))
            && self.status.is_none_or(|status| standing.status == status)
    }
}

/// How an item changed between two moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerDifference {
    /// As it stood at the first; `None`: not on the list.
    pub before: Option<PowerStanding>,
    /// As it stood at the second.
    pub after: Option<PowerStanding>,
}

impl View<'_> {
    /// The power list at a moment, by item.
    pub fn powers(
        &self,
        filter: &PowerFilter,
        as_of: AsOf,
        request: &PageRequest,
    ) -> Result<Page<PowerStanding>, QueryError> {
        let day = self.day_of(as_of)?;
        let span = Span::of(Key::table(PREFIX, ITEM));
        page::read(self, span, Order::Ascending, request, |_, bytes| {
            let row: PowerRow = crate::codec::decode(bytes)?;
            let standing = row.standing(as_of, day);
            Ok(standing.filter(|standing| filter.takes(standing)))
        })
    }

    /// What changed on the power list from one moment to another, by item.
    pub fn power_differences(
        &self,
        from: AsOf,
        to: AsOf,
        request: &PageRequest,
    ) -> Result<Page<PowerDifference>, QueryError> {
        let (first, second) = (self.day_of(from)?, self.day_of(to)?);
        let span = Span::of(Key::table(PREFIX, ITEM));
        page::read(self, span, Order::Ascending, request, |_, bytes| {
            let row: PowerRow = crate::codec::decode(bytes)?;
            let before = row.standing(from, first);
            let after = row.standing(to, second);
            Ok((before != after).then_some(PowerDifference { before, after }))
        })
    }

    /// One item with all that was ever made of it, and how it stands at a moment.
    pub fn power(
        &self,
        item: &PowerId,
        as_of: AsOf,
    ) -> Result<Option<(PowerRow, Option<PowerStanding>)>, QueryError> {
        let day = self.day_of(as_of)?;
        let row: Option<PowerRow> = self.get(&item_key(item))?;
        Ok(row.map(|row| {
            let standing = row.standing(as_of, day);
            (row, standing)
        }))
    }

    /// What was done under an item, newest first.
    pub fn power_acts(
        &self,
        item: &PowerId,
        request: &PageRequest,
    ) -> Result<Page<PowerActRow>, QueryError> {
        page::read_rows(
            self,
            Span::of(acts_of(item)),
            Order::Descending,
            request,
            |_| true,
        )
    }

    /// What a person did under items of the power list, newest first.
    pub fn acts_of_person(
        &self,
        person: &PersonId,
        request: &PageRequest,
    ) -> Result<Page<PowerActRow>, QueryError> {
        let prefix = of_person(person);
        let start = prefix.as_bytes().len();
        let span = Span::of(prefix);
        page::read(self, span, Order::Descending, request, |key, item| {
            let item: PowerId = crate::codec::decode(item)?;
            let index = key.get(start..).and_then(|bytes| bytes.try_into().ok());
            let index = index.map_or(0, u64::from_be_bytes);
            Ok(self.get(&acts_of(&item).with(&index))?)
        })
    }

    fn day_of(&self, as_of: AsOf) -> Result<Date, QueryError> {
        let offsets: UtcOffsets = self.utc_offsets()?;
        Ok(match as_of {
            AsOf::Index(index) => offsets.date_of(self.timeline_entry(index)?.recorded_at),
            AsOf::Time(at) => offsets.date_of(at),
        })
    }
}
