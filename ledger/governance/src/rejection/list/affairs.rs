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
        /// A motion cites a consultation that was held for its body and on its matter.
        ConsultationOfAnother { consultation: AffairId, body: BodyId, matter: MatterId }
            "CONSULTATION_OF_ANOTHER" Refusal
            "consultation {consultation} was held for {body} on {matter}"
            "Cite a consultation held for the body that decides, and give the motion the consultation's matter."
            "征求意见 {consultation} 是为 {body} 就 {matter} 进行的"
            "请引用为作出决定的主体进行的征求意见，并使议题的事项与其一致。"
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
        /// A task names the law it rests on and who pays for it 准入.
        TaskIncomplete { task: AffairId, field: &'static str }
            "TASK_INCOMPLETE" Refusal
            "task {task} comes without its {field}: whoever assigns a task names the law it rests on and who pays for it"
            "Fill in both, or do not assign it."
            "任务 {task} 没有写明 {field}：交办任务须写明法律依据和经费"
            "请写明法律依据和经费，否则不得交办。"
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
        /// A correction names an entry of the log.
        CorrectsNothing { entry: u64, size: u64 }
            "CORRECTS_NOTHING" Refusal
            "there is no entry {entry} to correct: the log has {size}"
            "Correct the number."
            "没有第 {entry} 条记录可更正：账本共有 {size} 条"
            "请更正编号。"
        /// A roll call is corrected by the entry that recorded it, of a decision that rests on it.
        CorrectsNoRollCall { motion: MotionId, entry: u64 }
            "CORRECTS_NO_ROLL_CALL" Refusal
            "the decision on {motion} does not rest on a roll call of entry {entry}"
            "Name the entry of the roll call, once the motion is decided by it."
            "关于 {motion} 的决定并非依据第 {entry} 条记录的点名表决"
            "请在议题据点名表决作出决定后，写明该点名表决的记录编号。"
        /// A correction does not undo what rests on a decision: that is for overturning it.
        CorrectionUnsettles { motion: MotionId }
            "CORRECTION_UNSETTLES" Refusal
            "so corrected, the roll call on {motion} comes to another outcome, on which effects, offices or its implementation rest"
            "Have the decision overturned by order, with its effects; then decide anew."
            "如此更正，关于 {motion} 的点名表决结果将改变，而其效果、职务或落实以原结果为依据"
            "请依命令撤销该决定及其效果，再重新作出决定。"
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
