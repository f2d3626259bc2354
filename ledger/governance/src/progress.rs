//! How far decisions are carried out: planned, under way, done; never back.

use std::fmt;

use crate::{
    action::{DecisionImplemented, Execution},
    authority::{Act, Standing},
    bounds::{self, CITATION_LEN_MAX},
    charter::Right,
    motion::Motion,
    rejection::Rejection,
    state::State,
};

impl fmt::Display for Execution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Planned => "planned",
            Self::UnderWay => "under way",
            Self::Done => "done",
        })
    }
}

pub(crate) fn decide(act: &Act<'_>, implemented: &DecisionImplemented) -> Result<(), Rejection> {
    let motion = act.state.existing_motion(&implemented.motion)?;
    check_responsible(act, motion)?;
    if !motion.is_adopted() {
        return Err(Rejection::DecisionNotAdopted {
            motion: implemented.motion.clone(),
            status: motion.status(),
        });
    }
    bounds::required_text("note", &implemented.note, CITATION_LEN_MAX)?;
    let so_far = motion.decision().and_then(|decided| decided.progress);
    match so_far {
        Some(from) if from == Execution::Done || implemented.progress < from => {
            Err(Rejection::DecisionProgress {
                motion: implemented.motion.clone(),
                from,
                to: implemented.progress,
            })
        }
        _ => Ok(()),
    }
}

/// An officer of the body that decided or that tabled it; or the registrar, for a body without officers.
pub(crate) fn check_responsible(act: &Act<'_>, motion: &Motion) -> Result<(), Rejection> {
    let body = act.body()?;
    let officer = matches!(act.standing, Standing::Officer { .. });
    if officer && (*body == motion.body || *body == motion.tabled_by) {
        return Ok(());
    }
    act.may(Right::Register, &motion.body)
}

pub(crate) fn evolve(state: &mut State, implemented: &DecisionImplemented) {
    let motion = state.motions.get_mut(&implemented.motion);
    if let Some(decided) = motion.and_then(Motion::decision_mut) {
        decided.progress = Some(implemented.progress);
    }
}
