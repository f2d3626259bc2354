//! Bodies 主体 and the rights 权利 they hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    action::{BodiesAction, BodyEstablished, Grant, OfficeEndCause},
    authority::{Act, GrantKey},
    bounds,
    calendar::Date,
    charter::{BodyKind, Right},
    decide::EntryRef,
    handover, head_audit,
    ids::{Leaf, PersonId, RollId},
    objection, office,
    registrar::Loss,
    rejection::Rejection,
    rolls,
    state::State,
};

/// An institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) kind: BodyKind,
    /// Its published rolls, by the day they hold from and the entry that published them.
    pub(crate) rolls: BTreeMap<(Date, u64), RollId>,
    pub(crate) latest: Leaf,
}

pub(crate) fn decide(act: &Act<'_>, action: &BodiesAction) -> Result<(), Rejection> {
    match action {
        BodiesAction::BodyEstablished(established) => {
            act.may_ledger_wide(Right::Register)?;
            check_established(act.state, established)
        }
        BodiesAction::RightGranted(grant) => {
            act.may_ledger_wide(Right::Register)?;
            check_granted(act.state, grant)
        }
        BodiesAction::RightWithdrawn(grant) => {
            act.may_ledger_wide(Right::Register)?;
            check_withdrawn(act, grant)
        }
        BodiesAction::OfficeAssumed(assumed) => office::assumed(act, assumed),
        BodiesAction::OfficeEnded {
            office,
            cause,
            decision,
        } => office::ended(act, office, *cause, decision.as_ref()),
        BodiesAction::ResignationFiled { office } => office::resigned(act, office),
        BodiesAction::HandoverCompleted(completed) => handover::decide(act, completed),
        BodiesAction::HeadAudited(audited) => head_audit::decide(act, audited),
        // Persons are turned away before this, and what the ledger derives is compared whole.
        BodiesAction::TermEnded { .. }
        | BodiesAction::HandoverOverdue { .. }
        | BodiesAction::HeadAuditOverdue { .. }
        | BodiesAction::RemovalVoided { .. } => Err(Rejection::NotForPersons {
            family: act.action.payload.family(),
        }),
        BodiesAction::RollPart(part) => rolls::part(act, part),
        BodiesAction::RollPublished(published) => rolls::published(act, published),
        BodiesAction::RollObjected(objected) => objection::decide(act, objected),
        BodiesAction::RollObjectionRuled(ruled) => objection::decide_ruled(act, ruled),
        BodiesAction::RollObjectionRead {
            roll,
            objection,
            content,
        } => objection::decide_read(act, roll, *objection, content),
    }
}

/// The body is new.
pub(crate) fn check_established(
    state: &State,
    established: &BodyEstablished,
) -> Result<(), Rejection> {
    if state.bodies.contains_key(&established.body) {
        return Err(Rejection::BodyExists {
            body: established.body.clone(),
        });
    }
    bounds::required_text("body.name", &established.name, bounds::NAME_LEN_MAX)
}

/// The right is not held yet, by and over bodies that exist.
pub(crate) fn check_granted(state: &State, grant: &Grant) -> Result<(), Rejection> {
    state.body(&grant.body)?;
    if let Some(over) = &grant.over {
        state.body(over)?;
    }
    office::check_decision(state, grant.decision.as_ref())?;
    let key = GrantKey::of(grant);
    if state.grants.contains(&key) {
        return Err(Rejection::RightHeld {
            right: key.right,
            holder: key.body,
            over: key.over,
        });
    }
    Ok(())
}

/// The right is held, and somebody can register without it.
fn check_withdrawn(act: &Act<'_>, grant: &Grant) -> Result<(), Rejection> {
    let state = act.state;
    office::check_decision(state, grant.decision.as_ref())?;
    let key = GrantKey::of(grant);
    if state.grants.contains(&key) {
        return state.check_registrar_without(Loss::Grant(&key), act.today);
    }
    Err(Rejection::RightNotHeld {
        right: key.right,
        holder: key.body,
        over: key.over,
    })
}

pub(crate) fn evolve(
    state: &mut State,
    actor: Option<&PersonId>,
    action: &BodiesAction,
    at: EntryRef,
) {
    match action {
        BodiesAction::BodyEstablished(established) => establish(state, established, at.leaf),
        BodiesAction::RightGranted(grant) => {
            state.grants.insert(GrantKey::of(grant));
        }
        BodiesAction::RightWithdrawn(grant) => {
            state.grants.remove(&GrantKey::of(grant));
        }
        BodiesAction::OfficeAssumed(assumed) => office::assume(state, assumed, actor, at),
        BodiesAction::OfficeEnded { office, cause, .. } => office::end(state, office, *cause, at),
        BodiesAction::ResignationFiled { office } => {
            office::end(state, office, OfficeEndCause::Resignation, at);
        }
        BodiesAction::TermEnded { office } => office::end(state, office, OfficeEndCause::Term, at),
        BodiesAction::HandoverCompleted(completed) => {
            handover::complete(state, &completed.office, at);
        }
        BodiesAction::HandoverOverdue { office } => handover::overdue(state, office),
        BodiesAction::HeadAudited(audited) => head_audit::record(state, &audited.office, at),
        BodiesAction::HeadAuditOverdue { office } => head_audit::overdue(state, office),
        BodiesAction::RemovalVoided { office, restored } => {
            office::void_removal(state, office, *restored, at);
        }
        BodiesAction::RollPart(part) => rolls::add_part(state, part, at.leaf),
        BodiesAction::RollPublished(published) => rolls::publish(state, published, at),
        BodiesAction::RollObjected(objected) => {
            if let Some(actor) = actor {
                objection::object(state, actor, objected);
            }
        }
        BodiesAction::RollObjectionRuled(ruled) => objection::rule(state, ruled, at),
        // An entry is all that it leaves.
        BodiesAction::RollObjectionRead { .. } => {}
    }
}

pub(crate) fn establish(state: &mut State, established: &BodyEstablished, leaf: Leaf) {
    let body = Body {
        kind: established.kind,
        rolls: BTreeMap::new(),
        latest: leaf,
    };
    state.bodies.insert(established.body.clone(), body);
}
