//! The one place votes are counted.
//!
//! **Taking part.** A voter takes part with an electronic ballot, a paper, or a mark for, against or
//! abstaining in a roll call. A spoiled paper takes part and abstains, and so does an empty set of
//! options. A ballot that does not fit the question (a stance in a contest, an option that is not
//! there, more options than seats) is refused before it gets here; should one come, it abstains.
//!
//! **Quorum.** By each measure, those who took part, or those attending ([`QuorumBase`]), are held
//! against the eligible. If any measure misses its quorum, the outcome is `NoQuorum`.
//!
//! **Approval.** By each measure, those in favour are held against the [`ApprovalBase`]: the
//! eligible, those who took part, those attending, or those for plus those against (in a contest:
//! those who chose at least one option). Every measure must be met: `Adopted`, else `Rejected`.
//! Nothing of nothing is never enough ([`Threshold::is_met`](crate::charter::Threshold::is_met)).
//!
//! **Contests.** An option stands if its votes meet the approval by every measure. Standing options
//! are ranked by heads and, where the rule measures area too, by area among equal heads. The first
//! ones fill the seats. Options equal in all of that are tied; where a tie reaches across the last
//! seat, none of the tied ones fills a seat, and a run-off is needed. All seats filled: `Adopted`;
//! some: `PartlyFilled`; none: `Rejected`.
//!
//! **Recusal.** Who is recused has no vote. Where the rule says so they no longer count as eligible,
//! nor as attending.
//!
//! **Assessments.** Residents' marks of an officer come to a [`Grade`].
//!
//! Everything here is a sum or a comparison, so the order of ballots makes no difference. Sums do
//! not overflow: they add up distinct voters of one roll, whose total was added up with overflow
//! checked, and [`Weight`]'s addition stops at the largest number in any other case.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::{
    action::{
        AssessmentLine, Choice, Contest, MeasureTally, MotionDecided, OptionTally, Outcome,
        PaperTotal, RollCallMark, Stance,
    },
    charter::{ApprovalBase, DecisionRule, Measure, MeasureKind, QuorumBase},
    ids::{MotionId, PersonId},
    roll::{Roll, Weight},
};

/// Who could have voted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Electorate {
    /// All who may vote.
    pub eligible: Weight,
    /// Those at the meeting; [`Weight::ZERO`] for a vote outside one.
    pub attending: Weight,
}

impl Electorate {
    /// Those of a roll, without the recused where the rule says so. `present`: who attends the
    /// meeting; nobody for a vote outside one. Who is not on the roll counts for nothing.
    pub fn new<'a>(
        rule: &DecisionRule,
        roll: &Roll,
        recused: &BTreeSet<PersonId>,
        present: impl IntoIterator<Item = &'a PersonId>,
    ) -> Self {
        let leaves = |voter: &PersonId| rule.recused_leave_denominator && recused.contains(voter);
        let left: Weight = recused
            .iter()
            .filter(|voter| leaves(voter))
            .filter_map(|voter| roll.weight_of(voter))
            .sum();
        // A set: who is listed as present twice attends once.
        let present: BTreeSet<&PersonId> = present.into_iter().collect();
        Self {
            eligible: roll.total().without(left),
            attending: present
                .into_iter()
                .filter(|voter| !leaves(voter))
                .filter_map(|voter| roll.weight_of(voter))
                .sum(),
        }
    }
}

/// Votes counted so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    question: Question,
    participating: Weight,
    abstaining: Weight,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Question {
    ForOrAgainst { in_favour: Weight, against: Weight },
    Contest { options: Vec<Weight>, seats: usize },
}

/// What a vote came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The outcome.
    pub outcome: Outcome,
    /// By each measure of the rule, in its order.
    pub measures: Vec<MeasureTally>,
    /// By option, in the contest's order; empty where there is no contest.
    pub options: Vec<OptionTally>,
}

impl Tally {
    /// The decision this tally makes of a motion voted on by `rule` of the charter with this version
    /// among `roll`.
    pub fn decided(
        self,
        motion: MotionId,
        rule: &DecisionRule,
        charter_version: u32,
        roll: &Roll,
    ) -> MotionDecided {
        MotionDecided {
            motion,
            outcome: self.outcome,
            measures: self.measures,
            options: self.options,
            rule: rule.id.clone(),
            charter_version,
            roll: roll.id().clone(),
            citation: rule.citation.clone(),
            effects: None,
            unopened: 0,
        }
    }
}

/// Counts a meeting's open vote by name. Absent and away do not attend the vote; not voting attends
/// and does not take part. Recused voters and people who are not on the roll have no vote.
pub fn roll_call(
    rule: &DecisionRule,
    roll: &Roll,
    lines: &[(PersonId, RollCallMark)],
    recused: &BTreeSet<PersonId>,
) -> Tally {
    let present = lines
        .iter()
        .filter(|(_, mark)| !matches!(mark, RollCallMark::Absent | RollCallMark::Away))
        .map(|(voter, _)| voter);
    let electorate = Electorate::new(rule, roll, recused, present);
    let mut count = Count::new(None);
    for (voter, mark) in lines.iter().filter(|(voter, _)| !recused.contains(voter)) {
        if let Some(weight) = roll.weight_of(voter) {
            count.mark(weight, *mark);
        }
    }
    count.tally(rule, electorate)
}

impl Count {
    /// Nothing counted yet. `None`: for or against.
    pub fn new(contest: Option<&Contest>) -> Self {
        let question = match contest {
            None => Question::ForOrAgainst {
                in_favour: Weight::ZERO,
                against: Weight::ZERO,
            },
            Some(contest) => Question::Contest {
                options: vec![Weight::ZERO; contest.options.len()],
                seats: usize::try_from(contest.seats).unwrap_or(usize::MAX),
            },
        };
        Self {
            question,
            participating: Weight::ZERO,
            abstaining: Weight::ZERO,
        }
    }

    /// One voter's ballot: their final one, in person or by proxy.
    pub fn ballot(&mut self, weight: Weight, choice: &Choice) {
        self.participating += weight;
        let chose = match (&mut self.question, choice) {
            (Question::ForOrAgainst { in_favour, .. }, Choice::Stance(Stance::For)) => {
                *in_favour += weight;
                true
            }
            (Question::ForOrAgainst { against, .. }, Choice::Stance(Stance::Against)) => {
                *against += weight;
                true
            }
            (Question::Contest { options, seats }, Choice::Options(chosen)) => {
                choose(options, *seats, chosen, weight)
            }
            _ => false,
        };
        if !chose {
            self.abstaining += weight;
        }
    }

    /// Papers that say the same.
    pub fn paper(&mut self, total: &PaperTotal) {
        let weight = Weight {
            heads: u64::from(total.heads),
            area: total.area,
        };
        self.ballot(weight, &total.choice);
    }

    /// Papers that say nothing valid.
    pub fn spoiled(&mut self, weight: Weight) {
        self.participating += weight;
        self.abstaining += weight;
    }

    /// One voter's mark in a roll call.
    pub fn mark(&mut self, weight: Weight, mark: RollCallMark) {
        let stance = match mark {
            RollCallMark::For => Stance::For,
            RollCallMark::Against => Stance::Against,
            RollCallMark::Abstain => Stance::Abstain,
            RollCallMark::Absent | RollCallMark::Away | RollCallMark::NotVoting => return,
        };
        self.ballot(weight, &Choice::Stance(stance));
    }

    /// Those who took part so far.
    pub const fn participating(&self) -> Weight {
        self.participating
    }

    /// What the votes come to by `rule`.
    pub fn tally(&self, rule: &DecisionRule, electorate: Electorate) -> Tally {
        let measures: Vec<MeasureTally> = rule
            .measures
            .iter()
            .map(|measure| self.by_measure(rule, measure, electorate))
            .collect();
        // A rule without measures decides nothing; a valid charter has none.
        let quorate = !measures.is_empty() && measures.iter().all(|m| m.quorum_met);
        let (outcome, options) = match &self.question {
            Question::ForOrAgainst { .. } => (if_approved(&measures), Vec::new()),
            Question::Contest { options, seats } => {
                let chosen = if quorate {
                    fill(options, *seats, &measures)
                } else {
                    BTreeSet::new()
                };
                (if_filled(chosen.len(), *seats), listed(options, &chosen))
            }
        };
        Tally {
            outcome: if quorate { outcome } else { Outcome::NoQuorum },
            measures,
            options,
        }
    }

    fn by_measure(
        &self,
        rule: &DecisionRule,
        measure: &Measure,
        electorate: Electorate,
    ) -> MeasureTally {
        let kind = measure.kind;
        let eligible = electorate.eligible.by(kind);
        let attending = electorate.attending.by(kind);
        let participating = self.participating.by(kind);
        let quorum_counted = match rule.quorum_base {
            QuorumBase::Participating => participating,
            QuorumBase::Attending => attending,
        };
        let approval_whole = match rule.approval_base {
            ApprovalBase::Eligible => eligible,
            ApprovalBase::Participating => participating,
            ApprovalBase::Attending => attending,
            // Who took part was for, against (or chose an option), or abstained.
            ApprovalBase::ForAndAgainst => self.participating.without(self.abstaining).by(kind),
        };
        let (in_favour, against, best) = match &self.question {
            Question::ForOrAgainst { in_favour, against } => {
                (in_favour.by(kind), against.by(kind), in_favour.by(kind))
            }
            Question::Contest { options, .. } => {
                let best = options.iter().map(|o| o.by(kind)).max();
                (0, 0, best.unwrap_or(0))
            }
        };
        MeasureTally {
            kind,
            eligible,
            attending,
            participating,
            in_favour,
            against,
            abstaining: self.abstaining.by(kind),
            quorum_counted,
            quorum: measure.quorum,
            quorum_met: measure.quorum.is_met(quorum_counted, eligible),
            approval_whole,
            approval: measure.approval,
            approval_met: measure.approval.is_met(best, approval_whole),
        }
    }
}

/// Counts a set of options, if it is one that may be chosen; whether anything was chosen.
fn choose(options: &mut [Weight], seats: usize, chosen: &[u32], weight: Weight) -> bool {
    let positions: Option<Vec<usize>> = chosen
        .iter()
        .map(|at| usize::try_from(*at).ok().filter(|at| *at < options.len()))
        .collect();
    let Some(positions) = positions else {
        return false;
    };
    let ascending = positions.is_sorted_by(|a, b| a < b);
    if positions.is_empty() || positions.len() > seats || !ascending {
        return false;
    }
    for at in positions {
        options[at] += weight;
    }
    true
}

fn if_approved(measures: &[MeasureTally]) -> Outcome {
    if measures.iter().all(|m| m.approval_met) {
        Outcome::Adopted
    } else {
        Outcome::Rejected
    }
}

fn if_filled(chosen: usize, seats: usize) -> Outcome {
    match chosen {
        0 => Outcome::Rejected,
        n if n == seats => Outcome::Adopted,
        _ => Outcome::PartlyFilled,
    }
}

/// The positions of the options that fill seats.
fn fill(options: &[Weight], seats: usize, measures: &[MeasureTally]) -> BTreeSet<usize> {
    let stands = |option: Weight| {
        let met = |m: &MeasureTally| m.approval.is_met(option.by(m.kind), m.approval_whole);
        measures.iter().all(met)
    };
    let by_area = measures.iter().any(|m| m.kind == MeasureKind::Area);
    let rank = |at: usize| {
        let option = options[at];
        Reverse((option.heads, if by_area { option.area } else { 0 }))
    };
    let mut standing: Vec<usize> = (0..options.len())
        .filter(|at| stands(options[*at]))
        .collect();
    standing.sort_by_key(|at| rank(*at));
    // The first option without a seat: whoever equals it has none either.
    let first_out = standing.get(seats).map(|at| rank(*at));
    standing
        .into_iter()
        .take(seats)
        .filter(|at| first_out != Some(rank(*at)))
        .collect()
}

fn listed(options: &[Weight], chosen: &BTreeSet<usize>) -> Vec<OptionTally> {
    let line = |(at, option): (usize, &Weight)| OptionTally {
        // A contest has at most 64 options.
        option: u32::try_from(at).unwrap_or(u32::MAX),
        heads: option.heads,
        area: option.area,
        chosen: chosen.contains(&at),
    };
    options.iter().enumerate().map(line).collect()
}

/// What residents think of an officer (城市居民委员会组织法 2025, 37).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// 称职.
    Competent,
    /// 基本称职.
    BasicallyCompetent,
    /// 不称职.
    Incompetent,
}

/// The grade that marks come to: incompetent where more than half say so; competent where more than half
/// say that; basically competent otherwise. `None`: nobody marked.
pub fn grade(line: &AssessmentLine) -> Option<Grade> {
    let count = |marks: u32| u64::from(marks);
    let all = count(line.competent) + count(line.basically_competent) + count(line.incompetent);
    if all == 0 {
        None
    } else if count(line.incompetent) * 2 > all {
        Some(Grade::Incompetent)
    } else if count(line.competent) * 2 > all {
        Some(Grade::Competent)
    } else {
        Some(Grade::BasicallyCompetent)
    }
}
