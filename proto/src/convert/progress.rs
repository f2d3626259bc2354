//! How far decisions are carried out, and whether they are filed.

use governance::action::{DecisionFiled, DecisionImplemented, Execution};

use super::common::{date, enumeration, id, number, optional, optional_date, wire_enum};
use crate::{
    limits::{CITATION_LEN_MAX, NAME_LEN_MAX},
    malformed::{Malformed, Within},
    text, v1,
};

wire_enum!(
    Execution,
    Execution {
        Planned,
        UnderWay,
        Done
    }
);

impl TryFrom<v1::DecisionImplemented> for DecisionImplemented {
    type Error = Malformed;

    fn try_from(wire: v1::DecisionImplemented) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            progress: enumeration(wire.progress).within("progress")?,
            note: text::required(wire.note, CITATION_LEN_MAX).within("note")?,
            due: optional_date(&wire.due).within("due")?,
        })
    }
}

impl From<&DecisionImplemented> for v1::DecisionImplemented {
    fn from(implemented: &DecisionImplemented) -> Self {
        Self {
            motion: implemented.motion.to_string(),
            progress: number(implemented.progress),
            note: implemented.note.clone(),
            due: optional(implemented.due.as_ref()),
        }
    }
}

impl TryFrom<v1::DecisionFiled> for DecisionFiled {
    type Error = Malformed;

    fn try_from(wire: v1::DecisionFiled) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            filed_on: date(&wire.filed_on).within("filed_on")?,
            reference: text::optional(wire.reference, NAME_LEN_MAX).within("reference")?,
        })
    }
}

impl From<&DecisionFiled> for v1::DecisionFiled {
    fn from(filed: &DecisionFiled) -> Self {
        Self {
            motion: filed.motion.to_string(),
            filed_on: filed.filed_on.to_string(),
            reference: filed.reference.clone(),
        }
    }
}
