//! What registers are made of: cases, powers, reports, issues, handovers, added to a history.

use governance::{
    action::{
        AppealOutcome, BodiesAction, CaseOpened, DeliberationAction, DisciplineAction, Effect,
        EffectsOutcome, MeasureImported, MotionTabled, Outcome, OverturnedBy, Payload,
        RecallPetitioned, ReportAction, Sanction, SanctionBasis, Severity,
    },
    ids::{CaseId, Millis},
};

use crate::history::{
    History, attestor, body, content, day, motion, office, person, result, rule, text,
};

pub(crate) fn case(id: &str) -> CaseId {
    CaseId::new(id).unwrap()
}

impl History {
    pub(crate) fn discipline(&mut self, by: &str, act: DisciplineAction) -> u64 {
        self.by_person(by, Payload::Discipline(act))
    }

    /// A case against an office's holder, up to the finding.
    pub(crate) fn find(&mut self, id: &str, of: &str, severity: Severity) -> u64 {
        self.discipline(
            "clerk",
            DisciplineAction::CaseOpened(CaseOpened {
                case: case(id),
                office: office(of),
                basis: SanctionBasis::Charter,
                complainant: None,
                content: content(60),
            }),
        );
        self.discipline(
            "clerk",
            DisciplineAction::NoticeServed {
                case: case(id),
                severity,
                content: content(61),
            },
        );
        self.discipline(
            "a",
            DisciplineAction::DefenceFiled {
                case: case(id),
                content: content(62),
            },
        );
        self.discipline(
            "clerk",
            DisciplineAction::FindingMade {
                case: case(id),
                severity: Some(severity),
                content: content(63),
            },
        )
    }

    /// A petition to recall an office's holder.
    pub(crate) fn petition(&mut self, id: &str, of: &str) -> u64 {
        let petitioned = RecallPetitioned {
            case: case(id),
            office: office(of),
            rule: rule(),
            content: content(64),
        };
        self.discipline("c", DisciplineAction::RecallPetitioned(petitioned))
    }

    /// It is signed by these, or by the actor alone.
    pub(crate) fn sign(&mut self, id: &str, by: &str, signers: &[&str]) -> u64 {
        let signed = DisciplineAction::RecallPetitionSigned {
            case: case(id),
            signers: signers.iter().map(|signer| person(signer)).collect(),
        };
        self.discipline(by, signed)
    }

    pub(crate) fn appeal(&mut self, id: &str, outcome: AppealOutcome) -> u64 {
        self.discipline(
            "a",
            DisciplineAction::AppealFiled {
                case: case(id),
                content: content(65),
            },
        );
        self.discipline(
            "head",
            DisciplineAction::AppealDecided {
                case: case(id),
                outcome,
                content: content(66),
            },
        )
    }

    pub(crate) fn expire(&mut self, id: &str) -> u64 {
        let case = case(id);
        self.by_time(Payload::Discipline(DisciplineAction::SanctionExpired {
            case,
        }))
    }

    pub(crate) fn import_measure(&mut self, id: &str, of: &str, held_on: &str) -> u64 {
        let imported = MeasureImported {
            case: case(id),
            person: person(of),
            sanction: Sanction::MajorDemerit,
            source: format!("measure-{id}"),
            held_on: day(held_on),
            second: attestor(),
            record: None,
        };
        self.discipline("clerk", DisciplineAction::MeasureImported(imported))
    }

    /// A decision takes place with its effects; its index.
    pub(crate) fn effect(&mut self, id: &str, effects: Vec<Effect>) -> u64 {
        let tabled = MotionTabled {
            motion: motion(id),
            body: body("assembly"),
            rule: rule(),
            text: text(id),
            contest: None,
            meeting: None,
            source: String::new(),
            run_off_of: None,
            consultation: None,
            matter: None,
            effects,
        };
        self.deliberate("head", DeliberationAction::MotionTabled(tabled));
        let mut decided = result(id, Outcome::Adopted);
        decided.effects = Some(EffectsOutcome::Taken);
        self.later(Millis::DAY);
        self.by_time(Payload::Deliberation(DeliberationAction::MotionDecided(
            decided,
        )))
    }

    /// The ledger says what became of an office whose removal was annulled.
    pub(crate) fn restore(&mut self, office: &str, restored: bool) -> u64 {
        self.by_time(Payload::Bodies(BodiesAction::RemovalVoided {
            office: office.parse().unwrap(),
            restored,
        }))
    }

    pub(crate) fn overturn(&mut self, id: &str) -> u64 {
        let overturned = governance::action::DecisionOverturned {
            motion: motion(id),
            by: OverturnedBy::Court,
            order: "（2026）民终 1 号".to_owned(),
            grounds: content(64),
            undone: Vec::new(),
            second: governance::action::Attestor {
                person: "teller".parse().unwrap(),
                capacity: governance::action::Capacity {
                    body: "supervision".parse().unwrap(),
                    office: Some("teller".parse().unwrap()),
                },
            },
            decision: None,
        };
        self.deliberate("clerk", DeliberationAction::DecisionOverturned(overturned))
    }
}

pub(crate) fn sanctioned(id: &str, sanction: Sanction) -> Effect {
    Effect::Sanctioned {
        case: case(id),
        sanction,
    }
}

/// Something of each, added to a history that has the offices `office-a` and `office-b`.
pub(crate) fn added_to(log: &mut History) {
    log.find("case-1", "office-a", Severity::Ordinary);
    log.effect("warn-1", vec![sanctioned("case-1", Sanction::Demerit)]);
    log.appeal("case-1", AppealOutcome::Reduced(Sanction::Warning));
    log.expire("case-1");
    log.petition("recall-1", "office-b");
    log.sign("recall-1", "clerk", &["a", "b"]);
    log.import_measure("measure-1", "a", "2026-02-01");
    log.by_time(Payload::Reports(ReportAction::ReportOverdue {
        body: body("committee"),
        year: 2025,
    }));
    log.add_affairs();
}
