//! Why a report is not taken, or not assessed.

macro_rules! reports {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// The body has no report on that year to file, or not yet.
        ReportNotExpected { body: BodyId, year: u32 }
            "REPORT_NOT_EXPECTED" Refusal
            "no report of {body} on {year} is expected: it does not report, or not on that year, or not yet"
            "File the body's next report, or one that it missed."
            "不应提交 {body} 的 {year} 年度报告：其不报告、不报告该年，或时间未到"
            "请提交该主体的下一份报告，或逾期未交的报告。"
        /// A report is filed once.
        ReportFiledAlready { body: BodyId, year: u32, index: u64 }
            "REPORT_FILED_ALREADY" Conflict
            "the report of {body} on {year} was filed by entry {index}"
            "Answer questions about it, or have the record corrected."
            "{body} 的 {year} 年度报告已由第 {index} 条记录提交"
            "请答复有关提问，或更正记录。"
        /// There is no such report to ask about, answer for or assess.
        ReportNotFiled { body: BodyId, year: u32 }
            "REPORT_NOT_FILED" Refusal
            "{body} has filed no report on {year}"
            "Wait for it; a body that misses it is assessed all the same."
            "{body} 没有提交 {year} 年度报告"
            "请等待提交；逾期不交的主体同样接受评议。"
        /// Nobody asked that.
        ReportQuestionUnknown { body: BodyId, year: u32, question: u32 }
            "REPORT_QUESTION_UNKNOWN" Refusal
            "there is no question {question} (from 0) about the report of {body} on {year}"
            "Correct the number."
            "{body} 的 {year} 年度报告没有第 {question} 个提问（从 0 起）"
            "请更正序号。"
        /// A question is answered once.
        ReportAnsweredAlready { body: BodyId, year: u32, question: u32 }
            "REPORT_ANSWERED_ALREADY" Conflict
            "question {question} (from 0) about the report of {body} on {year} is answered"
            "Nothing is to be done."
            "{body} 的 {year} 年度报告的第 {question} 个提问（从 0 起）已答复"
            "无需再做什么。"
        /// Those assessed do not assess, nor their near kin.
        AssessorInvolved { person: PersonId, body: BodyId }
            "ASSESSOR_INVOLVED" Refusal
            "{person}, or near kin of theirs, holds an office in {body} and does not assess it (城市居民委员会组织法 36)"
            "Have two officers of the supervision committee assess it who are no near kin of its officers."
            "{person} 或其近亲属在 {body} 任职，不得评议该主体（城市居民委员会组织法第36条）"
            "请由居务监督委员会中无近亲属在该主体任职的两人评议。"
        /// The residents' committee is assessed under its supervision committee (组织法 37).
        AssessedByOthers { body: BodyId, by: BodyId }
            "ASSESSED_BY_OTHERS" Refusal
            "{by} is no supervision committee, which runs the assessment of {body} (城市居民委员会组织法 37)"
            "Have two officers of the supervision committee record it."
            "{by} 不是居务监督委员会，而对 {body} 的评议由居务监督委员会主持（城市居民委员会组织法第37条）"
            "请由居务监督委员会的两名任职人员记录。"
        /// A year is assessed once.
        ReportAssessedAlready { body: BodyId, year: u32, index: u64 }
            "REPORT_ASSESSED_ALREADY" Conflict
            "{body} was assessed for {year} by entry {index}"
            "Nothing is to be done."
            "{body} 的 {year} 年度已由第 {index} 条记录评议"
            "无需再做什么。"
        /// An assessment has one line with marks for each officer of the body.
        AssessmentUnfit { office: OfficeId, why: AssessmentUnfit }
            "ASSESSMENT_UNFIT" Refusal
            "office {office} {why}"
            "Have one line, with at least one mark, for each officer who is in office today."
            "职务 {office} {why}"
            "今日在任的每名任职人员各列一行，至少有一份评价。"
    }}};
}
pub(super) use reports;
