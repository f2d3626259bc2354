//! Why a case does not go on, and no sanction is imposed.

macro_rules! discipline {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such case.
        CaseUnknown { case: CaseId }
            "CASE_UNKNOWN" Refusal
            "there is no case {case}"
            "Correct the id."
            "没有案件 {case}"
            "请更正编号。"
        /// Ids of cases are never used twice.
        CaseExists { case: CaseId }
            "CASE_EXISTS" Conflict
            "there is a case {case} already"
            "Choose another id."
            "案件 {case} 已经存在"
            "请另选编号。"
        /// The steps of a case come in their order, each once.
        CaseOutOfOrder { case: CaseId, tried: CaseStep, next: CaseStep }
            "CASE_OUT_OF_ORDER" Refusal
            "in case {case} it is not time for {tried}; what comes next is {next}"
            "Do what comes next."
            "案件 {case} 还不到{tried}的时候，下一步是{next}"
            "请按顺序办理下一步。"
        /// The target may still defend themself.
        DefencePeriod { case: CaseId, over_at: Millis }
            "DEFENCE_PERIOD" Refusal
            "in case {case} the target may defend themself until {over_at}, and has not yet"
            "Wait for the defence, or for the end of its time."
            "案件 {case} 的当事人可在 {over_at} 前申辩，尚未申辩"
            "请等待申辩，或等待申辩期届满。"
        /// The time for a defence or an appeal is over.
        CaseTooLate { case: CaseId, over_at: Millis }
            "CASE_TOO_LATE" Refusal
            "in case {case} the time for this was over at {over_at}"
            "Nothing is to be done."
            "案件 {case} 此步骤的期限已于 {over_at} 届满"
            "无需再做什么。"
        /// Defence and appeal are the target's own.
        NotTheTarget { case: CaseId, person: PersonId }
            "NOT_THE_TARGET" Refusal
            "case {case} is not against {person}"
            "Have the target act."
            "案件 {case} 不是针对 {person} 的"
            "请由当事人本人办理。"
        /// Who handles a case is neither its target nor its complainant, nor near kin of either.
        HandlerConcerned { case: CaseId, handler: PersonId, person: PersonId }
            "HANDLER_CONCERNED" Refusal
            "{handler} does not handle case {case}: it concerns {person}, who is they themself or near kin"
            "Have another officer act."
            "{handler} 不得办理案件 {case}：该案涉及 {person}，即其本人或近亲属"
            "请由其他任职人员办理。"
        /// A defence never makes a finding harsher.
        HarsherThanNoticed { case: CaseId, noticed: Severity, severity: Severity }
            "HARSHER_THAN_NOTICED" Refusal
            "in case {case} the target was given notice of a matter that is {noticed}; it is not found to be {severity}"
            "Find at most what the notice said."
            "案件 {case} 已向当事人告知情节{noticed}，不得认定为{severity}"
            "认定不得重于告知的内容。"
        /// The sanction does not follow from the case, or not by this body.
        SanctionUnfit { case: CaseId, reason: Unsanctionable }
            "SANCTION_UNFIT" Refusal
            "no such sanction in case {case}: {reason}"
            "Impose what the finding leads to, by the body whose it is."
            "案件 {case} 不能给予该处分：{reason}"
            "请由有权主体按认定结果给予相应处分。"
        /// An appeal is not decided by who is appealed against.
        AppealToItself { case: CaseId, body: BodyId }
            "APPEAL_TO_ITSELF" Refusal
            "{body} handled or decided case {case}, and does not decide the appeal"
            "Have another body decide that supervises."
            "{body} 办理或决定了案件 {case}，不得由其决定申诉"
            "请由其他有监督权的主体决定。"
        /// An official measure is brought in once.
        ImportedAlready { case: CaseId }
            "IMPORTED_ALREADY" Conflict
            "the measure is on record as case {case}"
            "Nothing is to be done."
            "该处分已作为案件 {case} 入账"
            "无需再做什么。"
        /// A petition is signed once.
        SignedAlready { case: CaseId, person: PersonId }
            "SIGNED_ALREADY" Conflict
            "{person} has signed the petition in case {case}"
            "Nothing is to be done."
            "{person} 已在案件 {case} 的罢免提议上签名"
            "无需再做什么。"
        /// An officeholder is recalled by those who elected them (组织法 20; 民法典 278).
        RecallByOthers { office: OfficeId, body: BodyId, rule: Cited }
            "RECALL_BY_OTHERS" Refusal
            "office {office} was not given by an election of {body}, and only those who elected recall: {rule} does not reach it (组织法 20)"
            "Petition under the rule of recall of the body that elected; who was appointed is replaced by who appointed."
            "职务 {office} 不是由 {body} 选举产生的，罢免应由原选举单位作出：{rule}不适用于该职务（组织法第20条）"
            "请依原选举单位的罢免规则提出；任命的人员由任命的主体更换。"
    }}};
}
pub(super) use discipline;
