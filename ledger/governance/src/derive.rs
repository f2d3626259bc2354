//! What time alone brings: the first thing on the [agenda](crate::agenda), as an action.
//!
//! Everything due at a moment comes one after the other: what is derived is recorded and applied before
//! the next is derived, since one may bring about another.

use sha2::{Digest, Sha256};

use crate::{
    action::{Action, Actor, Payload},
    decide::RulesVersion,
    ids::{ActionId, Leaf, Millis},
    state::State,
};

/// The first derived action due at or before `now`.
pub fn derive(state: &State, now: Millis) -> Option<Action> {
    match RulesVersion::try_from(state.rules_version).ok()? {
        RulesVersion::V1 => v1(state, now),
    }
}

/// When the next derived action falls due, if any is known; `None` under rules this program does not know.
pub fn next_due(state: &State) -> Option<Millis> {
    RulesVersion::try_from(state.rules_version).ok()?;
    state.agenda.first().map(|(due, _)| due)
}

/// The family and moment of what is due first, without working out what it says.
pub(crate) fn is_due(state: &State, now: Millis) -> Option<(&'static str, Millis)> {
    let (due, what) = state.agenda.first()?;
    (due <= now).then(|| (what.family(), due))
}

fn v1(state: &State, now: Millis) -> Option<Action> {
    let (due, what) = state.agenda.first()?;
    if due > now {
        return None;
    }
    let payload = what.payload(state)?;
    let (family, subject) = (what.family(), what.subject());
    Some(derived_action(state, family, &subject, due, payload))
}

/// What the ledger itself does: signed with its record key, as of the moment it fell due.
pub(crate) fn derived_action(
    state: &State,
    family: &str,
    subject: &str,
    due: Millis,
    payload: Payload,
) -> Action {
    Action {
        ledger: state.ledger.clone(),
        genesis: state.genesis,
        id: derived_id(state.genesis, family, subject, due),
        actor: Actor::Ledger,
        client_time: due,
        not_after: due,
        basis: None,
        expected_leaf: None,
        payload,
    }
}

/// The id of a derived action: a function of the log, so that every node gives it the same
/// (formats.md §2).
fn derived_id(genesis: Leaf, family: &str, subject: &str, due: Millis) -> ActionId {
    let mut hash = Sha256::new();
    hash.update(b"govledger/derived/v1\n");
    hash.update(genesis.0);
    for part in [family, subject] {
        // Families and subjects are a few ids long at most.
        let length = u16::try_from(part.len()).unwrap_or(u16::MAX);
        hash.update(length.to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(due.0.to_be_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    ActionId::v8(first)
}
