//! How rolls 名册 get on the log, part by part.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    action::{RollPart, RollPublished},
    authority::Act,
    charter::{BodyKind, Right},
    decide::EntryRef,
    ids::{Leaf, Millis, PersonId, RollId},
    objection::Objection,
    presets,
    rejection::{Hint, Rejection},
    roll::{Roll, RollDraft, RollError},
    state::State,
};

/// A roll, published or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RollRecord {
    pub(crate) stage: RollStage,
    /// Against it, once it is published; in the order of the log.
    pub(crate) objections: Vec<Objection>,
    /// Since when it hangs out, where that is not its own publication.
    pub(crate) posted_since: Option<Millis>,
    pub(crate) latest: Leaf,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum RollStage {
    Draft(RollDraft),
    Published(Arc<Roll>),
}

impl RollRecord {
    pub(crate) const fn published(&self) -> Option<&Arc<Roll>> {
        match &self.stage {
            RollStage::Published(roll) => Some(roll),
            RollStage::Draft(_) => None,
        }
    }
}

impl State {
    /// A roll that is published.
    pub(crate) fn published_roll(&self, id: &RollId) -> Result<&Arc<Roll>, Rejection> {
        let Some(record) = self.rolls.get(id) else {
            return Err(Rejection::RollUnknown { roll: id.clone() });
        };
        let roll = record.published();
        roll.ok_or_else(|| Rejection::RollUnpublished { roll: id.clone() })
    }

    /// The draft of a roll; `None`: there is no part of it yet.
    fn draft(&self, id: &RollId) -> Result<Option<&RollDraft>, Rejection> {
        match self.rolls.get(id).map(|record| &record.stage) {
            None => Ok(None),
            Some(RollStage::Draft(draft)) => Ok(Some(draft)),
            Some(RollStage::Published(roll)) => Err(Rejection::RollIsPublished {
                roll: id.clone(),
                index: roll.index(),
            }),
        }
    }
}

/// The person votes on this roll in their own right.
pub(crate) fn check_on_roll(roll: &Roll, person: &PersonId) -> Result<(), Rejection> {
    if roll.weight_of(person).is_some() {
        return Ok(());
    }
    Err(Rejection::NotOnRoll {
        person: person.clone(),
        roll: roll.id().clone(),
        hint: Hint(roll.voters_of(person).next().cloned()),
    })
}

/// What was begun by one roll goes on by it.
pub(crate) fn check_pinned(named: &RollId, pinned: &RollId) -> Result<(), Rejection> {
    if named == pinned {
        return Ok(());
    }
    Err(Rejection::WrongRoll {
        named: named.clone(),
        pinned: pinned.clone(),
    })
}

fn invalid(roll: &RollId, reason: RollError) -> Rejection {
    Rejection::RollInvalid {
        roll: roll.clone(),
        reason: Box::new(reason),
    }
}

/// The part follows the one before, and everybody on it is known. They need not be there any more: rolls
/// of earlier days are published too, for votes taken from minutes.
pub(crate) fn part(act: &Act<'_>, part: &RollPart) -> Result<(), Rejection> {
    act.may(Right::Register, &part.body)?;
    act.state.body(&part.body)?;
    let checked = match act.state.draft(&part.roll)? {
        Some(draft) => draft.check_part(part),
        None => RollDraft::new(part.body.clone()).check_part(part),
    };
    checked.map_err(|reason| invalid(&part.roll, reason))?;
    for line in &part.lines {
        act.state.known_person(&line.voter)?;
        for co_owner in &line.co_owners {
            act.state.known_person(co_owner)?;
        }
    }
    Ok(())
}

/// The parts make what is published.
pub(crate) fn published(act: &Act<'_>, published: &RollPublished) -> Result<(), Rejection> {
    act.may(Right::Register, &published.body)?;
    let Some(draft) = act.state.draft(&published.roll)? else {
        return Err(Rejection::RollUnknown {
            roll: published.roll.clone(),
        });
    };
    let made = draft.publish(published, act.state.size, act.recorded_at);
    let roll = made.map_err(|reason| invalid(&published.roll, reason))?;
    check_representatives(act.state, &roll)
}

/// 组织法 28: beside the representatives, the residents' committee's members belong to the representatives'
/// meeting, and the representatives are at least four fifths of it.
fn check_representatives(state: &State, roll: &Roll) -> Result<(), Rejection> {
    if state.body(roll.body())?.kind != BodyKind::RepresentativesMeeting {
        return Ok(());
    }
    let members = roll.total().heads;
    let sits = |voter: &PersonId| state.is_committee_member(voter, roll.as_of());
    let others = roll.iter().filter(|(voter, _)| sits(voter)).count() as u64;
    let representatives = members - others;
    if presets::REPRESENTATIVES.is_met(representatives, members) {
        return Ok(());
    }
    Err(Rejection::TooFewRepresentatives {
        roll: roll.id().clone(),
        representatives,
        members,
    })
}

pub(crate) fn add_part(state: &mut State, part: &RollPart, leaf: Leaf) {
    let record = state
        .rolls
        .entry(part.roll.clone())
        .or_insert_with(|| RollRecord {
            stage: RollStage::Draft(RollDraft::new(part.body.clone())),
            objections: Vec::new(),
            posted_since: None,
            latest: leaf,
        });
    if let RollStage::Draft(draft) = &mut record.stage {
        // Refused by `decide` where it does not follow.
        let _ = draft.add_part(part);
    }
}

pub(crate) fn publish(state: &mut State, published: &RollPublished, at: EntryRef) {
    let Some(RollStage::Draft(draft)) = state.rolls.get(&published.roll).map(|r| &r.stage) else {
        return;
    };
    let Ok(roll) = draft.publish(published, at.index, at.recorded_at) else {
        return;
    };
    let posted_since = state.posted_before(&roll);
    let Some(record) = state.rolls.get_mut(&published.roll) else {
        return;
    };
    record.posted_since = posted_since;
    record.stage = RollStage::Published(Arc::new(roll));
    if let Some(body) = state.bodies.get_mut(&published.body) {
        let since = (published.as_of, at.index);
        body.rolls.insert(since, published.roll.clone());
    }
}
