//! Corrections.

use governance::action::{Correction, RecordCorrected};

use super::{
    ballots::roll_call_line,
    common::{id, list, required, to_wire},
};
use crate::{
    limits::{CITATION_LEN_MAX, LINES_MAX, PARAGRAPHS_LEN_MAX},
    malformed::{Malformed, MalformedReason, Within},
    text,
    v1::{self, action::Payload, record_corrected::Correction as Wire},
};

impl TryFrom<v1::RecordCorrected> for RecordCorrected {
    type Error = Malformed;

    fn try_from(wire: v1::RecordCorrected) -> Result<Self, Malformed> {
        Ok(Self {
            entry: wire.entry,
            reason: text::required(wire.reason, CITATION_LEN_MAX).within("reason")?,
            second: required(wire.second)
                .and_then(TryInto::try_into)
                .within("second")?,
            correction: correction(wire.correction)?,
        })
    }
}

fn correction(wire: Option<Wire>) -> Result<Correction, Malformed> {
    match wire {
        None => Err(MalformedReason::UnsetOneof).within("correction"),
        Some(Wire::Note(note)) => text::required(note, PARAGRAPHS_LEN_MAX)
            .map(Correction::Note)
            .within("note"),
        Some(Wire::RollCall(call)) => roll_call(call).within("roll_call"),
    }
}

fn roll_call(wire: v1::RollCallCorrected) -> Result<Correction, Malformed> {
    Ok(Correction::RollCall {
        motion: id(&wire.motion).within("motion")?,
        lines: list(wire.lines, LINES_MAX, |line| roll_call_line(&line)).within("lines")?,
    })
}

impl From<&RecordCorrected> for Payload {
    fn from(corrected: &RecordCorrected) -> Self {
        Self::RecordCorrected(v1::RecordCorrected {
            entry: corrected.entry,
            reason: corrected.reason.clone(),
            second: Some((&corrected.second).into()),
            correction: Some(match &corrected.correction {
                Correction::Note(note) => Wire::Note(note.clone()),
                Correction::RollCall { motion, lines } => Wire::RollCall(v1::RollCallCorrected {
                    motion: motion.to_string(),
                    lines: to_wire(lines),
                }),
            }),
        })
    }
}
