//! What is wrong with an action before its content is looked at.

macro_rules! envelope {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// The ledger is kept, or by this vote would be, under rules this program does not know.
        RulesVersionUnknown { version: u32 }
            "RULES_VERSION_UNKNOWN" Refusal
            "this program does not know rules version {version}, which the ledger is kept under or would be"
            "Use a release that knows this rules version."
        /// The action names another ledger.
        WrongLedger { named: LedgerId, ledger: LedgerId }
            "WRONG_LEDGER" Invalid
            "the action is meant for ledger {named}, this is {ledger}"
            "Send it to the ledger it names, or sign it again for this one."
        /// The action names another founding entry, or a founding action names one at all.
        WrongGenesis { named: Leaf, genesis: Leaf }
            "WRONG_GENESIS" Invalid
            "the action names the first entry {named}, this ledger's is {genesis}"
            "Fetch the ledger's genesis anew and sign again; if it changed, ask why."
        /// A person's action id is no `UUIDv7`.
        ActionIdVersion { id: ActionId }
            "ACTION_ID_VERSION" Invalid
            "the action id {id} is not a UUIDv7"
            "Make a UUIDv7 when making the action."
        /// The action id was made at another time than the action says.
        ActionIdTime { id: ActionId, made_at: Millis, client_time: Millis }
            "ACTION_ID_TIME" Invalid
            "the action id {id} was made at {made_at}, over 2 minutes from the client time {client_time}"
            "Make the id when making the action, by the same clock."
        /// Another action with this id is recorded.
        ActionIdReused { id: ActionId, index: u64 }
            "ACTION_ID_REUSED" Conflict
            "the action id {id} is taken by entry {index}"
            "Use a new id for every action; to retry, send the very same bytes."
        /// The action is so old that its id may be taken without being remembered.
        ActionIdForgotten { id: ActionId, forgotten_until: Millis }
            "ACTION_ID_FORGOTTEN" Refusal
            "ids made up to {forgotten_until} are no longer remembered, so {id} may be taken"
            "Sign it again."
        /// The signer's clock runs ahead.
        ClientTimeAhead { client_time: Millis, recorded_at: Millis }
            "CLIENT_TIME_AHEAD" Refusal
            "the client time {client_time} is over 2 minutes ahead of {recorded_at}"
            "Set the signing device's clock and sign again."
        /// The action arrived too late to be recorded.
        Expired { not_after: Millis, recorded_at: Millis }
            "EXPIRED" Refusal
            "the action may be recorded until {not_after}, it is {recorded_at}"
            "Sign it again."
        /// `not_after` is before the client time, or too long after it.
        ValidityTooLong { client_time: Millis, not_after: Millis, longest: Lasting }
            "VALIDITY_TOO_LONG" Invalid
            "the action is valid from {client_time} to {not_after}; the charter allows {longest} at most"
            "Sign again with a not_after within the charter's bound."
        /// An entry would be recorded before the one it follows.
        TimeWentBack { recorded_at: Millis, last: Millis }
            "TIME_WENT_BACK" Refusal
            "{recorded_at} is before the last entry's {last}"
            "Correct the node's clock."
        /// What time brought must be recorded first.
        DerivedEntryDue { family: &'static str, due: Millis }
            "DERIVED_ENTRY_DUE" Conflict
            "a derived entry ({family}) has been due since {due} and must be recorded first"
            "Record what derive gives, then try again."
        /// A person signed what only the ledger derives.
        NotForPersons { family: &'static str }
            "NOT_FOR_PERSONS" Invalid
            "{family} is derived by the ledger; no person signs it"
            "Wait for it: it is recorded when it falls due."
        /// The ledger signed what only persons do.
        NotForTheLedger { family: &'static str }
            "NOT_FOR_THE_LEDGER" Invalid
            "{family} is done by persons; the ledger never signs it"
            "Name the person who acts."
        /// A derived action came although nothing is due.
        NothingDue { recorded_at: Millis }
            "NOTHING_DUE" Refusal
            "no derived entry is due at {recorded_at}"
            "Record derived entries when they fall due, not before."
        /// A derived action differs from what follows from the log.
        DerivedMismatch { family: &'static str, due: Millis }
            "DERIVED_MISMATCH" Invalid
            "the derived action is not the {family} that follows from the log at {due}"
            "Record exactly what derive gives; if a stored entry says this, the log was tampered with."
        /// The subject changed since the signer looked.
        StaleExpectation { expected: Leaf, latest: Latest }
            "STALE_EXPECTATION" Conflict
            "the signer expected {expected} as the latest entry about this; it is {latest}"
            "Look at what changed, then sign again."
        /// A power is exercised under an item that is not on the power list.
        PowerNotListed { item: PowerId, nearest: Nearest }
            "POWER_NOT_LISTED" Refusal
            "power {item} is not on the power list; nearest to the act: {nearest}"
            "Act under an item of the list, or have this one listed by decision."
        /// A power is exercised by who does not hold it, when it is not in force, or beyond its scope (越权).
        UltraVires { person: PersonId, item: PowerId, why: Overreach, nearest: Nearest }
            "ULTRA_VIRES" Refusal
            "{person} acts beyond their powers under item {item}: {why}; nearest to the act: {nearest}"
            "Act under an item that your capacity holds today for this matter, or have the list changed by decision."
        /// The ledger is founded once.
        AlreadyFounded { ledger: LedgerId }
            "ALREADY_FOUNDED" Refusal
            "ledger {ledger} is founded already"
            "Found another ledger under another id."
    }}};
}
pub(super) use envelope;
