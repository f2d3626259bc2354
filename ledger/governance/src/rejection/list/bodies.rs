//! Why bodies, rights and offices do not change so.

macro_rules! bodies {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such body.
        BodyUnknown { body: BodyId }
            "BODY_UNKNOWN" Refusal
            "there is no body {body}"
            "Establish it first, or correct the id."
            "没有主体 {body}"
            "请先设立，或更正编号。"
        /// Ids of bodies are never used twice.
        BodyExists { body: BodyId }
            "BODY_EXISTS" Conflict
            "body {body} exists already; ids are never used again"
            "Choose another id."
            "主体 {body} 已存在；编号不重复使用"
            "请另选编号。"
        /// The right is held already.
        RightHeld { right: Right, holder: BodyId, over: Over }
            "RIGHT_HELD" Conflict
            "{holder} has the right to {right} over {over} already"
            "Nothing is to be done."
            "{holder} 已有对{over}{right}的权利"
            "无需再做什么。"
        /// The right to withdraw is not held.
        RightNotHeld { right: Right, holder: BodyId, over: Over }
            "RIGHT_NOT_HELD" Conflict
            "{holder} has no such right to {right} over {over} to withdraw"
            "Name body, role, right and scope as they were granted."
            "{holder} 没有可收回的对{over}{right}的权利"
            "请按授予时的主体、职务、权利和范围写明。"
        /// Somebody must be able to register.
        LastRegistrar { ledger: LedgerId }
            "LAST_REGISTRAR" Refusal
            "after this nobody with a key could register over all of ledger {ledger}: it could never change again"
            "First give somebody else with a key an office that registers over the whole ledger; to change a key, rotate it."
            "此后将没有持有密钥的人能登记账本 {ledger} 的全部事项：它将永远不能改变"
            "请先让另一持有密钥的人担任可登记全部事项的职务；更换密钥请用轮换。"
        /// No such office.
        OfficeUnknown { office: OfficeId }
            "OFFICE_UNKNOWN" Refusal
            "there is no office {office}"
            "Correct the id."
            "没有职务 {office}"
            "请更正编号。"
        /// Ids of offices are never used twice.
        OfficeExists { office: OfficeId }
            "OFFICE_EXISTS" Conflict
            "office {office} exists already; ids are never used again"
            "Choose another id."
            "职务 {office} 已存在；编号不重复使用"
            "请另选编号。"
        /// The office ended already.
        OfficeEndedAlready { office: OfficeId, index: u64 }
            "OFFICE_ENDED_ALREADY" Conflict
            "office {office} was ended by entry {index}"
            "Nothing is to be done."
            "职务 {office} 已被第 {index} 条记录终止"
            "无需再做什么。"
        /// A term ends before it begins.
        TermInverted { office: OfficeId, from: Date, to: Date }
            "TERM_INVERTED" Invalid
            "the term of office {office} would run from {from} to {to}"
            "Correct the dates."
            "职务 {office} 的任期为自 {from} 至 {to}，起止颠倒"
            "请更正日期。"
        /// The term is not over yet.
        TermNotOver { office: OfficeId, to: Date }
            "TERM_NOT_OVER" Refusal
            "the term of office {office} runs through {to}"
            "Name the true cause, or wait until the day after."
            "职务 {office} 的任期至 {to} 才届满"
            "请写明真实原因，或等到次日。"
        /// The office has no term that could be over.
        TermWithoutEnd { office: OfficeId }
            "TERM_WITHOUT_END" Refusal
            "office {office} has no last day; its term cannot be over"
            "Name the true cause."
            "职务 {office} 没有最后一日，不存在任期届满"
            "请写明真实原因。"
        /// Only the founding entry names founding officers.
        ObtainedByFounding { office: OfficeId }
            "OBTAINED_BY_FOUNDING" Invalid
            "office {office} cannot be obtained by a founding that is over"
            "Say how it was obtained: elected, appointed or by-election."
            "职务 {office} 不能以已结束的设立取得"
            "请写明取得方式：选举、任命或补选。"
        /// The same person would sit in two committees that exclude each other.
        OverlappingSeat { person: PersonId, role: RoleId, office: OfficeId, body: BodyId }
            "OVERLAPPING_SEAT" Refusal
            "{person} cannot take the seat of {role}: office {office} in {body} overlaps with it, and nobody sits in both bodies: of residents' and supervision committee never (组织法 36), of residents' and owners' committee unless the charter allows it"
            "End the other office first, or seat somebody else."
            "{person} 不能担任 {role}：其在 {body} 的职务 {office} 与之冲突，两者不得兼任：居民委员会与居务监督委员会一律不得（组织法第36条），居民委员会与业主委员会须章程允许"
            "请先终止另一职务，或由他人任职。"
        /// The decision an act names does not support it.
        DecisionNotAdopted { motion: MotionId, status: Status }
            "DECISION_NOT_ADOPTED" Refusal
            "motion {motion} is {status}; the act needs an adopted decision"
            "Name a decision that was adopted, or leave it out."
            "议题 {motion} {status}；该行为须有已通过的决定"
            "请写明已通过的决定，或不写。"

        /// A recall or a replacement is the effect of a decision, and not the registrar's to record.
        DecisionMissing { office: OfficeId }
            "DECISION_MISSING" Refusal
            "office {office} ends by recall or replacement only as the effect of a decision in its case"
            "Table a motion with that effect, or name the true cause."
            "职务 {office} 只有作为其案件中决定的效果才能因罢免或更换而终止"
            "请提出带有该效果的议题，或写明真实原因。"
        /// Two incompetent years end an office by the assessment itself (组织法 37).
        NotAssessedSo { office: OfficeId }
            "NOT_ASSESSED_SO" Refusal
            "office {office} ends so with the assessment that finds its holder incompetent for the second year running, and not by the registrar's word (组织法 37)"
            "Have the supervision committee record the assessment, or name the true cause."
            "职务 {office} 只因连续两次被评议为不称职而随该次评议终止，不由登记人登记（组织法第37条）"
            "请由居务监督委员会记录评议，或写明真实原因。"
        /// The election an act names chose somebody else.
        NotElected { motion: MotionId, person: PersonId }
            "NOT_ELECTED" Refusal
            "{person} is not among those whom motion {motion} chose"
            "Seat those who were elected, or name the decision that gave them the seat."
            "{person} 不在议题 {motion} 选出的人之列"
            "请由当选人任职，或写明授予该席位的决定。"
    }}};
}
pub(super) use bodies;
