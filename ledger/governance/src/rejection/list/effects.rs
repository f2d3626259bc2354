//! Why a decision has no such effect, or is not overturned.

macro_rules! effects {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// The rule recalls, and the motion recalls nobody.
        RecallMissing { rule: Cited }
            "RECALL_MISSING" Refusal
            "the motion recalls nobody, and {rule} decides nothing but recalls"
            "Table it with the recall as its effect, or under another rule."
            "该议题没有罢免任何人，而{rule}只用于罢免"
            "请附罢免事项提出，或改用其他规则。"
        /// A contest fills seats; it has no effects beside.
        EffectsOfContest { motion: MotionId }
            "EFFECTS_OF_CONTEST" Refusal
            "motion {motion} is a contest among options, and such a motion carries no effects"
            "Table the effects in a motion that is for or against."
            "议题 {motion} 是在候选项中选择，此类议题不附带生效事项"
            "请以赞成或反对的议题提出这些事项。"
        /// The rule does not let its decisions have such an effect.
        EffectNotOfRule { effect: EffectKind, rule: Cited }
            "EFFECT_NOT_OF_RULE" Refusal
            "no decision by {rule} brings about {effect}"
            "Table it under a rule whose decisions may have this effect."
            "{rule} 的决定不能产生{effect}"
            "请按可产生该效果的规则提出。"
        /// Ids of items are never used twice.
        PowerExists { item: PowerId }
            "POWER_EXISTS" Conflict
            "item {item} is or was on the power list"
            "Amend it, or choose another id."
            "事项 {item} 已在或曾在权力清单上"
            "请修改该事项，或另选编号。"
        /// The item is not on the list any more, or never was.
        PowerNotInForce { item: PowerId }
            "POWER_NOT_IN_FORCE" Refusal
            "there is no item {item} on the power list to amend, delegate or revoke"
            "Correct the id, or list a new item."
            "权力清单上没有可修改、委托或撤销的事项 {item}"
            "请更正编号，或列入新事项。"
        /// An item ends before it begins.
        PowerDaysInverted { item: PowerId, from: Date, to: Date }
            "POWER_DAYS_INVERTED" Invalid
            "item {item} would hold from {from} to {to}"
            "Correct the days."
            "事项 {item} 的期限为自 {from} 至 {to}，起止颠倒"
            "请更正日期。"
        /// A matter stands in an item twice.
        MatterTwice { item: PowerId }
            "MATTER_TWICE" Invalid
            "item {item} names a matter twice"
            "Name each matter once."
            "事项 {item} 重复列出同一事务"
            "每项事务只列一次。"
        /// A delegation goes to the holder, or beyond the item's own days.
        DelegationUnfit { item: PowerId }
            "DELEGATION_UNFIT" Refusal
            "item {item} can be delegated to another than its holder, within its own days and not for the past"
            "Correct the delegate or the days."
            "事项 {item} 只能委托给权力主体以外的主体，在其自身期限之内，且不得溯及既往"
            "请更正受托人或日期。"

        /// A body decides what it may do itself, what those may do whom it elects or appoints, and what others may do to them.
        PowerOfOthers { item: PowerId, body: BodyId, of: BodyId }
            "POWER_OF_OTHERS" Refusal
            "item {item} is about {of}, whose powers, and powers over whom, {body} does not decide about"
            "Have that body decide, or who elects or appoints there."
            "事项 {item} 涉及 {of}，其权力和对其行使的权力不由 {body} 决定"
            "请由该主体自己，或选举、任命其任职人员的主体决定。"

        /// Versions of the charter are numbered without gaps.
        CharterVersion { version: u32, next: u32 }
            "CHARTER_VERSION" Refusal
            "the amended charter calls itself version {version}; the next version is {next}"
            "Make the amendment from the charter in force, and number it as the next version."
            "修改后的章程自称第 {version} 版，下一版应为第 {next} 版"
            "请以现行章程为基础修改，并编为下一版。"
        /// Versions of the rules follow one another.
        RulesVersionStep { version: u32, next: u32 }
            "RULES_VERSION_STEP" Refusal
            "rules version {version} cannot be adopted; the next one is {next}"
            "Adopt the next version."
            "不能采用规则版本 {version}，下一版是 {next}"
            "请采用下一版。"

        /// What is overturned was decided.
        MotionNotDecided { motion: MotionId, status: Status }
            "MOTION_NOT_DECIDED" Refusal
            "motion {motion} is {status}; only a decision is overturned"
            "Wait for the decision, or withdraw the motion."
            "议题 {motion} {status}；只有已作出的决定才能被推翻"
            "请等待作出决定，或撤回议题。"
        /// A decision is overturned once.
        DecisionOverturnedAlready { motion: MotionId, index: u64 }
            "DECISION_OVERTURNED_ALREADY" Conflict
            "the decision on motion {motion} was overturned by entry {index}"
            "Nothing is to be done."
            "关于议题 {motion} 的决定已被第 {index} 条记录推翻"
            "无需再做什么。"
        /// A body is not its own superior.
        OverturnsItself { body: BodyId }
            "OVERTURNS_ITSELF" Refusal
            "{body} decided itself; it does not overturn its own decision"
            "Have the superior body act, or decide anew."
            "该决定由 {body} 自己作出，不能推翻自己的决定"
            "请由上级主体作出，或另行决定。"
        /// A right to supervise makes nobody a superior: who is above whom is a matter of what they are.
        NotSuperior { body: BodyId, over: BodyId }
            "NOT_SUPERIOR" Refusal
            "{body} is not above {over}: it may supervise it, but does not set aside what it decides"
            "Have a body above it decide, a court rule, or the authority order a correction."
            "{body} 不是 {over} 的上级：可以监督，但不能撤销其决定"
            "请由其上级主体决定，或依法院裁判、主管机关的责令改正办理。"
        /// A body that decides by vote overturns by vote, and not through one officer.
        SuperiorDecidesByVote { body: BodyId }
            "SUPERIOR_DECIDES_BY_VOTE" Refusal
            "{body} decides by vote; no officer overturns a decision in its name"
            "Have the body decide so, and name that decision."
            "{body} 以表决作出决定，任职人员不得以其名义推翻决定"
            "请由该主体表决决定，并写明该决定。"
        /// What sets a decision aside was decided after it.
        DecidedBefore { decision: MotionId }
            "DECIDED_BEFORE" Refusal
            "decision {decision} was taken before the one that is to be overturned, and does not set it aside"
            "Name the decision that sets it aside."
            "决定 {decision} 早于拟推翻的决定，不能据以推翻"
            "请写明推翻该决定的决定。"
        /// Courts and authorities do not decide by motion.
        OverturnedByNoMotion { motion: MotionId, decision: MotionId }
            "OVERTURNED_BY_NO_MOTION" Invalid
            "motion {motion} would be overturned by a court or an order, and decision {decision} is neither"
            "Leave the decision out, or say that a superior body decided."
            "议题 {motion} 拟依法院裁判或责令改正推翻，而决定 {decision} 两者皆非"
            "请删去该决定，或写明由上级主体决定。"
        /// Who overturns a decision, and who attests that, is not whom it is about.
        OverturnerConcerned { motion: MotionId, officer: PersonId, person: PersonId }
            "OVERTURNER_CONCERNED" Refusal
            "{officer} neither overturns the decision on {motion} nor attests it: it concerns {person}, who is they themself or near kin"
            "Have other officers act."
            "{officer} 不得办理或见证推翻议题 {motion} 的决定：该决定涉及 {person}，即其本人或近亲属"
            "请由其他任职人员办理。"
        /// Every effect that is undone is named, and no other.
        EffectsNotNamed { motion: MotionId, effects: Names }
            "EFFECTS_NOT_NAMED" Refusal
            "the effects of motion {motion} that are undone must be named: {effects}"
            "Name exactly these."
            "必须写明议题 {motion} 被撤销的全部事项：{effects}"
            "请恰好写明这些。"
    }}};
}
pub(super) use effects;
