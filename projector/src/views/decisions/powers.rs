//! Which items of the power list a decision has to do with, and in which matters: it changed them, it was brought
//! under one, or it is carried out under one.

use std::collections::BTreeSet;

use governance::{
    action::{Effect, Payload, PowerAction, PowerChange},
    ids::{MatterId, MotionId, PowerId},
};

use super::{DecisionRow, PREFIX, decision_key, find, lists};
use crate::{
    codec,
    keys::Key,
    projection::{Logged, ProjectionError},
    summary::motion_of,
    view_store::{StoreError, ViewBatch},
    views::{motions, powers},
};

/// Motion and item → the matters of the item: what a motion was brought under, before it is decided.
const BROUGHT_UNDER: u8 = 10;

/// An item, and the matters it was used in.
type Link = (PowerId, Vec<MatterId>);

/// Takes in what an entry says of a decision and an item, made before the decision or after.
pub(super) fn apply(entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    let Some((motion, link)) = named(entry, batch)? else {
        return Ok(());
    };
    match find(batch, motion)? {
        None => Ok(batch.put(brought_under(motion).with(&link.0), &link)?),
        Some(mut row) => {
            add(&mut row, [link]);
            batch.put(decision_key(motion), &row)?;
            lists::enter(&row, batch)
        }
    }
}

/// What an act names: the item it exercises for a decision, or the item that an act of deliberation rests on.
fn named<'a>(
    entry: &Logged<'a>,
    batch: &ViewBatch<'_>,
) -> Result<Option<(&'a MotionId, Link)>, StoreError> {
    let basis = entry.action.basis.as_ref();
    Ok(match &entry.action.payload {
        Payload::Power(PowerAction::PowerExercised(exercised)) => {
            let matters = exercised.matter.iter().cloned().collect();
            let link = (exercised.item.clone(), matters);
            exercised.decision.as_ref().map(|motion| (motion, link))
        }
        Payload::Deliberation(act) => match basis.and_then(|basis| basis.power_item.as_ref()) {
            Some(item) => {
                let link = (item.clone(), powers::matters(batch, item)?);
                Some((motion_of(act), link))
            }
            None => None,
        },
        _ => None,
    })
}

/// Gathers what is known when the decision is made.
pub(super) fn gather(row: &mut DecisionRow, batch: &ViewBatch<'_>) -> Result<(), ProjectionError> {
    let mut links: Vec<Link> = Vec::new();
    for effect in motions::effects(batch, &row.motion)? {
        let Effect::Power(change) = effect else {
            continue;
        };
        let matters = match &change {
            PowerChange::Listed { terms, .. } | PowerChange::Amended { terms, .. } => {
                terms.matters.clone()
            }
            PowerChange::Revoked { .. } | PowerChange::Delegated { .. } => {
                powers::matters(batch, change.item())?
            }
        };
        links.push((change.item().clone(), matters));
    }
    for (_, link) in batch.scan_prefix(&brought_under(&row.motion))? {
        links.push(codec::decode(&link).map_err(StoreError::from)?);
    }
    add(row, links);
    Ok(())
}

fn add(row: &mut DecisionRow, links: impl IntoIterator<Item = Link>) {
    let mut powers: BTreeSet<PowerId> = row.powers.drain(..).collect();
    let mut matters: BTreeSet<MatterId> = row.matters.drain(..).collect();
    for (power, of_power) in links {
        powers.insert(power);
        matters.extend(of_power);
    }
    row.powers = powers.into_iter().collect();
    row.matters = matters.into_iter().collect();
}

fn brought_under(motion: &MotionId) -> Key {
    Key::table(PREFIX, BROUGHT_UNDER).with(motion)
}
