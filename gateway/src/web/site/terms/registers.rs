//! Words for the codes of registers: issues, the power list, reports, what is overdue, what is found, affairs.

use governance::{
    IssueStage,
    action::{IssueKind, IssueStep, PowerChange},
    tally::Grade,
};
use projector::views::{
    consultations::ConsultationStatus, meetings::MeetingStatus, overdue::DutyKind,
    powers::PowerStatus, reports::ReportStatus, tasks::TaskStatus,
};
use proto::v1::TextKind;

use crate::web::site::lang::Lang;

pub(in crate::web::site) const fn issue_kind(lang: Lang, kind: IssueKind) -> &'static str {
    match kind {
        IssueKind::Request => lang.issue_request(),
        IssueKind::Complaint => lang.issue_complaint(),
        IssueKind::Report => lang.issue_report(),
    }
}

/// Its name in addresses.
pub(in crate::web::site) const fn issue_kind_code(kind: IssueKind) -> &'static str {
    match kind {
        IssueKind::Request => "request",
        IssueKind::Complaint => "complaint",
        IssueKind::Report => "report",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const ISSUE_KINDS: [IssueKind; 3] =
    [IssueKind::Request, IssueKind::Complaint, IssueKind::Report];

pub(in crate::web::site) const fn issue_stage(lang: Lang, stage: IssueStage) -> &'static str {
    match stage {
        IssueStage::Raised => lang.stage_raised(),
        IssueStage::Accepted => lang.stage_accepted(),
        IssueStage::Refused => lang.stage_refused(),
        IssueStage::Answered => lang.stage_answered(),
        IssueStage::Reopened => lang.stage_reopened(),
        IssueStage::Closed => lang.stage_closed(),
    }
}

/// Its name in addresses.
pub(in crate::web::site) const fn issue_stage_code(stage: IssueStage) -> &'static str {
    match stage {
        IssueStage::Raised => "raised",
        IssueStage::Accepted => "accepted",
        IssueStage::Refused => "refused",
        IssueStage::Answered => "answered",
        IssueStage::Reopened => "reopened",
        IssueStage::Closed => "closed",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const ISSUE_STAGES: [IssueStage; 6] = [
    IssueStage::Raised,
    IssueStage::Accepted,
    IssueStage::Answered,
    IssueStage::Reopened,
    IssueStage::Closed,
    IssueStage::Refused,
];

pub(in crate::web::site) const fn issue_step(lang: Lang, step: IssueStep) -> &'static str {
    match step {
        IssueStep::Accept => lang.step_accept(),
        IssueStep::Answer => lang.step_answer(),
        IssueStep::Review => lang.step_review(),
    }
}

pub(in crate::web::site) const fn text_kind(lang: Lang, kind: TextKind) -> &'static str {
    match kind {
        TextKind::Unspecified => lang.everything(),
        TextKind::Motion => lang.text_motion(),
        TextKind::Statement => lang.text_statement(),
        TextKind::Progress => lang.carried_out(),
        TextKind::Report => lang.reports(),
        TextKind::Question => lang.text_question(),
        TextKind::Issue => lang.issues(),
        TextKind::Power => lang.powers(),
        TextKind::Body => lang.bodies(),
        TextKind::Consultation => lang.consultations(),
        TextKind::Task => lang.tasks(),
        TextKind::Disclosure => lang.disclosures(),
        TextKind::Record => lang.imports(),
        TextKind::HeadAudit => lang.head_audit(),
    }
}

/// Its name in addresses.
pub(in crate::web::site) const fn text_kind_code(kind: TextKind) -> &'static str {
    match kind {
        TextKind::Unspecified => "",
        TextKind::Motion => "motion",
        TextKind::Statement => "statement",
        TextKind::Progress => "progress",
        TextKind::Report => "report",
        TextKind::Question => "question",
        TextKind::Issue => "issue",
        TextKind::Power => "power",
        TextKind::Body => "body",
        TextKind::Consultation => "consultation",
        TextKind::Task => "task",
        TextKind::Disclosure => "disclosure",
        TextKind::Record => "record",
        TextKind::HeadAudit => "head-audit",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const TEXT_KINDS: [TextKind; 13] = [
    TextKind::Motion,
    TextKind::Statement,
    TextKind::Progress,
    TextKind::Report,
    TextKind::Question,
    TextKind::Issue,
    TextKind::Power,
    TextKind::Body,
    TextKind::Consultation,
    TextKind::Task,
    TextKind::Disclosure,
    TextKind::Record,
    TextKind::HeadAudit,
];

pub(in crate::web::site) const fn duty_kind(lang: Lang, kind: DutyKind) -> &'static str {
    match kind {
        DutyKind::Report => lang.duty_kind_report(),
        DutyKind::Issue => lang.duty_kind_issue(),
        DutyKind::Handover => lang.duty_kind_handover(),
        DutyKind::Implementation => lang.duty_kind_implementation(),
        DutyKind::Appeal => lang.duty_kind_appeal(),
        DutyKind::Meeting => lang.duty_kind_meeting(),
        DutyKind::RollRuling => lang.duty_kind_roll_ruling(),
        DutyKind::Assessment => lang.duty_kind_assessment(),
        DutyKind::HeadAudit => lang.duty_kind_head_audit(),
        DutyKind::Filing => lang.duty_kind_filing(),
    }
}

/// Its name in addresses.
pub(in crate::web::site) const fn duty_kind_code(kind: DutyKind) -> &'static str {
    match kind {
        DutyKind::Report => "report",
        DutyKind::Issue => "issue",
        DutyKind::Handover => "handover",
        DutyKind::Implementation => "implementation",
        DutyKind::Appeal => "appeal",
        DutyKind::Meeting => "meeting",
        DutyKind::RollRuling => "roll-ruling",
        DutyKind::Assessment => "assessment",
        DutyKind::HeadAudit => "head-audit",
        DutyKind::Filing => "filing",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const DUTY_KINDS: [DutyKind; 10] = [
    DutyKind::Report,
    DutyKind::Issue,
    DutyKind::Handover,
    DutyKind::Implementation,
    DutyKind::Appeal,
    DutyKind::Meeting,
    DutyKind::RollRuling,
    DutyKind::Assessment,
    DutyKind::HeadAudit,
    DutyKind::Filing,
];

pub(in crate::web::site) const fn grade(lang: Lang, grade: Grade) -> &'static str {
    match grade {
        Grade::Competent => lang.grade_competent(),
        Grade::BasicallyCompetent => lang.grade_basically(),
        Grade::Incompetent => lang.grade_incompetent(),
    }
}

pub(in crate::web::site) const fn power_status(lang: Lang, status: PowerStatus) -> &'static str {
    match status {
        PowerStatus::InForce => lang.power_in_force(),
        PowerStatus::NotYet => lang.power_not_yet(),
        PowerStatus::Over => lang.power_over_time(),
        PowerStatus::Revoked => lang.power_revoked(),
    }
}

/// A sign beside the words, so that colour is never alone.
pub(in crate::web::site) const fn power_status_sign(status: PowerStatus) -> &'static str {
    match status {
        PowerStatus::InForce => "✓",
        PowerStatus::NotYet => "◐",
        PowerStatus::Over => "○",
        PowerStatus::Revoked => "✗",
    }
}

/// Its name in style sheets and addresses.
pub(in crate::web::site) const fn power_status_code(status: PowerStatus) -> &'static str {
    match status {
        PowerStatus::InForce => "in-force",
        PowerStatus::NotYet => "not-yet",
        PowerStatus::Over => "over",
        PowerStatus::Revoked => "revoked",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const POWER_STATUSES: [PowerStatus; 4] = [
    PowerStatus::InForce,
    PowerStatus::NotYet,
    PowerStatus::Over,
    PowerStatus::Revoked,
];

/// What a decision made of an item.
pub(in crate::web::site) const fn power_change(lang: Lang, change: &PowerChange) -> &'static str {
    match change {
        PowerChange::Listed { .. } => lang.power_listed(),
        PowerChange::Amended { .. } => lang.power_amended(),
        PowerChange::Revoked { .. } => lang.power_taken_off(),
        PowerChange::Delegated { .. } => lang.power_delegated(),
    }
}

pub(in crate::web::site) const fn report_status(lang: Lang, status: ReportStatus) -> &'static str {
    match status {
        ReportStatus::Missing => lang.report_missing(),
        ReportStatus::Filed => lang.report_filed(),
        ReportStatus::Assessed => lang.report_assessed(),
    }
}

/// Its name in addresses.
pub(in crate::web::site) const fn report_status_code(status: ReportStatus) -> &'static str {
    match status {
        ReportStatus::Missing => "missing",
        ReportStatus::Filed => "filed",
        ReportStatus::Assessed => "assessed",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const REPORT_STATUSES: [ReportStatus; 3] = [
    ReportStatus::Missing,
    ReportStatus::Filed,
    ReportStatus::Assessed,
];

pub(in crate::web::site) const fn consultation_status(
    lang: Lang,
    status: ConsultationStatus,
) -> &'static str {
    match status {
        ConsultationStatus::Open => lang.consultation_open(),
        ConsultationStatus::Over => lang.consultation_over(),
        ConsultationStatus::Closed => lang.consultation_closed(),
    }
}

/// Its name in addresses.
pub(in crate::web::site) const fn consultation_status_code(
    status: ConsultationStatus,
) -> &'static str {
    match status {
        ConsultationStatus::Open => "open",
        ConsultationStatus::Over => "over",
        ConsultationStatus::Closed => "closed",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const CONSULTATION_STATUSES: [ConsultationStatus; 3] = [
    ConsultationStatus::Open,
    ConsultationStatus::Over,
    ConsultationStatus::Closed,
];

pub(in crate::web::site) const fn meeting_status(
    lang: Lang,
    status: MeetingStatus,
) -> &'static str {
    match status {
        MeetingStatus::Convened => lang.meeting_convened(),
        MeetingStatus::Noticed => lang.meeting_noticed(),
        MeetingStatus::Attended => lang.meeting_attended(),
        MeetingStatus::Closed => lang.meeting_closed(),
    }
}

/// Its name in addresses.
pub(in crate::web::site) const fn meeting_status_code(status: MeetingStatus) -> &'static str {
    match status {
        MeetingStatus::Convened => "convened",
        MeetingStatus::Noticed => "noticed",
        MeetingStatus::Attended => "attended",
        MeetingStatus::Closed => "closed",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const MEETING_STATUSES: [MeetingStatus; 4] = [
    MeetingStatus::Convened,
    MeetingStatus::Noticed,
    MeetingStatus::Attended,
    MeetingStatus::Closed,
];

pub(in crate::web::site) const fn task_status(lang: Lang, status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Assigned => lang.task_assigned(),
        TaskStatus::Accepted => lang.task_accepted(),
        TaskStatus::Refused => lang.task_refused(),
    }
}

/// Its name in addresses.
pub(in crate::web::site) const fn task_status_code(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Assigned => "assigned",
        TaskStatus::Accepted => "accepted",
        TaskStatus::Refused => "refused",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const TASK_STATUSES: [TaskStatus; 3] = [
    TaskStatus::Assigned,
    TaskStatus::Accepted,
    TaskStatus::Refused,
];
