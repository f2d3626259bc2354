//! Why somebody does not get an office, or is no candidate.

macro_rules! offices {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// Kin is declared once, between two people.
        KinAlready { person: PersonId, kin: PersonId }
            "KIN_ALREADY" Conflict
            "{person} and {kin} are declared near kin already, or are one"
            "Nothing is to be done."
        /// Nothing is to be handed over.
        NoHandover { office: OfficeId }
            "NO_HANDOVER" Refusal
            "office {office} has not ended, was handed over already, or leaves nothing to hand over"
            "Correct the office."
        /// Seats in both committees are allowed where they are disclosed.
        OverlapUndisclosed { person: PersonId, office: OfficeId, body: BodyId }
            "OVERLAP_UNDISCLOSED" Refusal
            "{person} holds office {office} in {body}; the charter allows both seats where that is disclosed"
            "Disclose the other seat with this one."
        /// Near kin do not sit there together.
        NearKinSeat { person: PersonId, kin: PersonId, office: OfficeId, body: BodyId }
            "NEAR_KIN_SEAT" Refusal
            "{person} cannot take the seat: {kin}, their near kin, holds office {office} in {body}"
            "Seat somebody else."
        /// A residents' committee is elected for five years at most.
        TermTooLong { office: OfficeId, longest: Date }
            "TERM_TOO_LONG" Refusal
            "the term of office {office} ends on {longest} at the latest (组织法 8)"
            "Correct the last day."
        /// A residents' committee has at most nine members.
        CommitteeFull { body: BodyId, max: u32 }
            "COMMITTEE_FULL" Refusal
            "{body} has {max} members (组织法 8)"
            "Wait for a vacancy."
        /// A residents' committee has at least one woman.
        NoWoman { body: BodyId }
            "NO_WOMAN" Refusal
            "the last seat of {body} is a woman's, since no other is (组织法 8)"
            "Seat a woman."
        /// A by-election, or a replacement, fills a seat that fell vacant.
        NoVacancy { office: OfficeId, body: BodyId }
            "NO_VACANCY" Refusal
            "office {office} succeeds in no seat of {body} that is vacant"
            "Name the office that ended and was not filled again."
        /// A by-election's seat ends with the committee's term.
        ByElectionTerm { office: OfficeId, succeeds: OfficeId }
            "BY_ELECTION_TERM" Refusal
            "office {office} ends when the term of {succeeds} would have (组织法 24)"
            "Give it that last day."
        /// As an effect, an office is given by appointment, and the motion is its decision.
        NotAnAppointment { office: OfficeId }
            "NOT_AN_APPOINTMENT" Invalid
            "office {office} is given by the motion itself: it is obtained by appointment, and names no other decision"
            "Correct the effect."
        /// Under a demerit nobody is appointed to a further office.
        BarredByDemerit { person: PersonId, case: CaseId }
            "BARRED_BY_DEMERIT" Refusal
            "{person} is under a demerit (case {case}) and is not appointed to a further office"
            "Appoint somebody else, or wait until it is over."
        /// A nomination is of somebody who stands.
        NoSuchCandidate { motion: MotionId, person: PersonId }
            "NO_SUCH_CANDIDATE" Refusal
            "{person} is no candidate in motion {motion}"
            "Correct the candidate, or amend the motion."
        /// A candidate is nominated once.
        NominatedAlready { motion: MotionId, person: PersonId }
            "NOMINATED_ALREADY" Conflict
            "{person} is nominated in motion {motion}"
            "Nothing is to be done."
        /// Too few voters nominate a candidate.
        TooFewNominators { found: u64, min: u64, rule: Cited }
            "TOO_FEW_NOMINATORS" Refusal
            "{found} voters nominate the candidate, {min} are needed by {rule}"
            "Gather more, or have the party organisation nominate."
    }}};
}
pub(super) use offices;
