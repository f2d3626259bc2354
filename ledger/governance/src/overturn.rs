//! Decisions overturned: by a superior body, a court, or an ordered correction.
//!
//! The decision stays on the log with its tally; what rests on it no longer stands. Its effects are undone,
//! each named by the entry, and offices obtained by it end: the election was invalid.
//!
//! No single officer undoes what a body decided. A superior body is one that stands above by the table of
//! [`hierarchy`](crate::hierarchy), and where it decides by vote, its own decision says so. The ruling of a court and
//! an order to correct come from outside, with their document. Two officers always sign, neither of whom it is about.

use std::collections::BTreeSet;

use crate::{
    action::{DecisionOverturned, EffectName, OfficeEndCause, OverturnedBy},
    authority::{Act, Over},
    bounds::{self, CITATION_LEN_MAX},
    charter::Right,
    decide::EntryRef,
    derive::derive,
    effect, hierarchy,
    ids::{BodyId, MotionId, OfficeId, PersonId},
    motion::{Decided, Motion},
    office,
    rejection::{Names, Rejection},
    state::State,
};

pub(crate) fn decide(act: &Act<'_>, overturned: &DecisionOverturned) -> Result<(), Rejection> {
    let id = &overturned.motion;
    let motion = act.state.existing_motion(id)?;
    check_authority(act, motion, overturned)?;
    let over = Over::Body(motion.body.clone());
    let rights = [Right::Register, Right::Supervise, Right::Tell];
    act.check_attestor(&overturned.second, &rights, &over)?;
    let Some(decided) = motion.decision() else {
        return Err(Rejection::MotionNotDecided {
            motion: id.clone(),
            status: motion.status(),
        });
    };
    if let Some(index) = decided.overturned {
        return Err(Rejection::DecisionOverturnedAlready {
            motion: id.clone(),
            index,
        });
    }
    for officer in [act.person, &overturned.second.person] {
        check_apart(act.state, id, motion, officer)?;
    }
    bounds::required_text("order", &overturned.order, CITATION_LEN_MAX)?;
    bounds::content(&overturned.grounds)?;
    check_names(motion, overturned)?;
    check_registrar_left(act, overturned)
}

/// A superior body that acts through its officers has one with the right to supervise act. Every other order comes
/// from outside this capacity: whoever registers for the body that decided records it or, as the registrar may be
/// whom it is about, whoever supervises that body.
fn check_authority(
    act: &Act<'_>,
    motion: &Motion,
    overturned: &DecisionOverturned,
) -> Result<(), Rejection> {
    let by_officers = match (overturned.by, &overturned.decision) {
        (OverturnedBy::SuperiorBody, None) => true,
        (OverturnedBy::SuperiorBody, Some(decision)) => {
            check_superiors_decision(act.state, motion, decision)?;
            false
        }
        (OverturnedBy::Court | OverturnedBy::OrderedCorrection, None) => false,
        (OverturnedBy::Court | OverturnedBy::OrderedCorrection, Some(decision)) => {
            return Err(Rejection::OverturnedByNoMotion {
                motion: overturned.motion.clone(),
                decision: decision.clone(),
            });
        }
    };
    if !by_officers {
        return act
            .may(Right::Register, &motion.body)
            .or_else(|refused| act.may(Right::Supervise, &motion.body).map_err(|_| refused));
    }
    act.may(Right::Supervise, &motion.body)?;
    let own = act.body()?;
    check_superior(act.state, own, &motion.body)?;
    if hierarchy::acts_by_officers(act.state.body(own)?.kind) {
        return Ok(());
    }
    Err(Rejection::SuperiorDecidesByVote { body: own.clone() })
}

/// The decision was adopted, by a superior body, after the one that it sets aside.
fn check_superiors_decision(
    state: &State,
    motion: &Motion,
    decision: &MotionId,
) -> Result<(), Rejection> {
    office::check_decision(state, Some(decision))?;
    let superiors = state.existing_motion(decision)?;
    check_superior(state, &superiors.body, &motion.body)?;
    let index = |motion: &Motion| motion.decision().map(|decided| decided.index);
    if index(superiors) > index(motion) {
        return Ok(());
    }
    Err(Rejection::DecidedBefore {
        decision: decision.clone(),
    })
}

fn check_superior(state: &State, above: &BodyId, below: &BodyId) -> Result<(), Rejection> {
    if above == below {
        return Err(Rejection::OverturnsItself {
            body: below.clone(),
        });
    }
    if state.is_superior(above, below) {
        return Ok(());
    }
    Err(Rejection::NotSuperior {
        body: above.clone(),
        over: below.clone(),
    })
}

/// Who overturns a decision, and who attests it, is nobody whom it removed, seated or elected, no candidate, and no
/// near kin of any of them.
fn check_apart(
    state: &State,
    id: &MotionId,
    motion: &Motion,
    officer: &PersonId,
) -> Result<(), Rejection> {
    let near = |person: &&PersonId| *person == officer || state.are_kin(person, officer);
    match concerned(state, id, motion).iter().find(near) {
        None => Ok(()),
        Some(person) => Err(Rejection::OverturnerConcerned {
            motion: id.clone(),
            officer: officer.clone(),
            person: person.clone(),
        }),
    }
}

/// Whom the decision is about: targets and appointees of its effects, candidates, and who holds office by it.
fn concerned(state: &State, id: &MotionId, motion: &Motion) -> BTreeSet<PersonId> {
    let mut people = effect::people(state, &motion.effects);
    let options = motion.contest.iter().flat_map(|contest| &contest.options);
    people.extend(options.filter_map(|option| option.candidate.clone()));
    let resting = resting(state, id).filter_map(|office| state.offices.get(office));
    people.extend(resting.map(|office| office.person.clone()));
    people
}

/// The offices that rest on a decision.
fn resting<'a>(state: &'a State, id: &'a MotionId) -> impl Iterator<Item = &'a OfficeId> {
    let rests = state
        .offices
        .iter()
        .filter(move |(_, office)| office.decision.as_ref() == Some(id) && office.ended.is_none());
    rests.map(|(office, _)| office)
}

/// Every effect that took place is named, and no other.
fn check_names(motion: &Motion, overturned: &DecisionOverturned) -> Result<(), Rejection> {
    let taken = motion.decision().is_some_and(Decided::effects_taken);
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
    let rests: Vec<OfficeId> = resting(state, id).cloned().collect();
    for office in rests {
        office::end(state, &office, OfficeEndCause::InvalidElection, at);
    }
}
