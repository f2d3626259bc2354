//! Meetings and attendance.

use governance::{
    action::{MeetingConvened, MeetingsAction},
    ids::Millis,
};

use super::common::{date, id, ids, to_texts};
use crate::{
    limits::{CITATION_LEN_MAX, LINES_MAX, NAME_LEN_MAX},
    malformed::{Malformed, Within},
    text,
    v1::{self, action::Payload},
};

impl TryFrom<v1::MeetingConvened> for MeetingConvened {
    type Error = Malformed;

    fn try_from(wire: v1::MeetingConvened) -> Result<Self, Malformed> {
        Ok(Self {
            meeting: id(&wire.meeting).within("meeting")?,
            body: id(&wire.body).within("body")?,
            rule: id(&wire.rule).within("rule")?,
            starts_at: Millis(wire.starts_at_ms),
            place: text::optional(wire.place, NAME_LEN_MAX).within("place")?,
            petitioners: ids(wire.petitioners, LINES_MAX).within("petitioners")?,
        })
    }
}

impl From<&MeetingConvened> for v1::MeetingConvened {
    fn from(convened: &MeetingConvened) -> Self {
        Self {
            meeting: convened.meeting.to_string(),
            body: convened.body.to_string(),
            rule: convened.rule.to_string(),
            starts_at_ms: convened.starts_at.0,
            place: convened.place.clone(),
            petitioners: to_texts(&convened.petitioners),
        }
    }
}

impl TryFrom<v1::MeetingNoticed> for MeetingsAction {
    type Error = Malformed;

    fn try_from(wire: v1::MeetingNoticed) -> Result<Self, Malformed> {
        let reason =
            text::optional(wire.urgent_reason, CITATION_LEN_MAX).within("urgent_reason")?;
        Ok(Self::MeetingNoticed {
            meeting: id(&wire.meeting).within("meeting")?,
            urgent_reason: Some(reason).filter(|reason| !reason.is_empty()),
        })
    }
}

impl TryFrom<v1::AttendanceRecorded> for MeetingsAction {
    type Error = Malformed;

    fn try_from(wire: v1::AttendanceRecorded) -> Result<Self, Malformed> {
        Ok(Self::AttendanceRecorded {
            meeting: id(&wire.meeting).within("meeting")?,
            roll: id(&wire.roll).within("roll")?,
            present: ids(wire.present, LINES_MAX).within("present")?,
            guests: ids(wire.guests, LINES_MAX).within("guests")?,
        })
    }
}

impl TryFrom<v1::MeetingClosed> for MeetingsAction {
    type Error = Malformed;

    fn try_from(wire: v1::MeetingClosed) -> Result<Self, Malformed> {
        Ok(Self::MeetingClosed {
            meeting: id(&wire.meeting).within("meeting")?,
        })
    }
}

impl TryFrom<v1::MeetingMissed> for MeetingsAction {
    type Error = Malformed;

    fn try_from(wire: v1::MeetingMissed) -> Result<Self, Malformed> {
        Ok(Self::MeetingMissed {
            body: id(&wire.body).within("body")?,
            first_day: date(&wire.first_day).within("first_day")?,
            last_day: date(&wire.last_day).within("last_day")?,
            citation: text::required(wire.citation, CITATION_LEN_MAX).within("citation")?,
        })
    }
}

impl From<&MeetingsAction> for Payload {
    fn from(action: &MeetingsAction) -> Self {
        match action {
            MeetingsAction::MeetingConvened(convened) => Self::MeetingConvened(convened.into()),
            MeetingsAction::MeetingNoticed {
                meeting,
                urgent_reason,
            } => Self::MeetingNoticed(v1::MeetingNoticed {
                meeting: meeting.to_string(),
                urgent_reason: urgent_reason.clone().unwrap_or_default(),
            }),
            MeetingsAction::AttendanceRecorded {
                meeting,
                roll,
                present,
                guests,
            } => Self::AttendanceRecorded(v1::AttendanceRecorded {
                meeting: meeting.to_string(),
                roll: roll.to_string(),
                present: to_texts(present),
                guests: to_texts(guests),
            }),
            MeetingsAction::MeetingClosed { meeting } => Self::MeetingClosed(v1::MeetingClosed {
                meeting: meeting.to_string(),
            }),
            MeetingsAction::MeetingMissed {
                body,
                first_day,
                last_day,
                citation,
            } => Self::MeetingMissed(v1::MeetingMissed {
                body: body.to_string(),
                first_day: first_day.to_string(),
                last_day: last_day.to_string(),
                citation: citation.clone(),
            }),
        }
    }
}
