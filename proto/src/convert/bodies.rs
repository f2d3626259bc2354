//! Bodies, rights, offices, rolls.

use governance::action::{
    BodiesAction, BodyEstablished, ElectedElsewhere, Grant, HandoverCompleted, HeadAudited,
    OfficeAssumed, OfficeEndCause, OfficeObtained, RollLine, RollObjected, RollObjectionRuled,
    RollPart, RollPublished,
};

use super::common::{
    date, digest, enumeration, id, ids, list, number, optional, optional_date, optional_id,
    required, to_texts, to_wire, wire_enum,
};
use crate::{
    limits::{CITATION_LEN_MAX, CO_OWNERS_MAX, LINES_MAX, NAME_LEN_MAX},
    malformed::{Malformed, Within},
    text,
    v1::{self, action::Payload},
};

wire_enum!(
    OfficeObtained,
    OfficeObtained {
        Elected,
        Appointed,
        ByElection,
        Founding,
    }
);
wire_enum!(
    OfficeEndCause,
    OfficeEndCause {
        Term,
        Resignation,
        Recall,
        Replacement,
        TwoIncompetent,
        Incapacity,
        InvalidElection,
        Departure,
        RemovalAnnulled,
        Conviction,
    }
);

impl TryFrom<v1::BodyEstablished> for BodyEstablished {
    type Error = Malformed;

    fn try_from(wire: v1::BodyEstablished) -> Result<Self, Malformed> {
        Ok(Self {
            body: id(&wire.body).within("body")?,
            kind: enumeration(wire.kind).within("kind")?,
            name: text::required(wire.name, NAME_LEN_MAX).within("name")?,
        })
    }
}

impl From<&BodyEstablished> for v1::BodyEstablished {
    fn from(established: &BodyEstablished) -> Self {
        Self {
            body: established.body.to_string(),
            kind: number(established.kind),
            name: established.name.clone(),
        }
    }
}

/// Granting and withdrawing name the same five things.
macro_rules! grant {
    ($wire:ident) => {
        impl TryFrom<v1::$wire> for Grant {
            type Error = Malformed;

            fn try_from(wire: v1::$wire) -> Result<Self, Malformed> {
                Ok(Self {
                    body: id(&wire.body).within("body")?,
                    role: optional_id(&wire.role).within("role")?,
                    right: enumeration(wire.right).within("right")?,
                    over: optional_id(&wire.over).within("over")?,
                    decision: optional_id(&wire.decision).within("decision")?,
                })
            }
        }

        impl From<&Grant> for v1::$wire {
            fn from(grant: &Grant) -> Self {
                Self {
                    body: grant.body.to_string(),
                    role: optional(grant.role.as_ref()),
                    right: number(grant.right),
                    over: optional(grant.over.as_ref()),
                    decision: optional(grant.decision.as_ref()),
                }
            }
        }
    };
}
grant!(RightGranted);
grant!(RightWithdrawn);

impl TryFrom<v1::OfficeAssumed> for OfficeAssumed {
    type Error = Malformed;

    fn try_from(wire: v1::OfficeAssumed) -> Result<Self, Malformed> {
        Ok(Self {
            office: id(&wire.office).within("office")?,
            body: id(&wire.body).within("body")?,
            person: id(&wire.person).within("person")?,
            role: id(&wire.role).within("role")?,
            term_from: date(&wire.term_from).within("term_from")?,
            term_to: optional_date(&wire.term_to).within("term_to")?,
            obtained: enumeration(wire.obtained).within("obtained")?,
            decision: optional_id(&wire.decision).within("decision")?,
            succeeds: optional_id(&wire.succeeds).within("succeeds")?,
            woman: wire.woman,
            overlap_disclosed: wire.overlap_disclosed,
            elsewhere: wire
                .elsewhere
                .map(TryInto::try_into)
                .transpose()
                .within("elsewhere")?,
        })
    }
}

impl From<&OfficeAssumed> for v1::OfficeAssumed {
    fn from(assumed: &OfficeAssumed) -> Self {
        Self {
            office: assumed.office.to_string(),
            body: assumed.body.to_string(),
            person: assumed.person.to_string(),
            role: assumed.role.to_string(),
            term_from: assumed.term_from.to_string(),
            term_to: optional(assumed.term_to.as_ref()),
            obtained: number(assumed.obtained),
            decision: optional(assumed.decision.as_ref()),
            succeeds: optional(assumed.succeeds.as_ref()),
            woman: assumed.woman,
            overlap_disclosed: assumed.overlap_disclosed,
            elsewhere: assumed.elsewhere.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<v1::ElectedElsewhere> for ElectedElsewhere {
    type Error = Malformed;

    fn try_from(wire: v1::ElectedElsewhere) -> Result<Self, Malformed> {
        Ok(Self {
            second: required(wire.second)
                .and_then(TryInto::try_into)
                .within("second")?,
            source: text::required(wire.source, CITATION_LEN_MAX).within("source")?,
            held_on: date(&wire.held_on).within("held_on")?,
        })
    }
}

impl From<&ElectedElsewhere> for v1::ElectedElsewhere {
    fn from(held: &ElectedElsewhere) -> Self {
        Self {
            second: Some((&held.second).into()),
            source: held.source.clone(),
            held_on: held.held_on.to_string(),
        }
    }
}

/// Families that name an office and nothing else.
macro_rules! office_only {
    ($($wire:ident),+) => {$(
        impl TryFrom<v1::$wire> for BodiesAction {
            type Error = Malformed;

            fn try_from(wire: v1::$wire) -> Result<Self, Malformed> {
                Ok(Self::$wire {
                    office: id(&wire.office).within("office")?,
                })
            }
        }
    )+};
}
office_only!(
    ResignationFiled,
    TermEnded,
    HandoverOverdue,
    HeadAuditOverdue
);

impl TryFrom<v1::HeadAudited> for BodiesAction {
    type Error = Malformed;

    fn try_from(wire: v1::HeadAudited) -> Result<Self, Malformed> {
        Ok(Self::HeadAudited(HeadAudited {
            office: id(&wire.office).within("office")?,
            auditor: text::required(wire.auditor, NAME_LEN_MAX).within("auditor")?,
            irregular: wire.irregular,
            second: required(wire.second)
                .and_then(TryInto::try_into)
                .within("second")?,
            report: required(wire.report)
                .and_then(TryInto::try_into)
                .within("report")?,
        }))
    }
}

impl TryFrom<v1::RemovalVoided> for BodiesAction {
    type Error = Malformed;

    fn try_from(wire: v1::RemovalVoided) -> Result<Self, Malformed> {
        Ok(Self::RemovalVoided {
            office: id(&wire.office).within("office")?,
            restored: wire.restored,
        })
    }
}

impl TryFrom<v1::HandoverCompleted> for BodiesAction {
    type Error = Malformed;

    fn try_from(wire: v1::HandoverCompleted) -> Result<Self, Malformed> {
        Ok(Self::HandoverCompleted(HandoverCompleted {
            office: id(&wire.office).within("office")?,
            second: required(wire.second)
                .and_then(TryInto::try_into)
                .within("second")?,
            record: wire
                .record
                .map(TryInto::try_into)
                .transpose()
                .within("record")?,
        }))
    }
}

impl TryFrom<v1::OfficeEnded> for BodiesAction {
    type Error = Malformed;

    fn try_from(wire: v1::OfficeEnded) -> Result<Self, Malformed> {
        Ok(Self::OfficeEnded {
            office: id(&wire.office).within("office")?,
            cause: enumeration(wire.cause).within("cause")?,
            decision: optional_id(&wire.decision).within("decision")?,
        })
    }
}

impl TryFrom<v1::RollLine> for RollLine {
    type Error = Malformed;

    fn try_from(wire: v1::RollLine) -> Result<Self, Malformed> {
        Ok(Self {
            voter: id(&wire.voter).within("voter")?,
            area: wire.area,
            unit: optional_id(&wire.unit).within("unit")?,
            co_owners: ids(wire.co_owners, CO_OWNERS_MAX).within("co_owners")?,
        })
    }
}

impl From<&RollLine> for v1::RollLine {
    fn from(line: &RollLine) -> Self {
        Self {
            voter: line.voter.to_string(),
            area: line.area,
            unit: optional(line.unit.as_ref()),
            co_owners: to_texts(&line.co_owners),
        }
    }
}

impl TryFrom<v1::RollPart> for RollPart {
    type Error = Malformed;

    fn try_from(wire: v1::RollPart) -> Result<Self, Malformed> {
        Ok(Self {
            roll: id(&wire.roll).within("roll")?,
            body: id(&wire.body).within("body")?,
            part: wire.part,
            lines: list(wire.lines, LINES_MAX, RollLine::try_from).within("lines")?,
        })
    }
}

impl From<&RollPart> for v1::RollPart {
    fn from(part: &RollPart) -> Self {
        Self {
            roll: part.roll.to_string(),
            body: part.body.to_string(),
            part: part.part,
            lines: to_wire(&part.lines),
        }
    }
}

impl TryFrom<v1::RollPublished> for RollPublished {
    type Error = Malformed;

    fn try_from(wire: v1::RollPublished) -> Result<Self, Malformed> {
        Ok(Self {
            roll: id(&wire.roll).within("roll")?,
            body: id(&wire.body).within("body")?,
            as_of: date(&wire.as_of).within("as_of")?,
            parts: wire.parts,
            members: wire.members,
            total_area: wire.total_area,
            digest: digest(&wire.digest).within("digest")?,
        })
    }
}

impl From<&RollPublished> for v1::RollPublished {
    fn from(published: &RollPublished) -> Self {
        Self {
            roll: published.roll.to_string(),
            body: published.body.to_string(),
            as_of: published.as_of.to_string(),
            parts: published.parts,
            members: published.members,
            total_area: published.total_area,
            digest: published.digest.0.to_vec(),
        }
    }
}

impl TryFrom<v1::RollObjected> for RollObjected {
    type Error = Malformed;

    fn try_from(wire: v1::RollObjected) -> Result<Self, Malformed> {
        Ok(Self {
            roll: id(&wire.roll).within("roll")?,
            person: id(&wire.person).within("person")?,
            content: required(wire.content)
                .and_then(TryInto::try_into)
                .within("content")?,
        })
    }
}

impl From<&RollObjected> for v1::RollObjected {
    fn from(objected: &RollObjected) -> Self {
        Self {
            roll: objected.roll.to_string(),
            person: objected.person.to_string(),
            content: Some((&objected.content).into()),
        }
    }
}

impl TryFrom<v1::RollObjectionRuled> for RollObjectionRuled {
    type Error = Malformed;

    fn try_from(wire: v1::RollObjectionRuled) -> Result<Self, Malformed> {
        Ok(Self {
            roll: id(&wire.roll).within("roll")?,
            objection: wire.objection,
            upheld: wire.upheld,
            reason: text::required(wire.reason, CITATION_LEN_MAX).within("reason")?,
        })
    }
}

impl From<&RollObjectionRuled> for v1::RollObjectionRuled {
    fn from(ruled: &RollObjectionRuled) -> Self {
        Self {
            roll: ruled.roll.to_string(),
            objection: ruled.objection,
            upheld: ruled.upheld,
            reason: ruled.reason.clone(),
        }
    }
}

impl TryFrom<v1::RollObjectionRead> for BodiesAction {
    type Error = Malformed;

    fn try_from(wire: v1::RollObjectionRead) -> Result<Self, Malformed> {
        Ok(Self::RollObjectionRead {
            roll: id(&wire.roll).within("roll")?,
            objection: wire.objection,
            content: digest(&wire.content).within("content")?,
        })
    }
}

impl From<&BodiesAction> for Payload {
    fn from(action: &BodiesAction) -> Self {
        match action {
            BodiesAction::BodyEstablished(established) => Self::BodyEstablished(established.into()),
            BodiesAction::RightGranted(grant) => Self::RightGranted(grant.into()),
            BodiesAction::RightWithdrawn(grant) => Self::RightWithdrawn(grant.into()),
            BodiesAction::OfficeAssumed(assumed) => Self::OfficeAssumed(assumed.into()),
            BodiesAction::OfficeEnded {
                office,
                cause,
                decision,
            } => Self::OfficeEnded(v1::OfficeEnded {
                office: office.to_string(),
                cause: number(*cause),
                decision: optional(decision.as_ref()),
            }),
            BodiesAction::ResignationFiled { office } => {
                Self::ResignationFiled(v1::ResignationFiled {
                    office: office.to_string(),
                })
            }
            BodiesAction::TermEnded { office } => Self::TermEnded(v1::TermEnded {
                office: office.to_string(),
            }),
            BodiesAction::HandoverCompleted(completed) => {
                Self::HandoverCompleted(v1::HandoverCompleted {
                    office: completed.office.to_string(),
                    second: Some((&completed.second).into()),
                    record: completed.record.as_ref().map(Into::into),
                })
            }
            BodiesAction::HandoverOverdue { office } => {
                Self::HandoverOverdue(v1::HandoverOverdue {
                    office: office.to_string(),
                })
            }
            BodiesAction::HeadAudited(audited) => Self::HeadAudited(v1::HeadAudited {
                office: audited.office.to_string(),
                auditor: audited.auditor.clone(),
                irregular: audited.irregular,
                second: Some((&audited.second).into()),
                report: Some((&audited.report).into()),
            }),
            BodiesAction::HeadAuditOverdue { office } => {
                Self::HeadAuditOverdue(v1::HeadAuditOverdue {
                    office: office.to_string(),
                })
            }
            BodiesAction::RemovalVoided { office, restored } => {
                Self::RemovalVoided(v1::RemovalVoided {
                    office: office.to_string(),
                    restored: *restored,
                })
            }
            BodiesAction::RollPart(part) => Self::RollPart(part.into()),
            BodiesAction::RollPublished(published) => Self::RollPublished(published.into()),
            BodiesAction::RollObjected(objected) => Self::RollObjected(objected.into()),
            BodiesAction::RollObjectionRuled(ruled) => Self::RollObjectionRuled(ruled.into()),
            BodiesAction::RollObjectionRead {
                roll,
                objection,
                content,
            } => Self::RollObjectionRead(v1::RollObjectionRead {
                roll: roll.to_string(),
                objection: *objection,
                content: content.0.to_vec(),
            }),
        }
    }
}
