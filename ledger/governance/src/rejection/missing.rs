//! What is missing before a vote may open.

use std::fmt;

use super::words::joined;
use crate::{
    calendar::{Date, Lasting},
    charter::BodyKind,
    ids::{BodyId, MeetingId, Millis, PersonId, RollId},
};

/// All that is missing before a vote may open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(pub Vec<Unmet>);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        joined(f, &self.0, "; ")
    }
}

/// One thing missing before a vote may open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// The law the rule rests on, from this day.
    LawInForce(Date),
    /// The body has no roll in force.
    NoRoll,
    /// Another roll is in force.
    RollNotInForce {
        /// The one that is.
        in_force: RollId,
    },
    /// The roll must hang out longer.
    RollPosted {
        /// So many days.
        days_min: u32,
        /// They are over then.
        over_at: Millis,
    },
    /// So many objections against the roll wait for their ruling.
    RollRulings(u32),
    /// The roll is wrong about this person, as was ruled, and is to be published anew.
    RollCorrected(PersonId),
    /// It must be deliberated longer.
    Deliberation {
        /// So many days.
        days_min: u32,
        /// They are over then.
        over_at: Millis,
    },
    /// The vote is too short.
    WindowTooShort {
        /// As asked, in ms.
        ms: u64,
        /// Shortest, in ms.
        ms_min: u64,
    },
    /// The vote is too long.
    WindowTooLong {
        /// As asked, in ms.
        ms: u64,
        /// Longest, in ms.
        ms_max: u64,
    },
    /// Nobody of that kind of body has spoken.
    StatementFrom(BodyKind),
    /// Too few experts have answered.
    ExpertOpinions {
        /// Have answered.
        found: u32,
        /// Must have.
        min: u32,
    },
    /// The party organisation has not discussed it.
    PartyDiscussion,
    /// A consultation that the motion cites and that is closed.
    Consultation,
    /// This body is to be given the word, and was not.
    NotInvited(BodyId),
    /// This body was given the word, and may still take it.
    StillToSpeak {
        /// Which.
        body: BodyId,
        /// Until then.
        over_at: Millis,
    },
    /// This candidate was not nominated.
    Nomination(PersonId),
    /// A meeting.
    Meeting,
    /// The meeting is over.
    MeetingClosed(MeetingId),
    /// The meeting has not begun.
    MeetingNotStarted(MeetingId),
    /// The meeting began more than a day ago.
    MeetingLongPast(MeetingId),
    /// Notice of the meeting.
    NotNoticed(MeetingId),
    /// Notice was short, without an urgent reason.
    NoticeTooShort {
        /// So many days.
        days_min: u32,
        /// They are over then.
        over_at: Millis,
    },
    /// Who attends.
    Attendance(MeetingId),
    /// The meeting's attendance was taken by this roll, not the one named.
    AttendanceByRoll(RollId),
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LawInForce(from) => write!(f, "the law, which is in force from {from}"),
            Self::NoRoll => f.write_str("a published roll in force"),
            Self::RollNotInForce { in_force } => {
                write!(f, "the roll in force, which is {in_force}")
            }
            Self::RollPosted { days_min, over_at } => {
                write!(
                    f,
                    "{days_min} days since the roll's publication, over at {over_at}"
                )
            }
            Self::RollRulings(waiting) => {
                write!(f, "the rulings on {waiting} objections against the roll")
            }
            Self::RollCorrected(person) => write!(
                f,
                "a roll published anew, corrected about {person} as was ruled"
            ),
            Self::Deliberation { days_min, over_at } => {
                write!(f, "{days_min} days of deliberation, over at {over_at}")
            }
            Self::WindowTooShort { ms, ms_min } => {
                let (found, least) = (Lasting(*ms), Lasting(*ms_min));
                write!(f, "a vote of at least {least}, not {found}")
            }
            Self::WindowTooLong { ms, ms_max } => {
                let (found, most) = (Lasting(*ms), Lasting(*ms_max));
                write!(f, "a vote of at most {most}, not {found}")
            }
            Self::StatementFrom(kind) => write!(f, "a statement by {kind}"),
            Self::ExpertOpinions { found, min } => {
                write!(
                    f,
                    "{min} expert opinions without an interest ({found} are filed)"
                )
            }
            Self::PartyDiscussion => f.write_str("a statement by a party organisation"),
            Self::Consultation => f.write_str("a closed consultation that the motion cites"),
            Self::NotInvited(body) => {
                write!(f, "{body}, which has not spoken and was not invited to")
            }
            Self::StillToSpeak { body, over_at } => write!(
                f,
                "{body}, which was invited and has not spoken, or the end of its time at {over_at}"
            ),
            Self::Nomination(person) => write!(f, "the nomination of {person}"),
            Self::Meeting => f.write_str("a meeting to decide it in"),
            Self::MeetingClosed(meeting) => {
                write!(f, "an open meeting: {meeting} is closed")
            }
            Self::MeetingNotStarted(meeting) => write!(f, "the beginning of meeting {meeting}"),
            Self::MeetingLongPast(meeting) => write!(
                f,
                "a meeting of today or yesterday: {meeting} began before that"
            ),
            Self::NotNoticed(meeting) => write!(f, "the notice of meeting {meeting}"),
            Self::NoticeTooShort { days_min, over_at } => {
                write!(
                    f,
                    "{days_min} days since the meeting's notice, over at {over_at}, or an urgent reason"
                )
            }
            Self::Attendance(meeting) => write!(f, "the attendance of meeting {meeting}"),
            Self::AttendanceByRoll(roll) => {
                write!(f, "the roll of the meeting's attendance, which is {roll}")
            }
        }
    }
}
