//! Effects of decisions, what became of them, and how they are undone.

use governance::{
    action::{
        DecisionOverturned, Effect, EffectName, EffectsOutcome, OfficeAssumed, OverturnedBy,
        PowerChange,
    },
    charter::{Charter, EffectKind},
};

use super::common::{
    enumeration, id, list, number, optional, optional_id, required, to_wire, wire_enum,
};
use crate::{
    limits::{CITATION_LEN_MAX, EFFECTS_MAX, NAME_LEN_MAX},
    malformed::{InvalidField, Malformed, MalformedReason, Within},
    text,
    v1::{self, effect::Effect as Wire},
};

wire_enum!(
    EffectKind,
    EffectKind {
        PowerList,
        CharterAmendment,
        RulesVersion,
        Appointment,
        Sanction,
        Replacement,
        Recall,
    }
);
wire_enum!(
    OverturnedBy,
    OverturnedBy {
        SuperiorBody,
        Court,
        OrderedCorrection,
    }
);

/// The effects of a motion.
pub(super) fn effects(wire: Vec<v1::Effect>) -> Result<Vec<Effect>, Malformed> {
    list(wire, EFFECTS_MAX, Effect::try_from)
}

impl TryFrom<v1::Effect> for Effect {
    type Error = Malformed;

    fn try_from(wire: v1::Effect) -> Result<Self, Malformed> {
        // Each arm names the field it came from.
        macro_rules! arms {
            ($($variant:ident => $field:literal, $make:expr;)+) => {
                match wire.effect {
                    None => Err(MalformedReason::UnsetOneof).within("effect"),
                    $(Some(Wire::$variant(message)) => {
                        message.try_into().map($make).within($field)
                    })+
                }
            };
        }
        arms! {
            PowerListed => "power_listed", |x: PowerChange| Self::Power(x);
            PowerAmended => "power_amended", |x: PowerChange| Self::Power(x);
            PowerRevoked => "power_revoked", |x: PowerChange| Self::Power(x);
            PowerDelegated => "power_delegated", |x: PowerChange| Self::Power(x);
            Appointed => "appointed", |x: Self| x;
            Sanctioned => "sanctioned", |x: Self| x;
            Replaced => "replaced", |x: Self| x;
            Recalled => "recalled", |x: Self| x;
            CharterAmended => "charter_amended", |x: Self| x;
            RulesVersionAdopted => "rules_version_adopted", |x: Self| x;
        }
    }
}

impl From<&Effect> for v1::Effect {
    fn from(effect: &Effect) -> Self {
        let effect = match effect {
            Effect::Power(change) => change.into(),
            Effect::Appointed(assumed) => Wire::Appointed(v1::Appointed {
                office: Some(assumed.into()),
            }),
            Effect::Sanctioned { case, sanction } => Wire::Sanctioned(v1::Sanctioned {
                case: case.to_string(),
                sanction: number(*sanction),
            }),
            Effect::Replaced { case, successor } => Wire::Replaced(v1::Replaced {
                case: case.to_string(),
                successor: Some(successor.into()),
            }),
            Effect::Recalled { case } => Wire::Recalled(v1::Recalled {
                case: case.to_string(),
            }),
            Effect::CharterAmended(charter) => Wire::CharterAmended(v1::CharterAmended {
                charter: Some(charter.as_ref().into()),
            }),
            Effect::RulesVersionAdopted { version } => {
                Wire::RulesVersionAdopted(v1::RulesVersionAdopted { version: *version })
            }
        };
        Self {
            effect: Some(effect),
        }
    }
}

impl TryFrom<v1::Appointed> for Effect {
    type Error = Malformed;

    fn try_from(wire: v1::Appointed) -> Result<Self, Malformed> {
        let office = required(wire.office).and_then(OfficeAssumed::try_from);
        office.within("office").map(Self::Appointed)
    }
}

impl TryFrom<v1::Sanctioned> for Effect {
    type Error = Malformed;

    fn try_from(wire: v1::Sanctioned) -> Result<Self, Malformed> {
        Ok(Self::Sanctioned {
            case: id(&wire.case).within("case")?,
            sanction: enumeration(wire.sanction).within("sanction")?,
        })
    }
}

impl TryFrom<v1::Replaced> for Effect {
    type Error = Malformed;

    fn try_from(wire: v1::Replaced) -> Result<Self, Malformed> {
        Ok(Self::Replaced {
            case: id(&wire.case).within("case")?,
            successor: required(wire.successor)
                .and_then(OfficeAssumed::try_from)
                .within("successor")?,
        })
    }
}

impl TryFrom<v1::Recalled> for Effect {
    type Error = Malformed;

    fn try_from(wire: v1::Recalled) -> Result<Self, Malformed> {
        Ok(Self::Recalled {
            case: id(&wire.case).within("case")?,
        })
    }
}

impl TryFrom<v1::CharterAmended> for Effect {
    type Error = Malformed;

    fn try_from(wire: v1::CharterAmended) -> Result<Self, Malformed> {
        let charter = required(wire.charter).and_then(Charter::try_from);
        let charter = charter.within("charter")?;
        Ok(Self::CharterAmended(Box::new(charter)))
    }
}

impl TryFrom<v1::RulesVersionAdopted> for Effect {
    type Error = Malformed;

    fn try_from(wire: v1::RulesVersionAdopted) -> Result<Self, Malformed> {
        Ok(Self::RulesVersionAdopted {
            version: wire.version,
        })
    }
}

impl TryFrom<v1::EffectsOutcome> for EffectsOutcome {
    type Error = Malformed;

    fn try_from(wire: v1::EffectsOutcome) -> Result<Self, Malformed> {
        let status =
            v1::EffectsStatus::try_from(wire.status).map_err(|_| MalformedReason::UnknownEnum {
                number: wire.status,
            });
        match status.within("status")? {
            v1::EffectsStatus::Unspecified => Err(MalformedReason::FieldMissing).within("status"),
            v1::EffectsStatus::Refused => Ok(Self::Refused {
                effect: wire.effect,
                code: text::required(wire.code, NAME_LEN_MAX).within("code")?,
            }),
            v1::EffectsStatus::Taken if wire.effect != 0 => {
                Err(InvalidField::NotHere).within("effect")
            }
            v1::EffectsStatus::Taken if !wire.code.is_empty() => {
                Err(InvalidField::NotHere).within("code")
            }
            v1::EffectsStatus::Taken => Ok(Self::Taken),
        }
    }
}

impl From<&EffectsOutcome> for v1::EffectsOutcome {
    fn from(outcome: &EffectsOutcome) -> Self {
        match outcome {
            EffectsOutcome::Taken => Self {
                status: v1::EffectsStatus::Taken.into(),
                ..Self::default()
            },
            EffectsOutcome::Refused { effect, code } => Self {
                status: v1::EffectsStatus::Refused.into(),
                effect: *effect,
                code: code.clone(),
            },
        }
    }
}

fn effect_name(wire: v1::EffectName) -> Result<EffectName, Malformed> {
    Ok(EffectName {
        what: text::required(wire.what, NAME_LEN_MAX).within("what")?,
        subject: text::required(wire.subject, NAME_LEN_MAX).within("subject")?,
    })
}

impl From<&EffectName> for v1::EffectName {
    fn from(name: &EffectName) -> Self {
        Self {
            what: name.what.clone(),
            subject: name.subject.clone(),
        }
    }
}

impl TryFrom<v1::DecisionOverturned> for DecisionOverturned {
    type Error = Malformed;

    fn try_from(wire: v1::DecisionOverturned) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            by: enumeration(wire.by).within("by")?,
            order: text::required(wire.order, CITATION_LEN_MAX).within("order")?,
            grounds: required(wire.grounds)
                .and_then(TryInto::try_into)
                .within("grounds")?,
            undone: list(wire.undone, EFFECTS_MAX, effect_name).within("undone")?,
            second: required(wire.second)
                .and_then(TryInto::try_into)
                .within("second")?,
            decision: optional_id(&wire.decision).within("decision")?,
        })
    }
}

impl From<&DecisionOverturned> for v1::DecisionOverturned {
    fn from(overturned: &DecisionOverturned) -> Self {
        Self {
            motion: overturned.motion.to_string(),
            by: number(overturned.by),
            order: overturned.order.clone(),
            grounds: Some((&overturned.grounds).into()),
            undone: to_wire(&overturned.undone),
            second: Some((&overturned.second).into()),
            decision: optional(overturned.decision.as_ref()),
        }
    }
}
