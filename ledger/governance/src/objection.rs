//! Objections against a posted roll 名册异议 (组织法 14–19).
//!
//! For five days after a roll is published, anybody the ledger knows may say about whom it is wrong; whoever keeps
//! the roll, or the election committee, rules on it within three more. A vote that asks for a posted roll does not
//! open while an objection waits for its ruling, nor by a roll against which one was upheld: that is published
//! anew. Where nothing was changed but what the rulings say, the days it hung out before count.
//!
//! What an objection says is not public: who made it and who may rule on it read it, and each reading is an entry.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    action::{RollObjected, RollObjectionRuled},
    authority::{Act, Standing},
    bounds::{self, CITATION_LEN_MAX, LINES_MAX},
    charter::{BodyKind, Right},
    decide::EntryRef,
    ids::{BodyId, Digest, Millis, PersonId, RollId},
    rejection::Rejection,
    roll::Roll,
    rolls::RollRecord,
    state::State,
};

/// Days after its publication in which a roll is objected to.
pub const OBJECTION_DAYS: u32 = 5;

/// Days after an objection in which it is ruled on.
pub const RULING_DAYS: u32 = 3;

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Objection {
    by: PersonId,
    about: PersonId,
    content: Digest,
    ruled: Option<Ruling>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ruling {
    index: u64,
    upheld: bool,
}

impl RollRecord {
    /// How many objections wait for their ruling.
    pub(crate) fn waiting(&self) -> u32 {
        let waiting = self.objections.iter().filter(|o| o.ruled.is_none());
        u32::try_from(waiting.count()).unwrap_or(u32::MAX)
    }

    /// Whom upheld objections are about.
    pub(crate) fn upheld(&self) -> BTreeSet<&PersonId> {
        let upheld = |o: &&Objection| o.ruled.is_some_and(|ruling| ruling.upheld);
        let objections = self.objections.iter().filter(upheld);
        objections.map(|objection| &objection.about).collect()
    }
}

/// By anybody, for themself or others, within the days.
pub(crate) fn decide(act: &Act<'_>, objected: &RollObjected) -> Result<(), Rejection> {
    let state = act.state;
    let roll = state.published_roll(&objected.roll)?;
    state.known_person(&objected.person)?;
    let over_at = state
        .utc_offsets
        .after_days(roll.published_at(), OBJECTION_DAYS);
    if act.recorded_at >= over_at {
        return Err(Rejection::RollObjectionLate {
            roll: objected.roll.clone(),
            days: OBJECTION_DAYS,
            over_at,
        });
    }
    let objections = state.objections(&objected.roll);
    let same = |o: &Objection| o.by == *act.person && o.about == objected.person;
    if objections.iter().any(same) {
        return Err(Rejection::RollObjectedAlready {
            roll: objected.roll.clone(),
            person: objected.person.clone(),
        });
    }
    bounds::list("objections", objections.len() + 1, 1, LINES_MAX)?;
    bounds::content(&objected.content)
}

/// By who keeps the roll or an officer of the election committee, once, and neither by who objected nor by whom
/// it is about. Late is better than never: that it was late is seen.
pub(crate) fn decide_ruled(act: &Act<'_>, ruled: &RollObjectionRuled) -> Result<(), Rejection> {
    let roll = act.state.published_roll(&ruled.roll)?;
    check_rules(act, roll.body())?;
    let objection = act.state.objection(&ruled.roll, ruled.objection)?;
    if let Some(ruling) = objection.ruled {
        return Err(Rejection::RollObjectionRuledAlready {
            roll: ruled.roll.clone(),
            objection: ruled.objection,
            index: ruling.index,
        });
    }
    objection.check_impartial(act, &ruled.roll, ruled.objection)?;
    bounds::required_text("reason", &ruled.reason, CITATION_LEN_MAX)
}

/// By who made it, or by who could rule on it: whether or not that is done.
pub(crate) fn decide_read(
    act: &Act<'_>,
    roll: &RollId,
    number: u32,
    content: &Digest,
) -> Result<(), Rejection> {
    let published = act.state.published_roll(roll)?;
    let objection = act.state.objection(roll, number)?;
    if objection.by != *act.person {
        check_rules(act, published.body())?;
        objection.check_impartial(act, roll, number)?;
    }
    if objection.content == *content {
        return Ok(());
    }
    Err(Rejection::RollObjectionContent {
        roll: roll.clone(),
        objection: number,
        content: *content,
    })
}

impl Objection {
    /// Neither by who made it nor by whom it is about.
    fn check_impartial(&self, act: &Act<'_>, roll: &RollId, number: u32) -> Result<(), Rejection> {
        if ![&self.by, &self.about].contains(&act.person) {
            return Ok(());
        }
        Err(Rejection::RollRulingPartial {
            roll: roll.clone(),
            objection: number,
            person: act.person.clone(),
        })
    }
}

fn check_rules(act: &Act<'_>, body: &BodyId) -> Result<(), Rejection> {
    if let Standing::Officer { body: own, .. } = act.standing
        && act.state.body(own)?.kind == BodyKind::ElectionCommittee
    {
        return Ok(());
    }
    act.may(Right::Register, body)
}

impl State {
    fn objections(&self, roll: &RollId) -> &[Objection] {
        let record = self.rolls.get(roll);
        record.map_or(&[], |record| record.objections.as_slice())
    }

    fn objection(&self, roll: &RollId, number: u32) -> Result<&Objection, Rejection> {
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        let found = self.objections(roll).get(at);
        found.ok_or_else(|| Rejection::RollObjectionUnknown {
            roll: roll.clone(),
            objection: number,
        })
    }

    /// Since when a published roll hangs out.
    pub(crate) fn posted_since(&self, roll: &Roll) -> Millis {
        let record = self.rolls.get(roll.id());
        let since = record.and_then(|record| record.posted_since);
        since.unwrap_or_else(|| roll.published_at())
    }

    /// Since when a roll that is about to be published hangs out, where it is no newer than the one before it: it
    /// corrects that one as was ruled, and in nothing else.
    pub(crate) fn posted_before(&self, roll: &Roll) -> Option<Millis> {
        let before = self.roll_in_force(roll.body(), roll.as_of())?;
        let upheld = self.rolls.get(before.id())?.upheld();
        let changed = |one: &Roll, other: &Roll| {
            let mut voters = one.iter();
            voters.any(|(voter, weight)| {
                other.weight_of(voter) != Some(weight) && !upheld.contains(voter)
            })
        };
        let corrects = !upheld.is_empty() && !changed(before, roll) && !changed(roll, before);
        corrects.then(|| self.posted_since(before))
    }
}

pub(crate) fn object(state: &mut State, actor: &PersonId, objected: &RollObjected) {
    if let Some(record) = state.rolls.get_mut(&objected.roll) {
        record.objections.push(Objection {
            by: actor.clone(),
            about: objected.person.clone(),
            content: objected.content.digest,
            ruled: None,
        });
    }
}

pub(crate) fn rule(state: &mut State, ruled: &RollObjectionRuled, at: EntryRef) {
    let record = state.rolls.get_mut(&ruled.roll);
    let number = usize::try_from(ruled.objection).unwrap_or(usize::MAX);
    if let Some(objection) = record.and_then(|record| record.objections.get_mut(number)) {
        objection.ruled = Some(Ruling {
            index: at.index,
            upheld: ruled.upheld,
        });
    }
}
