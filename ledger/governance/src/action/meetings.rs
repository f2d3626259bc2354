//! Meetings and attendance.

use crate::{
    calendar::Date,
    ids::{BodyId, MeetingId, Millis, PersonId, RollId, RuleId},
};

/// Meetings and attendance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingsAction {
    /// A meeting is called.
    MeetingConvened(MeetingConvened),
    /// Its notice is given.
    MeetingNoticed {
        /// Which.
        meeting: MeetingId,
        /// Where the notice is short: why.
        urgent_reason: Option<String>,
    },
    /// Who is there; adds to what is known.
    AttendanceRecorded {
        /// Which.
        meeting: MeetingId,
        /// The roll of those entitled to attend.
        roll: RollId,
        /// Who, at most 1,000 an entry.
        present: Vec<PersonId>,
        /// Who is there besides 列席: may speak, has no vote and counts towards nothing; at most 1,000 an entry.
        guests: Vec<PersonId>,
    },
    /// It is over.
    MeetingClosed {
        /// Which.
        meeting: MeetingId,
    },
    /// Derived: a body held no meeting in a period in which the charter asks for one.
    MeetingMissed {
        /// Which.
        body: BodyId,
        /// The period's first day.
        first_day: Date,
        /// Its last.
        last_day: Date,
        /// The law, or the charter's choice, that asks for it.
        citation: String,
    },
}

/// A meeting is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingConvened {
    /// Its id.
    pub meeting: MeetingId,
    /// Whose meeting.
    pub body: BodyId,
    /// The rule whose notice and petition threshold apply.
    pub rule: RuleId,
    /// When it begins.
    pub starts_at: Millis,
    /// Where.
    pub place: String,
    /// Who asked for it, where it is called by petition, as the registrar has checked; at most 1,000, so
    /// a petition that needs more cannot be recorded.
    pub petitioners: Vec<PersonId>,
}
