//! Near kin 近亲属: declared, and kept apart where the law says so. Kin may become known, or be made by a marriage, when
//! both sit already: the ledger unseats neither, since the law does not say which of them goes. It shows that they sit
//! so until one resigns, and takes them out of what concerns each other from then on.

use std::sync::Arc;

use crate::{
    authority::Act,
    charter::Right,
    ids::{MotionId, PersonId},
    rejection::Rejection,
    state::State,
};

impl State {
    /// A person's near kin.
    pub(crate) fn kin_of(&self, person: &PersonId) -> impl Iterator<Item = &PersonId> {
        self.kin.get(person).into_iter().flatten()
    }

    /// Whether two people are near kin.
    pub(crate) fn are_kin(&self, one: &PersonId, other: &PersonId) -> bool {
        self.kin.get(one).is_some_and(|kin| kin.contains(other))
    }
}

/// By one of the two for themself, or by the registrar.
pub(crate) fn decide(act: &Act<'_>, person: &PersonId, kin: &PersonId) -> Result<(), Rejection> {
    if person != act.person && kin != act.person {
        act.may_ledger_wide(Right::Register)?;
    }
    act.state.known_person(person)?;
    act.state.known_person(kin)?;
    if person == kin || act.state.are_kin(person, kin) {
        return Err(Rejection::KinAlready {
            person: person.clone(),
            kin: kin.clone(),
        });
    }
    Ok(())
}

pub(crate) fn declare(state: &mut State, person: &PersonId, kin: &PersonId) {
    let all = Arc::make_mut(&mut state.kin);
    for (one, other) in [(person, kin), (kin, person)] {
        all.entry(one.clone()).or_default().insert(other.clone());
    }
    let open = state
        .motions
        .iter()
        .filter(|(_, motion)| motion.vote().is_some());
    for motion in open.map(|(id, _)| id.clone()).collect::<Vec<MotionId>>() {
        state.recuse_again(&motion);
    }
}
