//! Why a ledger is not founded so.

macro_rules! founding {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
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
    }}};
}
pub(super) use founding;
