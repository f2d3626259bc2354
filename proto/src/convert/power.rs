//! The power list, and what is done under it.

use governance::action::{PowerAction, PowerChange, PowerExercised, PowerHolder, PowerTerms};

use super::common::{date, id, ids, optional, optional_date, optional_id, required, to_texts};
use crate::{
    limits::{CITATION_LEN_MAX, MATTERS_MAX, NAME_LEN_MAX, PARAGRAPHS_LEN_MAX},
    malformed::{Malformed, Within},
    text,
    v1::{self, action::Payload, effect::Effect},
};

impl TryFrom<v1::PowerHolder> for PowerHolder {
    type Error = Malformed;

    fn try_from(wire: v1::PowerHolder) -> Result<Self, Malformed> {
        Ok(Self {
            body: id(&wire.body).within("body")?,
            role: optional_id(&wire.role).within("role")?,
        })
    }
}

impl From<&PowerHolder> for v1::PowerHolder {
    fn from(holder: &PowerHolder) -> Self {
        Self {
            body: holder.body.to_string(),
            role: optional(holder.role.as_ref()),
        }
    }
}

fn holder(wire: Option<v1::PowerHolder>) -> Result<PowerHolder, Malformed> {
    required(wire).and_then(PowerHolder::try_from)
}

impl TryFrom<v1::PowerTerms> for PowerTerms {
    type Error = Malformed;

    fn try_from(wire: v1::PowerTerms) -> Result<Self, Malformed> {
        Ok(Self {
            title: text::required(wire.title, NAME_LEN_MAX).within("title")?,
            holder: holder(wire.holder).within("holder")?,
            over: optional_id(&wire.over).within("over")?,
            matters: ids(wire.matters, MATTERS_MAX).within("matters")?,
            legal_basis: text::required(wire.legal_basis, CITATION_LEN_MAX)
                .within("legal_basis")?,
            procedure: text::optional(wire.procedure, PARAGRAPHS_LEN_MAX).within("procedure")?,
            effective_from: date(&wire.effective_from).within("effective_from")?,
            effective_to: optional_date(&wire.effective_to).within("effective_to")?,
        })
    }
}

impl From<&PowerTerms> for v1::PowerTerms {
    fn from(terms: &PowerTerms) -> Self {
        Self {
            title: terms.title.clone(),
            holder: Some((&terms.holder).into()),
            over: optional(terms.over.as_ref()),
            matters: to_texts(&terms.matters),
            legal_basis: terms.legal_basis.clone(),
            procedure: terms.procedure.clone(),
            effective_from: terms.effective_from.to_string(),
            effective_to: optional(terms.effective_to.as_ref()),
        }
    }
}

fn terms(wire: Option<v1::PowerTerms>) -> Result<PowerTerms, Malformed> {
    required(wire).and_then(PowerTerms::try_from)
}

/// Listing and amending give an item and all its terms.
macro_rules! item_and_terms {
    ($($wire:ident => $variant:ident),+ $(,)?) => {$(
        impl TryFrom<v1::$wire> for PowerChange {
            type Error = Malformed;

            fn try_from(wire: v1::$wire) -> Result<Self, Malformed> {
                Ok(Self::$variant {
                    item: id(&wire.item).within("item")?,
                    terms: terms(wire.terms).within("terms")?,
                })
            }
        }
    )+};
}
item_and_terms!(PowerListed => Listed, PowerAmended => Amended);

impl TryFrom<v1::PowerRevoked> for PowerChange {
    type Error = Malformed;

    fn try_from(wire: v1::PowerRevoked) -> Result<Self, Malformed> {
        Ok(Self::Revoked {
            item: id(&wire.item).within("item")?,
        })
    }
}

impl TryFrom<v1::PowerDelegated> for PowerChange {
    type Error = Malformed;

    fn try_from(wire: v1::PowerDelegated) -> Result<Self, Malformed> {
        Ok(Self::Delegated {
            item: id(&wire.item).within("item")?,
            to: holder(wire.to).within("to")?,
            from: date(&wire.from).within("from")?,
            until: optional_date(&wire.until).within("until")?,
        })
    }
}

impl From<&PowerChange> for Effect {
    fn from(change: &PowerChange) -> Self {
        match change {
            PowerChange::Listed { item, terms } => Self::PowerListed(v1::PowerListed {
                item: item.to_string(),
                terms: Some(terms.into()),
            }),
            PowerChange::Amended { item, terms } => Self::PowerAmended(v1::PowerAmended {
                item: item.to_string(),
                terms: Some(terms.into()),
            }),
            PowerChange::Revoked { item } => Self::PowerRevoked(v1::PowerRevoked {
                item: item.to_string(),
            }),
            PowerChange::Delegated {
                item,
                to,
                from,
                until,
            } => Self::PowerDelegated(v1::PowerDelegated {
                item: item.to_string(),
                to: Some(to.into()),
                from: from.to_string(),
                until: optional(until.as_ref()),
            }),
        }
    }
}

impl TryFrom<v1::PowerExercised> for PowerAction {
    type Error = Malformed;

    fn try_from(wire: v1::PowerExercised) -> Result<Self, Malformed> {
        Ok(Self::PowerExercised(PowerExercised {
            item: id(&wire.item).within("item")?,
            over: optional_id(&wire.over).within("over")?,
            matter: optional_id(&wire.matter).within("matter")?,
            summary: text::required(wire.summary, CITATION_LEN_MAX).within("summary")?,
            record: wire
                .record
                .map(TryInto::try_into)
                .transpose()
                .within("record")?,
            decision: optional_id(&wire.decision).within("decision")?,
        }))
    }
}

impl From<&PowerAction> for Payload {
    fn from(action: &PowerAction) -> Self {
        match action {
            PowerAction::PowerExercised(exercised) => Self::PowerExercised(v1::PowerExercised {
                item: exercised.item.to_string(),
                over: optional(exercised.over.as_ref()),
                matter: optional(exercised.matter.as_ref()),
                summary: exercised.summary.clone(),
                record: exercised.record.as_ref().map(Into::into),
                decision: optional(exercised.decision.as_ref()),
            }),
        }
    }
}
