//! Nominations 提名 (组织法 14–19): a candidate is put forward by a party organisation, or by so many voters as the
//! rule asks for. A vote among candidates who were not does not open.

use crate::{
    authority::Act,
    bounds::{self, LINES_MAX},
    charter::{BodyKind, Right},
    ids::{MotionId, PersonId},
    rejection::{Cited, Incapacity, Rejection},
    rolls::check_on_roll,
};

pub(crate) fn decide(
    act: &Act<'_>,
    id: &MotionId,
    candidate: &PersonId,
    nominators: &[PersonId],
) -> Result<(), Rejection> {
    let state = act.state;
    let motion = state.tabled_motion(id)?;
    let options = motion.contest.iter().flat_map(|contest| &contest.options);
    let mut candidates = options.filter_map(|option| option.candidate.as_ref());
    if !candidates.any(|other| other == candidate) {
        return Err(Rejection::NoSuchCandidate {
            motion: id.clone(),
            person: candidate.clone(),
        });
    }
    if motion.nominated.contains(candidate) {
        return Err(Rejection::NominatedAlready {
            motion: id.clone(),
            person: candidate.clone(),
        });
    }
    if nominators.is_empty() {
        return check_party(act);
    }
    act.may(Right::Register, &motion.body)?;
    bounds::list("nominators", nominators.len(), 1, LINES_MAX)?;
    bounds::distinct("nominators", nominators)?;
    let Some(roll) = state.roll_in_force(&motion.body, act.today) else {
        return Err(Rejection::NoRollInForce {
            body: motion.body.clone(),
            day: act.today,
        });
    };
    nominators
        .iter()
        .try_for_each(|nominator| check_on_roll(roll, nominator))?;
    let rule = &motion.rule;
    let (found, min) = (nominators.len() as u64, u64::from(rule.nominators_min));
    if found >= min {
        return Ok(());
    }
    Err(Rejection::TooFewNominators {
        found,
        min,
        rule: Cited::of(rule),
    })
}

/// An officer of a party organisation.
fn check_party(act: &Act<'_>) -> Result<(), Rejection> {
    let body = act.body()?;
    let kind = act.state.body(body)?.kind;
    if matches!(
        kind,
        BodyKind::PartyOrganisation | BodyKind::CompoundPartyBranch
    ) {
        return Ok(());
    }
    Err(Rejection::NotInCapacity {
        person: act.person.clone(),
        body: body.clone(),
        why: Incapacity::NoPartyOrganisation,
    })
}
