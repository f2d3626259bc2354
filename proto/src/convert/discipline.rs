//! Discipline: cases, sanctions, appeals, recall.

use governance::{
    action::{
        AppealOutcome, CaseOpened, Content, DisciplineAction, MeasureImported, RecallPetitioned,
        Sanction, SanctionBasis, Severity,
    },
    sanction::Discipline,
};

use super::common::{
    date, enumeration, id, ids, list, number, optional, optional_id, required, to_texts, wire_enum,
};
use crate::{
    limits::{CITATION_LEN_MAX, LINES_MAX},
    malformed::{InvalidField, Malformed, MalformedReason, Within},
    text,
    v1::{self, action::Payload},
};

wire_enum!(
    Sanction,
    Sanction {
        Warning,
        Demerit,
        MajorDemerit,
        Replacement,
        Recall,
    }
);
wire_enum!(
    Severity,
    Severity {
        Minor,
        Ordinary,
        Serious,
        Grave,
    }
);
wire_enum!(
    SanctionBasis,
    SanctionBasis {
        Charter,
        Recall,
        Contract,
        Official,
    }
);

/// A charter's discipline; absent: the default one, which is not written out.
pub(super) fn discipline(wire: Option<v1::Discipline>) -> Result<Discipline, Malformed> {
    let Some(wire) = wire else {
        return Ok(Discipline::default());
    };
    let matrix: Vec<Sanction> = list(wire.matrix, 4, enumeration).within("matrix")?;
    let found = matrix.len();
    let matrix: [Sanction; 4] = matrix
        .try_into()
        .map_err(|_| InvalidField::Length { found, expected: 4 })
        .within("matrix")?;
    let discipline = Discipline {
        defence_days: wire.defence_days,
        appeal_days: wire.appeal_days,
        appeal_decision_days: wire.appeal_decision_days,
        matrix,
    };
    if discipline == Discipline::default() {
        return Err(InvalidField::Empty.into());
    }
    Ok(discipline)
}

/// On the wire; nothing where it is the default.
pub(super) fn to_discipline(discipline: &Discipline) -> Option<v1::Discipline> {
    (*discipline != Discipline::default()).then(|| v1::Discipline {
        defence_days: discipline.defence_days,
        appeal_days: discipline.appeal_days,
        appeal_decision_days: discipline.appeal_decision_days,
        matrix: discipline.matrix.iter().copied().map(number).collect(),
    })
}

fn content(wire: Option<v1::Content>) -> Result<Content, Malformed> {
    required(wire).and_then(Content::try_from)
}

/// An enum that may be left out.
fn optional_severity(number: i32) -> Result<Option<Severity>, Malformed> {
    if number == 0 {
        return Ok(None);
    }
    enumeration(number).map(Some)
}

impl TryFrom<v1::CaseOpened> for DisciplineAction {
    type Error = Malformed;

    fn try_from(wire: v1::CaseOpened) -> Result<Self, Malformed> {
        Ok(Self::CaseOpened(CaseOpened {
            case: id(&wire.case).within("case")?,
            office: id(&wire.office).within("office")?,
            basis: enumeration(wire.basis).within("basis")?,
            complainant: optional_id(&wire.complainant).within("complainant")?,
            content: content(wire.content).within("content")?,
        }))
    }
}

impl TryFrom<v1::NoticeServed> for DisciplineAction {
    type Error = Malformed;

    fn try_from(wire: v1::NoticeServed) -> Result<Self, Malformed> {
        Ok(Self::NoticeServed {
            case: id(&wire.case).within("case")?,
            severity: enumeration(wire.severity).within("severity")?,
            content: content(wire.content).within("content")?,
        })
    }
}

impl TryFrom<v1::FindingMade> for DisciplineAction {
    type Error = Malformed;

    fn try_from(wire: v1::FindingMade) -> Result<Self, Malformed> {
        Ok(Self::FindingMade {
            case: id(&wire.case).within("case")?,
            severity: optional_severity(wire.severity).within("severity")?,
            content: content(wire.content).within("content")?,
        })
    }
}

/// What the target files: a case and a content.
macro_rules! filed {
    ($($wire:ident),+) => {$(
        impl TryFrom<v1::$wire> for DisciplineAction {
            type Error = Malformed;

            fn try_from(wire: v1::$wire) -> Result<Self, Malformed> {
                Ok(Self::$wire {
                    case: id(&wire.case).within("case")?,
                    content: content(wire.content).within("content")?,
                })
            }
        }
    )+};
}
filed!(DefenceFiled, AppealFiled);

impl TryFrom<v1::AppealDecided> for DisciplineAction {
    type Error = Malformed;

    fn try_from(wire: v1::AppealDecided) -> Result<Self, Malformed> {
        let result =
            v1::AppealResult::try_from(wire.result).map_err(|_| MalformedReason::UnknownEnum {
                number: wire.result,
            });
        let outcome = match (result.within("result")?, wire.reduced_to) {
            (v1::AppealResult::Unspecified, _) => {
                return Err(MalformedReason::FieldMissing).within("result");
            }
            (v1::AppealResult::Reduced, to) => {
                AppealOutcome::Reduced(enumeration(to).within("reduced_to")?)
            }
            (v1::AppealResult::Upheld, 0) => AppealOutcome::Upheld,
            (v1::AppealResult::Annulled, 0) => AppealOutcome::Annulled,
            _ => return Err(InvalidField::NotHere).within("reduced_to"),
        };
        Ok(Self::AppealDecided {
            case: id(&wire.case).within("case")?,
            outcome,
            content: content(wire.content).within("content")?,
        })
    }
}

impl TryFrom<v1::RecallPetitioned> for DisciplineAction {
    type Error = Malformed;

    fn try_from(wire: v1::RecallPetitioned) -> Result<Self, Malformed> {
        Ok(Self::RecallPetitioned(RecallPetitioned {
            case: id(&wire.case).within("case")?,
            office: id(&wire.office).within("office")?,
            rule: id(&wire.rule).within("rule")?,
            content: content(wire.content).within("content")?,
        }))
    }
}

impl TryFrom<v1::RecallPetitionSigned> for DisciplineAction {
    type Error = Malformed;

    fn try_from(wire: v1::RecallPetitionSigned) -> Result<Self, Malformed> {
        Ok(Self::RecallPetitionSigned {
            case: id(&wire.case).within("case")?,
            signers: ids(wire.signers, LINES_MAX).within("signers")?,
        })
    }
}

impl TryFrom<v1::MeasureImported> for DisciplineAction {
    type Error = Malformed;

    fn try_from(wire: v1::MeasureImported) -> Result<Self, Malformed> {
        Ok(Self::MeasureImported(MeasureImported {
            case: id(&wire.case).within("case")?,
            person: id(&wire.person).within("person")?,
            sanction: enumeration(wire.sanction).within("sanction")?,
            source: text::required(wire.source, CITATION_LEN_MAX).within("source")?,
            held_on: date(&wire.held_on).within("held_on")?,
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

impl TryFrom<v1::SanctionExpired> for DisciplineAction {
    type Error = Malformed;

    fn try_from(wire: v1::SanctionExpired) -> Result<Self, Malformed> {
        Ok(Self::SanctionExpired {
            case: id(&wire.case).within("case")?,
        })
    }
}

fn appeal_decided(
    case: &impl ToString,
    outcome: AppealOutcome,
    content: &Content,
) -> v1::AppealDecided {
    let (result, reduced_to) = match outcome {
        AppealOutcome::Upheld => (v1::AppealResult::Upheld, 0),
        AppealOutcome::Reduced(to) => (v1::AppealResult::Reduced, number(to)),
        AppealOutcome::Annulled => (v1::AppealResult::Annulled, 0),
    };
    v1::AppealDecided {
        case: case.to_string(),
        result: result.into(),
        reduced_to,
        content: Some(content.into()),
    }
}

impl From<&DisciplineAction> for Payload {
    fn from(action: &DisciplineAction) -> Self {
        use DisciplineAction as A;
        match action {
            A::CaseOpened(opened) => Self::CaseOpened(v1::CaseOpened {
                case: opened.case.to_string(),
                office: opened.office.to_string(),
                basis: number(opened.basis),
                complainant: optional(opened.complainant.as_ref()),
                content: Some((&opened.content).into()),
            }),
            A::NoticeServed {
                case,
                severity,
                content,
            } => Self::NoticeServed(v1::NoticeServed {
                case: case.to_string(),
                severity: number(*severity),
                content: Some(content.into()),
            }),
            A::DefenceFiled { case, content } => Self::DefenceFiled(v1::DefenceFiled {
                case: case.to_string(),
                content: Some(content.into()),
            }),
            A::FindingMade {
                case,
                severity,
                content,
            } => Self::FindingMade(v1::FindingMade {
                case: case.to_string(),
                severity: severity.map_or(0, number),
                content: Some(content.into()),
            }),
            A::AppealFiled { case, content } => Self::AppealFiled(v1::AppealFiled {
                case: case.to_string(),
                content: Some(content.into()),
            }),
            A::AppealDecided {
                case,
                outcome,
                content,
            } => Self::AppealDecided(appeal_decided(case, *outcome, content)),
            A::RecallPetitioned(petitioned) => Self::RecallPetitioned(v1::RecallPetitioned {
                case: petitioned.case.to_string(),
                office: petitioned.office.to_string(),
                rule: petitioned.rule.to_string(),
                content: Some((&petitioned.content).into()),
            }),
            A::RecallPetitionSigned { case, signers } => {
                Self::RecallPetitionSigned(v1::RecallPetitionSigned {
                    case: case.to_string(),
                    signers: to_texts(signers),
                })
            }
            A::MeasureImported(imported) => Self::MeasureImported(v1::MeasureImported {
                case: imported.case.to_string(),
                person: imported.person.to_string(),
                sanction: number(imported.sanction),
                source: imported.source.clone(),
                held_on: imported.held_on.to_string(),
                second: Some((&imported.second).into()),
                record: imported.record.as_ref().map(Into::into),
            }),
            A::SanctionExpired { case } => Self::SanctionExpired(v1::SanctionExpired {
                case: case.to_string(),
            }),
        }
    }
}
