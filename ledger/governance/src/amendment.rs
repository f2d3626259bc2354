//! Amendments of the charter 章程, and the adoption of another version of the rules (rules.md §2.5, §2.7).
//!
//! Both are effects of decisions. An amendment is the charter's next version, whole, so that what is in
//! force is read in one place. It is in force for what begins after it: a motion keeps the rule it was tabled
//! under, a meeting and a petition the rule they were begun by, a case and an issue the clocks they were
//! opened under, a report its day.
//!
//! Where the decision is overturned, the latest version that still stands is in force again; its number does
//! not change, and no number is ever given to another version.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    action::{Action, DeliberationAction, Effect, Payload},
    calendar::Date,
    charter::{BodyKind, Charter},
    decide::{EntryRef, RulesVersion},
    ids::{BodyId, Millis, MotionId},
    rejection::Rejection,
    state::State,
};

/// The version of the rules that an action would put to a decision, where this program does not know it:
/// whoever keeps the ledger could not go on with it. The law admits it all the same.
pub fn unknown_rules(action: &Action) -> Option<u32> {
    let effects = match &action.payload {
        Payload::Deliberation(DeliberationAction::MotionTabled(tabled)) => &tabled.effects,
        Payload::Deliberation(DeliberationAction::MotionAmended { effects, .. }) => effects,
        _ => return None,
    };
    effects.iter().find_map(|effect| match effect {
        Effect::RulesVersionAdopted { version } if RulesVersion::try_from(*version).is_err() => {
            Some(*version)
        }
        _ => None,
    })
}

/// A version of the charter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) charter: Arc<Charter>,
    /// When it came into force.
    since: Millis,
    /// The decision it rests on; `None`: the founding.
    decision: Option<MotionId>,
    /// That decision was overturned.
    overturned: bool,
}

impl Version {
    pub(crate) fn founding(charter: Arc<Charter>, since: Millis) -> Self {
        Self {
            charter,
            since,
            decision: None,
            overturned: false,
        }
    }
}

impl State {
    /// The charter of a day: what was put then is decided by it. Before the founding it is the first.
    pub(crate) fn charter_on(&self, day: Date) -> &Charter {
        let begun = |version: &&Version| self.utc_offsets.date_of(version.since) <= day;
        let mut standing = self.charters.iter().filter(|version| !version.overturned);
        let first = standing.clone().next();
        let on = standing.rfind(begun).or(first);
        on.map_or(&self.charter, |version| &version.charter)
    }

    /// The number of the charter's next version: that of one whose decision was overturned stays taken.
    pub fn next_charter_version(&self) -> u32 {
        let last = self.charters.last();
        last.map_or(1, |last| last.charter.version.saturating_add(1))
    }

    /// The latest version that stands is in force.
    fn put_charter_in_force(&mut self, now: Millis) {
        let mut versions = self.charters.iter();
        if let Some(standing) = versions.rfind(|version| !version.overturned) {
            self.charter = Arc::clone(&standing.charter);
        }
        self.expect_reports(now);
        self.expect_meetings(now);
    }
}

/// It is the next version, and could be this ledger's charter.
pub(crate) fn check_amended(state: &State, charter: &Charter) -> Result<(), Rejection> {
    let next = state.next_charter_version();
    if charter.version != next {
        return Err(Rejection::CharterVersion {
            version: charter.version,
            next,
        });
    }
    let kind = |(id, body): (&BodyId, &crate::bodies::Body)| (id.clone(), body.kind);
    let bodies: std::collections::BTreeMap<BodyId, BodyKind> =
        state.bodies.iter().map(kind).collect();
    let valid = charter.validate(&bodies);
    valid.map_err(|error| Rejection::CharterInvalid {
        reason: Box::new(error),
    })
}

pub(crate) fn amend(state: &mut State, motion: &MotionId, charter: &Charter, at: EntryRef) {
    state.charters.push(Version {
        charter: Arc::new(charter.clone()),
        since: at.recorded_at,
        decision: Some(motion.clone()),
        overturned: false,
    });
    state.put_charter_in_force(at.recorded_at);
}

pub(crate) fn undo_amendment(state: &mut State, motion: &MotionId, version: u32, at: EntryRef) {
    let mut versions = state.charters.iter_mut();
    let own = versions
        .find(|own| own.charter.version == version && own.decision.as_ref() == Some(motion));
    if let Some(own) = own {
        own.overturned = true;
        state.put_charter_in_force(at.recorded_at);
    }
}

/// It is the version after the one in force. Whether this program knows it is no question of the law: the law
/// of a version is the same whichever program applies it (see [`unknown_rules`](crate::unknown_rules)).
pub(crate) const fn check_adopted(state: &State, version: u32) -> Result<(), Rejection> {
    let next = state.rules_version.saturating_add(1);
    if version == next {
        return Ok(());
    }
    Err(Rejection::RulesVersionStep { version, next })
}

pub(crate) const fn adopt(state: &mut State, version: u32) {
    state.rules_version = version;
}

pub(crate) const fn undo_adoption(state: &mut State, version: u32) {
    if state.rules_version == version {
        state.rules_version = version.saturating_sub(1);
    }
}
