//! The power list 权力清单 and the gate before every exercise of a power (rules.md §2.4).
//!
//! An item says who may do what, over whom, in which matters, by which law and procedure, and from when
//! to when. It changes by decision alone, as an effect. Whoever exercises a power names the item; who
//! names one that is not listed, not in force, another's, delegated away, or about something else acts
//! ultra vires 越权 and is refused, with the nearest items named.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    action::{PowerAction, PowerChange, PowerExercised, PowerHolder, PowerTerms},
    authority::{Act, Standing},
    bounds::{self, CITATION_LEN_MAX, MATTERS_MAX, NAME_LEN_MAX, PARAGRAPHS_LEN_MAX},
    calendar::Date,
    decide::EntryRef,
    ids::{BodyId, Leaf, MatterId, MotionId, PowerId},
    office,
    rejection::{Nearest, Overreach, Rejection},
    state::State,
};

/// An item: everything decisions ever made of it, in their order. What it says now is what those make of
/// it that were not overturned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Power {
    changes: Vec<Made>,
    pub(crate) latest: Leaf,
}

/// One decision's part in an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    decision: MotionId,
    /// The entry by which it took effect.
    index: u64,
    what: What,
    /// The entry by which the decision was overturned.
    undone: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum What {
    Terms(Arc<PowerTerms>),
    Revoked,
    Delegated(Arc<Delegation>),
}

/// An item is another's for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Delegation {
    to: PowerHolder,
    from: Date,
    until: Option<Date>,
}

impl Delegation {
    fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|last| day <= last)
    }
}

/// What stands of an item.
#[derive(Clone, Copy, Debug)]
struct Standings<'a> {
    /// What it says; `None`: its listing was overturned.
    terms: Option<&'a PowerTerms>,
    /// The entry that revoked it.
    revoked: Option<u64>,
    delegation: Option<&'a Delegation>,
}

impl Power {
    fn standing(&self) -> Standings<'_> {
        let mut standing = Standings {
            terms: None,
            revoked: None,
            delegation: None,
        };
        for made in self.changes.iter().filter(|made| made.undone.is_none()) {
            match &made.what {
                What::Terms(terms) => standing.terms = Some(terms),
                What::Revoked => standing.revoked = Some(made.index),
                What::Delegated(delegation) => standing.delegation = Some(delegation),
            }
        }
        standing
    }
}

impl<'a> Standings<'a> {
    /// Whose it is to exercise on a day.
    fn holder_on(&self, day: Date) -> Option<&'a PowerHolder> {
        let delegated = self
            .delegation
            .filter(|delegation| delegation.holds_on(day));
        match delegated {
            Some(delegation) => Some(&delegation.to),
            None => self.terms.map(|terms| &terms.holder),
        }
    }

    /// Why nobody exercises it on a day, if so.
    fn why_not_in_force(&self, day: Date) -> Option<Overreach> {
        let Some(terms) = self.terms else {
            return Some(Overreach::Overturned);
        };
        if let Some(index) = self.revoked {
            return Some(Overreach::Revoked(index));
        }
        if day < terms.effective_from {
            return Some(Overreach::NotYetInForce(terms.effective_from));
        }
        let over = terms.effective_to.filter(|last| day > *last)?;
        Some(Overreach::NoLongerInForce(over))
    }
}

impl PowerHolder {
    fn is(&self, standing: Standing<'_>) -> bool {
        match standing {
            Standing::Officer { body, role } => {
                self.body == *body && self.role.as_ref().is_none_or(|own| own == role)
            }
            Standing::Member(_) | Standing::Oneself => false,
        }
    }
}

/// What an act under the power list is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scope<'a> {
    pub(crate) over: Option<&'a BodyId>,
    pub(crate) matter: Option<&'a MatterId>,
}

impl PowerTerms {
    /// Why an act is not in its scope, if so.
    fn why_out_of_scope(&self, scope: Scope<'_>) -> Option<Overreach> {
        if let (Some(own), Some(over)) = (&self.over, scope.over)
            && own != over
        {
            return Some(Overreach::OverAnotherBody(own.clone()));
        }
        let in_matter = |matter: &MatterId| self.matters.contains(matter);
        if self.matters.is_empty() || scope.matter.is_some_and(in_matter) {
            return None;
        }
        Some(Overreach::AnotherMatter(self.matters.clone()))
    }
}

/// The gate: the actor's capacity holds this item today, and it covers what is done.
pub(crate) fn check_exercised(
    act: &Act<'_>,
    item: &PowerId,
    scope: Scope<'_>,
) -> Result<(), Rejection> {
    let Some(power) = act.state.powers.get(item) else {
        return Err(Rejection::PowerNotListed {
            item: item.clone(),
            nearest: nearest(act, scope),
        });
    };
    match why_not(act, power, scope) {
        None => Ok(()),
        Some(why) => Err(Rejection::UltraVires {
            person: act.person.clone(),
            item: item.clone(),
            why,
            nearest: nearest(act, scope),
        }),
    }
}

fn why_not(act: &Act<'_>, power: &Power, scope: Scope<'_>) -> Option<Overreach> {
    let standing = power.standing();
    if let Some(why) = standing.why_not_in_force(act.today) {
        return Some(why);
    }
    let terms = standing.terms?;
    let holder = standing.holder_on(act.today)?;
    if !holder.is(act.standing) {
        let delegated = terms.holder.is(act.standing);
        let holder = holder.clone();
        return Some(if delegated {
            Overreach::DelegatedTo(holder)
        } else {
            Overreach::HeldBy(holder)
        });
    }
    terms.why_out_of_scope(scope)
}

/// Most items a refusal names.
const NEAREST_MAX: usize = 3;

/// The items in force nearest to an act: first those the actor's capacity holds, then others' that cover
/// it; of each, those of its matter first. Looked for only when an act is refused.
fn nearest(act: &Act<'_>, scope: Scope<'_>) -> Nearest {
    let distance = |power: &Power| {
        let standing = power.standing();
        if standing.why_not_in_force(act.today).is_some() {
            return None;
        }
        let own = standing.holder_on(act.today)?.is(act.standing);
        let covers = standing.terms?.why_out_of_scope(scope).is_none();
        (own || covers).then_some((!own, !covers))
    };
    let powers = act.state.powers.iter();
    let mut near: Vec<_> = powers
        .filter_map(|(item, power)| distance(power).map(|distance| (distance, item)))
        .collect();
    near.sort();
    let items = near.into_iter().take(NEAREST_MAX);
    Nearest(items.map(|(_, item)| item.clone()).collect())
}

pub(crate) fn decide(act: &Act<'_>, action: &PowerAction) -> Result<(), Rejection> {
    let PowerAction::PowerExercised(exercised) = action;
    decide_exercised(act, exercised)
}

fn decide_exercised(act: &Act<'_>, exercised: &PowerExercised) -> Result<(), Rejection> {
    act.body()?;
    let scope = Scope {
        over: exercised.over.as_ref(),
        matter: exercised.matter.as_ref(),
    };
    check_exercised(act, &exercised.item, scope)?;
    if let Some(over) = &exercised.over {
        act.state.body(over)?;
    }
    office::check_decision(act.state, exercised.decision.as_ref())?;
    bounds::required_text("summary", &exercised.summary, CITATION_LEN_MAX)?;
    exercised.record.as_ref().map_or(Ok(()), bounds::content)
}

/// Whether a body, as a whole, holds an item over another in a matter today.
pub(crate) fn is_held(
    state: &State,
    holder: &BodyId,
    over: &BodyId,
    matter: &MatterId,
    today: Date,
) -> bool {
    let mut powers = state.powers.values().map(Power::standing);
    powers.any(|standing| {
        let held = standing.why_not_in_force(today).is_none()
            && standing
                .holder_on(today)
                .is_some_and(|own| own.body == *holder && own.role.is_none());
        let named = |terms: &PowerTerms| {
            terms.over.as_ref() == Some(over) && terms.matters.contains(matter)
        };
        held && standing.terms.is_some_and(named)
    })
}

/// The deciding body has a say in these terms: in who is given power over it or, where the power is over nobody in
/// particular, in what the holder may do.
fn check_say(
    state: &State,
    deciding: &BodyId,
    item: &PowerId,
    terms: &PowerTerms,
) -> Result<(), Rejection> {
    let empowered = terms.over.as_ref().unwrap_or(&terms.holder.body);
    if state.empowers(deciding, empowered) {
        return Ok(());
    }
    Err(Rejection::PowerOfOthers {
        item: item.clone(),
        body: deciding.clone(),
        of: empowered.clone(),
    })
}

/// The change could be made now, by a decision of this body.
pub(crate) fn check_change(
    state: &State,
    deciding: &BodyId,
    change: &PowerChange,
    today: Date,
) -> Result<(), Rejection> {
    let item = change.item();
    let power = state.powers.get(item);
    match change {
        PowerChange::Listed { terms, .. } => {
            if power.is_some() {
                return Err(Rejection::PowerExists { item: item.clone() });
            }
            check_terms(state, item, terms)?;
            check_say(state, deciding, item, terms)
        }
        PowerChange::Amended { terms, .. } => {
            check_say(state, deciding, item, standing_item(power, item)?)?;
            check_terms(state, item, terms)?;
            check_say(state, deciding, item, terms)
        }
        PowerChange::Revoked { .. } => {
            check_say(state, deciding, item, standing_item(power, item)?)
        }
        PowerChange::Delegated {
            to, from, until, ..
        } => {
            let terms = standing_item(power, item)?;
            check_say(state, deciding, item, terms)?;
            state.body(&to.body)?;
            check_days(item, *from, *until)?;
            let ends = until.or(terms.effective_to);
            let within = *from >= terms.effective_from
                && terms
                    .effective_to
                    .is_none_or(|last| ends.is_some_and(|ends| ends <= last));
            if *to == terms.holder || !within || ends.is_some_and(|last| last < today) {
                return Err(Rejection::DelegationUnfit { item: item.clone() });
            }
            Ok(())
        }
    }
}

/// The item is on the list.
fn standing_item<'a>(
    power: Option<&'a Power>,
    item: &PowerId,
) -> Result<&'a PowerTerms, Rejection> {
    let standing = power.map(Power::standing);
    let terms = standing.filter(|standing| standing.revoked.is_none());
    let terms = terms.and_then(|standing| standing.terms);
    terms.ok_or_else(|| Rejection::PowerNotInForce { item: item.clone() })
}

fn check_terms(state: &State, item: &PowerId, terms: &PowerTerms) -> Result<(), Rejection> {
    state.body(&terms.holder.body)?;
    if let Some(over) = &terms.over {
        state.body(over)?;
    }
    bounds::required_text("power.title", &terms.title, NAME_LEN_MAX)?;
    bounds::required_text("power.legal_basis", &terms.legal_basis, CITATION_LEN_MAX)?;
    bounds::text("power.procedure", &terms.procedure, PARAGRAPHS_LEN_MAX)?;
    bounds::list("power.matters", terms.matters.len(), 0, MATTERS_MAX)?;
    let distinct: BTreeSet<&MatterId> = terms.matters.iter().collect();
    if distinct.len() != terms.matters.len() {
        return Err(Rejection::MatterTwice { item: item.clone() });
    }
    check_days(item, terms.effective_from, terms.effective_to)
}

fn check_days(item: &PowerId, from: Date, to: Option<Date>) -> Result<(), Rejection> {
    match to.filter(|to| *to < from) {
        None => Ok(()),
        Some(to) => Err(Rejection::PowerDaysInverted {
            item: item.clone(),
            from,
            to,
        }),
    }
}

/// A decision changes the list.
pub(crate) fn change(state: &mut State, decision: &MotionId, change: &PowerChange, at: EntryRef) {
    let what = match change {
        PowerChange::Listed { terms, .. } | PowerChange::Amended { terms, .. } => {
            What::Terms(Arc::new(terms.clone()))
        }
        PowerChange::Revoked { .. } => What::Revoked,
        PowerChange::Delegated {
            to, from, until, ..
        } => What::Delegated(Arc::new(Delegation {
            to: to.clone(),
            from: *from,
            until: *until,
        })),
    };
    let made = Made {
        decision: decision.clone(),
        index: at.index,
        what,
        undone: None,
    };
    let powers = Arc::make_mut(&mut state.powers);
    let power = powers.entry(change.item().clone()).or_insert(Power {
        changes: Vec::new(),
        latest: at.leaf,
    });
    power.changes.push(made);
    power.latest = at.leaf;
}

/// An overturned decision's part in an item is undone; what other decisions made of it stands.
pub(crate) fn undo(state: &mut State, decision: &MotionId, item: &PowerId, at: EntryRef) {
    let Some(power) = Arc::make_mut(&mut state.powers).get_mut(item) else {
        return;
    };
    for made in &mut power.changes {
        if made.decision == *decision && made.undone.is_none() {
            made.undone = Some(at.index);
        }
    }
    power.latest = at.leaf;
}
