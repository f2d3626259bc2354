//! Why a report is not taken, or not assessed.

macro_rules! reports {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// The body has no report on that year to file, or not yet.
        ReportNotExpected { body: BodyId, year: u32 }
            "REPORT_NOT_EXPECTED" Refusal
            "no report of {body} on {year} is expected: it does not report, or not on that year, or not yet"
            "File the body's next report, or one that it missed."
        /// A report is filed once.
        ReportFiledAlready { body: BodyId, year: u32, index: u64 }
            "REPORT_FILED_ALREADY" Conflict
            "the report of {body} on {year} was filed by entry {index}"
            "Answer questions about it, or have the record corrected."
        /// There is no such report to ask about, answer for or assess.
        ReportNotFiled { body: BodyId, year: u32 }
            "REPORT_NOT_FILED" Refusal
            "{body} has filed no report on {year}"
            "Wait for it; a body that misses it is assessed all the same."
        /// Nobody asked that.
        ReportQuestionUnknown { body: BodyId, year: u32, question: u32 }
            "REPORT_QUESTION_UNKNOWN" Refusal
            "there is no question {question} (from 0) about the report of {body} on {year}"
            "Correct the number."
        /// A question is answered once.
        ReportAnsweredAlready { body: BodyId, year: u32, question: u32 }
            "REPORT_ANSWERED_ALREADY" Conflict
            "question {question} (from 0) about the report of {body} on {year} is answered"
            "Nothing is to be done."
        /// Those assessed do not assess.
        AssessorInvolved { person: PersonId, body: BodyId }
            "ASSESSOR_INVOLVED" Refusal
            "{person} holds an office in {body} and does not assess it (城市居民委员会组织法 36)"
            "Have two officers of the supervision committee assess it."
        /// A year is assessed once.
        ReportAssessedAlready { body: BodyId, year: u32, index: u64 }
            "REPORT_ASSESSED_ALREADY" Conflict
            "{body} was assessed for {year} by entry {index}"
            "Nothing is to be done."
        /// An assessment has one line with marks for each officer of the body.
        AssessmentUnfit { office: OfficeId, why: AssessmentUnfit }
            "ASSESSMENT_UNFIT" Refusal
            "office {office} {why}"
            "Have one line, with at least one mark, for each officer who is in office today."
    }}};
}
pub(super) use reports;
