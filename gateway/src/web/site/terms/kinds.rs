//! What each kind of entry is called.

use crate::web::site::lang::Lang;

/// What kind of entry it is. A kind without words yet is told by its code.
pub(in crate::web::site) fn kind(lang: Lang, kind: &str) -> &str {
    match kind {
        "ledger_founded" => lang.did_ledger_founded(),
        "person_enrolled" => lang.did_person_enrolled(),
        "key_added" => lang.did_key_added(),
        "key_rotated" => lang.did_key_rotated(),
        "key_replaced" => lang.did_key_replaced(),
        "ledger_key_rotated" => lang.did_ledger_key_rotated(),
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
        "roll_objected" => lang.did_roll_objected(),
        "roll_objection_ruled" => lang.did_roll_objection_ruled(),
        "resignation_filed" => lang.did_resignation_filed(),
        "term_ended" => lang.did_term_ended(),
        "handover_completed" => lang.did_handover_completed(),
        "handover_overdue" => lang.did_handover_overdue(),
        "head_audited" => lang.did_head_audited(),
        "head_audit_overdue" => lang.did_head_audit_overdue(),
        "removal_voided" => lang.did_removal_voided(),
        "meeting_missed" => lang.did_meeting_missed(),
        "participants_invited" => lang.did_participants_invited(),
        "record_corrected" => lang.did_record_corrected(),
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
        "decision_filed" => lang.did_decision_filed(),
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
        "issue_read" | "roll_objection_read" => lang.did_issue_read(),
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
