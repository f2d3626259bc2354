//! Why a decision has no such effect, or is not overturned.

macro_rules! effects {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// A contest fills seats; it has no effects beside.
        EffectsOfContest { motion: MotionId }
            "EFFECTS_OF_CONTEST" Refusal
            "motion {motion} is a contest among options, and such a motion carries no effects"
            "Table the effects in a motion that is for or against."
        /// The rule does not let its decisions have such an effect.
        EffectNotOfRule { effect: EffectKind, rule: Cited }
            "EFFECT_NOT_OF_RULE" Refusal
            "no decision by {rule} brings about {effect}"
            "Table it under a rule whose decisions may have this effect."
        /// Ids of items are never used twice.
        PowerExists { item: PowerId }
            "POWER_EXISTS" Conflict
            "item {item} is or was on the power list"
            "Amend it, or choose another id."
        /// The item is not on the list any more, or never was.
        PowerNotInForce { item: PowerId }
            "POWER_NOT_IN_FORCE" Refusal
            "there is no item {item} on the power list to amend, delegate or revoke"
            "Correct the id, or list a new item."
        /// An item ends before it begins.
        PowerDaysInverted { item: PowerId, from: Date, to: Date }
            "POWER_DAYS_INVERTED" Invalid
            "item {item} would hold from {from} to {to}"
            "Correct the days."
        /// A matter stands in an item twice.
        MatterTwice { item: PowerId }
            "MATTER_TWICE" Invalid
            "item {item} names a matter twice"
            "Name each matter once."
        /// A delegation goes to the holder, or beyond the item's own days.
        DelegationUnfit { item: PowerId }
            "DELEGATION_UNFIT" Refusal
            "item {item} can be delegated to another than its holder, within its own days and not for the past"
            "Correct the delegate or the days."

        /// Versions of the charter are numbered without gaps.
        CharterVersion { version: u32, next: u32 }
            "CHARTER_VERSION" Refusal
            "the amended charter calls itself version {version}; the next version is {next}"
            "Make the amendment from the charter in force, and number it as the next version."
        /// Versions of the rules follow one another.
        RulesVersionStep { version: u32, next: u32 }
            "RULES_VERSION_STEP" Refusal
            "rules version {version} cannot be adopted; the next one is {next}"
            "Adopt the next version."

        /// What is overturned was decided.
        MotionNotDecided { motion: MotionId, status: Status }
            "MOTION_NOT_DECIDED" Refusal
            "motion {motion} is {status}; only a decision is overturned"
            "Wait for the decision, or withdraw the motion."
        /// A decision is overturned once.
        DecisionOverturnedAlready { motion: MotionId, index: u64 }
            "DECISION_OVERTURNED_ALREADY" Conflict
            "the decision on motion {motion} was overturned by entry {index}"
            "Nothing is to be done."
        /// A body is not its own superior.
        OverturnsItself { body: BodyId }
            "OVERTURNS_ITSELF" Refusal
            "{body} decided itself; it does not overturn its own decision"
            "Have the superior body act, or decide anew."
        /// Every effect that is undone is named, and no other.
        EffectsNotNamed { motion: MotionId, effects: Names }
            "EFFECTS_NOT_NAMED" Refusal
            "the effects of motion {motion} that are undone must be named: {effects}"
            "Name exactly these."
    }}};
}
pub(super) use effects;
