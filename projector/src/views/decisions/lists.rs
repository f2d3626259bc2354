//! The lists of decisions: one table for each thing that a list is asked by, so that a page costs what it shows
//! and not what it leaves out.

use governance::{
    action::Outcome,
    calendar::Date,
    ids::{BodyId, MatterId, MotionId, PowerId},
};

use super::{DecisionRow, PREFIX};
use crate::{
    codec,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::ProjectionError,
    query::QueryError,
    view_store::{Order, Span, View, ViewBatch},
};

// In each, day and index → motion stand under what is named.
const BY_DAY: u8 = 2;
const OF_BODY: u8 = 3;
const BY_OUTCOME: u8 = 5;
const OF_BODY_BY_OUTCOME: u8 = 6;
const OF_POWER: u8 = 7;
const IN_MATTER: u8 = 8;

/// Which decisions to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionFilter {
    /// Only this body's.
    pub body: Option<BodyId>,
    /// Only those that came to this.
    pub outcome: Option<Outcome>,
    /// Only those held on this day or later.
    pub held_from: Option<Date>,
    /// Only those held on this day or earlier.
    pub held_to: Option<Date>,
    /// Only those that changed this item of the power list, rest on it, or are carried out under it.
    pub power: Option<PowerId>,
    /// Only those with an item for this matter.
    pub matter: Option<MatterId>,
}

impl DecisionFilter {
    /// The table with the fewest rows beside those that are wanted.
    fn table(&self) -> Key {
        match (&self.power, &self.matter, &self.body, self.outcome) {
            (Some(power), ..) => of_power(power),
            (None, Some(matter), ..) => in_matter(matter),
            (None, None, Some(body), Some(outcome)) => of_body_by_outcome(body, outcome),
            (None, None, Some(body), None) => of_body(body),
            (None, None, None, Some(outcome)) => by_outcome(outcome),
            (None, None, None, None) => table(BY_DAY),
        }
    }

    fn span(&self) -> Span {
        let table = self.table();
        let whole = Span::of(table.clone());
        let from = self.held_from.map(|day| table.clone().with(&day));
        let until = self.held_to.map(|day| table.with(&day).after());
        Span {
            from: from.unwrap_or(whole.from),
            until: until.unwrap_or(whole.until),
        }
    }

    /// Whether it is one: what its table does not ask for, and what was changed after it was listed.
    fn takes(&self, row: &DecisionRow) -> bool {
        self.body.as_ref().is_none_or(|body| row.body == *body)
            && self
                .outcome
                .is_none_or(|outcome| row.result.outcome == outcome)
            && self
                .power
                .as_ref()
                .is_none_or(|power| row.powers.contains(power))
            && self
                .matter
                .as_ref()
                .is_none_or(|matter| row.matters.contains(matter))
    }
}

/// Enters a decision in every list.
pub(super) fn enter(row: &DecisionRow, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    let outcome = row.result.outcome;
    for table in [
        table(BY_DAY),
        of_body(&row.body),
        by_outcome(outcome),
        of_body_by_outcome(&row.body, outcome),
    ] {
        list(table, row, batch)?;
    }
    for power in &row.powers {
        list(of_power(power), row, batch)?;
    }
    for matter in &row.matters {
        list(in_matter(matter), row, batch)?;
    }
    Ok(())
}

fn list(table: Key, row: &DecisionRow, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    let place = table.with(&row.held_on).with(&row.index);
    Ok(batch.put(place, &row.motion)?)
}

fn table(table: u8) -> Key {
    Key::table(PREFIX, table)
}

fn of_body(body: &BodyId) -> Key {
    table(OF_BODY).with(body)
}

fn by_outcome(outcome: Outcome) -> Key {
    table(BY_OUTCOME).with_byte(outcome as u8)
}

fn of_body_by_outcome(body: &BodyId, outcome: Outcome) -> Key {
    table(OF_BODY_BY_OUTCOME)
        .with(body)
        .with_byte(outcome as u8)
}

fn of_power(power: &PowerId) -> Key {
    table(OF_POWER).with(power)
}

fn in_matter(matter: &MatterId) -> Key {
    table(IN_MATTER).with(matter)
}

impl View<'_> {
    /// Decisions, the one held last first; of one day's the one recorded last first.
    pub fn decisions(
        &self,
        filter: &DecisionFilter,
        request: &PageRequest,
    ) -> Result<Page<DecisionRow>, QueryError> {
        page::read(
            self,
            filter.span(),
            Order::Descending,
            request,
            |_, motion| {
                let motion: MotionId = codec::decode(motion)?;
                Ok(self.decision(&motion)?.filter(|row| filter.takes(row)))
            },
        )
    }

    /// The items of the power list that decisions can be asked by, at most `most`.
    pub fn powers_of_decisions(&self, most: usize) -> Result<Vec<PowerId>, QueryError> {
        page::ids(self, &table(OF_POWER), most)
    }

    /// The matters that decisions can be asked by, at most `most`.
    pub fn matters_of_decisions(&self, most: usize) -> Result<Vec<MatterId>, QueryError> {
        page::ids(self, &table(IN_MATTER), most)
    }
}
