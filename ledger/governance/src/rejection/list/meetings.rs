//! Why a meeting does not go on.

macro_rules! meetings {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such meeting.
        MeetingUnknown { meeting: MeetingId }
            "MEETING_UNKNOWN" Refusal
            "there is no meeting {meeting}"
            "Convene it first, or correct the id."
            "没有会议 {meeting}"
            "请先召集，或更正编号。"
        /// Ids of meetings are never used twice.
        MeetingExists { meeting: MeetingId }
            "MEETING_EXISTS" Conflict
            "meeting {meeting} exists already; ids are never used again"
            "Choose another id."
            "会议 {meeting} 已存在；编号不重复使用"
            "请另选编号。"
        /// The meeting is over.
        MeetingIsClosed { meeting: MeetingId, index: u64 }
            "MEETING_IS_CLOSED" Refusal
            "meeting {meeting} was closed by entry {index}"
            "Convene another meeting."
            "会议 {meeting} 已由第 {index} 条记录结束"
            "请另行召集会议。"
        /// The meeting belongs to another body.
        MeetingOfAnotherBody { meeting: MeetingId, of: BodyId, body: BodyId }
            "MEETING_OF_ANOTHER_BODY" Refusal
            "meeting {meeting} is {of}'s, not {body}'s"
            "Name a meeting of the body that decides."
            "会议 {meeting} 属于 {of}，不属于 {body}"
            "请写明作出决定的主体的会议。"
        /// A meeting cannot be called for the past.
        MeetingInThePast { meeting: MeetingId, starts_at: Millis, recorded_at: Millis }
            "MEETING_IN_THE_PAST" Refusal
            "meeting {meeting} would have begun at {starts_at}, it is {recorded_at}"
            "Call it for a later time; what was decided earlier is recorded from the minutes."
            "会议 {meeting} 应于 {starts_at} 开始，现在是 {recorded_at}"
            "请召集以后的会议；此前决定的事项依会议记录录入。"
        /// The meeting has not begun.
        MeetingNotStarted { meeting: MeetingId, starts_at: Millis, recorded_at: Millis }
            "MEETING_NOT_STARTED" Refusal
            "meeting {meeting} begins at {starts_at}, it is {recorded_at}"
            "Wait until it begins."
            "会议 {meeting} 于 {starts_at} 开始，现在是 {recorded_at}"
            "请等会议开始。"
        /// Notice is given before the meeting begins.
        MeetingBegun { meeting: MeetingId, starts_at: Millis, recorded_at: Millis }
            "MEETING_BEGUN" Refusal
            "meeting {meeting} began at {starts_at}, it is {recorded_at}"
            "Convene another meeting and give notice of it, however urgent, before it begins."
            "会议 {meeting} 已于 {starts_at} 开始，现在是 {recorded_at}"
            "请另行召集会议，再紧急也要在开始前通知。"
        /// Notice is given once.
        NoticeGiven { meeting: MeetingId, at: Millis }
            "NOTICE_GIVEN" Conflict
            "notice of meeting {meeting} was given at {at}"
            "Nothing is to be done."
            "会议 {meeting} 已于 {at} 通知"
            "无需再做什么。"
        /// Notice is too short and no reason is given.
        NoticeTooShort { meeting: MeetingId, days_min: u32, over_at: Millis, rule: Cited }
            "NOTICE_TOO_SHORT" Refusal
            "meeting {meeting} needs {days_min} days' notice, over at {over_at}, by {rule}"
            "Give the urgent reason, or call the meeting for later."
            "会议 {meeting} 依{rule}须提前 {days_min} 日通知，至 {over_at} 届满"
            "请写明紧急理由，或推迟会议。"
        /// Too few ask for it: for a meeting, or for a recall.
        PetitionTooSmall { petitioners: u64, voters: u64, needed: Threshold, rule: Cited }
            "PETITION_TOO_SMALL" Refusal
            "{petitioners} of {voters} voters have signed the petition; {needed} are needed by {rule}"
            "Gather more signatures."
            "{voters} 名表决权人中有 {petitioners} 人联名提请，依{rule}须{needed}"
            "请征集更多人联名。"
        /// The rule knows no petition.
        NoPetition { rule: Cited }
            "NO_PETITION" Refusal
            "nobody calls a meeting or asks for a recall by petition under {rule}"
            "Have somebody with the right to convene call the meeting; a recall is asked for under a rule of recall."
            "依{rule}，不得以联名提请方式召集会议或者要求罢免"
            "会议请由有召集权的人召集；罢免请依罢免规则提请。"
        /// The person is recorded as present already.
        PresentAlready { meeting: MeetingId, person: PersonId }
            "PRESENT_ALREADY" Conflict
            "{person} is recorded as present at meeting {meeting} already"
            "Record only those who are new."
            "{person} 已记录出席会议 {meeting}"
            "只记录新到的人。"
        /// Who may vote in the meeting is no guest of it.
        GuestHasVote { meeting: MeetingId, person: PersonId, roll: RollId }
            "GUEST_HAS_VOTE" Refusal
            "{person} is on roll {roll} and has a vote in meeting {meeting}: who has one is present, not a guest"
            "Record the person as present."
            "{person} 在名册 {roll} 中，在会议 {meeting} 上有表决权：应登记为出席，不是列席"
            "请登记为出席。"
        /// A meeting is not closed before what voters asked for in it is voted on.
        MotionWaitsInMeeting { meeting: MeetingId, motion: MotionId }
            "MOTION_WAITS_IN_MEETING" Refusal
            "voters asked for motion {motion}, which is put to meeting {meeting} and not voted on yet (组织法 20, 26, 28)"
            "Open its vote, or wait until the day after the meeting is over."
            "居民提请的议题 {motion} 已提交会议 {meeting}，尚未表决（组织法第20条、第26条、第28条）"
            "请开始表决，或等会议次日结束之后。"
        /// A vote is still open in the meeting.
        VoteOpenInMeeting { meeting: MeetingId, motion: MotionId }
            "VOTE_OPEN_IN_MEETING" Refusal
            "motion {motion} is still being voted on in meeting {meeting}"
            "Close the vote first."
            "会议 {meeting} 中议题 {motion} 仍在表决"
            "请先结束表决。"
    }}};
}
pub(super) use meetings;
