//! How far `pool` is carried out.

use governance::action::Execution::{Done, Planned, UnderWay};

use super::chair;
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    scribe.does(chair().implements("pool", Planned));
    scribe.does(chair().implements("pool", UnderWay));
    scribe.fails("DECISION_PROGRESS", chair().implements("pool", Planned));
    scribe.does(chair().implements("pool", Done));
    scribe.fails("DECISION_PROGRESS", chair().implements("pool", Done));
}
