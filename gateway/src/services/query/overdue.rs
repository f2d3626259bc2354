//! What should have been done and is not.

use governance::{
    calendar::{Date, UtcOffsets},
    explanation::{
        Explanation, explain_appeal_overdue, explain_assessment_overdue, explain_filing_overdue,
        explain_handover_overdue, explain_head_audit_overdue, explain_implementation_overdue,
        explain_issue_overdue, explain_meeting_missed, explain_report_overdue,
        explain_roll_ruling_overdue,
    },
    ids::Millis,
};
use projector::{
    Page,
    views::overdue::{Duty, DutyFilter, DutyKind, DutyRow},
};
use proto::v1;

use super::ask::{Books, known, optional_field, page_request};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListOverdueRequest,
) -> Result<v1::ListOverdueResponse, Problem> {
    let filter = DutyFilter {
        body: optional_field("body", &request.body)?,
        kind: kind_filter(request.kind)?,
    };
    let (moment, clock) = (books.moment, books.now());
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let now = moment.now_in(view, clock);
            Ok((view.overdue(&filter, now, &page)?, view.utc_offsets()?))
        })
        .await?;
    let (Page { rows, next }, offsets) = told.value;
    Ok(v1::ListOverdueResponse {
        duties: rows.iter().map(|row| duty(row, &offsets)).collect(),
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

fn duty(row: &DutyRow, offsets: &UtcOffsets) -> v1::OverdueDuty {
    let (subject, year, step) = match &row.duty {
        Duty::Report(year) | Duty::Assessment(year) => {
            (row.body.to_string(), *year, v1::IssueStep::Unspecified)
        }
        Duty::RollRuling(roll, _) => (roll.to_string(), 0, v1::IssueStep::Unspecified),
        Duty::Issue(issue, step) => (issue.to_string(), 0, (*step).into()),
        Duty::Handover(office) | Duty::HeadAudit(office) => {
            (office.to_string(), 0, v1::IssueStep::Unspecified)
        }
        Duty::Implementation(motion) | Duty::Filing(motion) => {
            (motion.to_string(), 0, v1::IssueStep::Unspecified)
        }
        Duty::Appeal(case) => (case.to_string(), 0, v1::IssueStep::Unspecified),
        Duty::Meeting { .. } => (row.body.to_string(), 0, v1::IssueStep::Unspecified),
    };
    let explained = explained(row, last_day(row.due_at, offsets));
    v1::OverdueDuty {
        kind: kind(row.duty.kind()).into(),
        body: row.body.to_string(),
        subject,
        year,
        step: step.into(),
        due_at_ms: row.due_at.0,
        index: row.index,
        explanation: explained.english,
        explanation_zh: explained.chinese,
    }
}

/// The day that ended with the first moment that was too late.
pub(super) fn last_day(due_at: Millis, offsets: &UtcOffsets) -> Date {
    offsets.date_of(Millis(due_at.0.saturating_sub(1)))
}

fn explained(row: &DutyRow, last_day: Date) -> Explanation {
    match &row.duty {
        Duty::Report(year) => explain_report_overdue(&row.body, *year, last_day),
        Duty::Issue(issue, step) => explain_issue_overdue(issue, *step, last_day),
        Duty::Handover(office) => explain_handover_overdue(office, last_day),
        Duty::HeadAudit(office) => explain_head_audit_overdue(office, last_day),
        Duty::Implementation(motion) => explain_implementation_overdue(motion, last_day),
        Duty::Filing(motion) => explain_filing_overdue(motion, last_day),
        Duty::Appeal(case) => explain_appeal_overdue(case, last_day),
        Duty::RollRuling(roll, objection) => {
            explain_roll_ruling_overdue(roll, *objection, last_day)
        }
        Duty::Assessment(year) => explain_assessment_overdue(&row.body, *year, last_day),
        Duty::Meeting {
            first_day,
            last_day,
        } => explain_meeting_missed(&row.body, *first_day, *last_day),
    }
}

fn kind(kind: DutyKind) -> v1::DutyKind {
    match kind {
        DutyKind::Report => v1::DutyKind::Report,
        DutyKind::Issue => v1::DutyKind::Issue,
        DutyKind::Handover => v1::DutyKind::Handover,
        DutyKind::Implementation => v1::DutyKind::Implementation,
        DutyKind::Appeal => v1::DutyKind::Appeal,
        DutyKind::Meeting => v1::DutyKind::Meeting,
        DutyKind::RollRuling => v1::DutyKind::RollRuling,
        DutyKind::Assessment => v1::DutyKind::Assessment,
        DutyKind::HeadAudit => v1::DutyKind::HeadAudit,
        DutyKind::Filing => v1::DutyKind::Filing,
    }
}

fn kind_filter(number: i32) -> Result<Option<DutyKind>, Problem> {
    Ok(Some(match known::<v1::DutyKind>("kind", number)? {
        v1::DutyKind::Unspecified => return Ok(None),
        v1::DutyKind::Report => DutyKind::Report,
        v1::DutyKind::Issue => DutyKind::Issue,
        v1::DutyKind::Handover => DutyKind::Handover,
        v1::DutyKind::Implementation => DutyKind::Implementation,
        v1::DutyKind::Appeal => DutyKind::Appeal,
        v1::DutyKind::Meeting => DutyKind::Meeting,
        v1::DutyKind::RollRuling => DutyKind::RollRuling,
        v1::DutyKind::Assessment => DutyKind::Assessment,
        v1::DutyKind::HeadAudit => DutyKind::HeadAudit,
        v1::DutyKind::Filing => DutyKind::Filing,
    }))
}
