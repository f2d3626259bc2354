//! Why bodies, rights and offices do not change so.

macro_rules! bodies {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such body.
        BodyUnknown { body: BodyId }
            "BODY_UNKNOWN" Refusal
            "there is no body {body}"
            "Establish it first, or correct the id."
        /// Ids of bodies are never used twice.
        BodyExists { body: BodyId }
            "BODY_EXISTS" Conflict
            "body {body} exists already; ids are never used again"
            "Choose another id."
        /// The right is held already.
        RightHeld { right: Right, holder: BodyId, over: Over }
            "RIGHT_HELD" Conflict
            "{holder} has the right to {right} over {over} already"
            "Nothing is to be done."
        /// The right to withdraw is not held.
        RightNotHeld { right: Right, holder: BodyId, over: Over }
            "RIGHT_NOT_HELD" Conflict
            "{holder} has no such right to {right} over {over} to withdraw"
            "Name body, role, right and scope as they were granted."
        /// Somebody must be able to register.
        LastRegistrar { ledger: LedgerId }
            "LAST_REGISTRAR" Refusal
            "after this nobody with a key could register over all of ledger {ledger}: it could never change again"
            "First give somebody else with a key an office that registers over the whole ledger; to change a key, rotate it."
        /// No such office.
        OfficeUnknown { office: OfficeId }
            "OFFICE_UNKNOWN" Refusal
            "there is no office {office}"
            "Correct the id."
        /// Ids of offices are never used twice.
        OfficeExists { office: OfficeId }
            "OFFICE_EXISTS" Conflict
            "office {office} exists already; ids are never used again"
            "Choose another id."
        /// The office ended already.
        OfficeEndedAlready { office: OfficeId, index: u64 }
            "OFFICE_ENDED_ALREADY" Conflict
            "office {office} was ended by entry {index}"
            "Nothing is to be done."
        /// A term ends before it begins.
        TermInverted { office: OfficeId, from: Date, to: Date }
            "TERM_INVERTED" Invalid
            "the term of office {office} would run from {from} to {to}"
            "Correct the dates."
        /// The term is not over yet.
        TermNotOver { office: OfficeId, to: Date }
            "TERM_NOT_OVER" Refusal
            "the term of office {office} runs through {to}"
            "Name the true cause, or wait until the day after."
        /// The office has no term that could be over.
        TermWithoutEnd { office: OfficeId }
            "TERM_WITHOUT_END" Refusal
            "office {office} has no last day; its term cannot be over"
            "Name the true cause."
        /// Only the founding entry names founding officers.
        ObtainedByFounding { office: OfficeId }
            "OBTAINED_BY_FOUNDING" Invalid
            "office {office} cannot be obtained by a founding that is over"
            "Say how it was obtained: elected, appointed or by-election."
        /// The same person would sit in two committees that exclude each other.
        OverlappingSeat { person: PersonId, role: RoleId, office: OfficeId, body: BodyId }
            "OVERLAPPING_SEAT" Refusal
            "{person} cannot take the seat of {role}: office {office} in {body} overlaps with it, and nobody sits in both bodies: of residents' and supervision committee never (组织法 36), of residents' and owners' committee unless the charter allows it"
            "End the other office first, or seat somebody else."
        /// The decision an act names does not support it.
        DecisionNotAdopted { motion: MotionId, status: Status }
            "DECISION_NOT_ADOPTED" Refusal
            "motion {motion} is {status}; the act needs an adopted decision"
            "Name a decision that was adopted, or leave it out."

        /// A recall or a replacement is the effect of a decision, and not the registrar's to record.
        DecisionMissing { office: OfficeId }
            "DECISION_MISSING" Refusal
            "office {office} ends by recall or replacement only as the effect of a decision in its case"
            "Table a motion with that effect, or name the true cause."
        /// The election an act names chose somebody else.
        NotElected { motion: MotionId, person: PersonId }
            "NOT_ELECTED" Refusal
            "{person} is not among those whom motion {motion} chose"
            "Seat those who were elected, or name the decision that gave them the seat."
    }}};
}
pub(super) use bodies;
