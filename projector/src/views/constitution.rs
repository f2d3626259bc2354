//! What other views and pages keep asking for: local time, and the charter in force, with every version there
//! was.

use governance::{
    action::{DeliberationAction, Effect, EffectsOutcome, Payload},
    calendar::UtcOffsets,
    charter::{Charter, DecisionRule},
    ids::{Millis, MotionId, RuleId},
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Key,
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Rows, StoreError, View, ViewBatch},
    views::motions,
};

/// The ledger's constitution: local time; number → version of the charter; which is in force.
pub(crate) struct Constitution;

const PREFIX: u8 = 2;
/// Apart from the charters, which are many times longer and rarely needed while projecting.
const UTC_OFFSETS: u8 = 1;
const CHARTER: u8 = 2;
const VERSIONS: u8 = 3;

/// Which versions there are: numbered without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Versions {
    first: u32,
    last: u32,
    in_force: u32,
}

/// A version of the charter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharterRow {
    /// The version, whole.
    pub charter: Charter,
    /// The entry that put it in force.
    pub index: u64,
    /// When that was recorded.
    pub recorded_at: Millis,
    /// The decision it rests on; `None`: the founding.
    pub decision: Option<MotionId>,
    /// The entry that overturned that decision.
    pub overturned: Option<u64>,
}

impl Projection for Constitution {
    fn name(&self) -> &'static str {
        "constitution"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        if let Payload::Founding(founded) = &entry.action.payload {
            batch.put(Key::table(PREFIX, UTC_OFFSETS), &founded.utc_offsets)?;
        }
        let Some(charter) = comes_into_force(entry, batch)? else {
            return Ok(());
        };
        put_in_force(charter.version, batch)?;
        match &entry.action.payload {
            Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
                overturn(entry, &overturned.motion, batch)
            }
            Payload::Deliberation(DeliberationAction::MotionDecided(decided)) => {
                add(entry, charter, Some(&decided.motion), batch)
            }
            _ => add(entry, charter, None, batch),
        }
    }
}

fn put_in_force(version: u32, batch: &mut ViewBatch<'_>) -> Result<(), StoreError> {
    let before = numbers(batch)?;
    let after = Versions {
        first: before.map_or(version, |before| before.first),
        last: before.map_or(version, |before| before.last.max(version)),
        in_force: version,
    };
    batch.put(Key::table(PREFIX, VERSIONS), &after)
}

fn add(
    entry: &Logged<'_>,
    charter: Charter,
    decision: Option<&MotionId>,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let key = version_key(charter.version);
    let row = CharterRow {
        charter,
        index: entry.index,
        recorded_at: entry.recorded_at,
        decision: decision.cloned(),
        overturned: None,
    };
    Ok(batch.put(key, &row)?)
}

fn overturn(
    entry: &Logged<'_>,
    motion: &MotionId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    for mut row in versions(batch)? {
        if row.decision.as_ref() == Some(motion) {
            row.overturned = Some(entry.index);
            batch.put(version_key(row.charter.version), &row)?;
        }
    }
    Ok(())
}

/// The charter that an entry puts in force, if it does: the founding's, an amendment, or the one before an
/// amendment whose decision is overturned. The same whether or not the entry is in this view already.
pub(crate) fn comes_into_force(
    entry: &Logged<'_>,
    rows: &impl Rows,
) -> Result<Option<Charter>, StoreError> {
    match &entry.action.payload {
        Payload::Founding(founded) => Ok(Some(founded.charter.clone())),
        Payload::Deliberation(DeliberationAction::MotionDecided(decided))
            if decided.effects == Some(EffectsOutcome::Taken) =>
        {
            let effects = motions::effects(rows, &decided.motion)?;
            let amended = effects.into_iter().filter_map(|effect| match effect {
                Effect::CharterAmended(charter) => Some(*charter),
                _ => None,
            });
            Ok(amended.last())
        }
        Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
            restored(rows, &overturned.motion)
        }
        _ => Ok(None),
    }
}

/// The charter in force once this decision no longer stands; `None`: it amended nothing.
fn restored(rows: &impl Rows, motion: &MotionId) -> Result<Option<Charter>, StoreError> {
    let (own, others): (Vec<_>, Vec<_>) = versions(rows)?
        .into_iter()
        .partition(|row| row.decision.as_ref() == Some(motion));
    if own.is_empty() {
        return Ok(None);
    }
    let standing = others.into_iter().rfind(|row| row.overturned.is_none());
    Ok(standing.map(|row| row.charter))
}

/// Every version there was, in their order.
fn versions(rows: &impl Rows) -> Result<Vec<CharterRow>, StoreError> {
    let Some(numbers) = numbers(rows)? else {
        return Ok(Vec::new());
    };
    let row = |version| rows.get(&version_key(version)).transpose();
    (numbers.first..=numbers.last).filter_map(row).collect()
}

fn numbers(rows: &impl Rows) -> Result<Option<Versions>, StoreError> {
    rows.get(&Key::table(PREFIX, VERSIONS))
}

fn version_key(version: u32) -> Key {
    Key::table(PREFIX, CHARTER).with(&version)
}

/// The ledger's local time; `None` before the founding entry.
pub(crate) fn utc_offsets(rows: &impl Rows) -> Result<Option<UtcOffsets>, StoreError> {
    rows.get(&Key::table(PREFIX, UTC_OFFSETS))
}

/// The ledger's local time, for an entry after the founding one.
pub(super) fn local_time(
    entry: &Logged<'_>,
    rows: &impl Rows,
) -> Result<UtcOffsets, ProjectionError> {
    let offsets = utc_offsets(rows)?;
    offsets.ok_or_else(|| ProjectionError::unknown(entry, "ledger", &entry.action.ledger))
}

/// The number of the charter in force; `None` before the founding entry.
pub(crate) fn version_in_force(rows: &impl Rows) -> Result<Option<u32>, StoreError> {
    Ok(numbers(rows)?.map(|numbers| numbers.in_force))
}

/// A rule of a version of the charter.
pub(super) fn rule(
    rows: &impl Rows,
    version: u32,
    rule: &RuleId,
) -> Result<Option<DecisionRule>, StoreError> {
    let row: Option<CharterRow> = rows.get(&version_key(version))?;
    Ok(row.and_then(|row| row.charter.rule(rule).cloned()))
}

/// The charter in force; `None` before the founding entry.
pub(crate) fn charter(rows: &impl Rows) -> Result<Option<Charter>, StoreError> {
    let Some(version) = version_in_force(rows)? else {
        return Ok(None);
    };
    let row: Option<CharterRow> = rows.get(&version_key(version))?;
    Ok(row.map(|row| row.charter))
}

impl View<'_> {
    /// The ledger's local time.
    pub fn utc_offsets(&self) -> Result<UtcOffsets, QueryError> {
        utc_offsets(self)?.ok_or(QueryError::NotReady)
    }

    /// The charter in force at the position.
    pub fn charter(&self) -> Result<Charter, QueryError> {
        charter(self)?.ok_or(QueryError::NotReady)
    }

    /// A version of the charter, in force or not.
    pub fn charter_version(&self, version: u32) -> Result<Option<CharterRow>, QueryError> {
        Ok(self.get(&version_key(version))?)
    }

    /// A rule of a version of the charter.
    pub fn rule_of(&self, version: u32, rule: &RuleId) -> Result<Option<DecisionRule>, QueryError> {
        Ok(self::rule(self, version, rule)?)
    }

    /// Every version of the charter there was, the first first.
    pub fn charter_versions(&self) -> Result<Vec<CharterRow>, QueryError> {
        Ok(versions(self)?)
    }
}
