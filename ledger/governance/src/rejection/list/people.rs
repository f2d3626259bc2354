//! Why people and keys do not change so.

macro_rules! people {
    ($next:ident $rest:tt $before:tt) => {
        $next! { $rest $before {
            /// No such person.
            PersonUnknown { person: PersonId }
                "PERSON_UNKNOWN" Refusal
                "{person} is not enrolled"
                "Have the registrar enrol them."
                "{person} 未登记"
                "请由登记人登记。"
            /// The person left.
            PersonHasLeft { person: PersonId, index: u64 }
                "PERSON_HAS_LEFT" Refusal
                "{person} left the community by entry {index}"
                "Enrol a person who returns under a new id."
                "{person} 已依第 {index} 条记录离开社区"
                "返回的人请用新编号登记。"
            /// Ids of people are never used twice.
            PersonExists { person: PersonId }
                "PERSON_EXISTS" Conflict
                "{person} is enrolled already; ids are never used again"
                "Choose another id."
                "{person} 已登记；编号不重复使用"
                "请另选编号。"
            /// A person has at most five keys at a time.
            TooManyKeys { person: PersonId, found: u64, max: u64 }
                "TOO_MANY_KEYS" Refusal
                "{person} would have {found} keys, at most {max} are allowed"
                "Revoke a key first."
                "{person} 将有 {found} 把密钥，最多 {max} 把"
                "请先吊销一把密钥。"
            /// A person has a bounded number of keys in all.
            KeysUsedUp { person: PersonId, max: u32 }
                "KEYS_USED_UP" Refusal
                "{person} has had {max} keys, and nobody has more in all"
                "Keep to the keys that are good; if none is, enrol the person under a new id."
                "{person} 已用过 {max} 把密钥，已达上限"
                "请继续使用有效的密钥；若都已失效，请用新编号登记该人。"
            /// A key serves once, for one purpose.
            KeyTaken { key: PublicKey }
                "KEY_TAKEN" Conflict
                "key {key} is or was somebody's already; keys are never used again"
                "Make a new key."
                "密钥 {key} 已属于或曾属于他人；密钥不重复使用"
                "请生成新密钥。"
            /// A key of the ledger's own is exchanged while it is in force.
            LedgerKeyNotInForce { key: PublicKey }
                "LEDGER_KEY_NOT_IN_FORCE" Conflict
                "key {key} is neither the record key nor the checkpoint key that the ledger signs with now"
                "Exchange the key that is in force; if the new key is in force already, nothing is to be done."
                "密钥 {key} 既不是账本现用的记录密钥，也不是现用的检查点密钥"
                "请更换现用的密钥；若新密钥已在使用，则无需再做什么。"
            /// A ledger has a bounded number of keys of its own.
            LedgerKeysUsedUp { max: u64 }
                "LEDGER_KEYS_USED_UP" Refusal
                "the ledger has had {max} keys of this use, and none has more in all"
                "Keep to the key in force; found a successor if it is no longer good."
                "账本此用途的密钥已用过 {max} 把，已达上限"
                "请继续使用现用密钥；若已失效，请建立后继账本。"
        }}
    };
}
pub(super) use people;
