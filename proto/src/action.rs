//! Actions: from signed bytes, to the bytes to sign.

use governance::{
    action::{
        Action, Actor, AffairsAction, BodiesAction, Content, DeliberationAction, DisciplineAction,
        IssueAction, MeetingsAction, Payload, PeopleAction, PowerAction, ReportAction,
    },
    ids::{ActionId, LedgerId, Millis},
};
use prost::Message;

use crate::{
    convert::common::{bytes, id, leaf},
    limits::ACTION_LEN_MAX,
    malformed::{InvalidField, Malformed, MalformedReason, Within},
    v1::{self, action::Payload as Wire},
    wire,
};

/// Decodes an action of at most [`ACTION_LEN_MAX`] bytes. Whatever this returns encodes to exactly
/// these bytes with [`encode_action`]: other encodings, unknown fields, unknown enum numbers, unset
/// oneofs and fields out of their bounds are refused with the field named (FORMAT.md, "Actions").
pub fn decode_action(bytes: &[u8]) -> Result<Action, Malformed> {
    if bytes.len() > ACTION_LEN_MAX {
        return Err(MalformedReason::TooLarge {
            found: bytes.len(),
            max: ACTION_LEN_MAX,
            unit: "bytes",
        }
        .into());
    }
    let decoded = v1::Action::decode(bytes).map_err(|error| wire::not_protobuf(bytes, &error))?;
    if decoded.encode_to_vec() != bytes {
        return Err(wire::not_canonical(bytes));
    }
    decoded.try_into()
}

/// The canonical bytes of an action, which are what its signers sign (behind the domain separator).
/// Bytes that [`decode_action`] accepts come of an action whose texts, lists and ids keep its bounds.
pub fn encode_action(action: &Action) -> Vec<u8> {
    v1::Action::from(action).encode_to_vec()
}

/// The payload's field name in the schema, e.g. `ballot_cast`.
pub fn payload_kind(action: &Action) -> &'static str {
    action.payload.family()
}

/// The contents an action names, in the order of its fields: those whose salt and bytes are submitted
/// beside it.
pub fn contents_of(action: &Action) -> Vec<&Content> {
    match &action.payload {
        Payload::Founding(founded) => {
            let names = founded.people.iter().map(|person| &person.name);
            names.flatten().collect()
        }
        Payload::People(PeopleAction::PersonEnrolled(person)) => person.name.iter().collect(),
        Payload::Deliberation(
            DeliberationAction::StatementMade { content, .. }
            | DeliberationAction::ExpertOpinionFiled { content, .. },
        )
        | Payload::Reports(
            ReportAction::ReportFiled { content, .. }
            | ReportAction::ReportQuestioned { content, .. }
            | ReportAction::ReportAnswered { content, .. },
        )
        | Payload::Issues(IssueAction::IssueReopened { content, .. })
        | Payload::Affairs(AffairsAction::ConsultationAnswered { content, .. }) => vec![content],
        Payload::Issues(IssueAction::IssueRaised(raised)) => vec![&raised.content],
        Payload::Issues(IssueAction::IssueAnswered { content, .. }) => content.iter().collect(),
        Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
            vec![&overturned.grounds]
        }
        Payload::Bodies(BodiesAction::HandoverCompleted(completed)) => {
            completed.record.iter().collect()
        }
        Payload::Bodies(BodiesAction::RollObjected(objected)) => vec![&objected.content],
        Payload::Bodies(BodiesAction::HeadAudited(audited)) => vec![&audited.report],
        Payload::Discipline(discipline) => discipline_contents(discipline),
        Payload::Affairs(AffairsAction::ConsultationClosed { content, .. }) => {
            content.iter().collect()
        }
        Payload::Affairs(AffairsAction::RecordImported(imported)) => {
            imported.content.iter().collect()
        }
        Payload::Power(PowerAction::PowerExercised(exercised)) => exercised.record.iter().collect(),
        Payload::People(_)
        | Payload::Bodies(_)
        | Payload::Affairs(_)
        | Payload::Meetings(_)
        | Payload::Deliberation(_)
        | Payload::Reports(_)
        | Payload::Issues(_)
        | Payload::Correction(_) => Vec::new(),
    }
}

fn discipline_contents(action: &DisciplineAction) -> Vec<&Content> {
    match action {
        DisciplineAction::CaseOpened(opened) => vec![&opened.content],
        DisciplineAction::RecallPetitioned(petitioned) => vec![&petitioned.content],
        DisciplineAction::MeasureImported(imported) => imported.record.iter().collect(),
        DisciplineAction::NoticeServed { content, .. }
        | DisciplineAction::DefenceFiled { content, .. }
        | DisciplineAction::FindingMade { content, .. }
        | DisciplineAction::AppealFiled { content, .. }
        | DisciplineAction::AppealDecided { content, .. } => vec![content],
        DisciplineAction::RecallPetitionSigned { .. }
        | DisciplineAction::SanctionExpired { .. } => Vec::new(),
    }
}

use {BodiesAction as B, DeliberationAction as D, MeetingsAction as M, PeopleAction as P};

impl TryFrom<v1::Action> for Action {
    type Error = Malformed;

    fn try_from(wire: v1::Action) -> Result<Self, Malformed> {
        let payload = wire
            .payload
            .ok_or(MalformedReason::UnsetOneof)
            .within("payload")?;
        let payload = Payload::try_from(payload)?;
        let derived = payload.is_derived();
        let actor = actor(&wire.actor, wire.capacity, derived)?;
        Ok(Self {
            ledger: id::<LedgerId>(&wire.ledger).within("ledger")?,
            genesis: leaf(&wire.genesis).within("genesis")?,
            id: action_id(&wire.id, derived).within("id")?,
            actor,
            client_time: Millis(wire.client_time_ms),
            not_after: Millis(wire.not_after_ms),
            basis: wire
                .basis
                .map(TryInto::try_into)
                .transpose()
                .within("basis")?,
            expected_leaf: (!wire.expected_leaf.is_empty())
                .then(|| leaf(&wire.expected_leaf))
                .transpose()
                .within("expected_leaf")?,
            payload,
        })
    }
}

/// A derived action names neither actor nor capacity; every other names an actor.
fn actor(person: &str, capacity: Option<v1::Capacity>, derived: bool) -> Result<Actor, Malformed> {
    match (derived, person.is_empty()) {
        (true, false) => Err(MalformedReason::DerivedOnly).within("actor"),
        (false, true) => Err(MalformedReason::ActorMissing).within("actor"),
        (true, true) if capacity.is_some() => Err(InvalidField::NotHere).within("capacity"),
        (true, true) => Ok(Actor::Ledger),
        (false, false) => Ok(Actor::Person {
            person: id(person).within("actor")?,
            capacity: capacity
                .map(TryInto::try_into)
                .transpose()
                .within("capacity")?,
        }),
    }
}

fn action_id(wire: &[u8], derived: bool) -> Result<ActionId, Malformed> {
    let id = ActionId(bytes(wire)?);
    let expected = if derived { 8 } else { 7 };
    if id.version() == expected && id.has_rfc_variant() {
        Ok(id)
    } else {
        Err(InvalidField::ActionId { expected }.into())
    }
}

/// Each arm names the field it came from.
macro_rules! arms {
    ($wire:ident; $($variant:ident => $field:literal, $make:expr;)+) => {
        match $wire {
            $(Wire::$variant(message) => message.try_into().map($make).within($field),)+
        }
    };
}

impl TryFrom<Wire> for Payload {
    type Error = Malformed;

    fn try_from(wire: Wire) -> Result<Self, Malformed> {
        arms! { wire;
            LedgerFounded => "ledger_founded", |founded| Self::Founding(Box::new(founded));
            PersonEnrolled => "person_enrolled", |x| Self::People(P::PersonEnrolled(x));
            KeyAdded => "key_added", Self::People;
            KeyRotated => "key_rotated", Self::People;
            KeyReplaced => "key_replaced", Self::People;
            KeyRevoked => "key_revoked", Self::People;
            PersonDeparted => "person_departed", Self::People;
            KinDeclared => "kin_declared", Self::People;
            LedgerKeyRotated => "ledger_key_rotated", Self::People;
            BodyEstablished => "body_established", |x| Self::Bodies(B::BodyEstablished(x));
            RightGranted => "right_granted", |x| Self::Bodies(B::RightGranted(x));
            RightWithdrawn => "right_withdrawn", |x| Self::Bodies(B::RightWithdrawn(x));
            OfficeAssumed => "office_assumed", |x| Self::Bodies(B::OfficeAssumed(x));
            OfficeEnded => "office_ended", Self::Bodies;
            RollPart => "roll_part", |x| Self::Bodies(B::RollPart(x));
            RollPublished => "roll_published", |x| Self::Bodies(B::RollPublished(x));
            RollObjected => "roll_objected", |x| Self::Bodies(B::RollObjected(x));
            RollObjectionRuled => "roll_objection_ruled", |x| Self::Bodies(B::RollObjectionRuled(x));
            RollObjectionRead => "roll_objection_read", Self::Bodies;
            ResignationFiled => "resignation_filed", Self::Bodies;
            TermEnded => "term_ended", Self::Bodies;
            HandoverCompleted => "handover_completed", Self::Bodies;
            HandoverOverdue => "handover_overdue", Self::Bodies;
            HeadAudited => "head_audited", Self::Bodies;
            HeadAuditOverdue => "head_audit_overdue", Self::Bodies;
            RemovalVoided => "removal_voided", Self::Bodies;
            MeetingConvened => "meeting_convened", |x| Self::Meetings(M::MeetingConvened(x));
            MeetingNoticed => "meeting_noticed", Self::Meetings;
            AttendanceRecorded => "attendance_recorded", Self::Meetings;
            MeetingClosed => "meeting_closed", Self::Meetings;
            MeetingMissed => "meeting_missed", Self::Meetings;
            MotionTabled => "motion_tabled", |x| Self::Deliberation(D::MotionTabled(x));
            MotionAmended => "motion_amended", Self::Deliberation;
            MotionWithdrawn => "motion_withdrawn", Self::Deliberation;
            StatementMade => "statement_made", Self::Deliberation;
            ExpertInvited => "expert_invited", Self::Deliberation;
            ParticipantsInvited => "participants_invited", Self::Deliberation;
            ExpertOpinionFiled => "expert_opinion_filed", Self::Deliberation;
            InterestDeclared => "interest_declared", Self::Deliberation;
            VotingOpened => "voting_opened", Self::Deliberation;
            BallotCast => "ballot_cast", |x| Self::Deliberation(D::BallotCast(x));
            ProxyGranted => "proxy_granted", Self::Deliberation;
            ProxyRevoked => "proxy_revoked", Self::Deliberation;
            PaperBallotsRecorded => "paper_ballots_recorded",
                |x| Self::Deliberation(D::PaperBallotsRecorded(x));
            RollCallRecorded => "roll_call_recorded",
                |x| Self::Deliberation(D::RollCallRecorded(x));
            VotingClosed => "voting_closed", Self::Deliberation;
            MotionDecided => "motion_decided", |x| Self::Deliberation(D::MotionDecided(x));
            DecisionOverturned => "decision_overturned",
                |x| Self::Deliberation(D::DecisionOverturned(x));
            CandidateNominated => "candidate_nominated", Self::Deliberation;
            BallotsOpened => "ballots_opened", |x| Self::Deliberation(D::BallotsOpened(x));
            OpeningSubmitted => "opening_submitted",
                |x| Self::Deliberation(D::OpeningSubmitted(x));
            PowerExercised => "power_exercised", Self::Power;
            ReportFiled => "report_filed", Self::Reports;
            ReportQuestioned => "report_questioned", Self::Reports;
            ReportAnswered => "report_answered", Self::Reports;
            ReportAssessed => "report_assessed", Self::Reports;
            ReportOverdue => "report_overdue", Self::Reports;
            IssueRaised => "issue_raised", Self::Issues;
            IssueAccepted => "issue_accepted", Self::Issues;
            IssueRefused => "issue_refused", Self::Issues;
            IssueReferred => "issue_referred", Self::Issues;
            IssueAssigned => "issue_assigned", Self::Issues;
            IssueExtended => "issue_extended", Self::Issues;
            IssueAnswered => "issue_answered", Self::Issues;
            IssueReopened => "issue_reopened", Self::Issues;
            IssueClosed => "issue_closed", Self::Issues;
            SatisfactionRated => "satisfaction_rated", Self::Issues;
            IssueRead => "issue_read", Self::Issues;
            IssueOverdue => "issue_overdue", Self::Issues;
            DecisionImplemented => "decision_implemented",
                |x| Self::Deliberation(D::DecisionImplemented(x));
            DecisionFiled => "decision_filed", |x| Self::Deliberation(D::DecisionFiled(x));
            ConsultationOpened => "consultation_opened", Self::Affairs;
            ConsultationAnswered => "consultation_answered", Self::Affairs;
            ConsultationClosed => "consultation_closed", Self::Affairs;
            TaskAssigned => "task_assigned", Self::Affairs;
            TaskAccepted => "task_accepted", Self::Affairs;
            TaskRefused => "task_refused", Self::Affairs;
            RecordImported => "record_imported", Self::Affairs;
            DisclosurePosted => "disclosure_posted", Self::Affairs;
            CaseOpened => "case_opened", Self::Discipline;
            NoticeServed => "notice_served", Self::Discipline;
            DefenceFiled => "defence_filed", Self::Discipline;
            FindingMade => "finding_made", Self::Discipline;
            AppealFiled => "appeal_filed", Self::Discipline;
            AppealDecided => "appeal_decided", Self::Discipline;
            RecallPetitioned => "recall_petitioned", Self::Discipline;
            RecallPetitionSigned => "recall_petition_signed", Self::Discipline;
            MeasureImported => "measure_imported", Self::Discipline;
            SanctionExpired => "sanction_expired", Self::Discipline;
            RecordCorrected => "record_corrected", Self::Correction;
        }
    }
}

impl From<&Action> for v1::Action {
    fn from(action: &Action) -> Self {
        let (actor, capacity) = match &action.actor {
            Actor::Ledger => (String::new(), None),
            Actor::Person { person, capacity } => {
                (person.to_string(), capacity.as_ref().map(Into::into))
            }
        };
        Self {
            ledger: action.ledger.to_string(),
            genesis: action.genesis.0.to_vec(),
            id: action.id.0.to_vec(),
            actor,
            capacity,
            client_time_ms: action.client_time.0,
            not_after_ms: action.not_after.0,
            basis: action.basis.as_ref().map(Into::into),
            expected_leaf: action
                .expected_leaf
                .map(|leaf| leaf.0.to_vec())
                .unwrap_or_default(),
            payload: Some((&action.payload).into()),
        }
    }
}

impl From<&Payload> for Wire {
    fn from(payload: &Payload) -> Self {
        match payload {
            Payload::Founding(founded) => Self::LedgerFounded(founded.as_ref().into()),
            Payload::People(people) => people.into(),
            Payload::Bodies(bodies) => bodies.into(),
            Payload::Meetings(meetings) => meetings.into(),
            Payload::Deliberation(deliberation) => deliberation.into(),
            Payload::Power(power) => power.into(),
            Payload::Reports(reports) => reports.into(),
            Payload::Issues(issues) => issues.into(),
            Payload::Discipline(discipline) => discipline.into(),
            Payload::Affairs(affairs) => affairs.into(),
            Payload::Correction(corrected) => corrected.into(),
        }
    }
}
