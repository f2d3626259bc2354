//! A case as the register keeps it: its steps, how it stands at a moment, and whom it is told to be against.

use governance::{
    action::{AppealOutcome, Sanction, SanctionBasis, Severity},
    calendar::{Date, UtcOffsets},
    ids::{BodyId, CaseId, Millis, MotionId, OfficeId, PersonId},
    sanction::Discipline,
};
use serde::{Deserialize, Serialize};

use crate::views::{offices::AsOf, powers::Moment};

/// A case with all its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CaseRow {
    pub(super) case: CaseId,
    /// The body of the office in it; `None`: an official measure against the person.
    pub(super) body: Option<BodyId>,
    pub(super) office: Option<OfficeId>,
    pub(super) target: PersonId,
    basis: SanctionBasis,
    /// The times it was opened under, which later amendments of the charter leave alone.
    pub(super) discipline: Discipline,
    /// Whether it is a petition to recall.
    pub(super) recall: bool,
    /// An official measure's own number.
    pub(super) source: String,
    /// How many signed the petition, so far.
    pub(super) signatures: u32,
    pub(super) steps: Vec<StepRow>,
}

/// A step of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRow {
    /// The entry.
    pub made: Moment,
    /// What was done.
    pub step: Step,
}

/// What was done in a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// It was opened.
    Opened,
    /// A petition to recall was begun.
    Petitioned,
    /// The draft was put before the target.
    Noticed(Severity),
    /// The target defended themself.
    Defended,
    /// What was found; `None`: nothing, and the case is closed.
    Found(Option<Severity>),
    /// A sanction was imposed.
    Imposed {
        /// Which.
        sanction: Sanction,
        /// The day it runs from.
        on: Date,
        /// The motion that decided it; `None`: a measure taken elsewhere.
        decision: Option<MotionId>,
    },
    /// The target appealed.
    Appealed,
    /// What became of the appeal.
    AppealDecided(AppealOutcome),
    /// The sanction is over.
    Expired,
    /// The decision that imposed it was overturned.
    Annulled,
}

/// The kinds of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseStep {
    /// Opened.
    Opened,
    /// A petition to recall is being signed.
    Petitioned,
    /// Notice was served.
    Noticed,
    /// The defence is filed.
    Defended,
    /// The finding is made.
    Found,
    /// Nothing was found.
    Closed,
    /// A sanction is imposed.
    Imposed,
    /// An appeal is filed.
    Appealed,
    /// The appeal is decided.
    AppealDecided,
    /// The sanction is over.
    Expired,
    /// The decision that imposed it was overturned.
    Annulled,
}

impl Step {
    /// Which kind.
    pub const fn kind(&self) -> CaseStep {
        match self {
            Self::Opened => CaseStep::Opened,
            Self::Petitioned => CaseStep::Petitioned,
            Self::Noticed(_) => CaseStep::Noticed,
            Self::Defended => CaseStep::Defended,
            Self::Found(Some(_)) => CaseStep::Found,
            Self::Found(None) => CaseStep::Closed,
            Self::Imposed { .. } => CaseStep::Imposed,
            Self::Appealed => CaseStep::Appealed,
            Self::AppealDecided(_) => CaseStep::AppealDecided,
            Self::Expired => CaseStep::Expired,
            Self::Annulled => CaseStep::Annulled,
        }
    }
}

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseStatus {
    /// It has led to no sanction yet.
    Pending,
    /// There was nothing in it.
    Closed,
    /// Its sanction is in force, or ended the office for good.
    InForce,
    /// Its sanction is over.
    Expired,
    /// Its sanction never was.
    Annulled,
}

/// A sanction on the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnRegister {
    /// Which.
    pub sanction: Sanction,
    /// Its first day.
    pub from: Date,
    /// Its last day; `None`: it ended an office.
    pub until: Option<Date>,
}

/// Whom a case is against, where that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub person: PersonId,
    /// In which office.
    pub office: Option<OfficeId>,
    /// The motion that decided the sanction.
    pub decision: Option<MotionId>,
    /// An official measure's own number; may be empty.
    pub source: String,
}

/// What runs out next in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseClock {
    /// The target's time for a defence.
    Defence,
    /// The target's time for an appeal.
    Appeal,
    /// The time in which the appeal is to be decided.
    AppealDecision,
}

/// How a case stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStanding {
    /// Which.
    pub case: CaseId,
    /// The body of the office in it; `None`: an official measure.
    pub body: Option<BodyId>,
    /// On what it rests.
    pub basis: SanctionBasis,
    /// Whether those who elected are asked for a recall.
    pub recall: bool,
    /// The latest step.
    pub step: CaseStep,
    /// How it stands.
    pub status: CaseStatus,
    /// How serious the matter is, as noticed or found.
    pub severity: Option<Severity>,
    /// The sanction it led to, as reduced.
    pub sanction: Option<OnRegister>,
    /// How many signed the petition.
    pub signatures: u32,
    /// The entry that opened it.
    pub opened: Moment,
    /// What runs out next, and the first moment that is too late.
    pub clock: Option<(CaseClock, Millis)>,
    /// Whom it is against, where that is told.
    pub named: Option<Named>,
}

impl CaseRow {
    pub(super) fn new(
        case: &CaseId,
        target: &PersonId,
        basis: SanctionBasis,
        discipline: Discipline,
    ) -> Self {
        Self {
            case: case.clone(),
            body: None,
            office: None,
            target: target.clone(),
            basis,
            discipline,
            recall: false,
            source: String::new(),
            signatures: 0,
            steps: Vec::new(),
        }
    }

    pub(super) fn taken(&self, as_of: AsOf) -> impl Iterator<Item = &StepRow> {
        self.steps.iter().filter(move |row| row.made.by(as_of))
    }

    /// Whom it is against, where that may be told.
    fn named(&self) -> Option<Named> {
        let now = Fold::of(&mut self.steps.iter());
        let told = match now.status {
            CaseStatus::InForce => true,
            CaseStatus::Pending => self.recall,
            CaseStatus::Closed | CaseStatus::Expired | CaseStatus::Annulled => false,
        };
        told.then(|| Named {
            person: self.target.clone(),
            office: self.office.clone(),
            decision: now.decision,
            source: self.source.clone(),
        })
    }

    /// How it stood at a moment; `None`: it was not there yet.
    pub(super) fn standing(&self, as_of: AsOf, offsets: &UtcOffsets) -> Option<CaseStanding> {
        let opened = self.steps.first().filter(|row| row.made.by(as_of))?;
        let latest = self.taken(as_of).last()?;
        let then = Fold::of(&mut self.taken(as_of));
        Some(CaseStanding {
            case: self.case.clone(),
            body: self.body.clone(),
            basis: self.basis,
            recall: self.recall,
            step: latest.step.kind(),
            status: then.status,
            severity: then.severity,
            sanction: then.sanction.map(|(sanction, from)| OnRegister {
                sanction,
                from,
                until: sanction.last_day(from),
            }),
            signatures: self.signatures,
            opened: opened.made,
            clock: self.clock(latest, offsets),
            named: self.named(),
        })
    }

    /// What runs out after this step.
    fn clock(&self, latest: &StepRow, offsets: &UtcOffsets) -> Option<(CaseClock, Millis)> {
        let discipline = &self.discipline;
        let (clock, days) = match latest.step {
            Step::Noticed(_) => (CaseClock::Defence, discipline.defence_days),
            // Official measures are appealed against where they were taken.
            Step::Imposed { .. } if self.basis != SanctionBasis::Official => {
                (CaseClock::Appeal, discipline.appeal_days)
            }
            Step::Appealed => (CaseClock::AppealDecision, discipline.appeal_decision_days),
            _ => return None,
        };
        Some((clock, offsets.after_days(latest.made.at, days)))
    }
}

/// What the steps of a case come to.
pub(super) struct Fold {
    pub(super) status: CaseStatus,
    severity: Option<Severity>,
    sanction: Option<(Sanction, Date)>,
    pub(super) decision: Option<MotionId>,
}

impl Fold {
    pub(super) fn of(steps: &mut dyn Iterator<Item = &StepRow>) -> Self {
        let nothing = Self {
            status: CaseStatus::Pending,
            severity: None,
            sanction: None,
            decision: None,
        };
        steps.fold(nothing, |so_far, row| so_far.and(&row.step))
    }

    fn and(mut self, step: &Step) -> Self {
        match step {
            Step::Opened
            | Step::Petitioned
            | Step::Defended
            | Step::Appealed
            | Step::AppealDecided(AppealOutcome::Upheld) => {}
            Step::Noticed(severity) | Step::Found(Some(severity)) => {
                self.severity = Some(*severity);
            }
            Step::Found(None) => self.status = CaseStatus::Closed,
            Step::Imposed {
                sanction,
                on,
                decision,
            } => {
                self.status = CaseStatus::InForce;
                self.sanction = Some((*sanction, *on));
                self.decision.clone_from(decision);
            }
            Step::AppealDecided(AppealOutcome::Reduced(to)) => {
                self.status = CaseStatus::InForce;
                self.sanction = self.sanction.map(|(_, on)| (*to, on));
            }
            Step::AppealDecided(AppealOutcome::Annulled) | Step::Annulled => {
                self.status = CaseStatus::Annulled;
            }
            Step::Expired => self.status = CaseStatus::Expired,
        }
        self
    }
}
