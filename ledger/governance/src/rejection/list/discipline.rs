//! Why a case does not go on, and no sanction is imposed.

macro_rules! discipline {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// No such case.
        CaseUnknown { case: CaseId }
            "CASE_UNKNOWN" Refusal
            "there is no case {case}"
            "Correct the id."
        /// Ids of cases are never used twice.
        CaseExists { case: CaseId }
            "CASE_EXISTS" Conflict
            "there is a case {case} already"
            "Choose another id."
        /// The steps of a case come in their order, each once.
        CaseOutOfOrder { case: CaseId, tried: CaseStep, next: CaseStep }
            "CASE_OUT_OF_ORDER" Refusal
            "in case {case} it is not time for {tried}; what comes next is {next}"
            "Do what comes next."
        /// The target may still defend themself.
        DefencePeriod { case: CaseId, over_at: Millis }
            "DEFENCE_PERIOD" Refusal
            "in case {case} the target may defend themself until {over_at}, and has not yet"
            "Wait for the defence, or for the end of its time."
        /// The time for a defence or an appeal is over.
        CaseTooLate { case: CaseId, over_at: Millis }
            "CASE_TOO_LATE" Refusal
            "in case {case} the time for this was over at {over_at}"
            "Nothing is to be done."
        /// Defence and appeal are the target's own.
        NotTheTarget { case: CaseId, person: PersonId }
            "NOT_THE_TARGET" Refusal
            "case {case} is not against {person}"
            "Have the target act."
        /// Who handles a case is neither its target nor its complainant, nor near kin of either.
        HandlerConcerned { case: CaseId, handler: PersonId, person: PersonId }
            "HANDLER_CONCERNED" Refusal
            "{handler} does not handle case {case}: it concerns {person}, who is they themself or near kin"
            "Have another officer act."
        /// A defence never makes a finding harsher.
        HarsherThanNoticed { case: CaseId, noticed: Severity, severity: Severity }
            "HARSHER_THAN_NOTICED" Refusal
            "in case {case} the target was given notice of a matter that is {noticed}; it is not found to be {severity}"
            "Find at most what the notice said."
        /// The sanction does not follow from the case, or not by this body.
        SanctionUnfit { case: CaseId, reason: Unsanctionable }
            "SANCTION_UNFIT" Refusal
            "no such sanction in case {case}: {reason}"
            "Impose what the finding leads to, by the body whose it is."
        /// An appeal is not decided by who is appealed against.
        AppealToItself { case: CaseId, body: BodyId }
            "APPEAL_TO_ITSELF" Refusal
            "{body} handled or decided case {case}, and does not decide the appeal"
            "Have another body decide that supervises."
        /// An official measure is brought in once.
        ImportedAlready { case: CaseId }
            "IMPORTED_ALREADY" Conflict
            "the measure is on record as case {case}"
            "Nothing is to be done."
        /// A petition is signed once.
        SignedAlready { case: CaseId, person: PersonId }
            "SIGNED_ALREADY" Conflict
            "{person} has signed the petition in case {case}"
            "Nothing is to be done."
    }}};
}
pub(super) use discipline;
