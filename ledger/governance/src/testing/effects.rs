//! Effects of decisions in a line, and what is done under the power list.

use crate::{
    action::{
        DecisionOverturned, DeliberationAction, Effect, EffectName, OverturnedBy, Payload,
        PowerAction, PowerChange, PowerExercised, PowerHolder, PowerTerms,
    },
    calendar::Date,
    charter::Charter,
};

use super::{
    community::id,
    content,
    deeds::{Deed, Doer, attestor, founding_day},
};

/// A power of these officeholders, in any matter, from the founding's day on.
pub fn power_terms(body: &str, role: Option<&str>) -> PowerTerms {
    PowerTerms {
        title: "权力 (a power)".to_owned(),
        holder: power_holder(body, role),
        over: None,
        matters: Vec::new(),
        legal_basis: "章程第一条".to_owned(),
        procedure: String::new(),
        effective_from: founding_day(),
        effective_to: None,
    }
}

/// These officeholders.
pub fn power_holder(body: &str, role: Option<&str>) -> PowerHolder {
    PowerHolder {
        body: id(body),
        role: role.map(id),
    }
}

/// An item is listed.
pub fn listed(item: &str, terms: PowerTerms) -> Effect {
    Effect::Power(PowerChange::Listed {
        item: id(item),
        terms,
    })
}

/// An item is amended.
pub fn amended(item: &str, terms: PowerTerms) -> Effect {
    Effect::Power(PowerChange::Amended {
        item: id(item),
        terms,
    })
}

/// An item is revoked.
pub fn revoked(item: &str) -> Effect {
    Effect::Power(PowerChange::Revoked { item: id(item) })
}

/// An item is delegated to the officeholders of a body.
pub fn delegated(item: &str, to: &str, from: Date, until: Option<Date>) -> Effect {
    Effect::Power(PowerChange::Delegated {
        item: id(item),
        to: power_holder(to, None),
        from,
        until,
    })
}

/// The charter is amended: the one in force, as the next version and with this change.
pub fn charter_amended(before: &Charter, change: impl FnOnce(&mut Charter)) -> Effect {
    let mut charter = before.clone();
    charter.version += 1;
    change(&mut charter);
    Effect::CharterAmended(Box::new(charter))
}

impl Deed {
    /// With this change to a decision being overturned.
    pub fn with_overturned(self, change: impl FnOnce(&mut DecisionOverturned) + 'static) -> Self {
        self.with(|action| match &mut action.payload {
            Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
                change(overturned);
            }
            other => panic!("{} overturns nothing", other.family()),
        })
    }

    /// With these effects, where a motion is tabled or amended.
    pub fn with_effects(self, effects: Vec<Effect>) -> Self {
        self.with(move |action| match &mut action.payload {
            Payload::Deliberation(DeliberationAction::MotionTabled(tabled)) => {
                tabled.effects.clone_from(&effects);
            }
            Payload::Deliberation(DeliberationAction::MotionAmended { effects: own, .. }) => {
                own.clone_from(&effects);
            }
            other => panic!("{} has no effects", other.family()),
        })
    }
}

impl Doer {
    /// Exercises a power over no body in particular.
    pub fn exercises(self, item: &str, matter: Option<&str>) -> Deed {
        self.does(Payload::Power(PowerAction::PowerExercised(
            PowerExercised {
                item: id(item),
                over: None,
                matter: matter.map(id),
                summary: "办理 (done)".to_owned(),
                record: None,
                decision: None,
            },
        )))
    }

    /// Overturns a decision, naming these effects; the first teller attests it.
    pub fn overturns(self, motion: &str, by: OverturnedBy, undone: &[(&str, &str)]) -> Deed {
        let name = |(what, subject): &(&str, &str)| EffectName {
            what: (*what).to_owned(),
            subject: (*subject).to_owned(),
        };
        self.does(Payload::Deliberation(
            DeliberationAction::DecisionOverturned(DecisionOverturned {
                motion: id(motion),
                by,
                order: "（2026）京0105行初1号".to_owned(),
                grounds: content(),
                undone: undone.iter().map(name).collect(),
                second: attestor("teller-1"),
                decision: None,
            }),
        ))
    }
}
