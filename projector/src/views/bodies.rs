//! The bodies: what they are and what they are called.

use governance::{
    action::{BodiesAction, BodyEstablished, Payload},
    charter::BodyKind,
    ids::BodyId,
};
use serde::{Deserialize, Serialize};

use crate::{
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, View, ViewBatch},
};

/// Body → what it is.
pub(crate) struct Bodies;

const PREFIX: u8 = 3;
const BODY: u8 = 1;

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
            Payload::Founding(founded) => founded
                .bodies
                .iter()
                .try_for_each(|body| establish(entry, body, batch)),
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

fn key(body: &BodyId) -> Key {
    Key::table(PREFIX, BODY).with(body)
}

impl View<'_> {
    /// One body.
    pub fn body(&self, body: &BodyId) -> Result<Option<BodyRow>, QueryError> {
        Ok(self.get(&key(body))?)
    }

    /// All bodies, by id.
    pub fn bodies(&self, request: &PageRequest) -> Result<Page<BodyRow>, QueryError> {
        let span = Span::of(Key::table(PREFIX, BODY));
        page::read_rows(self, span, Order::Ascending, request, |_| true)
    }
}
