//! Discipline: cases, sanctions, appeals, recall.

use serde::{Deserialize, Serialize};

use super::{Attestor, Content};
use crate::{
    calendar::Date,
    ids::{CaseId, OfficeId, PersonId, RuleId},
};

/// A sanction 处罚, from the lightest to the heaviest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Sanction {
    /// 警告: 6 months on the register.
    Warning,
    /// 记过: 12 months on the register; no further office meanwhile.
    Demerit,
    /// 记大过: 18 months; imported official measures alone (政务处分法 7–8).
    MajorDemerit,
    /// 更换: those who appointed name another.
    Replacement,
    /// 罢免: those who elected take the office away.
    Recall,
}

/// How serious a matter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// 轻微.
    Minor,
    /// 一般.
    Ordinary,
    /// 较重.
    Serious,
    /// 严重.
    Grave,
}

/// On what a sanction rests; the four are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SanctionBasis {
    /// The charter's discipline.
    Charter,
    /// Those who elected.
    Recall,
    /// The contract with a property company or social organisation.
    Contract,
    /// A measure of the state's, brought in from outside.
    Official,
}

/// What became of an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppealOutcome {
    /// The sanction stands.
    Upheld,
    /// It becomes a lighter one.
    Reduced(Sanction),
    /// It never was.
    Annulled,
}

/// A case against one officeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOpened {
    /// Its id.
    pub case: CaseId,
    /// Against the holder of this office.
    pub office: OfficeId,
    /// Charter or contract.
    pub basis: SanctionBasis,
    /// Who complained; `None`: nobody, or it is confidential.
    pub complainant: Option<PersonId>,
    /// What is alleged.
    pub content: Content,
}

/// A petition to recall an officeholder is begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecallPetitioned {
    /// The case it is.
    pub case: CaseId,
    /// Against the holder of this office.
    pub office: OfficeId,
    /// The rule of recall: those who elected, and how many must ask for it.
    pub rule: RuleId,
    /// The reasons.
    pub content: Content,
}

/// A measure of the state's against an officeholder, taken elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasureImported {
    /// The case it becomes.
    pub case: CaseId,
    /// Against whom.
    pub person: PersonId,
    /// Warning, demerit or major demerit.
    pub sanction: Sanction,
    /// The measure's own number; the same is never brought in twice.
    pub source: String,
    /// The day it was taken.
    pub held_on: Date,
    /// Who attests it.
    pub second: Attestor,
    /// The document.
    pub record: Option<Content>,
}

/// Cases, sanctions, appeals, recall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisciplineAction {
    /// A case is opened.
    CaseOpened(CaseOpened),
    /// The drafted findings are put before the target, whose time for a defence begins.
    NoticeServed {
        /// In which case.
        case: CaseId,
        /// How serious it would be. The finding is never harsher.
        severity: Severity,
        /// The draft.
        content: Content,
    },
    /// The target defends themself.
    DefenceFiled {
        /// In which case.
        case: CaseId,
        /// The defence.
        content: Content,
    },
    /// What was found.
    FindingMade {
        /// In which case.
        case: CaseId,
        /// How serious it is; `None`: there is nothing in it, and the case is closed.
        severity: Option<Severity>,
        /// The finding.
        content: Content,
    },
    /// The target appeals.
    AppealFiled {
        /// In which case.
        case: CaseId,
        /// The appeal.
        content: Content,
    },
    /// The appeal is decided.
    AppealDecided {
        /// In which case.
        case: CaseId,
        /// What became of it.
        outcome: AppealOutcome,
        /// The reasons.
        content: Content,
    },
    /// A petition to recall is begun; who begins it signs it.
    RecallPetitioned(RecallPetitioned),
    /// It is signed.
    RecallPetitionSigned {
        /// Which.
        case: CaseId,
        /// By these, whose signatures the registrar has checked; none: by the actor.
        signers: Vec<PersonId>,
    },
    /// An official measure is brought in.
    MeasureImported(MeasureImported),
    /// Derived: a sanction is over.
    SanctionExpired {
        /// In which case.
        case: CaseId,
    },
}

impl DisciplineAction {
    /// Which case.
    pub const fn case(&self) -> &CaseId {
        match self {
            Self::CaseOpened(opened) => &opened.case,
            Self::RecallPetitioned(petitioned) => &petitioned.case,
            Self::MeasureImported(imported) => &imported.case,
            Self::NoticeServed { case, .. }
            | Self::DefenceFiled { case, .. }
            | Self::FindingMade { case, .. }
            | Self::AppealFiled { case, .. }
            | Self::AppealDecided { case, .. }
            | Self::RecallPetitionSigned { case, .. }
            | Self::SanctionExpired { case } => case,
        }
    }
}
