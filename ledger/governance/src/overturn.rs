//! Decisions overturned: by a superior body, a court, or an ordered correction.
//!
//! The decision stays on the log with its tally; what rests on it no longer stands. Its effects are undone,
//! each named by the entry, and offices obtained by it end: the election was invalid.

use crate::{
    action::{DecisionOverturned, EffectName, OfficeEndCause, OverturnedBy},
    authority::Act,
    bounds::{self, CITATION_LEN_MAX},
    charter::Right,
    decide::EntryRef,
    derive::derive,
    effect,
    ids::OfficeId,
    motion::Motion,
    office,
    rejection::{Names, Rejection},
    state::State,
};

pub(crate) fn decide(act: &Act<'_>, overturned: &DecisionOverturned) -> Result<(), Rejection> {
    let motion = act.state.existing_motion(&overturned.motion)?;
    check_authority(act, motion, overturned.by)?;
    let Some(decided) = motion.decision() else {
        return Err(Rejection::MotionNotDecided {
            motion: overturned.motion.clone(),
            status: motion.status(),
        });
    };
    if let Some(index) = decided.overturned {
        return Err(Rejection::DecisionOverturnedAlready {
            motion: overturned.motion.clone(),
            index,
        });
    }
    bounds::required_text("order", &overturned.order, CITATION_LEN_MAX)?;
    overturned
        .grounds
        .as_ref()
        .map_or(Ok(()), bounds::content)?;
    check_names(motion, overturned)?;
    check_registrar_left(act, overturned)
}

/// A superior body has the right to supervise the one that decided, and is another. The ruling of a court
/// and an order to correct come from outside: the registrar records them.
fn check_authority(act: &Act<'_>, motion: &Motion, by: OverturnedBy) -> Result<(), Rejection> {
    match by {
        OverturnedBy::SuperiorBody => {
            act.may(Right::Supervise, &motion.body)?;
            if *act.body()? == motion.body {
                return Err(Rejection::OverturnsItself {
                    body: motion.body.clone(),
                });
            }
            Ok(())
        }
        OverturnedBy::Court | OverturnedBy::OrderedCorrection => {
            act.may(Right::Register, &motion.body)
        }
    }
}

/// Every effect that took place is named, and no other.
fn check_names(motion: &Motion, overturned: &DecisionOverturned) -> Result<(), Rejection> {
    let taken = motion
        .decision()
        .is_some_and(crate::motion::Decided::effects_taken);
    let effects = motion.effects.iter().filter(|_| taken);
    let mut expected: Vec<EffectName> = effects.map(crate::action::Effect::name).collect();
    let mut named = overturned.undone.clone();
    expected.sort();
    named.sort();
    if expected == named {
        return Ok(());
    }
    Err(Rejection::EffectsNotNamed {
        motion: overturned.motion.clone(),
        effects: Names(expected),
    })
}

/// What is undone leaves a registrar.
fn check_registrar_left(act: &Act<'_>, overturned: &DecisionOverturned) -> Result<(), Rejection> {
    let mut after = act.state.clone();
    let at = EntryRef {
        index: after.size,
        leaf: after.last_leaf,
        recorded_at: act.recorded_at,
    };
    after.last_recorded_at = act.recorded_at;
    evolve(&mut after, overturned, at);
    // Offices given back are part of what follows.
    while let Some(action) = derive(&after, act.recorded_at) {
        crate::evolve(&mut after, &action, at);
    }
    if after.has_registrar(act.today) || !act.state.has_registrar(act.today) {
        return Ok(());
    }
    Err(Rejection::LastRegistrar {
        ledger: act.state.ledger.clone(),
    })
}

pub(crate) fn evolve(state: &mut State, overturned: &DecisionOverturned, at: EntryRef) {
    let id = &overturned.motion;
    let Some(motion) = state.motions.get_mut(id) else {
        return;
    };
    let effects = std::sync::Arc::clone(&motion.effects);
    let Some(decided) = motion.decision_mut() else {
        return;
    };
    decided.overturned = Some(at.index);
    if decided.effects_taken() {
        effect::undo_all(state, id, &effects, at);
    }
    let rests = state
        .offices
        .iter()
        .filter(|(_, office)| office.decision.as_ref() == Some(id) && office.ended.is_none());
    let rests: Vec<OfficeId> = rests.map(|(office, _)| office.clone()).collect();
    for office in rests {
        office::end(state, &office, OfficeEndCause::InvalidElection, at);
    }
}
