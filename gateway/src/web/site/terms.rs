//! The law's codes in a reader's words. Every match names every code, so that a new one does not compile
//! without its words.

mod discipline;
mod kinds;
mod registers;

use governance::{
    action::{
        Choice, Contest, Execution, OfficeEndCause, OfficeObtained, Outcome, OverturnedBy,
        RollCallMark, Stance, StatementKind,
    },
    charter::{BallotVisibility, BodyKind, Right},
    explanation::option_called,
    ids::{MatterId, PersonId, RoleId},
};
use projector::views::motions::MotionStatus;

pub(super) use self::{discipline::*, kinds::kind, registers::*};
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
        "officer" => lang.role_officer(),
        other => other,
    }
}

/// The usual matters have words; a community's own are told as they are.
pub(super) fn matter(lang: Lang, matter: &MatterId) -> &str {
    match matter.as_str() {
        "repairs" => lang.matter_repairs(),
        "premises" => lang.matter_premises(),
        "parking" => lang.matter_parking(),
        "greening" => lang.matter_greening(),
        "safety" => lang.matter_safety(),
        "sanitation" => lang.matter_sanitation(),
        "accounts" => lang.matter_accounts(),
        "welfare" => lang.matter_welfare(),
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
        OfficeEndCause::Conviction => lang.end_conviction(),
        OfficeEndCause::InvalidElection => lang.end_invalid_election(),
        OfficeEndCause::Departure => lang.end_departure(),
        OfficeEndCause::RemovalAnnulled => lang.end_removal_annulled(),
    }
}

pub(super) const fn overturned(lang: Lang, by: OverturnedBy) -> &'static str {
    match by {
        OverturnedBy::SuperiorBody => lang.overturned_superior(),
        OverturnedBy::Court => lang.overturned_court(),
        OverturnedBy::OrderedCorrection => lang.overturned_order(),
    }
}

pub(super) const fn progress(lang: Lang, progress: Execution) -> &'static str {
    match progress {
        Execution::Planned => lang.progress_planned(),
        Execution::UnderWay => lang.progress_under_way(),
        Execution::Done => lang.progress_done(),
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

/// What an option is called, and who stands in it; or its number from 1.
pub(super) fn option(option: u32, contest: Option<&Contest>) -> String {
    let at = usize::try_from(option).unwrap_or(usize::MAX);
    contest.and_then(|c| c.options.get(at)).map_or_else(
        || format!("#{}", u64::from(option) + 1),
        |option| {
            option_called(
                &option.label,
                option.candidate.as_ref().map(PersonId::as_str),
            )
        },
    )
}
