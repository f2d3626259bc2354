//! The founding of a ledger: the first entry, and the only one nobody authorises.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    action::{Action, Actor, LedgerFounded, Payload},
    agenda::Agenda,
    amendment::Version,
    authority::{self, GrantKey},
    bodies, bounds,
    charter::BodyKind,
    decide::{self, Candidate, EntryRef, RulesVersion},
    ids::{BodyId, Leaf, Millis, PersonId, PublicKey},
    office,
    own_keys::OwnKeys,
    people,
    rejection::{Nearest, Rejection},
    report::Reports,
    state::State,
};

/// The state after the first entry of a log, whose leaf hash is `leaf`.
///
/// # Errors
/// Whatever makes this no founding, or a ledger that could not be kept.
pub fn found(candidate: &Candidate<'_>, leaf: Leaf) -> Result<State, Rejection> {
    let (founder, founding) = founder_and_founding(candidate)?;
    match RulesVersion::try_from(founding.rules_version)? {
        RulesVersion::V1 => v1(candidate, founder, founding, leaf),
    }
}

fn founder_and_founding<'a>(
    candidate: &Candidate<'a>,
) -> Result<(&'a PersonId, &'a LedgerFounded), Rejection> {
    let action = candidate.action;
    let family = action.payload.family();
    let Payload::Founding(founding) = &action.payload else {
        return Err(Rejection::NotAFounding { family });
    };
    match &action.actor {
        Actor::Ledger => Err(Rejection::NotForTheLedger { family }),
        Actor::Person { person, capacity } => {
            if capacity.is_some() || action.expected_leaf.is_some() {
                return Err(Rejection::FoundingCapacity {
                    founder: person.clone(),
                });
            }
            Ok((person, founding))
        }
    }
}

fn v1(
    candidate: &Candidate<'_>,
    founder: &PersonId,
    founding: &LedgerFounded,
    leaf: Leaf,
) -> Result<State, Rejection> {
    let action = candidate.action;
    if action.genesis != Leaf::ZERO {
        return Err(Rejection::WrongGenesis {
            named: action.genesis,
            genesis: Leaf::ZERO,
        });
    }
    decide::check_id(action)?;
    decide::check_times(
        action,
        candidate.recorded_at,
        founding.charter.action_validity_ms_max,
    )?;
    check_basis(action)?;
    bounds::required_text("name", &founding.name, bounds::NAME_LEN_MAX)?;
    check_origin(&founding.origin)?;
    check_charter(founding)?;
    let mut state = bare(candidate, founding, leaf);
    populate(&mut state, founding, leaf)?;
    check_signatures(&state, founder, founding, candidate.signers)?;
    let today = state.utc_offsets.date_of(candidate.recorded_at);
    if !state.has_registrar(today) {
        return Err(Rejection::FoundingWithoutRegistrar {
            ledger: state.ledger.clone(),
        });
    }
    state.expect_reports(candidate.recorded_at);
    state.expect_meetings(candidate.recorded_at);
    state.remember(action.id, 0, candidate.recorded_at);
    Ok(state)
}

/// The power list is empty before the first decision.
fn check_basis(action: &Action) -> Result<(), Rejection> {
    let Some(basis) = &action.basis else {
        return Ok(());
    };
    if let Some(item) = &basis.power_item {
        return Err(Rejection::PowerNotListed {
            item: item.clone(),
            nearest: Nearest::default(),
        });
    }
    bounds::text("basis.citation", &basis.citation, bounds::CITATION_LEN_MAX)
}

/// A host and a path without a scheme: what a checkpoint's first line and its key's name may be.
fn check_origin(origin: &str) -> Result<(), Rejection> {
    let allowed = |b: u8| {
        b.is_ascii_lowercase()
            || b.is_ascii_digit()
            || matches!(b, b'.' | b'-' | b'_' | b'/' | b':')
    };
    let bounded = !origin.is_empty() && origin.len() <= bounds::ORIGIN_LEN_MAX;
    let segments_filled = origin.split('/').all(|segment| !segment.is_empty());
    if bounded && segments_filled && origin.bytes().all(allowed) {
        return Ok(());
    }
    Err(Rejection::OriginInvalid {
        origin: origin.chars().take(80).collect(),
    })
}

/// The charter is valid among the bodies that are founded with it.
fn check_charter(founding: &LedgerFounded) -> Result<(), Rejection> {
    let kind = |body: &crate::action::BodyEstablished| (body.body.clone(), body.kind);
    let bodies: BTreeMap<BodyId, BodyKind> = founding.bodies.iter().map(kind).collect();
    let valid = founding.charter.validate(&bodies);
    valid.map_err(|error| Rejection::CharterInvalid {
        reason: Box::new(error),
    })
}

fn bare(candidate: &Candidate<'_>, founding: &LedgerFounded, leaf: Leaf) -> State {
    let charter = Arc::new(founding.charter.clone());
    State {
        ledger: candidate.action.ledger.clone(),
        genesis: leaf,
        name: founding.name.clone(),
        origin: founding.origin.clone(),
        own_keys: OwnKeys::named_by(founding),
        rules_version: founding.rules_version,
        demo: founding.demo,
        charter: Arc::clone(&charter),
        charters: vec![Version::founding(charter, candidate.recorded_at)],
        utc_offsets: founding.utc_offsets.clone(),
        size: 1,
        last_leaf: leaf,
        last_recorded_at: candidate.recorded_at,
        replayable: BTreeMap::new(),
        forgotten_until: Millis(0),
        agenda: Agenda::default(),
        people: BTreeMap::new(),
        keys: BTreeMap::new(),
        bodies: BTreeMap::new(),
        grants: BTreeSet::new(),
        offices: BTreeMap::new(),
        rolls: BTreeMap::new(),
        meetings: BTreeMap::new(),
        motions: BTreeMap::new(),
        to_open: BTreeSet::new(),
        powers: Arc::default(),
        reports: Reports::default(),
        standing: BTreeMap::new(),
        issues: BTreeMap::new(),
        kin: Arc::default(),
        cases: BTreeMap::new(),
        affairs: BTreeMap::new(),
    }
}

/// Everything the founding names comes into being in the payload's order, each checked as if it came
/// in an entry of its own.
fn populate(state: &mut State, founding: &LedgerFounded, leaf: Leaf) -> Result<(), Rejection> {
    if founding.record_key == founding.checkpoint_key {
        return Err(Rejection::KeyTaken {
            key: founding.checkpoint_key,
        });
    }
    for body in &founding.bodies {
        bodies::check_established(state, body)?;
        bodies::establish(state, body, leaf);
    }
    for grant in &founding.rights {
        bodies::check_granted(state, grant)?;
        state.grants.insert(GrantKey::of(grant));
    }
    for person in &founding.people {
        people::check_enrolled(state, person)?;
        people::enrol(state, person, None, leaf);
    }
    for assumed in &founding.offices {
        office::check_assumed(state, assumed)?;
        let at = EntryRef {
            index: 0,
            leaf,
            recorded_at: state.last_recorded_at,
        };
        office::assume(state, assumed, None, at);
    }
    Ok(())
}

/// The founder signs first with one of their keys, then the record key, the checkpoint key and every
/// other enrolled key in the payload's order.
fn check_signatures(
    state: &State,
    founder: &PersonId,
    founding: &LedgerFounded,
    signers: &[PublicKey],
) -> Result<(), Rejection> {
    let who = |key| authority::RequiredSigner::Key(key);
    let Some(first) = signers.first() else {
        return Err(Rejection::MissingSignature {
            who: authority::RequiredSigner::Actor(founder.clone()),
        });
    };
    if !state.people.contains_key(founder) {
        return Err(Rejection::PersonUnknown {
            person: founder.clone(),
        });
    }
    state.check_live_key(first, founder)?;
    let mut given = signers[1..].iter();
    for (at, key) in authority::founding_keys(founding, Some(*first)).enumerate() {
        match given.next() {
            Some(signer) if *signer == key => {}
            Some(_) if signers[1..].contains(&key) => {
                return Err(Rejection::WrongSignatureOrder {
                    position: u32::try_from(at + 1).unwrap_or(u32::MAX),
                    who: who(key),
                });
            }
            _ => return Err(Rejection::MissingSignature { who: who(key) }),
        }
    }
    match given.next() {
        Some(key) => Err(Rejection::SurplusSignature { key: *key }),
        None => Ok(()),
    }
}
