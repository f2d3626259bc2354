//! Why a meeting does not go on.

macro_rules! meetings {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such meeting.
        MeetingUnknown { meeting: MeetingId }
            "MEETING_UNKNOWN" Refusal
            "there is no meeting {meeting}"
            "Convene it first, or correct the id."
        /// Ids of meetings are never used twice.
        MeetingExists { meeting: MeetingId }
            "MEETING_EXISTS" Conflict
            "meeting {meeting} exists already; ids are never used again"
            "Choose another id."
        /// The meeting is over.
        MeetingIsClosed { meeting: MeetingId, index: u64 }
            "MEETING_IS_CLOSED" Refusal
            "meeting {meeting} was closed by entry {index}"
            "Convene another meeting."
        /// The meeting belongs to another body.
        MeetingOfAnotherBody { meeting: MeetingId, of: BodyId, body: BodyId }
            "MEETING_OF_ANOTHER_BODY" Refusal
            "meeting {meeting} is {of}'s, not {body}'s"
            "Name a meeting of the body that decides."
        /// A meeting cannot be called for the past.
        MeetingInThePast { meeting: MeetingId, starts_at: Millis, recorded_at: Millis }
            "MEETING_IN_THE_PAST" Refusal
            "meeting {meeting} would have begun at {starts_at}, it is {recorded_at}"
            "Call it for a later time; what was decided earlier is recorded from the minutes."
        /// The meeting has not begun.
        MeetingNotStarted { meeting: MeetingId, starts_at: Millis, recorded_at: Millis }
            "MEETING_NOT_STARTED" Refusal
            "meeting {meeting} begins at {starts_at}, it is {recorded_at}"
            "Wait until it begins."
        /// Notice is given before the meeting begins.
        MeetingBegun { meeting: MeetingId, starts_at: Millis, recorded_at: Millis }
            "MEETING_BEGUN" Refusal
            "meeting {meeting} began at {starts_at}, it is {recorded_at}"
            "Convene another meeting and give notice of it, however urgent, before it begins."
        /// Notice is given once.
        NoticeGiven { meeting: MeetingId, at: Millis }
            "NOTICE_GIVEN" Conflict
            "notice of meeting {meeting} was given at {at}"
            "Nothing is to be done."
        /// Notice is too short and no reason is given.
        NoticeTooShort { meeting: MeetingId, days_min: u32, over_at: Millis, rule: Cited }
            "NOTICE_TOO_SHORT" Refusal
            "meeting {meeting} needs {days_min} days' notice, over at {over_at}, by {rule}"
            "Give the urgent reason, or call the meeting for later."
        /// Too few ask for the meeting.
        PetitionTooSmall { petitioners: u64, voters: u64, needed: Threshold, rule: Cited }
            "PETITION_TOO_SMALL" Refusal
            "{petitioners} of {voters} voters ask for the meeting; {needed} are needed by {rule}"
            "Gather more petitioners."
        /// The rule knows no petition.
        NoPetition { rule: Cited }
            "NO_PETITION" Refusal
            "nobody may call a meeting by petition under {rule}"
            "Have somebody with the right to convene call it."
        /// The person is recorded as present already.
        PresentAlready { meeting: MeetingId, person: PersonId }
            "PRESENT_ALREADY" Conflict
            "{person} is recorded as present at meeting {meeting} already"
            "Record only those who are new."
        /// A vote is still open in the meeting.
        VoteOpenInMeeting { meeting: MeetingId, motion: MotionId }
            "VOTE_OPEN_IN_MEETING" Refusal
            "motion {motion} is still being voted on in meeting {meeting}"
            "Close the vote first."
    }}};
}
pub(super) use meetings;
