//! Words the tests share.

use std::collections::BTreeSet;

use governance::{
    action::{Choice, Contest, ContestOption, RollLine, RollPart, RollPublished, Stance},
    charter::{BodyKind, Comparison, DecisionRule, Fraction, MeasureKind, Threshold},
    ids::{BodyId, Millis, PersonId, RollId, RuleId},
    presets::Preset,
    roll::{Roll, RollDraft, Weight, digest},
    tally::{Count, Electorate, Tally},
};

pub(crate) const FOR: Choice = Choice::Stance(Stance::For);
pub(crate) const AGAINST: Choice = Choice::Stance(Stance::Against);
pub(crate) const ABSTAIN: Choice = Choice::Stance(Stance::Abstain);

pub(crate) fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

pub(crate) fn body(id: &str) -> BodyId {
    BodyId::new(id).unwrap()
}

pub(crate) fn people(ids: &[&str]) -> BTreeSet<PersonId> {
    ids.iter().map(|id| person(id)).collect()
}

pub(crate) fn preset(preset: Preset) -> DecisionRule {
    preset.rule(RuleId::new("rule").unwrap(), body("assembly"))
}

/// The kind of body a preset is for.
pub(crate) const fn kind_of(preset: Preset) -> BodyKind {
    match preset {
        Preset::OwnersOrdinary
        | Preset::OwnersSpecial
        | Preset::OwnersCommitteeElection
        | Preset::OwnersCommitteeRecall => BodyKind::OwnersAssembly,
        Preset::ResidentsMeeting
        | Preset::CommitteeElectionByVoters
        | Preset::CommitteeRecallByVoters
        | Preset::CharterAmendment => BodyKind::ResidentsMeeting,
        Preset::RepresentativesMeeting
        | Preset::CommitteeElectionByRepresentatives
        | Preset::CommitteeRecallByRepresentatives => BodyKind::RepresentativesMeeting,
        Preset::CommitteeResolution => BodyKind::ResidentsCommittee,
        Preset::CouncilOrdinary => BodyKind::Council,
    }
}

pub(crate) fn at_least(numerator: u32, denominator: u32) -> Threshold {
    Threshold {
        fraction: Fraction::new(numerator, denominator).unwrap(),
        comparison: Comparison::AtLeast,
    }
}

pub(crate) fn more_than(numerator: u32, denominator: u32) -> Threshold {
    Threshold {
        comparison: Comparison::MoreThan,
        ..at_least(numerator, denominator)
    }
}

/// A rule by heads with these thresholds, of those taking part.
pub(crate) fn by_heads(quorum: Threshold, approval: Threshold) -> DecisionRule {
    let mut rule = preset(Preset::CommitteeResolution);
    rule.measures[0].quorum = quorum;
    rule.measures[0].approval = approval;
    rule
}

/// So many heads with this area together, in 0.01 m².
pub(crate) fn weight(heads: u64, area: u64) -> Weight {
    Weight { heads, area }
}

/// An electorate outside a meeting.
pub(crate) fn eligible(heads: u64, area: u64) -> Electorate {
    Electorate {
        eligible: weight(heads, area),
        attending: Weight::ZERO,
    }
}

/// What groups of voters, each of one mind, come to.
pub(crate) fn vote(
    rule: &DecisionRule,
    electorate: Electorate,
    groups: &[(Weight, &Choice)],
) -> Tally {
    let mut count = Count::new(None);
    for (weight, choice) in groups {
        count.ballot(*weight, choice);
    }
    count.tally(rule, electorate)
}

/// A contest of options A, B, C … for so many seats.
pub(crate) fn contest(options: usize, seats: u32) -> Contest {
    let option = |at| ContestOption {
        label: char::from(b'A' + u8::try_from(at).unwrap()).to_string(),
        candidate: None,
    };
    Contest {
        options: (0..options).map(option).collect(),
        seats,
        position: "member".to_owned(),
    }
}

/// Heads only: a line without area or unit.
pub(crate) fn head(voter: &str) -> RollLine {
    RollLine {
        voter: person(voter),
        area: 0,
        unit: None,
        co_owners: Vec::new(),
    }
}

/// One unit of one owner.
pub(crate) fn unit(voter: &str, unit: &str, area: u64) -> RollLine {
    RollLine {
        area,
        unit: Some(unit.parse().unwrap()),
        ..head(voter)
    }
}

pub(crate) fn roll_part(part: u32, lines: Vec<RollLine>) -> RollPart {
    RollPart {
        roll: RollId::new("roll-1").unwrap(),
        body: body("assembly"),
        part,
        lines,
    }
}

/// What would publish these lines, in so many parts.
pub(crate) fn publication(parts: u32, lines: &[RollLine]) -> RollPublished {
    let voters: BTreeSet<&PersonId> = lines.iter().map(|l| &l.voter).collect();
    RollPublished {
        roll: RollId::new("roll-1").unwrap(),
        body: body("assembly"),
        as_of: "2026-03-01".parse().unwrap(),
        parts,
        members: u32::try_from(voters.len()).unwrap(),
        total_area: lines.iter().map(|l| l.area).sum(),
        digest: digest(lines),
    }
}

/// A published roll of these lines.
pub(crate) fn roll(lines: Vec<RollLine>) -> Roll {
    let published = publication(1, &lines);
    let mut draft = RollDraft::new(body("assembly"));
    draft.add_part(&roll_part(0, lines)).unwrap();
    draft.publish(&published, 7, Millis(1_000)).unwrap()
}

pub(crate) fn heads_and_area(tally: &Tally) -> (bool, bool) {
    let by = |kind| {
        let mut of_kind = tally.measures.iter().filter(|m| m.kind == kind);
        of_kind.all(|m| m.approval_met)
    };
    (by(MeasureKind::Heads), by(MeasureKind::Area))
}
