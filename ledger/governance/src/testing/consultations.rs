//! Consultations, tasks, imports and disclosures in a line.

use crate::{
    action::{
        AffairsAction, ConsultationOpened, DisclosurePosted, Payload, RecordImported, TaskAssigned,
    },
    calendar::Date,
    ids::{Digest, Millis},
};

use super::{
    community::id,
    deeds::{Deed, Doer, attestor, content},
};

impl Doer {
    fn handles(self, action: AffairsAction) -> Deed {
        self.does(Payload::Affairs(action))
    }

    /// Asks people for so long from now.
    pub fn consults(self, consultation: &str, body: &str, ms: u64) -> Deed {
        let opened = ConsultationOpened {
            consultation: id(consultation),
            body: id(body),
            matter: id("lifts"),
            question: "问题 (a question)".to_owned(),
            closes_at: Millis(0),
        };
        self.handles(AffairsAction::ConsultationOpened(opened))
            .with(move |action| {
                let now = action.client_time;
                if let Payload::Affairs(AffairsAction::ConsultationOpened(opened)) =
                    &mut action.payload
                {
                    opened.closes_at = now.plus(ms);
                }
            })
    }

    /// Answers what was asked.
    pub fn responds(self, consultation: &str) -> Deed {
        self.handles(AffairsAction::ConsultationAnswered {
            consultation: id(consultation),
            content: content(),
        })
    }

    /// Says what came of it.
    pub fn closes_consultation(self, consultation: &str) -> Deed {
        self.handles(AffairsAction::ConsultationClosed {
            consultation: id(consultation),
            summary: "多数赞成 (most are for it)".to_owned(),
            content: None,
        })
    }

    /// Gives a body something to do, under this item of the power list.
    pub fn assigns_task(self, task: &str, body: &str, item: Option<&str>) -> Deed {
        self.handles(AffairsAction::TaskAssigned(TaskAssigned {
            task: id(task),
            body: id(body),
            title: "登记 (a census)".to_owned(),
            legal_basis: "条例 6".to_owned(),
            funding: "拨款".to_owned(),
            item: item.map(id),
        }))
    }

    /// Does it.
    pub fn accepts_task(self, task: &str) -> Deed {
        self.handles(AffairsAction::TaskAccepted { task: id(task) })
    }

    /// Does not.
    pub fn refuses_task(self, task: &str) -> Deed {
        self.handles(AffairsAction::TaskRefused {
            task: id(task),
            reason: "不在清单 (not on the list)".to_owned(),
        })
    }

    /// Takes over a record of that day, attested by `teller-1`.
    pub fn imports(self, record: &str, body: &str, source: &str, day: i32) -> Deed {
        self.handles(AffairsAction::RecordImported(RecordImported {
            record: id(record),
            body: id(body),
            source: source.to_owned(),
            digest: Digest([8; 32]),
            held_on: Date::from_days(day),
            summary: "通过 (adopted)".to_owned(),
            content: None,
            second: attestor("teller-1"),
        }))
    }

    /// Makes something known until that day.
    pub fn posts(self, disclosure: &str, body: &str, until: i32) -> Deed {
        self.handles(AffairsAction::DisclosurePosted(DisclosurePosted {
            disclosure: id(disclosure),
            body: id(body),
            title: "收支 (accounts)".to_owned(),
            text: "收入一万元 (income)".to_owned(),
            until: Date::from_days(until),
        }))
    }
}
