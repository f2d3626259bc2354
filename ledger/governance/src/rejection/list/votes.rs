//! Why a vote does not count.

macro_rules! votes {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// The ballot is for another opening of the vote.
        WrongVotingOpened { motion: MotionId, named: Leaf, opened: Leaf }
            "WRONG_VOTING_OPENED" Refusal
            "the vote on motion {motion} was opened by {opened}, not {named}"
            "Read what was opened, and sign a ballot that names it."
        /// A recused voter does not vote.
        VoterRecused { motion: MotionId, person: PersonId }
            "VOTER_RECUSED" Refusal
            "{person} declared an interest in motion {motion} and takes no part in the vote"
            "Nothing is to be done: a declared interest stands."
        /// An interest is declared once.
        InterestDeclaredAlready { motion: MotionId, person: PersonId }
            "INTEREST_DECLARED_ALREADY" Conflict
            "{person} has declared an interest in motion {motion}"
            "Nothing is to be done."
        /// Who voted can no longer be recused.
        InterestAfterVote { motion: MotionId, person: PersonId }
            "INTEREST_AFTER_VOTE" Refusal
            "{person} has voted on motion {motion}; an interest is declared before"
            "Vote again to abstain; have the interest entered in a statement."
        /// Votes are secret: they go on paper.
        SecretOnPaper { motion: MotionId, rule: Cited }
            "SECRET_ON_PAPER" Refusal
            "motion {motion} is voted on in secret, on paper, by {rule}"
            "Hand in a paper ballot."
        /// The choice does not fit the question.
        ChoiceUnfit { motion: MotionId, reason: Unfit }
            "CHOICE_UNFIT" Invalid
            "the choice does not fit motion {motion}: {reason}"
            "Choose for, against or abstain; or, in a contest, options in ascending order, at most as many as seats."
        /// The voter's paper is counted.
        VotedOnPaper { motion: MotionId, person: PersonId, batch: u32 }
            "VOTED_ON_PAPER" Conflict
            "{person} voted on motion {motion} on paper, in batch {batch}"
            "Nothing is to be done: a paper stands."
        /// The voter's electronic ballot is counted.
        VotedElectronically { motion: MotionId, person: PersonId }
            "VOTED_ELECTRONICALLY" Conflict
            "{person} has an electronic ballot on motion {motion}"
            "Leave the paper out; the voter may recast the electronic ballot."
        /// Only those at the meeting count.
        NotAttending { motion: MotionId, person: PersonId, rule: Cited }
            "NOT_ATTENDING" Refusal
            "{person} is not recorded as attending the meeting on motion {motion}; those attending decide by {rule}"
            "Record the attendance first."
        /// The rule allows no proxies.
        ProxiesNotAllowed { motion: MotionId, rule: Cited }
            "PROXIES_NOT_ALLOWED" Refusal
            "nobody may vote for another on motion {motion} by {rule}"
            "The voter votes in person."
        /// The holder has as many proxies as allowed.
        ProxyLimit { holder: PersonId, held: u32, max: u32, rule: Cited }
            "PROXY_LIMIT" Refusal
            "{holder} holds {held} proxies, at most {max} are allowed by {rule}"
            "Choose another holder."
        /// A candidate votes for nobody else.
        ProxyHolderIsCandidate { motion: MotionId, holder: PersonId }
            "PROXY_HOLDER_IS_CANDIDATE" Refusal
            "{holder} is a candidate in motion {motion} and may not hold proxies"
            "Choose another holder."
        /// A proxy is for somebody else.
        ProxyToSelf { person: PersonId }
            "PROXY_TO_SELF" Invalid
            "{person} cannot be their own proxy"
            "Vote in person."
        /// Who gave a proxy votes through it.
        ProxyStands { motion: MotionId, person: PersonId, holder: PersonId }
            "PROXY_STANDS" Refusal
            "{holder} holds {person}'s proxy on motion {motion}"
            "Revoke the proxy first."
        /// No proxy from this voter.
        ProxyNotHeld { motion: MotionId, principal: PersonId, holder: PersonId }
            "PROXY_NOT_HELD" Refusal
            "{holder} holds no proxy of {principal} on motion {motion}; a proxy cannot be passed on"
            "Have the voter grant a proxy."
        /// No proxy to revoke.
        NoProxy { motion: MotionId, person: PersonId }
            "NO_PROXY" Refusal
            "{person} has granted no proxy on motion {motion}"
            "Nothing is to be done."
        /// Batches come in order.
        PaperBatchOrder { motion: MotionId, expected: u32, found: u32 }
            "PAPER_BATCH_ORDER" Conflict
            "the next batch of papers on motion {motion} is {expected}, not {found}"
            "Number the batches from 0 without gaps."
        /// A choice stands twice in a batch.
        PaperChoiceTwice { motion: MotionId, position: u32 }
            "PAPER_CHOICE_TWICE" Invalid
            "total {position} (from 0) on motion {motion} repeats an earlier choice, or counts nobody"
            "Give each choice once, with all its papers."
        /// Heads or areas do not add up.
        PaperTotalsDiffer { motion: MotionId, heads: u64, voters: u64, area: u64, voters_area: u64 }
            "PAPER_TOTALS_DIFFER" Refusal
            "the papers on motion {motion} come to {heads} heads and {area} (0.01 m²), their voters to {voters} and {voters_area}"
            "Count again."
        /// The roll call leaves voters out.
        RollCallIncomplete { motion: MotionId, first_missing: PersonId, missing: u64, voters: u64 }
            "ROLL_CALL_INCOMPLETE" Refusal
            "the roll call on motion {motion} leaves out {missing} of {voters} voters, first {first_missing}"
            "Name every voter of the roll once, the absent too."
        /// A roll call is by name and for or against.
        RollCallUnfit { motion: MotionId, reason: Unfit }
            "ROLL_CALL_UNFIT" Refusal
            "motion {motion} cannot be decided by roll call: {reason}"
            "Use ballots or papers, as the rule says."
        /// Who is recorded as present is not absent.
        PresentMarkedAbsent { motion: MotionId, person: PersonId }
            "PRESENT_MARKED_ABSENT" Refusal
            "the roll call on motion {motion} marks {person} absent, who is recorded as attending the meeting"
            "Mark who left the room as away."
        /// Minutes of a day to come.
        HeldInFuture { motion: MotionId, held_on: Date, today: Date }
            "HELD_IN_FUTURE" Refusal
            "motion {motion} was held on {held_on}, it is {today}"
            "Correct the date."
        /// The chair cannot end this vote yet.
        VoteStillRuns { motion: MotionId, voted: u64, eligible: u64, closes_at: Millis }
            "VOTE_STILL_RUNS" Refusal
            "{voted} of {eligible} have voted on motion {motion}, and it is no open vote of a meeting by a rule without a shortest window: it runs until {closes_at}"
            "Wait for the close."

        /// A decision is carried out forwards, and once.
        DecisionProgress { motion: MotionId, from: Execution, to: Execution }
            "DECISION_PROGRESS" Refusal
            "the decision on motion {motion} is {from}; it does not become {to}"
            "Say what comes next; a new decision is needed to do something again."
    }}};
}
pub(super) use votes;
