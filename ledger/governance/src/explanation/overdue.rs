//! What should have been done and is not, in a sentence.

use super::{Explanation, effects::said};
use crate::{
    action::IssueStep,
    calendar::Date,
    ids::{BodyId, CaseId, IssueId, MotionId, OfficeId},
};

/// Says that a body did not file its report.
pub fn explain_report_overdue(body: &BodyId, year: u32, last_day: Date) -> Explanation {
    said(
        format!("{body} did not file its report on {year} by {last_day}."),
        format!("截至 {last_day}，{body} 未提交 {year} 年度报告。"),
    )
}

/// Says that a step of an issue was not taken.
pub fn explain_issue_overdue(issue: &IssueId, step: IssueStep, last_day: Date) -> Explanation {
    let (english, chinese) = match step {
        IssueStep::Accept => ("accepted or refused", "受理"),
        IssueStep::Answer => ("answered", "答复"),
        IssueStep::Review => ("answered again on review", "复查答复"),
    };
    said(
        format!("Issue {issue} was not {english} by {last_day}."),
        format!("截至 {last_day}，诉求 {issue} 未{chinese}。"),
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

/// Says that a decision was not carried out by the day its body gave.
pub fn explain_implementation_overdue(motion: &MotionId, last_day: Date) -> Explanation {
    said(
        format!("The decision on {motion} was to be carried out by {last_day}, and is not."),
        format!("关于 {motion} 的决定应在 {last_day} 当日或之前落实，尚未完成。"),
    )
}

/// Says that an appeal was not decided in time. Whose it is, no line says.
pub fn explain_appeal_overdue(case: &CaseId, last_day: Date) -> Explanation {
    said(
        format!("The appeal in case {case} was to be decided by {last_day}, and is not."),
        format!("案件 {case} 的申诉应在 {last_day} 当日或之前作出处理，尚未处理。"),
    )
}
