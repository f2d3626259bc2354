//! Why a roll is none, or not the right one.

macro_rules! rolls {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such roll.
        RollUnknown { roll: RollId }
            "ROLL_UNKNOWN" Refusal
            "there is no roll {roll}"
            "Record its parts first, or correct the id."
            "没有名册 {roll}"
            "请先记录其各部分，或更正编号。"
        /// The roll is not usable yet.
        RollUnpublished { roll: RollId }
            "ROLL_UNPUBLISHED" Refusal
            "roll {roll} is not published"
            "Publish it first."
            "名册 {roll} 尚未公布"
            "请先公布。"
        /// A published roll never changes.
        RollIsPublished { roll: RollId, index: u64 }
            "ROLL_IS_PUBLISHED" Conflict
            "roll {roll} was published by entry {index} and never changes"
            "Make a new roll under a new id."
            "名册 {roll} 已由第 {index} 条记录公布，不再改变"
            "请用新编号另立名册。"
        /// The parts do not make the roll.
        RollInvalid { roll: RollId, reason: Box<RollError> }
            "ROLL_INVALID" Refusal
            "roll {roll}: {reason}"
            "Correct the part or the totals; a roll that went wrong is begun anew under a new id."
            "名册 {roll}：{reason}"
            "请更正该部分或合计；出错的名册请用新编号重新开始。"
        /// Representatives are at least four fifths of their meeting (组织法 28).
        TooFewRepresentatives { roll: RollId, representatives: u64, members: u64 }
            "TOO_FEW_REPRESENTATIVES" Refusal
            "of the {members} members on roll {roll}, {representatives} are representatives and the others sit in the residents' committee; representatives are at least 4/5 (城市居民委员会组织法 28)"
            "Elect more representatives; begin the roll anew under a new id."
            "名册 {roll} 的 {members} 名组成人员中居民代表为 {representatives} 人，其余为居民委员会成员；居民代表须占 4/5 以上（城市居民委员会组织法第28条）"
            "请增选居民代表，并用新编号重新立册。"
        /// A roll is objected to within five days of its publication (组织法 14–19).
        RollObjectionLate { roll: RollId, days: u32, over_at: Millis }
            "ROLL_OBJECTION_LATE" Refusal
            "roll {roll} could be objected to within {days} days of its publication, which were over at {over_at} (组织法 14–19)"
            "Object to the next roll; raise the matter as an issue."
            "对名册 {roll} 的异议应在公布之日起 {days} 日内提出，已于 {over_at} 届满（组织法第14–19条）"
            "请对下一份名册提出异议，或作为诉求提出。"
        /// Everybody objects to a roll about somebody once.
        RollObjectedAlready { roll: RollId, person: PersonId }
            "ROLL_OBJECTED_ALREADY" Conflict
            "the same person has objected to roll {roll} about {person} before"
            "Wait for the ruling."
            "同一人此前已就 {person} 对名册 {roll} 提出异议"
            "请等待处理决定。"
        /// There is no such objection.
        RollObjectionUnknown { roll: RollId, objection: u32 }
            "ROLL_OBJECTION_UNKNOWN" Refusal
            "there is no objection {objection} (from 0) against roll {roll}"
            "Correct the number."
            "没有对名册 {roll} 的第 {objection} 项异议（从 0 起）"
            "请更正序号。"
        /// An objection is ruled on once.
        RollObjectionRuledAlready { roll: RollId, objection: u32, index: u64 }
            "ROLL_OBJECTION_RULED_ALREADY" Conflict
            "objection {objection} (from 0) against roll {roll} was ruled on by entry {index}"
            "Nothing is to be done."
            "对名册 {roll} 的第 {objection} 项异议（从 0 起）已由第 {index} 条记录处理"
            "无需再做什么。"
        /// Nobody handles their own objection, or one about themself.
        RollRulingPartial { roll: RollId, objection: u32, person: PersonId }
            "ROLL_RULING_PARTIAL" Refusal
            "{person} made objection {objection} (from 0) against roll {roll}, or it is about them, and does not handle it"
            "Have another officer handle it, or one of the election committee."
            "{person} 是对名册 {roll} 的第 {objection} 项异议（从 0 起）的提出人或当事人，不得处理"
            "请由其他任职人员或居民选举委员会处理。"
        /// An objection has one content.
        RollObjectionContent { roll: RollId, objection: u32, content: Digest }
            "ROLL_OBJECTION_CONTENT" Refusal
            "objection {objection} (from 0) against roll {roll} has no content {content}"
            "Name the content by which it was made."
            "对名册 {roll} 的第 {objection} 项异议（从 0 起）没有内容 {content}"
            "请写明提出异议时的内容。"
        /// The body has no roll to act on.
        NoRollInForce { body: BodyId, day: Date }
            "NO_ROLL_IN_FORCE" Refusal
            "{body} has no published roll in force on {day}"
            "Publish a roll as of that day or earlier."
            "{body} 在 {day} 没有有效的已公布名册"
            "请公布自该日或更早生效的名册。"
        /// Another roll is in force.
        RollNotInForce { roll: RollId, in_force: RollId, day: Date }
            "ROLL_NOT_IN_FORCE" Refusal
            "on {day} roll {in_force} is in force, not {roll}"
            "Use the newest published roll of that day."
            "{day} 有效的名册是 {in_force}，不是 {roll}"
            "请用该日最新公布的名册。"
        /// What is acted on was begun by another roll.
        WrongRoll { named: RollId, pinned: RollId }
            "WRONG_ROLL" Refusal
            "this goes by roll {pinned}, by which it was begun, not by {named}"
            "Name the roll it was begun by; a newer one is for what begins later."
            "此事依开始时的名册 {pinned}，不是 {named}"
            "请写明开始时的名册；新名册用于此后开始的事项。"
        /// A person is not on the roll.
        NotOnRoll { person: PersonId, roll: RollId, hint: Hint }
            "NOT_ON_ROLL" Refusal
            "{person} is not a voter on roll {roll}{hint}"
            "Ask the unit's voter, or have a later roll corrected; this vote keeps its roll."
            "{person} 不是名册 {roll} 上的表决权人{hint}"
            "请询问该户的表决权人，或更正以后的名册；本次表决仍用原名册。"
    }}};
}
pub(super) use rolls;
