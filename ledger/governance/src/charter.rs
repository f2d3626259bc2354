//! The charter 章程: the rules of one ledger, as data.

mod decision_rule;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    action::Sanction,
    bounds::{CITATION_LEN_MAX, NAME_LEN_MAX, REPORTING_MAX, RULES_MAX, STANDING_MAX},
    calendar::Lasting,
    clocks::{ClockError, Clocks},
    ids::{BodyId, Millis, RuleId},
    rejection::{Cited, Rejection},
    rule::{DAYS_MAX, RuleError},
    sanction::Discipline,
    standing::EVERY_MONTHS,
};

pub use self::decision_rule::{
    ApprovalBase, BallotVisibility, Comparison, DecisionRule, EffectKind, Fraction,
    InvalidFraction, Measure, MeasureKind, PetitionBeside, Prerequisites, QuorumBase, Threshold,
};

/// The versioned rule set of one ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charter {
    /// From 1, by amendment.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// How questions are decided; ids are distinct.
    pub rules: Vec<DecisionRule>,
    /// Seats in both committees.
    pub overlap: OverlapPolicy,
    /// Longest `not_after - client_time` of an action, in ms.
    pub action_validity_ms_max: u64,
    /// By when what must be done.
    pub clocks: Clocks,
    /// The bodies that give account of every year; each once.
    pub reporting: Vec<BodyId>,
    /// Sanctions and their clocks.
    pub discipline: Discipline,
    /// The bodies that meet at least every so often; each once.
    pub standing_meetings: Vec<StandingMeeting>,
}

/// A body meets at least once in every period of the calendar 常态化议事协调.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingMeeting {
    /// Which.
    pub body: BodyId,
    /// How long a period is: 1, 2, 3, 4, 6 or 12 months.
    pub every_months: u32,
    /// The law, or the charter's own choice.
    pub citation: String,
}

/// The default of [`Charter::action_validity_ms_max`]: 24 hours.
pub const ACTION_VALIDITY_MS_MAX_DEFAULT: u64 = Millis::DAY;

/// The least a charter may set [`Charter::action_validity_ms_max`] to: one minute, about what signing
/// and sending takes.
pub const ACTION_VALIDITY_MS_LEAST: u64 = 60_000;

/// The most: seven days. Ids are remembered for that long, so that none is recorded twice.
pub const ACTION_VALIDITY_MS_MOST: u64 = 7 * Millis::DAY;

/// A charter that cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CharterError {
    /// Versions count from 1.
    #[error("a charter's version counts from 1, not from 0")]
    Version,
    /// The title is missing or too long.
    #[error("a charter's title has 1 to {NAME_LEN_MAX} bytes, not {found}")]
    Title {
        /// In bytes.
        found: usize,
    },
    /// No rules, or too many.
    #[error("a charter has 1 to {RULES_MAX} rules, not {found}")]
    RuleCount {
        /// As given.
        found: usize,
    },
    /// Actions would be good for too short or too long.
    #[error(
        "the longest validity of actions lies between {} and {}, it is not {}",
        Lasting(ACTION_VALIDITY_MS_LEAST),
        Lasting(ACTION_VALIDITY_MS_MOST),
        Lasting(*found)
    )]
    ActionValidity {
        /// In ms.
        found: u64,
    },
    /// A clock cannot run so.
    #[error("clocks: {0}")]
    Clock(#[from] ClockError),
    /// Too many bodies report.
    #[error("at most {REPORTING_MAX} bodies report, not {found}")]
    ReportingCount {
        /// As given.
        found: usize,
    },
    /// A body that reports is unknown, or named twice.
    #[error("body {body}, which is to report, {why}")]
    Reporting {
        /// Which.
        body: BodyId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Too many bodies are to meet.
    #[error("at most {STANDING_MAX} bodies have standing meetings, not {found}")]
    StandingCount {
        /// As given.
        found: usize,
    },
    /// A standing meeting that cannot be one.
    #[error("the standing meeting of {body} {why}")]
    Standing {
        /// Whose.
        body: BodyId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No time for a defence or an appeal, or too long.
    #[error("defence, appeal and its decision have 1 to {DAYS_MAX} days each")]
    DisciplineDays,
    /// A matrix that is none.
    #[error(
        "each severity leads to a warning, a demerit or a replacement, and to no less than a lesser one"
    )]
    DisciplineMatrix,
    /// Two rules have one id.
    #[error("rule {rule} stands in the charter twice")]
    RuleRepeated {
        /// Which.
        rule: RuleId,
    },
    /// A rule cannot be one.
    #[error("rule {rule}: {error}")]
    Rule {
        /// Which.
        rule: RuleId,
        /// Why.
        error: RuleError,
    },
}

impl CharterError {
    /// The rule that is wrong; `None`: the charter itself is.
    pub const fn rule(&self) -> Option<&RuleId> {
        match self {
            Self::RuleRepeated { rule } | Self::Rule { rule, .. } => Some(rule),
            _ => None,
        }
    }

    /// The field that is wrong, of the charter or of [`Self::rule`].
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Title { .. } => "title",
            Self::RuleCount { .. } => "rules",
            Self::ActionValidity { .. } => "action_validity_ms_max",
            Self::Clock(error) => error.field(),
            Self::ReportingCount { .. } | Self::Reporting { .. } => "reporting",
            Self::StandingCount { .. } | Self::Standing { .. } => "standing_meetings",
            Self::DisciplineDays | Self::DisciplineMatrix => "discipline",
            Self::RuleRepeated { .. } => "id",
            Self::Rule { error, .. } => error.field(),
        }
    }
}

impl Charter {
    /// Whether this can be the charter of a ledger with these bodies.
    pub fn validate(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), CharterError> {
        self.faults(bodies).into_iter().next().map_or(Ok(()), Err)
    }

    /// Everything for which it cannot; of each rule the first.
    pub fn faults(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Vec<CharterError> {
        let own = [
            self.validate_text(),
            self.validate_validity(),
            self.validate_discipline(),
            self.validate_clocks(bodies),
            self.validate_reporting(bodies),
            self.validate_standing(bodies),
        ];
        let faults = own.into_iter().filter_map(Result::err);
        faults.chain(self.faults_of_rules(bodies)).collect()
    }

    fn validate_text(&self) -> Result<(), CharterError> {
        if self.version == 0 {
            return Err(CharterError::Version);
        }
        if !(1..=NAME_LEN_MAX).contains(&self.title.len()) {
            return Err(CharterError::Title {
                found: self.title.len(),
            });
        }
        if !(1..=RULES_MAX).contains(&self.rules.len()) {
            return Err(CharterError::RuleCount {
                found: self.rules.len(),
            });
        }
        Ok(())
    }

    fn validate_validity(&self) -> Result<(), CharterError> {
        let valid = ACTION_VALIDITY_MS_LEAST..=ACTION_VALIDITY_MS_MOST;
        if !valid.contains(&self.action_validity_ms_max) {
            return Err(CharterError::ActionValidity {
                found: self.action_validity_ms_max,
            });
        }
        Ok(())
    }

    /// The days of issues are the law's where residents raise them.
    fn validate_clocks(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), CharterError> {
        self.clocks.validate()?;
        if bodies
            .values()
            .any(|kind| *kind == BodyKind::ResidentsCommittee)
        {
            self.clocks.check_law()?;
        }
        Ok(())
    }

    fn validate_reporting(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), CharterError> {
        if self.reporting.len() > REPORTING_MAX {
            return Err(CharterError::ReportingCount {
                found: self.reporting.len(),
            });
        }
        let mut seen = BTreeSet::new();
        for body in &self.reporting {
            let wrong = |why| CharterError::Reporting {
                body: body.clone(),
                why,
            };
            if !bodies.contains_key(body) {
                return Err(wrong("is none of the bodies"));
            }
            if !seen.insert(body) {
                return Err(wrong("is named twice"));
            }
        }
        Ok(())
    }

    fn validate_standing(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), CharterError> {
        if self.standing_meetings.len() > STANDING_MAX {
            return Err(CharterError::StandingCount {
                found: self.standing_meetings.len(),
            });
        }
        let mut seen = BTreeSet::new();
        for standing in &self.standing_meetings {
            let wrong = |why| CharterError::Standing {
                body: standing.body.clone(),
                why,
            };
            let Some(kind) = bodies.get(&standing.body) else {
                return Err(wrong("is that of none of the bodies"));
            };
            if !seen.insert(&standing.body) {
                return Err(wrong("is asked for twice"));
            }
            if !EVERY_MONTHS.contains(&standing.every_months) {
                return Err(wrong("is held every 1, 2, 3, 4, 6 or 12 months"));
            }
            let half_yearly = *kind == BodyKind::RepresentativesMeeting;
            if half_yearly && standing.every_months > 6 {
                return Err(wrong("is held in every half year at least (组织法 28)"));
            }
            if !(1..=CITATION_LEN_MAX).contains(&standing.citation.len()) {
                return Err(wrong("names the law, or the charter's choice, it rests on"));
            }
        }
        Ok(())
    }

    /// The standing meeting asked of a body.
    pub fn standing_meeting(&self, body: &BodyId) -> Option<&StandingMeeting> {
        self.standing_meetings
            .iter()
            .find(|standing| standing.body == *body)
    }

    /// Nobody is left without time for a defence or an appeal, no severity leads to less than a lesser one does,
    /// and recall is not discipline's.
    fn validate_discipline(&self) -> Result<(), CharterError> {
        let discipline = &self.discipline;
        let days = [
            discipline.defence_days,
            discipline.appeal_days,
            discipline.appeal_decision_days,
        ];
        if !days.iter().all(|days| (1..=DAYS_MAX).contains(days)) {
            return Err(CharterError::DisciplineDays);
        }
        let matrix = &discipline.matrix;
        let by_discipline = [Sanction::Warning, Sanction::Demerit, Sanction::Replacement];
        let listed = matrix
            .iter()
            .all(|sanction| by_discipline.contains(sanction));
        if !listed || !matrix.is_sorted() {
            return Err(CharterError::DisciplineMatrix);
        }
        Ok(())
    }

    fn faults_of_rules(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Vec<CharterError> {
        let mut seen = BTreeSet::new();
        let faults = self.rules.iter().filter_map(|rule| {
            let id = || rule.id.clone();
            if !seen.insert(&rule.id) {
                return Some(CharterError::RuleRepeated { rule: id() });
            }
            let error = rule.validate(bodies).err()?;
            Some(CharterError::Rule { rule: id(), error })
        });
        faults.collect()
    }

    /// The rule with this id.
    pub fn rule(&self, id: &RuleId) -> Option<&DecisionRule> {
        self.rules.iter().find(|rule| rule.id == *id)
    }

    pub(crate) fn known_rule(&self, id: &RuleId) -> Result<&DecisionRule, Rejection> {
        self.rule(id).ok_or_else(|| Rejection::RuleUnknown {
            id: id.clone(),
            charter_version: self.version,
        })
    }

    /// A rule by which this body decides.
    pub(crate) fn rule_of(&self, id: &RuleId, body: &BodyId) -> Result<&DecisionRule, Rejection> {
        let rule = self.known_rule(id)?;
        if rule.body == *body {
            return Ok(rule);
        }
        Err(Rejection::RuleOfAnotherBody {
            rule: Cited::of(rule),
            of: rule.body.clone(),
            body: body.clone(),
        })
    }
}

/// Membership in both the residents' and the owners' committee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OverlapPolicy {
    /// One excludes the other.
    Forbid,
    /// Allowed where it is disclosed; who sits in both has no vote in one on what the other tabled.
    DiscloseAndRecuse,
    /// Allowed.
    Allow,
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BodyKind {
    /// 居民委员会.
    ResidentsCommittee,
    /// 居民会议.
    ResidentsMeeting,
    /// 居民代表会议.
    RepresentativesMeeting,
    /// 居务监督委员会.
    SupervisionCommittee,
    /// 党组织.
    PartyOrganisation,
    /// 小区党支部.
    CompoundPartyBranch,
    /// 业主委员会.
    OwnersCommittee,
    /// 业主大会.
    OwnersAssembly,
    /// 物业服务企业.
    PropertyCompany,
    /// 行政机关.
    AdministrativeOrgan,
    /// 社会组织.
    SocialOrganisation,
    /// 网格.
    Grid,
    /// 专家组.
    ExpertPanel,
    /// 居民选举委员会.
    ElectionCommittee,
    /// 居民小组.
    ResidentsGroup,
    /// 街道办事处.
    StreetOffice,
    /// A council elsewhere, which the Chinese statutes do not name.
    Council,
}

impl BodyKind {
    /// Whether those who decide in it are the residents, or who represents them.
    pub const fn is_of_residents(self) -> bool {
        matches!(self, Self::ResidentsMeeting | Self::RepresentativesMeeting)
    }
}

/// What a body or office may do in deliberation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Right {
    /// 议事.
    Deliberate,
    /// 建议.
    Suggest,
    /// 推荐.
    Recommend,
    /// 监督.
    Supervise,
    /// 召集; also chairs: opens and closes votes.
    Convene,
    /// 提案.
    Table,
    /// 表决. Says that a body decides by voting; who votes is on its roll, whatever rights are granted.
    Vote,
    /// 计票.
    Tell,
    /// 登记.
    Register,
    /// 处分.
    Discipline,
    /// 报告.
    Report,
}
