//! Offices that end because their holder was found incompetent two years running (组织法 37).

use governance::{
    action::{OfficeEndCause, ReportAssessed},
    ids::{BodyId, OfficeId, PersonId},
    tally::{self, Grade},
};

use super::{INCOMPETENT, PREFIX, end_one, find};
use crate::{
    keys::Key,
    projection::{Logged, ProjectionError},
    view_store::{Rows as _, StoreError, ViewBatch},
};

/// As the law has it: who is found incompetent on a year, and was on the one beside it in the same body, in whatever
/// office, is out of the office they hold now.
pub(super) fn assess(
    entry: &Logged<'_>,
    assessed: &ReportAssessed,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let (body, year) = (&assessed.body, assessed.year);
    let mut found: Vec<(OfficeId, PersonId)> = Vec::new();
    for line in &assessed.lines {
        if tally::grade(line) == Some(Grade::Incompetent) {
            let office = find(batch, &line.office)?
                .ok_or_else(|| ProjectionError::unknown(entry, "office", &line.office))?;
            found.push((office.office, office.person));
        }
    }
    for (office, person) in &found {
        if was_beside(batch, body, person, year)? {
            end_one(entry, office, OfficeEndCause::TwoIncompetent, None, batch)?;
        }
    }
    for (_, person) in &found {
        batch.put(key(body, person, year), &())?;
    }
    Ok(())
}

/// Whether they were found so on the year before, or the year after: years are not always assessed in their order.
fn was_beside(
    batch: &ViewBatch<'_>,
    body: &BodyId,
    person: &PersonId,
    year: u32,
) -> Result<bool, StoreError> {
    for beside in [year.checked_sub(1), year.checked_add(1)]
        .into_iter()
        .flatten()
    {
        if batch.get::<()>(&key(body, person, beside))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn key(body: &BodyId, person: &PersonId, year: u32) -> Key {
    Key::table(PREFIX, INCOMPETENT)
        .with(body)
        .with(person)
        .with(&year)
}
