//! Why a vote does not count.

macro_rules! votes {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// The ballot is for another opening of the vote.
        WrongVotingOpened { motion: MotionId, named: Leaf, opened: Leaf }
            "WRONG_VOTING_OPENED" Refusal
            "the vote on motion {motion} was opened by {opened}, not {named}"
            "Read what was opened, and sign a ballot that names it."
            "议题 {motion} 的表决由 {opened} 开始，不是 {named}"
            "请核对开始表决的内容，再签署写明它的选票。"
        /// A recused voter does not vote.
        VoterRecused { motion: MotionId, person: PersonId, why: Recusal }
            "VOTER_RECUSED" Refusal
            "{person} takes no part in the vote on motion {motion}: {why}"
            "Nothing is to be done: who has an interest, declared or by the matter itself, does not vote."
            "{person} 不参加议题 {motion} 的表决：{why}"
            "无需再做什么：已声明或因事项本身有利害关系的人不参加表决。"
        /// An interest is declared once.
        InterestDeclaredAlready { motion: MotionId, person: PersonId }
            "INTEREST_DECLARED_ALREADY" Conflict
            "{person} has declared an interest in motion {motion}"
            "Nothing is to be done."
            "{person} 已就议题 {motion} 声明利害关系"
            "无需再做什么。"
        /// Who voted can no longer be recused.
        InterestAfterVote { motion: MotionId, person: PersonId }
            "INTEREST_AFTER_VOTE" Refusal
            "{person} has voted on motion {motion}; an interest is declared before"
            "Vote again to abstain; have the interest entered in a statement."
            "{person} 已就议题 {motion} 投票；利害关系应在投票前声明"
            "请改投弃权；利害关系可写入意见。"
        /// Votes are secret: they go on paper.
        SecretOnPaper { motion: MotionId, rule: Cited }
            "SECRET_ON_PAPER" Refusal
            "motion {motion} is voted on in secret, on paper, by {rule}"
            "Hand in a paper ballot."
            "依{rule}，议题 {motion} 以纸质票无记名表决"
            "请投纸质票。"
        /// The choice does not fit the question.
        ChoiceUnfit { motion: MotionId, reason: Unfit }
            "CHOICE_UNFIT" Invalid
            "the choice does not fit motion {motion}: {reason}"
            "Choose for, against or abstain; or, in a contest, options in ascending order, at most as many as seats."
            "该选择不适用于议题 {motion}：{reason}"
            "请选择赞成、反对或弃权；选举中按升序选择候选项，不多于名额。"
        /// The voter's paper is counted.
        VotedOnPaper { motion: MotionId, person: PersonId, batch: u32 }
            "VOTED_ON_PAPER" Conflict
            "{person} voted on motion {motion} on paper, in batch {batch}"
            "Nothing is to be done: a paper stands."
            "{person} 已就议题 {motion} 投纸质票（第 {batch} 批）"
            "无需再做什么：纸质票有效。"
        /// The voter's electronic ballot is counted.
        VotedElectronically { motion: MotionId, person: PersonId }
            "VOTED_ELECTRONICALLY" Conflict
            "{person} has an electronic ballot on motion {motion}"
            "Leave the paper out; the voter may recast the electronic ballot."
            "{person} 已就议题 {motion} 投电子票"
            "请不计该纸质票；表决权人可以改投电子票。"
        /// Only those at the meeting count.
        NotAttending { motion: MotionId, person: PersonId, rule: Cited }
            "NOT_ATTENDING" Refusal
            "{person} is not recorded as attending the meeting on motion {motion}; those attending decide by {rule}"
            "Record the attendance first."
            "{person} 未记录出席就议题 {motion} 举行的会议；依{rule}由出席人决定"
            "请先记录出席。"
        /// The vote is over, and not yet decided.
        VoteOver { motion: MotionId, closes_at: Millis }
            "VOTE_OVER" Refusal
            "the vote on motion {motion} was over at {closes_at}; what hidden ballots said is being recorded"
            "Nothing is to be done; a hidden ballot that is not opened can be opened by its voter."
            "议题 {motion} 的表决已于 {closes_at} 截止；保密表决票正在公开"
            "无须办理；未公开的保密表决票可由表决人自行公开。"
        /// Ballots on this motion are hidden until the close.
        BallotMustBeHidden { motion: MotionId, rule: Cited }
            "BALLOT_MUST_BE_HIDDEN" Refusal
            "ballots on motion {motion} are hidden until the close by {rule}, and this one shows its choice"
            "Cast a commitment to the choice, and send what opens it beside the action."
            "依{rule}，议题 {motion} 的表决票在截止前保密，而这一张公开了选择"
            "请投下选择的承诺值，并随操作附上开启所需内容。"
        /// Ballots on this motion are open.
        BallotMustBeOpen { motion: MotionId, rule: Cited }
            "BALLOT_MUST_BE_OPEN" Refusal
            "ballots on motion {motion} are open by {rule}, and this one hides its choice"
            "Cast the choice itself."
            "依{rule}，议题 {motion} 的表决票公开，而这一张隐藏了选择"
            "请直接投下选择。"
        /// Nothing is opened before the close.
        BallotsStillHidden { motion: MotionId, closes_at: Millis }
            "BALLOTS_STILL_HIDDEN" Refusal
            "ballots on motion {motion} stay hidden until {closes_at}"
            "Wait for the close."
            "议题 {motion} 的表决票在 {closes_at} 之前保密"
            "请等到表决截止。"
        /// There is no such hidden ballot, or it is opened.
        NothingToOpen { motion: MotionId, person: PersonId }
            "NOTHING_TO_OPEN" Conflict
            "{person} has no hidden ballot on motion {motion} that is not opened"
            "Nothing is to be done."
            "{person} 在议题 {motion} 上没有未公开的保密表决票"
            "无须办理。"
        /// An opening is not what was committed to.
        OpeningMismatch { motion: MotionId, person: PersonId, commitment: Digest }
            "OPENING_MISMATCH" Refusal
            "this does not open the ballot of {person} on motion {motion}, whose commitment is {commitment}"
            "Open it with the nonce and the choice it was made of."
            "这不能开启 {person} 在议题 {motion} 上的表决票，其承诺值为 {commitment}"
            "请用生成该承诺值的随机数和选择开启。"
        /// The rule allows no proxies.
        ProxiesNotAllowed { motion: MotionId, rule: Cited }
            "PROXIES_NOT_ALLOWED" Refusal
            "nobody may vote for another on motion {motion} by {rule}"
            "The voter votes in person."
            "依{rule}，议题 {motion} 不得委托他人投票"
            "请本人投票。"
        /// The holder has as many proxies as allowed.
        ProxyLimit { holder: PersonId, held: u32, max: u32, rule: Cited }
            "PROXY_LIMIT" Refusal
            "{holder} holds {held} proxies, at most {max} are allowed by {rule}"
            "Choose another holder."
            "{holder} 已接受 {held} 份委托，依{rule}最多 {max} 份"
            "请另选受托人。"
        /// A candidate votes for nobody else.
        ProxyHolderIsCandidate { motion: MotionId, holder: PersonId }
            "PROXY_HOLDER_IS_CANDIDATE" Refusal
            "{holder} is a candidate in motion {motion} and may not hold proxies"
            "Choose another holder."
            "{holder} 是议题 {motion} 的候选人，不得接受委托"
            "请另选受托人。"
        /// A proxy is for somebody else.
        ProxyToSelf { person: PersonId }
            "PROXY_TO_SELF" Invalid
            "{person} cannot be their own proxy"
            "Vote in person."
            "{person} 不能委托自己"
            "请本人投票。"
        /// Who gave a proxy votes through it.
        ProxyStands { motion: MotionId, person: PersonId, holder: PersonId }
            "PROXY_STANDS" Refusal
            "{holder} holds {person}'s proxy on motion {motion}"
            "Revoke the proxy first."
            "{holder} 持有 {person} 就议题 {motion} 的委托"
            "请先撤销委托。"
        /// No proxy from this voter.
        ProxyNotHeld { motion: MotionId, principal: PersonId, holder: PersonId }
            "PROXY_NOT_HELD" Refusal
            "{holder} holds no proxy of {principal} on motion {motion}; a proxy cannot be passed on"
            "Have the voter grant a proxy."
            "{holder} 没有 {principal} 就议题 {motion} 的委托；委托不得转委托"
            "请由表决权人出具委托。"
        /// No proxy to revoke.
        NoProxy { motion: MotionId, person: PersonId }
            "NO_PROXY" Refusal
            "{person} has granted no proxy on motion {motion}"
            "Nothing is to be done."
            "{person} 没有就议题 {motion} 出具委托"
            "无需再做什么。"
        /// Batches come in order.
        PaperBatchOrder { motion: MotionId, expected: u32, found: u32 }
            "PAPER_BATCH_ORDER" Conflict
            "the next batch of papers on motion {motion} is {expected}, not {found}"
            "Number the batches from 0 without gaps."
            "议题 {motion} 的下一批纸质票是第 {expected} 批，不是第 {found} 批"
            "请从 0 起连续编号。"
        /// A choice stands twice in a batch.
        PaperChoiceTwice { motion: MotionId, position: u32 }
            "PAPER_CHOICE_TWICE" Invalid
            "total {position} (from 0) on motion {motion} repeats an earlier choice, or counts nobody"
            "Give each choice once, with all its papers."
            "议题 {motion} 的第 {position} 项合计（从 0 起）与前面重复，或没有票"
            "每种选择只列一次，计入其全部票。"
        /// Heads or areas do not add up.
        PaperTotalsDiffer { motion: MotionId, heads: u64, voters: u64, area: u64, voters_area: u64 }
            "PAPER_TOTALS_DIFFER" Refusal
            "the papers on motion {motion} come to {heads} heads and {area} (0.01 m²), their voters to {voters} and {voters_area}"
            "Count again."
            "议题 {motion} 的纸质票合计 {heads} 人、{area}（0.01 平方米），投票人合计 {voters} 人、{voters_area}"
            "请重新清点。"
        /// The roll call leaves voters out.
        RollCallIncomplete { motion: MotionId, first_missing: PersonId, missing: u64, voters: u64 }
            "ROLL_CALL_INCOMPLETE" Refusal
            "the roll call on motion {motion} leaves out {missing} of {voters} voters, first {first_missing}"
            "Name every voter of the roll once, the absent too."
            "议题 {motion} 的记名表决缺少 {voters} 名表决权人中的 {missing} 名，首先是 {first_missing}"
            "名册上每人列一次，缺席的也要列。"
        /// A roll call is by name and for or against.
        RollCallUnfit { motion: MotionId, reason: Unfit }
            "ROLL_CALL_UNFIT" Refusal
            "motion {motion} cannot be decided by roll call: {reason}"
            "Use ballots or papers, as the rule says."
            "议题 {motion} 不能以记名表决决定：{reason}"
            "请按规则使用选票或纸质票。"
        /// Who is recorded as present is not absent.
        PresentMarkedAbsent { motion: MotionId, person: PersonId }
            "PRESENT_MARKED_ABSENT" Refusal
            "the roll call on motion {motion} marks {person} absent, who is recorded as attending the meeting"
            "Mark who left the room as away."
            "议题 {motion} 的记名表决将 {person} 记为缺席，而其已记录出席会议"
            "离开会场的人请记为离席。"
        /// Minutes of a day to come.
        HeldInFuture { motion: MotionId, held_on: Date, today: Date }
            "HELD_IN_FUTURE" Refusal
            "motion {motion} was held on {held_on}, it is {today}"
            "Correct the date."
            "议题 {motion} 的表决日期为 {held_on}，今天是 {today}"
            "请更正日期。"
        /// The chair cannot end this vote yet.
        VoteStillRuns { motion: MotionId, voted: u64, eligible: u64, closes_at: Millis }
            "VOTE_STILL_RUNS" Refusal
            "{voted} of {eligible} have voted on motion {motion}: before all have, only an open vote of a meeting ends, by a rule without a shortest window, and none that voters asked for; it runs until {closes_at}"
            "Wait for the close."
            "议题 {motion} 已有 {eligible} 人中的 {voted} 人表决：全部表决之前，只有会议上无最短期限、且非由居民提请的公开表决可以提前结束；表决至 {closes_at}"
            "请等待截止。"

        /// The rule asks for no filing.
        FilingNotAsked { motion: MotionId, rule: Cited }
            "FILING_NOT_ASKED" Refusal
            "what is decided on motion {motion} is filed with nobody: {rule} asks for no filing"
            "Nothing is to be done; a charter's rule may name with whom it is filed."
            "议题 {motion} 的决定无需备案：{rule}没有规定备案"
            "无需再做什么；章程的规则可以写明备案机关。"
        /// A decision is filed once.
        DecisionFiledAlready { motion: MotionId, index: u64 }
            "DECISION_FILED_ALREADY" Conflict
            "entry {index} says that the decision on motion {motion} is filed"
            "Nothing is to be done; what it says wrongly is corrected by an entry that names it."
            "第 {index} 条记录已登记议题 {motion} 的决定备案"
            "无需再做什么；登记有误的，以指明该条的更正记录更正。"
        /// A decision is filed after it is taken, and recorded after it is filed.
        FilingDay { motion: MotionId, filed_on: Date, held_on: Date, today: Date }
            "FILING_DAY" Refusal
            "the decision on motion {motion} was taken on {held_on} and it is {today}: it was not filed on {filed_on}"
            "Correct the date."
            "议题 {motion} 的决定于 {held_on} 作出，今天是 {today}：备案日期不会是 {filed_on}"
            "请更正日期。"
        /// A decision is carried out forwards, and once.
        DecisionProgress { motion: MotionId, from: Execution, to: Execution }
            "DECISION_PROGRESS" Refusal
            "the decision on motion {motion} is {from}; it does not become {to}"
            "Say what comes next; a new decision is needed to do something again."
            "关于议题 {motion} 的决定{from}，不能变为{to}"
            "请写明下一步；要再做一次须另行决定。"
    }}};
}
pub(super) use votes;
