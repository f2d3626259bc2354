//! What people and time do: the families of actions.
//!
//! These are the domain's own types; `proto` converts them from and to the signed bytes. A family is
//! one enum with one module deciding it and one arm in each `match` over [`Payload`], so that the
//! compiler names every place a new one must be thought of.

mod affairs;
mod bodies;
mod correction;
mod decision;
mod deliberation;
mod discipline;
mod effect;
mod founding;
mod issues;
mod meetings;
mod people;
mod power;
mod reports;

pub use affairs::{
    AffairsAction, ConsultationOpened, DisclosurePosted, RecordImported, TaskAssigned,
};
pub use bodies::{
    BodiesAction, BodyEstablished, ElectedElsewhere, Grant, HandoverCompleted, HeadAudited,
    OfficeAssumed, OfficeEndCause, OfficeObtained, RollLine, RollObjected, RollObjectionRuled,
    RollPart, RollPublished,
};
pub use correction::{Correction, RecordCorrected};
pub use decision::{
    DecisionFiled, DecisionImplemented, Execution, MeasureTally, MotionDecided, OptionTally,
    Outcome,
};
pub use deliberation::{
    Ballot, BallotCast, BallotOpening, BallotsOpened, Choice, Contest, ContestOption,
    DeliberationAction, Minuted, MotionTabled, MotionText, OpeningSubmitted, PaperBallots,
    PaperTotal, RollCall, RollCallMark, Stance, StatementKind,
};
pub use discipline::{
    AppealOutcome, CaseOpened, DisciplineAction, MeasureImported, RecallPetitioned, Sanction,
    SanctionBasis, Severity,
};
pub use effect::{DecisionOverturned, Effect, EffectName, EffectsOutcome, OverturnedBy};
pub use founding::LedgerFounded;
pub use issues::{IssueAction, IssueKind, IssueRaised, IssueStep};
pub use meetings::{MeetingConvened, MeetingsAction};
pub use people::{PeopleAction, PersonEnrolled};
pub use power::{PowerAction, PowerChange, PowerExercised, PowerHolder, PowerTerms};
pub use reports::{AssessmentLine, ReportAction, ReportAssessed};

use serde::{Deserialize, Serialize};

use crate::ids::{ActionId, BodyId, Digest, Leaf, LedgerId, Millis, OfficeId, PersonId, PowerId};

/// One act of one person, or one consequence of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The ledger it is meant for.
    pub ledger: LedgerId,
    /// Leaf hash of that ledger's first entry; zeros in the founding action.
    pub genesis: Leaf,
    /// Occurs once in a log.
    pub id: ActionId,
    /// Who acts.
    pub actor: Actor,
    /// The signer's clock; in a derived action the moment it fell due.
    pub client_time: Millis,
    /// The last moment it may be recorded at; equal to `client_time` in a derived action, which is
    /// exempt.
    pub not_after: Millis,
    /// What the act rests on.
    pub basis: Option<Basis>,
    /// The latest entry about what is acted on, as the signer knew it.
    pub expected_leaf: Option<Leaf>,
    /// What is done.
    pub payload: Payload,
}

/// Who acts, and in which capacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person.
    Person {
        /// Who.
        person: PersonId,
        /// For which body, in which office; `None`: for oneself (the founder, a key's owner, an
        /// invited expert).
        capacity: Option<Capacity>,
    },
    /// Time itself: derived by the ledger and signed with its record key.
    Ledger,
}

/// The body, and the office in it, a person acts for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// The body.
    pub body: BodyId,
    /// The office; `None`: as a member on the body's roll.
    pub office: Option<OfficeId>,
}

/// The power-list item and the citation an act rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Item of the power list.
    pub power_item: Option<PowerId>,
    /// Free citation, e.g. an article.
    pub citation: String,
}

/// Erasable text or evidence, named by its salted digest (formats.md §3). Never read by the rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Content {
    /// SHA-256 over domain separator, salt and bytes.
    pub digest: Digest,
    /// Bytes, at most 262,144.
    pub length: u32,
    /// Media type, e.g. `text/plain; charset=utf-8`.
    pub media_type: String,
}

/// A second officer who signs the same action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestor {
    /// Who.
    pub person: PersonId,
    /// In which capacity.
    pub capacity: Capacity,
}

/// The families.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The first entry.
    Founding(Box<LedgerFounded>),
    /// People and keys.
    People(PeopleAction),
    /// Bodies, rights, offices, rolls.
    Bodies(BodiesAction),
    /// Meetings and attendance.
    Meetings(MeetingsAction),
    /// Motions, votes and decisions.
    Deliberation(DeliberationAction),
    /// What is done under the power list.
    Power(PowerAction),
    /// Year-end reports and assessments.
    Reports(ReportAction),
    /// What residents raise.
    Issues(IssueAction),
    /// Cases, sanctions, appeals, recall.
    Discipline(DisciplineAction),
    /// Consultations, tasks, imports, disclosures.
    Affairs(AffairsAction),
    /// What an entry should have said.
    Correction(RecordCorrected),
}

macro_rules! family_of_payload {
    ($($variant:ident($family:ty)),* $(,)?) => {$(
        impl From<$family> for Payload {
            fn from(action: $family) -> Self {
                Self::$variant(action)
            }
        }
    )*};
}

family_of_payload!(
    People(PeopleAction),
    Bodies(BodiesAction),
    Meetings(MeetingsAction),
    Deliberation(DeliberationAction),
    Power(PowerAction),
    Reports(ReportAction),
    Issues(IssueAction),
    Discipline(DisciplineAction),
    Affairs(AffairsAction),
    Correction(RecordCorrected),
);
