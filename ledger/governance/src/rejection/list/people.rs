//! Why people and keys do not change so.

macro_rules! people {
    ($next:ident $rest:tt $before:tt) => {
        $next! { $rest $before {
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
        }}
    };
}
pub(super) use people;
