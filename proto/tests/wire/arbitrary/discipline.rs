//! Cases, sanctions, appeals, recall, and the ends of offices.

use governance::action::{
    AppealOutcome, BodiesAction, CaseOpened, DisciplineAction, HandoverCompleted, HeadAudited,
    MeasureImported, RecallPetitioned, Sanction, SanctionBasis, Severity,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{attestor, content, date, id, text};

fn severity() -> BoxedStrategy<Severity> {
    select(vec![Severity::Minor, Severity::Grave]).boxed()
}

fn sanction() -> BoxedStrategy<Sanction> {
    select(vec![Sanction::Warning, Sanction::MajorDemerit]).boxed()
}

fn outcome() -> BoxedStrategy<AppealOutcome> {
    prop_oneof![
        Just(AppealOutcome::Upheld),
        Just(AppealOutcome::Annulled),
        sanction().prop_map(AppealOutcome::Reduced),
    ]
    .boxed()
}

prop_compose! {
    fn opened()(
        (case, office) in (id(), id()),
        basis in select(vec![SanctionBasis::Charter, SanctionBasis::Contract]),
        complainant in option::of(id()),
        content in content(),
    ) -> CaseOpened {
        CaseOpened { case, office, basis, complainant, content }
    }
}

prop_compose! {
    fn petitioned()(
        (case, office, rule) in (id(), id(), id()),
        content in content(),
    ) -> RecallPetitioned {
        RecallPetitioned { case, office, rule, content }
    }
}

prop_compose! {
    fn imported()(
        (case, person) in (id(), id()),
        sanction in sanction(),
        source in text(),
        held_on in date(),
        second in attestor(),
        record in option::of(content()),
    ) -> MeasureImported {
        MeasureImported { case, person, sanction, source, held_on, second, record }
    }
}

pub(super) fn discipline() -> BoxedStrategy<DisciplineAction> {
    use DisciplineAction as D;
    prop_oneof![
        opened().prop_map(D::CaseOpened),
        (id(), severity(), content()).prop_map(|(case, severity, content)| D::NoticeServed {
            case,
            severity,
            content
        }),
        (id(), content()).prop_map(|(case, content)| D::DefenceFiled { case, content }),
        (id(), option::of(severity()), content()).prop_map(|(case, severity, content)| {
            D::FindingMade {
                case,
                severity,
                content,
            }
        }),
        (id(), content()).prop_map(|(case, content)| D::AppealFiled { case, content }),
        (id(), outcome(), content()).prop_map(|(case, outcome, content)| D::AppealDecided {
            case,
            outcome,
            content
        }),
        petitioned().prop_map(D::RecallPetitioned),
        (id(), vec(id(), 0..4))
            .prop_map(|(case, signers)| D::RecallPetitionSigned { case, signers }),
        imported().prop_map(D::MeasureImported),
    ]
    .boxed()
}

pub(super) fn offices() -> BoxedStrategy<BodiesAction> {
    let handover = (id(), attestor(), option::of(content()));
    let audit = (id(), text(), any::<bool>(), attestor(), content());
    prop_oneof![
        audit.prop_map(|(office, auditor, irregular, second, report)| {
            BodiesAction::HeadAudited(HeadAudited {
                office,
                auditor,
                irregular,
                second,
                report,
            })
        }),
        id().prop_map(|office| BodiesAction::ResignationFiled { office }),
        handover.prop_map(|(office, second, record)| {
            BodiesAction::HandoverCompleted(HandoverCompleted {
                office,
                second,
                record,
            })
        }),
    ]
    .boxed()
}
