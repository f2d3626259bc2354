//! People and their keys.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    action::{OfficeEndCause, PeopleAction, PersonEnrolled},
    authority::{Act, Over},
    bounds,
    charter::Right,
    decide::EntryRef,
    ids::{CaseId, Leaf, OfficeId, PersonId, PublicKey},
    kin, office,
    registrar::Loss,
    rejection::Rejection,
    state::State,
};

/// Most keys a person ever has: a new one a year for a lifetime. Revoked ones are remembered for ever, so
/// nobody may make the state grow without end.
const KEYS_PER_PERSON_EVER_MAX: u32 = 100;

/// A person the ledger knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    /// The entry by which they left.
    pub(crate) departed: Option<u64>,
    /// Keys that are good.
    pub(crate) keys: BTreeSet<PublicKey>,
    /// How many they ever had.
    pub(crate) keys_ever: u32,
    /// Who enrolled them; `None`: the founding.
    pub(crate) enrolled_by: Option<PersonId>,
    /// Offices they ever held.
    pub(crate) offices: BTreeSet<OfficeId>,
    /// Cases there ever were against them.
    pub(crate) cases: BTreeSet<CaseId>,
    /// The latest entry about them.
    pub(crate) latest: Leaf,
}

/// A key that is or was somebody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyRecord {
    pub(crate) person: PersonId,
    /// The entry that revoked it.
    pub(crate) revoked: Option<u64>,
}

impl State {
    /// The keys a person can sign with now; none for someone unknown.
    pub fn good_keys(&self, person: &PersonId) -> impl Iterator<Item = PublicKey> {
        let keys = self.people.get(person).map(|person| &person.keys);
        keys.into_iter().flatten().copied()
    }

    /// A person who is or was enrolled.
    pub(crate) fn known_person(&self, person: &PersonId) -> Result<&Person, Rejection> {
        let found = self.people.get(person);
        found.ok_or_else(|| Rejection::PersonUnknown {
            person: person.clone(),
        })
    }

    /// A person who is enrolled and has not left.
    pub(crate) fn present_person(&self, person: &PersonId) -> Result<&Person, Rejection> {
        let record = self.known_person(person)?;
        match record.departed {
            None => Ok(record),
            Some(index) => Err(Rejection::PersonHasLeft {
                person: person.clone(),
                index,
            }),
        }
    }

    /// The key was never anybody's, in any use.
    pub(crate) fn check_new_key(&self, key: PublicKey) -> Result<(), Rejection> {
        if self.own_keys.have_had(key) || self.keys.contains_key(&key) {
            Err(Rejection::KeyTaken { key })
        } else {
            Ok(())
        }
    }

    fn bind(&mut self, person: &PersonId, key: PublicKey) {
        let record = KeyRecord {
            person: person.clone(),
            revoked: None,
        };
        self.keys.insert(key, record);
        if let Some(person) = self.people.get_mut(person) {
            person.keys.insert(key);
            person.keys_ever = person.keys_ever.saturating_add(1);
        }
    }

    fn revoke(&mut self, person: &PersonId, key: PublicKey, index: u64) {
        if let Some(record) = self.keys.get_mut(&key) {
            record.revoked = Some(index);
        }
        if let Some(person) = self.people.get_mut(person) {
            person.keys.remove(&key);
        }
    }

    fn revoke_all(&mut self, person: &PersonId, index: u64) {
        let keys = self.people.get(person).map(|p| p.keys.clone());
        for key in keys.unwrap_or_default() {
            self.revoke(person, key, index);
        }
    }
}

pub(crate) fn decide(act: &Act<'_>, action: &PeopleAction) -> Result<(), Rejection> {
    match action {
        PeopleAction::PersonEnrolled(enrolled) => {
            act.may_ledger_wide(Right::Register)?;
            check_enrolled(act.state, enrolled)
        }
        PeopleAction::KeyAdded { key } => key_added(act, *key),
        PeopleAction::KeyRotated { old_key, new_key } => {
            act.state.check_live_key(old_key, act.person)?;
            check_keys_left(act.state, act.person)?;
            act.state.check_new_key(*new_key)
        }
        PeopleAction::KeyReplaced {
            person,
            second,
            new_key,
        } => {
            act.may_ledger_wide(Right::Register)?;
            let rights = [Right::Register, Right::Supervise, Right::Tell];
            act.check_attestor(second, &rights, &Over::Ledger)?;
            check_keys_left(act.state, person)?;
            act.state.check_new_key(*new_key)
        }
        PeopleAction::LedgerKeyRotated { old_key, new_key } => {
            act.may_ledger_wide(Right::Register)?;
            act.state.own_keys.check_rotated(*old_key)?;
            act.state.check_new_key(*new_key)
        }
        PeopleAction::KeyRevoked { person, key } => {
            if person != act.person {
                act.may_ledger_wide(Right::Register)?;
                act.state.present_person(person)?;
            }
            act.state.check_live_key(key, person)?;
            act.state.check_registrar_without(Loss::Key(key), act.today)
        }
        PeopleAction::KinDeclared { person, kin } => kin::decide(act, person, kin),
        PeopleAction::PersonDeparted { person } => {
            act.may_ledger_wide(Right::Register)?;
            act.state.present_person(person)?;
            act.state
                .check_registrar_without(Loss::Person(person), act.today)
        }
    }
}

/// The person is new, and so is every key.
pub(crate) fn check_enrolled(state: &State, enrolled: &PersonEnrolled) -> Result<(), Rejection> {
    let person = &enrolled.person;
    if state.people.contains_key(person) {
        return Err(Rejection::PersonExists {
            person: person.clone(),
        });
    }
    check_key_count(person, enrolled.keys.len())?;
    let mut seen = BTreeSet::new();
    for key in &enrolled.keys {
        state.check_new_key(*key)?;
        if !seen.insert(key) {
            return Err(Rejection::KeyTaken { key: *key });
        }
    }
    enrolled.name.as_ref().map_or(Ok(()), bounds::content)
}

fn key_added(act: &Act<'_>, key: PublicKey) -> Result<(), Rejection> {
    let person = act.state.present_person(act.person)?;
    check_key_count(act.person, person.keys.len() + 1)?;
    check_keys_left(act.state, act.person)?;
    act.state.check_new_key(key)
}

fn check_key_count(person: &PersonId, found: usize) -> Result<(), Rejection> {
    if found <= bounds::KEYS_MAX {
        return Ok(());
    }
    Err(Rejection::TooManyKeys {
        person: person.clone(),
        found: found as u64,
        max: bounds::KEYS_MAX as u64,
    })
}

/// The person may have another key.
fn check_keys_left(state: &State, person: &PersonId) -> Result<(), Rejection> {
    if state.present_person(person)?.keys_ever < KEYS_PER_PERSON_EVER_MAX {
        return Ok(());
    }
    Err(Rejection::KeysUsedUp {
        person: person.clone(),
        max: KEYS_PER_PERSON_EVER_MAX,
    })
}

pub(crate) fn evolve(state: &mut State, actor: &PersonId, action: &PeopleAction, at: EntryRef) {
    match action {
        PeopleAction::PersonEnrolled(enrolled) => enrol(state, enrolled, Some(actor), at.leaf),
        PeopleAction::KeyAdded { key } => state.bind(actor, *key),
        PeopleAction::KeyRotated { old_key, new_key } => {
            state.revoke(actor, *old_key, at.index);
            state.bind(actor, *new_key);
        }
        PeopleAction::KeyReplaced {
            person, new_key, ..
        } => {
            state.revoke_all(person, at.index);
            state.bind(person, *new_key);
        }
        PeopleAction::LedgerKeyRotated { old_key, new_key } => {
            state.own_keys.rotate(*old_key, *new_key, at.index);
        }
        PeopleAction::KeyRevoked { person, key } => state.revoke(person, *key, at.index),
        PeopleAction::KinDeclared { person, kin } => kin::declare(state, person, kin),
        PeopleAction::PersonDeparted { person } => depart(state, person, at),
    }
}

pub(crate) fn enrol(
    state: &mut State,
    enrolled: &PersonEnrolled,
    enrolled_by: Option<&PersonId>,
    leaf: Leaf,
) {
    let person = Person {
        departed: None,
        keys: BTreeSet::new(),
        keys_ever: 0,
        enrolled_by: enrolled_by.cloned(),
        offices: BTreeSet::new(),
        cases: BTreeSet::new(),
        latest: leaf,
    };
    state.people.insert(enrolled.person.clone(), person);
    for key in &enrolled.keys {
        state.bind(&enrolled.person, *key);
    }
}

/// Keys are revoked and offices end. Votes under way keep their roll.
fn depart(state: &mut State, person: &PersonId, at: EntryRef) {
    state.revoke_all(person, at.index);
    let Some(record) = state.people.get_mut(person) else {
        return;
    };
    record.departed = Some(at.index);
    for office in record.offices.clone() {
        office::end(state, &office, OfficeEndCause::Departure, at);
    }
}
