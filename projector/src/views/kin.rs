//! Near kin, as declared, and the seats that they should not hold at once (组织法 8, 36).
//!
//! The law seats nobody beside near kin; but kin may be declared when both sit already, which no rule can undo. Then
//! they are shown until one of them resigns.

use governance::{
    action::{Payload, PeopleAction},
    composition::excludes_kin,
    ids::{Millis, PersonId},
};

use super::{
    bodies::{self, BodyRow},
    offices::{AsOf, OfficeFilter, OfficeRow},
};
use crate::{
    keys::{Key, last_id},
    page::PageRequest,
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Span, View, ViewBatch},
};

/// Person and near kin → nothing more, both ways.
pub(crate) struct Kin;

const PREFIX: u8 = 22;
const OF_PERSON: u8 = 1;

/// Two seats that near kin hold, and should not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KinSeats {
    /// The one in the body asked about.
    pub seat: OfficeRow,
    /// The other, in that body or another.
    pub other: OfficeRow,
}

impl Projection for Kin {
    fn name(&self) -> &'static str {
        "kin"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let Payload::People(PeopleAction::KinDeclared { person, kin }) = &entry.action.payload
        else {
            return Ok(());
        };
        for (one, other) in [(person, kin), (kin, person)] {
            batch.put(of_person(one).with(other), &())?;
        }
        Ok(())
    }
}

fn of_person(person: &PersonId) -> Key {
    Key::table(PREFIX, OF_PERSON).with(person)
}

impl View<'_> {
    /// A person's near kin, as declared.
    pub fn kin_of(&self, person: &PersonId) -> Result<Vec<PersonId>, QueryError> {
        let prefix = of_person(person);
        let mut kin = Vec::new();
        for pair in self.scan(&Span::of(prefix.clone()), Order::Ascending) {
            let (key, _) = pair?;
            let id = last_id(&key, prefix.as_bytes().len());
            kin.extend(id.and_then(|id| PersonId::new(id).ok()));
        }
        Ok(kin)
    }

    /// The seats of a body that are held at a moment by near kin of who holds another one there, or in a body that
    /// it supervises or is supervised by; two of one body once.
    pub fn kin_seats(&self, body: &BodyRow, now: Millis) -> Result<Vec<KinSeats>, QueryError> {
        let filter = OfficeFilter {
            body: Some(body.body.clone()),
            ..OfficeFilter::default()
        };
        let (now, page) = (AsOf::Time(now), PageRequest::default());
        let mut found = Vec::new();
        for seat in self.officeholders(&filter, now, &page)?.rows {
            for kin in self.kin_of(&seat.person)? {
                for other in self.offices_of(&kin, now, &page)?.rows {
                    let kind = bodies::find(self, &other.body)?.map(|row| row.kind);
                    let same = other.body == seat.body;
                    let excluded = kind.is_some_and(|kind| {
                        let one = (body.kind, &seat.role);
                        excludes_kin(one, (kind, &other.role), same)
                    });
                    if excluded && (!same || seat.office < other.office) {
                        let seat = seat.clone();
                        found.push(KinSeats { seat, other });
                    }
                }
            }
        }
        Ok(found)
    }
}
