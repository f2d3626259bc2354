//! Filing 备案: the charter, residents' covenants and the like are filed with the street office (组织法 31).
//!
//! A rule says with whom what is decided under it is filed, and within how many days. The law names no days: they are
//! the charter's own choice, and only make visible what is waited for. A decision stands whether it is filed or not.

use serde::{Deserialize, Serialize};

use crate::{
    action::DecisionFiled,
    authority::{Act, Standing},
    bounds::{self, NAME_LEN_MAX},
    decide::EntryRef,
    ids::BodyId,
    motion::Motion,
    progress,
    rejection::{Cited, Rejection},
    state::State,
};

/// With whom what is decided under a rule is filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// The street office, or another organ of government.
    pub with: BodyId,
    /// Within how many days of the decision's entry; 1 to 366, the charter's choice.
    pub days: u32,
}

/// By who answers for the decision, or by who receives it; once, and not before it was taken.
pub(crate) fn decide(act: &Act<'_>, filed: &DecisionFiled) -> Result<(), Rejection> {
    let motion = act.state.existing_motion(&filed.motion)?;
    let Some(filing) = &motion.rule.filing else {
        return Err(Rejection::FilingNotAsked {
            motion: filed.motion.clone(),
            rule: Cited::of(&motion.rule),
        });
    };
    if !receives(act, filing) {
        progress::check_responsible(act, motion)?;
    }
    let decided = motion.decision().filter(|_| motion.is_adopted());
    let Some(decided) = decided else {
        return Err(Rejection::DecisionNotAdopted {
            motion: filed.motion.clone(),
            status: motion.status(),
        });
    };
    if let Some(index) = decided.filed {
        return Err(Rejection::DecisionFiledAlready {
            motion: filed.motion.clone(),
            index,
        });
    }
    if !(decided.held_on..=act.today).contains(&filed.filed_on) {
        return Err(Rejection::FilingDay {
            motion: filed.motion.clone(),
            filed_on: filed.filed_on,
            held_on: decided.held_on,
            today: act.today,
        });
    }
    bounds::text("reference", &filed.reference, NAME_LEN_MAX)
}

/// An officer of the body it is filed with.
fn receives(act: &Act<'_>, filing: &Filing) -> bool {
    matches!(act.standing, Standing::Officer { body, .. } if *body == filing.with)
}

pub(crate) fn evolve(state: &mut State, filed: &DecisionFiled, at: EntryRef) {
    let motion = state.motions.get_mut(&filed.motion);
    if let Some(decided) = motion.and_then(Motion::decision_mut) {
        decided.filed = Some(at.index);
    }
}
