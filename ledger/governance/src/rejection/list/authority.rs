//! Why a signature does not count, or its signer has no say.

macro_rules! authority {
    ($next:ident $rest:tt $before:tt) => { $next! { $rest $before {
        /// A signature the payload calls for is not there.
        MissingSignature { who: RequiredSigner }
            "MISSING_SIGNATURE" Invalid
            "the signature of {who} is missing"
            "Have them sign the same action bytes."
            "缺少{who}的签名"
            "请其对同一行为字节签名。"
        /// There are more signatures than the payload calls for.
        SurplusSignature { key: PublicKey }
            "SURPLUS_SIGNATURE" Invalid
            "key {key} signed, and nothing calls for its signature"
            "Leave the signature out."
            "密钥 {key} 签了名，但不需要它的签名"
            "请去掉该签名。"
        /// The signatures are those called for, in another order.
        WrongSignatureOrder { position: u32, who: RequiredSigner }
            "WRONG_SIGNATURE_ORDER" Invalid
            "signature {position} (from 0) must be that of {who}"
            "Order the signatures: the actor's first, then as the payload names them."
            "第 {position} 个签名（从 0 起）应为{who}的签名"
            "请按顺序排列：先行为人，再按内容所列顺序。"
        /// Nobody's key.
        KeyUnknown { key: PublicKey }
            "KEY_UNKNOWN" Refusal
            "key {key} is not enrolled here"
            "Have the registrar enrol the key, or sign with one that is."
            "密钥 {key} 未在本账本登记"
            "请由登记人登记该密钥，或用已登记的密钥签名。"
        /// The key is no longer good.
        KeyRevoked { key: PublicKey, index: u64 }
            "KEY_REVOKED" Refusal
            "key {key} was revoked by entry {index}"
            "Sign again with a key that is still good."
            "密钥 {key} 已被第 {index} 条记录吊销"
            "请用仍有效的密钥重新签名。"
        /// The key is another person's.
        KeyOfAnother { key: PublicKey, owner: PersonId, person: PersonId }
            "KEY_OF_ANOTHER" Refusal
            "key {key} is {owner}'s, not {person}'s"
            "Sign with the actor's own key, or name its owner as the actor."
            "密钥 {key} 属于 {owner}，不属于 {person}"
            "请用行为人自己的密钥签名，或将密钥所有人写为行为人。"
        /// The action must say for whom the actor acts.
        CapacityMissing { person: PersonId }
            "CAPACITY_MISSING" Refusal
            "{person} must say in which capacity (body, office) they act"
            "Name the body, and the office where there is one."
            "{person} 必须写明以何种身份（主体、职务）行事"
            "请写明主体，有职务的写明职务。"
        /// The actor is not what they say they are.
        NotInCapacity { person: PersonId, body: BodyId, why: Incapacity }
            "NOT_IN_CAPACITY" Refusal
            "{person} does not act for {body}: {why}"
            "Act in an office held today, or as a member on the body's roll."
            "{person} 不能代表 {body} 行事：{why}"
            "请以今日在任的职务，或以该主体名册上的成员身份行事。"
        /// The capacity does not carry the right.
        NoRight { right: Right, holder: BodyId, over: Over }
            "NO_RIGHT" Refusal
            "the capacity in {holder} does not carry the right to {right} over {over}"
            "Have someone act who has the right, or have it granted."
            "在 {holder} 的身份不具有对{over}{right}的权利"
            "请由有此权利的人办理，或授予此权利。"
        /// The rule names who tables.
        TabledByOthers { body: BodyId, rule: Cited, by: Bodies }
            "TABLED_BY_OTHERS" Refusal
            "motions under {rule} are tabled by {by}, not by {body}"
            "Have that body table it, or table it under another rule."
            "适用{rule}的议题由 {by} 提出，不由 {body} 提出"
            "请由有权提出的主体提出，或改用其他规则。"
        /// Only the body that tabled a motion may change it.
        NotTablingBody { motion: MotionId, tabled_by: BodyId, body: BodyId }
            "NOT_TABLING_BODY" Refusal
            "motion {motion} was tabled by {tabled_by}, not by {body}"
            "Have the tabling body amend or withdraw it."
            "议题 {motion} 由 {tabled_by} 提出，不是 {body}"
            "请由提出的主体修改或撤回。"
        /// One person, or one key, signed twice.
        AttestorIsActor { person: PersonId }
            "ATTESTOR_IS_ACTOR" Refusal
            "{person} cannot attest what they did themselves"
            "Have a second officer sign with their own key."
            "{person} 不能证明自己所做的事"
            "请由第二名任职人员用自己的密钥签名。"
        /// The second officer's capacity carries none of the rights that attest this.
        AttestorWithoutRight { person: PersonId, rights: Rights, over: Over }
            "ATTESTOR_WITHOUT_RIGHT" Refusal
            "{person} cannot attest this: their capacity does not carry the right to {rights} over {over}"
            "Have an officer with that right sign as the second."
            "{person} 不能作此证明：其身份不具有对{over}{rights}的权利"
            "请由具有此权利的任职人员作为第二人签名。"
        /// One of the two officers gave the other the office they sign in.
        AttestorDependent { actor: PersonId, attestor: PersonId }
            "ATTESTOR_DEPENDENT" Refusal
            "{attestor} cannot attest for {actor}: one of them gave the other the office they sign in, so one person could be both"
            "Have an officer sign who was seated by the founding or by another registrar."
            "{attestor} 不能为 {actor} 作证：其中一人的任职由另一人授予，可能实为同一人"
            "请由设立时任职或由其他登记人登记任职的人员签名。"
    }}};
}
pub(super) use authority;
