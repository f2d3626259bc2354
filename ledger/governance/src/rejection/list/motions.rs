//! Why a motion is not put, changed or opened.

macro_rules! motions {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such rule.
        RuleUnknown { id: RuleId, charter_version: u32 }
            "RULE_UNKNOWN" Refusal
            "charter version {charter_version} has no rule {id}"
            "Name a rule of the charter."
        /// The rule is another body's.
        RuleOfAnotherBody { rule: Cited, of: BodyId, body: BodyId }
            "RULE_OF_ANOTHER_BODY" Refusal
            "{rule} says how {of} decides, not {body}"
            "Name a rule of the body that decides."
        /// No such motion.
        MotionUnknown { motion: MotionId }
            "MOTION_UNKNOWN" Refusal
            "there is no motion {motion}"
            "Table it first, or correct the id."
        /// Ids of motions are never used twice.
        MotionExists { motion: MotionId }
            "MOTION_EXISTS" Conflict
            "motion {motion} exists already; ids are never used again"
            "Choose another id."
        /// The motion is past its tabling.
        MotionNotTabled { motion: MotionId, status: Status }
            "MOTION_NOT_TABLED" Refusal
            "motion {motion} is {status}; this is for motions not yet opened"
            "A motion opens once and is decided as it was opened; to put something else to the vote, table a new one."
        /// The motion is decided or withdrawn.
        MotionOver { motion: MotionId, status: Status }
            "MOTION_OVER" Refusal
            "motion {motion} is {status}; nothing can be added to it"
            "Table a new motion."
        /// The motion is not being voted on.
        MotionNotOpen { motion: MotionId, status: Status }
            "MOTION_NOT_OPEN" Refusal
            "motion {motion} is {status}; it is not being voted on"
            "Vote while it is open; papers too must be counted and recorded before closes_at, so open it for long enough to count."
        /// More seats than options.
        ContestSeats { seats: u32, options: u32 }
            "CONTEST_SEATS" Invalid
            "{seats} seats and {options} options: there must be 1 seat or more, and at least as many options"
            "Correct the contest."
        /// The rule wants a choice among candidates.
        TooFewCandidates { seats: u32, options: u32, rule: Cited }
            "TOO_FEW_CANDIDATES" Refusal
            "{options} candidates for {seats} seats: there must be more candidates than seats by {rule}"
            "Nominate more candidates."
        /// The rule elects, and the motion has no candidates.
        ContestMissing { rule: Cited }
            "CONTEST_MISSING" Refusal
            "the motion has no contest, and {rule} decides nothing but contests among candidates"
            "Table it with its candidates, or under another rule."
        /// The rule elects, and an option is nobody.
        OptionWithoutCandidate { label: Box<str>, rule: Cited }
            "OPTION_WITHOUT_CANDIDATE" Refusal
            "option \"{label}\" names no candidate, and {rule} is for candidates"
            "Name a person in every option."
        /// There is nothing this could be the run-off of.
        RunOffUnfit { first: MotionId, reason: NoRunOff, rule: Cited }
            "RUN_OFF_UNFIT" Refusal
            "this is no run-off of motion {first} by {rule}: {reason}"
            "Hold a run-off once, under the first ballot's rule, for the seats it left, among those not chosen."
        /// An expert is invited once.
        ExpertInvitedAlready { motion: MotionId, expert: PersonId }
            "EXPERT_INVITED_ALREADY" Conflict
            "{expert} is invited on motion {motion} already"
            "Nothing is to be done."
        /// An expert neither invites themself nor sits in the body that decides.
        ExpertNotIndependent { motion: MotionId, expert: PersonId, body: BodyId }
            "EXPERT_NOT_INDEPENDENT" Refusal
            "{expert} is no expert on motion {motion}: they are the inviter, or hold an office in {body}, which decides it"
            "Invite somebody from outside the body; those inside speak by statements."
        /// An expert answers when asked.
        ExpertNotInvited { motion: MotionId, expert: PersonId }
            "EXPERT_NOT_INVITED" Refusal
            "{expert} is not invited as an expert on motion {motion}"
            "Have the convener invite the expert."
        /// An expert answers once.
        OpinionFiledAlready { motion: MotionId, expert: PersonId }
            "OPINION_FILED_ALREADY" Conflict
            "{expert} has filed an opinion on motion {motion}"
            "Nothing is to be done."
        /// What must come before the vote has not.
        NotReadyToOpen { motion: MotionId, missing: Missing, rule: Cited }
            "NOT_READY_TO_OPEN" Refusal
            "the vote on motion {motion} cannot open by {rule}; missing: {missing}"
            "Do what is missing, then open the vote."
    }}};
}
pub(super) use motions;
