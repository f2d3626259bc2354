//! What an entry is about, in a line: kinds, ids and numbers, from which a page makes a sentence.

use governance::{
    action::{
        Action, Actor, AffairsAction, AppealOutcome, Ballot, BodiesAction, Choice, Correction,
        DeliberationAction, DisciplineAction, Execution, IssueAction, IssueKind, IssueStep,
        MeetingsAction, OfficeEndCause, Outcome, OverturnedBy, Payload, PeopleAction, PowerAction,
        RecordCorrected, ReportAction, RollObjected, Sanction, Severity, StatementKind,
    },
    calendar::Date,
    charter::{BodyKind, Right},
    ids::{
        AffairId, BodyId, CaseId, IssueId, LedgerId, MeetingId, Millis, MotionId, OfficeId,
        PersonId, PowerId, PublicKey, RoleId, RollId,
    },
};
use serde::{Deserialize, Serialize};

/// An entry in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Field name of the payload on the wire, e.g. `ballot_cast`.
    pub kind: String,
    /// Who acted; `None`: time did, or it was the target of a case, whom no line names.
    pub actor: Option<PersonId>,
    /// What it is about.
    pub subject: Subject,
    /// What else a sentence about it needs.
    pub gist: Gist,
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// The ledger itself.
    Ledger(LedgerId),
    /// A person or their keys.
    Person(PersonId),
    /// A body or its rights.
    Body(BodyId),
    /// An office.
    Office(OfficeId),
    /// A roll.
    Roll(RollId),
    /// A meeting.
    Meeting(MeetingId),
    /// A motion, its votes and its decision.
    Motion(MotionId),
    /// An item of the power list.
    Power(PowerId),
    /// Something a resident raised.
    Issue(IssueId),
    /// A disciplinary case.
    Case(CaseId),
    /// A consultation, a task, an imported record or a disclosure.
    Affair(AffairId),
}

impl Subject {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Self::Ledger(id) => id.as_str(),
            Self::Person(id) => id.as_str(),
            Self::Body(id) => id.as_str(),
            Self::Office(id) => id.as_str(),
            Self::Roll(id) => id.as_str(),
            Self::Meeting(id) => id.as_str(),
            Self::Motion(id) => id.as_str(),
            Self::Power(id) => id.as_str(),
            Self::Issue(id) => id.as_str(),
            Self::Case(id) => id.as_str(),
            Self::Affair(id) => id.as_str(),
        }
    }
}

/// What a sentence about an entry needs beside kind, actor and subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gist {
    /// Nothing.
    Nothing,
    /// A title or public name.
    Title(String),
    /// How many keys a person was enrolled with.
    Keys(u32),
    /// A key given, taken or put in place of others.
    Key(PublicKey),
    /// A body of this kind.
    Body {
        /// What it is.
        kind: BodyKind,
        /// Its public name.
        name: String,
    },
    /// A right given or taken back.
    Right {
        /// Of which role; `None`: of all officeholders.
        role: Option<RoleId>,
        /// What.
        right: Right,
        /// Over which body; `None`: every body.
        over: Option<BodyId>,
    },
    /// A seat taken.
    Seat {
        /// By whom.
        person: PersonId,
        /// In which body.
        body: BodyId,
        /// As what.
        role: RoleId,
    },
    /// Why a seat fell vacant.
    SeatEnded(OfficeEndCause),
    /// A part of a roll.
    RollPart {
        /// Whose.
        body: BodyId,
        /// Which part, from 0.
        part: u32,
        /// How many lines.
        lines: u32,
    },
    /// Whether an objection shows a roll to be wrong, and why.
    RollRuling(bool, String),
    /// Whether the audit of a head found anything not in order, and who carried it out.
    HeadAudited(bool, String),
    /// A roll.
    Roll {
        /// Whose.
        body: BodyId,
        /// From which day.
        as_of: Date,
        /// Heads.
        members: u32,
        /// Area in 0.01 m².
        total_area: u64,
    },
    /// A meeting called.
    Meeting {
        /// Whose.
        body: BodyId,
        /// When it begins.
        starts_at: Millis,
    },
    /// Why a notice is short.
    Urgent(String),
    /// How many were there.
    Present {
        /// Of those entitled to attend.
        present: u32,
        /// Who may speak and has no vote.
        guests: u32,
    },
    /// A statement of this kind.
    Statement(StatementKind),
    /// An expert asked.
    Expert(PersonId),
    /// An expert's opinion; whether they declared an interest.
    Opinion {
        /// As declared.
        interested: bool,
    },
    /// A vote opened.
    Opened {
        /// Among whom.
        roll: RollId,
        /// The first moment that is too late.
        closes_at: Millis,
    },
    /// A ballot.
    Ballot {
        /// The voter whose proxy the actor holds.
        on_behalf_of: Option<PersonId>,
        /// What; `None`: it is hidden.
        choice: Option<Choice>,
    },
    /// How many hidden ballots were opened.
    Openings(u32),
    /// A proxy given to this person.
    Proxy(PersonId),
    /// A batch of papers.
    Papers {
        /// Which, from 0.
        batch: u32,
        /// How many voters.
        voters: u32,
    },
    /// A vote by name.
    RollCall {
        /// How many voters are on it.
        lines: u32,
        /// Where it was taken from minutes: the title and the day of the vote.
        minuted: Option<(String, Date)>,
    },
    /// What it came to.
    Outcome(Outcome),
    /// Who overturned it.
    Overturned(OverturnedBy),
    /// How far it is carried out.
    Execution(Execution),
    /// On which day a decision was filed, and under which number.
    Filed(Date, String),
    /// The year of a report.
    Year(u32),
    /// An assessment.
    Assessed {
        /// For which year.
        year: u32,
        /// How many officers.
        officers: u32,
    },
    /// An issue raised.
    Issue {
        /// What kind.
        kind: IssueKind,
        /// What it is about in a word or two.
        category: String,
        /// With which body.
        body: BodyId,
    },
    /// An issue sent on to this body.
    Referred(BodyId),
    /// What was not done in time.
    Step(IssueStep),
    /// How an issue was handled, from 1 to 5.
    Score(u32),
    /// Near kin.
    Kin(PersonId),
    /// A candidate nominated.
    Candidate(PersonId),
    /// How serious a matter is.
    Severity(Severity),
    /// A sanction.
    Sanction(Sanction),
    /// What became of an appeal.
    Appeal(AppealOutcome),
    /// How many signed.
    Signatures(u32),
    /// Who is given the word.
    Invited(Vec<BodyId>),
    /// Days of the calendar.
    Period {
        /// The first.
        first_day: Date,
        /// The last.
        last_day: Date,
    },
    /// Which entry is corrected.
    Corrected {
        /// Its place in the log.
        entry: u64,
        /// What is right, in words; of a roll call, how it is known.
        says: String,
    },
}

impl Summary {
    /// The line of an action.
    pub fn of(action: &Action) -> Self {
        let actor = match &action.actor {
            Actor::Person { .. } if is_by_target(&action.payload) => None,
            Actor::Person { person, .. } => Some(person.clone()),
            Actor::Ledger => None,
        };
        let (subject, gist) = match &action.payload {
            Payload::Founding(founded) => (
                Subject::Ledger(action.ledger.clone()),
                Gist::Title(founded.name.clone()),
            ),
            Payload::People(act) => people(act, actor.as_ref(), &action.ledger),
            Payload::Bodies(act) => bodies(act),
            Payload::Meetings(act) => meetings(act),
            Payload::Deliberation(act) => {
                (Subject::Motion(motion_of(act).clone()), deliberation(act))
            }
            Payload::Power(PowerAction::PowerExercised(exercised)) => (
                Subject::Power(exercised.item.clone()),
                Gist::Title(exercised.summary.clone()),
            ),
            Payload::Reports(act) => reports(act),
            Payload::Issues(act) => (Subject::Issue(act.issue().clone()), issues(act)),
            Payload::Discipline(act) => (Subject::Case(act.case().clone()), discipline(act)),
            Payload::Affairs(act) => (Subject::Affair(act.affair().clone()), affairs(act)),
            Payload::Correction(act) => (corrected(act, &action.ledger), correction(act)),
        };
        Self {
            kind: proto::payload_kind(action).to_owned(),
            actor,
            subject,
            gist,
        }
    }
}

fn corrected(act: &RecordCorrected, ledger: &LedgerId) -> Subject {
    match &act.correction {
        Correction::RollCall { motion, .. } => Subject::Motion(motion.clone()),
        Correction::Note(_) => Subject::Ledger(ledger.clone()),
    }
}

fn correction(act: &RecordCorrected) -> Gist {
    Gist::Corrected {
        entry: act.entry,
        says: match &act.correction {
            Correction::Note(note) => note.clone(),
            Correction::RollCall { .. } => act.reason.clone(),
        },
    }
}

fn affairs(act: &AffairsAction) -> Gist {
    match act {
        AffairsAction::ConsultationOpened(opened) => Gist::Title(opened.question.clone()),
        AffairsAction::ConsultationClosed { summary, .. } => Gist::Title(summary.clone()),
        AffairsAction::TaskAssigned(assigned) => Gist::Title(assigned.title.clone()),
        AffairsAction::TaskRefused { reason, .. } => Gist::Title(reason.clone()),
        AffairsAction::RecordImported(imported) => Gist::Title(imported.summary.clone()),
        AffairsAction::DisclosurePosted(posted) => Gist::Title(posted.title.clone()),
        AffairsAction::ConsultationAnswered { .. } | AffairsAction::TaskAccepted { .. } => {
            Gist::Nothing
        }
    }
}

/// Who defends themself or appeals is the target of the case, whom the register does not name for ever
/// (rules.md §5): their acts are in the log, and no line says whose they are.
const fn is_by_target(payload: &Payload) -> bool {
    matches!(
        payload,
        Payload::Discipline(
            DisciplineAction::DefenceFiled { .. } | DisciplineAction::AppealFiled { .. }
        )
    )
}

fn people(act: &PeopleAction, actor: Option<&PersonId>, ledger: &LedgerId) -> (Subject, Gist) {
    // Time has no keys: without an actor it would be the ledger's own.
    let own = || {
        actor.map_or(Subject::Ledger(ledger.clone()), |p| {
            Subject::Person(p.clone())
        })
    };
    let of = |person: &PersonId| Subject::Person(person.clone());
    match act {
        PeopleAction::PersonEnrolled(enrolled) => {
            (of(&enrolled.person), Gist::Keys(count(enrolled.keys.len())))
        }
        PeopleAction::KeyAdded { key } => (own(), Gist::Key(*key)),
        PeopleAction::KeyRotated { new_key, .. } => (own(), Gist::Key(*new_key)),
        PeopleAction::LedgerKeyRotated { new_key, .. } => {
            (Subject::Ledger(ledger.clone()), Gist::Key(*new_key))
        }
        PeopleAction::KeyReplaced {
            person, new_key, ..
        } => (of(person), Gist::Key(*new_key)),
        PeopleAction::KeyRevoked { person, key } => (of(person), Gist::Key(*key)),
        PeopleAction::PersonDeparted { person } => (of(person), Gist::Nothing),
        PeopleAction::KinDeclared { person, kin } => (of(person), Gist::Kin(kin.clone())),
    }
}

fn bodies(act: &BodiesAction) -> (Subject, Gist) {
    let ended =
        |office: &OfficeId, cause| (Subject::Office(office.clone()), Gist::SeatEnded(cause));
    match act {
        BodiesAction::BodyEstablished(body) => (
            Subject::Body(body.body.clone()),
            Gist::Body {
                kind: body.kind,
                name: body.name.clone(),
            },
        ),
        BodiesAction::RightGranted(grant) | BodiesAction::RightWithdrawn(grant) => (
            Subject::Body(grant.body.clone()),
            Gist::Right {
                role: grant.role.clone(),
                right: grant.right,
                over: grant.over.clone(),
            },
        ),
        BodiesAction::OfficeAssumed(office) => (
            Subject::Office(office.office.clone()),
            Gist::Seat {
                person: office.person.clone(),
                body: office.body.clone(),
                role: office.role.clone(),
            },
        ),
        BodiesAction::OfficeEnded { office, cause, .. } => ended(office, *cause),
        BodiesAction::ResignationFiled { office } => ended(office, OfficeEndCause::Resignation),
        BodiesAction::TermEnded { office } => ended(office, OfficeEndCause::Term),
        BodiesAction::HandoverCompleted(completed) => {
            (Subject::Office(completed.office.clone()), Gist::Nothing)
        }
        BodiesAction::HeadAudited(audited) => (
            Subject::Office(audited.office.clone()),
            Gist::HeadAudited(audited.irregular, audited.auditor.clone()),
        ),
        BodiesAction::HandoverOverdue { office } | BodiesAction::HeadAuditOverdue { office } => {
            (Subject::Office(office.clone()), Gist::Nothing)
        }
        BodiesAction::RemovalVoided { office, restored } => (
            Subject::Office(office.clone()),
            if *restored {
                Gist::Nothing
            } else {
                Gist::SeatEnded(OfficeEndCause::RemovalAnnulled)
            },
        ),
        BodiesAction::RollPart(part) => (
            Subject::Roll(part.roll.clone()),
            Gist::RollPart {
                body: part.body.clone(),
                part: part.part,
                lines: count(part.lines.len()),
            },
        ),
        BodiesAction::RollObjected(RollObjected { roll, .. })
        | BodiesAction::RollObjectionRead { roll, .. } => {
            (Subject::Roll(roll.clone()), Gist::Nothing)
        }
        BodiesAction::RollObjectionRuled(ruled) => (
            Subject::Roll(ruled.roll.clone()),
            Gist::RollRuling(ruled.upheld, ruled.reason.clone()),
        ),
        BodiesAction::RollPublished(roll) => (
            Subject::Roll(roll.roll.clone()),
            Gist::Roll {
                body: roll.body.clone(),
                as_of: roll.as_of,
                members: roll.members,
                total_area: roll.total_area,
            },
        ),
    }
}

fn meetings(act: &MeetingsAction) -> (Subject, Gist) {
    let (meeting, gist) = match act {
        MeetingsAction::MeetingConvened(convened) => (
            &convened.meeting,
            Gist::Meeting {
                body: convened.body.clone(),
                starts_at: convened.starts_at,
            },
        ),
        MeetingsAction::MeetingNoticed {
            meeting,
            urgent_reason,
        } => (
            meeting,
            urgent_reason.clone().map_or(Gist::Nothing, Gist::Urgent),
        ),
        MeetingsAction::AttendanceRecorded {
            meeting,
            present,
            guests,
            ..
        } => {
            let (present, guests) = (count(present.len()), count(guests.len()));
            (meeting, Gist::Present { present, guests })
        }
        MeetingsAction::MeetingClosed { meeting } => (meeting, Gist::Nothing),
        MeetingsAction::MeetingMissed {
            body,
            first_day,
            last_day,
            ..
        } => {
            let gist = Gist::Period {
                first_day: *first_day,
                last_day: *last_day,
            };
            return (Subject::Body(body.clone()), gist);
        }
    };
    (Subject::Meeting(meeting.clone()), gist)
}

fn deliberation(act: &DeliberationAction) -> Gist {
    use DeliberationAction as D;
    match act {
        D::MotionTabled(tabled) => Gist::Title(tabled.text.title.clone()),
        D::MotionAmended { text, .. } => Gist::Title(text.title.clone()),
        D::StatementMade { kind, .. } => Gist::Statement(*kind),
        D::ExpertInvited { expert, .. } => Gist::Expert(expert.clone()),
        D::ParticipantsInvited { bodies, .. } => Gist::Invited(bodies.clone()),
        D::ExpertOpinionFiled { interested, .. } => Gist::Opinion {
            interested: *interested,
        },
        D::VotingOpened {
            roll, closes_at, ..
        } => Gist::Opened {
            roll: roll.clone(),
            closes_at: *closes_at,
        },
        D::BallotCast(ballot) => Gist::Ballot {
            on_behalf_of: ballot.on_behalf_of.clone(),
            choice: match &ballot.ballot {
                Ballot::Open(choice) => Some(choice.clone()),
                Ballot::Hidden(_) => None,
            },
        },
        D::BallotsOpened(opened) => Gist::Openings(count(opened.openings.len())),
        D::OpeningSubmitted(_) => Gist::Openings(1),
        D::ProxyGranted { holder, .. } => Gist::Proxy(holder.clone()),
        D::PaperBallotsRecorded(papers) => Gist::Papers {
            batch: papers.batch,
            voters: count(papers.voters.len()),
        },
        D::RollCallRecorded(call) => Gist::RollCall {
            lines: count(call.lines.len()),
            minuted: call
                .minuted
                .as_ref()
                .map(|minuted| (minuted.text.title.clone(), minuted.held_on)),
        },
        D::CandidateNominated { candidate, .. } => Gist::Candidate(candidate.clone()),
        D::MotionDecided(decided) => Gist::Outcome(decided.outcome),
        D::DecisionOverturned(overturned) => Gist::Overturned(overturned.by),
        D::DecisionImplemented(implemented) => Gist::Execution(implemented.progress),
        D::DecisionFiled(filed) => Gist::Filed(filed.filed_on, filed.reference.clone()),
        D::MotionWithdrawn { .. }
        | D::InterestDeclared { .. }
        | D::ProxyRevoked { .. }
        | D::VotingClosed { .. } => Gist::Nothing,
    }
}

fn reports(act: &ReportAction) -> (Subject, Gist) {
    let (body, year) = act.report();
    let gist = match act {
        ReportAction::ReportAssessed(assessed) => Gist::Assessed {
            year,
            officers: count(assessed.lines.len()),
        },
        _ => Gist::Year(year),
    };
    (Subject::Body(body.clone()), gist)
}

fn issues(act: &IssueAction) -> Gist {
    use IssueAction as I;
    match act {
        I::IssueRaised(raised) => Gist::Issue {
            kind: raised.kind,
            category: raised.category.clone(),
            body: raised.body.clone(),
        },
        I::IssueReferred { body, .. } => Gist::Referred(body.clone()),
        I::IssueRefused { reason: text, .. }
        | I::IssueExtended { reason: text, .. }
        | I::IssueAnswered { summary: text, .. } => Gist::Title(text.clone()),
        I::IssueOverdue { step, .. } => Gist::Step(*step),
        I::SatisfactionRated { score, .. } => Gist::Score(*score),
        I::IssueAccepted { .. }
        | I::IssueAssigned { .. }
        | I::IssueReopened { .. }
        | I::IssueClosed { .. }
        | I::IssueRead { .. } => Gist::Nothing,
    }
}

/// A case's public register names nobody once the sanction is over, so a line about it never does.
fn discipline(act: &DisciplineAction) -> Gist {
    match act {
        DisciplineAction::NoticeServed { severity, .. } => Gist::Severity(*severity),
        DisciplineAction::FindingMade { severity, .. } => {
            severity.map_or(Gist::Nothing, Gist::Severity)
        }
        DisciplineAction::AppealDecided { outcome, .. } => Gist::Appeal(*outcome),
        DisciplineAction::MeasureImported(imported) => Gist::Sanction(imported.sanction),
        DisciplineAction::RecallPetitionSigned { signers, .. } => {
            Gist::Signatures(count(signers.len()).max(1))
        }
        DisciplineAction::CaseOpened(_)
        | DisciplineAction::DefenceFiled { .. }
        | DisciplineAction::AppealFiled { .. }
        | DisciplineAction::RecallPetitioned(_)
        | DisciplineAction::SanctionExpired { .. } => Gist::Nothing,
    }
}

/// The motion an act of deliberation is about.
pub(crate) fn motion_of(act: &DeliberationAction) -> &MotionId {
    use DeliberationAction as D;
    match act {
        D::MotionTabled(tabled) => &tabled.motion,
        D::BallotCast(ballot) => &ballot.motion,
        D::BallotsOpened(opened) => &opened.motion,
        D::OpeningSubmitted(submitted) => &submitted.motion,
        D::PaperBallotsRecorded(papers) => &papers.motion,
        D::RollCallRecorded(call) => &call.motion,
        D::MotionDecided(decided) => &decided.motion,
        D::DecisionOverturned(overturned) => &overturned.motion,
        D::DecisionImplemented(implemented) => &implemented.motion,
        D::DecisionFiled(filed) => &filed.motion,
        D::MotionAmended { motion, .. }
        | D::MotionWithdrawn { motion }
        | D::StatementMade { motion, .. }
        | D::ExpertInvited { motion, .. }
        | D::ParticipantsInvited { motion, .. }
        | D::ExpertOpinionFiled { motion, .. }
        | D::CandidateNominated { motion, .. }
        | D::InterestDeclared { motion }
        | D::VotingOpened { motion, .. }
        | D::ProxyGranted { motion, .. }
        | D::ProxyRevoked { motion }
        | D::VotingClosed { motion } => motion,
    }
}

/// An entry is at most 65,535 bytes, so nothing in it is counted in more than a u32.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
