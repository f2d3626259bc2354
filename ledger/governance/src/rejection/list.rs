//! The table itself: every reason the law gives for a no.

use crate::{
    action::{Execution, Severity},
    authority::{Over, RequiredSigner},
    calendar::{Date, Lasting},
    charter::{EffectKind, Right, Threshold},
    ids::{
        ActionId, BodyId, CaseId, Digest, IssueId, Leaf, LedgerId, MeetingId, Millis, MotionId,
        OfficeId, PersonId, PowerId, PublicKey, RoleId, RollId, RuleId,
    },
    issue::IssueStage,
    motion::Status,
    roll::RollError,
};

use super::{
    AssessmentUnfit, CaseStep, Cited, Hint, Incapacity, Latest, Missing, Names, Nearest, NoRunOff,
    Overreach, Rights, Unfit, Unsanctionable, rejections,
};

rejections! {
    // ── The envelope ────────────────────────────────────────────────────────────────────────────
    /// The ledger is kept under rules this program does not know.
    RulesVersionUnknown { version: u32 }
        "RULES_VERSION_UNKNOWN" Refusal
        "the ledger is kept under rules version {version}, which this program does not know"
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

    // ── Effects of decisions ────────────────────────────────────────────────────────────────────
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

    // ── Cases and sanctions ─────────────────────────────────────────────────────────────────────
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

    // ── Offices and candidates ──────────────────────────────────────────────────────────────────
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

    // ── Signatures and authority ────────────────────────────────────────────────────────────────
    /// A signature the payload calls for is not there.
    MissingSignature { who: RequiredSigner }
        "MISSING_SIGNATURE" Invalid
        "the signature of {who} is missing"
        "Have them sign the same action bytes."
    /// There are more signatures than the payload calls for.
    SurplusSignature { key: PublicKey }
        "SURPLUS_SIGNATURE" Invalid
        "key {key} signed, and nothing calls for its signature"
        "Leave the signature out."
    /// The signatures are those called for, in another order.
    WrongSignatureOrder { position: u32, who: RequiredSigner }
        "WRONG_SIGNATURE_ORDER" Invalid
        "signature {position} (from 0) must be that of {who}"
        "Order the signatures: the actor's first, then as the payload names them."
    /// Nobody's key.
    KeyUnknown { key: PublicKey }
        "KEY_UNKNOWN" Refusal
        "key {key} is not enrolled here"
        "Have the registrar enrol the key, or sign with one that is."
    /// The key is no longer good.
    KeyRevoked { key: PublicKey, index: u64 }
        "KEY_REVOKED" Refusal
        "key {key} was revoked by entry {index}"
        "Sign again with a key that is still good."
    /// The key is another person's.
    KeyOfAnother { key: PublicKey, owner: PersonId, person: PersonId }
        "KEY_OF_ANOTHER" Refusal
        "key {key} is {owner}'s, not {person}'s"
        "Sign with the actor's own key, or name its owner as the actor."
    /// The action must say for whom the actor acts.
    CapacityMissing { person: PersonId }
        "CAPACITY_MISSING" Refusal
        "{person} must say in which capacity (body, office) they act"
        "Name the body, and the office where there is one."
    /// The actor is not what they say they are.
    NotInCapacity { person: PersonId, body: BodyId, why: Incapacity }
        "NOT_IN_CAPACITY" Refusal
        "{person} does not act for {body}: {why}"
        "Act in an office held today, or as a member on the body's roll."
    /// The capacity does not carry the right.
    NoRight { right: Right, holder: BodyId, over: Over }
        "NO_RIGHT" Refusal
        "the capacity in {holder} does not carry the right to {right} over {over}"
        "Have someone act who has the right, or have it granted."
    /// Only the body that tabled a motion may change it.
    NotTablingBody { motion: MotionId, tabled_by: BodyId, body: BodyId }
        "NOT_TABLING_BODY" Refusal
        "motion {motion} was tabled by {tabled_by}, not by {body}"
        "Have the tabling body amend or withdraw it."
    /// One person, or one key, signed twice.
    AttestorIsActor { person: PersonId }
        "ATTESTOR_IS_ACTOR" Refusal
        "{person} cannot attest what they did themselves"
        "Have a second officer sign with their own key."
    /// The second officer's capacity carries none of the rights that attest this.
    AttestorWithoutRight { person: PersonId, rights: Rights, over: Over }
        "ATTESTOR_WITHOUT_RIGHT" Refusal
        "{person} cannot attest this: their capacity does not carry the right to {rights} over {over}"
        "Have an officer with that right sign as the second."
    /// One of the two officers gave the other the office they sign in.
    AttestorDependent { actor: PersonId, attestor: PersonId }
        "ATTESTOR_DEPENDENT" Refusal
        "{attestor} cannot attest for {actor}: one of them gave the other the office they sign in, so one person could be both"
        "Have an officer sign who was seated by the founding or by another registrar."

    // ── Bounds ──────────────────────────────────────────────────────────────────────────────────
    /// A text is longer than allowed.
    TextTooLong { field: &'static str, bytes: u64, max: u64 }
        "TEXT_TOO_LONG" Invalid
        "{field} has {bytes} bytes, at most {max} are allowed"
        "Shorten it, or put the long text into a content and cite it."
    /// A text that must say something is empty.
    TextEmpty { field: &'static str }
        "TEXT_EMPTY" Invalid
        "{field} is empty"
        "Fill it in."
    /// A list has too few or too many members.
    ListSize { field: &'static str, found: u64, min: u64, max: u64 }
        "LIST_SIZE" Invalid
        "{field} has {found} members; {min} to {max} are allowed"
        "Split a long list over several entries; do not send an empty one."
    /// A list names somebody twice.
    NamedTwice { field: &'static str, person: PersonId }
        "NAMED_TWICE" Invalid
        "{field} names {person} twice"
        "Name everybody once."

    // ── Founding ────────────────────────────────────────────────────────────────────────────────
    /// The first entry of a log must be a founding.
    NotAFounding { family: &'static str }
        "NOT_A_FOUNDING" Refusal
        "the first entry founds the ledger; {family} does not"
        "Found the ledger first."
    /// A founder acts for themself.
    FoundingCapacity { founder: PersonId }
        "FOUNDING_CAPACITY" Invalid
        "{founder} founds the ledger for themself: no body exists before it"
        "Leave the capacity and the expected leaf out."
    /// The origin is no schema-less URL.
    OriginInvalid { origin: Box<str> }
        "ORIGIN_INVALID" Invalid
        "\"{origin}\" is no origin: a host and a path such as records.example.org/xinyuanli"
        "Give a host and a path, without a scheme, at most 255 bytes of a-z 0-9 . - _ / and :."
    /// The first charter is not valid.
    CharterInvalid { reason: Box<str> }
        "CHARTER_INVALID" Refusal
        "the charter is not valid: {reason}"
        "Correct the charter."
    /// Nobody could ever register anything.
    FoundingWithoutRegistrar { ledger: LedgerId }
        "FOUNDING_WITHOUT_REGISTRAR" Refusal
        "ledger {ledger} would have nobody with a key and the right to register over it all: it could never change"
        "Grant register over the whole ledger to a body, and give somebody with a key an office there."

    // ── People ──────────────────────────────────────────────────────────────────────────────────
    /// No such person.
    PersonUnknown { person: PersonId }
        "PERSON_UNKNOWN" Refusal
        "{person} is not enrolled"
        "Have the registrar enrol them."
    /// The person left.
    PersonHasLeft { person: PersonId, index: u64 }
        "PERSON_HAS_LEFT" Refusal
        "{person} left the community by entry {index}"
        "Enrol a person who returns under a new id."
    /// Ids of people are never used twice.
    PersonExists { person: PersonId }
        "PERSON_EXISTS" Conflict
        "{person} is enrolled already; ids are never used again"
        "Choose another id."
    /// A person has at most five keys at a time.
    TooManyKeys { person: PersonId, found: u64, max: u64 }
        "TOO_MANY_KEYS" Refusal
        "{person} would have {found} keys, at most {max} are allowed"
        "Revoke a key first."
    /// A person has a bounded number of keys in all.
    KeysUsedUp { person: PersonId, max: u32 }
        "KEYS_USED_UP" Refusal
        "{person} has had {max} keys, and nobody has more in all"
        "Keep to the keys that are good; if none is, enrol the person under a new id."
    /// A key serves once, for one purpose.
    KeyTaken { key: PublicKey }
        "KEY_TAKEN" Conflict
        "key {key} is or was somebody's already; keys are never used again"
        "Make a new key."

    // ── Bodies, rights, offices ─────────────────────────────────────────────────────────────────
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

    // ── Rolls ───────────────────────────────────────────────────────────────────────────────────
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

    // ── Meetings ────────────────────────────────────────────────────────────────────────────────
    /// No such meeting.
    MeetingUnknown { meeting: MeetingId }
        "MEETING_UNKNOWN" Refusal
        "there is no meeting {meeting}"
        "Convene it first, or correct the id."
    /// Ids of meetings are never used twice.
    MeetingExists { meeting: MeetingId }
        "MEETING_EXISTS" Conflict
        "meeting {meeting} exists already; ids are never used again"
        "Choose another id."
    /// The meeting is over.
    MeetingIsClosed { meeting: MeetingId, index: u64 }
        "MEETING_IS_CLOSED" Refusal
        "meeting {meeting} was closed by entry {index}"
        "Convene another meeting."
    /// The meeting belongs to another body.
    MeetingOfAnotherBody { meeting: MeetingId, of: BodyId, body: BodyId }
        "MEETING_OF_ANOTHER_BODY" Refusal
        "meeting {meeting} is {of}'s, not {body}'s"
        "Name a meeting of the body that decides."
    /// A meeting cannot be called for the past.
    MeetingInThePast { meeting: MeetingId, starts_at: Millis, recorded_at: Millis }
        "MEETING_IN_THE_PAST" Refusal
        "meeting {meeting} would have begun at {starts_at}, it is {recorded_at}"
        "Call it for a later time; what was decided earlier is recorded from the minutes."
    /// The meeting has not begun.
    MeetingNotStarted { meeting: MeetingId, starts_at: Millis, recorded_at: Millis }
        "MEETING_NOT_STARTED" Refusal
        "meeting {meeting} begins at {starts_at}, it is {recorded_at}"
        "Wait until it begins."
    /// Notice is given before the meeting begins.
    MeetingBegun { meeting: MeetingId, starts_at: Millis, recorded_at: Millis }
        "MEETING_BEGUN" Refusal
        "meeting {meeting} began at {starts_at}, it is {recorded_at}"
        "Convene another meeting and give notice of it, however urgent, before it begins."
    /// Notice is given once.
    NoticeGiven { meeting: MeetingId, at: Millis }
        "NOTICE_GIVEN" Conflict
        "notice of meeting {meeting} was given at {at}"
        "Nothing is to be done."
    /// Notice is too short and no reason is given.
    NoticeTooShort { meeting: MeetingId, days_min: u32, over_at: Millis, rule: Cited }
        "NOTICE_TOO_SHORT" Refusal
        "meeting {meeting} needs {days_min} days' notice, over at {over_at}, by {rule}"
        "Give the urgent reason, or call the meeting for later."
    /// Too few ask for the meeting.
    PetitionTooSmall { petitioners: u64, voters: u64, needed: Threshold, rule: Cited }
        "PETITION_TOO_SMALL" Refusal
        "{petitioners} of {voters} voters ask for the meeting; {needed} are needed by {rule}"
        "Gather more petitioners."
    /// The rule knows no petition.
    NoPetition { rule: Cited }
        "NO_PETITION" Refusal
        "nobody may call a meeting by petition under {rule}"
        "Have somebody with the right to convene call it."
    /// The person is recorded as present already.
    PresentAlready { meeting: MeetingId, person: PersonId }
        "PRESENT_ALREADY" Conflict
        "{person} is recorded as present at meeting {meeting} already"
        "Record only those who are new."
    /// A vote is still open in the meeting.
    VoteOpenInMeeting { meeting: MeetingId, motion: MotionId }
        "VOTE_OPEN_IN_MEETING" Refusal
        "motion {motion} is still being voted on in meeting {meeting}"
        "Close the vote first."

    // ── Motions ─────────────────────────────────────────────────────────────────────────────────
    /// No such rule.
    RuleUnknown { id: RuleId, charter_version: u32 }
        "RULE_UNKNOWN" Refusal
        "charter version {charter_version} has no rule {id}"
        "Name a rule of the charter."
    /// The rule is another body's.
    RuleOfAnotherBody { rule: Cited, of: BodyId, body: BodyId }
        "RULE_OF_ANOTHER_BODY" Refusal
        "{rule} says how {of} decides, not {body}"
        "Name a rule of the body that decides."
    /// No such motion.
    MotionUnknown { motion: MotionId }
        "MOTION_UNKNOWN" Refusal
        "there is no motion {motion}"
        "Table it first, or correct the id."
    /// Ids of motions are never used twice.
    MotionExists { motion: MotionId }
        "MOTION_EXISTS" Conflict
        "motion {motion} exists already; ids are never used again"
        "Choose another id."
    /// The motion is past its tabling.
    MotionNotTabled { motion: MotionId, status: Status }
        "MOTION_NOT_TABLED" Refusal
        "motion {motion} is {status}; this is for motions not yet opened"
        "A motion opens once and is decided as it was opened; to put something else to the vote, table a new one."
    /// The motion is decided or withdrawn.
    MotionOver { motion: MotionId, status: Status }
        "MOTION_OVER" Refusal
        "motion {motion} is {status}; nothing can be added to it"
        "Table a new motion."
    /// The motion is not being voted on.
    MotionNotOpen { motion: MotionId, status: Status }
        "MOTION_NOT_OPEN" Refusal
        "motion {motion} is {status}; it is not being voted on"
        "Vote while it is open; papers too must be counted and recorded before closes_at, so open it for long enough to count."
    /// More seats than options.
    ContestSeats { seats: u32, options: u32 }
        "CONTEST_SEATS" Invalid
        "{seats} seats and {options} options: there must be 1 seat or more, and at least as many options"
        "Correct the contest."
    /// The rule wants a choice among candidates.
    TooFewCandidates { seats: u32, options: u32, rule: Cited }
        "TOO_FEW_CANDIDATES" Refusal
        "{options} candidates for {seats} seats: there must be more candidates than seats by {rule}"
        "Nominate more candidates."
    /// The rule elects, and the motion has no candidates.
    ContestMissing { rule: Cited }
        "CONTEST_MISSING" Refusal
        "the motion has no contest, and {rule} decides nothing but contests among candidates"
        "Table it with its candidates, or under another rule."
    /// The rule elects, and an option is nobody.
    OptionWithoutCandidate { label: Box<str>, rule: Cited }
        "OPTION_WITHOUT_CANDIDATE" Refusal
        "option \"{label}\" names no candidate, and {rule} is for candidates"
        "Name a person in every option."
    /// There is nothing this could be the run-off of.
    RunOffUnfit { first: MotionId, reason: NoRunOff, rule: Cited }
        "RUN_OFF_UNFIT" Refusal
        "this is no run-off of motion {first} by {rule}: {reason}"
        "Hold a run-off once, under the first ballot's rule, for the seats it left, among those not chosen."
    /// An expert is invited once.
    ExpertInvitedAlready { motion: MotionId, expert: PersonId }
        "EXPERT_INVITED_ALREADY" Conflict
        "{expert} is invited on motion {motion} already"
        "Nothing is to be done."
    /// An expert neither invites themself nor sits in the body that decides.
    ExpertNotIndependent { motion: MotionId, expert: PersonId, body: BodyId }
        "EXPERT_NOT_INDEPENDENT" Refusal
        "{expert} is no expert on motion {motion}: they are the inviter, or hold an office in {body}, which decides it"
        "Invite somebody from outside the body; those inside speak by statements."
    /// An expert answers when asked.
    ExpertNotInvited { motion: MotionId, expert: PersonId }
        "EXPERT_NOT_INVITED" Refusal
        "{expert} is not invited as an expert on motion {motion}"
        "Have the convener invite the expert."
    /// An expert answers once.
    OpinionFiledAlready { motion: MotionId, expert: PersonId }
        "OPINION_FILED_ALREADY" Conflict
        "{expert} has filed an opinion on motion {motion}"
        "Nothing is to be done."
    /// What must come before the vote has not.
    NotReadyToOpen { motion: MotionId, missing: Missing, rule: Cited }
        "NOT_READY_TO_OPEN" Refusal
        "the vote on motion {motion} cannot open by {rule}; missing: {missing}"
        "Do what is missing, then open the vote."

    // ── The vote ────────────────────────────────────────────────────────────────────────────────
    /// The ballot is for another opening of the vote.
    WrongVotingOpened { motion: MotionId, named: Leaf, opened: Leaf }
        "WRONG_VOTING_OPENED" Refusal
        "the vote on motion {motion} was opened by {opened}, not {named}"
        "Read what was opened, and sign a ballot that names it."
    /// A recused voter does not vote.
    VoterRecused { motion: MotionId, person: PersonId }
        "VOTER_RECUSED" Refusal
        "{person} declared an interest in motion {motion} and takes no part in the vote"
        "Nothing is to be done: a declared interest stands."
    /// An interest is declared once.
    InterestDeclaredAlready { motion: MotionId, person: PersonId }
        "INTEREST_DECLARED_ALREADY" Conflict
        "{person} has declared an interest in motion {motion}"
        "Nothing is to be done."
    /// Who voted can no longer be recused.
    InterestAfterVote { motion: MotionId, person: PersonId }
        "INTEREST_AFTER_VOTE" Refusal
        "{person} has voted on motion {motion}; an interest is declared before"
        "Vote again to abstain; have the interest entered in a statement."
    /// Votes are secret: they go on paper.
    SecretOnPaper { motion: MotionId, rule: Cited }
        "SECRET_ON_PAPER" Refusal
        "motion {motion} is voted on in secret, on paper, by {rule}"
        "Hand in a paper ballot."
    /// The choice does not fit the question.
    ChoiceUnfit { motion: MotionId, reason: Unfit }
        "CHOICE_UNFIT" Invalid
        "the choice does not fit motion {motion}: {reason}"
        "Choose for, against or abstain; or, in a contest, options in ascending order, at most as many as seats."
    /// The voter's paper is counted.
    VotedOnPaper { motion: MotionId, person: PersonId, batch: u32 }
        "VOTED_ON_PAPER" Conflict
        "{person} voted on motion {motion} on paper, in batch {batch}"
        "Nothing is to be done: a paper stands."
    /// The voter's electronic ballot is counted.
    VotedElectronically { motion: MotionId, person: PersonId }
        "VOTED_ELECTRONICALLY" Conflict
        "{person} has an electronic ballot on motion {motion}"
        "Leave the paper out; the voter may recast the electronic ballot."
    /// Only those at the meeting count.
    NotAttending { motion: MotionId, person: PersonId, rule: Cited }
        "NOT_ATTENDING" Refusal
        "{person} is not recorded as attending the meeting on motion {motion}; those attending decide by {rule}"
        "Record the attendance first."
    /// The rule allows no proxies.
    ProxiesNotAllowed { motion: MotionId, rule: Cited }
        "PROXIES_NOT_ALLOWED" Refusal
        "nobody may vote for another on motion {motion} by {rule}"
        "The voter votes in person."
    /// The holder has as many proxies as allowed.
    ProxyLimit { holder: PersonId, held: u32, max: u32, rule: Cited }
        "PROXY_LIMIT" Refusal
        "{holder} holds {held} proxies, at most {max} are allowed by {rule}"
        "Choose another holder."
    /// A candidate votes for nobody else.
    ProxyHolderIsCandidate { motion: MotionId, holder: PersonId }
        "PROXY_HOLDER_IS_CANDIDATE" Refusal
        "{holder} is a candidate in motion {motion} and may not hold proxies"
        "Choose another holder."
    /// A proxy is for somebody else.
    ProxyToSelf { person: PersonId }
        "PROXY_TO_SELF" Invalid
        "{person} cannot be their own proxy"
        "Vote in person."
    /// Who gave a proxy votes through it.
    ProxyStands { motion: MotionId, person: PersonId, holder: PersonId }
        "PROXY_STANDS" Refusal
        "{holder} holds {person}'s proxy on motion {motion}"
        "Revoke the proxy first."
    /// No proxy from this voter.
    ProxyNotHeld { motion: MotionId, principal: PersonId, holder: PersonId }
        "PROXY_NOT_HELD" Refusal
        "{holder} holds no proxy of {principal} on motion {motion}; a proxy cannot be passed on"
        "Have the voter grant a proxy."
    /// No proxy to revoke.
    NoProxy { motion: MotionId, person: PersonId }
        "NO_PROXY" Refusal
        "{person} has granted no proxy on motion {motion}"
        "Nothing is to be done."
    /// Batches come in order.
    PaperBatchOrder { motion: MotionId, expected: u32, found: u32 }
        "PAPER_BATCH_ORDER" Conflict
        "the next batch of papers on motion {motion} is {expected}, not {found}"
        "Number the batches from 0 without gaps."
    /// A choice stands twice in a batch.
    PaperChoiceTwice { motion: MotionId, position: u32 }
        "PAPER_CHOICE_TWICE" Invalid
        "total {position} (from 0) on motion {motion} repeats an earlier choice, or counts nobody"
        "Give each choice once, with all its papers."
    /// Heads or areas do not add up.
    PaperTotalsDiffer { motion: MotionId, heads: u64, voters: u64, area: u64, voters_area: u64 }
        "PAPER_TOTALS_DIFFER" Refusal
        "the papers on motion {motion} come to {heads} heads and {area} (0.01 m²), their voters to {voters} and {voters_area}"
        "Count again."
    /// The roll call leaves voters out.
    RollCallIncomplete { motion: MotionId, first_missing: PersonId, missing: u64, voters: u64 }
        "ROLL_CALL_INCOMPLETE" Refusal
        "the roll call on motion {motion} leaves out {missing} of {voters} voters, first {first_missing}"
        "Name every voter of the roll once, the absent too."
    /// A roll call is by name and for or against.
    RollCallUnfit { motion: MotionId, reason: Unfit }
        "ROLL_CALL_UNFIT" Refusal
        "motion {motion} cannot be decided by roll call: {reason}"
        "Use ballots or papers, as the rule says."
    /// Who is recorded as present is not absent.
    PresentMarkedAbsent { motion: MotionId, person: PersonId }
        "PRESENT_MARKED_ABSENT" Refusal
        "the roll call on motion {motion} marks {person} absent, who is recorded as attending the meeting"
        "Mark who left the room as away."
    /// Minutes of a day to come.
    HeldInFuture { motion: MotionId, held_on: Date, today: Date }
        "HELD_IN_FUTURE" Refusal
        "motion {motion} was held on {held_on}, it is {today}"
        "Correct the date."
    /// The chair cannot end this vote yet.
    VoteStillRuns { motion: MotionId, voted: u64, eligible: u64, closes_at: Millis }
        "VOTE_STILL_RUNS" Refusal
        "{voted} of {eligible} have voted on motion {motion}, and it is no open vote of a meeting by a rule without a shortest window: it runs until {closes_at}"
        "Wait for the close."

    /// A decision is carried out forwards, and once.
    DecisionProgress { motion: MotionId, from: Execution, to: Execution }
        "DECISION_PROGRESS" Refusal
        "the decision on motion {motion} is {from}; it does not become {to}"
        "Say what comes next; a new decision is needed to do something again."

    // ── Reports ─────────────────────────────────────────────────────────────────────────────────
    /// The body has no report on that year to file, or not yet.
    ReportNotExpected { body: BodyId, year: u32 }
        "REPORT_NOT_EXPECTED" Refusal
        "no report of {body} on {year} is expected: it does not report, or not on that year, or not yet"
        "File the body's next report, or one that it missed."
    /// A report is filed once.
    ReportFiledAlready { body: BodyId, year: u32, index: u64 }
        "REPORT_FILED_ALREADY" Conflict
        "the report of {body} on {year} was filed by entry {index}"
        "Answer questions about it, or have the record corrected."
    /// There is no such report to ask about, answer for or assess.
    ReportNotFiled { body: BodyId, year: u32 }
        "REPORT_NOT_FILED" Refusal
        "{body} has filed no report on {year}"
        "Wait for it; a body that misses it is assessed all the same."
    /// Nobody asked that.
    ReportQuestionUnknown { body: BodyId, year: u32, question: u32 }
        "REPORT_QUESTION_UNKNOWN" Refusal
        "there is no question {question} (from 0) about the report of {body} on {year}"
        "Correct the number."
    /// A question is answered once.
    ReportAnsweredAlready { body: BodyId, year: u32, question: u32 }
        "REPORT_ANSWERED_ALREADY" Conflict
        "question {question} (from 0) about the report of {body} on {year} is answered"
        "Nothing is to be done."
    /// Those assessed do not assess.
    AssessorInvolved { person: PersonId, body: BodyId }
        "ASSESSOR_INVOLVED" Refusal
        "{person} holds an office in {body} and does not assess it (城市居民委员会组织法 36)"
        "Have two officers of the supervision committee assess it."
    /// A year is assessed once.
    ReportAssessedAlready { body: BodyId, year: u32, index: u64 }
        "REPORT_ASSESSED_ALREADY" Conflict
        "{body} was assessed for {year} by entry {index}"
        "Nothing is to be done."
    /// An assessment has one line with marks for each officer of the body.
    AssessmentUnfit { office: OfficeId, why: AssessmentUnfit }
        "ASSESSMENT_UNFIT" Refusal
        "office {office} {why}"
        "Have one line, with at least one mark, for each officer who is in office today."

    // ── Issues ──────────────────────────────────────────────────────────────────────────────────
    /// No such issue.
    IssueUnknown { issue: IssueId }
        "ISSUE_UNKNOWN" Refusal
        "there is no issue {issue}"
        "Correct the id."
    /// Ids of issues are never used twice.
    IssueExists { issue: IssueId }
        "ISSUE_EXISTS" Conflict
        "issue {issue} exists already; ids are never used again"
        "Choose another id."
    /// A report of wrongdoing names whom it is about, so that they do not handle it.
    IssueAgainstNobody { issue: IssueId }
        "ISSUE_AGAINST_NOBODY" Invalid
        "issue {issue} reports wrongdoing and names neither a person nor a body"
        "Name the accused, or the body concerned, so that they cannot be given it to handle."
    /// A body does not handle what is about itself.
    IssueConcernsBody { issue: IssueId, body: BodyId }
        "ISSUE_CONCERNS_BODY" Refusal
        "issue {issue} is about {body}, which does not handle it itself"
        "Address it to another body, such as the supervision committee or the street office."
    /// Nobody handles, or reads about, what is about themself, what they raised, or their own answer.
    HandlerPartial { issue: IssueId, person: PersonId }
        "HANDLER_PARTIAL" Refusal
        "{person} has a part in issue {issue}: raised it, is accused or sits in the body concerned, or answered it before"
        "Have another officer handle it, or refer it to another body."
    /// Only an officer of the body handles its issues.
    OfficerNeeded { person: PersonId, body: BodyId }
        "OFFICER_NEEDED" Refusal
        "{person} holds no office in {body}, or does not act in it"
        "Act in an office of the body, or assign one of its officers."
    /// The issue does not stand where this can be done.
    IssueStands { issue: IssueId, stage: IssueStage }
        "ISSUE_STANDS" Refusal
        "issue {issue} is {stage}; this is not its next step"
        "Look at where it stands, then take the step that follows."
    /// Somebody else raised it.
    IssueOfAnother { issue: IssueId, person: PersonId }
        "ISSUE_OF_ANOTHER" Refusal
        "issue {issue} was not raised by {person}"
        "Have who raised it do this."
    /// Somebody else handles it, or nobody does.
    IssueHandledByAnother { issue: IssueId, person: PersonId }
        "ISSUE_HANDLED_BY_ANOTHER" Refusal
        "issue {issue} is not assigned to {person}"
        "Have it assigned, or have its handler do this."
    /// It was sent on too often, or to where it is.
    IssueReferral { issue: IssueId, body: BodyId, referrals: u32 }
        "ISSUE_REFERRAL" Refusal
        "issue {issue} is not referred to {body}: it is there, or has been referred {referrals} times"
        "Handle it, or refuse it with the reason."
    /// There is one extension, asked for in time.
    IssueExtension { issue: IssueId, over_at: Millis }
        "ISSUE_EXTENSION" Refusal
        "issue {issue} is extended already, or its time was over at {over_at}"
        "Answer it."
    /// There is one review, asked for in time.
    IssueReview { issue: IssueId, until: Millis }
        "ISSUE_REVIEW" Refusal
        "issue {issue} was reviewed already, or a review could be asked for until {until}"
        "Raise it with the next higher organ."
    /// While a review can be asked for, only who raised it closes it.
    IssueCloseEarly { issue: IssueId, from: Millis }
        "ISSUE_CLOSE_EARLY" Refusal
        "who raised issue {issue} can ask for a review until {from}"
        "Wait until then, or have them close it."
    /// A score is from 1 to 5, and given once.
    IssueRating { issue: IssueId, score: u32 }
        "ISSUE_RATING" Refusal
        "issue {issue} is rated already, or {score} is no score from 1 to 5"
        "Give one score from 1 to 5."
    /// The issue has no such content.
    IssueContentUnknown { issue: IssueId, content: Digest }
        "ISSUE_CONTENT_UNKNOWN" Refusal
        "issue {issue} has no content {content}"
        "Name a content that an entry about this issue names."
}
