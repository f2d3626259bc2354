//! What is wrong with a charter, in Chinese. In English the errors say it themselves.

use super::{Datum, chinese::lasts};
use crate::{
    bounds::{NAME_LEN_MAX, PARTICIPANTS_MAX, REPORTING_MAX, RULES_MAX, STANDING_MAX},
    calendar::Lasting,
    charter::{ACTION_VALIDITY_MS_LEAST, ACTION_VALIDITY_MS_MOST, CharterError},
    clocks::{ClockError, ISSUES_LAW},
    rule::{DAYS_MAX, RuleError, VOTING_WINDOW_MS_MOST},
};

impl Datum for Box<CharterError> {
    fn text(&self) -> String {
        self.to_string()
    }

    fn chinese(&self) -> String {
        CharterError::chinese(self)
    }
}

/// A duration.
fn long(ms: u64) -> String {
    lasts(Lasting(ms))
}

impl CharterError {
    /// What is wrong, in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::Version => "章程版本从 1 起，不能是 0".to_owned(),
            Self::Title { found } => {
                format!("章程标题应为 1 至 {NAME_LEN_MAX} 字节，现为 {found} 字节")
            }
            Self::RuleCount { found } => {
                format!("章程应有 1 至 {RULES_MAX} 条规则，现为 {found} 条")
            }
            Self::ActionValidity { found } => format!(
                "行为的最长有效期应在 {} 至 {} 之间，现为 {}",
                long(ACTION_VALIDITY_MS_LEAST),
                long(ACTION_VALIDITY_MS_MOST),
                long(*found)
            ),
            Self::Clock(error) => format!("期限：{}", error.chinese()),
            Self::ReportingCount { found } => {
                format!("最多 {REPORTING_MAX} 个主体述职，现为 {found} 个")
            }
            Self::Reporting { body, why } => format!("述职的主体 {body} {}", said(why)),
            Self::StandingCount { found } => {
                format!("最多 {STANDING_MAX} 个主体定期召开会议，现为 {found} 个")
            }
            Self::Standing { body, why } => format!("{body} 的定期会议{}", said(why)),
            Self::DisciplineDays => {
                format!("申辩、申诉和处理申诉的期限各为 1 至 {DAYS_MAX} 日")
            }
            Self::DisciplineMatrix => {
                "每种情节对应警告、记过或更换，且不得轻于较轻的情节".to_owned()
            }
            Self::RuleRepeated { rule } => format!("规则 {rule} 在章程中出现两次"),
            Self::Rule { rule, error } => format!("规则 {rule}：{}", error.chinese()),
        }
    }
}

impl ClockError {
    /// What is wrong, in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::MonthDay { day } => format!("并非每年都有 {day} 这一天"),
            Self::Days { field, found } => {
                format!("{field} 应为 1 至 {DAYS_MAX} 日，现为 {found} 日")
            }
            Self::BelowLaw {
                field,
                found,
                asked,
                exactly,
            } => {
                let or_fewer = if *exactly { "" } else { "或更少" };
                format!("{field} 为 {found} 日，法律要求 {asked} 日{or_fewer}（{ISSUES_LAW}）")
            }
        }
    }
}

impl RuleError {
    /// What is wrong, in Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::TextLength {
                field,
                least,
                most,
                found,
            } => format!("{field} 应为 {least} 至 {most} 字节，现为 {found} 字节"),
            Self::UnknownBody { body } => format!("没有主体 {body}"),
            Self::Measures => "计量为人数，或先人数后面积".to_owned(),
            Self::AreaWithoutOwners { body } => {
                format!("{body} 不是业主大会，不按面积表决")
            }
            Self::Threshold { field, always } => {
                let never = if *always == "never" {
                    "永远不能"
                } else {
                    "总是"
                };
                format!("{field} {never}达到")
            }
            Self::BelowLaw(below) => format!(
                "{} 现为{}，法律要求{}（{}）",
                below.field, below.found.chinese, below.asked.chinese, below.citation
            ),
            Self::AttendingByArea { field } => {
                format!("{field} 以到会者计，只按人数，不按面积")
            }
            Self::Days { field, found } => {
                format!("{field} 最多 {DAYS_MAX} 日，现为 {found} 日")
            }
            Self::VotingWindow { min, max } => format!(
                "表决期为 {} 至 {}：最长须大于 0、不短于最短，且不超过 {}",
                long(*min),
                long(*max),
                long(VOTING_WINDOW_MS_MOST)
            ),
            Self::TooMany { field, most, found } => {
                format!("{field} 最多 {most}，现为 {found}")
            }
            Self::StatementsFromRepeated => "须听取意见的主体类别重复".to_owned(),
            Self::Participant { body, why } => format!("应受邀发言的主体 {body} {}", said(why)),
            Self::ParticipantCount { found } => {
                format!("最多 {PARTICIPANTS_MAX} 个主体应受邀发言，现为 {found} 个")
            }
            Self::PetitionBeside { body, why } => {
                format!("其联名同样有效的主体 {body} {}", said(why))
            }
            Self::TabledBy { body, why } => format!("提出议题的主体 {body} {}", said(why)),
            Self::Filing { body, why } => format!("备案机关 {body} {}", said(why)),
            Self::FilingDays { found } => {
                format!("备案期限为 1 至 {DAYS_MAX} 日，现为 {found} 日")
            }
            Self::EffectsRepeated => "生效事项的类别重复".to_owned(),
            Self::NotInThisVersion { field } => format!("本版规则没有 {field}"),
        }
    }
}

/// Why something that is named is not right; the English ones are said by `charter.rs` and `rule.rs`.
fn said(why: &'static str) -> &'static str {
    match why {
        "is none of the bodies" | "does not exist" | "is that of none of the bodies" => "不存在",
        "is named twice" | "is asked for twice" => "重复",
        "is held every 1, 2, 3, 4, 6 or 12 months" => "应每 1、2、3、4、6 或 12 个月召开一次",
        "is held in every half year at least (组织法 28)" => "每半年至少一次（组织法第28条）",
        "names the law, or the charter's choice, it rests on" => "应写明所依据的法律或章程的选择",
        "is the body that decides: its own petition says how many" => {
            "就是作出决定的主体，其联名人数另有规定"
        }
        "is the body that decides" => "就是作出决定的主体",
        "is neither a street office nor another organ of government" => {
            "既不是街道办事处，也不是其他行政机关"
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    /// Every reason of `charter.rs` and `rule.rs` has its Chinese.
    #[test]
    fn no_reason_is_left_in_english() {
        let reasons = [include_str!("../charter.rs"), include_str!("../rule.rs")]
            .concat()
            .split("wrong(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next().map(ToOwned::to_owned))
            .collect::<Vec<_>>();
        assert!(reasons.len() > 6, "{reasons:?}");
        for reason in reasons {
            let reason: &'static str = Box::leak(reason.into_boxed_str());
            assert_ne!(said(reason), reason);
        }
    }
}
