//! What an entry changes.

use crate::{
    action::{Action, Actor, Payload},
    affairs, bodies, case, correction,
    decide::{EntryRef, RulesVersion},
    deliberation, issue, meeting, people, report,
    state::State,
};

/// Applies an entry that [`decide`](crate::decide()) admitted, or that a verified log contains.
///
/// Never panics. What `decide` would not have admitted changes as little as it can; the auditor
/// decides before it evolves.
pub fn evolve(state: &mut State, action: &Action, at: EntryRef) {
    match RulesVersion::try_from(state.rules_version) {
        Ok(RulesVersion::V1) => v1(state, action, at),
        // Nothing is decided under unknown rules, so nothing of them is ever applied.
        Err(_) => {}
    }
}

fn v1(state: &mut State, action: &Action, at: EntryRef) {
    if action.actor == Actor::Ledger {
        let family = action.payload.family();
        state.agenda.done(family, action.client_time);
    }
    match &action.payload {
        // The founding made the state, and never comes again; what was done under the power list changes
        // nothing that the rules go by.
        Payload::Founding(_) | Payload::Power(_) => {}
        Payload::Discipline(discipline) => {
            let body = action.actor.capacity().map(|capacity| &capacity.body);
            let actor = action.actor.person().map(|person| (person, body));
            case::evolve(state, actor, discipline, at);
        }
        Payload::People(people) => {
            if let Some(actor) = action.actor.person() {
                people::evolve(state, actor, people, at);
            }
        }
        Payload::Bodies(bodies) => bodies::evolve(state, action.actor.person(), bodies, at),
        Payload::Meetings(meetings) => meeting::evolve(state, meetings, at),
        Payload::Deliberation(deliberation) => {
            deliberation::evolve(state, action, deliberation, at);
        }
        Payload::Reports(reports) => report::evolve(state, reports, at),
        Payload::Issues(issues) => issue::evolve(state, action, issues, at),
        Payload::Affairs(affairs) => affairs::evolve(state, action, affairs, at),
        Payload::Correction(corrected) => correction::evolve(state, corrected, at),
    }
    if !is_vote(&action.payload) {
        state.touch(action.payload.subject(), action.actor.person(), at.leaf);
    }
    if action.actor.person().is_some() {
        state.remember(action.id, at.index, at.recorded_at);
    }
    state.size = at.index.saturating_add(1);
    state.last_leaf = at.leaf;
    state.last_recorded_at = at.recorded_at;
}

const fn is_vote(payload: &Payload) -> bool {
    matches!(payload, Payload::Deliberation(action) if action.is_vote())
}
