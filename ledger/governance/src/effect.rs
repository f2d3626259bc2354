//! Effects of decisions (rules.md §4): what a motion will bring about, beside its outcome.
//!
//! Effects are typed, so that voters see what a "for" will do. They are checked when the motion is
//! tabled or amended, against the rule it is decided by and against the state of that moment, and again
//! when it is decided. They take place with the `MotionDecided` entry that says adopted, all or none:
//! where one of them has become impossible meanwhile, the entry says which and why, and none takes place.
//! A decision that is overturned later has them undone, each by its name.
//!
//! An effect on something is checked, applied and undone in that thing's own module; this one is the only
//! place that goes through them.

use std::collections::BTreeSet;

use crate::{
    action::{Effect, EffectsOutcome, OfficeEndCause, Sanction},
    amendment, bounds,
    calendar::Date,
    charter::{BodyKind, DecisionRule},
    decide::EntryRef,
    ids::{BodyId, CaseId, Millis, MotionId, PersonId},
    office, power,
    rejection::{Cited, Rejection},
    sanction,
    state::State,
};

/// The decision that has, or would have, effects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cause<'a> {
    pub(crate) motion: &'a MotionId,
    pub(crate) rule: &'a DecisionRule,
    /// The moment: of tabling, or of the decision.
    pub(crate) now: Millis,
    /// Its local day.
    pub(crate) today: Date,
}

/// These effects could take place now, by a decision under this rule.
pub(crate) fn check_tabled(
    state: &State,
    cause: Cause<'_>,
    effects: &[Effect],
    contest: bool,
) -> Result<(), Rejection> {
    bounds::list("effects", effects.len(), 0, bounds::EFFECTS_MAX)?;
    if contest && !effects.is_empty() {
        return Err(Rejection::EffectsOfContest {
            motion: cause.motion.clone(),
        });
    }
    let foreign = |effect: &&Effect| !cause.rule.effects.contains(&effect.kind());
    if let Some(effect) = effects.iter().find(foreign) {
        return Err(Rejection::EffectNotOfRule {
            effect: effect.kind(),
            rule: Cited::of(cause.rule),
        });
    }
    check_recalls(state, cause.rule, effects)?;
    check_all(state, cause, effects).map_err(|(_, why)| why)
}

/// A rule of the residents, or of their representatives, for recalls decides nothing else: what it asks for before
/// the vote is not what their meeting's own matters ask for (组织法 20, 26–29).
fn check_recalls(state: &State, rule: &DecisionRule, effects: &[Effect]) -> Result<(), Rejection> {
    let of_residents = state.body(&rule.body)?.kind.is_of_residents();
    if of_residents && rule.recalls_alone() && effects.is_empty() {
        return Err(Rejection::RecallMissing {
            rule: Cited::of(rule),
        });
    }
    Ok(())
}

/// What becomes of the effects of a motion that is adopted now; `None`: it has none.
pub(crate) fn outcome(
    state: &State,
    cause: Cause<'_>,
    effects: &[Effect],
) -> Option<EffectsOutcome> {
    if effects.is_empty() {
        return None;
    }
    Some(match check_all(state, cause, effects) {
        Ok(()) => EffectsOutcome::Taken,
        Err((effect, why)) => EffectsOutcome::Refused {
            effect,
            code: why.code().to_owned(),
        },
    })
}

/// Each of them is possible after those before it; else the first that is not, and why.
fn check_all(state: &State, cause: Cause<'_>, effects: &[Effect]) -> Result<(), (u32, Rejection)> {
    // What several do is tried on a copy; one alone, the common case, needs none.
    let mut after: Option<State> = None;
    for (position, effect) in (0_u32..).zip(effects) {
        let before = after.as_ref().unwrap_or(state);
        check(before, cause, effect).map_err(|why| (position, why))?;
        if effects.len() > 1 {
            let at = EntryRef {
                index: state.size,
                leaf: state.last_leaf,
                recorded_at: state.last_recorded_at,
            };
            apply(
                after.get_or_insert_with(|| state.clone()),
                cause.motion,
                effect,
                at,
            );
        }
    }
    Ok(())
}

/// All of them take place.
pub(crate) fn apply_all(state: &mut State, motion: &MotionId, effects: &[Effect], at: EntryRef) {
    for effect in effects {
        apply(state, motion, effect, at);
    }
}

/// All of them are undone, the last first.
pub(crate) fn undo_all(state: &mut State, motion: &MotionId, effects: &[Effect], at: EntryRef) {
    for effect in effects.iter().rev() {
        undo(state, motion, effect, at);
    }
}

fn check(state: &State, cause: Cause<'_>, effect: &Effect) -> Result<(), Rejection> {
    match effect {
        Effect::Power(change) => power::check_change(state, &cause.rule.body, change, cause.today),
        Effect::Appointed(assumed) => office::check_appointed(state, cause, assumed),
        Effect::Sanctioned { case, sanction } => {
            sanction::check_sanctioned(state, cause, case, *sanction)
        }
        Effect::Replaced { case, successor } => {
            sanction::check_replaced(state, cause, case, successor)
        }
        Effect::Recalled { case } => sanction::check_recalled(state, cause, case),
        Effect::CharterAmended(charter) => amendment::check_amended(state, charter),
        Effect::RulesVersionAdopted { version } => amendment::check_adopted(state, *version),
    }
}

fn apply(state: &mut State, motion: &MotionId, effect: &Effect, at: EntryRef) {
    match effect {
        Effect::Power(change) => power::change(state, motion, change, at),
        Effect::Appointed(assumed) => office::appoint(state, motion, assumed, at),
        Effect::Sanctioned { case, sanction } => impose(state, motion, case, *sanction, at),
        Effect::Replaced { case, successor } => {
            impose(state, motion, case, Sanction::Replacement, at);
            sanction::remove(state, case, OfficeEndCause::Replacement, at);
            office::appoint(state, motion, successor, at);
        }
        Effect::Recalled { case } => {
            impose(state, motion, case, Sanction::Recall, at);
            sanction::remove(state, case, OfficeEndCause::Recall, at);
        }
        Effect::CharterAmended(charter) => amendment::amend(state, motion, charter, at),
        Effect::RulesVersionAdopted { version } => amendment::adopt(state, *version),
    }
}

fn undo(state: &mut State, motion: &MotionId, effect: &Effect, at: EntryRef) {
    match effect {
        Effect::Power(change) => power::undo(state, motion, change.item(), at),
        Effect::Appointed(assumed) => {
            office::end(state, &assumed.office, OfficeEndCause::InvalidElection, at);
        }
        Effect::Replaced { case, successor } => {
            office::end(
                state,
                &successor.office,
                OfficeEndCause::InvalidElection,
                at,
            );
            sanction::annul(state, case, at);
        }
        Effect::Sanctioned { case, .. } | Effect::Recalled { case } => {
            sanction::annul(state, case, at);
        }
        Effect::CharterAmended(charter) => {
            amendment::undo_amendment(state, motion, charter.version, at);
        }
        Effect::RulesVersionAdopted { version } => amendment::undo_adoption(state, *version),
    }
}

fn impose(state: &mut State, motion: &MotionId, case: &CaseId, sanction: Sanction, at: EntryRef) {
    let on = state.utc_offsets.date_of(at.recorded_at);
    sanction::impose(state, case, sanction, Some(motion), on, at);
}

/// Whom effects are about: the target of each case, who complained, and whom they seat.
pub(crate) fn people(state: &State, effects: &[Effect]) -> BTreeSet<PersonId> {
    let mut people = BTreeSet::new();
    for effect in effects {
        let case = effect.case().and_then(|case| state.cases.get(case));
        if let Some(case) = case {
            people.insert(case.target.clone());
            people.extend(case.complainant.clone());
        }
        people.extend(effect.appointed().cloned());
    }
    people
}

/// Who has no vote on a motion with these effects: the target of each case and, where a committee decides and
/// not those it stands for, who complained, whom it would appoint, and the near kin of each of them.
pub(crate) fn concerned(state: &State, body: &BodyId, effects: &[Effect]) -> BTreeSet<PersonId> {
    if decides_for_all(state, body) {
        let cases = effects.iter().filter_map(Effect::case);
        let cases = cases.filter_map(|case| state.cases.get(case));
        return cases.map(|case| case.target.clone()).collect();
    }
    let mut people = people(state, effects);
    let kin = people.iter().flat_map(|person| state.kin_of(person));
    people.extend(kin.cloned().collect::<Vec<_>>());
    people
}

/// Whether everybody's own meeting decides, and not a committee: there kin and interest take nobody's vote.
pub(crate) fn decides_for_all(state: &State, body: &BodyId) -> bool {
    let kind = state.bodies.get(body).map(|body| body.kind);
    matches!(
        kind,
        Some(
            BodyKind::ResidentsMeeting
                | BodyKind::RepresentativesMeeting
                | BodyKind::OwnersAssembly
        )
    )
}

impl Effect {
    /// The case it decides.
    const fn case(&self) -> Option<&CaseId> {
        match self {
            Self::Sanctioned { case, .. }
            | Self::Replaced { case, .. }
            | Self::Recalled { case } => Some(case),
            Self::Power(_)
            | Self::Appointed(_)
            | Self::CharterAmended(_)
            | Self::RulesVersionAdopted { .. } => None,
        }
    }

    /// Whom it gives an office.
    const fn appointed(&self) -> Option<&PersonId> {
        match self {
            Self::Appointed(assumed)
            | Self::Replaced {
                successor: assumed, ..
            } => Some(&assumed.person),
            Self::Sanctioned { .. }
            | Self::Recalled { .. }
            | Self::Power(_)
            | Self::CharterAmended(_)
            | Self::RulesVersionAdopted { .. } => None,
        }
    }
}
