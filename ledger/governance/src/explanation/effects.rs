//! Effects of decisions in sentences: what a "for" will do, and what became of it.

use super::Explanation;
use crate::{
    action::{Effect, EffectsOutcome, OfficeAssumed, PowerChange, PowerHolder, PowerTerms},
    charter::Charter,
    ids::MatterId,
    rejection::{CODES, sanction_zh},
};

/// Says what an effect does, for those who vote on it.
pub fn explain_effect(effect: &Effect) -> Explanation {
    match effect {
        Effect::Power(change) => power(change),
        Effect::Appointed(assumed) => said(
            format!("Appoints {}.", english_seat(assumed)),
            format!("任命{}。", chinese_seat(assumed)),
        ),
        Effect::Sanctioned { case, sanction } => said(
            format!("Imposes {sanction} in case {case}."),
            format!("就案件 {case} 给予{}。", sanction_zh(*sanction)),
        ),
        Effect::Replaced { case, successor } => said(
            format!(
                "Replaces the officeholder of case {case} by {}.",
                english_seat(successor)
            ),
            format!(
                "更换案件 {case} 所涉任职人员，由{}接任。",
                chinese_seat(successor)
            ),
        ),
        Effect::Recalled { case } => said(
            format!("Recalls the officeholder of case {case}: the seat falls vacant."),
            format!("罢免案件 {case} 所涉任职人员，席位出缺，应予补选。"),
        ),
        Effect::CharterAmended(charter) => amended(charter),
        Effect::RulesVersionAdopted { version } => said(
            format!("Adopts version {version} of the rules this ledger is kept under."),
            format!("采用规则第 {version} 版，此后账本依其记载。"),
        ),
    }
}

fn amended(charter: &Charter) -> Explanation {
    let (version, title) = (charter.version, &charter.title);
    let rules: Vec<&str> = charter.rules.iter().map(|rule| rule.id.as_str()).collect();
    let count = rules.len();
    said(
        format!(
            "Amends the charter: version {version}, \"{title}\", with {count} rules ({}), is in force for what begins after the decision.",
            rules.join(", ")
        ),
        format!(
            "修改章程：第 {version} 版《{title}》，共 {count} 条决定规则（{}），对决定之后提出的事项适用。",
            rules.join("、")
        ),
    )
}

/// Says what became of the effects of a decision.
pub fn explain_effects_outcome(outcome: &EffectsOutcome) -> Explanation {
    match outcome {
        EffectsOutcome::Taken => said(
            "All its effects took place with this entry.".to_owned(),
            "所载事项随本条记录全部生效。".to_owned(),
        ),
        EffectsOutcome::Refused { effect, code } => {
            let doc = CODES.iter().find(|doc| doc.code == code);
            let cause = doc.map_or("", |doc| doc.cause);
            let remedy_zh = doc.map_or("", |doc| doc.remedy_zh);
            let number = u64::from(*effect) + 1;
            said(
                format!(
                    "None of its effects took place: effect {number} had become impossible ({code}: {cause})"
                ),
                format!(
                    "所载事项均未生效：第 {number} 项在作出决定时已不能生效（{code}）。{remedy_zh}"
                ),
            )
        }
    }
}

pub(super) const fn said(english: String, chinese: String) -> Explanation {
    Explanation { english, chinese }
}

fn english_seat(assumed: &OfficeAssumed) -> String {
    let until = assumed.term_to;
    let until = until.map_or_else(String::new, |day| format!(" to {day}"));
    format!(
        "{} as {} of {} (office {}) from {}{until}",
        assumed.person, assumed.role, assumed.body, assumed.office, assumed.term_from
    )
}

fn chinese_seat(assumed: &OfficeAssumed) -> String {
    let until = assumed.term_to;
    let until = until.map_or_else(String::new, |day| format!("至 {day}"));
    format!(
        " {} 为 {} 的 {}（职务 {}），自 {} {until}",
        assumed.person, assumed.body, assumed.role, assumed.office, assumed.term_from
    )
}

fn power(change: &PowerChange) -> Explanation {
    match change {
        PowerChange::Listed { item, terms } => said(
            format!("Lists power {item}: {}", english_terms(terms)),
            format!("列入权力清单 {item}：{}", chinese_terms(terms)),
        ),
        PowerChange::Amended { item, terms } => said(
            format!("Amends power {item}: {}", english_terms(terms)),
            format!("修改权力清单 {item}：{}", chinese_terms(terms)),
        ),
        PowerChange::Revoked { item } => said(
            format!("Takes power {item} off the list."),
            format!("将 {item} 移出权力清单。"),
        ),
        PowerChange::Delegated {
            item,
            to,
            from,
            until,
        } => {
            let (last, ends_zh) = until.map_or_else(
                || (String::new(), String::new()),
                |day| (format!(" until {day}"), format!("至 {day}")),
            );
            said(
                format!("Delegates power {item} to {to} from {from}{last}."),
                format!(
                    "将 {item} 自 {from} {ends_zh}委托{}行使。",
                    chinese_holder(to)
                ),
            )
        }
    }
}

fn english_terms(terms: &PowerTerms) -> String {
    let over = terms.over.as_ref();
    let over = over.map_or_else(String::new, |body| format!(" over {body}"));
    let matters = match terms.matters.as_slice() {
        [] => String::new(),
        matters => {
            let matters: Vec<&str> = matters.iter().map(MatterId::as_str).collect();
            format!(" in {}", matters.join(", "))
        }
    };
    let until = terms.effective_to;
    let until = until.map_or_else(String::new, |day| format!(" until {day}"));
    format!(
        "\"{}\", held by {}{over}{matters}, from {}{until} ({}).",
        terms.title, terms.holder, terms.effective_from, terms.legal_basis
    )
}

fn chinese_terms(terms: &PowerTerms) -> String {
    let over = terms.over.as_ref();
    let over = over.map_or_else(String::new, |body| format!("，对象 {body}"));
    let matters = match terms.matters.as_slice() {
        [] => String::new(),
        matters => {
            let matters: Vec<&str> = matters.iter().map(MatterId::as_str).collect();
            format!("，事项 {}", matters.join("、"))
        }
    };
    let until = terms.effective_to;
    let until = until.map_or_else(String::new, |day| format!("至 {day}"));
    format!(
        "“{}”，由{}行使{over}{matters}，自 {} {until}（{}）。",
        terms.title,
        chinese_holder(&terms.holder),
        terms.effective_from,
        terms.legal_basis
    )
}

fn chinese_holder(holder: &PowerHolder) -> String {
    match &holder.role {
        None => format!(" {} ", holder.body),
        Some(role) => format!(" {} 的 {role} ", holder.body),
    }
}
