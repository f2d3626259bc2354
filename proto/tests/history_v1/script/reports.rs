//! Two years' reports: one filed and assessed, one missed.

use governance::{
    action::{Actor, Capacity},
    charter::Right,
    ids::{BodyId, Millis},
    testing::{Deed, FOUNDED_AT},
};

use super::{DAY, chair, id, registrar, supervisor};
use crate::scribe::Scribe;

/// From the founding on 2026-03-02 to the end of 2027-01-31.
const FIRST_DUE_DAYS: u64 = 336;

pub(super) fn play(scribe: &mut Scribe) {
    filed(scribe);
    assessed(scribe, 2026);
    let due = FOUNDED_AT.plus(FIRST_DUE_DAYS * DAY);
    assert!(scribe.now() < due);
    missed(scribe, due.plus(365 * DAY));
}

fn filed(scribe: &mut Scribe) {
    scribe.fails("REPORT_NOT_EXPECTED", chair().reports("committee", 2027));
    scribe.fails(
        "REPORT_NOT_FILED",
        supervisor().questions("committee", 2026),
    );
    scribe.does(chair().reports("committee", 2026));
    scribe.fails("REPORT_FILED_ALREADY", chair().reports("committee", 2026));
    scribe.does(supervisor().questions("committee", 2026));
    scribe.fails(
        "REPORT_QUESTION_UNKNOWN",
        chair().answers("committee", 2026, 1),
    );
    scribe.does(chair().answers("committee", 2026, 0));
    scribe.fails(
        "REPORT_ANSWERED_ALREADY",
        chair().answers("committee", 2026, 0),
    );
}

/// Residents find everybody competent but one teller.
fn assesses(scribe: &Scribe, year: u32, body: &str) -> Deed {
    let of: BodyId = id(body);
    let offices = scribe.world().state().offices_of(&of);
    let lines: Vec<(String, [u32; 3])> = offices
        .map(|office| match office.as_str() {
            "teller-2" => (office.to_string(), [3, 1, 5]),
            other => (other.to_owned(), [8, 1, 0]),
        })
        .collect();
    let lines: Vec<(&str, [u32; 3])> = lines.iter().map(|(o, m)| (o.as_str(), *m)).collect();
    supervisor().assesses(body, year, "supervisor-2", &lines)
}

fn assessed(scribe: &mut Scribe, year: u32) {
    let few = supervisor().assesses("committee", year, "supervisor-2", &[("chair", [1, 0, 0])]);
    scribe.fails("ASSESSMENT_UNFIT", few);
    let own = assesses(scribe, year, "supervision");
    scribe.fails("ASSESSOR_INVOLVED", own);
    let all = assesses(scribe, year, "committee");
    scribe.does(registrar().grants("party", Right::Supervise));
    let by_the_party = all.with(|action| {
        action.actor = Actor::Person {
            person: id("secretary"),
            capacity: Some(Capacity {
                body: id("party"),
                office: Some(id("secretary")),
            }),
        };
    });
    scribe.fails("ASSESSED_BY_OTHERS", by_the_party);
    let all = assesses(scribe, year, "committee");
    scribe.does(all);
    let again = assesses(scribe, year, "committee");
    scribe.fails("REPORT_ASSESSED_ALREADY", again);
}

/// The committee is assessed all the same, and the teller is out of office.
fn missed(scribe: &mut Scribe, due: Millis) {
    scribe.at(Millis(due.0 - 1));
    scribe.catches_up();
    let before = scribe.world().log().len();
    scribe.at(due);
    scribe.catches_up();
    assert_eq!(scribe.world().log().len(), before + 1);
    let all = assesses(scribe, 2027, "committee");
    scribe.does(all);
    scribe.does(chair().reports("committee", 2027));
}
