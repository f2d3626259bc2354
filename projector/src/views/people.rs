//! People: their keys with the entries that gave and took them, and whether they have left.

use governance::{
    action::{Payload, PeopleAction, PersonEnrolled},
    ids::{PersonId, PublicKey},
};
use serde::{Deserialize, Serialize};

use crate::{
    content::ContentRow,
    keys::Key,
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Rows, View, ViewBatch},
};

/// Person → keys; key → person.
pub(crate) struct People;

const PREFIX: u8 = 5;
const PERSON: u8 = 1;
const HOLDER_OF_KEY: u8 = 2;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// The pseudonymous id.
    pub person: PersonId,
    /// Index of the entry that enrolled them.
    pub enrolled_index: u64,
    /// The published name, where there is one; its text may have been erased since.
    pub name: Option<ContentRow>,
    /// Past and present, in the order they were given.
    pub keys: Vec<KeyRow>,
    /// Index of the entry that says they left.
    pub departed_index: Option<u64>,
}

/// A key of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// The key.
    pub key: PublicKey,
    /// Good for entries after this one.
    pub from_index: u64,
    /// No longer good for entries after this one.
    pub revoked_index: Option<u64>,
}

impl PersonRow {
    fn give(&mut self, key: PublicKey, index: u64) {
        self.keys.push(KeyRow {
            key,
            from_index: index,
            revoked_index: None,
        });
    }

    /// Takes the keys in force that `which` says.
    fn take(&mut self, index: u64, which: impl Fn(&PublicKey) -> bool) {
        let in_force = self.keys.iter_mut().filter(|k| k.revoked_index.is_none());
        for row in in_force.filter(|row| which(&row.key)) {
            row.revoked_index = Some(index);
        }
    }
}

impl Projection for People {
    fn name(&self) -> &'static str {
        "people"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        match &entry.action.payload {
            Payload::Founding(founded) => founded
                .people
                .iter()
                .try_for_each(|enrolled| enrol(entry, enrolled, batch)),
            Payload::People(act) => people(entry, act, batch),
            _ => Ok(()),
        }
    }
}

fn people(
    entry: &Logged<'_>,
    act: &PeopleAction,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let index = entry.index;
    match act {
        PeopleAction::PersonEnrolled(enrolled) => enrol(entry, enrolled, batch),
        PeopleAction::KeyAdded { key } => {
            let person = actor(entry)?;
            hold(*key, person, batch)?;
            change(entry, person, batch, |row| row.give(*key, index))
        }
        PeopleAction::KeyRotated { old_key, new_key } => {
            let person = actor(entry)?;
            hold(*new_key, person, batch)?;
            change(entry, person, batch, |row| {
                row.take(index, |key| key == old_key);
                row.give(*new_key, index);
            })
        }
        PeopleAction::KeyReplaced {
            person, new_key, ..
        } => {
            hold(*new_key, person, batch)?;
            change(entry, person, batch, |row| {
                row.take(index, |_| true);
                row.give(*new_key, index);
            })
        }
        PeopleAction::KeyRevoked { person, key } => change(entry, person, batch, |row| {
            row.take(index, |held| held == key);
        }),
        PeopleAction::KinDeclared { .. } | PeopleAction::LedgerKeyRotated { .. } => Ok(()),
        PeopleAction::PersonDeparted { person } => change(entry, person, batch, |row| {
            row.take(index, |_| true);
            row.departed_index = Some(index);
        }),
    }
}

fn actor<'a>(entry: &Logged<'a>) -> Result<&'a PersonId, ProjectionError> {
    entry
        .person()
        .ok_or_else(|| ProjectionError::unknown(entry, "person", "(the ledger itself)"))
}

fn enrol(
    entry: &Logged<'_>,
    enrolled: &PersonEnrolled,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let mut row = PersonRow {
        person: enrolled.person.clone(),
        enrolled_index: entry.index,
        name: enrolled.name.as_ref().map(ContentRow::from),
        keys: Vec::new(),
        departed_index: None,
    };
    for key in &enrolled.keys {
        row.give(*key, entry.index);
        hold(*key, &enrolled.person, batch)?;
    }
    Ok(batch.put(person_key(&enrolled.person), &row)?)
}

fn hold(
    key: PublicKey,
    person: &PersonId,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    Ok(batch.put(holder_key(key), person)?)
}

fn change(
    entry: &Logged<'_>,
    person: &PersonId,
    batch: &mut ViewBatch<'_>,
    change: impl FnOnce(&mut PersonRow),
) -> Result<(), ProjectionError> {
    let key = person_key(person);
    let mut row: PersonRow = batch
        .get(&key)?
        .ok_or_else(|| ProjectionError::unknown(entry, "person", person))?;
    change(&mut row);
    Ok(batch.put(key, &row)?)
}

fn person_key(person: &PersonId) -> Key {
    Key::table(PREFIX, PERSON).with(person)
}

fn holder_key(key: PublicKey) -> Key {
    Key::table(PREFIX, HOLDER_OF_KEY).with(&key)
}

impl View<'_> {
    /// One person.
    pub fn person(&self, person: &PersonId) -> Result<Option<PersonRow>, QueryError> {
        Ok(self.get(&person_key(person))?)
    }

    /// The person a key belongs to, or belonged to.
    pub fn person_of_key(&self, key: PublicKey) -> Result<Option<PersonRow>, QueryError> {
        match self.get::<PersonId>(&holder_key(key))? {
            Some(person) => self.person(&person),
            None => Ok(None),
        }
    }
}
