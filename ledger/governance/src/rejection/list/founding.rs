//! Why a ledger is not founded so.

macro_rules! founding {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// The first entry of a log must be a founding.
        NotAFounding { family: &'static str }
            "NOT_A_FOUNDING" Refusal
            "the first entry founds the ledger; {family} does not"
            "Found the ledger first."
            "首条记录用于设立账本，{family} 不是"
            "请先设立账本。"
        /// A founder acts for themself.
        FoundingCapacity { founder: PersonId }
            "FOUNDING_CAPACITY" Invalid
            "{founder} founds the ledger for themself: no body exists before it"
            "Leave the capacity and the expected leaf out."
            "{founder} 以本人名义设立账本：此前没有任何主体"
            "请去掉身份和预期的最新记录。"
        /// The origin is no schema-less URL.
        OriginInvalid { origin: Box<str> }
            "ORIGIN_INVALID" Invalid
            "\"{origin}\" is no origin: a host and a path such as records.example.org/xinyuanli"
            "Give a host and a path, without a scheme, at most 255 bytes of a-z 0-9 . - _ / and :."
            "“{origin}”不是有效的来源：应为主机名加路径，如 records.example.org/xinyuanli"
            "请填写主机名和路径，不带协议，最多 255 字节，只用 a-z 0-9 . - _ / 和 :。"
        /// The first charter is not valid.
        CharterInvalid { reason: Box<CharterError> }
            "CHARTER_INVALID" Refusal
            "the charter is not valid: {reason}"
            "Correct the charter."
            "章程无效：{reason}"
            "请更正章程。"
        /// Nobody could ever register anything.
        FoundingWithoutRegistrar { ledger: LedgerId }
            "FOUNDING_WITHOUT_REGISTRAR" Refusal
            "ledger {ledger} would have nobody with a key and the right to register over it all: it could never change"
            "Grant register over the whole ledger to a body, and give somebody with a key an office there."
            "账本 {ledger} 将没有人持有密钥并有权登记全部事项：它将永远不能改变"
            "请将对整个账本的登记权授予一个主体，并让持有密钥的人在其中任职。"
    }}};
}
pub(super) use founding;
