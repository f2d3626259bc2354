//! The one function that says yes or no.

use crate::{
    action::{Action, Actor, DeliberationAction, Payload},
    affairs,
    authority::{self, Act},
    bodies,
    bounds::{self, CITATION_LEN_MAX},
    calendar::Lasting,
    case, correction, deliberation, derive,
    derive::is_due,
    hidden,
    ids::{Leaf, Millis, PublicKey},
    issue, meeting, people, power,
    rejection::{Latest, Rejection},
    report,
    state::State,
};

/// An action that would become the next entry.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// What is done.
    pub action: &'a Action,
    /// The keys whose signatures the shell verified, in the order given.
    pub signers: &'a [PublicKey],
    /// When it would be recorded.
    pub recorded_at: Millis,
}

/// Where an action stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryRef {
    /// The entry's number, from 0.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Leaf,
    /// When it was recorded.
    pub recorded_at: Millis,
}

/// The versions of the rules this program knows. A released version never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulesVersion {
    /// The first.
    V1,
}

impl TryFrom<u32> for RulesVersion {
    type Error = Rejection;

    fn try_from(version: u32) -> Result<Self, Rejection> {
        match version {
            1 => Ok(Self::V1),
            _ => Err(Rejection::RulesVersionUnknown { version }),
        }
    }
}

/// How far a signer's clock may run ahead, and how far an action's id and client time may lie apart:
/// 2 minutes, well over what an unsynchronised phone drifts in a month (formats.md §1).
pub const CLOCK_SKEW_MS_MAX: u64 = 120_000;

/// May this be recorded as the next entry?
///
/// Pure: the same state and candidate always give the same answer.
pub fn decide(state: &State, candidate: &Candidate<'_>) -> Result<(), Rejection> {
    match RulesVersion::try_from(state.rules_version)? {
        RulesVersion::V1 => v1(state, candidate),
    }
}

fn v1(state: &State, candidate: &Candidate<'_>) -> Result<(), Rejection> {
    check_place(state, candidate)?;
    match &candidate.action.actor {
        Actor::Ledger => derived(state, candidate),
        Actor::Person { person, capacity } => {
            let act = Act::of(state, candidate, person)?;
            check_person_signed(state, candidate)?;
            let act = act.in_capacity(capacity.as_ref())?;
            check_basis(&act)?;
            check_expectation(state, candidate.action)?;
            family(&act)
        }
    }
}

/// The action is for this ledger, and time does not go back.
fn check_place(state: &State, candidate: &Candidate<'_>) -> Result<(), Rejection> {
    let action = candidate.action;
    if action.ledger != state.ledger {
        return Err(Rejection::WrongLedger {
            named: action.ledger.clone(),
            ledger: state.ledger.clone(),
        });
    }
    if matches!(action.payload, Payload::Founding(_)) {
        return Err(Rejection::AlreadyFounded {
            ledger: state.ledger.clone(),
        });
    }
    if action.genesis != state.genesis {
        return Err(Rejection::WrongGenesis {
            named: action.genesis,
            genesis: state.genesis,
        });
    }
    if candidate.recorded_at < state.last_recorded_at {
        return Err(Rejection::TimeWentBack {
            recorded_at: candidate.recorded_at,
            last: state.last_recorded_at,
        });
    }
    Ok(())
}

/// A derived action is exactly what follows from the log, signed by the record key.
fn derived(state: &State, candidate: &Candidate<'_>) -> Result<(), Rejection> {
    let family = candidate.action.payload.family();
    if !candidate.action.payload.is_derived() {
        return Err(Rejection::NotForTheLedger { family });
    }
    if let Payload::Deliberation(DeliberationAction::BallotsOpened(opened)) =
        &candidate.action.payload
    {
        return hidden::decide_opened(state, candidate, opened);
    }
    let Some(expected) = derive::derive(state, candidate.recorded_at) else {
        return Err(Rejection::NothingDue {
            recorded_at: candidate.recorded_at,
        });
    };
    if expected != *candidate.action {
        return Err(Rejection::DerivedMismatch {
            family: expected.payload.family(),
            due: expected.client_time,
        });
    }
    authority::check_signatures(state, candidate.action, candidate.signers)
}

/// What holds for every action of a person before anything is asked about its content.
fn check_person_signed(state: &State, candidate: &Candidate<'_>) -> Result<(), Rejection> {
    let action = candidate.action;
    let family = action.payload.family();
    if action.payload.is_derived() {
        return Err(Rejection::NotForPersons { family });
    }
    check_id(action)?;
    if let Some(index) = state.recorded_action(&action.id) {
        return Err(Rejection::ActionIdReused {
            id: action.id,
            index,
        });
    }
    check_times(
        action,
        candidate.recorded_at,
        state.charter.action_validity_ms_max,
    )?;
    // Only an amendment that lets actions be valid for longer makes this possible.
    if action.id.unix_ms() <= state.forgotten_until {
        return Err(Rejection::ActionIdForgotten {
            id: action.id,
            forgotten_until: state.forgotten_until,
        });
    }
    if let Some((family, due)) = is_due(state, candidate.recorded_at) {
        return Err(Rejection::DerivedEntryDue { family, due });
    }
    authority::check_signatures(state, action, candidate.signers)
}

/// The id is a `UUIDv7` made when the action was.
pub(crate) fn check_id(action: &Action) -> Result<(), Rejection> {
    let id = action.id;
    if id.version() != 7 || !id.has_rfc_variant() {
        return Err(Rejection::ActionIdVersion { id });
    }
    if id.unix_ms().0.abs_diff(action.client_time.0) > CLOCK_SKEW_MS_MAX {
        return Err(Rejection::ActionIdTime {
            id,
            made_at: id.unix_ms(),
            client_time: action.client_time,
        });
    }
    Ok(())
}

/// The action was not made in the future, is not too late, and was never valid for too long.
pub(crate) fn check_times(
    action: &Action,
    recorded_at: Millis,
    validity_ms_max: u64,
) -> Result<(), Rejection> {
    let (client_time, not_after) = (action.client_time, action.not_after);
    if client_time > recorded_at.plus(CLOCK_SKEW_MS_MAX) {
        return Err(Rejection::ClientTimeAhead {
            client_time,
            recorded_at,
        });
    }
    if not_after < client_time || not_after.since(client_time) > validity_ms_max {
        return Err(Rejection::ValidityTooLong {
            client_time,
            not_after,
            longest: Lasting(validity_ms_max),
        });
    }
    if recorded_at > not_after {
        return Err(Rejection::Expired {
            not_after,
            recorded_at,
        });
    }
    Ok(())
}

/// Whoever rests an act on an item of the power list holds it today, over the body that is acted on. An act
/// that is itself the exercise of a power names its item in the payload, which looks at its matter too.
fn check_basis(act: &Act<'_>) -> Result<(), Rejection> {
    let Some(basis) = &act.action.basis else {
        return Ok(());
    };
    bounds::text("basis.citation", &basis.citation, CITATION_LEN_MAX)?;
    let Some(item) = &basis.power_item else {
        return Ok(());
    };
    let over = act.state.body_of(act.action.payload.subject());
    power::check_exercised(act, item, power::Scope { over, matter: None })
}

fn check_expectation(state: &State, action: &Action) -> Result<(), Rejection> {
    let Some(expected) = action.expected_leaf else {
        return Ok(());
    };
    let latest = state.latest(action.payload.subject(), action.actor.person());
    if latest == Some(expected) {
        Ok(())
    } else {
        Err(Rejection::StaleExpectation {
            expected,
            latest: Latest(latest),
        })
    }
}

fn family(act: &Act<'_>) -> Result<(), Rejection> {
    match &act.action.payload {
        Payload::Founding(_) => Err(Rejection::AlreadyFounded {
            ledger: act.state.ledger.clone(),
        }),
        Payload::People(action) => people::decide(act, action),
        Payload::Bodies(action) => bodies::decide(act, action),
        Payload::Meetings(action) => meeting::decide(act, action),
        Payload::Deliberation(action) => deliberation::decide(act, action),
        Payload::Power(action) => power::decide(act, action),
        Payload::Reports(action) => report::decide(act, action),
        Payload::Issues(action) => issue::decide(act, action),
        Payload::Discipline(action) => case::decide(act, action),
        Payload::Affairs(action) => affairs::decide(act, action),
        Payload::Correction(corrected) => correction::decide(act, corrected),
    }
}
