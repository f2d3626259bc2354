//! Why a signature does not count, or its signer has no say.

macro_rules! authority {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
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
    }}};
}
pub(super) use authority;
