//! Cases and the ends of offices in a line.

use crate::{
    action::{
        AppealOutcome, BodiesAction, CaseOpened, DeliberationAction, DisciplineAction, Effect,
        HandoverCompleted, HeadAudited, MeasureImported, OfficeAssumed, Payload, PeopleAction,
        RecallPetitioned, Sanction, SanctionBasis, Severity,
    },
    calendar::Date,
};

use super::{
    community::id,
    content,
    deeds::{Deed, Doer, attestor},
};

/// A warning or a demerit in a case.
pub fn sanctioned(case: &str, sanction: Sanction) -> Effect {
    Effect::Sanctioned {
        case: id(case),
        sanction,
    }
}

/// A recall by a petition.
pub fn recalled(case: &str) -> Effect {
    Effect::Recalled { case: id(case) }
}

/// A replacement in a case.
pub fn replaced(case: &str, successor: OfficeAssumed) -> Effect {
    Effect::Replaced {
        case: id(case),
        successor,
    }
}

impl Deed {
    /// With this change to an office being assumed.
    pub fn with_office(self, change: impl FnOnce(&mut OfficeAssumed) + 'static) -> Self {
        self.with(|action| match &mut action.payload {
            Payload::Bodies(BodiesAction::OfficeAssumed(assumed)) => change(assumed),
            other => panic!("{} seats nobody", other.family()),
        })
    }
}

impl Doer {
    fn disciplines(self, action: DisciplineAction) -> Deed {
        self.does(Payload::Discipline(action))
    }

    /// Opens a case against the holder of an office.
    pub fn opens_case(self, case: &str, office: &str, complainant: Option<&str>) -> Deed {
        self.disciplines(DisciplineAction::CaseOpened(CaseOpened {
            case: id(case),
            office: id(office),
            basis: SanctionBasis::Charter,
            complainant: complainant.map(id),
            content: content(),
        }))
    }

    /// Serves notice in a case.
    pub fn serves_notice(self, case: &str, severity: Severity) -> Deed {
        self.disciplines(DisciplineAction::NoticeServed {
            case: id(case),
            severity,
            content: content(),
        })
    }

    /// Files a defence.
    pub fn defends(self, case: &str) -> Deed {
        self.disciplines(DisciplineAction::DefenceFiled {
            case: id(case),
            content: content(),
        })
    }

    /// Makes a finding; `None`: there is nothing in it.
    pub fn finds(self, case: &str, severity: Option<Severity>) -> Deed {
        self.disciplines(DisciplineAction::FindingMade {
            case: id(case),
            severity,
            content: content(),
        })
    }

    /// Appeals.
    pub fn appeals(self, case: &str) -> Deed {
        self.disciplines(DisciplineAction::AppealFiled {
            case: id(case),
            content: content(),
        })
    }

    /// Decides an appeal.
    pub fn decides_appeal(self, case: &str, outcome: AppealOutcome) -> Deed {
        self.disciplines(DisciplineAction::AppealDecided {
            case: id(case),
            outcome,
            content: content(),
        })
    }

    /// Begins a petition to recall.
    pub fn petitions_recall(self, case: &str, office: &str, rule: &str) -> Deed {
        self.disciplines(DisciplineAction::RecallPetitioned(RecallPetitioned {
            case: id(case),
            office: id(office),
            rule: id(rule),
            content: content(),
        }))
    }

    /// Signs a petition; with signers: records theirs.
    pub fn signs_petition(self, case: &str, signers: &[&str]) -> Deed {
        self.disciplines(DisciplineAction::RecallPetitionSigned {
            case: id(case),
            signers: signers.iter().map(|signer| id(signer)).collect(),
        })
    }

    /// Brings in an official measure, attested by the second teller's office holder named.
    pub fn imports_measure(
        self,
        case: &str,
        person: &str,
        sanction: Sanction,
        source: &str,
        held_on: Date,
        second: crate::action::Attestor,
    ) -> Deed {
        self.disciplines(DisciplineAction::MeasureImported(MeasureImported {
            case: id(case),
            person: id(person),
            sanction,
            source: source.to_owned(),
            held_on,
            second,
            record: None,
        }))
    }

    /// Resigns from an office.
    pub fn resigns(self, office: &str) -> Deed {
        let office = id(office);
        self.does(Payload::Bodies(BodiesAction::ResignationFiled { office }))
    }

    /// Hands an office over before a second officer of the committee.
    pub fn hands_over(self, office: &str, second: &str) -> Deed {
        self.does(Payload::Bodies(BodiesAction::HandoverCompleted(
            HandoverCompleted {
                office: id(office),
                second: attestor(second),
                record: None,
            },
        )))
    }

    /// Records the audit of who held an office, attested by an officer of another body.
    pub fn audits_head(self, office: &str, (body, second): (&str, &str)) -> Deed {
        let mut attested = attestor(second);
        attested.capacity.body = id(body);
        self.does(Payload::Bodies(BodiesAction::HeadAudited(HeadAudited {
            office: id(office),
            auditor: "Street office".to_owned(),
            irregular: false,
            second: attested,
            report: content(),
        })))
    }

    /// Declares two people near kin.
    pub fn declares_kin(self, person: &str, kin: &str) -> Deed {
        self.does(Payload::People(PeopleAction::KinDeclared {
            person: id(person),
            kin: id(kin),
        }))
    }

    /// Nominates a candidate; with nominators: for those voters.
    pub fn nominates(self, motion: &str, candidate: &str, nominators: &[&str]) -> Deed {
        self.does(Payload::Deliberation(
            DeliberationAction::CandidateNominated {
                motion: id(motion),
                candidate: id(candidate),
                nominators: nominators.iter().map(|voter| id(voter)).collect(),
            },
        ))
    }
}
