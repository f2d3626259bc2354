//! What each family is called, and what it is about.

use crate::{
    action::{
        AffairsAction, BodiesAction, Correction, DeliberationAction, DisciplineAction, IssueAction,
        MeetingsAction, Payload, PeopleAction, PowerAction, ReportAction,
    },
    ids::{
        AffairId, BodyId, CaseId, Digest, IssueId, MeetingId, MotionId, OfficeId, PersonId,
        PowerId, RollId,
    },
};

/// The one thing an action is about: what an expected leaf speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject<'a> {
    /// The ledger itself.
    Ledger,
    /// The actor.
    Actor,
    Person(&'a PersonId),
    Body(&'a BodyId),
    Office(&'a OfficeId),
    Roll(&'a RollId),
    Meeting(&'a MeetingId),
    Motion(&'a MotionId),
    Power(&'a PowerId),
    /// The report of a body on a year.
    Report(&'a BodyId, u32),
    Issue(&'a IssueId),
    Case(&'a CaseId),
    Affair(&'a AffairId),
}

impl Payload {
    /// What is read that is not public, where this is the reading of something: it is given out to the actor once the
    /// entry is durable.
    pub const fn reads(&self) -> Option<&Digest> {
        match self {
            Self::Issues(IssueAction::IssueRead { content, .. })
            | Self::Bodies(BodiesAction::RollObjectionRead { content, .. }) => Some(content),
            _ => None,
        }
    }

    /// The family's name: the payload's field in `governance.v1.Action`.
    pub const fn family(&self) -> &'static str {
        match self {
            Self::Founding(_) => "ledger_founded",
            Self::People(action) => action.family(),
            Self::Bodies(action) => action.family(),
            Self::Meetings(action) => action.family(),
            Self::Deliberation(action) => action.family(),
            Self::Power(PowerAction::PowerExercised(_)) => "power_exercised",
            Self::Reports(action) => action.family(),
            Self::Issues(action) => action.family(),
            Self::Discipline(action) => action.family(),
            Self::Affairs(action) => action.family(),
            Self::Correction(_) => "record_corrected",
        }
    }

    /// Whether only the ledger itself does this: it is derived from the log.
    pub const fn is_derived(&self) -> bool {
        matches!(
            self,
            Self::Deliberation(
                DeliberationAction::MotionDecided(_) | DeliberationAction::BallotsOpened(_)
            ) | Self::Reports(ReportAction::ReportOverdue { .. })
                | Self::Issues(IssueAction::IssueOverdue { .. })
                | Self::Bodies(
                    BodiesAction::TermEnded { .. }
                        | BodiesAction::HandoverOverdue { .. }
                        | BodiesAction::HeadAuditOverdue { .. }
                        | BodiesAction::RemovalVoided { .. }
                )
                | Self::Meetings(MeetingsAction::MeetingMissed { .. })
                | Self::Discipline(DisciplineAction::SanctionExpired { .. })
        )
    }

    pub(crate) const fn subject(&self) -> Subject<'_> {
        match self {
            Self::Founding(_) => Subject::Ledger,
            Self::People(action) => action.subject(),
            Self::Bodies(action) => action.subject(),
            Self::Meetings(action) => action.subject(),
            Self::Deliberation(action) => Subject::Motion(action.motion()),
            Self::Power(PowerAction::PowerExercised(exercised)) => Subject::Power(&exercised.item),
            Self::Reports(action) => {
                let (body, year) = action.report();
                Subject::Report(body, year)
            }
            Self::Issues(action) => Subject::Issue(action.issue()),
            Self::Discipline(action) => Subject::Case(action.case()),
            Self::Affairs(action) => Subject::Affair(action.affair()),
            Self::Correction(corrected) => match &corrected.correction {
                Correction::RollCall { motion, .. } => Subject::Motion(motion),
                Correction::Note(_) => Subject::Ledger,
            },
        }
    }
}

impl PeopleAction {
    const fn family(&self) -> &'static str {
        match self {
            Self::PersonEnrolled(_) => "person_enrolled",
            Self::KeyAdded { .. } => "key_added",
            Self::KeyRotated { .. } => "key_rotated",
            Self::KeyReplaced { .. } => "key_replaced",
            Self::LedgerKeyRotated { .. } => "ledger_key_rotated",
            Self::KeyRevoked { .. } => "key_revoked",
            Self::KinDeclared { .. } => "kin_declared",
            Self::PersonDeparted { .. } => "person_departed",
        }
    }

    const fn subject(&self) -> Subject<'_> {
        match self {
            Self::KeyAdded { .. } | Self::KeyRotated { .. } => Subject::Actor,
            Self::LedgerKeyRotated { .. } => Subject::Ledger,
            Self::PersonEnrolled(enrolled) => Subject::Person(&enrolled.person),
            Self::KeyReplaced { person, .. }
            | Self::KeyRevoked { person, .. }
            | Self::KinDeclared { person, .. }
            | Self::PersonDeparted { person } => Subject::Person(person),
        }
    }
}

impl DisciplineAction {
    const fn family(&self) -> &'static str {
        match self {
            Self::CaseOpened(_) => "case_opened",
            Self::NoticeServed { .. } => "notice_served",
            Self::DefenceFiled { .. } => "defence_filed",
            Self::FindingMade { .. } => "finding_made",
            Self::AppealFiled { .. } => "appeal_filed",
            Self::AppealDecided { .. } => "appeal_decided",
            Self::RecallPetitioned(_) => "recall_petitioned",
            Self::RecallPetitionSigned { .. } => "recall_petition_signed",
            Self::MeasureImported(_) => "measure_imported",
            Self::SanctionExpired { .. } => "sanction_expired",
        }
    }
}

impl AffairsAction {
    const fn family(&self) -> &'static str {
        match self {
            Self::ConsultationOpened(_) => "consultation_opened",
            Self::ConsultationAnswered { .. } => "consultation_answered",
            Self::ConsultationClosed { .. } => "consultation_closed",
            Self::TaskAssigned(_) => "task_assigned",
            Self::TaskAccepted { .. } => "task_accepted",
            Self::TaskRefused { .. } => "task_refused",
            Self::RecordImported(_) => "record_imported",
            Self::DisclosurePosted(_) => "disclosure_posted",
        }
    }
}

impl BodiesAction {
    const fn family(&self) -> &'static str {
        match self {
            Self::BodyEstablished(_) => "body_established",
            Self::RightGranted(_) => "right_granted",
            Self::RightWithdrawn(_) => "right_withdrawn",
            Self::OfficeAssumed(_) => "office_assumed",
            Self::OfficeEnded { .. } => "office_ended",
            Self::ResignationFiled { .. } => "resignation_filed",
            Self::TermEnded { .. } => "term_ended",
            Self::HandoverCompleted(_) => "handover_completed",
            Self::HandoverOverdue { .. } => "handover_overdue",
            Self::HeadAudited(_) => "head_audited",
            Self::HeadAuditOverdue { .. } => "head_audit_overdue",
            Self::RemovalVoided { .. } => "removal_voided",
            Self::RollPart(_) => "roll_part",
            Self::RollPublished(_) => "roll_published",
            Self::RollObjected(_) => "roll_objected",
            Self::RollObjectionRuled(_) => "roll_objection_ruled",
            Self::RollObjectionRead { .. } => "roll_objection_read",
        }
    }

    const fn subject(&self) -> Subject<'_> {
        match self {
            Self::BodyEstablished(established) => Subject::Body(&established.body),
            Self::RightGranted(grant) | Self::RightWithdrawn(grant) => Subject::Body(&grant.body),
            Self::OfficeAssumed(assumed) => Subject::Office(&assumed.office),
            Self::HandoverCompleted(completed) => Subject::Office(&completed.office),
            Self::HeadAudited(audited) => Subject::Office(&audited.office),
            Self::OfficeEnded { office, .. }
            | Self::ResignationFiled { office }
            | Self::TermEnded { office }
            | Self::HandoverOverdue { office }
            | Self::HeadAuditOverdue { office }
            | Self::RemovalVoided { office, .. } => Subject::Office(office),
            Self::RollPart(part) => Subject::Roll(&part.roll),
            Self::RollPublished(published) => Subject::Roll(&published.roll),
            Self::RollObjected(objected) => Subject::Roll(&objected.roll),
            Self::RollObjectionRuled(ruled) => Subject::Roll(&ruled.roll),
            Self::RollObjectionRead { roll, .. } => Subject::Roll(roll),
        }
    }
}

impl MeetingsAction {
    const fn family(&self) -> &'static str {
        match self {
            Self::MeetingConvened(_) => "meeting_convened",
            Self::MeetingNoticed { .. } => "meeting_noticed",
            Self::AttendanceRecorded { .. } => "attendance_recorded",
            Self::MeetingClosed { .. } => "meeting_closed",
            Self::MeetingMissed { .. } => "meeting_missed",
        }
    }

    const fn subject(&self) -> Subject<'_> {
        match self {
            Self::MeetingConvened(convened) => Subject::Meeting(&convened.meeting),
            Self::MeetingNoticed { meeting, .. }
            | Self::AttendanceRecorded { meeting, .. }
            | Self::MeetingClosed { meeting } => Subject::Meeting(meeting),
            Self::MeetingMissed { body, .. } => Subject::Body(body),
        }
    }
}

impl ReportAction {
    const fn family(&self) -> &'static str {
        match self {
            Self::ReportFiled { .. } => "report_filed",
            Self::ReportQuestioned { .. } => "report_questioned",
            Self::ReportAnswered { .. } => "report_answered",
            Self::ReportAssessed(_) => "report_assessed",
            Self::ReportOverdue { .. } => "report_overdue",
        }
    }
}

impl IssueAction {
    const fn family(&self) -> &'static str {
        match self {
            Self::IssueRaised(_) => "issue_raised",
            Self::IssueAccepted { .. } => "issue_accepted",
            Self::IssueRefused { .. } => "issue_refused",
            Self::IssueReferred { .. } => "issue_referred",
            Self::IssueAssigned { .. } => "issue_assigned",
            Self::IssueExtended { .. } => "issue_extended",
            Self::IssueAnswered { .. } => "issue_answered",
            Self::IssueReopened { .. } => "issue_reopened",
            Self::IssueClosed { .. } => "issue_closed",
            Self::SatisfactionRated { .. } => "satisfaction_rated",
            Self::IssueRead { .. } => "issue_read",
            Self::IssueOverdue { .. } => "issue_overdue",
        }
    }
}

impl DeliberationAction {
    const fn family(&self) -> &'static str {
        match self {
            Self::MotionTabled(_) => "motion_tabled",
            Self::MotionAmended { .. } => "motion_amended",
            Self::MotionWithdrawn { .. } => "motion_withdrawn",
            Self::StatementMade { .. } => "statement_made",
            Self::ExpertInvited { .. } => "expert_invited",
            Self::ParticipantsInvited { .. } => "participants_invited",
            Self::ExpertOpinionFiled { .. } => "expert_opinion_filed",
            Self::CandidateNominated { .. } => "candidate_nominated",
            Self::InterestDeclared { .. } => "interest_declared",
            Self::VotingOpened { .. } => "voting_opened",
            Self::BallotCast(_) => "ballot_cast",
            Self::BallotsOpened(_) => "ballots_opened",
            Self::OpeningSubmitted(_) => "opening_submitted",
            Self::ProxyGranted { .. } => "proxy_granted",
            Self::ProxyRevoked { .. } => "proxy_revoked",
            Self::PaperBallotsRecorded(_) => "paper_ballots_recorded",
            Self::RollCallRecorded(_) => "roll_call_recorded",
            Self::VotingClosed { .. } => "voting_closed",
            Self::MotionDecided(_) => "motion_decided",
            Self::DecisionOverturned(_) => "decision_overturned",
            Self::DecisionImplemented(_) => "decision_implemented",
            Self::DecisionFiled(_) => "decision_filed",
        }
    }

    /// The motion it is about.
    pub const fn motion(&self) -> &MotionId {
        match self {
            Self::MotionTabled(tabled) => &tabled.motion,
            Self::BallotCast(ballot) => &ballot.motion,
            Self::BallotsOpened(opened) => &opened.motion,
            Self::OpeningSubmitted(submitted) => &submitted.motion,
            Self::PaperBallotsRecorded(papers) => &papers.motion,
            Self::RollCallRecorded(roll_call) => &roll_call.motion,
            Self::MotionDecided(decided) => &decided.motion,
            Self::DecisionOverturned(overturned) => &overturned.motion,
            Self::DecisionImplemented(implemented) => &implemented.motion,
            Self::DecisionFiled(filed) => &filed.motion,
            Self::MotionAmended { motion, .. }
            | Self::MotionWithdrawn { motion }
            | Self::StatementMade { motion, .. }
            | Self::ExpertInvited { motion, .. }
            | Self::ParticipantsInvited { motion, .. }
            | Self::ExpertOpinionFiled { motion, .. }
            | Self::CandidateNominated { motion, .. }
            | Self::InterestDeclared { motion }
            | Self::VotingOpened { motion, .. }
            | Self::ProxyGranted { motion, .. }
            | Self::ProxyRevoked { motion }
            | Self::VotingClosed { motion } => motion,
        }
    }

    /// Whether it is one voter's vote, which does not make the motion another than it was: everybody
    /// votes at once, and nobody expects the latest ballot.
    pub(crate) const fn is_vote(&self) -> bool {
        matches!(
            self,
            Self::BallotCast(_)
                | Self::OpeningSubmitted(_)
                | Self::ProxyGranted { .. }
                | Self::ProxyRevoked { .. }
                | Self::PaperBallotsRecorded(_)
        )
    }

    /// Whether it is done as a voter of the motion's own roll rather than as a member of the body.
    pub(crate) const fn is_by_voter(&self) -> bool {
        matches!(
            self,
            Self::BallotCast(_)
                | Self::OpeningSubmitted(_)
                | Self::ProxyGranted { .. }
                | Self::ProxyRevoked { .. }
                | Self::InterestDeclared { .. }
        )
    }
}
