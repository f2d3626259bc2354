//! Ballots, papers, roll calls and what they come to.

use governance::{
    action::{
        Attestor, Ballot, BallotCast, BallotOpening, BallotsOpened, Choice, MeasureTally, Minuted,
        MotionDecided, MotionText, OpeningSubmitted, OptionTally, Outcome, PaperBallots,
        PaperTotal, RollCall, RollCallMark, Stance,
    },
    ids::PersonId,
};

use super::{
    charter::threshold,
    common::{
        date, digest, enumeration, id, ids, leaf, list, number, optional, optional_id, required,
        to_texts, to_wire, wire_enum,
    },
};
use crate::{
    limits::{CITATION_LEN_MAX, LINES_MAX, MEASURES_MAX, OPENINGS_MAX, OPTIONS_MAX},
    malformed::{InvalidField, Malformed, MalformedReason, Within},
    text,
    v1::{self, choice::Choice as WireChoice},
};

wire_enum!(
    Stance,
    Stance {
        For,
        Against,
        Abstain,
    }
);
wire_enum!(
    RollCallMark,
    RollCallMark {
        For,
        Against,
        Abstain,
        Absent,
        Away,
        NotVoting,
    }
);
wire_enum!(
    Outcome,
    Outcome {
        Adopted,
        Rejected,
        NoQuorum,
        PartlyFilled,
    }
);

impl TryFrom<v1::Choice> for Choice {
    type Error = Malformed;

    fn try_from(wire: v1::Choice) -> Result<Self, Malformed> {
        match wire.choice {
            None => Err(MalformedReason::UnsetOneof.into()),
            Some(WireChoice::Stance(stance)) => {
                enumeration(stance).map(Self::Stance).within("stance")
            }
            Some(WireChoice::Options(set)) => positions(set.options)
                .within("options")
                .within("options")
                .map(Self::Options),
        }
    }
}

/// Positions in a contest, ascending: one way to write a set.
fn positions(wire: Vec<u32>) -> Result<Vec<u32>, Malformed> {
    let positions = list(wire, OPTIONS_MAX, Ok)?;
    if positions.is_sorted_by(|a, b| a < b) {
        Ok(positions)
    } else {
        Err(InvalidField::NotAscending.into())
    }
}

impl From<&Choice> for v1::Choice {
    fn from(choice: &Choice) -> Self {
        Self {
            choice: Some(match choice {
                Choice::Stance(stance) => WireChoice::Stance(number(*stance)),
                Choice::Options(options) => WireChoice::Options(v1::OptionSet {
                    options: options.clone(),
                }),
            }),
        }
    }
}

fn choice(wire: Option<v1::Choice>) -> Result<Choice, Malformed> {
    required(wire).and_then(Choice::try_from)
}

impl TryFrom<v1::BallotCast> for BallotCast {
    type Error = Malformed;

    fn try_from(wire: v1::BallotCast) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            voting_opened: leaf(&wire.voting_opened).within("voting_opened")?,
            on_behalf_of: optional_id(&wire.on_behalf_of).within("on_behalf_of")?,
            ballot: ballot(wire.choice, &wire.commitment)?,
        })
    }
}

impl From<&BallotCast> for v1::BallotCast {
    fn from(ballot: &BallotCast) -> Self {
        Self {
            motion: ballot.motion.to_string(),
            voting_opened: ballot.voting_opened.0.to_vec(),
            on_behalf_of: optional(ballot.on_behalf_of.as_ref()),
            choice: match &ballot.ballot {
                Ballot::Open(choice) => Some(choice.into()),
                Ballot::Hidden(_) => None,
            },
            commitment: match &ballot.ballot {
                Ballot::Open(_) => Vec::new(),
                Ballot::Hidden(commitment) => commitment.0.to_vec(),
            },
        }
    }
}

/// Either the choice or a commitment to it.
fn ballot(wire: Option<v1::Choice>, commitment: &[u8]) -> Result<Ballot, Malformed> {
    match wire {
        Some(_) if !commitment.is_empty() => Err(InvalidField::NotHere).within("commitment"),
        None if !commitment.is_empty() => {
            digest(commitment).map(Ballot::Hidden).within("commitment")
        }
        wire => choice(wire).map(Ballot::Open).within("choice"),
    }
}

fn nonce(wire: &[u8]) -> Result<[u8; 32], Malformed> {
    digest(wire).map(|digest| digest.0)
}

impl TryFrom<v1::BallotOpening> for BallotOpening {
    type Error = Malformed;

    fn try_from(wire: v1::BallotOpening) -> Result<Self, Malformed> {
        Ok(Self {
            voter: id(&wire.voter).within("voter")?,
            nonce: nonce(&wire.nonce).within("nonce")?,
            choice: choice(wire.choice).within("choice")?,
        })
    }
}

impl From<&BallotOpening> for v1::BallotOpening {
    fn from(opening: &BallotOpening) -> Self {
        Self {
            voter: opening.voter.to_string(),
            nonce: opening.nonce.to_vec(),
            choice: Some((&opening.choice).into()),
        }
    }
}

impl TryFrom<v1::BallotsOpened> for BallotsOpened {
    type Error = Malformed;

    fn try_from(wire: v1::BallotsOpened) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            part: wire.part,
            openings: list(wire.openings, OPENINGS_MAX, BallotOpening::try_from)
                .within("openings")?,
        })
    }
}

impl From<&BallotsOpened> for v1::BallotsOpened {
    fn from(opened: &BallotsOpened) -> Self {
        Self {
            motion: opened.motion.to_string(),
            part: opened.part,
            openings: to_wire(&opened.openings),
        }
    }
}

impl TryFrom<v1::OpeningSubmitted> for OpeningSubmitted {
    type Error = Malformed;

    fn try_from(wire: v1::OpeningSubmitted) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            on_behalf_of: optional_id(&wire.on_behalf_of).within("on_behalf_of")?,
            nonce: nonce(&wire.nonce).within("nonce")?,
            choice: choice(wire.choice).within("choice")?,
        })
    }
}

impl From<&OpeningSubmitted> for v1::OpeningSubmitted {
    fn from(submitted: &OpeningSubmitted) -> Self {
        Self {
            motion: submitted.motion.to_string(),
            on_behalf_of: optional(submitted.on_behalf_of.as_ref()),
            nonce: submitted.nonce.to_vec(),
            choice: Some((&submitted.choice).into()),
        }
    }
}

impl TryFrom<v1::PaperTotal> for PaperTotal {
    type Error = Malformed;

    fn try_from(wire: v1::PaperTotal) -> Result<Self, Malformed> {
        Ok(Self {
            choice: choice(wire.choice).within("choice")?,
            heads: wire.heads,
            area: wire.area,
        })
    }
}

impl From<&PaperTotal> for v1::PaperTotal {
    fn from(total: &PaperTotal) -> Self {
        Self {
            choice: Some((&total.choice).into()),
            heads: total.heads,
            area: total.area,
        }
    }
}

impl TryFrom<v1::PaperBallotsRecorded> for PaperBallots {
    type Error = Malformed;

    fn try_from(wire: v1::PaperBallotsRecorded) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            batch: wire.batch,
            second: second(wire.second).within("second")?,
            voters: ids(wire.voters, LINES_MAX).within("voters")?,
            totals: list(wire.totals, LINES_MAX, PaperTotal::try_from).within("totals")?,
            spoiled: spoiled(wire.spoiled).within("spoiled")?,
        })
    }
}

impl From<&PaperBallots> for v1::PaperBallotsRecorded {
    fn from(batch: &PaperBallots) -> Self {
        let (heads, area) = batch.spoiled;
        let spoiled = v1::PaperTotal {
            choice: None,
            heads,
            area,
        };
        Self {
            motion: batch.motion.to_string(),
            batch: batch.batch,
            second: Some((&batch.second).into()),
            voters: to_texts(&batch.voters),
            totals: to_wire(&batch.totals),
            spoiled: (batch.spoiled != (0, 0)).then_some(spoiled),
        }
    }
}

/// Spoiled papers say no choice; where there are none, the message is left out.
fn spoiled(wire: Option<v1::PaperTotal>) -> Result<(u32, u64), Malformed> {
    let Some(total) = wire else {
        return Ok((0, 0));
    };
    if total.choice.is_some() {
        return Err(Malformed::from(InvalidField::NotHere)).within("choice");
    }
    if (total.heads, total.area) == (0, 0) {
        return Err(InvalidField::Empty.into());
    }
    Ok((total.heads, total.area))
}

fn second(wire: Option<v1::Attestor>) -> Result<Attestor, Malformed> {
    required(wire).and_then(Attestor::try_from)
}

impl TryFrom<v1::RollCallRecorded> for RollCall {
    type Error = Malformed;

    fn try_from(wire: v1::RollCallRecorded) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            second: second(wire.second).within("second")?,
            roll: id(&wire.roll).within("roll")?,
            lines: list(wire.lines, LINES_MAX, |line| roll_call_line(&line)).within("lines")?,
            minuted: wire
                .minuted
                .map(Minuted::try_from)
                .transpose()
                .within("minuted")?,
        })
    }
}

impl From<&RollCall> for v1::RollCallRecorded {
    fn from(call: &RollCall) -> Self {
        Self {
            motion: call.motion.to_string(),
            second: Some((&call.second).into()),
            roll: call.roll.to_string(),
            lines: to_wire(&call.lines),
            minuted: call.minuted.as_ref().map(Into::into),
        }
    }
}

pub(super) fn roll_call_line(
    wire: &v1::RollCallLine,
) -> Result<(PersonId, RollCallMark), Malformed> {
    Ok((
        id(&wire.voter).within("voter")?,
        enumeration(wire.mark).within("mark")?,
    ))
}

impl From<&(PersonId, RollCallMark)> for v1::RollCallLine {
    fn from((voter, mark): &(PersonId, RollCallMark)) -> Self {
        Self {
            voter: voter.to_string(),
            mark: number(*mark),
        }
    }
}

impl TryFrom<v1::Minuted> for Minuted {
    type Error = Malformed;

    fn try_from(wire: v1::Minuted) -> Result<Self, Malformed> {
        Ok(Self {
            held_on: date(&wire.held_on).within("held_on")?,
            body: id(&wire.body).within("body")?,
            rule: id(&wire.rule).within("rule")?,
            text: required(wire.text)
                .and_then(MotionText::try_from)
                .within("text")?,
            source: text::optional(wire.source, CITATION_LEN_MAX).within("source")?,
            source_outcome: text::optional(wire.source_outcome, CITATION_LEN_MAX)
                .within("source_outcome")?,
        })
    }
}

impl From<&Minuted> for v1::Minuted {
    fn from(minuted: &Minuted) -> Self {
        Self {
            held_on: minuted.held_on.to_string(),
            body: minuted.body.to_string(),
            rule: minuted.rule.to_string(),
            text: Some((&minuted.text).into()),
            source: minuted.source.clone(),
            source_outcome: minuted.source_outcome.clone(),
        }
    }
}

impl TryFrom<v1::MeasureTally> for MeasureTally {
    type Error = Malformed;

    fn try_from(wire: v1::MeasureTally) -> Result<Self, Malformed> {
        Ok(Self {
            kind: enumeration(wire.kind).within("kind")?,
            eligible: wire.eligible,
            attending: wire.attending,
            participating: wire.participating,
            in_favour: wire.in_favour,
            against: wire.against,
            abstaining: wire.abstaining,
            quorum_counted: wire.quorum_counted,
            quorum: threshold(wire.quorum).within("quorum")?,
            quorum_met: wire.quorum_met,
            approval_whole: wire.approval_whole,
            approval: threshold(wire.approval).within("approval")?,
            approval_met: wire.approval_met,
        })
    }
}

impl From<&MeasureTally> for v1::MeasureTally {
    fn from(tally: &MeasureTally) -> Self {
        Self {
            kind: number(tally.kind),
            eligible: tally.eligible,
            attending: tally.attending,
            participating: tally.participating,
            in_favour: tally.in_favour,
            against: tally.against,
            abstaining: tally.abstaining,
            quorum_counted: tally.quorum_counted,
            quorum: Some((&tally.quorum).into()),
            quorum_met: tally.quorum_met,
            approval_whole: tally.approval_whole,
            approval: Some((&tally.approval).into()),
            approval_met: tally.approval_met,
        }
    }
}

impl From<v1::OptionTally> for OptionTally {
    fn from(wire: v1::OptionTally) -> Self {
        Self {
            option: wire.option,
            heads: wire.heads,
            area: wire.area,
            chosen: wire.chosen,
        }
    }
}

impl From<&OptionTally> for v1::OptionTally {
    fn from(tally: &OptionTally) -> Self {
        Self {
            option: tally.option,
            heads: tally.heads,
            area: tally.area,
            chosen: tally.chosen,
        }
    }
}

impl TryFrom<v1::MotionDecided> for MotionDecided {
    type Error = Malformed;

    fn try_from(wire: v1::MotionDecided) -> Result<Self, Malformed> {
        Ok(Self {
            motion: id(&wire.motion).within("motion")?,
            outcome: enumeration(wire.outcome).within("outcome")?,
            measures: list(wire.measures, MEASURES_MAX, MeasureTally::try_from)
                .within("measures")?,
            options: list(wire.options, OPTIONS_MAX, |w| Ok(w.into())).within("options")?,
            rule: id(&wire.rule).within("rule")?,
            charter_version: wire.charter_version,
            roll: id(&wire.roll).within("roll")?,
            citation: text::optional(wire.citation, CITATION_LEN_MAX).within("citation")?,
            effects: wire
                .effects
                .map(TryInto::try_into)
                .transpose()
                .within("effects")?,
            unopened: wire.unopened,
        })
    }
}

impl From<&MotionDecided> for v1::MotionDecided {
    fn from(decided: &MotionDecided) -> Self {
        Self {
            motion: decided.motion.to_string(),
            outcome: number(decided.outcome),
            measures: to_wire(&decided.measures),
            options: to_wire(&decided.options),
            rule: decided.rule.to_string(),
            charter_version: decided.charter_version,
            roll: decided.roll.to_string(),
            citation: decided.citation.clone(),
            effects: decided.effects.as_ref().map(Into::into),
            unopened: decided.unopened,
        }
    }
}
