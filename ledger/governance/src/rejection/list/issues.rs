//! Why what somebody raised does not go on.

macro_rules! issues {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such issue.
        IssueUnknown { issue: IssueId }
            "ISSUE_UNKNOWN" Refusal
            "there is no issue {issue}"
            "Correct the id."
        /// Ids of issues are never used twice.
        IssueExists { issue: IssueId }
            "ISSUE_EXISTS" Conflict
            "issue {issue} exists already; ids are never used again"
            "Choose another id."
        /// A report of wrongdoing names whom it is about, so that they do not handle it.
        IssueAgainstNobody { issue: IssueId }
            "ISSUE_AGAINST_NOBODY" Invalid
            "issue {issue} reports wrongdoing and names neither a person nor a body"
            "Name the accused, or the body concerned, so that they cannot be given it to handle."
        /// A body does not handle what is about itself.
        IssueConcernsBody { issue: IssueId, body: BodyId }
            "ISSUE_CONCERNS_BODY" Refusal
            "issue {issue} is about {body}, which does not handle it itself"
            "Address it to another body, such as the supervision committee or the street office."
        /// Nobody handles, or reads about, what is about themself, what they raised, or their own answer.
        HandlerPartial { issue: IssueId, person: PersonId }
            "HANDLER_PARTIAL" Refusal
            "{person} has a part in issue {issue}: raised it, is accused or sits in the body concerned, or answered it before"
            "Have another officer handle it, or refer it to another body."
        /// Only an officer of the body handles its issues.
        OfficerNeeded { person: PersonId, body: BodyId }
            "OFFICER_NEEDED" Refusal
            "{person} holds no office in {body}, or does not act in it"
            "Act in an office of the body, or assign one of its officers."
        /// The issue does not stand where this can be done.
        IssueStands { issue: IssueId, stage: IssueStage }
            "ISSUE_STANDS" Refusal
            "issue {issue} is {stage}; this is not its next step"
            "Look at where it stands, then take the step that follows."
        /// Somebody else raised it.
        IssueOfAnother { issue: IssueId, person: PersonId }
            "ISSUE_OF_ANOTHER" Refusal
            "issue {issue} was not raised by {person}"
            "Have who raised it do this."
        /// Somebody else handles it, or nobody does.
        IssueHandledByAnother { issue: IssueId, person: PersonId }
            "ISSUE_HANDLED_BY_ANOTHER" Refusal
            "issue {issue} is not assigned to {person}"
            "Have it assigned, or have its handler do this."
        /// It was sent on too often, or to where it is.
        IssueReferral { issue: IssueId, body: BodyId, referrals: u32 }
            "ISSUE_REFERRAL" Refusal
            "issue {issue} is not referred to {body}: it is there, or has been referred {referrals} times"
            "Handle it, or refuse it with the reason."
        /// There is one extension, asked for in time.
        IssueExtension { issue: IssueId, over_at: Millis }
            "ISSUE_EXTENSION" Refusal
            "issue {issue} is extended already, or its time was over at {over_at}"
            "Answer it."
        /// There is one review, asked for in time.
        IssueReview { issue: IssueId, until: Millis }
            "ISSUE_REVIEW" Refusal
            "issue {issue} was reviewed already, or a review could be asked for until {until}"
            "Raise it with the next higher organ."
        /// While a review can be asked for, only who raised it closes it.
        IssueCloseEarly { issue: IssueId, from: Millis }
            "ISSUE_CLOSE_EARLY" Refusal
            "who raised issue {issue} can ask for a review until {from}"
            "Wait until then, or have them close it."
        /// A score is from 1 to 5, and given once.
        IssueRating { issue: IssueId, score: u32 }
            "ISSUE_RATING" Refusal
            "issue {issue} is rated already, or {score} is no score from 1 to 5"
            "Give one score from 1 to 5."
        /// The issue has no such content.
        IssueContentUnknown { issue: IssueId, content: Digest }
            "ISSUE_CONTENT_UNKNOWN" Refusal
            "issue {issue} has no content {content}"
            "Name a content that an entry about this issue names."
    }}};
}
pub(super) use issues;
