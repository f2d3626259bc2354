//! The decision rules that ship, as data, each with its source.
//!
//! Numbers of the law stand beside their article in [`Preset::rule`]. What the law leaves open is a
//! *charter default*, which a charter may choose otherwise:
//!
//! - voting windows ([`Preset::rule`] says which and why);
//! - owners may hold three proxies: the law lets an owner appoint an agent and gives no number, so
//!   the number is that of elections (组织法 14–19);
//! - recused members leave the denominator in committees, where one seat matters; a statute's
//!   fraction of all residents or owners stays one of all.
//!
//! Votes of owners, who are asked one by one over days, are hidden until the close, so that nobody votes by what
//! others have said; votes in a meeting are an open roll call; elections and recalls, theirs too, are secret, on paper
//! with attested totals (rules.md §4). A charter may choose otherwise where the law leaves it.
//!
//! [`important_matter`] makes a further rule of a rule. A run-off has no rule of its own: it is held under
//! that of its first ballot, changed by [`DecisionRule::for_run_off`].

pub mod charters;
mod floors;

pub use floors::BelowLaw;
pub(crate) use floors::check as check_floors;

use crate::{
    calendar::Date,
    charter::{
        ApprovalBase, BallotVisibility, BodyKind, Comparison, DecisionRule, EffectKind, Fraction,
        Measure, MeasureKind, PetitionBeside, Prerequisites, QuorumBase, Threshold,
    },
    ids::{BodyId, Millis, RuleId},
};

const HALF: Fraction = part(1, 2);
const TWO_THIRDS: Fraction = part(2, 3);

/// 过半数: half is not enough.
const MORE_THAN_HALF: Threshold = more_than(HALF);
/// 三分之二以上: two thirds are enough.
const AT_LEAST_TWO_THIRDS: Threshold = at_least(TWO_THIRDS);
/// 超过三分之二: two thirds are not enough.
const MORE_THAN_TWO_THIRDS: Threshold = more_than(TWO_THIRDS);
/// 四分之三以上.
const AT_LEAST_THREE_QUARTERS: Threshold = at_least(part(3, 4));
/// 三分之一以上.
const AT_LEAST_A_THIRD: Threshold = at_least(part(1, 3));
/// How many of a representatives' meeting are representatives, at least: four fifths (组织法 28).
pub const REPRESENTATIVES: Threshold = at_least(part(4, 5));
/// 五分之一以上, 百分之二十以上.
const AT_LEAST_A_FIFTH: Threshold = at_least(part(1, 5));
/// 十分之一以上.
const AT_LEAST_A_TENTH: Threshold = at_least(part(1, 10));

/// Evaluated while compiling: a pair that is no fraction does not compile.
const fn part(numerator: u32, denominator: u32) -> Fraction {
    match Fraction::new(numerator, denominator) {
        Ok(fraction) => fraction,
        Err(_) => panic!("a fraction between 0 and 1"),
    }
}

const fn at_least(fraction: Fraction) -> Threshold {
    Threshold {
        fraction,
        comparison: Comparison::AtLeast,
    }
}

const fn more_than(fraction: Fraction) -> Threshold {
    Threshold {
        fraction,
        comparison: Comparison::MoreThan,
    }
}

/// 2021-01-01, the 民法典 in force. Charter defaults carry it too: they rest on no statute of their
/// own, and it is the earliest day on which the law they fill in was in force.
fn civil_code_from() -> Date {
    Date::from_days(18_628)
}

/// 2026-01-01, the revision of 2025-10-28 of the 城市居民委员会组织法 in force.
fn residents_law_from() -> Date {
    Date::from_days(20_454)
}

/// A rule that ships.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preset {
    /// Owners decide an ordinary matter.
    OwnersOrdinary,
    /// Owners decide one of the matters that need three quarters.
    OwnersSpecial,
    /// The residents' meeting decides.
    ResidentsMeeting,
    /// The residents' representatives' meeting decides.
    RepresentativesMeeting,
    /// Voters or households elect the residents' committee.
    CommitteeElectionByVoters,
    /// Residents' representatives elect it.
    CommitteeElectionByRepresentatives,
    /// Voters or households recall a member of the residents' committee.
    CommitteeRecallByVoters,
    /// Residents' representatives recall one.
    CommitteeRecallByRepresentatives,
    /// Owners elect the owners' committee.
    OwnersCommitteeElection,
    /// Owners recall a member of the owners' committee.
    OwnersCommitteeRecall,
    /// A committee resolves.
    CommitteeResolution,
    /// A council elsewhere decides.
    CouncilOrdinary,
    /// The residents' meeting amends the charter.
    CharterAmendment,
}

impl Preset {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 13] = [
        Self::OwnersOrdinary,
        Self::OwnersSpecial,
        Self::ResidentsMeeting,
        Self::RepresentativesMeeting,
        Self::CommitteeElectionByVoters,
        Self::CommitteeElectionByRepresentatives,
        Self::CommitteeRecallByVoters,
        Self::CommitteeRecallByRepresentatives,
        Self::OwnersCommitteeElection,
        Self::OwnersCommitteeRecall,
        Self::CommitteeResolution,
        Self::CouncilOrdinary,
        Self::CharterAmendment,
    ];

    /// Its stable name, kept in [`DecisionRule::preset`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnersOrdinary => "owners-ordinary",
            Self::OwnersSpecial => "owners-special",
            Self::ResidentsMeeting => "residents-meeting",
            Self::RepresentativesMeeting => "representatives-meeting",
            Self::CommitteeElectionByVoters => "committee-election-by-voters",
            Self::CommitteeElectionByRepresentatives => "committee-election-by-representatives",
            Self::CommitteeRecallByVoters => "committee-recall-by-voters",
            Self::CommitteeRecallByRepresentatives => "committee-recall-by-representatives",
            Self::OwnersCommitteeElection => "owners-committee-election",
            Self::OwnersCommitteeRecall => "owners-committee-recall",
            Self::CommitteeResolution => "committee-resolution",
            Self::CouncilOrdinary => "council-ordinary",
            Self::CharterAmendment => "charter-amendment",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::OwnersOrdinary => "业主共同决定事项 (owners' decision, ordinary)",
            Self::OwnersSpecial => "业主共同决定特别事项 (owners' decision, special)",
            Self::ResidentsMeeting => "居民会议决定 (residents' meeting)",
            Self::RepresentativesMeeting => "居民代表会议决定 (representatives' meeting)",
            Self::CommitteeElectionByVoters => "居民委员会选举 (committee election, by voters)",
            Self::CommitteeElectionByRepresentatives => {
                "居民委员会选举·代表选举 (committee election, by representatives)"
            }
            Self::CommitteeRecallByVoters => "罢免居民委员会成员 (committee recall, by voters)",
            Self::CommitteeRecallByRepresentatives => {
                "罢免居民委员会成员·代表表决 (committee recall, by representatives)"
            }
            Self::OwnersCommitteeElection => "业主委员会选举 (owners' committee election)",
            Self::OwnersCommitteeRecall => "罢免业主委员会委员 (owners' committee recall)",
            Self::CommitteeResolution => "委员会决议 (committee resolution)",
            Self::CouncilOrdinary => "议会普通决议 (council resolution)",
            Self::CharterAmendment => "修改章程 (charter amendment)",
        }
    }

    const fn citation(self) -> &'static str {
        match self {
            Self::OwnersOrdinary => "民法典第278条第一款第（一）至（五）项、第（九）项，第二款",
            Self::OwnersSpecial => "民法典第278条第一款第（六）至（八）项，第二款",
            Self::ResidentsMeeting => "城市居民委员会组织法（2025年修订）第26–27条",
            Self::RepresentativesMeeting => "城市居民委员会组织法（2025年修订）第28–29条",
            Self::CommitteeElectionByVoters | Self::CommitteeElectionByRepresentatives => {
                "城市居民委员会组织法（2025年修订）第14–19条"
            }
            Self::CommitteeRecallByVoters | Self::CommitteeRecallByRepresentatives => {
                "城市居民委员会组织法（2025年修订）第20条"
            }
            Self::OwnersCommitteeElection => {
                "民法典第278条第一款第（三）项，第二款；无记名、差额为章程默认规则 / charter default"
            }
            Self::OwnersCommitteeRecall => "民法典第278条；杭州市物业管理条例第31条",
            Self::CommitteeResolution | Self::CouncilOrdinary => "章程默认规则 / charter default",
            Self::CharterAmendment => {
                "城市居民委员会组织法（2025年修订）第26–27条、第31条；三分之二为章程默认规则 / charter default"
            }
        }
    }

    /// What its decisions may bring about: recall is for those who elected and for nothing else, the
    /// charter changes by a rule of its own, and an election fills seats.
    const fn effects(self) -> &'static [EffectKind] {
        use EffectKind::{
            Appointment, CharterAmendment, PowerList, Recall, Replacement, RulesVersion, Sanction,
        };
        match self {
            Self::OwnersOrdinary
            | Self::OwnersSpecial
            | Self::ResidentsMeeting
            | Self::RepresentativesMeeting
            | Self::CommitteeResolution
            | Self::CouncilOrdinary => &[PowerList, Appointment, Sanction, Replacement],
            Self::CommitteeElectionByVoters
            | Self::CommitteeElectionByRepresentatives
            | Self::OwnersCommitteeElection => &[],
            Self::CommitteeRecallByVoters
            | Self::CommitteeRecallByRepresentatives
            | Self::OwnersCommitteeRecall => &[Recall],
            Self::CharterAmendment => &[CharterAmendment, RulesVersion],
        }
    }

    /// Which other body's petition the law lets count as much, and how many of it (组织法 20, 26).
    const fn beside(self) -> Option<(BodyKind, Threshold)> {
        match self {
            Self::ResidentsMeeting | Self::CommitteeRecallByVoters => {
                Some((BodyKind::RepresentativesMeeting, AT_LEAST_A_THIRD))
            }
            Self::CommitteeRecallByRepresentatives => {
                Some((BodyKind::ResidentsMeeting, AT_LEAST_A_TENTH))
            }
            _ => None,
        }
    }

    /// The rule, under this id in the charter, for this body.
    ///
    /// Voting windows are charter defaults. A meeting votes while it sits: up to a day, no minimum.
    /// Owners, who are asked one by one, have 7 to 60 days. An election or recall is held at a polling
    /// station and counted at once: an hour to three days. A committee may resolve by
    /// correspondence: up to 7 days.
    pub fn rule(self, id: RuleId, body: BodyId) -> DecisionRule {
        let base = self.in_a_meeting(id, body);
        match self {
            Self::OwnersOrdinary => owners(base, MORE_THAN_HALF),
            Self::OwnersSpecial => owners(base, AT_LEAST_THREE_QUARTERS),
            // An ordinary matter of theirs; that it is secret, and has more candidates than seats, is a charter default as
            // elections are. There is no run-off, since no seat is filled by less than 278 asks for.
            Self::OwnersCommitteeElection => DecisionRule {
                visibility: BallotVisibility::Secret,
                more_candidates_than_seats: true,
                ..owners(base, MORE_THAN_HALF)
            },
            Self::OwnersCommitteeRecall => DecisionRule {
                visibility: BallotVisibility::Secret,
                petition: Some(AT_LEAST_A_FIFTH),
                ..owners(base, MORE_THAN_HALF)
            },
            // 26–27: called by 1/10 of the adults or households (or 1/3 of the representatives, whose roll is
            // another body's: see `by_representatives`), 10 days' notice, more than half attend, more than half of
            // those agree.
            Self::ResidentsMeeting => DecisionRule {
                measures: heads(MORE_THAN_HALF, MORE_THAN_HALF),
                notice_days_min: 10,
                petition: Some(AT_LEAST_A_TENTH),
                ..base
            },
            // 28–29.
            Self::RepresentativesMeeting => DecisionRule {
                measures: heads(AT_LEAST_TWO_THIRDS, MORE_THAN_HALF),
                petition: Some(AT_LEAST_A_FIFTH),
                ..base
            },
            Self::CommitteeElectionByVoters => election(base, MORE_THAN_HALF, 3),
            // None vote by proxy where representatives elect.
            Self::CommitteeElectionByRepresentatives => election(base, MORE_THAN_TWO_THIRDS, 0),
            Self::CommitteeRecallByVoters => {
                recall(election(base, MORE_THAN_HALF, 3), AT_LEAST_A_TENTH)
            }
            Self::CommitteeRecallByRepresentatives => {
                recall(election(base, MORE_THAN_TWO_THIRDS, 0), AT_LEAST_A_THIRD)
            }
            Self::CommitteeResolution => DecisionRule {
                quorum_base: QuorumBase::Participating,
                approval_base: ApprovalBase::Participating,
                voting_window_ms_max: 7 * Millis::DAY,
                recused_leave_denominator: true,
                law_in_force_from: civil_code_from(),
                ..base
            },
            Self::CouncilOrdinary => DecisionRule {
                approval_base: ApprovalBase::ForAndAgainst,
                law_in_force_from: civil_code_from(),
                ..base
            },
            // As the residents' meeting, by two thirds of those attending.
            Self::CharterAmendment => DecisionRule {
                measures: heads(MORE_THAN_HALF, AT_LEAST_TWO_THIRDS),
                notice_days_min: 10,
                petition: Some(AT_LEAST_A_TENTH),
                ..base
            },
        }
    }

    /// What the presets have in common, for a body that decides in a meeting by open roll call.
    fn in_a_meeting(self, id: RuleId, body: BodyId) -> DecisionRule {
        DecisionRule {
            id,
            preset: self.code().to_owned(),
            title: self.title().to_owned(),
            body,
            measures: heads(MORE_THAN_HALF, MORE_THAN_HALF),
            quorum_base: QuorumBase::Attending,
            approval_base: ApprovalBase::Attending,
            notice_days_min: 0,
            deliberation_days_min: 0,
            voting_window_ms_min: 0,
            voting_window_ms_max: Millis::DAY,
            visibility: BallotVisibility::Open,
            proxies_per_holder_max: 0,
            recused_leave_denominator: false,
            prerequisites: Prerequisites::default(),
            petition: None,
            petition_beside: None,
            tabled_by: Vec::new(),
            filing: None,
            more_candidates_than_seats: false,
            run_off: None,
            roll_posted_days_min: 0,
            law_in_force_from: residents_law_from(),
            citation: self.citation().to_owned(),
            effects: self.effects().to_vec(),
            nominators_min: 0,
        }
    }
}

fn heads(quorum: Threshold, approval: Threshold) -> Vec<Measure> {
    vec![Measure {
        kind: MeasureKind::Heads,
        quorum,
        approval,
    }]
}

/// 278: two thirds of heads and of area take part; `approval` of the heads and of the area that take
/// part agree. Ballots are hidden until the close.
fn owners(base: DecisionRule, approval: Threshold) -> DecisionRule {
    let by = |kind| Measure {
        kind,
        quorum: AT_LEAST_TWO_THIRDS,
        approval,
    };
    DecisionRule {
        measures: vec![by(MeasureKind::Heads), by(MeasureKind::Area)],
        quorum_base: QuorumBase::Participating,
        approval_base: ApprovalBase::Participating,
        voting_window_ms_min: 7 * Millis::DAY,
        voting_window_ms_max: 60 * Millis::DAY,
        visibility: BallotVisibility::HiddenUntilClose,
        proxies_per_holder_max: 3,
        law_in_force_from: civil_code_from(),
        ..base
    }
}

/// 14–19: the roll is posted 20 days before, more candidates than seats, more than half of those who
/// take part; in a run-off a third of the votes cast.
fn election(base: DecisionRule, quorum: Threshold, proxies: u32) -> DecisionRule {
    DecisionRule {
        measures: heads(quorum, MORE_THAN_HALF),
        quorum_base: QuorumBase::Participating,
        approval_base: ApprovalBase::Participating,
        voting_window_ms_min: Millis::HOUR,
        voting_window_ms_max: 3 * Millis::DAY,
        visibility: BallotVisibility::Secret,
        proxies_per_holder_max: proxies,
        more_candidates_than_seats: true,
        nominators_min: 10,
        run_off: Some(AT_LEAST_A_THIRD),
        roll_posted_days_min: 20,
        ..base
    }
}

/// 20: in the manner of the election, for or against.
fn recall(election: DecisionRule, petition: Threshold) -> DecisionRule {
    DecisionRule {
        petition: Some(petition),
        more_candidates_than_seats: false,
        nominators_min: 0,
        run_off: None,
        ..election
    }
}

/// The same rule of the residents, by which a third of the representatives may ask too (组织法 20, 26).
pub fn by_representatives(rule: DecisionRule, representatives: &BodyId) -> DecisionRule {
    beside(rule, representatives, AT_LEAST_A_THIRD)
}

/// The same rule of the representatives, by which a tenth of the voters may ask too (组织法 20).
pub fn by_voters(rule: DecisionRule, residents: &BodyId) -> DecisionRule {
    beside(rule, residents, AT_LEAST_A_TENTH)
}

fn beside(rule: DecisionRule, body: &BodyId, threshold: Threshold) -> DecisionRule {
    DecisionRule {
        petition_beside: Some(PetitionBeside {
            body: body.clone(),
            threshold,
        }),
        ..rule
    }
}

/// What the preset of an important matter adds to its base's name.
const IMPORTANT_MATTER: &str = "+important-matter";

const IMPORTANT_MATTER_LAW: &str = "城市居民委员会组织法（2025年修订）第30条、第32条";

/// An important matter under `base`: decided by the body's own rule, after the party organisation has
/// discussed it, those affected have been heard (by a consultation, and the bodies that speak for them), and
/// experts have given as many opinions as the charter asks for (组织法 30, 32).
pub fn important_matter(
    base: &DecisionRule,
    id: RuleId,
    affected: &[BodyKind],
    expert_opinions_min: u32,
) -> DecisionRule {
    DecisionRule {
        id,
        preset: format!("{}{IMPORTANT_MATTER}", base.preset),
        title: format!("重大事项·{}", base.title),
        prerequisites: Prerequisites {
            statements_from: affected.to_vec(),
            expert_opinions_min,
            party_discussion: true,
            consultation: true,
            ..base.prerequisites.clone()
        },
        law_in_force_from: base.law_in_force_from.max(residents_law_from()),
        citation: format!("{}；{IMPORTANT_MATTER_LAW}", base.citation),
        ..base.clone()
    }
}
