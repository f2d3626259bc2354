//! What the statutes leave no charter (rules.md §4): a rule may ask for more than the law, never for less.
//!
//! The preset of a statute is its floor too, in what the statute says; what a preset adds as a charter default (windows,
//! who sees a ballot of owners, how many proxies an owner holds) binds nobody. Which floors a rule has follows from who
//! decides by it and what for, so that no rule gets beneath one by naming another law; and a rule that names a
//! statute's preset has that one's, whoever decides by it.
//!
//! | who decides | what for | floor |
//! |---|---|---|
//! | owners' assembly | anything | `owners-ordinary` (民法典 278) |
//! | | the matters of (六)–(八), as its preset or citation says | `owners-special` |
//! | | recalls | `owners-committee-recall` |
//! | residents, or their representatives | elections | `committee-election-by-…` (组织法 14–19) |
//! | | recalls | `committee-recall-by-…` (20) |
//! | | whatever else | `residents-meeting` (26–27), `representatives-meeting` (28–29) |
//! | anybody | an important matter, as its preset or citation says | the party's discussion, and those affected heard (30, 32) |
//!
//! Committees, and councils elsewhere, have none.

use std::collections::BTreeMap;

use super::{IMPORTANT_MATTER, IMPORTANT_MATTER_LAW, Preset};
use crate::{
    charter::{
        ApprovalBase, BallotVisibility, BodyKind, Comparison, DecisionRule, EffectKind, Measure,
        MeasureKind, PetitionBeside, QuorumBase, Threshold,
    },
    charter_diff::words::{Worded, said, same},
    explanation::Explanation,
    ids::BodyId,
};

/// What a rule says, and what the law says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {}, and the law asks for {} ({citation})", found.english, asked.english)]
pub struct BelowLaw {
    /// The field of the rule.
    pub field: &'static str,
    /// What the rule says.
    pub found: Explanation,
    /// What the law asks for.
    pub asked: Explanation,
    /// Which law, and its article.
    pub citation: &'static str,
}

/// Whether a rule reaches a floor; or where it does not.
type Checked = Result<(), Box<BelowLaw>>;

/// The rule, of a ledger with these bodies, asks for no less than the law does.
pub(crate) fn check(rule: &DecisionRule, bodies: &BTreeMap<BodyId, BodyKind>) -> Checked {
    for preset in floors_of(rule, bodies) {
        let floor = Floor {
            preset,
            law: preset.rule(rule.id.clone(), rule.body.clone()),
            rule,
            bodies,
        };
        floor.check()?;
    }
    check_important(rule)
}

/// By who decides and what for, and by what it says it is.
fn floors_of(rule: &DecisionRule, bodies: &BTreeMap<BodyId, BodyKind>) -> Vec<Preset> {
    let mut floors = match bodies.get(&rule.body) {
        Some(BodyKind::OwnersAssembly) => of_owners(rule),
        Some(BodyKind::ResidentsMeeting) => of_residents(
            rule,
            Preset::CommitteeElectionByVoters,
            Preset::CommitteeRecallByVoters,
            Preset::ResidentsMeeting,
        ),
        Some(BodyKind::RepresentativesMeeting) => of_residents(
            rule,
            Preset::CommitteeElectionByRepresentatives,
            Preset::CommitteeRecallByRepresentatives,
            Preset::RepresentativesMeeting,
        ),
        _ => Vec::new(),
    };
    let named = Preset::ALL.into_iter().find(|preset| preset.names(rule));
    let named = named.filter(|preset| preset.is_statutory() && !floors.contains(preset));
    floors.extend(named);
    floors
}

/// Owners decide everything by the ordinary numbers at least.
fn of_owners(rule: &DecisionRule) -> Vec<Preset> {
    let special = Preset::OwnersSpecial;
    let special = special.names(rule) || rule.citation.contains(special.citation());
    let mut floors = vec![if special {
        Preset::OwnersSpecial
    } else {
        Preset::OwnersOrdinary
    }];
    if rule.effects.contains(&EffectKind::Recall) {
        floors.push(Preset::OwnersCommitteeRecall);
    }
    floors
}

/// A rule for elections holds nothing else, and one whose only effect is recall decides nothing else
/// (`CONTEST_MISSING`, `RECALL_MISSING`); any other may decide whatever a meeting does.
fn of_residents(
    rule: &DecisionRule,
    election: Preset,
    recall: Preset,
    meeting: Preset,
) -> Vec<Preset> {
    if rule.more_candidates_than_seats {
        return vec![election];
    }
    if rule.recalls_alone() {
        return vec![recall];
    }
    if rule.effects.contains(&EffectKind::Recall) {
        return vec![recall, meeting];
    }
    vec![meeting]
}

impl Preset {
    /// Whether its numbers are a statute's: the rest are charter defaults.
    const fn is_statutory(self) -> bool {
        !matches!(
            self,
            Self::OwnersCommitteeElection
                | Self::CommitteeResolution
                | Self::CouncilOrdinary
                | Self::CharterAmendment
        )
    }

    /// Whether residents, or their representatives, vote on people by it: in secret and each for no more others than
    /// the law says (组织法 14–20).
    const fn is_about_people(self) -> bool {
        matches!(
            self,
            Self::CommitteeElectionByVoters
                | Self::CommitteeElectionByRepresentatives
                | Self::CommitteeRecallByVoters
                | Self::CommitteeRecallByRepresentatives
        )
    }

    /// Whether a rule says that it is made from this.
    fn names(self, rule: &DecisionRule) -> bool {
        rule.preset.split('+').next() == Some(self.code())
    }
}

/// A rule beside the law it has to reach.
struct Floor<'a> {
    preset: Preset,
    /// The preset's rule for the same body.
    law: DecisionRule,
    rule: &'a DecisionRule,
    bodies: &'a BTreeMap<BodyId, BodyKind>,
}

impl Floor<'_> {
    fn check(&self) -> Checked {
        self.check_measures()?;
        self.check_bases()?;
        self.check_days()?;
        self.check_candidates()?;
        self.check_run_off()?;
        self.check_ballots()?;
        self.check_petition()?;
        self.check_petition_beside()
    }

    fn below(&self, field: &'static str, found: Explanation, asked: Explanation) -> Checked {
        Err(Box::new(BelowLaw {
            field,
            found,
            asked,
            citation: self.preset.citation(),
        }))
    }

    /// Every measure of the law, each with a quorum and an approval as high.
    fn check_measures(&self) -> Checked {
        for law in &self.law.measures {
            let mut measures = self.rule.measures.iter();
            let Some(measure) = measures.find(|measure| measure.kind == law.kind) else {
                let found = counted(&self.rule.measures);
                return self.below("measures", found, counted(&self.law.measures));
            };
            self.check_no_weaker("measures.quorum", measure.quorum, law.quorum)?;
            self.check_no_weaker("measures.approval", measure.approval, law.approval)?;
        }
        Ok(())
    }

    fn check_no_weaker(&self, field: &'static str, found: Threshold, law: Threshold) -> Checked {
        if found.is_no_weaker_than(law) {
            return Ok(());
        }
        self.below(field, found.worded(), law.worded())
    }

    /// What the fractions are fractions of: those who vote are at the meeting too, and all who may vote are more than
    /// any of them. The law counts all, the recused among them.
    fn check_bases(&self) -> Checked {
        let (found, law) = (self.rule.quorum_base, self.law.quorum_base);
        if found != law && found != QuorumBase::Participating {
            return self.below("quorum_base", found.worded(), law.worded());
        }
        let (found, law) = (self.rule.approval_base, self.law.approval_base);
        if found != law && found != ApprovalBase::Eligible {
            return self.below("approval_base", found.worded(), law.worded());
        }
        let leave = self.rule.recused_leave_denominator;
        if leave && !self.law.recused_leave_denominator {
            let field = "recused_leave_denominator";
            return self.below(field, leave.worded(), false.worded());
        }
        Ok(())
    }

    fn check_days(&self) -> Checked {
        for (field, found, law) in [
            (
                "notice_days_min",
                self.rule.notice_days_min,
                self.law.notice_days_min,
            ),
            (
                "roll_posted_days_min",
                self.rule.roll_posted_days_min,
                self.law.roll_posted_days_min,
            ),
        ] {
            if found < law {
                return self.below(field, same(found), same(law));
            }
        }
        Ok(())
    }

    /// The law gives nominations to so many voters: fewer are not enough, and no more are needed.
    fn check_candidates(&self) -> Checked {
        if !self.law.more_candidates_than_seats {
            return Ok(());
        }
        if !self.rule.more_candidates_than_seats {
            let field = "more_candidates_than_seats";
            return self.below(field, false.worded(), true.worded());
        }
        let (found, law) = (self.rule.nominators_min, self.law.nominators_min);
        if found != law {
            return self.below("nominators_min", same(found), same(law));
        }
        Ok(())
    }

    /// A run-off decides: by the law's run-off, or where it has none, by its approval.
    fn check_run_off(&self) -> Checked {
        let Some(found) = self.rule.run_off else {
            return Ok(());
        };
        let approvals = self.law.measures.iter().map(|measure| measure.approval);
        let laws: Vec<Threshold> = match self.law.run_off {
            Some(law) => vec![law],
            None => approvals.collect(),
        };
        laws.into_iter()
            .try_for_each(|law| self.check_no_weaker("run_off", found, law))
    }

    fn check_ballots(&self) -> Checked {
        if !self.preset.is_about_people() {
            return Ok(());
        }
        let (found, law) = (self.rule.visibility, BallotVisibility::Secret);
        if found != law {
            return self.below("visibility", found.worded(), law.worded());
        }
        let (found, law) = (
            self.rule.proxies_per_holder_max,
            self.law.proxies_per_holder_max,
        );
        if found > law {
            return self.below("proxies_per_holder_max", same(found), or_fewer(&same(law)));
        }
        Ok(())
    }

    fn check_petition(&self) -> Checked {
        let Some(law) = self.law.petition else {
            return Ok(());
        };
        self.check_no_harder("petition", self.rule.petition, law)
    }

    /// So many suffice by the law, and none may be asked for more.
    fn check_no_harder(
        &self,
        field: &'static str,
        found: Option<Threshold>,
        law: Threshold,
    ) -> Checked {
        if found.is_some_and(|found| law.is_no_weaker_than(found)) {
            return Ok(());
        }
        let found = found.map_or_else(nothing, |found| found.worded());
        self.below(field, found, or_fewer(&law.worded()))
    }

    /// The other body whose petition the law lets count, where the ledger has it.
    fn check_petition_beside(&self) -> Checked {
        let Some((kind, law)) = self.preset.beside() else {
            return Ok(());
        };
        let is_it = |body: &BodyId| self.bodies.get(body) == Some(&kind);
        if !self.bodies.keys().any(is_it) {
            return Ok(());
        }
        let field = "petition_beside";
        let beside = self.rule.petition_beside.as_ref();
        let of_it = |beside: &&PetitionBeside| is_it(&beside.body);
        let Some(beside) = beside.filter(of_it) else {
            let found = beside.map_or_else(nothing, |beside| same(&beside.body));
            let (share, whose) = (law.worded(), kind.worded());
            let asked = said(
                &format!("{} of the {}", share.english, whose.english),
                &format!("{}的{}", whose.chinese, share.chinese),
            );
            return self.below(field, found, or_fewer(&asked));
        };
        self.check_no_harder("petition_beside.threshold", Some(beside.threshold), law)
    }
}

/// Whoever decides it: the party organisation discusses it first, and those whom it affects are heard, as the bodies
/// that speak for them or each by a consultation.
fn check_important(rule: &DecisionRule) -> Checked {
    let cites = |text: &str| rule.citation.contains(text);
    let by_article = cites("城市居民委员会组织法") && cites("第30条");
    if !by_article && !rule.preset.ends_with(IMPORTANT_MATTER) {
        return Ok(());
    }
    let asked = &rule.prerequisites;
    let below = |field, asked| {
        Box::new(BelowLaw {
            field,
            found: nothing(),
            asked,
            citation: IMPORTANT_MATTER_LAW,
        })
    };
    if !asked.party_discussion {
        let discussed = said(
            "the party organisation's prior discussion",
            "党组织先行讨论",
        );
        return Err(below("prerequisites.party_discussion", discussed));
    }
    if !asked.consultation && asked.statements_from.is_empty() {
        let heard = said(
            "a consultation, or statements of those whom it affects",
            "征求意见，或者听取受影响者的意见",
        );
        return Err(below("prerequisites.consultation", heard));
    }
    Ok(())
}

impl DecisionRule {
    /// Whether its decisions bring about recalls, and nothing else.
    pub(crate) fn recalls_alone(&self) -> bool {
        self.effects == [EffectKind::Recall]
    }
}

impl Threshold {
    /// Whether whatever meets this meets the other too.
    pub fn is_no_weaker_than(self, other: Self) -> bool {
        let across = |one: Self, two: Self| {
            u64::from(one.fraction.numerator()) * u64::from(two.fraction.denominator())
        };
        let (this, that) = (across(self, other), across(other, self));
        let excludes = self.comparison == Comparison::MoreThan;
        this > that || (this == that && (excludes || other.comparison == Comparison::AtLeast))
    }
}

fn counted(measures: &[Measure]) -> Explanation {
    let by_area = measures.iter().any(|m| m.kind == MeasureKind::Area);
    if by_area {
        said("heads and area", "人数和面积")
    } else {
        said("heads alone", "仅人数")
    }
}

fn nothing() -> Explanation {
    said("missing", "空")
}

fn or_fewer(what: &Explanation) -> Explanation {
    said(
        &format!("{} or fewer", what.english),
        &format!("{}或更少", what.chinese),
    )
}
