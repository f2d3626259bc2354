//! Why somebody does not get an office, or is no candidate.

macro_rules! offices {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// Kin is declared once, between two people.
        KinAlready { person: PersonId, kin: PersonId }
            "KIN_ALREADY" Conflict
            "{person} and {kin} are declared near kin already, or are one"
            "Nothing is to be done."
            "{person} 与 {kin} 已声明为近亲属，或为同一人"
            "无需再做什么。"
        /// Nothing is to be handed over.
        NoHandover { office: OfficeId }
            "NO_HANDOVER" Refusal
            "office {office} has not ended, was handed over already, or leaves nothing to hand over"
            "Correct the office."
            "职务 {office} 尚未终止、已经移交，或没有需要移交的内容"
            "请更正职务。"
        /// Only who was head of a residents' committee is audited, once the office has ended.
        NoHeadAudit { office: OfficeId }
            "NO_HEAD_AUDIT" Refusal
            "office {office} has not ended, or is not that of the head of a residents' committee, who alone is audited (组织法 38)"
            "Correct the office, or wait until it has ended."
            "职务 {office} 尚未终止，或不是居民委员会主任；只有主任离任或任期届满时审计（组织法第38条）"
            "请更正职务，或等职务终止后再记录。"
        /// A head is audited once a term.
        HeadAuditedAlready { office: OfficeId, index: u64 }
            "HEAD_AUDITED_ALREADY" Conflict
            "the audit of office {office} is recorded by entry {index} (组织法 38)"
            "Where that one is wrong, record a correction of it."
            "职务 {office} 的审计已由第 {index} 条记录登记（组织法第38条）"
            "如该记录有误，请更正该记录。"
        /// Neither who was audited nor near kin record the audit.
        HeadAuditPartial { office: OfficeId, person: PersonId }
            "HEAD_AUDIT_PARTIAL" Refusal
            "{person} is who is audited on office {office}, or near kin, and neither records nor attests it (组织法 38)"
            "Have others record and attest it."
            "{person} 是职务 {office} 的被审计人或其近亲属，不得登记或见证审计（组织法第38条）"
            "请由他人登记和见证。"
        /// Seats in both committees are allowed where they are disclosed.
        OverlapUndisclosed { person: PersonId, office: OfficeId, body: BodyId }
            "OVERLAP_UNDISCLOSED" Refusal
            "{person} holds office {office} in {body}; the charter allows both seats where that is disclosed"
            "Disclose the other seat with this one."
            "{person} 在 {body} 担任职务 {office}；章程允许兼任，但须公开"
            "请在任职时一并公开另一职务。"
        /// Near kin do not sit there together.
        NearKinSeat { person: PersonId, kin: PersonId, office: OfficeId, body: BodyId }
            "NEAR_KIN_SEAT" Refusal
            "{person} cannot take the seat: {kin}, their near kin, holds office {office} in {body} (组织法 8, 36)"
            "Seat somebody else."
            "{person} 不能任该职：其近亲属 {kin} 在 {body} 担任职务 {office}（组织法第8条、第36条）"
            "请由他人任职。"
        /// A residents' committee is elected for five years at most.
        TermTooLong { office: OfficeId, longest: Date }
            "TERM_TOO_LONG" Refusal
            "the term of office {office} ends on {longest} at the latest (组织法 8)"
            "Correct the last day."
            "职务 {office} 的任期最迟至 {longest}（组织法第8条）"
            "请更正最后一日。"
        /// A residents' committee has at most nine members.
        CommitteeFull { body: BodyId, max: u32 }
            "COMMITTEE_FULL" Refusal
            "{body} has {max} members (组织法 8)"
            "Wait for a vacancy."
            "{body} 已有 {max} 名成员（组织法第8条）"
            "请等待出缺。"
        /// A residents' committee has at least one woman.
        NoWoman { body: BodyId }
            "NO_WOMAN" Refusal
            "the last seat of {body} is a woman's, since no other is (组织法 8)"
            "Seat a woman."
            "{body} 的最后一个席位应由女性担任，因为其他成员中没有女性（组织法第8条）"
            "请由女性任职。"
        /// A by-election, or a replacement, fills a seat that fell vacant.
        NoVacancy { office: OfficeId, body: BodyId }
            "NO_VACANCY" Refusal
            "office {office} succeeds in no seat of {body} that is vacant"
            "Name the office that ended and was not filled again."
            "职务 {office} 没有接任 {body} 的任何空缺席位"
            "请写明已终止且尚未补上的职务。"
        /// A by-election's seat ends with the committee's term.
        ByElectionTerm { office: OfficeId, succeeds: OfficeId }
            "BY_ELECTION_TERM" Refusal
            "office {office} ends when the term of {succeeds} would have (组织法 24)"
            "Give it that last day."
            "职务 {office} 的任期应与 {succeeds} 原任期同时届满（组织法第24条）"
            "请填写该最后一日。"
        /// All elected members of a residents' committee sit until its term ends.
        CommitteeTerm { office: OfficeId, body: BodyId, until: Date }
            "COMMITTEE_TERM" Refusal
            "{body} sits until {until}, and office {office} ends with its term as every other (组织法 24)"
            "Give it that last day; the next term begins after it."
            "{body} 本届任期至 {until}，职务 {office} 的任期与本届同时届满（组织法第24条）"
            "请填写该最后一日；下一届任期在其后开始。"
        /// An election that the ledger did not hold is attested by a second officer.
        ElectionUnattested { office: OfficeId, body: BodyId }
            "ELECTION_UNATTESTED" Refusal
            "office {office} is a seat in {body} that is elected: either a decision of this ledger gave it, or a second officer, other than who is seated, attests the election that did"
            "Name the decision; or name the officer who attests, the source of the election's record and the day it was held."
            "职务 {office} 是 {body} 由选举产生的席位：要么由本账本的决定授予，要么由本人以外的另一名任职人员见证该次选举"
            "请写明该决定；或写明见证人、选举记录的出处和举行日期。"
        /// Nobody sits by an election that is still to come.
        ElectionNotHeldYet { office: OfficeId, held_on: Date }
            "ELECTION_NOT_HELD_YET" Invalid
            "the election to office {office} is said to have been held on {held_on}, which is yet to come or after the term begins"
            "Correct the day, or the first day of the term."
            "据称职务 {office} 的选举于 {held_on} 举行，而该日尚未到来或晚于任期起始日"
            "请更正日期或任期起始日。"
        /// As an effect, an office is given by appointment, and the motion is its decision.
        NotAnAppointment { office: OfficeId }
            "NOT_AN_APPOINTMENT" Invalid
            "office {office} is given by the motion itself: it is obtained by appointment, and names no other decision"
            "Correct the effect."
            "职务 {office} 由该议题本身授予：应为任命，且不得写明其他决定"
            "请更正该事项。"
        /// Nobody is appointed to a residents', a supervision or an owners' committee.
        SeatIsElected { office: OfficeId, body: BodyId }
            "SEAT_IS_ELECTED" Refusal
            "office {office} is a member's of {body}, who are elected: no appointment gives it, nor any decision but an election by those who elect there (组织法 14, 36; 民法典 278)"
            "Hold an election or a by-election, and name it."
            "职务 {office} 是 {body} 的成员职务，由选举产生：任命不能授予，选举单位选举以外的决定也不能授予（组织法第14条、第36条；民法典第278条）"
            "请举行选举或补选，并写明该选举。"
        /// A body appoints where it may: its own officers, those whom it elects, those whom the law or an item of the power list gives it.
        AppointedByOthers { office: OfficeId, body: BodyId, by: BodyId }
            "APPOINTED_BY_OTHERS" Refusal
            "{by} does not appoint in {body}, and does not give office {office}"
            "Have the body appoint that may; a power to appoint there is an item of the power list over that body, in the matter appointments."
            "{by} 无权任命 {body} 的任职人员，不能授予职务 {office}"
            "请由有权的主体任命；任命权可列入权力清单，写明对象主体，事务编号为 appointments。"
        /// Under a demerit nobody is appointed to a further office.
        BarredByDemerit { person: PersonId, case: CaseId }
            "BARRED_BY_DEMERIT" Refusal
            "{person} is under a demerit (case {case}) and is not appointed to a further office"
            "Appoint somebody else, or wait until it is over."
            "{person} 正受记过处分（案件 {case}），不得被任命新的职务"
            "请任命他人，或等处分期满。"
        /// A nomination is of somebody who stands.
        NoSuchCandidate { motion: MotionId, person: PersonId }
            "NO_SUCH_CANDIDATE" Refusal
            "{person} is no candidate in motion {motion}"
            "Correct the candidate, or amend the motion."
            "{person} 不是议题 {motion} 的候选人"
            "请更正候选人，或修改议题。"
        /// A candidate is nominated once.
        NominatedAlready { motion: MotionId, person: PersonId }
            "NOMINATED_ALREADY" Conflict
            "{person} is nominated in motion {motion}"
            "Nothing is to be done."
            "{person} 在议题 {motion} 中已被提名"
            "无需再做什么。"
        /// Too few voters nominate a candidate.
        TooFewNominators { found: u64, min: u64, rule: Cited }
            "TOO_FEW_NOMINATORS" Refusal
            "{found} voters nominate the candidate, {min} are needed by {rule}"
            "Gather more, or have the party organisation nominate."
            "提名该候选人的表决权人为 {found} 人，依{rule}需 {min} 人"
            "请征集更多提名，或由党组织提名。"
    }}};
}
pub(super) use offices;
