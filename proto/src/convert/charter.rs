//! The charter and its rules.

use governance::{
    charter::{
        ApprovalBase, BallotVisibility, BodyKind, Charter, Comparison, DecisionRule, Fraction,
        Measure, MeasureKind, OverlapPolicy, PetitionBeside, Prerequisites, QuorumBase, Right,
        StandingMeeting, Threshold,
    },
    clocks::{Clocks, MonthDay},
    filing::Filing,
};

use super::common::{
    date, enumeration, id, ids, list, number, required, to_texts, to_wire, wire_enum,
};
use super::discipline::{discipline, to_discipline};
use crate::{
    limits::{
        BODY_KINDS_MAX, CITATION_LEN_MAX, EFFECT_KINDS_MAX, MEASURES_MAX, NAME_LEN_MAX,
        PARTICIPANTS_MAX, REPORTING_MAX, RULES_MAX, STANDING_MAX,
    },
    malformed::{InvalidField, Malformed, MalformedReason, Within},
    text, v1,
};

wire_enum!(Comparison, Comparison { AtLeast, MoreThan });
wire_enum!(
    BodyKind,
    BodyKind {
        ResidentsCommittee,
        ResidentsMeeting,
        RepresentativesMeeting,
        SupervisionCommittee,
        PartyOrganisation,
        CompoundPartyBranch,
        OwnersCommittee,
        OwnersAssembly,
        PropertyCompany,
        AdministrativeOrgan,
        SocialOrganisation,
        Grid,
        ExpertPanel,
        ElectionCommittee,
        ResidentsGroup,
        StreetOffice,
        Council,
    }
);
wire_enum!(
    Right,
    Right {
        Deliberate,
        Suggest,
        Recommend,
        Supervise,
        Convene,
        Table,
        Vote,
        Tell,
        Register,
        Discipline,
        Report,
    }
);
wire_enum!(
    OverlapPolicy,
    OverlapPolicy {
        Forbid,
        DiscloseAndRecuse,
        Allow,
    }
);
wire_enum!(MeasureKind, MeasureKind { Heads, Area });
wire_enum!(
    ApprovalBase,
    ApprovalBase {
        Eligible,
        Participating,
        Attending,
        ForAndAgainst,
    }
);
wire_enum!(
    QuorumBase,
    QuorumBase {
        Participating,
        Attending,
    }
);
wire_enum!(
    BallotVisibility,
    BallotVisibility {
        Open,
        HiddenUntilClose,
        Secret,
    }
);

impl TryFrom<v1::Fraction> for Fraction {
    type Error = Malformed;

    fn try_from(wire: v1::Fraction) -> Result<Self, Malformed> {
        Ok(Self::new(wire.numerator, wire.denominator)?)
    }
}

impl From<&Fraction> for v1::Fraction {
    fn from(fraction: &Fraction) -> Self {
        Self {
            numerator: fraction.numerator(),
            denominator: fraction.denominator(),
        }
    }
}

impl TryFrom<v1::Threshold> for Threshold {
    type Error = Malformed;

    fn try_from(wire: v1::Threshold) -> Result<Self, Malformed> {
        Ok(Self {
            fraction: required(wire.fraction)
                .and_then(Fraction::try_from)
                .within("fraction")?,
            comparison: enumeration(wire.comparison).within("comparison")?,
        })
    }
}

impl From<&Threshold> for v1::Threshold {
    fn from(threshold: &Threshold) -> Self {
        Self {
            fraction: Some((&threshold.fraction).into()),
            comparison: number(threshold.comparison),
        }
    }
}

pub(super) fn threshold(wire: Option<v1::Threshold>) -> Result<Threshold, Malformed> {
    required(wire).and_then(Threshold::try_from)
}

impl TryFrom<v1::Measure> for Measure {
    type Error = Malformed;

    fn try_from(wire: v1::Measure) -> Result<Self, Malformed> {
        Ok(Self {
            kind: enumeration(wire.kind).within("kind")?,
            quorum: threshold(wire.quorum).within("quorum")?,
            approval: threshold(wire.approval).within("approval")?,
        })
    }
}

impl From<&Measure> for v1::Measure {
    fn from(measure: &Measure) -> Self {
        Self {
            kind: number(measure.kind),
            quorum: Some((&measure.quorum).into()),
            approval: Some((&measure.approval).into()),
        }
    }
}

impl TryFrom<v1::Prerequisites> for Prerequisites {
    type Error = Malformed;

    fn try_from(wire: v1::Prerequisites) -> Result<Self, Malformed> {
        if wire == v1::Prerequisites::default() {
            return Err(InvalidField::Empty.into());
        }
        Ok(Self {
            statements_from: list(wire.statements_from, BODY_KINDS_MAX, enumeration)
                .within("statements_from")?,
            expert_opinions_min: wire.expert_opinions_min,
            party_discussion: wire.party_discussion,
            consultation: wire.consultation,
            participants: ids(wire.participants, PARTICIPANTS_MAX).within("participants")?,
            participant_days_min: wire.participant_days_min,
        })
    }
}

impl From<&Prerequisites> for v1::Prerequisites {
    fn from(prerequisites: &Prerequisites) -> Self {
        let kinds = &prerequisites.statements_from;
        Self {
            statements_from: kinds.iter().copied().map(number).collect(),
            expert_opinions_min: prerequisites.expert_opinions_min,
            party_discussion: prerequisites.party_discussion,
            consultation: prerequisites.consultation,
            participants: to_texts(&prerequisites.participants),
            participant_days_min: prerequisites.participant_days_min,
        }
    }
}

impl TryFrom<v1::PetitionBeside> for PetitionBeside {
    type Error = Malformed;

    fn try_from(wire: v1::PetitionBeside) -> Result<Self, Malformed> {
        Ok(Self {
            body: id(&wire.body).within("body")?,
            threshold: required(wire.threshold)
                .and_then(Threshold::try_from)
                .within("threshold")?,
        })
    }
}

impl From<&PetitionBeside> for v1::PetitionBeside {
    fn from(beside: &PetitionBeside) -> Self {
        Self {
            body: beside.body.to_string(),
            threshold: Some((&beside.threshold).into()),
        }
    }
}

impl TryFrom<v1::FilingRule> for Filing {
    type Error = Malformed;

    fn try_from(wire: v1::FilingRule) -> Result<Self, Malformed> {
        Ok(Self {
            with: id(&wire.with).within("with")?,
            days: wire.days,
        })
    }
}

impl From<&Filing> for v1::FilingRule {
    fn from(filing: &Filing) -> Self {
        Self {
            with: filing.with.to_string(),
            days: filing.days,
        }
    }
}

impl TryFrom<v1::DecisionRule> for DecisionRule {
    type Error = Malformed;

    fn try_from(wire: v1::DecisionRule) -> Result<Self, Malformed> {
        Ok(Self {
            id: id(&wire.id).within("id")?,
            preset: text::optional(wire.preset, NAME_LEN_MAX).within("preset")?,
            title: text::required(wire.title, NAME_LEN_MAX).within("title")?,
            body: id(&wire.body).within("body")?,
            measures: list(wire.measures, MEASURES_MAX, Measure::try_from).within("measures")?,
            quorum_base: enumeration(wire.quorum_base).within("quorum_base")?,
            approval_base: enumeration(wire.approval_base).within("approval_base")?,
            notice_days_min: wire.notice_days_min,
            deliberation_days_min: wire.deliberation_days_min,
            voting_window_ms_min: wire.voting_window_ms_min,
            voting_window_ms_max: wire.voting_window_ms_max,
            visibility: enumeration(wire.visibility).within("visibility")?,
            proxies_per_holder_max: wire.proxies_per_holder_max,
            recused_leave_denominator: wire.recused_leave_denominator,
            prerequisites: wire
                .prerequisites
                .map_or_else(|| Ok(Prerequisites::default()), Prerequisites::try_from)
                .within("prerequisites")?,
            petition: wire
                .petition
                .map(Threshold::try_from)
                .transpose()
                .within("petition")?,
            more_candidates_than_seats: wire.more_candidates_than_seats,
            run_off: wire
                .run_off
                .map(Threshold::try_from)
                .transpose()
                .within("run_off")?,
            roll_posted_days_min: wire.roll_posted_days_min,
            law_in_force_from: date(&wire.law_in_force_from).within("law_in_force_from")?,
            citation: text::optional(wire.citation, CITATION_LEN_MAX).within("citation")?,
            effects: list(wire.effects, EFFECT_KINDS_MAX, enumeration).within("effects")?,
            nominators_min: wire.nominators_min,
            petition_beside: wire
                .petition_beside
                .map(PetitionBeside::try_from)
                .transpose()
                .within("petition_beside")?,
            tabled_by: ids(wire.tabled_by, PARTICIPANTS_MAX).within("tabled_by")?,
            filing: wire
                .filing
                .map(Filing::try_from)
                .transpose()
                .within("filing")?,
        })
    }
}

impl From<&DecisionRule> for v1::DecisionRule {
    fn from(rule: &DecisionRule) -> Self {
        let none = Prerequisites::default();
        Self {
            id: rule.id.to_string(),
            preset: rule.preset.clone(),
            title: rule.title.clone(),
            body: rule.body.to_string(),
            measures: to_wire(&rule.measures),
            quorum_base: number(rule.quorum_base),
            approval_base: number(rule.approval_base),
            notice_days_min: rule.notice_days_min,
            deliberation_days_min: rule.deliberation_days_min,
            voting_window_ms_min: rule.voting_window_ms_min,
            voting_window_ms_max: rule.voting_window_ms_max,
            visibility: number(rule.visibility),
            proxies_per_holder_max: rule.proxies_per_holder_max,
            recused_leave_denominator: rule.recused_leave_denominator,
            prerequisites: (rule.prerequisites != none).then(|| (&rule.prerequisites).into()),
            petition: rule.petition.as_ref().map(Into::into),
            more_candidates_than_seats: rule.more_candidates_than_seats,
            run_off: rule.run_off.as_ref().map(Into::into),
            roll_posted_days_min: rule.roll_posted_days_min,
            law_in_force_from: rule.law_in_force_from.to_string(),
            citation: rule.citation.clone(),
            effects: rule.effects.iter().copied().map(number).collect(),
            nominators_min: rule.nominators_min,
            petition_beside: rule.petition_beside.as_ref().map(Into::into),
            tabled_by: to_texts(&rule.tabled_by),
            filing: rule.filing.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<v1::Clocks> for Clocks {
    type Error = Malformed;

    fn try_from(wire: v1::Clocks) -> Result<Self, Malformed> {
        Ok(Self {
            report_due: month_day(&wire.report_due).within("report_due")?,
            issue_acceptance_days: wire.issue_acceptance_days,
            issue_answer_days: wire.issue_answer_days,
            issue_extension_days: wire.issue_extension_days,
            issue_review_days: wire.issue_review_days,
            head_audit_days: wire.head_audit_days,
        })
    }
}

impl From<&Clocks> for v1::Clocks {
    fn from(clocks: &Clocks) -> Self {
        Self {
            report_due: clocks.report_due.to_string(),
            issue_acceptance_days: clocks.issue_acceptance_days,
            issue_answer_days: clocks.issue_answer_days,
            issue_extension_days: clocks.issue_extension_days,
            issue_review_days: clocks.issue_review_days,
            head_audit_days: clocks.head_audit_days,
        }
    }
}

fn month_day(text: &str) -> Result<MonthDay, Malformed> {
    if text.is_empty() {
        return Err(MalformedReason::FieldMissing.into());
    }
    Ok(text.parse::<MonthDay>()?)
}

impl TryFrom<v1::StandingMeeting> for StandingMeeting {
    type Error = Malformed;

    fn try_from(wire: v1::StandingMeeting) -> Result<Self, Malformed> {
        Ok(Self {
            body: id(&wire.body).within("body")?,
            every_months: wire.every_months,
            citation: text::optional(wire.citation, CITATION_LEN_MAX).within("citation")?,
        })
    }
}

impl From<&StandingMeeting> for v1::StandingMeeting {
    fn from(standing: &StandingMeeting) -> Self {
        Self {
            body: standing.body.to_string(),
            every_months: standing.every_months,
            citation: standing.citation.clone(),
        }
    }
}

impl TryFrom<v1::Charter> for Charter {
    type Error = Malformed;

    fn try_from(wire: v1::Charter) -> Result<Self, Malformed> {
        Ok(Self {
            version: wire.version,
            title: text::required(wire.title, NAME_LEN_MAX).within("title")?,
            rules: list(wire.rules, RULES_MAX, DecisionRule::try_from).within("rules")?,
            overlap: enumeration(wire.overlap).within("overlap")?,
            action_validity_ms_max: wire.action_validity_ms_max,
            clocks: required(wire.clocks)
                .and_then(Clocks::try_from)
                .within("clocks")?,
            reporting: ids(wire.reporting, REPORTING_MAX).within("reporting")?,
            discipline: discipline(wire.discipline).within("discipline")?,
            standing_meetings: list(
                wire.standing_meetings,
                STANDING_MAX,
                StandingMeeting::try_from,
            )
            .within("standing_meetings")?,
        })
    }
}

impl From<&Charter> for v1::Charter {
    fn from(charter: &Charter) -> Self {
        Self {
            version: charter.version,
            title: charter.title.clone(),
            rules: to_wire(&charter.rules),
            overlap: number(charter.overlap),
            action_validity_ms_max: charter.action_validity_ms_max,
            clocks: Some((&charter.clocks).into()),
            reporting: to_texts(&charter.reporting),
            discipline: to_discipline(&charter.discipline),
            standing_meetings: to_wire(&charter.standing_meetings),
        }
    }
}
