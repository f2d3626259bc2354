//! The bodies: what they are, what they are called, and what they may do.

use governance::{
    action::{BodiesAction, BodyEstablished, Grant, Payload},
    charter::BodyKind,
    ids::BodyId,
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
};

/// Body → what it is; body → its rights.
pub(crate) struct Bodies;

const PREFIX: u8 = 3;
const BODY: u8 = 1;
const RIGHTS: u8 = 2;

/// A body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyRow {
    /// Its id.
    pub body: BodyId,
    /// What it is.
    pub kind: BodyKind,
    /// Its public name.
    pub name: String,
    /// Index of the entry that established it.
    pub established_index: u64,
}

impl Projection for Bodies {
    fn name(&self) -> &'static str {
        "bodies"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        match &entry.action.payload {
            Payload::Founding(founded) => {
                for body in &founded.bodies {
                    establish(entry, body, batch)?;
                }
                let mut rights = founded.rights.iter();
                rights.try_for_each(|right| grant(right, batch))
            }
            Payload::Bodies(BodiesAction::RightGranted(right)) => grant(right, batch),
            Payload::Bodies(BodiesAction::RightWithdrawn(right)) => withdraw(right, batch),
            Payload::Bodies(BodiesAction::BodyEstablished(body)) => establish(entry, body, batch),
            _ => Ok(()),
        }
    }
}

fn establish(
    entry: &Logged<'_>,
    body: &BodyEstablished,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = BodyRow {
        body: body.body.clone(),
        kind: body.kind,
        name: body.name.clone(),
        established_index: entry.index,
    };
    Ok(batch.put(key(&body.body), &row)?)
}

/// A right is what it is of and over; by which decision it was given does not matter.
fn same(one: &Grant, other: &Grant) -> bool {
    one.role == other.role && one.right == other.right && one.over == other.over
}

fn grant(right: &Grant, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    change_rights(right, batch, |rights| rights.push(right.clone()))
}

fn withdraw(right: &Grant, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    change_rights(right, batch, |_| {})
}

/// A body has a dozen rights or so: one row.
fn change_rights(
    right: &Grant,
    batch: &mut ViewBatch<'_>,
    change: impl FnOnce(&mut Vec<Grant>),
) -> Result<(), ProjectionError> {
    let key = rights_key(&right.body);
    let mut rights: Vec<Grant> = batch.get(&key)?.unwrap_or_default();
    rights.retain(|other| !same(other, right));
    change(&mut rights);
    Ok(batch.put(key, &rights)?)
}

pub(crate) fn find(rows: &impl Rows, body: &BodyId) -> Result<Option<BodyRow>, StoreError> {
    rows.get(&key(body))
}

fn rights_key(body: &BodyId) -> Key {
    Key::table(PREFIX, RIGHTS).with(body)
}

fn key(body: &BodyId) -> Key {
    Key::table(PREFIX, BODY).with(body)
}

impl View<'_> {
    /// One body.
    pub fn body(&self, body: &BodyId) -> Result<Option<BodyRow>, QueryError> {
        Ok(self.get(&key(body))?)
    }

    /// What a body, or a role in it, may do, in the order it was given.
    pub fn rights_of(&self, body: &BodyId) -> Result<Vec<Grant>, QueryError> {
        Ok(self.get(&rights_key(body))?.unwrap_or_default())
    }

    /// All bodies, by id.
    pub fn bodies(&self, request: &PageRequest) -> Result<Page<BodyRow>, QueryError> {
        let span = Span::of(Key::table(PREFIX, BODY));
        page::read_rows(self, span, Order::Ascending, request, |_| true)
    }
}
