//! How far `pool` is carried out, and that `covenant` is filed.

use governance::{
    action::Execution::{Done, Planned, UnderWay},
    calendar::UtcOffsets,
};

use super::{chair, powers::adopts};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    scribe.does(chair().implements("pool", Planned));
    scribe.does(chair().implements("pool", UnderWay));
    scribe.fails("DECISION_PROGRESS", chair().implements("pool", Planned));
    scribe.does(chair().implements("pool", Done));
    scribe.fails("DECISION_PROGRESS", chair().implements("pool", Done));
    filed(scribe);
}

fn filed(scribe: &mut Scribe) {
    let today = UtcOffsets::fixed(8 * 60)
        .expect("an offset")
        .date_of(scribe.now());
    let files = |motion: &str, day| chair().files(motion, day);
    scribe.fails("FILING_NOT_ASKED", files("pool", today));
    scribe.does(chair().tables("covenant", "assembly", "filed"));
    adopts(scribe, "covenant");
    scribe.fails("FILING_DAY", files("covenant", today.plus_days(1)));
    scribe.does(files("covenant", today));
    scribe.fails("DECISION_FILED_ALREADY", files("covenant", today));
}
