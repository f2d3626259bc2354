//! Why a consultation, a task, an import or a disclosure is not recorded.

macro_rules! affairs {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such consultation, task, record or disclosure.
        AffairUnknown { affair: AffairId }
            "AFFAIR_UNKNOWN" Refusal
            "there is no {affair} of this kind"
            "Correct the id."
            "没有这类事项 {affair}"
            "请更正编号。"
        /// Ids of consultations, tasks, records and disclosures are never used twice.
        AffairExists { affair: AffairId, index: u64 }
            "AFFAIR_EXISTS" Conflict
            "{affair} was begun by entry {index}; ids are never used again"
            "Choose another id."
            "{affair} 已由第 {index} 条记录设立；编号不得再用"
            "请另选编号。"
        /// A consultation is answered before it closes, and closed once, after that.
        ConsultationTime { consultation: AffairId, closes_at: Millis }
            "CONSULTATION_TIME" Refusal
            "consultation {consultation} is open until {closes_at}: answers come before, its end after, and once"
            "Answer before it closes; close it afterwards, once."
            "征求意见 {consultation} 截止于 {closes_at}：答复在此之前，公布结果在此之后且仅一次"
            "请在截止前答复，截止后公布结果一次。"
        /// Everybody answers once.
        ConsultationAnsweredAlready { consultation: AffairId, person: PersonId }
            "CONSULTATION_ANSWERED_ALREADY" Conflict
            "{person} has answered consultation {consultation}"
            "Nothing is to be done."
            "{person} 已答复征求意见 {consultation}"
            "无须办理。"
        /// Tasks come from the street office or an administrative organ.
        NotAnOrganAbove { body: BodyId }
            "NOT_AN_ORGAN_ABOVE" Refusal
            "{body} is no street office and no administrative organ, or no officer of it acts"
            "Have an officer of the organ assign it."
            "{body} 不是街道办事处或行政机关，或行为人不是其任职人员"
            "请由该机关的任职人员交办。"
        /// What is on the list is done.
        TaskListed { task: AffairId }
            "TASK_LISTED" Refusal
            "task {task} is on the list of tasks and cannot be refused"
            "Accept it, or have the list changed by decision."
            "任务 {task} 在准入清单上，不得拒绝"
            "请接受，或以决定修改清单。"
        /// A task is accepted or refused once.
        TaskAnsweredAlready { task: AffairId }
            "TASK_ANSWERED_ALREADY" Conflict
            "task {task} is accepted or refused already"
            "Nothing is to be done."
            "任务 {task} 已被接受或拒绝"
            "无须办理。"
        /// Nothing is taken over twice.
        RecordImportedAlready { source_id: Box<str>, index: u64 }
            "RECORD_IMPORTED_ALREADY" Conflict
            "\"{source_id}\" was imported by entry {index}"
            "Nothing is to be done."
            "“{source_id}”已由第 {index} 条记录导入"
            "无须办理。"
        /// What is taken over has taken place.
        RecordInFuture { held_on: Date, today: Date }
            "RECORD_IN_FUTURE" Refusal
            "the record is of {held_on}, it is {today}"
            "Correct the date."
            "记录日期为 {held_on}，今天是 {today}"
            "请更正日期。"
        /// Disclosures hang out for 15 days (城市居民委员会组织法 34).
        DisclosureTooShort { until: Date, days_min: u32 }
            "DISCLOSURE_TOO_SHORT" Refusal
            "the disclosure would hang out until {until}; it hangs out {days_min} days at least (城市居民委员会组织法 34)"
            "Let it hang out longer."
            "公开截止于 {until}；公开至少 {days_min} 日（城市居民委员会组织法第34条）"
            "请延长公开时间。"
    }}};
}
pub(super) use affairs;
