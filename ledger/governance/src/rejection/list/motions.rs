//! Why a motion is not put, changed or opened.

macro_rules! motions {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such rule.
        RuleUnknown { id: RuleId, charter_version: u32 }
            "RULE_UNKNOWN" Refusal
            "charter version {charter_version} has no rule {id}"
            "Name a rule of the charter."
            "章程第 {charter_version} 版没有规则 {id}"
            "请写明章程中的规则。"
        /// The rule is another body's.
        RuleOfAnotherBody { rule: Cited, of: BodyId, body: BodyId }
            "RULE_OF_ANOTHER_BODY" Refusal
            "{rule} says how {of} decides, not {body}"
            "Name a rule of the body that decides."
            "{rule}规定 {of} 如何决定，不适用于 {body}"
            "请写明作出决定的主体的规则。"
        /// No such motion.
        MotionUnknown { motion: MotionId }
            "MOTION_UNKNOWN" Refusal
            "there is no motion {motion}"
            "Table it first, or correct the id."
            "没有议题 {motion}"
            "请先提出，或更正编号。"
        /// Ids of motions are never used twice.
        MotionExists { motion: MotionId }
            "MOTION_EXISTS" Conflict
            "motion {motion} exists already; ids are never used again"
            "Choose another id."
            "议题 {motion} 已存在；编号不重复使用"
            "请另选编号。"
        /// The motion is past its tabling.
        MotionNotTabled { motion: MotionId, status: Status }
            "MOTION_NOT_TABLED" Refusal
            "motion {motion} is {status}; this is for motions not yet opened"
            "A motion opens once and is decided as it was opened; to put something else to the vote, table a new one."
            "议题 {motion} {status}；此事只适用于尚未开始表决的议题"
            "议题只表决一次，并按开始时的内容决定；另有内容要表决，请提出新议题。"
        /// What voters asked for is voted on as it was tabled.
        MotionAskedFor { motion: MotionId, rule: Cited }
            "MOTION_ASKED_FOR" Refusal
            "voters asked for motion {motion} by {rule}: whoever tabled it neither amends nor withdraws it before it is voted on"
            "Open its vote: who is against it votes against. To put another text to the vote, table it beside it."
            "议题 {motion} 由居民依{rule}提请：表决之前，任何提交人都不得修改或者撤回"
            "请开始表决：不赞成的，投反对票。要表决另一文本，请另行提出。"
        /// The motion is decided or withdrawn.
        MotionOver { motion: MotionId, status: Status }
            "MOTION_OVER" Refusal
            "motion {motion} is {status}; nothing can be added to it"
            "Table a new motion."
            "议题 {motion} {status}；不能再增加内容"
            "请提出新议题。"
        /// The motion is not being voted on.
        MotionNotOpen { motion: MotionId, status: Status }
            "MOTION_NOT_OPEN" Refusal
            "motion {motion} is {status}; it is not being voted on"
            "Vote while it is open; papers too must be counted and recorded before closes_at, so open it for long enough to count."
            "议题 {motion} {status}，现在不在表决"
            "请在表决期间投票；纸质票也须在截止前清点并记录，请留足时间。"
        /// More seats than options.
        ContestSeats { seats: u32, options: u32 }
            "CONTEST_SEATS" Invalid
            "{seats} seats and {options} options: there must be 1 seat or more, and at least as many options"
            "Correct the contest."
            "{seats} 个名额、{options} 个候选项：名额至少 1 个，候选项不得少于名额"
            "请更正选举内容。"
        /// The rule wants a choice among candidates.
        TooFewCandidates { seats: u32, options: u32, rule: Cited }
            "TOO_FEW_CANDIDATES" Refusal
            "{options} candidates for {seats} seats: there must be more candidates than seats by {rule}"
            "Nominate more candidates."
            "{seats} 个名额只有 {options} 名候选人：依{rule}须差额选举"
            "请提名更多候选人。"
        /// The rule elects, and the motion has no candidates.
        ContestMissing { rule: Cited }
            "CONTEST_MISSING" Refusal
            "the motion has no contest, and {rule} decides nothing but contests among candidates"
            "Table it with its candidates, or under another rule."
            "该议题没有候选人，而{rule}只用于选举"
            "请附候选人提出，或改用其他规则。"
        /// The rule elects, and an option is nobody.
        OptionWithoutCandidate { label: Box<str>, rule: Cited }
            "OPTION_WITHOUT_CANDIDATE" Refusal
            "option \"{label}\" names no candidate, and {rule} is for candidates"
            "Name a person in every option."
            "候选项“{label}”没有写明候选人，而{rule}用于选人"
            "每个候选项都要写明一人。"
        /// Residents elect by a rule for elections alone.
        NotForElections { person: PersonId, rule: Cited }
            "NOT_FOR_ELECTIONS" Refusal
            "{person} stands in it, and whoever stands before residents or their representatives is elected by a rule for elections (组织法 14–19), which {rule} is not"
            "Table it under a rule for elections."
            "{person} 是候选人；居民或居民代表选人，应依选举规则（组织法第14–19条），而{rule}不是选举规则"
            "请依选举规则提出。"
        /// There is nothing this could be the run-off of.
        RunOffUnfit { first: MotionId, reason: NoRunOff, rule: Cited }
            "RUN_OFF_UNFIT" Refusal
            "this is no run-off of motion {first} by {rule}: {reason}"
            "Hold a run-off once, under the first ballot's rule, for the seats it left, among those not chosen."
            "依{rule}，这不是议题 {first} 的另行选举：{reason}"
            "另行选举只举行一次，依首次选举的规则，就其留下的名额，在未当选人中进行。"
        /// A body is given the word on a text once.
        ParticipantInvitedAlready { motion: MotionId, body: BodyId }
            "PARTICIPANT_INVITED_ALREADY" Conflict
            "{body} was invited to speak on motion {motion}"
            "Nothing is to be done."
            "已邀请 {body} 就议题 {motion} 发表意见"
            "无须办理。"
        /// An expert is invited once.
        ExpertInvitedAlready { motion: MotionId, expert: PersonId }
            "EXPERT_INVITED_ALREADY" Conflict
            "{expert} is invited on motion {motion} already"
            "Nothing is to be done."
            "已就议题 {motion} 邀请 {expert}"
            "无需再做什么。"
        /// An expert neither invites themself nor sits in the body that decides.
        ExpertNotIndependent { motion: MotionId, expert: PersonId, body: BodyId }
            "EXPERT_NOT_INDEPENDENT" Refusal
            "{expert} is no expert on motion {motion}: they are the inviter, or hold an office in {body}, which decides it"
            "Invite somebody from outside the body; those inside speak by statements."
            "{expert} 不能作为议题 {motion} 的专家：其为邀请人，或在作出决定的 {body} 任职"
            "请邀请主体以外的人；内部人员以意见发言。"
        /// An expert answers when asked.
        ExpertNotInvited { motion: MotionId, expert: PersonId }
            "EXPERT_NOT_INVITED" Refusal
            "{expert} is not invited as an expert on motion {motion}"
            "Have the convener invite the expert."
            "{expert} 未被邀请为议题 {motion} 的专家"
            "请由召集人邀请。"
        /// An expert answers once.
        OpinionFiledAlready { motion: MotionId, expert: PersonId }
            "OPINION_FILED_ALREADY" Conflict
            "{expert} has filed an opinion on motion {motion}"
            "Nothing is to be done."
            "{expert} 已就议题 {motion} 提交意见"
            "无需再做什么。"
        /// What must come before the vote has not.
        NotReadyToOpen { motion: MotionId, missing: Missing, rule: Cited }
            "NOT_READY_TO_OPEN" Refusal
            "the vote on motion {motion} cannot open by {rule}; missing: {missing}"
            "Do what is missing, then open the vote."
            "依{rule}，议题 {motion} 尚不能开始表决；缺少：{missing}"
            "请补齐后再开始表决。"
    }}};
}
pub(super) use motions;
