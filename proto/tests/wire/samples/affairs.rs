//! Consultations, tasks, imports, disclosures.

use governance::{
    action::{AffairsAction, ConsultationOpened, DisclosurePosted, RecordImported, TaskAssigned},
    ids::{Digest, Millis},
};

use super::{NOON, attestor, content, date, id};

pub(super) fn all() -> Vec<AffairsAction> {
    use AffairsAction as A;
    vec![
        A::ConsultationOpened(ConsultationOpened {
            consultation: id("lifts"),
            body: id("owners-assembly"),
            matter: id("lifts"),
            question: "加装电梯？ Lifts?".to_owned(),
            closes_at: NOON.plus(7 * Millis::DAY),
        }),
        A::ConsultationAnswered {
            consultation: id("lifts"),
            content: content(61),
        },
        A::ConsultationClosed {
            consultation: id("lifts"),
            summary: "多数赞成".to_owned(),
            content: Some(content(62)),
        },
        A::TaskAssigned(TaskAssigned {
            task: id("census"),
            body: id("residents-committee"),
            title: "人口普查登记".to_owned(),
            legal_basis: "全国人口普查条例 6".to_owned(),
            funding: "街道办事处拨付".to_owned(),
            item: Some(id("census-help")),
        }),
        A::TaskAccepted { task: id("census") },
        A::TaskRefused {
            task: id("parking-fines"),
            reason: "不在准入清单".to_owned(),
        },
        A::RecordImported(RecordImported {
            record: id("platform-7"),
            body: id("owners-assembly"),
            source: "city-platform/2026/7".to_owned(),
            digest: Digest([63; 32]),
            held_on: date("2026-02-01"),
            summary: "业主大会线上表决通过".to_owned(),
            content: Some(content(64)),
            second: attestor(),
        }),
        A::DisclosurePosted(DisclosurePosted {
            disclosure: id("accounts-q1"),
            body: id("residents-committee"),
            title: "第一季度收支".to_owned(),
            text: "收入 1 万元，支出 8 千元。".to_owned(),
            until: date("2026-04-30"),
        }),
    ]
}
