//! The law's codes in a reader's words. Every match names every code, so that a new one does not compile
//! without its words.

use governance::{
    IssueStage,
    action::{
        AppealOutcome, Choice, Contest, Execution, IssueKind, IssueStep, OfficeEndCause,
        OfficeObtained, Outcome, OverturnedBy, PowerChange, RollCallMark, Sanction, SanctionBasis,
        Severity, Stance, StatementKind,
    },
    charter::{BallotVisibility, BodyKind, Right},
    ids::RoleId,
    tally::Grade,
};
use projector::views::{
    motions::MotionStatus,
    overdue::DutyKind,
    powers::PowerStatus,
    sanctions::{CaseClock, CaseStatus, CaseStep},
};
use proto::v1::TextKind;

use super::lang::Lang;

pub(super) const fn outcome(lang: Lang, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Adopted => lang.outcome_adopted(),
        Outcome::Rejected => lang.outcome_rejected(),
        Outcome::NoQuorum => lang.outcome_no_quorum(),
        Outcome::PartlyFilled => lang.outcome_partly_filled(),
    }
}

/// A sign beside the words, so that colour is never alone.
pub(super) const fn outcome_sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Adopted => "✓",
        Outcome::Rejected => "✗",
        Outcome::NoQuorum => "○",
        Outcome::PartlyFilled => "◐",
    }
}

/// Its name in style sheets, addresses and files.
pub(super) const fn outcome_code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Adopted => "adopted",
        Outcome::Rejected => "rejected",
        Outcome::NoQuorum => "no-quorum",
        Outcome::PartlyFilled => "partly-filled",
    }
}

/// All outcomes, for a choice among them.
pub(super) const OUTCOMES: [Outcome; 4] = [
    Outcome::Adopted,
    Outcome::Rejected,
    Outcome::NoQuorum,
    Outcome::PartlyFilled,
];

pub(super) const fn status(lang: Lang, status: MotionStatus) -> &'static str {
    match status {
        MotionStatus::Tabled => lang.status_tabled(),
        MotionStatus::Open => lang.status_open(),
        MotionStatus::Closed => lang.status_closed(),
        MotionStatus::Decided => lang.status_decided(),
        MotionStatus::Withdrawn => lang.status_withdrawn(),
        MotionStatus::Overturned => lang.status_overturned(),
    }
}

/// Its name in addresses and files.
pub(super) const fn status_code(status: MotionStatus) -> &'static str {
    match status {
        MotionStatus::Tabled => "tabled",
        MotionStatus::Open => "open",
        MotionStatus::Closed => "closed",
        MotionStatus::Decided => "decided",
        MotionStatus::Withdrawn => "withdrawn",
        MotionStatus::Overturned => "overturned",
    }
}

/// All of them, for a choice.
pub(super) const STATUSES: [MotionStatus; 6] = [
    MotionStatus::Open,
    MotionStatus::Tabled,
    MotionStatus::Closed,
    MotionStatus::Decided,
    MotionStatus::Withdrawn,
    MotionStatus::Overturned,
];

pub(super) const fn body_kind(lang: Lang, kind: BodyKind) -> &'static str {
    match kind {
        BodyKind::ResidentsCommittee => lang.kind_residents_committee(),
        BodyKind::ResidentsMeeting => lang.kind_residents_meeting(),
        BodyKind::RepresentativesMeeting => lang.kind_representatives_meeting(),
        BodyKind::SupervisionCommittee => lang.kind_supervision_committee(),
        BodyKind::PartyOrganisation => lang.kind_party_organisation(),
        BodyKind::CompoundPartyBranch => lang.kind_compound_party_branch(),
        BodyKind::OwnersCommittee => lang.kind_owners_committee(),
        BodyKind::OwnersAssembly => lang.kind_owners_assembly(),
        BodyKind::PropertyCompany => lang.kind_property_company(),
        BodyKind::AdministrativeOrgan => lang.kind_administrative_organ(),
        BodyKind::SocialOrganisation => lang.kind_social_organisation(),
        BodyKind::Grid => lang.kind_grid(),
        BodyKind::ExpertPanel => lang.kind_expert_panel(),
        BodyKind::ElectionCommittee => lang.kind_election_committee(),
        BodyKind::ResidentsGroup => lang.kind_residents_group(),
        BodyKind::StreetOffice => lang.kind_street_office(),
        BodyKind::Council => lang.kind_council(),
    }
}

pub(super) const fn right(lang: Lang, right: Right) -> &'static str {
    match right {
        Right::Deliberate => lang.right_deliberate(),
        Right::Suggest => lang.right_suggest(),
        Right::Recommend => lang.right_recommend(),
        Right::Supervise => lang.right_supervise(),
        Right::Convene => lang.right_convene(),
        Right::Table => lang.right_table(),
        Right::Vote => lang.right_vote(),
        Right::Tell => lang.right_tell(),
        Right::Register => lang.right_register(),
        Right::Discipline => lang.right_discipline(),
        Right::Report => lang.right_report(),
    }
}

/// The usual roles have words; a community's own are told as they are.
pub(super) fn role(lang: Lang, role: &RoleId) -> &str {
    match role.as_str() {
        "head" => lang.role_head(),
        "deputy" | "deputy-head" => lang.role_deputy(),
        "member" => lang.role_member(),
        "clerk" => lang.role_clerk(),
        "teller" => lang.role_teller(),
        "chair" => lang.role_chair(),
        "secretary" => lang.role_secretary(),
        other => other,
    }
}

pub(super) const fn obtained(lang: Lang, obtained: OfficeObtained) -> &'static str {
    match obtained {
        OfficeObtained::Elected => lang.obtained_elected(),
        OfficeObtained::Appointed => lang.obtained_appointed(),
        OfficeObtained::ByElection => lang.obtained_by_election(),
        OfficeObtained::Founding => lang.obtained_founding(),
    }
}

pub(super) const fn end_cause(lang: Lang, cause: OfficeEndCause) -> &'static str {
    match cause {
        OfficeEndCause::Term => lang.end_term(),
        OfficeEndCause::Resignation => lang.end_resignation(),
        OfficeEndCause::Recall => lang.end_recall(),
        OfficeEndCause::Replacement => lang.end_replacement(),
        OfficeEndCause::TwoIncompetent => lang.end_two_incompetent(),
        OfficeEndCause::Incapacity => lang.end_incapacity(),
        OfficeEndCause::InvalidElection => lang.end_invalid_election(),
        OfficeEndCause::Departure => lang.end_departure(),
    }
}

pub(super) const fn overturned(lang: Lang, by: OverturnedBy) -> &'static str {
    match by {
        OverturnedBy::SuperiorBody => lang.overturned_superior(),
        OverturnedBy::Court => lang.overturned_court(),
        OverturnedBy::OrderedCorrection => lang.overturned_order(),
    }
}

pub(super) const fn issue_kind(lang: Lang, kind: IssueKind) -> &'static str {
    match kind {
        IssueKind::Request => lang.issue_request(),
        IssueKind::Complaint => lang.issue_complaint(),
        IssueKind::Report => lang.issue_report(),
    }
}

/// Its name in addresses.
pub(super) const fn issue_kind_code(kind: IssueKind) -> &'static str {
    match kind {
        IssueKind::Request => "request",
        IssueKind::Complaint => "complaint",
        IssueKind::Report => "report",
    }
}

/// All of them, for a choice.
pub(super) const ISSUE_KINDS: [IssueKind; 3] =
    [IssueKind::Request, IssueKind::Complaint, IssueKind::Report];

pub(super) const fn issue_stage(lang: Lang, stage: IssueStage) -> &'static str {
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
pub(super) const fn issue_stage_code(stage: IssueStage) -> &'static str {
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
pub(super) const ISSUE_STAGES: [IssueStage; 6] = [
    IssueStage::Raised,
    IssueStage::Accepted,
    IssueStage::Answered,
    IssueStage::Reopened,
    IssueStage::Closed,
    IssueStage::Refused,
];

pub(super) const fn text_kind(lang: Lang, kind: TextKind) -> &'static str {
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
    }
}

/// Its name in addresses.
pub(super) const fn text_kind_code(kind: TextKind) -> &'static str {
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
    }
}

/// All of them, for a choice.
pub(super) const TEXT_KINDS: [TextKind; 8] = [
    TextKind::Motion,
    TextKind::Statement,
    TextKind::Progress,
    TextKind::Report,
    TextKind::Question,
    TextKind::Issue,
    TextKind::Power,
    TextKind::Body,
];

pub(super) const fn duty_kind(lang: Lang, kind: DutyKind) -> &'static str {
    match kind {
        DutyKind::Report => lang.duty_kind_report(),
        DutyKind::Issue => lang.duty_kind_issue(),
        DutyKind::Handover => lang.duty_kind_handover(),
        DutyKind::Implementation => lang.duty_kind_implementation(),
    }
}

/// Its name in addresses.
pub(super) const fn duty_kind_code(kind: DutyKind) -> &'static str {
    match kind {
        DutyKind::Report => "report",
        DutyKind::Issue => "issue",
        DutyKind::Handover => "handover",
        DutyKind::Implementation => "implementation",
    }
}

/// All of them, for a choice.
pub(super) const DUTY_KINDS: [DutyKind; 4] = [
    DutyKind::Report,
    DutyKind::Issue,
    DutyKind::Handover,
    DutyKind::Implementation,
];

pub(super) const fn grade(lang: Lang, grade: Grade) -> &'static str {
    match grade {
        Grade::Competent => lang.grade_competent(),
        Grade::BasicallyCompetent => lang.grade_basically(),
        Grade::Incompetent => lang.grade_incompetent(),
    }
}

pub(super) const fn power_status(lang: Lang, status: PowerStatus) -> &'static str {
    match status {
        PowerStatus::InForce => lang.power_in_force(),
        PowerStatus::NotYet => lang.power_not_yet(),
        PowerStatus::Over => lang.power_over_time(),
        PowerStatus::Revoked => lang.power_revoked(),
    }
}

/// A sign beside the words, so that colour is never alone.
pub(super) const fn power_status_sign(status: PowerStatus) -> &'static str {
    match status {
        PowerStatus::InForce => "✓",
        PowerStatus::NotYet => "◐",
        PowerStatus::Over => "○",
        PowerStatus::Revoked => "✗",
    }
}

/// Its name in style sheets and addresses.
pub(super) const fn power_status_code(status: PowerStatus) -> &'static str {
    match status {
        PowerStatus::InForce => "in-force",
        PowerStatus::NotYet => "not-yet",
        PowerStatus::Over => "over",
        PowerStatus::Revoked => "revoked",
    }
}

/// All of them, for a choice.
pub(super) const POWER_STATUSES: [PowerStatus; 4] = [
    PowerStatus::InForce,
    PowerStatus::NotYet,
    PowerStatus::Over,
    PowerStatus::Revoked,
];

/// What a decision made of an item.
pub(super) const fn power_change(lang: Lang, change: &PowerChange) -> &'static str {
    match change {
        PowerChange::Listed { .. } => lang.power_listed(),
        PowerChange::Amended { .. } => lang.power_amended(),
        PowerChange::Revoked { .. } => lang.power_taken_off(),
        PowerChange::Delegated { .. } => lang.power_delegated(),
    }
}

pub(super) const fn issue_step(lang: Lang, step: IssueStep) -> &'static str {
    match step {
        IssueStep::Accept => lang.step_accept(),
        IssueStep::Answer => lang.step_answer(),
        IssueStep::Review => lang.step_review(),
    }
}

pub(super) const fn progress(lang: Lang, progress: Execution) -> &'static str {
    match progress {
        Execution::Planned => lang.progress_planned(),
        Execution::UnderWay => lang.progress_under_way(),
        Execution::Done => lang.progress_done(),
    }
}

pub(super) const fn severity(lang: Lang, severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => lang.severity_minor(),
        Severity::Ordinary => lang.severity_ordinary(),
        Severity::Serious => lang.severity_serious(),
        Severity::Grave => lang.severity_grave(),
    }
}

pub(super) const fn sanction_basis(lang: Lang, basis: SanctionBasis) -> &'static str {
    match basis {
        SanctionBasis::Charter => lang.basis_charter(),
        SanctionBasis::Recall => lang.basis_recall(),
        SanctionBasis::Contract => lang.basis_contract(),
        SanctionBasis::Official => lang.basis_official(),
    }
}

pub(super) const fn case_status(lang: Lang, status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Pending => lang.case_pending(),
        CaseStatus::Closed => lang.case_closed(),
        CaseStatus::InForce => lang.case_in_force(),
        CaseStatus::Expired => lang.case_expired(),
        CaseStatus::Annulled => lang.case_annulled(),
    }
}

/// A sign beside the words, so that colour is never alone.
pub(super) const fn case_status_sign(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Pending => "◐",
        CaseStatus::Closed | CaseStatus::Expired => "○",
        CaseStatus::InForce => "!",
        CaseStatus::Annulled => "✗",
    }
}

/// Its name in addresses.
pub(super) const fn case_status_code(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Pending => "pending",
        CaseStatus::Closed => "closed",
        CaseStatus::InForce => "in-force",
        CaseStatus::Expired => "expired",
        CaseStatus::Annulled => "annulled",
    }
}

/// All of them, for a choice.
pub(super) const CASE_STATUSES: [CaseStatus; 5] = [
    CaseStatus::InForce,
    CaseStatus::Pending,
    CaseStatus::Closed,
    CaseStatus::Expired,
    CaseStatus::Annulled,
];

pub(super) const fn case_clock(lang: Lang, clock: CaseClock) -> &'static str {
    match clock {
        CaseClock::Defence => lang.clock_defence(),
        CaseClock::Appeal => lang.clock_appeal(),
        CaseClock::AppealDecision => lang.clock_appeal_decision(),
    }
}

pub(super) const fn case_step(lang: Lang, step: CaseStep) -> &'static str {
    match step {
        CaseStep::Opened => lang.took_opened(),
        CaseStep::Petitioned => lang.took_petitioned(),
        CaseStep::Noticed => lang.took_noticed(),
        CaseStep::Defended => lang.took_defended(),
        CaseStep::Found => lang.took_found(),
        CaseStep::Closed => lang.case_closed(),
        CaseStep::Imposed => lang.took_imposed(),
        CaseStep::Appealed => lang.took_appealed(),
        CaseStep::AppealDecided => lang.took_appeal_decided(),
        CaseStep::Expired => lang.case_expired(),
        CaseStep::Annulled => lang.took_annulled(),
    }
}

pub(super) const fn sanction(lang: Lang, sanction: Sanction) -> &'static str {
    match sanction {
        Sanction::Warning => lang.sanction_warning(),
        Sanction::Demerit => lang.sanction_demerit(),
        Sanction::MajorDemerit => lang.sanction_major_demerit(),
        Sanction::Replacement => lang.end_replacement(),
        Sanction::Recall => lang.end_recall(),
    }
}

pub(super) fn appeal(lang: Lang, outcome: AppealOutcome) -> String {
    match outcome {
        AppealOutcome::Upheld => lang.appeal_upheld().to_owned(),
        AppealOutcome::Reduced(to) => lang.appeal_reduced(sanction(lang, to)),
        AppealOutcome::Annulled => lang.appeal_annulled().to_owned(),
    }
}

pub(super) const fn statement(lang: Lang, kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::Deliberation => lang.statement_deliberation(),
        StatementKind::Suggestion => lang.statement_suggestion(),
        StatementKind::Recommendation => lang.statement_recommendation(),
        StatementKind::Supervision => lang.statement_supervision(),
    }
}

pub(super) const fn visibility(lang: Lang, visibility: BallotVisibility) -> &'static str {
    match visibility {
        BallotVisibility::Open => lang.visible_open(),
        BallotVisibility::HiddenUntilClose => lang.visible_hidden(),
        BallotVisibility::Secret => lang.visible_secret(),
    }
}

pub(super) const fn mark(lang: Lang, mark: RollCallMark) -> &'static str {
    match mark {
        RollCallMark::For => lang.stance_for(),
        RollCallMark::Against => lang.stance_against(),
        RollCallMark::Abstain => lang.stance_abstain(),
        RollCallMark::Absent => lang.mark_absent(),
        RollCallMark::Away => lang.mark_away(),
        RollCallMark::NotVoting => lang.mark_not_voting(),
    }
}

/// A choice, options by their labels.
pub(super) fn choice(lang: Lang, choice: &Choice, contest: Option<&Contest>) -> String {
    match choice {
        Choice::Stance(Stance::For) => lang.stance_for().to_owned(),
        Choice::Stance(Stance::Against) => lang.stance_against().to_owned(),
        Choice::Stance(Stance::Abstain) => lang.stance_abstain().to_owned(),
        Choice::Options(none) if none.is_empty() => lang.stance_abstain().to_owned(),
        Choice::Options(options) => {
            let labels = options.iter().map(|at| option(*at, contest));
            let between = match lang {
                Lang::Zh => "、",
                Lang::En => ", ",
            };
            labels.collect::<Vec<_>>().join(between)
        }
    }
}

/// What an option is called on the ballot, or its number from 1.
pub(super) fn option(option: u32, contest: Option<&Contest>) -> String {
    let at = usize::try_from(option).unwrap_or(usize::MAX);
    contest.and_then(|c| c.options.get(at)).map_or_else(
        || format!("#{}", u64::from(option) + 1),
        |option| option.label.clone(),
    )
}

/// What kind of entry it is. A kind without words yet is told by its code.
pub(super) fn kind(lang: Lang, kind: &str) -> &str {
    match kind {
        "ledger_founded" => lang.did_ledger_founded(),
        "person_enrolled" => lang.did_person_enrolled(),
        "key_added" => lang.did_key_added(),
        "key_rotated" => lang.did_key_rotated(),
        "key_replaced" => lang.did_key_replaced(),
        "key_revoked" => lang.did_key_revoked(),
        "person_departed" => lang.did_person_departed(),
        "kin_declared" => lang.did_kin_declared(),
        "body_established" => lang.did_body_established(),
        "right_granted" => lang.did_right_granted(),
        "right_withdrawn" => lang.did_right_withdrawn(),
        "office_assumed" => lang.did_office_assumed(),
        "office_ended" => lang.did_office_ended(),
        "roll_part" => lang.did_roll_part(),
        "roll_published" => lang.did_roll_published(),
        "resignation_filed" => lang.did_resignation_filed(),
        "term_ended" => lang.did_term_ended(),
        "handover_completed" => lang.did_handover_completed(),
        "handover_overdue" => lang.did_handover_overdue(),
        "meeting_convened" => lang.did_meeting_convened(),
        "meeting_noticed" => lang.did_meeting_noticed(),
        "attendance_recorded" => lang.did_attendance_recorded(),
        "meeting_closed" => lang.did_meeting_closed(),
        "motion_tabled" => lang.did_motion_tabled(),
        "motion_amended" => lang.did_motion_amended(),
        "motion_withdrawn" => lang.did_motion_withdrawn(),
        "statement_made" => lang.did_statement_made(),
        "expert_invited" => lang.did_expert_invited(),
        "expert_opinion_filed" => lang.did_expert_opinion_filed(),
        "interest_declared" => lang.did_interest_declared(),
        "voting_opened" => lang.did_voting_opened(),
        "ballot_cast" => lang.did_ballot_cast(),
        "consultation_opened" => lang.did_consultation_opened(),
        "consultation_answered" => lang.did_consultation_answered(),
        "consultation_closed" => lang.did_consultation_closed(),
        "task_assigned" => lang.did_task_assigned(),
        "task_accepted" => lang.did_task_accepted(),
        "task_refused" => lang.did_task_refused(),
        "record_imported" => lang.did_record_imported(),
        "disclosure_posted" => lang.did_disclosure_posted(),
        "ballots_opened" => lang.did_ballots_opened(),
        "opening_submitted" => lang.did_opening_submitted(),
        "proxy_granted" => lang.did_proxy_granted(),
        "proxy_revoked" => lang.did_proxy_revoked(),
        "paper_ballots_recorded" => lang.did_paper_ballots_recorded(),
        "roll_call_recorded" => lang.did_roll_call_recorded(),
        "voting_closed" => lang.did_voting_closed(),
        "decision_implemented" => lang.did_decision_implemented(),
        "decision_overturned" => lang.did_decision_overturned(),
        "candidate_nominated" => lang.did_candidate_nominated(),
        "power_exercised" => lang.did_power_exercised(),
        "case_opened" => lang.did_case_opened(),
        "notice_served" => lang.did_notice_served(),
        "defence_filed" => lang.did_defence_filed(),
        "finding_made" => lang.did_finding_made(),
        "appeal_filed" => lang.did_appeal_filed(),
        "appeal_decided" => lang.did_appeal_decided(),
        "recall_petitioned" => lang.did_recall_petitioned(),
        "recall_petition_signed" => lang.did_recall_petition_signed(),
        "measure_imported" => lang.did_measure_imported(),
        "sanction_expired" => lang.did_sanction_expired(),
        "motion_decided" => lang.did_motion_decided(),
        "report_filed" => lang.did_report_filed(),
        "report_questioned" => lang.did_report_questioned(),
        "report_answered" => lang.did_report_answered(),
        "report_assessed" => lang.did_report_assessed(),
        "report_overdue" => lang.did_report_overdue(),
        "issue_raised" => lang.did_issue_raised(),
        "issue_accepted" => lang.did_issue_accepted(),
        "issue_refused" => lang.did_issue_refused(),
        "issue_referred" => lang.did_issue_referred(),
        "issue_assigned" => lang.did_issue_assigned(),
        "issue_extended" => lang.did_issue_extended(),
        "issue_answered" => lang.did_issue_answered(),
        "issue_reopened" => lang.did_issue_reopened(),
        "issue_closed" => lang.did_issue_closed(),
        "satisfaction_rated" => lang.did_satisfaction_rated(),
        "issue_read" => lang.did_issue_read(),
        "issue_overdue" => lang.did_issue_overdue(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_entry_has_words_in_both_languages() {
        let action = proto::pool().get_message_by_name("governance.v1.Action");
        let action = action.expect("actions");
        let payload = action.oneofs().next().expect("a payload");
        for field in payload.fields() {
            for lang in Lang::ALL {
                assert_ne!(kind(lang, field.name()), field.name(), "{lang:?}");
            }
        }
    }
}
