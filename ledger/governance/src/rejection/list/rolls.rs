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
