//! Charters ready for use, made of presets.

use super::{Preset, by_representatives, important_matter};
use crate::{
    charter::{
        ACTION_VALIDITY_MS_MAX_DEFAULT, Charter, DecisionRule, OverlapPolicy, StandingMeeting,
    },
    clocks::Clocks,
    filing::Filing,
    ids::{BodyId, InvalidId, RuleId},
    sanction::Discipline,
};

/// Within how many days an amended charter is filed: a default of this charter, as the law (组织法 31) names none.
const FILING_DAYS: u32 = 30;

/// The bodies of a residents' community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommunityBodies {
    /// 居民会议.
    pub residents_meeting: BodyId,
    /// 居民代表会议.
    pub representatives_meeting: BodyId,
    /// 居民委员会.
    pub residents_committee: BodyId,
    /// 居务监督委员会.
    pub supervision_committee: BodyId,
    /// 业主大会.
    pub owners_assembly: BodyId,
    /// 业主委员会.
    pub owners_committee: BodyId,
    /// 街道办事处.
    pub street_office: BodyId,
}

/// The first charter of a residents' community. Its rules are called after their presets; where
/// presets come in two variants, voters elect and recall. The three committees report on each year, and the
/// representatives meet in every half year.
///
/// Nobody sits in both the residents' and the owners' committee: local law differs, so a charter may choose otherwise.
pub fn community(title: &str, bodies: &CommunityBodies) -> Result<Charter, InvalidId> {
    let residents = &bodies.residents_meeting;
    let owners = &bodies.owners_assembly;
    let representatives = &bodies.representatives_meeting;
    let asked_for = |id, preset| -> Result<DecisionRule, InvalidId> {
        Ok(by_representatives(
            rule(id, preset, residents)?,
            representatives,
        ))
    };
    let meeting = asked_for("residents-meeting", Preset::ResidentsMeeting)?;
    let mut important = important_matter(&meeting, RuleId::new("important-matter")?, &[], 0);
    // Who watches over the committee, and who speaks for the owners: three days each.
    important.prerequisites.participants = vec![
        bodies.supervision_committee.clone(),
        bodies.owners_committee.clone(),
    ];
    important.prerequisites.participant_days_min = 3;
    let election = rule(
        "committee-election",
        Preset::CommitteeElectionByVoters,
        residents,
    )?;
    let mut amendment = asked_for("charter-amendment", Preset::CharterAmendment)?;
    amendment.filing = Some(Filing {
        with: bodies.street_office.clone(),
        days: FILING_DAYS,
    });
    let mut rules = vec![
        rule("owners-ordinary", Preset::OwnersOrdinary, owners)?,
        rule("owners-special", Preset::OwnersSpecial, owners)?,
        rule(
            "owners-committee-election",
            Preset::OwnersCommitteeElection,
            owners,
        )?,
        rule(
            "owners-committee-recall",
            Preset::OwnersCommitteeRecall,
            owners,
        )?,
        meeting,
        important,
        rule(
            "representatives-meeting",
            Preset::RepresentativesMeeting,
            representatives,
        )?,
        election,
        asked_for("committee-recall", Preset::CommitteeRecallByVoters)?,
        amendment,
    ];
    for (id, committee) in [
        ("committee-resolution", &bodies.residents_committee),
        ("supervision-resolution", &bodies.supervision_committee),
        ("owners-committee-resolution", &bodies.owners_committee),
    ] {
        rules.push(rule(id, Preset::CommitteeResolution, committee)?);
    }
    let reporting = [
        &bodies.residents_committee,
        &bodies.supervision_committee,
        &bodies.owners_committee,
    ];
    let reporting = reporting.map(Clone::clone).to_vec();
    let half_yearly = StandingMeeting {
        body: bodies.representatives_meeting.clone(),
        every_months: 6,
        citation: "城市居民委员会组织法（2025年修订）第28条".to_owned(),
    };
    Ok(Charter {
        standing_meetings: vec![half_yearly],
        ..first(title, rules, reporting)
    })
}

/// The first charter of a council: one rule, `council-ordinary`.
pub fn council(title: &str, council: &BodyId) -> Result<Charter, InvalidId> {
    let ordinary = rule("council-ordinary", Preset::CouncilOrdinary, council)?;
    Ok(first(title, vec![ordinary], Vec::new()))
}

fn rule(id: &str, preset: Preset, body: &BodyId) -> Result<DecisionRule, InvalidId> {
    Ok(preset.rule(RuleId::new(id)?, body.clone()))
}

fn first(title: &str, rules: Vec<DecisionRule>, reporting: Vec<BodyId>) -> Charter {
    Charter {
        version: 1,
        title: title.to_owned(),
        rules,
        overlap: OverlapPolicy::Forbid,
        action_validity_ms_max: ACTION_VALIDITY_MS_MAX_DEFAULT,
        clocks: Clocks::DEFAULT,
        reporting,
        discipline: Discipline::default(),
        standing_meetings: Vec::new(),
    }
}
