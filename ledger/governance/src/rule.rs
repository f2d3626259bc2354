//! What makes a decision rule sound.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    bounds::{CITATION_LEN_MAX, NAME_LEN_MAX, PARTICIPANTS_MAX},
    calendar::Lasting,
    charter::{
        ApprovalBase, BodyKind, Comparison, DecisionRule, EffectKind, Measure, MeasureKind,
        QuorumBase, Threshold,
    },
    ids::{BodyId, Millis},
    presets::{self, BelowLaw},
};

/// Most days a rule may ask for between two steps: a year.
pub const DAYS_MAX: u32 = 366;

/// Longest vote a rule may allow, in ms: a year, as the longest delay.
pub const VOTING_WINDOW_MS_MOST: u64 = 366 * Millis::DAY;

/// Most others one person may be allowed to vote for. The law names three (组织法 14–19).
pub const PROXIES_MAX: u32 = 20;

/// Most expert opinions a rule may ask for.
pub const EXPERT_OPINIONS_MAX: u32 = 20;

/// A decision rule that cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A text is missing or too long.
    #[error("{field} has {least} to {most} bytes, not {found}")]
    TextLength {
        /// Which.
        field: &'static str,
        /// In bytes.
        least: usize,
        /// In bytes.
        most: usize,
        /// In bytes.
        found: usize,
    },
    /// The ledger has no such body.
    #[error("body {body} does not exist")]
    UnknownBody {
        /// Which.
        body: BodyId,
    },
    /// Heads, or heads and area.
    #[error("measures are heads, or heads and then area")]
    Measures,
    /// Only an owners' assembly votes by what its members own.
    #[error("body {body} is no owners' assembly and does not vote by area")]
    AreaWithoutOwners {
        /// Which.
        body: BodyId,
    },
    /// A threshold that nothing reaches, or that nobody at all reaches.
    #[error("{field} can {always} be met")]
    Threshold {
        /// Which.
        field: &'static str,
        /// "never", or "always".
        always: &'static str,
    },
    /// The law asks for more.
    #[error(transparent)]
    BelowLaw(#[from] Box<BelowLaw>),
    /// Attendance is counted by heads.
    #[error("{field} counts those attending, which goes by heads alone, not by area")]
    AttendingByArea {
        /// Which.
        field: &'static str,
    },
    /// Too many days.
    #[error("{field} is at most {DAYS_MAX} days, not {found}")]
    Days {
        /// Which.
        field: &'static str,
        /// As given.
        found: u32,
    },
    /// The window is empty, too long, or its ends are exchanged.
    #[error(
        "the voting window lasts from {} to {}: the longest must be over 0 s, no less than the shortest and at most {}",
        Lasting(*min),
        Lasting(*max),
        Lasting(VOTING_WINDOW_MS_MOST)
    )]
    VotingWindow {
        /// Shortest, in ms.
        min: u64,
        /// Longest, in ms.
        max: u64,
    },
    /// A number is too large.
    #[error("{field} is at most {most}, not {found}")]
    TooMany {
        /// Which.
        field: &'static str,
        /// At most.
        most: u32,
        /// As given.
        found: u32,
    },
    /// A kind of body is to be heard twice.
    #[error("prerequisites name a kind of body twice")]
    StatementsFromRepeated,
    /// A body that is to be given the word is unknown, or named twice.
    #[error("body {body}, which is to be given the word, {why}")]
    Participant {
        /// Which.
        body: BodyId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Too many bodies are to be given the word.
    #[error("at most {PARTICIPANTS_MAX} bodies are to be given the word, not {found}")]
    ParticipantCount {
        /// As given.
        found: usize,
    },
    /// A petition beside the roll's own is of another body that exists.
    #[error("body {body}, whose petition counts too, {why}")]
    PetitionBeside {
        /// Which.
        body: BodyId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A body that is to table is unknown, or named twice.
    #[error("body {body}, which is to table, {why}")]
    TabledBy {
        /// Which.
        body: BodyId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// What is decided is filed with a street office or another organ of government, and not with who decides.
    #[error("body {body}, which it is filed with, {why}")]
    Filing {
        /// Which.
        body: BodyId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// There is time to file it, and not for ever.
    #[error("it is filed within 1 to {DAYS_MAX} days, not {found}")]
    FilingDays {
        /// As given.
        found: u32,
    },
    /// A kind of effect stands there twice.
    #[error("effects name a kind twice")]
    EffectsRepeated,
    /// Version 1 of the rules does not have it.
    #[error("{field} is not in this version of the rules")]
    NotInThisVersion {
        /// Which.
        field: &'static str,
    },
}

impl RuleError {
    /// The field that is wrong.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::UnknownBody { .. } => "body",
            Self::Measures | Self::AreaWithoutOwners { .. } => "measures",
            Self::BelowLaw(below) => below.field,
            Self::VotingWindow { .. } => "voting_window_ms_max",
            Self::StatementsFromRepeated => "prerequisites.statements_from",
            Self::Participant { .. } | Self::ParticipantCount { .. } => {
                "prerequisites.participants"
            }
            Self::PetitionBeside { .. } => "petition_beside",
            Self::TabledBy { .. } => "tabled_by",
            Self::Filing { .. } | Self::FilingDays { .. } => "filing",
            Self::EffectsRepeated => "effects",
            Self::TextLength { field, .. }
            | Self::Threshold { field, .. }
            | Self::AttendingByArea { field }
            | Self::Days { field, .. }
            | Self::TooMany { field, .. }
            | Self::NotInThisVersion { field } => field,
        }
    }
}

impl DecisionRule {
    /// Whether this can be a rule of a ledger with these bodies.
    pub fn validate(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), RuleError> {
        self.check_texts()?;
        self.check_measures(bodies)?;
        self.check_thresholds()?;
        self.check_times()?;
        self.check_prerequisites()?;
        self.check_participants(bodies)?;
        self.check_petition_beside(bodies)?;
        self.check_tabled_by(bodies)?;
        self.check_filing(bodies)?;
        at_most(
            "proxies_per_holder_max",
            PROXIES_MAX,
            self.proxies_per_holder_max,
        )?;
        let effects: BTreeSet<EffectKind> = self.effects.iter().copied().collect();
        if effects.len() != self.effects.len() {
            return Err(RuleError::EffectsRepeated);
        }
        presets::check_floors(self, bodies).map_err(RuleError::BelowLaw)
    }

    /// The rule of a run-off under this rule: the same with [`Self::run_off`] as the approval by every
    /// measure; `None` where there is none. A vote on a run-off pins it.
    pub fn for_run_off(&self) -> Option<Self> {
        let approval = self.run_off?;
        let measures = self.measures.iter();
        Some(Self {
            preset: format!("{}+run-off", self.preset),
            title: format!("{}·另行选举 (run-off)", self.title),
            measures: measures.map(|m| Measure { approval, ..*m }).collect(),
            ..self.clone()
        })
    }

    fn check_texts(&self) -> Result<(), RuleError> {
        text("preset", 0, NAME_LEN_MAX, &self.preset)?;
        text("title", 1, NAME_LEN_MAX, &self.title)?;
        text("citation", 1, CITATION_LEN_MAX, &self.citation)
    }

    fn check_measures(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), RuleError> {
        let Some(kind) = bodies.get(&self.body) else {
            return Err(RuleError::UnknownBody {
                body: self.body.clone(),
            });
        };
        let kinds: Vec<MeasureKind> = self.measures.iter().map(|m| m.kind).collect();
        let by_area = match kinds.as_slice() {
            [MeasureKind::Heads] => false,
            [MeasureKind::Heads, MeasureKind::Area] => true,
            _ => return Err(RuleError::Measures),
        };
        if by_area && *kind != BodyKind::OwnersAssembly {
            return Err(RuleError::AreaWithoutOwners {
                body: self.body.clone(),
            });
        }
        if by_area && self.quorum_base == QuorumBase::Attending {
            return Err(RuleError::AttendingByArea {
                field: "quorum_base",
            });
        }
        if by_area && self.approval_base == ApprovalBase::Attending {
            return Err(RuleError::AttendingByArea {
                field: "approval_base",
            });
        }
        Ok(())
    }

    fn check_thresholds(&self) -> Result<(), RuleError> {
        for measure in &self.measures {
            // A quorum of 0 is none: some bodies have no quorum.
            reachable("measures.quorum", measure.quorum)?;
            demanding("measures.approval", measure.approval)?;
        }
        self.petition.map_or(Ok(()), |t| demanding("petition", t))?;
        self.run_off.map_or(Ok(()), |t| demanding("run_off", t))
    }

    fn check_times(&self) -> Result<(), RuleError> {
        for (field, found) in [
            ("notice_days_min", self.notice_days_min),
            ("deliberation_days_min", self.deliberation_days_min),
            ("roll_posted_days_min", self.roll_posted_days_min),
            (
                "prerequisites.participant_days_min",
                self.prerequisites.participant_days_min,
            ),
        ] {
            if found > DAYS_MAX {
                return Err(RuleError::Days { field, found });
            }
        }
        let (min, max) = (self.voting_window_ms_min, self.voting_window_ms_max);
        if max == 0 || max < min || max > VOTING_WINDOW_MS_MOST {
            return Err(RuleError::VotingWindow { min, max });
        }
        Ok(())
    }

    fn check_prerequisites(&self) -> Result<(), RuleError> {
        let asked = &self.prerequisites;
        at_most(
            "prerequisites.expert_opinions_min",
            EXPERT_OPINIONS_MAX,
            asked.expert_opinions_min,
        )?;
        let kinds: BTreeSet<BodyKind> = asked.statements_from.iter().copied().collect();
        if kinds.len() != asked.statements_from.len() {
            return Err(RuleError::StatementsFromRepeated);
        }
        Ok(())
    }

    fn check_petition_beside(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), RuleError> {
        let Some(beside) = &self.petition_beside else {
            return Ok(());
        };
        let wrong = |why| RuleError::PetitionBeside {
            body: beside.body.clone(),
            why,
        };
        if !bodies.contains_key(&beside.body) {
            return Err(wrong("does not exist"));
        }
        if beside.body == self.body {
            return Err(wrong(
                "is the body that decides: its own petition says how many",
            ));
        }
        demanding("petition_beside.threshold", beside.threshold)
    }

    fn check_participants(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), RuleError> {
        let participants = &self.prerequisites.participants;
        if participants.len() > PARTICIPANTS_MAX {
            return Err(RuleError::ParticipantCount {
                found: participants.len(),
            });
        }
        known_once(participants, bodies).map_err(|(body, why)| RuleError::Participant { body, why })
    }

    fn check_tabled_by(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), RuleError> {
        let most = u32::try_from(PARTICIPANTS_MAX).unwrap_or(u32::MAX);
        let found = u32::try_from(self.tabled_by.len()).unwrap_or(u32::MAX);
        at_most("tabled_by", most, found)?;
        known_once(&self.tabled_by, bodies).map_err(|(body, why)| RuleError::TabledBy { body, why })
    }

    fn check_filing(&self, bodies: &BTreeMap<BodyId, BodyKind>) -> Result<(), RuleError> {
        let Some(filing) = &self.filing else {
            return Ok(());
        };
        let why = match bodies.get(&filing.with) {
            _ if filing.with == self.body => Some("is the body that decides"),
            None => Some("does not exist"),
            Some(BodyKind::StreetOffice | BodyKind::AdministrativeOrgan) => None,
            Some(_) => Some("is neither a street office nor another organ of government"),
        };
        if let Some(why) = why {
            let body = filing.with.clone();
            return Err(RuleError::Filing { body, why });
        }
        let found = filing.days;
        if (1..=DAYS_MAX).contains(&found) {
            return Ok(());
        }
        Err(RuleError::FilingDays { found })
    }
}

/// Each is one of the ledger's, and named once; or which is not, and what is wrong with it.
fn known_once(
    named: &[BodyId],
    bodies: &BTreeMap<BodyId, BodyKind>,
) -> Result<(), (BodyId, &'static str)> {
    let mut seen = BTreeSet::new();
    for body in named {
        if !bodies.contains_key(body) {
            return Err((body.clone(), "does not exist"));
        }
        if !seen.insert(body) {
            return Err((body.clone(), "is named twice"));
        }
    }
    Ok(())
}

fn text(field: &'static str, least: usize, most: usize, text: &str) -> Result<(), RuleError> {
    if (least..=most).contains(&text.len()) {
        return Ok(());
    }
    Err(RuleError::TextLength {
        field,
        least,
        most,
        found: text.len(),
    })
}

fn at_most(field: &'static str, most: u32, found: u32) -> Result<(), RuleError> {
    if found <= most {
        Ok(())
    } else {
        Err(RuleError::TooMany { field, most, found })
    }
}

/// More than the whole is never reached.
fn reachable(field: &'static str, threshold: Threshold) -> Result<(), RuleError> {
    let whole = threshold.fraction.numerator() == threshold.fraction.denominator();
    if whole && threshold.comparison == Comparison::MoreThan {
        return Err(RuleError::Threshold {
            field,
            always: "never",
        });
    }
    Ok(())
}

/// Nor may nobody at all be enough.
fn demanding(field: &'static str, threshold: Threshold) -> Result<(), RuleError> {
    if threshold.fraction.numerator() == 0 && threshold.comparison == Comparison::AtLeast {
        return Err(RuleError::Threshold {
            field,
            always: "always",
        });
    }
    reachable(field, threshold)
}
