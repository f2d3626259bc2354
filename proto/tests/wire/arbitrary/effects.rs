//! What decisions bring about, and what is done under the power list.

use governance::action::{
    DecisionOverturned, DeliberationAction, Effect, EffectName, EffectsOutcome, OverturnedBy,
    PowerAction, PowerChange, PowerExercised, PowerHolder, PowerTerms, Sanction,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{assumed, attestor, charter, content, date, id, optional_text, text};

prop_compose! {
    fn holder()(body in id(), role in option::of(id())) -> PowerHolder {
        PowerHolder { body, role }
    }
}

prop_compose! {
    fn terms()(
        (title, legal_basis, procedure) in (text(), text(), optional_text()),
        holder in holder(),
        over in option::of(id()),
        matters in vec(id(), 0..4),
        (effective_from, effective_to) in (date(), option::of(date())),
    ) -> PowerTerms {
        PowerTerms {
            title, holder, over, matters, legal_basis, procedure, effective_from, effective_to,
        }
    }
}

fn power_change() -> BoxedStrategy<PowerChange> {
    use PowerChange::{Amended, Delegated, Listed, Revoked};
    prop_oneof![
        (id(), terms()).prop_map(|(item, terms)| Listed { item, terms }),
        (id(), terms()).prop_map(|(item, terms)| Amended { item, terms }),
        id().prop_map(|item| Revoked { item }),
        (id(), holder(), date(), option::of(date())).prop_map(|(item, to, from, until)| {
            Delegated {
                item,
                to,
                from,
                until,
            }
        }),
    ]
    .boxed()
}

fn effect() -> BoxedStrategy<Effect> {
    let sanction = select(vec![Sanction::Warning, Sanction::Recall]);
    prop_oneof![
        4 => power_change().prop_map(Effect::Power),
        1 => assumed().prop_map(Effect::Appointed),
        1 => (id(), sanction).prop_map(|(case, sanction)| Effect::Sanctioned { case, sanction }),
        1 => (id(), assumed()).prop_map(|(case, successor)| Effect::Replaced { case, successor }),
        1 => id().prop_map(|case| Effect::Recalled { case }),
        1 => charter().prop_map(|charter| Effect::CharterAmended(Box::new(charter))),
        1 => any::<u32>().prop_map(|version| Effect::RulesVersionAdopted { version }),
    ]
    .boxed()
}

/// The effects of a motion.
pub(super) fn several() -> BoxedStrategy<Vec<Effect>> {
    vec(effect(), 0..4).boxed()
}

pub(super) fn outcome() -> BoxedStrategy<EffectsOutcome> {
    let refused = (any::<u32>(), "[A-Z_]{1,40}");
    prop_oneof![
        Just(EffectsOutcome::Taken),
        refused.prop_map(|(effect, code)| EffectsOutcome::Refused { effect, code }),
    ]
    .boxed()
}

prop_compose! {
    pub(super) fn overturned()(
        motion in id(),
        by in select(vec![OverturnedBy::SuperiorBody, OverturnedBy::Court]),
        order in text(),
        grounds in content(),
        undone in vec((text(), text()), 0..4),
        second in attestor(),
        decision in option::of(id()),
    ) -> DecisionOverturned {
        let name = |(what, subject)| EffectName { what, subject };
        let undone = undone.into_iter().map(name).collect();
        DecisionOverturned { motion, by, order, grounds, undone, second, decision }
    }
}

prop_compose! {
    pub(super) fn exercised()(
        (item, over, matter, decision) in
            (id(), option::of(id()), option::of(id()), option::of(id())),
        summary in text(),
        record in option::of(content()),
    ) -> PowerAction {
        PowerAction::PowerExercised(PowerExercised {
            item, over, matter, summary, record, decision,
        })
    }
}

pub(super) fn nominated() -> BoxedStrategy<DeliberationAction> {
    (id(), id(), vec(id(), 0..4))
        .prop_map(
            |(motion, candidate, nominators)| DeliberationAction::CandidateNominated {
                motion,
                candidate,
                nominators,
            },
        )
        .boxed()
}
