//! Consultations, tasks, imports, disclosures.

use governance::{
    action::{AffairsAction, ConsultationOpened, DisclosurePosted, RecordImported, TaskAssigned},
    ids::{Digest, Millis},
};
use proptest::{option, prelude::*};

use super::{attestor, content, date, id, optional_text, text};

prop_compose! {
    fn imported()(
        (record, body) in (id(), id()),
        (source, summary) in (text(), text()),
        digest in any::<[u8; 32]>(),
        held_on in date(),
        content in option::of(content()),
        second in attestor(),
    ) -> AffairsAction {
        AffairsAction::RecordImported(RecordImported {
            record, body, source, digest: Digest(digest), held_on, summary, content, second,
        })
    }
}

pub(super) fn affairs() -> BoxedStrategy<AffairsAction> {
    use AffairsAction as A;
    prop_oneof![
        imported(),
        (id(), id(), id(), text(), any::<u64>()).prop_map(
            |(consultation, body, matter, question, at)| {
                A::ConsultationOpened(ConsultationOpened {
                    consultation,
                    body,
                    matter,
                    question,
                    closes_at: Millis(at),
                })
            }
        ),
        (id(), content()).prop_map(|(consultation, content)| A::ConsultationAnswered {
            consultation,
            content
        }),
        (id(), text(), option::of(content())).prop_map(|(consultation, summary, content)| {
            A::ConsultationClosed {
                consultation,
                summary,
                content,
            }
        }),
        (
            (id(), id(), option::of(id())),
            (text(), optional_text(), optional_text())
        )
            .prop_map(|((task, body, item), (title, legal_basis, funding))| {
                A::TaskAssigned(TaskAssigned {
                    task,
                    body,
                    title,
                    legal_basis,
                    funding,
                    item,
                })
            }),
        id().prop_map(|task| A::TaskAccepted { task }),
        (id(), text()).prop_map(|(task, reason)| A::TaskRefused { task, reason }),
        (id(), id(), text(), text(), date()).prop_map(|(disclosure, body, title, text, until)| {
            A::DisclosurePosted(DisclosurePosted {
                disclosure,
                body,
                title,
                text,
                until,
            })
        }),
    ]
    .boxed()
}
