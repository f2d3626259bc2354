//! What is wrong with an action before its content is looked at.

macro_rules! envelope {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// The ledger is kept, or by this vote would be, under rules this program does not know.
        RulesVersionUnknown { version: u32 }
            "RULES_VERSION_UNKNOWN" Refusal
            "this program does not know rules version {version}, which the ledger is kept under or would be"
            "Use a release that knows this rules version."
            "本程序不识别规则版本 {version}，而账本正在或将要适用该版本"
            "请使用识别该规则版本的程序。"
        /// The action names another ledger.
        WrongLedger { named: LedgerId, ledger: LedgerId }
            "WRONG_LEDGER" Invalid
            "the action is meant for ledger {named}, this is {ledger}"
            "Send it to the ledger it names, or sign it again for this one."
            "该行为是写给账本 {named} 的，本账本是 {ledger}"
            "请提交到其写明的账本，或为本账本重新签名。"
        /// The action names another founding entry, or a founding action names one at all.
        WrongGenesis { named: Leaf, genesis: Leaf }
            "WRONG_GENESIS" Invalid
            "the action names the first entry {named}, this ledger's is {genesis}"
            "Fetch the ledger's genesis anew and sign again; if it changed, ask why."
            "该行为写明的首条记录是 {named}，本账本的首条记录是 {genesis}"
            "请重新获取本账本的首条记录并重新签名；若首条记录变了，请追问原因。"
        /// A person's action id is no `UUIDv7`.
        ActionIdVersion { id: ActionId }
            "ACTION_ID_VERSION" Invalid
            "the action id {id} is not a UUIDv7"
            "Make a UUIDv7 when making the action."
            "行为编号 {id} 不是 UUIDv7"
            "请在制作行为时生成 UUIDv7。"
        /// The action id was made at another time than the action says.
        ActionIdTime { id: ActionId, made_at: Millis, client_time: Millis }
            "ACTION_ID_TIME" Invalid
            "the action id {id} was made at {made_at}, over 2 minutes from the client time {client_time}"
            "Make the id when making the action, by the same clock."
            "行为编号 {id} 生成于 {made_at}，与客户端时间 {client_time} 相差超过 2 分钟"
            "请在制作行为时用同一时钟生成编号。"
        /// Another action with this id is recorded.
        ActionIdReused { id: ActionId, index: u64 }
            "ACTION_ID_REUSED" Conflict
            "the action id {id} is taken by entry {index}"
            "Use a new id for every action; to retry, send the very same bytes."
            "行为编号 {id} 已被第 {index} 条记录使用"
            "每个行为使用新的编号；重试时请发送完全相同的字节。"
        /// The action is so old that its id may be taken without being remembered.
        ActionIdForgotten { id: ActionId, forgotten_until: Millis }
            "ACTION_ID_FORGOTTEN" Refusal
            "ids made up to {forgotten_until} are no longer remembered, so {id} may be taken"
            "Sign it again."
            "{forgotten_until} 及以前生成的编号已不再记忆，{id} 可能已被使用"
            "请重新签名。"
        /// The signer's clock runs ahead.
        ClientTimeAhead { client_time: Millis, recorded_at: Millis }
            "CLIENT_TIME_AHEAD" Refusal
            "the client time {client_time} is over 2 minutes ahead of {recorded_at}"
            "Set the signing device's clock and sign again."
            "客户端时间 {client_time} 比 {recorded_at} 超前 2 分钟以上"
            "请校准签名设备的时钟后重新签名。"
        /// The action arrived too late to be recorded.
        Expired { not_after: Millis, recorded_at: Millis }
            "EXPIRED" Refusal
            "the action may be recorded until {not_after}, it is {recorded_at}"
            "Sign it again."
            "该行为最迟可于 {not_after} 记录，现在是 {recorded_at}"
            "请重新签名。"
        /// `not_after` is before the client time, or too long after it.
        ValidityTooLong { client_time: Millis, not_after: Millis, longest: Lasting }
            "VALIDITY_TOO_LONG" Invalid
            "the action is valid from {client_time} to {not_after}; the charter allows {longest} at most"
            "Sign again with a not_after within the charter's bound."
            "该行为的有效期自 {client_time} 至 {not_after}，章程最长允许 {longest}"
            "请在章程允许的期限内设定 not_after 并重新签名。"
        /// An entry would be recorded before the one it follows.
        TimeWentBack { recorded_at: Millis, last: Millis }
            "TIME_WENT_BACK" Refusal
            "{recorded_at} is before the last entry's {last}"
            "Correct the node's clock."
            "{recorded_at} 早于上一条记录的 {last}"
            "请校准节点的时钟。"
        /// What time brought must be recorded first.
        DerivedEntryDue { family: &'static str, due: Millis }
            "DERIVED_ENTRY_DUE" Conflict
            "a derived entry ({family}) has been due since {due} and must be recorded first"
            "Record what derive gives, then try again."
            "自 {due} 起有一条到期记录（{family}）应当先入账"
            "请先记录推导出的内容，再重试。"
        /// A person signed what only the ledger derives.
        NotForPersons { family: &'static str }
            "NOT_FOR_PERSONS" Invalid
            "{family} is derived by the ledger; no person signs it"
            "Wait for it: it is recorded when it falls due."
            "{family} 由账本推导产生，任何人都不签署"
            "请等待：到期时会自动记录。"
        /// The ledger signed what only persons do.
        NotForTheLedger { family: &'static str }
            "NOT_FOR_THE_LEDGER" Invalid
            "{family} is done by persons; the ledger never signs it"
            "Name the person who acts."
            "{family} 由人作出，账本不签署"
            "请写明行为人。"
        /// A derived action came although nothing is due.
        NothingDue { recorded_at: Millis }
            "NOTHING_DUE" Refusal
            "no derived entry is due at {recorded_at}"
            "Record derived entries when they fall due, not before."
            "{recorded_at} 没有到期应推导的记录"
            "推导的记录到期时才记录，不得提前。"
        /// A derived action differs from what follows from the log.
        DerivedMismatch { family: &'static str, due: Millis }
            "DERIVED_MISMATCH" Invalid
            "the derived action is not the {family} that follows from the log at {due}"
            "Record exactly what derive gives; if a stored entry says this, the log was tampered with."
            "该推导行为与账本在 {due} 应得出的 {family} 不一致"
            "请完全按推导结果记录；若已存储的记录出现此提示，说明账本被篡改。"
        /// The subject changed since the signer looked.
        StaleExpectation { expected: Leaf, latest: Latest }
            "STALE_EXPECTATION" Conflict
            "the signer expected {expected} as the latest entry about this; it is {latest}"
            "Look at what changed, then sign again."
            "签名人预期最新的相关记录是 {expected}，实际是 {latest}"
            "请查看发生了什么变化，再签名。"
        /// A power is exercised under an item that is not on the power list.
        PowerNotListed { item: PowerId, nearest: Nearest }
            "POWER_NOT_LISTED" Refusal
            "power {item} is not on the power list; nearest to the act: {nearest}"
            "Act under an item of the list, or have this one listed by decision."
            "权力 {item} 不在权力清单上；最接近的事项：{nearest}"
            "请依清单上的事项行使，或经决定将其列入清单。"
        /// A power is exercised by who does not hold it, when it is not in force, or beyond its scope (越权).
        UltraVires { person: PersonId, item: PowerId, why: Overreach, nearest: Nearest }
            "ULTRA_VIRES" Refusal
            "{person} acts beyond their powers under item {item}: {why}; nearest to the act: {nearest}"
            "Act under an item that your capacity holds today for this matter, or have the list changed by decision."
            "{person} 依事项 {item} 的行为超越职权：{why}；最接近的事项：{nearest}"
            "请依您的身份今日就该事务所持有的事项行使，或经决定修改清单。"
        /// The ledger is founded once.
        AlreadyFounded { ledger: LedgerId }
            "ALREADY_FOUNDED" Refusal
            "ledger {ledger} is founded already"
            "Found another ledger under another id."
            "账本 {ledger} 已经设立"
            "请用另一编号设立另一账本。"
    }}};
}
pub(super) use envelope;
