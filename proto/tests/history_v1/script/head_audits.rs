//! The audit of the residents' committee's head: overdue, and recorded late.

use governance::testing::by;

use super::{DAY, registrar, supervisor};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    let second = ("supervision", "supervisor-2");
    scribe.does(by("nine-2").resigns("nine-2"));
    scribe.does(registrar().enrols("headed"));
    let head = registrar().seats("last-head", "committee", "headed");
    scribe.does(head.with_office(|office| office.role = super::id("head")));
    scribe.fails(
        "NO_HEAD_AUDIT",
        supervisor().audits_head("last-head", second),
    );
    scribe.does(by("headed").resigns("last-head"));
    scribe.later(91 * DAY);
    scribe.catches_up();
    scribe.does(registrar().declares_kin("headed", "supervisor-2"));
    scribe.fails(
        "HEAD_AUDIT_PARTIAL",
        supervisor().audits_head("last-head", second),
    );
    let audited = || registrar().audits_head("last-head", ("supervision", "supervisor"));
    scribe.does(audited());
    scribe.fails("HEAD_AUDITED_ALREADY", audited());
}
