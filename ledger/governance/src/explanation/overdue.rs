//! What should have been done and is not, in a sentence.

use super::{Explanation, effects::said};
use crate::{
    action::IssueStep,
    calendar::Date,
    ids::{BodyId, CaseId, IssueId, MotionId, OfficeId, RollId},
    objection::RULING_DAYS,
};

/// Says that a body did not file its report.
pub fn explain_report_overdue(body: &BodyId, year: u32, last_day: Date) -> Explanation {
    said(
        format!("{body} did not file its report on {year} by {last_day}, the charter's day."),
        format!("截至章程规定的 {last_day}，{body} 未提交 {year} 年度报告。"),
    )
}

/// Says that a step of an issue was not taken.
pub fn explain_issue_overdue(issue: &IssueId, step: IssueStep, last_day: Date) -> Explanation {
    // The articles of the 信访工作条例 that the charter's clocks follow.
    let (english, chinese, article) = match step {
        IssueStep::Accept => ("accepted or refused", "受理", 22),
        IssueStep::Answer => ("answered", "答复", 34),
        IssueStep::Review => ("answered again on review", "复查答复", 35),
    };
    said(
        format!("Issue {issue} was not {english} by {last_day} (信访工作条例 {article})."),
        format!("截至 {last_day}，诉求 {issue} 未{chinese}（信访工作条例第{article}条）。"),
    )
}

/// Says that a body did not meet.
pub fn explain_meeting_missed(body: &BodyId, first_day: Date, last_day: Date) -> Explanation {
    said(
        format!("{body} held none of its standing meetings from {first_day} to {last_day}."),
        format!("{body} 在 {first_day} 至 {last_day} 期间未召开应定期召开的会议。"),
    )
}

/// Says that an office was not handed over.
pub fn explain_handover_overdue(office: &OfficeId, last_day: Date) -> Explanation {
    said(
        format!("Office {office} was not handed over by {last_day} (组织法 25)."),
        format!("截至 {last_day}，职务 {office} 未完成移交（组织法第25条）。"),
    )
}

/// Says that a head was not audited.
pub fn explain_head_audit_overdue(office: &OfficeId, last_day: Date) -> Explanation {
    said(
        format!(
            "Who held office {office} was to be audited by {last_day}, and no audit is recorded (组织法 38)."
        ),
        format!(
            "职务 {office} 的离任或任期审计应在 {last_day} 当日或之前完成，尚未登记（组织法第38条）。"
        ),
    )
}

/// Says that a decision was not carried out by the day its body gave.
pub fn explain_implementation_overdue(motion: &MotionId, last_day: Date) -> Explanation {
    said(
        format!("The decision on {motion} was to be carried out by {last_day}, and is not."),
        format!("关于 {motion} 的决定应在 {last_day} 当日或之前落实，尚未完成。"),
    )
}

/// Says that a decision is not filed, or not recorded as such.
pub fn explain_filing_overdue(motion: &MotionId, last_day: Date) -> Explanation {
    said(
        format!(
            "The decision on {motion} was to be filed by {last_day}, and no filing is recorded (组织法 31)."
        ),
        format!(
            "关于 {motion} 的决定应在 {last_day} 当日或之前报送备案，尚未登记（组织法第31条）。"
        ),
    )
}

/// Says that an appeal was not decided in time. Whose it is, no line says.
pub fn explain_appeal_overdue(case: &CaseId, last_day: Date) -> Explanation {
    said(
        format!("The appeal in case {case} was to be decided by {last_day}, and is not."),
        format!("案件 {case} 的申诉应在 {last_day} 当日或之前作出处理，尚未处理。"),
    )
}

/// Says that an objection against a roll was not ruled on in time.
pub fn explain_roll_ruling_overdue(roll: &RollId, objection: u32, last_day: Date) -> Explanation {
    let number = u64::from(objection) + 1;
    said(
        format!(
            "Objection {number} against roll {roll} was to be ruled on within {RULING_DAYS} days, by {last_day}, and is not (组织法 14–19)."
        ),
        format!(
            "对名册 {roll} 的第 {number} 项异议应在 {RULING_DAYS} 日内、即 {last_day} 当日或之前处理，尚未处理（组织法第14–19条）。"
        ),
    )
}

/// Says that a committee was not assessed on a year.
pub fn explain_assessment_overdue(body: &BodyId, year: u32, last_day: Date) -> Explanation {
    said(
        format!(
            "{body} was to be assessed on {year} by {last_day}, at least once a year, and is not (组织法 37)."
        ),
        format!(
            "{body} 每年至少评议一次，{year} 年度的评议应在 {last_day} 当日或之前进行，尚未进行（组织法第37条）。"
        ),
    )
}
