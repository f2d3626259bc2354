//! Why what somebody raised does not go on.

macro_rules! issues {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such issue.
        IssueUnknown { issue: IssueId }
            "ISSUE_UNKNOWN" Refusal
            "there is no issue {issue}"
            "Correct the id."
            "没有诉求 {issue}"
            "请更正编号。"
        /// Ids of issues are never used twice.
        IssueExists { issue: IssueId }
            "ISSUE_EXISTS" Conflict
            "issue {issue} exists already; ids are never used again"
            "Choose another id."
            "诉求 {issue} 已存在；编号不重复使用"
            "请另选编号。"
        /// A report of wrongdoing names whom it is about, so that they do not handle it.
        IssueAgainstNobody { issue: IssueId }
            "ISSUE_AGAINST_NOBODY" Invalid
            "issue {issue} reports wrongdoing and names neither a person nor a body"
            "Name the accused, or the body concerned, so that they cannot be given it to handle."
            "举报 {issue} 没有写明被举报的人或主体"
            "请写明被举报人或有关主体，以免交其自己办理。"
        /// A body does not handle what is about itself.
        IssueConcernsBody { issue: IssueId, body: BodyId }
            "ISSUE_CONCERNS_BODY" Refusal
            "issue {issue} is about {body}, which does not handle it itself"
            "Address it to another body, such as the supervision committee or the street office."
            "诉求 {issue} 涉及 {body}，不得由其自己办理"
            "请提交其他主体，如居务监督委员会或街道办事处。"
        /// Nobody handles, or reads about, what is about themself, what they raised, or their own answer.
        HandlerPartial { issue: IssueId, person: PersonId }
            "HANDLER_PARTIAL" Refusal
            "{person} has a part in issue {issue}: raised it, is accused or sits in the body concerned, or answered it before"
            "Have another officer handle it, or refer it to another body."
            "{person} 与诉求 {issue} 有关：提出人、被举报人、有关主体的任职人员，或此前已答复"
            "请由其他任职人员办理，或转交其他主体。"
        /// Only an officer of the body handles its issues.
        OfficerNeeded { person: PersonId, body: BodyId }
            "OFFICER_NEEDED" Refusal
            "{person} holds no office in {body}, or does not act in it"
            "Act in an office of the body, or assign one of its officers."
            "{person} 在 {body} 没有职务，或未以该职务行事"
            "请以该主体的职务行事，或指派其任职人员。"
        /// The issue does not stand where this can be done.
        IssueStands { issue: IssueId, stage: IssueStage }
            "ISSUE_STANDS" Refusal
            "issue {issue} is {stage}; this is not its next step"
            "Look at where it stands, then take the step that follows."
            "诉求 {issue} {stage}，这不是下一步"
            "请查看所处阶段，再办理下一步。"
        /// Somebody else raised it.
        IssueOfAnother { issue: IssueId, person: PersonId }
            "ISSUE_OF_ANOTHER" Refusal
            "issue {issue} was not raised by {person}"
            "Have who raised it do this."
            "诉求 {issue} 不是 {person} 提出的"
            "请由提出人办理。"
        /// Somebody else handles it, or nobody does.
        IssueHandledByAnother { issue: IssueId, person: PersonId }
            "ISSUE_HANDLED_BY_ANOTHER" Refusal
            "issue {issue} is not assigned to {person}"
            "Have it assigned, or have its handler do this."
            "诉求 {issue} 没有指派给 {person}"
            "请先指派，或由承办人办理。"
        /// It was sent on too often, or to where it is.
        IssueReferral { issue: IssueId, body: BodyId, referrals: u32 }
            "ISSUE_REFERRAL" Refusal
            "issue {issue} is not referred to {body}: it is there, or has been referred {referrals} times"
            "Handle it, or refuse it with the reason."
            "诉求 {issue} 不能转交 {body}：已在该处，或已转交 {referrals} 次"
            "请办理，或说明理由不予受理。"
        /// There is one extension, asked for in time.
        IssueExtension { issue: IssueId, over_at: Millis }
            "ISSUE_EXTENSION" Refusal
            "issue {issue} is extended already, or its time was over at {over_at}"
            "Answer it."
            "诉求 {issue} 已延期，或期限已于 {over_at} 届满"
            "请答复。"
        /// There is one review, asked for in time.
        IssueReview { issue: IssueId, until: Millis }
            "ISSUE_REVIEW" Refusal
            "issue {issue} was reviewed already, or a review could be asked for until {until}"
            "Raise it with the next higher organ."
            "诉求 {issue} 已复查，或应在 {until} 前申请复查"
            "请向上一级机关提出。"
        /// While a review can be asked for, only who raised it closes it.
        IssueCloseEarly { issue: IssueId, from: Millis }
            "ISSUE_CLOSE_EARLY" Refusal
            "who raised issue {issue} can ask for a review until {from}"
            "Wait until then, or have them close it."
            "诉求 {issue} 的提出人可在 {from} 前申请复查"
            "请等到届满，或由提出人结束。"
        /// A score is from 1 to 5, and given once.
        IssueRating { issue: IssueId, score: u32 }
            "ISSUE_RATING" Refusal
            "issue {issue} is rated already, or {score} is no score from 1 to 5"
            "Give one score from 1 to 5."
            "诉求 {issue} 已评分，或 {score} 不是 1 至 5 的评分"
            "请给一次 1 至 5 的评分。"
        /// The issue has no such content.
        IssueContentUnknown { issue: IssueId, content: Digest }
            "ISSUE_CONTENT_UNKNOWN" Refusal
            "issue {issue} has no content {content}"
            "Name a content that an entry about this issue names."
            "诉求 {issue} 没有内容 {content}"
            "请写明有关记录所列的内容。"
    }}};
}
pub(super) use issues;
