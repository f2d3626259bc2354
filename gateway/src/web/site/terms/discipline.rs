//! Words for the codes of discipline: how serious, what for, where a case stands, what it led to.

use governance::action::{AppealOutcome, Sanction, SanctionBasis, Severity};
use projector::views::sanctions::{CaseClock, CaseStatus, CaseStep};

use crate::web::site::lang::Lang;

pub(in crate::web::site) const fn severity(lang: Lang, severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => lang.severity_minor(),
        Severity::Ordinary => lang.severity_ordinary(),
        Severity::Serious => lang.severity_serious(),
        Severity::Grave => lang.severity_grave(),
    }
}

pub(in crate::web::site) const fn sanction_basis(lang: Lang, basis: SanctionBasis) -> &'static str {
    match basis {
        SanctionBasis::Charter => lang.basis_charter(),
        SanctionBasis::Recall => lang.basis_recall(),
        SanctionBasis::Contract => lang.basis_contract(),
        SanctionBasis::Official => lang.basis_official(),
    }
}

pub(in crate::web::site) const fn case_status(lang: Lang, status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Pending => lang.case_pending(),
        CaseStatus::Closed => lang.case_closed(),
        CaseStatus::InForce => lang.case_in_force(),
        CaseStatus::Expired => lang.case_expired(),
        CaseStatus::Annulled => lang.case_annulled(),
    }
}

/// A sign beside the words, so that colour is never alone.
pub(in crate::web::site) const fn case_status_sign(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Pending => "◐",
        CaseStatus::Closed | CaseStatus::Expired => "○",
        CaseStatus::InForce => "!",
        CaseStatus::Annulled => "✗",
    }
}

/// Its name in addresses.
pub(in crate::web::site) const fn case_status_code(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Pending => "pending",
        CaseStatus::Closed => "closed",
        CaseStatus::InForce => "in-force",
        CaseStatus::Expired => "expired",
        CaseStatus::Annulled => "annulled",
    }
}

/// All of them, for a choice.
pub(in crate::web::site) const CASE_STATUSES: [CaseStatus; 5] = [
    CaseStatus::InForce,
    CaseStatus::Pending,
    CaseStatus::Closed,
    CaseStatus::Expired,
    CaseStatus::Annulled,
];

pub(in crate::web::site) const fn case_clock(lang: Lang, clock: CaseClock) -> &'static str {
    match clock {
        CaseClock::Defence => lang.clock_defence(),
        CaseClock::Appeal => lang.clock_appeal(),
        CaseClock::AppealDecision => lang.clock_appeal_decision(),
    }
}

pub(in crate::web::site) const fn case_step(lang: Lang, step: CaseStep) -> &'static str {
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

pub(in crate::web::site) const fn sanction(lang: Lang, sanction: Sanction) -> &'static str {
    match sanction {
        Sanction::Warning => lang.sanction_warning(),
        Sanction::Demerit => lang.sanction_demerit(),
        Sanction::MajorDemerit => lang.sanction_major_demerit(),
        Sanction::Replacement => lang.end_replacement(),
        Sanction::Recall => lang.end_recall(),
    }
}

pub(in crate::web::site) fn appeal(lang: Lang, outcome: AppealOutcome) -> String {
    match outcome {
        AppealOutcome::Upheld => lang.appeal_upheld().to_owned(),
        AppealOutcome::Reduced(to) => lang.appeal_reduced(sanction(lang, to)),
        AppealOutcome::Annulled => lang.appeal_annulled().to_owned(),
    }
}
