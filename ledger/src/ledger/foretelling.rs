//! What would be answered, without recording anything.

use governance::action::Action;
use governance::ids::{Leaf, Millis, PublicKey};
use governance::{Candidate, Rejection, RequiredSigner, State};

use crate::submission::Preview;

/// What would be answered now to an action signed by these keys; without any, by those it calls for.
pub(super) fn preview(state: &State, action: &Action, keys: &[PublicKey], now: Millis) -> Preview {
    let required_signers = governance::required_signers(action);
    let taken_as_given;
    let signers = if keys.is_empty() {
        taken_as_given = keys_of(state, &required_signers);
        &taken_as_given
    } else {
        keys
    };
    let recorded_at = now.max(state.last_recorded_at());
    let candidate = Candidate {
        action,
        signers,
        recorded_at,
    };
    let decided = match governance::derive(state, recorded_at) {
        None => governance::decide(state, &candidate),
        // What is due comes before it. This is rare: the sequencer is about to record it.
        Some(_) => decide_after_due(state.clone(), &candidate),
    };
    Preview {
        rejection: decided.err(),
        required_signers,
        // A ledger has at least its founding entry.
        index: state.size().saturating_sub(1),
        recorded_at,
    }
}

/// A key of each signer called for; whoever has none is left out, and missed by the rules.
fn keys_of(state: &State, signers: &[RequiredSigner]) -> Vec<PublicKey> {
    let key = |signer: &RequiredSigner| match signer {
        RequiredSigner::Actor(person) | RequiredSigner::Attestor(person) => {
            state.good_keys(person).next()
        }
        RequiredSigner::Key(key) => Some(*key),
        RequiredSigner::RecordKey => Some(state.record_key()),
    };
    signers.iter().filter_map(key).collect()
}

/// Decides on the state as it will be once everything due is recorded. The leaves of those entries are
/// not known yet; the rules only ever compare leaves that signers have seen.
fn decide_after_due(mut state: State, candidate: &Candidate<'_>) -> Result<(), Rejection> {
    while let Some(due) = governance::derive(&state, candidate.recorded_at) {
        let place = governance::EntryRef {
            index: state.size(),
            leaf: Leaf::ZERO,
            recorded_at: candidate.recorded_at,
        };
        governance::evolve(&mut state, &due, place);
    }
    governance::decide(&state, candidate)
}
