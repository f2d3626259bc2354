//! Why a roll is none, or not the right one.

macro_rules! rolls {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such roll.
        RollUnknown { roll: RollId }
            "ROLL_UNKNOWN" Refusal
            "there is no roll {roll}"
            "Record its parts first, or correct the id."
        /// The roll is not usable yet.
        RollUnpublished { roll: RollId }
            "ROLL_UNPUBLISHED" Refusal
            "roll {roll} is not published"
            "Publish it first."
        /// A published roll never changes.
        RollIsPublished { roll: RollId, index: u64 }
            "ROLL_IS_PUBLISHED" Conflict
            "roll {roll} was published by entry {index} and never changes"
            "Make a new roll under a new id."
        /// The parts do not make the roll.
        RollInvalid { roll: RollId, reason: Box<RollError> }
            "ROLL_INVALID" Refusal
            "roll {roll}: {reason}"
            "Correct the part or the totals; a roll that went wrong is begun anew under a new id."
        /// The body has no roll to act on.
        NoRollInForce { body: BodyId, day: Date }
            "NO_ROLL_IN_FORCE" Refusal
            "{body} has no published roll in force on {day}"
            "Publish a roll as of that day or earlier."
        /// Another roll is in force.
        RollNotInForce { roll: RollId, in_force: RollId, day: Date }
            "ROLL_NOT_IN_FORCE" Refusal
            "on {day} roll {in_force} is in force, not {roll}"
            "Use the newest published roll of that day."
        /// What is acted on was begun by another roll.
        WrongRoll { named: RollId, pinned: RollId }
            "WRONG_ROLL" Refusal
            "this goes by roll {pinned}, by which it was begun, not by {named}"
            "Name the roll it was begun by; a newer one is for what begins later."
        /// A person is not on the roll.
        NotOnRoll { person: PersonId, roll: RollId, hint: Hint }
            "NOT_ON_ROLL" Refusal
            "{person} is not a voter on roll {roll}{hint}"
            "Ask the unit's voter, or have a later roll corrected; this vote keeps its roll."
    }}};
}
pub(super) use rolls;
