//! Motions, statements, expert opinions, and how a vote begins and ends.

use governance::{
    action::{
        Content, Contest, ContestOption, DeliberationAction, MotionTabled, MotionText,
        StatementKind,
    },
    ids::Millis,
};

use super::common::{
    enumeration, id, ids, leaf, list, number, optional, optional_id, required, to_texts, to_wire,
    wire_enum,
};
use super::effects::effects;
use crate::{
    limits::{
        CITATION_LEN_MAX, LINES_MAX, NAME_LEN_MAX, OPTIONS_MAX, PARAGRAPHS_LEN_MAX, PARAGRAPHS_MAX,
        PARTICIPANTS_MAX, TITLE_LEN_MAX,
    },
    malformed::{Malformed, MalformedReason, Within},
    text,
    v1::{self, action::Payload},
};

wire_enum!(
    StatementKind,
    StatementKind {
        Deliberation,
        Suggestion,
        Recommendation,
        Supervision,
    }
);

impl TryFrom<v1::MotionText> for MotionText {
    type Error = Malformed;

    fn try_from(wire: v1::MotionText) -> Result<Self, Malformed> {
        Ok(Self {
            title: text::required(wire.title, TITLE_LEN_MAX).within("title")?,
            paragraphs: paragraphs(wire.paragraphs).within("paragraphs")?,
        })
    }
}

fn paragraphs(wire: Vec<String>) -> Result<Vec<String>, Malformed> {
    let found = wire.iter().map(String::len).sum();
    if found > PARAGRAPHS_LEN_MAX {
        return Err(MalformedReason::TooLarge {
            found,
            max: PARAGRAPHS_LEN_MAX,
            unit: "bytes",
        }
        .into());
    }
    list(wire, PARAGRAPHS_MAX, |paragraph| {
        text::required(paragraph, PARAGRAPHS_LEN_MAX)
    })
}

impl From<&MotionText> for v1::MotionText {
    fn from(text: &MotionText) -> Self {
        Self {
            title: text.title.clone(),
            paragraphs: text.paragraphs.clone(),
        }
    }
}

impl TryFrom<v1::ContestOption> for ContestOption {
    type Error = Malformed;

    fn try_from(wire: v1::ContestOption) -> Result<Self, Malformed> {
        Ok(Self {
            label: text::required(wire.label, NAME_LEN_MAX).within("label")?,
            candidate: optional_id(&wire.candidate).within("candidate")?,
        })
    }
}

impl From<&ContestOption> for v1::ContestOption {
    fn from(option: &ContestOption) -> Self {
        Self {
            label: option.label.clone(),
            candidate: optional(option.candidate.as_ref()),
        }
    }
}

impl TryFrom<v1::Contest> for Contest {
    type Error = Malformed;

    fn try_from(wire: v1::Contest) -> Result<Self, Malformed> {
        Ok(Self {
            options: list(wire.options, OPTIONS_MAX, ContestOption::try_from).within("options")?,
            seats: wire.seats,
            position: text::optional(wire.position, NAME_LEN_MAX).within("position")?,
        })
    }
}

impl From<&Contest> for v1::Contest {
    fn from(contest: &Contest) -> Self {
        Self {
            options: to_wire(&contest.options),
            seats: contest.seats,
            position: contest.position.clone(),
        }
    }
}

fn motion_text(wire: Option<v1::MotionText>) -> Result<MotionText, Malformed> {
    required(wire).and_then(MotionText::try_from)
}

fn contest(wire: Option<v1::Contest>) -> Result<Option<Contest>, Malformed> {
    wire.map(Contest::try_from).transpose()
}

fn content(wire: Option<v1::Content>) -> Result<Content, Malformed> {
    required(wire).and_then(Content::try_from)
}

impl TryFrom<v1::MotionTabled> for MotionTabled {
    type Error = Malformed;

    fn try_from(wire: v1::MotionTabled) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            body: id(&wire.body).within("body")?,
            rule: id(&wire.rule).within("rule")?,
            text: motion_text(wire.text).within("text")?,
            contest: contest(wire.contest).within("contest")?,
            meeting: optional_id(&wire.meeting).within("meeting")?,
            source: text::optional(wire.source, CITATION_LEN_MAX).within("source")?,
            run_off_of: optional_id(&wire.run_off_of).within("run_off_of")?,
            consultation: optional_id(&wire.consultation).within("consultation")?,
            effects: effects(wire.effects).within("effects")?,
            matter: optional_id(&wire.matter).within("matter")?,
        })
    }
}

impl From<&MotionTabled> for v1::MotionTabled {
    fn from(tabled: &MotionTabled) -> Self {
        Self {
            motion: tabled.motion.to_string(),
            body: tabled.body.to_string(),
            rule: tabled.rule.to_string(),
            text: Some((&tabled.text).into()),
            contest: tabled.contest.as_ref().map(Into::into),
            meeting: optional(tabled.meeting.as_ref()),
            source: tabled.source.clone(),
            run_off_of: optional(tabled.run_off_of.as_ref()),
            consultation: optional(tabled.consultation.as_ref()),
            effects: to_wire(&tabled.effects),
            matter: optional(tabled.matter.as_ref()),
        }
    }
}

impl TryFrom<v1::MotionAmended> for DeliberationAction {
    type Error = Malformed;

    fn try_from(wire: v1::MotionAmended) -> Result<Self, Malformed> {
        Ok(Self::MotionAmended {
            motion: id(&wire.motion).within("motion")?,
            text: motion_text(wire.text).within("text")?,
            contest: contest(wire.contest).within("contest")?,
            effects: effects(wire.effects).within("effects")?,
        })
    }
}

/// Families that name a motion and nothing else.
macro_rules! motion_only {
    ($($wire:ident),+) => {$(
        impl TryFrom<v1::$wire> for DeliberationAction {
            type Error = Malformed;

            fn try_from(wire: v1::$wire) -> Result<Self, Malformed> {
                Ok(Self::$wire {
                    motion: id(&wire.motion).within("motion")?,
                })
            }
        }
    )+};
}
motion_only!(
    MotionWithdrawn,
    InterestDeclared,
    ProxyRevoked,
    VotingClosed
);

impl TryFrom<v1::StatementMade> for DeliberationAction {
    type Error = Malformed;

    fn try_from(wire: v1::StatementMade) -> Result<Self, Malformed> {
        Ok(Self::StatementMade {
            motion: id(&wire.motion).within("motion")?,
            kind: enumeration(wire.kind).within("kind")?,
            content: content(wire.content).within("content")?,
        })
    }
}

impl TryFrom<v1::ParticipantsInvited> for DeliberationAction {
    type Error = Malformed;

    fn try_from(wire: v1::ParticipantsInvited) -> Result<Self, Malformed> {
        Ok(Self::ParticipantsInvited {
            motion: id(&wire.motion).within("motion")?,
            bodies: ids(wire.bodies, PARTICIPANTS_MAX).within("bodies")?,
        })
    }
}

impl TryFrom<v1::ExpertInvited> for DeliberationAction {
    type Error = Malformed;

    fn try_from(wire: v1::ExpertInvited) -> Result<Self, Malformed> {
        Ok(Self::ExpertInvited {
            motion: id(&wire.motion).within("motion")?,
            expert: id(&wire.expert).within("expert")?,
        })
    }
}

impl TryFrom<v1::ExpertOpinionFiled> for DeliberationAction {
    type Error = Malformed;

    fn try_from(wire: v1::ExpertOpinionFiled) -> Result<Self, Malformed> {
        Ok(Self::ExpertOpinionFiled {
            motion: id(&wire.motion).within("motion")?,
            content: content(wire.content).within("content")?,
            interested: wire.interested,
        })
    }
}

impl TryFrom<v1::CandidateNominated> for DeliberationAction {
    type Error = Malformed;

    fn try_from(wire: v1::CandidateNominated) -> Result<Self, Malformed> {
        Ok(Self::CandidateNominated {
            motion: id(&wire.motion).within("motion")?,
            candidate: id(&wire.candidate).within("candidate")?,
            nominators: ids(wire.nominators, LINES_MAX).within("nominators")?,
        })
    }
}

impl TryFrom<v1::VotingOpened> for DeliberationAction {
    type Error = Malformed;

    fn try_from(wire: v1::VotingOpened) -> Result<Self, Malformed> {
        Ok(Self::VotingOpened {
            motion: id(&wire.motion).within("motion")?,
            roll: id(&wire.roll).within("roll")?,
            closes_at: Millis(wire.closes_at_ms),
        })
    }
}

impl TryFrom<v1::ProxyGranted> for DeliberationAction {
    type Error = Malformed;

    fn try_from(wire: v1::ProxyGranted) -> Result<Self, Malformed> {
        Ok(Self::ProxyGranted {
            motion: id(&wire.motion).within("motion")?,
            voting_opened: leaf(&wire.voting_opened).within("voting_opened")?,
            holder: id(&wire.holder).within("holder")?,
        })
    }
}

impl From<&DeliberationAction> for Payload {
    fn from(action: &DeliberationAction) -> Self {
        use DeliberationAction as A;
        match action {
            A::MotionTabled(tabled) => Self::MotionTabled(tabled.into()),
            A::MotionAmended {
                motion,
                text,
                contest,
                effects,
            } => Self::MotionAmended(v1::MotionAmended {
                motion: motion.to_string(),
                text: Some(text.into()),
                contest: contest.as_ref().map(Into::into),
                effects: to_wire(effects),
            }),
            A::MotionWithdrawn { motion } => Self::MotionWithdrawn(v1::MotionWithdrawn {
                motion: motion.to_string(),
            }),
            A::StatementMade {
                motion,
                kind,
                content,
            } => Self::StatementMade(v1::StatementMade {
                motion: motion.to_string(),
                kind: number(*kind),
                content: Some(content.into()),
            }),
            A::ParticipantsInvited { motion, bodies } => {
                Self::ParticipantsInvited(v1::ParticipantsInvited {
                    motion: motion.to_string(),
                    bodies: to_texts(bodies),
                })
            }
            A::ExpertInvited { motion, expert } => Self::ExpertInvited(v1::ExpertInvited {
                motion: motion.to_string(),
                expert: expert.to_string(),
            }),
            A::ExpertOpinionFiled {
                motion,
                content,
                interested,
            } => Self::ExpertOpinionFiled(v1::ExpertOpinionFiled {
                motion: motion.to_string(),
                content: Some(content.into()),
                interested: *interested,
            }),
            A::CandidateNominated {
                motion,
                candidate,
                nominators,
            } => Self::CandidateNominated(v1::CandidateNominated {
                motion: motion.to_string(),
                candidate: candidate.to_string(),
                nominators: to_texts(nominators),
            }),
            A::InterestDeclared { motion } => Self::InterestDeclared(v1::InterestDeclared {
                motion: motion.to_string(),
            }),
            A::VotingOpened {
                motion,
                roll,
                closes_at,
            } => Self::VotingOpened(v1::VotingOpened {
                motion: motion.to_string(),
                roll: roll.to_string(),
                closes_at_ms: closes_at.0,
            }),
            A::BallotCast(ballot) => Self::BallotCast(ballot.into()),
            A::BallotsOpened(opened) => Self::BallotsOpened(opened.into()),
            A::OpeningSubmitted(submitted) => Self::OpeningSubmitted(submitted.into()),
            A::ProxyGranted {
                motion,
                voting_opened,
                holder,
            } => Self::ProxyGranted(v1::ProxyGranted {
                motion: motion.to_string(),
                voting_opened: voting_opened.0.to_vec(),
                holder: holder.to_string(),
            }),
            A::ProxyRevoked { motion } => Self::ProxyRevoked(v1::ProxyRevoked {
                motion: motion.to_string(),
            }),
            A::PaperBallotsRecorded(batch) => Self::PaperBallotsRecorded(batch.into()),
            A::RollCallRecorded(call) => Self::RollCallRecorded(call.into()),
            A::VotingClosed { motion } => Self::VotingClosed(v1::VotingClosed {
                motion: motion.to_string(),
            }),
            A::MotionDecided(decided) => Self::MotionDecided(decided.into()),
            A::DecisionOverturned(overturned) => Self::DecisionOverturned(overturned.into()),
            A::DecisionImplemented(implemented) => Self::DecisionImplemented(implemented.into()),
            A::DecisionFiled(filed) => Self::DecisionFiled(filed.into()),
        }
    }
}
