//! Cases, sanctions, appeals, recall.

use governance::action::{
    AppealOutcome, CaseOpened, DisciplineAction, MeasureImported, Payload, RecallPetitioned,
    Sanction, SanctionBasis, Severity,
};

use super::{attestor, content, date, id};

/// One of every kind that persons sign.
pub(super) fn all() -> Vec<DisciplineAction> {
    use DisciplineAction as D;
    let case = || id("case-1");
    vec![
        D::CaseOpened(CaseOpened {
            case: case(),
            office: id("head-1"),
            basis: SanctionBasis::Charter,
            complainant: Some(id("zhao")),
            content: content(20),
        }),
        D::NoticeServed {
            case: case(),
            severity: Severity::Serious,
            content: content(21),
        },
        D::DefenceFiled {
            case: case(),
            content: content(22),
        },
        D::FindingMade {
            case: case(),
            severity: Some(Severity::Ordinary),
            content: content(23),
        },
        D::AppealFiled {
            case: case(),
            content: content(24),
        },
        D::AppealDecided {
            case: case(),
            outcome: AppealOutcome::Reduced(Sanction::Warning),
            content: content(25),
        },
        D::RecallPetitioned(RecallPetitioned {
            case: id("case-2"),
            office: id("head-1"),
            rule: id("committee-recall"),
            content: content(26),
        }),
        D::RecallPetitionSigned {
            case: id("case-2"),
            signers: vec![id("li"), id("zhao")],
        },
        D::MeasureImported(MeasureImported {
            case: id("case-3"),
            person: id("wang"),
            sanction: Sanction::MajorDemerit,
            source: "政务处分决定〔2026〕1号".to_owned(),
            held_on: date("2026-02-27"),
            second: attestor(),
            record: Some(content(27)),
        }),
    ]
}

pub(super) fn expired() -> Payload {
    Payload::Discipline(DisciplineAction::SanctionExpired { case: id("case-1") })
}
