//! People are asked about a lift, a task comes from the street office, a record from the city.

use governance::{
    action::{AffairsAction, Payload, PowerTerms},
    testing::{Doer, by, power_terms},
};

use super::{DAY, chair, id, powers::adopts, registrar, supervisor};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    consulted(scribe);
    tasked(scribe);
    recorded(scribe);
}

fn consulted(scribe: &mut Scribe) {
    let opens = |days: u64| chair().consults("lifts", "assembly", days * DAY);
    scribe.fails("CONSULTATION_TIME", opens(0));
    scribe.does(opens(2));
    scribe.fails("AFFAIR_EXISTS", opens(2));
    scribe.fails("AFFAIR_UNKNOWN", supervisor().responds("stairs"));
    scribe.does(supervisor().responds("lifts"));
    scribe.fails(
        "CONSULTATION_ANSWERED_ALREADY",
        supervisor().responds("lifts"),
    );
    scribe.later(2 * DAY);
    scribe.does(chair().closes_consultation("lifts"));
}

/// Who acts for the owners.
fn steward() -> Doer {
    by("stew").officer("assembly", "steward")
}

fn tasked(scribe: &mut Scribe) {
    scribe.does(registrar().seats("street-1", "street-office", "emil"));
    let street = || by("emil").officer("street-office", "street-1");
    scribe.fails(
        "NOT_AN_ORGAN_ABOVE",
        chair().assigns_task("census", "committee", None),
    );
    let terms = PowerTerms {
        over: Some(id("assembly")),
        ..power_terms("street-office", None)
    };
    scribe.does(
        chair()
            .tables("census", "assembly", "simple")
            .with_effects(vec![governance::testing::listed("census", terms)]),
    );
    adopts(scribe, "census");
    scribe.does(street().assigns_task("census", "assembly", Some("census")));
    scribe.fails("TASK_LISTED", steward().refuses_task("census"));
    scribe.does(steward().accepts_task("census"));
    scribe.fails("TASK_ANSWERED_ALREADY", steward().accepts_task("census"));
    let unpaid = street().assigns_task("fines", "committee", None);
    let unpaid = unpaid.with(|action| match &mut action.payload {
        Payload::Affairs(AffairsAction::TaskAssigned(task)) => task.funding.clear(),
        other => panic!("{}", other.family()),
    });
    scribe.fails("TASK_INCOMPLETE", unpaid);
    scribe.does(street().assigns_task("fines", "committee", None));
    scribe.does(chair().refuses_task("fines"));
}

fn recorded(scribe: &mut Scribe) {
    let imports =
        |record: &str, days: i32| registrar().imports(record, "assembly", "platform/7", days);
    let today = scribe
        .world()
        .state()
        .utc_offsets()
        .date_of(scribe.now())
        .days();
    scribe.fails("RECORD_IN_FUTURE", imports("vote", today + 1));
    scribe.does(imports("vote", today));
    scribe.fails("RECORD_IMPORTED_ALREADY", imports("vote-again", today));
    scribe.fails(
        "DISCLOSURE_TOO_SHORT",
        chair().posts("accounts", "committee", today + 14),
    );
    scribe.does(chair().posts("accounts", "committee", today + 15));
}
